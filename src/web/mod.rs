//! The pages: server-rendered HTML that works without script, except the camera and the live code.
//!
//! Every page is an askama template in `templates/` that extends `layout.html`, rendered through [`page::Page`].
//! Imports [`crate::http`], [`crate::service`], [`crate::text`] and [`crate::domain`]; never SQL.

pub mod assets;
pub mod kit;
pub mod page;
pub mod qr;
