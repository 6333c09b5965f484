//! Who is an Affiliate of whom on a day: what the affiliations in force join, either way and through
//! any number of steps.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::Registry;
use crate::{
    day::{Day, Truth, in_force},
    decode::List,
    record::{Kind, Record, party::Affiliation},
    text::{FileId, Span},
};

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
    open: Vec<u32>,
    complete: bool,
}

fn affiliations(record: &Record) -> Option<&List<Affiliation>> {
    record.party().map(|party| &party.affiliation).or_else(|| record.organisation().map(|one| &one.affiliation))
}

impl Affiliates {
    /// The affiliations of a day.
    pub fn on(registry: &Registry, day: Day) -> Self {
        let mut made = Self {
            complete: registry.is_complete("parties") && registry.is_complete("organisations"),
            ..Self::default()
        };
        let mut doubtful = Vec::new();
        for kind in [Kind::Party, Kind::Organisation] {
            for (_, record) in registry.all(kind) {
                let Some(list) = affiliations(record) else { continue };
                if list.is_open() {
                    doubtful.push(record.id.clone());
                }
                for entry in list.iter() {
                    let holds = in_force(entry.from.when(), entry.until.when(), day);
                    if let (true, Some(other)) = (holds.possible(), entry.with.known()) {
                        made.join(&record.id, &other.0, record.file, entry.span, holds.certain());
                    }
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
            *made.sizes.entry(*group).or_default() += 1;
        }
        made.open = doubtful.iter().filter_map(|id| made.possible.get(id).copied()).collect();
        // Somebody who is joined to nobody, but whose list is not known, is a group of one.
        for id in doubtful {
            if !made.possible.contains_key(&id) {
                let number = u32::MAX - u32::try_from(made.open.len()).unwrap_or(0);
                made.possible.insert(id, number);
                made.open.push(number);
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
        self.complete && self.open.is_empty() && size <= self.members(id).len()
    }

    /// The shortest chain of affiliations from one id to another; empty where there is none.
    pub fn chain(&self, from: &str, to: &str) -> Vec<(Box<str>, Link)> {
        let mut came: FxHashMap<&str, (&str, &Link)> = FxHashMap::default();
        let mut queue = VecDeque::from([from]);
        while let Some(at) = queue.pop_front() {
            if at == to {
                break;
            }
            for link in self.links.get(at).into_iter().flatten() {
                if link.to.as_ref() != from && !came.contains_key(link.to.as_ref()) {
                    came.insert(&link.to, (at, link));
                    queue.push_back(&link.to);
                }
            }
        }
        let mut chain = Vec::new();
        let mut at = to;
        while let Some((before, link)) = came.get(at) {
            chain.push(((*before).into(), (*link).clone()));
            at = before;
        }
        chain.reverse();
        chain
    }

    /// Every id of the group of an id, itself included, sorted; itself alone where it has none.
    pub fn members(&self, id: &str) -> Vec<Box<str>> {
        let group = self.group(id).and_then(|group| self.members.get(&group));
        group.map_or_else(|| vec![id.into()], Clone::clone)
    }

    /// The first id of the group of an id: what the group goes by.
    pub fn first<'a>(&'a self, id: &'a str) -> &'a str {
        let group = self.group(id).and_then(|group| self.members.get(&group));
        group.and_then(|members| members.first()).map_or(id, AsRef::as_ref)
    }
}
