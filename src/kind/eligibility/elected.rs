//! Who was elected: nominated in time, and, where re-elected, in office before.

use std::{collections::BTreeSet, sync::OnceLock};

use super::{Case, Cure, Election, Mark, RecordKind, Said, Says, Segment, Slots, Terms, Test, Trial, Who};
use crate::{
    day::{Truth, When},
    decode::Fact,
    finding::Outcome,
    record::{contest::Contest, id::PersonId},
};

/// The constituencies of the body with a seat of which not every holder is recorded, worked out when
/// first asked for.
#[derive(Debug, Default)]
pub(super) struct Untold(OnceLock<BTreeSet<Box<str>>>);

impl Untold {
    fn holds(&self, constituency: &str, body: &str, case: &Case<'_>) -> bool {
        let case = case.of_rule();
        let found = self.0.get_or_init(|| {
            let seats = case.registry.in_folder(RecordKind::Seat, body).filter_map(|at| case.record(at)?.seat());
            let untold = seats.filter(|seat| {
                let list = &seat.tenure;
                list.is_absent() || list.is_open() || list.iter().any(|tenure| tenure.holder.known().is_none())
            });
            untold.map(|seat| seat.constituency.known().map_or("", AsRef::as_ref).into()).collect()
        });
        found.contains(constituency) || found.contains("")
    }
}

impl Trial<'_> {
    /// Tests who was elected, in the version of the day of the result.
    pub(super) fn results(&self, election: &Election, untold: &Untold, slots: &mut Slots) {
        for contest in Contest::all(election, self.case.on) {
            let result = contest.result();
            let constituency = result.constituency.known().map(AsRef::as_ref);
            if self.wanted(constituency) == Truth::No || contest.is_decided() == Truth::No {
                continue;
            }
            let announced = result.announced.when().unwrap_or(When::UNKNOWN);
            for (_, says) in self.law.over(announced) {
                let Says::Terms(segment, terms) = says else { continue };
                let people = match terms.who.known() {
                    Some(Who::Elected) => &result.elected,
                    Some(Who::ReElected) => &result.re_elected,
                    _ => continue,
                };
                for person in &people.items {
                    self.result(person, &contest, election, untold, (segment, terms), slots);
                }
            }
        }
    }

    fn result(
        &self,
        person: &Fact<PersonId>,
        contest: &Contest<'_, '_>,
        election: &Election,
        untold: &Untold,
        (segment, terms): (&Segment<Terms>, &Terms),
        slots: &mut Slots,
    ) {
        let own = Mark::new(self.record.file, person.span, "elected");
        let Some(id) = person.known().map(AsRef::as_ref) else {
            let message = format!("{}: who was elected for `{}` is not recorded", self.name(), contest.slot);
            let said = Said::new(contest.slot.clone(), Outcome::Unknown, message).mark(own);
            let said = said.marks(segment.marks.first().cloned()).under(segment).silent(person.is_bad());
            let steps = || [format!("the result for `{}` names somebody who is not recorded", contest.slot)];
            return slots.say(said.because(slots.explain, steps));
        };
        let sat_before = terms.test.known() == Some(&Test::SatBefore);
        let asked = slots.explain;
        let (truth, reason, mark) =
            if sat_before { self.sat_before(id, contest, untold) } else { self.nominated(id, contest, election) };
        let outcome = match (truth, contest.is_decided()) {
            (Truth::Yes, _) => Outcome::Pass,
            (Truth::No, Truth::Yes) => Outcome::Breach,
            _ => Outcome::Unknown,
        };
        let said = || {
            // What is not recorded is what would be edited.
            let marks = if outcome == Outcome::Unknown { [mark.clone(), Some(own)] } else { [Some(own), mark.clone()] };
            let said = Said::new(id, outcome, format!("{}: {reason}", self.name()))
                .marks(marks.into_iter().flatten())
                .marks(segment.marks.first().cloned())
                .under(segment)
                .silent(
                    election.nomination.is_bad()
                        || outcome == Outcome::Unknown
                            && (self.record.damaged || sat_before && self.case.seats_are_bad(self.body())),
                )
                .because(asked, || {
                    if sat_before {
                        self.sat_steps(id, contest, untold)
                    } else {
                        Self::nominated_steps(id, contest, election)
                    }
                });
            match (outcome, sat_before) {
                (Outcome::Pass, _) => said,
                (Outcome::Breach, false) => said
                    .help("correct the result or the nomination; else the election stands in doubt")
                    .explained(asked, |said| {
                        said.cure(Cure::by_hand(
                            format!("a nomination of `{id}` for `{}` that came in time", contest.slot),
                            "whether there was one, or the result is wrong, only a source tells",
                        ))
                    }),
                (Outcome::Breach, true) => said
                    .help("record the earlier tenure, or leave the person out of `re-elected`")
                    .explained(asked, |said| said.cure(self.not_re_elected(person, contest))),
                (_, false) => said.help("record the `nomination`s (`[]` where there were none)"),
                (_, true) => said.help("record the earlier tenure"),
            }
        };
        if outcome == Outcome::Pass { slots.pass(said) } else { slots.say(said()) }
    }

    /// The person left out of those who are said to have sat before.
    fn not_re_elected(&self, person: &Fact<PersonId>, contest: &Contest<'_, '_>) -> Cure {
        let id = person.known().map_or("", AsRef::as_ref);
        let text = format!("`{id}` left out of `re-elected` for `{}`, or an earlier tenure recorded", contest.slot);
        let path = crate::kind::people::path_of(self.record, person.span);
        Cure::new(text).at(path, "the record has no such entry", |cure, path| cure.unset(self.record.subject(), path))
    }

    /// The nominations of a person, and those that stand.
    fn nominated_steps(id: &str, contest: &Contest<'_, '_>, election: &Election) -> Vec<String> {
        let day = |when: Option<When>| when.map_or("a day that is not recorded".to_owned(), |when| when.to_string());
        let own = election.nomination.iter().filter(|one| one.candidate.known().is_some_and(|who| who.as_ref() == id));
        let mut steps = vec![
            format!("`{id}` was elected for `{}`", contest.slot),
            format!("nominations close on {}", day(election.nominations_close.when())),
        ];
        steps.extend(own.map(|one| {
            let of = one.constituency.known().map_or("a seat that is not named", AsRef::as_ref);
            let fate = match (one.rejected.is_absent(), one.withdrawn.is_absent()) {
                (false, _) => ", rejected",
                (true, false) => ", withdrawn",
                (true, true) => "",
            };
            format!("a nomination of `{id}` for `{of}`, received on {}{fate}", day(one.received.when()))
        }));
        if steps.len() == 2 {
            steps.push(format!("no nomination of `{id}` is recorded"));
        }
        let stand = contest.candidates();
        let names: Vec<String> = stand.keys().take(20).map(|one| format!("`{one}`")).collect();
        let names = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
        steps.push(format!("of whom a nomination stands, or may: {names}"));
        if contest.is_open() {
            steps.push("not every nomination is recorded".to_owned());
        }
        steps
    }

    /// The seats of the body that a person held, and whether others may be unrecorded.
    fn sat_steps(&self, id: &str, contest: &Contest<'_, '_>, untold: &Untold) -> Vec<String> {
        let announced = contest.result().announced.when();
        let announced = announced.map_or("a day that is not recorded".to_owned(), |when| when.to_string());
        let mut steps = vec![format!("the result for `{}` was announced on {announced}", contest.slot)];
        for office in self.case.registry.offices_of(id).iter().filter(|office| office.alternate.is_none()).take(20) {
            let record = self.case.record(office.seat).filter(|record| record.parent() == self.body());
            let Some((record, seat)) = record.and_then(|record| Some((record, record.seat()?))) else { continue };
            let Some(tenure) = seat.tenure.iter().nth(office.tenure) else { continue };
            let word = seat.constituency.known().map_or("unknown", AsRef::as_ref);
            let days = crate::kind::people::tenure_days(tenure);
            steps.push(format!("`{id}` held `{}`, a seat of `{word}`, {days}", record.id));
        }
        if steps.len() == 1 {
            steps.push(format!("no seat of `{}` is recorded as held by `{id}`", self.body()));
        }
        let word = contest.result().constituency.known().map_or("", AsRef::as_ref);
        let folder = format!("seats/{}", self.body());
        let whole = self.case.registry.is_complete(&folder) && !untold.holds(word, self.body(), self.case);
        steps.push(crate::kind::people::coverage_step(&folder, whole));
        steps
    }

    /// Whether a nomination of a person stands.
    fn nominated(&self, id: &str, contest: &Contest<'_, '_>, election: &Election) -> (Truth, String, Option<Mark>) {
        let slot = &contest.slot;
        let entry = election.nomination.iter().find(|one| one.candidate.known().is_some_and(|who| who.as_ref() == id));
        let span = entry.map_or(election.nomination.span, |one| one.span);
        let stands = contest.candidates().get(id).copied();
        let mut truth = stands.unwrap_or(Truth::No);
        if truth == Truth::No && contest.is_open() {
            truth = Truth::Maybe;
        }
        let reason = match (truth, stands) {
            (Truth::Yes, _) => format!("`{id}` was nominated for `{slot}` in time"),
            (Truth::No, None) => format!("`{id}` is elected for `{slot}` and was not nominated"),
            (Truth::No, Some(_)) => format!(
                "`{id}` is elected for `{slot}`, and no nomination of `{id}` stands: late, for another seat, rejected or withdrawn"
            ),
            (Truth::Maybe, _) => format!("whether `{id}` was nominated for `{slot}` in time is not recorded"),
        };
        (truth, reason, Some(Mark::new(self.record.file, span, "nominations")))
    }

    /// Whether a person held a seat of the constituency before the election.
    fn sat_before(&self, id: &str, contest: &Contest<'_, '_>, untold: &Untold) -> (Truth, String, Option<Mark>) {
        let constituency = contest.result().constituency.known().map(AsRef::as_ref);
        let announced = contest.result().announced.when().unwrap_or(When::UNKNOWN);
        let (mut truth, mut mark) = (Truth::No, None);
        for office in self.case.registry.offices_of(id).iter().filter(|office| office.alternate.is_none()) {
            let Some(record) = self.case.record(office.seat).filter(|record| record.parent() == self.body()) else {
                continue;
            };
            let Some(seat) = record.seat() else { continue };
            let Some(tenure) = seat.tenure.iter().nth(office.tenure) else { continue };
            let same = match (seat.constituency.known(), constituency) {
                (Some(one), Some(other)) => Truth::from(one.as_ref() == other),
                _ => Truth::Maybe,
            };
            let by = tenure.by.known().and_then(|by| by.election.known());
            let of_this = by.is_some_and(|election| election.as_ref() == self.record.id.as_ref());
            let before = tenure.from.when().unwrap_or(When::UNKNOWN).before(announced);
            // A tenure by another election that is under way was not begun by this one.
            let before = if of_this { Truth::No } else { before.and(same) };
            if before > truth {
                mark = Some(Mark::new(record.file, tenure.span, format!("`{id}` held `{}`", record.id)));
            }
            truth = truth.or(before);
        }
        let folder = format!("seats/{}", self.body());
        let whole = self.case.registry.is_complete(&folder)
            && !self.case.seats_are_bad(self.body())
            && !constituency.is_none_or(|word| untold.holds(word, self.body(), self.case));
        if truth == Truth::No && !whole {
            truth = Truth::Maybe;
        }
        let slot = &contest.slot;
        let reason = match truth {
            Truth::Yes => format!("`{id}` held a seat of `{slot}` before"),
            Truth::No => format!("`{id}` is called re-elected for `{slot}`, and held no seat of it before"),
            Truth::Maybe => format!("whether `{id}` held a seat of `{slot}` before is not recorded"),
        };
        (truth, reason, mark)
    }
}
