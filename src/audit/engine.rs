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
    ledger::{Delta, State},
    rules::{Edits, RuleSide, is_missing, sides},
};
use crate::{
    check::{
        self, Reported, Selection,
        kept::{Came, Kept, Pair},
    },
    day::{Day, Horizon, Today},
    decode::Lexicon,
    derogation,
    error::Error,
    finding::{Finding, Outcome},
    git::{Changed, Landing, Trees},
    history::History,
    record::{Kind, Record, derogation::Derogation},
    registry::{
        Header, Registry,
        change::Touched,
        file,
        link::{Differs, Links},
        read_file,
        seen::Read,
        signers::Signers,
    },
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
    /// What the records held gave when they were judged last.
    kept: Kept,
    /// What was found then.
    settled: Settled,
    /// Why the repository could not be read, where that is why the last commit was not judged.
    lacks: Option<Error>,
}

/// What was found in the commit judged last.
struct Settled {
    /// By fingerprint.
    found: State,
    /// The first day on which it may be otherwise, though every judgement stands.
    until: Day,
    /// The fingerprints of what is found of a rule and a record.
    of: BTreeMap<Pair, Vec<Box<str>>>,
    /// Those of what is found of files as such and of the rulebook.
    beside: BTreeSet<Box<str>>,
    /// What is wrong with files as such.
    reported: Reported,
    /// Whether it can only be settled whole.
    is_full: bool,
}

impl Default for Settled {
    fn default() -> Self {
        Self {
            found: State::new(),
            until: Day::EARLIEST,
            of: BTreeMap::new(),
            beside: BTreeSet::new(),
            reported: Reported::default(),
            is_full: true,
        }
    }
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
    /// What changes of records touched since they were judged last.
    touched: Touched,
    /// Whether what is wrong with files as such may be otherwise than when they were judged last.
    problems_differ: bool,
    /// Whether they may stand elsewhere in their files.
    problems_moved: bool,
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
    pub(super) fn new(opened: &'o Opened, trees: Trees) -> Result<Self, Error> {
        let fixed = opened.rules_commit().is_some();
        let rules = RuleSide::empty(opened, fixed);
        let records = RecordSide::empty(Arc::default(), ROOM);
        let mut engine = Self {
            opened,
            trees,
            rules,
            records,
            texts: Texts::default(),
            room: ROOM,
            kept: Kept::default(),
            settled: Settled::default(),
            lacks: None,
        };
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
            let edits = self.rules.change(self.opened, changes).map_err(|why| self.lacks(why))?;
            self.rules.landing = ground.rules;
            if !edits.says_the_same || self.rules.book.is_err() {
                let (book, paths) = self.rules.load(self.opened.rules_folder());
                self.change_book(book, paths, &edits);
            }
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

    /// Judges a commit on a day, and says how what is found differs from what was found in the commit judged
    /// last.
    ///
    /// # Errors
    ///
    /// Why it cannot be judged.
    pub(super) fn judge(&mut self, ground: &Ground, on: Day) -> Result<Delta, String> {
        self.hold(ground)?;
        let (side, kept) = (&mut self.records, &mut self.kept);
        let book = self.rules.book.as_ref().map_err(Clone::clone)?;
        let differ = std::mem::take(&mut side.problems_differ);
        if std::mem::take(&mut side.problems_moved) && !differ {
            self.settled.reported = Reported::of(&side.wrong(self.opened.registry()));
        }
        let registry =
            side.registry.get_or_insert_with(|| Registry::new(&Header::default(), Vec::new(), BTreeSet::new()));
        let touched = std::mem::take(&mut side.touched);
        let came = kept.judge(registry, book, on, &touched);
        if came != Came::Anew && on < self.settled.until && !rests_on(&touched, registry) {
            if came == Came::Same && !differ {
                return Ok(Delta::default());
            }
            if !self.settled.is_full
                && let Some(delta) = self.settle_some(differ)
            {
                return Ok(delta);
            }
        }
        self.settle(on)
    }

    /// What was found in the commit judged last, by fingerprint.
    pub(super) fn found(&self) -> &State {
        &self.settled.found
    }

    /// Settles what was judged anew, and where they differ what is wrong with files as such and what rests
    /// on that; nothing where it has to do with all else.
    fn settle_some(&mut self, differ: bool) -> Option<Delta> {
        let (Some(registry), Ok(book)) = (&self.records.registry, &self.rules.book) else { return None };
        let settled = &mut self.settled;
        let (room, texts) = (FileId(self.room), &self.texts);
        let mut beside = None;
        if differ {
            self.records.links.get_or_insert_with(|| Links::of(registry, &book.code, true));
            let problems = self.records.wrong(self.opened.registry());
            if problems.iter().any(|problem| problem.outcome == Outcome::Unknown) {
                return None;
            }
            let reported = Reported::of(&problems);
            self.kept.open(&settled.reported.differing(&reported));
            settled.reported = reported;
            beside = Some(check::settled_beside(registry, book, problems, room, texts));
        }
        let mut pairs = self.kept.take_changed();
        if has_leave(registry, &pairs) {
            return None;
        }
        let findings = |kept: &Kept, pairs: &BTreeSet<Pair>, reported: &Reported| {
            let told = kept.told_of(book, pairs.iter().copied());
            check::settled_some(registry, told, reported, room, texts)
        };
        let mut found = findings(&self.kept, &pairs, &settled.reported);
        if self.kept.freshen(registry, book, &settled.fresh(&found)) {
            pairs.extend(self.kept.take_changed());
            if has_leave(registry, &pairs) {
                return None;
            }
            found = findings(&self.kept, &pairs, &settled.reported);
        }
        let mut before: BTreeSet<Box<str>> =
            pairs.iter().filter_map(|pair| settled.of.remove(pair)).flatten().collect();
        if beside.is_some() {
            before.append(&mut settled.beside);
        }
        found.extend(beside.into_iter().flatten());
        let mut delta = Delta::default();
        let owners = Kept::pairs(book, registry, found.iter());
        let mut here: BTreeSet<Box<str>> = BTreeSet::new();
        for (finding, owner) in found.into_iter().zip(owners) {
            let one = Arc::new(Found::of(finding));
            here.insert(one.fingerprint.clone());
            settled.note(&one, owner);
            if settled.found.get(&one.fingerprint) != Some(&one) {
                delta.come.push(one);
            }
        }
        if settled.found.len().saturating_add(delta.come.len()) > check::MOST_FINDINGS {
            return None;
        }
        delta.gone = before.into_iter().filter(|print| !here.contains(print)).collect();
        delta.come.sort_by(|one, other| one.fingerprint.cmp(&other.fingerprint));
        delta.apply(&mut settled.found);
        Some(delta)
    }

    /// Settles everything.
    fn settle(&mut self, on: Day) -> Result<Delta, String> {
        let (side, kept) = (&mut self.records, &mut self.kept);
        let book = self.rules.book.clone()?;
        let registry = side.registry.take().ok_or("there are no records")?;
        side.links.get_or_insert_with(|| Links::of(&registry, &book.code, true));
        let problems = side.wrong(self.opened.registry());
        let reported = Reported::of(&problems);
        let tree = Tree {
            book,
            registry,
            links: Links::default(),
            texts: Texts::default(),
            rule_files: Vec::new(),
            record_files: Vec::new(),
            blobs: tree::Blobs::default(),
            folder: self.opened.registry().to_owned(),
            problems,
            records: side.files.len(),
            rules: self.rules.count,
            at: String::new(),
        };
        let texts = &self.texts;
        let settle = |kept: &Kept| {
            let (horizon, all) = (Horizon::default(), Selection::default());
            let today = Today::from(on).seen_from(&horizon);
            let (_, findings) = check::settled(&tree, today, kept.told(&tree.book), tree.problems.clone(), &all, texts);
            (findings, horizon.day())
        };
        let (mut findings, mut until) = settle(kept);
        if kept.freshen(&tree.registry, &tree.book, &self.settled.fresh(&findings)) {
            (findings, until) = settle(kept);
        }
        kept.take_changed();
        let owners = Kept::pairs(&tree.book, &tree.registry, findings.iter());
        let is_full = findings.len() > check::MOST_FINDINGS
            || tree.problems.iter().any(|problem| problem.outcome == Outcome::Unknown);
        let mut settled = Settled { until, reported, is_full, ..Settled::default() };
        for (finding, owner) in findings.into_iter().zip(owners) {
            let one = Arc::new(Found::of(finding));
            settled.note(&one, owner);
            settled.found.insert(one.fingerprint.clone(), one);
        }
        self.records.registry = Some(tree.registry);
        let delta = Delta::between(&self.settled.found, &settled.found);
        self.settled = settled;
        Ok(delta)
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

    /// Takes a rulebook of which such files differ from those of the one held. Where nothing but single
    /// rules are other than before, what the others gave is kept.
    fn change_book(&mut self, book: Result<Rulebook, String>, paths: Vec<String>, edits: &Edits) {
        let has_same_files = (0..).zip(&paths).all(|(id, path)| self.texts.path(FileId(id)) == path)
            && self.rules.files.len() == self.rules.loaded;
        let other = match (&self.rules.book, &book) {
            (Ok(was), Ok(now)) if has_same_files => edits.rules(was, now, &paths),
            _ => None,
        };
        self.rules.loaded = self.rules.files.len();
        let (Some(other), Ok(now)) = (other, &book) else { return self.take_book(book, paths) };
        self.kept.forget(now, &other);
        self.records.problems_differ = true;
        self.rules.book = book;
    }

    /// Takes a rulebook whose files have the ids from 0 on. Records are read anew where its words, or
    /// its number of files, ask for it.
    fn take_book(&mut self, book: Result<Rulebook, String>, paths: Vec<String>) {
        self.rules.book = book;
        // What a record may name is the code's to say.
        (self.records.links, self.records.problems_differ, self.records.touched.all) = (None, true, true);
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
            let (has_differed, was) = (side.problems_differ, side.problems.get(&one.path).cloned());
            let before = side.forget(&path, folder);
            side.problems_differ = has_differed;
            self.texts.put(id, Text::new(one.path.clone(), ""));
            if below(folder, &one.path) == MARK {
                side.header = loaded.header;
            }
            if missing {
                side.missing.insert(one.path.clone());
            }
            let problems: Vec<Finding> = file::findings(&loaded.subject, loaded.problems).collect();
            side.differ(Differs::between(&was.unwrap_or_default(), &problems));
            if !problems.is_empty() {
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

impl Drop for Engine<'_> {
    /// A large registry takes a while to free, and nobody waits for that.
    fn drop(&mut self) {
        let rest = (self.records.registry.take(), std::mem::take(&mut self.kept), std::mem::take(&mut self.settled));
        rayon::spawn(move || drop(rest));
    }
}

impl Settled {
    /// Notes whose finding one is: that of a rule and a record, or one beside those.
    fn note(&mut self, one: &Found, owner: Option<Pair>) {
        match owner {
            Some(owner) => self.of.entry(owner).or_default().push(one.fingerprint.clone()),
            None if !derogation::is_about(&one.rule) => {
                self.beside.insert(one.fingerprint.clone());
            }
            None => {}
        }
    }

    /// The rules and records of findings that are new, or that say something else: what comes up is said in
    /// the words of the day on which it does.
    fn fresh<'f>(&self, findings: &'f [Finding]) -> BTreeSet<(&'f str, &'f str)> {
        let is_new = |one: &&Finding| {
            let known = self.found.get(one.fingerprint().as_str());
            known.is_none_or(|known| known.message != one.message || known.level != one.level)
        };
        findings.iter().filter(is_new).map(|one| (one.rule.as_ref(), one.subject.as_ref())).collect()
    }
}

/// Whether what is settled beside judgements rests on what was touched: bodies without records, and
/// derogations with all that they name.
fn rests_on(touched: &Touched, registry: &Registry) -> bool {
    let derogations = || registry.all(Kind::Derogation).filter_map(|(_, record)| record.derogation());
    let is_named = |id: &str| {
        let names = |derogation: &Derogation| {
            let subject = derogation.subject.known().is_some_and(|subject| subject.as_ref().ends_with(id));
            subject || derogation.granted_by.known().is_some_and(|by| by.as_ref() == id)
        };
        derogations().any(names)
    };
    touched.all
        || touched.reads.contains(&Read::All(Kind::Derogation))
        || touched.existence.iter().any(|(kind, id)| *kind == Kind::Body || is_named(id))
        || touched.reads.contains(&Read::Affiliates) && derogations().next().is_some()
}

/// Whether a derogation names the record of one of these.
fn has_leave(registry: &Registry, pairs: &BTreeSet<Pair>) -> bool {
    let subjects = registry.all(Kind::Derogation).filter_map(|(_, record)| record.derogation()?.subject.known());
    let position = |subject: &str| {
        let (kind, id) = subject.split_once('/')?;
        registry.position_of(Kind::of_folder(kind)?, id)
    };
    let named: BTreeSet<u32> = subjects.filter_map(|subject| position(subject.as_ref())).collect();
    !named.is_empty() && pairs.iter().any(|(_, subject)| named.contains(subject))
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
            touched: Touched { all: true, ..Touched::default() },
            problems_differ: true,
            problems_moved: false,
            cased: FxHashMap::default(),
            colliding: BTreeSet::new(),
            next: room,
        }
    }

    /// Notes how what is wrong differs.
    fn differ(&mut self, differs: Differs) {
        self.problems_differ |= differs == Differs::Something;
        self.problems_moved |= differs == Differs::Places;
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
        self.problems_differ |= self.problems.remove(&held.path).is_some();
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
        self.problems_differ |= if cased.saturating_add(usize::from(self.files.contains_key(lower.as_bytes()))) > 1 {
            self.colliding.insert(lower);
            true
        } else {
            self.colliding.remove(&lower)
        };
    }

    /// What is wrong with files as such.
    fn wrong(&self, folder: &str) -> Vec<Finding> {
        let mut all = self.links.as_ref().map(Links::findings).unwrap_or_default();
        all.extend(self.collisions(folder));
        all.extend(self.problems.values().flatten().cloned());
        all
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
            (self.links, self.problems_differ, self.touched.all) = (None, true, true);
            return;
        };
        let touched = registry.change(gone, come, unread);
        let covered = registry.cover(&header);
        match (&mut self.links, book) {
            (Some(links), Some(book)) if !covered.all => {
                let differs = links.change(registry, &book.code, &touched, gone);
                self.differ(differs);
            }
            (links, _) => (*links, self.problems_differ) = (None, true),
        }
        self.touched.extend(touched);
        self.touched.extend(covered);
    }
}
