//! What is said of a stop: why it may not be where it is, or what would settle it.

use std::collections::BTreeSet;

use super::{
    Lifecycle, Move, Terms, clause_of, row_mark,
    track::{Entry, fact, together},
    walk::{Allowed, Earlier, Seen, Stop, World, chain},
};
use crate::{
    day::{Day, Today, Truth, When},
    finding::{Mark, Outcome},
    kind::{Cure, Law, Said, Segment, Slots, people},
    record::Record,
    rulebook::raw::Words,
    text::Span,
};

/// All that is needed to speak of one track.
pub(super) struct Teller<'t, 'a> {
    pub(super) law: &'t Law<'t, Lifecycle>,
    pub(super) segment: &'t Segment<Terms>,
    /// The record, where the track is of one.
    pub(super) record: Option<&'t Record>,
    /// Who goes through the stages: ``modification `X` ``.
    pub(super) name: &'t str,
    /// The same in general: `a proposal`.
    pub(super) noun: &'t str,
    pub(super) stops: &'t [Stop<'a>],
    pub(super) entries: &'t [Entry],
    /// The day of birth, and where it stands.
    pub(super) born: Option<(When, Span)>,
    pub(super) on: Today<'t>,
    pub(super) explain: bool,
}

/// The two accounts of what governs a record in flight.
const ROWS_OF_BIRTH: &str = "the rows of its first day";
const ROWS_OF_STEP: &str = "the rows of the step's day";

/// A stage in a sentence.
fn shown(stage: Option<&str>) -> String {
    stage.map_or("the start".to_owned(), |stage| format!("`{stage}`"))
}

fn listed<'s>(stages: impl IntoIterator<Item = &'s str>) -> String {
    stages.into_iter().map(|stage| format!("`{stage}`")).collect::<Vec<_>>().join(", ")
}

impl<'a> Teller<'_, 'a> {
    /// Says what was seen of one stop, under one account or two.
    pub(super) fn say(
        &self,
        index: usize,
        seen: &Seen<'a>,
        worlds: &[World<'_, 'a>],
        other: Option<(&Seen<'a>, &[World<'_, 'a>])>,
        slots: &mut Slots,
    ) {
        let Some(outcome) = together(seen, other.map(|(seen, _)| seen)) else { return };
        match outcome {
            Outcome::Pass => slots.pass(|| self.said(index, seen, worlds, other, outcome)),
            _ => slots.say(self.said(index, seen, worlds, other, outcome)),
        }
    }

    /// The same, as a thing said.
    pub(super) fn said(
        &self,
        index: usize,
        seen: &Seen<'a>,
        worlds: &[World<'_, 'a>],
        other: Option<(&Seen<'a>, &[World<'_, 'a>])>,
        outcome: Outcome,
    ) -> Said {
        let (Some(stop), Some(entry)) = (self.stops.get(index), self.entries.get(index)) else {
            return Said::new("", Outcome::NotApplicable, self.name);
        };
        let to = stop.to.map_or("an unknown stage".to_owned(), |to| format!("`{to}`"));
        let step = Mark::new(entry.file, entry.whole, format!("{to}: {}", stop.on));
        if outcome == Outcome::ReadingSensitive {
            return self.both(index, (seen, worlds), other, step);
        }
        if let Some(earlier) = seen.disorder {
            return self.disorder(entry, stop, earlier, &to);
        }
        let Some(world) = worlds.get(seen.world) else {
            return Said::new(entry.slot.clone(), outcome, self.name).mark(step);
        };
        let rows: Vec<&Allowed<'a>> = match stop.to {
            Some(to) => {
                let joins = |row: &&Allowed<'a>| seen.from.iter().any(|source| row.joins(*source, to));
                world.regime.rows.iter().filter(joins).collect()
            }
            None => Vec::new(),
        };
        let sources: Vec<String> = seen.from.iter().map(|one| shown(*one)).collect();
        let from = if sources.is_empty() { "another stage".to_owned() } else { sources.join(" or ") };
        let case = Stopped { teller: self, stop, entry, seen, world, rows, from, to };
        let said = match outcome {
            Outcome::Breach => case.breach(),
            Outcome::Pass => case.pass(),
            _ => case.unknown(other.map(|(seen, _)| seen)),
        };
        let said = case.evidence(said);
        // What would be edited comes first: the fact that lacks, who decided, else the step.
        let lacks = if outcome == Outcome::Unknown { case.lacking_fact() } else { None };
        let wrong = if outcome == Outcome::Breach { case.wrong_fact() } else { None };
        let said = said.marks(lacks).marks(wrong);
        let said = if case.is_by_another() { said.mark(Mark::new(entry.file, entry.by, "decided by")) } else { said };
        let said = said.mark(step);
        let before = index.checked_sub(1).and_then(|before| Some((self.stops.get(before)?, self.entries.get(before)?)));
        let before = before.map(|(stop, entry)| {
            Mark::new(
                entry.file,
                entry.whole,
                format!("{}: {}", stop.to.map_or("unknown".into(), |to| format!("`{to}`")), stop.on),
            )
        });
        let fact_marks = case.fact_marks();
        let row = case.rows.first().map(|row| row_mark(self.law, row, "the move"));
        let said = said.marks(before).marks(fact_marks).marks(row.or(self.segment.marks.first().cloned()));
        let said = said.under(self.segment).silent(entry.bad && outcome == Outcome::Unknown);
        if !self.explain {
            return said;
        }
        let last = index.checked_sub(1).and_then(|before| self.stops.get(before));
        let undone = last.and_then(|last| {
            let stage = last.to?;
            let event = self.segment.terms.first()?.taken_up.get(stage)?.text()?;
            let first = last.back?.first;
            Some(format!("`{event}`, from {first} on, undoes `{stage}`: it is where it was before that"))
        });
        case.derive(said.steps(undone))
    }

    fn both(
        &self,
        index: usize,
        (seen, worlds): (&Seen<'a>, &[World<'_, 'a>]),
        other: Option<(&Seen<'a>, &[World<'_, 'a>])>,
        step: Mark,
    ) -> Said {
        let (Some(stop), Some(entry)) = (self.stops.get(index), self.entries.get(index)) else {
            return Said::new("", Outcome::ReadingSensitive, self.name);
        };
        let (kept, broken) = (ROWS_OF_BIRTH, ROWS_OF_STEP);
        let (allows, forbids) = if seen.outcome == Some(Outcome::Pass) { (kept, broken) } else { (broken, kept) };
        let message = format!(
            "{}: `{}` ({}) is allowed by {allows} and not by {forbids}; how what had begun was carried over when they changed is not known",
            self.name,
            stop.to.unwrap_or("unknown"),
            stop.on
        );
        let born = self.born.zip(self.record);
        let born = born.map(|((when, span), record)| Mark::new(record.file, span, format!("it began: {when}")));
        Said::new(entry.slot.clone(), Outcome::ReadingSensitive, message)
            .help("find out by which rows it was taken on, and record that as a source of the rule")
            .mark(step)
            .marks(born)
            .marks(self.segment.marks.first().cloned())
            .under(self.segment)
            .because(self.explain, || {
                let began = self.born.map_or("on a day that is not recorded".to_owned(), |(when, _)| when.to_string());
                let by = |rows: &str, outcome: Option<Outcome>| {
                    let outcome = outcome.map_or("not happened", Outcome::word);
                    format!("by {rows}: {outcome}")
                };
                let steps =
                    [format!("it began: {began}"), format!("the step: {}", stop.on), by(ROWS_OF_BIRTH, seen.outcome)];
                let told = |seen: &Seen<'a>, worlds: &[World<'_, 'a>]| {
                    self.said(index, seen, worlds, None, seen.outcome.unwrap_or(Outcome::NotApplicable)).steps
                };
                let mut steps = Vec::from(steps);
                steps.extend(told(seen, worlds));
                if let Some((seen, worlds)) = other {
                    steps.push(by(ROWS_OF_STEP, seen.outcome));
                    steps.extend(told(seen, worlds));
                }
                steps
            })
    }

    fn disorder(&self, entry: &Entry, stop: &Stop<'_>, earlier: Earlier, to: &str) -> Said {
        let before = match earlier {
            Earlier::Stop(at) => self.stops.get(at).zip(self.entries.get(at)),
            Earlier::Birth => None,
        };
        let (what, when, mark) = match (before, self.born, self.record) {
            (Some((before, place)), _, _) => {
                let what = before.to.map_or("an unknown stage".to_owned(), |to| format!("`{to}`"));
                let mark = Mark::new(place.file, place.on, format!("{what}, listed before it: {}", before.on));
                (format!("{what}, which is listed before it"), before.on, Some(mark))
            }
            (None, Some((when, span)), Some(record)) => {
                let mark = Mark::new(record.file, span, format!("it began: {when}"));
                ("the day on which it first existed".to_owned(), when, Some(mark))
            }
            _ => ("its beginning".to_owned(), When::UNKNOWN, None),
        };
        let message = format!(
            "{}: {to} on {} comes before {what} ({when}), whatever the days that are not known",
            self.name, stop.on
        );
        let said = Said::new(entry.slot.clone(), Outcome::Breach, message)
            .help("correct the day that is wrong, or put the steps in the order in which they happened")
            .mark(Mark::new(entry.file, entry.on, format!("{to}: {}", stop.on)))
            .marks(mark)
            .marks(self.segment.marks.first().cloned())
            .under(self.segment);
        if !self.explain {
            return said;
        }
        let earliest = when.first;
        said.steps([
            format!("{what}: {when}, at the earliest {earliest}"),
            format!("{to}: {}, at the latest {}", stop.on, stop.on.last),
        ])
        .cure({
            let record = self.record.filter(|_| earliest.is_finite());
            let path = record.and_then(|record| Some((record, people::path_of(record, entry.on)?)));
            let cure = Cure::new(format!("{to} on {earliest} or later"));
            match path {
                Some((record, path)) => cure.set(record.subject(), path, earliest.to_string()),
                None => Cure { no_edit: Some("the day has no key of its own, or no end is known".into()), ..cure },
            }
        })
    }
}

/// One stop in the world in which it was looked at first.
struct Stopped<'s, 't, 'r, 'a> {
    teller: &'s Teller<'t, 'a>,
    stop: &'s Stop<'a>,
    entry: &'s Entry,
    seen: &'s Seen<'a>,
    world: &'s World<'r, 'a>,
    /// The rows that lead from there to here, whatever else they ask.
    rows: Vec<&'s Allowed<'a>>,
    from: String,
    to: String,
}

impl<'a> Stopped<'_, '_, '_, 'a> {
    fn slot(&self) -> String {
        self.entry.slot.clone()
    }

    fn when(&self) -> String {
        if self.stop.on == When::UNKNOWN { "on an unknown day".into() } else { format!("on {}", self.stop.on) }
    }

    /// The clause of the rows that were asked, and their weakest evidence; where none leads from
    /// there, that of the rows that say how one gets here. That a stage is final says the version.
    fn evidence(&self, said: Said) -> Said {
        let clause = self.rows.iter().find_map(|row| clause_of(row.row));
        let here =
            |row: &&Allowed<'a>| self.stop.to.is_some_and(|to| row.row.to.known().is_some_and(|words| words.has(to)));
        let basis = self.rows.iter().map(|row| row.basis()).min();
        let others = || self.world.regime.rows.iter().filter(here).map(Allowed::basis).min();
        let ended = self.seen.from.iter().all(|source| source.is_some_and(|stage| self.is_final(stage)));
        said.row(clause, basis.or_else(|| if ended { None } else { others() }))
    }

    /// The facts that a row asks for and that are otherwise; nothing where that is not the reason.
    fn wrong_facts(&self, row: &Allowed<'a>) -> Vec<String> {
        let wrong = row.row.when.iter().filter_map(|(fact, _, words)| {
            let value = self.stop.facts.get(fact)?;
            (!words.has(value)).then(|| {
                format!(
                    "`{fact}` is `{value}`, and the move takes {}",
                    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ")
                )
            })
        });
        wrong.collect()
    }

    /// Where the one fact stands that every row wants otherwise, if nothing else is wrong.
    fn wrong_fact(&self) -> Option<Mark> {
        let record = self.teller.record.filter(|_| !self.is_by_another())?;
        let mut names = self.rows.iter().map(|row| {
            let wrong = |fact: &&str, words: &Words| self.stop.facts.get(*fact).is_some_and(|value| !words.has(value));
            row.row.when.iter().find_map(|(fact, _, words)| wrong(&fact, words).then_some(fact))
        });
        let first = names.next()??;
        if !names.all(|name| name == Some(first)) {
            return None;
        }
        let value = self.stop.facts.get(first).map_or("", AsRef::as_ref);
        Some(Mark::new(record.file, fact(record, first, self.teller.on).0, format!("`{first}`: {value}")))
    }

    /// The facts that the rows ask for and that are not recorded.
    fn open_facts(&self) -> Vec<&'a str> {
        let asked = self.rows.iter().flat_map(|row| row.row.when.iter().map(|(fact, _, _)| fact));
        let mut open: Vec<&str> = asked.filter(|fact| !self.stop.facts.contains_key(fact)).collect();
        open.sort_unstable();
        open.dedup();
        open
    }

    fn fact_marks(&self) -> Vec<Mark> {
        let Some(record) = self.teller.record else { return Vec::new() };
        let asked = self.rows.iter().flat_map(|row| row.row.when.iter().map(|(name, _, _)| name));
        let mut names: Vec<&str> = asked.collect();
        names.sort_unstable();
        names.dedup();
        let known = |name: &&str| self.stop.facts.contains_key(*name);
        let mark = |name: &str| {
            let (span, value) = fact(record, name, self.teller.on);
            Mark::new(record.file, span, format!("`{name}`: {}", value.as_deref().unwrap_or("not recorded")))
        };
        names.into_iter().filter(known).map(mark).collect()
    }

    /// Where the first fact would stand that is not recorded and that alone would settle it.
    fn lacking_fact(&self) -> Option<Mark> {
        let record = self.teller.record.filter(|_| self.seen.lacking.is_none() && !self.entry.doubtful)?;
        let name = *self.open_facts().first()?;
        Some(Mark::new(record.file, fact(record, name, self.teller.on).0, format!("`{name}` is not recorded")))
    }

    fn breach(&self) -> Said {
        let name = self.teller.name;
        let why = self.rows.iter().map(|row| self.against(row)).find(|why| !why.is_empty());
        let finals: Vec<&str> = self.seen.from.iter().flatten().copied().filter(|stage| self.is_final(stage)).collect();
        let message = match (why, finals.is_empty()) {
            (Some(why), _) => format!("{name} goes from {} to {} {}: {why}", self.from, self.to, self.when()),
            (None, false) => {
                format!("{name} goes to {} {} after {}, which is final", self.to, self.when(), listed(finals))
            }
            (None, true) => {
                format!("{name} goes from {} to {} {}, and there is no such move", self.from, self.to, self.when())
            }
        };
        let help = match self.way() {
            Some(way) => format!("the way is by {}: record what lacks, or correct the step", listed(way)),
            None => "correct the step, or the fact that it rests on".to_owned(),
        };
        Said::new(self.slot(), Outcome::Breach, message).help(help)
    }

    /// Whether a row would do but for who decided.
    fn is_by_another(&self) -> bool {
        let by = |row: &&&Allowed<'a>| !row.takes_actor(self.stop).possible();
        self.rows.iter().filter(by).any(|row| row.takes_facts(self.stop, self.world).possible())
            && !self
                .rows
                .iter()
                .any(|row| row.takes_actor(self.stop).possible() && row.takes_facts(self.stop, self.world).possible())
    }

    fn is_final(&self, stage: &str) -> bool {
        let ends = |row: &Allowed<'a>| row.terms.ends.known().is_some_and(|ends| ends.has(stage));
        self.world.regime.rows.iter().any(ends)
    }

    /// What of a row the stop does not keep; empty where it keeps all of it.
    fn against(&self, row: &Allowed<'a>) -> String {
        let mut parts = self.wrong_facts(row);
        if let (Some(by), Some(words)) = (self.stop.by, row.row.by.known())
            && !words.has(by)
        {
            let who = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ");
            parts.push(format!("it is by `{by}`, and {who} is to do it"));
        }
        if self.stop.on.last < row.from {
            parts.push(format!("there is such a move only from {} on", row.from));
        }
        if self.stop.on.first >= row.until {
            parts.push(format!("there was such a move only before {}", row.until));
        }
        parts.join("; ")
    }

    /// The fewest stages that would lead there.
    fn way(&self) -> Option<Vec<&'a str>> {
        let to = self.stop.to?;
        let (low, high) = (Day::EARLIEST, self.teller.on.or_before(self.stop.on.last));
        self.seen.from.iter().find_map(|source| chain(*source, to, low, high, self.stop, self.world))
    }

    fn unknown(&self, other: Option<&Seen<'a>>) -> Said {
        let name = self.teller.name;
        let open = self.open_facts();
        let nobody = self.stop.by.is_none() && self.rows.iter().any(|row| row.row.by.known().is_some());
        let (why, help) = if self.entry.doubtful {
            (
                "whether this came before or after the others of that time is not recorded".to_owned(),
                "record the days".to_owned(),
            )
        } else if let Some(lacking) = self.seen.lacking.as_ref() {
            let way = if lacking.is_empty() {
                String::new()
            } else {
                format!(" (it would be {})", listed(lacking.iter().copied()))
            };
            (
                format!("how it got there from {} is not recorded{way}", self.from),
                "record the stages between, with what is known of their days".to_owned(),
            )
        } else if self.stop.to.is_none() {
            ("the stage is not recorded".to_owned(), "record it".to_owned())
        } else if !open.is_empty() {
            (
                format!(
                    "whether it may go there from {} depends on {}, which is not recorded",
                    self.from,
                    listed(open.iter().copied())
                ),
                "record it".to_owned(),
            )
        } else if nobody {
            (format!("who decided to go there from {} is not recorded", self.from), "record it: `by = …`".to_owned())
        } else if !self.world.regime.unknown.is_empty() {
            ("which moves there were is not known".to_owned(), "find a source for the rule".to_owned())
        } else if other.is_some_and(|other| other.outcome != self.seen.outcome) {
            (
                "by which rows it is judged is not known, and by some it is not allowed".to_owned(),
                "record the days, and what the moves rest on".to_owned(),
            )
        } else {
            (
                "it depends on days that are not recorded".to_owned(),
                "record the days, or as much of them as a source gives".to_owned(),
            )
        };
        Said::new(self.slot(), Outcome::Unknown, format!("{name}: {} {}: {why}", self.to, self.when())).help(help)
    }

    fn pass(&self) -> Said {
        let message = format!("{} goes from {} to {} {}", self.teller.name, self.from, self.to, self.when());
        Said::new(self.slot(), Outcome::Pass, message)
    }

    /// The derivation: which rows were asked and what they said; for a breach, what would clear it.
    fn derive(&self, said: Said) -> Said {
        let mut steps = vec![format!("{} comes from {}", self.teller.noun, self.from)];
        for row in &self.rows {
            let asks = self.against(row);
            let clause = clause_of(row.row).map_or(String::new(), |clause| format!(" ({clause})"));
            let open = row.takes_facts(self.stop, self.world).and(row.takes_actor(self.stop));
            let verdict = match (asks.is_empty(), open) {
                (false, _) => format!("skipped: {asks}"),
                (true, Truth::Yes) => "allows it".to_owned(),
                (true, _) => "allows it if what is not recorded is as it asks".to_owned(),
            };
            steps.push(format!("the move from {} to {}{clause} {verdict}", self.from, self.to));
        }
        if self.rows.is_empty() {
            steps.push(format!("no row leads from {} to {}", self.from, self.to));
        }
        let cure = (said.outcome == Outcome::Breach).then(|| self.cure());
        let said = said.steps(steps);
        match cure {
            Some(cure) => said.cure(cure),
            None => said,
        }
    }

    /// The smallest change that makes it a move of the rule.
    fn cure(&self) -> Cure {
        let record = self.teller.record;
        for row in &self.rows {
            let facts = self.wrong_facts(row);
            let by = row.row.by.known().filter(|words| self.stop.by.is_some_and(|by| !words.has(by)));
            if facts.is_empty()
                && let Some(first) = by.and_then(|words| words.iter().next())
            {
                return self.written(Cure::new(format!("`by = \"{first}\"`")), self.entry.by, first);
            }
            let one = row
                .row
                .when
                .iter()
                .find(|(fact, _, words)| self.stop.facts.get(*fact).is_some_and(|value| !words.has(value)));
            if let Some((name, _, words)) = one.filter(|_| facts.len() == 1 && by.is_none()) {
                let shown = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ");
                let cure = Cure::new(format!("`{name}` being {shown}"));
                let place = record.map(|record| fact(record, name, self.teller.on).0);
                return match (place, words.iter().next()) {
                    (Some(_), Some(word)) if self.is_wanted_elsewhere(name, word) => {
                        let why =
                            "another step may go by what it is now; which of the two is wrong only a source tells";
                        Cure { no_edit: Some(why.into()), ..cure }
                    }
                    (Some(span), Some(word)) => self.written(cure, span, word),
                    _ => Cure { no_edit: Some("the fact is of another record".into()), ..cure },
                };
            }
        }
        if let Some(way) = self.way() {
            return Cure::by_hand(
                format!("{} between {} and {}", listed(way), self.from, self.to),
                "the stages between have days of their own, which only a source tells",
            );
        }
        let cure = Cure::new(format!("leave out the step to {}", self.to));
        match record.and_then(|record| Some((record, people::path_of(record, self.entry.whole)?))) {
            Some((record, path)) => cure.unset(record.subject(), path),
            None => Cure { no_edit: Some("the step has no entry of its own".into()), ..cure },
        }
    }

    /// Whether a row for another step of the track takes a fact as it is and would not as a word.
    fn is_wanted_elsewhere(&self, name: &str, word: &str) -> bool {
        let others = self.teller.stops.iter().filter(|stop| !std::ptr::eq(*stop, self.stop));
        let others: BTreeSet<&str> = others.filter_map(|stop| stop.to).collect();
        let value = self.stop.facts.get(name);
        let wants = |row: &Move| {
            let words = row.when.get(name).and_then(|fact| fact.known());
            let takes = |words: &Words| value.is_some_and(|value| words.has(value)) && !words.has(word);
            words.is_some_and(takes) && row.to.known().is_some_and(|to| to.iter().any(|to| others.contains(to)))
        };
        self.world.regime.rows.iter().any(|allowed| wants(allowed.row))
    }

    /// With a word written at a place of the record; where that is not the one value of a key, in words.
    fn written(&self, cure: Cure, span: Span, word: &str) -> Cure {
        let path = self.teller.record.and_then(|record| Some((record, people::path_of(record, span)?)));
        let value = if matches!(word, "true" | "false") { word.to_owned() } else { format!("\"{word}\"") };
        match path {
            Some((record, path)) => cure.set(record.subject(), path, value),
            None => Cure { no_edit: Some("what would be edited has no key of its own".into()), ..cure },
        }
    }
}
