//! What people see and press, in a real browser with a camera.

pub mod chromium;
mod kit;
mod paper;
