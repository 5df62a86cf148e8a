//! Notice sheets (公示): put together by one person, published by another, hung for their days, then taken down.

use crate::{
    domain::{
        amount::points,
        due_process::AwardState,
        ids::{BookId, EventId, NoticeId, OrgId},
        notice::{NOTICE_DAYS_MIN, NOTICE_LINES_MAX, NoticeState, TAKE_DOWN_DAYS},
        posting::Commodity,
        ruleset::NoticeMode,
        time::Timestamp,
    },
    service::{
        Actor, Desk, ServiceError, ServiceResult,
        award::{Happened, required, state_changed},
        caller::{Clerk, Reviewer},
        error::causes,
        issue, refuse, rulesets,
    },
    store::{
        StoreError, Tx, WriteTx, amendment,
        award::{AwardRow, lists, moves},
        event, fund,
        ledger::{read, write},
        notice::{self as rows, NoticeRow, Publication},
        serial::{self, Series},
    },
};

pub mod clock;
pub mod due;
pub mod post;
pub mod recall;
pub mod seal;
pub mod sheet;

/// Sheets a list shows at once.
pub const NOTICES_PAGE: i64 = 100;
/// Sheets taken down in one pass of the job.
const TAKE_DOWN_MAX: i64 = 100;
/// Reads of a sheet's lines.
const LINES_LIMIT: i64 = 1_000;

/// A sheet to be put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotice {
    /// Its heading.
    pub title: String,
    /// The group it hangs in; nothing for the whole village.
    pub group: Option<OrgId>,
    /// The code of the fund whose budget the points are taken from.
    pub fund: String,
    /// Days it runs, if longer than the rules ask for.
    pub days: Option<i32>,
}

impl Desk {
    /// Puts the approved awards of a group (or of the village) onto a sheet, oldest first, at most a thousand. The
    /// sheet runs as long as its most demanding line.
    pub async fn compile_notice(&self, by: &Clerk, new: &NewNotice) -> ServiceResult<NoticeRow> {
        let title = required("title", &new.title)?;
        let mut tx = self.db.begin_write().await?;
        let no = serial::take(&mut tx, by.book, Series::Notice, 1).await?;
        let fund = fund::by_code(&mut tx, by.book, &new.fund).await?.ok_or(ServiceError::NotFound("fund"))?;
        let limit = i64::try_from(NOTICE_LINES_MAX).unwrap_or(LINES_LIMIT);
        let awards = lists::approved(&mut tx, by.book, new.group, (0, limit), self.now()).await?;
        if awards.is_empty() {
            // the same form again after a lost answer finds the sheet it made
            let last = rows::list(&mut tx, by.book, Some(NoticeState::Compiled), i64::MAX, 1).await?;
            let mine = last.into_iter().find(|n| n.title == title && n.compiled_by == by.actor().to_string());
            return mine
                .filter(|n| n.group_id == new.group && n.fund_id == fund.id)
                .ok_or_else(|| refuse("nothing_to_compile").into());
        }
        let (mode, days) = self.terms(&mut tx, by.book, &awards).await?;
        let row = NoticeRow {
            id: self.id(),
            no,
            title: title.to_owned(),
            group_id: new.group,
            fund_id: fund.id,
            state: NoticeState::Compiled.as_str().to_owned(),
            mode: clock::mode_text(mode).to_owned(),
            days: days.max(new.days.unwrap_or(0)),
            lines: i32::try_from(awards.len()).unwrap_or(i32::MAX),
            compiled_at: self.now(),
            compiled_by: by.actor().to_string(),
            published_at: None,
            published_by: None,
            closes_at: None,
            closed_at: None,
            taken_down_at: None,
            digest: None,
            head_size: None,
            head_root: None,
            sealed_seq: None,
            recalled_at: None,
            recalled_by: None,
            recalled_because: None,
            recall_seq: None,
        };
        rows::add(&mut tx, by.book, &row).await?;
        for (award, line) in awards.iter().zip(1..) {
            moves::compile(&mut tx, by.book, award.id, row.id, line).await.map_err(state_changed)?;
            let what = moved("compile", AwardState::Approved, AwardState::InNotice, by.actor(), title);
            self.note_award(&mut tx, by.book, award.id, what).await?;
        }
        self.note_notice(
            &mut tx,
            by.book,
            row.id,
            "compile",
            None,
            Some(NoticeState::Compiled),
            by.actor(),
            "",
        )
        .await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Withdraws a sheet before publication: its lines wait for another sheet.
    pub async fn withdraw_notice(&self, by: &Clerk, id: NoticeId, reason: &str) -> ServiceResult<()> {
        let reason = required("reason", reason)?;
        let mut tx = self.db.begin_write().await?;
        let row = in_state(&mut tx, by.book, id, NoticeState::Compiled).await?;
        let awards = lists::of_notice(&mut tx, by.book, id, 0, LINES_LIMIT).await?;
        rows::take_down(&mut tx, by.book, id, NoticeState::Compiled, self.now())
            .await
            .map_err(state_changed)?;
        let lines = u64::try_from(row.lines).unwrap_or(0);
        moves::uncompile(&mut tx, by.book, id, lines).await.map_err(state_changed)?;
        for award in awards {
            let what = moved("uncompile", AwardState::InNotice, AwardState::Approved, by.actor(), reason);
            self.note_award(&mut tx, by.book, award.id, what).await?;
        }
        let (from, to) = (Some(NoticeState::Compiled), Some(NoticeState::TakenDown));
        self.note_notice(&mut tx, by.book, id, "withdraw", from, to, by.actor(), reason).await?;
        Ok(tx.commit().await?)
    }

    /// Publishes a sheet: another person than who put it together, and than on whose word a line of it stands again.
    /// Refused whole when its points and those already
    /// in notice are more than the fund's budget has left, than the year or the month may issue, or than there is money
    /// behind. The head of the ledger is written on the sheet, and the
    /// digest of the sheet into the ledger.
    pub async fn publish_notice(&self, by: &Reviewer, id: NoticeId) -> ServiceResult<NoticeRow> {
        let mut tx = self.db.begin_write().await?;
        // the lock of the notices: two sheets cannot both take the last points of a budget
        serial::take(&mut tx, by.book, Series::Notice, 0).await?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("notice"))?;
        let me = by.actor().to_string();
        if row.published_by.as_ref() == Some(&me) {
            // published by this person already: the answer was lost
            return Ok(row);
        }
        let row = in_state(&mut tx, by.book, id, NoticeState::Compiled).await?;
        if by.selves().are(&row.compiled_by) {
            return Err(refuse("own_sheet").into());
        }
        if by.selves().among(amendment::on_sheet(&mut tx, by.book, id).await?.iter()).is_some() {
            return Err(refuse("own_amendment").into());
        }
        check_budget(&mut tx, by.book, &row).await?;
        let now = self.now();
        let awards = lists::of_notice(&mut tx, by.book, id, 0, LINES_LIMIT).await?;
        let digest = sheet::digest((row.no, &row.title), (&row.mode, row.days), &awards);
        let mode = clock::parse_mode(&row.mode)?;
        let closes_at = self.calendar.notice_end(now, u32::try_from(row.days).unwrap_or(0), mode);
        issue::check(&mut tx, by.book, id, &awards, (now.day(), closes_at.day())).await?;
        let head = read::head(&mut tx, by.book).await?.ok_or(ServiceError::NotFound("book"))?;
        let shown_at = now.max(head.recorded_at);
        write::checkpoint(&mut tx, by.book, head.seq, &head.root, shown_at).await?;
        let publication = Publication {
            at: now,
            by: &me,
            closes_at,
            digest: &digest,
            head_size: head.seq,
            head_root: &head.root,
        };
        rows::publish(&mut tx, by.book, id, &publication).await.map_err(state_changed)?;
        let lines = u64::try_from(row.lines).unwrap_or(0);
        moves::start(&mut tx, by.book, id, closes_at, lines).await.map_err(state_changed)?;
        let (from, to) = (Some(NoticeState::Compiled), Some(NoticeState::Published));
        self.note_notice(&mut tx, by.book, id, "publish", from, to, by.actor(), "").await?;
        tx.commit().await?;
        let row = self.notice(by.book, id).await?;
        if let Err(error) = self.seal_notice(by.book, &row).await {
            // it hangs, and a job seals it
            tracing::warn!(notice = %id, error = %causes(&error), "a sheet was not sealed");
        }
        self.notice(by.book, id).await
    }

    /// Takes a closed sheet down from the web; the record stays.
    pub async fn take_down_notice(&self, by: &Clerk, id: NoticeId) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        let row = in_state(&mut tx, by.book, id, NoticeState::Closed).await?;
        // a recalled sheet does not vanish before its day: whoever read it reads that it was wrong
        if let Some(until) =
            row.closes_at.filter(|until| row.recalled_at.is_some() && until.since(self.now()) > 0)
        {
            return Err(refuse("recall_hangs").with("until", until.minute()).into());
        }
        self.take_down(&mut tx, by.book, id, by.actor()).await?;
        Ok(tx.commit().await?)
    }

    /// Takes down every sheet that has hung thirty days after it closed; how many.
    pub async fn take_down_stale(&self, book: BookId) -> ServiceResult<usize> {
        let by = self.now().plus_days(-TAKE_DOWN_DAYS);
        let mut tx = self.db.begin_read().await?;
        let stale = rows::stale(&mut tx, book, by, TAKE_DOWN_MAX).await?;
        drop(tx);
        for row in &stale {
            let mut tx = self.db.begin_write().await?;
            self.take_down(&mut tx, book, row.id, Actor::System).await?;
            tx.commit().await?;
        }
        Ok(stale.len())
    }

    /// One sheet.
    pub async fn notice(&self, book: BookId, id: NoticeId) -> ServiceResult<NoticeRow> {
        let mut tx = self.db.begin_read().await?;
        rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("notice"))
    }

    /// Sheets numbered below `before`, newest first, in one state or in any.
    pub async fn notices(
        &self,
        book: BookId,
        state: Option<NoticeState>,
        before: i64,
        limit: i64,
    ) -> ServiceResult<Vec<NoticeRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(rows::list(&mut tx, book, state, before, limit.clamp(1, NOTICES_PAGE)).await?)
    }

    async fn take_down(&self, tx: &mut WriteTx, book: BookId, id: NoticeId, by: Actor) -> ServiceResult<()> {
        rows::take_down(tx, book, id, NoticeState::Closed, self.now()).await.map_err(state_changed)?;
        let (from, to) = (Some(NoticeState::Closed), Some(NoticeState::TakenDown));
        self.note_notice(tx, book, id, "take_down", from, to, by, "").await
    }

    /// How days are counted and how many the lines ask for.
    async fn terms(
        &self,
        tx: &mut Tx,
        book: BookId,
        awards: &[AwardRow],
    ) -> ServiceResult<(NoticeMode, i32)> {
        let mut days = NOTICE_DAYS_MIN;
        for award in awards {
            let set = rulesets::of_hash(tx, &award.ruleset).await?;
            let by_route =
                set.routes.iter().find(|r| r.route.as_str() == award.route).map_or(0, |r| r.notice_days);
            let by_item = set.item(&award.item).and_then(|i| i.notice_days).unwrap_or(0);
            days = days.max(i32::try_from(by_route.max(by_item)).unwrap_or(days));
        }
        let set = rulesets::in_force(tx, book, self.today()).await?;
        Ok((set.programme.notice_mode, days))
    }

    #[expect(clippy::too_many_arguments, reason = "the columns of one event")]
    async fn note_notice(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        id: NoticeId,
        verb: &str,
        from: Option<NoticeState>,
        to: Option<NoticeState>,
        by: Actor,
        reason: &str,
    ) -> ServiceResult<()> {
        let row = notice_event(self.id(), self.now(), id, verb, (from, to), by, reason);
        Ok(event::add(tx, book, &row).await?)
    }
}

/// One line of a sheet's history.
fn notice_event(
    id: EventId,
    at: Timestamp,
    notice: NoticeId,
    verb: &str,
    (from, to): (Option<NoticeState>, Option<NoticeState>),
    by: Actor,
    reason: &str,
) -> event::Event {
    event::Event {
        id,
        at,
        subject: "notice".to_owned(),
        subject_id: notice.0,
        verb: verb.to_owned(),
        from_state: from.map(|s| s.as_str().to_owned()),
        to_state: to.map(|s| s.as_str().to_owned()),
        actor: by.to_string(),
        on_behalf: None,
        reason: reason.to_owned(),
    }
}

/// The sheet, if it is in that state.
async fn in_state(tx: &mut Tx, book: BookId, id: NoticeId, state: NoticeState) -> ServiceResult<NoticeRow> {
    let row = rows::one(tx, book, id).await?.ok_or(ServiceError::NotFound("notice"))?;
    let now = row.state()?;
    if now == state { Ok(row) } else { Err(refuse("state_changed").with("state", now).into()) }
}

/// Whether the fund's budget covers the sheet beside what is in notice already.
async fn check_budget(tx: &mut Tx, book: BookId, row: &NoticeRow) -> ServiceResult<()> {
    // the lines first: a posting in between then counts twice rather than not at all
    let needed = lists::in_notice_points(tx, book, row.fund_id, row.id).await?;
    let fund = fund::one(tx, book, row.fund_id)
        .await?
        .ok_or_else(|| StoreError::inconsistent("notice", "fund_id", row.fund_id.to_string()))?;
    let available = budget_left(tx, book, &fund.code).await?;
    if needed > available {
        return Err(refuse("ceiling_reached")
            .with("fund", &fund.code)
            .with("needed", points(needed))
            .with("available", points(available))
            .with("shortage", points(needed - available))
            .into());
    }
    Ok(())
}

/// Points of a fund authorised and not yet issued.
pub async fn budget_left(tx: &mut Tx, book: BookId, fund: &str) -> ServiceResult<i64> {
    let path = crate::service::books::path(crate::domain::chart::budget(fund))?;
    Ok(-read::balance(tx, book, path.as_str(), Commodity::POINT).await?)
}

/// A move of an award that a sheet brought about.
pub(super) fn moved<'a>(
    verb: &'a str,
    from: AwardState,
    to: AwardState,
    actor: Actor,
    reason: &'a str,
) -> Happened<'a> {
    Happened { verb, from: Some(from), to, actor, on_behalf: None, reason }
}
