//! Who is asking: cookies, bearer tokens, language, village and the token of forms, read once per request.

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use std::{net::SocketAddr, sync::Arc};
use subtle::ConstantTimeEq;

use super::{AppState, HttpError, token};
use crate::{
    domain::lang::Lang,
    service::session::{NewSession, SignIn, SignedIn, StaffSignIn, Stage},
};

/// The sign-in's secret.
pub const SESSION_COOKIE: &str = "gc_session";
/// The form token of somebody not signed in.
pub const VISIT_COOKIE: &str = "gc_visit";
/// The reader's language.
pub const LANG_COOKIE: &str = "gc_lang";
/// Large type.
pub const ELDER_COOKIE: &str = "gc_elder";
/// The number of the village at hand.
pub const BOOK_COOKIE: &str = "gc_book";
/// What the next page says once.
pub const FLASH_COOKIE: &str = "gc_flash";
/// The header that scripts send instead of the form field.
pub const CSRF_HEADER: &str = "x-csrf-token";
/// How long preferences are remembered.
pub const PREFERENCE_SECONDS: i64 = 400 * 86_400;
/// Hexadecimal digits of a form token.
const TOKEN_DIGITS: usize = 64;

/// Who is asking, and how.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The reader's language.
    pub lang: Lang,
    /// Large type.
    pub elder: bool,
    /// The sign-in, whatever its stage.
    pub sign_in: Option<Arc<SignIn>>,
    /// What forms must carry.
    pub csrf: String,
    /// Path and query of this request.
    pub path: String,
    /// The client's address, for throttling.
    pub address: String,
    /// Whether cookies are marked `Secure`.
    pub secure: bool,
    /// The number of the village asked for with `?v=` or chosen before.
    pub village: Option<i64>,
    /// What this page says once: a tone and a text.
    pub flash: Option<String>,
}

impl Visitor {
    /// The sign-in once both factors are given.
    #[must_use]
    pub fn signed_in(&self) -> Option<&SignIn> {
        self.sign_in.as_deref().filter(|s| s.stage == Stage::Full)
    }

    /// The member of staff signed in.
    #[must_use]
    pub fn staff(&self) -> Option<&StaffSignIn> {
        match &self.signed_in()?.who {
            SignedIn::Staff(staff) => Some(staff),
            SignedIn::Resident(_) => None,
        }
    }

    /// The sign-in that still owes its code.
    #[must_use]
    pub fn pending(&self) -> Option<&SignIn> {
        self.sign_in.as_deref().filter(|s| s.stage == Stage::Password)
    }

    /// Whether the password was given and the code is owed.
    #[must_use]
    pub fn owes_code(&self) -> bool {
        self.pending().is_some()
    }

    /// Whether a form really came from a page of ours.
    #[must_use]
    pub fn csrf_matches(&self, sent: &str) -> bool {
        sent.len() == TOKEN_DIGITS && self.csrf.as_bytes().ct_eq(sent.as_bytes()).into()
    }

    /// A cookie of ours: not for scripts, not for other sites.
    #[must_use]
    pub fn cookie(&self, name: &'static str, value: impl Into<String>, seconds: i64) -> Cookie<'static> {
        cookie(name, value.into(), seconds, self.secure)
    }

    /// The cookie of a new sign-in.
    #[must_use]
    pub fn session_cookie(&self, session: &NewSession) -> Cookie<'static> {
        self.cookie(SESSION_COOKIE, session.secret.clone(), session.lives_seconds)
    }
}

fn cookie(name: &'static str, value: String, seconds: i64, secure: bool) -> Cookie<'static> {
    let mut cookie = Cookie::new(name, value);
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_path("/");
    cookie.set_secure(secure);
    // the attribute in seconds, without a calendar type of the cookie crate
    if let Ok(age) = std::time::Duration::from_secs(u64::try_from(seconds).unwrap_or(0)).try_into() {
        cookie.set_max_age(Some(age));
    }
    cookie
}

/// Language and type size of somebody, by cookie or by what the browser prefers.
#[must_use]
pub fn preferences(headers: &HeaderMap) -> (Lang, bool) {
    let jar = CookieJar::from_headers(headers);
    let lang = jar.get(LANG_COOKIE).and_then(|c| c.value().parse().ok());
    let lang = lang.unwrap_or_else(|| {
        let preferred = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or("");
        let first = preferred.split([',', ';']).map(str::trim).find(|tag| {
            let tag = tag.to_ascii_lowercase();
            tag.starts_with("zh") || tag.starts_with("en")
        });
        if first.is_some_and(|tag| tag.to_ascii_lowercase().starts_with("en")) { Lang::En } else { Lang::Zh }
    });
    (lang, jar.get(ELDER_COOKIE).is_some_and(|c| c.value() == "1"))
}

/// Reads who is asking and leaves a [`Visitor`] for the extractors; sets what the answer owes the browser.
pub async fn greet(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/static/") || path == "/healthz" || path == "/readyz" {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let (visitor, fresh) = match read(&state, &parts).await {
        Ok(read) => read,
        Err(error) => return error.into_response(),
    };
    if let Err(error) = refuse_forgery(&visitor, &parts) {
        return error.into_response();
    }
    // a program that reads a log or asks a witness keeps no cookies
    let page = !["/api/", "/log/", "/witness/"].iter().any(|p| parts.uri.path().starts_with(p));
    let reading = matches!(parts.method, Method::GET | Method::HEAD);
    let asked = query_village(parts.uri.query());
    parts.extensions.insert(visitor.clone());
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if page {
        if fresh {
            set(&mut response, &visitor.cookie(VISIT_COOKIE, visitor.csrf.clone(), PREFERENCE_SECONDS));
        }
        if let Some(no) = asked {
            set(&mut response, &visitor.cookie(BOOK_COOKIE, no.to_string(), PREFERENCE_SECONDS));
        }
        let shown = response.status().is_success() && reading && visitor.flash.is_some();
        if shown {
            set(&mut response, &visitor.cookie(FLASH_COOKIE, "", 0));
        }
    }
    // an error is laid out further out, for whoever asked
    if response.status().is_client_error() || response.status().is_server_error() {
        response.extensions_mut().insert(visitor);
    }
    response
}

fn set(response: &mut Response, cookie: &Cookie<'_>) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

async fn read(state: &AppState, request: &Parts) -> Result<(Visitor, bool), HttpError> {
    let headers = &request.headers;
    let jar = CookieJar::from_headers(headers);
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.strip_prefix("Bearer "))
        .filter(|_| request.uri.path().starts_with("/api/"));
    let sign_in = match (bearer, jar.get(SESSION_COOKIE)) {
        (Some(bearer), _) => Some(token::bearer(&state.desk, bearer).await?),
        (None, Some(cookie)) => state.desk.authenticate(cookie.value()).await?,
        (None, None) => None,
    };
    let kept = jar.get(VISIT_COOKIE).map(|c| c.value().to_owned());
    let kept = kept.filter(|t| t.len() == TOKEN_DIGITS && t.bytes().all(|b| b.is_ascii_hexdigit()));
    let fresh = sign_in.is_none() && kept.is_none();
    let csrf = match (&sign_in, kept) {
        (Some(sign_in), _) => sign_in.csrf.clone(),
        (None, Some(kept)) => kept,
        (None, None) => state.desk.random_hex(),
    };
    let (lang, elder) = preferences(headers);
    let chosen = jar.get(BOOK_COOKIE).and_then(|c| c.value().parse().ok());
    let visitor = Visitor {
        lang,
        elder,
        sign_in: sign_in.map(Arc::new),
        csrf,
        path: request.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        address: address(state, request),
        secure: state.site.secure || forwarded_tls(state, headers),
        village: query_village(request.uri.query()).or(chosen),
        flash: jar.get(FLASH_COOKIE).map(|c| c.value().to_owned()),
    };
    Ok((visitor, fresh))
}

fn query_village(query: Option<&str>) -> Option<i64> {
    query?.split('&').find_map(|pair| pair.strip_prefix("v=")?.parse().ok())
}

fn forwarded_tls(state: &AppState, headers: &HeaderMap) -> bool {
    state.site.behind_proxy && headers.get("x-forwarded-proto").is_some_and(|v| v.as_bytes() == b"https")
}

/// The peer, or what the proxy in front of us last added.
fn address(state: &AppState, request: &Parts) -> String {
    let forwarded = request.headers.get("x-forwarded-for").and_then(|v| v.to_str().ok());
    let last = forwarded.and_then(|list| list.rsplit(',').next()).map(str::trim);
    match last.filter(|_| state.site.behind_proxy) {
        Some(client) => client.to_owned(),
        None => request
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or_else(|| "unknown".to_owned(), |ConnectInfo(peer)| peer.ip().to_string()),
    }
}

/// Refuses what another site's page made this browser send. Forms are checked again, by their field.
fn refuse_forgery(visitor: &Visitor, request: &Parts) -> Result<(), HttpError> {
    if matches!(request.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let headers = &request.headers;
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    if !matches!(site, None | Some(b"same-origin" | b"none")) {
        return Err(HttpError::Csrf);
    }
    let by_cookie = visitor.sign_in.is_some() && !headers.contains_key(header::AUTHORIZATION);
    if request.uri.path().starts_with("/api/") && by_cookie {
        let sent = headers.get(CSRF_HEADER).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if !visitor.csrf_matches(sent) {
            return Err(HttpError::Csrf);
        }
    }
    Ok(())
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, HttpError> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            crate::service::ServiceError::Internal("a page outside the greeting layer".to_owned()).into()
        })
    }
}
