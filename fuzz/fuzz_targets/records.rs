//! `records` under libFuzzer.
#![no_main]

#[path = "../targets.rs"]
#[allow(dead_code, reason = "one target a binary")]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::records(bytes));
