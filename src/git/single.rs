//! Objects looked up one by one, wherever they are.

use gix::objs::{Find as _, FindHeader as _};

use crate::git::{Flaw, MAX_OBJECT, Repo, reason};

/// Looks up single objects, for one thread.
pub(super) struct Singles(gix::odb::Handle);

/// Why a single object could not be had.
pub(super) enum Lack {
    /// No pack and no file holds it.
    Missing,
    /// It takes so many bytes, more than asked for.
    TooLarge(u64),
    /// It is damaged, or of another kind.
    Bad(String),
}

impl Repo {
    /// Does not list the packs anew for each object that is missing: a partial clone lacks many.
    pub(super) fn singles(&self) -> Singles {
        let mut objects: gix::odb::Handle = self.inner.objects.to_handle().into();
        objects.ignore_replacements = true;
        objects.refresh_never();
        Singles(objects)
    }

    /// Lists the packs anew, looking for this object: `git gc` may have moved it since the start.
    pub(super) fn refresh(&self, id: &gix::oid) {
        self.local().has_object(id);
    }
}

impl Singles {
    /// Puts an object of a kind, of at most `limit` bytes, into `buffer`.
    pub(super) fn find(
        &self,
        id: &gix::oid,
        kind: gix::objs::Kind,
        limit: u64,
        buffer: &mut Vec<u8>,
    ) -> Result<(), Lack> {
        let size = match self.0.try_find(id, buffer) {
            Ok(Some(found)) if found.kind != kind => {
                return Err(Lack::Bad(format!("the object {id} is a {}, not a {kind}", found.kind)));
            }
            Ok(Some(found)) => found.data.len() as u64,
            Ok(None) => return Err(Lack::Missing),
            Err(why) => match self.0.try_header(id) {
                Ok(Some(header)) if header.size > MAX_OBJECT as u64 => header.size,
                _ => return Err(Lack::Bad(format!("the object {id} is damaged: {}", reason(&why)))),
            },
        };
        if size > limit { Err(Lack::TooLarge(size)) } else { Ok(()) }
    }
}

impl Lack {
    /// The same, told to whoever wanted the object.
    pub(super) fn flaw(&self, id: &gix::oid) -> Flaw {
        match self {
            Self::Missing => Flaw::Missing { why: format!("the object {id} is not in this clone") },
            Self::TooLarge(bytes) => Flaw::TooLarge { bytes: *bytes },
            Self::Bad(why) => Flaw::Unreadable { why: why.clone() },
        }
    }
}
