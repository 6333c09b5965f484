//! One Draft or Modification Proposal.

use std::collections::BTreeSet;

use super::{
    Dated, Event, FactOf, Kinded, Told,
    id::{ActorId, MeetingId, ModificationId, PathWord, ReleaseId, SourceId, Stage},
    told::word_state,
    word_of,
};
use crate::{
    day::When,
    decode::{Fact, List, Shape, State, Text, Value, table, words},
};

words! {
    /// What an assessment is.
    pub enum AssessmentKind {
        /// The first, rough one.
        Preliminary = "preliminary",
        /// The full one.
        Impact = "impact",
    }
}

/// The dates of a stage (`refinement`), or of a planned one (`planned-refinement`): stages are
/// words of the code, so these events are found by name and not in the table.
pub(super) fn stage_dates(modification: &Modification, name: &str) -> (bool, Vec<Dated>) {
    // A stage reached again is a slot of its own; its date belongs to no entry of another list.
    let numbered = |stage: &str, at: usize, on: &Fact<When>| {
        Dated::of(on, if at == 0 { stage.to_owned() } else { format!("{stage}-{}", at.saturating_add(1)) }, None)
    };
    let is = |to: &Fact<Stage>, stage: &str| to.known().is_some_and(|to| to.as_ref() == stage);
    if let Some(stage) = name.strip_prefix("planned-") {
        let of_stage = modification.planned.iter().filter(|one| is(&one.to, stage));
        return (true, of_stage.enumerate().map(|(at, one)| numbered(stage, at, &one.on)).collect());
    }
    let of_stage = modification.step.iter().filter(|one| is(&one.to, name));
    (false, of_stage.enumerate().map(|(at, one)| numbered(name, at, &one.on)).collect())
}

/// The dates of every stage reached, each with the stage as its event.
pub(super) fn steps(modification: &Modification) -> Vec<(String, Dated)> {
    let stages: BTreeSet<&str> = modification.step.iter().filter_map(|step| Some(step.to.known()?.as_ref())).collect();
    let dated = |stage: &&str| {
        let stage = (*stage).to_owned();
        stage_dates(modification, &stage).1.into_iter().map(move |dated| (stage.clone(), dated))
    };
    stages.iter().flat_map(dated).collect()
}

/// A word of the path; where it stands, or where it would.
fn path_word(modification: &Modification, word: fn(&PathFact) -> &Fact<PathWord>) -> Vec<Told<'_>> {
    let path = &modification.path;
    match &path.state {
        State::Is(path) => Told::single(word_state(word(path)), word(path).span),
        State::Absent => Told::single(State::Absent, path.span),
        State::Unknown => Told::single(State::Unknown, path.span),
        State::Bad => Told::single(State::Bad, path.span),
    }
}

table! {
    /// A proposal.
    pub struct Modification {
        /// The sources it is taken from: keys of `sources/` or `publications/`.
        source: List<SourceId> = "source",
        /// Its title.
        title: Fact<Text> = "title" (required),
        /// Who raised it.
        proposer: Fact<ActorId> = "proposer" (required),
        /// The day the proposal first existed.
        raised: Fact<When> = "raised",
        /// Later proposers.
        adopted: List<Adopted> = "adopted",
        /// Its Modification Path.
        path: Fact<PathFact> = "path",
        /// Whether it is Fast-Track.
        fast_track: Fact<bool> = "fast-track",
        /// Whether the Authority leads it.
        authority_led: Fact<bool> = "authority-led",
        /// Whether it is urgent.
        urgent: Fact<bool> = "urgent",
        /// Who decided whether it is urgent.
        urgency_decided_by: Fact<ActorId> = "urgency-decided-by",
        /// Whether a material effect is likely.
        material_effect: Fact<bool> = "material-effect",
        /// The parts of the code it changes.
        changes: List<Text> = "changes",
        /// What happened.
        step: List<Step> = "step",
        /// What is planned.
        planned: List<Planned> = "planned",
        /// What was recommended.
        recommendation: List<Recommendation> = "recommendation",
        /// What was assessed.
        assessment: List<Assessment> = "assessment",
        /// Working Group meetings.
        working_group: List<WorkingGroup> = "working-group",
        /// When it takes effect, by part.
        implementation: List<Implementation> = "implementation",
        /// What took its place.
        superseded_by: Fact<ModificationId> = "superseded-by",
        /// The id it had before.
        formerly: Fact<Text> = "formerly",
        /// What it is, for print.
        summary: Fact<Text> = "summary",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
        /// Where the thing itself can be read.
        url: Fact<Text> = "url",
    }
}

table! {
    /// A later proposer.
    pub struct Adopted {
        /// Who.
        by: Fact<ActorId> = "by",
        /// When.
        on: Fact<When> = "on",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// The Modification Path.
    pub struct PathFact {
        /// As proposed.
        proposed: Fact<PathWord> = "proposed",
        /// As determined.
        determined: Fact<PathWord> = "determined",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// A stage reached.
    pub struct Step {
        /// The stage.
        to: Fact<Stage> = "to",
        /// The day.
        on: Fact<When> = "on",
        /// Who decided it.
        by: Fact<ActorId> = "by",
        /// At which meeting.
        meeting: Fact<MeetingId> = "meeting",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// A stage planned.
    pub struct Planned {
        /// The stage.
        to: Fact<Stage> = "to",
        /// The day.
        on: Fact<When> = "on",
        /// Who will decide it.
        by: Fact<ActorId> = "by",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// A recommendation.
    pub struct Recommendation {
        /// Whose.
        by: Fact<ActorId> = "by",
        /// The stage recommended.
        to: Fact<Stage> = "to",
        /// The day.
        on: Fact<When> = "on",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// An assessment by the DCC.
    pub struct Assessment {
        /// Which.
        is: Fact<AssessmentKind> = "is",
        /// The day it was asked for.
        asked: Fact<When> = "asked",
        /// The last day for it.
        due: Fact<When> = "due",
        /// The day it came.
        returned: Fact<When> = "returned",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// A meeting of its Working Group.
    pub struct WorkingGroup {
        /// The day.
        met: Fact<When> = "met",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

table! {
    /// When a part of it takes effect.
    pub struct Implementation {
        /// Which part.
        part: Fact<Text> = "part",
        /// The day first planned.
        planned: Fact<When> = "planned",
        /// Later plans, in order.
        moved_to: List<When> = "moved-to",
        /// The day it took effect.
        actual: Fact<When> = "actual",
        /// The release that carries it.
        release: Fact<ReleaseId> = "release",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

impl Kinded for Modification {
    const EVENTS: &'static [Event<Self>] = &[
        Event {
            name: "raised",
            doc: "the proposal first existed",
            plan: false,
            birth: true,
            dates: |r| Dated::single(&r.raised),
        },
        Event {
            name: "implementation-planned",
            doc: "a part is planned to take effect (part)",
            plan: true,
            birth: false,
            dates: |r| Dated::each(&r.implementation, |one| &one.planned, |one| word_of(&one.part)),
        },
        Event {
            name: "implementation-actual",
            doc: "a part took effect (part)",
            plan: false,
            birth: false,
            dates: |r| Dated::each(&r.implementation, |one| &one.actual, |one| word_of(&one.part)),
        },
        Event {
            name: "adopted",
            doc: "somebody else took it on (who)",
            plan: false,
            birth: false,
            dates: |r| Dated::each(&r.adopted, |one| &one.on, |one| word_of(&one.by)),
        },
        Event {
            name: "assessment-asked",
            doc: "an assessment was asked for (which)",
            plan: false,
            birth: false,
            dates: |r| {
                Dated::each(
                    &r.assessment,
                    |one| &one.asked,
                    |one| one.is.known().map_or("unknown", |is| is.word()).to_owned(),
                )
            },
        },
        Event {
            name: "assessment-due",
            doc: "the last day for an assessment (which)",
            plan: true,
            birth: false,
            dates: |r| {
                Dated::each(
                    &r.assessment,
                    |one| &one.due,
                    |one| one.is.known().map_or("unknown", |is| is.word()).to_owned(),
                )
            },
        },
        Event {
            name: "assessment-returned",
            doc: "an assessment came (which)",
            plan: false,
            birth: false,
            dates: |r| {
                Dated::each(
                    &r.assessment,
                    |one| &one.returned,
                    |one| one.is.known().map_or("unknown", |is| is.word()).to_owned(),
                )
            },
        },
    ];
    const FACTS: &'static [FactOf<Self>] = &[
        FactOf {
            name: "fast-track",
            doc: "it is Fast-Track",
            shape: || Shape::Bool,
            told: |r, _| Told::truth(&r.fast_track),
            write: |word, _| format!("fast-track = {word}"),
        },
        FactOf {
            name: "authority-led",
            doc: "the Authority leads it",
            shape: || Shape::Bool,
            told: |r, _| Told::truth(&r.authority_led),
            write: |word, _| format!("authority-led = {word}"),
        },
        FactOf {
            name: "urgent",
            doc: "it is urgent",
            shape: || Shape::Bool,
            told: |r, _| Told::truth(&r.urgent),
            write: |word, _| format!("urgent = {word}"),
        },
        FactOf {
            name: "urgency-decided-by",
            doc: "who decided whether it is urgent",
            shape: ActorId::shape,
            told: |r, _| Told::word(&r.urgency_decided_by),
            write: |word, _| format!("urgency-decided-by = \"{word}\""),
        },
        FactOf {
            name: "material-effect",
            doc: "a material effect is likely",
            shape: || Shape::Bool,
            told: |r, _| Told::truth(&r.material_effect),
            write: |word, _| format!("material-effect = {word}"),
        },
        FactOf {
            name: "path-proposed",
            doc: "the path proposed",
            shape: PathWord::shape,
            told: |r, _| path_word(r, |path| &path.proposed),
            write: |word, _| format!("path.proposed = \"{word}\""),
        },
        FactOf {
            name: "path-determined",
            doc: "the path determined",
            shape: PathWord::shape,
            told: |r, _| path_word(r, |path| &path.determined),
            write: |word, _| format!("path.determined = \"{word}\""),
        },
        FactOf {
            name: "proposer",
            doc: "who raised it",
            shape: ActorId::shape,
            told: |r, _| Told::word(&r.proposer),
            write: |word, _| format!("proposer = \"{word}\""),
        },
    ];
}
