//! The engine: records, rules and a day in; findings out. It knows no git, no clock, no screen.

use crate::{
    day::Day,
    finding::{Finding, Level, Outcome},
    text::Texts,
};

/// What one run found, and all that a printer needs to say so.
#[derive(Debug)]
pub struct Verdict {
    /// The day judged.
    pub on: Day,
    /// The day that the records speak for.
    pub position: Option<Day>,
    /// `worktree`, or the full id of the commit judged.
    pub at: String,
    /// The full id of the commit compared with.
    pub base: Option<String>,
    /// The modifications judged as if they were implemented.
    pub assumed: Vec<String>,
    /// The counts.
    pub summary: Summary,
    /// Sorted by primary path, line, column, rule, slot.
    pub findings: Vec<Finding>,
    /// The texts that the places of the findings lie in.
    pub texts: Texts,
}

/// The counts of one run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Record files, sources among them.
    pub records: usize,
    /// Rule files.
    pub rules: usize,
    /// Pairs of a rule and a record that it selects; the six outcomes add up to it.
    pub judged: usize,
    /// How many of those came out as each of [`Outcome::ALL`], in that order.
    pub outcomes: [usize; 6],
}

impl Summary {
    /// How many pairs came out so.
    pub fn of(&self, outcome: Outcome) -> usize {
        Outcome::ALL.iter().position(|one| *one == outcome).and_then(|at| self.outcomes.get(at)).copied().unwrap_or(0)
    }
}

impl Verdict {
    /// How many findings have this level.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }
}
