//! Quorums, held against the seats that there are.

use super::{
    Flaw, Ground, Proof,
    bodies::{Seats, count, filled, seats_of, word},
    clauses, paste,
    paste::Fact as Record,
    typed::{Typed, rules},
};
use crate::{
    day::Day,
    finding::Mark,
    kind::{
        composition::{Composition, Row},
        quorum::{self, Quorum},
    },
    rulebook::raw::Words,
};

/// Quorums against the seats that there are; what a quorum says in itself its own kind proves.
pub(super) fn quorum(ground: &Ground<'_>, proof: &mut Proof) {
    let compositions = rules::<Composition>(ground.book);
    for one in rules::<Quorum>(ground.book) {
        proof.looked = proof.looked.saturating_add(1);
        let bodies = one.about.selects.get("body").and_then(|fact| fact.known());
        for version in one.versions.iter().filter(|one| one.terms.test.known() == Some(&quorum::Test::Present)) {
            for body in bodies.into_iter().flat_map(Words::iter) {
                let Seats::Rows(own, rows, false) = seats_of(&compositions, body, version.from) else { continue };
                if rows.iter().any(|row| row.per.known().is_some()) {
                    continue;
                }
                let all: u32 = rows.iter().map(|row| count(row)).fold(0, u32::saturating_add);
                let enough = version.terms.at_least.known();
                let needed = enough.and_then(|enough| Some((enough.span, *enough.count.known()?)));
                let seat = Mark::new(own.rule.file, own.rule.head.span, "the seats of the body");
                let mut say = |message: String, mark: Mark| {
                    let example = everybody(&one, body, &rows, version.from, ground);
                    let flaw = Flaw::new(message, clauses([one.rule, own.rule]), vec![mark, seat.clone()]);
                    proof.flaw(&one.rule.id, flaw.example(example));
                };
                if let Some((span, needed)) = needed.filter(|(_, needed)| *needed > all) {
                    let message =
                        format!("`{}`: {needed} members must come, and `{body}` has {all} seats", one.rule.id);
                    say(message, Mark::new(one.rule.file, span, "what is enough"));
                }
                let chair = version.terms.chair.known() == Some(&true);
                if chair && !rows.iter().any(|row| ground.book.code.chairs(word(row))) {
                    let message = format!("`{}`: the Chair must come, and `{body}` has no seat for one", one.rule.id);
                    say(message, Mark::new(one.rule.file, version.terms.chair.span, "asks for the Chair"));
                }
            }
        }
    }
}

/// A meeting to which every member came.
fn everybody(one: &Typed<'_, Quorum>, body: &str, rows: &[&Row], from: Day, ground: &Ground<'_>) -> Option<String> {
    let mut records = filled(body, rows.iter().copied(), from);
    let came = |(number, (subject, _)): (usize, &Record)| {
        let stem = subject.rsplit('/').next().unwrap_or("");
        format!("{{ seat = \"{stem}\", person = \"p{}\", as = \"member\" }}", number.saturating_add(1))
    };
    let attendance: Vec<String> = records.iter().enumerate().map(came).collect();
    let day = from.plus_days(1);
    let subject = format!("meetings/{body}/{day}");
    records.push((subject.clone(), format!("{{ held = {day}, attendance = [{}] }}", attendance.join(", "))));
    paste(ground.book, one.rule, "every member came", day, Some(&subject), &records)
}
