//! The tracks that records leave: the steps of one record, or what instruments did to one provision.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    About, Lifecycle, Rules, Terms, effects,
    say::Teller,
    walk::{Seen, Stop, walk},
    worlds,
};
use crate::{
    day::{Day, Today, Truth, When},
    finding::{Mark, Outcome},
    kind::{Case, Cure, Due, Law, Nature, Said, Says, Slots, people},
    record::{
        Kind as RecordKind, Record,
        modification::{Modification, Step},
        word_of,
    },
    rulebook::select,
    text::{FileId, Place, Span},
};

/// A fact of a record, where it is recorded, and where it stands.
pub(super) fn fact(record: &Record, name: &str, on: Today<'_>) -> (Span, Option<String>) {
    let told = record.body.told(name, on).unwrap_or_default();
    let one = told.first().map(|one| (one.span, one.known().map(ToOwned::to_owned)));
    one.unwrap_or((record.head(), None))
}

/// All facts of a record that are recorded.
pub(super) fn facts(record: &Record, on: Today<'_>) -> BTreeMap<&'static str, String> {
    record.kind.facts().into_iter().filter_map(|one| Some((one.name, fact(record, one.name, on).1?))).collect()
}

/// Where a stop stands.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The record that says so.
    pub(super) at: u32,
    pub(super) file: FileId,
    pub(super) slot: String,
    pub(super) whole: Span,
    pub(super) on: Span,
    pub(super) by: Span,
    /// A value of it was reported already.
    pub(super) bad: bool,
    /// Whether it comes before or after another of the same track is not known.
    pub(super) doubtful: bool,
}

/// Stops in their order.
#[derive(Debug, Default)]
pub(super) struct Track<'c> {
    pub(super) stops: Vec<Stop<'c>>,
    pub(super) entries: Vec<Entry>,
}

impl<'c> Track<'c> {
    pub(super) fn push(&mut self, stop: Stop<'c>, mut entry: Entry) {
        let same = self.stops.iter().filter(|one| one.to == stop.to).count();
        let name = stop.to.unwrap_or("unknown");
        if entry.slot.is_empty() {
            entry.slot = if same == 0 { name.to_owned() } else { format!("{name}-{}", same.saturating_add(1)) };
        }
        self.stops.push(stop);
        self.entries.push(entry);
    }
}

/// The steps of a modification that may have happened by a day.
fn steps<'c>(record: &'c Record, modification: &'c Modification, at: u32, on: Today<'_>) -> Track<'c> {
    let mut track = Track::default();
    for step in modification.step.iter() {
        let when = step.on.when().unwrap_or(When::UNKNOWN);
        if when.first > on {
            continue;
        }
        let to = step.to.known().map(AsRef::as_ref);
        let by = step.by.known().map(AsRef::as_ref);
        let bad = step.to.is_bad() || step.on.is_bad() || step.by.is_bad();
        let entry = Entry {
            at,
            file: record.file,
            slot: String::new(),
            whole: step.span,
            on: step.on.span,
            by: step.by.span,
            bad,
            doubtful: false,
        };
        track.push(Stop { to, on: when, until: None, back: None, pause: false, by, facts: Arc::default() }, entry);
    }
    track
}

/// The stages in which it only waits; and when an event of the record undid a stage: from the first day
/// on which it may have, to the one by which it certainly had.
fn backs(track: &mut Track<'_>, record: &Record, terms: &Terms, on: Today<'_>) {
    let waits = |stage: &str| terms.pauses.known().is_some_and(|pauses| pauses.has(stage));
    for stop in &mut track.stops {
        stop.pause = stop.to.is_some_and(waits);
    }
    for (stage, _, event) in terms.taken_up.iter() {
        let dates = record.body.event(event).map(|(_, dates)| dates).unwrap_or_default();
        let days: Vec<When> = dates.iter().filter_map(|one| one.when).filter(|when| when.first <= on).collect();
        for stop in track.stops.iter_mut().filter(|stop| stop.to == Some(stage)) {
            let possible = days.iter().filter_map(|when| when.within(stop.on.first, Day::LATEST));
            // One that may lie before it need not undo it.
            let certain = days.iter().filter(|when| when.first >= stop.on.last).map(|when| when.last).min();
            let first = possible.map(|when| when.first).min();
            stop.back = first.map(|first| When::between(first, certain.unwrap_or(Day::LATEST)));
        }
    }
}

/// What was said of each effect on a provision, by reading and provision.
type Told<'c> = BTreeMap<(usize, &'c str), Arc<Vec<Said>>>;

/// All that is worked out once for a rule.
#[derive(Debug)]
pub struct Tracks<'c> {
    /// What instruments did, by provision; nothing where each record has a track of its own.
    lines: Option<effects::Lines<'c>>,
    /// What was said of a provision, by reading.
    told: Mutex<Told<'c>>,
}

impl<'c> Tracks<'c> {
    /// The tracks of a rule.
    pub(super) fn of(about: &About, case: &Case<'c>) -> Self {
        let of_instruments = about.of.known().is_some_and(|word| word.0 == RecordKind::Instrument);
        Self { lines: of_instruments.then(|| effects::lines(about, case)), told: Mutex::default() }
    }

    /// Judges one record.
    pub(super) fn judge(&self, law: &Law<'_, Lifecycle>, record: &Record, at: u32, case: &Case<'c>, slots: &mut Slots) {
        match &self.lines {
            Some(lines) => self.effects(lines, law, record, at, case, slots),
            None => modification(law, record, at, case, slots),
        }
    }

    /// The ends of what an instrument does, where nothing later on the same provision stands before them.
    pub(super) fn ends(
        &self,
        law: &Law<'_, Lifecycle>,
        record: &Record,
        at: u32,
        case: &Case<'c>,
        found: &mut Vec<Due>,
    ) {
        let (Some(lines), Says::Terms(segment, terms)) = (&self.lines, law.on(case.on)) else { return };
        let selected = select::selected(record, &law.about.selects, case, case.on).possible();
        let Some(lapse) = terms.lapse.text().filter(|_| selected) else { return };
        for (provision, index) in lines.of_record.get(&at).into_iter().flatten() {
            let Some(track) = lines.by_provision.get(provision) else { continue };
            let is_last = track.entries.last().is_some_and(|entry| entry.at == at);
            let stop = track.stops.get(*index).zip(track.entries.get(*index)).filter(|_| is_last);
            let Some((until, entry)) = stop.and_then(|(stop, entry)| Some((stop.until?, entry))) else { continue };
            if until.last <= case.on || !until.first.is_finite() || provision.is_empty() {
                continue;
            }
            let last = When::between(until.first.plus_days(-1), until.last.plus_days(-1));
            let what = format!("what it does to `{provision}` comes to {lapse}: its last day");
            let mark = Mark::new(entry.file, entry.whole, format!("until {until}"));
            let due = Due::new(entry.slot.clone(), what, last, mark).thing(format!("effect-until {provision}"));
            found.push(due.nature(Nature::Plan).under(segment));
        }
    }

    fn effects(
        &self,
        lines: &effects::Lines<'c>,
        law: &Law<'_, Lifecycle>,
        record: &Record,
        at: u32,
        case: &Case<'c>,
        slots: &mut Slots,
    ) {
        let mine = lines.of_record.get(&at).map_or(&[][..], Vec::as_slice);
        if mine.is_empty() {
            let why = format!("no effect of it has begun on {}", case.on);
            return slots.skip(|| people::nothing(record, "", &why, effects::in_steps(record)));
        }
        // A fact of the instrument that is not recorded is one cause, however many effects want it.
        let mut causes: BTreeSet<Place> = BTreeSet::new();
        for (provision, index) in mine {
            let Some(track) = lines.by_provision.get(provision) else { continue };
            let told = {
                let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
                let make = || Arc::new(effects::tell(law, provision, track, lines, &case.of_rule(), slots.explain));
                Arc::clone(told.entry((law.reading, *provision)).or_insert_with(make))
            };
            if let Some(said) = told.get(*index) {
                match said.outcome {
                    Outcome::Pass => slots.pass(|| said.clone()),
                    Outcome::NotApplicable => slots.skip(|| said.clone()),
                    outcome => {
                        let place = said.marks.first().map(|mark| mark.place).filter(|_| outcome == Outcome::Unknown);
                        let known = place.is_some_and(|place| !causes.insert(place));
                        slots.say(said.clone().silent(said.silent || known));
                    }
                }
            }
        }
    }
}

fn modification(law: &Law<'_, Lifecycle>, record: &Record, at: u32, case: &Case<'_>, slots: &mut Slots) {
    let Some(modification) = record.modification() else { return };
    let mut track = steps(record, modification, at, case.on);
    let name = people::name(record);
    if track.stops.is_empty() && !modification.step.is_open() && law.about.shown_by.items.is_empty() {
        let why = format!("no step of it has happened by {}", case.on);
        let steps = || {
            let one = |step: &Step| format!("`{}`: {}", word_of(&step.to), step.on.when().unwrap_or(When::UNKNOWN));
            let all = modification.step.iter().map(one);
            all.chain([format!("{} is judged", case.on)]).collect::<Vec<_>>()
        };
        return slots.skip(|| people::nothing(record, "", &why, steps()));
    }
    let born = modification.raised.when().unwrap_or(When::UNKNOWN);
    let rules = Rules::of(law, born, false);
    let Some(segment) = rules.segment else { return slots.skip(|| people::idle(law, record, born, None)) };
    if let Some(terms) = segment.terms.first() {
        backs(&mut track, record, terms, case.on);
    }
    if modification.step.is_open() {
        let message = format!("{name}: which stages it reached is not recorded");
        let mark = Mark::new(record.file, modification.step.span, "not all is known");
        slots.say(
            Said::new("step", Outcome::Unknown, message)
                .help("record the steps that are known, each with what is known of its day")
                .mark(mark)
                .under(segment)
                .silent(modification.step.is_bad())
                .because(slots.explain, || ["`step` is unknown, or one of its entries is".to_owned()]),
        );
    }
    let recorded = facts(record, case.on);
    let may_lack = modification.step.is_open() || !case.registry.is_complete(RecordKind::Modification.folder());
    let one = worlds(&rules.one, &recorded, record.kind, case.code);
    let stops = with_facts(&track.stops, &recorded);
    let seen = walk(&stops, &one, case.on, may_lack);
    let other = rules.either.then(|| {
        let worlds = worlds(&rules.other, &recorded, record.kind, case.code);
        (walk(&stops, &worlds, case.on, may_lack), worlds)
    });
    let teller = Teller {
        law,
        segment,
        record: Some(record),
        name: &name,
        noun: "a proposal",
        stops: &stops,
        entries: &track.entries,
        born: modification.raised.when().map(|when| (when, modification.raised.span)),
        on: case.on,
        explain: slots.explain,
    };
    for (index, first) in seen.iter().enumerate() {
        let second = other.as_ref().and_then(|(other, worlds)| Some((other.get(index)?, worlds.as_slice())));
        teller.say(index, first, &one, second, slots);
    }
    shown(law, &teller, record, case.on, slots);
}

/// The stops with the facts of their record.
fn with_facts<'c>(stops: &[Stop<'c>], recorded: &BTreeMap<&'static str, String>) -> Vec<Stop<'c>> {
    let facts: Arc<BTreeMap<&'c str, String>> = Arc::new(recorded.clone().into_iter().collect());
    stops.iter().map(|stop| Stop { facts: Arc::clone(&facts), ..stop.clone() }).collect()
}

/// Events that show a stage without being a step: none comes once another stage was final.
fn shown(law: &Law<'_, Lifecycle>, teller: &Teller<'_, '_>, record: &Record, on: Today<'_>, slots: &mut Slots) {
    let terms = teller.segment.terms.first();
    let is_final = |stage: &str| terms.and_then(|terms| terms.ends.known()).is_some_and(|ends| ends.has(stage));
    for (stage, _, event) in law.about.shown_by.iter() {
        let over = teller
            .stops
            .iter()
            .zip(teller.entries)
            .filter(|(stop, _)| stop.to.is_some_and(|to| is_final(to) && to != stage));
        for dated in record.body.event(event).map(|(_, dates)| dates).unwrap_or_default() {
            let Some(when) = dated.when.filter(|when| when.first <= on) else { continue };
            // What was certainly taken up again by then stood in the way no longer.
            let over = over.clone().find(|(stop, _)| stop.back.is_none_or(|back| back.last > when.first));
            let slot =
                if dated.slot.is_empty() { event.as_ref().to_owned() } else { format!("{event} of {}", dated.slot) };
            let Some((stop, entry)) = over else {
                slots.pass(|| {
                    let message = format!("{}: nothing final came before `{event}`", teller.name);
                    let steps = [format!("`{event}`: {when}"), "no final stage is recorded as reached".to_owned()];
                    Said::new(slot, Outcome::Pass, message)
                        .mark(Mark::new(record.file, dated.span, "this day"))
                        .steps(steps)
                });
                continue;
            };
            let last = stop.to.unwrap_or("");
            let undone = stop.back.is_some_and(|back| back.first <= when.last);
            let sure = when.last <= on && stop.on.last <= when.first && stop.on.last <= on && !undone;
            let outcome = match (sure, stop.on.before(when).or(Truth::from(stop.on.first <= when.last)).possible()) {
                (true, _) => Outcome::Breach,
                (false, true) => Outcome::Unknown,
                (false, false) => Outcome::Pass,
            };
            let message = match outcome {
                Outcome::Breach => format!(
                    "{}: `{event}` on {when} cannot be: it was `{last}` on {}, and nothing comes after that",
                    teller.name, stop.on
                ),
                Outcome::Unknown => {
                    format!(
                        "{}: whether `{event}` ({when}) came after `{last}` ({}) is not recorded",
                        teller.name, stop.on
                    )
                }
                _ => format!("{}: `{event}` on {when} came before `{last}`", teller.name),
            };
            let said = Said::new(slot, outcome, message)
                .mark(Mark::new(record.file, dated.span, format!("`{event}`: {when}")))
                .mark(Mark::new(entry.file, entry.whole, format!("`{last}`: {}", stop.on)))
                .marks(teller.segment.marks.first().cloned())
                .under(teller.segment)
                .silent(dated.bad || entry.bad)
                .because(slots.explain, || {
                    let shown = format!("`{event}` shows the stage `{stage}`: {when}");
                    [format!("`{last}` is final, reached: {}", stop.on), shown]
                });
            match outcome {
                Outcome::Breach => {
                    slots.say(
                        said.help("a target date is `planned`; take the actual day out, or correct the step")
                            .explained(slots.explain, |said| {
                                let cure = Cure::new(format!("the day of `{event}` left out"));
                                said.cure(cure.at(
                                    people::path_of(record, dated.span),
                                    "the day has no key of its own",
                                    |cure, path| cure.unset(record.subject(), path),
                                ))
                            }),
                    );
                }
                Outcome::Unknown => slots.say(said.help("record the days")),
                _ => slots.pass(|| said),
            }
        }
    }
}

/// Planned steps that have not come.
pub(super) fn planned(law: &Law<'_, Lifecycle>, record: &Record, case: &Case<'_>, found: &mut Vec<Due>) {
    let Some(modification) = record.modification() else { return };
    let born = modification.raised.when().and_then(When::day).map_or(case.on, Today::from);
    let Says::Terms(segment, terms) = law.on(born) else { return };
    let reached = |stage: &str| {
        modification.step.iter().any(|step| {
            step.to.known().is_some_and(|to| to.as_ref() == stage)
                && step.on.when().unwrap_or(When::UNKNOWN).by(case.on).possible()
        })
    };
    let undone = |stage: &str| {
        let event = terms.taken_up.iter().find(|(one, ..)| *one == stage).map(|(_, _, event)| event);
        let dates = event.and_then(|event| record.body.event(event)).map(|(_, dates)| dates).unwrap_or_default();
        dates.iter().any(|one| one.when.is_some_and(|when| when.by(case.on).possible()))
    };
    if terms.ends.known().is_some_and(|ends| ends.iter().any(|stage| reached(stage) && !undone(stage))) {
        return;
    }
    for plan in modification.planned.iter() {
        let Some(to) = plan.to.known().map(AsRef::as_ref).filter(|to| !reached(to)) else { continue };
        let Some(when) = plan.on.when().filter(|when| *when != When::UNKNOWN) else { continue };
        let mark = Mark::new(record.file, plan.span, format!("planned: `{to}` on {when}"));
        found.push(
            Due::new(format!("planned-{to}"), format!("`{to}` is reached, as planned"), when, mark).under(segment),
        );
    }
}

/// What was seen of the stops under both accounts of how records in flight were carried over.
pub(super) fn together(one: &Seen<'_>, other: Option<&Seen<'_>>) -> Option<Outcome> {
    let Some(other) = other else { return one.outcome };
    match (one.outcome, other.outcome) {
        (first, second) if first == second => first,
        (Some(Outcome::Breach), Some(Outcome::Pass)) | (Some(Outcome::Pass), Some(Outcome::Breach)) => {
            Some(Outcome::ReadingSensitive)
        }
        _ => Some(Outcome::Unknown),
    }
}
