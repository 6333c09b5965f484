//! Periods: of versions, of rows, of effects; and modifications that bring versions.

use super::{Flaw, Ground, Proof, clauses, typed::period};
use crate::{
    day::{Day, When},
    finding::Mark,
    record::Kind,
    rulebook::{
        rule::{Op, Rule, What},
        sound::reaches,
    },
    text::Span,
};

/// Gaps and overlaps are refused when the rules are read; what is left is a version that ends before
/// it begins.
pub(super) fn versions(ground: &Ground<'_>, proof: &mut Proof) {
    for rule in ground.book.judging() {
        proof.looked = proof.looked.saturating_add(1);
        for version in rule.versions.iter().filter(|version| !version.from.is_absent()) {
            let (from, until) = period(version);
            if until <= from {
                let message = format!("`{}`: a version from {from} until {until} holds on no day", rule.id);
                let marks = vec![Mark::new(rule.file, version.until.span, "not after its first day")];
                proof.flaw(&rule.id, Flaw::new(message, clauses([rule]), marks));
            }
        }
    }
}

/// Rows with `since` and `until` of their own.
pub(super) fn rows(ground: &Ground<'_>, proof: &mut Proof) {
    for rule in ground.book.judging() {
        for (number, version) in rule.versions.iter().enumerate() {
            let Some(table) = rule.raw.entry("version", number) else { continue };
            let (from, until) = period(version);
            for (_, raw) in table {
                let rows = raw.get_ref().as_array().into_iter().flatten();
                for row in rows.filter_map(|item| Some((item, item.get_ref().as_table()?))) {
                    let day = |key: &str| {
                        row.1
                            .get(key)
                            .and_then(|raw| raw.get_ref().as_datetime())
                            .and_then(|one| Day::parse(&one.to_string()))
                    };
                    let (since, ended) = (day("since"), day("until"));
                    if since.is_none() && ended.is_none() {
                        continue;
                    }
                    proof.looked = proof.looked.saturating_add(1);
                    let first = since.unwrap_or(from).max(from);
                    let after = ended.unwrap_or(until).min(until);
                    if after <= first {
                        let message =
                            format!("`{}`: a row holds on no day of its version ({from} until {until})", rule.id);
                        let marks = vec![
                            Mark::new(rule.file, Span::new(row.0.span()), "this row"),
                            Mark::new(rule.file, version.span, "its version"),
                        ];
                        proof.flaw(&rule.id, Flaw::new(message, clauses([rule]), marks));
                    }
                }
            }
        }
    }
}

/// The effects and amendments of variations.
pub(super) fn effects(ground: &Ground<'_>, proof: &mut Proof) {
    for rule in ground.book.variations() {
        let Some(head) = rule.variation() else { continue };
        for effect in head.effect.iter() {
            proof.looked = proof.looked.saturating_add(1);
            let from = effect.from.when().and_then(When::day).unwrap_or(Day::EARLIEST);
            let until = effect.until.known().map_or(Day::LATEST, |end| end.0);
            if until <= from {
                let message = format!("`{}`: an effect from {from} until {until} holds on no day", rule.id);
                let marks = vec![Mark::new(rule.file, effect.until.span, "not after its first day")];
                proof.flaw(&rule.id, Flaw::new(message, clauses([rule]), marks));
                continue;
            }
            let Some(target) = effect.target.text().filter(|_| effect.op.known() != Some(&Op::Insert)) else {
                continue;
            };
            let reached: Vec<&Rule> = ground.book.all().filter(|other| reaches(effect, target, other)).collect();
            let is_there =
                |other: &&Rule| other.versions.iter().map(period).any(|(first, after)| first < until && from < after);
            if !reached.is_empty() && !reached.iter().any(is_there) {
                let message =
                    format!("`{}`: `{target}` has no version while the effect holds ({from} until {until})", rule.id);
                let mut marks = vec![Mark::new(rule.file, effect.from.span, "holds from here")];
                marks.extend(reached.first().map(|other| Mark::new(other.file, other.head.span, "what it reaches")));
                let named = std::iter::once(rule).chain(reached.iter().copied());
                proof.flaw(&rule.id, Flaw::new(message, clauses(named), marks));
            }
        }
        for amendment in head.amendment.iter() {
            proof.looked = proof.looked.saturating_add(1);
            if amendment.was.known().is_some() && amendment.was.known() == amendment.now.known() {
                let message = format!("`{}`: an amendment changes nothing: what stood still stands", rule.id);
                let marks = vec![Mark::new(rule.file, amendment.now.span, "the same as `was`")];
                proof.flaw(&rule.id, Flaw::new(message, clauses([rule]), marks));
            }
        }
    }
}

/// Modifications that bring versions: recorded, and not at an end without being implemented.
pub(super) fn modifications(ground: &Ground<'_>, proof: &mut Proof) {
    let Some(registry) = ground.registry else { return };
    let ends = final_stages(ground);
    for rule in ground.book.judging() {
        for version in &rule.versions {
            let Some(id) = version.when_implemented.text() else { continue };
            proof.looked = proof.looked.saturating_add(1);
            let mark = Mark::new(rule.file, version.when_implemented.span, "brings this version");
            let record = registry.find(Kind::Modification, id);
            let Some(modification) = record.and_then(|record| record.modification()) else {
                let message =
                    format!("`{}`: there is no modification `{id}`, so this version never takes effect", rule.id);
                proof.flaw(&rule.id, Flaw::new(message, clauses([rule]), vec![mark]));
                continue;
            };
            let to = |step: &crate::record::modification::Step| step.to.known().map(|to| to.as_ref().to_owned());
            let steps: Vec<String> = modification.step.iter().filter_map(to).collect();
            let ended = steps.iter().find(|stage| ends.contains(stage) && *stage != "implemented");
            if let (Some(stage), false) = (ended, steps.iter().any(|stage| stage == "implemented")) {
                let message =
                    format!("`{}`: `{id}` came to its end as `{stage}`, so this version never takes effect", rule.id);
                let own = record.map(|record| Mark::new(record.file, record.head(), "the modification"));
                proof.flaw(&rule.id, Flaw::new(message, clauses([rule]), std::iter::once(mark).chain(own).collect()));
            }
        }
    }
}

/// The stages after which a modification goes no further, by the rules about their course.
fn final_stages(ground: &Ground<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for rule in ground.book.judging() {
        let What::Rule { kind, .. } = &rule.what else { continue };
        let of = rule.raw.root().get("of").and_then(|raw| raw.get_ref().as_str());
        if !kind.terms_keys().iter().any(|key| key.name == "final") || of != Some(Kind::Modification.folder()) {
            continue;
        }
        for number in 0..rule.versions.len() {
            let stages = rule.raw.entry("version", number).and_then(|table| table.get("final"));
            let stages = stages.and_then(|raw| raw.get_ref().as_array()).into_iter().flatten();
            found.extend(stages.filter_map(|stage| stage.get_ref().as_str()).map(ToOwned::to_owned));
        }
    }
    found
}
