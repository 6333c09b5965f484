//! The seats of a body over time, and who stands for one on a day.

use crate::{
    day::{Day, Today, Truth, When, in_force},
    decode::Fact,
    kind::Case,
    record::{
        Kind as RecordKind,
        meeting::{As, Attendance},
        seat::{Seat, Tenure},
    },
};

/// A span of days, both ends included, that may move with the day judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window<'t>(pub(super) Today<'t>, pub(super) Today<'t>);

impl Window<'_> {
    /// Whether it ends before it begins.
    fn is_empty(self) -> bool {
        self.0.is_after(self.1)
    }
}

/// Stretches of days, both ends included: how many hold a day is looked up, not counted.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Stretches {
    starts: Vec<Day>,
    ends: Vec<Day>,
}

impl Stretches {
    pub(super) fn push(&mut self, first: Day, last: Day) {
        if first <= last {
            self.starts.push(first);
            self.ends.push(last);
        }
    }

    pub(super) fn sort(&mut self) {
        self.starts.sort_unstable();
        self.ends.sort_unstable();
    }

    fn before(days: &[Day], day: Today<'_>) -> usize {
        days.partition_point(|one| *one < day)
    }

    fn up_to(days: &[Day], day: Today<'_>) -> usize {
        days.partition_point(|one| *one <= day)
    }

    /// How many hold every day of a span, at least.
    pub(super) fn hold_all(&self, when: When) -> usize {
        Self::up_to(&self.starts, when.first.into()).saturating_sub(Self::before(&self.ends, when.last.into()))
    }

    /// How many hold some day of a span.
    pub(super) fn hold_some(&self, when: When) -> usize {
        Self::hold_between(self, when.first.into(), when.last.into())
    }

    fn hold_between(&self, first: Today<'_>, last: Today<'_>) -> usize {
        Self::up_to(&self.starts, last).saturating_sub(Self::before(&self.ends, first))
    }

    /// How many lie within a span, at least.
    pub(super) fn lie_within(&self, Window(first, last): Window<'_>) -> usize {
        let outside = Self::before(&self.starts, first)
            .saturating_add(self.ends.len().saturating_sub(Self::up_to(&self.ends, last)));
        if Window(first, last).is_empty() { 0 } else { self.starts.len().saturating_sub(outside) }
    }

    /// How many share a day with a span.
    pub(super) fn touch(&self, Window(first, last): Window<'_>) -> usize {
        if Window(first, last).is_empty() { 0 } else { self.hold_between(first, last) }
    }
}

/// The day before; the ends of time stay where they are.
fn eve(day: Day) -> Day {
    day.plus_days(-1)
}

/// The days on which a period certainly holds, and those on which it may.
pub(super) fn spans(from: Option<When>, until: Option<When>) -> ((Day, Day), (Day, Day)) {
    let from = from.unwrap_or(When::UNKNOWN);
    let until = until.unwrap_or(When::on(Day::LATEST));
    ((from.last, eve(until.first)), (from.first, eve(until.last)))
}

/// Whether a period holds on the one day, of a span, on which something was.
pub(super) fn in_force_over(from: Option<When>, until: Option<When>, when: When) -> Truth {
    let ends = [when.first, when.last].map(|day| in_force(from, until, day));
    if ends.iter().all(|one| one.certain()) {
        return Truth::Yes;
    }
    let begun = from.unwrap_or(When::UNKNOWN).by(when.last).possible();
    let over = until.is_some_and(|until| until.by(when.first).certain());
    if begun && !over { Truth::Maybe } else { Truth::No }
}

/// Whether somebody sits by a tenure while it lasts: not where the seat is vacant.
fn sits(tenure: &Tenure) -> Truth {
    match tenure.holder.known() {
        Some(holder) => Truth::from(holder.as_ref() != "vacant"),
        None if matches!(tenure.holder.state, crate::decode::State::Unknown) => Truth::Yes,
        None => Truth::Maybe,
    }
}

/// Days from and up to, both included.
type Spans = Vec<(Day, Day)>;

/// Stretches joined where they touch, so that a seat counts once on a day.
fn joined(mut all: Spans) -> Spans {
    all.retain(|(first, last)| first <= last);
    all.sort_unstable();
    let mut made = Spans::new();
    for (first, last) in all {
        match made.last_mut() {
            Some(before) if first <= before.1.plus_days(1) => before.1 = before.1.max(last),
            _ => made.push((first, last)),
        }
    }
    made
}

/// When a seat is certainly in office, and when it may be.
fn office(seat: &Seat) -> (Spans, Spans) {
    let (mut sure, mut may) = (Vec::new(), Vec::new());
    if seat.tenure.is_absent() || seat.tenure.is_open() {
        may.push((Day::EARLIEST, Day::LATEST));
    }
    for tenure in seat.tenure.iter() {
        let (certain, possible) = spans(tenure.from.when(), tenure.ended.when());
        match sits(tenure) {
            Truth::Yes => {
                sure.push(certain);
                may.push(possible);
            }
            Truth::Maybe => may.push(possible),
            Truth::No => {}
        }
    }
    (joined(sure), joined(may))
}

/// Whether somebody is in office in a seat on the day of something.
pub(super) fn in_office(seat: &Seat, when: When) -> Truth {
    let (sure, may) = office(seat);
    if sure.iter().any(|(first, last)| *first <= when.first && when.last <= *last) {
        Truth::Yes
    } else {
        Truth::from(may.iter().any(|(first, last)| *first <= when.last && when.first <= *last)).and(Truth::Maybe)
    }
}

/// The seats of one body.
#[derive(Debug, Default)]
pub(super) struct House {
    /// How many seats have a record.
    pub(super) seats: usize,
    /// Whether every seat has one.
    pub(super) complete: bool,
    sure: Stretches,
    may: Stretches,
    /// The seats from which the body is chaired.
    pub(super) chairs: Vec<u32>,
    /// Whether a seat of which nobody knows what it stands for may be one of them.
    pub(super) chair_in_doubt: bool,
}

impl House {
    /// The seats of a body.
    pub(super) fn of(body: &str, case: &Case<'_>) -> Self {
        let mut made = Self { complete: case.registry.is_complete(&format!("seats/{body}")), ..Self::default() };
        for at in case.registry.in_folder(RecordKind::Seat, body) {
            let Some(seat) = case.record(at).and_then(|record| record.seat()) else { continue };
            made.seats = made.seats.saturating_add(1);
            match seat.constituency.known() {
                Some(word) if case.code.chairs(word.as_ref()) => made.chairs.push(at),
                Some(_) => {}
                None => made.chair_in_doubt = true,
            }
            let (sure, may) = office(seat);
            for (first, last) in sure {
                made.sure.push(first, last);
            }
            for (first, last) in may {
                made.may.push(first, last);
            }
        }
        made.sure.sort();
        made.may.sort();
        made
    }

    /// How many members are in office on the day of something: at least, and at most as far as seats
    /// are recorded.
    pub(super) fn members(&self, when: When) -> (usize, usize) {
        (self.sure.hold_all(when), self.may.hold_some(when).min(self.seats))
    }
}

/// How somebody who came stands to the seat that they came for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    /// Whether they count for the seat.
    pub(super) counts: Truth,
    /// Whether they came as one who could: a guest did not.
    pub(super) claims: Truth,
}

/// Whether the person of an entry is the one whom a fact names.
fn is(fact: &Fact<impl AsRef<str>>, person: Option<&str>) -> Truth {
    match (fact.known().map(AsRef::as_ref), person) {
        (Some("vacant"), _) => Truth::No,
        (Some(one), Some(other)) => Truth::from(one == other),
        _ => Truth::Maybe,
    }
}

/// Whether a person holds a seat, or is an Alternate of who holds it, on the day of something.
pub(super) fn stands(seat: &Seat, person: Option<&str>, as_what: As, when: When) -> Truth {
    let open = if seat.tenure.is_absent() || seat.tenure.is_open() { Truth::Maybe } else { Truth::No };
    let mut found = if as_what == As::Guest { Truth::No } else { open };
    for tenure in seat.tenure.iter() {
        let held = in_force_over(tenure.from.when(), tenure.ended.when(), when);
        let own = match as_what {
            As::Guest => Truth::No,
            As::Member => is(&tenure.holder, person),
            As::Alternate => {
                let open = if tenure.alternate.is_open() { Truth::Maybe } else { Truth::No };
                let one = |one: &crate::record::seat::Alternate| {
                    in_force_over(one.from.when(), one.until.when(), when).and(is(&one.person, person))
                };
                tenure.alternate.iter().map(one).fold(open, Truth::or)
            }
        };
        found = found.or(held.and(own));
    }
    found
}

/// How an entry of the attendance stands to its seat.
pub(super) fn standing(seat: Option<&Seat>, entry: &Attendance, when: When) -> Standing {
    let person = entry.person.known().map(AsRef::as_ref);
    let of = |as_what| seat.map_or(Truth::Maybe, |seat| stands(seat, person, as_what, when));
    match entry.as_what.known() {
        Some(As::Guest) => Standing { counts: Truth::No, claims: Truth::No },
        Some(as_what) => Standing { counts: of(*as_what), claims: Truth::Yes },
        None => {
            let counts = of(As::Member).or(of(As::Alternate)).and(Truth::Maybe);
            Standing { counts, claims: Truth::Maybe }
        }
    }
}

/// Whether somebody is in office only if one of these members is: then their coming settles both.
pub(super) fn only_these(seat: &Seat, members: &[&str], when: When) -> bool {
    let named = |tenure: &Tenure| tenure.holder.known().is_some_and(|holder| members.contains(&holder.as_ref()));
    let possible = |tenure: &&Tenure| {
        in_force_over(tenure.from.when(), tenure.ended.when(), when).possible() && sits(tenure).possible()
    };
    !seat.tenure.is_absent() && !seat.tenure.is_open() && seat.tenure.iter().filter(possible).all(named)
}
