//! The commits of an example, as its rule's file tells them.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::{
    Folders, History, Joined, Step,
    ids::{Gone, Ids},
    position_of,
};
use crate::{
    change::File,
    day::{Day, When},
    decode::{Raw, value::raw_text},
    registry::signers::{Signed, Signer},
    text::Span,
};

/// Where an example's records and rules lie.
const FOLDERS: Folders<'static> = Folders { registry: "registry", rules: "rules" };

/// The keys of a commit.
const KEYS: [&str; 7] = ["on", "by", "message", "signed", "joins", "write", "remove"];

/// What is wrong with the commits of an example, and where.
pub(crate) type Wrong = (Span, String);

/// Reads `commits`, a list of tables of [`KEYS`], the oldest first. `text` is that of the file.
pub(crate) fn read(raw: &Raw<'_>, text: &str) -> Result<History, Wrong> {
    let whole = Span::new(raw.span());
    let DeValue::Array(items) = raw.get_ref() else {
        return Err((whole, format!("`commits` is a list of `{{ {} }}`", KEYS.join(", "))));
    };
    let (mut files, mut history, mut last) = (BTreeMap::new(), History::default(), None);
    let mut ids: Ids<Gone> = Ids::default();
    for (number, item) in (1..).zip(items) {
        let span = Span::new(item.span());
        let Some(table) = item.get_ref().as_table() else {
            return Err((span, format!("a commit is a table `{{ {} }}`", KEYS.join(", "))));
        };
        let mut step = commit(number, table, span, text, &mut files)?;
        step.given = Some(ids.given(&step, FOLDERS.registry, |gone| Ok::<_, Wrong>(gone.clone()))?);
        for (path, text) in &step.gone {
            ids.note(path, Gone { commit: step.id.clone(), day: step.day, text: text.clone() });
        }
        if last.is_some_and(|last| last > step.day) {
            return Err((span, "commits are told the oldest first".into()));
        }
        last = Some(step.day);
        history.steps.push(step);
    }
    Ok(history)
}

fn commit(
    number: u32,
    table: &DeTable<'_>,
    span: Span,
    text: &str,
    files: &mut BTreeMap<String, String>,
) -> Result<Step, Wrong> {
    let word = |key: &str| table.get(key).map(raw_text);
    let day = word("on").and_then(|day| Day::parse(&day)).ok_or((span, "a commit has a day: `on`".to_owned()))?;
    let by = word("by").ok_or((span, "a commit is made by somebody: `by`".to_owned()))?;
    if let Some((key, _)) = table.iter().find(|(key, _)| !KEYS.contains(&key.get_ref().as_ref())) {
        let what = format!("`{}` is no key of a commit: it has {}", key.get_ref(), KEYS.join(", "));
        return Err((Span::new(key.span()), what));
    }
    let before = files.clone();
    for (name, raw) in table.get("write").and_then(|raw| raw.get_ref().as_table()).into_iter().flatten() {
        let Some(record) = raw.get_ref().as_table() else {
            return Err((Span::new(raw.span()), format!("`{}` is written as a table", name.get_ref())));
        };
        files.insert(path(name.get_ref()), file(record, text));
    }
    for name in table.get("remove").and_then(|raw| raw.get_ref().as_array()).into_iter().flatten() {
        if files.remove(&path(&raw_text(name))).is_none() {
            return Err((Span::new(name.span()), format!("`{}` was not there to be removed", raw_text(name))));
        }
    }
    let position: Option<When> = before.get(&FOLDERS.header()).and_then(|text| position_of(text));
    let message = word("message").unwrap_or_default();
    let signed = Some(signed(word("signed")));
    let joins = table.get("joins").and_then(|raw| raw.get_ref().as_array());
    let joined = joins.map(|makers| Joined { makers: makers.iter().map(raw_text).collect(), own: None });
    let step = Step { signed, joined, position, ..Step::told(number.to_string(), day, by.clone(), by, message) };
    Ok(step.changing(FOLDERS, &listed(&before), &listed(files)))
}

/// What the signature of a commit is worth: it is by the signer named, of whom commits say the same.
fn signed(by: Option<String>) -> Signed {
    match by {
        None => Signed::Nobody,
        Some(word) if word == "unknown" => Signed::Open("is signed by nobody knows whom".to_owned()),
        Some(id) => Signed::By(Signer { names: vec![id.clone()], id }),
    }
}

fn listed(files: &BTreeMap<String, String>) -> Vec<File<'_>> {
    files.iter().map(|(path, content)| File { path, content }).collect()
}

/// Where `kind/id`, `rules/ID` or `registry` lies.
fn path(name: &str) -> String {
    match name {
        "registry" => FOLDERS.header(),
        rule if rule.starts_with("rules/") => format!("{rule}.toml"),
        record => format!("{}/{record}.toml", FOLDERS.registry),
    }
}

/// A table as a file would have it: each key on a line of its own.
fn file(table: &DeTable<'_>, text: &str) -> String {
    pairs(table, text).into_iter().map(|pair| pair + "\n").collect()
}

fn pairs(table: &DeTable<'_>, text: &str) -> Vec<String> {
    let slice = |range: std::ops::Range<usize>| text.get(range).unwrap_or("").to_owned();
    table.iter().map(|(key, raw)| format!("{} = {}", slice(key.span()), value(raw, text))).collect()
}

fn value(raw: &Raw<'_>, text: &str) -> String {
    match raw.get_ref() {
        DeValue::Table(table) => format!("{{ {} }}", pairs(table, text).join(", ")),
        DeValue::Array(items) => {
            format!("[{}]", items.iter().map(|item| value(item, text)).collect::<Vec<_>>().join(", "))
        }
        _ => text.get(raw.span()).unwrap_or("").to_owned(),
    }
}
