//! What no record shows by itself: references, words, ids, and periods that exclude each other.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Registry, change::Touched};
use crate::{
    builtin,
    day::When,
    decode::{Fact, Visit, limit, nearest},
    finding::{Finding, Mark, Problem},
    record::{
        Kind, Record,
        id::{ACTORS, ANY, SEAT_OF_BODY},
    },
    registry::file,
    rulebook::code::Code,
    text::Span,
};

/// Suggestions look at every id of a kind, so only so many are made in one run.
const MOST_SUGGESTIONS: usize = 50;

/// Every finding about references, words, ids and periods, in the order of the records. `cited`
/// says whether records must cite a source.
pub fn findings(registry: &Registry, code: &Code, cited: bool) -> Vec<Finding> {
    Links::of(registry, code, cited).all(registry)
}

/// What is wrong with a record by itself, and the references that lead nowhere.
type Wrong = (Vec<Problem>, Vec<Missing>);

/// What of some problems is other than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Differs {
    /// Nothing.
    Nothing,
    /// Where they stand: to one another as before.
    Places,
    /// What they say.
    Something,
}

/// Something reported, with its words and places.
pub trait Told {
    /// The rule, the slot, the words.
    fn words(&self) -> (&str, &str, &str);
    /// The places.
    fn marks(&self) -> &[Mark];
}

impl Told for Problem {
    fn words(&self) -> (&str, &str, &str) {
        (self.rule, &self.slot, &self.message)
    }

    fn marks(&self) -> &[Mark] {
        &self.marks
    }
}

impl Told for Finding {
    fn words(&self) -> (&str, &str, &str) {
        (&self.rule, &self.slot, &self.message)
    }

    fn marks(&self) -> &[Mark] {
        &self.marks
    }
}

impl Differs {
    /// How one list differs from another.
    pub fn between<T: Told>(was: &[T], now: &[T]) -> Self {
        let files = |one: &T| one.marks().iter().map(|mark| mark.place.file).collect::<Vec<_>>();
        let same = |(was, now): (&T, &T)| was.words() == now.words() && files(was) == files(now);
        if was.len() != now.len() || !was.iter().zip(now).all(same) {
            return Self::Something;
        }
        let order = |list: &[T]| -> Vec<std::cmp::Ordering> {
            let start = |one: &T| one.marks().first().map(|mark| (mark.place.file, mark.place.span.start));
            list.windows(2).filter_map(|pair| Some(start(pair.first()?).cmp(&start(pair.last()?)))).collect()
        };
        let places = |list: &[T]| list.iter().flat_map(Told::marks).map(|mark| mark.place).collect::<Vec<_>>();
        match (order(was) == order(now), places(was) == places(now)) {
            (true, true) => Self::Nothing,
            (true, false) => Self::Places,
            (false, _) => Self::Something,
        }
    }
}

/// What no record shows by itself, kept so that a change costs what it touches.
#[derive(Debug, Default)]
pub struct Links {
    cited: bool,
    /// What is wrong with which record, sorted by kind and id.
    wrong: BTreeMap<(Kind, Box<str>), Wrong>,
    shared: Vec<Finding>,
}

impl Links {
    /// Follows every reference of a registry.
    pub fn of(registry: &Registry, code: &Code, cited: bool) -> Self {
        let mut made = Self { cited, wrong: BTreeMap::new(), shared: shared_ids(registry) };
        made.follow(registry, code, &registry.records().collect::<Vec<_>>());
        made
    }

    /// Follows those again that a change touched; says what of it differs.
    pub fn change(
        &mut self,
        registry: &Registry,
        code: &Code,
        touched: &Touched,
        gone: &[(Kind, Box<str>)],
    ) -> Differs {
        if touched.is_empty() {
            return Differs::Nothing;
        }
        let gone = gone.iter().filter(|(kind, id)| registry.position_of(*kind, id).is_none());
        let lost = gone.filter_map(|one| self.wrong.remove(one)).count() > 0;
        // A record that came may be what others lacked; one that went is lacked by whoever names it.
        let went = touched.existence.iter().any(|(kind, id)| !registry.exists(*kind, id));
        let records: Vec<&Record> = if touched.all || went {
            registry.records().collect()
        } else if touched.existence.is_empty() {
            touched.came.iter().filter_map(|at| registry.at(*at)).collect()
        } else {
            let wrong = self.wrong.keys().filter_map(|(kind, id)| registry.position_of(*kind, id));
            let mut at: Vec<u32> = wrong.chain(touched.came.iter().copied()).collect();
            at.sort_unstable();
            at.dedup();
            at.into_iter().filter_map(|at| registry.at(at)).collect()
        };
        let mut differs = self.follow(registry, code, &records);
        // It rests on which ids there are, and on where the records begin that share one.
        let shares = |at: &u32| {
            let subject = registry.at(*at).map(Record::subject).unwrap_or_default();
            self.shared.iter().any(|one| one.subject.as_ref() == subject)
        };
        let is_another = |(kind, id): &(Kind, Box<str>)| {
            let mut others = ACTORS.iter().filter_map(|folder| Kind::of_folder(folder)).filter(|other| other != kind);
            ACTORS.contains(&kind.folder())
                && (!self.shared.is_empty() || others.any(|other| registry.position_of(other, id).is_some()))
        };
        let asks = touched.all || touched.existence.iter().any(is_another);
        if asks || !self.shared.is_empty() && touched.came.iter().any(shares) {
            let now = shared_ids(registry);
            differs = differs.max(Differs::between(&self.shared, &now));
            self.shared = now;
        }
        if lost || touched.all { Differs::Something } else { differs }
    }

    /// Follows the references of some records; says what of what is wrong with them is other than before.
    fn follow(&mut self, registry: &Registry, code: &Code, records: &[&Record]) -> Differs {
        let cited = self.cited;
        let one = |record: &&Record| problems(registry, code, cited, record);
        let found: Vec<Wrong> =
            if records.len() < 64 { records.iter().map(one).collect() } else { records.par_iter().map(one).collect() };
        let (is_first, mut differs) = (self.wrong.is_empty(), Differs::Nothing);
        for (record, wrong) in records.iter().zip(found) {
            if !wrong.0.is_empty() || !wrong.1.is_empty() {
                let key = (record.kind, record.id.clone());
                let one = self.wrong.get(&key).map_or(Differs::Something, |before| {
                    let (mut was, mut now) = (before.0.clone(), wrong.0.clone());
                    was.extend(before.1.iter().map(|one| one.problem.clone()));
                    now.extend(wrong.1.iter().map(|one| one.problem.clone()));
                    let lacks = |wrong: &Wrong| wrong.1.iter().map(|one| one.wanted.clone()).collect::<Vec<_>>();
                    let lacks_same = lacks(before) == lacks(&wrong) && before.0.len() == wrong.0.len();
                    if lacks_same { Differs::between(&was, &now) } else { Differs::Something }
                });
                differs = differs.max(one);
                self.wrong.insert(key, wrong);
            } else if !is_first && self.wrong.remove(&(record.kind, record.id.clone())).is_some() {
                differs = Differs::Something;
            }
        }
        differs
    }

    /// The findings, with what was probably meant.
    pub fn all(&self, registry: &Registry) -> Vec<Finding> {
        let mut all = self.findings();
        suggest(registry, &mut all);
        all
    }

    /// The findings, without what was probably meant.
    pub fn findings(&self) -> Vec<Finding> {
        let copy = Self { cited: self.cited, wrong: self.wrong.clone(), shared: self.shared.clone() };
        copy.into_findings()
    }

    fn into_findings(self) -> Vec<Finding> {
        let (mut all, mut missing) = (Vec::new(), Vec::new());
        for ((kind, id), (problems, lacks)) in self.wrong {
            let subject = format!("{}/{id}", kind.folder());
            all.extend(file::findings(&subject, problems));
            missing.extend(lacks.into_iter().map(|one| (one.wanted, file::finding(&subject, one.problem))));
        }
        all.extend(one_each(missing));
        all.extend(self.shared);
        all
    }
}

/// A reference that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Missing {
    /// The record that lacks, as `kind/id`; of the first kind where several are possible.
    wanted: String,
    problem: Problem,
}

/// One finding for each record that lacks, however many records name it.
fn one_each(missing: Vec<(String, Finding)>) -> Vec<Finding> {
    // Parties, organisations, people and bodies share one set of ids.
    let key = |wanted: &str| match wanted.split_once('/') {
        Some((folder, id)) if ACTORS.contains(&folder) => id.to_owned(),
        _ => wanted.to_owned(),
    };
    let mut by_record: BTreeMap<String, Vec<(String, Finding)>> = BTreeMap::new();
    for (wanted, finding) in missing {
        by_record.entry(key(&wanted)).or_default().push((wanted, finding));
    }
    by_record.into_values().filter_map(together).collect()
}

/// What several records say of one that lacks, as one finding about that one.
fn together(mut all: Vec<(String, Finding)>) -> Option<Finding> {
    all.sort_by(|(_, one), (_, other)| one.subject.cmp(&other.subject));
    let records = all.chunk_by(|(_, one), (_, other)| one.subject == other.subject).count();
    // Somebody who says which kind is meant is believed.
    let wanted = all
        .iter()
        .map(|(wanted, _)| wanted)
        .max_by_key(|wanted| !ACTORS.first().is_some_and(|first| wanted.starts_with(first)))?
        .clone();
    let marks: Vec<Mark> = all.iter().flat_map(|(_, one)| one.marks.clone()).collect();
    let (_, mut first) = all.into_iter().next()?;
    first.marks = marks;
    if records > 1 {
        first.message = format!("`{wanted}`: {records} records name it, and there is no such record");
        first.subject = wanted.into();
        first.help = Some("add the record, or correct the ids that name it".into());
    }
    Some(first)
}

fn problems(registry: &Registry, code: &Code, cited: bool, record: &Record) -> (Vec<Problem>, Vec<Missing>) {
    let mut linker = Linker { registry, code, record, problems: Vec::new(), missing: Vec::new(), seat: String::new() };
    linker.id();
    record.body.visit(&mut linker);
    linker.exclusive_periods();
    if cited {
        linker.cites();
    }
    let Linker { mut problems, mut missing, .. } = linker;
    let more = problems.get(limit::PROBLEMS).or_else(|| missing.get(limit::PROBLEMS).map(|one| &one.problem));
    if let Some(more) = more.map(|first| limit::more_problems(first.marks.clone())) {
        problems.truncate(limit::PROBLEMS);
        missing.truncate(limit::PROBLEMS);
        problems.push(more);
    }
    (problems, missing)
}

struct Linker<'r> {
    registry: &'r Registry,
    code: &'r Code,
    record: &'r Record,
    problems: Vec<Problem>,
    missing: Vec<Missing>,
    /// Where the ids of seats are put together, over and over.
    seat: String,
}

impl Linker<'_> {
    fn say(&mut self, rule: &'static str, slot: String, message: String, marks: Vec<Mark>) {
        let help = builtin::help(rule);
        self.problems.push(Problem { rule, slot, message, help, marks });
    }

    fn lacks(&mut self, wanted: String, slot: String, message: String, help: Option<String>, marks: Vec<Mark>) {
        let rule = "record-reference";
        let help = help.or_else(|| builtin::help(rule));
        self.missing.push(Missing { wanted, problem: Problem { rule, slot, message, help, marks } });
    }

    fn mark(&self, span: Span, label: &str) -> Mark {
        Mark::new(self.record.file, span, label)
    }

    /// The id itself: its form, its folder, and for a meeting its day.
    fn id(&mut self) {
        let (kind, id) = (self.record.kind, self.record.id.as_ref());
        let parts: Vec<_> = id.split('/').collect();
        let wanted = if matches!(kind, Kind::Seat | Kind::Meeting) { 2 } else { 1 };
        let own_form = kind == Kind::Modification && is_code_form(id);
        if parts.len() != wanted || !own_form && !parts.iter().all(|part| is_words(part)) || id.len() > 200 {
            let message = match wanted {
                1 => "the id must be lower-case words joined by `-`, directly in the kind's folder".to_owned(),
                _ => format!("a {}'s path is its body and its own id, lower-case words joined by `-`", kind.singular()),
            };
            let marks = vec![self.mark(self.record.head(), "the id is the file's path")];
            return self.say("record-id", "id".into(), message, marks);
        }
        if wanted == 2 && !self.registry.exists(Kind::Body, self.record.parent()) {
            let message = format!("there is no body `{}`", self.record.parent());
            let marks = vec![self.mark(self.record.head(), "the folder names the body")];
            self.lacks(format!("bodies/{}", self.record.parent()), "body".into(), message, None, marks);
        }
        if let Some(meeting) = self.record.meeting() {
            let first = if meeting.planned.is_absent() { &meeting.held } else { &meeting.planned };
            let stem = self.record.stem();
            let named = When::parse(stem).or_else(|| stem.rsplit_once('-').and_then(|(day, _)| When::parse(day)));
            if let (Some(when), Some(named)) = (first.known(), named)
                && !(named.first <= when.first && when.last <= named.last)
            {
                let message = format!("the id says {named}, the meeting {when}");
                let marks = vec![self.mark(first.span, "the day first planned, else held")];
                self.say("record-id", "day".into(), message, marks);
            }
        }
    }

    /// Tenures of one seat, and categories of one Party: only one at a time.
    fn exclusive_periods(&mut self) {
        if let Some(seat) = self.record.seat() {
            let tenures = seat.tenure.iter().map(|one| (one.span, one.from.when(), one.ended.when()));
            self.exclusive(tenures.collect(), "tenure", "tenures");
        }
        if let Some(party) = self.record.party() {
            let categories = party.category.iter().map(|one| (one.span, one.from.when(), one.until.when()));
            self.exclusive(categories.collect(), "category", "categories");
        }
    }

    fn exclusive(&mut self, mut periods: Vec<(Span, Option<When>, Option<When>)>, slot: &str, what: &str) {
        periods.retain(|(_, from, _)| from.is_some());
        periods.sort_by_key(|(span, from, _)| (from.map(|when| when.first), *span));
        for pair in periods.windows(2) {
            let [(before, _, ended), (after, Some(from), _)] = pair else { continue };
            // Only where no choice of the unknown days keeps them apart.
            let clear = ended.is_some_and(|ended| ended.first <= from.last);
            let both_begun = pair
                .iter()
                .all(|(_, from, _)| from.is_some_and(|when| when.first.is_finite() && when.last.is_finite()));
            let both_run_on = pair.iter().all(|(_, _, ended)| ended.is_none());
            if both_run_on || !clear && both_begun {
                let message = format!("two {what} hold at once; only one can");
                let marks = vec![self.mark(*after, "begins before the other ended"), self.mark(*before, "the other")];
                self.say("record-period", slot.into(), message, marks);
            }
        }
    }

    fn cites(&mut self) {
        if matches!(self.record.kind, Kind::Source | Kind::Publication) || self.record.damaged {
            return;
        }
        if let Some((span, crate::decode::View::Absent)) = self.record.body.fields().get("source") {
            let marks = vec![self.mark(span, "cites nothing")];
            self.say("record-source", "source".into(), "no `source` says where this is taken from".into(), marks);
        }
    }

    fn resolves(&mut self, id: &str, kinds: &'static [&'static str]) -> bool {
        if kinds == SEAT_OF_BODY {
            self.seat.clear();
            self.seat.extend([self.record.parent(), "/", id]);
            return self.registry.exists(Kind::Seat, &self.seat);
        }
        let find = |folder: &str, id: &str| Kind::of_folder(folder).is_some_and(|kind| self.registry.exists(kind, id));
        if kinds == ANY {
            return id.split_once('/').is_some_and(|(folder, id)| find(folder, id));
        }
        kinds.iter().any(|folder| find(folder, id))
    }
}

impl Visit for Linker<'_> {
    fn reference(&mut self, span: Span, id: &str, kinds: &'static [&'static str]) {
        let sources_are_not_asked_for = self.registry.implies() && kinds.contains(&"sources");
        if sources_are_not_asked_for || self.resolves(id, kinds) {
            return;
        }
        let actor_of_code = kinds == ACTORS && self.code.lists("actors", id);
        let what = match kinds {
            _ if kinds == ANY => format!("there is no record `{id}`"),
            _ if kinds == SEAT_OF_BODY => format!("`{}` has no seat `{id}`", self.record.parent()),
            _ => format!(
                "there is no `{id}` in {}",
                kinds.iter().map(|folder| format!("`{folder}/`")).collect::<Vec<_>>().join(", ")
            ),
        };
        let help = actor_of_code.then(|| "add its record: rules name it, but no record says what it is".to_owned());
        let wanted = match kinds {
            _ if kinds == ANY => id.to_owned(),
            _ if kinds == SEAT_OF_BODY => format!("seats/{}/{id}", self.record.parent()),
            _ => format!("{}/{id}", kinds.first().unwrap_or(&"")),
        };
        let marks = vec![self.mark(span, "names no record")];
        self.lacks(wanted, id.to_owned(), what, help, marks);
    }

    fn period(&mut self, from: &Fact<When>, until: &Fact<When>, what: &'static str) {
        let (Some(first), Some(last)) = (from.when(), until.when()) else { return };
        let message = format!("the period runs backwards: it begins on {first}, and `{what}` is {last}");
        let marks = vec![self.mark(until.span, "too early"), self.mark(from.span, "begins here")];
        self.say("record-period", what.into(), message, marks);
    }
}

/// Lower-case words joined by `-`.
fn is_words(part: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    part.split('-').all(is_word)
}

/// The code's own form of a modification's id: capitals, a number, perhaps a letter.
fn is_code_form(id: &str) -> bool {
    let rest = id.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let number = rest.strip_suffix(|c: char| c.is_ascii_uppercase()).unwrap_or(rest);
    rest.len() < id.len() && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Ids that two of Parties, organisations, people and bodies have.
fn shared_ids(registry: &Registry) -> Vec<Finding> {
    let mut seen: BTreeMap<&str, &Record> = BTreeMap::new();
    let mut found = Vec::new();
    for kind in ACTORS.iter().filter_map(|folder| Kind::of_folder(folder)) {
        for (_, record) in registry.all(kind) {
            let Some(first) = seen.get(record.id.as_ref()) else {
                seen.insert(&record.id, record);
                continue;
            };
            let problem = Problem {
                rule: "record-id-shared",
                slot: "id".into(),
                message: format!("`{}` has the same id", first.subject()),
                help: builtin::help("record-id-shared"),
                marks: vec![
                    Mark::new(record.file, record.head(), "the second"),
                    Mark::new(first.file, first.head(), "the first"),
                ],
            };
            found.push(file::finding(&record.subject(), problem));
        }
    }
    found
}

/// Adds "did you mean" to dangling references.
fn suggest(registry: &Registry, findings: &mut [Finding]) {
    let dangling = findings
        .iter_mut()
        .filter(|finding| finding.rule.as_ref() == "record-reference" && finding.slot.as_ref() != "body");
    dangling.take(MOST_SUGGESTIONS).collect::<Vec<_>>().into_par_iter().for_each(|finding| {
        let id = finding.slot.to_string();
        let (folder, id) = id.split_once('/').map_or(("", id.as_str()), |(folder, id)| (folder, id));
        let named_kinds = Kind::ALL.iter().filter(|kind| {
            if folder.is_empty() {
                finding.message.contains(&format!("`{}/`", kind.folder()))
            } else {
                kind.folder() == folder
            }
        });
        let ids = named_kinds.flat_map(|kind| registry.all(*kind).map(|(_, record)| record.id.as_ref()));
        if let (Some(meant), Some(mark)) = (nearest(id, ids), finding.marks.first_mut()) {
            mark.label = format!("did you mean `{meant}`?");
        }
    });
}
