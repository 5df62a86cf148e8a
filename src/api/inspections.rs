//! Inspection rounds: opened and closed by the clerk, walked by those who look, put on record.

use std::collections::BTreeMap;

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{awards::detail, problem::Problem, reviews::WhyInput};
use crate::{
    domain::{
        ids::{OrgId, RoundId, UserId},
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Path, Visitor},
    service::{
        Desk,
        caller::{Bookkeeper, Clerk, Staff},
        inspection::{confirm::LineAnswer, open::NewRound, view::RoundView},
    },
    store::inspection::RoundRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, open))
        .routes(routes!(one))
        .routes(routes!(third))
        .routes(routes!(close))
        .routes(routes!(reopen))
        .routes(routes!(withdraw))
        .routes(routes!(confirm))
}

/// An inspection round.
#[derive(Serialize, ToSchema)]
struct Inspection {
    /// Its id.
    id: String,
    /// Its number in the book.
    no: i64,
    /// The day its awards are of.
    #[schema(value_type = String)]
    seen_on: Day,
    /// Codes of the items looked at.
    items: Vec<String>,
    /// `open`, `closed`, `confirmed` or `withdrawn`.
    state: String,
    /// When it was opened.
    #[schema(value_type = String)]
    opened_at: Timestamp,
    /// Why it was given up.
    reason: String,
}

impl From<&RoundRow> for Inspection {
    fn from(r: &RoundRow) -> Self {
        Self {
            id: r.id.to_string(),
            no: r.no,
            seen_on: r.seen_on,
            items: r.items().map(str::to_owned).collect(),
            state: r.state.clone(),
            opened_at: r.opened_at,
            reason: r.reason.clone(),
        }
    }
}

/// A round to open.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InspectionInput {
    /// Today or a day of the last month.
    #[schema(value_type = String)]
    seen_on: Day,
    /// Codes of credits by household for which an inspection sheet is all the evidence needed, and of deductions whose
    /// faults such a sheet shows: those are reminded of.
    items: Vec<String>,
    /// Groups; none, the whole village.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    groups: Vec<OrgId>,
    /// Two accounts that look, and perhaps a third that decides where they differ.
    #[schema(value_type = Vec<String>)]
    inspectors: Vec<UserId>,
}

/// The rounds that name the caller; all of them for the clerk.
#[utoipa::path(
    get, path = "/inspections", tag = "awards", operation_id = "list_inspections",
    responses((status = 200, description = "The latest first", body = Vec<Inspection>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(State(desk): State<Desk>, by: As<Staff>) -> HttpResult<Json<Vec<Inspection>>> {
    let rows = match Clerk::of(&by) {
        Some(clerk) => desk.rounds(clerk.book).await?,
        None => desk.own_rounds(&by).await?,
    };
    Ok(Json(rows.iter().map(Inspection::from).collect()))
}

/// Opens a round.
#[utoipa::path(
    post, path = "/inspections", tag = "awards", operation_id = "open_inspection", request_body = InspectionInput,
    responses(
        (status = 201, description = "It is open", body = Inspection),
        (status = 422, description = "Such a round cannot be opened", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn open(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Json(input): Json<InspectionInput>,
) -> HttpResult<(StatusCode, Json<Inspection>)> {
    let new =
        NewRound { seen_on: input.seen_on, items: input.items, groups: input.groups, eyes: input.inspectors };
    let row = desk.open_round(&by, &new).await?;
    Ok((StatusCode::CREATED, Json((&row).into())))
}

/// How far a round is in one group.
#[derive(Serialize, ToSchema)]
struct InspectionGroup {
    /// Its name.
    name: String,
    /// Households.
    households: usize,
    /// Settled ones.
    settled: usize,
    /// Ones where two differ and nobody has decided.
    differ: usize,
    /// Ones that too few may look at, because the others step back.
    no_pair: usize,
}

/// A household that is not settled.
#[derive(Serialize, ToSchema)]
struct InspectionDifference {
    /// Its number.
    household: String,
    /// What each found, by the name of who looked; nobody, where too few may look.
    found: BTreeMap<String, String>,
}

/// A round and how far it is.
#[derive(Serialize, ToSchema)]
struct InspectionFile {
    /// The round.
    round: Inspection,
    /// Who looks, in order.
    inspectors: Vec<String>,
    /// Group by group.
    groups: Vec<InspectionGroup>,
    /// Where two differ; kept from whoever looks in the round while it is open.
    differences: Vec<InspectionDifference>,
    /// Households that earned each item.
    earned: BTreeMap<String, usize>,
    /// Lines on record.
    recorded: usize,
    /// Households at which each fault was found.
    faults: BTreeMap<String, usize>,
    /// Faults that their households were reminded of.
    reminded: usize,
}

impl From<RoundView> for InspectionFile {
    fn from(v: RoundView) -> Self {
        let found = |said: Vec<(String, crate::domain::inspection::Marks)>| {
            said.into_iter().map(|(name, marks)| (name, marks.to_string())).collect()
        };
        Self {
            round: (&v.row).into(),
            inspectors: v.eyes.into_iter().map(|eye| eye.name).collect(),
            groups: v
                .groups
                .into_iter()
                .map(|g| InspectionGroup {
                    name: g.name,
                    households: g.households,
                    settled: g.settled,
                    differ: g.differ,
                    no_pair: g.no_pair,
                })
                .collect(),
            differences: v
                .unsettled
                .into_iter()
                .map(|u| InspectionDifference { household: u.no.to_string(), found: found(u.found) })
                .collect(),
            earned: v.earned.into_iter().collect(),
            recorded: v.recorded,
            faults: v.faults.into_iter().collect(),
            reminded: v.reminded,
        }
    }
}

/// A round with its progress and, where the caller may know, its differences.
#[utoipa::path(
    get, path = "/inspections/{id}", tag = "awards", operation_id = "get_inspection",
    responses(
        (status = 200, description = "The round", body = InspectionFile),
        (status = 404, description = "No such round", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    by: As<Bookkeeper>,
    Path(id): Path<RoundId>,
) -> HttpResult<Json<InspectionFile>> {
    Ok(Json(desk.round(&by, id).await?.into()))
}

/// Who decides.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ThirdInput {
    /// The account.
    #[schema(value_type = String)]
    inspector: UserId,
}

/// Names the third person, where nobody was named when the round was opened.
#[utoipa::path(
    post, path = "/inspections/{id}/third", tag = "awards", operation_id = "name_third", request_body = ThirdInput,
    responses(
        (status = 200, description = "Named", body = InspectionFile),
        (status = 422, description = "Not this person, or not now", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn third(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<RoundId>,
    Json(input): Json<ThirdInput>,
) -> HttpResult<Json<InspectionFile>> {
    desk.name_third(&by, id, input.inspector).await?;
    Ok(Json(desk.round(&by, id).await?.into()))
}

/// Takes no more looks.
#[utoipa::path(
    post, path = "/inspections/{id}/close", tag = "awards", operation_id = "close_inspection",
    responses(
        (status = 200, description = "Closed", body = Inspection),
        (status = 422, description = "It is not open", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn close(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<RoundId>,
) -> HttpResult<Json<Inspection>> {
    Ok(Json((&desk.close_round(&by, id).await?).into()))
}

/// Takes looks again.
#[utoipa::path(
    post, path = "/inspections/{id}/reopen", tag = "awards", operation_id = "reopen_inspection",
    responses(
        (status = 200, description = "Open again", body = Inspection),
        (status = 422, description = "It is not closed", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn reopen(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<RoundId>,
) -> HttpResult<Json<Inspection>> {
    Ok(Json((&desk.reopen_round(&by, id).await?).into()))
}

/// Gives a round up: nothing of it counts.
#[utoipa::path(
    post, path = "/inspections/{id}/withdraw", tag = "awards", operation_id = "withdraw_inspection",
    request_body = WhyInput,
    responses(
        (status = 200, description = "Given up", body = Inspection),
        (status = 422, description = "It is confirmed or given up", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn withdraw(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<RoundId>,
    Json(input): Json<WhyInput>,
) -> HttpResult<Json<Inspection>> {
    Ok(Json((&desk.withdraw_round(&by, id, &input.reason).await?).into()))
}

/// What became of one line, or would.
#[derive(Serialize, ToSchema)]
struct ConfirmedLine {
    /// The number of the household.
    household: String,
    /// The item.
    item: String,
    /// Its grade.
    #[serde(skip_serializing_if = "Option::is_none")]
    grade: Option<String>,
    /// The award.
    #[serde(skip_serializing_if = "Option::is_none")]
    award: Option<super::awards::Award>,
    /// Why there is none. Stable: programs decide by this.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// What happened and what to do, in the caller's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

fn confirmed(visitor: &Visitor, one: LineAnswer) -> ConfirmedLine {
    let line = ConfirmedLine {
        household: one.line.no.to_string(),
        item: one.line.item,
        grade: one.line.grade,
        award: None,
        code: None,
        detail: None,
    };
    match one.answer {
        Ok(row) => ConfirmedLine { award: Some(row.into()), ..line },
        Err(refusal) => ConfirmedLine {
            code: Some(refusal.code.to_owned()),
            detail: Some(detail(visitor.lang, &refusal)),
            ..line
        },
    }
}

/// Puts what a closed round found on record, line by line; again, what is left of it. Caps and quotas are those of
/// every award; nobody whose look it was may review it.
#[utoipa::path(
    post, path = "/inspections/{id}/confirm", tag = "awards", operation_id = "confirm_inspection",
    responses(
        (status = 200, description = "One answer a line that was not on record", body = Vec<ConfirmedLine>),
        (status = 422, description = "It is open or given up", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn confirm(
    State(desk): State<Desk>,
    by: As<Clerk>,
    visitor: Visitor,
    Path(id): Path<RoundId>,
) -> HttpResult<Json<Vec<ConfirmedLine>>> {
    let answers = desk.confirm_round(&by, id).await?;
    Ok(Json(answers.into_iter().map(|one| confirmed(&visitor, one)).collect()))
}
