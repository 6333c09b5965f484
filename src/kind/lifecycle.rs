//! Kind `lifecycle`: the stages through which a modification goes, or what instruments do to a
//! provision one after another: which moves are allowed, by whom, and in which order of days.

mod effects;
mod prove;
mod say;
mod track;
mod walk;

use std::collections::BTreeMap;

use self::{
    track::Tracks,
    walk::{Allowed, Regime, World},
};
use super::{Case, Due, Kind, Law, Proofreader, Said, Says, Segment, Slots, people};
use crate::{
    day::{Day, When},
    decode::{Fact, List, Map, Text, meant, table, words},
    finding::{Clause, Mark, Outcome},
    record::{Kind as RecordKind, Record, instrument::Does},
    rulebook::{
        code::Code,
        mutant::{Mutator, Offering},
        proofread::KindWord,
        prove::{Flaw, Proving},
        raw::Words,
        rule::BasisWord,
        select,
    },
    text::Span,
};

/// The kind.
#[derive(Debug)]
pub struct Lifecycle;

table! {
    /// What a lifecycle is about.
    pub struct About {
        /// The kind of records: those with steps, or the instruments, whose effects are steps of the provision.
        of: Fact<KindWord> = "of" (required),
        /// Which of them.
        selects: Map<Words> = "where",
        /// Events that show a stage reached without being a step of it, by stage.
        shown_by: Map<Text> = "shown-by",
    }
}

words! {
    /// By which rows a record is judged that had begun when the rows changed.
    pub enum InFlight {
        /// By those of its first day.
        Keep = "keep",
        /// By those of the day of each step.
        Switch = "switch",
        /// Nobody knows: by both.
        Either = "either",
    }
}

table! {
    /// The allowed moves.
    pub struct Terms {
        /// The moves.
        moves: List<Move> = "moves" (required),
        /// The stages after which nothing comes.
        ends: Fact<Words> = "final",
        /// By which rows a record is judged that had begun when they changed; `keep` where left out.
        in_flight: Fact<InFlight> = "in-flight",
        /// The stage that comes by itself when the `until` of what stands has passed.
        lapse: Fact<Text> = "lapse",
        /// Final stages that an event undoes: the record is again where it was before, by stage.
        taken_up: Map<Text> = "taken-up",
        /// Stages in which it only waits: what comes next is judged as from the stage before.
        pauses: Fact<Words> = "pauses",
    }
}

table! {
    /// One row of moves: from any of some stages to any of others.
    pub struct Move {
        /// From where: stages, `start`, or `any` for every stage that is not final.
        from: Fact<Words> = "from" (required),
        /// To where.
        to: Fact<Words> = "to" (required),
        /// The facts that it takes, each with the values that will do.
        when: Map<Words> = "when",
        /// Who may decide it; anybody where left out.
        by: Fact<Words> = "by",
        /// The clause of this row.
        clause: Fact<Text> = "clause",
        /// Where this row is taken from.
        source: List<Text> = "source",
        /// How well this row is evidenced.
        basis: Fact<BasisWord> = "basis",
        /// The first day of this row alone.
        since: Fact<When> = "since",
        /// The first day after, of this row alone.
        until: Fact<When> = "until",
    }
}

impl Move {
    /// The days of this row alone, half-open.
    fn days(&self) -> (Day, Day) {
        let from = self.since.when().and_then(When::day).unwrap_or(Day::EARLIEST);
        (from, self.until.when().and_then(When::day).unwrap_or(Day::LATEST))
    }
}

impl Kind for Lifecycle {
    const NAME: &'static str = "lifecycle";
    const DOC: &'static str = include_str!("../../docs/kinds/lifecycle.md");
    type About = About;
    type Terms = Terms;
    type Prepared<'c> = Tracks<'c>;

    fn looked_for(law: &Law<'_, Self>, record: &Record, case: &Case<'_>) -> Vec<String> {
        let mut steps = vec![format!("no stage of {} has certainly been reached by {}", people::name(record), case.on)];
        let entries = record.modification().map(|one| one.step.iter()).into_iter().flatten();
        steps.extend(entries.take(20).map(|step| {
            let day = step.on.when().map_or("a day that is not recorded".to_owned(), |when| when.to_string());
            format!("`{}` on {day}", crate::record::word_of(&step.to))
        }));
        let about = &law.about.shown_by;
        steps.extend(about.iter().map(|(stage, _, event)| format!("`{event}` would show the stage `{stage}`")));
        steps
    }

    const MUTATORS: &'static [Mutator] = &[
        Mutator::Drop("moves.*"),
        Mutator::Without("moves.*.by"),
        Mutator::Without("moves.*.when"),
        Mutator::Shift("moves.*.since"),
        Mutator::Shift("moves.*.until"),
        Mutator::Drop("final.*"),
        Mutator::Add("final", stages_offered),
        Mutator::Swap("in-flight", &["keep", "switch", "either"]),
        Mutator::Without("lapse"),
        Mutator::Without("taken-up"),
        Mutator::Drop("pauses.*"),
    ];

    fn proofread(about: &About, terms: &Terms, proof: &mut Proofreader<'_>) {
        let Some(kind) = about.of.known().map(|word| word.0) else { return };
        if !matches!(kind, RecordKind::Modification | RecordKind::Instrument) {
            let message = format!("{kind} have no stages; a lifecycle is about modifications or instruments");
            proof.reader.report("record-word", about.of.span, message, "no stages", None);
            return;
        }
        select::proofread(kind, &about.selects, proof);
        let stages = stages(kind, proof.code);
        for (stage, span, event) in about.shown_by.iter() {
            check_word(stage, span, &stages, &[], "stage", proof);
            select::proofread_event(kind, event, span, proof);
        }
        for row in terms.moves.iter() {
            check_words(&row.from, &stages, &["start", "any"], "stage", proof);
            check_words(&row.to, &stages, &[], "stage", proof);
            let actors: Vec<String> =
                ["bodies", "actors"].iter().flat_map(|heading| proof.code.words(heading)).map(Into::into).collect();
            check_words(&row.by, &actors, &[], "body or actor", proof);
            for (fact, span, words) in row.when.iter() {
                let Some(fact) = select::proofread_fact(kind, fact, span, proof) else { continue };
                for (word, span) in &words.0 {
                    select::proofread_fact_word(fact, word, *span, proof);
                }
            }
        }
        check_words(&terms.ends, &stages, &[], "stage", proof);
        check_words(&terms.pauses, &stages, &[], "stage", proof);
        for (stage, span, event) in terms.taken_up.iter() {
            check_word(stage, span, &stages, &[], "stage", proof);
            select::proofread_event(kind, event, span, proof);
        }
        if let Some(lapse) = terms.lapse.text() {
            check_word(lapse, terms.lapse.span, &stages, &[], "stage", proof);
        }
    }

    fn prepare<'c>(about: &About, case: &Case<'c>) -> Tracks<'c> {
        Tracks::of(about, case)
    }

    fn subjects(about: &About, case: &Case<'_>) -> Vec<u32> {
        let Some(kind) = about.of.known().map(|word| word.0) else { return Vec::new() };
        select::positions(kind, &about.selects, case)
    }

    fn judge<'c>(
        law: &Law<'_, Self>,
        tracks: &Tracks<'c>,
        record: &Record,
        at: u32,
        case: &Case<'c>,
        slots: &mut Slots,
    ) {
        if !select::selected(record, &law.about.selects, case, case.on).possible() {
            let message = format!("{}: not one of those that the rule is about", people::name(record));
            let steps = || people::not_selected(record, &law.about.selects, case.on.untracked());
            return slots.skip(|| Said::new("", Outcome::NotApplicable, message).steps(steps()));
        }
        tracks.judge(law, record, at, case, slots);
    }

    fn prove(about: &About, terms: &Terms, proving: &Proving<'_>) -> Vec<Flaw> {
        prove::flaws(about, terms, proving)
    }

    fn due<'c>(
        law: &Law<'_, Self>,
        tracks: &Tracks<'c>,
        record: &Record,
        at: u32,
        case: &Case<'c>,
        found: &mut Vec<Due>,
    ) {
        track::planned(law, record, case, found);
        tracks.ends(law, record, at, case, found);
    }

    fn english(_: &About, terms: &Terms, code: &Code) -> String {
        let list = |words: Option<&Words>, last: &str| {
            let named = words.map(|words| words.iter().map(|word| code.name(word).to_owned()).collect::<Vec<_>>());
            named.unwrap_or_default().join(last)
        };
        let mut parts = Vec::new();
        for row in terms.moves.iter() {
            let by = row.by.known().map_or(String::new(), |by| format!(", by {}", list(Some(by), " or ")));
            let when: Vec<String> =
                row.when.iter().map(|(fact, _, words)| format!("{fact} is {}", list(Some(words), " or "))).collect();
            let when = if when.is_empty() { String::new() } else { format!(", where {}", when.join(" and ")) };
            let (since, until) = (row.since.when(), row.until.when());
            let since = since.map_or(String::new(), |day| format!(", from {day} on"));
            let until = until.map_or(String::new(), |day| format!(", before {day}"));
            let (from, to) = (list(row.from.known(), " or "), list(row.to.known(), " or "));
            parts.push(format!("from {from} to {to}{by}{when}{since}{until}"));
        }
        let ends = list(terms.ends.known(), " or ");
        let ends = if ends.is_empty() { String::new() } else { format!(" Nothing comes after {ends}.") };
        let lapse = terms.lapse.text().map_or(String::new(), |lapse| {
            format!(" What has an end comes to {} by itself on that day.", code.name(lapse))
        });
        let back = |(stage, _, event): (&str, Span, &Text)| {
            format!(" What was {} goes on from where it was, once `{event}`.", code.name(stage))
        };
        let taken_up: String = terms.taken_up.iter().map(back).collect();
        let pauses = list(terms.pauses.known(), " or ");
        let pauses = if pauses.is_empty() {
            String::new()
        } else {
            format!(" What comes after {pauses} is judged as from the stage before that.")
        };
        format!("The moves are: {}.{ends}{lapse}{taken_up}{pauses}", parts.join("; "))
    }
}

/// The words of stages: the code's, or what an instrument can do.
fn stages(kind: RecordKind, code: &Code) -> Vec<String> {
    match kind {
        RecordKind::Instrument => Does::WORDS.iter().map(|(word, _)| (*word).to_owned()).collect(),
        _ => code.words("stages").map(Into::into).collect(),
    }
}

/// The stages that could be final.
fn stages_offered(offering: &Offering<'_>) -> Vec<String> {
    let kind = RecordKind::of_folder(offering.about("of")).unwrap_or(RecordKind::Modification);
    stages(kind, offering.code)
}

/// The values that a fact can have; none where any word will do.
fn values_of(kind: RecordKind, name: &str, code: &Code) -> Vec<String> {
    let fact = kind.facts().into_iter().find(|one| one.name == name);
    fact.and_then(|fact| select::fact_words(fact, code)).unwrap_or_default()
}

fn check_words(fact: &Fact<Words>, known: &[String], also: &[&str], what: &str, proof: &mut Proofreader<'_>) {
    for (word, span) in fact.known().iter().flat_map(|words| words.0.iter()) {
        check_word(word, *span, known, also, what, proof);
    }
}

fn check_word(word: &str, span: Span, known: &[String], also: &[&str], what: &str, proof: &mut Proofreader<'_>) {
    if known.iter().any(|one| one == word) || also.contains(&word) {
        return;
    }
    let names = || known.iter().map(String::as_str).chain(also.iter().copied());
    let label = meant(word, names(), "not known");
    let help = format!("they are {}", names().collect::<Vec<_>>().join(", "));
    proof.reader.report("record-word", span, format!("`{word}` is no {what}"), &label, Some(help));
}

/// The most choices of facts that are tried one by one; the facts beyond are left open.
const MOST_CHOICES: usize = 256;

/// The rows that govern a record, by the days on which it may have begun.
struct Rules<'l> {
    /// By the rows of the first day where `in-flight` is `keep` or `either`.
    one: Vec<(When, Regime<'l>)>,
    /// By the rows of each step's day where it is `switch` or `either`.
    other: Vec<(When, Regime<'l>)>,
    /// The two differ in kind.
    either: bool,
    /// The version on the first of the days.
    segment: Option<&'l Segment<Terms>>,
}

impl<'l> Rules<'l> {
    fn of(law: &Law<'l, Lifecycle>, born: When, of_step: bool) -> Self {
        let mut rules = Self { one: Vec::new(), other: Vec::new(), either: false, segment: None };
        for (part, says) in law.over(born) {
            let (segment, terms) = match says {
                Says::Terms(segment, terms) => (segment, Some(terms)),
                Says::Unknown(segment) => (segment, None),
                Says::Nothing(_) => {
                    let whole = vec![(Day::EARLIEST, Day::LATEST)];
                    for side in [&mut rules.one, &mut rules.other] {
                        side.push((part, Regime { silent: whole.clone(), ..Regime::default() }));
                    }
                    continue;
                }
            };
            rules.segment.get_or_insert(segment);
            let word = terms.and_then(|terms| terms.in_flight.known().copied()).unwrap_or(InFlight::Keep);
            let word = if of_step { InFlight::Switch } else { word };
            let kept = |side: &mut Vec<(When, Regime<'l>)>| match terms {
                Some(terms) => side.extend(kept(part, segment, terms)),
                None => side.push((part, unknown())),
            };
            match word {
                InFlight::Keep => {
                    kept(&mut rules.one);
                    kept(&mut rules.other);
                }
                InFlight::Switch => {
                    rules.one.push((part, switched(law)));
                    rules.other.push((part, switched(law)));
                }
                InFlight::Either => {
                    kept(&mut rules.one);
                    rules.other.push((part, switched(law)));
                    rules.either = true;
                }
            }
        }
        rules
    }
}

fn unknown<'l>() -> Regime<'l> {
    Regime { unknown: vec![(Day::EARLIEST, Day::LATEST)], ..Regime::default() }
}

/// By the rows of the first day: each part of it that the same rows govern.
fn kept<'l>(part: When, segment: &'l Segment<Terms>, terms: &'l Terms) -> Vec<(When, Regime<'l>)> {
    let mut cuts: Vec<Day> = terms.moves.iter().flat_map(|row| <[Day; 2]>::from(row.days())).collect();
    cuts.retain(|cut| part.first < *cut && *cut <= part.last);
    cuts.push(part.first);
    cuts.sort_unstable();
    cuts.dedup();
    let ends = cuts.iter().skip(1).map(|next| next.plus_days(-1)).chain([part.last]);
    let regime = |day: Day| {
        let rows = terms.moves.iter().filter(|row| row.days().0 <= day && day < row.days().1);
        let whole = (Day::EARLIEST, Day::LATEST);
        let rows = rows.map(|row| Allowed { row, terms, segment, from: whole.0, until: whole.1 });
        Regime { rows: rows.collect(), lapse: terms.lapse.text(), ..Regime::default() }
    };
    cuts.iter().zip(ends).map(|(first, last)| (When::between(*first, last), regime(*first))).collect()
}

/// By the rows of the day of each step.
fn switched<'l>(law: &Law<'l, Lifecycle>) -> Regime<'l> {
    let mut regime = Regime::default();
    for (part, says) in law.over(When::UNKNOWN) {
        let days = (part.first, if part.last.is_finite() { part.last.plus_days(1) } else { part.last });
        match says {
            Says::Nothing(_) => regime.silent.push(days),
            Says::Unknown(_) => regime.unknown.push(days),
            Says::Terms(segment, terms) => {
                regime.lapse = regime.lapse.or(terms.lapse.text());
                for row in terms.moves.iter() {
                    let (from, until) = row.days();
                    let (from, until) = (from.max(days.0), until.min(days.1));
                    if from < until {
                        regime.rows.push(Allowed { row, terms, segment, from, until });
                    }
                }
            }
        }
    }
    regime
}

/// Every choice of the facts that are not recorded and that a row asks for, for every part of the
/// days of birth.
fn worlds<'r, 'l>(
    parts: &'r [(When, Regime<'l>)],
    recorded: &BTreeMap<&str, String>,
    kind: RecordKind,
    code: &Code,
) -> Vec<World<'r, 'l>> {
    let mut all = Vec::new();
    for (born, regime) in parts {
        let mut open: BTreeMap<&'l str, Vec<String>> = BTreeMap::new();
        for row in &regime.rows {
            for (fact, _, words) in row.row.when.iter().filter(|(fact, _, _)| !recorded.contains_key(fact)) {
                let values = values_of(kind, fact, code);
                let known = if values.is_empty() { vec![String::new()] } else { values };
                let entry = open.entry(fact).or_insert(known);
                for word in words.iter().filter(|word| !entry.iter().any(|one| one == word)).collect::<Vec<_>>() {
                    entry.push(word.to_owned());
                }
            }
        }
        let mut choices: Vec<BTreeMap<&'l str, String>> = vec![BTreeMap::new()];
        for (fact, values) in open {
            if choices.len().saturating_mul(values.len()) > MOST_CHOICES {
                continue;
            }
            let with = |one: &BTreeMap<&'l str, String>, value: &String| {
                let mut made = one.clone();
                made.insert(fact, value.clone());
                made
            };
            choices = choices.iter().flat_map(|one| values.iter().map(move |value| with(one, value))).collect();
        }
        all.extend(choices.into_iter().map(|facts| World { born: *born, regime, facts }));
    }
    all
}

/// The clause of a row, where it has one of its own.
fn clause_of(row: &Move) -> Option<Clause> {
    row.clause.text().map(Clause::parse)
}

/// Where a row stands.
fn row_mark(law: &Law<'_, Lifecycle>, row: &Allowed<'_>, label: &str) -> Mark {
    row.segment.mark(law.file, "moves", row.row.span, label)
}
