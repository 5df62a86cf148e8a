//! The clerk's register (户籍台账): finding households, one household with its people, cards and history, changes by
//! date, and taking over a whole register. Points are never changed here.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};
use serde::Deserialize;

use crate::{
    domain::{household::HouseholdNo, ids::OrgId, kin::KinKind, person::Relation},
    http::{AppState, As, HttpResult, Path, Query},
    service::{
        Desk,
        caller::Clerk,
        register::{HouseholdFile, HouseholdLine, PAGE_HOUSEHOLDS_MAX, kinship::TieView},
    },
    store::register::Place,
    text::T,
    web::{
        form::FormState,
        page::{Chrome, Page},
    },
};

pub mod change;
pub mod import;

/// The pages of the register.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/clerk/households", get(list))
        .route("/clerk/households/{no}", get(one))
        .merge(change::routes())
        .merge(import::routes())
}

impl T {
    /// The word for a household's state as stored.
    #[must_use]
    pub fn household_state(self, state: impl AsRef<str>) -> String {
        let state = state.as_ref();
        let parsed: Result<crate::domain::household::HouseholdState, _> = state.parse();
        parsed.map_or_else(|_| state.to_owned(), |s| s.words().text(self.lang()).to_owned())
    }

    /// The word for a relation as stored.
    #[must_use]
    pub fn relation_word(self, relation: impl AsRef<str>) -> String {
        let relation = relation.as_ref();
        let parsed: Result<Relation, _> = relation.parse();
        parsed.map_or_else(|_| relation.to_owned(), |r| r.words().text(self.lang()).to_owned())
    }
}

/// What the search form sends.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "register/list.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    asked: Asked,
    groups: Vec<Place>,
    found: Vec<HouseholdLine>,
    next: Option<String>,
}

async fn list(
    State(desk): State<Desk>,
    by: As<Clerk>,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> HttpResult<Page<impl Template>> {
    let groups: Vec<Place> = desk.places(&by).await?.into_iter().filter(|p| p.kind == "group").collect();
    let group: Option<OrgId> = asked.group.parse().ok();
    let group = group.filter(|id| groups.iter().any(|g| g.id == *id));
    let (found, next) = match group {
        Some(group) => (desk.households_of_group(&by, group).await?, None),
        None => {
            let found = desk.find_households(&by, &asked.q, &asked.after, PAGE_HOUSEHOLDS_MAX).await?;
            let full = i64::try_from(found.len()).is_ok_and(|n| n == PAGE_HOUSEHOLDS_MAX);
            let last = found.last().filter(|_| full).map(|h| h.household.no.to_string());
            let query = crate::http::error::escape_query(&asked.q);
            (found, last.map(|no| format!("/clerk/households?q={query}&after={no}")))
        }
    };
    let title = chrome.t.register_title();
    Ok(Page(ListPage { chrome: chrome.titled(title), asked, groups, found, next }))
}

#[derive(Template)]
#[template(path = "register/one.html", config = ".askama.toml")]
struct OnePage {
    chrome: Chrome,
    form: FormState,
    file: HouseholdFile,
    relations: Vec<Relation>,
    kinds: Vec<KinKind>,
    ties: Vec<TieView>,
    frozen: bool,
    closed: bool,
}

async fn one(
    State(desk): State<Desk>,
    by: As<Clerk>,
    chrome: Chrome,
    Path(no): Path<HouseholdNo>,
) -> HttpResult<Response> {
    let form = FormState::default().with("on", desk.today());
    show(&desk, &by, chrome, &no, form).await
}

/// The household's page, with what was wrong with the last form.
pub(super) async fn show(
    desk: &Desk,
    by: &Clerk,
    chrome: Chrome,
    no: &HouseholdNo,
    form: FormState,
) -> HttpResult<Response> {
    use axum::http::StatusCode;
    let file = desk.household_file(by, no).await?;
    let ties = desk.kin_of_household(by, &file.members).await?;
    let state = file.household.state_code();
    let (frozen, closed) = (state.starts_with("frozen"), state == "closed");
    let title = format!("{} {no}", chrome.t.register_household());
    let status = if form.is_wrong() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let relations = Relation::ALL.to_vec();
    let kinds = KinKind::ALL.to_vec();
    let page = OnePage { chrome: chrome.titled(title), form, file, relations, kinds, ties, frozen, closed };
    Ok(Page(page).with_status(status))
}
