//! quorate
pub mod check;
pub mod day;
pub mod error;
pub mod finding;
pub mod render;
pub mod text;
