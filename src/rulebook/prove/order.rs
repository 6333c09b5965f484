//! Windows over the events of one record: whether some days keep them all.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Flaw, Ground, Proof, clauses, paste,
    paste::expects,
    typed::{Typed, Version, rules, starts},
};
use crate::{
    calendar::WorkingDays,
    day::Day,
    decode::Map,
    finding::Mark,
    kind::{
        Kind as _,
        term::Term,
        window::{Bound, Count, Terms, Unit, Window, calendars},
    },
    record::Kind,
    rulebook::{Rulebook, raw::Words, rule::Rule},
};

mod facts;

/// How many first days are tried: a window that can never be kept is kept on none of them.
const TRIED: i32 = 21;
/// How far one event may be driven from another, in days, before nothing can keep them.
const FAR: i64 = 4000;

/// A window in force.
struct Bar<'w> {
    rule: &'w Rule,
    selects: &'w Map<Words>,
    version: &'w Version<Terms>,
    opens: &'w str,
    event: &'w str,
    working: WorkingDays,
}

impl<'w> Bar<'w> {
    /// The window as it stood on a day.
    fn of(one: &'w Typed<'w, Window>, day: Day, book: &Rulebook) -> Option<Self> {
        let version = one.on(day)?;
        let names = calendars(&version.terms.calendar, &book.code);
        let known_on = Day::new(9000, 1, 1)?;
        let working = book.calendars.working_days(names.iter().map(AsRef::as_ref), known_on);
        let (opens, event) = (one.about.opens.text()?, one.about.event.text()?);
        Some(Self { rule: one.rule, selects: &one.about.selects, version, opens, event, working })
    }

    fn count(&self) -> Count<'_> {
        let terms = &self.version.terms;
        let count = i32::try_from(terms.count.known().copied().unwrap_or(0)).unwrap_or(i32::MAX);
        Count {
            count: if self.is_backwards() { count.saturating_neg() } else { count },
            unit: terms.unit.known().copied().unwrap_or(Unit::WorkingDays),
            count_opening: terms.count_opening_day.known() == Some(&true),
            working: &self.working,
        }
    }

    fn is_backwards(&self) -> bool {
        self.version.terms.backwards.known() == Some(&true)
    }

    /// Whether the event must come on the last day or after it, and on it or before it.
    fn sides(&self) -> (bool, bool) {
        let back = self.is_backwards();
        match self.version.terms.bound.known() {
            Some(Bound::Exactly) => (true, true),
            Some(Bound::AtLeast) => (!back, back),
            _ => (back, !back),
        }
    }

    /// The first opening day whose last day is this one or later.
    fn opening_for(&self, event: Day) -> Option<Day> {
        let count = self.count();
        let per = match count.unit {
            Unit::Months | Unit::CalendarMonths => 31,
            Unit::CalendarYears => 366,
            Unit::Days | Unit::WorkingDays => 2,
        };
        let span = count.count.unsigned_abs().min(1000);
        let span = i32::try_from(span).unwrap_or(1000).saturating_mul(per).saturating_add(366);
        let (mut low, mut high) = (event.plus_days(span.saturating_neg()), event.plus_days(span));
        // The last day never falls when the opening day rises.
        while low < high {
            let half = i32::try_from(high.days_since(low) / 2).unwrap_or(0);
            let middle = low.plus_days(half);
            if count.last(middle)? < event {
                low = middle.plus_days(1);
            } else {
                high = middle;
            }
        }
        Some(low)
    }

    fn mark(&self) -> Mark {
        Mark::new(self.rule.file, self.version.terms.count.span, format!("`{}` after `{}`", self.event, self.opens))
    }
}

/// Whether some days keep windows, one of the events on a given day.
enum Kept<'w> {
    /// They do; the earliest day of each event.
    On(BTreeMap<&'w str, Day>),
    /// They do not; how far it was driven.
    Never(BTreeMap<&'w str, Day>),
    /// A calendar ends before it shows.
    Unknown,
}

/// The earliest day of each event, counted from one of them on a day. Every window either drives its
/// event later or its opening later; where that comes back to the first event, nothing keeps them.
fn earliest<'w>(bars: &[&Bar<'w>], root: &'w str, day: Day) -> Kept<'w> {
    let mut known: BTreeMap<&'w str, Day> = BTreeMap::from([(root, day)]);
    loop {
        let mut changed = false;
        for bar in bars {
            let (after, before) = bar.sides();
            let (opens, event) = (known.get(bar.opens).copied(), known.get(bar.event).copied());
            let mut drive = |name: &'w str, to: Option<Day>| {
                let Some(to) = to else { return false };
                let own = known.entry(name).or_insert(Day::EARLIEST);
                changed |= *own < to;
                *own = to.max(*own);
                true
            };
            let one = opens.filter(|_| after).is_none_or(|opens| drive(bar.event, bar.count().last(opens)));
            let two = event.filter(|_| before).is_none_or(|event| drive(bar.opens, bar.opening_for(event)));
            if !one || !two {
                return Kept::Unknown;
            }
        }
        let driven = known.get(root).is_some_and(|own| *own > day);
        if driven || known.values().any(|one| one.days_since(day) > FAR) {
            return Kept::Never(known);
        }
        if !changed {
            return Kept::On(known);
        }
    }
}

/// Whether no first day works, of those that can be told; and how far the events are driven.
fn never<'w>(bars: &[&Bar<'w>], root: &'w str, from: Day) -> Option<(Day, BTreeMap<&'w str, Day>)> {
    let mut found = None;
    for offset in 0..TRIED {
        let day = from.plus_days(offset);
        match earliest(bars, root, day) {
            Kept::On(_) => return None,
            Kept::Never(known) => found = found.or(Some((day, known))),
            Kept::Unknown => {}
        }
    }
    found
}

/// Whether one record could be meant by both.
fn can_meet(one: &Map<Words>, other: &Map<Words>) -> bool {
    one.iter().all(|(key, _, words)| {
        let theirs = other.get(key).and_then(|fact| fact.known());
        theirs.is_none_or(|theirs| words.iter().any(|word| theirs.has(word)))
    })
}

/// Windows over the events of one kind of record.
pub(super) fn windows(ground: &Ground<'_>, proof: &mut Proof) {
    let all = rules::<Window>(ground.book);
    proof.looked = all.len();
    let mut told: BTreeSet<Vec<&str>> = BTreeSet::new();
    for kind in Kind::ALL {
        let own: Vec<&Typed<'_, Window>> =
            all.iter().filter(|one| one.about.of.known().is_some_and(|word| word.0 == *kind)).collect();
        for from in starts(own.iter().map(|one| one.rule)) {
            let bars: Vec<Bar<'_>> = own.iter().filter_map(|one| Bar::of(one, from, ground.book)).collect();
            for seed in &bars {
                let beside: Vec<&Bar<'_>> = bars.iter().filter(|bar| can_meet(bar.selects, seed.selects)).collect();
                let Some(core) = core(&beside, seed.opens, from) else { continue };
                let mut names: Vec<&str> = core.iter().map(|bar| bar.rule.id.as_ref()).collect();
                names.sort_unstable();
                let meet = core.iter().all(|one| core.iter().all(|other| can_meet(one.selects, other.selects)));
                if meet && told.insert(names) {
                    tell(&core, seed.opens, from, *kind, ground, proof);
                }
            }
        }
    }
}

/// The fewest of these windows that no day keeps.
fn core<'b, 'w>(bars: &[&'b Bar<'w>], root: &'w str, from: Day) -> Option<Vec<&'b Bar<'w>>> {
    never(bars, root, from)?;
    let mut core: Vec<&Bar<'w>> = bars.to_vec();
    let mut at = 0;
    while at < core.len() {
        let mut fewer = core.clone();
        fewer.remove(at);
        if never(&fewer, root, from).is_some() {
            core = fewer;
        } else {
            at = at.saturating_add(1);
        }
    }
    Some(core)
}

fn tell<'w>(core: &[&Bar<'w>], root: &'w str, from: Day, kind: Kind, ground: &Ground<'_>, proof: &mut Proof) {
    let Some((day, mut days)) = never(core, root, from) else { return };
    days.insert(root, day);
    // The counterexample lies wholly in the version: as much later as some of its days were earlier.
    let before = days.values().min().map_or(0, |first| from.days_since(*first));
    if let Some((day, later)) = never(core, root, from.plus_days(i32::try_from(before.max(0)).unwrap_or(0))) {
        days = later;
        days.insert(root, day);
    }
    let names: Vec<String> = core.iter().map(|bar| format!("`{}`", bar.rule.id)).collect();
    let what = match names.as_slice() {
        [one] => format!("{one}: no day of `{root}` and of what follows it keeps this window"),
        _ => format!("{}: no days of `{root}` and of what follows it keep these windows together", names.join(" and ")),
    };
    let Some((rule, example)) = broken(core, kind, &days, ground) else { return };
    let flaw = Flaw::new(what, clauses(core.iter().map(|bar| bar.rule)), core.iter().map(|bar| bar.mark()).collect());
    proof.flaw(&rule.id, flaw.example(example));
}

/// The record with these days, in the file of the window that it breaks.
fn broken<'w>(
    bars: &[&Bar<'w>],
    kind: Kind,
    days: &BTreeMap<&'w str, Day>,
    ground: &Ground<'_>,
) -> Option<(&'w Rule, Option<String>)> {
    let last = days.values().max()?.plus_days(1);
    let selects: Vec<&Map<Words>> = bars.iter().map(|bar| bar.selects).collect();
    let record = facts::record(kind, days, &selects);
    let mut first = None;
    for bar in bars {
        let name = "the earliest days that the other windows allow";
        let example = record.clone().and_then(|record| {
            let subject = record.0.clone();
            paste(ground.book, bar.rule, name, last, Some(&subject), &[record])
        });
        if expects(example.as_ref(), "breach") {
            return Some((bar.rule, example));
        }
        first = first.or(Some((bar.rule, example)));
    }
    first
}

/// An election called on the last day for it, against the end of the term.
pub(super) fn elections(ground: &Ground<'_>, proof: &mut Proof) {
    const CALLED: &str = "called";
    let windows = rules::<Window>(ground.book);
    for one in rules::<Term>(ground.book) {
        let Some(body) = Term::body(&one.about) else { continue };
        for version in &one.versions {
            let Some(before) = version.terms.call_before.known() else { continue };
            proof.looked = proof.looked.saturating_add(1);
            let own = windows.iter().filter(|window| {
                let named = window.about.selects.get("body").and_then(|fact| fact.known());
                window.about.of.known().is_some_and(|word| word.0 == Kind::Election)
                    && named.is_none_or(|words| words.has(body))
            });
            let bars: Vec<Bar<'_>> = own.filter_map(|window| Bar::of(window, version.from, ground.book)).collect();
            let all: Vec<&Bar<'_>> = bars.iter().collect();
            let names = calendars(&before.calendar, &ground.book.code);
            let working = ground
                .book
                .calendars
                .working_days(names.iter().map(AsRef::as_ref), Day::new(9000, 1, 1).unwrap_or(version.from));
            let count = Count {
                count: i32::try_from(before.count.known().copied().unwrap_or(0)).unwrap_or(i32::MAX),
                unit: before.unit.known().copied().unwrap_or(Unit::WorkingDays),
                count_opening: false,
                working: &working,
            };
            let late = |offset: i32| {
                let day = version.from.plus_days(offset);
                let Kept::On(days) = earliest(&all, CALLED, day) else { return None };
                let end = count.last(day)?;
                let (event, on) = days.iter().max_by_key(|(_, on)| **on).map(|(event, on)| (*event, *on))?;
                Some((on > end, event, on, end, days))
            };
            let tried: Vec<_> = (0..TRIED).filter_map(late).collect();
            if tried.is_empty() || !tried.iter().all(|(is_late, ..)| *is_late) {
                continue;
            }
            let Some((_, event, on, end, mut days)) = tried.into_iter().next() else { continue };
            let message = format!(
                "`{}`: called on the last day for it, the term ends on {end}, and `{event}` comes on {on} at the earliest",
                one.rule.id
            );
            days.insert(event, end);
            let pushing: Vec<&Bar<'_>> = all.iter().copied().filter(|bar| days.contains_key(bar.event)).collect();
            let mut marks = vec![Mark::new(one.rule.file, before.span, "called so long before the end")];
            marks.extend(pushing.iter().map(|bar| bar.mark()));
            let Some((rule, example)) = broken(&pushing, Kind::Election, &days, ground) else { continue };
            let named = std::iter::once(one.rule).chain(pushing.iter().map(|bar| bar.rule));
            proof.flaw(&rule.id, Flaw::new(message, clauses(named), marks).example(example));
        }
    }
}
