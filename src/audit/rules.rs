//! The rules that the engine of an audit holds, read file by file as commits change them.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    change,
    error::Error,
    git::{Changed, Entry, Landing},
    rulebook::{
        Rulebook,
        load::{self, RuleFile, is_rule},
    },
    source::{Content, Listed, Oddity},
    text::{FileId, Texts},
    tree::{self, Opened, below},
};

/// The rules held: the files of one commit, and the rulebook that they are.
pub(super) struct RuleSide {
    /// Whether they are those of one revision, for all commits.
    pub(super) fixed: bool,
    pub(super) landing: Landing,
    pub(super) files: BTreeMap<Path, RuleFile>,
    pub(super) unread: BTreeSet<Path>,
    pub(super) book: Result<Rulebook, String>,
    pub(super) count: usize,
    /// How many files the rulebook was put together from.
    pub(super) loaded: usize,
}

impl RuleSide {
    /// None yet.
    pub(super) fn empty(opened: &Opened, fixed: bool) -> Self {
        Self {
            fixed,
            landing: Landing::Nothing,
            files: BTreeMap::new(),
            unread: BTreeSet::new(),
            book: Err(tree::no_rules(opened.rules_folder()).to_string()),
            count: 0,
            loaded: 0,
        }
    }

    /// Reads the files that differ, and forgets those that are gone.
    pub(super) fn change(&mut self, opened: &Opened, changes: Vec<Changed>) -> Result<Edits, Error> {
        let folder = opened.rules_folder();
        let mut edits = Edits { says_the_same: true, ..Edits::default() };
        let (gone, listed) = sides(changes);
        for path in gone {
            edits.says_the_same = false;
            self.files.remove(&path);
            self.unread.remove(&path);
        }
        let (paths, listed): (Vec<_>, Vec<_>) =
            listed.into_iter().filter(|(_, one)| tree::may_be_rule(folder, &one.path)).unzip();
        let read = opened.source().read(&listed, |one, content| RuleFile {
            path: one.path.clone(),
            below: below(folder, &one.path).to_owned(),
            content,
        })?;
        for (path, file) in paths.into_iter().zip(read) {
            if is_missing(&file.content) {
                self.unread.insert(path.clone());
            }
            edits.paths.insert(file.path.clone());
            let says = file.content.clone();
            let was = self.files.insert(path, file);
            edits.says_the_same &= was.is_some_and(|was| change::say_the_same(&was.content, &says));
        }
        Ok(edits)
    }

    /// Puts the rulebook together from its files; and their paths.
    pub(super) fn load(&mut self, folder: &str) -> (Result<Rulebook, String>, Vec<String>) {
        let mut files: Vec<RuleFile> = self.files.values().map(again).collect();
        files.sort_by(|one, other| one.path.cmp(&other.path));
        self.count = files.iter().filter(|one| is_rule(&one.below)).count();
        let paths: Vec<String> = files.iter().map(|one| one.path.clone()).collect();
        let book = if files.is_empty() {
            Err(tree::no_rules(folder).to_string())
        } else {
            load::load(files, Texts::default()).map(|(book, _)| book).map_err(|why| in_words(&why))
        };
        (book, paths)
    }
}

/// What a change of rule files touches.
#[derive(Debug, Default)]
pub(super) struct Edits {
    /// The files that are new or other.
    pub(super) paths: BTreeSet<String>,
    /// Whether each of them says what it said before, in other words: a comment, another layout.
    pub(super) says_the_same: bool,
}

impl Edits {
    /// The rules that are written otherwise, where that is all that differs between two rulebooks of the
    /// same files: neither words of the code, nor calendars, nor what varies other rules. Nothing where it
    /// is not.
    pub(super) fn rules(&self, was: &Rulebook, now: &Rulebook, paths: &[String]) -> Option<BTreeSet<Box<str>>> {
        let one = |path: &String| {
            let file = FileId(u32::try_from(paths.binary_search(path).ok()?).ok()?);
            let of = |book: &Rulebook| {
                let rule = book.judging().find(|rule| rule.file == file)?;
                Some((rule.id.clone(), rule.judges_commits()))
            };
            of(was).filter(|before| of(now).as_ref() == Some(before)).map(|(id, _)| id)
        };
        self.paths.iter().map(one).collect()
    }
}

/// A path as the tree has it.
type Path = Vec<u8>;

/// The paths that are gone, and what is to be read.
pub(super) fn sides(changes: Vec<Changed>) -> (Vec<Path>, Vec<(Path, Listed)>) {
    let (mut gone, mut listed) = (Vec::new(), Vec::new());
    for change in changes {
        match change.now {
            None => gone.push(change.path),
            Some(kind) => {
                let entry = Entry { path: change.path.clone(), kind };
                listed.push((change.path, Listed::of_tree(entry)));
            }
        }
    }
    (gone, listed)
}

/// Whether a file might be read where the repository is whole.
pub(super) fn is_missing(content: &Content) -> bool {
    matches!(content, Content::Odd(Oddity::Unreadable { .. }))
}

fn again(file: &RuleFile) -> RuleFile {
    RuleFile { path: file.path.clone(), below: file.below.clone(), content: file.content.clone() }
}

/// Why a rulebook cannot be read, with the first of its problems.
fn in_words(why: &Error) -> String {
    match why {
        Error::Rulebook { findings, .. } => {
            let first = findings.first().map_or("", |finding| finding.message.as_str());
            format!("{why}: {first}")
        }
        why => why.to_string(),
    }
}
