//! Every mutant of some rules, held against the examples: which of them notices it.

use std::{collections::BTreeMap, ops::Range};

use rayon::prelude::*;

use super::{Mutant, edit, means_the_same, mutants};
use crate::{
    day::Day,
    finding::Outcome,
    rulebook::{
        Rulebook,
        example::{self, Ready},
        load,
        rule::Rule,
        sound::reaches,
    },
    text::{FileId, Span},
};

/// What became of a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// An example noticed it.
    Killed {
        /// The rule in whose file the example stands.
        rule: Box<str>,
        /// What the example is called.
        example: String,
        /// The day judged.
        on: Day,
        /// What the rule gives.
        was: Outcome,
        /// What the mutant gives.
        now: Option<Outcome>,
    },
    /// The loader refuses it, so no example need notice it; the first reason.
    Refused(String),
    /// No example notices it, and the rule's file says why none can.
    Excused(String),
    /// No example notices it.
    Alive,
}

/// A mutant and what became of it.
#[derive(Debug)]
pub struct Trial {
    /// The rule.
    pub rule: Box<str>,
    /// Its kind.
    pub kind: String,
    /// Its file.
    pub file: FileId,
    /// The mutant.
    pub mutant: Mutant,
    /// What became of it.
    pub fate: Fate,
}

/// A `[[survivor]]` that excuses nothing.
#[derive(Debug)]
pub struct Excuse {
    /// The rule.
    pub rule: Box<str>,
    /// Its file.
    pub file: FileId,
    /// Where it stands.
    pub span: Span,
    /// The mutant that it names.
    pub mutant: String,
    /// Whether there is such a mutant, and an example notices it.
    pub is_killed: bool,
}

/// All mutants of some rules.
#[derive(Debug, Default)]
pub struct Trials {
    /// Each mutant, rule by rule.
    pub all: Vec<Trial>,
    /// The excuses that excuse nothing.
    pub idle: Vec<Excuse>,
}

/// Makes every mutant of the rules and looks for an example that notices it. `tick` is told how many
/// are done, of how many.
pub fn survey(book: &Rulebook, rules: &[&Rule], tick: &(dyn Fn(usize, usize) + Sync)) -> Trials {
    let bench = Bench::new(book, rules);
    let made: Vec<(usize, Mutant)> = rules
        .par_iter()
        .enumerate()
        .flat_map_iter(|(at, rule)| mutants(book, rule).into_iter().map(move |one| (at, one)))
        .collect();
    let (total, done) = (made.len(), std::sync::atomic::AtomicUsize::new(0));
    let lean: Vec<Option<String>> = rules.par_iter().map(|rule| without_examples(book, rule)).collect();
    let all = made
        .into_par_iter()
        .filter_map(|(at, mutant)| {
            let rule = rules.get(at)?;
            let text = lean.get(at)?.as_deref().unwrap_or_else(|| rule.raw.text());
            let trial = bench.trial(rule, text, mutant);
            tick(done.fetch_add(1, std::sync::atomic::Ordering::Relaxed).saturating_add(1), total);
            trial
        })
        .collect();
    let mut trials = Trials { all, idle: Vec::new() };
    for rule in rules {
        excuse(rule, &mut trials);
    }
    trials
}

/// Lets the `[[survivor]]`s of a rule excuse its mutants.
fn excuse(rule: &Rule, trials: &mut Trials) {
    for survivor in rule.head.survivor.iter() {
        let name = survivor.mutant.text().unwrap_or("");
        let mut own = trials.all.iter_mut().filter(|one| one.rule == rule.id && one.mutant.name == name);
        let found = own.next();
        let is_killed = found.as_ref().is_some_and(|one| matches!(one.fate, Fate::Killed { .. }));
        match found.filter(|one| one.fate == Fate::Alive) {
            Some(trial) => trial.fate = Fate::Excused(survivor.why.text().unwrap_or("").to_owned()),
            None => trials.idle.push(Excuse {
                rule: rule.id.clone(),
                file: rule.file,
                span: survivor.span,
                mutant: name.to_owned(),
                is_killed,
            }),
        }
    }
}

/// A rule's text with spaces instead of its examples, so that it is read faster and all else keeps
/// its place; nothing where that would change more than the examples.
fn without_examples(book: &Rulebook, rule: &Rule) -> Option<String> {
    let mut text = String::with_capacity(rule.raw.text().len());
    let mut skipping = false;
    for line in rule.raw.text().split_inclusive('\n') {
        let head = line.trim_end();
        if line.starts_with('[') {
            skipping = head.starts_with("[[example]]") || head.starts_with("[example.");
        }
        if skipping {
            text.extend(line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        } else {
            text.push_str(line);
        }
    }
    let read = load::reread(book, rule, &text).ok()?;
    let read = read.find(&rule.id)?;
    (read.versions == rule.versions && read.head.example.items.is_empty()).then_some(text)
}

/// The examples of all rules that count, and what each comes to by the rules as they stand.
struct Bench<'b> {
    book: &'b Rulebook,
    ready: Vec<(Ready<'b>, Vec<Option<Outcome>>)>,
    /// For each rule, where its own examples lie.
    own: BTreeMap<&'b str, Range<usize>>,
}

impl<'b> Bench<'b> {
    fn new(book: &'b Rulebook, rules: &[&'b Rule]) -> Self {
        let mut wanted: Vec<&Rule> = rules.iter().flat_map(|rule| noticing(book, rule)).collect();
        wanted.sort_by_key(|rule| rule.id.clone());
        wanted.dedup_by(|one, other| one.id == other.id);
        let made: Vec<Vec<_>> = wanted
            .par_iter()
            .map(|rule| {
                let ready = example::ready(book, rule);
                let judged = |one: Ready<'b>| {
                    let outcomes = one.example.days().iter().map(|on| one.outcome(book, *on)).collect();
                    (one, outcomes)
                };
                ready.into_iter().map(judged).collect()
            })
            .collect();
        let (mut ready, mut own) = (Vec::new(), BTreeMap::new());
        for (rule, made) in wanted.iter().zip(made) {
            let first = ready.len();
            ready.extend(made);
            own.insert(rule.id.as_ref(), first..ready.len());
        }
        Self { book, ready, own }
    }

    /// What becomes of a mutant; nothing where it means the same as the rule.
    fn trial(&self, rule: &Rule, text: &str, mutant: Mutant) -> Option<Trial> {
        let read = edit::apply(text, &mutant.edits)
            .ok_or_else(|| vec!["it does not fit the text".to_owned()])
            .and_then(|text| load::reread(self.book, rule, &text));
        let fate = match read {
            Err(problems) => Fate::Refused(problems.into_iter().next().unwrap_or_default()),
            Ok(changed) => {
                let other = changed.find(&rule.id)?;
                if means_the_same(rule, other, mutant.part, &self.book.code) {
                    return None;
                }
                self.noticed(rule, &changed).unwrap_or(Fate::Alive)
            }
        };
        let kind = rule.head.kind.text().unwrap_or("").to_owned();
        Some(Trial { rule: rule.id.clone(), kind, file: rule.file, mutant, fate })
    }

    /// The first example that comes out otherwise by the changed rules.
    fn noticed(&self, rule: &Rule, changed: &Rulebook) -> Option<Fate> {
        let ranges = noticing(self.book, rule).into_iter().filter_map(|one| self.own.get(one.id.as_ref()));
        for (ready, outcomes) in ranges.flat_map(|range| self.ready.get(range.clone()).unwrap_or(&[])) {
            for (on, was) in ready.example.days().into_iter().zip(outcomes) {
                let now = ready.outcome(changed, on);
                if let (Some(was), true) = (was, now != *was) {
                    let (rule, example) = (ready.rule.id.clone(), ready.name().to_owned());
                    return Some(Fate::Killed { rule, example, on, was: *was, now });
                }
            }
        }
        None
    }
}

/// The rules whose examples can notice a mutant of a rule: itself, the variations that reach it, and
/// the rules that it reaches.
fn noticing<'b>(book: &'b Rulebook, rule: &'b Rule) -> Vec<&'b Rule> {
    let reach = |variation: &Rule, other: &Rule| {
        variation.variation().is_some_and(|head| {
            head.effect.iter().any(|effect| effect.target.text().is_some_and(|target| reaches(effect, target, other)))
        })
    };
    let others = book.all().filter(|other| reach(rule, other) || reach(other, rule));
    std::iter::once(rule).chain(others).collect()
}
