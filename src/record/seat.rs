//! One seat and who held it. Its number is ours: no rule may lean on it.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    Dated, Event, FactOf, Kinded, Told,
    id::{ActorId, Constituency, ElectionId, Holder, PartyId, PersonId, SourceId},
    told::word_state,
    word_of,
};
use crate::{
    day::{Today, When},
    decode::{Fact, List, State, Text, Value, table},
    text::Span,
};

fn alternates(seat: &Seat) -> Vec<Dated> {
    seat.tenure
        .iter()
        .flat_map(|tenure| Dated::each(&tenure.alternate, |one| &one.from, |one| word_of(&one.person)))
        .collect()
}

/// Who put forward each holder that there may have been by a day: who nominated or appointed, or the
/// word `election`.
fn filled_by<'s>(seat: &'s Seat, on: Today<'_>) -> Vec<Told<'s>> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    let mut all = Vec::new();
    let began = |tenure: &&Tenure| tenure.from.when().is_none_or(|when| when.by(on).possible());
    for tenure in seat.tenure.iter().filter(began) {
        let holder = word_of(&tenure.holder);
        if holder == "vacant" {
            continue;
        }
        let time = times.entry(holder.clone()).or_insert(0);
        *time = time.saturating_add(1);
        let slot = if *time == 1 { holder } else { format!("{holder}-{time}") };
        let (state, span) = match &tenure.by.state {
            State::Is(by) => put_forward(by, tenure.by.span),
            State::Absent => (State::Absent, tenure.span),
            State::Unknown => (State::Unknown, tenure.by.span),
            State::Bad => (State::Bad, tenure.by.span),
        };
        let since = Some(tenure.from.when().unwrap_or(When::UNKNOWN));
        all.push(Told { slot: Cow::Owned(slot), state, span, since });
    }
    all
}

fn put_forward(by: &By, span: Span) -> (State<Cow<'_, str>>, Span) {
    let acted = [&by.nomination_by, &by.appointment_by].into_iter().find(|fact| !fact.is_absent());
    match (acted, &by.election.state) {
        (Some(fact), _) => (word_state(fact), fact.span),
        (None, State::Is(_)) => (State::Is(Cow::Borrowed("election")), span),
        (None, State::Unknown) => (State::Unknown, span),
        (None, State::Bad) => (State::Bad, span),
        (None, State::Absent) => (State::Absent, span),
    }
}

table! {
    /// A seat of a body.
    pub struct Seat {
        /// The sources it is taken from: keys of `sources/` or `publications/`.
        source: List<SourceId> = "source",
        /// What it stands for.
        constituency: Fact<Constituency> = "constituency" (required),
        /// Where seats of one constituency differ.
        role: Fact<Text> = "role",
        /// The Voting Group it belongs to, named by any Party of it.
        voting_group: Fact<PartyId> = "voting-group",
        /// Who held it, and when; left out: not known.
        tenure: List<Tenure> = "tenure",
        /// What it is, for print.
        summary: Fact<Text> = "summary",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
        /// Where the thing itself can be read.
        url: Fact<Text> = "url",
    }
}

table! {
    /// One holder for a time.
    pub struct Tenure {
        /// The person; `vacant` where a source says so.
        holder: Fact<Holder> = "holder",
        /// The first day.
        from: Fact<When> = "from",
        /// The first day on which the term will be over.
        due_to_end: Fact<When> = "due-to-end",
        /// The first day on which it was over.
        ended: Fact<When> = "ended",
        /// The day on which the holder was asked to confirm in writing.
        confirmation_asked: Fact<When> = "confirmation-asked",
        /// The day of the written confirmation.
        confirmed: Fact<When> = "confirmed",
        /// The day of the written notice of resignation.
        resigned: Fact<When> = "resigned",
        /// How the holder came to it.
        by: Fact<By> = "by",
        /// Who stood in.
        alternate: List<Alternate> = "alternate",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// How a holder came to a seat.
    pub struct By {
        /// By this election.
        election: Fact<ElectionId> = "election",
        /// Nominated by.
        nomination_by: Fact<ActorId> = "nomination-by",
        /// Appointed by.
        appointment_by: Fact<ActorId> = "appointment-by",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// A substitute for a time.
    pub struct Alternate {
        /// The person.
        person: Fact<PersonId> = "person",
        /// The first day.
        from: Fact<When> = "from",
        /// The first day on which it no longer was.
        until: Fact<When> = "until",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

impl Kinded for Seat {
    const EVENTS: &'static [Event<Self>] = &[
        Event {
            name: "tenure-from",
            doc: "a holder took the seat",
            plan: false,
            birth: true,
            dates: |r| Dated::each(&r.tenure, |one| &one.from, |one| word_of(&one.holder)),
        },
        Event {
            name: "tenure-due-to-end",
            doc: "the term is to end",
            plan: true,
            birth: false,
            dates: |r| Dated::each(&r.tenure, |one| &one.due_to_end, |one| word_of(&one.holder)),
        },
        Event {
            name: "tenure-ended",
            doc: "a holder left the seat",
            plan: false,
            birth: false,
            dates: |r| Dated::each(&r.tenure, |one| &one.ended, |one| word_of(&one.holder)),
        },
        Event {
            name: "confirmation-asked",
            doc: "a holder was asked to confirm in writing (holder)",
            plan: false,
            birth: false,
            dates: |r| Dated::each(&r.tenure, |one| &one.confirmation_asked, |one| word_of(&one.holder)),
        },
        Event {
            name: "confirmed",
            doc: "a holder confirmed in writing (holder)",
            plan: false,
            birth: false,
            dates: |r| Dated::each(&r.tenure, |one| &one.confirmed, |one| word_of(&one.holder)),
        },
        Event {
            name: "resigned",
            doc: "a holder gave notice of resignation (holder)",
            plan: false,
            birth: false,
            dates: |r| Dated::each(&r.tenure, |one| &one.resigned, |one| word_of(&one.holder)),
        },
        Event { name: "alternate-from", doc: "an Alternate was named", plan: false, birth: false, dates: alternates },
    ];
    const FACTS: &'static [FactOf<Self>] = &[FactOf {
        name: "filled-by",
        doc: "who nominated or appointed a holder; `election` where it was one (holder)",
        shape: ActorId::shape,
        told: filled_by,
        write: |word, slot| {
            let by =
                if word == "election" { "election = \"e\"".to_owned() } else { format!("nomination-by = \"{word}\"") };
            format!("tenure = [{{ holder = \"{slot}\", by = {{ {by} }} }}]")
        },
    }];
}
