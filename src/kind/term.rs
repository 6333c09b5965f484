//! Kind `term`: how long a tenure lasts, whether it may be sat out, and when its end must be
//! prepared.

mod joiner;
mod vacancy;

use std::collections::BTreeMap;

use super::{
    Case, Cure, Due, Kind, Law, Proofreader, Said, Says, Segment, Slots, people,
    window::{Count, Unit},
};
use crate::{
    day::{Day, Truth, When, in_force},
    decode::{Fact, List, Text, table},
    finding::{Mark, Outcome},
    record::{Kind as RecordKind, Record, seat::Tenure},
    rulebook::{
        code::Code,
        mutant::Mutator,
        proofread::{BodyWord, CalendarWord, Constituencies},
    },
};

/// The kind.
#[derive(Debug)]
pub struct Term;

table! {
    /// What a term is about.
    pub struct About {
        /// The body.
        body: Fact<BodyWord> = "body" (required),
        /// Only seats of these constituencies.
        seat: Fact<Constituencies> = "seat",
    }
}

table! {
    /// How long a term lasts.
    pub struct Terms {
        /// From the first day of the tenure to the first day after it; left out where another rule judges it.
        length: Fact<Length> = "length",
        /// Whether a holder may sit on past the end.
        hold_over: Fact<bool> = "hold-over",
        /// Whether who joins late may sit shorter, to the nearest yearly review: the first day after the
        /// tenure began that is, in that year or another, a day on which a whole term of the body ends.
        late_joiner: Fact<bool> = "late-joiner",
        /// How long before the end an election must have been called.
        call_before: Fact<CallBefore> = "call-before",
        /// How soon after a holder left before the end an election must have been called.
        call_after: Fact<CallBefore> = "call-after",
    }
}

table! {
    /// A number of units.
    pub struct Length {
        /// How many.
        count: Fact<u32> = "count" (required),
        /// Of what.
        unit: Fact<Unit> = "unit" (required),
    }
}

table! {
    /// How far from the end of a tenure an election must have been called.
    pub struct CallBefore {
        /// How many.
        count: Fact<u32> = "count" (required),
        /// Of what.
        unit: Fact<Unit> = "unit" (required),
        /// The calendars whose holidays are united; the code's default where left out.
        calendar: List<CalendarWord> = "calendar",
    }
}

impl Kind for Term {
    const NAME: &'static str = "term";
    const DOC: &'static str = include_str!("../../docs/kinds/term.md");
    type About = About;
    type Terms = Terms;
    type Prepared<'c> = joiner::Reviews;

    fn body(about: &About) -> Option<&str> {
        about.body.known().map(AsRef::as_ref)
    }

    fn proofread(_: &About, terms: &Terms, proof: &mut Proofreader<'_>) {
        if terms.length.is_absent() && terms.call_before.is_absent() && terms.call_after.is_absent() {
            let message = "a version of a term has a `length`, a `call-before` or a `call-after`, or several".into();
            proof.reader.report("record-missing", terms.span, message, "none is here", None);
        }
    }

    fn prepare<'c>(_: &About, _: &Case<'c>) -> Self::Prepared<'c> {
        joiner::Reviews::default()
    }

    fn subjects(about: &About, case: &Case<'_>) -> Vec<u32> {
        Self::body(about).map(|body| case.registry.in_folder(RecordKind::Seat, body).collect()).unwrap_or_default()
    }

    fn judge(
        law: &Law<'_, Self>,
        reviews: &joiner::Reviews,
        record: &Record,
        _: u32,
        case: &Case<'_>,
        slots: &mut Slots,
    ) {
        let Some(seat) = record.seat() else { return };
        let constituency = seat.constituency.known().map(AsRef::as_ref);
        if !is_meant(law.about, constituency) {
            let meant = law.about.seat.known().map(|seats| {
                let words: Vec<String> = seats.0.iter().map(|word| format!("`{word}`")).collect();
                format!("the rule is about seats for {}", words.join(", "))
            });
            let own = format!("this seat stands for `{}`", constituency.unwrap_or("unknown"));
            let steps = || std::iter::once(own).chain(meant);
            return slots.skip(|| people::nothing(record, "", "another constituency", steps()));
        }
        if seat.tenure.is_absent() || seat.tenure.is_open() && seat.tenure.iter().next().is_none() {
            let message = format!("{}: holder not recorded", people::name(record));
            let mark = Mark::new(record.file, seat.tenure.span, "no tenure is recorded");
            let rule = Mark::new(law.file, crate::text::Span::default(), "the rule");
            slots.say(
                Said::new("tenure", Outcome::Unknown, message)
                    .mark(mark)
                    .mark(rule)
                    .silent(seat.tenure.is_bad() || record.damaged)
                    .because(slots.explain, || {
                        let all = if seat.tenure.is_absent() { "no tenure is recorded" } else { "`tenure` is unknown" };
                        [format!("{all}, so whose term it is on {} is not known", case.on)]
                    }),
            );
            return;
        }
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, tenure) in seat.tenure.iter().enumerate() {
            let Some(holder) = tenure.holder.known().map(AsRef::as_ref) else {
                sat_by_nobody_known(law, record, tenure, case, slots);
                continue;
            };
            if holder == "vacant" {
                continue;
            }
            let times = seen.entry(holder).and_modify(|times| *times = times.saturating_add(1)).or_insert(1);
            let slot = if *times == 1 { holder.to_owned() } else { format!("{holder}-{times}") };
            let holds = people::held(tenure, case.on);
            if tenure.ended.when().is_some_and(|ended| ended.by(case.on).possible()) {
                let left = vacancy::Left { law, record, seat, at, tenure, holder, constituency, case };
                if left.judge(&slot, holds, slots) {
                    continue;
                }
            }
            if holds == Truth::No {
                let why = format!("`{holder}` does not hold it on {}", case.on);
                slots.skip(|| {
                    let steps = [format!("the tenure of `{holder}`: {}", people::tenure_days(tenure))];
                    people::nothing(record, &slot, &why, steps)
                });
                continue;
            }
            Tenancy { law, reviews, record, tenure, holder, holds, constituency, case }.judge(slot, slots);
        }
    }

    fn looked_for(law: &Law<'_, Self>, record: &Record, case: &Case<'_>) -> Vec<String> {
        let Some(seat) = record.seat() else { return law.silence(case.on.untracked()) };
        let own = |tenure: &Tenure| {
            let holder = crate::record::word_of(&tenure.holder);
            format!("a tenure of `{holder}`: {}", people::tenure_days(tenure))
        };
        let nobody = format!("a term is somebody's, and nobody is recorded in {} on {}", people::name(record), case.on);
        std::iter::once(nobody).chain(seat.tenure.iter().take(20).map(own)).collect()
    }

    const MUTATORS: &'static [Mutator] = &[
        Mutator::Step("length.count"),
        Mutator::Swap("length.unit", &["working-days", "days", "months"]),
        Mutator::Turn("hold-over", false),
        Mutator::Turn("late-joiner", false),
        Mutator::Step("call-before.count"),
        Mutator::Swap("call-before.unit", &["working-days", "days", "months"]),
        Mutator::Word("call-before.calendar.*", "calendars"),
        Mutator::Step("call-after.count"),
        Mutator::Swap("call-after.unit", &["working-days", "days", "months"]),
        Mutator::Word("call-after.calendar.*", "calendars"),
        Mutator::Drop("/seat.*"),
    ];

    /// Only Working Days ask a calendar.
    fn alike(_: &About, one: &Terms, other: &Terms, code: &Code) -> bool {
        let said = |terms: &Terms| {
            let length = terms.length.known().map(|one| (one.count.known().copied(), one.unit.known().copied()));
            let call = |call: &Fact<CallBefore>| {
                call.known().map(|one| {
                    let unit = one.unit.known().copied();
                    let working = unit == Some(Unit::WorkingDays);
                    let calendar = working.then(|| super::window::calendars(&one.calendar, code));
                    (one.count.known().copied(), unit, calendar)
                })
            };
            let flag = |fact: &Fact<bool>| fact.known() == Some(&true);
            let joins = length.is_some() && flag(&terms.late_joiner);
            (length, flag(&terms.hold_over), joins, call(&terms.call_before), call(&terms.call_after))
        };
        said(one) == said(other)
    }

    fn due(
        law: &Law<'_, Self>,
        reviews: &joiner::Reviews,
        record: &Record,
        _: u32,
        case: &Case<'_>,
        found: &mut Vec<Due>,
    ) {
        let Some(seat) = record.seat() else { return };
        let constituency = seat.constituency.known().map(AsRef::as_ref);
        let wanted = is_meant(law.about, constituency);
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for tenure in seat.tenure.iter().filter(|_| wanted) {
            let Some(holder) = tenure.holder.known().map(AsRef::as_ref).filter(|holder| *holder != "vacant") else {
                continue;
            };
            let times = seen.entry(holder).and_modify(|times| *times = times.saturating_add(1)).or_insert(1);
            let slot = if *times == 1 { holder.to_owned() } else { format!("{holder}-{times}") };
            let holds = people::held(tenure, case.on);
            if holds.possible() && tenure.ended.is_absent() {
                Tenancy { law, reviews, record, tenure, holder, holds, constituency, case }.due(&slot, found);
            }
        }
    }

    fn english(about: &About, terms: &Terms, code: &Code) -> String {
        let body = Self::body(about).unwrap_or("?");
        let seats = about.seat.known().map_or(String::new(), |seats| {
            format!(" for {}", seats.0.iter().map(|word| code.name(word)).collect::<Vec<_>>().join(", "))
        });
        let mut parts = Vec::new();
        if let Some(length) = terms.length.known() {
            let unit = length.unit.known().map_or("?", |unit| unit.english());
            parts
                .push(format!("A term of `{body}`{seats} lasts {} {unit}", length.count.known().copied().unwrap_or(0)));
            let over = if terms.hold_over.known() == Some(&true) {
                "a member may sit on until succeeded"
            } else {
                "nobody sits on past its end"
            };
            parts.push(over.to_owned());
            if terms.late_joiner.known() == Some(&true) {
                parts.push("who joins late may sit to the nearest yearly review".to_owned());
            }
        }
        if let Some(call) = terms.call_before.known() {
            let unit = call.unit.known().map_or("?", |unit| unit.english());
            parts.push(format!(
                "an election for a seat of `{body}`{seats} is called at least {} {unit} before its term ends",
                call.count.known().copied().unwrap_or(0)
            ));
        }
        if let Some(call) = terms.call_after.known() {
            let unit = call.unit.known().map_or("?", |unit| unit.english());
            parts.push(format!(
                "where a holder of a seat of `{body}`{seats} leaves before the term ends, an election is called within {} {unit}",
                call.count.known().copied().unwrap_or(0)
            ));
        }
        let mut text = parts.join("; ");
        if let Some(first) = text.get(..1).map(str::to_uppercase) {
            text.replace_range(..1, &first);
        }
        format!("{text}.")
    }
}

/// Whether the rule is about seats of a constituency.
fn is_meant(about: &About, constituency: Option<&str>) -> bool {
    let has = |seats: &Constituencies| constituency.is_some_and(|word| seats.0.iter().any(|one| one.as_ref() == word));
    about.seat.known().is_none_or(has)
}

fn sat_by_nobody_known(law: &Law<'_, Term>, record: &Record, tenure: &Tenure, case: &Case<'_>, slots: &mut Slots) {
    if !people::held(tenure, case.on).possible() {
        return;
    }
    let message = format!("{}: holder not recorded", people::name(record));
    let mark = Mark::new(record.file, tenure.span, "holder not recorded");
    let rule = Mark::new(law.file, crate::text::Span::default(), "the rule");
    let said = Said::new("tenure", Outcome::Unknown, message).mark(mark).mark(rule).silent(tenure.holder.is_bad());
    let steps = || [format!("a tenure of somebody who is not recorded: {}", people::tenure_days(tenure))];
    slots.say(said.because(slots.explain, steps));
}

/// One tenure that holds, or may hold, on the day judged.
struct Tenancy<'t> {
    law: &'t Law<'t, Term>,
    reviews: &'t joiner::Reviews,
    record: &'t Record,
    tenure: &'t Tenure,
    holder: &'t str,
    holds: Truth,
    constituency: Option<&'t str>,
    case: &'t Case<'t>,
}

/// A version of the rule, and what its tests found.
type Decided<'t> = (&'t Segment<Terms>, Vec<Finding>);

/// How many choices of unknown days are tried at most.
const MOST_CHOICES: usize = 4096;

/// Every day of a span, where they are not too many; one choice where there is no date.
fn days(when: Option<When>) -> Option<Vec<Option<When>>> {
    let Some(when) = when else { return Some(vec![None]) };
    let finite = when.first.is_finite() && when.last.is_finite();
    let count =
        usize::try_from(when.last.days_since(when.first)).ok().filter(|count| finite && *count < MOST_CHOICES)?;
    let day = |offset: usize| Some(When::on(when.first.plus_days(i32::try_from(offset).unwrap_or(0))));
    Some((0..=count).map(day).collect())
}

fn worst_of(findings: &[Finding]) -> Outcome {
    findings.iter().map(|(outcome, _, _)| *outcome).max().unwrap_or(Outcome::NotApplicable)
}

/// What one test found: the outcome, why, and the places beside the tenure.
type Finding = (Outcome, String, Vec<Mark>);

impl Tenancy<'_> {
    fn judge(&self, slot: String, slots: &mut Slots) {
        let from = self.tenure.from.when().unwrap_or(When::UNKNOWN);
        let stated = self.tenure.due_to_end.when();
        let (mut outcome, mut worst) = self.outcome(from, stated);
        if outcome == Outcome::Breach && self.holds == Truth::Maybe {
            outcome = Outcome::Unknown;
        }
        // The tests share unknown days, so what each leaves open they may settle together.
        if outcome == Outcome::Unknown
            && let Some((settled, decided)) = self.settled(from, stated)
        {
            (outcome, worst) = (settled, decided);
        }
        let Some((segment, findings)) = worst else {
            let why = "no such rule was in force when the tenure began";
            return slots.skip(|| {
                let own = format!("the tenure of `{}`: {}", self.holder, people::tenure_days(self.tenure));
                let day = if from.first.is_finite() { from.first } else { from.last };
                let steps = std::iter::once(own).chain(self.law.silence(day));
                people::nothing(self.record, &slot, why, steps)
            });
        };
        let asked = slots.explain;
        let said = || {
            let said = self.said(slot, outcome, segment, &findings);
            said.explained(asked, |said| self.explained(said, from, stated, &findings))
        };
        match outcome {
            Outcome::Pass => slots.pass(said),
            Outcome::NotApplicable => slots.skip(said),
            _ => slots.say(said()),
        }
    }

    /// The outcome for a span of first days and one of stated ends, with what the version that
    /// decides found.
    fn outcome(&self, from: When, stated: Option<When>) -> (Outcome, Option<Decided<'_>>) {
        let mut worst: Option<Decided<'_>> = None;
        let mut outcomes: Vec<Outcome> = Vec::new();
        for (part, says) in self.law.over(from) {
            let (segment, findings) = match says {
                Says::Nothing(_) => {
                    outcomes.push(Outcome::NotApplicable);
                    continue;
                }
                Says::Unknown(segment) => {
                    let message = "how long a term lasted when it began is not known".to_owned();
                    (segment, vec![(Outcome::Unknown, message, segment.marks.first().cloned().into_iter().collect())])
                }
                Says::Terms(segment, terms) => (segment, self.tests(part, stated, segment, terms)),
            };
            let outcome = worst_of(&findings);
            outcomes.push(outcome);
            if worst.as_ref().is_none_or(|(_, said)| worst_of(said) < outcome) {
                worst = Some((segment, findings));
            }
        }
        let agree = outcomes.windows(2).all(|pair| pair.first() == pair.last());
        let outcome = outcomes.into_iter().max().unwrap_or(Outcome::NotApplicable);
        (if agree { outcome } else { Outcome::Unknown }, worst)
    }

    /// The outcome that every choice of the unknown days gives, where the spans are short enough to
    /// try them all.
    fn settled(&self, from: When, stated: Option<When>) -> Option<(Outcome, Option<Decided<'_>>)> {
        let (firsts, ends, overs) = (days(Some(from))?, days(stated)?, days(self.tenure.ended.when())?);
        if firsts.len().saturating_mul(ends.len()).saturating_mul(overs.len()) > MOST_CHOICES {
            return None;
        }
        let choices =
            firsts.iter().flat_map(|first| ends.iter().flat_map(|end| overs.iter().map(|over| (*first, *end, *over))));
        let mut all: Option<(Outcome, Option<Decided<'_>>)> = None;
        for (first, end, over) in choices {
            let holds = in_force(first, over, self.case.on).certain();
            let one = if holds { self.outcome(first.unwrap_or(from), end) } else { (Outcome::NotApplicable, None) };
            match &all {
                Some((outcome, _)) if *outcome != one.0 => return None,
                Some(_) => {}
                None => all = Some(one),
            }
        }
        all
    }

    fn said(&self, slot: String, outcome: Outcome, segment: &Segment<Terms>, findings: &[Finding]) -> Said {
        let shown: Vec<&Finding> = findings
            .iter()
            .filter(|(one, _, _)| *one == outcome || outcome == Outcome::Unknown && *one == Outcome::Breach)
            .collect();
        let reasons: Vec<&str> = shown.iter().map(|(_, reason, _)| reason.as_str()).collect();
        let reason = if reasons.is_empty() {
            "which version of the rule applies depends on a day that is not recorded".to_owned()
        } else {
            reasons.join("; ")
        };
        let marks: Vec<Mark> = shown.iter().flat_map(|(_, _, marks)| marks.clone()).collect();
        let own = Mark::new(self.record.file, self.tenure.span, format!("the tenure of `{}`", self.holder));
        let bad = self.tenure.from.is_bad()
            || self.tenure.due_to_end.is_bad()
            || self.tenure.ended.is_bad()
            || self.record.damaged && outcome == Outcome::Unknown;
        let help = match outcome {
            Outcome::Breach => "correct the days, or record the election or decision that explains them",
            _ => "record the days, or how much of them is known",
        };
        let said = Said::new(slot, outcome, format!("{}: {reason}", people::name(self.record)))
            .mark(own)
            .marks(marks)
            .under(segment)
            .silent(bad);
        if matches!(outcome, Outcome::Pass | Outcome::NotApplicable) { said } else { said.help(help) }
    }

    /// With the derivation, and for a breach the change that clears it.
    fn explained(&self, said: Said, from: When, stated: Option<When>, findings: &[Finding]) -> Said {
        let stated_end = stated.map_or("not stated".to_owned(), |end| end.to_string());
        let mut steps = vec![
            format!("`{}` holds `{}` from {from}", self.holder, self.record.id),
            format!("`due-to-end`: {stated_end}"),
        ];
        let terms = match self.law.on(from.first) {
            Says::Terms(_, terms) => Some(terms),
            _ => None,
        };
        if let Some(length) = terms.and_then(|terms| terms.length.known()) {
            let working = self.case.working_days(&[]);
            steps.extend(count_of(&length.count, &length.unit, false, &working).steps(from.first));
        }
        if let (Some(call), Some(end)) = (terms.and_then(|terms| terms.call_before.known()), stated) {
            let calendar: Vec<Text> = call.calendar.iter().map(|name| name.0.clone()).collect();
            let working = self.case.working_days(&calendar);
            steps.extend(count_of(&call.count, &call.unit, true, &working).steps(end.first));
        }
        steps.extend(findings.iter().map(|(outcome, reason, _)| format!("{outcome}: {reason}")));
        let said = said.steps(steps);
        if said.outcome == Outcome::Breach { said.cure(self.cure(from, stated, terms)) } else { said }
    }

    /// The end that the length gives where it is yet to come, else the tenure ended when the term is
    /// over; in words alone where the version asks for an election as well.
    fn cure(&self, from: When, stated: Option<When>, terms: Option<&Terms>) -> Cure {
        let elections =
            terms.is_none_or(|terms| terms.call_before.known().is_some() || terms.call_after.known().is_some());
        let expected = terms
            .and_then(|terms| terms.length.known())
            .and_then(|length| self.expected(from, length))
            .and_then(When::day);
        let sits_on = terms.is_some_and(|terms| terms.hold_over.known() == Some(&true));
        let path = people::path_of(self.record, self.tenure.span);
        let set = |cure: Cure, key: &str, day: Day| {
            let why = "the version asks for an election as well, and whether one was called only a source tells";
            cure.at(path.clone().filter(|_| !elections), why, |cure, path| {
                cure.set(self.record.subject(), format!("{path}.{key}"), day.to_string())
            })
        };
        if let Some(end) = expected.filter(|end| stated.is_some() && (sits_on || *end > self.case.on)) {
            return set(Cure::new(format!("`due-to-end` on {end}")), "due-to-end", end);
        }
        match stated.and_then(When::day).or(expected).filter(|_| !elections) {
            Some(end) => set(Cure::new(format!("the tenure ended (`ended`) by {end}")), "ended", end),
            None => Cure::by_hand(
                "an election for the seat called by the last day, or a tenure that ended before",
                "whether there was one only a source tells; it cannot be called after the day",
            ),
        }
    }

    /// The end of the term, and the last day to call the election before it.
    fn due(&self, slot: &str, found: &mut Vec<Due>) {
        let from = self.tenure.from.when().unwrap_or(When::UNKNOWN);
        let stated = self.tenure.due_to_end.when();
        let own = Mark::new(self.record.file, self.tenure.span, format!("the tenure of `{}`", self.holder));
        for (part, says) in self.law.over(from) {
            let Says::Terms(segment, terms) = says else { continue };
            let end = stated.or_else(|| terms.length.known().and_then(|length| self.expected(part, length)));
            let Some(end) = end else { continue };
            if let Some(call) = terms.call_before.known() {
                found.extend(self.call_due(slot, part, end, call, &own).map(|due| due.under(segment)));
            }
            if terms.hold_over.known() != Some(&true) && !self.result_announced(from).certain() {
                let last = When::between(end.first.plus_days(-1), end.last.plus_days(-1));
                let what = format!("the term of `{}` ends: its last day", self.holder);
                let due = Due::new(slot, what, last, own.clone()).thing(format!("due-to-end {slot}")).under(segment);
                found.push(due);
            }
        }
        // One slot may fall under several versions; the days differ, or the entry is the same.
        found.dedup_by(|one, other| one.thing == other.thing && one.by == other.by && one.slot == other.slot);
    }

    fn call_due(&self, slot: &str, from: When, end: When, call: &CallBefore, own: &Mark) -> Option<Due> {
        let calendar: Vec<Text> = call.calendar.iter().map(|name| name.0.clone()).collect();
        let working = self.case.working_days(&calendar);
        let count = count_of(&call.count, &call.unit, true, &working);
        let by = When::between(count.last(end.first)?, count.last(end.last)?);
        let (called, _) = self.calls(from, When::on(by.last));
        if called.certain() {
            return None;
        }
        let unless = if called.possible() { " (unless it is called already, which is not recorded)" } else { "" };
        let what = format!(
            "an election for the seat of `{}`{} is called{unless}",
            self.holder,
            self.constituency.map_or(String::new(), |word| format!(" ({word})"))
        );
        let rule = Mark::new(self.law.file, call.span, "how long before the end");
        Some(Due::new(format!("{slot} call"), what, by, own.clone()).thing(format!("called {slot}")).mark(rule))
    }

    /// Whether an election of the seat since the tenure began has a result.
    fn result_announced(&self, from: When) -> Truth {
        let elections = self.case.registry.elections_of(self.record.parent()).iter();
        let elections = elections.filter_map(|at| self.case.record(*at)?.election());
        let results = elections.flat_map(|election| election.result.iter());
        let own = results.filter(|one| one.constituency.known().map(AsRef::as_ref) == self.constituency);
        own.filter_map(|one| one.announced.when())
            .map(|when| from.before(when).and(when.by(self.case.on)))
            .fold(Truth::No, Truth::or)
    }

    /// The tests of one version, for the first days that pick it.
    fn tests(&self, from: When, stated: Option<When>, segment: &Segment<Terms>, terms: &Terms) -> Vec<Finding> {
        let end = stated.or_else(|| terms.length.known().and_then(|length| self.expected(from, length)));
        let mut found = Vec::new();
        if let Some(length) = terms.length.known() {
            found.push(self.length(from, stated, length, segment, terms));
        }
        if terms.hold_over.known() != Some(&true) && (terms.length.known().is_some() || stated.is_some()) {
            found.extend(self.past_end(end, segment, terms));
        }
        if let Some(call) = terms.call_before.known() {
            found.push(self.called(from, end, call, segment));
        }
        if found.is_empty() {
            let idle = terms.call_after.known().is_some();
            let outcome = if idle { Outcome::NotApplicable } else { Outcome::Pass };
            found.push((outcome, "nothing stands against it".into(), Vec::new()));
        }
        found
    }

    /// The day on which the term is over by its length.
    fn expected(&self, from: When, length: &Length) -> Option<When> {
        let working = self.case.working_days(&[]);
        let count = count_of(&length.count, &length.unit, false, &working);
        Some(When::between(count.last(from.first)?, count.last(from.last)?))
    }

    fn length(
        &self,
        from: When,
        stated: Option<When>,
        length: &Length,
        segment: &Segment<Terms>,
        terms: &Terms,
    ) -> Finding {
        let label = format!(
            "{} {}",
            length.count.known().copied().unwrap_or(0),
            length.unit.known().map_or("", |unit| unit.english())
        );
        let rule = segment.mark(self.law.file, "length", length.span, label.clone());
        let Some(due) = stated else {
            return (Outcome::Pass, format!("no end is stated; {label} from {from} is taken"), vec![rule]);
        };
        let due_mark = Mark::new(self.record.file, self.tenure.due_to_end.span, format!("due to end {due}"));
        let Some(expected) = self.expected(from, length) else {
            return (Outcome::Unknown, "the calendar does not reach so far".into(), vec![due_mark, rule]);
        };
        let exact = expected.first == expected.last && due.day() == expected.day();
        if exact {
            return (Outcome::Pass, format!("{label} from {from} end on {due}"), vec![due_mark, rule]);
        }
        let (joined_late, whole) = self.joined_late(from, due, expected, terms);
        let review = || segment.mark(self.law.file, "late-joiner", terms.late_joiner.span, "who joins late");
        if joined_late.certain() {
            let reason = format!("`{}` joined late, and the nearest yearly review is on {due}", self.holder);
            return (Outcome::Pass, reason, [due_mark].into_iter().chain(whole).chain([review()]).collect());
        }
        let meets = due.last >= expected.first && due.first <= expected.last && self.reaches(from, due, length);
        if meets {
            let what = if from.day().is_none() {
                "the first day is not recorded"
            } else {
                "the day on which it is due to end is not recorded"
            };
            return (
                Outcome::Unknown,
                format!("whether the term lasts {label} depends on days that are not known: {what}"),
                vec![due_mark, rule],
            );
        }
        if joined_late.possible() {
            let reason = format!("whether {due} is the nearest yearly review for who joined late is not recorded");
            return (Outcome::Unknown, reason, vec![due_mark, review()]);
        }
        let message = format!(
            "the term of `{}` from {from} is due to end on {due}; {} gives {label}, to {expected}",
            self.holder, self.law.clause
        );
        (Outcome::Breach, message, vec![due_mark, rule])
    }

    /// Whether a shorter term is that of one who joined late, and the term that shows the review.
    fn joined_late(&self, from: When, due: When, expected: When, terms: &Terms) -> (Truth, Option<Mark>) {
        let allowed = terms.late_joiner.known() == Some(&true) && due.first < expected.last && due.last > from.first;
        if !allowed {
            return (Truth::No, None);
        }
        self.reviews.has(self.law, self.record.parent(), from, due, self.case)
    }

    /// Whether some first day has its end among the days due.
    fn reaches(&self, from: When, due: When, length: &Length) -> bool {
        if !from.first.is_finite() || !from.last.is_finite() {
            return true;
        }
        let working = self.case.working_days(&[]);
        let count = count_of(&length.count, &length.unit, false, &working);
        let span = i32::try_from(from.last.days_since(from.first)).unwrap_or(i32::MAX).min(4000);
        (0..=span).any(|offset| {
            count.last(from.first.plus_days(offset)).is_some_and(|end| due.first <= end && end <= due.last)
        })
    }

    fn past_end(&self, end: Option<When>, segment: &Segment<Terms>, terms: &Terms) -> Option<Finding> {
        let end = end?;
        let mark = segment.mark(
            self.law.file,
            "hold-over",
            if terms.hold_over.is_absent() { terms.span } else { terms.hold_over.span },
            "nobody sits on",
        );
        match end.by(self.case.on) {
            Truth::No => Some((
                Outcome::Pass,
                format!("the term runs up to and including {}", end.first.plus_days(-1)),
                Vec::new(),
            )),
            Truth::Yes => Some((
                Outcome::Breach,
                format!("`{}` still holds it on {}, and the term was over on {end}", self.holder, self.case.on),
                vec![mark],
            )),
            Truth::Maybe => Some((
                Outcome::Unknown,
                format!(
                    "whether the term of `{}` is over on {} depends on days that are not recorded",
                    self.holder, self.case.on
                ),
                vec![mark],
            )),
        }
    }

    /// Whether an election of the body and constituency was called by a day, after the tenure began;
    /// and where the calls stand.
    fn calls(&self, from: When, limit: When) -> (Truth, Vec<Mark>) {
        let (mut best, mut marks) = (Truth::No, Vec::new());
        for at in self.case.registry.elections_of(self.record.parent()) {
            let Some((record, election)) =
                self.case.record(*at).and_then(|record| record.election().map(|election| (record, election)))
            else {
                continue;
            };
            let constituency = self.constituency.unwrap_or("");
            let listed =
                election.seats_up.iter().any(|up| up.constituency.known().map(AsRef::as_ref) == Some(constituency));
            let seat_is_up = if listed {
                Truth::Yes
            } else if election.seats_up.is_absent() || election.seats_up.is_open() {
                Truth::Maybe
            } else {
                Truth::No
            };
            let called = election.called.when().unwrap_or(if election.called.is_absent() {
                When::between(Day::LATEST, Day::LATEST)
            } else {
                When::UNKNOWN
            });
            // The call that seated the holder came before the tenure; the one that is due comes in it.
            let after = !called.before(from);
            let in_time = if called.last <= limit.first {
                Truth::Yes
            } else if called.first > limit.last {
                Truth::No
            } else {
                Truth::Maybe
            };
            let truth = seat_is_up.and(after).and(in_time).and(called.by(self.case.on));
            if truth.possible() || seat_is_up.certain() && after.certain() {
                marks.push(Mark::new(
                    record.file,
                    if election.called.is_absent() { election.span } else { election.called.span },
                    format!("called {called}"),
                ));
            }
            best = best.or(truth);
        }
        (best, marks)
    }

    /// Whether an election of the body and constituency was called in time.
    fn called(&self, from: When, end: Option<When>, call: &CallBefore, segment: &Segment<Terms>) -> Finding {
        let calendar: Vec<Text> = call.calendar.iter().map(|name| name.0.clone()).collect();
        let working = self.case.working_days(&calendar);
        let count = count_of(&call.count, &call.unit, true, &working);
        let label = format!(
            "{} {} before the end",
            call.count.known().copied().unwrap_or(0),
            call.unit.known().map_or("", |unit| unit.english())
        );
        let rule = segment.mark(self.law.file, "call-before", call.span, label.clone());
        let Some(end) = end else {
            return (Outcome::Unknown, "when the term ends is not recorded".into(), vec![rule]);
        };
        let (Some(first), Some(last)) = (count.last(end.first), count.last(end.last)) else {
            return (Outcome::Unknown, "how far the Working Days reach is not known yet".into(), vec![rule]);
        };
        let limit = When::between(first, last);
        if self.case.on <= limit.first {
            return (Outcome::Pass, format!("an election can be called up to and including {limit}"), vec![rule]);
        }
        let (best, mut marks) = self.calls(from, limit);
        marks.push(rule);
        let complete = self.case.registry.is_complete("elections");
        match best {
            Truth::Yes => (Outcome::Pass, format!("called in time, by {limit}"), marks),
            Truth::No if self.case.on > limit.last && complete => (
                Outcome::Breach,
                format!("no election for the seat of `{}` was called by {limit}, {label} on {end}", self.holder),
                marks,
            ),
            _ => (
                Outcome::Unknown,
                format!("whether an election was called by {limit}, {label} on {end}, is not recorded"),
                marks,
            ),
        }
    }
}

fn count_of<'w>(
    count: &Fact<u32>,
    unit: &Fact<Unit>,
    backwards: bool,
    working: &'w crate::calendar::WorkingDays,
) -> Count<'w> {
    let number = i32::try_from(count.known().copied().unwrap_or(0)).unwrap_or(i32::MAX);
    Count {
        count: if backwards { number.saturating_neg() } else { number },
        unit: unit.known().copied().unwrap_or(Unit::Months),
        count_opening: false,
        working,
    }
}
