//! What a village has adopted, of either paper alike: its versions by first day, and the orders that repealed one.

use crate::{
    domain::{
        ids::BookId,
        proposal::Paper,
        ruleset::{self, Change, compact},
        time::Day,
    },
    service::ServiceResult,
    store::{Tx, compact as compacts, ruleset as sets},
};

/// A version of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Adopted {
    /// Its first day.
    pub(super) from: Day,
    /// Its version.
    pub(super) version: i64,
    /// Its content hash.
    pub(super) hash: String,
    /// Its text.
    pub(super) content: String,
}

/// Whether a version ever was in force, or is to be.
fn began(from: Day, repealed: Option<Day>) -> bool {
    repealed.is_none_or(|end| end > from)
}

/// The version that began last or is to begin.
pub(super) async fn latest(tx: &mut Tx, book: BookId, paper: Paper) -> ServiceResult<Option<Adopted>> {
    match paper {
        Paper::Compact => {
            let found = compacts::all_of(tx, book)
                .await?
                .into_iter()
                .find(|c| began(c.effective_from, c.repealed_from));
            Ok(found.map(|c| Adopted {
                from: c.effective_from,
                version: c.version,
                hash: c.hash,
                content: c.content,
            }))
        }
        Paper::Rules => {
            let all = sets::adoptions(tx, book).await?;
            let Some(a) = all.into_iter().find(|a| began(a.effective_from, a.repealed_from)) else {
                return Ok(None);
            };
            let row = sets::one(tx, &a.hash).await?;
            Ok(row.map(|r| Adopted {
                from: a.effective_from,
                version: r.version.parse().unwrap_or(0),
                hash: a.hash,
                content: r.content,
            }))
        }
    }
}

/// The first day of every version, latest first, and the day each is repealed from.
pub(super) async fn first_days(
    tx: &mut Tx,
    book: BookId,
    paper: Paper,
) -> ServiceResult<Vec<(Day, Option<Day>)>> {
    Ok(match paper {
        Paper::Compact => {
            let all = compacts::all_of(tx, book).await?;
            all.into_iter().map(|c| (c.effective_from, c.repealed_from)).collect()
        }
        Paper::Rules => {
            let all = sets::adoptions(tx, book).await?;
            all.into_iter().map(|a| (a.effective_from, a.repealed_from)).collect()
        }
    })
}

/// The text a proposal is compared with.
pub(super) async fn text_of(
    tx: &mut Tx,
    book: BookId,
    paper: Paper,
    hash: &str,
) -> ServiceResult<Option<String>> {
    Ok(match paper {
        Paper::Rules => sets::one(tx, hash).await?.map(|r| r.content),
        Paper::Compact => {
            let all = compacts::all_of(tx, book).await?;
            all.into_iter().find(|c| c.hash == hash).map(|c| c.content)
        }
    })
}

/// What differs from one text to another, in plain words; nothing where either cannot be read.
pub(super) fn changes(paper: Paper, old: &str, new: &str) -> Vec<Change> {
    match paper {
        Paper::Rules => match (ruleset::parse(old, ""), ruleset::parse(new, "")) {
            (Ok(a), Ok(b)) => ruleset::diff(&a, &b),
            _ => Vec::new(),
        },
        Paper::Compact => match (compact::parse(old), compact::parse(new)) {
            (Ok(a), Ok(b)) => compact::diff(&a, &b),
            _ => Vec::new(),
        },
    }
}
