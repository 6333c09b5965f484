//! The desk at which a report is written: records in, tokens out. Nothing else makes tokens.

use super::{
    model::{Derivation, Line, Sort, Source, Token},
    say,
};
use crate::{
    day::{Day, Truth, When},
    decode::{Fact, List, State, Text, View},
    finding::{Finding, Mark},
    record::{Kind, Record, body::GovernanceBody},
    registry::Registry,
    rulebook::{code::Code, rule::Rule},
    text::{Place, Span},
};

/// What a report is written from.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// The records.
    pub registry: &'a Registry,
    /// The code's words.
    pub code: &'a Code,
    /// The day for which it speaks.
    pub on: Day,
    /// The first day of its period.
    pub from: Day,
    /// The first day after its period.
    pub until: Day,
}

impl<'a> Desk<'a> {
    /// A source: a field of a record.
    pub fn source(record: &Record, field: &str, span: Span) -> Source {
        let place = Some(record.place(span));
        Source { subject: record.subject(), file: record.file, place, field: field.to_owned(), clause: None }
    }

    /// A source that may be left out: then it has no place.
    pub fn field<T>(record: &Record, field: &str, fact: &Fact<T>) -> Source {
        let source = Self::source(record, field, fact.span);
        if fact.is_absent() { Source { place: None, ..source } } else { source }
    }

    fn absent(record: &Record, field: &str) -> Token {
        let source = Source { place: None, ..Self::source(record, field, record.head()) };
        let (text, value) = ("not recorded".to_owned(), String::new());
        Token { text, value, sort: Sort::Status, derivation: Derivation::NotRecorded, sources: vec![source] }
    }

    fn copied<T>(record: &Record, field: &str, fact: &Fact<T>, sort: Sort, said: impl Fn(&T) -> [String; 2]) -> Token {
        match &fact.state {
            State::Is(known) => {
                let [text, value] = said(known);
                let sources = vec![Self::source(record, field, fact.span)];
                Token { text, value, sort, derivation: Derivation::Copied, sources }
            }
            State::Absent => Self::absent(record, field),
            State::Unknown | State::Bad => {
                let sources = vec![Self::source(record, field, fact.span)];
                Token { sources, ..Self::absent(record, field) }
            }
        }
    }

    /// A day of a record.
    pub fn date(record: &Record, field: &str, fact: &Fact<When>) -> Token {
        Self::copied(record, field, fact, Sort::Date, |when| [say::when(*when), when.to_string()])
    }

    /// The day that a plan stands at: the last that it moved to, else the first one.
    pub fn moved(record: &Record, field: &str, fact: &Fact<When>, moved: &List<When>) -> Token {
        let (field, fact) = Self::stands_at(field, fact, moved);
        Self::date(record, &field, fact)
    }

    /// The field and the day that a plan stands at; `moved-to` lies beside the field of the first one.
    pub fn stands_at<'f>(field: &str, fact: &'f Fact<When>, moved: &'f List<When>) -> (String, &'f Fact<When>) {
        let beside = field.rsplit_once('.').map_or_else(String::new, |(table, _)| format!("{table}."));
        match moved.items.last() {
            Some(last) => (format!("{beside}moved-to[{}]", moved.items.len().saturating_sub(1)), last),
            None => (field.to_owned(), fact),
        }
    }

    /// Words of a record, as they are.
    pub fn words<T: AsRef<str>>(record: &Record, field: &str, fact: &Fact<T>) -> Token {
        Self::copied(record, field, fact, Sort::Words, |text| [text.as_ref().to_owned(), text.as_ref().to_owned()])
    }

    /// One of the tool's own words.
    pub fn word<T: crate::decode::Value>(record: &Record, field: &str, fact: &Fact<T>) -> Token {
        Self::copied(record, field, fact, Sort::Status, |word| match word.view() {
            View::Text(text) => [text.replace('-', " "), text.to_owned()],
            View::Bool(so) => [if so { "yes" } else { "no" }.to_owned(), so.to_string()],
            _ => [String::new(), String::new()],
        })
    }

    /// A number of a record.
    pub fn number(record: &Record, field: &str, fact: &Fact<u32>) -> Token {
        Self::copied(record, field, fact, Sort::Number, |number| [number.to_string(), number.to_string()])
    }

    /// A record's id: it is the name of its file, and no line of it.
    pub fn id(record: &Record) -> Token {
        let sources = vec![Source { place: None, ..Self::source(record, "", record.head()) }];
        let id = record.id.to_string();
        Token { text: id.clone(), value: id, sort: Sort::Name, derivation: Derivation::Filed, sources }
    }

    /// The part of an id behind the body: which seat it is.
    pub fn stem(record: &Record) -> Token {
        let stem = record.stem().to_owned();
        Token { text: stem.clone(), value: stem, ..Self::id(record) }
    }

    /// That a table of a record is left out, or not known.
    pub fn unknown<T>(record: &Record, field: &str, fact: &Fact<T>) -> Token {
        Token { sources: vec![Self::field(record, field, fact)], ..Self::absent(record, field) }
    }

    /// The body that a seat or a meeting is of: the first part of its id, by what it is called.
    pub fn parent(&self, record: &Record) -> Token {
        let body = record.parent();
        let mut token = Token { text: body.to_owned(), value: body.to_owned(), ..Self::id(record) };
        if let Some(name) = self.registry.find(Kind::Body, body).and_then(|body| self.title(body)) {
            token.text = name.text;
            token.derivation = Derivation::Named;
            token.sources.extend(name.sources);
        }
        token
    }

    /// What a category or constituency is called: by the code's words, else as it is.
    pub fn constituency<T: AsRef<str>>(&self, record: &Record, field: &str, fact: &Fact<T>) -> Token {
        let mut token = Self::words(record, field, fact);
        let Some(word) = fact.known() else { return token };
        token.sort = Sort::Name;
        token.text = say::capital(word.as_ref());
        if let Some((heading, name)) = self.code.naming(word.as_ref()) {
            name.text().unwrap_or_default().clone_into(&mut token.text);
            token.derivation = Derivation::Named;
            token.sources.push(self.of_code(format!("{heading}.{}.name", word.as_ref()), name.span));
        }
        token
    }

    /// A source in the code's words.
    fn of_code(&self, field: String, span: Span) -> Source {
        let file = self.code.file;
        Source { subject: "code".to_owned(), file, place: Some(Place { file, span }), field, clause: None }
    }

    /// A stage, as the code lists it.
    pub fn stage(&self, at: usize, stage: &str, span: Span) -> Token {
        let sources = vec![self.of_code(format!("modifications.stages[{at}]"), span)];
        let text = stage.to_owned();
        Token { value: text.clone(), text, sort: Sort::Status, derivation: Derivation::Copied, sources }
    }

    /// What says whether every record of a folder is there.
    fn coverage(&self, folder: &str) -> Source {
        let (file, entry) = self.registry.coverage_of(folder).unwrap_or((self.code.file, None));
        let field = format!("coverage.{}", entry.map_or(folder, |(key, _)| key));
        let place = entry.map(|(_, place)| place);
        Source { subject: "registry".to_owned(), file, place, field, clause: None }
    }

    /// That the records of a folder are not complete.
    pub fn not_complete(&self, folder: &str) -> Token {
        let how = format!("the coverage of `{folder}` is not said to be complete");
        Self::status("not complete", how, vec![self.coverage(folder)])
    }

    /// Who a Party, organisation, person or body is: the name, and where it stands.
    pub fn actor<T: AsRef<str>>(&self, record: &Record, field: &str, fact: &Fact<T>) -> Token {
        let named = fact.known().and_then(|id| self.registry.actor(id.as_ref()));
        self.pointed(record, field, fact, named)
    }

    /// What a record of a kind is called.
    pub fn named<T: AsRef<str>>(&self, record: &Record, field: &str, fact: &Fact<T>, kind: Kind) -> Token {
        let named = fact.known().and_then(|id| self.registry.find(kind, id.as_ref()));
        self.pointed(record, field, fact, named)
    }

    /// What the record that `kind/id` names is called.
    pub fn subject<T: AsRef<str>>(&self, record: &Record, field: &str, fact: &Fact<T>) -> Token {
        let parts = fact.known().and_then(|id| id.as_ref().split_once('/'));
        let found = parts.and_then(|(folder, id)| self.registry.find(Kind::of_folder(folder)?, id));
        self.pointed(record, field, fact, found)
    }

    fn pointed<T: AsRef<str>>(&self, record: &Record, field: &str, fact: &Fact<T>, to: Option<&Record>) -> Token {
        let mut token = Self::words(record, field, fact);
        token.sort = if fact.known().is_some() { Sort::Name } else { token.sort };
        if let Some(name) = to.and_then(|to| self.title(to)) {
            token.text = name.text;
            token.derivation = Derivation::Named;
            token.sources.extend(name.sources);
        }
        token
    }

    /// What a record is called: its short name, name or title; nothing where it has none or no source
    /// gives it.
    pub fn title(&self, record: &Record) -> Option<Token> {
        let fields = record.body.fields();
        ["short", "name", "title", "version"].iter().find_map(|key| match fields.get(key) {
            Some((span, View::Text(text))) => Some(Token {
                text: text.to_owned(),
                value: record.id.to_string(),
                sort: Sort::Name,
                derivation: Derivation::Copied,
                sources: vec![Self::source(record, key, span)],
            }),
            _ => None,
        })
    }

    /// What a record is called, else its id.
    pub fn called(&self, record: &Record) -> Token {
        self.title(record).unwrap_or_else(|| Self::id(record))
    }

    /// A body: its full name, with the short one behind it.
    pub fn body(record: &Record, body: &GovernanceBody) -> Line {
        let line = Line::from(Self::words(record, "name", &body.name));
        match body.short.known() {
            Some(_) => line.say(" (").token(Self::words(record, "short", &body.short)).say(")"),
            None => line,
        }
    }

    /// How many there are of something; where there is none, what says whether a folder has all.
    pub fn count(&self, folder: &str, sources: Vec<Source>) -> Token {
        let value = sources.len().to_string();
        if sources.is_empty() {
            let (text, sources) = ("none recorded".to_owned(), vec![self.coverage(folder)]);
            return Token { text, value, sort: Sort::Number, derivation: Derivation::NoneCounted, sources };
        }
        Token { text: value.clone(), value, sort: Sort::Number, derivation: Derivation::Counted, sources }
    }

    /// How something stands, by comparing days.
    pub fn status(text: &str, how: impl Into<String>, sources: Vec<Source>) -> Token {
        let derivation = Derivation::Compared(how.into());
        Token { text: text.to_owned(), value: text.replace(' ', "-"), sort: Sort::Status, derivation, sources }
    }

    /// What a finding says.
    pub fn found(finding: &Finding) -> Token {
        let source = |mark: &Mark| Source {
            subject: finding.subject.to_string(),
            file: mark.place.file,
            place: Some(mark.place),
            field: String::new(),
            clause: finding.clause.clone(),
        };
        Token {
            text: finding.message.clone(),
            value: finding.fingerprint(),
            sort: Sort::Words,
            derivation: Derivation::Compared(format!("found by the rule `{}`", finding.rule)),
            sources: finding.marks.iter().map(source).collect(),
        }
    }

    /// A rule's id: it is the name of its file.
    pub fn rule(rule: &Rule) -> Token {
        let id = rule.id.to_string();
        let sources = vec![Self::of_rule(rule, "", None)];
        Token { text: id.clone(), value: id, sort: Sort::Name, derivation: Derivation::Filed, sources }
    }

    /// A field at the head of a rule file; nothing for the file as a whole.
    fn of_rule(rule: &Rule, field: &str, span: Option<Span>) -> Source {
        let place = span.map(|span| Place { file: rule.file, span });
        let clause = Some(rule.clause.clone());
        Source { subject: format!("rules/{}", rule.id), file: rule.file, place, field: field.to_owned(), clause }
    }

    /// Words at the head of a rule file; nothing where it has none.
    pub fn rule_words(rule: &Rule, field: &str, fact: &Fact<Text>) -> Line {
        let Some(text) = fact.text() else { return Line::default() };
        let sources = vec![Self::of_rule(rule, field, Some(fact.span))];
        let (text, value) = (text.to_owned(), text.to_owned());
        Token { text, value, sort: Sort::Words, derivation: Derivation::Copied, sources }.into()
    }

    /// A record as a whole, to be counted.
    pub fn whole(record: &Record) -> Source {
        Source { place: None, ..Self::source(record, "", record.head()) }
    }

    /// The words for print, where a record has some.
    pub fn summary(record: &Record, summary: &Fact<Text>) -> Option<Line> {
        summary.known().map(|_| Line::from(Self::words(record, "summary", summary)))
    }

    /// Whether a happening has come by the day of the report.
    pub fn has_come(&self, fact: &Fact<When>) -> Truth {
        fact.when().map_or(Truth::No, |when| when.by(self.on))
    }

    /// Whether a day lies in the period of the report.
    pub fn in_period(&self, fact: &Fact<When>) -> Truth {
        fact.when().map_or(Truth::No, |when| self.spans(when))
    }

    /// Whether some day of a span lies in the period of the report.
    pub fn spans(&self, when: When) -> Truth {
        if when.first >= self.from && when.last < self.until {
            Truth::Yes
        } else if when.last < self.from || when.first >= self.until {
            Truth::No
        } else {
            Truth::Maybe
        }
    }

    /// Whether a plan lies after the day of the report, that day not included.
    pub fn is_ahead(&self, when: Option<When>) -> bool {
        when.is_some_and(|when| when.last > self.on && when.last.is_finite())
    }

    /// The records of a kind.
    pub fn all(&self, kind: Kind) -> impl Iterator<Item = &'a Record> + use<'a> {
        self.registry.all(kind).map(|(_, record)| record)
    }
}
