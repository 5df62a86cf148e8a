//! Matters at the office: what came in, what is in hand, what waits for a look, what was given to me; keying one in; one
//! with everything that can be done with it. For clerks, recorders, group heads, reviewers and the township, each what
//! is theirs.

use askama::Template;
use axum::{
    Router,
    extract::{Multipart, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

use super::{
    clerk::record,
    form::{FormState, see_other},
    page::{Chrome, Page, Tone},
    resident::matters::{key, new_matter},
    upload::Upload,
};
use crate::{
    domain::{
        ids::{MatterId, OrgId},
        matter::{MatterKind, MatterManner, MatterState},
    },
    http::{AppState, As, HttpResult, Path, Query, Visitor, extract::Caller},
    service::{
        Desk, ServiceError,
        caller::{Handler, Recorder, Staff},
        claim::Claimant,
        matter::view::{MatterCounts, MatterView},
        session::SignedIn,
    },
};

mod one;

pub(super) use one::warning;

/// Matters on one page.
const PAGE: i64 = 30;
/// The list of what was given to whoever looks.
const GIVEN: &str = "given";

/// The pages of this folder.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/matters", get(list))
        .route("/matters/new", get(form).post(enter))
        .route("/matters/{id}", get(one::page))
        .route("/matters/{id}/photo", get(photo))
        .route("/matters/{id}/step", post(one::step))
}

/// A list to choose: its name in the address, what it is called, how many wait there.
struct Tab {
    name: &'static str,
    label: &'static str,
    count: Option<i64>,
}

#[derive(Template)]
#[template(path = "matters/list.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    matters: Vec<MatterView>,
    tabs: Vec<Tab>,
    here: &'static str,
    late: i64,
    /// Whether whoever looks may key a report in.
    records: bool,
    next: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
struct Listed {
    #[serde(default)]
    state: String,
    after: Option<i64>,
}

fn tabs(chrome: &Chrome, counts: &MatterCounts) -> Vec<Tab> {
    let of = |state: MatterState, count| Tab {
        name: state.as_str(),
        label: chrome.t.matter_state(&state),
        count: Some(count),
    };
    vec![
        of(MatterState::Reported, counts.reported),
        of(MatterState::Accepted, counts.accepted),
        of(MatterState::Assigned, counts.assigned),
        of(MatterState::Done, counts.done),
        of(MatterState::Verified, counts.verified),
        Tab { name: GIVEN, label: chrome.t.matter_given(), count: None },
        Tab { name: MatterState::Closed.as_str(), label: chrome.t.matter_board(), count: None },
    ]
}

async fn list(
    State(desk): State<Desk>,
    As(by): As<Handler>,
    chrome: Chrome,
    Query(query): Query<Listed>,
) -> HttpResult<impl IntoResponse> {
    let counts = desk.matter_counts(by.book).await?;
    let tabs = tabs(&chrome, &counts);
    let records = Recorder::of(&by).is_some();
    let first = if records { MatterState::Reported.as_str() } else { GIVEN };
    let here = tabs.iter().map(|tab| tab.name).find(|name| *name == query.state).unwrap_or(first);
    let after = query.after.unwrap_or(0);
    let matters = match here.parse::<MatterState>() {
        Ok(state) => desk.matters_in(&by, state, after, PAGE).await?,
        Err(_) => desk.matters_given(&by, after, PAGE).await?,
    };
    let full = i64::try_from(matters.len()).is_ok_and(|n| n == PAGE);
    let next = matters.last().filter(|_| full).map(|m| m.row.no);
    let title = chrome.t.matters();
    Ok(Page(ListPage { chrome: chrome.titled(title), matters, tabs, here, late: counts.late, records, next }))
}

#[derive(Template)]
#[template(path = "matters/new.html", config = ".askama.toml")]
struct NewPage {
    chrome: Chrome,
    form: FormState,
    kinds: &'static [MatterKind],
    manners: [MatterManner; 2],
    groups: Vec<(OrgId, String)>,
    key: String,
}

async fn form(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(build(&desk, &by, chrome, FormState::default()).await?))
}

async fn build(desk: &Desk, by: &Recorder, chrome: Chrome, form: FormState) -> HttpResult<NewPage> {
    let groups = desk.matter_groups(by.book).await?;
    let key = key(desk, &form);
    let title = chrome.t.matter_enter();
    let manners = [MatterManner::Phone, MatterManner::Paper];
    Ok(NewPage { chrome: chrome.titled(title), form, kinds: MatterKind::ALL, manners, groups, key })
}

async fn enter(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    visitor: Visitor,
    chrome: Chrome,
    body: Multipart,
) -> HttpResult<Response> {
    let mut upload = Upload::read(&visitor, body).await?;
    let key = upload.form.value("key").to_owned();
    let done = match new_matter(&mut upload) {
        Ok(new) => desk.report_matter(&Claimant::Staff(by.clone()), new, &key).await,
        Err(error) => Err(error),
    };
    let done = match done {
        // a wrong number is typed again, not looked for elsewhere
        Err(ServiceError::NotFound("household")) => Err(crate::service::refuse("household_missing").into()),
        other => other,
    };
    match done {
        Ok(row) => Ok(see_other(&visitor, "/matters", Tone::Good, &chrome.t.matter_taken(row.no))),
        Err(error) => {
            let form = record::refused(upload.form, chrome.t, error)?;
            let page = build(&desk, &by, chrome, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// The photo of a matter, for its household and for those of the staff it concerns.
async fn photo(State(desk): State<Desk>, visitor: Visitor, Path(id): Path<MatterId>) -> HttpResult<Response> {
    let served = match visitor.signed_in().map(|s| &s.who) {
        Some(SignedIn::Resident(by)) => desk.own_matter_photo(by, id).await?,
        _ => desk.matter_photo(&Staff::identify(&desk, &visitor).await?, id).await?,
    };
    let media = HeaderValue::from_str(&served.media)
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    let mut response = served.bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}
