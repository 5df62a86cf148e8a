//! What handlers take: typed callers, and input whose refusals speak our words. A handler for a clerk cannot be
//! called by anybody else, because [`As<Clerk>`] cannot be made for them.

use axum::{
    body::{Body, Bytes},
    extract::{FromRef, FromRequest, FromRequestParts, Request, rejection::JsonRejection},
    http::{StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;
use std::ops::Deref;

use super::{
    AppState, HttpError, Visitor,
    legible::{json_zero, urlencoded_zero},
};
use crate::service::{
    Desk, ServiceError,
    caller::{
        Auditor, Bookkeeper, Clerk, CountyAdmin, Handler, MoneyReader, Recorder, Resident, Reviewer,
        Shopkeeper, Staff, StockReader, StockWitness, Storekeeper, Township,
    },
    refuse,
    session::{SignedIn, StaffSignIn},
    timebank::party::Party,
};

/// The caller, proved to be a `C`.
#[derive(Debug, Clone)]
pub struct As<C>(pub C);

impl<C> Deref for As<C> {
    type Target = C;
    fn deref(&self) -> &C {
        &self.0
    }
}

/// What a visitor may turn out to be.
pub trait Caller: Sized {
    /// The visitor as this caller.
    fn identify(desk: &Desk, visitor: &Visitor) -> impl Future<Output = Result<Self, HttpError>> + Send;
}

impl<C, S> FromRequestParts<S> for As<C>
where
    C: Caller,
    S: Send + Sync,
    AppState: FromRef<S>,
{
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpError> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        let state = AppState::from_ref(state);
        C::identify(&state.desk, &visitor).await.map(As)
    }
}

impl Caller for StaffSignIn {
    async fn identify(_: &Desk, visitor: &Visitor) -> Result<Self, HttpError> {
        let sign_in = visitor.signed_in().ok_or(ServiceError::NotSignedIn)?;
        match &sign_in.who {
            SignedIn::Staff(staff) if staff.must_change_password => Err(HttpError::MustChangePassword),
            SignedIn::Staff(staff) => Ok(staff.clone()),
            SignedIn::Resident(_) => Err(ServiceError::NotAllowed.into()),
        }
    }
}

impl Caller for Staff {
    async fn identify(desk: &Desk, visitor: &Visitor) -> Result<Self, HttpError> {
        let who = StaffSignIn::identify(desk, visitor).await?;
        if let Some(no) = visitor.village {
            let programme = desk.programme_by_no(no).await?;
            if let Some(programme) = programme
                && let Some(staff) = desk.staff_for(&who, programme.book_id).await?
            {
                return Ok(staff);
            }
            // asked for by number in the address: somebody else's village is not silently swapped for one's own
            if visitor.path.contains("v=") {
                return Err(ServiceError::NotAllowed.into());
            }
        }
        let books = desk.books_of(&who).await?;
        match books.as_slice() {
            [] => Err(ServiceError::NotAllowed.into()),
            [only] => {
                desk.staff_for(&who, only.book_id).await?.ok_or_else(|| ServiceError::NotAllowed.into())
            }
            _ => Err(HttpError::ChooseVillage),
        }
    }
}

macro_rules! staff_callers {
    ($($name:ident),+) => {$(
        impl Caller for $name {
            async fn identify(desk: &Desk, visitor: &Visitor) -> Result<Self, HttpError> {
                let staff = Staff::identify(desk, visitor).await?;
                Self::of(&staff).ok_or_else(|| ServiceError::NotAllowed.into())
            }
        }
    )+};
}

staff_callers!(
    Recorder,
    Handler,
    Bookkeeper,
    MoneyReader,
    Clerk,
    Reviewer,
    Shopkeeper,
    Auditor,
    Township,
    Storekeeper,
    StockWitness,
    StockReader
);

impl Caller for Party {
    async fn identify(desk: &Desk, visitor: &Visitor) -> Result<Self, HttpError> {
        match visitor.signed_in().map(|s| &s.who) {
            Some(SignedIn::Resident(_)) => Resident::identify(desk, visitor).await.map(Self::Household),
            _ => Handler::identify(desk, visitor).await.map(Self::Staff),
        }
    }
}

impl Caller for CountyAdmin {
    async fn identify(desk: &Desk, visitor: &Visitor) -> Result<Self, HttpError> {
        let who = StaffSignIn::identify(desk, visitor).await?;
        who.county_admin().ok_or_else(|| ServiceError::NotAllowed.into())
    }
}

impl Caller for Resident {
    async fn identify(_: &Desk, visitor: &Visitor) -> Result<Self, HttpError> {
        match &visitor.signed_in().ok_or(ServiceError::NotSignedIn)?.who {
            SignedIn::Resident(resident) => Ok(*resident),
            SignedIn::Staff(_) => Err(ServiceError::NotAllowed.into()),
        }
    }
}

/// The captures of the path; anything unreadable is a place that does not exist.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpError> {
        if urlencoded_zero(parts.uri.path().as_bytes()) {
            return Err(ServiceError::NotFound("page").into());
        }
        let found = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        found.map(|axum::extract::Path(t)| Self(t)).map_err(|_| ServiceError::NotFound("page").into())
    }
}

/// The query; anything unreadable is a 400.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<T>(pub T);

impl<T, S> FromRequestParts<S> for Query<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpError> {
        if urlencoded_zero(parts.uri.query().unwrap_or_default().as_bytes()) {
            return Err(unreadable(StatusCode::BAD_REQUEST, "bad_query", ZERO));
        }
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(t)) => Ok(Self(t)),
            Err(e) => Err(unreadable(StatusCode::BAD_REQUEST, "bad_query", &e.body_text())),
        }
    }
}

/// A JSON body; also an answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json<T>(pub T);

impl<T, S> FromRequest<S> for Json<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HttpError> {
        let request = legible(request, state, json_zero, "bad_json").await?;
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(t)) => Ok(Self(t)),
            Err(e @ JsonRejection::JsonDataError(_)) => {
                Err(unreadable(StatusCode::UNPROCESSABLE_ENTITY, "bad_json", &e.body_text()))
            }
            Err(e) => Err(unreadable(e.status(), "bad_json", &e.body_text())),
        }
    }
}

impl<T: serde::Serialize> axum::response::IntoResponse for Json<T> {
    fn into_response(self) -> axum::response::Response {
        axum::Json(self.0).into_response()
    }
}

/// A form without a token, for reading requests only; forms that change something take `ProtectedForm`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Form<T>(pub T);

impl<T, S> FromRequest<S> for Form<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HttpError> {
        let request = legible(request, state, urlencoded_zero, "bad_form").await?;
        match axum::Form::<T>::from_request(request, state).await {
            Ok(axum::Form(t)) => Ok(Self(t)),
            Err(e) => Err(unreadable(e.status(), "bad_form", &e.body_text())),
        }
    }
}

/// What is wrong with a text that holds the character zero.
pub(crate) const ZERO: &str = "U+0000";

/// The request with its body read, unless the body holds the character zero.
async fn legible<S: Send + Sync>(
    request: Request,
    state: &S,
    zero: fn(&[u8]) -> bool,
    code: &'static str,
) -> Result<Request, HttpError> {
    let (parts, body) = request.into_parts();
    let body = Request::from_parts(parts.clone(), body);
    let bytes =
        Bytes::from_request(body, state).await.map_err(|e| unreadable(e.status(), code, &e.body_text()))?;
    if zero(&bytes) {
        return Err(unreadable(StatusCode::UNPROCESSABLE_ENTITY, code, ZERO));
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

fn unreadable(status: StatusCode, code: &'static str, reason: &str) -> HttpError {
    let code = if status == StatusCode::PAYLOAD_TOO_LARGE { "too_large" } else { code };
    HttpError::Input(status, refuse(code).with("reason", reason))
}
