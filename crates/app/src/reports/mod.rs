//! Reports: recorded runs and walks as a file, written in the background.
//!
//! Parts are read, written and forgotten a batch at a time, so that a report of many runs needs no more memory than one of a few. The
//! file grows beside its place and takes it at the end: who stops a report finds nothing of it.

mod job;
mod subject;
mod walk;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::time::Duration;

use gatewright_contract::path::KnownPlace;
use gatewright_contract::report::{CurlCommand, ExchangePlace, ReportExport, ReportFormat, ReportProgress};
use gatewright_contract::{Event, Failure};
use gatewright_language::Language;
use gatewright_model::RunId;
use gatewright_model::evidence::Moment;
use gatewright_report::{Format, Har, Html, Include, JUnit, Json, Picture, Table};
use gatewright_store::run;

pub(crate) use self::job::Reports;
use self::job::{Counted, Job};
use self::subject::Chosen;
use crate::handover::files::{not_written, whole_path, write_whole_if};
use crate::{App, failure};

/// How many parts are read at once. Those with pictures are read one by one, since a run may have megabytes of them.
const BATCH: usize = 64;
/// How much is gathered before the disk is asked.
const BUFFER: usize = 256 * 1024;
/// How often the window is told how far a report is.
const TOLD_EVERY: Duration = Duration::from_millis(150);

impl App {
    /// Begins to write a report. One at a time: another one that is being written is stopped.
    pub(crate) async fn export_report(&self, request: ReportExport) -> Result<ReportProgress, Failure> {
        let path = whole_path(&request.path, "path")?;
        if path.is_dir() {
            return Err(failure::invalid("path", format!("{} is a folder.", path.display()))
                .hint("Choose the name of a file in it."));
        }
        let (include, language) = (include(&request), self.language_of(request.format));
        let chosen = self.chosen(request.subject, &request.title, language).await?;
        let job = self.0.reports.begin(Job::new(path, chosen.parts.len(), self.0.clock.elapsed()));
        let (app, writing) = (self.clone(), Arc::clone(&job));
        let format = format_of(request.format, include, language);
        let written = tokio::task::spawn_blocking(move || {
            let result = app.write_report(&writing, &chosen, format, include);
            if result.is_ok() {
                app.wrote(KnownPlace::Report, &writing.path);
            }
            writing.end(result, app.0.clock.elapsed());
        });
        let (app, told) = (self.clone(), Arc::clone(&job));
        self.0.tasks.spawn(async move {
            tokio::pin!(written);
            loop {
                tokio::select! {
                    _ended = &mut written => break,
                    () = app.0.ending.cancelled(), if !told.is_stopped() => told.stop(),
                    () = app.0.clock.sleep(TOLD_EVERY) => {}
                }
                app.tell(Event::ReportChanged);
            }
            app.tell(Event::ReportChanged);
        });
        Ok(job.shown(self.0.clock.elapsed()))
    }

    /// How the last report stands.
    pub(crate) fn report_now(&self) -> ReportProgress {
        self.0.reports.shown(self.0.clock.elapsed())
    }

    /// Stops the report that is being written.
    pub(crate) fn stop_report(&self) -> ReportProgress {
        self.0.reports.stop();
        self.report_now()
    }

    /// An exchange of a run as a command for a shell.
    pub(crate) async fn curl_of(&self, place: &ExchangePlace) -> Result<CurlCommand, Failure> {
        let id = RunId::new(&place.run);
        let live = self.0.live.get(&id).map(|live| live.steps);
        let steps = match live {
            Some(steps) => steps,
            None => self.store()?.read(move |db| run::open(db, &id)).await.map_err(failure::of_store)?.steps,
        };
        let step = usize::try_from(place.step).ok().and_then(|place| steps.get(place));
        let exchange = usize::try_from(place.exchange).ok().and_then(|place| step?.exchanges.get(place));
        let exchange = exchange.ok_or_else(|| failure::not_found("This run has no such request."))?;
        Ok(CurlCommand { text: gatewright_report::curl(exchange) })
    }

    /// The language of a report: what is for a person is in the language of the window, what is for a program in English.
    fn language_of(&self, format: ReportFormat) -> Language {
        match format {
            ReportFormat::Html => self.speaks(),
            ReportFormat::Json | ReportFormat::Junit | ReportFormat::Har | ReportFormat::Csv => Language::English,
        }
    }

    /// Writes all of a report; blocks.
    fn write_report(
        &self,
        job: &Job,
        chosen: &Chosen,
        mut format: Box<dyn Format + Send>,
        include: Include,
    ) -> Result<(), Failure> {
        let runtime = tokio::runtime::Handle::current();
        let at_once = if include.pictures { 1 } else { BATCH };
        let write = |file: &mut File| {
            let mut out = Counted::new(BufWriter::with_capacity(BUFFER, file), job);
            let written = |result: io::Result<()>| result.map_err(|cause| not_written(&cause));
            written(format.begin(&chosen.cover, &mut out))?;
            for batch in chosen.parts.chunks(at_once) {
                job.go_on()?;
                for part in runtime.block_on(self.read_parts(batch, include))? {
                    job.go_on()?;
                    written(format.part(&part, &mut out))?;
                    job.count();
                }
            }
            written(format.end(&mut out))?;
            written(out.flush())
        };
        write_whole_if(&job.path, write, || job.go_on())
    }

    /// The pictures of a run. One whose file is gone or was changed is left out: that proves nothing any more.
    async fn report_pictures(&self, run: &RunId) -> Result<Vec<Picture>, Failure> {
        let mut pictures = Vec::new();
        for look in self.evidence_of(run).await? {
            let Ok(kept) = &look.picture else { continue };
            let Ok(png) = self.picture_bytes(kept).await else { continue };
            let caption = match look.moment {
                Moment::PageLoaded => "Page loaded",
                Moment::Decided => "The person decided",
                Moment::TimeRanOut => "When the time ran out",
            };
            pictures.push(Picture { caption: caption.to_owned(), address: look.address, taken_at: look.at, png });
        }
        Ok(pictures)
    }
}

/// What goes into a report. The other forms have no place for pictures, so none are read for them.
const fn include(request: &ReportExport) -> Include {
    let has_pictures = matches!(request.format, ReportFormat::Html | ReportFormat::Json);
    Include { exchanges: request.exchanges, pictures: request.pictures && has_pictures }
}

fn format_of(format: ReportFormat, include: Include, language: Language) -> Box<dyn Format + Send> {
    match format {
        ReportFormat::Html => Box::new(Html::new(include, language)),
        ReportFormat::Json => Box::new(Json::new(include)),
        ReportFormat::Junit => Box::new(JUnit),
        ReportFormat::Har => Box::new(Har::default()),
        ReportFormat::Csv => Box::new(Table),
    }
}

#[cfg(test)]
mod tests {
    use gatewright_contract::report::ReportSubject;

    use super::*;

    #[test]
    fn pictures_are_read_for_the_forms_that_show_them() {
        let pictures = |format, pictures| {
            let subject = ReportSubject::Runs(Vec::new());
            let (path, title) = (String::new(), String::new());
            include(&ReportExport { subject, format, path, title, exchanges: true, pictures }).pictures
        };
        let forms = [ReportFormat::Html, ReportFormat::Json, ReportFormat::Junit, ReportFormat::Har, ReportFormat::Csv];
        assert_eq!(forms.map(|format| pictures(format, true)), [true, true, false, false, false]);
        assert_eq!(forms.map(|format| pictures(format, false)), [false; 5]);
    }
}
