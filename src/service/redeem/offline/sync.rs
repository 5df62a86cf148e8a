//! Taking what a device sent: in its order, once, wholly or up to what is wrong. The same again gets the same answer, and a
//! crash at any moment leaves either all of it or nothing.

use super::{
    Desk, Loaded, ServiceError, ServiceResult, load, refuse,
    rows::Turned,
    turn::{Fresh, Plan, ended},
};
use crate::{
    domain::{
        ids::{BookId, OfflineRoundId},
        offline::{
            Flag, OFFLINE_ENTRIES_MAX, OFFLINE_HOURS, RoundState,
            entry::{DeviceKey, Entry, InvalidEntry, Sum},
            is_skewed,
            round::{Outcome, Standing, Stop, Taken},
        },
        time::Timestamp,
    },
    service::{
        caller::Shopkeeper,
        correction::last_of,
        poster::Task,
        recusal::{self, Ties},
        redeem::TRIES_MAX,
    },
    store::{
        Tx,
        counter::CounterRow,
        goods,
        offline::entry::{self, EntryRow},
    },
};

/// What was done about an entry that was sold.
pub(super) const SOLD: &str = "sold";

/// What a device sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Text and signature of each entry, in order.
    pub entries: Vec<(String, Vec<u8>)>,
    /// What the device's clock says now.
    pub device_now: Timestamp,
    /// The device sells no more: what is left goes back.
    pub close: bool,
}

/// What became of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Its number.
    pub number: i64,
    /// `sold`, or why people decide.
    pub outcome: String,
    /// What people should know of it.
    pub flags: Vec<String>,
    /// The receipt's number.
    pub receipt: Option<i64>,
}

/// Where a device stands once what it sent was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Synced {
    /// How far it is.
    pub state: RoundState,
    /// The number of the next entry: what is below it is kept here and may be forgotten there.
    pub next: i64,
    /// The digest that it names.
    pub head: Sum,
    /// What became of what was sent.
    pub entries: Vec<Answered>,
    /// An entry is missing: send from `next`.
    pub gap: bool,
    /// Why the device was stopped.
    pub fault: Option<String>,
}

impl Desk {
    /// Takes what a device sent.
    pub async fn sync_offline(
        &self,
        by: &Shopkeeper,
        id: OfflineRoundId,
        sent: &Sent,
    ) -> ServiceResult<Synced> {
        if sent.entries.len() > OFFLINE_ENTRIES_MAX {
            return Err(refuse("too_many")
                .with("field", "entries")
                .with("limit", OFFLINE_ENTRIES_MAX)
                .into());
        }
        for _ in 0..TRIES_MAX {
            match self.sync_once(by, id, sent).await {
                // the same device sent elsewhere, or a card or a household changed, between our look and the posting
                Err(ServiceError::Refused(r))
                    if ["state_changed", "idempotency_conflict", "already_resolved"].contains(&r.code) => {}
                other => return other,
            }
        }
        Err(refuse("state_changed").into())
    }

    async fn sync_once(&self, by: &Shopkeeper, id: OfflineRoundId, sent: &Sent) -> ServiceResult<Synced> {
        let mut tx = self.db.begin_read().await?;
        let before = load(&mut tx, by.book, id).await?;
        drop(tx);
        let counter = self.counter_at(by, Some(before.row.counter_id)).await?;
        recusal::known(by)?;
        let key = DeviceKey::read(&before.row.device_key)
            .map_err(|e| ServiceError::Internal(format!("offline round {id}: {e}")))?;
        let opened: Vec<Result<Entry, InvalidEntry>> =
            sent.entries.iter().map(|(text, signature)| key.open(text, signature)).collect();
        let mut after = before.round.clone();
        let mut tx = self.db.begin_read().await?;
        let ties = Ties::of(&mut tx, by.book, by.person).await?;
        drop(tx);
        for (home, allowance) in &mut after.allowances {
            if allowance.standing == Standing::Good && ties.bar(*home, &[self.today()]).is_some() {
                allowance.standing = Standing::Own;
            }
        }
        let (taken, stop) = after.take(&opened);
        let ends = sent.close && stop.is_none() && after.state == RoundState::Open;
        if ends {
            after.state = ended(false);
        }
        if taken.iter().any(|t| t.outcome != Outcome::Known) || after.state != before.round.state {
            let mut tx = self.db.begin_read().await?;
            let fresh = self.fresh(&mut tx, by, sent, (&taken, &opened)).await?;
            let fault = match stop {
                Some(Stop::Broken { fault, .. }) => Some(fault.as_str()),
                Some(Stop::Gap { .. }) | None => None,
            };
            let (book, at) = (by.book, self.now());
            let plan = Plan {
                desk: self,
                book,
                by: by.actor(),
                counter: &counter,
                before: &before,
                after,
                fault,
                fresh,
                ends,
                at,
            };
            let (tasks, turned) = plan.tasks(&mut tx).await?;
            // what follows asks for a connection of its own
            drop(tx);
            self.take_turn(book, tasks, turned).await?;
        }
        self.synced(by, id, sent, stop).await
    }

    /// Posts an act, or writes it where nothing moves.
    pub(super) async fn take_turn(
        &self,
        book: BookId,
        mut tasks: Vec<Task>,
        turned: Turned,
    ) -> ServiceResult<()> {
        if let Some(first) = tasks.first_mut() {
            first.effects.insert(0, Box::new(turned));
            return last_of(self.poster.post_together(book, tasks).await?).map(drop);
        }
        let mut tx = self.db.begin_write().await?;
        match turned.write(&mut tx).await {
            Err(crate::store::StoreError::RowsAffected { .. } | crate::store::StoreError::Duplicate) => {
                return Err(refuse("state_changed").into());
            }
            other => other?,
        }
        Ok(tx.commit().await?)
    }

    /// The rows of what is new.
    async fn fresh(
        &self,
        tx: &mut Tx,
        by: &Shopkeeper,
        sent: &Sent,
        (taken, opened): (&[Taken], &[Result<Entry, InvalidEntry>]),
    ) -> ServiceResult<Vec<Fresh>> {
        let skewed = is_skewed(sent.device_now, self.now());
        let mut out = Vec::new();
        let all = taken.iter().zip(opened).zip(&sent.entries);
        for ((taken, opened), (text, signature)) in all {
            let (Ok(entry), false) = (opened, taken.outcome == Outcome::Known) else { continue };
            let (outcome, household) = match taken.outcome {
                Outcome::Sold { household } => (SOLD, Some(household)),
                Outcome::Conflict { kind, household } => (kind.as_str(), household),
                Outcome::Known => continue,
            };
            let mut flags = Vec::new();
            if entry.elapsed > OFFLINE_HOURS * 3_600 {
                flags.push(Flag::Late.as_str());
            }
            if skewed {
                flags.push(Flag::Skew.as_str());
            }
            if price_moved(tx, by, entry).await? {
                flags.push(Flag::PriceChanged.as_str());
            }
            let row = EntryRow {
                round_id: entry.round,
                number: entry.number,
                digest: entry.digest().to_vec(),
                content: text.clone(),
                signature: signature.clone(),
                received_at: self.now(),
                received_by: by.actor().to_string(),
                household_id: household,
                outcome: outcome.to_owned(),
                flags: flags.join(" "),
                redemption_id: None,
                txn_seq: None,
                receipt: None,
            };
            out.push(Fresh { taken: taken.clone(), entry: entry.clone(), row });
        }
        Ok(out)
    }

    async fn synced(
        &self,
        by: &Shopkeeper,
        id: OfflineRoundId,
        sent: &Sent,
        stop: Option<Stop>,
    ) -> ServiceResult<Synced> {
        let mut tx = self.db.begin_read().await?;
        let Loaded { row, round, .. } = load(&mut tx, by.book, id).await?;
        let mut entries = Vec::with_capacity(sent.entries.len());
        for (text, _) in &sent.entries {
            let Ok(sent) = Entry::read(text) else { continue };
            let Some(kept) = entry::one(&mut tx, by.book, id, sent.number).await? else { continue };
            // only what was taken is answered, not what merely has its number
            if kept.content == *text {
                entries.push(Answered {
                    number: kept.number,
                    outcome: kept.outcome,
                    flags: kept.flags.split_whitespace().map(str::to_owned).collect(),
                    receipt: kept.receipt,
                });
            }
        }
        let gap = matches!(stop, Some(Stop::Gap { .. }));
        Ok(Synced { state: round.state, next: round.next, head: round.head, entries, gap, fault: row.fault })
    }
}

async fn price_moved(tx: &mut Tx, by: &Shopkeeper, entry: &Entry) -> ServiceResult<bool> {
    for item in &entry.items {
        let row = goods::by_sku(tx, by.book, item.sku).await?;
        if row.is_some_and(|row| row.price != item.price) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a device's end is made of, for whoever ends it.
pub(super) fn ending<'a>(
    desk: &'a Desk,
    by: crate::service::Actor,
    book: BookId,
    counter: &'a CounterRow,
    before: &'a Loaded,
) -> Plan<'a> {
    let mut after = before.round.clone();
    after.state = ended(true);
    Plan {
        desk,
        book,
        by,
        counter,
        before,
        after,
        fault: None,
        fresh: Vec::new(),
        ends: true,
        at: desk.now(),
    }
}
