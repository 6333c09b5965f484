//! `variations`: what instruments do to provisions, from when and until when.

use super::{Desk, Findings, Publication, Written, model::Line, table};
use crate::record::{Kind, Record, instrument::Instrument};

pub(super) const PUBLICATION: Publication = Publication {
    name: "variations",
    doc: "what each instrument does to which provision, from when and until when",
    title: "Register of variations",
    reads: &[Kind::Instrument],
    write,
};

fn write(desk: &Desk<'_>, _: &Findings<'_>) -> Written {
    let all = desk.all(Kind::Instrument).filter_map(|record| Some((record, record.instrument()?)));
    let rows = all.flat_map(|(record, one)| rows(desk, record, one));
    let columns = ["Provision", "Does", "From", "Up to, not including", "Instrument"];
    vec![table("Variations", columns, rows.collect(), "No variation is recorded.")].into()
}

fn rows(desk: &Desk<'_>, record: &Record, one: &Instrument) -> Vec<Vec<Line>> {
    let effects = one.effect.iter().enumerate();
    let row = |(at, it): (usize, &crate::record::instrument::Effect)| {
        let field = |key: &str| format!("effect[{at}].{key}");
        vec![
            Desk::words(record, &field("provision"), &it.provision).into(),
            Desk::word(record, &field("does"), &it.does).into(),
            Desk::date(record, &field("from"), &it.from).into(),
            Desk::date(record, &field("until"), &it.until).into(),
            desk.called(record).into(),
        ]
    };
    effects.map(row).collect()
}
