//! Packs: where git keeps most objects, many in one file.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use gix::odb::pack::{data, index};

use crate::git::MAX_OBJECT;

/// All packs of a repository and of those it borrows objects from, the largest first.
pub(super) struct Packs {
    packs: Vec<Pack>,
}

/// One pack: the index says which object starts at which offset of the data.
pub(super) struct Pack {
    index: index::File,
    data: OnceLock<Option<data::File>>,
}

impl Packs {
    /// Opens the indices. What cannot be opened is left out: an object that only it holds shows as
    /// missing when it is wanted.
    pub(super) fn open(store: &gix::odb::Store) -> Self {
        let mut folders = vec![store.path().to_owned()];
        folders.extend(store.alternate_db_paths().unwrap_or_default());
        let mut packs: Vec<Pack> = folders
            .iter()
            .flat_map(|folder| indices(&folder.join("pack")))
            .filter_map(|path| index::File::at(path, store.object_hash()).ok())
            .map(|index| Pack { index, data: OnceLock::new() })
            .collect();
        packs.sort_by(|a, b| {
            b.index.num_objects().cmp(&a.index.num_objects()).then_with(|| a.index.path().cmp(b.index.path()))
        });
        Self { packs }
    }

    /// Which pack holds an object, by its place among [`Packs::all`], and at which offset.
    pub(super) fn find(&self, id: &gix::oid) -> Option<(usize, u64)> {
        self.packs.iter().enumerate().find_map(|(at, pack)| Some((at, pack.offset(id)?)))
    }

    /// The packs, the largest first.
    pub(super) fn all(&self) -> &[Pack] {
        &self.packs
    }
}

impl Pack {
    /// Where an object starts; none where this pack does not hold it.
    pub(super) fn offset(&self, id: &gix::oid) -> Option<u64> {
        self.index.lookup(id).map(|entry| self.index.pack_offset_at_index(entry))
    }

    /// The data, mapped into memory when first asked for; none where it cannot be opened.
    pub(super) fn data(&self) -> Option<&data::File> {
        let open = || {
            let path = self.index.path().with_extension("pack");
            let file = data::File::at(path, self.index.object_hash()).ok()?;
            Some(file.with_alloc_limit_bytes(Some(MAX_OBJECT)))
        };
        self.data.get_or_init(open).as_ref()
    }
}

/// The index files of one folder of packs, sorted.
fn indices(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "idx"))
        .collect();
    paths.sort_unstable();
    paths
}
