//! What anybody may read without signing in: where to complain, and what is kept about people.

use askama::Template;
use axum::{Router, routing::get};

use super::page::{Chrome, Page};
use crate::http::AppState;

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new().route("/complaints", get(complaints)).route("/privacy", get(privacy))
}

#[derive(Template)]
#[template(path = "login/about.html", config = ".askama.toml")]
struct AboutPage {
    chrome: Chrome,
    paragraphs: Vec<(&'static str, &'static str)>,
}

async fn complaints(chrome: Chrome) -> Page<AboutPage> {
    let t = chrome.t;
    let paragraphs = vec![
        (t.complaints_line(), t.complaints_line_how()),
        (t.complaints_village(), t.complaints_village_how()),
        (t.complaints_above(), t.complaints_above_how()),
    ];
    Page(AboutPage { chrome: chrome.titled(t.complaints()), paragraphs })
}

async fn privacy(chrome: Chrome) -> Page<AboutPage> {
    let t = chrome.t;
    let paragraphs = vec![
        (t.privacy_kept(), t.privacy_kept_what()),
        (t.privacy_not_kept(), t.privacy_not_kept_what()),
        (t.privacy_shown(), t.privacy_shown_what()),
        (t.privacy_term(), t.privacy_term_what()),
        (t.privacy_rights(), t.privacy_rights_what()),
    ];
    Page(AboutPage { chrome: chrome.titled(t.privacy()), paragraphs })
}
