//! quorate
pub mod builtin;
pub mod calendar;
pub mod check;
pub mod day;
pub mod decode;
pub mod error;
pub mod finding;
pub mod kind;
pub mod record;
pub mod registry;
pub mod render;
pub mod rulebook;
pub mod source;
pub mod text;
