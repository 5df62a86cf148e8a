//! One transaction, drilled through (穿透): its lines and limits, the rule version and inputs behind it, the case, the
//! people who recorded and reviewed it, the sheet it hung on, what undid it, and the proof that it is in the log.

use crate::{
    domain::{
        award::Explanation,
        canonical::hex,
        ids::{AwardId, NoticeId},
        merkle::{Hash, verify_inclusion},
    },
    service::{
        Desk, ServiceError, ServiceResult,
        award::{
            explain,
            lists::{AwardFile, award_file},
        },
        caller::Auditor,
        correction,
        tlog::tiles::Tiles,
    },
    store::{
        Tx, audit as rows, award, household,
        ledger::read::{self, EntryRow, MeterUseRow, TxnRow},
        notice::{self, NoticeRow},
        redemption::{self, RedemptionLineRow, RedemptionRow},
        ruleset::{self, RulesetRow},
        sitting::{self, HeardRow},
    },
};

/// The award behind a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwardVoucher {
    /// The award, its reviews, its history and objections.
    pub file: AwardFile,
    /// How the number came about.
    pub explanation: Option<Explanation>,
    /// What became of it when it was posted, beside its amount.
    pub outcome: Option<explain::Outcome>,
    /// The rule set, without its text.
    pub ruleset: Option<RulesetRow>,
    /// The household's number.
    pub household: String,
    /// The recorder's name.
    pub recorder: String,
    /// The reviewers' names, in the order of the reviews.
    pub reviewers: Vec<String>,
    /// Who did what its history tells, in the order of the events.
    pub actors: Vec<String>,
    /// The sheet it hung on.
    pub notice: Option<NoticeRow>,
    /// The sittings of the panel that decided on it.
    pub sittings: Vec<HeardRow>,
}

/// The redemption behind a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderVoucher {
    /// The redemption.
    pub redemption: RedemptionRow,
    /// Its lines.
    pub lines: Vec<RedemptionLineRow>,
    /// The household's number.
    pub household: String,
}

/// That a transaction is in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusion {
    /// Transactions in the log.
    pub size: i64,
    /// The root of the log.
    pub root: String,
    /// The path from the leaf to the root.
    pub path: Vec<String>,
    /// Whether the path leads from the stored leaf to the stored root.
    pub holds: bool,
}

/// A transaction with everything behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voucher {
    /// The transaction.
    pub txn: TxnRow,
    /// Its lines.
    pub entries: Vec<EntryRow>,
    /// What it counted.
    pub meters: Vec<MeterUseRow>,
    /// Who, by name.
    pub actor: String,
    /// The transaction that undid it.
    pub reversed_by: Option<i64>,
    /// The transaction that resolved it.
    pub resolved_by: Option<i64>,
    /// The transaction it puts right.
    pub corrects: Option<i64>,
    /// The transaction that says what is right instead.
    pub corrected_by: Option<i64>,
    /// The award behind it, or behind what it undoes.
    pub award: Option<AwardVoucher>,
    /// The redemption behind it.
    pub order: Option<OrderVoucher>,
    /// That it is in the log.
    pub inclusion: Inclusion,
}

impl Desk {
    /// A transaction with everything behind it.
    pub async fn voucher(&self, by: &Auditor, seq: i64) -> ServiceResult<Voucher> {
        let mut tx = self.db.begin_read().await?;
        let book = by.book;
        let txn = read::txn(&mut tx, book, seq).await?.ok_or(ServiceError::NotFound("transaction"))?;
        let entries = read::entries(&mut tx, book, seq - 1, seq).await?;
        let meters = read::meter_uses(&mut tx, book, seq - 1, seq).await?;
        let actor = explain::name(&mut tx, &txn.actor).await?;
        let reversed_by = read::reversed_by(&mut tx, book, seq).await?;
        let resolved_by = read::resolved_by(&mut tx, book, seq).await?;
        let corrects = correction::corrects(&txn);
        let corrected_by = correction::correction_of(&mut tx, book, txn.reverses_seq.unwrap_or(seq)).await?;
        let undone = corrects.or(txn.reverses_seq).unwrap_or(seq);
        let award = match award::by_seq(&mut tx, book, undone).await? {
            Some(row) => Some(self.award_voucher(&mut tx, by, row.id).await?),
            None => None,
        };
        let order = match redemption::by_seq(&mut tx, book, undone).await? {
            Some(row) => {
                let lines = redemption::lines(&mut tx, book, row.id).await?;
                let home = household::by_id(&mut tx, book, row.household_id).await?;
                let household = home.map(|h| h.no.to_string()).unwrap_or_default();
                Some(OrderVoucher { redemption: row, lines, household })
            }
            None => None,
        };
        let inclusion = inclusion(&mut tx, by, &txn).await?;
        Ok(Voucher {
            txn,
            entries,
            meters,
            actor,
            reversed_by,
            resolved_by,
            corrects,
            corrected_by,
            award,
            order,
            inclusion,
        })
    }

    /// The place of a transaction by its name.
    pub async fn voucher_seq(&self, by: &Auditor, id: crate::domain::ids::TxnId) -> ServiceResult<i64> {
        let mut tx = self.db.begin_read().await?;
        rows::seq_of(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("transaction"))
    }

    async fn award_voucher(&self, tx: &mut Tx, by: &Auditor, id: AwardId) -> ServiceResult<AwardVoucher> {
        let file = award_file(tx, by.book, id).await?;
        let AwardFile { award: row, reviews, events, .. } = &file;
        let home = household::by_id(tx, by.book, row.household_id).await?;
        let ruleset =
            ruleset::one(tx, &row.ruleset).await?.map(|r| RulesetRow { content: String::new(), ..r });
        let recorder = explain::name(tx, &row.recorder).await?;
        let mut reviewers = Vec::with_capacity(reviews.len());
        for review in reviews {
            reviewers.push(explain::name(tx, &review.reviewer).await?);
        }
        let mut actors = Vec::with_capacity(events.len());
        for happened in events {
            actors.push(explain::name(tx, &happened.actor).await?);
        }
        let sheet: Option<NoticeId> = row.notice_id;
        let notice = match sheet {
            Some(id) => notice::one(tx, by.book, id).await?,
            None => None,
        };
        Ok(AwardVoucher {
            explanation: serde_json::from_str(&row.explanation).ok(),
            outcome: explain::outcome(tx, by.book, row).await?,
            ruleset,
            household: home.map(|h| h.no.to_string()).unwrap_or_default(),
            recorder,
            reviewers,
            actors,
            notice,
            sittings: sitting::of_award(tx, by.book, id).await?,
            file,
        })
    }
}

async fn inclusion(tx: &mut Tx, by: &Auditor, txn: &TxnRow) -> ServiceResult<Inclusion> {
    let head = read::head(tx, by.book).await?.ok_or(ServiceError::NotFound("book"))?;
    let (at, size) = (u64::try_from(txn.seq - 1).unwrap_or(0), u64::try_from(head.seq).unwrap_or(0));
    let path = Tiles::new(tx, by.book, size).inclusion(at).await?;
    let leaf = Hash::try_from(txn.leaf_hash.as_slice()).unwrap_or_default();
    let root = Hash::try_from(head.root.as_slice()).unwrap_or_default();
    let holds = verify_inclusion(&leaf, at, size, &path, &root);
    Ok(Inclusion {
        size: head.seq,
        root: hex(&head.root),
        path: path.iter().map(|h| hex(h)).collect(),
        holds,
    })
}
