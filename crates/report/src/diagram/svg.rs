//! Writing SVG: a few shapes and text, in whole pixels.

use std::fmt::Write as _;

use gatewright_model::run::StepStatus;

use crate::inert::{beginning, visible};

/// How many characters a description has at most: nobody listens to more.
const LONGEST_DESCRIPTION: usize = 8000;

/// A picture that is being drawn.
pub(super) struct Canvas {
    shapes: String,
}

/// A place: from the left and from the top, in pixels.
pub(super) type Place = (u32, u32);

/// Where a text stands in relation to its place.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How text looks.
#[derive(Clone, Copy)]
pub(super) struct Face {
    pub(super) size: u32,
    pub(super) bold: bool,
    pub(super) colour: &'static str,
    pub(super) anchor: Anchor,
}

impl Face {
    /// Text of a size in a colour, from its place to the right.
    pub(super) const fn plain(size: u32, colour: &'static str) -> Self {
        Self { size, bold: false, colour, anchor: Anchor::Start }
    }

    /// The same in bold.
    pub(super) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// The same at another side of its place.
    pub(super) const fn at(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
}

/// A rectangle: its upper left corner, its width and height, and how round its corners are.
#[derive(Clone, Copy)]
pub(super) struct Area {
    pub(super) at: Place,
    pub(super) size: (u32, u32),
    pub(super) round: u32,
}

impl Canvas {
    pub(super) const fn new() -> Self {
        Self { shapes: String::new() }
    }

    // Writing to a String does not fail, hence `let _`.

    pub(super) fn area(&mut self, area: Area, fill: &str, stroke: Option<&str>) {
        let Area { at: (x, y), size: (width, height), round } = area;
        let _ = write!(
            self.shapes,
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{round}" fill="{fill}""#
        );
        if let Some(stroke) = stroke {
            let _ = write!(self.shapes, r#" stroke="{stroke}""#);
        }
        self.shapes.push_str("/>\n");
    }

    pub(super) fn line(&mut self, from: Place, to: Place, colour: &str, dashed: bool) {
        let pattern = if dashed { r#" stroke-dasharray="4 4""# } else { "" };
        let _ = writeln!(
            self.shapes,
            r#"<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{colour}" stroke-width="1.5"{pattern}/>"#,
            from.0, from.1, to.0, to.1
        );
    }

    /// A line with a head at its end, from left to right or from right to left.
    pub(super) fn arrow(&mut self, from: Place, to: Place, colour: &str, dashed: bool) {
        self.line(from, to, colour, dashed);
        let (x, y) = to;
        let back = if from.0 < x { x.saturating_sub(9) } else { x + 9 };
        let (above, below) = (y.saturating_sub(5), y + 5);
        let _ = writeln!(self.shapes, r#"<path d="M{x} {y} L{back} {above} L{back} {below} Z" fill="{colour}"/>"#);
    }

    pub(super) fn path(&mut self, steps: &str, colour: &str) {
        let _ = writeln!(self.shapes, r#"<path d="{steps}" fill="none" stroke="{colour}" stroke-width="2"/>"#);
    }

    pub(super) fn disc(&mut self, centre: Place, radius: u32, fill: &str) {
        let _ = writeln!(self.shapes, r#"<circle cx="{}" cy="{}" r="{radius}" fill="{fill}"/>"#, centre.0, centre.1);
    }

    pub(super) fn text(&mut self, at: Place, face: Face, text: &str) {
        let weight = if face.bold { r#" font-weight="600""# } else { "" };
        let anchor = match face.anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let _ = writeln!(
            self.shapes,
            r#"<text x="{}" y="{}" font-size="{}" fill="{}"{weight}{anchor}>{}</text>"#,
            at.0,
            at.1,
            face.size,
            face.colour,
            escaped(text)
        );
    }

    /// Draws what is on another picture over this one.
    pub(super) fn append(&mut self, above: &Self) {
        self.shapes.push_str(&above.shapes);
    }

    /// The whole document: what is behind it, its name and its description for people who listen, and what was drawn.
    pub(super) fn finish(self, size: (u32, u32), background: &str, title: &str, words: &[String]) -> String {
        let (width, height) = size;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             role=\"img\" font-family=\"Inter, system-ui, sans-serif\">\n<title>{}</title>\n<desc>{}</desc>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"{background}\"/>\n{}</svg>\n",
            escaped(title),
            escaped(beginning(&words.join(" "), LONGEST_DESCRIPTION).0),
            self.shapes
        )
    }
}

/// The sign of how a step stands, so that its colour is not alone: a tick, an exclamation mark, a cross, three dots.
pub(super) fn sign(canvas: &mut Canvas, centre: Place, status: StepStatus, colour: &str) {
    let (x, y) = centre;
    match status {
        StepStatus::Passed => canvas.path(&format!("M{} {y} L{} {} L{} {}", x - 4, x - 1, y + 3, x + 4, y - 3), colour),
        StepStatus::Warned => {
            canvas.path(&format!("M{x} {} L{x} {} M{x} {} L{x} {}", y - 5, y + 1, y + 3, y + 5), colour);
        }
        StepStatus::Failed => {
            let (left, right, top, bottom) = (x - 3, x + 3, y - 3, y + 3);
            canvas.path(&format!("M{left} {top} L{right} {bottom} M{left} {bottom} L{right} {top}"), colour);
        }
        StepStatus::Running => [x - 4, x, x + 4].into_iter().for_each(|dot| canvas.disc((dot, y), 1, colour)),
    }
}

/// Text as it may stand in XML: on one line, the five special characters escaped, and what is not seen written out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\r' | '\t' => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn no_text_is_markup_and_none_hides() {
        assert_eq!(escaped(r#"</text><script x="1">&'"#), "&lt;/text&gt;&lt;script x=&quot;1&quot;&gt;&amp;&#39;");
        assert_eq!(escaped("a\u{1b}b\u{202e}c\nd"), "a⟨U+001B⟩b⟨U+202E⟩c d");
    }
}
