//! What the votes on an item of a meeting give, against the outcome that is recorded.

use std::collections::BTreeMap;

use super::{By, ChairVotes, Trial, present::Present};
use crate::{
    day::Truth,
    decode::Fact,
    finding::{Mark, Outcome},
    kind::{Cure, Said, Slots, people},
    record::meeting::{Item, ItemOutcome, ItemVote, Meeting, Resolved},
};

/// A number that may not be known: from, up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Count {
    least: u64,
    most: u64,
}

/// More votes than anybody can record.
const ANY: u64 = u32::MAX as u64;

impl Count {
    /// What is left out is not known; `0` says that there were none.
    fn of(fact: &Fact<u32>) -> Self {
        fact.known().map_or(Self { least: 0, most: ANY }, |count| {
            let count = u64::from(*count);
            Self { least: count, most: count }
        })
    }

    fn plus(self, other: Self) -> Self {
        Self { least: self.least.saturating_add(other.least), most: self.most.saturating_add(other.most) }
    }

    /// Whether it is more than another.
    fn above(self, other: Self) -> Truth {
        if self.least > other.most {
            Truth::Yes
        } else if self.most <= other.least {
            Truth::No
        } else {
            Truth::Maybe
        }
    }

    fn shown(self) -> String {
        if self.least == self.most { self.least.to_string() } else { "not known".into() }
    }
}

/// Votes for and against.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Split {
    pro: Count,
    con: Count,
}

impl Split {
    fn of(vote: &ItemVote) -> Self {
        Self { pro: Count::of(&vote.votes_for), con: Count::of(&vote.against) }
    }

    fn plus(self, other: Self) -> Self {
        Self { pro: self.pro.plus(other.pro), con: self.con.plus(other.con) }
    }

    fn carried(self) -> Truth {
        self.pro.above(self.con)
    }

    fn tied(self) -> Truth {
        (!self.pro.above(self.con)).and(!self.con.above(self.pro))
    }

    fn cast(self) -> Count {
        self.pro.plus(self.con)
    }

    fn shown(self) -> String {
        format!("{} for, {} against", self.pro.shown(), self.con.shown())
    }
}

/// What the votes give, and how.
struct Result {
    carried: Truth,
    /// A breach in the voting itself, and what would clear it.
    wrong: Option<(String, &'static str)>,
    /// Whether the Chair surely has no vote.
    chair_has_none: bool,
    steps: Vec<String>,
}

/// The slot of an item: its title, numbered where an earlier one has the same.
fn slots_of<'i>(items: impl Iterator<Item = &'i Item>) -> Vec<(String, &'i Item)> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut slot = |item: &'i Item| {
        let title = item.title.text().unwrap_or("item");
        let times = seen.entry(title).or_insert(0);
        *times = times.saturating_add(1);
        (if *times == 1 { title.to_owned() } else { format!("{title}-{times}") }, item)
    };
    items.map(&mut slot).collect()
}

/// What an outcome says of the vote: carried, or not; nothing where nothing was decided.
fn claimed(item: &Item) -> Option<Truth> {
    match item.outcome.known() {
        Some(ItemOutcome::Approved | ItemOutcome::Recommended) => Some(Truth::Yes),
        Some(ItemOutcome::Rejected) => Some(Truth::No),
        Some(ItemOutcome::Noted | ItemOutcome::Deferred) => None,
        None => item.outcome.is_open().then_some(Truth::Maybe),
    }
}

/// What is recorded of an item, a step a line.
fn item_steps(slot: &str, item: &Item) -> Vec<String> {
    let outcome = item.outcome.known().map_or("not recorded", |outcome| outcome.word());
    let how = match in_writing(item) {
        Truth::Yes => "in writing",
        Truth::No => "at the meeting",
        Truth::Maybe => "in writing or at the meeting, which is not recorded",
    };
    vec![
        format!("the item `{slot}`: outcome {outcome}, resolved {how}"),
        format!("votes recorded of it: {}", item.vote.iter().count()),
    ]
}

fn in_writing(item: &Item) -> Truth {
    match item.resolved.known() {
        Some(resolved) => Truth::from(*resolved == Resolved::InWriting),
        None if item.resolved.is_open() => Truth::Maybe,
        None => Truth::No,
    }
}

impl<'t> Trial<'t> {
    pub(super) fn majority(&self, meeting: &'t Meeting, slots: &mut Slots) {
        let told = !meeting.attendance.is_absent() && !meeting.attendance.is_open();
        let most = told.then(|| Present::seated(self, meeting));
        for (slot, item) in slots_of(meeting.item.iter()) {
            let name = self.name();
            let Some(claimed) = claimed(item).filter(|_| in_writing(item) != Truth::Yes) else {
                let why = format!("`{slot}` was not put to the vote");
                slots.skip(|| people::nothing(self.record, &slot, &why, item_steps(&slot, item)));
                continue;
            };
            let said = if item.vote.iter().next().is_none() {
                let message = format!("{name}: the votes on `{slot}` are not recorded");
                Said::new(slot.clone(), Outcome::Unknown, message)
                    .mark(Mark::new(self.record.file, item.span, "votes not recorded"))
                    .help("record the votes where a source gives them")
                    .silent(item.vote.is_bad())
                    .because(self.explain, || item_steps(&slot, item))
            } else {
                self.voted(slot, item, claimed, most)
            };
            Self::say(slots, self.under(said, "test", self.terms.test.span, "a majority of those voting"));
        }
    }

    fn voted(&self, slot: String, item: &Item, claimed: Truth, most: Option<(usize, usize)>) -> Said {
        let name = self.name();
        let open = item.vote.is_open() || in_writing(item) == Truth::Maybe;
        let mut result = self.result(item);
        // The Chair who has no vote is none of those who could cast one.
        let counts = |vote: &&ItemVote| !(result.chair_has_none && self.is_chairs(vote));
        let votes = || item.vote.iter().filter(counts);
        let cast = votes().map(|vote| Split::of(vote).cast().least).fold(0, u64::saturating_add);
        let abstained = votes().filter_map(|vote| vote.abstained.known()).map(|count| u64::from(*count));
        let cast = abstained.fold(cast, u64::saturating_add);
        let most =
            most.map(|(all, chairs)| if result.chair_has_none { all.saturating_sub(chairs) } else { all } as u64);
        if let Some(most) = most.filter(|most| cast > *most) {
            result.steps.push(format!("{cast} votes and abstentions, {most} who could vote"));
            let who = if result.chair_has_none { ", the Chair not counted" } else { "" };
            let message = format!("{cast} votes were cast, by {most} who came as member or Alternate{who}");
            result.wrong.get_or_insert((message, "no more votes than there were to cast, or all who came recorded"));
        }
        let mark = Mark::new(self.record.file, item.vote.span, "the votes");
        let outcome_mark = Mark::new(self.record.file, item.outcome.span, "the outcome recorded");
        let cure = result.wrong.as_ref().map(|(_, cure)| *cure);
        let (outcome, message) = match (&result.wrong, claimed, result.carried) {
            (Some((wrong, _)), ..) if !open => (Outcome::Breach, format!("{name}: `{slot}`: {wrong}")),
            (_, claimed, carried) if open || claimed == Truth::Maybe || carried == Truth::Maybe => {
                (Outcome::Unknown, format!("{name}: whether the votes on `{slot}` give its outcome is not known"))
            }
            (_, Truth::Yes, Truth::No) => {
                (Outcome::Breach, format!("{name}: `{slot}` was not carried by its votes, and is recorded as carried"))
            }
            (_, Truth::No, Truth::Yes) => {
                (Outcome::Breach, format!("{name}: `{slot}` was carried by its votes, and is recorded as rejected"))
            }
            _ => (Outcome::Pass, format!("{name}: the votes on `{slot}` give its outcome")),
        };
        let said = Said::new(slot, outcome, message).mark(outcome_mark).mark(mark).steps(result.steps);
        match outcome {
            Outcome::Breach => said
                .help(
                    "correct the votes or the outcome; if both are as the source has them, the decision does not stand",
                )
                .explained(self.explain, |said| said.cure(self.outcome_of_votes(item, claimed, cure))),
            Outcome::Unknown => said.help("record the numbers for and against, `0` where there were none"),
            _ => said,
        }
    }

    /// The outcome that the votes give; where the voting itself is wrong, words.
    fn outcome_of_votes(&self, item: &Item, claimed: Truth, wrong: Option<&str>) -> Cure {
        if let Some(wrong) = wrong {
            return Cure::by_hand(wrong, "which of the votes should not be there only the minutes tell");
        }
        let word = if claimed == Truth::Yes { ItemOutcome::Rejected } else { ItemOutcome::Approved }.word();
        let path = people::path_of(self.record, item.outcome.span);
        let cure = Cure::new(format!("the outcome that the votes give: `{word}`"));
        cure.at(path, "the item has no outcome to edit", |cure, path| {
            cure.set(self.record.subject(), path, format!("\"{word}\""))
        })
    }

    /// Whether votes are the Chair's.
    fn is_chairs(&self, vote: &ItemVote) -> bool {
        vote.constituency.known().is_some_and(|word| self.case.code.chairs(word.as_ref()))
    }

    fn result(&self, item: &Item) -> Result {
        let chairs = |vote: &&ItemVote| self.is_chairs(vote);
        let chair = item.vote.iter().filter(chairs).map(Split::of).fold(Split::default(), Split::plus);
        let others = || item.vote.iter().filter(|vote| !chairs(vote));
        let chair_told = item.vote.iter().any(|vote| chairs(&vote));
        let all = others().map(Split::of).fold(Split::default(), Split::plus);
        let mut steps = vec![format!("votes: {}", all.shown())];
        if chair_told {
            steps.push(format!("the Chair: {}", chair.shown()));
        }
        let (mut carried, tied) = if self.terms.by.known() == Some(&By::Constituency) {
            Self::by_constituency(others(), &mut steps)
        } else {
            (all.carried(), all.tied())
        };
        let chair_votes = self.terms.chair_votes.known().copied().unwrap_or(ChairVotes::Always);
        let did = chair.cast().least > 0;
        let wrong = match chair_votes {
            ChairVotes::Never if did => {
                Some(("the Chair voted, and has no vote".to_owned(), "the Chair's vote left out"))
            }
            ChairVotes::OnATie if did && tied == Truth::No => {
                Some(("the Chair voted, and the others were not evenly split".to_owned(), "the Chair's vote left out"))
            }
            _ => None,
        };
        match chair_votes {
            ChairVotes::Always => carried = all.plus(chair).carried(),
            ChairVotes::OnATie if tied == Truth::Yes => {
                // How the Chair broke the deadlock has to be told.
                carried = if chair_told { chair.carried() } else { Truth::Maybe };
                steps.push("evenly split: the Chair's vote decides".to_owned());
            }
            _ => {}
        }
        let chair_has_none = match chair_votes {
            ChairVotes::Never => true,
            ChairVotes::OnATie => tied == Truth::No,
            ChairVotes::Always => false,
        };
        Result { carried, wrong, chair_has_none, steps }
    }

    /// Votes counted inside each constituency, then one for each: whether it is carried, and whether
    /// it is a tie.
    fn by_constituency<'v>(votes: impl Iterator<Item = &'v ItemVote>, steps: &mut Vec<String>) -> (Truth, Truth) {
        let mut sides: BTreeMap<&str, Split> = BTreeMap::new();
        let mut unplaced = false;
        for vote in votes {
            match vote.constituency.known() {
                Some(word) => {
                    let side = sides.entry(word.as_ref()).or_default();
                    *side = side.plus(Split::of(vote));
                }
                None => unplaced = true,
            }
        }
        let mut total = Split::default();
        for (word, side) in &sides {
            let one = |truth: Truth| Count { least: u64::from(truth.certain()), most: u64::from(truth.possible()) };
            let (pro, con) = (side.carried(), side.con.above(side.pro));
            total = total.plus(Split { pro: one(pro), con: one(con) });
            steps.push(format!("`{word}`: {}", side.shown()));
        }
        steps.push(format!("constituencies: {}", total.shown()));
        if unplaced { (Truth::Maybe, Truth::Maybe) } else { (total.carried(), total.tied()) }
    }

    pub(super) fn unanimous(&self, meeting: &'t Meeting, slots: &mut Slots) {
        for (slot, item) in slots_of(meeting.item.iter()) {
            let writing = in_writing(item);
            if writing == Truth::No || claimed(item) == Some(Truth::No) || claimed(item).is_none() {
                let why = format!("`{slot}` was not carried in writing");
                slots.skip(|| people::nothing(self.record, &slot, &why, item_steps(&slot, item)));
                continue;
            }
            let said = self.in_writing(slot, item, writing.and(claimed(item).unwrap_or(Truth::Maybe)));
            Self::say(slots, self.under(said, "test", self.terms.test.span, "the votes of all"));
        }
    }

    fn in_writing(&self, slot: String, item: &Item, carried: Truth) -> Said {
        let name = self.name();
        let all = item.vote.iter().map(Split::of).fold(Split::default(), Split::plus);
        let voted = item.vote.iter().next().is_some() && !item.vote.is_open();
        let house = self.house();
        let (least, most) = house.map_or((0, 0), |house| house.members(self.day));
        let complete = house.is_some_and(|house| house.complete);
        let abstained = item.vote.iter().any(|vote| vote.abstained.known().is_some_and(|count| *count > 0));
        let lacks = all.pro.most < least as u64 || all.con.least > 0 || abstained;
        let has_all = complete && all.con.most == 0 && all.pro.least >= most as u64;
        let (outcome, message) = if voted && lacks && carried == Truth::Yes {
            (
                Outcome::Breach,
                format!(
                    "{name}: `{slot}` was resolved in writing with {}, and not by all {least} members",
                    all.shown()
                ),
            )
        } else if voted && has_all && carried == Truth::Yes {
            (Outcome::Pass, format!("{name}: `{slot}` was resolved in writing by all {most} members"))
        } else {
            (Outcome::Unknown, format!("{name}: whether all members resolved `{slot}` in writing is not recorded"))
        };
        let said =
            Said::new(slot, outcome, message).mark(Mark::new(self.record.file, item.vote.span, "the votes")).steps([
                format!("members in office on {}: {least} to {most}", self.day),
                format!("votes: {}", all.shown()),
            ]);
        match outcome {
            Outcome::Breach => said
                .help("correct the votes; a resolution in writing that is not everybody's does not stand")
                .explained(self.explain, |said| {
                    let why = "how each member voted only the resolution tells";
                    said.cure(Cure::by_hand("the votes of all members, none against", why))
                }),
            Outcome::Unknown => said.help("record the votes and the seats"),
            _ => said,
        }
    }
}
