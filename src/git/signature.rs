//! The signature of a commit, and what it signs: the commit as it is stored, without the signature.

use super::{Commit, fold::Trees, history::damaged};
use crate::{error::Error, signature::Signature};

impl Trees {
    /// What a commit carries as its signature.
    ///
    /// # Errors
    ///
    /// [`Error::Git`] where the commit cannot be read.
    pub(crate) fn signature(&self, commit: &Commit) -> Result<Option<Signature>, Error> {
        let found = self.repo.find_commit(commit.id).map_err(|why| damaged(&why))?;
        let read = found.signature().map_err(|why| damaged(&why))?;
        Ok(read.map(|(armor, signed)| Signature::new(armor.to_vec(), signed.to_bstring().to_vec())))
    }
}
