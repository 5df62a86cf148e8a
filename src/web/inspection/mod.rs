//! Inspection rounds: the clerk's pages, and the one page that somebody walks the village with.

use axum::Router;

use crate::http::AppState;

pub mod clerk;
pub mod confirm;
pub mod walk;

/// All pages of this folder.
pub fn routes() -> Router<AppState> {
    Router::new().merge(clerk::routes()).merge(confirm::routes()).merge(walk::routes())
}
