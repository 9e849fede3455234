//! What the command table becomes: names, types for the UI, and what a host has to implement.

/// Request and response of one command, for the UI.
#[cfg(test)]
#[derive(ts_rs::TS)]
#[ts(export, export_to = "Commands.ts")]
#[allow(dead_code)]
pub(super) struct Signature<Q, S> {
    request: Q,
    response: S,
}

/// Declares every command once; see `for_each_command!` for who reads the table.
macro_rules! commands {
    ($( $(#[$doc:meta])* $name:ident($request:ident) -> $response:ident; )+) => {
        /// Wire names of every command, in table order.
        pub const COMMAND_NAMES: &[&str] = &[$(stringify!($name)),+];

        /// Request and response of every command, exported for the UI.
        #[cfg(test)]
        #[derive(ts_rs::TS)]
        #[ts(export, export_to = "Commands.ts")]
        #[allow(dead_code)]
        struct Commands { $( $(#[$doc])* $name: table::Signature<$request, $response>, )+ }

        /// Hands the command table to another macro.
        #[macro_export]
        macro_rules! for_each_command {
            ($callback:ident) => { $callback! { $( $name($request) -> $response; )+ } };
        }

        /// What a host has to implement.
        pub trait Handler {
            $(
                $(#[$doc])*
                fn $name(&self, request: $request) -> impl Future<Output = Result<$response, Failure>> + Send;
            )+
        }
    };
}

pub(super) use commands;
