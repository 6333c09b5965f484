//! Consultations that were open in the period.

use super::{
    super::{
        desk::Desk,
        model::{Block, Line, Token},
    },
    lines,
};
use crate::record::{Body, Kind, Record, consultation::Consultation};

pub(super) fn write(desk: &Desk<'_>) -> Vec<Block> {
    let rows = desk.all(Kind::Consultation).filter_map(|record| match &record.body {
        Body::Consultation(one) if is_told(desk, one) => Some(row(desk, record, one)),
        _ => None,
    });
    let columns =
        ["Consultation", "Summary", "By", "Opened", "Closes", "Standing", "Answer due", "Answer published", "About"];
    vec![
        lines::section("Consultations"),
        lines::table(desk, Kind::Consultation, "Consultations", &columns, rows.collect()),
    ]
}

/// Opened by the day for certain, and not closed and answered before the period.
fn is_told(desk: &Desk<'_>, one: &Consultation) -> bool {
    let closes = one.moved_to.items.last().unwrap_or(&one.closes).when();
    let over = closes.is_some_and(|when| when.last < desk.from);
    let answered_now = one.response.known().is_some_and(|answer| {
        [&answer.due, &answer.published].iter().any(|day| day.known().is_some() && desk.in_period(day).possible())
    });
    desk.has_come(&one.opened).certain() && (!over || answered_now)
}

fn row(desk: &Desk<'_>, record: &Record, one: &Consultation) -> Vec<Line> {
    let [due, published] = answer(desk, record, one);
    vec![
        Desk::words(record, "title", &one.title).into(),
        Desk::summary(record, &one.summary).unwrap_or_default(),
        desk.actor(record, "by", &one.by).into(),
        Desk::date(record, "opened", &one.opened).into(),
        Desk::moved(record, "closes", &one.closes, &one.moved_to).into(),
        standing(desk, record, one).into(),
        due.into(),
        published.into(),
        lines::about(desk, record, "about", &one.about),
    ]
}

/// When the answer is due, and when it was published.
pub(in crate::report) fn answer(desk: &Desk<'_>, record: &Record, one: &Consultation) -> [Token; 2] {
    let Some(answer) = one.response.known() else {
        return [(); 2].map(|()| Desk::date(record, "response", &lines::left_out(record)));
    };
    [
        Desk::date(record, "response.due", &answer.due),
        lines::happened(desk, record, "response.published", &answer.published),
    ]
}

/// The last day for responses counts: on it, the consultation is open.
pub(in crate::report) fn standing(desk: &Desk<'_>, record: &Record, one: &Consultation) -> Token {
    let (field, fact) = Desk::stands_at("closes", &one.closes, &one.moved_to);
    let how = format!("its last day against {}", desk.on);
    let sources = vec![Desk::source(record, &field, fact.span)];
    match fact.when() {
        Some(when) if when.first >= desk.on => Desk::status("open", how, sources),
        Some(when) if when.last < desk.on => Desk::status("closed", how, sources),
        _ => {
            Desk::status("not recorded", format!("whether its last day comes before {} is not known", desk.on), sources)
        }
    }
}
