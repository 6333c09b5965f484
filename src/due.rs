//! What must happen by when, so that the records stay compliant: what the rules in force ask of each
//! record, and what is planned of which no rule speaks. A pure function of records, rules and a day.

mod plan;
mod span;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

pub use self::span::Within;
use crate::{
    calendar::WorkingDays,
    check::Selection,
    day::{Day, When},
    decode::{Text, View},
    error::Error,
    finding::{Basis, Clause, Mark, fingerprint},
    kind::{Case, Due, Nature, Shared},
    record::{Kind, Record},
    registry::Registry,
    rulebook::{
        Rulebook, in_force,
        rule::{Rule, basis_of},
    },
    tree::Tree,
};

/// What is due, from one day on.
#[derive(Debug)]
pub struct Agenda {
    /// The day judged.
    pub on: Day,
    /// The last day looked at.
    pub until: Day,
    /// How far that is, as it was asked for.
    pub within: Within,
    /// The day that the records speak for.
    pub position: Option<Day>,
    /// `worktree`, or the full id of the commit.
    pub at: String,
    /// What is overdue first, then by day and subject.
    pub entries: Vec<Entry>,
    /// How many things are to come of which no source says anything about the day.
    pub undated: usize,
}

/// One thing that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The record, as `kind/id`; a variation as `rules/ID`.
    pub subject: String,
    /// The record's title, where it has one.
    pub title: Option<String>,
    /// Which part of it, for the rule that comes first.
    pub slot: String,
    /// What is to happen.
    pub what: String,
    /// What it means for the day to pass.
    pub nature: Nature,
    /// The last day for it.
    pub by: When,
    /// Whether the day is past, whichever day it was.
    pub overdue: bool,
    /// Days from the day judged to the last day; 0 on that day, negative where it is past, nothing
    /// where the last day has no end.
    pub days: Option<i64>,
    /// The same in Working Days of the code's default calendars; nothing where they are not known.
    pub working_days: Option<i64>,
    /// The rules that ask for it, sorted by id; none where it is only planned.
    pub rules: Vec<Asks>,
    /// The clause that the record itself names, where no rule asks for it.
    pub clause: Option<Clause>,
    /// What other readings give.
    pub otherwise: Vec<(Text, Option<When>)>,
    /// Where it follows from; the first is in the record.
    pub marks: Vec<Mark>,
}

/// A rule that asks for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asks {
    /// Its id.
    pub rule: Box<str>,
    /// The clause.
    pub clause: Option<Clause>,
    /// The weakest evidence used.
    pub basis: Option<Basis>,
}

impl Entry {
    /// Rule, subject and slot: what makes this the same thing on another day, in another commit.
    /// The rule is empty where none asks for it.
    pub fn fingerprint(&self) -> String {
        fingerprint([self.rules.first().map_or("", |asks| &asks.rule), &self.subject, &self.slot])
    }
}

/// A due with its record and its rule.
struct Found {
    subject: String,
    asks: Option<Asks>,
    due: Due,
}

/// What is due, as the tree stands on a day.
///
/// # Errors
///
/// [`Error::Usage`] where Working Days are to be looked ahead of which the bank holidays are not
/// known.
pub fn agenda(tree: &Tree, on: Day, within: Within, selection: &Selection) -> Result<Agenda, Error> {
    let shared = Shared::new(&tree.registry, &tree.book.code, &tree.book.calendars);
    let case = Case::new(&shared, on);
    let working = case.working_days(&[]);
    let until = within.from(on, &working)?;
    let mut found = by_rules(&tree.book, &case);
    found.extend(sunsets(&tree.book, &tree.registry, on));
    found.extend(plan::found(&case));
    let mut agenda = Agenda {
        on,
        until,
        within,
        position: tree.registry.position,
        at: tree.at.clone(),
        entries: Vec::new(),
        undated: 0,
    };
    for entry in joined(found, on, &working) {
        let asked = |rule: &str| selection.takes(rule, &entry.subject);
        let wanted = if entry.rules.is_empty() { asked("") } else { entry.rules.iter().any(|one| asked(&one.rule)) };
        let undated = entry.by.first == Day::EARLIEST && entry.by.last == Day::LATEST;
        agenda.undated = agenda.undated.saturating_add(usize::from(wanted && undated));
        if wanted && !undated && is_near(&entry, on, until) {
            let title = title(&tree.registry, &entry.subject);
            agenda.entries.push(Entry { title, ..entry });
        }
    }
    agenda.entries.sort_by(|one, other| order(one).cmp(&order(other)));
    number(&mut agenda.entries);
    Ok(agenda)
}

fn title(registry: &Registry, subject: &str) -> Option<String> {
    let (folder, id) = subject.split_once('/')?;
    let record = registry.find(Kind::of_folder(folder)?, id)?;
    match record.body.fields().get("title") {
        Some((_, View::Text(title))) => Some(title.to_owned()),
        _ => None,
    }
}

/// Overdue duties, and what may fall on one of the days looked at.
fn is_near(entry: &Entry, on: Day, until: Day) -> bool {
    if entry.overdue { entry.nature == Nature::Duty } else { entry.by.last >= on && entry.by.first <= until }
}

fn order(entry: &Entry) -> (bool, Day, Day, &str, &str) {
    (!entry.overdue, entry.by.last, entry.by.first, &entry.subject, &entry.slot)
}

/// What the rules in force ask for.
fn by_rules(book: &Rulebook, case: &Case<'_>) -> Vec<Found> {
    let judging: Vec<&Rule> = book.judging().collect();
    judging.par_iter().flat_map_iter(|rule| of_rule(rule, book, case)).collect()
}

fn of_rule(rule: &Rule, book: &Rulebook, case: &Case<'_>) -> Vec<Found> {
    let Some(law) = in_force::enact(book, rule, case.registry, case.on) else { return Vec::new() };
    let born = |at: &u32| case.record(*at).and_then(|record| record.born).is_none_or(|born| born <= case.on);
    let subjects: Vec<u32> = law.subjects(case).into_iter().filter(born).collect();
    let found = law.due(rule, &subjects, case).into_iter().filter_map(|(at, due)| {
        let record = case.record(at).filter(|record| !plan::is_over(record, &due.thing, case.on.untracked()))?;
        let clause = due.clause.clone().or_else(|| Some(rule.clause.clone()));
        let asks = Asks { rule: rule.id.clone(), clause, basis: due.basis };
        Some(Found { subject: record.subject(), asks: Some(asks), due })
    });
    found.collect()
}

/// The ends of transitional variations: what they set is no longer so the day after.
fn sunsets(book: &Rulebook, registry: &Registry, on: Day) -> Vec<Found> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for rule in book.all() {
        for live in in_force::effects_on(book, rule, on) {
            if !live.until.is_finite() || live.until <= on || !seen.insert((live.variation.id.clone(), live.number)) {
                continue;
            }
            let target = live.effect.target.text().unwrap_or("?");
            let slot = format!("effect-{}", live.number.saturating_add(1));
            let what = format!("the effect of `{}` on `{target}` ends: its last day", live.variation.id);
            let mark = Mark::new(live.variation.file, live.effect.span, "this effect");
            let mut due = Due::new(slot, what, When::on(live.until.plus_days(-1)), mark).nature(Nature::Plan);
            let asks = Asks {
                rule: live.variation.id.clone(),
                clause: Some(live.variation.clause.clone()),
                basis: basis_of(&live.effect.basis),
            };
            // What the instrument's own record says of the same end is the same entry.
            let mut subject = format!("rules/{}", live.variation.id);
            if let Some((instrument, provision)) = ends_with(&live, registry) {
                subject = instrument.subject();
                due.thing = format!("effect-until {provision}");
            }
            found.push(Found { subject, asks: Some(asks), due });
        }
    }
    found
}

/// The record of the instrument that a variation names, and the provision of an effect of it that ends
/// on the same day; of several that of the variation's target or clause.
fn ends_with<'r>(live: &in_force::Live<'_>, registry: &'r Registry) -> Option<(&'r Record, &'r str)> {
    let id = live.variation.variation()?.instrument.text()?;
    let record = registry.find(Kind::Instrument, id)?;
    let effects = record.instrument()?.effect.iter();
    let same = |until: Option<When>| until.and_then(When::day) == Some(live.until);
    let mut ends: Vec<&str> =
        effects.filter(|effect| same(effect.until.when())).filter_map(|effect| effect.provision.text()).collect();
    let meant = |provision: &&str| {
        live.effect.target.text() == Some(*provision) || live.variation.clause.number.as_ref() == *provision
    };
    ends.sort_by_key(|provision| !meant(provision));
    Some((record, ends.first()?))
}

/// What was found of one thing, by the first and last day that it may be due on.
type ByDays = BTreeMap<(Day, Day), Vec<Found>>;

/// What several rules want of one record on one day is one entry; a plan of which a rule speaks is
/// the rule's, in the plan's words.
fn joined(found: Vec<Found>, on: Day, working: &WorkingDays) -> Vec<Entry> {
    let mut groups: BTreeMap<(String, String), ByDays> = BTreeMap::new();
    for one in found {
        let days = (one.due.by.first, one.due.by.last);
        let thing = groups.entry((one.subject.clone(), one.due.thing.clone())).or_default();
        thing.entry(days).or_default().push(one);
    }
    let mut entries = Vec::new();
    for days in groups.into_values() {
        let is_spoken_of = days.values().flatten().any(|one| one.asks.is_some());
        let kept = days.into_values().filter(|group| !is_spoken_of || group.iter().any(|one| one.asks.is_some()));
        entries.extend(kept.filter_map(|group| entry(group, on, working)));
    }
    entries
}

fn entry(mut group: Vec<Found>, on: Day, working: &WorkingDays) -> Option<Entry> {
    let rule = |one: &Found| one.asks.as_ref().map(|asks| asks.rule.clone());
    let nature = group.iter().map(|one| one.due.nature).max()?;
    // The words are the plan's, which are a person's; else the strictest rule's.
    let strictest = |one: &&Found| (one.asks.is_none(), one.due.nature, std::cmp::Reverse(rule(one)));
    let first = group.iter().max_by_key(strictest)?;
    // A plan may know the hour.
    let by = first.due.by;
    let (subject, what, clause) = (first.subject.clone(), first.due.what.clone(), first.due.clause.clone());
    let mut marks: Vec<Mark> = Vec::new();
    let mut otherwise: Vec<(Text, Option<When>)> = Vec::new();
    for one in &group {
        for mark in &one.due.marks {
            if !marks.iter().any(|known| known.place == mark.place) {
                marks.push(mark.clone());
            }
        }
        for reading in &one.due.otherwise {
            if !otherwise.contains(reading) {
                otherwise.push(reading.clone());
            }
        }
    }
    // The slot is that of the rule that stands first in `rules`: the two make the fingerprint.
    group.sort_by_key(|one| (one.asks.is_none(), rule(one)));
    let slot = group.first().map_or_else(String::new, |one| one.due.slot.clone());
    let mut rules: Vec<Asks> = group.into_iter().filter_map(|one| one.asks).collect();
    rules.dedup_by(|one, other| one.rule == other.rule);
    let days = by.last.is_finite().then(|| by.last.days_since(on));
    let working_days = if by.last.is_finite() { apart(working, on, by.last) } else { None };
    Some(Entry {
        subject,
        title: None,
        slot,
        what,
        nature,
        by,
        overdue: by.last < on,
        days,
        working_days,
        rules,
        clause,
        otherwise,
        marks,
    })
}

/// Working Days from one day to another, negative where that is earlier; nothing where they are not
/// known, or lie so far apart that nobody counts them.
fn apart(working: &WorkingDays, on: Day, day: Day) -> Option<i64> {
    if day.days_since(on).abs() > 4000 {
        return None;
    }
    if day >= on {
        working.between(on, day).map(i64::from)
    } else {
        working.between(day, on).map(|count| i64::from(count).saturating_neg())
    }
}

/// No two entries share a fingerprint.
fn number(entries: &mut [Entry]) {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for entry in entries {
        let times = seen.entry(entry.fingerprint()).or_insert(0);
        *times = times.saturating_add(1);
        if *times > 1 {
            entry.slot = format!("{}-{times}", entry.slot);
        }
    }
}
