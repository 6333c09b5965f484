//! Why: everything that is said of a slot has a derivation, every breach a change that clears it.
//! What is looked through is every judgement of every example of the shipped rules and of the
//! shipped registry, so that no kind and no outcome can be forgotten.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use quorate::{
    check::{self, Judged},
    day::Day,
    derogation::{Derogations, Uses},
    finding::Outcome,
    kind::{Cure, Edit, KINDS, Shared},
    rulebook::{
        Rulebook, example,
        load::{self, RuleFile},
        rule::Rule,
    },
    source::Content,
    text::Texts,
    tree::{Rules, Whereabouts},
};

use crate::common::manifest;

fn rules() -> Rules {
    let at = Whereabouts { start: manifest().to_owned(), ..Whereabouts::default() };
    at.open().unwrap().rules().unwrap()
}

/// The kind of a rule.
fn kind_of(rule: &Rule) -> &str {
    rule.head.kind.text().unwrap_or("")
}

/// What cannot be followed in one judgement, a line each.
fn gaps(rule: &Rule, subject: &str, judged: &Judged) -> Vec<String> {
    let at = |what: &str, why: &str| format!("{} {}: {subject}: {what}: {why}", kind_of(rule), rule.id);
    let mut found = Vec::new();
    if judged.said.is_empty() {
        found.push(at(judged.outcome.word(), "nothing is said"));
    }
    for said in &judged.said {
        let what = format!("{} {}", said.outcome, said.message);
        if said.steps.is_empty() {
            found.push(at(&what, "no steps"));
        }
        // A cure is a change in words with its edits, or with the reason why there are none.
        let is_whole = |cure: &Cure| !cure.text.is_empty() && cure.set.is_empty() == cure.no_edit.is_some();
        if said.outcome == Outcome::Breach && !said.cure.as_ref().is_some_and(is_whole) {
            found.push(at(&what, "no cure"));
        }
    }
    found
}

#[test]
fn every_judgement_of_every_example_can_be_followed() {
    let rules = rules();
    let mut seen: BTreeMap<&str, BTreeSet<Outcome>> = BTreeMap::new();
    let mut found = Vec::new();
    for rule in &rules.book.rules {
        for ready in example::ready(&rules.book, rule) {
            for on in ready.example.days() {
                for (rule, subject, judged) in ready.judged(&rules.book, on) {
                    seen.entry(kind_of(rule)).or_default().extend(judged.said.iter().map(|said| said.outcome));
                    let own = gaps(rule, &subject, &judged).into_iter();
                    found.extend(own.map(|gap| format!("{gap} ({}, {on})", ready.name())));
                }
            }
        }
    }
    assert!(found.is_empty(), "{} gaps:\n{}", found.len(), found.join("\n"));
    for kind in KINDS {
        for outcome in [Outcome::Pass, Outcome::Breach, Outcome::Unknown, Outcome::NotApplicable] {
            let told = seen.get(kind.name()).is_some_and(|outcomes| outcomes.contains(&outcome));
            assert!(told, "no example of {} says {outcome}, so nothing here holds it", kind.name());
        }
    }
}

#[test]
fn every_judgement_of_the_shipped_registry_can_be_followed() {
    let at = Whereabouts { start: manifest().to_owned(), ..Whereabouts::default() };
    let tree = at.open().unwrap().tree().unwrap();
    let on = tree.registry.position.unwrap();
    let shared = Shared::new(&tree.registry, &tree.book.code, &tree.book.calendars);
    let derogations = Derogations::of(&tree.registry, on);
    let mut uses = Uses::default();
    let mut found = Vec::new();
    for rule in tree.book.judging() {
        for mut judged in check::judge_rule(rule, &shared, on, &tree.book, true, |_| true) {
            let subject = tree.registry.at(judged.subject).unwrap().subject();
            check::derogate(&mut judged, rule, &subject, &derogations, &mut uses);
            found.extend(gaps(rule, &subject, &judged));
        }
    }
    assert!(found.is_empty(), "{} gaps:\n{}", found.len(), found.join("\n"));
}

/// A value of TOML: a table, a list, or what stands there otherwise.
#[derive(Debug, Clone)]
enum Node {
    Table(BTreeMap<String, Node>),
    List(Vec<Node>),
    Leaf(String),
}

impl Node {
    fn of(value: &toml::de::DeValue<'_>, span: std::ops::Range<usize>, text: &str) -> Self {
        use toml::de::DeValue;
        match value {
            DeValue::Table(table) => Self::table(table, text),
            DeValue::Array(items) => {
                Self::List(items.iter().map(|one| Self::of(one.get_ref(), one.span(), text)).collect())
            }
            _ => Self::Leaf(text[span].to_owned()),
        }
    }

    fn table(table: &toml::de::DeTable<'_>, text: &str) -> Self {
        let one = |(key, value): (&toml::Spanned<toml::de::DeString<'_>>, &toml::Spanned<toml::de::DeValue<'_>>)| {
            (key.get_ref().to_string(), Self::of(value.get_ref(), value.span(), text))
        };
        Self::Table(table.iter().map(one).collect())
    }

    fn parsed(text: &str) -> Self {
        let table = toml::de::DeTable::parse(text).unwrap();
        Self::table(table.get_ref(), text)
    }

    fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Table(table) => table.get(key),
            _ => None,
        }
    }

    /// Writes a value where a path leads, or leaves the key out; whether the path leads somewhere.
    fn set(&mut self, path: &[&str], value: Option<&str>) -> bool {
        let Some((first, rest)) = path.split_first() else { return false };
        match self {
            Self::Table(table) if rest.is_empty() => match value {
                Some(value) => {
                    let parsed = Self::parsed(&format!("x = {value}"));
                    table.insert((*first).to_owned(), parsed.get("x").unwrap().clone());
                    true
                }
                None => table.remove(*first).is_some(),
            },
            Self::Table(table) => {
                table.entry((*first).to_owned()).or_insert_with(|| Self::Table(BTreeMap::new())).set(rest, value)
            }
            Self::List(items) => {
                let at: usize = first.parse().unwrap();
                match (rest.is_empty(), value) {
                    (true, Some(value)) if at <= items.len() => {
                        let parsed = Self::parsed(&format!("x = {value}"));
                        let new = parsed.get("x").unwrap().clone();
                        if at == items.len() {
                            items.push(new)
                        } else {
                            items[at] = new
                        }
                        true
                    }
                    (true, None) if at < items.len() => {
                        items.remove(at);
                        true
                    }
                    (false, _) => items.get_mut(at).is_some_and(|item| item.set(rest, value)),
                    _ => false,
                }
            }
            Self::Leaf(_) => false,
        }
    }
}

impl std::fmt::Display for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Leaf(text) => f.write_str(text),
            Self::List(items) => {
                f.write_str("[")?;
                items.iter().try_for_each(|item| write!(f, "{item}, "))?;
                f.write_str("]")
            }
            Self::Table(table) => {
                let parts: Vec<String> = table.iter().map(|(key, value)| format!("\"{key}\" = {value}")).collect();
                write!(f, "{{ {} }}", parts.join(", "))
            }
        }
    }
}

/// The files of the shipped rulebook: path below the folder, and content.
fn shipped() -> BTreeMap<String, String> {
    fn gather(folder: &Path, below: &str, found: &mut BTreeMap<String, String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{below}{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                gather(&entry.path(), &format!("{name}/"), found);
            } else if name.ends_with(".toml") {
                found.insert(name, std::fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    gather(&manifest().join("rules"), "", &mut found);
    found
}

fn book(files: &BTreeMap<String, String>) -> Rulebook {
    let file = |(below, text): (&String, &String)| RuleFile {
        path: format!("rules/{below}"),
        below: below.clone(),
        content: Content::Text(text.clone()),
    };
    let files = files.iter().map(file).collect();
    load::load(files, Texts::default()).map(|(book, _)| book).unwrap_or_else(|error| panic!("{error:?}"))
}

/// A rule, a record, a slot.
type Slot = (String, String, String);

/// What one breach of an example would be cleared by.
struct Ill {
    example: usize,
    on: Day,
    slot: Slot,
    cure: Cure,
}

/// Every breach of a rule's examples, with what would clear it; and all that they came to.
fn ills(book: &Rulebook, rule: &Rule) -> Vec<Ill> {
    let mut found = Vec::new();
    for (number, ready) in example::ready(book, rule).iter().enumerate() {
        for on in ready.example.days() {
            for (own, subject, judged) in ready.judged(book, on) {
                for said in judged.said.into_iter().filter(|said| said.outcome == Outcome::Breach) {
                    let cure = said.cure.unwrap_or_default();
                    let slot = (own.id.to_string(), subject.clone(), said.slot);
                    found.push(Ill { example: number, on, slot, cure });
                }
            }
        }
    }
    found
}

/// The example with its fixture laid under it and edits made in it; nothing where one names no place.
fn edited(rule: &Node, fixtures: &BTreeMap<String, String>, ill: &Ill, edits: &[Edit]) -> Option<Node> {
    let Some(Node::List(examples)) = rule.get("example") else { return None };
    let mut example = examples.get(ill.example)?.clone();
    let over = example.get("over").map(ToString::to_string).map(|over| over.trim_matches('"').to_owned());
    let Node::Table(own) = &mut example else { return None };
    own.remove("over");
    let mut records = BTreeMap::new();
    if let Some(Node::Table(under)) =
        over.and_then(|over| Node::parsed(&fixtures[&format!("fixtures/{over}.toml")]).get("records").cloned())
    {
        records.extend(under);
    }
    if let Some(Node::Table(laid)) = own.get("records") {
        records.extend(laid.clone());
    }
    for edit in edits {
        let record = records.entry(edit.subject.clone()).or_insert_with(|| Node::Table(BTreeMap::new()));
        if !record.set(&edit.path.split('.').collect::<Vec<_>>(), edit.value.as_deref()) {
            return None;
        }
    }
    own.insert("records".to_owned(), Node::Table(records));
    Some(example)
}

/// The slots that are breaches in an example, with why.
fn breaches(ready: &example::Ready<'_>, book: &Rulebook, on: Day) -> BTreeMap<Slot, String> {
    let mut found = BTreeMap::new();
    for (rule, subject, judged) in ready.judged(book, on) {
        for said in judged.said.into_iter().filter(|said| said.outcome == Outcome::Breach) {
            found.insert((rule.id.to_string(), subject.clone(), said.slot), said.message);
        }
    }
    found
}

/// Every cure that is given as edits is made in the records of its example, which is judged anew.
#[test]
fn every_cure_made_clears_its_breach_and_makes_no_other() {
    let all = shipped();
    let is_common = |below: &str| {
        !below.contains('/') || ["calendars/", "fixtures/", "sources/"].iter().any(|one| below.starts_with(one))
    };
    let common: BTreeMap<String, String> =
        all.iter().filter(|(below, _)| is_common(below)).map(|(below, text)| (below.clone(), text.clone())).collect();
    let mut made: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (below, text) in all.iter().filter(|(below, _)| !is_common(below)) {
        // What a variation reaches is judged with all the others.
        let alone = !text.contains("\"variation\"") && !text.contains("inserted-by");
        let mut files = if alone { common.clone() } else { all.clone() };
        files.insert(below.clone(), text.clone());
        let sick = book(&files);
        let id = below.rsplit('/').next().unwrap().strip_suffix(".toml").unwrap();
        let rule = sick.find(id).unwrap();
        let ills = ills(&sick, rule);
        let mut whole = Node::parsed(text);
        let mut examples = Vec::new();
        let (mut kept, mut before) = (Vec::new(), Vec::new());
        for ill in &ills {
            let count = made.entry(kind_of(rule).to_owned()).or_default();
            count.0 += usize::from(!ill.cure.set.is_empty());
            count.1 += usize::from(ill.cure.set.is_empty());
            if ill.cure.set.is_empty() {
                continue;
            }
            // As it was, to see that it is a breach in this form too; then with the edits.
            match edited(&whole, &common, ill, &[]).zip(edited(&whole, &common, ill, &ill.cure.set)) {
                Some((sick, healthy)) => {
                    examples.extend([sick, healthy]);
                    let same = ills.iter().filter(|one| (one.example, one.on) == (ill.example, ill.on));
                    before.push(same.map(|one| &one.slot).collect::<BTreeSet<_>>());
                    kept.push(ill);
                }
                None => {
                    wrong.push(format!("{id}: example {}: {:?}: no such place: {:?}", ill.example, ill.slot, ill.cure))
                }
            }
        }
        let Node::Table(root) = &mut whole else { panic!("{below} is a table") };
        root.insert("example".to_owned(), Node::List(examples));
        root.remove("survivor");
        let text: String = root.iter().map(|(key, value)| format!("\"{key}\" = {value}\n")).collect();
        files.insert(below.clone(), text);
        let healthy = book(&files);
        let rule = healthy.find(id).unwrap();
        let all = example::ready(&healthy, rule);
        for ((ready, ill), before) in all.chunks(2).zip(&kept).zip(&before) {
            let [sick, ready] = ready else { panic!("{id}: each cure has two examples") };
            let own = &ill.slot;
            assert!(breaches(sick, &healthy, ill.on).contains_key(own), "{id}: {own:?} is no breach before the cure");
            let now = breaches(ready, &healthy, ill.on);
            let named = format!("{} {id}: `{}` on {}: {:?}", kind_of(rule), ready.name(), ill.on, ill.cure);
            for (slot, message) in now.iter().filter(|(slot, _)| *slot == own || !before.contains(slot)) {
                let what = if slot == own { "is still a breach" } else { "is a new breach" };
                wrong.push(format!("{named}: {slot:?} {what}: {message}"));
            }
            let problems = ready.problems().iter().skip(sick.problems().len());
            wrong.extend(problems.map(|problem| format!("{named}: the record is unsound: {}", problem.message)));
        }
    }
    assert!(wrong.is_empty(), "{} of {made:?} (with edits, in words alone):\n{}", wrong.len(), wrong.join("\n"));
    for kind in KINDS {
        assert!(
            made.get(kind.name()).is_some_and(|count| count.0 > 0),
            "no cure of {} was made: {made:?}",
            kind.name()
        );
    }
}
