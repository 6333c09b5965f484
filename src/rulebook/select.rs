//! `of` and `where`: which records a rule is about.

use crate::{
    day::{Today, Truth, When, in_force},
    decode::{Map, Shape, View, meant},
    kind::{Case, Proofreader},
    record::{FactName, Kind, Record},
    rulebook::{code::Code, raw::Words},
    text::Span,
};

/// The positions of the records that may be meant: those of the kind, or of the folders that a
/// `body` key names.
pub fn positions(kind: Kind, selects: &Map<Words>, case: &Case<'_>) -> Vec<u32> {
    let bodies = selects.get("body").and_then(|fact| fact.known());
    match (kind, bodies) {
        (Kind::Seat | Kind::Meeting, Some(bodies)) => {
            bodies.iter().flat_map(|body| case.registry.in_folder(kind, body)).collect()
        }
        (Kind::Election, Some(bodies)) => {
            let mut found: Vec<u32> =
                bodies.iter().flat_map(|body| case.registry.elections_of(body).iter().copied()).collect();
            found.sort_unstable();
            found
        }
        _ => case.registry.of_kind(kind).collect(),
    }
}

/// Whether a record is one of those meant on a day.
pub fn selected(record: &Record, selects: &Map<Words>, _: &Case<'_>, day: Today<'_>) -> Truth {
    let mut all = Truth::Yes;
    for (key, _, words) in selects.iter() {
        all = all.and(holds(record, key, words, day));
    }
    all
}

/// The keys of `where` that leave open whether a record is one of those meant on a day.
pub fn doubtful<'s>(record: &Record, selects: &'s Map<Words>, day: Today<'_>) -> Vec<&'s str> {
    selects
        .iter()
        .filter(|(key, _, words)| holds(record, key, words, day) == Truth::Maybe)
        .map(|(key, ..)| key)
        .collect()
}

/// Whether what selects a record was reported already: then nothing that follows from it is news.
pub fn is_bad(record: &Record, selects: &Map<Words>) -> bool {
    fn bad(view: &View<'_>) -> bool {
        match view {
            View::Bad => true,
            View::List(entries) => entries.iter().any(|(_, entry)| bad(entry)),
            View::Table(entry) => {
                ["is", "from", "until"].iter().any(|key| matches!(entry.get(key), Some((_, View::Bad))))
            }
            _ => false,
        }
    }
    selects.iter().any(|(key, _, _)| record.body.fields().get(key).is_some_and(|(_, view)| bad(&view)))
}

fn holds(record: &Record, key: &str, words: &Words, day: Today<'_>) -> Truth {
    if key == "body" && matches!(record.kind, Kind::Seat | Kind::Meeting) {
        return Truth::from(words.has(record.parent()));
    }
    match record.body.fields().get(key).map(|(_, view)| view) {
        Some(View::Text(text)) => Truth::from(words.has(text)),
        Some(View::Bool(so)) => Truth::from(words.has(if so { "true" } else { "false" })),
        Some(View::Unknown | View::Bad) => Truth::Maybe,
        // A true-or-false key that is left out is not known.
        Some(View::Absent) if is_truth(record.kind, key) => Truth::Maybe,
        Some(View::List(entries)) => {
            entries.iter().map(|(_, entry)| entry_holds(entry, words, day)).fold(Truth::No, Truth::or)
        }
        _ => Truth::No,
    }
}

fn is_truth(kind: Kind, key: &str) -> bool {
    kind.keys().iter().any(|one| one.name == key && matches!((one.shape)(), Shape::Bool))
}

/// An entry of a list such as `category`: in force, and its `is` among the words.
fn entry_holds(entry: &View<'_>, words: &Words, day: Today<'_>) -> Truth {
    let entry = match entry {
        View::Table(entry) => entry,
        View::Text(text) => return Truth::from(words.has(text)),
        View::Unknown | View::Bad => return Truth::Maybe,
        _ => return Truth::No,
    };
    let date = |key: &str| match entry.get(key) {
        Some((_, View::Day(when))) => Some(when),
        Some((_, View::Unknown | View::Bad)) => Some(When::UNKNOWN),
        _ => None,
    };
    let is = match entry.get("is") {
        Some((_, View::Text(text))) => Truth::from(words.has(text)),
        Some((_, View::Unknown | View::Bad)) => Truth::Maybe,
        _ => Truth::No,
    };
    is.and(in_force(date("from"), date("until"), day))
}

/// Reports keys and words of `where` that the kind does not have.
pub fn proofread(kind: Kind, selects: &Map<Words>, proof: &mut Proofreader<'_>) {
    for (key, span, words) in selects.iter() {
        let heading = match (key, kind) {
            ("body", Kind::Seat | Kind::Meeting | Kind::Election) => Some("bodies"),
            _ => match kind.keys().iter().find(|one| one.name == key).map(|one| (one.shape)()) {
                None => {
                    let known: Vec<&str> = kind.keys().iter().map(|one| one.name).collect();
                    let label = meant(key, known.iter().copied(), "unknown key");
                    proof.reader.report(
                        "record-key",
                        span,
                        format!("`{key}` is no key of {kind} that `where` could select by"),
                        &label,
                        None,
                    );
                    continue;
                }
                Some(Shape::Word(heading)) => Some(heading),
                Some(Shape::List(item)) => match item() {
                    Shape::Table(keys) => {
                        keys().iter().find(|one| one.name == "is").and_then(|one| match (one.shape)() {
                            Shape::Word(heading) => Some(heading),
                            _ => None,
                        })
                    }
                    _ => None,
                },
                _ => None,
            },
        };
        let Some(heading) = heading else { continue };
        for (word, span) in words.0.iter().filter(|(word, _)| !proof.code.lists(heading, word)) {
            let label = meant(word, proof.code.words(heading), "not known");
            proof.reader.report(
                "record-word",
                *span,
                format!("`{word}` is none of the code's {heading}"),
                &label,
                None,
            );
        }
    }
}

/// Reports an event that the kind does not have.
pub fn proofread_event(kind: Kind, name: &str, span: Span, proof: &mut Proofreader<'_>) {
    let stage = name.strip_prefix("planned-").unwrap_or(name);
    let is_stage = kind == Kind::Modification && proof.code.lists("stages", stage);
    let events: Vec<&str> = kind.events().into_iter().map(|(name, _)| name).collect();
    if is_stage || events.contains(&name) {
        return;
    }
    let label = meant(name, events.iter().copied(), "no such event");
    let help = format!("the events of {kind} are {}", events.join(", "));
    proof.reader.report("record-word", span, format!("`{name}` is no event of {kind}"), &label, Some(help));
}

/// The fact of a kind by its name; one that the kind does not have is reported.
pub fn proofread_fact(kind: Kind, name: &str, span: Span, proof: &mut Proofreader<'_>) -> Option<FactName> {
    let facts = kind.facts();
    let found = facts.iter().find(|fact| fact.name == name).copied();
    if found.is_none() {
        let names: Vec<&str> = facts.iter().map(|fact| fact.name).collect();
        let label = meant(name, names.iter().copied(), "no such fact");
        let help = if names.is_empty() {
            format!("{kind} have no facts that a rule could name")
        } else {
            format!("the facts of {kind} are {}", names.join(", "))
        };
        proof.reader.report("record-word", span, format!("`{name}` is no fact of {kind}"), &label, Some(help));
    }
    found
}

/// The words that a fact may be; nothing where any id may stand.
pub fn fact_words(fact: FactName, code: &Code) -> Option<Vec<String>> {
    match (fact.shape)() {
        Shape::Bool => Some(vec!["true".into(), "false".into()]),
        Shape::OneOf(words) => Some(words.iter().map(|word| (*word).into()).collect()),
        Shape::Word(heading) => Some(code.words(heading).map(Into::into).collect()),
        _ => None,
    }
}

/// Reports a word that a fact cannot be.
pub fn proofread_fact_word(fact: FactName, word: &str, span: Span, proof: &mut Proofreader<'_>) {
    let Some(words) = fact_words(fact, proof.code).filter(|words| words.iter().all(|one| one != word)) else { return };
    let label = meant(word, words.iter().map(String::as_str), "not known");
    let help = format!("`{}` is one of {}", fact.name, words.join(", "));
    proof.reader.report(
        "record-word",
        span,
        format!("`{word}` is nothing that `{}` can be", fact.name),
        &label,
        Some(help),
    );
}

/// The heading of `code.toml` that lists what fills the slot of an event, where one does.
fn heading_of_slot(kind: Kind, event: &str) -> Option<&'static str> {
    match (kind, event) {
        (Kind::Party, "default-noticed" | "default-remedied" | "default-declared") => Some("limbs"),
        (Kind::Election, "announced") => Some("constituencies"),
        _ => None,
    }
}

/// Reports words that no slot of an event can be.
pub fn proofread_slot(kind: Kind, event: &str, slots: &Words, proof: &mut Proofreader<'_>) {
    let Some(heading) = heading_of_slot(kind, event) else { return };
    for (word, span) in slots.0.iter().filter(|(word, _)| !proof.code.lists(heading, word)) {
        let label = meant(word, proof.code.words(heading), "not known");
        let message = format!("`{word}` is none of the code's {heading}");
        proof.reader.report("record-word", *span, message, &label, None);
    }
}

/// The records meant, in English: ``party whose `category` is Gas Network Party``.
pub fn english(kind: Option<Kind>, selects: &Map<Words>, code: &Code) -> String {
    let of = kind.map_or("record", Kind::singular);
    let parts: Vec<String> = selects
        .iter()
        .map(|(key, _, words)| {
            format!(
                "whose {key} is {}",
                words.iter().map(|word| code.name(word).to_owned()).collect::<Vec<_>>().join(" or ")
            )
        })
        .collect();
    if parts.is_empty() { of.to_owned() } else { format!("{of} {}", parts.join(" and ")) }
}
