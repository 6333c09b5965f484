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
    render::{
        ics::{Begins, Calendar, Event},
        locate,
    },
    text::Texts,
};

/// Prints the agenda as one calendar, named after the code. What has no last day stays out.
///
/// # Errors
///
/// Those of the writer.
pub fn ics(agenda: &Agenda, texts: &Texts, code: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    let name = if code.is_empty() { "Due".to_owned() } else { format!("{code}: due") };
    let calendar = Calendar { maker: "due", name: &name, zone: None };
    let events = agenda.entries.iter().filter_map(|entry| event(entry, agenda.on, texts));
    calendar.write(events, &mut out)?;
    out.flush()
}

/// One event; nothing where no day can be drawn.
fn event(entry: &Entry, on: Day, texts: &Texts) -> Option<Event> {
    let last = entry.by.last;
    let nature = match (entry.nature, entry.overdue) {
        (_, true) => "overdue",
        (nature, false) => nature.word(),
    };
    let mark = if entry.overdue { "OVERDUE: " } else { "" };
    Some(Event {
        uid: entry.fingerprint(),
        stamp: on,
        sequence: 0,
        begins: Begins::Days(if entry.by.first.is_finite() { entry.by.first } else { last }, last),
        summary: format!("{mark}{}: {}", entry.title.as_ref().unwrap_or(&entry.subject), entry.what),
        description: description(entry, texts),
        location: String::new(),
        categories: nature.to_owned(),
        status: None,
        blocks_time: entry.nature == Nature::Plan,
    })
    .filter(|_| last.is_finite())
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
