//! Seats that are one for each Voting Group: computed from the Parties of the day, never stored.

use rustc_hash::FxHashMap;

use super::{Bench, Row, Seated, Side, Sitting};
use crate::{
    day::Truth,
    decode::Fact,
    finding::{Mark, Outcome},
    kind::{
        Case, Said, Slots, people,
        voting::{Names, canonical, fills, lives},
    },
    record::{Kind as RecordKind, Record, seat::Tenure},
};

/// The Voting Groups that a seat may belong to, each with whether it is certain.
pub(super) type Named = Vec<(Box<str>, bool)>;

/// The Voting Groups of one constituency's seats.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// For each seat, its groups, each with whether it is certain; and whether there may be others.
    of: Vec<(Named, bool)>,
    /// For each group, the seats that are certainly held and certainly of it.
    held: FxHashMap<Box<str>, Vec<usize>>,
    /// Seats of which the group is not known for certain.
    doubtful: usize,
}

impl Bench<'_> {
    /// The Voting Groups of a side's seats, worked out once.
    fn groups<'s>(side: &'s Side<'_>, constituency: &str, case: &Case<'_>) -> &'s Groups {
        let case = &case.of_rule();
        side.groups.get_or_init(|| {
            let (mut made, mut names) = (Groups::default(), Names::default());
            for (index, one) in side.all.iter().enumerate() {
                let (groups, open) = groups_of(one, constituency, case, &mut names);
                if one.held.certain()
                    && let [(group, true)] = groups.as_slice()
                    && !open
                {
                    made.held.entry(group.clone()).or_default().push(index);
                } else if one.held.possible() {
                    made.doubtful = made.doubtful.saturating_add(1);
                }
                made.of.push((groups, open));
            }
            made
        })
    }

    /// A seat that is its Voting Group's.
    pub(super) fn per_group(&self, seated: &Seated<'_>, case: &Case<'_>, slots: &mut Slots) {
        let Seated { own, index, side, row, count } = *seated;
        let constituency = row.constituency.known().map_or("", AsRef::as_ref);
        let label = format!("{count} for each Voting Group of `{constituency}`");
        let groups = Self::groups(side, constituency, case);
        let (mine, open) = groups.of.get(index).map_or((&[][..], true), |(mine, open)| (mine.as_slice(), *open));
        let sure = match mine {
            [(group, true)] if !open && own.held.certain() => Some(group),
            _ => None,
        };
        let affiliates = case.affiliates(case.on);
        if let Some(group) = sure {
            let same = groups.held.get(group).map_or(&[][..], Vec::as_slice);
            let came_before = same.partition_point(|one| *one < index);
            if came_before >= count {
                let earlier = same.iter().take(came_before.min(3)).filter_map(|one| side.all.get(*one));
                let message = format!(
                    "{} is one seat too many of the Voting Group of `{group}`: {} gives each {count}",
                    people::name(own.record),
                    self.clause_text(row)
                );
                let chain = earlier.clone().next().map(|other| chain_marks(own, other, case)).unwrap_or_default();
                let others = earlier.map(|one| one.mark.clone());
                let said = Said::new("held", Outcome::Breach, message)
                    .help("end one of the tenures, or correct the affiliations")
                    .explained(slots.explain, |said| {
                        let held = format!("seats of the Voting Group of `{group}` that came before: {came_before}");
                        said.steps([held, format!("each Voting Group has {count}")]).cure(Self::cure(own, case))
                    });
                return slots.say(self.doubt(said.mark(own.mark.clone()).marks(others).marks(chain), row, label));
            }
        }
        if own.held.certain()
            && let Some(named) = own.seat.voting_group.known()
            && self.ended(own, named.as_ref(), row, case, slots)
        {
            return;
        }
        let alone = side.possible <= count;
        let apart = sure.is_some_and(|group| groups.doubtful == 0 && affiliates.is_apart(group));
        let steps = || self.group_steps(seated, (mine, open), groups);
        if own.held.certain() && (alone || apart) {
            return slots.pass(|| {
                let group = mine.first().map_or("not known", |(group, _)| group.as_ref());
                let message = format!("{} is the seat of the Voting Group of `{group}`", people::name(own.record));
                let said = Said::new("held", Outcome::Pass, message).steps(steps());
                self.doubt(said.mark(own.mark.clone()), row, label)
            });
        }
        let reason = if own.unrecorded {
            "holder not recorded"
        } else {
            "whether another seat belongs to its Voting Group is not recorded"
        };
        let said = Said::new("held", Outcome::Unknown, format!("{}: {reason}", people::name(own.record)))
            .mark(own.mark.clone())
            .silent(own.bad || affiliates.bad)
            .because(slots.explain, steps);
        slots.say(self.doubt(said, row, label));
    }

    /// A seat that goes on though its Voting Group may have no Party of the category any more: they
    /// left, were expelled, or became something else. Gives whether that was said.
    fn ended(&self, own: &Sitting<'_>, named: &str, row: &Row, case: &Case<'_>, slots: &mut Slots) -> bool {
        let constituency = row.constituency.known().map_or("", AsRef::as_ref);
        let lives = lives(named, constituency, case.on, case);
        if lives == Truth::Yes {
            return false;
        }
        let category = case.code.name(constituency);
        let (seat, on) = (people::name(own.record), case.on);
        let group = Mark::new(own.record.file, own.seat.voting_group.span, format!("the Voting Group of `{named}`"));
        let said = if lives == Truth::No {
            let message =
                format!("{seat} is of the Voting Group of `{named}`, which has no Party that is {category} on {on}");
            Said::new("held", Outcome::Breach, message)
                .help("end the tenure, or correct `voting-group`, the category or the affiliations")
                .explained(slots.explain, |said| said.steps(lives_steps(named, case)).cure(Self::cure(own, case)))
        } else {
            let message = format!(
                "{seat}: whether the Voting Group of `{named}` has a Party that is {category} on {on} is not recorded"
            );
            let bad = case.affiliates(on).bad || !case.registry.exists(RecordKind::Party, named);
            Said::new("held", Outcome::Unknown, message)
                .help("record its category, when it left, and its affiliations")
                .silent(bad)
                .explained(slots.explain, |said| said.steps(lives_steps(named, case)))
        };
        let label = format!("one for each Voting Group of `{constituency}`");
        slots.say(self.doubt(said.mark(own.mark.clone()).mark(group).marks(party_mark(named, case)), row, label));
        true
    }

    /// The Voting Groups that a seat may be of, and the seats that are of the same.
    fn group_steps(
        &self,
        seated: &Seated<'_>,
        (mine, open): (&[(Box<str>, bool)], bool),
        groups: &Groups,
    ) -> Vec<String> {
        let Seated { own, index, side, row, count } = *seated;
        let word = row.constituency.known().map_or("", AsRef::as_ref);
        let mut steps = vec![format!("{} gives each Voting Group of `{word}` {count}", self.clause_text(row))];
        steps.push(format!("this one: `{}`, {}", own.record.id, own.mark.label));
        for (group, certain) in mine.iter().take(super::SHOWN) {
            let how = if *certain { "is" } else { "may be" };
            steps.push(format!("it {how} of the Voting Group of `{group}`"));
            let same = groups.held.get(group).into_iter().flatten().filter(|at| **at != index);
            let same = same.filter_map(|at| side.all.get(*at)).take(super::SHOWN);
            steps.extend(same.map(|one| format!("of the same group: `{}`, {}", one.record.id, one.mark.label)));
        }
        if open || mine.is_empty() {
            steps.push("of which other Voting Group it may be is not recorded".to_owned());
        }
        steps
            .push(format!("seats of `{word}` of which the Voting Group is not known for certain: {}", groups.doubtful));
        steps
    }

    /// The Voting Groups that have no seat.
    pub(super) fn unfiled_groups(
        record: &Record,
        constituency: &str,
        side: &Side<'_>,
        complete: bool,
        case: &Case<'_>,
        asked: bool,
    ) -> Said {
        let name = case.code.name(constituency);
        if !complete || !case.registry.is_complete("parties") {
            let message =
                format!("{}: seats without a record: `{name}, one for each Voting Group`", people::name(record));
            let steps = || {
                let all = case.registry.is_complete("parties");
                [
                    people::coverage_step("parties", all),
                    people::coverage_step(&format!("seats of `{constituency}`"), complete),
                ]
            };
            return Said::new(constituency, Outcome::Unknown, message).because(asked, steps);
        }
        let parties = case.registry.parties().filter(|party| fills(party, constituency, case.on, case));
        let affiliates = case.affiliates(case.on);
        let mut names = Names::default();
        let groups: std::collections::BTreeSet<Box<str>> =
            parties.map(|party| canonical(&party.id, constituency, case.on, case, &mut names)).collect();
        let seated = &Self::groups(side, constituency, case).held;
        let lacking: Vec<_> =
            groups.iter().filter(|group| !seated.contains_key(*group)).map(|group| format!("`{group}`")).collect();
        let steps = || {
            let one = |group: &str| match seated.get(group).and_then(|seats| side.all.get(*seats.first()?)) {
                Some(seat) => format!("the Voting Group of `{group}` has `{}`", seat.record.id),
                None => format!("the Voting Group of `{group}` has none"),
            };
            let all = format!("Voting Groups of `{constituency}` on {}: {}", case.on, groups.len());
            std::iter::once(all).chain(groups.iter().take(super::SHOWN).map(|group| one(group))).collect::<Vec<_>>()
        };
        if lacking.is_empty() {
            let message = format!("{}: every Voting Group of {name} has a seat", people::name(record));
            return Said::new(constituency, Outcome::Pass, message).because(asked, steps);
        }
        let more = lacking.len().saturating_sub(5);
        let shown = lacking.get(..5).unwrap_or(&lacking).join(", ");
        let and_more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let message = format!(
            "{}: no {name} seat for the Voting Group{} of {shown}{and_more}: vacant",
            people::name(record),
            if lacking.len() == 1 { "" } else { "s" }
        );
        let named = side.all.iter().map(|one| &one.seat.voting_group);
        let bad = named.clone().any(Fact::is_bad)
            || named.filter_map(Fact::known).any(|party| !case.registry.exists(RecordKind::Party, party.as_ref()));
        let said = Said::new(constituency, Outcome::Pass, message).because(asked, steps);
        said.notable().silent(bad || affiliates.bad)
    }
}

/// The Voting Groups that a seat may belong to (named in its record, else by its holder's
/// employers), and whether there may be others.
fn groups_of(one: &Sitting<'_>, constituency: &str, case: &Case<'_>, names: &mut Names) -> (Named, bool) {
    if let Some(party) = one.seat.voting_group.known() {
        return (vec![(canonical(party.as_ref(), constituency, case.on, case, names), true)], false);
    }
    let Some(holder) = holder(one, case) else { return (Vec::new(), true) };
    let employers = people::employers(case, holder, case.on);
    let group = |employer: &people::Employer<'_>| {
        (canonical(employer.id, constituency, case.on, case, names), employer.certain)
    };
    let groups = employers.all.iter().map(group).collect();
    (groups, employers.open || employers.all.is_empty())
}

/// Where the record of a Party says what it is, or that it left.
fn party_mark(id: &str, case: &Case<'_>) -> Option<Mark> {
    let record = case.registry.find(RecordKind::Party, id)?;
    let party = record.party()?;
    let left = party.left.known().map(|_| party.left.span);
    Some(Mark::new(record.file, left.unwrap_or(party.category.span), format!("`{id}`")))
}

/// What each Party of a Voting Group is on the day.
fn lives_steps(named: &str, case: &Case<'_>) -> Vec<String> {
    let affiliates = case.affiliates(case.on);
    let members: Vec<&str> = affiliates.members(named).filter(|id| *id != named).collect();
    let step = |id: &str| {
        let record = case.registry.find(RecordKind::Party, id)?;
        let party = record.party()?;
        if !people::is_party(party, case.on).possible() {
            return Some(format!("`{id}` is no Party on {}", case.on));
        }
        let in_force = party
            .category
            .iter()
            .filter(|one| crate::day::recorded_in_force(one.from.when(), one.until.when(), case.on).possible());
        let names: Vec<String> = in_force.filter_map(|one| Some(format!("`{}`", one.is.known()?.as_ref()))).collect();
        let is = if names.is_empty() { "of no category that is recorded".to_owned() } else { names.join(" or ") };
        Some(format!("`{id}` is {is} on {}", case.on))
    };
    [named].into_iter().chain(members).take(20).filter_map(step).collect()
}

fn holder<'a>(one: &Sitting<'a>, case: &Case<'_>) -> Option<&'a str> {
    let holds = |tenure: &&Tenure| people::held(tenure, case.on).possible();
    one.seat.tenure.iter().filter(holds).find_map(|tenure| tenure.holder.known()).map(AsRef::as_ref)
}

/// The affiliations that make the groups of two seats one.
fn chain_marks(one: &Sitting<'_>, other: &Sitting<'_>, case: &Case<'_>) -> Vec<Mark> {
    let employer = |one: &Sitting<'_>| -> Option<String> {
        let by = holder(one, case)
            .and_then(|person| people::employers(case, person, case.on).all.first().map(|by| by.id.to_owned()));
        one.seat.voting_group.known().map(|party| party.as_ref().to_owned()).or(by)
    };
    let (Some(from), Some(to)) = (employer(one), employer(other)) else { return Vec::new() };
    people::chain_marks(case, &from, &to)
}
