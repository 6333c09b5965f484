//! `human`: what is due, for a person at a terminal: what is overdue, then week by week.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use chrono::Datelike;

use crate::{
    day::{Day, When},
    due::{Agenda, Asks, Entry},
    finding::Level,
    kind::Nature,
    render::{
        Style,
        human::{paint::Paint, said, wrapped},
        locate,
    },
    text::Texts,
};

/// Columns of the bar of days left.
const BAR: i64 = 12;
/// Before what an entry says.
const INDENT: &str = "    ";
/// Looking further ahead than so many days, entries are grouped by month.
const WEEKS: i64 = 100;

/// Prints the agenda.
///
/// # Errors
///
/// Those of the writer.
pub fn human(agenda: &Agenda, texts: &Texts, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    let page = Page { agenda, texts, style, paint: Paint(style.color) };
    page.title(&mut out)?;
    let mut group = String::new();
    for entry in &agenda.entries {
        let own = page.group(entry);
        if own != group {
            let heading = if entry.overdue { page.paint.level(Level::Error, &own) } else { page.paint.good(&own) };
            writeln!(out, "\n{heading}")?;
            group = own;
        }
        page.entry(entry, &mut out)?;
    }
    page.summary(&mut out)?;
    out.flush()
}

struct Page<'p> {
    agenda: &'p Agenda,
    texts: &'p Texts,
    style: &'p Style,
    paint: Paint,
}

impl Page<'_> {
    fn title(&self, out: &mut dyn Write) -> io::Result<()> {
        let Agenda { on, until, within, position, at, .. } = self.agenda;
        let tree = if at == "worktree" { "the work tree".to_owned() } else { format!("commit {at:.12}") };
        let position = match position {
            Some(position) if position == on => String::new(),
            Some(position) => format!(" (the records speak for {position})"),
            None => " (the records name no day that they speak for)".to_owned(),
        };
        let text =
            format!("Due by {tree} as of {on}{position}, within {}, up to and including {until}", within.english());
        self.lines(&text, "", out)
    }

    /// What the entry stands under: overdue, a week, a month.
    fn group(&self, entry: &Entry) -> String {
        if entry.overdue {
            return "Overdue".to_owned();
        }
        let last = entry.by.last;
        let Some(date) = last.date() else { return "No last day known".to_owned() };
        if self.agenda.until.days_since(self.agenda.on) > WEEKS {
            return date.format("%B %Y").to_string();
        }
        let monday = |day: Day| {
            let back = day.date().map_or(0, |date| date.weekday().num_days_from_monday());
            day.plus_days(i32::try_from(back).unwrap_or(0).saturating_neg())
        };
        match monday(last).days_since(monday(self.agenda.on)) {
            0 => "This week".to_owned(),
            7 => "Next week".to_owned(),
            _ => format!("Week of {}", monday(last)),
        }
    }

    fn entry(&self, entry: &Entry, out: &mut dyn Write) -> io::Result<()> {
        let day = shown(entry.by, self.agenda.on);
        let left = left(entry);
        let head = format!("  {} {day:<14} {left:<18} ", self.bar(entry));
        let subject = said(&entry.subject);
        let room = self.style.columns();
        if head.chars().count().saturating_add(subject.chars().count()) <= room {
            writeln!(out, "{}{subject}", self.painted(entry, &head))?;
        } else {
            writeln!(out, "{}", self.painted(entry, head.trim_end()))?;
            writeln!(out, "{INDENT}{subject}")?;
        }
        let title = entry.title.as_ref().map_or(String::new(), |title| format!("{title}: "));
        self.lines(&said(&format!("{title}{}", entry.what)), INDENT, out)?;
        for (name, by) in &entry.otherwise {
            let text = match by {
                Some(when) => format!("or {when} if: {name}"),
                None => format!("or not at all if: {name}"),
            };
            self.lines(&said(&text), INDENT, out)?;
        }
        let place = entry.marks.first().map(|mark| locate(self.texts, mark.place));
        let place = place.map_or(String::new(), |place| format!("{}:{}", place.path, place.start.line));
        let mut why: Vec<String> = entry.rules.iter().map(asks).collect();
        if why.is_empty() {
            why.push(entry.clause.as_ref().map_or("no rule asks for it".to_owned(), ToString::to_string));
        }
        for part in wrapped(&said(&format!("{}; {place}", why.join("; "))), room.saturating_sub(INDENT.len())) {
            writeln!(out, "{INDENT}{}", self.paint.dim(&part))?;
        }
        Ok(())
    }

    fn painted(&self, entry: &Entry, text: &str) -> String {
        match (entry.overdue, entry.nature, entry.days) {
            (true, ..) => self.paint.level(Level::Error, text),
            (false, Nature::Duty, Some(days)) if days <= 7 => self.paint.level(Level::Warning, text),
            _ => text.to_owned(),
        }
    }

    /// How much of the time looked at is left: full at its end, empty today.
    fn bar(&self, entry: &Entry) -> String {
        let (full, empty) = if self.style.unicode { ("█", "░") } else { ("#", ".") };
        let span = self.agenda.until.days_since(self.agenda.on).max(1);
        let cells = match entry.days {
            _ if entry.overdue => 0,
            Some(days) => days
                .clamp(0, span)
                .saturating_mul(BAR)
                .saturating_add(span)
                .saturating_sub(1)
                .checked_div(span)
                .unwrap_or(0),
            None => BAR,
        };
        let cells = usize::try_from(cells).unwrap_or(0);
        format!("{}{}", full.repeat(cells), empty.repeat(usize::try_from(BAR).unwrap_or(0).saturating_sub(cells)))
    }

    fn summary(&self, out: &mut dyn Write) -> io::Result<()> {
        let Agenda { entries, undated, .. } = self.agenda;
        let overdue = entries.iter().filter(|entry| entry.overdue).count();
        let mut text = match (entries.len().saturating_sub(overdue), overdue) {
            (0, 0) => "Nothing is due.".to_owned(),
            (due, 0) => format!("{due} due, none overdue."),
            (due, overdue) => format!("{due} due, {overdue} overdue."),
        };
        if *undated > 0 {
            let _ = write!(text, " Of {undated} more, no source says anything about the day.");
        }
        writeln!(out)?;
        let recalled = |entry: &Entry| {
            let clauses = entry.rules.iter().filter_map(|one| one.clause.as_ref()).chain(&entry.clause);
            clauses.into_iter().any(|clause| clause.recalled)
        };
        if entries.iter().any(recalled) {
            self.lines("A clause with ~ is recalled: nobody has checked its number against the text.", "", out)?;
        }
        self.lines("WD: Working Days. 0 days: it is due on the day judged.", "", out)?;
        for part in wrapped(&text, self.style.columns()) {
            let painted = if overdue > 0 { self.paint.level(Level::Error, &part) } else { self.paint.good(&part) };
            writeln!(out, "{painted}")?;
        }
        Ok(())
    }

    fn lines(&self, text: &str, indent: &str, out: &mut dyn Write) -> io::Result<()> {
        for part in wrapped(text, self.style.columns().saturating_sub(indent.len())) {
            writeln!(out, "{indent}{part}")?;
        }
        Ok(())
    }
}

/// `Mon 2016-10-10`, or what is known of the day: `by 2016-10-21` where it may have been any day before,
/// `not recorded` where nobody knows of a last day.
fn shown(by: When, on: Day) -> String {
    match by.day().and_then(Day::date) {
        Some(date) => format!("{} {by}", date.format("%a")),
        None if by.first < on && by.last.is_finite() => format!("by {}", by.last),
        None if !by.last.is_finite() => "not recorded".to_owned(),
        None => by.to_string(),
    }
}

/// `10 days, 6 WD`; `3 days over, 1 WD`.
fn left(entry: &Entry) -> String {
    let Some(days) = entry.days else { return String::new() };
    let working = entry.working_days.map_or(String::new(), |count| format!(", {} WD", count.abs()));
    let unit = if days.abs() == 1 { "day" } else { "days" };
    let over = if days < 0 { " over" } else { "" };
    format!("{} {unit}{over}{working}", days.abs())
}

/// `~C4.2, nomination-window (inferred)`.
fn asks(one: &Asks) -> String {
    let clause = one.clause.as_ref().map_or(String::new(), |clause| format!("{clause}, "));
    let basis = one.basis.map_or(String::new(), |basis| format!(" ({basis})"));
    format!("{clause}{}{basis}", one.rule)
}
