//! Kind `decision-table`: what is decided of a record follows from its facts, by exactly one row.

mod decision;
mod proof;

use std::{borrow::Cow, collections::BTreeSet};

use self::decision::{Decision, Input};
use super::{Case, Kind, Law, Proofreader, Said, Slots, people};
use crate::{
    day::{Day, Truth, When},
    decode::{Fact, List, Map, State, Text, table},
    finding::Outcome,
    record::{FactName, Record, Told},
    rulebook::{
        code::Code,
        mutant::Mutator,
        proofread::KindWord,
        prove::{Flaw, Proving},
        raw::Words,
        rule::BasisWord,
        select,
    },
};

/// The kind.
#[derive(Debug)]
pub struct DecisionTable;

table! {
    /// What a decision table is about.
    pub struct About {
        /// The kind of records.
        of: Fact<KindWord> = "of" (required),
        /// Which of them.
        selects: Map<Words> = "where",
        /// The facts that decide, each with the words that it may be.
        inputs: Map<Words> = "inputs",
        /// The fact that is decided.
        decides: Fact<Text> = "decides" (required),
    }
}

table! {
    /// The table.
    pub struct Terms {
        /// The rows, exactly one of which is for any record.
        rows: List<Row> = "rows" (required),
    }
}

table! {
    /// One row.
    pub struct Row {
        /// What the inputs are; an input left out may be anything.
        when: Map<Words> = "when",
        /// What is decided then; one of several words, where there is a list.
        then: Fact<Words> = "then" (required),
        /// The clause of this row.
        clause: Fact<Text> = "clause",
        /// Where this row is taken from.
        source: List<Text> = "source",
        /// How well this row is evidenced.
        basis: Fact<BasisWord> = "basis",
        /// The first day of this row alone.
        since: Fact<When> = "since",
        /// The first day after, of this row alone.
        until: Fact<When> = "until",
    }
}

impl Row {
    /// Whether the row is there on a day.
    fn holds(&self, day: Day) -> bool {
        self.since.when().is_none_or(|since| since.first <= day)
            && self.until.when().is_none_or(|until| day < until.first)
    }

    /// The condition in English.
    fn condition(&self) -> String {
        let one = |(input, _, words): (&str, _, &Words)| format!("`{input}` is {}", any_of(words));
        self.when.iter().map(one).collect::<Vec<_>>().join(" and ")
    }

    /// The row in English.
    fn english(&self) -> String {
        let then = self.then.known().map_or_else(|| "?".into(), any_of);
        match self.condition() {
            any if any.is_empty() => then,
            condition => format!("{then} where {condition}"),
        }
    }

    fn decides(&self, word: &str) -> bool {
        self.then.known().is_some_and(|then| then.has(word))
    }
}

fn any_of(words: &Words) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ")
}

/// The days in a span on which a row begins or has ended, and the first: within each part that they
/// begin, the same rows hold.
fn turns(rows: &List<Row>, first: Day, last: Day) -> BTreeSet<Day> {
    let ends = rows.iter().flat_map(|row| [row.since.when(), row.until.when()]);
    let inside = ends.flatten().map(|when| when.first).filter(|day| first < *day && *day <= last);
    inside.chain([first]).collect()
}

/// How many combinations of inputs are tried at most, in a judgement or a proof.
const MOST_COMBINATIONS: usize = 4096;

impl Kind for DecisionTable {
    const NAME: &'static str = "decision-table";
    const DOC: &'static str = include_str!("../../docs/kinds/decision-table.md");
    type About = About;
    type Terms = Terms;
    type Prepared<'c> = ();

    fn looked_for(law: &Law<'_, Self>, record: &Record, case: &Case<'_>) -> Vec<String> {
        let decides = law.about.decides.text().unwrap_or("?");
        let own = people::name(record);
        vec![format!("the table decides `{decides}`, and {own} has no entry on {} that could have it", case.on)]
    }

    const MUTATORS: &'static [Mutator] =
        &[Mutator::Drop("rows"), Mutator::Exchange("rows.*.then"), Mutator::Turn("rows.*.when.*", true)];

    fn proofread(about: &About, terms: &Terms, proof: &mut Proofreader<'_>) {
        let Some(kind) = about.of.known().map(|word| word.0) else { return };
        select::proofread(kind, &about.selects, proof);
        let mut known: Vec<(&str, &Words)> = Vec::new();
        for (name, span, words) in about.inputs.iter() {
            known.push((name, words));
            let Some(fact) = select::proofread_fact(kind, name, span, proof) else { continue };
            for (word, span) in &words.0 {
                select::proofread_fact_word(fact, word, *span, proof);
            }
        }
        let name = about.decides.text();
        let decides = name.and_then(|name| select::proofread_fact(kind, name, about.decides.span, proof));
        for row in terms.rows.iter() {
            proofread_row(row, &known, decides, proof);
        }
    }

    fn prepare<'c>(_: &About, _: &Case<'c>) -> Self::Prepared<'c> {}

    fn subjects(about: &About, case: &Case<'_>) -> Vec<u32> {
        let Some(kind) = about.of.known().map(|word| word.0) else { return Vec::new() };
        select::positions(kind, &about.selects, case)
    }

    fn judge(law: &Law<'_, Self>, (): &(), record: &Record, _: u32, case: &Case<'_>, slots: &mut Slots) {
        let nothing = |why: &str| Said::new("", Outcome::NotApplicable, format!("{}: {why}", people::name(record)));
        let selected = select::selected(record, &law.about.selects, case, case.on);
        if selected == Truth::No {
            let steps = || people::not_selected(record, &law.about.selects, case.on.untracked());
            return slots.skip(|| nothing("not one of those that the table is for").steps(steps()));
        }
        let (name, kind) = (law.about.decides.text().unwrap_or(""), record.kind);
        let mut inputs = Vec::new();
        for (input, _, words) in law.about.inputs.iter() {
            inputs.push((input, words, record.body.told(input, case.on).unwrap_or_default()));
        }
        // The day that picks the version: that of the first event of such records; of what is decided for each
        // of several that began one after the other, the day on which that one did.
        let first = kind.events().first().map(|(event, _)| *event);
        let picked = first.and_then(|event| record.body.event(event)?.1.first()?.when);
        let days = match first {
            None => When::on(case.on.for_today()),
            Some(_) => picked.unwrap_or(When::UNKNOWN),
        };
        let begun = days.last <= case.on || picked.is_none() || record.body.has_begun(case.on);
        let doubts = select::doubtful(record, &law.about.selects, case.on);
        let bad = record.damaged || select::is_bad(record, &law.about.selects);
        for decided in record.body.told(name, case.on).unwrap_or_default() {
            if decided.state == State::Absent {
                let slot = slot_of(&decided, name);
                let inputs = inputs.iter().map(|(input, words, told)| Input::of(input, words, told, &decided));
                slots.skip(|| {
                    let steps = std::iter::once(format!("`{name}` is not recorded, so nothing is decided"));
                    let steps = steps.chain(inputs.map(|input| input.step()));
                    Said { slot, ..nothing(&format!("`{name}` is not decided")) }.steps(steps)
                });
                continue;
            }
            let inputs = inputs.iter().map(|(input, words, told)| Input::of(input, words, told, &decided)).collect();
            let own = decided.since;
            // A day that nobody knows says no more than those of the record.
            let begun = own.map_or(begun, |since| since.by(case.on).certain() || begun && !since.last.is_finite());
            let days = own.unwrap_or(days);
            let days = days.up_to(case.on).unwrap_or(days);
            Decision {
                law,
                record,
                name,
                decided: &decided,
                inputs,
                days,
                doubts: &doubts,
                begun,
                bad,
                asked: slots.explain,
            }
            .judge(slots);
        }
    }

    fn prove(about: &About, terms: &Terms, proving: &Proving<'_>) -> Vec<Flaw> {
        proof::flaws(about, terms, proving)
    }

    fn english(about: &About, terms: &Terms, code: &Code) -> String {
        let of = select::english(about.of.known().map(|word| word.0), &about.selects, code);
        let row = |row: &Row| {
            let end = |fact: &Fact<When>, word: &str| fact.when().map(|when| format!(" {word} {}", when.first));
            let parts = [Some(row.english()), end(&row.since, "from"), end(&row.until, "until before")];
            parts.into_iter().flatten().collect::<String>()
        };
        let rows: Vec<String> = terms.rows.iter().map(row).collect();
        format!("In each {of}, `{}` is {}.", about.decides.text().unwrap_or("?"), rows.join("; "))
    }
}

fn proofread_row(row: &Row, inputs: &[(&str, &Words)], decides: Option<FactName>, proof: &mut Proofreader<'_>) {
    for (name, span, words) in row.when.iter() {
        let Some((_, allowed)) = inputs.iter().find(|(input, _)| *input == name) else {
            let label = crate::decode::meant(name, inputs.iter().map(|(input, _)| *input), "not among `inputs`");
            proof.reader.report("record-key", span, format!("`{name}` is no input of this table"), &label, None);
            continue;
        };
        for (word, span) in words.0.iter().filter(|(word, _)| !allowed.has(word)) {
            let label = crate::decode::meant(word, allowed.iter(), "not among its words");
            let message = format!("`inputs` does not say that `{name}` may be `{word}`");
            proof.reader.report("record-word", *span, message, &label, None);
        }
    }
    let (Some(fact), Some(then)) = (decides, row.then.known()) else { return };
    for (word, span) in &then.0 {
        select::proofread_fact_word(fact, word, *span, proof);
    }
}

fn slot_of(told: &Told<'_>, name: &str) -> String {
    if told.slot.is_empty() { name.to_owned() } else { told.slot.to_string() }
}

/// Whether a row is for a choice of all inputs.
fn matches(row: &Row, choice: &[(&str, &str)]) -> bool {
    row.when.iter().all(|(input, _, words)| choice.iter().any(|(name, word)| *name == input && words.has(word)))
}

/// Whether two rows decide the same.
fn same_then(one: &Row, other: &Row) -> bool {
    match (one.then.known(), other.then.known()) {
        (Some(one), Some(other)) => one.iter().all(|word| other.has(word)) && other.iter().all(|word| one.has(word)),
        _ => false,
    }
}

/// Every choice of one word for each input, in order; nothing where they are too many.
fn combinations<'c>(choices: &[(&'c str, Vec<&'c str>)]) -> Option<Vec<Vec<(&'c str, &'c str)>>> {
    let mut all: Vec<Vec<(&str, &str)>> = vec![Vec::new()];
    for (input, words) in choices {
        if all.len().checked_mul(words.len())? > MOST_COMBINATIONS {
            return None;
        }
        let longer = |choice: Vec<(&'c str, &'c str)>| {
            words.iter().map(move |word| [choice.as_slice(), &[(*input, *word)]].concat()).collect::<Vec<_>>()
        };
        all = all.into_iter().flat_map(longer).collect();
    }
    Some(all)
}

/// A word as TOML writes it.
fn toml_word(word: &str) -> Cow<'_, str> {
    if matches!(word, "true" | "false") { Cow::Borrowed(word) } else { Cow::Owned(format!("\"{word}\"")) }
}
