//! Money that comes in (资金到账): one person writes down what came, from whom and with which paper; another, who saw it
//! too, confirms it, and only then it stands in the ledger. What was wrong is undone by a reversal, never edited. A
//! gift gets a numbered paper; the number is drawn with the posting, so the series has no gaps.

use std::collections::BTreeMap;

use futures_util::{FutureExt, future::BoxFuture};

use super::{
    Desk, Effect, Receipt, ServiceError, ServiceResult,
    award::{limited, required, state_changed},
    books::{Order, facts, path},
    budget::free_money,
    caller::{Clerk, Reviewer, Staff},
    funds::NAME_CHARS_MAX,
    refuse,
};
use crate::{
    domain::{
        book::{Command, MeterUse, Posted, TxnKind},
        chart,
        due_process::Selves,
        ids::{BookId, MoneyId},
        money::SourceKind,
        posting::{Commodity, Line, MAX_QUANTITY, Path},
        time::{Day, Timestamp},
    },
    store::{
        StoreError, StoreResult, WriteTx,
        fund::{self, FundRow},
        money::{self as rows, MoneyDecision, MoneyRow, NewMoney},
        serial::{self, Series},
    },
};

/// Receipts a list shows at once.
pub const MONEY_PAGE: i64 = 50;
/// The meter of the numbered papers for donors.
const DONATION_NUMBERS: &str = "donation-receipt";

/// Money as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyIn {
    /// The code of the source it belongs to.
    pub fund: String,
    /// How much, in fen.
    pub fen: i64,
    /// Who paid; the source's payer when empty.
    pub payer: String,
    /// The number of the paper.
    pub document: String,
    /// What it may be spent on.
    pub purpose: String,
    /// The day it came.
    pub received_on: Day,
}

impl Desk {
    /// Writes down money that came in. It waits for the second person.
    pub async fn record_money(&self, by: &Clerk, new: &MoneyIn) -> ServiceResult<MoneyRow> {
        if !(1..=MAX_QUANTITY).contains(&new.fen) {
            return Err(refuse("quantity_out_of_range").with("field", "amount").into());
        }
        if new.received_on > self.today() {
            return Err(refuse("future_date")
                .with("effective_on", new.received_on)
                .with("today", self.today())
                .into());
        }
        let document = required("document", &new.document)?;
        let purpose = limited("purpose", new.purpose.trim())?;
        let mut tx = self.db.begin_write().await?;
        let no = serial::take(&mut tx, by.book, Series::Money, 1).await?;
        let fund = fund::by_code(&mut tx, by.book, &new.fund).await?.ok_or(ServiceError::NotFound("fund"))?;
        let payer = if new.payer.trim().is_empty() { fund.payer.as_str() } else { new.payer.trim() };
        let payer = required("payer", payer)?;
        if payer.chars().count() > NAME_CHARS_MAX {
            return Err(refuse("text_too_long").with("field", "payer").with("limit", NAME_CHARS_MAX).into());
        }
        let (id, me) = (self.id(), by.actor().to_string());
        let row = NewMoney {
            id,
            no,
            fund: fund.id,
            fen: new.fen,
            payer,
            document,
            purpose,
            received_on: new.received_on,
            at: self.now(),
            by: &me,
        };
        rows::add(&mut tx, by.book, &row).await?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("receipt"))?;
        tx.commit().await?;
        Ok(row)
    }

    /// The second person saw money and paper: it is posted, and a gift gets its number.
    pub async fn confirm_money(&self, by: &Reviewer, id: MoneyId) -> ServiceResult<MoneyRow> {
        let me = by.actor().to_string();
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("receipt"))?;
        if row.state == "confirmed" && row.decided_by.as_ref() == Some(&me) {
            // the answer was lost
            return Ok(row);
        }
        second_person(&row, &by.selves())?;
        let fund = fund::one(&mut tx, by.book, row.fund_id)
            .await?
            .ok_or_else(|| StoreError::inconsistent("money_receipt", "fund_id", row.fund_id.to_string()))?;
        let meters = free_money(&mut tx, by.book, &fund.code, row.fen, self.today()).await?;
        drop(tx);
        let mut command = self.money_command(by, &format!("money:{id}"), &fund, &row, meters)?;
        if is_gift(&fund) {
            command.meters.push(MeterUse::next_number(DONATION_NUMBERS));
        }
        let effect = Confirmed { book: by.book, id, at: self.now(), by: me };
        self.posted(by.book, command, vec![Box::new(effect)]).await?;
        self.money(by.book, id).await
    }

    /// The second person did not find it so: nothing is posted.
    pub async fn refuse_money(&self, by: &Reviewer, id: MoneyId, reason: &str) -> ServiceResult<MoneyRow> {
        let reason = required("reason", reason)?;
        let me = by.actor().to_string();
        let mut tx = self.db.begin_write().await?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("receipt"))?;
        second_person(&row, &by.selves())?;
        let decision =
            MoneyDecision { state: "refused", at: self.now(), by: &me, reason, seq: None, receipt_no: None };
        rows::decide(&mut tx, by.book, id, &decision).await.map_err(state_changed)?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("receipt"))?;
        tx.commit().await?;
        Ok(row)
    }

    /// One receipt.
    pub async fn money(&self, book: BookId, id: MoneyId) -> ServiceResult<MoneyRow> {
        let mut tx = self.db.begin_read().await?;
        rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("receipt"))
    }

    /// Receipts numbered below `before`, newest first.
    pub async fn money_received(
        &self,
        book: BookId,
        before: i64,
        limit: i64,
    ) -> ServiceResult<Vec<MoneyRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(rows::list(&mut tx, book, before, limit.clamp(1, MONEY_PAGE)).await?)
    }

    fn money_command(
        &self,
        by: &Staff,
        key: &str,
        fund: &FundRow,
        row: &MoneyRow,
        meters: Vec<MeterUse>,
    ) -> ServiceResult<Command> {
        let from = if is_gift(fund) { chart::donations(&fund.code) } else { chart::granted(&fund.code) };
        let body = facts([
            ("fund", fund.code.clone()),
            ("fen", row.fen.to_string()),
            ("received_on", row.received_on.to_string()),
        ]);
        let mut command = self.money_in(by, key, (&fund.code, path(from)?), row.fen, body)?;
        command.source = Some(format!("money:{}", row.id));
        command.meters = meters;
        command.private = self.private("payer", &row.payer);
        command.private.extend(self.private("document", &row.document));
        Ok(command)
    }

    /// Books a gift of `fen` from `donor` into `fund`, as two people vouched for it elsewhere: in a register taken over.
    pub async fn receive_money(
        &self,
        by: &Staff,
        key: &str,
        fund: &str,
        donor: &str,
        fen: i64,
    ) -> ServiceResult<Receipt> {
        if fen <= 0 {
            return Err(refuse("quantity_out_of_range").with("field", "amount").into());
        }
        let mut tx = self.db.begin_read().await?;
        let meters = free_money(&mut tx, by.book, fund, fen, self.today()).await?;
        drop(tx);
        let body = facts([("fund", fund.to_owned()), ("donor", donor.to_owned()), ("fen", fen.to_string())]);
        let mut command = self.money_in(by, key, (fund, path(chart::donations(donor))?), fen, body)?;
        command.meters = meters;
        self.posted(by.book, command, Vec::new()).await
    }

    fn money_in(
        &self,
        by: &Staff,
        key: &str,
        (fund, from): (&str, Path),
        fen: i64,
        body: BTreeMap<String, String>,
    ) -> ServiceResult<Command> {
        let lines = vec![
            Line::new(path(chart::fund(fund))?, Commodity::cnyfen(), fen),
            Line::new(from, Commodity::cnyfen(), -fen),
        ];
        let order = Order { key, kind: TxnKind::Funding, effective_on: self.today(), source: None, body };
        self.command(&by.actor(), order, lines)
    }
}

/// Whether what a source gives gets a numbered paper.
#[must_use]
pub fn is_gift(fund: &FundRow) -> bool {
    fund.kind == SourceKind::Donation.as_str()
}

/// It waits, and for somebody else.
fn second_person(row: &MoneyRow, me: &Selves) -> ServiceResult<()> {
    if row.state != "recorded" {
        return Err(refuse("state_changed").with("state", &row.state).into());
    }
    if me.are(&row.recorded_by) { Err(refuse("own_receipt").into()) } else { Ok(()) }
}

/// The paper's side of its posting, in the same transaction.
struct Confirmed {
    book: BookId,
    id: MoneyId,
    at: Timestamp,
    by: String,
}

impl Effect for Confirmed {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        async move {
            let number = posted.meters.iter().find(|m| m.meter == DONATION_NUMBERS);
            let decision = MoneyDecision {
                state: "confirmed",
                at: self.at,
                by: &self.by,
                reason: "",
                seq: Some(posted.seq),
                receipt_no: number.map(|m| m.used_after),
            };
            rows::decide(tx, self.book, self.id, &decision).await
        }
        .boxed()
    }
}
