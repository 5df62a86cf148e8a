//! The clock of a sheet: by which days it runs, and the calendar they are counted by.

use crate::{
    domain::{ids::BookId, notice::Pace, ruleset::NoticeMode},
    service::{Desk, ServiceError, ServiceResult},
    store::{StoreError, StoreResult, Tx, award::AwardRow, notice as rows},
};

/// As stored.
#[must_use]
pub const fn mode_text(mode: NoticeMode) -> &'static str {
    match mode {
        NoticeMode::Calendar => "calendar",
        NoticeMode::Working => "working",
    }
}

/// From storage.
pub(super) fn parse_mode(text: &str) -> StoreResult<NoticeMode> {
    match text {
        "calendar" => Ok(NoticeMode::Calendar),
        "working" => Ok(NoticeMode::Working),
        other => Err(StoreError::inconsistent("notice", "mode", other)),
    }
}

impl Desk {
    /// How the time of the sheet passes that an award stands on; by calendar days where it stands on none.
    pub(in crate::service) async fn pace(
        &self,
        tx: &mut Tx,
        book: BookId,
        award: &AwardRow,
    ) -> ServiceResult<Pace<'_>> {
        let mode = match award.notice_id {
            Some(id) => {
                let sheet = rows::one(tx, book, id).await?.ok_or(ServiceError::NotFound("notice"))?;
                parse_mode(&sheet.mode)?
            }
            None => NoticeMode::Calendar,
        };
        Ok(Pace { mode, calendar: &self.calendar })
    }
}
