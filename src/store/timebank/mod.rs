//! The time bank: policies and needs, volunteers and their offers, orders and what was said to them, check-in pairs, gifts. One noun a file.

pub mod activity;
pub mod gift;
pub mod note;
pub mod order;
pub mod pair;
pub mod place;
pub mod policy;
pub mod star;
pub mod volunteer;
