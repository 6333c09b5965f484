//! One decision of one record, held against the rows that its facts leave possible.

use std::collections::BTreeSet;

use super::{DecisionTable, Row, Terms, any_of, combinations, matches, same_then, slot_of, turns};
use crate::{
    day::{Day, When},
    finding::{Basis, Clause, Mark, Outcome},
    kind::{Cure, Law, Said, Says, Segment, Slots, people},
    record::{Record, Told},
    rulebook::{raw::Words, rule::basis_of},
};

/// What fills a seat where no person or body did.
const BY_ELECTION: &str = "election";

/// One input of one decision.
pub(super) struct Input<'i> {
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
    pub(super) fn of(name: &'i str, words: &'i Words, told: &'i [Told<'i>], decided: &Told<'_>) -> Self {
        let own =
            told.iter().find(|one| one.slot == decided.slot).or_else(|| told.iter().find(|one| one.slot.is_empty()));
        let is = own.and_then(Told::known);
        Self { name, words, is, bad: own.is_some_and(Told::is_bad), span: own.map(|one| one.span) }
    }

    /// What it is, as a step.
    pub(super) fn step(&self) -> String {
        let is =
            self.is.map_or_else(|| format!("not recorded: it may be {}", any_of(self.words)), |is| format!("`{is}`"));
        format!("`{}` is {is}", self.name)
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
pub(super) struct Decision<'d> {
    pub(super) law: &'d Law<'d, DecisionTable>,
    pub(super) record: &'d Record,
    pub(super) name: &'d str,
    pub(super) decided: &'d Told<'d>,
    pub(super) inputs: Vec<Input<'d>>,
    /// The days that may pick the version.
    pub(super) days: When,
    /// The keys of `where` that leave open whether the table is for the record.
    pub(super) doubts: &'d [&'d str],
    /// Whether the record had begun by the day judged.
    pub(super) begun: bool,
    pub(super) bad: bool,
    /// Whether it is asked how an outcome came about.
    pub(super) asked: bool,
}

impl<'d> Decision<'d> {
    pub(super) fn judge(&self, slots: &mut Slots) {
        let given = self.given();
        let slot = slot_of(self.decided, self.name);
        if given.rows.is_empty() && !given.unruled && given.unknown.is_none() {
            let why = format!("{}: no such rule was in force when it began", people::name(self.record));
            return slots.skip(|| Said::new(slot, Outcome::NotApplicable, why).steps(self.steps(&given)));
        }
        let outcome = self.outcome(&given);
        let asked = slots.explain;
        let said = || self.said(slot, outcome, &given).explained(asked, |said| said.steps(self.steps(&given)));
        if outcome == Outcome::Pass { slots.pass(said) } else { slots.say(said()) }
    }

    fn outcome(&self, given: &Given<'_>) -> Outcome {
        let Some(decided) = self.decided.known() else { return Outcome::Unknown };
        let keeps = given.rows.iter().filter(|(_, row)| row.decides(decided)).count();
        let open = given.unruled || given.unknown.is_some();
        if keeps == given.rows.len() && !open {
            Outcome::Pass
        } else if keeps == 0 && !open && !given.idle && self.begun && self.doubts.is_empty() {
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
                format!("{name}: {what} is `{is}`, and {cited} gives {}", rows_text(given))
            }
            (Outcome::Pass, Some(is)) => {
                clause = given.rows.first().filter(|_| given.rows.len() == 1).and_then(|(_, row)| row.clause.text());
                format!("{name}: {what} is `{is}`, as the table gives: {}", rows_text(given))
            }
            _ if !self.doubts.is_empty() => {
                let keys: Vec<String> = self.doubts.iter().map(|key| format!("`{key}`")).collect();
                let verb = if keys.len() == 1 { "is" } else { "are" };
                format!(
                    "{name}: whether {} is for it depends on {}, which {verb} not recorded",
                    self.law.clause,
                    keys.join(" and ")
                )
            }
            (_, None) => format!("{name}: {what} is not recorded"),
            (_, Some(_)) if given.unknown.is_some() => {
                format!("{name}: what decided {what} when it began is not known")
            }
            (_, Some(is)) if !missing.is_empty() => {
                let facts: Vec<String> = missing.iter().map(|one| format!("`{}`", one.name)).collect();
                let verb = if facts.len() == 1 { "is" } else { "are" };
                let rows = rows_text(given);
                format!(
                    "{name}: whether {what} is rightly `{is}` depends on {}, which {verb} not recorded: {rows}",
                    facts.join(" and ")
                )
            }
            (_, Some(is)) if given.unruled && given.rows.is_empty() => {
                format!("{name}: no row of the table is for it, so nothing says whether {what} is rightly `{is}`")
            }
            (_, Some(is)) if given.unruled => {
                format!("{name}: rows of the table disagree on whether {what} is rightly `{is}`: {}", rows_text(given))
            }
            (_, Some(is)) => {
                format!("{name}: whether {what} is rightly `{is}` depends on when it began, which is not recorded")
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
        let doubt = self.doubts.first().filter(|_| outcome == Outcome::Unknown);
        let doubt = doubt.and_then(|key| Some((key, self.record.body.fields().get(key)?.0)));
        let doubt = doubt.map(|(key, span)| Mark::new(self.record.file, span, format!("`{key}` is not recorded")));
        let mut said = said.marks(doubt).marks(marks).marks(facts.into_iter().filter_map(shown));
        for (segment, row) in given.rows.iter().take(6) {
            said = said.mark(segment.mark(self.law.file, "rows", row.span, row.english()));
        }
        let mut segments: Vec<&Segment<Terms>> = Vec::new();
        for segment in given.rows.iter().map(|(segment, _)| *segment).chain(given.unknown) {
            if !segments.iter().any(|one| std::ptr::eq(*one, segment)) {
                segments.push(segment);
            }
        }
        said = segments.into_iter().fold(said, Said::under);
        let basis: Option<Basis> = given.rows.iter().filter_map(|(_, row)| basis_of(&row.basis)).min();
        said = said.row(clause.map(Clause::parse), basis);
        let bad = self.bad || self.decided.is_bad() || missing.iter().any(|one| one.bad);
        said = said.silent(bad && outcome == Outcome::Unknown);
        match outcome {
            Outcome::Breach => {
                let words: BTreeSet<&str> =
                    given.rows.iter().filter_map(|(_, row)| row.then.known()).flat_map(Words::iter).collect();
                said.help(format!("correct `{}`, or the fact that is wrong; else the decision stands and needs an explanation or a derogation", self.name))
                    .explained(self.asked, |said| said.cure(self.cure(&words)))
            }
            Outcome::Unknown if !self.doubts.is_empty() => said.help(format!("record `{}`", self.doubts.join("`, `"))),
            Outcome::Unknown if self.decided.known().is_none() => said.help(format!("record `{}`", self.name)),
            Outcome::Unknown if !missing.is_empty() => {
                let facts: Vec<String> = missing.iter().map(|one| format!("`{}`", one.name)).collect();
                said.help(format!("record what settles it: {}", facts.join(" and ")))
            }
            _ => said,
        }
    }

    /// What the row gives, in the place of what was decided; the first of its words where it has more.
    fn cure(&self, words: &BTreeSet<&str>) -> Cure {
        let shown: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        let cure = Cure::new(format!("`{}` is {}", self.name, shown.join(" or ")));
        let path = people::path_of_word(self.record, self.decided.span).zip(words.first());
        let Some((path, word)) = path else {
            return Cure { no_edit: Some("what is decided is no value of one key".into()), ..cure };
        };
        if self.record.seat().is_some() && *word == BY_ELECTION {
            return Cure { no_edit: Some("which election it was only a source tells".into()), ..cure };
        }
        cure.set(self.record.subject(), path, super::toml_word(word))
    }

    /// The inputs that are not known and that a possible row asks for.
    fn missing(&self, given: &Given<'d>) -> Vec<&Input<'d>> {
        let asked =
            |input: &&Input<'_>| given.unruled || given.rows.iter().any(|(_, row)| row.when.get(input.name).is_some());
        self.inputs.iter().filter(|input| input.is.is_none()).filter(asked).collect()
    }

    /// How it came about.
    fn steps(&self, given: &Given<'d>) -> Vec<String> {
        let mut steps = vec![format!(
            "`{}` is {}",
            self.name,
            self.decided.known().map_or("not recorded".into(), |is| format!("`{is}`"))
        )];
        steps.extend(self.inputs.iter().map(Input::step));
        for (part, says) in self.law.over(self.days) {
            match says {
                Says::Nothing(_) => steps.push(format!("begun {part}: no such rule was in force")),
                Says::Unknown(_) => steps.push(format!("begun {part}: what held is not known")),
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

fn rows_text(given: &Given<'_>) -> String {
    given.rows.iter().map(|(_, row)| row.english()).collect::<Vec<_>>().join("; ")
}
