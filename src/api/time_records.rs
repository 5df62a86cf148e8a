//! Records of volunteers: what stands in one, and papers of it.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    key::IdempotencyKey,
    problem::Problem,
    time_merits::TimeMerit,
    time_orders::{TimePerson, short},
};
use crate::{
    domain::{ids::TimeCertificateId, time::Day},
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk,
        timebank::{
            certificate::{CertificateView, PublicCertificate},
            party::Party,
            record::{Record, Service},
        },
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(record))
        .routes(routes!(issue))
        .routes(routes!(papers))
        .routes(routes!(paper))
        .routes(routes!(check))
}

/// A posted service.
#[derive(Serialize, ToSchema)]
struct TimeService {
    /// The place in the log where it was posted: how it is named in requests.
    root: i64,
    /// The day.
    day: String,
    /// The kind of service, or the item of the rules.
    kind: String,
    /// What it was.
    content: String,
    /// Where.
    place: String,
    /// Minutes that count now.
    minutes: i64,
    /// Whether the first posting was undone.
    undone: bool,
    /// One to five.
    rating: Option<i32>,
    /// The day it was written down.
    recorded_on: String,
    /// Whether that was more than ten working days later.
    late: bool,
    /// Where it stands with the national system.
    transfer: Option<String>,
}

impl From<Service> for TimeService {
    fn from(s: Service) -> Self {
        Self {
            root: s.row.root,
            day: s.day.to_string(),
            undone: s.row.undone.is_some(),
            rating: s.row.rating,
            kind: s.row.kind,
            content: s.content,
            place: s.place,
            minutes: s.minutes,
            recorded_on: s.recorded_on.to_string(),
            late: s.late,
            transfer: s.transfer.map(|state| state.to_string()),
        }
    }
}

/// A volunteer's record.
#[derive(Serialize, ToSchema)]
struct TimeRecord {
    /// Whose.
    person: TimePerson,
    /// Where they live.
    residence: String,
    /// The year of birth, if known.
    birth_year: Option<i32>,
    /// The phone number, if known.
    phone: Option<String>,
    /// What they offer.
    skills: Vec<String>,
    /// Who keeps the record.
    unit: String,
    /// Who is in charge there.
    in_charge: String,
    /// Minutes of everything that stands.
    minutes: i64,
    /// The services.
    services: Vec<TimeService>,
    /// Trainings and commendations.
    merits: Vec<TimeMerit>,
}

impl From<Record> for TimeRecord {
    fn from(r: Record) -> Self {
        Self {
            minutes: r.minutes(),
            person: r.hours.who.into(),
            residence: r.group,
            birth_year: r.birth_year,
            phone: (!r.phone.is_empty()).then_some(r.phone),
            skills: r.skills.iter().map(ToString::to_string).collect(),
            unit: r.unit,
            in_charge: r.in_charge,
            services: r.services.into_iter().map(Into::into).collect(),
            merits: r.merits.into_iter().map(Into::into).collect(),
        }
    }
}

/// The record of somebody: for their household, and for the staff.
#[utoipa::path(
    get, path = "/time/people/{no}/record", tag = "time", operation_id = "get_time_record", params(("no" = String, Path)),
    responses((status = 200, description = "The record", body = TimeRecord), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn record(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path(no): Path<String>,
) -> HttpResult<Json<TimeRecord>> {
    Ok(Json(desk.time_record(&by, &no).await?.into()))
}

/// A paper.
#[derive(Serialize, ToSchema)]
struct TimeCertificate {
    /// Its id.
    id: String,
    /// Its number.
    no: i64,
    /// Whose record it is.
    person: TimePerson,
    /// `platform` until the national system knows all of it, then `proof`.
    standing: String,
    /// The day of issue.
    issued_on: String,
    /// The first day.
    from: String,
    /// The last day.
    to: String,
    /// Minutes of all services.
    minutes: i64,
    /// How many services.
    services: usize,
    /// What the book says of it now: `agrees`, `corrected` or `revoked`.
    agreement: String,
    /// The page where anybody can check it.
    check: String,
    /// The page of its proof.
    proof: String,
}

impl From<CertificateView> for TimeCertificate {
    fn from(p: CertificateView) -> Self {
        Self {
            id: p.row.id.to_string(),
            no: p.row.no,
            person: p.who.into(),
            standing: p.row.standing,
            issued_on: p.row.issued_on.to_string(),
            from: p.row.from_on.to_string(),
            to: p.row.to_on.to_string(),
            minutes: p.row.minutes,
            services: p.contents.lines.len(),
            agreement: p.agreement.to_string(),
            check: format!("/certificate/{}/{}", p.village, p.row.token),
            proof: format!("/proof/{}/{}", p.village, p.txn),
        }
    }
}

/// Which services.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SpanInput {
    /// From this day on; from the first when left out.
    #[schema(value_type = Option<String>)]
    from: Option<Day>,
    /// Up to this day; to the last when left out.
    #[schema(value_type = Option<String>)]
    to: Option<Day>,
}

/// Issues a paper of somebody's record.
#[utoipa::path(
    post, path = "/time/people/{no}/certificates", tag = "time", operation_id = "issue_time_certificate", params(("no" = String, Path)),
    request_body = SpanInput,
    responses((status = 201, description = "Issued", body = TimeCertificate), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn issue(
    State(desk): State<Desk>,
    As(by): As<Party>,
    IdempotencyKey(key): IdempotencyKey,
    Path(no): Path<String>,
    Json(input): Json<SpanInput>,
) -> HttpResult<(StatusCode, Json<TimeCertificate>)> {
    let who = desk.time_person(&by, &no).await?.hours.who.id;
    let key = short(&desk, key);
    let row = desk.issue_time_certificate(&by.side()?, (&key, who), (input.from, input.to)).await?;
    Ok((StatusCode::CREATED, Json(desk.time_certificate(&by, row.id).await?.into())))
}

/// Papers below a number.
#[derive(Deserialize, IntoParams)]
struct Before {
    /// The number.
    before: Option<i64>,
}

/// Papers, the latest first: those of a household's people, all of them for the staff.
#[utoipa::path(
    get, path = "/time/certificates", tag = "time", operation_id = "list_time_certificates", params(Before),
    responses((status = 200, description = "The papers", body = Vec<TimeCertificate>)),
    security(("bearer" = []), ("session" = []))
)]
async fn papers(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Query(query): Query<Before>,
) -> HttpResult<Json<Vec<TimeCertificate>>> {
    let found = desk.time_certificates(&by, query.before.unwrap_or(i64::MAX)).await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

/// One paper.
#[utoipa::path(
    get, path = "/time/certificates/{id}", tag = "time", operation_id = "get_time_certificate", params(("id" = String, Path)),
    responses((status = 200, description = "The paper", body = TimeCertificate), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn paper(
    State(desk): State<Desk>,
    As(by): As<Party>,
    Path(id): Path<TimeCertificateId>,
) -> HttpResult<Json<TimeCertificate>> {
    Ok(Json(desk.time_certificate(&by, id).await?.into()))
}

/// What anybody may know of a paper.
#[derive(Serialize, ToSchema)]
struct CheckedCertificate {
    /// Its number.
    no: i64,
    /// `platform` or `proof`.
    standing: String,
    /// The masked name.
    name: String,
    /// The day of issue.
    issued_on: String,
    /// How many services.
    services: usize,
    /// Minutes on the paper.
    minutes: i64,
    /// Minutes of the same services in the book now.
    minutes_now: i64,
    /// What the book says of it now: `agrees`, `corrected` or `revoked`.
    agreement: String,
    /// The digest that stands in the log.
    digest: String,
}

impl From<PublicCertificate> for CheckedCertificate {
    fn from(p: PublicCertificate) -> Self {
        Self {
            no: p.no,
            standing: p.standing.to_string(),
            name: p.name,
            issued_on: p.issued_on.to_string(),
            services: p.services,
            minutes: p.minutes,
            minutes_now: p.minutes_now,
            agreement: p.agreement.to_string(),
            digest: p.digest,
        }
    }
}

/// Checks a paper by the address on it. Nobody needs to sign in.
#[utoipa::path(
    get, path = "/certificate/{no}/{token}", tag = "time", operation_id = "check_time_certificate",
    params(("no" = i64, Path), ("token" = String, Path)),
    responses((status = 200, description = "What the book says of it", body = CheckedCertificate), (status = 404, body = Problem))
)]
async fn check(
    State(desk): State<Desk>,
    Path((no, token)): Path<(i64, String)>,
) -> HttpResult<Json<CheckedCertificate>> {
    Ok(Json(desk.check_time_certificate(no, &token).await?.into()))
}
