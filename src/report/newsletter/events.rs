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
    let first = ("on", &event.on);
    let (moved_to, held, cancelled) = (&event.moved_to, &event.held, &event.cancelled);
    lines::standing(desk, record, &lines::Planned { first, moved_to, held, cancelled })
}
