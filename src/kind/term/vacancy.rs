//! A holder who left before the term ended: how soon an election for the seat must have been called.

use super::{CallBefore, Case, Cure, Finding, Law, Outcome, Said, Says, Segment, Slots, Term, Terms, count_of, people};
use crate::{
    day::{Truth, When},
    decode::Text,
    finding::Mark,
    record::{
        Record,
        election::{Election, Reason},
        seat::{Seat, Tenure},
    },
};

/// A tenure that has ended, or may have.
pub(super) struct Left<'t> {
    pub(super) law: &'t Law<'t, Term>,
    pub(super) record: &'t Record,
    pub(super) seat: &'t Seat,
    /// Which tenure of the seat.
    pub(super) at: usize,
    pub(super) tenure: &'t Tenure,
    pub(super) holder: &'t str,
    pub(super) constituency: Option<&'t str>,
    pub(super) case: &'t Case<'t>,
}

impl Left<'_> {
    /// Judges it where the rule has a `call-after`; whether that was all there is to say.
    pub(super) fn judge(&self, slot: &str, holds: Truth, slots: &mut Slots) -> bool {
        let from = self.tenure.from.when().unwrap_or(When::UNKNOWN);
        let mut found: Vec<(&Segment<Terms>, Finding)> = Vec::new();
        let mut idle = false;
        for (part, says) in self.law.over(from) {
            match says {
                Says::Terms(segment, terms) => match terms.call_after.known() {
                    Some(call) => found.push((segment, self.called(part, terms, call, segment))),
                    None => idle = true,
                },
                // What nobody knows of the length is said of those who sit.
                _ => idle = true,
            }
        }
        let Some(worst) = found.iter().map(|(_, (outcome, ..))| *outcome).max() else { return false };
        let agree = !idle && found.iter().all(|(_, (outcome, ..))| *outcome == worst);
        let doubtful = worst == Outcome::Breach && (!agree || holds.possible());
        let outcome = if doubtful { Outcome::Unknown } else { worst };
        let Some((segment, (_, reason, marks))) = found.iter().find(|(_, (outcome, ..))| *outcome == worst) else {
            return false;
        };
        let asked = slots.explain;
        let said = || {
            let own = Mark::new(self.record.file, self.tenure.ended.span, format!("`{}` left", self.holder));
            let bad = self.tenure.from.is_bad() || self.tenure.due_to_end.is_bad() || self.tenure.ended.is_bad();
            let said = Said::new(slot, outcome, format!("{}: {reason}", people::name(self.record)))
                .mark(own)
                .marks(marks.clone())
                .under(segment)
                .silent(bad || self.record.damaged && outcome == Outcome::Unknown)
                .because(asked, || self.steps(from, &found));
            match outcome {
                Outcome::Breach => said
                    .help("record the election with the day it was called, or the day the holder left; else the delay stands and needs a decision or a derogation")
                    .explained(asked, |said| {
                        let why = "whether there was one only a source tells; it cannot be called after the day";
                        said.cure(Cure::by_hand("an election for the seat, called by the last day", why))
                    }),
                Outcome::Unknown => said.help("record the days and the election, or how much of them is known"),
                _ => said,
            }
        };
        match outcome {
            Outcome::Pass => slots.pass(said),
            Outcome::NotApplicable => slots.skip(said),
            _ => slots.say(said()),
        }
        // While the seat may still be held, the other tests have their say.
        holds == Truth::No
    }

    /// The tenure, how the last day was counted, the elections, what each version found.
    fn steps(&self, from: When, found: &[(&Segment<Terms>, Finding)]) -> Vec<String> {
        let holder = self.holder;
        let due = self.tenure.due_to_end.when().map_or("not stated".to_owned(), |when| when.to_string());
        let ended = self.tenure.ended.when().unwrap_or(When::UNKNOWN);
        let mut steps = vec![
            format!("the tenure of `{holder}`: {}", people::tenure_days(self.tenure)),
            format!("`due-to-end`: {due}"),
        ];
        for (_, says) in self.law.over(from) {
            let Says::Terms(_, terms) = says else { continue };
            let Some(call) = terms.call_after.known() else { continue };
            let calendar: Vec<Text> = call.calendar.iter().map(|name| name.0.clone()).collect();
            let working = self.case.working_days(&calendar);
            steps.extend(count_of(&call.count, &call.unit, false, &working).steps(ended.first));
        }
        for (_, (outcome, reason, marks)) in found {
            steps.extend(
                marks
                    .iter()
                    .filter(|mark| mark.label.starts_with("called "))
                    .map(|mark| format!("an election of `{}` was {}", self.record.parent(), mark.label)),
            );
            steps.push(format!("{outcome}: {reason}"));
        }
        steps.push(people::coverage_step("elections", self.case.registry.is_complete("elections")));
        steps
    }

    fn called(&self, from: When, terms: &Terms, call: &CallBefore, segment: &Segment<Terms>) -> Finding {
        let ended = self.tenure.ended.when().unwrap_or(When::UNKNOWN);
        let (early, vacant) = (self.early(from, terms, ended), self.fell_vacant(ended));
        let calendar: Vec<Text> = call.calendar.iter().map(|name| name.0.clone()).collect();
        let working = self.case.working_days(&calendar);
        let count = count_of(&call.count, &call.unit, false, &working);
        let label = format!(
            "{} {} after the seat fell vacant",
            call.count.known().copied().unwrap_or(0),
            call.unit.known().map_or("", |unit| unit.english())
        );
        let rule = segment.mark(self.law.file, "call-after", call.span, label.clone());
        let holder = self.holder;
        if early == Truth::No {
            return (Outcome::NotApplicable, format!("`{holder}` sat to the end of the term"), vec![rule]);
        }
        if vacant == Truth::No {
            return (Outcome::NotApplicable, format!("the seat of `{holder}` was filled again at once"), vec![rule]);
        }
        let (Some(first), Some(last)) = (count.last(ended.first), count.last(ended.last)) else {
            return (Outcome::Unknown, "how far the Working Days reach is not known yet".into(), vec![rule]);
        };
        let limit = When::between(first, last);
        let (best, mut marks) = self.calls(from, limit);
        marks.push(rule);
        if best == Truth::Yes {
            return (Outcome::Pass, format!("an election was called by {limit}, {label} on {ended}"), marks);
        }
        if self.case.on <= limit.first {
            return (Outcome::Pass, format!("an election can be called up to and including {limit}"), marks);
        }
        let complete = self.case.registry.is_complete("elections");
        let sure = early.and(vacant).certain() && self.case.on > limit.last && complete;
        if best == Truth::No && sure {
            let message =
                format!("no election for the seat that `{holder}` left on {ended} was called by {limit}, {label}");
            return (Outcome::Breach, message, marks);
        }
        let what = if early == Truth::Maybe {
            format!(
                "whether `{holder}` left before the term ended, so that an election had to be called by {limit}, is not recorded"
            )
        } else if vacant == Truth::Maybe {
            format!("whether the seat that `{holder}` left on {ended} fell vacant is not recorded")
        } else {
            format!("whether an election was called by {limit}, {label} on {ended}, is not recorded")
        };
        (Outcome::Unknown, what, marks)
    }

    /// Whether the holder left before the term was over.
    fn early(&self, from: When, terms: &Terms, ended: When) -> Truth {
        let by_length = || {
            let length = terms.length.known()?;
            let working = self.case.working_days(&[]);
            let count = count_of(&length.count, &length.unit, false, &working);
            Some(When::between(count.last(from.first)?, count.last(from.last)?))
        };
        let due = self.tenure.due_to_end.when().or_else(by_length);
        due.map_or(Truth::Maybe, |due| ended.before(due))
    }

    /// Whether nobody held the seat on the day the holder left.
    fn fell_vacant(&self, ended: When) -> Truth {
        let mut vacant = if self.seat.tenure.is_open() { Truth::Maybe } else { Truth::Yes };
        for (_, other) in self.seat.tenure.iter().enumerate().filter(|(at, _)| *at != self.at) {
            if other.holder.known().is_some_and(|holder| holder.as_ref() == "vacant") {
                continue;
            }
            let from = other.from.when().unwrap_or(When::UNKNOWN);
            let over = other.ended.when().map_or(Truth::No, |over| !ended.before(over));
            vacant = vacant.and(!(!ended.before(from)).and(!over));
        }
        vacant
    }

    /// Whether an election for the vacant seat was called within the tenure or after it, by a day.
    fn calls(&self, from: When, limit: When) -> (Truth, Vec<Mark>) {
        let (mut best, mut marks) = (Truth::No, Vec::new());
        for at in self.case.registry.elections_of(self.record.parent()) {
            let Some(record) = self.case.record(*at) else { continue };
            let Some(election) = record.election() else { continue };
            let fills = self.fills(election);
            if !fills.possible() || election.called.is_absent() {
                continue;
            }
            let called = election.called.when().unwrap_or(When::UNKNOWN);
            let in_time = !limit.before(called);
            let truth = fills.and(!called.before(from)).and(in_time).and(called.by(self.case.on));
            if truth.possible() || fills.certain() && called.last > from.first && marks.len() < 6 {
                marks.push(Mark::new(record.file, election.called.span, format!("called {called}")));
            }
            best = best.or(truth);
        }
        (best, marks)
    }

    /// Whether an election is for a vacant seat of this constituency (and role).
    fn fills(&self, election: &Election) -> Truth {
        let vacancy = |reason: Option<&Reason>, open: bool| match reason {
            Some(reason) => Truth::from(*reason == Reason::Vacancy),
            None => {
                if open {
                    Truth::Maybe
                } else {
                    Truth::No
                }
            }
        };
        let overall = vacancy(election.reason.known(), election.reason.is_open());
        if election.seats_up.is_absent() {
            return overall.min(Truth::Maybe);
        }
        let mut fills = if election.seats_up.is_open() { Truth::Maybe } else { Truth::No };
        for up in election.seats_up.iter() {
            let constituency = match up.constituency.known() {
                Some(word) => Truth::from(Some(word.as_ref()) == self.constituency),
                None => Truth::Maybe,
            };
            let role = Truth::from(up.role.is_absent() || up.role.text() == self.seat.role.text());
            let own = if up.reason.is_absent() { overall } else { vacancy(up.reason.known(), up.reason.is_open()) };
            let some = up.vacant.known().map_or(Truth::No, |vacant| Truth::from(*vacant > 0));
            let some = if up.vacant.is_open() { Truth::Maybe } else { some };
            fills = fills.or(constituency.and(role).and(own.or(some)));
        }
        fills
    }
}
