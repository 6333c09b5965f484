//! Kind `composition`: the seats of a body, by constituency.

mod groups;

use std::{collections::BTreeMap, sync::OnceLock};

use rustc_hash::FxHashMap;

use super::{Case, Cure, Kind, Law, Proofreader, Said, Says, Segment, Slots, people};
use crate::{
    day::{Day, Today, Truth, When, in_force},
    decode::{Fact, List, Map, Text, table},
    finding::{Basis, Clause, Mark, Outcome},
    record::{Kind as RecordKind, Record, election::Per, id::Constituency, seat::Seat},
    rulebook::{
        code::Code,
        mutant::Mutator,
        proofread::BodyWord,
        rule::{BasisWord, basis_of},
    },
};

/// The kind.
#[derive(Debug)]
pub struct Composition;

table! {
    /// What a composition is about.
    pub struct About {
        /// The body.
        body: Fact<BodyWord> = "body" (required),
    }
}

table! {
    /// The seats of a body.
    pub struct Terms {
        /// The seats, by constituency.
        seats: List<Row> = "seats" (required),
        /// How many seats each way of filling gives, and `all`; optional seats are left out.
        totals: Map<u32> = "totals",
        /// Whether there may be seats of constituencies that are not listed.
        at_least: Fact<bool> = "at-least",
    }
}

table! {
    /// The seats of one constituency.
    pub struct Row {
        /// The constituency.
        constituency: Fact<Constituency> = "constituency" (required),
        /// How many.
        count: Fact<u32> = "count" (required),
        /// How they are filled; it only groups `totals`.
        filled_by: Fact<Text> = "filled-by",
        /// Whether the seat need not exist.
        optional: Fact<bool> = "optional",
        /// One for each of these.
        per: Fact<Per> = "per",
        /// The clause of this row.
        clause: Fact<Text> = "clause",
        /// Where this row is taken from.
        source: List<Text> = "source",
        /// How well this row is evidenced.
        basis: Fact<BasisWord> = "basis",
        /// The first day of this row alone.
        since: Fact<When> = "since",
        /// The first day after, of this row alone.
        until: Fact<When> = "until",
    }
}

/// How one seat stands on the day judged.
#[derive(Debug)]
pub struct Sitting<'a> {
    at: u32,
    record: &'a Record,
    seat: &'a Seat,
    held: Truth,
    /// Its tenures do not tell: left out, unknown, or reported.
    unrecorded: bool,
    bad: bool,
    /// The first day of the tenure that holds, for the order of arrival.
    from: Day,
    mark: Mark,
}

/// The seats of one constituency, in the order of arrival.
#[derive(Debug, Default)]
pub struct Side<'a> {
    all: Vec<Sitting<'a>>,
    /// Where each seat stands in that order.
    index: FxHashMap<u32, usize>,
    /// For each seat, how many certainly held seats came before it.
    rank: Vec<usize>,
    certain: usize,
    /// The first of those that are certainly held: one more than is shown.
    held: Vec<usize>,
    possible: usize,
    /// For each seat, how many seats that nobody holds come before it.
    vacancy: Vec<usize>,
    groups: OnceLock<groups::Groups>,
}

/// Where seats are kept whose constituency is not known.
const UNPLACED: &str = "";

/// How many of the other seats of a constituency a finding shows.
const SHOWN: usize = 5;

/// The seats of a body, by constituency.
pub type Sides<'a> = FxHashMap<&'a str, Side<'a>>;

fn sides<'a>(body: &str, case: &Case<'a>) -> Sides<'a> {
    let mut made: Sides<'a> = FxHashMap::default();
    for at in case.registry.in_folder(RecordKind::Seat, body) {
        let Some((record, seat)) = case.record(at).and_then(|record| record.seat().map(|seat| (record, seat))) else {
            continue;
        };
        // A seat of which nobody knows what it stands for may stand for anything.
        let constituency = seat.constituency.known().map_or(UNPLACED, AsRef::as_ref);
        made.entry(constituency).or_default().all.push(sitting(at, record, seat, case.on));
    }
    #[allow(clippy::iter_over_hash_type, reason = "each side is put in order by itself")]
    for side in made.values_mut() {
        side.all.sort_by(|one, other| (one.from, &one.record.id).cmp(&(other.from, &other.record.id)));
        let mut vacant = 0;
        for (index, one) in side.all.iter().enumerate() {
            side.index.insert(one.at, index);
            side.rank.push(side.certain);
            side.vacancy.push(vacant);
            if one.held.certain() && side.certain <= SHOWN {
                side.held.push(index);
            }
            side.certain = side.certain.saturating_add(usize::from(one.held.certain()));
            side.possible = side.possible.saturating_add(usize::from(one.held.possible()));
            vacant = vacant.saturating_add(usize::from(one.held == Truth::No));
        }
    }
    made
}

fn sitting<'a>(at: u32, record: &'a Record, seat: &'a Seat, day: Today<'_>) -> Sitting<'a> {
    let unrecorded = seat.tenure.is_absent() || seat.tenure.is_open();
    let mut made = Sitting {
        at,
        record,
        seat,
        held: if unrecorded { Truth::Maybe } else { Truth::No },
        unrecorded,
        bad: seat.tenure.is_bad(),
        from: Day::EARLIEST,
        mark: Mark::new(record.file, seat.tenure.span, "nobody is recorded as holding it"),
    };
    let mut named_gap = false;
    for tenure in seat.tenure.iter() {
        let holds = people::held(tenure, day);
        let holder = tenure.holder.known().map(AsRef::as_ref);
        if !holds.possible() || holder == Some("vacant") {
            if holds.possible() {
                made.mark = Mark::new(record.file, tenure.span, "vacant");
            }
            continue;
        }
        made.bad |= tenure.holder.is_bad() || tenure.from.is_bad() || tenure.ended.is_bad();
        made.held = made.held.or(holds);
        made.unrecorded |= holder.is_none() && !holds.certain();
        made.from = tenure.from.when().map_or(Day::EARLIEST, |when| when.first);
        let label = format!("held by {}", holder.map_or("somebody not known".to_owned(), |id| format!("`{id}`")));
        // What is not recorded comes before what is: it is the place to mend.
        if !named_gap {
            made.mark = Mark::new(record.file, tenure.span, label);
            named_gap = holder.is_none();
        }
    }
    made
}

/// The constituencies of the body on the day, each row with its seats.
type Rows<'t> = BTreeMap<&'t str, &'t Row>;

impl Kind for Composition {
    const NAME: &'static str = "composition";
    const DOC: &'static str = include_str!("../../docs/kinds/composition.md");
    type About = About;
    type Terms = Terms;
    type Prepared<'c> = Sides<'c>;

    fn prepare<'c>(about: &About, case: &Case<'c>) -> Sides<'c> {
        sides(Self::body(about).unwrap_or(""), case)
    }

    fn body(about: &About) -> Option<&str> {
        about.body.known().map(AsRef::as_ref)
    }

    fn proofread(_: &About, terms: &Terms, proof: &mut Proofreader<'_>) {
        let mut seen: Vec<(&str, Option<Day>)> = Vec::new();
        for row in terms.seats.iter() {
            let word = row.constituency.known().map_or("", AsRef::as_ref);
            let since = row.since.when().and_then(When::day);
            if seen.contains(&(word, since)) {
                let message = format!("`{word}` has two rows; one row gives the whole count");
                proof.reader.report("record-word", row.span, message, "the second row", None);
            }
            seen.push((word, since));
        }
    }

    fn subjects(about: &About, case: &Case<'_>) -> Vec<u32> {
        let Some(body) = Self::body(about) else { return Vec::new() };
        case.registry
            .position_of(RecordKind::Body, body)
            .into_iter()
            .chain(case.registry.in_folder(RecordKind::Seat, body))
            .collect()
    }

    fn judge<'c>(law: &Law<'_, Self>, sides: &Sides<'c>, record: &Record, at: u32, case: &Case<'c>, slots: &mut Slots) {
        let exists = people::body_exists(case, Self::body(law.about).unwrap_or(""));
        let (segment, terms) = match law.on(case.on) {
            _ if exists == Truth::No => {
                let why = format!("the body does not exist on {}", case.on);
                let body = Self::body(law.about).unwrap_or("");
                return slots.skip(|| people::nothing(record, "held", &why, people::body_steps(case, body)));
            }
            Says::Nothing(why) => return slots.skip(|| people::idle(law, record, When::on(case.on.untracked()), why)),
            Says::Unknown(segment) => return not_known(record, case, segment, slots),
            Says::Terms(segment, terms) => (segment, terms),
        };
        let rows: Rows<'_> = terms
            .seats
            .iter()
            .filter(|row| {
                in_force(
                    Some(row.since.when().unwrap_or(When::between(Day::EARLIEST, Day::EARLIEST))),
                    row.until.when(),
                    case.on,
                )
                .possible()
            })
            .filter_map(|row| row.constituency.known().map(|word| (word.as_ref(), row)))
            .collect();
        let bad = exists == Truth::Maybe && people::body_is_bad(case, Self::body(law.about).unwrap_or(""));
        let bench = Bench { law, segment, terms, rows, exists, bad, sides };
        match record.seat() {
            Some(seat) => bench.seat(record, at, seat, case, slots),
            None => bench.unfiled(record, case, slots),
        }
    }

    fn looked_for(law: &Law<'_, Self>, record: &Record, case: &Case<'_>) -> Vec<String> {
        let body = Self::body(law.about).unwrap_or("?");
        vec![format!("the rule counts seats of `{body}` on {}, and {} is none", case.on, people::name(record))]
    }

    const MUTATORS: &'static [Mutator] = &[
        Mutator::Step("seats.*.count"),
        Mutator::Drop("seats.*"),
        Mutator::Exchange("seats.*.constituency"),
        Mutator::Without("seats.*.per"),
        Mutator::Turn("at-least", false),
        Mutator::Shift("seats.*.since"),
        Mutator::Shift("seats.*.until"),
    ];

    /// The same rows in any order; totals judge nothing.
    fn alike(_: &About, one: &Terms, other: &Terms, _: &Code) -> bool {
        let rows = |terms: &Terms| {
            let row = |row: &Row| {
                let day = |fact: &Fact<When>| fact.when().map(|when| (when.first, when.last));
                let count = row.count.known().copied();
                let (per, optional) = (row.per.known().is_some(), row.optional.known() == Some(&true));
                (
                    row.constituency.known().map(|one| one.as_ref().to_owned()),
                    count,
                    per,
                    optional,
                    day(&row.since),
                    day(&row.until),
                )
            };
            let mut rows: Vec<_> = terms.seats.iter().map(row).collect();
            rows.sort();
            (rows, terms.at_least.known() == Some(&true))
        };
        rows(one) == rows(other)
    }

    fn english(about: &About, terms: &Terms, code: &Code) -> String {
        let seat = |row: &Row| {
            let (count, word) =
                (row.count.known().copied().unwrap_or(0), row.constituency.known().map_or("?", AsRef::as_ref));
            let name = code.name(word);
            let per = if row.per.known().is_some() { " for each Voting Group" } else { "" };
            let optional = if row.optional.known() == Some(&true) { " at most" } else { "" };
            format!("{count} {name} seat{}{per}{optional}", if count == 1 { "" } else { "s" })
        };
        let seats: Vec<_> = terms.seats.iter().map(seat).collect();
        let all = terms.totals.get("all").and_then(Fact::known).map_or(String::new(), |all| format!(", {all} in all"));
        let more =
            if terms.at_least.known() == Some(&true) { "; there may be seats of other constituencies" } else { "" };
        format!("The body `{}` has {}{all}{more}.", Self::body(about).unwrap_or("?"), seats.join(", "))
    }
}

/// The first day of a tenure, in a step.
fn since(day: Day) -> String {
    if day == Day::EARLIEST { String::new() } else { format!(" since {day}") }
}

fn not_known(record: &Record, case: &Case<'_>, segment: &Segment<Terms>, slots: &mut Slots) {
    let message = format!("{}: which seats the body had on {} is not known", people::name(record), case.on);
    let slot = if record.seat().is_some() { "held" } else { "seats" };
    slots.say(people::not_known(record, slot, message, segment, slots.explain));
}

/// One seat among its like.
struct Seated<'s> {
    own: &'s Sitting<'s>,
    /// Where it stands among the seats of its constituency.
    index: usize,
    side: &'s Side<'s>,
    row: &'s Row,
    /// How many the rule gives.
    count: usize,
}

/// The seats of one body on one day, under one version of the rule.
struct Bench<'b> {
    law: &'b Law<'b, Composition>,
    segment: &'b Segment<Terms>,
    terms: &'b Terms,
    rows: Rows<'b>,
    exists: Truth,
    /// Whether what is not known of the body was reported already.
    bad: bool,
    sides: &'b Sides<'b>,
}

impl Bench<'_> {
    fn body(&self) -> &str {
        Composition::body(self.law.about).unwrap_or("")
    }

    fn row_mark(&self, row: &Row, label: String) -> Mark {
        self.segment.mark(self.law.file, "seats", row.span, label)
    }

    fn clause(row: &Row) -> (Option<Clause>, Option<Basis>) {
        (row.clause.text().map(Clause::parse), basis_of(&row.basis))
    }

    fn clause_text(&self, row: &Row) -> String {
        row.clause.text().map_or_else(|| self.law.clause.to_string(), ToOwned::to_owned)
    }

    fn seat(&self, record: &Record, at: u32, seat: &Seat, case: &Case<'_>, slots: &mut Slots) {
        let found = seat.constituency.known().map(AsRef::as_ref).and_then(|word| {
            let side = self.sides.get(word)?;
            let index = *side.index.get(&at)?;
            Some((word, side, index, side.all.get(index)?))
        });
        let Some((constituency, side, index, own)) = found else {
            let silent = seat.constituency.is_bad() || record.damaged;
            let message = format!("{}: its constituency is not recorded", people::name(record));
            let mark = Mark::new(record.file, seat.constituency.span, "not recorded");
            let said = Said::new("held", Outcome::Unknown, message).mark(mark).under(self.segment).silent(silent);
            return slots.say(said.because(slots.explain, || self.listed_in_steps()));
        };
        let Some(row) = self.rows.get(constituency) else { return self.unlisted(own, constituency, slots) };
        let count = row.count.known().copied().unwrap_or(0) as usize;
        if own.held == Truth::No {
            let open = if row.per.known().is_some() { 0 } else { count.saturating_sub(side.possible) };
            let rank = side.vacancy.get(index).copied().unwrap_or(0);
            return self.vacancy(own, (row, count), (side, rank < open), slots);
        }
        let seated = Seated { own, index, side, row, count };
        if row.per.known().is_some() {
            return self.per_group(&seated, case, slots);
        }
        self.counted(&seated, case, slots);
    }

    /// One of the seats that a constituency has a number of.
    fn counted(&self, seated: &Seated<'_>, case: &Case<'_>, slots: &mut Slots) {
        let Seated { own, index, side, row, count } = *seated;
        let record = own.record;
        let constituency = row.constituency.known().map_or("", AsRef::as_ref);
        let label = format!("{count} of `{constituency}`");
        let rank = side.rank.get(index).copied().unwrap_or(0);
        let others = || {
            let held = side.held.iter().filter_map(|at| side.all.get(*at));
            held.filter(|one| one.at != own.at).take(SHOWN).map(|one| one.mark.clone())
        };
        if own.held.certain() && rank >= count {
            let more = rank.saturating_sub(count).saturating_add(1);
            let message = format!(
                "{} is {} more than the {count} that {} allows",
                people::name(record),
                if more == 1 { "one".to_owned() } else { more.to_string() },
                self.clause_text(row),
            );
            let help = "end a tenure (`ended = …`) where one is over, or correct the constituency";
            let said = Said::new("held", Outcome::Breach, message).help(help).mark(own.mark.clone()).marks(others());
            let explained = |said: Said| said.steps(self.steps(seated, case)).cure(Self::cure(own, case));
            return slots.say(self.doubt(said.explained(slots.explain, explained), row, label));
        }
        let reason = if own.held == Truth::Maybe && side.possible > count {
            Some(format!(
                "whether it is one too many for the {count} that {} allows depends on days that are not recorded",
                self.clause_text(row)
            ))
        } else if own.unrecorded {
            Some("holder not recorded".to_owned())
        } else if own.held == Truth::Maybe {
            Some(format!("whether it is held on {} is not recorded", case.on))
        } else {
            None
        };
        if let Some(reason) = reason {
            let message = format!("{}: {reason}", people::name(record));
            let help = "record who held it and from when: `tenure = [{ holder = …, from = … }]`";
            let said = Said::new("held", Outcome::Unknown, message)
                .help(help)
                .mark(own.mark.clone())
                .silent(own.bad || record.damaged)
                .explained(slots.explain, |said| said.steps(self.steps(seated, case)));
            return slots.say(self.doubt(said, row, label));
        }
        slots.pass(|| {
            let message = format!(
                "{} is one of the {count} that {} gives {}",
                people::name(record),
                self.clause_text(row),
                case.code.name(constituency)
            );
            let said = Said::new("held", Outcome::Pass, message).steps(self.steps(seated, case));
            self.doubt(said.mark(own.mark.clone()), row, label)
        });
    }

    /// The count of the constituency against the seats held, in the order of arrival.
    fn steps(&self, seated: &Seated<'_>, case: &Case<'_>) -> Vec<String> {
        let Seated { own, index, side, row, count } = *seated;
        let constituency = row.constituency.known().map_or("", AsRef::as_ref);
        let rank = side.rank.get(index).copied().unwrap_or(0);
        let mut steps = vec![
            format!("{} gives `{constituency}` {count} of the seats of `{}`", self.clause_text(row), self.body()),
            format!("held on {}: {} for certain, at most {}", case.on, side.certain, side.possible),
        ];
        let earlier = side.held.iter().filter(|at| **at < index).filter_map(|at| side.all.get(*at)).take(SHOWN);
        steps.extend(
            earlier.map(|one| format!("came before: `{}`, {}{}", one.record.id, one.mark.label, since(one.from))),
        );
        steps.push(format!("this one: `{}`, {}{}", own.record.id, own.mark.label, since(own.from)));
        steps.push(format!(
            "{rank} came before for certain, so it is number {} against {count}",
            rank.saturating_add(1)
        ));
        steps
    }

    /// The tenure that makes it one too many, ended.
    fn cure(own: &Sitting<'_>, case: &Case<'_>) -> Cure {
        let mut holding = own.seat.tenure.iter().filter(|tenure| people::held(tenure, case.on).possible());
        match (holding.next(), holding.next()) {
            (Some(tenure), None) => people::end_tenure(own.record, tenure, case.on),
            _ => Cure::by_hand(
                format!("every tenure that holds on {} ended (`ended`)", case.on),
                "several tenures of one seat hold at once: which of them are wrong only a source tells",
            ),
        }
    }

    /// Adds clause, evidence and places of the row; where the body may not have existed, doubt.
    fn doubt(&self, mut said: Said, row: &Row, label: String) -> Said {
        let (clause, basis) = Self::clause(row);
        if self.exists == Truth::Maybe && matches!(said.outcome, Outcome::Breach | Outcome::Pass) {
            said.outcome = Outcome::Unknown;
            said.silent |= self.bad;
            said.message.push_str("; but whether the body existed that day is not recorded");
        }
        said.mark(self.row_mark(row, label)).under(self.segment).row(clause, basis)
    }

    fn unlisted(&self, own: &Sitting<'_>, constituency: &str, slots: &mut Slots) {
        let is_former = own.held == Truth::No
            && own
                .seat
                .tenure
                .iter()
                .all(|tenure| tenure.holder.known().is_none_or(|holder| holder.as_ref() != "vacant"));
        if is_former {
            return slots.skip(|| {
                let message = format!("{} is held by nobody", people::name(own.record));
                let steps = [format!("`{}` stands for `{constituency}`, {}", own.record.id, own.mark.label)];
                Said::new("held", Outcome::NotApplicable, message).steps(steps).steps(self.listed_in_steps())
            });
        }
        let span = own.seat.constituency.span;
        let open =
            self.terms.at_least.known() == Some(&true) || own.held == Truth::Maybe || self.exists == Truth::Maybe;
        let rule =
            self.segment.mark(self.law.file, "seats", self.terms.seats.span, "the constituencies that have seats");
        let mark = Mark::new(own.record.file, span, "not among the body's seats");
        let said = if open {
            let message = format!(
                "{}: whether `{}` has a seat for {constituency} is not known",
                people::name(own.record),
                self.body()
            );
            Said::new("held", Outcome::Unknown, message)
        } else {
            let message = format!(
                "{} stands for {constituency}, for which {} gives `{}` no seat",
                people::name(own.record),
                self.law.clause,
                self.body()
            );
            Said::new("held", Outcome::Breach, message).help("correct the constituency, or end the seat's tenure")
        };
        let said = said.because(slots.explain, || {
            let own = format!("`{}` stands for `{constituency}`, {}", own.record.id, own.mark.label);
            std::iter::once(own).chain(self.listed_in_steps())
        });
        let said = if slots.explain && said.outcome == Outcome::Breach {
            let why = "for whom the seat stands only a source tells; a constituency that fits is no reason to write it";
            said.cure(Cure::by_hand("the constituency corrected, or the seat's tenure ended (`ended`)", why))
        } else {
            said
        };
        slots.say(said.mark(mark).mark(rule).under(self.segment).silent(own.bad));
    }

    /// The constituencies that have seats, as a step.
    fn listed_in_steps(&self) -> Vec<String> {
        let listed = self.rows.keys().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        vec![format!("`{}` has seats for {listed}", self.body())]
    }

    /// A recorded seat that nobody holds. Only as many are vacancies as the count leaves open.
    fn vacancy(
        &self,
        own: &Sitting<'_>,
        (row, count): (&Row, usize),
        (side, open): (&Side<'_>, bool),
        slots: &mut Slots,
    ) {
        let optional = row.optional.known() == Some(&true);
        let steps = || {
            let word = row.constituency.known().map_or("", AsRef::as_ref);
            let given = format!("{} gives `{word}` {count} of the seats of `{}`", self.clause_text(row), self.body());
            let held = format!("held: {} for certain, at most {}", side.certain, side.possible);
            let own = format!("this one: `{}`, {}", own.record.id, own.mark.label);
            let optional = optional.then(|| format!("a seat for `{word}` need not be filled"));
            [given, held, own].into_iter().chain(optional)
        };
        if optional || !open {
            let message = format!("{}: nobody holds it, and nobody needs to", people::name(own.record));
            return slots.pass(|| Said::new("vacant", Outcome::Pass, message).steps(steps()));
        }
        let message = format!("{}: vacant", people::name(own.record));
        let said = Said::new("vacant", Outcome::Pass, message)
            .help("nothing is broken; the seat can be filled")
            .mark(own.mark.clone())
            .notable()
            .because(slots.explain, steps);
        slots.say(self.doubt(said, row, "the seat".into()));
    }

    /// Judges the body's own record: seats for which there is no file.
    fn unfiled(&self, record: &Record, case: &Case<'_>, slots: &mut Slots) {
        let complete = case.registry.is_complete(&format!("seats/{}", self.body()));
        let none = Side::default();
        for (constituency, row) in &self.rows {
            let side = self.sides.get(constituency).unwrap_or(&none);
            let count = row.count.known().copied().unwrap_or(0) as usize;
            let name = case.code.name(constituency);
            let mark = Mark::new(record.file, record.head(), "the body");
            if row.optional.known() == Some(&true) {
                continue;
            }
            if row.per.known().is_some() {
                let said = Self::unfiled_groups(record, constituency, side, complete, case, slots.explain).mark(mark);
                slots.say(self.doubt(said, row, format!("one for each Voting Group of `{constituency}`")));
                continue;
            }
            let lacking = count.saturating_sub(side.all.len());
            let what = format!("seats without a record: `{lacking} of {count} {name}`");
            let unplaced = self.sides.get(UNPLACED).map_or(&[][..], |side| side.all.as_slice());
            let said = if lacking > 0 && !unplaced.is_empty() {
                let bad = unplaced.iter().any(|one| one.seat.constituency.is_bad());
                let message = format!(
                    "{}: whether `{lacking} of {count} {name}` have a record depends on a constituency that is not recorded",
                    people::name(record)
                );
                Said::new(*constituency, Outcome::Unknown, message).silent(bad)
            } else if lacking == 0 {
                Said::new(
                    *constituency,
                    Outcome::Pass,
                    format!("{}: every {name} seat has a record", people::name(record)),
                )
            } else if complete {
                Said::new(*constituency, Outcome::Pass, format!("{}: {what}: vacant", people::name(record))).notable()
            } else {
                let help =
                    "record the seats that a source shows, or say in `registry.toml` that the folder is `complete`";
                Said::new(*constituency, Outcome::Unknown, format!("{}: {what}", people::name(record))).help(help)
            };
            let said = said.because(slots.explain, || self.unfiled_in_steps(row, (count, side), complete));
            slots.say(self.doubt(said.mark(mark), row, format!("{count} of `{constituency}`")));
        }
    }

    /// How many seats of a constituency have a record, and whether there may be others.
    fn unfiled_in_steps(&self, row: &Row, (count, side): (usize, &Side<'_>), complete: bool) -> Vec<String> {
        let (word, folder) = (row.constituency.known().map_or("", AsRef::as_ref), format!("seats/{}", self.body()));
        let given = format!("{} gives `{word}` {count} of the seats of `{}`", self.clause_text(row), self.body());
        let mut steps = vec![given, format!("recorded for `{word}`: {}", side.all.len())];
        steps.extend(
            side.all.iter().take(SHOWN).map(|one| format!("recorded: `{}`, {}", one.record.id, one.mark.label)),
        );
        steps.push(people::coverage_step(&folder, complete));
        steps
    }
}
