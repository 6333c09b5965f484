//! Somebody who may sign commits, and with which keys.

use super::{
    Event, Kinded,
    id::{ActorId, SourceId},
};
use crate::{
    day::When,
    decode::{Fact, List, Node, Reader, Shape, State, Text, Value, View, table},
    signature::Key,
};

table! {
    /// A signer.
    pub struct Signer {
        /// The sources it is taken from: keys of `sources/` or `publications/`.
        source: List<SourceId> = "source",
        /// Who holds the keys: a person, or whose machine signs.
        holder: Fact<ActorId> = "holder" (required),
        /// The addresses that commits of theirs bear; left out, their merges count as nobody's review.
        email: List<Text> = "email",
        /// The keys.
        key: List<SigningKey> = "key" (required),
        /// What it is, for print.
        summary: Fact<Text> = "summary",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
        /// Where the thing itself can be read.
        url: Fact<Text> = "url",
    }
}

table! {
    /// A key, and when it may be used.
    pub struct SigningKey {
        /// The public key: a line as `ssh-keygen` writes it, or the armored text of OpenPGP.
        public: Fact<PublicKey> = "public" (required),
        /// The first day on which it may sign.
        from: Fact<When> = "from" (required),
        /// The first day on which it no longer may.
        until: Fact<When> = "until",
        /// Sources of this entry alone.
        source: List<SourceId> = "source",
        /// For colleagues only; never printed.
        note: Fact<Text> = "note",
    }
}

/// A public key as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    text: Text,
    /// What it is.
    pub key: Key,
}

impl Value for PublicKey {
    fn shape() -> Shape {
        Shape::Text
    }

    fn read(reader: &mut Reader, node: &Node<'_>) -> State<Self> {
        let Some(text) = node.as_str() else {
            reader.wrong_type(node, "a public key in quotes");
            return State::Bad;
        };
        match Key::parse(text) {
            Ok(key) => State::Is(Self { text: text.into(), key }),
            Err(why) => {
                let help = "write the public key whole, as `ssh-keygen -y -f KEY` prints it: Ed25519, ECDSA on P-256, RSA from 2048 to 4096 bits";
                let span = node.span;
                reader.report("record-type", span, format!("the text {why}"), "no key to go by", Some(help.into()));
                State::Bad
            }
        }
    }

    fn view(&self) -> View<'_> {
        View::Text(&self.text)
    }
}

impl Kinded for Signer {
    const EVENTS: &'static [Event<Self>] = &[];
}
