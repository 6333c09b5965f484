//! `consultations`: who asked what, and until when.

use super::{Desk, Findings, Publication, Written, model::Line, newsletter::lines::about, table};
use crate::record::{Body, Kind, Record, consultation::Consultation};

pub(super) const PUBLICATION: Publication = Publication {
    name: "consultations",
    doc: "every consultation: by whom, opened, closes, about what",
    title: "Register of consultations",
    reads: &[Kind::Consultation],
    write,
};

fn write(desk: &Desk<'_>, _: &Findings<'_>) -> Written {
    let rows = desk.all(Kind::Consultation).filter_map(|record| match &record.body {
        Body::Consultation(one) => Some(row(desk, record, one)),
        _ => None,
    });
    let columns = ["Id", "Title", "By", "Opened", "Closes", "About"];
    vec![table("Consultations", columns, rows.collect(), "No consultation is recorded.")].into()
}

fn row(desk: &Desk<'_>, record: &Record, one: &Consultation) -> Vec<Line> {
    vec![
        Desk::id(record).into(),
        Desk::words(record, "title", &one.title).into(),
        desk.actor(record, "by", &one.by).into(),
        Desk::date(record, "opened", &one.opened).into(),
        Desk::moved(record, "closes", &one.closes, &one.moved_to).into(),
        about(desk, record, "about", &one.about),
    ]
}
