//! A device that is gone: the clerk says so with a reason, a second person agrees, and what it had goes back. Until then it
//! may turn up and send what it sold.

use super::{Desk, Given, ServiceError, ServiceResult, load, ready::ROUNDS_READ, refuse, sync::ending};
use crate::{
    domain::{
        ids::{BookId, CounterId, OfflineRoundId},
        offline::{OFFLINE_HOURS, OFFLINE_WARN_HOURS, RoundState},
        time::Timestamp,
    },
    service::{
        award::{required, state_changed},
        caller::{Clerk, Reviewer, Role, Shopkeeper, Staff},
    },
    store::{
        counter::{self, CounterRow},
        offline::{self, RoundRow},
    },
};

/// A device of a counter that has something in hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InHand {
    /// What people call it.
    pub device: String,
    /// Until when it sells.
    pub sells_until: Timestamp,
    /// Whether that is soon, or over.
    pub soon: bool,
    /// Whether it is over: it sells no more, and what it has waits.
    pub over: bool,
}

impl Desk {
    /// Devices of a counter that have something in hand, the oldest first: what whoever stands there must not forget.
    pub async fn devices_in_hand(&self, by: &Shopkeeper, at: CounterId) -> ServiceResult<Vec<InHand>> {
        self.counter_at(by, Some(at)).await?;
        let mut tx = self.db.begin_read().await?;
        let rows = offline::out(&mut tx, by.book, ROUNDS_READ).await?;
        let now = self.now();
        let own = rows.into_iter().filter(|r| r.counter_id == at).map(|r| {
            let until = r.readied_at.plus_seconds(OFFLINE_HOURS * 3_600);
            let soon = now >= until.plus_seconds(-OFFLINE_WARN_HOURS * 3_600);
            InHand { device: r.device_name, sells_until: until, soon, over: now >= until }
        });
        Ok(own.collect())
    }

    /// Says that a device is missing.
    pub async fn miss_offline(&self, by: &Clerk, id: OfflineRoundId, reason: &str) -> ServiceResult<Given> {
        let reason = required("reason", reason)?;
        let mut tx = self.db.begin_read().await?;
        let before = load(&mut tx, by.book, id).await?;
        drop(tx);
        going(before.round.state)?;
        if before.row.missing_at.is_none() {
            let mut tx = self.db.begin_write().await?;
            let by_whom = by.actor().to_string();
            let said = (self.now(), by_whom.as_str(), reason);
            offline::miss(&mut tx, by.book, id, said).await.map_err(state_changed)?;
            tx.commit().await?;
        }
        self.given_now(by.book, id).await
    }

    /// Agrees that a device is gone: what it had goes back, and what it sends later is for people to decide.
    pub async fn end_missing_offline(&self, by: &Reviewer, id: OfflineRoundId) -> ServiceResult<Given> {
        let mut tx = self.db.begin_read().await?;
        let before = load(&mut tx, by.book, id).await?;
        if before.round.state == RoundState::Lost {
            drop(tx);
            return self.given_now(by.book, id).await;
        }
        going(before.round.state)?;
        let Some(said_by) = &before.row.missing_by else {
            return Err(refuse("offline_not_missing").into());
        };
        let own = by.selves();
        if own.are(said_by) || own.are(&before.row.readied_by) {
            return Err(refuse("offline_second").into());
        }
        let place = counter::by_id(&mut tx, by.book, before.row.counter_id).await?;
        let place: CounterRow = place.ok_or(ServiceError::NotFound("counter"))?;
        let plan = ending(self, by.actor(), by.book, &place, &before);
        let (tasks, turned) = plan.tasks(&mut tx).await?;
        drop(tx);
        self.take_turn(by.book, tasks, turned).await?;
        self.given_now(by.book, id).await
    }

    /// Devices of a counter, the latest first: for its keepers, the clerk and auditors.
    pub async fn offline_rounds(&self, by: &Staff, at: CounterId) -> ServiceResult<Vec<Given>> {
        self.may_read_counter(by, at).await?;
        let mut tx = self.db.begin_read().await?;
        counter::by_id(&mut tx, by.book, at).await?.ok_or(ServiceError::NotFound("counter"))?;
        let rows = offline::of_counter(&mut tx, by.book, at, ROUNDS_READ).await?;
        drop(tx);
        self.given_each(by.book, rows).await
    }

    /// Devices of all counters that have something in hand: for those who see to devices that are gone.
    pub async fn devices_out(&self, by: &Staff) -> ServiceResult<Vec<Given>> {
        reads_all(by)?;
        let mut tx = self.db.begin_read().await?;
        let rows = offline::out(&mut tx, by.book, ROUNDS_READ).await?;
        drop(tx);
        self.given_each(by.book, rows).await
    }

    async fn given_each(&self, book: BookId, rows: Vec<RoundRow>) -> ServiceResult<Vec<Given>> {
        let mut out = Vec::with_capacity(rows.len());
        for row in rows {
            out.push(self.given_now(book, row.id).await?);
        }
        Ok(out)
    }
}

/// Refuses whoever does not see to all devices of the village.
pub(super) fn reads_all(by: &Staff) -> ServiceResult<()> {
    let reads = [Role::Clerk, Role::Reviewer, Role::Auditor, Role::Township];
    if reads.into_iter().any(|role| by.holds(role)) { Ok(()) } else { Err(ServiceError::NotAllowed) }
}

fn going(state: RoundState) -> ServiceResult<()> {
    match state {
        RoundState::Open | RoundState::Stopped => Ok(()),
        RoundState::Closed | RoundState::Lost => Err(refuse("offline_over").with("state", state).into()),
    }
}
