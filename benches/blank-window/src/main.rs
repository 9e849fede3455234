//! A Tauri window with one still page, and nothing else: what `cargo xtask bench start` measures Gatewright beside.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!())
}
