//! What earlier audits found, kept under the git directory: only a cache. An entry is found by what it
//! was judged from, and by the tool that judged it, so that it is never out of date; what is damaged,
//! or was written by another tool, is passed over; and all of it may be deleted at any time.
//!
//! It is written in pieces, each whole or not there at all: an interrupted audit loses what the last
//! moment found. No symbolic link is followed on the way to them.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    Found,
    ledger::{Delta, State},
};
use crate::{
    day::Day,
    finding::{Basis, Level, Outcome},
    write,
};

/// The format of a piece; another number is another format.
const FORMAT: u32 = 2;
/// How the files of pieces end.
const ENDING: &str = "audit";
/// How long what was found waits to be written.
const WAIT: Duration = Duration::from_millis(500);
/// How many pieces there may be before they are put together.
const MOST_PIECES: usize = 32;
/// The most bytes that are read of one piece; ours stay far below.
const MOST_BYTES: u64 = 256 << 20;

/// What something was judged from: records, rules, day, tool.
pub(super) type Key = Box<str>;

/// What earlier runs left, and what this one will leave. The default remembers nothing.
#[derive(Debug, Default)]
pub struct Cache {
    folder: Option<PathBuf>,
    tool: String,
    known: FxHashMap<Key, Entry>,
    /// The pieces that were read, or passed over.
    pieces: Vec<PathBuf>,
    /// What is to be written.
    pending: Vec<(Key, Entry)>,
    /// All that this run went through, so that pieces can be put together.
    run: Vec<(Key, Entry)>,
    since: Option<Instant>,
    trouble: Option<String>,
}

/// What is known of one key.
#[derive(Debug, Clone)]
enum Entry {
    /// What is found, told as what it changes in what was found at another key; in nothing where there is
    /// none.
    Judged { from: Option<Key>, delta: Delta },
    /// Why it could not be judged.
    Unjudged(String),
    /// What a commit did.
    Done(Vec<Arc<Found>>),
}

/// What was recalled.
pub(super) enum Recalled {
    /// What it changes in the state at hand.
    Delta(Delta),
    /// It could not be judged.
    Unjudged(String),
}

impl Cache {
    /// Opens the cache in a folder, which need not be there yet. `tool` names the tool in this very
    /// build: what another one left is passed over.
    pub fn open(folder: &Path, tool: &str) -> Self {
        let mut cache = Self { folder: Some(folder.to_owned()), tool: tool.to_owned(), ..Self::default() };
        if leads_elsewhere(folder) {
            cache.trouble = Some(format!("`{}` is a symbolic link, so nothing is kept", folder.display()));
            cache.folder = None;
            return cache;
        }
        let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
        let mut pieces: Vec<PathBuf> = files.map(|entry| entry.path()).filter(|path| is_piece(path)).collect();
        pieces.sort();
        for piece in &pieces {
            cache.known.extend(read(piece, &cache.tool).unwrap_or_default());
        }
        cache.pieces = pieces;
        cache
    }

    /// What kept the cache from being written or read, where something did: the audit is whole without it.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// The key of what is judged: the two folders' names, what lies at them and whether there is a
    /// registry, and the day.
    pub(super) fn key(&self, names: (&str, &str), what: (&str, &str, bool), day: Day) -> Key {
        let has_mark = if what.2 { "registry" } else { "none" };
        digest(&[&self.tool, names.0, what.0, has_mark, names.1, what.1, &day.to_string()].join("\0")).into()
    }

    /// The key of what a commit did: the two folders' names, and by what else it is told and judged.
    pub(super) fn key_of_done(&self, names: (&str, &str), what: [&str; 5]) -> Key {
        digest(&["done", &self.tool, names.0, names.1, &what.join("\0")].join("\0")).into()
    }

    /// What an earlier run found that a commit did.
    pub(super) fn recall_done(&mut self, key: &Key) -> Option<Vec<Arc<Found>>> {
        let Some(Entry::Done(found)) = self.known.get(key) else { return None };
        self.run.push((key.clone(), Entry::Done(found.clone())));
        Some(found.clone())
    }

    /// Keeps what was found that a commit did.
    pub(super) fn keep_done(&mut self, key: &Key, found: &[Arc<Found>]) {
        self.keep_whole(key, Entry::Done(found.to_vec()));
    }

    /// What an earlier run found for a key, held against the state at hand, which has the key `at`.
    pub(super) fn recall(&self, key: &Key, at: Option<&Key>, state: &State) -> Option<Recalled> {
        let (mut steps, mut next) = (Vec::new(), key);
        loop {
            match self.known.get(next)? {
                Entry::Unjudged(why) if steps.is_empty() => return Some(Recalled::Unjudged(why.clone())),
                Entry::Unjudged(_) | Entry::Done(_) => return None,
                Entry::Judged { from, delta } => {
                    steps.push(delta);
                    match from {
                        Some(from) if Some(from) == at && steps.len() == 1 => {
                            return Some(Recalled::Delta(delta.clone()));
                        }
                        // Only a forged one goes round in circles.
                        Some(from) if steps.len() <= self.known.len() => next = from,
                        Some(_) => return None,
                        None => break,
                    }
                }
            }
        }
        let mut now = State::new();
        steps.iter().rev().for_each(|delta| delta.apply(&mut now));
        Some(Recalled::Delta(Delta::between(state, &now)))
    }

    /// Keeps what was found: `delta` led from the state of the key `from` to `state`.
    pub(super) fn keep(&mut self, key: &Key, from: Option<&Key>, state: &State, delta: Delta) {
        if self.folder.is_none() {
            return;
        }
        self.run.push((key.clone(), Entry::Judged { from: from.cloned(), delta: delta.clone() }));
        if self.known.contains_key(key) {
            return;
        }
        let is_pending = from.is_some_and(|from| self.pending.iter().rev().any(|(key, _)| key == from));
        let entry = if is_pending {
            Entry::Judged { from: from.cloned(), delta }
        } else {
            // A piece stands alone, so it begins with all that is found.
            Entry::Judged { from: None, delta: Delta { come: state.values().cloned().collect(), gone: Vec::new() } }
        };
        self.known.insert(key.clone(), entry.clone());
        self.pending.push((key.clone(), entry));
    }

    /// Keeps why something could not be judged.
    pub(super) fn keep_why(&mut self, key: &Key, why: &str) {
        self.keep_whole(key, Entry::Unjudged(why.to_owned()));
    }

    /// Keeps an entry that stands alone.
    fn keep_whole(&mut self, key: &Key, entry: Entry) {
        if self.folder.is_none() {
            return;
        }
        self.run.push((key.clone(), entry.clone()));
        self.known.insert(key.clone(), entry.clone());
        self.pending.push((key.clone(), entry));
    }

    /// Writes what waits, where it has waited long enough.
    pub(super) fn flush_now_and_then(&mut self) {
        if !self.pending.is_empty() && self.since.get_or_insert_with(Instant::now).elapsed() >= WAIT {
            self.flush();
        }
    }

    /// Writes what waits; many pieces become one, of what this run went through.
    pub(super) fn finish(&mut self) {
        if self.pieces.len() < MOST_PIECES {
            return self.flush();
        }
        let run = std::mem::take(&mut self.run);
        let mut seen = BTreeSet::new();
        self.pending = run.into_iter().filter(|(key, _)| seen.insert(key.clone())).collect();
        let old = std::mem::take(&mut self.pieces);
        self.flush();
        if self.trouble.is_none() {
            for file in old.iter().filter(|piece| !self.pieces.contains(piece)) {
                let _ = fs::remove_file(file);
            }
        }
    }

    fn flush(&mut self) {
        self.since = None;
        let pending = std::mem::take(&mut self.pending);
        let Some(folder) = self.folder.clone().filter(|_| !pending.is_empty()) else { return };
        match written(&folder, &self.tool, &pending) {
            Ok(piece) => self.pieces.push(piece),
            Err(why) => self.trouble = Some(format!("`{}` cannot be written: {why}", folder.display())),
        }
    }
}

/// Whether a folder, or the one above it, is a symbolic link.
fn leads_elsewhere(folder: &Path) -> bool {
    let is_link = |path: &Path| fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink());
    is_link(folder) || folder.parent().is_some_and(is_link)
}

fn is_piece(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == ENDING)
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(16).fold(String::with_capacity(32), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The first line of a piece.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    format: u32,
    tool: String,
}

/// The last line of a piece: what all before it amounts to.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Tail {
    sum: String,
}

/// An entry as it is written.
#[derive(Serialize)]
struct Out<'a> {
    key: &'a str,
    from: Option<&'a str>,
    come: Vec<OneOut<'a>>,
    gone: Vec<&'a str>,
    why: Option<&'a str>,
    /// Whether what has come is what a commit did.
    done: bool,
}

/// Fingerprint, rule, clause, whether it is recalled, basis, slot, outcome, level, subject, message,
/// whether only the rules of the commit before say so.
type OneOut<'a> =
    (&'a str, &'a str, Option<&'a str>, bool, Option<&'a str>, &'a str, &'a str, &'a str, &'a str, &'a str, bool);

/// An entry as it is read.
#[derive(Deserialize)]
struct In {
    key: Key,
    from: Option<Key>,
    come: Vec<OneIn>,
    gone: Vec<Box<str>>,
    why: Option<String>,
    done: bool,
}

type OneIn =
    (Box<str>, Box<str>, Option<Box<str>>, bool, Option<String>, Box<str>, String, String, Box<str>, String, bool);

fn written(folder: &Path, tool: &str, entries: &[(Key, Entry)]) -> io::Result<PathBuf> {
    let mut text = serde_json::to_string(&Head { format: FORMAT, tool: tool.to_owned() })? + "\n";
    for (key, entry) in entries {
        let none = Out { key, from: None, come: Vec::new(), gone: Vec::new(), why: None, done: false };
        let out = match entry {
            Entry::Unjudged(why) => Out { why: Some(why), ..none },
            Entry::Done(found) => Out { come: all_out(found), done: true, ..none },
            Entry::Judged { from, delta } => Out {
                from: from.as_deref(),
                come: all_out(&delta.come),
                gone: delta.gone.iter().map(AsRef::as_ref).collect(),
                ..none
            },
        };
        text.push_str(&serde_json::to_string(&out)?);
        text.push('\n');
    }
    let sum = digest(&text);
    text.push_str(&serde_json::to_string(&Tail { sum: sum.clone() })?);
    fs::create_dir_all(folder)?;
    if leads_elsewhere(folder) {
        return Err(io::Error::other("a symbolic link lies in the way"));
    }
    let name = format!("{sum}.{ENDING}");
    write::keep(folder, &name, text.as_bytes())?;
    Ok(folder.join(name))
}

fn all_out(found: &[Arc<Found>]) -> Vec<OneOut<'_>> {
    found.iter().map(|one| one_out(one)).collect()
}

fn one_out(found: &Found) -> OneOut<'_> {
    (
        &found.fingerprint,
        &found.rule,
        found.clause.as_deref(),
        found.clause_recalled,
        found.basis.map(Basis::word),
        &found.slot,
        found.outcome.word(),
        found.level.word(),
        &found.subject,
        &found.message,
        found.by_base_rules,
    )
}

/// The entries of a piece; nothing where it is not whole, or another tool's.
fn read(piece: &Path, tool: &str) -> Option<Vec<(Key, Entry)>> {
    if fs::symlink_metadata(piece).ok()?.len() > MOST_BYTES {
        return None;
    }
    let text = fs::read_to_string(piece).ok()?;
    let (body, tail) = text.rsplit_once('\n')?;
    let tail: Tail = serde_json::from_str(tail).ok()?;
    if tail.sum != digest(text.get(..=body.len())?) {
        return None;
    }
    let (head, lines) = body.split_once('\n').unwrap_or((body, ""));
    let head: Head = serde_json::from_str(head).ok()?;
    if head != (Head { format: FORMAT, tool: tool.to_owned() }) {
        return None;
    }
    lines.lines().map(|line| serde_json::from_str::<In>(line).ok().and_then(entry)).collect()
}

fn entry(line: In) -> Option<(Key, Entry)> {
    if let Some(why) = line.why {
        return Some((line.key, Entry::Unjudged(why)));
    }
    let come = line.come.into_iter().map(|one| one_in(one).map(Arc::new)).collect::<Option<Vec<_>>>()?;
    if line.done {
        return Some((line.key, Entry::Done(come)));
    }
    Some((line.key, Entry::Judged { from: line.from, delta: Delta { come, gone: line.gone } }))
}

fn one_in(one: OneIn) -> Option<Found> {
    let (fingerprint, rule, clause, clause_recalled, basis, slot, outcome, level, subject, message, by_base_rules) =
        one;
    let known = [Basis::Unknown, Basis::Recalled, Basis::Inferred, Basis::Secondary, Basis::Text];
    let basis = match basis {
        Some(word) => Some(known.into_iter().find(|one| one.word() == word)?),
        None => None,
    };
    let outcome = Outcome::ALL.into_iter().find(|one| one.word() == outcome)?;
    let level = [Level::Note, Level::Warning, Level::Error].into_iter().find(|one| one.word() == level)?;
    Some(Found {
        fingerprint,
        rule,
        clause,
        clause_recalled,
        basis,
        slot,
        outcome,
        level,
        subject,
        message,
        by_base_rules,
    })
}
