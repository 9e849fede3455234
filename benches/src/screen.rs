//! What is on a virtual display, read from the file Xvfb keeps its pixels in: looking costs the programs on it nothing.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// Every so many lines of the screen are looked at: fewer than a line of text is high.
const LINE_STEP: usize = 8;
/// Time between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// After this long without a change worth the name a screen that shows what is expected is done.
const STILL_FOR: Duration = Duration::from_secs(1);
/// The same, where nobody knows what to expect.
const AT_REST: Duration = Duration::from_secs(5);
/// A program that shows nothing for this long never will.
const PATIENCE: Duration = Duration::from_mins(1);
/// Two pictures with a smaller share of different pixels are the same: a caret blinks, a status in a corner changes.
const SAME: f64 = 0.001;
/// Two pictures of the same window, opened at different times, may differ in a larger share: times go on in between.
const ALIKE: f64 = 0.02;

/// The pixels of a virtual display.
pub struct Screen {
    file: File,
    first_pixel: u64,
    line_bytes: usize,
    lines: usize,
}

/// Some lines of the screen at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture(Vec<u8>);

/// A picture that differs from the one before it, and when it was first seen.
struct Look {
    at: Duration,
    picture: Picture,
}

impl Screen {
    /// Reads the file that `Xvfb -fbdir` makes: an X window dump, whose header is numbers of 32 bits, most significant byte first.
    pub fn open(file: &Path) -> Result<Self> {
        let file = File::open(file).with_context(|| format!("{} is not there", file.display()))?;
        let mut header = [0; 100];
        file.read_exact_at(&mut header, 0)?;
        let field = |index: usize| -> Result<usize> {
            let bytes: [u8; 4] = header[4 * index..4 * index + 4].try_into()?;
            Ok(usize::try_from(u32::from_be_bytes(bytes))?)
        };
        let (header_bytes, version, lines, line_bytes, colours) =
            (field(0)?, field(1)?, field(5)?, field(12)?, field(19)?);
        ensure!(version == 7 && field(11)? == 32, "this is not an X window dump with four bytes a pixel");
        // A colour of the table takes 12 bytes.
        let first_pixel = u64::try_from(header_bytes + 12 * colours)?;
        Ok(Self { file, first_pixel, line_bytes, lines })
    }

    /// What is on the screen right now.
    pub fn look(&self) -> Result<Picture> {
        let mut pixels = vec![0; self.lines.div_ceil(LINE_STEP) * self.line_bytes];
        for (line, into) in (0..self.lines).step_by(LINE_STEP).zip(pixels.chunks_exact_mut(self.line_bytes)) {
            self.file.read_exact_at(into, self.first_pixel + u64::try_from(line * self.line_bytes)?)?;
        }
        // Blue, green, red, and a byte that stands for nothing: who draws leaves there what it likes.
        pixels.iter_mut().skip(3).step_by(4).for_each(|unused| *unused = 0);
        Ok(Picture(pixels))
    }

    /// Watches the screen from `start` until it shows what is `expected` and does not change any more, and says after how long it did:
    /// the first moment from which on it looked as it looked in the end. `before` is what was there at the start.
    pub fn painted_after(&self, start: Instant, before: &Picture, expected: &Picture) -> Result<Duration> {
        let mut looks = vec![Look { at: Duration::ZERO, picture: before.clone() }];
        let mut last_change = Duration::ZERO;
        loop {
            let (at, picture) = (start.elapsed(), self.look()?);
            let changed = looks.last().map_or(1.0, |last| last.picture.difference(&picture));
            if changed > SAME {
                last_change = at;
            }
            if changed == 0.0 && at > last_change + STILL_FOR && picture.difference(expected) <= ALIKE {
                return done(looks);
            }
            if changed > 0.0 {
                looks.push(Look { at, picture });
            }
            ensure!(at < PATIENCE, "the window does not show what it should, or never comes to rest");
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Waits until something else than `before` is there and has not changed for some seconds.
    pub fn comes_to_rest(&self, before: &Picture) -> Result<Picture> {
        let start = Instant::now();
        let (mut last, mut since) = (before.clone(), start);
        loop {
            let picture = self.look()?;
            if picture.difference(&last) > SAME {
                (last, since) = (picture, Instant::now());
            }
            if last != *before && since.elapsed() > AT_REST {
                return Ok(last);
            }
            ensure!(start.elapsed() < PATIENCE, "nothing was painted, or painting never ended");
            std::thread::sleep(LOOK_EVERY);
        }
    }
}

impl Picture {
    /// The share of pixels, of those that were looked at, in which two pictures differ: from 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "a screen has some hundred thousand pixels")]
    pub fn difference(&self, other: &Self) -> f64 {
        if self.0 == other.0 {
            return 0.0;
        }
        let pixels = self.0.chunks_exact(4).zip(other.0.chunks_exact(4));
        let different = pixels.filter(|(one, other)| one != other).count();
        4.0 * different as f64 / self.0.len() as f64
    }
}

/// Since when the screen looked as it did at the last look.
fn done(mut looks: Vec<Look>) -> Result<Duration> {
    let end = looks.pop().context("the screen was never looked at")?;
    let since = looks.iter().rev().take_while(|look| look.picture.difference(&end.picture) <= SAME).last();
    Ok(since.map_or(end.at, |look| look.at))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of 10,000 pixels of which so many are white.
    fn picture(white: usize) -> Picture {
        Picture((0..10_000).flat_map(|pixel| [if pixel < white { 255 } else { 0 }; 4]).collect())
    }

    fn look(milliseconds: u64, white: usize) -> Look {
        Look { at: Duration::from_millis(milliseconds), picture: picture(white) }
    }

    #[test]
    fn the_screen_is_painted_when_it_looks_as_it_will_look_in_the_end() {
        let looks = vec![look(0, 0), look(120, 9_000), look(300, 5_000), look(420, 5_004), look(900, 5_008)];
        assert_eq!(done(looks).unwrap(), Duration::from_millis(300), "small changes afterwards do not count");
    }

    #[test]
    fn a_screen_that_looked_right_and_changed_once_more_was_not_done() {
        let looks = vec![look(0, 0), look(100, 5_000), look(200, 0), look(300, 5_000)];
        assert_eq!(done(looks).unwrap(), Duration::from_millis(300));
    }

    #[test]
    fn the_difference_is_the_share_of_other_pixels() {
        assert!((picture(0).difference(&picture(2_500)) - 0.25).abs() < 1e-9);
    }
}
