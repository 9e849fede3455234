//! Whose words a plan's texts are, and so in which language they are shown.

use gatewright_language::Language;
use gatewright_model::walk::{Comparison, MachineVerdict, Names, Plan, Scenario, Verdict};

/// What stands in an instruction for names that are not known.
const STAND_INS: [&str; 6] =
    ["the provider", "the client", "yourself", "your test user", "somebody else", "another test user"];

/// The words of one plan and of its walks.
///
/// All of a ready plan is ours and shown in the reader's language. A plan of the person's own is shown as it is stored, even where it was
/// copied from a ready one: the file says what they see. Only what it takes from a shared scenario is ours, because it stands in no file of
/// theirs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlanWords {
    language: Language,
    is_ready: bool,
}

impl PlanWords {
    /// The words of the plan with that id for a reader of that language.
    pub(crate) fn of(plan: &str, language: Language) -> Self {
        // No other plan can have the id of a ready one.
        Self { language, is_ready: Plan::find_ready(plan).is_some() }
    }

    /// A text of the plan.
    pub(crate) fn shown(self, text: &str) -> String {
        if self.is_ours(text) { self.says(text) } else { text.to_owned() }
    }

    /// What the person does in a scenario, with the names in it. What stands there for a name that is not known is ours in any plan.
    pub(crate) fn instruction(self, asked: &Scenario, names: &Names<'_>) -> String {
        if self.is_ours(&asked.instruction) {
            return self.says(&asked.instruction_for(names));
        }
        let said = |name: Option<&str>, unknown: &str| {
            let name = name.unwrap_or(unknown);
            if STAND_INS.contains(&name) { self.says(name) } else { name.to_owned() }
        };
        let [client, person, other] =
            [said(names.client, "the client"), said(names.person, "yourself"), said(names.other, "somebody else")];
        let provider = said(Some(names.provider), "the provider");
        asked.instruction_for(&Names {
            provider: &provider,
            client: Some(&client),
            person: Some(&person),
            other: Some(&other),
        })
    }

    /// A sentence of Gatewright's own.
    pub(crate) fn says(self, english: &str) -> String {
        self.language.says(english).into_owned()
    }

    /// A sentence of Gatewright's own that may quote these texts of the plan. The person's own stay as they are, even where one of them reads
    /// like a text of ours.
    pub(crate) fn says_quoting<'a>(self, english: &str, texts: impl Iterator<Item = &'a str>) -> String {
        let texts = texts.map(|text| text.trim_end_matches('?'));
        let own: Vec<&str> =
            texts.filter(|text| !text.is_empty() && english.contains(text) && !self.is_ours(text)).collect();
        if own.is_empty() {
            return self.says(english);
        }
        let places = || own.iter().enumerate().map(|(number, text)| (format!("⟦{number}⟧"), *text));
        let quoting = places().fold(english.to_owned(), |sentence, (place, text)| sentence.replace(text, &place));
        let said = match quoting.split_once(": ") {
            // A place alone before a colon is no sentence, so what is said of it is looked for by itself.
            Some((before, after)) if self.language.says(&quoting) == quoting => {
                format!("{before}: {}", self.says(after))
            }
            _ => self.says(&quoting),
        };
        places().fold(said, |sentence, (place, text)| sentence.replace(&place, text))
    }

    /// What the machine has found out, in one sentence. Why something was left out is said in the person's words.
    pub(crate) fn verdict(self, asked: &Scenario, found: &MachineVerdict) -> String {
        match &found.verdict {
            Verdict::Skipped { .. } => found.sentence.clone(),
            Verdict::NotApplicable { .. } => self.shown(&found.sentence),
            _ => self.says_quoting(&found.sentence, questions(asked)),
        }
    }

    /// What a comparison is about: one of ours, or a question of the plan.
    pub(crate) fn about(self, asked: &Scenario, one: &Comparison) -> String {
        let is_question = questions(asked).any(|question| question == one.about);
        if is_question { self.shown(&one.about) } else { self.says(&one.about) }
    }

    /// What should happen, a sentence each.
    pub(crate) fn expected(self, asked: &Scenario) -> Vec<String> {
        let happens = asked.expected_in_words().into_iter().map(|sentence| self.says(&sentence));
        let answers = asked.expected_answers();
        happens.chain(answers.map(|(text, yes)| format!("{} – {}.", self.shown(text), self.says(yes)))).collect()
    }

    fn is_ours(self, text: &str) -> bool {
        self.is_ready || Plan::is_shared_text(text) || Plan::is_shared_text(&format!("{text}?"))
    }
}

fn questions(asked: &Scenario) -> impl Iterator<Item = &str> {
    asked.questions.iter().map(|question| question.text.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A plan with a shared scenario, a text that was copied from a ready plan, and a question of the person's own.
    fn own_plan() -> Plan {
        Plan::from_toml(
            "id = 'mine'\ntitle = 'Consent at ContentDB'\nabout = 'Mine.'\n[[scenario]]\nuse = 'approve'\n\
             instruction = \"Sign in as {person} and press Cancel on ContentDB's page.\"\n\
             questions = [{ id = 'fast', text = 'Was the person asked to consent?', expected = true }]\n",
        )
        .unwrap()
    }

    fn german(plan: &str) -> PlanWords {
        PlanWords::of(plan, Language::German)
    }

    fn verdict(sentence: &str) -> MachineVerdict {
        MachineVerdict { verdict: Verdict::Fail, sentence: sentence.to_owned(), comparisons: Vec::new() }
    }

    #[test]
    fn a_plan_of_ones_own_is_shown_as_it_is_stored() {
        let plan = own_plan();
        let scenario = &plan.scenarios[0];
        assert_eq!(german("mine").shown(&plan.title), "Consent at ContentDB");
        assert_eq!(german("mine").shown(&scenario.instruction), scenario.instruction);
        assert_ne!(german("contentdb").shown(&plan.title), "Consent at ContentDB", "in the ready one it is ours");
        assert_ne!(german("contentdb").shown(&scenario.instruction), scenario.instruction);
    }

    #[test]
    fn what_a_plan_of_ones_own_takes_from_a_shared_scenario_is_ours() {
        let plan = own_plan();
        let title = &plan.scenarios[0].title;
        assert_eq!(german("mine").shown(title), Language::German.says(title));
        assert_ne!(german("mine").shown(title), *title);
    }

    #[test]
    fn a_verdict_quotes_a_question_of_ones_own_as_it_is() {
        let plan = own_plan();
        let scenario = &plan.scenarios[0];
        let says = |sentence: &str| german("mine").verdict(scenario, &verdict(sentence));
        let question = "Was the person asked to consent?";
        assert_eq!(
            says(&format!("{question} Expected yes, received no.")),
            format!("{question} Erwartet ja, erhalten nein.")
        );
        assert_eq!(says(&format!("{question}: not answered yet.")), format!("{question}: noch nicht beantwortet."));
        assert_eq!(says("As expected: logged in."), Language::German.says("As expected: logged in."));
    }

    #[test]
    fn why_something_was_left_out_stays_in_the_persons_words() {
        let skipped = MachineVerdict::skipped("Logged in");
        assert_eq!(german("contentdb").verdict(&own_plan().scenarios[0], &skipped), "Logged in");
    }
}
