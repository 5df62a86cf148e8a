//! Gifts of minutes, with days in which they can be taken back, and donations to the public pool, which cannot.

use futures_util::{FutureExt, future::BoxFuture};

use super::{
    Desk, KEY_BYTES_MAX, ServiceError, ServiceResult, Side, age_of, estate::not_frozen, kin_of, number_of,
    policy_on, refuse,
};
use crate::{
    domain::{
        book::{MeterUse, Posted, TxnKind},
        chart,
        ids::{BookId, PersonId, TimeGiftId},
        posting::{Commodity, Line},
        timebank::drawing::{Gift, GiftRefusal, GiftState, gift},
    },
    service::{
        Actor, Effect, Receipt, Refusal,
        books::{Order, facts, path},
        reversal::mirrored,
    },
    store::{
        StoreResult, Tx, WriteTx,
        ledger::read,
        serial::{self, Series},
        timebank::gift::{self as rows, GiftRow},
    },
};

/// Gifts that one pass hands over.
const GIFTS_PAGE: i64 = 200;

impl Desk {
    /// Gives minutes to somebody: they are put aside now and theirs when the cooling days are over.
    pub async fn give_minutes(
        &self,
        by: &Side,
        key: &str,
        (giver, receiver): (PersonId, PersonId),
        minutes: i64,
    ) -> ServiceResult<GiftRow> {
        let (book, now) = (by.book(), self.now());
        let key = ledger_key("time-gift", by, key)?;
        let mut tx = self.db.begin_read().await?;
        by.speaks_for(&mut tx, giver, self.today()).await?;
        for side in [giver, receiver] {
            not_frozen(&mut tx, book, side).await?;
        }
        let policy = policy_on(&mut tx, book, self.today()).await?;
        let tie =
            kin_of(&mut tx, book, giver, self.today()).await?.into_iter().find(|(id, _)| *id == receiver);
        let age = age_of(&mut tx, book, receiver, self.today()).await?;
        let of = Gift { giver, receiver, tie: tie.map(|(_, kind)| kind), age, minutes };
        gift(&policy.gifts, &of).map_err(said)?;
        let no = number_of(&mut tx, book, giver).await?;
        let to = number_of(&mut tx, book, receiver).await?;
        drop(tx);
        let lines = vec![
            Line::new(path(chart::person_time(&no))?, Commodity::min(), minutes),
            Line::new(path(chart::person_time_held(&no))?, Commodity::min(), -minutes),
        ];
        let row = GiftRow {
            id: self.id(),
            no: 0,
            giver_id: giver,
            receiver_id: receiver,
            minutes: i32::try_from(minutes).unwrap_or(i32::MAX),
            state: GiftState::Cooling.as_str().to_owned(),
            made_at: now,
            made_by: by.actor().to_string(),
            due_at: now.plus_days(policy.gifts.cooling_days.into()),
            hold_seq: 0,
            end_seq: None,
        };
        let order = Order {
            key: &key,
            kind: TxnKind::Hold,
            effective_on: self.today(),
            source: Some(format!("time_gift:{}", row.id)),
            body: facts([("from", no.clone()), ("to", to), ("minutes", minutes.to_string())]),
        };
        let mut command = self.command(&by.actor(), order, lines)?;
        let meter = format!("time-gift:{no}:{}", self.today().ymd().0);
        command.meters.push(MeterUse::capped(meter, minutes, policy.gifts.a_year));
        let receipt = self.posted(book, command, vec![Box::new(Made { book, row })]).await?;
        let mut tx = self.db.begin_read().await?;
        rows::of_hold(&mut tx, book, receipt.seq).await?.ok_or(ServiceError::NotFound("time_gift"))
    }

    /// The giver takes a gift back while it cools.
    pub async fn take_gift_back(&self, by: &Side, id: TimeGiftId) -> ServiceResult<()> {
        let book = by.book();
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("time_gift"))?;
        by.speaks_for(&mut tx, row.giver_id, self.today()).await?;
        // once its day has come it is the receiver's, though nothing handed it over yet
        let state = row.state()?.after(true).filter(|_| self.now() < row.due_at);
        let state = state.ok_or_else(|| refuse("time_gift_over").with("state", &row.state))?;
        let lines = read::entries(&mut tx, book, row.hold_seq - 1, row.hold_seq).await?;
        drop(tx);
        let lines = lines.iter().map(mirrored).collect::<StoreResult<Vec<_>>>()?;
        self.end_gift(book, by.actor(), (row, state), TxnKind::Release, lines).await
    }

    /// Hands over the gifts whose days are over; how many now.
    pub async fn hand_over_gifts(&self, book: BookId) -> ServiceResult<usize> {
        let mut tx = self.db.begin_read().await?;
        let due = rows::due(&mut tx, book, self.now(), GIFTS_PAGE).await?;
        let mut given = 0;
        for row in due {
            let lines = handed(&mut tx, book, &row).await?;
            match self.end_gift(book, Actor::System, (row, GiftState::Given), TxnKind::Capture, lines).await {
                Ok(()) => given += 1,
                Err(ServiceError::Refused(refusal)) => {
                    tracing::warn!(code = refusal.code, "a gift was not handed over");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(given)
    }

    async fn end_gift(
        &self,
        book: BookId,
        by: Actor,
        (row, state): (GiftRow, GiftState),
        kind: TxnKind,
        lines: Vec<Line>,
    ) -> ServiceResult<()> {
        let order = Order {
            key: &format!("time-gift-end:{}", row.id),
            kind,
            effective_on: self.today(),
            source: Some(format!("time_gift:{}", row.id)),
            body: facts([("state", state.to_string())]),
        };
        let mut command = self.command(&by, order, lines)?;
        command.resolves = Some(row.hold_seq);
        self.posted(book, command, vec![Box::new(Ended { book, id: row.id, state })]).await.map(drop)
    }

    /// Gives minutes to the public pool, for good.
    pub async fn donate_minutes(
        &self,
        by: &Side,
        key: &str,
        who: PersonId,
        minutes: i64,
    ) -> ServiceResult<Receipt> {
        if minutes <= 0 {
            return Err(refuse("quantity_out_of_range").with("field", "minutes").into());
        }
        let key = ledger_key("time-donation", by, key)?;
        let mut tx = self.db.begin_read().await?;
        by.speaks_for(&mut tx, who, self.today()).await?;
        let no = number_of(&mut tx, by.book(), who).await?;
        drop(tx);
        let lines = vec![
            Line::new(path(chart::person_time(&no))?, Commodity::min(), minutes),
            Line::new(chart::time_pool(), Commodity::min(), -minutes),
        ];
        let order = Order {
            key: &key,
            kind: TxnKind::TimeDonation,
            effective_on: self.today(),
            source: None,
            body: facts([("from", no), ("minutes", minutes.to_string())]),
        };
        let command = self.command(&by.actor(), order, lines)?;
        self.posted(by.book(), command, Vec::new()).await
    }

    /// Saved minutes of somebody: free to draw, and put aside.
    pub async fn saved_minutes(&self, by: &Side, who: PersonId) -> ServiceResult<(i64, i64)> {
        let mut tx = self.db.begin_read().await?;
        by.speaks_for(&mut tx, who, self.today()).await?;
        let no = number_of(&mut tx, by.book(), who).await?;
        let mut has = [0, 0];
        for (place, account) in has.iter_mut().zip([chart::person_time(&no), chart::person_time_held(&no)]) {
            *place = -read::balance(&mut tx, by.book(), path(account)?.as_str(), Commodity::MIN).await?;
        }
        let [free, held] = has;
        Ok((free, held))
    }
}

fn ledger_key(what: &str, by: &Side, key: &str) -> ServiceResult<String> {
    if key.is_empty() || key.len() > KEY_BYTES_MAX {
        return Err(refuse("invalid_key").into());
    }
    Ok(format!("{what}:{}:{key}", by.actor()))
}

async fn handed(tx: &mut Tx, book: BookId, row: &GiftRow) -> ServiceResult<Vec<Line>> {
    let from = number_of(tx, book, row.giver_id).await?;
    let to = number_of(tx, book, row.receiver_id).await?;
    let minutes = i64::from(row.minutes);
    Ok(vec![
        Line::new(path(chart::person_time_held(&from))?, Commodity::min(), minutes),
        Line::new(path(chart::person_time(&to))?, Commodity::min(), -minutes),
    ])
}

fn said(why: GiftRefusal) -> Refusal {
    match why {
        GiftRefusal::Nothing => refuse("quantity_out_of_range").with("field", "minutes"),
        GiftRefusal::Oneself => refuse("time_gift_oneself"),
        GiftRefusal::NoTie => refuse("time_gift_tie"),
        GiftRefusal::TooYoung(age) => refuse("time_gift_age").with("age", age),
        GiftRefusal::TooMuch(limit) => refuse("time_gift_limit").with("limit", limit),
    }
}

/// A gift with the minutes put aside for it.
struct Made {
    book: BookId,
    row: GiftRow,
}

impl Effect for Made {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        async move {
            let no = serial::take(tx, self.book, Series::TimeGift, 1).await?;
            rows::add(tx, self.book, &GiftRow { no, hold_seq: posted.seq, ..self.row.clone() }).await
        }
        .boxed()
    }
}

/// A gift that was handed over or taken back.
struct Ended {
    book: BookId,
    id: TimeGiftId,
    state: GiftState,
}

impl Effect for Ended {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        rows::end(tx, self.book, self.id, self.state, posted.seq).boxed()
    }
}
