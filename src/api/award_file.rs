//! Awards out of a spreadsheet: tried out row by row, then recorded.

use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, State},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    awards::{Award, detail},
    key::IdempotencyKey,
    problem::Problem,
};
use crate::{
    domain::lang::Lang,
    http::{AppState, As, HttpResult, Json, Query, Visitor},
    service::{
        Desk, award::from_file::FileLine, bulk::ItemAnswer, caller::Recorder, import::FILE_BYTES_MAX, refuse,
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(import_awards)).layer(DefaultBodyLimit::max(FILE_BYTES_MAX))
}

/// How a file is taken.
#[derive(Debug, Deserialize, IntoParams)]
struct FileAsked {
    /// Records the rows; otherwise they are only tried out.
    #[serde(default)]
    confirm: bool,
    /// How many rows the sheet on paper has; with another number nothing is recorded.
    paper: Option<usize>,
}

/// What became of one row, or would.
#[derive(Serialize, ToSchema)]
struct RowAnswer {
    /// The row, as the spreadsheet counts.
    row: usize,
    /// What the file calls the household.
    household: String,
    /// `done`, `repeated` (recorded before under the same words) or `refused`.
    outcome: &'static str,
    /// The award.
    #[serde(skip_serializing_if = "Option::is_none")]
    award: Option<Award>,
    /// Why not. Stable: programs decide by this.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// What is wrong with the row and what to do, in the caller's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl RowAnswer {
    fn of(lang: Lang, line: FileLine) -> Self {
        let mut row = Self {
            row: line.row,
            household: line.household,
            outcome: "refused",
            award: None,
            code: None,
            detail: None,
        };
        let refusal = match line.answer {
            ItemAnswer::Done { what, repeated } => {
                row.outcome = if repeated { "repeated" } else { "done" };
                row.award = Some(what.into());
                return row;
            }
            ItemAnswer::Refused(refusal) => refusal,
            ItemAnswer::NotApplied { because } => refuse("not_applied").with("item", because),
        };
        row.detail = Some(detail(lang, &refusal));
        row.code = Some(refusal.code.to_owned());
        row
    }
}

/// What became of a file, or would.
#[derive(Serialize, ToSchema)]
struct FileAnswer {
    /// Whether it was recorded; otherwise it was tried out.
    recorded: bool,
    /// Rows that are, or would be, recorded now.
    done: usize,
    /// Rows recorded before.
    repeated: usize,
    /// Rows that may not be recorded.
    refused: usize,
    /// One a row, in the order of the file.
    rows: Vec<RowAnswer>,
}

/// Reads awards from XLSX or CSV bytes, at most a thousand rows, and answers every row; records those that may be
/// recorded when asked to. A row is known by what it says: the same row again, in whatever file and by whomever, is the
/// same award.
#[utoipa::path(
    post, path = "/awards/import", tag = "awards", operation_id = "import_awards", params(FileAsked),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "One answer a row", body = FileAnswer),
        (status = 422, description = "No such file, or not as many rows as on paper", body = Problem),
    ),
    security(("bearer" = []), ("session" = []))
)]
async fn import_awards(
    State(desk): State<Desk>,
    by: As<Recorder>,
    visitor: Visitor,
    _key: IdempotencyKey,
    Query(asked): Query<FileAsked>,
    file: Bytes,
) -> HttpResult<Json<FileAnswer>> {
    let answer = match asked.confirm {
        true => desk.record_award_file(&by, &file, asked.paper).await?,
        false => desk.preview_award_file(&by, &file, asked.paper).await?,
    };
    let (done, repeated, refused) = answer.counts();
    let rows = answer.lines.into_iter().map(|line| RowAnswer::of(visitor.lang, line)).collect();
    Ok(Json(FileAnswer { recorded: asked.confirm, done, repeated, refused, rows }))
}
