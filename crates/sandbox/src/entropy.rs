//! Where codes, tokens, ids and secrets come from.

use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

/// A generator of unpredictable bytes: SHA-256 over a 256-bit key and a counter.
///
/// The key is read from the operating system once, at the start, so that a token costs no system call and cannot fail half-way through
/// a login. With a seed the key is derived from the seed and every run gives the same codes in the same order.
pub(crate) struct Entropy {
    key: [u8; 32],
    counter: AtomicU64,
}

impl Entropy {
    /// Keyed by the operating system.
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the sandbox takes randomness")]
    pub(crate) fn from_system() -> Result<Self, getrandom::Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        Ok(Self { key, counter: AtomicU64::new(0) })
    }

    /// Keyed by a number: repeatable, and therefore predictable to anybody who knows the number.
    pub(crate) fn from_seed(seed: u64) -> Self {
        Self { key: Sha256::digest(seed.to_le_bytes()).into(), counter: AtomicU64::new(0) }
    }

    /// Up to 32 fresh bytes.
    fn bytes<const N: usize>(&self) -> [u8; N] {
        const { assert!(N <= 32, "one SHA-256 block has 32 bytes") };
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        let block = Sha256::new().chain_update(self.key).chain_update(number.to_le_bytes()).finalize();
        let mut bytes = [0; N];
        bytes.copy_from_slice(&block[..N]);
        bytes
    }

    /// 128 bits as 32 hexadecimal digits.
    pub(crate) fn hex32(&self) -> String {
        to_hex(&self.bytes::<16>())
    }

    /// 160 bits as 40 hexadecimal digits.
    pub(crate) fn hex40(&self) -> String {
        to_hex(&self.bytes::<20>())
    }

    /// 96 bits as 24 hexadecimal digits.
    pub(crate) fn hex24(&self) -> String {
        to_hex(&self.bytes::<12>())
    }

    /// A random UUID (RFC 9562 version 4).
    pub(crate) fn uuid(&self) -> String {
        written_as_uuid(self.bytes::<16>(), 4)
    }

    /// A number from 0 up to, but not including, 1.
    pub(crate) fn fraction(&self) -> f64 {
        f64::from(u32::from_le_bytes(self.bytes::<4>())) / (f64::from(u32::MAX) + 1.0)
    }

    /// Six decimal digits, the first not zero.
    pub(crate) fn six_digits(&self) -> u32 {
        100_000 + u32::from_le_bytes(self.bytes::<4>()) % 900_000
    }
}

/// The UUID that a name always has (RFC 9562 version 8): the beginning of its SHA-256.
pub(crate) fn uuid_of(name: &str) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&Sha256::digest(name)[..16]);
    written_as_uuid(bytes, 8)
}

fn written_as_uuid(mut bytes: [u8; 16], version: u8) -> String {
    bytes[6] = bytes[6] & 0x0f | version << 4;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = to_hex(&bytes);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// Lower-case hexadecimal digits.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 0x0f)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Entropy;

    #[test]
    fn the_same_seed_gives_the_same_tokens_in_the_same_order() {
        let (first, second) = (Entropy::from_seed(7), Entropy::from_seed(7));
        assert_eq!([first.hex40(), first.uuid()], [second.hex40(), second.uuid()]);
        assert_ne!(Entropy::from_seed(7).hex32(), Entropy::from_seed(8).hex32());
    }

    #[test]
    fn no_two_tokens_are_alike() {
        let entropy = Entropy::from_system().unwrap();
        let tokens: std::collections::HashSet<_> = (0..1000).map(|_| entropy.hex32()).collect();
        assert_eq!(tokens.len(), 1000);
    }
}
