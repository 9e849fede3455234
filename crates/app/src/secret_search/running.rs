//! The search that is under way, or was the last.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use gatewright_contract::secret_search::{SearchLeftOut, SecretMatch, SecretSearch, SecretSearchStanding};
use gatewright_fingerprint_scan::{LeftOut, Progress, SearchReport};

use super::known::KnownSecrets;

/// The last search; there is one at a time.
#[derive(Default)]
pub(crate) struct Searches(Mutex<Option<Arc<SearchUnderWay>>>);

/// A search through files.
pub(super) struct SearchUnderWay {
    pub(super) paths: Vec<PathBuf>,
    pub(super) known: KnownSecrets,
    pub(super) progress: Progress,
    began: Duration,
    ended: OnceLock<Ended>,
}

struct Ended {
    report: SearchReport,
    took: Duration,
}

impl Searches {
    /// Puts a search in the place of the last one, which ends if it has not.
    pub(super) fn begin(&self, search: SearchUnderWay) -> Arc<SearchUnderWay> {
        let search = Arc::new(search);
        let former = self.0.lock().unwrap_or_else(PoisonError::into_inner).replace(Arc::clone(&search));
        if let Some(former) = former {
            former.progress.stop();
        }
        search
    }

    pub(super) fn stop(&self) {
        if let Some(search) = self.last() {
            search.progress.stop();
        }
    }

    pub(super) fn shown(&self, now: Duration) -> SecretSearch {
        match self.last() {
            Some(search) => search.shown(now),
            None => SecretSearch {
                standing: SecretSearchStanding::Idle,
                paths: Vec::new(),
                files: 0,
                megabytes: 0.0,
                milliseconds: 0.0,
                compared_with: 0,
                matches: Vec::new(),
                more: 0,
                left_out: Vec::new(),
            },
        }
    }

    fn last(&self) -> Option<Arc<SearchUnderWay>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl SearchUnderWay {
    pub(super) fn new(paths: Vec<PathBuf>, known: KnownSecrets, now: Duration) -> Self {
        Self { paths, known, progress: Progress::default(), began: now, ended: OnceLock::new() }
    }

    /// Keeps what came of it.
    pub(super) fn end(&self, report: SearchReport, now: Duration) {
        // It ends once.
        let _first = self.ended.set(Ended { report, took: now.saturating_sub(self.began) });
    }

    pub(super) fn shown(&self, now: Duration) -> SecretSearch {
        let ended = self.ended.get();
        let standing = match ended {
            None => SecretSearchStanding::Running,
            Some(_) if self.progress.is_stopped() => SecretSearchStanding::Stopped,
            Some(_) => SecretSearchStanding::Done,
        };
        let took = ended.map_or_else(|| now.saturating_sub(self.began), |ended| ended.took);
        SecretSearch {
            standing,
            paths: self.paths.iter().map(|path| path.display().to_string()).collect(),
            files: self.progress.files(),
            megabytes: crate::show::megabytes(self.progress.bytes()),
            milliseconds: took.as_secs_f64() * 1e3,
            compared_with: self.known.count(),
            matches: ended.map(|ended| self.matches(&ended.report)).unwrap_or_default(),
            more: ended.map_or(0, |ended| ended.report.more),
            left_out: ended.map(|ended| left_out(&ended.report)).unwrap_or_default(),
        }
    }

    fn matches(&self, report: &SearchReport) -> Vec<SecretMatch> {
        let of_place = |place: &gatewright_fingerprint_scan::Place| {
            let (path, line) = (place.path.display().to_string(), place.found.line);
            let known = self.known.shown(place.found.known).iter();
            known
                .map(move |secret| SecretMatch { path: path.clone(), line, secret: secret.clone() })
                .collect::<Vec<_>>()
        };
        report.places.iter().flat_map(of_place).collect()
    }
}

fn left_out(report: &SearchReport) -> Vec<SearchLeftOut> {
    let told = report.left_out.iter().map(|(why, count, example)| {
        let sentence = match (why, *count) {
            (LeftOut::Binary, 1) => "1 file is not text.".to_owned(),
            (LeftOut::Binary, files) => format!("{files} files are not text."),
            (LeftOut::TooLarge, 1) => "1 file has more than 16 MB.".to_owned(),
            (LeftOut::TooLarge, files) => format!("{files} files have more than 16 MB."),
            (LeftOut::OtherPeoples, 1) => "1 folder of git's or of packages.".to_owned(),
            (LeftOut::OtherPeoples, folders) => format!("{folders} folders of git's or of packages."),
            (LeftOut::Unreadable, 1) => "1 file or folder could not be read.".to_owned(),
            (LeftOut::Unreadable, places) => format!("{places} files or folders could not be read."),
        };
        SearchLeftOut { sentence, example: example.display().to_string() }
    });
    told.collect()
}
