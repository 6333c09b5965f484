//! The number that a record still to be written will have: one more than the last, as the rule counts.

use super::{Lines, Sequence, Terms, Test, digits_of, is_complete, line_of};
use crate::{
    kind::{Case, Law, Says},
    record::{Kind, Record},
    rulebook::select,
};

/// A number that follows from the records there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The key that holds it; `id` for the id itself.
    pub key: String,
    /// What it would be: one value, or one for each series of ids that the rule admits.
    pub values: Vec<String>,
    /// The record that has the number before, and that number.
    pub after: (String, u32),
    /// Whether every record of the sequence is there, so that no other can have come between.
    pub complete: bool,
}

/// Whose number is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Asked {
    /// The number of the record at this position.
    Of(u32),
    /// The id of a record of this kind that is still to be written.
    Id(Kind),
}

/// What the rule says of it; nothing where it counts otherwise, or nothing that could be counted on from.
pub(super) fn next(law: &Law<'_, Sequence>, lines: &Lines, asked: Asked, case: &Case<'_>) -> Option<Next> {
    match asked {
        Asked::Of(at) => number(law, lines, case.record(at)?, at, case),
        Asked::Id(kind) => id(law, kind, case),
    }
}

/// The terms about numbers that are in force on the day judged.
fn terms<'l>(law: &Law<'l, Sequence>, case: &Case<'_>) -> Option<&'l Terms> {
    match law.on(case.on) {
        Says::Terms(_, terms) if terms.test.known() == Some(&Test::Numbers) => Some(terms),
        _ => None,
    }
}

/// One more than the record before has, where none is left out and none that comes later has a number.
fn number(law: &Law<'_, Sequence>, lines: &Lines, record: &Record, at: u32, case: &Case<'_>) -> Option<Next> {
    let key = law.about.number.text().filter(|key| *key != "id")?;
    let terms = terms(law, case)?;
    if terms.gaps.known() != Some(&false) || !select::selected(record, &law.about.selects, case, case.on).certain() {
        return None;
    }
    let line = lines.by_name.get(line_of(record))?;
    let index = *line.position.get(&at)?;
    let before = line.links.get(index.checked_sub(1)?)?;
    let own = line.links.get(index)?;
    let later = line.links.get(index.checked_add(1)?..)?;
    // Two of one day: which of them comes first is not known.
    if later.iter().any(|one| one.number.is_some()) || before.when.last >= own.when.first {
        return None;
    }
    let number = before.number?;
    Some(Next {
        key: key.to_owned(),
        values: vec![number.checked_add(1)?.to_string()],
        after: (case.record(before.at)?.id.to_string(), number),
        complete: is_complete(record, case),
    })
}

/// One more than the highest number among the ids of the form in force, in each of their series.
fn id(law: &Law<'_, Sequence>, kind: Kind, case: &Case<'_>) -> Option<Next> {
    if law.about.number.text() != Some("id") || law.about.of.known().map(|word| word.0) != Some(kind) {
        return None;
    }
    let terms = terms(law, case)?;
    let form = match terms.form.text() {
        Some(form) => Some(regex::Regex::new(form).ok()?),
        None => None,
    };
    let fits = |id: &str| form.as_ref().is_none_or(|form| form.is_match(id));
    let ids = case.registry.all(kind).map(|(_, record)| record.id.as_ref());
    let of_form: Vec<(&str, &str, &str)> =
        ids.filter(|id| fits(id)).filter_map(|id| series(id).map(|(name, digits)| (id, name, digits))).collect();
    let (last, _, _) = of_form.iter().max_by_key(|(id, _, _)| (digits_of(id), *id))?;
    let number = digits_of(last)?;
    let next = number.checked_add(1)?;
    let mut values: Vec<String> = of_form
        .iter()
        .map(|(_, name, digits)| format!("{name}{next:0width$}", width = digits.len()))
        .filter(|id| fits(id) && !case.registry.exists(kind, id))
        .collect();
    values.sort();
    values.dedup();
    (!values.is_empty()).then(|| Next {
        key: "id".to_owned(),
        values,
        after: ((*last).to_owned(), number),
        complete: case.registry.is_complete(kind.folder()),
    })
}

/// The capitals and the digits of an id in a code's own form.
fn series(id: &str) -> Option<(&str, &str)> {
    let name = id.find(|c: char| !c.is_ascii_uppercase()).filter(|at| *at > 0)?;
    let (name, rest) = id.split_at_checked(name)?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let digits = rest.get(..digits).filter(|digits| !digits.is_empty())?;
    Some((name, digits))
}
