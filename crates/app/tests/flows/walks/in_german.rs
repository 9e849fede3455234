//! A walk in a window that speaks German.

use gatewright_contract::Handler;
use gatewright_contract::app::Nothing;
use gatewright_contract::settings::{LanguageChoice, Settings};
use gatewright_contract::walk::WalkVerdict;

use super::troupe::Troupe;

#[tokio::test]
async fn a_walks_verdicts_are_german_to_the_last_word() {
    let troupe = Troupe::at("contentdb").await;
    let walk = troupe.begin(Some(&["approve", "cancel", "tampered_state"])).await;
    for scenario in ["approve", "cancel", "tampered_state"] {
        troupe.carry_out(&walk, scenario).await;
    }
    let english = troupe.shown(&walk).await;
    let app = &troupe.stage.app;
    let settings = app.settings_show(Nothing {}).await.unwrap();
    app.settings_change(Settings { language: LanguageChoice::German, ..settings }).await.unwrap();
    let german = troupe.shown(&walk).await;
    assert!(german.row.waiting.starts_with("Jedes Szenario"), "{}", german.row.waiting);
    for (english, german) in english.scenarios.iter().zip(&german.scenarios) {
        let Some((english, german)) = english.machine.as_ref().zip(german.machine.as_ref()) else { continue };
        let is_left_out = english.verdict == WalkVerdict::Skipped;
        assert_eq!(english.sentence == german.sentence, is_left_out, "{}", german.sentence);
        for (english, german) in english.comparisons.iter().zip(&german.comparisons) {
            assert_ne!(english.about, german.about);
            let is_name = |text: &str| !text.contains(' ');
            assert!(is_name(&english.expected) || english.expected != german.expected, "{}", german.expected);
            assert!(is_name(&english.received) || english.received != german.received, "{}", german.received);
        }
    }
}
