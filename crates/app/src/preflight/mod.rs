//! Preflight: everything that is looked at before a browser opens, one file for each question. What has to be asked of the world for an
//! answer is asked in `asks`, all at once; the judging is pure.

mod approval;
mod asks;
mod certificate;
mod client_id;
mod clock;
mod commands;
mod first_answer;
mod host_name;
mod item;
mod plain_http;
mod port;
mod provider_host;
mod proxy;
mod recent;
mod redirect_uri;
mod redirect_uri_registered;
mod secret;
mod server;
mod slashes;
mod subject;
mod under_way;

pub(crate) use self::subject::AtProvider;
pub(crate) use self::under_way::Preflights;

/// The questions: on each line one, its code on the wire and its title, in the order in which they are shown.
macro_rules! questions {
    ($( $name:ident $code:literal $title:literal )+) => {
        /// What is looked at.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Question { $( $name ),+ }

        impl Question {
            const ALL: &[Self] = &[$( Self::$name ),+];

            const fn code(self) -> &'static str {
                match self { $( Self::$name => $code ),+ }
            }

            const fn title(self) -> &'static str {
                match self { $( Self::$name => $title ),+ }
            }
        }
    };
}

questions! {
    Server "server" "Server"
    ProviderHost "provider_host" "Profile and host"
    PlainHttp "plain_http" "Encrypted addresses"
    Slashes "slashes" "Slashes at the end of paths"
    ClientId "client_id" "Client ID"
    Secret "secret" "Secret"
    RedirectUri "redirect_uri" "Redirect URI"
    RedirectUriRegistered "redirect_uri_registered" "Registered redirect URI"
    Port "port" "Port for the callback"
    Approval "approval" "Approval of the client"
    HostName "host_name" "Host name"
    Proxy "proxy" "Proxy"
    Certificate "certificate" "Certificate"
    Clock "clock" "Clock"
    FirstAnswer "first_answer" "First answer of the login page"
}

#[cfg(test)]
mod tests;
