//! "Which secret is this?"

use std::time::Duration;

use gatewright_contract::app::Nothing;
use gatewright_contract::client::ClientRef;
use gatewright_contract::secret::{SecretPaste, SecretRef};
use gatewright_contract::secret_search::{SecretSearch, SecretSearchStanding, SecretSearchStart, SecretSought};
use gatewright_contract::{FailureCode, Handler};
use gatewright_testkit::Canary;
use tempfile::TempDir;

use crate::stage::{PATIENCE, Stage};

const CALLBACK: &str = "https://app.example.org/callback";

fn sought(text: impl Into<String>) -> SecretSought {
    SecretSought { text: text.into() }
}

/// A client with two versions of its secret, and their values.
async fn client_with_history(stage: &Stage) -> (String, [Canary; 2]) {
    let client = stage.register("chattz", CALLBACK).await.row.id;
    let first = stage.app.secret_reveal(SecretRef { client: client.clone(), confirmed: true }).await.unwrap().value;
    let second = Canary::of("a-second-secret-of-the-client-77aa");
    let paste = SecretPaste { client: client.clone(), secret: second.as_str().to_owned() };
    stage.app.secret_paste(paste).await.unwrap();
    (client, [Canary::of(&first), second])
}

#[tokio::test]
async fn a_pasted_value_is_named_by_client_version_and_standing() {
    let stage = Stage::new().await;
    let (client, [first, second]) = client_with_history(&stage).await;
    for (text, version, state) in
        [(first.as_str().to_owned(), 1, "retired"), (format!("CLIENT_SECRET=\"{}\"\n", second.as_str()), 2, "active")]
    {
        let told = stage.app.secret_recognise(sought(text)).await.unwrap();
        let [secret] = &told.secrets[..] else { panic!("one secret is told: {told:?}") };
        assert_eq!((secret.client.as_str(), secret.version, secret.state.as_str()), (&*client, version, state));
        assert_eq!((secret.provider_name.as_str(), told.compared_with), ("Chattz", 2));
    }
    assert!(stage.app.secret_recognise(sought("nobody's-secret-0000")).await.unwrap().secrets.is_empty());
}

#[tokio::test]
async fn a_secret_of_a_client_that_was_just_deleted_is_still_known() {
    let stage = Stage::new().await;
    let (client, [_, second]) = client_with_history(&stage).await;
    stage.app.client_delete(ClientRef { client }).await.unwrap();
    let told = stage.app.secret_recognise(sought(second.as_str())).await.unwrap();
    assert!(told.secrets[0].deleted);
}

#[tokio::test]
async fn nothing_to_compare_is_refused_with_a_sentence() {
    let stage = Stage::new().await;
    let refused = stage.app.secret_recognise(sought(" \n")).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (FailureCode::Invalid, Some("text")));
    for paths in [vec![], vec!["notes.txt".to_owned()], vec!["/there/is/no/such/file".to_owned()]] {
        let refused = stage.app.secret_search_start(SecretSearchStart { paths }).await.unwrap_err();
        assert_eq!(refused.field.as_deref(), Some("paths"));
    }
}

#[tokio::test]
async fn a_folder_is_searched_in_the_background_and_each_place_told_with_its_line() {
    let stage = Stage::new().await;
    let (_, [first, second]) = client_with_history(&stage).await;
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(".env", format!("ID=1\nSECRET={}\n", second.as_str()));
    write("old/config.yaml", format!("oauth:\n  id: 1\n  secret: '{}'\n", first.as_str()));
    write("image.bin", "\u{0}\u{1}".to_owned());
    let paths = vec![folder.path().display().to_string()];
    stage.app.secret_search_start(SecretSearchStart { paths }).await.unwrap();
    let ended = end_of_search(&stage).await;
    assert_eq!(ended.standing, SecretSearchStanding::Done);
    let told: Vec<_> = ended.matches.iter().map(|found| (found.line, found.secret.version)).collect();
    assert_eq!(told, [(2, 2), (3, 1)]);
    assert_eq!((ended.files, ended.left_out.len()), (2, 1));
    assert!(ended.left_out[0].sentence.contains("1 file is not text"));
    for canary in [&first, &second] {
        let told = serde_json::to_vec(&ended).unwrap();
        assert!(canary.traces_in(&told).is_empty(), "the answer says where, and not what");
        assert!(canary.traces_in(stage.desktop.told.lock().unwrap().as_bytes()).is_empty());
    }
}

async fn end_of_search(stage: &Stage) -> SecretSearch {
    let ended = async {
        loop {
            let search = stage.app.secret_search_show(Nothing {}).await.unwrap();
            if search.standing != SecretSearchStanding::Running {
                return search;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, ended).await.expect("the search ends")
}
