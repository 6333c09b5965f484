//! The printers of what is due: `human`, `json`, `ics`.

mod human;
pub(crate) mod ics;
mod json;

pub use self::{human::human, ics::ics, json::json};
