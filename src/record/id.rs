//! Ids and words in records: each newtype knows which records, or which heading of `code.toml`, it
//! must be found in.

use crate::{
    decode::{Node, Reader, Shape, State, Text, Value, View, Visit},
    text::Span,
};

/// Where several kinds may stand, an id is looked up in these.
pub const ACTORS: &[&str] = &["parties", "organisations", "people", "bodies"];

/// Stands for "any kind": the id is written `kind/id`.
pub const ANY: &[&str] = &[];

/// A seat named by its meeting's body: `chair` in a meeting of the Panel is `seats/panel/chair`.
pub const SEAT_OF_BODY: &[&str] = &["seats of the body"];

fn read_text(reader: &mut Reader, node: &Node<'_>, wanted: &str) -> State<Text> {
    match node.as_str() {
        Some(text) if !text.is_empty() => State::Is(text.into()),
        _ => {
            reader.wrong_type(node, wanted);
            State::Bad
        }
    }
}

macro_rules! newtypes {
    ($( $(#[$doc:meta])* $name:ident, $shape:expr, $wanted:literal, |$visit:ident, $span:ident, $text:ident| $show:expr; )*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Text);

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Value for $name {
            fn shape() -> Shape {
                $shape
            }

            fn read(reader: &mut Reader, node: &Node<'_>) -> State<Self> {
                let State::Is(text) = read_text(reader, node, $wanted) else { return State::Bad };
                if let Shape::Word(heading) = $shape
                    && !reader.takes_word(heading, &text, node.span)
                {
                    return State::Bad;
                }
                State::Is(Self(text))
            }

            fn view(&self) -> View<'_> {
                View::Text(&self.0)
            }

            fn visit(&self, $span: Span, $visit: &mut dyn Visit) {
                let $text: &str = &self.0;
                $show
            }
        }
    )* };
}

newtypes! {
    /// A key of `sources/` or `publications/`.
    SourceId, Shape::Id(&["sources", "publications"]), "the key of a source in quotes", |visit, span, text| visit.reference(span, text, &["sources", "publications"]);
    /// A Party, organisation, person or body.
    ActorId, Shape::Id(ACTORS), "an id in quotes", |visit, span, text| visit.reference(span, text, ACTORS);
    /// A person.
    PersonId, Shape::Id(&["people"]), "the id of a person in quotes", |visit, span, text| visit.reference(span, text, &["people"]);
    /// A person who holds a seat, or `vacant`.
    Holder, Shape::Id(&["people"]), "the id of a person in quotes, or \"vacant\"", |visit, span, text| if text != "vacant" { visit.reference(span, text, &["people"]) };
    /// A Party by which its Voting Group is named.
    PartyId, Shape::Id(&["parties"]), "the id of a Party in quotes", |visit, span, text| visit.reference(span, text, &["parties"]);
    /// A body.
    BodyId, Shape::Id(&["bodies"]), "the id of a body in quotes", |visit, span, text| visit.reference(span, text, &["bodies"]);
    /// An election.
    ElectionId, Shape::Id(&["elections"]), "the id of an election in quotes", |visit, span, text| visit.reference(span, text, &["elections"]);
    /// A meeting.
    MeetingId, Shape::Id(&["meetings"]), "the id of a meeting in quotes", |visit, span, text| visit.reference(span, text, &["meetings"]);
    /// A modification.
    ModificationId, Shape::Id(&["modifications"]), "the id of a modification in quotes", |visit, span, text| visit.reference(span, text, &["modifications"]);
    /// A release.
    ReleaseId, Shape::Id(&["releases"]), "the id of a release in quotes", |visit, span, text| visit.reference(span, text, &["releases"]);
    /// An instrument.
    InstrumentId, Shape::Id(&["instruments"]), "the id of an instrument in quotes", |visit, span, text| visit.reference(span, text, &["instruments"]);
    /// A publication.
    PublicationId, Shape::Id(&["publications"]), "the id of a publication in quotes", |visit, span, text| visit.reference(span, text, &["publications"]);
    /// A seat of the meeting's body, without the body.
    SeatOfBody, Shape::Id(SEAT_OF_BODY), "a seat of the body in quotes", |visit, span, text| visit.reference(span, text, SEAT_OF_BODY);
    /// Any record, as `kind/id`.
    Subject, Shape::Id(ANY), "`kind/id` in quotes", |visit, span, text| visit.reference(span, text, ANY);
    /// What a Party is.
    Category, Shape::Word("categories"), "a Party Category in quotes", |visit, span, text| visit.word(span, text, "categories");
    /// What a seat stands for.
    Constituency, Shape::Word("constituencies"), "a constituency in quotes", |visit, span, text| visit.word(span, text, "constituencies");
    /// A stage of a modification.
    Stage, Shape::Word("stages"), "a stage in quotes", |visit, span, text| visit.word(span, text, "stages");
    /// A Modification Path.
    PathWord, Shape::Word("paths"), "a path in quotes", |visit, span, text| visit.word(span, text, "paths");
    /// A limb of the definition of Event of Default.
    Limb, Shape::Word("limbs"), "a limb in quotes", |visit, span, text| visit.word(span, text, "limbs");
    /// A sort of deliverable that rules are about.
    DeliverableWord, Shape::Word("deliverables"), "a sort of deliverable in quotes", |visit, span, text| visit.word(span, text, "deliverables");
    /// A feed of Registration Data.
    Feed, Shape::Word("feeds"), "a feed in quotes", |visit, span, text| visit.word(span, text, "feeds");
}
