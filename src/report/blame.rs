//! Who last changed a line, and when: from the life of its file, read once a file and only when asked
//! for.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use rustc_hash::FxHashMap;

use crate::{error::Error, log, tree::Opened};

/// The commit that last changed a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The full id.
    pub id: String,
    /// `name <e-mail>`.
    pub author: String,
    /// The committer's day.
    pub day: String,
}

/// Blames lines of files; one file is read once.
pub struct Blame<'o> {
    opened: Option<&'o Opened>,
    known: RefCell<BTreeMap<String, Rc<FileBlame>>>,
}

/// For each line as it is written: the commits that last added it, the first occurrence first.
type FileBlame = FxHashMap<String, Vec<Option<Rc<Commit>>>>;

impl<'o> Blame<'o> {
    /// Blames in the history of a place; nothing is known without one.
    pub fn of(opened: Option<&'o Opened>) -> Self {
        Self { opened: opened.filter(|one| one.source().has_git()), known: RefCell::default() }
    }

    /// The commit that last changed a line (from 1) of a file; nothing where it is not committed.
    pub fn line(&self, path: &str, content: &str, line: u32) -> Option<Rc<Commit>> {
        let opened = self.opened?;
        let known = self.known.borrow().get(path).cloned();
        let file = known.unwrap_or_else(|| {
            let read = Rc::new(read(opened, path));
            self.known.borrow_mut().insert(path.to_owned(), Rc::clone(&read));
            read
        });
        let at = usize::try_from(line).ok()?.checked_sub(1)?;
        let wanted = content.lines().nth(at)?;
        let before = content.lines().take(at).filter(|one| *one == wanted).count();
        file.get(wanted)?.get(before)?.clone()
    }
}

/// The last commit that changed each file below a folder, by its path, among those that led to a commit
/// along first parents: one walk for all of them.
///
/// # Errors
///
/// [`Error::Git`] where there is no history, it is damaged, or a shallow clone
/// ends within it.
pub fn files(opened: &Opened, folder: &str, head: &str) -> Result<BTreeMap<String, Commit>, Error> {
    let repo = opened.source().repo()?;
    let line = repo.line(Some(head))?;
    let trees = repo.trees();
    let (mut found, mut before) = (BTreeMap::new(), line.before);
    for commit in &line.commits {
        let changes = trees.changes(commit, before.as_ref(), &[folder])?;
        before = Some(*commit);
        if changes.is_empty() {
            continue;
        }
        let told = trees.step(commit)?.told;
        let commit = Commit { id: told.id, author: told.author, day: told.day.to_string() };
        for change in changes {
            if let Ok(path) = String::from_utf8(change.path) {
                found.insert(path, commit.clone());
            }
        }
    }
    Ok(found)
}

/// A line that the content before lacks is one that the commit wrote. Equal lines are told apart by
/// their order, so a line that moved keeps its commit.
fn read(opened: &Opened, path: &str) -> FileBlame {
    let mut file = FileBlame::default();
    // What has no history (a file not committed, a shallow clone) has no commit to name.
    for (commit, was, now) in log::versions(opened, path).unwrap_or_default().into_iter().rev() {
        let (was, now) = (counts(&was), counts(&now));
        let commit = Rc::new(commit);
        file.retain(|line, _| now.contains_key(line.as_str()));
        for (line, count) in now {
            let held = file.entry(line.to_owned()).or_default();
            held.truncate(was.get(line).copied().unwrap_or(0).min(count));
            held.resize(count, Some(Rc::clone(&commit)));
        }
    }
    file
}

fn counts(text: &str) -> BTreeMap<&str, usize> {
    text.lines().fold(BTreeMap::new(), |mut all, line| {
        let count = all.entry(line).or_insert(0);
        *count = count.saturating_add(1);
        all
    })
}
