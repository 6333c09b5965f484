//! Events of the period, and those that are coming.

use super::{
    super::{
        desk::Desk,
        model::{Block, Line, Token},
    },
    lines,
};
use crate::record::{Body, Kind, Record, event::CalendarEvent};

pub(super) fn write(desk: &Desk<'_>) -> Vec<Block> {
    let rows = desk.all(Kind::Event).filter_map(|record| match &record.body {
        Body::Event(event) if is_told(desk, event) => Some(row(desk, record, event)),
        _ => None,
    });
    let columns = ["Event", "Day", "Until", "By", "Place", "Booking", "Standing", "About"];
    vec![lines::section("Events"), lines::table(desk, Kind::Event, "Events", &columns, rows.collect())]
}

fn is_told(desk: &Desk<'_>, event: &CalendarEvent) -> bool {
    let day = event.moved_to.items.last().unwrap_or(&event.on);
    day.known().is_some_and(|when| desk.in_period(day).possible() || lines::is_near(desk, *when).possible())
}

fn row(desk: &Desk<'_>, record: &Record, event: &CalendarEvent) -> Vec<Line> {
    vec![
        Desk::words(record, "title", &event.title).into(),
        Desk::moved(record, "on", &event.on, &event.moved_to).into(),
        lines::given(&event.until, |fact| Desk::date(record, "until", fact)),
        desk.actor(record, "by", &event.by).into(),
        Desk::words(record, "place", &event.place).into(),
        Desk::words(record, "booking", &event.booking).into(),
        standing(desk, record, event).into(),
        Desk::summary(record, &event.summary).unwrap_or_default(),
    ]
}

fn standing(desk: &Desk<'_>, record: &Record, event: &CalendarEvent) -> Token {
    let cancelled = Desk::source(record, "cancelled", event.cancelled.span);
    let held = Desk::source(record, "held", event.held.span);
    let on = Desk::source(record, "on", event.on.span);
    if desk.has_come(&event.cancelled).possible() {
        return Desk::status("called off", "it was called off by then", vec![cancelled]);
    }
    if desk.has_come(&event.held).certain() {
        return Desk::status("held", format!("the day it was held had come by {}", desk.on), vec![held]);
    }
    if desk.is_ahead(event.moved_to.items.last().unwrap_or(&event.on).when()) {
        return Desk::status("planned", format!("its day comes after {}", desk.on), vec![on]);
    }
    Desk::status("not recorded", "nothing says whether it was held", vec![on])
}
