//! Programs that a village tells what happens: the county's administrator says which. See the outbox for what they are
//! told, and Standard Webhooks for how it is signed.

use axum::{extract::State, http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{once::told_once, problem::Problem};
use crate::{
    domain::{ids::WebhookId, time::Timestamp},
    http::{AppState, As, HttpResult, Json, Path},
    service::{Desk, caller::CountyAdmin, refuse, users::ShownOnce, webhook::WebhookStep},
    store::webhook::WebhookRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(change)).routes(routes!(rotate))
}

/// A receiver.
#[derive(Serialize, ToSchema)]
struct WebhookView {
    /// Its id.
    id: String,
    /// Where messages go.
    url: String,
    /// Kinds of transactions it is told of; empty for all.
    kinds: Vec<String>,
    /// `active`, `paused`, `failing` (given up after days of failures) or `gone` (it answered 410).
    state: String,
    /// The last place of the ledger that arrived or was passed over.
    place: i64,
    /// Failures in a row.
    failures: i64,
    /// When it is tried next.
    #[schema(value_type = String, format = DateTime)]
    next_at: Timestamp,
    /// Since when everything fails.
    #[schema(value_type = Option<String>, format = DateTime)]
    failing_since: Option<Timestamp>,
    /// What went wrong the last time: `status:500`, `time`, `connection`, `tls`, `name`, `forbidden`, `answer`.
    last_error: Option<String>,
    /// When something arrived last.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_at: Option<Timestamp>,
    /// A test: `wanted`, `arrived` or what went wrong.
    test: Option<String>,
}

impl From<WebhookRow> for WebhookView {
    fn from(row: WebhookRow) -> Self {
        Self {
            id: row.id.to_string(),
            url: row.url,
            kinds: row.kinds.split_whitespace().map(str::to_owned).collect(),
            state: row.state,
            place: row.place,
            failures: row.failures,
            next_at: row.next_at,
            failing_since: row.failing_since,
            last_error: row.last_error,
            last_at: row.last_at,
            test: row.test,
        }
    }
}

/// Lists the receivers of a village.
#[utoipa::path(
    get, path = "/villages/{no}/webhooks", tag = "county", operation_id = "list_webhooks",
    params(("no" = i64, Path, description = "The village's number")),
    responses((status = 200, description = "All of them", body = Vec<WebhookView>), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path(no): Path<i64>,
) -> HttpResult<Json<Vec<WebhookView>>> {
    Ok(Json(desk.webhooks(&by, no).await?.into_iter().map(WebhookView::from).collect()))
}

/// A receiver to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WebhookInput {
    /// An `http` or `https` address without a name or password in it.
    #[schema(example = "https://example.cn/greencoin")]
    url: String,
    /// Kinds of transactions it is told of; all when empty or left out.
    #[serde(default)]
    kinds: Vec<String>,
}

/// A secret that is told this once.
#[derive(Serialize, ToSchema)]
struct WebhookSecret {
    /// The receiver.
    id: String,
    /// `whsec_…`; absent when the answer is repeated, since it is kept sealed. Whoever lost it rotates it.
    secret: Option<String>,
}

fn told(status: StatusCode, id: WebhookId, shown: ShownOnce) -> HttpResult<Response> {
    told_once(status, shown, |secret| WebhookSecret { id: id.to_string(), secret })
}

/// Adds a receiver of what happens in a village from now on; its secret is told this once.
#[utoipa::path(
    post, path = "/villages/{no}/webhooks", tag = "county", operation_id = "add_webhook",
    params(("no" = i64, Path, description = "The village's number")), request_body = WebhookInput,
    responses((status = 201, description = "Added", body = WebhookSecret), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn add(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path(no): Path<i64>,
    Json(input): Json<WebhookInput>,
) -> HttpResult<Response> {
    let (row, shown) = desk.add_webhook(&by, no, &input.url, &input.kinds).await?;
    told(StatusCode::CREATED, row.id, shown)
}

/// What is done with a receiver.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WebhookAction {
    /// Sends nothing until told to go on.
    Pause,
    /// Goes on where it stopped.
    Resume,
    /// Sends everything from `from` on again, under the same ids.
    SendAgain,
    /// Sends a message that means nothing; look at `test` a little later.
    Test,
    /// Forgets it.
    Remove,
}

/// What is to be done with a receiver.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WebhookChange {
    /// What.
    action: WebhookAction,
    /// For `send_again`: the first place.
    from: Option<i64>,
}

/// Pauses a receiver, goes on, sends again, tests or forgets.
#[utoipa::path(
    post, path = "/villages/{no}/webhooks/{id}", tag = "county", operation_id = "change_webhook",
    params(("no" = i64, Path, description = "The village's number"), ("id" = String, Path)), request_body = WebhookChange,
    responses((status = 204, description = "Done"), (status = 404, body = Problem), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn change(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path((no, id)): Path<(i64, WebhookId)>,
    Json(change): Json<WebhookChange>,
) -> HttpResult<StatusCode> {
    let step = match (change.action, change.from) {
        (WebhookAction::Pause, _) => WebhookStep::Pause,
        (WebhookAction::Resume, _) => WebhookStep::Resume,
        (WebhookAction::SendAgain, Some(from)) => WebhookStep::SendAgain(from),
        (WebhookAction::SendAgain, None) => {
            return Err(refuse("text_missing").with("field", "from").into());
        }
        (WebhookAction::Test, _) => WebhookStep::Test,
        (WebhookAction::Remove, _) => WebhookStep::Remove,
    };
    desk.change_webhook(&by, no, id, step).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a receiver another secret, told this once; for a day the old one signs too.
#[utoipa::path(
    post, path = "/villages/{no}/webhooks/{id}/rotate", tag = "county", operation_id = "rotate_webhook",
    params(("no" = i64, Path, description = "The village's number"), ("id" = String, Path)),
    responses((status = 200, description = "The new secret", body = WebhookSecret), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn rotate(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Path((no, id)): Path<(i64, WebhookId)>,
) -> HttpResult<Response> {
    let shown = desk.rotate_webhook(&by, no, id).await?;
    told(StatusCode::OK, id, shown)
}
