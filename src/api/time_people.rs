//! People of the time bank: what they have, offer, need, give.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    key::IdempotencyKey,
    problem::Problem,
    time_orders::{TimePerson, short},
};
use crate::{
    domain::{
        ids::{PersonId, TimeGiftId, TimeOfferId},
        time::Day,
        timebank::{need::NeedGround, policy::Brim},
    },
    http::{AppState, As, HttpResult, Json, Path},
    service::{
        Desk, ServiceError, ServiceResult, refuse,
        timebank::{
            party::Party,
            people::PersonFile,
            volunteer::{Fitness, NewOffer},
        },
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(one))
        .routes(routes!(join))
        .routes(routes!(offer))
        .routes(routes!(end_offer))
        .routes(routes!(need))
        .routes(routes!(give))
        .routes(routes!(take_back))
        .routes(routes!(donate))
}

/// What somebody offers.
#[derive(Serialize, ToSchema)]
struct TimeOffer {
    /// Its id.
    id: String,
    /// What.
    service: String,
    /// On which weekdays: Monday is 1, Tuesday 2, Wednesday 4 …, added up.
    weekdays: i32,
    /// From which minute of the day.
    from_minute: i32,
    /// Up to which.
    until_minute: i32,
}

/// What somebody gave.
#[derive(Serialize, ToSchema)]
struct TimeGift {
    /// Its id.
    id: String,
    /// To whom.
    to: TimePerson,
    /// How many minutes.
    minutes: i32,
    /// `cooling`, `given` or `taken_back`.
    state: String,
    /// When it can no longer be taken back.
    due: String,
}

/// What somebody has.
#[derive(Serialize, ToSchema)]
struct TimeAccount {
    /// Who.
    person: TimePerson,
    /// Minutes free to draw.
    saved: i64,
    /// Minutes put aside.
    held: i64,
    /// Minutes served and posted.
    earned: i64,
    /// Whether they are a volunteer.
    joined: bool,
    /// What they offer.
    offers: Vec<TimeOffer>,
    /// What they gave.
    gifts: Vec<TimeGift>,
}

impl From<PersonFile> for TimeAccount {
    fn from(file: PersonFile) -> Self {
        let offers = file.offers.into_iter().map(|o| TimeOffer {
            id: o.id.to_string(),
            service: o.kind,
            weekdays: o.weekdays,
            from_minute: o.from_minute,
            until_minute: o.until_minute,
        });
        let gifts = file.gifts.into_iter().map(|(gift, to)| TimeGift {
            id: gift.id.to_string(),
            to: to.into(),
            minutes: gift.minutes,
            state: gift.state,
            due: gift.due_at.rfc3339(),
        });
        Self {
            saved: file.hours.saved,
            held: file.hours.held,
            earned: file.hours.earned,
            joined: file.hours.volunteer.is_some(),
            person: file.hours.who.into(),
            offers: offers.collect(),
            gifts: gifts.collect(),
        }
    }
}

/// Who is meant by an address; whoever may not see them does not learn that they are there.
async fn whose(desk: &Desk, by: &Party, no: &str) -> ServiceResult<PersonId> {
    Ok(desk.time_person(by, no).await?.hours.who.id)
}

async fn account(desk: &Desk, by: &Party, no: &str) -> HttpResult<Json<TimeAccount>> {
    Ok(Json(desk.time_person(by, no).await?.into()))
}

/// What somebody has: for their household, and for the staff.
#[utoipa::path(
    get, path = "/time/people/{no}", tag = "time", operation_id = "get_time_person", params(("no" = String, Path)),
    responses((status = 200, description = "The account", body = TimeAccount), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path(no): Path<String>,
) -> HttpResult<Json<TimeAccount>> {
    account(&desk, &by, &no).await
}

/// What is known of a volunteer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct JoinInput {
    /// Whether they declare to be well enough.
    well: bool,
    /// The last day of their insurance.
    #[schema(value_type = Option<String>)]
    insured_until: Option<Day>,
    /// The day they were trained for care.
    #[schema(value_type = Option<String>)]
    trained_on: Option<Day>,
    /// Of a minor: the number of the guardian, who consents and comes along.
    guardian: Option<String>,
    /// What becomes of minutes beyond the cap: `donate` or `honor`.
    #[schema(value_type = Option<String>)]
    brim: Option<Brim>,
}

/// Joins as a volunteer, or renews what is known.
#[utoipa::path(
    post, path = "/time/people/{no}/volunteer", tag = "time", operation_id = "join_time_bank", params(("no" = String, Path)),
    request_body = JoinInput,
    responses((status = 200, description = "Joined", body = TimeAccount), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn join(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path(no): Path<String>,
    Json(input): Json<JoinInput>,
) -> HttpResult<Json<TimeAccount>> {
    let who = whose(&desk, &by, &no).await?;
    let guardian = match &input.guardian {
        Some(no) => Some(desk.time_person_id(by.book(), no).await?),
        None => None,
    };
    let JoinInput { well, insured_until, trained_on, brim, .. } = input;
    desk.join_time_bank(&by.side()?, who, &Fitness { well, insured_until, trained_on, guardian, brim })
        .await?;
    account(&desk, &by, &no).await
}

/// What somebody offers to do, and when.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OfferInput {
    /// What.
    service: String,
    /// On which weekdays: Monday is 1, Tuesday 2, Wednesday 4 …, added up.
    weekdays: u8,
    /// From which minute of the day.
    from_minute: i32,
    /// Up to which.
    until_minute: i32,
}

/// Offers a service at certain hours.
#[utoipa::path(
    post, path = "/time/people/{no}/offers", tag = "time", operation_id = "offer_service", params(("no" = String, Path)),
    request_body = OfferInput,
    responses((status = 200, description = "Offered", body = TimeAccount), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn offer(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path(no): Path<String>,
    Json(input): Json<OfferInput>,
) -> HttpResult<Json<TimeAccount>> {
    let who = whose(&desk, &by, &no).await?;
    let kind = input.service.parse().map_err(|_| ServiceError::from(refuse("time_service_not_here")))?;
    let new = NewOffer { kind, weekdays: input.weekdays, from: input.from_minute, until: input.until_minute };
    desk.offer_service(&by.side()?, who, &new).await?;
    account(&desk, &by, &no).await
}

/// Takes an offer back.
#[utoipa::path(
    post, path = "/time/people/{no}/offers/{offer}/end", tag = "time", operation_id = "end_time_offer",
    params(("no" = String, Path), ("offer" = String, Path)),
    responses((status = 200, description = "Taken back", body = TimeAccount), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn end_offer(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path((no, offer)): Path<(String, TimeOfferId)>,
) -> HttpResult<Json<TimeAccount>> {
    let who = whose(&desk, &by, &no).await?;
    desk.end_offer(&by.side()?, who, offer).await?;
    account(&desk, &by, &no).await
}

/// What speaks for somebody: the grounds decide and are not kept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NeedInput {
    /// `empty_nest`, `low_income`, `disabled`, `pregnant`, `left_behind`, `hardship`. Age is known.
    #[schema(value_type = Vec<String>)]
    grounds: Vec<NeedGround>,
}

/// How great somebody's need is.
#[derive(Serialize, ToSchema)]
struct TimeNeed {
    /// The score: the greater, the sooner the pool serves.
    score: i32,
    /// Whether the public pool serves this person.
    pool: bool,
}

/// Looks at somebody's need, at the network point.
#[utoipa::path(
    post, path = "/time/people/{no}/need", tag = "time", operation_id = "see_need", params(("no" = String, Path)),
    request_body = NeedInput,
    responses((status = 200, description = "Seen", body = TimeNeed), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn need(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path(no): Path<String>,
    Json(input): Json<NeedInput>,
) -> HttpResult<Json<TimeNeed>> {
    let who = whose(&desk, &by, &no).await?;
    let row = desk.see_need(&by.desk()?, who, &input.grounds).await?;
    Ok(Json(TimeNeed { score: row.score, pool: row.pool == 1 }))
}

/// Minutes for somebody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GiftInput {
    /// The number of whoever receives them.
    to: String,
    /// How many.
    minutes: i64,
}

/// Gives minutes to a relative; they can be taken back for seven days.
#[utoipa::path(
    post, path = "/time/people/{no}/gifts", tag = "time", operation_id = "give_minutes", params(("no" = String, Path)),
    request_body = GiftInput,
    responses((status = 200, description = "Put aside", body = TimeAccount), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn give(
    State(desk): State<Desk>,
    As(by): As<Party>,
    IdempotencyKey(key): IdempotencyKey,
    Path(no): Path<String>,
    Json(input): Json<GiftInput>,
) -> HttpResult<Json<TimeAccount>> {
    let giver = whose(&desk, &by, &no).await?;
    let receiver = desk.time_person_id(by.book(), &input.to).await?;
    desk.give_minutes(&by.side()?, &short(&desk, key), (giver, receiver), input.minutes).await?;
    account(&desk, &by, &no).await
}

/// Takes a gift back while it cools.
#[utoipa::path(
    post, path = "/time/people/{no}/gifts/{gift}/take-back", tag = "time", operation_id = "take_gift_back",
    params(("no" = String, Path), ("gift" = String, Path)),
    responses((status = 200, description = "Taken back", body = TimeAccount), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn take_back(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path((no, gift)): Path<(String, TimeGiftId)>,
) -> HttpResult<Json<TimeAccount>> {
    whose(&desk, &by, &no).await?;
    desk.take_gift_back(&by.side()?, gift).await?;
    account(&desk, &by, &no).await
}

/// Minutes for everybody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DonationInput {
    /// How many.
    minutes: i64,
}

/// Gives minutes to the public pool, for good.
#[utoipa::path(
    post, path = "/time/people/{no}/donations", tag = "time", operation_id = "donate_minutes", params(("no" = String, Path)),
    request_body = DonationInput,
    responses((status = 200, description = "Posted", body = TimeAccount), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn donate(
    State(desk): State<Desk>,
    As(by): As<Party>,
    IdempotencyKey(key): IdempotencyKey,
    Path(no): Path<String>,
    Json(input): Json<DonationInput>,
) -> HttpResult<Json<TimeAccount>> {
    let who = whose(&desk, &by, &no).await?;
    desk.donate_minutes(&by.side()?, &short(&desk, key), who, input.minutes).await?;
    account(&desk, &by, &no).await
}
