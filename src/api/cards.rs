//! Cards, PINs and the code on a phone.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{
        ids::{CardId, HouseholdId},
        time::Timestamp,
    },
    http::{AppState, As, HttpResult, Json, Path},
    service::{
        Desk, ServiceError,
        caller::{Clerk, Recorder, Resident},
        cards::PrintedCard,
    },
    store::card::CardRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(issue))
        .routes(routes!(revoke))
        .routes(routes!(by_code))
        .routes(routes!(of_household, reissue))
        .routes(routes!(set_pin))
        .routes(routes!(code))
        .routes(routes!(lost))
        .routes(routes!(change_pin))
}

/// For whom cards are wanted: these households, or all of a group.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct IssueInput {
    /// Households, at most 1,000.
    #[serde(default)]
    households: Vec<String>,
    /// A group or household group.
    group: Option<String>,
}

/// What is printed on a card: nothing personal.
#[derive(Serialize, ToSchema)]
struct Printed {
    /// The card.
    id: String,
    /// The household's number.
    household: String,
    /// Ten digits, for typing.
    card_no: String,
    /// 48 digits for the QR, version 2, level Q.
    digits: String,
}

impl From<PrintedCard> for Printed {
    fn from(c: PrintedCard) -> Self {
        Self { id: c.id.to_string(), household: c.household_no, card_no: c.card_no, digits: c.digits }
    }
}

/// Issues cards, or prints those in use again.
#[utoipa::path(
    post, path = "/cards", tag = "cards", operation_id = "issue_cards", request_body = IssueInput,
    responses(
        (status = 200, description = "What to print", body = Vec<Printed>),
        (status = 422, description = "A household may not redeem", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn issue(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Json(input): Json<IssueInput>,
) -> HttpResult<Json<Vec<Printed>>> {
    let cards = match input.group {
        Some(group) => {
            let group = group.parse().map_err(|_| ServiceError::NotFound("group"))?;
            desk.issue_cards_of(&by, group).await?
        }
        None => {
            let ids: Result<Vec<HouseholdId>, _> = input.households.iter().map(|h| h.parse()).collect();
            desk.issue_cards(&by, &ids.map_err(|_| ServiceError::NotFound("household"))?).await?
        }
    };
    Ok(Json(cards.into_iter().map(Printed::from).collect()))
}

/// A card.
#[derive(Serialize, ToSchema)]
struct Card {
    /// Its id.
    id: String,
    /// Ten digits, for typing.
    card_no: String,
    /// `active` or `revoked`.
    state: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    issued_at: Timestamp,
    /// When it died.
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Timestamp>,
    /// Why.
    revoked_reason: Option<String>,
}

impl From<CardRow> for Card {
    fn from(c: CardRow) -> Self {
        Self {
            id: c.id.to_string(),
            card_no: c.card_no,
            state: c.state,
            issued_at: c.issued_at,
            revoked_at: c.revoked_at,
            revoked_reason: c.revoked_reason,
        }
    }
}

/// Why something was done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reason {
    /// In a few words.
    #[serde(default)]
    reason: String,
}

/// Kills a card at once.
#[utoipa::path(
    post, path = "/cards/{id}/revoke", tag = "cards", operation_id = "revoke_card",
    params(("id" = String, Path, description = "The card")), request_body = Reason,
    responses(
        (status = 200, description = "The card", body = Card),
        (status = 404, description = "No such card", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn revoke(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<CardId>,
    Json(why): Json<Reason>,
) -> HttpResult<Json<Card>> {
    Ok(Json(desk.revoke_card(&by, id, &why.reason).await?.into()))
}

/// Lists a household's cards, the one in use first.
#[utoipa::path(
    get, path = "/households/{id}/cards", tag = "cards", operation_id = "list_cards",
    params(("id" = String, Path, description = "The household")),
    responses((status = 200, description = "Its cards", body = Vec<Card>)),
    security(("bearer" = []), ("session" = []))
)]
async fn of_household(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<HouseholdId>,
) -> HttpResult<Json<Vec<Card>>> {
    Ok(Json(desk.cards_of(by.book, id).await?.into_iter().map(Card::from).collect()))
}

/// Makes a new card in place of the one in use, which dies at once.
#[utoipa::path(
    post, path = "/households/{id}/cards", tag = "cards", operation_id = "reissue_card",
    params(("id" = String, Path, description = "The household")), request_body = Reason,
    responses((status = 200, description = "What to print", body = Printed)),
    security(("bearer" = []), ("session" = []))
)]
async fn reissue(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<HouseholdId>,
    Json(why): Json<Reason>,
) -> HttpResult<Json<Printed>> {
    Ok(Json(desk.reissue_card(&by, id, &why.reason).await?.into()))
}

/// What was scanned or typed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CodeShown {
    /// 48 digits of a phone code or a card, or the ten digits of a card number.
    credential: String,
}

/// Whose code or card it is.
#[derive(Serialize, ToSchema)]
struct CodeOwner {
    /// The household's number.
    no: String,
}

/// Finds the household that shows a code or card, for recording.
#[utoipa::path(
    post, path = "/households/by-code", tag = "cards", operation_id = "find_household_by_code", request_body = CodeShown,
    responses(
        (status = 200, description = "Whose it is", body = CodeOwner),
        (status = 404, description = "Nobody's in this village", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn by_code(
    State(desk): State<Desk>,
    by: As<Recorder>,
    Json(shown): Json<CodeShown>,
) -> HttpResult<Json<CodeOwner>> {
    let no =
        desk.household_by_code(&by, &shown.credential).await?.ok_or(ServiceError::NotFound("household"))?;
    Ok(Json(CodeOwner { no: no.to_string() }))
}

/// A PIN to be set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PinInput {
    /// Six digits.
    pin: String,
}

/// Done.
#[derive(Serialize, ToSchema)]
struct Done {
    /// Whether anything changed.
    changed: bool,
}

/// Sets a household's PIN anew and unblocks it.
#[utoipa::path(
    put, path = "/households/{id}/pin", tag = "cards", operation_id = "set_pin",
    params(("id" = String, Path, description = "The household")), request_body = PinInput,
    responses(
        (status = 200, description = "Set", body = Done),
        (status = 422, description = "Not six digits, or too easy", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn set_pin(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<HouseholdId>,
    Json(input): Json<PinInput>,
) -> HttpResult<Json<Done>> {
    desk.set_pin(&by, id, &input.pin).await?;
    Ok(Json(Done { changed: true }))
}

/// A code to show at the counter.
#[derive(Serialize, ToSchema)]
struct Code {
    /// 48 digits for a QR, version 2, level Q.
    digits: String,
    /// The first instant at which it is refused.
    #[schema(value_type = String, format = DateTime)]
    lapses_at: Timestamp,
}

/// Gives the signed-in household a code that lives a minute and works once.
#[utoipa::path(
    get, path = "/my/code", tag = "cards", operation_id = "phone_code",
    responses(
        (status = 200, description = "A fresh code", body = Code),
        (status = 422, description = "The household may not redeem", body = Problem),
    ),
    security(("session" = []))
)]
async fn code(State(desk): State<Desk>, by: As<Resident>) -> HttpResult<Json<Code>> {
    let issued = desk.phone_code(&by).await?;
    Ok(Json(Code { digits: issued.digits, lapses_at: issued.lapses_at }))
}

/// Reports the signed-in household's card lost.
#[utoipa::path(
    post, path = "/my/card/lost", tag = "cards", operation_id = "report_card_lost",
    responses((status = 200, description = "Dead, if there was one", body = Done)),
    security(("session" = []))
)]
async fn lost(State(desk): State<Desk>, by: As<Resident>) -> HttpResult<Json<Done>> {
    Ok(Json(Done { changed: desk.report_card_lost(&by).await? }))
}

/// A PIN to be changed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeInput {
    /// The PIN of today.
    present: String,
    /// The PIN from now on.
    pin: String,
}

/// Changes the signed-in household's PIN.
#[utoipa::path(
    put, path = "/my/pin", tag = "cards", operation_id = "change_pin", request_body = ChangeInput,
    responses(
        (status = 200, description = "Changed", body = Done),
        (status = 403, description = "Wrong or blocked PIN", body = Problem),
    ),
    security(("session" = []))
)]
async fn change_pin(
    State(desk): State<Desk>,
    by: As<Resident>,
    Json(input): Json<ChangeInput>,
) -> HttpResult<Json<Done>> {
    desk.change_pin(&by, &input.present, &input.pin).await?;
    Ok(Json(Done { changed: true }))
}
