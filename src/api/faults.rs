//! What an inspection round found wrong: households are reminded of it.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{awards::detail, problem::Problem};
use crate::{
    domain::{ids::RoundId, time::Day},
    http::{AppState, As, HttpResult, Json, Path, Visitor},
    service::{Desk, caller::Clerk, inspection::faults::FaultAnswer},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(remind))
}

/// Until when.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FaultsInput {
    /// The last day to mend it: 7 to 90 days from today.
    #[schema(value_type = String, example = "2026-06-20")]
    fix_by: Day,
}

/// What became of one fault.
#[derive(Serialize, ToSchema)]
struct RemindedFault {
    /// The number of the household.
    household: String,
    /// The deduction that it could lead to.
    item: String,
    /// The reminder's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    reminder: Option<String>,
    /// Why there is none. Stable: programs decide by this.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// What happened and what to do, in the caller's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

fn reminded(visitor: &Visitor, FaultAnswer { fault, answer }: FaultAnswer) -> RemindedFault {
    let refusal = answer.as_ref().err();
    RemindedFault {
        household: fault.no.to_string(),
        item: fault.item,
        code: refusal.map(|r| r.code.to_owned()),
        detail: refusal.map(|r| detail(visitor.lang, r)),
        reminder: answer.ok().map(|row| row.id.to_string()),
    }
}

/// Reminds, in private, every household of what a confirmed round found wrong at it; each fault once. Nothing is deducted.
#[utoipa::path(
    post, path = "/inspections/{id}/remind", tag = "awards", operation_id = "remind_faults", request_body = FaultsInput,
    responses(
        (status = 200, description = "One answer a fault that was not reminded of", body = Vec<RemindedFault>),
        (status = 404, description = "No such round", body = Problem),
        (status = 422, description = "It is not confirmed, or the days cannot be", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn remind(
    State(desk): State<Desk>,
    by: As<Clerk>,
    visitor: Visitor,
    Path(id): Path<RoundId>,
    Json(input): Json<FaultsInput>,
) -> HttpResult<Json<Vec<RemindedFault>>> {
    let answers = desk.remind_faults(&by, id, input.fix_by).await?;
    Ok(Json(answers.into_iter().map(|one| reminded(&visitor, one)).collect()))
}
