//! The tree of places, one level at a time, and the opening of a village's book.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    domain::{
        ids::OrgId,
        org::{LabelSet, OrgKind},
        time::Day,
    },
    http::{AppState, As, HttpResult, Path, Visitor},
    service::{
        Desk, ServiceError, ServiceResult,
        caller::CountyAdmin,
        orgs::{NewPlace, PlaceView},
        programme::NewProgramme,
        refuse,
    },
    store::org::OrgRow,
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin", get(home))
        .route("/admin/places/{id}", get(place))
        .route("/admin/places/{id}/new", post(make))
        .route("/admin/places/{id}/rename", post(rename))
        .route("/admin/places/{id}/code", post(code))
        .route("/admin/places/{id}/book", post(open_book))
        .route("/admin/places/{id}/close", post(close))
}

#[derive(Template)]
#[template(path = "admin/place.html", config = ".askama.toml")]
struct PlacePage {
    chrome: Chrome,
    form: FormState,
    view: PlaceView,
}

impl PlacePage {
    fn labels(&self) -> LabelSet {
        self.view.org.labels.parse().unwrap_or(LabelSet::Rural)
    }

    fn kind_name(&self, kind: &OrgKind) -> &'static str {
        kind.label(self.labels()).text(self.chrome.t.lang())
    }

    fn stored_kind_name(&self, org: &OrgRow) -> &'static str {
        let labels = org.labels.parse().unwrap_or(LabelSet::Rural);
        org.kind.parse().map_or("", |kind: OrgKind| kind.label(labels).text(self.chrome.t.lang()))
    }

    fn may_open_book(&self) -> bool {
        self.view.kind == OrgKind::Village && self.view.programmes.is_empty()
    }
}

async fn show(
    desk: &Desk,
    by: &CountyAdmin,
    chrome: Chrome,
    org: OrgId,
    form: FormState,
) -> HttpResult<Response> {
    let view = desk.place(by, org).await?;
    let status = if form.is_wrong() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = chrome.t.menu_admin();
    Ok(Page(PlacePage { chrome: chrome.titled(title), form, view }).with_status(status))
}

async fn home(State(desk): State<Desk>, by: As<CountyAdmin>, chrome: Chrome) -> HttpResult<Response> {
    show(&desk, &by, chrome, by.org, FormState::default()).await
}

async fn place(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    chrome: Chrome,
    Path(org): Path<OrgId>,
) -> HttpResult<Response> {
    show(&desk, &by, chrome, org, FormState::default().with("from", desk.today())).await
}

/// Back to the place with a word of success, or the form again with what was wrong.
async fn done(
    desk: &Desk,
    visitor: &Visitor,
    by: &CountyAdmin,
    chrome: Chrome,
    org: OrgId,
    form: FormState,
    result: ServiceResult<()>,
) -> HttpResult<Response> {
    match result {
        Ok(()) => {
            let saved = chrome.t.admin_saved();
            Ok(see_other(visitor, &format!("/admin/places/{org}"), Tone::Good, saved).into_response())
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(desk, by, chrome, org, form).await
        }
    }
}

#[derive(Deserialize)]
struct NewInput {
    kind: String,
    labels: String,
    name: String,
}

async fn make(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<CountyAdmin>,
    chrome: Chrome,
    Path(parent): Path<OrgId>,
    ProtectedForm(input, form): ProtectedForm<NewInput>,
) -> HttpResult<Response> {
    let result = match (input.kind.parse(), input.labels.parse()) {
        (Ok(kind), Ok(labels)) => {
            desk.make_place(&by, &NewPlace { parent, kind, labels, name: input.name }).await.map(drop)
        }
        _ => Err(refuse("bad_request").into()),
    };
    done(&desk, &visitor, &by, chrome, parent, form, result).await
}

#[derive(Deserialize)]
struct RenameInput {
    new_name: String,
}

async fn rename(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<CountyAdmin>,
    chrome: Chrome,
    Path(org): Path<OrgId>,
    ProtectedForm(input, form): ProtectedForm<RenameInput>,
) -> HttpResult<Response> {
    let result = desk.rename_place(&by, org, &input.new_name).await;
    done(&desk, &visitor, &by, chrome, org, form, result).await
}

#[derive(Deserialize)]
struct CloseInput {
    #[serde(default)]
    reason: String,
}

async fn close(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<CountyAdmin>,
    chrome: Chrome,
    Path(org): Path<OrgId>,
    ProtectedForm(input, form): ProtectedForm<CloseInput>,
) -> HttpResult<Response> {
    let result = desk.close_place(&by, org, &input.reason).await.map(drop);
    done(&desk, &visitor, &by, chrome, org, form, result).await
}

#[derive(Deserialize)]
struct CodeInput {
    division: String,
    from: String,
}

async fn code(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<CountyAdmin>,
    chrome: Chrome,
    Path(org): Path<OrgId>,
    ProtectedForm(input, form): ProtectedForm<CodeInput>,
) -> HttpResult<Response> {
    let result = match input.from.parse::<Day>() {
        Ok(from) => desk.set_division_code(&by, org, &input.division, from).await,
        Err(_) => Err(ServiceError::from(refuse("invalid_date"))),
    };
    done(&desk, &visitor, &by, chrome, org, form, result).await
}

#[derive(Deserialize)]
struct BookInput {
    book_name: String,
    #[serde(default)]
    book_name_en: String,
}

async fn open_book(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<CountyAdmin>,
    chrome: Chrome,
    Path(village): Path<OrgId>,
    ProtectedForm(input, form): ProtectedForm<BookInput>,
) -> HttpResult<Response> {
    let new = NewProgramme { village, name: input.book_name, name_en: input.book_name_en, demo: false };
    let result = desk.open_book(&by, &new).await.map(drop);
    done(&desk, &visitor, &by, chrome, village, form, result).await
}
