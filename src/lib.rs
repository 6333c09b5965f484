//! quorate
pub mod error;
pub mod finding;
mod git;
pub mod source;
pub mod text;
