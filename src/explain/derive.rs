//! How a judgement came about: for each rule and each slot of a record, the version in force, the
//! steps, the outcome, the change that would clear it.

use crate::{
    check::{self, Judged, Selection},
    day::Day,
    decode::nearest,
    derogation::{Derogations, Uses},
    error::Error,
    finding::{Finding, Outcome, fingerprint},
    kind::{Episode, Said, Shared},
    record::Kind,
    rulebook::{in_force, rule::Rule},
    tree::Tree,
};

/// Which judgements of a record are explained.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only by this rule.
    pub rule: Option<String>,
    /// Only of this slot.
    pub slot: Option<String>,
}

/// How a record came to be judged as it was.
#[derive(Debug)]
pub struct Account<'t> {
    /// The record, as `kind/id`.
    pub subject: String,
    /// Its file, as paths name it.
    pub path: &'t str,
    /// The day judged.
    pub on: Day,
    /// Each rule that judges it, in the order of the rulebook.
    pub derivations: Vec<Derivation<'t>>,
    /// What is wrong with the file as such.
    pub problems: Vec<&'t Finding>,
}

/// How one rule judged the record.
#[derive(Debug)]
pub struct Derivation<'t> {
    /// The rule.
    pub rule: &'t Rule,
    /// The worst outcome of the slots.
    pub outcome: Outcome,
    /// What was said of each slot.
    pub slots: Vec<Slot>,
}

/// How one slot was judged.
#[derive(Debug)]
pub struct Slot {
    /// What the finding of it is, or would be, known by.
    pub fingerprint: String,
    /// What was said.
    pub said: Said,
    /// The version that decided; nothing where none did.
    pub version: Option<Episode>,
}

/// Every rule that judged a record, and how each outcome came about, passes included.
///
/// # Errors
///
/// [`Error::Usage`] for a record that does not exist.
pub fn subject<'t>(tree: &'t Tree, subject: &str, on: Day, wanted: &Wanted) -> Result<Account<'t>, Error> {
    let at = position(tree, subject)?;
    let shared = Shared::new(&tree.registry, &tree.book.code, &tree.book.calendars);
    let derogations = Derogations::of(&tree.registry, on);
    let mut uses = Uses::default();
    let is_wanted = |rule: &&Rule| wanted.rule.as_ref().is_none_or(|id| *id == *rule.id);
    let mut derivations = Vec::new();
    for rule in tree.book.judging().filter(is_wanted) {
        for mut judged in check::judge_rule(rule, &shared, on, &tree.book, true, |one| one == at) {
            check::derogate(&mut judged, rule, subject, &derogations, &mut uses);
            derivations.push(derivation(rule, judged, subject, tree, (on, wanted)));
        }
    }
    let own = |finding: &&Finding| {
        finding.subject.as_ref() == subject && wanted.rule.as_ref().is_none_or(|id| **id == *finding.rule)
    };
    Ok(Account {
        subject: subject.to_owned(),
        path: tree.registry.at(at).map_or("", |record| tree.texts.path(record.file)),
        on,
        derivations,
        problems: tree.problems.iter().filter(own).collect(),
    })
}

fn derivation<'t>(
    rule: &'t Rule,
    judged: Judged,
    subject: &str,
    tree: &Tree,
    (on, wanted): (Day, &Wanted),
) -> Derivation<'t> {
    let law = in_force::enact(&tree.book, rule, &tree.registry, on);
    let history = law.map(|law| law.history(&tree.book.code)).unwrap_or_default();
    let slot = |said: Said| Slot {
        fingerprint: fingerprint([&rule.id, subject, &said.slot]),
        version: said.version_from.and_then(|from| history.iter().find(|one| one.from == from).cloned()),
        said,
    };
    let is_wanted = |said: &Said| wanted.slot.as_ref().is_none_or(|slot| *slot == said.slot);
    let slots = judged.said.into_iter().filter(is_wanted).map(slot).collect();
    Derivation { rule, outcome: judged.outcome, slots }
}

/// The position of a record named as `kind/id`.
fn position(tree: &Tree, subject: &str) -> Result<u32, Error> {
    let (folder, id) = subject.split_once('/').unwrap_or((subject, ""));
    let kind = Kind::named(folder, id)?;
    tree.registry.position_of(kind, id).ok_or_else(|| {
        let ids = tree.registry.all(kind).map(|(_, record)| record.id.as_ref());
        let hint = nearest(id, ids)
            .map_or("the id is the path below the kind's folder, without `.toml`".to_owned(), |one| {
                format!("did you mean `{folder}/{one}`?")
            });
        Error::usage(format!("there is no record `{subject}`"), hint)
    })
}

/// Whether a word is a fingerprint: 16 hex digits, as the JSON of `check` has them.
pub fn is_fingerprint(word: &str) -> bool {
    word.len() == 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The finding of this fingerprint, on a day.
///
/// # Errors
///
/// [`Error::Usage`] where no finding of that day has it.
pub fn finding(tree: &mut Tree, wanted: &str, on: Day) -> Result<Finding, Error> {
    let texts = std::mem::take(&mut tree.texts);
    let problems = tree.problems.clone();
    let (_, findings) = check::judged(tree, on, &Selection::default(), &texts);
    (tree.texts, tree.problems) = (texts, problems);
    findings.into_iter().find(|finding| finding.fingerprint().eq_ignore_ascii_case(wanted)).ok_or_else(|| {
        let hint = "`quorate check --format json` gives the fingerprints of a day; `--on` chooses another";
        Error::usage(format!("no finding of {on} has the fingerprint `{wanted}`"), hint)
    })
}
