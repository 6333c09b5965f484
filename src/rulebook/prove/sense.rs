//! What is owed, and how records follow one another.

use super::{Flaw, Ground, Proof, clauses, paste, typed::rules};
use crate::{
    day::Day,
    decode::Fact,
    finding::Mark,
    kind::{
        obligation::Obligation,
        sequence::{Sequence, Test},
    },
};

/// Values that cannot be had together: more of them than may differ.
pub(super) fn obligations(ground: &Ground<'_>, proof: &mut Proof) {
    for one in rules::<Obligation>(ground.book) {
        proof.looked = proof.looked.saturating_add(1);
        for version in &one.versions {
            let terms = &version.terms;
            let values: Vec<&str> = terms.values.known().map(|words| words.iter().collect()).unwrap_or_default();
            let mut different = values.clone();
            different.sort_unstable();
            different.dedup();
            let flaw = |message: String, mark: Mark| Flaw::new(message, clauses([one.rule]), vec![mark]);
            if different.len() < values.len() {
                let message = format!("`{}`: a value stands twice in `values`", one.rule.id);
                proof.flaw(
                    &one.rule.id,
                    flaw(message, Mark::new(one.rule.file, terms.values.span, "one of them twice")),
                );
            }
            let Some(most) = terms.distinct.known().map(|most| *most as usize) else { continue };
            if most < different.len().max(1) {
                let message = format!(
                    "`{}`: {} different values are owed, and at most {most} may differ at one time",
                    one.rule.id,
                    different.len()
                );
                let mark = Mark::new(one.rule.file, terms.distinct.span, format!("at most {most}"));
                let had = if different.is_empty() { &["a"][..] } else { &different };
                let example = owing(&one, version.from, had, ground);
                proof.flaw(&one.rule.id, flaw(message, mark).example(example));
            }
        }
    }
}

/// A record that has all that it owes.
fn owing(one: &super::typed::Typed<'_, Obligation>, on: Day, values: &[&str], ground: &Ground<'_>) -> Option<String> {
    let version = one.on(on)?;
    let (list, key) = (version.terms.list.text()?, version.terms.key.text()?);
    let kind = one.about.of.known()?.0;
    let mut says: Vec<String> = Vec::new();
    for (name, _, words) in one.about.selects.iter() {
        let word = words.iter().next()?;
        let entry = format!("{{ is = \"{word}\", from = {on} }}");
        let is_list = matches!(
            kind.keys().iter().find(|one| one.name == name).map(|one| (one.shape)()),
            Some(crate::decode::Shape::List(_))
        );
        says.push(if is_list { format!("{name} = [{entry}]") } else { format!("{name} = \"{word}\"") });
    }
    let entries: Vec<String> = values.iter().map(|value| format!("{{ {key} = \"{value}\", from = {on} }}")).collect();
    says.push(format!("{list} = [{}]", entries.join(", ")));
    let subject = format!("{}/a", kind.folder());
    paste(
        ground.book,
        one.rule,
        "has all that it owes",
        on,
        Some(&subject),
        &[(subject.clone(), format!("{{ {} }}", says.join(", ")))],
    )
}

/// A pause of nothing is always too long; what a test does not read was meant for another.
pub(super) fn sequences(ground: &Ground<'_>, proof: &mut Proof) {
    for one in rules::<Sequence>(ground.book) {
        proof.looked = proof.looked.saturating_add(1);
        for version in &one.versions {
            let terms = &version.terms;
            let mut say = |message: String, span: crate::text::Span| {
                let marks = vec![Mark::new(one.rule.file, span, "here")];
                proof.flaw(&one.rule.id, Flaw::new(message, clauses([one.rule]), marks));
            };
            let id = &one.rule.id;
            if terms.test.known() == Some(&Test::Cadence) {
                if terms.every.known() == Some(&0) {
                    say(format!("`{id}`: no two records follow one another within a pause of 0"), terms.every.span);
                }
                let unread = [&terms.unique, &terms.gaps].into_iter().filter(|fact| !fact.is_absent());
                for fact in unread.collect::<Vec<&Fact<bool>>>() {
                    say(format!("`{id}`: a cadence asks no number, so this is never read"), fact.span);
                }
            } else if !terms.every.is_absent() {
                say(format!("`{id}`: numbers ask no pause, so `every` is never read"), terms.every.span);
            }
        }
    }
}
