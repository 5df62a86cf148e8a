//! The pages: server-rendered HTML that works without script, except the camera and the live code.
//!
//! Every page is an askama template in `templates/` that extends `layout.html`, rendered through [`page::Page`].
//! Imports [`crate::http`], [`crate::service`], [`crate::text`] and [`crate::domain`]; never SQL.

use axum::{Router, middleware::from_fn_with_state};

use crate::http::AppState;

pub mod about;
pub mod account;
pub mod admin;
pub mod alerts;
pub mod appeals;
pub mod assets;
pub mod audit;
pub mod board;
pub mod board_money;
pub mod board_rules;
pub mod chart;
pub mod clerk;
pub mod course;
pub mod demo;
mod devices;
pub mod ean;
pub mod evidence;
pub mod form;
pub mod frame;
pub mod home;
pub mod honours;
pub mod inspection;
pub mod kit;
pub mod log;
pub mod login;
pub mod market;
pub mod matters;
pub mod menu;
pub mod money;
pub mod once;
mod ordering;
pub mod page;
pub mod passbook;
pub mod periods;
mod pieces;
pub mod prefs;
pub mod proof;
pub mod qr;
pub mod red_lists;
pub mod register;
pub mod resident;
pub mod review;
pub mod rules;
pub mod setup;
pub mod shop;
pub mod show;
pub mod stock;
pub mod timebank;
pub mod township;
pub mod upload;

/// All pages, one line a file.
pub fn routes(state: &AppState) -> Router<AppState> {
    Router::new()
        .merge(about::routes())
        .merge(account::routes())
        .merge(admin::routes())
        .merge(alerts::routes())
        .merge(appeals::routes())
        .merge(assets::routes())
        .merge(audit::routes())
        .merge(board::routes())
        .merge(board_money::routes())
        .merge(board_rules::routes())
        .merge(clerk::routes())
        .merge(demo::routes())
        .merge(devices::routes())
        .merge(evidence::routes())
        .merge(home::routes())
        .merge(honours::routes())
        .merge(inspection::routes())
        .merge(log::routes())
        .merge(login::routes())
        .merge(market::routes())
        .merge(matters::routes())
        .merge(money::routes())
        .merge(passbook::routes())
        .merge(periods::routes())
        .merge(prefs::routes())
        .merge(proof::routes())
        .merge(red_lists::routes())
        .merge(register::routes())
        .merge(resident::routes())
        .merge(review::routes())
        .merge(rules::routes())
        .merge(setup::routes())
        .merge(shop::routes())
        .merge(stock::routes())
        .merge(timebank::routes())
        .merge(township::routes())
        .route_layer(from_fn_with_state(state.clone(), once::once))
}
