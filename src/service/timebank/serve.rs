//! Check-in and check-out, by the card or the live code of whoever is served, or written down by the desk; and what is
//! entered afterwards from a sheet. No moment of one person gets onto the record twice.

use super::{
    Desk, Ending, OrderMove, OrderState, ServiceError, ServiceResult, Side, ask::NewOrder, home_of,
    is_family, moved, policy_on, refuse, shipped, volunteer::fit,
};
use crate::{
    domain::{
        calendar::Calendar,
        ids::{BookId, PersonId, TimeOrderId},
        time::{Day, Timestamp},
        timebank::{
            interval::{self, CheckMeans, CheckRefusal, Interval, OnRecord, PAIR_HOURS_MAX},
            late::{self, LateRefusal},
        },
    },
    service::{
        Actor, Refusal,
        award::{limited, required},
        caller::{Recorder, Reviewer},
    },
    store::{
        StoreError, StoreResult, Tx, WriteTx,
        serial::{self, Series},
        timebank::{
            order::OrderRow,
            pair::{self, PairRow},
            place,
        },
    },
};

/// How somebody shows that both are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// What was scanned or typed: the card or the live code of whoever is served.
    Shown(String),
    /// The desk writes it down on the phone.
    Word,
}

/// Service that is entered from a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateOrder {
    /// What it was, and when it began.
    pub order: NewOrder,
    /// Who served.
    pub volunteer: PersonId,
    /// The number of the sheet with both signatures.
    pub sheet: String,
}

impl Desk {
    /// The volunteer arrives.
    pub async fn check_in(&self, by: &Side, id: TimeOrderId, proof: &Proof) -> ServiceResult<()> {
        let (book, now) = (by.book(), self.now());
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, book, Series::TimeOrder, 0).await?;
        let (row, from, to) = moved(&mut tx, book, id, OrderMove::CheckIn, Ending::Counted).await?;
        let who = row.volunteer_id.ok_or(ServiceError::NotFound("volunteer"))?;
        let means = self.proven(&mut tx, by, (&row, who), proof).await?;
        let day = now.day();
        if row.starts_at.day() != day {
            return Err(refuse("time_other_day").with("day", row.starts_at.day()).into());
        }
        let (closed, open) = on_record(&mut tx, book, who, now, None).await?;
        let own = pair::of_order(&mut tx, book, id).await?;
        let today = own.iter().filter(|p| p.in_at.day() == day && p.out_at != Some(p.in_at)).count();
        let counting = shipped(&row.policy)?.counting;
        let has = OnRecord { closed: &closed, open, pairs_today: today };
        interval::check_in(&counting, has, now).map_err(said)?;
        let pair = PairRow {
            order_id: id,
            pair: own.last().map_or(1, |p| p.pair + 1),
            person_id: who,
            in_at: now,
            in_means: means.as_str().to_owned(),
            in_by: by.actor().to_string(),
            out_at: None,
            out_means: None,
            out_by: None,
        };
        pair::open(&mut tx, book, &pair).await?;
        let row = OrderRow { state: to.as_str().to_owned(), done_at: None, ..row };
        self.save_order(&mut tx, book, (&row, from, OrderMove::CheckIn), by.actor(), "").await?;
        Ok(tx.commit().await?)
    }

    /// The volunteer leaves.
    pub async fn check_out(&self, by: &Side, id: TimeOrderId, proof: &Proof) -> ServiceResult<()> {
        let (book, now) = (by.book(), self.now());
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, book, Series::TimeOrder, 0).await?;
        let (row, from, to) = moved(&mut tx, book, id, OrderMove::CheckOut, Ending::Counted).await?;
        let who = row.volunteer_id.ok_or(ServiceError::NotFound("volunteer"))?;
        let means = self.proven(&mut tx, by, (&row, who), proof).await?;
        let open = open_pair(&mut tx, book, id).await?;
        let (closed, _) = on_record(&mut tx, book, who, open.in_at, None).await?;
        interval::check_out(open.in_at, &closed, now).map_err(said)?;
        self.close_pair(&mut tx, book, open, (now, means), by.actor()).await?;
        let row = OrderRow { state: to.as_str().to_owned(), done_at: Some(now), ..row };
        self.save_order(&mut tx, book, (&row, from, OrderMove::CheckOut), by.actor(), "").await?;
        Ok(tx.commit().await?)
    }

    /// The check-out was forgotten: the open pair counts nothing, and the desk says why.
    pub async fn drop_open_pair(&self, by: &Recorder, id: TimeOrderId, reason: &str) -> ServiceResult<()> {
        let reason = required("reason", reason)?;
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, by.book, Series::TimeOrder, 0).await?;
        let (row, from, to) = moved(&mut tx, by.book, id, OrderMove::Forget, Ending::Counted).await?;
        let open = open_pair(&mut tx, by.book, id).await?;
        Side::Desk(by.clone()).speaks_for(&mut tx, open.person_id, self.today()).await?;
        let at = open.in_at;
        self.close_pair(&mut tx, by.book, open, (at, CheckMeans::Desk), by.actor()).await?;
        let row = OrderRow { state: to.as_str().to_owned(), done_at: Some(self.now()), ..row };
        self.save_order(&mut tx, by.book, (&row, from, OrderMove::Forget), by.actor(), reason).await?;
        Ok(tx.commit().await?)
    }

    async fn close_pair(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        open: PairRow,
        (at, means): (Timestamp, CheckMeans),
        by: Actor,
    ) -> ServiceResult<()> {
        let closed = PairRow {
            out_at: Some(at),
            out_means: Some(means.as_str().to_owned()),
            out_by: Some(by.to_string()),
            ..open
        };
        Ok(pair::close(tx, book, &closed).await?)
    }

    /// How it is known that both are there; only the volunteer's side, or the desk, may say so.
    async fn proven(
        &self,
        tx: &mut Tx,
        by: &Side,
        (row, who): (&OrderRow, PersonId),
        proof: &Proof,
    ) -> ServiceResult<CheckMeans> {
        by.speaks_for(tx, who, self.today()).await?;
        match (proof, by) {
            (Proof::Shown(scanned), _) => {
                let (home, card) = self.shown_by(tx, by.book(), scanned).await?;
                if home_of(tx, by.book(), row.served_id, self.today()).await? != Some(home) {
                    return Err(refuse("time_other_card").into());
                }
                Ok(if card { CheckMeans::Card } else { CheckMeans::Code })
            }
            (Proof::Word, Side::Desk(_)) => {
                by.speaks_for(tx, row.served_id, self.today()).await?;
                Ok(CheckMeans::Desk)
            }
            (Proof::Word, Side::Household(_)) => Err(refuse("time_show_card").into()),
        }
    }

    /// Enters service from a sheet, within the days the policy allows: it waits for a second signer.
    pub async fn enter_late(&self, by: &Recorder, key: &str, new: &LateOrder) -> ServiceResult<OrderRow> {
        let words = limited("words", new.order.words.trim())?;
        let side = Side::Desk(by.clone());
        let sheet = limited("sheet", new.sheet.trim())?;
        if let Some(first) = self.asked(&side, key).await? {
            return Ok(first);
        }
        let from = new.order.starts_at;
        let until = from.plus_seconds(new.order.minutes * 60);
        let mut tx = self.db.begin_read().await?;
        let policy = policy_on(&mut tx, by.book, self.today()).await?;
        let days: (Day, Day) = (from.day(), self.today());
        if until > self.now() {
            return Err(refuse("time_not_over").into());
        }
        late::check(&policy.counting, &Calendar::shipped(), days, sheet).map_err(late_said)?;
        side.speaks_for(&mut tx, new.volunteer, self.today()).await?;
        drop(tx);
        let (order, purse) = self.draft(&side, key, &new.order, words, OrderState::Late).await?;
        let purse = purse.ok_or_else(|| refuse("time_nobody_pays"))?;
        let order = OrderRow {
            volunteer_id: Some(new.volunteer),
            sheet: Some(sheet.to_owned()),
            entered_by: Some(by.actor().to_string()),
            done_at: Some(until),
            ..order
        };
        let mut tx = self.db.begin_read().await?;
        fit(&mut tx, by.book, &policy, (new.volunteer, &order)).await??;
        if is_family(&mut tx, by.book, (new.volunteer, order.served_id), from.day()).await? {
            return Err(refuse("time_family").into());
        }
        let pair = PairRow {
            order_id: order.id,
            pair: 1,
            person_id: new.volunteer,
            in_at: from,
            in_means: CheckMeans::Sheet.as_str().to_owned(),
            in_by: by.actor().to_string(),
            out_at: Some(until),
            out_means: Some(CheckMeans::Sheet.as_str().to_owned()),
            out_by: Some(by.actor().to_string()),
        };
        let span = Interval::new(from, until).map_err(said)?;
        let (closed, open) = on_record(&mut tx, by.book, new.volunteer, from, None).await?;
        interval::free(&span, &closed, open).map_err(said)?;
        drop(tx);
        self.put_minutes_aside(by.actor(), by.book, order, &purse, Some(pair)).await?;
        self.asked(&side, key).await?.ok_or_else(|| ServiceError::Internal("a sheet was not kept".to_owned()))
    }

    /// A second person signs under a late entry, or does not: then it counts nothing.
    pub async fn countersign(
        &self,
        by: &Reviewer,
        id: TimeOrderId,
        signs: bool,
        reason: &str,
    ) -> ServiceResult<()> {
        let reason = if signs { limited("reason", reason.trim())? } else { required("reason", reason)? };
        let book = by.book;
        let step = if signs { OrderMove::Countersign } else { OrderMove::Reject };
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, book, Series::TimeOrder, 0).await?;
        let (row, from, to) = moved(&mut tx, book, id, step, Ending::Counted).await?;
        let actor = by.actor().to_string();
        super::settle::unbiased(&mut tx, by, &row, self.today()).await?;
        let pairs = counted_pairs(&mut tx, book, id).await?;
        let counting = shipped(&row.policy)?.counting;
        let counted = interval::counted(&counting, &pairs, row.minutes.into());
        let row = OrderRow {
            state: to.as_str().to_owned(),
            signed_by: Some(actor),
            counted: if signs { i32::try_from(counted).unwrap_or(0) } else { 0 },
            ..row
        };
        if signs {
            self.save_order(&mut tx, book, (&row, from, step), by.actor(), reason).await?;
            return Ok(tx.commit().await?);
        }
        drop(tx);
        self.end_order(book, by.actor(), (row, from, step), reason).await
    }
}

/// What one person has on record around `at`, by orders and by activities: intervals that ended, and since when one is open.
pub(super) async fn on_record(
    tx: &mut Tx,
    book: BookId,
    who: PersonId,
    at: Timestamp,
    but: Option<TimeOrderId>,
) -> StoreResult<(Vec<Interval>, Option<Timestamp>)> {
    let hours = 2 * PAIR_HOURS_MAX * 3_600;
    let span = (at.plus_seconds(-hours), at.plus_seconds(hours));
    let pairs = pair::of_person(tx, book, who, span).await?;
    let others = pairs.into_iter().filter(|p| but != Some(p.order_id));
    let (mut closed, mut open) = (Vec::new(), None);
    for pair in others {
        match pair.out_at {
            None => open = Some(pair.in_at),
            // one without length was forgotten and counts nothing
            Some(out) => closed.extend(Interval::new(pair.in_at, out).ok()),
        }
    }
    for one in place::times_of(tx, book, who, span).await? {
        match one.out_at {
            None => open = Some(one.in_at),
            Some(out) => closed.extend(Interval::new(one.in_at, out).ok()),
        }
    }
    Ok((closed, open))
}

/// Under the lock: refuses a whole pair that overlaps what is on record.
pub(super) async fn guard(tx: &mut WriteTx, book: BookId, new: &PairRow) -> StoreResult<()> {
    let (closed, open) = on_record(tx, book, new.person_id, new.in_at, None).await?;
    let span = new.out_at.and_then(|out| Interval::new(new.in_at, out).ok());
    match span {
        Some(span) if interval::free(&span, &closed, open).is_ok() => Ok(()),
        _ => Err(StoreError::RowsAffected { expected: 1, actual: 0 }),
    }
}

/// The intervals of an order that count.
pub(super) async fn counted_pairs(
    tx: &mut Tx,
    book: BookId,
    id: TimeOrderId,
) -> ServiceResult<Vec<Interval>> {
    let pairs = pair::of_order(tx, book, id).await?;
    Ok(pairs.iter().filter_map(|p| Interval::new(p.in_at, p.out_at?).ok()).collect())
}

async fn open_pair(tx: &mut Tx, book: BookId, id: TimeOrderId) -> ServiceResult<PairRow> {
    let pairs = pair::of_order(tx, book, id).await?;
    pairs.into_iter().find(|p| p.out_at.is_none()).ok_or(ServiceError::NotFound("time_pair"))
}

pub(super) fn said(why: CheckRefusal) -> Refusal {
    match why {
        CheckRefusal::Backwards => refuse("time_backwards"),
        CheckRefusal::TooLong => refuse("time_forgotten").with("hours", PAIR_HOURS_MAX),
        CheckRefusal::Overlap { from } => refuse("time_overlap").with("from", from.minute()),
        CheckRefusal::Open(since) => refuse("time_checked_in").with("since", since.minute()),
        CheckRefusal::TooMany(limit) => refuse("time_pairs").with("limit", limit),
    }
}

fn late_said(why: LateRefusal) -> Refusal {
    match why {
        LateRefusal::Future => refuse("time_not_over"),
        LateRefusal::TooLate(last) => refuse("time_too_late").with("last", last),
        LateRefusal::NoSheet => refuse("text_missing").with("field", "sheet"),
    }
}
