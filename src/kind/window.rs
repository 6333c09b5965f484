//! Kind `window`: a period between two recorded events of one record.

use super::{Case, Cure, Due, Kind, Law, Nature, Proofreader, Said, Says, Segment, Slots, people};
use crate::{
    calendar::WorkingDays,
    day::{Day, Truth, When},
    decode::{Fact, List, Map, Text, View, table, words},
    finding::{Mark, Outcome},
    record::{Dated, Kind as RecordKind, Record, seat::Tenure},
    rulebook::{
        code::Code,
        mutant::Mutator,
        proofread::{CalendarWord, KindWord},
        raw::Words,
        select,
    },
};

/// The kind.
#[derive(Debug)]
pub struct Window;

table! {
    /// What a window is about.
    pub struct About {
        /// The kind of records.
        of: Fact<KindWord> = "of" (required),
        /// Which of them.
        selects: Map<Words> = "where",
        /// The event that opens it.
        opens: Fact<Text> = "opens" (required),
        /// The event that must lie in it.
        event: Fact<Text> = "event" (required),
        /// Only events of these slots: of one limb, for one constituency.
        slot: Fact<Words> = "slot",
        /// The event is not of the record itself, but of the records of this kind that it is about.
        about: Fact<KindWord> = "about",
    }
}

words! {
    /// How the event lies to the last day.
    pub enum Bound {
        /// On it or after.
        AtLeast = "at-least",
        /// On it or before.
        AtMost = "at-most",
        /// On it.
        Exactly = "exactly",
    }
}

words! {
    /// What is counted.
    pub enum Unit {
        /// Working Days.
        WorkingDays = "working-days",
        /// Days.
        Days = "days",
        /// Months.
        Months = "months",
        /// Months of the calendar: up to the last day of one.
        CalendarMonths = "calendar-months",
        /// Years of the calendar: up to the last day of one.
        CalendarYears = "calendar-years",
    }
}

impl Unit {
    /// So many of it, in a sentence: `1 month`, `15 Working Days`.
    pub fn counted(self, count: i32) -> String {
        let many = self.english();
        let word = if count.abs() == 1 { many.strip_suffix('s').unwrap_or(many) } else { many };
        format!("{} {word}", count.unsigned_abs())
    }

    /// The unit in a sentence.
    pub fn english(self) -> &'static str {
        match self {
            Self::WorkingDays => "Working Days",
            Self::Days => "days",
            Self::Months => "months",
            Self::CalendarMonths => "calendar months",
            Self::CalendarYears => "calendar years",
        }
    }
}

words! {
    /// What the absence of the event means.
    pub enum Missing {
        /// It may still come.
        Open = "open",
        /// It is late once the last day is past.
        Late = "late",
    }
}

table! {
    /// How long.
    pub struct Terms {
        /// How the event lies to the last day.
        bound: Fact<Bound> = "bound" (required),
        /// How many.
        count: Fact<u32> = "count" (required),
        /// Of what.
        unit: Fact<Unit> = "unit" (required),
        /// Whether the opening day is the first one counted.
        count_opening_day: Fact<bool> = "count-opening-day",
        /// The calendars whose holidays are united; the code's default where left out.
        calendar: List<CalendarWord> = "calendar",
        /// What the absence of the event means; `open` where left out.
        missing: Fact<Missing> = "missing",
        /// Whether it runs back from the opening.
        backwards: Fact<bool> = "backwards",
    }
}

impl Kind for Window {
    const NAME: &'static str = "window";
    const DOC: &'static str = include_str!("../../docs/kinds/window.md");
    type About = About;
    type Terms = Terms;
    type Prepared<'c> = ();

    fn proofread(about: &About, _: &Terms, proof: &mut Proofreader<'_>) {
        let Some(kind) = about.of.known().map(|word| word.0) else { return };
        select::proofread(kind, &about.selects, proof);
        let of_event = about.about.known().map_or(kind, |word| word.0);
        for (kind, fact) in [(kind, &about.opens), (of_event, &about.event)] {
            if let Some(name) = fact.text() {
                select::proofread_event(kind, name, fact.span, proof);
            }
        }
        if about.about.known().is_some() && !kind.keys().iter().any(|key| matches!(key.name, "about" | "item")) {
            let message = format!("{kind} do not say what they are about");
            proof.reader.report("record-word", about.about.span, message, "of other records", None);
        }
        if let Some(words) = about.slot.known() {
            select::proofread_slot(of_event, about.event.text().unwrap_or(""), words, proof);
        }
    }

    fn prepare<'c>(_: &About, _: &Case<'c>) -> Self::Prepared<'c> {}

    fn subjects(about: &About, case: &Case<'_>) -> Vec<u32> {
        let Some(kind) = about.of.known().map(|word| word.0) else { return Vec::new() };
        select::positions(kind, &about.selects, case)
    }

    fn judge(law: &Law<'_, Self>, (): &(), record: &Record, _: u32, case: &Case<'_>, slots: &mut Slots) {
        if !select::selected(record, &law.about.selects, case, case.on).possible() {
            let why = "not one of those that the rule is about";
            let steps = || people::not_selected(record, &law.about.selects, case.on.untracked());
            return slots.skip(|| people::nothing(record, "", why, steps()));
        }
        let called_off = record.meeting().and_then(|meeting| meeting.cancelled.when());
        if called_off.is_some_and(|when| when.by(case.on).certain()) {
            return slots
                .skip(|| people::nothing(record, "", "it was called off", ["`cancelled` has come".to_owned()]));
        }
        if let Some(kind) = law.about.about.known() {
            return others(law, record, kind.0, case, slots);
        }
        let (opens, event) = (law.about.opens.text().unwrap_or(""), law.about.event.text().unwrap_or(""));
        let (Some((opens_plan, openings)), Some((event_plan, events))) =
            (record.body.event(opens), record.body.event(event))
        else {
            return;
        };
        let absent = || Dated { slot: event.to_owned(), entry: None, when: None, bad: false, span: record.head() };
        let events = if events.is_empty() && law.about.slot.is_absent() { vec![absent()] } else { events };
        for dated in events.into_iter().filter(|one| is_meant(law.about, &one.slot)) {
            let pair = openings.iter().find(|one| one.entry.is_none() || one.entry == dated.entry);
            let Some(opening) = pair else {
                slots.skip(|| {
                    let steps = [
                        format!("`{event}` is counted from `{opens}`"),
                        format!("`{opens}` is left out: it has not happened, or is not planned"),
                    ];
                    people::nothing(record, &slot_of(&dated, event), &format!("no `{opens}`"), steps)
                });
                continue;
            };
            let dated = &dated;
            let of_event = record;
            Stretch { law, record, of_event, case, opens, event, opening, dated, opens_plan, event_plan }.judge(slots);
        }
    }

    fn looked_for(law: &Law<'_, Self>, record: &Record, case: &Case<'_>) -> Vec<String> {
        let (opens, event) = (law.about.opens.text().unwrap_or("?"), law.about.event.text().unwrap_or("?"));
        let slots = law.about.slot.known().map_or(String::new(), |words| {
            format!(" of {}", words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or "))
        });
        let own = people::name(record);
        vec![format!(
            "the rule counts from `{opens}` to `{event}`{slots}, and {own} has no `{event}`{slots} on {}",
            case.on
        )]
    }

    const MUTATORS: &'static [Mutator] = &[
        Mutator::Step("count"),
        Mutator::Swap("unit", &["working-days", "days", "months"]),
        Mutator::Swap("bound", &["at-least", "at-most", "exactly"]),
        Mutator::Word("calendar.*", "calendars"),
        Mutator::Turn("count-opening-day", false),
        Mutator::Choose("missing", "open", &["open", "late"]),
        Mutator::Turn("backwards", false),
    ];

    /// Only Working Days ask a calendar; the opening day counts in neither months nor nothing.
    fn alike(_: &About, one: &Terms, other: &Terms, code: &Code) -> bool {
        let said = |terms: &Terms| {
            let count = terms.count.known().copied();
            let unit = terms.unit.known().copied().filter(|_| count != Some(0));
            let calendar = (unit == Some(Unit::WorkingDays)).then(|| calendars(&terms.calendar, code));
            let opening =
                terms.count_opening_day.known() == Some(&true) && matches!(unit, Some(Unit::WorkingDays | Unit::Days));
            let missing = terms.missing.known().copied().unwrap_or(Missing::Open);
            (
                terms.bound.known().copied(),
                count,
                unit,
                calendar,
                opening,
                missing,
                terms.backwards.known() == Some(&true),
            )
        };
        said(one) == said(other)
    }

    fn due(law: &Law<'_, Self>, (): &(), record: &Record, _: u32, case: &Case<'_>, found: &mut Vec<Due>) {
        // What is about other records waits for nothing of its own.
        let of_others = law.about.about.known().is_some();
        if of_others || !select::selected(record, &law.about.selects, case, case.on).possible() {
            return;
        }
        let (opens, event) = (law.about.opens.text().unwrap_or(""), law.about.event.text().unwrap_or(""));
        let (Some((opens_plan, openings)), Some((event_plan, mut events))) =
            (record.body.event(opens), record.body.event(event))
        else {
            return;
        };
        // A list of them stays open for more of them.
        let more = events.iter().all(|one| one.entry.is_some());
        if more && openings.iter().any(|one| one.entry.is_none()) {
            events.push(Dated { slot: String::new(), entry: None, when: None, bad: false, span: record.head() });
        }
        for dated in &events {
            let Some(opening) = openings.iter().find(|one| one.entry.is_none() || one.entry == dated.entry) else {
                continue;
            };
            let of_event = record;
            let stretch = Stretch { law, record, of_event, case, opens, event, opening, dated, opens_plan, event_plan };
            found.extend(stretch.due());
        }
    }

    fn english(about: &About, terms: &Terms, code: &Code) -> String {
        let bound = terms.bound.known().map_or("?", |bound| match bound {
            Bound::AtLeast => "at least",
            Bound::AtMost => "at most",
            Bound::Exactly => "exactly",
        });
        let (count, unit) =
            (terms.count.known().copied().unwrap_or(0), terms.unit.known().map_or("?", |unit| unit.english()));
        let direction = if terms.backwards.known() == Some(&true) { "before" } else { "after" };
        let first = if terms.count_opening_day.known() == Some(&true) { "counted" } else { "not counted" };
        let calendar: Vec<&str> = terms.calendar.iter().map(AsRef::as_ref).collect();
        let calendars = if terms.unit.known() == Some(&Unit::WorkingDays) {
            let names = if calendar.is_empty() {
                code.calendar().iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
            } else {
                calendar.join(" and ")
            };
            format!(", by the bank holidays of {names}")
        } else {
            String::new()
        };
        let missing = if terms.missing.known() == Some(&Missing::Late) {
            "; where it has not come by then, it is late"
        } else {
            ""
        };
        let of = select::english(about.of.known().map(|word| word.0), &about.selects, code);
        let whose = about
            .about
            .known()
            .map_or(String::new(), |kind| format!(" of each {} that it is about", kind.0.singular()));
        format!(
            "In each {of}, `{}`{whose} comes {bound} {count} {unit} {direction} `{}`, the first day {first}{calendars}{missing}.",
            about.event.text().unwrap_or("?"),
            about.opens.text().unwrap_or("?"),
        )
    }
}

/// The events of the records that a record is about, each in a slot of its own.
fn others(law: &Law<'_, Window>, record: &Record, kind: RecordKind, case: &Case<'_>, slots: &mut Slots) {
    let (opens, event) = (law.about.opens.text().unwrap_or(""), law.about.event.text().unwrap_or(""));
    let Some((opens_plan, openings)) = record.body.event(opens) else { return };
    let Some(opening) = openings.iter().find(|one| one.entry.is_none()) else { return };
    let shown = opening.when.map_or("not recorded".to_owned(), |when| when.to_string());
    let step = format!("`{opens}`: {shown}, and {} is judged", case.on);
    // What has not happened stands only where it was planned.
    let to_come = opening.when.is_none_or(|when| when.first > case.on);
    let planned = !matches!(record.body.fields().get("planned"), None | Some((_, View::Absent)));
    if to_come && !(opens_plan && planned) {
        let message = format!("{}: `{opens}` has not come", people::name(record));
        return slots.skip(|| Said::new("about", Outcome::NotApplicable, message).steps([step]));
    }
    let named = people::about(record);
    let may_come = !planned && opening.when.is_some_and(|when| when.last > case.on);
    let speaks = opening
        .when
        .is_some_and(|when| law.over(when).iter().any(|(_, says)| matches!(says, Says::Terms(..) | Says::Unknown(_))));
    if may_come && speaks && !named.subjects.is_empty() {
        let message = format!("{}: whether `{opens}` has come is not recorded", people::name(record));
        let mark = Mark::new(record.file, opening.span, format!("`{opens}`"));
        return slots.say(Said::new("about", Outcome::Unknown, message).mark(mark).steps([step]).silent(opening.bad));
    }
    for id in named.subjects.iter().filter_map(|subject| subject.strip_prefix(kind.folder())?.strip_prefix('/')) {
        // A dangling reference was reported.
        let Some(of_event) = case.registry.find(kind, id) else { continue };
        let Some((event_plan, events)) = of_event.body.event(event) else { continue };
        let has_come = |one: &Dated| event_plan || one.when.is_none_or(|when| when.by(case.on).possible());
        for dated in events.into_iter().filter(|one| is_meant(law.about, &one.slot) && has_come(one)) {
            let slot =
                if dated.slot.is_empty() { of_event.id.to_string() } else { format!("{} {}", of_event.id, dated.slot) };
            let dated = &Dated { slot, ..dated };
            Stretch { law, record, of_event, case, opens, event, opening, dated, opens_plan, event_plan }.judge(slots);
        }
    }
    if named.open && speaks {
        let message = format!("{}: what it is about is not recorded", people::name(record));
        let mark = Mark::new(record.file, named.span, "not all is known");
        slots.say(Said::new("about", Outcome::Unknown, message).mark(mark).steps([step]).silent(named.bad));
    } else if named.subjects.is_empty() {
        let message = format!("{}: it is about nothing of that kind", people::name(record));
        slots.skip(|| Said::new("about", Outcome::NotApplicable, message).steps([step]));
    }
}

/// Whether a rule is about events of a slot; one that nobody knows may be any.
fn is_meant(about: &About, slot: &str) -> bool {
    about.slot.known().is_none_or(|words| words.has(slot) || slot == "unknown")
}

fn slot_of(dated: &Dated, event: &str) -> String {
    if dated.slot.is_empty() { event.to_owned() } else { dated.slot.clone() }
}

/// The outcomes that some choice of the unknown days gives.
#[expect(clippy::struct_excessive_bools, reason = "a set of outcomes")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Possible {
    pass: bool,
    breach: bool,
    skip: bool,
    unknown: bool,
}

impl Possible {
    const PASS: Self = Self { pass: true, breach: false, skip: false, unknown: false };
    const BREACH: Self = Self { pass: false, breach: true, skip: false, unknown: false };
    const SKIP: Self = Self { pass: false, breach: false, skip: true, unknown: false };
    const UNKNOWN: Self = Self { pass: false, breach: false, skip: false, unknown: true };

    fn or(self, other: Self) -> Self {
        Self {
            pass: self.pass || other.pass,
            breach: self.breach || other.breach,
            skip: self.skip || other.skip,
            unknown: self.unknown || other.unknown,
        }
    }

    fn outcome(self) -> Outcome {
        match self {
            Self::PASS => Outcome::Pass,
            Self::BREACH => Outcome::Breach,
            Self { pass: false, breach: false, unknown: false, .. } => Outcome::NotApplicable,
            _ => Outcome::Unknown,
        }
    }
}

/// The calendars of a version, the code's where it names none, in one order.
pub(crate) fn calendars(list: &List<CalendarWord>, code: &Code) -> Vec<Text> {
    let mut names: Vec<Text> = list.iter().map(|name| name.0.clone()).collect();
    if names.is_empty() {
        names = code.calendar();
    }
    names.sort();
    names.dedup();
    names
}

/// How a version counts from an opening day to the last day.
pub(crate) struct Count<'c> {
    pub(crate) count: i32,
    pub(crate) unit: Unit,
    pub(crate) count_opening: bool,
    pub(crate) working: &'c WorkingDays,
}

impl Count<'_> {
    /// The last day; nothing where the calendar does not reach.
    pub(crate) fn last(&self, opening: Day) -> Option<Day> {
        if !opening.is_finite() {
            return Some(opening);
        }
        let shortened = if self.count_opening && self.count != 0 {
            self.count.saturating_sub(self.count.signum())
        } else {
            self.count
        };
        match self.unit {
            Unit::WorkingDays => self.working.add(opening, self.count, self.count_opening),
            Unit::Days => Some(opening.plus_days(shortened)),
            Unit::Months => Some(opening.plus_months(self.count)),
            Unit::CalendarMonths => Some(opening.plus_months(self.count).last_of_month()),
            Unit::CalendarYears => Some(opening.plus_months(self.count.saturating_mul(12)).last_of_year()),
        }
    }

    /// How the count went, a step a line: what was counted, what was skipped, where it ended.
    pub(super) fn steps(&self, opening: Day) -> Vec<String> {
        let direction = if self.count < 0 { "before" } else { "after" };
        let counted = format!("{} {direction} {opening}", self.unit.counted(self.count));
        if !opening.is_finite() {
            return vec![format!("{counted}: the day that it is counted from is not recorded")];
        }
        let Some(last) = self.last(opening) else {
            return vec![format!("{counted}: the bank holidays of those years were not published then")];
        };
        if self.count == 0 {
            return vec![format!("no day is counted: it is {last} itself")];
        }
        match self.unit {
            Unit::WorkingDays => self.working_steps(opening, last, &counted),
            Unit::Days => {
                let opening_day = if self.count_opening { "counted as the first" } else { "not counted" };
                vec![format!("{counted}, that day {opening_day}: every day counts, to {last}")]
            }
            Unit::Months => vec![format!(
                "{counted}: the same day of the month, or the last one where the month is too short: {last}"
            )],
            Unit::CalendarMonths => vec![format!("{counted}: up to the last day of that month: {last}")],
            Unit::CalendarYears => vec![format!("{counted}: up to the last day of that year: {last}")],
        }
    }

    fn working_steps(&self, opening: Day, last: Day, counted: &str) -> Vec<String> {
        let next = if self.count_opening { opening } else { opening.plus_days(self.count.signum()) };
        let (first, end) = (next.min(last), next.max(last));
        let passed = self.working.passed(first, end);
        let opening_day = if self.count_opening { "counted as the first, if it is one" } else { "not counted" };
        let mut steps = vec![
            format!("{counted}, that day {opening_day}: the count runs from {next} to {last}"),
            format!("skipped: {} Saturdays and Sundays", passed.weekend),
        ];
        let holiday = |(on, title, calendars): (Day, String, String)| format!("skipped: {on} {title} ({calendars})");
        steps.extend(passed.holidays.into_iter().map(holiday));
        steps
    }

    /// What every pair of an opening day and an event day gives. The last day never falls when the
    /// opening day rises, so the ends decide.
    fn possible(&self, bound: Bound, opens: When, event: When) -> Possible {
        let (Some(first), Some(last)) = (self.last(opens.first), self.last(opens.last)) else {
            return Possible::UNKNOWN;
        };
        let back = self.count < 0;
        let (pass, breach) = match (bound, back) {
            (Bound::AtMost, false) | (Bound::AtLeast, true) => (event.first <= last, event.last > first),
            (Bound::AtMost, true) | (Bound::AtLeast, false) => (event.last >= first, event.first < last),
            (Bound::Exactly, _) => {
                (self.meets(opens, event), !(event.first == event.last && first == last && event.first == first))
            }
        };
        Possible { pass, breach, skip: false, unknown: false }
    }

    /// Whether some opening day has its last day among the event's.
    fn meets(&self, opens: When, event: When) -> bool {
        if !opens.first.is_finite() || !opens.last.is_finite() {
            let (Some(first), Some(last)) = (self.last(opens.first), self.last(opens.last)) else { return true };
            return event.last >= first && event.first <= last;
        }
        let (mut low, mut high) = (0i64, opens.last.days_since(opens.first));
        let at = |offset: i64| self.last(opens.first.plus_days(i32::try_from(offset).unwrap_or(0)));
        // The first opening day whose last day reaches the event's first.
        while low < high {
            let middle = low.saturating_add(high.saturating_sub(low) / 2);
            match at(middle) {
                Some(day) if day < event.first => low = middle.saturating_add(1),
                Some(_) => high = middle,
                None => return true,
            }
        }
        at(low).is_none_or(|day| event.first <= day && day <= event.last)
    }
}

/// The stage in which nothing more is to come of a proposal.
const WITHDRAWN: &str = "withdrawn";

/// One event against one opening.
struct Stretch<'s> {
    law: &'s Law<'s, Window>,
    record: &'s Record,
    /// The record whose event it is: the same, or one that it is about.
    of_event: &'s Record,
    case: &'s Case<'s>,
    opens: &'s str,
    event: &'s str,
    opening: &'s Dated,
    dated: &'s Dated,
    opens_plan: bool,
    event_plan: bool,
}

impl Stretch<'_> {
    fn judge(&self, slots: &mut Slots) {
        let slot = slot_of(self.dated, self.event);
        let Some(opens) = self.opening.when else {
            let why = format!("`{}` is not recorded, so nothing has opened", self.opens);
            return slots.skip(|| people::nothing(self.record, &slot, &why, self.days_in_steps()));
        };
        let mut all = Possible::default();
        let mut decided = None;
        for (part, says) in self.law.over(opens) {
            let (segment, found) = match says {
                Says::Nothing(_) => (None, Possible::SKIP),
                Says::Unknown(segment) => (Some((segment, None)), Possible::UNKNOWN),
                Says::Terms(segment, terms) => (Some((segment, Some(terms))), self.part(part, terms)),
            };
            all = all.or(found);
            // The version that decides is the last one that does not pass.
            if decided.is_none() || found != Possible::PASS {
                decided = segment.or(decided);
            }
        }
        let Some((segment, terms)) = decided else {
            let day = if opens.first.is_finite() { opens.first } else { opens.last };
            let steps = || self.days_in_steps().into_iter().chain(self.law.silence(day));
            let why = "no such rule was in force when it opened";
            return slots.skip(|| people::nothing(self.record, &slot, why, steps()));
        };
        match all.outcome() {
            Outcome::NotApplicable => slots.skip(|| {
                let why = format!("`{}` has not come, and need not have", self.event);
                let asked = terms.and_then(|terms| terms.missing.known()) == Some(&Missing::Late);
                let need =
                    if asked { "it is late only once its last day is past" } else { "nothing says that it must come" };
                let steps = self.days_in_steps().into_iter();
                let steps = steps.chain([format!("{} is judged", self.case.on), need.to_owned()]);
                let said = people::nothing(self.record, &slot, &why, steps);
                said.under(segment)
            }),
            Outcome::Pass => slots.pass(|| {
                let said = self.said(slot, Outcome::Pass, opens, segment, terms);
                self.explained(said, opens, terms)
            }),
            outcome => {
                let asked = slots.explain;
                let said = self.said(slot, outcome, opens, segment, terms);
                slots.say(said.explained(asked, |said| self.explained(said, opens, terms)));
            }
        }
    }

    /// The two days, as recorded.
    fn days_in_steps(&self) -> [String; 2] {
        let one = |event: &str, dated: &Dated| {
            let is_own = dated.slot.is_empty() || dated.slot == event;
            let of = if is_own { String::new() } else { format!(" of `{}`", dated.slot) };
            let day = dated.when.map_or("not recorded".to_owned(), |when| when.to_string());
            format!("`{event}`{of}: {day}")
        };
        [one(self.opens, self.opening), one(self.event, self.dated)]
    }

    fn backwards(terms: &Terms) -> bool {
        terms.backwards.known() == Some(&true)
    }

    fn count<'c>(terms: &Terms, working: &'c WorkingDays) -> Count<'c> {
        let count = i32::try_from(terms.count.known().copied().unwrap_or(0)).unwrap_or(i32::MAX);
        Count {
            count: if Self::backwards(terms) { count.saturating_neg() } else { count },
            unit: terms.unit.known().copied().unwrap_or(Unit::WorkingDays),
            count_opening: terms.count_opening_day.known() == Some(&true),
            working,
        }
    }

    fn working(&self, terms: &Terms) -> std::sync::Arc<WorkingDays> {
        let calendar: Vec<Text> = terms.calendar.iter().map(|name| name.0.clone()).collect();
        self.case.working_days(&calendar)
    }

    /// What one version gives for the opening days that pick it.
    fn part(&self, opens: When, terms: &Terms) -> Possible {
        let on = self.case.on;
        let working = self.working(terms);
        let count = Self::count(terms, &working);
        let backwards = Self::backwards(terms);
        let mut found = Possible::default();
        let mut opened = Some(opens);
        if !backwards && (!self.opens_plan || opens.first > on) {
            if opens.last > on {
                found = found.or(Possible::SKIP);
            }
            opened = opens.up_to(on);
        }
        let Some(opened) = opened else { return found };
        let (came, absent) = match self.dated.when {
            None => (None, true),
            Some(when) if self.event_plan => (Some(when), false),
            Some(when) => (when.up_to(on), when.last > on),
        };
        if let Some(event) = came {
            let bound = terms.bound.known().copied().unwrap_or(Bound::AtMost);
            let ran_out = self.ran_out(event);
            if ran_out.possible() {
                found = found.or(Possible::SKIP);
            }
            if !ran_out.certain() {
                found = found.or(count.possible(bound, opened, event));
            }
        }
        if absent {
            found = found.or(self.absent(opened, terms, &count));
        }
        found
    }

    /// What the absence of the event gives.
    fn absent(&self, opens: When, terms: &Terms, count: &Count<'_>) -> Possible {
        if terms.missing.known() != Some(&Missing::Late) {
            return Possible::SKIP;
        }
        match (count.last(opens.first), count.last(opens.last)) {
            (Some(first), Some(last)) => {
                let ceased = self.ceased().unwrap_or(When::on(Day::LATEST));
                Possible {
                    breach: self.case.on > first && ceased.last > first,
                    skip: self.case.on <= last || ceased.first <= last,
                    ..Possible::default()
                }
            }
            _ => Possible::UNKNOWN,
        }
    }

    /// The tenure that the event is of.
    fn tenure(&self) -> Option<&Tenure> {
        let seat = self.of_event.seat()?;
        seat.tenure.iter().nth(self.dated.entry.or(self.opening.entry)?)
    }

    /// Whether a tenure ended because its term ran out, whatever else was to end it.
    fn ran_out(&self, ended: When) -> Truth {
        if self.event != "tenure-ended" {
            return Truth::No;
        }
        match self.tenure().and_then(|tenure| tenure.due_to_end.when()) {
            Some(due) if due.day().is_some() && due.day() == ended.day() => Truth::Yes,
            Some(due) if due.first <= ended.last && ended.first <= due.last => Truth::Maybe,
            _ => Truth::No,
        }
    }

    /// The day after which nothing was to come any more: a member's last in office, or that on which a proposal
    /// was withdrawn.
    fn ceased(&self) -> Option<When> {
        if self.of_event.modification().is_some() {
            // What is counted from the withdrawal comes after it.
            if self.opens == WITHDRAWN {
                return None;
            }
            let (_, withdrawn) = self.of_event.body.event(WITHDRAWN)?;
            return withdrawn.into_iter().filter_map(|dated| dated.when).min_by_key(|when| when.first);
        }
        let ended = self.tenure()?.ended.when()?;
        Some(When::between(ended.first.plus_days(-1), ended.last.plus_days(-1)))
    }

    /// The last day for the event, where it has not come and some version counts one.
    fn due(&self) -> Option<Due> {
        let on = self.case.on;
        let opens = self.opening.when?;
        let mut found: Option<Due> = None;
        for (part, says) in self.law.over(opens) {
            let Says::Terms(segment, terms) = says else { continue };
            let backwards = Self::backwards(terms);
            // What has not opened yet is waited for only where it is planned, or counted back from.
            let open = if backwards || self.opens_plan { Some(part) } else { part.up_to(on) };
            let Some(due) = open.and_then(|open| self.due_under(open, segment, terms)) else { continue };
            found = Some(match found {
                None => due,
                Some(one) => Due {
                    by: When::between(one.by.first.min(due.by.first), one.by.last.max(due.by.last)),
                    basis: one.basis.min(due.basis),
                    ..one
                },
            });
        }
        found
    }

    fn due_under(&self, opens: When, segment: &Segment<Terms>, terms: &Terms) -> Option<Due> {
        let on = self.case.on;
        let bound = terms.bound.known().copied()?;
        let backwards = Self::backwards(terms);
        let is_last =
            matches!((bound, backwards), (Bound::AtMost, false) | (Bound::AtLeast, true) | (Bound::Exactly, _));
        if !is_last {
            return None;
        }
        let working = self.working(terms);
        let count = Self::count(terms, &working);
        let limit = When::between(count.last(opens.first)?, count.last(opens.last)?);
        let late = terms.missing.known() == Some(&Missing::Late);
        let (by, nature) = match self.dated.when {
            // A plan is kept by its own day coming.
            Some(when) if self.event_plan && when.last >= on => (when, Nature::Plan),
            Some(when) if self.event_plan || when.by(on).possible() => return None,
            _ if bound == Bound::Exactly || late => (limit, if late { Nature::Duty } else { Nature::Chance }),
            _ => (limit, Nature::Chance),
        };
        let more = self.dated.slot.is_empty() && self.dated.entry.is_none();
        let slot = slot_of(self.dated, self.event);
        let subject =
            if more { format!("`{}`", self.event) } else { format!("`{}` of `{}`", self.event, self.dated.slot) };
        let verb = match (nature, bound) {
            (Nature::Plan, _) => "planned",
            (_, Bound::Exactly) => "on that day, no other",
            (Nature::Duty, _) => "at the latest",
            (Nature::Chance, _) => "the last day for it",
        };
        // The whole of what is known of the day, not only the part that one version rules.
        let opened = self.opening.when.filter(|when| when.first.is_finite() || when.last.is_finite());
        let counted = format!(
            "{} {} `{}` ({})",
            count.unit.counted(count.count),
            if backwards { "before" } else { "after" },
            self.opens,
            opened.map_or("not recorded".to_owned(), |when| when.to_string())
        );
        let what =
            if nature == Nature::Plan { format!("{subject}: {verb}") } else { format!("{subject}: {verb}, {counted}") };
        let own = if self.dated.when.is_some() { self.dated.span } else { self.opening.span };
        let thing = if more { self.event.to_owned() } else { format!("{} {}", self.event, self.dated.slot) };
        let due = Due::new(slot, what, by, Mark::new(self.record.file, own, format!("`{}`: {opens}", self.opens)));
        let rule = segment.mark(self.law.file, "count", terms.count.span, Self::rule_label(terms));
        Some(due.thing(thing).nature(nature).exact(bound == Bound::Exactly).mark(rule).under(segment))
    }

    fn said(
        &self,
        slot: String,
        outcome: Outcome,
        opens: When,
        segment: &Segment<Terms>,
        terms: Option<&Terms>,
    ) -> Said {
        let name = people::name(self.record);
        let opening_mark = Mark::new(self.record.file, self.opening.span, format!("`{}`: {opens}", self.opens));
        let shown = self.dated.when.map_or("not recorded".to_owned(), |when| when.to_string());
        let event_mark = Mark::new(self.of_event.file, self.dated.span, format!("`{}`: {shown}", self.event));
        let what = if self.dated.slot.is_empty() {
            format!("`{}`", self.event)
        } else {
            format!("`{}` of `{}`", self.event, self.dated.slot)
        };
        let Some(terms) = terms else {
            let message = format!("{name}: how long this may take was not known when it opened");
            return Said::new(slot, Outcome::Unknown, message)
                .mark(event_mark)
                .mark(opening_mark)
                .marks(segment.marks.first().cloned())
                .under(segment);
        };
        let working = self.working(terms);
        let count = Self::count(terms, &working);
        let rule = segment.mark(self.law.file, "count", terms.count.span, Self::rule_label(terms));
        let last = opens.day().and_then(|day| count.last(day));
        let limit = |last: Day| {
            let skipped: Vec<String> = working
                .skipped(opens.first.min(last), opens.first.max(last))
                .map(|(day, title)| format!("{day} {title}"))
                .collect();
            let skipped = if skipped.is_empty() || count.unit != Unit::WorkingDays {
                String::new()
            } else {
                format!(", {} skipped", skipped.join(" and "))
            };
            format!(
                "{last} ({} {} {opens}{skipped})",
                count.unit.counted(count.count),
                if count.count < 0 { "before" } else { "after" }
            )
        };
        let bound = terms.bound.known().copied().unwrap_or(Bound::AtMost);
        let day_is = match (bound, count.count < 0) {
            (Bound::AtMost, false) | (Bound::AtLeast, true) => "the last day is",
            (Bound::AtLeast, false) | (Bound::AtMost, true) => "the first day is",
            (Bound::Exactly, _) => "the day is",
        };
        let message = match (outcome, last) {
            (Outcome::Breach, Some(last)) if self.dated.when.is_none() => {
                format!("{name}: {what} has not come; {day_is} {}", limit(last))
            }
            (Outcome::Breach, Some(last)) => {
                let side = self.side(last);
                format!("{name}: {what} on {shown} is {side}; {day_is} {}", limit(last))
            }
            (Outcome::Breach, None) => format!(
                "{name}: {what} ({shown}) lies outside the {} from `{}` ({opens}), whichever day it was",
                count.unit.counted(count.count),
                self.opens
            ),
            (Outcome::Pass, Some(last)) => format!("{name}: {what} on {shown} is in time; {day_is} {}", limit(last)),
            (Outcome::Pass, None) => format!("{name}: {what} is in time, whichever day it was"),
            (_, None) if opens.day().is_some() => format!(
                "{name}: how far {} from {opens} reach is not known: the bank holidays of those years were not published on {}",
                count.unit.counted(count.count),
                self.case.on
            ),
            (_, last) => {
                let known = last.map_or(String::new(), |last| format!("; {day_is} {}", limit(last)));
                let open =
                    if self.opening.when.is_some_and(|when| when.day().is_none()) { self.opens } else { self.event };
                format!("{name}: {what}: the day of `{open}` is not recorded{known}")
            }
        };
        let help = match outcome {
            Outcome::Breach => {
                "correct the date where it is wrong; else the lateness stands and needs a decision or a derogation"
            }
            _ => "record the day, or how much of it is known (`\"2016-09\"`, `\"2016-09-01/2016-09-15\"`)",
        };
        let said = Said::new(slot, outcome, message).mark(event_mark).mark(opening_mark).mark(rule).under(segment);
        let said =
            said.silent(self.opening.bad || self.dated.bad || self.record.damaged && outcome == Outcome::Unknown);
        if outcome == Outcome::Pass { said } else { said.help(help) }
    }

    /// With the derivation, and for a breach the change that clears it.
    fn explained(&self, said: Said, opens: When, terms: Option<&Terms>) -> Said {
        let shown = self.dated.when.map_or("not recorded".to_owned(), |when| when.to_string());
        let said = said.steps([format!("`{}`: {opens}", self.opens)]);
        let Some(terms) = terms else {
            return said.steps([format!("`{}`: {shown}", self.event)]);
        };
        let working = self.working(terms);
        let count = Self::count(terms, &working);
        let bound = terms.bound.known().copied().unwrap_or(Bound::AtMost);
        let relation = match (bound, count.count < 0) {
            (Bound::AtMost, false) | (Bound::AtLeast, true) => "on that day or before",
            (Bound::AtLeast, false) | (Bound::AtMost, true) => "on that day or after",
            (Bound::Exactly, _) => "on that day",
        };
        let mut steps = count.steps(opens.first);
        if opens.day().is_none() {
            steps.extend(count.steps(opens.last));
        }
        steps.push(format!("`{}` must come {relation}; recorded: {shown}", self.event));
        let said = said.steps(steps);
        let last = opens.day().and_then(|day| count.last(day)).filter(|_| said.outcome == Outcome::Breach);
        match last {
            Some(last) => said.cure(self.cure(last, relation)),
            None if said.outcome == Outcome::Breach => said.cure(Cure::by_hand(
                format!("another day of `{}` or of `{}`", self.event, self.opens),
                "the days are known in part alone, and every choice of them breaks the rule",
            )),
            None => said,
        }
    }

    /// The event on the last day; as an edit where the date has a place, or is a key of the record.
    fn cure(&self, last: Day, relation: &str) -> Cure {
        let cure = Cure::new(format!("`{}` on {last} ({relation})", self.event));
        let own_key = || self.of_event.kind.keys().iter().any(|key| key.name == self.event);
        let path = match self.dated.when {
            Some(_) => people::path_of(self.of_event, self.dated.span),
            None => own_key().then(|| self.event.to_owned()),
        };
        let why = "the event would be an entry that the record does not have yet";
        cure.at(path, why, |cure, path| cure.set(self.of_event.subject(), path, last.to_string()))
    }

    fn side(&self, last: Day) -> String {
        let Some(day) = self.dated.when.and_then(When::day) else { return "outside".to_owned() };
        let days = day.days_since(last);
        let plural = |count: i64| if count == 1 { String::from("a day") } else { format!("{count} days") };
        if days > 0 { format!("{} late", plural(days)) } else { format!("{} early", plural(days.saturating_neg())) }
    }

    fn rule_label(terms: &Terms) -> String {
        let bound = terms.bound.known().map_or("", |bound| bound.word());
        format!(
            "{bound} {} {}",
            terms.count.known().copied().unwrap_or(0),
            terms.unit.known().map_or("", |unit| unit.english())
        )
    }
}
