//! `ics`: what is due as an iCalendar (RFC 5545) that any calendar can subscribe to.
//!
//! Each thing is an event of whole days that blocks nobody's time. Its `UID` is its fingerprint, so
//! that a later run moves the event instead of adding another; `DTSTAMP` is the day judged, so that
//! two runs give the same bytes.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use crate::{
    day::Day,
    due::{Agenda, Asks, Entry},
    kind::Nature,
    render::{escape, locate},
    text::Texts,
};

/// The most octets of a line, without its line break (RFC 5545, 3.1).
const OCTETS: usize = 75;

/// Prints the agenda as one calendar, named after the code. What has no last day stays out.
///
/// # Errors
///
/// Those of the writer.
pub fn ics(agenda: &Agenda, texts: &Texts, code: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    let name = if code.is_empty() { "Due".to_owned() } else { format!("{code}: due") };
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//quorate//due//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    {
        folded(line, &mut out)?;
    }
    folded(&format!("X-WR-CALNAME:{}", text(&name)), &mut out)?;
    for entry in &agenda.entries {
        for line in event(entry, agenda, texts).iter().flatten() {
            folded(line, &mut out)?;
        }
    }
    folded("END:VCALENDAR", &mut out)?;
    out.flush()
}

/// The lines of one event; nothing where no day can be drawn.
fn event(entry: &Entry, agenda: &Agenda, texts: &Texts) -> Option<Vec<String>> {
    let last = date(entry.by.last)?;
    let first = date(entry.by.first).unwrap_or_else(|| last.clone());
    let after = date(entry.by.last.plus_days(1))?;
    let nature = match (entry.nature, entry.overdue) {
        (_, true) => "overdue",
        (nature, false) => nature.word(),
    };
    let mark = if entry.overdue { "OVERDUE: " } else { "" };
    Some(vec![
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}@quorate", entry.fingerprint()),
        format!("DTSTAMP:{}T000000Z", date(agenda.on)?),
        "SEQUENCE:0".to_owned(),
        format!("DTSTART;VALUE=DATE:{first}"),
        format!("DTEND;VALUE=DATE:{after}"),
        format!(
            "SUMMARY:{}",
            text(&format!("{mark}{}: {}", entry.title.as_ref().unwrap_or(&entry.subject), entry.what))
        ),
        format!("DESCRIPTION:{}", text(&description(entry, texts))),
        format!("CATEGORIES:{}", text(nature)),
        format!("TRANSP:{}", if entry.nature == Nature::Plan { "OPAQUE" } else { "TRANSPARENT" }),
        "END:VEVENT".to_owned(),
    ])
}

/// Clause, evidence, rule, place, other readings: a line each.
fn description(entry: &Entry, texts: &Texts) -> String {
    let mut all = format!("{}\n", entry.subject);
    let asks = |one: &Asks| {
        let clause = one.clause.as_ref().map_or(String::new(), |clause| format!("{clause}, "));
        let basis = one.basis.map_or(String::new(), |basis| format!(" ({basis})"));
        format!("{clause}{}{basis}", one.rule)
    };
    for rule in &entry.rules {
        let _ = writeln!(all, "{}", asks(rule));
    }
    if let Some(clause) = entry.clause.as_ref().filter(|_| entry.rules.is_empty()) {
        let _ = writeln!(all, "{clause}");
    }
    for (name, by) in &entry.otherwise {
        let _ = match by {
            Some(when) => writeln!(all, "or {when} if {name}"),
            None => writeln!(all, "not at all if {name}"),
        };
    }
    if let Some(mark) = entry.marks.first() {
        let place = locate(texts, mark.place);
        let _ = writeln!(all, "{}:{}", place.path, place.start.line);
    }
    all.trim_end().to_owned()
}

/// `20161010`; nothing for an end of time.
pub(crate) fn date(day: Day) -> Option<String> {
    day.date().map(|date| date.format("%Y%m%d").to_string())
}

/// A TEXT value (RFC 5545, 3.3.11): line breaks are kept, every other hidden character is shown.
pub(crate) fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len().saturating_add(8));
    for c in raw.chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            // The backslash of what is shown instead is escaped like any other.
            _ => match escape::shown(c) {
                Some(shown) => out.push_str(&shown.replace('\\', "\\\\")),
                None => out.push(c),
            },
        }
    }
    out
}

/// Writes a content line, folded where it is longer than a line may be, never inside a character.
pub(crate) fn folded(line: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut room = OCTETS;
    let mut rest = line;
    loop {
        if rest.len() <= room {
            return write!(out, "{rest}\r\n");
        }
        let cut = (0..=room).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(0);
        let (now, later) = rest.split_at(cut);
        write!(out, "{now}\r\n ")?;
        rest = later;
        // The space that begins the line counts.
        room = OCTETS - 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fold(line: &str) -> String {
        let mut out = Vec::new();
        folded(line, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn text_is_escaped_and_hidden_characters_are_shown() {
        assert_eq!(text("a;b,c\\d\ne\r\t\u{202e}"), "a\\;b\\,c\\\\d\\ne\\\\r\\\\t\\\\u{202e}");
        assert_eq!(text("END:VEVENT\r\nBEGIN:VALARM"), "END:VEVENT\\\\r\\nBEGIN:VALARM");
        assert_eq!(text("Zoë, 委員会"), "Zoë\\, 委員会");
    }

    proptest! {
        #[test]
        fn folding_keeps_every_character_and_no_line_is_too_long(line in "[^\r\n]{0,300}") {
            let folded = fold(&line);
            let unfolded = folded.replace("\r\n ", "");
            prop_assert_eq!(unfolded, format!("{line}\r\n"));
            for part in folded.trim_end_matches("\r\n").split("\r\n") {
                prop_assert!(part.len() <= OCTETS, "{} octets", part.len());
            }
        }

        #[test]
        fn no_text_ends_its_line(raw in any::<String>()) {
            let escaped = text(&raw);
            prop_assert!(!escaped.chars().any(escape::is_hidden));
            // Every separator and every backslash is behind a backslash.
            let mut chars = escaped.chars();
            while let Some(c) = chars.next() {
                match c {
                    '\\' => prop_assert!(matches!(chars.next(), Some('\\' | ';' | ',' | 'n'))),
                    c => prop_assert!(c != ';' && c != ','),
                }
            }
        }
    }
}
