//! The clerk's pages of inspection rounds: opening, how far they are, where two differ. Confirming is in
//! [`super::confirm`].

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
        amount::points,
        ids::{RoundId, UserId},
        inspection::{Marks, RoundState},
        lang::Lang,
        reminder::FIX_DAYS_MIN,
        time::Day,
    },
    http::{AppState, As, HttpResult, Path, Visitor},
    service::{
        Desk, ServiceError, ServiceResult,
        caller::Clerk,
        inspection::{
            open::{NewRound, RoundChoices},
            view::RoundView,
        },
        refuse,
    },
    store::inspection::RoundRow,
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// The clerk's pages.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/clerk/inspections", get(list).post(open))
        .route("/clerk/inspections/{id}", get(one))
        .route("/clerk/inspections/{id}/third", post(third))
        .route("/clerk/inspections/{id}/close", post(close))
        .route("/clerk/inspections/{id}/reopen", post(reopen))
        .route("/clerk/inspections/{id}/withdraw", post(withdraw))
}

#[derive(Template)]
#[template(path = "inspection/list.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    form: FormState,
    today: Day,
    choices: RoundChoices,
    /// What was ticked.
    items: Vec<String>,
    groups: Vec<String>,
    rounds: Vec<(RoundRow, RoundState)>,
}

impl ListPage {
    fn ticked(&self, item: &str) -> bool {
        self.items.iter().any(|one| one == item)
    }

    fn goes_to(&self, group: &crate::domain::ids::OrgId) -> bool {
        let id = group.to_string();
        self.groups.contains(&id)
    }
}

async fn list(State(desk): State<Desk>, As(by): As<Clerk>, chrome: Chrome) -> HttpResult<impl IntoResponse> {
    Ok(Page(build(&desk, &by, chrome, FormState::default(), &[]).await?))
}

async fn build(
    desk: &Desk,
    by: &Clerk,
    chrome: Chrome,
    form: FormState,
    fields: &[(String, String)],
) -> HttpResult<ListPage> {
    let all = |name: &str| fields.iter().filter(|(n, _)| n == name).map(|(_, v)| v.clone()).collect();
    let (items, groups) = (all("item"), all("group"));
    let choices = desk.round_choices(by).await?;
    let mut rounds = Vec::new();
    for row in desk.rounds(by.book).await? {
        let state = row.state().map_err(ServiceError::from)?;
        rounds.push((row, state));
    }
    let title = chrome.t.rounds();
    Ok(ListPage { chrome: chrome.titled(title), form, today: desk.today(), choices, items, groups, rounds })
}

async fn open(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(fields, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let done = match new_round(&fields) {
        Ok(new) => desk.open_round(&by, &new).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(row) => {
            let to = format!("/clerk/inspections/{}", row.id);
            Ok(see_other(&visitor, &to, Tone::Good, &chrome.t.round_opened(row.no)))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let page = build(&desk, &by, chrome, form, &fields).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

fn new_round(fields: &[(String, String)]) -> ServiceResult<NewRound> {
    let all = |name: &'static str| fields.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str());
    let day = all("seen_on").next().unwrap_or_default();
    let groups = all("group").map(|id| id.parse().map_err(|_| refuse("round_groups")));
    let eyes = ["first", "second", "third"].into_iter().flat_map(all).filter(|id| !id.is_empty());
    let eyes = eyes.map(|id| id.parse().map_err(|_| refuse("not_an_inspector")));
    Ok(NewRound {
        seen_on: day.parse().map_err(|_| refuse("bad_day").with("text", day))?,
        items: all("item").map(str::to_owned).collect(),
        groups: groups.collect::<Result<_, _>>()?,
        eyes: eyes.collect::<Result<_, _>>()?,
    })
}

#[derive(Template)]
#[template(path = "inspection/one.html", config = ".askama.toml")]
struct OnePage {
    chrome: Chrome,
    form: FormState,
    v: RoundView,
    /// Who may still be named as the third.
    people: Vec<(UserId, String)>,
    /// The last day to mend that is offered.
    fix_by: Day,
}

impl OnePage {
    /// Households that would not count.
    fn unsettled(&self) -> usize {
        let all = self.v.all();
        all.households.saturating_sub(all.settled)
    }

    /// What somebody found, in words.
    fn words(&self, marks: &Marks) -> String {
        words(self.chrome.t.lang(), &self.v, marks)
            .unwrap_or_else(|| self.chrome.t.round_nothing_marked().to_owned())
    }

    /// Points on record.
    fn points(&self) -> String {
        points(self.v.points)
    }

    /// What an item is called.
    fn item(&self, code: &str) -> &str {
        let found = self.v.items.iter().find(|item| item.code.as_str() == code);
        found.map_or("", |item| item.name.get(self.chrome.t.lang()))
    }
}

/// `月度最清洁户、美丽庭院评定（金）`; nothing for nothing.
fn words(lang: Lang, v: &RoundView, marks: &Marks) -> Option<String> {
    let mut said = Vec::new();
    for (code, grade) in marks.iter() {
        let item = v.items.iter().find(|item| item.code.as_str() == code);
        let name = item.map_or(code, |item| item.name.get(lang));
        let grade = grade.and_then(|grade| item?.grade(grade)).map(|grade| grade.label.get(lang));
        said.push(grade.map_or_else(|| name.to_owned(), |grade| format!("{name}（{grade}）")));
    }
    (!said.is_empty()).then(|| said.join("、"))
}

async fn one(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    chrome: Chrome,
    Path(id): Path<RoundId>,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(page(&desk, &by, chrome, id, FormState::default()).await?))
}

async fn page(desk: &Desk, by: &Clerk, chrome: Chrome, id: RoundId, form: FormState) -> HttpResult<OnePage> {
    let v = desk.round(by, id).await?;
    let mut people = Vec::new();
    if v.state == RoundState::Open && v.eyes.len() < 3 {
        people = desk.round_choices(by).await?.people;
        people.retain(|(user, _)| !v.eyes.iter().any(|eye| eye.user_id == *user));
    }
    let title = chrome.t.round_no(v.row.no);
    Ok(OnePage { chrome: chrome.titled(title), form, v, people, fix_by: desk.today().plus(FIX_DAYS_MIN) })
}

/// Back to the round with a message, or the round as it is with what was wrong.
pub(super) async fn settled(
    (desk, by, id): (&Desk, &Clerk, RoundId),
    visitor: &Visitor,
    chrome: Chrome,
    form: FormState,
    done: ServiceResult<&'static str>,
) -> HttpResult<Response> {
    match done {
        Ok(said) => Ok(see_other(visitor, &format!("/clerk/inspections/{id}"), Tone::Good, said)),
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            let page = page(desk, by, chrome, id, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Deserialize)]
struct ThirdInput {
    #[serde(default)]
    third: String,
}

async fn third(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<RoundId>,
    ProtectedForm(input, form): ProtectedForm<ThirdInput>,
) -> HttpResult<Response> {
    let done = match input.third.parse() {
        Ok(third) => desk.name_third(&by, id, third).await,
        Err(_) => Err(refuse("not_an_inspector").into()),
    };
    let done = done.map(|()| chrome.t.round_third_named());
    settled((&desk, &by, id), &visitor, chrome, form, done).await
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

async fn close(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<RoundId>,
    ProtectedForm(_, form): ProtectedForm<Nothing>,
) -> HttpResult<Response> {
    let done = desk.close_round(&by, id).await.map(|_| chrome.t.round_closed_said());
    settled((&desk, &by, id), &visitor, chrome, form, done).await
}

async fn reopen(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<RoundId>,
    ProtectedForm(_, form): ProtectedForm<Nothing>,
) -> HttpResult<Response> {
    let done = desk.reopen_round(&by, id).await.map(|_| chrome.t.round_reopened());
    settled((&desk, &by, id), &visitor, chrome, form, done).await
}

#[derive(Deserialize)]
struct Why {
    #[serde(default)]
    reason: String,
}

async fn withdraw(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<RoundId>,
    ProtectedForm(input, form): ProtectedForm<Why>,
) -> HttpResult<Response> {
    let done = desk.withdraw_round(&by, id, &input.reason).await.map(|_| chrome.t.round_withdrawn_said());
    settled((&desk, &by, id), &visitor, chrome, form, done).await
}
