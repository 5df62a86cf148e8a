//! Any account as it stood: by business days up to one, as recorded by an instant. Changes nothing.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{
        amount::decimal,
        chart::AccountKind,
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Query},
    service::{
        Desk,
        as_of::{AsOf, Leaf},
        caller::Bookkeeper,
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(balance)).routes(routes!(statement))
}

/// Which account, as of when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AccountThen {
    /// Its path, `Liabilities:Households:H0001:Available`.
    account: String,
    /// Only business days up to this one.
    #[serde(default)]
    effective_on: String,
    /// Only what was recorded by this instant (RFC 3339).
    #[serde(default)]
    recorded_at: String,
}

/// A balance.
#[derive(Serialize, ToSchema)]
struct AccountBalance {
    /// The account.
    account: String,
    /// What it is for, in Chinese.
    kind: &'static str,
    /// `POINT`, `HONOR`, `MIN`, `CNYFEN`, `SKU-…`.
    commodity: String,
    /// Debits less credits, as decimal text.
    balance: String,
}

/// Shows an account in each of its commodities, as it stood.
#[utoipa::path(
    get, path = "/accounts/balance", tag = "ledger", operation_id = "account_balance", params(AccountThen),
    responses((status = 200, description = "One line a commodity", body = Vec<AccountBalance>),
        (status = 404, description = "No such account", body = Problem),
        (status = 422, description = "A day, an instant or an account that cannot be", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn balance(
    State(desk): State<Desk>,
    by: As<Bookkeeper>,
    Query(then): Query<AccountThen>,
) -> HttpResult<Json<Vec<AccountBalance>>> {
    let as_of = AsOf::read(&then.effective_on, &then.recorded_at)?;
    let found = desk.balances_as_of(&by, &then.account, as_of).await?.into_iter().map(|a| AccountBalance {
        kind: a.kind.map_or("", AccountKind::name),
        balance: decimal(a.quantity, &a.commodity),
        account: a.path,
        commodity: a.commodity,
    });
    Ok(Json(found.collect()))
}

/// Which lines of an account, as of when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AccountLinesThen {
    /// Its path.
    account: String,
    /// `POINT`, `HONOR`, `MIN`, `CNYFEN`, `SKU-…`.
    commodity: String,
    /// Only business days up to this one.
    #[serde(default)]
    effective_on: String,
    /// Only what was recorded by this instant (RFC 3339).
    #[serde(default)]
    recorded_at: String,
    /// The last version of the page before.
    after: Option<i64>,
    /// At most 100.
    limit: Option<i64>,
}

/// A line of an account.
#[derive(Serialize, ToSchema)]
struct AccountLine {
    /// Its place: give it as `after` for the next page.
    version: i64,
    /// The transaction.
    seq: i64,
    /// Why the transaction exists.
    kind: String,
    /// The business day it counts for.
    #[schema(value_type = String, format = Date)]
    effective_on: Day,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    /// Debit positive, as decimal text.
    quantity: String,
    /// What this and the lines before it come to.
    balance: String,
    /// The last day on which a credit may be spent.
    #[schema(value_type = Option<String>, format = Date)]
    expires_on: Option<Day>,
    /// The transaction it undoes.
    reverses: Option<i64>,
}

/// Lists the lines of an account as it stood, the latest first.
#[utoipa::path(
    get, path = "/accounts/statement", tag = "ledger", operation_id = "account_statement", params(AccountLinesThen),
    responses((status = 200, description = "Lines", body = Vec<AccountLine>),
        (status = 404, description = "No such account", body = Problem),
        (status = 422, description = "A day, an instant or an account that cannot be", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn statement(
    State(desk): State<Desk>,
    by: As<Bookkeeper>,
    Query(then): Query<AccountLinesThen>,
) -> HttpResult<Json<Vec<AccountLine>>> {
    let as_of = AsOf::read(&then.effective_on, &then.recorded_at)?;
    let leaf = Leaf { before: then.after, limit: then.limit.unwrap_or(50) };
    let lines = desk.lines_as_of(&by, (&then.account, &then.commodity), as_of, leaf).await?;
    let lines = lines.into_iter().map(|l| AccountLine {
        version: l.version,
        seq: l.seq,
        kind: l.kind,
        effective_on: l.effective_on,
        recorded_at: l.recorded_at,
        quantity: decimal(l.quantity, &then.commodity),
        balance: decimal(l.balance_after, &then.commodity),
        expires_on: l.expires_on,
        reverses: l.reverses_seq,
    });
    Ok(Json(lines.collect()))
}
