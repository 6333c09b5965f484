//! Kind `history`: what only commits can show. It judges what a commit did, not what a record says, so
//! it has no subjects among the records of a tree.

mod past;
mod trial;
mod who;

use std::collections::BTreeMap;

use self::trial::Trial;
pub(crate) use self::trial::placed;
use super::{Case, Kind, Law, Proofreader, Slots};
use crate::{
    decode::{Fact, List, Text, table, words},
    history::Step,
    record::Record,
    rulebook::{code::Code, mutant::Mutator, raw::Words},
};

/// The kind.
#[derive(Debug)]
pub struct History;

table! {
    /// What a rule about history is about.
    pub struct About {
        /// The records meant, each by how its `kind/id` begins; all where this is left out.
        paths: Fact<Words> = "paths",
    }
}

words! {
    /// What a commit is tested for.
    pub enum Test {
        /// It took a record out.
        Deleted = "deleted",
        /// It gave a record the id that another had.
        Reused = "reused",
        /// It edited a fact of before the position, and does not say that it corrects.
        PastEdited = "past-edited",
        /// It recorded something long after it happened.
        Late = "late",
        /// Nobody allowed signed it.
        Unsigned = "unsigned",
        /// Nobody but who made it is named as having read it.
        Unreviewed = "unreviewed",
        /// It changed rules and records.
        RulesAndRecords = "rules-and-records",
        /// It moved the position back.
        PositionBack = "position-back",
    }
}

/// The words of [`Test`], for mutants.
const TESTS: &[&str] =
    &["deleted", "past-edited", "late", "reused", "unsigned", "unreviewed", "rules-and-records", "position-back"];

table! {
    /// What is tested.
    pub struct Terms {
        /// What a commit must not have done.
        test: Fact<Test> = "test" (required),
        /// For `late`: within how many Working Days a thing that happened is recorded.
        within: Fact<u32> = "within",
        /// For `late`: the calendars whose bank holidays count; the code's own where left out.
        calendar: List<Text> = "calendar",
    }
}

impl Kind for History {
    const NAME: &'static str = "history";
    const JUDGES_COMMITS: bool = true;
    const DOC: &'static str = include_str!("../../docs/kinds/history.md");
    type About = About;
    type Terms = Terms;
    type Prepared<'c> = ();

    fn proofread(about: &About, terms: &Terms, proof: &mut Proofreader<'_>) {
        let Some(test) = terms.test.known() else { return };
        let is_late = *test == Test::Late;
        if is_late && terms.within.is_absent() {
            let message = "`late` says within how many Working Days: `within`".into();
            proof.reader.report("record-missing", terms.span, message, "not in here", None);
        }
        if !is_late && !terms.within.is_absent() {
            let message = format!("`within` says nothing where the test is `{}`", test.word());
            proof.reader.report("record-key", terms.within.span, message, "leave it out", None);
        }
        let is_about_records = !matches!(test, Test::PositionBack);
        if !is_about_records && !about.paths.is_absent() {
            let message = "`paths` says nothing where the test is `position-back`".into();
            proof.reader.report("record-key", about.paths.span, message, "leave it out", None);
        }
    }

    fn subjects(_: &About, _: &Case<'_>) -> Vec<u32> {
        Vec::new()
    }

    fn prepare(_: &About, _: &Case<'_>) {}

    fn judge(_: &Law<'_, Self>, (): &(), _: &Record, _: u32, _: &Case<'_>, _: &mut Slots) {}

    fn looked_for(_: &Law<'_, Self>, _: &Record, _: &Case<'_>) -> Vec<String> {
        vec!["the rule judges commits, not records: `quorate check --base REV` and `quorate audit` ask it".to_owned()]
    }

    fn commit(law: &Law<'_, Self>, step: &Step, case: &Case<'_>, explain: bool) -> BTreeMap<String, Slots> {
        let mut trial = match Trial::of(law, step, case, explain) {
            Ok(trial) => trial,
            Err(said) => return said,
        };
        match trial.terms.test.known() {
            Some(Test::Deleted) => trial.deleted(),
            Some(Test::PositionBack) => trial.position_back(),
            Some(Test::RulesAndRecords) => trial.rules_and_records(),
            Some(Test::PastEdited) => trial.past_edited(),
            Some(Test::Late) => trial.late(),
            Some(Test::Unreviewed) => trial.unreviewed(),
            Some(Test::Reused) => trial.reused(),
            Some(Test::Unsigned) => trial.unsigned(),
            None => {}
        }
        trial.found
    }

    const MUTATORS: &'static [Mutator] =
        &[Mutator::Swap("test", TESTS), Mutator::Step("within"), Mutator::Drop("/paths.*")];

    fn english(about: &About, terms: &Terms, _: &Code) -> String {
        let paths = about.paths.known().map(|paths| paths.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>());
        let below = paths.map_or(String::new(), |paths| format!(" below {}", paths.join(" or ")));
        match terms.test.known() {
            Some(Test::Deleted) => format!("No commit takes out a record{below}."),
            Some(Test::Reused) => format!("No record{below} is given the id that another had."),
            Some(Test::PastEdited) => format!(
                "A commit that edits a fact of a record{below} from before the position says `Corrects: KIND/ID`."
            ),
            Some(Test::Late) => {
                let days = terms.within.known().copied().unwrap_or(0);
                format!("What happens to a record{below} is recorded within {days} Working Days.")
            }
            Some(Test::Unsigned) if below.is_empty() => {
                "A commit that changes records or rules is signed by a key of `signers/`.".to_owned()
            }
            Some(Test::Unsigned) => format!("A commit that changes records{below} is signed by a key of `signers/`."),
            Some(Test::Unreviewed) => format!(
                "A commit that changes records{below} names in `Reviewed-by:` somebody other than its author and committer, or joins by the signed merge of a person of `signers/` what others made."
            ),
            Some(Test::RulesAndRecords) => format!("No commit changes both rules and records{below}."),
            Some(Test::PositionBack) => "No commit moves the position back.".to_owned(),
            None => "?".to_owned(),
        }
    }
}
