//! What everybody may read of the village's money (财务公开): what came in by kind of source, what went out, what is left,
//! and how far it covers the points that are out. Sums only: nobody who gave or received is named here.
//!
//! A donor's name stands on the paper of the gift and in the register of money. Both are vouchers that the law on
//! accounting has kept for decades, so erasing a person takes nothing from them; what the log knows of the name can be
//! erased with the texts of its transaction. No page without a sign-in shows it.

use super::{Desk, ServiceError, ServiceResult, audit::trial_lines, books::path, issue::Standing};
use crate::{
    domain::{
        chart::{self, AccountKind as Kind},
        ids::{BookId, TxnId},
        money::SourceKind,
        posting::Commodity,
    },
    store::{StoreError, fund, ledger::read, programme},
};

/// The money of a village since its book was opened, in fen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// What came in, by kind of source; kinds of which nothing came are left out.
    pub sources: Vec<(SourceKind, i64)>,
    /// What came in at all.
    pub received: i64,
    /// What rewards cost, goods that were lost or spoilt among them.
    pub spent: i64,
    /// Money in the funds.
    pub left: i64,
    /// Goods on the shelf, at cost.
    pub goods: i64,
    /// What is owed to partner shops and other villages.
    pub owed: i64,
    /// Ceilings and coverage; nothing while the village has no rules.
    pub standing: Option<Standing>,
}

impl Desk {
    /// What everybody may read of a village's money.
    pub async fn disclosed_money(&self, book: BookId) -> ServiceResult<Disclosure> {
        let standing = self.issue_standing(book).await?;
        let mut tx = self.db.begin_read().await?;
        let lines = trial_lines(&mut tx, book).await?;
        let sum = |kinds: &[Kind]| -> i64 {
            let fen = lines.iter().filter(|l| l.commodity == Commodity::CNYFEN);
            fen.filter(|l| l.kind.is_some_and(|k| kinds.contains(&k))).map(|l| l.quantity).sum()
        };
        let received = -sum(&[Kind::Donations, Kind::Granted]);
        let mut by_kind: Vec<(SourceKind, i64)> = SourceKind::ALL.iter().map(|kind| (*kind, 0)).collect();
        let mut told = 0;
        for source in fund::list(&mut tx, book).await? {
            let mut came = 0;
            for account in [chart::granted(&source.code), chart::donations(&source.code)] {
                came -= read::balance(&mut tx, book, path(account)?.as_str(), Commodity::CNYFEN).await?;
            }
            told += came;
            let kind = source.kind.parse().unwrap_or(SourceKind::Other);
            for (_, fen) in by_kind.iter_mut().filter(|(of, _)| *of == kind) {
                *fen += came;
            }
        }
        // gifts from before there were sources stand under their givers
        for (_, fen) in by_kind.iter_mut().filter(|(of, _)| *of == SourceKind::Donation) {
            *fen += received - told;
        }
        by_kind.retain(|(_, fen)| *fen != 0);
        Ok(Disclosure {
            sources: by_kind,
            received,
            spent: sum(&[Kind::Rewards, Kind::Loss, Kind::CostDifference]),
            left: sum(&[Kind::Fund]),
            goods: sum(&[Kind::StockCost]),
            owed: -sum(&[Kind::Merchant, Kind::Clearing]),
            standing,
        })
    }

    /// Where the proof behind a posted receipt is found by anybody: the number of the programme and the name of the
    /// transaction.
    pub async fn place_of_proof(&self, book: BookId, seq: i64) -> ServiceResult<(i64, TxnId)> {
        let mut tx = self.db.begin_read().await?;
        let no = programme::by_book(&mut tx, book).await?.ok_or(ServiceError::NotFound("programme"))?.no;
        let txn = read::txn(&mut tx, book, seq).await?;
        let txn = txn.ok_or_else(|| StoreError::inconsistent("money_receipt", "seq", seq.to_string()))?;
        Ok((no, txn.id))
    }
}
