//! Pictures of a run.

use std::path::Path;

use gatewright_contract::Failure;
use gatewright_contract::path::KnownPlace;
use gatewright_contract::result::{DiagramKind, DiagramSaved, DiagramTheme, Drawing, RunDiagramQuery, RunDiagramSave};
use gatewright_model::RunId;
use gatewright_report::diagram::{self, Diagram, Subject, Theme};

use crate::{App, audit, failure};

impl App {
    /// Draws a run.
    pub(crate) async fn draw_run(&self, query: RunDiagramQuery) -> Result<Drawing, Failure> {
        Ok(drawing(self.diagram_of(&query.run, query.kind, theme(query.theme)).await?))
    }

    /// Draws a run into a file: dark on light, as for paper.
    pub(crate) async fn save_diagram(&self, request: RunDiagramSave) -> Result<DiagramSaved, Failure> {
        let diagram = self.diagram_of(&request.run, request.kind, Theme::Light).await?;
        let is_png = Path::new(&request.path).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
        let content = if is_png {
            const FAILED: &str = "The diagram could not be drawn as PNG";
            let drawn = tokio::task::spawn_blocking(move || diagram::png(&diagram.svg)).await;
            let drawn = drawn.map_err(|cause| failure::internal(FAILED, &cause))?;
            drawn.map_err(|cause| failure::internal(FAILED, &cause))?
        } else {
            diagram.svg.into_bytes()
        };
        audit::write(&request.path, content).await?;
        self.wrote(KnownPlace::Diagram, Path::new(&request.path));
        Ok(DiagramSaved { path: request.path })
    }

    async fn diagram_of(&self, run: &str, kind: DiagramKind, theme: Theme) -> Result<Diagram, Failure> {
        let (run, steps) = self.run_with_steps(&RunId::new(run)).await?;
        let provider_name = self.0.registry.known().name(&run.provider);
        let subject = Subject { run: &run, steps: &steps, provider_name: &provider_name };
        let language = self.speaks();
        Ok(match kind {
            DiagramKind::Sequence => diagram::sequence(&subject, theme, language),
            DiagramKind::Waterfall => diagram::waterfall(&subject, theme, language),
        })
    }
}

/// A theme of the wire as the drawing knows it.
pub(super) const fn theme(theme: DiagramTheme) -> Theme {
    match theme {
        DiagramTheme::Light => Theme::Light,
        DiagramTheme::Dark => Theme::Dark,
    }
}

/// A picture for the window.
pub(super) fn drawing(diagram: Diagram) -> Drawing {
    Drawing { svg: diagram.svg, words: diagram.words }
}
