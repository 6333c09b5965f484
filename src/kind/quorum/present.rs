//! Whether enough members came to a meeting, the Chair among them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    AtLeast, ShareOf, Trial,
    house::{self, House, Standing},
};
use crate::{
    day::{Truth, When},
    finding::{Mark, Outcome},
    kind::{Cure, Said, Slots, people},
    record::{
        Kind as RecordKind,
        meeting::{As, Attendance, Meeting},
        seat::Seat,
    },
};

/// Somebody who came for a seat.
struct Comer<'t> {
    entry: &'t Attendance,
    standing: Standing,
}

/// A seat that somebody came for.
struct Attended<'t> {
    seat: Option<&'t Seat>,
    day: When,
    comers: Vec<Comer<'t>>,
}

/// Who came to a meeting, seat by seat.
pub(super) struct Present<'t> {
    seats: BTreeMap<&'t str, Attended<'t>>,
    /// How many came for a seat that is not named.
    loose: usize,
}

/// What a seat adds to the members in office and to those who came.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Adds {
    Both,
    Nothing,
    OfficeOnly,
}

impl<'t> Present<'t> {
    fn of(trial: &Trial<'t>, meeting: &'t Meeting) -> Self {
        let mut made = Self { seats: BTreeMap::new(), loose: 0 };
        for entry in meeting.attendance.iter() {
            let Some(stem) = entry.seat.known().map(AsRef::as_ref) else {
                made.loose = made.loose.saturating_add(usize::from(entry.as_what.known() != Some(&As::Guest)));
                continue;
            };
            let id = || format!("{}/{stem}", trial.record.parent());
            let attended = made.seats.entry(stem).or_insert_with(|| Attended {
                seat: trial.case.registry.find(RecordKind::Seat, &id()).and_then(|record| record.seat()),
                day: trial.day,
                comers: Vec::new(),
            });
            let standing = house::standing(attended.seat, entry, trial.day);
            attended.comers.push(Comer { entry, standing });
        }
        made
    }

    /// How many seats of the body are recorded to have had somebody there, and how many of them are the
    /// Chair's. Whether who came holds the seat is another question.
    pub(super) fn seated(trial: &Trial<'t>, meeting: &'t Meeting) -> (usize, usize) {
        let made = Self::of(trial, meeting);
        let chairs = |seat: &&Attended<'t>| {
            let constituency = seat.seat.and_then(|seat| seat.constituency.known());
            constituency.is_some_and(|word| trial.case.code.chairs(word.as_ref()))
        };
        let is_guest = |comer: &Comer<'_>| comer.entry.as_what.known() == Some(&As::Guest);
        let here = || made.seats.values().filter(|seat| !seat.comers.iter().all(is_guest));
        (here().count().saturating_add(made.loose), here().filter(chairs).count())
    }

    /// How many came, each seat and each person counted once.
    fn count(&self, adds: impl Fn(&Attended<'t>) -> Adds, least: Truth) -> usize {
        let (mut several, mut sole) = (0_usize, BTreeSet::new());
        for attended in self.seats.values().filter(|seat| adds(seat) == Adds::Both) {
            // Where the seat's members settle both, they count though their tenure is not certain.
            let least = if attended.tied() { Truth::Maybe } else { least };
            let mut people: Vec<Option<&str>> = attended
                .comers
                .iter()
                .filter(|comer| comer.standing.counts >= least)
                .map(|comer| comer.entry.person.known().map(AsRef::as_ref))
                .collect();
            people.sort_unstable();
            people.dedup();
            match people.as_slice() {
                [Some(person)] => {
                    sole.insert(*person);
                }
                _ => several = several.saturating_add(1),
            }
        }
        several.saturating_add(sole.len())
    }
}

impl Attended<'_> {
    /// Whether somebody came who counts for the seat.
    fn here(&self) -> Truth {
        self.comers.iter().map(|comer| comer.standing.counts).fold(Truth::No, Truth::or)
    }

    /// Whether the seat is in office only if one of the members who came holds it.
    fn tied(&self) -> bool {
        let members = self.comers.iter().filter(|comer| comer.entry.as_what.known() == Some(&As::Member));
        let members: Vec<&str> = members.filter_map(|comer| comer.entry.person.known().map(AsRef::as_ref)).collect();
        self.here().possible() && self.seat.is_some_and(|seat| house::only_these(seat, &members, self.day))
    }

    /// What the seat may add, the best for the quorum first.
    fn options(&self, office: Truth) -> Vec<Adds> {
        let here = self.here();
        let mut all = Vec::new();
        if here.possible() {
            all.push(Adds::Both);
        }
        if !office.certain() && !here.certain() {
            all.push(Adds::Nothing);
        }
        if office.possible() && !here.certain() && !self.tied() {
            all.push(Adds::OfficeOnly);
        }
        if all.is_empty() {
            all.push(Adds::OfficeOnly);
        }
        all
    }
}

/// Members in office and members who came, at one extreme.
#[derive(Clone, Copy)]
struct Tally {
    members: usize,
    came: usize,
}

impl<'t> Trial<'t> {
    pub(super) fn present(&self, meeting: &'t Meeting, slots: &mut Slots) {
        let (Some(house), Some(at_least)) = (self.house(), self.terms.at_least.known()) else { return };
        let name = self.name();
        if meeting.attendance.is_absent() || meeting.attendance.is_open() && meeting.attendance.iter().next().is_none()
        {
            let mark = Mark::new(self.record.file, meeting.attendance.span, "who came is not recorded");
            let said = Said::new("present", Outcome::Unknown, format!("{name}: attendance not recorded"))
                .help("record all who came, or `attendance = \"unknown\"`")
                .mark(mark)
                .silent(meeting.attendance.is_bad() || self.record.damaged)
                .because(self.explain, || {
                    let all = if meeting.attendance.is_absent() { "is left out" } else { "is unknown" };
                    let (sure, may) = house.members(self.day);
                    [format!("`attendance` {all}"), format!("members in office on {}: {sure} to {may}", self.day)]
                });
            return slots.say(self.judged_by(said, at_least));
        }
        let present = Present::of(self, meeting);
        let enough = self.enough(meeting, house, at_least, &present);
        let in_doubt = enough.outcome == Outcome::Unknown;
        let too_few = enough.outcome == Outcome::Breach;
        Self::say(slots, enough);
        if self.terms.chair.known() == Some(&true) {
            // Where nobody came at all, that the Chair did not is no news.
            let nobody = !meeting.attendance.is_open() && meeting.attendance.iter().next().is_none();
            let said = self.chair(meeting, house, &present, in_doubt);
            let silent = said.silent || nobody && too_few;
            let said = said.silent(silent);
            Self::say(slots, said);
        }
        self.strangers(&present, in_doubt, slots);
    }

    fn judged_by(&self, said: Said, at_least: &AtLeast) -> Said {
        self.under(said, "at-least", self.terms.at_least.span, format!("at least {}", at_least.english()))
    }

    /// The tallies that are best and worst for a quorum, and whether there may be members whom no
    /// record shows.
    fn tallies(&self, house: &House, at_least: &AtLeast, present: &Present<'t>) -> (Tally, Tally, bool) {
        let (sure, may) = house.members(self.day);
        let (mut best, mut worst) = (sure, may);
        let office =
            |attended: &Attended<'t>| attended.seat.map_or(Truth::Maybe, |seat| house::in_office(seat, self.day));
        let first =
            |attended: &Attended<'t>| attended.options(office(attended)).first().copied().unwrap_or(Adds::Nothing);
        let last =
            |attended: &Attended<'t>| attended.options(office(attended)).last().copied().unwrap_or(Adds::Nothing);
        for attended in present.seats.values().filter(|attended| attended.seat.is_some()) {
            let office = office(attended);
            best = best
                .saturating_sub(usize::from(office.certain()))
                .saturating_add(usize::from(first(attended) != Adds::Nothing));
            worst = worst
                .saturating_sub(usize::from(office.possible()))
                .saturating_add(usize::from(last(attended) != Adds::Nothing));
        }
        if at_least.of.known() == Some(&ShareOf::Seats) {
            (best, worst) = (house.seats, house.seats);
        }
        let open = at_least.count.is_absent() && !house.complete;
        let best = Tally { members: best, came: present.count(first, Truth::Maybe).saturating_add(present.loose) };
        let worst = Tally { members: worst, came: present.count(last, Truth::Yes) };
        (best, worst, open)
    }

    fn enough(&self, meeting: &'t Meeting, house: &House, at_least: &AtLeast, present: &Present<'t>) -> Said {
        let name = self.name();
        let (best, mut worst, open) = self.tallies(house, at_least, present);
        let listed_all = !meeting.attendance.is_open();
        let mut most = best.came;
        if !listed_all {
            most = usize::MAX;
        }
        if worst.came > most {
            worst.came = most;
        }
        let (least_needed, most_needed) = (at_least.of_all(best.members), at_least.of_all(worst.members));
        let outcome = if most < least_needed {
            Outcome::Breach
        } else if !open && worst.came >= most_needed {
            Outcome::Pass
        } else {
            Outcome::Unknown
        };
        let is_share = at_least.count.is_absent();
        let of = if at_least.of.known() == Some(&ShareOf::Seats) { "seats" } else { "members in office" };
        let range = |one: usize, other: usize| {
            if one == other { one.to_string() } else { format!("{} to {}", one.min(other), one.max(other)) }
        };
        let all = if is_share { format!(" of {} {of}", range(best.members, worst.members)) } else { String::new() };
        let message = match outcome {
            Outcome::Breach => format!("{name}: {} came{all}, and {least_needed} are a quorum", best.came),
            Outcome::Pass => {
                format!("{name}: {}{all} came, and {most_needed} are a quorum", range(worst.came, best.came))
            }
            _ if open => format!(
                "{name}: {} came, and how many were in office is not known: not every seat is recorded",
                range(worst.came, best.came)
            ),
            _ => format!(
                "{name}: whether a quorum came is not known: {} came{all}, and {} are a quorum",
                range(worst.came, best.came),
                range(least_needed, most_needed)
            ),
        };
        let help = match outcome {
            Outcome::Breach => "record who else came, or correct the seats; without a quorum nothing was decided",
            _ => "record the holders and their Alternates with the days of their tenure",
        };
        let mark =
            Mark::new(self.record.file, meeting.attendance.span, format!("{} came", range(worst.came, best.came)));
        let mut said = self.judged_by(Said::new("present", outcome, message).mark(mark), at_least);
        if outcome != Outcome::Pass {
            said = said.help(help);
        }
        if self.explain {
            let steps = Self::came_in_steps(present).chain([
                format!("{of} on {}: {}", self.day, range(best.members, worst.members)),
                format!(
                    "{}: {} needed, {} came",
                    at_least.english(),
                    range(least_needed, most_needed),
                    range(worst.came, best.came)
                ),
            ]);
            said = said.steps(steps);
        }
        if self.explain && outcome == Outcome::Breach {
            let lack = least_needed.saturating_sub(best.came);
            let plural = if lack == 1 { "" } else { "s" };
            let text = format!("{lack} more member{plural} or their Alternates in `attendance`");
            said = said.cure(Cure::by_hand(text, "who else came only the minutes tell"));
        }
        said
    }

    /// Each who came, and whether they count.
    fn came_in_steps<'s>(present: &'s Present<'t>) -> impl Iterator<Item = String> + use<'s, 't> {
        let comers =
            present.seats.iter().flat_map(|(stem, attended)| attended.comers.iter().map(move |comer| (*stem, comer)));
        comers.map(|(stem, comer)| {
            let person = comer.entry.person.known().map_or("somebody", AsRef::as_ref);
            let as_what = comer.entry.as_what.known().map_or("not known as what", |word| word.word());
            let counts = match (comer.standing.counts, comer.standing.claims) {
                (Truth::Yes, _) => "counts",
                (Truth::Maybe, _) => "may count",
                (Truth::No, Truth::No) => "does not count: a guest",
                (Truth::No, _) => "does not count: neither holder nor Alternate that day",
            };
            format!("`{person}` for `{stem}`, as {as_what}: {counts}")
        })
    }

    fn chair(&self, meeting: &'t Meeting, house: &House, present: &Present<'t>, in_doubt: bool) -> Said {
        let name = self.name();
        let stem = |at: &u32| self.case.record(*at).map_or("", |record| record.stem());
        let came = |at: &u32| present.seats.get(stem(at)).map_or(Truth::No, Attended::here);
        let mut here = house.chairs.iter().map(came).fold(Truth::No, Truth::or);
        let unseen = house.chair_in_doubt || !house.complete && house.chairs.is_empty();
        if unseen || present.loose > 0 || meeting.attendance.is_open() {
            here = here.or(Truth::Maybe);
        }
        let (outcome, message) = match here {
            Truth::Yes => (Outcome::Pass, format!("{name}: the Chair or the Chair's Alternate came")),
            Truth::No => (Outcome::Breach, format!("{name}: neither the Chair nor an Alternate of the Chair came")),
            Truth::Maybe => {
                (Outcome::Unknown, format!("{name}: whether the Chair or an Alternate of the Chair came is not known"))
            }
        };
        let mark = Mark::new(self.record.file, meeting.attendance.span, "who came");
        let seats = house.chairs.iter().filter_map(|at| self.case.record(*at));
        let seats = seats.map(|record| Mark::new(record.file, record.head(), "the Chair's seat"));
        let said = Said::new("chair", outcome, message).mark(mark).marks(seats);
        let said = self.under(said, "chair", self.terms.chair.span, "the Chair must be there");
        let said = said.because(self.explain, || {
            let seats = house.chairs.iter().map(|at| format!("the body is chaired from the seat `{}`", stem(at)));
            let none = house.chairs.is_empty().then(|| "no seat of the body is recorded as the Chair's".to_owned());
            seats.chain(none).chain(Self::came_in_steps(present)).collect::<Vec<_>>()
        });
        match outcome {
            Outcome::Breach => said
                .help("record the Chair, or the Chair's Alternate, among those who came, if so it was")
                .explained(self.explain, |said| {
                    let text = "the Chair or the Chair's Alternate in `attendance`";
                    said.cure(Cure::by_hand(text, "whether one of them came only the minutes tell"))
                }),
            // The same facts are asked for by the finding of the quorum.
            Outcome::Unknown => said
                .help("record who chairs the body, and who came")
                .silent(in_doubt && !unseen || self.case.seats_are_bad(self.record.parent())),
            _ => said,
        }
    }

    /// Who held a seat, and their Alternates, on the day of the meeting.
    fn standing_in_steps(&self, stem: &str, seat: Option<&Seat>, person: &str) -> Vec<String> {
        let mut steps = vec![format!("`{person}` came for `{stem}` on {}", self.day)];
        let Some(seat) = seat else {
            steps.push(format!("there is no record of the seat `{stem}`"));
            return steps;
        };
        let name = |id: Option<&str>| id.map_or("somebody who is not recorded".to_owned(), |id| format!("`{id}`"));
        for tenure in seat.tenure.iter().take(20) {
            let holder = name(tenure.holder.known().map(AsRef::as_ref));
            steps.push(format!("held by {holder}, {}", people::tenure_days(tenure)));
            steps.extend(tenure.alternate.iter().take(20).map(|one| {
                let day = |when: Option<When>| when.map_or("not recorded".to_owned(), |when| when.to_string());
                format!(
                    "Alternate of {holder}: {}, `from` {}, `until` {}",
                    name(one.person.known().map(AsRef::as_ref)),
                    day(one.from.when()),
                    day(one.until.when())
                )
            }));
        }
        if seat.tenure.is_absent() || seat.tenure.is_open() {
            steps.push("not every tenure of it is recorded".to_owned());
        }
        steps
    }

    /// The entry as that of a guest, who counts for no seat.
    fn as_guest(&self, comer: &Comer<'_>) -> Cure {
        let cure = Cure::new("the entry of `attendance` with `as = \"guest\"`");
        let path = people::path_of(self.record, comer.entry.span);
        cure.at(path, "the record has no such entry", |cure, path| {
            cure.set(self.record.subject(), format!("{path}.as"), "\"guest\"")
        })
    }

    /// Those who came for a seat that is not theirs.
    fn strangers(&self, present: &Present<'t>, in_doubt: bool, slots: &mut Slots) {
        for (stem, attended) in &present.seats {
            for comer in &attended.comers {
                let Some(as_what) = comer.entry.as_what.known() else { continue };
                if comer.standing.claims == Truth::No {
                    continue;
                }
                let person = comer.entry.person.known().map_or("unknown", AsRef::as_ref);
                let role = if *as_what == As::Alternate { "Alternate" } else { "holder" };
                let name = self.name();
                let (outcome, message) = match comer.standing.counts {
                    Truth::Yes => (Outcome::Pass, format!("{name}: `{person}` is {role} of `{stem}`")),
                    Truth::No => (
                        Outcome::Breach,
                        format!(
                            "{name}: `{person}` came as {} for seat `{stem}`, and is no {role} of it on {}",
                            as_what.word(),
                            self.day
                        ),
                    ),
                    Truth::Maybe => (
                        Outcome::Unknown,
                        format!("{name}: whether `{person}` is {role} of seat `{stem}` is not recorded"),
                    ),
                };
                let mark = Mark::new(self.record.file, comer.entry.span, format!("came as {}", as_what.word()));
                let seat = self.case.registry.find(RecordKind::Seat, &format!("{}/{stem}", self.record.parent()));
                let seat = seat.map(|record| Mark::new(record.file, record.head(), "the seat"));
                let said = Said::new(person, outcome, message).mark(mark).marks(seat).under(self.segment);
                let silent = attended.seat.is_none() || outcome == Outcome::Unknown && in_doubt;
                let said =
                    said.silent(silent).because(self.explain, || self.standing_in_steps(stem, attended.seat, person));
                let said = match outcome {
                    Outcome::Breach => said
                        .help("correct the seat or the person, record the tenure, or write `as = \"guest\"`")
                        .explained(self.explain, |said| said.cure(self.as_guest(comer))),
                    _ => said,
                };
                Self::say(slots, said);
            }
        }
    }
}
