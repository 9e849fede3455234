//! The waterfall of a run's times.

use gatewright_language::Language;
use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::{Exchange, Step};

use super::measure::fit;
use super::palette::{Palette, Theme, Tone};
use super::svg::{Anchor, Area, Canvas, Face};
use super::{Diagram, Subject, words};
use crate::locale::duration;
use crate::wording;

/// The width of the picture, in pixels.
const WIDTH: u32 = 1000;
/// From the picture's edge to what is drawn.
const MARGIN: u32 = 24;
/// Where the bars begin.
const BARS: u32 = 300;
/// What is left at the right for the duration of the last bar.
const ROOM: u32 = 80;
/// Where the first row begins.
const FIRST_ROW: u32 = 100;
/// The person's time takes this much, however long it was.
const FOLD: u32 = 56;
/// Height of a row.
const ROW: u32 = 24;

/// One bar.
struct Bar {
    label: String,
    /// It belongs to the step above it.
    part: bool,
    /// When it began, in microseconds of our own time.
    start_us: u64,
    /// None while it goes on.
    duration_us: Option<u64>,
    /// How many folds come before it.
    folds: u32,
    /// It is the person's time, and folded.
    folded: bool,
    tone: Tone,
}

/// Draws a run's times, and says the same in words.
pub(super) fn draw(subject: &Subject<'_>, theme: Theme, language: Language) -> Diagram {
    let colours = Palette::of(theme);
    let bars = bars(subject.steps, colours, language);
    let scale = Scale::of(&bars);
    let (name, facts) = (words::title(subject, language), words::facts(subject, language));
    let mut canvas = Canvas::new();
    canvas.text((MARGIN, 34), Face::plain(17, colours.text).bold(), &fit(&name, 17, WIDTH - 2 * MARGIN));
    canvas.text((MARGIN, 54), Face::plain(12, colours.dim), &fit(&facts, 12, WIDTH - 2 * MARGIN));
    let bottom = FIRST_ROW + ROW * u32::try_from(bars.len()).unwrap_or(u32::MAX / ROW);
    scale.ticks(&mut canvas, colours, bottom, language);
    for (row, bar) in (0..).zip(&bars) {
        row_of(&mut canvas, colours, &scale, FIRST_ROW + ROW * row, bar, language);
    }
    let note = "Steps stand one after another, and so do the exchanges within a step. The person's time is folded.";
    canvas.text((MARGIN, bottom + 26), Face::plain(11, colours.dim), &language.says(note));
    let title = language.fill("Waterfall of times: {name}", &[("name", &name)]);
    let said: Vec<String> = bars.iter().map(|bar| in_words(bar, language)).collect();
    Diagram { svg: canvas.finish((WIDTH, bottom + 44), colours.surface, &title, &said), words: said }
}

fn in_words(bar: &Bar, language: Language) -> String {
    let template = match (bar.duration_us, bar.folded) {
        (None, _) => "{label}: going on.",
        (Some(_), true) => "{label}: {took}, the person's time.",
        (Some(_), false) => "{label}: {took}.",
    };
    let took = bar.duration_us.map(|took| duration(language, took)).unwrap_or_default();
    language.fill(template, &[("label", &bar.label), ("took", &took)])
}

fn bars(steps: &[Step], colours: &Palette, language: Language) -> Vec<Bar> {
    let (mut start_us, mut folds) = (0, 0);
    let mut bars = Vec::new();
    for (number, step) in (1..).zip(steps) {
        let tone = if step.waited_for_person { colours.wait } else { colours.status(step.status) };
        bars.push(Bar {
            label: format!("{number}  {}", language.says(wording::step(step.kind).1)),
            part: false,
            start_us,
            duration_us: step.duration_us,
            folds,
            folded: step.waited_for_person,
            tone,
        });
        if step.waited_for_person {
            folds += 1;
            continue;
        }
        let mut at = start_us;
        for exchange in step.exchanges.iter().filter(|exchange| is_measured(exchange)) {
            let tone = Tone { strong: colours.accent, soft: colours.accent };
            let duration_us = Some(exchange.duration_us);
            bars.push(Bar {
                label: label(exchange),
                part: true,
                start_us: at,
                duration_us,
                folds,
                folded: false,
                tone,
            });
            at += exchange.duration_us;
        }
        start_us = at.max(start_us + step.duration_us.unwrap_or_default());
    }
    bars
}

/// What a browser does takes time that nobody measures.
fn is_measured(exchange: &Exchange) -> bool {
    !matches!(exchange.purpose, ExchangePurpose::Authorization | ExchangePurpose::Logout)
}

fn label(exchange: &Exchange) -> String {
    let url = &exchange.request.url;
    let path = url.split_once("://").and_then(|(_, rest)| rest.find('/').map(|place| &rest[place..])).unwrap_or(url);
    format!("{} {path}", exchange.request.method)
}

/// Which time is how far to the right.
struct Scale {
    total_us: u64,
    pixels: u64,
}

impl Scale {
    fn of(bars: &[Bar]) -> Self {
        let own = bars.iter().filter(|bar| !bar.folded);
        let total_us =
            own.map(|bar| bar.start_us + bar.duration_us.unwrap_or_default()).max().unwrap_or_default().max(1);
        let folds = bars.iter().filter(|bar| bar.folded).count();
        let folded = FOLD * u32::try_from(folds.min(6)).unwrap_or(6);
        Self { total_us, pixels: u64::from(WIDTH - BARS - ROOM - MARGIN - folded) }
    }

    /// Pixels from the beginning of the bars.
    fn pixels(&self, microseconds: u64) -> u32 {
        u32::try_from(microseconds.saturating_mul(self.pixels) / self.total_us).unwrap_or(WIDTH)
    }

    /// Lines at round times. Where time is folded they would not be at equal distances, so that there is only the first.
    fn ticks(&self, canvas: &mut Canvas, colours: &Palette, bottom: u32, language: Language) {
        let mut ticks = vec![0];
        if self.pixels + u64::from(BARS + ROOM + MARGIN) == u64::from(WIDTH) {
            let step = self.round_step();
            ticks.extend((1..).map(|number| number * step).take_while(|at| *at <= self.total_us));
        }
        for at in ticks {
            let x = BARS + self.pixels(at);
            canvas.line((x, FIRST_ROW - 8), (x, bottom), colours.line, false);
            let face = Face::plain(11, colours.dim).at(Anchor::Middle);
            let time = if at == 0 { "0".to_owned() } else { duration(language, at) };
            canvas.text((x, FIRST_ROW - 14), face, &time);
        }
    }

    /// About five steps of one, two or five times a power of ten microseconds.
    fn round_step(&self) -> u64 {
        let wanted = (self.total_us / 5).max(1);
        let power = 10_u64.pow(wanted.ilog10());
        [1, 2, 5, 10].map(|times| times * power).into_iter().find(|step| *step >= wanted).unwrap_or(wanted)
    }
}

fn row_of(canvas: &mut Canvas, colours: &Palette, scale: &Scale, y: u32, bar: &Bar, language: Language) {
    let (indent, face) =
        if bar.part { (18, Face::plain(12, colours.dim)) } else { (0, Face::plain(12, colours.text).bold()) };
    canvas.text((MARGIN + indent, y + 16), face, &fit(&bar.label, 12, BARS - MARGIN - indent - 14));
    let x = BARS + scale.pixels(bar.start_us) + FOLD * bar.folds.min(6);
    let long = if bar.folded { FOLD } else { scale.pixels(bar.duration_us.unwrap_or_default()).max(3) };
    let (inset, round) = if bar.part { (7, 2) } else { (4, 3) };
    let area = Area { at: (x, y + inset), size: (long, ROW - 2 * inset), round };
    canvas.area(area, if bar.folded { bar.tone.soft } else { bar.tone.strong }, bar.folded.then_some(bar.tone.strong));
    if bar.folded {
        // Two strokes across it: there is more than is drawn.
        let middle = x + FOLD / 2;
        for stroke in [middle - 3, middle + 3] {
            canvas.path(&format!("M{} {} L{} {}", stroke - 3, y + ROW - 2, stroke + 3, y + 2), bar.tone.strong);
        }
    }
    let took = bar.duration_us.map_or_else(|| "…".to_owned(), |took| duration(language, took));
    canvas.text((x + long + 8, y + 16), Face::plain(12, colours.dim), &took);
}
