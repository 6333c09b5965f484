//! Whether a member, or an Alternate, came to enough of the meetings of the last months.

use rustc_hash::FxHashMap;

use super::{
    AtLeast, Trial,
    house::{Stretches, Window, in_force_over, spans, standing},
};
use crate::{
    day::{Day, Truth, When},
    finding::{Mark, Outcome},
    kind::{Case, Cure, Said, Slots, people},
    record::{
        Kind as RecordKind,
        meeting::{As, Attendance, Meeting},
        seat::{Seat, Tenure},
    },
};

/// Meetings by their days: those known to the day apart from the others, so that counts are exact.
#[derive(Debug, Default)]
struct Days {
    dated: Stretches,
    fuzzy: Stretches,
}

impl Days {
    fn push(&mut self, when: When) {
        let list = if when.day().is_some() { &mut self.dated } else { &mut self.fuzzy };
        list.push(when.first, when.last);
    }

    fn sort(&mut self) {
        self.dated.sort();
        self.fuzzy.sort();
    }

    /// How many lie within a span, at least.
    fn within(&self, window: Window<'_>) -> usize {
        self.dated.lie_within(window).saturating_add(self.fuzzy.lie_within(window))
    }

    /// How many may lie within a span.
    fn touching(&self, window: Window<'_>) -> usize {
        self.dated.touch(window).saturating_add(self.fuzzy.touch(window))
    }
}

/// The meetings of one body, and who came for which seat.
#[derive(Debug, Default)]
pub(super) struct Roll {
    complete: bool,
    held: Days,
    /// Those of which it is not recorded, or not wholly, who came.
    untold: Days,
    /// For each seat, the meetings that somebody came to for it, in order, and which entry says so.
    by_seat: FxHashMap<Box<str>, Vec<(u32, usize)>>,
}

impl Roll {
    /// The meetings of a body held by the day judged.
    pub(super) fn of(body: &str, case: &Case<'_>) -> Self {
        let mut made = Self { complete: case.registry.is_complete(&format!("meetings/{body}")), ..Self::default() };
        for at in case.registry.in_folder(RecordKind::Meeting, body) {
            let Some(meeting) = case.record(at).and_then(|record| record.meeting()) else { continue };
            let Some(when) = meeting.held.when().filter(|when| when.by(case.on).possible()) else { continue };
            made.held.push(when);
            if is_untold(meeting) {
                made.untold.push(when);
            }
            for (index, fact) in meeting.attendance.items.iter().enumerate() {
                let seat = fact.known().and_then(|entry| entry.seat.known());
                if let Some(seat) = seat {
                    made.by_seat.entry(seat.0.clone()).or_default().push((at, index));
                }
            }
        }
        made.held.sort();
        made.untold.sort();
        made
    }
}

/// Whether somebody may have come whom the record does not show for a seat.
fn is_untold(meeting: &Meeting) -> bool {
    let seatless = |entry: &Attendance| entry.seat.known().is_none() && entry.as_what.known() != Some(&As::Guest);
    meeting.attendance.is_absent() || meeting.attendance.is_open() || meeting.attendance.iter().any(seatless)
}

/// The meetings that somebody came to for a seat, among those that count or may.
#[derive(Debug, Default, Clone, Copy)]
struct Came {
    /// Certainly came, and the meeting certainly counts.
    sure: usize,
    /// Certainly came, and the meeting may count.
    if_counted: usize,
    /// May have come, and the meeting may count; those apart of which it is not told who came.
    may: usize,
    /// May have come, and the meeting certainly counts; the same apart.
    may_of_sure: usize,
    /// Recorded as having come to a meeting that is not wholly told: counted there once.
    told_anyway: usize,
    told_anyway_of_sure: usize,
}

impl<'t> Trial<'t> {
    pub(super) fn attendance(&self, seat: &'t Seat, slots: &mut Slots) {
        let (Some(at_least), Some(roll)) = (self.terms.at_least.known(), self.prepared.rolls.get(self.record.parent()))
        else {
            return;
        };
        if seat.tenure.is_absent() || seat.tenure.is_open() && seat.tenure.iter().next().is_none() {
            let mark = Mark::new(self.record.file, seat.tenure.span, "no tenure is recorded");
            let said = Said::new("holder", Outcome::Unknown, format!("{}: holder not recorded", self.name()));
            let said = said.mark(mark).under(self.segment).because(self.explain, || {
                let all = if seat.tenure.is_absent() { "no tenure is recorded" } else { "`tenure` is unknown" };
                [format!("{all}, so whose attendance is counted is not known")]
            });
            return slots.say(said.silent(seat.tenure.is_bad() || self.record.damaged));
        }
        for tenure in seat.tenure.iter().filter(|tenure| people::held(tenure, self.case.on).possible()) {
            match tenure.holder.known().map(AsRef::as_ref) {
                Some("vacant") => slots.skip(|| {
                    let steps = [format!("recorded as vacant: {}", people::tenure_days(tenure))];
                    people::nothing(self.record, "", "vacant", steps)
                }),
                Some(holder) => {
                    let said = self.member(seat, tenure, holder, at_least, roll);
                    Self::say(slots, said);
                }
                None => {
                    let mark = Mark::new(self.record.file, tenure.span, "holder not recorded");
                    let said = Said::new("holder", Outcome::Unknown, format!("{}: holder not recorded", self.name()));
                    let said = said.mark(mark).under(self.segment).silent(tenure.holder.is_bad());
                    let steps =
                        || [format!("a tenure of somebody who is not recorded: {}", people::tenure_days(tenure))];
                    slots.say(said.because(self.explain, steps));
                }
            }
        }
    }

    /// The days on which meetings certainly count for a tenure, and those on which they may.
    fn days_counted(&self, tenure: &Tenure) -> (Window<'t>, Window<'t>) {
        let months = i32::try_from(self.terms.over.known().copied().unwrap_or(0)).unwrap_or(i32::MAX);
        let (first, last) = (self.case.on.plus_months(months.saturating_neg()).plus_days(1), self.case.on);
        let (sure, may) = spans(tenure.from.when(), tenure.ended.when());
        let clip = |(from, to): (Day, Day)| Window(first.later(from), last.earlier(to));
        (clip(sure), clip(may))
    }

    fn came(&self, seat: &Seat, tenure: &Tenure, roll: &Roll) -> Came {
        let (sure, may) = self.days_counted(tenure);
        let mut found = Came::default();
        let entries = roll.by_seat.get(self.record.stem()).map_or(&[][..], Vec::as_slice);
        for entries in entries.chunk_by(|one, other| one.0 == other.0) {
            let meeting = entries.first().and_then(|(at, _)| self.case.record(*at)).and_then(|record| record.meeting());
            let Some((meeting, when)) = meeting.and_then(|meeting| Some((meeting, meeting.held.when()?))) else {
                continue;
            };
            if when.first > may.1 || when.last < may.0 {
                continue;
            }
            let counts = when.first >= sure.0 && when.last <= sure.1;
            let truth = |(_, index): &(u32, usize)| {
                let entry = meeting.attendance.items.get(*index).and_then(|fact| fact.known());
                entry.map_or(Truth::Maybe, |entry| Self::stood_for(seat, tenure, entry, when))
            };
            let truth = entries.iter().map(truth).fold(Truth::No, Truth::or);
            found.if_counted = found.if_counted.saturating_add(usize::from(truth.certain()));
            found.sure = found.sure.saturating_add(usize::from(truth.certain() && counts));
            if is_untold(meeting) {
                found.told_anyway = found.told_anyway.saturating_add(usize::from(truth.possible()));
                found.told_anyway_of_sure =
                    found.told_anyway_of_sure.saturating_add(usize::from(truth.possible() && counts));
            }
            found.may = found.may.saturating_add(usize::from(truth.possible()));
            found.may_of_sure = found.may_of_sure.saturating_add(usize::from(truth.possible() && counts));
        }
        found
    }

    /// Whether an entry is of this tenure's holder, or of an Alternate of this tenure.
    fn stood_for(seat: &Seat, tenure: &Tenure, entry: &Attendance, when: When) -> Truth {
        if entry.as_what.known() == Some(&As::Member) {
            let holder = tenure.holder.known().map(AsRef::as_ref);
            return entry.person.known().map_or(Truth::Maybe, |person| Truth::from(Some(person.as_ref()) == holder));
        }
        // Given that the tenure held at that meeting, only the Alternate's own days matter.
        let named = |person: &str| {
            let own = tenure.alternate.iter().filter(|one| one.person.known().is_none_or(|one| one.as_ref() == person));
            let open = if tenure.alternate.is_open() { Truth::Maybe } else { Truth::No };
            own.map(|one| {
                let known = Truth::from(one.person.known().is_some()).or(Truth::Maybe);
                in_force_over(one.from.when(), one.until.when(), when).and(known)
            })
            .fold(open, Truth::or)
        };
        match (entry.as_what.known(), entry.person.known()) {
            (Some(As::Alternate), Some(person)) => named(person.as_ref()),
            _ => standing(Some(seat), entry, when).counts.and(Truth::Maybe),
        }
    }

    fn member(&self, seat: &Seat, tenure: &Tenure, holder: &str, at_least: &AtLeast, roll: &Roll) -> Said {
        let name = self.name();
        let (sure, may) = self.days_counted(tenure);
        let came = self.came(seat, tenure, roll);
        let (held, held_may) = (roll.held.within(sure), roll.held.touching(may));
        let (untold, untold_may) = (roll.untold.within(sure), roll.untold.touching(may));
        // The best and the worst that the records leave open: came, of how many.
        let could = came.may.saturating_add(untold_may.saturating_sub(came.told_anyway));
        let could_of_sure = came.may_of_sure.saturating_add(untold.saturating_sub(came.told_anyway_of_sure));
        let best = (could, could.saturating_add(held.saturating_sub(could_of_sure)));
        let worst = (came.sure, came.sure.saturating_add(held_may.saturating_sub(came.if_counted)));
        let enough = |(came, of): (usize, usize)| came >= at_least.of_all(of);
        let months = self.terms.over.known().copied().unwrap_or(0);
        let complete = roll.complete;
        let (outcome, message) = if held_may == 0 && complete {
            (
                Outcome::NotApplicable,
                format!("{name}: no meeting while `{holder}` was in office, in the last {months} months"),
            )
        } else if complete && !enough(best) {
            (
                Outcome::Breach,
                format!(
                    "{name}: `{holder}` or an Alternate came to {} of {} meetings in the last {months} months, fewer than {}",
                    best.0,
                    best.1,
                    at_least.english()
                ),
            )
        } else if complete && enough(worst) {
            (
                Outcome::Pass,
                format!("{name}: `{holder}` or an Alternate came to at least {} of {} meetings", worst.0, worst.1),
            )
        } else {
            let why = if complete {
                "who came to the meetings, or when they were, is not all recorded"
            } else {
                "not every meeting is recorded"
            };
            (
                Outcome::Unknown,
                format!("{name}: how many meetings `{holder}` came to in the last {months} months is not known: {why}"),
            )
        };
        let mark = Mark::new(self.record.file, tenure.span, format!("`{holder}`"));
        let said = Said::new(holder, outcome, message).mark(mark);
        let said = self.under(said, "at-least", self.terms.at_least.span, format!("at least {}", at_least.english()));
        let said = said.because(self.explain, || {
            [
                format!("the {months} months up to and including {}: from {}", self.case.on, may.0),
                format!("meetings held while `{holder}` was in office: {held} for certain, {held_may} at most"),
                format!("came, self or Alternate: {} for certain, {could} at most", came.sure),
                format!("of meetings of which it is not told who came: {untold_may}"),
                format!("{} of {}: {} needed", at_least.english(), best.1, at_least.of_all(best.1)),
            ]
        });
        match outcome {
            Outcome::Breach => {
                let lack = at_least.of_all(best.1).saturating_sub(best.0);
                let plural = if lack == 1 { "" } else { "s" };
                said.help("record the meetings that were attended, if some lack; else the Chair may act on it")
                    .explained(self.explain, |said| {
                        let text = format!("{lack} more meeting{plural} attended by `{holder}` or an Alternate");
                        said.cure(Cure::by_hand(text, "who came to which meeting only its minutes tell"))
                    })
            }
            Outcome::Unknown => said.help("record the meetings of these months with all who came"),
            _ => said,
        }
    }
}
