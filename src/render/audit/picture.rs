//! Compliance over time as a picture: a line of bars for errors, warnings and notes, the oldest commit on
//! the left, and below them where the rules changed and what could not be judged.

use std::fmt::Write as _;

use crate::{
    audit::{Audit, Commit, Counts},
    render::Style,
};

/// Bars of eight heights; nothing at all is no bar.
const UNICODE: [char; 9] = ['·', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// The same for a screen that draws ASCII alone.
const ASCII: [char; 9] = ['.', '1', '2', '3', '4', '5', '6', '7', '8'];
/// The width of what stands before the bars.
const NAME: usize = 10;
/// The width of what stands behind them.
const SCALE: usize = 16;

/// Which count a row shows.
type Count = fn(&Counts) -> usize;

/// The picture, as wide as the screen; many commits share a column, and the worst of them counts.
pub(super) fn of(audit: &Audit, style: &Style) -> String {
    let width = style.columns().saturating_sub(NAME + SCALE).max(8);
    let columns = columns(&audit.commits, width);
    let bars = if style.unicode { UNICODE } else { ASCII };
    let mut text = String::new();
    let rows: [(&str, Count); 3] =
        [("errors", |one| one.errors), ("warnings", |one| one.warnings), ("notes", |one| one.notes)];
    for (name, count) in rows {
        let worst: Vec<Option<usize>> = columns.iter().map(|column| worst(column, count)).collect();
        let most = worst.iter().flatten().max().copied().unwrap_or(0);
        let bar =
            |count: &Option<usize>| count.map_or('?', |count| bars.get(height(count, most)).copied().unwrap_or('?'));
        let line: String = worst.iter().map(bar).collect();
        let last = audit.commits.iter().rev().find_map(|commit| commit.counts.as_ref().ok()).map_or(0, count);
        let _ = writeln!(text, "{name:<NAME$}{line}  most {most}, last {last}");
    }
    let mark = if style.unicode { '▴' } else { '^' };
    let changed: String = columns
        .iter()
        .map(|column| if column.iter().any(|commit| commit.rules_changed) { mark } else { ' ' })
        .collect();
    if changed.trim() != "" {
        let count = audit.commits.iter().filter(|commit| commit.rules_changed).count();
        let _ =
            writeln!(text, "{:<NAME$}{changed}  changed {count} time{}", "rules", if count == 1 { "" } else { "s" });
    }
    text.push_str(&axis(&columns));
    text
}

/// The commits of each column: as many to one as to any other, give or take one.
fn columns(commits: &[Commit], width: usize) -> Vec<&[Commit]> {
    let width = width.min(commits.len());
    let cut = |at: usize| at.saturating_mul(commits.len()).checked_div(width.max(1)).unwrap_or(0);
    (0..width).filter_map(|at| commits.get(cut(at)..cut(at.saturating_add(1)))).collect()
}

/// The most of a column; nothing where none of it could be judged.
fn worst(column: &[Commit], count: Count) -> Option<usize> {
    column.iter().filter_map(|commit| commit.counts.as_ref().ok()).map(count).max()
}

/// The height of a bar: any finding at all shows.
fn height(count: usize, most: usize) -> usize {
    if count == 0 { 0 } else { count.saturating_mul(8).div_ceil(most.max(1)).clamp(1, 8) }
}

/// The days of the first and the last commit, below their columns.
fn axis(columns: &[&[Commit]]) -> String {
    let day = |commit: Option<&Commit>| commit.map(|commit| commit.day.to_string()).unwrap_or_default();
    let first = day(columns.first().and_then(|column| column.first()));
    let last = day(columns.last().and_then(|column| column.last()));
    let gap = columns.len().saturating_sub(first.len().saturating_add(last.len()));
    if gap == 0 {
        return format!("{:NAME$}{first} .. {last}\n", "");
    }
    format!("{:NAME$}{first}{:gap$}{last}\n", "", "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Day;

    fn commit(day: u32, counts: Option<usize>, rules_changed: bool) -> Commit {
        Commit {
            id: format!("{day:040}"),
            day: Day::new(2016, 9, 1 + day).unwrap(),
            author: "A <a@b.example>".into(),
            committer: "A <a@b.example>".into(),
            title: "one".into(),
            is_merge: false,
            rules_changed,
            counts: counts.map(|errors| Counts { errors, warnings: 0, notes: 1 }).ok_or_else(|| "no rules".into()),
        }
    }

    fn drawn(commits: Vec<Commit>, style: &Style) -> Vec<String> {
        let audit = Audit {
            range: "HEAD".into(),
            on: None,
            rules_at: None,
            before: None,
            commits,
            findings: Vec::new(),
            remembered: 0,
        };
        of(&audit, style).lines().map(str::to_owned).collect()
    }

    #[test]
    fn each_commit_is_a_bar_and_what_was_not_judged_is_no_bar() {
        let counts = [Some(0), Some(1), None, Some(8), Some(4)];
        let commits: Vec<Commit> = (0..).zip(counts).map(|(day, count)| commit(day, count, day == 3)).collect();
        assert_eq!(
            drawn(commits.clone(), &Style::default()),
            [
                "errors    ·▁?█▄  most 8, last 4",
                "warnings  ··?··  most 0, last 0",
                "notes     ██?██  most 1, last 1",
                "rules        ▴   changed 1 time",
                "          2016-09-01 .. 2016-09-05",
            ]
        );
        let ascii = drawn(commits, &Style { unicode: false, ..Style::default() });
        assert_eq!(ascii[0], "errors    .1?84  most 8, last 4");
        assert!(ascii.iter().all(|line| line.is_ascii()));
    }

    #[test]
    fn many_commits_share_columns_and_the_worst_shows() {
        let commits: Vec<Commit> = (0..1000).map(|at| commit(at % 28, Some(usize::from(at == 500)), false)).collect();
        let lines = drawn(commits, &Style { width: 80, ..Style::default() });
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
        assert_eq!(lines[0].matches('█').count(), 1);
        assert_eq!(lines[0].matches('·').count(), 53);
    }
}
