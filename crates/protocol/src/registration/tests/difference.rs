use super::*;

fn found(here: &Value, there: &Value) -> Vec<(String, Option<String>, Option<String>)> {
    diff(&metadata(here), &metadata(there)).into_iter().map(|found| (found.member, found.here, found.there)).collect()
}

#[test]
fn a_difference_names_the_member_and_both_sides() {
    assert_eq!(
        found(
            &json!({"client_name": "Shop", "tos_uri": "https://t"}),
            &json!({"client_name": "Old shop", "redirect_uris": ["https://b", "https://a"]})
        ),
        [
            ("client_name".into(), Some("Shop".into()), Some("Old shop".into())),
            ("tos_uri".into(), Some("https://t".into()), None),
            ("redirect_uris".into(), None, Some("https://b\nhttps://a".into())),
        ]
    );
}

#[test]
fn order_defaults_and_null_are_no_differences() {
    for (here, there) in [
        (json!({"redirect_uris": ["a", "b"]}), json!({"redirect_uris": ["b", "a"]})),
        (json!({"scope": "openid email"}), json!({"scope": "email  openid"})),
        (json!({}), json!({"grant_types": ["authorization_code"], "response_types": ["code"], "contacts": []})),
        (json!({"token_endpoint_auth_method": "client_secret_basic"}), json!({})),
        (json!({"x": null}), json!({})),
    ] {
        assert_eq!(found(&here, &there), [], "{here} {there}");
    }
    assert_eq!(found(&json!({}), &json!({"token_endpoint_auth_method": "none"})).len(), 1);
}

#[test]
fn a_servers_words_are_shown_inert() {
    let found = found(&json!({}), &json!({"client_name": "a\u{202e}b", "y\u{1b}": {"z": "\u{1b}"}}));
    assert_eq!(found[0].2.as_deref(), Some("a\\u{202e}b"));
    assert!(found.iter().all(|(name, _, there)| !format!("{name}{there:?}").contains('\u{1b}')));
}

fn any_metadata() -> impl Strategy<Value = ClientMetadata> {
    let value = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        "[ab]{0,3}".prop_map(Value::from),
        prop::collection::vec("[ab]{0,2}", 0..3).prop_map(Value::from),
    ];
    let name = prop::sample::select(vec!["x", "y", "x_scope", "z"]);
    prop::collection::vec((name, value), 0..5).prop_map(|members| {
        members.into_iter().fold(ClientMetadata::default(), |all, (name, value)| all.with(name, value))
    })
}

proptest! {
    #[test]
    fn nothing_differs_from_itself(one in any_metadata()) {
        prop_assert_eq!(diff(&one, &one), []);
    }

    #[test]
    fn a_difference_is_one_from_either_side(one in any_metadata(), other in any_metadata()) {
        let (mut there, mut here) = (diff(&one, &other), diff(&other, &one));
        for found in &mut here {
            std::mem::swap(&mut found.here, &mut found.there);
        }
        here.sort_by(|one, other| one.member.cmp(&other.member));
        there.sort_by(|one, other| one.member.cmp(&other.member));
        prop_assert_eq!(there, here);
    }

    #[test]
    fn after_an_update_with_our_wishes_none_of_them_differs(there in any_metadata(), wanted in any_metadata()) {
        let sent = there.overlaid_with(&wanted);
        let left = diff(&wanted, &sent);
        prop_assert!(left.iter().all(|found| found.here.is_none()), "{:?}", left);
    }
}
