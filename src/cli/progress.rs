//! How far a long piece of work has come: one line on stderr, only where it is a terminal.

use std::{
    io::{IsTerminal, Write},
    sync::atomic::{AtomicUsize, Ordering},
};

/// One line that is written over again, and gone when the work is done.
pub(super) struct Progress {
    what: &'static str,
    shown: bool,
    /// The hundredth part that was shown last, so that the line changes a hundred times at most.
    last: AtomicUsize,
}

impl Progress {
    /// A line about so many of these; none where stderr is no terminal or `quiet` is set.
    pub(super) fn new(what: &'static str, quiet: bool) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal();
        Self { what, shown, last: AtomicUsize::new(usize::MAX) }
    }

    /// So many are done, of so many.
    pub(super) fn tick(&self, done: usize, of: usize) {
        let part = done.saturating_mul(100).checked_div(of).unwrap_or(100);
        if self.shown && self.last.swap(part, Ordering::Relaxed) != part {
            let _ = write!(std::io::stderr(), "\r{part:>3} % of {of} {}", self.what);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}
