//! What is seen on the way to the server: its name, a proxy, its certificate.

use gatewright_engine::ports::TlsProblem;

use super::*;

#[test]
fn a_name_that_leads_nowhere_or_too_near_is_a_problem() {
    assert_good(&host_name::judge(&a_page(), None));
    let address =
        looked_at("http://127.0.0.1:7000/oauth/authorize", Err(SendError::ConnectionRefused { host: host() }));
    assert_good(&host_name::judge(&address, None));
    let lost = host_name::judge(&looked(Err(SendError::DnsFailed { host: host() })), None);
    assert_caught(&lost, PreflightStanding::Problem, &PreflightFix::SetBaseUrl);
    let near = SendError::TooNear { host: host(), address: "10.0.0.5".parse().unwrap() };
    let near = host_name::judge(&looked(Err(near)), None);
    assert_caught(&near, PreflightStanding::Problem, &PreflightFix::AllowHost(host()));
}

#[test]
fn a_name_counts_as_found_only_where_its_own_server_was_reached() {
    let judged = |cause: &SendError, proxy| standing(&host_name::judge(&looked(Err(cause.clone())), proxy));
    let through = Some("proxy.corp.net:3128");
    let (good, not_known) = (PreflightStanding::Good, PreflightStanding::Skipped);
    let (host, why) = (host(), "why".to_owned());
    for (cause, straight, by_proxy) in [
        (SendError::TlsRefused { host: host.clone(), problem: TlsProblem::Certificate, why: why.clone() }, good, good),
        (SendError::Interrupted { host: host.clone() }, good, not_known),
        (SendError::NotHttp { host: host.clone(), why: why.clone() }, good, not_known),
        (SendError::ConnectionRefused { host: host.clone() }, good, not_known),
        (SendError::TimedOut { host: host.clone(), after: std::time::Duration::from_secs(8) }, not_known, not_known),
        (SendError::Unreachable { host, why: why.clone() }, not_known, not_known),
        (SendError::Unprepared { why: why.clone() }, not_known, not_known),
        (SendError::Unwritable { why }, not_known, not_known),
    ] {
        assert_eq!((judged(&cause, None), judged(&cause, through)), (straight, by_proxy), "{cause:?}");
    }
    assert_good(&host_name::judge(&a_page(), through));
    let by_the_proxy = host_name::judge(&answer(407, &[], ""), through);
    assert_eq!(standing(&by_the_proxy), not_known, "the proxy has answered itself");
}

#[test]
fn a_proxy_that_lets_nothing_through_is_a_problem() {
    assert_good(&proxy::judge(&a_page(), None));
    assert_good(&proxy::judge(&a_page(), Some("proxy.corp.net:3128")));
    let wants_password = answer(407, &[], "");
    let judged = proxy::judge(&wants_password, Some("proxy.corp.net:3128"));
    assert_caught(&judged, PreflightStanding::Problem, &PreflightFix::OpenSettings);
    let dead = looked(Err(SendError::ConnectionRefused { host: host() }));
    let judged = proxy::judge(&dead, Some("proxy.corp.net:3128"));
    assert_caught(&judged, PreflightStanding::Problem, &PreflightFix::OpenSettings);
}

#[test]
fn the_proxy_is_the_one_that_the_environment_names_without_its_password() {
    let found = |url: &str, variables: &[(&str, &str)]| {
        proxy::proxy_for(&url.parse().unwrap(), |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    };
    let set = [("HTTPS_PROXY", "http://theo:canary@proxy.corp.net:3128")];
    assert_eq!(found("https://chattz.net/a", &set).as_deref(), Some("proxy.corp.net:3128"));
    assert_eq!(
        found("https://chattz.net/a", &[("all_proxy", "proxy.corp.net:1080")]).as_deref(),
        Some("proxy.corp.net:1080")
    );
    assert_eq!(found("http://127.0.0.1:7000/a", &set), None);
    assert_eq!(found("https://id.chattz.net/a", &[set[0], ("no_proxy", "localhost, .chattz.net")]), None);
    assert_eq!(found("https://chattz.net/a", &[]), None);
}

#[test]
fn a_certificate_that_is_refused_is_a_problem() {
    assert_good(&certificate::judge(&a_page()));
    let refused = |problem, why: &str| SendError::TlsRefused { host: host(), problem, why: why.to_owned() };
    let expired = refused(TlsProblem::Validity, "its certificate has expired");
    let judged = certificate::judge(&looked(Err(expired)));
    assert_eq!(standing(&judged), PreflightStanding::Problem);
    assert!(judged.sentence.contains("expired"), "{judged:?}");
    let plain = certificate::judge(&looked(Err(refused(TlsProblem::Handshake, "what it answers is not TLS"))));
    assert_caught(&plain, PreflightStanding::Problem, &PreflightFix::SetBaseUrl);
    assert!(!plain.sentence.contains("certificate"), "{plain:?}");
    let dead = looked(Err(SendError::ConnectionRefused { host: host() }));
    assert_eq!(standing(&certificate::judge(&dead)), PreflightStanding::Skipped);
}
