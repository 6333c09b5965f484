//! What there is to say of every rule, for formats that carry it beside the findings.

use super::rule;
use crate::{
    builtin,
    day::Day,
    error::Error,
    render::sarif::{About, Manual},
    tree::Tree,
};

/// Every rule, built-in ones among them, as `quorate explain RULE` tells it on that day.
///
/// # Errors
///
/// Those of [`rule`].
pub fn manual(tree: &Tree, on: Day) -> Result<Manual, Error> {
    let mut manual = Manual::new();
    for one in tree.book.all() {
        let (title, clause) = (one.title().to_owned(), Some(one.clause.clone()));
        manual.insert(one.id.clone(), About { title, text: rule(tree, &one.id, on)?, clause, level: one.level });
    }
    for one in builtin::ALL {
        let about = About { title: one.requires.into(), text: rule(tree, one.id, on)?, clause: None, level: one.level };
        manual.insert(one.id.into(), about);
    }
    Ok(manual)
}
