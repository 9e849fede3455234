//! TK: the right members in a wrong wrapping.

use std::io::Read as _;

use gatewright_sandbox::Twin;
use serde_json::Value;

use super::stage::Stage;

#[tokio::test]
async fn tk_05_and_06_the_answer_is_form_encoded_and_says_so_or_not() {
    for twin in [Twin::Chattz, Twin::ContentDb, Twin::Chattr] {
        let stage = Stage::at(twin).await;
        for (fault, label) in [("TK-05", "application/x-www-form-urlencoded"), ("TK-06", "application/json")] {
            let response = stage.faulty_token(fault, "").await;
            assert_eq!(response.headers()["content-type"], label);
            let text = response.text().await.unwrap();
            assert!(text.contains('=') && !text.contains('{'), "{text}");
        }
    }
}

#[tokio::test]
async fn tk_07_the_json_calls_itself_something_else() {
    let stage = Stage::at(Twin::Chattz).await;
    for (variant, label) in [
        ("text_html", Some("text/html; charset=utf-8")),
        ("text_plain", Some("text/plain")),
        ("no_type", None),
        ("utf_16", Some("application/json; charset=utf-16")),
    ] {
        let response = stage.faulty_token("TK-07", variant).await;
        assert_eq!(response.headers().get("content-type").map(|value| value.to_str().unwrap()), label);
        assert!(response.json::<Value>().await.unwrap()["access_token"].is_string(), "{variant}");
    }
}

#[tokio::test]
async fn tk_08_and_09_the_json_breaks_off_or_is_not_plain_utf_8() {
    let stage = Stage::at(Twin::Gitter).await;
    let broken = stage.faulty_token("TK-08", "").await.bytes().await.unwrap();
    assert!(broken.starts_with(b"{\"access_token\":\"") && !broken.ends_with(b"}"));
    let bom = stage.faulty_token("TK-09", "bom").await.bytes().await.unwrap();
    assert!(serde_json::from_slice::<Value>(bom.strip_prefix(b"\xef\xbb\xbf").unwrap()).is_ok());
    let wide = stage.faulty_token("TK-09", "utf_16").await.bytes().await.unwrap();
    assert!(wide.starts_with(b"\xfe\xff\0{\0\""));
    let invalid = stage.faulty_token("TK-09", "invalid_utf_8").await.bytes().await.unwrap();
    assert!(std::str::from_utf8(&invalid).is_err() && invalid.ends_with(b"\"}"));
}

#[tokio::test]
async fn tk_11_the_body_is_far_too_large_and_comes_in_pieces() {
    let stage = Stage::at(Twin::Chattz).await;
    for variant in ["100_mib", "endless"] {
        let mut response = stage.faulty_token("TK-11", variant).await;
        assert_eq!(response.headers().get("content-length"), None);
        let mut read = 0;
        while read < 4 << 20 {
            read += response.chunk().await.unwrap().expect("more than 4 MiB").len();
        }
    }
    let mut whole = stage.faulty_token("TK-11", "100_mib").await;
    let mut read = 0;
    while let Some(chunk) = whole.chunk().await.unwrap() {
        read += chunk.len();
    }
    assert!((100 << 20..101 << 20).contains(&read), "{read}");
}

#[tokio::test]
async fn tk_12_the_body_unpacks_to_something_far_too_large() {
    let stage = Stage::at(Twin::Chattz).await;
    let packed = async |variant| {
        let response = stage.faulty_token("TK-12", variant).await;
        assert_eq!(response.headers()["content-encoding"], variant);
        response.bytes().await.unwrap()
    };
    let gzip = packed("gzip").await;
    assert!(gzip.len() < 3 << 20, "{} bytes on the wire", gzip.len());
    let mut unpacked = flate2::read::MultiGzDecoder::new(&*gzip).take(64 << 20);
    let mut size = 0;
    let mut piece = vec![0; 1 << 20];
    while let length @ 1.. = unpacked.read(&mut piece).unwrap() {
        assert!(piece[..length].iter().all(|byte| *byte == b' '));
        size += length;
    }
    assert_eq!(size, 64 << 20, "and there is more behind it");
    // No decoder of these two is at hand here: the sizes and first bytes of RFC 7932 and RFC 8878.
    assert_eq!(packed("br").await.len(), 106);
    let zstd = packed("zstd").await;
    assert!(zstd.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) && zstd.len() < 33 << 10);
}

#[tokio::test]
async fn tk_13_and_14_the_json_is_nested_deep_or_no_object() {
    let stage = Stage::at(Twin::ContentDb).await;
    let deep = stage.faulty_token("TK-13", "").await.text().await.unwrap();
    assert_eq!(deep.matches('[').count(), 100_000);
    assert_eq!(deep.matches(']').count(), 100_000);
    for (variant, first) in [("array", '['), ("string", '"'), ("null", 'n'), ("number", '4')] {
        let text = stage.faulty_token("TK-14", variant).await.text().await.unwrap();
        assert!(text.starts_with(first) && serde_json::from_str::<Value>(&text).is_ok(), "{text}");
    }
    assert_eq!(stage.faulty_token("TK-14", "nothing").await.text().await.unwrap(), "");
}

#[tokio::test]
async fn tk_39_the_body_is_packed_unasked_or_says_so_wrongly() {
    let stage = Stage::at(Twin::Chattz).await;
    let answer = async |variant| {
        let response = stage.faulty_token("TK-39", variant).await;
        let encoding = response.headers()["content-encoding"].to_str().unwrap().to_owned();
        (encoding, response.bytes().await.unwrap())
    };
    let (encoding, packed) = answer("unrequested").await;
    let mut text = String::new();
    flate2::read::GzDecoder::new(&*packed).read_to_string(&mut text).unwrap();
    assert!(encoding == "gzip" && text.contains("access_token"));
    for (variant, label) in [("not_packed", "gzip"), ("unknown", "sandbox")] {
        let (encoding, plain) = answer(variant).await;
        assert!(encoding == label && plain.starts_with(b"{\"access_token\""), "{variant}");
    }
}
