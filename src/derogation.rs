//! Derogations: leave not to comply. A breach that one in force covers is derogated; one that
//! covers nothing, has run out or names nothing is a finding of its own.

use std::collections::BTreeMap;

use crate::{
    builtin,
    day::{Day, Today, Truth, When, in_force},
    finding::{Clause, Finding, Mark, Problem},
    kind::{Said, Shared},
    record::{Kind, Record, derogation::Derogation},
    registry::{Registry, file},
    rulebook::{Rulebook, rule::Rule},
};

/// The derogations of a registry, by the subject that they name.
#[derive(Debug, Default)]
pub struct Derogations<'r> {
    by_subject: BTreeMap<&'r str, Vec<(&'r Record, &'r Derogation)>>,
    on: Option<Today<'r>>,
}

/// What a derogation did in one run.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Use {
    covered: bool,
    expired_over_breach: bool,
}

/// What each derogation did, by its id.
#[derive(Debug, Default)]
pub struct Uses(BTreeMap<Box<str>, Use>);

/// A derogation that covers a breach on a day.
#[derive(Debug, Clone, Copy)]
pub struct Cover<'r> {
    record: &'r Record,
    derogation: &'r Derogation,
    on: Day,
}

impl Cover<'_> {
    /// Where it says of what it is.
    pub fn mark(&self) -> Mark {
        let label = format!("derogated by `{}`", self.record.id);
        Mark::new(self.record.file, self.derogation.subject.span, label)
    }

    /// What it is, how long, by whom and why, a step a line.
    pub fn steps(&self) -> Vec<String> {
        let Derogation { from, until, granted_by, decision, reason, .. } = self.derogation;
        let day = |when: Option<When>| when.map_or("a day that is not recorded".to_owned(), |when| when.to_string());
        let end = match until.when() {
            Some(until) if until.day().is_some() => format!("up to and including {}", until.first.plus_days(-1)),
            Some(until) => format!("until before {until}"),
            None => "with no end recorded".to_owned(),
        };
        let by = granted_by.known().map_or("somebody who is not recorded", AsRef::as_ref);
        let decision = decision.known().map(|meeting| format!(", decided at `{}`", meeting.as_ref()));
        let what = match (self.derogation.rule.text(), self.derogation.clause.text()) {
            (Some(rule), _) => format!("the rule `{rule}`"),
            (None, clause) => format!("{} and what lies under it", clause.unwrap_or("its clause")),
        };
        let id = &self.record.id;
        let mut steps = vec![
            format!("the derogation `{id}` gives leave from {what}, from {} {end}", day(from.when())),
            format!("granted by `{by}`{}", decision.unwrap_or_default()),
        ];
        steps.extend(reason.text().map(|reason| format!("its reason: {reason}")));
        steps.push(format!("on {} it is in force, so what would be a breach is derogated", self.on));
        steps
    }
}

/// Whether a rule is one of those that are about derogations as such.
pub(crate) fn is_about(rule: &str) -> bool {
    rule.starts_with("record-derogation-")
}

impl<'r> Derogations<'r> {
    /// The derogations of a registry.
    pub fn of(registry: &'r Registry, on: impl Into<Today<'r>>) -> Self {
        let mut made = Self { by_subject: BTreeMap::new(), on: Some(on.into()) };
        for (_, record) in registry.all(Kind::Derogation) {
            let Some(derogation) = record.derogation() else { continue };
            if let Some(subject) = derogation.subject.known() {
                made.by_subject.entry(subject.as_ref()).or_default().push((record, derogation));
            }
        }
        made
    }

    /// The derogation in force that covers a breach. Those that no longer are, and would have, are
    /// noted.
    pub fn cover(&self, rule: &Rule, subject: &str, said: &Said, uses: &mut Uses) -> Option<Cover<'r>> {
        let on = self.on?;
        let (mut found, mut expired) = (None, Vec::new());
        for (record, derogation) in self.by_subject.get(subject).into_iter().flatten() {
            if !names(derogation, rule, said.clause.as_ref()) {
                continue;
            }
            let used = uses.0.entry(record.id.clone()).or_default();
            let until = derogation.until.when();
            match in_force(derogation.from.when(), until, on) {
                Truth::Yes => {
                    used.covered = true;
                    found.get_or_insert(Cover { record, derogation, on: on.untracked() });
                }
                _ if until.is_some_and(|until| until.by(on).certain()) => expired.push(record.id.clone()),
                _ => {}
            }
        }
        // One that a later one prolongs has done its work.
        if found.is_none() {
            for id in expired {
                uses.0.entry(id).or_default().expired_over_breach = true;
            }
        }
        found
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_subject.is_empty()
    }
}

fn names(derogation: &Derogation, rule: &Rule, row: Option<&Clause>) -> bool {
    let by_rule = derogation.rule.text().is_some_and(|id| id == rule.id.as_ref());
    let by_clause = derogation
        .clause
        .text()
        .is_some_and(|clause| rule.clause.lies_under(clause) || row.is_some_and(|row| row.lies_under(clause)));
    by_rule || by_clause
}

/// What is wrong with the derogations themselves.
pub fn findings(registry: &Registry, book: &Rulebook, on: Today<'_>, uses: &Uses) -> Vec<Finding> {
    let mut found = Vec::new();
    let shared = Shared::new(registry, &book.code, &book.calendars);
    for (_, record) in registry.all(Kind::Derogation) {
        let Some(derogation) = record.derogation() else { continue };
        let used = uses.0.get(&record.id).copied().unwrap_or_default();
        let of_own = || granted_to_oneself(derogation, &shared);
        let problem = dangling(record, derogation, book).or_else(of_own).or_else(|| {
            let holds = in_force(derogation.from.when(), derogation.until.when(), on);
            if used.expired_over_breach && !used.covered {
                let message = "the derogation has run out, and what it covered is still broken".to_owned();
                Some(("record-derogation-expired", message, derogation.until.span, "no longer in force"))
            } else if holds == Truth::Yes
                && !used.covered
                && names_a_record(registry, derogation)
                && !is_of_commits(derogation, book)
            {
                let message = "the derogation covers no breach".to_owned();
                Some(("record-derogation-unused", message, derogation.subject.span, "keeps the rule"))
            } else {
                None
            }
        });
        let Some((rule, message, span, label)) = problem else { continue };
        let help = builtin::help(rule);
        let marks = vec![Mark::new(record.file, span, label)];
        found.push(file::finding(&record.subject(), Problem { rule, slot: "derogation".into(), message, help, marks }));
    }
    found
}

/// Whether the subject is a record; one that is not was reported as a reference.
fn names_a_record(registry: &Registry, derogation: &Derogation) -> bool {
    let subject = derogation.subject.known().and_then(|subject| subject.as_ref().split_once('/'));
    subject.is_some_and(|(kind, id)| Kind::of_folder(kind).is_some_and(|kind| registry.exists(kind, id)))
}

/// Whether it may cover what a commit did: a tree alone does not say whether one did.
fn is_of_commits(derogation: &Derogation, book: &Rulebook) -> bool {
    book.judging().any(|rule| rule.judges_commits() && names(derogation, rule, None))
}

type Wrong = (&'static str, String, crate::text::Span, &'static str);

/// Leave that somebody gave themselves, or somebody of their group on the day from which it holds.
fn granted_to_oneself(derogation: &Derogation, shared: &Shared<'_>) -> Option<Wrong> {
    let rule = "record-derogation-beneficiary";
    let (by, span) = (derogation.granted_by.known()?.as_ref(), derogation.granted_by.span);
    let (_, id) = derogation.subject.known()?.as_ref().split_once('/')?;
    if by == id {
        return Some((rule, format!("`{by}` granted the derogation to itself"), span, "its own subject"));
    }
    // Nobody else has affiliations, and to work them out costs what there are.
    let has_some = |id: &str| [Kind::Party, Kind::Organisation].iter().any(|kind| shared.registry.exists(*kind, id));
    let from = derogation.from.when()?.day().filter(|_| has_some(by) && has_some(id))?;
    let affiliates = shared.affiliates(from);
    if affiliates.joined(by, id) != Truth::Yes {
        return None;
    }
    let ways: Vec<String> = affiliates.chain(by, id).iter().map(|(_, link)| format!("`{}`", link.to)).collect();
    let message =
        format!("`{by}` granted the derogation, and by its affiliations ({}) gave it to itself", ways.join(", "));
    Some((rule, message, span, "of one group with the subject"))
}

fn dangling(record: &Record, derogation: &Derogation, book: &Rulebook) -> Option<Wrong> {
    let rule = "record-derogation-dangling";
    if let Some(id) = derogation.rule.text() {
        if builtin::find(id).is_some() {
            return Some((
                rule,
                format!("nobody can grant leave from the built-in rule `{id}`"),
                derogation.rule.span,
                "built in",
            ));
        }
        return match book.find(id) {
            Some(_) => None,
            None => Some((rule, format!("there is no rule `{id}`"), derogation.rule.span, "no such rule")),
        };
    }
    match derogation.clause.text() {
        Some(clause) if book.has_clause(clause) => None,
        Some(clause) => {
            Some((rule, format!("no rule stands on clause `{clause}`"), derogation.clause.span, "no such clause"))
        }
        None if record.damaged || derogation.rule.is_bad() || derogation.clause.is_bad() => None,
        None => {
            Some((rule, "the derogation names neither a `rule` nor a `clause`".into(), record.head(), "names neither"))
        }
    }
}
