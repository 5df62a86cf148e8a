//! Orders of the time bank: asked for, on the board, taken, served, confirmed, posted. Minutes are whole numbers.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{key::IdempotencyKey, problem::Problem};
use crate::{
    domain::{ids::TimeOrderId, time::Timestamp, timebank::order::OrderState},
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk, ServiceResult,
        caller::Recorder,
        refuse,
        timebank::{
            KEY_BYTES_MAX, ORDERS_PAGE,
            ask::NewOrder,
            party::Party,
            serve::LateOrder,
            step::{StepKind, Typed},
            view::{OrderView, Someone},
        },
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, ask))
        .routes(routes!(board))
        .routes(routes!(enter_late))
        .routes(routes!(one))
        .routes(routes!(step))
}

/// A key as orders keep it: one that is too long is told by its digest.
pub(super) fn short(desk: &Desk, key: String) -> String {
    if key.len() <= KEY_BYTES_MAX { key } else { desk.field_digest("key", key.as_bytes()) }
}

/// Somebody of the village.
#[derive(Serialize, ToSchema)]
pub(super) struct TimePerson {
    /// Their number.
    no: String,
    /// Their name; masked on the board.
    name: String,
    /// The household's number.
    household: String,
    /// The volunteer number.
    volunteer: Option<i64>,
}

impl From<Someone> for TimePerson {
    fn from(one: Someone) -> Self {
        Self { no: one.no.to_string(), name: one.name, household: one.home, volunteer: one.volunteer }
    }
}

/// An order.
#[derive(Serialize, ToSchema)]
pub(super) struct TimeOrder {
    /// Its id.
    id: String,
    /// Its number in the book.
    no: i64,
    /// `queued`, `open`, `accepted`, `serving`, `done`, `rated`, `posted`, `held`, `disputed`, `cleared`, `late`,
    /// `cancelled`, `no_show` or `not_counted`.
    state: String,
    /// What is asked for.
    service: String,
    /// When it begins.
    starts_at: String,
    /// Minutes asked for.
    minutes: i32,
    /// Minutes that count, once it is settled.
    counted: i32,
    /// The group where it is.
    group: String,
    /// Who is served.
    served: TimePerson,
    /// Who took it.
    volunteer: Option<TimePerson>,
    /// Whose minutes pay; the public pool's when nobody's.
    payer: Option<TimePerson>,
    /// `self`, `family` or `desk`.
    manner: String,
    /// What else there is to say.
    words: String,
    /// One to five.
    rating: Option<i32>,
    /// Whether it was entered afterwards from a sheet.
    late: bool,
    /// The place of its posting in the book.
    seq: Option<i64>,
    /// Whether that posting was undone.
    reversed: bool,
}

impl From<OrderView> for TimeOrder {
    fn from(view: OrderView) -> Self {
        Self {
            id: view.row.id.to_string(),
            no: view.row.no,
            state: view.state.to_string(),
            service: view.kind.to_string(),
            starts_at: view.row.starts_at.rfc3339(),
            minutes: view.row.minutes,
            counted: view.row.counted,
            group: view.group,
            served: view.served.into(),
            volunteer: view.volunteer.map(Into::into),
            payer: view.payer.map(Into::into),
            manner: view.row.manner,
            words: view.row.words,
            rating: view.row.rating,
            late: view.row.sheet.is_some(),
            seq: view.row.post_seq,
            reversed: view.reversed,
        }
    }
}

/// Which orders.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TimeOrderPage {
    /// For staff: `open` when left out. A household gets those with a part of its own.
    #[param(value_type = Option<String>)]
    state: Option<OrderState>,
    /// The last number of the page before.
    after: Option<i64>,
    /// At most 100.
    limit: Option<i64>,
}

/// Lists orders: for staff those of one state, for a household those with a part of its own.
#[utoipa::path(
    get, path = "/time/orders", tag = "time", operation_id = "list_time_orders", params(TimeOrderPage),
    responses((status = 200, description = "By number", body = Vec<TimeOrder>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Query(page): Query<TimeOrderPage>,
) -> HttpResult<Json<Vec<TimeOrder>>> {
    let found = match &by {
        Party::Household(home) => desk.time_household(home).await?.1,
        Party::Staff(_) => {
            let state = page.state.unwrap_or(OrderState::Open);
            desk.time_list(&by, state, page.after.unwrap_or(0), page.limit.unwrap_or(100)).await?
        }
    };
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

/// Lists the board of open requests. Names are masked.
#[utoipa::path(
    get, path = "/time/board", tag = "time", operation_id = "time_board",
    responses((status = 200, description = "By number", body = Vec<TimeOrder>)),
    security(("bearer" = []), ("session" = []))
)]
async fn board(State(desk): State<Desk>, As(by): As<Party>) -> HttpResult<Json<Vec<TimeOrder>>> {
    let found = desk.time_board(&by, 0, ORDERS_PAGE).await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

/// A service that is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TimeOrderInput {
    /// The number of whoever is to be served.
    #[schema(example = "P000101")]
    person: String,
    /// What: `company`, `meals`, `cleaning` …
    #[schema(example = "cleaning")]
    service: String,
    /// When it begins, RFC 3339.
    #[schema(example = "2026-06-04T09:00:00+08:00")]
    starts_at: String,
    /// How long, in minutes.
    minutes: i64,
    /// At most 500 characters.
    #[serde(default)]
    words: String,
}

impl TimeOrderInput {
    async fn read(self, desk: &Desk, by: &Party) -> ServiceResult<NewOrder> {
        let starts_at: Timestamp =
            self.starts_at.parse().map_err(|_| refuse("bad_day").with("text", &self.starts_at))?;
        let kind = self.service.parse().map_err(|_| refuse("time_service_not_here"))?;
        let served = desk.time_person_id(by.book(), &self.person).await?;
        Ok(NewOrder { served, kind, starts_at, minutes: self.minutes, words: self.words })
    }
}

/// Asks for a service: for oneself, for family, or at the network point for somebody on the phone. The minutes that will
/// pay are put aside at once.
#[utoipa::path(
    post, path = "/time/orders", tag = "time", operation_id = "ask_time_order", request_body = TimeOrderInput,
    responses((status = 201, description = "On the board, or waiting for the pool", body = TimeOrder), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn ask(
    State(desk): State<Desk>,
    As(by): As<Party>,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<TimeOrderInput>,
) -> HttpResult<(StatusCode, Json<TimeOrder>)> {
    let new = input.read(&desk, &by).await?;
    let row = desk.ask_for_service(&by.side()?, &short(&desk, key), &new).await?;
    Ok((StatusCode::CREATED, Json(desk.time_order_file(&by, row.id).await?.order.into())))
}

/// Service that is entered from a sheet.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LateServiceInput {
    /// The number of whoever was served.
    person: String,
    /// What it was.
    service: String,
    /// When it began, RFC 3339.
    starts_at: String,
    /// How long it took, in minutes.
    minutes: i64,
    /// The number of whoever served.
    volunteer: String,
    /// The number of the sheet with both signatures.
    sheet: String,
    /// At most 500 characters.
    #[serde(default)]
    words: String,
}

/// Enters service from a sheet, within ten working days; a second person signs under it.
#[utoipa::path(
    post, path = "/time/late", tag = "time", operation_id = "enter_late_service", request_body = LateServiceInput,
    responses((status = 201, description = "To be countersigned", body = TimeOrder), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn enter_late(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    As(party): As<Party>,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<LateServiceInput>,
) -> HttpResult<(StatusCode, Json<TimeOrder>)> {
    let volunteer = desk.time_person_id(by.book, &input.volunteer).await?;
    let LateServiceInput { person, service, starts_at, minutes, words, sheet, .. } = input;
    let order = TimeOrderInput { person, service, starts_at, minutes, words }.read(&desk, &party).await?;
    let row = desk.enter_late(&by, &short(&desk, key), &LateOrder { order, volunteer, sheet }).await?;
    Ok((StatusCode::CREATED, Json(desk.time_order_file(&party, row.id).await?.order.into())))
}

/// Somebody the desk may ask.
#[derive(Serialize, ToSchema)]
struct TimeMatch {
    /// Who.
    volunteer: TimePerson,
    /// Why, in the order of weight.
    reasons: Vec<String>,
}

/// A check-in and check-out.
#[derive(Serialize, ToSchema)]
struct TimePair {
    /// From when.
    from: String,
    /// How that is known: `card`, `code`, `desk` or `sheet`.
    from_means: String,
    /// Until when.
    until: Option<String>,
    /// How that is known.
    until_means: Option<String>,
}

/// An order with everything that belongs to it.
#[derive(Serialize, ToSchema)]
struct TimeOrderFile {
    /// The order.
    order: TimeOrder,
    /// Its check-ins.
    pairs: Vec<TimePair>,
    /// Whom the network point may ask, in the order in which to ask them.
    matches: Vec<TimeMatch>,
    /// Whether somebody should call both sides.
    call: bool,
    /// Why settled hours wait: a code.
    held_up: Option<String>,
}

/// One order. Whoever has no part in it sees it while it is on the board, without names.
#[utoipa::path(
    get, path = "/time/orders/{id}", tag = "time", operation_id = "get_time_order", params(("id" = String, Path)),
    responses((status = 200, description = "The order", body = TimeOrderFile), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path(id): Path<TimeOrderId>,
) -> HttpResult<Json<TimeOrderFile>> {
    let file = desk.time_order_file(&by, id).await?;
    let pairs = file.pairs.iter().map(|pair| TimePair {
        from: pair.in_at.rfc3339(),
        from_means: pair.in_means.clone(),
        until: pair.out_at.map(Timestamp::rfc3339),
        until_means: pair.out_means.clone(),
    });
    let matches = file.matches.into_iter().map(|(one, why)| TimeMatch {
        volunteer: one.into(),
        reasons: why.iter().map(ToString::to_string).collect(),
    });
    Ok(Json(TimeOrderFile {
        order: file.order.into(),
        pairs: pairs.collect(),
        matches: matches.collect(),
        call: file.call,
        held_up: file.held_up.map(|refusal| refusal.code.to_owned()),
    }))
}

/// What somebody does about an order.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TimeStepInput {
    /// `accept`, `decline`, `give_back`, `substitute`, `missed`, `away`, `reopen`, `cancel`, `check_in`, `check_out`,
    /// `forget`, `confirm_done`, `confirm_served`, `call`, `dispute`, `decide`, `countersign`, `reject` or `allow`.
    #[schema(value_type = String, example = "accept")]
    step: StepKind,
    /// The number of the volunteer, for `accept`, `decline` and `substitute`.
    #[serde(default)]
    person: String,
    /// Why, or what there is to say.
    #[serde(default)]
    words: String,
    /// For `check_in` and `check_out`: the card or the live code of whoever is served; nothing when the network point
    /// writes it down.
    #[serde(default)]
    shown: String,
    /// For `confirm_served`: 1 to 5.
    rating: Option<i64>,
    /// For `call`: `confirmed`, `denied` or `unreached`.
    #[serde(default)]
    found: String,
    /// For `decide`: `as_served`, `in_part` or `nothing`.
    #[serde(default)]
    verdict: String,
    /// For `in_part`: the minutes that count.
    part: Option<i64>,
}

/// Takes one step of an order. What is settled by it is posted at once.
#[utoipa::path(
    post, path = "/time/orders/{id}/steps", tag = "time", operation_id = "take_time_step", params(("id" = String, Path)),
    request_body = TimeStepInput,
    responses((status = 200, description = "The order as it stands now", body = TimeOrder), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn step(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path(id): Path<TimeOrderId>,
    Json(input): Json<TimeStepInput>,
) -> HttpResult<Json<TimeOrder>> {
    // whoever may not see it does not learn that there is one
    desk.time_order_file(&by, id).await?;
    let TimeStepInput { step, person, words, shown, rating, found, verdict, part } = input;
    let typed = Typed { person, words, shown, rating, found, verdict, part };
    desk.take_time_step(&by, id, step, &typed).await?;
    Ok(Json(desk.time_order_file(&by, id).await?.order.into()))
}
