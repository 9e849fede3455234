//! How wide text is going to be, and where it breaks. Whoever looks at a picture may have another font than ours, so there is some room.

/// Advance widths of the characters from space to tilde in Inter Regular, in thousandths of the size.
const REGULAR: [u16; 95] = [
    281, 288, 466, 633, 642, 982, 644, 300, 365, 365, 501, 662, 288, 460, 288, 360, 631, 407, 610, 618, 646, 593, 620,
    566, 619, 620, 288, 302, 662, 662, 662, 511, 966, 690, 654, 730, 722, 601, 590, 746, 743, 269, 571, 672, 565, 903,
    753, 765, 639, 765, 644, 642, 646, 744, 690, 985, 682, 679, 629, 365, 360, 365, 471, 456, 323, 562, 612, 571, 612,
    583, 370, 613, 591, 242, 242, 549, 242, 876, 591, 600, 612, 612, 376, 528, 327, 591, 562, 818, 546, 562, 552, 426,
    333, 426, 662,
];
/// What any other character is taken for: a wide one, as of Chinese, has as much.
const OTHER: u32 = 1000;
/// Room for another font, and for bold, in percent.
const ROOM: u32 = 108;

/// The width of text of a size, both in pixels. A server may send any amount of text.
pub(super) fn width(text: &str, size: u32) -> u32 {
    let thousandths: u64 = text.chars().map(|character| u64::from(advance(character))).sum();
    let pixels = thousandths.saturating_mul(u64::from(size * ROOM)).div_ceil(100_000);
    // More than this is cut in any picture, and may still be added to.
    u32::try_from(pixels).unwrap_or(u32::MAX).min(u32::MAX / 4)
}

fn advance(character: char) -> u32 {
    let place = u32::from(character).checked_sub(32).and_then(|place| usize::try_from(place).ok());
    match character {
        '\u{a0}'..='\u{24f}' | '\u{2010}'..='\u{203a}' => 650,
        _ => place.and_then(|place| REGULAR.get(place)).map_or(OTHER, |width| u32::from(*width)),
    }
}

/// The text on one line of at most that width, cut where it is longer.
pub(super) fn fit(text: &str, size: u32, most: u32) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    for character in text.chars() {
        kept.push(character);
        if width(&kept, size) + width("…", size) > most {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}

/// The text on at most so many lines of that width: broken between words, the last one cut where there is more.
pub(super) fn wrap(text: &str, size: u32, most: u32, lines: usize) -> Vec<String> {
    let mut wrapped: Vec<String> = Vec::new();
    let mut line = String::new();
    // No character is narrower than a pixel: what comes after these is cut anyway, and need not be measured word by word.
    let enough = usize::try_from(most).unwrap_or(usize::MAX).saturating_mul(lines);
    let text: String = text.chars().take(enough).collect();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        // On the last line everything goes on, to be cut.
        if line.is_empty() || wrapped.len() + 1 == lines || width(&longer, size) <= most {
            line = longer;
        } else {
            wrapped.push(std::mem::replace(&mut line, word.to_owned()));
        }
    }
    if !line.is_empty() {
        wrapped.push(line);
    }
    wrapped.iter().map(|line| fit(line, size, most)).collect()
}

#[cfg(test)]
mod tests {
    use super::{fit, width, wrap};

    #[test]
    fn text_that_fits_stays_and_longer_text_is_cut() {
        assert_eq!(fit("state", 12, 100), "state");
        let cut = fit("a very long list of parameter names", 12, 100);
        assert!(cut.ends_with('…') && width(&cut, 12) <= 100, "{cut}");
    }

    #[test]
    fn lines_break_between_words_and_the_last_one_is_cut() {
        assert_eq!(wrap("one two three four five", 10, 50, 2), ["one two", "three fo…"]);
        assert_eq!(wrap("", 10, 50, 2), Vec::<String>::new());
    }

    #[test]
    fn a_word_longer_than_a_line_stands_alone_and_is_cut() {
        let lines = wrap("short averyveryverylongwordindeed end", 10, 60, 3);
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| width(line, 10) <= 60), "{lines:?}");
    }
}
