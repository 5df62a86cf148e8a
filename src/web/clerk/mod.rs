//! The pages of clerks and recorders: what waits today, recording, sheets of a meeting, notices, objections, reversals.

use axum::Router;

use crate::http::AppState;

pub mod award;
pub mod chat;
pub mod choice;
pub mod claims;
pub mod elsewhere;
pub mod helpers;
pub mod lapsing;
pub mod notices;
pub mod objections;
pub mod orders;
pub mod own;
pub mod print;
pub mod recall;
pub mod record;
pub mod reminders;
pub mod reversals;
pub mod sheet;
pub mod sheet_file;
mod sheet_result;
pub mod sittings;
pub mod today;
pub mod view;

/// All pages of this folder.
pub fn routes() -> Router<AppState> {
    Router::new()
        .merge(award::routes())
        .merge(claims::routes())
        .merge(elsewhere::routes())
        .merge(helpers::routes())
        .merge(lapsing::routes())
        .merge(orders::routes())
        .merge(notices::routes())
        .merge(objections::routes())
        .merge(own::routes())
        .merge(print::routes())
        .merge(record::routes())
        .merge(reminders::routes())
        .merge(reversals::routes())
        .merge(sheet::routes())
        .merge(sheet_file::routes())
        .merge(sittings::routes())
        .merge(today::routes())
}
