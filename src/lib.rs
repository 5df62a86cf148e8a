//! GreenCoin 绿币: village points, love supermarket and time bank on an append-only ledger.
//!
//! The guided tour, bottom layer first. A file may use its own layer or a lower one; `tests/it/tidy.rs` checks it.
//!
//! * [`domain`] — what a point, a posting, a rule and a notice are. Pure and synchronous.
//! * [`text`] — every sentence a person reads, in both languages.
//! * [`store`] — the only place that says SQL: one text, SQLite and PostgreSQL.
//! * [`service`] — one use case a function, one transaction each, for pages, API, jobs and commands alike.
//! * [`http`] — what the API and the pages share: state, typed callers, errors, limits.
//! * [`api`] — JSON under `/api/v1`.
//! * [`web`] — the pages.
//! * [`jobs`] — what runs by the clock: notices that close, codes that lapse.
//! * [`cli`] — the composition root.

pub mod api;
pub mod cli;
pub mod domain;
pub mod http;
pub mod jobs;
pub mod service;
pub mod store;
pub mod text;
pub mod web;
