//! The proof of a decision table: for every combination of its inputs, on every day, exactly one row.

use std::collections::BTreeSet;

use super::{About, Row, Terms, combinations, matches, toml_word, turns};
use crate::{
    day::Day,
    finding::{Clause, Mark},
    record::Kind,
    rulebook::prove::{Flaw, Proving},
};

type Choice<'c> = Vec<(&'c str, &'c str)>;

/// The holes, overlaps and idle rows of one version.
pub(super) fn flaws(about: &About, terms: &Terms, proving: &Proving<'_>) -> Vec<Flaw> {
    let inputs: Vec<(&str, Vec<&str>)> =
        about.inputs.iter().map(|(name, _, words)| (name, words.iter().collect())).collect();
    let prover = Prover { about, proving };
    let Some(all) = combinations(&inputs) else {
        let mark = Mark::new(proving.file, about.inputs.span, "these");
        let message = "the table has more combinations of inputs than can be tried".to_owned();
        return vec![Flaw { message, clauses: vec![proving.rule.clause.clone()], marks: vec![mark], example: None }];
    };
    let last = if proving.until == Day::LATEST { Day::LATEST } else { proving.until.plus_days(-1) };
    let mut flaws = Vec::new();
    let mut used: BTreeSet<usize> = BTreeSet::new();
    let mut clashes: BTreeSet<(usize, usize)> = BTreeSet::new();
    for day in turns(&terms.rows, proving.from, last) {
        let rows: Vec<(usize, &Row)> = terms.rows.iter().enumerate().filter(|(_, row)| row.holds(day)).collect();
        // The first hole of a part of time stands for the others.
        let mut hole = None;
        for choice in &all {
            let found: Vec<(usize, &Row)> = rows.iter().copied().filter(|(_, row)| matches(row, choice)).collect();
            used.extend(found.iter().map(|(at, _)| *at));
            match found.as_slice() {
                [] => {
                    hole.get_or_insert(choice);
                }
                [(one, first), (other, second), ..] if clashes.insert((*one, *other)) => {
                    flaws.push(prover.overlap(first, second, choice, day));
                }
                _ => {}
            }
        }
        flaws.extend(hole.map(|choice| prover.hole(terms, choice, day)));
    }
    let idle = terms.rows.iter().enumerate().filter(|(at, _)| !used.contains(at));
    flaws.extend(idle.map(|(_, row)| prover.idle(row)));
    flaws
}

struct Prover<'p> {
    about: &'p About,
    proving: &'p Proving<'p>,
}

impl Prover<'_> {
    fn clause(&self, row: &Row) -> Clause {
        row.clause.text().map_or_else(|| self.proving.rule.clause.clone(), Clause::parse)
    }

    fn mark(&self, row: &Row, label: impl Into<String>) -> Mark {
        Mark::new(self.proving.file, row.span, label)
    }

    fn hole(&self, terms: &Terms, choice: &Choice<'_>, day: Day) -> Flaw {
        let decides = self.about.decides.text().unwrap_or("?");
        let message = format!("no row says what `{decides}` is where {}, on {day}", english(choice));
        let mark = Mark::new(self.proving.file, terms.rows.span, "no row here is for it");
        // What the law gives there is for the drafter to say; the first row's word stands in for it.
        let word = terms.rows.iter().find_map(|row| row.then.known()?.iter().next().map(ToOwned::to_owned));
        let clause = self.proving.rule.clause.clone();
        let name = format!("no row, {clause}: {}", english(choice).replace('`', ""));
        let example = word.and_then(|word| self.example(&name, choice, &word, day));
        Flaw { message, clauses: vec![clause], marks: vec![mark], example }
    }

    fn overlap(&self, one: &Row, other: &Row, choice: &Choice<'_>, day: Day) -> Flaw {
        let (first, second) = (self.clause(one), self.clause(other));
        let message = format!(
            "two rows say what `{}` is where {}, on {day}: {first} gives {}; {second} gives {}",
            self.about.decides.text().unwrap_or("?"),
            english(choice),
            one.english(),
            other.english(),
        );
        let word = one.then.known().and_then(|then| then.iter().next().map(ToOwned::to_owned));
        let name = format!("two rows, {first} and {second}: {}", english(choice).replace('`', ""));
        let example = word.and_then(|word| self.example(&name, choice, &word, day));
        let marks = vec![self.mark(one, "this row"), self.mark(other, "and this one")];
        Flaw { message, clauses: vec![first, second], marks, example }
    }

    fn idle(&self, row: &Row) -> Flaw {
        let message = format!("a row is for no combination of inputs on any day of its version: {}", row.english());
        Flaw { message, clauses: vec![self.clause(row)], marks: vec![self.mark(row, "never used")], example: None }
    }

    /// An example with these facts. It says `pass`, which only a table with one row for them can give.
    fn example(&self, name: &str, choice: &Choice<'_>, word: &str, day: Day) -> Option<String> {
        let kind = self.about.of.known()?.0;
        let slot = self.proving.code.words("constituencies").next().unwrap_or("");
        let facts = kind.facts();
        let written =
            |name: &str, word: &str| facts.iter().find(|fact| fact.name == name).map(|fact| (fact.write)(word, slot));
        let mut keys: Vec<String> = Vec::new();
        let born = kind.events().first().map(|(event, _)| *event);
        if let Some(event) = born.filter(|event| kind.keys().iter().any(|key| key.name == *event)) {
            keys.push(format!("{event} = {day}"));
        }
        for (key, _, words) in self.about.selects.iter() {
            keys.extend(words.iter().next().map(|word| format!("{key} = {}", toml_word(word))));
        }
        for (input, word) in choice {
            keys.push(written(input, word)?);
        }
        keys.push(written(self.about.decides.text()?, word)?);
        let id = if matches!(kind, Kind::Seat | Kind::Meeting) { "body/x" } else { "x" };
        Some(format!(
            "[[example]]\nname   = \"{name}\"\non     = {day}\nexpect = \"pass\"\nrecords.\"{}/{id}\" = {{ {} }}\n",
            kind.folder(),
            keys.join(", ")
        ))
    }
}

fn english(choice: &Choice<'_>) -> String {
    if choice.is_empty() {
        return "nothing is asked".to_owned();
    }
    choice.iter().map(|(input, word)| format!("`{input}` is `{word}`")).collect::<Vec<_>>().join(" and ")
}
