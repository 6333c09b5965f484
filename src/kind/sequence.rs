//! Kind `sequence`: numbers that rise without doubles or gaps, and bodies that meet often enough.

mod kept;
mod next;

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use rustc_hash::FxHashMap;

use self::kept::Reached;
pub use self::next::{Asked, Next};
use super::{
    Case, Cure, Due, Kind, Law, Nature, Proofreader, PutBy, Said, Says, Slots, people,
    window::{Count, Unit},
};
use crate::{
    calendar::WorkingDays,
    day::{Day, Truth, When},
    decode::{Fact, List, Map, Text, View, table, words},
    finding::{Mark, Outcome},
    record::{Kind as RecordKind, Record},
    rulebook::{code::Code, mutant::Mutator, proofread::KindWord, raw::Words, select},
    text::Span,
};

/// The kind.
#[derive(Debug)]
pub struct Sequence;

table! {
    /// What a sequence is about.
    pub struct About {
        /// The kind of records.
        of: Fact<KindWord> = "of" (required),
        /// Which of them; each body has a sequence of its own.
        selects: Map<Words> = "where",
        /// The key that holds the number; `id` for the id itself.
        number: Fact<Text> = "number",
        /// The event by whose day they follow one another.
        along: Fact<Text> = "along" (required),
    }
}

words! {
    /// What is tested.
    pub enum Test {
        /// The numbers.
        Numbers = "numbers",
        /// The pauses.
        Cadence = "cadence",
    }
}

table! {
    /// How they follow one another.
    pub struct Terms {
        /// What is tested.
        test: Fact<Test> = "test" (required),
        /// Whether a number is used once.
        unique: Fact<bool> = "unique",
        /// Whether numbers rise with the day; they do where this is left out.
        rises: Fact<bool> = "rises",
        /// Whether numbers may be left out.
        gaps: Fact<bool> = "gaps",
        /// The form of the number, as a regular expression; its first group is the number.
        form: Fact<Text> = "form",
        /// Whether the id before (`formerly`) has the same number.
        kept: Fact<bool> = "kept",
        /// The form of the ids of those that have reached a stage.
        reached: List<Reached> = "reached",
        /// The longest pause.
        every: Fact<u32> = "every",
        /// What the pause is counted in.
        unit: Fact<Unit> = "unit",
        /// How many there are in that time; 1 where left out.
        times: Fact<u32> = "times",
    }
}

/// One record in its sequence.
#[derive(Debug, Clone)]
pub struct Link {
    at: u32,
    number: Option<u32>,
    when: When,
    place: Mark,
    /// Whether it may be none of those that are meant.
    doubtful: bool,
    /// Whether it is a meeting that was called off: its number is used, and nobody met.
    called_off: bool,
}

/// One sequence, in the order of its days, with what every record asks of those before it.
#[derive(Debug, Default)]
pub struct Line {
    links: Vec<Link>,
    /// Where each record stands.
    position: FxHashMap<u32, usize>,
    /// Who has a number first.
    first: FxHashMap<u32, usize>,
    /// For each record, the highest number before it, and the highest of a certain day.
    highest: Vec<(Option<usize>, Option<usize>)>,
    /// For each place, the highest number up to it, itself counted.
    tops: Vec<Option<usize>>,
    /// The first record without a number.
    unnumbered: Option<usize>,
    /// The places of those that were not called off, from which a pause is counted; and of those of them that
    /// are surely meant.
    counting: Vec<usize>,
    sure: Vec<usize>,
}

impl Line {
    fn sort(&mut self) {
        self.links.sort_by_key(|one| (one.when.first, one.when.last, one.number, one.at));
        let (mut any, mut dated): (Option<usize>, Option<usize>) = (None, None);
        for (index, one) in self.links.iter().enumerate() {
            self.position.insert(one.at, index);
            if !one.called_off {
                self.counting.push(index);
                if !one.doubtful {
                    self.sure.push(index);
                }
            }
            self.highest.push((any, dated));
            let Some(number) = one.number else {
                self.unnumbered.get_or_insert(index);
                self.tops.push(any);
                continue;
            };
            self.first.entry(number).or_insert(index);
            let tops = |top: Option<usize>| {
                top.and_then(|top| self.links.get(top)).is_none_or(|top| top.number < Some(number))
            };
            if tops(any) {
                any = Some(index);
            }
            if one.when.day().is_some() && tops(dated) {
                dated = Some(index);
            }
            self.tops.push(any);
        }
    }

    /// One with a higher number that may have come before, as far as the days are known.
    fn may_fall(&self, own: &Link, number: u32) -> Option<&Link> {
        // The links are sorted by their first days.
        let before = self.links.partition_point(|one| one.when.first < own.when.last);
        let top = self.get(before.checked_sub(1).and_then(|last| self.tops.get(last).copied().flatten()))?;
        (top.number > Some(number)).then_some(top)
    }

    /// The one so many places before a place, of those at some places.
    fn before(&self, places: &[usize], index: usize, times: u32) -> Option<&Link> {
        let at = places.partition_point(|place| *place < index).checked_sub(times as usize)?;
        self.get(places.get(at).copied())
    }

    /// The one so many places after a place, of those that were not called off.
    fn after(&self, index: usize, times: u32) -> Option<&Link> {
        let from = self.counting.partition_point(|place| *place <= index);
        self.get(self.counting.get(from.checked_add(times as usize)?.checked_sub(1)?).copied())
    }

    fn get(&self, index: Option<usize>) -> Option<&Link> {
        index.and_then(|index| self.links.get(index))
    }
}

/// The forms that versions ask for, as regular expressions.
type Forms = Mutex<BTreeMap<Box<str>, Option<regex::Regex>>>;

/// The sequences of a rule, by body.
#[derive(Debug, Default)]
pub struct Lines {
    by_name: FxHashMap<Box<str>, Line>,
    forms: Forms,
}

/// What a sequence is called: the body of a meeting or seat, else nothing.
fn line_of(record: &Record) -> &str {
    if matches!(record.kind, RecordKind::Meeting | RecordKind::Seat) { record.parent() } else { "" }
}

/// Whether a record is a meeting that was called off.
fn is_called_off(record: &Record) -> bool {
    record.meeting().is_some_and(|meeting| !meeting.cancelled.is_absent())
}

/// Whether every record of a record's sequence is there.
fn is_complete(record: &Record, case: &Case<'_>) -> bool {
    let (kind, line) = (record.kind.folder(), line_of(record));
    case.registry.is_complete(&if line.is_empty() { kind.to_owned() } else { format!("{kind}/{line}") })
}

/// The number in an id: its first digits.
fn digits_of(id: &str) -> Option<u32> {
    let digits: String = id.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// The number of a record, and where it stands; nothing where it has none.
fn number_of(record: &Record, key: Option<&str>) -> (Option<u32>, Span, bool) {
    match key {
        Some("id") => (digits_of(record.stem()), record.head(), false),
        Some(key) => match record.body.fields().get(key) {
            Some((span, View::Count(number))) => (Some(number), span, false),
            Some((span, View::Unknown | View::Bad)) => (None, span, true),
            Some((span, _)) => (None, span, false),
            None => (None, record.head(), false),
        },
        None => (None, record.head(), false),
    }
}

/// The number of a record, the day by which it stands in its line, and where the number stands.
fn link_of(about: &About, record: &Record) -> (Option<u32>, Option<When>, Span) {
    let dates = record.body.event(about.along.text().unwrap_or(""));
    let when = dates.and_then(|(_, dates)| dates.first().and_then(|one| one.when));
    let (number, span, _) = number_of(record, about.number.text());
    (number, when, span)
}

impl Kind for Sequence {
    const NAME: &'static str = "sequence";
    const DOC: &'static str = include_str!("../../docs/kinds/sequence.md");
    type About = About;
    type Terms = Terms;
    type Prepared<'c> = Lines;

    fn proofread(about: &About, terms: &Terms, proof: &mut Proofreader<'_>) {
        let Some(kind) = about.of.known().map(|word| word.0) else { return };
        select::proofread(kind, &about.selects, proof);
        if let Some(name) = about.along.text() {
            select::proofread_event(kind, name, about.along.span, proof);
        }
        if let Some(key) =
            about.number.text().filter(|key| *key != "id" && !kind.keys().iter().any(|one| one.name == *key))
        {
            let message = format!("`{key}` is no key of {kind}");
            proof.reader.report("record-key", about.number.span, message, "no such key", None);
        }
        if terms.test.known() == Some(&Test::Cadence) && terms.every.is_absent() {
            let message = "a cadence says how long a pause may be: `every`".into();
            proof.reader.report("record-missing", terms.span, message, "not in here", None);
        }
        for form in std::iter::once(&terms.form).chain(terms.reached.iter().map(|one| &one.form)) {
            if let Some(text) = form.text()
                && let Err(wrong) = regex::Regex::new(text)
            {
                let message = format!("`{text}` is no regular expression");
                proof.reader.report("record-word", form.span, message, &wrong.to_string(), None);
            }
        }
        if kind != RecordKind::Modification && !(terms.kept.is_absent() && terms.reached.is_absent()) {
            let message = format!("`kept` and `reached` are of modifications, not of {kind}");
            proof.reader.report("record-word", terms.span, message, "of other records", None);
        }
    }

    fn prepare(about: &About, case: &Case<'_>) -> Lines {
        let mut lines = Lines::default();
        for at in Self::subjects(about, case) {
            let Some(record) = case.record(at) else { continue };
            let selected = select::selected(record, &about.selects, case, case.on);
            if !selected.possible() {
                continue;
            }
            let doubtful = !selected.certain();
            let called_off = is_called_off(record);
            let (number, when, span) = link_of(about, record);
            if let Some(when) = when {
                let shown = number.map_or("no number".to_owned(), |number| format!("number {number}, {when}"));
                let place = Mark::new(record.file, span, shown);
                lines.by_name.entry(line_of(record).into()).or_default().links.push(Link {
                    at,
                    number,
                    when,
                    place,
                    doubtful,
                    called_off,
                });
            }
        }
        lines.by_name.values_mut().for_each(Line::sort);
        lines
    }

    fn put_by(lines: Lines) -> Option<PutBy> {
        Some(Box::new(lines))
    }

    fn again<'c>(kept: &PutBy) -> Option<&Self::Prepared<'c>> {
        kept.downcast_ref()
    }

    fn subjects(about: &About, case: &Case<'_>) -> Vec<u32> {
        let Some(kind) = about.of.known().map(|word| word.0) else { return Vec::new() };
        select::positions(kind, &about.selects, case)
    }

    fn alters(about: &About, was: &Record, now: &Record) -> bool {
        // What else selects them may be any of their keys.
        let selects = about.selects.iter().any(|(key, ..)| key != "body");
        link_of(about, was) != link_of(about, now)
            || is_called_off(was) != is_called_off(now)
            || selects && was.body != now.body
    }

    fn judge(law: &Law<'_, Self>, lines: &Lines, record: &Record, at: u32, case: &Case<'_>, slots: &mut Slots) {
        let nothing =
            |why: &str| Said::new("number", Outcome::NotApplicable, format!("{}: {why}", people::name(record)));
        if !select::selected(record, &law.about.selects, case, case.on).possible() {
            let steps = || people::not_selected(record, &law.about.selects, case.on.untracked());
            return slots.skip(|| nothing("not one of those that follow one another").steps(steps()));
        }
        let found = lines.by_name.get(line_of(record)).and_then(|line| {
            let index = *line.position.get(&at)?;
            Some((line, index, line.links.get(index)?))
        });
        let Some((line, index, own)) = found else {
            let along = law.about.along.text().unwrap_or("");
            let steps = [format!("they follow one another by `{along}`"), format!("its `{along}` is not recorded")];
            return slots.skip(|| nothing("its day is not recorded").steps(steps));
        };
        let trial = Trial { law, record, own, index, line, forms: &lines.forms, case };
        let mut said = trial.by_every_version(slots.explain);
        if own.doubtful && said.outcome == Outcome::Breach {
            said.outcome = Outcome::Unknown;
            said.message.push_str(", if it is one of those that are meant, which is not recorded");
        }
        match said.outcome {
            Outcome::Pass => slots.pass(|| said),
            Outcome::NotApplicable => slots.skip(|| said),
            _ => slots.say(said),
        }
    }

    /// The last day for the next record, where none is recorded that comes in time.
    fn due(law: &Law<'_, Self>, lines: &Lines, record: &Record, at: u32, case: &Case<'_>, found: &mut Vec<Due>) {
        if !select::selected(record, &law.about.selects, case, case.on).possible() {
            return;
        }
        let Some(line) = lines.by_name.get(line_of(record)) else { return };
        let Some((index, own)) = line.position.get(&at).and_then(|index| Some((*index, line.links.get(*index)?)))
        else {
            return;
        };
        let Says::Terms(segment, terms) = law.on(case.on) else { return };
        let ended = RecordKind::Meeting == record.kind && people::body_exists(case, record.parent()) == Truth::No;
        if terms.test.known() != Some(&Test::Cadence) || !own.when.last.is_finite() || ended || own.called_off {
            return;
        }
        let working = case.working_days(&[]);
        let count = pause(terms, &working);
        let (Some(first), Some(last)) = (count.last(own.when.first), count.last(own.when.last)) else { return };
        let times = terms.times.known().copied().unwrap_or(1).max(1);
        let next = line.after(index, times);
        // One that comes too late is a finding of its own, once the day is past.
        if next.is_some_and(|next| next.when.first <= last || last < case.on) {
            return;
        }
        let (kind, line) = (record.kind.singular(), line_of(record));
        let of = if line.is_empty() { String::new() } else { format!(" of `{line}`") };
        let next =
            if times == 1 { format!("the next {kind}") } else { format!("{times} more {}", record.kind.folder()) };
        let what = format!(
            "{next}{of}, at the latest {} after `{}` ({})",
            count.unit.counted(count.count),
            record.id,
            own.when
        );
        // Where records may lack, there may have been one; and this one may be none that counts.
        let complete = is_complete(record, case) && !own.doubtful;
        let nature = if complete { Nature::Duty } else { Nature::Chance };
        let rule = segment.mark(law.file, "every", terms.every.span, "the longest pause");
        let due = Due::new("next", what, When::between(first, last), own.place.clone());
        found.push(due.nature(nature).mark(rule).under(segment));
    }

    fn next(law: &Law<'_, Self>, lines: &Lines, asked: Asked, case: &Case<'_>) -> Option<Next> {
        next::next(law, lines, asked, case)
    }

    fn looked_for(law: &Law<'_, Self>, record: &Record, case: &Case<'_>) -> Vec<String> {
        let along = law.about.along.text().unwrap_or("?");
        vec![format!(
            "the records follow one another by `{along}` up to {}, and {} is none",
            case.on,
            people::name(record)
        )]
    }

    const MUTATORS: &'static [Mutator] = &[
        Mutator::Turn("unique", false),
        Mutator::Turn("rises", true),
        Mutator::Turn("gaps", true),
        Mutator::Step("every"),
        Mutator::Swap("unit", &["working-days", "days", "months"]),
        Mutator::Without("form"),
        Mutator::Without("kept"),
        Mutator::Drop("reached.*"),
    ];

    /// A cadence asks no number, numbers ask no cadence.
    fn alike(_: &About, one: &Terms, other: &Terms, _: &Code) -> bool {
        let reached = |one: &Reached| (one.stage.known().cloned(), one.form.text().map(ToOwned::to_owned));
        let said = |terms: &Terms| {
            let cadence = terms.test.known() == Some(&Test::Cadence);
            let pause = cadence.then(|| (terms.every.known().copied(), terms.unit.known().copied()));
            let numbers = (!cadence).then(|| {
                let form = terms.form.text().map(ToOwned::to_owned);
                (
                    terms.unique.known() == Some(&true),
                    terms.rises.known() == Some(&false),
                    terms.gaps.known() == Some(&false),
                    form,
                    terms.kept.known() == Some(&true),
                    terms.reached.iter().map(reached).collect::<Vec<_>>(),
                )
            });
            (terms.test.known().copied(), pause, numbers)
        };
        said(one) == said(other)
    }

    fn english(about: &About, terms: &Terms, code: &Code) -> String {
        let of = select::english(about.of.known().map(|word| word.0), &about.selects, code);
        let along = about.along.text().unwrap_or("?");
        if terms.test.known() == Some(&Test::Cadence) {
            let every = i32::try_from(terms.every.known().copied().unwrap_or(0)).unwrap_or(i32::MAX);
            let pause = terms.unit.known().map_or("?".to_owned(), |unit| unit.counted(every));
            return match terms.times.known() {
                Some(times) if *times > 1 => {
                    format!("From each {of} to the {times}th after it, by `{along}`, pass at most {pause}.")
                }
                _ => format!("From one {of} to the next, by `{along}`, pass at most {pause}."),
            };
        }
        let unique = if terms.unique.known() == Some(&true) { ", no number twice" } else { "" };
        let gaps = if terms.gaps.known() == Some(&false) { ", none left out" } else { "" };
        let rises =
            if terms.rises.known() == Some(&false) { String::new() } else { format!(" that rises with `{along}`") };
        let form = terms.form.text().map_or(String::new(), |form| format!(", each of the form `{form}`"));
        let kept = if terms.kept.known() == Some(&true) { ", the number that it had before" } else { "" };
        let reached = terms.reached.iter().map(|one| {
            let stage = one.stage.known().map_or("?", AsRef::as_ref);
            format!(", once it has reached `{stage}` of the form `{}`", one.form.text().unwrap_or("?"))
        });
        let reached: String = reached.collect();
        let number = about.number.text().unwrap_or("?");
        format!("Each {of} has a `{number}`{rises}{unique}{gaps}{kept}{form}{reached}.")
    }
}

/// How the longest pause is counted.
fn pause<'c>(terms: &Terms, working: &'c WorkingDays) -> Count<'c> {
    Count {
        count: i32::try_from(terms.every.known().copied().unwrap_or(0)).unwrap_or(i32::MAX),
        unit: terms.unit.known().copied().unwrap_or(Unit::Days),
        count_opening: false,
        working,
    }
}

struct Trial<'t> {
    law: &'t Law<'t, Sequence>,
    record: &'t Record,
    own: &'t Link,
    index: usize,
    line: &'t Line,
    forms: &'t Forms,
    case: &'t Case<'t>,
}

impl Trial<'_> {
    fn name(&self) -> String {
        people::name(self.record)
    }

    /// Whether every record of this sequence is there.
    fn complete(&self) -> bool {
        is_complete(self.record, self.case)
    }

    /// What the versions say that its own day may pick: the same outcome by all of them, else
    /// unknown.
    fn by_every_version(&self, explain: bool) -> Said {
        let nothing = |why: Said| Said { slot: "number".into(), ..why };
        let mut found: Vec<Said> = Vec::new();
        for (part, says) in self.law.over(self.own.when) {
            let said = match says {
                Says::Nothing(why) => nothing(people::idle(self.law, self.record, part, why)),
                Says::Unknown(segment) => {
                    let message = format!("{}: how they followed one another that day is not known", self.name());
                    let said =
                        Said::new("number", Outcome::Unknown, message).mark(self.own.place.clone()).under(segment);
                    said.because(explain, || people::unknown_steps(segment))
                }
                Says::Terms(segment, terms) => {
                    let said = match terms.test.known() {
                        Some(Test::Cadence) => Some(self.cadence(terms)),
                        _ => self.numbers(terms),
                    };
                    let said = said.map(|said| said.explained(explain, |said| self.explained(said, terms)));
                    let said = self.renumbered(terms, explain).or_else(|| self.unconverted(terms, explain)).or(said);
                    said.map_or_else(
                        || self.numberless(explain),
                        |said| said.marks(segment.marks.first().cloned()).under(segment),
                    )
                }
            };
            found.push(said);
        }
        let kept = |said: &Said| said.outcome.max(Outcome::Pass);
        let mut all: Vec<Outcome> = found.iter().map(kept).collect();
        all.sort_unstable();
        all.dedup();
        let worst = found.into_iter().max_by_key(|said| said.outcome);
        match (worst, all.as_slice()) {
            (Some(said), [_]) => said,
            (Some(said), _) => Said {
                outcome: Outcome::Unknown,
                message: format!(
                    "{}: by which version it is judged is not known: its day is {}",
                    self.name(),
                    self.own.when
                ),
                help: Some("record the day, or as much of it as a source gives".into()),
                ..said
            },
            (None, _) => Said::new("number", Outcome::NotApplicable, self.name()),
        }
    }

    /// A record that has no number.
    fn numberless(&self, explain: bool) -> Said {
        let key = self.law.about.number.text().unwrap_or("");
        Said::new("number", Outcome::NotApplicable, format!("{}: it has no number", self.name()))
            .because(explain, || [format!("`{key}` is left out, so it takes no place among the numbers")])
    }

    fn numbers(&self, terms: &Terms) -> Option<Said> {
        let (name, mark) = (self.name(), self.own.place.clone());
        if let Some(said) = self.form(terms) {
            return Some(said);
        }
        let Some(number) = self.own.number else {
            let (_, span, open) = number_of(self.record, self.law.about.number.text());
            let bad = matches!(self.record.body.fields().get(self.law.about.number.text()?), Some((_, View::Bad)));
            let said = Said::new("number", Outcome::Unknown, format!("{name}: number not recorded"))
                .help("record the number, or leave the key out where it has none");
            return open.then(|| said.mark(Mark::new(self.record.file, span, "not recorded")).silent(bad));
        };
        let first = self.line.first.get(&number).copied().filter(|first| *first < self.index);
        if terms.unique.known() == Some(&true)
            && let Some(other) = self.line.get(first)
        {
            let message =
                format!("{name} has number {number} again: `{}` has it, on {}", self.id_of(other), other.when);
            let help = "find out which of the two is right, and correct it; until a source says, both stand as stated";
            return Some(Said::new("number", Outcome::Breach, message).help(help).mark(mark).mark(other.place.clone()));
        }
        let (highest, dated) = self.line.highest.get(self.index).copied().unwrap_or((None, None));
        let rises = terms.rises.known() != Some(&false);
        let falls = |one: &&Link| rises && one.when.before(self.own.when) == Truth::Yes && one.number > Some(number);
        if let Some(other) = self.line.get(dated).filter(falls) {
            let message = format!(
                "{name} has number {number}, less than {} of `{}`, which came before it",
                other.number.unwrap_or(0),
                self.id_of(other)
            );
            return Some(
                Said::new("number", Outcome::Breach, message)
                    .help("correct the number or the day")
                    .mark(mark)
                    .mark(other.place.clone()),
            );
        }
        if let Some(other) = self.line.may_fall(self.own, number).filter(|_| rises) {
            let message = format!(
                "{name} has number {number}, and whether it came before `{}` with its {} is not recorded",
                self.id_of(other),
                other.number.unwrap_or(0)
            );
            return Some(
                Said::new("number", Outcome::Unknown, message)
                    .help("record the days, or as much of them as a source gives")
                    .mark(mark)
                    .mark(other.place.clone()),
            );
        }
        if terms.gaps.known() == Some(&false) {
            let last = self.line.get(highest);
            if let Some(previous) =
                last.and_then(|one| one.number).filter(|previous| number > previous.saturating_add(1))
            {
                let others = last.map(|one| one.place.clone());
                let unnumbered = self.line.unnumbered.is_some_and(|first| first < self.index);
                let (outcome, message) = if self.complete() && !unnumbered {
                    (Outcome::Breach, format!("{name} has number {number}, and the last one before it is {previous}"))
                } else {
                    (Outcome::Unknown, format!("{name}: numbers between `{previous}` and `{number}` are not recorded"))
                };
                return Some(
                    Said::new("number", outcome, message)
                        .help("record those between, or correct the number")
                        .mark(mark)
                        .marks(others),
                );
            }
        }
        Some(Said::new("number", Outcome::Pass, format!("{name} follows with number {number}")).mark(mark))
    }

    /// With the derivation, and for a breach the change that clears it.
    fn explained(&self, said: Said, terms: &Terms) -> Said {
        let shown = |link: &Link| {
            let number = link.number.map_or("without a number".to_owned(), |number| format!("number {number}"));
            format!("`{}`, {}: {number}", self.id_of(link), link.when)
        };
        let said = said.steps([format!(
            "place {} of {} by day: {}",
            self.index.saturating_add(1),
            self.line.links.len(),
            shown(self.own)
        )]);
        if terms.test.known() == Some(&Test::Cadence) {
            self.cadence_steps(said, terms)
        } else {
            self.number_steps(said, terms, shown)
        }
    }

    fn number_steps(&self, said: Said, terms: &Terms, shown: impl Fn(&Link) -> String) -> Said {
        let (highest, _) = self.line.highest.get(self.index).copied().unwrap_or((None, None));
        let before = self.line.get(highest);
        let mut steps = vec![before.map_or("no number came before it".to_owned(), |one| {
            format!("the highest number before it: {}", shown(one))
        })];
        let first = self.own.number.and_then(|number| self.line.first.get(&number).copied());
        if let Some(other) = self.line.get(first.filter(|first| *first < self.index)) {
            steps.push(format!("the same number before it: {}", shown(other)));
        }
        let complete = if self.complete() { "every record of the sequence is there" } else { "records may lack" };
        steps.push(complete.to_owned());
        let said = said.steps(steps);
        if said.outcome != Outcome::Breach {
            return said;
        }
        let next = before.and_then(|one| one.number).map_or(1, |number| number.saturating_add(1));
        let key = self.law.about.number.text().filter(|key| *key != "id");
        let cure = Cure::new(format!("number {next}, the next one"));
        // A form may ask for more than a number.
        let why = if key.is_none() {
            "the number is part of the id, and the id is the name of the file: the file would be moved"
        } else {
            "the form may ask for more than a number"
        };
        let path = key.filter(|_| terms.form.is_absent()).map(ToOwned::to_owned);
        said.cure(cure.at(path, why, |cure, key| cure.set(self.record.subject(), key, next.to_string())))
    }

    fn cadence_steps(&self, said: Said, terms: &Terms) -> Said {
        let times = terms.times.known().copied().unwrap_or(1).max(1);
        let Some(previous) = self.line.before(&self.line.counting, self.index, times) else {
            return said.steps(["none of those recorded is long enough before it to count from".to_owned()]);
        };
        let working = self.case.working_days(&[]);
        let count = pause(terms, &working);
        let said = said.steps([format!("counted from `{}`, {}", self.id_of(previous), previous.when)]);
        let said = said.steps(count.steps(previous.when.first));
        match count.last(previous.when.last).filter(|_| said.outcome == Outcome::Breach) {
            Some(last) => said.cure(Cure::by_hand(
                format!("another by {last}, recorded if there was one"),
                "what was not held cannot be recorded, and what was has a day and a number of its own",
            )),
            None => said,
        }
    }

    fn id_of(&self, link: &Link) -> String {
        self.case.record(link.at).map_or_else(String::new, |record| record.id.to_string())
    }

    /// The form of the id or number; nothing where it has it.
    fn form(&self, terms: &Terms) -> Option<Said> {
        let form = terms.form.text()?;
        let text = match self.law.about.number.text() {
            Some("id") => self.record.stem().to_owned(),
            _ => self.own.number?.to_string(),
        };
        let fits = self.fits(form, &text);
        let message = format!("{} is not of the form `{form}`", self.name());
        (!fits).then(|| {
            Said::new("number", Outcome::Breach, message)
                .help("correct the id or the number")
                .mark(self.own.place.clone())
        })
    }

    /// Whether a text is of a form, a regular expression that is made once.
    fn fits(&self, form: &str, text: &str) -> bool {
        let mut forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        let compiled = || regex::RegexBuilder::new(form).size_limit(1 << 20).build().ok();
        forms.entry(form.into()).or_insert_with(compiled).as_ref().is_some_and(|form| form.is_match(text))
    }

    /// Whether one that may not be meant lies between this and the one that would be too long before it.
    fn rests_on_doubtful(&self, previous: &Link, times: u32, count: &Count<'_>) -> bool {
        let sure = self.line.before(&self.line.sure, self.index, times).filter(|one| one.at != previous.at);
        sure.and_then(|one| count.last(one.when.first)).is_some_and(|last| self.own.when.last > last)
    }

    fn cadence(&self, terms: &Terms) -> Said {
        let name = self.name();
        let times = terms.times.known().copied().unwrap_or(1).max(1);
        let idle = |why: &str| Said::new("cadence", Outcome::NotApplicable, format!("{name}: {why}"));
        if self.own.called_off {
            return idle("it was called off");
        }
        if !self.own.when.by(self.case.on).possible() {
            return idle("its day has not come");
        }
        let Some(previous) = self.line.before(&self.line.counting, self.index, times) else {
            return Said::new("cadence", Outcome::Pass, format!("{name} is among the first recorded"))
                .mark(self.own.place.clone());
        };
        let working = self.case.working_days(&[]);
        let count = pause(terms, &working);
        let (Some(first), Some(last)) = (count.last(previous.when.first), count.last(previous.when.last)) else {
            return Said::new("cadence", Outcome::Unknown, format!("{name}: the calendar does not reach so far"))
                .mark(self.own.place.clone());
        };
        let every = match (count.count, count.unit, times) {
            (count, unit, 1) => unit.counted(count),
            (count, unit, times) => format!("{} ({times} of them in that time)", unit.counted(count)),
        };
        let late = self.own.when.first > last;
        let may_be = self.own.when.last > first || first == Day::EARLIEST;
        let (outcome, message) = if late && self.complete() {
            (
                Outcome::Breach,
                format!(
                    "{name} comes on {}, more than {every} after `{}` on {}",
                    self.own.when,
                    self.id_of(previous),
                    previous.when
                ),
            )
        } else if late || may_be || self.rests_on_doubtful(previous, times, &count) {
            (
                Outcome::Unknown,
                format!("{name}: whether another came within {every} after `{}` is not recorded", self.id_of(previous)),
            )
        } else {
            (Outcome::Pass, format!("{name} comes within {every} of `{}`", self.id_of(previous)))
        };
        Said::new("cadence", outcome, message).mark(self.own.place.clone()).mark(previous.place.clone())
    }
}
