//! The pages of the second person: awards to review, sheets to publish, objections and reversals to decide.

use axum::Router;

use crate::http::AppState;

pub mod inbox;
pub mod notices;
pub mod objections;
pub mod reversals;
pub mod sittings;

/// All pages of this folder.
pub fn routes() -> Router<AppState> {
    Router::new()
        .merge(inbox::routes())
        .merge(notices::routes())
        .merge(objections::routes())
        .merge(reversals::routes())
        .merge(sittings::routes())
}
