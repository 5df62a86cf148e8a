//! Matters (随手拍): reported by households or keyed in by staff, and followed by their household. Deciding on them and seeing to them is in [`super::matter_work`].

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{key::IdempotencyKey, problem::Problem};
use crate::{
    domain::{
        canonical::hex,
        household::HouseholdNo,
        ids::{MatterId, OrgId, PersonId},
        matter::{MatterKind, MatterManner, MatterState},
        time::Day,
    },
    http::{AppState, As, HttpError, HttpResult, Json, Path, Query, Visitor, extract::Caller},
    service::{
        Desk,
        caller::{Handler, Resident, Staff},
        claim::Claimant,
        matter::{
            photo::{AlikeReport, Other},
            report::NewMatter,
            view::MatterView,
        },
        refuse,
        session::SignedIn,
    },
    text::T,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, report))
        .routes(routes!(one))
        .routes(routes!(photo))
        .routes(routes!(withdraw))
}

/// A household, or somebody who sees to matters.
pub(super) enum Reader {
    Household(Resident),
    Staff(Box<Handler>),
}

impl Caller for Reader {
    async fn identify(desk: &Desk, visitor: &Visitor) -> Result<Self, HttpError> {
        match visitor.signed_in().map(|s| &s.who) {
            Some(SignedIn::Resident(_)) => Resident::identify(desk, visitor).await.map(Self::Household),
            _ => Handler::identify(desk, visitor).await.map(|staff| Self::Staff(Box::new(staff))),
        }
    }
}

/// A matter.
#[derive(Serialize, ToSchema)]
pub(super) struct Matter {
    /// Its id.
    id: String,
    /// Its number in the book.
    no: i64,
    /// `reported`, `accepted`, `duplicate`, `invalid`, `withdrawn`, `assigned`, `done`, `verified` or `closed`.
    state: String,
    /// What its household is told, in the asker's language.
    #[schema(example = "已收到，6月10日前有人核实")]
    progress: String,
    /// `dirt`, `broken`, `nuisance`, `danger` or `other`.
    kind: String,
    /// `tiny`, `small`, `large` or `hard`, once it was found so.
    grade: Option<String>,
    /// `self`, `phone` or `paper`.
    manner: String,
    /// The name of the group where it is.
    group: String,
    /// What the household says.
    words: String,
    /// The number of the household, for those who decide on it.
    household: Option<String>,
    /// The day it was reported.
    #[schema(value_type = String)]
    reported_on: Day,
    /// The last day to look in time, while it waits for a look.
    #[schema(value_type = Option<String>)]
    look_by: Option<Day>,
    /// Whether that day is over.
    late: bool,
    /// The number of the report that it repeats.
    repeats: Option<i64>,
    /// Who sees to it.
    assignee: Option<String>,
    /// The last word of the office to the household.
    remark: String,
    /// SHA-256 of its photo, in hex.
    photo: Option<String>,
    /// Whether the photo can still be looked at.
    photo_kept: bool,
    /// The award to the first valid reporter.
    award: Option<String>,
    /// How far the award is, in the asker's language.
    points: Option<String>,
    /// Why the rules give none: the code of the refusal.
    unpaid: Option<String>,
    /// Whether whoever reported it mended it as well.
    mended: bool,
    /// The award for that, where the rules give one.
    mended_award: Option<String>,
    /// Whether what was not so was said in bad faith.
    malicious: bool,
}

impl Matter {
    pub(super) fn of(t: T, m: MatterView) -> Self {
        Self {
            id: m.row.id.to_string(),
            no: m.row.no,
            state: m.state.to_string(),
            progress: t.matter_told(m.state, m.look_by, m.late, m.first, m.grade),
            kind: m.kind.to_string(),
            grade: m.grade.map(|g| g.to_string()),
            manner: m.row.manner,
            group: m.group,
            words: m.row.words,
            household: m.reporter.map(|(no, _)| no.to_string()),
            reported_on: m.row.reported_at.day(),
            look_by: m.look_by,
            late: m.late,
            repeats: m.first,
            assignee: m.assignee,
            remark: m.row.remark,
            photo: m.photo.as_ref().map(|p| hex(&p.digest)),
            photo_kept: m.photo.is_some_and(|p| p.erased_at.is_none()),
            award: m.row.award_id.map(|id| id.to_string()),
            points: m.points.as_ref().map(|p| t.progress(p)),
            unpaid: m.row.unpaid,
            mended: m.row.mended,
            mended_award: m.row.mended_award_id.map(|id| id.to_string()),
            malicious: m.row.malicious,
        }
    }
}

/// Which matters.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MatterPage {
    /// For staff: `reported` when left out. A household always gets its own.
    #[param(value_type = Option<String>)]
    state: Option<MatterState>,
    /// For staff: those given to the caller and not done.
    #[serde(default)]
    mine: bool,
    /// The last number of the page before: staff get the oldest first, a household the newest.
    after: Option<i64>,
    /// At most 50.
    limit: Option<i64>,
}

/// Lists matters: for a household its own, for staff those in one state or given to them.
#[utoipa::path(
    get, path = "/matters", tag = "matters", operation_id = "list_matters", params(MatterPage),
    responses((status = 200, description = "By number", body = Vec<Matter>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    As(by): As<Reader>,
    visitor: Visitor,
    Query(page): Query<MatterPage>,
) -> HttpResult<Json<Vec<Matter>>> {
    let (t, limit) = (T(visitor.lang), page.limit.unwrap_or(50));
    let found = match by {
        Reader::Household(by) => desk.own_matters(&by, page.after.unwrap_or(i64::MAX)).await?,
        Reader::Staff(by) if page.mine => desk.matters_given(&by, page.after.unwrap_or(0), limit).await?,
        Reader::Staff(by) => {
            let state = page.state.unwrap_or(MatterState::Reported);
            desk.matters_in(&by, state, page.after.unwrap_or(0), limit).await?
        }
    };
    Ok(Json(found.into_iter().map(|m| Matter::of(t, m)).collect()))
}

/// What somebody saw.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MatterInput {
    /// For staff: the number of the household whose report it is.
    household: Option<String>,
    /// Who saw it: the person's id.
    #[schema(value_type = Option<String>)]
    person: Option<PersonId>,
    /// The id of the group where it is; the household's own when left out.
    #[schema(value_type = Option<String>)]
    group: Option<OrgId>,
    /// `dirt`, `broken`, `nuisance`, `danger` or `other`.
    #[schema(value_type = String, example = "broken")]
    kind: MatterKind,
    /// For staff: `phone` or `paper`.
    #[schema(value_type = Option<String>)]
    manner: Option<MatterManner>,
    /// Where it is and what is wrong, at most 500 characters.
    words: String,
    /// A JPEG or PNG photo, base64. It is made small and loses its metadata.
    photo: Option<String>,
}

/// Reports a matter.
#[utoipa::path(
    post, path = "/matters", tag = "matters", operation_id = "report_matter", request_body = MatterInput,
    responses((status = 201, description = "Received", body = Matter), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn report(
    State(desk): State<Desk>,
    As(by): As<Claimant>,
    visitor: Visitor,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<MatterInput>,
) -> HttpResult<(StatusCode, Json<Matter>)> {
    let row = desk.report_matter(&by, new_matter(input)?, &key).await?;
    let view = match &by {
        Claimant::Household(resident) => desk.own_matter(resident, row.id).await?,
        Claimant::Staff(staff) => desk.matter_file(&handler(staff)?, row.id).await?,
    };
    Ok((StatusCode::CREATED, Json(Matter::of(T(visitor.lang), view))))
}

fn new_matter(input: MatterInput) -> HttpResult<NewMatter> {
    let household: Option<HouseholdNo> =
        input.household.map(|no| no.parse().map_err(|_| refuse("household_missing"))).transpose()?;
    let wrong = |_| refuse("bad_json").with("reason", "photo: not base64");
    Ok(NewMatter {
        household,
        person: input.person,
        group: input.group,
        kind: input.kind,
        manner: input.manner.unwrap_or(MatterManner::Paper),
        words: input.words,
        photo: input.photo.map(|text| STANDARD.decode(text).map_err(wrong)).transpose()?,
    })
}

/// Whoever records may see to matters, too.
fn handler(by: &Staff) -> HttpResult<Handler> {
    Handler::of(by).ok_or_else(|| crate::service::ServiceError::NotAllowed.into())
}

/// A photo of another matter or of a claim that is the same, or looks alike.
#[derive(Serialize, ToSchema)]
pub(super) struct AlikeFound {
    /// The id of the other matter.
    matter: Option<String>,
    /// The id of the claim.
    claim: Option<String>,
    /// The number of the matter or the claim.
    no: i64,
    /// The very same bytes.
    same: bool,
}

impl From<AlikeReport> for AlikeFound {
    fn from(a: AlikeReport) -> Self {
        let (matter, claim) = match a.other {
            Other::Matter(id) => (Some(id.to_string()), None),
            Other::Claim(id) => (None, Some(id.to_string())),
        };
        Self { matter, claim, no: a.no, same: a.same }
    }
}

/// A matter with what whoever decides should notice.
#[derive(Serialize, ToSchema)]
struct MatterFile {
    /// The matter.
    matter: Matter,
    /// Photos used before: told to staff only.
    alike: Vec<AlikeFound>,
}

/// One matter.
#[utoipa::path(
    get, path = "/matters/{id}", tag = "matters", operation_id = "get_matter", params(("id" = String, Path)),
    responses((status = 200, description = "The matter", body = MatterFile), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    As(by): As<Reader>,
    visitor: Visitor,
    Path(id): Path<MatterId>,
) -> HttpResult<Json<MatterFile>> {
    let (view, alike) = match by {
        Reader::Household(by) => (desk.own_matter(&by, id).await?, Vec::new()),
        Reader::Staff(by) => (desk.matter_file(&by, id).await?, desk.photos_like_matter(by.book, id).await?),
    };
    let alike = alike.into_iter().map(AlikeFound::from).collect();
    Ok(Json(MatterFile { matter: Matter::of(T(visitor.lang), view), alike }))
}

/// The photo of a matter, for those it concerns.
#[utoipa::path(
    get, path = "/matters/{id}/photo", tag = "matters", operation_id = "get_matter_photo", params(("id" = String, Path)),
    responses((status = 200, description = "A JPEG"), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn photo(State(desk): State<Desk>, visitor: Visitor, Path(id): Path<MatterId>) -> HttpResult<Response> {
    let served = match visitor.signed_in().map(|s| &s.who) {
        Some(SignedIn::Resident(by)) => desk.own_matter_photo(by, id).await?,
        _ => desk.matter_photo(&Staff::identify(&desk, &visitor).await?, id).await?,
    };
    let mut response = served.bytes.into_response();
    let media = HeaderValue::from_str(&served.media)
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

/// Takes a report back while nobody has looked; words and photo are erased.
#[utoipa::path(
    post, path = "/matters/{id}/withdraw", tag = "matters", operation_id = "withdraw_matter", params(("id" = String, Path)),
    responses((status = 204, description = "Taken back"), (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn withdraw(
    State(desk): State<Desk>,
    by: As<Resident>,
    Path(id): Path<MatterId>,
) -> HttpResult<StatusCode> {
    desk.withdraw_matter(&by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
