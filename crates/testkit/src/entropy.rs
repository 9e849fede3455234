//! Random numbers that are the same in every run of a test.

use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes that look random and depend on the seed alone (SplitMix64).
#[derive(Debug)]
pub struct SeededEntropy(AtomicU64);

impl SeededEntropy {
    /// Starts at `seed`.
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// Fills the whole buffer.
    pub fn fill(&self, buffer: &mut [u8]) {
        for piece in buffer.chunks_mut(8) {
            let bytes = self.next().to_le_bytes();
            piece.copy_from_slice(&bytes[..piece.len()]);
        }
    }

    fn next(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut mixed = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(feature = "ports")]
impl gatewright_engine::ports::Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), gatewright_engine::ports::NoEntropy> {
        Self::fill(self, buffer);
        Ok(())
    }
}
