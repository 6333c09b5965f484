//! One tree of records and rules: read, parsed, put together.

use std::{
    collections::BTreeMap,
    ops::Range,
    path::{Path, PathBuf},
};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::{
    check::{self, Selection, Verdict},
    day::Day,
    decode::{Fact, State},
    error::Error,
    finding::{Finding, Mark, Problem},
    registry::{Header, Registry, file, link, read_file},
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
    /// The texts of both.
    pub texts: Texts,
    /// Which of the texts are those of the rules.
    pub rule_files: Range<u32>,
    /// Which of the texts are those below the registry's folder.
    pub record_files: Range<u32>,
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

    /// Where the records are.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Reads the rules alone.
    ///
    /// # Errors
    ///
    /// [`Error::Rulebook`] where they cannot be read.
    pub fn rules(&self) -> Result<Rules, Error> {
        self.rules_after(Texts::default())
    }

    /// The same, the texts added to others.
    fn rules_after(&self, mut texts: Texts) -> Result<Rules, Error> {
        if let Some(At::Commit(id)) = self.elsewhere.as_ref().map(Source::at) {
            texts.begin(Some(id));
        }
        let source = self.elsewhere.as_ref().unwrap_or(&self.source);
        let listed: Vec<Listed> = source
            .list(&self.rules)?
            .into_iter()
            .filter(|one| below(&self.rules, &one.path).strip_suffix(".toml").is_some() || !one.path.contains('.'))
            .collect();
        if listed.is_empty() {
            let what = format!(
                "there are no rules in `{}`",
                if self.rules.is_empty() { "the folder named" } else { &self.rules }
            );
            return Err(Error::usage(what, "name their folder with `--rules DIR`"));
        }
        let files = source.read(&listed, |one, content| RuleFile {
            path: one.path.clone(),
            below: below(&self.rules, &one.path).to_owned(),
            content,
        })?;
        let count = files.iter().filter(|one| is_rule(&one.below)).count();
        let (book, texts) = load::load(files, texts)?;
        Ok(Rules { book, texts, count })
    }

    /// Reads rules and records.
    ///
    /// # Errors
    ///
    /// [`Error::Rulebook`] where the rules cannot be read, [`Error::Usage`] where the registry is of
    /// a format that this tool does not know.
    pub fn tree(&self) -> Result<Tree, Error> {
        self.tree_after(Texts::default(), false)
    }

    /// The same, the texts added to others. `is_base`: it is not the tree judged, but one that it is
    /// held against.
    ///
    /// # Errors
    ///
    /// Those of [`Opened::tree`].
    pub fn tree_after(&self, mut texts: Texts, is_base: bool) -> Result<Tree, Error> {
        let era = match self.source.at() {
            At::Commit(id) if is_base => Some(id.as_str()),
            _ => None,
        };
        texts.begin(era);
        let start = texts.next_id().0;
        let rules = self.rules_after(texts)?;
        let mut texts = rules.texts;
        texts.begin(era);
        let first = texts.next_id().0;
        let listed = self.source.list(&self.registry)?;
        let id_of = |at: usize| FileId(first.saturating_add(u32::try_from(at).unwrap_or(0)));
        let lexicon = rules.book.code.lexicon();
        let loaded = self.source.read_numbered(&listed, |at, one, content| {
            read_file(id_of(at), &one.path, below(&self.registry, &one.path), content, &lexicon)
        })?;
        let unread = file::unread(&loaded);
        let mut problems = collisions(&listed, first, &self.registry);
        let (mut header, mut records, mut count) = (None, Vec::with_capacity(loaded.len()), 0);
        for one in loaded {
            texts.add(one.text);
            count += usize::from(one.record.is_some() || one.unread.is_some());
            header = header.or(one.header);
            records.extend(one.record);
            problems.extend(file::findings(&one.subject, one.problems));
        }
        let header = known_schema(header)?;
        let registry = Registry::new(&header, records, unread);
        problems.extend(link::findings(&registry, &rules.book.code, true));
        let at = match self.source.at() {
            At::WorkTree => "worktree".to_owned(),
            At::Commit(id) => id.clone(),
        };
        let record_files = first..texts.next_id().0;
        Ok(Tree {
            book: rules.book,
            registry,
            texts,
            rule_files: start..first,
            record_files,
            folder: self.registry.clone(),
            problems,
            records: count,
            rules: rules.count,
            at,
        })
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

fn below<'p>(folder: &str, path: &'p str) -> &'p str {
    path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/')
}

/// Paths that differ in case alone: some file systems hold only one of them.
fn collisions(listed: &[Listed], first: u32, folder: &str) -> Vec<Finding> {
    // Two such paths are not both in lower case, so few paths need be compared with others.
    let lower = |one: &Listed| one.path.to_lowercase();
    let cased: FxHashSet<String> = listed
        .par_iter()
        .map(|one| (one, lower(one)))
        .filter(|(one, lower)| one.path != *lower)
        .map(|(_, lower)| lower)
        .collect();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for (at, one) in listed.iter().enumerate().filter(|_| !cased.is_empty()) {
        let path = lower(one);
        if !cased.contains(&path) {
            continue;
        }
        if let Some(before) = seen.insert(path, at) {
            let file = |at: usize| FileId(first.saturating_add(u32::try_from(at).unwrap_or(0)));
            let other = listed.get(before).map_or("", |other| other.path.as_str());
            let problem = Problem {
                rule: "record-case",
                slot: "path".into(),
                message: format!("`{}` differs from `{other}` in upper and lower case alone", one.path),
                help: Some("rename one of them".into()),
                marks: vec![
                    Mark::new(file(at), Span::default(), "this path"),
                    Mark::new(file(before), Span::default(), "and this one"),
                ],
            };
            let name = below(folder, &one.path);
            found.push(file::finding(name.strip_suffix(".toml").unwrap_or(name), problem));
        }
    }
    found
}

fn known_schema(header: Option<Box<Header>>) -> Result<Box<Header>, Error> {
    let header = header.unwrap_or_default();
    match &header.schema {
        Fact { state: State::Is(schema), .. } if *schema != SCHEMA => {
            let what = format!("the registry has schema {schema}; this version of quorate reads schema {SCHEMA}");
            Err(Error::usage(what, "update quorate, or the registry"))
        }
        _ => Ok(header),
    }
}

impl Tree {
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
