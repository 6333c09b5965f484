//! `deliverables`: documents and decisions that somebody owes.

use super::{
    Desk, Findings, Period, Publication, Written, lines,
    model::{Line, Token},
    newsletter::documents::{approval, is_later},
};
use crate::record::{Kind, Record, deliverable::Deliverable};

pub(super) const PUBLICATION: Publication = Publication {
    name: "deliverables",
    doc: "documents and decisions: who owes them, due, approved, published, about what",
    title: "Register of deliverables",
    reads: &[Kind::Deliverable],
    period: Period::Day,
    write,
};

const COLUMNS: &[&str] =
    &["Id", "Title", "Sort", "Owed by", "First due", "Due", "Standing", "Approved", "Published", "About"];

fn write(desk: &Desk<'_>, _: &Findings<'_>) -> Written {
    let all = desk.all(Kind::Deliverable).filter_map(|record| Some((record, record.deliverable()?)));
    let known = all.filter(|(_, one)| !is_later(desk, one));
    let rows = known.map(|(record, one)| row(desk, record, one));
    lines::register(desk, Kind::Deliverable, "Deliverables", COLUMNS, rows.collect()).into()
}

fn row(desk: &Desk<'_>, record: &Record, one: &Deliverable) -> Vec<Line> {
    vec![
        Desk::id(record).into(),
        Desk::words(record, "title", &one.title).into(),
        lines::given(&one.is, |fact| Desk::words(record, "is", fact)),
        desk.actor(record, "owner", &one.owner).into(),
        Desk::date(record, "due", &one.due).into(),
        Desk::moved(record, "due", &one.due, &one.moved_to).into(),
        standing(desk, record, one).into(),
        approval(desk, record, one),
        lines::happened(desk, record, "published", &one.published).into(),
        lines::about(desk, record, "about", &one.about),
    ]
}

/// How it stands on the day: the last day for it still counts.
fn standing(desk: &Desk<'_>, record: &Record, one: &Deliverable) -> Token {
    let approved = one.approval.known().map(|approval| &approval.on);
    if desk.has_come(&one.published).certain() {
        let how = format!("the day it was published had come by {}", desk.on);
        return Desk::status("published", how, vec![Desk::field(record, "published", &one.published)]);
    }
    if let Some(on) = approved.filter(|on| desk.has_come(on).certain()) {
        let how = format!("the day it was approved had come by {}", desk.on);
        return Desk::status("approved", how, vec![Desk::field(record, "approval.on", on)]);
    }
    let (field, due) = Desk::stands_at("due", &one.due, &one.moved_to);
    let sources = vec![Desk::field(record, &field, due), Desk::field(record, "published", &one.published)];
    match due.known() {
        Some(when) if when.last < desk.on => {
            let how = format!("its last day came before {}, and nothing says that it was published", desk.on);
            Desk::status("overdue as far as is recorded", how, sources)
        }
        Some(when) if when.first >= desk.on => {
            Desk::status("due", format!("its last day is {} or later", desk.on), sources)
        }
        Some(_) => {
            Desk::status("not recorded", format!("whether its last day is {} or later is not known", desk.on), sources)
        }
        None => Desk::status("no day recorded", "nothing says by when it is due or was published", sources),
    }
}
