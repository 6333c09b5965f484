//! Partial clones: what git left with the remote to be fetched when wanted. Nothing is fetched here, so
//! what a clone lacks is told together with how to get it.

use crate::error::Error;
use crate::git::{Repo, history::damaged, reason};

/// How a partial clone becomes a whole one.
pub(super) const REMEDY: &str = "`git fetch --refetch --no-filter` brings the rest; in CI check out without a filter";

impl Repo {
    /// Whether git may have left objects with a remote.
    pub(crate) fn is_partial(&self) -> bool {
        is_partial(&self.local())
    }

    /// What to say where so many files, of those that were to be read, are not in a partial clone.
    pub(crate) fn lacks(&self, missing: usize, of: usize) -> Error {
        Error::git(format!("this is a partial clone: it lacks {missing} of {of} file(s) that are to be read"), REMEDY)
    }
}

/// Why an object of the history could not be had.
pub(super) fn lost(repo: &gix::Repository, why: &gix::Error) -> Error {
    if !is_partial(repo) {
        return damaged(why);
    }
    Error::git(format!("this is a partial clone, and its history cannot be read: {}", reason(why)), REMEDY)
}

/// As git writes it: a remote that promises objects, or (before 2.24) the name of the only one.
fn is_partial(repo: &gix::Repository) -> bool {
    let config = repo.config_snapshot();
    let promises = |name: &gix::bstr::BStr| {
        config.boolean(format!("remote.{name}.promisor").as_str()).unwrap_or(false)
            || config.string(format!("remote.{name}.partialclonefilter").as_str()).is_some()
    };
    config.string("extensions.partialClone").is_some() || repo.remote_names().iter().any(|name| promises(name.as_ref()))
}
