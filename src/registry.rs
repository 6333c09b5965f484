//! All records of one tree: loaded, indexed, their references resolved.

pub mod affiliates;
pub mod change;
pub mod file;
pub mod index;
pub(crate) mod letters;
pub mod link;
pub mod seen;
pub mod signers;

use std::{cmp::Ordering, collections::BTreeSet, sync::Arc};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

pub use self::file::{Header, Loaded, read_file};
use crate::{
    day::Day,
    decode::State,
    record::{Kind, Record, id::ACTORS},
    text::{FileId, Place, Span},
};

/// All records of one tree.
#[derive(Debug)]
pub struct Registry {
    /// The day that the records speak for.
    pub position: Option<Day>,
    /// Whether a position is stated at all, be it no day.
    pub states_position: bool,
    coverage: Vec<(Box<str>, bool)>,
    /// The file that says so, and where each entry stands in it; for reports, which cite it.
    header: Option<(FileId, Vec<Span>)>,
    complete_by_default: bool,
    /// The records, each in the place that it keeps while others come and go.
    records: Vec<Option<Arc<Record>>>,
    /// Their places, sorted by kind and id.
    order: Vec<u32>,
    ids: Vec<FxHashMap<Box<str>, u32>>,
    aliases: FxHashMap<Box<str>, u32>,
    unread: BTreeSet<(Kind, Box<str>)>,
    /// Parties, organisations, people and bodies that are only named exist (examples of rules).
    implied: bool,
    index: index::Index,
}

impl Registry {
    /// Puts records together. `unread` are the records whose files cannot be read: they exist.
    pub fn new(header: &Header, mut records: Vec<Arc<Record>>, unread: BTreeSet<(Kind, Box<str>)>) -> Self {
        records.sort_by(|one, other| (one.kind, &one.id).cmp(&(other.kind, &other.id)));
        records.dedup_by(|one, other| one.kind == other.kind && one.id == other.id);
        let of_kind = |kind: Kind| {
            let from = records.partition_point(|record| record.kind < kind);
            let of_kind = records.iter().skip(from).take_while(move |record| record.kind == kind);
            (u32::try_from(from).unwrap_or(u32::MAX)..).zip(of_kind)
        };
        let ids = Kind::ALL.par_iter().map(|kind| of_kind(*kind).map(|(at, record)| (record.id.clone(), at)).collect());
        let ids: Vec<FxHashMap<Box<str>, u32>> = ids.collect();
        let coverage =
            header.coverage.iter().map(|(kind, _, word)| (kind.into(), *word == file::Coverage::Complete)).collect();
        let position = header.position.known().and_then(|when| when.day());
        let states_position = !header.position.is_absent();
        let index = index::Index::default();
        let mut made = Self {
            position,
            states_position,
            coverage,
            header: None,
            complete_by_default: false,
            order: (0..u32::try_from(records.len()).unwrap_or(u32::MAX)).collect(),
            records: records.into_iter().map(Some).collect(),
            ids,
            aliases: FxHashMap::default(),
            unread,
            implied: false,
            index,
        };
        made.aliases = made.former_ids();
        made
    }

    /// Keeps where the header says what it says.
    #[must_use]
    pub fn headed(mut self, header: &Header, file: FileId) -> Self {
        self.header = Some((
            file,
            header
                .coverage
                .items
                .iter()
                .filter(|(_, _, word)| word.known().is_some())
                .map(|(_, _, word)| word.span)
                .collect(),
        ));
        self
    }

    /// The ids that modifications had before.
    fn former_ids(&self) -> FxHashMap<Box<str>, u32> {
        let former = |record: &Record| match &record.modification()?.formerly.state {
            State::Is(former) => Some(former.clone()),
            _ => None,
        };
        self.all(Kind::Modification).filter_map(|(at, record)| Some((former(record)?, at))).collect()
    }

    /// The registry of an example: complete where it does not say otherwise, and whoever is only
    /// named exists.
    #[must_use]
    pub fn of_example(mut self) -> Self {
        self.complete_by_default = true;
        self.implied = true;
        self
    }

    /// Every record, sorted by kind and id.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.order.iter().filter_map(|at| self.at(*at))
    }

    /// Every record, sorted by kind and id, to be held elsewhere as well.
    pub fn shared(&self) -> impl Iterator<Item = &Arc<Record>> {
        self.order.iter().filter_map(|at| self.records.get(*at as usize)?.as_ref())
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The record at a position: it keeps it while others come and go.
    pub fn at(&self, index: u32) -> Option<&Record> {
        self.records.get(index as usize)?.as_deref()
    }

    /// The positions of the records of one kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = u32> + use<'_> {
        self.span(|record| record.kind.cmp(&kind)).iter().copied()
    }

    /// The positions of the records of one kind that lie in a folder (`panel` among `seats`).
    pub fn in_folder(&self, kind: Kind, folder: &str) -> impl Iterator<Item = u32> + use<'_> {
        let wanted: Vec<u8> = folder.bytes().chain([b'/']).collect();
        let head =
            |record: &Record| record.id.as_bytes().get(..wanted.len()).unwrap_or(record.id.as_bytes()).cmp(&wanted);
        self.span(|record| record.kind.cmp(&kind).then_with(|| head(record))).iter().copied()
    }

    /// The positions, in their order, of the records that compare as equal.
    fn span(&self, compare: impl Fn(&Record) -> Ordering) -> &[u32] {
        let before =
            |at: &u32, wanted: &[Ordering]| self.at(*at).is_some_and(|record| wanted.contains(&compare(record)));
        let from = self.order.partition_point(|at| before(at, &[Ordering::Less]));
        let until = self.order.partition_point(|at| before(at, &[Ordering::Less, Ordering::Equal]));
        self.order.get(from..until).unwrap_or(&[])
    }

    /// The records of one kind, with their positions.
    pub fn all(&self, kind: Kind) -> impl Iterator<Item = (u32, &Record)> + use<'_> {
        self.of_kind(kind).filter_map(|at| self.at(at).map(|record| (at, record)))
    }

    /// The record of a kind and id; modifications also by the id they had before.
    pub fn find(&self, kind: Kind, id: &str) -> Option<&Record> {
        self.position_of(kind, id).and_then(|at| self.at(at))
    }

    /// The position of the record of a kind and id.
    pub fn position_of(&self, kind: Kind, id: &str) -> Option<u32> {
        let direct = self.ids.get(kind as usize).and_then(|ids| ids.get(id));
        direct.or_else(|| (kind == Kind::Modification).then(|| self.aliases.get(id)).flatten()).copied()
    }

    /// The Party, organisation, person or body of an id.
    pub fn actor(&self, id: &str) -> Option<&Record> {
        ACTORS.iter().filter_map(|folder| Kind::of_folder(folder)).find_map(|kind| self.find(kind, id))
    }

    /// Whether there is such a record, readable or not.
    pub fn exists(&self, kind: Kind, id: &str) -> bool {
        let implied = self.implied && ACTORS.contains(&kind.folder());
        implied || self.position_of(kind, id).is_some() || self.is_unread(kind, id)
    }

    /// Whether there is a file of that id that cannot be read: it was reported, and nothing that
    /// depends on it is news.
    pub fn is_unread(&self, kind: Kind, id: &str) -> bool {
        !self.unread.is_empty() && self.unread.contains(&(kind, id.into()))
    }

    /// The records whose files cannot be read.
    pub fn unread(&self) -> impl Iterator<Item = &(Kind, Box<str>)> {
        self.unread.iter()
    }

    /// Whether a header says of every kind whether it is complete as this registry's did.
    pub fn is_covered_as(&self, header: &Header) -> bool {
        let entries = header.coverage.iter();
        let said = entries.map(|(kind, _, word)| (kind, *word == file::Coverage::Complete));
        said.eq(self.coverage.iter().map(|(kind, complete)| (kind.as_ref(), *complete)))
    }

    /// Whether people, parties, organisations and bodies that are only named exist.
    pub fn implies(&self) -> bool {
        self.implied
    }

    /// Whether every record of a kind, or of a folder such as `seats/panel`, is there: the closest
    /// entry of `[coverage]` counts, `partial` where there is none.
    pub fn is_complete(&self, folder: &str) -> bool {
        self.closest(folder)
            .and_then(|at| self.coverage.get(at))
            .map_or(self.complete_by_default, |(_, complete)| *complete)
    }

    /// The entry of `[coverage]` that counts for a folder.
    fn closest(&self, folder: &str) -> Option<usize> {
        let mut at = folder;
        loop {
            let found = self.coverage.iter().position(|(key, _)| key.as_ref() == at);
            match (found, at.rsplit_once('/')) {
                (None, Some((above, _))) => at = above,
                (found, _) => return found,
            }
        }
    }

    /// What says whether every record of a folder is there: the header's file, and the entry of
    /// `[coverage]` that counts, with its place; nothing for a registry that was read from no file.
    pub fn coverage_of(&self, folder: &str) -> Option<(FileId, Option<(&str, Place)>)> {
        let (file, spans) = self.header.as_ref()?;
        let entry = self.closest(folder).and_then(|at| {
            let (key, _) = self.coverage.get(at)?;
            Some((key.as_ref(), Place { file: *file, span: *spans.get(at)? }))
        });
        Some((*file, entry))
    }

    /// What is looked up across records, worked out when first asked for.
    pub fn index(&self) -> &index::Index {
        &self.index
    }
}
