//! What is looked up across records, worked out once, when first asked for.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::Registry;
use crate::record::{Kind, Record};

/// A place where a person stands in a seat's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Office {
    /// The seat's position among the records.
    pub seat: u32,
    /// Which tenure.
    pub tenure: usize,
    /// Which Alternate of it; nothing for the holder.
    pub alternate: Option<usize>,
}

/// Lookups across records.
#[derive(Debug, Default)]
pub struct Index {
    elections: OnceLock<FxHashMap<Box<str>, Vec<u32>>>,
    offices: OnceLock<FxHashMap<Box<str>, Vec<Office>>>,
}

/// Every office that a seat's record shows, with the person.
pub(super) fn offices(record: &Record, seat: u32) -> impl Iterator<Item = (&str, Office)> {
    let tenures = record.seat().map(|seat| seat.tenure.iter().enumerate()).into_iter().flatten();
    tenures.flat_map(move |(tenure, entry)| {
        let holder = entry.holder.known().map(|holder| (holder.as_ref(), Office { seat, tenure, alternate: None }));
        let alternates = entry.alternate.iter().enumerate().filter_map(move |(alternate, one)| {
            Some((one.person.known()?.as_ref(), Office { seat, tenure, alternate: Some(alternate) }))
        });
        holder.into_iter().chain(alternates)
    })
}

pub(super) fn body_of(record: &Record) -> Option<&str> {
    record.election()?.body.known().map(AsRef::as_ref)
}

impl Registry {
    /// The elections of a body.
    pub fn elections_of(&self, body: &str) -> &[u32] {
        let by_body = self.index().elections.get_or_init(|| {
            let mut map: FxHashMap<Box<str>, Vec<u32>> = FxHashMap::default();
            for (at, record) in self.all(Kind::Election) {
                if let Some(body) = body_of(record) {
                    map.entry(body.into()).or_default().push(at);
                }
            }
            map
        });
        by_body.get(body).map_or(&[], Vec::as_slice)
    }

    /// Every office that a person is recorded in, as holder or Alternate.
    pub fn offices_of(&self, person: &str) -> &[Office] {
        let by_person = self.index().offices.get_or_init(|| {
            let mut map: FxHashMap<Box<str>, Vec<Office>> = FxHashMap::default();
            for (at, record) in self.all(Kind::Seat) {
                for (person, office) in offices(record, at) {
                    map.entry(person.into()).or_default().push(office);
                }
            }
            map
        });
        by_person.get(person).map_or(&[], Vec::as_slice)
    }

    /// Takes a record out of the lookups.
    pub(super) fn index_out(&mut self, at: u32, record: &Record) {
        if let (Some(map), Some(body)) = (self.index.elections.get_mut(), body_of(record))
            && let Some(list) = map.get_mut(body)
        {
            list.retain(|one| *one != at);
        }
        if let Some(map) = self.index.offices.get_mut() {
            for (person, _) in offices(record, at) {
                if let Some(list) = map.get_mut(person) {
                    list.retain(|office| office.seat != at);
                }
            }
        }
    }

    /// Puts a record that stands among the others into the lookups, each list in their order.
    pub(super) fn index_in(&mut self, at: u32) {
        let mut index = std::mem::take(&mut self.index);
        let Some(record) = self.at(at) else { return };
        let before = |other: u32| self.at(other).is_some_and(|other| other.id < record.id);
        if let (Some(map), Some(body)) = (index.elections.get_mut(), body_of(record)) {
            let list = map.entry(body.into()).or_default();
            list.insert(list.partition_point(|one| before(*one)), at);
        }
        if let Some(map) = index.offices.get_mut() {
            for (person, office) in offices(record, at) {
                let list = map.entry(person.into()).or_default();
                let after = list.partition_point(|one| before(one.seat) || one.seat == at);
                list.insert(after, office);
            }
        }
        self.index = index;
    }
}
