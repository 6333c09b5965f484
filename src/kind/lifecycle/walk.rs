//! The walk along the stages that were reached: which of its moves are allowed, for every choice of
//! the days, facts and actors that are not known.
//!
//! An order of days is taken as listed, so each stop can be on any day between the latest first day
//! before it and the earliest last day after it. Going there as early as possible leaves the most
//! room for what comes later, so one pass decides whether some choice keeps the rule; and a choice
//! breaks it exactly where one of those days is not covered by a row.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Move, Terms};
use crate::{
    day::{Day, Today, Truth, When},
    finding::Outcome,
    kind::Segment,
    rulebook::{raw::Words, rule::basis_of},
};

/// A stage reached, as recorded.
#[derive(Debug, Clone)]
pub(super) struct Stop<'a> {
    /// The stage; nothing where it is not known.
    pub(super) to: Option<&'a str>,
    pub(super) on: When,
    /// The first day on which what began here lapses by itself.
    pub(super) until: Option<When>,
    /// The days on which an event may have undone it, so that what comes next goes on from where it was.
    pub(super) back: Option<When>,
    /// Here it only waits: what comes next goes on from the stage before, or comes back to it.
    pub(super) pause: bool,
    /// Who decided; nothing where it is not recorded.
    pub(super) by: Option<&'a str>,
    /// The facts that rows may ask for, where they are recorded.
    pub(super) facts: Arc<BTreeMap<&'a str, String>>,
}

/// A row with the days on which it allows its move.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowed<'l> {
    pub(super) row: &'l Move,
    pub(super) terms: &'l Terms,
    pub(super) segment: &'l Segment<Terms>,
    pub(super) from: Day,
    pub(super) until: Day,
}

impl Allowed<'_> {
    /// Whether it leads from one stage (nothing: the start) to another, whoever decides.
    pub(super) fn joins(&self, source: Option<&str>, to: &str) -> bool {
        let Some(from) = self.row.from.known() else { return false };
        let leaves = match source {
            None => from.has("start"),
            Some(stage) => {
                (from.has(stage) || from.has("any")) && !self.terms.ends.known().is_some_and(|ends| ends.has(stage))
            }
        };
        leaves && self.row.to.known().is_some_and(|list| list.has(to))
    }

    /// Whether the facts are as the row asks.
    pub(super) fn takes_facts(&self, stop: &Stop<'_>, world: &World<'_, '_>) -> Truth {
        let one = |fact: &str, words: &Words| match stop.facts.get(fact) {
            Some(value) => Truth::from(words.has(value)),
            None => world.facts.get(fact).map_or(Truth::Maybe, |value| Truth::from(words.has(value))),
        };
        self.row.when.iter().map(|(fact, _, words)| one(fact, words)).fold(Truth::Yes, Truth::and)
    }

    /// Whether it was decided by one of those that the row names.
    pub(super) fn takes_actor(&self, stop: &Stop<'_>) -> Truth {
        match (self.row.by.known(), stop.by) {
            (None, _) => Truth::Yes,
            (Some(_), None) => Truth::Maybe,
            (Some(words), Some(by)) => Truth::from(words.has(by)),
        }
    }

    /// The weakest evidence for it.
    pub(super) fn basis(&self) -> crate::finding::Basis {
        basis_of(&self.row.basis).map_or(self.segment.basis, |basis| basis.min(self.segment.basis))
    }
}

/// What governs the moves: the rows, and the days of which there is no rule, or none that is known.
#[derive(Debug, Default)]
pub(super) struct Regime<'l> {
    pub(super) rows: Vec<Allowed<'l>>,
    pub(super) silent: Vec<(Day, Day)>,
    pub(super) unknown: Vec<(Day, Day)>,
    /// The stage that a lapse brings.
    pub(super) lapse: Option<&'l str>,
}

/// One choice of the facts that are not recorded, and of the days of birth that one regime governs.
#[derive(Debug, Clone)]
pub(super) struct World<'r, 'l> {
    pub(super) born: When,
    pub(super) regime: &'r Regime<'l>,
    pub(super) facts: BTreeMap<&'l str, String>,
}

/// What comes before a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Earlier {
    Birth,
    Stop(usize),
}

/// Why a stop is as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Seen<'a> {
    /// Breach, unknown or pass; nothing where it has not happened.
    pub(super) outcome: Option<Outcome>,
    /// The stages that it may come from.
    pub(super) from: BTreeSet<Option<&'a str>>,
    /// What is listed before it and cannot lie before it.
    pub(super) disorder: Option<Earlier>,
    /// Stages that lack between the two.
    pub(super) lacking: Option<Vec<&'a str>>,
    /// The world in which it was looked at first.
    pub(super) world: usize,
}

/// Where one choice of facts may have got to, each stage with its earliest day.
struct Branch<'a> {
    at: Vec<(Option<&'a str>, Day)>,
    /// Where it had got to before the last stop.
    before: Vec<(Option<&'a str>, Day)>,
    /// It may be that nothing further had happened by the day judged.
    waits: bool,
}

/// The days that each stop can be, given their order; a new run begins where no order is possible.
struct Order {
    low: Vec<Day>,
    high: Vec<Day>,
    disorder: Vec<Option<Earlier>>,
}

fn order(stops: &[Stop<'_>], born: Day) -> Order {
    let (mut low, mut disorder) = (Vec::new(), Vec::new());
    let (mut latest, mut by) = (born, Earlier::Birth);
    for (index, stop) in stops.iter().enumerate() {
        let clash = stop.on.last < latest;
        disorder.push(clash.then_some(by));
        if clash || stop.on.first >= latest {
            (latest, by) = (stop.on.first, Earlier::Stop(index));
        }
        low.push(latest);
    }
    let mut high: Vec<Day> = Vec::new();
    let mut earliest = Day::LATEST;
    for (stop, clash) in stops.iter().zip(&disorder).rev() {
        earliest = earliest.min(stop.on.last);
        high.push(earliest);
        if clash.is_some() {
            earliest = Day::LATEST;
        }
    }
    high.reverse();
    Order { low, high, disorder }
}

/// Looks at every stop in turn. `may_lack`: stages may have been reached that are not recorded.
pub(super) fn walk<'a>(stops: &[Stop<'a>], worlds: &[World<'_, 'a>], on: Today<'_>, may_lack: bool) -> Vec<Seen<'a>> {
    let born = worlds.iter().map(|world| world.born.first).min().unwrap_or(Day::EARLIEST);
    let order = order(stops, born);
    let mut branches: Vec<Branch<'a>> = worlds
        .iter()
        .map(|world| Branch { at: vec![(None, world.born.first)], before: Vec::new(), waits: false })
        .collect();
    let mut all = Vec::new();
    for (index, stop) in stops.iter().enumerate() {
        let low = order.low.get(index).copied().unwrap_or(stop.on.first);
        let high = order.high.get(index).copied().unwrap_or(stop.on.last);
        let disorder = order.disorder.get(index).copied().flatten();
        let last = index.checked_sub(1).and_then(|before| stops.get(before));
        let (lapses, back) = (last.and_then(|one| one.until), last.and_then(|one| one.back));
        let resumes = last.is_some_and(|one| one.pause);
        let mut seen = Seen { disorder, ..Seen::default() };
        if disorder.is_some() {
            seen.outcome = Some(Outcome::Breach);
        } else {
            let trial = Trial { stop, low, high, on, lapses, back, resumes, may_lack };
            seen = trial.all(worlds, &mut branches);
        }
        if seen.outcome == Some(Outcome::Breach) {
            // One cause, one finding: what follows is judged from the stage that was reached.
            for (branch, world) in branches.iter_mut().zip(worlds) {
                branch.at = targets(stop, world.regime).into_iter().map(|to| (Some(to), low)).collect();
                branch.waits = high > on;
            }
        }
        all.push(seen);
    }
    all
}

/// The stages that a stop may be of.
fn targets<'a>(stop: &Stop<'a>, regime: &Regime<'a>) -> BTreeSet<&'a str> {
    let listed = || regime.rows.iter().filter_map(|row| row.row.to.known()).flat_map(Words::iter);
    stop.to.map_or_else(|| listed().collect(), |to| BTreeSet::from([to]))
}

/// One stop, held against all branches.
struct Trial<'t, 'a> {
    stop: &'t Stop<'a>,
    low: Day,
    high: Day,
    on: Today<'t>,
    lapses: Option<When>,
    back: Option<When>,
    /// It was only waiting before.
    resumes: bool,
    may_lack: bool,
}

impl<'a> Trial<'_, 'a> {
    fn all(&self, worlds: &[World<'_, 'a>], branches: &mut [Branch<'a>]) -> Seen<'a> {
        let mut seen = Seen::default();
        let (mut came, mut kept, mut direct, mut fails, mut gap) = (false, false, false, false, false);
        for (number, (branch, world)) in branches.iter_mut().zip(worlds).enumerate() {
            let before = self.taken_up(branch);
            if !before.is_empty() && self.high > self.on {
                branch.waits = true;
            }
            let mut next: BTreeMap<Option<&'a str>, Day> = BTreeMap::new();
            for (stage, day, last) in before {
                let (low, high) = (self.low.max(day), self.on.or_before(self.high).min(last));
                if low > high {
                    continue;
                }
                if !came {
                    seen.world = number;
                }
                came = true;
                for (source, low, high) in self.sources(stage, low, high, world.regime) {
                    seen.from.insert(source);
                    let (found, all) = self.moves(source, low, high, world);
                    fails |= !all;
                    if found.is_empty() && self.may_lack {
                        for to in targets(self.stop, world.regime) {
                            if let Some(chain) = chain(source, to, day, high, self.stop, world) {
                                gap = true;
                                seen.lacking.get_or_insert(chain);
                                next.entry(Some(to)).or_insert(low);
                            }
                        }
                    }
                    kept |= !found.is_empty();
                    direct |= !found.is_empty();
                    for (to, day) in found {
                        let entry = next.entry(Some(to)).or_insert(day);
                        *entry = (*entry).min(day);
                    }
                }
            }
            branch.at = next.into_iter().collect();
            kept |= branch.waits;
        }
        if direct {
            // It may have come straight from there: that is what has to be settled.
            seen.lacking = None;
        }
        seen.outcome = match (came, kept, fails || gap) {
            (false, ..) => None,
            (_, true, false) => Some(Outcome::Pass),
            (_, true, true) => Some(Outcome::Unknown),
            (_, false, _) if gap => Some(Outcome::Unknown),
            _ => Some(Outcome::Breach),
        };
        seen
    }

    /// The stages from which it may come, each with the first and the last day on which they stand:
    /// those that were reached, and where an event undoes the last of them, those before it.
    fn taken_up(&self, branch: &mut Branch<'a>) -> Vec<(Option<&'a str>, Day, Day)> {
        let reached = std::mem::take(&mut branch.at);
        let earlier = std::mem::replace(&mut branch.before, reached.clone());
        if self.resumes && !earlier.is_empty() {
            // While it waits, it stands where it stood, and so it does for what comes after.
            branch.before.clone_from(&earlier);
            return earlier.into_iter().map(|(stage, day)| (stage, day, Day::LATEST)).collect();
        }
        let Some(back) = self.back else {
            return reached.into_iter().map(|(stage, day)| (stage, day, Day::LATEST)).collect();
        };
        let last = if back.last.is_finite() { back.last.plus_days(-1) } else { back.last };
        let since = reached.iter().map(|(_, day)| *day).min().unwrap_or(back.first).max(back.first);
        let stands = reached.into_iter().map(|(stage, day)| (stage, day, last));
        stands.chain(earlier.into_iter().map(|(stage, day)| (stage, day.max(since), Day::LATEST))).collect()
    }

    /// The stage as it is, and as it is once it has lapsed, each with the days on which it may be so.
    fn sources(
        &self,
        stage: Option<&'a str>,
        low: Day,
        high: Day,
        regime: &Regime<'a>,
    ) -> Vec<(Option<&'a str>, Day, Day)> {
        let (Some(until), Some(lapse), Some(_)) = (self.lapses, regime.lapse, stage) else {
            return vec![(stage, low, high)];
        };
        let live = (stage, low, if until.last.is_finite() { high.min(until.last.plus_days(-1)) } else { high });
        let lapsed = (Some(lapse), low.max(until.first), high);
        [live, lapsed].into_iter().filter(|(_, low, high)| low <= high).collect()
    }

    /// The stages that a move may lead to, each with its earliest day; and whether it is allowed on
    /// every day and for every stage that it may be.
    fn moves(
        &self,
        source: Option<&'a str>,
        low: Day,
        high: Day,
        world: &World<'_, 'a>,
    ) -> (Vec<(&'a str, Day)>, bool) {
        let regime = world.regime;
        let mut found = Vec::new();
        let mut all = self.stop.to.is_some();
        for to in targets(self.stop, regime) {
            let mut possible: Vec<(Day, Day)> = regime.silent.iter().chain(&regime.unknown).copied().collect();
            let mut certain: Vec<(Day, Day)> = regime.silent.clone();
            if self.resumes && source == Some(to) {
                let always = (Day::EARLIEST, Day::LATEST);
                possible.push(always);
                certain.push(always);
            }
            for row in regime.rows.iter().filter(|row| row.joins(source, to)) {
                let fits = row.takes_facts(self.stop, world).and(row.takes_actor(self.stop));
                if fits.possible() {
                    possible.push((row.from, row.until));
                }
                if fits.certain() {
                    certain.push((row.from, row.until));
                }
            }
            let first = possible.into_iter().map(|(from, until)| (low.max(from), until));
            let first = first.filter(|(day, until)| *day <= high && day < until).map(|(day, _)| day).min();
            found.extend(first.map(|day| (to, day)));
            all &= covers(certain, low, high);
        }
        (found, all)
    }
}

/// Whether half-open periods leave no day between two, both included.
fn covers(mut periods: Vec<(Day, Day)>, low: Day, high: Day) -> bool {
    periods.sort_unstable();
    let mut next = low;
    for (from, until) in periods {
        if from <= next {
            next = next.max(until);
        }
    }
    next > high || next == Day::LATEST
}

/// The fewest stages between two that would make the way allowed, as far as the facts are known;
/// nothing where no stages would.
pub(super) fn chain<'a>(
    source: Option<&'a str>,
    to: &str,
    low: Day,
    high: Day,
    stop: &Stop<'_>,
    world: &World<'_, 'a>,
) -> Option<Vec<&'a str>> {
    let rows: Vec<_> = world.regime.rows.iter().filter(|row| row.takes_facts(stop, world).possible()).collect();
    let mut reached: BTreeMap<Option<&'a str>, Day> = BTreeMap::from([(source, low)]);
    // In the order of the rows, so that the way shown is the one that the rule names first.
    let mut layer: Vec<(Option<&'a str>, Day, Vec<&'a str>)> = vec![(source, low, Vec::new())];
    while !layer.is_empty() {
        let mut next: Vec<(Option<&'a str>, Day, Vec<&'a str>)> = Vec::new();
        for (stage, since, path) in &layer {
            for row in &rows {
                let day = row.from.max(*since);
                if day > high || day >= row.until {
                    continue;
                }
                if row.joins(*stage, to) && !path.is_empty() && row.takes_actor(stop).possible() {
                    return Some(path.clone());
                }
                for mid in row.row.to.known().into_iter().flat_map(Words::iter) {
                    if row.joins(*stage, mid) && reached.get(&Some(mid)).is_none_or(|known| *known > day) {
                        reached.insert(Some(mid), day);
                        next.retain(|(stage, ..)| *stage != Some(mid));
                        next.push((Some(mid), day, path.iter().copied().chain([mid]).collect()));
                    }
                }
            }
        }
        layer = next;
    }
    None
}
