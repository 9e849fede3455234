//! What must hold for every program, whatever people have typed.

use gatewright_model::dialect::ClientAuthentication;
use gatewright_model::{Client, ClientRecordId, Environment, Ownership, ProtocolSettings, Provider, ProviderId};
use gatewright_protocol::ClientId;
use jiff::Timestamp;
use proptest::prelude::*;

use crate::{Language, Recipe, write};

pub(crate) fn provider(id: &str) -> Provider {
    Provider::find_built_in(&ProviderId::new(id)).unwrap()
}

pub(crate) fn client_of(provider: &Provider, client_id: &str) -> Client {
    let number = client_id.parse().map(ClientId::Integer);
    Client {
        id: ClientRecordId::new("c1"),
        provider: provider.id.clone(),
        environment: Environment::Sandbox,
        name: "Forum login".to_owned(),
        client_id: number.unwrap_or_else(|_| ClientId::Text(client_id.to_owned())),
        redirect_uris: vec!["https://app.example/cb".to_owned()],
        ownership: Ownership::Owned,
        owner: String::new(),
        tag: String::new(),
        notes: String::new(),
        protocol_settings: ProtocolSettings::default(),
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
        deleted_at: None,
    }
}

fn all_of(provider: &Provider, client: &Client, redirect_uri: &str) -> Vec<(Language, String)> {
    let bases = provider.bases(Environment::Sandbox, Some("http://127.0.0.1:9"));
    let recipe = Recipe::of(client, provider, &bases, redirect_uri, None).unwrap();
    Language::ALL.map(|language| (language, write(&recipe, language).text)).to_vec()
}

#[test]
fn a_number_stays_a_number_in_every_language() {
    let chattr = provider("chattr");
    for (language, text) in all_of(&chattr, &client_of(&chattr, "7"), "https://app.example/cb") {
        let bare = ["\"client_id\": 7", "CLIENT_ID = 7", "clientID    = 7", "CLIENT_ID: i64 = 7"];
        assert!(bare.iter().any(|line| text.contains(line)), "{language:?}:\n{text}");
        assert!(!text.contains("\"7\"\n") && !text.contains("= \"7\""), "{language:?}:\n{text}");
    }
}

#[test]
fn what_is_particular_is_said_with_its_place() {
    let chattr = provider("chattr");
    for (language, text) in all_of(&chattr, &client_of(&chattr, "7"), "https://app.example/cb") {
        let words = text.split_whitespace().filter(|word| !["//", "#"].contains(word)).collect::<Vec<_>>().join(" ");
        assert!(words.contains("There is no grant_type"), "{language:?}");
        assert!(words.contains("(Document: Step 2, all five samples.)"), "{language:?}:\n{words}");
    }
    let contentdb = provider("contentdb");
    for (language, text) in all_of(&contentdb, &client_of(&contentdb, "abc"), "https://app.example/cb") {
        assert!(text.contains("Who cancels comes back without any parameter"), "{language:?}");
    }
}

#[test]
fn every_program_reads_its_secret_from_the_environment() {
    for id in ["chattr", "chattz", "chaster", "gitter", "contentdb"] {
        let provider = provider(id);
        for (language, text) in all_of(&provider, &client_of(&provider, "7"), "https://app.example/cb") {
            assert!(text.contains("CLIENT_SECRET"), "{id} {language:?}");
        }
    }
}

#[test]
fn no_name_is_an_instruction_to_what_reads_the_program() {
    let mut contentdb = provider("contentdb");
    let mut client = client_of(&contentdb, "abc");
    for name in
        ["Shop coding:unicode_escape", "#!/bin/rm", "//go:build ignore", "// +build ignore", "//line a.go:1", "?>"]
    {
        for width in [1, 96] {
            contentdb.name = format!("{} {name}", "a".repeat(width));
            client.name = format!("{} {name}", "b".repeat(width));
            for (language, text) in all_of(&contentdb, &client, "https://app.example/cb") {
                let first = text.lines().next().unwrap();
                match language {
                    Language::Curl => assert_eq!(first, "#!/usr/bin/env bash"),
                    Language::Python => assert_eq!(first, "# -*- coding: utf-8 -*-"),
                    Language::Php => assert!(first == "<?php" && !text.contains("?>")),
                    Language::Rust => assert!(first.starts_with("// ")),
                    // A directive stands right behind the slashes, `+build` also behind a space.
                    Language::Node | Language::Go => {
                        for comment in text.lines().filter_map(|line| line.trim_start().strip_prefix("//")) {
                            assert!(comment.starts_with(' '), "{language:?}: {comment}");
                            assert!(!comment.trim_start().starts_with("+build"), "{language:?}: {comment}");
                        }
                    }
                }
            }
        }
    }
}

/// Whether a text has lines of its own making: every line of a program comes from us.
fn lines_without(text: &str, hostile: &str) -> bool {
    text.split(['\n', '\r', '\u{2028}', '\u{2029}', '\u{85}']).all(|line| !line.trim_start().starts_with(hostile))
}

proptest! {
    #[test]
    fn what_a_person_typed_begins_no_line(name in "\\PC{0,20}", end in "[\"'\\\\`$\r\n\u{2028}\u{85}?>*/#]{0,6}") {
        let marker = "INJECTED";
        let hostile = format!("{name}{end}\n{marker}\r{marker}\u{2028}{marker}");
        let mut contentdb = provider("contentdb");
        contentdb.name.clone_from(&hostile);
        contentdb.document.clone_from(&hostile);
        contentdb.dialect.authorization.cancel.place = Some(hostile.clone());
        contentdb.dialect.identity.subject.value = format!("/{hostile}");
        let mut client = client_of(&contentdb, "abc");
        client.name.clone_from(&hostile);
        client.protocol_settings.login_hint = Some(hostile.clone());
        for (language, text) in all_of(&contentdb, &client, &format!("https://app.example/cb?a={hostile}")) {
            prop_assert!(lines_without(&text, marker), "{language:?}:\n{text}");
            let comments = text.lines().map(str::trim_start).filter(|line| line.starts_with("//"));
            prop_assert!(language != Language::Php || !comments.into_iter().any(|line| line.contains("?>")), "{text}");
        }
    }

    #[test]
    fn what_a_key_is_called_begins_no_line(name in "\\PC{0,20}", end in "[\"'\\\\`$\r\n\u{2028}\u{85}?>*/#]{0,6}") {
        let marker = "INJECTED";
        let chaster = provider("chaster");
        let mut client = client_of(&chaster, "abc");
        client.protocol_settings.client_authentication = Some(ClientAuthentication::PrivateKeyJwt);
        client.protocol_settings.assertion_key_id = Some(format!("{name}{end}\n{marker}\r{marker}\u{2028}{marker}"));
        for (language, text) in all_of(&chaster, &client, "https://app.example/cb") {
            prop_assert!(lines_without(&text, marker), "{language:?}:\n{text}");
        }
    }
}
