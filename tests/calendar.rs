//! `quorate report calendar --format ics`, read back by a parser that is none of ours: entries keep their
//! identity when their day moves, and what a record says stays text.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime, TimeZone};
use icalendar::parser::{Component, read_calendar, unfold};
use quorate::render::escape;

use crate::common::{Repo, copy, manifest, orchard, quorate};

/// One event: its properties by name, each with its value as a calendar program has it.
pub(crate) type Event = BTreeMap<String, String>;

/// The components of a calendar: time zones, then events.
pub(crate) struct Read {
    pub(crate) zones: Vec<(Event, Vec<Event>)>,
    pub(crate) events: Vec<Event>,
}

fn properties(component: &Component<'_>) -> Event {
    let one = |property: &icalendar::parser::Property<'_>| {
        let params = property.params.iter().map(|param| format!(";{}={}", param.key, param.val.as_ref().unwrap()));
        (format!("{}{}", property.name, params.collect::<String>()), property.val.to_string())
    };
    component.properties.iter().map(one).collect()
}

/// Reads a calendar, and holds it against what RFC 5545 asks of every one.
pub(crate) fn read(text: &str) -> Read {
    for line in text.split_terminator("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.contains(['\r', '\n']), "{line:?}");
    }
    assert!(text.ends_with("END:VCALENDAR\r\n"));
    let unfolded = unfold(text);
    let calendar = read_calendar(&unfolded).unwrap();
    let head: BTreeSet<&str> = calendar.properties.iter().map(|one| one.name.as_str()).collect();
    for name in ["VERSION", "PRODID", "METHOD", "CALSCALE"] {
        assert!(head.contains(name), "{name}");
    }
    let mut read = Read { zones: Vec::new(), events: Vec::new() };
    for component in &calendar.components {
        let own = properties(component);
        match component.name.as_str() {
            "VTIMEZONE" => read.zones.push((own, component.components.iter().map(properties).collect())),
            "VEVENT" => {
                for name in ["UID", "DTSTAMP", "SEQUENCE", "SUMMARY", "STATUS"] {
                    assert!(own.contains_key(name), "{name}: {own:?}");
                }
                assert!(component.components.is_empty());
                read.events.push(own);
            }
            other => panic!("{other}"),
        }
    }
    let uids: BTreeSet<&String> = read.events.iter().map(|event| &event["UID"]).collect();
    assert_eq!(uids.len(), read.events.len(), "no two events share a UID");
    read
}

/// What a calendar program shows of an event.
pub(crate) fn summary(event: &Event) -> String {
    event["SUMMARY"].clone()
}

fn calendar(repo: &Repo, on: &str) -> Read {
    let run = quorate(repo.root(), &["report", "calendar", "--on", on, "--format", "ics"]);
    assert_eq!(run.status, 0, "{run:?}");
    read(&run.stdout)
}

fn shipped() -> Repo {
    let repo = Repo::plain();
    for folder in ["registry", "rules"] {
        copy(&manifest().join(folder), &repo.root().join(folder));
    }
    repo
}

/// The orchard with one more meeting of its board.
fn with_meeting(says: &str) -> Repo {
    let repo = orchard();
    put(&repo, says);
    repo
}

fn put(repo: &Repo, says: &str) {
    let text = format!("source = [\"minutes\"]\nnumber = 77\n{says}");
    repo.write("registry/meetings/board/special.toml", text);
}

fn special(repo: &Repo) -> Event {
    let events = calendar(repo, "2016-12-01").events;
    let mut all = events.into_iter().filter(|event| event["DESCRIPTION"].contains("meetings/board/special"));
    let one = all.next().unwrap();
    assert_eq!(all.next(), None);
    one
}

#[test]
fn every_entry_of_the_table_is_an_event() {
    let repo = shipped();
    let json = quorate(repo.root(), &["report", "calendar", "--format", "json"]).json();
    let rows = json["blocks"][0]["rows"].as_array().unwrap().len();
    let entries = json["entries"].as_array().unwrap();
    let events = calendar(&repo, "2016-09-30").events;
    assert!(rows > 30 && rows == entries.len() && rows == events.len(), "{rows} {}", events.len());
    for (entry, event) in entries.iter().zip(&events) {
        assert_eq!(entry["uid"], event["UID"]);
        assert!(summary(event).contains(&escape::line(entry["title"]["text"].as_str().unwrap()).into_owned()));
    }
}

#[test]
fn an_event_that_moves_keeps_its_uid_and_raises_its_sequence() {
    let repo = with_meeting("planned = 2016-12-14\n");
    let first = special(&repo);
    put(&repo, "planned = 2016-12-14\nmoved-to = [2016-12-16]\n");
    let moved = special(&repo);
    put(&repo, "planned = 2016-12-14\nmoved-to = [2016-12-16, 2016-12-20]\n");
    let again = special(&repo);
    assert_eq!([&first["UID"], &moved["UID"]], [&moved["UID"], &again["UID"]]);
    assert_eq!([&*first["SEQUENCE"], &*moved["SEQUENCE"], &*again["SEQUENCE"]], ["0", "1", "2"]);
    let day = "DTSTART;VALUE=DATE";
    assert_eq!([&*first[day], &*moved[day], &*again[day]], ["20161214", "20161216", "20161220"]);
    assert_eq!(first["STATUS"], "CONFIRMED");
}

#[test]
fn an_event_that_is_called_off_is_cancelled() {
    let repo = with_meeting("planned = 2016-12-14\n");
    let first = special(&repo);
    put(&repo, "planned = 2016-12-14\ncancelled = 2016-11-30\n");
    let off = special(&repo);
    assert_eq!((&first["UID"], &*off["STATUS"], &*off["SEQUENCE"]), (&off["UID"], "CANCELLED", "1"));
    // On the day before, nobody knew.
    let before = calendar(&repo, "2016-11-29");
    let before = before.events.iter().find(|event| event["UID"] == off["UID"]).unwrap();
    assert_eq!((&*before["STATUS"], &*before["SEQUENCE"]), ("CONFIRMED", "0"));
}

#[test]
fn a_day_known_in_part_is_tentative_and_lasts_as_long_as_it_may() {
    let repo = with_meeting("planned = \"2016-12\"\n");
    let event = special(&repo);
    assert_eq!(event["STATUS"], "TENTATIVE");
    assert_eq!((&*event["DTSTART;VALUE=DATE"], &*event["DTEND;VALUE=DATE"]), ("20161201", "20170101"));
    assert!(summary(&event).ends_with("(day not recorded)"));
}

/// The hour is that of the clock in London, and the calendar says how that clock runs.
#[test]
fn an_hour_is_one_of_the_codes_time_zone_which_the_calendar_describes() {
    let read = calendar(&shipped(), "2016-09-30");
    let hours: Vec<&Event> =
        read.events.iter().filter(|event| event.contains_key("DTSTART;TZID=Europe/London")).collect();
    assert_eq!(hours.len(), 2);
    let [(zone, observances)] = &read.zones[..] else { panic!("one zone") };
    assert_eq!(zone["TZID"], "Europe/London");
    let local = |text: &str| NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").unwrap();
    for event in hours {
        let at = local(&event["DTSTART;TZID=Europe/London"]);
        let last =
            observances.iter().filter(|one| local(&one["DTSTART"]) <= at).max_by_key(|one| local(&one["DTSTART"]));
        let wanted = chrono_tz::Europe::London.from_local_datetime(&at).unwrap().format("%z %Z").to_string();
        let last = last.unwrap();
        assert_eq!(format!("{} {}", last["TZOFFSETTO"], last["TZNAME"]), wanted);
    }
    let changes: BTreeSet<&str> = observances.iter().map(|one| &*one["DTSTART"]).collect();
    assert!(changes.contains("20160327T010000") && changes.contains("20161030T020000"), "{changes:?}");
}

#[test]
fn an_event_of_several_days_ends_after_its_last() {
    let repo = orchard();
    let event = "source = [\"minutes\"]\ntitle = \"Harvest\"\non = 2016-12-05\nuntil = 2016-12-07\nplace = \"The barn; upper floor\"\n";
    repo.write("registry/events/harvest.toml", event);
    let read = calendar(&repo, "2016-12-01");
    let event = read.events.iter().find(|event| summary(event).contains("Harvest")).unwrap();
    assert_eq!((&*event["DTSTART;VALUE=DATE"], &*event["DTEND;VALUE=DATE"]), ("20161205", "20161208"));
    assert_eq!(event["LOCATION"], "The barn; upper floor");
}

#[test]
fn two_runs_give_the_same_bytes_and_the_stamp_is_the_day_judged() {
    let repo = shipped();
    let run = || quorate(repo.root(), &["report", "calendar", "--format", "ics"]).stdout;
    assert_eq!(run(), run());
    let read = read(&run());
    let day = NaiveDate::from_ymd_opt(2016, 9, 30).unwrap().format("%Y%m%dT000000Z").to_string();
    assert!(read.events.iter().all(|event| event["DTSTAMP"] == day));
}

#[test]
fn what_is_due_is_read_back_as_well() {
    let run = quorate(shipped().root(), &["due", "--format", "ics"]);
    let text = run.stdout.replace("SUMMARY", "STATUS:CONFIRMED\r\nSUMMARY");
    assert!(read(&text).events.len() > 5, "{run:?}");
}

#[test]
fn a_report_without_days_is_no_calendar() {
    let run = quorate(shipped().root(), &["report", "seats", "--format", "ics"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("the report `seats` is no calendar"), "{run:?}");
}
