//! Showing and copying a secret: the only commands that touch a value.

use crate::wire;

wire! { "secret.ts";
    /// A client's active secret.
    pub struct SecretRef {
        /// The client's record id.
        pub client: String,
        /// The person has answered the question whether to go on.
        pub confirmed: bool,
    }

    /// A secret as pasted, to become the next version.
    secret pub struct SecretPaste {
        /// The client's record id.
        pub client: String,
        /// The secret.
        pub secret: String,
    }

    /// A secret to show. The UI keeps it in no store and drops it when the time is over.
    secret pub struct Revealed {
        /// The value.
        pub value: String,
        /// How long it may stand on screen, in milliseconds.
        pub hide_after_ms: u32,
    }

    /// Something is on the clipboard.
    pub struct Copied {
        /// When it is cleared again, in milliseconds from now.
        pub clear_after_ms: u32,
    }
}
