//! Kind `decision-table`: what is decided of a record follows from its facts, by exactly one row.

mod proof;

use std::{borrow::Cow, collections::BTreeSet};

use super::{Case, Kind, Law, Proofreader, Said, Says, Segment, Slots, people};
use crate::{
    day::{Day, Truth, When},
    decode::{Fact, List, Map, State, Text, table},
    finding::{Basis, Clause, Mark, Outcome},
    record::{FactName, Record, Told},
    rulebook::{
        code::Code,
        mutant::Mutator,
        proofread::KindWord,
        prove::{Flaw, Proving},
        raw::Words,
        rule::{BasisWord, basis_of},
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
            return slots.skip(|| nothing("not one of those that the table is for"));
        }
        let (name, kind) = (law.about.decides.text().unwrap_or(""), record.kind);
        let mut inputs = Vec::new();
        for (input, _, words) in law.about.inputs.iter() {
            inputs.push((input, words, record.body.told(input, case.on).unwrap_or_default()));
        }
        // The day that picks the version: that of the first event of such records.
        let first = kind.events().first().map(|(event, _)| *event);
        let picked = first.and_then(|event| record.body.event(event)?.1.first()?.when);
        let days = match first {
            None => When::on(case.on),
            Some(_) => picked.unwrap_or(When::UNKNOWN),
        };
        let begun = days.last <= case.on || picked.is_none() || record.body.has_begun(case.on);
        let applies = selected.and(if begun { Truth::Yes } else { Truth::Maybe });
        let bad = record.damaged || select::is_bad(record, &law.about.selects);
        for decided in record.body.told(name, case.on).unwrap_or_default() {
            if decided.state == State::Absent {
                let slot = slot_of(&decided, name);
                slots.skip(|| Said { slot, ..nothing(&format!("`{name}` is not decided")) });
                continue;
            }
            let inputs = inputs.iter().map(|(input, words, told)| Input::of(input, words, told, &decided)).collect();
            let days = days.within(Day::EARLIEST, case.on).unwrap_or(days);
            Decision { law, record, name, decided: &decided, inputs, days, applies, bad }.judge(slots);
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

/// One input of one decision.
struct Input<'i> {
    name: &'i str,
    /// The words that it may be.
    words: &'i Words,
    /// The one that it is, where that is known.
    is: Option<&'i str>,
    bad: bool,
    span: Option<crate::text::Span>,
}

impl<'i> Input<'i> {
    /// The input as told in the slot of what is decided, or of the whole record.
    fn of(name: &'i str, words: &'i Words, told: &'i [Told<'i>], decided: &Told<'_>) -> Self {
        let own =
            told.iter().find(|one| one.slot == decided.slot).or_else(|| told.iter().find(|one| one.slot.is_empty()));
        let is = own.and_then(Told::known);
        Self { name, words, is, bad: own.is_some_and(Told::is_bad), span: own.map(|one| one.span) }
    }

    /// The words that it may be, as far as is known.
    fn possible(&self) -> Vec<&'i str> {
        self.is.map_or_else(|| self.words.iter().collect(), |is| vec![is])
    }
}

/// What the rows give: over all days that may pick the version, and all words that the inputs may be.
#[derive(Default)]
struct Given<'l> {
    /// The rows that remain possible, with the version of each.
    rows: Vec<(&'l Segment<Terms>, &'l Row)>,
    /// Some choice of what is not known leads to no row, or to rows that disagree.
    unruled: bool,
    /// A version of which nobody knows what it said.
    unknown: Option<&'l Segment<Terms>>,
    /// The rule was not in force on some possible day.
    idle: bool,
}

/// One decision of one record.
struct Decision<'d> {
    law: &'d Law<'d, DecisionTable>,
    record: &'d Record,
    name: &'d str,
    decided: &'d Told<'d>,
    inputs: Vec<Input<'d>>,
    /// The days that may pick the version.
    days: When,
    /// Whether the table is for the record at all.
    applies: Truth,
    bad: bool,
}

impl<'d> Decision<'d> {
    fn judge(&self, slots: &mut Slots) {
        let given = self.given();
        let slot = slot_of(self.decided, self.name);
        if given.rows.is_empty() && !given.unruled && given.unknown.is_none() {
            let why = format!("{}: no such rule was in force when it began", people::name(self.record));
            return slots.skip(|| Said::new(slot, Outcome::NotApplicable, why));
        }
        let outcome = self.outcome(&given);
        let said = || {
            let said = self.said(slot, outcome, &given);
            if slots.explain { said.steps(self.steps(&given)) } else { said }
        };
        let said = said();
        if outcome == Outcome::Pass { slots.pass(|| said) } else { slots.say(said) }
    }

    fn outcome(&self, given: &Given<'_>) -> Outcome {
        let Some(decided) = self.decided.known() else { return Outcome::Unknown };
        let keeps = given.rows.iter().filter(|(_, row)| row.decides(decided)).count();
        let open = given.unruled || given.unknown.is_some();
        if keeps == given.rows.len() && !open {
            Outcome::Pass
        } else if keeps == 0 && !open && !given.idle && self.applies.certain() {
            Outcome::Breach
        } else {
            Outcome::Unknown
        }
    }

    fn given(&self) -> Given<'d> {
        let mut given = Given::default();
        for (part, says) in self.law.over(self.days) {
            match says {
                Says::Nothing(_) => given.idle = true,
                Says::Unknown(segment) => given.unknown = given.unknown.or(Some(segment)),
                Says::Terms(segment, terms) => {
                    for day in turns(&terms.rows, part.first, part.last) {
                        self.rows_of(segment, terms, day, &mut given);
                    }
                }
            }
        }
        given
    }

    /// Adds the rows of one day for every choice of the inputs that are not known.
    fn rows_of(&self, segment: &'d Segment<Terms>, terms: &'d Terms, day: Day, given: &mut Given<'d>) {
        let rows: Vec<&Row> = terms.rows.iter().filter(|row| row.holds(day)).collect();
        let choices: Vec<(&str, Vec<&str>)> = self.inputs.iter().map(|one| (one.name, one.possible())).collect();
        let Some(all) = combinations(&choices) else {
            given.unruled = true;
            return;
        };
        for choice in all {
            let mut matching = rows.iter().copied().filter(|row| matches(row, &choice));
            let Some(first) = matching.next() else {
                given.unruled = true;
                continue;
            };
            for row in std::iter::once(first).chain(matching) {
                given.unruled |= !same_then(first, row);
                if !given.rows.iter().any(|(_, one)| std::ptr::eq(*one, row)) {
                    given.rows.push((segment, row));
                }
            }
        }
    }

    fn said(&self, slot: String, outcome: Outcome, given: &Given<'d>) -> Said {
        let name = people::name(self.record);
        let of = if self.decided.slot.is_empty() { String::new() } else { format!(" of `{}`", self.decided.slot) };
        let what = format!("`{}`{of}", self.name);
        let is = self.decided.known();
        let missing = self.missing(given);
        let mut clause = None;
        let message = match (outcome, is) {
            (Outcome::Breach, Some(is)) => {
                let row = given.rows.first().map(|(_, row)| *row);
                clause = row.filter(|_| given.rows.len() == 1).and_then(|row| row.clause.text());
                let cited = clause.map_or_else(|| self.law.clause.to_string(), ToOwned::to_owned);
                format!("{name}: {what} is `{is}`, and {cited} gives {}", self.rows_text(given))
            }
            (Outcome::Pass, Some(is)) => {
                clause = given.rows.first().filter(|_| given.rows.len() == 1).and_then(|(_, row)| row.clause.text());
                format!("{name}: {what} is `{is}`, as the table gives: {}", self.rows_text(given))
            }
            (_, None) => format!("{name}: {what} is not recorded"),
            (_, Some(_)) if given.unknown.is_some() => {
                format!("{name}: what decided {what} when it began is not known")
            }
            (_, Some(is)) if !missing.is_empty() => {
                let facts: Vec<String> = missing.iter().map(|one| format!("`{}`", one.name)).collect();
                let verb = if facts.len() == 1 { "is" } else { "are" };
                let rows = self.rows_text(given);
                format!(
                    "{name}: whether {what} is rightly `{is}` depends on {}, which {verb} not recorded: {rows}",
                    facts.join(" and ")
                )
            }
            (_, Some(is)) if given.unruled && given.rows.is_empty() => {
                format!("{name}: no row of the table is for it, so nothing says whether {what} is rightly `{is}`")
            }
            (_, Some(is)) if given.unruled => {
                format!(
                    "{name}: rows of the table disagree on whether {what} is rightly `{is}`: {}",
                    self.rows_text(given)
                )
            }
            (_, Some(is)) => {
                format!(
                    "{name}: whether {what} is rightly `{is}` depends on what is not recorded: when it began, or whether the table is for it"
                )
            }
        };
        self.dress(Said::new(slot, outcome, message), clause, &missing, given)
    }

    /// Adds evidence, places and what to do.
    fn dress(&self, said: Said, clause: Option<&str>, missing: &[&Input<'d>], given: &Given<'d>) -> Said {
        let outcome = said.outcome;
        let own = Mark::new(
            self.record.file,
            self.decided.span,
            format!("`{}`: {}", self.name, self.decided.known().unwrap_or("not recorded")),
        );
        let shown = |input: &Input<'_>| {
            let is = input.is.unwrap_or("not recorded");
            input.span.map(|span| Mark::new(self.record.file, span, format!("`{}`: {is}", input.name)))
        };
        let (lacking, facts): (Vec<&Input<'_>>, Vec<&Input<'_>>) =
            self.inputs.iter().partition(|input| missing.iter().any(|one| one.name == input.name));
        let lacking: Vec<Mark> = lacking.into_iter().filter_map(shown).collect();
        // What would be edited comes first: what is not recorded, else what was decided.
        let marks = if outcome == Outcome::Unknown && self.decided.known().is_some() {
            lacking.into_iter().chain([own]).collect::<Vec<_>>()
        } else {
            std::iter::once(own).chain(lacking).collect()
        };
        let mut said = said.marks(marks).marks(facts.into_iter().filter_map(shown));
        for (segment, row) in given.rows.iter().take(6) {
            said = said.mark(segment.mark(self.law.file, "rows", row.span, row.english()));
        }
        let mut segments: Vec<&Segment<Terms>> = Vec::new();
        for segment in given.rows.iter().map(|(segment, _)| *segment).chain(given.unknown) {
            if !segments.iter().any(|one| std::ptr::eq(*one, segment)) {
                segments.push(segment);
            }
        }
        said = segments.into_iter().fold(said, |said, segment| said.under(segment));
        let basis: Option<Basis> = given.rows.iter().filter_map(|(_, row)| basis_of(&row.basis)).min();
        said = said.row(clause.map(Clause::parse), basis);
        let bad = self.bad || self.decided.is_bad() || missing.iter().any(|one| one.bad);
        said = said.silent(bad && outcome == Outcome::Unknown);
        match outcome {
            Outcome::Breach => {
                let words: BTreeSet<&str> =
                    given.rows.iter().filter_map(|(_, row)| row.then.known()).flat_map(Words::iter).collect();
                let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                said.help(format!("correct `{}`, or the fact that is wrong; else the decision stands and needs an explanation or a derogation", self.name))
                    .cure(format!("`{}` is {}", self.name, words.join(" or ")))
            }
            Outcome::Unknown if self.decided.known().is_none() => said.help(format!("record `{}`", self.name)),
            Outcome::Unknown if !missing.is_empty() => {
                let facts: Vec<String> = missing.iter().map(|one| format!("`{}`", one.name)).collect();
                said.help(format!("record what settles it: {}", facts.join(" and ")))
            }
            _ => said,
        }
    }

    /// The inputs that are not known and that a possible row asks for.
    fn missing(&self, given: &Given<'d>) -> Vec<&Input<'d>> {
        let asked =
            |input: &&Input<'_>| given.unruled || given.rows.iter().any(|(_, row)| row.when.get(input.name).is_some());
        self.inputs.iter().filter(|input| input.is.is_none()).filter(asked).collect()
    }

    fn rows_text(&self, given: &Given<'_>) -> String {
        given.rows.iter().map(|(_, row)| row.english()).collect::<Vec<_>>().join("; ")
    }

    /// How it came about.
    fn steps(&self, given: &Given<'d>) -> Vec<String> {
        let mut steps = vec![format!(
            "`{}` is {}",
            self.name,
            self.decided.known().map_or("not recorded".into(), |is| format!("`{is}`"))
        )];
        for input in &self.inputs {
            let is = match input.is {
                Some(is) => format!("is `{is}`"),
                None => format!("is not recorded: it may be {}", any_of(input.words)),
            };
            steps.push(format!("`{}` {is}", input.name));
        }
        for (part, says) in self.law.over(self.days) {
            match says {
                Says::Nothing(_) => steps.push(format!("{part}: no such rule was in force")),
                Says::Unknown(_) => steps.push(format!("{part}: what held is not known")),
                Says::Terms(_, terms) => {
                    for row in terms.rows.iter() {
                        let possible = given.rows.iter().any(|(_, one)| std::ptr::eq(*one, row));
                        let word = if possible { "possible" } else { "out" };
                        steps.push(format!("row {word}: {}", row.english()));
                    }
                }
            }
        }
        steps
    }
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
