//! Asking on a terminal: one line a question, one line an answer, nothing drawn, so that it can be read
//! out, typed ahead and kept in a log.

use std::io::{BufRead, Read as _, Write};

use crate::{
    day::Day,
    decode::{Key, Shape},
    draft::{self, Draft, NEXT, UNKNOWN},
    error::Error,
    record::Kind,
    render::escape,
    tree::Tree,
};

/// The longest answer, in bytes.
const LONGEST: u64 = 64 << 10;

/// How many ids are listed beside a question.
const MOST_IDS: usize = 12;

/// Asks for what a record needs and nobody said: what may not be left out, sources, days, and whatever
/// else there is to say.
///
/// # Errors
///
/// [`Error::Usage`] where the answers end before the questions.
pub(super) fn ask(
    draft: &mut Draft,
    tree: &mut Tree,
    on: Day,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> Result<(), Error> {
    say(out, &format!("{}: an empty answer leaves a thing out; end of input writes nothing.", draft.subject()));
    let keys: Vec<&Key> = draft.kind.keys().iter().filter(|key| is_asked(key)).collect();
    for key in keys {
        if draft.has(key.name) {
            continue;
        }
        say(out, &question(key, draft, tree, on));
        loop {
            let answer = answer(key.name, input, out)?;
            if answer.is_empty() || take(draft, key.name, &answer, tree, out) {
                break;
            }
        }
    }
    let others: Vec<&str> = draft.kind.keys().iter().map(|key| key.name).filter(|key| !draft.has(key)).collect();
    if others.is_empty() {
        return Ok(());
    }
    say(out, &format!("More, as FIELD=VALUE, one a line: {}. An empty line ends.", others.join(", ")));
    loop {
        let answer = answer("more", input, out)?;
        match answer.split_once('=') {
            None if answer.is_empty() => return Ok(()),
            None => say(out, "  write FIELD=VALUE, or nothing"),
            Some((field, typed)) => {
                take(draft, field.trim(), typed, tree, out);
            }
        }
    }
}

/// What is asked by itself: what may not be left out, sources, days and numbers of the record itself.
fn is_asked(key: &Key) -> bool {
    key.required || key.name == "source" || matches!((key.shape)(), Shape::Day | Shape::Count)
}

/// What a key means, what it takes, and what an empty answer gives.
fn question(key: &Key, draft: &Draft, tree: &mut Tree, on: Day) -> String {
    let takes = draft::takes(key, &tree.book.code);
    let ids = ids(key, tree).map_or(String::new(), |ids| format!(" ({ids})"));
    let empty = match suggested(key, draft, tree, on) {
        Some((value, because, true)) => format!(" Empty: {value}, by {because}."),
        Some((value, because, false)) => format!(" The next is {value}, by {because}; `{NEXT}` takes it."),
        None if key.required => format!(" Empty: {UNKNOWN}."),
        None => String::new(),
    };
    format!("{}: {} It takes {takes}{ids}.{empty}", key.name, draft::doc(key))
}

/// The value that follows from what was said so far, and whether it is taken unasked.
fn suggested(key: &Key, draft: &Draft, tree: &mut Tree, on: Day) -> Option<(String, String, bool)> {
    let tries: &[bool] = if matches!((key.shape)(), Shape::Count) { &[true, false] } else { &[true] };
    for unasked in tries {
        let mut trial = draft.clone();
        trial.complete();
        if !unasked {
            trial.set(key.name, NEXT).ok()?;
        }
        draft::fill(&mut trial, tree, on).ok()?;
        if let Some(found) = trial.derived.iter().find(|one| one.field == key.name) {
            let line = found.line();
            let value = line.split_once(" = ").map_or(line.as_str(), |(_, value)| value).to_owned();
            return Some((value, found.because.clone(), *unasked));
        }
    }
    None
}

/// The ids that a key may name, where they are few.
fn ids(key: &Key, tree: &Tree) -> Option<String> {
    let kinds = match (key.shape)() {
        Shape::Id(kinds) => kinds,
        Shape::List(item) => match item() {
            Shape::Id(kinds) => kinds,
            _ => return None,
        },
        _ => return None,
    };
    let kinds = kinds.iter().filter_map(|folder| Kind::of_folder(folder));
    let ids: Vec<&str> = kinds
        .flat_map(|kind| tree.registry.all(kind))
        .map(|(_, record)| record.id.as_ref())
        .take(MOST_IDS + 1)
        .collect();
    (1..=MOST_IDS).contains(&ids.len()).then(|| ids.join(", "))
}

/// Takes an answer, or says why not.
fn take(draft: &mut Draft, field: &str, typed: &str, tree: &Tree, out: &mut dyn Write) -> bool {
    let mut trial = draft.clone();
    match trial.set(field, typed).and_then(|()| trial.loads(&tree.book.code)) {
        Ok(()) => {
            *draft = trial;
            true
        }
        Err(error) => {
            say(out, &format!("  {error}"));
            if let Some(hint) = error.hint() {
                say(out, &format!("  {hint}"));
            }
            false
        }
    }
}

/// The next line.
fn answer(name: &str, input: &mut dyn BufRead, out: &mut dyn Write) -> Result<String, Error> {
    // Who does not see the question can still answer.
    let _ = write!(out, "{name}> ");
    let _ = out.flush();
    let mut line = String::new();
    let read = (&mut *input).take(LONGEST).read_line(&mut line);
    match read {
        Ok(count) if count > 0 => Ok(line.trim().to_owned()),
        Ok(_) => Err(Error::usage("the answers ended before the questions", "nothing was written; start again")),
        Err(why) => Err(Error::usage(format!("the answer cannot be read: {why}"), "nothing was written; start again")),
    }
}

fn say(out: &mut dyn Write, text: &str) {
    let _ = writeln!(out, "{}", escape::line(text));
}
