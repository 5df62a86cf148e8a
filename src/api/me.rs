//! Who the caller is and what they may work on.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    http::{AppState, HttpResult, Json, Visitor},
    service::{Desk, ServiceError, session::SignedIn},
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(me))
}

/// Who the caller is.
#[derive(Serialize, ToSchema)]
struct Me {
    /// `staff` or `resident`.
    kind: &'static str,
    /// The account, or the household.
    id: String,
    /// What pages call this person; empty for a household.
    name: String,
    /// Roles over places.
    grants: Vec<MyGrant>,
    /// The books the caller may work on.
    books: Vec<MyBook>,
}

/// A role over a place.
#[derive(Serialize, ToSchema)]
struct MyGrant {
    /// The role.
    role: String,
    /// The place.
    org: String,
    /// Its name.
    org_name: String,
}

/// A book.
#[derive(Serialize, ToSchema)]
struct MyBook {
    /// Its id.
    id: String,
    /// Its short number, for `?v=`.
    no: i64,
    /// The programme's name.
    name: String,
}

/// Tells who the caller is.
#[utoipa::path(
    get, path = "/me", tag = "identity", operation_id = "me",
    responses(
        (status = 200, description = "The caller", body = Me),
        (status = 401, description = "Nobody is signed in", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn me(State(desk): State<Desk>, visitor: Visitor) -> HttpResult<Json<Me>> {
    let sign_in = visitor.signed_in().ok_or(ServiceError::NotSignedIn)?;
    let book = |p: crate::store::programme::ProgrammeRow| MyBook {
        id: p.book_id.to_string(),
        no: p.no,
        name: p.name,
    };
    Ok(Json(match &sign_in.who {
        SignedIn::Staff(who) => Me {
            kind: "staff",
            id: who.user.to_string(),
            name: who.display_name.clone(),
            grants: who
                .grants
                .iter()
                .map(|g| MyGrant {
                    role: g.role.as_str().to_owned(),
                    org: g.org.to_string(),
                    org_name: g.org_name.clone(),
                })
                .collect(),
            books: desk.books_of(who).await?.into_iter().map(book).collect(),
        },
        SignedIn::Resident(resident) => Me {
            kind: "resident",
            id: resident.household.to_string(),
            name: String::new(),
            grants: Vec::new(),
            books: vec![book(desk.programme_of(resident.book).await?)],
        },
    }))
}
