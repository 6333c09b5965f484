//! What is looked up across records, worked out once, when first asked for.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::Registry;
use crate::record::Kind;

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

impl Registry {
    /// The elections of a body.
    pub fn elections_of(&self, body: &str) -> &[u32] {
        let by_body = self.index().elections.get_or_init(|| {
            let mut map: FxHashMap<Box<str>, Vec<u32>> = FxHashMap::default();
            for (at, record) in self.all(Kind::Election) {
                if let Some(body) = record.election().and_then(|election| election.body.known()) {
                    map.entry(body.0.clone()).or_default().push(at);
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
                let tenures = record.seat().map(|seat| seat.tenure.iter().enumerate()).into_iter().flatten();
                for (tenure, entry) in tenures {
                    if let Some(holder) = entry.holder.known() {
                        map.entry(holder.0.clone()).or_default().push(Office { seat: at, tenure, alternate: None });
                    }
                    for (alternate, one) in entry.alternate.iter().enumerate() {
                        if let Some(person) = one.person.known() {
                            map.entry(person.0.clone()).or_default().push(Office {
                                seat: at,
                                tenure,
                                alternate: Some(alternate),
                            });
                        }
                    }
                }
            }
            map
        });
        by_person.get(person).map_or(&[], Vec::as_slice)
    }
}
