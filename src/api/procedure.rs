//! The steps of the procedure by which rule sets and compacts come into force: comment, check, the four deliberations,
//! the two disclosures, filing; and what people say on the way.

use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    problem::Problem,
    proposal_view::{Proposal, Voice},
    proposals::bad,
    reviews::WhyInput,
};
use crate::{
    domain::{
        household::HouseholdNo,
        ids::{ProposalId, VoiceId},
        proposal::Tally,
        time::Day,
    },
    http::{AppState, As, HttpError, HttpResult, Json, Path, Visitor, extract::Caller},
    service::{
        Desk,
        caller::{Clerk, Resident, Reviewer, Staff, Township},
        objection::Objector,
        proposal::{Minutes, voices::Answer},
        refuse,
        session::SignedIn,
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(open_comment))
        .routes(routes!(check))
        .routes(routes!(meeting))
        .routes(routes!(disclose))
        .routes(routes!(file))
        .routes(routes!(accept))
        .routes(routes!(send_back))
        .routes(routes!(announce))
        .routes(routes!(speak))
        .routes(routes!(answer))
}

/// For how long.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DaysInput {
    /// Calendar days: 7 to 60.
    days: i32,
}

/// Opens a sound draft for comment.
#[utoipa::path(
    post, path = "/proposals/{id}/comment", tag = "rules", operation_id = "open_comment",
    params(("id" = String, Path)), request_body = DaysInput,
    responses((status = 200, description = "Open", body = Proposal), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn open_comment(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<ProposalId>,
    Json(input): Json<DaysInput>,
) -> HttpResult<Json<Proposal>> {
    Ok(Json(desk.open_comment(&by, id, input.days).await?.into()))
}

/// Words for the record.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecordInput {
    /// At most 5,000 characters.
    words: String,
}

/// Says that the text keeps to the law: not who wrote it, and once every comment has its answer.
#[utoipa::path(
    post, path = "/proposals/{id}/check", tag = "rules", operation_id = "check_proposal",
    params(("id" = String, Path)), request_body = RecordInput,
    responses((status = 200, description = "Checked", body = Proposal), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with every fault and the article of the law", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn check(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    Path(id): Path<ProposalId>,
    Json(input): Json<RecordInput>,
) -> HttpResult<Json<Proposal>> {
    Ok(Json(desk.check_proposal(&by, id, &input.words).await?.into()))
}

/// One of the four deliberations.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MeetingInput {
    /// `branch`, `committees`, `members` or `assembly`.
    meeting: String,
    /// The day it was held.
    #[schema(value_type = String)]
    on: Day,
    /// Of the villagers' meeting: `villagers`, `households` or `representatives`.
    body: Option<String>,
    /// Who might come.
    entitled: i64,
    /// Who came.
    present: i64,
    /// For it.
    yes: i64,
    /// Against it.
    no: i64,
    /// Neither.
    abstain: i64,
    /// What was said and resolved, at most 5,000 characters.
    minutes: String,
}

/// Enters one of the four deliberations; a motion voted down ends the proposal.
#[utoipa::path(
    post, path = "/proposals/{id}/meetings", tag = "rules", operation_id = "enter_meeting",
    params(("id" = String, Path)), request_body = MeetingInput,
    responses((status = 200, description = "Entered", body = Proposal), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn meeting(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<ProposalId>,
    Json(input): Json<MeetingInput>,
) -> HttpResult<Json<Proposal>> {
    let body = input.body.map(|b| b.parse().map_err(|_| bad("body"))).transpose()?;
    let MeetingInput { entitled, present, yes, no, abstain, .. } = input;
    let held = Minutes {
        meeting: input.meeting.parse().map_err(|_| bad("meeting"))?,
        held_on: input.on,
        tally: Tally { body, entitled, present, yes, no, abstain },
        text: input.minutes,
    };
    Ok(Json(desk.enter_meeting(&by, id, &held).await?.into()))
}

/// A decision to be put on notice.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DiscloseInput {
    /// Calendar days: 5 to 60.
    days: i32,
    /// Where it hangs.
    place: String,
}

/// Puts the decision on notice (first disclosure): not who wrote it.
#[utoipa::path(
    post, path = "/proposals/{id}/disclose", tag = "rules", operation_id = "disclose_decision",
    params(("id" = String, Path)), request_body = DiscloseInput,
    responses((status = 200, description = "Hangs", body = Proposal), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn disclose(
    State(desk): State<Desk>,
    by: As<Reviewer>,
    Path(id): Path<ProposalId>,
    Json(input): Json<DiscloseInput>,
) -> HttpResult<Json<Proposal>> {
    Ok(Json(desk.disclose_decision(&by, id, input.days, &input.place).await?.into()))
}

/// Sends the decision to the township, once its notice is over and every objection has its answer.
#[utoipa::path(
    post, path = "/proposals/{id}/file", tag = "rules", operation_id = "file_proposal", params(("id" = String, Path)),
    responses((status = 200, description = "Filed", body = Proposal), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn file(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<ProposalId>,
) -> HttpResult<Json<Proposal>> {
    Ok(Json(desk.file_proposal(&by, id).await?.into()))
}

/// A number on file.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AcceptInput {
    /// The township's number.
    filing_no: String,
    /// Words for the record.
    #[serde(default)]
    words: String,
}

/// The township takes the decision on file.
#[utoipa::path(
    post, path = "/proposals/{id}/accept", tag = "rules", operation_id = "accept_filing",
    params(("id" = String, Path)), request_body = AcceptInput,
    responses((status = 200, description = "On file", body = Proposal), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn accept(
    State(desk): State<Desk>,
    by: As<Township>,
    Path(id): Path<ProposalId>,
    Json(input): Json<AcceptInput>,
) -> HttpResult<Json<Proposal>> {
    Ok(Json(desk.accept_filing(&by, id, &input.filing_no, &input.words).await?.into()))
}

/// The township sends the decision back: it is drafted anew.
#[utoipa::path(
    post, path = "/proposals/{id}/return", tag = "rules", operation_id = "return_filing",
    params(("id" = String, Path)), request_body = WhyInput,
    responses((status = 200, description = "Sent back", body = Proposal), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn send_back(
    State(desk): State<Desk>,
    by: As<Township>,
    Path(id): Path<ProposalId>,
    Json(input): Json<WhyInput>,
) -> HttpResult<Json<Proposal>> {
    Ok(Json(desk.return_filing(&by, id, &input.reason).await?.into()))
}

/// When it takes effect, and where that is said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnnounceInput {
    /// The first day: seven days after filing at the earliest.
    #[schema(value_type = String)]
    from: Day,
    /// Where the result hangs.
    place: String,
}

/// Discloses the result (second disclosure): in force from a day to come.
#[utoipa::path(
    post, path = "/proposals/{id}/announce", tag = "rules", operation_id = "announce_result",
    params(("id" = String, Path)), request_body = AnnounceInput,
    responses((status = 200, description = "Disclosed", body = Proposal), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn announce(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<ProposalId>,
    Json(input): Json<AnnounceInput>,
) -> HttpResult<Json<Proposal>> {
    Ok(Json(desk.announce_result(&by, id, input.from, &input.place).await?.into()))
}

/// Who speaks: a household for itself, the clerk for others.
enum Speaker {
    Household(Resident),
    Clerk(Clerk),
}

impl Caller for Speaker {
    async fn identify(desk: &Desk, visitor: &Visitor) -> Result<Self, HttpError> {
        match visitor.signed_in().map(|s| &s.who) {
            Some(SignedIn::Resident(_)) => Resident::identify(desk, visitor).await.map(Self::Household),
            _ => Clerk::identify(desk, visitor).await.map(Self::Clerk),
        }
    }
}

/// What somebody says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VoiceInput {
    /// The household's number, when the clerk writes for one; left out, it has no name.
    household: Option<String>,
    /// In words, at most 500 characters.
    content: String,
}

/// Comments on a draft that is open, or objects to a decision that hangs.
#[utoipa::path(
    post, path = "/proposals/{id}/voices", tag = "rules", operation_id = "speak",
    params(("id" = String, Path)), request_body = VoiceInput,
    responses((status = 201, description = "Kept", body = Voice), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn speak(
    State(desk): State<Desk>,
    As(by): As<Speaker>,
    Path(id): Path<ProposalId>,
    Json(input): Json<VoiceInput>,
) -> HttpResult<(StatusCode, Json<Voice>)> {
    let speaker = match (by, input.household) {
        (Speaker::Household(resident), _) => Objector::Resident(resident),
        (Speaker::Clerk(clerk), None) => Objector::Anonymous { clerk },
        (Speaker::Clerk(clerk), Some(no)) => {
            let no: HouseholdNo = no.parse().map_err(|_| refuse("household_missing"))?;
            let household = desk.household_file(&clerk, &no).await?.household.id;
            Objector::Proxy { clerk, household }
        }
    };
    Ok((StatusCode::CREATED, Json(desk.speak(&speaker, id, &input.content).await?.into())))
}

/// An answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerInput {
    /// Whether it is taken up; of an objection, whether it is right: then the proposal is drafted anew.
    taken: bool,
    /// The answer.
    words: String,
}

/// Answers a comment, or decides an objection.
#[utoipa::path(
    post, path = "/voices/{id}/answer", tag = "rules", operation_id = "answer_voice",
    params(("id" = String, Path)), request_body = AnswerInput,
    responses((status = 200, description = "Answered", body = Voice), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn answer(
    State(desk): State<Desk>,
    by: As<Staff>,
    Path(id): Path<VoiceId>,
    Json(input): Json<AnswerInput>,
) -> HttpResult<Json<Voice>> {
    let given = Answer { taken: input.taken, words: input.words };
    Ok(Json(desk.answer_voice(&by, id, &given).await?.into()))
}
