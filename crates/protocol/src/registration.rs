//! Registering a client at its provider and looking after it there (RFC 7591, RFC 7592).
//!
//! Every answer may bring a new secret or a new registration access token, and some servers never repeat what they have issued once.
//! So [`IssuedCredentials::find`] reads them out of any answer, whatever else is wrong with it, before the answer is judged; and
//! [`IssuedCredentials::merged_with`] never puts nothing in the place of something.

mod address;
mod client_metadata;
mod difference;
mod issued;
mod request;
mod response;

pub use address::{ManagementAddress, ManagementAddressDefect};
pub use client_metadata::{ClientMetadata, ClientMetadataDefect};
pub use difference::{Difference, diff};
pub use issued::{IssuedCredentials, SecretExpiry};
pub use request::{BearerToken, ClientUpdateRequest, delete_request, read_request, registration_request};
pub use response::{
    DeletionResponse, Registration, RegistrationDefect, RegistrationOddity, RegistrationResponse, RegistrationStep,
};

#[cfg(test)]
mod tests;
