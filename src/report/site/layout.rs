//! The frame around every page: files that a user can override with `--templates DIR`. What they are
//! given is escaped on its way in; the body is escaped already.

use std::path::Path;

use minijinja::{AutoEscape, Environment, Value, context};

use super::{Html, Page, Site};
use crate::{
    error::Error,
    record::Kind,
    report::print::{Layouts, printable},
};

/// The picture beside the title in a browser.
pub(super) const ICON: &str = include_str!("../templates/icon.svg");

/// Where the frame leads from every page.
const MAIN: &[(&str, Page)] = &[
    ("Overview", Page::Overview),
    ("Bodies", Page::Kind(Kind::Body, 0)),
    ("People", Page::Kind(Kind::Person, 0)),
    ("Parties", Page::Kind(Kind::Party, 0)),
    ("Modifications", Page::Kind(Kind::Modification, 0)),
    ("Meetings", Page::Kind(Kind::Meeting, 0)),
    ("Variations", Page::Kind(Kind::Instrument, 0)),
    ("Rules", Page::Rules),
    ("Findings", Page::Findings(0)),
    ("Reports", Page::Reports),
];

/// The frame, read once.
pub struct Layout {
    engine: Environment<'static>,
    style: String,
    script: String,
}

impl Layout {
    /// The frame as shipped, each of `site.html`, `site.css` and `site.js` replaced by the file of its
    /// name in a folder where there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] for such a file that cannot be read, [`Error::Usage`] for one that is no
    /// template.
    pub fn of(folder: Option<&Path>) -> Result<Self, Error> {
        let page = Layouts::read(folder, "site.html", include_str!("../templates/site.html"))?;
        let style = Layouts::read(folder, "site.css", include_str!("../templates/site.css"))?;
        let script = Layouts::read(folder, "site.js", include_str!("../templates/site.js"))?;
        let mut engine = Environment::new();
        engine.set_auto_escape_callback(|_| AutoEscape::Html);
        engine.add_template_owned("site.html", page).map_err(|why| broken(&why))?;
        Ok(Self { engine, style, script })
    }

    /// The style sheet.
    pub(super) fn style(&self) -> &str {
        &self.style
    }

    /// The script.
    pub(super) fn script(&self) -> &str {
        &self.script
    }

    /// A page in its frame.
    pub(super) fn page(&self, site: &Site<'_>, page: Page, title: &str, body: Html) -> Result<String, Error> {
        let main: Vec<Value> = MAIN
            .iter()
            .map(|(name, to)| context! { name => *name, way => site.way(page, *to), here => *to == page })
            .collect();
        let at = &site.of.tree.at;
        let is_committed = at != "worktree";
        let given = context! {
            title => printable(title), code => printable(&site.code), root => site.root(page),
            address => site.address(page), main, body => Value::from_safe_string(body.into_string()),
            errors => site.errors(), findings => site.way(page, Page::Findings(0)), stamp => site.stamp(),
            on => site.of.on.to_string(), at, is_committed, is_overview => page == Page::Overview,
        };
        let template = self.engine.get_template("site.html").map_err(|why| broken(&why))?;
        template.render(given).map_err(|why| broken(&why))
    }
}

fn broken(why: &minijinja::Error) -> Error {
    Error::usage(format!("the template `site.html` does not work: {why}"), "compare it with the one shipped")
}
