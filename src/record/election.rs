//! One call for nominations and what came of it.

use super::{
    Dated, Event, FactOf, Kinded, contest,
    id::{ActorId, BodyId, Constituency, PartyId, PersonId, SourceId},
    word_of,
};
use crate::{
    day::When,
    decode::{Fact, List, Shape, Text, Value, table, words},
};

words! {
    /// Why an election was called.
    pub enum Reason {
        /// Terms end.
        TermExpiry = "term-expiry",
        /// A seat fell vacant.
        Vacancy = "vacancy",
        /// The body is new.
        First = "first",
    }
}

words! {
    /// What seats are counted by.
    pub enum Per {
        /// One for each Voting Group of the category.
        VotingGroup = "voting-group",
    }
}

words! {
    /// How somebody was elected.
    pub enum HowElected {
        /// By votes.
        Vote = "vote",
        /// As many candidates as seats.
        Unopposed = "unopposed",
        /// Between equal votes.
        Lot = "lot",
    }
}

/// A vote has no day of its own: it was cast by the day that the ballot closed.
fn votes(election: &Election) -> Vec<Dated> {
    let Some(ballot) = election.ballot.known() else { return Vec::new() };
    let first = ballot.opened.when().map_or(crate::day::Day::EARLIEST, |when| when.first);
    let last = ballot.closed.when().map_or(crate::day::Day::LATEST, |when| when.last);
    let cast = When::between(first.min(last), last);
    let slot = |vote: &Vote| format!("{} {}", word_of(&vote.voting_group), word_of(&vote.constituency));
    let dated = |(at, vote): (usize, &Vote)| Dated {
        slot: slot(vote),
        entry: Some(at),
        when: Some(cast),
        bad: false,
        span: vote.span,
    };
    ballot.vote.iter().enumerate().map(dated).collect()
}

table! {
    /// An election.
    pub struct Election {
        /// The sources it is taken from: keys of `sources/` or `publications/`.
        source: List<SourceId> = "source",
        /// The body whose seats are up.
        body: Fact<BodyId> = "body" (required),
        /// Why it was called.
        reason: Fact<Reason> = "reason" (required),
        /// The day of the call.
        called: Fact<When> = "called",
        /// The last day for nominations.
        nominations_close: Fact<When> = "nominations-close",
        /// The seats that are up.
        seats_up: List<SeatsUp> = "seats-up",
        /// Who was nominated.
        nomination: List<Nomination> = "nomination",
        /// The vote.
        ballot: Fact<Ballot> = "ballot",
        /// Who was elected.
        result: List<ElectionResult> = "result",
        /// What it is, for print.
        summary: Fact<Text> = "summary",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
        /// Where the thing itself can be read.
        url: Fact<Text> = "url",
    }
}

table! {
    /// Seats of one constituency that are up.
    pub struct SeatsUp {
        /// The constituency.
        constituency: Fact<Constituency> = "constituency",
        /// Where seats of one constituency differ.
        role: Fact<Text> = "role",
        /// How many.
        seats: Fact<u32> = "seats",
        /// One for each of these.
        per: Fact<Per> = "per",
        /// How many of them are vacant.
        vacant: Fact<u32> = "vacant",
        /// Why, where it differs.
        reason: Fact<Reason> = "reason",
        /// For how long, in words.
        term: Fact<Text> = "term",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// A candidate.
    pub struct Nomination {
        /// The person.
        candidate: Fact<PersonId> = "candidate",
        /// For which constituency.
        constituency: Fact<Constituency> = "constituency",
        /// Where seats of one constituency differ.
        role: Fact<Text> = "role",
        /// Who nominated.
        nominated_by: Fact<ActorId> = "nominated-by",
        /// The day it came.
        received: Fact<When> = "received",
        /// The day it was rejected.
        rejected: Fact<When> = "rejected",
        /// The day it was withdrawn.
        withdrawn: Fact<When> = "withdrawn",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// The vote.
    pub struct Ballot {
        /// The day of the invitation to vote.
        opened: Fact<When> = "opened",
        /// The last day to vote.
        closed: Fact<When> = "closed",
        /// The votes cast.
        vote: List<Vote> = "vote",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// The vote of one Voting Group.
    pub struct Vote {
        /// The group, named by any Party of it.
        voting_group: Fact<PartyId> = "voting-group",
        /// For which constituency.
        constituency: Fact<Constituency> = "constituency",
        /// For whom; left out where the ballot is secret.
        for_whom: Fact<PersonId> = "for",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// Who was elected by one constituency.
    pub struct ElectionResult {
        /// The constituency.
        constituency: Fact<Constituency> = "constituency",
        /// Where seats of one constituency differ.
        role: Fact<Text> = "role",
        /// Who was elected.
        elected: List<PersonId> = "elected",
        /// Those of them who sat before.
        re_elected: List<PersonId> = "re-elected",
        /// How.
        how: Fact<HowElected> = "how",
        /// The day it was announced.
        announced: Fact<When> = "announced",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

impl Kinded for Election {
    const EVENTS: &'static [Event<Self>] = &[
        Event {
            name: "called",
            doc: "the call was issued",
            plan: false,
            birth: true,
            dates: |r| Dated::single(&r.called),
        },
        Event {
            name: "nominations-close",
            doc: "the last day for nominations",
            plan: true,
            birth: false,
            dates: |r| Dated::single(&r.nominations_close),
        },
        Event {
            name: "nomination-received",
            doc: "a nomination came (candidate)",
            plan: false,
            birth: false,
            dates: |r| Dated::each(&r.nomination, |one| &one.received, |one| word_of(&one.candidate)),
        },
        Event {
            name: "nomination-rejected",
            doc: "a nomination was rejected (candidate)",
            plan: false,
            birth: false,
            dates: |r| Dated::each(&r.nomination, |one| &one.rejected, |one| word_of(&one.candidate)),
        },
        Event {
            name: "ballot-opened",
            doc: "the invitation to vote was sent",
            plan: false,
            birth: false,
            dates: |r| r.ballot.known().map(|ballot| Dated::of(&ballot.opened, "", None)).into_iter().collect(),
        },
        Event {
            name: "ballot-closed",
            doc: "the last day to vote",
            plan: false,
            birth: false,
            dates: |r| r.ballot.known().map(|ballot| Dated::of(&ballot.closed, "", None)).into_iter().collect(),
        },
        Event {
            name: "vote",
            doc: "a Voting Group voted (voting group, constituency)",
            plan: false,
            birth: false,
            dates: votes,
        },
        Event {
            name: "announced",
            doc: "the result was announced (constituency)",
            plan: false,
            birth: false,
            dates: |r| Dated::each(&r.result, |one| &one.announced, |one| word_of(&one.constituency)),
        },
    ];
    const FACTS: &'static [FactOf<Self>] = &[
        FactOf {
            name: "contested",
            doc: "more stand than there are seats (constituency)",
            shape: || Shape::Bool,
            told: |r, on| contest::told(r, on, contest::Contest::contested, |r| r.nomination.span),
            write: |word, slot| {
                let more = if word == "true" {
                    format!(", {{ candidate = \"bob\", constituency = \"{slot}\" }}")
                } else {
                    String::new()
                };
                format!(
                    "seats-up = [{{ constituency = \"{slot}\", seats = 1 }}], nomination = [{{ candidate = \"ann\", constituency = \"{slot}\" }}{more}]"
                )
            },
        },
        FactOf {
            name: "tied",
            doc: "equal votes leave it open who has the last seat (constituency)",
            shape: || Shape::Bool,
            told: |r, on| contest::told(r, on, contest::Contest::tied, |r| r.ballot.span),
            write: |word, slot| {
                let vote = |group: &str, whom: &str| {
                    format!("{{ voting-group = \"{group}\", constituency = \"{slot}\", for = \"{whom}\" }}")
                };
                let more = if word == "true" { format!(", {}", vote("bolt", "bob")) } else { String::new() };
                format!("ballot.vote = [{}{more}]", vote("acme", "ann"))
            },
        },
        FactOf {
            name: "terms-ending",
            doc: "how many seats are up because a term ends (constituency)",
            shape: Text::shape,
            told: |r, _| contest::terms_ending(r),
            write: |word, slot| {
                format!("reason = \"term-expiry\", seats-up = [{{ constituency = \"{slot}\", seats = {word} }}]")
            },
        },
        FactOf {
            name: "how",
            doc: "how the seats were filled (constituency)",
            shape: HowElected::shape,
            told: contest::how,
            write: |word, slot| format!("result = [{{ constituency = \"{slot}\", how = \"{word}\" }}]"),
        },
    ];
}
