//! Decision tables: what is not recorded, against trying every word that it may be; and what is
//! proved of the table itself.

use std::collections::BTreeSet;

use proptest::prelude::*;
use quorate::{
    day::Day,
    finding::Outcome,
    rulebook::{
        example,
        prove::{Flaw, Proving},
        rule::What,
    },
    text::Span,
};

use crate::common::{manifest, orchard_rule, rulebook};

const HEAD: &str = "\
title = \"x\"\nkind = \"decision-table\"\nclause = \"A1\"\nlevel = \"error\"\nof = \"modifications\"
inputs = { authority-led = [true, false], material-effect = [true, false] }\ndecides = \"urgent\"\n
[[version]]\nfrom = 2015-01-01\nbasis = \"text\"\n";

/// What the table's first version contradicts in itself.
fn flaws(rows: &str) -> Vec<Flaw> {
    let book = orchard_rule(&format!("{HEAD}rows = [{rows}]\n"));
    let rule = &book.rules[0];
    let What::Rule { about, .. } = &rule.what else { panic!("a rule") };
    let proving = Proving { rule, file: rule.file, code: &book.code, from: day("2015-01-01"), until: Day::LATEST };
    about.prove(rule.raw.entry("version", 0).unwrap(), Span::default(), &proving)
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn messages(flaws: &[Flaw]) -> Vec<&str> {
    flaws.iter().map(|flaw| flaw.message.as_str()).collect()
}

/// The outcome of each example of a rule, whatever it expects.
fn outcomes(rule: &str) -> Vec<Outcome> {
    let book = orchard_rule(rule);
    let runs = example::run(&book, &book.rules[0]);
    runs.iter()
        .map(|run| {
            assert!(run.problems.is_empty(), "{:?}\n{rule}", run.problems);
            run.got.unwrap()
        })
        .collect()
}

const WHOLE: &str = "{ when = { authority-led = true }, then = true }, { when = { authority-led = false, material-effect = true }, then = true }, { when = { authority-led = false, material-effect = false }, then = false }";

#[test]
fn a_table_with_one_row_for_everything_has_no_flaw() {
    assert_eq!(flaws(WHOLE), []);
}

#[test]
fn a_combination_without_a_row_is_shown() {
    let found = flaws(
        "{ when = { authority-led = true }, then = true }, { when = { authority-led = false, material-effect = true }, then = false }",
    );
    assert_eq!(
        messages(&found),
        [
            "no row says what `urgent` is where `authority-led` is `false` and `material-effect` is `false`, on 2015-01-01"
        ]
    );
}

#[test]
fn two_rows_for_one_combination_are_named_by_their_clauses() {
    let found = flaws(&format!(
        "{WHOLE}, {{ when = {{ authority-led = true, material-effect = true }}, then = false, clause = \"B2\" }}"
    ));
    let clauses: Vec<String> = found[0].clauses.iter().map(ToString::to_string).collect();
    assert_eq!((found.len(), clauses), (1, vec!["A1".to_owned(), "B2".to_owned()]));
}

#[test]
fn a_day_between_two_rows_is_a_hole() {
    let rows = "{ then = true, until = 2016-05-01 }, { then = false, since = 2016-05-02 }";
    assert_eq!(messages(&flaws(rows)).len(), 1);
    assert!(flaws(rows)[0].message.ends_with("on 2016-05-01"), "{:?}", flaws(rows));
    assert_eq!(flaws("{ then = true, until = 2016-05-01 }, { then = false, since = 2016-05-01 }"), []);
}

#[test]
fn a_row_that_is_for_no_day_of_its_version_is_told() {
    let found = flaws(&format!("{WHOLE}, {{ then = true, until = 2014-01-01 }}"));
    assert_eq!(messages(&found), ["a row is for no combination of inputs on any day of its version: `true`"]);
}

/// What is pasted reads, and cannot come out as it says until the table is mended.
#[test]
fn a_counterexample_can_be_pasted_and_fails() {
    let hole = "{ when = { authority-led = true }, then = true }";
    let overlap = &format!("{WHOLE}, {{ when = {{ authority-led = true }}, then = false }}");
    for rows in [hole, overlap] {
        let found = flaws(rows);
        let example = found[0].example.as_ref().unwrap();
        assert_eq!(outcomes(&format!("{HEAD}rows = [{rows}]\n\n{example}")), [Outcome::Unknown], "{example}");
    }
}

#[test]
fn words_that_the_facts_cannot_be_are_refused() {
    for (from, to) in [
        ("material-effect = [true, false]", "material-efect = [true, false]"),
        ("material-effect = [true, false]", "material-effect = [true, \"maybe\"]"),
        ("decides = \"urgent\"", "decides = \"urgnet\""),
        ("then = false", "then = \"2\""),
        ("authority-led = false, material-effect = true }", "authority-led = \"no\" }"),
        ("authority-led = false, material-effect = true }", "fast-track = true }"),
    ] {
        let rule = format!("{HEAD}rows = [{WHOLE}]\n").replacen(from, to, 1);
        assert!(rule.contains(to));
        let code = std::fs::read_to_string(manifest().join("tests/bases/orchard/rules/code.toml")).unwrap();
        assert!(rulebook([("code.toml", &code), ("rule.toml", &rule)]).is_err(), "{to} was taken");
    }
}

fn word(choice: Option<bool>, key: &str) -> String {
    choice.map_or(String::new(), |so| format!(", {key} = {so}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// The outcome is definite exactly where every word of what is not recorded gives it.
    #[test]
    fn what_is_not_recorded_is_tried(
        thens in prop::array::uniform4(any::<bool>()),
        led in any::<Option<bool>>(), effect in any::<Option<bool>>(), urgent: bool,
    ) {
        let combinations = [(true, true), (true, false), (false, true), (false, false)];
        let row = |((led, effect), then): (&(bool, bool), &bool)| {
            format!("{{ when = {{ authority-led = {led}, material-effect = {effect} }}, then = {then} }}")
        };
        let rows: Vec<String> = combinations.iter().zip(&thens).map(row).collect();
        let example = |led: Option<bool>, effect: Option<bool>| format!(
            "\n[[example]]\nname = \"x\"\non = 2016-06-01\nexpect = \"pass\"\nrecords.\"modifications/m\" = {{ raised = 2016-05-01, urgent = {urgent}{}{} }}\n",
            word(led, "authority-led"), word(effect, "material-effect"));
        let every = |one: Option<bool>| one.map_or(vec![true, false], |so| vec![so]);
        let mut text = format!("{HEAD}rows = [{}]\n{}", rows.join(", "), example(led, effect));
        for led in every(led) {
            for effect in every(effect) {
                text.push_str(&example(Some(led), Some(effect)));
            }
        }
        let got = outcomes(&text);
        let (first, tried) = got.split_first().unwrap();
        let tried: BTreeSet<&Outcome> = tried.iter().collect();
        let expected = if tried.len() == 1 { **tried.first().unwrap() } else { Outcome::Unknown };
        prop_assert_eq!(*first, expected, "{}", text);
    }

    /// A row changed on a day, and the proposal raised on some day of a span around it.
    #[test]
    fn a_day_known_in_part_asks_every_row_that_it_may_fall_in(from in 0..6i32, length in 0..4i32, urgent: bool) {
        let rule = format!("{HEAD}rows = [{{ then = true, until = 2016-05-04 }}, {{ then = false, since = 2016-05-04 }}]\n");
        let at = |n: i32| day("2016-05-01").plus_days(n);
        let example = |raised: &str| format!(
            "\n[[example]]\nname = \"x\"\non = 2016-06-01\nexpect = \"pass\"\nrecords.\"modifications/m\" = {{ raised = {raised}, urgent = {urgent} }}\n");
        let mut text = rule + &example(&format!("\"{}/{}\"", at(from), at(from + length)));
        (from..=from + length).for_each(|n| text.push_str(&example(&at(n).to_string())));
        let got = outcomes(&text);
        let (first, tried) = got.split_first().unwrap();
        let tried: BTreeSet<&Outcome> = tried.iter().collect();
        let expected = if tried.len() == 1 { **tried.first().unwrap() } else { Outcome::Unknown };
        prop_assert_eq!(*first, expected, "{}", text);
    }
}
