//! Listing the work tree: what is on disk, less what git ignores, and what git tracks all the same.

use std::collections::BTreeMap;
use std::fs::{FileType, Metadata};
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::error::Error;
use crate::git::name::{is_plain, is_plain_path, join};
use crate::git::{Index, Repo};
use crate::source::ignored::Rules;
use crate::source::{Listed, Oddity, What};

/// Lists every file at or below `folder`, in any order.
pub(super) fn list(top: &Path, folder: &str, repo: Option<&Repo>) -> Result<Vec<Listed>, Error> {
    let Some(repo) = repo else {
        let seen = Walk::new(top, None).start(folder);
        return Ok(seen.into_iter().map(|seen| Listed::new(seen.path, seen.what)).collect());
    };
    let walk = Walk::new(top, Some(repo));
    let (index, seen) = rayon::join(|| repo.index(), || walk.start(folder));
    Ok(merge(top, folder, &index?, seen))
}

/// Something seen on disk.
struct Seen {
    path: Vec<u8>,
    what: What,
    /// What git would ignore if it did not track it; these are the rules of its folder.
    rules: Rules,
}

/// One walk over a folder.
struct Walk<'a> {
    top: &'a Path,
    rules: Rules,
    git: bool,
    ignore_case: bool,
    seen: Mutex<Vec<Vec<Seen>>>,
}

impl<'a> Walk<'a> {
    fn new(top: &'a Path, repo: Option<&Repo>) -> Self {
        let ignore_case = repo.is_some_and(Repo::ignores_case);
        let rules = repo.map(|repo| Rules::default().with(&repo.exclude_file(), b"", ignore_case));
        Self { top, git: repo.is_some(), rules: rules.unwrap_or_default(), ignore_case, seen: Mutex::default() }
    }

    /// Goes down to `folder`, following no link on the way, and walks it.
    fn start(self, folder: &str) -> Vec<Seen> {
        let mut rules = self.rules.clone();
        let mut here: Vec<u8> = Vec::new();
        let mut parts = folder.split('/').filter(|part| !part.is_empty()).peekable();
        while let Some(part) = parts.next() {
            rules = self.enter(&here, rules);
            here = join(&here, part.as_bytes());
            let on_disk = self.top.join(String::from_utf8_lossy(&here).as_ref());
            let Ok(meta) = std::fs::symlink_metadata(&on_disk) else { return Vec::new() };
            let what = match what_is(meta.file_type()) {
                Some(What::OnDisk) if parts.peek().is_some() => return Vec::new(),
                Some(what) => what,
                None if std::fs::symlink_metadata(on_disk.join(".git")).is_ok() => What::Odd(Oddity::Submodule),
                None if rules.ignore(&here, true) => return Vec::new(),
                None => continue,
            };
            return vec![Seen { path: here, what, rules }];
        }
        rayon::scope(|scope| self.folder(scope, &here, &rules));
        self.seen.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().flatten().collect()
    }

    /// The rules below a folder, when its `.gitignore` is there.
    fn enter(&self, folder: &[u8], rules: Rules) -> Rules {
        if !self.git {
            return rules;
        }
        rules.with(&self.on_disk(&join(folder, b".gitignore")), folder, self.ignore_case)
    }

    fn on_disk(&self, path: &[u8]) -> std::path::PathBuf {
        self.top.join(from_bytes(path))
    }

    /// Sees what a folder holds; the folders in it are for any thread.
    fn folder<'s>(&'s self, scope: &rayon::Scope<'s>, folder: &[u8], above: &Rules) {
        let entries = match read_folder(&self.on_disk(folder)) {
            Ok(entries) => entries,
            Err(why) => {
                let what = What::Odd(Oddity::unreadable(why.to_string()));
                return self.add(vec![Seen { path: folder.to_vec(), what, rules: Rules::default() }]);
            }
        };
        if !folder.is_empty() && entries.iter().any(|(name, _)| name == b".git") {
            let seen = Seen { path: folder.to_vec(), what: What::Odd(Oddity::Submodule), rules: Rules::default() };
            return self.add(vec![seen]);
        }
        let has_rules = entries.iter().any(|(name, kind)| name == b".gitignore" && kind.is_file());
        let rules = if has_rules { self.enter(folder, above.clone()) } else { above.clone() };
        let mut seen = Vec::with_capacity(entries.len());
        for (name, kind) in entries {
            // Git's own folder is not part of what it keeps.
            if name == b".git" && folder.is_empty() {
                continue;
            }
            let path = join(folder, &name);
            let what = if is_plain(&name) { what_is(kind) } else { Some(What::Odd(Oddity::Outside)) };
            if let Some(what) = what {
                seen.push(Seen { path, what, rules: rules.clone() });
            } else if !rules.ignore(&path, true) {
                let rules = rules.clone();
                scope.spawn(move |scope| self.folder(scope, &path, &rules));
            }
        }
        self.add(seen);
    }

    fn add(&self, seen: Vec<Seen>) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
    }
}

/// What a file is; none for a folder.
fn what_is(kind: FileType) -> Option<What> {
    if kind.is_dir() {
        None
    } else if kind.is_symlink() {
        Some(What::Odd(Oddity::Symlink))
    } else if kind.is_file() {
        Some(What::OnDisk)
    } else {
        Some(What::Odd(Oddity::NotAFile))
    }
}

/// The names in a folder and what they are; most systems tell that without a call for each.
fn read_folder(path: &Path) -> io::Result<Vec<(Vec<u8>, FileType)>> {
    std::fs::read_dir(path)?
        .map(|entry| {
            let entry = entry?;
            Ok((entry.file_name().as_encoded_bytes().to_vec(), entry.file_type()?))
        })
        .collect()
}

/// The name on disk of a path; only Unix has names that are not text.
fn from_bytes(path: &[u8]) -> std::borrow::Cow<'_, std::ffi::OsStr> {
    #[cfg(unix)]
    {
        std::borrow::Cow::Borrowed(std::os::unix::ffi::OsStrExt::from_bytes(path))
    }
    #[cfg(not(unix))]
    {
        std::borrow::Cow::Owned(String::from_utf8_lossy(path).into_owned().into())
    }
}

/// Puts together what was seen and what is tracked: what is seen stays if it is tracked or not
/// ignored; what is tracked and was not seen lies in an ignored folder, or is gone.
fn merge(top: &Path, folder: &str, index: &Index, mut seen: Vec<Seen>) -> Vec<Listed> {
    let tracked = index.below(folder.as_bytes());
    let submodules: Vec<&[u8]> = tracked.iter().filter(|(_, submodule)| *submodule).map(|(path, _)| *path).collect();
    if !submodules.is_empty() {
        seen.retain(|seen| !lies_below_any(&seen.path, &submodules));
    }
    seen.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let stops: Vec<Vec<u8>> =
        seen.iter().filter(|seen| seen.what != What::OnDisk).map(|seen| seen.path.clone()).collect();
    let stops: Vec<&[u8]> = stops.iter().map(Vec::as_slice).collect();
    let mut folders = Folders { top, known: BTreeMap::new() };
    let mut listed = Vec::with_capacity(seen.len());
    let mut tracked = tracked.into_iter().peekable();
    for seen in seen {
        while let Some((path, submodule)) = tracked.next_if(|(path, _)| *path < seen.path.as_slice()) {
            listed.extend(folders.unseen(path, submodule, &submodules, &stops));
        }
        let is_tracked = tracked.next_if(|(path, _)| *path == seen.path).is_some();
        if is_tracked || !seen.rules.ignore(&seen.path, false) {
            listed.push(Listed::new(seen.path, seen.what));
        }
    }
    for (path, submodule) in tracked {
        listed.extend(folders.unseen(path, submodule, &submodules, &stops));
    }
    listed
}

/// Whether a path lies below one of some others, which are sorted.
fn lies_below_any(path: &[u8], others: &[&[u8]]) -> bool {
    let slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    slashes.map(|(at, _)| path.get(..at).unwrap_or_default()).any(|above| others.binary_search(&above).is_ok())
}

/// What is known of folders that the walk did not enter.
struct Folders<'a> {
    top: &'a Path,
    known: BTreeMap<Vec<u8>, bool>,
}

impl Folders<'_> {
    /// What is on disk at a tracked path that the walk did not see.
    fn unseen(&mut self, path: &[u8], submodule: bool, submodules: &[&[u8]], stops: &[&[u8]]) -> Option<Listed> {
        if !is_plain_path(path) {
            return Some(Listed::new(path.to_vec(), What::Odd(Oddity::Outside)));
        }
        if lies_below_any(path, submodules) || lies_below_any(path, stops) || !self.is_real(parent(path)) {
            return None;
        }
        let what = match (what_is(self.look(path)?.file_type()), submodule) {
            (Some(what), _) => what,
            (None, true) => What::Odd(Oddity::Submodule),
            (None, false) => return None,
        };
        Some(Listed::new(path.to_vec(), what))
    }

    /// Whether a path is a folder of this repository, reached through folders alone.
    fn is_real(&mut self, folder: &[u8]) -> bool {
        if folder.is_empty() {
            return true;
        }
        if let Some(known) = self.known.get(folder) {
            return *known;
        }
        let real = self.is_real(parent(folder))
            && self.look(folder).is_some_and(|meta| meta.is_dir())
            && self.look(&join(folder, b".git")).is_none();
        self.known.insert(folder.to_vec(), real);
        real
    }

    fn look(&self, path: &[u8]) -> Option<Metadata> {
        std::fs::symlink_metadata(self.top.join(from_bytes(path))).ok()
    }
}

/// The folder of a path; empty for what lies at the top.
fn parent(path: &[u8]) -> &[u8] {
    let end = path.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
    path.get(..end).unwrap_or_default()
}
