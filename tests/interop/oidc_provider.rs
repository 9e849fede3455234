//! What oidc-provider, a certified OpenID provider, thinks of us (servers.md §1).

mod clients;
mod discovery;
mod grants;
mod id_tokens;
mod logins;
mod logout;
mod registration;
mod userinfo;
mod workbench;
