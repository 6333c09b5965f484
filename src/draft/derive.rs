//! What follows from what was said of a record: days that a rule counts, the next number, and what will
//! be due. Nothing here knows a number of days: the rulebook does.

use toml_edit::Value;

use super::{Draft, day_value, sheet};
use crate::{
    check,
    day::Day,
    decode::Shape,
    error::Error,
    finding::{Basis, Clause, Outcome},
    kind::{self, Asked, Case, Next, Shared},
    record::{Kind, Record},
    rulebook::{in_force, rule::Rule},
    text::Text,
    tree::Tree,
};

/// The keys that say the last day for an event: what a rule counts for the one, it counts for the other.
const LIMITS: &[(Kind, &str, &str)] = &[
    (Kind::Election, "nomination-received", "nominations-close"),
    (Kind::Consultation, "response-published", "response.due"),
    (Kind::Deliverable, "published", "due"),
];

/// Keys below a table of the record that an event is called after.
const PLANNED: &[(Kind, &str, &str)] = &[(Kind::Consultation, "response-due", "response.due")];

/// One value may give another; no chain of them is as long as this.
const MOST_ROUNDS: usize = 16;

/// A value that follows from others.
#[derive(Debug, Clone)]
pub struct Derived {
    /// The field, the keys joined by `.`; an entry of a list by its number.
    pub field: String,
    /// The value.
    pub value: Value,
    /// From what, in words: the rule with its clause and evidence.
    pub because: String,
    /// How, a step a line.
    pub steps: Vec<String>,
    /// The slot in which the rule judges it.
    slot: String,
}

impl Derived {
    /// `nominations-close = 2016-10-10`.
    pub fn line(&self) -> String {
        format!("{} = {}", self.field, sheet::inline(&self.value))
    }
}

/// Something that will be due of the record.
#[derive(Debug, Clone)]
pub struct Due {
    /// The last day for it, or the days that it may be.
    pub by: String,
    /// What, and after what.
    pub what: String,
    /// The rule with its clause and evidence.
    pub because: String,
}

/// Fills in all that follows from what was said, as the rules stand on a day: `on`, or the day of the
/// last thing that is said to have happened, if that is later. Gives that day. The draft takes its place
/// in the tree.
///
/// # Errors
///
/// [`Error::Usage`] where the record would not load.
pub fn fill(draft: &mut Draft, tree: &mut Tree, on: Day) -> Result<Day, Error> {
    if let Some((field, when)) = draft.day_of_id() {
        let value = when.day().map_or_else(|| when.to_string().into(), day_value);
        let because = "the id is the day first planned; if it was held without a plan, say `--set held=…`".to_owned();
        draft.take(Derived { field: field.to_owned(), value, because, steps: Vec::new(), slot: String::new() });
    }
    let mut day = on;
    for _ in 0..MOST_ROUNDS {
        let at = lay(draft, tree)?;
        day = day_of(tree, at, on);
        let Some(found) = number(draft, tree, at, day).or_else(|| counted(draft, tree, at, day)) else { break };
        draft.take(found);
    }
    let at = lay(draft, tree)?;
    steps(draft, tree, at, day);
    Ok(day)
}

/// Puts the draft as it stands into the tree; gives its position.
fn lay(draft: &Draft, tree: &mut Tree) -> Result<u32, Error> {
    let path = format!("{}/{}.toml", tree.folder, draft.subject());
    let text = draft.text(&tree.book.code, false);
    let file = tree.texts.next_id();
    let record = draft.read(&text, &path, file, &tree.book.code.lexicon())?;
    tree.texts.add(Text::new(path, text));
    tree.registry.put_one(record);
    tree.registry
        .position_of(draft.kind, &draft.id)
        .ok_or_else(|| Error::usage(format!("`{}` has no place", draft.subject()), "name another id"))
}

/// The day of the last thing that happened in the record, if that is later.
fn day_of(tree: &Tree, at: u32, on: Day) -> Day {
    let happened = tree.registry.at(at).map(|record| record.body.happened()).unwrap_or_default();
    let days = happened.into_iter().filter_map(|(_, dated)| dated.when).map(|when| when.first);
    days.filter(|day| day.is_finite()).fold(on, Day::max)
}

/// What the rules in force ask of the record.
fn dues<'t>(tree: &'t Tree, at: u32, on: Day) -> Vec<(&'t Rule, kind::Due)> {
    let shared = Shared::new(&tree.registry, &tree.book.code, &tree.book.calendars);
    let case = Case::new(&shared, on);
    let of_rule = |rule: &'t Rule| {
        let law = in_force::enact(&tree.book, rule, &tree.registry, on)?;
        if !law.subjects(&case).contains(&at) {
            return None;
        }
        Some(law.due(rule, &[at], &case).into_iter().map(move |(_, due)| (rule, due)).collect::<Vec<_>>())
    };
    tree.book.judging().filter_map(of_rule).flatten().collect()
}

/// The first value that a rule counts and nobody said. Where two rules count one, the one that admits no
/// other day counts.
fn counted(draft: &Draft, tree: &Tree, at: u32, on: Day) -> Option<Derived> {
    let record = tree.registry.at(at)?;
    let mut found: Vec<(bool, String, Day, &Rule, kind::Due)> = Vec::new();
    for (rule, due) in dues(tree, at, on) {
        let Some((field, day)) = field_of(draft, record, &due) else { continue };
        if !draft.has(&field) {
            found.push((!due.exact, field, day, rule, due));
        }
    }
    found.sort_by(|one, other| (&one.1, one.0, one.2, &one.3.id).cmp(&(&other.1, other.0, other.2, &other.3.id)));
    let (_, field, day, rule, due) = found.into_iter().next()?;
    let mut steps = vec![due.what.clone()];
    for (name, by) in &due.otherwise {
        let by = by.map_or("no such day".to_owned(), |by| by.to_string());
        steps.push(format!("if {name}: {by}"));
    }
    let because = cited(rule, due.clause.as_ref(), due.basis);
    Some(Derived { field, value: day_value(day), because, steps, slot: due.slot.clone() })
}

/// The field that says the day that is due, and the day as it says it.
fn field_of(draft: &Draft, record: &Record, due: &kind::Due) -> Option<(String, Day)> {
    let last = due.by.day()?;
    let thing = due.thing.as_str();
    let own = |table: &[(Kind, &str, &'static str)]| {
        table.iter().find(|(kind, event, _)| *kind == draft.kind && *event == thing).map(|(_, _, field)| *field)
    };
    if let Some(holder) = thing.strip_prefix("due-to-end ") {
        let tenures: Vec<usize> = record
            .seat()?
            .tenure
            .iter()
            .enumerate()
            .filter(|(_, one)| one.holder.known().is_some_and(|one| one.as_ref() == holder))
            .map(|(at, _)| at)
            .collect();
        // What is due is the last day of the term; the record has the first day after.
        return match tenures[..] {
            [at] => Some((format!("tenure.{at}.due-to-end"), last.plus_days(1))),
            _ => None,
        };
    }
    let is_plan = || draft.kind.events().iter().any(|(name, plan)| *plan && *name == thing);
    let is_key = || draft.kind.keys().iter().any(|key| key.name == thing && matches!((key.shape)(), Shape::Day));
    let field = match own(LIMITS) {
        Some(field) => field,
        None if due.exact && is_plan() => own(PLANNED).or_else(|| is_key().then_some(thing))?,
        None => return None,
    };
    Some((field.to_owned(), last))
}

/// The next number, where a rule counts them on: by itself where every record is there, else where
/// somebody asks for it.
fn number(draft: &Draft, tree: &Tree, at: u32, on: Day) -> Option<Derived> {
    let (rule, next) = asked(tree, on, Asked::Of(at)).into_iter().find(|(_, next)| !draft.has(&next.key))?;
    let (id, last) = &next.after;
    let wanted = next.complete || draft.asks_next(&next.key);
    let [value] = &next.values[..] else { return None };
    let mut steps = vec![format!("`{id}` has {last}, and it is the last before")];
    if !next.complete {
        steps.push("not every such record is there: another may have come between".to_owned());
    }
    let because = cited(rule, None, None);
    let value = value.parse().ok().filter(|_| wanted)?;
    Some(Derived { slot: next.key.clone(), field: next.key, value, because, steps })
}

/// What the numbering rules say of a record, or of an id, that is still to be written.
fn asked(tree: &Tree, on: Day, asked: Asked) -> Vec<(&Rule, Next)> {
    let shared = Shared::new(&tree.registry, &tree.book.code, &tree.book.calendars);
    let case = Case::new(&shared, on);
    let next = |rule| in_force::enact(&tree.book, rule, &tree.registry, on)?.next(rule, asked, &case);
    tree.book.judging().filter_map(|rule| Some((rule, next(rule)?))).collect()
}

/// The id that a new record of a kind gets, with what it follows from; nothing of it is written anywhere.
///
/// # Errors
///
/// [`Error::Usage`] where no rule numbers such records, or more than one series is possible.
pub fn next_id(kind: Kind, tree: &Tree, on: Day) -> Result<(String, String), Error> {
    let mut all = asked(tree, on, Asked::Id(kind));
    // The fewest ids: the rule that says most of the form.
    all.sort_by_key(|(rule, next)| (next.values.len(), rule.id.clone()));
    let Some((rule, next)) = all.into_iter().next() else {
        let what = format!("no rule says how {kind} are numbered, or no id has the form that it asks for yet");
        return Err(Error::usage(what, "name the id yourself"));
    };
    match &next.values[..] {
        [id] => {
            let doubt = if next.complete { "" } else { "; not every such record is there, so look whether it is free" };
            let (last, _) = &next.after;
            Ok((id.clone(), format!("{}: one after `{last}`{doubt}", cited(rule, None, None))))
        }
        several => {
            let several: Vec<String> = several.iter().map(|id| format!("`{id}`")).collect();
            Err(Error::usage(format!("the next id is one of {}", several.join(", ")), "name the one that is meant"))
        }
    }
}

/// What a rule is called where something follows from it: id, clause, evidence.
fn cited(rule: &Rule, clause: Option<&Clause>, basis: Option<Basis>) -> String {
    let basis = basis.map_or(String::new(), |basis| format!(", {basis}"));
    format!("{} ({}{basis})", rule.id, clause.unwrap_or(&rule.clause))
}

/// Adds to each value that a rule counted how it counted, as the judgement of the record tells it.
fn steps(draft: &mut Draft, tree: &Tree, at: u32, on: Day) {
    let shared = Shared::new(&tree.registry, &tree.book.code, &tree.book.calendars);
    for derived in &mut draft.derived {
        let id = derived.because.split(' ').next().unwrap_or("");
        let Some(rule) = tree.book.find(id) else { continue };
        let judged = check::judge_rule(rule, &shared, on, &tree.book, true, |one| one == at);
        let mut said = judged.into_iter().flat_map(|one| one.said);
        // What does not apply yet counts nothing.
        let counts = |said: &kind::Said| said.outcome != Outcome::NotApplicable && !said.steps.is_empty();
        if let Some(said) = said.find(|said| said.slot == derived.slot && counts(said)) {
            // Of several readings the words as they stand: what the others give is told already.
            let is_heading = |step: &&String| step.ends_with(':');
            let own = said.steps.iter().skip_while(is_heading).take_while(|step| !is_heading(step));
            derived.steps.splice(0..1, own.cloned());
        }
    }
}

/// What will be due of the record as it stands, in the order of the days.
pub fn due(draft: &Draft, tree: &Tree, on: Day) -> Vec<Due> {
    let Some(at) = tree.registry.position_of(draft.kind, &draft.id) else { return Vec::new() };
    let mut found: Vec<(Day, Due)> = dues(tree, at, on)
        .into_iter()
        // What is planned is in the record itself.
        .filter(|(_, due)| due.nature != kind::Nature::Plan && due.by.last.is_finite())
        .map(|(rule, due)| {
            let because = cited(rule, due.clause.as_ref(), due.basis);
            (due.by.last, Due { by: due.by.to_string(), what: due.what, because })
        })
        .collect();
    found.sort_by(|one, other| (one.0, &one.1.what, &one.1.because).cmp(&(other.0, &other.1.what, &other.1.because)));
    found.into_iter().map(|(_, due)| due).collect()
}
