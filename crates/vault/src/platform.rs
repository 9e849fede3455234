//! The keyring of each operating system: how to reach it, what its entries take, and what its refusals mean.
//!
//! The store is built here and handed on; the process-wide default of the keyring crate is not used, because it cannot be rebuilt
//! when the keyring program restarts.

use std::collections::HashMap;
use std::sync::Arc;

use keyring::CredentialStore;

use crate::error::Cause;
use crate::state::AbsentReason;

/// Reaches the keyring; called again when the held connection has gone stale.
pub(crate) type Connect = fn() -> keyring::Result<Arc<CredentialStore>>;

/// What a refusal of the keyring means, with nothing of an entry's value in it.
#[derive(Debug)]
pub(crate) enum Fault {
    /// It is locked.
    Locked,
    /// It cannot be reached or has no place to store in.
    Absent(AbsentReason),
    /// No entry of that name.
    NoEntry,
    /// The connection may be stale: the one fault after which it is worth connecting again.
    Failed(Cause),
    /// It said no for another reason.
    Refused(Cause),
}

impl From<keyring::Error> for Fault {
    fn from(error: keyring::Error) -> Self {
        match &error {
            keyring::Error::NoEntry => Self::NoEntry,
            keyring::Error::NoStorageAccess(inner) => system::no_access(inner.as_ref()),
            keyring::Error::PlatformFailure(inner) => {
                system::failure(inner.as_ref()).unwrap_or_else(|| Self::Failed(Cause::of(&error)))
            }
            _ => Self::Refused(Cause::of(&error)),
        }
    }
}

/// Reaches this system's keyring.
pub(crate) fn connect() -> keyring::Result<Arc<CredentialStore>> {
    system::connect()
}

/// Why a keyring cannot be reached, from the error of [`connect`].
pub(crate) fn unreachable(error: &keyring::Error) -> AbsentReason {
    let inner = match error {
        keyring::Error::PlatformFailure(inner) | keyring::Error::NoStorageAccess(inner) => inner,
        other => return AbsentReason::Unusable(Cause::of(other)),
    };
    system::absent_reason(inner.as_ref()).unwrap_or_else(|| AbsentReason::Unusable(Cause::of(error)))
}

/// How a keyring stands that can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Locked,
    Unlocked,
}

/// How the keyring stands, asked without anybody being asked for a password; none where it cannot be reached, or has no place to store in
/// yet. Only on Linux is it a program that may leave.
pub(crate) fn standing() -> Option<Standing> {
    system::standing()
}

/// What an entry is made with, beside its name.
pub(crate) fn modifiers(label: &str) -> HashMap<&str, &str> {
    system::modifiers(label)
}

/// Gives an entry that is there another label, where the system keeps labels.
pub(crate) fn relabel(entry: &keyring::Entry, label: &str) -> keyring::Result<()> {
    system::relabel(entry, label)
}

/// What to search for to find every entry of ours.
pub(crate) fn search_terms() -> HashMap<&'static str, &'static str> {
    system::search_terms()
}

type Inner = dyn std::error::Error + Send + Sync;

#[cfg(target_os = "linux")]
mod system {
    use std::io::ErrorKind;

    use secret_service::blocking::SecretService;
    use secret_service::{EncryptionType, Error as SecretServiceError};

    use super::{AbsentReason, Arc, CredentialStore, Fault, HashMap, Inner, Standing};
    use crate::entry::SERVICE;

    pub(super) fn connect() -> keyring::Result<Arc<CredentialStore>> {
        Ok(zbus_secret_service_keyring_store::Store::new()?)
    }

    pub(super) fn standing() -> Option<Standing> {
        let service = SecretService::connect(EncryptionType::Plain).ok()?;
        let is_locked = service.get_default_collection().ok()?.is_locked().ok()?;
        Some(if is_locked { Standing::Locked } else { Standing::Unlocked })
    }

    pub(super) fn no_access(inner: &Inner) -> Fault {
        match inner.downcast_ref() {
            // The alias "default" names no collection. Reading does not need one and looks healthy; writing ends here.
            Some(SecretServiceError::NoResult) => Fault::Absent(AbsentReason::NoDefaultCollection),
            _ => Fault::Locked,
        }
    }

    /// D-Bus errors that have a meaning of their own, although the store reports them as failures of the platform.
    pub(super) fn failure(inner: &Inner) -> Option<Fault> {
        match dbus_error_name(inner)? {
            "org.freedesktop.Secret.Error.IsLocked" => Some(Fault::Locked),
            "org.freedesktop.Secret.Error.NoSuchObject" => Some(Fault::NoEntry),
            _ => None,
        }
    }

    pub(super) fn absent_reason(inner: &Inner) -> Option<AbsentReason> {
        match inner.downcast_ref::<SecretServiceError>()? {
            SecretServiceError::Unavailable
            | SecretServiceError::Zbus(zbus::Error::Connection(..) | zbus::Error::Address(_)) => {
                Some(AbsentReason::NoSessionBus)
            }
            SecretServiceError::Zbus(zbus::Error::InputOutput(error)) if error.kind() == ErrorKind::NotFound => {
                Some(AbsentReason::NoSessionBus)
            }
            _ => matches!(
                dbus_error_name(inner)?,
                "org.freedesktop.DBus.Error.ServiceUnknown" | "org.freedesktop.DBus.Error.NameHasNoOwner"
            )
            .then_some(AbsentReason::NoSecretService),
        }
    }

    fn dbus_error_name(inner: &Inner) -> Option<&str> {
        match inner.downcast_ref()? {
            SecretServiceError::Zbus(zbus::Error::MethodError(name, ..)) => Some(name.as_str()),
            SecretServiceError::Zbus(zbus::Error::FDO(error)) => fdo_name(error),
            SecretServiceError::ZbusFdo(error) => fdo_name(error),
            _ => None,
        }
    }

    fn fdo_name(error: &zbus::fdo::Error) -> Option<&str> {
        match error {
            zbus::fdo::Error::ZBus(zbus::Error::MethodError(name, ..)) => Some(name.as_str()),
            zbus::fdo::Error::ServiceUnknown(_) => Some("org.freedesktop.DBus.Error.ServiceUnknown"),
            zbus::fdo::Error::NameHasNoOwner(_) => Some("org.freedesktop.DBus.Error.NameHasNoOwner"),
            _ => None,
        }
    }

    pub(super) fn modifiers(label: &str) -> HashMap<&str, &str> {
        HashMap::from([("label", label)])
    }

    pub(super) fn relabel(entry: &keyring::Entry, label: &str) -> keyring::Result<()> {
        match entry.as_any().downcast_ref::<zbus_secret_service_keyring_store::cred::Specifier>() {
            Some(item) => item.set_label(label),
            None => Ok(()),
        }
    }

    pub(super) fn search_terms() -> HashMap<&'static str, &'static str> {
        HashMap::from([("service", SERVICE)])
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::{AbsentReason, Arc, CredentialStore, Fault, HashMap, Inner, Standing};

    pub(super) fn standing() -> Option<Standing> {
        None
    }

    #[cfg(target_os = "macos")]
    pub(super) fn connect() -> keyring::Result<Arc<CredentialStore>> {
        Ok(apple_native_keyring_store::keychain::Store::new()?)
    }

    #[cfg(windows)]
    pub(super) fn connect() -> keyring::Result<Arc<CredentialStore>> {
        Ok(windows_native_keyring_store::Store::new()?)
    }

    #[cfg(not(any(target_os = "macos", windows)))]
    pub(super) fn connect() -> keyring::Result<Arc<CredentialStore>> {
        Err(keyring::Error::NotSupportedByStore("Gatewright knows no keyring of this operating system".to_owned()))
    }

    pub(super) fn no_access(_: &Inner) -> Fault {
        Fault::Locked
    }

    pub(super) fn failure(_: &Inner) -> Option<Fault> {
        None
    }

    pub(super) fn absent_reason(_: &Inner) -> Option<AbsentReason> {
        None
    }

    /// Neither system keeps a label. On Windows an entry would roam to other computers of a domain unless told to stay.
    pub(super) fn modifiers(_: &str) -> HashMap<&str, &str> {
        if cfg!(windows) { HashMap::from([("persistence", "Local")]) } else { HashMap::new() }
    }

    /// There is none to change.
    pub(super) fn relabel(_: &keyring::Entry, _: &str) -> keyring::Result<()> {
        Ok(())
    }

    /// On Windows an entry is named "user.service", and the search takes a pattern.
    pub(super) fn search_terms() -> HashMap<&'static str, &'static str> {
        if cfg!(windows) {
            HashMap::from([("pattern", r"\.Gatewright$")])
        } else {
            HashMap::from([("service", crate::entry::SERVICE)])
        }
    }
}
