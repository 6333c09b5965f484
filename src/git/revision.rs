//! Revisions: from what people type to a commit and its tree.

use crate::error::Error;
use crate::git::{Repo, reason};

/// A commit and the tree that it records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Commit {
    pub(super) id: gix::ObjectId,
    pub(super) tree: gix::ObjectId,
}

impl Commit {
    /// The full id in hexadecimal digits.
    pub(crate) fn hex(&self) -> String {
        self.id.to_hex().to_string()
    }
}

impl Repo {
    /// The commit that a revision names: `HEAD`, a branch, a tag, a short id, `HEAD~2`. A tag of a
    /// commit stands for the commit.
    pub(crate) fn commit(&self, rev: &str) -> Result<Commit, Error> {
        let repo = self.local();
        let found = repo.rev_parse_single(rev).map_err(|why| unknown(&repo, rev, &why))?;
        let object = found.object().map_err(|why| unknown(&repo, rev, &why))?;
        let commit = object.peel_to_commit().map_err(|why| {
            Error::git(format!("`{rev}` is not a commit: {}", reason(&why)), "name a commit, a branch or a tag of one")
        })?;
        let tree = commit.tree_id().map_err(|why| {
            Error::git(format!("the commit `{rev}` cannot be read: {}", reason(&why)), "`git fsck` says more")
        })?;
        Ok(Commit { id: commit.id, tree: tree.detach() })
    }
}

/// Why a revision names nothing, and what would help.
fn unknown(repo: &gix::Repository, rev: &str, why: &gix::Error) -> Error {
    if let Some(format) = repo.config_snapshot().string("extensions.refStorage")
        && format.as_slice() != b"files"
    {
        let what = format!("cannot look up `{rev}`: the references are stored as `{format}`, which is not supported");
        return Error::git(what, "name the full commit id, or run `git refs migrate --ref-format=files`");
    }
    let of_head = rev.strip_prefix("HEAD").or_else(|| rev.strip_prefix('@'));
    let is_head = of_head.is_some_and(|rest| rest.is_empty() || rest.starts_with(['~', '^', '@']));
    if is_head && repo.head().is_ok_and(|head| head.is_unborn()) {
        return Error::git(
            format!("`{rev}` names nothing: the current branch has no commits yet"),
            "commit first, or leave `--at` out to check the work tree",
        );
    }
    let hint = if repo.is_shallow().unwrap_or(false) {
        "this clone is shallow and may lack it: `git fetch --unshallow`, or `fetch-depth: 0` in CI"
    } else {
        "name a commit, a branch or a tag that this clone has; `git fetch` may bring it"
    };
    Error::git(format!("`{rev}` names no commit: {}", reason(why)), hint)
}
