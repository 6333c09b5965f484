//! A commit on trial: what it did to the records that a rule is about, and what is said of that.

use std::collections::BTreeMap;

use super::{About, History, Terms};
use crate::{
    change::{Change, What},
    day::{Truth, When},
    finding::{Mark, Outcome},
    history::Step,
    kind::{Case, Cure, Law, Said, Says, Segment, Slots},
};

/// A commit, and the rule as it stands on the commit's day.
pub(super) struct Trial<'t> {
    law: &'t Law<'t, History>,
    pub(super) step: &'t Step,
    pub(super) case: &'t Case<'t>,
    explain: bool,
    segment: &'t Segment<Terms>,
    pub(super) terms: &'t Terms,
    /// What was said, by subject.
    pub(super) found: BTreeMap<String, Slots>,
}

/// The subject of a finding where no record is meant.
fn whole(step: &Step) -> String {
    format!("commits/{}", step.id)
}

/// The commit in words.
fn named(step: &Step) -> String {
    format!("commit `{}` of {}", step.short(), step.day)
}

/// Whether a rule is about a record.
fn is_about(about: &About, subject: &str) -> bool {
    about.paths.known().is_none_or(|paths| paths.iter().any(|one| subject.starts_with(one)))
}

/// Whether something changed but the way in which it is written.
fn is_of_fact(change: &Change) -> bool {
    change.what != What::Changed || !change.facts.is_empty()
}

impl<'t> Trial<'t> {
    /// The trial of a commit; where there is none, what is to be said without it.
    pub(super) fn of(
        law: &'t Law<'t, History>,
        step: &'t Step,
        case: &'t Case<'t>,
        explain: bool,
    ) -> Result<Self, BTreeMap<String, Slots>> {
        match law.on(step.day) {
            Says::Nothing(_) => Err(BTreeMap::new()),
            Says::Terms(segment, terms) => {
                Ok(Self { law, step, case, explain, segment, terms, found: BTreeMap::new() })
            }
            Says::Unknown(segment) => {
                // Whatever the test was, it is none of a commit that touched nothing that the rule is about.
                let of_header = law.about.paths.is_absent() && step.header.is_some();
                if !of_header && !step.records.iter().any(|change| is_about(law.about, &change.subject)) {
                    return Err(BTreeMap::new());
                }
                let subject = whole(step);
                let message = format!("`{subject}`: {}, what held on that day is not known", named(step));
                let said = Said::new("commit", Outcome::Unknown, message).marks(segment.marks.first().cloned());
                let mut slots = Slots::new(explain);
                slots.say(said.under(segment));
                Err(BTreeMap::from([(subject, slots)]))
            }
        }
    }

    /// The changes of records that the rule is about.
    pub(super) fn meant(&self) -> impl Iterator<Item = &'t Change> + use<'t> {
        let about = self.law.about;
        self.step.records.iter().filter(move |change| is_about(about, &change.subject))
    }

    /// Whether the commit changed what the rule is about: rules too, where it names no records.
    pub(super) fn is_meant(&self) -> bool {
        let is_of_all = self.law.about.paths.is_absent();
        self.meant().next().is_some() || is_of_all && (self.step.header.is_some() || !self.step.rules.is_empty())
    }

    /// The subject of a finding where no record is meant.
    pub(super) fn whole(&self) -> String {
        whole(self.step)
    }

    /// Says something of a subject; the message begins with its name and the commit's.
    pub(super) fn say(&mut self, subject: &str, outcome: Outcome, why: &str, steps: Vec<String>, cure: Option<&str>) {
        let slot = self.terms.test.known().map_or("commit", |test| test.word());
        let place = self.segment.mark(self.law.file, "test", self.terms.test.span, "asked for here");
        let what = format!("`{subject}`: {}, made by {}, {why}", named(self.step), self.step.author);
        let mut said = Said::new(slot, outcome, what).mark(place);
        if let Some(cure) = cure {
            said = said.help(cure);
            if self.explain && outcome == Outcome::Breach {
                said = said.cure(Cure::by_hand(cure, "a commit is no value of a record"));
            }
        }
        said = said.because(self.explain, || steps).under(self.segment);
        self.found.entry(subject.to_owned()).or_insert_with(|| Slots::new(self.explain)).say(said);
    }

    /// Says that the commit did not do it.
    pub(super) fn keep(&mut self, subject: &str, why: &str) {
        self.say(subject, Outcome::Pass, why, vec![why.to_owned()], None);
    }

    pub(super) fn deleted(&mut self) {
        for change in self.meant() {
            if change.what == What::Removed {
                let step =
                    format!("`{}` was there before the commit and is not after it, under no other id", change.path);
                let cure =
                    "put the file back and end the record with a date; where it is another's duplicate, say so in it";
                self.say(&change.subject, Outcome::Breach, "took the record out", vec![step], Some(cure));
            } else {
                self.keep(&change.subject, "did not take the record out");
            }
        }
    }

    pub(super) fn position_back(&mut self) {
        let Some(header) = &self.step.header else { return };
        let Some(fact) = header.facts.iter().find(|fact| fact.field == "position") else { return };
        let day = |text: &Option<String>| text.as_deref().and_then(When::parse);
        let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
        let sides = format!("`position` from {} to {}", shown(&fact.was), shown(&fact.now));
        let (outcome, why) = match (day(&fact.was), day(&fact.now)) {
            (None, _) => (Outcome::NotApplicable, format!("set {sides}")),
            (Some(_), None) => (Outcome::Unknown, format!("took the position out: {sides}")),
            (Some(was), Some(now)) => match now.before(was) {
                Truth::Yes => (Outcome::Breach, format!("moved {sides}")),
                Truth::No => (Outcome::Pass, format!("moved {sides}")),
                Truth::Maybe => (Outcome::Unknown, format!("moved {sides}, which may be back")),
            },
        };
        let steps = vec![format!("before the commit and after it: {sides}")];
        let cure = "judge an earlier day with `--on`, and leave the position where it was";
        self.say(&self.whole(), outcome, &why, steps, (outcome > Outcome::Pass).then_some(cure));
    }

    pub(super) fn rules_and_records(&mut self) {
        let records: Vec<&Change> = self.meant().filter(|change| is_of_fact(change)).collect();
        let rules: Vec<&Change> = self.step.rules.iter().filter(|change| is_of_fact(change)).collect();
        let subject = self.whole();
        match (rules.first(), records.first()) {
            (None, None) => {}
            (Some(rule), Some(record)) => {
                let counts = (rules.len(), records.len());
                let why = format!(
                    "changed rules and records: {} ({}) and {} ({})",
                    counts.0, rule.path, counts.1, record.subject
                );
                let steps = rules.iter().chain(&records).map(|one| format!("{} {}", one.path, one.what.word()));
                let cure = "make two commits of it: first the rules, judged by what they find, then the records";
                self.say(&subject, Outcome::Breach, &why, steps.collect(), Some(cure));
            }
            (Some(_), None) => self.keep(&subject, "changed rules alone"),
            (None, Some(_)) => self.keep(&subject, "changed records alone"),
        }
    }
}

/// A place in a file that a commit touched, put before the rule's own.
pub(crate) fn placed(said: &mut Said, mark: Option<Mark>) {
    if let Some(mark) = mark {
        said.marks.insert(0, mark);
    }
}
