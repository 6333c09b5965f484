//! Kind `eligibility`: who may hold, stand, nominate, vote or be elected.

mod elected;
mod proposer;

use super::{Case, Cure, Kind, Law, Proofreader, Said, Says, Segment, Slots, people};
use crate::{
    day::{Day, Today, Truth, When, recorded_in_force},
    decode::{Fact, Text, table, words},
    finding::{Mark, Outcome},
    record::{
        Kind as RecordKind, Record,
        election::Election,
        seat::{Seat, Tenure},
    },
    rulebook::{
        code::Code,
        mutant::Mutator,
        proofread::{BodyWord, Constituencies, KindWord},
        raw::Words,
    },
    text::Span,
};

/// The kind.
#[derive(Debug)]
pub struct Eligibility;

table! {
    /// What such a rule is about.
    pub struct About {
        /// The body.
        body: Fact<BodyWord> = "body",
        /// Only seats of these constituencies.
        seat: Fact<Constituencies> = "seat",
        /// For who proposes: `modifications`, in place of a body.
        of: Fact<KindWord> = "of",
        /// For who proposes: whose instruments designate others.
        designated_by: Fact<Text> = "designated-by",
    }
}

words! {
    /// Who is tested.
    pub enum Who {
        /// The holder of a seat.
        Holder = "holder",
        /// An Alternate.
        Alternate = "alternate",
        /// A candidate, on the day the nomination came.
        Candidate = "candidate",
        /// Who nominated, on that day.
        Nominator = "nominator",
        /// A Voting Group that voted, on the day the ballot closed.
        Voter = "voter",
        /// Who was elected, on the day the result was announced.
        Elected = "elected",
        /// Who was re-elected, on that day.
        ReElected = "re-elected",
        /// Who raised a proposal, on the day it was raised.
        Proposer = "proposer",
        /// Who took a proposal on, on that day.
        Adopter = "adopter",
    }
}

words! {
    /// What is tested.
    pub enum Test {
        /// The Party (or the person's employer) is of a category that fills the constituency.
        Category = "category",
        /// The person is employed by no Party and by no Affiliate of one.
        Independent = "independent",
        /// The person has one office in the body.
        OneOffice = "one-office",
        /// A nomination for the constituency stands.
        Nominated = "nominated",
        /// The person held a seat of the constituency before.
        SatBefore = "sat-before",
        /// It is a Party, or one of `may`, or was designated.
        Listed = "listed",
    }
}

table! {
    /// Who must pass which test.
    pub struct Terms {
        /// Who.
        who: Fact<Who> = "who" (required),
        /// Which test.
        test: Fact<Test> = "test" (required),
        /// For `listed`: who may beside Parties.
        may: Fact<Words> = "may",
    }
}

/// What is worked out once for all records of a rule.
#[derive(Debug)]
pub struct Prepared {
    untold: elected::Untold,
    designated: proposer::Designated,
}

/// The words of `who`, for mutants.
const WHO: &[&str] =
    &["holder", "alternate", "candidate", "nominator", "voter", "elected", "re-elected", "proposer", "adopter"];

impl Kind for Eligibility {
    const NAME: &'static str = "eligibility";
    const DOC: &'static str = include_str!("../../docs/kinds/eligibility.md");
    type About = About;
    type Terms = Terms;
    type Prepared<'c> = Prepared;

    fn body(about: &About) -> Option<&str> {
        about.body.known().map(AsRef::as_ref)
    }

    fn proofread(about: &About, terms: &Terms, proof: &mut Proofreader<'_>) {
        if proposer::proofread(about, terms, proof) {
            return;
        }
        if let (Some(Who::Nominator | Who::Voter), Some(test @ (Test::Independent | Test::OneOffice))) =
            (terms.who.known(), terms.test.known())
        {
            let message =
                format!("`{}` is a test of people; nominators and voters are tested by `category`", test.word());
            proof.reader.report("record-word", terms.test.span, message, "not of these", None);
        }
        let (Some(who), Some(test)) = (terms.who.known(), terms.test.known()) else { return };
        let of_results = matches!(who, Who::Elected | Who::ReElected);
        if of_results != matches!(test, Test::Nominated | Test::SatBefore) {
            let message = "`nominated` and `sat-before` are the tests of who was `elected` or `re-elected`".into();
            proof.reader.report("record-word", terms.test.span, message, "of others", None);
        }
    }

    fn prepare<'c>(about: &About, case: &Case<'c>) -> Self::Prepared<'c> {
        Prepared { untold: elected::Untold::default(), designated: proposer::Designated::of(about, case) }
    }

    fn alters(_: &About, was: &Record, now: &Record) -> bool {
        was.kind != RecordKind::Instrument || !proposer::designate_alike(was, now)
    }

    fn subjects(about: &About, case: &Case<'_>) -> Vec<u32> {
        if let Some(kind) = about.of.known() {
            return case.registry.of_kind(kind.0).collect();
        }
        let Some(body) = Self::body(about) else { return Vec::new() };
        case.registry
            .in_folder(RecordKind::Seat, body)
            .chain(case.registry.elections_of(body).iter().copied())
            .collect()
    }

    fn judge(law: &Law<'_, Self>, prepared: &Prepared, record: &Record, at: u32, case: &Case<'_>, slots: &mut Slots) {
        let trial = Trial { law, record, at, case };
        match (record.seat(), record.election()) {
            (Some(seat), _) => trial.seat(seat, slots),
            (_, Some(election)) => {
                trial.election(election, slots);
                trial.results(election, &prepared.untold, slots);
            }
            _ => {
                if let Some(modification) = record.modification() {
                    trial.proposal(modification, &prepared.designated, slots);
                }
            }
        }
    }

    fn looked_for(law: &Law<'_, Self>, record: &Record, case: &Case<'_>) -> Vec<String> {
        let who = |says: Says<'_, Terms>| match says {
            Says::Terms(_, terms) => terms.who.known().map(|who| who.word()),
            _ => None,
        };
        let mut who: Vec<&str> = law.over(When::UNKNOWN).into_iter().filter_map(|(_, says)| who(says)).collect();
        who.dedup();
        let who = who.join(" or ");
        let mut steps =
            vec![format!("the rule tests every {who}, and {} has none on {}", people::name(record), case.on)];
        if let Some(seat) = record.seat() {
            steps.extend(seat.tenure.iter().take(20).map(|tenure| {
                let holder = crate::record::word_of(&tenure.holder);
                format!("a tenure of `{holder}`: {}", people::tenure_days(tenure))
            }));
        }
        steps
    }

    const MUTATORS: &'static [Mutator] = &[
        Mutator::Swap("who", WHO),
        Mutator::Swap("test", &["category", "independent", "one-office", "nominated", "sat-before", "listed"]),
        Mutator::Drop("may.*"),
        Mutator::Without("/designated-by"),
        Mutator::Drop("/seat.*"),
    ];

    fn alike(_: &About, one: &Terms, other: &Terms, _: &Code) -> bool {
        let may = |terms: &Terms| {
            let mut may: Vec<String> = terms.may.known().into_iter().flat_map(Words::iter).map(Into::into).collect();
            may.sort();
            may
        };
        one.who.known() == other.who.known() && one.test.known() == other.test.known() && may(one) == may(other)
    }

    fn english(about: &About, terms: &Terms, code: &Code) -> String {
        if terms.test.known() == Some(&Test::Listed) {
            return proposer::english(about, terms);
        }
        let seat = about.seat.known().map_or(String::new(), |seats| {
            format!(" for {}", seats.0.iter().map(|word| code.name(word)).collect::<Vec<_>>().join(", "))
        });
        let test = match terms.test.known() {
            Some(Test::Category) => "is of a Party Category that fills the constituency",
            Some(Test::Independent) => "is employed by no Party and by no Affiliate of one",
            Some(Test::OneOffice) => "has no second office in the body",
            Some(Test::Nominated) => "was nominated in time for the constituency, and the nomination stands",
            Some(Test::SatBefore) => "held a seat of the constituency before",
            Some(Test::Listed) | None => "?",
        };
        let day = match terms.who.known() {
            Some(Who::Holder | Who::Alternate | Who::Proposer | Who::Adopter) | None => "on the day judged",
            Some(Who::Candidate | Who::Nominator) => "on the day the nomination came",
            Some(Who::Elected | Who::ReElected) => "on the day the result was announced",
            Some(Who::Voter) => "on the day the ballot closed (while it is open, on the day judged)",
        };
        format!(
            "A {} of `{}`{seat} {test}, {day}.",
            terms.who.known().map_or("?", |who| who.word()),
            Self::body(about).unwrap_or("?")
        )
    }
}

/// What a test came to.
struct Result {
    /// Whether it was passed.
    truth: Truth,
    reason: String,
    help: &'static str,
    marks: Vec<Mark>,
    /// Whether what is not known was reported already.
    bad: bool,
    /// How it came about.
    steps: Vec<String>,
}

impl Result {
    /// What the test would go by is not recorded.
    fn not_recorded(reason: String, help: &'static str, bad: bool) -> Self {
        Self { truth: Truth::Maybe, reason, help, marks: Vec::new(), bad, steps: Vec::new() }
    }
}

/// Somebody to be tested: the slot, the person or Party, the day, the constituency, the place.
struct Tested<'a> {
    slot: &'a str,
    span: Span,
    constituency: Option<&'a str>,
    /// The days on which the test may fall.
    day: When,
    /// The day judged, where the test falls on it.
    today: Option<Today<'a>>,
    /// Whether the person is in office, or the act was done, by the day judged.
    acts: Truth,
    from: Day,
    bad: bool,
}

impl<'a> Tested<'a> {
    /// The day of the test, where it is known to the day.
    fn on(&self) -> Option<Today<'a>> {
        self.today.or_else(|| self.day.day().map(Today::from))
    }
}

/// How many other offices of a person are shown.
const MOST_OFFICES: usize = 20;

struct Trial<'t> {
    law: &'t Law<'t, Eligibility>,
    record: &'t Record,
    at: u32,
    case: &'t Case<'t>,
}

impl<'t> Trial<'t> {
    fn body(&self) -> &str {
        Eligibility::body(self.law.about).unwrap_or("")
    }

    fn name(&self) -> String {
        people::name(self.record)
    }

    fn wanted(&self, constituency: Option<&str>) -> Truth {
        let Some(seats) = self.law.about.seat.known() else { return Truth::Yes };
        constituency.map_or(Truth::Maybe, |word| Truth::from(seats.0.iter().any(|one| one.as_ref() == word)))
    }

    /// Tests the people of a seat on the day judged.
    fn seat(&self, seat: &'t Seat, slots: &mut Slots) {
        let constituency = seat.constituency.known().map(AsRef::as_ref);
        let nobody = |what: &str| Said::new("", Outcome::NotApplicable, format!("{}: {what}", self.name()));
        let wanted = self.wanted(constituency);
        if wanted == Truth::No {
            let meant = self.law.about.seat.known().map(|seats| {
                let words: Vec<String> = seats.0.iter().map(|word| format!("`{word}`")).collect();
                format!("the rule is about seats for {}", words.join(", "))
            });
            let own = format!("this seat stands for `{}`", constituency.unwrap_or("?"));
            return slots.skip(|| nobody("another constituency").steps([own]).steps(meant));
        }
        // Whether the rule is about this seat at all hangs on a word that was reported.
        let bad = wanted == Truth::Maybe && seat.constituency.is_bad();
        let (segment, terms) = match self.law.on(self.case.on) {
            Says::Nothing(why) => {
                return slots.skip(|| people::idle(self.law, self.record, When::on(self.case.on.untracked()), why));
            }
            Says::Unknown(segment) => return self.not_known(segment, slots),
            Says::Terms(segment, terms) => (segment, terms),
        };
        let (day, today) = (When::on(self.case.on.untracked()), Some(self.case.on));
        let test = terms.test.known().copied().unwrap_or(Test::Category);
        for tenure in seat.tenure.iter() {
            let holds = people::held(tenure, self.case.on);
            let holder = tenure.holder.known().map(AsRef::as_ref);
            if !holds.possible() || holder == Some("vacant") {
                continue;
            }
            match terms.who.known() {
                Some(Who::Holder) => {
                    let Some(slot) = holder else {
                        let message = format!("{}: holder not recorded", self.name());
                        let mark = Mark::new(self.record.file, tenure.span, "holder not recorded");
                        slots.say(
                            Said::new("holder", Outcome::Unknown, message)
                                .mark(mark)
                                .marks(segment.marks.first().cloned())
                                .under(segment)
                                .silent(bad || tenure.holder.is_bad())
                                .because(slots.explain, || [self.tenure_step(tenure, "is not recorded")]),
                        );
                        continue;
                    };
                    let from = tenure.from.when().map_or(Day::EARLIEST, |when| when.first);
                    self.person(
                        &Tested {
                            slot,
                            span: tenure.span,
                            constituency,
                            day,
                            today,
                            acts: holds.and(wanted),
                            from,
                            bad,
                        },
                        test,
                        segment,
                        slots,
                    );
                }
                Some(Who::Alternate) => {
                    for one in tenure.alternate.iter() {
                        let stands = holds.and(recorded_in_force(one.from.when(), one.until.when(), self.case.on));
                        if stands.possible() && one.person.is_open() {
                            let message = format!("{}: an Alternate is not recorded", self.name());
                            let mark = Mark::new(self.record.file, one.span, "who it is is not recorded");
                            let said = Said::new("alternate", Outcome::Unknown, message).mark(mark);
                            let said = said.under(segment).silent(bad || one.person.is_bad());
                            let steps = || {
                                let named = "has an Alternate who is not recorded";
                                [self.tenure_step(tenure, &format!("`{}` {named}", holder.unwrap_or("unknown")))]
                            };
                            slots.say(said.because(slots.explain, steps));
                        }
                        if let (true, Some(person)) = (stands.possible(), one.person.known()) {
                            let from = one.from.when().map_or(Day::EARLIEST, |when| when.first);
                            self.person(
                                &Tested {
                                    slot: person.as_ref(),
                                    span: one.span,
                                    constituency,
                                    day,
                                    today,
                                    acts: stands.and(wanted),
                                    from,
                                    bad,
                                },
                                test,
                                segment,
                                slots,
                            );
                        }
                    }
                }
                _ => {}
            }
        }
        let untold = seat.tenure.is_absent() || seat.tenure.is_open();
        if untold && terms.who.known() == Some(&Who::Holder) {
            let message = format!("{}: holder not recorded", self.name());
            let mark = Mark::new(self.record.file, seat.tenure.span, "no tenure is recorded");
            slots.say(
                Said::new("holder", Outcome::Unknown, message)
                    .mark(mark)
                    .marks(segment.marks.first().cloned())
                    .under(segment)
                    .silent(bad || self.record.damaged || seat.tenure.is_bad())
                    .because(slots.explain, || [self.untold_step(seat)]),
            );
        }
    }

    /// One tenure, as a step.
    fn tenure_step(&self, tenure: &Tenure, holder: &str) -> String {
        format!("the holder {holder}: a tenure {} on {}", people::tenure_days(tenure), self.case.on)
    }

    /// That nobody knows all who held a seat, as a step.
    fn untold_step(&self, seat: &Seat) -> String {
        let all = if seat.tenure.is_absent() { "no tenure is recorded" } else { "not every tenure is recorded" };
        format!("{all}, so who holds the seat on {} is not known", self.case.on)
    }

    /// Tests candidates, nominators and voters on the day that they acted.
    fn election(&self, election: &'t Election, slots: &mut Slots) {
        let acted = |when: Option<When>| when.unwrap_or(When::UNKNOWN);
        for one in election.nomination.iter() {
            let received = acted(one.received.when());
            let constituency = one.constituency.known().map(AsRef::as_ref);
            // A nomination that was turned down, or withdrawn, makes nobody a candidate.
            let gone =
                [&one.rejected, &one.withdrawn].map(|fact| fact.when().map_or(Truth::No, |on| on.by(self.case.on)));
            let acts = received.by(self.case.on).and(!gone[0].or(gone[1]));
            let person = one.candidate.known().map(AsRef::as_ref);
            let nominator = one.nominated_by.known().map(AsRef::as_ref);
            let from = received.first;
            let bad = one.received.is_bad() || one.constituency.is_bad();
            let make = |slot: Option<&'t str>, span| {
                slot.map(|slot| Tested { slot, span, constituency, day: received, today: None, acts, from, bad })
            };
            self.act(make(person, one.span), Who::Candidate, slots);
            self.act(make(nominator, one.nominated_by.span), Who::Nominator, slots);
        }
        let Some(ballot) = election.ballot.known() else { return };
        // A vote has no day of its own: it counts on the day the ballot closed, or on the day judged while it is open.
        let closed = ballot.closed.when().filter(|when| when.by(self.case.on).certain());
        let day = closed.unwrap_or_else(|| When::on(self.case.on.for_today()));
        let acts = ballot.opened.when().map_or(Truth::Maybe, |when| when.by(self.case.on));
        for one in ballot.vote.iter() {
            let constituency = one.constituency.known().map(AsRef::as_ref);
            let voter = one.voting_group.known().map(AsRef::as_ref);
            let tested = voter.map(|slot| Tested {
                slot,
                span: one.span,
                constituency,
                day,
                today: None,
                acts,
                from: day.last,
                bad: one.constituency.is_bad(),
            });
            self.act(tested, Who::Voter, slots);
        }
    }

    fn act(&self, tested: Option<Tested<'_>>, who: Who, slots: &mut Slots) {
        let Some(mut tested) = tested else { return };
        tested.acts = tested.acts.and(self.wanted(tested.constituency));
        if tested.acts == Truth::No {
            let why = format!("`{}` is not tested", tested.slot);
            let steps = || {
                let constituency = tested.constituency.unwrap_or("a constituency that is not recorded");
                let acted = format!("`{}` acted on {} for `{constituency}`", tested.slot, tested.day);
                [acted, format!("{} is judged, and the rule may be about other seats", self.case.on)]
            };
            return slots.skip(|| people::nothing(self.record, tested.slot, &why, steps()));
        }
        for (part, says) in self.law.over(tested.day) {
            let (segment, terms) = match says {
                Says::Nothing(_) => continue,
                Says::Unknown(segment) => {
                    if tested.day.day().is_some() {
                        self.not_known(segment, slots);
                    }
                    continue;
                }
                Says::Terms(segment, terms) => (segment, terms),
            };
            if terms.who.known() != Some(&who) {
                continue;
            }
            let test = terms.test.known().copied().unwrap_or(Test::Category);
            if part.day().is_none() {
                let message = format!("{}: the day on which `{}` acted is not recorded", self.name(), tested.slot);
                let mark = Mark::new(self.record.file, tested.span, "not known to the day");
                let said = Said::new(tested.slot, Outcome::Unknown, message).mark(mark).under(segment);
                let steps = || {
                    let acted = format!("`{}` acted on one of the days {}", tested.slot, tested.day);
                    [acted, "whom somebody is employed by, and of what category, may differ among them".to_owned()]
                };
                slots.say(said.silent(tested.bad).because(slots.explain, steps));
                return;
            }
            match who {
                Who::Nominator | Who::Voter => self.party(&tested, segment, slots),
                _ => self.person(&tested, test, segment, slots),
            }
        }
    }

    fn not_known(&self, segment: &Segment<Terms>, slots: &mut Slots) {
        let message = format!("{}: what was required that day is not known", self.name());
        slots.say(people::not_known(self.record, "test", message, segment, slots.explain));
    }

    /// Says the outcome of a test.
    fn verdict(&self, tested: &Tested<'_>, result: Result, segment: &Segment<Terms>, slots: &mut Slots) {
        let Result { truth, reason, help, marks, bad, steps } = result;
        let outcome = match (truth, tested.acts) {
            (Truth::Yes, Truth::Yes | Truth::Maybe) => Outcome::Pass,
            (Truth::No, Truth::Yes) => Outcome::Breach,
            _ => Outcome::Unknown,
        };
        let own = Mark::new(self.record.file, tested.span, format!("`{}`", tested.slot));
        let asked = slots.explain;
        let said = || {
            let said = Said::new(tested.slot, outcome, reason)
                .mark(own)
                .marks(marks)
                .marks(segment.marks.first().cloned())
                .under(segment)
                .silent(bad || tested.bad)
                .explained(asked, |said| said.steps(self.steps(tested, steps)));
            match outcome {
                Outcome::Pass => said,
                Outcome::Breach if asked => said.help(help).cure(self.cure(tested, help)),
                _ => said.help(help),
            }
        };
        if outcome == Outcome::Pass { slots.pass(said) } else { slots.say(said()) }
    }

    /// The tenure, or the Alternate, that ends on the day; of what was done in an election, words.
    fn cure(&self, tested: &Tested<'_>, help: &str) -> Cure {
        let done =
            "it was done as it was done: whether the record of it or of who did it is wrong, only a source tells";
        let Some(seat) = self.record.seat() else { return Cure::by_hand(help, done) };
        let own = seat.tenure.iter().find(|tenure| tenure.span == tested.span);
        if let Some(tenure) = own {
            return people::end_tenure(self.record, tenure, self.case.on);
        }
        let path = people::path_of(self.record, tested.span).filter(|_| tested.from < self.case.on);
        let text = format!("`{}` no longer Alternate (`until`) by {}", tested.slot, self.case.on);
        let day = self.case.on.to_string();
        let why = "it began on the day judged: an end on that day would make it no time at all";
        Cure::new(text).at(path, why, |cure, path| cure.set(self.record.subject(), format!("{path}.until"), day))
    }

    /// Who is tested and on which day, before what the test itself found.
    fn steps(&self, tested: &Tested<'_>, found: Vec<String>) -> Vec<String> {
        let constituency = tested.constituency.map_or(String::new(), |word| {
            let fills = self.case.code.fills(word).unwrap_or_default();
            let fills = fills.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ");
            let fills = if fills.is_empty() { "no Party Category".to_owned() } else { fills };
            format!(" for `{word}`, which {fills} fill(s)")
        });
        let mut steps = vec![format!("`{}` is tested on {}{constituency}", tested.slot, tested.day)];
        steps.extend(found);
        steps
    }

    fn person(&self, tested: &Tested<'_>, test: Test, segment: &Segment<Terms>, slots: &mut Slots) {
        match test {
            Test::OneOffice => self.one_office(tested, segment, slots),
            Test::Independent => self.independent(tested, segment, slots),
            Test::Category => self.employer_category(tested, segment, slots),
            // Of results, which `elected` judges, and of proposals, which `proposer` judges.
            Test::Nominated | Test::SatBefore | Test::Listed => {}
        }
    }

    fn independent(&self, tested: &Tested<'_>, segment: &Segment<Terms>, slots: &mut Slots) {
        let Some(day) = tested.on() else { return };
        let employers = people::employers(self.case, tested.slot, day);
        let affiliates = self.case.affiliates(day);
        let mut steps = if slots.explain { people::employer_steps(tested.slot, &employers, day) } else { Vec::new() };
        let mut truth = if employers.open { Truth::Maybe } else { Truth::Yes };
        let (mut marks, mut reason) = (Vec::new(), None);
        for employer in &employers.all {
            let mut tied = Truth::No;
            for member in affiliates.members(employer.id) {
                let found = self.case.registry.find(RecordKind::Party, member).and_then(|record| record.party());
                // In an example, an employer that is only named may be anything.
                tied = tied.or(found.map_or(Truth::No, |party| people::is_party(party, day)));
                if tied.certain() {
                    reason.get_or_insert_with(|| {
                        if member == employer.id {
                            format!("is employed by `{}`, a Party", employer.id)
                        } else {
                            format!("is employed by `{}`, an Affiliate of the Party `{member}`", employer.id)
                        }
                    });
                    marks.push(Mark::new(employer.file, employer.span, format!("employed by `{}`", employer.id)));
                    marks.extend(people::chain_marks(self.case, employer.id, member));
                    if slots.explain {
                        steps.extend(people::chain_steps(self.case, employer.id, member, day));
                        steps.push(format!("`{member}` is a Party on {day}"));
                    }
                    break;
                }
            }
            if !tied.certain() && !affiliates.is_apart(employer.id) {
                tied = Truth::Maybe;
                marks.push(Mark::new(
                    employer.file,
                    employer.span,
                    "whether this is an Affiliate of a Party is not recorded",
                ));
            }
            let tied = if employer.certain { tied } else { tied.min(Truth::Maybe) };
            truth = truth.and(!tied);
        }
        marks.extend(employers.missing.clone());
        let reason = match truth {
            Truth::Yes => format!("{}: `{}` is employed by no Party and no Affiliate of one", self.name(), tested.slot),
            Truth::No => format!(
                "{}: `{}` {}, and {} wants somebody independent",
                self.name(),
                tested.slot,
                reason.unwrap_or_default(),
                self.law.clause
            ),
            Truth::Maybe => format!("{}: employment not recorded", self.name()),
        };
        let help = if truth == Truth::No {
            "appoint somebody independent, or correct the employment"
        } else {
            "record the person's `employment` (`[]` where there is none)"
        };
        self.verdict(tested, Result { truth, reason, help, marks, bad: employers.bad, steps }, segment, slots);
    }

    fn employer_category(&self, tested: &Tested<'_>, segment: &Segment<Terms>, slots: &mut Slots) {
        let Some(day) = tested.on() else { return };
        let Some(constituency) = tested.constituency else {
            let reason = format!("{}: the constituency of `{}` is not recorded", self.name(), tested.slot);
            return self.verdict(tested, Result::not_recorded(reason, "record it", tested.bad), segment, slots);
        };
        let categories = self.case.code.fills(constituency).unwrap_or_default();
        let employers = people::employers(self.case, tested.slot, day);
        let mut steps = if slots.explain { people::employer_steps(tested.slot, &employers, day) } else { Vec::new() };
        let mut truth = if employers.open { Truth::Maybe } else { Truth::No };
        let mut marks = Vec::new();
        for employer in &employers.all {
            let record = self.case.registry.find(RecordKind::Party, employer.id);
            let found = record
                .and_then(|record| record.party().map(|party| people::category_among(record, party, &categories, day)));
            let (is, places) = found.unwrap_or((
                if self.case.registry.is_complete("parties") { Truth::No } else { Truth::Maybe },
                Vec::new(),
            ));
            marks.push(Mark::new(employer.file, employer.span, format!("employed by `{}`", employer.id)));
            if slots.explain {
                steps.extend(places.iter().map(|mark| format!("{} on {day}", mark.label)));
            }
            marks.extend(places);
            truth = truth.or(if employer.certain { is } else { is.min(Truth::Maybe) });
        }
        marks.extend(employers.missing.clone());
        let name = self.case.code.name(constituency);
        let reason = match truth {
            Truth::Yes => format!("{}: the employer of `{}` is of {name}", self.name(), tested.slot),
            Truth::No => format!("{}: no employer of `{}` is of {name} on {day}", self.name(), tested.slot),
            Truth::Maybe => {
                format!("{}: whether the employer of `{}` is of {name} is not recorded", self.name(), tested.slot)
            }
        };
        self.verdict(
            tested,
            Result {
                truth,
                reason,
                help: "record the employer and its category, or correct the seat",
                marks,
                bad: employers.bad,
                steps,
            },
            segment,
            slots,
        );
    }

    /// A nominator or voter: its category fills the constituency.
    fn party(&self, tested: &Tested<'_>, segment: &Segment<Terms>, slots: &mut Slots) {
        let Some(day) = tested.on() else { return };
        let Some(constituency) = tested.constituency else {
            let reason = format!("{}: for which constituency `{}` acted is not recorded", self.name(), tested.slot);
            return self.verdict(tested, Result::not_recorded(reason, "record it", tested.bad), segment, slots);
        };
        let categories = self.case.code.fills(constituency).unwrap_or_default();
        let name = self.case.code.name(constituency);
        let record = self.case.registry.find(RecordKind::Party, tested.slot);
        let Some((record, party)) = record.and_then(|record| record.party().map(|party| (record, party))) else {
            let reason = format!("{}: the category of `{}` is not recorded", self.name(), tested.slot);
            let bad = !self.case.registry.implies() && self.case.registry.actor(tested.slot).is_none();
            return self.verdict(
                tested,
                Result {
                    truth: Truth::Maybe,
                    reason,
                    help: "record the Party and its category",
                    marks: Vec::new(),
                    bad,
                    steps: Vec::new(),
                },
                segment,
                slots,
            );
        };
        let (mut truth, marks) = people::category_among(record, party, &categories, day);
        let mut steps: Vec<String> = marks.iter().map(|mark| format!("{} on {day}", mark.label)).collect();
        let is_none = people::is_party(party, day) == Truth::No;
        if is_none {
            truth = Truth::No;
            steps.push(format!("`{}` was no Party on {day}", tested.slot));
        }
        let reason = match truth {
            _ if is_none => format!("{}: `{}` acted for {name}, and was no Party on {day}", self.name(), tested.slot),
            Truth::Yes => format!("{}: `{}` is of {name}", self.name(), tested.slot),
            Truth::No => {
                format!("{}: `{}` acted for {name}, and was not of that category on {day}", self.name(), tested.slot)
            }
            Truth::Maybe => {
                format!("{}: whether `{}` was of {name} on {day} is not recorded", self.name(), tested.slot)
            }
        };
        self.verdict(
            tested,
            Result {
                truth,
                reason,
                help: "leave the vote or nomination out, or correct the Party's category, or when it acceded or left",
                marks,
                bad: record.damaged || party.category.is_bad(),
                steps,
            },
            segment,
            slots,
        );
    }

    /// The person's other offices in the body on the day. The later comer's is the one too many.
    fn one_office(&self, tested: &Tested<'_>, segment: &Segment<Terms>, slots: &mut Slots) {
        let Some(day) = tested.on() else { return };
        let (mut truth, mut marks, mut other_seat) = (Truth::Yes, Vec::new(), None);
        for office in self.case.registry.offices_of(tested.slot) {
            let Some(record) =
                self.case.record(office.seat).filter(|record| record.parent() == self.body() && office.seat != self.at)
            else {
                continue;
            };
            let Some(tenure) = record.seat().and_then(|seat| seat.tenure.iter().nth(office.tenure)) else { continue };
            // Who stands again for the seat held now does not ask for a second one.
            let again = self.record.election().is_some()
                && record.seat().and_then(|seat| seat.constituency.known()).map(AsRef::as_ref) == tested.constituency;
            if office.alternate.is_some() || again {
                continue;
            }
            let from = tenure.from.when().map_or(Day::EARLIEST, |when| when.first);
            let holds = people::held(tenure, day);
            let first_comer = self.record.seat().is_some() && (tested.from, &self.record.id) < (from, &record.id);
            if !holds.possible() || first_comer {
                continue;
            }
            truth = truth.and(!holds);
            other_seat.get_or_insert(record.id.as_ref());
            if marks.len() < MOST_OFFICES {
                let label = format!("`{}` holds `{}` as well", tested.slot, record.id);
                marks.push(Mark::new(record.file, tenure.span, label));
            }
        }
        let other = other_seat.unwrap_or("");
        let mut steps: Vec<String> = marks.iter().map(|mark| mark.label.clone()).collect();
        if steps.is_empty() {
            steps.push(format!("no other seat of `{}` is held by `{}` on {day}", self.body(), tested.slot));
        }
        let reason = match truth {
            Truth::Yes => format!("{}: `{}` has one office in `{}`", self.name(), tested.slot, self.body()),
            Truth::No => format!(
                "{}: `{}` holds `{other}` as well, and {} gives a person one office",
                self.name(),
                tested.slot,
                self.law.clause
            ),
            Truth::Maybe => {
                format!("{}: whether `{}` holds `{other}` as well is not recorded", self.name(), tested.slot)
            }
        };
        self.verdict(
            tested,
            Result { truth, reason, help: "end one of the two tenures (`ended = …`)", marks, bad: false, steps },
            segment,
            slots,
        );
    }
}
