//! The floor that Gatewright's start is measured against: a Tauri window of the same size with one coloured page and nothing
//! behind it.

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .setup(|app| {
            tauri::WebviewWindowBuilder::new(app, "main", tauri::WebviewUrl::default())
                .title("Blank")
                .inner_size(1280.0, 820.0)
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!("examples/blank_window/tauri.conf.json"))
}
