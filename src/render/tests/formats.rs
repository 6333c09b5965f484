//! What the formats for build servers promise, read by readers that are not ours.

use proptest::prelude::*;
use quick_xml::{Reader, events::Event};
use serde_json::Value;

use super::{Case, any_finding, cases, kept, nasty, printed};
use crate::{
    finding::{Clause, Finding, Level, Mark, Outcome, Status},
    render::{
        github, gitlab, junit, sarif,
        sarif::{About, Manual},
    },
    text::Text,
};

fn manual() -> Manual {
    let about = |title: &str, clause: &str| About {
        title: title.to_owned(),
        text: format!("{title}, told at length"),
        clause: Some(Clause::parse(clause)),
        level: Level::Error,
    };
    [("panel-composition", about("the seats of the Panel", "C3.1")), ("panel-quorum", about("a quorum", "~C4.16"))]
        .into_iter()
        .map(|(id, about)| (id.into(), about))
        .collect()
}

fn is_error(finding: &Finding) -> bool {
    finding.level == Level::Error && !matches!(finding.status, Some(Status::Existing | Status::Fixed))
}

/// The same verdict in each format: its name, its ending, what is printed.
fn all(case: &Case) -> [(&'static str, String); 4] {
    [
        ("sarif", printed(|out| sarif(&case.0, &manual(), out))),
        ("junit.xml", printed(|out| junit(&case.0, &is_error, out))),
        ("github.txt", printed(|out| github(&case.0, &is_error, out))),
        ("gitlab.json", printed(|out| gitlab(&case.0, out))),
    ]
}

/// The composition held against a commit: one finding new, one existing, one fixed, one derogated.
fn held_against_a_base() -> Case {
    let mut case = cases::composition();
    case.0.base = Some("fedcba9876543210fedcba9876543210fedcba98".to_owned());
    case.0.texts.begin(case.0.base.clone().as_deref());
    let old = case.0.texts.add(Text::new("registry/people/gone.toml", "name = 7\n"));
    let mark = Mark::new(old, crate::text::Span { start: 7, end: 8 }, "a number");
    case.find(Level::Error, "record-type", "", "person `gone` has a number for a name", vec![mark]);
    let mark = case.mark(1, "constituency", "derogated by `leave`");
    case.find(Level::Note, "panel-composition", "C3.1", "one too many", vec![mark]).outcome = Outcome::Derogated;
    let statuses = [Status::New, Status::Existing, Status::New, Status::Fixed, Status::Existing];
    case.0.findings.iter_mut().zip(statuses).for_each(|(finding, status)| finding.status = Some(status));
    case
}

#[test]
fn the_same_run_in_each_format() {
    for (name, text) in all(&cases::composition()) {
        kept(&format!("three-files.{name}"), &text);
    }
    for (name, text) in all(&held_against_a_base()) {
        kept(&format!("base.{name}"), &text);
    }
    for (name, text) in all(&cases::hostile()) {
        kept(&format!("hostile.{name}"), &text);
    }
}

fn schema() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(include_str!("../../../tests/sarif/sarif-2.1.0.json")).unwrap_or_default();
    jsonschema::validator_for(&schema).unwrap_or_else(|error| unreachable!("{error}"))
}

#[test]
fn sarif_is_valid_by_the_schema_of_the_standard() {
    let schema = schema();
    for case in [cases::composition(), cases::shapes(), cases::letters(), cases::hostile(), held_against_a_base()] {
        let log: Value = serde_json::from_str(&printed(|out| sarif(&case.0, &manual(), out))).unwrap_or_default();
        let errors: Vec<String> =
            schema.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let mut spoilt = log;
        spoilt["runs"][0]["results"][0]["level"] = "fatal".into();
        assert!(!schema.is_valid(&spoilt), "a schema that takes anything tests nothing");
    }
}

#[test]
fn sarif_tells_rules_clauses_fingerprints_suppressions_and_the_state_to_the_base() {
    let case = held_against_a_base();
    let log: Value = serde_json::from_str(&printed(|out| sarif(&case.0, &manual(), out))).unwrap_or_default();
    let run = &log["runs"][0];
    let results = run["results"].as_array().cloned().unwrap_or_default();
    let states: Vec<_> = results.iter().map(|one| one["baselineState"].as_str().unwrap_or("-")).collect();
    assert_eq!(states, ["new", "unchanged", "new", "absent", "unchanged"]);
    for (one, finding) in results.iter().zip(&case.0.findings) {
        let rule =
            &run["tool"]["driver"]["rules"][usize::try_from(one["ruleIndex"].as_u64().unwrap_or(99)).unwrap_or(99)];
        assert_eq!(rule["id"], one["ruleId"]);
        assert_eq!(one["partialFingerprints"]["quorateFinding/v1"], finding.fingerprint());
        let suppressed = one["suppressions"].as_array().is_some_and(|list| !list.is_empty());
        assert_eq!(suppressed, finding.outcome == Outcome::Derogated);
    }
    let quorum = &run["tool"]["driver"]["rules"][1];
    assert_eq!((&quorum["id"], &quorum["properties"]["clause-recalled"]), (&"panel-quorum".into(), &true.into()));
    assert_eq!(results[2]["relatedLocations"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_record_plants_no_link_no_placeholder_and_no_scheme_in_sarif() {
    let mut case = Case::new(&[("javascript:x/é %.toml", "a\n")]);
    let marks = vec![case.mark(0, "a", "")];
    case.find(Level::Error, "r", "", "see [this](http://evil) or {0}", marks);
    let log: Value = serde_json::from_str(&printed(|out| sarif(&case.0, &manual(), out))).unwrap_or_default();
    let one = &log["runs"][0]["results"][0];
    assert_eq!(one["message"]["text"], "see [this] (http://evil) or { 0}");
    let uri = &one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "javascript%3Ax/%C3%A9%20%25.toml");
}

/// The elements of an XML text with the values of their attributes; an error where it is none.
fn elements(xml: &str) -> Result<Vec<(String, Vec<String>)>, String> {
    let mut reader = Reader::from_str(xml);
    let (mut found, mut open) = (Vec::new(), 0usize);
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        if let Event::Start(tag) | Event::Empty(tag) = &event {
            let mut values = Vec::new();
            for attribute in tag.attributes() {
                let attribute = attribute.map_err(|error| error.to_string())?;
                let text = String::from_utf8_lossy(&attribute.value).into_owned();
                values.push(quick_xml::escape::unescape(&text).map_err(|error| error.to_string())?.into_owned());
            }
            found.push((String::from_utf8_lossy(tag.name().as_ref()).into_owned(), values));
        }
        match event {
            Event::Start(_) => open += 1,
            Event::End(_) => open -= 1,
            Event::Text(text) => drop(text.decode().map_err(|error| error.to_string())?),
            Event::Eof if open == 0 => return Ok(found),
            Event::Eof => return Err("ends too early".to_owned()),
            _ => {}
        }
    }
}

/// A command to a workflow's runner: its name, its properties, its message.
type Command<'t> = (&'t str, Vec<(&'t str, &'t str)>, &'t str);

/// What a workflow's runner reads from each line.
fn commands(text: &str) -> Vec<Command<'_>> {
    let read = |line| {
        let (head, message) = str::split_once(str::strip_prefix(line, "::")?, "::")?;
        let (command, properties) = head.split_once(' ')?;
        Some((command, properties.split(',').filter_map(|one| one.split_once('=')).collect(), message))
    };
    text.lines().filter(|line| !line.starts_with("quorate: ")).filter_map(read).collect()
}

#[test]
fn no_message_forges_a_command_a_tag_or_a_megabyte_of_page() {
    let long = "a🗳".repeat(200_000);
    for text in ["x\n::error::forged", "%0A::error::forged", "]]>", "--><x/>", "a,file=b", "##[error]", &long] {
        let mut case = Case::new(&[("registry/people/a::b,c%.toml", "a = 1\n")]);
        let marks = vec![case.mark(0, "a", text)];
        case.find(Level::Error, text, "", text, marks).help = Some(text.to_owned());
        let [_, (_, xml), (_, lines), (_, quality)] = all(&case);
        let found = elements(&xml).unwrap_or_else(|error| unreachable!("{error}"));
        assert_eq!(found.iter().filter(|(name, _)| name == "testcase").count(), 2);
        assert!(found.iter().all(|(name, _)| name != "x"));
        assert_eq!(lines.lines().count(), 1, "{text}");
        assert!(lines.len() < 100_000, "{text}: {}", lines.len());
        let [(command, properties, message)] = &commands(&lines)[..] else { unreachable!("{lines}") };
        let names: Vec<_> = properties.iter().map(|(name, _)| *name).collect();
        assert_eq!((*command, names), ("error", vec!["file", "line", "endLine", "col", "endColumn", "title"]));
        assert_eq!(properties[0].1, "registry/people/a%3A%3Ab%2Cc%25.toml");
        assert_eq!(message.matches("%0A").count(), 1, "the one before the help: {message}");
        assert!(
            serde_json::from_str::<Value>(&quality)
                .is_ok_and(|list| list.as_array().is_some_and(|list| list.len() == 1))
        );
    }
}

#[test]
fn github_has_no_columns_where_a_range_spans_lines() {
    let case = cases::shapes();
    let text = printed(|out| github(&case.0, &is_error, out));
    let mut spans = 0;
    for (_, properties, _) in commands(&text) {
        let value = |name| properties.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        spans += usize::from(value("line") != value("endLine"));
        assert_eq!(value("col").is_some(), value("line").is_some() && value("line") == value("endLine"));
    }
    assert!(spans > 0);
}

#[test]
fn github_says_what_fails_first_and_that_it_shows_ten_of_a_level() {
    let text = printed(|out| github(&held_against_a_base().0, &is_error, out));
    let levels: Vec<_> = commands(&text).iter().map(|(command, ..)| command.to_string()).collect();
    assert_eq!(levels, ["error", "error", "warning", "notice"], "and nothing of what is fixed");
    let many = printed(|out| github(&cases::notes().0, &is_error, out));
    assert!(many.ends_with("notes; GitHub shows the first 10 of each\n"), "{many}");
}

proptest! {
    #[test]
    fn whatever_the_records_say_each_format_is_what_its_reader_expects(
        files in prop::collection::vec((nasty(), nasty()), 3),
        findings in prop::collection::vec(any_finding(), 0..6),
    ) {
        let files: Vec<_> = files.iter().map(|(path, content)| (path.as_str(), content.as_str())).collect();
        let mut case = Case::new(&files);
        case.0.findings = findings;
        let count = case.0.findings.len();
        let [(_, log), (_, xml), (_, lines), (_, quality)] = all(&case);
        let log: Value = serde_json::from_str(&log).unwrap_or_default();
        prop_assert_eq!(log["runs"][0]["results"].as_array().map(Vec::len), Some(count));
        let found = elements(&xml);
        prop_assert!(found.is_ok(), "{found:?}");
        prop_assert_eq!(found.iter().flatten().filter(|(name, _)| name == "testcase").count(), count + 1);
        let legal = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
        prop_assert!(xml.chars().all(legal));
        prop_assert_eq!(lines.lines().count(), count);
        prop_assert_eq!(commands(&lines).len(), count);
        let quality: Value = serde_json::from_str(&quality).unwrap_or_default();
        prop_assert_eq!(quality.as_array().map(Vec::len), Some(count));
    }
}
