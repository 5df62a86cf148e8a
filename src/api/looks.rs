//! What somebody who looks in an inspection round asks for and brings.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{awards::detail, problem::Problem};
use crate::{
    domain::{ids::RoundId, time::Timestamp},
    http::{AppState, As, HttpResult, Json, Path, Visitor},
    service::{Desk, bulk::ItemAnswer, caller::Staff, inspection::looks::NewLook},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(households)).routes(routes!(looks))
}

/// A household to look at.
#[derive(Serialize, ToSchema)]
struct InspectionHousehold {
    /// Its number.
    household: String,
    /// The name of its head.
    head: String,
    /// Its group.
    group: String,
    /// What the caller found, if they have looked: `A1,D7:gold`.
    #[serde(skip_serializing_if = "Option::is_none")]
    marks: Option<String>,
}

/// What the caller is to look at.
#[derive(Serialize, ToSchema)]
struct InspectionWalk {
    /// The last number that a device of the caller gave: go on from there.
    seq: i64,
    /// Households the caller steps back from.
    stepped_back: usize,
    /// The households.
    households: Vec<InspectionHousehold>,
}

/// The households of a round that the caller is to look at; never what another found.
#[utoipa::path(
    get, path = "/inspections/{id}/households", tag = "awards", operation_id = "list_inspection_households",
    responses(
        (status = 200, description = "By number", body = InspectionWalk),
        (status = 404, description = "No round that names the caller", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn households(
    State(desk): State<Desk>,
    by: As<Staff>,
    Path(id): Path<RoundId>,
) -> HttpResult<Json<InspectionWalk>> {
    let walk = desk.walk(&by, id).await?;
    let (groups, homes) = (walk.groups, walk.homes);
    let households = homes.into_iter().map(|home| InspectionHousehold {
        household: home.no.to_string(),
        head: home.head,
        group: groups.get(home.group).cloned().unwrap_or_default(),
        marks: home.marks.map(|marks| marks.to_string()),
    });
    Ok(Json(InspectionWalk {
        seq: walk.seq,
        stepped_back: walk.stepped_back,
        households: households.collect(),
    }))
}

/// A look.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LookInput {
    /// Chosen by the device, 1 to 64 characters: a look is kept once under its key.
    key: String,
    /// The number of the household.
    #[schema(example = "H0001")]
    household: String,
    /// Higher than that of every earlier look of the caller: the highest counts, whatever order they arrive in.
    seq: i64,
    /// When, by the device's clock.
    #[schema(value_type = String)]
    taken_at: Timestamp,
    /// Items earned, each with its grade where it has grades. Empty: looked, and nothing earned.
    #[schema(example = json!(["A1", "D7:gold"]))]
    marks: Vec<String>,
}

/// Looks.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LooksInput {
    /// One to two hundred.
    looks: Vec<LookInput>,
}

/// What became of one look.
#[derive(Serialize, ToSchema)]
struct LookAnswer {
    /// Its key.
    key: String,
    /// `taken`, `repeated` or `refused`.
    outcome: &'static str,
    /// Why not. Stable: programs decide by this.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// What happened and what to do, in the caller's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// Brings looks, each by itself: one that is not taken holds up no other, and one brought twice is kept once.
#[utoipa::path(
    post, path = "/inspections/{id}/looks", tag = "awards", operation_id = "take_looks", request_body = LooksInput,
    responses(
        (status = 200, description = "One answer a look, in their order", body = Vec<LookAnswer>),
        (status = 404, description = "No round that names the caller", body = Problem),
        (status = 422, description = "None, or more than two hundred", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn looks(
    State(desk): State<Desk>,
    by: As<Staff>,
    visitor: Visitor,
    Path(id): Path<RoundId>,
    Json(input): Json<LooksInput>,
) -> HttpResult<Json<Vec<LookAnswer>>> {
    let looks = input.looks.into_iter().map(|l| NewLook {
        key: l.key,
        household: l.household,
        seq: l.seq,
        taken_at: l.taken_at,
        marks: l.marks,
    });
    let looks: Vec<NewLook> = looks.collect();
    let answers = desk.take_looks(&by, id, &looks).await?;
    let told = looks.into_iter().zip(answers).map(|(look, answer)| told(&visitor, look.key, answer));
    Ok(Json(told.collect()))
}

fn told(visitor: &Visitor, key: String, answer: ItemAnswer<()>) -> LookAnswer {
    let done = |outcome| LookAnswer { key: key.clone(), outcome, code: None, detail: None };
    match answer {
        ItemAnswer::Done { repeated: false, .. } => done("taken"),
        ItemAnswer::Done { repeated: true, .. } => done("repeated"),
        ItemAnswer::NotApplied { .. } => done("refused"),
        ItemAnswer::Refused(refusal) => LookAnswer {
            code: Some(refusal.code.to_owned()),
            detail: Some(detail(visitor.lang, &refusal)),
            ..done("refused")
        },
    }
}
