//! One tree of records and rules: read, parsed, put together.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    check::{self, Selection, Verdict},
    day::Day,
    decode::{Fact, Lexicon, State},
    error::Error,
    finding::{Finding, Mark, Problem},
    git::BlobId,
    record::{Kind, Record},
    registry::{Header, Registry, file, link::Links, read_file, seen::Kinds},
    rulebook::{
        Rulebook,
        load::{self, RuleFile, is_rule},
    },
    source::{At, Listed, Source},
    text::{FileId, Span, Texts},
};

/// The version of the record format that this tool reads.
const SCHEMA: u32 = 1;

/// Where records and rules are.
#[derive(Debug, Clone, Default)]
pub struct Whereabouts {
    /// The folder from which the registry is looked for, upwards.
    pub start: PathBuf,
    /// The registry's folder, if it is not called `registry`.
    pub registry: Option<PathBuf>,
    /// The rules' folder, if it is not `rules` beside the registry.
    pub rules: Option<PathBuf>,
    /// The revision to read; the work tree where there is none.
    pub at: Option<String>,
    /// The revision whose rules are read; the one of the records where there is none.
    pub rules_at: Option<String>,
}

/// A rulebook, with the texts that its places lie in.
#[derive(Debug)]
pub struct Rules {
    /// The rulebook.
    pub book: Rulebook,
    /// The texts.
    pub texts: Texts,
    /// How many rule files there are.
    pub count: usize,
}

/// Records and rules of one tree, ready to be judged.
#[derive(Debug)]
pub struct Tree {
    /// The rules.
    pub book: Rulebook,
    /// The records.
    pub registry: Registry,
    /// What no record shows by itself.
    pub links: Links,
    /// The texts of both.
    pub texts: Texts,
    /// Which of the texts are those of the rules, by path.
    pub rule_files: Vec<FileId>,
    /// Which of the texts are those below the registry's folder, by path.
    pub record_files: Vec<FileId>,
    /// What a commit names each of these by; nothing for a work tree.
    pub blobs: Blobs,
    /// The registry's folder, as paths name it.
    pub folder: String,
    /// What is wrong with the files as such.
    pub problems: Vec<Finding>,
    /// How many record files there are.
    pub records: usize,
    /// How many rule files there are.
    pub rules: usize,
    /// `worktree`, or the full id of the commit.
    pub at: String,
}

/// What a commit names its files by, in the order of some list of them.
#[derive(Debug, Default)]
pub struct Blobs(Vec<Option<BlobId>>);

impl Whereabouts {
    /// Opens the place.
    ///
    /// # Errors
    ///
    /// What [`Source::open`] says.
    pub fn open(&self) -> Result<Opened, Error> {
        let (start, folder) = match &self.registry {
            None => (self.start.clone(), "registry".to_owned()),
            Some(path) if path.is_absolute() => {
                let parent = path.parent().unwrap_or(Path::new("/")).to_owned();
                (parent, path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default())
            }
            Some(path) => (self.start.clone(), path.to_string_lossy().into_owned()),
        };
        let source = Source::open(&start, &folder, self.at.as_deref())?;
        let registry = format!("{}{}", source.prefix(), folder.trim_matches('/'));
        let (rules, elsewhere) = match &self.rules_at {
            None => self.rules_folder(&source)?,
            Some(rev) => {
                let source = Source::open(&start, &folder, Some(rev))?;
                let at = Self { at: Some(rev.clone()), ..self.clone() };
                let (rules, _) = at.rules_folder(&source)?;
                (rules, Some(source))
            }
        };
        Ok(Opened { source, registry, rules, elsewhere })
    }

    fn rules_folder(&self, source: &Source) -> Result<(String, Option<Source>), Error> {
        let Some(path) = &self.rules else { return Ok((format!("{}rules", source.prefix()), None)) };
        let plain = path.to_string_lossy().trim_end_matches('/').to_owned();
        let beside = format!("{}{plain}", source.prefix());
        if path.is_relative() && (self.at.is_some() || source.root().join(&beside).is_dir()) && !plain.contains("..") {
            return Ok((beside, None));
        }
        let whole = self
            .start
            .join(path)
            .canonicalize()
            .map_err(|why| Error::Unreadable { path: path.clone(), why: why.to_string() })?;
        if let Ok(below) = whole.strip_prefix(source.root()) {
            return Ok((below.to_string_lossy().into_owned(), None));
        }
        if self.at.is_some() {
            let what = format!("`{}` lies outside the repository, so no revision has it", path.display());
            return Err(Error::usage(what, "leave `--at` out, or name a folder of the repository"));
        }
        Ok((String::new(), Some(Source::folder(&whole)?)))
    }
}

/// An opened place: where its records and rules are.
pub struct Opened {
    source: Source,
    registry: String,
    rules: String,
    elsewhere: Option<Source>,
}

impl Opened {
    /// The registry's folder, relative to the repository root.
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The rules' folder, relative to the repository root.
    pub fn rules_folder(&self) -> &str {
        &self.rules
    }

    /// The full id of the commit whose rules judge, where that is not the one of the records.
    pub fn rules_commit(&self) -> Option<&str> {
        match self.elsewhere.as_ref().map(Source::at) {
            Some(At::Commit(id)) => Some(id),
            _ => None,
        }
    }

    /// Where the records are.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// From now on a text is read at a path, whatever is on disk there.
    pub fn lay(&mut self, path: &str, text: &str) {
        self.source.lay(path, text);
    }

    /// Reads the rules alone.
    ///
    /// # Errors
    ///
    /// [`Error::Rulebook`] where they cannot be read.
    pub fn rules(&self) -> Result<Rules, Error> {
        Ok(self.rules_after(Texts::default(), Beside::Nothing)?.0)
    }

    /// The same, the texts added to others; those of a tree beside, where they are the same.
    fn rules_after(&self, mut texts: Texts, beside: Beside<'_>) -> Result<(Rules, Vec<FileId>), Error> {
        let source = self.elsewhere.as_ref().unwrap_or(&self.source);
        let listed: Vec<Listed> =
            source.list(&self.rules)?.into_iter().filter(|one| may_be_rule(&self.rules, &one.path)).collect();
        if listed.is_empty() {
            return Err(no_rules(&self.rules));
        }
        if let Beside::Base(tree) = beside
            && tree.has_rules(&listed, &texts)
        {
            let (book, files) = (tree.book.clone(), tree.rule_files.clone());
            return Ok((Rules { book, texts, count: tree.rules }, files));
        }
        if let Some(At::Commit(id)) = self.elsewhere.as_ref().map(Source::at) {
            texts.begin(Some(id));
        }
        let files = source.read(&listed, |one, content| RuleFile {
            path: one.path.clone(),
            below: below(&self.rules, &one.path).to_owned(),
            content,
        })?;
        let count = files.iter().filter(|one| is_rule(&one.below)).count();
        let first = texts.next_id().0;
        let (book, texts) = load::load(files, texts)?;
        let files = (first..texts.next_id().0).map(FileId).collect();
        Ok((Rules { book, texts, count }, files))
    }

    /// Reads rules and records.
    ///
    /// # Errors
    ///
    /// [`Error::Rulebook`] where the rules cannot be read, [`Error::Usage`] where the registry is of
    /// a format that this tool does not know.
    pub fn tree(&self) -> Result<Tree, Error> {
        self.tree_after(Texts::default(), Beside::Nothing)
    }

    /// The same, the texts added to others. What a tree beside has read already is not read again.
    ///
    /// # Errors
    ///
    /// Those of [`Opened::tree`].
    pub fn tree_after(&self, mut texts: Texts, beside: Beside<'_>) -> Result<Tree, Error> {
        let era = match (self.source.at(), beside) {
            (At::Commit(id), Beside::Base(_)) => Some(id.as_str()),
            _ => None,
        };
        texts.begin(era);
        let (rules, rule_files) = self.rules_after(texts, beside)?;
        let mut texts = rules.texts;
        texts.begin(era);
        let listed = self.source.list(&self.registry)?;
        let lexicon = rules.book.code.lexicon();
        let shared = beside.shared(&listed, &texts, &lexicon);
        let read = self.read_records(&mut texts, listed, &shared, &lexicon)?;
        let mut records: Vec<Arc<Record>> = Vec::with_capacity(read.files.len());
        records.extend(shared.into_iter().flatten());
        records.extend(read.records);
        let (file, header) = read.header.map_or_else(Default::default, |(file, header)| (Some(file), header));
        known_schema(&header)?;
        let registry = Registry::new(&header, records, read.unread);
        let registry = match file {
            Some(file) => registry.headed(&header, file),
            None => registry,
        };
        let links = Links::of(&registry, &rules.book.code, true);
        let mut problems = read.problems;
        problems.extend(links.all(&registry));
        Ok(Tree {
            book: rules.book,
            registry,
            links,
            texts,
            rule_files,
            record_files: read.files,
            blobs: read.blobs,
            folder: self.registry.clone(),
            problems,
            records: read.count,
            rules: rules.count,
            at: self.at(),
        })
    }

    fn at(&self) -> String {
        match self.source.at() {
            At::WorkTree => "worktree".to_owned(),
            At::Commit(id) => id.clone(),
        }
    }

    /// Reads the files listed that are not shared with a tree beside.
    fn read_records(
        &self,
        texts: &mut Texts,
        listed: Vec<Listed>,
        shared: &[Option<Arc<Record>>],
        lexicon: &Arc<Lexicon>,
    ) -> Result<Read, Error> {
        let mut next = texts.next_id();
        let number = |shared: &Option<Arc<Record>>| {
            if let Some(record) = shared {
                return record.file;
            }
            let file = next;
            next = FileId(next.0.saturating_add(1));
            file
        };
        let files: Vec<FileId> = shared.iter().map(number).collect();
        let paths: Vec<(&str, FileId)> =
            listed.iter().map(|one| one.path.as_str()).zip(files.iter().copied()).collect();
        let mut problems = collisions(&paths, &self.registry);
        let first = texts.next_id().0;
        let count = shared.iter().flatten().count();
        let blobs = Blobs(listed.iter().map(Listed::blob).collect());
        let to_read: Vec<Listed> =
            listed.into_iter().zip(shared).filter(|(_, shared)| shared.is_none()).map(|(one, _)| one).collect();
        let loaded = self.source.read_numbered(&to_read, |at, one, content| {
            let file = FileId(first.saturating_add(u32::try_from(at).unwrap_or(u32::MAX)));
            read_file(file, &one.path, below(&self.registry, &one.path), content, lexicon)
        })?;
        let mut read = Read {
            files,
            blobs,
            count,
            unread: file::unread(&loaded),
            header: None,
            records: Vec::new(),
            problems: Vec::new(),
        };
        for one in loaded {
            let file = texts.add(one.text);
            read.count = read.count.saturating_add(usize::from(one.record.is_some() || one.unread.is_some()));
            read.header = read.header.or(one.header.map(|header| (file, *header)));
            read.records.extend(one.record);
            problems.extend(file::findings(&one.subject, one.problems));
        }
        read.problems = problems;
        Ok(read)
    }

    /// What is other here than in a tree, whose texts are `texts`: nothing where the rules are others, or
    /// may be, or where the header is another.
    ///
    /// # Errors
    ///
    /// Those of [`Opened::tree`].
    pub(crate) fn other(&self, tree: &Tree, texts: &mut Texts) -> Result<Option<Other>, Error> {
        let At::Commit(id) = self.source.at() else { return Ok(None) };
        if self.elsewhere.is_some() || !self.has_rules_of(tree, texts)? {
            return Ok(None);
        }
        let listed = self.source.list(&self.registry)?;
        let lexicon = tree.book.code.lexicon();
        let shared = Beside::Base(tree).shared(&listed, texts, &lexicon);
        if shared.iter().filter(|one| one.is_none()).count().saturating_mul(4) > listed.len() {
            return Ok(None);
        }
        texts.begin(Some(id));
        let read = self.read_records(texts, listed, &shared, &lexicon)?;
        let header = read.header.as_ref().map(|(_, header)| header);
        if header.is_none_or(|header| known_schema(header).is_err() || !tree.registry.is_covered_as(header)) {
            return Ok(None);
        }
        let here: FxHashSet<FileId> = shared.iter().flatten().map(|record| record.file).collect();
        let come: FxHashSet<(Kind, &str)> = read.records.iter().map(|one| (one.kind, one.id.as_ref())).collect();
        let is_gone = |one: &&Record| !here.contains(&one.file) && !come.contains(&(one.kind, one.id.as_ref()));
        let gone = tree.registry.records().filter(is_gone).map(|one| (one.kind, one.id.clone())).collect();
        let position = header.and_then(|header| header.position.known()).and_then(|when| when.day());
        Ok(Some(Other { read, gone, position, at: self.at() }))
    }

    /// Whether the rules are, to the letter, those of a tree.
    fn has_rules_of(&self, tree: &Tree, texts: &Texts) -> Result<bool, Error> {
        let listed = self.source.list(&self.rules)?.into_iter().filter(|one| may_be_rule(&self.rules, &one.path));
        Ok(tree.has_rules(&listed.collect::<Vec<_>>(), texts))
    }
}

/// The records of a tree as they were read.
struct Read {
    /// The files below the registry's folder, by path.
    files: Vec<FileId>,
    blobs: Blobs,
    /// How many record files there are.
    count: usize,
    unread: BTreeSet<(Kind, Box<str>)>,
    header: Option<(FileId, Header)>,
    /// Those that no tree beside has read.
    records: Vec<Arc<Record>>,
    /// What is wrong with files as such.
    problems: Vec<Finding>,
}

/// What is other in a tree than in another one of the same rules.
pub(crate) struct Other {
    read: Read,
    gone: Vec<(Kind, Box<str>)>,
    /// The day that its records speak for.
    pub(crate) position: Option<Day>,
    at: String,
}

impl Other {
    /// The files below the registry's folder, by path.
    pub(crate) fn files(&self) -> &[FileId] {
        &self.read.files
    }

    /// The kinds of the records that came, went or changed.
    pub(crate) fn kinds(&self, tree: &Tree) -> Kinds {
        let came = self.read.records.iter().map(|one| one.kind);
        let unread = self.read.unread.iter().map(|(kind, _)| *kind);
        came.chain(self.gone.iter().map(|(kind, _)| *kind))
            .chain(unread)
            .chain(tree.registry.unread().map(|(kind, _)| *kind))
            .collect()
    }

    /// Makes of a tree the one in which this is other.
    pub(crate) fn turn(self, tree: &mut Tree) {
        let read = self.read;
        let code = &tree.book.code;
        let mut touched = tree.registry.change(&self.gone, read.records, read.unread);
        if let Some((_, header)) = &read.header {
            touched.extend(tree.registry.cover(header));
        }
        tree.links.change(&tree.registry, code, &touched, &self.gone);
        tree.problems = read.problems;
        tree.problems.extend(tree.links.all(&tree.registry));
        (tree.record_files, tree.blobs, tree.records, tree.at) = (read.files, read.blobs, read.count, self.at);
    }
}

/// A tree whose texts are those that another's are added to.
#[derive(Debug, Clone, Copy)]
pub enum Beside<'t> {
    /// None.
    Nothing,
    /// The tree judged; what is read is its base.
    Base(&'t Tree),
    /// The same records, to be judged by other rules.
    Same(&'t Tree),
}

impl Beside<'_> {
    /// For each file listed, the record that the tree beside has read from the same bytes at the same
    /// path, by the same words, and found nothing wrong with.
    fn shared(self, listed: &[Listed], texts: &Texts, lexicon: &Arc<Lexicon>) -> Vec<Option<Arc<Record>>> {
        let (tree, is_same) = match self {
            Beside::Base(tree) => (tree, false),
            Beside::Same(tree) => (tree, true),
            Beside::Nothing => return vec![None; listed.len()],
        };
        if *tree.book.code.lexicon() != **lexicon {
            return vec![None; listed.len()];
        }
        let wrong: FxHashSet<FileId> =
            tree.problems.iter().filter_map(|finding| finding.marks.first()).map(|mark| mark.place.file).collect();
        let records = tree.registry.shared().filter(|record| !wrong.contains(&record.file));
        let by_path: FxHashMap<&str, &Arc<Record>> = records.map(|record| (texts.path(record.file), record)).collect();
        // Where both are of commits, they say what is the same; else the texts do.
        let blobs: FxHashMap<FileId, BlobId> =
            tree.record_files.iter().zip(&tree.blobs.0).filter_map(|(file, blob)| Some((*file, (*blob)?))).collect();
        let one = |one: &Listed| {
            let record = by_path.get(one.path.as_str())?;
            let same = is_same
                || match (one.blob(), blobs.get(&record.file)) {
                    (Some(one), Some(other)) => one == *other,
                    _ => one.is(texts.path(record.file), texts.content(record.file)),
                };
            same.then(|| Arc::clone(record))
        };
        listed.par_iter().map(one).collect()
    }
}

impl Opened {
    /// The full id of the commit that this is to be held against.
    ///
    /// # Errors
    ///
    /// What [`Source::base`] says.
    pub fn base(&self, rev: &str) -> Result<String, Error> {
        self.source.base(rev)
    }
}

/// Whether a file of the rules' folder is read.
pub(crate) fn may_be_rule(folder: &str, path: &str) -> bool {
    below(folder, path).strip_suffix(".toml").is_some() || !path.contains('.')
}

/// There is nothing to judge by.
pub(crate) fn no_rules(folder: &str) -> Error {
    let what = format!("there are no rules in `{}`", if folder.is_empty() { "the folder named" } else { folder });
    Error::usage(what, "name their folder with `--rules DIR`")
}

pub(crate) fn below<'p>(folder: &str, path: &'p str) -> &'p str {
    path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/')
}

/// Paths that differ in case alone: some file systems hold only one of them. `listed` are the paths with
/// their files, sorted.
pub(crate) fn collisions(listed: &[(&str, FileId)], folder: &str) -> Vec<Finding> {
    // Two such paths are not both in lower case, so few paths need be compared with others.
    let cased: FxHashSet<String> = listed
        .par_iter()
        .map(|(path, _)| (path, path.to_lowercase()))
        .filter(|(path, lower)| **path != lower.as_str())
        .map(|(_, lower)| lower)
        .collect();
    let mut seen: BTreeMap<String, (&str, FileId)> = BTreeMap::new();
    let mut found = Vec::new();
    for (path, file) in listed.iter().filter(|_| !cased.is_empty()) {
        let lower = path.to_lowercase();
        if !cased.contains(&lower) {
            continue;
        }
        if let Some((other, before)) = seen.insert(lower, (path, *file)) {
            let problem = Problem {
                rule: "record-case",
                slot: "path".into(),
                message: format!("`{path}` differs from `{other}` in upper and lower case alone"),
                help: Some("rename one of them".into()),
                marks: vec![
                    Mark::new(*file, Span::default(), "this path"),
                    Mark::new(before, Span::default(), "and this one"),
                ],
            };
            let name = below(folder, path);
            found.push(file::finding(name.strip_suffix(".toml").unwrap_or(name), problem));
        }
    }
    found
}

/// Refuses a registry of a format that this tool does not read.
pub(crate) fn known_schema(header: &Header) -> Result<(), Error> {
    match &header.schema {
        Fact { state: State::Is(schema), .. } if *schema != SCHEMA => {
            let what = format!("the registry has schema {schema}; this version of quorate reads schema {SCHEMA}");
            Err(Error::usage(what, "update quorate, or the registry"))
        }
        _ => Ok(()),
    }
}

impl Tree {
    /// Whether its rules are, to the letter, in these files; `texts` are its own.
    fn has_rules(&self, listed: &[Listed], texts: &Texts) -> bool {
        let is_same = |(one, file): (&Listed, &FileId)| one.is(texts.path(*file), texts.content(*file));
        listed.len() == self.rule_files.len() && listed.iter().zip(&self.rule_files).all(is_same)
    }

    /// The day to judge: the one asked for, else the registry's position.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where there is neither.
    pub fn day(&self, on: Option<Day>) -> Result<Day, Error> {
        on.or(self.registry.position).ok_or_else(|| {
            let what = if self.registry.states_position { "a `position` that is no day" } else { "no `position`" };
            Error::usage(
                format!("the registry states {what}, so there is no day to judge"),
                "name one with `--on 2016-09-30`, or set `position` in `registry.toml`",
            )
        })
    }

    /// Judges every record by every rule.
    pub fn judge(self, on: Day, selection: &Selection) -> Verdict {
        check::judge(self, on, selection)
    }
}
