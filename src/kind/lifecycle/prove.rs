//! What the rows of a lifecycle contradict in themselves.

use super::{About, Terms};
use crate::rulebook::prove::{Flaw, Proving};

pub(super) fn flaws(_: &About, _: &Terms, _: &Proving<'_>) -> Vec<Flaw> {
    Vec::new()
}
