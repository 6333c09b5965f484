//! Objects read in bulk. Looking up 100 000 blobs one by one resolves the same deltas again and
//! again; here everything wanted from a pack is resolved once, base before what hangs from it, and
//! only what is in no pack, or damaged there, is looked up alone.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use gix::odb::pack::data;
use rayon::prelude::*;

use crate::git::delta::Delta;
use crate::git::forest::{Forest, Node, NodeId};
use crate::git::single::{Lack, Singles};
use crate::git::{Flaw, MAX_OBJECT, Repo};

/// Roots are handed to the threads in bunches of at most about this many objects, and a tree of the
/// forest that is larger is shared out among them.
const BUNCH: u32 = 512;

/// So few objects are looked up one by one: to put a forest of them together takes longer.
const FEW: usize = 8;

/// Calls `each` with the position in `ids` and the bytes of each object, on all threads, and gives
/// the results in the order of `ids`. An object of another kind is a flaw.
pub(super) fn read<T: Send>(
    repo: &Repo,
    ids: &[gix::ObjectId],
    kind: gix::objs::Kind,
    limit: u64,
    each: &(impl Fn(usize, Result<&[u8], Flaw>) -> T + Sync),
) -> Vec<T> {
    let wanted = Wanted::new(ids);
    if ids.len() <= FEW {
        let all = (0..).zip(&wanted.groups).map(|(at, _)| at).collect();
        let run = Run { wanted: &wanted, kind, limit, each, done: Mutex::default(), failed: Mutex::new(all) };
        run.one_by_one(repo);
        return run.in_order(ids.len());
    }
    let packs = repo.packs();
    let places: Vec<_> = wanted.groups.par_iter().map(|(id, _)| packs.find(id)).collect();
    let mut by_pack = vec![Vec::new(); packs.all().len()];
    let mut alone = Vec::new();
    for (at, place) in (0..).zip(places) {
        match place.and_then(|(pack, offset)| Some((by_pack.get_mut(pack)?, offset))) {
            Some((pack, offset)) => pack.push((offset, at)),
            None => alone.push(at),
        }
    }
    let run = Run { wanted: &wanted, kind, limit, each, done: Mutex::default(), failed: Mutex::new(alone) };
    for (pack, places) in packs.all().iter().zip(by_pack) {
        match pack.data() {
            Some(data) => run.resolve(data, &Forest::grow(pack, data, places)),
            None => run.fail(places.into_iter().map(|(_, at)| at)),
        }
    }
    run.one_by_one(repo);
    run.in_order(ids.len())
}

/// The positions that want an object, by object: the same content may lie at many paths.
struct Wanted {
    order: Vec<u32>,
    groups: Vec<(gix::ObjectId, Range<usize>)>,
}

impl Wanted {
    fn new(ids: &[gix::ObjectId]) -> Self {
        let mut pairs: Vec<(gix::ObjectId, u32)> = ids.iter().copied().zip(0..).collect();
        if pairs.len() <= FEW {
            pairs.sort_unstable();
        } else {
            pairs.par_sort_unstable();
        }
        let mut groups: Vec<(gix::ObjectId, Range<usize>)> = Vec::with_capacity(pairs.len());
        for (at, (id, _)) in pairs.iter().enumerate() {
            match groups.last_mut() {
                Some((last, range)) if last == id => range.end = at.saturating_add(1),
                _ => groups.push((*id, at..at.saturating_add(1))),
            }
        }
        Self { order: pairs.into_iter().map(|(_, position)| position).collect(), groups }
    }

    fn positions(&self, group: u32) -> &[u32] {
        self.groups.get(group as usize).and_then(|(_, range)| self.order.get(range.clone())).unwrap_or_default()
    }
}

/// One reading: what is wanted, what was made of it, and what has to be looked up alone.
struct Run<'a, T, F> {
    wanted: &'a Wanted,
    kind: gix::objs::Kind,
    limit: u64,
    each: &'a F,
    done: Mutex<Vec<Vec<(u32, T)>>>,
    failed: Mutex<Vec<u32>>,
}

/// A node to be resolved, and the bytes of its base.
type Task = (NodeId, Option<Arc<Vec<u8>>>);

impl<T: Send, F: Fn(usize, Result<&[u8], Flaw>) -> T + Sync> Run<'_, T, F> {
    /// Resolves a forest on all threads.
    fn resolve(&self, data: &data::File, forest: &Forest) {
        let weight = |id: &NodeId| forest.node(*id).map_or(0, |node| node.weight);
        // Few objects may be large ones, so they are spread as well.
        let share = u32::try_from(rayon::current_num_threads().saturating_mul(8)).unwrap_or(u32::MAX);
        let enough = forest.roots.iter().map(weight).sum::<u32>().checked_div(share).unwrap_or(0).clamp(1, BUNCH);
        rayon::scope(|scope| {
            let mut bunch: Vec<Task> = Vec::new();
            let mut size = 0_u32;
            for root in &forest.roots {
                bunch.push((*root, None));
                size = size.saturating_add(weight(root));
                if size >= enough {
                    let tasks = std::mem::take(&mut bunch);
                    scope.spawn(move |scope| self.work(scope, data, forest, tasks));
                    size = 0;
                }
            }
            self.work(scope, data, forest, bunch);
        });
        self.fail(forest.lost.iter().copied());
    }

    /// Resolves some nodes and all that hangs from them, handing large parts to other threads.
    fn work<'s>(&'s self, scope: &rayon::Scope<'s>, data: &'s data::File, forest: &'s Forest, tasks: Vec<Task>) {
        let mut desk = Desk::new(data);
        let mut done = Vec::new();
        let mut stack = tasks;
        stack.reverse();
        while let Some((id, base)) = stack.pop() {
            let Some(node) = forest.node(id) else { continue };
            let children = forest.children(node);
            // A leaf that is too large need not be rebuilt to say so.
            let most = if children.is_empty() { self.limit } else { MAX_OBJECT as u64 };
            let resolved = desk.resolve(node, base.as_deref().map(Vec::as_slice), self.kind, most);
            match resolved {
                Some(Ok(())) => self.emit(node, &desk.out, &mut done),
                Some(Err(bytes)) if children.is_empty() => {
                    self.hand(node.wanted, &mut done, || Err(Flaw::TooLarge { bytes }));
                }
                _ => {
                    self.fail_below(forest, id);
                    continue;
                }
            }
            if children.is_empty() {
                continue;
            }
            let bytes = Arc::new(std::mem::take(&mut desk.out));
            for child in children.iter().rev() {
                let task = (*child, Some(Arc::clone(&bytes)));
                if children.len() > 1 && forest.node(*child).is_some_and(|node| node.weight >= BUNCH) {
                    scope.spawn(move |scope| self.work(scope, data, forest, vec![task]));
                } else {
                    stack.push(task);
                }
            }
        }
        lock(&self.done).push(done);
    }

    fn emit(&self, node: &Node, bytes: &[u8], done: &mut Vec<(u32, T)>) {
        let size = bytes.len() as u64;
        self.hand(
            node.wanted,
            done,
            || if size > self.limit { Err(Flaw::TooLarge { bytes: size }) } else { Ok(bytes) },
        );
    }

    /// Hands what was found to every position that wants it.
    fn hand<'b>(&self, group: Option<u32>, done: &mut Vec<(u32, T)>, found: impl Fn() -> Result<&'b [u8], Flaw>) {
        for position in group.into_iter().flat_map(|group| self.wanted.positions(group)) {
            done.push((*position, (self.each)(*position as usize, found())));
        }
    }

    fn fail(&self, groups: impl Iterator<Item = u32>) {
        lock(&self.failed).extend(groups);
    }

    fn fail_below(&self, forest: &Forest, id: NodeId) {
        let mut stack = vec![id];
        while let Some(node) = stack.pop().and_then(|id| forest.node(id)) {
            self.fail(node.wanted.into_iter());
            stack.extend_from_slice(forest.children(node));
        }
    }

    /// Looks up what no pack gave, each alone: loose objects, and copies of what is damaged.
    fn one_by_one(&self, repo: &Repo) {
        let groups = std::mem::take(&mut *lock(&self.failed));
        self.look_up(repo, &groups, false);
        let missing = std::mem::take(&mut *lock(&self.failed));
        if let Some((id, _)) = missing.first().and_then(|group| self.wanted.groups.get(*group as usize)) {
            repo.refresh(id);
            self.look_up(repo, &missing, true);
        }
    }

    /// Looks up each object alone; what is missing fails, or is said to be missing the `last` time.
    fn look_up(&self, repo: &Repo, groups: &[u32], last: bool) {
        let work = |(singles, buffer): &mut (Singles, Vec<u8>), group: &u32| {
            let (id, _) = self.wanted.groups.get(*group as usize)?;
            let found = singles.find(id, self.kind, self.limit, buffer);
            if !last && matches!(found, Err(Lack::Missing)) {
                self.fail(std::iter::once(*group));
                return None;
            }
            let mut done = Vec::new();
            self.hand(Some(*group), &mut done, || {
                found.as_ref().map(|()| buffer.as_slice()).map_err(|lack| lack.flaw(id))
            });
            Some(done)
        };
        let results: Vec<_> = if groups.len() <= FEW {
            let mut desk = (repo.singles(), Vec::new());
            groups.iter().filter_map(|group| work(&mut desk, group)).collect()
        } else {
            groups.par_iter().map_init(|| (repo.singles(), Vec::new()), work).flatten().collect()
        };
        lock(&self.done).extend(results);
    }

    fn in_order(self, len: usize) -> Vec<T> {
        let mut slots: Vec<Option<T>> = std::iter::repeat_with(|| None).take(len).collect();
        for (position, result) in self.done.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().flatten() {
            if let Some(slot) = slots.get_mut(position as usize) {
                *slot = Some(result);
            }
        }
        let missed = |at| (self.each)(at, Err(Flaw::Unreadable { why: "it was not read".to_owned() }));
        slots.into_iter().enumerate().map(|(at, slot)| slot.unwrap_or_else(|| missed(at))).collect()
    }
}

/// What one thread needs to resolve objects; the buffers are used again and again.
struct Desk<'a> {
    data: &'a data::File,
    inflate: gix::zlib::Inflate,
    delta: Vec<u8>,
    out: Vec<u8>,
}

impl<'a> Desk<'a> {
    fn new(data: &'a data::File) -> Self {
        Self { data, inflate: gix::zlib::Inflate::default(), delta: Vec::new(), out: Vec::new() }
    }

    /// Rebuilds an object in `out`. `Err` is its size where that is more than `most`; none where
    /// it is damaged or of another kind.
    fn resolve(
        &mut self,
        node: &Node,
        base: Option<&[u8]>,
        kind: gix::objs::Kind,
        most: u64,
    ) -> Option<Result<(), u64>> {
        let entry = self.data.entry(node.offset).ok()?;
        let Some(base) = base else {
            if entry.header.as_kind() != Some(kind) {
                return None;
            }
            if entry.decompressed_size > most {
                return Some(Err(entry.decompressed_size));
            }
            inflate(self.data, &entry, &mut self.inflate, &mut self.out)?;
            return Some(Ok(()));
        };
        inflate(self.data, &entry, &mut self.inflate, &mut self.delta)?;
        let delta = Delta::parse(&self.delta)?;
        if delta.result > most {
            return Some(Err(delta.result));
        }
        delta.apply(base, &mut self.out).map(Ok)
    }
}

/// Inflates an entry into `out`, replacing what it held.
fn inflate(data: &data::File, entry: &data::Entry, inflate: &mut gix::zlib::Inflate, out: &mut Vec<u8>) -> Option<()> {
    let size = usize::try_from(entry.decompressed_size).ok().filter(|size| *size <= MAX_OBJECT)?;
    out.resize(size, 0);
    data.decompress_entry(entry, inflate, out).ok().map(|_| ())
}

/// Locks; a thread that panicked has left nothing half done behind such a lock.
fn lock<V>(mutex: &Mutex<V>) -> std::sync::MutexGuard<'_, V> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
