//! Mistakes that have one safe answer, and the edits that mend them: what changes how a thing is written
//! and never what is said.
//!
//! An edit replaces the bytes of one key or value, and nothing else of the file: comments, order and
//! layout stay, also in a file that is not sound TOML, as one with a date that TOML cannot read. A mend
//! counts only if the finding is gone when the file is read again, and nothing new is found where it was.

mod dates;
mod mend;
mod nodes;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    error::Error,
    finding::Finding,
    source::MAX_BYTES,
    text::{Span, Texts},
    tree::{Opened, Tree},
};

/// One mend may bring another to light; no chain of them is as long as this.
const MOST_ROUNDS: usize = 16;

/// How many mends of files in which some did harm are tried one by one.
const MOST_TRIALS: usize = 200;

/// What is to be mended.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only files at or below these paths, relative to the top; all of them where there is none.
    pub paths: Vec<String>,
    /// Only findings of these rules.
    pub rules: Vec<String>,
    /// Also what was only probably meant.
    pub likely: bool,
}

impl Wanted {
    /// Whether a file is meant.
    pub fn takes_path(&self, path: &str) -> bool {
        let lies_in = |folder: &String| crate::git::name::lies_in(path.as_bytes(), folder.as_bytes());
        self.paths.is_empty() || self.paths.iter().any(lies_in)
    }

    /// Whether findings of a rule are meant.
    pub fn takes_rule(&self, rule: &str) -> bool {
        self.rules.is_empty() || self.rules.iter().any(|one| one == rule)
    }
}

/// Bytes to put in the place of others.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edit {
    span: Span,
    text: String,
}

/// One mistake, and the edits of one file that mend it.
#[derive(Debug, Clone)]
pub struct Mend {
    /// The rule that finds it.
    pub rule: Box<str>,
    /// What is changed into what, in words.
    pub what: String,
    /// Rule, subject and slot of the finding.
    fingerprint: String,
    path: String,
    edits: Vec<Edit>,
    /// The bytes in which nothing new may be found.
    around: Span,
}

/// One file, as it was and as it is mended.
#[derive(Debug)]
pub struct Mended {
    /// The text that is on disk.
    pub was: String,
    /// The text that takes its place.
    pub now: String,
    /// What was mended in it, in the order in which it was.
    pub mends: Vec<Mend>,
}

/// Mends what is wanted, in memory: each file that changes, by its path. The place goes on being read as
/// if the files were written.
///
/// # Errors
///
/// Those of reading a tree.
pub fn mended(opened: &mut Opened, wanted: &Wanted) -> Result<BTreeMap<String, Mended>, Error> {
    let before = opened.tree()?;
    let mut all = by_rounds(opened, wanted, &BTreeSet::new())?;
    let after = opened.tree()?;
    let worse: BTreeSet<String> = all.keys().filter(|path| is_worse(&before, &after, path)).cloned().collect();
    if !worse.is_empty() {
        // A mend brought up what then could not be mended: without trust in what comes after it.
        for (path, file) in &all {
            opened.lay(path, &file.was);
        }
        all = by_rounds(opened, wanted, &worse)?;
    }
    all.retain(|_, file| file.was != file.now);
    Ok(all)
}

/// Mends round by round, until nothing more can be. In the files of `strict` no mend may bring up anything
/// new; in the others it may, where that has a mend of its own.
fn by_rounds(
    opened: &mut Opened,
    wanted: &Wanted,
    strict: &BTreeSet<String>,
) -> Result<BTreeMap<String, Mended>, Error> {
    let mut all: BTreeMap<String, Mended> = BTreeMap::new();
    let mut harmful: BTreeSet<(String, String)> = BTreeSet::new();
    let mut tree = opened.tree()?;
    for _ in 0..MOST_ROUNDS {
        let is_new = |mend: &Mend| !harmful.contains(&(mend.path.clone(), mend.what.clone()));
        let mends: Vec<Mend> = mend::all(&tree, wanted).into_iter().filter(is_new).collect();
        if mends.is_empty() {
            break;
        }
        tree = round(opened, &tree, mends, &mut all, &mut harmful, &|tree| {
            mend::all(tree, wanted).into_iter().filter(|mend| !strict.contains(&mend.path)).collect()
        })?;
    }
    Ok(all)
}

/// Whether a file has findings that it did not have before.
fn is_worse(before: &Tree, after: &Tree, path: &str) -> bool {
    let known = prints(&before.problems, &before.texts, path);
    let now = prints(&after.problems, &after.texts, path);
    now.iter().any(|(print, _)| count(&now, print) > count(&known, print))
}

fn count(all: &[(String, Span)], print: &str) -> usize {
    all.iter().filter(|(one, _)| one == print).count()
}

/// Makes mends all at once, and those of a file in which one did harm one by one. Gives the tree as it is
/// then.
fn round(
    opened: &mut Opened,
    tree: &Tree,
    mends: Vec<Mend>,
    all: &mut BTreeMap<String, Mended>,
    harmful: &mut BTreeSet<(String, String)>,
    to_come: &dyn Fn(&Tree) -> Vec<Mend>,
) -> Result<Tree, Error> {
    let mut by_path: BTreeMap<String, Vec<Mend>> = BTreeMap::new();
    for mend in mends {
        by_path.entry(mend.path.clone()).or_default().push(mend);
    }
    let before: BTreeMap<&str, &str> = texts_of(tree);
    let mut trials: Vec<Trial> = Vec::new();
    for (path, mends) in by_path {
        let Some(text) = before.get(path.as_str()) else { continue };
        let trial = Trial::of(&path, text, mends);
        opened.lay(&path, &trial.now);
        trials.push(trial);
    }
    let mut after = opened.tree()?;
    let next = to_come(&after);
    let (good, bad): (Vec<Trial>, Vec<Trial>) =
        trials.into_iter().partition(|trial| trial.is_good(tree, &after, &next));
    for trial in good {
        trial.keep(all);
    }
    let mut left = MOST_TRIALS;
    for trial in &bad {
        opened.lay(&trial.path, &trial.was);
    }
    for trial in bad {
        let mut text = trial.was.clone();
        for mend in trial.mends {
            let one = Trial::of(&trial.path, &text, vec![mend]);
            let known = (one.path.clone(), one.mends.iter().map(|mend| mend.what.clone()).collect());
            if left == 0 || text != trial.was {
                // The places of the others have moved: the next round finds them again.
                continue;
            }
            left = left.saturating_sub(1);
            opened.lay(&one.path, &one.now);
            let tried = opened.tree()?;
            if one.is_good(tree, &tried, &to_come(&tried)) {
                text.clone_from(&one.now);
                one.keep(all);
            } else {
                opened.lay(&one.path, &text);
                harmful.insert(known);
            }
        }
        after = opened.tree()?;
    }
    Ok(after)
}

fn texts_of(tree: &Tree) -> BTreeMap<&str, &str> {
    tree.record_files.iter().map(|file| (tree.texts.path(*file), tree.texts.content(*file))).collect()
}

/// Mends of one file, made.
struct Trial {
    path: String,
    was: String,
    now: String,
    mends: Vec<Mend>,
    /// Where the bytes around each mend lie now.
    around: Vec<Span>,
}

impl Trial {
    /// Makes mends in a text. Those that reach into one made before are left for another time.
    fn of(path: &str, text: &str, mut mends: Vec<Mend>) -> Self {
        let mut edits: Vec<Edit> = Vec::new();
        mends.retain(|mend| {
            let is_apart = |edit: &Edit| {
                edits.iter().all(|one| one.span.end <= edit.span.start || edit.span.end <= one.span.start)
            };
            let fits = mend.edits.iter().all(is_apart);
            if fits {
                edits.extend(mend.edits.iter().cloned());
            }
            fits
        });
        edits.sort_by_key(|edit| edit.span);
        let mut now = String::with_capacity(text.len());
        let mut next = 0;
        for edit in &edits {
            now.push_str(text.get(next..edit.span.start as usize).unwrap_or(""));
            now.push_str(&edit.text);
            next = edit.span.end as usize;
        }
        now.push_str(text.get(next..).unwrap_or(""));
        let around = mends.iter().map(|mend| moved(mend.around, &edits)).collect();
        Self { path: path.to_owned(), was: text.to_owned(), now, mends, around }
    }

    /// Whether every finding that was to be mended is gone, and nothing new is found around it but what
    /// has a mend of its own.
    fn is_good(&self, before: &Tree, after: &Tree, next: &[Mend]) -> bool {
        let known = prints(&before.problems, &before.texts, &self.path);
        let now = prints(&after.problems, &after.texts, &self.path);
        let gone = self.mends.iter().all(|mend| count(&now, &mend.fingerprint) < count(&known, &mend.fingerprint));
        let is_around = |span: &Span| self.around.iter().any(|one| one.start < span.end && span.start < one.end);
        let has_mend = |print: &str| next.iter().any(|mend| mend.path == self.path && mend.fingerprint == *print);
        let is_more = |print: &str| count(&now, print) > count(&known, print);
        let adds = now.iter().any(|(print, span)| is_more(print) && is_around(span) && !has_mend(print));
        let fits = u64::try_from(self.now.len()).is_ok_and(|bytes| bytes <= MAX_BYTES);
        gone && !adds && fits && self.was != self.now
    }

    /// Keeps what was made.
    fn keep(self, all: &mut BTreeMap<String, Mended>) {
        let was = self.was;
        let file = all.entry(self.path).or_insert_with(|| Mended { was, now: String::new(), mends: Vec::new() });
        file.now = self.now;
        file.mends.extend(self.mends);
    }
}

/// Where bytes lie once edits are made, which are sorted.
fn moved(span: Span, edits: &[Edit]) -> Span {
    let shift = |at: u32, is_end: bool| {
        let mut to = i64::from(at);
        for edit in edits {
            let is_before = edit.span.end < at || edit.span.end == at && (is_end || edit.span.start < at);
            if is_before {
                to = to.saturating_add(
                    i64::try_from(edit.text.len())
                        .unwrap_or(0)
                        .saturating_sub(i64::from(edit.span.end.saturating_sub(edit.span.start))),
                );
            }
        }
        u32::try_from(to.max(0)).unwrap_or(u32::MAX)
    };
    Span { start: shift(span.start, false), end: shift(span.end, true) }
}

/// What each finding of a file is known by, and where it is.
fn prints(problems: &[Finding], texts: &Texts, path: &str) -> Vec<(String, Span)> {
    let mut all = Vec::new();
    for finding in problems {
        for mark in finding.marks.iter().filter(|mark| texts.path(mark.place.file) == path) {
            all.push((print(finding), mark.place.span));
        }
    }
    all
}

/// Rule, subject and slot; the subject of a reference that several records share is no longer theirs once
/// one of them is mended.
fn print(finding: &Finding) -> String {
    match finding.rule.as_ref() {
        "record-reference" => format!("{} {}", finding.rule, finding.slot),
        _ => format!("{} {} {}", finding.rule, finding.subject, finding.slot),
    }
}
