//! What auditors read over JSON: trial balance, lines, verification, the manifest of an export. Changes nothing.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{amount::decimal, chart::AccountKind},
    http::{AppState, As, HttpResult, Json, Query},
    service::{
        Desk,
        audit::LineQuery,
        caller::Auditor,
        export::{Format, Options},
        verify::BookReport,
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(trial_balance))
        .routes(routes!(lines))
        .routes(routes!(verify))
        .routes(routes!(manifest))
}

/// All accounts of a kind in a commodity.
#[derive(Serialize, ToSchema)]
struct TrialLine {
    /// What the accounts are for, in Chinese.
    kind: &'static str,
    /// What they are for, in English.
    kind_en: &'static str,
    /// `POINT`, `HONOR`, `MIN`, `CNYFEN`, `SKU-…`.
    commodity: String,
    /// How many accounts.
    accounts: i64,
    /// Debits less credits, as decimal text.
    balance: String,
}

/// The trial balance of the book at hand.
#[utoipa::path(
    get, path = "/audit/trial-balance", tag = "audit", operation_id = "trial_balance",
    responses(
        (status = 200, description = "One line a kind of account and commodity", body = Vec<TrialLine>),
        (status = 403, description = "Not an auditor of this book", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn trial_balance(State(desk): State<Desk>, by: As<Auditor>) -> HttpResult<Json<Vec<TrialLine>>> {
    let lines = desk.trial_balance(&by).await?.into_iter().map(|l| TrialLine {
        kind: l.kind.map_or("", AccountKind::name),
        kind_en: l.kind.map_or("", AccountKind::name_en),
        balance: decimal(l.quantity, &l.commodity),
        commodity: l.commodity,
        accounts: l.accounts,
    });
    Ok(Json(lines.collect()))
}

/// Which lines.
#[derive(Debug, Default, Deserialize, IntoParams)]
struct LinesAsked {
    /// An account or the beginning of its path.
    account: Option<String>,
    /// A household's number.
    household: Option<String>,
    /// A person's number.
    person: Option<String>,
    /// A rule's code.
    rule: Option<String>,
    /// A kind of transaction.
    kind: Option<String>,
    /// From this business day.
    from: Option<String>,
    /// To this business day.
    to: Option<String>,
    /// Where the page before ended.
    after: Option<String>,
}

/// One ledger line.
#[derive(Serialize, ToSchema)]
struct LedgerEntry {
    /// Place of its transaction.
    seq: i64,
    /// Line of the transaction.
    line: i32,
    /// Account.
    account: String,
    /// Commodity.
    commodity: String,
    /// Debit positive, as decimal text.
    quantity: String,
    /// The balance with it.
    balance_after: String,
    /// Business day.
    effective_on: String,
    /// When it was recorded.
    recorded_at: String,
    /// Kind of transaction.
    kind: String,
    /// Rule.
    rule: Option<String>,
    /// What it comes from.
    source: Option<String>,
}

/// A page of lines.
#[derive(Serialize, ToSchema)]
struct Lines {
    /// Newest first.
    items: Vec<LedgerEntry>,
    /// The next page's `after`.
    next: Option<String>,
}

/// Lines, newest first.
#[utoipa::path(
    get, path = "/audit/lines", tag = "audit", operation_id = "ledger_lines", params(LinesAsked),
    responses(
        (status = 200, description = "A page of lines", body = Lines),
        (status = 403, description = "Not an auditor of this book", body = Problem),
        (status = 422, description = "A number, account or cursor that cannot be", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn lines(
    State(desk): State<Desk>,
    by: As<Auditor>,
    Query(asked): Query<LinesAsked>,
) -> HttpResult<Json<Lines>> {
    let query = LineQuery {
        account: asked.account,
        household: asked.household,
        person: asked.person,
        rule: asked.rule,
        kind: asked.kind,
        from: asked.from.and_then(|d| d.parse().ok()),
        to: asked.to.and_then(|d| d.parse().ok()),
        after: asked.after,
    };
    let page = desk.ledger_lines(&by, &query).await?;
    let items = page.lines.into_iter().map(|l| LedgerEntry {
        seq: l.seq,
        line: l.line,
        quantity: decimal(l.quantity, &l.commodity),
        balance_after: decimal(l.balance_after, &l.commodity),
        account: l.path,
        commodity: l.commodity,
        effective_on: l.effective_on.to_string(),
        recorded_at: l.recorded_at.rfc3339(),
        kind: l.kind,
        rule: l.rule,
        source: l.source,
    });
    Ok(Json(Lines { items: items.collect(), next: page.next }))
}

/// The first thing that does not hold.
#[derive(Serialize, ToSchema)]
struct FaultView {
    /// The transaction it belongs to.
    seq: Option<i64>,
    /// The table.
    table: &'static str,
    /// The row.
    row: String,
    /// The column.
    field: &'static str,
    /// What it must be.
    expected: String,
    /// What is stored.
    found: String,
}

/// What a verification found.
#[derive(Serialize, ToSchema)]
struct Verification {
    /// Whether everything holds.
    holds: bool,
    /// Transactions that held.
    transactions: i64,
    /// Their entries.
    entries: i64,
    /// Awards computed again.
    awards: i64,
    /// Redemptions compared.
    redemptions: i64,
    /// The root over them.
    root: String,
    /// The first fault.
    fault: Option<FaultView>,
}

impl From<BookReport> for Verification {
    fn from(r: BookReport) -> Self {
        Self {
            holds: r.fault.is_none(),
            transactions: r.transactions,
            entries: r.entries,
            awards: r.awards,
            redemptions: r.redemptions,
            root: r.root,
            fault: r.fault.map(|f| FaultView {
                seq: f.seq,
                table: f.table,
                row: f.row,
                field: f.field,
                expected: f.expected,
                found: f.found,
            }),
        }
    }
}

/// Verifies the book at hand from its first transaction to its last.
#[utoipa::path(
    post, path = "/audit/verify", tag = "audit", operation_id = "verify",
    responses(
        (status = 200, description = "What was found; a fault is an answer, not an error", body = Verification),
        (status = 403, description = "Not an auditor of this book", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn verify(State(desk): State<Desk>, by: As<Auditor>) -> HttpResult<Json<Verification>> {
    Ok(Json(desk.verify(&by).await?.into()))
}

/// Which export.
#[derive(Debug, Default, Deserialize, IntoParams)]
struct ExportAsked {
    /// `csv`, `xlsx`, `jsonl`, `hledger` or `beancount`.
    format: Option<String>,
    /// From this business day.
    from: Option<String>,
    /// To this business day.
    to: Option<String>,
}

/// A file of an export.
#[derive(Serialize, ToSchema)]
struct ExportFile {
    /// Its name; download it at `/audit/export/{name}`.
    name: String,
    /// Rows below the headings.
    rows: u64,
    /// Bytes.
    bytes: u64,
    /// SHA-256 of the bytes.
    sha256: String,
}

/// The manifest of an export.
#[derive(Serialize, ToSchema)]
struct ExportManifest {
    /// Transactions in the book.
    seq: i64,
    /// The root of its log.
    root: String,
    /// When it was made.
    created_at: String,
    /// The program's version.
    version: String,
    /// The files.
    files: Vec<ExportFile>,
}

/// The manifest of an export of the book at hand.
#[utoipa::path(
    get, path = "/audit/export", tag = "audit", operation_id = "export_manifest", params(ExportAsked),
    responses(
        (status = 200, description = "The files and their digests", body = ExportManifest),
        (status = 403, description = "Not an auditor of this book", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn manifest(
    State(desk): State<Desk>,
    by: As<Auditor>,
    Query(asked): Query<ExportAsked>,
) -> HttpResult<Json<ExportManifest>> {
    let options = Options {
        format: asked.format.and_then(|f| f.parse().ok()).unwrap_or(Format::Csv),
        from: asked.from.and_then(|d| d.parse().ok()),
        to: asked.to.and_then(|d| d.parse().ok()),
    };
    let m = desk.export(by.book, options, None).await?.dry_manifest().await?;
    let files = m.files.into_iter().map(|f| ExportFile {
        name: f.name,
        rows: f.rows,
        bytes: f.bytes,
        sha256: f.sha256,
    });
    Ok(Json(ExportManifest {
        seq: m.seq,
        root: m.root,
        created_at: m.created_at,
        version: m.version,
        files: files.collect(),
    }))
}
