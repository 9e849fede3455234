//! From pixels to a file: PNG, because a page is mostly text and areas of one colour, and because nothing is lost that somebody may want
//! to compare.

use super::pictures::Pixels;

/// How long the file of a picture may be. Pages of text have a tenth of that.
const MOST_BYTES: usize = 1024 * 1024;
/// How many pixels are kept: a login view of usual size on a screen with two pixels a point.
const MOST_PIXELS: usize = 2_000_000;
/// A picture that had to become narrower than this would show nothing.
const LEAST_WIDTH: usize = 200;

/// A picture as a file.
#[derive(Debug)]
pub(super) struct Encoded {
    pub(super) bytes: Vec<u8>,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Why pixels did not become a file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum EncodeError {
    /// The rows are shorter than the picture is wide, or there are fewer of them.
    #[error("the login view gave a picture that is smaller than it says")]
    Incomplete,
    /// Even made small it is too long.
    #[error("the picture is longer than a picture may be")]
    TooLarge,
}

/// Rows of pixels without gaps, three bytes each.
struct Rgb {
    width: usize,
    height: usize,
    bytes: Vec<u8>,
}

/// Makes a file of pixels. What is too large is made half as wide and half as high, again if need be.
pub(super) fn png(pixels: &Pixels) -> Result<Encoded, EncodeError> {
    let mut rgb = Rgb::of(pixels)?;
    while rgb.width * rgb.height > MOST_PIXELS {
        rgb = rgb.halved();
    }
    loop {
        let encoded = rgb.encoded().ok_or(EncodeError::Incomplete)?;
        if encoded.bytes.len() <= MOST_BYTES {
            return Ok(encoded);
        }
        if rgb.width / 2 < LEAST_WIDTH {
            return Err(EncodeError::TooLarge);
        }
        rgb = rgb.halved();
    }
}

impl Rgb {
    fn of(pixels: &Pixels) -> Result<Self, EncodeError> {
        let (width, height) = (pixels.width as usize, pixels.height as usize);
        let row_bytes = width * 4;
        if width == 0 || height == 0 || row_bytes > pixels.stride {
            return Err(EncodeError::Incomplete);
        }
        let mut bytes = Vec::with_capacity(width * height * 3);
        let rows = pixels.bytes.chunks(pixels.stride).take(height).filter_map(|row| row.get(..row_bytes));
        for pixel in rows.flat_map(|row| row.as_chunks::<4>().0) {
            let [_, red, green, blue] = u32::from_ne_bytes(*pixel).to_be_bytes();
            bytes.extend([red, green, blue]);
        }
        let is_whole = bytes.len() == width * height * 3;
        is_whole.then_some(Self { width, height, bytes }).ok_or(EncodeError::Incomplete)
    }

    /// Half as wide and half as high: each pixel the mean of four.
    fn halved(&self) -> Self {
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        let mut bytes = Vec::with_capacity(width * height * 3);
        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
            let (right, below) = ((2 * x + 1).min(self.width - 1), (2 * y + 1).min(self.height - 1));
            let four = [(2 * x, 2 * y), (right, 2 * y), (2 * x, below), (right, below)];
            bytes.extend((0..3).map(|colour| {
                let sum: u16 = four.iter().map(|(x, y)| u16::from(self.bytes[(y * self.width + x) * 3 + colour])).sum();
                u8::try_from(sum / 4).unwrap_or(u8::MAX)
            }));
        }
        Self { width, height, bytes }
    }

    fn encoded(&self) -> Option<Encoded> {
        let (width, height) = (u32::try_from(self.width).ok()?, u32::try_from(self.height).ok()?);
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Balanced);
        // Fails for rows of another length than was said, and these are ours.
        let written = encoder.write_header().and_then(|mut writer| {
            writer.write_image_data(&self.bytes)?;
            writer.finish()
        });
        written.ok().map(|()| Encoded { bytes, width, height })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of one colour a pixel, with a gap at the end of each row.
    fn pixels(width: u32, height: u32, colour: impl Fn(u32, u32) -> u32) -> Pixels {
        let stride = width as usize * 4 + 8;
        let mut bytes = Vec::new();
        for y in 0..height {
            bytes.extend((0..width).flat_map(|x| colour(x, y).to_ne_bytes()));
            bytes.extend([0xAA; 8]);
        }
        Pixels { width, height, stride, bytes }
    }

    /// Width, height and the bytes of all rows.
    fn decoded(file: &[u8]) -> (u32, u32, Vec<u8>) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut bytes).unwrap();
        (frame.width, frame.height, bytes)
    }

    #[test]
    fn every_colour_is_where_it_was() {
        let encoded = png(&pixels(2, 2, |x, y| 0xFF00_0000 | (x << 16) | (y << 8) | 7)).unwrap();
        assert_eq!((encoded.width, encoded.height), (2, 2));
        assert_eq!(decoded(&encoded.bytes), (2, 2, vec![0, 0, 7, 1, 0, 7, 0, 1, 7, 1, 1, 7]));
    }

    #[test]
    fn equal_pictures_are_equal_files() {
        let page = || pixels(40, 30, |x, y| x * y);
        assert_eq!(png(&page()).unwrap().bytes, png(&page()).unwrap().bytes);
    }

    #[test]
    fn a_large_screen_is_made_smaller_and_stays_the_same_picture() {
        let encoded = png(&pixels(2081, 2800, |x, _| if x < 1040 { 0x00FF_FFFF } else { 0 })).unwrap();
        assert_eq!((encoded.width, encoded.height), (1041, 1400));
        let (_, _, bytes) = decoded(&encoded.bytes);
        assert_eq!((bytes[0], bytes[1040 * 3]), (255, 0));
    }

    #[test]
    fn what_cannot_be_made_short_enough_is_given_up() {
        // Noise: no two pixels have anything to do with each other.
        let noise = |x: u32, y: u32| (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(0x9E37_79B9)).rotate_left(x ^ y);
        let encoded = png(&pixels(900, 1400, noise)).unwrap();
        assert!(encoded.bytes.len() <= MOST_BYTES && encoded.width == 450, "{} wide", encoded.width);
        assert_eq!(png(&pixels(300, 6000, noise)).unwrap_err(), EncodeError::TooLarge);
    }

    #[test]
    fn a_picture_with_rows_missing_is_none() {
        let whole = pixels(4, 4, |_, _| 0);
        for broken in [
            Pixels { height: 5, bytes: whole.bytes.clone(), ..whole },
            Pixels { stride: 12, bytes: whole.bytes.clone(), ..whole },
            Pixels { width: 0, bytes: whole.bytes.clone(), ..whole },
        ] {
            assert_eq!(png(&broken).unwrap_err(), EncodeError::Incomplete);
        }
    }
}
