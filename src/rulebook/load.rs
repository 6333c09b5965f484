//! Reading the rulebook: every problem in one run, and none of them is let through.

use std::collections::BTreeMap;

use super::{
    Rulebook,
    code::Code,
    head_of,
    proofread::WordCheck,
    raw::{RawFile, entry, overlay},
    rule::{Effect, Head, Op, Rule, VariationHead, VersionHead, What},
};
use crate::{
    calendar::{Calendars, Holiday},
    day::{Day, When},
    decode::{Fact, List, Reader, Text as Word, nearest, read_document, table},
    error::Error,
    finding::{Clause, Finding, Level, Mark, Problem},
    kind::{KINDS, Proofreader, TO_COME},
    registry::file,
    source::Content,
    text::{FileId, Span, Text, Texts},
};

/// One file of the rulebook, as read.
#[derive(Debug)]
pub struct RuleFile {
    /// The path that people see.
    pub path: String,
    /// The path below the rules' folder.
    pub below: String,
    /// What is in it.
    pub content: Content,
}

table! {
    /// A calendar: `rules/calendars/NAME.toml`.
    pub struct CalendarFile {
        /// What it is called.
        title: Fact<Word> = "title",
        /// Where it is taken from.
        source: List<Word> = "source",
        /// The bank holidays.
        day: List<HolidayRow> = "day" (required),
        /// For colleagues only.
        note: Fact<Word> = "note",
    }
}

table! {
    /// A bank holiday.
    pub struct HolidayRow {
        /// The day off.
        on: Fact<When> = "on" (required),
        /// What it is called.
        title: Fact<Word> = "title" (required),
        /// The first day on which it was known.
        known_from: Fact<When> = "known-from" (required),
        /// The first day on which it was no longer so.
        known_until: Fact<When> = "known-until",
    }
}

/// What is found while the rulebook is read.
struct Loader {
    texts: Texts,
    /// What stops every command.
    problems: Vec<Problem>,
    /// What leaves the rules readable: the base's rules must go on judging a pull request.
    doubts: Vec<Problem>,
}

impl Loader {
    fn say(
        &mut self,
        file: FileId,
        span: Span,
        rule: &'static str,
        message: String,
        label: &str,
        help: Option<String>,
    ) {
        self.problems.push(Problem {
            rule,
            slot: String::new(),
            message,
            help,
            marks: vec![Mark::new(file, span, label)],
        });
    }

    fn doubt(
        &mut self,
        file: FileId,
        span: Span,
        rule: &'static str,
        message: String,
        label: &str,
        help: Option<String>,
    ) {
        self.doubts.push(Problem {
            rule,
            slot: String::new(),
            message,
            help,
            marks: vec![Mark::new(file, span, label)],
        });
    }

    fn slice(&self, file: FileId) -> String {
        self.texts.get(file).map(|text| text.content().to_owned()).unwrap_or_default()
    }
}

/// Reads a rulebook. The texts come back with the rule files added.
///
/// # Errors
///
/// [`Error::Rulebook`] with every problem at its place, where there is one.
pub fn load(files: Vec<RuleFile>, texts: Texts) -> Result<(Rulebook, Texts), Error> {
    let mut loader = Loader { texts, problems: Vec::new(), doubts: Vec::new() };
    let mut sound: Vec<(String, FileId)> = Vec::new();
    for one in files {
        let id = loader.texts.next_id();
        match one.content {
            Content::Text(text) => {
                loader.texts.add(Text::new(one.path, text));
                sound.push((one.below, id));
            }
            Content::Odd(oddity) => {
                loader.texts.add(Text::new(one.path, ""));
                loader.problems.push(file::odd(id, &oddity));
            }
        }
    }
    let code = read_code(&sound, &mut loader);
    let calendars = read_calendars(&sound, &mut loader);
    let sources = read_sources(&sound, &mut loader);
    let fixtures = read_fixtures(&sound, &mut loader);
    let Some(code) = code else { return Err(refuse(loader)) };
    let mut rules = Vec::new();
    for (below, id) in sound.iter().filter(|(below, _)| is_rule(below)) {
        rules.extend(read_rule(below, *id, &code, &calendars, &mut loader));
    }
    rules.sort_by(|one: &Rule, other: &Rule| one.id.cmp(&other.id));
    let mut book = Rulebook { code, calendars, rules, fixtures, sources, doubts: Vec::new() };
    for rule in &book.rules {
        check_versions(rule, &book, &mut loader);
        check_variation(rule, &book, &mut loader);
    }
    check_stems(&book, &mut loader);
    check_clashes(&book, &mut loader);
    if !loader.problems.is_empty() {
        return Err(refuse(loader));
    }
    book.doubts = named(std::mem::take(&mut loader.doubts), &loader.texts);
    Ok((book, loader.texts))
}

fn refuse(loader: Loader) -> Error {
    let problems = loader.problems.into_iter().chain(loader.doubts).collect();
    Error::Rulebook { findings: named(problems, &loader.texts), texts: Box::new(loader.texts) }
}

/// Problems of rule files as findings, in the order of the files. The same mistakes in records have
/// names that begin with `record-`.
fn named(mut problems: Vec<Problem>, texts: &Texts) -> Vec<Finding> {
    problems.sort_by_key(|problem| problem.marks.first().map(|mark| (mark.place.file, mark.place.span)));
    let finding = |problem: Problem| {
        let subject = problem.marks.first().map_or("", |mark| texts.path(mark.place.file)).to_owned();
        let rule = problem.rule.replacen("record-", "rule-", 1);
        Finding {
            rule: rule.into(),
            level: Level::Error,
            message: problem.message.clone(),
            ..file::finding(&subject, problem)
        }
    };
    problems.into_iter().map(finding).collect()
}

/// Whether a path below the rules' folder is a rule.
pub fn is_rule(below: &str) -> bool {
    let folder = below.split('/').next().unwrap_or("");
    let aside =
        matches!(folder, "sources" | "calendars" | "fixtures") || matches!(below, "code.toml" | "coverage.toml");
    !aside && below.strip_suffix(".toml").is_some_and(|stem| !stem.is_empty())
}

fn stem(below: &str) -> &str {
    let name = below.rsplit('/').next().unwrap_or(below);
    name.strip_suffix(".toml").unwrap_or(name)
}

fn in_folder<'s>(sound: &'s [(String, FileId)], folder: &'s str) -> impl Iterator<Item = (&'s str, FileId)> {
    let inside = move |below: &str| {
        below.split_once('/').is_some_and(|(first, rest)| first == folder && rest.strip_suffix(".toml").is_some())
    };
    sound.iter().filter(move |(below, _)| inside(below)).map(|(below, id)| (below.as_str(), *id))
}

fn read_code(sound: &[(String, FileId)], loader: &mut Loader) -> Option<Code> {
    let Some((_, id)) = sound.iter().find(|(below, _)| below == "code.toml") else {
        let id = loader.texts.add(Text::new("rules/code.toml", ""));
        loader.say(
            id,
            Span::default(),
            "record-missing",
            "the rulebook has no `code.toml`, the list of the code's words".into(),
            "not there",
            None,
        );
        return None;
    };
    let text = loader.slice(*id);
    let (code, reader) =
        read_document(&text, Reader::new(*id), |reader, table, span| Code::read(*id, reader, table, span));
    loader.problems.extend(reader.into_problems());
    Some(code)
}

fn read_calendars(sound: &[(String, FileId)], loader: &mut Loader) -> Calendars {
    let mut calendars = Calendars::default();
    for (below, id) in in_folder(sound, "calendars") {
        let text = loader.slice(id);
        let (read, reader) = read_document(&text, Reader::new(id), |reader, table, span| {
            table::read_table::<CalendarFile>(reader, table, span)
        });
        loader.problems.extend(reader.into_problems());
        let day = |fact: &Fact<When>| fact.when().and_then(When::day);
        let holiday = |row: &HolidayRow| {
            let known_until = if row.known_until.is_absent() { Day::LATEST } else { day(&row.known_until)? };
            Some(Holiday {
                on: day(&row.on)?,
                title: row.title.text().unwrap_or("").into(),
                known_from: day(&row.known_from)?,
                known_until,
            })
        };
        let mut holidays = Vec::new();
        for row in read.day.iter() {
            match holiday(row) {
                Some(one) => holidays.push(one),
                None => loader.say(
                    id,
                    row.span,
                    "record-date",
                    "a bank holiday's days are known to the day".into(),
                    "not a day",
                    None,
                ),
            }
        }
        calendars.add(stem(below), holidays);
    }
    calendars
}

fn read_sources(sound: &[(String, FileId)], loader: &mut Loader) -> BTreeMap<String, String> {
    let mut sources = BTreeMap::new();
    for (below, id) in in_folder(sound, "sources") {
        let text = loader.slice(id);
        let (read, reader) = read_document(&text, Reader::new(id), |reader, table, span| {
            table::read_table::<crate::record::source::Source>(reader, table, span)
        });
        loader.problems.extend(reader.into_problems());
        sources.insert(stem(below).to_owned(), read.title.text().unwrap_or("").to_owned());
    }
    sources
}

fn read_fixtures(sound: &[(String, FileId)], loader: &mut Loader) -> BTreeMap<String, (FileId, RawFile)> {
    let mut fixtures = BTreeMap::new();
    for (below, id) in in_folder(sound, "fixtures") {
        let text = loader.slice(id);
        let ((), reader) = read_document(&text, Reader::new(id), |_, _, _| ());
        loader.problems.extend(reader.into_problems());
        fixtures.insert(stem(below).to_owned(), (id, RawFile::new(&text)));
    }
    fixtures
}

fn read_rule(below: &str, id: FileId, code: &Code, calendars: &Calendars, loader: &mut Loader) -> Option<Rule> {
    let text = loader.slice(id);
    let raw = RawFile::new(&text);
    let (made, reader) = read_document(&text, Reader::new(id), |reader, table, span| {
        let kind = table.get("kind").and_then(|raw| raw.get_ref().as_str()).unwrap_or("").to_owned();
        let kind_span = table.get("kind").map_or(span, |raw| Span::new(raw.span()));
        let found = KINDS.iter().copied().find(|one| one.name() == kind);
        let others: Vec<_> = match found {
            Some(kind) => kind.about_keys().to_vec(),
            None if kind == "variation" => <VariationHead as crate::decode::Table>::KEYS.to_vec(),
            None => {
                unknown_kind(reader, &kind, kind_span);
                return None;
            }
        };
        let head: Head = table::read_part(reader, table, span, &others);
        let what = match found {
            Some(kind) => What::Rule { kind, about: kind.read_about(reader, table, span) },
            None => What::Variation(Box::new(table::read_rest(reader, table, span))),
        };
        if let What::Rule { about, .. } = &what {
            about.visit(&mut WordCheck { proof: &mut Proofreader { reader, code, calendars } });
        }
        let versions = match &what {
            What::Rule { kind, .. } => read_versions(reader, table, kind.terms_keys()),
            What::Variation(_) => Vec::new(),
        };
        Some((head, versions, what))
    });
    loader.problems.extend(reader.into_problems());
    let (head, versions, what) = made?;
    let clause = Clause::parse(head.clause.text().unwrap_or("?"));
    let level = head.level.known().map_or(Level::Warning, |word| Level::from(*word));
    Some(Rule { id: stem(below).into(), file: id, head, versions, clause, level, what, raw })
}

/// What every version says; the kind's own keys are looked at with it, and read later.
fn read_versions(reader: &mut Reader, table: &toml::de::DeTable<'_>, own: &[crate::decode::Key]) -> Vec<VersionHead> {
    let Some(raw) = table.get("version") else { return Vec::new() };
    let single = [raw.clone()];
    let items: &[crate::decode::Raw<'_>] = match raw.get_ref() {
        toml::de::DeValue::Array(items) => items,
        _ => &single,
    };
    let mut found = Vec::new();
    for item in items {
        match item.get_ref().as_table() {
            Some(table) => found.push(table::read_part(reader, table, Span::new(item.span()), own)),
            None => {
                reader.report("record-type", Span::new(item.span()), "a version is a table".into(), "no table", None);
            }
        }
    }
    found
}

fn unknown_kind(reader: &mut Reader, kind: &str, span: Span) {
    let names: Vec<&str> = KINDS.iter().map(|one| one.name()).chain(["variation"]).collect();
    let label =
        nearest(kind, names.iter().copied()).map_or("not known".to_owned(), |one| format!("did you mean `{one}`?"));
    let message = if TO_COME.contains(&kind) {
        format!("rules of the kind `{kind}` cannot be judged by this version of quorate")
    } else {
        format!("`{kind}` is no kind of rule")
    };
    reader.report("record-word", span, message, &label, Some(format!("the kinds are {}", names.join(", "))));
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
        let unknown = matches!(version.basis.state, crate::decode::State::Unknown);
        let own = version_parameters(table);
        if unknown {
            if let Some((name, _)) = own.iter().next() {
                let message =
                    format!("a version of which nobody knows what held has no parameters: `{}`", name.get_ref());
                loader.say(rule.file, Span::new(name.span()), "record-key", message, "not here", None);
            }
            continue;
        }
        let mut reader = Reader::new(rule.file);
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
    let common: Vec<&str> = <VersionHead as crate::decode::Table>::KEYS.iter().map(|key| key.name).collect();
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
        let mut reader = Reader::new(rule.file);
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
        let label = nearest(key, book.sources.keys().map(String::as_str))
            .map_or("no such source".to_owned(), |one| format!("did you mean `{one}`?"));
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
        let reached: Vec<&Rule> = book.rules.iter().filter(|other| reaches(effect, target, other)).collect();
        if reached.is_empty() {
            let ids = book.judging().map(|other| other.id.as_ref());
            let label =
                nearest(target, ids).map_or("reaches no rule".to_owned(), |one| format!("did you mean `{one}`?"));
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
        if matches!(version.basis.state, crate::decode::State::Unknown) {
            continue;
        }
        let Some(table) = target.raw.entry("version", at) else { continue };
        // The version itself was checked: what is wrong now is wrong in what is set.
        let mut reader = Reader::new(rule.file);
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
        let effects = super::in_force::effects_on(book, rule, Day::LATEST);
        for (at, one) in effects.iter().enumerate() {
            for other in effects.iter().skip(at + 1) {
                let apart = one.until <= other.from || other.until <= one.from;
                let names = |one: &super::in_force::Live<'_>, other: &super::in_force::Live<'_>| {
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
