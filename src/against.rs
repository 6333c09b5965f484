//! A tree held against the revision that it comes from: what a pull request changes.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::{
    change::{self, File},
    check::{self, Selection, Verdict},
    day::Day,
    delta::{self, Sides},
    error::Error,
    finding::{Finding, Status},
    history::{History, walk},
    record::Kind,
    registry::{Registry, seen::Kinds, signers::Signers},
    rulebook::Rulebook,
    text::{FileId, Texts},
    tree::{Beside, Opened, Other, Tree, Whereabouts},
};

/// Judges a tree, and its base, and says what is new, what is there as before, what is fixed, and
/// which facts changed. Where the rules of the two differ, the tree is judged by the base's rules as
/// well; and so it is, on the base's day, where the tree has moved its position back: that is no way to
/// be rid of a breach.
///
/// The base is judged by its own rules, on `on` where that is named, else on the day that its own
/// records speak for: so a pull request that moves the position shows what the new day brings.
///
/// # Errors
///
/// Those of opening and reading either tree, and of [`Tree::day`].
pub fn judge(
    at: &Whereabouts,
    head: &Opened,
    mut tree: Tree,
    base: &str,
    on: Option<Day>,
    selection: &Selection,
) -> Result<Verdict, Error> {
    let day = tree.day(on)?;
    let base = head.base(base)?;
    let mut texts = std::mem::take(&mut tree.texts);
    let base_at = Whereabouts { at: Some(base.clone()), rules_at: None, ..at.clone() };
    let base_opened = base_at.open()?;
    if let Some(other) = base_opened.other(&tree, &mut texts).map_err(|why| of_base(why, &base))? {
        let (before_day, kinds) = (on.or(other.position).unwrap_or(day), other.kinds(&tree));
        if before_day <= day && !kinds.meet([Kind::Signer].into_iter().collect()) {
            return by_what_is_other(head, tree, texts, (base, other, kinds), (day, before_day), selection);
        }
    }
    let mut before = base_opened.tree_after(texts, Beside::Base(&tree)).map_err(|why| of_base(why, &base))?;
    let mut texts = std::mem::take(&mut before.texts);
    let changes = changes((&before.rule_files, &before.record_files), &tree, &texts);
    let mut crossed = None;
    let before_day = before.day(on).unwrap_or(day);
    if before_day > day || !by_the_same_rules(&before, &tree, &texts) {
        let cross_at = Whereabouts { rules_at: Some(base.clone()), ..at.clone() };
        let mut cross = cross_at.open()?.tree_after(texts, Beside::Same(&tree))?;
        texts = std::mem::take(&mut cross.texts);
        crossed = Some(cross);
    }
    let files: Vec<FileId> = before.rule_files.iter().chain(&before.record_files).copied().collect();
    let history = history(head, &base, (&before.registry, &files, &tree), crossed.as_ref(), &texts)?;
    let of_commits = |tree: &Tree| check::history_findings(&tree.registry, &tree.book, selection, &history);
    let (by_own, by_base) = (of_commits(&tree), crossed.as_ref().map(of_commits));
    let (summary, mut found) = check::judged(&mut tree, day, selection, &texts);
    found.extend(by_own);
    let sides = Sides {
        head: found,
        base: check::judged(&mut before, before_day, selection, &texts).1,
        by_base_rules: crossed.as_mut().map(|cross| {
            let mut found = check::judged(cross, day.max(before_day), selection, &texts).1;
            found.extend(by_base.into_iter().flatten());
            found
        }),
    };
    let mut findings = delta::settle(sides, &texts);
    lie_in(&base, &mut findings, &mut texts);
    let verdict = Verdict {
        on: day,
        position: tree.registry.position,
        at: std::mem::take(&mut tree.at),
        base: Some(base),
        assumed: tree.book.assumed.clone(),
        summary,
        findings,
        changes,
        texts,
    };
    rayon::spawn(move || drop((tree, before, crossed)));
    Ok(verdict)
}

/// The same where the base has the rules of the tree judged, and is judged on no later day: it is read as what
/// is other in it, and on the same day only what may come out otherwise is judged. The tree becomes its base.
fn by_what_is_other(
    head: &Opened,
    mut tree: Tree,
    mut texts: Texts,
    (base, other, kinds): (String, Other, Kinds),
    (day, before_day): (Day, Day),
    selection: &Selection,
) -> Result<Verdict, Error> {
    let changes = changes((&tree.rule_files, other.files()), &tree, &texts);
    let files: Vec<FileId> = tree.rule_files.iter().chain(other.files()).copied().collect();
    let history = history(head, &base, (&tree.registry, &files, &tree), None, &texts)?;
    let by_own = check::history_findings(&tree.registry, &tree.book, selection, &history);
    let (summary, mut found, noted) = check::judged_noting(&mut tree, day, selection, &texts);
    found.extend(by_own);
    let (position, at) = (tree.registry.position, std::mem::take(&mut tree.at));
    other.turn(&mut tree);
    let known = (before_day == day).then_some((noted, kinds));
    let (_, before, _) = check::judged_after(&mut tree, before_day, selection, &texts, known);
    let mut findings = delta::settle(Sides { head: found, base: before, by_base_rules: None }, &texts);
    lie_in(&base, &mut findings, &mut texts);
    let assumed = tree.book.assumed.clone();
    rayon::spawn(move || drop(tree));
    Ok(Verdict { on: day, position, at, base: Some(base), assumed, summary, findings, changes, texts })
}

/// Judges a tree as if the modifications that its rulebook assumes were implemented on the day
/// judged, and says what that changes.
///
/// # Errors
///
/// Those of [`Tree::day`].
pub fn what_if(mut tree: Tree, on: Option<Day>, selection: &Selection) -> Result<Verdict, Error> {
    let day = tree.day(on)?;
    let texts = std::mem::take(&mut tree.texts);
    let (problems, assumed) = (tree.problems.clone(), std::mem::take(&mut tree.book.assumed));
    let base = check::judged(&mut tree, day, selection, &texts).1;
    (tree.problems, tree.book.assumed) = (problems, assumed.clone());
    let (summary, head) = check::judged(&mut tree, day, selection, &texts);
    let findings = delta::settle(Sides { head, base, by_base_rules: None }, &texts);
    let verdict = Verdict {
        on: day,
        position: tree.registry.position,
        at: std::mem::take(&mut tree.at),
        base: None,
        assumed,
        summary,
        findings,
        changes: Vec::new(),
        texts,
    };
    rayon::spawn(move || drop(tree));
    Ok(verdict)
}

/// What the commits did that the head has and the base has not, where some rule asks. What they touched
/// lies in the tree judged, else in the base.
fn history(
    head: &Opened,
    base: &str,
    (before, files, now): (&Registry, &[FileId], &Tree),
    crossed: Option<&Tree>,
    texts: &Texts,
) -> Result<History, Error> {
    let books = || std::iter::once(now).chain(crossed).map(|tree| &tree.book);
    if !books().any(Rulebook::judges_commits) {
        return Ok(History::default());
    }
    // The base says who may sign: nobody is believed by a key that they bring themselves.
    let signers = walk::asks_signers(books()).then(|| Signers::of(before));
    let asked = walk::Asked { looks_back: walk::looks_back(books()), signers };
    let mut history = walk::since(head, base, asked)?;
    let touched: FxHashSet<String> = history
        .steps
        .iter()
        .flat_map(|step| step.records.iter().chain(&step.rules).chain(&step.header))
        .map(|change| change.path.clone())
        .collect();
    for file in files.iter().chain(&now.rule_files).chain(&now.record_files) {
        let path = texts.path(*file);
        if touched.contains(path) {
            history.files.insert(path.to_owned(), *file);
        }
    }
    Ok(history)
}

/// Whose turn it is where the base cannot be judged.
fn of_base(why: Error, base: &str) -> Error {
    match why {
        Error::Usage { what, hint } => Error::Usage { what: format!("the base, commit {base}: {what}"), hint },
        other => other,
    }
}

/// A finding that is fixed lies in the base, in files that are the same in the tree judged as well.
fn lie_in(base: &str, findings: &mut [Finding], texts: &mut Texts) {
    texts.begin(Some(base));
    let mut again: BTreeMap<FileId, FileId> = BTreeMap::new();
    let fixed = findings.iter_mut().filter(|finding| finding.status == Some(Status::Fixed));
    for mark in fixed.flat_map(|finding| &mut finding.marks) {
        let file = &mut mark.place.file;
        if texts.commit(*file).is_none() {
            *file = *again.entry(*file).or_insert_with(|| texts.again(*file));
        }
    }
}

/// What changed in records and rules. Files that both trees share did not.
fn changes(before: (&[FileId], &[FileId]), after: &Tree, texts: &Texts) -> Vec<change::Change> {
    let all = |(rules, records): (&[FileId], &[FileId])| -> Vec<FileId> { [rules, records].concat() };
    let (before, after_files) = (all(before), all((&after.rule_files, &after.record_files)));
    let shared: FxHashSet<FileId> = after_files.iter().copied().collect();
    let shared: FxHashSet<FileId> = before.iter().filter(|file| shared.contains(file)).copied().collect();
    let own = |mut all: Vec<FileId>| {
        all.retain(|file| !shared.contains(file));
        all
    };
    let (before, now) = (own(before), own(after_files));
    let read = |all: &[FileId]| files(all, texts).collect::<Vec<_>>();
    change::between(&after.folder, &read(&before), &read(&now))
}

/// Whether two trees are judged by the same rules, be it in other words: a comment, another layout.
fn by_the_same_rules(one: &Tree, other: &Tree, texts: &Texts) -> bool {
    let [one, other] = [one, other].map(|tree| tree.rule_files.as_slice());
    one == other
        || one.len() == other.len()
            && files(one, texts)
                .zip(files(other, texts))
                .all(|(one, other)| one.path == other.path && change::texts_say_the_same(one.content, other.content))
}

fn files<'t>(ids: &[FileId], texts: &'t Texts) -> impl Iterator<Item = File<'t>> {
    let texts = ids.iter().filter_map(|id| texts.get(*id));
    texts.map(|text| File { path: text.path(), content: text.content() })
}
