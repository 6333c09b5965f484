//! Kind `agreement`: what is stated in two places is the same.

mod agenda;
mod elections;
mod meetings;
mod releases;

use super::{Case, Cure, Due, Kind, Law, Proofreader, PutBy, Said, Says, Segment, Slots, people};
use crate::{
    day::{Day, Today, Truth, When},
    decode::{Fact, Map, Text, View, table, words},
    finding::{Mark, Outcome},
    record::{
        Dated, Kind as RecordKind, Record,
        id::Stage,
        party::{How, Party},
        publication::{Publication, Scalar, Statement},
    },
    rulebook::{
        code::Code,
        mutant::{Mutator, Offering},
        proofread::{BodyWord, KindWord},
        raw::Words,
        select,
    },
};

/// The kind.
#[derive(Debug)]
pub struct Agreement;

table! {
    /// What an agreement is about.
    pub struct About {
        /// The kind of records.
        of: Fact<KindWord> = "of" (required),
        /// Which of them.
        selects: Map<Words> = "where",
        /// The body with whose meetings others go together.
        with: Fact<BodyWord> = "with",
    }
}

words! {
    /// What is held against what.
    pub enum Test {
        /// A statement of a publication, against the records.
        Statement = "statement",
        /// Counts of two publications: before + accessions - withdrawals - expulsions.
        Identity = "identity",
        /// A plan, against what happened: it has not passed in silence.
        PlanPassed = "plan-passed",
        /// Two records that say the same: a release's list and each modification's implementation;
        /// an election's results, its seats and the tenures; the meetings of two bodies.
        Same = "same",
        /// What was consulted on, against the meetings of a body: it was decided at the next one.
        NextMeeting = "next-meeting",
    }
}

table! {
    /// What is held against what.
    pub struct Terms {
        /// Which test.
        test: Fact<Test> = "test" (required),
        /// What is stated: a count, or keys of a record; for a plan, its event.
        about: Fact<Words> = "about" (required),
        /// For a plan: the event that fulfils it.
        done: Fact<Text> = "done",
        /// For the next meeting: the stage whose consultation comes before.
        after: Fact<Stage> = "after",
        /// For the next meeting: how many Working Days before it the consultation must have closed.
        notice: Fact<u32> = "notice",
    }
}

/// The beginning of a count of modifications in a stage.
const IN_STAGE: &str = "modifications-in-";

/// What a count could be mistaken for: another count.
fn offered(offering: &Offering<'_>) -> Vec<String> {
    match (offering.term("test"), offering.key) {
        ("same", "seats-up") => return vec!["tenure".into()],
        ("same", "tenure") => return vec!["seats-up".into()],
        _ => {}
    }
    let counts = ["parties", "accessions", "withdrawals", "expulsions", "employment-changes"];
    let at = counts.iter().position(|count| *count == offering.key);
    let next = at.and_then(|at| counts.get(at.saturating_add(1).checked_rem(counts.len()).unwrap_or(0)));
    next.filter(|_| offering.term("test") == "statement").map(|count| (*count).to_owned()).into_iter().collect()
}

impl Kind for Agreement {
    const NAME: &'static str = "agreement";
    const DOC: &'static str = include_str!("../../docs/kinds/agreement.md");
    type About = About;
    type Terms = Terms;
    type Prepared<'c> = Prepared;

    fn proofread(about: &About, terms: &Terms, proof: &mut Proofreader<'_>) {
        let Some(kind) = about.of.known().map(|word| word.0) else { return };
        select::proofread(kind, &about.selects, proof);
        let wanted = match terms.test.known() {
            Some(Test::Statement | Test::Identity) => RecordKind::Publication,
            Some(Test::Same) if matches!(kind, RecordKind::Election | RecordKind::Seat) => {
                return elections::proofread(kind, terms, proof);
            }
            Some(Test::NextMeeting) => return agenda::proofread(about, terms, proof),
            Some(Test::Same) if kind == RecordKind::Meeting => return meetings::proofread(about, terms, proof),
            Some(Test::Same) => RecordKind::Release,
            Some(Test::PlanPassed) => {
                let events = terms.about.known().map(|words| words.0.as_slice()).unwrap_or_default();
                for (event, span) in events {
                    select::proofread_event(kind, event, *span, proof);
                }
                match terms.done.text() {
                    Some(done) => select::proofread_event(kind, done, terms.done.span, proof),
                    None => proof.reader.report(
                        "record-missing",
                        terms.span,
                        "a plan is fulfilled by an event: `done`".into(),
                        "not in here",
                        None,
                    ),
                }
                return;
            }
            None => return,
        };
        if kind != wanted {
            let message = format!("this test is of {wanted}, not of {kind}");
            proof.reader.report("record-word", terms.test.span, message, "of other records", None);
        }
    }

    fn prepare<'c>(about: &About, case: &Case<'c>) -> Self::Prepared<'c> {
        Prepared {
            carriers: releases::Carriers::of(about, case),
            months: meetings::Months::of(about, case),
            agendas: agenda::Agendas::of(about, case),
        }
    }

    fn subjects(about: &About, case: &Case<'_>) -> Vec<u32> {
        let Some(kind) = about.of.known().map(|word| word.0) else { return Vec::new() };
        select::positions(kind, &about.selects, case)
    }

    fn put_by(prepared: Prepared) -> Option<PutBy> {
        Some(Box::new(prepared))
    }

    fn again<'c>(kept: &PutBy) -> Option<&Self::Prepared<'c>> {
        kept.downcast_ref()
    }

    fn alters(_: &About, was: &Record, now: &Record) -> bool {
        match was.kind {
            RecordKind::Modification => !releases::named(was).eq(releases::named(now)),
            RecordKind::Meeting => {
                meetings::met(was) != meetings::met(now) || agenda::on_agenda(was) != agenda::on_agenda(now)
            }
            RecordKind::Consultation => agenda::about(was) != agenda::about(now),
            _ => true,
        }
    }

    fn judge(law: &Law<'_, Self>, prepared: &Prepared, record: &Record, _: u32, case: &Case<'_>, slots: &mut Slots) {
        if !select::selected(record, &law.about.selects, case, case.on).possible() {
            let why = "not one of those that the rule is about";
            let steps = || people::not_selected(record, &law.about.selects, case.on.untracked());
            return slots.skip(|| people::nothing(record, "", why, steps()));
        }
        if let Some(modification) = record.modification().filter(|_| !law.about.with.is_absent()) {
            return agenda::judge(law, prepared, record, modification, case, slots);
        }
        let own_day = own_day(record, law.about).map_or(case.on, Today::from);
        let (segment, terms) = match law.on(own_day) {
            Says::Nothing(why) => {
                return slots.skip(|| people::idle(law, record, When::on(own_day.untracked()), why));
            }
            Says::Unknown(segment) => {
                let message = format!("{}: what had to agree that day is not known", people::name(record));
                let mark = Mark::new(record.file, record.head(), "judged");
                let said = Said::new("about", Outcome::Unknown, message).mark(mark).under(segment);
                return slots.say(said.because(slots.explain, || people::unknown_steps(segment)));
            }
            Says::Terms(segment, terms) => (segment, terms),
        };
        let trial = Trial { record, terms, segment, case };
        match (terms.test.known(), record.publication()) {
            (Some(Test::Statement), Some(publication)) => trial.statements(publication, slots),
            (Some(Test::Identity), Some(publication)) => trial.identity(publication, slots),
            (Some(Test::PlanPassed), _) => trial.plans(slots),
            (Some(Test::Same), _) => match (record.election(), record.seat()) {
                (Some(election), _) => trial.results(election, slots),
                (_, Some(seat)) => trial.tenures(seat, slots),
                _ => match (record.meeting(), law.about.with.known().map(AsRef::as_ref)) {
                    (Some(meeting), Some(with)) => trial.meeting(&prepared.months, meeting, with, slots),
                    _ => trial.release(&prepared.carriers, slots),
                },
            },
            _ => {}
        }
    }

    fn looked_for(law: &Law<'_, Self>, record: &Record, case: &Case<'_>) -> Vec<String> {
        let day = own_day(record, law.about).unwrap_or(case.on.untracked());
        let Says::Terms(_, terms) = law.on(day) else { return law.silence(day) };
        let words: Vec<String> =
            terms.about.known().map(Words::iter).into_iter().flatten().map(|word| format!("`{word}`")).collect();
        let what = if words.is_empty() { "what is told twice".to_owned() } else { words.join(", ") };
        let mut steps = vec![format!(
            "the rule holds {what} against other records, and {} has nothing of it",
            people::name(record)
        )];
        if let Some(publication) = record.publication() {
            steps.extend(stated_in_steps(publication));
        }
        steps
    }

    const MUTATORS: &'static [Mutator] = &[
        Mutator::Drop("about.*"),
        Mutator::Offer("about.*", offered),
        Mutator::Swap("test", &["statement", "identity"]),
        Mutator::Word("/with", "bodies"),
        Mutator::Word("after", "stages"),
        Mutator::Step("notice"),
    ];

    /// An identity is about counts that it names itself, as is what a release lists.
    fn alike(about: &About, one: &Terms, other: &Terms, _: &Code) -> bool {
        let said = |terms: &Terms| {
            let listed = about.of.known().is_some_and(|word| word.0 == RecordKind::Release);
            let asks = match terms.test.known() {
                Some(Test::Same) => !listed,
                test => matches!(test, Some(Test::Statement | Test::PlanPassed | Test::NextMeeting)),
            };
            let mut about: Vec<String> =
                terms.about.known().map(|words| words.iter().map(ToOwned::to_owned).collect()).unwrap_or_default();
            about.sort();
            let done =
                terms.done.text().map(ToOwned::to_owned).filter(|_| terms.test.known() == Some(&Test::PlanPassed));
            let next = (terms.test.known() == Some(&Test::NextMeeting))
                .then(|| (terms.after.known().cloned(), terms.notice.known().copied().unwrap_or(0)));
            (terms.test.known().copied(), asks.then_some(about), done, next)
        };
        said(one) == said(other)
    }

    fn due(law: &Law<'_, Self>, _: &Prepared, record: &Record, _: u32, case: &Case<'_>, found: &mut Vec<Due>) {
        if !select::selected(record, &law.about.selects, case, case.on).possible() {
            return;
        }
        if let Says::Terms(segment, terms) = law.on(case.on)
            && terms.test.known() == Some(&Test::PlanPassed)
        {
            Trial { record, terms, segment, case }.due(found);
        }
    }

    fn english(about: &About, terms: &Terms, code: &Code) -> String {
        let of = select::english(about.of.known().map(|word| word.0), &about.selects, code);
        let words: Vec<&str> = terms.about.known().map(|words| words.iter().collect()).unwrap_or_default();
        let what = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        match terms.test.known() {
            Some(Test::Identity) => format!(
                "In each {of}, {what} is what it was in the one before, plus accessions, less withdrawals and expulsions."
            ),
            Some(Test::PlanPassed) => format!(
                "In each {of}, {what} does not pass without `{}`, a later plan, or a cancellation.",
                terms.done.text().unwrap_or("?")
            ),
            Some(Test::NextMeeting) => agenda::english(&of, about, terms),
            Some(Test::Same) if about.with.known().map(AsRef::as_ref).is_some() => meetings::english(&of, about, terms),
            Some(Test::Same) if about.of.known().is_some_and(|word| word.0 != RecordKind::Release) => {
                elections::english(&of, terms)
            }
            Some(Test::Same) => format!(
                "Each {of} carries the modifications that it lists, on its own day, and lists those that it carries."
            ),
            _ => format!("What is published of {what} is what the records give."),
        }
    }
}

/// What is worked out once for all records of a rule.
#[derive(Debug)]
pub struct Prepared {
    carriers: releases::Carriers,
    months: meetings::Months,
    agendas: agenda::Agendas,
}

struct Trial<'t> {
    record: &'t Record,
    terms: &'t Terms,
    segment: &'t Segment<Terms>,
    case: &'t Case<'t>,
}

/// What the records give of a count: at least, and at most.
type Bounds = (u32, u32);

/// With the derivation where the test gave none: what was compared, as its places say; and what would
/// make the two agree.
fn explained(said: Said) -> Said {
    let steps: Vec<String> =
        if said.steps.is_empty() { said.marks.iter().map(|mark| mark.label.clone()).collect() } else { Vec::new() };
    let said = said.steps(steps);
    match (said.outcome, said.cure.is_none(), said.help.clone()) {
        (Outcome::Breach, true, Some(help)) => {
            said.cure(Cure::by_hand(help, "which of the two is wrong only a source tells"))
        }
        _ => said,
    }
}

impl Trial<'_> {
    fn name(&self) -> String {
        people::name(self.record)
    }

    fn is_about(&self, word: &str) -> bool {
        self.terms.about.known().is_some_and(|words| words.has(word))
    }

    fn say(&self, said: Said, slots: &mut Slots) {
        if said.outcome == Outcome::Pass && !slots.explain {
            return slots.pass(|| said);
        }
        let said = said.explained(slots.explain, explained);
        let said = said.marks(self.segment.marks.first().cloned()).under(self.segment);
        if said.outcome == Outcome::Pass { slots.pass(|| said) } else { slots.say(said) }
    }

    /// Each statement that the rule is about.
    fn statements(&self, publication: &Publication, slots: &mut Slots) {
        for statement in publication.statement.iter() {
            let Some(about) = statement.about.text().filter(|about| self.is_about(about)) else { continue };
            let day = statement.on.when().or(publication.issued.when()).unwrap_or(When::UNKNOWN);
            let mark = Mark::new(self.record.file, statement.span, "stated");
            let slot = match (statement.of.known(), statement.on.when()) {
                (Some(of), _) => format!("{about} {}", of.as_ref()),
                (None, Some(on)) => format!("{about} {on}"),
                (None, None) => about.to_owned(),
            };
            if statement.on.when().is_some_and(|on| on.by(self.case.on) == Truth::No) {
                slots.skip(|| {
                    Said::new(
                        slot,
                        Outcome::NotApplicable,
                        format!("{}: it is about {day}, which has not come", self.name()),
                    )
                    .steps([format!("`{about}` is stated of {day}, and {} is judged", self.case.on)])
                });
                continue;
            }
            let said = match statement.of.known() {
                Some(of) => self.of_record(about, of.as_ref(), statement, slot, slots.explain),
                None => self.of_count(about, day, publication, statement, slot),
            };
            let said = said.mark(mark).explained(slots.explain, |said| {
                let stated = statement.equals.known().map_or("unknown".to_owned(), scalar);
                let labels: Vec<String> = said.marks.iter().map(|mark| mark.label.clone()).collect();
                said.steps([format!("`{about}` is stated as {stated}, of {day}")]).steps(labels)
            });
            self.say(said, slots);
        }
    }

    /// A statement about a key of a record.
    fn of_record(&self, about: &str, subject: &str, statement: &Statement, slot: String, asked: bool) -> Said {
        let found = subject
            .split_once('/')
            .and_then(|(folder, id)| self.case.registry.find(RecordKind::of_folder(folder)?, id));
        let Some(record) = found else {
            return Said::new(slot, Outcome::Unknown, format!("{}: `{subject}` has no record", self.name()))
                .silent(true);
        };
        let stated = statement.equals.known().map_or("unknown".to_owned(), scalar);
        let (span, compared) = if about == "id" {
            (
                record.head(),
                statement
                    .equals
                    .known()
                    .map_or(Truth::Maybe, |stated| Truth::from(scalar(stated) == record.id.as_ref())),
            )
        } else {
            match record.body.fields().get(about) {
                None => {
                    return Said::new(
                        slot,
                        Outcome::Unknown,
                        format!("{}: `{about}` is no key of `{subject}`", self.name()),
                    );
                }
                Some((span, view)) => (span, compare(&view, statement.equals.known())),
            }
        };
        let recorded = if about == "id" {
            record.id.to_string()
        } else {
            record.body.fields().get(about).map_or_else(String::new, |(_, view)| shown(&view))
        };
        let mark = Mark::new(record.file, span, format!("recorded: {recorded}"));
        let bad = matches!(record.body.fields().get(about), Some((_, View::Bad)));
        let said = match compared {
            Truth::Yes => Said::new(slot, Outcome::Pass, format!("{}: `{about}` of `{subject}` is stated and recorded as {stated}", self.name())),
            Truth::No => Said::new(slot, Outcome::Breach, format!("{} states that `{about}` of `{subject}` is {stated}; the record says {recorded}", self.name()))
                .help("correct the record where the publication is right; where it is not, the contradiction stands as it was published"),
            Truth::Maybe => Said::new(slot, Outcome::Unknown, format!("{}: whether `{about}` of `{subject}` is {stated} is not recorded", self.name())).silent(bad),
        };
        let asked = asked && said.outcome == Outcome::Breach;
        said.mark(mark).explained(asked, |said| said.cure(as_stated(record, span, about, statement)))
    }

    /// A statement about a count.
    fn of_count(&self, about: &str, day: When, publication: &Publication, statement: &Statement, slot: String) -> Said {
        let Some(Scalar::Count(stated)) = statement.equals.known() else {
            return Said::new(
                slot,
                Outcome::Unknown,
                format!("{}: what it states of `{about}` is not recorded", self.name()),
            )
            .silent(statement.equals.is_bad());
        };
        let period = statement.within.known().or(publication.period.known());
        let span = period
            .map(|period| (period.from.when().unwrap_or(When::UNKNOWN), period.until.when().unwrap_or(When::UNKNOWN)));
        let Some((least, most)) = self.count(about, day, span) else {
            return Said::new(
                slot,
                Outcome::Unknown,
                format!("{}: the records give no count of `{about}`", self.name()),
            );
        };
        let complete = self.case.registry.is_complete(if about.starts_with(IN_STAGE) {
            "modifications"
        } else if about == "employment-changes" {
            "people"
        } else {
            "parties"
        });
        let given = if least == most { least.to_string() } else { format!("{least} to {most}") };
        if *stated < least || complete && *stated > most {
            let message = format!("{} states {stated} {about}; the records give {given}", self.name());
            return Said::new(slot, Outcome::Breach, message).help("correct the records where the publication is right; where it is not, the contradiction stands as it was published");
        }
        if complete && least == most {
            return Said::new(slot, Outcome::Pass, format!("{}: {stated} {about}, stated and recorded", self.name()));
        }
        let message =
            format!("{}: not every record is there: `{stated} {about} stated, {given} recorded`", self.name());
        Said::new(slot, Outcome::Unknown, message)
            .help("record those that lack, or say in `registry.toml` that the kind is `complete`")
    }

    /// What the records give of a count, on a day or in a period.
    fn count(&self, about: &str, day: When, period: Option<(When, When)>) -> Option<Bounds> {
        let registry = self.case.registry;
        let parties = || registry.parties().filter_map(Record::party);
        let inside = |when: Option<When>| -> Truth {
            let (Some(when), Some((from, until))) = (when, period) else {
                return if when.is_some() { Truth::Maybe } else { Truth::No };
            };
            (!when.before(from)).and(when.before(until))
        };
        let tally = |truths: &mut dyn Iterator<Item = Truth>| {
            truths.fold((0_u32, 0_u32), |(least, most), truth| {
                (least.saturating_add(u32::from(truth.certain())), most.saturating_add(u32::from(truth.possible())))
            })
        };
        let left = |how: How| {
            move |party: &Party| {
                let left = party.left.known()?;
                (left.how.known().is_none_or(|one| *one == how)).then(|| left.on.when()).flatten()
            }
        };
        Some(match about {
            "parties" => tally(&mut parties().map(|party| on_some_day(day, |day| people::is_party(party, day)))),
            "accessions" => tally(&mut parties().map(|party| inside(party.acceded.when()))),
            "withdrawals" => tally(&mut parties().map(|party| inside(left(How::Withdrawn)(party)))),
            "expulsions" => tally(&mut parties().map(|party| inside(left(How::Expelled)(party)))),
            "employment-changes" => tally(
                &mut registry.all(RecordKind::Person).filter_map(|(_, record)| record.person()).flat_map(|person| {
                    // The first employment that is recorded is no change.
                    person.employment.iter().skip(1).map(|one| inside(one.from.when()))
                }),
            ),
            _ => {
                let stage = about.strip_prefix(IN_STAGE)?;
                let modifications =
                    registry.all(RecordKind::Modification).filter_map(|(_, record)| record.modification());
                tally(&mut modifications.map(|one| in_stage(one, stage, day)))
            }
        })
    }

    /// Counts of this publication against those of the one before by the same issuer.
    fn identity(&self, publication: &Publication, slots: &mut Slots) {
        let stated = |publication: &Publication, about: &str| {
            let found = publication.statement.iter().find(|one| one.about.text() == Some(about) && one.of.is_absent());
            found.and_then(|one| match one.equals.known() {
                Some(Scalar::Count(count)) => Some((*count, one.span)),
                _ => None,
            })
        };
        let Some((now, span)) = stated(publication, "parties") else {
            return slots.skip(|| {
                let why = "it states no number of Parties";
                people::nothing(self.record, "parties", why, stated_in_steps(publication))
            });
        };
        let mark = Mark::new(self.record.file, span, format!("{now} stated"));
        let changes: Option<Vec<u32>> = ["accessions", "withdrawals", "expulsions"]
            .iter()
            .map(|about| stated(publication, about).map(|(count, _)| count))
            .collect();
        let Some([accessions, withdrawals, expulsions]) = changes.as_deref() else {
            return slots.skip(|| {
                let why = "it does not state all changes";
                let asked = "the sum needs `accessions`, `withdrawals` and `expulsions` of the same publication";
                let steps = stated_in_steps(publication).into_iter().chain([asked.to_owned()]);
                people::nothing(self.record, "parties", why, steps)
            });
        };
        let by = publication.by.known();
        let issued = publication.issued.when().unwrap_or(When::UNKNOWN);
        let earlier = self
            .case
            .registry
            .all(RecordKind::Publication)
            .filter_map(|(_, record)| record.publication().map(|one| (record, one)));
        let before = earlier
            .filter(|(_, one)| {
                one.by.known() == by && one.issued.when().is_some_and(|when| when.before(issued).certain())
            })
            .filter_map(|(record, one)| {
                stated(one, "parties")
                    .map(|(count, span)| (one.issued.when().map(|when| when.first), count, record, span))
            })
            .max_by_key(|(day, ..)| *day);
        let Some((_, count, record, span)) = before else {
            let message = format!("{}: the number of Parties in the publication before is not recorded", self.name());
            return self.say(Said::new("parties", Outcome::Unknown, message).mark(mark), slots);
        };
        let expected = i64::from(count)
            .saturating_add(i64::from(*accessions))
            .saturating_sub(i64::from(*withdrawals))
            .saturating_sub(i64::from(*expulsions));
        let sum = format!("{count} + {accessions} - {withdrawals} - {expulsions} = {expected}");
        let other = Mark::new(record.file, span, format!("{count} stated before"));
        let said = if expected == i64::from(now) {
            Said::new("parties", Outcome::Pass, format!("{}: {sum}, as stated", self.name()))
        } else if self.case.registry.is_complete("publications") {
            Said::new("parties", Outcome::Breach, format!("{} states {now} Parties; {sum}", self.name()))
                .help("one of the counts is wrong; find out which")
        } else {
            Said::new(
                "parties",
                Outcome::Unknown,
                format!("{}: {now} Parties are stated, and {sum}; a publication between may lack", self.name()),
            )
        };
        self.say(said.mark(mark).mark(other), slots);
    }

    /// Every plan that the rule is about: its event, its date, the day of what fulfils it.
    fn planned(&self) -> Vec<(&str, Dated, Option<When>)> {
        let done = self.terms.done.text().unwrap_or("");
        let happened = self.record.body.event(done).map(|(_, dates)| dates).unwrap_or_default();
        let fulfilled = |plan: &Dated| {
            happened.iter().find(|one| one.entry == plan.entry || one.entry.is_none()).and_then(|one| one.when)
        };
        let events = self.terms.about.known().map(Words::iter).into_iter().flatten();
        let plans = events.flat_map(|word| {
            let dates = self.record.body.event(word).map(|(_, dates)| dates).unwrap_or_default();
            dates.into_iter().map(move |plan| (word, plan))
        });
        plans
            .map(|(word, plan)| {
                let done = fulfilled(&plan);
                (word, plan, done)
            })
            .collect()
    }

    fn cancelled(&self) -> bool {
        matches!(self.record.body.fields().get("cancelled"), Some((_, View::Day(_) | View::Unknown | View::Bad)))
    }

    /// Plans whose day is to come, or passed and nothing says what came of them.
    fn due(&self, found: &mut Vec<Due>) {
        for (word, plan, done) in self.planned() {
            let came = done.map_or(Truth::No, |done| done.by(self.case.on));
            let Some(when) = plan.when.filter(|_| !self.cancelled() && !came.possible()) else { continue };
            let slot = if plan.slot.is_empty() { word.to_owned() } else { format!("{word} {}", plan.slot) };
            let part = if plan.slot.is_empty() { String::new() } else { format!(" of `{}`", plan.slot) };
            let what = format!("`{word}`{part}: then `{}`", self.terms.done.text().unwrap_or("?"));
            let mark = Mark::new(self.record.file, plan.span, format!("`{word}`: {when}"));
            found.push(Due::new(slot, what, when, mark).under(self.segment));
        }
    }

    /// Plans whose day has passed, and nothing says what came of them.
    fn plans(&self, slots: &mut Slots) {
        let done = self.terms.done.text().unwrap_or("");
        for (word, plan, fulfilled) in self.planned() {
            let slot = if plan.slot.is_empty() { word.to_owned() } else { format!("{word} {}", plan.slot) };
            let Some(when) = plan.when.filter(|_| !self.cancelled()) else {
                let day = plan.when.map_or("no day".to_owned(), |when| when.to_string());
                let fate = if self.cancelled() { "; it was called off" } else { "" };
                let steps = [format!("`{word}`: {day}{fate}")];
                slots.skip(|| people::nothing(self.record, &slot, "nothing is planned", steps));
                continue;
            };
            let passed = when.last < self.case.on;
            let came = fulfilled.map_or(Truth::No, |done| done.by(self.case.on));
            let mark = Mark::new(self.record.file, plan.span, format!("`{word}`: {when}"));
            let said = if came.possible() || !passed {
                let message = format!("{}: `{word}` on {when} has not passed in silence", self.name());
                Said::new(slot, Outcome::Pass, message)
            } else {
                let message = format!("{}: `{word}` was {when}, and nothing says what came of it", self.name());
                let help = format!(
                    "record `{done}`, the day it was moved to, or that it was called off; `\"unknown\"` where no source says the day"
                );
                Said::new(slot, Outcome::Breach, message).help(help)
            };
            self.say(said.mark(mark), slots);
        }
    }
}

/// The record as the publication states it, where one value of one key says so.
fn as_stated(record: &Record, span: crate::text::Span, about: &str, statement: &Statement) -> Cure {
    let Some(stated) = statement.equals.known() else {
        return Cure::by_hand("the record as it was stated", "what was stated is not recorded");
    };
    let cure =
        Cure::new(format!("`{about}` of `{}` is {}, if the publication is right", record.subject(), scalar(stated)));
    if about == "id" {
        return Cure { no_edit: Some("an id is the name of the file, which would be moved".into()), ..cure };
    }
    if record.kind == RecordKind::Meeting && matches!(about, "planned" | "held") {
        let why = "the id of a meeting is the day first planned, else held, so the file may have to be moved";
        return Cure { no_edit: Some(why.into()), ..cure };
    }
    let value = match stated {
        Scalar::Text(text) => format!("{:?}", text.as_ref()),
        Scalar::Day(when) if when.day().is_none() => format!("\"{when}\""),
        other => scalar(other),
    };
    // A key that is left out has no place of its own, and its name is its path.
    let path = people::path_of(record, span).unwrap_or_else(|| about.to_owned());
    cure.set(record.subject(), path, value)
}

/// The day on which a publication was issued, which picks the version; of a meeting that is held
/// against another, its day.
fn own_day(record: &Record, about: &About) -> Option<Day> {
    let event = if about.with.is_absent() { "issued" } else { "day" };
    let (_, dates) = record.body.event(event)?;
    dates.first()?.when?.day()
}

/// What a publication states, a step a line.
fn stated_in_steps(publication: &Publication) -> Vec<String> {
    let one = |statement: &Statement| {
        let about = statement.about.text().unwrap_or("unknown");
        let of = statement.of.known().map_or(String::new(), |of| format!(" of `{}`", of.as_ref()));
        format!("it states `{about}`{of}: {}", statement.equals.known().map_or("unknown".to_owned(), scalar))
    };
    let mut steps: Vec<String> = publication.statement.iter().take(20).map(one).collect();
    if steps.is_empty() {
        steps.push("it states nothing".to_owned());
    }
    steps
}

/// An answer that is the same for every day of a span; the ends decide, for what begins and ends once.
fn on_some_day(when: When, answer: impl Fn(Day) -> Truth) -> Truth {
    let (first, last) = (answer(when.first), answer(when.last));
    // A Party may have joined and left between two days on which it was none.
    let settled = first == last && (when.day().is_some() || first == Truth::Yes);
    if settled { first } else { Truth::Maybe }
}

/// Whether the last stage that a modification reached by a day is this one.
fn in_stage(modification: &crate::record::modification::Modification, stage: &str, day: When) -> Truth {
    let reached = modification.step.iter().rfind(|step| step.on.when().is_some_and(|on| on.first <= day.last));
    let open = modification.step.is_open();
    match reached.and_then(|step| {
        step.to.known().map(|to| (to.as_ref() == stage, step.on.when().unwrap_or(When::UNKNOWN).by(day.first)))
    }) {
        Some((is, Truth::Yes)) if !open => Truth::from(is),
        Some((true, _)) => Truth::Maybe,
        Some((false, _)) if open => Truth::Maybe,
        Some((false, _)) | None => Truth::from(false),
    }
}

fn same_day(one: When, other: When) -> Truth {
    if one.day().is_some() && one.day() == other.day() {
        Truth::Yes
    } else if one.last < other.first || other.last < one.first {
        Truth::No
    } else {
        Truth::Maybe
    }
}

fn compare(recorded: &View<'_>, stated: Option<&Scalar>) -> Truth {
    match (recorded, stated) {
        (View::Count(one), Some(Scalar::Count(other))) => Truth::from(one == other),
        (View::Text(one), Some(Scalar::Text(other))) => Truth::from(*one == other.as_ref()),
        (View::Bool(one), Some(Scalar::Bool(other))) => Truth::from(one == other),
        (View::Day(one), Some(Scalar::Day(other))) => same_day(*one, *other),
        (View::Unknown | View::Bad, _) | (_, None) => Truth::Maybe,
        _ => Truth::No,
    }
}

fn scalar(value: &Scalar) -> String {
    match value {
        Scalar::Count(count) => count.to_string(),
        Scalar::Text(text) => text.to_string(),
        Scalar::Day(when) => when.to_string(),
        Scalar::Bool(so) => so.to_string(),
    }
}

fn shown(view: &View<'_>) -> String {
    match view {
        View::Absent => "nothing".into(),
        View::Unknown | View::Bad => "unknown".into(),
        View::Text(text) => (*text).to_owned(),
        View::Day(when) => when.to_string(),
        View::Bool(so) => so.to_string(),
        View::Count(count) => count.to_string(),
        View::List(entries) => format!("{} entries", entries.len()),
        View::Table(_) => "a table".into(),
    }
}
