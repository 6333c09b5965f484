//! Trees: which files a commit holds.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::error::Error;
use crate::git::{BlobId, Commit, Flaw, MAX_OBJECT, Repo, name, object};
use crate::source::MAX_FILES;

/// Something that a tree holds, other than a folder.
pub(crate) struct Entry {
    /// Where, from the top of the repository.
    pub(crate) path: Vec<u8>,
    /// What.
    pub(crate) kind: Kind,
}

/// What a tree entry stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// A file, executable or not.
    File(BlobId),
    /// A symbolic link.
    Symlink,
    /// A commit of another repository.
    Submodule,
    /// A name that leads out of the repository; what it stands for is not looked at.
    Outside,
    /// A name that one tree gives twice, so that nobody can say which is meant.
    Twice,
}

/// A tree still to be read, and its path.
type Pending = (gix::ObjectId, Vec<u8>);

/// What one tree holds: the entries, and the folders among them.
type Level = (Vec<Entry>, Vec<Pending>);

impl Repo {
    /// Everything at or below `folder` in the tree of a commit, sorted bytewise by path. Where the
    /// way to the folder leads through a symbolic link or a submodule, that is the only entry.
    pub(crate) fn list(&self, commit: &Commit, folder: &str) -> Result<Vec<Entry>, Error> {
        let (mut entries, mut pending) = self.at(commit, folder)?;
        let files = AtomicUsize::new(0);
        // Level by level, so that the trees of one level are read from their pack in one go.
        while !pending.is_empty() {
            let ids: Vec<_> = pending.iter().map(|(id, _)| *id).collect();
            let levels = object::read(self, &ids, gix::objs::Kind::Tree, MAX_OBJECT as u64, &|at, tree| {
                let path = pending.get(at).map_or(&[][..], |(_, path)| path);
                children(ids.get(at), path, tree, &files)
            });
            let mut next = Vec::new();
            for level in levels {
                let (files, folders) = level?;
                entries.extend(files);
                next.extend(folders);
            }
            pending = next;
        }
        entries.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(entries)
    }

    /// What lies at `folder` itself.
    fn at(&self, commit: &Commit, folder: &str) -> Result<Level, Error> {
        let mut here = (commit.tree, Vec::new());
        let mut names = folder.split('/').filter(|name| !name.is_empty()).peekable();
        while let Some(wanted) = names.next() {
            let wanted = name::join(&here.1, wanted.as_bytes());
            let files = AtomicUsize::new(0);
            let found = object::read(self, &[here.0], gix::objs::Kind::Tree, MAX_OBJECT as u64, &|_, tree| {
                children(Some(&here.0), &here.1, tree, &files)
            });
            let (entries, folders) = found.into_iter().next().transpose()?.unwrap_or_default();
            if let Some(folder) = folders.into_iter().find(|(_, path)| *path == wanted) {
                here = folder;
                continue;
            }
            let last = names.peek().is_none();
            let stops = |entry: &Entry| entry.path == wanted && (last || !matches!(entry.kind, Kind::File(_)));
            return Ok((entries.into_iter().filter(stops).collect(), Vec::new()));
        }
        Ok((Vec::new(), vec![here]))
    }
}

/// Reads one tree at `path`, counting its entries among those of the listing.
fn children(
    id: Option<&gix::ObjectId>,
    path: &[u8],
    tree: Result<&[u8], Flaw>,
    files: &AtomicUsize,
) -> Result<Level, Error> {
    let (Some(id), Ok(bytes)) = (id, &tree) else { return Err(unreadable(path, tree.err())) };
    let entries = gix::objs::TreeRefIter::from_bytes(bytes, id.kind())
        .entries()
        .map_err(|why| unreadable(path, Some(Flaw::Unreadable { why: super::reason(&why) })))?;
    if files.fetch_add(entries.len(), Ordering::Relaxed).saturating_add(entries.len()) > MAX_FILES {
        return Err(crate::source::too_many(""));
    }
    let mut names: Vec<&[u8]> = entries.iter().map(|entry| entry.filename.as_ref()).collect();
    names.sort_unstable();
    let twice: Vec<&[u8]> =
        names.windows(2).filter_map(|pair| (pair.first() == pair.last()).then(|| pair.first().copied())?).collect();
    let mut level = Level::default();
    for entry in &entries {
        let path = name::join(path, entry.filename);
        let kind = if twice.contains(&entry.filename.as_ref()) {
            if level.0.iter().any(|seen| seen.path == path) {
                continue;
            }
            Kind::Twice
        } else if !name::is_plain(entry.filename) || path.len() > name::MAX_PATH {
            Kind::Outside
        } else if entry.mode.is_tree() {
            level.1.push((entry.oid.to_owned(), path));
            continue;
        } else if entry.mode.is_link() {
            Kind::Symlink
        } else if entry.mode.is_commit() {
            Kind::Submodule
        } else {
            Kind::File(BlobId(entry.oid.to_owned()))
        };
        level.0.push(Entry { path, kind });
    }
    Ok(level)
}

/// A folder that cannot be listed leaves unknown what the registry holds, so nothing can be judged.
pub(super) fn unreadable(path: &[u8], flaw: Option<Flaw>) -> Error {
    let why = match flaw {
        Some(Flaw::Missing { why } | Flaw::Unreadable { why }) => why,
        Some(Flaw::TooLarge { bytes }) => format!("it takes {bytes} bytes"),
        None => "it was not read".to_owned(),
    };
    let path = String::from_utf8_lossy(path);
    let place = if path.is_empty() { "the top folder".to_owned() } else { format!("the folder `{path}`") };
    Error::git(
        format!("{place} of the commit cannot be listed: {why}"),
        "`git fsck` says what is damaged; in a partial clone `git fetch --refetch --no-filter` brings it",
    )
}
