//! Proofs about the rules themselves: what contradicts itself, with the smallest counterexample.

use crate::{
    day::Day,
    finding::{Clause, Mark},
    rulebook::{code::Code, rule::Rule},
    text::FileId,
};

/// What a proof about one version may look at.
#[derive(Debug)]
pub struct Proving<'p> {
    /// The rule.
    pub rule: &'p Rule,
    /// Its file.
    pub file: FileId,
    /// The code's words.
    pub code: &'p Code,
    /// The first day of the version.
    pub from: Day,
    /// The first day on which it no longer held.
    pub until: Day,
}

/// Something in the rules that contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// What, subject first.
    pub message: String,
    /// The clauses that clash, or the one that is not whole.
    pub clauses: Vec<Clause>,
    /// Where; the first is the value that would be edited.
    pub marks: Vec<Mark>,
    /// The smallest counterexample: an `[[example]]` that can be pasted into the rule's file.
    pub example: Option<String>,
}
