//! Claims (申报): handed in by households or keyed in by staff, looked into, turned into awards.

use axum::{extract::State, http::StatusCode};
use base64::{Engine, engine::general_purpose::STANDARD};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    awards::Award,
    evidence::{AlikePhoto, EvidencePiece, Reader},
    key::IdempotencyKey,
    matters::AlikeFound,
    problem::Problem,
    reviews::WhyInput,
};
use crate::{
    domain::{
        claim::ClaimState,
        household::HouseholdNo,
        ids::{ClaimId, PersonId},
        time::Day,
    },
    http::{AppState, As, HttpError, HttpResult, Json, Path, Query, Visitor, extract::Caller},
    service::{
        Desk, ServiceResult,
        caller::{Recorder, Resident},
        claim::{Claimant, hand_in::NewClaim, handle::Found, view::ClaimView},
        refuse,
        session::SignedIn,
    },
    text::T,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, hand_in))
        .routes(routes!(one))
        .routes(routes!(check))
        .routes(routes!(accept))
        .routes(routes!(reject))
        .routes(routes!(withdraw))
        .routes(routes!(erase))
}

impl Caller for Claimant {
    async fn identify(desk: &Desk, visitor: &Visitor) -> Result<Self, HttpError> {
        match visitor.signed_in().map(|s| &s.who) {
            Some(SignedIn::Resident(_)) => Resident::identify(desk, visitor).await.map(Self::Household),
            _ => Recorder::identify(desk, visitor).await.map(Self::Staff),
        }
    }
}

/// A claim.
#[derive(Serialize, ToSchema)]
struct Claim {
    /// Its id.
    id: String,
    /// Its number in the book.
    no: i64,
    /// `received`, `checking`, `accepted`, `refused` or `withdrawn`.
    state: String,
    /// What its household is told, in the asker's language.
    #[schema(example = "公示至6月9日")]
    progress: String,
    /// `self`, `helper`, `head` or `paper`.
    manner: String,
    /// The household's number.
    household: String,
    /// The item's code.
    item: String,
    /// The day it happened.
    #[schema(value_type = String)]
    occurred_on: Day,
    /// How much, in the item's unit.
    quantity: String,
    /// What the claimant says.
    words: String,
    /// Why it was refused.
    reason: Option<String>,
    /// The award it became.
    award: Option<String>,
    /// Photo and voice note.
    evidence: Vec<EvidencePiece>,
}

impl Claim {
    fn of(t: T, c: &ClaimView) -> Self {
        let pieces = c.files.iter().map(EvidencePiece::from);
        Self {
            id: c.row.id.to_string(),
            no: c.row.no,
            state: c.state.to_string(),
            progress: t.progress(&c.progress),
            manner: c.manner.to_string(),
            household: c.household_no.to_string(),
            item: c.row.item.clone(),
            occurred_on: c.row.occurred_on,
            quantity: c.row.quantity.clone(),
            words: c.row.words.clone(),
            reason: c.row.reason.clone(),
            award: c.row.award_id.map(|id| id.to_string()),
            evidence: pieces.collect(),
        }
    }
}

/// Which claims.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ClaimPage {
    /// For staff: `received` when left out. A household always gets its own.
    #[param(value_type = Option<String>)]
    state: Option<ClaimState>,
    /// The last number of the page before: staff get the oldest first, a household the newest.
    after: Option<i64>,
    /// At most 50.
    limit: Option<i64>,
}

/// Lists claims: for a household its own and those it handed in for others, for staff those in one state.
#[utoipa::path(
    get, path = "/claims", tag = "claims", operation_id = "list_claims", params(ClaimPage),
    responses((status = 200, description = "By number", body = Vec<Claim>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    As(by): As<Reader>,
    visitor: Visitor,
    Query(page): Query<ClaimPage>,
) -> HttpResult<Json<Vec<Claim>>> {
    let (t, limit) = (T(visitor.lang), page.limit.unwrap_or(50));
    let found = match by {
        Reader::Household(by) => desk.own_claims(&by, page.after.unwrap_or(i64::MAX), limit).await?,
        Reader::Staff(by) => {
            super::reviews::insider(&by)?;
            let state = page.state.unwrap_or(ClaimState::Received);
            desk.claims_in(&by, state, page.after.unwrap_or(0), limit).await?
        }
    };
    Ok(Json(found.iter().map(|c| Claim::of(t, c)).collect()))
}

/// What somebody says a household did.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ClaimInput {
    /// The household's number; a household claims for itself when it is left out, or for kin.
    household: Option<String>,
    /// The person's id.
    #[schema(value_type = Option<String>)]
    person: Option<PersonId>,
    /// The item's code.
    #[schema(example = "D3")]
    item: String,
    /// The grade, if known.
    grade: Option<String>,
    /// How much, in the item's unit; 1 when left out.
    quantity: Option<String>,
    /// The day it happened.
    #[schema(value_type = String, example = "2026-06-03")]
    occurred_on: Day,
    /// At most 500 characters.
    #[serde(default)]
    words: String,
    /// Who helped, or the number of the paper.
    #[serde(default)]
    helper: String,
    /// A JPEG or PNG photo, base64. It is made small and loses its metadata.
    photo: Option<String>,
    /// A recording of at most 1 MiB, base64.
    voice: Option<String>,
}

fn unpacked(name: &str, text: Option<&String>) -> ServiceResult<Option<Vec<u8>>> {
    let wrong = |_| refuse("bad_json").with("reason", format!("{name}: not base64"));
    Ok(text.map(|text| STANDARD.decode(text).map_err(wrong)).transpose()?)
}

fn number(text: Option<&String>) -> ServiceResult<Decimal> {
    let Some(text) = text else { return Ok(Decimal::ONE) };
    text.parse().map_err(|_| refuse("bad_number").with("text", text).into())
}

/// Hands a claim in.
#[utoipa::path(
    post, path = "/claims", tag = "claims", operation_id = "hand_in_claim", request_body = ClaimInput,
    responses((status = 201, description = "Received", body = Claim), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn hand_in(
    State(desk): State<Desk>,
    As(by): As<Claimant>,
    visitor: Visitor,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<ClaimInput>,
) -> HttpResult<(StatusCode, Json<Claim>)> {
    let household: Option<HouseholdNo> =
        input.household.map(|no| no.parse().map_err(|_| refuse("household_missing"))).transpose()?;
    let new = NewClaim {
        household,
        person: input.person,
        item: input.item,
        grade: input.grade,
        quantity: number(input.quantity.as_ref())?,
        occurred_on: input.occurred_on,
        words: input.words,
        helper: input.helper,
        photo: unpacked("photo", input.photo.as_ref())?,
        voice: unpacked("voice", input.voice.as_ref())?,
    };
    let row = desk.hand_in(&by, new, &key).await?;
    let view = match &by {
        Claimant::Household(resident) => desk.own_claim(resident, row.id).await?,
        Claimant::Staff(staff) => desk.claim_file(staff, row.id).await?,
    };
    Ok((StatusCode::CREATED, Json(Claim::of(T(visitor.lang), &view))))
}

/// A claim with what a reviewer should notice.
#[derive(Serialize, ToSchema)]
struct ClaimFile {
    /// The claim.
    claim: Claim,
    /// Photos used before: told to staff only.
    alike: Vec<AlikePhoto>,
    /// Photos of matters that are the same, or look alike: told to staff only.
    reported: Vec<AlikeFound>,
}

/// One claim.
#[utoipa::path(
    get, path = "/claims/{id}", tag = "claims", operation_id = "get_claim", params(("id" = String, Path)),
    responses((status = 200, description = "The claim", body = ClaimFile), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    As(by): As<Reader>,
    visitor: Visitor,
    Path(id): Path<ClaimId>,
) -> HttpResult<Json<ClaimFile>> {
    let (view, alike, reported) = match by {
        Reader::Household(by) => (desk.own_claim(&by, id).await?, Vec::new(), Vec::new()),
        Reader::Staff(by) => {
            super::reviews::insider(&by)?;
            let alike = desk.alike_photos(by.book, id).await?;
            (desk.claim_file(&by, id).await?, alike, desk.matter_photos_like_claim(by.book, id).await?)
        }
    };
    let alike = alike.iter().map(AlikePhoto::from).collect();
    let reported = reported.into_iter().map(AlikeFound::from).collect();
    Ok(Json(ClaimFile { claim: Claim::of(T(visitor.lang), &view), alike, reported }))
}

/// Where a claim stands now.
#[derive(Serialize, ToSchema)]
struct ClaimStands {
    /// The claim's state.
    state: String,
}

/// Begins to look into a claim.
#[utoipa::path(
    post, path = "/claims/{id}/check", tag = "claims", operation_id = "check_claim", params(("id" = String, Path)),
    responses((status = 200, description = "Begun", body = ClaimStands), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn check(
    State(desk): State<Desk>,
    by: As<Recorder>,
    Path(id): Path<ClaimId>,
) -> HttpResult<Json<ClaimStands>> {
    Ok(Json(ClaimStands { state: desk.check_claim(&by, id).await?.to_string() }))
}

/// What was found out about a claim.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FoundInput {
    /// The person's id, where the item counts by person.
    #[schema(value_type = Option<String>)]
    person: Option<PersonId>,
    /// The grade, for an item that has grades.
    grade: Option<String>,
    /// How much, in the item's unit; 1 when left out.
    quantity: Option<String>,
    /// The day it happened.
    #[schema(value_type = String, example = "2026-06-03")]
    occurred_on: Day,
    /// Acts of one event share it.
    event_key: Option<String>,
    /// A remark.
    #[serde(default)]
    note: String,
}

/// Turns a claim into an award, recorded by the caller. The same again answers with the same award.
#[utoipa::path(
    post, path = "/claims/{id}/accept", tag = "claims", operation_id = "accept_claim", params(("id" = String, Path)),
    request_body = FoundInput,
    responses((status = 200, description = "Recorded", body = Award), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn accept(
    State(desk): State<Desk>,
    by: As<Recorder>,
    Path(id): Path<ClaimId>,
    Json(input): Json<FoundInput>,
) -> HttpResult<Json<Award>> {
    let found = Found {
        person: input.person,
        grade: input.grade,
        quantity: number(input.quantity.as_ref())?,
        occurred_on: input.occurred_on,
        event_key: input.event_key,
        note: input.note,
    };
    Ok(Json(desk.accept_claim(&by, id, &found).await?.into()))
}

/// Refuses a claim; its household reads why.
#[utoipa::path(
    post, path = "/claims/{id}/refuse", tag = "claims", operation_id = "refuse_claim", params(("id" = String, Path)),
    request_body = WhyInput,
    responses((status = 200, description = "Refused", body = ClaimStands), (status = 422, description = "Not done, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn reject(
    State(desk): State<Desk>,
    by: As<Recorder>,
    Path(id): Path<ClaimId>,
    Json(input): Json<WhyInput>,
) -> HttpResult<Json<ClaimStands>> {
    Ok(Json(ClaimStands { state: desk.refuse_claim(&by, id, &input.reason).await?.to_string() }))
}

/// Takes a claim back; photo and voice note are erased.
#[utoipa::path(
    post, path = "/claims/{id}/withdraw", tag = "claims", operation_id = "withdraw_claim", params(("id" = String, Path)),
    responses((status = 204, description = "Taken back"), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn withdraw(
    State(desk): State<Desk>,
    by: As<Resident>,
    Path(id): Path<ClaimId>,
) -> HttpResult<StatusCode> {
    desk.withdraw_claim(&by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Erases photo, voice note and words of a claim; the digests stay.
#[utoipa::path(
    post, path = "/claims/{id}/erase", tag = "claims", operation_id = "erase_claim_papers", params(("id" = String, Path)),
    request_body = WhyInput,
    responses((status = 204, description = "Erased"), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn erase(
    State(desk): State<Desk>,
    by: As<Recorder>,
    Path(id): Path<ClaimId>,
    Json(input): Json<WhyInput>,
) -> HttpResult<StatusCode> {
    desk.erase_claim_papers(&by, id, &input.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
