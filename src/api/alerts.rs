//! Who stood at the counter: alerts of one person with many cards, and the month's witnesses, second persons and helpers.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{
        amount::points,
        bystander::{NothingShown, Part, Recused},
        ids::AlertId,
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk,
        bearers::{Alert, BorneLine},
        caller::Bookkeeper,
        redeem::{Beside, beside::BesideLine},
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(alerts)).routes(routes!(review)).routes(routes!(month))
}

/// One redemption of a bearer.
#[derive(Serialize, ToSchema)]
struct Borne {
    /// The redemption.
    id: String,
    /// The receipt number.
    no: i64,
    /// The household's number.
    household: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Points taken.
    points: String,
}

impl From<BorneLine> for Borne {
    fn from(l: BorneLine) -> Self {
        Self { id: l.id.to_string(), no: l.no, household: l.household_no, at: l.at, points: points(l.points) }
    }
}

/// One person came for several households within minutes.
#[derive(Serialize, ToSchema)]
struct BearerAlert {
    /// Its id.
    id: String,
    /// When it was noticed.
    #[schema(value_type = String, format = DateTime)]
    raised_at: Timestamp,
    /// The counter's name.
    counter_name: String,
    /// Households by then.
    households: i64,
    /// Who, as far as that is known.
    who: String,
    /// What was taken around that time.
    redemptions: Vec<Borne>,
    /// `open` or `reviewed`.
    state: String,
    /// What was found.
    note: Option<String>,
    /// Who looked into it.
    reviewer: String,
}

impl From<Alert> for BearerAlert {
    fn from(a: Alert) -> Self {
        Self {
            id: a.row.id.to_string(),
            raised_at: a.row.raised_at,
            counter_name: a.counter.0,
            households: a.row.households,
            who: a.who,
            redemptions: a.lines.into_iter().map(Borne::from).collect(),
            state: a.row.state,
            note: a.row.note,
            reviewer: a.reviewer,
        }
    }
}

/// Lists alerts of one person who came for many households: those that wait first.
#[utoipa::path(
    get, path = "/bearer-alerts", tag = "counter", operation_id = "list_bearer_alerts",
    responses((status = 200, description = "Alerts", body = Vec<BearerAlert>)),
    security(("bearer" = []), ("session" = []))
)]
async fn alerts(State(desk): State<Desk>, by: As<Bookkeeper>) -> HttpResult<Json<Vec<BearerAlert>>> {
    Ok(Json(desk.bearer_alerts(&by).await?.into_iter().map(BearerAlert::from).collect()))
}

/// What was found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoteInput {
    /// In a few words.
    note: String,
}

/// Keeps what somebody who had no part in it found.
#[utoipa::path(
    post, path = "/bearer-alerts/{id}/review", tag = "counter", operation_id = "review_bearer_alert",
    params(("id" = String, Path, description = "The alert")), request_body = NoteInput,
    responses(
        (status = 200, description = "The alert", body = BearerAlert),
        (status = 404, description = "No such alert", body = Problem),
        (status = 422, description = "Reviewed already, or the caller's own", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn review(
    State(desk): State<Desk>,
    by: As<Bookkeeper>,
    Path(id): Path<AlertId>,
    Json(input): Json<NoteInput>,
) -> HttpResult<Json<BearerAlert>> {
    Ok(Json(desk.review_alert(&by, id, &input.note).await?.into()))
}

/// Who stood beside a redemption.
#[derive(Serialize, ToSchema)]
pub(super) struct Bystanding {
    /// `witness`, `second` or `helper`.
    #[schema(value_type = String)]
    part: Part,
    /// Who: a household's number, a masked name or the name of a sign-in.
    who: String,
    /// Why nothing could be shown.
    #[schema(value_type = Option<String>)]
    reason: Option<NothingShown>,
    /// What the shopkeeper is to the household: `own_household` or `kin_household`.
    #[schema(value_type = Option<String>)]
    recused: Option<Recused>,
}

impl From<Beside> for Bystanding {
    fn from(b: Beside) -> Self {
        Self { part: b.part, who: b.who, reason: b.reason, recused: b.recused }
    }
}

/// Which month.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MonthQuery {
    /// Any day of it; the present month when absent.
    #[param(value_type = Option<String>, format = Date)]
    month: Option<Day>,
}

/// How many of one part at one counter.
#[derive(Serialize, ToSchema)]
struct PartCount {
    /// The counter's name.
    counter_name: String,
    /// `witness`, `second` or `helper`.
    #[schema(value_type = String)]
    part: Part,
    /// Redemptions.
    count: i64,
}

/// A redemption with somebody beside.
#[derive(Serialize, ToSchema)]
struct BesideEntry {
    /// The redemption.
    id: String,
    /// The receipt number.
    no: i64,
    /// The household's number.
    household: String,
    /// Who served.
    cashier: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Points taken.
    points: String,
    /// Who stood beside.
    beside: Bystanding,
}

impl From<BesideLine> for BesideEntry {
    fn from(l: BesideLine) -> Self {
        Self {
            id: l.id.to_string(),
            no: l.no,
            household: l.household_no,
            cashier: l.cashier,
            at: l.at,
            points: points(l.points),
            beside: l.beside.into(),
        }
    }
}

/// What was redeemed with somebody beside in one month.
#[derive(Serialize, ToSchema)]
struct BesideList {
    /// How many, by counter and part.
    counts: Vec<PartCount>,
    /// The redemptions, the latest first.
    redemptions: Vec<BesideEntry>,
}

/// Lists what was redeemed with a witness, a second person or a helper in one month.
#[utoipa::path(
    get, path = "/bystanders", tag = "counter", operation_id = "list_bystanders", params(MonthQuery),
    responses((status = 200, description = "The month", body = BesideList)),
    security(("bearer" = []), ("session" = []))
)]
async fn month(
    State(desk): State<Desk>,
    by: As<Bookkeeper>,
    Query(asked): Query<MonthQuery>,
) -> HttpResult<Json<BesideList>> {
    let found = desk.beside_month(&by, asked.month.unwrap_or_else(|| desk.today())).await?;
    let counts = found.counts.into_iter();
    let counts = counts.map(|(counter_name, _, part, count)| PartCount { counter_name, part, count });
    let redemptions = found.lines.into_iter().map(BesideEntry::from).collect();
    Ok(Json(BesideList { counts: counts.collect(), redemptions }))
}
