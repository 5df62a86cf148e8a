//! Closed periods and their statements.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{
        amount::decimal,
        period::Way,
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk,
        caller::Bookkeeper,
        periods::{ClosedPeriod, Closing, PreCheck},
        unresolved::Tally,
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, close)).routes(routes!(check)).routes(routes!(statement))
}

/// A closed period.
#[derive(Serialize, ToSchema)]
struct ClosedPeriodView {
    /// The transaction that closed it.
    seq: i64,
    /// The first day; absent for the first period.
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<Day>,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    through: Day,
    /// When it was closed.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// How many transactions the book had when the statement was drawn up.
    drawn_up: Option<i64>,
    /// SHA-256 of the statement's canonical bytes; it stands in the closing's leaf.
    digest: Option<String>,
    /// The leaf of the closing.
    leaf: String,
}

impl From<Closing> for ClosedPeriodView {
    fn from(c: Closing) -> Self {
        Self {
            seq: c.seq,
            from: c.from,
            through: c.through,
            at: c.at,
            drawn_up: c.drawn_up,
            digest: c.digest,
            leaf: c.leaf,
        }
    }
}

/// Lists closed periods, the latest first.
#[utoipa::path(
    get, path = "/periods", tag = "ledger", operation_id = "list_periods",
    responses((status = 200, description = "The latest first", body = Vec<ClosedPeriodView>),
        (status = 403, description = "Not of this book's clerks or auditors", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(State(desk): State<Desk>, by: As<Bookkeeper>) -> HttpResult<Json<Vec<ClosedPeriodView>>> {
    Ok(Json(desk.closings(&by).await?.into_iter().map(ClosedPeriodView::from).collect()))
}

/// Which period.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PeriodInput {
    /// The last day; it must be over.
    #[schema(value_type = String, format = Date)]
    through: Day,
    /// That what is not resolved was seen and lands in the next period.
    #[serde(default)]
    confirmed: bool,
}

/// Closes the periods up to a day, for ever: what is posted later lands in the next period. Reversals that wait and
/// points that lapsed unposted refuse it; whatever else is not resolved asks for `confirmed`.
#[utoipa::path(
    post, path = "/periods", tag = "ledger", operation_id = "close_period", request_body = PeriodInput,
    responses((status = 201, description = "Closed", body = ClosedPeriodView),
        (status = 403, description = "Only the clerk and the township close", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn close(
    State(desk): State<Desk>,
    by: As<Bookkeeper>,
    Json(input): Json<PeriodInput>,
) -> HttpResult<(StatusCode, Json<ClosedPeriodView>)> {
    Ok((
        StatusCode::CREATED,
        Json(desk.close_when_resolved(&by, input.through, input.confirmed).await?.into()),
    ))
}

/// Through which day.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CheckThrough {
    /// The last day of last month when left out.
    #[param(value_type = Option<String>, format = Date)]
    through: Option<Day>,
}

/// What is not settled.
#[derive(Serialize, ToSchema)]
struct PeriodCheck {
    /// The day asked about.
    #[schema(value_type = String, format = Date)]
    through: Day,
    /// The last day of the last closed period.
    #[schema(value_type = Option<String>, format = Date)]
    closed_through: Option<Day>,
    /// Awards of the period still being reviewed.
    in_review: i64,
    /// Awards of the period approved and on no sheet.
    approved: i64,
    /// Awards of the period in notice, or objected to.
    in_notice: i64,
    /// Sheets that hang.
    notices: i64,
    /// Objections not decided.
    objections: i64,
    /// Reversals not decided.
    reversals: i64,
    /// Open holds.
    holds: i64,
    /// What is not resolved, the gravest first, and whether it stands in the way.
    unresolved: Vec<UnresolvedKind>,
}

/// A kind of thing that is not resolved.
#[derive(Serialize, ToSchema)]
struct UnresolvedKind {
    /// `lapses`, `reversals`, `appeals`, `objections`, `in_review`, `approved`, `in_notice`, `claims`,
    /// `rounds`, `sittings`, `notices`, `holds`,
    /// `reminders`.
    kind: &'static str,
    /// How many.
    count: i64,
    /// `refuses`, `asks` or `free`.
    way: &'static str,
}

impl From<&Tally> for UnresolvedKind {
    fn from(tally: &Tally) -> Self {
        let way = match tally.way() {
            Way::Refuses => "refuses",
            Way::Asks => "asks",
            Way::Free => "free",
        };
        Self { kind: tally.kind.as_str(), count: tally.count, way }
    }
}

impl PeriodCheck {
    fn new(c: PreCheck, open: &[Tally]) -> Self {
        Self {
            unresolved: open.iter().map(UnresolvedKind::from).collect(),
            through: c.through,
            closed_through: c.closed_through,
            in_review: c.unsettled.in_review,
            approved: c.unsettled.approved,
            in_notice: c.unsettled.in_notice,
            notices: c.unsettled.notices,
            objections: c.unsettled.objections,
            reversals: c.unsettled.reversals,
            holds: c.holds,
        }
    }
}

/// Counts what is not settled before a period is closed, and says what of it stands in the way.
#[utoipa::path(
    get, path = "/periods/check", tag = "ledger", operation_id = "check_period", params(CheckThrough),
    responses((status = 200, description = "What is not settled", body = PeriodCheck),
        (status = 403, description = "Not of this book's clerks or auditors", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn check(
    State(desk): State<Desk>,
    by: As<Bookkeeper>,
    Query(asked): Query<CheckThrough>,
) -> HttpResult<Json<PeriodCheck>> {
    let check = desk.period_check(&by, asked.through).await?;
    let open = desk.unresolved(&by, check.through).await?;
    Ok(Json(PeriodCheck::new(check, &open)))
}

/// An account over a period.
#[derive(Serialize, ToSchema)]
struct PeriodAccount {
    /// Its path.
    account: String,
    /// `POINT`, `HONOR`, `MIN`, `CNYFEN`, `SKU-…`.
    commodity: String,
    /// What it began with, debit positive, as decimal text.
    opening: String,
    /// What was debited.
    debits: String,
    /// What was credited.
    credits: String,
    /// What it ended with.
    closing: String,
}

/// The statement of a closed period.
#[derive(Serialize, ToSchema)]
struct PeriodStatementView {
    /// The closing.
    period: ClosedPeriodView,
    /// The digest of the statement as it was drawn up again now.
    digest: String,
    /// Whether that is the digest in the closing.
    agrees: bool,
    /// Transactions in the log now.
    head_size: i64,
    /// Its root.
    head_root: String,
    /// Every account, by path.
    accounts: Vec<PeriodAccount>,
}

impl From<ClosedPeriod> for PeriodStatementView {
    fn from(p: ClosedPeriod) -> Self {
        let digest = crate::domain::canonical::hex(&p.statement.digest());
        let accounts = p.statement.lines.into_iter().map(|l| PeriodAccount {
            opening: decimal(l.opening, &l.commodity),
            debits: decimal(l.debits, &l.commodity),
            credits: decimal(l.credits, &l.commodity),
            closing: decimal(l.closing, &l.commodity),
            account: l.path,
            commodity: l.commodity,
        });
        Self {
            digest,
            agrees: p.agrees,
            head_size: p.head.0,
            head_root: p.head.1,
            accounts: accounts.collect(),
            period: p.closing.into(),
        }
    }
}

/// Shows the statement of a closed period, drawn up again from the log.
#[utoipa::path(
    get, path = "/periods/{seq}", tag = "ledger", operation_id = "period_statement",
    params(("seq" = i64, Path, description = "The closing")),
    responses((status = 200, description = "Every account's opening, debits, credits and closing", body = PeriodStatementView),
        (status = 404, description = "No such closing", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn statement(
    State(desk): State<Desk>,
    by: As<Bookkeeper>,
    Path(seq): Path<i64>,
) -> HttpResult<Json<PeriodStatementView>> {
    Ok(Json(desk.closed_period(&by, seq).await?.into()))
}
