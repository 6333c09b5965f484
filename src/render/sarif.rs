//! `sarif`: SARIF 2.1.0, for code scanning. The shape is that of the standard; what it has no word
//! for lies in `properties`, under the names of `json`.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::{escape, locate};
use crate::{
    check::Verdict,
    finding::{Clause, Finding, Level, Mark, Outcome, Status},
    text::Texts,
};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// What paths are relative to: the root of the repository. The reader knows where that is.
const ROOT: &str = "ROOT";

/// What there is to say of a rule, whatever was found.
#[derive(Debug, Clone)]
pub struct About {
    /// Its title.
    pub title: String,
    /// What it says, in English.
    pub text: String,
    /// Its clause; none for what is built in.
    pub clause: Option<Clause>,
    /// The most that a breach of it may be.
    pub level: Level,
}

/// What there is to say of each rule, by its id.
pub type Manual = BTreeMap<Box<str>, About>;

/// Prints the verdict as one SARIF log of one run. Rules without a finding are left out, and one that
/// the manual does not know has its id alone. Results are written as they are visited.
///
/// # Errors
///
/// Those of the writer.
pub fn sarif(verdict: &Verdict, manual: &Manual, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    let rules = Rules::of(verdict, manual);
    let driver = json!({
        "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"), "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": rules.told,
    });
    let run = Run {
        tool: json!({ "driver": driver }),
        automation_details: json!({ "id": "quorate/check/" }),
        column_kind: "unicodeCodePoints",
        original_uri_base_ids: json!({ ROOT: { "description": { "text": "the root of the repository" } } }),
        results: Results { verdict, rules: &rules },
        properties: json!({
            "on": verdict.on.to_string(), "position": verdict.position.map(|day| day.to_string()),
            "at": verdict.at, "base": verdict.base, "assumed": verdict.assumed,
        }),
    };
    serde_json::to_writer_pretty(&mut out, &Log { schema: SCHEMA, version: "2.1.0", runs: [run] })?;
    out.write_all(b"\n")?;
    out.flush()
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'a str,
    version: &'a str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Value,
    automation_details: Value,
    column_kind: &'a str,
    original_uri_base_ids: Value,
    results: Results<'a>,
    properties: Value,
}

/// The rules that findings name, and where each stands in the list.
struct Rules<'a> {
    index: BTreeMap<&'a str, usize>,
    told: Vec<Value>,
}

impl<'a> Rules<'a> {
    fn of(verdict: &'a Verdict, manual: &Manual) -> Self {
        let mut index: BTreeMap<&str, usize> = verdict.findings.iter().map(|one| (&*one.rule, 0)).collect();
        index.values_mut().enumerate().for_each(|(at, place)| *place = at);
        let told = index.keys().map(|id| rule(id, manual.get(*id))).collect();
        Self { index, told }
    }
}

fn rule(id: &str, about: Option<&About>) -> Value {
    let Some(About { title, text, clause, level }) = about else { return json!({ "id": id }) };
    let clause = clause.as_ref();
    let headline = clause.map_or_else(|| title.clone(), |clause| format!("{title} ({clause})"));
    json!({
        "id": id,
        "shortDescription": { "text": plain(&headline) },
        "help": { "text": text },
        "defaultConfiguration": { "level": level.word() },
        "properties": {
            "clause": clause.map(|clause| &*clause.number),
            "clause-recalled": clause.is_some_and(|clause| clause.recalled),
        },
    })
}

/// The results, turned into their printed shape one by one.
struct Results<'a> {
    verdict: &'a Verdict,
    rules: &'a Rules<'a>,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.verdict.findings.iter().map(|finding| self.one(finding)))
    }
}

impl Results<'_> {
    fn one(&self, finding: &Finding) -> Value {
        let texts = &self.verdict.texts;
        let fingerprint = finding.fingerprint();
        let related = finding.marks.iter().enumerate().skip(1);
        let related: Vec<Value> = related
            .filter(|(_, mark)| !texts.path(mark.place.file).is_empty())
            .map(|(id, mark)| location(texts, mark, Some(id), None))
            .collect();
        let mut one = json!({
            "ruleId": finding.rule,
            "ruleIndex": self.rules.index.get(&*finding.rule),
            "level": finding.level.word(),
            "message": { "text": message(finding) },
            "locations": [primary(texts, finding)],
            "relatedLocations": related,
            // GitHub knows an alert again by the second alone, and would else hash the line.
            "partialFingerprints": {
                "quorateFinding/v1": fingerprint,
                "primaryLocationLineHash": format!("{fingerprint}:1"),
            },
            // All results of a run have it or none has (SARIF 3.27.23); empty is `not suppressed`.
            "suppressions": suppressions(finding),
            "properties": properties(finding),
        });
        if let (Some(_), Some(status), Value::Object(one)) = (&self.verdict.base, finding.status, &mut one) {
            one.insert("baselineState".to_owned(), baseline(status).into());
        }
        one
    }
}

fn baseline(status: Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::Existing => "unchanged",
        Status::Fixed => "absent",
    }
}

fn suppressions(finding: &Finding) -> Vec<Value> {
    if finding.outcome != Outcome::Derogated {
        return Vec::new();
    }
    let why = finding.marks.last().map_or("", |mark| mark.label.as_str());
    vec![json!({ "kind": "external", "status": "accepted", "justification": plain(why) })]
}

fn properties(finding: &Finding) -> Value {
    let clause = finding.clause.as_ref();
    json!({
        "clause": clause.map(|clause| &*clause.number),
        "clause-recalled": clause.is_some_and(|clause| clause.recalled),
        "basis": finding.basis.map(crate::finding::Basis::word),
        "slot": finding.slot,
        "outcome": finding.outcome.word(),
        "subject": finding.subject,
        "status": finding.status.map(Status::word),
        "rules": finding.by_base_rules.then_some("base"),
    })
}

fn message(finding: &Finding) -> String {
    let clause = finding.clause.as_ref().map_or(String::new(), |clause| format!(" ({clause})"));
    let help = finding.help.as_deref().map_or(String::new(), |help| format!("\nhelp: {}", plain(help)));
    format!("{}{}{help}", plain(&finding.message), plain(&clause))
}

fn primary(texts: &Texts, finding: &Finding) -> Value {
    let mark = finding.marks.first().filter(|mark| !texts.path(mark.place.file).is_empty());
    match mark {
        Some(mark) => location(texts, mark, None, Some(&finding.subject)),
        None => json!({ "logicalLocations": [logical(&finding.subject)] }),
    }
}

fn logical(subject: &str) -> Value {
    json!({ "fullyQualifiedName": subject, "kind": "record" })
}

fn location(texts: &Texts, mark: &Mark, id: Option<usize>, subject: Option<&str>) -> Value {
    let at = locate(texts, mark.place);
    let region = json!({
        "startLine": at.start.line, "startColumn": at.start.column,
        "endLine": at.end.line, "endColumn": at.end.column,
    });
    let artifact = json!({ "uri": uri(at.path), "uriBaseId": ROOT });
    let mut one = Map::new();
    let mut say = |key: &str, value: Value| one.insert(key.to_owned(), value);
    if let Some(id) = id {
        say("id", id.into());
    }
    say("physicalLocation", json!({ "artifactLocation": artifact, "region": region }));
    if let Some(subject) = subject {
        say("logicalLocations", json!([logical(subject)]));
    }
    if !mark.label.is_empty() {
        say("message", json!({ "text": plain(&mark.label) }));
    }
    if let Some(commit) = texts.commit(mark.place.file) {
        say("properties", json!({ "at": commit }));
    }
    Value::Object(one)
}

/// Text as SARIF's messages want it: nothing hidden in it, no link (`[x](1)`, SARIF 3.11.6) and no
/// placeholder (`{0}`, 3.11.5) that a record could have planted.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in escape::line(text).chars() {
        if (before == ']' && c == '(') || (before == '{' && c.is_ascii_digit()) {
            out.push(' ');
        }
        out.push(c);
        before = c;
    }
    out
}

/// A path as a relative reference (RFC 3986): whatever is not plainly a name is percent-encoded, the
/// colon too, lest the first part be taken for a scheme.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.trim_start_matches('/').bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            _ => out.extend(format!("%{byte:02X}").chars()),
        }
    }
    out
}
