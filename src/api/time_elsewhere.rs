//! Asking for a service with hours that were saved in another village.

use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    key::IdempotencyKey,
    problem::Problem,
    time_orders::{TimeOrder, short},
};
use crate::{
    domain::{household::PersonNo, time::Timestamp},
    http::{AppState, As, HttpResult, Json},
    service::{
        Desk, ServiceError, ServiceResult, refuse,
        timebank::{ask::NewOrder, elsewhere::SavedElsewhere, party::Party},
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(ask))
}

/// A service that is asked for here, and where its hours are.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HoursElsewhereInput {
    /// The number of whoever is to be served, here.
    person: String,
    /// What: `company`, `meals`, `cleaning` …
    service: String,
    /// When it begins, RFC 3339.
    starts_at: String,
    /// How long, in minutes.
    minutes: i64,
    /// At most 500 characters.
    #[serde(default)]
    words: String,
    /// The number of the village where the hours were saved.
    village: i64,
    /// The same person's number there.
    person_there: String,
    /// The card or the live code of their household there.
    shown: String,
}

impl HoursElsewhereInput {
    async fn read(self, desk: &Desk, by: &Party) -> ServiceResult<(NewOrder, SavedElsewhere)> {
        let starts_at: Timestamp =
            self.starts_at.parse().map_err(|_| refuse("bad_day").with("text", &self.starts_at))?;
        let kind = self.service.parse().map_err(|_| refuse("time_service_not_here"))?;
        let served = desk.time_person_id(by.book(), &self.person).await?;
        let person = PersonNo::parse(&self.person_there).map_err(|_| ServiceError::NotFound("person"))?;
        let new = NewOrder { served, kind, starts_at, minutes: self.minutes, words: self.words };
        Ok((new, SavedElsewhere { village: self.village, person, shown: self.shown }))
    }
}

/// Asks for a service at the network point with hours saved in another village: what is missing comes over in one posting
/// of both books, hour for hour.
#[utoipa::path(
    post, path = "/time/orders/elsewhere", tag = "time", operation_id = "ask_with_hours_from", request_body = HoursElsewhereInput,
    responses((status = 201, description = "On the board", body = TimeOrder), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn ask(
    State(desk): State<Desk>,
    As(by): As<Party>,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<HoursElsewhereInput>,
) -> HttpResult<(StatusCode, Json<TimeOrder>)> {
    let staff = by.desk()?;
    let (new, from) = input.read(&desk, &by).await?;
    let row = desk.ask_with_hours_from(&staff, &short(&desk, key), &new, &from).await?;
    Ok((StatusCode::CREATED, Json(desk.time_order_file(&by, row.id).await?.order.into())))
}
