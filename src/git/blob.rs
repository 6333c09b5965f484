//! Blobs: the content of files, by id.

use crate::git::{Repo, object};

/// The id of a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct BlobId(pub(super) gix::ObjectId);

impl BlobId {
    /// Whether it is the id of these bytes.
    pub(crate) fn holds(&self, bytes: &[u8]) -> bool {
        gix::objs::compute_hash(self.0.kind(), gix::objs::Kind::Blob, bytes).is_ok_and(|id| id == self.0)
    }
}

/// Why an object is not there to be read.
#[derive(Debug)]
pub(crate) enum Flaw {
    /// It is larger than was asked for.
    TooLarge {
        /// Its size.
        bytes: u64,
    },
    /// It is not in this clone.
    Missing {
        /// In which words.
        why: String,
    },
    /// It is damaged or no blob.
    Unreadable {
        /// In which way.
        why: String,
    },
}

impl Repo {
    /// Reads many blobs of at most `limit` bytes on all threads and calls `each` with the position
    /// in `ids` and the bytes; the results come in the order of `ids`.
    pub(crate) fn blobs<T: Send>(
        &self,
        ids: &[BlobId],
        limit: u64,
        each: impl Fn(usize, Result<&[u8], Flaw>) -> T + Sync,
    ) -> Vec<T> {
        let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
        object::read(self, &ids, gix::objs::Kind::Blob, limit, &each)
    }
}
