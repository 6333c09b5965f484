//! The few colours of the tool's own words; miette draws the rest in the same ones.

use anstyle::{AnsiColor, Style};

use crate::finding::Level;

/// Whether to paint at all.
#[derive(Debug, Clone, Copy)]
pub(in crate::render) struct Paint(pub(in crate::render) bool);

impl Paint {
    /// In the colour of a level, bold.
    pub(in crate::render) fn level(self, level: Level, text: &str) -> String {
        let color = match level {
            Level::Error => AnsiColor::Red,
            Level::Warning => AnsiColor::Yellow,
            Level::Note => AnsiColor::Cyan,
        };
        self.put(Style::new().bold().fg_color(Some(color.into())), text)
    }

    /// What is fine.
    pub(in crate::render) fn good(self, text: &str) -> String {
        self.put(Style::new().bold().fg_color(Some(AnsiColor::Green.into())), text)
    }

    /// What is there to be looked up, not to be read first.
    pub(in crate::render) fn dim(self, text: &str) -> String {
        self.put(Style::new().dimmed(), text)
    }

    fn put(self, style: Style, text: &str) -> String {
        if self.0 { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}
