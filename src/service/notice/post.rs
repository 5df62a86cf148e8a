//! What runs by the clock: lines whose notice ran out undisputed go into the ledger, once, whatever happens midway.

use std::collections::{BTreeMap, HashMap};

use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream};

use super::{Desk, budget_left, moved, notice_event};
use crate::{
    domain::{
        book::{Command, MeterUse, Posted, TxnKind},
        chart,
        due_process::AwardState,
        ids::{BookId, EventId, FundId},
        notice::NoticeState,
        posting::{Commodity, Line},
        time::Timestamp,
    },
    service::{
        Actor, Effect, ServiceError, ServiceResult,
        award::event_row,
        books::{Order, facts, path},
        error::causes,
        rulesets,
    },
    store::{
        StoreError, StoreResult, Tx, WriteTx,
        award::{AwardRow, lists, moves},
        event, fund, household,
        ledger::read,
        notice, person,
    },
};

/// Lines posted in one pass over a book; the next pass takes the rest.
const LINES_A_PASS: i64 = 2_000;
/// Lines handed to the Poster at once, so that they share commits.
const AT_ONCE: usize = 512;
/// Sheets closed in one pass over a book.
const SHEETS_A_PASS: i64 = 200;

/// What one pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pass {
    /// Lines posted by this pass.
    pub posted: usize,
    /// Lines left for the next pass: somebody objected just now, the queue was full, or the budget is used up.
    pub left: usize,
    /// Sheets whose last line is decided.
    pub closed: usize,
}

/// What is needed to build one line's command.
struct Due {
    award: AwardRow,
    fund: String,
    household_no: String,
    person_no: Option<String>,
    /// Honour points to move: a deduction is cut at the floor.
    honor: i64,
    expires_on: Option<crate::domain::time::Day>,
}

impl Desk {
    /// Posts every undisputed line of `book` whose clock has run out by now and closes the sheets that are done. May
    /// die at any point and run again, here and elsewhere at once: a line's key and its meter let it post once.
    pub async fn post_due_lines(&self, book: BookId) -> ServiceResult<Pass> {
        let now = self.now();
        let due = self.due(book, now).await?;
        let mut pass = Pass::default();
        let mut deductions = Vec::new();
        let mut credits = Vec::new();
        for line in due {
            if line.award.honor < 0 { deductions.push(line) } else { credits.push(line) }
        }
        let results: Vec<bool> =
            stream::iter(credits.into_iter().map(|line| self.post_line(book, line, now)))
                .buffer_unordered(AT_ONCE)
                .collect()
                .await;
        for posted in results {
            if posted { pass.posted += 1 } else { pass.left += 1 }
        }
        // one after the other: each looks at what the one before left of the score
        for mut line in deductions {
            line.honor = self.cut_to_floor(book, &line).await?;
            if self.post_line(book, line, now).await { pass.posted += 1 } else { pass.left += 1 }
        }
        pass.closed = self.close_finished(book).await?;
        Ok(pass)
    }

    async fn due(&self, book: BookId, now: Timestamp) -> ServiceResult<Vec<Due>> {
        let mut tx = self.db.begin_read().await?;
        let awards = lists::due(&mut tx, book, now, LINES_A_PASS).await?;
        let mut funds = Funds::default();
        let mut out = Vec::with_capacity(awards.len());
        for award in awards {
            let Some(notice_id) = award.notice_id else { continue };
            let fund = funds.code(&mut tx, book, notice_id).await?;
            // a line that the budget cannot cover stays where it is, and the township is told by the log
            if !funds.cover(&mut tx, book, &fund, award.points).await? {
                tracing::warn!(award = %award.id, %fund, "budget used up: the line stays in notice");
                continue;
            }
            let household = household::by_id(&mut tx, book, award.household_id)
                .await?
                .ok_or_else(|| StoreError::inconsistent("award", "household_id", award.id.to_string()))?;
            let person_no = match award.person_id {
                Some(id) => person::by_id(&mut tx, book, id).await?.map(|p| p.no.to_string()),
                None => None,
            };
            let set = rulesets::of_hash(&mut tx, &award.ruleset).await?;
            let expires_on = set.programme.expiry.last_day(now.day());
            let honor = award.honor;
            out.push(Due {
                award,
                fund,
                household_no: household.no.to_string(),
                person_no,
                honor,
                expires_on,
            });
        }
        Ok(out)
    }

    /// Whether the line is in the ledger now.
    async fn post_line(&self, book: BookId, line: Due, now: Timestamp) -> bool {
        let id = line.award.id;
        let done = if line.award.points == 0 && line.honor == 0 && line.award.minutes == 0 {
            self.post_nothing(book, &line.award, now).await
        } else {
            match self.line_command(book, &line) {
                Ok(command) => {
                    let effect = Box::new(LinePosted { book, award: line.award, event: self.id(), now });
                    self.posted(book, command, vec![effect]).await.map(drop)
                }
                Err(error) => Err(error),
            }
        };
        match done {
            Ok(()) => true,
            Err(ServiceError::Busy) => false,
            Err(ServiceError::Refused(refusal)) => {
                tracing::warn!(award = %id, code = refusal.code, "a due line was refused");
                false
            }
            Err(error) => {
                tracing::error!(award = %id, error = %causes(&error), "a due line failed");
                false
            }
        }
    }

    fn line_command(&self, book: BookId, line: &Due) -> ServiceResult<Command> {
        let (a, no) = (&line.award, line.household_no.as_str());
        let mut lines = Vec::with_capacity(6);
        if a.points != 0 {
            lines.push(Line::new(path(chart::budget(&line.fund))?, Commodity::point(), a.points));
            let available = Line::new(path(chart::household_available(no))?, Commodity::point(), -a.points);
            lines.push(available.expiring(if a.points > 0 { line.expires_on } else { None }));
        }
        if line.honor != 0 {
            lines.push(Line::new(chart::honor_source(), Commodity::honor(), line.honor));
            lines.push(Line::new(path(chart::household_honor(no))?, Commodity::honor(), -line.honor));
        }
        if a.minutes != 0 {
            let person = line.person_no.as_deref().ok_or_else(|| {
                StoreError::inconsistent("award", "person_id", format!("{} saves minutes for nobody", a.id))
            })?;
            lines.push(Line::new(chart::time_service(), Commodity::min(), a.minutes));
            lines.push(Line::new(path(chart::person_time(person))?, Commodity::min(), -a.minutes));
        }
        let notice = a.notice_id.map(|n| n.to_string()).unwrap_or_default();
        let mut key = format!("notice:{notice}:{}", a.notice_line.unwrap_or(0));
        if line.honor != a.honor {
            // cut at the floor: a refusal of another amount must not stand in the way
            key.push_str(&format!(":{}", line.honor));
        }
        let kind = if a.honor < 0 { TxnKind::Deduction } else { TxnKind::Award };
        let body = facts([("award", a.id.to_string()), ("notice", notice), ("book", book.to_string())]);
        let order = Order {
            key: &key,
            kind,
            effective_on: self.today(),
            source: Some(format!("award:{}", a.id)),
            body,
        };
        let mut command = self.command(&Actor::System, order, lines)?;
        command.ruleset = Some(a.ruleset.clone());
        command.rule = Some(a.item.clone());
        command.meters.push(MeterUse::once(&format!("award:{}", a.id)));
        Ok(command)
    }

    /// A deduction that finds the score at its floor moves nothing; the award is done all the same.
    async fn post_nothing(&self, book: BookId, award: &AwardRow, now: Timestamp) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        moves::post(&mut tx, book, award.id, None, now)
            .await
            .map_err(crate::service::award::state_changed)?;
        let what = moved("post", AwardState::InNotice, AwardState::Posted, Actor::System, "honor_floor");
        self.note_award(&mut tx, book, award.id, what).await?;
        Ok(tx.commit().await?)
    }

    /// How much of a deduction the score can bear: never below the floor of the rules.
    async fn cut_to_floor(&self, book: BookId, line: &Due) -> ServiceResult<i64> {
        let mut tx = self.db.begin_read().await?;
        let set = rulesets::of_hash(&mut tx, &line.award.ruleset).await?;
        let account = path(chart::household_honor(&line.household_no))?;
        let score = -read::balance(&mut tx, book, account.as_str(), Commodity::HONOR).await?;
        let room = (score - set.programme.honor_floor).max(0);
        Ok(line.award.honor.max(-room))
    }

    async fn close_finished(&self, book: BookId) -> ServiceResult<usize> {
        let mut tx = self.db.begin_read().await?;
        let finished = lists::finished(&mut tx, book, SHEETS_A_PASS).await?;
        drop(tx);
        let mut closed = 0;
        for id in finished {
            let mut tx = self.db.begin_write().await?;
            match notice::close(&mut tx, book, id, self.now()).await {
                // another process closed it
                Err(StoreError::RowsAffected { .. }) => {}
                other => {
                    other?;
                    let states = (Some(NoticeState::Published), Some(NoticeState::Closed));
                    let row = notice_event(self.id(), self.now(), id, "close", states, Actor::System, "");
                    event::add(&mut tx, book, &row).await?;
                    tx.commit().await?;
                    closed += 1;
                }
            }
        }
        Ok(closed)
    }
}

/// The award's side of its posting, in the same transaction.
struct LinePosted {
    book: BookId,
    award: AwardRow,
    event: EventId,
    now: Timestamp,
}

impl Effect for LinePosted {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        async move {
            moves::post(tx, self.book, self.award.id, Some(posted.seq), self.now).await?;
            let what = moved("post", AwardState::InNotice, AwardState::Posted, Actor::System, "");
            event::add(tx, self.book, &event_row(self.event, self.now, self.award.id, &what)).await
        }
        .boxed()
    }
}

/// The funds of the sheets at hand and what is left of them, looked up once a pass.
#[derive(Debug, Default)]
struct Funds {
    of_notice: HashMap<crate::domain::ids::NoticeId, FundId>,
    codes: HashMap<FundId, String>,
    left: BTreeMap<String, i64>,
}

impl Funds {
    async fn code(
        &mut self,
        tx: &mut Tx,
        book: BookId,
        id: crate::domain::ids::NoticeId,
    ) -> ServiceResult<String> {
        let fund_id = match self.of_notice.get(&id) {
            Some(found) => *found,
            None => {
                let row = notice::one(tx, book, id).await?.ok_or(ServiceError::NotFound("notice"))?;
                self.of_notice.insert(id, row.fund_id);
                row.fund_id
            }
        };
        if let Some(code) = self.codes.get(&fund_id) {
            return Ok(code.clone());
        }
        let code = fund::one(tx, book, fund_id).await?.ok_or(ServiceError::NotFound("fund"))?.code;
        self.codes.insert(fund_id, code.clone());
        Ok(code)
    }

    /// Sets `points` aside if the fund still has them.
    async fn cover(&mut self, tx: &mut Tx, book: BookId, fund: &str, points: i64) -> ServiceResult<bool> {
        let left = match self.left.get(fund) {
            Some(left) => *left,
            None => budget_left(tx, book, fund).await?,
        };
        let covered = points <= left;
        self.left.insert(fund.to_owned(), if covered { left - points } else { left });
        Ok(covered)
    }
}
