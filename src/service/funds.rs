//! Sources of money behind points (资金来源): what is known of each, and what is left of their money and budgets.

use super::{
    Desk, ServiceResult,
    award::{limited, required},
    budget::money_left,
    caller::Township,
    notice::due::{Shortage, shortages},
    refuse,
};
use crate::{
    domain::{chart, ids::BookId, money::SourceKind, posting::Commodity},
    store::{
        StoreError,
        fund::{self, FundRow},
        ledger::read,
    },
};

/// Characters of a fund's code.
pub const FUND_CODE_MAX: usize = 24;
/// Characters of the name of a source or a payer.
pub const NAME_CHARS_MAX: usize = 100;

/// A source to be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFund {
    /// Its code: ASCII letters and digits.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// Which kind of source.
    pub kind: SourceKind,
    /// Who pays.
    pub payer: String,
    /// The number of the paper it rests on.
    pub document: String,
    /// What it may be spent on.
    pub purpose: String,
    /// Whether what a year leaves of its budget stays for the next.
    pub carries_over: bool,
}

impl NewFund {
    /// A source of which only the names are known.
    #[must_use]
    pub fn named(code: &str, name: &str, name_en: &str) -> Self {
        Self {
            code: code.to_owned(),
            name: name.to_owned(),
            name_en: name_en.to_owned(),
            kind: SourceKind::Other,
            payer: String::new(),
            document: String::new(),
            purpose: String::new(),
            carries_over: true,
        }
    }
}

/// A fund and what its money and budget have left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundView {
    /// The fund.
    pub fund: FundRow,
    /// Points authorised and not yet issued, in minor units.
    pub left: i64,
    /// Points authorised at all.
    pub authorised: i64,
    /// Money on its account, in fen.
    pub money: i64,
    /// Money that no budget has taken.
    pub free: i64,
    /// What it lacks for lines whose notice is over.
    pub short: Shortage,
}

impl Desk {
    /// Registers a fund. Its code becomes part of account paths: ASCII letters and digits.
    pub async fn open_fund(&self, by: &Township, new: &NewFund) -> ServiceResult<FundRow> {
        let code = new.code.trim();
        let fits = code.len() <= FUND_CODE_MAX && chart::budget(code).is_ok() && !code.contains(':');
        if !fits {
            return Err(refuse("invalid_code").with("code", code).into());
        }
        let row = FundRow {
            id: self.id(),
            code: code.to_owned(),
            name: required("name", &new.name)?.to_owned(),
            name_en: new.name_en.trim().to_owned(),
            kind: new.kind.as_str().to_owned(),
            payer: limited("payer", new.payer.trim())?.to_owned(),
            document: limited("document", new.document.trim())?.to_owned(),
            purpose: limited("purpose", new.purpose.trim())?.to_owned(),
            carries_over: new.carries_over,
        };
        let mut tx = self.db.begin_write().await?;
        match fund::add(&mut tx, by.book, &row).await {
            Err(StoreError::Duplicate) => Err(refuse("code_taken").with("code", code).into()),
            other => {
                other?;
                tx.commit().await?;
                Ok(row)
            }
        }
    }

    /// The funds of a book and what their money and budgets have left.
    pub async fn funds(&self, book: BookId) -> ServiceResult<Vec<FundView>> {
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        let short = shortages(&mut tx, book, self.now()).await?;
        for fund in fund::list(&mut tx, book).await? {
            let left = super::notice::budget_left(&mut tx, book, &fund.code).await?;
            let free = money_left(&mut tx, book, &fund.code, self.today()).await?;
            let account = super::books::path(chart::authorised(&fund.code))?;
            let authorised = read::balance(&mut tx, book, account.as_str(), Commodity::POINT).await?;
            let account = super::books::path(chart::fund(&fund.code))?;
            let money = read::balance(&mut tx, book, account.as_str(), Commodity::CNYFEN).await?;
            let short = short.get(&fund.id).copied().unwrap_or_default();
            out.push(FundView { fund, left, authorised, money, free, short });
        }
        Ok(out)
    }
}
