//! `gaps`: what is not recorded, by kind and body, and which rules cannot be judged for want of it. What
//! most judgements wait for comes first.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use rayon::prelude::*;

use super::{
    Desk, Findings, Period, Publication, Written, lines,
    model::{Block, Line, Source, Token},
};
use crate::{
    check,
    finding::{self, Outcome},
    kind::{Said, Shared},
    record::{Body, Kind, Record},
    rulebook::rule::Rule,
    text::Place,
};

pub(super) const PUBLICATION: Publication = Publication {
    name: "gaps",
    doc: "what is not recorded, by kind and body, and which rules cannot be judged for want of it",
    title: "What is not recorded",
    reads: Kind::ALL,
    period: Period::Day,
    write,
};

/// What one rule says of one record for want of a fact.
struct Want<'a> {
    rule: &'a Rule,
    record: &'a Record,
    said: Said,
}

/// How one rule came out.
struct Judged<'a> {
    rule: &'a Rule,
    known: Vec<&'a Record>,
    unknown: Vec<&'a Record>,
}

/// What records of one kind and body lack in the same way.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    kind: Kind,
    body: &'a str,
    /// The rule in whose words it is told.
    teller: &'a str,
    /// The reason, in pieces around the values that may differ.
    pieces: Vec<String>,
}

/// The records that lack it.
#[derive(Default)]
struct Gap<'a> {
    records: BTreeMap<&'a str, (&'a Record, Place)>,
    values: Vec<BTreeSet<String>>,
    judgements: usize,
    rules: BTreeMap<&'a str, &'a Rule>,
}

fn write(desk: &Desk<'_>, findings: &Findings<'_>) -> Written {
    let (wants, judged) = look(desk, findings);
    let mut blocks = vec![lines::section("Facts that rules want"), missing(desk, wants)];
    blocks.extend([lines::section("Rules that cannot be judged"), rules(desk, judged)]);
    blocks.extend([lines::section("What may not be there at all"), folders(desk)]);
    let bodies: Vec<Line> = findings
        .all
        .iter()
        .filter(|one| one.rule.as_ref() == "record-body")
        .map(|one| Desk::found(one).into())
        .collect();
    if !bodies.is_empty() {
        blocks.push(Block::List(bodies));
    }
    blocks.into()
}

/// Judges every record by every rule, and keeps what came out unknown.
fn look<'a>(desk: &Desk<'a>, findings: &Findings<'a>) -> (Vec<Want<'a>>, Vec<Judged<'a>>) {
    let (registry, book) = (desk.registry, findings.book);
    let shared = Shared::new(registry, desk.code, &book.calendars);
    let of_rule = |rule: &&'a Rule| {
        let mut judged = Judged { rule, known: Vec::new(), unknown: Vec::new() };
        let mut wants = Vec::new();
        for one in check::judge_rule(rule, &shared, desk.on, book, false, |_| true) {
            let Some(record) = registry.at(one.subject) else { continue };
            match one.outcome {
                Outcome::NotApplicable => {}
                Outcome::Unknown => judged.unknown.push(record),
                _ => judged.known.push(record),
            }
            let unknown = one.said.into_iter().filter(|said| said.outcome == Outcome::Unknown && !said.silent);
            wants.extend(unknown.map(|said| Want { rule, record, said }));
        }
        (wants, judged)
    };
    let judging: Vec<&Rule> = book.judging().collect();
    let all: Vec<_> = judging.par_iter().map(of_rule).collect();
    let (wants, judged): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    (wants.into_iter().flatten().collect(), judged)
}

/// The body that a record is of; empty where it is of none.
fn body(record: &Record) -> &str {
    match &record.body {
        Body::Election(one) => one.body.known().map_or("", AsRef::as_ref),
        Body::Body(_) => &record.id,
        _ if matches!(record.kind, Kind::Seat | Kind::Meeting) => record.parent(),
        _ => "",
    }
}

/// What several rules want at one place is one fact; it is told in the words of the rule that it is
/// most about, as `check` does.
fn missing(desk: &Desk<'_>, wants: Vec<Want<'_>>) -> Block {
    let mut facts: BTreeMap<Place, Vec<Want<'_>>> = BTreeMap::new();
    for want in wants {
        if let Some(mark) = want.said.marks.first() {
            facts.entry(mark.place).or_default().push(want);
        }
    }
    let mut gaps: BTreeMap<Key<'_>, Gap<'_>> = BTreeMap::new();
    for (place, wants) in facts {
        let rules: BTreeMap<&str, &Rule> = wants.iter().map(|want| (want.rule.id.as_ref(), want.rule)).collect();
        let Some(teller) = rules.values().copied().min_by_key(|rule| (!rule.id.ends_with("-composition"), &rule.id))
        else {
            continue;
        };
        for want in wants.iter().filter(|want| want.rule.id == teller.id) {
            let (record, subject) = (want.record, want.record.subject());
            let (pieces, values) = finding::pieces(finding::reason(&want.said.message, &subject));
            let pieces = pieces.into_iter().map(ToOwned::to_owned).collect();
            let key = Key { kind: record.kind, body: body(record), teller: &teller.id, pieces };
            let gap = gaps.entry(key).or_default();
            gap.records.entry(&record.id).or_insert((record, place));
            gap.judgements = gap.judgements.saturating_add(rules.len());
            gap.values.resize(values.len(), BTreeSet::new());
            for (seen, value) in gap.values.iter_mut().zip(values) {
                seen.insert(value.to_owned());
            }
            gap.rules.extend(&rules);
        }
    }
    let mut gaps: Vec<(Key<'_>, Gap<'_>)> = gaps.into_iter().collect();
    gaps.sort_by_key(|(_, gap)| Reverse(gap.judgements));
    let rows = gaps.iter().map(|(key, gap)| row(desk, key, gap)).collect();
    lines::table(desk, Kind::Source, "Gaps", &["Kind", "Body", "What", "Records", "Rules that want it", "Which"], rows)
}

fn row(desk: &Desk<'_>, key: &Key<'_>, gap: &Gap<'_>) -> Vec<Line> {
    let sources: Vec<Source> = gap.records.values().map(|(record, place)| lacks(record, *place)).collect();
    let how = format!("what the rule `{}` cannot be judged for", key.teller);
    let what = Token { sort: super::model::Sort::Words, ..Desk::status(&said(key, gap), how, sources) };
    let rules = gap.rules.values().map(|rule| Line::from(Desk::rule(rule)));
    let ids = gap.records.values().take(SHOWN).map(|(record, _)| Line::from(Desk::id(record)));
    let which = Line::joined(ids, ", ");
    let which = if gap.records.len() > SHOWN { which.say(" …") } else { which };
    vec![
        Line::plain(key.kind.folder()),
        of_body(desk, key.body, gap),
        what.into(),
        desk.count(key.kind.folder(), gap.records.values().map(|(record, _)| Desk::whole(record)).collect()).into(),
        Line::joined(rules, ", "),
        which,
    ]
}

/// How many of the records are named.
const SHOWN: usize = 3;

/// The body, by what it is called.
fn of_body(desk: &Desk<'_>, body: &str, gap: &Gap<'_>) -> Line {
    let Some((record, _)) = gap.records.values().next().filter(|_| !body.is_empty()) else { return Line::default() };
    match &record.body {
        Body::Election(one) => desk.actor(record, "body", &one.body).into(),
        Body::Body(_) => desk.called(record).into(),
        _ => desk.parent(record).into(),
    }
}

/// Where a fact is wanted.
fn lacks(record: &Record, place: Place) -> Source {
    Source { place: Some(place), file: place.file, ..Desk::whole(record) }
}

/// The reason: a value where all have the same, else a sign for several.
fn said(key: &Key<'_>, gap: &Gap<'_>) -> String {
    let mut text = String::new();
    for (at, piece) in key.pieces.iter().enumerate() {
        text += piece;
        let Some(values) = gap.values.get(at) else { continue };
        let only = values.first().filter(|_| values.len() == 1);
        text.extend(["`", only.map_or("…", String::as_str), "`"]);
    }
    text
}

/// The rules by which something cannot be judged.
fn rules(desk: &Desk<'_>, mut judged: Vec<Judged<'_>>) -> Block {
    judged.retain(|one| !one.unknown.is_empty());
    judged.sort_by_key(|one| (Reverse(one.unknown.len()), &one.rule.id));
    let count = |records: &[&Record]| -> Line {
        let folder = Kind::Source.folder();
        desk.count(folder, records.iter().map(|record| Desk::whole(record)).collect()).into()
    };
    let row = |one: &Judged<'_>| {
        vec![
            Desk::rule(one.rule).into(),
            Desk::rule_words(one.rule, "clause", &one.rule.head.clause),
            Desk::rule_words(one.rule, "title", &one.rule.head.title),
            count(&one.unknown),
            if one.known.is_empty() { Line::plain("0") } else { count(&one.known) },
        ]
    };
    let rows = judged.iter().map(row).collect();
    lines::table(desk, Kind::Source, "Rules", &["Rule", "Clause", "Title", "Not judged", "Judged"], rows)
}

/// The kinds of which nobody says that every record is there.
fn folders(desk: &Desk<'_>) -> Block {
    let partial = Kind::ALL.iter().filter(|kind| !desk.registry.is_complete(kind.folder()));
    let row = |kind: &Kind| {
        let folder = kind.folder();
        let records = desk.all(*kind).map(Desk::whole).collect();
        vec![Line::plain(folder), desk.count(folder, records).into(), desk.not_complete(folder).into()]
    };
    lines::table(desk, Kind::Source, "Kinds", &["Kind", "Recorded", "All of them"], partial.map(row).collect())
}
