//! Opening a village's book. Posts nothing: money and points are authorised later, each with its own source.

use super::{
    Desk, ServiceError, ServiceResult,
    caller::CountyAdmin,
    office::Deed,
    orgs::{kind_of, own_place},
    refuse,
    setup::check_name,
};
use crate::{
    domain::{ids::OrgId, org::OrgKind},
    store::{self, StoreError, programme::ProgrammeRow},
};

/// Programmes listed at a time.
pub const PROGRAMMES_LISTED_MAX: i64 = 500;

/// A programme to be opened.
#[derive(Debug, Clone)]
pub struct NewProgramme {
    /// The village.
    pub village: OrgId,
    /// Its name.
    pub name: String,
    /// Its English name, or empty.
    pub name_en: String,
    /// A practice village: marked on every page.
    pub demo: bool,
}

impl Desk {
    /// Opens the book of a village. A village keeps one book at a time.
    pub async fn open_book(&self, by: &CountyAdmin, new: &NewProgramme) -> ServiceResult<ProgrammeRow> {
        let name = check_name(&new.name)?;
        let name_en = new.name_en.trim().to_owned();
        let mut tx = self.db.begin_write().await?;
        let path = own_place(&mut tx, by, new.village).await?;
        let village = path.first().ok_or(ServiceError::NotFound("place"))?;
        if kind_of(village)? != OrgKind::Village {
            return Err(refuse("book_needs_village").with("place", &village.name).into());
        }
        let there = store::programme::under(&mut tx, new.village, 0, PROGRAMMES_LISTED_MAX).await?;
        if let Some(open) = there.iter().find(|p| p.org_id == new.village) {
            return Err(refuse("book_open_already").with("no", open.no).into());
        }
        let row = ProgrammeRow {
            book_id: self.id(),
            org_id: new.village,
            no: store::programme::last_no(&mut tx).await? + 1,
            name,
            name_en,
            opened_on: self.today(),
            demo: new.demo,
        };
        self.create_book(&mut tx, row.book_id).await?;
        match store::programme::insert(&mut tx, &row).await {
            // somebody took the number at the same moment
            Err(StoreError::Duplicate) => return Err(ServiceError::Busy),
            inserted => inserted?,
        }
        let deed = Deed { verb: "open_book", to: Some(row.name.as_str()), reason: "" };
        self.note_place(&mut tx, by, row.org_id, deed).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// The county's programmes numbered above `after`.
    pub async fn programmes_of(
        &self,
        by: &CountyAdmin,
        after: i64,
        limit: i64,
    ) -> ServiceResult<Vec<ProgrammeRow>> {
        let mut tx = self.db.begin_read().await?;
        let limit = limit.clamp(1, PROGRAMMES_LISTED_MAX);
        Ok(store::programme::under(&mut tx, by.org, after, limit).await?)
    }
}
