//! One slip at one place: its name, where it stands, where an example would notice it, the edits.

use toml::de::{DeTable, DeValue};

use super::{
    edit::{self, Edit},
    site::{self, Site},
};
use crate::{calendar::Calendars, decode::value::raw_text, rulebook::code::Code, text::Span};

/// Name, place, hint, edits.
pub(super) type Made = (String, Span, String, Vec<Edit>);

pub(super) fn replaced(site: &Site<'_>, was: &str, now: &str, value: String, hint: String) -> Made {
    (format!("{} {was} -> {now}", site.name), site.span(), hint, vec![Edit::replace(site.span(), value)])
}

pub(super) fn step(site: &Site<'_>) -> Vec<Made> {
    let Some(number) = raw_text(site.raw).parse::<i64>().ok().filter(|_| site.raw.get_ref().as_integer().is_some())
    else {
        return Vec::new();
    };
    let others = [number.saturating_sub(1), number.saturating_add(1)];
    let made = |other: i64| {
        let hint = format!("two examples about the number {number}: one that just keeps it, one that is one beyond");
        replaced(site, &number.to_string(), &other.to_string(), other.to_string(), hint)
    };
    others.into_iter().filter(|other| *other >= 0).map(made).collect()
}

pub(super) fn swap(site: &Site<'_>, others: impl Iterator<Item = String>) -> Vec<Made> {
    let Some(was) = site.raw.get_ref().as_str() else { return Vec::new() };
    let made = |other: String| {
        let hint = format!("an example whose outcome is another under `{other}` than under `{was}`");
        replaced(site, was, &other, edit::quoted(&other), hint)
    };
    others.filter(|other| other != was).map(made).collect()
}

pub(super) fn turn(site: &Site<'_>) -> Option<Made> {
    let was = site.raw.get_ref().as_bool()?;
    let hint = format!("an example that comes out otherwise where `{}` is {}", site.key, !was);
    Some(replaced(site, &was.to_string(), &(!was).to_string(), (!was).to_string(), hint))
}

/// A key that is left out, written with other values than its default; into every table that could
/// have it.
pub(super) fn written(
    table: &DeTable<'_>,
    path: &str,
    default: &str,
    values: &[(String, String)],
    text: &str,
) -> Vec<Made> {
    let (above, key) = path.rsplit_once('.').map_or(("", path), |(above, key)| (above, key));
    let mut made = Vec::new();
    for (name, owner) in site::tables(table, above) {
        if owner.contains_key(key) {
            continue;
        }
        let name = if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
        for (word, value) in values {
            let Some((edit, span)) = edit::insert(owner, key, value, text) else { continue };
            let hint = format!("an example that comes out otherwise where `{key}` is {word}");
            made.push((format!("{name} {default} -> {word}"), span, hint, vec![edit]));
        }
    }
    made
}

pub(super) fn add(site: &Site<'_>, words: Vec<String>, text: &str) -> Option<Made> {
    let items: Vec<&str> = match site.raw.get_ref() {
        DeValue::Array(items) => items.iter().filter_map(|item| item.get_ref().as_str()).collect(),
        _ => site.raw.get_ref().as_str().into_iter().collect(),
    };
    let word = words.into_iter().find(|word| !items.contains(&word.as_str()))?;
    let edit = edit::append(site.raw, &edit::quoted(&word), text)?;
    let hint = format!("an example that passes without `{word}`");
    Some((format!("{} + {word}", site.name), site.span(), hint, vec![edit]))
}

pub(super) fn drop_entry(site: &Site<'_>, at_root: bool, text: &str) -> Option<Made> {
    let what = site.short(text);
    let hint = format!("an example about {what} alone");
    let edit = site.dropped(at_root, text)?;
    Some((format!("{} dropped: {what}", site.name), site.span(), hint, vec![edit]))
}

pub(super) fn without(site: &Site<'_>, text: &str) -> Option<Made> {
    let hint = format!("an example that comes out otherwise without `{}`", site.key);
    Some((format!("{} left out", site.name), site.span(), hint, vec![site.key_removed(text)?]))
}

pub(super) fn exchange(one: &Site<'_>, other: &Site<'_>, text: &str) -> Option<Made> {
    let (first, second) = (edit::slice(text, one.span()), edit::slice(text, other.span()));
    if first == second {
        return None;
    }
    let edits = vec![Edit::replace(one.span(), second.to_owned()), Edit::replace(other.span(), first.to_owned())];
    let (left, right) = (one.word(), other.word());
    let hint = format!("an example that holds for `{left}` and not for `{right}`");
    Some((format!("{} {left} <-> {} {right}", one.name, other.name), one.span(), hint, edits))
}

/// The words of a heading: the code's, or the calendars.
pub(super) fn listed(code: &Code, calendars: &Calendars, heading: &str) -> Vec<String> {
    if heading == "calendars" {
        calendars.names().map(ToOwned::to_owned).collect()
    } else {
        code.words(heading).map(ToOwned::to_owned).collect()
    }
}

/// The word after this one that is not beside it already.
pub(super) fn next_word(site: &Site<'_>, all: &[String]) -> Option<String> {
    let was = site.raw.get_ref().as_str()?;
    let at = all.iter().position(|word| word == was)?;
    let beside = site.beside();
    let after = all.iter().skip(at.saturating_add(1)).chain(all.iter().take(at));
    after.into_iter().find(|word| !beside.contains(&word.as_str())).cloned()
}
