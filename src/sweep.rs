//! A sweep of legal time: for each finding the days on which it held. A judgement says how long it
//! holds, so a tree is judged where something changes, and gives what judging every day would.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    check::{self, Judged, Selection},
    day::{Day, Horizon, Today},
    error::Error,
    finding::{Finding, Level, Outcome},
    kind::{Said, Shared},
    rulebook::rule::Rule,
    text::Texts,
    tree::Tree,
};

/// A period in which a finding held, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub from: Day,
    /// The first day after.
    pub until: Day,
}

impl Span {
    /// How many days it has.
    pub fn days(self) -> i64 {
        self.until.days_since(self.from)
    }

    /// The last day.
    pub fn last(self) -> Day {
        self.until.plus_days(-1)
    }
}

/// A finding and the days on which it held, at one outcome and level.
#[derive(Debug)]
pub struct Standing {
    /// The finding as it was found first.
    pub finding: Finding,
    /// When it held: in order, with a day at least between two.
    pub spans: Vec<Span>,
}

impl Standing {
    /// On how many days it held.
    pub fn days(&self) -> i64 {
        self.spans.iter().map(|span| span.days()).sum()
    }
}

/// What a sweep found, and all that a printer needs to say so.
#[derive(Debug)]
pub struct Sweep {
    /// The days judged.
    pub range: Span,
    /// The day that the records speak for.
    pub position: Option<Day>,
    /// `worktree`, or the full id of the commit judged.
    pub at: String,
    /// Record files, sources among them.
    pub records: usize,
    /// Rule files.
    pub rules: usize,
    /// The days on which something had to be judged anew, the first day among them.
    pub turns: usize,
    /// By primary path, line, column, rule, slot; then by the first day.
    pub standing: Vec<Standing>,
    /// The texts that the places of the findings lie in.
    pub texts: Texts,
}

impl Sweep {
    /// How many findings have this level.
    pub fn count(&self, level: Level) -> usize {
        self.standing.iter().filter(|one| one.finding.level == level).count()
    }
}

/// The days from one up to and including another.
///
/// # Errors
///
/// [`Error::Usage`] where the last day comes before the first.
pub fn range(from: Day, last: Day) -> Result<Span, Error> {
    if last < from {
        return Err(Error::usage(
            format!("`--until {last}` comes before `--from {from}`"),
            "name the first day, then the last one",
        ));
    }
    Ok(Span { from, until: last.plus_days(1) })
}

/// Judges a tree on every day of a range.
pub fn sweep(mut tree: Tree, range: Span, selection: &Selection) -> Sweep {
    let texts = std::mem::take(&mut tree.texts);
    let mut log = Log::default();
    let turns = run(&tree, range, selection, &texts, &mut log);
    Sweep {
        range,
        position: tree.registry.position,
        at: std::mem::take(&mut tree.at),
        records: tree.records,
        rules: tree.rules,
        turns,
        standing: log.standing(&texts),
        texts,
    }
}

fn run(tree: &Tree, range: Span, selection: &Selection, texts: &Texts, log: &mut Log) -> usize {
    let shared = Shared::new(&tree.registry, &tree.book.code, &tree.book.calendars);
    let mut books: Vec<Ledger<'_>> = tree.book.judging().map(Ledger::new).collect();
    let (mut day, mut turns, mut settled_until) = (range.from, 0_usize, range.from);
    while day < range.until {
        let has_changed: Vec<bool> = books.par_iter_mut().map(|book| book.judge(day, &shared, tree)).collect();
        turns = turns.saturating_add(1);
        if settled_until <= day || has_changed.contains(&true) {
            let horizon = Horizon::default();
            let all = books.iter().map(Ledger::told).collect();
            let today = Today::from(day).seen_from(&horizon);
            let (_, findings) = check::settled(tree, today, all, tree.problems.clone(), selection, texts);
            log.turn(day, findings);
            settled_until = horizon.day();
        }
        day = books.iter().map(|book| book.next).min().unwrap_or(Day::LATEST).min(settled_until);
    }
    log.turn(range.until, Vec::new());
    turns
}

/// What one rule gives for each of its records, as it was judged last.
struct Ledger<'r> {
    rule: &'r Rule,
    judged: Vec<Judged>,
    /// Where a record stands in the list.
    at: FxHashMap<u32, usize>,
    /// The first day on which one of them may come out otherwise.
    next: Day,
}

impl<'r> Ledger<'r> {
    fn new(rule: &'r Rule) -> Self {
        Self { rule, judged: Vec::new(), at: FxHashMap::default(), next: Day::EARLIEST }
    }

    /// Judges what may have changed by a day, and says whether something did.
    fn judge(&mut self, day: Day, shared: &Shared<'_>, tree: &Tree) -> bool {
        if self.next > day {
            return false;
        }
        let standing: FxHashSet<u32> =
            self.judged.iter().filter(|one| one.holds_until > day).map(|one| one.subject).collect();
        let fresh =
            check::judge_rule(self.rule, shared, day, &tree.book, false, |subject| !standing.contains(&subject));
        let mut has_changed = false;
        for one in fresh {
            match self.at.get(&one.subject).and_then(|at| self.judged.get_mut(*at)) {
                Some(before) if is_same(before, &one) => before.holds_until = one.holds_until,
                Some(before) => {
                    *before = one;
                    has_changed = true;
                }
                None => {
                    self.at.insert(one.subject, self.judged.len());
                    self.judged.push(one);
                    has_changed = true;
                }
            }
        }
        self.next = self.judged.iter().map(|one| one.holds_until).min().unwrap_or(Day::LATEST);
        has_changed
    }

    /// What there is to say.
    fn told(&self) -> (&'r Rule, Vec<Judged>) {
        let spoken = self.judged.iter().filter(|one| !one.said.is_empty());
        (self.rule, spoken.cloned().collect())
    }
}

/// Whether two judgements differ at most in words, which name the day judged.
fn is_same(one: &Judged, other: &Judged) -> bool {
    let same = |(one, other): (&Said, &Said)| {
        let places = |said: &Said| said.marks.iter().map(|mark| mark.place).collect::<Vec<_>>();
        (&one.slot, one.outcome, one.silent, one.notable, one.at_most_note, one.basis, one.version_from)
            == (
                &other.slot,
                other.outcome,
                other.silent,
                other.notable,
                other.at_most_note,
                other.basis,
                other.version_from,
            )
            && one.clause == other.clause
            && one.varied_by == other.varied_by
            && places(one) == places(other)
    };
    one.outcome == other.outcome && one.said.len() == other.said.len() && one.said.iter().zip(&other.said).all(same)
}

/// What makes two findings of different days one: rule, subject, slot, outcome, level.
type Key = (Box<str>, Box<str>, Box<str>, Outcome, Level);

/// The findings seen so far, with their days.
#[derive(Debug, Default)]
struct Log {
    all: BTreeMap<Key, Standing>,
    /// Those that hold now, each since which day.
    open: BTreeMap<Key, Day>,
}

impl Log {
    /// From this day on, these hold and no others.
    fn turn(&mut self, day: Day, findings: Vec<Finding>) {
        let mut now = BTreeMap::new();
        for finding in findings {
            let key: Key =
                (finding.rule.clone(), finding.subject.clone(), finding.slot.clone(), finding.outcome, finding.level);
            now.insert(key.clone(), self.open.get(&key).copied().unwrap_or(day));
            self.all.entry(key).or_insert_with(|| Standing { finding, spans: Vec::new() });
        }
        for (key, from) in std::mem::take(&mut self.open) {
            if !now.contains_key(&key)
                && let Some(standing) = self.all.get_mut(&key)
            {
                standing.spans.push(Span { from, until: day });
            }
        }
        self.open = now;
    }

    fn standing(self, texts: &Texts) -> Vec<Standing> {
        let mut findings: Vec<Finding> = Vec::with_capacity(self.all.len());
        let mut spans: BTreeMap<Key, Vec<Span>> = BTreeMap::new();
        for (key, one) in self.all {
            findings.push(one.finding);
            spans.insert(key, one.spans);
        }
        check::sort(&mut findings, texts);
        let with_spans = |finding: Finding| {
            let key =
                (finding.rule.clone(), finding.subject.clone(), finding.slot.clone(), finding.outcome, finding.level);
            let spans = spans.remove(&key).unwrap_or_default();
            Standing { finding, spans }
        };
        findings.into_iter().map(with_spans).collect()
    }
}
