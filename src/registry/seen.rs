//! A registry as it is looked at, and what of it was: so that a judgement is made anew only where
//! something changed that it rests on.
//!
//! A judgement is a pure function, and records come into it through look-ups alone. While each of them
//! gives the same, so does the whole. [`Seen`] is the registry as a judgement sees it; [`Reads`] keeps
//! what it looked up; a change of records says which look-ups give something else from now on.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use super::{Registry, index::Office};
use crate::{
    day::Horizon,
    record::{Kind, Record, id::ACTORS},
};

/// One look-up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Read {
    /// What the record at a position says.
    Record(u32),
    /// Whether there is a record of a kind and id, and where.
    Name(Kind, Box<str>),
    /// Which records of a kind there are.
    Kind(Kind),
    /// Which records of a kind there are in a folder.
    Folder(Kind, Box<str>),
    /// What all records of a kind say.
    All(Kind),
    /// Which elections a body has.
    Elections(Box<str>),
    /// In which offices a person is recorded.
    Offices(Box<str>),
    /// Which Parties there are, since when and until when, and of which categories.
    Parties,
    /// Who is an Affiliate of whom.
    Affiliates,
    /// Whether something was reported of a body's seats that hides who held which.
    Seats(Box<str>),
}

/// Some kinds of records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kinds(u64);

impl Kinds {
    const fn bit(kind: Kind) -> u64 {
        1 << (kind as u32)
    }

    /// Whether any is one of both.
    pub fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl FromIterator<Kind> for Kinds {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        Self(kinds.into_iter().fold(0, |all, kind| all | Self::bit(kind)))
    }
}

/// The kinds of records of which anything was looked up, or whether there are any.
#[derive(Debug, Default)]
pub struct KindsRead(AtomicU64);

impl KindsRead {
    /// The kinds.
    pub fn kinds(&self) -> Kinds {
        Kinds(self.0.load(Relaxed))
    }

    fn add(&self, kinds: Kinds) {
        if self.0.load(Relaxed) & kinds.0 != kinds.0 {
            self.0.fetch_or(kinds.0, Relaxed);
        }
    }
}

/// What was looked up, in whatever order, maybe more than once.
#[derive(Debug, Default)]
pub struct Reads(Mutex<Vec<Read>>);

impl Reads {
    /// Keeps one.
    pub fn add(&self, read: Read) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.last() != Some(&read) {
            all.push(read);
        }
    }

    /// All of them, sorted, each once.
    pub fn into_sorted(self) -> Vec<Read> {
        let mut all = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// How far a judgement reaches: until which day it holds, and what it rests on.
#[derive(Debug, Default)]
pub struct Reach {
    /// Until when it holds, while the records stay as they are.
    pub horizon: Horizon,
    /// What was looked up, where somebody wants to know.
    pub reads: Option<Reads>,
    /// The kinds of records that were looked up, where somebody wants to know.
    pub kinds: Option<KindsRead>,
}

impl Reach {
    /// One that keeps what is looked up, if that is wanted.
    pub fn new(reads: bool) -> Self {
        Self { horizon: Horizon::default(), reads: reads.then(Reads::default), kinds: None }
    }

    /// One that keeps of which kinds anything is looked up.
    pub fn of_kinds() -> Self {
        Self { kinds: Some(KindsRead::default()), ..Self::default() }
    }
}

/// A registry, and where what is looked up in it is kept.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    registry: &'a Registry,
    reads: Option<&'a Reads>,
    kinds: Option<&'a KindsRead>,
}

impl<'a> From<&'a Registry> for Seen<'a> {
    fn from(registry: &'a Registry) -> Self {
        Self::new(registry)
    }
}

impl<'a> Seen<'a> {
    /// A registry of which nothing is kept.
    pub fn new(registry: &'a Registry) -> Self {
        Self { registry, reads: None, kinds: None }
    }

    /// The same, what is looked up kept in another place.
    #[must_use]
    pub fn seen_from(self, reads: Option<&'a Reads>) -> Self {
        Self { reads, ..self }
    }

    /// The same, the kinds of what is looked up kept in another place.
    #[must_use]
    pub fn noting(self, kinds: Option<&'a KindsRead>) -> Self {
        Self { kinds, ..self }
    }

    /// The plain registry, for words alone: nothing is kept of what comes of it.
    pub fn untracked(self) -> &'a Registry {
        self.registry
    }

    /// Whether what is looked up is kept.
    pub fn is_tracked(self) -> bool {
        self.reads.is_some()
    }

    /// Keeps a look-up.
    pub fn reads(self, read: impl FnOnce() -> Read) {
        if self.reads.is_none() && self.kinds.is_none() {
            return;
        }
        let read = read();
        if let Some(kinds) = self.kinds {
            kinds.add(self.kinds_of(&read));
        }
        if let Some(reads) = self.reads {
            reads.add(read);
        }
    }

    /// The kinds of records that a look-up looks at.
    fn kinds_of(self, read: &Read) -> Kinds {
        match read {
            Read::Record(at) => self.registry.at(*at).map(|record| record.kind).into_iter().collect(),
            Read::Name(kind, _) | Read::Kind(kind) | Read::Folder(kind, _) | Read::All(kind) => {
                Kinds::from_iter([*kind])
            }
            Read::Elections(_) => Kinds::from_iter([Kind::Election]),
            Read::Offices(_) => Kinds::from_iter([Kind::Seat]),
            Read::Parties => Kinds::from_iter([Kind::Party]),
            Read::Affiliates => Kinds::from_iter([Kind::Party, Kind::Organisation]),
            Read::Seats(_) => Kinds::from_iter([Kind::Seat, Kind::Person, Kind::Election]),
        }
    }

    /// The record at a position.
    pub fn at(self, at: u32) -> Option<&'a Record> {
        self.reads(|| Read::Record(at));
        self.registry.at(at)
    }

    /// The record of a kind and id; see [`Registry::find`].
    pub fn find(self, kind: Kind, id: &str) -> Option<&'a Record> {
        let at = self.registry.position_of(kind, id);
        let record = at.and_then(|at| self.registry.at(at));
        match (at, record) {
            // A record that goes is one that changes; but one found by the id that it had before may be
            // hidden by another.
            (Some(at), Some(record)) if record.id.as_ref() == id => self.reads(|| Read::Record(at)),
            _ => {
                self.reads(|| Read::Name(kind, id.into()));
                if let Some(at) = at {
                    self.reads(|| Read::Record(at));
                }
            }
        }
        record
    }

    /// See [`Registry::position_of`].
    pub fn position_of(self, kind: Kind, id: &str) -> Option<u32> {
        self.reads(|| Read::Name(kind, id.into()));
        self.registry.position_of(kind, id)
    }

    /// See [`Registry::actor`].
    pub fn actor(self, id: &str) -> Option<&'a Record> {
        ACTORS.iter().filter_map(|folder| Kind::of_folder(folder)).find_map(|kind| self.find(kind, id))
    }

    /// See [`Registry::exists`].
    pub fn exists(self, kind: Kind, id: &str) -> bool {
        self.reads(|| Read::Name(kind, id.into()));
        self.registry.exists(kind, id)
    }

    /// See [`Registry::implies`]; it is of examples, which never change.
    pub fn implies(self) -> bool {
        self.registry.implies()
    }

    /// See [`Registry::is_complete`]; where that changes, everything is judged anew.
    pub fn is_complete(self, folder: &str) -> bool {
        self.registry.is_complete(folder)
    }

    /// See [`Registry::of_kind`].
    pub fn of_kind(self, kind: Kind) -> impl Iterator<Item = u32> + use<'a> {
        self.reads(|| Read::Kind(kind));
        self.registry.of_kind(kind)
    }

    /// See [`Registry::in_folder`].
    pub fn in_folder(self, kind: Kind, folder: &str) -> impl Iterator<Item = u32> + use<'a> {
        self.reads(|| Read::Folder(kind, folder.into()));
        self.registry.in_folder(kind, folder)
    }

    /// See [`Registry::all`].
    pub fn all(self, kind: Kind) -> impl Iterator<Item = (u32, &'a Record)> + use<'a> {
        self.reads(|| Read::All(kind));
        self.registry.all(kind)
    }

    /// The Parties, of which only is looked at since when and until when they are Parties, of which
    /// categories they are, and whether their records can be read whole.
    pub fn parties(self) -> impl Iterator<Item = &'a Record> + use<'a> {
        self.reads(|| Read::Parties);
        self.registry.all(Kind::Party).map(|(_, record)| record)
    }

    /// One Party, of which no more is looked at.
    pub fn party(self, id: &str) -> Option<&'a Record> {
        self.reads(|| Read::Parties);
        self.registry.find(Kind::Party, id)
    }

    /// See [`Registry::elections_of`].
    pub fn elections_of(self, body: &str) -> &'a [u32] {
        self.reads(|| Read::Elections(body.into()));
        self.registry.elections_of(body)
    }

    /// See [`Registry::offices_of`].
    pub fn offices_of(self, person: &str) -> &'a [Office] {
        self.reads(|| Read::Offices(person.into()));
        self.registry.offices_of(person)
    }
}
