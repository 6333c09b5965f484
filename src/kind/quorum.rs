//! Kind `quorum`: who came, whether enough came, and what the votes give.

mod attendance;
mod ballot;
mod house;
mod present;
mod proof;
mod votes;

use std::collections::BTreeMap;

use self::{attendance::Roll, house::House};
use super::{Case, Kind, Law, Proofreader, Said, Says, Segment, Slots, people};
use crate::{
    day::{Truth, When},
    decode::{Fact, List, Map, table, words},
    finding::Outcome,
    record::{Kind as RecordKind, Record},
    rulebook::{
        code::Code,
        mutant::Mutator,
        proofread::KindWord,
        prove::{Flaw, Proving},
        raw::Words,
        select,
    },
};

/// The kind.
#[derive(Debug)]
pub struct Quorum;

table! {
    /// What a quorum is about.
    pub struct About {
        /// The kind of records: meetings, seats (`attendance`) or elections (`one-vote`, `most-votes`).
        of: Fact<KindWord> = "of" (required),
        /// Which of them.
        selects: Map<Words> = "where",
    }
}

words! {
    /// What is tested.
    pub enum Test {
        /// Enough members, or their Alternates, came to a meeting.
        Present = "present",
        /// A member, or their Alternate, came to enough meetings.
        Attendance = "attendance",
        /// The outcome of an item is what its votes give.
        Majority = "majority",
        /// A resolution in writing has the votes of all.
        Unanimous = "unanimous",
        /// A Voting Group votes once.
        OneVote = "one-vote",
        /// Those with the most votes are elected, by lot between equals.
        MostVotes = "most-votes",
    }
}

impl Test {
    /// The kind of records that the test is of.
    fn of(self) -> RecordKind {
        match self {
            Self::Present | Self::Majority | Self::Unanimous => RecordKind::Meeting,
            Self::Attendance => RecordKind::Seat,
            Self::OneVote | Self::MostVotes => RecordKind::Election,
        }
    }
}

words! {
    /// What a share is of.
    pub enum ShareOf {
        /// The members in office on the day.
        InOffice = "in-office",
        /// All seats, held or vacant.
        Seats = "seats",
        /// The meetings held.
        Meetings = "meetings",
    }
}

words! {
    /// How votes are counted.
    pub enum By {
        /// Each by itself.
        Member = "member",
        /// Inside each constituency, then one for each constituency.
        Constituency = "constituency",
    }
}

words! {
    /// When the Chair votes.
    pub enum ChairVotes {
        /// As every member does.
        Always = "always",
        /// Only where the others are evenly split.
        OnATie = "on-a-tie",
        /// Never.
        Never = "never",
    }
}

words! {
    /// What a Voting Group has one vote for.
    pub enum Per {
        /// One in all, however many seats are up.
        Ballot = "ballot",
        /// One for each seat that is up.
        Seat = "seat",
    }
}

table! {
    /// What is enough.
    pub struct Terms {
        /// What is tested.
        test: Fact<Test> = "test" (required),
        /// How many, or which share.
        at_least: Fact<AtLeast> = "at-least",
        /// Whether the Chair, or the Chair's Alternate, must be there.
        chair: Fact<bool> = "chair",
        /// For `attendance`: over how many months, up to and including the day judged.
        over: Fact<u32> = "over",
        /// For `majority`: how votes are counted; `member` where left out.
        by: Fact<By> = "by",
        /// For `majority`: when the Chair votes; `always` where left out.
        chair_votes: Fact<ChairVotes> = "chair-votes",
        /// For `one-vote`: what there is one vote for; `ballot` where left out.
        per: Fact<Per> = "per",
        /// For `most-votes`: whether it is also judged that a lot, and only a lot, settles a tie.
        lot: Fact<bool> = "lot",
    }
}

table! {
    /// How many, or which share.
    pub struct AtLeast {
        /// The share: two numbers, `[1, 2]` for a half; rounded up.
        share: List<u32> = "share",
        /// What it is a share of.
        of: Fact<ShareOf> = "of",
        /// A fixed number instead.
        count: Fact<u32> = "count",
    }
}

impl AtLeast {
    /// The share as two numbers.
    fn fraction(&self) -> Option<(u64, u64)> {
        let parts: Vec<u64> = self.share.iter().map(|part| u64::from(*part)).collect();
        match parts.as_slice() {
            [above, below] if *below > 0 => Some((*above, *below)),
            _ => None,
        }
    }

    /// How many are enough of so many.
    fn of_all(&self, all: usize) -> usize {
        if let Some(count) = self.count.known() {
            return *count as usize;
        }
        let (above, below) = self.fraction().unwrap_or((0, 1));
        usize::try_from((all as u64).saturating_mul(above).div_ceil(below)).unwrap_or(usize::MAX)
    }

    /// In words: `1/2 of the members in office`.
    fn english(&self) -> String {
        if let Some(count) = self.count.known() {
            return format!("{count} members");
        }
        let (above, below) = self.fraction().unwrap_or((0, 1));
        let of = match self.of.known() {
            Some(ShareOf::Seats) => "all seats",
            Some(ShareOf::Meetings) => "the meetings held",
            Some(ShareOf::InOffice) | None => "the members in office",
        };
        format!("{above}/{below} of {of}")
    }
}

/// What is worked out once for all records of a rule: the bodies' seats, and who came when.
#[derive(Debug, Default)]
pub struct Prepared {
    houses: BTreeMap<Box<str>, House>,
    rolls: BTreeMap<Box<str>, Roll>,
}

impl Kind for Quorum {
    const NAME: &'static str = "quorum";
    const DOC: &'static str = include_str!("../../docs/kinds/quorum.md");
    const MUTATORS: &'static [Mutator] = &[
        Mutator::Step("at-least.share.*"),
        Mutator::Step("at-least.count"),
        Mutator::Swap("at-least.of", &["in-office", "seats"]),
        Mutator::Turn("chair", false),
        Mutator::Step("over"),
        Mutator::Swap("by", &["member", "constituency"]),
        Mutator::Swap("chair-votes", &["always", "on-a-tie", "never"]),
        Mutator::Turn("lot", false),
        Mutator::Swap("per", &["ballot", "seat"]),
    ];

    type About = About;
    type Terms = Terms;
    type Prepared<'c> = Prepared;

    fn proofread(about: &About, terms: &Terms, proof: &mut Proofreader<'_>) {
        proof::proofread(about, terms, proof);
    }

    fn prove(_: &About, terms: &Terms, proving: &Proving<'_>) -> Vec<Flaw> {
        proof::prove(terms, proving)
    }

    fn subjects(about: &About, case: &Case<'_>) -> Vec<u32> {
        let Some(kind) = about.of.known().map(|word| word.0) else { return Vec::new() };
        select::positions(kind, &about.selects, case)
    }

    fn prepare(about: &About, case: &Case<'_>) -> Prepared {
        let mut prepared = Prepared::default();
        let kind = about.of.known().map(|word| word.0);
        for at in Self::subjects(about, case) {
            let Some(record) = case.record(at) else { continue };
            let body = record.parent();
            match kind {
                Some(RecordKind::Meeting) if !prepared.houses.contains_key(body) => {
                    prepared.houses.insert(body.into(), House::of(body, case));
                }
                Some(RecordKind::Seat) if !prepared.rolls.contains_key(body) => {
                    prepared.rolls.insert(body.into(), Roll::of(body, case));
                }
                _ => {}
            }
        }
        prepared
    }

    fn judge(law: &Law<'_, Self>, prepared: &Prepared, record: &Record, _: u32, case: &Case<'_>, slots: &mut Slots) {
        if !select::selected(record, &law.about.selects, case, case.on).possible() {
            let why = "not one of those that the rule is about";
            return slots.skip(|| {
                people::nothing(record, "", why, people::not_selected(record, &law.about.selects, case.on.untracked()))
            });
        }
        let Some(day) = own_day(law, record, case) else {
            return slots.skip(|| people::nothing(record, "", "it was not held by that day", held_step(record, case)));
        };
        let held = day.up_to(case.on).unwrap_or(day);
        let parts = law.over(held);
        let sure = day.by(case.on).certain();
        let alone = parts.len() == 1 && sure;
        let mut all: Vec<Vec<Said>> = Vec::new();
        if !sure {
            let why = "it may not have been held by that day";
            all.push(vec![people::nothing(
                record,
                "",
                why,
                slots.explain.then(|| held_step(record, case)).into_iter().flatten(),
            )]);
        }
        for (part, says) in parts {
            let mut own = Slots::new(slots.explain || !alone);
            match says {
                Says::Nothing(why) => own.skip(|| people::idle(law, record, part, why)),
                Says::Unknown(segment) => {
                    let message = format!("{}: what was enough on {part} is not known", people::name(record));
                    own.say(people::not_known(record, "", message, segment, slots.explain));
                }
                Says::Terms(segment, terms) => {
                    let trial =
                        Trial { law, segment, terms, prepared, record, case, day: part, explain: slots.explain };
                    trial.judge(if alone { slots } else { &mut own });
                }
            }
            all.push(own.into_said());
        }
        for said in together(all, record) {
            slots.say(said);
        }
    }

    fn looked_for(law: &Law<'_, Self>, record: &Record, case: &Case<'_>) -> Vec<String> {
        let day = own_day(law, record, case).unwrap_or(When::on(case.on.untracked()));
        let test = |says: Says<'_, Terms>| match says {
            Says::Terms(_, terms) => terms.test.known().map(|test| test.word()),
            _ => None,
        };
        let tests: Vec<&str> = law.over(day).into_iter().filter_map(|(_, says)| test(says)).collect();
        let (own, test) = (people::name(record), tests.join(" or "));
        let votes =
            record.election().and_then(|election| election.ballot.known()).map(|ballot| ballot.vote.iter().count());
        let mut steps = vec![format!("the test is `{test}` on {day}, and {own} has nothing for it")];
        steps.extend(votes.map(|votes| format!("votes recorded: {votes}")));
        steps
    }

    fn english(about: &About, terms: &Terms, code: &Code) -> String {
        let of = select::english(about.of.known().map(|word| word.0), &about.selects, code);
        let at_least = terms.at_least.known().map_or_else(String::new, AtLeast::english);
        match terms.test.known() {
            Some(Test::Present) => {
                let chair = if terms.chair.known() == Some(&true) {
                    ", the Chair or the Chair's Alternate among them"
                } else {
                    ""
                };
                format!("To each {of} come at least {at_least}, or their Alternates{chair}.")
            }
            Some(Test::Attendance) => format!(
                "The holder of each {of}, or an Alternate, came to at least {at_least} in the last {} months.",
                terms.over.known().copied().unwrap_or(0)
            ),
            Some(Test::Majority) => {
                let by = match terms.by.known() {
                    Some(By::Constituency) => {
                        "in more constituencies than against, votes counted inside each constituency"
                    }
                    _ => "with more votes for than against",
                };
                let chair = match terms.chair_votes.known() {
                    Some(ChairVotes::OnATie) => "; the Chair votes only where the others are evenly split",
                    Some(ChairVotes::Never) => "; the Chair does not vote",
                    _ => "",
                };
                format!("In each {of}, what is put to the vote is carried {by}, abstentions not counted{chair}.")
            }
            Some(Test::Unanimous) => {
                format!("In each {of}, a resolution in writing has the votes of all members in office.")
            }
            Some(Test::OneVote) => {
                let per = match terms.per.known() {
                    Some(Per::Seat) => "for each seat that is up",
                    _ => "in all",
                };
                format!("In each {of}, a Voting Group has one vote {per} for each constituency.")
            }
            Some(Test::MostVotes) => {
                let lot = if terms.lot.known() == Some(&true) { "; between equal votes a lot decides" } else { "" };
                format!("In each {of}, those with the most votes are elected{lot}.")
            }
            None => "?".into(),
        }
    }
}

/// The days of a meeting, as a step.
fn held_step(record: &Record, case: &Case<'_>) -> Option<String> {
    let meeting = record.meeting()?;
    let day = |fact: &Fact<When>| match fact.when() {
        Some(when) => when.to_string(),
        None => "not recorded".to_owned(),
    };
    let called_off = if meeting.cancelled.is_absent() { "" } else { ", called off" };
    let (planned, held) = (day(&meeting.planned), day(&meeting.held));
    Some(format!("`planned`: {planned}, `held`: {held}{called_off}; {} is judged", case.on))
}

/// The day that picks the version: that of the meeting, of the vote, or the day judged for a seat;
/// nothing where it has not come.
fn own_day(law: &Law<'_, Quorum>, record: &Record, case: &Case<'_>) -> Option<When> {
    let day = if let Some(meeting) = record.meeting() {
        meeting.held.when()?
    } else if let Some(election) = record.election() {
        let ballot = election.ballot.known();
        let closed = ballot.and_then(|ballot| ballot.closed.when().or(ballot.opened.when()));
        // An election without a vote, or one that is open, is judged as it stands.
        let came = closed.or(election.called.when()).filter(|day| day.by(case.on).certain());
        return Some(came.unwrap_or_else(|| When::on(case.on.for_today())));
    } else {
        // The version of today, and how long it is in force.
        let _ = law.on(case.on);
        return Some(When::on(case.on.untracked()));
    };
    (day.by(case.on) != Truth::No).then_some(day)
}

/// What the versions that may hold give: what they agree on, else that it is not known.
fn together(all: Vec<Vec<Said>>, record: &Record) -> Vec<Said> {
    let mut by_slot: BTreeMap<String, Vec<Said>> = BTreeMap::new();
    let versions = all.len();
    for said in all.into_iter().flatten() {
        by_slot.entry(said.slot.clone()).or_default().push(said);
    }
    let merge = |mut said: Vec<Said>| {
        let first = said.first()?.outcome;
        // A version that says nothing of a slot does not apply to it.
        let told = said.len() == versions || first == Outcome::NotApplicable;
        let agreed = told && said.iter().all(|one| one.outcome == first);
        let mut one = said.remove(0);
        if !agreed {
            let told_first = one.outcome;
            one.outcome = Outcome::Unknown;
            one.message = format!("{}: it depends on the day of it, which is not known", people::name(record));
            one.cure = None;
            one.steps = told_in_steps(one.steps, told_first, &said);
        }
        Some(one)
    };
    by_slot.into_values().filter_map(merge).collect()
}

/// What each version gives, in the order of their days; nothing where nobody asked.
fn told_in_steps(own: Vec<String>, outcome: Outcome, others: &[Said]) -> Vec<String> {
    if own.is_empty() {
        return own;
    }
    let mut steps = own;
    steps.push(format!("on some of the days that it may be: {outcome}"));
    for other in others {
        steps.extend(other.steps.iter().cloned());
        steps.push(format!("on others: {}", other.outcome));
    }
    if others.is_empty() {
        steps.push("on others the rule says nothing of it".to_owned());
    }
    steps
}

/// One record under one version.
struct Trial<'t> {
    law: &'t Law<'t, Quorum>,
    segment: &'t Segment<Terms>,
    terms: &'t Terms,
    prepared: &'t Prepared,
    record: &'t Record,
    case: &'t Case<'t>,
    /// The days that the record's own may be.
    day: When,
    /// Whether it is asked how an outcome came about.
    explain: bool,
}

impl<'t> Trial<'t> {
    fn judge(&self, slots: &mut Slots) {
        match (self.terms.test.known(), self.record.meeting(), self.record.seat(), self.record.election()) {
            (Some(Test::Present), Some(meeting), ..) => self.present(meeting, slots),
            (Some(Test::Majority), Some(meeting), ..) => self.majority(meeting, slots),
            (Some(Test::Unanimous), Some(meeting), ..) => self.unanimous(meeting, slots),
            (Some(Test::Attendance), _, Some(seat), _) => self.attendance(seat, slots),
            (Some(Test::OneVote), .., Some(election)) => self.one_vote(election, slots),
            (Some(Test::MostVotes), .., Some(election)) => self.most_votes(election, slots),
            _ => {}
        }
    }

    fn name(&self) -> String {
        people::name(self.record)
    }

    /// The seats of the meeting's body.
    fn house(&self) -> Option<&'t House> {
        self.prepared.houses.get(self.record.parent())
    }

    /// A place of the parameter that decides, with the version's evidence.
    fn under(&self, said: Said, key: &str, span: crate::text::Span, label: impl Into<String>) -> Said {
        said.mark(self.segment.mark(self.law.file, key, span, label)).under(self.segment)
    }

    /// Says it; a pass only where it is wanted.
    fn say(slots: &mut Slots, said: Said) {
        match said.outcome {
            Outcome::Pass => slots.pass(|| said),
            Outcome::NotApplicable => slots.skip(|| said),
            _ => slots.say(said),
        }
    }
}
