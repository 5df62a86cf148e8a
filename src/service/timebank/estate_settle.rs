//! The posting of an inheritance: to the heir that was drawn up, or to the public pool when its days are over. Once.

use futures_util::{FutureExt, future::BoxFuture};

use super::{
    Desk, ServiceError, ServiceResult,
    estate::{ESTATES_PAGE, heir_home, nothing_open},
    number_of, policy_on, post, refuse,
};
use crate::{
    domain::{
        book::{Command, Posted, TxnKind},
        chart,
        ids::{BookId, PersonId},
        posting::{Commodity, Line},
        timebank::estate::{self, EstateMove, EstateState, Shares},
    },
    service::{
        Actor, Effect,
        award::state_changed,
        books::{Order, facts, path},
    },
    store::{
        StoreError, StoreResult, Tx, WriteTx,
        event::{self, Event},
        ledger::read,
        timebank::{
            estate::{self as estates, EstateRow},
            volunteer as people,
        },
    },
};

impl Desk {
    /// What nobody inherited in its days goes to the public pool; how many now.
    pub async fn lapse_estates(&self, book: BookId) -> ServiceResult<usize> {
        let mut tx = self.db.begin_read().await?;
        let due = estates::due(&mut tx, book, self.today(), ESTATES_PAGE).await?;
        drop(tx);
        let mut lapsed = 0;
        for row in due {
            let no = row.no;
            match self.settle_estate(book, Actor::System, (row, EstateState::Open)).await {
                Ok(_) => lapsed += 1,
                Err(ServiceError::Refused(refusal)) => {
                    tracing::info!(estate = no, code = refusal.code, "hours nobody inherited wait");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(lapsed)
    }

    /// The posting of an inheritance: to the heir that was drawn up, to the pool when there is none.
    pub(super) async fn settle_estate(
        &self,
        book: BookId,
        by: Actor,
        (row, from): (EstateRow, EstateState),
    ) -> ServiceResult<EstateRow> {
        let mut tx = self.db.begin_read().await?;
        nothing_open(&mut tx, book, row.person_id).await?;
        let no = number_of(&mut tx, book, row.person_id).await?;
        let minutes = post::saved(&mut tx, book, &no).await?;
        let (shares, heir) = match row.heir_id {
            None => (Shares::to_pool(minutes.max(0)), None),
            Some(heir) => {
                heir_home(&mut tx, book, heir, self.today()).await?;
                let shares = self.shares_of(&mut tx, book, (&row, &no, heir), minutes.max(0)).await?;
                (shares, Some(number_of(&mut tx, book, heir).await?))
            }
        };
        let head = read::head(&mut tx, book).await?.ok_or(ServiceError::NotFound("book"))?;
        drop(tx);
        let row = EstateRow {
            state: EstateState::Settled.as_str().to_owned(),
            decided_at: Some(self.now()),
            decided_by: Some(by.to_string()),
            minutes: shares.total(),
            saved: shares.saved,
            pooled: shares.pooled,
            honoured: shares.honoured,
            ..row
        };
        let verb = if heir.is_some() { EstateMove::Agree } else { EstateMove::Lapse };
        let happened = self.estate_event(&row, verb.as_str(), Some(from), by, "");
        let (id, heir) = (row.id, heir.unwrap_or_else(|| "-".to_owned()));
        if shares.total() == 0 {
            // nothing was left: nothing moves
            let mut tx = self.db.begin_write().await?;
            estates::save(&mut tx, book, &row).await.map_err(state_changed)?;
            event::add(&mut tx, book, &happened).await?;
            tx.commit().await?;
            return self.time_estate(book, id).await;
        }
        let mut command = self.inherited(&row, by, (&no, &heir), &shares)?;
        // a refusal stands under its key: at another place of the book it may go through
        command.key = format!("time-estate:{id}:{}", head.seq).parse().map_err(|_| refuse("invalid_key"))?;
        let effect = EstateSettled { book, no, row, happened };
        self.posted(book, command, vec![Box::new(effect)]).await?;
        self.time_estate(book, id).await
    }

    /// What is posted: all there is leaves the account, and each share arrives.
    fn inherited(
        &self,
        row: &EstateRow,
        by: Actor,
        (no, heir): (&str, &str),
        shares: &Shares,
    ) -> ServiceResult<Command> {
        let mut lines = vec![Line::new(path(chart::person_time(no))?, Commodity::min(), shares.total())];
        if shares.saved > 0 {
            lines.push(Line::new(path(chart::person_time(heir))?, Commodity::min(), -shares.saved));
        }
        for (account, share) in [(chart::time_pool(), shares.pooled), (chart::time_honor(), shares.honoured)]
        {
            if share > 0 {
                lines.push(Line::new(account, Commodity::min(), -share));
            }
        }
        let order = Order {
            key: &format!("time-estate:{}", row.id),
            kind: TxnKind::TimeDonation,
            effective_on: self.today(),
            source: Some(format!("time_estate:{}", row.id)),
            body: facts([
                ("person", no.to_owned()),
                ("heir", heir.to_owned()),
                ("ground", row.ground.clone().unwrap_or_else(|| "-".to_owned())),
                ("died_on", row.died_on.to_string()),
                ("minutes", shares.total().to_string()),
            ]),
        };
        let mut command = self.command(&by, order, lines)?;
        command.private = self.private("paper", if row.paper.is_empty() { &row.notice } else { &row.paper });
        Ok(command)
    }

    async fn shares_of(
        &self,
        tx: &mut Tx,
        book: BookId,
        (row, no, heir): (&EstateRow, &str, PersonId),
        minutes: i64,
    ) -> ServiceResult<Shares> {
        let policy = policy_on(tx, book, self.today()).await?;
        let heir_no = number_of(tx, book, heir).await?;
        let has = post::saved(tx, book, &heir_no).await?;
        let meter = format!("time-gift:{no}:{}", self.today().ymd().0);
        let given = read::meter(tx, book, &meter).await?;
        let own = people::one(tx, book, heir).await?.and_then(|v| v.brim);
        let choice = row.brim.clone().or(own).and_then(|brim| brim.parse().ok());
        let shares = estate::shares(&policy, minutes, (has, given), choice);
        Ok(shares.map_err(|why| refuse("time_brim").with("minutes", why.over))?)
    }
}

/// The row of an inheritance with its posting.
struct EstateSettled {
    book: BookId,
    no: String,
    row: EstateRow,
    happened: Event,
}

impl Effect for EstateSettled {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        async move {
            let moved_on = || StoreError::RowsAffected { expected: 1, actual: 0 };
            // whatever came or was put aside in between makes it another figure
            if post::saved(tx, self.book, &self.no).await? != 0 {
                return Err(moved_on());
            }
            let open = (
                estates::open_order(tx, self.book, self.row.person_id).await?,
                estates::open_gift(tx, self.book, self.row.person_id).await?,
            );
            if open != (None, None) {
                return Err(moved_on());
            }
            let row = EstateRow { post_seq: Some(posted.seq), ..self.row.clone() };
            estates::save(tx, self.book, &row).await?;
            event::add(tx, self.book, &self.happened).await
        }
        .boxed()
    }
}
