//! Directions made in the period, provisions that begin or cease to be varied in it, and changes of
//! registration data.

use super::{
    super::{
        desk::Desk,
        model::{Block, Line},
    },
    lines,
};
use crate::{
    day::{Truth, When},
    decode::Fact,
    record::{Kind, Record, instrument::Instrument},
};

pub(super) fn write(desk: &Desk<'_>) -> Vec<Block> {
    let mut blocks = vec![lines::section("Directions, variations and registration data")];
    let all = || desk.all(Kind::Instrument).filter_map(|record| Some((record, record.instrument()?)));
    let made: Vec<_> = all().filter(|(_, one)| is_made(desk, one)).collect();
    if made.is_empty() {
        blocks.push(Block::Paragraph(lines::none(desk, Kind::Instrument, "Directions of the period")));
    }
    for (record, one) in made {
        direction(desk, record, one, &mut blocks);
    }
    let rows: Vec<_> = all().flat_map(|(record, one)| effects(desk, record, one)).collect();
    let columns = ["Direction", "Does", "Provision", "From", "Up to, not including"];
    blocks.push(lines::table(desk, Kind::Instrument, "Provisions that changed", &columns, rows));
    let rows: Vec<_> = desk.all(Kind::Party).flat_map(|record| feeds(desk, record)).collect();
    let columns = ["Party", "Provider", "Data", "From", "Up to, not including"];
    blocks.push(lines::table(desk, Kind::Party, "Registration data that started or ended", &columns, rows));
    blocks
}

/// Made by the day for certain, and in the period, as far as is known.
fn is_made(desk: &Desk<'_>, one: &Instrument) -> bool {
    desk.has_come(&one.on).certain() && is_inside(desk, &one.on)
}

/// In the period, as far as is known; not where nothing is known of the day.
fn is_inside(desk: &Desk<'_>, fact: &Fact<When>) -> bool {
    fact.known().is_some() && desk.in_period(fact).possible() && desk.has_come(fact) != Truth::No
}

fn direction(desk: &Desk<'_>, record: &Record, one: &Instrument, blocks: &mut Vec<Block>) {
    blocks.push(lines::part(desk.called(record)));
    let line = Line::plain("Made by ")
        .token(desk.actor(record, "by", &one.by))
        .say(" on ")
        .token(Desk::date(record, "on", &one.on))
        .say(" under ")
        .token(Desk::words(record, "under", &one.under))
        .say("; notified: ")
        .token(lines::happened(desk, record, "notified", &one.notified))
        .say(".");
    blocks.push(Block::Paragraph(line));
    blocks.extend(Desk::summary(record, &one.summary).map(Block::Paragraph));
}

/// All effects of a direction of the period; of an earlier one those that start or end in it.
fn effects<'r>(desk: &Desk<'_>, record: &'r Record, one: &'r Instrument) -> Vec<Vec<Line>> {
    if !desk.has_come(&one.on).certain() {
        return Vec::new();
    }
    let made = is_made(desk, one);
    let told = lines::entries(&one.effect)
        .filter(|(_, it)| made || [&it.from, &it.until].iter().any(|day| is_inside(desk, day)));
    let row = |(at, it): (usize, &crate::record::instrument::Effect)| {
        let field = |key: &str| format!("effect[{at}].{key}");
        vec![
            desk.called(record).into(),
            Desk::word(record, &field("does"), &it.does).into(),
            Desk::words(record, &field("provision"), &it.provision).into(),
            Desk::date(record, &field("from"), &it.from).into(),
            Desk::date(record, &field("until"), &it.until).into(),
        ]
    };
    told.map(row).collect()
}

fn feeds(desk: &Desk<'_>, record: &Record) -> Vec<Vec<Line>> {
    let Some(party) = record.party() else { return Vec::new() };
    let told = lines::entries(&party.registration_data)
        .filter(|(_, it)| [&it.from, &it.until].iter().any(|day| is_inside(desk, day)));
    let row = |(at, it): (usize, &crate::record::party::RegistrationData)| {
        let field = |key: &str| format!("registration-data[{at}].{key}");
        vec![
            desk.called(record).into(),
            lines::given(&it.provider, |fact| desk.actor(record, &field("provider"), fact)),
            Desk::words(record, &field("feed"), &it.feed).into(),
            Desk::date(record, &field("from"), &it.from).into(),
            lines::given(&it.until, |fact| lines::happened(desk, record, &field("until"), fact)),
        ]
    };
    told.map(row).collect()
}
