//! `calendar`: every plan with a day, whatever kind it is of: planned, moved, called off, or done. The
//! newsletter lists those of the coming weeks.

use super::{
    Desk, Findings, Period, Publication, Written, lines,
    model::{Entry, Line, Token},
};
use crate::{
    day::{Truth, When},
    decode::{Fact, List},
    record::{
        Body, Kind, Record, consultation::Consultation, election::Election, event::CalendarEvent, id::ActorId,
        meeting::Meeting, modification::Modification,
    },
};

pub(super) const PUBLICATION: Publication = Publication {
    name: "calendar",
    doc: "what is planned, moved, called off or held on which day; also as iCalendar",
    title: "Calendar",
    reads: KINDS,
    period: Period::Ahead,
    write,
};

/// The kinds whose records plan something that is public.
const KINDS: &[Kind] = &[
    Kind::Meeting,
    Kind::Event,
    Kind::Election,
    Kind::Consultation,
    Kind::Deliverable,
    Kind::Modification,
    Kind::Release,
];

const COLUMNS: &[&str] = &["Day", "What", "Who", "Standing", "First planned"];

/// One thing that is planned for a day.
pub(super) struct Plan<'a> {
    record: &'a Record,
    /// What keeps it the same thing when its day moves.
    key: String,
    /// The days that it may be.
    pub(super) when: When,
    /// The day that it stands at.
    pub(super) day: Token,
    /// The last day, where it lasts for several.
    until: Option<(Token, When)>,
    /// What it is.
    pub(super) what: Line,
    /// Who it is of.
    pub(super) who: Line,
    /// Where it is.
    place: Line,
    /// How it stands on the day of the report.
    standing: Token,
    /// The day first planned, where it moved since.
    first: Line,
    /// How often it was moved.
    pub(super) moves: usize,
    /// How often what a calendar shows of it has changed since it was first planned.
    sequence: usize,
    /// When it was called off, where it was.
    pub(super) called_off: Option<Token>,
}

/// What shows that a plan was carried out.
struct Done<'f> {
    word: &'static str,
    verb: &'static str,
    field: String,
    fact: &'f Fact<When>,
}

fn write(desk: &Desk<'_>, _: &Findings<'_>) -> Written {
    let mut all = plans(desk);
    all.retain(|plan| plan.when.first.is_finite() && plan.when.last.is_finite() && desk.spans(plan.when).possible());
    let rows = all.iter().map(|plan| {
        vec![
            plan.day.clone().into(),
            plan.what.clone(),
            plan.who.clone(),
            plan.standing.clone().into(),
            plan.first.clone(),
        ]
    });
    let blocks = vec![lines::table(desk, Kind::Event, "Calendar", COLUMNS, rows.collect())];
    Written { blocks, entries: all.into_iter().map(entry).collect() }
}

fn entry(plan: Plan<'_>) -> Entry {
    let last = plan.until.as_ref().map_or(plan.when.last, |(_, until)| until.last.max(plan.when.last));
    Entry {
        subject: plan.record.subject(),
        key: plan.key,
        title: plan.what,
        who: plan.who,
        place: plan.place,
        date: plan.day,
        until: plan.until.map(|(token, _)| token),
        when: plan.when,
        last,
        standing: plan.standing,
        sequence: plan.sequence,
        cancelled: plan.called_off.is_some(),
    }
}

/// Everything that is planned, by its day.
pub(super) fn plans<'a>(desk: &Desk<'a>) -> Vec<Plan<'a>> {
    let mut all: Vec<Plan<'a>> =
        KINDS.iter().flat_map(|kind| desk.all(*kind)).flat_map(|record| planned(desk, record)).collect();
    all.sort_by_key(|plan| (plan.when.first, plan.when.last, plan.when.time));
    all
}

fn planned<'a>(desk: &Desk<'a>, record: &'a Record) -> Vec<Plan<'a>> {
    let at = At { desk, record };
    match &record.body {
        Body::Meeting(one) => at.meeting(one).into_iter().collect(),
        Body::Event(one) => at.event(one).into_iter().collect(),
        Body::Election(one) => at.election(one),
        Body::Deliverable(one) => {
            let what = Line::plain("Due: ").token(Desk::words(record, "title", &one.title));
            let done =
                Done { word: "published", verb: "was published", field: "published".into(), fact: &one.published };
            at.plan("due", "due", &one.due, Some(&one.moved_to), what, at.who("owner", &one.owner), Some(&done))
                .into_iter()
                .collect()
        }
        Body::Release(one) => {
            let what = Line::plain("Release ").token(match one.version.known() {
                Some(_) => Desk::words(record, "version", &one.version),
                None => Desk::id(record),
            });
            let done = Done { word: "in effect", verb: "took effect", field: "effective".into(), fact: &one.effective };
            at.plan("release", "planned", &one.planned, Some(&one.moved_to), what, Line::default(), Some(&done))
                .into_iter()
                .collect()
        }
        Body::Consultation(one) if desk.has_come(&one.opened).certain() => at.consultation(one),
        Body::Modification(one) => at.modification(one),
        _ => Vec::new(),
    }
}

/// A record at the desk.
struct At<'d, 'a> {
    desk: &'d Desk<'a>,
    record: &'a Record,
}

impl<'a> At<'_, 'a> {
    fn who(&self, field: &str, fact: &Fact<ActorId>) -> Line {
        lines::given(fact, |fact| self.desk.actor(self.record, field, fact))
    }

    /// A plan for the day that it stands at; nothing where no day is said.
    #[expect(clippy::too_many_arguments, reason = "what a plan is made of, each named where it is made")]
    fn plan(
        &self,
        key: impl Into<String>,
        field: &str,
        fact: &Fact<When>,
        moved: Option<&List<When>>,
        what: Line,
        who: Line,
        done: Option<&Done<'_>>,
    ) -> Option<Plan<'a>> {
        let record = self.record;
        let (stands_at, day) = moved.map_or((field.to_owned(), fact), |moved| Desk::stands_at(field, fact, moved));
        let moves = moved.map_or(0, |moved| moved.items.len());
        Some(Plan {
            record,
            key: key.into(),
            when: *day.known()?,
            day: Desk::date(record, &stands_at, day),
            until: None,
            what,
            who,
            place: Line::default(),
            standing: self.standing(&stands_at, day, done),
            first: if moves == 0 { Line::default() } else { Desk::date(record, field, fact).into() },
            moves,
            sequence: moves,
            called_off: None,
        })
    }

    /// How a plan stands on the day of the report.
    fn standing(&self, field: &str, day: &Fact<When>, done: Option<&Done<'_>>) -> Token {
        let on = self.desk.on;
        let plan = || Desk::field(self.record, field, day);
        if let Some(done) = done {
            let source = || vec![Desk::field(self.record, &done.field, done.fact)];
            match self.desk.has_come(done.fact) {
                Truth::Yes => {
                    return Desk::status(done.word, format!("the day it {} had come by {on}", done.verb), source());
                }
                Truth::Maybe => {
                    let how = format!("whether the day it {} had come by {on} is not known", done.verb);
                    return Desk::status(&format!("perhaps {}", done.word), how, source());
                }
                Truth::No => {}
            }
        }
        if day.when().is_some_and(|when| when.last >= on) {
            return Desk::status("planned", format!("its last day is {on} or later"), vec![plan()]);
        }
        match done {
            Some(done) => {
                let sources = vec![plan(), Desk::field(self.record, &done.field, done.fact)];
                Desk::status("not recorded", format!("nothing says whether it {}", done.verb), sources)
            }
            None => Desk::status("past", format!("its last day came before {on}"), vec![plan()]),
        }
    }

    /// A meeting or an event: the day it was held takes the place of the plan.
    fn held(
        &self,
        mut plan: Option<Plan<'a>>,
        made: impl FnOnce() -> Line,
        who: Line,
        it: &lines::Planned<'_>,
    ) -> Option<Plan<'a>> {
        let (desk, record) = (self.desk, self.record);
        if desk.has_come(it.held).possible()
            && let Some(when) = it.held.when().filter(|when| *when != When::UNKNOWN)
        {
            let day = Desk::date(record, "held", it.held);
            plan = match plan {
                Some(plan) => {
                    let sequence = plan.sequence.saturating_add(usize::from(plan.when != when));
                    Some(Plan { when, day, sequence, ..plan })
                }
                None => self.plan("day", "held", it.held, None, made(), who, None),
            };
        }
        let mut plan = plan?;
        plan.standing = lines::standing(desk, record, it);
        if desk.has_come(it.cancelled).possible() {
            let source = vec![Desk::source(record, "cancelled", it.cancelled.span)];
            plan.sequence = plan.sequence.saturating_add(1);
            plan.called_off = Some(Desk::status("called off", "it was called off by then", source));
        }
        Some(plan)
    }

    fn meeting(&self, one: &Meeting) -> Option<Plan<'a>> {
        let record = self.record;
        let token = Desk::number(record, "number", &one.number);
        let number =
            if one.number.known().is_some() { token.into() } else { Line::plain("(number ").token(token).say(")") };
        let what = Line::plain("Meeting ").then(number);
        let who = Line::from(self.desk.parent(record));
        let plan = self.plan("day", "planned", &one.planned, Some(&one.moved_to), what.clone(), who.clone(), None);
        let first = ("planned", &one.planned);
        let it = lines::Planned { first, moved_to: &one.moved_to, held: &one.held, cancelled: &one.cancelled };
        self.held(plan, || what, who, &it)
    }

    fn event(&self, one: &CalendarEvent) -> Option<Plan<'a>> {
        let record = self.record;
        let what = Line::from(Desk::words(record, "title", &one.title));
        let who = self.who("by", &one.by);
        let plan = self.plan("day", "on", &one.on, Some(&one.moved_to), what.clone(), who.clone(), None);
        let it = lines::Planned {
            first: ("on", &one.on),
            moved_to: &one.moved_to,
            held: &one.held,
            cancelled: &one.cancelled,
        };
        let mut plan = self.held(plan, || what, who, &it)?;
        plan.place = lines::given(&one.place, |fact| Desk::words(record, "place", fact));
        // The last day belongs to the day first planned.
        if plan.sequence == 0
            && let Some(when) = one.until.when()
        {
            plan.until = Some((Desk::date(record, "until", &one.until), when));
        }
        Some(plan)
    }

    /// Before the call there is nothing that closes.
    fn election(&self, one: &Election) -> Vec<Plan<'a>> {
        if !self.desk.has_come(&one.called).certain() {
            return Vec::new();
        }
        let who = || Line::from(self.desk.actor(self.record, "body", &one.body));
        let close = Line::plain("Nominations close");
        let close =
            self.plan("nominations-close", "nominations-close", &one.nominations_close, None, close, who(), None);
        let ballot = one.ballot.known().and_then(|ballot| {
            let what = Line::plain("Ballot closes");
            self.plan("ballot-closed", "ballot.closed", &ballot.closed, None, what, who(), None)
        });
        close.into_iter().chain(ballot).collect()
    }

    fn consultation(&self, one: &Consultation) -> Vec<Plan<'a>> {
        let title = || Desk::words(self.record, "title", &one.title);
        let closes = Line::plain("Consultation closes: ").token(title());
        let who = || self.who("by", &one.by);
        let closes = self.plan("closes", "closes", &one.closes, Some(&one.moved_to), closes, who(), None);
        let answer = one.response.known().and_then(|answer| {
            let what = Line::plain("Answer due: ").token(title());
            let field = "response.published".to_owned();
            let done = Done { word: "published", verb: "was published", field, fact: &answer.published };
            self.plan("response-due", "response.due", &answer.due, None, what, who(), Some(&done))
        });
        closes.into_iter().chain(answer).collect()
    }

    /// Planned stages and planned implementations of a proposal.
    fn modification(&self, one: &Modification) -> Vec<Plan<'a>> {
        let (desk, record) = (self.desk, self.record);
        let stages = lines::entries(&one.planned).filter_map(|(at, plan)| {
            let field = |key: &str| format!("planned[{at}].{key}");
            let what = Line::from(Desk::id(record)).say(": ").token(Desk::words(record, &field("to"), &plan.to));
            let who = self.who(&field("by"), &plan.by);
            let stage = plan.to.known().map_or("", AsRef::as_ref);
            let reached = lines::entries(&one.step).find(|(_, step)| {
                step.to.known().is_some_and(|to| to.as_ref() == stage) && desk.has_come(&step.on).possible()
            });
            let done = reached.map(|(nth, step)| Done {
                word: "reached",
                verb: "was reached",
                field: format!("step[{nth}].on"),
                fact: &step.on,
            });
            self.plan(format!("planned {stage}"), &field("on"), &plan.on, None, what, who, done.as_ref())
        });
        let parts = lines::entries(&one.implementation).filter_map(|(at, part)| {
            let field = |key: &str| format!("implementation[{at}].{key}");
            let what = Line::from(Desk::id(record)).say(": to take effect");
            let part_of = lines::given(&part.part, |fact| Desk::words(record, &field("part"), fact));
            let what = if part.part.is_absent() { what } else { what.say(", ").then(part_of) };
            let name = part.part.known().map_or("", AsRef::as_ref);
            let done = Done { word: "in effect", verb: "took effect", field: field("actual"), fact: &part.actual };
            let key = format!("implementation {name}");
            self.plan(key, &field("planned"), &part.planned, Some(&part.moved_to), what, Line::default(), Some(&done))
        });
        stages.chain(parts).collect()
    }
}
