//! Deciding on matters and seeing to them: found so, a duplicate, not so; given to somebody, done, looked at by somebody
//! else, closed.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{matters::Matter, problem::Problem, reviews::WhyInput};
use crate::{
    domain::{
        ids::{MatterId, PersonId, UserId},
        matter::MatterGrade,
    },
    http::{AppState, As, HttpResult, Json, Path, Visitor},
    service::{
        Desk, ServiceError,
        caller::{Clerk, Handler, Recorder, Staff},
    },
    text::T,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(accept))
        .routes(routes!(duplicate))
        .routes(routes!(reject))
        .routes(routes!(candidates))
        .routes(routes!(assign))
        .routes(routes!(finish))
        .routes(routes!(send_back))
        .routes(routes!(verify))
        .routes(routes!(close))
        .routes(routes!(erase))
}

/// The matter as it stands now.
async fn stands(desk: &Desk, by: &Staff, visitor: &Visitor, id: MatterId) -> HttpResult<Json<Matter>> {
    let by = Handler::of(by).ok_or(ServiceError::NotAllowed)?;
    Ok(Json(Matter::of(T(visitor.lang), desk.matter_file(&by, id).await?)))
}

/// How large a matter is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MatterGradeInput {
    /// `tiny`, `small`, `large` or `hard`: it says who sees to it.
    #[schema(value_type = String, example = "small")]
    grade: MatterGrade,
    /// Who saw it: the person's id, where the rules give the item by person.
    #[schema(value_type = Option<String>)]
    person: Option<PersonId>,
    /// Whether whoever reported it has mended it within their own reach: they earn what the rules give beside.
    #[serde(default)]
    mended: bool,
}

/// Finds a report so, and puts the award to the first valid reporter on record.
#[utoipa::path(
    post, path = "/matters/{id}/accept", tag = "matters", operation_id = "accept_matter", params(("id" = String, Path)),
    request_body = MatterGradeInput,
    responses((status = 200, description = "The matter", body = Matter), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn accept(
    State(desk): State<Desk>,
    by: As<Recorder>,
    visitor: Visitor,
    Path(id): Path<MatterId>,
    Json(input): Json<MatterGradeInput>,
) -> HttpResult<Json<Matter>> {
    if input.mended {
        desk.accept_mended_matter(&by, id, input.grade, input.person).await?;
    } else {
        desk.accept_matter(&by, id, input.grade, input.person).await?;
    }
    stands(&desk, &by, &visitor, id).await
}

/// Which report another repeats.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DuplicateInput {
    /// The number of the earlier report.
    first: i64,
}

/// Finds that a report repeats an earlier one that is so, not longer than thirty days before.
#[utoipa::path(
    post, path = "/matters/{id}/duplicate", tag = "matters", operation_id = "mark_matter_duplicate",
    params(("id" = String, Path)), request_body = DuplicateInput,
    responses((status = 200, description = "The matter", body = Matter), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn duplicate(
    State(desk): State<Desk>,
    by: As<Recorder>,
    visitor: Visitor,
    Path(id): Path<MatterId>,
    Json(input): Json<DuplicateInput>,
) -> HttpResult<Json<Matter>> {
    desk.mark_duplicate(&by, id, input.first).await?;
    stands(&desk, &by, &visitor, id).await
}

/// Why a report is not so.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MatterRefusal {
    /// Why: the household reads it.
    reason: String,
    /// Whether it was made in bad faith: the second of a household's pauses its reports for ninety days.
    #[serde(default)]
    malicious: bool,
}

/// Finds that a report is not so; its household reads why.
#[utoipa::path(
    post, path = "/matters/{id}/refuse", tag = "matters", operation_id = "refuse_matter", params(("id" = String, Path)),
    request_body = MatterRefusal,
    responses((status = 200, description = "The matter", body = Matter), (status = 422, description = "Not done, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn reject(
    State(desk): State<Desk>,
    by: As<Recorder>,
    visitor: Visitor,
    Path(id): Path<MatterId>,
    Json(input): Json<MatterRefusal>,
) -> HttpResult<Json<Matter>> {
    if input.malicious {
        desk.refuse_malicious_matter(&by, id, &input.reason).await?;
    } else {
        desk.refuse_matter(&by, id, &input.reason).await?;
    }
    stands(&desk, &by, &visitor, id).await
}

/// Somebody a matter can be given to.
#[derive(Serialize, ToSchema)]
struct MatterCandidate {
    /// The account's id.
    user: String,
    /// The name people see.
    name: String,
}

/// Lists whom a matter can be given to: those whose post its grade names.
#[utoipa::path(
    get, path = "/matters/{id}/candidates", tag = "matters", operation_id = "matter_candidates",
    params(("id" = String, Path)),
    responses((status = 200, description = "By name", body = Vec<MatterCandidate>), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn candidates(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<MatterId>,
) -> HttpResult<Json<Vec<MatterCandidate>>> {
    let found = desk.matter_candidates(&by, id).await?;
    let shown = found.into_iter().map(|(user, name)| MatterCandidate { user: user.to_string(), name });
    Ok(Json(shown.collect()))
}

/// To whom.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AssignInput {
    /// The account's id.
    #[schema(value_type = String)]
    user: UserId,
}

/// Gives a matter to somebody, or to somebody else.
#[utoipa::path(
    post, path = "/matters/{id}/assign", tag = "matters", operation_id = "assign_matter", params(("id" = String, Path)),
    request_body = AssignInput,
    responses((status = 200, description = "The matter", body = Matter), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn assign(
    State(desk): State<Desk>,
    by: As<Clerk>,
    visitor: Visitor,
    Path(id): Path<MatterId>,
    Json(input): Json<AssignInput>,
) -> HttpResult<Json<Matter>> {
    desk.assign_matter(&by, id, input.user).await?;
    stands(&desk, &by, &visitor, id).await
}

/// Words for the household.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RemarkInput {
    /// At most 500 characters; no names.
    remark: String,
}

/// Puts down that a matter is done, by whoever it was given to, or by the clerk for them.
#[utoipa::path(
    post, path = "/matters/{id}/finish", tag = "matters", operation_id = "finish_matter", params(("id" = String, Path)),
    request_body = RemarkInput,
    responses((status = 200, description = "The matter", body = Matter), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn finish(
    State(desk): State<Desk>,
    by: As<Handler>,
    visitor: Visitor,
    Path(id): Path<MatterId>,
    Json(input): Json<RemarkInput>,
) -> HttpResult<Json<Matter>> {
    desk.finish_matter(&by, id, &input.remark).await?;
    stands(&desk, &by, &visitor, id).await
}

/// Sees that a matter is not done after all.
#[utoipa::path(
    post, path = "/matters/{id}/send-back", tag = "matters", operation_id = "send_matter_back", params(("id" = String, Path)),
    request_body = RemarkInput,
    responses((status = 200, description = "The matter", body = Matter), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn send_back(
    State(desk): State<Desk>,
    by: As<Handler>,
    visitor: Visitor,
    Path(id): Path<MatterId>,
    Json(input): Json<RemarkInput>,
) -> HttpResult<Json<Matter>> {
    desk.send_matter_back(&by, id, &input.remark).await?;
    stands(&desk, &by, &visitor, id).await
}

/// Sees that a matter is done: never one's own work.
#[utoipa::path(
    post, path = "/matters/{id}/verify", tag = "matters", operation_id = "verify_matter", params(("id" = String, Path)),
    responses((status = 200, description = "The matter", body = Matter), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn verify(
    State(desk): State<Desk>,
    by: As<Handler>,
    visitor: Visitor,
    Path(id): Path<MatterId>,
) -> HttpResult<Json<Matter>> {
    desk.verify_matter(&by, id).await?;
    stands(&desk, &by, &visitor, id).await
}

/// Closes a matter: one neutral line of it is public then.
#[utoipa::path(
    post, path = "/matters/{id}/close", tag = "matters", operation_id = "close_matter", params(("id" = String, Path)),
    responses((status = 200, description = "The matter", body = Matter), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn close(
    State(desk): State<Desk>,
    by: As<Clerk>,
    visitor: Visitor,
    Path(id): Path<MatterId>,
) -> HttpResult<Json<Matter>> {
    desk.close_matter(&by, id).await?;
    stands(&desk, &by, &visitor, id).await
}

/// Erases photo and words of a matter; the digest stays.
#[utoipa::path(
    post, path = "/matters/{id}/erase", tag = "matters", operation_id = "erase_matter_papers", params(("id" = String, Path)),
    request_body = WhyInput,
    responses((status = 204, description = "Erased"), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn erase(
    State(desk): State<Desk>,
    by: As<Recorder>,
    Path(id): Path<MatterId>,
    Json(input): Json<WhyInput>,
) -> HttpResult<StatusCode> {
    desk.erase_matter_papers(&by, id, &input.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
