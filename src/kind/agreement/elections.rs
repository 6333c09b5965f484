//! Elections and seats: who was elected has a tenure by that election, the other way round, and no
//! more are elected than seats are up.

use super::{Cure, Mark, Outcome, Proofreader, RecordKind, Said, Slots, Terms, Trial, Words, people};
use crate::{
    day::{Truth, When},
    decode::meant,
    record::{
        Record,
        contest::Contest,
        election::Election,
        seat::{Seat, Tenure},
    },
};

/// What may be held against what.
const OF_ELECTIONS: &[&str] = &["seats-up", "tenure"];
const OF_SEATS: &[&str] = &["election"];

pub(super) fn proofread(kind: RecordKind, terms: &Terms, proof: &mut Proofreader<'_>) {
    let known = if kind == RecordKind::Seat { OF_SEATS } else { OF_ELECTIONS };
    for (word, span) in terms.about.known().map(|words| words.0.as_slice()).unwrap_or_default() {
        if !known.contains(&word.as_ref()) {
            let label = meant(word, known.iter().copied(), "not known");
            let help = format!("of {kind}, this test compares {}", known.join(", "));
            proof.reader.report(
                "record-word",
                *span,
                format!("`{word}` is nothing that is compared"),
                &label,
                Some(help),
            );
        }
    }
}

pub(super) fn english(of: &str, terms: &Terms) -> String {
    let one = |word: &str| match word {
        "seats-up" => "elects no more people than it has seats up",
        "tenure" => "leads to a tenure of each person elected",
        _ => "names, for a tenure, only an election that elected its holder for its constituency",
    };
    let parts: Vec<&str> = terms.about.known().map(Words::iter).into_iter().flatten().map(one).collect();
    format!("Each {of} {}.", parts.join(", and "))
}

/// Whether a holder came to a seat by an election. Where it is left out how, it may have been by any;
/// one that somebody nominated or appointed came by none.
fn came_by(tenure: &Tenure, election: &str) -> Truth {
    let Some(by) = tenure.by.known() else { return Truth::Maybe };
    if let Some(named) = by.election.known() {
        return Truth::from(named.as_ref() == election);
    }
    let otherwise = !by.nomination_by.is_absent() || !by.appointment_by.is_absent();
    if by.election.is_absent() && otherwise { Truth::No } else { Truth::Maybe }
}

impl Trial<'_> {
    /// The results of an election that have been announced.
    pub(super) fn results(&self, election: &Election, slots: &mut Slots) {
        for contest in Contest::all(election, self.case.on).filter(|one| one.is_decided() != Truth::No) {
            if self.is_about("seats-up") {
                self.seats_up(election, &contest, slots);
            }
            if self.is_about("tenure") {
                for (id, span) in
                    contest.result().elected.items.iter().filter_map(|one| Some((one.known()?.as_ref(), one.span)))
                {
                    let mark = Mark::new(self.record.file, span, "elected");
                    self.seated(id, &contest, mark, slots);
                }
            }
        }
    }

    fn seats_up(&self, election: &Election, contest: &Contest<'_, '_>, slots: &mut Slots) {
        let list = &contest.result().elected;
        let (elected, slot) = (list.iter().count(), contest.slot.clone());
        let own = Mark::new(self.record.file, list.span, format!("{elected} elected"));
        let up = Mark::new(self.record.file, election.seats_up.span, "the seats that are up");
        let said = match contest.seats().and_then(|seats| usize::try_from(seats).ok()) {
            Some(seats) if elected > seats && contest.is_decided().certain() => {
                let message = format!("{}: {elected} are elected for `{slot}`, and {seats} seats are up", self.name());
                Said::new(slot, Outcome::Breach, message)
                    .help("correct the result or the number of seats")
                    .explained(slots.explain, |said| {
                        let why = "whether the result or the number of seats is wrong only a source tells";
                        said.cure(Cure::by_hand(format!("{} fewer elected", elected.saturating_sub(seats)), why))
                    })
                    .mark(own)
                    .mark(up)
            }
            Some(seats) if elected <= seats && !list.is_open() => {
                let message = format!("{}: {elected} of {seats} seats of `{slot}` are filled", self.name());
                Said::new(slot, Outcome::Pass, message).mark(own).mark(up)
            }
            _ => {
                let message = format!(
                    "{}: whether no more are elected for `{slot}` than seats are up is not recorded",
                    self.name()
                );
                let bad = list.is_bad() || election.seats_up.is_bad();
                Said::new(slot, Outcome::Unknown, message)
                    .help("record how many seats are up")
                    .mark(up)
                    .mark(own)
                    .silent(bad)
            }
        };
        self.say(said, slots);
    }

    /// Whether somebody elected has a tenure by this election.
    fn seated(&self, id: &str, contest: &Contest<'_, '_>, own: Mark, slots: &mut Slots) {
        let body = self.record.election().and_then(|election| election.body.known()).map_or("", AsRef::as_ref);
        let constituency = contest.result().constituency.known().map(AsRef::as_ref);
        let (mut truth, mut mark) = (Truth::No, None);
        for office in self.case.registry.offices_of(id).iter().filter(|office| office.alternate.is_none()) {
            let Some(record) = self.case.record(office.seat).filter(|record| record.parent() == body) else { continue };
            let Some(seat) = record.seat() else { continue };
            let Some(tenure) = seat.tenure.iter().nth(office.tenure) else { continue };
            let same =
                seat.constituency.known().map_or(Truth::Maybe, |one| Truth::from(Some(one.as_ref()) == constituency));
            let by = came_by(tenure, &self.record.id);
            if by.and(same) > truth {
                mark = Some(Mark::new(record.file, tenure.span, format!("`{id}` holds `{}`", record.id)));
            }
            truth = truth.or(by.and(same));
        }
        let dangles = !self.case.registry.exists(RecordKind::Body, body);
        let bad = truth != Truth::Yes && (dangles || self.case.seats_are_bad(body));
        let whole = !bad && self.case.registry.is_complete(&format!("seats/{body}")) && contest.is_decided().certain();
        let slot = id.to_owned();
        let said = match truth {
            Truth::Yes => {
                Said::new(slot, Outcome::Pass, format!("{}: `{id}` took the seat of `{}`", self.name(), contest.slot))
            }
            Truth::No if whole => {
                let message = format!(
                    "{}: `{id}` is elected for `{}`, and no seat has a tenure of `{id}` by this election",
                    self.name(),
                    contest.slot
                );
                Said::new(slot, Outcome::Breach, message)
                    .help(format!(
                        "record the tenure, with `by = {{ election = \"{}\" }}`, or correct the result",
                        self.record.id
                    ))
                    .explained(slots.explain, |said| {
                        let text = format!("a tenure of `{id}` for `{}` by this election", contest.slot);
                        said.cure(Cure::by_hand(text, "which seat it is, and from when, only a source tells"))
                    })
            }
            _ => Said::new(
                slot,
                Outcome::Unknown,
                format!("{}: whether `{id}` took a seat of `{}` is not recorded", self.name(), contest.slot),
            )
            .help(format!("record the tenure, with `by = {{ election = \"{}\" }}`", self.record.id))
            .silent(bad),
        };
        self.say(said.mark(own).marks(mark), slots);
    }

    /// The tenures of a seat that name an election.
    pub(super) fn tenures(&self, seat: &Seat, slots: &mut Slots) {
        for tenure in seat.tenure.iter() {
            let (Some(holder), Some(id)) =
                (tenure.holder.known(), tenure.by.known().and_then(|by| by.election.known()))
            else {
                continue;
            };
            let (holder, id) = (holder.as_ref(), id.as_ref());
            let from = tenure.from.when().unwrap_or(When::UNKNOWN);
            // A dangling reference was reported.
            let Some(record) = self.case.registry.find(RecordKind::Election, id) else { continue };
            let Some(election) = record.election().filter(|_| from.by(self.case.on).possible()) else { continue };
            let (truth, mark) = self.elected(seat, holder, record, election);
            let own = Mark::new(self.record.file, tenure.span, format!("`{holder}`, by `{id}`"));
            let name = people::name(self.record);
            let said = match truth {
                Truth::Yes => Said::new(holder, Outcome::Pass, format!("{name}: `{id}` elected `{holder}`")),
                Truth::No => Said::new(
                    holder,
                    Outcome::Breach,
                    format!("{name}: `{holder}` holds it by `{id}`, which did not elect `{holder}` for it"),
                )
                .help("correct the tenure's `by`, or the result of the election")
                .explained(slots.explain, |said| {
                    let text = format!("`by` without the election `{id}`, or a result of it that elects `{holder}`");
                    let span = tenure.by.known().map_or(tenure.by.span, |by| by.election.span);
                    said.cure(Cure::new(text).at(
                        people::path_of(self.record, span),
                        "`by` names none",
                        |cure, path| cure.unset(self.record.subject(), path),
                    ))
                }),
                Truth::Maybe => Said::new(
                    holder,
                    Outcome::Unknown,
                    format!("{name}: whether `{id}` elected `{holder}` is not recorded"),
                )
                .help("record the result of the election")
                .silent(seat.constituency.is_bad()),
            };
            self.say(said.mark(own).mark(mark), slots);
        }
    }

    /// Whether an election elected somebody for a seat.
    fn elected(&self, seat: &Seat, holder: &str, record: &Record, election: &Election) -> (Truth, Mark) {
        let other = |span, label: &str| Mark::new(record.file, span, label);
        if election.body.known().is_some_and(|body| body.as_ref() != self.record.parent()) {
            return (Truth::No, other(election.body.span, "of another body"));
        }
        let list = &election.result;
        let mut truth = if list.is_absent() || list.is_open() { Truth::Maybe } else { Truth::No };
        for result in list.iter() {
            let same = match (result.constituency.known(), seat.constituency.known()) {
                (Some(one), Some(other)) => Truth::from(one == other),
                _ => Truth::Maybe,
            };
            let named = result.elected.iter().any(|one| one.as_ref() == holder);
            let open = if result.elected.is_absent() || result.elected.is_open() { Truth::Maybe } else { Truth::No };
            truth = truth.or(same.and(if named { Truth::Yes } else { open }));
        }
        (truth, other(list.span, "its results"))
    }
}
