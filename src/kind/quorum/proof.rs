//! What a rule of the kind must have, and what it contradicts in itself.

use super::{About, AtLeast, ShareOf, Terms, Test};
use crate::{
    finding::Mark,
    kind::Proofreader,
    record::Kind as RecordKind,
    rulebook::{
        prove::{Flaw, Proving},
        select,
    },
    text::Span,
};

/// Reports what cannot be so.
pub(super) fn proofread(about: &About, terms: &Terms, proof: &mut Proofreader<'_>) {
    let Some(kind) = about.of.known().map(|word| word.0) else { return };
    select::proofread(kind, &about.selects, proof);
    let Some(test) = terms.test.known().copied() else { return };
    if test.of() != kind {
        let message = format!("`{}` is a test of {}, and the rule is of {kind}", test.word(), test.of().folder());
        proof.reader.report("record-word", terms.test.span, message, "not of these", None);
        return;
    }
    let mut lacks = |what: &str, why: &str| {
        proof.reader.report("record-missing", terms.span, format!("{why}: `{what}`"), "not in here", None);
    };
    if matches!(test, Test::Present | Test::Attendance) && terms.at_least.is_absent() {
        lacks("at-least", "it says how many are enough");
    }
    if test == Test::Attendance && terms.over.is_absent() {
        lacks("over", "it says over how many months attendance is counted");
    }
    let owned: [(&str, Span, bool, &[Test]); 7] = [
        ("at-least", terms.at_least.span, terms.at_least.is_absent(), &[Test::Present, Test::Attendance]),
        ("chair", terms.chair.span, terms.chair.is_absent(), &[Test::Present]),
        ("over", terms.over.span, terms.over.is_absent(), &[Test::Attendance]),
        ("by", terms.by.span, terms.by.is_absent(), &[Test::Majority]),
        ("chair-votes", terms.chair_votes.span, terms.chair_votes.is_absent(), &[Test::Majority]),
        ("lot", terms.lot.span, terms.lot.is_absent(), &[Test::MostVotes]),
        ("per", terms.per.span, terms.per.is_absent(), &[Test::OneVote]),
    ];
    for (key, span, absent, tests) in owned {
        if !absent && !tests.contains(&test) {
            let message = format!("`{key}` says nothing where the test is `{}`", test.word());
            proof.reader.report("record-key", span, message, "not of this test", None);
        }
    }
    if let Some(at_least) = terms.at_least.known() {
        proofread_share(at_least, test, proof);
    }
    if terms.chair.known() == Some(&true) && !proof.code.words("constituencies").any(|word| proof.code.chairs(word)) {
        let message = "no constituency of `rules/code.toml` has `chairs = true`, so nobody can tell who the Chair is";
        proof.reader.report("record-word", terms.chair.span, message.into(), "which seat is the Chair's?", None);
    }
}

fn proofread_share(at_least: &AtLeast, test: Test, proof: &mut Proofreader<'_>) {
    let mut report = |span: Span, message: &str, label: &str| {
        proof.reader.report("record-word", span, message.to_owned(), label, None);
    };
    match (at_least.count.is_absent(), at_least.share.is_absent()) {
        (true, true) => report(at_least.span, "`at-least` has a `share`, or a `count`", "neither is here"),
        (false, false) => report(at_least.span, "`at-least` has a `share` or a `count`, not both", "both are here"),
        (true, false) if at_least.fraction().is_none() => {
            report(at_least.share.span, "a share is two numbers, such as `[1, 2]` for a half", "not a share");
        }
        _ => {}
    }
    let of_meetings = at_least.of.known() == Some(&ShareOf::Meetings);
    if !at_least.of.is_absent() && of_meetings != (test == Test::Attendance) {
        report(
            at_least.of.span,
            "`attendance` takes a share of `meetings`, `present` one of members or seats",
            "not of these",
        );
    }
}

/// What nobody could keep, or break.
pub(super) fn prove(terms: &Terms, proving: &Proving<'_>) -> Vec<Flaw> {
    let Some(at_least) = terms.at_least.known() else { return Vec::new() };
    let flaw = |span: Span, message: String, label: &str, expect: &str| Flaw {
        message,
        clauses: vec![proving.rule.clause.clone()],
        marks: vec![Mark::new(proving.file, span, label)],
        example: example(terms, proving, expect),
    };
    let mut found = Vec::new();
    if let Some((above, below)) = at_least.fraction() {
        if above > below {
            let message = format!("`{}`: {above} of {below} is more than all: nobody can keep it", proving.rule.id);
            found.push(flaw(at_least.share.span, message, "more than all", "breach"));
        }
        if above == 0 {
            let message = format!("`{}`: a share of 0 is always reached", proving.rule.id);
            found.push(flaw(at_least.share.span, message, "always reached", "pass"));
        }
    }
    if at_least.count.known() == Some(&0) {
        let message = format!("`{}`: 0 are always enough", proving.rule.id);
        found.push(flaw(at_least.count.span, message, "always enough", "pass"));
    }
    found
}

/// A body of one seat, whose member came, or where nobody did: what the parameters make of it.
fn example(terms: &Terms, proving: &Proving<'_>, expect: &str) -> Option<String> {
    let body = proving.code.words("bodies").next()?;
    let chair = proving.code.words("constituencies").find(|word| proving.code.chairs(word));
    let seat = chair.or_else(|| proving.code.words("constituencies").next())?;
    let (from, day) = (proving.from, proving.from.plus_days(1));
    let came = expect == "breach" || terms.chair.known() == Some(&true);
    let attendance =
        if came { format!("[{{ seat = \"{seat}\", person = \"ann\", as = \"member\" }}]") } else { "[]".to_owned() };
    let kind = match terms.test.known()? {
        Test::Present | Test::Attendance => RecordKind::Meeting,
        _ => return None,
    };
    Some(format!(
        "[[example]]\nname   = \"one member, who {}\"\non     = {day}\nexpect = \"{expect}\"\nrecords.\"seats/{body}/{seat}\" = {{ constituency = \"{seat}\", tenure = [{{ holder = \"ann\", from = {from} }}] }}\nrecords.\"{kind}/{body}/{day}\" = {{ held = {day}, attendance = {attendance} }}\n",
        if came { "came" } else { "did not come" },
    ))
}
