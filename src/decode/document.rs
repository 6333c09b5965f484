//! A whole file: its syntax errors, told apart from the errors that follow from them.
//!
//! The parser recovers from an error and reads on, but an unclosed bracket makes it see errors
//! everywhere behind. So a statement (a key at the start of a line, with all that belongs to it)
//! that shows several errors is reported once, blanked out, and the rest is parsed again.

use toml::de::{DeTable, DeValue};

use super::{
    Raw, Reader, limit,
    node::{Rows, read_flat},
};
use crate::text::Span;

/// How often a file is parsed again after a statement was blanked out.
const MOST_REPAIRS: usize = 64;
/// A file with more syntax errors than this is no file with mistakes in it: the first are reported, and
/// nothing in it is read.
const MOST_ERRORS: usize = 1000;

/// Parses a text and reads it with `read`, which gets the reader, the root table and its span.
/// A byte order mark is skipped by the parser. Where the text is beyond a limit, `read` gets an empty
/// table: all that it looks for may be there.
pub fn read_document<T>(
    text: &str,
    mut reader: Reader,
    read: impl FnOnce(&mut Reader, &DeTable<'_>, Span) -> T,
) -> (T, Reader) {
    let whole = Span::new(0..first_line(text));
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        let nothing = DeTable::new();
        let is_read = limit::keeps(&mut reader, text, table.get_ref());
        reader.damaged = !is_read;
        let value = read(&mut reader, if is_read { table.get_ref() } else { &nothing }, whole);
        return (value, reader);
    }
    let mut patched = text.to_owned();
    for _ in 0..MOST_REPAIRS {
        if reader.spoiled.len() > MOST_ERRORS {
            break;
        }
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
    let (mut table, left) = DeTable::parse_recoverable(&patched);
    let is_hopeless = reader.spoiled.len().max(left.len()) > MOST_ERRORS;
    if is_hopeless || !limit::keeps(&mut reader, text, table.get_ref()) {
        *table.get_mut() = DeTable::new();
    }
    reader.damaged = true;
    reader.spoiled.sort_unstable();
    let value = read(&mut reader, table.get_ref(), whole);
    (value, reader)
}

/// Parses a record and reads it, as [`read_document`] does: the short way where its text is sound.
pub fn read_record<T>(text: &str, mut reader: Reader, read: impl Fn(&mut Reader, Rows<'_>, Span) -> T) -> (T, Reader) {
    let whole = Span::new(0..first_line(text));
    match read_flat(text, |root| read(&mut reader, root, whole)) {
        Some(value) => (value, reader),
        None => read_document(text, reader, |reader, table, span| read(reader, table.into(), span)),
    }
}

/// Parses a text and reads what of it is sound, whatever else it holds: its limits and its errors are said
/// elsewhere.
pub(crate) fn read_sound<T>(text: &str, read: impl Fn(Rows<'_>) -> T) -> T {
    read_flat(text, &read).unwrap_or_else(|| read(DeTable::parse_recoverable(text).0.get_ref().into()))
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
    if at.len() > MOST_ERRORS {
        at.iter().take(MOST_ERRORS).for_each(|one| say(one, text, reader));
        return None;
    }
    let starts = statements(patched);
    let statement = |span: Span| starts.partition_point(|start| *start <= span.start as usize).saturating_sub(1);
    let bytes = |at: usize| {
        starts.get(at).copied().unwrap_or(0)..starts.get(at.saturating_add(1)).copied().unwrap_or(patched.len())
    };
    let is_structural = |one: &&(Span, &str)| !dates.contains(&one.0);
    if let Some((_, unclosed)) = at.iter().find(|(_, message)| message.starts_with("unclosed")) {
        // The parser takes the next statement for a part of the list, and stumbles at its start.
        let stumbles = |one: &&(Span, &str)| starts.binary_search(&(one.0.start as usize)).is_ok();
        let next = at.iter().filter(is_structural).find(stumbles).map_or(patched.len(), |one| one.0.start as usize);
        let own = at.iter().filter(is_structural).take_while(|one| (one.0.start as usize) < next);
        let group = own.clone().last().map(|(span, _)| statement(*span));
        let before = patched.get(..next).unwrap_or(patched).trim_end().len();
        let end = Span::new(before..before);
        let mut of_group = own.filter(|(span, _)| Some(statement(*span)) == group);
        let first = of_group.next().copied().unwrap_or((end, unclosed));
        for one in at.iter().filter(|one| one.0 < first.0 && !is_structural(one)) {
            say(one, text, reader);
        }
        say(&first, text, reader);
        return Some(bytes(group.unwrap_or_else(|| statement(Span::new(before.saturating_sub(1)..before)))));
    }
    for group in at.chunk_by(|one, other| statement(one.0) == statement(other.0)) {
        let structural: Vec<_> = group.iter().filter(is_structural).collect();
        if let [first, _, ..] = structural[..] {
            let before = group.iter().take_while(|one| *one != first).count();
            for one in group.get(..=before).unwrap_or(group) {
                say(one, text, reader);
            }
            return Some(bytes(statement(first.0)));
        }
    }
    for one in &at {
        say(one, text, reader);
    }
    None
}

fn say((span, message): &(Span, &str), text: &str, reader: &mut Reader) {
    if reader.spoiled.contains(span) {
        return;
    }
    reader.spoiled.push(*span);
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let shown = Span { start: span.start.min(end), end: span.end.min(end) };
    let mut said = format!("the file cannot be read here: {message}");
    let count = reader.problems.iter().filter(|problem| problem.rule == "record-syntax").count().saturating_add(1);
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
    let mut at = 0_usize;
    for line in text.split_inclusive('\n') {
        let key: &str = line.split(['=', ' ', '\t', '.', '\n']).next().unwrap_or("");
        let is_key = !key.is_empty()
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'"'));
        if at > 0 && (line.starts_with('[') || is_key && line.contains('=')) {
            starts.push(at);
        }
        at = at.saturating_add(line.len());
    }
    starts
}
