//! Every row of what is known of the code is looked after, and `rules coverage` says how.

use std::collections::BTreeMap;

use quorate::{
    rulebook::coverage::Care,
    tree::{Rules, Whereabouts},
};

use crate::common::{manifest, orchard, quorate};

fn rules() -> Rules {
    let at = Whereabouts { start: manifest().to_owned(), ..Whereabouts::default() };
    at.open().unwrap().rules().unwrap()
}

/// The rows of `tests/sec-rows.txt`: id, then file and label.
fn listed() -> BTreeMap<String, (String, String)> {
    let text = std::fs::read_to_string(manifest().join("tests/sec-rows.txt")).unwrap();
    let row = |line: &str| {
        let [id, file, label] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        (id.to_owned(), (file.to_owned(), label.to_owned()))
    };
    text.lines().map(row).collect()
}

#[test]
fn every_row_has_an_entry_with_its_label_and_no_entry_lacks_a_row() {
    let rules = rules();
    let coverage = rules.book.coverage.as_ref().unwrap();
    let entries: BTreeMap<String, String> =
        coverage.rows().map(|(_, row)| (row.id.text().unwrap().to_owned(), row.label().to_owned())).collect();
    let rows: BTreeMap<String, String> = listed().into_iter().map(|(id, (_, label))| (id, label)).collect();
    assert_eq!(entries, rows);
    let bare: Vec<_> = coverage.rows().filter(|(_, row)| row.care() == Care::Nothing).collect();
    assert!(bare.is_empty(), "{bare:?}");
    let doubts: Vec<_> = rules.book.doubts.iter().map(|doubt| &doubt.message).collect();
    assert!(doubts.is_empty(), "{doubts:?}");
}

/// The notes lie beside the repository where the rules are written, and nowhere else.
#[test]
fn the_list_of_rows_is_that_of_the_tables() {
    let folder = manifest().join("../shared/sec");
    let Ok(files) = std::fs::read_dir(&folder) else { return };
    let mut found = BTreeMap::new();
    for path in files.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "md"))
    {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let cells: Vec<&str> = line.trim().trim_matches('|').split('|').collect();
            let is_id = |cell: &str| {
                cell.split_once('-').is_some_and(|(word, number)| {
                    word.len() <= 3
                        && !word.is_empty()
                        && word.bytes().all(|byte| byte.is_ascii_uppercase())
                        && number.len() == 2
                        && number.bytes().all(|byte| byte.is_ascii_digit())
                })
            };
            if line.starts_with('|') && cells.len() > 3 && is_id(cells[0]) {
                let label = cells.last().unwrap().trim().to_owned();
                assert_eq!(found.insert(cells[0].to_owned(), (name.clone(), label)), None, "{} twice", cells[0]);
            }
        }
    }
    assert_eq!(found, listed());
}

#[test]
fn the_table_has_every_row_and_totals_that_add_up() {
    let run = quorate(manifest(), &["rules", "coverage", "--format", "json"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    let json = run.json();
    let count = |key: &str| json["totals"][key].as_u64().unwrap();
    let parts = ["checked", "recorded", "judgement", "out-of-scope", "not-covered"].map(count);
    assert_eq!(parts.iter().sum::<u64>(), count("rows"));
    assert_eq!(count("rows"), listed().len() as u64);

    let csv = quorate(manifest(), &["rules", "coverage", "--format", "csv"]);
    assert_eq!(csv.stdout.split("\r\n").filter(|line| !line.is_empty()).count() as u64, count("rows") + 1);

    let human = quorate(manifest(), &["rules", "coverage"]);
    assert_eq!(human.status, 0);
    for id in listed().keys() {
        assert!(human.stdout.lines().any(|line| line.starts_with(&format!("  {id} "))), "{id}");
    }
    let widest = human.stdout.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "{widest:?}");
}

/// A small coverage over the made-up code of the tests.
fn with_rows(rows: &str) -> crate::common::Repo {
    let repo = orchard();
    repo.write("rules/coverage.toml", format!("[[part]]\ntitle = \"All\"\nrow = [\n{rows}]\n"));
    repo
}

#[test]
fn what_is_wrong_with_a_row_is_said_at_its_place_and_stops_no_check() {
    let repo = with_rows(concat!(
        "  { id = \"A-01\", label = \"text\", clause = \"1\", about = \"one\", checked = [\"record-keys\"] },\n",
        "  { id = \"A-02\", label = \"certain\", clause = \"1\", about = \"two\", recorded = \"there\" },\n",
        "  { id = \"A-02\", label = \"text\", clause = \"1\", about = \"three\", judgement = \"hard\" },\n",
        "  { id = \"A-03\", label = \"text\", clause = \"1\", about = \"four\" },\n",
        "  { id = \"A-04\", label = \"text\", clause = \"1\", about = \"five\", recorded = \"x\", judgement = \"y\" },\n",
        "  { id = \"A-05\", label = \"text\", clause = \"1\", about = \"six\", recorded = \"x\", rest = \"y\" },\n",
    ));
    let run = quorate(repo.root(), &["rules", "coverage"]);
    assert_eq!(run.status, 1);
    let expected = [
        "rules/coverage.toml:4:74: row `A-01`: there is no rule `record-keys` (did you mean `record-key`?)",
        "rules/coverage.toml:5:26: row `A-02`: `certain` begins with no label (no label)",
        "rules/coverage.toml:6:10: row `A-02` stands twice (the second)",
        "rules/coverage.toml:7:3: row `A-03` is not covered (not covered)",
        "rules/coverage.toml:8:3: row `A-04` is recorded and judgement at once (one too many)",
        "rules/coverage.toml:9:86: row `A-05`: `rest` is what `checked` leaves, and nothing is checked (not here)",
    ];
    assert_eq!(run.stderr.lines().collect::<Vec<_>>(), expected);
    assert_eq!(quorate(repo.root(), &["rules", "test"]).status, 1);
    assert_eq!(quorate(repo.root(), &["check"]).status, 0);
}

#[test]
fn a_rule_is_no_stronger_than_the_best_row_that_it_checks() {
    let row = |id: &str, label: &str, rule: &str| {
        format!("  {{ id = \"{id}\", label = \"{label}\", clause = \"1\", about = \"x\", checked = [\"{rule}\"] }},\n")
    };
    let id = strong_rule();
    let weak = with_rows(&row("A-01", "recalled (strong)", &id));
    let run = quorate(weak.root(), &["rules", "coverage"]);
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.stderr.contains(&format!("rule `{id}` can give an error, and row `A-01`")), "{}", run.stderr);

    let borne = with_rows(&(row("A-01", "recalled (strong)", &id) + &row("A-02", "secondary", &id)));
    assert_eq!(quorate(borne.root(), &["rules", "coverage"]).status, 0);
}

/// A rule of the made-up code that can give an error.
fn strong_rule() -> String {
    let base = orchard();
    let at = Whereabouts { start: base.root().to_owned(), ..Whereabouts::default() };
    let rules = at.open().unwrap().rules().unwrap();
    let strong = |rule: &&quorate::rulebook::rule::Rule| {
        rule.level == quorate::finding::Level::Error
            && rule.versions.iter().any(|version| {
                quorate::rulebook::rule::basis_of(&version.basis) >= Some(quorate::finding::Basis::Secondary)
            })
    };
    rules.book.judging().find(strong).unwrap().id.to_string()
}

#[test]
fn a_misspelt_key_is_a_mistake_of_the_rulebook() {
    let repo = with_rows("  { id = \"A-01\", label = \"text\", clause = \"1\", about = \"x\", recordd = \"y\" },\n");
    let run = quorate(repo.root(), &["rules", "coverage"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("did you mean `recorded`?"), "{}", run.stderr);
}

#[test]
fn a_code_need_not_say_what_its_rules_cover() {
    let run = quorate(orchard().root(), &["rules", "coverage"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("has no `coverage.toml`"), "{}", run.stderr);
}
