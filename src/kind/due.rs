//! What must happen by when, so that the records stay compliant.

use crate::{
    day::When,
    decode::Text,
    finding::{Basis, Clause, Mark},
    kind::Segment,
};

/// What it means for a day to pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nature {
    /// It happens of itself (a consultation closes): the day passes, and nobody owes anything.
    Plan,
    /// It may come up to that day and no later; it need not come.
    Chance,
    /// It must have happened: the day after, it is overdue.
    Duty,
}

impl Nature {
    /// The word used in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Chance => "chance",
            Self::Duty => "duty",
        }
    }
}

/// Something that must happen to a record, that may, or that is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Which part of the record.
    pub slot: String,
    /// What is to happen, as an event and its slot: two rules that give the same are about the same.
    pub thing: String,
    /// The same in words: "the election for `gas-network` is called".
    pub what: String,
    /// What it means for the day to pass.
    pub nature: Nature,
    /// Whether it is that day and no other.
    pub exact: bool,
    /// The last day for it; a span where the days that it is counted from are not known.
    pub by: When,
    /// What other readings of the rule's words give, where it is another day: name and day; nothing
    /// where such a reading asks for nothing.
    pub otherwise: Vec<(Text, Option<When>)>,
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
        let slot = slot.into();
        Self {
            thing: slot.clone(),
            slot,
            what: what.into(),
            nature: Nature::Duty,
            exact: false,
            by,
            otherwise: Vec::new(),
            clause: None,
            basis: None,
            marks: vec![mark],
        }
    }

    /// As another sort of thing than a duty.
    #[must_use]
    pub fn nature(mut self, nature: Nature) -> Self {
        self.nature = nature;
        self
    }

    /// On that day and no other, where the rule says so.
    #[must_use]
    pub fn exact(mut self, exact: bool) -> Self {
        self.exact = exact;
        self
    }

    /// About this event, where the slot does not say so.
    #[must_use]
    pub fn thing(mut self, thing: impl Into<String>) -> Self {
        self.thing = thing.into();
        self
    }

    /// With another place.
    #[must_use]
    pub fn mark(mut self, mark: Mark) -> Self {
        self.marks.push(mark);
        self
    }

    /// Under a version of the rule: its evidence, and the places of the variations in force.
    #[must_use]
    pub fn under<T>(mut self, segment: &Segment<T>) -> Self {
        self.basis = Some(self.basis.map_or(segment.basis, |basis| basis.min(segment.basis)));
        self.marks.extend(segment.marks.iter().skip(1).cloned());
        self
    }
}

/// Puts what several readings of a rule ask of one record together: the words as they stand come
/// first, and each other reading is told where it gives another day.
pub(super) fn compared(mut first: Vec<Due>, others: Vec<(Text, Vec<Due>)>) -> Vec<Due> {
    for (name, dues) in others {
        for due in &mut first {
            let other = dues.iter().find(|one| one.slot == due.slot).map(|one| one.by);
            if other != Some(due.by) {
                due.otherwise.push((name.clone(), other));
            }
        }
        let only_here = |one: &Due| !first.iter().any(|due| due.slot == one.slot);
        let added: Vec<Due> = dues.into_iter().filter(only_here).collect();
        first.extend(added.into_iter().map(|due| Due { what: format!("{} (if {name})", due.what), ..due }));
    }
    first
}
