//! The verdicts that the expected files show.

use super::Case;
use crate::finding::{Basis, Level};

/// One breach over three files, one warning over two, one error of a single file.
pub(super) fn composition() -> Case {
    let seat = "source = [\"newsletter-2016-09\"]\nconstituency = \"large-supplier\"\ntenure = [\n  { holder = \"simon-trivella\", from = 2016-10-14 },\n]\n";
    let meeting = "source = [\"newsletter-2016-09\"]\nplanned = 2016-10-14\nheld = 2016-10-14\nattendance = [\n  { seat = \"panel/chair\", as = \"member\" },\n  { seat = \"panel/large-suplier-1\", as = \"member\" },\n]\n";
    let mut case = Case::new(&[
        ("registry/meetings/panel/2016-10-14.toml", meeting),
        ("registry/seats/panel/large-supplier-1.toml", seat),
        ("registry/seats/panel/large-supplier-2.toml", seat),
        ("registry/seats/panel/large-supplier-3.toml", seat),
    ]);
    let marks = vec![case.mark(0, "\"panel/large-suplier-1\"", "no such seat")];
    let finding = case.find(
        Level::Error,
        "record-reference",
        "",
        "meeting `panel/2016-10-14` names the seat `panel/large-suplier-1`, and there is no record of it",
        marks,
    );
    finding.help = Some("did you mean `panel/large-supplier-1`?".to_owned());
    finding.basis = None;
    let marks = vec![
        case.mark(0, "held = 2016-10-14", "held on this day"),
        case.mark(0, "{ seat = \"panel/chair\", as = \"member\" }", "one voter"),
        case.mark(
            1,
            "{ holder = \"simon-trivella\", from = 2016-10-14 }",
            "in office since that day, so counted in the quorum although nobody says that he came",
        ),
    ];
    let finding = case.find(
        Level::Warning,
        "panel-quorum",
        "~C4.16",
        "meeting `panel/2016-10-14` had 2 voters of the 5 that C4.16 asks for (warning, not error: the clause is recalled, nobody has checked it against the text)",
        marks,
    );
    finding.basis = Some(Basis::Recalled);
    let constituency = "constituency = \"large-supplier\"";
    let marks = vec![
        case.mark(3, constituency, "the third"),
        case.mark(1, constituency, "the first"),
        case.mark(2, constituency, "the second"),
    ];
    let finding = case.find(
        Level::Error,
        "panel-composition",
        "C3.1(a)",
        "seat `panel/large-supplier-3` is one more than the 2 that C3.1(a) allows",
        marks,
    );
    finding.help =
        Some("end the tenure of one of the three, or correct its constituency if a source says so".to_owned());
    case
}

/// Notes of several kinds, and a file without content.
pub(super) fn notes() -> Case {
    let seats: Vec<_> = (1..=12).map(|at| format!("registry/seats/panel/seat-{at}.toml")).collect();
    let seat = "constituency = \"large-supplier\"\ntenure = []\n";
    let mut files: Vec<_> = seats.iter().map(|path| (path.as_str(), seat)).collect();
    files.push(("registry/seats/panel/link.toml", ""));
    files.push(("registry/parties/acme.toml", "name = \"Acme\"\n"));
    let mut case = Case::new(&files);
    for at in 0..12u32 {
        let marks = vec![case.mark(at, "tenure = []", "nobody")];
        let message = format!("seat `panel/seat-{}`: holder not recorded", at + 1);
        case.find(Level::Note, "panel-composition", "~C3.1", &message, marks);
        if at < 2 {
            let marks = vec![case.mark(at, "constituency", "")];
            let message =
                format!("seat `panel/seat-{}`: term of `{}` months counted from `2016-09-30`", at + 1, at * 12);
            case.find(Level::Note, "tabasc-term", "terms of reference", &message, marks);
        }
    }
    let marks = vec![case.mark(12, "", "a symbolic link")];
    case.find(Level::Note, "record-file", "", "seat `panel/link` is a symbolic link, and is not read", marks);
    let marks = vec![case.mark(13, "name", "no `number`")];
    case.find(Level::Note, "record-key", "", "Party `acme`: number not recorded", marks);
    case
}

/// Marks of every shape: in a long line, over many lines, over one another, past the end.
pub(super) fn shapes() -> Case {
    let long = format!(
        "attendance = [ {} {{ seat = \"panel/chair\", person = \"somebody-else\", as = \"member\" }} ]\n",
        (1..=6).map(|at| format!("{{ seat = \"panel/seat-{at}\", as = \"guest\" }},")).collect::<Vec<_>>().join(" ")
    );
    let row = |at: u32| format!("  {{ holder = \"p{at}\", from = 2016-10-{:02} }},", at + 1);
    let rows = (0..12).map(row).collect::<Vec<_>>().join("\n");
    let tall = format!("constituency = \"network\"\r\ntenure = [\n{rows}\n]\n\n\n\nrole = \"x\"\n");
    let mut case = Case::new(&[
        ("registry/meetings/panel/2016-10-14.toml", &long),
        ("registry/seats/panel/network.toml", &tall),
        ("registry/seats/panel/link.toml", ""),
    ]);
    let marks = vec![case.mark(
        0,
        "\"somebody-else\"",
        "not the holder of `panel/chair`, nor an alternate of the holder on that day",
    )];
    case.find(Level::Error, "seat-held", "C4.2", "the mark is far out in a long line", marks);
    let marks =
        vec![case.mark(0, "\"panel/seat-1\"", "at the left"), case.mark(0, "\"somebody-else\"", "at the right")];
    case.find(Level::Error, "seat-held", "C4.2", "two marks that no screen shows at once", marks);
    let marks = vec![case.mark(0, long.trim_end(), "all of it")];
    case.find(Level::Error, "seat-held", "C4.2", "the mark is longer than the screen is wide", marks);
    let marks = vec![case.mark(1, &tall[tall.find("tenure").unwrap_or(0)..], "all these")];
    case.find(Level::Warning, "tenure", "~C3.4", "the mark is taller than a person wants to see", marks);
    let two = "{ holder = \"p0\", from = 2016-10-01 },\n  { holder = \"p1\", from = 2016-10-02 }";
    let marks = vec![case.mark(1, two, "these two overlap"), case.mark(1, "role = \"x\"", "the role")];
    case.find(Level::Warning, "tenure", "~C3.4", "the mark covers two lines", marks);
    let marks = vec![
        case.mark(1, "{ holder = \"p3\", from = 2016-10-04 }", "the entry"),
        case.mark(1, "\"p3\"", "its holder"),
        case.mark(1, "2016-10-04", "its day"),
        case.mark(1, "2016-10-04", "a Tuesday"),
    ];
    case.find(Level::Warning, "tenure", "~C3.4", "marks that lie in one another", marks);
    let mut past = case.mark(1, "", "past the end");
    (past.place.span.start, past.place.span.end) = (90_000, 100_000);
    let mut point = case.mark(1, "\"network\"", "of no length");
    point.place.span.end = point.place.span.start;
    case.find(Level::Warning, "record-syntax", "", "places that hold nothing", vec![past, point]);
    let mut marks = vec![case.mark(2, "", "a symbolic link"), case.mark(2, "", "")];
    marks.extend((0..9).map(|at| case.mark(1, &format!("\"p{at}\""), "")));
    case.find(
        Level::Error,
        "record-file",
        "",
        "a place without content, and more places than anybody wants to see",
        marks,
    );
    case.find(Level::Error, "record-file", "", "no place at all", vec![]);
    case
}

/// Accents, wide characters, combining marks, emoji, tabs.
pub(super) fn letters() -> Case {
    let text = "name = \"Zoë Ångström\" # é\ntitle = \"委員会の会議\" # 委\n\tnote = \"vote 🗳 now\"\t# tab\nshort = \"e\u{301}a\" # x\n";
    let mut case = Case::new(&[("registry/people/zoë.toml", text)]);
    for (needle, label) in [
        ("Ångström", "é and Å"),
        ("会議", "wide: 会議"),
        ("now", "after 🗳"),
        ("# tab", "after a tab"),
        ("a\" #", "after a combining mark"),
    ] {
        let marks = vec![case.mark(0, needle, label)];
        case.find(Level::Error, "record-text", "", &format!("person `zoë` says `{needle}`"), marks);
    }
    case
}

/// Everything a record can hold to fool a terminal, in every place that is printed.
pub(super) fn hostile() -> Case {
    let text = "name = \"\u{1b}[2J\u{1b}[1;1Hall is well\u{7}\" # \u{202e}evil\u{2066}\r\r\nid = \"a\u{200b}b\u{2028}c\u{9b}31m\"\n";
    let mut case = Case::new(&[("registry/people/\u{1b}[31mred\n.toml", text), ("registry/\u{202e}lmot.x", "")]);
    let marks = vec![
        case.mark(0, "all is well", "label \u{1b}[0m\nsecond line"),
        case.mark(0, "b\u{2028}c", "after\tzero width"),
        case.mark(1, "", "bare \u{1b}]0;title\u{7}"),
    ];
    let message = "person `\u{1b}[8mhidden`\r\nerror: forged `\u{202e}desrever`";
    let finding = case.find(Level::Error, "record-\u{1b}[0m", "C\u{1b}1", message, marks);
    finding.help = Some("first \u{1b}[31mline\nsecond \u{7f}line".to_owned());
    let marks = vec![case.mark(0, "id", "")];
    case.find(
        Level::Note,
        "record-\u{9b}0m",
        "~C\u{7}",
        "person `x\ny`: not \u{1b}[5mrecorded\n\nerror: forged",
        marks,
    );
    case.0.assumed = vec!["\u{1b}c".to_owned()];
    case.0.at = "\u{1b}[2Jworktree".to_owned();
    case
}
