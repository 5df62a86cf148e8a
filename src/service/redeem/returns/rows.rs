//! The rows that go with the posting of a return.

use futures_util::{FutureExt, future::BoxFuture};

use super::{Back, RETURN_METER};
use crate::{
    domain::{
        book::Posted,
        ids::{BookId, CardId},
        time::Timestamp,
    },
    service::{
        Effect,
        redeem::{Credential, card_of},
    },
    store::{
        StoreError, StoreResult, WriteTx, redemption,
        returns::{self, ReturnLineRow, ReturnRow},
    },
};

/// The return and its lines, written with the posting.
pub(super) struct Rows {
    pub(super) book: BookId,
    pub(super) by: String,
    pub(super) at: Timestamp,
    pub(super) back: Back,
}

impl Rows {
    async fn write(&self, tx: &mut WriteTx, posted: &Posted) -> StoreResult<()> {
        let (book, back) = (self.book, &self.back);
        let card: Option<CardId> = card_of(&back.known.credential);
        redemption::guard(tx, book, back.known.home.id, back.counter.id, card).await?;
        let missing = || StoreError::inconsistent("goods_return", "no", back.id.to_string());
        let number = posted.meters.iter().find(|m| m.meter == RETURN_METER).ok_or_else(missing)?;
        let credential = match back.known.credential {
            Credential::Phone { .. } => "phone",
            // whoever brings goods back shows something
            Credential::Card { .. } | Credential::Number => "card",
        };
        let row = ReturnRow {
            id: back.id,
            no: number.used_after,
            kind: back.kind.as_str().to_owned(),
            redemption_id: back.row.id,
            counter_id: back.counter.id,
            goes_to: back.goes_to.as_str().to_owned(),
            credential: credential.to_owned(),
            cashier: self.by.clone(),
            placed_at: self.at,
            points: back.points(),
            cost_fen: back.cost_fen(),
            txn_seq: posted.seq,
        };
        returns::add(tx, book, &row).await?;
        for (piece, place) in back.pieces.iter().zip(1..) {
            let line = ReturnLineRow {
                line: place,
                sku: piece.sku,
                quantity: piece.pieces,
                points: piece.points,
                cost_fen: piece.cost_fen,
            };
            returns::add_line(tx, book, back.id, &line, piece.cost_now).await?;
        }
        Ok(())
    }
}

impl Effect for Rows {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        self.write(tx, posted).boxed()
    }
}
