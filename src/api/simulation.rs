//! A draft of a rule set tried out before it is adopted: what a year under it comes to.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{problem::Problem, proposals::bad};
use crate::{
    domain::{
        amount::{points, yuan},
        ids::ProposalId,
        simulate::{ItemOutcome, MonthOutcome, Outcome},
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk,
        caller::Staff,
        proposal::simulate::{Basis, Trial},
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(simulate))
}

/// What it is tried with.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ByQuery {
    /// `recorded` (what the village recorded in the last twelve months) or `stated` (usual participation); `recorded` if
    /// left out.
    by: Option<String>,
}

/// One item over the year. Points and yuan are decimal text.
#[derive(Serialize, ToSchema)]
struct SimulatedItem {
    /// Its code.
    item: String,
    /// Facts put through it.
    facts: u32,
    /// Of them, those that earned something.
    awards: u32,
    /// Of these, those that a limit cut.
    cut: u32,
    /// Facts that earned nothing, by reason.
    refused: std::collections::BTreeMap<&'static str, u32>,
    /// Spendable points.
    points: String,
    /// Reputation points, signed.
    honor: String,
    /// What the spendable points are worth.
    yuan: String,
    /// Households it reached.
    households: u32,
    /// Spendable points of each month, in order.
    by_month: Vec<String>,
}

impl From<ItemOutcome> for SimulatedItem {
    fn from(i: ItemOutcome) -> Self {
        Self {
            item: i.item.0,
            facts: i.facts,
            awards: i.awards,
            cut: i.cut,
            refused: i.refused,
            points: points(i.points),
            honor: points(i.honor),
            yuan: yuan(i.fen),
            households: i.households,
            by_month: i.by_month.into_iter().map(points).collect(),
        }
    }
}

/// One month.
#[derive(Serialize, ToSchema)]
struct SimulatedMonth {
    /// Its first day.
    month: String,
    /// Awards.
    awards: u32,
    /// Spendable points.
    points: String,
    /// What they are worth.
    yuan: String,
    /// Spendable points since the first month.
    so_far: String,
    /// Whether it is above a twelfth of the ceiling times the factor of the rule set.
    above_soft_ceiling: bool,
}

impl From<MonthOutcome> for SimulatedMonth {
    fn from(m: MonthOutcome) -> Self {
        Self {
            month: m.month.to_string(),
            awards: m.awards,
            points: points(m.points),
            yuan: yuan(m.fen),
            so_far: points(m.so_far),
            above_soft_ceiling: m.above_soft,
        }
    }
}

/// A draft tried out. Points and yuan are decimal text.
#[derive(Serialize, ToSchema)]
struct SimulationView {
    /// The first day of the twelve months.
    from: String,
    /// The first day no longer.
    until: String,
    /// Facts put through the draft.
    facts: u32,
    /// Facts that earned something.
    awards: u32,
    /// Spendable points.
    points: String,
    /// What they are worth at the counter.
    yuan: String,
    /// The most points a year may issue.
    ceiling: String,
    /// The month in which the ceiling breaks, by its first day.
    ceiling_breaks: Option<String>,
    /// How many points it is short of in the end.
    shortage: Option<String>,
    /// Spendable points under the rules in force, with the same facts.
    points_in_force: Option<String>,
    /// Households in the village.
    households: u32,
    /// Households that any spendable points reached.
    reached: u32,
    /// Money and goods there are.
    backing_yuan: Option<String>,
    /// Money and goods to points outstanding, now.
    coverage_before: Option<String>,
    /// … after the year, with no new money.
    coverage_after: Option<String>,
    /// The first day on which more is owed than there is money for, if the year to come is like this one.
    runs_out: Option<String>,
    /// Every item, in the order of the draft.
    items: Vec<SimulatedItem>,
    /// Every month, in order.
    months: Vec<SimulatedMonth>,
    /// Items in use of which no fact earned anything.
    never: Vec<String>,
    /// Items of facts that the draft does not have, with how many facts.
    unknown: std::collections::BTreeMap<String, u32>,
}

impl From<Trial> for SimulationView {
    fn from(trial: Trial) -> Self {
        let Outcome { items, months, overrun, money, never, unknown, .. } = trial.draft;
        Self {
            from: trial.first.to_string(),
            until: trial.until.to_string(),
            facts: trial.draft.facts,
            awards: trial.draft.awards,
            points: points(trial.draft.points),
            yuan: yuan(trial.draft.fen),
            ceiling: points(trial.draft.ceiling),
            ceiling_breaks: overrun.map(|o| o.month.to_string()),
            shortage: overrun.map(|o| points(o.shortage)),
            points_in_force: trial.in_force.map(|o| points(o.points)),
            households: trial.draft.households,
            reached: trial.draft.reached,
            backing_yuan: money.map(|m| yuan(m.backing_fen)),
            coverage_before: money.and_then(|m| m.coverage_before).map(points),
            coverage_after: money.and_then(|m| m.coverage_after).map(points),
            runs_out: trial.runs_out.map(|day| day.to_string()),
            items: items.into_iter().map(SimulatedItem::from).collect(),
            months: months.into_iter().map(SimulatedMonth::from).collect(),
            never: never.into_iter().map(|code| code.0).collect(),
            unknown,
        }
    }
}

/// Tries a draft of a rule set with a year of facts. Nothing is changed.
#[utoipa::path(
    get, path = "/proposals/{id}/simulation", tag = "rules", operation_id = "simulate_proposal",
    params(("id" = String, Path), ByQuery),
    responses((status = 200, description = "What a year comes to", body = SimulationView), (status = 404, body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn simulate(
    State(desk): State<Desk>,
    by: As<Staff>,
    Path(id): Path<ProposalId>,
    Query(query): Query<ByQuery>,
) -> HttpResult<Json<SimulationView>> {
    super::reviews::insider(&by)?;
    let basis = match query.by.as_deref() {
        None | Some("recorded") => Basis::Recorded,
        Some("stated") => Basis::Stated,
        Some(_) => return Err(bad("by: recorded or stated").into()),
    };
    Ok(Json(desk.try_draft(by.book, id, basis).await?.into()))
}
