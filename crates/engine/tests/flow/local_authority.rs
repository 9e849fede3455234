//! The authority of one server on this computer: what it is trusted with, and everything that it is not.

use gatewright_engine::ports::Transport as _;
use gatewright_engine::transport::{HttpTransport, LocalAuthority, NotTrusted};
use gatewright_protocol::http::{HttpRequest, Method};
use rcgen::{SanType, date_time_ymd};
use url::Url;

use crate::tls::{Authority, Certificate, TlsServer, signed_by_nobody};

const BY_NOBODY: &str = "its certificate is signed by nobody this computer trusts";

/// A certificate for both names of this computer, so that neither is refused for its own sake.
fn good(authority: &Authority) -> Certificate {
    authority.sign("127.0.0.1", |about| about.subject_alt_names.push(SanType::DnsName("localhost".try_into().unwrap())))
}

/// Asks for something, or sends nothing in particular.
async fn ask(transport: &HttpTransport, method: Method, host: &str, port: u16) -> Result<u16, String> {
    let url = Url::parse(&format!("https://{host}:{port}/token")).unwrap();
    let request = HttpRequest { method, url, headers: Vec::new(), body: None };
    transport.send(&request).await.map(|response| response.status).map_err(|error| error.to_string())
}

fn bytes_read(server: &TlsServer) -> Vec<usize> {
    server.read.lock().unwrap().clone()
}

/// A transport that takes this authority's word at this server.
fn trusting(authority: &Authority, server: &TlsServer) -> (HttpTransport, LocalAuthority) {
    let local = LocalAuthority::default();
    local.trust(&format!("https://127.0.0.1:{}", server.port), &authority.pem()).unwrap();
    (HttpTransport::default().trusting(local.clone()), local)
}

/// Another port and another name of this computer are other origins, whoever has signed for them.
#[tokio::test]
async fn an_authority_counts_at_its_own_origin_and_at_no_other() {
    let authority = Authority::new();
    let server = TlsServer::start(vec![good(&authority), good(&authority), good(&authority)]).await;
    let beside = TlsServer::start(vec![good(&authority), good(&authority)]).await;
    let (transport, _) = trusting(&authority, &server);
    for method in [Method::Post, Method::Get] {
        assert_eq!(ask(&transport, method, "127.0.0.1", server.port).await, Ok(200));
        let elsewhere = ask(&transport, method, "127.0.0.1", beside.port).await.unwrap_err();
        assert!(elsewhere.contains(BY_NOBODY), "{elsewhere}");
    }
    let by_name = ask(&transport, Method::Post, "localhost", server.port).await.unwrap_err();
    assert!(by_name.contains(BY_NOBODY), "{by_name}");
    assert_eq!(bytes_read(&beside), [0, 0], "nothing was sent beside it");
    assert_eq!(bytes_read(&server).last(), Some(&0), "nor to it by another name");
}

#[tokio::test]
async fn an_authority_that_is_withdrawn_counts_nowhere() {
    let authority = Authority::new();
    let server = TlsServer::start(vec![good(&authority), good(&authority)]).await;
    let (transport, local) = trusting(&authority, &server);
    assert_eq!(ask(&transport, Method::Get, "127.0.0.1", server.port).await, Ok(200));
    local.withdraw();
    let refused = ask(&transport, Method::Get, "127.0.0.1", server.port).await.unwrap_err();
    assert!(refused.contains(BY_NOBODY), "{refused}");
    assert_eq!(bytes_read(&server)[1], 0);
}

/// The other one bears the same name.
#[tokio::test]
async fn a_certificate_of_another_authority_is_refused_at_that_origin_too() {
    let authority = Authority::new();
    let server = TlsServer::start(vec![good(&Authority::new())]).await;
    let (transport, _) = trusting(&authority, &server);
    let refused = ask(&transport, Method::Post, "127.0.0.1", server.port).await.unwrap_err();
    assert!(refused.contains("its certificate was not signed by whom it names"), "{refused}");
    assert_eq!(bytes_read(&server), [0]);
}

/// Who is trusted is verified all the same, and hears what exactly is wrong.
#[tokio::test]
async fn a_certificate_of_a_trusted_authority_is_told_what_is_wrong_with_it() {
    let authority = Authority::new();
    let certificates = vec![
        signed_by_nobody(),
        authority.sign("127.0.0.1", |about| about.not_after = date_time_ymd(2020, 1, 1)),
        authority.sign("id.example", |_| {}),
    ];
    let server = TlsServer::start(certificates).await;
    let (transport, _) = trusting(&authority, &server);
    for words in [BY_NOBODY, "its certificate has expired", "its certificate is for another name"] {
        let refused = ask(&transport, Method::Post, "127.0.0.1", server.port).await.unwrap_err();
        assert!(refused.contains(words), "{refused}");
    }
    assert_eq!(bytes_read(&server), [0, 0, 0]);
}

#[test]
fn only_a_place_on_this_computer_can_have_an_authority_of_its_own() {
    let (local, pem) = (LocalAuthority::default(), Authority::new().pem());
    for elsewhere in ["https://id.example", "https://10.0.0.5:8443", "http://127.0.0.1:8443", "127.0.0.1:8443", ""] {
        assert!(matches!(local.trust(elsewhere, &pem), Err(NotTrusted::NotHere)), "{elsewhere}");
    }
    for unreadable in [String::new(), "no certificate".to_owned(), pem.repeat(2)] {
        let refused = local.trust("https://127.0.0.1:8443", &unreadable);
        assert!(matches!(refused, Err(NotTrusted::NotOneCertificate)), "{unreadable}");
    }
}
