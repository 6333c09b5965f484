//! What the rows of a lifecycle contradict in themselves.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{About, Move, Terms, clause_of, stages};
use crate::{
    day::Day,
    finding::Mark,
    record::Kind,
    rulebook::{
        prove::{Flaw, Proving},
        raw::Words,
    },
};

/// Stages that cannot be reached or left, final ones that can be left, rows that disagree, and
/// rows between which a day falls out.
pub(super) fn flaws(about: &About, terms: &Terms, proving: &Proving<'_>) -> Vec<Flaw> {
    let Some(kind) = about.of.known().map(|word| word.0) else { return Vec::new() };
    let prover = Prover { kind, terms, proving, ways: ways(terms) };
    let mut found = prover.unreachable();
    found.extend(prover.stuck());
    found.extend(prover.left());
    found.extend(prover.idle());
    found.extend(prover.pairs());
    found
}

/// The shortest way from the start to each stage: its rows, each with where it leads.
type Way<'t> = Vec<(&'t Move, &'t str)>;

struct Prover<'t> {
    kind: Kind,
    terms: &'t Terms,
    proving: &'t Proving<'t>,
    ways: BTreeMap<&'t str, Way<'t>>,
}

fn has(words: Option<&Words>, word: &str) -> bool {
    words.is_some_and(|words| words.has(word))
}

fn is_final(terms: &Terms, stage: &str) -> bool {
    has(terms.ends.known(), stage)
}

/// Whether a row leads away from a stage, were it not final.
fn leaves(row: &Move, stage: &str) -> bool {
    has(row.from.known(), stage) || has(row.from.known(), "any")
}

fn ways(terms: &Terms) -> BTreeMap<&str, Way<'_>> {
    let mut found: BTreeMap<&str, Way<'_>> = BTreeMap::new();
    let mut queue: VecDeque<(Option<&str>, Way<'_>)> = VecDeque::from([(None, Vec::new())]);
    while let Some((stage, way)) = queue.pop_front() {
        let out = |row: &&Move| match stage {
            None => has(row.from.known(), "start"),
            Some(stage) => leaves(row, stage) && !is_final(terms, stage),
        };
        for row in terms.moves.iter().filter(out) {
            for to in row.to.known().into_iter().flat_map(Words::iter) {
                if !found.contains_key(to) {
                    let longer: Way<'_> = way.iter().copied().chain([(row, to)]).collect();
                    found.insert(to, longer.clone());
                    queue.push_back((Some(to), longer));
                }
            }
        }
    }
    found
}

impl<'t> Prover<'t> {
    fn flaw(&self, message: String, rows: &[&Move], example: Option<String>) -> Flaw {
        let clause = |row: &&Move| clause_of(row).unwrap_or_else(|| self.proving.rule.clause.clone());
        let mut clauses: Vec<_> = rows.iter().map(clause).collect();
        if clauses.is_empty() {
            clauses.push(self.proving.rule.clause.clone());
        }
        clauses.dedup();
        let mark = |row: &&Move| Mark::new(self.proving.file, row.span, "this row");
        let mut marks: Vec<Mark> = rows.iter().map(mark).collect();
        if marks.is_empty() {
            marks.push(Mark::new(self.proving.file, self.terms.moves.span, "no row here does"));
        }
        Flaw { message, clauses, marks, example }
    }

    /// The stages that rows or `final` name, in the code's order.
    fn named(&self) -> Vec<String> {
        let names = |stage: &String| {
            is_final(self.terms, stage)
                || self.terms.moves.iter().any(|row| has(row.from.known(), stage) || has(row.to.known(), stage))
        };
        stages(self.kind, self.proving.code).into_iter().filter(names).collect()
    }

    fn unreachable(&self) -> Vec<Flaw> {
        let mut found = Vec::new();
        for stage in self.named().iter().filter(|stage| !self.ways.contains_key(stage.as_str())) {
            let rows: Vec<&Move> = self.terms.moves.iter().filter(|row| has(row.from.known(), stage)).collect();
            let example = self.example(&format!("`{stage}` reached"), &[(None, stage)], self.proving.from);
            found.push(self.flaw(format!("no way leads from the start to `{stage}`"), &rows, example));
        }
        found
    }

    fn stuck(&self) -> Vec<Flaw> {
        let mut found = Vec::new();
        // What instruments do may stand for ever.
        for stage in self.ways.keys().filter(|_| self.kind == Kind::Modification) {
            let waits = has(self.terms.pauses.known(), stage);
            if waits || is_final(self.terms, stage) || self.terms.moves.iter().any(|row| leaves(row, stage)) {
                continue;
            }
            let rows: Vec<&Move> = self.terms.moves.iter().filter(|row| has(row.to.known(), stage)).collect();
            let example =
                self.example(&format!("`{stage}`, and nothing after it"), &self.way(stage), self.proving.from);
            found.push(self.flaw(format!("nothing leads away from `{stage}`, which is not final"), &rows, example));
        }
        found
    }

    fn left(&self) -> Vec<Flaw> {
        let mut found = Vec::new();
        for stage in self.terms.ends.known().into_iter().flat_map(Words::iter) {
            for row in self.terms.moves.iter().filter(|row| has(row.from.known(), stage)) {
                let to = row.to.known().and_then(|words| words.iter().next()).unwrap_or("?");
                let mut way = self.way(stage);
                way.push((Some(row), to));
                let example = self.example(&format!("from `{stage}` to `{to}`"), &way, self.proving.from);
                found.push(self.flaw(
                    format!("`{stage}` is final, and a row leads from it to `{to}`"),
                    &[row],
                    example,
                ));
            }
        }
        found
    }

    /// Stages that an event undoes although they are not final.
    fn idle(&self) -> Vec<Flaw> {
        let mut found = Vec::new();
        for (stage, ..) in self.terms.taken_up.iter().filter(|(stage, ..)| !is_final(self.terms, stage)) {
            let rows: Vec<&Move> = self.terms.moves.iter().filter(|row| has(row.from.known(), stage)).collect();
            let example = self.example(&format!("`{stage}`, which is not final"), &self.way(stage), self.proving.from);
            let message = format!("`{stage}` is not final, so nothing need take it up again");
            found.push(self.flaw(message, &rows, example));
        }
        found
    }

    /// Pairs of rows for one move: those that disagree on who decides, and those between which a
    /// day falls out.
    fn pairs(&self) -> Vec<Flaw> {
        let mut by_move: BTreeMap<(&str, &str), Vec<&'t Move>> = BTreeMap::new();
        for row in self.terms.moves.iter() {
            for from in row.from.known().into_iter().flat_map(Words::iter) {
                for to in row.to.known().into_iter().flat_map(Words::iter) {
                    by_move.entry((from, to)).or_default().push(row);
                }
            }
        }
        let mut found = Vec::new();
        for ((from, to), mut rows) in by_move {
            rows.sort_by_key(|row| row.days());
            for pair in rows.windows(2) {
                let [one, other] = pair else { continue };
                let ((_, end), (start, _)) = (one.days(), other.days());
                if end != Day::LATEST && start == end.plus_days(1) {
                    let example = self.from(from, to, other, end);
                    let message = format!(
                        "from `{from}` to `{to}` there is no row on {end}: one ends before that day, the next begins after it"
                    );
                    found.push(self.flaw(message, &[*one, *other], example));
                }
            }
            for (at, one) in rows.iter().enumerate() {
                let disagrees = |other: &&&Move| {
                    one.days().1 > other.days().0 && meet(one, other) && deciders(one) != deciders(other)
                };
                if let Some(other) = rows.iter().skip(at.saturating_add(1)).find(disagrees) {
                    let example = self.from(from, to, one, other.days().0.max(self.proving.from));
                    let message = format!("from `{from}` to `{to}` two rows hold at once and disagree on who decides");
                    found.push(self.flaw(message, &[*one, *other], example));
                }
            }
        }
        found
    }

    /// The shortest way to a stage.
    fn way(&self, stage: &str) -> Vec<(Option<&'t Move>, &'t str)> {
        let way = self.ways.get(stage).map_or(&[][..], Vec::as_slice);
        way.iter().map(|(row, to)| (Some(*row), *to)).collect()
    }

    /// A move on a day, after the shortest way to where it begins.
    fn from(&self, from: &str, to: &'t str, row: &'t Move, day: Day) -> Option<String> {
        let mut way = self.way(from);
        way.push((Some(row), to));
        self.example(&format!("from `{from}` to `{to}`"), &way, day)
    }

    /// An example in which these stages are reached one after another on a day.
    fn example(&self, name: &str, way: &[(Option<&Move>, &str)], day: Day) -> Option<String> {
        let mut facts: BTreeMap<&str, &str> = BTreeMap::new();
        let mut steps = Vec::new();
        for (row, to) in way {
            let by = row.and_then(|row| row.by.known()).and_then(|words| words.iter().next());
            let by = by.map_or(String::new(), |by| format!(", by = \"{by}\""));
            for (fact, _, words) in row.iter().flat_map(|row| row.when.iter()) {
                if let Some(word) = words.iter().next() {
                    facts.entry(fact).or_insert(word);
                }
            }
            steps.push(match self.kind {
                Kind::Modification => format!("{{ to = \"{to}\", on = {day}{by} }}"),
                _ => format!("{{ does = \"{to}\", provision = \"x\" }}"),
            });
        }
        let names = self.kind.facts();
        let mut keys = BTreeSet::new();
        let facts = facts.iter().filter_map(|(name, word)| {
            let fact = names.iter().find(|one| one.name == *name)?;
            let written = (fact.write)(word, "");
            let key = written.split(' ').next().unwrap_or("").to_owned();
            keys.insert(key).then(|| format!(", {written}"))
        });
        let (facts, steps): (String, String) = (facts.collect(), steps.join(", "));
        let record = match self.kind {
            Kind::Modification => {
                format!("records.\"modifications/x\" = {{ raised = {day}{facts}, step = [{steps}] }}")
            }
            Kind::Instrument => format!("records.\"instruments/x\" = {{ on = {day}{facts}, effect = [{steps}] }}"),
            _ => return None,
        };
        Some(format!(
            "[[example]]\nname   = \"{}\"\non     = {day}\nexpect = \"pass\"\n{record}\n",
            name.replace('`', "")
        ))
    }
}

/// Whether some facts satisfy both rows.
fn meet(one: &Move, other: &Move) -> bool {
    one.when.iter().all(|(fact, _, words)| {
        let rival = other.when.get(fact).and_then(|fact| fact.known());
        rival.is_none_or(|rival| words.iter().any(|word| rival.has(word)))
    })
}

/// Who may decide by a row; nothing where anybody may.
fn deciders(row: &Move) -> Option<BTreeSet<&str>> {
    row.by.known().map(|words| words.iter().collect())
}
