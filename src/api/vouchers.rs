//! One transaction over JSON, with what stands behind it and the proof that it is in the log. Changes nothing.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{amount::decimal, canonical::hex},
    http::{AppState, As, HttpResult, Json, Path},
    service::{Desk, audit::voucher::Voucher, caller::Auditor},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(transaction))
}

/// A line of a transaction.
#[derive(Serialize, ToSchema)]
struct EntryView {
    /// Line.
    line: i32,
    /// Account.
    account: String,
    /// Commodity.
    commodity: String,
    /// Debit positive, as decimal text.
    quantity: String,
    /// The balance with it.
    balance_after: String,
}

/// A transaction with what stands behind it.
#[derive(Serialize, ToSchema)]
struct TransactionView {
    /// Its place.
    seq: i64,
    /// Its name.
    id: String,
    /// What it does.
    kind: String,
    /// Business day.
    effective_on: String,
    /// When it was recorded.
    recorded_at: String,
    /// Who.
    actor: String,
    /// The rule set's content hash.
    ruleset: Option<String>,
    /// The rule.
    rule: Option<String>,
    /// What it undoes.
    reverses: Option<i64>,
    /// What undid it.
    reversed_by: Option<i64>,
    /// Its lines.
    entries: Vec<EntryView>,
    /// The award behind it.
    award_no: Option<i64>,
    /// Who recorded it.
    recorder: Option<String>,
    /// Who reviewed it, in order.
    reviewers: Vec<String>,
    /// The number of the sheet it hung on.
    notice_no: Option<i64>,
    /// The inputs that the rule was told, as JSON text.
    inputs: Option<String>,
    /// The receipt number, for a redemption.
    receipt_no: Option<i64>,
    /// Its leaf hash.
    leaf_hash: String,
    /// Transactions in the log.
    size: i64,
    /// The root of the log.
    root: String,
    /// The path from leaf to root, RFC 9162 §2.1.3.
    inclusion_path: Vec<String>,
    /// Whether the path leads from the leaf to the root.
    included: bool,
}

impl From<Voucher> for TransactionView {
    fn from(v: Voucher) -> Self {
        let award = v.award.as_ref();
        Self {
            seq: v.txn.seq,
            id: v.txn.id.to_string(),
            kind: v.txn.kind.clone(),
            effective_on: v.txn.effective_on.to_string(),
            recorded_at: v.txn.recorded_at.rfc3339(),
            actor: v.actor.clone(),
            ruleset: v.txn.ruleset.clone(),
            rule: v.txn.rule.clone(),
            reverses: v.txn.reverses_seq,
            reversed_by: v.reversed_by,
            entries: v
                .entries
                .iter()
                .map(|e| EntryView {
                    line: e.line,
                    account: e.path.clone(),
                    commodity: e.commodity.clone(),
                    quantity: decimal(e.quantity, &e.commodity),
                    balance_after: decimal(e.balance_after, &e.commodity),
                })
                .collect(),
            award_no: award.map(|a| a.file.award.no),
            recorder: award.map(|a| a.recorder.clone()),
            reviewers: award.map(|a| a.reviewers.clone()).unwrap_or_default(),
            notice_no: award.and_then(|a| a.notice.as_ref()).map(|n| n.no),
            inputs: award.map(|a| a.file.award.inputs.clone()),
            receipt_no: v.order.as_ref().map(|o| o.redemption.no),
            leaf_hash: hex(&v.txn.leaf_hash),
            size: v.inclusion.size,
            root: v.inclusion.root,
            inclusion_path: v.inclusion.path,
            included: v.inclusion.holds,
        }
    }
}

/// A transaction with everything behind it.
#[utoipa::path(
    get, path = "/audit/transactions/{seq}", tag = "audit", operation_id = "audit_transaction",
    params(("seq" = i64, Path, description = "Its place in the book")),
    responses(
        (status = 200, description = "The transaction", body = TransactionView),
        (status = 403, description = "Not an auditor of this book", body = Problem),
        (status = 404, description = "No such transaction", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn transaction(
    State(desk): State<Desk>,
    by: As<Auditor>,
    Path(seq): Path<i64>,
) -> HttpResult<Json<TransactionView>> {
    Ok(Json(desk.voucher(&by, seq).await?.into()))
}
