//! How the screen wants it: colour, width, drawing characters. Decided once, by the command line.

use std::io::IsTerminal;

/// The width where there is no terminal to ask, so that output kept in a file does not depend on
/// the window in which it was made.
const WIDTH: usize = 80;
/// Below this nothing readable fits, above it lines are too long to read.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=120;

/// What `--color` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColorChoice {
    /// As the terminal and the environment have it.
    #[default]
    Auto,
    /// With colour, whatever they say.
    Always,
    /// Without.
    Never,
}

/// What a printer for people needs to know of its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "five independent wishes, each its own option of the command line")]
pub struct Style {
    /// Whether to send colours.
    pub color: bool,
    /// Columns of the screen. The printers take anything; below 40 they act as if it were 40.
    pub width: usize,
    /// Whether the screen can draw more than ASCII. What records say is printed as it is.
    pub unicode: bool,
    /// Show each note at its place instead of folding them by rule.
    pub verbose: bool,
    /// Only errors and warnings: no notes, no summary.
    pub quiet: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: WIDTH, unicode: true, verbose: false, quiet: false }
    }
}

impl Style {
    /// Decides from what was asked for, whether the output is a terminal, how many columns it has,
    /// and the environment. `--color` wins over `NO_COLOR`, that over `CLICOLOR_FORCE`, that over
    /// `CLICOLOR=0` and `TERM=dumb`, and then a terminal gets colour (<https://no-color.org>,
    /// <https://bixense.com/clicolors>). A variable set to nothing counts as not set.
    ///
    /// `COLUMNS` says how wide to print, also where nothing is a terminal; else the terminal does, else
    /// it is 80. Anything below 40 or above 120 is taken for that.
    ///
    /// Drawing characters are Unicode unless a locale is set that cannot show them: on build
    /// servers none is, and their pages show everything.
    pub fn detect(
        choice: ColorChoice,
        is_terminal: bool,
        columns: Option<usize>,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let var = |name: &str| env(name).filter(|value| !value.is_empty());
        let dumb = var("TERM").as_deref() == Some("dumb");
        let wanted = || match (var("NO_COLOR"), var("CLICOLOR_FORCE"), var("CLICOLOR")) {
            (Some(_), ..) => false,
            (None, Some(force), _) if force != "0" => true,
            (None, _, Some(color)) if color == "0" => false,
            _ => is_terminal && !dumb,
        };
        let color = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => wanted(),
        };
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(var);
        let utf8 = locale.is_none_or(|name| name.to_ascii_lowercase().replace('-', "").contains("utf8"));
        let asked = var("COLUMNS").and_then(|text| text.trim().parse().ok()).filter(|columns| *columns > 0);
        let width = asked.or(columns.filter(|_| is_terminal)).unwrap_or(WIDTH).clamp(*WIDTHS.start(), *WIDTHS.end());
        Self { color, width, unicode: utf8 && !(is_terminal && dumb), verbose: false, quiet: false }
    }

    /// [`Style::detect`] for the standard output of this process. Nothing else here looks at the
    /// process.
    pub fn of_stdout(choice: ColorChoice) -> Self {
        let stdout = std::io::stdout();
        let columns = terminal_size::terminal_size_of(&stdout).map(|(width, _)| usize::from(width.0));
        Self::detect(choice, stdout.is_terminal(), columns, &|name| std::env::var(name).ok())
    }

    /// The width that a printer works with.
    pub(super) fn columns(&self) -> usize {
        self.width.max(*WIDTHS.start())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(choice: ColorChoice, is_terminal: bool, env: &[(&str, &str)]) -> Style {
        let find = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Style::detect(choice, is_terminal, Some(200), &find)
    }

    #[test]
    fn color_is_decided_in_order_of_authority() {
        let auto = |is_terminal, env: &[(&str, &str)]| detect(ColorChoice::Auto, is_terminal, env).color;
        assert!(auto(true, &[]));
        assert!(!auto(false, &[]));
        assert!(!auto(true, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
        assert!(auto(true, &[("NO_COLOR", "")]));
        assert!(auto(false, &[("CLICOLOR_FORCE", "1"), ("CLICOLOR", "0")]));
        assert!(!auto(false, &[("CLICOLOR_FORCE", "0")]));
        assert!(!auto(true, &[("CLICOLOR", "0")]));
        assert!(!auto(true, &[("TERM", "dumb")]));
        assert!(detect(ColorChoice::Always, false, &[("NO_COLOR", "1")]).color);
        assert!(!detect(ColorChoice::Never, true, &[("CLICOLOR_FORCE", "1")]).color);
    }

    #[test]
    fn drawing_and_width_follow_the_screen() {
        assert!(detect(ColorChoice::Auto, true, &[]).unicode);
        assert!(detect(ColorChoice::Auto, true, &[("LANG", "en_GB.UTF-8")]).unicode);
        assert!(!detect(ColorChoice::Auto, true, &[("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")]).unicode);
        assert!(!detect(ColorChoice::Auto, true, &[("TERM", "dumb")]).unicode);
        assert_eq!(detect(ColorChoice::Auto, true, &[]).width, 120);
        assert_eq!(detect(ColorChoice::Auto, false, &[]).width, 80);
        let width = |is_terminal, columns| detect(ColorChoice::Auto, is_terminal, &[("COLUMNS", columns)]).width;
        assert_eq!(["100", "1", "99999", " 64 "].map(|columns| width(false, columns)), [100, 40, 120, 64]);
        assert_eq!(["0", "", "-5", "wide", "1e3"].map(|columns| width(false, columns)), [80; 5], "no width at all");
        assert_eq!((width(true, "60"), width(true, "wide")), (60, 120));
    }
}
