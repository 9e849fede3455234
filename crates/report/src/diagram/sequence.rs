//! The sequence diagram of a run.

mod event;

use std::borrow::Cow;

use gatewright_language::Language;
use gatewright_model::Step;

use self::event::{Event, Lane, Message, events};
use super::measure::{fit, width, wrap};
use super::palette::{Palette, Theme, Tone};
use super::svg::{Anchor, Area, Canvas, Face, sign};
use super::{Diagram, Subject, words};
use crate::locale::{duration, in_midst};
use crate::wording::{self, Verdict};

/// The width of the picture, in pixels.
const WIDTH: u32 = 1000;
/// From the picture's edge to what is drawn.
const MARGIN: u32 = 24;
/// Where the lanes begin.
const HEADS: u32 = 72;
/// Height of the boxes in which they begin.
const HEAD: u32 = 44;
/// Lines of names under a message.
const NAME_LINES: usize = 2;

/// Draws a run, and says the same in words.
pub(super) fn draw(subject: &Subject<'_>, theme: Theme, language: Language) -> Diagram {
    let (canvas, colours) = (Canvas::new(), Palette::of(theme));
    let mut drawing = Drawing { canvas, colours, language, y: HEADS + HEAD + 20, words: vec![] };
    for (number, step) in (1..).zip(subject.steps) {
        drawing.part(number, step);
        for event in events(step, language) {
            drawing.event(&event, subject.provider_name);
        }
        drawing.y += 10;
    }
    drawing.finish(subject)
}

struct Drawing {
    canvas: Canvas,
    colours: &'static Palette,
    language: Language,
    /// How far down the picture is drawn.
    y: u32,
    words: Vec<String>,
}

impl Lane {
    const ALL: [Self; 4] = [Self::Person, Self::Gatewright, Self::Browser, Self::Provider];

    /// How far from the left its line is.
    const fn x(self) -> u32 {
        match self {
            Self::Person => 120,
            Self::Gatewright => 373,
            Self::Browser => 626,
            Self::Provider => 880,
        }
    }

    fn name(self, provider: &str, language: Language) -> Cow<'_, str> {
        match self {
            Self::Person => language.says("Person"),
            Self::Gatewright => Cow::Borrowed("Gatewright"),
            Self::Browser => language.says("Browser"),
            Self::Provider => Cow::Borrowed(provider),
        }
    }
}

impl Drawing {
    /// The line with which a step begins.
    fn part(&mut self, number: u32, step: &Step) {
        let language = self.language;
        let title = language.says(wording::step(step.kind).1);
        let sentence = language.says(&step.sentence);
        let took = step.duration_us.map(|took| duration(language, took));
        let tone = self.colours.status(step.status);
        let band = Area { at: (MARGIN, self.y), size: (WIDTH - 2 * MARGIN, 26), round: 5 };
        self.canvas.area(band, self.colours.raised, None);
        self.canvas.disc((MARGIN + 15, self.y + 13), 8, tone.soft);
        sign(&mut self.canvas, (MARGIN + 15, self.y + 13), step.status, tone.strong);
        let name = format!("{number}  {title}");
        let bold = Face::plain(12, self.colours.text).bold();
        self.canvas.text((MARGIN + 30, self.y + 17), bold, &name);
        let said_at = MARGIN + 30 + width(&name, 12) + 14;
        let said = fit(&sentence, 12, WIDTH - MARGIN - 90 - said_at);
        self.canvas.text((said_at, self.y + 17), Face::plain(12, self.colours.dim), &said);
        let end = Face::plain(12, self.colours.dim).at(Anchor::End);
        self.canvas.text((WIDTH - MARGIN - 10, self.y + 17), end, took.as_deref().unwrap_or(""));
        self.words.push(step_in_words(language, number, step, took.as_deref()));
        self.y += 38;
    }

    fn event(&mut self, event: &Event, provider: &str) {
        match event {
            Event::Message(message) => self.message(message, provider),
            Event::Wait(took) => {
                let text = match took {
                    Some(took) => {
                        let took = duration(self.language, *took);
                        self.language.fill("The person signs in and decides · {took}", &[("took", &took)])
                    }
                    None => self.language.says("Waiting for the person").into_owned(),
                };
                self.wait(&text);
                self.words.push(format!("{text}."));
            }
            Event::Silence(reason) => {
                self.note(&self.language.says("No response"), reason, self.colours.bad);
                self.words.push(self.language.fill("No response came: {reason}", &[("reason", reason)]));
            }
            Event::Finding(title) => {
                self.note(&self.language.says("Finding"), title, self.colours.warn);
                self.words.push(self.language.fill("Finding: {title}", &[("title", title)]));
            }
        }
    }

    fn message(&mut self, message: &Message, provider: &str) {
        let (from, to) = (message.from.x(), message.to.x());
        let (left, right) = (from.min(to), from.max(to));
        let room = right - left - 24;
        let colour = if message.refusal { self.colours.bad.strong } else { self.colours.accent };
        let mut lines = vec![(fit(&message.title, 13, room), Face::plain(13, self.colours.text).bold())];
        let names = wrap(&message.names.join(", "), 11, room, NAME_LINES);
        lines.extend(names.into_iter().map(|line| (line, Face::plain(11, self.colours.dim))));
        for (line, face) in lines {
            self.y += face.size + 3;
            // The lines of life stand back behind the words.
            let half = (width(&line, face.size) / 2 + 5).min(room / 2 + 8);
            let middle = left.midpoint(right);
            let behind = Area { at: (middle - half, self.y - face.size), size: (2 * half, face.size + 4), round: 2 };
            self.canvas.area(behind, self.colours.surface, None);
            self.canvas.text((middle, self.y), face.at(Anchor::Middle), &line);
        }
        self.y += 9;
        self.canvas.arrow((from, self.y), (to, self.y), colour, message.answer);
        self.y += 14;
        let (from, to) = (message.from.name(provider, self.language), message.to.name(provider, self.language));
        let template =
            if message.names.is_empty() { "{from} to {to}: {title}." } else { "{from} to {to}: {title} with {names}." };
        let names = message.names.join(", ");
        let arguments = [("from", &*from), ("to", &*to), ("title", &message.title), ("names", &names)];
        self.words.push(self.language.fill(template, &arguments));
    }

    /// The person's time, however long it was.
    fn wait(&mut self, text: &str) {
        let (left, right) = (Lane::Person.x(), Lane::Browser.x());
        let Tone { strong, soft } = self.colours.wait;
        let area = Area { at: (left - 12, self.y), size: (right - left + 24, 30), round: 15 };
        self.canvas.area(area, soft, Some(strong));
        let face = Face::plain(12, strong).at(Anchor::Middle);
        self.canvas.text((left.midpoint(right), self.y + 19), face, &fit(text, 12, right - left));
        self.y += 42;
    }

    /// Something to be read, across all lanes.
    fn note(&mut self, kind: &str, text: &str, tone: Tone) {
        let indent = width(kind, 12) + 26;
        let lines = wrap(text, 12, WIDTH - 2 * MARGIN - 30 - indent, 2);
        let height = 14 + 16 * u32::try_from(lines.len().max(1)).unwrap_or(2);
        let area = Area { at: (MARGIN, self.y), size: (WIDTH - 2 * MARGIN, height), round: 5 };
        self.canvas.area(area, tone.soft, Some(tone.strong));
        self.canvas.text((MARGIN + 14, self.y + 19), Face::plain(12, tone.strong).bold(), kind);
        for (row, line) in (0..).zip(&lines) {
            self.canvas.text((MARGIN + indent, self.y + 19 + 16 * row), Face::plain(12, self.colours.text), line);
        }
        self.y += height + 10;
    }

    /// Puts who takes part behind and above what was drawn.
    fn finish(self, subject: &Subject<'_>) -> Diagram {
        let Self { canvas, colours, language, y, words } = self;
        let height = y + MARGIN;
        let (name, facts) = (words::title(subject, language), words::facts(subject, language));
        let mut whole = Canvas::new();
        whole.text((MARGIN, 34), Face::plain(17, colours.text).bold(), &fit(&name, 17, WIDTH - 2 * MARGIN));
        whole.text((MARGIN, 54), Face::plain(12, colours.dim), &fit(&facts, 12, WIDTH - 2 * MARGIN));
        for lane in Lane::ALL {
            let x = lane.x();
            whole.line((x, HEADS + HEAD), (x, y), colours.line, false);
            let area = Area { at: (x - 90, HEADS), size: (180, HEAD - 10), round: 8 };
            whole.area(area, colours.raised, Some(colours.line));
            let face = Face::plain(13, colours.text).bold().at(Anchor::Middle);
            whole.text((x, HEADS + 22), face, &fit(&lane.name(subject.provider_name, language), 13, 164));
        }
        whole.append(&canvas);
        let title = language.fill("Sequence diagram: {name}", &[("name", &name)]);
        let mut said = vec![format!("{}.", facts.trim_end_matches('.'))];
        said.extend(words);
        Diagram { svg: whole.finish((WIDTH, height), colours.surface, &title, &said), words: said }
    }
}

/// What a step was and came to.
fn step_in_words(language: Language, number: u32, step: &Step, took: Option<&str>) -> String {
    let stands = in_midst(&language.says(Verdict::of_step(step.status).words()));
    let (number, title) = (number.to_string(), language.says(wording::step(step.kind).1));
    let sentence = language.says(&step.sentence);
    let mut arguments = vec![("number", &*number), ("title", &*title), ("stands", &*stands), ("sentence", &*sentence)];
    arguments.extend(took.map(|took| ("took", took)));
    let template = match took {
        Some(_) => "Step {number}, {title} ({stands}, {took}): {sentence}",
        None => "Step {number}, {title} ({stands}): {sentence}",
    };
    language.fill(template, &arguments)
}
