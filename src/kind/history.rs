//! Kind `history`: what only commits can show. It judges what a commit did, not what a record says, so
//! it has no subjects among the records of a tree.

use std::collections::BTreeMap;

use super::{Case, Cure, Kind, Law, Proofreader, Said, Says, Segment, Slots};
use crate::{
    change::{Change, What},
    day::{Day, Truth, When},
    decode::{Fact, List, Text, table, words},
    finding::{Mark, Outcome},
    history::Step,
    record::Record,
    rulebook::{code::Code, mutant::Mutator, raw::Words},
};

/// The kind.
#[derive(Debug)]
pub struct History;

table! {
    /// What a rule about history is about.
    pub struct About {
        /// The records meant, each by how its `kind/id` begins; all where this is left out.
        paths: Fact<Words> = "paths",
    }
}

words! {
    /// What a commit is tested for.
    pub enum Test {
        /// It took a record out.
        Deleted = "deleted",
        /// It gave a record the id that another had.
        Reused = "reused",
        /// It edited a fact of before the position, and does not say that it corrects.
        PastEdited = "past-edited",
        /// It recorded something long after it happened.
        Late = "late",
        /// Nobody allowed signed it.
        Unsigned = "unsigned",
        /// Nobody but who made it is named as having read it.
        Unreviewed = "unreviewed",
        /// It changed rules and records.
        RulesAndRecords = "rules-and-records",
        /// It moved the position back.
        PositionBack = "position-back",
    }
}

/// The tests that this version of the tool makes.
const MADE: &[&str] = &["deleted", "past-edited", "late", "unreviewed", "rules-and-records", "position-back"];

table! {
    /// What is tested.
    pub struct Terms {
        /// What a commit must not have done.
        test: Fact<Test> = "test" (required),
        /// For `late`: within how many Working Days a thing that happened is recorded.
        within: Fact<u32> = "within",
        /// For `late`: the calendars whose bank holidays count; the code's own where left out.
        calendar: List<Text> = "calendar",
    }
}

/// Who changes what, in one breath: what every judgement of a commit looks at.
struct Trial<'t> {
    law: &'t Law<'t, History>,
    step: &'t Step,
    case: &'t Case<'t>,
    explain: bool,
    segment: &'t Segment<Terms>,
    terms: &'t Terms,
    found: BTreeMap<String, Slots>,
}

impl Kind for History {
    const NAME: &'static str = "history";
    const DOC: &'static str = include_str!("../../docs/kinds/history.md");
    type About = About;
    type Terms = Terms;
    type Prepared<'c> = ();

    fn proofread(about: &About, terms: &Terms, proof: &mut Proofreader<'_>) {
        let Some(test) = terms.test.known() else { return };
        if !MADE.contains(&test.word()) {
            let message =
                format!("`{}` cannot be judged by this version of quorate: it judges {}", test.word(), MADE.join(", "));
            return proof.reader.report("record-word", terms.test.span, message, "not yet", None);
        }
        let is_late = *test == Test::Late;
        if is_late && terms.within.is_absent() {
            let message = "`late` says within how many Working Days: `within`".into();
            proof.reader.report("record-missing", terms.span, message, "not in here", None);
        }
        if !is_late && !terms.within.is_absent() {
            let message = format!("`within` says nothing where the test is `{}`", test.word());
            proof.reader.report("record-key", terms.within.span, message, "leave it out", None);
        }
        let is_about_records = !matches!(test, Test::PositionBack);
        if !is_about_records && !about.paths.is_absent() {
            let message = "`paths` says nothing where the test is `position-back`".into();
            proof.reader.report("record-key", about.paths.span, message, "leave it out", None);
        }
    }

    fn subjects(_: &About, _: &Case<'_>) -> Vec<u32> {
        Vec::new()
    }

    fn prepare(_: &About, _: &Case<'_>) {}

    fn judge(_: &Law<'_, Self>, (): &(), _: &Record, _: u32, _: &Case<'_>, _: &mut Slots) {}

    fn looked_for(_: &Law<'_, Self>, _: &Record, _: &Case<'_>) -> Vec<String> {
        vec!["the rule judges commits, not records: `quorate check --base REV` asks it".to_owned()]
    }

    fn commit(law: &Law<'_, Self>, step: &Step, case: &Case<'_>, explain: bool) -> BTreeMap<String, Slots> {
        let (segment, terms) = match law.on(step.day) {
            Says::Nothing(_) => return BTreeMap::new(),
            Says::Unknown(segment) => {
                let message = format!("{}: what held on that day is not known", named(step));
                let said = Said::new("commit", Outcome::Unknown, message).marks(segment.marks.first().cloned());
                let mut slots = Slots::new(explain);
                slots.say(said.under(segment));
                return BTreeMap::from([(whole(step), slots)]);
            }
            Says::Terms(segment, terms) => (segment, terms),
        };
        let mut trial = Trial { law, step, case, explain, segment, terms, found: BTreeMap::new() };
        match terms.test.known() {
            Some(Test::Deleted) => trial.deleted(),
            Some(Test::PositionBack) => trial.position_back(),
            Some(Test::RulesAndRecords) => trial.rules_and_records(),
            Some(Test::PastEdited) => trial.past_edited(),
            Some(Test::Late) => trial.late(),
            Some(Test::Unreviewed) => trial.unreviewed(),
            // Refused when the rule was read.
            Some(Test::Reused | Test::Unsigned) | None => {}
        }
        trial.found
    }

    const MUTATORS: &'static [Mutator] =
        &[Mutator::Swap("test", MADE), Mutator::Step("within"), Mutator::Drop("/paths.*")];

    fn english(about: &About, terms: &Terms, _: &Code) -> String {
        let paths = about.paths.known().map(|paths| paths.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>());
        let below = paths.map_or(String::new(), |paths| format!(" below {}", paths.join(" or ")));
        match terms.test.known() {
            Some(Test::Deleted) => format!("No commit takes out a record{below}."),
            Some(Test::Reused) => format!("No record{below} has the id that another had."),
            Some(Test::PastEdited) => format!(
                "A commit that edits a fact of a record{below} from before the position says `Corrects: KIND/ID`."
            ),
            Some(Test::Late) => {
                let days = terms.within.known().copied().unwrap_or(0);
                format!("What happens to a record{below} is recorded within {days} Working Days.")
            }
            Some(Test::Unsigned) => format!("A commit that changes records{below} is signed by an allowed key."),
            Some(Test::Unreviewed) => format!(
                "A commit that changes records{below} names in `Reviewed-by:` somebody other than its author and committer."
            ),
            Some(Test::RulesAndRecords) => format!("No commit changes both rules and records{below}."),
            Some(Test::PositionBack) => "No commit moves the position back.".to_owned(),
            None => "?".to_owned(),
        }
    }
}

/// What a finding is about where no record is meant.
fn whole(step: &Step) -> String {
    format!("commits/{}", step.id)
}

/// The commit in words.
fn named(step: &Step) -> String {
    format!("commit `{}` of {}", step.short(), step.day)
}

impl Trial<'_> {
    /// The changes of records that the rule is about.
    fn meant(&self) -> Vec<Change> {
        let paths = self.law.about.paths.known();
        let is_meant =
            |change: &&Change| paths.is_none_or(|paths| paths.iter().any(|one| change.subject.starts_with(one)));
        self.step.records.iter().filter(is_meant).cloned().collect()
    }

    /// Says something of a subject: the message comes after its name.
    fn say(&mut self, subject: String, outcome: Outcome, why: &str, steps: Vec<String>, cure: Option<&str>) {
        let slot = self.terms.test.known().map_or("commit", |test| test.word());
        let place = self.segment.mark(self.law.file, "test", self.terms.test.span, "asked for here");
        let author = &self.step.author;
        let what = format!("`{subject}`: {}, made by {author}, {why}", named(self.step));
        let mut said = Said::new(slot, outcome, what).mark(place);
        if let Some(cure) = cure {
            said = said.help(cure);
            if self.explain && outcome == Outcome::Breach {
                said = said.cure(Cure::by_hand(cure, "a commit is no value of a record"));
            }
        }
        said = said.because(self.explain, || steps).under(self.segment);
        self.found.entry(subject).or_insert_with(|| Slots::new(self.explain)).say(said);
    }

    fn keep(&mut self, subject: String, why: &str) {
        self.say(subject, Outcome::Pass, why, vec![why.to_owned()], None);
    }

    fn deleted(&mut self) {
        for change in self.meant() {
            if change.what == What::Removed {
                let step =
                    format!("`{}` was there before the commit and is not after it, under no other id", change.path);
                let cure =
                    "put the file back and end the record with a date; where it is another's duplicate, say so in it";
                self.say(change.subject, Outcome::Breach, "took the record out", vec![step], Some(cure));
            } else {
                self.keep(change.subject, "did not take the record out");
            }
        }
    }

    fn position_back(&mut self) {
        let Some(header) = &self.step.header else { return };
        let Some(fact) = header.facts.iter().find(|fact| fact.field == "position") else { return };
        let day = |text: &Option<String>| text.as_deref().and_then(When::parse);
        let (was, now) = (day(&fact.was), day(&fact.now));
        let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
        let sides = format!("`position` from {} to {}", shown(&fact.was), shown(&fact.now));
        let subject = whole(self.step);
        let (outcome, why) = match (was, now) {
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
        self.say(subject, outcome, &why, steps, (outcome > Outcome::Pass).then_some(cure));
    }

    fn rules_and_records(&mut self) {
        let records = self.meant();
        let subject = whole(self.step);
        match (self.step.rules.first(), records.first()) {
            (None, None) => {}
            (Some(rule), Some(record)) => {
                let (rules, count) = (self.step.rules.len(), records.len());
                let why =
                    format!("changed rules and records: {rules} ({}) and {count} ({})", rule.path, record.subject);
                let steps =
                    self.step.rules.iter().chain(&records).map(|one| format!("{} {}", one.path, one.what.word()));
                let cure = "make two commits of it: first the rules, judged by what they find, then the records";
                let steps = steps.collect();
                self.say(subject, Outcome::Breach, &why, steps, Some(cure));
            }
            (Some(_), None) => self.keep(subject, "changed rules alone"),
            (None, Some(_)) => self.keep(subject, "changed records alone"),
        }
    }

    fn past_edited(&mut self) {
        for change in self.meant() {
            if !matches!(change.what, What::Changed | What::Moved(_)) {
                continue;
            }
            let edited = change.facts.iter().filter(|fact| fact.was.is_some());
            let dated: Vec<(String, When)> = edited
                .filter_map(|fact| Some((fact.sentence(), fact.legal.as_deref().and_then(When::parse)?)))
                .collect();
            let past = |when: When| self.step.position.map_or(Truth::Maybe, |position| when.before(position));
            let worst = |wanted: Truth| dated.iter().find(|(_, when)| past(*when) == wanted);
            if self.step.corrects(&change.subject) {
                self.keep(change.subject.clone(), "says that it corrects the record");
            } else if let Some((fact, _)) = worst(Truth::Yes).or_else(|| worst(Truth::Maybe)) {
                let outcome = if worst(Truth::Yes).is_some() { Outcome::Breach } else { Outcome::Unknown };
                let position = self.step.position.map_or("not recorded".to_owned(), |position| position.to_string());
                let why = format!("edited what was there before the position ({position}): {fact}");
                let mut steps = vec![format!("the position before the commit: {position}")];
                steps.extend(dated.iter().map(|(fact, when)| format!("{fact}: of {when}")));
                let cure = format!("say `Corrects: {}` in the commit, and why", change.subject);
                self.say(change.subject.clone(), outcome, &why, steps, Some(&cure));
            } else if !dated.is_empty() {
                self.keep(change.subject.clone(), "edited nothing of before the position");
            }
        }
    }

    fn late(&mut self) {
        let calendar: Vec<Text> = self.terms.calendar.iter().cloned().collect();
        let working = self.case.working_days(&calendar);
        let within = i32::try_from(self.terms.within.known().copied().unwrap_or(0)).unwrap_or(i32::MAX);
        let last = |day: Day| if day.is_finite() { working.add(day, within, false) } else { None };
        let day = self.step.day;
        for change in self.meant() {
            let new = change.facts.iter().filter(|fact| fact.was.is_none());
            let happened = |when: &When| when.first <= day;
            let mut dated: Vec<(String, When, Truth)> = Vec::new();
            for fact in new {
                let Some(when) = fact.legal.as_deref().and_then(When::parse).filter(happened) else { continue };
                // The last day in time, for the earliest and for the latest day that it may have been.
                let is_late = match (last(when.first), last(when.last)) {
                    (_, Some(latest)) if day > latest => Truth::Yes,
                    (Some(earliest), _) if day <= earliest => Truth::No,
                    _ => Truth::Maybe,
                };
                dated.push((fact.sentence(), when, is_late));
            }
            let worst = |wanted: Truth| dated.iter().find(|(.., late)| *late == wanted);
            if self.step.corrects(&change.subject) {
                self.keep(change.subject.clone(), "says that it corrects the record");
            } else if let Some((fact, when, is_late)) = worst(Truth::Yes).or_else(|| worst(Truth::Maybe)) {
                let (outcome, verb) = match is_late {
                    Truth::Yes => (Outcome::Breach, "recorded"),
                    _ => (Outcome::Unknown, "may have recorded"),
                };
                let why = format!("{verb} what happened on {when} more than {within} Working Days after it: {fact}");
                let steps = dated.iter().map(|(fact, when, _)| {
                    let last = last(when.last).map_or("beyond the calendar".to_owned(), |day| day.to_string());
                    format!("{fact}: of {when}, in time up to {last}, recorded on {day}")
                });
                let steps = steps.collect();
                let cure = format!(
                    "nothing mends what is past; where it corrects a record, say `Corrects: {}`",
                    change.subject
                );
                self.say(change.subject.clone(), outcome, &why, steps, Some(&cure));
            } else if !dated.is_empty() {
                self.keep(change.subject.clone(), "recorded in time what it recorded");
            }
        }
    }

    fn unreviewed(&mut self) {
        if self.meant().is_empty() {
            return;
        }
        let step = self.step;
        let makers = [&step.author, &step.committer];
        let other = |one: &&str| !one.is_empty() && makers.iter().all(|maker| !is_same_person(one, maker));
        let reviewers: Vec<&str> = step.reviewers().collect();
        let steps = vec![
            format!("made by {}, committed by {}", step.author, step.committer),
            format!(
                "`Reviewed-by:` names {}",
                if reviewers.is_empty() { "nobody".to_owned() } else { reviewers.join(", ") }
            ),
        ];
        match reviewers.iter().find(|one| other(one)) {
            Some(who) => {
                let why = format!("was reviewed by {who}");
                self.say(whole(step), Outcome::Pass, &why, steps, None);
            }
            None => {
                let cure = "have somebody else read it, and name them in the message: `Reviewed-by: name <e-mail>`";
                self.say(whole(step), Outcome::Breach, "names nobody else who reviewed it", steps, Some(cure));
            }
        }
    }
}

/// Whether two of `name <e-mail>` name one person: the same name, or the same address.
fn is_same_person(one: &str, other: &str) -> bool {
    let parts = |text: &str| -> (String, Option<String>) {
        let (name, address) = text.split_once('<').map_or((text, None), |(name, rest)| (name, Some(rest)));
        let address =
            address.map(|rest| rest.trim_end_matches('>').trim().to_lowercase()).filter(|one| !one.is_empty());
        (name.trim().to_lowercase(), address)
    };
    let (one, other) = (parts(one), parts(other));
    let same_address = one.1.is_some() && one.1 == other.1;
    same_address || (!one.0.is_empty() && one.0 == other.0)
}

/// A place in a file that a commit touched, put before the rule's own.
pub(crate) fn placed(said: &mut Said, mark: Option<Mark>) {
    if let Some(mark) = mark {
        said.marks.insert(0, mark);
    }
}
