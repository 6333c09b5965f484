//! Page layout: files that a user can override with `--templates DIR`. What they are given is escaped
//! already (the body, and everything for Markdown) or escaped on its way in (HTML).

use std::{collections::BTreeMap, path::Path};

use minijinja::{AutoEscape, Environment, Value, context};

use crate::error::Error;

/// The layouts as shipped.
const SHIPPED: &[(&str, &str)] =
    &[("page.html", include_str!("../templates/page.html")), ("page.md", include_str!("../templates/page.md"))];

/// The layouts of one run.
pub struct Layouts(BTreeMap<&'static str, String>);

impl Layouts {
    /// Those shipped, each replaced by the file of its name in a folder where there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] for such a file that cannot be read.
    pub fn of(folder: Option<&Path>) -> Result<Self, Error> {
        let mut all = BTreeMap::new();
        for (name, shipped) in SHIPPED {
            all.insert(*name, Self::read(folder, name, shipped)?);
        }
        Ok(Self(all))
    }

    /// The file of a name in a folder, else the one shipped.
    pub(in crate::report) fn read(folder: Option<&Path>, name: &str, shipped: &str) -> Result<String, Error> {
        match folder.map(|folder| folder.join(name)).filter(|path| path.exists()) {
            None => Ok(shipped.to_owned()),
            Some(path) => {
                std::fs::read_to_string(&path).map_err(|why| Error::Unreadable { path, why: why.to_string() })
            }
        }
    }

    /// Lays a page out.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for a template that does not work.
    pub(super) fn page(
        &self,
        name: &str,
        title: &str,
        stamp: &str,
        draft: &[String],
        body: String,
    ) -> Result<String, Error> {
        let mut engine = Environment::new();
        engine.set_auto_escape_callback(|name| match name.rsplit_once('.') {
            Some((_, "html")) => AutoEscape::Html,
            _ => AutoEscape::None,
        });
        let text = self.0.get(name).map_or("", String::as_str);
        let given = context! { title, stamp, draft => draft.to_vec(), body => Value::from_safe_string(body) };
        engine.render_named_str(name, text, given).map_err(|why| {
            Error::usage(format!("the template `{name}` does not work: {why}"), "compare it with the one shipped")
        })
    }
}
