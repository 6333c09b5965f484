//! Every token of every report follows from the lines that it cites. One test reads those lines again
//! and works each token out anew, with code of its own; another changes each line in turn.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fs,
    ops::Range,
    path::PathBuf,
    rc::Rc,
};

use chrono::{Datelike, NaiveDate};
use quorate::report::{PUBLICATIONS, Publication, model::Document};
use rayon::prelude::*;
use serde_json::Value;
use toml::de::{DeTable, DeValue};

use crate::common::{Repo, copy, manifest, published::Judged, quorate};

/// The shipped records and rules, to be spoiled.
fn shipped() -> Repo {
    let repo = Repo::plain();
    for folder in ["registry", "rules"] {
        copy(&manifest().join(folder), &repo.root().join(folder));
    }
    repo
}

/// What a field of a file says, as the test reads it.
#[derive(Debug, Clone, PartialEq)]
enum Said {
    Text(String),
    Date(String),
    Number(i64),
    Bool(bool),
    List(usize),
    Table,
}

/// Files read as TOML, each once.
struct Files {
    root: PathBuf,
    texts: RefCell<BTreeMap<String, Rc<str>>>,
}

impl Files {
    fn text(&self, path: &str) -> Rc<str> {
        let mut texts = self.texts.borrow_mut();
        Rc::clone(
            texts.entry(path.to_owned()).or_insert_with(|| fs::read_to_string(self.root.join(path)).unwrap().into()),
        )
    }

    /// What a field says, and on which line that begins; nothing where it is left out.
    fn field(&self, path: &str, field: &str) -> Option<(Said, u64)> {
        let text = self.text(path);
        let table = DeTable::parse(&text).unwrap();
        let (said, span) = find(table.get_ref(), field)?;
        let line = text[..span.start].matches('\n').count() + 1;
        Some((said, u64::try_from(line).unwrap()))
    }
}

fn find(table: &DeTable<'_>, field: &str) -> Option<(Said, Range<usize>)> {
    let (step, rest) = field.split_once('.').unwrap_or((field, ""));
    let (key, at) = match step.split_once('[') {
        Some((key, at)) => (key, Some(at.trim_end_matches(']').parse::<usize>().unwrap())),
        None => (step, None),
    };
    let value = table.get(key)?;
    let value = match (at, value.get_ref()) {
        (Some(at), DeValue::Array(items)) => items.get(at)?,
        // A list of one may be written as that one.
        (Some(0), DeValue::Table(_)) | (None, _) => value,
        _ => return None,
    };
    match value.get_ref() {
        DeValue::Table(below) if !rest.is_empty() => find(below, rest),
        _ if !rest.is_empty() => None,
        other => Some((said(other), value.span())),
    }
}

fn said(value: &DeValue<'_>) -> Said {
    match value {
        DeValue::String(text) => Said::Text(text.to_string()),
        DeValue::Datetime(stamp) => Said::Date(stamp.to_string()),
        DeValue::Integer(number) => Said::Number(number.as_str().parse().unwrap()),
        DeValue::Boolean(so) => Said::Bool(*so),
        DeValue::Array(items) => Said::List(items.len()),
        DeValue::Table(_) => Said::Table,
        DeValue::Float(_) => panic!("a float"),
    }
}

/// The first and the last day that a value may be; everything is possible where it says `unknown`.
fn days(said: &Said) -> (NaiveDate, NaiveDate) {
    let (Said::Text(text) | Said::Date(text)) = said else { panic!("{said:?}") };
    let part = |text: &str| -> Option<(NaiveDate, NaiveDate)> {
        let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap();
        Some(match text.len() {
            0 => return None,
            4 => (day(&format!("{text}-01-01")), day(&format!("{text}-12-31"))),
            7 => {
                let first = day(&format!("{text}-01"));
                (first, first + chrono::Months::new(1) - chrono::Days::new(1))
            }
            _ => (day(&text[..10]), day(&text[..10])),
        })
    };
    if text == "unknown" {
        return (NaiveDate::MIN, NaiveDate::MAX);
    }
    match text.split_once('/') {
        Some((first, last)) => {
            (part(first).map_or(NaiveDate::MIN, |one| one.0), part(last).map_or(NaiveDate::MAX, |one| one.1))
        }
        None => part(text).unwrap(),
    }
}

/// A day as a report writes it.
fn written(said: &Said) -> String {
    let (Said::Text(text) | Said::Date(text)) = said else { panic!("{said:?}") };
    let (first, last) = days(said);
    let day = |day: NaiveDate| format!("{} {} {}", day.day(), day.format("%B"), day.year());
    match (first == NaiveDate::MIN, last == NaiveDate::MAX, text.len()) {
        (true, false, _) => format!("by {} (day not recorded)", day(last)),
        (false, true, _) => format!("from {} on (day not recorded)", day(first)),
        (_, _, 4) => text.clone(),
        (_, _, 7) => first.format("%B %Y").to_string(),
        _ if first != last => format!("between {} and {} (day not recorded)", day(first), day(last)),
        // An hour, where one is stated.
        _ if text.len() > 10 => format!("{}, {}", day(first), &text[11..16]),
        _ => day(first),
    }
}

/// A word as people read it.
fn capital(word: &str) -> String {
    let plain = word.replace('-', " ");
    plain[..1].to_uppercase() + &plain[1..]
}

/// One source of a token, read again.
struct Read<'t> {
    path: &'t str,
    field: &'t str,
    line: Option<u64>,
    said: Option<Said>,
}

impl Read<'_> {
    fn text(&self) -> &str {
        match &self.said {
            Some(Said::Text(text)) => text,
            other => panic!("{} {}: {other:?}", self.path, self.field),
        }
    }

    /// The id of the record, from the path of its file.
    fn id(&self) -> &str {
        let path = self.path.strip_suffix(".toml").unwrap();
        match path.strip_prefix("registry/") {
            Some(below) => below.split_once('/').unwrap().1,
            // A rule is the name of its file, whatever the folder.
            None => path.rsplit_once('/').unwrap().1,
        }
    }

    fn is_known(&self) -> bool {
        self.said.as_ref().is_some_and(|said| *said != Said::Text("unknown".to_owned()))
    }

    fn first(&self) -> NaiveDate {
        days(self.said.as_ref().unwrap()).0
    }

    fn last(&self) -> NaiveDate {
        days(self.said.as_ref().unwrap()).1
    }

    /// Whether it says a day that has come for certain, for certain not, or neither.
    fn by(&self, on: NaiveDate) -> Option<bool> {
        match &self.said {
            None => Some(false),
            Some(_) if self.last() <= on => Some(true),
            Some(_) if self.first() > on => Some(false),
            Some(_) => None,
        }
    }
}

struct Trace {
    files: Files,
    on: NaiveDate,
    findings: Vec<Value>,
}

impl Trace {
    fn read<'t>(&self, source: &'t Value) -> Read<'t> {
        let (path, field) = (source["path"].as_str().unwrap(), source["field"].as_str().unwrap());
        let line = source["line"].as_u64();
        let found = if field.is_empty() { None } else { self.files.field(path, field) };
        if !field.is_empty() {
            assert_eq!(found.as_ref().map(|(_, line)| *line), line, "{source}");
        }
        Read { path, field, line, said: found.map(|(said, _)| said) }
    }

    /// Works a token out from what it cites.
    fn check(&self, token: &Value) {
        let text = token["token"].as_str().unwrap();
        let how = token["how"].as_str().unwrap();
        if let Some(rule) = how.strip_prefix("found by the rule `") {
            return self.found(token, rule.trim_end_matches('`'));
        }
        if let Some(rule) = how.strip_prefix("what the rule `") {
            return self.wanted(token, rule.trim_end_matches("` cannot be judged for"));
        }
        let sources: Vec<Read<'_>> = token["sources"].as_array().unwrap().iter().map(|one| self.read(one)).collect();
        let [first, ..] = &sources[..] else { panic!("{token}") };
        match token["derivation"].as_str().unwrap() {
            "copied" => {
                assert_eq!(sources.len(), 1, "{token}");
                let said = first.said.as_ref().unwrap_or_else(|| panic!("{token}"));
                let wanted = match (token["is"].as_str().unwrap(), said) {
                    ("date", said) => written(said),
                    ("number", Said::Number(number)) => number.to_string(),
                    ("status", Said::Bool(so)) => if *so { "yes" } else { "no" }.to_owned(),
                    ("status", Said::Text(word)) => word.replace('-', " "),
                    ("name", Said::Text(word)) if text != word => capital(word),
                    ("name" | "words", Said::Text(word)) => word.clone(),
                    _ => panic!("{token}"),
                };
                assert_eq!(text, wanted, "{token}");
            }
            "named" => {
                let last = sources.last().unwrap();
                assert_eq!(text, last.text(), "{token}");
                // What the field says, or the name of the folder, is who the last source is.
                let id = if first.field.is_empty() { first.id().split('/').next().unwrap() } else { first.text() };
                if last.path.ends_with("/code.toml") {
                    let [heading, word, name] = last.field.split('.').collect::<Vec<_>>()[..] else {
                        panic!("{token}")
                    };
                    assert!(["categories", "constituencies"].contains(&heading) && word == id && name == "name");
                } else {
                    assert!(["short", "name", "title", "version"].contains(&last.field), "{token}");
                    let formerly = self.files.field(last.path, "formerly").map(|(said, _)| said);
                    let is = id == last.id() || id.split_once('/').is_some_and(|(_, id)| id == last.id());
                    assert!(is || formerly == Some(Said::Text(id.to_owned())), "{token}");
                }
            }
            "file-name" => {
                let id = first.id();
                let parts = id.split_once('/');
                let is = text == id || parts.is_some_and(|(body, stem)| text == body || text == stem);
                assert!(is && first.line.is_none(), "{token}");
            }
            "counted" => {
                let each: BTreeSet<(&str, &str)> = sources.iter().map(|one| (one.path, one.field)).collect();
                assert_eq!(text, each.len().to_string(), "{token}");
            }
            "none-counted" => {
                assert_eq!((text, token["value"].as_str()), ("none recorded", Some("0")), "{token}");
                assert!(first.path == "registry/registry.toml", "{token}");
            }
            "not-recorded" => {
                assert_eq!(text, "not recorded");
                for one in &sources {
                    let is_list = matches!(one.said, Some(Said::List(_)));
                    assert!(!one.is_known() || is_list, "{token}");
                }
            }
            "compared" => assert!(self.holds(text, how, &sources), "{token}"),
            other => panic!("{other}: {token}"),
        }
    }

    /// A doubt is what `check` says, with its places.
    fn found(&self, token: &Value, rule: &str) {
        let of = |one: &&Value| one["fingerprint"] == token["value"];
        let finding = self.findings.iter().find(of).unwrap_or_else(|| panic!("{token}"));
        assert_eq!((&finding["rule"], &finding["message"]), (&Value::from(rule), &token["token"]));
        let places = |list: &Value| -> Vec<(Value, Value)> {
            list.as_array().unwrap().iter().map(|one| (one["path"].clone(), one["line"].clone())).collect()
        };
        assert_eq!(places(&finding["places"]), places(&token["sources"]));
    }

    /// What rules want is what `check` says of each record, values that differ aside.
    fn wanted(&self, token: &Value, rule: &str) {
        let pieces: Vec<&str> = token["token"].as_str().unwrap().split("`…`").collect();
        let of_rule = |one: &&Value| one["rule"] == rule && one["outcome"] == "unknown";
        assert!(self.findings.iter().any(|one| of_rule(&one)), "{token}");
        for source in token["sources"].as_array().unwrap() {
            let says = |one: &Value| {
                let message = one["message"].as_str().unwrap();
                let (last, before) = pieces.split_last().unwrap();
                let rest = before.iter().try_fold(message, |rest, piece| Some(rest.split_once(piece)?.1));
                let fits = rest.is_some_and(|rest| rest.ends_with(last));
                one["subject"] == source["subject"] && one["outcome"] == "unknown" && fits
            };
            assert!(self.findings.iter().any(says), "{token}");
        }
    }

    /// Whether a comparison comes out as the token says.
    fn holds(&self, text: &str, how: &str, sources: &[Read<'_>]) -> bool {
        let on = self.on;
        let how = how.replace(&on.to_string(), "DAY");
        let one = &sources[0];
        let is_ahead = |read: &Read<'_>| read.is_known() && read.last() > on && read.last() != NaiveDate::MAX;
        match (text, how.as_str()) {
            ("open", "its last day against DAY") => one.first() >= on,
            ("closed", "its last day against DAY") => one.last() < on,
            ("not recorded", "whether its last day comes before DAY is not known") => {
                one.said.is_none() || one.first() < on && one.last() >= on
            }
            ("called off", "it was called off by then") => one.by(on) != Some(false),
            ("held", "the day it was held had come by DAY") => one.by(on) == Some(true),
            ("perhaps held", "whether the day it was held had come by DAY is not known") => one.by(on).is_none(),
            ("perhaps announced", "whether the day it was announced had come by DAY is not known") => {
                one.by(on).is_none()
            }
            ("planned", "its day comes after DAY") => is_ahead(one),
            ("planned", "its last day is DAY or later") => one.is_known() && one.last() >= on,
            ("past", "its last day came before DAY") => one.last() < on,
            ("in effect", "the day it took effect had come by DAY")
            | ("reached", "the day it was reached had come by DAY") => one.by(on) == Some(true),
            ("perhaps in effect", "whether the day it took effect had come by DAY is not known")
            | ("perhaps published", "whether the day it was published had come by DAY is not known")
            | ("perhaps reached", "whether the day it was reached had come by DAY is not known") => {
                one.by(on).is_none()
            }
            (
                "not recorded",
                "nothing says whether it was published"
                | "nothing says whether it took effect"
                | "nothing says whether it was reached",
            ) => one.last() < on && sources[1].by(on) == Some(false),
            ("not recorded", "nothing says whether it was held") => !is_ahead(one) && sources[1].by(on) == Some(false),
            ("re-elected", "listed among those who sat before") => {
                let result = one.field.split_once("].").unwrap().0;
                let elected = |at| self.files.field(one.path, &format!("{result}].elected[{at}]"));
                (0..).map_while(elected).any(|(said, _)| said == Said::Text(one.text().to_owned()))
            }
            ("not by then", "the day recorded comes after DAY") => one.first() > on,
            (stage, "the last step that had come by DAY") => {
                let others = (0..).map_while(|at| self.files.field(one.path, &format!("step[{at}].on")));
                let later = |(said, _): (Said, u64)| days(&said).1 <= on && days(&said).1 > sources[1].last();
                stage == one.text() && sources[1].by(on) == Some(true) && !others.into_iter().any(later)
            }
            (stage, "a step that may have come by DAY") => stage == one.text() && sources[1].by(on).is_none(),
            ("none by then", "each step recorded comes after DAY") => {
                sources.iter().all(|step| step.by(on) == Some(false))
            }
            ("not complete", how) if how.starts_with("the coverage of `") => {
                one.path == "registry/registry.toml" && one.said != Some(Said::Text("complete".to_owned()))
            }
            ("published", "the day it was published had come by DAY")
            | ("approved", "the day it was approved had come by DAY")
            | ("announced", "the day it was announced had come by DAY") => one.by(on) == Some(true),
            (
                "overdue as far as is recorded",
                "its last day came before DAY, and nothing says that it was published",
            ) => one.last() < on && sources[1].by(on) != Some(true),
            ("due", "its last day is DAY or later") => one.first() >= on && sources[1].by(on) != Some(true),
            ("not recorded", "whether its last day is DAY or later is not known") => {
                one.first() < on && one.last() >= on
            }
            ("no day recorded", "nothing says by when it is due or was published") => {
                !one.is_known() && sources[1].by(on) != Some(true)
            }
            ("Party", "it had acceded and not left by DAY") => {
                (one.said.is_none() || one.by(on) == Some(true)) && sources[1].by(on) == Some(false)
            }
            ("not recorded", "whether it had acceded and not left by DAY is not known") => {
                one.by(on).is_none() || sources[1].by(on).is_none()
            }
            ("no Party", "it had not acceded, or had left, by DAY") => {
                one.by(on) == Some(false) || sources[1].by(on) == Some(true)
            }
            ("held" | "held beyond its term", how)
                if how.contains("had not ended") || how.contains("not ended on DAY") =>
            {
                let due = sources.get(3).is_none_or(|due| due.by(on) == Some(true));
                one.by(on) == Some(true) && sources[1].by(on) == Some(false) && due
            }
            ("vacant", "a source says so, for DAY too") => {
                one.by(on) == Some(true) && sources[1].by(on) == Some(false) && sources[2].text() == "vacant"
            }
            ("perhaps held" | "perhaps vacant", "whether it had begun and not ended on DAY is not known") => {
                let is_open = one.said.is_none() || one.by(on).is_none() || sources[1].by(on).is_none();
                is_open && (text == "perhaps vacant") == (sources[2].said == Some(Said::Text("vacant".to_owned())))
            }
            ("not recorded", "no tenure recorded holds on DAY") => {
                sources.iter().all(|ended| ended.by(on) == Some(true))
            }
            ("days not recorded", "whether it holds on DAY is not known") => {
                one.said.is_none() || one.by(on).is_none() || sources[1].by(on).is_none()
            }
            ("ballot closed", "its last day came before DAY") => sources[1].last() < on,
            ("ballot open", "its last day is DAY or later") => sources[1].first() >= on,
            ("nominations closed", "the last day for them came before DAY") => one.last() < on,
            ("nominations open", "the last day for them is DAY or later") => one.first() >= on,
            ("not recorded", "nothing says whether nominations are closed") => {
                !one.is_known() || one.first() < on && one.last() >= on
            }
            ("none", "the list is there and empty") => one.said == Some(Said::List(0)),
            _ => panic!("nothing works out `{text}`: {how}"),
        }
    }
}

/// The trace of a report, checked token by token; how many there were.
fn worked_out(repo: &Repo, name: &str, on: &str) -> usize {
    let run = quorate(repo.root(), &["report", name, "--month", &on[..7], "--on", on, "--trace", "trace.json"]);
    assert_eq!(run.status, 0, "{run:?}");
    let trace: Value = serde_json::from_str(&fs::read_to_string(repo.path("trace.json")).unwrap()).unwrap();
    let findings = quorate(repo.root(), &["check", "--on", on, "--format", "json"]).findings();
    let files = Files { root: repo.root().to_owned(), texts: RefCell::default() };
    let trace_of = Trace { files, on: NaiveDate::parse_from_str(on, "%Y-%m-%d").unwrap(), findings };
    let tokens = trace["tokens"].as_array().unwrap();
    tokens.iter().for_each(|token| trace_of.check(token));
    tokens.len()
}

#[test]
fn newsletter_tokens_follow_from_what_they_cite() {
    let repo = shipped();
    assert!(worked_out(&repo, "newsletter", "2016-09-30") > 400);
}

#[test]
fn register_tokens_follow_from_what_they_cite() {
    let repo = shipped();
    for publication in PUBLICATIONS.iter().filter(|one| one.name != "newsletter") {
        assert!(worked_out(&repo, publication.name, "2016-09-30") > 0, "{}", publication.name);
    }
    for name in ["seats", "elections", "modifications", "meetings"] {
        assert!(worked_out(&repo, name, "2021-12-31") > 0, "{name}");
    }
}

/// What is no token is a word of the report: no number and no day is among them.
#[test]
fn newsletter_says_no_number_that_is_no_token() {
    let json = quorate(shipped().root(), &["report", "newsletter", "--month", "2016-09", "--format", "json"]).json();
    let blocks = json["blocks"].as_array().unwrap();
    // The first says of which days the newsletter is: they were asked for.
    for block in blocks.iter().skip(1) {
        let mut lines: Vec<&Value> = vec![&block["line"], &block["paragraph"]];
        lines.extend(block["list"].as_array().into_iter().flatten());
        lines.extend(block["rows"].as_array().into_iter().flatten().flat_map(|row| row.as_array().unwrap()));
        for line in lines.into_iter().filter(|line| !line.is_null()) {
            let mut rest = line["text"].as_str().unwrap().to_owned();
            for token in line["tokens"].as_array().unwrap() {
                rest = rest.replacen(token["text"].as_str().unwrap(), "", 1);
            }
            assert!(!rest.contains(|c: char| c.is_ascii_digit()), "{rest}: {line}");
        }
    }
}

/// The tokens that cite a line: what each says, how it comes about, and which of its fields are there.
type Citing = BTreeMap<(String, u32), Vec<String>>;

fn citing(judged: &Judged, document: &Document) -> Citing {
    let mut all = Citing::new();
    for token in document.tokens() {
        let spots: Vec<_> = token.sources.iter().map(|source| judged.spot(source)).collect();
        let fields: Vec<_> = token.sources.iter().zip(&spots).map(|(one, spot)| (&one.field, spot.is_some())).collect();
        let said = format!("{} {} {:?} {fields:?}", token.text, token.value, token.derivation);
        let lines: BTreeSet<(String, u32)> =
            spots.iter().flatten().map(|(path, line, _)| (path.clone(), *line)).collect();
        for line in lines {
            all.entry(line).or_default().push(said.clone());
        }
    }
    all
}

/// The bytes of one value on each line that a report cites.
fn cited(judged: &Judged, document: &Document) -> BTreeMap<(String, u32), Range<usize>> {
    let sources = document.tokens().flat_map(|token| &token.sources);
    let spots = sources.filter(|source| !source.field.is_empty()).filter_map(|source| judged.spot(source));
    spots.map(|(path, line, span)| ((path, line), span)).collect()
}

/// Changes one value on each line that a report cites, one line at a time: then a token that cites the
/// line is another one, or the report is refused.
fn changes_with_every_line(publication: &Publication, least: usize) {
    let repo = shipped();
    let judged = Judged::of(repo.root(), "2016-09-30");
    let (document, met) = judged.write(publication);
    assert_eq!(met, Vec::<usize>::new());
    let before = &citing(&judged, &document);
    let lines: Vec<_> = cited(&judged, &document).into_iter().collect();
    assert!(lines.len() > least, "{}", lines.len());
    let still: Vec<String> = lines
        .par_chunks(lines.len().div_ceil(rayon::current_num_threads()))
        .flat_map_iter(|lines| {
            let repo = shipped();
            lines
                .iter()
                .filter_map(move |((path, line), span)| {
                    let whole = fs::read_to_string(repo.path(path)).unwrap();
                    let other = if &whole[span.clone()] == "\"unknown\"" { "\"/2016-01-01\"" } else { "\"unknown\"" };
                    repo.write(path, format!("{}{other}{}", &whole[..span.start], &whole[span.end..]));
                    let judged = Judged::try_of(repo.root(), "2016-09-30");
                    repo.write(path, &whole);
                    // A word of the code that rules use: nothing is judged, and nothing published.
                    let judged = judged.ok()?;
                    let (document, met) = judged.write(publication);
                    let now = citing(&judged, &document);
                    let key = (path.clone(), *line);
                    let same = met.is_empty() && now.get(&key) == before.get(&key);
                    same.then(|| format!("{path}:{line}: `{}` as {other}", &whole[span.clone()]))
                })
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(still, Vec::<String>::new());
}

fn named(name: &str) -> &'static Publication {
    quorate::report::named(name).unwrap()
}

#[test]
fn newsletter_changes_with_every_line_that_it_cites() {
    changes_with_every_line(named("newsletter"), 150);
}

#[test]
fn registers_change_with_every_line_that_they_cite() {
    changes_with_every_line(named("seats"), 20);
    changes_with_every_line(named("elections"), 20);
    changes_with_every_line(named("calendar"), 20);
}
