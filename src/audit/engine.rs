//! The engine as the audit sees it: told which commit is next and the day, it gives what is found
//! there. It holds one tree of records and rules, and reads of each commit only what differs from it.
//!
//! What it gives is what `check --at COMMIT --on DAY` gives.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use rustc_hash::FxHashMap;

use super::{
    Found,
    rules::{RuleSide, is_missing, sides},
};
use crate::{
    check::{self, Selection},
    day::Day,
    decode::Lexicon,
    error::Error,
    finding::Finding,
    git::{Changed, Landing, Trees},
    history::History,
    record::{Kind, Record},
    registry::{Header, Registry, file, link::Links, read_file, signers::Signers},
    rulebook::Rulebook,
    text::{FileId, Text, Texts},
    tree::{self, Opened, Tree, below},
};

/// How many ids rule files get at first; those of records come after, so that the two never mix.
const ROOM: u32 = 1024;

/// The file that says what the registry is.
const MARK: &str = "registry.toml";

/// What lies at the folders of records and rules in one commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ground {
    /// The registry's folder.
    pub(super) records: Landing,
    /// The rules' folder.
    pub(super) rules: Landing,
    /// Whether there is a `registry.toml`.
    pub(super) has_mark: bool,
}

/// Records and rules of the commit judged last.
pub(super) struct Engine<'o> {
    opened: &'o Opened,
    trees: Trees,
    rules: RuleSide,
    records: RecordSide,
    texts: Texts,
    room: u32,
    /// Why the repository could not be read, where that is why the last commit was not judged.
    lacks: Option<Error>,
}

/// The records held.
struct RecordSide {
    landing: Landing,
    lexicon: Arc<Lexicon>,
    files: BTreeMap<Vec<u8>, Held>,
    header: Option<Box<Header>>,
    /// The records, put together; nothing before the first are read.
    registry: Option<Registry>,
    /// What no record shows by itself; nothing where all of it is to be found anew.
    links: Option<Links>,
    /// What is wrong with files as such, by their paths.
    problems: BTreeMap<String, Vec<Finding>>,
    /// Files that would be records, could they be read.
    unread: BTreeMap<String, (Kind, Box<str>)>,
    /// Files that another clone may be able to read.
    missing: BTreeSet<String>,
    /// The paths that are not all in lower case, by what they are then.
    cased: FxHashMap<String, BTreeSet<String>>,
    /// What several paths are in lower case.
    colliding: BTreeSet<String>,
    next: u32,
}

/// One file of the registry.
struct Held {
    id: FileId,
    path: String,
    /// The record that it is.
    record: Option<Key>,
}

/// Kind and id of a record.
type Key = (Kind, Box<str>);

impl<'o> Engine<'o> {
    /// An engine that holds nothing yet; the rules, where they are those of one revision for all
    /// commits.
    ///
    /// # Errors
    ///
    /// What stands against reading those rules.
    pub(super) fn new(opened: &'o Opened) -> Result<Self, Error> {
        let fixed = opened.rules_commit().is_some();
        let rules = RuleSide::empty(opened, fixed);
        let records = RecordSide::empty(Arc::default(), ROOM);
        let trees = opened.source().repo()?.trees();
        let mut engine = Self { opened, trees, rules, records, texts: Texts::default(), room: ROOM, lacks: None };
        if fixed {
            let rules = opened.rules()?;
            let paths: Vec<String> =
                (0..rules.texts.next_id().0).map(|id| rules.texts.path(FileId(id)).into()).collect();
            engine.rules.count = rules.count;
            engine.take_book(Ok(rules.book), paths);
        }
        Ok(engine)
    }

    /// The rulebook held, where it can be read.
    pub(super) fn book(&self) -> Option<&Rulebook> {
        self.rules.book.as_ref().ok()
    }

    /// Whether all that was read can be read wherever the same commit is: nothing is missing.
    pub(super) fn is_whole(&self) -> bool {
        self.lacks.is_none() && self.rules.unread.is_empty() && self.records.missing.is_empty()
    }

    /// Reads the rules of a commit, as far as they differ from those held.
    ///
    /// # Errors
    ///
    /// Why they cannot be read.
    pub(super) fn read_rules(&mut self, ground: &Ground) -> Result<(), String> {
        if !self.rules.fixed && self.rules.landing != ground.rules {
            let changes = self.changes(true, ground.rules)?;
            self.rules.change(self.opened, changes).map_err(|why| self.lacks(why))?;
            self.rules.landing = ground.rules;
            let (book, paths) = self.rules.load(self.opened.rules_folder());
            self.take_book(book, paths);
        }
        self.rules.book.as_ref().map(|_| ()).map_err(Clone::clone)
    }

    /// The rulebook of another commit, which is read and not kept, and whether it is whole.
    ///
    /// # Errors
    ///
    /// Why it cannot be read.
    pub(super) fn book_at(&mut self, rules: Landing) -> Result<(Rulebook, bool), String> {
        let mut side = RuleSide::empty(self.opened, false);
        let mut changes =
            self.trees.between(self.opened.rules_folder(), Landing::Nothing, rules).map_err(|why| self.lacks(why))?;
        changes.sort_by(|one, other| one.path.cmp(&other.path));
        side.change(self.opened, changes).map_err(|why| self.lacks(why))?;
        let (book, _) = side.load(self.opened.rules_folder());
        Ok((book?, side.unread.is_empty()))
    }

    /// Reads what a commit holds, as far as it differs from what is held. It is kept for the next.
    ///
    /// # Errors
    ///
    /// Why it cannot be judged.
    pub(super) fn hold(&mut self, ground: &Ground) -> Result<(), String> {
        self.lacks = None;
        if !ground.has_mark {
            return Err(format!("there is no `{}/registry.toml`", self.opened.registry()));
        }
        self.read_rules(ground)?;
        if self.records.landing != ground.records {
            let changes = self.changes(false, ground.records)?;
            self.change_records(changes).map_err(|why| self.lacks(why))?;
            self.records.landing = ground.records;
        }
        let header = self.records.header.as_deref().map_or_else(Header::default, Clone::clone);
        tree::known_schema(&header).map_err(|why| why.to_string())
    }

    /// What commits that led to the one held did, by rules that read the records by the same words.
    pub(super) fn done(&self, book: &Rulebook, history: &History) -> Vec<Finding> {
        let all = Selection::default();
        let registry = self.records.registry.as_ref();
        registry.map_or(Vec::new(), |registry| check::history_findings(registry, book, &all, history))
    }

    /// Who may sign, as the records held say.
    pub(super) fn signers(&self) -> Signers {
        self.records.registry.as_ref().map_or_else(Signers::default, Signers::of)
    }

    /// Whether a rulebook reads records by the words by which those held were read.
    pub(super) fn has_words_of(&self, book: &Rulebook) -> bool {
        *book.code.lexicon() == *self.records.lexicon
    }

    /// Judges a commit on a day.
    ///
    /// # Errors
    ///
    /// Why it cannot be judged.
    pub(super) fn judge(&mut self, ground: &Ground, id: &str, on: Day) -> Result<Vec<Arc<Found>>, String> {
        self.hold(ground)?;
        let book = self.rules.book.clone()?;
        let side = &mut self.records;
        let registry =
            side.registry.take().unwrap_or_else(|| Registry::new(&Header::default(), Vec::new(), BTreeSet::new()));
        let mut problems = side.collisions(self.opened.registry());
        problems.extend(side.problems.values().flatten().cloned());
        let links = side.links.get_or_insert_with(|| Links::of(&registry, &book.code, true));
        problems.extend(links.findings(&registry));
        let mut tree = Tree {
            book,
            registry,
            texts: Texts::default(),
            rule_files: Vec::new(),
            record_files: Vec::new(),
            folder: self.opened.registry().to_owned(),
            problems,
            records: self.records.files.len(),
            rules: self.rules.count,
            at: id.to_owned(),
        };
        let (_, findings) = check::judged(&mut tree, on, &Selection::default(), &self.texts);
        self.records.registry = Some(tree.registry);
        Ok(findings.into_iter().map(|finding| Arc::new(Found::of(finding))).collect())
    }

    /// Remembers that the repository could not be read, and says why in words.
    fn lacks(&mut self, why: Error) -> String {
        let words = why.to_string();
        self.lacks = Some(why);
        words
    }

    /// Why the repository could not be read, where that is why the last commit was not judged.
    pub(super) fn take_lack(&mut self) -> Option<Error> {
        self.lacks.take()
    }

    /// What differs between the folder held and another landing of it.
    fn changes(&mut self, rules: bool, now: Landing) -> Result<Vec<Changed>, String> {
        let (folder, was) = if rules {
            (self.opened.rules_folder(), self.rules.landing)
        } else {
            (self.opened.registry(), self.records.landing)
        };
        let mut changes = self.trees.between(folder, was, now).map_err(|why| self.lacks(why))?;
        changes.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(changes)
    }

    /// Takes a rulebook whose files have the ids from 0 on. Records are read anew where its words, or
    /// its number of files, ask for it.
    fn take_book(&mut self, book: Result<Rulebook, String>, paths: Vec<String>) {
        self.rules.book = book;
        // What a record may name is the code's to say.
        self.records.links = None;
        let Ok(book) = &self.rules.book else { return };
        let lexicon = book.code.lexicon();
        let count = u32::try_from(paths.len()).unwrap_or(u32::MAX);
        if count > self.room || *lexicon != *self.records.lexicon {
            self.room = self.room.max(count.saturating_mul(2));
            self.records = RecordSide::empty(lexicon, self.room);
            self.texts = Texts::default();
        }
        for (id, path) in (0..).zip(paths) {
            self.texts.put(FileId(id), Text::new(path, ""));
        }
    }

    fn change_records(&mut self, changes: Vec<Changed>) -> Result<(), Error> {
        let folder = self.opened.registry();
        let side = &mut self.records;
        let (gone, listed) = sides(changes);
        let mut dead: Vec<Key> = gone.iter().filter_map(|path| side.forget(path, folder)).collect();
        let (paths, listed): (Vec<_>, Vec<_>) = listed.into_iter().unzip();
        let ids: Vec<FileId> = paths.iter().map(|path| side.id_of(path)).collect();
        let lexicon = Arc::clone(&side.lexicon);
        let loaded = self.opened.source().read_numbered(&listed, |at, one, content| {
            let id = ids.get(at).copied().unwrap_or(FileId(u32::MAX));
            (is_missing(&content), read_file(id, &one.path, below(folder, &one.path), content, &lexicon))
        })?;
        let mut fresh = Vec::new();
        for (((path, id), one), (missing, loaded)) in paths.into_iter().zip(ids).zip(listed).zip(loaded) {
            let before = side.forget(&path, folder);
            self.texts.put(id, Text::new(one.path.clone(), ""));
            if below(folder, &one.path) == MARK {
                side.header = loaded.header;
            }
            if missing {
                side.missing.insert(one.path.clone());
            }
            if !loaded.problems.is_empty() {
                let problems = file::findings(&loaded.subject, loaded.problems).collect();
                side.problems.insert(one.path.clone(), problems);
            }
            if let Some(unread) = loaded.unread {
                side.unread.insert(one.path.clone(), unread);
            }
            let record = loaded.record.as_ref().map(|record| (record.kind, record.id.clone()));
            dead.extend(before.filter(|before| record.as_ref() != Some(before)));
            fresh.extend(loaded.record);
            let name = one.path.clone();
            side.files.insert(path, Held { id, path: one.path, record });
            side.compare(&name, true);
        }
        side.change(&dead, fresh, self.rules.book.as_ref().ok());
        Ok(())
    }
}

impl RecordSide {
    fn empty(lexicon: Arc<Lexicon>, room: u32) -> Self {
        Self {
            landing: Landing::Nothing,
            lexicon,
            files: BTreeMap::new(),
            header: None,
            registry: None,
            links: None,
            problems: BTreeMap::new(),
            unread: BTreeMap::new(),
            missing: BTreeSet::new(),
            cased: FxHashMap::default(),
            colliding: BTreeSet::new(),
            next: room,
        }
    }

    /// The id of a path: the same for as long as the path is there.
    fn id_of(&mut self, path: &[u8]) -> FileId {
        if let Some(held) = self.files.get(path) {
            return held.id;
        }
        let id = FileId(self.next);
        self.next = self.next.saturating_add(1);
        id
    }

    /// Forgets what is known of a file, and gives the record that it was.
    fn forget(&mut self, path: &[u8], folder: &str) -> Option<Key> {
        let held = self.files.remove(path)?;
        self.compare(&held.path, false);
        self.problems.remove(&held.path);
        self.unread.remove(&held.path);
        self.missing.remove(&held.path);
        if below(folder, &held.path) == MARK {
            self.header = None;
        }
        held.record
    }

    /// Notes whether a path that came or went differs from another in case alone.
    fn compare(&mut self, path: &str, is_here: bool) {
        let lower = path.to_lowercase();
        if lower != path {
            let others = self.cased.entry(lower.clone()).or_default();
            if is_here {
                others.insert(path.to_owned());
            } else {
                others.remove(path);
            }
        }
        let cased = self.cased.get(&lower).map_or(0, BTreeSet::len);
        if cased.saturating_add(usize::from(self.files.contains_key(lower.as_bytes()))) > 1 {
            self.colliding.insert(lower);
        } else {
            self.colliding.remove(&lower);
        }
    }

    /// What there is to say of paths that differ in case alone.
    fn collisions(&self, folder: &str) -> Vec<Finding> {
        let alike = |lower: &String| self.cased.get(lower).into_iter().flatten().chain([lower]).cloned().collect();
        let mut paths: Vec<String> = self.colliding.iter().flat_map(|lower| -> Vec<String> { alike(lower) }).collect();
        paths.sort();
        let held = paths.iter().filter_map(|path| Some((path.as_str(), self.files.get(path.as_bytes())?.id)));
        tree::collisions(&held.collect::<Vec<_>>(), folder)
    }

    /// Takes records out and puts others in.
    fn change(&mut self, gone: &[Key], come: Vec<Arc<Record>>, book: Option<&Rulebook>) {
        let unread = self.unread.values().cloned().collect();
        let header = self.header.as_deref().map_or_else(Header::default, Clone::clone);
        let Some(registry) = &mut self.registry else {
            self.registry = Some(Registry::new(&header, come, unread));
            self.links = None;
            return;
        };
        let touched = registry.change(gone, come, unread);
        let covered = registry.cover(&header);
        match (&mut self.links, book) {
            (Some(links), Some(book)) if !covered.all => {
                links.change(registry, &book.code, &touched, gone);
            }
            (links, _) => *links = None,
        }
    }
}
