//! The public notice board: what hangs, for everybody and masked, and objections by people who give no name. Whoever
//! objects gets a code to ask for the answer with. Nothing here can be searched, and nothing stays longer than it hangs.

use super::{
    Desk, ServiceError, ServiceResult,
    appeal::Appellant,
    award::required,
    course::{ObjectionFile, file},
    notice::{
        NOTICES_PAGE,
        sheet::{Sheet, SheetLine},
    },
    objection::Objector,
    refuse,
    throttle::Subject,
};
use crate::{
    domain::{
        due_process::AwardState,
        ids::{BookId, NoticeId},
        notice::{Display, NoticeState},
    },
    store::{appeal::AppealRow, notice as rows, notice::NoticeRow, objection},
};

/// Objections without a name from one address that cost no waiting; every one after them within a day waits longer.
const FREE_OBJECTIONS: i64 = 5;
/// Wrong codes for one objection that cost no waiting.
const FREE_CODES: i64 = 5;
/// Digits of a code.
pub const CODE_DIGITS: usize = 8;

/// What somebody without a name gets to ask for the answer with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The number of the objection.
    pub no: i64,
    /// The code to it.
    pub code: String,
}

impl Desk {
    /// The sheets that hang in a village, newest first.
    pub async fn hanging(&self, book: BookId) -> ServiceResult<Vec<NoticeRow>> {
        let now = self.now();
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for state in [NoticeState::Published, NoticeState::Closed] {
            let found = rows::list(&mut tx, book, Some(state), i64::MAX, NOTICES_PAGE).await?;
            out.extend(found.into_iter().filter(|n| Display::of(state, n.closes_at, now) != Display::Gone));
        }
        Ok(out)
    }

    /// A sheet as it hangs. What has hung its days is gone, whether or not a job came by; of a sheet with a dispute
    /// that outlasts them, only the lines stay that are not decided.
    pub async fn hanging_sheet(&self, book: BookId, id: NoticeId) -> ServiceResult<Sheet> {
        let mut sheet = self.sheet(book, id).await?;
        match Display::of(sheet.notice.state()?, sheet.notice.closes_at, self.now()) {
            Display::Gone => return Err(ServiceError::NotFound("notice")),
            Display::Whole => {}
            Display::Undecided => {
                let open = [AwardState::InNotice, AwardState::Objected];
                sheet.lines.retain(|line| open.contains(&line.state));
            }
        }
        Ok(sheet)
    }

    /// A sheet on the public board, by its number.
    pub async fn board_sheet(&self, book: BookId, no: i64) -> ServiceResult<Sheet> {
        let mut tx = self.db.begin_read().await?;
        let row = rows::by_no(&mut tx, book, no).await?.ok_or(ServiceError::NotFound("notice"))?;
        drop(tx);
        self.hanging_sheet(book, row.id).await
    }

    /// A line of a sheet on the public board.
    pub async fn board_line(&self, book: BookId, no: i64, line: i32) -> ServiceResult<(Sheet, SheetLine)> {
        let sheet = self.board_sheet(book, no).await?;
        let found = sheet.lines.iter().find(|l| l.line == line).cloned();
        Ok((sheet, found.ok_or(ServiceError::NotFound("award"))?))
    }

    /// Somebody who gives no name objects to a line of the public board.
    pub async fn object_unnamed(
        &self,
        book: BookId,
        (no, line): (i64, i32),
        content: &str,
        address: &str,
    ) -> ServiceResult<Ticket> {
        let (_, line) = self.board_line(book, no, line).await?;
        required("content", content)?;
        self.charge_try(&[Subject::new(&["board", &book.to_string(), address], FREE_OBJECTIONS)]).await?;
        let row = self.object(&Objector::Passerby { book }, line.award, content).await?;
        Ok(Ticket { no: row.no, code: self.objection_code(&row) })
    }

    /// What became of an objection without a name, for whoever has its code.
    pub async fn unnamed_objection(
        &self,
        book: BookId,
        ticket: &Ticket,
        address: &str,
    ) -> ServiceResult<ObjectionFile> {
        let subjects = [
            Subject::new(&["objection", &book.to_string(), &ticket.no.to_string()], FREE_CODES),
            Subject::new(&["objections", &book.to_string(), address], FREE_CODES * 4),
        ];
        self.charge_try(&subjects).await?;
        let mut tx = self.db.begin_read().await?;
        let row = objection::by_no(&mut tx, book, ticket.no).await?;
        let code: String = ticket.code.chars().filter(char::is_ascii_digit).collect();
        // a household that signed in, or came to the clerk, sees the answer there
        let row = row.filter(|o| o.household_id.is_none() && self.objection_code(o) == code);
        let row = row.ok_or_else(|| refuse("wrong_objection_code").with("no", ticket.no))?;
        let found = file(&mut tx, book, row).await?;
        drop(tx);
        self.forget_tries(&subjects).await?;
        Ok(found)
    }

    /// Takes the answer to such an objection to the township.
    pub async fn appeal_unnamed(
        &self,
        book: BookId,
        ticket: &Ticket,
        content: &str,
        address: &str,
    ) -> ServiceResult<AppealRow> {
        let found = self.unnamed_objection(book, ticket, address).await?;
        self.appeal(&Appellant::Unnamed { book }, found.objection.id, content).await
    }

    /// The code of an objection without a name: made from its id by the installation's key, stored nowhere.
    #[must_use]
    pub fn objection_code(&self, row: &objection::ObjectionRow) -> String {
        let digest = self.field_digest("objection-code", row.id.0.as_bytes());
        let number = u64::from_str_radix(digest.get(..15).unwrap_or_default(), 16).unwrap_or(0);
        let code = number % 10_u64.pow(u32::try_from(CODE_DIGITS).unwrap_or(8));
        format!("{code:0CODE_DIGITS$}")
    }
}
