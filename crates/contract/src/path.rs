//! Choosing files and folders in the desktop's own dialog.

use crate::wire;

wire! { "path.ts";
    /// A file or folder the person is asked for.
    pub struct PathQuestion {
        /// What for.
        pub wanted: PathWanted,
        /// The title of the dialog.
        pub title: String,
        /// The name to begin with, when something is saved.
        pub name: Option<String>,
    }

    /// What is asked for.
    #[derive(Copy, Eq)]
    pub enum PathWanted {
        /// A file that is there.
        File,
        /// A folder that is there.
        Folder,
        /// A file to write.
        NewFile,
    }

    /// What the person chose.
    pub struct PathAnswer {
        /// The absolute path; none when the dialog was closed.
        pub path: Option<String>,
    }

    /// Files and folders that were dropped on the window.
    pub struct PathsDropped {
        /// Absolute paths.
        pub paths: Vec<String>,
    }
}
