//! Reviewing awards, many with one word.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    awards::{Award, detail},
    problem::Problem,
};
use crate::{
    domain::{due_process::ReviewStep, ids::AwardId},
    http::{AppState, As, HttpResult, Json, Query, Visitor},
    service::{
        Desk, ServiceError, ServiceResult,
        award::review::Verdict,
        caller::{Reviewer, Role, Staff},
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(inbox, review))
}

/// Who of the staff may read awards: everybody but those who only stand at a counter or only keep accounts of users.
pub(super) fn insider(by: &Staff) -> ServiceResult<()> {
    let may = [Role::Recorder, Role::Clerk, Role::Reviewer, Role::Auditor, Role::Township];
    if may.iter().any(|role| by.holds(*role)) { Ok(()) } else { Err(ServiceError::NotAllowed) }
}

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WhyInput {
    /// In words, at most 500 characters.
    pub(super) reason: String,
}

/// A page of a list by number.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// `review`, `panel`, `recheck` or `township`; left out, all of the caller's steps but the panel's.
    #[param(value_type = Option<String>)]
    step: Option<ReviewStep>,
    /// The last number of the page before.
    #[serde(default)]
    after: i64,
    /// At most 100.
    limit: Option<i64>,
}

/// Lists what waits for the caller's step, without the caller's own records.
#[utoipa::path(
    get, path = "/reviews", tag = "awards", operation_id = "review_inbox", params(Page),
    responses((status = 200, description = "By number", body = Vec<Award>)),
    security(("bearer" = []), ("session" = []))
)]
async fn inbox(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    Query(page): Query<Page>,
) -> HttpResult<Json<Vec<Award>>> {
    let found = desk.review_inbox(&by, page.step, page.after, page.limit.unwrap_or(50)).await?;
    Ok(Json(found.into_iter().map(Award::from).collect()))
}

/// A word on some awards.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReviewInput {
    /// One to a thousand awards.
    #[schema(value_type = Vec<String>)]
    awards: Vec<AwardId>,
    /// `approve`, `return` or `reject`.
    #[schema(value_type = String)]
    verdict: Verdict,
    /// Needed to send back and to reject.
    #[serde(default)]
    reason: String,
}

/// What became of one award.
#[derive(Serialize, ToSchema)]
struct Reviewed {
    /// Which.
    award: String,
    /// Where it stands now.
    state: Option<String>,
    /// Why it was not touched.
    code: Option<String>,
    /// The same in words.
    detail: Option<String>,
}

/// Reviews awards, each for itself. The same word again is heard once.
#[utoipa::path(
    post, path = "/reviews", tag = "awards", operation_id = "review_awards", request_body = ReviewInput,
    responses((status = 200, description = "Award by award", body = Vec<Reviewed>), (status = 422, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn review(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    visitor: Visitor,
    Json(input): Json<ReviewInput>,
) -> HttpResult<Json<Vec<Reviewed>>> {
    let done = desk.review_awards(&by, &input.awards, input.verdict, &input.reason).await?;
    let answer = done.into_iter().map(|r| {
        let (state, refusal) = match r.result {
            Ok(state) => (Some(state.as_str().to_owned()), None),
            Err(refusal) => (None, Some(refusal)),
        };
        Reviewed {
            award: r.id.to_string(),
            state,
            code: refusal.as_ref().map(|f| f.code.to_owned()),
            detail: refusal.as_ref().map(|f| detail(visitor.lang, f)),
        }
    });
    Ok(Json(answer.collect()))
}
