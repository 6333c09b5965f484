//! A judgement says how long it holds: until then, judging every day gives the same each day.

use std::{collections::BTreeMap, fmt::Debug};

use quorate::{
    check::{self, Judged},
    day::Day,
    kind::Shared,
    registry::Registry,
    rulebook::{
        Rulebook, example,
        rule::{Rule, What},
    },
    tree::Whereabouts,
};
use rayon::prelude::*;

use crate::common::manifest;

/// All of a judgement but its words, which name days.
fn told(one: &Judged) -> impl PartialEq + Debug + use<> {
    let said = one.said.iter().map(|said| {
        let places: Vec<_> = said.marks.iter().map(|mark| mark.place).collect();
        (said.slot.clone(), said.outcome, said.silent, said.notable, said.basis, said.varied_by.clone(), places)
    });
    (one.outcome, said.collect::<Vec<_>>())
}

/// How often a rule had to be judged, of how many days.
#[derive(Default, Debug, Clone, Copy)]
struct Tally {
    days: u64,
    judged: u64,
}

impl std::iter::Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |one, other| Self { days: one.days + other.days, judged: one.judged + other.judged })
    }
}

/// Judges every day and holds it against the days before that claim it.
fn claims_hold(rule: &Rule, book: &Rulebook, registry: &Registry, first: Day, days: i32, whose: &str) -> Tally {
    let shared = Shared::new(registry, &book.code, &book.calendars);
    let mut last = BTreeMap::new();
    let mut tally = Tally::default();
    for on in (0..days).map(|number| first.plus_days(number)) {
        for one in check::judge_rule(rule, &shared, on, book, false, |_| true) {
            assert!(one.holds_until > on, "{whose}: {} on {on} holds until {}", rule.id, one.holds_until);
            let now = told(&one);
            tally.days += 1;
            let before: Option<&(Day, _)> = last.get(&one.subject);
            if let Some((claimed, told)) = before.filter(|(claimed, _)| *claimed > on) {
                let subject = registry.at(one.subject).unwrap().subject();
                assert_eq!(*told, now, "{whose}: {} of {subject} held until {claimed}, not on {on}", rule.id);
            }
            let claimed = before.map_or(on, |(claimed, _)| *claimed);
            tally.judged += u64::from(claimed <= on);
            // Of the claims that reach this day the furthest counts, also those made since.
            last.insert(one.subject, (claimed.max(one.holds_until), now));
        }
    }
    tally
}

fn is_judging(rule: &Rule) -> bool {
    matches!(rule.what, What::Rule { .. })
}

#[test]
fn the_examples_of_every_shipped_rule_hold_as_long_as_they_say() {
    let rules = Whereabouts { start: manifest().to_owned(), ..Whereabouts::default() }.open().unwrap().rules().unwrap();
    let book = &rules.book;
    let of_rule = |rule: &Rule| -> Tally {
        let ready = example::ready(book, rule);
        let one = |ready: &example::Ready<'_>| -> Tally {
            let days = ready.example.days();
            let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else { return Tally::default() };
            let span = i32::try_from(last.days_since(*first)).unwrap();
            // Some far away and all near by, whatever the span of the example.
            let spans = if span > 400 { vec![(*first, 1), (*last, 1)] } else { vec![(*first, span + 1)] };
            let runs = ready.runs(book).into_iter().filter(|rule| is_judging(rule));
            runs.flat_map(|rule| spans.iter().map(move |span| (rule, span)))
                .map(|(rule, (first, days))| {
                    let whose = format!("example `{}`", ready.name());
                    claims_hold(rule, book, ready.registry(), first.plus_days(-100), days + 200, &whose)
                })
                .sum()
        };
        ready.iter().map(one).sum()
    };
    let all: Vec<&Rule> = book.all().collect();
    let tally: Tally = all.par_iter().map(|rule| of_rule(rule)).sum();
    // A claim of one day each would be true and of no use.
    assert!(tally.judged * 5 < tally.days, "{tally:?}");
}

#[test]
fn the_shipped_registry_holds_as_long_as_it_says() {
    let tree = Whereabouts { start: manifest().to_owned(), ..Whereabouts::default() }.open().unwrap().tree().unwrap();
    let first = tree.registry.position.unwrap().plus_days(-150);
    let rules: Vec<&Rule> = tree.book.judging().collect();
    let of_rule = |rule: &&Rule| claims_hold(rule, &tree.book, &tree.registry, first, 300, "shipped");
    let tally: Tally = rules.par_iter().map(of_rule).sum();
    assert!(tally.judged * 5 < tally.days, "{tally:?}");
}
