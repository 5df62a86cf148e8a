//! What an error looks like (RFC 9457), and how a caller proves who it is.

use serde::Serialize;
use utoipa::{
    Modify, ToSchema,
    openapi::{
        Content, OpenApi, Ref, RefOr, ResponseBuilder,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{AppState, Json},
    text::refusal,
};

/// A problem document. Facts of the refusal stand beside these members: `needed`, `available`, `retry_after_s` …
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Where the code is explained.
    #[serde(rename = "type")]
    #[schema(example = "/api/v1/problems#not_enough_points")]
    pub kind: String,
    /// A short summary in the caller's language.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable: programs decide by this.
    pub code: String,
    /// What happened, to what, and what to do next, in the caller's language.
    pub detail: String,
}

/// Adds the ways to prove who one is.
#[derive(Debug)]
pub struct Security;

impl Modify for Security {
    fn modify(&self, openapi: &mut OpenApi) {
        let components = openapi.components.get_or_insert_with(Default::default);
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKey::Cookie(ApiKeyValue::new("gc_session"));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    }
}

/// Says of every operation that whatever is not named answers with a problem document.
pub(super) fn describe_default(openapi: &mut OpenApi) {
    for path in openapi.paths.paths.values_mut() {
        let each = [&mut path.get, &mut path.post, &mut path.put, &mut path.delete, &mut path.patch];
        for operation in each.into_iter().flatten() {
            let content = Content::new(Some(Ref::from_schema_name("Problem")));
            let other = ResponseBuilder::new()
                .description("Any other error")
                .content("application/problem+json", content)
                .build();
            operation.responses.responses.entry("default".to_owned()).or_insert(RefOr::T(other));
        }
    }
}

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// A code that a problem document may carry.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct ProblemCode {
    /// The code.
    code: &'static str,
    /// Its words in Chinese; facts stand in braces.
    zh: &'static str,
    /// Its words in English.
    en: &'static str,
}

/// Lists the codes that problem documents carry.
#[utoipa::path(
    get, path = "/problems", tag = "identity", operation_id = "list_problems",
    responses((status = 200, description = "All codes", body = Vec<ProblemCode>))
)]
async fn list() -> Json<Vec<ProblemCode>> {
    Json(refusal::all().map(|(code, zh, en)| ProblemCode { code, zh, en }).collect())
}
