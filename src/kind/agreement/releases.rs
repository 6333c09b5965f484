//! Releases and the modifications that they carry: what a release lists takes effect with it, on its
//! day, and what takes effect with it is listed.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{About, Mark, Outcome, RecordKind, Said, Slots, Trial, same_day};
use crate::{
    day::{Truth, When},
    decode::{Fact, List},
    kind::Case,
    record::{
        Body, Record,
        id::ReleaseId,
        modification::{Implementation, Modification},
        release::Release,
    },
};

/// The modifications that name a release, by release.
#[derive(Debug, Default)]
pub(super) struct Carriers(FxHashMap<Box<str>, Vec<u32>>);

impl Carriers {
    /// All of them, where a rule is about releases.
    pub(super) fn of(about: &About, case: &Case<'_>) -> Self {
        let mut found = Self::default();
        if about.of.known().is_none_or(|word| word.0 != RecordKind::Release) {
            return found;
        }
        for (at, record) in case.registry.all(RecordKind::Modification) {
            for release in named(record) {
                let all = found.0.entry(release.as_ref().into()).or_default();
                if all.last() != Some(&at) {
                    all.push(at);
                }
            }
        }
        found
    }

    fn of_release(&self, id: &str) -> &[u32] {
        self.0.get(id).map_or(&[], Vec::as_slice)
    }
}

/// The releases that a modification's record names.
pub(super) fn named(record: &Record) -> impl Iterator<Item = &ReleaseId> {
    let parts = record.modification().into_iter().flat_map(|one| one.implementation.iter());
    parts.filter_map(|part| part.release.known())
}

/// A day that happened, or the one last planned.
#[derive(Debug, Clone, Copy)]
struct Set {
    when: When,
    planned: bool,
}

/// The day that something took effect, else the one last planned for it.
fn day_set(actual: &Fact<When>, moved_to: &List<When>, planned: &Fact<When>) -> Option<Set> {
    let plan = || moved_to.items.last().unwrap_or(planned).when().map(|when| Set { when, planned: true });
    if actual.is_absent() { plan() } else { actual.when().map(|when| Set { when, planned: false }) }
}

impl Trial<'_> {
    /// Where everything that a release carries was implemented on one and the same other day, its
    /// own day is what is wrong: that is said once. Gives whether it was said.
    fn release_day(&self, release: &Release, slots: &mut Slots) -> bool {
        let Some(effective) = release.effective.when() else { return false };
        let actual = |id: &str| -> Option<(When, Mark)> {
            let record = self.case.registry.find(RecordKind::Modification, id)?;
            let first = record.modification()?.implementation.iter().find(|one| self.is_own(one))?;
            Some((first.actual.when()?, Mark::new(record.file, first.span, format!("`{id}` was implemented"))))
        };
        let listed: Vec<_> = release.modifications.iter().map(|id| actual(id.as_ref())).collect();
        let Some(all) = listed.into_iter().collect::<Option<Vec<_>>>() else { return false };
        let [(day, _), _, ..] = all.as_slice() else { return false };
        let day = *day;
        if same_day(effective, day) != Truth::No || all.iter().any(|(other, _)| *other != day) {
            return false;
        }
        let message = format!(
            "{} took effect on {effective}, and all {} that it lists are recorded as implemented on {day}",
            self.name(),
            all.len()
        );
        let own = Mark::new(self.record.file, release.effective.span, "its day");
        let said = Said::new("effective", Outcome::Breach, message).help("correct the day that is wrong").mark(own);
        self.say(said.marks(all.into_iter().map(|(_, mark)| mark).take(20)), slots);
        true
    }

    /// A release's list against the implementations of modifications, and the other way round.
    pub(super) fn release(&self, carriers: &Carriers, slots: &mut Slots) {
        let Body::Release(release) = &self.record.body else { return };
        if self.release_day(release, slots) {
            return;
        }
        let mut listed: FxHashSet<&str> = FxHashSet::default();
        for fact in &release.modifications.items {
            let Some(id) = fact.known().map(AsRef::as_ref) else { continue };
            let Some(record) = self.case.registry.find(RecordKind::Modification, id) else { continue };
            let Some(modification) = record.modification() else { continue };
            listed.insert(&record.id);
            let own = Mark::new(self.record.file, fact.span, "listed here");
            let said = self.listed(release, id, record, modification);
            self.say(said.mark(own), slots);
        }
        // A release without a list claims nothing of what it carries.
        if release.modifications.is_absent() {
            return;
        }
        let carriers = carriers.of_release(&self.record.id);
        for record in carriers.iter().filter_map(|at| self.case.record(*at)) {
            if !listed.contains(record.id.as_ref()) {
                self.say(self.unlisted(release, record), slots);
            }
        }
    }

    fn is_own(&self, one: &Implementation) -> bool {
        one.release.known().is_some_and(|release| release.as_ref() == self.record.id.as_ref())
    }

    /// A modification that the release lists.
    fn listed(&self, release: &Release, id: &str, record: &Record, modification: &Modification) -> Said {
        let parts = &modification.implementation;
        let Some(first) = parts.iter().find(|one| self.is_own(one)) else {
            let open = parts.is_open() || parts.iter().any(|one| one.release.is_open());
            let message = format!("{} lists `{id}`, whose record does not name the release", self.name());
            return Said::new(id, if open { Outcome::Unknown } else { Outcome::Breach }, message)
                .help("record the implementation, or correct the list")
                .mark(Mark::new(record.file, parts.span, "names no such release"));
        };
        let own = day_set(&release.effective, &release.moved_to, &release.planned);
        let its = day_set(&first.actual, &first.moved_to, &first.planned);
        let bad = release.effective.is_bad() || first.actual.is_bad();
        let said = match (own, its) {
            (Some(own), Some(its)) if own.planned == its.planned => self.on_its_day(id, own, its),
            _ => self.day_open(id),
        };
        let day = its.map_or_else(String::new, |its| format!(": {}", its.when));
        said.silent(bad).mark(Mark::new(record.file, first.span, format!("its implementation{day}")))
    }

    /// Two days that must be one: both happened, or both planned.
    fn on_its_day(&self, id: &str, own: Set, its: Set) -> Said {
        let (took, was) = if own.planned {
            ("is planned for", "is planned to be implemented with it on")
        } else {
            ("took effect on", "is recorded as implemented on")
        };
        match same_day(own.when, its.when) {
            Truth::Yes => Said::new(id, Outcome::Pass, format!("{} carries `{id}` on its day", self.name())),
            Truth::No => {
                let message = format!("{} {took} {}, and `{id}` {was} {}", self.name(), own.when, its.when);
                let help = if own.planned {
                    "record where the one was moved to with the other (`moved-to`), or take the release out"
                } else {
                    "correct the day that is wrong"
                };
                Said::new(id, Outcome::Breach, message).help(help)
            }
            Truth::Maybe => self.day_open(id),
        }
    }

    fn day_open(&self, id: &str) -> Said {
        let message = format!("{}: whether `{id}` took effect on its day is not recorded", self.name());
        Said::new(id, Outcome::Unknown, message)
    }

    /// A modification that names the release, and that the release does not list.
    fn unlisted(&self, release: &Release, record: &Record) -> Said {
        let own = Mark::new(self.record.file, release.modifications.span, "not listed here");
        let part = record.modification().and_then(|one| one.implementation.iter().find(|one| self.is_own(one)));
        let names = part.map(|part| Mark::new(record.file, part.release.span, "names the release"));
        let id = record.id.as_ref();
        let open = release.modifications.is_open();
        let said = if open {
            let message = format!("{}: whether it lists `{id}`, which names it, is not recorded", self.name());
            Said::new(id, Outcome::Unknown, message).help("record what its document lists")
        } else {
            let message = format!("{} does not list `{id}`, whose record names it", self.name());
            Said::new(id, Outcome::Breach, message)
                .help("correct the release that the implementation names, or the list")
        };
        said.mark(own).marks(names).silent(release.modifications.is_bad())
    }
}
