//! Kind `obligation`: every record of a sort must have something on the day judged.

use std::collections::BTreeSet;

use super::{Case, Cure, Due, Kind, Law, Proofreader, Said, Says, Segment, Slots, people};
use crate::{
    day::{Today, Truth, When, recorded_in_force},
    decode::{Fact, Fields, Key, Map, Shape, Text, View, table},
    finding::{Mark, Outcome},
    record::{Kind as RecordKind, Record},
    rulebook::{
        code::Code,
        mutant::{Mutator, Offering},
        proofread::KindWord,
        raw::Words,
        select,
    },
    text::Span,
};

/// The kind.
#[derive(Debug)]
pub struct Obligation;

table! {
    /// What an obligation is about.
    pub struct About {
        /// The kind of records.
        of: Fact<KindWord> = "of" (required),
        /// Which of them.
        selects: Map<Words> = "where",
    }
}

table! {
    /// What they must have.
    pub struct Terms {
        /// The list of the record; `tenure.alternate` for a list in the entries of a list.
        list: Fact<Text> = "list" (required),
        /// The key of its entries.
        key: Fact<Text> = "key" (required),
        /// The values of that key, each of which an entry in force must have.
        values: Fact<Words> = "values" (required),
        /// At most so many different values of the key among the entries in force.
        distinct: Fact<u32> = "distinct",
        /// At least so many entries in force.
        least: Fact<u32> = "at-least",
        /// What an entry without the key has; `self` stands for the record.
        default: Fact<Text> = "default",
    }
}

/// The words that the key of the list may have: the code's, or any where it takes free words.
fn offered(offering: &Offering<'_>) -> Vec<String> {
    let kind = RecordKind::of_folder(offering.about("of"));
    let Some(keys) = kind.and_then(|kind| entry_keys(kind.keys(), offering.term("list"))) else { return Vec::new() };
    match keys.iter().find(|one| one.name == offering.term("key")).map(|one| (one.shape)()) {
        Some(Shape::Word(heading)) => offering.code.words(heading).map(ToOwned::to_owned).collect(),
        Some(Shape::OneOf(words)) => words.iter().map(|word| (*word).to_owned()).collect(),
        Some(Shape::Text) => vec!["another".to_owned()],
        _ => Vec::new(),
    }
}

/// The keys of the entries of a list, which may be in the entries of another.
fn entry_keys(mut keys: &'static [Key], list: &str) -> Option<&'static [Key]> {
    for name in list.split('.') {
        let Shape::List(item) = (keys.iter().find(|one| one.name == name)?.shape)() else { return None };
        keys = match item() {
            Shape::Table(inner) => inner(),
            _ => &[],
        };
    }
    Some(keys)
}

impl Kind for Obligation {
    const NAME: &'static str = "obligation";
    const DOC: &'static str = include_str!("../../docs/kinds/obligation.md");
    type About = About;
    type Terms = Terms;
    type Prepared<'c> = ();

    fn proofread(about: &About, terms: &Terms, proof: &mut Proofreader<'_>) {
        let Some(kind) = about.of.known().map(|word| word.0) else { return };
        select::proofread(kind, &about.selects, proof);
        let (Some(list), Some(key)) = (terms.list.text(), terms.key.text()) else { return };
        let Some(keys) = entry_keys(kind.keys(), list) else {
            let message = format!("`{list}` is no list of {kind}");
            return proof.reader.report("record-key", terms.list.span, message, "no such list", None);
        };
        if !keys.is_empty() && !keys.iter().any(|one| one.name == key) {
            let message = format!("`{key}` is no key of `{list}` in {kind}");
            proof.reader.report("record-key", terms.key.span, message, "no such key", None);
        }
        if let Some(values) = terms.values.known()
            && let Some(Shape::Word(heading)) = keys.iter().find(|one| one.name == key).map(|one| (one.shape)())
        {
            for (word, span) in values.0.iter().filter(|(word, _)| !proof.code.lists(heading, word)) {
                let message = format!("`{word}` is none of the code's {heading}");
                proof.reader.report("record-word", *span, message, "not known", None);
            }
        }
    }

    fn prepare<'c>(_: &About, _: &Case<'c>) -> Self::Prepared<'c> {}

    fn subjects(about: &About, case: &Case<'_>) -> Vec<u32> {
        let Some(kind) = about.of.known().map(|word| word.0) else { return Vec::new() };
        select::positions(kind, &about.selects, case)
    }

    fn judge(law: &Law<'_, Self>, (): &(), record: &Record, _: u32, case: &Case<'_>, slots: &mut Slots) {
        let selected = select::selected(record, &law.about.selects, case, case.on);
        let member = record.party().map_or(Truth::Yes, |party| people::is_party(party, case.on));
        let selected = selected.and(member);
        let (segment, terms) = match law.on(case.on) {
            _ if selected == Truth::No => {
                return slots.skip(|| {
                    let steps = people::not_selected(record, &law.about.selects, case.on.untracked()).into_iter();
                    let party = (member == Truth::No).then(|| format!("it is no Party on {}", case.on));
                    people::nothing(record, "", "not one of those that must", steps.chain(party))
                });
            }
            Says::Nothing(why) => return slots.skip(|| people::idle(law, record, When::on(case.on.untracked()), why)),
            Says::Unknown(segment) => {
                let message = format!("{}: what it must have on {} is not known", people::name(record), case.on);
                return slots.say(people::not_known(record, "duty", message, segment, slots.explain));
            }
            Says::Terms(segment, terms) => (segment, terms),
        };
        let Some(Duty { items, open, bad, span, within }) = duty_of(record, terms, case.on) else { return };
        let selected = selected.and(within);
        if selected == Truth::No {
            let message = format!("{}: nothing is in force that would have such a list", people::name(record));
            let step = format!("nothing of `{}` is in force on {}", terms.list.text().unwrap_or(""), case.on);
            return slots.skip(|| Said::new("", Outcome::NotApplicable, message).steps([step]));
        }
        let state = State {
            law,
            segment,
            terms,
            record,
            span,
            items: &items,
            open,
            bad: bad || record.damaged || select::is_bad(record, &law.about.selects),
            selected,
        };
        for (value, value_span) in terms.values.known().map_or(&[][..], |values| values.0.as_slice()) {
            state.value(value, *value_span, case, slots);
        }
        if let Some(most) = terms.distinct.known() {
            state.distinct(*most as usize, case, slots);
        }
        if let Some(least) = terms.least.known() {
            state.least(*least as usize, case, slots);
        }
    }

    fn looked_for(law: &Law<'_, Self>, record: &Record, case: &Case<'_>) -> Vec<String> {
        let list = match law.on(case.on) {
            Says::Terms(_, terms) => terms.list.text().unwrap_or("?"),
            _ => "?",
        };
        vec![format!("the rule asks nothing of the entries of `{list}` of {}", people::name(record))]
    }

    const MUTATORS: &'static [Mutator] = &[
        Mutator::Drop("values.*"),
        Mutator::Add("values", offered),
        Mutator::Step("distinct"),
        Mutator::Step("at-least"),
        Mutator::Without("default"),
    ];

    fn alike(_: &About, one: &Terms, other: &Terms, _: &Code) -> bool {
        let said = |terms: &Terms| {
            let mut values: Vec<String> =
                terms.values.known().map(|words| words.iter().map(ToOwned::to_owned).collect()).unwrap_or_default();
            values.sort();
            let words = |fact: &Fact<Text>| fact.text().map(ToOwned::to_owned);
            // What an entry without the key has is asked only where values are counted.
            let default = words(&terms.default).filter(|_| terms.distinct.known().is_some());
            let counts = (terms.distinct.known().copied(), terms.least.known().copied());
            (words(&terms.list), words(&terms.key), values, counts, default)
        };
        said(one) == said(other)
    }

    /// What a version that is to come will ask for and the record does not have.
    fn due(law: &Law<'_, Self>, (): &(), record: &Record, _: u32, case: &Case<'_>, found: &mut Vec<Due>) {
        let asked = |says: &Says<'_, Terms>| -> Vec<String> {
            let Says::Terms(_, terms) = says else { return Vec::new() };
            terms.values.known().map(|values| values.iter().map(ToOwned::to_owned).collect()).unwrap_or_default()
        };
        let mut before = asked(&law.on(case.on));
        for (from, says) in law.after(case.on) {
            let now = asked(&says);
            let Says::Terms(segment, terms) = says else { continue };
            let member = record.party().map_or(Truth::Yes, |party| people::is_party(party, from));
            let selected = select::selected(record, &law.about.selects, case, from.into()).and(member);
            let list = terms.list.text().unwrap_or("");
            let lacking = duty_of(record, terms, from).filter(|duty| selected.and(duty.within).certain());
            let Some(Duty { items, open, span, .. }) = lacking else { continue };
            let new = now.iter().filter(|value| !open && !before.contains(value));
            for value in new.filter(|value| !items.iter().any(|item| item.value.as_ref() == Some(value))) {
                let what = format!(
                    "an entry of `{list}` with `{}` `{value}` is in force, which the rule asks for from then on",
                    terms.key.text().unwrap_or("?")
                );
                let mark = Mark::new(record.file, span, format!("`{list}` as recorded"));
                let version = segment.marks.first().cloned();
                let due = Due::new(value.clone(), what, When::on(from), mark).under(segment);
                found.push(version.into_iter().fold(due, Due::mark));
            }
            before = now;
        }
    }

    fn english(about: &About, terms: &Terms, code: &Code) -> String {
        let who = select::english(about.of.known().map(|word| word.0), &about.selects, code);
        let (list, key) = (terms.list.text().unwrap_or("?"), terms.key.text().unwrap_or("?"));
        let values: Vec<_> = terms
            .values
            .known()
            .map(|values| values.iter().map(|word| format!("`{word}`")).collect())
            .unwrap_or_default();
        let mut parts = Vec::new();
        if !values.is_empty() {
            parts.push(format!("has an entry of `{list}` in force with `{key}` {}", values.join(" and one with ")));
        }
        if let Some(least) = terms.least.known() {
            let entries = if *least == 1 { "entry" } else { "entries" };
            parts.push(format!("has at least {least} {entries} of `{list}` in force"));
        }
        if let Some(most) = terms.distinct.known() {
            let default = terms.default.text().map_or(String::new(), |default| {
                if default == "self" {
                    "; an entry without one stands for the record itself".into()
                } else {
                    format!("; `{default}` where an entry has none")
                }
            });
            parts.push(format!("has at most {most} `{key}` among its entries of `{list}` in force{default}"));
        }
        format!("Each {who} {}.", parts.join(", and "))
    }
}

/// An entry of the list that may be in force: its value, whether it certainly is, its place.
struct Item {
    value: Option<String>,
    absent: bool,
    certain: bool,
    span: Span,
}

/// What the list has on the day, and whether it may have more.
struct Duty {
    items: Vec<Item>,
    open: bool,
    bad: bool,
    /// Where the list stands, or would.
    span: Span,
    /// Whether there is anything to have the list: the record itself, or an entry in force.
    within: Truth,
}

/// What the list of a record, or that of its entries in force, has on a day.
fn duty_of<'t>(record: &Record, terms: &Terms, day: impl Into<Today<'t>>) -> Option<Duty> {
    let day = day.into();
    let (list, key) = (terms.list.text().unwrap_or(""), terms.key.text().unwrap_or(""));
    let Some((outer, inner)) = list.split_once('.') else {
        let (span, view) = record.body.fields().get(list)?;
        return Some(duty(&view, key, span, day));
    };
    let (span, view) = record.body.fields().get(outer)?;
    // A list of tenures that is left out is not known.
    let open = matches!(view, View::Unknown | View::Bad | View::Absent);
    let bad = matches!(view, View::Bad);
    let mut found =
        Duty { items: Vec::new(), open: false, bad, span, within: if open { Truth::Maybe } else { Truth::No } };
    let View::List(entries) = view else { return Some(found) };
    for (at, entry) in entries {
        let View::Table(entry) = entry else {
            found.within = found.within.or(Truth::Maybe);
            continue;
        };
        let holds = recorded_in_force(date_of(entry, &["from"]), date_of(entry, &["until", "ended"]), day);
        let vacant = matches!(entry.get("holder"), Some((_, View::Text("vacant"))));
        if vacant || !holds.possible() {
            continue;
        }
        found.within = found.within.or(holds);
        found.span = at;
        let Some((span, view)) = entry.get(inner) else { continue };
        let more = duty(&view, key, span, day);
        found.open |= more.open;
        found.bad |= more.bad;
        found
            .items
            .extend(more.items.into_iter().map(|item| Item { certain: item.certain && holds.certain(), ..item }));
    }
    Some(found)
}

/// The first of some dates of an entry that is there.
fn date_of(entry: &dyn Fields, keys: &[&str]) -> Option<When> {
    keys.iter().find_map(|key| match entry.get(key) {
        Some((_, View::Day(when))) => Some(when),
        Some((_, View::Unknown | View::Bad)) => Some(When::UNKNOWN),
        _ => None,
    })
}

fn duty(view: &View<'_>, key: &str, span: Span, day: Today<'_>) -> Duty {
    let mut found = Duty {
        items: Vec::new(),
        open: matches!(view, View::Unknown | View::Bad),
        bad: matches!(view, View::Bad),
        span,
        within: Truth::Yes,
    };
    let View::List(entries) = view else { return found };
    for (span, entry) in entries {
        let View::Table(entry) = entry else {
            found.open = true;
            found.bad |= matches!(entry, View::Bad);
            continue;
        };
        let holds = recorded_in_force(date_of(*entry, &["from"]), date_of(*entry, &["until"]), day);
        if !holds.possible() {
            continue;
        }
        let value = entry.get(key).map(|(_, view)| view);
        found.bad |= matches!(value, Some(View::Bad));
        let absent = matches!(value, Some(View::Absent));
        let text = match value {
            Some(View::Text(text)) => Some(text.to_owned()),
            _ => None,
        };
        found.items.push(Item { value: text, absent, certain: holds.certain(), span: *span });
    }
    found
}

struct State<'s> {
    law: &'s Law<'s, Obligation>,
    segment: &'s Segment<Terms>,
    terms: &'s Terms,
    record: &'s Record,
    span: Span,
    items: &'s [Item],
    open: bool,
    bad: bool,
    selected: Truth,
}

impl State<'_> {
    fn list(&self) -> &str {
        self.terms.list.text().unwrap_or("")
    }

    fn value(&self, value: &str, value_span: Span, case: &Case<'_>, slots: &mut Slots) {
        let has = |item: &&Item| item.value.as_deref() == Some(value);
        let rule = self.segment.mark(self.law.file, "values", value_span, "what must be there");
        let own = Mark::new(self.record.file, self.span, format!("`{}` on {}", self.list(), case.on));
        let name = people::name(self.record);
        if let Some(item) = self.items.iter().filter(has).find(|item| item.certain) {
            let mark = Mark::new(self.record.file, item.span, "in force");
            return slots.pass(|| {
                Said::new(value, Outcome::Pass, format!("{name} has {} `{value}`", self.list()))
                    .steps(self.steps(value, case))
                    .mark(mark)
                    .mark(rule)
                    .under(self.segment)
            });
        }
        let doubtful = self.items.iter().any(|item| has(&item) || item.value.is_none() && !item.absent);
        let who = if self.selected == Truth::Maybe { " (if it was one of those that must)" } else { "" };
        if self.open || doubtful || self.selected == Truth::Maybe {
            let message =
                format!("{name}: whether it has {} `{value}` on {}{who} is not recorded", self.list(), case.on);
            let help = format!(
                "record it: `{} = [{{ {} = \"{value}\", from = … }}]`",
                self.list(),
                self.terms.key.text().unwrap_or("")
            );
            return slots.say(
                Said::new(value, Outcome::Unknown, message)
                    .help(help)
                    .mark(own)
                    .mark(rule)
                    .under(self.segment)
                    .silent(self.bad)
                    .explained(slots.explain, |said| said.steps(self.steps(value, case))),
            );
        }
        let varied = match self.segment.varied_by.as_slice() {
            [] => String::new(),
            names => {
                format!(" as varied by {}", names.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", "))
            }
        };
        let message = format!(
            "{name} has no {} `{value}` on {}, which {}{varied} requires",
            self.list(),
            case.on,
            self.law.clause
        );
        let help = format!(
            "if it has one, record it: `{} = [{{ {} = \"{value}\", from = … }}]`",
            self.list(),
            self.terms.key.text().unwrap_or("")
        );
        let said = Said::new(value, Outcome::Breach, message).help(help).mark(own).mark(rule).under(self.segment);
        let explained = |said: Said| said.steps(self.steps(value, case)).cure(self.cure(value, case));
        slots.say(said.explained(slots.explain, explained));
    }

    /// The entries in force, and the value that one of them must have.
    fn steps(&self, value: &str, case: &Case<'_>) -> Vec<String> {
        let key = self.terms.key.text().unwrap_or("");
        let mut steps = vec![format!("{} is one of those that must have `{key}` `{value}`", people::name(self.record))];
        steps.extend(self.entries_in_steps(case));
        steps
    }

    /// The entries in force.
    fn entries_in_steps(&self, case: &Case<'_>) -> Vec<String> {
        let key = self.terms.key.text().unwrap_or("");
        let entry = |item: &Item| {
            let value = item.value.as_deref().map_or("not recorded".to_owned(), |value| format!("`{value}`"));
            let doubt = if item.certain { "" } else { ", if the days that are not recorded allow it" };
            format!("in force on {}: an entry of `{}` with `{key}` {value}{doubt}", case.on, self.list())
        };
        let mut steps: Vec<String> = self.items.iter().take(20).map(entry).collect();
        if self.open {
            steps.push(format!("not every entry of `{}` is recorded", self.list()));
        } else if self.items.is_empty() {
            steps.push(format!("no entry of `{}` is in force on {}", self.list(), case.on));
        }
        steps
    }

    /// An entry with the value, in force from the day judged.
    fn cure(&self, value: &str, case: &Case<'_>) -> Cure {
        let (list, key) = (self.list(), self.terms.key.text().unwrap_or(""));
        let cure = Cure::new(format!("an entry of `{list}` with `{key}` `{value}` in force on {}", case.on));
        let entry = format!("{{ {key} = \"{value}\", from = {} }}", case.on);
        match self.record.body.fields().get(list) {
            Some((_, View::List(entries))) => {
                cure.set(self.record.subject(), format!("{list}.{}", entries.len()), entry)
            }
            Some((_, View::Absent)) => cure.set(self.record.subject(), list, format!("[{entry}]")),
            _ => Cure { no_edit: Some(format!("`{list}` is no list of entries yet")), ..cure },
        }
    }

    /// At least so many entries in force.
    fn least(&self, least: usize, case: &Case<'_>, slots: &mut Slots) {
        let (name, list) = (people::name(self.record), self.list());
        let certain = self.items.iter().filter(|item| item.certain).count();
        let rule = self.segment.mark(self.law.file, "at-least", self.terms.least.span, format!("at least {least}"));
        let own = Mark::new(self.record.file, self.span, format!("`{list}` on {}", case.on));
        let steps = || {
            let counted = format!("entries of `{list}` in force on {}: {certain}, at least {least} must be", case.on);
            let doubtful = self.items.len().saturating_sub(certain);
            let doubts =
                (doubtful > 0 || self.open).then(|| format!("and {doubtful} that may be; not all is recorded"));
            [counted].into_iter().chain(doubts).collect::<Vec<_>>()
        };
        let slot = list.rsplit('.').next().unwrap_or(list);
        if certain >= least {
            return slots.pass(|| {
                let message = format!("{name} has {certain} of `{list}` on {}", case.on);
                Said::new(slot, Outcome::Pass, message).steps(steps()).mark(own).mark(rule).under(self.segment)
            });
        }
        let help = format!("record it: an entry of `{list}` with `{}` and `from`", self.terms.key.text().unwrap_or(""));
        let lacks = self.items.len() < least && !self.open && self.selected == Truth::Yes;
        let said = if lacks {
            let message = format!(
                "{name} has {} of `{list}` on {}, and {} asks for {least}",
                if self.items.is_empty() { "none".to_owned() } else { self.items.len().to_string() },
                case.on,
                self.law.clause
            );
            let cure = || {
                let more =
                    format!("{} more of `{list}` in force on {}", least.saturating_sub(self.items.len()), case.on);
                Cure::by_hand(more, "what the entry says only a source tells")
            };
            Said::new(slot, Outcome::Breach, message).explained(slots.explain, |said| said.steps(steps()).cure(cure()))
        } else {
            let message = format!("{name}: whether it has {least} of `{list}` on {} is not recorded", case.on);
            Said::new(slot, Outcome::Unknown, message)
                .silent(self.bad)
                .explained(slots.explain, |said| said.steps(steps()))
        };
        slots.say(said.help(help).mark(own).mark(rule).under(self.segment));
    }

    /// The entries of all values but the first ones, ended on the day judged.
    fn ended(
        &self,
        values: &BTreeSet<String>,
        most: usize,
        value_of: &dyn Fn(&Item) -> Option<String>,
        case: &Case<'_>,
    ) -> Cure {
        let over: Vec<&String> = values.iter().skip(most).collect();
        let mut cure = Cure::new(format!("the entries that no longer hold ended (`until`) by {}", case.on));
        for item in self.items.iter().filter(|item| value_of(item).is_some_and(|value| over.contains(&&value))) {
            let Some(path) = people::path_of(self.record, item.span) else { continue };
            cure = cure.set(self.record.subject(), format!("{path}.until"), case.on.to_string());
        }
        if cure.set.is_empty() { Cure { no_edit: Some("the record has no such entry".into()), ..cure } } else { cure }
    }

    fn distinct(&self, most: usize, case: &Case<'_>, slots: &mut Slots) {
        let key = self.terms.key.text().unwrap_or("");
        let default = self.terms.default.text();
        let value_of = |item: &Item| -> Option<String> {
            let own = |text: &str| {
                if default == Some("self") && text == self.record.id.as_ref() {
                    "self".to_owned()
                } else {
                    text.to_owned()
                }
            };
            if item.absent { default.map(ToOwned::to_owned) } else { item.value.as_deref().map(own) }
        };
        let certain: BTreeSet<String> = self.items.iter().filter(|item| item.certain).filter_map(value_of).collect();
        let all: BTreeSet<Option<String>> =
            self.items.iter().filter(|item| !item.absent || default.is_some()).map(value_of).collect();
        let rule = self.segment.mark(self.law.file, "distinct", self.terms.distinct.span, format!("at most {most}"));
        let marks = self.items.iter().map(|item| Mark::new(self.record.file, item.span, "in force")).take(6);
        let name = people::name(self.record);
        let shown = |set: &BTreeSet<String>| {
            set.iter()
                .map(|one| if one == "self" { format!("`{}` itself", self.record.id) } else { format!("`{one}`") })
                .collect::<Vec<_>>()
                .join(", ")
        };
        if certain.len() > most && self.selected == Truth::Yes {
            let message = format!(
                "{name} has {} of `{key}` on {}: {}; {} allows {most}",
                certain.len(),
                case.on,
                shown(&certain),
                self.law.clause
            );
            return slots.say(
                Said::new(key, Outcome::Breach, message)
                    .help("end the entry that no longer holds (`until = …`)")
                    .explained(slots.explain, |said| {
                        let counted = format!("{} of `{key}`, at most {most}: {}", certain.len(), shown(&certain));
                        let steps = self.entries_in_steps(case);
                        said.steps(steps).steps([counted]).cure(self.ended(&certain, most, &value_of, case))
                    })
                    .marks(marks)
                    .mark(rule)
                    .under(self.segment),
            );
        }
        let steps = || {
            let mut steps = self.entries_in_steps(case);
            steps.push(format!("`{key}` for certain: {}, at most {most} allowed", certain.len()));
            steps
        };
        if self.open || all.len() > most {
            let message = format!("{name}: which `{key}` it has on {} is not recorded", case.on);
            let own = Mark::new(self.record.file, self.span, format!("`{}` on {}", self.list(), case.on));
            let said = Said::new(key, Outcome::Unknown, message).mark(own).mark(rule).under(self.segment);
            return slots.say(said.silent(self.bad).because(slots.explain, steps));
        }
        slots.pass(|| {
            let what = if certain.is_empty() { "none named".to_owned() } else { shown(&certain) };
            Said::new(key, Outcome::Pass, format!("{name}: `{key}` is {what}"))
                .steps(steps())
                .mark(Mark::new(self.record.file, self.span, "judged"))
                .mark(rule)
                .under(self.segment)
        });
    }
}

/// The kind of records that an obligation is about.
pub fn kind_of(about: &About) -> Option<RecordKind> {
    about.of.known().map(|word| word.0)
}
