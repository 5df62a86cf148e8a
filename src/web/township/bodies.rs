//! Entering the panel and the two committees of a village, after the decision of its assembly.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};

use crate::{
    domain::{
        ids::UserId,
        panel::{BodyKind, Post, Seat},
        time::Day,
    },
    http::{AppState, As, HttpResult, Visitor},
    service::{
        Desk,
        caller::Township,
        panel::bodies::{BodyView, NewBody},
        refuse,
    },
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// `/township/bodies`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/township/bodies", get(list).post(name))
}

#[derive(Template)]
#[template(path = "township/bodies.html", config = ".askama.toml")]
struct BodiesPage {
    chrome: Chrome,
    form: FormState,
    today: Day,
    bodies: Vec<BodyView>,
    candidates: Vec<(UserId, String)>,
}

impl BodiesPage {
    /// What can be entered, with the posts each has.
    const FORMS: [(BodyKind, &'static [Post]); 2] = [
        (BodyKind::Panel, &[Post::Member, Post::Substitute, Post::Observer]),
        (BodyKind::Committees, &[Post::Member]),
    ];
}

impl BodiesPage {
    /// Whether somebody was chosen for a post when the form came back.
    fn seated(&self, user: &UserId, post: &Post) -> bool {
        self.form.is(&format!("seat-{user}"), post)
    }
}

async fn list(
    State(desk): State<Desk>,
    As(by): As<Township>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(build(&desk, &by, chrome, FormState::default()).await?))
}

async fn build(desk: &Desk, by: &Township, chrome: Chrome, form: FormState) -> HttpResult<BodiesPage> {
    let bodies = desk.bodies(by.book).await?;
    let candidates = desk.body_candidates(by).await?;
    let title = chrome.t.bodies();
    Ok(BodiesPage { chrome: chrome.titled(title), form, today: desk.today(), bodies, candidates })
}

async fn name(
    State(desk): State<Desk>,
    As(by): As<Township>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(fields, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let t = chrome.t;
    let bad = |reason: &str| refuse("bad_form").with("reason", reason);
    let kind: BodyKind = form.value("kind").parse().map_err(|_| bad("kind"))?;
    let from: Day =
        form.value("from").parse().map_err(|_| refuse("bad_day").with("text", form.value("from")))?;
    let seats = fields.iter().filter_map(|(name, value)| {
        let user: UserId = name.strip_prefix("seat-")?.parse().ok()?;
        Some(Seat { user, post: value.parse().ok()? })
    });
    let new = NewBody { kind, from, basis: form.value("basis").to_owned(), seats: seats.collect() };
    match desk.name_body(&by, &new).await {
        Ok(_) => {
            let to = visitor
                .village
                .map_or("/township/bodies".to_owned(), |no| format!("/township/bodies?v={no}"));
            Ok(see_other(&visitor, &to, Tone::Good, &t.body_named(t.body_kind(&kind))))
        }
        Err(error) => {
            let form = form.refused(t, error)?;
            let page = build(&desk, &by, chrome, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
