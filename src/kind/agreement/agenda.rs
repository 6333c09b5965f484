//! What goes to the next meeting: between the end of a consultation and the decision, the body did
//! not meet without it.

use rustc_hash::FxHashMap;

use super::{About, Agreement, Mark, Outcome, Prepared, RecordKind, Said, Says, Slots, Terms, Trial};
use crate::{
    calendar::WorkingDays,
    day::{Day, When},
    kind::{Case, Law, Proofreader, people},
    record::{Record, id::Subject, modification::Modification},
};

pub(super) fn proofread(about: &About, terms: &Terms, proof: &mut Proofreader<'_>) {
    if about.of.known().is_some_and(|word| word.0 != RecordKind::Modification) || about.with.is_absent() {
        let message = "`next-meeting` is of modifications, and of a body that meets: `with`".into();
        proof.reader.report("record-word", terms.test.span, message, "not together", None);
    }
    if terms.after.is_absent() {
        let message = "`next-meeting` says which stage the consultation belongs to: `after`".into();
        proof.reader.report("record-missing", terms.test.span, message, "not in here", None);
    }
}

pub(super) fn english(of: &str, about: &About, terms: &Terms) -> String {
    let words: Vec<&str> = terms.about.known().map(|words| words.iter().collect()).unwrap_or_default();
    let after = terms.after.known().map_or("?", AsRef::as_ref);
    let with = about.with.known().map_or("?", AsRef::as_ref);
    let notice = match notice(terms) {
        0 => String::new(),
        days => format!(" that comes at least {days} Working Days later"),
    };
    let what = words.join(", ");
    format!(
        "In each {of}, `{what}` is at the next meeting of `{with}` after the consultation of `{after}` closed{notice}."
    )
}

fn notice(terms: &Terms) -> u32 {
    terms.notice.known().copied().unwrap_or(0)
}

/// A meeting that may have taken it.
type Met = (When, u32);

/// The meetings of the body, and the consultations about each modification.
#[derive(Debug, Default)]
pub(super) struct Agendas {
    /// Those of which the day is known, in order.
    dated: Vec<Met>,
    /// The others by the first day that each may have been on, with the last day of any up to it.
    undated: Vec<(Met, Day)>,
    /// Those of a certain day that had a modification on their agenda, in order.
    with_item: FxHashMap<u32, Vec<Met>>,
    /// Meetings may lack.
    open: bool,
    consultations: FxHashMap<u32, Vec<u32>>,
    /// Consultations may lack.
    untold: bool,
}

impl Agendas {
    /// All of them, where a rule is about modifications.
    pub(super) fn of(about: &About, case: &Case<'_>) -> Self {
        let mut found = Self::default();
        let (Some(with), Some(RecordKind::Modification)) =
            (about.with.known().map(AsRef::as_ref), about.of.known().map(|word| word.0))
        else {
            return found;
        };
        found.open = !case.registry.is_complete(&format!("meetings/{with}"));
        found.untold = !case.registry.is_complete("consultations");
        for at in case.registry.in_folder(RecordKind::Meeting, with) {
            let Some(record) = case.record(at) else { continue };
            let Some(meeting) = record.meeting().filter(|meeting| meeting.cancelled.is_absent()) else { continue };
            let when = meeting.day().when().unwrap_or(When::UNKNOWN);
            for id in on_agenda(record).into_iter().filter(|_| when.day().is_some()) {
                if let Some(modification) = case.registry.position_of(RecordKind::Modification, id) {
                    found.with_item.entry(modification).or_default().push((when, at));
                }
            }
            match when.day() {
                Some(_) => found.dated.push((when, at)),
                None => found.undated.push(((when, at), when.last)),
            }
        }
        found.dated.sort_by_key(|(when, _)| when.first);
        found.with_item.values_mut().for_each(|all| all.sort_by_key(|(when, _)| when.first));
        found.undated.sort_by_key(|((when, _), _)| when.first);
        let mut last = Day::EARLIEST;
        for (_, latest) in &mut found.undated {
            last = last.max(*latest);
            *latest = last;
        }
        for (at, record) in case.registry.all(RecordKind::Consultation) {
            let Some(consultation) = record.consultation() else {
                found.untold = true;
                continue;
            };
            found.untold |= consultation.about.is_open();
            for subject in consultation.about.iter() {
                let id = modification_of(subject);
                let modification = id.and_then(|id| case.registry.position_of(RecordKind::Modification, id));
                if let Some(modification) = modification {
                    found.consultations.entry(modification).or_default().push(at);
                }
            }
        }
        found
    }

    /// The first meeting that surely lies on one of some days.
    fn between(&self, first: Day, last: Day) -> Option<Met> {
        let at = self.dated.partition_point(|(when, _)| when.first < first);
        self.dated.get(at).copied().filter(|(when, _)| when.last <= last)
    }

    /// The first meeting after a day that had a modification on its agenda.
    fn taken(&self, modification: Option<u32>, after: Day) -> Option<Met> {
        let met = self.with_item.get(&modification?)?;
        met.iter().copied().find(|(when, _)| when.first > after)
    }

    /// Whether a meeting of an unknown day may lie on one of some days.
    fn may_be_between(&self, first: Day, last: Day) -> bool {
        let at = self.undated.partition_point(|((when, _), _)| when.first <= last);
        at.checked_sub(1).and_then(|at| self.undated.get(at)).is_some_and(|(_, latest)| *latest >= first)
    }
}

/// Judges each time that a modification came to be decided.
pub(super) fn judge(
    law: &Law<'_, Agreement>,
    prepared: &Prepared,
    record: &Record,
    modification: &Modification,
    case: &Case<'_>,
    slots: &mut Slots,
) {
    let steps: Vec<_> = modification.step.iter().collect();
    let mut times = 0_usize;
    let mut judged = false;
    for (at, step) in steps.iter().enumerate() {
        let Some(stage) = step.to.known().map(AsRef::as_ref) else { continue };
        let decided = step.on.when().unwrap_or(When::UNKNOWN);
        let parts = law.over(decided);
        let idle = parts.iter().any(|(_, says)| matches!(says, Says::Nothing(_)));
        let ruling = parts.iter().find_map(|(_, says)| match says {
            Says::Terms(segment, terms) if terms.about.known().is_some_and(|words| words.has(stage)) => {
                Some((*segment, *terms))
            }
            _ => None,
        });
        let Some((segment, terms)) = ruling else { continue };
        times = times.saturating_add(1);
        if !decided.by(case.on).possible() {
            continue;
        }
        let after = terms.after.known().map_or("", AsRef::as_ref);
        let before = steps.get(..at).unwrap_or_default().iter().rev();
        let Some(opened) = before.clone().find(|one| one.to.known().is_some_and(|to| to.as_ref() == after)) else {
            continue;
        };
        judged = true;
        let slot = if times == 1 { stage.to_owned() } else { format!("{stage}-{times}") };
        let trial = Trial { record, terms, segment, case };
        let way = Way {
            slot,
            opened: opened.on.when().unwrap_or(When::UNKNOWN),
            decided,
            taken: None,
            mark: Mark::new(record.file, step.span, format!("`{stage}` on {decided}")),
            bad: step.on.is_bad() || opened.on.is_bad(),
            idle: idle || !decided.by(case.on).certain(),
        };
        trial.agenda(&prepared.agendas, way, slots);
    }
    if !judged {
        let steps = || ["nothing was decided after a consultation of that stage".to_owned()];
        slots.skip(|| people::nothing(record, "", "it has not come to be decided", steps()));
    }
}

/// One way from a consultation to a decision.
struct Way {
    slot: String,
    /// The day on which the stage of the consultation began.
    opened: When,
    decided: When,
    /// The meeting that had it on its agenda before it was decided.
    taken: Option<u32>,
    mark: Mark,
    bad: bool,
    /// Whether the rule may not have been in force, or nothing decided yet.
    idle: bool,
}

/// The modification that a subject is.
fn modification_of(subject: &Subject) -> Option<&str> {
    subject.as_ref().strip_prefix("modifications/")
}

/// What is kept of a meeting: the modifications on its agenda.
pub(super) fn on_agenda(record: &Record) -> Vec<&str> {
    let items = record.meeting().into_iter().flat_map(|meeting| meeting.item.iter());
    items.flat_map(|item| item.about.iter()).filter_map(modification_of).collect()
}

/// What is kept of a consultation: what it is about.
pub(super) fn about(record: &Record) -> Option<(bool, Vec<&str>)> {
    let consultation = record.consultation()?;
    Some((consultation.about.is_open(), consultation.about.iter().map(AsRef::as_ref).collect()))
}

impl Trial<'_> {
    /// When the last consultation closed: the days that it may have been, whether all are surely meant, and
    /// the places; nothing where none is recorded.
    fn closed(&self, agendas: &Agendas, own: Option<u32>, way: &mut Way) -> (Option<When>, bool, Vec<Mark>) {
        let (mut closed, mut sure, mut marks): (Option<When>, bool, Vec<Mark>) = (None, true, Vec::new());
        let all = own.and_then(|own| agendas.consultations.get(&own)).map_or(&[][..], Vec::as_slice);
        let consultation = |at: &u32| self.case.record(*at).and_then(|record| Some((record, record.consultation()?)));
        for (record, one) in all.iter().filter_map(consultation) {
            let opened = one.opened.when().unwrap_or(When::UNKNOWN);
            // Those before the stage are of the refinement.
            if opened.last < way.opened.first || opened.first > way.decided.last {
                continue;
            }
            let own = opened.first >= way.opened.last && opened.last <= way.decided.first;
            sure &= own;
            let closes = one.moved_to.items.last().unwrap_or(&one.closes);
            way.bad |= one.opened.is_bad() || closes.is_bad() || record.damaged;
            let when = closes.when().unwrap_or(When::between(opened.first, Day::LATEST));
            if marks.len() < 5 {
                marks.push(Mark::new(record.file, closes.span, format!("`{}` closes {when}", record.id)));
            }
            // One that may not belong here may make the last closing later, never earlier.
            closed = Some(match closed {
                None => when,
                Some(before) => {
                    let first = if own { before.first.max(when.first) } else { before.first.min(when.first) };
                    When::between(first, before.last.max(when.last))
                }
            });
        }
        (closed, sure, marks)
    }

    fn agenda(&self, agendas: &Agendas, mut way: Way, slots: &mut Slots) {
        let name = self.name();
        let own = self.case.registry.position_of(RecordKind::Modification, &self.record.id);
        let (closed, are_own, marks) = self.closed(agendas, own, &mut way);
        // Another may have closed later.
        let sure = are_own && !agendas.untold;
        let Some(closed) = closed else {
            if agendas.untold {
                let message = format!("{name}: when the consultation closed is not recorded");
                let said =
                    Said::new(way.slot.clone(), Outcome::Unknown, message).mark(way.mark.clone()).silent(way.bad);
                let help = "record the consultation (`consultations/`, with `about`), as far as a source tells";
                let steps = ["no consultation about it is recorded that was open then, and some may lack".to_owned()];
                return self.say(said.help(help).steps(steps), slots);
            }
            let steps = || ["no consultation about it is recorded, and every one is".to_owned()];
            return slots.skip(|| people::nothing(self.record, &way.slot, "it was not consulted on", steps()));
        };
        // On an agenda it is also where it is then deferred.
        if let Some((when, at)) = agendas.taken(own, closed.first).filter(|(when, _)| when.last < way.decided.first) {
            (way.decided, way.taken) = (when, Some(at));
        }
        let working = self.case.working_days(&[]);
        let (first, last) = (self.from(closed.first, &working), self.from(closed.last, &working));
        let (latest, earliest) = (way.decided.last.plus_days(-1), way.decided.first.plus_days(-1));
        let missed = last.filter(|_| !way.idle).and_then(|last| agendas.between(last, earliest));
        let missed = missed.and_then(|(when, at)| Some((when, self.case.record(at)?)));
        let maybe = first.is_none_or(|first| {
            first <= latest
                && (agendas.open || agendas.between(first, latest).is_some() || agendas.may_be_between(first, latest))
        });
        let early = closed.first > way.decided.last && way.taken.is_none() && are_own;
        let outcome = match (missed, maybe) {
            // It was decided before anybody could know what was said.
            _ if early && !way.idle => Outcome::Breach,
            // A second consultation that closed later would mend it, so it must be known that there is none.
            (Some(_), _) if sure => Outcome::Breach,
            (_, false) => Outcome::Pass,
            _ => Outcome::Unknown,
        };
        let decided = way.decided;
        let taken = way.taken.and_then(|at| self.case.record(at));
        let reached = taken.map_or_else(
            || format!("was decided on {decided}"),
            |meeting| format!("was on the agenda of `{}` on {decided}", meeting.id),
        );
        let message = match (outcome, missed) {
            (Outcome::Breach, _) if early => {
                format!("{name}: it {reached}, and the consultation on it closed on {closed}: it was not waited for")
            }
            (Outcome::Breach, Some((when, meeting))) => format!(
                "{name}: the consultation closed on {closed}, `{}` met on {when}, and it {reached}: not on the next agenda",
                meeting.id
            ),
            (Outcome::Pass, _) => format!("{name}: it {reached}, at the next meeting after {closed}"),
            _ => format!("{name}: whether the body met between {closed} and {decided} without it is not recorded"),
        };
        let help = match outcome {
            Outcome::Breach => {
                "correct the days, or record the item of the meeting that had it on its agenda (`about`)"
            }
            _ => "record the days of the meetings, or that all are recorded",
        };
        let on_agenda =
            taken.map(|meeting| Mark::new(meeting.file, meeting.head(), format!("on its agenda, {decided}")));
        let met = missed.map(|(when, meeting)| Mark::new(meeting.file, meeting.head(), format!("met on {when}")));
        let said = Said::new(way.slot.clone(), outcome, message)
            .mark(way.mark.clone())
            .marks(marks)
            .marks(met)
            .marks(on_agenda);
        let steps = || {
            let day = |day: Option<Day>| day.map_or("beyond the calendar".to_owned(), |day| day.to_string());
            let asked = match notice(self.terms) {
                0 => String::new(),
                days => format!(", {days} Working Days later at the earliest"),
            };
            let count = if agendas.open { "meetings may lack" } else { "every meeting is recorded" };
            [
                format!("the consultation closed on {closed}"),
                format!("the next meeting is the first from {} on{asked}; {count}", day(last)),
                format!("it {reached}"),
            ]
        };
        let said = if slots.explain { said.steps(steps()) } else { said };
        self.say(if outcome == Outcome::Pass { said } else { said.help(help).silent(way.bad) }, slots);
    }

    /// The first day of a meeting that can take what was consulted on up to a day.
    fn from(&self, closed: Day, working: &WorkingDays) -> Option<Day> {
        if !closed.is_finite() {
            return (closed == Day::EARLIEST).then_some(Day::EARLIEST);
        }
        match notice(self.terms) {
            0 => Some(closed.plus_days(1)),
            days => working.add(closed, i32::try_from(days).ok()?, false),
        }
    }
}
