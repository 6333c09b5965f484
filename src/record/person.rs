//! A person who holds, stood for or was nominated to something.

use super::{
    Dated, Event, Kinded,
    id::{ActorId, SourceId},
    word_of,
};
use crate::{
    day::When,
    decode::{Fact, List, Text, table},
};

table! {
    /// A person.
    pub struct Person {
        /// The sources it is taken from: keys of `sources/` or `publications/`.
        source: List<SourceId> = "source",
        /// The name.
        name: Fact<Text> = "name" (required),
        /// Who employs the person; left out: not known.
        employment: List<Employment> = "employment",
        /// What it is, for print.
        summary: Fact<Text> = "summary",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
        /// Where the thing itself can be read.
        url: Fact<Text> = "url",
    }
}

table! {
    /// An employer for a time.
    pub struct Employment {
        /// The employer.
        by: Fact<ActorId> = "by",
        /// The first day.
        from: Fact<When> = "from",
        /// The first day on which it no longer was.
        until: Fact<When> = "until",
        /// The day on which the change was notified.
        notified: Fact<When> = "notified",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

impl Kinded for Person {
    const EVENTS: &'static [Event<Self>] = &[
        Event {
            name: "employment-from",
            doc: "an employment began (employer)",
            plan: false,
            birth: false,
            dates: |r| Dated::each(&r.employment, |one| &one.from, |one| word_of(&one.by)),
        },
        Event {
            name: "employment-notified",
            doc: "a change of employer was notified (employer)",
            plan: false,
            birth: false,
            dates: |r| Dated::each(&r.employment, |one| &one.notified, |one| word_of(&one.by)),
        },
    ];
}
