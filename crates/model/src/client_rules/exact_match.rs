//! Warnings about readable redirect URIs: providers compare them as strings, browsers and people do not.

use gatewright_protocol::redirect_uri::RedirectUri;

use super::{DraftField, Finding, FindingCode};

/// A redirect URI cut at its seams, as typed.
struct Parts<'a> {
    scheme: &'a str,
    /// Host and port; empty for an own scheme without `//`.
    authority: &'a str,
    path: &'a str,
    /// From the question mark on; may be empty.
    query: &'a str,
}

/// What may go wrong with a redirect URI that can be read.
pub(super) fn check(field: DraftField, text: &str) -> Vec<Finding> {
    let Ok(uri) = RedirectUri::parse(text) else { return Vec::new() };
    let Some(parts) = cut(text) else { return Vec::new() };
    let mut findings = Vec::new();
    if uri.has_private_scheme() {
        findings.extend(scheme_without_domain(field, &uri));
    } else {
        findings.extend(missing_slash(field, &parts));
        findings.extend(upper_case_host(field, &parts));
        findings.extend(localhost(field, &parts));
        findings.extend(default_port(field, &parts));
        findings.extend(privileged_port(field, &uri, &parts));
    }
    findings.extend(upper_case_path(field, &parts));
    findings.extend(is_callback(field, &parts));
    findings.extend(ampersand(field, &parts));
    findings.extend(non_ascii(field, text, &uri));
    findings.extend(dot_segments(field, &parts));
    findings.extend(wildcard(field, &parts));
    findings
}

fn cut(text: &str) -> Option<Parts<'_>> {
    let (scheme, rest) = text.split_once(':')?;
    let (before, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
    let (authority, path) = match before.strip_prefix("//") {
        Some(after) => after.split_at(after.find('/').unwrap_or(after.len())),
        None => ("", before),
    };
    Some(Parts { scheme, authority, path, query })
}

impl Parts<'_> {
    /// The same address with other parts.
    fn with(&self, authority: &str, path: &str) -> String {
        format!("{}://{authority}{path}{}", self.scheme, self.query)
    }

    /// Host and, after the last colon, port.
    fn host_and_port(&self) -> (&str, Option<&str>) {
        let end_of_host = self.authority.find(']').map_or(0, |bracket| bracket + 1);
        match self.authority[end_of_host..].rfind(':') {
            Some(colon) => (&self.authority[..end_of_host + colon], Some(&self.authority[end_of_host + colon + 1..])),
            None => (self.authority, None),
        }
    }
}

fn missing_slash(field: DraftField, parts: &Parts<'_>) -> Option<Finding> {
    parts.path.is_empty().then(|| {
        Finding::warning(field, FindingCode::MissingSlash, "There is no slash after the host.")
            .hint("Browsers add one on the way back. Providers that compare strings then see another address: register it with the slash.")
            .fix(parts.with(parts.authority, "/"))
    })
}

fn upper_case_host(field: DraftField, parts: &Parts<'_>) -> Option<Finding> {
    let has_upper = |text: &str| text.bytes().any(|byte| byte.is_ascii_uppercase());
    (has_upper(parts.authority) || has_upper(parts.scheme)).then(|| {
        let lower = format!(
            "{}://{}{}{}",
            parts.scheme.to_ascii_lowercase(),
            parts.authority.to_ascii_lowercase(),
            parts.path,
            parts.query
        );
        Finding::warning(field, FindingCode::UpperCaseHost, "The scheme or host holds capital letters.")
            .hint("Browsers write them small. Providers that compare strings then see another address.")
            .fix(lower)
    })
}

/// No fix: only the person knows how the app spells its path.
fn upper_case_path(field: DraftField, parts: &Parts<'_>) -> Option<Finding> {
    let mut letters = parts.path.bytes();
    let mut has_upper = false;
    while let Some(byte) = letters.next() {
        match byte {
            // The two hexadecimal digits of an encoded byte are no letters of the path.
            b'%' => _ = letters.nth(1),
            _ => has_upper |= byte.is_ascii_uppercase(),
        }
    }
    has_upper.then(|| {
        Finding::warning(field, FindingCode::UpperCasePath, "The path holds capital letters.")
            .hint("In a path they count. Check that your app spells it the same way everywhere.")
    })
}

fn localhost(field: DraftField, parts: &Parts<'_>) -> Option<Finding> {
    let (host, port) = parts.host_and_port();
    host.eq_ignore_ascii_case("localhost").then(|| {
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        Finding::warning(field, FindingCode::LocalhostName, "The host is the name localhost.")
            .hint("The name can mean ::1 or 127.0.0.1, and somebody else may listen on the other one. Better write 127.0.0.1 (RFC 8252 §8.3).")
            .fix(parts.with(&format!("127.0.0.1{port}"), parts.path))
    })
}

fn default_port(field: DraftField, parts: &Parts<'_>) -> Option<Finding> {
    let (host, port) = parts.host_and_port();
    let default = if parts.scheme.eq_ignore_ascii_case("https") { "443" } else { "80" };
    let is_written = port.is_some_and(|port| port.is_empty() || port.trim_start_matches('0') == default);
    is_written.then(|| {
        Finding::warning(
            field,
            FindingCode::DefaultPort,
            format!("The port after the host is the default one, {default}, or empty."),
        )
        .hint("Browsers leave it out. Providers that compare strings then see another address.")
        .fix(parts.with(host, parts.path))
    })
}

fn privileged_port(field: DraftField, uri: &RedirectUri, parts: &Parts<'_>) -> Option<Finding> {
    let port = uri.loopback_port().filter(|port| *port < 1024)?;
    let (host, _) = parts.host_and_port();
    let message = format!("Port {port} of this machine is reserved for the system.");
    Some(
        Finding::warning(field, FindingCode::PrivilegedPort, message)
            .hint("A login in your own browser needs a listener there, and most systems do not allow one. Choose a port from 1024 on.")
            .fix(parts.with(&format!("{host}:8400"), parts.path)),
    )
}

/// A whole callback pasted from a browser's address bar. It is not quoted: the code in it may still be good.
fn is_callback(field: DraftField, parts: &Parts<'_>) -> Option<Finding> {
    let pairs = url::form_urlencoded::parse(parts.query.trim_start_matches('?').as_bytes());
    let is_response = pairs.into_iter().any(|(name, _)| matches!(&*name, "code" | "state" | "error" | "access_token"));
    is_response.then(|| {
        Finding::warning(
            field,
            FindingCode::RedirectUriIsCallback,
            "This is a callback with the answer of a login in it.",
        )
        .hint("Register the address without the answer.")
        .fix(format!(
            "{}:{}{}{}",
            parts.scheme,
            if parts.authority.is_empty() { "" } else { "//" },
            parts.authority,
            parts.path
        ))
    })
}

fn ampersand(field: DraftField, parts: &Parts<'_>) -> Option<Finding> {
    if let Some((before, after)) = parts.path.split_once('&') {
        let finding = Finding::warning(
            field,
            FindingCode::UnencodedAmpersand,
            "The path holds an &, which belongs into a query.",
        );
        // Cut out of an authorization URL whose redirect_uri was not encoded: the rest are the request's own parameters.
        let is_request =
            ["state=", "scope=", "client_id=", "response_type="].iter().any(|name| after.starts_with(name));
        let path = if is_request { before.to_owned() } else { parts.path.replace('&', "%26") };
        return Some(
            finding
                .hint("Cut it off if it came from an authorization URL; write %26 if it belongs to the path.")
                .fix(parts.with(parts.authority, &path)),
        );
    }
    parts.query.contains('&').then(|| {
        Finding::warning(field, FindingCode::UnencodedAmpersand, "The query holds an &.")
            .hint("Gatewright encodes it in the authorization request. An app that does not loses everything after it: check yours.")
    })
}

fn non_ascii(field: DraftField, text: &str, uri: &RedirectUri) -> Option<Finding> {
    (!text.is_ascii()).then(|| {
        Finding::warning(field, FindingCode::NonAscii, "There are letters outside ASCII in it.")
            .hint("Browsers send them encoded. Register the encoded form, or providers that compare strings see another address.")
            .fix(uri.url().as_str())
    })
}

fn dot_segments(field: DraftField, parts: &Parts<'_>) -> Option<Finding> {
    parts.path.split('/').any(|segment| segment == "." || segment == "..").then(|| {
        Finding::warning(field, FindingCode::DotSegments, "The path goes up or stays with . or .. in it.")
            .hint("Browsers resolve it before they come back. Register the address they arrive at.")
    })
}

fn wildcard(field: DraftField, parts: &Parts<'_>) -> Option<Finding> {
    (parts.authority.contains('*') || parts.path.contains('*')).then(|| {
        Finding::warning(field, FindingCode::Wildcard, "There is a * in it.")
            .hint("Redirect URIs are compared exactly (RFC 9700 §4.1.3); where a provider takes it as a wildcard, codes can be sent astray.")
    })
}

fn scheme_without_domain(field: DraftField, uri: &RedirectUri) -> Option<Finding> {
    (!uri.has_owned_scheme()).then(|| {
        let message = format!("The scheme {} is not a domain name in reverse order.", uri.url().scheme());
        Finding::warning(field, FindingCode::SchemeWithoutDomain, message)
            .hint("Any other app may claim a short scheme and receive the code. Use one like com.example.app (RFC 8252 §7.1).")
    })
}
