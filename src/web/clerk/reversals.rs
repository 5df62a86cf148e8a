//! Asking for a posting to be undone (冲正), and what became of such requests.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;

use super::record::refused;
use crate::{
    http::{AppState, As, HttpResult, Query, Visitor},
    service::{
        Desk, ServiceResult,
        callback::CallBack,
        caller::{Clerk, Staff},
        refuse,
    },
    store::reversal::ReversalRow,
    text::T,
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// Requests on one page.
const PAGE: i64 = 30;

/// The pages of reversals.
pub fn routes() -> Router<AppState> {
    Router::new().route("/clerk/reversals", get(list).post(request))
}

/// A request in a list.
pub struct ReversalLine {
    /// Its address part.
    pub id: String,
    /// The transaction to undo.
    pub seq: i64,
    /// When it was asked for.
    pub at: String,
    /// Who asked.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub state: &'static str,
    /// The colour of that.
    pub class: &'static str,
    /// With what words it was decided.
    pub decision: String,
    /// Whether it waits.
    pub waiting: bool,
}

/// Those that wait first, then those decided.
pub async fn all(desk: &Desk, by: &Staff, t: T) -> ServiceResult<Vec<ReversalLine>> {
    let mut out = Vec::new();
    for state in ["requested", "posted", "refused"] {
        for row in desk.reversals(by.book, state, None, PAGE).await? {
            let name = desk.actor_name(&row.requested_by).await?;
            out.push(line(t, &row, name));
        }
    }
    Ok(out)
}

/// A request as a list line.
#[must_use]
pub fn line(t: T, r: &ReversalRow, by: String) -> ReversalLine {
    let (state, class) = match r.state.as_str() {
        "posted" => (t.reversal_posted(), "good"),
        "refused" => (t.reversal_refused(), "bad"),
        _ => (t.reversal_requested(), "warn"),
    };
    ReversalLine {
        id: r.id.to_string(),
        seq: r.seq,
        at: r.requested_at.minute(),
        by,
        reason: r.reason.clone(),
        state,
        class,
        decision: r.decision.clone().unwrap_or_default(),
        waiting: r.state == "requested",
    }
}

#[derive(Template)]
#[template(path = "clerk/reversals.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    form: FormState,
    reversals: Vec<ReversalLine>,
    /// What households denied in a call-back.
    denied: Vec<CallBack>,
}

#[derive(Debug, Default, Deserialize)]
struct About {
    seq: Option<i64>,
}

async fn build(desk: &Desk, by: &Clerk, chrome: Chrome, form: FormState) -> HttpResult<ListPage> {
    let reversals = all(desk, by, chrome.t).await?;
    let denied = desk.denied_call_backs(by).await?;
    let title = chrome.t.reversals();
    Ok(ListPage { chrome: chrome.titled(title), form, reversals, denied })
}

async fn list(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    chrome: Chrome,
    Query(about): Query<About>,
) -> HttpResult<impl IntoResponse> {
    let form = about.seq.map_or_else(FormState::default, |seq| FormState::default().with("seq", seq));
    Ok(Page(build(&desk, &by, chrome, form).await?))
}

#[derive(Deserialize)]
struct RequestInput {
    seq: String,
    reason: String,
}

async fn request(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<RequestInput>,
) -> HttpResult<Response> {
    let seq: Result<i64, _> = input.seq.trim().parse();
    let done = match seq {
        Ok(seq) => desk.request_reversal(&by, seq, &input.reason).await,
        Err(_) => Err(refuse("bad_number").with("text", &input.seq).into()),
    };
    match done {
        Ok(_) => Ok(see_other(&visitor, "/clerk/reversals", Tone::Good, chrome.t.reversal_asked())),
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = build(&desk, &by, chrome, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
