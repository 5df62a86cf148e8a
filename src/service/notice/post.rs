//! What runs by the clock: lines whose notice ran out undisputed go into the ledger, once, whatever happens midway.

use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream};

use super::{
    Desk,
    due::{self, Due, Funds},
    moved, notice_event,
};
use crate::{
    domain::{
        book::{Command, MeterUse, Posted, TxnKind},
        chart,
        due_process::AwardState,
        ids::{BookId, EventId},
        money::ISSUE_METER,
        notice::NoticeState,
        posting::{Commodity, Line},
        time::Timestamp,
    },
    service::{
        Actor, Effect, Refusal, ServiceError, ServiceResult,
        award::event_row,
        books::{Order, facts, path},
        error::causes,
    },
    store::{
        StoreError, StoreResult, WriteTx,
        award::{AwardRow, lists, moves},
        event,
        ledger::read,
        notice,
    },
};

/// Lines handed to the Poster at once, so that they share commits.
const AT_ONCE: usize = 512;
/// Sheets closed in one pass over a book.
const SHEETS_A_PASS: i64 = 200;

/// What one pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pass {
    /// Lines posted by this pass.
    pub posted: usize,
    /// Lines left for the next pass: somebody objected just now, the queue was full, or the budget or the ceiling is
    /// used up.
    pub left: usize,
    /// Sheets whose last line is decided.
    pub closed: usize,
}

impl Desk {
    /// Posts every undisputed line of `book` whose clock has run out by now and closes the sheets that are done. May
    /// die at any point and run again, here and elsewhere at once: a line's key and its meter let it post once.
    pub async fn post_due_lines(&self, book: BookId) -> ServiceResult<Pass> {
        let now = self.now();
        let (mut pass, mut funds, mut after) = (Pass::default(), Funds::default(), Some(0));
        while let Some(from) = after {
            let mut tx = self.db.begin_read().await?;
            let page = due::page(&mut tx, book, now, from, &mut funds).await?;
            drop(tx);
            pass.left += page.uncovered;
            after = page.next;
            self.post_page(book, page.lines, now, &mut pass).await?;
        }
        pass.closed = self.close_finished(book).await?;
        Ok(pass)
    }

    async fn post_page(
        &self,
        book: BookId,
        lines: Vec<Due>,
        now: Timestamp,
        pass: &mut Pass,
    ) -> ServiceResult<()> {
        let (deductions, credits): (Vec<Due>, Vec<Due>) = lines.into_iter().partition(|line| line.deducts);
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
        Ok(())
    }

    /// Whether the line is in the ledger now.
    async fn post_line(&self, book: BookId, line: Due, now: Timestamp) -> bool {
        let id = line.award.id;
        let mut done = self.try_line(book, &line, now, "").await;
        if let Err(ServiceError::Refused(refusal)) = &done
            && may_change(refusal)
        {
            // the refusal stands under its key for ever; what has changed since may let the line through
            done = self.try_again(book, &line, now).await;
        }
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

    /// Under a key that names how far the book has come: at the same place it gets the same refusal.
    async fn try_again(&self, book: BookId, line: &Due, now: Timestamp) -> ServiceResult<()> {
        let mut tx = self.db.begin_read().await?;
        let head = read::head(&mut tx, book).await?.ok_or(ServiceError::NotFound("book"))?;
        drop(tx);
        self.try_line(book, line, now, &format!(":at{}", head.seq)).await
    }

    async fn try_line(&self, book: BookId, line: &Due, now: Timestamp, suffix: &str) -> ServiceResult<()> {
        let command = self.line_command(book, line, suffix)?;
        let effect = LinePosted {
            book,
            award: line.award.clone(),
            honor: line.honor,
            cut: (line.honor != line.award.honor).then(|| (line.household_no.clone(), line.floor)),
            event: self.id(),
            now,
        };
        self.posted(book, command, vec![Box::new(effect)]).await.map(drop)
    }

    /// The command of a line. A deduction that finds nothing to take, and a mere sanction, are on record without
    /// moving anything: no award is posted that the log does not tell of.
    fn line_command(&self, book: BookId, line: &Due, suffix: &str) -> ServiceResult<Command> {
        let a = &line.award;
        let notice = a.notice_id.map(|n| n.to_string()).unwrap_or_default();
        let mut key = format!("notice:{notice}:{}", a.notice_line.unwrap_or(0));
        let mut body = facts([("award", a.id.to_string()), ("notice", notice), ("book", book.to_string())]);
        if line.honor != a.honor {
            // cut at the floor: a refusal of another amount must not stand in the way
            key.push_str(&format!(":{}", line.honor));
            body.extend(facts([("asked", a.honor.to_string()), ("floor", line.floor.to_string())]));
        }
        if let Some(sanction) = line.sanction {
            body.extend(facts([("pause_days", sanction.days.to_string())]));
        }
        key.push_str(suffix);
        let order = Order {
            key: &key,
            kind: if line.deducts { TxnKind::Deduction } else { TxnKind::Award },
            effective_on: self.today(),
            source: Some(format!("award:{}", a.id)),
            body,
        };
        let mut command = self.command(&Actor::System, order, line_of(line)?)?;
        command.ruleset = Some(a.ruleset.clone());
        command.rule = Some(a.item.clone());
        command.meters.push(MeterUse::once(&format!("award:{}", a.id)));
        command.meters.extend(line.issue.clone());
        Ok(command)
    }

    /// How much of a deduction the score can bear: never below the floor of the rules.
    async fn cut_to_floor(&self, book: BookId, line: &Due) -> ServiceResult<i64> {
        let mut tx = self.db.begin_read().await?;
        let account = path(chart::household_honor(&line.household_no))?;
        let score = -read::balance(&mut tx, book, account.as_str(), Commodity::HONOR).await?;
        let room = (score - line.floor).max(0);
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

/// Whether what a line was refused for may be otherwise another day: the room under the ceiling grows by the month.
fn may_change(refusal: &Refusal) -> bool {
    match refusal.code {
        "insufficient_budget" | "insufficient_honor" | "closed_period" | "future_date" => true,
        "limit_exceeded" => refusal.facts.get("meter").is_some_and(|m| m.starts_with(ISSUE_METER)),
        _ => false,
    }
}

/// What a line moves.
fn line_of(line: &Due) -> ServiceResult<Vec<Line>> {
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
    Ok(lines)
}

/// The award's side of its posting, in the same transaction.
struct LinePosted {
    book: BookId,
    award: AwardRow,
    /// What is moved of the score.
    honor: i64,
    /// Household number and floor, where less was moved than the rules asked for.
    cut: Option<(String, i64)>,
    event: EventId,
    now: Timestamp,
}

impl Effect for LinePosted {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        async move {
            if let Some((no, floor)) = &self.cut {
                let account = chart::household_honor(no)
                    .map_err(|e| StoreError::inconsistent("household", "no", e.0))?;
                let score = -read::balance(tx, self.book, account.as_str(), Commodity::HONOR).await?;
                if score > *floor {
                    // the score rose since it was looked at: less would be taken than the rules say
                    return Err(StoreError::RowsAffected { expected: 1, actual: 0 });
                }
            }
            moves::post(tx, self.book, self.award.id, posted.seq, self.honor, self.now).await?;
            let what = moved("post", AwardState::InNotice, AwardState::Posted, Actor::System, "");
            event::add(tx, self.book, &event_row(self.event, self.now, self.award.id, &what)).await
        }
        .boxed()
    }
}
