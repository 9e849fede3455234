//! A picture as PNG, for documents that take no SVG.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::Tree;

use super::fonts;

/// Pixels of the file for each pixel of the picture: sharp on today's screens and on paper.
const SCALE: u8 = 2;
/// No side of a file is longer, in pixels; a longer picture is drawn smaller.
const LONGEST_SIDE: f32 = 16_000.0;

/// Why a picture could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// It is no SVG.
    #[error("the diagram could not be read")]
    Read(#[source] resvg::usvg::Error),
    /// There is not enough memory for its pixels, or it has none.
    #[error("the diagram has no size that can be drawn")]
    Size,
    /// Its pixels could not be written.
    #[error("the diagram could not be written as PNG")]
    Write,
}

/// Draws a picture that this crate has made. The font for Latin letters comes with Gatewright, for others the system's fonts are taken; a
/// letter that none of them has is a box.
pub fn png(svg: &str) -> Result<Vec<u8>, PngError> {
    let tree = Tree::from_str(svg, &fonts::options()).map_err(PngError::Read)?;
    let size = tree.size();
    let scale = f32::from(SCALE).min(LONGEST_SIDE / size.width().max(size.height()));
    let whole = size.to_int_size().scale_by(scale).ok_or(PngError::Size)?;
    let mut pixels = Pixmap::new(whole.width(), whole.height()).ok_or(PngError::Size)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|_| PngError::Write)
}
