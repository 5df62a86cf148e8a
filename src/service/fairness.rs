//! The figures of favouritism (优亲厚友) of one month, for auditors and the township, and the lines behind each. Counts come
//! from the store, the arithmetic from [`crate::domain::fairness`]. Reads only; no resident is ranked, and what a figure
//! shows is a place to look, not a finding.

use std::collections::BTreeMap;

use super::{
    Desk, ServiceResult,
    award::{explain, lines::AwardLine},
    caller::Auditor,
    picture::alike,
};
use crate::{
    domain::{
        fairness::{
            self as figures, CadreShare, DayCount, EACH_WAY_MIN, MonthEnd, PairFigure, RecorderFigure, Share,
        },
        ids::{BookId, ClaimId, EvidenceId},
        time::{Day, Period, Timestamp},
    },
    store::{
        Tx,
        evidence::PhotoRow,
        fairness::{self as rows, Behind},
        serial::{self, Series},
    },
};

/// Months of the course of a figure.
const MONTHS: usize = 12;
/// Lines on one page.
pub const LINES_PAGE: i64 = 50;
/// Photos of a month that are compared, the latest first.
const PHOTOS_MAX: i64 = 500;
/// Photos they are compared with.
const COMPARED_MAX: i64 = 20_000;
/// … of so many days before the month.
const COMPARED_DAYS: i64 = 366;
/// Reused photos shown.
const REUSED_MAX: usize = 100;

/// A photo that was used before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reused {
    /// The photo of this month, and the number and name of its claim.
    pub photo: (EvidenceId, i64, ClaimId),
    /// The older one.
    pub older: (EvidenceId, i64, ClaimId),
    /// The very same bytes, not only alike.
    pub same: bool,
}

/// The figures of one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fairness {
    /// The first day of the month, and of the next.
    pub month: (Day, Day),
    /// Cadres' households, of all.
    pub cadres: CadreShare,
    /// The same for the months up to this one, oldest first.
    pub course: Vec<(Day, CadreShare)>,
    /// Recorders by name.
    pub recorders: Vec<(String, RecorderFigure)>,
    /// Recorder and reviewer by name, for those who met often enough.
    pub pairs: Vec<(String, String, PairFigure)>,
    /// Lines by the day they were recorded.
    pub days: Vec<DayCount>,
    /// The rush before the month's end.
    pub month_end: MonthEnd,
    /// Multiples of five among measured quantities.
    pub round: Share,
    /// Photos used before.
    pub reused: Vec<Reused>,
    /// How many photos of the month were compared.
    pub photos: usize,
}

/// The lines behind a figure. Whatever is left empty asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinesAsked {
    /// Of this recorder.
    pub recorder: String,
    /// Decided by this reviewer.
    pub reviewer: String,
    /// Of cadres' households.
    pub cadres: bool,
    /// Of the last days of the month.
    pub last_days: bool,
    /// With a measured quantity.
    pub measured: bool,
    /// After this number.
    pub after: i64,
}

impl Desk {
    /// The month before the present one: the last that is over.
    #[must_use]
    pub fn last_month(&self) -> Day {
        self.today().period(Period::Month).0.plus(-1).period(Period::Month).0
    }

    /// The figures of the month that `day` lies in.
    pub async fn fairness(&self, by: &Auditor, day: Day) -> ServiceResult<Fairness> {
        let month = day.period(Period::Month);
        let mut tx = self.db.begin_read().await?;
        let book = by.book;
        let numbers = numbers(&mut tx, book, month).await?;
        let course = course(&mut tx, book, month, self.today()).await?;
        let days = rows::days(&mut tx, book, seen_on(month, self.today()), numbers).await?;
        let recorders = figures::recorders(rows::recorders(&mut tx, book, numbers).await?);
        let pairs = figures::pairs(rows::pairs(&mut tx, book, numbers).await?);
        let round = figures::round_numbers(&rows::quantities(&mut tx, book, numbers).await?);
        let start = month.0.start();
        let from = start.plus_days(-COMPARED_DAYS);
        let mut photos = rows::photos(&mut tx, book, (start, month.1.start()), PHOTOS_MAX).await?;
        let fresh = photos.len();
        photos.extend(rows::photos(&mut tx, book, (from, start), COMPARED_MAX).await?);
        let mut names = Names::default();
        let recorders = names.of_recorders(&mut tx, recorders).await?;
        let pairs = names.of_pairs(&mut tx, pairs).await?;
        drop(tx);
        Ok(Fairness {
            month,
            cadres: course.last().map(|(_, share)| *share).unwrap_or_default(),
            course,
            recorders,
            pairs,
            month_end: MonthEnd::of(&days, month.0, month.1),
            days,
            round,
            reused: reused(&photos, fresh),
            photos: fresh,
        })
    }

    /// The lines behind a figure of the month that `day` lies in, by number, and where the next page begins.
    pub async fn fairness_lines(
        &self,
        by: &Auditor,
        day: Day,
        asked: &LinesAsked,
    ) -> ServiceResult<(Vec<AwardLine>, Option<i64>)> {
        let month = day.period(Period::Month);
        let mut tx = self.db.begin_read().await?;
        let (first, next) = numbers(&mut tx, by.book, month).await?;
        let last_days = month.1.plus(-i32::try_from(figures::LAST_DAYS).unwrap_or(0)).start();
        let which = Behind {
            cadres_on: seen_on(month, self.today()),
            numbers: (first.max(asked.after.saturating_add(1)), next),
            recorder: asked.recorder.trim(),
            reviewer: asked.reviewer.trim(),
            cadres: asked.cadres,
            since: if asked.last_days { last_days } else { Timestamp::from_micros(i64::MIN) },
            measured: asked.measured,
            limit: LINES_PAGE,
        };
        let found = rows::lines(&mut tx, by.book, &which).await?;
        drop(tx);
        let full = i64::try_from(found.len()).is_ok_and(|n| n == LINES_PAGE);
        let more = found.last().filter(|_| full).map(|a| a.no);
        Ok((self.lines_of(by, found).await?, more))
    }
}

/// The day whose households and offices count for a month: its last, or today while it is not over.
fn seen_on(month: (Day, Day), today: Day) -> Day {
    month.1.plus(-1).min(today).max(month.0)
}

/// The numbers of the awards that were recorded in a month: from the first up to, not with, the second. Numbers are
/// taken under a lock and rise with the time, so both ends are found by halving.
async fn numbers(tx: &mut Tx, book: BookId, month: (Day, Day)) -> ServiceResult<(i64, i64)> {
    Ok((first_since(tx, book, month.0.start()).await?, first_since(tx, book, month.1.start()).await?))
}

async fn first_since(tx: &mut Tx, book: BookId, at: Timestamp) -> ServiceResult<i64> {
    let (mut low, mut high) = (1, serial::last(tx, book, Series::Award).await? + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        match rows::award_at(tx, book, middle).await? {
            Some((no, recorded_at)) if recorded_at < at => low = no + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

/// Cadres' households in the months up to this one.
async fn course(
    tx: &mut Tx,
    book: BookId,
    month: (Day, Day),
    today: Day,
) -> ServiceResult<Vec<(Day, CadreShare)>> {
    let mut months = vec![month];
    while let (Some((first, _)), true) = (months.last().copied(), months.len() < MONTHS) {
        months.push(first.plus(-1).period(Period::Month));
    }
    months.reverse();
    let mut out = Vec::with_capacity(months.len());
    for month in months {
        let day = seen_on(month, today);
        let (people, cadres) = rows::people(tx, book, day).await?;
        let run = numbers(tx, book, month).await?;
        let days = rows::days(tx, book, day, run).await?;
        let points = Share {
            part: days.iter().map(|d| d.cadre_points).sum(),
            whole: days.iter().map(|d| d.points).sum(),
        };
        out.push((month.0, CadreShare { people: Share { part: cadres, whole: people }, points }));
    }
    Ok(out)
}

/// Photos of the month that an older one of another claim is, or looks like; the latest come first in `photos`.
fn reused(photos: &[PhotoRow], fresh: usize) -> Vec<Reused> {
    let mut out = Vec::new();
    for (place, photo) in photos.iter().take(fresh).enumerate() {
        let older = photos.iter().skip(place + 1).filter(|other| other.claim_id != photo.claim_id);
        for other in older {
            let same = photo.digest == other.digest;
            let looks = matches!((photo.look, other.look),
                (Some(a), Some(b)) if alike(a.cast_unsigned(), b.cast_unsigned()));
            if (same || looks) && out.len() < REUSED_MAX {
                let of = |p: &PhotoRow| (p.id, p.no, p.claim_id);
                out.push(Reused { photo: of(photo), older: of(other), same });
            }
        }
    }
    out
}

/// Names looked up once.
#[derive(Default)]
struct Names(BTreeMap<String, String>);

impl Names {
    async fn of(&mut self, tx: &mut Tx, actor: &str) -> ServiceResult<String> {
        if let Some(known) = self.0.get(actor) {
            return Ok(known.clone());
        }
        let name = explain::name(tx, actor).await?;
        self.0.insert(actor.to_owned(), name.clone());
        Ok(name)
    }

    async fn of_recorders(
        &mut self,
        tx: &mut Tx,
        found: Vec<RecorderFigure>,
    ) -> ServiceResult<Vec<(String, RecorderFigure)>> {
        let mut out = Vec::with_capacity(found.len());
        for figure in found {
            out.push((self.of(tx, &figure.count.recorder).await?, figure));
        }
        out.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(out)
    }

    /// Those who met so often that it can mean something.
    async fn of_pairs(
        &mut self,
        tx: &mut Tx,
        found: Vec<PairFigure>,
    ) -> ServiceResult<Vec<(String, String, PairFigure)>> {
        let mut out = Vec::new();
        for figure in found.into_iter().filter(|p| p.count.decided >= EACH_WAY_MIN) {
            let recorder = self.of(tx, &figure.count.recorder).await?;
            out.push((recorder, self.of(tx, &figure.count.reviewer).await?, figure));
        }
        out.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        Ok(out)
    }
}
