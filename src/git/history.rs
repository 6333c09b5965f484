//! History: where two commits parted.

use crate::error::Error;
use crate::git::{Commit, Repo, reason};

impl Repo {
    /// The commit at which two commits parted: the one itself that the other comes from, else their
    /// merge base. A clone that ends before it is refused: a guess would compare with the wrong one.
    pub(crate) fn parting(&self, head: &Commit, other: &Commit) -> Result<Commit, Error> {
        let repo = self.local();
        let failed = |why: &gix::Error| {
            Error::git(format!("the history cannot be read: {}", reason(why)), "`git fsck` says what is damaged")
        };
        if repo.is_shallow().map_err(|why| failed(&why))? {
            return parting_in_shallow(&repo, head, other);
        }
        match repo.merge_base(head.id, other.id).map_err(|why| failed(&why))? {
            Some(base) => self.commit(&base.to_hex().to_string()),
            None => Err(Error::git(
                format!("`{}` and `{}` have no commit in common", short(head), short(other)),
                "name a revision of the same history",
            )),
        }
    }
}

/// In a shallow clone only a commit that the other certainly comes from is sure to be the parting.
fn parting_in_shallow(repo: &gix::Repository, head: &Commit, other: &Commit) -> Result<Commit, Error> {
    let mut depth = 0_usize;
    for (from, wanted) in [(head, other), (other, head)] {
        let walk = repo.rev_walk([from.id]).all().map_err(|why| {
            Error::git(format!("the history cannot be walked: {}", reason(&why)), "`git fsck` says more")
        })?;
        let mut seen = 0;
        for info in walk.map_while(Result::ok) {
            if info.id == wanted.id {
                return Ok(*wanted);
            }
            seen += 1;
        }
        depth = depth.max(seen);
    }
    let what = format!(
        "this clone is shallow: its {depth} commit(s) end before the one at which `{}` and `{}` parted",
        short(head),
        short(other)
    );
    let deeper = depth.saturating_mul(4).max(50);
    let hint =
        format!("`git fetch --deepen={deeper}` and try again, or `git fetch --unshallow`; in CI `fetch-depth: 0`");
    Err(Error::git(what, hint))
}

fn short(commit: &Commit) -> String {
    commit.hex().chars().take(12).collect()
}
