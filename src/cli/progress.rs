//! How far a long piece of work has come: one line on stderr, only where it is a terminal.

use std::{
    fmt::Write as _,
    io::{IsTerminal, Write as _},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// How often the line changes at most, in milliseconds.
const EVERY: u64 = 100;

/// One line that is written over again, and gone when the work is done.
pub(super) struct Progress {
    what: &'static str,
    shown: bool,
    began: Instant,
    /// When the line was written last, in milliseconds since it began, and one more.
    last: AtomicU64,
    widest: AtomicUsize,
    line: Mutex<()>,
}

impl Progress {
    /// A line about so many of these; none where stderr is no terminal or `quiet` is set.
    pub(super) fn new(what: &'static str, quiet: bool) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal();
        let (last, widest) = (AtomicU64::new(0), AtomicUsize::new(0));
        Self { what, shown, began: Instant::now(), last, widest, line: Mutex::new(()) }
    }

    /// So many are done, of so many.
    pub(super) fn tick(&self, done: usize, of: usize) {
        if !self.shown {
            return;
        }
        let since = self.began.elapsed();
        let now = u64::try_from(since.as_millis()).unwrap_or(u64::MAX).saturating_add(1);
        let last = self.last.load(Ordering::Relaxed);
        if last > 0 && now < last.saturating_add(EVERY) {
            return;
        }
        self.last.store(now, Ordering::Relaxed);
        let line = line(self.what, done, of, since);
        let _one_at_a_time = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        let width = self.widest.fetch_max(line.len(), Ordering::Relaxed).max(line.len());
        let _ = write!(std::io::stderr(), "\r{line:<width$}");
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(std::io::stderr(), "\r{:1$}\r", "", self.widest.load(Ordering::Relaxed));
        }
    }
}

/// ` 37 % of 2574 commits, 812 a second, 2 s left`.
fn line(what: &str, done: usize, of: usize, since: Duration) -> String {
    let part = done.saturating_mul(100).checked_div(of).unwrap_or(100);
    let mut text = format!("{part:>3} % of {of} {what}");
    let (done, of) = (u128::try_from(done).unwrap_or(0), u128::try_from(of).unwrap_or(0));
    let passed = since.as_millis();
    if done == 0 || passed < 500 {
        return text;
    }
    let rate = match done.saturating_mul(1000).checked_div(passed).unwrap_or(0) {
        0 => format!("{} s each", passed.checked_div(done).unwrap_or(0) / 1000),
        rate => format!("{rate} a second"),
    };
    let left = match of.saturating_sub(done).saturating_mul(passed).checked_div(done).unwrap_or(0) / 1000 {
        seconds @ 0..=99 => format!("{seconds} s"),
        seconds => format!("{} min", seconds.div_ceil(60)),
    };
    let _ = write!(text, ", {rate}, {left} left");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_much_how_fast_and_how_long_yet() {
        let line = |done, of, ms| line("commits", done, of, Duration::from_millis(ms));
        assert_eq!(line(0, 200, 0), "  0 % of 200 commits");
        assert_eq!(line(50, 200, 1000), " 25 % of 200 commits, 50 a second, 3 s left");
        assert_eq!(line(1, 200, 2000), "  0 % of 200 commits, 2 s each, 7 min left");
        assert_eq!(line(0, 0, 1000), "100 % of 0 commits");
    }
}
