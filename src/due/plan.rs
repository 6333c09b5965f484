//! What is planned or owed by the records themselves, and of which no rule need speak. The things
//! are called as the events that rules name, so that a rule's entry takes the place of these.

use std::collections::BTreeMap;

use super::Found;
use crate::{
    day::{Day, Truth, When},
    decode::{Fact, List},
    finding::{Clause, Mark},
    kind::{Case, Due, Nature},
    record::{
        Body, Record,
        election::Election,
        instrument::{Effect, Instrument},
        word_of,
    },
};

/// What every record plans.
pub(super) fn found(case: &Case<'_>) -> Vec<Found> {
    let mut all = Vec::new();
    let latest = latest(case);
    for kind in crate::record::Kind::ALL {
        for (_, record) in case.registry.all(*kind) {
            if record.born.is_none_or(|born| born <= case.on) {
                let mut plans = Plans { record, on: case.on.untracked(), latest: &latest, all: &mut all };
                plans.look();
            }
        }
    }
    all
}

/// Whether nobody waits for a thing any more, although no date of its own says so.
pub(super) fn is_over(record: &Record, thing: &str, on: Day) -> bool {
    let Some(election) = record.election() else { return false };
    let decided = election.result.iter().any(|result| has_come(&result.announced, on));
    if thing == "nominations-close" || thing.starts_with("nomination-received") {
        // On the closing day itself a nomination may still come.
        let closed = election.nominations_close.when().is_some_and(|when| when.last < on);
        return closed || is_past_nominations(election, on);
    }
    decided && matches!(thing, "called" | "ballot-opened" | "ballot-closed")
}

/// Whether a ballot or a result shows that nominations have closed.
fn is_past_nominations(election: &Election, on: Day) -> bool {
    let voted = election.ballot.known().is_some_and(|ballot| has_come(&ballot.opened, on));
    voted || election.result.iter().any(|result| has_come(&result.announced, on))
}

/// Whether it has come by a day: on a day that counts, or on one that nobody knows.
fn has_come(fact: &Fact<When>, on: Day) -> bool {
    !fact.is_absent() && fact.when().is_none_or(|when| when.by(on) != Truth::No)
}

/// The plan that counts: the last one that it was moved to, else the first.
fn last_plan<'f>(planned: &'f Fact<When>, moved: &'f List<When>) -> &'f Fact<When> {
    moved.items.last().unwrap_or(planned)
}

/// The day and the id of the last instrument that did something to a provision.
type Latest<'p> = BTreeMap<&'p str, (When, &'p str)>;

/// The day of an effect: its own, else that of the instrument.
fn day_of(instrument: &Instrument, effect: &Effect) -> When {
    effect.from.when().or(instrument.on.when()).unwrap_or(When::UNKNOWN)
}

fn has_begun(instrument: &Instrument, effect: &Effect, on: Day) -> bool {
    day_of(instrument, effect).by(on).certain()
}

/// The last instrument on each provision, of those whose effect has begun.
fn latest<'p>(case: &Case<'p>) -> Latest<'p> {
    let mut found = Latest::new();
    for (_, record) in case.registry.all(crate::record::Kind::Instrument) {
        let Some(instrument) = record.instrument() else { continue };
        for effect in instrument.effect.iter().filter(|effect| has_begun(instrument, effect, case.on.untracked())) {
            let own = (day_of(instrument, effect), record.id.as_ref());
            let order = |(when, id): &(When, &'p str)| (when.first, when.last, *id);
            let entry = found.entry(effect.provision.text().unwrap_or("unknown")).or_insert(own);
            if order(&own) > order(entry) {
                *entry = own;
            }
        }
    }
    found
}

struct Plans<'p> {
    record: &'p Record,
    on: Day,
    latest: &'p Latest<'p>,
    all: &'p mut Vec<Found>,
}

impl Plans<'_> {
    fn look(&mut self) {
        let record = self.record;
        match &record.body {
            Body::Election(one) => self.election(one),
            Body::Modification(one) => self.modification(one),
            Body::Meeting(one) if !has_come(&one.held, self.on) && one.cancelled.is_absent() => {
                self.add("day", "the meeting is planned", last_plan(&one.planned, &one.moved_to), Nature::Plan);
            }
            Body::Consultation(one) => {
                self.add("closes", "the consultation closes", last_plan(&one.closes, &one.moved_to), Nature::Plan);
                if let Some(response) = one.response.known().filter(|one| !has_come(&one.published, self.on)) {
                    self.add("response-due", "the response is published", &response.due, Nature::Duty);
                }
            }
            Body::Deliverable(one) if !has_come(&one.published, self.on) => {
                self.add("due", "it is published", last_plan(&one.due, &one.moved_to), Nature::Duty);
            }
            Body::Release(one) if !has_come(&one.effective, self.on) => {
                self.add("effective", "the release is planned", last_plan(&one.planned, &one.moved_to), Nature::Plan);
            }
            Body::Event(one) if !has_come(&one.held, self.on) && one.cancelled.is_absent() => {
                self.add("on", "it is planned", last_plan(&one.on, &one.moved_to), Nature::Plan);
            }
            Body::Seat(one) => {
                for tenure in one.tenure.iter().filter(|tenure| tenure.ended.is_absent()) {
                    let holder = word_of(&tenure.holder);
                    let what = format!("the term of `{holder}` ends: its last day");
                    self.ends(&format!("due-to-end {holder}"), &what, &tenure.due_to_end);
                }
            }
            Body::Instrument(one) => {
                for effect in one.effect.iter() {
                    let provision = word_of(&effect.provision);
                    // A later instrument moved the end, or made it.
                    if self.latest.get(provision.as_str()).is_some_and(|(_, id)| **id != *record.id)
                        && has_begun(one, effect, self.on)
                    {
                        continue;
                    }
                    let what = format!("what it does to `{provision}` ends: its last day");
                    self.ends(&format!("effect-until {provision}"), &what, &effect.until);
                }
            }
            Body::Derogation(one) => {
                let of = one.rule.text().or(one.clause.text()).unwrap_or("?");
                let subject = one.subject.known().map_or("?", AsRef::as_ref);
                let what = format!("the leave of `{subject}` not to keep `{of}` ends: its last day");
                let before = self.all.len();
                self.ends("until", &what, &one.until);
                for found in self.all.iter_mut().skip(before) {
                    found.due.clause = one.clause.text().map(Clause::parse);
                }
            }
            _ => {}
        }
    }

    fn election(&mut self, election: &Election) {
        if !is_past_nominations(election, self.on) {
            self.add("nominations-close", "nominations close", &election.nominations_close, Nature::Plan);
        }
        if let Some(ballot) =
            election.ballot.known().filter(|_| !election.result.iter().any(|one| has_come(&one.announced, self.on)))
        {
            self.add("ballot-closed", "the ballot closes, votes come until then", &ballot.closed, Nature::Plan);
        }
    }

    fn modification(&mut self, one: &crate::record::modification::Modification) {
        let on = self.on;
        for part in one.implementation.iter().filter(|part| !has_come(&part.actual, on)) {
            let name = word_of(&part.part);
            let of = if name.is_empty() { String::new() } else { format!(" of `{name}`") };
            let planned = last_plan(&part.planned, &part.moved_to);
            let thing = format!("implementation-planned {name}");
            self.add(thing.trim_end(), &format!("the implementation{of} is planned"), planned, Nature::Plan);
        }
        for plan in one.planned.iter() {
            let stage = word_of(&plan.to);
            let reached = one.step.iter().any(|step| word_of(&step.to) == stage && has_come(&step.on, on));
            if !reached {
                self.add(
                    &format!("planned-{stage}"),
                    &format!("the stage `{stage}` is planned"),
                    &plan.on,
                    Nature::Plan,
                );
            }
        }
        for asked in one.assessment.iter().filter(|asked| !has_come(&asked.returned, on)) {
            self.add("assessment", "the assessment is returned", &asked.due, Nature::Duty);
        }
    }

    /// The first day after something is the day before its last one.
    fn ends(&mut self, thing: &str, what: &str, until: &Fact<When>) {
        let Some(when) = until.when().filter(|when| when.last > self.on) else { return };
        let last = When::between(when.first.plus_days(-1), when.last.plus_days(-1));
        self.push(thing, what, last, until, Nature::Plan);
    }

    fn add(&mut self, thing: &str, what: &str, fact: &Fact<When>, nature: Nature) {
        if let Some(when) = fact.when() {
            self.push(thing, what, when, fact, nature);
        }
    }

    fn push(&mut self, thing: &str, what: &str, by: When, fact: &Fact<When>, nature: Nature) {
        let mark =
            Mark::new(self.record.file, fact.span, fact.when().map_or_else(String::new, |when| when.to_string()));
        let due = Due::new(thing, what, by, mark).nature(nature);
        self.all.push(Found { subject: self.record.subject(), asks: None, due });
    }
}
