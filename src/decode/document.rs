//! A whole file: its syntax errors, told apart from the errors that follow from them.
//!
//! The parser recovers from an error and reads on, but an unclosed bracket makes it see errors
//! everywhere behind. So a statement (a key at the start of a line, with all that belongs to it)
//! that shows several errors is reported once, blanked out, and the rest is parsed again.

use toml::de::{DeTable, DeValue};

use super::{Raw, Reader};
use crate::text::Span;

/// How often a file is parsed again after a statement was blanked out.
const MOST_REPAIRS: usize = 64;

/// Parses a text and reads it with `read`, which gets the reader, the root table and its span.
/// A byte order mark is skipped by the parser.
pub fn read_document<T>(
    text: &str,
    mut reader: Reader,
    read: impl FnOnce(&mut Reader, &DeTable<'_>, Span) -> T,
) -> (T, Reader) {
    let whole = Span::new(0..first_line(text));
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        let value = read(&mut reader, table.get_ref(), whole);
        return (value, reader);
    }
    let mut patched = text.to_owned();
    for _ in 0..MOST_REPAIRS {
        let Some(blank) = repair(&patched, text, &mut reader) else { break };
        // Spaces instead of the statement, so that every other byte keeps its place.
        let spaces: String = patched
            .get(blank.clone())
            .unwrap_or("")
            .bytes()
            .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
            .collect();
        patched.replace_range(blank, &spaces);
    }
    let (table, _) = DeTable::parse_recoverable(&patched);
    reader.damaged = true;
    reader.spoiled.sort_unstable();
    let value = read(&mut reader, table.get_ref(), whole);
    (value, reader)
}

/// Where the first line ends: what a finding about the whole file shows.
fn first_line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

/// Reports the errors of every statement that shows only one, and of the first that shows more;
/// gives the bytes of that one.
fn repair(patched: &str, text: &str, reader: &mut Reader) -> Option<std::ops::Range<usize>> {
    let (table, errors) = DeTable::parse_recoverable(patched);
    let mut dates = Vec::new();
    empty_dates(table.get_ref(), &mut dates);
    let mut at: Vec<(Span, &str)> =
        errors.iter().map(|error| (Span::new(error.span().unwrap_or(0..0)), error.message())).collect();
    at.sort_unstable();
    at.dedup();
    let starts = statements(patched);
    let statement = |span: Span| starts.partition_point(|start| *start <= span.start as usize).saturating_sub(1);
    if let Some(first) = at.iter().position(|(span, _)| !dates.contains(span))
        && let Some(range) = unclosed(patched, &starts, at.get(first..).unwrap_or(&[]))
    {
        for one in at.iter().take_while(|(span, _)| (span.start as usize) < range.end).take(first + 1) {
            say(one, text, reader);
        }
        if at.get(first).is_some_and(|(span, _)| span.start as usize == range.end) {
            let end = range.start + patched.get(range.clone()).unwrap_or("").trim_end().len();
            say(&(Span::new(end..end), "unclosed before the next key"), text, reader);
        }
        return Some(range);
    }
    for group in at.chunk_by(|one, other| statement(one.0) == statement(other.0)) {
        let structural: Vec<_> = group.iter().filter(|(span, _)| !dates.contains(span)).collect();
        if let [first, _, ..] = structural[..] {
            let before = group.iter().take_while(|one| *one != first).count();
            for one in group.get(..=before).unwrap_or(group) {
                say(one, text, reader);
            }
            let at = statement(first.0);
            let from = starts.get(at).copied().unwrap_or(0);
            return Some(from..starts.get(at + 1).copied().unwrap_or(patched.len()));
        }
    }
    for one in &at {
        say(one, text, reader);
    }
    None
}

/// The statement that the first error lies in or right behind, where it is not closed: the key that
/// comes next stands where a value or a comma was due, and the statement does not end when read alone.
fn unclosed(patched: &str, starts: &[usize], errors: &[(Span, &str)]) -> Option<std::ops::Range<usize>> {
    let (first, _) = errors.first()?;
    let first = first.start as usize;
    let next = starts.get(starts.partition_point(|start| *start < first)).copied()?;
    let begins = starts.get(starts.partition_point(|start| *start < next).checked_sub(1)?).copied()?;
    let is_due = errors.iter().any(|(span, _)| span.start as usize == next);
    (is_due && !DeTable::parse_recoverable(patched.get(begins..next)?).1.is_empty()).then_some(begins..next)
}

fn say((span, message): &(Span, &str), text: &str, reader: &mut Reader) {
    if reader.spoiled.contains(span) {
        return;
    }
    reader.spoiled.push(*span);
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let shown = Span { start: span.start.min(end), end: span.end.min(end) };
    let count = reader.problems.iter().filter(|problem| problem.rule == "record-syntax").count() + 1;
    let mut said = format!("the file cannot be read here: {message}");
    let (rule, slot, help) = if message.starts_with("invalid date") {
        let written = text.get(shown.start as usize..shown.end as usize).unwrap_or("");
        said = format!("`{written}` is no day: {}", message.trim_start_matches("invalid date, "));
        (
            "record-date",
            written.to_owned(),
            "write a day as 2016-09-30; one known in part as \"2016-09\" or \"2016\"; one not known as \"unknown\"",
        )
    } else {
        (
            "record-syntax",
            count.to_string(),
            "the file is TOML 1.0: `key = value`, strings in double quotes, lists in `[ ]`",
        )
    };
    reader.report_in(rule, slot, shown, said, message, Some(help.into()));
}

/// Dates that the parser could not read: it leaves them empty, and the rest of the file is sound.
fn empty_dates(table: &DeTable<'_>, found: &mut Vec<Span>) {
    fn value(raw: &Raw<'_>, found: &mut Vec<Span>) {
        match raw.get_ref() {
            DeValue::Datetime(date) if date.date.is_none() && date.time.is_none() => found.push(Span::new(raw.span())),
            DeValue::Array(items) => items.iter().for_each(|item| value(item, found)),
            DeValue::Table(table) => empty_dates(table, found),
            _ => {}
        }
    }
    table.iter().for_each(|(_, raw)| value(raw, found));
}

/// Where statements begin: lines that start with a key or a table header.
fn statements(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let key: &str = line.split(['=', ' ', '\t', '.', '\n']).next().unwrap_or("");
        let is_key = !key.is_empty()
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'"'));
        if at > 0 && (line.starts_with('[') || is_key && line.contains('=')) {
            starts.push(at);
        }
        at += line.len();
    }
    starts
}
