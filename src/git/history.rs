//! History: where two commits parted, and how one path came to be what it is.

use std::collections::BTreeSet;

use gix::prelude::ObjectIdExt;

use crate::day::Day;
use crate::error::Error;
use crate::git::{Commit, Repo, partial::lost, reason};
use crate::signature::Kind;

/// What a commit says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    /// The full id in hexadecimal digits.
    pub(crate) id: String,
    /// `name <e-mail>` as the commit has it, through no mailmap.
    pub(crate) author: String,
    /// The committer's day, in the offset that the commit carries.
    pub(crate) day: Day,
    /// The kind of the signature, where there is one; whether it holds was not looked at.
    pub(crate) signed: Option<&'static str>,
    /// What it says.
    pub(crate) message: String,
}

/// A commit at which a path came to hold something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Turn {
    /// The commit.
    pub(crate) told: Told,
    /// The path in that commit; where it is gone, in the one before.
    pub(crate) path: String,
    /// What it held before; nothing where it was not there.
    pub(crate) was: Option<Vec<u8>>,
    /// The path before, where it is another.
    pub(crate) from: Option<String>,
    /// What it holds; nothing where it is gone.
    pub(crate) now: Option<Vec<u8>>,
}

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
        let mut seen = 0_usize;
        for info in walk.map_while(Result::ok) {
            if info.id == wanted.id {
                return Ok(*wanted);
            }
            seen = seen.saturating_add(1);
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

/// Finds where a path was before, in a commit that lacks it: from its content now, and the names beside
/// it then.
pub(crate) type Former<'f> = &'f dyn Fn(&str, &[u8]) -> Option<String>;

impl Repo {
    /// Every commit at which a path came to hold something else, the newest first. Of a merge the
    /// parent is followed that has the same content; where none has, the merge itself is a turn, and
    /// its first parent is followed.
    pub(crate) fn life(&self, head: &Commit, path: &str, former: Former<'_>) -> Result<Vec<Turn>, Error> {
        let mut repo = self.local();
        repo.object_cache_size_if_unset(8 << 20);
        let cut = cut_off(&repo)?;
        let (mut at, mut path, mut turns) = (head.id, path.to_owned(), Vec::new());
        let mut held = blob_at(&repo, at, &path)?;
        loop {
            let commit =
                at.attach(&repo).object().and_then(gix::Object::try_into_commit).map_err(|why| damaged(&why))?;
            let parents: Vec<gix::ObjectId> = commit.parent_ids().map(gix::Id::detach).collect();
            if cut.contains(&at) {
                let what = "this clone is shallow: its history ends before that of the record";
                return Err(Error::git(what, "`git fetch --unshallow`, or `fetch-depth: 0` in CI"));
            }
            let mut before = None;
            for parent in &parents {
                let there = blob_at(&repo, *parent, &path)?;
                if there == held {
                    before = Some((*parent, there));
                    break;
                }
                before = before.or(Some((*parent, there)));
            }
            let (next, mut there) = before.map_or((None, None), |(parent, there)| (Some(parent), there));
            if there == held && next.is_some() {
                at = next.unwrap_or(at);
                continue;
            }
            let now = held.map(|id| bytes(&repo, id)).transpose()?;
            let mut from = None;
            if let (Some(parent), None, Some(now)) = (next, there, &now) {
                from = former(&path, now).filter(|former| *former != path);
                there = from.as_deref().map_or(Ok(None), |former| blob_at(&repo, parent, former))?;
                from = from.filter(|_| there.is_some());
            }
            let was = there.map(|id| bytes(&repo, id)).transpose()?;
            if was.is_some() || now.is_some() {
                turns.push(Turn { told: told(&commit)?, path: path.clone(), was, from: from.clone(), now });
            }
            let Some(parent) = next else { return Ok(turns) };
            path = from.unwrap_or(path);
            (at, held) = (parent, there);
        }
    }
}

pub(super) fn damaged(why: &gix::Error) -> Error {
    Error::git(format!("the history cannot be read: {}", reason(why)), "`git fsck` says what is damaged")
}

/// The commits whose parents this clone lacks.
pub(super) fn cut_off(repo: &gix::Repository) -> Result<BTreeSet<gix::ObjectId>, Error> {
    let commits = repo.shallow_commits().map_err(|why| damaged(&why))?;
    Ok(commits.map(|commits| commits.iter().copied().collect()).unwrap_or_default())
}

/// The file at a path of a commit.
fn blob_at(repo: &gix::Repository, commit: gix::ObjectId, path: &str) -> Result<Option<gix::ObjectId>, Error> {
    let find = || -> Result<Option<gix::ObjectId>, gix::Error> {
        let tree = commit.attach(repo).object()?.try_into_commit()?.tree()?;
        let entry = tree.lookup_entry(path.split('/').map(str::as_bytes))?;
        Ok(entry.filter(|entry| entry.mode().is_blob()).map(|entry| entry.object_id()))
    };
    find().map_err(|why| lost(repo, &why))
}

/// A copy, for the memory of an object has room for the largest that was read in it.
fn bytes(repo: &gix::Repository, id: gix::ObjectId) -> Result<Vec<u8>, Error> {
    id.attach(repo).object().map(|object| object.data.as_slice().to_vec()).map_err(|why| lost(repo, &why))
}

/// What a commit says of itself.
pub(super) fn told(commit: &gix::Commit<'_>) -> Result<Told, Error> {
    let read = || -> Result<Told, gix::Error> {
        let said = commit.decode()?;
        let author = said.author()?.trim();
        let time = said.committer()?.time()?;
        let signature = said.extra_headers().find("gpgsig").or_else(|| said.extra_headers().find("gpgsig-sha256"));
        Ok(Told {
            id: commit.id.to_hex().to_string(),
            author: format!("{} <{}>", author.name, author.email),
            day: day_of(time.seconds, time.offset),
            signed: signature.map(|signature| Kind::of(signature).word()),
            message: said.message.to_string(),
        })
    };
    read().map_err(|why| damaged(&why))
}

/// The day of a time in its own offset.
fn day_of(seconds: i64, offset: i32) -> Day {
    let local = chrono::DateTime::from_timestamp(seconds.saturating_add(i64::from(offset)), 0);
    local.map_or(Day::EARLIEST, |time| Day::from(time.date_naive()))
}
