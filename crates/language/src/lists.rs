//! Texts that were put together from others by signs.

use crate::quotes;

/// What stands between the members of a list in English, and what in German.
pub(crate) const SEPARATORS: &[(&str, &str)] =
    &[(" · ", " · "), ("; ", "; "), (", or ", ", oder "), (", ", ", "), (" or ", " oder "), (" and ", " und ")];

/// A list, each member translated. At least one member has to be known, and no other may read like a sentence: a server's words stay whole.
pub(crate) fn listed(text: &str, one: impl Fn(&str) -> Option<String>) -> Option<String> {
    SEPARATORS.iter().filter(|(separator, _)| text.contains(separator)).find_map(|(separator, joined)| {
        let members: Vec<_> = quotes::split(text, separator).into_iter().map(|member| (member, one(member))).collect();
        if members.len() < 2 {
            return None;
        }
        let any = members.iter().any(|(_, known)| known.is_some());
        let all = members.iter().all(|(member, known)| known.is_some() || !member.contains(' '));
        let words = members.into_iter().map(|(member, known)| known.unwrap_or_else(|| member.to_owned()));
        (any && all).then(|| words.collect::<Vec<_>>().join(joined))
    })
}

/// Something with what there is to say about it, after a colon.
pub(crate) fn introduced(
    text: &str,
    one: impl Fn(&str) -> Option<String>,
    whole: impl Fn(&str) -> Option<String>,
) -> Option<String> {
    let sign = ": ";
    quotes::outside(text, sign).find_map(|at| {
        let (before, after) = (&text[..at], &text[at + sign.len()..]);
        Some(format!("{}: {}", one(before)?, whole(after).unwrap_or_else(|| after.to_owned())))
    })
}
