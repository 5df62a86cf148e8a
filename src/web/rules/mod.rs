//! The pages of the procedure by which rule sets and compacts come into force, for clerk, committees, township and auditor:
//! what is in force, every proposal with its whole life, and the form of the step whose turn it is.

use axum::{
    Router,
    routing::{get, post},
};

use crate::http::AppState;

pub mod act;
pub mod file;
pub mod filings;
pub mod list;
pub mod simulate;

/// All pages of this folder.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/rules", get(list::page).post(list::begin))
        .route("/rules/repeal", post(list::repeal))
        .route("/rules/{id}", get(file::page).post(act::act))
        .route("/rules/{id}/simulate", get(simulate::page))
        .route("/rules/voices/{id}", post(act::answer))
        .route("/township/filings", get(filings::page))
}
