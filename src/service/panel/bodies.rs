//! Naming the panel and the two committees. The township enters what the villagers' assembly decided: whoever records
//! awards does not choose who judges them.

use super::{Desk, ServiceError, ServiceResult, refuse};
use crate::{
    domain::{
        ids::{BookId, UserId},
        panel::{BodyKind, Seat, SeatFault, check_seats},
        time::Day,
    },
    service::{
        Refusal,
        award::required,
        caller::{Role, Township},
        identity,
    },
    store::{
        StoreError, Tx,
        body::{self, BodyRow, SeatRow},
        serial::{self, Series},
    },
};

/// Bodies shown of a village's history.
const BODIES_SHOWN: i64 = 20;

/// A body as the assembly named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBody {
    /// Panel or committees.
    pub kind: BodyKind,
    /// Its first day.
    pub from: Day,
    /// The decision.
    pub basis: String,
    /// Who, in the order in which substitutes stand in.
    pub seats: Vec<Seat>,
}

/// A body with its seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyView {
    /// The body.
    pub row: BodyRow,
    /// Panel or committees.
    pub kind: BodyKind,
    /// Who sits there.
    pub seats: Vec<SeatRow>,
    /// Whether it is the one that sits now.
    pub in_force: bool,
}

impl From<SeatFault> for Refusal {
    fn from(fault: SeatFault) -> Self {
        match fault {
            SeatFault::Twice => refuse("seat_twice"),
            SeatFault::TooFew { members, least } => {
                refuse("too_few_members").with("members", members).with("least", least)
            }
            SeatFault::TooMany(seats) => {
                refuse("batch_size").with("lines", seats).with("limit", crate::domain::panel::SEATS_MAX)
            }
            SeatFault::NoObserver => refuse("no_observer"),
            SeatFault::MembersOnly => refuse("members_only"),
        }
    }
}

impl Desk {
    /// Whoever may be named: the reviewers of the village.
    pub async fn body_candidates(&self, by: &Township) -> ServiceResult<Vec<(UserId, String)>> {
        let mut tx = self.db.begin_read().await?;
        Ok(body::holders(&mut tx, by.org, Role::Reviewer.as_str()).await?)
    }

    /// Enters a body. From its first day on it takes the place of the one before; sittings that are open already go on
    /// as they began.
    pub async fn name_body(&self, by: &Township, new: &NewBody) -> ServiceResult<BodyView> {
        let basis = required("basis", &new.basis)?;
        check_seats(new.kind, &new.seats).map_err(Refusal::from)?;
        if new.from < self.today() {
            return Err(refuse("body_from_past").with("from", new.from).with("today", self.today()).into());
        }
        let mut tx = self.db.begin_write().await?;
        let no = serial::take(&mut tx, by.book, Series::Body, 1).await?;
        let candidates = body::holders(&mut tx, by.org, Role::Reviewer.as_str()).await?;
        if new.seats.iter().any(|seat| !candidates.iter().any(|(user, _)| *user == seat.user)) {
            return Err(refuse("not_a_reviewer").into());
        }
        let named: Vec<UserId> = new.seats.iter().map(|seat| seat.user).collect();
        if identity::repeated(&mut tx, by.book, &named).await? {
            return Err(refuse("seat_twice").into());
        }
        let row = BodyRow {
            id: self.id(),
            no,
            kind: new.kind.as_str().to_owned(),
            from_on: new.from,
            basis: basis.to_owned(),
            seated_at: self.now(),
            seated_by: by.actor().to_string(),
        };
        body::add(&mut tx, by.book, &row, &new.seats).await?;
        let view = view(&mut tx, by.book, row, self.today()).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// The bodies of a village, the latest first.
    pub async fn bodies(&self, book: BookId) -> ServiceResult<Vec<BodyView>> {
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for row in body::list(&mut tx, book, i64::MAX, BODIES_SHOWN).await? {
            out.push(view(&mut tx, book, row, self.today()).await?);
        }
        Ok(out)
    }

    /// The panel that sits on `day`.
    pub async fn panel_on(&self, book: BookId, day: Day) -> ServiceResult<Option<BodyView>> {
        let mut tx = self.db.begin_read().await?;
        match body::in_force(&mut tx, book, BodyKind::Panel, day).await? {
            Some(row) => Ok(Some(view(&mut tx, book, row, self.today()).await?)),
            None => Ok(None),
        }
    }
}

async fn view(tx: &mut Tx, book: BookId, row: BodyRow, today: Day) -> ServiceResult<BodyView> {
    let kind: BodyKind = row.kind.parse().map_err(|_| StoreError::inconsistent("body", "kind", &row.kind))?;
    let seats = body::seats(tx, book, row.id).await?;
    let now = body::in_force(tx, book, kind, today).await?;
    let in_force = now.is_some_and(|now| now.id == row.id);
    Ok(BodyView { row, kind, seats, in_force })
}

/// The error for a body that is not there.
pub(super) fn no_panel(day: Day) -> ServiceError {
    refuse("no_panel").with("day", day).into()
}
