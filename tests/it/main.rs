//! The integration suite: one binary, the engine chosen by `TEST_DATABASE_URL`.

// Says to clippy that a helper, too, may panic: that is how a test fails.
#![cfg(test)]
#![expect(unreachable_pub, reason = "nothing outside this binary can reach it, whatever the word")]

mod api_admin;
mod audit;
mod awards;
mod beside;
mod browser;
mod bulk;
mod cards;
mod clock;
mod contention;
mod counter;
mod counter_terms;
mod county;
mod demo;
mod doors;
mod dry_run;
mod dump;
mod engine;
mod engines;
mod events;
mod exports;
mod faults;
mod hamlet;
mod idem;
mod identity;
mod intruder;
mod ledger_props;
mod logs;
mod migrations;
mod model;
mod neighbours;
mod notices;
mod office;
mod office_api;
mod openapi;
mod oracle;
mod outcomes;
mod packs;
mod poster;
mod proof;
mod proof_pages;
mod race;
mod receiver;
mod refused;
mod register;
mod residents;
mod reversals;
mod serve;
mod shop_pages;
mod stall;
mod statements;
mod support;
mod tidy;
mod together;
mod twins;
mod verify;
mod village;
mod webhooks;
mod witness;
