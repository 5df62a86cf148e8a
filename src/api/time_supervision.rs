//! Hours outstanding, for whoever supervises: how old they are, whether they can be served, what is open between villages.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{time::Day, timebank::ageing::Age},
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk,
        caller::{Auditor, Clerk, CountyAdmin, Township},
        timebank::{
            clearing::{MonthOfVillage, Which},
            party::Party,
        },
    },
    store::timebank::clearing::ClearingRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(ageing))
        .routes(routes!(cover))
        .routes(routes!(county))
        .routes(routes!(positions, draw))
        .routes(routes!(decide))
        .routes(routes!(resolve))
}

/// Outstanding minutes of one age.
#[derive(Serialize, ToSchema)]
struct TimeAge {
    /// `under_1`, `1_to_3`, `3_to_5` or `over_5` years.
    age: String,
    /// How many minutes.
    minutes: i64,
}

/// Outstanding minutes by age.
#[derive(Serialize, ToSchema)]
struct TimeAgeing {
    /// As of this day.
    on: String,
    /// All of them.
    outstanding: i64,
    /// How many people have minutes.
    savers: usize,
    /// By age: what was saved first is drawn first.
    ages: Vec<TimeAge>,
}

/// Outstanding minutes by age.
#[utoipa::path(
    get, path = "/time/ageing", tag = "time", operation_id = "get_time_ageing",
    responses((status = 200, description = "By age", body = TimeAgeing), (status = 403, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn ageing(State(desk): State<Desk>, As(by): As<Auditor>) -> HttpResult<Json<TimeAgeing>> {
    let found = desk.time_bank_ageing(&by).await?;
    let ages = Age::ALL.iter().zip(found.all.buckets);
    Ok(Json(TimeAgeing {
        on: found.on.to_string(),
        outstanding: found.all.balance(),
        savers: found.savers,
        ages: ages.map(|(age, minutes)| TimeAge { age: age.to_string(), minutes }).collect(),
    }))
}

/// What was promised against what is served.
#[derive(Serialize, ToSchema)]
struct TimeCover {
    /// As of this day.
    on: String,
    /// All outstanding minutes.
    outstanding: i64,
    /// Those that may be drawn now or within a year.
    promised: i64,
    /// Minutes served in the last twelve months.
    served: i64,
    /// Tenths of a month that it takes to serve what was promised; absent when nobody serves.
    month_tenths: Option<i64>,
    /// `covered`, `watch` or `act`.
    level: String,
    /// Months from which on it is watched.
    watch_months: i64,
    /// Months from which on somebody has to act.
    act_months: i64,
    /// Minutes in the public pool, free.
    pool: i64,
    /// Minutes that may still be issued into it this year.
    quota_left: i64,
}

/// Whether what was promised can be served.
#[utoipa::path(
    get, path = "/time/cover", tag = "time", operation_id = "get_time_cover",
    responses((status = 200, description = "Promised and served", body = TimeCover), (status = 422, description = "No policy is in force", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn cover(State(desk): State<Desk>, As(by): As<Auditor>) -> HttpResult<Json<TimeCover>> {
    let found = desk.time_bank_cover(&by).await?;
    Ok(Json(TimeCover {
        on: found.on.to_string(),
        outstanding: found.outstanding,
        promised: found.cover.promised,
        served: found.cover.served,
        month_tenths: found.cover.month_tenths,
        level: found.cover.level.to_string(),
        watch_months: found.thresholds.0,
        act_months: found.thresholds.1,
        pool: found.pool,
        quota_left: found.quota_left,
    }))
}

/// The month that is meant.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OfMonth {
    /// A day of it.
    #[param(value_type = String)]
    month: Day,
}

/// What a village keeps open with another in a month.
#[derive(Serialize, ToSchema)]
struct TimePosition {
    /// The number of the other village.
    with: i64,
    /// Minutes that left for it.
    sent: i64,
    /// Minutes that came from it.
    received: i64,
    /// Minutes taken over, less those given.
    net: i64,
    /// Where this side's statement stands: `drawn`, `confirmed`, `disputed`, `resolved`; absent before it is drawn up.
    state: Option<String>,
    /// Of a dispute: what is wrong.
    words: String,
    /// Of a dispute: the last day on which it is to be settled.
    settle_by: Option<String>,
    /// Of a dispute: what was found.
    outcome: String,
}

/// What a village keeps open with others in a month.
#[derive(Serialize, ToSchema)]
struct TimePositions {
    /// The first day of the month.
    month: String,
    /// Minutes taken over from all others, less those given.
    net: i64,
    /// By village.
    with: Vec<TimePosition>,
}

impl From<MonthOfVillage> for TimePositions {
    fn from(of: MonthOfVillage) -> Self {
        let statement = |with: i64| of.statements.iter().find(|row| row.with_village == with);
        let with = of.with.iter().map(|(with, position)| {
            let row: Option<&ClearingRow> = statement(*with);
            TimePosition {
                with: *with,
                sent: position.sent,
                received: position.received,
                net: position.net(),
                state: row.map(|row| row.state.clone()),
                words: row.map_or_else(String::new, |row| row.words.clone()),
                settle_by: row.and_then(|row| row.settle_by).map(|day| day.to_string()),
                outcome: row.map_or_else(String::new, |row| row.outcome.clone()),
            }
        });
        Self { month: of.month.to_string(), net: of.net, with: with.collect() }
    }
}

/// What the village keeps open with others in the month of a day.
#[utoipa::path(
    get, path = "/time/clearing", tag = "time", operation_id = "get_time_positions", params(OfMonth),
    responses((status = 200, description = "By village", body = TimePositions), (status = 403, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn positions(
    State(desk): State<Desk>,
    As(by): As<Auditor>,
    Query(query): Query<OfMonth>,
) -> HttpResult<Json<TimePositions>> {
    Ok(Json(desk.time_positions(&by, query.month).await?.into()))
}

/// A month.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MonthInput {
    /// A day of it.
    #[schema(value_type = String)]
    month: Day,
}

/// Draws up the statements of a month that is over.
#[utoipa::path(
    post, path = "/time/clearing", tag = "time", operation_id = "draw_clearing_statements", request_body = MonthInput,
    responses((status = 200, description = "Drawn up, or there already", body = TimePositions), (status = 422, description = "The month is not over", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn draw(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    As(party): As<Party>,
    Json(input): Json<MonthInput>,
) -> HttpResult<Json<TimePositions>> {
    desk.draw_clearing_statements(&by, input.month).await?;
    Ok(Json(desk.time_clearing_desk(&party, input.month).await?.into()))
}

/// What a side says of its statement.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ClearingDecision {
    /// A day of its month.
    #[schema(value_type = String)]
    month: Day,
    /// Whether it is right.
    confirms: bool,
    /// What is wrong.
    #[serde(default)]
    words: String,
}

/// Confirms or disputes this side's statement; a dispute is settled within 15 working days.
#[utoipa::path(
    post, path = "/time/clearing/{with}/decision", tag = "time", operation_id = "decide_clearing_statement", params(("with" = i64, Path)),
    request_body = ClearingDecision,
    responses((status = 200, description = "Written down", body = TimePositions), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn decide(
    State(desk): State<Desk>,
    As(party): As<Party>,
    Path(with): Path<i64>,
    Json(input): Json<ClearingDecision>,
) -> HttpResult<Json<TimePositions>> {
    let which = Which { with, month: input.month };
    desk.decide_clearing_statement(&party.arbiter()?, which, input.confirms, &input.words).await?;
    Ok(Json(desk.time_clearing_desk(&party, input.month).await?.into()))
}

/// What was found of a dispute.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ClearingOutcome {
    /// A day of its month.
    #[schema(value_type = String)]
    month: Day,
    /// What was found.
    outcome: String,
}

/// The township settles a dispute.
#[utoipa::path(
    post, path = "/time/clearing/{with}/outcome", tag = "time", operation_id = "resolve_clearing_dispute", params(("with" = i64, Path)),
    request_body = ClearingOutcome,
    responses((status = 200, description = "Settled", body = TimePositions), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn resolve(
    State(desk): State<Desk>,
    As(by): As<Township>,
    As(party): As<Party>,
    Path(with): Path<i64>,
    Json(input): Json<ClearingOutcome>,
) -> HttpResult<Json<TimePositions>> {
    let which = Which { with, month: input.month };
    desk.resolve_clearing_dispute(&by, which, &input.outcome).await?;
    Ok(Json(desk.time_clearing_desk(&party, input.month).await?.into()))
}

/// What all villages keep open with each other in a month.
#[derive(Serialize, ToSchema)]
struct CountyPositions {
    /// The first day of the month.
    month: String,
    /// Every village with moves, and its net.
    villages: Vec<VillageNet>,
    /// The sum of all nets: zero.
    total: i64,
    /// The first pair of villages whose ledgers do not agree.
    apart: Option<Vec<i64>>,
}

/// What a village keeps open with all others.
#[derive(Serialize, ToSchema)]
struct VillageNet {
    /// Its number.
    village: i64,
    /// Minutes taken over, less those given.
    net: i64,
}

/// What all villages keep open with each other in the month of a day, for the county.
#[utoipa::path(
    get, path = "/time/clearing/county", tag = "time", operation_id = "get_county_positions", params(OfMonth),
    responses((status = 200, description = "By village", body = CountyPositions), (status = 403, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn county(
    State(desk): State<Desk>,
    As(by): As<CountyAdmin>,
    Query(query): Query<OfMonth>,
) -> HttpResult<Json<CountyPositions>> {
    let found = desk.time_positions_of_county(&by, query.month).await?;
    let villages = found.nets.iter().map(|(village, net)| VillageNet { village: *village, net: *net });
    Ok(Json(CountyPositions {
        month: found.month.to_string(),
        villages: villages.collect(),
        total: found.total,
        apart: found.apart.map(|(one, other)| vec![one, other]),
    }))
}
