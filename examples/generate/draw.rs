//! Chance that is the same every time, and the words that it picks from. Every name is made up.

use quorate::day::Day;

/// A stream of numbers that depends on its seed alone (`SplitMix64`).
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed ^ 0x71_75_6f_72_61_74_65)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    /// So many times in a hundred.
    pub(crate) fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    /// One of a list.
    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// So many different ones of a list, or as many as there are.
    pub(crate) fn some<'a, T>(&mut self, list: &'a [T], count: usize) -> Vec<&'a T> {
        let (start, step) = (self.below(list.len()), self.below(list.len() / count.max(1)) + 1);
        (0..count.min(list.len())).map(|at| &list[(start + at * step) % list.len()]).collect()
    }

    /// A day that is no Saturday and no Sunday, in `[first, last]`.
    pub(crate) fn weekday(&mut self, first: Day, last: Day) -> Day {
        let span = usize::try_from(last.days_since(first)).unwrap_or(0) + 1;
        let drawn = first.plus_days(i32::try_from(self.below(span)).unwrap_or(0));
        let back = (0..3).map(|days| drawn.plus_days(-days)).find(|day| !day.is_weekend() && *day >= first);
        back.unwrap_or(first)
    }

    /// A sentence of so many words.
    pub(crate) fn sentence(&mut self, words: usize) -> String {
        let mut text = String::new();
        for at in 0..words {
            let word = *self.pick(WORDS);
            if let (0, Some(first)) = (at, word.chars().next()) {
                text.extend(first.to_uppercase());
                text.push_str(&word[first.len_utf8()..]);
            } else {
                text.push(' ');
                text.push_str(word);
            }
        }
        text.push('.');
        text
    }
}

/// So many Working Days later (earlier, if negative) where nothing but weekends is kept.
pub(crate) fn working(day: Day, count: i32) -> Day {
    let (step, mut left, mut at) = (count.signum(), count.abs(), day);
    while left > 0 {
        at = at.plus_days(step);
        left -= i32::from(!at.is_weekend());
    }
    at
}

/// Lower-case words joined by `-`.
pub(crate) fn slug(name: &str) -> String {
    name.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-")
}

/// First parts of the names of firms and groups.
pub(crate) const PLACES: &[&str] = &[
    "Arkwold",
    "Bellmere",
    "Cindervale",
    "Dunhollow",
    "Eskbarrow",
    "Farrowick",
    "Glimmerford",
    "Harkstone",
    "Inglebeck",
    "Jessamoor",
    "Kettleby",
    "Larkwater",
    "Mossgarth",
    "Netherwyn",
    "Oatfell",
    "Pellbrook",
    "Quillham",
    "Rushcombe",
    "Silverden",
    "Thornmere",
    "Ulverdale",
    "Vexley",
    "Wrenhaugh",
    "Yarrowgate",
];

/// What firms do.
pub(crate) const TRADES: &[&str] = &["Energy", "Power", "Light", "Metering", "Data", "Gas", "Supply", "Utilities"];

/// First names.
pub(crate) const FIRST: &[&str] = &[
    "Ada", "Bram", "Cleo", "Dov", "Edda", "Finn", "Greta", "Hale", "Iris", "Jory", "Kit", "Lena", "Milo", "Nell",
    "Orla", "Pia", "Quin", "Rafe", "Suki", "Tam", "Una", "Viggo", "Wilma", "Yves",
];

/// Last names.
pub(crate) const LAST: &[&str] = &[
    "Ashdrake",
    "Birchall",
    "Copperley",
    "Dimmock",
    "Elmswell",
    "Fenbrook",
    "Gorsehill",
    "Hollis",
    "Ivesgate",
    "Juniper",
    "Kestrel",
    "Loxwood",
    "Marlpit",
    "Nightingale",
    "Oakenshaw",
    "Pomfret",
    "Quarrel",
    "Rowntree",
    "Saltmarsh",
    "Tanglewood",
    "Underhill",
    "Venables",
    "Withers",
    "Yewdale",
];

const WORDS: &[&str] = &[
    "assessment",
    "supplier",
    "meter",
    "device",
    "security",
    "release",
    "the",
    "of",
    "and",
    "for",
    "with",
    "refinement",
    "network",
    "service",
    "request",
    "agreed",
    "timetable",
    "report",
    "proposal",
    "to",
    "review",
    "by",
    "group",
    "party",
    "consumer",
    "after",
    "testing",
    "before",
    "interface",
    "data",
    "provider",
    "impact",
    "cost",
    "version",
    "change",
];
