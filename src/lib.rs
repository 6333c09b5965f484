//! quorate checks the governance records of an industry code, kept as TOML in git, against the
//! code's rules, kept as TOML beside them.
//!
//! A rule is data with a clause, a date and evidence. A check is a pure function of records, rules
//! and a day. What comes out is findings, each with the places that it rests on. History is git's.
//!
//! # How data flows
//!
//! ```text
//!  work tree or revision
//!          │ source, git
//!          ▼
//!        texts ───── decode ─────┐
//!          │                     │
//!          ▼ record              ▼ rulebook: in force on the day
//!      registry                rules
//!          │                     │
//!          └──────► check ◄──────┘ ◄── the day judged (--on)
//!                     │ kind: one judgement a rule and record
//!                     ▼
//!             outcomes, derogations
//!                     │
//!                     ▼
//!      base ──► delta ──► findings ──► render: human, concise, json
//! ```
//!
//! Each arrow goes one way. Two days never meet: the one judged, which [`check`] is given, and that
//! of the commit whose records are believed, which only [`source`] knows.
//!
//! # A tour
//!
//! From the ground up:
//!
//! | modules | what they give |
//! | --- | --- |
//! | [`day`], [`calendar`] | days known in part, half-open periods, Working Days: the only date arithmetic |
//! | [`text`], [`error`] | texts and places in them; why nothing could be judged |
//! | [`signature`] | of what kind a commit's signature is, and whether one holds; nothing else names `ssh_key` |
//! | [`finding`], [`builtin`] | the one type for all that is found; the rules that make a file a record |
//! | [`source`], `git` | the texts of a work tree or of a revision; nothing else names `gix` |
//! | [`decode`] | TOML to typed values, with every mistake of a file in one run |
//! | [`record`], [`registry`] | one kind of record a file; all records of a tree, and whom they name |
//! | [`kind`] | one kind of rule a file: parameters, judgement, English |
//! | [`rulebook`] | the rules with their versions and variations, and what is in force on a day |
//! | [`derogation`], [`check`], [`tree`] | leave not to comply; the engine; a whole tree, read and judged |
//! | [`sweep`] | a tree judged over a span of days, where something changes |
//! | [`delta`], [`change`], [`against`] | a tree held against the revision that it comes from: findings, facts, both |
//! | [`log`] | the life of a record through commits |
//! | [`audit`] | the engine folded over history: when each finding appeared, and was cleared |
//! | [`due`] | what must happen by when, so that the records stay compliant |
//! | [`draft`] | a record in the making: what was said of it, and what follows from that |
//! | [`fix`] | mistakes that have one safe answer, and the edits that mend them |
//! | [`starter`] | the files with which another code begins |
//! | [`write`](mod@write) | the one room from which files are written: whole, or not at all |
//! | [`render`], [`explain`] | findings and rules for people and programs |
//! | [`schema`] | JSON Schemas of what is read and printed, made from the tables that read it |
//! | [`report`] | what is published: documents of tokens that know their sources |
//! | [`cli`] | what can be typed; one file a verb; the only place that reads the clock |
//!
//! To follow one run, read [`tree`] (open and load), then [`check`] (judge and settle), then
//! [`render`]. To add a kind of rule, copy the shape of `src/kind/window.rs`.
//!
//! # Six outcomes
//!
//! A rule and a record that it is about give one [`finding::Outcome`]. What is not known is an
//! outcome of its own and never a pass: a judgement asks whether every possible day, and every
//! record that may be missing, leads to the same outcome.

#![cfg_attr(test, allow(clippy::arithmetic_side_effects, reason = "a panic is how a test fails"))]

pub mod against;
pub mod audit;
pub mod builtin;
pub mod calendar;
pub mod change;
pub mod check;
pub mod cli;
pub mod day;
pub mod decode;
pub mod delta;
pub mod derogation;
pub mod draft;
pub mod due;
pub mod error;
pub mod explain;
pub mod finding;
pub mod fix;
mod git;
mod heap;
pub mod history;
pub mod kind;
pub mod log;
pub mod record;
pub mod registry;
pub mod render;
pub mod report;
pub mod rulebook;
pub mod schema;
pub mod server;
pub mod signature;
pub mod source;
pub mod starter;
pub mod sweep;
pub mod text;
pub mod tree;
pub mod write;
