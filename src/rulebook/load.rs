//! Reading the rulebook: every problem in one run, and none of them is let through.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    Rulebook,
    code::Code,
    coverage::{self, Coverage},
    proofread::WordCheck,
    raw::RawFile,
    rule::{Head, Rule, VariationHead, VersionHead, What},
    sound,
};
use crate::{
    calendar::{Calendars, Holiday},
    day::{Day, When},
    decode::{Fact, List, Reader, Text as Word, meant, read_document, table},
    error::Error,
    finding::{Clause, Finding, Level, Mark, Problem},
    kind::{KINDS, Proofreader, TO_COME},
    registry::{file, letters},
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
pub(super) struct Loader {
    pub(super) texts: Texts,
    /// What stops every command.
    pub(super) problems: Vec<Problem>,
    /// What leaves the rules readable: the base's rules must go on judging a pull request.
    pub(super) doubts: Vec<Problem>,
}

impl Loader {
    pub(super) fn say(
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

    pub(super) fn doubt(
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

    pub(super) fn slice(&self, file: FileId) -> String {
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
    let coverage = read_coverage(&sound, &mut loader);
    let Some(code) = code else { return Err(refuse(loader)) };
    let mut rules = Vec::new();
    for (below, id) in sound.iter().filter(|(below, _)| is_rule(below)) {
        let text = loader.slice(*id);
        rules.extend(read_rule(stem(below), *id, &text, &code, &calendars, &mut loader).map(Arc::new));
    }
    rules.sort_by(|one: &Arc<Rule>, other| one.id.cmp(&other.id));
    let mut book = Rulebook {
        code: Arc::new(code),
        calendars: Arc::new(calendars),
        rules,
        fixtures: Arc::new(fixtures),
        sources: Arc::new(sources),
        assumed: Vec::new(),
        coverage: coverage.map(Arc::new),
        doubts: Vec::new(),
        letters: Vec::new(),
    };
    sound::check(&book, &mut loader);
    coverage::check(&book, &mut loader);
    if !loader.problems.is_empty() {
        return Err(refuse(loader));
    }
    book.doubts = named(std::mem::take(&mut loader.doubts), &loader.texts);
    let letters = sound.iter().flat_map(|(_, id)| letters::problems(*id, loader.texts.content(*id))).collect();
    book.letters = named(letters, &loader.texts);
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
        read_document(&text, Reader::new(*id).of_rule(), |reader, table, span| Code::read(*id, reader, table, span));
    loader.problems.extend(reader.into_problems());
    Some(code)
}

fn read_calendars(sound: &[(String, FileId)], loader: &mut Loader) -> Calendars {
    let mut calendars = Calendars::default();
    for (below, id) in in_folder(sound, "calendars") {
        let text = loader.slice(id);
        let (read, reader) = read_document(&text, Reader::new(id).of_rule(), |reader, table, span| {
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
        let (read, reader) = read_document(&text, Reader::new(id).of_rule(), |reader, table, span| {
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
        let ((), reader) = read_document(&text, Reader::new(id).of_rule(), |_, _, _| ());
        loader.problems.extend(reader.into_problems());
        fixtures.insert(stem(below).to_owned(), (id, RawFile::new(&text)));
    }
    fixtures
}

fn read_coverage(sound: &[(String, FileId)], loader: &mut Loader) -> Option<Coverage> {
    let (_, id) = sound.iter().find(|(below, _)| below == "coverage.toml")?;
    let text = loader.slice(*id);
    let (says, reader) =
        read_document(&text, Reader::new(*id).of_rule(), |reader, table, span| table::read_table(reader, table, span));
    loader.problems.extend(reader.into_problems());
    Some(Coverage { file: *id, says })
}

/// A rulebook in which a rule has another text, with that rule; nothing but problems where the text
/// cannot be read.
///
/// # Errors
///
/// What stands against the text, in words.
pub(super) fn reread(book: &Rulebook, rule: &Rule, text: &str) -> Result<Rulebook, Vec<String>> {
    let mut loader = Loader { texts: Texts::default(), problems: Vec::new(), doubts: Vec::new() };
    let read = read_rule(&rule.id, rule.file, text, &book.code, &book.calendars, &mut loader);
    let mut changed = book.clone();
    let place = changed.rules.iter_mut().find(|one| one.id == rule.id && one.file == rule.file);
    if let (Some(read), Some(place), true) = (read, place, loader.problems.is_empty()) {
        *place = Arc::new(read);
        sound::check_one(&changed, &rule.id, &mut loader);
    }
    if loader.problems.is_empty() {
        Ok(changed)
    } else {
        Err(loader.problems.into_iter().map(|problem| problem.message).collect())
    }
}

fn read_rule(
    stem: &str,
    id: FileId,
    text: &str,
    code: &Code,
    calendars: &Calendars,
    loader: &mut Loader,
) -> Option<Rule> {
    let raw = RawFile::new(text);
    let (made, reader) = read_document(text, Reader::new(id).of_rule(), |reader, table, span| {
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
    Some(Rule { id: stem.into(), file: id, head, versions, clause, level, what, raw })
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
    let label = meant(kind, names.iter().copied(), "not known");
    let message = if TO_COME.contains(&kind) {
        format!("rules of the kind `{kind}` cannot be judged by this version of quorate")
    } else {
        format!("`{kind}` is no kind of rule")
    };
    reader.report("record-word", span, message, &label, Some(format!("the kinds are {}", names.join(", "))));
}
