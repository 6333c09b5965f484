//! The kinds of records: one file a kind, each with the same shape: the table, then its events.
//!
//! The folder is the kind, the path below it without `.toml` is the id (`records.md`).

pub mod body;
pub mod consultation;
pub mod contest;
pub mod deliverable;
pub mod derogation;
pub mod election;
pub mod event;
pub mod id;
pub mod instrument;
pub mod meeting;
pub mod modification;
pub mod organisation;
pub mod party;
pub mod person;
pub mod publication;
pub mod release;
pub mod seat;
pub mod signer;
pub mod source;
pub mod told;

use std::fmt;

pub use self::told::{FactName, FactOf, Told};
use crate::{
    day::{Day, Today, When},
    decode::{Fact, Fields, Key, List, Reader, State, Table, Visit, nearest},
    error::Error,
    text::{FileId, Place, Span},
};

/// A dated fact of a record, in the slot that it fills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    /// What the slot is called: a person, a party, a part; empty where the record has one only.
    pub slot: String,
    /// The entry of its list, where it comes from one.
    pub entry: Option<usize>,
    /// The days that it may be; nothing where it was left out.
    pub when: Option<When>,
    /// Whether the date was reported already.
    pub bad: bool,
    /// Where it stands.
    pub span: Span,
}

impl Dated {
    /// The one date of its kind in a record.
    pub fn single(fact: &Fact<When>) -> Vec<Self> {
        vec![Self::of(fact, String::new(), None)]
    }

    /// The date of an entry of a list.
    pub fn of(fact: &Fact<When>, slot: impl Into<String>, entry: Option<usize>) -> Self {
        Self { slot: slot.into(), entry, when: fact.when(), bad: fact.is_bad(), span: fact.span }
    }

    /// The dates of all entries of a list; one that is not known where the list is not.
    pub fn each<T: Fields>(list: &List<T>, date: impl Fn(&T) -> &Fact<When>, slot: impl Fn(&T) -> String) -> Vec<Self> {
        let mut all: Vec<_> =
            list.iter().enumerate().map(|(at, item)| Self::of(date(item), slot(item), Some(at))).collect();
        if list.is_open() {
            all.push(Self {
                slot: "unknown".into(),
                entry: None,
                when: Some(When::UNKNOWN),
                bad: list.is_bad(),
                span: list.span,
            });
        }
        all
    }
}

/// A date that rules may name.
pub struct Event<T> {
    /// The name.
    pub name: &'static str,
    /// What it is, and which slot it fills.
    pub doc: &'static str,
    /// Whether it is a plan or a limit, which stands before its day has come.
    pub plan: bool,
    /// Whether the record exists only from then on.
    pub birth: bool,
    /// The dates.
    pub dates: fn(&T) -> Vec<Dated>,
}

/// A record kind: a table with events and facts.
pub trait Kinded: Table + Fields + 'static {
    /// The dates that rules may name.
    const EVENTS: &'static [Event<Self>];
    /// The facts that rules may name.
    const FACTS: &'static [FactOf<Self>] = &[];
}

macro_rules! kinds {
    ($( $(#[doc = $doc:literal])* $variant:ident($ty:ty) = $folder:literal ),* $(,)?) => {
        /// The kind of a record; its folder.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $( $(#[doc = $doc])* $variant ),* }

        impl Kind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Their folders, in the same order.
            pub const FOLDERS: &'static [&'static str] = &[$($folder),*];

            /// The folder, which is also the word before the `/` in `kind/id`.
            pub fn folder(self) -> &'static str {
                match self { $( Self::$variant => $folder ),* }
            }

            /// What records of this kind say.
            pub fn doc(self) -> &'static str {
                match self { $( Self::$variant => concat!($($doc),*) ),* }
            }

            /// The keys of such a record.
            pub fn keys(self) -> &'static [Key] {
                match self { $( Self::$variant => <$ty as Table>::KEYS ),* }
            }

            /// The facts of such a record that rules may name.
            pub fn facts(self) -> Vec<FactName> {
                match self { $( Self::$variant => fact_names(<$ty as Kinded>::FACTS) ),* }
            }

            /// The names of its events, each with whether it is a plan.
            pub fn events(self) -> Vec<(&'static str, bool)> {
                match self { $( Self::$variant => <$ty as Kinded>::EVENTS.iter().map(|event| (event.name, event.plan)).collect() ),* }
            }
        }

        /// What a record says.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Body { $( $(#[doc = $doc])* $variant(Box<$ty>) ),* }

        impl Body {
            /// Reads a record of a kind from the root table of its file.
            pub fn read<'t>(kind: Kind, reader: &mut Reader, table: impl Into<crate::decode::Rows<'t>>, span: Span) -> Self {
                let table = table.into();
                match kind { $( Kind::$variant => Self::$variant(Box::new(crate::decode::table::read_table(reader, table, span))) ),* }
            }

            /// The record seen through the names of its keys.
            pub fn fields(&self) -> &dyn Fields {
                match self { $( Self::$variant(record) => record.as_ref() ),* }
            }

            /// Shows every reference, word and period in it.
            pub fn visit(&self, visit: &mut dyn Visit) {
                match self { $( Self::$variant(record) => crate::decode::Value::visit(record.as_ref(), record.span, visit) ),* }
            }

            /// The dates of an event that this kind has, and whether it is a plan.
            pub fn event(&self, name: &str) -> Option<(bool, Vec<Dated>)> {
                let listed = match self { $(
                    Self::$variant(record) => dates(<$ty as Kinded>::EVENTS, record, name),
                )* };
                match (listed, self) {
                    (None, Self::Modification(record)) => Some(modification::stage_dates(record, name)),
                    (listed, _) => listed,
                }
            }

            /// The dates of all that happened, each with the name of its event; plans are none.
            pub fn happened(&self) -> Vec<(String, Dated)> {
                let mut all = match self { $( Self::$variant(record) => happened(<$ty as Kinded>::EVENTS, record), )* };
                if let Self::Modification(record) = self {
                    all.extend(modification::steps(record));
                }
                all
            }

            /// What the record tells, on a day, of a fact that this kind has: slot by slot.
            pub fn told(&self, name: &str, on: Today<'_>) -> Option<Vec<Told<'_>>> {
                match self { $( Self::$variant(record) => told_of(<$ty as Kinded>::FACTS, record, name, on), )* }
            }

            /// Whether something of the record had certainly happened by a day.
            pub fn has_begun<'t>(&self, by: impl Into<Today<'t>>) -> bool {
                let by = by.into();
                let listed = match self { $( Self::$variant(record) => begun(<$ty as Kinded>::EVENTS, record, by), )* };
                listed || matches!(self, Self::Modification(record) if record.step.iter().any(|step| step.on.when().is_some_and(|on| on.by(by).certain())))
            }

            /// The first day on which the record may have existed, where one of its events says so.
            pub fn born(&self) -> Option<Day> {
                match self { $( Self::$variant(record) => born(<$ty as Kinded>::EVENTS, record), )* }
            }
        }
    };
}

kinds! {
    /// What facts are taken from.
    Source(source::Source) = "sources",
    /// A Party to the code.
    Party(party::Party) = "parties",
    /// A legal person or authority that is no Party.
    Organisation(organisation::Organisation) = "organisations",
    /// A person who holds, stood for or was nominated to something.
    Person(person::Person) = "people",
    /// Panel, Change Board, Sub-Committee, group, or what else meets under a name and number.
    Body(body::GovernanceBody) = "bodies",
    /// One seat and who held it.
    Seat(seat::Seat) = "seats",
    /// One call for nominations and what came of it.
    Election(election::Election) = "elections",
    /// One Draft or Modification Proposal.
    Modification(modification::Modification) = "modifications",
    /// One meeting.
    Meeting(meeting::Meeting) = "meetings",
    /// One consultation.
    Consultation(consultation::Consultation) = "consultations",
    /// A document or decision that somebody owes.
    Deliverable(deliverable::Deliverable) = "deliverables",
    /// A direction of the Secretary of State or the Authority.
    Instrument(instrument::Instrument) = "instruments",
    /// A version of the code.
    Release(release::Release) = "releases",
    /// Anything else on the calendar.
    Event(event::CalendarEvent) = "events",
    /// Something published, and what it stated.
    Publication(publication::Publication) = "publications",
    /// Leave not to comply.
    Derogation(derogation::Derogation) = "derogations",
    /// Somebody who may sign commits, and with which keys.
    Signer(signer::Signer) = "signers",
}

fn dates<T>(events: &'static [Event<T>], record: &T, name: &str) -> Option<(bool, Vec<Dated>)> {
    events.iter().find(|event| event.name == name).map(|event| (event.plan, (event.dates)(record)))
}

fn happened<T>(events: &'static [Event<T>], record: &T) -> Vec<(String, Dated)> {
    let happened = events.iter().filter(|event| !event.plan);
    happened.flat_map(|event| (event.dates)(record).into_iter().map(|dated| (event.name.to_owned(), dated))).collect()
}

fn fact_names<T>(facts: &'static [FactOf<T>]) -> Vec<FactName> {
    facts.iter().map(|fact| FactName { name: fact.name, doc: fact.doc, shape: fact.shape, write: fact.write }).collect()
}

fn told_of<'a, T>(facts: &'static [FactOf<T>], record: &'a T, name: &str, on: Today<'_>) -> Option<Vec<Told<'a>>> {
    facts.iter().find(|fact| fact.name == name).map(|fact| (fact.told)(record, on))
}

fn begun<T>(events: &'static [Event<T>], record: &T, by: Today<'_>) -> bool {
    let happened = events.iter().filter(|event| !event.plan).flat_map(|event| (event.dates)(record));
    happened.filter_map(|dated| dated.when).any(|when| when.by(by).certain())
}

fn born<T>(events: &'static [Event<T>], record: &T) -> Option<Day> {
    let births = events.iter().filter(|event| event.birth).flat_map(|event| (event.dates)(record));
    births.filter_map(|dated| dated.when).map(|when| when.first).min()
}

impl Kind {
    /// The kind of a folder.
    pub fn of_folder(folder: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.folder() == folder)
    }

    /// The kind of a folder that somebody typed, before an id.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for one that does not exist, with the one that was probably meant.
    pub fn named(folder: &str, id: &str) -> Result<Self, Error> {
        let folders = || Self::ALL.iter().map(|kind| kind.folder());
        Self::of_folder(folder).ok_or_else(|| {
            let hint = nearest(folder, folders()).map_or_else(
                || format!("the kinds are {}", folders().collect::<Vec<_>>().join(", ")),
                |one| format!("did you mean `{one}/{id}`?"),
            );
            Error::usage(format!("`{folder}` is no kind of record"), hint)
        })
    }

    /// What one such record is called in a sentence.
    pub fn singular(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Party => "party",
            Self::Organisation => "organisation",
            Self::Person => "person",
            Self::Body => "body",
            Self::Seat => "seat",
            Self::Election => "election",
            Self::Modification => "modification",
            Self::Meeting => "meeting",
            Self::Consultation => "consultation",
            Self::Deliverable => "deliverable",
            Self::Instrument => "instrument",
            Self::Release => "release",
            Self::Event => "event",
            Self::Publication => "publication",
            Self::Derogation => "derogation",
            Self::Signer => "signer",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.folder())
    }
}

/// One record of one tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its kind.
    pub kind: Kind,
    /// Its id: the path below the kind's folder without `.toml`.
    pub id: Box<str>,
    /// Its file.
    pub file: FileId,
    /// What it says.
    pub body: Body,
    /// Whether a syntax error may hide a part of it.
    pub damaged: bool,
    /// The first day on which it may have existed, where one of its events says so.
    pub born: Option<Day>,
}

impl Record {
    /// A record read from a file.
    pub fn new(kind: Kind, id: impl Into<Box<str>>, file: FileId, body: Body, damaged: bool) -> Self {
        let born = body.born();
        Self { kind, id: id.into(), file, body, damaged, born }
    }

    /// `kind/id`.
    pub fn subject(&self) -> String {
        format!("{}/{}", self.kind.folder(), self.id)
    }

    /// A place in the record's file.
    pub fn place(&self, span: Span) -> Place {
        Place { file: self.file, span }
    }

    /// The first line of the record's file.
    pub fn head(&self) -> Span {
        self.body.fields().span()
    }

    /// The part of the id before the first `/`: the body of a seat or a meeting.
    pub fn parent(&self) -> &str {
        self.id.split_once('/').map_or("", |(parent, _)| parent)
    }

    /// The part of the id behind the body.
    pub fn stem(&self) -> &str {
        self.id.split_once('/').map_or(&self.id, |(_, stem)| stem)
    }
}

macro_rules! as_kind {
    ($( $name:ident: $variant:ident => $ty:ty ),* $(,)?) => {
        impl Record { $(
            /// The record, where it is of that kind.
            pub fn $name(&self) -> Option<&$ty> {
                match &self.body { Body::$variant(record) => Some(record), _ => None }
            }
        )* }
    };
}

as_kind! {
    party: Party => party::Party,
    organisation: Organisation => organisation::Organisation,
    person: Person => person::Person,
    governance_body: Body => body::GovernanceBody,
    seat: Seat => seat::Seat,
    election: Election => election::Election,
    modification: Modification => modification::Modification,
    consultation: Consultation => consultation::Consultation,
    deliverable: Deliverable => deliverable::Deliverable,
    meeting: Meeting => meeting::Meeting,
    instrument: Instrument => instrument::Instrument,
    publication: Publication => publication::Publication,
    derogation: Derogation => derogation::Derogation,
    signer: Signer => signer::Signer,
}

/// A word of a fact, or nothing.
pub(crate) fn word_of<T: AsRef<str>>(fact: &Fact<T>) -> String {
    match &fact.state {
        State::Is(word) => word.as_ref().to_owned(),
        State::Absent => String::new(),
        State::Unknown | State::Bad => "unknown".into(),
    }
}
