//! Puts the page into the program.

fn main() -> anyhow::Result<()> {
    // It may call nothing. Without a pattern the build waits for a folder that is not there, and compiles the program anew each time.
    tauri_build::try_build(tauri_build::Attributes::new().capabilities_path_pattern("./capabilities/*.json"))
}
