//! What-if: modifications judged as if they were implemented on the day judged.

use super::{Rulebook, raw::overlay, rule::Rule, sound::version_parameters};
use crate::{
    decode::{meant, value::same},
    error::Error,
    record::Kind,
    registry::Registry,
};

impl Rulebook {
    /// Whether a modification, by any id that it has had, is assumed to be implemented.
    pub(super) fn assumes(&self, registry: &Registry, id: &str) -> bool {
        let known = |id: &str| registry.find(Kind::Modification, id).map(|record| record.id.as_ref().to_owned());
        self.assumed.iter().any(|one| one == id || known(one).is_some_and(|one| known(id) == Some(one)))
    }

    /// Assumes modifications. Gives those among them that bring no version of any rule.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for a modification without a record, and where two bring versions of one rule
    /// that are not the same: the message names both, with the rule and its clause.
    pub fn assume(&mut self, ids: &[String], registry: &Registry) -> Result<Vec<String>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        for id in ids {
            if registry.exists(Kind::Modification, id) {
                continue;
            }
            let known = registry.all(Kind::Modification).map(|(_, record)| record.id.as_ref());
            let hint = meant(id, known, "an id is that of a file under `modifications/`");
            return Err(Error::usage(format!("there is no modification `{id}` to assume"), hint));
        }
        self.assumed = ids.to_vec();
        self.judging().try_for_each(|rule| self.clash(rule, registry))?;
        let brings = |id: &&String| {
            let alone = Self { assumed: vec![(*id).clone()], ..self.clone() };
            let named = |rule: &Rule| {
                rule.versions
                    .iter()
                    .any(|one| one.when_implemented.text().is_some_and(|id| alone.assumes(registry, id)))
            };
            self.judging().any(named)
        };
        Ok(ids.iter().filter(|id| !brings(id)).cloned().collect())
    }

    /// Two assumed versions of one rule would begin on one day, so they clash unless they are the same.
    fn clash(&self, rule: &Rule, registry: &Registry) -> Result<(), Error> {
        let assumed: Vec<(usize, &str)> = rule
            .versions
            .iter()
            .enumerate()
            .filter_map(|(at, version)| Some((at, version.when_implemented.text()?)))
            .filter(|(_, id)| self.assumes(registry, id))
            .collect();
        let parameters = |at: usize| rule.raw.entry("version", at).map(version_parameters);
        for pair in assumed.windows(2) {
            let [(one, first), (other, second)] = pair else { continue };
            let (Some(one), Some(other)) = (parameters(*one), parameters(*other)) else { continue };
            let differing: Vec<String> = overlay(&one, &[], &[&other])
                .keys()
                .map(|key| key.get_ref().to_string())
                .filter(|key| !same(one.get(key.as_str()), other.get(key.as_str())))
                .collect();
            if !differing.is_empty() {
                let keys = differing.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
                let what = format!(
                    "`{first}` and `{second}` both change {} (`{}`), and differ in {keys}",
                    rule.clause, rule.id
                );
                return Err(Error::usage(what, "assume one of them, or write what both together would bring"));
            }
        }
        Ok(())
    }
}
