//! The forest of what is wanted from one pack: each object hangs from the one it is stored against,
//! and the trees stand in the order of the pack. What is neither wanted nor needed is not in it, so
//! that a long history beside it costs nothing.

use gix::odb::pack::data::{self, entry::Header};
use rustc_hash::FxHashMap;

use crate::git::pack::Pack;

/// The number of a node.
pub(super) type NodeId = u32;

/// An object of the pack.
pub(super) struct Node {
    /// Where it starts.
    pub(super) offset: u64,
    /// What is wanted here: a position in the list of wanted objects.
    pub(super) wanted: Option<u32>,
    /// How many nodes hang from it, itself included; zero where no root was reached from it.
    pub(super) weight: u32,
    base: Option<NodeId>,
    first: u32,
    last: u32,
}

/// The nodes, and what hangs from which.
pub(super) struct Forest {
    nodes: Vec<Node>,
    children: Vec<NodeId>,
    /// Objects stored in full, in the order of the pack.
    pub(super) roots: Vec<NodeId>,
    /// What is wanted but hangs from nothing in this pack.
    pub(super) lost: Vec<u32>,
}

impl Forest {
    /// The forest of the `wanted` objects: offset and position of each.
    pub(super) fn grow(pack: &Pack, data: &data::File, mut wanted: Vec<(u64, u32)>) -> Self {
        wanted.sort_unstable();
        let mut forest = Self::plant(&wanted);
        forest.find_bases(pack, data, wanted.len());
        forest.hang();
        forest.weigh();
        for node in &forest.nodes {
            if let (0, Some(wanted)) = (node.weight, node.wanted) {
                forest.lost.push(wanted);
            }
        }
        forest.roots.retain(|root| forest.nodes.get(*root as usize).is_some_and(|node| node.weight > 0));
        forest
    }

    /// The node of a number.
    pub(super) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id as usize)
    }

    /// What hangs from a node.
    pub(super) fn children(&self, node: &Node) -> &[NodeId] {
        self.children.get(node.first as usize..node.last as usize).unwrap_or_default()
    }

    fn plant(wanted: &[(u64, u32)]) -> Self {
        let node = |&(offset, wanted): &(u64, u32)| Node::new(offset, Some(wanted));
        let nodes = wanted.iter().map(node).collect();
        Self { nodes, children: Vec::new(), roots: Vec::new(), lost: Vec::new() }
    }

    /// Follows each node to its base, adding the bases that are not wanted themselves.
    fn find_bases(&mut self, pack: &Pack, data: &data::File, wanted: usize) {
        let mut known = FxHashMap::with_capacity_and_hasher(wanted, rustc_hash::FxBuildHasher);
        for (id, node) in (0..).zip(&self.nodes) {
            known.insert(node.offset, id);
        }
        let mut at = 0;
        while let Some(offset) = self.nodes.get(at).map(|node| node.offset) {
            let id = id_of(at);
            at = at.saturating_add(1);
            let Ok(entry) = data.entry(offset) else { continue };
            let base = match entry.header {
                Header::OfsDelta { base_distance } => entry.checked_base_pack_offset(base_distance),
                Header::RefDelta { base_id } => pack.offset(&base_id),
                _ => {
                    self.roots.push(id);
                    continue;
                }
            };
            let Some(base) = base else { continue };
            let next = id_of(self.nodes.len());
            let base = *known.entry(base).or_insert_with(|| {
                self.nodes.push(Node::new(base, None));
                next
            });
            if let Some(node) = self.nodes.get_mut(id as usize) {
                node.base = Some(base);
            }
        }
        let nodes = &self.nodes;
        self.roots.sort_unstable_by_key(|root| nodes.get(*root as usize).map(|node| node.offset));
    }

    /// Lists what hangs from each node, each list in the order of the pack.
    fn hang(&mut self) {
        let mut pairs: Vec<(NodeId, u64, NodeId)> =
            (0..).zip(&self.nodes).filter_map(|(id, node)| Some((node.base?, node.offset, id))).collect();
        pairs.sort_unstable();
        for (at, (base, _, _)) in (0..).zip(&pairs) {
            if let Some(base) = self.nodes.get_mut(*base as usize) {
                if base.first == base.last {
                    base.first = at;
                }
                base.last = at.saturating_add(1);
            }
        }
        self.children = pairs.into_iter().map(|(_, _, child)| child).collect();
    }

    /// Weighs every node that a root carries. A ring of objects stored against each other, which
    /// only a crafted pack has, is carried by none.
    fn weigh(&mut self) {
        let mut order = self.roots.clone();
        let mut at = 0;
        while let Some(node) = order.get(at).and_then(|id| self.node(*id)) {
            order.extend_from_slice(self.children.get(node.first as usize..node.last as usize).unwrap_or_default());
            at = at.saturating_add(1);
        }
        for id in order.into_iter().rev() {
            let Some(node) = self.nodes.get_mut(id as usize) else { continue };
            node.weight = node.weight.saturating_add(1);
            let (weight, base) = (node.weight, node.base);
            if let Some(base) = base.and_then(|base| self.nodes.get_mut(base as usize)) {
                base.weight = base.weight.saturating_add(weight);
            }
        }
    }
}

impl Node {
    fn new(offset: u64, wanted: Option<u32>) -> Self {
        Self { offset, wanted, weight: 0, base: None, first: 0, last: 0 }
    }
}

fn id_of(at: usize) -> NodeId {
    u32::try_from(at).unwrap_or(u32::MAX)
}
