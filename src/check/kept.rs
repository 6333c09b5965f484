//! What a tree gave when it was judged, kept: after a change of records, or on a later day, only what
//! may come out otherwise is judged anew.
//!
//! Of each pair of a rule and a record is kept what came out, the look-ups on which it rests
//! ([`Read`]), and the day until which it holds. What it gives is what judging everything would.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Judged, judge_subjects};
use crate::{
    day::Day,
    finding::Finding,
    kind::{Case, Enacted, Known, PutBy, Said, Shared},
    record::{Kind, Record},
    registry::{
        Registry,
        change::Touched,
        seen::{Reach, Read, Reads},
    },
    rulebook::{Rulebook, in_force, rule::Rule},
    text::{FileId, Span},
};

/// Where more of the records than one in so many changed, everything is judged anew.
const MANY: usize = 8;

/// What came out, held against what came out before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// The same.
    Same,
    /// Some of it is other.
    Other,
    /// Everything was judged anew.
    Anew,
}

/// What was judged last.
#[derive(Debug, Default)]
pub struct Kept {
    /// The day judged; nothing where nothing is kept.
    day: Option<Day>,
    known: Known,
    /// Those that judge records, in the order of the rulebook.
    rules: Vec<OfRule>,
    users: Users,
    /// What may come out otherwise from a day on; what came out otherwise before is here still.
    turns: BTreeMap<Day, Vec<Node>>,
    /// Each body of whose seats something may have been reported, with what that rests on.
    bodies: Vec<(Box<str>, Vec<u32>)>,
    numbers: FxHashMap<Box<str>, u32>,
    bonds: Bonds,
}

/// A rule, by its place, and a record of which it says something.
pub type Pair = (u32, u32);

/// What findings share that are put together, or told apart, when they are settled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Bond {
    /// The file of the value that would be edited.
    File(FileId),
    /// Of one rule and slot, the other record against which they are held as a whole.
    Other(u32, Box<str>, FileId),
    /// The record that they are about.
    Subject(u32),
}

/// Which pairs have which bonds.
#[derive(Debug, Default)]
struct Bonds {
    pairs: FxHashMap<Bond, BTreeSet<Pair>>,
    /// Those of pairs that say something else since this was asked last, as they were and as they are.
    open: BTreeSet<Bond>,
    /// Those pairs.
    changed: BTreeSet<Pair>,
}

impl Bonds {
    fn of((rule, subject): Pair, judged: &Judged) -> BTreeSet<Bond> {
        let mut all = BTreeSet::new();
        for said in &judged.said {
            let Some(own) = said.marks.first().map(|mark| mark.place.file) else { continue };
            all.insert(Bond::File(own));
            let others = said.marks.iter().map(|mark| mark.place).filter(|place| place.file != own);
            let heads = others.filter(|place| place.span.start == 0);
            all.extend(heads.map(|place| Bond::Other(rule, said.slot.as_str().into(), place.file)));
        }
        if !judged.said.is_empty() {
            all.insert(Bond::Subject(subject));
        }
        all
    }

    fn change(&mut self, pair: Pair, was: Option<&Judged>, now: Option<&Judged>) {
        let [was, now] = [was, now].map(|one| one.map(|one| Self::of(pair, one)).unwrap_or_default());
        if was.is_empty() && now.is_empty() {
            return;
        }
        for bond in was.difference(&now) {
            if let Some(pairs) = self.pairs.get_mut(bond) {
                pairs.remove(&pair);
            }
        }
        for bond in now.difference(&was) {
            self.pairs.entry(bond.clone()).or_default().insert(pair);
        }
        self.open.extend(was);
        self.open.extend(now);
        self.changed.insert(pair);
    }
}

/// What is kept of one rule.
struct OfRule {
    /// The rule as it stands.
    law: Option<Box<dyn Enacted>>,
    /// What is worked out for all of its records, where that can be put by.
    put_by: Option<PutBy>,
    /// Whether anything of it was judged.
    is_judged: bool,
    /// The first day on which what is worked out for all of its records may differ.
    until: Day,
    /// What the rule as it stands rests on.
    stands_on: Vec<u32>,
    /// What is worked out for all of its records rests on.
    reads: Vec<u32>,
    /// What the list of its records rests on.
    list: Vec<u32>,
    judged: FxHashMap<u32, One>,
    /// The records of which something is said.
    spoken: BTreeSet<u32>,
}

/// What is kept of one record.
#[derive(Debug)]
struct One {
    judged: Judged,
    /// The day on which it was judged: words name it.
    on: Day,
    /// Where it stands among the records of its rule.
    rank: u32,
    reads: Box<[u32]>,
}

/// What rests on look-ups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Node {
    /// A rule as it stands, by its place.
    Law(u32),
    /// What is worked out for all records of a rule.
    Rule(u32),
    /// Which records a rule has.
    List(u32),
    /// A rule's judgement of a record.
    One(u32, u32),
    /// Whether something was reported of a body's seats, by the body's place.
    Seats(u32),
}

/// Who made which look-up. An entry may be out of date: what the node rests on tells.
#[derive(Debug, Default)]
struct Users {
    numbers: FxHashMap<Read, u32>,
    of: Vec<Vec<Node>>,
}

impl Users {
    /// The numbers of some look-ups, sorted; the node is noted for those that are not among the ones before.
    fn note(&mut self, node: Node, before: &[u32], reads: Vec<Read>) -> Vec<u32> {
        let mut numbers: Vec<u32> = reads.into_iter().map(|read| self.number(read)).collect();
        numbers.sort_unstable();
        for number in numbers.iter().filter(|number| before.binary_search(number).is_err()) {
            if let Some(users) = self.of.get_mut(*number as usize) {
                users.push(node);
            }
        }
        numbers
    }

    fn number(&mut self, read: Read) -> u32 {
        let next = u32::try_from(self.of.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(read).or_insert(next);
        if number == next {
            self.of.push(Vec::new());
        }
        number
    }
}

/// What has to be judged anew.
#[derive(Debug, Default)]
struct Due {
    /// All about a rule.
    whole: BTreeSet<u32>,
    /// Which records a rule has.
    lists: BTreeSet<u32>,
    /// Single records of a rule.
    ones: BTreeMap<u32, BTreeSet<u32>>,
}

impl Due {
    fn add(&mut self, node: Node) {
        let _is_new = match node {
            Node::Law(rule) | Node::Rule(rule) => self.whole.insert(rule),
            Node::List(rule) => self.lists.insert(rule),
            Node::One(rule, subject) => self.ones.entry(rule).or_default().insert(subject),
            Node::Seats(_) => false,
        };
    }

    /// The rules of which something has to be judged.
    fn rules(&self) -> BTreeSet<u32> {
        self.whole.iter().chain(&self.lists).chain(self.ones.keys()).copied().collect()
    }
}

/// The records behind a look-up that say something else than before; nothing where more changed than that.
struct Changes<'a>(Option<Vec<(&'a Record, &'a Record)>>);

impl<'a> Changes<'a> {
    fn of(read: &Read, touched: &'a Touched, registry: &'a Registry) -> Self {
        let pair = |(at, was): (&u32, &'a Arc<Record>)| Some((was.as_ref(), registry.at(*at)?));
        let one = |at: &u32| touched.was.get_key_value(at).and_then(pair).map(|pair| vec![pair]);
        Self(match read {
            Read::Record(at) => one(at),
            Read::All(kind) if !touched.reads.contains(&Read::Kind(*kind)) => {
                let of_kind = touched.was.iter().filter(|(_, was)| was.kind == *kind);
                Some(of_kind.filter_map(pair).collect())
            }
            _ => None,
        })
    }

    /// Whether what a rule works out for all of its records may be otherwise.
    fn alter(&self, law: &dyn Enacted) -> bool {
        self.0.as_ref().is_none_or(|all| all.iter().any(|(was, now)| law.alters(was, now)))
    }
}

/// The rules of a book that judge records.
fn judging(book: &Rulebook) -> Vec<&Rule> {
    book.judging().filter(|rule| !rule.judges_commits()).collect()
}

impl Kept {
    /// Forgets what some rules gave: they are written otherwise now, and nothing else is.
    pub fn forget(&mut self, book: &Rulebook, rules: &BTreeSet<Box<str>>) {
        for (rule, kept) in judging(book).into_iter().zip(&mut self.rules) {
            kept.is_judged &= !rules.contains(&rule.id);
        }
    }

    /// Judges the records of a registry of which so much was touched since they were judged last, and
    /// says what came out otherwise, be it in words. Places that moved within their file, and stand to one
    /// another as before, are no difference.
    pub fn judge(&mut self, registry: &Registry, book: &Rulebook, on: Day, touched: &Touched) -> Came {
        let rules = judging(book).len();
        let many = touched.came.len().saturating_mul(MANY) > registry.len();
        if touched.all || many || self.day.is_none_or(|day| on < day) || rules != self.rules.len() {
            *self = Self::default();
            self.rules.resize_with(rules, OfRule::default);
        }
        let is_anew = self.day.is_none();
        self.day = Some(on);
        if touched.reads.contains(&Read::Affiliates) {
            self.known.forget_affiliates(touched.affiliates_from.unwrap_or(Day::EARLIEST));
        }
        let shared = Shared::knowing(registry, &book.code, &book.calendars, std::mem::take(&mut self.known));
        let due = self.due(&shared, on, touched);
        let mut shifts = Shifts::default();
        let has_changed = self.judge_due(&due, &shared, book, on, &mut shifts);
        self.known = shared.into_known();
        for (body, reads) in self.known.take_seats() {
            let next = u32::try_from(self.bodies.len()).unwrap_or(u32::MAX);
            let number = *self.numbers.entry(body.clone()).or_insert(next);
            if number == next {
                self.bodies.push((body, Vec::new()));
            }
            if let Some((_, before)) = self.bodies.get_mut(number as usize) {
                *before = self.users.note(Node::Seats(number), before, reads);
            }
        }
        if is_anew {
            return Came::Anew;
        }
        if has_changed || !shifts.are_in_order() {
            return Came::Other;
        }
        (self.bonds.changed, self.bonds.open) = (BTreeSet::new(), BTreeSet::new());
        Came::Same
    }

    /// What may come out otherwise on a day, after so much was touched.
    fn due(&mut self, shared: &Shared<'_>, on: Day, touched: &Touched) -> Due {
        let mut due = Due::default();
        let unjudged = (0..).zip(&self.rules).filter(|(_, kept)| !kept.is_judged).map(|(number, _)| number);
        due.whole.extend(unjudged);
        let later = self.turns.split_off(&on.plus_days(1));
        for (_, nodes) in std::mem::replace(&mut self.turns, later) {
            for node in nodes.into_iter().filter(|node| self.until(*node).is_some_and(|until| until <= on)) {
                due.add(node);
            }
        }
        let mut open: Vec<Read> = touched.reads.iter().cloned().collect();
        while let Some(read) = open.pop() {
            let Some(number) = self.users.numbers.get(&read).copied() else { continue };
            let mut users = self.users.of.get_mut(number as usize).map(std::mem::take).unwrap_or_default();
            users.sort_unstable();
            users.dedup();
            users.retain(|node| self.reads(*node).is_some_and(|reads| reads.binary_search(&number).is_ok()));
            let changes = Changes::of(&read, touched, shared.registry);
            for node in &users {
                if let Node::Rule(rule) = node
                    && let Some(law) = self.rules.get(*rule as usize).and_then(|rule| rule.law.as_ref())
                    && !changes.alter(law.as_ref())
                {
                    continue;
                }
                due.add(*node);
                if let Node::Seats(body) = node
                    && let Some((body, _)) = self.bodies.get(*body as usize)
                    && shared.forget_seats(body)
                        != Some(Case::reaching(shared, on, &Reach::new(true)).seats_are_bad(body))
                {
                    open.push(Read::Seats(body.clone()));
                }
            }
            if let Some(place) = self.users.of.get_mut(number as usize) {
                *place = users;
            }
        }
        due
    }

    /// Until when what is kept of a node holds.
    fn until(&self, node: Node) -> Option<Day> {
        match node {
            Node::Rule(rule) => self.rules.get(rule as usize).map(|rule| rule.until),
            Node::One(rule, subject) => Some(self.rules.get(rule as usize)?.judged.get(&subject)?.judged.holds_until),
            Node::Law(_) | Node::List(_) | Node::Seats(_) => None,
        }
    }

    /// What a node rests on.
    fn reads(&self, node: Node) -> Option<&[u32]> {
        match node {
            Node::Law(rule) => self.rules.get(rule as usize).map(|rule| rule.stands_on.as_slice()),
            Node::Rule(rule) => self.rules.get(rule as usize).map(|rule| rule.reads.as_slice()),
            Node::List(rule) => self.rules.get(rule as usize).map(|rule| rule.list.as_slice()),
            Node::One(rule, subject) => Some(&self.rules.get(rule as usize)?.judged.get(&subject)?.reads),
            Node::Seats(body) => self.bodies.get(body as usize).map(|(_, reads)| reads.as_slice()),
        }
    }

    /// Judges what is due, and says whether anything came out otherwise.
    fn judge_due(&mut self, due: &Due, shared: &Shared<'_>, book: &Rulebook, on: Day, shifts: &mut Shifts) -> bool {
        let (rules, mut has_changed) = (judging(book), false);
        for number in due.rules() {
            let Some(rule) = rules.get(number as usize) else { continue };
            let Some(mut kept) = self.rules.get_mut(number as usize).map(std::mem::take) else { continue };
            has_changed |= self.judge_rule(&mut kept, (number, rule), shared, book, on, due, shifts);
            if let Some(place) = self.rules.get_mut(number as usize) {
                *place = kept;
            }
        }
        has_changed
    }

    /// Judges what is due of one rule, and says whether anything came out otherwise.
    #[allow(clippy::too_many_arguments, reason = "all that a judgement takes, and what is due")]
    fn judge_rule(
        &mut self,
        kept: &mut OfRule,
        (number, rule): (u32, &Rule),
        shared: &Shared<'_>,
        book: &Rulebook,
        on: Day,
        due: &Due,
        shifts: &mut Shifts,
    ) -> bool {
        let is_whole = due.whole.contains(&number);
        let [stands, whole, list] = [Reach::new(true), Reach::new(true), Reach::new(true)];
        let case = Case::reaching(shared, on, &whole);
        if is_whole {
            let case = Case::reaching(shared, on, &stands);
            kept.law = in_force::enact(book, rule, case.registry, case.on);
            kept.until = Day::LATEST;
            kept.is_judged = true;
        }
        let Some(law) = kept.law.take() else { return false };
        let ones = due.ones.get(&number);
        let (mut subjects, mut has_changed, mut ranks) = (Vec::new(), false, FxHashMap::default());
        let is_listed = is_whole || due.lists.contains(&number);
        if is_listed {
            kept.put_by = None;
            let all = law.subjects(&Case::reaching(shared, on, &list));
            for (subject, gone) in kept.relist(&all, &mut ranks) {
                has_changed |= !gone.judged.said.is_empty();
                self.bonds.change((number, subject), Some(&gone.judged), None);
            }
            let is_due = |at: &u32| is_whole || ranks.contains_key(at) || ones.is_some_and(|ones| ones.contains(at));
            subjects.extend(all.into_iter().filter(is_due));
        } else {
            subjects.extend(ones.into_iter().flatten().filter(|at| kept.judged.contains_key(at)));
            subjects.sort_by_key(|at| kept.judged.get(at).map(|one| one.rank));
        }
        for (judged, reads) in judge_subjects(rule, law.as_ref(), &subjects, &case, false, Some(&mut kept.put_by)) {
            let subject = judged.subject;
            let node = Node::One(number, subject);
            let until = judged.holds_until;
            let before = kept.judged.remove(&subject);
            let known = before.as_ref().map_or(&[][..], |before| &before.reads);
            let reads = self.users.note(node, known, reads).into_boxed_slice();
            if until != Day::LATEST && before.as_ref().is_none_or(|before| before.judged.holds_until != until) {
                self.turns.entry(until).or_default().push(node);
            }
            let is_silent = judged.said.is_empty();
            has_changed |= match &before {
                Some(before) => !shifts.alike(&before.judged, &judged),
                None => !is_silent,
            };
            self.bonds.change((number, subject), before.as_ref().map(|before| &before.judged), Some(&judged));
            if is_silent {
                kept.spoken.remove(&subject);
            } else {
                kept.spoken.insert(subject);
            }
            let rank = ranks.get(&subject).copied().or(before.map(|before| before.rank)).unwrap_or(0);
            kept.judged.insert(subject, One { judged, on, rank, reads });
        }
        kept.law = Some(law);
        let until = whole.horizon.day().min(list.horizon.day()).min(stands.horizon.day());
        if until < kept.until {
            kept.until = until;
            self.turns.entry(until).or_default().push(Node::Rule(number));
        }
        let sorted = |reach: Reach| reach.reads.map_or_else(Vec::new, Reads::into_sorted);
        if is_whole {
            kept.stands_on = self.users.note(Node::Law(number), &kept.stands_on, sorted(stands));
        }
        let mut reads = self.users.note(Node::Rule(number), &kept.reads, sorted(whole));
        if !is_whole {
            // Not all that is worked out for all records was needed this time.
            reads.append(&mut kept.reads);
            reads.sort_unstable();
            reads.dedup();
        }
        kept.reads = reads;
        if is_listed {
            kept.list = self.users.note(Node::List(number), &kept.list, sorted(list));
        }
        has_changed
    }

    /// What there is to say by each rule, in the order in which judging everything gives it.
    pub fn told<'b>(&self, book: &'b Rulebook) -> Vec<(&'b Rule, Vec<Judged>)> {
        let pairs = (0..).zip(&self.rules).map(|(rule, kept)| kept.spoken.iter().map(move |at| (rule, *at)));
        self.told_of(book, pairs.flatten())
    }

    /// The same of some pairs, which are sorted.
    pub fn told_of<'b>(&self, book: &'b Rulebook, pairs: impl Iterator<Item = Pair>) -> Vec<(&'b Rule, Vec<Judged>)> {
        let mut by_rule: BTreeMap<u32, Vec<&One>> = BTreeMap::new();
        for (rule, subject) in pairs {
            let one = self.rules.get(rule as usize).and_then(|kept| kept.judged.get(&subject));
            by_rule.entry(rule).or_default().extend(one);
        }
        let rules = judging(book);
        let of_rule = |(number, mut all): (u32, Vec<&One>)| {
            all.sort_by_key(|one| one.rank);
            Some((*rules.get(number as usize)?, all.into_iter().map(|one| one.judged.clone()).collect()))
        };
        by_rule.into_iter().filter_map(of_rule).collect()
    }

    /// Says that what shows a place in one of some files is to be settled again.
    pub fn open(&mut self, files: &BTreeSet<FileId>) {
        for (rule, kept) in (0_u32..).zip(&self.rules).filter(|_| !files.is_empty()) {
            for subject in &kept.spoken {
                let Some(one) = kept.judged.get(subject) else { continue };
                let mut marks = one.judged.said.iter().flat_map(|said| &said.marks);
                if marks.any(|mark| files.contains(&mark.place.file)) {
                    self.bonds.open.extend(Bonds::of((rule, *subject), &one.judged));
                    self.bonds.changed.insert((rule, *subject));
                }
            }
        }
    }

    /// The pairs of which something else is said than when this was asked last, or that were opened, with all whose findings
    /// theirs may be put together with: whatever is settled of all others stays as it is.
    pub fn take_changed(&mut self) -> BTreeSet<Pair> {
        let mut found = std::mem::take(&mut self.bonds.changed);
        let mut open: Vec<Bond> = std::mem::take(&mut self.bonds.open).into_iter().collect();
        let mut seen: BTreeSet<Bond> = open.iter().cloned().collect();
        while let Some(bond) = open.pop() {
            for pair in self.bonds.pairs.get(&bond).into_iter().flatten() {
                if !found.insert(*pair) {
                    continue;
                }
                let one = self.rules.get(pair.0 as usize).and_then(|kept| kept.judged.get(&pair.1));
                for bond in one.map(|one| Bonds::of(*pair, &one.judged)).unwrap_or_default() {
                    if seen.insert(bond.clone()) {
                        open.push(bond);
                    }
                }
            }
        }
        found
    }

    /// Whose finding each of some is: of which rule and record.
    pub fn pairs<'f>(
        book: &Rulebook,
        registry: &Registry,
        findings: impl Iterator<Item = &'f Finding>,
    ) -> Vec<Option<Pair>> {
        let rules: FxHashMap<&str, u32> = judging(book).into_iter().map(|rule| rule.id.as_ref()).zip(0..).collect();
        let one = |finding: &Finding| {
            let (kind, id) = finding.subject.split_once('/')?;
            Some((*rules.get(finding.rule.as_ref())?, registry.position_of(Kind::of_folder(kind)?, id)?))
        };
        findings.map(one).collect()
    }

    /// Judges again, for its words' sake, what is said of some records and was judged on another day;
    /// says whether there was any. The records are named as `kind/id`, by rule.
    pub fn freshen(&mut self, registry: &Registry, book: &Rulebook, wanted: &BTreeSet<(&str, &str)>) -> bool {
        let Some(on) = self.day else { return false };
        let mut due = Due::default();
        for (number, rule) in (0_u32..).zip(judging(book)) {
            let subjects = wanted.range((rule.id.as_ref(), "")..).take_while(|(id, _)| *id == rule.id.as_ref());
            let subjects: FxHashSet<&str> = subjects.map(|(_, subject)| *subject).collect();
            let Some(kept) = self.rules.get(number as usize).filter(|_| !subjects.is_empty()) else { continue };
            for at in &kept.spoken {
                let is_old = kept.judged.get(at).is_some_and(|one| one.on != on);
                if is_old && registry.at(*at).is_some_and(|record| subjects.contains(record.subject().as_str())) {
                    due.add(Node::One(number, *at));
                }
            }
        }
        if due.ones.is_empty() {
            return false;
        }
        let shared = Shared::knowing(registry, &book.code, &book.calendars, std::mem::take(&mut self.known));
        self.judge_due(&due, &shared, book, on, &mut Shifts::default());
        self.known = shared.into_known();
        true
    }
}

impl Default for OfRule {
    fn default() -> Self {
        Self {
            law: None,
            put_by: None,
            is_judged: false,
            until: Day::LATEST,
            stands_on: Vec::new(),
            reads: Vec::new(),
            list: Vec::new(),
            judged: FxHashMap::default(),
            spoken: BTreeSet::new(),
        }
    }
}

impl OfRule {
    /// Takes the records that the rule has now; `new` are those that it had not, with their ranks. Gives
    /// what is kept of those that it has no more.
    fn relist(&mut self, all: &[u32], new: &mut FxHashMap<u32, u32>) -> Vec<(u32, One)> {
        let mut kept = 0_usize;
        for (rank, at) in (0_u32..).zip(all) {
            match self.judged.get_mut(at) {
                Some(one) => {
                    one.rank = rank;
                    kept = kept.saturating_add(1);
                }
                None => {
                    new.insert(*at, rank);
                }
            }
        }
        if kept == self.judged.len() {
            return Vec::new();
        }
        let here: FxHashSet<u32> = all.iter().copied().collect();
        self.spoken.retain(|at| here.contains(at));
        let mut gone: Vec<(u32, One)> = self.judged.extract_if(|at, _| !here.contains(at)).collect();
        gone.sort_unstable_by_key(|(at, _)| *at);
        gone
    }
}

impl std::fmt::Debug for OfRule {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("OfRule")
            .field("until", &self.until)
            .field("judged", &self.judged.len())
            .finish_non_exhaustive()
    }
}

/// Places that moved within their files.
#[derive(Debug, Default)]
struct Shifts(BTreeMap<FileId, Vec<(Span, Span)>>);

impl Shifts {
    /// Whether two judgements say the same, of places that may have moved: those are noted.
    fn alike(&mut self, was: &Judged, now: &Judged) -> bool {
        was.outcome == now.outcome
            && was.said.len() == now.said.len()
            && was.said.iter().zip(&now.said).all(|(was, now)| self.alike_said(was, now))
    }

    fn alike_said(&mut self, was: &Said, now: &Said) -> bool {
        let same = |one: &Said, other: &Said| {
            one.slot == other.slot
                && one.outcome == other.outcome
                && one.message == other.message
                && one.help == other.help
                && one.clause == other.clause
                && one.basis == other.basis
                && one.varied_by == other.varied_by
                && one.version_from == other.version_from
                && (one.silent, one.notable, one.at_most_note) == (other.silent, other.notable, other.at_most_note)
                && one.marks.len() == other.marks.len()
        };
        same(was, now)
            && was.marks.iter().zip(&now.marks).all(|(was, now)| {
                self.0.entry(was.place.file).or_default().push((was.place.span, now.place.span));
                was.place.file == now.place.file && was.label == now.label
            })
    }

    /// Whether all that moved stands to one another as before.
    fn are_in_order(self) -> bool {
        self.0.into_values().all(|mut moved| {
            moved.sort_unstable();
            moved.dedup();
            let is_head = |(was, now): &(Span, Span)| (was.start == 0) == (now.start == 0);
            let pairs = moved.windows(2).all(|pair| match pair {
                [(was, now), (was_next, now_next)] => {
                    was.start.cmp(&was_next.start) == now.start.cmp(&now_next.start)
                        && (was == was_next) == (now == now_next)
                }
                _ => true,
            });
            pairs && moved.iter().all(is_head)
        })
    }
}
