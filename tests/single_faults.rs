//! One cause, one finding: single faults (`tests/single-faults.toml`), put one at a time into the
//! shipped registry and into a generated one. What is found that was not found before is counted by
//! fingerprint. `BLESS=1 cargo test single_faults` rewrites `docs/single-faults.md`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::{Path, PathBuf},
};

use quorate::{check::Selection, day::Day, finding::Finding, render::locate, tree::Whereabouts};
use regex::Regex;
use toml::de::{DeTable, DeValue};

use crate::{
    common::{copy, manifest},
    generated::{registry, write},
};

/// One change of one registry.
struct Edit {
    within: String,
    from: String,
    to: Option<String>,
    rename: Option<String>,
    add: Option<(String, String)>,
    on: Option<Day>,
}

/// One fault, and what must be found.
struct Fault {
    name: String,
    rule: String,
    at: String,
    /// In the shipped registry, and in the generated one.
    edits: [Option<Edit>; 2],
}

fn word(table: &DeTable<'_>, key: &str) -> Option<String> {
    table.get(key).map(|value| value.get_ref().as_str().unwrap_or_else(|| panic!("`{key}` is a string")).to_owned())
}

fn faults() -> Vec<Fault> {
    let text = std::fs::read_to_string(manifest().join("tests/single-faults.toml")).unwrap();
    let file = DeTable::parse(&text).unwrap();
    let edit = |value: &DeValue<'_>| {
        let table = value.as_table().unwrap();
        let removes = table.get("remove").is_some();
        let edit = Edit {
            within: word(table, "in").unwrap_or_default(),
            from: word(table, "from").unwrap_or_default(),
            to: word(table, "to"),
            rename: word(table, "rename"),
            add: word(table, "add").map(|path| (path, word(table, "text").unwrap())),
            on: word(table, "on").map(|day| Day::parse(&day).unwrap()),
        };
        let ways = usize::from(edit.to.is_some())
            + usize::from(edit.rename.is_some())
            + usize::from(edit.add.is_some())
            + usize::from(removes);
        assert_eq!(ways, 1, "an edit does one thing");
        edit
    };
    let fault = |value: &toml::Spanned<DeValue<'_>>| {
        let table = value.get_ref().as_table().unwrap();
        let side = |key: &str| table.get(key).or_else(|| table.get("both")).map(|value| edit(value.get_ref()));
        Fault {
            name: word(table, "name").unwrap(),
            rule: word(table, "rule").unwrap(),
            at: word(table, "at").unwrap(),
            edits: [side("shipped"), side("generated")],
        }
    };
    file.get_ref().get("fault").unwrap().get_ref().as_array().unwrap().iter().map(fault).collect()
}

/// The fingerprints of what is found without a fault, by the day judged.
type Unharmed = BTreeMap<Option<Day>, BTreeSet<String>>;

/// A registry in a folder of its own.
struct Harmed {
    folder: tempfile::TempDir,
    /// Every file below `registry/`, sorted.
    files: Vec<(String, String)>,
}

impl Harmed {
    fn new(folder: tempfile::TempDir) -> Self {
        fn gather(top: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    gather(top, &path, files);
                } else if path.extension().is_some_and(|end| end == "toml") {
                    let below = path.strip_prefix(top).unwrap().to_str().unwrap().to_owned();
                    files.push((below, std::fs::read_to_string(&path).unwrap()));
                }
            }
        }
        let top = folder.path().join("registry");
        let mut files = Vec::new();
        gather(&top, &top, &mut files);
        files.sort();
        Self { folder, files }
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join("registry").join(below)
    }

    /// What a check finds: the fingerprint of each finding, its rule and the path of its first place.
    fn found(&self, on: Option<Day>) -> Vec<(String, String, String)> {
        let rules = Some(manifest().join("rules"));
        let at = Whereabouts { start: self.folder.path().to_owned(), rules, ..Whereabouts::default() };
        let tree = at.open().unwrap().tree().unwrap();
        let day = tree.day(on).unwrap();
        let verdict = tree.judge(day, &Selection::default());
        let brief = |finding: &Finding| {
            let path = finding.marks.first().map_or("", |mark| locate(&verdict.texts, mark.place).path);
            let below = path.strip_prefix("registry/").unwrap_or(path).to_owned();
            (finding.fingerprint(), finding.rule.to_string(), below)
        };
        verdict.findings.iter().map(brief).collect()
    }

    fn text(&self, below: &str) -> &str {
        let file = self.files.iter().find(|(path, _)| path == below);
        file.map_or_else(|| panic!("there is no {below}"), |(_, text)| text)
    }

    fn first(&self, below: &str, pattern: &str) -> String {
        let found = Regex::new(pattern).unwrap().captures(self.text(below)).map(|found| found[1].to_owned());
        found.unwrap_or_else(|| panic!("{below} has no {pattern}"))
    }

    fn holder(&self, seat: &str) -> String {
        self.first(&format!("seats/{seat}.toml"), "holder = \"([^\"]+)\"")
    }

    fn employer(&self, person: &str) -> String {
        self.first(&format!("people/{person}.toml"), "by = \"([^\"]+)\"")
    }

    fn people(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter_map(|(path, text)| Some((person_id(path)?, text.as_str())))
    }

    /// Puts ids of this registry in the places of the words in braces.
    fn filled(&self, text: &str) -> String {
        let word = Regex::new(r"\{([a-z-]+)(?::([^}]+))?\}").unwrap();
        let fill = |found: &regex::Captures<'_>| {
            let seat = found.get(2).map_or("", |seat| seat.as_str());
            match &found[1] {
                "source" => self.first("bodies/panel.toml", "source = \\[\"([^\"]+)\""),
                "person" => self.without_office(),
                "holder-of" => self.holder(seat),
                "employer-of" => self.employer(&self.holder(seat)),
                "colleague-of" => self.colleague(&self.holder(seat)),
                _ => found[0].to_owned(),
            }
        };
        word.replace_all(text, fill).into_owned()
    }

    fn without_office(&self) -> String {
        let offices = ["seats/", "elections/", "meetings/"];
        let files = self.files.iter().filter(|(path, _)| offices.iter().any(|folder| path.starts_with(folder)));
        let named: String = files.map(|(_, text)| text.as_str()).collect();
        self.people().map(|(id, _)| id).find(|id| !named.contains(&format!("\"{id}\""))).unwrap().to_owned()
    }

    fn colleague(&self, person: &str) -> String {
        let still = Regex::new(&format!("by = \"{}\", from = [0-9-]+ \\}}", self.employer(person))).unwrap();
        let others = self.people().filter(|(id, text)| *id != person && still.is_match(text));
        others.map(|(id, _)| id.to_owned()).next().unwrap_or_else(|| panic!("{person} has no colleague"))
    }

    /// Makes an edit, and gives what it found that was not there before.
    fn harm(&self, edit: &Edit, name: &str, unharmed: &mut Unharmed) -> Vec<(String, String)> {
        let prints = || self.found(edit.on).into_iter().map(|(print, _, _)| print).collect();
        let before = unharmed.entry(edit.on).or_insert_with(prints);
        let undo = self.edit(edit, name);
        let new = self.found(edit.on).into_iter().filter(|(print, _, _)| !before.contains(print));
        let new = new.map(|(_, rule, path)| (rule, path)).collect();
        for (path, text) in undo {
            match text {
                Some(text) => std::fs::write(path, text).unwrap(),
                None => std::fs::remove_file(path).unwrap(),
            }
        }
        new
    }

    /// What to do afterwards: which files to write again, and which to take away.
    fn edit(&self, edit: &Edit, name: &str) -> Vec<(PathBuf, Option<String>)> {
        if let Some((path, text)) = &edit.add {
            let path = self.path(path);
            assert!(!path.exists(), "{name}: {} is there already", path.display());
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, self.filled(text)).unwrap();
            return vec![(path, None)];
        }
        let (within, pattern) = (self.filled(&edit.within), Regex::new(&edit.from).unwrap());
        let (below, text) = self
            .files
            .iter()
            .find(|(path, text)| path.starts_with(&within) && pattern.is_match(text))
            .unwrap_or_else(|| panic!("{name}: no file of {within} has {pattern}"));
        let mut undo = vec![(self.path(below), Some(text.clone()))];
        match (&edit.to, &edit.rename) {
            (Some(to), _) => {
                let made = day_after(&pattern.replace(text, self.filled(to)));
                assert_ne!(&made, text, "{name} changes nothing");
                std::fs::write(self.path(below), made).unwrap();
            }
            (None, Some(other)) => {
                std::fs::rename(self.path(below), self.path(other)).unwrap();
                undo.push((self.path(other), None));
            }
            (None, None) => std::fs::remove_file(self.path(below)).unwrap(),
        }
        undo
    }
}

/// Puts the next day in the place of `{day-after:DAY}`.
fn day_after(text: &str) -> String {
    let word = Regex::new(r"\{day-after:([0-9-]+)\}").unwrap();
    let next = |found: &regex::Captures<'_>| Day::parse(&found[1]).unwrap().plus_days(1).to_string();
    word.replace_all(text, next).into_owned()
}

fn person_id(path: &str) -> Option<&str> {
    path.strip_prefix("people/")?.strip_suffix(".toml")
}

fn shipped() -> Harmed {
    let folder = tempfile::tempdir().unwrap();
    copy(&manifest().join("registry"), &folder.path().join("registry"));
    Harmed::new(folder)
}

fn generated() -> Harmed {
    let folder = tempfile::tempdir().unwrap();
    let made = registry::make(&registry::Order::new(1000, 0.0, 7)).unwrap();
    write::files(folder.path(), &made, &manifest().join("rules")).unwrap();
    Harmed::new(folder)
}

/// What came of one fault in one registry.
struct Came {
    count: usize,
    missed: bool,
    /// The rules of what was found beside what had to be.
    beside: Vec<String>,
}

fn came(fault: &Fault, edit: &Edit, registry: &Harmed, unharmed: &mut Unharmed) -> Came {
    let new = registry.harm(edit, &fault.name, unharmed);
    let meant = |(rule, path): &&(String, String)| *rule == fault.rule && path.starts_with(&fault.at);
    let at = new.iter().position(|one| meant(&one));
    let beside = new.iter().enumerate().filter(|(one, _)| Some(*one) != at).map(|(_, (rule, _))| rule.clone());
    Came { count: new.len(), missed: at.is_none(), beside: beside.collect() }
}

/// Every fault in one of the two registries.
fn all_in(faults: &[Fault], side: usize, registry: &Harmed) -> Vec<Option<Came>> {
    let mut unharmed = Unharmed::new();
    let one = |fault: &Fault| fault.edits[side].as_ref().map(|edit| came(fault, edit, registry, &mut unharmed));
    faults.iter().map(one).collect()
}

const INTRODUCTION: &str = "\
# Single faults

One cause gives one finding. Each fault below is put, alone, into a copy of the shipped registry and into a generated
one; the numbers say how many findings of any level there are that were not there before. What must be found is a
finding of the rule named, in a file below the path named; where there is a second finding, its rule is named too.
`tests/single-faults.toml` has the edits, `tests/single_faults.rs` makes them, and `BLESS=1 cargo test single_faults`
writes this page.

";

fn page(faults: &[Fault], outcomes: &[Vec<Option<Came>>; 2]) -> String {
    let mut page = INTRODUCTION.to_owned();
    let all: Vec<&Came> = outcomes.iter().flatten().flatten().collect();
    let mut counts: Vec<usize> = all.iter().map(|came| came.count).collect();
    counts.sort_unstable();
    let _ = writeln!(
        page,
        "{} faults, {} times put in: the median is {}, the most {}, and {} missed.\n",
        faults.len(),
        counts.len(),
        counts[counts.len() / 2],
        counts.last().unwrap(),
        match all.iter().filter(|came| came.missed).count() {
            0 => "none is".to_owned(),
            missed => format!("{missed} are"),
        }
    );
    page.push_str("| fault | must be found | shipped | generated |\n| --- | --- | --- | --- |\n");
    for (number, fault) in faults.iter().enumerate() {
        let cell = |side: usize| match &outcomes[side][number] {
            None => "–".to_owned(),
            Some(came) => {
                let beside = came.beside.iter().map(|rule| format!("`{rule}`")).collect::<Vec<_>>().join(", ");
                let missed = if came.missed { " **missed**" } else { "" };
                let beside = if beside.is_empty() { String::new() } else { format!(", with {beside}") };
                format!("{}{missed}{beside}", came.count)
            }
        };
        let place = if fault.at.is_empty() { "the files that name it".to_owned() } else { format!("`{}`", fault.at) };
        let _ = writeln!(page, "| {} | `{}` in {place} | {} | {} |", fault.name, fault.rule, cell(0), cell(1));
    }
    page
}

#[test]
fn single_faults_give_one_finding_each_at_most_two_and_none_is_missed() {
    let faults = faults();
    let (shipped, generated) = (shipped(), generated());
    let (one, other) = rayon::join(|| all_in(&faults, 0, &shipped), || all_in(&faults, 1, &generated));
    let outcomes = [one, other];
    let page = page(&faults, &outcomes);
    let path = manifest().join("docs/single-faults.md");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let all: Vec<&Came> = outcomes.iter().flatten().flatten().collect();
    let mut counts: Vec<usize> = all.iter().map(|came| came.count).collect();
    counts.sort_unstable();
    assert!(faults.len() >= 60, "{} faults", faults.len());
    assert!(!all.iter().any(|came| came.missed), "{page}");
    assert_eq!((counts[counts.len() / 2], counts.last().copied().unwrap() <= 2), (1, true), "{page}");
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(page, kept, "`BLESS=1 cargo test single_faults` rewrites docs/single-faults.md");
}

#[test]
fn single_faults_harm_every_kind_of_record() {
    let faults = faults();
    let edits = faults.iter().flat_map(|fault| &fault.edits).flatten();
    let paths: Vec<&str> =
        edits.map(|edit| edit.add.as_ref().map_or(edit.within.as_str(), |(path, _)| path.as_str())).collect();
    for kind in quorate::record::Kind::ALL {
        let folder = format!("{}/", kind.folder());
        assert!(paths.iter().any(|path| path.starts_with(&folder)), "no fault in {folder}");
    }
}

/// A fault in a tree is none of a commit: the kind that judges those is broken in `history`.
#[test]
fn single_faults_break_a_rule_of_every_kind() {
    let rules = Whereabouts { start: manifest().to_owned(), ..Whereabouts::default() }.open().unwrap().rules().unwrap();
    let faults = faults();
    let named = faults.iter().filter_map(|fault| rules.book.find(&fault.rule));
    let kinds: BTreeSet<&str> = named.filter_map(|rule| rule.head.kind.text()).collect();
    let of_records = quorate::kind::KINDS.iter().filter(|kind| !kind.judges_commits());
    for kind in of_records.map(|kind| kind.name()) {
        assert!(kinds.contains(kind), "no fault breaks a rule of the kind {kind}");
    }
}
