//! `human`: each finding over the lines it speaks of, the notes folded by rule, and a summary.

use std::{
    fmt,
    io::{self, Write},
};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity, SourceCode, ThemeStyles};

use super::{Style, escape};
use crate::{
    check::Verdict,
    finding::{Finding, Level, Mark, Status},
    text::Texts,
};

mod cut;
mod delta;
mod line;
mod note;
pub(super) mod paint;
mod sheet;
mod summary;

use paint::Paint;
use sheet::Sheet;

/// How many places of a finding are drawn, and how many where more are asked for; the others are
/// counted.
const PLACES: (usize, usize) = (6, 60);
/// How many characters of a message are shown; JSON has it whole.
const LONGEST: usize = 1500;

/// Prints the verdict for a person at a terminal: errors and warnings, in the order of the
/// verdict, each over the lines it speaks of; then the notes, folded by rule (with `verbose` they
/// stand at their place like the others); then what was judged, on which day, and how it came out.
/// With `quiet` the notes and the summary stay away.
///
/// Nothing that comes from a record or a file name reaches the terminal as a control character.
///
/// # Errors
///
/// Those of the writer.
pub fn human(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let unfolded = style.verbose && !style.quiet;
    let mut out = io::BufWriter::new(out);
    if !style.quiet {
        delta::changes(verdict, style, &mut out)?;
    }
    let is_drawn = |finding: &&Finding| match finding.status {
        None | Some(Status::New) => finding.level > Level::Note || unfolded,
        Some(Status::Existing) => unfolded,
        Some(Status::Fixed) => false,
    };
    for finding in verdict.findings.iter().filter(is_drawn) {
        writeln!(out, "{}", drawn(&verdict.texts, finding, style))?;
    }
    delta::rest(verdict, style, &mut out)?;
    if !style.quiet {
        if !unfolded {
            note::folded(verdict, style, &mut out)?;
        }
        summary::summary(verdict, style, &mut out)?;
    }
    out.flush()
}

/// Prints findings alone, each over the lines it speaks of: what is wrong with a rulebook that
/// cannot judge.
///
/// # Errors
///
/// Those of the writer.
pub fn diagnostics(findings: &[Finding], texts: &Texts, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    findings.iter().try_for_each(|finding| writeln!(out, "{}", drawn(texts, finding, style)))
}

/// One finding: a heading, the message, the places, the help.
fn drawn(texts: &Texts, finding: &Finding, style: &Style) -> String {
    let shown = Shown::of(texts, finding, style);
    let mut text = heading(finding, style);
    let handler = GraphicalReportHandler::new_themed(shown.theme(style))
        .with_width(style.columns())
        .with_links(false)
        .with_word_separator(textwrap::WordSeparator::AsciiSpace)
        .with_word_splitter(textwrap::WordSplitter::NoHyphenation)
        .with_break_words(false)
        .without_syntax_highlighting();
    if handler.render_report(&mut text, &shown).is_err() {
        // It cannot draw; then at least it says.
        text = format!("{}{}", heading(finding, style), shown.message);
    }
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

/// `error[panel-composition]  ~C3.1(a)`
fn heading(finding: &Finding, style: &Style) -> String {
    let paint = Paint(style.color);
    let status = finding.status.map_or(String::new(), |status| format!("{} ", status.word()));
    let by = if finding.by_base_rules { " by the base's rules" } else { "" };
    let name = format!("{status}{}[{}]{by}", finding.level, escape::line(&finding.rule));
    let clause = finding.clause.as_ref().map(ToString::to_string).unwrap_or_default();
    let gap = if clause.is_empty() { "" } else { "  " };
    format!("{}{gap}{}\n", paint.level(finding.level, &name), escape::line(&clause))
}

/// Breaks a text into lines of at most `room` columns, at spaces. A word that is too long for a
/// line, such as a path, stays whole, so that it can be copied.
pub(super) fn wrapped(text: &str, room: usize) -> Vec<String> {
    let options = textwrap::Options::new(room)
        .break_words(false)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// A text from records on one line, with nothing left in it that a terminal would obey, and not so
/// long that it pushes everything else off the screen.
pub(super) fn said(text: &str) -> String {
    let shown = escape::line(text);
    match shown.char_indices().nth(LONGEST) {
        None => shown.into_owned(),
        Some((end, _)) => format!("{} (and {} bytes more)", &shown[..end], shown.len().saturating_sub(end)),
    }
}

/// A finding as miette wants it, with nothing left in it that a terminal would obey.
#[derive(Debug)]
struct Shown {
    level: Level,
    message: String,
    help: Option<String>,
    sheet: Sheet,
    /// What to say of places right below the message.
    below: Option<Box<Below>>,
}

/// A line below the message, and the ones below that.
#[derive(Debug)]
struct Below {
    text: String,
    next: Option<Box<Below>>,
}

impl Shown {
    fn of(texts: &Texts, finding: &Finding, style: &Style) -> Self {
        let most = if style.verbose { PLACES.1 } else { PLACES.0 };
        // One left over takes no more room than saying so. The last place is the rule's: it stays.
        let all = &finding.marks;
        let count = if all.len() <= most.saturating_add(1) { all.len() } else { most };
        let marks: Vec<Mark> = match all.split_last() {
            Some((last, others)) if count < all.len() => {
                others.iter().take(count.saturating_sub(1)).chain([last]).cloned().collect()
            }
            _ => all.clone(),
        };
        let sheet = Sheet::of(texts, &marks, style);
        let more = (count < all.len()).then(|| format!("and {} more places", all.len().saturating_sub(count)));
        let below = Below::chain(sheet.bare.iter().cloned().chain(more).collect());
        let help = finding.help.as_deref().map(|help| {
            let lines: Vec<_> = help.lines().map(said).collect();
            lines.join("\n")
        });
        Self { level: finding.level, message: said(&finding.message), help, sheet, below }
    }

    /// The primary place in the colour of the level, the others in a quieter one.
    fn theme(&self, style: &Style) -> GraphicalTheme {
        let mut theme = match (style.unicode, style.color) {
            (true, true) => GraphicalTheme::unicode(),
            (true, false) => GraphicalTheme::unicode_nocolor(),
            (false, true) => GraphicalTheme::ascii(),
            (false, false) => GraphicalTheme::none(),
        };
        if style.color {
            let ThemeStyles { error, warning, advice, linum, .. } = ThemeStyles::ansi();
            let own = match self.level {
                Level::Error => error,
                Level::Warning => warning,
                Level::Note => advice,
            };
            let color = |(_, primary): &(LabeledSpan, bool)| if *primary { own.bold() } else { advice };
            theme.styles.highlights = self.sheet.labels().iter().map(color).collect();
            theme.styles.link = ThemeStyles::none().link.bold();
            theme.styles.linum = linum;
        }
        theme
    }
}

impl Below {
    /// The first line outermost.
    fn chain(lines: Vec<String>) -> Option<Box<Self>> {
        lines.into_iter().rev().fold(None, |next, text| Some(Box::new(Self { text, next })))
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for Below {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Shown {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.below.as_deref().map(|below| below as _)
    }
}

impl std::error::Error for Below {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.next.as_deref().map(|next| next as _)
    }
}

impl Diagnostic for Shown {
    fn severity(&self) -> Option<Severity> {
        Some(match self.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Note => Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as _)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.sheet)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.sheet.labels().into_iter().map(|(label, _)| label)))
    }
}
