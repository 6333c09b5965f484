//! What a judgement says of each slot of a subject.

use crate::{
    day::Day,
    finding::{Basis, Clause, Mark, Outcome},
    kind::Segment,
};

/// What was said of one slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Which part of the subject.
    pub slot: String,
    /// The outcome.
    pub outcome: Outcome,
    /// Why, subject first, values in backticks.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where; the first is the value that would be edited.
    pub marks: Vec<Mark>,
    /// The clause of the row that decided, where a row has its own.
    pub clause: Option<Clause>,
    /// The weakest evidence used; nothing where no version was.
    pub basis: Option<Basis>,
    /// The variations in force.
    pub varied_by: Vec<Box<str>>,
    /// The first day of the version that decided, as varied; nothing where no version did.
    pub version_from: Option<Day>,
    /// How it came about, a step a line: facts, arithmetic, what was skipped. Only where `explain` asks.
    pub steps: Vec<String>,
    /// The smallest change that would clear it. Only where `explain` asks.
    pub cure: Option<Cure>,
    /// It rests on a value that was reported already, so it is counted and not said again.
    pub silent: bool,
    /// A pass that is worth saying (a vacancy).
    pub notable: bool,
    /// The finding may be at most a note, whatever the rule's level.
    pub at_most_note: bool,
}

/// The smallest change that would clear a breach: in words, and as edits that a program can make.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cure {
    /// In words.
    pub text: String,
    /// The edits, where they can be said as such. Made all together, they clear the slot.
    pub set: Vec<Edit>,
    /// Why no edit can be said, where there is none.
    pub no_edit: Option<String>,
}

/// A value of a record to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The record, as `kind/id`.
    pub subject: String,
    /// The keys that lead to it from the root of the file, joined by `.`; an entry of a list by its
    /// number from 0.
    pub path: String,
    /// The value, as TOML writes it; nothing where the key is to be left out.
    pub value: Option<String>,
}

impl Cure {
    /// A change in words; the edits that make it, or why there are none, come after.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A change that no edit can say, and why.
    pub fn by_hand(text: impl Into<String>, why: impl Into<String>) -> Self {
        Self { text: text.into(), set: Vec::new(), no_edit: Some(why.into()) }
    }

    /// With a value to write.
    #[must_use]
    pub fn set(mut self, subject: impl Into<String>, path: impl Into<String>, value: impl Into<String>) -> Self {
        self.set.push(Edit { subject: subject.into(), path: path.into(), value: Some(value.into()) });
        self
    }

    /// With a key to leave out.
    #[must_use]
    pub fn unset(mut self, subject: impl Into<String>, path: impl Into<String>) -> Self {
        self.set.push(Edit { subject: subject.into(), path: path.into(), value: None });
        self
    }

    /// With what an edit makes of it where there is a path to make it at; else why there is none.
    #[must_use]
    pub fn at(self, path: Option<String>, why: &str, edit: impl FnOnce(Self, String) -> Self) -> Self {
        match path {
            Some(path) => edit(self, path),
            None => Self { no_edit: Some(why.to_owned()), ..self },
        }
    }
}

impl Said {
    /// Something said of a slot.
    pub fn new(slot: impl Into<String>, outcome: Outcome, message: impl Into<String>) -> Self {
        Self {
            slot: slot.into(),
            outcome,
            message: message.into(),
            help: None,
            marks: Vec::new(),
            clause: None,
            basis: None,
            varied_by: Vec::new(),
            version_from: None,
            steps: Vec::new(),
            cure: None,
            silent: false,
            notable: false,
            at_most_note: false,
        }
    }

    /// With what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With the steps by which it came about.
    #[must_use]
    pub fn steps(mut self, steps: impl IntoIterator<Item = String>) -> Self {
        self.steps.extend(steps);
        self
    }

    /// With the steps that a function works out, where somebody asked for them.
    #[must_use]
    pub fn because<S: IntoIterator<Item = String>>(self, asked: bool, steps: impl FnOnce() -> S) -> Self {
        if asked { self.steps(steps()) } else { self }
    }

    /// With the steps and the change that a function works out, where somebody asked for them.
    #[must_use]
    pub fn explained(self, asked: bool, explain: impl FnOnce(Self) -> Self) -> Self {
        if asked { explain(self) } else { self }
    }

    /// With the smallest change that would clear it.
    #[must_use]
    pub fn cure(mut self, cure: Cure) -> Self {
        self.cure = Some(cure);
        self
    }

    /// With a place.
    #[must_use]
    pub fn mark(mut self, mark: Mark) -> Self {
        self.marks.push(mark);
        self
    }

    /// With places.
    #[must_use]
    pub fn marks(mut self, marks: impl IntoIterator<Item = Mark>) -> Self {
        self.marks.extend(marks);
        self
    }

    /// Under a version of the rule: its evidence, the variations in force, and their places.
    #[must_use]
    pub fn under<T>(mut self, segment: &Segment<T>) -> Self {
        self.basis = Some(self.basis.map_or(segment.basis, |basis| basis.min(segment.basis)));
        self.version_from = self.version_from.or(Some(segment.from));
        self.varied_by.extend(segment.varied_by.iter().cloned());
        self.marks.extend(segment.marks.iter().skip(1).cloned());
        self
    }

    /// By a row with a clause and evidence of its own; the weaker evidence counts.
    #[must_use]
    pub fn row(mut self, clause: Option<Clause>, basis: Option<Basis>) -> Self {
        self.clause = clause.or(self.clause);
        self.basis = match (self.basis, basis) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        self
    }

    /// Rests on something that was reported already.
    #[must_use]
    pub fn silent(mut self, silent: bool) -> Self {
        self.silent = silent;
        self
    }

    /// A pass that is worth saying.
    #[must_use]
    pub fn notable(mut self) -> Self {
        self.notable = true;
        self
    }
}

/// Gathers what is said of the slots of one subject.
#[derive(Debug, Default)]
pub struct Slots {
    /// Whether passes are wanted with their reasons (`explain`).
    pub explain: bool,
    said: Vec<Said>,
    worst: Option<Outcome>,
}

impl Slots {
    /// An empty one; `explain` keeps passes with their reasons.
    pub fn new(explain: bool) -> Self {
        Self { explain, ..Self::default() }
    }

    /// Says something of a slot.
    pub fn say(&mut self, said: Said) {
        self.count(said.outcome);
        if self.explain || said.notable || !matches!(said.outcome, Outcome::Pass | Outcome::NotApplicable) {
            self.said.push(said);
        }
    }

    /// Says that a slot keeps the rule; the reason is worked out only where it is wanted.
    pub fn pass(&mut self, reason: impl FnOnce() -> Said) {
        if self.explain { self.say(reason()) } else { self.count(Outcome::Pass) }
    }

    /// Says that the rule does not speak of a slot; the reason is worked out only where it is wanted.
    pub fn skip(&mut self, reason: impl FnOnce() -> Said) {
        if self.explain { self.say(reason()) } else { self.count(Outcome::NotApplicable) }
    }

    /// Whether nothing was said that was kept.
    pub fn is_empty(&self) -> bool {
        self.said.is_empty()
    }

    fn count(&mut self, outcome: Outcome) {
        self.worst = Some(self.worst.map_or(outcome, |worst| worst.max(outcome)));
    }

    /// The worst outcome said; not applicable where nothing was.
    pub fn worst(&self) -> Outcome {
        self.worst.unwrap_or(Outcome::NotApplicable)
    }

    /// What was said, slot by slot.
    pub fn into_said(self) -> Vec<Said> {
        self.said
    }
}
