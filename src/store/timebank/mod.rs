//! The time bank: policies and needs, volunteers and their offers, orders and what was said to them, check-in pairs, gifts. One noun a file.

pub mod clearing;
pub mod estate;
pub mod gift;
pub mod note;
pub mod order;
pub mod outstanding;
pub mod pair;
pub mod policy;
pub mod volunteer;
