//! The register over JSON: finding households, one household, people, and taking over a register from a file.

use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, State},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{amount::decimal, household::HouseholdNo, household::PersonNo, lang::Lang, posting::Commodity},
    http::{AppState, As, HttpResult, Json, Path, Query},
    service::{
        Desk,
        caller::Clerk,
        import::{Column, FILE_BYTES_MAX, RowFault},
        register::PAGE_HOUSEHOLDS_MAX,
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one)).routes(routes!(person)).merge(
        OpenApiRouter::new().routes(routes!(import_register)).layer(DefaultBodyLimit::max(FILE_BYTES_MAX)),
    )
}

/// Which households.
#[derive(Debug, Default, Deserialize, IntoParams)]
struct Asked {
    /// A number, a name, or the initials of one; empty for all.
    q: Option<String>,
    /// The last number of the page before.
    after: Option<String>,
    /// At most 100.
    limit: Option<i64>,
}

/// A household in a list.
#[derive(Serialize, ToSchema)]
struct HouseholdLine {
    /// Its number.
    no: String,
    /// Its head.
    head: String,
    /// `pending`, `active`, `frozen:…`, `closed`.
    state: String,
}

/// A page of households.
#[derive(Serialize, ToSchema)]
struct Households {
    /// By number.
    items: Vec<HouseholdLine>,
    /// The next page's `after`.
    next: Option<String>,
}

/// Households of the village at hand, by number.
#[utoipa::path(
    get, path = "/households", tag = "register", operation_id = "households", params(Asked),
    responses(
        (status = 200, description = "A page of households", body = Households),
        (status = 403, description = "Not the clerk of this village", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn list(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Query(asked): Query<Asked>,
) -> HttpResult<Json<Households>> {
    let limit = asked.limit.unwrap_or(PAGE_HOUSEHOLDS_MAX).clamp(1, PAGE_HOUSEHOLDS_MAX);
    let (query, after) = (asked.q.unwrap_or_default(), asked.after.unwrap_or_default());
    let found = desk.find_households(&by, &query, &after, limit).await?;
    let full = i64::try_from(found.len()).is_ok_and(|n| n == limit);
    let next = found.last().filter(|_| full).map(|h| h.household.no.to_string());
    let items = found.into_iter().map(|h| HouseholdLine {
        no: h.household.no.to_string(),
        head: h.head,
        state: h.household.state_code().to_owned(),
    });
    Ok(Json(Households { items: items.collect(), next }))
}

/// Somebody who belongs, or belonged, to a household.
#[derive(Serialize, ToSchema)]
struct Belonging {
    /// Number.
    no: String,
    /// Name.
    name: String,
    /// What they are to the head.
    relation: String,
    /// From this day.
    from: String,
    /// Until before this day.
    to: Option<String>,
}

/// A household.
#[derive(Serialize, ToSchema)]
struct HouseholdView {
    /// Its number.
    no: String,
    /// Its state.
    state: String,
    /// Since when.
    opened_on: String,
    /// Its people, the earliest first.
    people: Vec<Belonging>,
    /// Spendable points.
    available: String,
    /// Points put aside.
    held: String,
    /// Reputation score.
    honor: String,
}

/// A household by its number.
#[utoipa::path(
    get, path = "/households/{no}", tag = "register", operation_id = "household",
    params(("no" = String, Path, description = "`H0001`")),
    responses(
        (status = 200, description = "The household", body = HouseholdView),
        (status = 403, description = "Not the clerk of this village", body = Problem),
        (status = 404, description = "No such household here", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn one(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(no): Path<HouseholdNo>,
) -> HttpResult<Json<HouseholdView>> {
    let file = desk.household_file(&by, &no).await?;
    let people = file.history.into_iter().map(|p| Belonging {
        no: p.no.to_string(),
        name: p.name,
        relation: p.relation,
        from: p.from_on.to_string(),
        to: p.to_on.map(|d| d.to_string()),
    });
    Ok(Json(HouseholdView {
        no: no.to_string(),
        state: file.household.state_code().to_owned(),
        opened_on: file.household.opened_on.to_string(),
        people: people.collect(),
        available: decimal(file.available, Commodity::POINT),
        held: decimal(file.held, Commodity::POINT),
        honor: decimal(file.honor, Commodity::HONOR),
    }))
}

/// A person.
#[derive(Serialize, ToSchema)]
struct PersonView {
    /// Number.
    no: String,
    /// Name.
    name: String,
    /// Year of birth.
    birth_year: Option<i32>,
}

/// A person by number.
#[utoipa::path(
    get, path = "/people/{no}", tag = "register", operation_id = "person",
    params(("no" = String, Path, description = "`P000001`")),
    responses(
        (status = 200, description = "The person", body = PersonView),
        (status = 403, description = "Not the clerk of this village", body = Problem),
        (status = 404, description = "No such person here", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn person(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Path(no): Path<PersonNo>,
) -> HttpResult<Json<PersonView>> {
    let found = desk.person_by_no(&by, &no).await?;
    Ok(Json(PersonView { no: no.to_string(), name: found.name, birth_year: found.birth_year }))
}

/// How a file is taken.
#[derive(Debug, Default, Deserialize, IntoParams)]
struct ImportAsked {
    /// `true` writes it; without it nothing is written.
    #[serde(default)]
    confirm: bool,
}

/// A fault of a register.
#[derive(Serialize, ToSchema)]
struct ImportFault {
    /// The row as the spreadsheet counts.
    row: Option<usize>,
    /// The column.
    column: Option<&'static str>,
    /// Its stable code.
    code: &'static str,
    /// What stands there.
    value: String,
    /// What to do, in Chinese.
    words: String,
}

impl From<RowFault> for ImportFault {
    fn from(fault: RowFault) -> Self {
        Self {
            row: fault.row,
            column: fault.column.map(Column::as_str),
            code: fault.kind.as_str(),
            words: fault.words(Lang::Zh),
            value: fault.value,
        }
    }
}

/// What became of a register.
#[derive(Serialize, ToSchema)]
struct Imported {
    /// Whether it was written.
    written: bool,
    /// Households in it.
    households: usize,
    /// People in it.
    people: usize,
    /// Every fault; with any, nothing is written.
    faults: Vec<ImportFault>,
    /// After a dry run: the same register with its numbers given, to be handed in with `confirm=true`.
    numbered: Option<String>,
}

/// Reads a register from CSV or XLSX bytes; writes it, all or nothing, when asked to.
#[utoipa::path(
    post, path = "/households/import", tag = "register", operation_id = "import_register", params(ImportAsked),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "What was, or would be, written; or every fault", body = Imported),
        (status = 403, description = "Not the clerk of this village", body = Problem),
        (status = 422, description = "A number was taken meanwhile", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn import_register(
    State(desk): State<Desk>,
    by: As<Clerk>,
    Query(asked): Query<ImportAsked>,
    file: Bytes,
) -> HttpResult<Json<Imported>> {
    let none = |faults: Vec<RowFault>| Imported {
        written: false,
        households: 0,
        people: 0,
        faults: faults.into_iter().map(ImportFault::from).collect(),
        numbered: None,
    };
    Ok(Json(if asked.confirm {
        match desk.take_over(&by, &file).await? {
            Ok(done) => Imported {
                written: true,
                households: done.households,
                people: done.people,
                ..none(Vec::new())
            },
            Err(faults) => none(faults),
        }
    } else {
        match desk.preview_import(&by, &file).await? {
            Ok(preview) => Imported {
                households: preview.households,
                people: preview.people,
                numbered: Some(preview.numbered),
                ..none(Vec::new())
            },
            Err(faults) => none(faults),
        }
    }))
}
