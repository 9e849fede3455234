//! A picture as PNG, for documents that take no SVG.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

/// Pixels of the file for each pixel of the picture: sharp on today's screens and on paper.
const SCALE: u8 = 2;
/// No side of a file is longer, in pixels; a longer picture is drawn smaller.
const LONGEST_SIDE: f32 = 16_000.0;

/// Inter in the two weights that pictures use, Latin letters: a picture looks the same on a system without any font.
static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(include_bytes!("../../fonts/inter-latin-400.ttf").to_vec());
    fonts.load_font_data(include_bytes!("../../fonts/inter-latin-600.ttf").to_vec());
    fonts.set_sans_serif_family("Inter");
    Arc::new(fonts)
});

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

/// Draws a picture that this crate has made. Letters that are not Latin are left out, as no font for them comes with Gatewright.
pub fn png(svg: &str) -> Result<Vec<u8>, PngError> {
    let options = Options { fontdb: Arc::clone(&FONTS), font_family: "Inter".to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(PngError::Read)?;
    let size = tree.size();
    let scale = f32::from(SCALE).min(LONGEST_SIDE / size.width().max(size.height()));
    let whole = size.to_int_size().scale_by(scale).ok_or(PngError::Size)?;
    let mut pixels = Pixmap::new(whole.width(), whole.height()).ok_or(PngError::Size)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|_| PngError::Write)
}
