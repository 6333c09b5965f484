//! What several kinds ask of people and Parties on a day.

use std::fmt::{Display, Write as _};

use rustc_hash::FxHashSet;

use crate::{
    day::{Today, Truth, When, is_backwards, recorded_in_force},
    decode::{Fact, Fields, Key, Map, Shape, View},
    finding::{Mark, Outcome},
    kind::{Case, Law, Said, Segment},
    record::{
        Kind, Record,
        party::Party,
        seat::{Seat, Tenure},
    },
    registry::affiliates::{FOLLOWED, Link, TOLD},
    rulebook::raw::Words,
    text::{FileId, Span},
};

/// An employer of a person on a day.
pub(super) struct Employer<'a> {
    pub(super) id: &'a str,
    pub(super) certain: bool,
    pub(super) file: FileId,
    pub(super) span: Span,
}

/// Who employs a person on a day.
pub(super) struct Employers<'a> {
    pub(super) all: Vec<Employer<'a>>,
    /// There may be others: nothing is recorded, or not all.
    pub(super) open: bool,
    /// What is not known was reported already.
    pub(super) bad: bool,
    /// What would have to be recorded.
    pub(super) missing: Option<Mark>,
}

/// Who employs a person on a day.
pub(super) fn employers<'a, 't>(case: &Case<'a>, person: &str, day: impl Into<Today<'t>>) -> Employers<'a> {
    let day = day.into();
    let Some(record) = case.registry.find(Kind::Person, person) else {
        // A person of an example who is only named; else the dangling reference was reported.
        return Employers { all: Vec::new(), open: true, bad: !case.registry.implies(), missing: None };
    };
    let Some(employment) = record.person().map(|person| &person.employment) else {
        return Employers { all: Vec::new(), open: true, bad: true, missing: None };
    };
    let mut found = Employers {
        all: Vec::new(),
        open: employment.is_absent() || employment.is_open(),
        bad: employment.is_bad(),
        missing: None,
    };
    for entry in employment.iter() {
        let holds = recorded_in_force(entry.from.when(), entry.until.when(), day);
        match entry.by.known() {
            Some(by) if holds.possible() => {
                found.all.push(Employer {
                    id: by.as_ref(),
                    certain: holds.certain(),
                    file: record.file,
                    span: entry.span,
                });
            }
            None if holds.possible() => {
                found.open = true;
                found.bad |= entry.by.is_bad();
            }
            _ => {}
        }
    }
    if found.open {
        found.missing =
            Some(Mark::new(record.file, employment.span, format!("the employer of `{person}` is not recorded")));
    }
    found
}

/// Whether a tenure holds on a day.
pub(super) fn held<'t>(tenure: &Tenure, day: impl Into<Today<'t>>) -> Truth {
    recorded_in_force(tenure.from.when(), tenure.ended.when(), day)
}

/// Whether a Party is one on a day.
pub(super) fn is_party<'t>(party: &Party, day: impl Into<Today<'t>>) -> Truth {
    let day = day.into();
    let acceded = party.acceded.when().map_or(Truth::Yes, |when| when.by(day));
    let left = party.left.known().and_then(|left| left.on.when()).map_or(Truth::No, |when| when.by(day));
    acceded.and(!left)
}

/// Whether a Party is of one of some categories on a day, and where that stands.
pub(super) fn category_among<'t>(
    record: &Record,
    party: &Party,
    categories: &[&str],
    day: impl Into<Today<'t>>,
) -> (Truth, Vec<Mark>) {
    let day = day.into();
    let mut truth = if party.category.is_open() { Truth::Maybe } else { Truth::No };
    let mut marks = Vec::new();
    for entry in party.category.iter() {
        let holds = recorded_in_force(entry.from.when(), entry.until.when(), day);
        if !holds.possible() {
            continue;
        }
        let is = entry.is.known().map_or(Truth::Maybe, |is| Truth::from(categories.contains(&is.as_ref())));
        truth = truth.or(holds.and(is));
        let what = entry.is.known().map_or("unknown", AsRef::as_ref);
        marks.push(Mark::new(record.file, entry.span, format!("`{}` is {what}", record.id)));
    }
    if marks.is_empty() {
        marks.push(Mark::new(record.file, party.category.span, format!("no category of `{}` on {day}", record.id)));
    }
    (truth, marks)
}

/// Whether a body exists on a day.
pub(super) fn body_exists(case: &Case<'_>, body: &str) -> Truth {
    let Some(record) = case.registry.find(Kind::Body, body).and_then(Record::governance_body) else {
        return Truth::from(case.registry.exists(Kind::Body, body));
    };
    if is_backwards(record.established.when(), record.dissolved.when()) {
        return Truth::Maybe;
    }
    let established = record.established.when().map_or(Truth::Yes, |when| when.by(case.on));
    let dissolved = record.dissolved.when().map_or(Truth::No, |when| when.by(case.on));
    established.and(!dissolved)
}

/// The days of a body, a step a line.
pub(super) fn body_steps(case: &Case<'_>, body: &str) -> Vec<String> {
    let Some(own) = case.registry.find(Kind::Body, body).and_then(Record::governance_body) else {
        return vec![format!("there is no record of the body `{body}`")];
    };
    let day = |fact: &Fact<When>| match fact.when() {
        Some(when) => when.to_string(),
        None => "nothing recorded".to_owned(),
    };
    let (from, until) = (day(&own.established), day(&own.dissolved));
    vec![format!("the body `{body}`: `established` {from}, `dissolved` {until}; {} is judged", case.on)]
}

/// Whether records of a folder may lack, as a step.
pub(super) fn coverage_step(folder: &str, complete: bool) -> String {
    let how = if complete { "complete: every one is recorded" } else { "partial: some may lack" };
    format!("`{folder}` is {how}")
}

/// Whether what a body's record says of its days was reported already.
pub(super) fn body_is_bad(case: &Case<'_>, body: &str) -> bool {
    let Some(record) = case.registry.find(Kind::Body, body) else { return false };
    record.damaged
        || record.governance_body().is_some_and(|body| {
            let (from, until) = (&body.established, &body.dissolved);
            from.is_bad() || until.is_bad() || is_backwards(from.when(), until.when())
        })
}

/// Whether something of a body's seats was reported that hides who held which.
pub(super) fn seats_are_bad(case: &Case<'_>, body: &str) -> bool {
    let is_bad = |record: &Record, seat: &Seat| {
        let dangles = |kind, id: Option<&str>| id.is_some_and(|id| id != "vacant" && !case.registry.exists(kind, id));
        record.damaged
            || seat.constituency.is_bad()
            || seat.tenure.is_bad()
            || seat.tenure.iter().any(|tenure| {
                let by = tenure.by.known().map(|by| &by.election);
                tenure.holder.is_bad()
                    || tenure.by.is_bad()
                    || by.is_some_and(Fact::is_bad)
                    || dangles(Kind::Person, tenure.holder.known().map(AsRef::as_ref))
                    || dangles(Kind::Election, by.and_then(Fact::known).map(AsRef::as_ref))
                    || is_backwards(tenure.from.when(), tenure.ended.when())
            })
    };
    let seats = case.registry.in_folder(Kind::Seat, body).filter_map(|at| case.record(at));
    seats.filter_map(|record| Some((record, record.seat()?))).any(|(record, seat)| is_bad(record, seat))
}

/// What a record is about: its `about`, or that of its items.
#[derive(Debug, Default)]
pub(super) struct Named<'r> {
    /// The records, as `kind/id`, each once, in the order in which they are named.
    pub(super) subjects: Vec<&'r str>,
    /// Not all is known.
    pub(super) open: bool,
    /// What is not known was reported already.
    pub(super) bad: bool,
    /// Where it stands.
    pub(super) span: Span,
}

/// What a record is about.
pub(super) fn about(record: &Record) -> Named<'_> {
    let mut found = Named { span: record.head(), ..Named::default() };
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    for key in ["about", "item"] {
        if let Some((span, view)) = record.body.fields().get(key) {
            found.span = span;
            gather(&view, &mut found, &mut seen);
        }
    }
    found
}

fn gather<'r>(view: &View<'r>, found: &mut Named<'r>, seen: &mut FxHashSet<&'r str>) {
    match view {
        View::Text(text) if seen.insert(*text) => found.subjects.push(*text),
        View::List(entries) => entries.iter().for_each(|(_, entry)| gather(entry, found, seen)),
        View::Table(fields) => {
            if let Some((_, about)) = fields.get("about") {
                gather(&about, found, seen);
            }
        }
        View::Unknown | View::Bad => {
            found.open = true;
            found.bad |= matches!(view, View::Bad);
        }
        _ => {}
    }
}

/// The days of a tenure, in a step: `from 2015-10-01, not ended`.
pub(super) fn tenure_days(tenure: &Tenure) -> String {
    let from = tenure.from.when().map_or("a day that is not recorded".to_owned(), |when| when.to_string());
    let ended = match tenure.ended.when() {
        Some(when) if when.day().is_some() => format!("up to and including {}", when.first.plus_days(-1)),
        Some(_) => "ended on a day that is not recorded in full".to_owned(),
        None if tenure.ended.is_absent() => "not ended".to_owned(),
        None => "ended on a day that is not recorded".to_owned(),
    };
    format!("from {from}, {ended}")
}

/// The name of a record in a sentence: ``seat `panel/chair` ``.
pub(super) fn name(record: &Record) -> String {
    format!("{} `{}`", record.kind.singular(), record.id)
}

/// Nothing to judge: no version of the rule holds on a day, or a variation sets it aside; where the
/// day is not known, on none of those that it may be.
pub(super) fn idle<K: super::Kind>(law: &Law<'_, K>, record: &Record, when: When, set_aside: Option<&str>) -> Said {
    let why = match (set_aside, when.day()) {
        (Some(variation), _) => format!("the variation `{variation}` sets the rule aside"),
        (None, Some(day)) => format!("no such rule is in force on {day}"),
        (None, None) => "no such rule is in force on its day, whichever it was".to_owned(),
    };
    let day = if when.first.is_finite() { when.first } else { when.last };
    Said::new("", Outcome::NotApplicable, format!("{}: {why}", name(record))).steps(law.silence(day))
}

/// Nothing to judge, and the steps that show why.
pub(super) fn nothing(record: &Record, slot: &str, why: &str, steps: impl IntoIterator<Item = String>) -> Said {
    Said::new(slot, Outcome::NotApplicable, format!("{}: {why}", name(record))).steps(steps)
}

/// The keys of `where` by which a record is not one of those that the rule is about, a step a line.
pub(super) fn not_selected(record: &Record, selects: &Map<Words>, day: impl Display) -> Vec<String> {
    let mut steps = vec![format!("{} is looked at on {day}", name(record))];
    steps.extend(selects.iter().map(|(key, _, words)| {
        let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        format!("the rule is about those whose `{key}` is {}", words.join(" or "))
    }));
    steps
}

/// Which days a version was in force of which nobody knows what it said.
pub(super) fn unknown_steps<T>(segment: &Segment<T>) -> Vec<String> {
    vec![format!("{}, nobody knows what the rule said", super::period(segment.from, segment.until))]
}

/// A version of which nobody knows what it said: the record is judged, and the outcome is unknown.
pub(super) fn not_known<T>(record: &Record, slot: &str, message: String, segment: &Segment<T>, asked: bool) -> Said {
    let judged = Mark::new(record.file, record.head(), "judged");
    let said = Said::new(slot, Outcome::Unknown, message).mark(judged);
    said.marks(segment.marks.first().cloned()).under(segment).because(asked, || unknown_steps(segment))
}

/// The affiliations that join two employers, one place each; the last says how many more there are.
pub(super) fn chain_marks(case: &Case<'_>, from: &str, to: &str) -> Vec<Mark> {
    let chain = case.affiliates(case.on).chain(from, to);
    let more = chain.len().saturating_sub(TOLD);
    let mark = |(from, link): (Box<str>, Link)| {
        Mark::new(link.file, link.span, format!("`{from}` is an Affiliate of `{}`", link.to))
    };
    let mut marks: Vec<Mark> = chain.into_iter().take(TOLD).map(mark).collect();
    if let Some(last) = marks.last_mut().filter(|_| more > 0) {
        let _ = write!(last.label, " (and {more} more affiliations)");
    }
    marks
}

/// Through whom two employers are Affiliates.
pub(super) fn chain_names(case: &Case<'_>, from: &str, to: &str) -> String {
    let chain = case.affiliates(case.on).chain(from, to);
    if chain.is_empty() {
        return format!("`{from}` and `{to}`, by a chain that is not among the first {FOLLOWED} affiliations");
    }
    let more = chain.len().saturating_sub(TOLD);
    let mut names = vec![format!("`{from}`")];
    names.extend(chain.iter().take(TOLD).map(|(_, link)| format!("`{}`", link.to)));
    if more > 0 {
        names.push(format!("and {more} more up to `{to}`"));
    }
    names.join(", ")
}

/// The keys that lead to the value that stands at a span of a record's file, as an edit names them.
pub(super) fn path_of(record: &Record, span: Span) -> Option<String> {
    let path = path_within(record.kind.keys(), record.body.fields(), span)?;
    path.strip_prefix('.').map(ToOwned::to_owned)
}

/// The same, where the value is one word, or true or false.
pub(super) fn path_of_word(record: &Record, span: Span) -> Option<String> {
    let path = path_of(record, span)?;
    let mut names = path.split('.');
    let (_, mut view) = record.body.fields().get(names.next()?)?;
    for name in names {
        view = match view {
            View::Table(fields) => fields.get(name)?.1,
            View::List(entries) => entries.into_iter().nth(name.parse().ok()?)?.1,
            _ => return None,
        };
    }
    matches!(view, View::Text(_) | View::Bool(_) | View::Unknown).then_some(path)
}

fn path_within(keys: &[Key], fields: &dyn Fields, span: Span) -> Option<String> {
    keys.iter().find_map(|key| {
        let (at, view) = fields.get(key.name)?;
        Some(format!(".{}{}", key.name, path_below((key.shape)(), at, &view, span)?))
    })
}

fn path_below(shape: Shape, at: Span, view: &View<'_>, span: Span) -> Option<String> {
    match (shape, view) {
        (_, View::Absent) => None,
        _ if at == span => Some(String::new()),
        (Shape::List(item), View::List(entries)) => entries
            .iter()
            .enumerate()
            .find_map(|(number, (at, view))| Some(format!(".{number}{}", path_below(item(), *at, view, span)?))),
        (Shape::Table(keys), View::Table(fields)) => path_within(keys(), *fields, span),
        _ => None,
    }
}

/// The steps by which two employers are of one group: each affiliation in force.
pub(super) fn chain_steps(case: &Case<'_>, from: &str, to: &str, day: Today<'_>) -> Vec<String> {
    let chain = case.affiliates(day).chain(from, to);
    let step = |(from, link): (Box<str>, Link)| format!("`{from}` and `{}` are Affiliates on {day}", link.to);
    let more = chain.len().saturating_sub(TOLD);
    let mut steps: Vec<String> = chain.into_iter().take(TOLD).map(step).collect();
    if more > 0 {
        steps.push(format!("and {more} more affiliations lead to `{to}`"));
    }
    steps
}

/// Who employs a person on a day, a step a line.
pub(super) fn employer_steps(person: &str, employers: &Employers<'_>, day: impl Display) -> Vec<String> {
    let step = |one: &Employer<'_>| {
        let doubt = if one.certain { "" } else { ", if the days that are not recorded allow it" };
        format!("`{person}` is employed by `{}` on {day}{doubt}", one.id)
    };
    let mut steps: Vec<String> = employers.all.iter().map(step).collect();
    if employers.open {
        steps.push(format!("who else may employ `{person}` on {day} is not recorded"));
    } else if steps.is_empty() {
        steps.push(format!("`{person}` is employed by nobody on {day}"));
    }
    steps
}

/// The end of a tenure that holds on a day, on that day: the change by which nobody holds it.
pub(super) fn end_tenure(record: &Record, tenure: &Tenure, day: Today<'_>) -> super::Cure {
    let cure = super::Cure::new(format!("the tenure ended (`ended`) by {day}"));
    let began = tenure.from.when().is_some_and(|from| from.last < day);
    let why = "it began on the day judged, or on a day that is not recorded: that day has to be corrected instead";
    let path = path_of(record, tenure.span).filter(|_| began);
    cure.at(path, why, |cure, path| cure.set(record.subject(), format!("{path}.ended"), day.to_string()))
}
