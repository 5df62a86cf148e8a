//! Proposals of rule sets and compacts: listed, shown with their whole life, drafted and changed. The steps of the
//! procedure are in [`super::procedure`].

use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    problem::Problem,
    proposal_view::{Proposal, ProposalDetail},
    reviews::WhyInput,
};
use crate::{
    domain::{
        ids::{BookId, ProposalId},
        proposal::Paper,
        ruleset::overrides::Override,
    },
    http::{AppState, As, HttpError, HttpResult, Json, Path, Query, Visitor, extract::Caller},
    service::{
        Desk,
        caller::{Clerk, Resident, Staff},
        proposal::draft::{NewDraft, Source},
        refuse,
        session::SignedIn,
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, begin))
        .routes(routes!(one))
        .routes(routes!(change_text))
        .routes(routes!(put_override))
        .routes(routes!(withdraw))
}

/// Who may look: staff of the village at everything, its households at what was disclosed.
struct Reader {
    book: BookId,
    staff: bool,
}

impl Caller for Reader {
    async fn identify(desk: &Desk, visitor: &Visitor) -> Result<Self, HttpError> {
        if let Some(SignedIn::Resident(_)) = visitor.signed_in().map(|s| &s.who) {
            let book = Resident::identify(desk, visitor).await?.book;
            return Ok(Self { book, staff: false });
        }
        let staff = Staff::identify(desk, visitor).await?;
        super::reviews::insider(&staff)?;
        Ok(Self { book: staff.book, staff: true })
    }
}

/// A page of proposals.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ProposalPage {
    /// The last number of the page before; they come newest first.
    after: Option<i64>,
    /// At most 50.
    limit: Option<i64>,
}

/// Lists proposals, newest first; to households, those on their way that were disclosed.
#[utoipa::path(
    get, path = "/proposals", tag = "rules", operation_id = "list_proposals", params(ProposalPage),
    responses((status = 200, description = "Newest first", body = Vec<Proposal>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    by: As<Reader>,
    Query(page): Query<ProposalPage>,
) -> HttpResult<Json<Vec<Proposal>>> {
    let found = if by.staff {
        desk.proposals(by.book, page.after.unwrap_or(i64::MAX), page.limit.unwrap_or(50)).await?
    } else {
        desk.public_proposals(by.book).await?
    };
    Ok(Json(found.into_iter().map(Proposal::from).collect()))
}

/// Shows a proposal with every step, what people said, what it changes and what is wrong with it.
#[utoipa::path(
    get, path = "/proposals/{id}", tag = "rules", operation_id = "proposal", params(("id" = String, Path)),
    responses((status = 200, description = "The proposal", body = ProposalDetail), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    by: As<Reader>,
    Path(id): Path<ProposalId>,
) -> HttpResult<Json<ProposalDetail>> {
    let file =
        if by.staff { desk.proposal(by.book, id).await? } else { desk.public_proposal(by.book, id).await? };
    Ok(Json(file.into()))
}

/// A draft to be begun: from a template or with a text of its own.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DraftInput {
    /// `rules` or `compact`.
    paper: String,
    /// What it is called.
    title: String,
    /// A published rule set to draw it up from, by content hash. What the village said otherwise last time is kept.
    template: Option<String>,
    /// Its text, where it has no template: TOML, or of a compact one numbered clause a line.
    text: Option<String>,
}

/// Begins a draft. A village works on one proposal of a paper at a time.
#[utoipa::path(
    post, path = "/proposals", tag = "rules", operation_id = "begin_draft", request_body = DraftInput,
    responses((status = 201, description = "Begun", body = Proposal), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn begin(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Json(input): Json<DraftInput>,
) -> HttpResult<(StatusCode, Json<Proposal>)> {
    let paper: Paper = input.paper.parse().map_err(|_| bad("paper: rules or compact"))?;
    let source = match (input.template, input.text) {
        (Some(hash), None) => Source::Template(hash),
        (None, Some(text)) => Source::Text(text),
        _ => return Err(bad("template or text").into()),
    };
    let row = desk.begin_draft(&by, &NewDraft { paper, title: input.title, source }).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

pub(super) fn bad(reason: &str) -> crate::service::Refusal {
    refuse("bad_json").with("reason", reason)
}

/// A text and why it is changed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TextInput {
    /// The whole text.
    text: String,
    /// On what ground: a meeting, a comment.
    ground: String,
}

/// Changes the text of a draft that has no template; after the comment period, too, by what was said.
#[utoipa::path(
    post, path = "/proposals/{id}/text", tag = "rules", operation_id = "change_text",
    params(("id" = String, Path)), request_body = TextInput,
    responses((status = 200, description = "Changed", body = Proposal), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn change_text(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<ProposalId>,
    Json(input): Json<TextInput>,
) -> HttpResult<Json<Proposal>> {
    Ok(Json(desk.change_text(&by, id, &input.text, &input.ground).await?.into()))
}

/// One thing to be said otherwise than the template.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OverrideInput {
    /// `item A2`, `programme`, `route R1`; `new` for an item the template does not have.
    #[schema(example = "item A2")]
    target: String,
    /// The key; of a new item its code.
    #[schema(example = "points")]
    key: String,
    /// The value as it stands in the file, of a new item its table; left out, the template's word counts again.
    #[schema(example = "8")]
    value: Option<String>,
    /// On what ground: a meeting, a comment.
    ground: String,
}

/// Says one thing otherwise than the template.
#[utoipa::path(
    post, path = "/proposals/{id}/overrides", tag = "rules", operation_id = "override_rule",
    params(("id" = String, Path)), request_body = OverrideInput,
    responses((status = 200, description = "Changed", body = Proposal), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn put_override(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<ProposalId>,
    Json(input): Json<OverrideInput>,
) -> HttpResult<Json<Proposal>> {
    let change = Override { target: input.target, key: input.key, value: input.value };
    Ok(Json(desk.override_rule(&by, id, &change, &input.ground).await?.into()))
}

/// Takes a proposal back, until the villagers have resolved on it.
#[utoipa::path(
    post, path = "/proposals/{id}/withdraw", tag = "rules", operation_id = "withdraw_proposal",
    params(("id" = String, Path)), request_body = WhyInput,
    responses((status = 200, description = "Taken back", body = Proposal), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn withdraw(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(id): Path<ProposalId>,
    Json(input): Json<WhyInput>,
) -> HttpResult<Json<Proposal>> {
    Ok(Json(desk.withdraw_proposal(&by, id, &input.reason).await?.into()))
}
