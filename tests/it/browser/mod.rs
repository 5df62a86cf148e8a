//! What people see and press, in a real browser with a camera.

mod camera;
pub mod chromium;
mod deadlines;
mod film;
mod inspection;
mod kit;
mod line;
mod look;
mod matters;
mod meeting;
mod objection;
mod offline;
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
