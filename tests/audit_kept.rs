//! An audit judges anew only what a commit touched. That it finds what checking each commit finds is held
//! here against records of every kind and all shipped rules, changed in any way; `audit` has the rest.

use std::{collections::BTreeMap, path::Path};

use quorate::{
    against,
    audit::{Audit, Cache, Wanted},
    check::Selection,
    day::{Day, When},
    finding::{Finding, Level, Status},
    text::FileId,
    tree::Whereabouts,
};

use crate::{
    audit::{Choices, Files, History, at, audited},
    common::manifest,
    generated::registry,
};

/// A generated registry with the shipped rules beside it.
fn begin(records: usize, seed: u64) -> Files {
    fn rules(folder: &Path, below: &str, files: &mut Files) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{below}/{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                rules(&entry.path(), &path, files);
            } else if path.ends_with(".toml") {
                files.insert(path, ("100644", std::fs::read(entry.path()).unwrap()));
            }
        }
    }
    let made = registry::make(&registry::Order::new(records, 0.05, seed)).unwrap();
    let mut files = Files::new();
    for (path, text) in &made.files {
        files.insert(format!("registry/{path}"), ("100644", text.clone().into_bytes()));
    }
    rules(&manifest().join("rules"), "rules", &mut files);
    files
}

fn text(files: &Files, path: &str) -> String {
    String::from_utf8(files[path].1.clone()).unwrap()
}

fn put(files: &mut Files, path: &str, text: String) {
    files.insert(path.to_owned(), ("100644", text.into_bytes()));
}

/// The paths below a folder that are records, or rules.
fn below(files: &Files, folder: &str) -> Vec<String> {
    files.keys().filter(|path| path.starts_with(folder) && path.as_str() != "registry/registry.toml").cloned().collect()
}

fn one<T: Clone>(all: &[T], choices: &mut Choices) -> T {
    all[choices.below(all.len())].clone()
}

/// A day moved by up to three hundred days.
fn moved(day: &str, choices: &mut Choices) -> String {
    let by = i32::try_from(choices.below(600)).unwrap() - 300;
    When::parse(day).and_then(When::day).map_or_else(|| day.to_owned(), |day| day.plus_days(by).to_string())
}

/// One thing that somebody may do to the records.
fn edit(files: &mut Files, choices: &mut Choices) {
    let records = below(files, "registry/");
    // Half of the edits are about bodies that rules limit, and their people.
    let limited: Vec<String> = records
        .iter()
        .filter(|path| {
            ["/seats/panel/", "/seats/smki", "/elections/", "/parties/"].iter().any(|part| path.contains(part))
        })
        .cloned()
        .collect();
    let path = one(if choices.below(2) == 0 { &limited } else { &records }, choices);
    let was = text(files, &path);
    let lines: Vec<&str> = was.lines().collect();
    let at = choices.below(lines.len().max(1));
    let kind: String = path.split('/').take(2).collect::<Vec<_>>().join("/");
    match choices.below(12) {
        0..=2 => {
            // Every day in a line moves.
            let days = regex::Regex::new("[0-9]{4}-[0-9]{2}-[0-9]{2}").unwrap();
            let now: Vec<String> = (0..)
                .zip(&lines)
                .map(|(number, line)| match days.find(line) {
                    Some(day) if number >= at => {
                        format!("{}{}{}", &line[..day.start()], moved(day.as_str(), choices), &line[day.end()..])
                    }
                    _ => (*line).to_owned(),
                })
                .collect();
            put(files, &path, now.join("\n"));
        }
        3 => put(files, &path, [&lines[..at], &lines[(at + 1).min(lines.len())..]].concat().join("\n")),
        4..=6 => {
            // A value of another record of the kind.
            let alike: Vec<String> = records.iter().filter(|other| other.starts_with(&kind)).cloned().collect();
            let other = text(files, &one(&alike, choices));
            let key = lines[at].split('=').next().unwrap_or("").trim().to_owned();
            let line = other.lines().find(|line| line.split('=').next().unwrap_or("").trim() == key);
            let mut now: Vec<&str> = lines.clone();
            now[at] = line.unwrap_or("");
            put(files, &path, now.join("\n"));
        }
        7 => drop(files.remove(&path)),
        8 => put(files, &path.replace(".toml", &format!("-{}.toml", choices.below(5))), was.clone()),
        9 => put(files, &path, format!("# looked at\n{was}")),
        10 => put(files, &path, was.replacen("\"", "\"unknown\" # \"", choices.below(3))),
        _ => put(files, &path, format!("{was}\nnonsense = [\n")),
    }
}

/// One thing that somebody may do to the rules, which leaves them readable more often than not.
fn amend(files: &mut Files, choices: &mut Choices) {
    let path = one(&below(files, "rules/c-governance/"), choices);
    let was = text(files, &path);
    match choices.below(4) {
        0 => put(files, &path, format!("# looked at\n{was}")),
        1 => put(files, &path, was.replace("\"error\"", "\"warning\"")),
        2 => put(files, &path, was.replace("count = 2", "count = 1")),
        _ => put(files, &path, format!("{was}\n# \u{202e}")),
    }
}

fn random_history(seed: u64, commits: usize) -> History {
    let mut choices = Choices(seed);
    let base = begin(700, seed);
    let (mut history, mut files) = (History::default(), base.clone());
    let mut day = Day::new(2016, 9, 30).unwrap();
    history.commit(day, "ann", &[], &files);
    for at in 1..commits {
        // Mostly on, now and then back.
        day = day.plus_days([0, 0, 1, 3, 20, 90, -2][choices.below(7)]);
        for _ in 0..=choices.below(3) {
            edit(&mut files, &mut choices);
        }
        match choices.below(9) {
            0 => amend(&mut files, &mut choices),
            1 => {
                // Some of it is mended.
                let path = one(&base.keys().collect::<Vec<_>>(), &mut choices);
                files.insert(path.clone(), base[path].clone());
            }
            2 if at % 2 == 0 => files = base.clone(),
            _ => {}
        }
        history.commit(day, "ann", &[history.count], &files);
    }
    history
}

/// What a finding is, but for its words.
type Told = (String, String, String);

/// What `check` finds in a commit on a day, with its words.
fn checked(at: &Whereabouts, id: &str, on: Day) -> Option<BTreeMap<Told, String>> {
    let at = Whereabouts { at: Some(id.to_owned()), ..at.clone() };
    let verdict = at.open().ok()?.tree().ok()?.judge(on, &Selection::default());
    let told = |one: &Finding| {
        let key =
            (format!("{} {} {}", one.rule, one.subject, one.slot), one.outcome.to_string(), one.level.to_string());
        (key, one.message.clone())
    };
    Some(verdict.findings.iter().map(told).collect())
}

/// What stands in a commit by an audit: with its words, where it appeared there.
fn standing(audit: &Audit, place: usize) -> Option<BTreeMap<Told, Option<String>>> {
    audit.commits[place].counts.as_ref().ok()?;
    let stands = |one: &&quorate::audit::Stood| {
        one.appeared.is_none_or(|from| from <= place) && one.cleared.is_none_or(|until| place < until)
    };
    let told = |one: &quorate::audit::Stood| {
        let found = &one.found;
        let key = (
            format!("{} {} {}", found.rule, found.subject, found.slot),
            found.outcome.to_string(),
            found.level.to_string(),
        );
        (key, (one.appeared == Some(place)).then(|| found.message.clone()))
    };
    Some(audit.findings.iter().filter(stands).map(told).collect())
}

fn holds(seed: u64, commits: usize) -> usize {
    let repo = random_history(seed, commits).made();
    let here = at(&repo);
    let audit = audited(&here, &Wanted::default(), &mut Cache::default());
    assert_eq!(audit.commits.len(), commits);
    let mut judged = 0;
    for (place, commit) in audit.commits.iter().enumerate() {
        let Some(expected) = checked(&here, &commit.id, commit.day) else {
            assert!(commit.counts.is_err(), "seed {seed}, commit {place}");
            continue;
        };
        judged += 1;
        let stands = standing(&audit, place).unwrap_or_default();
        let keys = |all: Vec<&Told>| all.into_iter().map(|(key, ..)| key.clone()).collect::<Vec<_>>();
        let missing: Vec<&Told> =
            expected.keys().filter(|key| !stands.keys().any(|other| other.0 == key.0 && other.2 == key.2)).collect();
        let extra: Vec<&Told> =
            stands.keys().filter(|key| !expected.keys().any(|other| other.0 == key.0 && other.2 == key.2)).collect();
        assert!(
            missing.is_empty() && extra.is_empty(),
            "seed {seed}, commit {place} ({}, {}): the audit lacks {:?}, and has besides {:?}",
            commit.id,
            commit.day,
            keys(missing),
            keys(extra)
        );
        for (key, words) in stands {
            if let (Some(words), Some(expected)) = (words, expected.get(&key)) {
                assert_eq!(&words, expected, "seed {seed}, commit {place}: {key:?}");
            }
        }
    }
    judged
}

#[test]
fn what_is_kept_of_the_commit_before_changes_nothing() {
    let seeds: Vec<u64> = match std::env::var("QUORATE_SEEDS") {
        Ok(text) => text.split(',').map(|seed| seed.parse().unwrap()).collect(),
        Err(_) => vec![1, 2],
    };
    let judged: usize = seeds.iter().map(|seed| holds(*seed, 24)).sum();
    assert!(judged > seeds.len() * 16, "only {judged} commits were judged: the histories are too wild");
}

/// Each finding of a tree on the day that its records speak for: fingerprint, with level and words.
fn told(at: &Whereabouts) -> Option<BTreeMap<String, (Level, String)>> {
    let tree = at.open().ok()?.tree().ok()?;
    let day = tree.day(None).ok()?;
    let verdict = tree.judge(day, &Selection::default());
    Some(verdict.findings.iter().map(|one| (one.fingerprint(), (one.level, one.message.clone()))).collect())
}

/// A check against the commit before judges of it only what may come out otherwise. It says what two whole
/// checks held against each other say.
#[test]
fn what_a_base_shares_with_what_comes_of_it_changes_nothing() {
    let (mut compared, mut differed) = (0, 0);
    for seed in [21, 22] {
        let repo = random_history(seed, 16).made();
        let rev = |back: usize| Whereabouts { at: Some(format!("HEAD~{back}")), ..at(&repo) };
        for back in 0..15 {
            let (here, base) = (rev(back), rev(back + 1));
            let rules = |at: &Whereabouts| {
                at.open().unwrap().rules().map(|rules| {
                    (0..rules.texts.next_id().0)
                        .map(|id| rules.texts.content(FileId(id)).to_owned())
                        .collect::<Vec<_>>()
                })
            };
            let (Ok(own), Ok(before)) = (rules(&here), rules(&base)) else { continue };
            let (Some(now), Some(was), true) = (told(&here), told(&base), own == before) else { continue };
            let opened = here.open().unwrap();
            let tree = opened.tree().unwrap();
            let base = format!("HEAD~{}", back + 1);
            let verdict = against::judge(&here, &opened, tree, &base, None, &Selection::default()).unwrap();
            let status = |print: &String, level: Level| match was.get(print) {
                Some((before, _)) if *before >= level => Status::Existing,
                _ => Status::New,
            };
            let mut expected: BTreeMap<String, (Status, Level, String)> = now
                .iter()
                .map(|(print, (level, words))| (print.clone(), (status(print, *level), *level, words.clone())))
                .collect();
            for (print, (level, words)) in &was {
                expected.entry(print.clone()).or_insert((Status::Fixed, *level, words.clone()));
            }
            // What rules about commits find is of the commits, not of what they hold.
            let by_commits = ["position-not-back", "deleted-record", "past-said-to-be-corrected"];
            let of_records = |one: &&Finding| !by_commits.contains(&one.rule.as_ref());
            let found: BTreeMap<String, (Status, Level, String)> = verdict
                .findings
                .iter()
                .filter(of_records)
                .map(|one| (one.fingerprint(), (one.status.unwrap(), one.level, one.message.clone())))
                .collect();
            assert_eq!(found, expected, "seed {seed}, HEAD~{back}");
            compared += 1;
            differed += usize::from(now != was);
        }
    }
    assert!(compared > 10 && differed > 5, "{compared} compared, {differed} differed: the histories are too plain");
}
