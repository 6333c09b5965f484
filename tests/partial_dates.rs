//! Dates known in part, against trying every day: the outcome is definite exactly where every
//! possible day gives the same one.

use std::collections::BTreeSet;

use proptest::{prelude::*, test_runner::TestCaseError};
use quorate::{
    day::{Day, When},
    finding::Outcome,
    rulebook::example,
};

use crate::common::orchard_rule;

/// A date as recorded: some day of a span that begins so many days after the first of its test.
type Span = (i32, i32);

/// How much is asked of the outcome for the dates as recorded.
#[derive(Clone, Copy, PartialEq)]
enum Demand {
    /// Definite exactly where every choice of the days gives the same outcome.
    Strict,
    /// The same, where *kept* and *does not apply* are one answer: nothing is found.
    Exact,
    /// Definite only where every choice of the days gives the same outcome; it may be unknown even then.
    Sound,
    /// A breach exactly where every choice is one. Where none is, it may be unknown as well: whether
    /// a seat is held or vacant.
    ExactBreach,
}

/// Judges by the dates as they are recorded, and by every choice of their days.
fn compare(
    rule: &str,
    on: Day,
    demand: Demand,
    base: Day,
    spans: &[Span],
    records: impl Fn(&[String]) -> String,
) -> Result<(), TestCaseError> {
    let written = |span: &Span| When::between(base.plus_days(span.0), base.plus_days(span.0 + span.1));
    let partly: Vec<String> = spans.iter().map(|span| format!("\"{}\"", written(span))).collect();
    let mut worlds: Vec<Vec<String>> = vec![Vec::new()];
    for span in spans {
        let days: Vec<String> = (0..=span.1).map(|n| base.plus_days(span.0 + n).to_string()).collect();
        worlds = worlds
            .iter()
            .flat_map(|one| days.iter().map(|day| [&one[..], std::slice::from_ref(day)].concat()))
            .collect();
    }
    let example = |dates: &[String]| {
        let records = records(dates);
        format!("\n[[example]]\nname = \"x\"\non = {on}\nexpect = \"pass\"\n{records}\n")
    };
    let examples: String = std::iter::once(&partly).chain(&worlds).map(|dates| example(dates)).collect();
    let outcomes = outcomes(&format!("{rule}{examples}"));
    let ((got, _), tried) = outcomes.split_first().unwrap();
    let kept = |one: &Outcome| if demand == Demand::Strict { *one } else { (*one).max(Outcome::Pass) };
    // A choice that makes a period run backwards is none: nothing is judged by it.
    let whole = |(outcome, backwards): &(Outcome, bool)| (!backwards).then(|| kept(outcome));
    let any_backwards = tried.iter().any(|(_, backwards)| *backwards);
    let (got, tried): (Outcome, BTreeSet<Outcome>) = (kept(got), tried.iter().filter_map(whole).collect());
    if tried.is_empty() {
        return Ok(());
    }
    let expected = if tried.len() == 1 { tried.first().copied() } else { None }.unwrap_or(Outcome::Unknown);
    let may_be_unknown = any_backwards
        || match demand {
            Demand::Strict | Demand::Exact => false,
            Demand::Sound => true,
            Demand::ExactBreach => expected != Outcome::Breach,
        };
    if may_be_unknown && got == Outcome::Unknown {
        return Ok(());
    }
    prop_assert_eq!(got, expected, "on {}: every day gives {:?}; {}\n{}", on, tried, rule, records(&partly));
    Ok(())
}

/// What the examples of a rule come to, whatever they expect, each with whether a period of it runs
/// backwards.
fn outcomes(rule: &str) -> Vec<(Outcome, bool)> {
    let book = orchard_rule(rule);
    let runs = example::run(&book, &book.rules[0]);
    runs.iter()
        .map(|run| {
            let problems: Vec<_> = run.problems.iter().map(|problem| &problem.message).collect();
            // Two tenures at once, or a period backwards, is a finding of another rule.
            assert!(problems.iter().all(|one| one.contains("backwards") || one.contains("at once")), "{problems:?}");
            (run.got.unwrap(), problems.iter().any(|one| one.contains("backwards")))
        })
        .collect()
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn span(from: std::ops::Range<i32>) -> impl Strategy<Value = Span> {
    (from, 0..5i32)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    /// Around Boxing Day 2016, on a Monday, and the weekends beside it.
    #[test]
    fn window(
        called in span(0..8), received in span(0..16), on in 0..22i32,
        bound in prop::sample::select(vec!["at-most", "at-least", "exactly"]),
        unit in prop::sample::select(vec!["working-days", "days"]),
        count in 0..6u32, counted: bool,
        missing in prop::sample::select(vec!["open", "late"]),
    ) {
        let base = day("2016-12-20");
        let rule = format!("\
title = \"x\"\nkind = \"window\"\nclause = \"A1\"\nlevel = \"error\"\nof = \"elections\"\nopens = \"called\"\nevent = \"nomination-received\"\n
[[version]]\nfrom = 2015-01-01\nbasis = \"text\"\nbound = \"{bound}\"\ncount = {count}\nunit = \"{unit}\"\ncount-opening-day = {counted}\nmissing = \"{missing}\"\ncalendar = [\"home\"]\n");
        compare(&rule, base.plus_days(on), Demand::Strict, base, &[called, received], |dates| {
            format!("records.\"elections/e\" = {{ body = \"board\", called = {}, nomination = [{{ candidate = \"ann\", received = {} }}] }}", dates[0], dates[1])
        })?;
    }

    /// A tenure of twelve months whose ends are not all known to the day. Where nobody may sit past the
    /// end there are two tests, which share their unknown days.
    #[test]
    fn term(from in span(0..3), due in span(0..6), ended in prop::option::of(span(0..9)), on in 0..12i32, hold_over: bool) {
        let base = day("2016-02-26");
        let rule = format!("\
title = \"x\"\nkind = \"term\"\nclause = \"A1\"\nlevel = \"error\"\nbody = \"board\"\n
[[version]]\nfrom = 2014-01-01\nbasis = \"text\"\nlength = {{ count = 12, unit = \"months\" }}\nhold-over = {hold_over}\n");
        // The first date lies a year before the others.
        let year = 366;
        let spans: Vec<Span> = [(from.0, from.1), (due.0 + year, due.1)].into_iter().chain(ended.map(|one| (one.0 + year, one.1))).collect();
        compare(&rule, base.plus_days(on + year), Demand::Exact, base, &spans, |dates| {
            let ended = dates.get(2).map_or(String::new(), |day| format!(", ended = {day}"));
            format!("records.\"seats/board/s\" = {{ constituency = \"grower\", tenure = [{{ holder = \"ann\", from = {}, due-to-end = {}{ended} }}] }}", dates[0], dates[1])
        })?;
    }

    /// Two seats where there may be one. Which of them is in excess depends on who came later, so what is
    /// compared is whether one is.
    #[test]
    fn composition(first in span(0..6), second in span(0..6), ended in span(3..12), on in 0..14i32) {
        let base = day("2016-09-01");
        let rule = "\
title = \"x\"\nkind = \"composition\"\nclause = \"A1\"\nlevel = \"error\"\nbody = \"board\"\n
[[version]]\nfrom = 2015-01-01\nbasis = \"text\"\nseats = [{ constituency = \"grower\", count = 1 }]\n";
        compare(rule, base.plus_days(on), Demand::ExactBreach, base, &[first, second, ended], |dates| {
            format!("records.\"seats/board/a\" = {{ constituency = \"grower\", tenure = [{{ holder = \"ann\", from = {}, ended = {} }}] }}\nrecords.\"seats/board/b\" = {{ constituency = \"grower\", tenure = [{{ holder = \"bob\", from = {} }}] }}", dates[0], dates[2], dates[1])
        })?;
    }

    /// A party that is a grower from some day on, and has the feed for some time.
    #[test]
    fn obligation(category in span(0..8), from in span(0..8), until in span(4..14), on in 0..18i32) {
        let base = day("2016-09-01");
        let rule = "\
title = \"x\"\nkind = \"obligation\"\nclause = \"A1\"\nlevel = \"error\"\nof = \"parties\"\nwhere = { category = [\"grower\"] }\n
[[version]]\nfrom = 2015-01-01\nbasis = \"text\"\nlist = \"registration-data\"\nkey = \"feed\"\nvalues = [\"daily\"]\n";
        compare(rule, base.plus_days(on), Demand::Exact, base, &[category, from, until], |dates| {
            format!("records.\"parties/p\" = {{ category = [{{ is = \"grower\", from = {} }}], registration-data = [{{ feed = \"daily\", from = {}, until = {} }}] }}", dates[0], dates[1], dates[2])
        })?;
    }

    /// An affiliation and an alternate whose days are not all known.
    #[test]
    fn at_most_per_group(joined in span(0..8), alternate in span(0..8), left in span(6..14), on in 0..18i32) {
        let base = day("2016-09-01");
        let rule = "\
title = \"x\"\nkind = \"at-most-per-group\"\nclause = \"A1\"\nlevel = \"error\"\nbody = \"board\"\n
[[version]]\nfrom = 2015-01-01\nbasis = \"text\"\ncount = [\"holder\", \"alternate\"]\nwithin = \"seat\"\nper = \"affiliate-group\"\nmax = 1\n";
        compare(rule, base.plus_days(on), Demand::Exact, base, &[joined, alternate, left], |dates| {
            format!("records.\"parties/acme\" = {{ affiliation = [{{ with = \"bolt\", from = {}, until = {} }}] }}\nrecords.\"parties/bolt\" = {{}}\nrecords.\"people/ann\" = {{ employment = [{{ by = \"acme\", from = 2015-01-01 }}] }}\nrecords.\"people/bob\" = {{ employment = [{{ by = \"bolt\", from = 2015-01-01 }}] }}\nrecords.\"seats/board/a\" = {{ constituency = \"grower\", tenure = [{{ holder = \"ann\", from = 2015-06-01, alternate = [{{ person = \"bob\", from = {} }}] }}] }}", dates[0], dates[2], dates[1])
        })?;
    }

    /// A meeting to which one of three came, as member or by an Alternate, while days of the tenures and
    /// of the meeting are not all known: no outcome that some choice of the days contradicts.
    #[test]
    fn quorum_is_never_wrong(
        held in (0i32..6, 0..3i32), from in (0i32..6, 0..3i32), ended in (2i32..9, 0..3i32), named in (0i32..6, 0..3i32),
        on in 4..12i32, above in 1..3u32, of in prop::sample::select(vec!["in-office", "seats"]), by_alternate: bool,
    ) {
        let base = day("2016-09-01");
        let rule = format!("\
title = \"x\"\nkind = \"quorum\"\nclause = \"A1\"\nlevel = \"error\"\nof = \"meetings\"\nwhere = {{ body = [\"board\"] }}\n
[[version]]\nfrom = 2015-01-01\nbasis = \"text\"\ntest = \"present\"\nat-least = {{ share = [{above}, 2], of = \"{of}\" }}\n");
        let came = if by_alternate { "bob\", as = \"alternate" } else { "ann\", as = \"member" };
        compare(&rule, base.plus_days(on), Demand::Sound, base, &[held, from, ended, named], |dates| {
            format!("records.\"seats/board/a\" = {{ constituency = \"grower\", tenure = [{{ holder = \"ann\", from = 2015-06-01, alternate = [{{ person = \"bob\", from = {} }}] }}] }}\nrecords.\"seats/board/b\" = {{ constituency = \"grower\", tenure = [{{ holder = \"cy\", from = {} }}] }}\nrecords.\"seats/board/c\" = {{ constituency = \"grower\", tenure = [{{ holder = \"dee\", from = 2015-06-01, ended = {} }}] }}\nrecords.\"meetings/board/m\" = {{ held = {}, attendance = [{{ seat = \"a\", person = \"{came}\" }}] }}", dates[3], dates[1], dates[2], dates[0])
        })?;
    }

    /// On a day that is known, one tenure that is not: the outcome is unknown only where it matters.
    #[test]
    fn quorum_is_unknown_only_where_it_matters(from in span(0..8), held in 0..10i32, above in 1..3u32, came: bool) {
        let base = day("2016-09-01");
        let held_on = base.plus_days(held);
        let rule = format!("\
title = \"x\"\nkind = \"quorum\"\nclause = \"A1\"\nlevel = \"error\"\nof = \"meetings\"\nwhere = {{ body = [\"board\"] }}\n
[[version]]\nfrom = 2015-01-01\nbasis = \"text\"\ntest = \"present\"\nat-least = {{ share = [{above}, 2], of = \"in-office\" }}\n");
        let also = if came { ", { seat = \"b\", person = \"bob\", as = \"member\" }" } else { "" };
        compare(&rule, held_on, Demand::Strict, base, &[from], |dates| {
            format!("records.\"seats/board/a\" = {{ constituency = \"grower\", tenure = [{{ holder = \"ann\", from = 2015-06-01 }}] }}\nrecords.\"seats/board/b\" = {{ constituency = \"grower\", tenure = [{{ holder = \"bob\", from = {} }}] }}\nrecords.\"meetings/board/{held_on}\" = {{ held = {held_on}, attendance = [{{ seat = \"a\", person = \"ann\", as = \"member\" }}{also}] }}", dates[0])
        })?;
    }

    /// Three meetings, of which the days of two and the tenure are not all known.
    #[test]
    fn attendance_is_never_wrong(first in span(0..8), second in span(4..12), from in span(0..6), on in 6..20i32, share in 1..3u32, came: bool) {
        let base = day("2016-09-01");
        let rule = format!("\
title = \"x\"\nkind = \"quorum\"\nclause = \"A1\"\nlevel = \"error\"\nof = \"seats\"\nwhere = {{ body = [\"board\"] }}\n
[[version]]\nfrom = 2015-01-01\nbasis = \"text\"\ntest = \"attendance\"\nat-least = {{ share = [{share}, 2], of = \"meetings\" }}\nover = 1\n");
        let who = if came { "{ seat = \"a\", person = \"ann\", as = \"member\" }" } else { "" };
        compare(&rule, base.plus_days(on), Demand::Sound, base, &[first, second, from], |dates| {
            format!("records.\"seats/board/a\" = {{ constituency = \"grower\", tenure = [{{ holder = \"ann\", from = {} }}] }}\nrecords.\"meetings/board/m\" = {{ held = {}, attendance = [] }}\nrecords.\"meetings/board/n\" = {{ held = {}, attendance = [{who}] }}", dates[2], dates[0], dates[1])
        })?;
    }

    /// A holder whose category is not that of the seat before some day.
    #[test]
    fn eligibility(category in span(0..8), employed in span(0..8), from in span(0..8), on in 0..12i32) {
        let base = day("2016-09-01");
        let rule = "\
title = \"x\"\nkind = \"eligibility\"\nclause = \"A1\"\nlevel = \"error\"\nbody = \"board\"\n
[[version]]\nfrom = 2015-01-01\nbasis = \"text\"\nwho = \"holder\"\ntest = \"category\"\n";
        compare(rule, base.plus_days(on), Demand::Exact, base, &[category, employed, from], |dates| {
            format!("records.\"parties/acme\" = {{ category = [{{ is = \"grower\", from = {} }}] }}\nrecords.\"people/ann\" = {{ employment = [{{ by = \"acme\", from = {} }}] }}\nrecords.\"seats/board/a\" = {{ constituency = \"grower\", tenure = [{{ holder = \"ann\", from = {} }}] }}", dates[0], dates[1], dates[2])
        })?;
    }

    /// A meeting and the proposal that it takes, neither of them known to the day.
    #[test]
    fn window_of_what_a_meeting_is_about(held in span(4..14), raised in span(0..14), on in 6..20i32, count in 1..6u32) {
        let base = day("2016-12-20");
        let rule = format!("\
title = \"x\"\nkind = \"window\"\nclause = \"A1\"\nlevel = \"error\"\nof = \"meetings\"\nopens = \"held\"\nevent = \"raised\"\nabout = \"modifications\"\n
[[version]]\nfrom = 2015-01-01\nbasis = \"text\"\nbound = \"at-least\"\ncount = {count}\nunit = \"working-days\"\nbackwards = true\ncalendar = [\"home\"]\n");
        compare(&rule, base.plus_days(on), Demand::Sound, base, &[held, raised], |dates| {
            format!("records.\"meetings/board/m\" = {{ held = {}, item = [{{ title = \"a\", about = [\"modifications/X1\"] }}] }}\nrecords.\"modifications/X1\" = {{ raised = {} }}", dates[0], dates[1])
        })?;
    }

    /// A step after a final stage that an adoption undoes, with days that are not all known.
    #[test]
    fn lifecycle_taken_up(ended in span(0..6), adopted in span(0..9), next in span(3..12), on in 12..20i32) {
        let base = day("2016-09-01");
        let rule = "\
title = \"x\"\nkind = \"lifecycle\"\nclause = \"A1\"\nlevel = \"error\"\nof = \"modifications\"\n
[[version]]\nfrom = 2015-01-01\nbasis = \"text\"\nfinal = [\"approved\"]\ntaken-up = { approved = \"adopted\" }\nmoves = [{ from = [\"start\"], to = [\"raised\"] }, { from = [\"raised\"], to = [\"approved\"] }]\n";
        // The list says that the step came after that stage: days that cannot be so are another finding.
        prop_assume!(ended.0 + ended.1 <= next.0);
        compare(rule, base.plus_days(on), Demand::Sound, base, &[ended, adopted, next], |dates| {
            format!("records.\"modifications/X1\" = {{ raised = 2016-01-04, adopted = [{{ by = \"acme\", on = {} }}], step = [{{ to = \"raised\", on = 2016-01-04 }}, {{ to = \"approved\", on = {} }}, {{ to = \"approved\", on = {} }}] }}", dates[1], dates[0], dates[2])
        })?;
    }

    /// The meetings of two bodies in one month, whose days are not all known.
    #[test]
    fn meetings_of_two_bodies(one in span(0..8), other in span(0..8), second in span(0..8)) {
        let base = day("2016-09-05");
        let rule = "\
title = \"x\"\nkind = \"agreement\"\nclause = \"A1\"\nlevel = \"error\"\nof = \"meetings\"\nwhere = { body = [\"board\"] }\nwith = \"council\"\n
[[version]]\nfrom = 2015-01-01\nbasis = \"text\"\ntest = \"same\"\nabout = [\"day\", \"number\"]\n";
        compare(rule, base.plus_days(30), Demand::Sound, base, &[one, other, second], |dates| {
            format!("records.\"meetings/board/m\" = {{ number = 3, held = {} }}\nrecords.\"meetings/council/m\" = {{ number = 3, held = {} }}\nrecords.\"meetings/council/n\" = {{ number = 4, held = {} }}", dates[0], dates[1], dates[2])
        })?;
    }

    /// A seat with a substitute for a time, both with ends that are not all known.
    #[test]
    fn obligation_of_a_list_in_a_list(from in span(0..8), named in span(0..8), until in span(4..14), on in 0..18i32) {
        let base = day("2016-09-01");
        let rule = "\
title = \"x\"\nkind = \"obligation\"\nclause = \"A1\"\nlevel = \"error\"\nof = \"seats\"\n
[[version]]\nfrom = 2015-01-01\nbasis = \"text\"\nlist = \"tenure.alternate\"\nkey = \"person\"\nvalues = []\nat-least = 1\n";
        compare(rule, base.plus_days(on), Demand::Sound, base, &[from, named, until], |dates| {
            format!("records.\"seats/board/a\" = {{ constituency = \"grower\", tenure = [{{ holder = \"ann\", from = {}, alternate = [{{ person = \"bob\", from = {}, until = {} }}] }}] }}", dates[0], dates[1], dates[2])
        })?;
    }

    /// The seat of a Voting Group, of which the days of its category and of its leaving are not all known.
    #[test]
    fn seat_of_a_voting_group(from in span(0..6), category in span(0..8), left in span(4..12), on in 0..14i32) {
        let base = day("2016-09-01");
        let rule = "\
title = \"x\"\nkind = \"composition\"\nclause = \"A1\"\nlevel = \"error\"\nbody = \"board\"\n
[[version]]\nfrom = 2015-01-01\nbasis = \"text\"\nseats = [{ constituency = \"grower\", count = 1, per = \"voting-group\" }]\n";
        compare(rule, base.plus_days(on), Demand::Sound, base, &[from, category, left], |dates| {
            format!("records.\"parties/acme\" = {{ category = [{{ is = \"grower\", from = {} }}], left = {{ on = {}, how = \"withdrawn\" }} }}\nrecords.\"seats/board/a\" = {{ constituency = \"grower\", voting-group = \"acme\", tenure = [{{ holder = \"ann\", from = {} }}] }}", dates[1], dates[2], dates[0])
        })?;
    }
}
