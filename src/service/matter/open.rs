//! What everybody may read of matters: that one was reported and seen to. No name, no household, no words of anybody.

use super::{Desk, MATTERS_PAGE, ServiceResult, rows};
use crate::{
    domain::{
        ids::BookId,
        matter::{MatterGrade, MatterKind},
        time::Day,
    },
    store::org,
};

/// A closed matter as everybody may read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedMatter {
    /// Its number.
    pub no: i64,
    /// What it was about.
    pub kind: MatterKind,
    /// How large it was.
    pub grade: Option<MatterGrade>,
    /// In which group.
    pub group: String,
    /// When it was reported.
    pub reported_on: Day,
    /// When it was closed.
    pub closed_on: Day,
}

impl Desk {
    /// The closed matters of a village numbered below `before`, newest first.
    pub async fn closed_matters(&self, book: BookId, before: i64) -> ServiceResult<Vec<ClosedMatter>> {
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for row in rows::closed(&mut tx, book, before, MATTERS_PAGE).await? {
            out.push(ClosedMatter {
                no: row.no,
                kind: row.kind()?,
                grade: row.grade()?,
                group: org::by_id(&mut tx, row.group_id).await?.map(|o| o.name).unwrap_or_default(),
                reported_on: row.reported_at.day(),
                closed_on: row.moved_at.day(),
            });
        }
        Ok(out)
    }
}
