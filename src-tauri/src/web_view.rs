//! How the web view of this system is set up before it starts.

#[cfg(target_os = "linux")]
mod sandbox;

use std::path::Path;

use gatewright_contract::app::Notice;

/// Prepares the web view and gives what the person should know about it. It has to be the first thing that the program does: WebKitGTK
/// reads its settings from the environment when it starts, and the environment can be changed only while there is one thread.
///
/// `data_dir` is where something may be remembered from one start to the next.
pub(crate) fn prepare(data_dir: Option<&Path>) -> Option<Notice> {
    #[cfg(target_os = "linux")]
    {
        draw_without_graphics_card();
        sandbox::switch_on(data_dir).err().map(Notice::from)
    }
    // The web views of the other systems put pages into a sandbox of their own.
    #[cfg(not(target_os = "linux"))]
    {
        let _nothing_to_remember = data_dir;
        None
    }
}

/// Has pages drawn in memory instead of through OpenGL.
///
/// Our pages are text and lists, and a login page is little more. Without OpenGL the window is there sooner, holds a third less memory
/// where there is no graphics card, and does not stay blank with drivers that WebKitGTK cannot work with. `GATEWRIGHT_GPU=on`, or
/// any value of WebKitGTK's own variable, leaves the choice to WebKitGTK.
#[cfg(target_os = "linux")]
fn draw_without_graphics_card() {
    const OFF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    let chosen =
        std::env::var_os(OFF).is_some() || std::env::var_os("GATEWRIGHT_GPU").is_some_and(|value| value == "on");
    if !chosen {
        // Too late means that it is drawn as WebKitGTK likes.
        let _too_late = gatewright_early_environment::set(OFF, "1");
    }
}
