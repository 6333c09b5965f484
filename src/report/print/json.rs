//! `json`, and the companion that ties every token to its sources.

use serde_json::{Value, json};

use super::Cited;
use crate::render::escape;
use crate::report::model::{Block, Document, Entry, Line, Part, Source, Token};

/// Prints a report: its parts, each line with its text and its tokens.
pub fn json(document: &Document) -> String {
    let blocks: Vec<Value> = document.blocks.iter().map(block).collect();
    let mut whole = json!({
        "schema": 1, "report": document.name, "code": document.code, "title": document.title,
        "on": document.on, "at": document.at, "draft": document.is_draft(), "findings": findings(document),
        "blocks": blocks,
    });
    if let Some(all) = whole.as_object_mut().filter(|_| !document.entries.is_empty()) {
        all.insert("entries".to_owned(), document.entries.iter().map(entry).collect());
    }
    escape::in_json(format!("{whole:#}\n"))
}

/// An entry of the calendar; `uid` is that of the iCalendar.
fn entry(entry: &Entry) -> Value {
    let hour = entry.when.time.map(|(hour, minute)| format!("{hour:02}:{minute:02}"));
    json!({
        "uid": format!("{}@quorate", entry.uid()), "subject": entry.subject, "title": line(&entry.title),
        "who": line(&entry.who), "place": line(&entry.place), "first": entry.when.first.to_string(),
        "last": entry.last.to_string(), "time": hour, "standing": entry.standing.value,
        "sequence": entry.sequence, "cancelled": entry.cancelled,
    })
}

fn findings(document: &Document) -> Vec<Value> {
    let one = |one: &super::Flagged| json!({ "rule": one.rule, "clause": one.clause, "fingerprint": one.fingerprint, "message": one.message });
    document.findings.iter().map(one).collect()
}

fn block(block: &Block) -> Value {
    match block {
        Block::Heading(depth, one) => json!({ "heading": depth, "line": line(one) }),
        Block::Paragraph(one) => json!({ "paragraph": line(one) }),
        Block::List(lines) => json!({ "list": lines.iter().map(line).collect::<Vec<_>>() }),
        Block::Table(table) => {
            let rows: Vec<Vec<Value>> = table.rows.iter().map(|row| row.iter().map(line).collect()).collect();
            json!({ "table": table.caption, "columns": table.columns, "rows": rows })
        }
    }
}

fn line(line: &Line) -> Value {
    let tokens: Vec<Value> =
        line.tokens().map(|one| json!({ "text": one.text, "value": one.value, "is": one.sort.word() })).collect();
    let flags: Vec<usize> =
        line.0.iter().filter_map(|part| if let Part::Flag(at) = part { Some(*at) } else { None }).collect();
    json!({ "text": line.text(), "tokens": tokens, "findings": flags })
}

/// Prints where every token comes from, in the order of the report.
pub fn trace(document: &Document, cited: &Cited<'_>) -> String {
    let tokens: Vec<Value> = document.tokens().map(|token| traced(token, cited)).collect();
    let whole = json!({ "schema": 1, "report": document.name, "on": document.on, "at": document.at, "tokens": tokens });
    escape::in_json(format!("{whole:#}\n"))
}

fn traced(token: &Token, cited: &Cited<'_>) -> Value {
    let source = |source: &Source| {
        let (path, line) = cited.spot(source);
        let commit = cited.commit(source).map(|one| json!({ "id": one.id, "author": one.author, "day": one.day }));
        json!({
            "subject": source.subject, "path": path, "line": line, "field": source.field,
            "clause": source.clause.as_ref().map(ToString::to_string), "commit": commit,
        })
    };
    json!({
        "token": token.text, "value": token.value, "is": token.sort.word(), "derivation": token.derivation.word(),
        "how": token.derivation.sentence(), "sources": token.sources.iter().map(source).collect::<Vec<_>>(),
    })
}
