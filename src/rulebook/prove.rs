//! Proofs about the rules themselves: what contradicts itself, with the smallest counterexample.
//!
//! A property is a function over the whole rulebook: it says of which rules it holds, and where it
//! does not. A counterexample is judged before it is shown, so that it comes out as it says.

mod bodies;
mod order;
mod paste;
mod quorate;
mod sense;
mod spans;
mod tenure;
mod typed;
mod words;

use std::collections::BTreeMap;

use self::paste::{judged, paste};
use crate::{
    day::Day,
    decode::State,
    finding::{Clause, Mark},
    registry::Registry,
    rulebook::{
        Rulebook,
        code::Code,
        rule::{Rule, What},
        sound::version_parameters,
    },
    text::FileId,
};

/// What a proof about one version may look at.
#[derive(Debug)]
pub struct Proving<'p> {
    /// The rule.
    pub rule: &'p Rule,
    /// Its file.
    pub file: FileId,
    /// The code's words.
    pub code: &'p Code,
    /// The first day of the version.
    pub from: Day,
    /// The first day on which it no longer held.
    pub until: Day,
}

/// Something in the rules that contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// What, subject first.
    pub message: String,
    /// The clauses that clash, or the one that is not whole.
    pub clauses: Vec<Clause>,
    /// Where; the first is the value that would be edited.
    pub marks: Vec<Mark>,
    /// The smallest counterexample: an `[[example]]` that can be pasted into the rule's file.
    pub example: Option<String>,
}

/// All that a proof about the whole rulebook may look at.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'g> {
    /// The rules.
    pub book: &'g Rulebook,
    /// The records, for modifications that rules name.
    pub registry: Option<&'g Registry>,
}

/// A flaw, and the rule in whose file it would be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The rule's id; `code` for the code's words, a fixture's name for a fixture.
    pub rule: Box<str>,
    /// The flaw.
    pub flaw: Flaw,
}

/// Gathers what is looked at and what is found.
#[derive(Debug, Default)]
pub struct Proof {
    /// How many things were looked at: rules, or what the property says.
    pub looked: usize,
    /// What does not hold.
    pub flaws: Vec<Found>,
}

impl Proof {
    fn flaw(&mut self, rule: &str, flaw: Flaw) {
        self.flaws.push(Found { rule: rule.into(), flaw });
    }
}

/// Something that must hold of rules.
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// What must hold, in a sentence.
    pub says: &'static str,
    /// Looks.
    look: fn(&Ground<'_>, &mut Proof),
}

/// Every property that is proved, in the order printed.
pub static PROPERTIES: &[Property] = &[
    Property {
        name: "versions",
        says: "the versions of a rule neither overlap nor leave a gap, and each holds on some day",
        look: spans::versions,
    },
    Property { name: "rows", says: "a row holds on some day of its version", look: spans::rows },
    Property {
        name: "variations",
        says: "an effect holds on some day and reaches a rule that is there then",
        look: spans::effects,
    },
    Property {
        name: "when-implemented",
        says: "a modification that brings a version is recorded and can still be implemented",
        look: spans::modifications,
    },
    Property { name: "parameters", says: "the parameters of a version agree, by its own kind", look: parameters },
    Property { name: "totals", says: "the totals of a composition are what its rows add up to", look: bodies::totals },
    Property { name: "seats", says: "a rule about a seat names one that the body has", look: bodies::seats },
    Property {
        name: "eligibility",
        says: "somebody can pass all the tests of a seat; each names categories that can fill it",
        look: bodies::eligibility,
    },
    Property {
        name: "caps",
        says: "seats can be filled under every cap on one group, and every cap can bite",
        look: bodies::caps,
    },
    Property { name: "quorum", says: "a body has as many members as its quorum needs", look: quorate::quorum },
    Property {
        name: "terms",
        says: "rules about one tenure agree, and a call before its end comes after its start",
        look: tenure::terms,
    },
    Property { name: "windows", says: "some days of the events keep every window over them", look: order::windows },
    Property {
        name: "elections",
        says: "an election called in time can be over before the term ends",
        look: order::elections,
    },
    Property { name: "obligations", says: "what is owed can be had at one time", look: sense::obligations },
    Property {
        name: "sequences",
        says: "a pause may be longer than nothing, and what is set is read",
        look: sense::sequences,
    },
    Property {
        name: "readings",
        says: "a reading differs from the words as they stand and from each other reading",
        look: words::readings,
    },
    Property {
        name: "sources",
        says: "every source, target and clause that a rule names is there",
        look: words::doubts,
    },
    Property { name: "examples", says: "no two examples of one case have different outcomes", look: words::examples },
    Property { name: "fixtures", says: "every fixture is used by an example", look: words::fixtures },
    Property { name: "code", says: "the code's words name each other rightly", look: words::code },
];

/// What was proved of one property.
pub struct Proved {
    /// The property.
    pub property: &'static Property,
    /// How many things were looked at.
    pub looked: usize,
    /// What does not hold.
    pub flaws: Vec<Found>,
}

/// Proves every property. Flaws of other rules than those `wanted` are left out; nothing wanted is all.
pub fn prove(ground: &Ground<'_>, wanted: &dyn Fn(&str) -> bool) -> Vec<Proved> {
    let proved = |property: &'static Property| {
        let mut proof = Proof::default();
        (property.look)(ground, &mut proof);
        proof.flaws.retain(|found| wanted(&found.rule));
        Proved { property, looked: proof.looked, flaws: proof.flaws }
    };
    PROPERTIES.iter().map(proved).collect()
}

/// What each kind proves of one version.
fn parameters(ground: &Ground<'_>, proof: &mut Proof) {
    for rule in ground.book.judging() {
        let What::Rule { about, .. } = &rule.what else { continue };
        proof.looked = proof.looked.saturating_add(1);
        for (number, version) in rule.versions.iter().enumerate() {
            let Some(table) = rule.raw.entry("version", number) else { continue };
            if matches!(version.basis.state, State::Unknown) {
                continue;
            }
            let (from, until) = typed::period(version);
            let proving = Proving { rule, file: rule.file, code: &ground.book.code, from, until };
            for mut flaw in about.prove(&version_parameters(table), version.span, &proving) {
                // A kind writes what should come out; what is shown is what does.
                flaw.example = flaw.example.and_then(|example| judged(ground.book, rule, &example));
                proof.flaw(&rule.id, flaw);
            }
        }
    }
}

/// The clauses of rules, each once.
fn clauses<'r>(rules: impl IntoIterator<Item = &'r Rule>) -> Vec<Clause> {
    let all: BTreeMap<&str, &Clause> =
        rules.into_iter().map(|rule| (rule.clause.number.as_ref(), &rule.clause)).collect();
    all.into_values().cloned().collect()
}

impl Flaw {
    /// A flaw without a counterexample.
    fn new(message: impl Into<String>, clauses: Vec<Clause>, marks: Vec<Mark>) -> Self {
        Self { message: message.into(), clauses, marks, example: None }
    }

    /// With a counterexample.
    fn example(mut self, example: Option<String>) -> Self {
        self.example = example;
        self
    }
}
