//! What a household has and why.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    holds::{LapsingPoints, OpenHold},
    problem::Problem,
    redemptions::Receipt,
};
use crate::{
    domain::{
        amount::points,
        ids::HouseholdId,
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk,
        as_of::{AsOf, Leaf},
        caller::{Resident, Staff},
        statement::{AwardView, Holdings, Score, StatementLine, Why},
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(own_balance))
        .routes(routes!(own_statement))
        .routes(routes!(own_receipts))
        .routes(routes!(balance))
        .routes(routes!(statement))
}

/// A member's saved minutes.
#[derive(Serialize, ToSchema)]
struct Hours {
    /// The person's number.
    person: String,
    /// Their name.
    name: String,
    /// Saved minutes.
    minutes: i64,
}

/// An award and what is behind it.
#[derive(Serialize, ToSchema)]
struct AwardLine {
    /// The award.
    id: String,
    /// Its number.
    no: i64,
    /// The item's code.
    item: String,
    /// What the item is called.
    name: String,
    /// The same in English.
    name_en: String,
    /// How the amount came about.
    words: String,
    /// The same in English.
    words_en: String,
    /// How much was counted.
    quantity: String,
    /// Who did it; empty when it counts for the household.
    person: String,
    /// When it happened.
    #[schema(value_type = String, format = Date)]
    occurred_on: Day,
    /// Points, signed.
    points: String,
    /// Honour points, signed.
    honor: String,
    /// Minutes of service.
    minutes: i64,
    /// Who recorded it.
    recorder: String,
    /// Who reviewed it.
    reviewers: Vec<String>,
    /// The sheet's number.
    notice_no: Option<i64>,
    /// Its line there.
    notice_line: Option<i32>,
    /// When its clock runs out.
    #[schema(value_type = Option<String>, format = DateTime)]
    closes_at: Option<Timestamp>,
    /// Where it stands.
    state: String,
}

impl From<AwardView> for AwardLine {
    fn from(a: AwardView) -> Self {
        Self {
            id: a.id.to_string(),
            no: a.no,
            item: a.item,
            name: a.name,
            name_en: a.name_en,
            words: a.words,
            words_en: a.words_en,
            quantity: a.quantity,
            person: a.person,
            occurred_on: a.occurred_on,
            points: points(a.points),
            honor: points(a.honor),
            minutes: a.minutes,
            recorder: a.recorder,
            reviewers: a.reviewers,
            notice_no: a.notice_no,
            notice_line: a.notice_line,
            closes_at: a.closes_at,
            state: a.state,
        }
    }
}

/// What a household has.
#[derive(Serialize, ToSchema)]
struct Balance {
    /// Its number.
    household: String,
    /// Its head, masked.
    name: String,
    /// Where it stands.
    state: &'static str,
    /// Spendable points.
    #[schema(example = "35")]
    available: String,
    /// Points reserved by orders.
    held: String,
    /// Points owed after a reversal.
    arrears: String,
    /// The reputation score.
    honor: String,
    /// Points in notice now.
    in_notice: String,
    /// Saved minutes, by member.
    members: Vec<Hours>,
    /// What is recorded and not posted yet.
    pending: Vec<AwardLine>,
    /// What is put aside, and until when.
    holds: Vec<OpenHold>,
    /// Points that lapse within 30 days, or as the rules say.
    lapses: Vec<LapsingPoints>,
}

impl From<Holdings> for Balance {
    fn from(h: Holdings) -> Self {
        let in_notice = points(h.in_notice());
        Self {
            household: h.no,
            name: h.masked_name,
            state: h.state.as_str(),
            available: points(h.available),
            held: points(h.held),
            arrears: points(h.arrears),
            honor: points(h.honor),
            in_notice,
            members: h
                .members
                .into_iter()
                .map(|m| Hours { person: m.no, name: m.name, minutes: m.minutes })
                .collect(),
            pending: h.pending.into_iter().map(AwardLine::from).collect(),
            holds: h.holds.into_iter().map(OpenHold::from).collect(),
            lapses: h.lapses.into_iter().map(LapsingPoints::from).collect(),
        }
    }
}

/// One line of a statement.
#[derive(Serialize, ToSchema)]
struct StatementEntry {
    /// Its place: give it as `after` for the next page.
    version: i64,
    /// The transaction.
    seq: i64,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The business day it counts for.
    #[schema(value_type = String, format = Date)]
    day: Day,
    /// `award`, `redemption`, `reversal` …
    kind: String,
    /// What it brought (+) or took (−).
    amount: String,
    /// What the household had with it.
    after: String,
    /// The last day on which it may be spent.
    #[schema(value_type = Option<String>, format = Date)]
    expires_on: Option<Day>,
    /// The transaction it undoes.
    reverses: Option<i64>,
    /// The award behind it.
    award: Option<AwardLine>,
    /// The redemption behind it.
    redemption: Option<Receipt>,
}

impl From<StatementLine> for StatementEntry {
    fn from(l: StatementLine) -> Self {
        let (award, redemption) = match l.why {
            Why::Award(award) => (Some(AwardLine::from(*award)), None),
            Why::Redemption(receipt) => (None, Some(Receipt::from(*receipt))),
            Why::Other => (None, None),
        };
        Self {
            version: l.version,
            seq: l.seq,
            at: l.at,
            day: l.day,
            kind: l.kind,
            amount: points(l.amount),
            after: points(l.after),
            expires_on: l.expires_on,
            reverses: l.reverses,
            award,
            redemption,
        }
    }
}

/// Which score, from where on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct StatementPage {
    /// `points` (default) or `honor`.
    #[serde(default)]
    score: String,
    /// The last version of the page before.
    after: Option<i64>,
    /// At most 100.
    limit: Option<i64>,
    /// Only business days up to this one.
    #[serde(default)]
    effective_on: String,
    /// Only what was recorded by this instant (RFC 3339).
    #[serde(default)]
    recorded_at: String,
}

impl StatementPage {
    fn as_of(&self) -> HttpResult<AsOf> {
        Ok(AsOf::read(&self.effective_on, &self.recorded_at)?)
    }

    fn leaf(&self) -> Leaf {
        Leaf { before: self.after, limit: self.limit.unwrap_or(50) }
    }

    fn score(&self) -> Score {
        if self.score == "honor" { Score::Honor } else { Score::Points }
    }
}

/// As of when. What is under way (notices, pauses) is told for the present only.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Then {
    /// Only business days up to this one.
    #[serde(default)]
    effective_on: String,
    /// Only what was recorded by this instant (RFC 3339).
    #[serde(default)]
    recorded_at: String,
}

/// Shows what the signed-in household has, or had.
#[utoipa::path(
    get, path = "/my/balance", tag = "households", operation_id = "own_balance", params(Then),
    responses((status = 200, description = "What it has", body = Balance)),
    security(("session" = []))
)]
async fn own_balance(
    State(desk): State<Desk>,
    by: As<Resident>,
    Query(then): Query<Then>,
) -> HttpResult<Json<Balance>> {
    let as_of = AsOf::read(&then.effective_on, &then.recorded_at)?;
    Ok(Json(desk.own_holdings_as_of(&by, as_of).await?.into()))
}

/// Lists the signed-in household's statement, the latest first.
#[utoipa::path(
    get, path = "/my/statement", tag = "households", operation_id = "own_statement", params(StatementPage),
    responses((status = 200, description = "Lines", body = Vec<StatementEntry>)),
    security(("session" = []))
)]
async fn own_statement(
    State(desk): State<Desk>,
    by: As<Resident>,
    Query(page): Query<StatementPage>,
) -> HttpResult<Json<Vec<StatementEntry>>> {
    let lines = desk.own_statement_as_of(&by, page.score(), page.as_of()?, page.leaf()).await?;
    Ok(Json(lines.into_iter().map(StatementEntry::from).collect()))
}

/// From where on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReceiptPage {
    /// The last receipt number of the page before.
    after: Option<i64>,
    /// At most 100.
    limit: Option<i64>,
}

/// Lists the signed-in household's receipts, the latest first.
#[utoipa::path(
    get, path = "/my/receipts", tag = "households", operation_id = "own_receipts", params(ReceiptPage),
    responses((status = 200, description = "Receipts", body = Vec<Receipt>)),
    security(("session" = []))
)]
async fn own_receipts(
    State(desk): State<Desk>,
    by: As<Resident>,
    Query(page): Query<ReceiptPage>,
) -> HttpResult<Json<Vec<Receipt>>> {
    let rows = desk.own_receipts(&by, page.after, page.limit.unwrap_or(50)).await?;
    Ok(Json(rows.into_iter().map(Receipt::from).collect()))
}

/// Shows what a household has, or had, to those who may read it.
#[utoipa::path(
    get, path = "/households/{id}/balance", tag = "households", operation_id = "household_balance",
    params(("id" = String, Path, description = "The household"), Then),
    responses(
        (status = 200, description = "What it has", body = Balance),
        (status = 404, description = "No such household in this village", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn balance(
    State(desk): State<Desk>,
    by: As<Staff>,
    Path(id): Path<HouseholdId>,
    Query(then): Query<Then>,
) -> HttpResult<Json<Balance>> {
    let as_of = AsOf::read(&then.effective_on, &then.recorded_at)?;
    Ok(Json(desk.holdings_as_of(&by, id, as_of).await?.into()))
}

/// Lists a household's statement, the latest first, to those who may read it.
#[utoipa::path(
    get, path = "/households/{id}/statement", tag = "households", operation_id = "household_statement",
    params(("id" = String, Path, description = "The household"), StatementPage),
    responses(
        (status = 200, description = "Lines", body = Vec<StatementEntry>),
        (status = 404, description = "No such household in this village", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn statement(
    State(desk): State<Desk>,
    by: As<Staff>,
    Path(id): Path<HouseholdId>,
    Query(page): Query<StatementPage>,
) -> HttpResult<Json<Vec<StatementEntry>>> {
    let lines = desk.statement_as_of(&by, id, page.score(), page.as_of()?, page.leaf()).await?;
    Ok(Json(lines.into_iter().map(StatementEntry::from).collect()))
}
