//! The time bank's pages, for households and staff alike: what everybody has, the board, a new request, finding somebody.
//! Who looks decides what is shown; an order is in [`order`], a person in [`person`], the township's part in [`policy`].

use askama::Template;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    domain::{
        kin::KinKind,
        time::Timestamp,
        timebank::{ServiceKind, order::OrderState},
    },
    http::{AppState, As, HttpResult, Query, Visitor},
    service::{
        Desk, ServiceError, ServiceResult,
        caller::{Recorder, Role},
        decode, refuse,
        timebank::{
            ask::NewOrder,
            party::Party,
            people::Hours,
            serve::LateOrder,
            view::{OrderView, Someone},
        },
    },
    text::T,
    web::{
        clerk::record::refused,
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
        show,
    },
};

mod clearing;
mod estates;
mod order;
mod person;
mod policy;

/// Orders on one page.
const PAGE: i64 = 30;

/// The pages of this folder.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/time", get(home))
        .route("/time/board", get(board))
        .route("/time/new", get(new_page))
        .route("/time/orders", post(ask))
        .route("/time/late", get(late_page).post(enter_late))
        .route("/time/orders/{id}", get(order::page))
        .route("/time/orders/{id}/step", post(order::step))
        .route("/time/people", get(people))
        .route("/time/people/{no}", get(person::page))
        .route("/time/people/{no}/step", post(person::step))
        .route("/time/clearing", get(clearing::page).post(clearing::step))
        .route("/time/elsewhere", get(clearing::elsewhere_page).post(clearing::ask_elsewhere))
        .route("/time/estates", get(estates::page).post(estates::step))
        .route("/time/scan", post(decode_photo))
        .route("/township/time-bank", get(policy::page).post(policy::step))
}

/// The colour of an order's state.
pub(in crate::web) fn colour(o: &OrderView) -> &'static str {
    match o.state {
        _ if o.reversed => "bad",
        OrderState::Posted | OrderState::Rated | OrderState::Cleared => "good",
        OrderState::Held | OrderState::Disputed | OrderState::NoShow => "bad",
        OrderState::Cancelled | OrderState::NotCounted => "",
        OrderState::Open | OrderState::Queued | OrderState::Late | OrderState::Done => "warn",
        OrderState::Accepted | OrderState::Serving => "info",
    }
}

/// Minutes of an order, as hours and minutes.
pub(in crate::web) fn minutes(t: impl show::Figure<T>, minutes: impl show::Figure<i32>) -> String {
    show::hours(t.figure(), i64::from(minutes.figure()))
}

#[derive(Template)]
#[template(path = "time/home.html", config = ".askama.toml")]
struct HomePage {
    chrome: Chrome,
    open: bool,
    hours: Vec<Hours>,
    orders: Vec<OrderView>,
}

#[derive(Template)]
#[template(path = "time/desk.html", config = ".askama.toml")]
struct DeskPage {
    chrome: Chrome,
    open: bool,
    desk: bool,
    township: bool,
    calls: Vec<OrderView>,
    tabs: Vec<(OrderState, i64)>,
    here: OrderState,
    orders: Vec<OrderView>,
    next: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
struct Listed {
    #[serde(default)]
    state: String,
    after: Option<i64>,
}

async fn home(
    State(desk): State<Desk>,
    As(by): As<Party>,
    chrome: Chrome,
    Query(query): Query<Listed>,
) -> HttpResult<Response> {
    let open = desk.time_policy(by.book()).await?.is_some();
    let title = chrome.t.time_title();
    let chrome = chrome.titled(title);
    match &by {
        Party::Household(own) => {
            let (hours, orders) = desk.time_household(own).await?;
            Ok(Page(HomePage { chrome, open, hours, orders }).into_response())
        }
        Party::Staff(staff) => {
            let (recorder, township) = (by.desk().ok(), staff.holds(Role::Township));
            let first = if recorder.is_some() { OrderState::Open } else { OrderState::Held };
            let here = query.state.parse().unwrap_or(first);
            let mut calls = Vec::new();
            if let Some(recorder) = &recorder {
                for row in desk.to_call_back(recorder).await? {
                    calls.push(desk.time_order_file(&by, row.id).await?.order);
                }
            }
            let counts = desk.time_counts(&by).await?;
            let count = |state: &OrderState| counts.iter().find(|(s, _)| s == state).map_or(0, |(_, n)| *n);
            let tabs = OrderState::ALL.iter().map(|state| (*state, count(state))).collect();
            let orders = desk.time_list(&by, here, query.after.unwrap_or(0), PAGE).await?;
            let next = next(&orders);
            let desk = recorder.is_some();
            let page = DeskPage { chrome, open, desk, township, calls, tabs, here, orders, next };
            Ok(Page(page).into_response())
        }
    }
}

fn next(orders: &[OrderView]) -> Option<i64> {
    let full = i64::try_from(orders.len()).is_ok_and(|n| n == PAGE);
    orders.last().filter(|_| full).map(|o| o.row.no)
}

#[derive(Template)]
#[template(path = "time/board.html", config = ".askama.toml")]
struct BoardPage {
    chrome: Chrome,
    orders: Vec<OrderView>,
    next: Option<i64>,
}

async fn board(
    State(desk): State<Desk>,
    As(by): As<Party>,
    chrome: Chrome,
    Query(query): Query<Listed>,
) -> HttpResult<impl IntoResponse> {
    let orders = desk.time_board(&by, query.after.unwrap_or(0), PAGE).await?;
    let (next, title) = (next(&orders), chrome.t.time_board());
    Ok(Page(BoardPage { chrome: chrome.titled(title), orders, next }))
}

#[derive(Template)]
#[template(path = "time/people.html", config = ".askama.toml")]
struct PeoplePage {
    chrome: Chrome,
    open: bool,
    q: String,
    found: Vec<Hours>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Search {
    q: String,
    person: String,
}

async fn people(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    chrome: Chrome,
    Query(query): Query<Search>,
) -> HttpResult<impl IntoResponse> {
    let found = desk.time_find(&by, &query.q).await?;
    let open = desk.time_policy(by.book).await?.is_some();
    let title = chrome.t.time_ask_phone();
    Ok(Page(PeoplePage { chrome: chrome.titled(title), open, q: query.q, found }))
}

#[derive(Template)]
#[template(path = "time/new.html", config = ".askama.toml")]
struct NewPage {
    chrome: Chrome,
    form: FormState,
    people: Vec<Someone>,
    services: Vec<ServiceKind>,
    late: bool,
    /// Makes the form count once.
    key: String,
}

impl NewPage {
    /// Minutes that can be asked for.
    const LENGTHS: [i64; 10] = [30, 45, 60, 90, 120, 150, 180, 240, 360, 480];
}

/// The page of a new request, or of a sheet; whoever it is for stands in `person`.
async fn build(
    desk: &Desk,
    by: &Party,
    chrome: Chrome,
    form: FormState,
    late: bool,
) -> ServiceResult<NewPage> {
    let (policy, _) = desk.time_policy(by.book()).await?.ok_or_else(|| refuse("time_no_policy"))?;
    let mut people = Vec::new();
    match by {
        Party::Household(own) => {
            for hours in desk.time_household(own).await?.0 {
                let file = desk.time_person(by, hours.who.no.as_str()).await?;
                let family = file
                    .relatives
                    .into_iter()
                    .filter(|(_, kind)| *kind == KinKind::Spouse || kind.is_lineal());
                people.push(hours.who);
                people.extend(family.map(|(one, _)| one));
            }
        }
        Party::Staff(_) if form.value("person").is_empty() => {}
        Party::Staff(_) => people.push(desk.time_person(by, form.value("person")).await?.hours.who),
    }
    people.dedup_by_key(|one| one.id);
    let key = match form.value("key") {
        "" => desk.random_hex(),
        typed => typed.to_owned(),
    };
    let title = if late { chrome.t.time_late_new() } else { chrome.t.time_ask() };
    Ok(NewPage { chrome: chrome.titled(title), form, people, services: policy.services.clone(), late, key })
}

async fn new_page(
    State(desk): State<Desk>,
    As(by): As<Party>,
    chrome: Chrome,
    Query(query): Query<Search>,
) -> HttpResult<impl IntoResponse> {
    by.side()?;
    let form = FormState::default()
        .with("person", query.person)
        .with("day", desk.today().plus(1))
        .with("from", "09:00")
        .with("minutes", 60);
    Ok(Page(build(&desk, &by, chrome, form, false).await?))
}

async fn late_page(
    State(desk): State<Desk>,
    As(by): As<Party>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    by.desk()?;
    let form = FormState::default().with("day", desk.today()).with("minutes", 60);
    Ok(Page(build(&desk, &by, chrome, form, true).await?))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewInput {
    key: String,
    person: String,
    service: String,
    day: String,
    from: String,
    minutes: String,
    words: String,
    volunteer: String,
    sheet: String,
}

/// A day and a time of day, as two fields of a form say them.
fn moment(day: &str, time: &str) -> ServiceResult<Timestamp> {
    let text = format!("{day}T{time}:00+08:00");
    text.parse().map_err(|_| refuse("bad_day").with("text", format!("{day} {time}")).into())
}

async fn new_order(desk: &Desk, by: &Party, input: &NewInput) -> ServiceResult<NewOrder> {
    Ok(NewOrder {
        served: desk.time_person_id(by.book(), &input.person).await?,
        kind: input.service.parse().map_err(|_| refuse("time_service_not_here"))?,
        starts_at: moment(&input.day, &input.from)?,
        minutes: input.minutes.parse().map_err(|_| refuse("bad_number").with("text", &input.minutes))?,
        words: input.words.clone(),
    })
}

async fn ask(
    State(desk): State<Desk>,
    As(by): As<Party>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<NewInput>,
) -> HttpResult<Response> {
    let t = chrome.t;
    let done = async {
        let new = new_order(&desk, &by, &input).await?;
        desk.ask_for_service(&by.side()?, &input.key, &new).await
    };
    match done.await {
        Ok(row) => {
            let waits = row.state == OrderState::Queued.as_str();
            let said = if waits { t.time_queued(row.no) } else { t.time_asked(row.no) };
            Ok(see_other(&visitor, &format!("/time/orders/{}", row.id), Tone::Good, &said))
        }
        Err(error) => again(&desk, &by, chrome, form, error, false).await,
    }
}

async fn enter_late(
    State(desk): State<Desk>,
    As(by): As<Party>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<NewInput>,
) -> HttpResult<Response> {
    let recorder = by.desk()?;
    let done = async {
        let order = new_order(&desk, &by, &input).await?;
        let volunteer = desk.time_person_id(by.book(), &input.volunteer).await?;
        desk.enter_late(&recorder, &input.key, &LateOrder { order, volunteer, sheet: input.sheet.clone() })
            .await
    };
    match done.await {
        Ok(row) => {
            let said = chrome.t.time_entered(row.no);
            Ok(see_other(&visitor, &format!("/time/orders/{}", row.id), Tone::Good, &said))
        }
        Err(error) => again(&desk, &by, chrome, form.with("person", ""), error, true).await,
    }
}

async fn again(
    desk: &Desk,
    by: &Party,
    chrome: Chrome,
    form: FormState,
    error: ServiceError,
    late: bool,
) -> HttpResult<Response> {
    let form = refused(form, chrome.t, error)?;
    // a number that is nobody's is typed again
    let known = desk.time_person_id(by.book(), form.value("person")).await.is_ok();
    let form = if known || late { form } else { form.with("person", "") };
    Ok(Page(build(desk, by, chrome, form, late).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

/// Reads a code from a picture, for browsers that cannot.
async fn decode_photo(As(_by): As<Party>, photo: Bytes) -> HttpResult<Response> {
    let text = tokio::task::spawn_blocking(move || decode::decode(&photo))
        .await
        .map_err(|e| ServiceError::Internal(format!("decoding stopped: {e}")))?;
    Ok(match text {
        Ok(Some(text)) => axum::Json(serde_json::json!({ "text": text })).into_response(),
        Ok(None) | Err(_) => StatusCode::NO_CONTENT.into_response(),
    })
}
