//! Who is an Affiliate of whom on a day: what the affiliations in force join, either way and through
//! any number of steps.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Registry;
use crate::{
    day::{Day, Truth, When, recorded_in_force},
    decode::List,
    record::{Kind, Record, party::Affiliation},
    text::{FileId, Span},
};

/// How many affiliations the search for a chain follows. Whether two ids are joined is known without it:
/// the chain only tells how, and a search for each of many pairs through a large group would take long.
pub const FOLLOWED: usize = 4096;
/// How many affiliations of a chain are told one by one.
pub const TOLD: usize = 20;

/// One affiliation between two ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The id that it leads to.
    pub to: Box<str>,
    /// The file that states it.
    pub file: FileId,
    /// Where.
    pub span: Span,
    /// Whether it holds for certain.
    pub certain: bool,
}

/// The affiliations of one day.
#[derive(Debug, Default)]
pub struct Affiliates {
    links: FxHashMap<Box<str>, Vec<Link>>,
    certain: FxHashMap<Box<str>, u32>,
    possible: FxHashMap<Box<str>, u32>,
    /// The members of each certain group, sorted.
    members: FxHashMap<u32, Vec<Box<str>>>,
    /// How many ids each possible group has.
    sizes: FxHashMap<u32, usize>,
    /// Groups, by their possible number, of which somebody's affiliations are not known.
    open: FxHashSet<u32>,
    complete: bool,
    /// Whether some affiliations could not be read, which was reported already.
    pub bad: bool,
}

fn affiliations(record: &Record) -> Option<&List<Affiliation>> {
    record.party().map(|party| &party.affiliation).or_else(|| record.organisation().map(|one| &one.affiliation))
}

/// The first day on which two records may tell of other affiliations; nothing where they tell of the same:
/// so many that join the same for the same time, and what is not known of them.
pub(super) fn affiliates_differ_from(one: Option<&Record>, other: Option<&Record>) -> Option<Day> {
    type Entry<'e> = (Option<&'e str>, Option<When>, Option<When>);
    fn told(record: Option<&Record>) -> ((bool, bool), Vec<Entry<'_>>) {
        let Some(list) = record.and_then(affiliations) else { return ((false, false), Vec::new()) };
        let entries = list.iter().map(|one| {
            let with = one.with.known().map(|with| with.0.as_ref());
            (with, one.from.when(), one.until.when())
        });
        ((list.is_bad(), list.is_open()), entries.collect())
    }
    let ((open, was), (is_open, now)) = (told(one), told(other));
    if open != is_open {
        return Some(Day::EARLIEST);
    }
    let (mut gone, mut come) = (was.clone(), now.clone());
    gone.retain(|one| !now.contains(one));
    come.retain(|one| !was.contains(one));
    let day = |when: Option<When>, never: Day| when.map_or(never, |when| when.first);
    // Where one ends on another day and is otherwise as it was, nothing differs before.
    let since = |(with, from, until): &Entry<'_>, others: &[Entry<'_>]| {
        let same = others.iter().find(|one| (one.0, one.1) == (*with, *from));
        let ends = same.map(|one| day(*until, Day::LATEST).min(day(one.2, Day::LATEST)));
        ends.unwrap_or_else(|| day(*from, Day::EARLIEST))
    };
    let days = gone.iter().map(|one| since(one, &come)).chain(come.iter().map(|one| since(one, &gone)));
    // The same ones in another number, or order.
    days.min().or((was != now).then_some(Day::EARLIEST))
}

impl Affiliates {
    /// The records that tell of any.
    pub fn told_by(registry: &Registry) -> Vec<u32> {
        let records = [Kind::Party, Kind::Organisation].into_iter().flat_map(|kind| registry.all(kind));
        let tells = |record| affiliations(record).is_some_and(|list| !list.items.is_empty() || list.is_open());
        records.filter(|(_, record)| tells(record)).map(|(at, _)| at).collect()
    }

    /// The days on which they may change, sorted: between two of them they stay as they are. `told_by` are
    /// the records that tell of any.
    pub fn turns(registry: &Registry, told_by: &[u32]) -> Vec<Day> {
        let records = told_by.iter().filter_map(|at| registry.at(*at));
        let entries = records.filter_map(affiliations).flat_map(List::iter);
        let ends = entries.flat_map(|entry| [entry.from.when(), entry.until.when()]).flatten();
        let mut turns: Vec<Day> = ends.flat_map(|when| [when.first, when.last]).filter(|day| day.is_finite()).collect();
        turns.sort_unstable();
        turns.dedup();
        turns
    }

    /// The affiliations of a day. `told_by` are the records that tell of any.
    pub fn on(registry: &Registry, told_by: &[u32], day: Day) -> Self {
        let mut made = Self {
            complete: registry.is_complete("parties") && registry.is_complete("organisations"),
            ..Self::default()
        };
        let mut doubtful = Vec::new();
        for record in told_by.iter().filter_map(|at| registry.at(*at)) {
            let Some(list) = affiliations(record) else { continue };
            made.bad |= list.is_bad();
            if list.is_open() {
                doubtful.push(record.id.clone());
            }
            for entry in list.iter() {
                let holds = recorded_in_force(entry.from.when(), entry.until.when(), day);
                if let (true, Some(other)) = (holds.possible(), entry.with.known()) {
                    made.join(&record.id, &other.0, record.file, entry.span, holds.certain());
                }
            }
        }
        made.certain = made.number(true);
        made.possible = made.number(false);
        #[allow(clippy::iter_over_hash_type, reason = "the members are sorted below")]
        for (id, group) in &made.certain {
            made.members.entry(*group).or_default().push(id.clone());
        }
        made.members.values_mut().for_each(|members| members.sort_unstable());
        #[allow(clippy::iter_over_hash_type, reason = "counting knows no order")]
        for group in made.possible.values() {
            let count = made.sizes.entry(*group).or_default();
            *count = count.saturating_add(1);
        }
        made.open = doubtful.iter().filter_map(|id| made.possible.get(id).copied()).collect();
        // Somebody who is joined to nobody, but whose list is not known, is a group of one.
        for id in doubtful {
            if !made.possible.contains_key(&id) {
                let number = u32::MAX.saturating_sub(u32::try_from(made.open.len()).unwrap_or(0));
                made.possible.insert(id, number);
                made.open.insert(number);
            }
        }
        made
    }

    fn join(&mut self, one: &str, other: &str, file: FileId, span: Span, certain: bool) {
        for (from, to) in [(one, other), (other, one)] {
            self.links.entry(from.into()).or_default().push(Link { to: to.into(), file, span, certain });
        }
    }

    /// Numbers the groups that the links join.
    fn number(&self, certain: bool) -> FxHashMap<Box<str>, u32> {
        let mut ids: Vec<&str> = self.links.keys().map(AsRef::as_ref).collect();
        ids.sort_unstable();
        let mut numbers: FxHashMap<Box<str>, u32> = FxHashMap::default();
        for (number, start) in (0u32..).zip(ids) {
            if numbers.contains_key(start) {
                continue;
            }
            let mut queue = vec![start];
            numbers.insert(start.into(), number);
            while let Some(at) = queue.pop() {
                for link in self.links.get(at).into_iter().flatten().filter(|link| link.certain || !certain) {
                    if !numbers.contains_key(&link.to) {
                        numbers.insert(link.to.clone(), number);
                        queue.push(&link.to);
                    }
                }
            }
        }
        numbers
    }

    /// The number of the group that an id certainly belongs to; nothing where it is alone.
    pub fn group(&self, id: &str) -> Option<u32> {
        self.certain.get(id).copied()
    }

    /// Whether two ids are one or of one group. Where not every Party and organisation is recorded,
    /// a record that lacks may join any two.
    pub fn joined(&self, one: &str, other: &str) -> Truth {
        if one == other || self.group(one).is_some_and(|group| self.group(other) == Some(group)) {
            return Truth::Yes;
        }
        let (first, second) = (self.possible.get(one), self.possible.get(other));
        let linked = first.is_some() && first == second;
        let doubtful = [first, second].into_iter().flatten().any(|group| self.open.contains(group));
        if linked || doubtful || !self.complete { Truth::Maybe } else { Truth::No }
    }

    /// Whether nobody outside its certain group may be joined to an id: every Party and organisation
    /// is recorded, and no affiliation near it is in doubt.
    pub fn is_apart(&self, id: &str) -> bool {
        let size = self.possible.get(id).and_then(|group| self.sizes.get(group)).copied().unwrap_or(1);
        self.complete
            && self.open.is_empty()
            && size <= self.group(id).and_then(|group| self.members.get(&group)).map_or(1, Vec::len)
    }

    /// The shortest chain of affiliations from one id to another; empty where there is none, or none
    /// among the first [`FOLLOWED`] that lead on. It is looked for from both ends, so that a group with
    /// many members around one costs nothing more.
    pub fn chain(&self, from: &str, to: &str) -> Vec<(Box<str>, Link)> {
        let (mut there, mut back) = (Search::new(from), Search::new(to));
        let mut met = (from == to).then_some(from);
        let mut left = FOLLOWED;
        while met.is_none() && !there.edge.is_empty() && !back.edge.is_empty() {
            let (forth, back_cost) = (there.cost(self), back.cost(self));
            let is_forth = forth <= back_cost;
            let Some(rest) = left.checked_sub(forth.min(back_cost)) else { break };
            left = rest;
            let (near, far) = if is_forth { (&mut there, &back) } else { (&mut back, &there) };
            met = near.step(self, far);
        }
        let Some(met) = met else { return Vec::new() };
        let mut chain: Vec<(Box<str>, Link)> =
            there.path(met).into_iter().map(|(before, _, link)| (before.into(), link.clone())).collect();
        chain.reverse();
        let turned = |(before, at, link): (&str, &str, &Link)| (at.into(), Link { to: before.into(), ..link.clone() });
        chain.extend(back.path(met).into_iter().map(turned));
        chain
    }

    /// Every id of the group of an id, itself included, sorted; itself alone where it has none.
    pub fn members<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a str> {
        let group = self.group(id).and_then(|group| self.members.get(&group));
        let alone = group.is_none().then_some(id);
        group.into_iter().flatten().map(AsRef::as_ref).chain(alone)
    }

    /// The number of the group that an id may belong to, by affiliations that may hold among others;
    /// nothing where it is alone.
    pub fn possible_group(&self, id: &str) -> Option<u32> {
        self.possible.get(id).copied()
    }

    /// Whether somebody whom no record shows may be joined to an id.
    pub fn is_doubtful(&self, id: &str) -> bool {
        !self.complete || self.possible_group(id).is_some_and(|group| self.open.contains(&group))
    }
}

/// What was reached from one end of a chain.
struct Search<'a> {
    /// How each id was reached: from which one, by which link.
    came: FxHashMap<&'a str, Option<(&'a str, &'a Link)>>,
    /// The ids reached last.
    edge: Vec<&'a str>,
}

impl<'a> Search<'a> {
    fn new(start: &'a str) -> Self {
        Self { came: FxHashMap::from_iter([(start, None)]), edge: vec![start] }
    }

    /// How many links lead on.
    fn cost(&self, affiliates: &Affiliates) -> usize {
        self.edge.iter().filter_map(|id| affiliates.links.get(*id)).map(Vec::len).sum()
    }

    /// Goes one link on; gives where the other search has been.
    fn step(&mut self, affiliates: &'a Affiliates, other: &Self) -> Option<&'a str> {
        for at in std::mem::take(&mut self.edge) {
            for link in affiliates.links.get(at).into_iter().flatten() {
                let to = link.to.as_ref();
                if self.came.contains_key(to) {
                    continue;
                }
                self.came.insert(to, Some((at, link)));
                if other.came.contains_key(to) {
                    return Some(to);
                }
                self.edge.push(to);
            }
        }
        None
    }

    /// The steps by which an id was reached, the last first: from which, to which, by which link.
    fn path(&self, end: &'a str) -> Vec<(&'a str, &'a str, &'a Link)> {
        let mut at = end;
        let mut steps = Vec::new();
        while let Some(Some((before, link))) = self.came.get(at) {
            steps.push((*before, at, *link));
            at = before;
        }
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        decode::{Reader, read_record},
        record::Body,
    };

    fn party(affiliation: &str) -> Record {
        let text = format!("name = \"Acme\"\naffiliation = {affiliation}\n");
        let (body, _) = read_record(&text, Reader::new(FileId(0)).lenient(), |reader, table, span| {
            Body::read(Kind::Party, reader, table, span)
        });
        Record::new(Kind::Party, "acme", FileId(0), body, false)
    }

    fn from(was: &str, now: &str) -> Option<String> {
        affiliates_differ_from(Some(&party(was)), Some(&party(now))).map(|day| day.to_string())
    }

    #[test]
    fn affiliations_differ_from_the_first_day_on_which_they_do() {
        let (bolt, until) = ("{ with = \"bolt\", from = 2015-01-01 }", |day: &str| {
            format!("[{{ with = \"bolt\", from = 2015-01-01, until = {day} }}]")
        });
        let alone = format!("[{bolt}]");
        assert_eq!(from(&alone, &alone), None);
        assert_eq!(from(&alone, "[]").as_deref(), Some("2015-01-01"));
        assert_eq!(from("[]", &alone).as_deref(), Some("2015-01-01"));
        assert_eq!(from(&alone, &until("2016-05-01")).as_deref(), Some("2016-05-01"));
        assert_eq!(from(&until("2016-05-01"), &until("2016-03-01")).as_deref(), Some("2016-03-01"));
        assert_eq!(from(&until("\"2016\""), &until("2016-03-01")).as_deref(), Some("2016-01-01"));
        assert_eq!(from(&alone, "[{ with = \"cord\", from = 2015-06-01 }]").as_deref(), Some("2015-01-01"));
        let two = format!("[{bolt}, {{ with = \"cord\", from = 2015-06-01 }}]");
        assert_eq!(from(&alone, &two).as_deref(), Some("2015-06-01"));
    }

    #[test]
    fn what_is_not_known_of_affiliations_differs_from_the_beginning_of_time() {
        let start = Some(Day::EARLIEST.to_string());
        assert_eq!(from("[]", "\"unknown\""), start);
        assert_eq!(from("[{ with = \"bolt\" }]", "[]"), start);
        assert_eq!(from("[{ with = \"bolt\", from = \"unknown\" }]", "[]"), start);
        let twice = "{ with = \"bolt\", from = 2015-01-01 }";
        assert_eq!(from(&format!("[{twice}, {twice}]"), &format!("[{twice}]")), start);
        assert_eq!(affiliates_differ_from(None, Some(&party("[]"))), None);
    }
}
