//! `variations`: what instruments do to provisions, from when and until when.

use super::{Desk, Findings, Period, Publication, Written, lines, model::Line};
use crate::record::{
    Kind, Record,
    instrument::{Effect, Instrument},
};

pub(super) const PUBLICATION: Publication = Publication {
    name: "variations",
    doc: "what each instrument does to which provision, from when and until when",
    title: "Register of variations",
    reads: &[Kind::Instrument],
    period: Period::Day,
    write,
};

const COLUMNS: &[&str] = &["Provision", "Does", "From", "Up to, not including", "Instrument", "Made by", "Made"];

fn write(desk: &Desk<'_>, _: &Findings<'_>) -> Written {
    let known = desk.all(Kind::Instrument).filter(|record| lines::is_born(desk, record));
    let all = known.filter_map(|record| Some((record, record.instrument()?)));
    let rows = all.flat_map(|(record, one)| rows(desk, record, one));
    lines::register(desk, Kind::Instrument, "Variations", COLUMNS, rows.collect()).into()
}

fn rows(desk: &Desk<'_>, record: &Record, one: &Instrument) -> Vec<Vec<Line>> {
    let row = |(at, it): (usize, &Effect)| {
        let field = |key: &str| format!("effect[{at}].{key}");
        vec![
            Desk::words(record, &field("provision"), &it.provision).into(),
            Desk::word(record, &field("does"), &it.does).into(),
            Desk::date(record, &field("from"), &it.from).into(),
            Desk::date(record, &field("until"), &it.until).into(),
            desk.called(record).into(),
            desk.actor(record, "by", &one.by).into(),
            lines::happened(desk, record, "on", &one.on).into(),
        ]
    };
    lines::entries(&one.effect).map(row).collect()
}
