//! Two redirect URIs letter by letter: what is registered and what is sent. Providers compare them as strings (RFC 9700 §4.1.3), where
//! people see no difference.

use url::Url;

/// A piece of two texts laid side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DifferencePiece {
    /// Where it stands.
    pub side: Side,
    /// The characters.
    pub text: String,
}

/// In which of two texts a piece stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// In both.
    Both,
    /// Only in the registered one.
    Registered,
    /// Only in the one that is sent.
    Sent,
}

/// What a difference comes from, as far as it is a known one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DifferenceKind {
    /// A space or a line break at an end.
    EdgeSpace,
    /// `http` in one, `https` in the other.
    Scheme,
    /// `localhost` in one, `127.0.0.1` or `[::1]` in the other.
    LocalhostName,
    /// Another host.
    Host,
    /// Another port, or a default one written.
    Port,
    /// A slash at the end.
    TrailingSlash,
    /// Capital letters.
    LetterCase,
    /// The same once percent-encoding is undone.
    Encoding,
    /// What follows an `&` is missing: it was not encoded in the authorization request.
    UnencodedAmpersand,
    /// Another query.
    Query,
    /// Another path.
    Path,
}

/// The longest middle that is laid side by side character by character; longer ones differ as a whole.
const LONGEST_MIDDLE: usize = 512;

/// Both texts laid side by side: read without the pieces of one side they are the other text.
pub fn lay_side_by_side(registered: &str, sent: &str) -> Vec<DifferencePiece> {
    let (one, other): (Vec<char>, Vec<char>) = (registered.chars().collect(), sent.chars().collect());
    let start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let most = one.len().min(other.len()) - start;
    let end = one.iter().rev().zip(other.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let mut pieces = Pieces::default();
    pieces.add(Side::Both, &one[..start]);
    middle(&one[start..one.len() - end], &other[start..other.len() - end], &mut pieces);
    pieces.add(Side::Both, &one[one.len() - end..]);
    pieces.0
}

#[derive(Default)]
struct Pieces(Vec<DifferencePiece>);

impl Pieces {
    fn add(&mut self, side: Side, characters: &[char]) {
        if characters.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some(last) if last.side == side => last.text.extend(characters),
            _ => self.0.push(DifferencePiece { side, text: characters.iter().collect() }),
        }
    }
}

/// The longest common subsequence; of two ways the registered piece comes first.
fn middle(one: &[char], other: &[char], pieces: &mut Pieces) {
    if one.len() > LONGEST_MIDDLE || other.len() > LONGEST_MIDDLE {
        pieces.add(Side::Registered, one);
        pieces.add(Side::Sent, other);
        return;
    }
    let width = other.len() + 1;
    let mut longest = vec![0_u16; (one.len() + 1) * width];
    for i in (0..one.len()).rev() {
        for j in (0..other.len()).rev() {
            longest[i * width + j] = if one[i] == other[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < one.len() && j < other.len() {
        if one[i] == other[j] {
            pieces.add(Side::Both, &one[i..=i]);
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            pieces.add(Side::Registered, &one[i..=i]);
            i += 1;
        } else {
            pieces.add(Side::Sent, &other[j..=j]);
            j += 1;
        }
    }
    pieces.add(Side::Registered, &one[i..]);
    pieces.add(Side::Sent, &other[j..]);
}

/// What two different redirect URIs differ in; empty when they are equal.
pub fn kinds_of_difference(registered: &str, sent: &str) -> Vec<DifferenceKind> {
    if registered == sent {
        return Vec::new();
    }
    if registered.trim() == sent.trim() {
        return vec![DifferenceKind::EdgeSpace];
    }
    if is_cut_at_ampersand(registered, sent) {
        return vec![DifferenceKind::UnencodedAmpersand];
    }
    let (Ok(one), Ok(other)) = (Url::parse(registered.trim()), Url::parse(sent.trim())) else {
        return vec![DifferenceKind::Path];
    };
    let mut kinds = Vec::new();
    let mut add = |is_so: bool, kind| kinds.extend(is_so.then_some(kind));
    add(registered.trim() != registered || sent.trim() != sent, DifferenceKind::EdgeSpace);
    add(one.scheme() != other.scheme(), DifferenceKind::Scheme);
    let hosts_differ = one.host_str() != other.host_str();
    let both_here = is_this_computer(&one) && is_this_computer(&other);
    add(hosts_differ && both_here, DifferenceKind::LocalhostName);
    add(hosts_differ && !both_here, DifferenceKind::Host);
    let same_address = one == other;
    let ports_differ = if one.scheme() == other.scheme() {
        one.port_or_known_default() != other.port_or_known_default()
    } else {
        one.port() != other.port()
    };
    add(ports_differ, DifferenceKind::Port);
    let same_but_case = registered.eq_ignore_ascii_case(sent);
    add(same_but_case, DifferenceKind::LetterCase);
    add(same_address && !same_but_case, written_otherwise(registered, sent));
    if !same_address && !same_but_case {
        kinds.extend(path_and_query(&one, &other));
    }
    kinds
}

/// Two spellings of what a browser takes for one address.
fn written_otherwise(registered: &str, sent: &str) -> DifferenceKind {
    if registered.trim_end_matches('/') == sent.trim_end_matches('/') {
        DifferenceKind::TrailingSlash
    } else if registered.eq_ignore_ascii_case(sent) {
        DifferenceKind::LetterCase
    } else {
        DifferenceKind::Port
    }
}

fn path_and_query(one: &Url, other: &Url) -> Option<DifferenceKind> {
    let (a, b) = (one.path(), other.path());
    if a != b {
        return Some(if a.trim_end_matches('/') == b.trim_end_matches('/') {
            DifferenceKind::TrailingSlash
        } else if a.eq_ignore_ascii_case(b) {
            DifferenceKind::LetterCase
        } else if decoded(a) == decoded(b) {
            DifferenceKind::Encoding
        } else {
            DifferenceKind::Path
        });
    }
    let (a, b) = (one.query().unwrap_or_default(), other.query().unwrap_or_default());
    (a != b).then(|| if decoded(a) == decoded(b) { DifferenceKind::Encoding } else { DifferenceKind::Query })
}

/// What is sent is the registered one up to an `&`, which the authorization request did not encode.
fn is_cut_at_ampersand(registered: &str, sent: &str) -> bool {
    registered.strip_prefix(sent).is_some_and(|rest| rest.starts_with('&'))
}

fn is_this_computer(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

fn decoded(text: &str) -> String {
    let text = text.replace('+', "%20").replace('&', "%26").replace('=', "%3D");
    url::form_urlencoded::parse(text.as_bytes()).map(|(name, _)| name.into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(registered: &str, sent: &str) -> String {
        let mark = |piece: &DifferencePiece| match piece.side {
            Side::Both => piece.text.clone(),
            Side::Registered => format!("[-{}]", piece.text),
            Side::Sent => format!("[+{}]", piece.text),
        };
        lay_side_by_side(registered, sent).iter().map(mark).collect()
    }

    #[test]
    fn a_difference_is_shown_where_it_is() {
        assert_eq!(shown("https://a.net/cb", "https://a.net/cb/"), "https://a.net/cb[+/]");
        assert_eq!(shown("http://localhost:80/c", "http://127.0.0.1:80/c"), "http://[-localhost][+127.0.0.1]:80/c");
        assert_eq!(shown("https://a.net/Callback", "https://a.net/callback"), "https://a.net/[-C][+c]allback");
        assert_eq!(shown("https://a.net/cb", "https://a.net/cb "), "https://a.net/cb[+ ]");
        assert_eq!(shown("same", "same"), "same");
        assert_eq!(shown("", "x"), "[+x]");
    }

    #[test]
    fn each_usual_difference_has_its_name() {
        use DifferenceKind::*;
        for (registered, sent, kinds) in [
            ("https://a.net/cb", "https://a.net/cb", vec![]),
            ("https://a.net/cb", "https://a.net/cb\n", vec![EdgeSpace]),
            ("https://a.net/cb", "https://a.net/cb/", vec![TrailingSlash]),
            ("https://a.net", "https://a.net/", vec![TrailingSlash]),
            ("https://a.net/cb", "http://a.net/cb", vec![Scheme]),
            ("http://localhost:8/cb", "http://127.0.0.1:8/cb", vec![LocalhostName]),
            ("https://a.net/cb", "https://b.net/cb", vec![Host]),
            ("http://127.0.0.1:8/cb", "http://127.0.0.1:9/cb", vec![Port]),
            ("https://a.net/cb", "https://a.net:443/cb", vec![Port]),
            ("https://a.net/cb", "https://a.net/CB", vec![LetterCase]),
            ("https://A.net/cb", "https://a.net/cb", vec![LetterCase]),
            ("https://a.net/c%62", "https://a.net/cb", vec![Encoding]),
            ("https://a.net/cb?x=1&y=2", "https://a.net/cb?x=1", vec![UnencodedAmpersand]),
            ("https://a.net/cb?x=1", "https://a.net/cb?x=2", vec![Query]),
            ("https://a.net/cb", "https://a.net/other", vec![Path]),
        ] {
            assert_eq!(kinds_of_difference(registered, sent), kinds, "{registered} {sent}");
        }
    }

    proptest! {
        #[test]
        fn each_side_reads_as_its_own_text(registered in "[a-c/:]{0,12}", sent in "[a-c/:]{0,12}") {
            let pieces = lay_side_by_side(&registered, &sent);
            let without = |side: Side| pieces.iter().filter(|piece| piece.side != side).map(|piece| &*piece.text).collect::<String>();
            prop_assert_eq!(without(Side::Sent), registered);
            prop_assert_eq!(without(Side::Registered), sent);
        }
    }
}
