//! What an election's own entries give for one constituency: who stands, for how many seats, and
//! whether equal votes leave it open who has one.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    Told,
    election::{Ballot, Election, ElectionResult, Nomination, Reason, SeatsUp},
    told::word_state,
    word_of,
};
use crate::{
    day::{Today, Truth, When},
    decode::{Fact, List, State, Text},
    text::Span,
};

/// How many seats are up because a term ends, by constituency: those that are not vacant already.
pub(super) fn terms_ending(election: &Election) -> Vec<Told<'_>> {
    let list = &election.seats_up;
    let mut found: BTreeMap<String, (State<u32>, Span)> = BTreeMap::new();
    for one in list.iter() {
        let ends = match one.reason.known().or(election.reason.known()) {
            _ if one.reason.is_open() => open_or_bad(one.reason.is_bad()),
            Some(Reason::TermExpiry) => ending(one),
            Some(_) => State::Is(0),
            None => open_or_bad(election.reason.is_bad()),
        };
        let (sum, _) = found.entry(word_of(&one.constituency)).or_insert((State::Is(0), one.seats.span));
        *sum = match (&*sum, ends) {
            (State::Is(sum), State::Is(more)) => State::Is(sum.saturating_add(more)),
            (State::Bad, _) | (_, State::Bad) => State::Bad,
            _ => State::Unknown,
        };
    }
    if list.is_open() {
        found.insert("unknown".into(), (open_or_bad(list.is_bad()), list.span));
    }
    let told = |(slot, (sum, span)): (String, (State<u32>, Span))| {
        let state = match sum {
            State::Is(0) | State::Absent => State::Absent,
            State::Is(sum) => State::Is(Cow::Owned(sum.to_string())),
            State::Unknown => State::Unknown,
            State::Bad => State::Bad,
        };
        Told { slot: Cow::Owned(slot), state, span, since: None }
    };
    found.into_iter().map(told).collect()
}

/// The seats of an entry that are up because a term ends.
fn ending(one: &SeatsUp) -> State<u32> {
    if one.per.known().is_some() || one.seats.is_bad() || one.vacant.is_bad() {
        return open_or_bad(one.seats.is_bad() || one.vacant.is_bad());
    }
    let vacant = if one.vacant.is_absent() { Some(0) } else { one.vacant.known().copied() };
    match (one.seats.known(), vacant) {
        (Some(seats), Some(vacant)) => State::Is(seats.saturating_sub(vacant)),
        _ => State::Unknown,
    }
}

fn open_or_bad<T>(bad: bool) -> State<T> {
    if bad { State::Bad } else { State::Unknown }
}

/// The election of one constituency (and role, where its seats differ), as decided by a result.
#[derive(Debug)]
pub struct Contest<'a, 't> {
    /// What the slot is called.
    pub slot: Cow<'a, str>,
    election: &'a Election,
    result: &'a ElectionResult,
    on: Today<'t>,
}

/// How many there are: at least, and at most; no most where the list is open.
pub type Bounds = (usize, Option<usize>);

impl<'a, 't> Contest<'a, 't> {
    /// One for each result, as things stand on a day.
    pub fn all(election: &'a Election, on: Today<'t>) -> impl Iterator<Item = Self> {
        election.result.iter().map(move |result| Self { slot: slot_of(result), election, result, on })
    }

    /// The result.
    pub fn result(&self) -> &'a ElectionResult {
        self.result
    }

    /// Whether the result had been announced by the day judged; one without a day has come.
    pub fn is_decided(&self) -> Truth {
        self.result.announced.when().map_or(Truth::Yes, |when| when.by(self.on))
    }

    /// Whether an entry is of the constituency and role of the result.
    fn concerns<T: AsRef<str>>(&self, constituency: &Fact<T>, role: &Fact<Text>) -> Truth {
        let own = self.result.constituency.known().map(AsRef::as_ref);
        let same = match (own, constituency.known().map(AsRef::as_ref)) {
            (Some(one), Some(other)) => Truth::from(one == other),
            (_, None) if constituency.is_absent() => Truth::No,
            _ => Truth::Maybe,
        };
        let role = if role.is_open() || self.result.role.is_open() {
            Truth::Maybe
        } else {
            Truth::from(role.text() == self.result.role.text())
        };
        same.and(role)
    }

    /// How many seats are up; nothing where that is not known.
    pub fn seats(&self) -> Option<u32> {
        let up = &self.election.seats_up;
        if up.is_absent() || up.is_open() {
            return None;
        }
        let mut seats = 0u32;
        for one in up.iter() {
            match self.concerns(&one.constituency, &one.role) {
                Truth::Yes if one.per.is_absent() => seats = seats.saturating_add(*one.seats.known()?),
                Truth::No => {}
                // One a Voting Group: how many, the register of Parties says.
                _ => return None,
            }
        }
        Some(seats)
    }

    /// Whether a nomination stands: it came by the closing day, and was neither rejected nor
    /// withdrawn before the vote (without one, before the result).
    pub fn stands(&self, nomination: &Nomination) -> Truth {
        let received = nomination.received.when().unwrap_or(When::UNKNOWN);
        let in_time = self.election.nominations_close.when().map_or(Truth::Yes, |close| !close.before(received));
        let ballot = self.election.ballot.known().and_then(|ballot| ballot.opened.when());
        let until = ballot.or_else(|| self.result.announced.when());
        let gone = |fact: &Fact<When>| {
            fact.when().map_or(Truth::No, |when| until.map_or_else(|| when.by(self.on), |until| !until.before(when)))
        };
        let concerns = self.concerns(&nomination.constituency, &nomination.role);
        concerns.and(in_time).and(!gone(&nomination.rejected)).and(!gone(&nomination.withdrawn))
    }

    /// The candidates, each with whether some nomination of theirs stands.
    pub fn candidates(&self) -> BTreeMap<&'a str, Truth> {
        let mut found = BTreeMap::new();
        for one in self.election.nomination.iter() {
            if let Some(candidate) = one.candidate.known() {
                let stands = found.entry(candidate.as_ref()).or_insert(Truth::No);
                *stands = self.stands(one).or(*stands);
            }
        }
        found
    }

    /// Whether there may be candidates that the record does not name: no list of nominations at all
    /// means that nobody wrote down who stood.
    pub fn is_open(&self) -> bool {
        let list = &self.election.nomination;
        list.is_absent() || list.is_open()
    }

    /// How many stand.
    pub fn standing(&self) -> Bounds {
        let candidates = self.candidates();
        let count = |test: fn(Truth) -> bool| candidates.values().filter(|one| test(**one)).count();
        let nameless = self.election.nomination.iter().filter(|one| one.candidate.known().is_none());
        let nameless = nameless.filter(|one| self.stands(one).possible()).count();
        (count(Truth::certain), (!self.is_open()).then(|| count(Truth::possible).saturating_add(nameless)))
    }

    /// Whether more stand than there are seats.
    pub fn contested(&self) -> Truth {
        let Some(seats) = self.seats().and_then(|seats| usize::try_from(seats).ok()) else { return Truth::Maybe };
        let (least, most) = self.standing();
        if least > seats {
            Truth::Yes
        } else if most.is_some_and(|most| most <= seats) {
            Truth::No
        } else {
            Truth::Maybe
        }
    }

    /// Whether equal votes leave it open who has the last seat. Without a contest they do not; where
    /// a vote, or for whom it was, is not recorded, nobody can tell.
    pub fn tied(&self) -> Truth {
        if self.contested() != Truth::Yes {
            return self.contested();
        }
        self.last_seat_tied().map_or(Truth::Maybe, Truth::from)
    }

    fn last_seat_tied(&self) -> Option<bool> {
        let candidates = self.candidates();
        if self.is_open() || candidates.values().any(|stands| *stands == Truth::Maybe) {
            return None;
        }
        let mut votes: BTreeMap<&str, usize> =
            candidates.iter().filter(|(_, stands)| stands.certain()).map(|(one, _)| (*one, 0)).collect();
        for vote in recorded_votes(self.election.ballot.known()?)?.iter() {
            let constituency = vote.constituency.known()?;
            let own = self.result.constituency.known()? == constituency;
            if let Some(count) = votes.get_mut(vote.for_whom.known()?.as_ref()).filter(|_| own) {
                *count = count.saturating_add(1);
            }
        }
        let mut counts: Vec<usize> = votes.into_values().collect();
        counts.sort_unstable_by(|one, other| other.cmp(one));
        let seats = usize::try_from(self.seats()?).ok()?;
        Some(counts.get(seats.checked_sub(1)?)? == counts.get(seats)?)
    }
}

/// The votes, where all are recorded.
fn recorded_votes(ballot: &Ballot) -> Option<&List<super::election::Vote>> {
    (!ballot.vote.is_absent() && !ballot.vote.is_open()).then_some(&ballot.vote)
}

/// A result's slot: its constituency, and its role where it has one.
pub fn slot_of(result: &ElectionResult) -> Cow<'_, str> {
    let constituency = result.constituency.known().map_or("unknown", AsRef::as_ref);
    match result.role.known() {
        None => Cow::Borrowed(constituency),
        Some(_) => Cow::Owned(format!("{constituency} {}", word_of(&result.role))),
    }
}

/// A fact of each contest, standing where its reasons do.
pub(super) fn told<'a, 't>(
    election: &'a Election,
    on: Today<'t>,
    truth: impl Fn(&Contest<'a, 't>) -> Truth,
    span: fn(&Election) -> Span,
) -> Vec<Told<'a>> {
    let word = |truth: Truth| match truth {
        Truth::Yes => State::Is(Cow::Borrowed("true")),
        Truth::No => State::Is(Cow::Borrowed("false")),
        Truth::Maybe => State::Unknown,
    };
    Contest::all(election, on)
        .map(|contest| Told { state: word(truth(&contest)), span: span(election), slot: contest.slot, since: None })
        .collect()
}

/// How each constituency's seats were filled; where the result may be still to come, not known.
pub(super) fn how<'a>(election: &'a Election, on: Today<'_>) -> Vec<Told<'a>> {
    Contest::all(election, on)
        .map(|contest| {
            let result = contest.result();
            let state = match contest.is_decided() {
                Truth::Yes => word_state(&result.how),
                Truth::No => State::Absent,
                Truth::Maybe => State::Unknown,
            };
            Told { slot: contest.slot.clone(), state, span: result.how.span, since: None }
        })
        .collect()
}
