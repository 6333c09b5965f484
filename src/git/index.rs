//! The index: which paths of the work tree git tracks.

use crate::error::Error;
use crate::git::{MAX_OBJECT, Repo, name, reason};

/// The paths that git tracks in the work tree, as the index file says.
pub(crate) struct Index {
    state: Option<gix::index::File>,
}

impl Repo {
    /// Reads the index of this work tree; a repository without one tracks nothing.
    pub(crate) fn index(&self) -> Result<Index, Error> {
        let path = self.local().index_path();
        if std::fs::symlink_metadata(&path).is_err() {
            return Ok(Index { state: None });
        }
        // The checksum is skipped: it costs as much as all the rest, and a broken index shows
        // itself in `git status` long before it shows here.
        let options = gix::index::decode::Options { alloc_limit_bytes: Some(8 * MAX_OBJECT), ..Default::default() };
        gix::index::File::at(&path, self.inner.objects.object_hash(), true, options)
            .map(|state| Index { state: Some(state) })
            .map_err(|why| {
                Error::git(
                    format!("the index `{}` cannot be read: {}", path.display(), reason(&why)),
                    "`git status` says more; `git reset` writes the index anew",
                )
            })
    }
}

impl Index {
    /// The tracked paths at or below `folder`, each once, sorted bytewise, and whether it is a
    /// submodule. Nothing vouches for the paths: a crafted index holds what its maker likes.
    pub(crate) fn below(&self, folder: &[u8]) -> Vec<(&[u8], bool)> {
        let Some(state) = &self.state else { return Vec::new() };
        let mut paths: Vec<(&[u8], bool)> = Vec::with_capacity(state.entries().len());
        for entry in state.entries() {
            let path: &[u8] = entry.path(state);
            // Folders stand in a sparse index for files that are not checked out.
            if name::lies_in(path, folder) && !entry.mode.is_sparse() {
                paths.push((path, entry.mode.is_submodule()));
            }
        }
        if !paths.is_sorted() {
            paths.sort_unstable();
        }
        paths.dedup_by(|later, earlier| later.0 == earlier.0);
        paths
    }
}
