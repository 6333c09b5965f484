//! Ids that a proposal had before: the number stays, and the form follows the stage reached.

use super::{Terms, Trial, digits_of};
use crate::{
    day::{Truth, When},
    decode::{Fact, Text, table},
    finding::{Mark, Outcome},
    kind::{Cure, Said},
    record::id::Stage,
};

table! {
    /// The form of the ids of those that have reached a stage.
    pub struct Reached {
        /// The stage.
        stage: Fact<Stage> = "stage" (required),
        /// The form, as a regular expression.
        form: Fact<Text> = "form" (required),
    }
}

impl Trial<'_> {
    /// That the number is not that of the id before; nothing where it is, or where either has none.
    pub(super) fn renumbered(&self, terms: &Terms, explain: bool) -> Option<Said> {
        let formerly = &self.record.modification().filter(|_| terms.kept.known() == Some(&true))?.formerly;
        let own = self.own.number?;
        let mark = |label: String| Mark::new(self.record.file, formerly.span, label);
        let name = self.name();
        let Some(before) = formerly.text() else {
            let message = format!("{name}: whether it has the number that it had before is not recorded");
            let said = Said::new("number", Outcome::Unknown, message).mark(mark("not recorded".to_owned()));
            let steps = || ["`formerly` says that it had another id, and not which".to_owned()];
            let said = said.help("record the id before").silent(formerly.is_bad()).because(explain, steps);
            return formerly.is_open().then_some(said);
        };
        let number = digits_of(before).filter(|number| *number != own)?;
        let message = format!("{name} has number {own}, and had {number} before, as `{before}`: a number is kept");
        let said = Said::new("number", Outcome::Breach, message)
            .help("correct `formerly`, or the id")
            .mark(mark(format!("`{before}`")));
        Some(said.explained(explain, |said| {
            let steps = [format!("the number of its id: {own}"), format!("the number of `{before}`: {number}")];
            let why = "which of the two ids is wrong only a source tells";
            said.steps(steps).cure(Cure::by_hand(format!("number {own} in `formerly`, or {number} in the id"), why))
        }))
    }

    /// That the id is not of the form of those that have reached a stage.
    pub(super) fn unconverted(&self, terms: &Terms, explain: bool) -> Option<Said> {
        let modification = self.record.modification()?;
        for one in terms.reached.iter() {
            let (Some(stage), Some(form)) = (one.stage.known().map(AsRef::as_ref), one.form.text()) else { continue };
            if self.fits(form, self.record.stem()) {
                continue;
            }
            let steps = modification.step.iter().filter(|step| step.to.known().is_some_and(|to| to.as_ref() == stage));
            let reached = steps.map(|step| (step, step.on.when().unwrap_or(When::UNKNOWN).by(self.case.on)));
            let Some((step, truth)) = reached.max_by_key(|(_, truth)| *truth).filter(|(_, truth)| truth.possible())
            else {
                continue;
            };
            let name = self.name();
            let (outcome, message) = if truth == Truth::Yes {
                (Outcome::Breach, format!("{name} has reached `{stage}`, and its id is not of the form `{form}`"))
            } else {
                (
                    Outcome::Unknown,
                    format!("{name}: whether it has reached `{stage}`, and needs another id, is not recorded"),
                )
            };
            let said = Said::new("number", outcome, message)
                .help("move the file to the new id, with `formerly`, or correct the step")
                .mark(self.own.place.clone())
                .mark(Mark::new(self.record.file, step.span, format!("`{stage}`")))
                .silent(truth != Truth::Yes && step.on.is_bad());
            let day = step.on.when().map_or("a day that is not recorded".to_owned(), |when| when.to_string());
            return Some(said.explained(explain, |said| {
                let said =
                    said.steps([format!("`{stage}` was reached on {day}"), format!("`{form}` is asked for then")]);
                let why = "the id is the name of the file: the file would be moved";
                if outcome == Outcome::Breach { said.cure(Cure::by_hand("an id of that form", why)) } else { said }
            }));
        }
        None
    }
}
