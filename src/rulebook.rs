//! The rulebook: the code's words, its calendars, its rules with their versions and variations.

mod assume;
pub mod code;
pub mod coverage;
pub mod example;
pub mod in_force;
pub mod load;
pub mod mutant;
pub mod proofread;
pub mod prove;
pub mod raw;
pub mod rule;
pub mod select;
mod sound;

use std::{collections::BTreeMap, sync::Arc};

use self::{
    code::Code,
    coverage::Coverage,
    raw::RawFile,
    rule::{Rule, What},
};
use crate::{
    calendar::Calendars,
    finding::{Clause, Finding},
    text::{FileId, Span},
};

/// All rules of one tree. A copy shares them, so that one rule can be judged in the place of another.
#[derive(Debug, Clone)]
pub struct Rulebook {
    /// The code's words.
    pub code: Arc<Code>,
    /// The bank holidays.
    pub calendars: Arc<Calendars>,
    /// The rules, sorted by id; variations are among them.
    pub rules: Vec<Arc<Rule>>,
    /// The fixtures of examples, by name.
    pub fixtures: Arc<BTreeMap<String, (FileId, RawFile)>>,
    /// The sources that rules cite: key and title.
    pub sources: Arc<BTreeMap<String, String>>,
    /// The modifications judged as if they were implemented on the day judged.
    pub assumed: Vec<String>,
    /// How each row of what is known of the code is looked after, where that is written down.
    pub coverage: Option<Arc<Coverage>>,
    /// What is wrong with the rules and still leaves them readable: a source that lacks, an effect
    /// that reaches no rule. It never stops `check`: a pull request must go on being judged.
    pub doubts: Vec<Finding>,
    /// Letters of rule files that deceive: what `check` finds in records, it finds in rules.
    pub letters: Vec<Finding>,
}

impl Rulebook {
    /// The rule of an id.
    pub fn find(&self, id: &str) -> Option<&Rule> {
        self.rules
            .binary_search_by(|rule| rule.id.as_ref().cmp(id))
            .ok()
            .and_then(|at| self.rules.get(at))
            .map(AsRef::as_ref)
    }

    /// Every rule, variations among them, sorted by id.
    pub fn all(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(AsRef::as_ref)
    }

    /// The rules that judge records: all but variations.
    pub fn judging(&self) -> impl Iterator<Item = &Rule> {
        self.all().filter(|rule| matches!(rule.what, What::Rule { .. }))
    }

    /// The variations.
    pub fn variations(&self) -> impl Iterator<Item = &Rule> {
        self.all().filter(|rule| rule.variation().is_some())
    }

    /// Whether some rule judges commits.
    pub fn judges_commits(&self) -> bool {
        self.judging().any(Rule::judges_commits)
    }

    /// Whether a rule, or a variation of one, has this word and so may ask for what it stands for.
    pub fn has_word(&self, word: &str) -> bool {
        self.all().any(|rule| rule.raw.text().contains(word))
    }

    /// Whether some rule has this clause, or one below it; rows count as well.
    pub fn has_clause(&self, clause: &str) -> bool {
        self.rules
            .iter()
            .any(|rule| rule.clause.lies_under(clause) || row_clauses(rule).iter().any(|one| one.lies_under(clause)))
    }
}

/// The clauses that rows of a rule's versions give.
fn row_clauses(rule: &Rule) -> Vec<Clause> {
    fn gather(raw: &crate::decode::Raw<'_>, found: &mut Vec<Clause>) {
        match raw.get_ref() {
            toml::de::DeValue::Table(table) => {
                found.extend(table.get("clause").and_then(|raw| raw.get_ref().as_str()).map(Clause::parse));
                table.iter().for_each(|(_, value)| gather(value, found));
            }
            toml::de::DeValue::Array(items) => items.iter().for_each(|item| gather(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    if let Some(versions) = rule.raw.root().get("version") {
        gather(versions, &mut found);
    }
    found
}

/// The first line of a file, for problems about the whole of it.
pub(crate) fn head_of(text: &str) -> Span {
    Span::new(0..text.find('\n').unwrap_or(text.len()))
}
