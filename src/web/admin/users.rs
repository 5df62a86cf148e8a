//! Accounts: making them, giving and taking roles, and recovery. A password made here is shown once, on the answer.

use askama::Template;
use axum::{
    Extension, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    domain::ids::{OrgId, UserId},
    http::{
        AppState, As, HttpResult, Path, Query, Visitor,
        once::{self, ToldOnce},
    },
    service::{
        Desk, ServiceResult,
        caller::{CountyAdmin, Role},
        identity::Who,
        orgs::PlaceView,
        refuse,
        users::{ShownOnce, USERS_PAGE, UserView, role_fits},
    },
    store::login::LoginRow,
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin/users", get(list).post(make))
        .route("/admin/users/{id}", get(one))
        .route("/admin/users/{id}/grant", post(grant))
        .route("/admin/users/{id}/revoke", post(revoke))
        .route("/admin/users/{id}/password", post(password))
        .route("/admin/users/{id}/factor", post(factor))
        .route("/admin/users/{id}/disable", post(disable))
        .route("/admin/users/{id}/enable", post(enable))
        .route("/admin/users/{id}/person", post(person))
}

#[derive(Template)]
#[template(path = "admin/users.html", config = ".askama.toml")]
struct UsersPage {
    chrome: Chrome,
    form: FormState,
    users: Vec<LoginRow>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/user.html", config = ".askama.toml")]
struct UserPage {
    chrome: Chrome,
    form: FormState,
    view: UserView,
    /// Where the next role would reach.
    place: PlaceView,
    /// A password shown this once.
    shown: Option<String>,
}

impl UserPage {
    fn roles_here(&self) -> Vec<Role> {
        Role::ALL.into_iter().filter(|role| role_fits(*role, self.place.kind)).collect()
    }
}

#[derive(Deserialize, Default)]
struct After {
    #[serde(default)]
    after: String,
}

async fn list(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    chrome: Chrome,
    Query(query): Query<After>,
) -> HttpResult<Response> {
    show_list(&desk, &by, chrome, FormState::default(), &query.after).await
}

async fn show_list(
    desk: &Desk,
    by: &CountyAdmin,
    chrome: Chrome,
    form: FormState,
    after: &str,
) -> HttpResult<Response> {
    let users = desk.users(by, after).await?;
    let full = i64::try_from(users.len()).is_ok_and(|n| n == USERS_PAGE);
    let next = users.last().filter(|_| full).map(|u| u.login_name.clone());
    let title = chrome.t.admin_users();
    let status = if form.is_wrong() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(Page(UsersPage { chrome: chrome.titled(title), form, users, next }).with_status(status))
}

#[derive(Deserialize)]
struct NewInput {
    login: String,
    display_name: String,
}

async fn make(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<CountyAdmin>,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<NewInput>,
) -> HttpResult<Response> {
    match desk.create_user(&by, &input.login, &input.display_name).await {
        Ok((user, password)) => tell(&desk, &visitor, &by, chrome, user, password).await,
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show_list(&desk, &by, chrome, form, "").await
        }
    }
}

/// The page with a password that it shows this once. The same form again finds the page without it.
async fn tell(
    desk: &Desk,
    visitor: &Visitor,
    by: &CountyAdmin,
    chrome: Chrome,
    user: UserId,
    password: ShownOnce,
) -> HttpResult<Response> {
    let to = format!("/admin/users/{user}");
    let again = see_other(visitor, &to, Tone::Info, chrome.t.admin_password_told());
    let (_, said) = once::read(again).await?;
    let page = show(desk, by, chrome, user, None, FormState::default(), Some(password.0)).await?;
    Ok((Extension(ToldOnce(said)), page).into_response())
}

async fn show(
    desk: &Desk,
    by: &CountyAdmin,
    chrome: Chrome,
    user: UserId,
    at: Option<OrgId>,
    form: FormState,
    shown: Option<String>,
) -> HttpResult<Response> {
    let view = desk.user(by, user).await?;
    let place = desk.place(by, at.unwrap_or(by.org)).await?;
    let title = chrome.t.admin_users();
    let status = if form.is_wrong() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(Page(UserPage { chrome: chrome.titled(title), form, view, place, shown }).with_status(status))
}

#[derive(Deserialize, Default)]
struct At {
    at: Option<OrgId>,
}

async fn one(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    chrome: Chrome,
    Path(user): Path<UserId>,
    Query(query): Query<At>,
) -> HttpResult<Response> {
    show(&desk, &by, chrome, user, query.at, FormState::default(), None).await
}

/// Back to the account with a word of success, or the page again with what was wrong.
async fn done(
    desk: &Desk,
    visitor: &Visitor,
    by: &CountyAdmin,
    chrome: Chrome,
    user: UserId,
    form: FormState,
    result: ServiceResult<()>,
) -> HttpResult<Response> {
    match result {
        Ok(()) => {
            let saved = chrome.t.admin_saved();
            Ok(see_other(visitor, &format!("/admin/users/{user}"), Tone::Good, saved).into_response())
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(desk, by, chrome, user, None, form, None).await
        }
    }
}

#[derive(Deserialize)]
struct GrantInput {
    role: String,
    org: OrgId,
}

async fn grant(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<CountyAdmin>,
    chrome: Chrome,
    Path(user): Path<UserId>,
    ProtectedForm(input, form): ProtectedForm<GrantInput>,
) -> HttpResult<Response> {
    let result = match input.role.parse() {
        Ok(role) => desk.grant_role(&by, user, role, input.org).await,
        Err(_) => Err(refuse("bad_request").into()),
    };
    done(&desk, &visitor, &by, chrome, user, form, result).await
}

#[derive(Deserialize)]
struct RevokeInput {
    grant: Uuid,
    #[serde(default)]
    reason: String,
}

async fn revoke(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<CountyAdmin>,
    chrome: Chrome,
    Path(user): Path<UserId>,
    ProtectedForm(input, form): ProtectedForm<RevokeInput>,
) -> HttpResult<Response> {
    let result = desk.revoke_role(&by, user, input.grant, &input.reason).await;
    done(&desk, &visitor, &by, chrome, user, form, result).await
}

#[derive(Deserialize)]
struct ReasonInput {
    #[serde(default)]
    reason: String,
}

async fn password(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<CountyAdmin>,
    chrome: Chrome,
    Path(user): Path<UserId>,
    ProtectedForm(input, form): ProtectedForm<ReasonInput>,
) -> HttpResult<Response> {
    match desk.reset_password(&by, user, &input.reason).await {
        Ok(password) => tell(&desk, &visitor, &by, chrome, user, password).await,
        Err(error) => done(&desk, &visitor, &by, chrome, user, form, Err(error)).await,
    }
}

async fn enable(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<CountyAdmin>,
    chrome: Chrome,
    Path(user): Path<UserId>,
    ProtectedForm(input, form): ProtectedForm<ReasonInput>,
) -> HttpResult<Response> {
    match desk.enable_user(&by, user, &input.reason).await {
        Ok(password) => tell(&desk, &visitor, &by, chrome, user, password).await,
        Err(error) => done(&desk, &visitor, &by, chrome, user, form, Err(error)).await,
    }
}

async fn factor(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<CountyAdmin>,
    chrome: Chrome,
    Path(user): Path<UserId>,
    ProtectedForm(input, form): ProtectedForm<ReasonInput>,
) -> HttpResult<Response> {
    let result = desk.reset_second_factor(&by, user, &input.reason).await;
    done(&desk, &visitor, &by, chrome, user, form, result).await
}

async fn disable(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<CountyAdmin>,
    chrome: Chrome,
    Path(user): Path<UserId>,
    ProtectedForm(input, form): ProtectedForm<ReasonInput>,
) -> HttpResult<Response> {
    let result = desk.disable_user(&by, user, &input.reason).await;
    done(&desk, &visitor, &by, chrome, user, form, result).await
}

#[derive(Deserialize)]
struct PersonInput {
    village: String,
    #[serde(default)]
    person: String,
    outside: Option<String>,
    #[serde(default)]
    reason: String,
}

async fn person(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<CountyAdmin>,
    chrome: Chrome,
    Path(user): Path<UserId>,
    ProtectedForm(input, form): ProtectedForm<PersonInput>,
) -> HttpResult<Response> {
    let village = input.village.trim().parse().unwrap_or(0);
    let result = match Who::of(&input.person, input.outside.is_some()) {
        Ok(who) => desk.state_identity(&by, user, village, &who, &input.reason).await,
        Err(error) => Err(error),
    };
    done(&desk, &visitor, &by, chrome, user, form, result).await
}
