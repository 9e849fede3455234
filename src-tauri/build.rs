//! Writes the one capability there is from the contract's command table, and builds Tauri's access control from both.

use std::path::PathBuf;

use anyhow::Context as _;
use gatewright_contract::COMMAND_NAMES;
use serde_json::json;

/// What the main window may do beside the commands of the table: hear events. It never sends any.
const BESIDE_COMMANDS: [&str; 2] = ["core:event:allow-listen", "core:event:allow-unlisten"];

fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").context("cargo sets OUT_DIR")?).join("capabilities");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("main.json"), serde_json::to_string_pretty(&main_capability())?)?;

    let pattern = folder.join("*.json").into_os_string().into_string();
    let pattern = pattern.map_err(|path| anyhow::anyhow!("{} is not Unicode", path.display()))?;
    // Tauri asks for a text that lives for ever; a build script does not live long.
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern(pattern.leak())
        .app_manifest(tauri_build::AppManifest::new().commands(COMMAND_NAMES));
    tauri_build::try_build(attributes)
}

/// The capability of the main window: every command of the table, for local pages only. A login window is in no capability, so
/// that a provider's page can call nothing (no `remote` key, no pattern in `windows`).
fn main_capability() -> serde_json::Value {
    let commands = COMMAND_NAMES.iter().map(|name| format!("allow-{}", name.replace('_', "-")));
    let permissions: Vec<String> = commands.chain(BESIDE_COMMANDS.map(String::from)).collect();
    json!({
        "identifier": "main",
        "description": "What the main window may do: the commands of the contract's table, and hearing events.",
        "windows": ["main"],
        "local": true,
        "permissions": permissions,
    })
}
