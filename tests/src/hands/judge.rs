//! What axe says about the accessibility of the page that is open.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::Window;

/// Runs every rule of axe and calls back with the rules that were broken, each with the elements that break it.
const JUDGE: &str = "
    const done = arguments[0];
    axe.run(document, { resultTypes: ['violations'] }).then(
        ({ violations }) => done(violations.map(({ id, nodes }) =>
            id + ': ' + nodes.map(({ target, failureSummary }) => target.join(' ') + ' ' + failureSummary).join(' | '))),
        (cause) => done(['axe did not judge: ' + cause]));";

impl Window {
    /// Fails if axe finds anything wrong with the page as it is; `what` is for the complaint.
    pub async fn pleases_axe(&self, what: &str) -> Result<()> {
        let findings = self.axe_findings(what).await?;
        ensure!(findings.is_empty(), "{}", findings.join("\n"));
        Ok(())
    }

    /// Everything axe finds wrong with the page as it is, each beginning with `what`.
    pub async fn axe_findings(&self, what: &str) -> Result<Vec<String>> {
        self.settles().await?;
        if self.script("return window.axe === undefined", vec![]).await? == true {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/axe-core/axe.min.js");
            let axe = std::fs::read_to_string(&file).context("axe-core is not installed: run `npm ci` in ui/")?;
            self.script(&axe, vec![]).await?;
        }
        let judging = self.client().execute_async(JUDGE, vec![]);
        let findings = tokio::time::timeout(Duration::from_mins(1), judging).await.context("axe takes too long")??;
        let findings: Vec<String> = serde_json::from_value(findings)?;
        Ok(findings.into_iter().map(|finding| format!("{what}: {finding}")).collect())
    }
}
