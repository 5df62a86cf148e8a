//! What settles an order: both sides confirm, with a rating; unconfirmed, somebody calls; a low rating and a dispute wait
//! for a verdict.

use super::{
    Desk, Ending, OrderMove, OrderState, ServiceError, ServiceResult, Side, home_of, moved, refuse, rows,
    serve::counted_pairs, shipped,
};
use crate::{
    domain::{
        ids::{BookId, TimeOrderId},
        time::Day,
        timebank::{
            interval::{self, CheckMeans},
            order::{self, CallBack, Rating, Verdict},
        },
    },
    service::{
        Actor,
        award::{limited, required},
        caller::{Recorder, Reviewer, Staff},
        identity, recusal,
    },
    store::{
        Tx, WriteTx, serial,
        serial::Series,
        timebank::{order::OrderRow, pair},
    },
};

/// Who confirms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirms {
    /// The volunteer.
    Volunteer,
    /// Whoever was served, with one to five and a remark.
    Served {
        /// One to five.
        rating: Rating,
        /// What there is to say.
        remark: String,
    },
}

impl Desk {
    /// One side confirms. When both have, the order is settled: counted, held for a low rating, or over without hours.
    pub async fn confirm_order(
        &self,
        by: &Side,
        id: TimeOrderId,
        how: &Confirms,
    ) -> ServiceResult<OrderState> {
        let book = by.book();
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, book, Series::TimeOrder, 0).await?;
        let (row, ..) = moved(&mut tx, book, id, OrderMove::Confirm, Ending::Counted).await?;
        let who = row.volunteer_id.ok_or(ServiceError::NotFound("volunteer"))?;
        let speaks = match how {
            Confirms::Volunteer => who,
            Confirms::Served { .. } => row.served_id,
        };
        by.speaks_for(&mut tx, speaks, self.today()).await?;
        let actor = Some(by.actor().to_string());
        let row = match how {
            Confirms::Volunteer => OrderRow { volunteer_by: actor, ..row },
            Confirms::Served { rating, remark } => OrderRow {
                served_by: actor,
                rating: Some(rating.number().into()),
                remark: limited("remark", remark.trim())?.to_owned(),
                ..row
            },
        };
        if row.volunteer_by.is_some() && row.served_by.is_some() {
            return self.settle_order(tx, book, row, by.actor()).await;
        }
        rows::save(&mut tx, book, &row).await?;
        tx.commit().await?;
        Ok(OrderState::Done)
    }

    /// Both have confirmed, or a call-back did for them.
    async fn settle_order(
        &self,
        mut tx: WriteTx,
        book: BookId,
        row: OrderRow,
        by: Actor,
    ) -> ServiceResult<OrderState> {
        let counting = shipped(&row.policy)?.counting;
        let pairs = counted_pairs(&mut tx, book, row.id).await?;
        let counted = interval::counted(&counting, &pairs, row.minutes.into());
        let rating = row.rating.and_then(|rating| Rating::try_from(i64::from(rating)).ok());
        let ending = match order::confirmed(&counting, counted, rating) {
            // one person's word for all of it is looked at by another
            Ending::Counted if self.is_one_word(&mut tx, book, &row).await? => Ending::Low,
            ending => ending,
        };
        let (_, from, to) = moved(&mut tx, book, row.id, OrderMove::Confirm, ending).await?;
        let row =
            OrderRow { counted: i32::try_from(counted).unwrap_or(0), state: to.as_str().to_owned(), ..row };
        if ending == Ending::Nothing {
            drop(tx);
            self.end_order(book, by, (row, from, OrderMove::Confirm), "").await?;
        } else {
            self.save_order(&mut tx, book, (&row, from, OrderMove::Confirm), by, "").await?;
            tx.commit().await?;
        }
        Ok(to)
    }

    /// Whether somebody of the network point wrote down the check-ins, and confirmed for both sides.
    async fn is_one_word(&self, tx: &mut Tx, book: BookId, row: &OrderRow) -> ServiceResult<bool> {
        let (Some(volunteer), Some(served)) = (&row.volunteer_by, &row.served_by) else { return Ok(false) };
        let Ok(first @ Actor::User(_)) = volunteer.parse::<Actor>() else { return Ok(false) };
        Ok(!proven(tx, book, row.id).await? && identity::selves_of(tx, book, first).await?.are(served))
    }

    /// Orders that both should have confirmed and did not in time: whom to call.
    pub async fn to_call_back(&self, by: &Recorder) -> ServiceResult<Vec<OrderRow>> {
        let mut tx = self.db.begin_read().await?;
        let (mut out, mut after) = (Vec::new(), 0);
        loop {
            let page = rows::in_state(&mut tx, by.book, OrderState::Done, after, super::ORDERS_PAGE).await?;
            let Some(last) = page.last() else { return Ok(out) };
            after = last.no;
            for row in page {
                let counting = shipped(&row.policy)?.counting;
                if row.done_at.is_some_and(|done| order::to_be_called(&counting, done, self.now())) {
                    out.push(row);
                }
            }
        }
    }

    /// What a call found. Nobody answering confirms only what check-in and check-out prove by themselves.
    pub async fn call_about_order(
        &self,
        by: &Recorder,
        id: TimeOrderId,
        found: CallBack,
        words: &str,
    ) -> ServiceResult<OrderState> {
        let words = limited("words", words.trim())?;
        let book = by.book;
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, book, Series::TimeOrder, 0).await?;
        let (row, from, _) = moved(&mut tx, book, id, OrderMove::Confirm, Ending::Counted).await?;
        let counting = shipped(&row.policy)?.counting;
        if !row.done_at.is_some_and(|done| order::to_be_called(&counting, done, self.now())) {
            return Err(refuse("time_call_later").with("hours", counting.confirm_hours).into());
        }
        unbiased(&mut tx, by, &row, self.today()).await?;
        let proven = proven(&mut tx, book, id).await?;
        match order::called(found, proven) {
            None => Err(refuse("time_not_proven").into()),
            Some(OrderMove::Dispute) => {
                let row = OrderRow { state: OrderState::Disputed.as_str().to_owned(), ..row };
                self.save_order(&mut tx, book, (&row, from, OrderMove::Dispute), by.actor(), words).await?;
                tx.commit().await?;
                Ok(OrderState::Disputed)
            }
            Some(_) => {
                let actor = Some(by.actor().to_string());
                let row = OrderRow {
                    volunteer_by: row.volunteer_by.clone().or_else(|| actor.clone()),
                    served_by: row.served_by.clone().or(actor),
                    remark: words.to_owned(),
                    ..row
                };
                self.settle_order(tx, book, row, by.actor()).await
            }
        }
    }

    /// One side disputes an order that is done and not posted.
    pub async fn dispute_order(&self, by: &Side, id: TimeOrderId, words: &str) -> ServiceResult<()> {
        let words = required("words", words)?;
        let book = by.book();
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, book, Series::TimeOrder, 0).await?;
        let (row, from, to) = moved(&mut tx, book, id, OrderMove::Dispute, Ending::Counted).await?;
        let who = row.volunteer_id.ok_or(ServiceError::NotFound("volunteer"))?;
        if by.speaks_for(&mut tx, row.served_id, self.today()).await.is_err() {
            by.speaks_for(&mut tx, who, self.today()).await?;
        }
        let row = OrderRow { state: to.as_str().to_owned(), ..row };
        self.save_order(&mut tx, book, (&row, from, OrderMove::Dispute), by.actor(), words).await?;
        Ok(tx.commit().await?)
    }

    /// The verdict on a dispute or a low rating: all, a part, or nothing. Whoever decides has no part in it.
    pub async fn decide_order(
        &self,
        by: &Reviewer,
        id: TimeOrderId,
        (verdict, part): (Verdict, Option<i64>),
        words: &str,
    ) -> ServiceResult<OrderState> {
        let words = required("words", words)?;
        let book = by.book;
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, book, Series::TimeOrder, 0).await?;
        let (row, ..) = moved(&mut tx, book, id, OrderMove::Decide, Ending::Counted).await?;
        unbiased(&mut tx, by, &row, self.today()).await?;
        no_hand_in(&mut tx, by, &row).await?;
        let counting = shipped(&row.policy)?.counting;
        let pairs = counted_pairs(&mut tx, book, id).await?;
        let served = interval::counted(&counting, &pairs, row.minutes.into());
        let counted = order::decided(&counting, verdict, served, part).map_err(|why| {
            refuse("time_part")
                .with("served", why.served)
                .with("quarter", why.quarter)
                .with("least", why.least)
        })?;
        let ending = if counted > 0 { Ending::Counted } else { Ending::Nothing };
        let (_, from, to) = moved(&mut tx, book, id, OrderMove::Decide, ending).await?;
        let row = OrderRow {
            counted: i32::try_from(counted).unwrap_or(0),
            state: to.as_str().to_owned(),
            verdict: Some(verdict.as_str().to_owned()),
            verdict_by: Some(by.actor().to_string()),
            ..row
        };
        if ending == Ending::Nothing {
            drop(tx);
            self.end_order(book, by.actor(), (row, from, OrderMove::Decide), words).await?;
        } else {
            self.save_order(&mut tx, book, (&row, from, OrderMove::Decide), by.actor(), words).await?;
            tx.commit().await?;
        }
        Ok(to)
    }
}

/// Refuses a member of staff who has a part in the order: entered it, or belongs to one of the two, or is their kin.
pub(super) async fn unbiased(tx: &mut Tx, by: &Staff, row: &OrderRow, today: Day) -> ServiceResult<()> {
    recusal::known(by)?;
    if row.entered_by.as_ref().is_some_and(|first| by.selves().are(first)) {
        return Err(refuse("time_own_second").into());
    }
    for person in [Some(row.served_id), row.volunteer_id].into_iter().flatten() {
        if let Some(home) = home_of(tx, by.book, person, today).await? {
            recusal::check(tx, by, home, today).await?;
        }
    }
    Ok(())
}

/// Refuses an arbiter who wrote down a check-in of the order, or confirmed for one side of it.
pub(super) async fn no_hand_in(tx: &mut Tx, by: &Staff, row: &OrderRow) -> ServiceResult<()> {
    let mut hands: Vec<String> = row.volunteer_by.iter().chain(&row.served_by).cloned().collect();
    for pair in pair::of_order(tx, by.book, row.id).await? {
        hands.push(pair.in_by);
        hands.extend(pair.out_by);
    }
    if by.selves().among(hands.iter()).is_some() {
        return Err(refuse("time_own_second").into());
    }
    Ok(())
}

/// Whether every pair proves itself: card or live code at both ends.
async fn proven(tx: &mut Tx, book: BookId, id: TimeOrderId) -> ServiceResult<bool> {
    let pairs = pair::of_order(tx, book, id).await?;
    let proves = |means: &str| means.parse().is_ok_and(CheckMeans::proves);
    Ok(!pairs.is_empty()
        && pairs.iter().all(|p| proves(&p.in_means) && p.out_means.as_deref().is_some_and(proves)))
}
