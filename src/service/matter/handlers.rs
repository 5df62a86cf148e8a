//! Who may be given a matter: those whose post its grade names, for the place where it is.

use super::{Desk, Role, ServiceError, ServiceResult, rows};
use crate::{
    domain::{
        ids::{BookId, MatterId, OrgId, UserId},
        matter::HandledBy,
        panel::BodyKind,
        time::Day,
    },
    service::caller::Clerk,
    store::{Tx, body, matter::MatterRow, org},
};

/// Places looked through below a group.
const PLACES_MAX: i64 = 200;

/// Somebody who may be given a matter.
pub type Candidate = (UserId, String);

impl Desk {
    /// Whom a matter can be given to.
    pub async fn matter_candidates(&self, by: &Clerk, id: MatterId) -> ServiceResult<Vec<Candidate>> {
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("matter"))?;
        candidates(&mut tx, (by.book, by.org), &row, self.today()).await
    }
}

/// Those whose post the grade names; the office where nobody holds that post.
pub(super) async fn candidates(
    tx: &mut Tx,
    (book, village): (BookId, OrgId),
    row: &MatterRow,
    today: Day,
) -> ServiceResult<Vec<Candidate>> {
    let Some(grade) = row.grade()? else { return Ok(Vec::new()) };
    let mut found = match grade.handler() {
        HandledBy::GroupHead => group_heads(tx, village, row.group_id).await?,
        HandledBy::Office => office(tx, village).await?,
        HandledBy::Committees => committees(tx, book, village, today).await?,
        HandledBy::Township => township(tx, village).await?,
    };
    if found.is_empty() {
        found = office(tx, village).await?;
    }
    found.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    found.dedup();
    Ok(found)
}

async fn group_heads(tx: &mut Tx, village: OrgId, group: OrgId) -> ServiceResult<Vec<Candidate>> {
    let above = org::up(tx, group).await?;
    let mut places: Vec<OrgId> = above.iter().map(|place| place.id).take_while(|id| *id != village).collect();
    places.extend(org::children(tx, group, PLACES_MAX).await?.iter().map(|place| place.id));
    let mut out = Vec::new();
    for place in places {
        out.extend(body::holders(tx, place, Role::Recorder.as_str()).await?);
    }
    Ok(out)
}

async fn office(tx: &mut Tx, village: OrgId) -> ServiceResult<Vec<Candidate>> {
    let mut out = body::holders(tx, village, Role::Clerk.as_str()).await?;
    out.extend(body::holders(tx, village, Role::Recorder.as_str()).await?);
    Ok(out)
}

async fn committees(tx: &mut Tx, book: BookId, village: OrgId, today: Day) -> ServiceResult<Vec<Candidate>> {
    match body::in_force(tx, book, BodyKind::Committees, today).await? {
        Some(seated) => {
            let seats = body::seats(tx, book, seated.id).await?;
            Ok(seats.into_iter().map(|seat| (seat.user_id, seat.name)).collect())
        }
        None => Ok(body::holders(tx, village, Role::Reviewer.as_str()).await?),
    }
}

async fn township(tx: &mut Tx, village: OrgId) -> ServiceResult<Vec<Candidate>> {
    let mut out = Vec::new();
    for place in org::up(tx, village).await? {
        out.extend(body::holders(tx, place.id, Role::Township.as_str()).await?);
    }
    Ok(out)
}
