//! Where the words admit more than one reading, the outcome says so where it matters, and there
//! alone: whose bank holidays are added to those of England and Wales.

use std::fmt::Write as _;

use quorate::{
    calendar::WorkingDays,
    day::Day,
    tree::{Rules, Whereabouts},
};
use serde_json::Value;

use crate::common::{Repo, manifest, quorate};

const READINGS: [&str; 2] = ["Scottish bank holidays count too", "Scottish and Northern Irish bank holidays count too"];

fn rules() -> Rules {
    let at = Whereabouts { start: manifest().to_owned(), ..Whereabouts::default() };
    at.open().unwrap().rules().unwrap()
}

/// England and Wales; with Scotland; with Northern Ireland beside it, as all are known by 2026.
fn nations(rules: &Rules) -> [WorkingDays; 3] {
    let names = ["england-and-wales", "scotland", "northern-ireland"];
    let known = Day::parse("2026-01-01").unwrap();
    [1, 2, 3].map(|count| rules.book.calendars.working_days(names[..count].iter().copied(), known))
}

/// A registry with one election for each opening day, and a nomination that comes on the first day
/// that is too late if England and Wales alone count.
fn elections(starts: &[Day], england: &WorkingDays) -> Repo {
    let repo = Repo::plain();
    repo.write("registry/registry.toml", "schema = 1\ncode = \"Smart Energy Code\"\nposition = 2026-01-01\n");
    repo.write("registry/people/ann.toml", "name = \"Ann\"\n");
    repo.write("registry/bodies/panel.toml", "name = \"SEC Panel\"\nestablished = 2013-09-23\n");
    for start in starts {
        let late = england.add(*start, 15, false).unwrap().plus_days(1);
        let mut text = "body = \"panel\"\nreason = \"vacancy\"\n".to_owned();
        let _ = writeln!(text, "called = {start}\nnomination = [{{ candidate = \"ann\", received = {late} }}]");
        repo.write(&format!("registry/elections/called-{start}.toml"), text);
    }
    repo
}

/// What the shipped rule says of each opening day: the outcome and the message.
fn judged(repo: &Repo) -> Vec<(Day, String, String)> {
    let rules = manifest().join("rules");
    let args = ["check", "--format", "json", "--rule", "nomination-window", "--rules", rules.to_str().unwrap()];
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let day =
        |finding: &Value| Day::parse(text(finding, "subject").strip_prefix("elections/called-").unwrap()).unwrap();
    let findings = quorate(repo.root(), &args).findings();
    findings.iter().map(|finding| (day(finding), text(finding, "outcome"), text(finding, "message"))).collect()
}

/// The shares of `working-days.md`, by whole runs of the tool: 1 334 opening days, of which 255 depend
/// on Scotland, and 404 on Scotland or Northern Ireland.
#[test]
fn a_nomination_is_reading_sensitive_exactly_where_the_calendars_differ() {
    let rules = rules();
    let nations = nations(&rules);
    let first = Day::parse("2013-09-23").unwrap();
    let days = Day::parse("2018-12-31").unwrap().days_since(first);
    let starts: Vec<Day> = (0..=i32::try_from(days).unwrap())
        .map(|offset| first.plus_days(offset))
        .filter(|day| nations[0].is_working(*day) == Some(true))
        .collect();
    let found = judged(&elections(&starts, &nations[0]));
    assert_eq!((starts.len(), found.len()), (1334, 1334));

    let mut kept = [0, 0];
    for (start, outcome, message) in found {
        let [england, with_scotland, with_both] = [0, 1, 2].map(|at| nations[at].add(start, 15, false).unwrap());
        let moved = [with_scotland != england, with_both != england];
        let expected = if moved == [false, false] { "breach" } else { "reading-sensitive" };
        assert_eq!(outcome, expected, "{start}: {message}");
        for at in [0, 1].into_iter().filter(|_| outcome == "reading-sensitive") {
            // A reading that gives what the words give as they stand is not told of.
            assert_eq!(message.contains(&format!("{}: kept", READINGS[at])), moved[at], "{start}: {message}");
            assert!(message.contains("as they stand: breach"), "{message}");
        }
        kept[0] += usize::from(moved[0]);
        kept[1] += usize::from(moved[1]);
    }
    assert_eq!(kept, [255, 404]);
}
