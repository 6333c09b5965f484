//! What is in force: the one function that says which version of a rule, varied how, holds when.
//!
//! Seen from the day judged: an amendment counts from its own day, a version that a modification
//! brings exists once that modification is implemented.

use super::{
    Rulebook,
    raw::{entry, overlay},
    rule::{Effect, Op, Rule, VersionHead, What, basis_of},
    sound::{reaches, version_parameters},
};
use crate::{
    day::{Day, Today, When},
    decode::Text,
    finding::{Basis, Mark},
    kind::{Enacted, Segment},
    record::Kind,
    registry::seen::Seen,
};

/// An effect of a variation on a rule, as it stood on a day.
#[derive(Debug, Clone, Copy)]
pub struct Live<'b> {
    /// The variation.
    pub variation: &'b Rule,
    /// The effect.
    pub effect: &'b Effect,
    /// Its number in the file, from 0.
    pub number: usize,
    /// The first day.
    pub from: Day,
    /// The first day after.
    pub until: Day,
}

/// The effects on a rule, as the amendments made by `on` leave them. In the order of application.
pub fn effects_on<'b, 't>(book: &'b Rulebook, rule: &Rule, on: impl Into<Today<'t>>) -> Vec<Live<'b>> {
    let on = on.into();
    let mut found = Vec::new();
    for variation in book.variations() {
        let Some(head) = variation.variation() else { continue };
        for (number, effect) in head.effect.iter().enumerate() {
            let reached = effect.target.text().is_some_and(|target| reaches(effect, target, rule));
            let Some(from) = effect.from.when().and_then(When::day).filter(|_| reached) else { continue };
            let until = effect.until.known().map_or(Day::LATEST, |end| end.0);
            let mut live = Live { variation, effect, number, from, until };
            let mut amendments: Vec<_> = head
                .amendment
                .iter()
                .filter(|one| one.effect.known().map_or(0, |number| (*number as usize).saturating_sub(1)) == number)
                .filter(|one| one.on.when().is_some_and(|when| when.first <= on))
                .collect();
            amendments.sort_by_key(|one| one.on.when().map(|when| when.first));
            for amendment in amendments {
                let now = amendment.now.known().map_or(Day::LATEST, |end| end.0);
                match amendment.changes.text() {
                    Some("from") => live.from = now,
                    _ => live.until = now,
                }
            }
            found.push(live);
        }
    }
    // What is applied over another comes after it.
    found.sort_by_key(|live| (live.effect.over.known().is_some(), live.from));
    found
}

/// A version with its period, as seen from the day judged.
struct Period<'b> {
    number: usize,
    version: &'b VersionHead,
    from: Day,
    until: Day,
}

/// The periods of a rule's versions. One that a modification brings ends the one before.
fn periods<'b>(rule: &'b Rule, book: &Rulebook, registry: Seen<'_>, on: Today<'_>) -> Vec<Period<'b>> {
    let mut found: Vec<Period<'b>> = Vec::new();
    for (number, version) in rule.versions.iter().enumerate() {
        let until = version.until.when().and_then(When::day).unwrap_or(Day::LATEST);
        let from = match version.when_implemented.text() {
            None => version.from.when().and_then(When::day),
            Some(id) => match implemented(registry, id) {
                Some(day) if day <= on => Some(day),
                // As if it were implemented on whatever day is judged.
                _ if book.assumes(registry.untracked(), id) => Some(on.for_today()),
                later => later,
            },
        };
        let Some(from) = from else { continue };
        if let Some(before) = found.iter_mut().filter(|one| one.from < from).max_by_key(|one| one.from) {
            before.until = before.until.min(from);
        }
        found.push(Period { number, version, from, until });
    }
    found.sort_by_key(|one| one.from);
    found
}

/// The day of a modification's step `implemented`, where it is known to the day. One that was
/// rejected or withdrawn has no such step, whatever its target date.
fn implemented(registry: Seen<'_>, id: &str) -> Option<Day> {
    let modification = registry.find(Kind::Modification, id)?.modification()?;
    let step = modification.step.iter().find(|step| step.to.known().is_some_and(|to| to.as_ref() == "implemented"))?;
    step.on.when()?.day()
}

/// A rule as it stands, seen from a day.
pub fn enact<'t, 'r>(
    book: &Rulebook,
    rule: &Rule,
    registry: impl Into<Seen<'r>>,
    on: impl Into<Today<'t>>,
) -> Option<Box<dyn Enacted>> {
    let (registry, on) = (registry.into(), on.into());
    let What::Rule { about, .. } = &rule.what else { return None };
    let effects = effects_on(book, rule, on);
    let periods = periods(rule, book, registry, on);
    let inserted = rule.head.inserted_by.text().map(|by| inserted_when(book, by, &rule.id, on));
    let mut cuts: Vec<Day> = periods
        .iter()
        .flat_map(|one| [one.from, one.until])
        .chain(effects.iter().flat_map(|one| [one.from, one.until]))
        .collect();
    cuts.extend(inserted.iter().flatten().flat_map(|(from, until)| [*from, *until]));
    cuts.sort_unstable();
    cuts.dedup();
    let mut segments = Vec::new();
    for pair in cuts.windows(2) {
        let [from, until] = pair else { continue };
        let Some(period) = periods.iter().find(|one| one.from <= *from && *from < one.until) else { continue };
        if inserted.as_ref().is_some_and(|spans| !spans.iter().any(|(first, after)| first <= from && from < after)) {
            continue;
        }
        let live: Vec<Live<'_>> =
            effects.iter().filter(|one| one.from <= *from && *from < one.until).copied().collect();
        segments.push(segment(rule, period, &live, *from, *until));
    }
    Some(about.enact(segments))
}

/// The periods in which a variation inserts a rule.
fn inserted_when(book: &Rulebook, by: &str, id: &str, on: Today<'_>) -> Vec<(Day, Day)> {
    let Some(variation) = book.find(by) else { return Vec::new() };
    let Some(head) = variation.variation() else { return Vec::new() };
    let inserts =
        head.effect.iter().filter(|effect| effect.op.known() == Some(&Op::Insert) && effect.target.text() == Some(id));
    let named = inserts
        .filter_map(|effect| Some((effect.from.when()?.day()?, effect.until.known().map_or(Day::LATEST, |end| end.0))));
    let amended = book.find(id).map(|rule| effects_on(book, rule, on)).unwrap_or_default();
    let live: Vec<(Day, Day)> =
        amended.iter().filter(|one| one.variation.id.as_ref() == by).map(|one| (one.from, one.until)).collect();
    if live.is_empty() { named.collect() } else { live }
}

type Tables<'t> = Vec<toml::de::DeTable<'t>>;

/// One part of time: the version's parameters with what the variations set, for each reading.
fn segment<'b>(
    rule: &'b Rule,
    period: &Period<'b>,
    live: &[Live<'b>],
    from: Day,
    until: Day,
) -> (Segment<()>, Tables<'b>) {
    let version = period.version;
    let mut basis = basis_of(&version.basis).unwrap_or(Basis::Recalled);
    let mut marks = vec![Mark::new(rule.file, version.span, "the version in force")];
    let (mut varied_by, mut replaced, mut sets, mut suspended_by) = (Vec::new(), Vec::new(), Vec::new(), None);
    let mut source: Vec<Text> = version.source.iter().cloned().collect();
    for one in live {
        let id = one.variation.id.clone();
        match one.effect.op.known() {
            Some(Op::Suspend | Op::Repeal) => suspended_by = Some(id),
            Some(Op::Vary) => {
                let table = one
                    .variation
                    .raw
                    .entry("effect", one.number)
                    .and_then(|effect| effect.get("set"))
                    .and_then(|raw| raw.get_ref().as_table());
                for (key, _) in table.into_iter().flatten() {
                    replaced.push((key.get_ref().as_ref().into(), one.variation.file));
                }
                sets.extend(table);
                basis = basis.min(basis_of(&one.effect.basis).unwrap_or(basis));
                source.extend(one.effect.source.iter().cloned());
                marks.push(Mark::new(one.variation.file, one.effect.span, format!("varied by `{id}`")));
                varied_by.push(id);
            }
            _ => {}
        }
    }
    let (mut tables, mut readings) = (Vec::new(), Vec::new());
    let unknown = basis_of(&version.basis) == Some(Basis::Unknown);
    if let Some(table) = rule.raw.entry("version", period.number).filter(|_| !unknown) {
        let own = version_parameters(table);
        tables.push(overlay(&own, &[], &sets));
        for (at, reading) in version.readings.iter().enumerate() {
            let set = entry(table, "readings", at)
                .and_then(|reading| reading.get("set"))
                .and_then(|raw| raw.get_ref().as_table());
            let both: Vec<_> = set.into_iter().chain(sets.iter().copied()).collect();
            tables.push(overlay(&own, &[], &both));
            readings.push(reading.name.text().unwrap_or("another reading").into());
        }
    }
    let part = Segment {
        from,
        until,
        version: period.number,
        terms: Vec::new(),
        readings,
        basis,
        source,
        suspended_by,
        varied_by,
        marks,
        replaced,
    };
    (part, tables)
}
