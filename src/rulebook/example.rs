//! Examples: cases in a rule's own file, run through the same loader and engine as the registry.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use toml::de::{DeTable, DeValue};

use super::{
    Rulebook,
    rule::{Example, Rule},
    sound::reaches,
};
use crate::{
    check::{self, Judged},
    day::Day,
    decode::{Lexicon, Reader, nearest},
    derogation::{Derogations, Uses},
    finding::{Finding, Mark, Outcome},
    history::{History, told},
    kind::Shared,
    record::{Body, Kind, Record},
    registry::{Header, Registry, file, link},
    text::{FileId, Span},
};

/// What one example came to, on one day.
#[derive(Debug)]
pub struct Run {
    /// The rule's id.
    pub rule: Box<str>,
    /// The example's name.
    pub name: String,
    /// Where the example stands.
    pub file: FileId,
    /// Its bytes.
    pub span: Span,
    /// The day judged.
    pub on: Day,
    /// The outcome that the example says.
    pub expected: Outcome,
    /// The outcome that came; nothing where the example itself is unsound.
    pub got: Option<Outcome>,
    /// What was said, for people.
    pub said: Vec<String>,
    /// What is wrong with the example's records.
    pub problems: Vec<Finding>,
}

impl Run {
    /// Whether it came out as it says.
    pub fn is_kept(&self) -> bool {
        self.got == Some(self.expected) && self.problems.is_empty()
    }
}

/// An example with its records, ready to be judged again and again.
#[derive(Debug)]
pub struct Ready<'b> {
    /// The rule in whose file it stands.
    pub rule: &'b Rule,
    /// The example.
    pub example: &'b Example,
    /// What is wrong with its records.
    problems: Vec<Finding>,
    registry: Registry,
    history: History,
}

impl<'b> Ready<'b> {
    /// What it is called.
    pub fn name(&self) -> &str {
        self.example.name.text().unwrap_or("")
    }

    /// Its records.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The rules that it runs: its own, or those that its variation reaches.
    pub fn runs(&self, book: &'b Rulebook) -> Vec<&'b Rule> {
        judged_by(book, self.rule)
    }

    /// What it comes to on a day by the rules of a book, which may not be those it was read with.
    pub fn outcome(&self, book: &Rulebook, on: Day) -> Option<Outcome> {
        let rule = book.find(&self.rule.id)?;
        let explain = self.example.slot.text().is_some();
        Some(outcome(book, rule, self, on, explain).0)
    }

    /// What is wrong with its records.
    pub fn problems(&self) -> &[Finding] {
        &self.problems
    }

    /// Every judgement that its records come to on a day by the rules of a book, passes with their
    /// reasons: the rule, the record as `kind/id`, what was said. `subject` and `slot` choose nothing
    /// here.
    pub fn judged<'r>(&self, book: &'r Rulebook, on: Day) -> Vec<(&'r Rule, String, Judged)> {
        book.find(&self.rule.id).map(|rule| judged(book, rule, self, on, true)).unwrap_or_default()
    }
}

/// The examples of a rule with their records.
pub fn ready<'b>(book: &'b Rulebook, rule: &'b Rule) -> Vec<Ready<'b>> {
    let one = |(at, example): (usize, &'b Example)| ready_one(book, rule, example, at);
    rule.head.example.iter().enumerate().map(one).collect()
}

fn ready_one<'b>(book: &'b Rulebook, rule: &'b Rule, example: &'b Example, at: usize) -> Ready<'b> {
    let (registry, mut problems) = registry_of(book, rule, example, at);
    let commits = rule.raw.entry("example", at).and_then(|table| table.get("commits"));
    let history = commits.map_or_else(|| Ok(History::default()), |raw| told::read(raw, rule.raw.text()));
    let history = history.unwrap_or_else(|(span, wrong)| {
        problems.push(Finding { marks: vec![Mark::new(rule.file, span, "here")], ..unsound(rule, example, wrong) });
        History::default()
    });
    Ready { rule, example, problems, registry, history }
}

/// Runs every example of a rule.
pub fn run(book: &Rulebook, rule: &Rule) -> Vec<Run> {
    ready(book, rule).iter().flat_map(|ready| run_ready(book, ready)).collect()
}

/// Runs the example of a rule at a position, day by day.
pub fn run_one(book: &Rulebook, rule: &Rule, at: usize) -> Vec<Run> {
    let example = rule.head.example.iter().nth(at);
    example.map(|example| run_ready(book, &ready_one(book, rule, example, at))).unwrap_or_default()
}

fn run_ready(book: &Rulebook, ready: &Ready<'_>) -> Vec<Run> {
    let Ready { rule, example, problems, .. } = ready;
    let (days, expected) = (example.days(), example.expected());
    let one = |(number, on): (usize, &Day)| {
        let word = expected.get(number).or(expected.first().filter(|_| expected.len() == 1)).copied().unwrap_or("");
        let wanted = Outcome::ALL.into_iter().find(|outcome| outcome.word() == word);
        let mut made = Run {
            rule: rule.id.clone(),
            name: example.name.text().unwrap_or("").to_owned(),
            file: rule.file,
            span: example.span,
            on: *on,
            expected: wanted.unwrap_or(Outcome::Pass),
            got: None,
            said: Vec::new(),
            problems: problems.clone(),
        };
        match wanted {
            Some(_) => {
                let (got, said) = outcome(book, rule, ready, *on, true);
                (made.got, made.said) = (Some(got), said);
            }
            None => made.said.push(expectation_wrong(word, days.len(), expected.len())),
        }
        made
    };
    days.iter().enumerate().map(one).collect()
}

fn expectation_wrong(word: &str, days: usize, expected: usize) -> String {
    if days != expected && word.is_empty() {
        return format!("`expect` has {expected} outcomes for {days} days");
    }
    let meant = nearest(word, Outcome::ALL.iter().map(|outcome| outcome.word()));
    format!("`{word}` is no outcome{}", meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?")))
}

/// The records of an example, laid over its fixture.
fn registry_of(book: &Rulebook, rule: &Rule, example: &Example, at: usize) -> (Registry, Vec<Finding>) {
    let mut problems = Vec::new();
    let lexicon = book.code.lexicon();
    let mut records: BTreeMap<String, Record> = BTreeMap::new();
    if let Some(over) = example.over.text() {
        match book.fixtures.get(over) {
            Some((file, raw)) => read_records(*file, raw.root(), &lexicon, &mut records, &mut problems),
            None => problems.push(unsound(rule, example, format!("there is no fixture `{over}`"))),
        }
    }
    if let Some(table) = rule.raw.entry("example", at) {
        read_records(rule.file, table, &lexicon, &mut records, &mut problems);
    }
    for body in bodies(book, rule) {
        records.entry(format!("bodies/{body}")).or_insert_with(|| implied_body(rule.file, body));
    }
    let header = Header { coverage: example.coverage.clone(), ..Header::default() };
    let registry = Registry::new(&header, records.into_values().map(Arc::new).collect(), BTreeSet::new()).of_example();
    problems.extend(link::findings(&registry, &book.code, false));
    (registry, problems)
}

fn unsound(rule: &Rule, example: &Example, message: String) -> Finding {
    let marks = vec![Mark::new(rule.file, example.span, "this example")];
    file::finding(
        &rule.id,
        crate::finding::Problem { rule: "record-reference", slot: "example".into(), message, help: None, marks },
    )
}

/// The bodies that a rule, or what a variation reaches, is about.
fn bodies<'b>(book: &'b Rulebook, rule: &'b Rule) -> Vec<&'b str> {
    judged_by(book, rule)
        .into_iter()
        .filter_map(|rule| match &rule.what {
            super::rule::What::Rule { about, .. } => about.body(),
            super::rule::What::Variation(_) => None,
        })
        .collect()
}

/// The rules that an example of a rule runs: itself, or what the variation reaches.
fn judged_by<'b>(book: &'b Rulebook, rule: &'b Rule) -> Vec<&'b Rule> {
    let Some(variation) = rule.variation() else { return vec![rule] };
    let reached = |other: &&Rule| {
        variation.effect.iter().any(|effect| effect.target.text().is_some_and(|target| reaches(effect, target, other)))
    };
    book.all().filter(reached).collect()
}

fn implied_body(file: FileId, id: &str) -> Record {
    let mut reader = Reader::new(file).lenient();
    let body = Body::read(Kind::Body, &mut reader, &DeTable::new(), Span::default());
    Record::new(Kind::Body, id, file, body, false)
}

fn read_records(
    file: FileId,
    table: &DeTable<'_>,
    lexicon: &Arc<Lexicon>,
    records: &mut BTreeMap<String, Record>,
    problems: &mut Vec<Finding>,
) {
    let Some(entries) = table.get("records").and_then(|raw| raw.get_ref().as_table()) else { return };
    for (name, raw) in entries {
        let subject = name.get_ref().as_ref();
        let mut reader = Reader::new(file).lenient().in_words_of(lexicon);
        let span = Span::new(raw.span());
        let kind = subject.split_once('/').and_then(|(folder, id)| Kind::of_folder(folder).map(|kind| (kind, id)));
        match (kind, raw.get_ref()) {
            (Some((kind, id)), DeValue::Table(table)) => {
                let body = Body::read(kind, &mut reader, table, span);
                records.insert(subject.to_owned(), Record::new(kind, id, file, body, false));
            }
            _ => reader.report(
                "record-file",
                Span::new(name.span()),
                format!("`{subject}` is no record: write `\"kind/id\" = {{ … }}`"),
                "no record",
                None,
            ),
        }
        problems.extend(file::findings(subject, reader.into_problems()));
    }
}

/// The outcome of an example on a day, and what was said.
fn outcome(book: &Rulebook, rule: &Rule, ready: &Ready<'_>, on: Day, explain: bool) -> (Outcome, Vec<String>) {
    let example = ready.example;
    let (mut worst, mut said) = (Outcome::NotApplicable, Vec::new());
    for (_, subject, judged) in judged(book, rule, ready, on, explain) {
        if example.subject.text().is_some_and(|wanted| wanted != subject) {
            continue;
        }
        worst = worst.max(of_slot(&judged, example.slot.text()));
        let told = judged.said.iter().filter(|one| one.outcome != Outcome::NotApplicable);
        said.extend(told.map(|one| format!("{}: {}", one.outcome, one.message)));
    }
    (worst, said)
}

/// What an example's records come to on a day, by its rule or by those that its variation reaches.
fn judged<'r>(
    book: &'r Rulebook,
    rule: &'r Rule,
    ready: &Ready<'_>,
    on: Day,
    explain: bool,
) -> Vec<(&'r Rule, String, Judged)> {
    let Ready { registry, history, .. } = ready;
    let shared = Shared::new(registry, &book.code, &book.calendars);
    let derogations = Derogations::of(registry, on);
    let mut uses = Uses::default();
    let mut all = Vec::new();
    for rule in judged_by(book, rule) {
        for mut judged in check::judge_rule(rule, &shared, on, book, explain, |_| true) {
            let Some(subject) = registry.at(judged.subject).map(Record::subject) else { continue };
            check::derogate(&mut judged, rule, &subject, &derogations, &mut uses);
            all.push((rule, subject, judged));
        }
        for (_, subject, mut judged) in check::judge_history(rule, &shared, book, explain, &history.until(on)) {
            check::derogate(&mut judged, rule, &subject, &derogations, &mut uses);
            all.push((rule, subject, judged));
        }
    }
    all
}

fn of_slot(judged: &Judged, slot: Option<&str>) -> Outcome {
    let Some(slot) = slot else { return judged.outcome };
    judged.said.iter().filter(|one| one.slot == slot).map(|one| one.outcome).max().unwrap_or(Outcome::NotApplicable)
}

/// What the examples of a rule do not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lacks {
    /// No example passes.
    pub pass: bool,
    /// No example is in breach.
    pub breach: bool,
    /// No two neighbouring days or values differ in outcome.
    pub boundary: bool,
}

impl Lacks {
    /// What a rule's examples do not show. A rule of which nobody knows what it says can show
    /// neither, and a variation is shown by the rules that it reaches.
    pub fn of(rule: &Rule) -> Self {
        let all_unknown =
            rule.versions.iter().all(|version| matches!(version.basis.state, crate::decode::State::Unknown));
        if rule.variation().is_some() || all_unknown {
            return Self::default();
        }
        let expects = |word: &str| rule.head.example.iter().any(|one| one.expected().contains(&word));
        Self { pass: !expects("pass"), breach: !expects("breach"), boundary: !has_boundary(rule) }
    }

    /// What lacks, in words.
    pub fn words(self) -> Vec<&'static str> {
        let all = [(self.pass, "a pass"), (self.breach, "a breach"), (self.boundary, "a boundary")];
        all.into_iter().filter(|(lacks, _)| *lacks).map(|(_, word)| word).collect()
    }
}

/// One example over two neighbouring days, or two examples that differ in one value by one, with
/// different outcomes.
fn has_boundary(rule: &Rule) -> bool {
    let mut leaves: Vec<(BTreeMap<String, String>, Vec<&str>)> = Vec::new();
    for (at, example) in rule.head.example.iter().enumerate() {
        let (days, expected) = (example.days(), example.expected());
        let neighbours = days.windows(2).zip(expected.windows(2));
        if neighbours.into_iter().any(|(days, words)| {
            matches!(days, [one, other] if other.days_since(*one) == 1) && words.first() != words.last()
        }) {
            return true;
        }
        let mut found = BTreeMap::new();
        if let Some(table) = rule.raw.entry("example", at) {
            for key in ["on", "records", "over", "coverage", "commits"] {
                if let Some(raw) = table.get(key) {
                    flatten(key, raw, &mut found);
                }
            }
        }
        leaves.push((found, expected));
    }
    leaves.iter().enumerate().any(|(at, (one, first))| {
        leaves.iter().skip(at.saturating_add(1)).any(|(other, second)| first != second && differ_by_one(one, other))
    })
}

fn flatten(path: &str, raw: &crate::decode::Raw<'_>, found: &mut BTreeMap<String, String>) {
    match raw.get_ref() {
        DeValue::Table(table) => {
            table.iter().for_each(|(key, value)| flatten(&format!("{path}\u{1}{}", key.get_ref()), value, found));
        }
        DeValue::Array(items) => {
            items.iter().enumerate().for_each(|(at, value)| flatten(&format!("{path}\u{1}{at}"), value, found));
        }
        _ => {
            found.insert(path.to_owned(), crate::decode::value::raw_text(raw));
        }
    }
}

fn differ_by_one(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) -> bool {
    if one.len() != other.len() || !one.keys().eq(other.keys()) {
        return false;
    }
    let mut differing = one.values().zip(other.values()).filter(|(first, second)| first != second);
    let (Some((first, second)), None) = (differing.next(), differing.next()) else { return false };
    let days = Day::parse(first).zip(Day::parse(second)).map(|(one, other)| other.days_since(one).abs() == 1);
    let numbers =
        || first.parse::<i64>().ok().zip(second.parse::<i64>().ok()).map(|(one, other)| one.abs_diff(other) == 1);
    days.or_else(numbers).unwrap_or(false)
}
