//! `consultations`: who asked what, and until when.

use super::{
    Desk, Findings, Period, Publication, Written, lines,
    model::Line,
    newsletter::consultations::{answer, standing},
};
use crate::record::{Kind, Record, consultation::Consultation};

pub(super) const PUBLICATION: Publication = Publication {
    name: "consultations",
    doc: "every consultation: by whom, opened, closes, answered, about what",
    title: "Register of consultations",
    reads: &[Kind::Consultation],
    period: Period::Day,
    write,
};

const COLUMNS: &[&str] =
    &["Id", "Title", "By", "Opened", "Closes", "Standing", "Answer due", "Answer published", "About"];

fn write(desk: &Desk<'_>, _: &Findings<'_>) -> Written {
    let known = desk.all(Kind::Consultation).filter(|record| lines::is_born(desk, record));
    let rows = known.filter_map(|record| Some(row(desk, record, record.consultation()?)));
    lines::register(desk, Kind::Consultation, "Consultations", COLUMNS, rows.collect()).into()
}

fn row(desk: &Desk<'_>, record: &Record, one: &Consultation) -> Vec<Line> {
    let [due, published] = answer(desk, record, one);
    vec![
        Desk::id(record).into(),
        Desk::words(record, "title", &one.title).into(),
        desk.actor(record, "by", &one.by).into(),
        lines::happened(desk, record, "opened", &one.opened).into(),
        Desk::moved(record, "closes", &one.closes, &one.moved_to).into(),
        standing(desk, record, one).into(),
        due.into(),
        published.into(),
        lines::about(desk, record, "about", &one.about),
    ]
}
