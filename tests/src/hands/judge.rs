//! What axe says about the accessibility of the page that is open.

use std::path::Path;

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
        let mut heard = self.judgement().await?;
        if heard.is_none() {
            // An axe that was not heard may believe that it is still judging.
            self.script("delete window.axe", vec![]).await?;
            heard = self.judgement().await?;
        }
        let findings = heard.context("axe was not heard twice")?;
        Ok(findings.into_iter().map(|finding| format!("{what}: {finding}")).collect())
    }

    /// What axe says; none when nothing was heard of it.
    async fn judgement(&self) -> Result<Option<Vec<String>>> {
        if self.script("return window.axe === undefined", vec![]).await? == true {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/axe-core/axe.min.js");
            let axe = std::fs::read_to_string(&file).context("axe-core is not installed: run `npm ci` in ui/")?;
            self.script(&axe, vec![]).await?;
        }
        Ok(self.hears(JUDGE).await?.map(serde_json::from_value).transpose()?)
    }
}
