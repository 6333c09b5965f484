//! The schemas: the copies under `schemas/` are what `quorate schema` prints, shipped files keep
//! them, printed documents keep theirs, and the bad files of `tests/bad-files/` are refused.
//!
//! `BLESS=1 cargo test schemas` rewrites the copies and the table of `docs/schemas.md`. The columns
//! of taplo and tombi are looked at where `QUORATE_TAPLO` and `QUORATE_TOMBI` name the programs, as
//! `.ci/run` does; else they stay as they are.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Command,
};

use jsonschema::Validator;
use quorate::{
    error::Error,
    registry::read_file,
    rulebook::{
        example,
        load::{self, RuleFile},
    },
    schema::{self, Words},
    source::Content,
    text::{FileId, Texts},
};
use serde_json::{Value, json};
use toml::de::{DeTable, DeValue};

use crate::common::{Repo, copy, manifest, orchard, orchard_in_git, quorate};

fn blesses() -> bool {
    std::env::var_os("BLESS").is_some()
}

/// Every file below a folder with its path below it, sorted.
fn files(folder: &Path, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_str().unwrap().ends_with(ending) {
                let below = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                found.push((below, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn rule_files() -> Vec<RuleFile> {
    let file = |(below, text): (String, String)| RuleFile {
        path: format!("rules/{below}"),
        below,
        content: Content::Text(text),
    };
    files(&manifest().join("rules"), ".toml").into_iter().map(file).collect()
}

fn shipped_words() -> Words {
    Words::of(&load::load(rule_files(), Texts::default()).unwrap().0)
}

fn validators() -> BTreeMap<String, Validator> {
    let validator = |(path, schema): (String, Value)| (path, jsonschema::validator_for(&schema).unwrap());
    schema::all(&shipped_words()).into_iter().map(validator).collect()
}

/// A TOML file as a validator of JSON sees it: a day is a string. Nothing where it cannot be parsed.
fn as_json(text: &str) -> Option<Value> {
    let table = DeTable::parse(text).ok()?;
    Some(table_as_json(table.get_ref()))
}

fn table_as_json(table: &DeTable<'_>) -> Value {
    table.iter().map(|(key, value)| (key.get_ref().to_string(), value_as_json(value.get_ref()))).collect()
}

fn value_as_json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => json!(text),
        DeValue::Integer(number) => json!(i64::from_str_radix(number.as_str(), number.radix()).unwrap()),
        DeValue::Float(number) => json!(number.as_str().parse::<f64>().unwrap()),
        DeValue::Boolean(so) => json!(so),
        DeValue::Datetime(stamp) => json!(stamp.to_string()),
        DeValue::Array(items) => items.iter().map(|item| value_as_json(item.get_ref())).collect(),
        DeValue::Table(table) => table_as_json(table),
    }
}

/// The schema of a file of the repository, as the settings of the editors have it.
fn schema_of(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').collect();
    match parts[..] {
        ["registry", "registry.toml"] => "registry.json".into(),
        ["registry", kind, ..] => format!("records/{kind}.json"),
        ["rules", "code.toml"] => "rules/code.json".into(),
        ["rules", "coverage.toml"] => "rules/coverage.json".into(),
        ["rules", "sources", _] => "rules/source.json".into(),
        ["rules", "calendars", _] => "rules/calendar.json".into(),
        ["rules", "fixtures", _] => "rules/fixture.json".into(),
        _ => "rule.json".into(),
    }
}

#[test]
fn the_copies_are_what_is_printed() {
    let folder = manifest().join("schemas");
    let printed: BTreeMap<String, String> =
        schema::all(&shipped_words()).into_iter().map(|(path, made)| (path, schema::text(&made))).collect();
    if blesses() {
        let _ = std::fs::remove_dir_all(&folder);
        for (path, text) in &printed {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
    let kept: BTreeMap<String, String> = files(&folder, ".json").into_iter().collect();
    assert!(kept.keys().eq(printed.keys()), "`BLESS=1 cargo test schemas` rewrites `schemas/`: {:?}", kept.keys());
    for (path, text) in &printed {
        assert_eq!(&kept[path], text, "schemas/{path}: `BLESS=1 cargo test schemas` rewrites it");
    }
}

#[test]
fn the_command_prints_the_copies() {
    let printed = |args: &[&str]| quorate(manifest(), &[&["schema"], args].concat()).stdout;
    let kept = |path: &str| std::fs::read_to_string(manifest().join("schemas").join(path)).unwrap();
    assert_eq!(printed(&["record", "seats"]), kept("records/seats.json"));
    assert_eq!(printed(&["rule"]), kept("rule.json"));
    assert_eq!(printed(&["registry"]), kept("registry.json"));
    assert_eq!(printed(&["output"]), kept("output/check.json"));
}

#[test]
fn shipped_files_keep_their_schemas() {
    let validators = validators();
    let mut count = 0;
    for folder in ["registry", "rules"] {
        for (below, text) in files(&manifest().join(folder), ".toml") {
            let path = format!("{folder}/{below}");
            let value = as_json(&text).unwrap_or_else(|| panic!("{path} is no TOML"));
            let errors: Vec<String> = validators[&schema_of(&path)]
                .iter_errors(&value)
                .map(|error| format!("{path}{}: {error}", error.instance_path()))
                .collect();
            assert_eq!(errors, Vec::<String>::new());
            count += 1;
        }
    }
    assert!(count > 300, "only {count} files");
}

/// A schema that takes every code takes the words of the orchard; the shipped one does not.
#[test]
fn without_a_code_any_word_is_taken() {
    let seat = json!({ "constituency": "grower" });
    let of = |words: &Words| {
        let kind = quorate::record::Kind::Seat;
        jsonschema::validator_for(&schema::record(kind, words)).unwrap().is_valid(&seat)
    };
    assert!(of(&Words::default()));
    assert!(!of(&shipped_words()));
    let printed = quorate(orchard().root(), &["schema", "record", "seats"]).json();
    assert!(jsonschema::validator_for(&printed).unwrap().is_valid(&seat));
}

/// The schema of a rule of one kind, alone, takes every shipped rule of that kind.
#[test]
fn each_kind_has_a_schema_of_its_own() {
    let words = shipped_words();
    for (below, text) in files(&manifest().join("rules"), ".toml") {
        if schema_of(&format!("rules/{below}")) != "rule.json" {
            continue;
        }
        let value = as_json(&text).unwrap();
        let name = value["kind"].as_str().unwrap().to_owned();
        let schema = match quorate::kind::KINDS.iter().find(|kind| kind.name() == name) {
            Some(kind) => schema::rule(*kind, &words),
            None => schema::variation(&words),
        };
        assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&value), "{below}");
    }
}

/// Refuses fields that the schema does not list, so that a test sees one that was forgotten.
fn closed(schema: &mut Value) {
    if let Some(map) = schema.as_object_mut() {
        if map.contains_key("properties") {
            map.insert("additionalProperties".into(), json!(false));
        }
        map.values_mut().for_each(closed);
    } else if let Some(items) = schema.as_array_mut() {
        items.iter_mut().for_each(closed);
    }
}

fn keeps(document: &Value, name: &str) {
    let mut schema = schema::output::schema(name).unwrap();
    closed(&mut schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new(), "{name}");
}

#[test]
fn what_is_printed_keeps_its_schema() {
    let shipped = |args: &[&str]| quorate(manifest(), args).json();
    keeps(&shipped(&["check", "--format", "json"]), "check");
    keeps(&shipped(&["due", "--format", "json", "--within", "24m"]), "due");
    keeps(&shipped(&["rules", "coverage", "--format", "json"]), "coverage");
    for subject in ["seats/panel/chair", "elections/panel-2016", "modifications/SECMP0010"] {
        keeps(&shipped(&["explain", subject, "--format", "json"]), "explain");
    }
}

#[test]
fn what_is_printed_against_a_base_keeps_its_schema() {
    let repo = orchard_in_git();
    repo.write("registry/people/eve.toml", "source = [\"minutes\"]\nnmae = \"Eve\"\n");
    repo.edit("registry/people/ann.toml", "name", "note = \"was away\"\nname");
    repo.git(&["mv", "registry/people/cy.toml", "registry/people/cyd.toml"]);
    repo.edit("registry/seats/board/chair.toml", "holder", "holdr");
    repo.commit("people: changed");
    keeps(&quorate(repo.root(), &["check", "--format", "json", "--base", "HEAD~1"]).json(), "check");
    keeps(&quorate(repo.root(), &["log", "people/ann", "--format", "json"]).json(), "log");
    keeps(&quorate(repo.root(), &["audit", "--no-cache", "--format", "json"]).json(), "audit");
    keeps(&quorate(repo.root(), &["log", "people/ann.name", "--format", "json"]).json(), "log");
    keeps(&quorate(repo.root(), &["explain", "seats/board/chair", "--format", "json"]).json(), "explain");
}

/// Every printed document of the cases, whatever they are about.
#[test]
fn documents_of_the_cases_keep_their_schemas() {
    let mut count = 0;
    for (path, text) in files(&manifest().join("tests/cases"), "expected.json") {
        let document: Value = serde_json::from_str(&text).unwrap();
        let name = match &document {
            one if one.get("findings").is_some() => "check",
            one if one.get("due").is_some() => "due",
            one if one.get("derivations").is_some() => "explain",
            _ => panic!("{path} has no schema"),
        };
        keeps(&document, name);
        count += 1;
    }
    assert!(count > 10, "only {count} documents");
}

/// What `quorate check` (for the records of examples: `quorate rules test`) says of a bad file: the
/// rule that it finds broken.
fn said(path: &str, text: &str, code: &quorate::rulebook::code::Code) -> Option<String> {
    let content = Content::Text(text.to_owned());
    let read = |below: &str, content| {
        let loaded = read_file(FileId(0), below, below, content, &code.lexicon());
        loaded.problems.first().map(|problem| problem.rule.to_owned())
    };
    match path.split('/').collect::<Vec<_>>()[..] {
        ["records", kind, name] => read(&format!("{kind}/{name}"), content),
        ["registry", _] => read("registry.toml", content),
        ["rule", name] => of_rules(&format!("c-governance/bad-{name}"), text),
        ["rules", "code", _] => of_rules("code.toml", text),
        ["rules", "coverage", _] => of_rules("coverage.toml", text),
        ["rules", "fixture", name] => of_rules(&format!("fixtures/{name}"), text),
        ["rules", kind, name] => of_rules(&format!("{kind}s/{name}"), text),
        _ => panic!("{path} is of no kind"),
    }
}

/// What is said of a file among the shipped rules.
fn of_rules(below: &str, text: &str) -> Option<String> {
    let mut files = rule_files();
    files.retain(|file| file.below != below);
    let one = |below: &str, text: &str| RuleFile {
        path: format!("rules/{below}"),
        below: below.to_owned(),
        content: Content::Text(text.to_owned()),
    };
    files.push(one(below, text));
    if let Some(name) = below.strip_prefix("fixtures/") {
        let rule = std::fs::read_to_string(manifest().join("rules/c-governance/panel-quorum.toml")).unwrap();
        let name = name.trim_end_matches(".toml");
        let example =
            format!("\n[[example]]\nname = \"over\"\non = 2016-09-30\nexpect = \"unknown\"\nover = \"{name}\"\n");
        files.push(one("c-governance/bad-over.toml", &(rule + &example)));
    }
    let path = format!("rules/{below}");
    match load::load(files, Texts::default()) {
        Err(Error::Rulebook { findings, texts }) => {
            let here = findings.iter().find(|one| one.marks.iter().any(|mark| texts.path(mark.place.file) == path));
            here.map(|finding| finding.rule.to_string())
        }
        Err(error) => panic!("{error:?}"),
        Ok((book, _)) => {
            let rules = book.rules.iter().filter(|rule| rule.id.starts_with("bad-"));
            let problems = rules.flat_map(|rule| example::run(&book, rule)).flat_map(|run| run.problems);
            problems.map(|finding| finding.rule.to_string()).next()
        }
    }
}

/// What each tool says of one bad file.
struct Row {
    path: String,
    fault: String,
    check: Option<String>,
    schema: bool,
    taplo: String,
    tombi: String,
}

const HEADING: &str = "| file | its one fault | `quorate` | taplo | tombi |\n| --- | --- | --- | --- | --- |\n";

impl Row {
    fn line(&self) -> String {
        let check = self.check.as_ref().map_or("-".to_owned(), |rule| format!("`{rule}`"));
        format!("| `{}` | {} | {check} | {} | {} |\n", self.path, self.fault, self.taplo, self.tombi)
    }
}

/// The files that a linter refuses, where one is named.
fn refused(variable: &str, rows: &[(String, String)]) -> Option<BTreeSet<String>> {
    let program = PathBuf::from(std::env::var_os(variable)?);
    let repo = Repo::plain();
    copy(&manifest().join("tests/bad-files"), repo.root());
    copy(&manifest().join("schemas"), &repo.path("schemas"));
    let folders: BTreeSet<&str> = rows.iter().map(|(path, _)| path.rsplit_once('/').unwrap().0).collect();
    let (mut taplo, mut tombi) =
        (String::new(), "toml-version = \"v1.0.0\"\n[schema]\ncatalog = { paths = [] }\n".to_owned());
    for folder in folders {
        taplo +=
            &format!("[[rule]]\ninclude = [\"{folder}/*.toml\"]\nschema = {{ path = \"schemas/{folder}.json\" }}\n");
        tombi += &format!("[[schemas]]\npath = \"schemas/{folder}.json\"\ninclude = [\"{folder}/*.toml\"]\n");
    }
    repo.write("taplo.toml", taplo);
    repo.write("tombi.toml", tombi);
    let is_taplo = variable.ends_with("TAPLO");
    let refuses = |path: &String| {
        let mut command = Command::new(&program);
        command.current_dir(repo.root()).arg("lint").arg(path).env("NO_COLOR", "1");
        if !is_taplo {
            command.arg("--offline");
        }
        let output = command.output().unwrap();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{path}: {output:?}");
        !output.status.success()
    };
    Some(rows.iter().map(|(path, _)| path.clone()).filter(refuses).collect())
}

#[test]
fn bad_files_are_refused() {
    let (book, _) = load::load(rule_files(), Texts::default()).unwrap();
    let validators = validators();
    let bad = files(&manifest().join("tests/bad-files"), ".toml");
    assert!(bad.len() >= 60);
    let docs = manifest().join("docs/schemas.md");
    let page = std::fs::read_to_string(&docs).unwrap();
    let (before, table) = page.split_once(HEADING).unwrap_or_else(|| panic!("docs/schemas.md has no table"));
    let kept: BTreeMap<String, (String, String)> = table.lines().filter_map(kept_cells).collect();
    let tools = ["QUORATE_TAPLO", "QUORATE_TOMBI"].map(|variable| refused(variable, &bad));
    let cell = |tool: &Option<BTreeSet<String>>, path: &str, kept: Option<&String>| match tool {
        Some(refused) => if refused.contains(path) { "refuses" } else { "-" }.to_owned(),
        None => kept.cloned().unwrap_or_else(|| "?".into()),
    };
    let row = |(path, text): &(String, String)| {
        let schema = format!("{}.json", path.rsplit_once('/').unwrap().0);
        let kept = kept.get(path);
        Row {
            fault: text.lines().next().unwrap().trim_start_matches("# ").to_owned(),
            check: said(path, text, &book.code),
            schema: as_json(text).is_none_or(|value| !validators[&schema].is_valid(&value)),
            taplo: cell(&tools[0], path, kept.map(|kept| &kept.0)),
            tombi: cell(&tools[1], path, kept.map(|kept| &kept.1)),
            path: path.clone(),
        }
    };
    let rows: Vec<Row> = bad.iter().map(row).collect();
    let made: String = rows.iter().map(Row::line).collect();
    if blesses() {
        std::fs::write(&docs, format!("{before}{HEADING}{made}")).unwrap();
    } else {
        assert_eq!(table, made, "docs/schemas.md: `BLESS=1 cargo test schemas` rewrites the table");
    }
    for row in &rows {
        let all = [row.check.is_some(), row.schema, row.taplo == "refuses", row.tombi == "refuses"];
        assert!(all.contains(&true), "nobody refuses {}", row.path);
        let explained = before.contains(&format!("`{}`", row.path));
        let agree = all.iter().all(|refuses| *refuses);
        assert_ne!(
            agree, explained,
            "{}: check, schema, taplo, tombi: {all:?}; a difference is explained in docs/schemas.md",
            row.path
        );
    }
}

/// The path and what taplo and tombi said, of a line of the table.
fn kept_cells(line: &str) -> Option<(String, (String, String))> {
    let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
    let [path, .., taplo, tombi] = cells[..] else { return None };
    Some((path.trim_matches('`').to_owned(), (taplo.to_owned(), tombi.to_owned())))
}

/// Each schema is named by the settings of both editors, and none that is not there.
#[test]
fn both_editors_are_told_of_every_schema() {
    let inputs: BTreeSet<String> = schema::all(&Words::default())
        .into_iter()
        .map(|(path, _)| path)
        .filter(|path| !path.starts_with("output/"))
        .collect();
    for settings in ["taplo.toml", "tombi.toml"] {
        let text = std::fs::read_to_string(manifest().join(settings)).unwrap();
        let named: BTreeSet<String> =
            text.split('"').filter_map(|part| part.strip_prefix("schemas/")).map(ToOwned::to_owned).collect();
        assert_eq!(named, inputs, "{settings}");
    }
}
