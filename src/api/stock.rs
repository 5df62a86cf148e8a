//! Stock papers: goods in, to another counter, written off, counted. What becomes of one is [`super::stock_steps`].

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{
        amount::{self, parse_points},
        household::HouseholdNo,
        ids::{CounterId, StockPaperId},
        stock::{LossReason, PaperKind, PaperState},
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk, ServiceError, ServiceResult,
        caller::{StockReader, Storekeeper},
        refuse,
        stock::{Donor, Draft, Incoming, Leaving, PaperLine, PaperView},
    },
    store::stock::PaperRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, draw)).routes(routes!(one))
}

/// A stock paper.
#[derive(Serialize, ToSchema)]
pub(super) struct StockPaper {
    /// Its id.
    id: String,
    /// Its number, consecutive over all kinds.
    no: i64,
    /// `receipt`, `transfer`, `loss` or `count`.
    kind: String,
    /// `counting`, `drawn_up`, `posted`, `refused` or `withdrawn`.
    state: String,
    /// The id of the counter; of a transfer, where from.
    counter: String,
    /// Where a transfer goes.
    to: Option<String>,
    /// The source a receipt counts against.
    fund: Option<String>,
    /// Who gave the goods; empty when the fund paid.
    donor: String,
    /// Why goods are written off.
    reason: Option<String>,
    /// What else there is to say.
    note: String,
    /// When it was drawn up.
    #[schema(value_type = String, format = DateTime)]
    drawn_at: Timestamp,
    /// When it was decided.
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<Timestamp>,
    /// With what words.
    words: Option<String>,
    /// Its place in the ledger.
    txn_seq: Option<i64>,
}

impl From<PaperRow> for StockPaper {
    fn from(row: PaperRow) -> Self {
        Self {
            id: row.id.to_string(),
            no: row.no,
            kind: row.kind,
            state: row.state,
            counter: row.counter_id.to_string(),
            to: row.to_counter_id.map(|id| id.to_string()),
            fund: row.fund,
            donor: row.donor,
            reason: row.reason,
            note: row.note,
            drawn_at: row.drawn_at,
            decided_at: row.decided_at,
            words: row.words,
            txn_seq: row.txn_seq,
        }
    }
}

/// A line of a stock paper.
#[derive(Serialize, ToSchema)]
struct StockLine {
    /// The article's number.
    sku: i64,
    /// Pieces moved; of a count, found.
    pieces: i64,
    /// The last day of what came.
    #[schema(value_type = Option<String>, format = Date)]
    last_day: Option<Day>,
    /// The maker's mark of the batch.
    label: String,
    /// What one piece cost, in yuan.
    cost: Option<String>,
    /// The batch.
    batch: Option<i64>,
    /// Of a count: pieces by the book when it was counted; not before the second person may see it.
    book_pieces: Option<i64>,
    /// What a piece cost before, in yuan.
    cost_was: Option<String>,
    /// What a piece costs since, in yuan.
    cost_now: Option<String>,
}

impl From<PaperLine> for StockLine {
    fn from(line: PaperLine) -> Self {
        let row = line.row;
        Self {
            sku: row.sku,
            pieces: row.pieces,
            last_day: row.last_day,
            label: row.label,
            cost: row.cost_fen.map(amount::yuan),
            batch: row.batch,
            book_pieces: row.book_pieces,
            cost_was: row.cost_was.map(amount::yuan),
            cost_now: row.cost_now.map(amount::yuan),
        }
    }
}

/// A stock paper with its lines.
#[derive(Serialize, ToSchema)]
struct StockPaperFile {
    /// The paper.
    paper: StockPaper,
    /// Its lines.
    lines: Vec<StockLine>,
}

impl From<PaperView> for StockPaperFile {
    fn from(view: PaperView) -> Self {
        Self { paper: view.row.into(), lines: view.lines.into_iter().map(StockLine::from).collect() }
    }
}

/// Which papers.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// One state; all when left out.
    #[param(value_type = Option<String>)]
    state: Option<PaperState>,
    /// The last number of the page before; papers come the latest first.
    after: Option<i64>,
    /// At most 100.
    limit: Option<i64>,
}

/// Lists stock papers, the latest first.
#[utoipa::path(
    get, path = "/stock/papers", tag = "counter", operation_id = "list_stock_papers", params(Which),
    responses((status = 200, description = "The latest first", body = Vec<StockPaper>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    by: As<StockReader>,
    Query(which): Query<Which>,
) -> HttpResult<Json<Vec<StockPaper>>> {
    let limit = which.limit.unwrap_or(50).clamp(1, 100);
    let found = desk.stock_papers(&by, which.state, which.after, limit).await?;
    Ok(Json(found.into_iter().map(StockPaper::from).collect()))
}

/// Shows a stock paper with its lines.
#[utoipa::path(
    get, path = "/stock/papers/{id}", tag = "counter", operation_id = "get_stock_paper",
    params(("id" = String, Path)),
    responses((status = 200, description = "The paper", body = StockPaperFile),
        (status = 404, description = "No such paper", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    by: As<StockReader>,
    Path(id): Path<StockPaperId>,
) -> HttpResult<Json<StockPaperFile>> {
    Ok(Json(desk.stock_paper(&by, id).await?.into()))
}

/// A line to be drawn up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DraftLine {
    /// The article's number.
    sku: i64,
    /// Pieces.
    pieces: i64,
    /// Of a receipt: what one piece cost, in yuan; as the article's now when left out.
    cost: Option<String>,
    /// Of a receipt: the last day on which it may be handed out.
    #[schema(value_type = Option<String>, format = Date)]
    last_day: Option<Day>,
    /// Of a receipt: the maker's mark of the batch.
    #[serde(default)]
    label: String,
    /// Of a transfer or a loss: the batch; what lapses first when left out.
    batch: Option<i64>,
}

/// A paper to be drawn up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StockDraft {
    /// `receipt`, `transfer`, `loss` or `count`.
    #[schema(value_type = String)]
    kind: PaperKind,
    /// The id of the counter; of a transfer, where from.
    counter: String,
    /// Of a transfer: the id of the counter it goes to.
    to: Option<String>,
    /// Of a receipt: the code of the source it counts against.
    #[serde(default)]
    fund: String,
    /// Of a receipt: who gave the goods; left out when the fund paid.
    #[serde(default)]
    donor: String,
    /// Of a receipt: the household of the village that gave them.
    #[schema(value_type = Option<String>)]
    donor_household: Option<HouseholdNo>,
    /// Of a loss: `expired`, `damaged`, `spoiled`, `missing`, `sent_back` or `other`.
    #[schema(value_type = Option<String>)]
    reason: Option<LossReason>,
    /// What else there is to say.
    #[serde(default)]
    note: String,
    /// Articles and pieces; none for a count.
    #[serde(default)]
    lines: Vec<DraftLine>,
}

fn counter(id: &str) -> ServiceResult<CounterId> {
    id.parse().map_err(|_| ServiceError::NotFound("counter"))
}

fn draft(input: StockDraft) -> ServiceResult<(Draft, String)> {
    let at = counter(&input.counter)?;
    let leaving = |lines: Vec<DraftLine>| {
        lines.into_iter().map(|l| Leaving { sku: l.sku, pieces: l.pieces, batch: l.batch }).collect()
    };
    let draft = match input.kind {
        PaperKind::Receipt => Draft::Receipt {
            counter: at,
            fund: input.fund,
            donor: Donor { name: input.donor, household: input.donor_household },
            lines: input.lines.into_iter().map(incoming).collect::<ServiceResult<_>>()?,
        },
        PaperKind::Transfer => Draft::Transfer {
            from: at,
            to: counter(&input.to.unwrap_or_default())?,
            lines: leaving(input.lines),
        },
        PaperKind::Loss => {
            let reason = input.reason.ok_or_else(|| refuse("field_missing").with("field", "reason"))?;
            Draft::Loss { counter: at, reason, lines: leaving(input.lines) }
        }
        PaperKind::Count => Draft::Count { counter: at },
    };
    Ok((draft, input.note))
}

fn incoming(line: DraftLine) -> ServiceResult<Incoming> {
    let read =
        |text: String| parse_points(&text).ok_or_else(|| refuse("invalid_amount").with("field", "cost"));
    let cost_fen = line.cost.map(read).transpose()?;
    let DraftLine { sku, pieces, last_day, label, .. } = line;
    Ok(Incoming { sku, pieces, cost_fen, last_day, label })
}

/// Draws up a stock paper; nothing moves before somebody else agrees.
#[utoipa::path(
    post, path = "/stock/papers", tag = "counter", operation_id = "draw_stock_paper", request_body = StockDraft,
    responses((status = 201, description = "Waiting", body = StockPaper),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn draw(
    State(desk): State<Desk>,
    by: As<Storekeeper>,
    Json(input): Json<StockDraft>,
) -> HttpResult<(StatusCode, Json<StockPaper>)> {
    let (draft, note) = draft(input)?;
    let row = desk.draw_stock_paper(&by, &draft, &note).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}
