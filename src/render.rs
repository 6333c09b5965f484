//! The printers: pure functions from a verdict to bytes, one format a file.
//!
//! A printer knows no clock, no environment and no terminal: what it needs to know of the screen
//! comes in as a [`Style`]. What comes from records or file names is data; before it reaches a
//! terminal it goes through [`escape`].

use std::io;

use crate::{
    error::Error,
    text::{Place, Position, Text, Texts},
};

pub mod audit;
mod concise;
pub mod coverage;
pub mod csv;
mod diff;
pub mod due;
pub mod escape;
mod github;
mod gitlab;
mod human;
pub(crate) mod ics;
mod json;
mod junit;
pub mod log;
pub mod sarif;
mod style;
pub mod sweep;
#[cfg(test)]
mod tests;

pub use concise::concise;
pub use diff::unified;
pub use github::github;
pub use gitlab::gitlab;
pub use human::{diagnostics, human};
pub use json::json;
pub use junit::junit;
pub use sarif::sarif;
pub use style::{ColorChoice, Style};

/// A place as people and other tools read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Located<'a> {
    /// The path, relative to the repository root, as it is: not yet escaped for a terminal. Empty
    /// where the file is not among the texts.
    pub path: &'a str,
    /// The first character.
    pub start: Position,
    /// The first character after; never before `start`.
    pub end: Position,
}

/// Lines and columns of a place. They are computed here, when printing, and nowhere before. Offsets
/// past the end give the end, and a file that is not among the texts gives line 1, column 1.
pub fn locate(texts: &Texts, place: Place) -> Located<'_> {
    let first = Position { line: 1, column: 1 };
    let at = |offset| texts.get(place.file).map_or(first, |text: &Text| text.position(offset));
    let start = at(place.span.start);
    Located { path: texts.path(place.file), start, end: at(place.span.end).max(start) }
}

/// So many of something: `1 record`, `2 records`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Says of a failed write what it was that could not be written, for the exit status and for the
/// user. A reader that went away is told apart by [`Error::is_broken_pipe`].
///
/// # Errors
///
/// The one handed in, as [`Error::Write`].
pub fn written(to: &str, result: io::Result<()>) -> Result<(), Error> {
    result.map_err(|source| Error::Write { to: to.to_owned(), source })
}
