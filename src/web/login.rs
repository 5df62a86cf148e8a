//! Signing in and out: staff with password and code, households with number and PIN, and the choice of the village.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use super::{
    form::{FormState, ProtectedForm, local},
    home,
    page::{Chrome, Page},
};
use crate::{
    http::{
        AppState, As, HttpResult, Query, Visitor,
        error::escape_query,
        session::{BOOK_COOKIE, PREFERENCE_SECONDS, SESSION_COOKIE},
    },
    service::{
        Desk, ServiceError,
        caller::Role,
        login::Enrolment,
        session::{NewSession, SignIn, SignedIn, StaffSignIn},
    },
    store::programme::ProgrammeRow,
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/login", get(staff_page).post(staff))
        .route("/login/code", get(code_page).post(code))
        .route("/login/enrol", get(enrol_page).post(enrol))
        .route("/login/resident", get(resident_page).post(resident))
        .route("/village", get(village_page).post(village))
        .route("/logout", post(logout))
}

#[derive(Deserialize, Default)]
struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "login/staff.html", config = ".askama.toml")]
struct StaffPage {
    chrome: Chrome,
    form: FormState,
}

#[derive(Template)]
#[template(path = "login/code.html", config = ".askama.toml")]
struct CodePage {
    chrome: Chrome,
    form: FormState,
}

#[derive(Template)]
#[template(path = "login/enrol.html", config = ".askama.toml")]
struct EnrolPage {
    chrome: Chrome,
    form: FormState,
    offer: Enrolment,
    symbol: String,
}

#[derive(Template)]
#[template(path = "login/resident.html", config = ".askama.toml")]
struct ResidentPage {
    chrome: Chrome,
    form: FormState,
}

#[derive(Template)]
#[template(path = "login/village.html", config = ".askama.toml")]
struct VillagePage {
    chrome: Chrome,
    books: Vec<ProgrammeRow>,
    next: String,
}

async fn staff_page(chrome: Chrome, Query(next): Query<Next>) -> impl IntoResponse {
    let title = chrome.t.login_staff_title();
    Page(StaffPage { chrome: chrome.titled(title), form: FormState::default().with("next", next.next) })
}

#[derive(Deserialize)]
struct StaffInput {
    login: String,
    password: String,
    #[serde(default)]
    next: String,
}

async fn staff(
    State(desk): State<Desk>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<StaffInput>,
) -> HttpResult<Response> {
    match desk.sign_in(&input.login, &input.password, &visitor.address).await {
        Ok(session) => {
            let to = format!("/login/code?next={}", escape_query(&input.next));
            Ok(signed_in(&visitor, &session, &to))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let title = chrome.t.login_staff_title();
            Ok(Page(StaffPage { chrome: chrome.titled(title), form }).with_status(StatusCode::FORBIDDEN))
        }
    }
}

fn signed_in(visitor: &Visitor, session: &NewSession, to: &str) -> Response {
    (CookieJar::new().add(visitor.session_cookie(session)), Redirect::to(local(to))).into_response()
}

/// The sign-in that owes its code, and whose it is.
fn pending(visitor: &Visitor) -> HttpResult<(&SignIn, &StaffSignIn)> {
    let sign_in = visitor.pending().ok_or(ServiceError::NotSignedIn)?;
    match &sign_in.who {
        SignedIn::Staff(staff) => Ok((sign_in, staff)),
        SignedIn::Resident(_) => Err(ServiceError::NotSignedIn.into()),
    }
}

async fn code_page(visitor: Visitor, chrome: Chrome, Query(next): Query<Next>) -> HttpResult<Response> {
    if visitor.signed_in().is_some() {
        return Ok(Redirect::to("/").into_response());
    }
    let Some(waiting) = visitor.pending() else { return Ok(Redirect::to("/login").into_response()) };
    if matches!(&waiting.who, SignedIn::Staff(staff) if !staff.has_totp) {
        let to = format!("/login/enrol?next={}", escape_query(&next.next));
        return Ok(Redirect::to(&to).into_response());
    }
    let title = chrome.t.login_code_title();
    let form = FormState::default().with("next", next.next);
    Ok(Page(CodePage { chrome: chrome.titled(title), form }).into_response())
}

#[derive(Deserialize)]
struct CodeInput {
    code: String,
    #[serde(default)]
    next: String,
}

async fn code(
    State(desk): State<Desk>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<CodeInput>,
) -> HttpResult<Response> {
    let (waiting, staff) = pending(&visitor)?;
    match desk.confirm_code(waiting, &input.code).await {
        Ok(session) => Ok(signed_in(&visitor, &session, &arrival(staff, &input.next))),
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let title = chrome.t.login_code_title();
            Ok(Page(CodePage { chrome: chrome.titled(title), form }).with_status(StatusCode::FORBIDDEN))
        }
    }
}

/// Where somebody goes after signing in.
fn arrival(staff: &StaffSignIn, next: &str) -> String {
    if staff.must_change_password {
        "/account/password".to_owned()
    } else if next.is_empty() {
        home::first_page(staff.grants.iter().map(|g| g.role)).to_owned()
    } else {
        next.to_owned()
    }
}

async fn enrol_page(
    State(desk): State<Desk>,
    visitor: Visitor,
    chrome: Chrome,
    Query(next): Query<Next>,
) -> HttpResult<Response> {
    let (_, staff) = pending(&visitor)?;
    if staff.has_totp {
        return Ok(Redirect::to("/login/code").into_response());
    }
    let offer = desk.offer_enrolment(staff)?;
    show_offer(chrome, FormState::default().with("next", next.next), offer, StatusCode::OK)
}

fn show_offer(chrome: Chrome, form: FormState, offer: Enrolment, status: StatusCode) -> HttpResult<Response> {
    let symbol = super::qr::svg_of_text(&offer.url)
        .map_err(|e| ServiceError::Internal(format!("the enrolment code does not fit: {e}")))?;
    let title = chrome.t.enrol_title();
    Ok(Page(EnrolPage { chrome: chrome.titled(title), form, offer, symbol }).with_status(status))
}

#[derive(Deserialize)]
struct EnrolInput {
    sealed: String,
    code: String,
    #[serde(default)]
    next: String,
}

async fn enrol(
    State(desk): State<Desk>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<EnrolInput>,
) -> HttpResult<Response> {
    let (waiting, staff) = pending(&visitor)?;
    match desk.enrol(waiting, &input.sealed, &input.code).await {
        Ok(session) => Ok(signed_in(&visitor, &session, &arrival(staff, &input.next))),
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let offer = desk.repeat_enrolment(staff, &input.sealed)?;
            show_offer(chrome, form, offer, StatusCode::FORBIDDEN)
        }
    }
}

#[derive(Deserialize, Default)]
struct ResidentQuery {
    /// Printed on notices as `/login/resident?village=12`.
    #[serde(default)]
    village: String,
    #[serde(default)]
    next: String,
}

async fn resident_page(
    visitor: Visitor,
    chrome: Chrome,
    Query(query): Query<ResidentQuery>,
) -> impl IntoResponse {
    let remembered = visitor.village.map(|no| no.to_string()).unwrap_or_default();
    let village = if query.village.is_empty() { remembered } else { query.village };
    let form = FormState::default().with("village", village).with("next", query.next);
    let title = chrome.t.login_resident_title();
    Page(ResidentPage { chrome: chrome.titled(title), form })
}

#[derive(Deserialize)]
struct ResidentInput {
    village: String,
    household: String,
    pin: String,
    #[serde(default)]
    next: String,
}

async fn resident(
    State(desk): State<Desk>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<ResidentInput>,
) -> HttpResult<Response> {
    let village = crate::domain::wording::fold_typed(&input.village).parse().unwrap_or(0);
    match desk.sign_in_household(village, &input.household, &input.pin, &visitor.address).await {
        Ok(session) => {
            let to = if input.next.is_empty() { "/my" } else { &input.next };
            let jar = CookieJar::new().add(visitor.session_cookie(&session)).add(visitor.cookie(
                BOOK_COOKIE,
                village.to_string(),
                PREFERENCE_SECONDS,
            ));
            Ok((jar, Redirect::to(local(to))).into_response())
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let title = chrome.t.login_resident_title();
            Ok(Page(ResidentPage { chrome: chrome.titled(title), form }).with_status(StatusCode::FORBIDDEN))
        }
    }
}

async fn village_page(
    State(desk): State<Desk>,
    who: As<StaffSignIn>,
    chrome: Chrome,
    Query(next): Query<Next>,
) -> HttpResult<impl IntoResponse> {
    let books = desk.books_of(&who).await?;
    let title = chrome.t.village_title();
    Ok(Page(VillagePage { chrome: chrome.titled(title), books, next: next.next }))
}

#[derive(Deserialize)]
struct VillageInput {
    village: i64,
    #[serde(default)]
    next: String,
}

async fn village(
    State(desk): State<Desk>,
    visitor: Visitor,
    who: As<StaffSignIn>,
    ProtectedForm(input, _): ProtectedForm<VillageInput>,
) -> HttpResult<Response> {
    let programme = desk.programme_by_no(input.village).await?.ok_or(ServiceError::NotFound("programme"))?;
    let staff = desk.staff_for(&who, programme.book_id).await?.ok_or(ServiceError::NotAllowed)?;
    let first = home::first_page(staff.roles.iter().copied().filter(|r| *r != Role::County));
    let to = if input.next.is_empty() { first } else { local(&input.next) };
    let jar = CookieJar::new().add(visitor.cookie(BOOK_COOKIE, programme.no.to_string(), PREFERENCE_SECONDS));
    Ok((jar, Redirect::to(to)).into_response())
}

async fn logout(
    State(desk): State<Desk>,
    visitor: Visitor,
    ProtectedForm(_, _): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    if let Some(sign_in) = &visitor.sign_in {
        desk.end_session(sign_in.session).await?;
    }
    let jar = CookieJar::new().add(visitor.cookie(SESSION_COOKIE, "", 0));
    Ok((jar, Redirect::to("/")).into_response())
}
