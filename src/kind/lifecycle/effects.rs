//! What instruments did to provisions: one track a provision, in the order of days.

use std::{collections::BTreeMap, sync::Arc};

use rustc_hash::FxHashMap;

use super::{
    About, Lifecycle, Rules, Terms,
    say::Teller,
    track::{Entry, Track, facts},
    walk::{Stop, World, walk},
};
use crate::{
    day::{Day, When},
    finding::{Mark, Outcome},
    kind::{Case, Cure, Kind as _, Law, Said, Says, Segment, people},
    record::{
        Kind as RecordKind, Record,
        instrument::{Does, Effect},
        publication::Scalar,
    },
    text::Span,
};

/// The tracks, and where each instrument stands in them.
#[derive(Debug, Default)]
pub(super) struct Lines<'c> {
    pub(super) by_provision: BTreeMap<&'c str, Track<'c>>,
    /// For each instrument, the provisions with the position of its effect there.
    pub(super) of_record: FxHashMap<u32, Vec<(&'c str, usize)>>,
    effects: BTreeMap<&'c str, Vec<&'c Effect>>,
}

/// Where effects are kept whose provision is not known.
const NOWHERE: &str = "";

/// The day of an effect: its own, else that of the instrument.
fn day_of(effect: &Effect, made: When) -> (When, Option<Span>) {
    effect.from.when().map_or((made, None), |when| (when, Some(effect.from.span)))
}

/// An effect: its day, the position of its instrument and its own there, and both.
type Placed<'c> = (When, u32, usize, &'c Record, &'c Effect);

/// Gathers the effects that may have begun by the day judged.
pub(super) fn lines<'c>(about: &About, case: &Case<'c>) -> Lines<'c> {
    let mut found: BTreeMap<&'c str, Vec<Placed<'c>>> = BTreeMap::new();
    for at in Lifecycle::subjects(about, case) {
        let Some((record, instrument)) = case.record(at).and_then(|record| Some((record, record.instrument()?))) else {
            continue;
        };
        let made = instrument.on.when().unwrap_or(When::UNKNOWN);
        for (number, effect) in instrument.effect.iter().enumerate() {
            let (when, _) = day_of(effect, made);
            if when.first <= case.on {
                let provision = effect.provision.text().unwrap_or(NOWHERE);
                found.entry(provision).or_default().push((when, at, number, record, effect));
            }
        }
    }
    let mut lines = Lines::default();
    for (provision, mut list) in found {
        list.sort_by_key(|(when, at, number, ..)| (when.first, when.last, *at, *number));
        let doubtful = doubtful(&list.iter().map(|(when, at, ..)| (*when, *at)).collect::<Vec<_>>());
        let mut track = Track::default();
        let mut times = 0usize;
        let mut last = None;
        for (index, ((when, at, _, record, effect), doubtful)) in list.into_iter().zip(doubtful).enumerate() {
            let name = if provision == NOWHERE { "unknown" } else { provision };
            times = if last == Some(at) { times.saturating_add(1) } else { 1 };
            last = Some(at);
            let slot = if times == 1 { name.to_owned() } else { format!("{name}-{times}") };
            let instrument = record.instrument();
            let by = instrument.and_then(|one| one.by.known()).map(AsRef::as_ref);
            let stop = Stop {
                to: effect.does.known().map(|does| does.word()),
                on: when,
                until: effect.until.when().filter(|_| !matches!(effect.does.known(), Some(Does::End))),
                back: None,
                pause: false,
                by,
                facts: Arc::new(facts(record, case.on).into_iter().collect()),
            };
            let whole = effect.span;
            let bad = [effect.does.is_bad(), effect.provision.is_bad(), effect.from.is_bad(), effect.until.is_bad()];
            let entry = Entry {
                at,
                file: record.file,
                slot,
                whole,
                on: day_of(effect, when).1.unwrap_or(whole),
                by: instrument.map_or(whole, |one| one.by.span),
                bad: bad.contains(&true),
                doubtful: doubtful || provision == NOWHERE,
            };
            track.push(stop, entry);
            lines.of_record.entry(at).or_default().push((provision, index));
            lines.effects.entry(provision).or_default().push(effect);
        }
        lines.by_provision.insert(provision, track);
    }
    lines
}

/// An end of an effect's days, and the position of its instrument.
type End = (Day, u32);

/// Which of some effects, sorted by their first days, may have come before or after one of another
/// instrument.
fn doubtful(list: &[(When, u32)]) -> Vec<bool> {
    let mut found = vec![false; list.len()];
    // The latest last day so far, and the latest one of another instrument than that one's.
    let (mut top, mut second): (Option<End>, Option<End>) = (None, None);
    for (index, (when, at)) in list.iter().enumerate() {
        let rival = top.filter(|(_, other)| other != at).or(second.filter(|(_, other)| other != at));
        if let Some(flag) = found.get_mut(index) {
            *flag = rival.is_some_and(|(last, _)| last >= when.first);
        }
        match top {
            Some((last, other)) if when.last < last && other != *at => {
                second = second.filter(|(day, _)| *day >= when.last).or(Some((when.last, *at)));
            }
            Some((last, other)) if when.last >= last => {
                if other != *at {
                    second = top;
                }
                top = Some((when.last, *at));
            }
            None => top = Some((when.last, *at)),
            Some(_) => {}
        }
    }
    // The same from behind: the earliest first day of a later one.
    let (mut top, mut second): (Option<End>, Option<End>) = (None, None);
    for (index, (when, at)) in list.iter().enumerate().rev() {
        let rival = top.filter(|(_, other)| other != at).or(second.filter(|(_, other)| other != at));
        if let Some(flag) = found.get_mut(index) {
            *flag |= rival.is_some_and(|(first, _)| first <= when.last);
        }
        if top.is_some_and(|(_, other)| other != *at) {
            second = top;
        }
        top = Some((when.first, *at));
    }
    found
}

/// What is said of every effect on a provision.
pub(super) fn tell(
    law: &Law<'_, Lifecycle>,
    provision: &str,
    track: &Track<'_>,
    lines: &Lines<'_>,
    case: &Case<'_>,
    explain: bool,
) -> Vec<Said> {
    let rules = Rules::of(law, When::UNKNOWN, true);
    let name = if provision == NOWHERE { "provision unknown".to_owned() } else { format!("provision `{provision}`") };
    let nothing = || {
        let said = Said::new(provision, Outcome::NotApplicable, format!("{name}: no such rule is in force"));
        said.because(explain, || law.silence(case.on.untracked()))
    };
    let Some(segment) = rules.segment else { return track.stops.iter().map(|_| nothing()).collect() };
    let Some((_, regime)) = rules.one.iter().find(|(_, regime)| !regime.rows.is_empty() || !regime.unknown.is_empty())
    else {
        return track.stops.iter().map(|_| nothing()).collect();
    };
    let worlds = [World { born: When::UNKNOWN, regime, facts: BTreeMap::new() }];
    let may_lack = !case.registry.is_complete(RecordKind::Instrument.folder());
    let seen = walk(&track.stops, &worlds, case.on, may_lack);
    let effects = lines.effects.get(provision).map_or(&[][..], Vec::as_slice);
    let mut told = Vec::new();
    for (index, seen) in seen.iter().enumerate() {
        let Some(entry) = track.entries.get(index) else { continue };
        let record = case.record(entry.at);
        let teller = Teller {
            law,
            segment,
            record,
            name: &record.map_or(name.clone(), |record| format!("instrument `{}`: {name}", record.id)),
            noun: "the provision",
            stops: &track.stops,
            entries: &track.entries,
            born: None,
            on: case.on,
            explain,
        };
        let lawless = |stop: &Stop<'_>| law.over(stop.on).iter().all(|(_, says)| matches!(says, Says::Nothing(_)));
        let decided = match seen.outcome {
            Some(_) if track.stops.get(index).is_some_and(lawless) => {
                told.push(Said { slot: entry.slot.clone(), ..nothing() });
                continue;
            }
            Some(Outcome::Breach | Outcome::Pass) if entry.doubtful => Some(Outcome::Unknown),
            other => other,
        };
        let mut said = match decided {
            Some(outcome) => teller.said(index, seen, &worlds, None, outcome),
            None => Said::new(entry.slot.clone(), Outcome::NotApplicable, format!("{name}: not begun"))
                .because(explain, || record.map(in_steps).unwrap_or_default()),
        };
        if said.outcome == Outcome::Pass
            && let Some(effect) = effects.get(index)
        {
            let before = index.checked_sub(1).and_then(|before| effects.get(before)).copied();
            let steps = said.steps.clone();
            said = longer(said, effect, before, entry, may_lack, segment);
            if explain {
                said = ends_explained(said, steps, effect, before, record);
            }
        }
        told.push(said);
    }
    told
}

/// What an instrument does, an effect a line.
pub(super) fn in_steps(record: &Record) -> Vec<String> {
    let Some(instrument) = record.instrument() else { return Vec::new() };
    let made = instrument.on.when().unwrap_or(When::UNKNOWN);
    let one = |effect: &Effect| {
        let does = effect.does.known().map_or("unknown", |does| does.word());
        let provision = effect.provision.text().unwrap_or("unknown");
        format!("`{does}` of `{provision}`, from {}", day_of(effect, made).0)
    };
    let mut steps: Vec<String> = instrument.effect.iter().take(20).map(one).collect();
    if steps.is_empty() {
        steps.push("no effect is recorded".to_owned());
    }
    steps
}

/// With the ends that were compared, and for a breach of theirs the end that would do.
fn ends_explained(
    said: Said,
    moves: Vec<String>,
    effect: &Effect,
    before: Option<&Effect>,
    record: Option<&Record>,
) -> Said {
    if effect.does.known() != Some(&Does::Extend) {
        return said;
    }
    let day = |when: Option<When>| when.map_or("not recorded".to_owned(), |when| when.to_string());
    let stood = before.map(|before| day(before.until.when()));
    let was = match effect.was.known() {
        Some(Scalar::Day(when)) => when.to_string(),
        Some(Scalar::Text(text)) => text.to_string(),
        _ => "not recorded".to_owned(),
    };
    let new = if effect.until.is_absent() { "open".to_owned() } else { day(effect.until.when()) };
    let mut said = said;
    // What was found of the move comes first, unless it is there already.
    if said.steps.is_empty() {
        said.steps = moves;
    }
    said.steps.extend(stood.map(|stood| format!("the end that the effect before gave: {stood}")));
    said.steps.push(format!("the end before, as this instrument says (`was`): {was}"));
    said.steps.push(format!("the new end (`until`): {new}"));
    if said.outcome != Outcome::Breach {
        return said;
    }
    let (own, stood) = (record.zip(Some(effect)), before.and_then(|before| before.until.when()).and_then(When::day));
    let path = own.and_then(|(record, effect)| Some((record, people::path_of(record, effect.span)?)));
    let wrong_was = said.message.contains("the instrument says that it was");
    match (path, stood, wrong_was) {
        (Some((record, path)), Some(stood), true) => said.cure(Cure::new(format!("`was` is {stood}")).set(
            record.subject(),
            format!("{path}.was"),
            stood.to_string(),
        )),
        (Some((record, path)), _, false) => {
            let cure = Cure::new("a later `until`, or none: then it has no end");
            said.cure(cure.unset(record.subject(), format!("{path}.until")))
        }
        _ => said.cure(Cure::by_hand(
            "a `was` that is the end that stood, or an `until` after it",
            "the end that stood is not known to the day",
        )),
    }
}

/// An extension ends later than what stood.
fn longer(
    said: Said,
    effect: &Effect,
    before: Option<&Effect>,
    entry: &Entry,
    may_lack: bool,
    segment: &Segment<Terms>,
) -> Said {
    if effect.does.known() != Some(&Does::Extend) {
        return said;
    }
    let stated = match effect.was.known() {
        Some(Scalar::Day(when)) => Some(*when),
        Some(Scalar::Text(text)) => When::parse(text),
        _ => None,
    };
    let stood = before.and_then(|before| before.until.when()).filter(|when| *when != When::UNKNOWN);
    let subject = said.message.split(" goes from ").next().unwrap_or("").to_owned();
    let make = |outcome: Outcome, message: String| {
        let mark = Mark::new(entry.file, effect.until.span, "the new end");
        let was = Mark::new(entry.file, effect.was.span, "what stood");
        Said::new(entry.slot.clone(), outcome, message)
            .help("correct `until` or `was`")
            .mark(mark)
            .mark(was)
            .marks(segment.marks.first().cloned())
            .under(segment)
            .silent(effect.until.is_bad() || effect.was.is_bad())
    };
    if let (Some(stated), Some(stood)) = (stated, stood)
        && (stated.last < stood.first || stated.first > stood.last)
    {
        let outcome = if may_lack { Outcome::Unknown } else { Outcome::Breach };
        return make(
            outcome,
            format!("{subject} was to end on {stood}, and the instrument says that it was to end on {stated}"),
        );
    }
    let base = stated.or(stood.filter(|_| !may_lack || effect.was.is_absent()));
    let (Some(base), Some(until)) = (base, effect.until.when()) else {
        // An end that is left out is open, and later than any.
        return match effect.until.when() {
            None => said,
            Some(until) => make(
                Outcome::Unknown,
                format!("{subject} is extended to {until}, and when it was to end before is not recorded"),
            ),
        };
    };
    if until.last <= base.first {
        return make(
            Outcome::Breach,
            format!("{subject} is extended to {until}, no later than it was to end before, {base}"),
        );
    }
    if until.first <= base.last {
        return make(
            Outcome::Unknown,
            format!("{subject}: whether it now ends ({until}) later than before ({base}) is not recorded"),
        );
    }
    said
}
