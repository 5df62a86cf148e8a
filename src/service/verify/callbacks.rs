//! Random call-backs: the seed of every draw is the digest of the signed head that covers its month, and the same awards
//! come out when the month is drawn again. Holds no replay.

use super::{PAGE_ROWS, Pass, fault, same};
use crate::{
    domain::{
        callback,
        canonical::hex,
        ids::BookId,
        time::{Day, Period},
    },
    service::{
        ServiceError,
        callback::{of_month, places},
    },
    store::{
        Tx,
        callback::{self as rows, DrawRow},
    },
};

/// Draws read at once.
const DRAWS: i64 = 120;

/// Draws every month again.
pub(super) async fn check(tx: &mut Tx, book: BookId) -> Pass {
    let mut before = Day::from_number(i32::MAX);
    loop {
        let draws = rows::draws(tx, book, before, DRAWS).await?;
        let Some(last) = draws.last() else { return Ok(()) };
        before = last.month;
        for draw in &draws {
            month(tx, book, draw).await?;
        }
    }
}

async fn month(tx: &mut Tx, book: BookId, draw: &DrawRow) -> Pass {
    let name = draw.month.to_string();
    let month = draw.month.period(Period::Month);
    same(None, "call_back_draw", &name, "month", month.0, draw.month)?;
    let (_, through) = places(tx, book, month).await.map_err(failed)?;
    let head = rows::first_head(tx, book, through).await?;
    let head =
        head.ok_or_else(|| fault(None, "call_back_draw", &name, "size", "a signed head", draw.size))?;
    same(None, "call_back_draw", &name, "size", head.size, draw.size)?;
    let seed = callback::seed(&head.note);
    same(None, "call_back_draw", &name, "seed", hex(&seed), hex(&draw.seed))?;
    let awards = of_month(tx, book, month).await.map_err(failed)?;
    let many = i64::try_from(awards.len()).unwrap_or(i64::MAX);
    same(None, "call_back_draw", &name, "awards", many, draw.awards)?;
    let mut after = 0;
    let mut again = (1..).zip(callback::draw(&seed, &awards));
    loop {
        let found = rows::of_month(tx, book, draw.month, after, PAGE_ROWS).await?;
        for row in &found {
            let (place, award) = again.next().unzip();
            let row_name = format!("{name} {}", row.place);
            same(None, "call_back", &row_name, "place", text(place), row.place.to_string())?;
            same(None, "call_back", &row_name, "award_id", text(award), row.award_id.to_string())?;
            after = row.place;
        }
        if found.is_empty() {
            break;
        }
    }
    let missing = again.next().map(|(place, _)| place.to_string());
    match missing {
        None => Ok(()),
        Some(place) => Err(fault(None, "call_back", &format!("{name} {place}"), "place", place, "nothing")),
    }
}

fn text<V: ToString>(value: Option<V>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| value.to_string())
}

fn failed(error: ServiceError) -> super::Stop {
    super::Stop::Failed(error)
}
