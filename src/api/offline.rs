//! Devices that sell without network: making them ready, taking what they send, and what people decide.

use axum::{extract::State, http::StatusCode};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    key::IdempotencyKey,
    offline_shapes::{Device, UndecidedEntry},
    problem::Problem,
    redemptions::Item,
};
use crate::{
    domain::{
        amount::parse_points,
        basket::Basket,
        canonical::hex,
        ids::{CounterId, OfflineRoundId, OrgId},
        offline::{Decision, OFFLINE_HOUSEHOLD_MAX},
        time::Timestamp,
    },
    http::{AppState, As, HttpResult, Json, Path},
    service::{
        Desk, ServiceError, ServiceResult,
        caller::{Clerk, Reviewer, Shopkeeper, Staff},
        redeem::offline::{Answered, NewRound, Sent, Synced},
        refuse,
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(ready))
        .routes(routes!(one))
        .routes(routes!(of_counter))
        .routes(routes!(send))
        .routes(routes!(missing))
        .routes(routes!(end))
        .routes(routes!(undecided))
        .routes(routes!(decide))
}

/// A device to be made ready.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeviceInput {
    /// At which of the shopkeeper's counters; the first when left out.
    #[schema(value_type = Option<String>)]
    counter: Option<CounterId>,
    /// What people call the device.
    device: String,
    /// Its public key: an uncompressed point of P-256, base64.
    device_key: String,
    /// Groups or household groups to be served; all of the village when left out.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    places: Vec<OrgId>,
    /// The most points of one household; what another device is to have is left to it. 50 when left out.
    #[schema(example = "20")]
    each: Option<String>,
    /// What it may hand out. Articles with a quota may not.
    lines: Vec<Item>,
}

/// One entry as it was signed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignedEntry {
    /// The text.
    text: String,
    /// The signature of its bytes: r and s, 32 bytes each, base64.
    signature: String,
}

/// What a device sends.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EntriesInput {
    /// The entries in order, at most 100.
    entries: Vec<SignedEntry>,
    /// What the device's clock says, in milliseconds since 1970.
    device_now: i64,
    /// The device sells no more: what is left goes back.
    #[serde(default)]
    close: bool,
}

/// What became of an entry.
#[derive(Serialize, ToSchema)]
struct EntryAnswer {
    /// Its number.
    number: i64,
    /// `sold`, or why people decide.
    outcome: String,
    /// `late`, `skew`, `price_changed`.
    flags: Vec<String>,
    /// The receipt's number.
    receipt: Option<i64>,
}

impl From<Answered> for EntryAnswer {
    fn from(a: Answered) -> Self {
        Self { number: a.number, outcome: a.outcome, flags: a.flags, receipt: a.receipt }
    }
}

/// Where a device stands once what it sent was taken.
#[derive(Serialize, ToSchema)]
struct EntriesAnswer {
    /// `open`, `closed`, `stopped` or `lost`.
    state: String,
    /// The number of the next entry: what is below it is kept here.
    next: i64,
    /// The digest that the next entry names.
    head: String,
    /// What became of what was sent.
    entries: Vec<EntryAnswer>,
    /// An entry is missing: send from `next`.
    gap: bool,
    /// Why the device was stopped.
    fault: Option<String>,
}

impl From<Synced> for EntriesAnswer {
    fn from(s: Synced) -> Self {
        Self {
            state: s.state.to_string(),
            next: s.next,
            head: hex(&s.head),
            entries: s.entries.into_iter().map(EntryAnswer::from).collect(),
            gap: s.gap,
            fault: s.fault,
        }
    }
}

/// In which words.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MissingInput {
    /// What happened.
    reason: String,
}

/// What people decided.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EntryDecisionInput {
    /// `posted`: the household agrees; `back`: the goods came back; `loss`: they are written off.
    #[schema(value_type = String)]
    decision: Decision,
}

fn unpacked(name: &str, text: &str) -> ServiceResult<Vec<u8>> {
    STANDARD.decode(text).map_err(|_| refuse("bad_json").with("reason", format!("{name}: not base64")).into())
}

fn new_round(input: DeviceInput) -> ServiceResult<NewRound> {
    let goods = Basket::new(input.lines.iter().map(|l| (l.sku, l.pieces)))
        .map_err(|e| ServiceError::from(refuse("invalid_basket").with("reason", e)))?;
    let each = match &input.each {
        None => OFFLINE_HOUSEHOLD_MAX,
        Some(text) => parse_points(text).ok_or_else(|| refuse("bad_number").with("text", text))?,
    };
    Ok(NewRound {
        each,
        counter: input.counter,
        device_key: unpacked("device_key", &input.device_key)?,
        device: input.device,
        places: input.places,
        goods,
    })
}

fn sent(input: EntriesInput) -> ServiceResult<Sent> {
    let wrong = || refuse("bad_json").with("reason", "device_now");
    let micros = input.device_now.checked_mul(1_000).ok_or_else(wrong)?;
    let entries = input.entries.into_iter().map(|e| Ok((e.text, unpacked("signature", &e.signature)?)));
    Ok(Sent {
        entries: entries.collect::<ServiceResult<Vec<_>>>()?,
        device_now: Timestamp::from_micros(micros),
        close: input.close,
    })
}

/// Makes a device ready: points and goods are put aside for it.
#[utoipa::path(
    post, path = "/offline/rounds", tag = "counter", operation_id = "ready_device", request_body = DeviceInput,
    responses((status = 201, description = "Ready", body = Device),
        (status = 404, description = "No such counter", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn ready(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<DeviceInput>,
) -> HttpResult<(StatusCode, Json<Device>)> {
    let given = desk.ready_offline(&by, &new_round(input)?, &key).await?;
    Ok((StatusCode::CREATED, Json(given.into())))
}

/// Tells what a device has in hand.
#[utoipa::path(
    get, path = "/offline/rounds/{id}", tag = "counter", operation_id = "device_in_hand",
    params(("id" = String, Path, description = "The round")),
    responses((status = 200, description = "What it has", body = Device),
        (status = 404, description = "No such round", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    by: As<Staff>,
    Path(id): Path<OfflineRoundId>,
) -> HttpResult<Json<Device>> {
    Ok(Json(desk.offline_round(&by, id).await?.into()))
}

/// Lists the devices of a counter, the latest first.
#[utoipa::path(
    get, path = "/counters/{id}/devices", tag = "counter", operation_id = "list_devices",
    params(("id" = String, Path, description = "The counter")),
    responses((status = 200, description = "Devices", body = Vec<Device>),
        (status = 404, description = "No such counter", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn of_counter(
    State(desk): State<Desk>,
    by: As<Staff>,
    Path(id): Path<CounterId>,
) -> HttpResult<Json<Vec<Device>>> {
    Ok(Json(desk.offline_rounds(&by, id).await?.into_iter().map(Device::from).collect()))
}

/// Takes what a device sold, in its order; the same again gets the same answer.
#[utoipa::path(
    post, path = "/offline/rounds/{id}/entries", tag = "counter", operation_id = "send_entries",
    params(("id" = String, Path, description = "The round")), request_body = EntriesInput,
    responses((status = 200, description = "What became of each", body = EntriesAnswer),
        (status = 404, description = "No such round", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn send(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    Path(id): Path<OfflineRoundId>,
    Json(input): Json<EntriesInput>,
) -> HttpResult<Json<EntriesAnswer>> {
    Ok(Json(desk.sync_offline(&by, id, &sent(input)?).await?.into()))
}

/// Says that a device is missing; a second person decides.
#[utoipa::path(
    post, path = "/offline/rounds/{id}/missing", tag = "counter", operation_id = "report_device_missing",
    params(("id" = String, Path, description = "The round")), request_body = MissingInput,
    responses((status = 200, description = "Said", body = Device),
        (status = 404, description = "No such round", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn missing(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<OfflineRoundId>,
    Json(input): Json<MissingInput>,
) -> HttpResult<Json<Device>> {
    Ok(Json(desk.miss_offline(&by, id, &input.reason).await?.into()))
}

/// Agrees that a device is gone: what it had goes back.
#[utoipa::path(
    post, path = "/offline/rounds/{id}/end", tag = "counter", operation_id = "end_missing_device",
    params(("id" = String, Path, description = "The round")),
    responses((status = 200, description = "Ended", body = Device),
        (status = 404, description = "No such round", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn end(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    Path(id): Path<OfflineRoundId>,
) -> HttpResult<Json<Device>> {
    Ok(Json(desk.end_missing_offline(&by, id).await?.into()))
}

/// Lists entries that nobody decided yet, the oldest first.
#[utoipa::path(
    get, path = "/offline/undecided", tag = "counter", operation_id = "list_undecided_entries",
    responses((status = 200, description = "Entries", body = Vec<UndecidedEntry>)),
    security(("bearer" = []), ("session" = []))
)]
async fn undecided(State(desk): State<Desk>, by: As<Staff>) -> HttpResult<Json<Vec<UndecidedEntry>>> {
    Ok(Json(desk.undecided_offline(&by).await?.into_iter().map(UndecidedEntry::from).collect()))
}

/// Decides about an entry that could not be taken.
#[utoipa::path(
    post, path = "/offline/rounds/{id}/entries/{number}/decide", tag = "counter", operation_id = "decide_entry",
    params(("id" = String, Path, description = "The round"), ("number" = i64, Path, description = "The entry")),
    request_body = EntryDecisionInput,
    responses((status = 204, description = "Decided"),
        (status = 404, description = "No such entry", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn decide(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    Path(of): Path<(OfflineRoundId, i64)>,
    Json(input): Json<EntryDecisionInput>,
) -> HttpResult<StatusCode> {
    desk.decide_offline(&by, of, input.decision).await?;
    Ok(StatusCode::NO_CONTENT)
}
