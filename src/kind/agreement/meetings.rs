//! Meetings of two bodies that go together: those of one month share their day and their number.

use std::collections::BTreeMap;

use super::{About, Mark, Outcome, RecordKind, Said, Slots, Terms, Trial, same_day};
use crate::{
    day::{Day, Truth, When},
    decode::{Fact, meant},
    kind::{Case, Proofreader},
    record::{Record, meeting::Meeting},
};

/// What may be held against what.
const COMPARED: &[&str] = &["day", "number"];

pub(super) fn proofread(about: &About, terms: &Terms, proof: &mut Proofreader<'_>) {
    if about.with.is_absent() {
        let message = "meetings are held against those of another body: `with`".into();
        proof.reader.report("record-missing", terms.test.span, message, "with whose", None);
    }
    for (word, span) in terms.about.known().map(|words| words.0.as_slice()).unwrap_or_default() {
        if !COMPARED.contains(&word.as_ref()) {
            let label = meant(word, COMPARED.iter().copied(), "not known");
            let help = format!("of meetings, this test compares {}", COMPARED.join(", "));
            proof.reader.report(
                "record-word",
                *span,
                format!("`{word}` is nothing that is compared"),
                &label,
                Some(help),
            );
        }
    }
}

pub(super) fn english(of: &str, about: &About, terms: &Terms) -> String {
    let words: Vec<String> =
        terms.about.known().map(|words| words.iter().map(|word| format!("`{word}`")).collect()).unwrap_or_default();
    let with = about.with.known().map_or("?", AsRef::as_ref);
    format!("Each {of} has the {} of that of `{with}` in the same month.", words.join(" and "))
}

/// The meetings of the other body, by the last day of their month.
#[derive(Debug, Default)]
pub(super) struct Months {
    by_month: BTreeMap<Day, Vec<u32>>,
    /// Some of them may lack, or may have been in any month.
    open: bool,
}

impl Months {
    /// All of them, where a rule is about two bodies.
    pub(super) fn of(about: &About, case: &Case<'_>) -> Self {
        let mut found = Self::default();
        let Some(with) = about.with.known().map(AsRef::as_ref) else { return found };
        found.open = !case.registry.is_complete(&format!("meetings/{with}"));
        for at in case.registry.in_folder(RecordKind::Meeting, with) {
            let Some(record) = case.record(at) else { continue };
            let Some(meeting) = record.meeting().filter(|meeting| meeting.cancelled.is_absent()) else { continue };
            match meeting.day().when().and_then(month) {
                Some(month) => found.by_month.entry(month).or_default().push(at),
                None => found.open = true,
            }
        }
        found
    }
}

/// What is kept of a meeting that another is held against: whether it was called off, and its day.
pub(super) fn met(record: &Record) -> Option<(bool, Option<When>)> {
    record.meeting().map(|meeting| (meeting.cancelled.is_absent(), meeting.day().when()))
}

/// The last day of the month in which a day lies, where that is known.
fn month(when: When) -> Option<Day> {
    let month = when.first.last_of_month();
    (when.first.is_finite() && month == when.last.last_of_month()).then_some(month)
}

impl Trial<'_> {
    /// A meeting against those of the other body in its month.
    pub(super) fn meeting(&self, months: &Months, meeting: &Meeting, with: &str, slots: &mut Slots) {
        let name = self.name();
        let idle = |why: &str| {
            Said::new("day", Outcome::NotApplicable, format!("{name}: {why}")).steps(self.own_steps(meeting))
        };
        if !meeting.cancelled.is_absent() {
            return slots.skip(|| idle("it was called off"));
        }
        let Some(own) = meeting.day().when() else { return slots.skip(|| idle("it has no day")) };
        let mark = Mark::new(self.record.file, meeting.day().span, format!("on {own}"));
        let others = month(own).map(|month| months.by_month.get(&month).map_or(&[][..], Vec::as_slice));
        let met = |at: &u32| self.case.record(*at).and_then(|record| Some((record, record.meeting()?)));
        let Some(others) = others.map(|all| all.iter().filter_map(met).collect::<Vec<_>>()) else {
            let message = format!("{name}: in which month it was is not recorded");
            return self.say(Said::new("day", Outcome::Unknown, message).mark(mark), slots);
        };
        if others.is_empty() {
            if months.open {
                let message = format!("{name}: whether `{with}` met in that month is not recorded");
                return self.say(Said::new("day", Outcome::Unknown, message).mark(mark), slots);
            }
            return slots.skip(|| idle(&format!("`{with}` did not meet in that month")));
        }
        let same = |other: &Meeting| other.day().when().map_or(Truth::Maybe, |when| same_day(own, when));
        let truth = others.iter().map(|(_, other)| same(other)).fold(Truth::No, Truth::or);
        // Of several on one day, the one that agrees is meant: that another does not is no breach.
        let agrees = |other: &Meeting| match (meeting.number.known(), other.number.known()) {
            (Some(own), Some(other)) if own == other => Truth::Yes,
            (Some(_), Some(_)) => Truth::No,
            _ => Truth::Maybe,
        };
        let on_day = |truth: Truth| others.iter().filter(move |(_, other)| same(other) == truth);
        let closest = match truth {
            Truth::Yes => on_day(Truth::Yes)
                .max_by_key(|(_, other)| agrees(other))
                .filter(|(_, best)| on_day(Truth::Maybe).all(|(_, other)| agrees(other) <= agrees(best))),
            Truth::No => others.first(),
            Truth::Maybe => None,
        };
        // Another meeting of that month may lack; the one of the same day is the one that is meant.
        let sure = truth == Truth::Yes || !months.open;
        if self.is_about("day") {
            self.say(self.day_of(own, truth, sure, &others, with).mark(mark), slots);
        }
        let counterpart = closest.filter(|_| sure && (truth == Truth::Yes || others.len() == 1));
        if self.is_about("number") {
            self.number(meeting, counterpart.copied(), with, slots);
        }
    }

    fn own_steps(&self, meeting: &Meeting) -> Vec<String> {
        let day = meeting.day().when().map_or("no day".to_owned(), |when| when.to_string());
        let number = meeting.number.known().map_or("not recorded".to_owned(), ToString::to_string);
        let off = if meeting.cancelled.is_absent() { "" } else { "; it was called off" };
        vec![format!("{}: {day}, number {number}{off}", self.name())]
    }

    fn day_of(&self, own: When, truth: Truth, sure: bool, others: &[(&Record, &Meeting)], with: &str) -> Said {
        let name = self.name();
        let marks = others.iter().take(3).map(|(record, other)| {
            let when = other.day().when().map_or("unknown".to_owned(), |when| when.to_string());
            Mark::new(record.file, other.day().span, format!("`{}`: {when}", record.id))
        });
        let said = match truth {
            Truth::Yes => Said::new("day", Outcome::Pass, format!("{name}: `{with}` met on that day, {own}")),
            Truth::No if sure => {
                let message = format!("{name} is on {own}, and `{with}` met on another day of that month");
                Said::new("day", Outcome::Breach, message).help("correct the day that is wrong, if one is")
            }
            _ => {
                let message = format!("{name}: whether `{with}` met on that day, {own}, is not recorded");
                Said::new("day", Outcome::Unknown, message).help("record the days of both")
            }
        };
        said.marks(marks)
    }

    fn number(&self, meeting: &Meeting, other: Option<(&Record, &Meeting)>, with: &str, slots: &mut Slots) {
        let name = self.name();
        let nothing = |fact: &Fact<u32>| fact.is_absent();
        if nothing(&meeting.number) || other.is_some_and(|(_, other)| nothing(&other.number)) {
            let message = format!("{name}: not both have a number");
            let steps = self.own_steps(meeting);
            return slots.skip(|| Said::new("number", Outcome::NotApplicable, message).steps(steps));
        }
        let mark = Mark::new(self.record.file, meeting.number.span, "its number");
        let Some((record, other)) = other else {
            // That is the same cause as of the day.
            let message = format!("{name}: which meeting of `{with}` it goes with is not recorded");
            return self.say(Said::new("number", Outcome::Unknown, message).mark(mark).silent(true), slots);
        };
        let said = match (meeting.number.known(), other.number.known()) {
            (Some(own), Some(number)) if own == number => {
                Said::new("number", Outcome::Pass, format!("{name} has the number of `{}`, {own}", record.id))
            }
            (Some(own), Some(number)) => {
                let message = format!("{name} has number {own}, and `{}`, with which it goes, {number}", record.id);
                Said::new("number", Outcome::Breach, message).help("correct the number that is wrong, if one is")
            }
            _ => {
                let message = format!("{name}: whether it has the number of `{}` is not recorded", record.id);
                Said::new("number", Outcome::Unknown, message).silent(meeting.number.is_bad() || other.number.is_bad())
            }
        };
        self.say(said.mark(mark).mark(Mark::new(record.file, other.number.span, "the other number")), slots);
    }
}
