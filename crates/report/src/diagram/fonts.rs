//! The fonts of a picture as PNG: Inter's Latin letters come with Gatewright, all others from the system.

use std::sync::{Arc, LazyLock};

use resvg::usvg::fontdb::{Database, FaceInfo, ID, Stretch, Style};
use resvg::usvg::{FontResolver, Options};

/// The family that pictures ask for.
const FAMILY: &str = "Inter";

/// Inter in the two weights that pictures use, Latin letters: a picture looks the same on a system without any font.
static OURS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    fonts.load_font_data(include_bytes!("../../fonts/inter-latin-400.ttf").to_vec());
    fonts.load_font_data(include_bytes!("../../fonts/inter-latin-600.ttf").to_vec());
    fonts.set_sans_serif_family(FAMILY);
    Arc::new(fonts)
});

/// The same with the system's fonts behind them, the most like Inter first. All of them are opened for that, which takes a moment that
/// most pictures need not wait for.
static OURS_AND_THE_SYSTEMS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut systems = Database::new();
    systems.load_system_fonts();
    let mut faces: Vec<FaceInfo> = systems.faces().cloned().collect();
    faces.sort_by_cached_key(unlikeness);
    let mut fonts = Database::clone(&OURS);
    for face in faces {
        fonts.push_face_info(face);
    }
    Arc::new(fonts)
});

/// How a picture is read: with our fonts, and the system's for letters that ours have not.
pub(super) fn options() -> Options<'static> {
    let first_with = FontResolver::default_fallback_selector();
    let select_fallback = move |letter: char, used: &[ID], fonts: &mut Arc<Database>| {
        // Everything that was there is there again, under the same identity.
        *fonts = Arc::clone(&OURS_AND_THE_SYSTEMS);
        let face = first_with(letter, used, fonts)?;
        Some(in_weight_of(*used.first()?, face, used, fonts).unwrap_or(face))
    };
    let font_resolver = FontResolver { select_fallback: Box::new(select_fallback), ..FontResolver::default() };
    Options { fontdb: Arc::clone(&OURS), font_family: FAMILY.to_owned(), font_resolver, ..Options::default() }
}

/// Sorts faces by how little they are like Inter Regular. The first that has a letter is taken.
fn unlikeness(face: &FaceInfo) -> (bool, bool, bool, bool, bool, bool, u16, String) {
    let family = family(face);
    (
        // It has a sign for every letter, and it is none of them.
        family.contains("LastResort"),
        face.style != Style::Normal,
        face.stretch != Stretch::Normal,
        family != FAMILY,
        face.monospaced,
        family.contains("Serif"),
        face.weight.0.abs_diff(400),
        family.to_owned(),
    )
}

/// The face of the same family that is nearest in weight to another face: a bold name stays bold.
fn in_weight_of(other: ID, face: ID, used: &[ID], fonts: &Database) -> Option<ID> {
    let (other, face) = (fonts.face(other)?, fonts.face(face)?);
    let is_alike = |one: &&FaceInfo| {
        family(one) == family(face) && one.style == face.style && one.stretch == face.stretch && !used.contains(&one.id)
    };
    let nearest = fonts.faces().filter(is_alike).min_by_key(|one| one.weight.0.abs_diff(other.weight.0));
    nearest.map(|one| one.id)
}

fn family(face: &FaceInfo) -> &str {
    face.families.first().map_or("", |(name, _)| name)
}
