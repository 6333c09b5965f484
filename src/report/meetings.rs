//! `meetings`: every meeting, by body: planned, moved, held or called off, minutes, who came, business.

use super::{Desk, Findings, Period, Publication, Written, lines, model::Line, newsletter::bodies::item};
use crate::record::{Kind, Record, meeting::Meeting};

pub(super) const PUBLICATION: Publication = Publication {
    name: "meetings",
    doc: "every meeting by body: planned, moved, held or called off, minutes, how many came, business",
    title: "Register of meetings",
    reads: &[Kind::Meeting, Kind::Body],
    period: Period::Day,
    write,
};

const COLUMNS: &[&str] = &[
    "Id",
    "Body",
    "Number",
    "First planned",
    "Moved to",
    "Held",
    "Called off",
    "Standing",
    "Notice given",
    "Minutes published",
    "Came",
    "Business",
];

fn write(desk: &Desk<'_>, _: &Findings<'_>) -> Written {
    let all = lines::by_body(desk, Kind::Meeting).into_iter().filter_map(|record| Some((record, record.meeting()?)));
    let rows = all.filter(|(_, one)| is_told(desk, one)).map(|(record, one)| row(desk, record, one));
    lines::register(desk, Kind::Meeting, "Meetings", COLUMNS, rows.collect()).into()
}

/// Planned, or held or called off by the day: of a meeting that was only held later nothing was known.
fn is_told(desk: &Desk<'_>, one: &Meeting) -> bool {
    let planned = !one.planned.is_absent() || !one.moved_to.items.is_empty();
    let over = [&one.held, &one.cancelled];
    planned || over.iter().any(|day| desk.has_come(day).possible()) || over.iter().all(|day| day.is_absent())
}

fn row(desk: &Desk<'_>, record: &Record, one: &Meeting) -> Vec<Line> {
    let first = ("planned", &one.planned);
    let (moved_to, held, cancelled) = (&one.moved_to, &one.held, &one.cancelled);
    let is_over = desk.has_come(held).possible();
    let day = |(at, fact)| Desk::date(record, &format!("moved-to[{at}]"), fact).into();
    let business = lines::entries(&one.item).map(|(at, it)| item(desk, record, at, it, is_over));
    vec![
        Desk::id(record).into(),
        desk.parent(record).into(),
        Desk::number(record, "number", &one.number).into(),
        Desk::date(record, "planned", &one.planned).into(),
        Line::joined(moved_to.items.iter().enumerate().map(day), ", then "),
        lines::happened(desk, record, "held", held).into(),
        lines::given(cancelled, |fact| lines::happened(desk, record, "cancelled", fact)),
        lines::standing(desk, record, &lines::Planned { first, moved_to, held, cancelled }).into(),
        lines::happened(desk, record, "notice-given", &one.notice_given).into(),
        minutes(desk, record, one),
        if is_over { came(desk, record, one) } else { Line::default() },
        Line::joined(business, " / "),
    ]
}

fn minutes(desk: &Desk<'_>, record: &Record, one: &Meeting) -> Line {
    match one.minutes.known() {
        Some(minutes) => lines::happened(desk, record, "minutes.published", &minutes.published).into(),
        None => Desk::unknown(record, "minutes", &one.minutes).into(),
    }
}

/// How many came; a list left out says nothing of it.
fn came(desk: &Desk<'_>, record: &Record, one: &Meeting) -> Line {
    if one.attendance.is_absent() || one.attendance.is_open() {
        return lines::not_listed(record, "attendance", &one.attendance).into();
    }
    let each = one.attendance.items.iter().enumerate();
    let sources = each.map(|(at, one)| Desk::source(record, &format!("attendance[{at}]"), one.span)).collect();
    desk.count(&record.subject(), sources).into()
}
