//! Tests of what the build makes of the command table: which pages can call what (threat W-01).

use serde_json::{Value, json};

use crate::start::context;
use crate::windows::MAIN;

/// The one capability there is, as `build.rs` wrote it.
const CAPABILITY: &str = include_str!(concat!(env!("OUT_DIR"), "/capabilities/main.json"));

/// Every dependency with its version.
const LOCK: &str = include_str!("../../Cargo.lock");

/// The first Tauri that asks for permissions also where a page from the network calls a command of the application itself.
const FIRST_STRICT_TAURI: [u32; 3] = [2, 11, 1];

#[test]
fn the_capability_names_the_main_window_only_and_no_page_from_the_network() {
    let capability: Value = serde_json::from_str(CAPABILITY).unwrap();
    assert_eq!(capability["windows"], json!([MAIN]));
    assert_eq!(capability["local"], true);
    for wide in ["remote", "webviews"] {
        assert!(capability.get(wide).is_none(), "{wide}");
    }
}

#[test]
fn there_is_no_other_capability_than_that() {
    let context = context::<tauri::test::MockRuntime>();
    let named = serde_json::to_value(&context.config().app.security.capabilities).unwrap();
    assert_eq!(named, json!(["main"]));
}

#[test]
fn tauri_is_new_enough_to_ask_for_permissions() {
    let (_, entry) = LOCK.split_once("\nname = \"tauri\"\nversion = \"").unwrap();
    let (version, _) = entry.split_once('"').unwrap();
    let numbers: Vec<u32> = version.split('.').map(|number| number.parse().unwrap()).collect();
    assert!(numbers >= FIRST_STRICT_TAURI.to_vec(), "{version}");
}
