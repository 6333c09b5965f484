//! What must happen by when, so that the records stay compliant.

use crate::{
    day::When,
    finding::{Basis, Clause, Mark},
    kind::Segment,
};

/// Something that must happen to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Which part of the record.
    pub slot: String,
    /// What must happen, in words: "the election for `gas-network` is called".
    pub what: String,
    /// The last day for it; a span where the days that it is counted from are not known.
    pub by: When,
    /// The clause of the row that asks for it, where a row has its own.
    pub clause: Option<Clause>,
    /// The weakest evidence used.
    pub basis: Option<Basis>,
    /// Where the fact stands that it follows from; then others.
    pub marks: Vec<Mark>,
}

impl Due {
    /// Something that must happen by a day.
    pub fn new(slot: impl Into<String>, what: impl Into<String>, by: When, mark: Mark) -> Self {
        Self { slot: slot.into(), what: what.into(), by, clause: None, basis: None, marks: vec![mark] }
    }

    /// Under a version of the rule: its evidence, and the places of the variations in force.
    #[must_use]
    pub fn under<T>(mut self, segment: &Segment<T>) -> Self {
        self.basis = Some(self.basis.map_or(segment.basis, |basis| basis.min(segment.basis)));
        self.marks.extend(segment.marks.iter().skip(1).cloned());
        self
    }
}
