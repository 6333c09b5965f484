//! Pictures of time, as SVG: rows of bars and dots over a calendar, and findings over commits. What a
//! picture shows stands in a table beside it as well.

use std::fmt::Write as _;

use super::Html;
use crate::{
    audit::{Audit, Counts},
    day::{Day, When},
    report::{print::escaped_html, say},
};

/// Units of the picture; a reader's browser scales them.
const WIDTH: i64 = 1000;
/// Where the calendar begins, behind the names of the rows.
const LEFT: i64 = 230;
const RIGHT: i64 = 10;
const ROW: i64 = 26;
const BAR: i64 = 18;
const HEAD: i64 = 24;
/// The room that a letter takes, for what is to fit into a bar.
const LETTER: i64 = 7;
/// How many ticks the calendar has at most.
const TICKS: i64 = 14;

/// Something that lasts.
pub(super) struct Bar {
    /// When it began; not known where there is nothing.
    pub(super) from: Option<When>,
    /// The first day after; nothing while it lasts.
    pub(super) until: Option<When>,
    /// What it is.
    pub(super) text: String,
    /// `sure` or `vacant`.
    pub(super) class: &'static str,
}

/// Something that happens on a day.
pub(super) struct Dot {
    /// When.
    pub(super) when: When,
    /// What it is.
    pub(super) text: String,
    /// `dot` for what happened, `plan` for a plan, `off` for what was called off.
    pub(super) class: &'static str,
}

/// A row of a picture.
#[derive(Default)]
pub(super) struct Row {
    /// What it is about.
    pub(super) label: String,
    /// What lasts.
    pub(super) bars: Vec<Bar>,
    /// What happens.
    pub(super) dots: Vec<Dot>,
}

/// The span of days that a picture shows.
#[derive(Clone, Copy)]
struct Scale {
    first: Day,
    last: Day,
}

impl Scale {
    /// The days of the rows and the day judged, with room at both ends.
    fn of(rows: &[Row], on: Day) -> Self {
        let of_bar = |bar: &Bar| [bar.from, bar.until];
        let bars = rows.iter().flat_map(|row| &row.bars).flat_map(of_bar).flatten();
        let dots = rows.iter().flat_map(|row| &row.dots).map(|dot| dot.when);
        let days = bars.chain(dots).flat_map(|when| [when.first, when.last]).filter(|day| day.is_finite());
        let (first, last) = days.fold((on, on), |(first, last), day| (first.min(day), last.max(day)));
        let room = i32::try_from(last.days_since(first) / 20).unwrap_or(0).max(30);
        Self { first: first.plus_days(room.saturating_neg()), last: last.plus_days(room) }
    }

    fn x(self, day: Day) -> i64 {
        let day = day.max(self.first).min(self.last);
        let room = WIDTH - LEFT - RIGHT;
        let whole = self.last.days_since(self.first).max(1);
        LEFT.saturating_add(day.days_since(self.first).saturating_mul(room).checked_div(whole).unwrap_or(0))
    }

    /// The first days of years, or of months where there are few.
    fn ticks(self) -> Vec<(Day, String)> {
        let months = self.last.days_since(self.first) / 30;
        let step = match months {
            0..=14 => 1,
            15..=42 => 3,
            _ => {
                months.checked_div(12).unwrap_or(1).checked_div(TICKS).unwrap_or(0).saturating_add(1).saturating_mul(12)
            }
        };
        let step = i32::try_from(step).unwrap_or(12);
        let Some(start) = Day::new(self.first.year(), 1, 1) else { return Vec::new() };
        let format = |day: Day| {
            let date = day.date()?;
            Some(date.format(if step < 12 { "%b %Y" } else { "%Y" }).to_string())
        };
        let all = std::iter::successors(Some(start), |day| Some(day.plus_months(step)));
        let all = all.take(400).take_while(|day| *day <= self.last).filter(|day| *day >= self.first);
        all.filter_map(|day| Some((day, format(day)?))).collect()
    }
}

/// Draws rows over the calendar; nothing where there are none. `name` tells pictures of one page apart.
pub(super) fn draw(name: &str, title: &str, rows: &[Row], on: Day) -> Html {
    if rows.iter().all(|row| row.bars.is_empty() && row.dots.is_empty()) {
        return Html::default();
    }
    let scale = Scale::of(rows, on);
    let count = i64::try_from(rows.len()).unwrap_or(0);
    let height = HEAD.saturating_add(count.saturating_mul(ROW)).saturating_add(8);
    let desc = "Bars are periods, dots are days; pale and dashed is what the days recorded leave open. The line is the \
                day judged. A table on this page says the same in words.";
    let mut svg = begin(name, title, desc, height);
    for (day, text) in scale.ticks() {
        let x = scale.x(day);
        let _ = write!(svg, "<path class=\"axis\" d=\"M{x} {HEAD}V{height}\" stroke-width=\"0.5\"/>");
        let _ =
            writeln!(svg, "<text class=\"tick\" x=\"{}\" y=\"14\">{}</text>", x.saturating_add(2), escaped_html(&text));
    }
    for (at, row) in (0_i64..).zip(rows) {
        let y = HEAD.saturating_add(at.saturating_mul(ROW)).saturating_add(4);
        draw_row(&mut svg, row, y, scale);
    }
    let x = scale.x(on);
    let _ = writeln!(svg, "<path class=\"now\" d=\"M{x} {}V{height}\"/>", HEAD.saturating_sub(6));
    svg += "</svg>\n";
    wide(title, &svg)
}

fn begin(name: &str, title: &str, desc: &str, height: i64) -> String {
    format!(
        "<svg class=\"picture\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"{name}-title {name}-desc\">\n\
         <title id=\"{name}-title\">{}</title>\n<desc id=\"{name}-desc\">{}</desc>\n",
        escaped_html(title),
        escaped_html(desc)
    )
}

fn wide(title: &str, svg: &str) -> Html {
    let label = escaped_html(title);
    Html::printed(format!("<div class=\"wide\" role=\"group\" tabindex=\"0\" aria-label=\"{label}\">\n{svg}</div>\n"))
}

fn draw_row(svg: &mut String, row: &Row, y: i64, scale: Scale) {
    let base = y.saturating_add(13);
    let room = (LEFT - 12).checked_div(LETTER).unwrap_or(0);
    let _ = writeln!(svg, "<text x=\"0\" y=\"{base}\">{}</text>", escaped_html(&fitted(&row.label, room)));
    for bar in &row.bars {
        let from = bar.from.unwrap_or(When::UNKNOWN);
        let until = bar.until.unwrap_or(When::between(Day::LATEST, Day::LATEST));
        let outer = (scale.x(from.first), scale.x(until.last));
        let inner = (scale.x(from.last), scale.x(until.first));
        let is_known = from.last <= until.first && from.last < scale.last;
        let title = format!("{}: {}", bar.text, span(bar.from, bar.until));
        let _ = write!(svg, "<g><title>{}</title>", escaped_html(&title));
        if outer != inner || !is_known {
            rect(svg, "maybe", outer, y);
        }
        if is_known {
            rect(svg, bar.class, inner, y);
        }
        let (x, width) = if is_known {
            (inner.0, inner.1.saturating_sub(inner.0))
        } else {
            (outer.0, outer.1.saturating_sub(outer.0))
        };
        let room = width.saturating_sub(8).checked_div(LETTER).unwrap_or(0);
        if room > 3 {
            let class = if is_known { "on" } else { "beside" };
            let x = x.saturating_add(4);
            let _ = write!(
                svg,
                "<text class=\"{class}\" x=\"{x}\" y=\"{base}\">{}</text>",
                escaped_html(&fitted(&bar.text, room))
            );
        }
        svg.push_str("</g>\n");
    }
    for dot in &row.dots {
        let title = format!("{}: {}", dot.text, say::when(dot.when));
        let middle = y.saturating_add(BAR / 2);
        let (first, last) = (scale.x(dot.when.first), scale.x(dot.when.last));
        let _ = write!(svg, "<g><title>{}</title>", escaped_html(&title));
        if dot.when.day().is_none() {
            rect(svg, "maybe", (first, last), y);
        }
        let x = first.midpoint(last);
        let _ = match dot.class {
            "off" => {
                let (left, right, up, down) =
                    (x.saturating_sub(4), x.saturating_add(4), middle.saturating_sub(4), middle.saturating_add(4));
                writeln!(svg, "<path class=\"off\" d=\"M{left} {up}L{right} {down}M{left} {down}L{right} {up}\"/></g>")
            }
            class => writeln!(svg, "<circle class=\"{class}\" cx=\"{x}\" cy=\"{middle}\" r=\"5\"/></g>"),
        };
    }
}

fn rect(svg: &mut String, class: &str, (from, until): (i64, i64), y: i64) {
    let width = until.saturating_sub(from).max(2);
    let _ = write!(svg, "<rect class=\"{class}\" x=\"{from}\" y=\"{y}\" width=\"{width}\" height=\"{BAR}\"/>");
}

/// From when until when, in words.
pub(super) fn span(from: Option<When>, until: Option<When>) -> String {
    let from =
        from.map_or_else(|| "from a day that is not recorded".to_owned(), |from| format!("from {}", say::when(from)));
    match until {
        Some(until) => format!("{from}, up to, not including, {}", say::when(until)),
        None => from,
    }
}

/// As much of a text as fits.
fn fitted(text: &str, room: i64) -> String {
    let room = usize::try_from(room).unwrap_or(0);
    if text.chars().count() <= room {
        return text.to_owned();
    }
    text.chars().take(room.saturating_sub(1)).chain(['…']).collect()
}

/// How many columns the picture of a history has at most: of more commits the last of each group shows.
const COLUMNS: usize = 380;

/// What gives one of the counts of a commit.
type CountOf = fn(&Counts) -> usize;

/// One column of the picture of history: a commit, or several where there are more than columns.
struct Column {
    /// The most of each level that one of its commits had.
    worst: Counts,
    /// One of its commits could not be judged.
    is_unjudged: bool,
}

impl Column {
    fn of(commits: &[crate::audit::Commit]) -> Self {
        let worst =
            commits.iter().filter_map(|commit| commit.counts.as_ref().ok()).fold(Counts::default(), |most, one| {
                Counts {
                    errors: most.errors.max(one.errors),
                    warnings: most.warnings.max(one.warnings),
                    notes: most.notes.max(one.notes),
                }
            });
        Self { worst, is_unjudged: commits.iter().any(|commit| commit.counts.is_err()) }
    }
}

/// Errors, warnings and notes of each commit, the oldest first.
pub(super) fn compliance(history: &Audit) -> Html {
    const HEIGHT: i64 = 44;
    let kinds: [(&str, &str, CountOf); 3] = [
        ("Errors", "errors", |counts| counts.errors),
        ("Warnings", "warnings", |counts| counts.warnings),
        ("Notes", "notes", |counts| counts.notes),
    ];
    let group = history.commits.len().div_ceil(COLUMNS).max(1);
    let shown: Vec<Column> = history.commits.chunks(group).map(Column::of).collect();
    let unjudged = history.commits.iter().filter(|commit| commit.counts.is_err()).count();
    let title = "Findings by commit";
    let days = |at: Option<&crate::audit::Commit>| at.map_or_else(String::new, |commit| say::day(commit.day));
    let blank = match unjudged {
        0 => String::new(),
        1 => " A dashed column is a commit that could not be judged.".to_owned(),
        more => format!(" Dashed columns are {more} commits that could not be judged."),
    };
    let desc = format!(
        "Errors, warnings and notes of each commit, from {} to {}.{blank} The table below tells the last of them.",
        days(history.commits.first()),
        days(history.commits.last())
    );
    let mut svg = begin("history", title, &desc, 3 * (HEIGHT + 12));
    let columns = i64::try_from(shown.len()).unwrap_or(1).max(1);
    let room = WIDTH - LEFT - RIGHT;
    let place = |at: i64| LEFT.saturating_add(at.saturating_mul(room).checked_div(columns).unwrap_or(0));
    let wide_of = |at: i64| place(at.saturating_add(1)).saturating_sub(place(at)).max(1);
    for (at, _) in (0_i64..).zip(&shown).filter(|(_, column)| column.is_unjudged) {
        let (x, width, height) = (place(at), wide_of(at), 3 * (HEIGHT + 12));
        let _ = writeln!(
            svg,
            "<rect class=\"maybe unjudged\" x=\"{x}\" y=\"0\" width=\"{width}\" height=\"{height}\"><title>could not be judged</title></rect>"
        );
    }
    for (at, (label, class, count)) in (0_i64..).zip(kinds) {
        let top = at.saturating_mul(HEIGHT + 12);
        let base = top.saturating_add(HEIGHT);
        let most = shown.iter().map(|column| count(&column.worst)).max().unwrap_or(0);
        let name = format!("{label}, at most {most}");
        let _ = writeln!(svg, "<text x=\"0\" y=\"{}\">{}</text>", base.saturating_sub(4), escaped_html(&name));
        let _ = writeln!(svg, "<path class=\"axis\" d=\"M{LEFT} {base}H{}\"/>", WIDTH - RIGHT);
        for (at, value) in (0_i64..).zip(shown.iter().map(|column| count(&column.worst))).filter(|one| one.1 > 0) {
            let (value, most) = (i64::try_from(value).unwrap_or(0), i64::try_from(most).unwrap_or(1).max(1));
            let height = value.saturating_mul(HEIGHT).checked_div(most).unwrap_or(0).max(2);
            let _ = writeln!(
                svg,
                "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{height}\"/>",
                place(at),
                base.saturating_sub(height),
                wide_of(at)
            );
        }
    }
    svg += "</svg>\n";
    let told = if unjudged == 0 { Html::default() } else { Html::text(blank.trim()).paragraph() };
    wide(title, &svg) + told
}
