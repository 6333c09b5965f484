//! Slips that a drafter could make: a rule with one parameter changed, which some example must notice.
//!
//! A mutant is the rule's text with one value replaced where it stands, so that a person can read it
//! (`seats[2].count 2 -> 3`); it is read again by the loader and judged in the place of the rule.

mod edit;
mod site;
mod slip;
mod trial;

use toml::de::DeTable;

pub use self::trial::{Excuse, Fate, Trial, Trials, survey};
use self::{
    edit::Edit,
    site::{Site, sites},
};
use super::{
    Rulebook,
    code::Code,
    rule::{Op, Rule, What},
    sound::version_parameters,
};
use crate::{
    day::{Day, When},
    decode::Raw,
    text::Span,
};

/// A sort of slip in the parameters of a rule, and where it can be made.
///
/// A path is keys joined by `.` from the version's table on, `*` standing for every entry of a list
/// or table (`seats.*.count`); with `/` before it, from the root of the rule's file (`/where.*`).
/// Paths from the version on are tried in the `set` of readings and of variations as well.
#[derive(Debug, Clone, Copy)]
pub enum Mutator {
    /// Each number at the path one more, and one less.
    Step(&'static str),
    /// Each word at the path replaced by each other one of these.
    Swap(&'static str, &'static [&'static str]),
    /// Each word at the path replaced by the next one of the code's words of a heading (`calendars`,
    /// `constituencies`, …) that is not beside it already.
    Word(&'static str, &'static str),
    /// Each word at the path replaced by each of those that the rule offers.
    Offer(&'static str, Offer),
    /// The first of those that the rule offers, and that is not there already, put into the list at
    /// the path.
    Add(&'static str, Offer),
    /// `true` for `false` and the other way round; where the key is left out, the other of this
    /// default is written.
    Turn(&'static str, bool),
    /// As `Swap`; where the key is left out, each one but this default is written.
    Choose(&'static str, &'static str, &'static [&'static str]),
    /// Each entry of the list at the path left out, one at a time. The path ends in `*`.
    Drop(&'static str),
    /// The key at the path left out.
    Without(&'static str),
    /// The values at the path of two neighbouring entries exchanged.
    Exchange(&'static str),
    /// Each day at the path a day earlier, and a day later.
    Shift(&'static str),
}

/// The words that could stand at a place of a rule.
pub type Offer = for<'o> fn(&Offering<'o>) -> Vec<String>;

/// What decides which words could stand at a place of a rule.
#[derive(Debug)]
pub struct Offering<'o> {
    /// The root table of the rule's file.
    pub root: &'o DeTable<'o>,
    /// The table of the version.
    pub terms: &'o DeTable<'o>,
    /// The key, or the word, at the place.
    pub key: &'o str,
    /// The code's words.
    pub code: &'o Code,
}

impl Offering<'_> {
    /// The words of a key of what the rule is about.
    pub fn about(&self, key: &str) -> &str {
        self.root.get(key).and_then(|raw| raw.get_ref().as_str()).unwrap_or("")
    }

    /// The words of a parameter.
    pub fn term(&self, key: &str) -> &str {
        self.terms.get(key).and_then(|raw| raw.get_ref().as_str()).unwrap_or("")
    }
}

impl Mutator {
    /// Where it changes something.
    pub fn path(&self) -> &'static str {
        match self {
            Self::Step(path)
            | Self::Swap(path, _)
            | Self::Word(path, _)
            | Self::Offer(path, _)
            | Self::Add(path, _)
            | Self::Turn(path, _)
            | Self::Choose(path, ..)
            | Self::Drop(path)
            | Self::Without(path)
            | Self::Exchange(path)
            | Self::Shift(path) => path,
        }
    }
}

/// A rule with one slip.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// What was changed: `seats[2].count 2 -> 3`. No two of one rule share a name.
    pub name: String,
    /// Where, in the rule as it stands.
    pub span: Span,
    /// Where an example would lie that notices it.
    pub hint: String,
    /// What of the text is replaced.
    edits: Vec<Edit>,
    /// Which part of the rule it changes.
    part: Part,
}

/// The part of a rule that a mutant changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// What the rule is about, or when: all of it.
    Whole,
    /// The parameters of a version.
    Version(usize),
}

/// The mutators that rules of every kind share: what `where` selects.
const SHARED: &[Mutator] = &[Mutator::Drop("/where.*.*")];

/// Every mutant of a rule. Those that mean the same as the rule are told apart when they are read.
pub fn mutants(book: &Rulebook, rule: &Rule) -> Vec<Mutant> {
    let mut maker = Maker { book, rule, found: Vec::new() };
    match &rule.what {
        What::Rule { kind, .. } => {
            maker.about(SHARED);
            maker.about(kind.mutators());
            for (at, version) in rule.versions.iter().enumerate() {
                maker.version_days(at);
                if let Some(table) = rule.raw.entry("version", at) {
                    let name = if rule.versions.len() > 1 {
                        format!("version[{}].", at.saturating_add(1))
                    } else {
                        String::new()
                    };
                    maker.terms(kind.mutators(), table, &name, Part::Version(at));
                    maker.readings(kind.mutators(), table, &name, version.readings.items.len(), at);
                }
            }
        }
        What::Variation(_) => maker.variation(),
    }
    let mut seen = std::collections::BTreeSet::new();
    maker.found.retain(|one| seen.insert(one.name.clone()));
    maker.found
}

struct Maker<'m> {
    book: &'m Rulebook,
    rule: &'m Rule,
    found: Vec<Mutant>,
}

impl<'m> Maker<'m> {
    fn text(&self) -> &'m str {
        self.rule.raw.text()
    }

    fn push(&mut self, name: String, span: Span, hint: String, edits: Vec<Edit>, part: Part) {
        self.found.push(Mutant { name, span, hint, edits, part });
    }

    /// The slips in what the rule is about: paths from the root on.
    fn about(&mut self, mutators: &[Mutator]) {
        let root = self.rule.raw.root();
        for mutator in mutators {
            if let Some(path) = mutator.path().strip_prefix('/') {
                self.slips(mutator, path, root, root, "", Part::Whole);
            }
        }
    }

    /// The slips in parameters: paths from the version on.
    fn terms(&mut self, mutators: &[Mutator], table: &'m DeTable<'m>, name: &str, part: Part) {
        for mutator in mutators.iter().filter(|one| !one.path().starts_with('/')) {
            self.slips(mutator, mutator.path(), table, table, name, part);
        }
    }

    /// The slips in readings: one left out, or other values in what it sets.
    fn readings(&mut self, mutators: &[Mutator], table: &'m DeTable<'m>, name: &str, count: usize, version: usize) {
        let dropping = Mutator::Drop("readings.*");
        self.slips(&dropping, "readings.*", table, table, name, Part::Whole);
        for at in 0..count {
            let set = super::raw::entry(table, "readings", at)
                .and_then(|one| one.get("set"))
                .and_then(|raw| raw.get_ref().as_table());
            let Some(set) = set else { continue };
            let name = format!("{name}readings[{}].set.", at.saturating_add(1));
            for mutator in mutators.iter().filter(|one| is_in_set(one)) {
                self.slips(mutator, mutator.path(), set, table, &name, Part::Version(version));
            }
        }
    }

    /// The slips in the days of a version: the day on which one ends and the next begins is moved in
    /// both, for a gap or an overlap would be refused.
    fn version_days(&mut self, at: usize) {
        let versions = &self.rule.versions;
        let Some(version) = versions.get(at) else { return };
        let name = |key: &str| {
            if versions.len() > 1 { format!("version[{}].{key}", at.saturating_add(1)) } else { key.to_owned() }
        };
        let before = at.checked_sub(1).and_then(|before| versions.get(before));
        if let Some(from) = version.from.when().and_then(When::day) {
            let joined = before.filter(|one| one.until.when().and_then(When::day) == Some(from));
            if joined.is_some() && say_the_same(self.rule, at, &self.book.code) {
                return;
            }
            let spans = [Some(version.from.span), joined.map(|one| one.until.span)];
            self.shift(&name("from"), from, &spans, Part::Whole);
        }
        let next = versions.get(at.saturating_add(1)).and_then(|one| one.from.when()).and_then(When::day);
        if let Some(until) = version.until.when().and_then(When::day).filter(|day| next != Some(*day)) {
            self.shift(&name("until"), until, &[Some(version.until.span)], Part::Whole);
        }
    }

    /// A day earlier and a day later, in all these places.
    fn shift(&mut self, name: &str, day: Day, spans: &[Option<Span>], part: Part) {
        let Some(first) = spans.iter().flatten().next().copied() else { return };
        for other in [day.plus_days(-1), day.plus_days(1)] {
            let edits = spans.iter().flatten().map(|span| Edit::replace(*span, other.to_string())).collect();
            let hint = format!(
                "an example with `on = [{}, {day}]`, or facts on those days, and two outcomes",
                day.plus_days(-1)
            );
            self.push(format!("{name} {day} -> {other}"), first, hint, edits, part);
        }
    }

    /// The slips in the effects and amendments of a variation.
    fn variation(&mut self) {
        let Some(head) = self.rule.variation() else { return };
        for (at, effect) in head.effect.iter().enumerate() {
            let name = format!("effect[{}].", at.saturating_add(1));
            let amended = |side: &str| {
                let own = head.amendment.iter().filter(|one| {
                    one.effect.known().map_or(0, |number| (*number as usize).saturating_sub(1)) == at
                        && one.changes.text() == Some(side)
                });
                own.min_by_key(|one| one.on.when().map(|when| when.first)).map(|one| one.was.span)
            };
            if let Some(from) = effect.from.when().and_then(When::day) {
                self.shift(&format!("{name}from"), from, &[Some(effect.from.span), amended("from")], Part::Whole);
            }
            if let Some(until) = effect.until.known().map(|end| end.0).filter(|day| *day != Day::LATEST) {
                self.shift(&format!("{name}until"), until, &[Some(effect.until.span), amended("until")], Part::Whole);
            }
            let set = self
                .rule
                .raw
                .entry("effect", at)
                .and_then(|table| table.get("set"))
                .and_then(|raw| raw.get_ref().as_table());
            let target = effect.target.text().and_then(|id| self.book.find(id)).map(|rule| &rule.what);
            if let (Some(Op::Vary), Some(set), Some(What::Rule { kind, .. })) = (effect.op.known(), set, target) {
                let name = format!("{name}set.");
                for mutator in kind.mutators().iter().filter(|one| is_in_set(one)) {
                    self.varied(mutator, set, effect.target.text().unwrap_or(""), &name);
                }
            }
        }
        for (at, amendment) in head.amendment.iter().enumerate() {
            let name = format!("amendment[{}].", at.saturating_add(1));
            if let Some(on) = amendment.on.when().and_then(When::day) {
                self.shift(&format!("{name}on"), on, &[Some(amendment.on.span)], Part::Whole);
            }
            if let Some(now) = amendment.now.known().map(|end| end.0).filter(|day| *day != Day::LATEST) {
                let same = |one: &&super::rule::Amendment| {
                    one.span != amendment.span && one.was.known().map(|end| end.0) == Some(now)
                };
                let next = head.amendment.iter().find(same).map(|one| one.was.span);
                self.shift(&format!("{name}now"), now, &[Some(amendment.now.span), next], Part::Whole);
            }
        }
    }

    /// A slip in what a variation sets: words are offered by the rule that it varies.
    fn varied(&mut self, mutator: &Mutator, set: &'m DeTable<'m>, target: &str, name: &str) {
        let Some(rule) = self.book.find(target) else { return };
        let terms = rule.raw.entry("version", 0).unwrap_or(set);
        let offering = (rule.raw.root(), terms);
        self.slips_offered(mutator, mutator.path(), set, offering, name, Part::Whole);
    }

    fn slips(
        &mut self,
        mutator: &Mutator,
        path: &str,
        table: &'m DeTable<'m>,
        terms: &'m DeTable<'m>,
        name: &str,
        part: Part,
    ) {
        self.slips_offered(mutator, path, table, (self.rule.raw.root(), terms), name, part);
    }

    /// Every slip of one sort in a table.
    fn slips_offered(
        &mut self,
        mutator: &Mutator,
        path: &str,
        table: &'m DeTable<'m>,
        (root, terms): (&'m DeTable<'m>, &'m DeTable<'m>),
        name: &str,
        part: Part,
    ) {
        let found = sites(table, path);
        let words =
            |site: &Site<'_>, offer: &Offer| offer(&Offering { root, terms, key: &site.word(), code: &self.book.code });
        let mut made: Vec<slip::Made> = Vec::new();
        match mutator {
            Mutator::Step(_) => found.iter().for_each(|site| made.extend(slip::step(site))),
            Mutator::Swap(_, all) => {
                for site in &found {
                    made.extend(slip::swap(site, all.iter().map(|one| (*one).to_owned())));
                }
            }
            Mutator::Offer(_, offer) => {
                for site in &found {
                    made.extend(slip::swap(site, words(site, offer).into_iter()));
                }
            }
            Mutator::Word(_, heading) => {
                let all = slip::listed(&self.book.code, &self.book.calendars, heading);
                for site in &found {
                    made.extend(slip::swap(site, slip::next_word(site, &all).into_iter()));
                }
            }
            Mutator::Add(_, offer) => {
                for site in &found {
                    made.extend(slip::add(site, words(site, offer), self.text()));
                }
            }
            Mutator::Turn(_, default) => {
                let (yes, no) = ("true".to_owned(), "false".to_owned());
                let (other, was) = if *default { (no, yes) } else { (yes, no) };
                for site in &found {
                    made.extend(slip::turn(site));
                }
                made.extend(slip::written(table, path, &was, &[(other.clone(), other)], self.text()));
            }
            Mutator::Choose(_, default, all) => {
                for site in &found {
                    made.extend(slip::swap(site, all.iter().map(|one| (*one).to_owned())));
                }
                let others = all.iter().filter(|one| *one != default);
                let values: Vec<(String, String)> =
                    others.map(|one| ((*one).to_owned(), format!("\"{one}\""))).collect();
                made.extend(slip::written(table, path, default, &values, self.text()));
            }
            Mutator::Drop(_) => {
                let at_root = part == Part::Whole;
                for site in &found {
                    made.extend(slip::drop_entry(site, at_root, self.text()));
                }
            }
            Mutator::Without(_) => {
                for site in &found {
                    made.extend(slip::without(site, self.text()));
                }
            }
            Mutator::Exchange(_) => {
                for pair in found.windows(2) {
                    if let [one, other] = pair {
                        made.extend(slip::exchange(one, other, self.text()));
                    }
                }
            }
            Mutator::Shift(_) => {
                for site in &found {
                    let day = site.raw.get_ref().as_datetime().and_then(|stamp| Day::parse(&stamp.to_string()));
                    if let Some(day) = day {
                        self.shift(&format!("{name}{}", site.name), day, &[Some(site.span())], part);
                    }
                }
            }
        }
        for (what, span, hint, edits) in made {
            self.push(format!("{name}{what}"), span, hint, edits, part);
        }
    }
}

/// Whether a slip can be made in what a reading or a variation sets: where a key is left out there,
/// it has its value in the version, and a version's own key may be required.
fn is_in_set(mutator: &Mutator) -> bool {
    !mutator.path().starts_with('/') && !matches!(mutator, Mutator::Without(_))
}

/// Whether a mutant means the same as its rule though it is written otherwise.
fn means_the_same(rule: &Rule, changed: &Rule, part: Part, code: &Code) -> bool {
    let (What::Rule { about, .. }, Part::Version(at)) = (&rule.what, part) else { return false };
    let (Some(one), Some(two)) = (rule.raw.entry("version", at), changed.raw.entry("version", at)) else {
        return false;
    };
    let readings = rule.versions.get(at).map_or(0, |version| version.readings.items.len());
    (0..=readings).all(|reading| about.alike(&as_read(one, reading), &as_read(two, reading), code))
}

/// Whether moving the day between two versions changes nothing: they say the same.
fn say_the_same(rule: &Rule, at: usize, code: &Code) -> bool {
    let What::Rule { about, .. } = &rule.what else { return false };
    let Some(before) = at.checked_sub(1) else { return false };
    let (Some(one), Some(two)) = (rule.versions.get(before), rule.versions.get(at)) else { return false };
    let unknown = |version: &super::rule::VersionHead| matches!(version.basis.state, crate::decode::State::Unknown);
    if unknown(one) || unknown(two) {
        return unknown(one) && unknown(two);
    }
    let (Some(first), Some(second)) = (rule.raw.entry("version", before), rule.raw.entry("version", at)) else {
        return false;
    };
    let readings = one.readings.items.len();
    readings == two.readings.items.len()
        && (0..=readings).all(|reading| about.alike(&as_read(first, reading), &as_read(second, reading), code))
}

/// The parameters of a version under a reading; 0 is the words as they stand.
pub(super) fn as_read<'t>(version: &DeTable<'t>, reading: usize) -> DeTable<'t> {
    let own = version_parameters(version);
    let Some(at) = reading.checked_sub(1) else { return own };
    let set = version
        .get("readings")
        .and_then(|raw: &Raw<'t>| raw.get_ref().as_array())
        .and_then(|items| items.get(at))
        .and_then(|item| item.get_ref().as_table())
        .and_then(|one| one.get("set"))
        .and_then(|raw| raw.get_ref().as_table());
    super::raw::overlay(&own, &[], &set.into_iter().collect::<Vec<_>>())
}
