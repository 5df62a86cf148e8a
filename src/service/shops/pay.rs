//! What is paid to a shop (付款登记): once for each statement that both sides confirmed and the township checked, in the order
//! of their numbers, never more than is due and owed. What was undone since is carried to the next statement.

use futures_util::{FutureExt, future::BoxFuture};

use super::{
    Desk, ServiceError, ServiceResult, refuse,
    statements::{ShopStatement, statement_view},
};
use crate::{
    domain::{
        amount::yuan,
        book::{Command, Posted, TxnKind},
        chart,
        ids::{BookId, ShopStatementId},
        posting::{Commodity, Line},
        shop::{ShopStanding, payable},
        time::Day,
    },
    service::{
        Effect,
        award::required,
        books::{Order, facts, path},
        caller::Township,
        funds::NAME_CHARS_MAX,
    },
    store::{
        StoreError, StoreResult, WriteTx, fund,
        ledger::read,
        shop::statement::{self, ShopPaymentRow},
    },
};

/// A payment to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewShopPayment {
    /// The code of the source it is paid from.
    pub fund: String,
    /// Who paid.
    pub payer: String,
    /// The number of the voucher.
    pub voucher: String,
    /// The day it was paid.
    pub paid_on: Day,
}

impl Desk {
    /// Writes down that a statement was paid, and posts it. The same again gets the same answer.
    pub async fn pay_shop_statement(
        &self,
        by: &Township,
        id: ShopStatementId,
        new: &NewShopPayment,
    ) -> ServiceResult<ShopStatement> {
        let payer = required("payer", &new.payer)?;
        let voucher = required("voucher", &new.voucher)?;
        let words = [("payer", payer), ("voucher", voucher)];
        if let Some((field, _)) = words.iter().find(|(_, text)| text.chars().count() > NAME_CHARS_MAX) {
            return Err(refuse("text_too_long").with("field", *field).with("limit", NAME_CHARS_MAX).into());
        }
        if new.paid_on > self.today() {
            let refusal = refuse("future_date").with("effective_on", new.paid_on);
            return Err(refusal.with("today", self.today()).into());
        }
        let found = self.statement_for_village(by, id).await?;
        if let Some(paid) = &found.payment {
            let same =
                paid.done_by == by.actor().to_string() && paid.voucher == voucher && paid.fund == new.fund;
            return if same {
                Ok(found)
            } else {
                Err(refuse("statement_not_now").with("no", found.row.no).with("state", "paid").into())
            };
        }
        let (fen, fund) = self.payable_now(by.book, &found, &new.fund).await?;
        let row = ShopPaymentRow {
            statement_id: id,
            fund,
            carried_fen: found.due.carried,
            fen,
            payer: payer.to_owned(),
            voucher: voucher.to_owned(),
            paid_on: new.paid_on,
            done_at: self.now(),
            done_by: by.actor().to_string(),
            seq: 0,
            reversed_by: None,
        };
        let command = self.payment_command(by, &found, &row)?;
        let paid = Paid {
            book: by.book,
            shop: path(chart::merchant(&found.counter.code))?.to_string(),
            from: path(chart::fund(&row.fund))?.to_string(),
            row,
            steps: i64::try_from(found.steps.len()).unwrap_or(0),
        };
        self.posted(by.book, command, vec![Box::new(paid)]).await?;
        let mut tx = self.db.begin_read().await?;
        statement_view(&mut tx, by.book, id).await
    }

    /// What can be paid now, and from which source.
    async fn payable_now(
        &self,
        book: BookId,
        found: &ShopStatement,
        fund: &str,
    ) -> ServiceResult<(i64, String)> {
        let no = found.row.no;
        if found.standing != ShopStanding::Reviewed {
            let state = found.standing.as_str();
            return Err(refuse("statement_not_now").with("no", no).with("state", state).into());
        }
        if let Some(earlier) = found.due.waits_for {
            return Err(refuse("earlier_statement").with("no", no).with("earlier", earlier).into());
        }
        let fen = payable(found.due.due, found.owed_fen);
        if fen == 0 {
            return Err(refuse("nothing_due").with("no", no).with("due", yuan(found.due.due)).into());
        }
        let mut tx = self.db.begin_read().await?;
        let row = fund::by_code(&mut tx, book, fund).await?.ok_or(ServiceError::NotFound("fund"))?;
        let account = path(chart::fund(&row.code))?;
        let has = read::balance(&mut tx, book, account.as_str(), Commodity::CNYFEN).await?;
        if has < fen {
            return Err(refuse("fund_has_less")
                .with("fund", &row.name)
                .with("needed", yuan(fen))
                .with("available", yuan(has))
                .into());
        }
        Ok((fen, row.code))
    }

    fn payment_command(
        &self,
        by: &Township,
        found: &ShopStatement,
        row: &ShopPaymentRow,
    ) -> ServiceResult<Command> {
        let id = row.statement_id;
        let lines = vec![
            Line::new(path(chart::merchant(&found.counter.code))?, Commodity::cnyfen(), row.fen),
            Line::new(path(chart::fund(&row.fund))?, Commodity::cnyfen(), -row.fen),
        ];
        let key = format!("shop-payment:{id}:{}", self.random_hex());
        let order = Order {
            key: &key,
            kind: TxnKind::Settlement,
            effective_on: self.today(),
            source: Some(format!("shop_payment:{id}")),
            body: payment_facts(&found.counter.code, found.row.no, row),
        };
        let mut command = self.command(&by.actor(), order, lines)?;
        command.private = self.private("payer", &row.payer);
        command.private.extend(self.private("voucher", &row.voucher));
        Ok(command)
    }
}

/// What the log says of a payment in so many words.
pub(in crate::service) fn payment_facts(
    counter: &str,
    no: i64,
    row: &ShopPaymentRow,
) -> std::collections::BTreeMap<String, String> {
    facts([
        ("counter", counter.to_owned()),
        ("no", no.to_string()),
        ("fund", row.fund.clone()),
        ("carried", row.carried_fen.to_string()),
        ("fen", row.fen.to_string()),
        ("paid_on", row.paid_on.to_string()),
        ("written_at", row.done_at.micros().to_string()),
    ])
}

/// The payment's row, written with its posting.
struct Paid {
    book: BookId,
    row: ShopPaymentRow,
    /// The two accounts.
    shop: String,
    from: String,
    /// How many steps the statement had.
    steps: i64,
}

impl Paid {
    async fn write(&self, tx: &mut WriteTx, posted: &Posted) -> StoreResult<()> {
        // somebody else paid from the same source, or something was undone, since it was looked at
        let left =
            |path: &str| posted.entries.iter().find(|e| e.path.as_str() == path).map(|e| e.balance_after);
        if left(&self.shop).is_none_or(|owed| owed > 0) || left(&self.from).is_none_or(|has| has < 0) {
            return Err(StoreError::RowsAffected { expected: 1, actual: 0 });
        }
        let row = ShopPaymentRow { seq: posted.seq, ..self.row.clone() };
        statement::add_payment(tx, self.book, &row, self.steps).await
    }
}

impl Effect for Paid {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        self.write(tx, posted).boxed()
    }
}
