//! Plans: the ready ones, and the person's own in files.

use std::path::PathBuf;

use gatewright_contract::client::Deleted;
use gatewright_contract::walk::{
    WalkPlanDetail, WalkPlanDuplicate, WalkPlanFindings, WalkPlanList, WalkPlanRead, WalkPlanRef, WalkPlanRow,
    WalkPlanSave, WalkPlanText,
};
use gatewright_contract::{Event, Failure, FailureCode};
use gatewright_model::profile::ProfileProblem;
use gatewright_model::walk::{Names, Plan};
use gatewright_store::walk;

use super::plan_files::{self, NotChanged, PlanFile, Replaced};
use crate::show::walk::{self as show, PlanWords};
use crate::{App, failure, undo};

/// The folder below the data folder.
pub(crate) const FOLDER: &str = "walk-plans";
/// How many walks of a plan say how long its scenarios take, the newest.
const WALKS_TIMED: u32 = 20;

impl App {
    /// Every plan, the ready ones first.
    pub(crate) async fn walk_plan_page(&self) -> Result<WalkPlanList, Failure> {
        let ready = Plan::ready().iter().map(|plan| self.plan_row(Some(plan), None));
        let own = self.own_plans().await?;
        let own = own.iter().map(|file| self.plan_row(file.plan.as_ref().ok(), Some(file)));
        Ok(WalkPlanList { plans: ready.chain(own).collect(), folder: self.plans_folder().display().to_string() })
    }

    /// One plan with its scenarios.
    pub(crate) async fn walk_plan_detail(&self, request: &WalkPlanRef) -> Result<WalkPlanDetail, Failure> {
        if let Some(plan) = Plan::find_ready(&request.plan) {
            let text = Plan::ready_text(&request.plan).unwrap_or_default().to_owned();
            return self.plan_detail(Some(plan), None, text).await;
        }
        let file = self.own_plan(&request.plan).await?;
        self.plan_detail(file.plan.as_ref().ok(), Some(&file), file.text.clone()).await
    }

    /// Judges the text of a plan; changes nothing.
    pub(crate) async fn check_walk_plan(&self, request: &WalkPlanText) -> Result<WalkPlanFindings, Failure> {
        let own = self.own_plans().await?;
        let old = replaced(&own, request.replaces.as_ref());
        let problems = match Plan::from_toml(&request.text) {
            Ok(plan) => self.id_taken(&plan.id, &own, old.as_ref()).into_iter().collect(),
            Err(problems) => problems,
        };
        Ok(WalkPlanFindings { problems: problems.iter().map(show::problem).collect() })
    }

    /// Keeps a plan of the person's own, new or changed. Nothing is written over a file that is no longer what was read.
    pub(crate) async fn save_walk_plan(&self, request: WalkPlanSave) -> Result<WalkPlanDetail, Failure> {
        let plan = Plan::from_toml(&request.text).map_err(|problems| refused(problems.first()))?;
        let own = self.own_plans().await?;
        let old = replaced(&own, request.replaces.as_ref());
        if let Some(problem) = self.id_taken(&plan.id, &own, old.as_ref()) {
            return Err(refused(Some(&problem)));
        }
        let (folder, id, moment) = (self.plans_folder(), plan.id.clone(), self.now().as_microsecond());
        let aside = on_disk(move || plan_files::write(&folder, &id, &request.text, old.as_ref(), moment)).await?;
        if let Some(aside) = aside {
            self.forget_plan_after_undo(aside);
        }
        self.tell(Event::WalksChanged(None));
        self.walk_plan_detail(&WalkPlanRef { plan: plan.id }).await
    }

    /// Takes back that this was written over a file, unless it has changed since.
    pub(crate) async fn take_back_walk_plan(&self, request: WalkPlanRead) -> Result<WalkPlanDetail, Failure> {
        let written = replaced(&self.own_plans().await?, Some(&request)).ok_or_else(no_such_plan)?;
        self.put_plan_back(request.plan, Some(written)).await
    }

    /// Makes a plan of the person's own from any other, comments and all.
    pub(crate) async fn duplicate_walk_plan(&self, request: WalkPlanDuplicate) -> Result<WalkPlanDetail, Failure> {
        let title = request.title.trim();
        if title.is_empty() {
            return Err(failure::invalid("title", "Say what the copy is called."));
        }
        let source = match request.text {
            Some(text) => text,
            None => self.text_to_copy(&self.walk_plan_detail(&WalkPlanRef { plan: request.plan }).await?),
        };
        let id = self.free_plan_id(title).await?;
        let text = Plan::text_renamed(&source, &id, title);
        self.save_walk_plan(WalkPlanSave { replaces: None, text }).await
    }

    /// What a copy of a plan says: the copy of a ready plan what the person has read of that, in the language of the window.
    fn text_to_copy(&self, source: &WalkPlanDetail) -> String {
        let words = PlanWords::of(&source.row.id, self.speaks());
        if source.row.ready { Plan::text_in_words(&source.text, |text| words.shown(text)) } else { source.text.clone() }
    }

    /// Deletes a plan of the person's own; walks that were started by it stay as they are.
    pub(crate) async fn delete_walk_plan(&self, request: &WalkPlanRef) -> Result<Deleted, Failure> {
        if Plan::find_ready(&request.plan).is_some() {
            return Err(failure::invalid("plan", "This plan comes with Gatewright and stays."));
        }
        let file = self.own_plan(&request.plan).await?;
        let title = file.plan.as_ref().map_or_else(|_| file.id.clone(), |plan| plan.title.clone());
        let moment = self.now().as_microsecond();
        let aside = on_disk(move || plan_files::put_aside(&file, moment)).await?;
        self.tell(Event::WalksChanged(None));
        self.forget_plan_after_undo(aside);
        Ok(undo::deleted(title, self.now()))
    }

    /// Removes what was put aside as soon as nobody can take that back any more.
    fn forget_plan_after_undo(&self, aside: PathBuf) {
        let app = self.clone();
        self.0.tasks.spawn(async move {
            app.wait_for_undo().await;
            // This one only: others may have been put aside since. What cannot be removed now is removed at the next start.
            if on_disk(move || plan_files::forget(&aside)).await.is_err() {
                tracing::warn!("a plan that was put aside is removed at the next start");
            }
        });
    }

    /// Takes a deletion back.
    pub(crate) async fn restore_walk_plan(&self, request: &WalkPlanRef) -> Result<WalkPlanDetail, Failure> {
        self.put_plan_back(request.plan.clone(), None).await
    }

    /// Puts a file back that was put aside, in the place of what was written there.
    async fn put_plan_back(&self, id: String, written: Option<Replaced>) -> Result<WalkPlanDetail, Failure> {
        let folder = self.plans_folder();
        let place = on_disk(move || plan_files::put_back(&folder, &id, written.as_ref())).await?;
        let place = place.ok_or_else(no_such_plan)?;
        self.tell(Event::WalksChanged(None));
        // By its place: its id may be another plan's by now.
        let file = self.own_plans().await?.into_iter().find(|file| file.path == place).ok_or_else(no_such_plan)?;
        self.plan_detail(file.plan.as_ref().ok(), Some(&file), file.text.clone()).await
    }

    /// Removes every deleted plan. For the start, when no deletion can be taken back.
    pub(crate) async fn sweep_walk_plans(&self) {
        let folder = self.plans_folder();
        if on_disk(move || plan_files::sweep(&folder)).await.is_err() {
            tracing::warn!("deleted plans are removed at the next start");
        }
    }

    /// A plan that can be walked.
    pub(super) async fn plan_to_walk(&self, id: &str) -> Result<Plan, Failure> {
        if let Some(plan) = Plan::find_ready(id) {
            return Ok(plan.clone());
        }
        self.own_plan(id).await?.plan.map_err(|problems| refused(problems.first()))
    }

    async fn own_plans(&self) -> Result<Vec<PlanFile>, Failure> {
        let folder = self.plans_folder();
        on_disk(move || plan_files::read_all(&folder)).await
    }

    async fn own_plan(&self, id: &str) -> Result<PlanFile, Failure> {
        self.own_plans().await?.into_iter().find(|file| file.id == id).ok_or_else(no_such_plan)
    }

    /// What is wrong with an id, for a plan that takes the place of `old`.
    fn id_taken(&self, id: &str, own: &[PlanFile], old: Option<&Replaced>) -> Option<ProfileProblem> {
        if Plan::find_ready(id).is_some() {
            return Some(plan_files::taken());
        }
        let place = plan_files::place(&self.plans_folder(), id);
        let mut others = own.iter().filter(|file| old.is_none_or(|old| old.path != file.path));
        others.find_map(|file| match file {
            file if file.id == id => Some(plan_files::taken()),
            file if file.path == place => Some(plan_files::place_taken(id)),
            _ => None,
        })
    }

    /// An id that no plan has, made from a title.
    async fn free_plan_id(&self, title: &str) -> Result<String, Failure> {
        let own = self.own_plans().await?;
        let plain: String =
            title.to_lowercase().chars().map(|one| if one.is_ascii_alphanumeric() { one } else { '-' }).collect();
        let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
        let mut base = words.join("-");
        base.truncate(50);
        let base = if base.is_empty() { "plan".to_owned() } else { base };
        let folder = self.plans_folder();
        let is_free = |id: &str| {
            let place = plan_files::place(&folder, id);
            Plan::find_ready(id).is_none() && own.iter().all(|file| file.id != id && file.path != place)
        };
        Ok(plan_files::first_free(base, is_free))
    }

    fn plan_row(&self, plan: Option<&Plan>, file: Option<&PlanFile>) -> WalkPlanRow {
        let provider = plan.and_then(|plan| plan.provider.clone());
        let scenarios = plan.map(|plan| plan.scenarios.as_slice()).unwrap_or_default();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let problems = file.and_then(|file| file.plan.as_ref().err());
        let words = PlanWords::of(plan.map_or("", |plan| &plan.id), self.speaks());
        WalkPlanRow {
            id: file.map(|file| file.id.clone()).or_else(|| plan.map(|plan| plan.id.clone())).unwrap_or_default(),
            title: plan
                .map(|plan| words.shown(&plan.title))
                .or_else(|| file.map(|file| file.id.clone()))
                .unwrap_or_default(),
            about: plan.map(|plan| words.shown(&plan.about)).unwrap_or_default(),
            provider_name: match &provider {
                Some(id) => self.0.registry.known().name(id),
                None => words.says("Any provider"),
            },
            provider: provider.map(|id| id.to_string()),
            ready: file.is_none(),
            scenarios: number(scenarios.len()),
            not_applicable: number(scenarios.iter().filter(|one| one.not_applicable.is_some()).count()),
            file: file.map(|file| file.path.display().to_string()),
            problems: problems.map(|problems| problems.iter().map(show::problem).collect()).unwrap_or_default(),
        }
    }

    async fn plan_detail(
        &self,
        plan: Option<&Plan>,
        file: Option<&PlanFile>,
        text: String,
    ) -> Result<WalkPlanDetail, Failure> {
        let row = self.plan_row(plan, file);
        let id = row.id.clone();
        let durations = self.store()?.read(move |db| walk::durations(db, &id, WALKS_TIMED)).await;
        let durations = show::durations(durations.map_err(failure::of_store)?);
        let words = PlanWords::of(&row.id, self.speaks());
        // Names are put into English sentences, and these are translated as a whole.
        let names = Names {
            provider: if row.provider.is_some() { &row.provider_name } else { "the provider" },
            client: None,
            person: Some("your test user"),
            other: Some("another test user"),
        };
        let scenarios = plan.map(|plan| plan.scenarios.as_slice()).unwrap_or_default();
        let scenarios = scenarios.iter().map(|one| show::scenario(one, &names, words)).collect();
        let digest = file.map(|file| file.digest.clone());
        Ok(WalkPlanDetail { scenarios, row, text, digest, durations })
    }

    fn plans_folder(&self) -> PathBuf {
        self.0.options.data_dir.join(FOLDER)
    }

    /// The folder of the person's own plans, made where there is none yet: it may be shown so that a plan can be put into it.
    pub(crate) fn plans_folder_to_show(&self) -> Result<PathBuf, Failure> {
        let folder = self.plans_folder();
        std::fs::create_dir_all(&folder)
            .map_err(|cause| failure::file_not_written(&folder.display().to_string(), &cause))?;
        Ok(folder)
    }
}

/// The file that somebody has read, whatever it says by now; where it is gone, the one its plan is in now; none where both are gone.
fn replaced(own: &[PlanFile], read: Option<&WalkPlanRead>) -> Option<Replaced> {
    let read = read?;
    let in_place = own.iter().find(|file| file.path.display().to_string() == read.file);
    let file = in_place.or_else(|| own.iter().find(|file| file.id == read.plan))?;
    Some(Replaced { path: file.path.clone(), digest: read.digest.clone() })
}

/// A plan with a mistake is not kept, and not walked.
fn refused(problem: Option<&ProfileProblem>) -> Failure {
    let problem = problem.map(show::problem);
    let (field, message, hint) =
        problem.map_or_else(Default::default, |problem| (problem.field, problem.message, problem.hint));
    let failure = failure::invalid(&field, message);
    Failure { hint, ..failure }
}

fn no_such_plan() -> Failure {
    failure::not_found("There is no such plan.")
}

/// Does work with files off the caller's thread.
async fn on_disk<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, Failure>
where
    T: Send + 'static,
    E: Into<NotChanged> + Send + 'static,
{
    let done = tokio::task::spawn_blocking(|| work().map_err(Into::<NotChanged>::into)).await;
    done.unwrap_or_else(|cause| Err(NotChanged::Folder(std::io::Error::other(cause)))).map_err(|why| match why {
        NotChanged::ChangedMeanwhile => Failure::new(FailureCode::ChangedMeanwhile, why.to_string())
            .hint("Compare the two, or save yours as a copy."),
        NotChanged::Folder(cause) => {
            tracing::warn!(%cause, "a plan's file could not be used");
            let message = format!("The folder of your plans could not be used: {cause}.");
            Failure::new(FailureCode::FileNotWritten, message)
                .hint("Check its rights and whether there is room on the disk, then try again.")
        }
    })
}
