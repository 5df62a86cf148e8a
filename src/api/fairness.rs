//! The figures of favouritism and the lines behind them, for auditors and the township. Changes nothing.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problem::Problem;
use crate::{
    domain::{
        amount::points,
        fairness::{PairFigure, RecorderFigure, Share, too_round},
        time::{Day, Timestamp},
    },
    http::{AppState, As, HttpResult, Json, Query},
    service::{
        Desk,
        award::lines::AwardLine,
        caller::Auditor,
        fairness::{Fairness, LinesAsked},
    },
};

/// The operations of this file.
pub fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(figures)).routes(routes!(lines))
}

/// A part of a whole.
#[derive(Serialize, ToSchema)]
pub(super) struct PartOf {
    /// The part.
    part: i64,
    /// The whole.
    whole: i64,
    /// In thousandths, cut off; nothing of nothing.
    per_mille: Option<i64>,
}

impl From<Share> for PartOf {
    fn from(share: Share) -> Self {
        Self { part: share.part, whole: share.whole, per_mille: share.per_mille() }
    }
}

/// Cadres' households in one month.
#[derive(Serialize, ToSchema)]
struct CadreMonth {
    /// The first day of the month.
    month: String,
    /// Their people, of all.
    people: PartOf,
    /// Their points, of all, in hundredths of a point.
    points: PartOf,
    /// Share of points against share of people, in hundredths.
    times: Option<i64>,
    /// Whether it is more than one and a half times.
    stands_out: bool,
}

/// One recorder.
#[derive(Serialize, ToSchema)]
struct RecorderLine {
    /// `user:<id>`.
    recorder: String,
    /// By name.
    name: String,
    /// Of all lines of the month.
    lines: PartOf,
    /// Households they went to.
    households: i64,
    /// Of the recorder's points, those of one household.
    one_household: PartOf,
    /// Points a line.
    mean: String,
    /// Points a line of all other recorders.
    others: Option<String>,
    /// Whether one household got more than a fifth.
    concentrated: bool,
    /// Whether the mean is more than twice that of the others.
    generous: bool,
}

impl From<(String, RecorderFigure)> for RecorderLine {
    fn from((name, figure): (String, RecorderFigure)) -> Self {
        Self {
            concentrated: figure.concentrated(),
            generous: figure.generous(),
            name,
            lines: figure.lines.into(),
            one_household: figure.one.into(),
            mean: points(figure.mean),
            others: figure.others.map(points),
            households: figure.count.homes,
            recorder: figure.count.recorder,
        }
    }
}

/// Recorder and reviewer.
#[derive(Serialize, ToSchema)]
struct PairLine {
    /// Who recorded: `user:<id>`.
    recorder: String,
    /// Who decided: `user:<id>`.
    reviewer: String,
    /// Lines decided.
    decided: i64,
    /// Of them approved.
    approved: i64,
    /// Of the decisions on the recorder's lines, this reviewer's.
    of_recorder: PartOf,
    /// Whether each always approves the other.
    always_each_other: bool,
    /// Whether this reviewer decides nearly all and never says no.
    always_the_same: bool,
}

impl From<(String, String, PairFigure)> for PairLine {
    fn from((_, _, pair): (String, String, PairFigure)) -> Self {
        Self {
            always_each_other: pair.always_each_other,
            always_the_same: pair.always_the_same(),
            of_recorder: pair.of_recorder.into(),
            decided: pair.count.decided,
            approved: pair.count.approved,
            recorder: pair.count.recorder,
            reviewer: pair.count.reviewer,
        }
    }
}

/// A photo used before.
#[derive(Serialize, ToSchema)]
struct ReusedPhoto {
    /// The photo of this month.
    photo: String,
    /// The number of its claim.
    claim_no: i64,
    /// The older one.
    older: String,
    /// The number of its claim.
    older_claim_no: i64,
    /// The very same bytes, not only alike.
    same: bool,
}

/// The figures of a month.
#[derive(Serialize, ToSchema)]
struct FairnessFigures {
    /// The first day of the month.
    month: String,
    /// Cadres' households, month by month up to this one.
    cadres: Vec<CadreMonth>,
    /// By name.
    recorders: Vec<RecorderLine>,
    /// Those who met over ten lines or more.
    pairs: Vec<PairLine>,
    /// Lines of the last three days, of the month.
    last_days: PartOf,
    /// … against an even month, in hundredths.
    last_days_times: Option<i64>,
    /// Whether that is more than twice.
    last_days_stand_out: bool,
    /// Multiples of five among measured quantities.
    round: PartOf,
    /// Whether these are more than two in five.
    round_stands_out: bool,
    /// Photos that were used before.
    reused: Vec<ReusedPhoto>,
    /// How many photos were compared.
    photos: i64,
}

impl From<Fairness> for FairnessFigures {
    fn from(view: Fairness) -> Self {
        let cadres = view.course.into_iter().map(|(month, share)| CadreMonth {
            month: month.to_string(),
            times: share.times(),
            stands_out: share.stands_out(),
            people: share.people.into(),
            points: share.points.into(),
        });
        let reused = view.reused.into_iter().map(|r| ReusedPhoto {
            photo: r.photo.0.to_string(),
            claim_no: r.photo.1,
            older: r.older.0.to_string(),
            older_claim_no: r.older.1,
            same: r.same,
        });
        Self {
            month: view.month.0.to_string(),
            cadres: cadres.collect(),
            recorders: view.recorders.into_iter().map(RecorderLine::from).collect(),
            pairs: view.pairs.into_iter().map(PairLine::from).collect(),
            last_days: view.month_end.lines.into(),
            last_days_times: view.month_end.times(),
            last_days_stand_out: view.month_end.stands_out(),
            round: view.round.into(),
            round_stands_out: too_round(view.round),
            reused: reused.collect(),
            photos: i64::try_from(view.photos).unwrap_or(i64::MAX),
        }
    }
}

/// Which month.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct WhichMonth {
    /// A day of the month; the last month that is over when left out.
    #[param(value_type = Option<String>, format = Date)]
    pub(super) month: Option<Day>,
    /// Where the page before ended.
    pub(super) after: Option<i64>,
}

/// Shows the figures of favouritism of a month. They say where to look, not what happened; nobody is ranked.
#[utoipa::path(
    get, path = "/audit/fairness", tag = "audit", operation_id = "fairness", params(WhichMonth),
    responses((status = 200, description = "The figures", body = FairnessFigures), (status = 403, description = "Not an auditor of this book", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn figures(
    State(desk): State<Desk>,
    by: As<Auditor>,
    Query(which): Query<WhichMonth>,
) -> HttpResult<Json<FairnessFigures>> {
    let month = which.month.unwrap_or_else(|| desk.last_month());
    Ok(Json(desk.fairness(&by, month).await?.into()))
}

/// Which lines.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WhichLines {
    /// A day of the month; the last month that is over when left out.
    #[param(value_type = Option<String>, format = Date)]
    month: Option<Day>,
    /// Of this recorder: `user:<id>`.
    recorder: Option<String>,
    /// Decided by this reviewer: `user:<id>`.
    reviewer: Option<String>,
    /// `cadres`, `last_days` or `measured`; any when left out.
    of: Option<String>,
    /// The last number of the page before.
    after: Option<i64>,
}

/// A line behind a figure.
#[derive(Serialize, ToSchema)]
pub(super) struct LineBehind {
    /// The award.
    award: String,
    /// Its number.
    no: i64,
    /// The household's number.
    household: String,
    /// The item's code.
    item: String,
    /// The quantity, as decimal text.
    quantity: String,
    /// Points, signed.
    points: String,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    /// Its state.
    state: String,
    /// The transaction that posted it.
    seq: Option<i64>,
}

impl From<AwardLine> for LineBehind {
    fn from(line: AwardLine) -> Self {
        let a = line.award;
        Self {
            award: a.id.to_string(),
            no: a.no,
            household: line.household_no,
            points: points(a.points),
            item: a.item,
            quantity: a.quantity,
            recorded_at: a.recorded_at,
            state: a.state,
            seq: a.txn_seq,
        }
    }
}

/// Lists the lines behind a figure, by number, 50 a page.
#[utoipa::path(
    get, path = "/audit/fairness/lines", tag = "audit", operation_id = "fairness_lines", params(WhichLines),
    responses((status = 200, description = "By number", body = Vec<LineBehind>), (status = 403, description = "Not an auditor of this book", body = Problem)),
    security(("bearer" = []), ("session" = []))
)]
async fn lines(
    State(desk): State<Desk>,
    by: As<Auditor>,
    Query(which): Query<WhichLines>,
) -> HttpResult<Json<Vec<LineBehind>>> {
    let of = which.of.unwrap_or_default();
    let asked = LinesAsked {
        recorder: which.recorder.unwrap_or_default(),
        reviewer: which.reviewer.unwrap_or_default(),
        cadres: of == "cadres",
        last_days: of == "last_days",
        measured: of == "measured",
        after: which.after.unwrap_or(0),
    };
    let month = which.month.unwrap_or_else(|| desk.last_month());
    let (found, _) = desk.fairness_lines(&by, month, &asked).await?;
    Ok(Json(found.into_iter().map(LineBehind::from).collect()))
}
