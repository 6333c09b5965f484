//! The engine folded over history: each commit of the first-parent line judged by the rules that it
//! had, on its own day, both what it holds and what it did; and when each finding appeared, when it was
//! cleared, and how long it stood.
//!
//! The day of a commit is the committer's, in the offset that the commit carries. It is the day judged
//! here, and nothing else is inferred from it.

pub mod cache;
mod deeds;
mod engine;
mod fold;
mod ledger;
mod rules;

use std::sync::Arc;

pub use self::cache::Cache;
pub use self::fold::{cache_folder, of};
use crate::{
    day::Day,
    error::Error,
    finding::{Basis, Finding, Level, Outcome},
    git,
};

/// What to audit, and how.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// `A..B` or `B`; all that led to HEAD where there is none.
    pub range: Option<String>,
    /// The day on which every commit is judged; its own day where there is none.
    pub on: Option<Day>,
}

impl Wanted {
    /// The revision at which the range ends.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for what is no range.
    pub fn head(&self) -> Result<&str, Error> {
        git::ends(self.range.as_deref().unwrap_or("HEAD")).map(|(_, head)| head)
    }
}

/// What an audit found.
#[derive(Debug)]
pub struct Audit {
    /// The range as it was asked for.
    pub range: String,
    /// The day on which every commit was judged, where it is one and the same.
    pub on: Option<Day>,
    /// The full id of the commit whose rules judged all of them, where it was one.
    pub rules_at: Option<String>,
    /// The commit before the oldest, where there is one: what stood there did not appear in the range.
    pub before: Option<Commit>,
    /// The commits, the oldest first.
    pub commits: Vec<Commit>,
    /// The findings of all of them, in the order in which they appeared.
    pub findings: Vec<Stood>,
    /// How many commits were not judged again: an earlier run had left what was found in them.
    pub remembered: usize,
}

/// One commit of an audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The full id.
    pub id: String,
    /// The committer's day, in the offset that the commit carries.
    pub day: Day,
    /// `name <e-mail>`, through no mailmap.
    pub author: String,
    /// `name <e-mail>` of who committed it.
    pub committer: String,
    /// The first line of its message.
    pub title: String,
    /// Whether it joins histories; it is judged as the whole that it makes.
    pub is_merge: bool,
    /// Whether its rules differ from those of the commit before.
    pub rules_changed: bool,
    /// How many errors, warnings and notes it has, in what it holds and in what it did; or why it could
    /// not be judged.
    pub counts: Result<Counts, String>,
}

/// How many findings there are of each level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// What is wrong.
    pub errors: usize,
    /// What is worth looking into.
    pub warnings: usize,
    /// What is worth knowing.
    pub notes: usize,
}

/// A finding over time. One that comes back, or comes to matter more or less, is a second one; and so is
/// one of what a second commit did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stood {
    /// What was found, as it was said when it appeared.
    pub found: Arc<Found>,
    /// Of what it is.
    pub about: About,
    /// The commit in which it appeared, by its place; nothing where it stood already before the oldest.
    pub appeared: Option<usize>,
    /// The commit in which it was cleared; nothing while it stands.
    pub cleared: Option<usize>,
    /// Days from the commit in which it appeared to the one in which it was cleared, or to the last one.
    pub days: u32,
    /// The Working Days among them by the code's default calendars, in `(appeared, cleared]`; nothing
    /// where they leave the years that the calendars cover, or no commit has rules.
    pub working_days: Option<u32>,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// What the records of commits say: it stands from one commit up to another.
    Records,
    /// What one commit did, by a rule about commits: it is found in that one and in no other.
    Commit,
}

impl About {
    /// The word used in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Commit => "commit",
        }
    }
}

/// A finding without its places: those belong to one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What makes it the same finding in another commit.
    pub fingerprint: Box<str>,
    /// The id of the rule.
    pub rule: Box<str>,
    /// The clause, where the rule has one.
    pub clause: Option<Box<str>>,
    /// Whether the clause is recalled and unchecked.
    pub clause_recalled: bool,
    /// The weakest evidence used.
    pub basis: Option<Basis>,
    /// Which part of the subject.
    pub slot: Box<str>,
    /// What was found.
    pub outcome: Outcome,
    /// How much it matters.
    pub level: Level,
    /// The record that it is about.
    pub subject: Box<str>,
    /// Subject first, then why.
    pub message: String,
    /// Only the rules of the commit before say so.
    pub by_base_rules: bool,
}

impl Found {
    fn of(finding: Finding) -> Self {
        Self {
            fingerprint: finding.fingerprint().into(),
            rule: finding.rule,
            clause_recalled: finding.clause.as_ref().is_some_and(|clause| clause.recalled),
            clause: finding.clause.map(|clause| clause.number),
            basis: finding.basis,
            slot: finding.slot,
            outcome: finding.outcome,
            level: finding.level,
            subject: finding.subject,
            message: finding.message,
            by_base_rules: finding.by_base_rules,
        }
    }
}

impl Audit {
    /// The commit in which a finding appeared: the one before the oldest where it stood already there.
    pub fn appeared(&self, one: &Stood) -> Option<&Commit> {
        one.appeared.map_or(self.before.as_ref(), |at| self.commits.get(at))
    }

    /// The commit in which a finding was cleared.
    pub fn cleared(&self, one: &Stood) -> Option<&Commit> {
        one.cleared.and_then(|at| self.commits.get(at))
    }

    /// What the last commit did.
    pub fn done_last(&self) -> impl Iterator<Item = &Stood> {
        let last = self.commits.len().checked_sub(1);
        self.findings.iter().filter(move |one| one.about == About::Commit && one.appeared == last)
    }

    /// What stands in the last commit that could be judged.
    pub fn standing(&self) -> impl Iterator<Item = &Stood> {
        self.findings.iter().filter(|one| one.cleared.is_none())
    }

    /// Whether any commit could be judged.
    pub fn has_answer(&self) -> bool {
        self.commits.is_empty() || self.commits.iter().any(|commit| commit.counts.is_ok())
    }
}
