//! Rules.
pub mod code;
