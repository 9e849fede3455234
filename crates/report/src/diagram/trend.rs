//! What became of logins day by day, as a chart: a bar for each day, and above it how long a login took.

use gatewright_language::Language;

use super::Diagram;
use super::palette::{Palette, Theme};
use super::svg::{Anchor, Area, Canvas, Face};
use crate::locale::{date, date_in_year, duration};

/// The logins of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which: "2026-01-31".
    pub date: String,
    /// Logins that passed.
    pub passed: u32,
    /// Logins with a remark.
    pub warned: u32,
    /// Logins that failed.
    pub failed: u32,
    /// How long one took on average without the person, in milliseconds; none where none ended well.
    pub average_ms: Option<u64>,
}

impl Day {
    const fn total(&self) -> u32 {
        self.passed.saturating_add(self.warned).saturating_add(self.failed)
    }
}

/// The picture, in pixels.
const SIZE: (u32, u32) = (920, 250);
/// Where the two parts of the picture end: times above, numbers below.
const TIMES: (u32, u32) = (34, 84);
const NUMBERS: (u32, u32) = (108, 216);
/// From the left edge to the first bar, and from the last one to the right edge.
const SIDES: (u32, u32) = (64, 16);

/// Draws the days in their order; those without a login are drawn too, as nothing.
pub fn trend(days: &[Day], theme: Theme, language: Language) -> Diagram {
    let colours = Palette::of(theme);
    let mut canvas = Canvas::new();
    let most = days.iter().map(Day::total).max().unwrap_or_default().max(1);
    let longest = days.iter().filter_map(|day| day.average_ms).max().unwrap_or_default().max(1);
    axes(&mut canvas, colours, (most, longest), language);
    let count = u32::try_from(days.len()).unwrap_or(u32::MAX).max(1);
    let each = (SIZE.0 - SIDES.0 - SIDES.1) / count.min(SIZE.0 - SIDES.0 - SIDES.1);
    for (place, day) in (0..).zip(days) {
        let slot = Slot { x: SIDES.0 + place * each, width: each };
        bar(&mut canvas, colours, slot, day, most);
        time(&mut canvas, colours, slot, day, longest);
        // About eight dates fit.
        if place % count.div_ceil(8) == 0 {
            let face = Face::plain(11, colours.dim);
            canvas.text((slot.x, NUMBERS.1 + 18), face, &date_in_year(language, &day.date));
        }
    }
    let words: Vec<String> = days.iter().filter(|day| day.total() > 0).map(|day| in_words(day, language)).collect();
    Diagram { svg: canvas.finish(SIZE, colours.surface, &language.says("Logins day by day"), &words), words }
}

#[derive(Clone, Copy)]
struct Slot {
    x: u32,
    width: u32,
}

/// The axes, up to the most logins of a day and the longest average time in milliseconds.
fn axes(canvas: &mut Canvas, colours: &Palette, (most, longest): (u32, u64), language: Language) {
    let heading = Face::plain(11, colours.dim);
    let number = heading.at(Anchor::End);
    let (left, right) = (SIDES.0, SIZE.0 - SIDES.1);
    canvas.text((left, 22), heading, &language.says("Average time of a login without the person"));
    let numbers = language.says("Logins: passed, with a remark (hatched), failed (outlined)");
    canvas.text((left, 102), heading, &numbers);
    for (range, top) in [(TIMES, duration(language, longest.saturating_mul(1000))), (NUMBERS, most.to_string())] {
        canvas.line((left, range.0), (right, range.0), colours.line, true);
        canvas.line((left, range.1), (right, range.1), colours.line, false);
        canvas.text((left - 8, range.0 + 4), number, &top);
        canvas.text((left - 8, range.1 + 4), number, "0");
    }
}

/// One day's logins on each other. Failed ones have an outline and those with a remark stripes, so that colour is not alone.
fn bar(canvas: &mut Canvas, colours: &Palette, slot: Slot, day: &Day, most: u32) {
    let height = |count: u32| u64::from(count) * u64::from(NUMBERS.1 - NUMBERS.0) / u64::from(most);
    let (x, width) = (slot.x + 1, slot.width.saturating_sub(2).clamp(1, 40));
    let mut bottom = NUMBERS.1;
    for (count, tone, mark) in
        [(day.passed, colours.ok, 0), (day.warned, colours.warn, 1), (day.failed, colours.bad, 2)]
    {
        let tall = u32::try_from(height(count)).unwrap_or_default().max(u32::from(count > 0));
        if tall == 0 {
            continue;
        }
        bottom = bottom.saturating_sub(tall);
        let fill = if mark == 2 { tone.soft } else { tone.strong };
        canvas.area(Area { at: (x, bottom), size: (width, tall), round: 0 }, fill, (mark == 2).then_some(tone.strong));
        if mark == 1 {
            for stripe in (bottom..bottom + tall).step_by(4).skip(1) {
                canvas.line((x, stripe), (x + width, stripe), tone.soft, false);
            }
        }
    }
}

fn time(canvas: &mut Canvas, colours: &Palette, slot: Slot, day: &Day, longest: u64) {
    let Some(average) = day.average_ms else { return };
    let up = average.saturating_mul(u64::from(TIMES.1 - TIMES.0)) / longest;
    let y = TIMES.1 - u32::try_from(up).unwrap_or_default().min(TIMES.1 - TIMES.0);
    canvas.disc((slot.x + (slot.width / 2).min(21), y), 3, colours.accent);
}

fn in_words(day: &Day, language: Language) -> String {
    let template = match day.average_ms {
        Some(_) => "{date}: {passed} passed, {warned} with a remark, {failed} failed, {took} each on average.",
        None => "{date}: {passed} passed, {warned} with a remark, {failed} failed.",
    };
    let took = day.average_ms.map(|ms| duration(language, ms.saturating_mul(1000))).unwrap_or_default();
    let [passed, warned, failed] = [day.passed, day.warned, day.failed].map(|count| count.to_string());
    let date = date(language, &day.date);
    let counts = [("passed", &*passed), ("warned", &*warned), ("failed", &*failed)];
    language.fill(template, &[&counts[..], &[("date", &*date), ("took", &*took)]].concat())
}

#[cfg(test)]
mod tests {
    use gatewright_language::Language;

    use super::{Day, trend};
    use crate::diagram::{Theme, png};

    fn day(number: u32, passed: u32, warned: u32, failed: u32) -> Day {
        let date = format!("2026-01-{:02}", number + 1);
        Day { date, passed, warned, failed, average_ms: (passed > 0).then_some(300 + u64::from(number) * 7) }
    }

    #[test]
    fn days_are_drawn_in_their_order_and_said_in_words() {
        let days: Vec<Day> = (0..30).map(|number| day(number, number % 7, number % 3, number % 4)).collect();
        let chart = trend(&days, Theme::Light, Language::English);
        insta::assert_snapshot!("trend", chart.svg);
        assert_eq!(chart.words[0], "2026-01-02: 1 passed, 1 with a remark, 1 failed, 307 ms each on average.");
        assert_eq!(chart.words.len(), 29, "of a day without a login there is nothing to say");
    }

    #[test]
    fn no_day_and_very_many_are_pictures_too() {
        for days in [vec![], (0..2_000).map(|number| day(number % 28, u32::MAX, 1, 1)).collect()] {
            assert!(png(&trend(&days, Theme::Dark, Language::German).svg).is_ok());
        }
    }
}
