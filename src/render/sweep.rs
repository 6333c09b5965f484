//! A sweep of legal time: bars on an axis of days for people, JSON and CSV for programs.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use chrono::Datelike;
use serde::Serialize;

use super::{
    Style,
    csv::table,
    human::{paint::Paint, said, wrapped},
    json::{One, Tool},
    locate,
};
use crate::{
    day::Day,
    finding::{Finding, Level},
    sweep::{Span, Standing, Sweep},
};

/// The version of the JSON below.
const SCHEMA: u32 = 1;
/// Before a bar and what is said of it.
const INDENT: &str = "  ";
/// How many periods of one finding are named.
const MOST_SPANS: usize = 4;

/// Prints for each error and warning the days on which it held as a bar, and the notes folded by rule;
/// with `verbose` each note has a bar of its own, with `quiet` none has.
///
/// # Errors
///
/// Those of the writer.
pub fn human(sweep: &Sweep, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    let page = Page { sweep, style, paint: Paint(style.color), axis: Axis::of(sweep.range, style) };
    let is_drawn = |one: &&Standing| one.finding.level > Level::Note || style.verbose && !style.quiet;
    let mut drawn: Vec<&Standing> = sweep.standing.iter().filter(is_drawn).collect();
    drawn.sort_by_key(|one| std::cmp::Reverse(one.finding.level));
    let folded = !style.verbose && !style.quiet && sweep.count(Level::Note) > 0;
    if !drawn.is_empty() || folded {
        page.axis.print(page.paint, &mut out)?;
    }
    for one in drawn {
        page.standing(one, &mut out)?;
    }
    if folded {
        page.notes(&mut out)?;
    }
    if !style.quiet {
        page.summary(&mut out)?;
    }
    out.flush()
}

struct Page<'p> {
    sweep: &'p Sweep,
    style: &'p Style,
    paint: Paint,
    axis: Axis,
}

impl Page<'_> {
    fn standing(&self, one: &Standing, out: &mut dyn Write) -> io::Result<()> {
        let Finding { rule, clause, subject, level, message, outcome, .. } = &one.finding;
        let clause = clause.as_ref().map(|clause| format!("  {clause}")).unwrap_or_default();
        let head = self.paint.level(*level, &said(&format!("{level}[{rule}]")));
        writeln!(out, "{head}{}  {} ({outcome})", said(&clause), said(subject))?;
        writeln!(out, "{INDENT}{}", self.paint.level(*level, &self.axis.bar(&one.spans)))?;
        self.lines(&spans_in_words(one, self.sweep.range), out)?;
        self.lines(&said(message), out)?;
        if let Some(mark) = one.finding.marks.first() {
            let at = locate(&self.sweep.texts, mark.place);
            self.dim(&said(&format!("{}:{}:{}", at.path, at.start.line, at.start.column)), out)?;
        }
        writeln!(out)
    }

    /// One bar a rule: the days on which a note of it stood.
    fn notes(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut by_rule: BTreeMap<&str, (usize, Vec<Span>)> = BTreeMap::new();
        for one in self.sweep.standing.iter().filter(|one| one.finding.level == Level::Note) {
            let entry = by_rule.entry(&one.finding.rule).or_default();
            entry.0 = entry.0.saturating_add(1);
            entry.1.extend(&one.spans);
        }
        for (rule, (count, spans)) in by_rule {
            let level = Level::Note;
            let head = self.paint.level(level, &said(&format!("{level}[{rule}]")));
            writeln!(out, "{head}  {count} note{} (--verbose shows each)", plural(count))?;
            writeln!(out, "{INDENT}{}\n", self.paint.level(level, &self.axis.bar(&spans)))?;
        }
        Ok(())
    }

    fn summary(&self, out: &mut dyn Write) -> io::Result<()> {
        let Sweep { range, position, at, records, rules, turns, .. } = self.sweep;
        let tree = if at == "worktree" { "the work tree".to_owned() } else { format!("commit {at:.12}") };
        let position = match position {
            Some(position) if *position < range.last() => {
                format!("; the records speak for {position}, later days are judged as if nothing had changed")
            }
            _ => String::new(),
        };
        let days = range.days();
        let text = format!(
            "Swept {tree} from {} up to and including {}{position}: {records} record{} by {rules} rule{}, {days} day{}, of which {turns} had to be judged.",
            range.from,
            range.last(),
            plural(*records),
            plural(*rules),
            if days == 1 { "" } else { "s" },
        );
        for line in wrapped(&text, self.style.columns()) {
            writeln!(out, "{line}")?;
        }
        let count = |level| self.sweep.count(level);
        let (errors, warnings, notes) = (count(Level::Error), count(Level::Warning), count(Level::Note));
        writeln!(
            out,
            "On some day: {errors} error{}, {warnings} warning{}, {notes} note{}.",
            plural(errors),
            plural(warnings),
            plural(notes)
        )
    }

    fn lines(&self, text: &str, out: &mut dyn Write) -> io::Result<()> {
        for line in wrapped(text, self.style.columns().saturating_sub(INDENT.len())) {
            writeln!(out, "{INDENT}{line}")?;
        }
        Ok(())
    }

    fn dim(&self, text: &str, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{INDENT}{}", self.paint.dim(text))
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// `2016-03-01 up to and including 2016-04-15 (46 days)`.
fn spans_in_words(one: &Standing, range: Span) -> String {
    if one.spans == [range] {
        return "on every day".to_owned();
    }
    let span = |span: &Span| match span.days() {
        1 => format!("{} (1 day)", span.from),
        days => format!("{} up to and including {} ({days} days)", span.from, span.last()),
    };
    let mut parts: Vec<String> = one.spans.iter().take(MOST_SPANS).map(span).collect();
    if let Some(more) = one.spans.len().checked_sub(MOST_SPANS).filter(|more| *more > 0) {
        parts.push(format!("{more} more; {} days in all", one.days()));
    }
    parts.join(", ")
}

/// Days drawn as cells.
struct Axis {
    range: Span,
    width: i64,
    unicode: bool,
}

impl Axis {
    /// As wide as the screen; where the days are fewer, a whole number of cells each.
    fn of(range: Span, style: &Style) -> Self {
        let room = i64::try_from(style.columns().saturating_sub(INDENT.len())).unwrap_or(1).max(1);
        let days = range.days().max(1);
        let width = if days <= room { room.checked_div(days).unwrap_or(0).saturating_mul(days) } else { room };
        Self { range, width, unicode: style.unicode }
    }

    /// The cell in which a day begins.
    fn cell(&self, day: Day) -> i64 {
        day.days_since(self.range.from).saturating_mul(self.width).checked_div(self.range.days().max(1)).unwrap_or(0)
    }

    /// The days of a cell: the first, and the first after. One has a day at least.
    fn days(&self, cell: i64) -> (i64, i64) {
        let days = self.range.days().max(1);
        let first = cell.saturating_mul(days).checked_div(self.width).unwrap_or(0);
        (
            first,
            cell.saturating_add(1)
                .saturating_mul(days)
                .checked_div(self.width)
                .unwrap_or(0)
                .max(first.saturating_add(1)),
        )
    }

    /// Full where it held all the cell's days, shaded where some of them, a dot elsewhere.
    fn bar(&self, spans: &[Span]) -> String {
        let (all, some, none) = if self.unicode { ('█', '▒', '·') } else { ('#', '+', '.') };
        let mut sorted: Vec<(i64, i64)> = spans
            .iter()
            .map(|span| (span.from.days_since(self.range.from), span.until.days_since(self.range.from)))
            .collect();
        sorted.sort_unstable();
        let mut joined: Vec<(i64, i64)> = Vec::new();
        for (from, until) in sorted {
            match joined.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(until),
                _ => joined.push((from, until)),
            }
        }
        let mut next = joined.iter().peekable();
        let mut bar = String::new();
        for cell in 0..self.width {
            let (first, after) = self.days(cell);
            while next.next_if(|(_, until)| *until <= first).is_some() {}
            bar.push(match next.peek() {
                Some((from, until)) if *from <= first && after <= *until => all,
                Some((from, _)) if *from < after => some,
                _ => none,
            });
        }
        bar
    }

    /// The months over the bars: names, and a tick where each begins.
    fn print(&self, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
        let (tick, line) = if self.unicode { ('┬', '─') } else { ('|', '-') };
        let width = usize::try_from(self.width).unwrap_or(0);
        let (mut names, mut ticks) = (String::new(), vec![line; width]);
        for (day, is_first) in self.months() {
            let Ok(cell) = usize::try_from(self.cell(day)) else { continue };
            if let Some(place) = ticks.get_mut(cell) {
                *place = tick;
            }
            let Some(date) = day.date() else { continue };
            let name = match (is_first, date.month()) {
                (true, _) if date.day() > 1 => day.to_string(),
                (true, _) | (_, 1) => date.format("%b %Y").to_string(),
                _ => date.format("%b").to_string(),
            };
            let gap = if names.is_empty() { 0 } else { names.len().saturating_add(1) };
            if cell >= gap && cell.saturating_add(name.len()) <= width {
                names.extend(std::iter::repeat_n(' ', cell.saturating_sub(names.len())));
                names.push_str(&name);
            }
        }
        writeln!(out, "{INDENT}{}", paint.dim(&names))?;
        writeln!(out, "{INDENT}{}", paint.dim(&ticks.into_iter().collect::<String>()))
    }

    /// The first day, and the first of each month after it.
    fn months(&self) -> impl Iterator<Item = (Day, bool)> {
        let until = self.range.until;
        let next = self.range.from.last_of_month().plus_days(1);
        let later = std::iter::successors(Some(next), |day| Some(day.last_of_month().plus_days(1)));
        let later = later.take_while(move |day| *day < until);
        std::iter::once((self.range.from, true)).chain(later.map(|day| (day, false)))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Output<'a> {
    schema: u32,
    tool: Tool,
    from: String,
    until: String,
    last: String,
    position: Option<String>,
    at: &'a str,
    summary: Counts,
    findings: Vec<Held<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Counts {
    records: usize,
    rules: usize,
    days: i64,
    days_judged: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
}

#[derive(Serialize)]
struct Held<'a> {
    #[serde(flatten)]
    finding: One<'a>,
    days: i64,
    spans: Vec<Period>,
}

#[derive(Serialize)]
struct Period {
    from: String,
    until: String,
    days: i64,
}

impl Period {
    fn of(span: Span) -> Self {
        Self { from: span.from.to_string(), until: span.until.to_string(), days: span.days() }
    }
}

/// Prints the sweep as one JSON object. `from` and `until` are half-open like every period of a
/// record; `last` is the last day judged.
///
/// # Errors
///
/// Those of the writer.
pub fn json(sweep: &Sweep, out: &mut dyn Write) -> io::Result<()> {
    let held = |one| Held::of(sweep, one);
    let output = Output {
        schema: SCHEMA,
        tool: Tool::this(),
        from: sweep.range.from.to_string(),
        until: sweep.range.until.to_string(),
        last: sweep.range.last().to_string(),
        position: sweep.position.map(|day| day.to_string()),
        at: &sweep.at,
        summary: Counts {
            records: sweep.records,
            rules: sweep.rules,
            days: sweep.range.days(),
            days_judged: sweep.turns,
            errors: sweep.count(Level::Error),
            warnings: sweep.count(Level::Warning),
            notes: sweep.count(Level::Note),
        },
        findings: sweep.standing.iter().map(held).collect(),
    };
    let mut out = io::BufWriter::new(out);
    serde_json::to_writer_pretty(&mut out, &output)?;
    out.write_all(b"\n")?;
    out.flush()
}

impl<'a> Held<'a> {
    fn of(sweep: &'a Sweep, one: &'a Standing) -> Self {
        Self {
            finding: One::of(&sweep.texts, &one.finding),
            days: one.days(),
            spans: one.spans.iter().copied().map(Period::of).collect(),
        }
    }
}

/// One row for each span of days of each finding; `until` is the first day after.
pub fn csv(sweep: &Sweep) -> String {
    let heading = [
        "from",
        "until",
        "days",
        "level",
        "outcome",
        "rule",
        "clause",
        "subject",
        "slot",
        "fingerprint",
        "path",
        "line",
        "message",
    ];
    let rows = sweep.standing.iter().flat_map(|one| {
        let finding = &one.finding;
        let place = finding.marks.first().map(|mark| locate(&sweep.texts, mark.place));
        let row = move |span: &Span| {
            vec![
                span.from.to_string(),
                span.until.to_string(),
                span.days().to_string(),
                finding.level.word().to_owned(),
                finding.outcome.word().to_owned(),
                finding.rule.to_string(),
                finding.clause.as_ref().map(ToString::to_string).unwrap_or_default(),
                finding.subject.to_string(),
                finding.slot.to_string(),
                finding.fingerprint(),
                place.map_or(String::new(), |place| place.path.to_owned()),
                place.map_or(String::new(), |place| place.start.line.to_string()),
                finding.message.clone(),
            ]
        };
        one.spans.iter().map(row).collect::<Vec<_>>()
    });
    table(&heading, rows, csv::Terminator::Any(b'\n'))
}
