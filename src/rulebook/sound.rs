//! Whether the rules are sound together: versions without gaps, readable parameters, effects that
//! reach something, nothing that clashes.

use super::{
    Rulebook, head_of, in_force,
    load::Loader,
    raw::{entry, overlay},
    rule::{Effect, Op, Rule, VariationHead, VersionHead, What},
};
use crate::{
    day::{Day, When},
    decode::{List, Reader, State, Table, Text as Word, meant},
    finding::{Mark, Problem},
    kind::Proofreader,
    text::Span,
};

/// Checks every rule, alone and beside the others.
pub(super) fn check(book: &Rulebook, loader: &mut Loader) {
    for rule in &book.rules {
        check_versions(rule, book, loader);
        check_variation(rule, book, loader);
    }
    check_stems(book, loader);
    check_clashes(book, loader);
}

/// Checks one rule, and what others do to it or it to others.
pub(super) fn check_one(book: &Rulebook, id: &str, loader: &mut Loader) {
    let Some(rule) = book.find(id) else { return };
    check_versions(rule, book, loader);
    check_variation(rule, book, loader);
    if rule.variation().is_some() {
        return check_clashes(book, loader);
    }
    for variation in book.variations() {
        let Some(head) = variation.variation() else { continue };
        let set = |effect: &Effect| effect.target.text() == Some(id) && effect.op.known() == Some(&Op::Vary);
        if head.effect.iter().any(set) {
            check_variation(variation, book, loader);
        }
    }
}

/// The periods of a rule's versions, their sources, their parameters and readings.
fn check_versions(rule: &Rule, book: &Rulebook, loader: &mut Loader) {
    let What::Rule { about, .. } = &rule.what else { return };
    if rule.versions.is_empty() && !rule.head.version.is_open() {
        let text = loader.slice(rule.file);
        loader.say(
            rule.file,
            head_of(&text),
            "record-missing",
            format!("rule `{}` has no `[[version]]`", rule.id),
            "no version",
            None,
        );
    }
    let mut before: Option<(Span, Option<Day>, Day)> = None;
    for (at, version) in rule.versions.iter().enumerate() {
        cited(&version.source, rule, book, loader);
        let until = version.until.when().and_then(When::day);
        match (version.from.when().map(When::day), version.when_implemented.text()) {
            (Some(Some(from)), None) => {
                period(rule, version.span, from, before, loader);
                before = Some((version.span, until, from));
            }
            (None, Some(_)) => {}
            _ if version.from.is_bad() => {}
            _ => loader.say(
                rule.file,
                version.span,
                "record-missing",
                "a version begins on a day (`from`), or with a modification (`when-implemented`)".into(),
                "no first day",
                None,
            ),
        }
        if !version.until.is_absent() && !version.until.is_bad() && until.is_none() {
            loader.say(
                rule.file,
                version.until.span,
                "record-date",
                "a version ends on a day; an open end is left out".into(),
                "not a day",
                None,
            );
        }
        let Some(table) = rule.raw.entry("version", at) else { continue };
        let unknown = matches!(version.basis.state, State::Unknown);
        let own = version_parameters(table);
        if unknown {
            if let Some((name, _)) = own.iter().next() {
                let message =
                    format!("a version of which nobody knows what held has no parameters: `{}`", name.get_ref());
                loader.say(rule.file, Span::new(name.span()), "record-key", message, "not here", None);
            }
            continue;
        }
        let mut reader = Reader::new(rule.file).of_rule();
        let mut proof = Proofreader { reader: &mut reader, code: &book.code, calendars: &book.calendars };
        about.proofread(&own, version.span, false, &mut proof);
        let sound = reader.into_problems();
        let is_sound = sound.is_empty();
        loader.problems.extend(sound);
        if is_sound {
            check_readings(rule, table, &own, version.span, book, loader);
        }
    }
}

/// What a version says beside what every version does.
pub(super) fn version_parameters<'t>(table: &toml::de::DeTable<'t>) -> toml::de::DeTable<'t> {
    let common: Vec<&str> = <VersionHead as Table>::KEYS.iter().map(|key| key.name).collect();
    overlay(table, &common, &[])
}

fn check_readings(
    rule: &Rule,
    version: &toml::de::DeTable<'_>,
    own: &toml::de::DeTable<'_>,
    span: Span,
    book: &Rulebook,
    loader: &mut Loader,
) {
    let What::Rule { about, .. } = &rule.what else { return };
    for at in 0.. {
        let Some(reading) = entry(version, "readings", at) else { break };
        let Some(set) = reading.get("set").and_then(|raw| raw.get_ref().as_table()) else { continue };
        let mut reader = Reader::new(rule.file).of_rule();
        let mut proof = Proofreader { reader: &mut reader, code: &book.code, calendars: &book.calendars };
        about.proofread(&overlay(own, &[], &[set]), span, true, &mut proof);
        loader.problems.extend(reader.into_problems());
    }
}

fn period(rule: &Rule, span: Span, from: Day, before: Option<(Span, Option<Day>, Day)>, loader: &mut Loader) {
    let Some((other, until, _)) = before else { return };
    let (message, help) = match until {
        Some(until) if until == from => return,
        Some(until) if until < from => (
            format!("versions of `{}` leave a gap from {until} up to and including {}", rule.id, from.plus_days(-1)),
            "end the one on the day the next begins; where nobody knows what held, write a version with `basis = \"unknown\"`",
        ),
        Some(until) => (
            format!("versions of `{}` overlap from {from} up to and including {}", rule.id, until.plus_days(-1)),
            "end the earlier one on the day the later begins",
        ),
        None => (
            format!("versions of `{}` overlap from {from}: the one before has no `until`", rule.id),
            "write `until` in the earlier one: the day on which the later begins",
        ),
    };
    let marks = vec![Mark::new(rule.file, span, "this version"), Mark::new(rule.file, other, "the one before")];
    loader.problems.push(Problem {
        rule: "record-period",
        slot: String::new(),
        message,
        help: Some(help.into()),
        marks,
    });
}

fn cited(list: &List<Word>, rule: &Rule, book: &Rulebook, loader: &mut Loader) {
    for fact in &list.items {
        let Some(key) = fact.text().filter(|key| !book.sources.contains_key(*key)) else { continue };
        let label = meant(key, book.sources.keys().map(String::as_str), "no such source");
        loader.doubt(
            rule.file,
            fact.span,
            "record-reference",
            format!("there is no `rules/sources/{key}.toml`"),
            &label,
            None,
        );
    }
}

/// The effects of a variation reach rules, and what they set can be read.
fn check_variation(rule: &Rule, book: &Rulebook, loader: &mut Loader) {
    let Some(variation) = rule.variation() else {
        if let Some(by) =
            rule.head.inserted_by.text().filter(|by| book.find(by).is_none_or(|one| one.variation().is_none()))
        {
            let message = format!("there is no variation `{by}` that could insert `{}`", rule.id);
            loader.say(rule.file, rule.head.inserted_by.span, "record-reference", message, "no such variation", None);
        }
        return;
    };
    for (at, effect) in variation.effect.iter().enumerate() {
        cited(&effect.source, rule, book, loader);
        let Some(target) = effect.target.text() else { continue };
        let reached: Vec<&Rule> = book.all().filter(|other| reaches(effect, target, other)).collect();
        if reached.is_empty() {
            let ids = book.judging().map(|other| other.id.as_ref());
            let label = meant(target, ids, "reaches no rule");
            let help = "name a rule; instruments on clauses without rules are records under `instruments/`";
            loader.doubt(
                rule.file,
                effect.target.span,
                "record-reference",
                format!("the effect on `{target}` reaches no rule"),
                &label,
                Some(help.into()),
            );
        }
        if effect.op.known() == Some(&Op::Repeal) && !effect.until.is_absent() {
            loader.say(rule.file, effect.until.span, "record-key", "a repeal has no end".into(), "not here", None);
        }
        if effect.from.when().and_then(When::day).is_none() {
            loader.say(
                rule.file,
                effect.from.span,
                "record-date",
                "an effect begins on a day".into(),
                "not a day",
                None,
            );
        }
        let set =
            rule.raw.entry("effect", at).and_then(|effect| effect.get("set")).and_then(|raw| raw.get_ref().as_table());
        if let (Some(Op::Vary), Some(set)) = (effect.op.known(), set) {
            for other in &reached {
                check_set(rule, effect, set, other, book, loader);
            }
        }
        if effect.op.known() == Some(&Op::Vary) && set.is_none() {
            loader.say(
                rule.file,
                effect.span,
                "record-missing",
                "an effect that varies says what it `set`s".into(),
                "no `set`",
                None,
            );
        }
    }
    check_amendments(rule, variation, book, loader);
}

fn check_set(
    rule: &Rule,
    effect: &Effect,
    set: &toml::de::DeTable<'_>,
    target: &Rule,
    book: &Rulebook,
    loader: &mut Loader,
) {
    let What::Rule { about, .. } = &target.what else { return };
    for (at, version) in target.versions.iter().enumerate() {
        if matches!(version.basis.state, State::Unknown) {
            continue;
        }
        let Some(table) = target.raw.entry("version", at) else { continue };
        // The version itself was checked: what is wrong now is wrong in what is set.
        let mut reader = Reader::new(rule.file).of_rule();
        let mut proof = Proofreader { reader: &mut reader, code: &book.code, calendars: &book.calendars };
        about.proofread(&overlay(&version_parameters(table), &[], &[set]), effect.span, true, &mut proof);
        let problems = reader.into_problems();
        if !problems.is_empty() {
            return loader.problems.extend(problems);
        }
    }
}

fn check_amendments(rule: &Rule, variation: &VariationHead, book: &Rulebook, loader: &mut Loader) {
    let mut stands: Vec<(Option<Day>, Option<Day>)> = variation
        .effect
        .iter()
        .map(|effect| (effect.from.when().and_then(When::day), effect.until.known().map(|end| end.0)))
        .collect();
    let mut sorted: Vec<_> = variation.amendment.iter().collect();
    sorted.sort_by_key(|amendment| amendment.on.when().map(|when| when.first));
    for amendment in sorted {
        cited(&amendment.source, rule, book, loader);
        if amendment.on.when().and_then(When::day).is_none() {
            loader.say(
                rule.file,
                amendment.on.span,
                "record-date",
                "an amendment counts from a day".into(),
                "not a day",
                None,
            );
        }
        let number = amendment.effect.known().map_or(0, |number| (*number as usize).saturating_sub(1));
        let Some(stood) = stands.get_mut(number) else {
            loader.say(
                rule.file,
                amendment.span,
                "record-reference",
                "there is no effect of that number".into(),
                "no such effect",
                None,
            );
            continue;
        };
        let side = match amendment.changes.text() {
            Some("until") => &mut stood.1,
            Some("from") => &mut stood.0,
            _ => {
                loader.say(
                    rule.file,
                    amendment.changes.span,
                    "record-word",
                    "an amendment changes `from` or `until`".into(),
                    "not one of them",
                    None,
                );
                continue;
            }
        };
        let was = amendment.was.known().map(|end| end.0);
        if was != *side && !(was == Some(Day::LATEST) && side.is_none()) {
            let what = side.map_or("nothing".to_owned(), |day| day.to_string());
            loader.say(
                rule.file,
                amendment.was.span,
                "record-period",
                format!("`was` says what stood, and {what} stood"),
                "did not stand",
                None,
            );
        }
        *side = amendment.now.known().map(|end| end.0);
    }
}

/// Whether an effect reaches a rule.
pub(super) fn reaches(effect: &Effect, target: &str, rule: &Rule) -> bool {
    let is_rule = matches!(rule.what, What::Rule { .. });
    match effect.op.known() {
        Some(Op::Suspend | Op::Repeal) => is_rule && (rule.id.as_ref() == target || rule.clause.lies_under(target)),
        _ => is_rule && rule.id.as_ref() == target,
    }
}

fn check_stems(book: &Rulebook, loader: &mut Loader) {
    for pair in book.rules.windows(2) {
        if let [one, other] = pair
            && one.id == other.id
        {
            let marks = vec![
                Mark::new(other.file, other.head.span, "the second"),
                Mark::new(one.file, one.head.span, "the first"),
            ];
            let message =
                format!("two rules are called `{}`; the file's stem is the rule's id, across folders", one.id);
            loader.problems.push(Problem {
                rule: "record-id",
                slot: String::new(),
                message,
                help: Some("rename one of them".into()),
                marks,
            });
        }
    }
    for rule in book.rules.iter().filter(|rule| rule.id.starts_with("record-")) {
        loader.say(
            rule.file,
            rule.head.span,
            "record-id",
            format!("`{}`: ids that begin with `record-` are those of built-in rules", rule.id),
            "reserved",
            Some("rename the file".into()),
        );
    }
}

/// Two effects on one rule and day clash, unless one says that it is applied last.
fn check_clashes(book: &Rulebook, loader: &mut Loader) {
    for rule in book.judging() {
        let effects = in_force::effects_on(book, rule, Day::LATEST);
        for (at, one) in effects.iter().enumerate() {
            for other in effects.iter().skip(at.saturating_add(1)) {
                let apart = one.until <= other.from || other.until <= one.from;
                let names = |one: &in_force::Live<'_>, other: &in_force::Live<'_>| {
                    one.effect.over.text() == Some(other.variation.id.as_ref())
                };
                if apart || names(one, other) || names(other, one) {
                    continue;
                }
                let from = one.from.max(other.from);
                let message =
                    format!("`{}` and `{}` both reach `{}` on {from}", one.variation.id, other.variation.id, rule.id);
                let marks = vec![
                    Mark::new(other.variation.file, other.effect.span, "this effect"),
                    Mark::new(one.variation.file, one.effect.span, "and this one"),
                ];
                let help = "say in one of them which it is applied `over`, or end one before the other begins";
                loader.problems.push(Problem {
                    rule: "record-period",
                    slot: String::new(),
                    message,
                    help: Some(help.into()),
                    marks,
                });
            }
        }
    }
}
