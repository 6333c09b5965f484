//! Voting Groups: inside one constituency's categories, a Party with its Affiliates. Computed from the
//! Parties of the day, never stored.

use rustc_hash::FxHashMap;

use super::{Case, people};
use crate::{
    day::{Today, Truth},
    record::Record,
};

/// The Parties that name the Voting Groups met so far, by the number of their group of Affiliates.
pub(super) type Names = FxHashMap<u32, Option<Box<str>>>;

/// Whether a record is a Party of a category that fills the constituency, on a day.
pub(super) fn fills(record: &Record, constituency: &str, day: Today<'_>, case: &Case<'_>) -> bool {
    let categories = case.code.fills(constituency).unwrap_or_default();
    record.party().is_some_and(|party| {
        people::is_party(party, day).certain() && people::category_among(record, party, &categories, day).0.certain()
    })
}

/// Whether a Voting Group, named by a Party, has any Party of a category that fills the constituency on
/// a day: that one, or an Affiliate of it.
pub(super) fn lives(party: &str, constituency: &str, day: Today<'_>, case: &Case<'_>) -> Truth {
    let affiliates = case.affiliates(day);
    let categories = case.code.fills(constituency).unwrap_or_default();
    let one = |id: &str| {
        let Some(record) = case.registry.party(id) else {
            // An organisation is no Party; of what has no record nothing is known.
            return if case.registry.actor(id).is_some() { Truth::No } else { Truth::Maybe };
        };
        let is = record.party().map_or(Truth::No, |party| {
            people::is_party(party, day).and(people::category_among(record, party, &categories, day).0)
        });
        if record.damaged { is.or(Truth::Maybe) } else { is }
    };
    let own = one(party);
    if own == Truth::Yes {
        return own;
    }
    let truth = affiliates.members(party).map(one).fold(own, Truth::or);
    if truth == Truth::No && !affiliates.is_apart(party) { Truth::Maybe } else { truth }
}

/// The Party that names a Voting Group: the first of its group that is of the category.
pub(super) fn canonical(
    party: &str,
    constituency: &str,
    day: Today<'_>,
    case: &Case<'_>,
    names: &mut Names,
) -> Box<str> {
    let affiliates = case.affiliates(day);
    let Some(group) = affiliates.group(party) else { return party.into() };
    let of_category = |id: &&str| case.registry.party(id).is_some_and(|record| fills(record, constituency, day, case));
    let first = || affiliates.members(party).find(of_category).map(Into::into);
    names.entry(group).or_insert_with(first).clone().unwrap_or_else(|| party.into())
}
