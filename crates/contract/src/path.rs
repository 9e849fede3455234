//! Files and folders: chosen in the desktop's own dialog, dropped on the window, shown where they are.

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

    /// A place on disk that Gatewright knows by itself. The window names one, and never a path: what gets hold of the window can have
    /// nothing else shown.
    #[derive(Copy, Eq, Hash)]
    pub enum KnownPlace {
        /// The report that was written last.
        Report,
        /// The diagram that was saved last.
        Diagram,
        /// The report to a provider that was saved last.
        ProviderReport,
        /// The audit trail as it was written last.
        AuditTrail,
        /// Where clients were exported last: a folder, or the encrypted file.
        ClientFiles,
        /// The backup that was made last.
        Backup,
        /// The folder of the person's own walk plans.
        WalkPlans,
    }

    /// Show a place in the desktop's own program for files.
    pub struct PlaceRef {
        /// The place.
        pub known: KnownPlace,
    }

    /// Files and folders that were dropped on the window.
    pub struct PathsDropped {
        /// Absolute paths.
        pub paths: Vec<String>,
    }
}
