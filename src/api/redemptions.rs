//! Identifying who stands at the counter, redeeming, receipts.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{alerts::Bystanding, key::IdempotencyKey, problem::Problem, returns::CameBack};
use crate::{
    domain::{
        amount::points,
        basket::Basket,
        bystander::{NothingShown, Part, Recused},
        ids::{CounterId, OrderId},
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk, ServiceError,
        caller::{Shopkeeper, Staff},
        redeem::{Bystander, CredentialKind, RedeemRequest, RedemptionReceipt},
        refuse,
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(identify))
        .routes(routes!(redeem))
        .routes(routes!(one))
        .routes(routes!(of_counter))
}

/// What was scanned or typed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Shown {
    /// 48 digits of a phone code or a card, or the ten digits of a card number.
    credential: String,
    /// At which of the shopkeeper's counters.
    counter: Option<String>,
    /// `witness` or `helper`, where only the household's number is said and somebody else answers for it.
    #[schema(value_type = Option<String>)]
    part: Option<Part>,
}

/// Who stands at the counter.
#[derive(Serialize, ToSchema)]
struct Customer {
    /// The household's number.
    household: String,
    /// Its head, masked.
    name: String,
    /// Spendable points.
    #[schema(example = "55")]
    available: String,
    /// `phone`, `card` or `number`.
    credential: &'static str,
    /// `own_household` or `kin_household` of the shopkeeper: a second person is needed.
    #[schema(value_type = Option<String>)]
    recused: Option<Recused>,
    /// Above how many points the PIN is needed; absent for a phone.
    pin_above: Option<String>,
    /// What the card may still take today; absent for a phone.
    card_left: Option<String>,
    /// When the phone code lapses.
    #[schema(value_type = Option<String>, format = DateTime)]
    lapses_at: Option<Timestamp>,
    /// Send it with the redemption: the code counts as shown in time for some minutes.
    visit: Option<String>,
}

fn counter_id(text: Option<String>) -> Result<Option<CounterId>, ServiceError> {
    text.map(|t| t.parse().map_err(|_| ServiceError::NotFound("counter"))).transpose()
}

/// Tells who shows a code or card.
#[utoipa::path(
    post, path = "/identify", tag = "counter", operation_id = "identify", request_body = Shown,
    responses(
        (status = 200, description = "Who it is", body = Customer),
        (status = 422, description = "Lapsed, used, revoked, unknown, closed …", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn identify(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    Json(shown): Json<Shown>,
) -> HttpResult<Json<Customer>> {
    let counter = counter_id(shown.counter)?;
    let who = desk.identify_with(&by, counter, (&shown.credential, None), shown.part).await?;
    let credential = match who.credential {
        CredentialKind::Phone => "phone",
        CredentialKind::Card => "card",
        CredentialKind::Number => "number",
    };
    Ok(Json(Customer {
        household: who.no,
        name: who.masked_name,
        available: points(who.available),
        credential,
        recused: who.recused,
        pin_above: who.pin_above.map(points),
        card_left: who.card_left.map(points),
        lapses_at: who.lapses_at,
        visit: who.visit,
    }))
}

/// An article and pieces. A price is never read from a client.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Item {
    /// The article's number.
    pub(super) sku: i64,
    /// Pieces.
    pub(super) pieces: i64,
}

/// Somebody beside the household.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BystanderInput {
    /// `witness`, `second` or `helper`.
    #[schema(value_type = String)]
    part: Part,
    /// Their household's number or card, or the name they sign in with.
    who: String,
    /// The PIN of their household, or the present code of their sign-in.
    secret: String,
    /// Why the household can show nothing; of a witness: `forgot`, `broken`, `lost`, `none_yet`.
    #[schema(value_type = Option<String>)]
    reason: Option<NothingShown>,
}

/// What is to be redeemed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RedemptionInput {
    /// What was scanned or typed; the household's number where a witness or helper answers for it.
    credential: String,
    /// Who stands beside the household.
    bystander: Option<BystanderInput>,
    /// The redemption before, if the same person came for that one too.
    same_as: Option<String>,
    /// From `identify`.
    visit: Option<String>,
    /// The household's PIN, where one is needed.
    pin: Option<String>,
    /// At which of the shopkeeper's counters.
    counter: Option<String>,
    /// What they take; the same article twice is added up.
    lines: Vec<Item>,
}

/// One article of a receipt.
#[derive(Serialize, ToSchema)]
pub(super) struct ReceiptEntry {
    /// The article's number.
    sku: i64,
    /// Its name.
    name: String,
    /// The same in English.
    name_en: String,
    /// Pieces.
    pieces: i64,
    /// Points for one piece at that time.
    price: String,
    /// Points together.
    points: String,
}

/// A receipt.
#[derive(Serialize, ToSchema)]
pub(super) struct Receipt {
    /// Its id.
    id: String,
    /// The receipt number: consecutive, without gaps.
    no: i64,
    /// The counter.
    counter: String,
    /// Its name.
    counter_name: String,
    /// The household's number.
    household: String,
    /// Its head, masked.
    name: String,
    /// Who handed the goods over.
    cashier: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `phone`, `card`, `card_pin`, `pickup`, `witness` or `helper`.
    credential: String,
    /// Who stood beside.
    beside: Option<Bystanding>,
    /// The goods.
    lines: Vec<ReceiptEntry>,
    /// Points taken.
    #[schema(example = "20")]
    points: String,
    /// Spendable points before.
    before: String,
    /// Spendable points after.
    after: String,
    /// Its place in the ledger.
    seq: i64,
    /// What came back of it, oldest first.
    returned: Vec<CameBack>,
    /// Whether this is an earlier answer again: nothing moved now.
    repeated: bool,
}

impl From<RedemptionReceipt> for Receipt {
    fn from(r: RedemptionReceipt) -> Self {
        let line = |l: crate::service::redeem::ReceiptLine| ReceiptEntry {
            sku: l.sku,
            name: l.name,
            name_en: l.name_en,
            pieces: l.quantity,
            price: points(l.price),
            points: points(l.points),
        };
        Self {
            id: r.id.to_string(),
            no: r.no,
            counter: r.counter.to_string(),
            counter_name: r.counter_name,
            household: r.household_no,
            name: r.masked_name,
            cashier: r.cashier,
            at: r.placed_at,
            credential: r.credential,
            beside: r.beside.map(Bystanding::from),
            lines: r.lines.into_iter().map(line).collect(),
            points: points(r.points),
            before: points(r.before),
            after: points(r.after),
            seq: r.seq,
            returned: r.returned.into_iter().map(CameBack::from).collect(),
            repeated: r.repeated,
        }
    }
}

/// Redeems points for goods: points, goods and cost move together, or nothing does.
#[utoipa::path(
    post, path = "/redemptions", tag = "counter", operation_id = "redeem", request_body = RedemptionInput,
    responses(
        (status = 200, description = "The receipt", body = Receipt),
        (status = 403, description = "Wrong or blocked PIN", body = Problem),
        (status = 409, description = "The key was used for another request", body = Problem),
        (status = 422, description = "Refused: nothing changed", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn redeem(
    State(desk): State<Desk>,
    by: As<Shopkeeper>,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<RedemptionInput>,
) -> HttpResult<Json<Receipt>> {
    let items = input.lines.iter().map(|l| (l.sku, l.pieces));
    let basket =
        Basket::new(items).map_err(|e| ServiceError::from(refuse("invalid_basket").with("reason", e)))?;
    let bystander = input.bystander.map(|b| {
        let BystanderInput { part, who, secret, reason } = b;
        Bystander { part, who, secret, reason }
    });
    let same_as = input.same_as.map(|id| id.parse().map_err(|_| ServiceError::NotFound("redemption")));
    let request = RedeemRequest {
        bystander,
        same_as: same_as.transpose()?,
        counter: counter_id(input.counter)?,
        credential: input.credential,
        visit: input.visit,
        pin: input.pin,
        basket,
    };
    Ok(Json(desk.redeem(&by, &request, &key).await?.into()))
}

/// Shows a receipt to the counter's keepers, the clerk and auditors.
#[utoipa::path(
    get, path = "/redemptions/{id}", tag = "counter", operation_id = "get_redemption",
    params(("id" = String, Path, description = "The redemption")),
    responses(
        (status = 200, description = "The receipt", body = Receipt),
        (status = 404, description = "No such receipt, or not the caller's", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn one(State(desk): State<Desk>, by: As<Staff>, Path(id): Path<OrderId>) -> HttpResult<Json<Receipt>> {
    Ok(Json(desk.receipt(&by, id).await?.into()))
}

/// Which day, from where on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DayPage {
    /// The business day; today when absent.
    #[param(value_type = Option<String>, format = Date)]
    day: Option<Day>,
    /// The last receipt number of the page before.
    after: Option<i64>,
    /// At most 100.
    limit: Option<i64>,
}

/// A counter's day.
#[derive(Serialize, ToSchema)]
struct CounterDay {
    /// Redemptions of the whole day.
    count: i64,
    /// Points taken on the whole day.
    points: String,
    /// Points given back on that day, of redemptions of whatever day.
    points_returned: String,
    /// The latest first.
    receipts: Vec<Receipt>,
}

/// Lists a counter's redemptions of one day, the latest first.
#[utoipa::path(
    get, path = "/counters/{id}/redemptions", tag = "counter", operation_id = "list_redemptions",
    params(("id" = String, Path, description = "The counter"), DayPage),
    responses((status = 200, description = "The day", body = CounterDay)),
    security(("bearer" = []), ("session" = []))
)]
async fn of_counter(
    State(desk): State<Desk>,
    by: As<Staff>,
    Path(id): Path<CounterId>,
    Query(page): Query<DayPage>,
) -> HttpResult<Json<CounterDay>> {
    let day = page.day.unwrap_or_else(|| desk.today());
    let list = desk.redemptions_of(&by, id, day, page.after, page.limit.unwrap_or(50)).await?;
    let receipts = list.rows.into_iter().map(Receipt::from).collect();
    Ok(Json(CounterDay {
        count: list.total.count,
        points: points(list.total.points),
        points_returned: points(list.returned.points),
        receipts,
    }))
}
