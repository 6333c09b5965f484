//! Votes in an election: one for each Voting Group, and those with the most are elected.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::{Per, Trial};
use crate::{
    day::Today,
    decode::State,
    finding::{Mark, Outcome},
    kind::{Cure, Said, Slots, people, voting},
    record::election::{Ballot, Election, ElectionResult, HowElected, Vote},
};

/// How many votes of a constituency came before one, by whom they may be.
#[derive(Default)]
struct Before {
    all: usize,
    /// By the Party that names the Voting Group, as far as it is certain.
    sure: FxHashMap<Box<str>, (usize, Option<crate::text::Span>)>,
    /// By the group of Affiliates that may be.
    may: FxHashMap<u32, usize>,
    /// Those who may be joined to anybody.
    doubtful: usize,
}

impl<'t> Trial<'t> {
    pub(super) fn one_vote(&self, election: &'t Election, slots: &mut Slots) {
        let votes = election.ballot.known().map(|ballot| ballot.vote.iter()).into_iter().flatten();
        let mut before: BTreeMap<&str, (Before, voting::Names)> = BTreeMap::new();
        let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for vote in votes {
            let (Some(party), Some(constituency)) =
                (vote.voting_group.known().map(AsRef::as_ref), vote.constituency.known().map(AsRef::as_ref))
            else {
                slots.say(self.unplaced(vote));
                continue;
            };
            let (before, names) = before.entry(constituency).or_default();
            let mut said = self.vote(election, vote, party, constituency, before, names);
            let times = seen.entry((party, constituency)).or_insert(0);
            *times = times.saturating_add(1);
            if *times > 1 {
                said.slot = format!("{}-{times}", said.slot);
            }
            Self::say(slots, said);
        }
    }

    fn unplaced(&self, vote: &Vote) -> Said {
        let message = format!("{}: whose vote it was, or for what, is not recorded", self.name());
        let mark = Mark::new(self.record.file, vote.span, "this vote");
        let bad = vote.voting_group.is_bad() || vote.constituency.is_bad();
        let said = Said::new("vote", Outcome::Unknown, message).mark(mark).under(self.segment).silent(bad);
        said.because(self.explain, || {
            let word = |word: Option<&str>| word.map_or("not recorded".to_owned(), |word| format!("`{word}`"));
            let group = word(vote.voting_group.known().map(AsRef::as_ref));
            [format!(
                "a vote: `voting-group` {group}, `constituency` {}",
                word(vote.constituency.known().map(AsRef::as_ref))
            )]
        })
    }

    /// How many votes a Voting Group has for a constituency; nothing where it is not known.
    fn allowed(&self, election: &Election, constituency: &str) -> Option<usize> {
        if self.terms.per.known() != Some(&Per::Seat) {
            return Some(1);
        }
        if election.seats_up.is_open() {
            return None;
        }
        let rows = election
            .seats_up
            .iter()
            .filter(|row| row.constituency.known().is_none_or(|word| word.as_ref() == constituency));
        let mut seats = 0usize;
        for row in rows {
            row.constituency.known()?;
            seats = seats.saturating_add(*row.seats.known()? as usize);
        }
        (seats > 0).then_some(seats)
    }

    /// The day on which groups are looked at: that of the vote's end.
    fn voting_day(&self) -> Today<'t> {
        self.day.day().map_or(self.case.on, Today::from)
    }

    fn vote(
        &self,
        election: &Election,
        vote: &Vote,
        party: &str,
        constituency: &str,
        before: &mut Before,
        names: &mut voting::Names,
    ) -> Said {
        let day = self.voting_day();
        let affiliates = self.case.affiliates(day);
        let group = voting::canonical(party, constituency, day, self.case, names);
        let allowed = self.allowed(election, constituency);
        // Where the day of the vote is not known, only the same Party is certainly the same group.
        let dated = self.day.day().is_some();
        let doubtful = affiliates.is_doubtful(party) || !dated;
        let key: Box<str> = if dated { group.clone() } else { party.into() };
        let sure = before.sure.get(&key).copied().unwrap_or_default();
        let possible = affiliates.possible_group(party);
        let may = if doubtful {
            before.all
        } else {
            let linked = possible.and_then(|group| before.may.get(&group)).copied().unwrap_or(0);
            linked.max(sure.0).saturating_add(before.doubtful)
        };
        before.all = before.all.saturating_add(1);
        let own = before.sure.entry(key).or_default();
        own.0 = own.0.saturating_add(1);
        own.1.get_or_insert(vote.span);
        if let Some(number) = possible {
            let count = before.may.entry(number).or_default();
            *count = count.saturating_add(1);
        }
        before.doubtful = before.doubtful.saturating_add(usize::from(doubtful));
        let (name, named) = (self.name(), self.case.code.name(constituency).to_owned());
        let (outcome, message) = match allowed {
            Some(allowed) if sure.0 >= allowed => {
                let own = if group.as_ref() == party { String::new() } else { format!(" (that of `{group}`)") };
                (
                    Outcome::Breach,
                    format!(
                        "{name}: the Voting Group of `{party}`{own} voted more than {} for {named}",
                        times(allowed)
                    ),
                )
            }
            None if sure.0 >= 1 => (
                Outcome::Unknown,
                format!("{name}: how many votes the Voting Group of `{party}` has for {named} is not recorded"),
            ),
            Some(allowed) if may >= allowed => (
                Outcome::Unknown,
                format!("{name}: whether the Voting Group of `{party}` voted before for {named} is not recorded"),
            ),
            None if may >= 1 => (
                Outcome::Unknown,
                format!("{name}: whether the Voting Group of `{party}` voted before for {named} is not recorded"),
            ),
            _ => (Outcome::Pass, format!("{name}: `{party}` votes for its Voting Group")),
        };
        let said = Said::new(format!("{party} {constituency}"), outcome, message)
            .mark(Mark::new(self.record.file, vote.span, "this vote"))
            .marks(sure.1.map(|span| Mark::new(self.record.file, span, "the vote before")));
        let said = self.under(said, "test", self.terms.test.span, "one vote for each Voting Group").steps([
            format!("Voting Group of `{party}` on {day}: `{group}`"),
            format!("its votes before: {}; others that may be its: {}", sure.0, may.saturating_sub(sure.0)),
        ]);
        match outcome {
            Outcome::Breach => {
                said.help("strike the vote that does not count, or correct the affiliations").explained(
                    self.explain,
                    |said| {
                        let cure = Cure::new("this vote of the Voting Group left out");
                        let path = people::path_of(self.record, vote.span);
                        said.cure(cure.at(path, "the record has no such entry", |cure, path| {
                            cure.unset(self.record.subject(), path)
                        }))
                    },
                )
            }
            Outcome::Unknown => {
                said.help("record the affiliations of the Parties that voted, and the seats that are up")
            }
            _ => said,
        }
    }

    pub(super) fn most_votes(&self, election: &'t Election, slots: &mut Slots) {
        let winners = |word: &str| -> BTreeSet<&str> {
            let rows =
                election.result.iter().filter(|row| row.constituency.known().is_some_and(|one| one.as_ref() == word));
            rows.flat_map(|row| row.elected.iter()).map(AsRef::as_ref).collect()
        };
        for result in election.result.iter() {
            let Some(constituency) = result.constituency.known().map(AsRef::as_ref) else { continue };
            let said = self.counted(election, result, constituency, &winners(constituency));
            Self::say(slots, self.under(said, "test", self.terms.test.span, "the most votes win"));
        }
    }

    fn counted(
        &self,
        election: &Election,
        result: &ElectionResult,
        constituency: &str,
        winners: &BTreeSet<&str>,
    ) -> Said {
        let (name, named) = (self.name(), self.case.code.name(constituency));
        let mark = Mark::new(self.record.file, result.span, "the result");
        let none = |why: &str| {
            let said = Said::new(constituency, Outcome::NotApplicable, format!("{name}: {named}: {why}"));
            said.mark(mark.clone()).because(self.explain, || Self::result_in_steps(election, result, constituency))
        };
        if result.announced.when().is_some_and(|when| when.first > self.case.on) {
            return none("not announced by that day");
        }
        if result.how.known() == Some(&HowElected::Unopposed) {
            return none("elected unopposed");
        }
        let ballot = election.ballot.known();
        let votes = |ballot: &'_ Ballot| -> Vec<Vote> {
            let for_this = |vote: &&Vote| vote.constituency.known().is_none_or(|word| word.as_ref() == constituency);
            ballot.vote.iter().filter(for_this).cloned().collect()
        };
        let votes = ballot.map(votes).unwrap_or_default();
        let open = ballot.is_some_and(|ballot| ballot.vote.is_open());
        if votes.is_empty() && !open {
            return none("the votes are not published, and need not be");
        }
        let secret = votes.iter().any(|vote| vote.for_whom.known().is_none() || vote.constituency.known().is_none());
        if secret || open || result.elected.is_open() || winners.is_empty() {
            let message = format!("{name}: {named}: for whom each vote was cast, or who was elected, is not recorded");
            return Said::new(constituency, Outcome::Unknown, message)
                .mark(mark.clone())
                .help("record for whom each vote was, or leave all votes out")
                .because(self.explain, || Self::result_in_steps(election, result, constituency));
        }
        let mut tally: BTreeMap<&str, usize> = winners.iter().map(|person| (*person, 0)).collect();
        for person in votes.iter().filter_map(|vote| vote.for_whom.known()) {
            let count = tally.entry(person.as_ref()).or_default();
            *count = count.saturating_add(1);
        }
        let own = result
            .elected
            .iter()
            .map(AsRef::as_ref)
            .map(|person: &str| (tally.get(person).copied().unwrap_or(0), person));
        let Some((least, last)) = own.min() else { return none("nobody was elected") };
        let losers =
            tally.iter().filter(|(person, _)| !winners.contains(*person)).map(|(person, votes)| (*votes, *person));
        let (outcome, message) = Self::compared(
            (least, last),
            losers.max(),
            (&result.how.state, self.terms.lot.known() == Some(&true)),
            &name,
            named,
        );
        let mut steps: Vec<String> = tally
            .iter()
            .map(|(person, votes)| {
                format!("`{person}`: {votes}{}", if winners.contains(person) { ", elected" } else { "" })
            })
            .collect();
        steps.sort();
        let said = Said::new(constituency, outcome, message).mark(mark).steps(steps);
        match outcome {
            Outcome::Breach => {
                let why = "whether the votes, the result or `how` is wrong only a source tells";
                said.help("correct the votes, the result or `how`")
                    .explained(self.explain, |said| said.cure(Cure::by_hand("the result that the votes give", why)))
            }
            Outcome::Unknown => said.help("record `how` the result came about"),
            _ => said,
        }
    }

    /// What is recorded of a result and of the votes for it.
    fn result_in_steps(election: &Election, result: &ElectionResult, constituency: &str) -> Vec<String> {
        let how = result.how.known().map_or("not recorded", |how| how.word());
        let day = result.announced.when().map_or("not recorded".to_owned(), |when| when.to_string());
        let ballot = election.ballot.known();
        let votes = ballot.map(|ballot| ballot.vote.iter()).into_iter().flatten();
        let own = votes.filter(|vote| vote.constituency.known().is_none_or(|word| word.as_ref() == constituency));
        let (mut all, mut told) = (0usize, 0usize);
        for vote in own {
            all = all.saturating_add(1);
            told = told
                .saturating_add(usize::from(vote.for_whom.known().is_some() && vote.constituency.known().is_some()));
        }
        vec![
            format!("the result for `{constituency}`: announced {day}, `how` {how}"),
            format!("votes recorded for it: {all}, of which {told} say for whom"),
        ]
    }

    fn compared(
        (least, last): (usize, &str),
        loser: Option<(usize, &str)>,
        (how, lots): (&State<HowElected>, bool),
        name: &str,
        named: &str,
    ) -> (Outcome, String) {
        let by_lot = matches!(how, State::Is(HowElected::Lot));
        let tied = loser.is_some_and(|(most, _)| most == least);
        if !lots && (tied || by_lot && loser.is_none_or(|(most, _)| most < least)) {
            return (Outcome::Pass, format!("{name}: {named}: nobody had more votes than those elected"));
        }
        match loser {
            Some((most, other)) if most > least => (
                Outcome::Breach,
                format!("{name}: {named}: `{other}` had {most} votes and was not elected, `{last}` was with {least}"),
            ),
            Some((most, other)) if most == least => match how {
                State::Is(HowElected::Lot) => (
                    Outcome::Pass,
                    format!("{name}: {named}: a lot decided between `{last}` and `{other}`, {least} votes each"),
                ),
                State::Is(_) => (
                    Outcome::Breach,
                    format!("{name}: {named}: `{last}` and `{other}` had {least} votes each, and no lot was drawn"),
                ),
                _ => (
                    Outcome::Unknown,
                    format!(
                        "{name}: {named}: `{last}` and `{other}` had {least} votes each; whether a lot was drawn is not recorded"
                    ),
                ),
            },
            _ if by_lot => (
                Outcome::Breach,
                format!("{name}: {named}: a lot was drawn, and `{last}` had more votes than anybody not elected"),
            ),
            _ => (Outcome::Pass, format!("{name}: {named}: those elected had the most votes")),
        }
    }
}

/// `once`, `2 times`.
fn times(count: usize) -> String {
    if count == 1 { "once".into() } else { format!("{count} times") }
}
