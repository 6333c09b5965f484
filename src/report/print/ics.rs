//! `ics`: the entries of a calendar as iCalendar, which any calendar program can subscribe to. An entry
//! keeps its `UID` when its day moves, and its `SEQUENCE` rises; one that was called off is cancelled.

use chrono_tz::Tz;

use super::flag;
use crate::{
    day::Day,
    render::{
        escape,
        ics::{Begins, Calendar, Event, Status},
        locate,
    },
    report::model::{Document, Entry, Line, Part},
    text::Texts,
};

/// Prints the entries. An hour is one of the document's time zone.
pub fn ics(document: &Document, texts: &Texts) -> String {
    let draft = if document.is_draft() { "DRAFT, not to be published: " } else { "" };
    let name = format!("{draft}{}: {}", document.code, document.title);
    let zone: Option<Tz> = document.time_zone.parse().ok();
    let calendar = Calendar { maker: "report", name: &name, zone };
    let stamp = Day::parse(&document.on).unwrap_or(Day::LATEST);
    let mut out = Vec::new();
    let written = calendar.write(document.entries.iter().map(|entry| event(document, entry, stamp, texts)), &mut out);
    debug_assert!(written.is_ok(), "memory takes whatever is written");
    String::from_utf8(out).unwrap_or_default()
}

fn event(document: &Document, entry: &Entry, stamp: Day, texts: &Texts) -> Event {
    let exact = entry.when.day().filter(|day| *day == entry.last);
    let begins = match (exact, entry.when.time) {
        (Some(day), Some((hour, minute))) => Begins::At(day, hour, minute),
        _ => Begins::Days(entry.when.first, entry.last),
    };
    let is_settled = entry.when.day().is_some();
    let status = match (entry.cancelled, is_settled) {
        (true, _) => Status::Cancelled,
        (false, true) => Status::Confirmed,
        (false, false) => Status::Tentative,
    };
    let who = said(document, &entry.who);
    let title = said(document, &entry.title);
    let title = if who.is_empty() { title } else { format!("{who}: {title}") };
    let kind = entry.subject.split('/').next().unwrap_or_default().to_owned();
    Event {
        uid: entry.uid(),
        stamp,
        sequence: entry.sequence,
        begins,
        summary: if is_settled { title } else { format!("{title} (day not recorded)") },
        description: description(entry, texts),
        location: said(document, &entry.place),
        categories: kind,
        status: Some(status),
        blocks_time: is_settled && !entry.cancelled,
    }
}

/// Record, standing, and where the day stands: a line each.
fn description(entry: &Entry, texts: &Texts) -> String {
    let place = entry.date.sources.first().and_then(|source| source.place);
    let place = place.map(|place| {
        let place = locate(texts, place);
        format!("{}:{}", place.path, place.start.line)
    });
    let lines = [Some(entry.subject.clone()), Some(entry.standing.text.clone()), place];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// A line of text: a summary has no line breaks.
fn said(document: &Document, line: &Line) -> String {
    let part = |part: &Part| match part {
        Part::Plain(text) => text.to_string(),
        Part::Token(token) => token.text.clone(),
        Part::Flag(at) => document.findings.get(*at).map_or(String::new(), |one| format!(" {}", flag(one))),
    };
    escape::line(&line.0.iter().map(part).collect::<String>()).into_owned()
}
