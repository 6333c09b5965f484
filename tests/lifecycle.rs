//! Kind `lifecycle`: days, facts and actors known in part, against trying them all; and what the
//! proof finds in rows.

use std::collections::BTreeSet;

use proptest::prelude::*;
use quorate::{
    day::Day,
    finding::Outcome,
    rulebook::{
        Rulebook, example,
        prove::{Flaw, Proving},
        rule::What,
    },
    text::Span,
};

use crate::common::rulebook;

const CODE: &str = "\
code = \"Orchard Code\"\ntime-zone = \"Europe/London\"\ncalendar = []\n
[bodies]\nknown = [\"board\"]\n[actors]\nknown = [\"keeper\", \"owner\"]\n
[modifications]\npaths = [\"1\"]\nstages = [\"seed\", \"sprout\", \"tree\"]\n[feeds]\nknown = []\n";

fn book(rule: &str) -> Rulebook {
    rulebook([("code.toml", CODE), ("rule.toml", rule)]).unwrap_or_else(|error| panic!("{error:?}\n{rule}"))
}

/// What the examples of a rule come to, whatever they expect.
fn outcomes(rule: &str) -> Vec<Outcome> {
    let book = book(rule);
    example::run(&book, &book.rules[0]).iter().map(|run| run.got.unwrap()).collect()
}

const HEAD: &str = "title = \"x\"\nkind = \"lifecycle\"\nclause = \"A1\"\nlevel = \"error\"\nof = \"modifications\"\n
[[version]]\nfrom = 2015-01-01\nbasis = \"text\"\n";

/// What the rows contradict in themselves, with `seed` and `sprout` before the final `tree`.
fn flaws(moves: &str) -> Vec<Flaw> {
    let book = book(&format!("{HEAD}final = [\"tree\"]\nmoves = [{moves}]\n"));
    let rule = &book.rules[0];
    let What::Rule { about, .. } = &rule.what else { panic!("a rule") };
    let from = Day::parse("2015-01-01").unwrap();
    let proving = Proving { rule, file: rule.file, code: &book.code, from, until: Day::LATEST };
    about.prove(rule.raw.entry("version", 0).unwrap(), Span::default(), &proving)
}

/// The one thing that the proof says, and that its example can be pasted into the rule.
fn only_flaw(moves: &str) -> String {
    let found = flaws(moves);
    let [flaw] = found.as_slice() else { panic!("{found:?}") };
    let example = flaw.example.as_deref().unwrap();
    let got = outcomes(&format!("{HEAD}final = [\"tree\"]\nmoves = [{moves}]\n\n{example}"));
    assert_eq!(got.len(), 1, "{example}");
    flaw.message.clone()
}

const SEED: &str = "{ from = [\"start\"], to = [\"seed\"] }";

#[test]
fn rows_that_lead_from_the_start_to_a_final_stage_are_sound() {
    assert_eq!(flaws(&format!("{SEED}, {{ from = [\"seed\"], to = [\"tree\"] }}")), []);
}

#[test]
fn a_stage_that_nothing_leads_to_is_found() {
    let moves = format!("{SEED}, {{ from = [\"seed\", \"sprout\"], to = [\"tree\"] }}");
    assert_eq!(only_flaw(&moves), "no way leads from the start to `sprout`");
}

#[test]
fn a_stage_that_nothing_leaves_is_found() {
    let moves = format!("{SEED}, {{ from = [\"seed\"], to = [\"sprout\", \"tree\"] }}");
    assert_eq!(only_flaw(&moves), "nothing leads away from `sprout`, which is not final");
}

#[test]
fn a_way_out_of_a_final_stage_is_found() {
    let moves = format!("{SEED}, {{ from = [\"seed\", \"tree\"], to = [\"tree\"] }}");
    assert_eq!(only_flaw(&moves), "`tree` is final, and a row leads from it to `tree`");
}

#[test]
fn two_rows_that_name_different_deciders_disagree_only_where_both_hold() {
    let rows = |one: &str, other: &str| {
        format!(
            "{SEED}, {{ from = [\"seed\"], to = [\"tree\"], by = [\"keeper\"]{one} }}, {{ from = [\"seed\"], to = [\"tree\"], by = [\"owner\"]{other} }}"
        )
    };
    let said = "from `seed` to `tree` two rows hold at once and disagree on who decides";
    assert_eq!(only_flaw(&rows("", "")), said);
    assert_eq!(only_flaw(&rows(", until = 2016-01-02", ", since = 2016-01-01")), said);
    assert_eq!(flaws(&rows(", until = 2016-01-01", ", since = 2016-01-01")), []);
    assert_eq!(flaws(&rows(", when = { urgent = [true] }", ", when = { urgent = [false] }")), []);
}

#[test]
fn a_day_that_falls_out_between_two_rows_is_found() {
    let rows = |since: &str| {
        format!(
            "{SEED}, {{ from = [\"seed\"], to = [\"tree\"], until = 2016-01-01 }}, {{ from = [\"seed\"], to = [\"tree\"], since = {since} }}"
        )
    };
    let said =
        "from `seed` to `tree` there is no row on 2016-01-01: one ends before that day, the next begins after it";
    assert_eq!(only_flaw(&rows("2016-01-02")), said);
    assert_eq!(flaws(&rows("2016-01-01")), []);
}

#[test]
fn words_that_the_code_lacks_are_refused() {
    for wrong in [
        "{ from = [\"start\"], to = [\"treee\"] }",
        "{ from = [\"begin\"], to = [\"seed\"] }",
        "{ from = [\"start\"], to = [\"seed\"], by = [\"keper\"] }",
        "{ from = [\"start\"], to = [\"seed\"], when = { fast-trak = [true] } }",
        "{ from = [\"start\"], to = [\"seed\"], when = { fast-track = [\"2\"] } }",
    ] {
        let rule = format!("{HEAD}moves = [{wrong}]\n");
        assert!(rulebook([("code.toml", CODE), ("rule.toml", &rule)]).is_err(), "{wrong} was taken");
    }
}

fn day(offset: i32) -> Day {
    Day::parse("2018-10-20").unwrap().plus_days(offset)
}

#[derive(Debug, Clone)]
struct Row {
    from: &'static str,
    to: &'static str,
    fact: Option<bool>,
    by: Option<&'static str>,
    since: Option<i32>,
    until: Option<i32>,
}

fn row() -> impl Strategy<Value = Row> {
    let from = prop::sample::select(vec!["start", "start", "seed", "sprout", "any"]);
    let to = prop::sample::select(vec!["seed", "sprout", "tree"]);
    let by = prop::option::weighted(0.3, prop::sample::select(vec!["keeper", "owner"]));
    let cut = || prop::option::weighted(0.3, 0..12i32);
    (from, to, prop::option::weighted(0.3, any::<bool>()), by, cut(), cut())
        .prop_map(|(from, to, fact, by, since, until)| Row { from, to, fact, by, since, until })
}

impl Row {
    fn toml(&self) -> String {
        let fact = self.fact.map_or(String::new(), |fact| format!(", when = {{ fast-track = [{fact}] }}"));
        let by = self.by.map_or(String::new(), |by| format!(", by = [\"{by}\"]"));
        let since = self.since.map_or(String::new(), |at| format!(", since = {}", day(at)));
        let until = self.until.map_or(String::new(), |at| format!(", until = {}", day(at)));
        format!("{{ from = [\"{}\"], to = [\"{}\"]{fact}{by}{since}{until} }}", self.from, self.to)
    }
}

/// A stage, the first day and the length of its span, who decided.
type Step = (&'static str, i32, i32, Option<&'static str>);

fn step() -> impl Strategy<Value = Step> {
    let by = prop::option::weighted(0.7, prop::sample::select(vec!["keeper", "owner"]));
    (prop::sample::select(vec!["seed", "sprout", "tree"]), 0..10i32, 0..3i32, by)
}

/// An example's record: the day of birth, the fact, and each step's stage, day and actor.
fn record(born: &str, fact: Option<bool>, steps: &[(&str, String, Option<&str>)]) -> String {
    let fact = fact.map_or(String::new(), |fact| format!("fast-track = {fact}, "));
    let steps = steps.iter().map(|(to, on, by)| {
        let by = by.map_or(String::new(), |by| format!(", by = \"{by}\""));
        format!("{{ to = \"{to}\", on = {on}{by} }}")
    });
    let steps: Vec<String> = steps.collect();
    format!("records.\"modifications/x\" = {{ raised = {born}, {fact}step = [{}] }}", steps.join(", "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Definite exactly where every choice of the facts, the actors and the days that are in the
    /// order of the list gives the same; a breach where no days are in that order.
    #[test]
    fn every_choice(
        rows in prop::collection::vec(row(), 1..7), steps in prop::collection::vec(step(), 1..4),
        born in (0..6i32, 0..2i32), fact in prop::option::weighted(0.6, any::<bool>()),
        in_flight in prop::sample::select(vec!["keep", "switch"]), ends in any::<bool>(), on in 0..14i32,
    ) {
        let moves: Vec<String> = rows.iter().map(Row::toml).collect();
        let ends = if ends { "final = [\"tree\"]\n" } else { "" };
        let rule = format!("title = \"x\"\nkind = \"lifecycle\"\nclause = \"A1\"\nlevel = \"error\"\nof = \"modifications\"\n
[[version]]\nfrom = 2013-01-01\nbasis = \"text\"\nin-flight = \"{in_flight}\"\n{ends}moves = [{}]\n", moves.join(", "));
        let span = |first: i32, more: i32| format!("\"{}/{}\"", day(first), day(first + more));
        let partly: Vec<_> = steps.iter().map(|(to, first, more, by)| (*to, span(*first, *more), *by)).collect();
        let mut records = vec![record(&span(born.0, born.1), fact, &partly)];

        // Steps that are all to come have no order yet. Days are chosen in the order of the list.
        let come = |first: i32| first <= on;
        let mut worlds: Vec<(Vec<i32>, Vec<&str>)> = (0..=born.1).map(|more| (vec![born.0 + more], Vec::new())).collect();
        for (_, first, more, by) in &steps {
            let actors = by.map_or(vec!["keeper", "owner", "board"], |by| vec![by]);
            worlds = worlds.into_iter().flat_map(|(days, whom)| {
                let latest = *days.last().unwrap();
                let choices = (0..=*more).map(|n| first + n).filter(|at| !come(*first) || *at >= latest);
                choices.map(|at| if come(*first) { at } else { latest }).collect::<BTreeSet<_>>().into_iter().flat_map(|at| {
                    actors.iter().map(|by| ([&days[..], &[at]].concat(), [&whom[..], &[*by]].concat())).collect::<Vec<_>>()
                }).collect::<Vec<_>>()
            }).collect();
        }
        for (days, whom) in worlds.iter().filter(|(days, _)| days[0] <= on) {
            for fact in fact.map_or(vec![true, false], |fact| vec![fact]) {
                let chosen: Vec<_> = steps.iter().zip(&days[1..]).zip(whom)
                    .filter(|((step, _), _)| come(step.1))
                    .map(|((step, at), by)| (step.0, day(*at).to_string(), Some(*by))).collect();
                records.push(record(&day(days[0]).to_string(), Some(fact), &chosen));
            }
        }
        let examples = records.iter().map(|record| format!("\n[[example]]\nname = \"x\"\non = {}\nexpect = \"pass\"\n{record}\n", day(on)));
        let got = outcomes(&format!("{rule}{}", examples.collect::<String>()));
        let kept = |one: &Outcome| (*one).max(Outcome::Pass);
        let tried: BTreeSet<Outcome> = got[1..].iter().map(kept).collect();
        if born.0 > on {
            return Ok(());
        }
        let expected = match tried.len() {
            0 => Outcome::Breach,
            1 => *tried.first().unwrap(),
            _ => Outcome::Unknown,
        };
        // Where nothing has certainly been born, nothing need have happened either.
        if born.0 + born.1 > on {
            return Ok(());
        }
        prop_assert_eq!(kept(&got[0]), expected, "on {}: {:?}\n{}{}", day(on), tried, rule, records[0]);
    }
}
