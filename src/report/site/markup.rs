//! HTML that is put together from text: what comes in as text is escaped, and there is no other way in
//! but the words of the site itself.

use std::fmt::{self, Write as _};

use crate::report::print::escaped_html;

/// HTML.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Html(String);

impl Html {
    /// Text as it is, escaped.
    pub(super) fn text(text: &str) -> Self {
        Self(escaped_html(text))
    }

    /// Text with values in backticks, which are set as code.
    pub(super) fn prose(text: &str) -> Self {
        let (pieces, values) = crate::finding::pieces(text);
        let values = values.iter().map(|value| format!("<code>{}</code>", escaped_html(value)));
        let mut values = values.chain(std::iter::once(String::new()));
        Self(pieces.iter().map(|piece| escaped_html(piece) + &values.next().unwrap_or_default()).collect())
    }

    /// A link around HTML that has none.
    pub(super) fn link_around(way: &str, text: &Self) -> Self {
        Self(format!("<a href=\"{}\">{}</a>", escaped_html(way), text.0))
    }

    /// Text whose line breaks stay.
    pub(super) fn text_of_lines(text: &str) -> Self {
        Self(text.lines().map(escaped_html).collect::<Vec<_>>().join("\n"))
    }

    /// Markup of the site itself.
    pub(super) fn markup(markup: &'static str) -> Self {
        Self(markup.to_owned())
    }

    /// A link within the site; the way is one that the site made.
    pub(super) fn link(way: &str, text: &str) -> Self {
        Self(format!("<a href=\"{}\">{}</a>", escaped_html(way), escaped_html(text)))
    }

    /// A link to elsewhere; text where the address is none of the web.
    pub(super) fn outward(address: &str) -> Self {
        if !address.starts_with("https://") && !address.starts_with("http://") {
            return Self::text(address);
        }
        let shown = escaped_html(address);
        Self(format!("<a href=\"{shown}\" rel=\"noreferrer nofollow\">{shown}</a>"))
    }

    /// An element without attributes around HTML.
    pub(super) fn within(self, element: &'static str) -> Self {
        Self(format!("<{element}>{}</{element}>", self.0))
    }

    /// An element of a class around HTML.
    pub(super) fn of_class(self, element: &'static str, class: &'static str) -> Self {
        Self(format!("<{element} class=\"{class}\">{}</{element}>", self.0))
    }

    /// A heading of the second rank.
    pub(super) fn heading(text: &str) -> Self {
        Self::text(text).within("h2") + Self::markup("\n")
    }

    /// A paragraph.
    pub(super) fn paragraph(self) -> Self {
        self.within("p") + Self::markup("\n")
    }

    /// A list.
    pub(super) fn list(items: impl IntoIterator<Item = Self>) -> Self {
        let items: Self = items.into_iter().map(|item| item.within("li") + Self::markup("\n")).sum();
        if items.0.is_empty() { items } else { Self(format!("<ul>\n{}</ul>\n", items.0)) }
    }

    /// HTML with words between its parts.
    pub(super) fn joined(parts: impl IntoIterator<Item = Self>, between: &str) -> Self {
        let between = escaped_html(between);
        parts.into_iter().enumerate().fold(Self::default(), |mut all, (at, part)| {
            if at > 0 {
                all.0 += &between;
            }
            all.0 += &part.0;
            all
        })
    }

    /// A table, the first cell of each row its head; nothing where it has no rows.
    pub(super) fn table(caption: &str, columns: &[&str], rows: impl IntoIterator<Item = Vec<Self>>) -> Self {
        let caption = escaped_html(caption);
        let mut out = format!(
            "<div class=\"wide\" role=\"group\" tabindex=\"0\" aria-label=\"{caption}\">\n<table>\n<caption>{caption}</caption>\n<thead><tr>"
        );
        for column in columns {
            let _ = write!(out, "<th scope=\"col\">{}</th>", escaped_html(column));
        }
        out += "</tr></thead>\n<tbody>\n";
        let mut is_empty = true;
        for row in rows {
            is_empty = false;
            out += "<tr>";
            for (at, cell) in row.iter().enumerate() {
                let _ = match at {
                    0 => write!(out, "<th scope=\"row\">{}</th>", cell.0),
                    _ => write!(out, "<td>{}</td>", cell.0),
                };
            }
            out += "</tr>\n";
        }
        out += "</tbody>\n</table>\n</div>\n";
        if is_empty { Self::default() } else { Self(out) }
    }

    /// HTML that another printer escaped.
    pub(super) fn printed(html: String) -> Self {
        Self(html)
    }

    /// Whether there is nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The HTML.
    pub(super) fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::ops::Add for Html {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self.0 += &other.0;
        self
    }
}

impl std::iter::Sum for Html {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |all, part| all + part)
    }
}
