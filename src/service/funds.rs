//! Sources of money behind points (资金来源): their names, and what is left of their budgets.

use super::{
    Desk, ServiceResult,
    caller::Township,
    notice::due::{Shortage, shortages},
    refuse,
};
use crate::{
    domain::{chart, ids::BookId},
    store::{
        StoreError,
        fund::{self, FundRow},
    },
};

/// Characters of a fund's code.
pub const FUND_CODE_MAX: usize = 24;

/// A fund and what its budget has left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundView {
    /// The fund.
    pub fund: FundRow,
    /// Points authorised and not yet issued, in minor units.
    pub left: i64,
    /// What it lacks for lines whose notice is over.
    pub short: Shortage,
}

impl Desk {
    /// Registers a fund. Its code becomes part of account paths: ASCII letters and digits.
    pub async fn open_fund(
        &self,
        by: &Township,
        code: &str,
        name: &str,
        name_en: &str,
    ) -> ServiceResult<FundRow> {
        let fits = code.len() <= FUND_CODE_MAX && chart::budget(code).is_ok() && !code.contains(':');
        if !fits {
            return Err(refuse("invalid_code").with("code", code).into());
        }
        let name = super::award::required("name", name)?;
        let row = FundRow {
            id: self.id(),
            code: code.to_owned(),
            name: name.to_owned(),
            name_en: name_en.trim().to_owned(),
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

    /// The funds of a book and what their budgets have left.
    pub async fn funds(&self, book: BookId) -> ServiceResult<Vec<FundView>> {
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        let short = shortages(&mut tx, book, self.now()).await?;
        for fund in fund::list(&mut tx, book).await? {
            let left = super::notice::budget_left(&mut tx, book, &fund.code).await?;
            let short = short.get(&fund.id).copied().unwrap_or_default();
            out.push(FundView { fund, left, short });
        }
        Ok(out)
    }
}
