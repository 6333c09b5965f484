//! The iCalendar format (RFC 5545), for every list of days that a calendar program can show: one writer,
//! so that one place folds, escapes and numbers.

use std::io::{self, Write};

use chrono::{NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::{OffsetComponents, OffsetName, Tz};

use crate::{day::Day, render::escape};

/// The most octets of a line, without its line break (RFC 5545, 3.1).
const OCTETS: usize = 75;

/// A calendar, without its events.
pub(crate) struct Calendar<'c> {
    /// Which part of the tool made it.
    pub(crate) maker: &'static str,
    /// What it is called.
    pub(crate) name: &'c str,
    /// The time zone of its hours.
    pub(crate) zone: Option<Tz>,
}

/// When an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begins {
    /// Whole days: the first, and the last.
    Days(Day, Day),
    /// At an hour and minute of a day, in the time zone of the calendar.
    At(Day, u8, u8),
}

/// Whether an event takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// It does.
    Confirmed,
    /// Its day is not settled.
    Tentative,
    /// It was called off.
    Cancelled,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// What makes it the same event in a later run: 16 hex digits.
    pub(crate) uid: String,
    /// The day judged, for two runs to give the same bytes.
    pub(crate) stamp: Day,
    /// How often it changed.
    pub(crate) sequence: usize,
    /// When it is.
    pub(crate) begins: Begins,
    /// What it is.
    pub(crate) summary: String,
    /// More of it.
    pub(crate) description: String,
    /// Where it is; empty where nobody says.
    pub(crate) location: String,
    /// Of which sort it is.
    pub(crate) categories: String,
    /// Whether it takes place, where that is known.
    pub(crate) status: Option<Status>,
    /// Whether those who have it in their calendar are busy then.
    pub(crate) blocks_time: bool,
}

impl Calendar<'_> {
    /// Writes the calendar. Events of which no day can be drawn stay out.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub(crate) fn write(&self, events: impl Iterator<Item = Event>, out: &mut dyn Write) -> io::Result<()> {
        let events: Vec<Event> = events.collect();
        let maker = format!("PRODID:-//quorate//{}//EN", self.maker);
        for line in ["BEGIN:VCALENDAR", "VERSION:2.0", &maker, "CALSCALE:GREGORIAN", "METHOD:PUBLISH"] {
            folded(line, out)?;
        }
        folded(&format!("X-WR-CALNAME:{}", text(self.name)), out)?;
        if let Some(zone) = self.zone {
            folded(&format!("X-WR-TIMEZONE:{}", zone.name()), out)?;
            for line in timezone(zone, years(&events)) {
                folded(&line, out)?;
            }
        }
        for line in events.iter().filter_map(|event| self.event(event)).flatten() {
            folded(&line, out)?;
        }
        folded("END:VCALENDAR", out)
    }

    /// The lines of one event; nothing where no day can be drawn.
    fn event(&self, event: &Event) -> Option<Vec<String>> {
        let mut lines = vec![
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}@quorate", event.uid),
            format!("DTSTAMP:{}T000000Z", date(event.stamp)?),
            format!("SEQUENCE:{}", event.sequence),
        ];
        match (event.begins, self.zone) {
            (Begins::At(day, hour, minute), Some(zone)) => {
                lines.push(format!("DTSTART;TZID={}:{}T{hour:02}{minute:02}00", zone.name(), date(day)?));
            }
            (Begins::At(day, ..), None) => lines.extend(days(day, day)?),
            (Begins::Days(first, last), _) => lines.extend(days(first, last)?),
        }
        lines.push(format!("SUMMARY:{}", text(&event.summary)));
        lines.push(format!("DESCRIPTION:{}", text(&event.description)));
        if !event.location.is_empty() {
            lines.push(format!("LOCATION:{}", text(&event.location)));
        }
        lines.push(format!("CATEGORIES:{}", text(&event.categories)));
        let status = event.status.map(|status| match status {
            Status::Confirmed => "STATUS:CONFIRMED",
            Status::Tentative => "STATUS:TENTATIVE",
            Status::Cancelled => "STATUS:CANCELLED",
        });
        lines.extend(status.map(str::to_owned));
        lines.push(format!("TRANSP:{}", if event.blocks_time { "OPAQUE" } else { "TRANSPARENT" }));
        lines.push("END:VEVENT".to_owned());
        Some(lines)
    }
}

/// Whole days: the end is the first day after.
fn days(first: Day, last: Day) -> Option<[String; 2]> {
    let (first, after) = (date(first)?, date(last.plus_days(1))?);
    Some([format!("DTSTART;VALUE=DATE:{first}"), format!("DTEND;VALUE=DATE:{after}")])
}

/// The years of the events with an hour: outside of them nothing is asked of the time zone.
fn years(events: &[Event]) -> Option<(i32, i32)> {
    let hours = events.iter().filter_map(|event| match event.begins {
        Begins::At(day, ..) if day.is_finite() => Some(day.year()),
        _ => None,
    });
    hours.fold(None, |span, year| {
        let (first, last) = span.unwrap_or((year, year));
        Some((first.min(year), last.max(year)))
    })
}

/// What a zone does to the clock at an instant: seconds to UTC, whether it is summer time, its name.
type Clock = (i32, bool, String);

fn clock(zone: Tz, at: NaiveDateTime) -> Clock {
    let offset = zone.offset_from_utc_datetime(&at);
    let name = offset.abbreviation().unwrap_or_default().to_owned();
    (offset.fix().local_minus_utc(), !offset.dst_offset().is_zero(), name)
}

/// The changes of a zone's clock over some years, each as an observance of its own, after the one that
/// held when they began (RFC 5545, 3.6.5). Nothing where no event has an hour.
fn timezone(zone: Tz, years: Option<(i32, i32)>) -> Vec<String> {
    let begin = |year: i32| chrono::NaiveDate::from_ymd_opt(year, 1, 1).and_then(|day| day.and_hms_opt(0, 0, 0));
    let span = years.and_then(|(first, last)| Some((begin(first)?, begin(last.checked_add(1)?)?)));
    let Some((mut at, end)) = span else { return Vec::new() };
    let mut lines = vec!["BEGIN:VTIMEZONE".to_owned(), format!("TZID:{}", zone.name())];
    let mut now = clock(zone, at);
    lines.extend(observance(at, &now, &now));
    while at < end {
        let Some(next) = at.checked_add_signed(TimeDelta::days(1)) else { break };
        let then = clock(zone, next);
        if then != now {
            let change = change(zone, at, next);
            // The local time of the change is told by the clock that held before it.
            let local = change.checked_add_signed(TimeDelta::seconds(now.0.into())).unwrap_or(change);
            lines.extend(observance(local, &now, &then));
        }
        (at, now) = (next, then);
    }
    lines.push("END:VTIMEZONE".to_owned());
    lines
}

/// The first instant, to the second, of the clock that holds at the second of two instants.
fn change(zone: Tz, mut before: NaiveDateTime, mut after: NaiveDateTime) -> NaiveDateTime {
    let first = clock(zone, before);
    loop {
        let apart = after.signed_duration_since(before).num_seconds();
        let middle = before.checked_add_signed(TimeDelta::seconds(apart.checked_div(2).unwrap_or(0)));
        let Some(middle) = middle.filter(|middle| *middle > before) else { return after };
        if clock(zone, middle) == first {
            before = middle;
        } else {
            after = middle;
        }
    }
}

fn observance(local: NaiveDateTime, from: &Clock, to: &Clock) -> Vec<String> {
    let sort = if to.1 { "DAYLIGHT" } else { "STANDARD" };
    vec![
        format!("BEGIN:{sort}"),
        format!("DTSTART:{}", local.format("%Y%m%dT%H%M%S")),
        format!("TZOFFSETFROM:{}", offset(from.0)),
        format!("TZOFFSETTO:{}", offset(to.0)),
        format!("TZNAME:{}", text(&to.2)),
        format!("END:{sort}"),
    ]
}

/// `+0100`.
fn offset(seconds: i32) -> String {
    let minutes = seconds.unsigned_abs().checked_div(60).unwrap_or(0);
    let (hours, minutes) = (minutes.checked_div(60).unwrap_or(0), minutes.checked_rem(60).unwrap_or(0));
    format!("{}{hours:02}{minutes:02}", if seconds < 0 { '-' } else { '+' })
}

/// `20161010`; nothing for an end of time.
fn date(day: Day) -> Option<String> {
    day.date().map(|date| date.format("%Y%m%d").to_string())
}

/// A TEXT value (RFC 5545, 3.3.11): line breaks are kept, every other hidden character is shown.
fn text(raw: &str) -> String {
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
fn folded(line: &str, out: &mut dyn Write) -> io::Result<()> {
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
