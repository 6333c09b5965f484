//! The kinds of rules. One file a kind, each with the same shape: what a rule of it is about, the
//! parameters of a version, the judgement, the English.
//!
//! A judgement is a pure function of records, parameters and a day. It says one of six outcomes for
//! each slot of a subject; what happens to them (readings, evidence, derogations) is the engine's.

pub mod agreement;
pub mod at_most_per_group;
pub mod composition;
pub mod decision_table;
pub mod eligibility;
pub mod history;
pub mod lifecycle;
pub mod obligation;
pub mod quorum;
pub mod sequence;
pub mod term;
pub mod window;

pub mod due;
mod line;
mod people;
mod slots;
mod voting;

use std::{
    any::Any,
    collections::{BTreeMap, BTreeSet},
    marker::PhantomData,
    ops::Deref,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use rayon::prelude::*;

pub use self::{
    due::{Due, Nature},
    sequence::{Asked, Next},
    slots::{Cure, Edit, Said, Slots},
};
use crate::{
    calendar::{Calendars, WorkingDays},
    day::{Day, Today, When},
    decode::{Key, Reader, Table, Text},
    finding::{Basis, Clause, Mark, Outcome},
    history::Step,
    record::Record,
    registry::{
        Registry,
        affiliates::Affiliates,
        seen::{Reach, Read, Reads, Seen},
    },
    rulebook::{
        code::Code,
        mutant::Mutator,
        prove::{Flaw, Proving},
        rule::Rule,
    },
    text::{FileId, Span},
};

/// Every kind of rule that this version of the tool judges.
pub static KINDS: &[&dyn KindDef] = &[
    &Def::<agreement::Agreement>(PhantomData),
    &Def::<at_most_per_group::AtMostPerGroup>(PhantomData),
    &Def::<composition::Composition>(PhantomData),
    &Def::<decision_table::DecisionTable>(PhantomData),
    &Def::<eligibility::Eligibility>(PhantomData),
    &Def::<history::History>(PhantomData),
    &Def::<lifecycle::Lifecycle>(PhantomData),
    &Def::<obligation::Obligation>(PhantomData),
    &Def::<quorum::Quorum>(PhantomData),
    &Def::<sequence::Sequence>(PhantomData),
    &Def::<term::Term>(PhantomData),
    &Def::<window::Window>(PhantomData),
];

/// The kinds that later versions of the tool will judge; a rule of one is refused by name.
pub const TO_COME: &[&str] = &[];

/// What all judgements of one tree share: its records and words, and what is worked out of them once.
#[derive(Debug)]
pub struct Shared<'a> {
    /// The records.
    pub registry: &'a Registry,
    /// The code's words.
    pub code: &'a Code,
    /// The bank holidays.
    pub calendars: &'a Calendars,
    known: Known,
}

/// What was worked out of the records and calendars of a tree. It holds for another tree as well, as far
/// as nothing changed that it rests on.
#[derive(Debug, Default)]
pub struct Known {
    affiliates: Mutex<BTreeMap<Day, Arc<Affiliates>>>,
    /// The records that tell of affiliations, and the days on which who is an Affiliate of whom may change,
    /// sorted.
    affiliated: OnceLock<(Vec<u32>, Vec<Day>)>,
    reported_seats: Mutex<BTreeMap<Box<str>, bool>>,
    /// What that rests on, where somebody wants to know: of each body worked out since it was last asked.
    seat_reads: Mutex<Vec<(Box<str>, Vec<Read>)>>,
    working: Mutex<BTreeMap<Vec<Text>, Working>>,
}

impl Known {
    /// Forgets who is an Affiliate of whom from a day on.
    pub fn forget_affiliates(&mut self, from: Day) {
        self.affiliates.get_mut().unwrap_or_else(PoisonError::into_inner).retain(|day, _| *day < from);
        self.affiliated = OnceLock::new();
    }

    /// Takes out what it rests on whether something was reported of a body's seats, of each body for
    /// which that was worked out.
    pub fn take_seats(&mut self) -> Vec<(Box<str>, Vec<Read>)> {
        std::mem::take(self.seat_reads.get_mut().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The Working Days of some calendars, as known at each time.
#[derive(Debug)]
struct Working {
    /// The days on which a bank holiday became known, or was moved; sorted.
    turns: Vec<Day>,
    known: BTreeMap<Day, Arc<WorkingDays>>,
}

/// The last of some sorted days that has come; [`Day::EARLIEST`] where none has.
fn last_turn(turns: &[Day], today: Today<'_>) -> Day {
    let come = turns.partition_point(|turn| *turn <= today);
    come.checked_sub(1).and_then(|at| turns.get(at)).copied().unwrap_or(Day::EARLIEST)
}

/// All that a judgement may look at: what it shares with others, its records, and its day.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    shared: &'a Shared<'a>,
    /// The day judged.
    pub on: Today<'a>,
    /// The records.
    pub registry: Seen<'a>,
    of_rule: (Today<'a>, Seen<'a>),
}

impl<'a> Deref for Case<'a> {
    type Target = Shared<'a>;

    fn deref(&self) -> &Shared<'a> {
        self.shared
    }
}

impl<'a> Shared<'a> {
    /// What the judgements of a tree share.
    pub fn new(registry: &'a Registry, code: &'a Code, calendars: &'a Calendars) -> Self {
        Self::knowing(registry, code, calendars, Known::default())
    }

    /// The same, with what is known already.
    pub fn knowing(registry: &'a Registry, code: &'a Code, calendars: &'a Calendars, known: Known) -> Self {
        Self { registry, code, calendars, known }
    }

    /// What is known by now.
    pub fn into_known(self) -> Known {
        self.known
    }

    /// Forgets whether something was reported of a body's seats, and says what was known of it.
    pub fn forget_seats(&self, body: &str) -> Option<bool> {
        self.known.reported_seats.lock().unwrap_or_else(PoisonError::into_inner).remove(body)
    }

    /// Who was an Affiliate of whom on a day. Between two days on which that may change it is worked
    /// out once.
    pub fn affiliates<'t>(&self, day: impl Into<Today<'t>>) -> Arc<Affiliates> {
        let (told_by, turns) = self.known.affiliated.get_or_init(|| {
            let told_by = Affiliates::told_by(self.registry);
            let turns = Affiliates::turns(self.registry, &told_by);
            (told_by, turns)
        });
        let since = last_turn(turns, day.into());
        let mut known = self.known.affiliates.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(since).or_insert_with(|| Arc::new(Affiliates::on(self.registry, told_by, since))))
    }
}

impl<'a> Case<'a> {
    /// A day to be judged.
    pub fn new(shared: &'a Shared<'a>, on: impl Into<Today<'a>>) -> Self {
        let (on, registry) = (on.into(), Seen::new(shared.registry));
        Self { shared, on, registry, of_rule: (on, registry) }
    }

    /// A day to be judged by one rule, and how far what is worked out for all records reaches.
    pub fn reaching(shared: &'a Shared<'a>, on: Day, reach: &'a Reach) -> Self {
        let on = Today::from(on).seen_from(&reach.horizon);
        let registry = Seen::new(shared.registry).seen_from(reach.reads.as_ref()).noting(reach.kinds.as_ref());
        Self { shared, on, registry, of_rule: (on, registry) }
    }

    /// The same for what is worked out once for all records of a rule, be it while one of them is
    /// judged: how far that reaches concerns all.
    #[must_use]
    pub fn of_rule(&self) -> Self {
        let (on, registry) = self.of_rule;
        Self { on, registry, ..*self }
    }

    /// The same, and how far what is judged reaches.
    #[must_use]
    pub fn seen_from(&self, reach: &'a Reach) -> Self {
        let (on, registry) = (self.on.seen_from(&reach.horizon), self.registry.seen_from(reach.reads.as_ref()));
        Self { on, registry, ..*self }
    }

    /// The record at a position.
    pub fn record(&self, at: u32) -> Option<&'a Record> {
        self.registry.at(at)
    }

    /// Who was an Affiliate of whom on a day.
    pub fn affiliates<'t>(&self, day: impl Into<Today<'t>>) -> Arc<Affiliates> {
        self.registry.reads(|| Read::Affiliates);
        self.shared.affiliates(day)
    }

    /// Whether something was reported of a seat of a body, or of its records of holders, so that who
    /// held which of its seats cannot be told from them.
    pub fn seats_are_bad(&self, body: &str) -> bool {
        self.registry.reads(|| Read::Seats(body.into()));
        let mut known = self.known.reported_seats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bad) = known.get(body) {
            return *bad;
        }
        let reads = self.registry.is_tracked().then(Reads::default);
        let case = Case { registry: self.registry.seen_from(reads.as_ref()), ..*self };
        let bad = people::seats_are_bad(&case, body);
        known.insert(body.into(), bad);
        if let Some(reads) = reads {
            let mut all = self.known.seat_reads.lock().unwrap_or_else(PoisonError::into_inner);
            all.push((body.into(), reads.into_sorted()));
        }
        bad
    }

    /// The Working Days of some calendars, as known on the day judged; of the code's default
    /// calendars where none is named.
    pub fn working_days(&self, calendar: &[Text]) -> Arc<WorkingDays> {
        let names = if calendar.is_empty() { self.code.calendar() } else { calendar.to_vec() };
        let mut all = self.known.working.lock().unwrap_or_else(PoisonError::into_inner);
        let working = all.entry(names.clone()).or_insert_with_key(|names| Working {
            turns: self.calendars.turns(names.iter().map(AsRef::as_ref)),
            known: BTreeMap::new(),
        });
        let since = last_turn(&working.turns, self.on);
        let made = working
            .known
            .entry(since)
            .or_insert_with(|| Arc::new(self.calendars.working_days(names.iter().map(AsRef::as_ref), since)));
        Arc::clone(made)
    }
}

/// What a rule of a kind looks like while its file is read.
#[derive(Debug)]
pub struct Proofreader<'a> {
    /// The reader of the file, for problems.
    pub reader: &'a mut Reader,
    /// The code's words.
    pub code: &'a Code,
    /// The bank holidays.
    pub calendars: &'a Calendars,
}

/// What was worked out once for all records of a rule, put by.
pub type PutBy = Box<dyn Any + Send + Sync>;

/// A kind of rule.
pub trait Kind: Send + Sync + Sized + 'static {
    /// Its name.
    const NAME: &'static str;
    /// Its page of the manual.
    const DOC: &'static str;
    /// What a rule of it is about.
    type About: Table + Send + Sync + 'static;
    /// The parameters of one version.
    type Terms: Table + Send + Sync + 'static;

    /// Reports what cannot be so, beyond types, keys and words.
    fn proofread(about: &Self::About, terms: &Self::Terms, proof: &mut Proofreader<'_>);

    /// The positions of the records that the rule judges.
    fn subjects(about: &Self::About, case: &Case<'_>) -> Vec<u32>;

    /// What is worked out once for all records of a rule.
    type Prepared<'c>: Send + Sync;

    /// Works it out.
    fn prepare<'c>(about: &Self::About, case: &Case<'c>) -> Self::Prepared<'c>;

    /// Puts it by, where it can be used again for as long as nothing changes that it rests on.
    fn put_by(_prepared: Self::Prepared<'_>) -> Option<PutBy> {
        None
    }

    /// What was put by.
    fn again<'c>(_kept: &PutBy) -> Option<&Self::Prepared<'c>> {
        None
    }

    /// Judges one record.
    fn judge<'c>(
        law: &Law<'_, Self>,
        prepared: &Self::Prepared<'c>,
        record: &Record,
        at: u32,
        case: &Case<'c>,
        slots: &mut Slots,
    );

    /// Whether it judges commits, and no records.
    const JUDGES_COMMITS: bool = false;

    /// Judges what a commit did, for a kind that judges commits: what is said of each subject.
    fn commit(_law: &Law<'_, Self>, _step: &Step, _case: &Case<'_>, _explain: bool) -> BTreeMap<String, Slots> {
        BTreeMap::new()
    }

    /// Whether what is worked out once for all records may be otherwise after one of those that it rests
    /// on says something else.
    fn alters(_about: &Self::About, _was: &Record, _now: &Record) -> bool {
        true
    }

    /// What was looked for in a record that turned out to have nothing to judge, a step a line. Asked
    /// only where somebody wants the derivation.
    fn looked_for(law: &Law<'_, Self>, record: &Record, case: &Case<'_>) -> Vec<String>;

    /// The body whose existence the rule rests on, where it is about one.
    fn body(_about: &Self::About) -> Option<&str> {
        None
    }

    /// The slips that a drafter could make in a rule of this kind: what `rules test --mutants` tries.
    const MUTATORS: &'static [Mutator] = &[];

    /// Whether two versions mean the same though they are written otherwise: a mutant that no record
    /// can tell from its rule is none.
    fn alike(_about: &Self::About, _one: &Self::Terms, _other: &Self::Terms, _code: &Code) -> bool {
        false
    }

    /// What the parameters of one version contradict in themselves, each with the smallest
    /// counterexample.
    fn prove(_about: &Self::About, _terms: &Self::Terms, _proving: &Proving<'_>) -> Vec<Flaw> {
        Vec::new()
    }

    /// What must happen to a record, and by when, so that it goes on keeping the rule.
    fn due<'c>(
        _law: &Law<'_, Self>,
        _prepared: &Self::Prepared<'c>,
        _record: &Record,
        _at: u32,
        _case: &Case<'c>,
        _found: &mut Vec<Due>,
    ) {
    }

    /// The number of a record that is being written, where the rule numbers such records.
    fn next(_law: &Law<'_, Self>, _prepared: &Self::Prepared<'_>, _asked: Asked, _case: &Case<'_>) -> Option<Next> {
        None
    }

    /// The rule in English.
    fn english(about: &Self::About, terms: &Self::Terms, code: &Code) -> String;
}

/// What held in a part of time: one version, as varied.
#[derive(Debug)]
pub struct Segment<T> {
    /// The first day.
    pub from: Day,
    /// The first day after.
    pub until: Day,
    /// The version's number in its file, from 0.
    pub version: usize,
    /// The parameters: as they stand, then one for each reading. Nothing where nobody knows them.
    pub terms: Vec<T>,
    /// The names of the readings, in the same order, without the first.
    pub readings: Vec<Text>,
    /// The weakest evidence of the version and of the variations in force.
    pub basis: Basis,
    /// The keys of the sources.
    pub source: Vec<Text>,
    /// The variation that sets the rule aside.
    pub suspended_by: Option<Box<str>>,
    /// The variations in force.
    pub varied_by: Vec<Box<str>>,
    /// Where the version stands, then where the effects of variations do.
    pub marks: Vec<Mark>,
    /// The file of each parameter that a variation replaced.
    pub replaced: Vec<(Box<str>, FileId)>,
}

impl<T> Segment<T> {
    /// A mark at a parameter: in the rule's file, or in that of the variation that set it.
    pub fn mark(&self, rule_file: FileId, key: &str, span: Span, label: impl Into<String>) -> Mark {
        let file = self.replaced.iter().find(|(name, _)| name.as_ref() == key).map_or(rule_file, |(_, file)| *file);
        Mark::new(file, span, label)
    }
}

/// A rule as it stands on the day judged, under one reading of its words.
#[derive(Debug)]
pub struct Law<'l, K: Kind> {
    /// The rule's file.
    pub file: FileId,
    /// What it is about.
    pub about: &'l K::About,
    /// Its clause.
    pub clause: &'l Clause,
    segments: &'l [Segment<K::Terms>],
    reading: usize,
}

/// What the rule says on a day.
pub enum Says<'l, T> {
    /// Nothing: there was no such rule, or it was set aside.
    Nothing(Option<&'l str>),
    /// Nobody knows what.
    Unknown(&'l Segment<T>),
    /// This.
    Terms(&'l Segment<T>, &'l T),
}

impl<'l, K: Kind> Law<'l, K> {
    /// What the rule says on a day: the one function that every judgement asks.
    pub fn on<'t>(&self, day: impl Into<Today<'t>>) -> Says<'l, K::Terms> {
        let day = day.into();
        let at = self.segments.partition_point(|segment| segment.until <= day);
        match self.segments.get(at) {
            Some(segment) if segment.from <= day => self.says(segment),
            _ => Says::Nothing(None),
        }
    }

    /// What the rule says over a span of days: each part of it that one version rules.
    pub fn over(&self, when: When) -> Vec<(When, Says<'l, K::Terms>)> {
        let mut parts = Vec::new();
        let mut next = when.first;
        for segment in self.segments {
            if segment.until <= next || segment.from > when.last {
                continue;
            }
            if segment.from > next {
                parts.push((When::between(next, segment.from.plus_days(-1)), Says::Nothing(None)));
                next = segment.from;
            }
            let last = if segment.until == Day::LATEST { Day::LATEST } else { segment.until.plus_days(-1) };
            let last = last.min(when.last);
            parts.push((When::between(next, last), self.says(segment)));
            next = last.plus_days(1);
            if last >= when.last {
                return parts;
            }
        }
        if next <= when.last {
            parts.push((When::between(next, when.last), Says::Nothing(None)));
        }
        parts
    }

    /// What the rule will say, as far as is known: each part of time that begins after a day.
    pub fn after<'t>(&self, day: Today<'t>) -> impl Iterator<Item = (Day, Says<'l, K::Terms>)> {
        self.segments.iter().filter(move |segment| segment.from > day).map(|segment| (segment.from, self.says(segment)))
    }

    /// Why the rule says nothing on a day: the days on which it says something, or the variation that
    /// sets it aside.
    fn silence(&self, day: Day) -> Vec<String> {
        let within = |one: &Segment<K::Terms>| one.from <= day && day < one.until;
        let set_aside =
            self.segments.iter().find(|one| within(one)).and_then(|one| Some((one, one.suspended_by.as_ref()?)));
        if let Some((one, variation)) = set_aside {
            return vec![format!("the variation `{variation}` sets the rule aside {}", period(one.from, one.until))];
        }
        let mut spans: Vec<(Day, Day)> = Vec::new();
        for one in self.segments.iter().filter(|one| one.suspended_by.is_none()) {
            match spans.last_mut().filter(|(_, until)| *until == one.from) {
                Some((_, until)) => *until = one.until,
                None => spans.push((one.from, one.until)),
            }
        }
        let spans: Vec<String> = spans.into_iter().map(|(from, until)| period(from, until)).collect();
        let days = if spans.is_empty() { "on no day".to_owned() } else { spans.join(", ") };
        vec![format!("the rule is in force {days}"), format!("the day asked for, {day}, is not among them")]
    }

    fn says(&self, segment: &'l Segment<K::Terms>) -> Says<'l, K::Terms> {
        if let Some(variation) = &segment.suspended_by {
            return Says::Nothing(Some(variation));
        }
        match segment.terms.get(self.reading).or_else(|| segment.terms.first()) {
            Some(terms) => Says::Terms(segment, terms),
            None => Says::Unknown(segment),
        }
    }
}

/// A half-open period in words: `from 2016-01-01 up to and including 2016-12-31`.
pub(crate) fn period(from: Day, until: Day) -> String {
    let end = if until.is_finite() { format!("up to and including {}", until.plus_days(-1)) } else { "on".to_owned() };
    if from == Day::EARLIEST { end } else { format!("from {from} {end}") }
}

/// A record that is not there yet on the day judged, and so is not judged.
pub fn not_yet(record: &Record, on: Day) -> Said {
    let name = people::name(record);
    let born = record.born.map_or("later".to_owned(), |day| day.to_string());
    Said::new("", Outcome::NotApplicable, format!("{name}: it is not there yet on {on}"))
        .steps([format!("the first day on which {name} may have been there is {born}, and {on} is judged")])
}

/// A kind, seen without its types.
pub trait KindDef: Send + Sync {
    /// Its name.
    fn name(&self) -> &'static str;
    /// Its page of the manual.
    fn doc(&self) -> &'static str;
    /// The keys of a rule of it, beside those that every rule has.
    fn about_keys(&self) -> &'static [Key];
    /// The keys of a version of it, beside those that every version has.
    fn terms_keys(&self) -> &'static [Key];
    /// Whether it judges commits, and no records.
    fn judges_commits(&self) -> bool;
    /// The slips that a drafter could make in a rule of it.
    fn mutators(&self) -> &'static [Mutator];
    /// Reads what a rule is about, from its file's root table.
    fn read_about(&self, reader: &mut Reader, table: &toml::de::DeTable<'_>, span: Span) -> Box<dyn RuleAbout>;
}

/// What a rule is about, seen without its types.
pub trait RuleAbout: Send + Sync {
    /// Reads the parameters of a version and reports what is wrong with them; unknown keys only
    /// where `strict` says so.
    fn proofread(&self, table: &toml::de::DeTable<'_>, span: Span, strict: bool, proof: &mut Proofreader<'_>);
    /// What the parameters of a sound version contradict in themselves.
    fn prove(&self, table: &toml::de::DeTable<'_>, span: Span, proving: &Proving<'_>) -> Vec<Flaw>;
    /// Whether two tables of parameters mean the same though they are written otherwise.
    fn alike(&self, one: &toml::de::DeTable<'_>, other: &toml::de::DeTable<'_>, code: &Code) -> bool;
    /// Puts the rule in force: `segments` are the parts of time, each with the tables of its
    /// parameters.
    fn enact(&self, segments: Vec<(Segment<()>, Vec<toml::de::DeTable<'_>>)>) -> Box<dyn Enacted>;
    /// The body that the rule is about.
    fn body(&self) -> Option<&str>;
    /// Shows the words and references in what the rule is about.
    fn visit(&self, visit: &mut dyn crate::decode::Visit);
}

/// A rule in force, seen without its types.
pub trait Enacted: Send + Sync {
    /// The positions of the records that it judges.
    fn subjects(&self, case: &Case<'_>) -> Vec<u32>;
    /// Judges records under each reading; the first is the words as they stand. Gives, for each
    /// record, what was said under each reading, and keeps in its horizon how long that holds as far
    /// as it rests on the record itself.
    fn judge<'c>(&self, rule: &Rule, subjects: &[(u32, &'c Reach)], case: &Case<'c>, explain: bool) -> Vec<Vec<Slots>>;
    /// The same by the words as [`Enacted::judge`] has them, and puts by what was worked out once for all
    /// records, or uses what was put by.
    fn judge_again<'c>(
        &self,
        rule: &Rule,
        subjects: &[(u32, &'c Reach)],
        case: &Case<'c>,
        kept: &mut Option<PutBy>,
    ) -> Vec<Vec<Slots>>;
    /// Whether what is worked out once for all records may be otherwise after one of those that it rests
    /// on says something else.
    fn alters(&self, was: &Record, now: &Record) -> bool;
    /// Judges what a commit did: for each subject, what was said under each reading.
    fn commit(&self, rule: &Rule, step: &Step, case: &Case<'_>, explain: bool) -> Vec<(String, Vec<Slots>)>;
    /// What must happen to these records, and by when, and what each other reading of the words
    /// gives; for each record that owes something, its position with what it owes.
    fn due(&self, rule: &Rule, subjects: &[u32], case: &Case<'_>) -> Vec<(u32, Due)>;
    /// The number of a record that is being written, by the words as they stand.
    fn next(&self, rule: &Rule, asked: Asked, case: &Case<'_>) -> Option<Next>;
    /// How many readings there are beside the words as they stand.
    fn readings(&self) -> usize;
    /// The name of a reading, from 1.
    fn reading(&self, number: usize) -> &str;
    /// Every part of time, in English: from, until, what held, its evidence.
    fn history(&self, code: &Code) -> Vec<Episode>;
}

/// One part of time of a rule, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Episode {
    /// The first day.
    pub from: Day,
    /// The first day after.
    pub until: Day,
    /// What held, in English; nothing where nobody knows.
    pub english: Option<String>,
    /// What it would be under other readings: name and English.
    pub readings: Vec<(Text, String)>,
    /// The weakest evidence.
    pub basis: Basis,
    /// The keys of the sources.
    pub source: Vec<Text>,
    /// The variation that sets the rule aside.
    pub suspended_by: Option<Box<str>>,
    /// The variations in force.
    pub varied_by: Vec<Box<str>>,
}

struct Def<K>(PhantomData<K>);

impl<K: Kind> KindDef for Def<K> {
    fn name(&self) -> &'static str {
        K::NAME
    }

    fn doc(&self) -> &'static str {
        K::DOC
    }

    fn about_keys(&self) -> &'static [Key] {
        K::About::KEYS
    }

    fn terms_keys(&self) -> &'static [Key] {
        K::Terms::KEYS
    }

    fn judges_commits(&self) -> bool {
        K::JUDGES_COMMITS
    }

    fn mutators(&self) -> &'static [Mutator] {
        K::MUTATORS
    }

    fn read_about(&self, reader: &mut Reader, table: &toml::de::DeTable<'_>, span: Span) -> Box<dyn RuleAbout> {
        Box::new(AboutOf::<K>(Arc::new(crate::decode::table::read_rest(reader, table, span))))
    }
}

struct AboutOf<K: Kind>(Arc<K::About>);

impl<K: Kind> RuleAbout for AboutOf<K> {
    fn proofread(&self, table: &toml::de::DeTable<'_>, span: Span, strict: bool, proof: &mut Proofreader<'_>) {
        let read = if strict { crate::decode::table::read_table } else { crate::decode::table::read_rest };
        let terms: K::Terms = read(proof.reader, table, span);
        let mut words = crate::rulebook::proofread::WordCheck { proof };
        terms.visit_fields(&mut words);
        K::proofread(&self.0, &terms, proof);
    }

    fn prove(&self, table: &toml::de::DeTable<'_>, span: Span, proving: &Proving<'_>) -> Vec<Flaw> {
        let mut reader = Reader::new(proving.file).of_rule();
        let terms: K::Terms = crate::decode::table::read_rest(&mut reader, table, span);
        K::prove(&self.0, &terms, proving)
    }

    fn alike(&self, one: &toml::de::DeTable<'_>, other: &toml::de::DeTable<'_>, code: &Code) -> bool {
        let mut reader = Reader::new(FileId(0)).of_rule();
        let mut read = |table| crate::decode::table::read_rest(&mut reader, table, Span::default());
        let (one, other): (K::Terms, K::Terms) = (read(one), read(other));
        K::alike(&self.0, &one, &other, code)
    }

    fn enact(&self, segments: Vec<(Segment<()>, Vec<toml::de::DeTable<'_>>)>) -> Box<dyn Enacted> {
        let typed = |(part, tables): (Segment<()>, Vec<toml::de::DeTable<'_>>)| {
            let span = part.marks.first().map_or(Span::default(), |mark| mark.place.span);
            let file = part.marks.first().map_or(FileId(0), |mark| mark.place.file);
            let mut reader = Reader::new(file).of_rule();
            let read = tables.iter().map(|table| crate::decode::table::read_table(&mut reader, table, span));
            Segment {
                terms: read.collect(),
                from: part.from,
                until: part.until,
                version: part.version,
                readings: part.readings,
                basis: part.basis,
                source: part.source,
                suspended_by: part.suspended_by,
                varied_by: part.varied_by,
                marks: part.marks,
                replaced: part.replaced,
            }
        };
        Box::new(InForce::<K> { about: Arc::clone(&self.0), segments: segments.into_iter().map(typed).collect() })
    }

    fn body(&self) -> Option<&str> {
        K::body(&self.0)
    }

    fn visit(&self, visit: &mut dyn crate::decode::Visit) {
        self.0.visit_fields(visit);
    }
}

struct InForce<K: Kind> {
    about: Arc<K::About>,
    segments: Vec<Segment<K::Terms>>,
}

impl<K: Kind> InForce<K> {
    fn judge_by<'c>(
        &self,
        prepared: &K::Prepared<'c>,
        rule: &Rule,
        subjects: &[(u32, &'c Reach)],
        case: &Case<'c>,
        explain: bool,
    ) -> Vec<Vec<Slots>> {
        let judge = |(at, reach): (u32, &'c Reach), reading: usize| {
            let law = self.law(rule, reading);
            let mut slots = Slots::new(explain);
            let case = &case.seen_from(reach);
            if let Some(record) = case.record(at) {
                K::judge(&law, prepared, record, at, case, &mut slots);
                if explain && slots.is_empty() {
                    let why = "it has nothing that the rule speaks of";
                    slots.say(people::nothing(record, "", why, K::looked_for(&law, record, case)));
                }
            }
            slots
        };
        let readings = self.readings();
        let all = |subject: &(u32, &'c Reach)| (0..=readings).map(|reading| judge(*subject, reading)).collect();
        if subjects.len() < 64 {
            subjects.iter().map(all).collect()
        } else {
            subjects.par_iter().with_min_len(32).map(all).collect()
        }
    }

    fn law<'l>(&'l self, rule: &'l Rule, reading: usize) -> Law<'l, K> {
        Law { file: rule.file, about: self.about.as_ref(), clause: &rule.clause, segments: &self.segments, reading }
    }
}

impl<K: Kind> Enacted for InForce<K> {
    fn subjects(&self, case: &Case<'_>) -> Vec<u32> {
        K::subjects(&self.about, case)
    }

    fn judge<'c>(&self, rule: &Rule, subjects: &[(u32, &'c Reach)], case: &Case<'c>, explain: bool) -> Vec<Vec<Slots>> {
        self.judge_by(&K::prepare(&self.about, case), rule, subjects, case, explain)
    }

    fn judge_again<'c>(
        &self,
        rule: &Rule,
        subjects: &[(u32, &'c Reach)],
        case: &Case<'c>,
        kept: &mut Option<PutBy>,
    ) -> Vec<Vec<Slots>> {
        if let Some(prepared) = kept.as_ref().and_then(K::again) {
            return self.judge_by(prepared, rule, subjects, case, false);
        }
        let prepared = K::prepare(&self.about, case);
        let judged = self.judge_by(&prepared, rule, subjects, case, false);
        *kept = K::put_by(prepared);
        judged
    }

    fn alters(&self, was: &Record, now: &Record) -> bool {
        K::alters(&self.about, was, now)
    }

    fn commit(&self, rule: &Rule, step: &Step, case: &Case<'_>, explain: bool) -> Vec<(String, Vec<Slots>)> {
        let readings = 0..=self.readings();
        let mut by_reading: Vec<BTreeMap<String, Slots>> =
            readings.map(|reading| K::commit(&self.law(rule, reading), step, case, explain)).collect();
        let subjects: BTreeSet<String> = by_reading.iter().flat_map(BTreeMap::keys).cloned().collect();
        let mut of_subject = |subject: &String| -> Vec<Slots> {
            by_reading.iter_mut().map(|all| all.remove(subject).unwrap_or_else(|| Slots::new(explain))).collect()
        };
        subjects.into_iter().map(|subject| (subject.clone(), of_subject(&subject))).collect()
    }

    fn due(&self, rule: &Rule, subjects: &[u32], case: &Case<'_>) -> Vec<(u32, Due)> {
        let prepared = K::prepare(&self.about, case);
        let under = |reading: usize, record: &Record, at: u32| {
            let mut found = Vec::new();
            K::due(&self.law(rule, reading), &prepared, record, at, case, &mut found);
            found
        };
        let mut all = Vec::new();
        for at in subjects {
            let Some(record) = case.record(*at) else { continue };
            let named = |reading: usize| (Text::from(self.reading(reading)), under(reading, record, *at));
            let others = (1..=self.readings()).map(named).collect();
            all.extend(due::compared(under(0, record, *at), others).into_iter().map(|due| (*at, due)));
        }
        all
    }

    fn next(&self, rule: &Rule, asked: Asked, case: &Case<'_>) -> Option<Next> {
        K::next(&self.law(rule, 0), &K::prepare(&self.about, case), asked, case)
    }

    fn readings(&self) -> usize {
        self.segments.iter().map(|segment| segment.readings.len()).max().unwrap_or(0)
    }

    fn reading(&self, number: usize) -> &str {
        let named = self.segments.iter().filter_map(|segment| segment.readings.get(number.checked_sub(1)?));
        named.map(AsRef::as_ref).next().unwrap_or("")
    }

    fn history(&self, code: &Code) -> Vec<Episode> {
        let episode = |segment: &Segment<K::Terms>| {
            let mut english = segment.terms.iter().map(|terms| K::english(&self.about, terms, code));
            Episode {
                from: segment.from,
                until: segment.until,
                english: english.next(),
                readings: segment.readings.iter().cloned().zip(english).collect(),
                basis: segment.basis,
                source: segment.source.clone(),
                suspended_by: segment.suspended_by.clone(),
                varied_by: segment.varied_by.clone(),
            }
        };
        self.segments.iter().map(episode).collect()
    }
}
