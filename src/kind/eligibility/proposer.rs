//! Who raises or adopts a proposal: a Party, who is listed, or who was designated for it.

use rustc_hash::FxHashMap;

use super::{
    About, Case, Mark, Proofreader, RecordKind, Said, Says, Segment, Slots, Terms, Test, Trial, Who, Words, people,
};
use crate::{
    day::{Truth, When},
    decode::Fact,
    finding::Outcome,
    kind::Cure,
    record::{Record, id::ActorId, modification::Modification, party::Party},
    rulebook::select,
    text::Span,
};

/// Who was designated, and when; worked out once.
#[derive(Debug, Default)]
pub(super) struct Designated {
    by_id: FxHashMap<Box<str>, Vec<(When, Mark)>>,
    /// Designations may lack, or do not say whom they name.
    open: bool,
}

/// Whether two records of an instrument designate the same, each at the same place.
pub(super) fn designate_alike(one: &Record, other: &Record) -> bool {
    let told = |record: &'_ Record| {
        let instrument = record.instrument()?;
        let list = &instrument.designates;
        let entry = |fact: &Fact<ActorId>| (fact.known().map(|id| id.0.clone()), fact.span);
        let all: Vec<(Option<Box<str>>, Span)> = list.items.iter().map(entry).collect();
        let by = instrument.by.known().map(|by| by.0.clone());
        // Who made it when matters where it designates somebody.
        Some((list.is_open() || !all.is_empty()).then(|| (by, list.is_open(), instrument.on.when(), all)))
    };
    told(one) == told(other)
}

impl Designated {
    /// What the instruments of the one who designates say.
    pub(super) fn of(about: &About, case: &Case<'_>) -> Self {
        let mut found = Self::default();
        let Some(by) = about.designated_by.text() else { return found };
        found.open = !case.registry.is_complete("instruments");
        for (_, record) in case.registry.all(RecordKind::Instrument) {
            let Some(instrument) = record.instrument() else {
                found.open = true;
                continue;
            };
            if instrument.by.known().is_some_and(|own| own.as_ref() != by) {
                continue;
            }
            found.open |= instrument.designates.is_open();
            let made = instrument.on.when().unwrap_or(When::UNKNOWN);
            for fact in &instrument.designates.items {
                let Some(id) = fact.known() else {
                    found.open = true;
                    continue;
                };
                let mark = Mark::new(record.file, fact.span, format!("designated by `{}`, {made}", record.id));
                found.by_id.entry(id.as_ref().into()).or_default().push((made, mark));
            }
        }
        found
    }

    /// Whether somebody was designated by a day.
    fn holds(&self, id: &str, when: When) -> (Truth, Option<Mark>) {
        let open = if self.open { Truth::Maybe } else { Truth::No };
        let all = self.by_id.get(id).into_iter().flatten();
        let one = |(made, mark): &(When, Mark)| {
            let truth = if made.last <= when.first {
                Truth::Yes
            } else if made.first <= when.last {
                Truth::Maybe
            } else {
                Truth::No
            };
            (truth, mark.clone())
        };
        match all.map(one).max_by_key(|(truth, _)| *truth) {
            Some((truth, mark)) if truth.possible() => (truth.or(open), Some(mark)),
            _ => (open, None),
        }
    }
}

/// Reports what does not go together; gives whether the rule is about who proposes.
pub(super) fn proofread(about: &About, terms: &Terms, proof: &mut Proofreader<'_>) -> bool {
    let proposes = matches!(terms.who.known(), Some(Who::Proposer | Who::Adopter));
    let (listed, of) = (terms.test.known() == Some(&Test::Listed), about.of.known().map(|word| word.0));
    if !proposes && !listed && about.of.is_absent() {
        if about.body.is_absent() {
            proof.reader.report("record-missing", terms.span, "a rule names a `body`".into(), "not in here", None);
        }
        if !(terms.may.is_absent() && about.designated_by.is_absent()) {
            let message = "`may` and `designated-by` are of the test `listed`".into();
            proof.reader.report("record-word", terms.span, message, "of another test", None);
        }
        return false;
    }
    let body = !(about.body.is_absent() && about.seat.is_absent());
    if !(proposes && listed && of == Some(RecordKind::Modification)) || body {
        let message = "who proposes is tested by `listed`, in a rule with `of = \"modifications\"` and no body".into();
        proof.reader.report("record-word", terms.test.span, message, "not together", None);
        return true;
    }
    let words = terms.may.known().map(|words| words.0.as_slice()).unwrap_or_default();
    if let Some(fact) = select::proofread_fact(RecordKind::Modification, "proposer", terms.may.span, proof) {
        for (word, span) in words {
            select::proofread_fact_word(fact, word, *span, proof);
        }
        if let Some(by) = about.designated_by.text() {
            select::proofread_fact_word(fact, by, about.designated_by.span, proof);
        }
    }
    true
}

/// Who may propose, in English.
pub(super) fn english(about: &About, terms: &Terms) -> String {
    let what = if terms.who.known() == Some(&Who::Adopter) { "takes on" } else { "raises" };
    let others = terms.may.known().into_iter().flat_map(Words::iter).map(|id| format!(", `{id}`"));
    let designated = about.designated_by.text().map(|by| format!(", or whom `{by}` designated before"));
    let others: String = others.chain(designated).collect();
    format!("Who {what} a modification is a Party{others}, or is employed by one of these, on the day.")
}

/// Whether a company is a Party on every day of a span, on some, or on none.
fn is_party(party: &Party, when: When) -> Truth {
    let left = party.left.known().map(|left| left.on.when().unwrap_or(When::UNKNOWN));
    let never = party.acceded.when().is_some_and(|day| day.first > when.last)
        || left.is_some_and(|left| left.last <= when.first);
    let always = people::is_party(party, when.first).and(people::is_party(party, when.last));
    match (never, always) {
        (true, _) => Truth::No,
        (false, Truth::Yes) => Truth::Yes,
        _ => Truth::Maybe,
    }
}

/// What was found of somebody: whether they may, the places, the steps, and whether what is not
/// known was reported.
struct Found {
    truth: Truth,
    marks: Vec<Mark>,
    steps: Vec<String>,
    bad: bool,
}

impl Trial<'_> {
    /// Tests who raised a proposal, or who took it on.
    pub(super) fn proposal(&self, modification: &Modification, designated: &Designated, slots: &mut Slots) {
        let asks = self.law.over(When::UNKNOWN).into_iter().find_map(|(_, says)| match says {
            Says::Terms(_, terms) => terms.who.known().copied(),
            _ => None,
        });
        if asks == Some(Who::Adopter) {
            for one in modification.adopted.iter() {
                let day = one.on.when().unwrap_or(When::UNKNOWN);
                self.proposed(&one.by, day, one.on.is_bad(), designated, slots);
            }
            return;
        }
        let day = modification.raised.when().unwrap_or(When::UNKNOWN);
        self.proposed(&modification.proposer, day, modification.raised.is_bad(), designated, slots);
    }

    fn proposed(&self, who: &Fact<ActorId>, day: When, bad: bool, designated: &Designated, slots: &mut Slots) {
        let slot = who.known().map_or("proposer", AsRef::as_ref);
        let Some(possible) = day.up_to(self.case.on) else {
            let steps = || [format!("it happened on {day}, and {} is judged", self.case.on)];
            return slots.skip(|| people::nothing(self.record, slot, "it has not come", steps()));
        };
        let begun = day.by(self.case.on).certain() || self.record.body.has_begun(self.case.on);
        let (mut all, mut ruled, mut idle) = (Vec::new(), None, None);
        for (part, says) in self.law.over(possible) {
            match says {
                Says::Nothing(why) => idle = Some(why),
                Says::Unknown(segment) => return self.not_known(segment, slots),
                Says::Terms(segment, terms) => {
                    ruled.get_or_insert(segment);
                    all.push(self.may_propose(who, part, terms, designated, slots.explain));
                }
            }
        }
        let Some(segment) = ruled else {
            return slots.skip(|| people::idle(self.law, self.record, possible, idle.flatten()));
        };
        let is = |truth: Truth| all.iter().all(|found| found.truth == truth);
        let outcome = match (is(Truth::Yes), is(Truth::No) && idle.is_none() && begun) {
            (true, _) => Outcome::Pass,
            (_, true) => Outcome::Breach,
            _ => Outcome::Unknown,
        };
        let asked = slots.explain;
        let said = || self.said_of(who, outcome, all, segment, asked).silent(bad || who.is_bad());
        if outcome == Outcome::Pass { slots.pass(said) } else { slots.say(said()) }
    }

    fn said_of(
        &self,
        who: &Fact<ActorId>,
        outcome: Outcome,
        all: Vec<Found>,
        segment: &Segment<Terms>,
        asked: bool,
    ) -> Said {
        let name = self.name();
        let id = who.known().map_or("proposer", AsRef::as_ref);
        let message = match (outcome, who.known().is_some()) {
            (Outcome::Pass, _) => format!("{name}: `{id}` may propose"),
            (Outcome::Breach, _) => {
                format!("{name}: `{id}` is no Party and none of those whom {} lets propose", self.law.clause)
            }
            (_, true) => format!("{name}: whether `{id}` may propose is not recorded"),
            (_, false) => format!("{name}: who proposed it is not recorded"),
        };
        let bad = all.iter().any(|found| found.bad);
        let (mut marks, mut steps) = (Vec::new(), Vec::new());
        for found in all {
            marks.extend(found.marks);
            steps.extend(found.steps);
        }
        let help = match outcome {
            Outcome::Breach => "correct who proposed, or record the designation (`designates` of an instrument)",
            _ => "record who proposed, and for whom: the Party, the employment or the designation",
        };
        let said = Said::new(id, outcome, message)
            .mark(Mark::new(self.record.file, who.span, format!("`{id}`")))
            .marks(marks)
            .marks(segment.marks.first().cloned())
            .under(segment)
            .silent(bad)
            .because(asked, || steps);
        match outcome {
            Outcome::Pass => said,
            Outcome::Breach if asked => {
                let why = "who proposed is as it was: whether the record of it is wrong, only a source tells";
                said.help(help).cure(Cure::by_hand(help, why))
            }
            _ => said.help(help),
        }
    }

    /// Whether somebody may propose on the days of a version.
    fn may_propose(
        &self,
        who: &Fact<ActorId>,
        day: When,
        terms: &Terms,
        designated: &Designated,
        asked: bool,
    ) -> Found {
        let mut found = Found { truth: Truth::Maybe, marks: Vec::new(), steps: Vec::new(), bad: false };
        let Some(id) = who.known().map(AsRef::as_ref) else {
            found.steps.push("who proposed it is not recorded".to_owned());
            return found;
        };
        found.truth = self.may(id, day, terms, designated, &mut found.marks);
        let person = self.case.registry.find(RecordKind::Person, id);
        if asked {
            let listed = if is_listed(id, terms) { "is" } else { "is not" };
            found.steps.push(format!("`{id}` {listed} listed: a Party on {day}, or named, or designated"));
        }
        if person.is_none() || found.truth == Truth::Yes {
            // In an example, an id that is only named may be anything.
            let untold = self.case.registry.actor(id).is_none();
            found.truth = if untold { found.truth.or(Truth::Maybe) } else { found.truth };
            found.bad = untold && !self.case.registry.implies() && found.truth == Truth::Maybe;
            return found;
        }
        // A person may stand for a Party: by the words of a page, the proposer is often its contact.
        let employers = day.day().map(|day| people::employers(self.case, id, day));
        let Some(employers) = employers else {
            found.truth = Truth::Maybe;
            return found;
        };
        let mut truth = if employers.open { Truth::Maybe } else { Truth::No };
        for employer in &employers.all {
            found.marks.push(Mark::new(employer.file, employer.span, format!("employed by `{}`", employer.id)));
            let may = self.may(employer.id, day, terms, designated, &mut found.marks);
            let may = if self.case.registry.actor(employer.id).is_none() { may.or(Truth::Maybe) } else { may };
            truth = truth.or(if employer.certain { may } else { may.min(Truth::Maybe) });
        }
        if asked {
            found.steps.extend(people::employer_steps(id, &employers, day));
        }
        found.marks.extend(employers.missing);
        found.bad = employers.bad;
        found.truth = found.truth.or(truth);
        found
    }

    fn may(&self, id: &str, day: When, terms: &Terms, designated: &Designated, marks: &mut Vec<Mark>) -> Truth {
        if is_listed(id, terms) {
            return Truth::Yes;
        }
        let party = self.case.registry.find(RecordKind::Party, id);
        let party = party.map_or(Truth::No, |record| {
            marks.push(Mark::new(record.file, record.head(), format!("`{id}`")));
            record.party().map_or(Truth::Maybe, |party| is_party(party, day))
        });
        if party == Truth::Yes {
            return Truth::Yes;
        }
        let (truth, mark) = designated.holds(id, day);
        marks.extend(mark);
        party.or(truth)
    }
}

fn is_listed(id: &str, terms: &Terms) -> bool {
    terms.may.known().is_some_and(|may| may.has(id))
}
