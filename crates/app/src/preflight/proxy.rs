//! Whether a proxy is in between, and lets requests through.

use gatewright_contract::preflight::PreflightFix;
use gatewright_engine::ports::SendError;
use url::Url;

use super::asks::Looked;
use super::item::Item;

/// Proxy Authentication Required (RFC 9110 §15.5.8).
pub(super) const PROXY_WANTS_A_PASSWORD: u16 = 407;

pub(super) fn judge(looked: &Looked, proxy: Option<&str>) -> Item {
    let look = match looked {
        Looked::Answered(look) => look,
        Looked::NotAsked(why) => return Item::skipped(why.clone()),
    };
    let Some(proxy) = proxy else { return Item::good("Requests go straight to the provider.") };
    match &look.answer {
        Ok(answer) if answer.status == PROXY_WANTS_A_PASSWORD => {
            Item::problem(format!("The proxy {proxy} wants a password before it lets anything through."))
                .fix(PreflightFix::OpenSettings)
        }
        Ok(_) => Item::good(format!("Requests go through the proxy {proxy}, and come back.")),
        Err(
            SendError::ConnectionRefused { .. } | SendError::Unreachable { .. } | SendError::TimedOut { .. },
        ) => Item::problem(format!(
            "Nothing came back through the proxy {proxy}, which this computer's environment names. Is it up, and may it be used for this host?"
        ))
        .fix(PreflightFix::OpenSettings),
        Err(_) => Item::warning(format!("The proxy {proxy} is in between.")),
    }
}

/// The proxy that requests to `url` take by these variables of the environment, as host and port: what curl and most programs go by.
/// None for addresses on this computer.
pub(super) fn proxy_for(url: &Url, variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let find =
        |name: &str| variable(&name.to_ascii_lowercase()).or_else(|| variable(name)).filter(|text| !text.is_empty());
    let host = url.host_str()?;
    if url.scheme() != "https" || find("NO_PROXY").is_some_and(|list| is_excepted(host, &list)) {
        return None;
    }
    let text = find("HTTPS_PROXY").or_else(|| find("ALL_PROXY"))?;
    let proxy = if text.contains("://") { Url::parse(&text) } else { Url::parse(&format!("http://{text}")) }.ok()?;
    // Never with the user name and password that may stand in it.
    let host = proxy.host_str()?;
    Some(proxy.port_or_known_default().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

fn is_excepted(host: &str, list: &str) -> bool {
    list.split(',')
        .map(|entry| entry.trim().trim_start_matches('.'))
        .any(|entry| entry == "*" || (!entry.is_empty() && (host == entry || host.ends_with(&format!(".{entry}")))))
}
