//! Some of many people in the order of their arrival, looked through from either end without
//! stopping at one person again and again.

/// Some positions among people, rising.
#[derive(Debug, Default)]
pub(super) struct Line(Vec<Spot>);

/// One position, and where in the line the nearest ones of somebody else are.
#[derive(Debug)]
struct Spot {
    at: usize,
    before: Option<usize>,
    after: Option<usize>,
}

impl Line {
    /// A line of rising positions; `person` says who stands at one.
    pub(super) fn of<'p>(positions: impl IntoIterator<Item = usize>, person: impl Fn(usize) -> &'p str) -> Self {
        let spot = |at| Spot { at, before: None, after: None };
        let mut spots: Vec<Spot> = positions.into_iter().map(spot).collect();
        let people: Vec<&str> = spots.iter().map(|spot| person(spot.at)).collect();
        let runs = people.chunk_by(|one, other| one == other);
        let mut start = 0_usize;
        for run in runs {
            let end = start.saturating_add(run.len());
            for spot in spots.get_mut(start..end).into_iter().flatten() {
                spot.before = start.checked_sub(1);
                spot.after = (end < people.len()).then_some(end);
            }
            start = end;
        }
        Self(spots)
    }

    /// The positions before `end` at which `is_same` does not hold, the last first.
    pub(super) fn back(&self, end: usize, is_same: impl Fn(usize) -> bool) -> impl Iterator<Item = usize> {
        let mut next = self.0.partition_point(|spot| spot.at < end).checked_sub(1);
        std::iter::from_fn(move || {
            loop {
                let at = next?;
                let spot = self.0.get(at)?;
                if !is_same(spot.at) {
                    next = at.checked_sub(1);
                    return Some(spot.at);
                }
                next = spot.before;
            }
        })
    }

    /// The same, the first first.
    pub(super) fn forth(&self, end: usize, is_same: impl Fn(usize) -> bool) -> impl Iterator<Item = usize> {
        let mut next = Some(0);
        std::iter::from_fn(move || {
            loop {
                let at = next?;
                let spot = self.0.get(at).filter(|spot| spot.at < end)?;
                if !is_same(spot.at) {
                    next = Some(at.saturating_add(1));
                    return Some(spot.at);
                }
                next = spot.after;
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn both_ways_give_what_looking_at_everybody_gives(people in prop::collection::vec(0usize..3, 0..20), end in 0usize..25) {
            let names = ["ann", "bob", "cy"];
            let line = Line::of(0..people.len(), |at| names[people[at]]);
            let expected: Vec<usize> = (0..people.len().min(end)).filter(|at| people[*at] != 0).collect();
            let is_same = |at: usize| people[at] == 0;
            prop_assert_eq!(line.forth(end, is_same).collect::<Vec<_>>(), expected.clone());
            let back: Vec<usize> = line.back(end, is_same).collect();
            prop_assert_eq!(back, expected.into_iter().rev().collect::<Vec<_>>());
        }
    }
}
