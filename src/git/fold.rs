//! The first-parent history of a range, the oldest commit first, and what each commit changed in some
//! folders. Replacement objects and grafts change nothing here, and a clone that ends within the range
//! is refused.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use gix::objs::TreeRefIter;
use gix::odb::pack::cache::lru::MemoryCappedHashmap;
use gix::prelude::ObjectIdExt;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::Error;
use crate::git::history::{Told, cut_off, damaged, told};
use crate::git::tree::{Kind, unreadable};
use crate::git::{BlobId, Commit, Flaw, Repo, name};
use crate::source::MAX_FILES;

/// How many bytes of objects are kept at hand: the trees of one commit are the old ones of the next.
const AT_HAND: usize = 16 << 20;

/// The commits of a range, each the first parent of the next.
#[derive(Clone)]
pub(crate) struct Line {
    /// The oldest first.
    pub(crate) commits: Vec<Commit>,
    /// The first parent of the oldest; none where that begins the history.
    pub(crate) before: Option<Commit>,
}

/// One commit of a line.
pub(crate) struct Step {
    /// What it says of itself.
    pub(crate) told: Told,
    /// `name <e-mail>` of the committer.
    pub(crate) committer: String,
    /// The full ids of its parents; the first is the one that it is held against.
    pub(crate) parents: Vec<String>,
}

impl Step {
    /// Whether it joins histories.
    pub(crate) fn is_merge(&self) -> bool {
        self.parents.len() > 1
    }
}

/// What a merge joins to its first parent by another one.
pub(crate) struct Joined {
    /// Whether the base comes from all of it.
    pub(crate) is_of_base: bool,
    /// What its commits say.
    pub(crate) messages: Vec<String>,
    /// Who made and who committed them: `name <e-mail>`, each once, sorted.
    pub(crate) makers: BTreeSet<String>,
}

/// Something that a commit changed below a folder: never a folder itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Changed {
    /// Where, from the top of the repository.
    pub(crate) path: Vec<u8>,
    /// What was there; nothing where it was added.
    pub(crate) was: Option<Kind>,
    /// What is there; nothing where it was taken out.
    pub(crate) now: Option<Kind>,
}

/// What lies at a folder's path in the tree of a commit: what has the same one holds the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Landing {
    /// Nothing.
    Nothing,
    /// A folder.
    Folder(gix::ObjectId),
    /// Something that is no folder, there or on the way there; so many bytes of the path lead to it.
    Other(usize, Kind),
}

impl Landing {
    /// The same as a word: equal words, equal content.
    pub(crate) fn word(&self) -> String {
        match self {
            Self::Nothing => "nothing".to_owned(),
            Self::Folder(id) => id.to_hex().to_string(),
            Self::Other(at, Kind::File(blob)) => format!("file {at} {}", blob.0.to_hex()),
            Self::Other(at, kind) => format!("{kind:?} {at}"),
        }
    }
}

/// How many bytes of what others are stored as differences from: a large folder is stored as a chain.
const BASES: usize = 32 << 20;

/// How many comparisons of folders are remembered, and how many differences each has at most: who asks
/// for the same one asks within one commit.
const REMEMBERED: usize = 4;
const FEW: usize = 64;

/// What differs below a folder between two landings.
type Compared = (Vec<u8>, Landing, Landing, Vec<Changed>);

/// Looks into the trees of many commits, for one thread. Copies share what they have at hand.
#[derive(Clone)]
pub(crate) struct Trees {
    pub(super) repo: Rc<gix::Repository>,
    compared: Rc<RefCell<VecDeque<Compared>>>,
}

impl Repo {
    /// The commits of `A..B` (those of `B` that `A` does not come from), or of `B` with all before it,
    /// along first parents. `HEAD` stands for an end that is left out.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for what is no range, [`Error::Git`] for a revision that names nothing, a
    /// damaged history, or a shallow clone that ends within it.
    pub(crate) fn line(&self, range: Option<&str>) -> Result<Line, Error> {
        let (from, to) = ends(range.unwrap_or("HEAD"))?;
        let from = from.map(|rev| self.commit(rev)).transpose()?;
        let head = self.commit(to)?;
        let repo = self.local();
        let cut = cut_off(&repo)?;
        let (mut chain, mut at) = (Vec::new(), Some(read(&repo, head.id)?));
        while let Some((commit, parent)) = at.filter(|(at, _)| from.is_none_or(|from| from.id != at.id)) {
            chain.push(commit);
            let parent = parent.filter(|_| !cut.contains(&commit.id));
            at = parent.map(|id| read(&repo, id)).transpose()?;
        }
        let at = at.map(|(commit, _)| commit);
        let mut before = at;
        if let (Some(from), None) = (from, at) {
            // Not on the line itself: the line ends where it meets what that commit comes from.
            if let Some(meets) = meeting(&repo, &chain, &from, &cut)? {
                before = chain.get(meets).copied();
                chain.truncate(meets);
            }
        }
        if let (None, Some(last)) = (before, chain.last())
            && cut.contains(&last.id)
        {
            return Err(too_shallow(chain.len(), &head));
        }
        chain.reverse();
        Ok(Line { commits: chain, before })
    }

    /// What a merge joins to its first parent by another one. Of what `base` comes from, where it is
    /// named, nothing is joined.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] for a damaged history, or a shallow clone that ends within what is joined.
    pub(crate) fn joined(&self, other: &Commit, first: &Commit, base: Option<&Commit>) -> Result<Joined, Error> {
        let repo = self.local();
        let cut = cut_off(&repo)?;
        let walk = |hidden: &mut dyn Iterator<Item = &Commit>| -> Result<Vec<gix::ObjectId>, Error> {
            let hidden: Vec<gix::ObjectId> = hidden.map(|one| one.id).collect();
            let walk = repo.rev_walk([other.id]).with_hidden(hidden).all().map_err(|why| damaged(&why))?;
            walk.map(|info| info.map(|info| info.id).map_err(|why| damaged(&why))).collect()
        };
        let joined = walk(&mut std::iter::once(first).chain(base))?;
        // What the first parent comes from already it does not get from the merge.
        let is_of_base = match base {
            Some(base) => {
                joined.is_empty()
                    && walk(&mut std::iter::once(base))?.is_empty()
                    && !walk(&mut std::iter::once(first))?.is_empty()
            }
            None => false,
        };
        if !is_of_base && joined.iter().any(|id| cut.contains(id)) {
            return Err(too_shallow(joined.len(), other));
        }
        let (mut messages, mut makers) = (Vec::with_capacity(joined.len()), BTreeSet::new());
        for id in &joined {
            let commit = repo.find_commit(*id).map_err(|why| damaged(&why))?;
            messages.push(commit.message_raw().map_err(|why| damaged(&why))?.to_string());
            // One whose name cannot be read is nobody that anybody else is.
            let who = [commit.author(), commit.committer()].map(Result::ok);
            makers.extend(who.into_iter().flatten().map(|who| named(who.trim())));
        }
        Ok(Joined { is_of_base, messages, makers })
    }

    /// Whether this clone lacks what came before some of its commits.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] where what says so is damaged.
    pub(crate) fn is_shallow(&self) -> Result<bool, Error> {
        Ok(!cut_off(&self.local())?.is_empty())
    }

    /// Looks into trees from this thread.
    pub(crate) fn trees(&self) -> Trees {
        let mut repo = self.local();
        repo.object_cache_size_if_unset(AT_HAND);
        repo.objects.set_pack_cache(|| Box::new(MemoryCappedHashmap::new(BASES)));
        Trees { repo: Rc::new(repo), compared: Rc::default() }
    }
}

impl Trees {
    /// What a commit says of itself.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] where it cannot be read.
    pub(crate) fn step(&self, commit: &Commit) -> Result<Step, Error> {
        let found = self.repo.find_commit(commit.id).map_err(|why| damaged(&why))?;
        let told = told(&found)?;
        Ok(Step {
            told,
            committer: named(found.committer().map_err(|why| damaged(&why))?.trim()),
            parents: found.parent_ids().map(|id| id.to_hex().to_string()).collect(),
        })
    }

    /// What lies at a folder's path; the whole tree at the empty path.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] where a tree on the way cannot be read.
    pub(crate) fn landing(&self, commit: &Commit, folder: &str) -> Result<Landing, Error> {
        let mut here = commit.tree;
        let mut names = folder.split('/').filter(|name| !name.is_empty()).peekable();
        let mut path: Vec<u8> = Vec::new();
        while let Some(wanted) = names.next() {
            let tree = self.read(here, &path)?;
            let above = path.clone();
            path = name::join(&path, wanted.as_bytes());
            let found = Level::of(&tree, here, &above)?.find(wanted.as_bytes());
            match found {
                None => return Ok(Landing::Nothing),
                Some(Found::Folder(id)) => here = id,
                // A file on the way is no way; nothing lies below it.
                Some(Found::Other(Kind::File(_))) if names.peek().is_some() => return Ok(Landing::Nothing),
                Some(Found::Other(kind)) => return Ok(Landing::Other(path.len(), kind)),
            }
        }
        Ok(Landing::Folder(here))
    }

    /// What a commit changed in some folders, held against its first parent, sorted bytewise by path; all
    /// that is in them where it has none.
    ///
    /// # Errors
    ///
    /// Those of [`Trees::between`].
    pub(crate) fn changes(
        &self,
        commit: &Commit,
        parent: Option<&Commit>,
        folders: &[&str],
    ) -> Result<Vec<Changed>, Error> {
        let mut found = Vec::new();
        for folder in folders {
            let was = parent.map_or(Ok(Landing::Nothing), |parent| self.landing(parent, folder))?;
            found.extend(self.between(folder, was, self.landing(commit, folder)?)?);
        }
        found.sort_by(|one, other| one.path.cmp(&other.path));
        found.dedup();
        Ok(found)
    }

    /// What differs below a folder between two landings of it, in any order. Folders are entered, and
    /// never told themselves; links, submodules and names that lead elsewhere are what
    /// [`Repo::list`](super::Repo::list) takes them for.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] where a tree cannot be read, or more files differ than any registry has.
    pub(crate) fn between(&self, folder: &str, was: Landing, now: Landing) -> Result<Vec<Changed>, Error> {
        if was == now {
            return Ok(Vec::new());
        }
        let is_asked = |one: &&Compared| (one.0.as_slice(), one.1, one.2) == (folder.as_bytes(), was, now);
        if let Some((.., known)) = self.compared.borrow().iter().find(is_asked) {
            return Ok(known.clone());
        }
        let found = self.compare(folder, was, now)?;
        if found.len() <= FEW {
            let mut compared = self.compared.borrow_mut();
            compared.truncate(REMEMBERED.saturating_sub(1));
            compared.push_front((folder.as_bytes().to_vec(), was, now, found.clone()));
        }
        Ok(found)
    }

    fn compare(&self, folder: &str, was: Landing, now: Landing) -> Result<Vec<Changed>, Error> {
        let mut found = Vec::new();
        let folder = folder.trim_matches('/').as_bytes();
        let mut side = |landing: Landing, is_now: bool| match landing {
            Landing::Nothing => None,
            Landing::Folder(id) => Some(id),
            Landing::Other(at, kind) => {
                let path = folder.get(..at).unwrap_or(folder).to_vec();
                let (was, now) = if is_now { (None, Some(kind)) } else { (Some(kind), None) };
                found.push(Changed { path, was, now });
                None
            }
        };
        let pair = (side(was, false), side(now, true));
        if let [Changed { path, was, now: None }, Changed { path: same, was: None, now }] = found.as_slice()
            && path == same
        {
            found = vec![Changed { path: path.clone(), was: *was, now: *now }];
        }
        let mut pending = vec![(pair, folder.to_vec())];
        let mut entries = 0_usize;
        while let Some(((was, now), path)) = pending.pop() {
            let read = |id: Option<gix::ObjectId>| id.map(|id| self.read(id, &path).map(|tree| (id, tree))).transpose();
            let (was, now) = (read(was)?, read(now)?);
            let (mut old, mut new) = (was.as_ref().map(side_of), now.as_ref().map(side_of));
            if let (Some((id, was)), Some((_, now))) = (&mut old, &mut new)
                && let Some(apart) = apart(was, now, id.kind().len_in_bytes())
            {
                (*was, *now) = apart;
            }
            let level =
                |side: Option<(gix::ObjectId, _)>| side.map(|(id, tree)| Level::of(tree, id, &path)).transpose();
            let (old, new) = (level(old)?.unwrap_or_default(), level(new)?.unwrap_or_default());
            entries = entries.saturating_add(old.names.len().max(new.names.len()));
            if entries > MAX_FILES {
                let what = format!("one commit touches folders of more than {MAX_FILES} files");
                return Err(Error::git(what, "no registry is that large: look at the commit that made it so"));
            }
            old.differences(&new, &mut |name, was, now| {
                let path = name::join(&path, name);
                let (before, after) = (was.and_then(Found::other), now.and_then(Found::other));
                if before != after {
                    found.push(Changed { path: path.clone(), was: before, now: after });
                }
                let folders = (was.and_then(Found::folder), now.and_then(Found::folder));
                if folders.0 != folders.1 {
                    pending.push((folders, path));
                }
            });
        }
        Ok(found)
    }

    fn read(&self, id: gix::ObjectId, path: &[u8]) -> Result<Vec<u8>, Error> {
        let flaw = |why: String| unreadable(path, Some(Flaw::Unreadable { why }));
        let tree = id.attach(&self.repo).object().map_err(|why| flaw(super::reason(&why)))?;
        if tree.kind == gix::objs::Kind::Tree {
            Ok(tree.detach().data)
        } else {
            Err(flaw(format!("the object {id} is a {}, not a tree", tree.kind)))
        }
    }
}

fn side_of((id, tree): &(gix::ObjectId, Vec<u8>)) -> (gix::ObjectId, &[u8]) {
    (*id, tree)
}

/// The parts of two trees in which they differ, without the entries that both begin and end with; nothing
/// where a name may be there twice, which only looking at all of it tells. `hash`: the bytes of an id.
fn apart<'t>(was: &'t [u8], now: &'t [u8], hash: usize) -> Option<(&'t [u8], &'t [u8])> {
    let begin = was.iter().zip(now).take_while(|(one, other)| one == other).count();
    let (mut first, mut last) = (0_usize, was.len());
    let mut around: (&[u8], &[u8]) = (&[], &[]);
    let (mut at, mut before): (usize, &[u8]) = (0, &[]);
    let mut end = None;
    while at < was.len() {
        let (name, len) = entry(was.get(at..)?, hash)?;
        if name <= before {
            return None;
        }
        let next = at.checked_add(len)?;
        if next <= begin {
            (first, around.0) = (next, name);
        } else {
            let room = was.len().min(now.len()).saturating_sub(first);
            let backwards = was.iter().rev().zip(now.iter().rev()).take(room);
            let end = *end.get_or_insert_with(|| backwards.take_while(|(one, other)| one == other).count());
            if was.len().saturating_sub(at) <= end && last == was.len() {
                (last, around.1) = (at, name);
            }
        }
        (at, before) = (next, name);
    }
    let tail = was.len().checked_sub(last)?;
    let (old, new) = (was.get(first..last)?, now.get(first..now.len().checked_sub(tail)?)?);
    let (mut at, mut before) = (0, around.0);
    while at < new.len() {
        let (name, len) = entry(new.get(at..)?, hash)?;
        if name <= before {
            return None;
        }
        (at, before) = (at.checked_add(len)?, name);
    }
    (around.1.is_empty() || before < around.1).then_some((old, new))
}

/// The name of the entry with which a tree begins, and its length in bytes.
fn entry(tree: &[u8], hash: usize) -> Option<(&[u8], usize)> {
    let space = tree.iter().take(8).position(|byte| *byte == b' ')?.checked_add(1)?;
    let name = tree.get(space..)?;
    let name = name.get(..name.iter().position(|byte| *byte == 0)?)?;
    let len = space.checked_add(name.len())?.checked_add(1)?.checked_add(hash)?;
    (len <= tree.len() && !name.is_empty()).then_some((name, len))
}

/// `name <e-mail>`, through no mailmap.
fn named(who: gix::actor::SignatureRef<'_>) -> String {
    format!("{} <{}>", who.name, who.email)
}

/// What one name of a tree stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Folder(gix::ObjectId),
    Other(Kind),
}

impl Found {
    fn folder(self) -> Option<gix::ObjectId> {
        if let Self::Folder(id) = self { Some(id) } else { None }
    }

    fn other(self) -> Option<Kind> {
        if let Self::Other(kind) = self { Some(kind) } else { None }
    }
}

/// The names of one tree, sorted bytewise, each once.
#[derive(Default)]
struct Level<'t> {
    names: Vec<(&'t [u8], Found)>,
}

impl<'t> Level<'t> {
    fn of(tree: &'t [u8], id: gix::ObjectId, path: &[u8]) -> Result<Self, Error> {
        let entries = TreeRefIter::from_bytes(tree, id.kind())
            .entries()
            .map_err(|why| unreadable(path, Some(Flaw::Unreadable { why: super::reason(&why) })))?;
        let above = if path.is_empty() { 0 } else { path.len().saturating_add(1) };
        let found = |entry: &gix::objs::tree::EntryRef<'t>| {
            let name: &'t [u8] = entry.filename.as_ref();
            let found = if !name::is_plain(name) || above.saturating_add(name.len()) > name::MAX_PATH {
                Found::Other(Kind::Outside)
            } else if entry.mode.is_tree() {
                Found::Folder(entry.oid.to_owned())
            } else if entry.mode.is_link() {
                Found::Other(Kind::Symlink)
            } else if entry.mode.is_commit() {
                Found::Other(Kind::Submodule)
            } else {
                Found::Other(Kind::File(BlobId(entry.oid.to_owned())))
            };
            (name, found)
        };
        let mut names: Vec<(&[u8], Found)> = entries.iter().map(found).collect();
        names.sort_by_key(|(one, _)| *one);
        names.dedup_by(|(later, _), (earlier, found)| {
            let twice = later == earlier;
            if twice {
                *found = Found::Other(Kind::Twice);
            }
            twice
        });
        Ok(Self { names })
    }

    fn find(&self, name: &[u8]) -> Option<Found> {
        let at = self.names.binary_search_by(|(one, _)| (*one).cmp(name)).ok()?;
        self.names.get(at).map(|(_, found)| *found)
    }

    /// Calls `each` with every name that stands for something else in `new`.
    fn differences(&self, new: &Level<'_>, each: &mut impl FnMut(&[u8], Option<Found>, Option<Found>)) {
        let (mut old, mut new) = (self.names.iter().peekable(), new.names.iter().peekable());
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => return,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((one, _)), Some((other, _))) => (*one).cmp(*other),
            };
            let was = if order.is_le() { old.next() } else { None };
            let now = if order.is_ge() { new.next() } else { None };
            let found = |side: Option<&(&[u8], Found)>| side.map(|(_, found)| *found);
            if found(was) != found(now)
                && let Some((name, _)) = was.or(now)
            {
                each(name, found(was), found(now));
            }
        }
    }
}

/// The ends of `A..B`, or of `B` alone.
pub(crate) fn ends(range: &str) -> Result<(Option<&str>, &str), Error> {
    if range.contains("...") || range.starts_with('^') || range.contains(' ') || range.starts_with('-') {
        let what = format!("`{range}` is no range of history along first parents");
        return Err(Error::usage(what, "write `A..B` for what B has and A has not, or `B` for all that led to B"));
    }
    let Some((from, to)) = range.split_once("..") else { return Ok((None, range)) };
    let from = if from.is_empty() { "HEAD" } else { from };
    Ok((Some(from), if to.is_empty() { "HEAD" } else { to }))
}

/// A commit, and the first that it comes from.
fn read(repo: &gix::Repository, id: gix::ObjectId) -> Result<(Commit, Option<gix::ObjectId>), Error> {
    let commit = repo.find_commit(id).map_err(|why| damaged(&why))?;
    let tree = commit.tree_id().map_err(|why| damaged(&why))?.detach();
    Ok((Commit { id, tree }, commit.parent_ids().next().map(gix::Id::detach)))
}

/// The place on a line, the newest commit first, at which it meets the ancestors of another commit.
fn meeting(
    repo: &gix::Repository,
    chain: &[Commit],
    other: &Commit,
    cut: &BTreeSet<gix::ObjectId>,
) -> Result<Option<usize>, Error> {
    let places: FxHashMap<gix::ObjectId, usize> = chain.iter().map(|commit| commit.id).zip(0..).collect();
    let (mut pending, mut seen, mut first) = (vec![other.id], FxHashSet::default(), None::<usize>);
    while let Some(id) = pending.pop() {
        if !seen.insert(id) {
            continue;
        }
        if let Some(place) = places.get(&id) {
            // What lies behind it lies further down the line.
            first = Some(first.map_or(*place, |first| first.min(*place)));
        } else if cut.contains(&id) {
            // What it comes from may lie further up the line than all that is seen here.
            return Err(too_shallow(seen.len(), other));
        } else {
            let commit = repo.find_commit(id).map_err(|why| damaged(&why))?;
            pending.extend(commit.parent_ids().map(gix::Id::detach));
        }
    }
    Ok(first)
}

fn too_shallow(depth: usize, head: &Commit) -> Error {
    let head: String = head.hex().chars().take(12).collect();
    let what = format!(
        "this clone is shallow: it has {depth} commit(s) that led to `{head}`, and what came before is missing"
    );
    let deeper = depth.saturating_mul(4).max(50);
    let hint = format!(
        "`git fetch --unshallow`, or `git fetch --deepen={deeper}` and a range `A..B` that begins within it; in CI `fetch-depth: 0`"
    );
    Error::git(what, hint)
}

#[cfg(test)]
mod tests {
    /// A tree of files; what each holds is told by a letter.
    fn tree(entries: &[(&str, u8)]) -> Vec<u8> {
        entries.iter().flat_map(|(name, id)| [b"100644 ", name.as_bytes(), b"\0", &[*id; 20]].concat()).collect()
    }

    fn names(tree: &[u8]) -> String {
        let level = Level::of(tree, gix::ObjectId::null(gix::hash::Kind::Sha1), b"").unwrap();
        level.names.iter().map(|(name, _)| String::from_utf8_lossy(name)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_two_trees_begin_and_end_with_is_left_out() {
        let was = [("a", 1), ("b", 2), ("c", 3), ("d", 4)];
        let told = |now: &[(&str, u8)]| {
            let (was, now) = (tree(&was), tree(now));
            apart(&was, &now, 20).map(|(old, new)| (names(old), names(new)))
        };
        let pair = |old: &str, new: &str| Some((old.to_owned(), new.to_owned()));
        assert_eq!(told(&[("a", 1), ("b", 9), ("c", 3), ("d", 4)]), pair("b", "b"));
        assert_eq!(told(&[("a", 1), ("b", 2), ("bb", 2), ("c", 3), ("d", 4)]), pair("", "bb"));
        assert_eq!(told(&[("a", 1), ("d", 4)]), pair("b c", ""));
        assert_eq!(told(&[("aa", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 5)]), pair("a b c d", "aa b c d e"));
        assert_eq!(told(&was), pair("", ""));
        assert_eq!(told(&[]), pair("a b c d", ""));
        // The same letters at another border: an id that ends as a name begins.
        assert_eq!(told(&[("a", 1), ("b", b'c'), ("c", 3), ("d", 4)]), pair("b", "b"));
    }

    #[test]
    fn trees_in_which_a_name_may_be_twice_are_looked_at_whole() {
        let good = tree(&[("a", 1), ("b", 2), ("c", 3)]);
        for bad in [
            vec![("a", 1), ("b", 2), ("b", 3), ("c", 3)],
            vec![("b", 1), ("a", 1), ("c", 3)],
            vec![("a", 1), ("d", 2), ("c", 3)],
            vec![("a", 1), ("a", 2), ("c", 3)],
        ] {
            assert_eq!(apart(&good, &tree(&bad), 20), None, "{bad:?}");
            assert_eq!(apart(&tree(&bad), &good, 20), None, "{bad:?}");
        }
        assert_eq!(apart(&good, &good[..good.len() - 1], 20), None, "cut off");
    }

    use std::path::Path;
    use std::process::Command;

    use super::*;

    fn git(folder: &Path, args: &[&str]) -> String {
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
            command.env_remove(name);
        }
        let who = [("NAME", "A. Clerk"), ("EMAIL", "clerk@example.org"), ("DATE", "2016-09-30T23:30:00+0100")];
        for (what, value) in who {
            command.env(format!("GIT_AUTHOR_{what}"), value).env(format!("GIT_COMMITTER_{what}"), value);
        }
        let set = command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
        let output = set.current_dir(folder).args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn commit(folder: &Path, files: &[(&str, &str)]) -> String {
        for (path, text) in files {
            std::fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
            std::fs::write(folder.join(path), text).unwrap();
        }
        git(folder, &["add", "--all"]);
        git(folder, &["commit", "--quiet", "--allow-empty", "-m", "more"]);
        git(folder, &["rev-parse", "HEAD"])
    }

    /// Every commit of a range with what it changed in two folders: `+a` added, `-a` taken out, `~a`
    /// changed.
    fn told(folder: &Path, range: Option<&str>) -> Vec<Vec<String>> {
        let repo = Repo::discover(folder).unwrap().unwrap();
        let (line, trees) = (repo.line(range).unwrap(), repo.trees());
        let mut before = line.before;
        let each = |commit: &Commit| {
            let changes = trees.changes(commit, before.as_ref(), &["registry", "rules"]).unwrap();
            before = Some(*commit);
            let sign = |one: &Changed| match (one.was, one.now) {
                (None, _) => '+',
                (_, None) => '-',
                _ => '~',
            };
            changes.iter().map(|one| format!("{}{}", sign(one), String::from_utf8_lossy(&one.path))).collect()
        };
        line.commits.iter().map(each).collect()
    }

    #[test]
    fn each_commit_tells_what_it_changed_in_the_folders_and_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        git(&root, &["init", "--quiet", "--initial-branch=main"]);
        commit(&root, &[("registry/a/b.toml", "1"), ("notes", "x")]);
        commit(&root, &[("notes", "y")]);
        commit(&root, &[("registry/a/b.toml", "2"), ("rules/c.toml", "1"), ("registry/a-b.toml", "1")]);
        std::fs::remove_dir_all(root.join("registry/a")).unwrap();
        commit(&root, &[("registry/a", "now a file")]);
        let all = [
            vec!["+registry/a/b.toml"],
            vec![],
            vec!["+registry/a-b.toml", "~registry/a/b.toml", "+rules/c.toml"],
            vec!["+registry/a", "-registry/a/b.toml"],
        ];
        assert_eq!(told(&root, None), all);
        assert_eq!(told(&root, Some("HEAD~2..HEAD")), all[2..]);
        assert_eq!(told(&root, Some("HEAD~2..")), all[2..]);
        assert_eq!(told(&root, Some("HEAD..HEAD")), Vec::<Vec<String>>::new());
        assert_eq!(told(&root, Some("HEAD~1")), all[..3]);
    }

    #[test]
    fn a_merge_is_one_commit_of_the_line_and_a_range_ends_where_the_line_meets_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        git(&root, &["init", "--quiet", "--initial-branch=main"]);
        commit(&root, &[("registry/a.toml", "1")]);
        git(&root, &["checkout", "--quiet", "-b", "topic"]);
        commit(&root, &[("registry/b.toml", "1")]);
        commit(&root, &[("registry/c.toml", "1")]);
        git(&root, &["checkout", "--quiet", "main"]);
        commit(&root, &[("registry/d.toml", "1")]);
        git(&root, &["merge", "--quiet", "--no-edit", "topic"]);
        let merge = vec!["+registry/b.toml", "+registry/c.toml"];
        assert_eq!(told(&root, None), [vec!["+registry/a.toml"], vec!["+registry/d.toml"], merge.clone()]);
        assert_eq!(told(&root, Some("topic..main")), [vec!["+registry/d.toml"], merge]);
        let repo = Repo::discover(&root).unwrap().unwrap();
        let line = repo.line(None).unwrap();
        let step = repo.trees().step(line.commits.last().unwrap()).unwrap();
        assert!(step.is_merge());
        assert_eq!((step.parents.len(), step.committer.as_str()), (2, "A. Clerk <clerk@example.org>"));
        assert_eq!(step.told.day.to_string(), "2016-09-30");
    }

    #[test]
    fn a_shallow_clone_is_refused_unless_the_range_lies_within_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("one");
        std::fs::create_dir(&root).unwrap();
        git(&root, &["init", "--quiet", "--initial-branch=main"]);
        for text in ["1", "2", "3"] {
            commit(&root, &[("registry/a.toml", text)]);
        }
        let clone = root.with_file_name("two");
        let (from, to) = (format!("file://{}", root.display()), clone.display().to_string());
        git(&root, &["clone", "--quiet", "--depth=2", &from, &to]);
        let repo = Repo::discover(&clone).unwrap().unwrap();
        let why = repo.line(None).err().unwrap();
        assert!(why.to_string().contains("this clone is shallow: it has 2 commit(s)"), "{why}");
        assert!(why.hint().unwrap().contains("--deepen=50"), "{why:?}");
        assert_eq!(told(&clone, Some("HEAD~1..HEAD")), [["~registry/a.toml"]]);
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for bad in ["A...B", "^A", "A B", "--all"] {
            assert!(ends(bad).is_err(), "{bad}");
        }
        assert_eq!(ends("..B").unwrap(), (Some("HEAD"), "B"));
        assert_eq!(ends("B").unwrap(), (None, "B"));
    }
}
