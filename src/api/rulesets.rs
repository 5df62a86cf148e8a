//! Rule sets and what a village follows.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{
        lang::Lang,
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Actor, Desk,
        caller::{CountyAdmin, Staff, Township},
        rulesets::Adoption,
    },
    store::ruleset::RulesetRow,
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, publish))
        .routes(routes!(one))
        .routes(routes!(in_force))
        .routes(routes!(adoptions, adopt))
}

/// A published rule set.
#[derive(Serialize, ToSchema)]
struct Ruleset {
    /// Its content hash.
    hash: String,
    /// The code of its programme.
    programme: String,
    /// Its version.
    version: String,
    /// What it is called.
    name: String,
    /// When it was published.
    #[schema(value_type = String)]
    published_at: Timestamp,
    /// The text (TOML); empty in lists.
    content: String,
}

impl From<RulesetRow> for Ruleset {
    fn from(r: RulesetRow) -> Self {
        Self {
            hash: r.hash,
            programme: r.programme,
            version: r.version,
            name: r.name,
            published_at: r.published_at,
            content: r.content,
        }
    }
}

/// A page of a list by hash.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// The last hash of the page before.
    #[serde(default)]
    after: String,
    /// At most 100.
    limit: Option<i64>,
}

/// Lists published rule sets, without their text.
#[utoipa::path(
    get, path = "/rulesets", tag = "rules", operation_id = "list_rulesets", params(Page),
    responses((status = 200, description = "By hash", body = Vec<Ruleset>)),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    _by: As<Staff>,
    Query(page): Query<Page>,
) -> HttpResult<Json<Vec<Ruleset>>> {
    let found = desk.rulesets(&page.after, page.limit.unwrap_or(50)).await?;
    Ok(Json(found.into_iter().map(Ruleset::from).collect()))
}

/// Shows a published rule set with its text.
#[utoipa::path(
    get, path = "/rulesets/{hash}", tag = "rules", operation_id = "ruleset", params(("hash" = String, Path)),
    responses((status = 200, description = "The rule set", body = Ruleset), (status = 404, body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    _by: As<Staff>,
    Path(hash): Path<String>,
) -> HttpResult<Json<Ruleset>> {
    Ok(Json(desk.ruleset_row(&hash).await?.into()))
}

/// A rule set to publish.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RulesetInput {
    /// The text (TOML).
    content: String,
}

/// The name of a published rule set.
#[derive(Serialize, ToSchema)]
struct Published {
    /// Its content hash.
    hash: String,
}

/// Publishes a rule set; the same text again is the same rule set.
#[utoipa::path(
    post, path = "/rulesets", tag = "rules", operation_id = "publish_ruleset", request_body = RulesetInput,
    responses((status = 201, description = "Published", body = Published), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn publish(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    Json(input): Json<RulesetInput>,
) -> HttpResult<(StatusCode, Json<Published>)> {
    let set = desk.publish_ruleset(Actor::User(by.user), &input.content).await?;
    Ok((StatusCode::CREATED, Json(Published { hash: set.hash().to_owned() })))
}

/// That a village follows a rule set from a day on.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AdoptionBody {
    /// The rule set's content hash.
    hash: String,
    /// The first day: today or later.
    #[schema(value_type = String, example = "2026-07-01")]
    from: Day,
    /// The decision of the villagers' assembly it rests on.
    basis: String,
}

/// Lists what the village followed from when, latest first.
#[utoipa::path(
    get, path = "/adoptions", tag = "rules", operation_id = "list_adoptions",
    responses((status = 200, description = "Latest first", body = Vec<AdoptionBody>)),
    security(("bearer" = []), ("session" = []))
)]
async fn adoptions(State(desk): State<Desk>, by: As<Staff>) -> HttpResult<Json<Vec<AdoptionBody>>> {
    let found = desk.adoptions(by.book).await?;
    let body =
        found.into_iter().map(|a| AdoptionBody { hash: a.hash, from: a.effective_from, basis: a.basis });
    Ok(Json(body.collect()))
}

/// Takes over the rules a village adopted on paper before it came here. Every later version goes by procedure.
#[utoipa::path(
    post, path = "/adoptions", tag = "rules", operation_id = "adopt_ruleset", request_body = AdoptionBody,
    responses((status = 204, description = "Adopted"), (status = 409, description = "Its state moved on", body = Problem),
        (status = 422, description = "Refused, with the reason", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn adopt(
    State(desk): State<Desk>,
    by: As<Township>,
    Json(input): Json<AdoptionBody>,
) -> HttpResult<StatusCode> {
    let adoption = Adoption { hash: input.hash, from: input.from, basis: input.basis };
    desk.take_over_ruleset(&by, &adoption).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What an item is worth and how often, in plain words.
#[derive(Serialize, ToSchema)]
struct RuleItem {
    /// Its code.
    code: String,
    /// The family it belongs to.
    category: String,
    /// What it is called.
    name: String,
    /// The same in English.
    name_en: String,
    /// What it is worth.
    worth: String,
    /// The same in English.
    worth_en: String,
    /// How often.
    caps: Vec<String>,
    /// The same in English.
    caps_en: Vec<String>,
}

/// Lists the items in force today, to everybody of the village.
#[utoipa::path(
    get, path = "/rules", tag = "rules", operation_id = "rules_in_force",
    responses((status = 200, description = "In their order", body = Vec<RuleItem>),
        (status = 403, description = "Not of this village", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn in_force(
    State(desk): State<Desk>,
    by: As<super::goods::Insider>,
) -> HttpResult<Json<Vec<RuleItem>>> {
    let rules = desk.ruleset_for(by.book, desk.today()).await?;
    let items = rules.items.iter().filter(|i| i.enabled).map(|i| RuleItem {
        code: i.code.to_string(),
        category: i.category.clone(),
        name: i.name.zh.clone(),
        name_en: i.name.en.clone(),
        worth: i.worth_words(Lang::Zh),
        worth_en: i.worth_words(Lang::En),
        caps: i.caps.iter().map(|c| c.words(Lang::Zh)).collect(),
        caps_en: i.caps.iter().map(|c| c.words(Lang::En)).collect(),
    });
    Ok(Json(items.collect()))
}
