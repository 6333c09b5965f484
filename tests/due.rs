//! What is due, held against what is judged: whoever acts on the last day keeps the rule, and
//! whoever acts the day after breaks it.

use proptest::{prelude::*, test_runner::TestCaseError};
use quorate::{
    check::Selection,
    day::Day,
    due::{self, Agenda},
    finding::Outcome,
    tree::{Tree, Whereabouts},
};
use serde_json::Value;

use crate::common::{Repo, manifest, orchard, quorate};

fn tree(repo: &Repo) -> Tree {
    let at = Whereabouts { start: repo.root().to_owned(), ..Whereabouts::default() };
    at.open().unwrap().tree().unwrap()
}

fn agenda(repo: &Repo, on: Day, rule: &str) -> Agenda {
    let selection = Selection { rules: vec![rule.to_owned()], subjects: Vec::new() };
    due::agenda(&tree(repo), on, "400d".parse().unwrap(), &selection).unwrap()
}

/// Whether a rule finds a breach.
fn breaks(repo: &Repo, on: Day, rule: &str) -> bool {
    let selection = Selection { rules: vec![rule.to_owned()], subjects: Vec::new() };
    tree(repo).judge(on, &selection).summary.of(Outcome::Breach) > 0
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// The last day of the one thing that the rule asks for.
fn last_day(agenda: &Agenda) -> Result<Day, TestCaseError> {
    let [entry] = agenda.entries.as_slice() else { return Err(TestCaseError::fail(format!("{agenda:?}"))) };
    entry.by.day().ok_or_else(|| TestCaseError::fail(format!("{entry:?}")))
}

fn window(of: &str, opens: &str, event: &str, terms: &str) -> String {
    format!(
        "title = \"w\"\nkind = \"window\"\nclause = \"B1\"\nlevel = \"error\"\nof = \"{of}\"\nopens = \"{opens}\"\nevent = \"{event}\"\n\n[[version]]\nfrom = 2015-01-01\nsource = [\"byelaws\"]\nbasis = \"text\"\n{terms}\n"
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Around Boxing Day 2016, on a Monday, and the weekends beside it.
    #[test]
    fn an_event_on_the_last_day_keeps_its_window_and_the_day_after_breaks_it(
        called in 0..20i32, count in 0..9u32, counted: bool,
        unit in prop::sample::select(vec!["working-days", "days", "months"]),
        bound in prop::sample::select(vec!["at-most", "exactly"]),
        missing in prop::sample::select(vec!["open", "late"]),
    ) {
        let repo = orchard();
        let called = day("2016-12-10").plus_days(called);
        repo.write("rules/w.toml", window("elections", "called", "ballot-opened", &format!(
            "bound = \"{bound}\"\ncount = {count}\nunit = \"{unit}\"\ncount-opening-day = {counted}\nmissing = \"{missing}\""
        )));
        let election = |more: &str| repo.write(
            "registry/elections/e.toml",
            format!("source = [\"minutes\"]\nbody = \"board\"\nreason = \"first\"\ncalled = {called}\n{more}"),
        );
        election("");
        let last = last_day(&agenda(&repo, called, "w"))?;
        prop_assert!(!breaks(&repo, last, "w"));
        prop_assert_eq!(breaks(&repo, last.plus_days(1), "w"), missing == "late");
        let shown_after = agenda(&repo, last.plus_days(1), "w").entries;
        prop_assert_eq!(shown_after.iter().filter(|entry| entry.overdue).count(), usize::from(missing == "late"));
        election(&format!("ballot = {{ opened = {last} }}\n"));
        prop_assert!(!breaks(&repo, last, "w"));
        prop_assert!(agenda(&repo, last, "w").entries.is_empty());
        let late = last.plus_days(1);
        election(&format!("ballot = {{ opened = {late} }}\n"));
        prop_assert!(breaks(&repo, late, "w"));
    }

    #[test]
    fn notice_on_the_last_day_is_in_time_and_the_day_after_is_not(
        meets in 0..20i32, count in 1..9u32, unit in prop::sample::select(vec!["working-days", "days"]),
    ) {
        let repo = orchard();
        let meets = day("2017-01-01").plus_days(meets);
        repo.write("rules/w.toml", window("meetings", "day", "notice-given", &format!(
            "bound = \"at-least\"\ncount = {count}\nunit = \"{unit}\"\nbackwards = true"
        )));
        let path = format!("registry/meetings/board/{meets}.toml");
        let meeting = |more: &str| repo.write(&path, format!("source = [\"minutes\"]\nplanned = {meets}\n{more}"));
        meeting("");
        let last = last_day(&agenda(&repo, day("2016-11-01"), "w"))?;
        meeting(&format!("notice-given = {last}\n"));
        prop_assert!(!breaks(&repo, last, "w"));
        meeting(&format!("notice-given = {}\n", last.plus_days(1)));
        prop_assert!(breaks(&repo, last.plus_days(1), "w"));
    }

    #[test]
    fn a_call_on_the_last_day_keeps_the_rule_and_the_day_after_breaks_it(
        from in 0..30i32, count in 1..40u32, unit in prop::sample::select(vec!["working-days", "days"]),
    ) {
        let repo = orchard();
        let from = day("2016-01-01").plus_days(from);
        repo.write("registry/seats/board/chair.toml", format!(
            "constituency = \"chair\"\nsource = [\"minutes\"]\ntenure = [{{ holder = \"dee\", from = {from}, due-to-end = {} }}]\n",
            from.plus_months(12)
        ));
        repo.write("rules/call.toml", format!("title = \"c\"\nkind = \"term\"\nclause = \"B2\"\nlevel = \"error\"\nbody = \"board\"\nseat = [\"chair\"]\n\n[[version]]\nfrom = 2015-01-01\nsource = [\"byelaws\"]\nbasis = \"text\"\nhold-over = true\ncall-before = {{ count = {count}, unit = \"{unit}\" }}\n"));
        let coverage = std::fs::read_to_string(repo.path("registry/registry.toml")).unwrap();
        repo.write("registry/registry.toml", format!("{coverage}elections = \"complete\"\n"));
        let last = last_day(&agenda(&repo, day("2016-06-01"), "call"))?;
        let election = |called: Day| repo.write("registry/elections/e.toml", format!(
            "source = [\"minutes\"]\nbody = \"board\"\nreason = \"term-expiry\"\ncalled = {called}\nseats-up = [{{ constituency = \"chair\", seats = 1 }}]\n"
        ));
        let after = last.plus_days(1);
        prop_assert!(breaks(&repo, after, "call"));
        election(last);
        prop_assert!(!breaks(&repo, after, "call"));
        prop_assert!(agenda(&repo, last, "call").entries.is_empty(), "called already");
        election(after);
        prop_assert!(breaks(&repo, after, "call"));
    }
}

#[test]
fn the_shipped_registry_is_due_what_the_newsletter_says() {
    let run = quorate(manifest(), &["due", "--on", "2016-09-30", "--format", "json"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    let json = run.json();
    let due: Vec<(&str, &str)> = json["due"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["last"].as_str().unwrap_or("-"), one["subject"].as_str().unwrap()))
        .collect();
    for wanted in [
        ("2016-09-30", "deliverables/supplier-contact-list"),
        ("2016-10-07", "meetings/panel/2016-10-14"),
        ("2016-10-10", "elections/tabasc-2016"),
        ("2016-10-11", "meetings/smki-pma/2016-10-11"),
        ("2016-10-12", "meetings/ssc/2016-10-12"),
        ("2016-10-14", "meetings/panel/2016-10-14"),
        ("2016-10-17", "consultations/sec-and-licence-amendments-2016-09"),
        ("2016-10-20", "meetings/tabasc/2016-10-20"),
        ("2016-10-31", "deliverables/jicsimp"),
        ("2016-11-30", "events/tabasc-first-term-ends"),
    ] {
        assert!(due.contains(&wanted), "{wanted:?} is not in {due:#?}");
    }
}

#[test]
fn json_has_every_key_that_was_promised_and_no_other() {
    let run = quorate(manifest(), &["due", "--format", "json"]);
    let json = run.json();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&json), ["at", "due", "on", "position", "schema", "tool", "undated", "until", "within"]);
    let docs = std::fs::read_to_string(manifest().join("docs/due.md")).unwrap();
    for entry in json["due"].as_array().unwrap() {
        assert_eq!(
            keys(entry),
            [
                "basis",
                "clause",
                "clause-recalled",
                "days",
                "fingerprint",
                "first",
                "last",
                "nature",
                "overdue",
                "places",
                "readings",
                "rule",
                "rules",
                "slot",
                "subject",
                "time",
                "title",
                "what",
                "working-days"
            ]
        );
        assert!(keys(entry).iter().all(|key| docs.contains(&format!("\"{key}\""))), "docs/due.md names every key");
        assert_eq!(entry["fingerprint"].as_str().unwrap().len(), 16);
    }
}

#[test]
fn two_runs_give_the_same_bytes_in_every_format() {
    for format in ["human", "json", "ics"] {
        let run = || quorate(manifest(), &["due", "--format", format]).stdout;
        assert_eq!(run(), run(), "{format}");
    }
}

/// Every calendar of the shipped registry, taken apart again line by line.
#[test]
fn a_calendar_is_one_that_others_can_read() {
    let text = quorate(manifest(), &["due", "--format", "ics", "--within", "1000d"]).stdout;
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "every line ends in CRLF");
    let unfolded = text.replace("\r\n ", "");
    let lines: Vec<&str> = unfolded.split_terminator("\r\n").collect();
    assert_eq!((lines.first(), lines.last()), (Some(&"BEGIN:VCALENDAR"), Some(&"END:VCALENDAR")));
    let begin = |name: &str| lines.iter().filter(|line| **line == name).count();
    assert_eq!(begin("BEGIN:VEVENT"), begin("END:VEVENT"));
    let mut uids: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("UID:")).collect();
    let count = uids.len();
    assert_eq!(count, begin("BEGIN:VEVENT"));
    uids.sort_unstable();
    uids.dedup();
    assert_eq!(uids.len(), count, "no two events share a UID");
    assert!(lines.iter().filter(|line| line.starts_with("DTSTAMP")).all(|line| *line == "DTSTAMP:20160930T000000Z"));
    assert!(text.split("\r\n").all(|line| line.len() <= 75));
}

/// A thing that has been in the calendar stays the same thing while days go by.
#[test]
fn the_uid_does_not_change_with_the_day_judged() {
    let uids = |on: &str| -> Vec<String> {
        let args = ["due", "--on", on, "--format", "json", "--subject", "elections/tabasc-2016"];
        let json = quorate(manifest(), &args).json();
        json["due"].as_array().unwrap().iter().map(|one| one["fingerprint"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(uids("2016-09-30").len(), 2);
    assert_eq!(uids("2016-09-30"), uids("2016-10-05"));
}

#[test]
fn two_rules_that_want_one_thing_on_one_day_are_one_entry() {
    let repo = orchard();
    for name in ["one", "two"] {
        repo.write(
            &format!("rules/{name}.toml"),
            window("elections", "called", "ballot-opened", "bound = \"at-most\"\ncount = 3\nunit = \"days\""),
        );
    }
    repo.write(
        "registry/elections/e.toml",
        "source = [\"minutes\"]\nbody = \"board\"\nreason = \"first\"\ncalled = 2016-09-29\n",
    );
    let args = ["due", "--format", "json", "--rule", "one", "--subject", "elections/e"];
    let json = quorate(repo.root(), &args).json();
    let entries = json["due"].as_array().unwrap();
    assert_eq!(entries.len(), 1, "{entries:?}");
    let rules: Vec<&str> =
        entries[0]["rules"].as_array().unwrap().iter().map(|one| one["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["one", "two"]);
}

fn cadence(every: u32, unit: &str, times: u32) -> String {
    format!(
        "title = \"m\"\nkind = \"sequence\"\nclause = \"B3\"\nlevel = \"error\"\nof = \"meetings\"\nwhere = {{ body = [\"board\"] }}\nalong = \"day\"\n\n[[version]]\nfrom = 2015-01-01\nsource = [\"byelaws\"]\nbasis = \"text\"\ntest = \"cadence\"\nevery = {every}\nunit = \"{unit}\"\ntimes = {times}\n"
    )
}

fn meeting(repo: &Repo, held: Day) {
    repo.write(&format!("registry/meetings/board/{held}.toml"), format!("source = [\"minutes\"]\nheld = {held}\n"));
}

fn every_meeting_is_there(repo: &Repo) {
    let header = std::fs::read_to_string(repo.path("registry/registry.toml")).unwrap();
    repo.write("registry/registry.toml", format!("{header}meetings = \"complete\"\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_meeting_on_the_last_day_keeps_the_cadence_and_the_day_after_breaks_it(
        held in 0..40i32, every in 1..40u32, times in 1..3u32,
        unit in prop::sample::select(vec!["working-days", "days", "months", "calendar-months"]),
    ) {
        let repo = orchard();
        every_meeting_is_there(&repo);
        repo.write("rules/m.toml", cadence(every % 6 + 1, unit, times));
        let held = day("2016-01-04").plus_days(held);
        meeting(&repo, held);
        // The one from which is counted, and those between.
        for after in 1..times {
            meeting(&repo, held.plus_days(i32::try_from(after).unwrap()));
        }
        let now = held.plus_days(2);
        let counted = |agenda: Agenda| -> Vec<Day> {
            let own = |entry: &due::Entry| entry.subject == format!("meetings/board/{held}");
            agenda.entries.iter().filter(|entry| own(entry)).map(|entry| entry.by.day().unwrap()).collect()
        };
        let due = counted(agenda(&repo, now, "m"));
        prop_assert_eq!(due.len(), 1);
        let last = due[0];
        prop_assume!(last > now);
        meeting(&repo, last);
        prop_assert!(!breaks(&repo, last, "m"));
        prop_assert!(counted(agenda(&repo, last, "m")).is_empty(), "the next one came");
        std::fs::remove_file(repo.path(&format!("registry/meetings/board/{last}.toml"))).unwrap();
        meeting(&repo, last.plus_days(1));
        prop_assert!(breaks(&repo, last.plus_days(1), "m"));
    }
}

/// Where records may lack, nobody can say that the next meeting is overdue.
#[test]
fn a_pause_is_overdue_only_where_every_meeting_is_there() {
    let repo = orchard();
    repo.write("rules/m.toml", cadence(10, "days", 1));
    meeting(&repo, day("2016-09-01"));
    let natures = |repo: &Repo, on: &str| -> Vec<(&str, bool)> {
        agenda(repo, day(on), "m").entries.iter().map(|entry| (entry.nature.word(), entry.overdue)).collect()
    };
    assert_eq!(natures(&repo, "2016-09-11"), [("chance", false)]);
    assert_eq!(natures(&repo, "2016-09-12"), []);
    every_meeting_is_there(&repo);
    assert_eq!(natures(&repo, "2016-09-11"), [("duty", false)]);
    assert_eq!(natures(&repo, "2016-09-12"), [("duty", true)]);
}

/// The orchard with a direction that suspends a duty of the harvest, and one that moves its end.
fn directed(more: &str) -> Repo {
    let repo = orchard();
    repo.write(
        "registry/instruments/first.toml",
        "source = [\"minutes\"]\ntitle = \"First\"\nby = \"council\"\non = 2016-08-01\neffect = [{ does = \"vary\", provision = \"A2\", from = 2016-08-01, until = 2016-11-01 }]\n",
    );
    repo.write("registry/organisations/council.toml", "source = [\"minutes\"]\nname = \"Council\"\n");
    if !more.is_empty() {
        repo.write("registry/instruments/second.toml", more);
    }
    repo
}

fn ends(repo: &Repo) -> Vec<(String, String, Vec<String>)> {
    let json = quorate(repo.root(), &["due", "--on", "2016-09-30", "--within", "400d", "--format", "json"]).json();
    let all = json["due"].as_array().unwrap().iter();
    let one = |one: &Value| {
        let rules = one["rules"].as_array().unwrap().iter().map(|one| one["rule"].as_str().unwrap().to_owned());
        let text = |key: &str| one[key].as_str().unwrap().to_owned();
        (text("subject"), text("last"), rules.collect())
    };
    all.map(one).filter(|(subject, ..)| subject.starts_with("instruments/") || subject.starts_with("rules/")).collect()
}

#[test]
fn the_end_of_an_instrument_and_that_of_the_variation_that_names_it_are_one_entry() {
    let repo = directed("");
    let own = ("instruments/first".to_owned(), "2016-10-31".to_owned());
    assert_eq!(ends(&repo), [(own.0.clone(), own.1.clone(), vec![])]);
    let variation = |until: &str| {
        format!(
            "title = \"Pause\"\nkind = \"variation\"\nclause = \"A2\"\nlevel = \"error\"\npower = \"A9\"\ninstrument = \"first\"\n\n[[effect]]\nop = \"suspend\"\ntarget = \"A2\"\nfrom = 2016-08-01\nuntil = {until}\nsource = [\"byelaws\"]\nbasis = \"text\"\n"
        )
    };
    repo.write("rules/pause.toml", variation("2016-11-01"));
    assert_eq!(ends(&repo), [(own.0.clone(), own.1.clone(), vec!["pause".to_owned()])]);
    // On another day it is another thing.
    repo.write("rules/pause.toml", variation("2016-11-02"));
    let other = ("rules/pause".to_owned(), "2016-11-01".to_owned(), vec!["pause".to_owned()]);
    assert_eq!(ends(&repo), [(own.0, own.1, vec![]), other]);
}

#[test]
fn an_end_that_a_later_instrument_moved_is_no_longer_due() {
    let extend = |from: &str| {
        format!(
            "source = [\"minutes\"]\ntitle = \"Second\"\nby = \"council\"\non = {from}\neffect = [{{ does = \"extend\", provision = \"A2\", until = 2017-02-01, was = 2016-11-01 }}]\n"
        )
    };
    let last =
        |repo: &Repo| -> Vec<(String, String)> { ends(repo).into_iter().map(|(one, day, _)| (one, day)).collect() };
    let second = ("instruments/second".to_owned(), "2017-01-31".to_owned());
    assert_eq!(last(&directed(&extend("2016-09-15"))), [second]);
    // What has not been made by the day judged has moved nothing yet.
    let first = ("instruments/first".to_owned(), "2016-10-31".to_owned());
    assert_eq!(last(&directed(&extend("2016-10-15"))), [first]);
}

/// A rule on instruments whose effects lapse speaks of the ends that stand.
#[test]
fn a_lifecycle_that_lapses_asks_for_the_end_that_stands() {
    let repo = directed("");
    repo.write(
        "rules/life.toml",
        "title = \"l\"\nkind = \"lifecycle\"\nclause = \"A9\"\nlevel = \"error\"\nof = \"instruments\"\n\n[[version]]\nfrom = 2015-01-01\nsource = [\"byelaws\"]\nbasis = \"text\"\nlapse = \"end\"\nmoves = [{ from = [\"start\"], to = [\"vary\"] }, { from = [\"vary\"], to = [\"extend\", \"end\"] }]\n",
    );
    let own = ("instruments/first".to_owned(), "2016-10-31".to_owned(), vec!["life".to_owned()]);
    assert_eq!(ends(&repo), [own]);
    assert!(!breaks(&repo, day("2016-10-31"), "life"));
}

/// Bounds that only say how far the rules reach are no days that anybody recorded.
#[test]
fn a_day_that_nobody_recorded_is_said_to_be_so() {
    let repo = orchard();
    repo.write(
        "rules/w.toml",
        window("elections", "called", "ballot-opened", "bound = \"at-most\"\ncount = 3\nunit = \"days\""),
    );
    repo.write(
        "registry/elections/e.toml",
        "source = [\"minutes\"]\nbody = \"board\"\nreason = \"first\"\ncalled = \"unknown\"\n",
    );
    let text = quorate(repo.root(), &["due", "--on", "2016-09-30", "--rule", "w"]).stdout;
    assert!(text.contains("after `called` (not recorded)"), "{text}");
    assert!(!text.contains("2015-01-01"), "{text}");
    repo.write(
        "rules/w.toml",
        window("elections", "nominations-close", "ballot-opened", "bound = \"at-most\"\ncount = 3\nunit = \"days\""),
    );
    repo.write(
        "registry/elections/e.toml",
        "source = [\"minutes\"]\nbody = \"board\"\nreason = \"first\"\ncalled = 2016-09-01\nnominations-close = \"2016-09-20/\"\n",
    );
    let text = quorate(repo.root(), &["due", "--on", "2016-09-30", "--rule", "w"]).stdout;
    assert!(text.contains(" not recorded "), "{text}");
    assert!(!text.contains("2016-09-23/ "), "{text}");
}
