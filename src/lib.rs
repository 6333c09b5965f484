//! quorate
pub mod error;
pub mod finding;
pub mod text;
