//! Slips that a drafter could make: a rule with one parameter changed, which some example must notice.

/// A sort of slip in the parameters of a rule, and where it can be made.
///
/// A path is keys joined by `.` from the version's table on, `*` standing for every entry of a list
/// or table (`seats.*.count`); with `/` before it, from the root of the rule's file (`/where.*`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutator {
    /// Each number at the path one more, and one less.
    Step(&'static str),
    /// Each word at the path replaced by each other one of these.
    Swap(&'static str, &'static [&'static str]),
    /// Each word at the path replaced by the next one of the code's words of a heading (`calendars`,
    /// `constituencies`, …).
    Word(&'static str, &'static str),
    /// `true` for `false` and the other way round; where the key is left out, the other of this
    /// default is written.
    Turn(&'static str, bool),
    /// Each entry of the list at the path left out, one at a time.
    Drop(&'static str),
    /// The key at the path left out.
    Without(&'static str),
    /// The values at the path of two neighbouring entries exchanged.
    Exchange(&'static str),
}
