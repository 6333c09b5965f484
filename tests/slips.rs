//! Drafting slips in the shipped rules: every one is found by `rules prove`, or refused when the
//! rules are read; and each counterexample, pasted into the rule's file, comes out as it says.

use serde_json::Value;

use crate::common::{Repo, Run, copy, manifest, quorate};

/// A slip: what a drafter did, and who finds it.
struct Slip {
    name: &'static str,
    /// File below `rules/`, what stood, what was written instead. Nothing stood: the text is put at
    /// the end of the file, which may be new.
    edits: &'static [(&'static str, &'static str, &'static str)],
    /// The property that does not hold; `refused` where the rules are not even read.
    found: &'static str,
    /// Words of the message.
    words: &'static str,
    /// The outcome of the counterexample, where one can be given.
    shown: Option<&'static str>,
}

const PANEL: &str = "c-governance/panel-composition.toml";
const CALL: &str = "c-governance/panel-call-before-term-end.toml";
const FEEDS: &str = "e-registration-data/registration-data-feeds.toml";
const PROVIDER: &str = "e-registration-data/registration-data-provider.toml";
const X6: &str = "x-transition/x6-registration-data-2016.toml";
const NUMBERS: &str = "g-security/ssc-meeting-numbers.toml";
const CHAIR: &str = "c-governance/panel-chair-independent.toml";
const MEMBERS: &str = "l-smki/smki-pma-member-employer.toml";

const QUORUM: &str = "c-governance/panel-quorum.toml";
const TIE: &str = "c-governance/election-tie.toml";

const SLIPS: &[Slip] = &[
    Slip {
        name: "a total one too high",
        edits: &[(PANEL, "election = 8,", "election = 9,")],
        found: "totals",
        words: "the total of `election` is 9, and its rows add up to 8",
        shown: Some("breach"),
    },
    Slip {
        name: "a total of all one too high",
        edits: &[(PANEL, "all = 12", "all = 13")],
        found: "totals",
        words: "the total of `all` is 13",
        shown: Some("breach"),
    },
    Slip {
        name: "a row one too high",
        edits: &[(PANEL, "\"large-supplier\",      count = 2", "\"large-supplier\",      count = 3")],
        found: "totals",
        words: "the total of `all` is 12, and its rows add up to 13",
        shown: Some("pass"),
    },
    Slip {
        name: "a row left out",
        edits: &[(
            "g-security/ssc-composition.toml",
            "  { constituency = \"tabasc-representative\",    count = 1 },\n",
            "",
        )],
        found: "totals",
        words: "the total of `all` is 14, and its rows add up to 13",
        shown: Some("breach"),
    },
    Slip {
        name: "a total of a way of filling that no row has",
        edits: &[(PANEL, "election = 8,", "elections = 8,")],
        found: "totals",
        words: "the total of `elections` is 8, and its rows add up to 0",
        shown: None,
    },
    Slip {
        name: "a version that holds on no day",
        edits: &[
            ("c-governance/panel-chair-term.toml", "until  = 2013-09-24", "until  = 2013-09-23"),
            ("c-governance/panel-chair-term.toml", "from   = 2013-09-24", "from   = 2013-09-23"),
        ],
        found: "versions",
        words: "holds on no day",
        shown: None,
    },
    Slip {
        name: "a day that no version holds",
        edits: &[("f-technical/tabasc-term.toml", "until  = 2016-11-01", "until  = 2016-10-31")],
        found: "refused",
        words: "leave a gap from 2016-10-31",
        shown: None,
    },
    Slip {
        name: "a day that two versions hold",
        edits: &[("f-technical/tabasc-term.toml", "until  = 2016-11-01", "until  = 2016-11-02")],
        found: "refused",
        words: "overlap from 2016-11-01",
        shown: None,
    },
    Slip {
        name: "a row that holds on no day of its version",
        edits: &[(PANEL, "clause = \"~C3.1(d)\" }", "clause = \"~C3.1(d)\", until = 2013-09-23 }")],
        found: "rows",
        words: "a row holds on no day of its version",
        shown: None,
    },
    Slip {
        name: "an effect that ends when it begins",
        edits: &[(X6, "until  = \"open\"", "until  = 2016-09-28")],
        found: "variations",
        words: "holds on no day",
        shown: None,
    },
    Slip {
        name: "an effect before there was a rule",
        edits: &[(
            "x-transition/slip.toml",
            "",
            "title = \"s\"\nkind = \"variation\"\nclause = \"X3\"\nlevel = \"error\"\n[[effect]]\nop = \"suspend\"\ntarget = \"panel-notice\"\nfrom = 2012-01-01\nuntil = 2013-01-01\n",
        )],
        found: "variations",
        words: "`panel-notice` has no version while the effect holds",
        shown: None,
    },
    Slip {
        name: "an amendment that lets two variations run side by side",
        edits: &[("x-transition/x2-4-registration-data.toml", "now    = 2016-09-28", "now    = \"open\"")],
        found: "refused",
        words: "both reach `registration-data-feeds`",
        shown: None,
    },
    Slip {
        name: "an effect on a rule that there is not",
        edits: &[(X6, "\"registration-data-feeds\"", "\"registration-data-feed\"")],
        found: "sources",
        words: "reaches no rule",
        shown: None,
    },
    Slip {
        name: "a source that there is not",
        edits: &[(PANEL, "[\"panel-page\"]", "[\"panel-pgae\"]")],
        found: "sources",
        words: "there is no `rules/sources/panel-pgae.toml`",
        shown: None,
    },
    Slip {
        name: "a version that a modification without a record would bring",
        edits: &[(
            FEEDS,
            "",
            "\n[[version]]\nwhen-implemented = \"SECMP9999\"\nsource = []\nbasis = \"inferred\"\nlist = \"registration-data\"\nkey = \"feed\"\nvalues = [\"full\", \"transitional\"]\n",
        )],
        found: "when-implemented",
        words: "there is no modification `SECMP9999`",
        shown: None,
    },
    Slip {
        name: "a reading that says what the words say",
        edits: &[(
            "c-governance/nomination-window.toml",
            "calendar = [\"england-and-wales\", \"scotland\"] }",
            "calendar = [\"england-and-wales\"] }",
        )],
        found: "readings",
        words: "says what the words as they stand say",
        shown: None,
    },
    Slip {
        name: "two readings that say the same",
        edits: &[(
            "c-governance/nomination-window.toml",
            "calendar = [\"england-and-wales\", \"scotland\", \"northern-ireland\"] }",
            "calendar = [\"scotland\", \"england-and-wales\"] }",
        )],
        found: "readings",
        words: "says what the reading `Scottish bank holidays count too` say",
        shown: None,
    },
    Slip {
        name: "a seat that the body does not have",
        edits: &[(CHAIR, "seat   = \"chair\"", "seat   = \"network\"")],
        found: "seats",
        words: "`panel` has no seat of `network`",
        shown: Some("breach"),
    },
    Slip {
        name: "a test by category of a seat that no category fills",
        edits: &[(CHAIR, "test   = \"independent\"", "test   = \"category\"")],
        found: "eligibility",
        words: "no category fills `chair`",
        shown: Some("breach"),
    },
    Slip {
        name: "voters by category for a seat that no category fills",
        edits: &[(
            "c-governance/panel-voter-category.toml",
            "body   = \"panel\"",
            "body   = \"panel\"\nseat   = \"consumer\"",
        )],
        found: "eligibility",
        words: "no category fills `consumer`",
        shown: Some("breach"),
    },
    Slip {
        name: "one seat for somebody of a Party and of none",
        edits: &[
            (CHAIR, "seat   = \"chair\"", "seat   = [\"chair\", \"dcc\"]"),
            (
                "c-governance/slip.toml",
                "",
                "title = \"s\"\nkind = \"eligibility\"\nclause = \"~C3.1(f)\"\nlevel = \"warning\"\nbody = \"panel\"\nseat = \"dcc\"\n[[version]]\nfrom = 2013-09-23\nsource = []\nbasis = \"recalled\"\nwho = \"holder\"\ntest = \"category\"\n",
            ),
        ],
        found: "eligibility",
        words: "must be of a Party and of none",
        shown: Some("breach"),
    },
    Slip {
        name: "a cap of nobody",
        edits: &[(MEMBERS, "max    = 1", "max    = 0")],
        found: "caps",
        words: "at most 0 of one group may sit",
        shown: Some("breach"),
    },
    Slip {
        name: "a cap of all who can sit",
        edits: &[("l-smki/smki-pma-alternate-employer.toml", "max    = 1", "max    = 2")],
        found: "caps",
        words: "at most 2 of one group may sit where only 2 can",
        shown: Some("pass"),
    },
    Slip {
        name: "a cap within one seat of one holder",
        edits: &[
            (MEMBERS, "count  = [\"holder\", \"alternate\"]", "count  = [\"holder\"]"),
            (MEMBERS, "within = \"body\"", "within = \"seat\""),
        ],
        found: "caps",
        words: "where only 1 can, so the cap never bites",
        shown: Some("not-applicable"),
    },
    Slip {
        name: "a quorum of more members than there are",
        edits: &[(QUORUM, "{ share = [1, 2], of = \"in-office\" }", "{ count = 14 }")],
        found: "quorum",
        words: "14 members must come, and `panel` has 13 seats",
        shown: Some("breach"),
    },
    Slip {
        name: "a quorum that asks for a Chair where there is none",
        edits: &[(
            PANEL,
            "  { constituency = \"chair\",               count = 1, filled-by = \"appointment\", clause = \"~C3.1(h)\" },\n",
            "",
        )],
        found: "quorum",
        words: "the Chair must come, and `panel` has no seat for one",
        shown: Some("breach"),
    },
    Slip {
        name: "a quorum of more than all",
        edits: &[(QUORUM, "share = [1, 2]", "share = [3, 2]")],
        found: "parameters",
        words: "3 of 2 is more than all",
        shown: Some("breach"),
    },
    Slip {
        name: "a case that no row of a table decides",
        edits: &[(TIE, "  { when = { tied = false }, then = [\"vote\", \"unopposed\"] },", "")],
        found: "parameters",
        words: "no row says what `how` is where `tied` is `false`",
        shown: Some("unknown"),
    },
    Slip {
        name: "a case that two rows of a table decide",
        edits: &[(TIE, "when = { tied = true }", "when = {}")],
        found: "parameters",
        words: "two rows say what `how` is where `tied` is `false`",
        shown: Some("unknown"),
    },
    Slip {
        name: "a stage that no way leads to",
        edits: &[(
            "d-modifications/modification-lifecycle.toml",
            "{ from = [\"approved\"],     to = [\"implemented\"]",
            "{ from = [\"rejected\"],     to = [\"implemented\"]",
        )],
        found: "parameters",
        words: "no way leads from the start to `implemented`",
        shown: Some("breach"),
    },
    Slip {
        name: "a stage taken up again that was never final",
        edits: &[(
            "d-modifications/modification-lifecycle.toml",
            "taken-up = { withdrawn = \"adopted\" }",
            "taken-up = { on-hold = \"adopted\" }",
        )],
        found: "parameters",
        words: "`on-hold` is not final, so nothing need take it up again",
        shown: Some("breach"),
    },
    Slip {
        name: "a version that a rejected modification would bring",
        edits: &[(
            FEEDS,
            "",
            "\n[[version]]\nwhen-implemented = \"MP084\"\nsource = []\nbasis = \"inferred\"\nlist = \"registration-data\"\nkey = \"feed\"\nvalues = [\"full\", \"transitional\"]\n",
        )],
        found: "when-implemented",
        words: "`MP084` came to its end as `rejected`",
        shown: None,
    },
    Slip {
        name: "a term of no length",
        edits: &[("c-governance/panel-chair-term.toml", "count = 36", "count = 0")],
        found: "terms",
        words: "a term of no length",
        shown: None,
    },
    Slip {
        name: "a call before the term has begun",
        edits: &[(CALL, "call-before = { count = 35,", "call-before = { count = 600,")],
        found: "terms",
        words: "the call is due at least 838 days before the end of a term of at most 744",
        shown: Some("reading-sensitive"),
    },
    Slip {
        name: "one rule lets a member sit on, another does not",
        edits: &[(CALL, "hold-over = true", "hold-over = false")],
        found: "terms",
        words: "one lets a holder sit on past the end, the other does not",
        shown: Some("breach"),
    },
    Slip {
        name: "two lengths of one term",
        edits: &[(CALL, "hold-over = true", "hold-over = true\nlength = { count = 36, unit = \"months\" }")],
        found: "terms",
        words: "give one tenure two lengths",
        shown: Some("breach"),
    },
    Slip {
        name: "a window from an event to itself",
        edits: &[
            ("c-governance/consultation-closes-after-opening.toml", "opens  = \"opened\"", "opens  = \"closes\""),
            ("c-governance/consultation-closes-after-opening.toml", "count    = 0", "count    = 1"),
        ],
        found: "windows",
        words: "no day of `closes` and of what follows it keeps this window",
        shown: Some("breach"),
    },
    Slip {
        name: "at least thirty days where exactly six Working Days are given",
        edits: &[("c-governance/ballot-opens-after-nominations-close.toml", "count    = 1", "count    = 30")],
        found: "windows",
        words: "keep these windows together",
        shown: Some("breach"),
    },
    Slip {
        name: "a ballot open longer than it may be",
        edits: &[("c-governance/ballot-closes-after-opening.toml", "count    = 0", "count    = 40")],
        found: "windows",
        words: "`ballot-closes-after-opening` and `ballot-length`",
        shown: Some("breach"),
    },
    Slip {
        name: "a close before the opening",
        edits: &[
            (
                "c-governance/ballot-closes-after-opening.toml",
                "count-opening-day = false",
                "count-opening-day = false\nbackwards = true",
            ),
            ("c-governance/ballot-closes-after-opening.toml", "count    = 0", "count    = 1"),
            ("c-governance/ballot-length.toml", "bound    = \"at-most\"", "bound    = \"exactly\""),
        ],
        found: "windows",
        words: "`ballot-closes-after-opening` and `ballot-length`",
        shown: Some("breach"),
    },
    Slip {
        name: "an election that cannot be over before the term ends",
        edits: &[(CALL, "call-before = { count = 35,", "call-before = { count = 20,")],
        found: "elections",
        words: "comes on",
        shown: Some("breach"),
    },
    Slip {
        name: "two providers owed, one allowed",
        edits: &[(PROVIDER, "values   = []", "values   = [\"a\", \"b\"]")],
        found: "obligations",
        words: "2 different values are owed, and at most 1 may differ",
        shown: Some("breach"),
    },
    Slip {
        name: "no provider allowed",
        edits: &[(PROVIDER, "distinct = 1", "distinct = 0")],
        found: "obligations",
        words: "at most 0 may differ",
        shown: Some("breach"),
    },
    Slip {
        name: "a value owed twice",
        edits: &[(FEEDS, "values = [\"full\"]", "values = [\"full\", \"full\"]")],
        found: "obligations",
        words: "a value stands twice",
        shown: None,
    },
    Slip {
        name: "a cadence without a pause",
        edits: &[(NUMBERS, "test   = \"numbers\"", "test   = \"cadence\"")],
        found: "refused",
        words: "a cadence says how long a pause may be",
        shown: None,
    },
    Slip {
        name: "a pause of nothing",
        edits: &[
            (NUMBERS, "test   = \"numbers\"", "test   = \"cadence\""),
            (NUMBERS, "unique = true\ngaps   = false", "every  = 0\nunit   = \"days\""),
        ],
        found: "sequences",
        words: "within a pause of 0",
        shown: None,
    },
    Slip {
        name: "a pause that numbers do not ask",
        edits: &[(NUMBERS, "gaps   = false", "gaps   = false\nevery  = 14\nunit   = \"days\"")],
        found: "sequences",
        words: "`every` is never read",
        shown: None,
    },
    Slip {
        name: "two examples that contradict each other",
        edits: &[(
            "c-governance/panel-chair-term.toml",
            "",
            "\n[[example]]\nname = \"three years, again\"\non = 2016-09-30\nexpect = \"breach\"\nrecords.\"seats/panel/chair\" = { constituency = \"chair\", tenure = [{ from = 2014-10-01, holder = \"ann\", due-to-end = 2017-10-01 }] }\n",
        )],
        found: "examples",
        words: "expect `pass` and `breach`",
        shown: None,
    },
    Slip {
        name: "a fixture that no example uses",
        edits: &[("fixtures/slip.toml", "", "[records]\n")],
        found: "fixtures",
        words: "fixture `slip`",
        shown: None,
    },
    Slip {
        name: "a category that the code lacks",
        edits: &[("code.toml", "{ from = [\"other-sec-party\"] }", "{ from = [\"other-sec-partys\"] }")],
        found: "code",
        words: "is none of the code's categories",
        shown: None,
    },
    Slip {
        name: "a default calendar that there is not",
        edits: &[("code.toml", "calendar  = [\"england-and-wales\"]", "calendar  = [\"england-and-walse\"]")],
        found: "code",
        words: "there is no `rules/calendars/england-and-walse.toml`",
        shown: None,
    },
];

/// The shipped rules and records.
fn shipped() -> Repo {
    let repo = Repo::plain();
    for folder in ["rules", "registry"] {
        copy(&manifest().join(folder), &repo.path(folder));
    }
    repo
}

/// Makes the slip, looks, and puts back what stood.
fn with_slip<T>(repo: &Repo, slip: &Slip, look: impl FnOnce(&Repo) -> T) -> T {
    let mut stood: Vec<(String, Option<String>)> = Vec::new();
    for (file, from, to) in slip.edits {
        let path = format!("rules/{file}");
        let before = std::fs::read_to_string(repo.path(&path)).ok();
        let text = before.clone().unwrap_or_default();
        assert!(text.contains(from), "{}: {file} has no {from}", slip.name);
        let text = if from.is_empty() { text + to } else { text.replacen(from, to, 1) };
        repo.write(&path, text);
        stood.push((path, before));
    }
    let seen = look(repo);
    for (path, before) in stood.into_iter().rev() {
        match before {
            Some(text) => repo.write(&path, text),
            None => std::fs::remove_file(repo.path(&path)).unwrap(),
        }
    }
    seen
}

/// The flaws of a property: rule, message, example.
fn flaws(run: &Run, property: &str) -> Vec<Value> {
    let json = run.json();
    let properties = json["properties"].as_array().unwrap();
    let own = properties.iter().find(|one| one["name"] == property).unwrap_or_else(|| panic!("no property {property}"));
    own["flaws"].as_array().unwrap().clone()
}

#[test]
fn every_slip_is_found() {
    let repo = shipped();
    let look = |slip: &Slip| with_slip(&repo, slip, |repo| found(repo, slip)).err();
    let missed: Vec<String> = SLIPS.iter().filter_map(|slip| Some(format!("{}: {}", slip.name, look(slip)?))).collect();
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed.join("\n"));
}

/// Whether the slip is found as it should be, and why not.
fn found(repo: &Repo, slip: &Slip) -> Result<(), String> {
    let run = quorate(repo.root(), &["rules", "prove", "--format", "json"]);
    if slip.found == "refused" {
        let plain: String = run.stderr.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
        let is_refused = run.status == 2 && plain.contains(slip.words);
        return if is_refused { Ok(()) } else { Err(format!("not refused: {plain}")) };
    }
    if run.status != 1 {
        return Err(format!("status {}, {}", run.status, run.stderr));
    }
    let all = flaws(&run, slip.found);
    let flaw = all.iter().find(|flaw| flaw["message"].as_str().unwrap().contains(slip.words));
    let flaw = flaw.ok_or_else(|| format!("{all:?}"))?;
    shows(repo, flaw, slip.shown).map_err(|why| format!("{why}\n{flaw:#}"))
}

/// The counterexample, pasted into the rule's file, comes out as it says.
fn shows(repo: &Repo, flaw: &Value, outcome: Option<&str>) -> Result<(), String> {
    let Some(example) = flaw["example"].as_str() else {
        return outcome.map_or(Ok(()), |_| Err("no counterexample".to_owned()));
    };
    let value = |key: &str| {
        let own = example.lines().find(|line| line.split('=').next().unwrap().trim() == key);
        own.and_then(|line| line.split_once("= ")).map_or("", |(_, value)| value)
    };
    let says = value("expect");
    if outcome.is_none_or(|outcome| format!("\"{outcome}\"") != says) {
        return Err(format!("the counterexample says {says}"));
    }
    let rule = flaw["rule"].as_str().unwrap();
    let path = rule_file(repo, rule);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{text}\n{example}")).unwrap();
    let run = quorate(repo.root(), &["rules", "test", rule]);
    let name = value("name").trim_matches('"');
    if run.status == 2 || run.stdout.contains(&format!("example `{name}`")) {
        return Err(format!("pasted, it fails: {}{}", run.stdout, run.stderr));
    }
    // The same with another outcome must fail: the example is really judged.
    let other = if says == "\"pass\"" { "\"breach\"" } else { "\"pass\"" };
    let turn =
        |line: &str| if line.starts_with("expect") { format!("expect = {other}\n") } else { format!("{line}\n") };
    let turned: String = example.lines().map(turn).collect();
    std::fs::write(&path, format!("{text}\n{turned}")).unwrap();
    let run = quorate(repo.root(), &["rules", "test", rule]);
    std::fs::write(&path, text).unwrap();
    if run.stdout.contains(&format!("example `{name}`")) { Ok(()) } else { Err("it is not judged".to_owned()) }
}

fn rule_file(repo: &Repo, rule: &str) -> std::path::PathBuf {
    let folders = std::fs::read_dir(repo.path("rules")).unwrap().map(|entry| entry.unwrap().path());
    let file = |folder: std::path::PathBuf| folder.join(format!("{rule}.toml"));
    folders.filter(|path| path.is_dir()).map(file).find(|path| path.is_file()).unwrap()
}

#[test]
fn there_are_thirty_slips_of_every_property() {
    assert!(SLIPS.len() >= 30);
    let names: std::collections::BTreeSet<&str> = SLIPS.iter().map(|slip| slip.name).collect();
    assert_eq!(names.len(), SLIPS.len());
}

#[test]
fn of_the_shipped_rules_nothing_is_unproved() {
    let run = quorate(manifest(), &["rules", "prove"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    assert!(run.stdout.ends_with("nothing unproved\n"), "{}", run.stdout);
}

#[test]
fn only_flaws_of_the_rules_named_are_told() {
    with_slip(&shipped(), &SLIPS[0], |repo| {
        let status = |rule: &str| quorate(repo.root(), &["rules", "prove", rule]).status;
        assert_eq!((status("panel-composition"), status("panel-notice"), status("panel-notise")), (1, 0, 2));
    });
}
