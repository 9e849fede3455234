//! The desktop shell of Gatewright: it starts the application, opens its windows and passes commands and events between the
//! two. What the application does is in `gatewright-app`; nothing here decides anything about OAuth.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

// A release that looked for a development server would give whoever listens on that port our commands.
#[cfg(not(any(debug_assertions, test, feature = "custom-protocol")))]
compile_error!("a release carries its UI inside: build it with `--features custom-protocol`");

mod appearance;
mod backend;
mod bridge;
mod clipboard;
mod desktop;
mod folder_window;
mod hardening;
#[cfg(test)]
mod isolation;
mod login_window;
mod logs;
mod notification;
mod path_dialog;
mod start;
mod web_view;
mod windows;

fn main() -> anyhow::Result<()> {
    hardening::keep_memory_private();
    let data_dir = start::data_dir();
    let notice = web_view::prepare(data_dir.as_deref());
    start::run(data_dir, notice)
}
