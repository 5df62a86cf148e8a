//! The county's office: places, programmes and accounts. No points pass here.

use axum::Router;

use crate::http::AppState;

pub mod places;
pub mod users;
pub mod webhooks;

/// The pages of the county administrator.
pub fn routes() -> Router<AppState> {
    Router::new().merge(places::routes()).merge(users::routes()).merge(webhooks::routes())
}
