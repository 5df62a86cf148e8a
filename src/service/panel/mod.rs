//! The panel (评议小组) and the two committees (两委): who sits there, and the panel's sittings. One use case a file.

use super::{Desk, ServiceError, ServiceResult, caller::Staff, refuse};
use crate::{
    domain::{
        ids::SittingId,
        panel::{BodyKind, Post},
        time::Day,
    },
    store::{
        StoreError, Tx, WriteTx, body,
        sitting::{self, SittingRow},
    },
};

pub mod bodies;
pub mod close;
pub mod convene;
mod hall;
pub mod view;
pub mod vote;

/// Awards on one agenda.
pub const AGENDA_MAX: usize = 60;
/// Characters of minutes.
pub const MINUTES_CHARS_MAX: usize = 4_000;
/// Sittings a list shows at once.
pub const SITTINGS_PAGE: i64 = 50;

/// What `staff` does on the body of a kind that is in force on `day`.
pub async fn seat_of(tx: &mut Tx, staff: &Staff, kind: BodyKind, day: Day) -> ServiceResult<Option<Post>> {
    let Some(row) = body::in_force(tx, staff.book, kind, day).await? else { return Ok(None) };
    let seats = body::seats(tx, staff.book, row.id).await?;
    let own = seats.iter().find(|seat| seat.user_id == staff.user);
    Ok(own.map(body::SeatRow::seat).transpose()?.map(|seat| seat.post))
}

/// Whether the recheck is open to `staff`: once the village named its two committees, to them alone.
pub async fn may_recheck(tx: &mut Tx, staff: &Staff, day: Day) -> ServiceResult<bool> {
    let named = body::in_force(tx, staff.book, BodyKind::Committees, day).await?.is_some();
    Ok(!named || seat_of(tx, staff, BodyKind::Committees, day).await?.is_some())
}

/// Locks an open sitting and reads it.
async fn lock(tx: &mut WriteTx, staff: &Staff, id: SittingId) -> ServiceResult<SittingRow> {
    match sitting::touch(tx, staff.book, id).await {
        Ok(()) => {}
        Err(StoreError::RowsAffected { .. }) => {
            let found = sitting::one(tx, staff.book, id).await?.ok_or(ServiceError::NotFound("sitting"))?;
            return Err(refuse("sitting_over").with("no", found.no).into());
        }
        Err(error) => return Err(error.into()),
    }
    sitting::one(tx, staff.book, id).await?.ok_or(ServiceError::NotFound("sitting"))
}

/// A sitting takes place on its day or, when it runs late, after; never before.
fn begun(row: &SittingRow, today: Day) -> ServiceResult<()> {
    if today < row.sits_on {
        return Err(refuse("sitting_not_yet").with("day", row.sits_on).into());
    }
    Ok(())
}
