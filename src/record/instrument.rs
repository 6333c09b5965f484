//! A direction of the Secretary of State or the Authority.

use super::{
    Dated, Event, FactOf, Kinded, Told,
    id::{ActorId, SourceId},
    word_of,
};
use crate::{
    day::When,
    decode::{Fact, List, Text, Value, table, words},
};

words! {
    /// What an instrument does to a provision.
    pub enum Does {
        /// It applies otherwise.
        Vary = "vary",
        /// A variation lasts longer.
        Extend = "extend",
        /// A variation ends.
        End = "end",
        /// A provision takes effect.
        Activate = "activate",
    }
}

table! {
    /// A direction.
    pub struct Instrument {
        /// The sources it is taken from: keys of `sources/` or `publications/`.
        source: List<SourceId> = "source",
        /// Its title.
        title: Fact<Text> = "title" (required),
        /// Whose.
        by: Fact<ActorId> = "by" (required),
        /// The day it was made.
        on: Fact<When> = "on" (required),
        /// The power used.
        under: Fact<Text> = "under",
        /// The day it was notified.
        notified: Fact<When> = "notified",
        /// What it does.
        effect: List<Effect> = "effect",
        /// Whom it lets raise modifications.
        designates: List<ActorId> = "designates",
        /// What it is, for print.
        summary: Fact<Text> = "summary",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
        /// Where the thing itself can be read.
        url: Fact<Text> = "url",
    }
}

table! {
    /// One thing it does; a variation in the rulebook names it.
    pub struct Effect {
        /// What.
        does: Fact<Does> = "does",
        /// To which provision.
        provision: Fact<Text> = "provision",
        /// The first day.
        from: Fact<When> = "from",
        /// The first day on which it no longer holds.
        until: Fact<When> = "until",
        /// What it was before.
        was: Fact<super::publication::Scalar> = "was",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

impl Kinded for Instrument {
    const EVENTS: &'static [Event<Self>] = &[
        Event { name: "made", doc: "it was made", plan: false, birth: true, dates: |r| Dated::single(&r.on) },
        Event {
            name: "notified",
            doc: "it was notified",
            plan: false,
            birth: false,
            dates: |r| Dated::single(&r.notified),
        },
        Event {
            name: "effect-from",
            doc: "an effect begins (provision)",
            plan: true,
            birth: false,
            dates: |r| Dated::each(&r.effect, |one| &one.from, |one| word_of(&one.provision)),
        },
    ];
    const FACTS: &'static [FactOf<Self>] = &[FactOf {
        name: "under",
        doc: "the power used",
        shape: Text::shape,
        told: |r, _| Told::word(&r.under),
        write: |word, _| format!("under = \"{word}\""),
    }];
}
