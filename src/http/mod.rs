//! What the API and the pages share: state, typed callers, errors, limits, health. Knows no page and no endpoint;
//! [`build_app`] wraps whatever routes it is given.

use axum::{
    Router,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware,
};
use std::time::Duration;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, limit::RequestBodyLimitLayer,
    set_header::SetResponseHeaderLayer, timeout::TimeoutLayer,
};

pub mod error;
pub mod extract;
pub mod health;
pub(crate) mod legible;
pub mod listen;
pub mod metrics;
pub mod observe;
pub mod once;
pub mod session;
pub mod state;
pub mod token;

pub use error::{HttpError, HttpResult};
pub use extract::{As, Form, Json, Path, Query};
pub use session::Visitor;
pub use state::AppState;

/// The application, ready to serve.
pub type App = Router;

/// No request body is larger; uploads of photos say otherwise for themselves.
pub const BODY_BYTES_MAX: usize = 8 * 1024 * 1024;
/// No answer takes longer.
pub const ANSWER_SECONDS_MAX: u64 = 30;

const SECURITY_HEADERS: [(&str, &str); 8] = [
    (
        "content-security-policy",
        "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'; \
         script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-robots-tag", "noindex, nofollow"),
];

/// The whole application: `routes`, health and metrics, inside all the layers. Outermost first: request id and log,
/// headers, compression, error presentation, time and size limits, panics, who is asking.
pub fn build_app(state: AppState, routes: Router<AppState>) -> App {
    let mut app = routes
        .merge(health::routes())
        // matched routes only are observed; a stranger's guesses make no metric
        .route_layer(middleware::from_fn_with_state(state.clone(), observe::count))
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(middleware::from_fn_with_state(state.clone(), session::greet))
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(RequestBodyLimitLayer::new(BODY_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_secs(ANSWER_SECONDS_MAX),
        ))
        .layer(middleware::from_fn_with_state(state.clone(), error::present))
        .layer(CompressionLayer::new())
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ));
    for (name, value) in SECURITY_HEADERS {
        app = app.layer(SetResponseHeaderLayer::overriding(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        ));
    }
    app.layer(middleware::from_fn_with_state(state.clone(), observe::log)).with_state(state)
}
