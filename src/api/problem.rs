//! What an error looks like (RFC 9457), and how a caller proves who it is.

use serde::Serialize;
use utoipa::{
    Modify, ToSchema,
    openapi::{
        OpenApi,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
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
