//! The engine: records, rules and a day in; findings out. It knows no git, no clock, no screen.

mod cause;
pub mod kept;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Write as _,
};

use rayon::prelude::*;

pub(crate) use self::cause::Reported;
use crate::{
    builtin,
    change::Change,
    day::{Day, Horizon, Today},
    derogation::{self, Derogations, Uses},
    finding::{Basis, Finding, Level, Mark, Outcome, Problem, Status},
    history::History,
    kind::{self, Case, Enacted, PutBy, Said, Shared, Slots},
    record::Kind,
    registry::{
        Registry, file,
        seen::{Kinds, Reach, Read, Reads},
    },
    rulebook::{
        Rulebook, in_force,
        rule::{Rule, What},
    },
    text::{FileId, Span, Texts},
    tree::Tree,
};

/// How many findings of one tree are listed; one more says how many there are besides.
pub const MOST_FINDINGS: usize = 1_000_000;

/// What one run found, and all that a printer needs to say so.
#[derive(Debug)]
pub struct Verdict {
    /// The day judged.
    pub on: Day,
    /// The day that the records speak for.
    pub position: Option<Day>,
    /// `worktree`, or the full id of the commit judged.
    pub at: String,
    /// The full id of the commit compared with.
    pub base: Option<String>,
    /// The modifications judged as if they were implemented.
    pub assumed: Vec<String>,
    /// The counts.
    pub summary: Summary,
    /// Sorted by primary path, line, column, rule, slot.
    pub findings: Vec<Finding>,
    /// What changed against the revision compared with, record by record.
    pub changes: Vec<Change>,
    /// The texts that the places of the findings lie in.
    pub texts: Texts,
}

/// The counts of one run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Record files, sources among them.
    pub records: usize,
    /// Rule files.
    pub rules: usize,
    /// Pairs of a rule and a record that it selects; the six outcomes add up to it.
    pub judged: usize,
    /// How many of those came out as each of [`Outcome::ALL`], in that order.
    pub outcomes: [usize; 6],
}

impl Summary {
    /// How many pairs came out so.
    pub fn of(&self, outcome: Outcome) -> usize {
        Outcome::ALL.iter().position(|one| *one == outcome).and_then(|at| self.outcomes.get(at)).copied().unwrap_or(0)
    }
}

impl Verdict {
    /// How many findings of the tree judged have this level: those that are fixed lie elsewhere.
    pub fn count(&self, level: Level) -> usize {
        let here = |finding: &&Finding| finding.level == level && finding.status != Some(Status::Fixed);
        self.findings.iter().filter(here).count()
    }

    /// Whether the findings are held against others: those of a revision, or of what is without what is
    /// assumed.
    pub fn is_delta(&self) -> bool {
        self.base.is_some() || !self.assumed.is_empty()
    }

    /// How many findings stand so to the revision compared with.
    pub fn count_status(&self, status: Status) -> usize {
        self.findings.iter().filter(|finding| finding.status == Some(status)).count()
    }
}

/// Which findings are shown and counted. Everything is loaded and judged all the same.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only these rules.
    pub rules: Vec<String>,
    /// Only these subjects.
    pub subjects: Vec<String>,
}

impl Selection {
    /// Whether a pair of a rule and a subject is meant.
    pub fn takes(&self, rule: &str, subject: &str) -> bool {
        let any = |list: &[String], one: &str| list.is_empty() || list.iter().any(|wanted| wanted == one);
        any(&self.rules, rule) && any(&self.subjects, subject)
    }

    fn is_all(&self) -> bool {
        self.rules.is_empty() && self.subjects.is_empty()
    }
}

/// What came out for one pair of a rule and a record.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The record's position in the registry.
    pub subject: u32,
    /// The worst of its slots.
    pub outcome: Outcome,
    /// What was said of its slots; passes only where they were asked for.
    pub said: Vec<Said>,
    /// The first later day on which it may come out otherwise, if nothing else changes;
    /// [`Day::LATEST`] where it stands for ever.
    pub holds_until: Day,
}

/// Judges every record by one rule. `explain` keeps passes with their reasons; `only` limits the
/// records.
pub fn judge_rule(
    rule: &Rule,
    shared: &Shared<'_>,
    on: Day,
    book: &Rulebook,
    explain: bool,
    only: impl Fn(u32) -> bool,
) -> Vec<Judged> {
    let reach = Reach::default();
    let mut found = judge_rule_reaching(rule, shared, on, book, explain, only, &reach);
    for one in &mut found {
        one.holds_until = one.holds_until.min(reach.horizon.day());
    }
    found
}

/// The same; how far what is worked out for all records of the rule reaches is kept apart.
fn judge_rule_reaching(
    rule: &Rule,
    shared: &Shared<'_>,
    on: Day,
    book: &Rulebook,
    explain: bool,
    only: impl Fn(u32) -> bool,
    reach: &Reach,
) -> Vec<Judged> {
    let case = Case::reaching(shared, on, reach);
    let Some(law) = in_force::enact(book, rule, case.registry, case.on) else { return Vec::new() };
    let subjects: Vec<u32> = law.subjects(&case).into_iter().filter(|at| only(*at)).collect();
    judge_subjects(rule, law.as_ref(), &subjects, &case, explain, None).into_iter().map(|(one, _)| one).collect()
}

/// Judges some records by one rule as it stands: what came out for each, and what that rests on, where
/// the case keeps it. How far what is worked out for all of them reaches is the case's; `kept` is where it is
/// put by.
pub(crate) fn judge_subjects(
    rule: &Rule,
    law: &dyn Enacted,
    subjects: &[u32],
    case: &Case<'_>,
    explain: bool,
    kept: Option<&mut Option<PutBy>>,
) -> Vec<(Judged, Vec<Read>)> {
    let reaches: Vec<Reach> = subjects.iter().map(|_| Reach::new(case.registry.is_tracked())).collect();
    let case: Case<'_> = *case;
    let is_born = |(at, reach): &(u32, &Reach)| {
        let case = case.seen_from(reach);
        case.record(*at).and_then(|record| record.born).is_none_or(|born| born <= case.on)
    };
    let all = || subjects.iter().copied().zip(&reaches);
    let born: Vec<(u32, &Reach)> = all().filter(is_born).collect();
    let all_said = match kept {
        Some(kept) => law.judge_again(rule, &born, &case, kept),
        None => law.judge(rule, &born, &case, explain),
    };
    let mut came = born.iter().zip(all_said).peekable();
    let mut judged = Vec::with_capacity(reaches.len());
    for (subject, reach) in all() {
        let one = if let Some((_, readings)) = came.next_if(|((at, _), _)| *at == subject) {
            settle(subject, readings, &reach.horizon, law, explain)
        } else {
            let record = case.registry.untracked().at(subject).filter(|_| explain);
            let said = record.map(|record| kind::not_yet(record, case.on.untracked())).into_iter().collect();
            Judged { subject, outcome: Outcome::NotApplicable, said, holds_until: reach.horizon.day() }
        };
        judged.push(one);
    }
    judged
        .into_iter()
        .zip(reaches)
        .map(|(one, reach)| (one, reach.reads.map_or_else(Vec::new, Reads::into_sorted)))
        .collect()
}

/// Judges what commits did by one rule, each as the rule stood on the commit's day: that day, the
/// subject, as `kind/id` or `commits/ID`, and what came out.
pub fn judge_history(
    rule: &Rule,
    shared: &Shared<'_>,
    book: &Rulebook,
    explain: bool,
    history: &History,
) -> Vec<(Day, String, Judged)> {
    if !rule.judges_commits() {
        return Vec::new();
    }
    let (mut all, mut laws) = (Vec::new(), BTreeMap::new());
    for step in &history.steps {
        let day = step.day;
        let law = laws.entry(day).or_insert_with(|| in_force::enact(book, rule, shared.registry, day));
        let Some(law) = law.as_deref() else { continue };
        let at = |subject: &str| {
            let of_subject = step.records.iter().find(|change| change.subject == subject);
            let touched = of_subject.or_else(|| step.header.iter().chain(&step.rules).chain(&step.records).next());
            let file = touched.and_then(|change| history.files.get(&change.path));
            file.map(|file| Mark::new(*file, Span::default(), "what the commit touched"))
        };
        for (subject, readings) in law.commit(rule, step, &Case::new(shared, day), explain) {
            let mut judged = settle(0, readings, &Horizon::default(), law, explain);
            judged.said.iter_mut().for_each(|said| kind::history::placed(said, at(&subject)));
            all.push((day, subject, judged));
        }
    }
    all
}

/// What the commits that led to some records did, by the rules of a book: the findings. Leave not to
/// comply is that of the commit's day, as the rule is.
pub fn history_findings(
    registry: &Registry,
    book: &Rulebook,
    selection: &Selection,
    history: &History,
) -> Vec<Finding> {
    let shared = Shared::new(registry, &book.code, &book.calendars);
    let (mut derogations, mut uses, mut found) = (BTreeMap::new(), Uses::default(), Vec::new());
    let mut times: BTreeMap<(Box<str>, String, String), u32> = BTreeMap::new();
    for rule in book.judging() {
        for (day, subject, mut one) in judge_history(rule, &shared, book, false, history) {
            if !one.said.is_empty() {
                let derogations = derogations.entry(day).or_insert_with(|| Derogations::of(registry, day));
                derogate(&mut one, rule, &subject, derogations, &mut uses);
            }
            if !selection.takes(&rule.id, &subject) {
                continue;
            }
            for mut said in one.said.into_iter().filter(|said| !said.silent) {
                // Two commits may do the same to one record.
                let before = times.entry((rule.id.clone(), subject.clone(), said.slot.clone())).or_insert(0);
                *before = before.saturating_add(1);
                if *before > 1 {
                    said.slot = format!("{}-{before}", said.slot);
                }
                found.push(finding(rule, &subject, said));
            }
        }
    }
    found
}

/// Puts the readings of a rule's words together: where they differ, the outcome depends on them.
fn settle(subject: u32, mut readings: Vec<Slots>, horizon: &Horizon, law: &dyn Enacted, explain: bool) -> Judged {
    let first = if readings.is_empty() { Slots::new(explain) } else { readings.remove(0) };
    let base = first.worst().min(Outcome::Pass);
    let mut said = first.into_said();
    let others: Vec<Vec<Said>> = readings.into_iter().map(Slots::into_said).collect();
    if !others.is_empty() {
        compare(&mut said, &others, law);
    }
    let outcome = said.iter().map(|one| one.outcome).max().unwrap_or(base).max(base);
    Judged { subject, outcome, said, holds_until: horizon.day() }
}

fn compare(said: &mut Vec<Said>, others: &[Vec<Said>], law: &dyn Enacted) {
    // The first thing said of a slot counts.
    let by_slot = |list: &'_ [Said]| -> BTreeMap<String, Said> {
        list.iter().rev().map(|one| (one.slot.clone(), one.clone())).collect()
    };
    let own = by_slot(said);
    let rivals: Vec<BTreeMap<String, Said>> = others.iter().map(|list| by_slot(list)).collect();
    let slots: BTreeSet<&String> = own.keys().chain(rivals.iter().flat_map(BTreeMap::keys)).collect();
    let mut all_merged: BTreeMap<&String, Said> = BTreeMap::new();
    for slot in slots {
        let outcome = |one: Option<&Said>| one.map_or(Outcome::Pass, |one| one.outcome.max(Outcome::Pass));
        let own = own.get(slot);
        let differ: Vec<(usize, Option<&Said>)> = (1..)
            .zip(rivals.iter().map(|list| list.get(slot)))
            .filter(|(_, one)| outcome(*one) != outcome(own))
            .collect();
        if differ.is_empty() {
            continue;
        }
        // The subject is said once, before the readings.
        let bare = |said: &Said| said.message.split_once(": ").map_or(said.message.clone(), |(_, why)| why.to_owned());
        let shown = |one: Option<&Said>| match one {
            Some(one) if one.outcome > Outcome::Pass => format!("{} ({})", one.outcome, bare(one)),
            _ => "kept".to_owned(),
        };
        let parts: Vec<String> =
            differ.iter().map(|(number, one)| format!("{}: {}", law.reading(*number), shown(*one))).collect();
        let Some(mut merged) = own.or_else(|| differ.iter().find_map(|(_, one)| *one)).cloned() else { continue };
        let subject = merged.message.split(": ").next().unwrap_or("").to_owned();
        merged.message = format!(
            "{subject}: it depends on how the words are read; as they stand: {}; {}",
            shown(own),
            parts.join("; ")
        );
        merged.outcome = Outcome::ReadingSensitive;
        merged.notable = false;
        merged.steps = readings_in_steps(own, &differ, law);
        if merged.cure.is_none() {
            merged.cure = differ.iter().find_map(|(_, one)| one.and_then(|one| one.cure.clone()));
        }
        merged.help = Some("the words admit more than one reading; ask for a ruling, and record it as a source".into());
        all_merged.insert(slot, merged);
    }
    said.retain(|one| !all_merged.contains_key(&one.slot));
    said.extend(all_merged.into_values());
}

/// What each reading gives, with the steps by which it does; nothing where nobody asked for steps.
fn readings_in_steps(own: Option<&Said>, others: &[(usize, Option<&Said>)], law: &dyn Enacted) -> Vec<String> {
    let read = |name: String, said: Option<&Said>| -> Vec<String> {
        let outcome = said.map_or(Outcome::Pass, |said| said.outcome);
        let steps = said.map_or(&[][..], |said| said.steps.as_slice());
        std::iter::once(format!("{name}, {outcome}:")).chain(steps.iter().cloned()).collect()
    };
    if own.into_iter().chain(others.iter().filter_map(|(_, one)| *one)).all(|one| one.steps.is_empty()) {
        return Vec::new();
    }
    let mut steps = read("as the words stand".to_owned(), own);
    steps.extend(others.iter().flat_map(|(number, one)| read(format!("if {}", law.reading(*number)), *one)));
    steps
}

/// Judges every record of a tree by every rule of it.
pub fn judge(mut tree: Tree, on: Day, selection: &Selection) -> Verdict {
    let texts = std::mem::take(&mut tree.texts);
    let (summary, findings) = judged(&mut tree, on, selection, &texts);
    let verdict = Verdict {
        on,
        position: tree.registry.position,
        at: std::mem::take(&mut tree.at),
        base: None,
        assumed: tree.book.assumed.clone(),
        summary,
        findings,
        changes: Vec::new(),
        texts,
    };
    // A large registry takes a while to free, and nobody waits for that.
    rayon::spawn(move || drop(tree));
    verdict
}

/// What judging a tree gives: the counts, and the findings in their order. The places lie in
/// `texts`; what is wrong with the files as such is taken from the tree.
pub fn judged(tree: &mut Tree, on: Day, selection: &Selection, texts: &Texts) -> (Summary, Vec<Finding>) {
    let problems = std::mem::take(&mut tree.problems);
    let shared = Shared::new(&tree.registry, &tree.book.code, &tree.book.calendars);
    let judging: Vec<&Rule> = tree.book.judging().collect();
    let all = judging.par_iter().map(|rule| (*rule, judge_rule(rule, &shared, on, &tree.book, false, |_| true)));
    let all = all.collect();
    let (summary, findings) = settled(tree, on.into(), all, problems, selection, texts);
    (Summary { records: tree.records, rules: tree.rules, ..summary }, findings)
}

/// What each rule gave for the records of a tree, and of which kinds it looked at any.
pub(crate) struct Noted(Vec<(Vec<Judged>, Kinds)>);

/// The same as [`judged`], and what came out, so that another tree costs what it changes.
pub(crate) fn judged_noting(
    tree: &mut Tree,
    on: Day,
    selection: &Selection,
    texts: &Texts,
) -> (Summary, Vec<Finding>, Noted) {
    judged_after(tree, on, selection, texts, None)
}

/// The same as [`judged_noting`], for a tree that was another when it was judged on the same day by the same
/// rules: since then only records of some kinds came, went or changed. A rule that looked at none of these
/// gives what it gave.
pub(crate) fn judged_after(
    tree: &mut Tree,
    on: Day,
    selection: &Selection,
    texts: &Texts,
    before: Option<(Noted, Kinds)>,
) -> (Summary, Vec<Finding>, Noted) {
    let problems = std::mem::take(&mut tree.problems);
    let shared = Shared::new(&tree.registry, &tree.book.code, &tree.book.calendars);
    let judging: Vec<&Rule> = tree.book.judging().collect();
    let is_first = before.is_none();
    let (mut before, changed) = before.map_or_else(Default::default, |(noted, changed)| (noted.0, changed));
    before.resize_with(judging.len(), Default::default);
    let judge = |(rule, (was, kinds)): (&&Rule, (Vec<Judged>, Kinds))| {
        if !is_first && !kinds.meet(changed) {
            return (was, kinds);
        }
        let reach = Reach::of_kinds();
        let judged = judge_rule_reaching(rule, &shared, on, &tree.book, false, |_| true, &reach);
        (judged, reach.kinds.map(|kinds| kinds.kinds()).unwrap_or_default())
    };
    let all: Vec<(Vec<Judged>, Kinds)> = judging.par_iter().zip(before).map(judge).collect();
    let told = judging.iter().copied().zip(all.iter().map(|(judged, _)| judged.clone())).collect();
    let (summary, findings) = settled(tree, on.into(), told, problems, selection, texts);
    (Summary { records: tree.records, rules: tree.rules, ..summary }, findings, Noted(all))
}

/// What came out for a pair of a rule and a record: the rule's id, the record's position.
pub type Came = (Box<str>, u32, Outcome);

/// The same as [`judged`], and what came out for each pair of a rule and a record.
pub fn judged_each(tree: &mut Tree, on: Day, texts: &Texts) -> (Summary, Vec<Finding>, Vec<Came>) {
    let problems = std::mem::take(&mut tree.problems);
    let shared = Shared::new(&tree.registry, &tree.book.code, &tree.book.calendars);
    let judging: Vec<&Rule> = tree.book.judging().collect();
    let all = judging.par_iter().map(|rule| (*rule, judge_rule(rule, &shared, on, &tree.book, false, |_| true)));
    let all = all.collect();
    let mut each = Vec::new();
    let mut keep = |rule: &Rule, one: &Judged| each.push((rule.id.clone(), one.subject, one.outcome));
    let (summary, findings) = settled_each(tree, on.into(), all, problems, &Selection::default(), texts, &mut keep);
    (Summary { records: tree.records, rules: tree.rules, ..summary }, findings, each)
}

/// What came out for every rule, settled with all else that is known of the tree on the day: one
/// finding a cause, derogations, evidence; in their order.
pub(crate) fn settled(
    tree: &Tree,
    on: Today<'_>,
    all: Vec<(&Rule, Vec<Judged>)>,
    problems: Vec<Finding>,
    selection: &Selection,
    texts: &Texts,
) -> (Summary, Vec<Finding>) {
    settled_each(tree, on, all, problems, selection, texts, &mut |_, _| {})
}

/// The same; `keep` is told what came out for each pair of a rule and a record.
fn settled_each(
    tree: &Tree,
    on: Today<'_>,
    all: Vec<(&Rule, Vec<Judged>)>,
    problems: Vec<Finding>,
    selection: &Selection,
    texts: &Texts,
    keep: &mut dyn FnMut(&Rule, &Judged),
) -> (Summary, Vec<Finding>) {
    let mut summary = Summary::default();
    let mut findings: Vec<Finding> = problems;
    let (registry, book) = (&tree.registry, &tree.book);
    let mut uses = Uses::default();
    let derogations = Derogations::of(registry, on);
    let reported = Reported::of(&findings);
    for (rule, judged) in all {
        for mut one in judged {
            let Some(record) = registry.at(one.subject) else { continue };
            reported.settle(&mut one);
            let needs_subject = !one.said.is_empty() || !selection.subjects.is_empty();
            let subject = if needs_subject { record.subject() } else { String::new() };
            if !derogations.is_empty() && !one.said.is_empty() {
                derogate(&mut one, rule, &subject, &derogations, &mut uses);
            }
            keep(rule, &one);
            if selection.is_all() || selection.takes(&rule.id, &subject) {
                summary.count(one.outcome);
            }
            findings.extend(one.said.into_iter().filter(|said| !said.silent).map(|said| finding(rule, &subject, said)));
        }
    }
    findings.extend(derogation::findings(registry, book, on, &uses));
    add_of_book(&mut findings, registry, book);
    findings.retain(|finding| selection.takes(&finding.rule, &finding.subject));
    let records = registry.records().map(|record| record.file).min();
    let findings = cause::one_for_each_record(cause::one_for_each_fact(findings), records);
    (summary, limited(ordered(findings, texts), MOST_FINDINGS))
}

/// What came out for some pairs of a rule and a record, settled among themselves, in their order: as
/// [`settled`] does where none of it has to do with any other pair's, and none has leave. `records` is the
/// first file of a record, `reported` what is wrong with files as such.
pub(crate) fn settled_some(
    registry: &Registry,
    all: Vec<(&Rule, Vec<Judged>)>,
    reported: &Reported,
    records: FileId,
    texts: &Texts,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (rule, judged) in all {
        for mut one in judged {
            let Some(record) = registry.at(one.subject) else { continue };
            reported.settle(&mut one);
            let subject = record.subject();
            findings.extend(one.said.into_iter().filter(|said| !said.silent).map(|said| finding(rule, &subject, said)));
        }
    }
    ordered(cause::one_for_each_record(cause::one_for_each_fact(findings), Some(records)), texts)
}

/// What is wrong with files as such and what there is to say of the rulebook, settled by itself: as
/// [`settled`] does where none of it is unknown. `records` is the first file of a record.
pub(crate) fn settled_beside(
    registry: &Registry,
    book: &Rulebook,
    mut problems: Vec<Finding>,
    records: FileId,
    texts: &Texts,
) -> Vec<Finding> {
    add_of_book(&mut problems, registry, book);
    ordered(cause::one_for_each_record(problems, Some(records)), texts)
}

/// Adds what there is to say of the rulebook: of its letters, and of bodies that it lists and that have no
/// record.
fn add_of_book(findings: &mut Vec<Finding>, registry: &Registry, book: &Rulebook) {
    findings.extend(book.letters.iter().cloned());
    let missing: BTreeSet<Box<str>> = findings
        .iter()
        .filter(|finding| finding.rule.as_ref() == "record-reference")
        .map(|finding| finding.subject.clone())
        .collect();
    findings.extend(bodies_without_records(registry, book).into_iter().filter(|one| !missing.contains(&one.subject)));
}

/// The findings, no more than `most`: the least of them go first, and one that is an error tells of it.
fn limited(mut findings: Vec<Finding>, most: usize) -> Vec<Finding> {
    let over = findings.len().saturating_sub(most);
    if over == 0 {
        return findings;
    }
    let mut spare = over;
    for level in [Level::Note, Level::Warning, Level::Error] {
        let count = findings.iter().filter(|finding| finding.level == level).count();
        let keep = count.saturating_sub(spare);
        spare = spare.saturating_sub(count);
        let mut seen = 0_usize;
        findings.retain(|finding| {
            seen = seen.saturating_add(usize::from(finding.level == level));
            finding.level != level || seen <= keep
        });
    }
    let mark = findings.first().and_then(|finding| finding.marks.first());
    let problem = Problem {
        rule: "record-limit",
        slot: "findings".into(),
        message: format!("{over} findings more than the {most} that are listed, the least of them left out"),
        help: Some("mend those listed, or look at a part with `--rule` or `--subject`, then run again".into()),
        marks: mark.map(|mark| Mark::new(mark.place.file, mark.place.span, "the first")).into_iter().collect(),
    };
    findings.push(file::finding("registry", problem));
    findings
}

impl Summary {
    fn count(&mut self, outcome: Outcome) {
        self.judged = self.judged.saturating_add(1);
        if let Some(count) =
            Outcome::ALL.iter().position(|one| *one == outcome).and_then(|at| self.outcomes.get_mut(at))
        {
            *count = count.saturating_add(1);
        }
    }
}

/// Makes a breach that a derogation in force covers derogated, and notes what each derogation did.
pub fn derogate(one: &mut Judged, rule: &Rule, subject: &str, derogations: &Derogations<'_>, uses: &mut Uses) {
    for said in one.said.iter_mut().filter(|said| said.outcome == Outcome::Breach) {
        if let Some(cover) = derogations.cover(rule, subject, said, uses) {
            let mark = cover.mark();
            said.outcome = Outcome::Derogated;
            // There are steps only where somebody asked for them.
            if !said.steps.is_empty() {
                said.steps.extend(cover.steps());
            }
            let _ = write!(said.message, " ({})", mark.label);
            said.marks.push(mark);
        }
    }
    one.outcome = one.said.iter().map(|said| said.outcome).max().unwrap_or(one.outcome);
}

/// The finding that something said of a slot is: the rule's level, lowered to what the evidence
/// bears.
pub fn finding(rule: &Rule, subject: &str, said: Said) -> Finding {
    let cap = said.basis.map_or(Level::Error, Basis::cap);
    let level = match said.outcome {
        Outcome::Breach => rule.level.min(cap),
        Outcome::ReadingSensitive => rule.level.min(cap).min(Level::Warning),
        _ => Level::Note,
    };
    let mut message = said.message;
    let unnamed: Vec<String> =
        said.varied_by.iter().map(|id| format!("`{id}`")).filter(|id| !message.contains(id.as_str())).collect();
    if said.outcome == Outcome::Breach && !unnamed.is_empty() {
        let _ = write!(message, " (as varied by {})", unnamed.join(", "));
    }
    if said.outcome == Outcome::Breach && level < rule.level {
        let why = match said.basis {
            Some(Basis::Recalled) => "the rule is recalled, and no source was found for it",
            Some(Basis::Inferred) => "the rule is inferred from dated cases, nobody has read it",
            _ => "its evidence is not enough for an error",
        };
        let _ = write!(message, " ({level}, not {}: {why})", rule.level);
    }
    Finding {
        rule: rule.id.clone(),
        clause: Some(said.clause.unwrap_or_else(|| rule.clause.clone())),
        basis: said.basis,
        slot: said.slot.into(),
        outcome: said.outcome,
        level,
        subject: subject.into(),
        message,
        help: said.help,
        marks: said.marks,
        status: None,
        by_base_rules: false,
    }
}

/// A listed body without a record: its rules judge nothing, and a note says so.
fn bodies_without_records(registry: &Registry, book: &Rulebook) -> Vec<Finding> {
    let mut found = Vec::new();
    for (body, span) in book.code.bodies() {
        if registry.exists(Kind::Body, body) {
            continue;
        }
        let about = |rule: &&Rule| matches!(&rule.what, What::Rule { about, .. } if about.body() == Some(body));
        let rules: Vec<String> = book.judging().filter(about).map(|rule| format!("`{}`", rule.id)).collect();
        let idle = if rules.is_empty() {
            "no rule is about it".to_owned()
        } else {
            format!("so {} judge{} nothing", rules.join(", "), if rules.len() == 1 { "s" } else { "" })
        };
        let problem = Problem {
            rule: "record-body",
            slot: "body".into(),
            message: format!("body `{body}`: listed in the code's words and without a record, {idle}"),
            help: builtin::help("record-body"),
            marks: vec![Mark::new(book.code.file, span, "listed here")],
        };
        let subject = format!("bodies/{body}");
        let message = problem.message.clone();
        found.push(Finding { message, ..file::finding(&subject, problem) });
    }
    found
}

/// Sorted, and no two share a fingerprint.
fn ordered(mut findings: Vec<Finding>, texts: &Texts) -> Vec<Finding> {
    sort(&mut findings, texts);
    let mut seen: HashMap<[Box<str>; 3], u32> = HashMap::new();
    for finding in &mut findings {
        let times = seen.entry([finding.rule.clone(), finding.subject.clone(), finding.slot.clone()]).or_insert(0);
        *times = times.saturating_add(1);
        if *times > 1 {
            finding.slot = format!("{}-{times}", finding.slot).into();
        }
    }
    findings
}

/// By primary path, line, column, rule, subject, slot.
pub(crate) fn sort(findings: &mut [Finding], texts: &Texts) {
    let place = |finding: &Finding| finding.marks.first().map(|mark| mark.place);
    let path = |finding: &Finding| place(finding).map_or("", |place| texts.path(place.file));
    let start = |finding: &Finding| place(finding).map(|place| place.span.start);
    findings.sort_by(|one, other| {
        let by_place = path(one).cmp(path(other)).then_with(|| start(one).cmp(&start(other)));
        by_place
            .then_with(|| one.rule.cmp(&other.rule))
            .then_with(|| one.subject.cmp(&other.subject))
            .then_with(|| one.slot.cmp(&other.slot))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(level: Level, slot: &str) -> Finding {
        let problem =
            Problem { rule: "record-key", slot: slot.into(), message: slot.into(), help: None, marks: Vec::new() };
        Finding { level, ..file::finding("people/ann", problem) }
    }

    #[test]
    fn as_many_findings_as_may_be_listed_are_listed_and_of_more_the_worst() {
        let levels = [Level::Note, Level::Error, Level::Note, Level::Warning, Level::Error];
        let all = || levels.iter().zip(["a", "b", "c", "d", "e"]).map(|(level, slot)| finding(*level, slot)).collect();
        let listed = |most| -> Vec<String> {
            limited(all(), most).iter().map(|one| format!("{} {}", one.slot, one.level.word())).collect()
        };
        assert_eq!(listed(5), ["a note", "b error", "c note", "d warning", "e error"]);
        assert_eq!(listed(4), ["a note", "b error", "d warning", "e error", "findings error"]);
        assert_eq!(listed(3), ["b error", "d warning", "e error", "findings error"]);
        assert_eq!(listed(1), ["b error", "findings error"]);
        let last = limited(all(), 1).pop().map(|one| one.message).unwrap_or_default();
        assert!(last.contains("4 findings more than the 1 that are listed"), "{last}");
    }
}
