//! What people see and press, in a real browser with a camera.

pub mod chromium;
mod deadlines;
mod inspection;
mod kit;
mod look;
mod matters;
mod meeting;
mod objection;
mod panel;
mod paper;
mod people;
mod place;
mod proof;
mod record;
mod rules;
mod screens;
mod time;
mod township;
mod walk;
