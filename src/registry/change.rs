//! Records that come, change and go in a registry that was judged: only what rests on them has to be
//! looked at again.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use rustc_hash::FxHashSet;

use super::{
    Header, Registry,
    affiliates::affiliates_differ_from,
    file::Coverage,
    index::{body_of, offices},
    seen::Read,
};
use crate::{
    day::Day,
    record::{Kind, Record, party::CategoryEntry},
};

/// What a change of records touched.
#[derive(Debug, Default)]
pub struct Touched {
    /// Everything: what may be recorded was said anew.
    pub all: bool,
    /// The positions of the records that came or changed.
    pub came: Vec<u32>,
    /// The records that exist and did not, or the other way round.
    pub existence: BTreeSet<(Kind, Box<str>)>,
    /// The look-ups that may give something else now.
    pub reads: BTreeSet<Read>,
    /// The first day on which who is an Affiliate of whom may be otherwise, where it may at all.
    pub affiliates_from: Option<Day>,
    /// What the records that changed and are still there said before, by their positions.
    pub was: BTreeMap<u32, Arc<Record>>,
}

impl Touched {
    /// Whether nothing was touched.
    pub fn is_empty(&self) -> bool {
        !self.all && self.came.is_empty() && self.existence.is_empty()
    }

    /// Adds what another change touched.
    pub fn extend(&mut self, other: Self) {
        self.all |= other.all;
        self.came.extend(other.came);
        self.existence.extend(other.existence);
        self.reads.extend(other.reads);
        self.affiliates_from = self.affiliates_from.into_iter().chain(other.affiliates_from).min();
        for (at, was) in other.was {
            self.was.entry(at).or_insert(was);
        }
    }

    /// A record came, went, or now says something else.
    fn record(&mut self, at: u32, was: Option<&Record>, now: Option<&Record>) {
        let Some(one) = now.or(was) else { return };
        self.reads.extend([Read::Record(at), Read::All(one.kind)]);
        if was.is_none() || now.is_none() {
            self.existence.insert((one.kind, one.id.clone()));
            self.reads.insert(Read::Kind(one.kind));
            let folders = one.id.match_indices('/').filter_map(|(end, _)| one.id.get(..end));
            self.reads.extend(folders.map(|folder| Read::Folder(one.kind, folder.into())));
        }
        let (before, after) = (was.and_then(body_of), now.and_then(body_of));
        if before != after {
            self.reads.extend(before.into_iter().chain(after).map(|body| Read::Elections(body.into())));
        }
        let people = |record: Option<&'_ Record>| -> BTreeSet<Box<str>> {
            record.into_iter().flat_map(|record| offices(record, at)).map(|(person, _)| person.into()).collect()
        };
        let all =
            |record: Option<&Record>| record.map(|record| offices(record, at).map(|(_, one)| one).collect::<Vec<_>>());
        if people(was) != people(now) || all(was) != all(now) {
            self.reads.extend(people(was).into_iter().chain(people(now)).map(Read::Offices));
        }
        if !parties_alike(was, now) {
            self.reads.insert(Read::Parties);
        }
        if let Some(day) = affiliates_differ_from(was, now) {
            self.reads.insert(Read::Affiliates);
            self.affiliates_from = self.affiliates_from.into_iter().chain([day]).min();
        }
    }
}

/// More records than these are sorted in together.
const FEW: usize = 32;

impl Registry {
    /// Takes records out and puts others in, in the place of those of the same kind and id. `unread`
    /// are from now on the records whose files cannot be read.
    pub fn change(
        &mut self,
        gone: &[(Kind, Box<str>)],
        come: Vec<Arc<Record>>,
        unread: BTreeSet<(Kind, Box<str>)>,
    ) -> Touched {
        let mut touched = Touched::default();
        for (kind, id) in self.unread.symmetric_difference(&unread) {
            touched.existence.insert((*kind, id.clone()));
            touched.reads.insert(Read::Name(*kind, id.clone()));
        }
        self.unread = unread;
        let mut renamed = false;
        let mut out = FxHashSet::default();
        for (kind, id) in gone {
            let Some(at) = self.ids.get_mut(*kind as usize).and_then(|ids| ids.remove(id)) else { continue };
            let Some(was) = self.records.get_mut(at as usize).and_then(Option::take) else { continue };
            renamed |= former_id(&was).is_some();
            self.index_out(at, &was);
            touched.record(at, Some(&was), None);
            touched.reads.insert(Read::Name(*kind, id.clone()));
            out.insert(at);
        }
        if !out.is_empty() {
            self.order.retain(|at| !out.contains(at));
        }
        let many = come.len() > FEW;
        for record in come {
            renamed |= self.put(record, many, &mut touched);
        }
        if many {
            let records = &self.records;
            let key = |at: &u32| {
                records.get(*at as usize).and_then(Option::as_deref).map(|record| (record.kind, record.id.as_ref()))
            };
            self.order.sort_by(|one, other| key(one).cmp(&key(other)));
        }
        if renamed {
            let aliases = self.former_ids();
            let is_same = aliases == self.aliases;
            self.aliases = aliases;
            touched.all |= !is_same;
        }
        touched
    }

    /// Puts one record in, in the place of one of the same kind and id.
    pub fn put_one(&mut self, record: Arc<Record>) -> Touched {
        let unread = self.unread.clone();
        self.change(&[], vec![record], unread)
    }

    /// Says anew of what the registry holds every record.
    pub fn cover(&mut self, header: &Header) -> Touched {
        self.position = header.position.known().and_then(|when| when.day());
        self.states_position = !header.position.is_absent();
        let coverage: Vec<(Box<str>, bool)> =
            header.coverage.iter().map(|(kind, _, word)| (kind.into(), *word == Coverage::Complete)).collect();
        if coverage == self.coverage {
            return Touched::default();
        }
        self.coverage = coverage;
        self.header = None;
        Touched { all: true, ..Touched::default() }
    }

    /// Puts one record in; says whether it has, or had, an id before.
    fn put(&mut self, record: Arc<Record>, unsorted: bool, touched: &mut Touched) -> bool {
        let (kind, id) = (record.kind, record.id.clone());
        let known = self.ids.get(kind as usize).and_then(|ids| ids.get(&id)).copied();
        let mut renamed = former_id(&record).is_some();
        let at = known.unwrap_or_else(|| u32::try_from(self.records.len()).unwrap_or(u32::MAX));
        let was = if known.is_some() {
            self.records.get_mut(at as usize).and_then(|place| place.replace(record))
        } else {
            self.records.push(Some(record));
            if let Some(ids) = self.ids.get_mut(kind as usize) {
                ids.insert(id.clone(), at);
            }
            let before = |other: &u32| self.at(*other).is_some_and(|other| (other.kind, &other.id) < (kind, &id));
            let place = if unsorted { self.order.len() } else { self.order.partition_point(before) };
            self.order.insert(place, at);
            touched.reads.insert(Read::Name(kind, id));
            None
        };
        touched.record(at, was.as_deref(), self.at(at));
        if let Some(was) = was {
            renamed = former_id(&was) != self.at(at).and_then(former_id);
            self.index_out(at, &was);
            touched.was.insert(at, was);
        }
        self.index_in(at);
        touched.came.push(at);
        renamed
    }
}

/// Whether two records tell the same of a Party: since when and until when it is one, of which categories,
/// and whether something of the record cannot be read.
fn parties_alike(one: Option<&Record>, other: Option<&Record>) -> bool {
    let told = |record: Option<&'_ Record>| {
        let record = record?;
        let party = record.party()?;
        let left = party.left.known().map(|left| (left.on.when(), left.how.known().copied()));
        let entry = |entry: &CategoryEntry| (entry.is.known().cloned(), entry.from.when(), entry.until.when());
        let categories: Vec<_> = party.category.iter().map(entry).collect();
        let open = (party.left.is_open(), party.category.is_open(), record.damaged);
        Some((party.acceded.when(), left, categories, open))
    };
    told(one) == told(other)
}

/// The id that a modification had before.
fn former_id(record: &Record) -> Option<&str> {
    record.modification()?.formerly.known().map(AsRef::as_ref)
}
