//! What villages keep open with each other (跨村清算): positions of a month from both ledgers, and statements that each side
//! confirms or disputes. The minutes move in [`crate::service::clearing`]; nothing moves here.

use std::collections::BTreeMap;

use super::{Desk, ServiceError, ServiceResult, refuse};
use crate::{
    domain::{
        calendar::Calendar,
        ids::BookId,
        time::{Day, Period},
        timebank::positions::{self, OfVillage, Position, StatementMove, StatementState},
    },
    service::{
        award::{required, state_changed},
        caller::{Auditor, Clerk, CountyAdmin, Reviewer, Role, Township},
    },
    store::{
        StoreResult, Tx, WriteTx,
        event::{self, Event},
        programme,
        serial::{self, Series},
        timebank::clearing::{self as rows, ClearingRow},
    },
};

/// Villages of one county that are read at once.
const VILLAGES_PAGE: i64 = 500;
/// A day after every month.
const DAY_MAX: i32 = 1_000_000;
/// The longest list of months.
const MONTHS_MAX: i64 = 1_200;

/// What a village keeps open with the others in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthOfVillage {
    /// The first day of the month.
    pub month: Day,
    /// By the number of the other village.
    pub with: OfVillage,
    /// Minutes it took over from all others, less what it gave.
    pub net: i64,
    /// The statements of this side.
    pub statements: Vec<ClearingRow>,
}

/// What all villages of a county keep open with each other in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthOfCounty {
    /// The first day of the month.
    pub month: Day,
    /// Every village with moves, by number.
    pub villages: BTreeMap<i64, OfVillage>,
    /// Every village's net.
    pub nets: BTreeMap<i64, i64>,
    /// Their sum: zero.
    pub total: i64,
    /// Villages whose two sides do not agree.
    pub apart: Option<(i64, i64)>,
}

/// Which statement: with which village, of which month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Which {
    /// The number of the other village.
    pub with: i64,
    /// Any day of the month.
    pub month: Day,
}

impl Desk {
    /// What the village keeps open with others in the month of a day.
    pub async fn time_positions(&self, by: &Auditor, day: Day) -> ServiceResult<MonthOfVillage> {
        self.month_of_village(by.book, day).await
    }

    /// The same, for the clerk who draws the statements up and the panel that confirms them.
    pub async fn time_clearing_desk(
        &self,
        by: &super::party::Party,
        day: Day,
    ) -> ServiceResult<MonthOfVillage> {
        by.staff()?;
        self.month_of_village(by.book(), day).await
    }

    async fn month_of_village(&self, book: BookId, day: Day) -> ServiceResult<MonthOfVillage> {
        let month = month_of(day);
        let mut tx = self.db.begin_read().await?;
        let with = of_village(&mut tx, book, month).await?;
        let statements = rows::of_month(&mut tx, book, month.0).await?;
        let net = with.values().map(Position::net).sum();
        Ok(MonthOfVillage { month: month.0, with, net, statements })
    }

    /// What all villages keep open with each other in the month of a day, for the county.
    pub async fn time_positions_of_county(
        &self,
        _by: &CountyAdmin,
        day: Day,
    ) -> ServiceResult<MonthOfCounty> {
        let month = month_of(day);
        let mut tx = self.db.begin_read().await?;
        let (mut villages, mut after) = (BTreeMap::new(), 0);
        loop {
            let page = programme::list(&mut tx, after, VILLAGES_PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.no;
            for village in page {
                let own = of_village(&mut tx, village.book_id, month).await?;
                if !own.is_empty() {
                    villages.insert(village.no, own);
                }
            }
        }
        let nets = positions::nets(&villages);
        let apart = positions::apart(&villages).map(|pair| (pair.village, pair.with));
        Ok(MonthOfCounty { month: month.0, total: nets.values().sum(), nets, apart, villages })
    }

    /// Draws up the statements of a month that is over, one with every village something moved with; how many now.
    pub async fn draw_clearing_statements(&self, by: &Clerk, day: Day) -> ServiceResult<usize> {
        let (book, month) = (by.book, month_of(day));
        if month.1 >= self.today() {
            return Err(refuse("time_month_runs").with("through", month.1).into());
        }
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, book, Series::TimeClearing, 0).await?;
        let mut drawn = 0;
        for (with, position) in of_village(&mut tx, book, month).await? {
            if rows::one(&mut tx, book, with, month.0).await?.is_some() {
                continue;
            }
            let row = ClearingRow {
                with_village: with,
                month: month.0,
                sent: position.sent,
                received: position.received,
                state: StatementState::Drawn.as_str().to_owned(),
                drawn_at: self.now(),
                drawn_by: by.actor().to_string(),
                decided_at: None,
                decided_by: None,
                words: String::new(),
                settle_by: None,
                resolved_at: None,
                resolved_by: None,
                outcome: String::new(),
            };
            rows::add(&mut tx, book, &row).await?;
            self.clearing_event(&mut tx, book, (&row, None), by.actor().to_string()).await?;
            drawn += 1;
        }
        tx.commit().await?;
        Ok(drawn)
    }

    /// This side confirms a statement, or disputes it and says what is wrong: somebody other than who drew it up.
    pub async fn decide_clearing_statement(
        &self,
        by: &Reviewer,
        which: Which,
        confirms: bool,
        words: &str,
    ) -> ServiceResult<ClearingRow> {
        if !by.holds(Role::Reviewer) {
            return Err(ServiceError::NotAllowed);
        }
        let words = if confirms { "" } else { required("words", words)? };
        let step = if confirms { StatementMove::Confirm } else { StatementMove::Dispute };
        let mut tx = self.db.begin_write().await?;
        let (row, from, to) = stepped(&mut tx, by.book, which, step).await?;
        if by.selves().are(&row.drawn_by) {
            return Err(refuse("time_own_second").into());
        }
        let settle_by = (!confirms).then(|| positions::settle_by(&Calendar::shipped(), self.today()));
        let row = ClearingRow {
            state: to.as_str().to_owned(),
            decided_at: Some(self.now()),
            decided_by: Some(by.actor().to_string()),
            words: words.to_owned(),
            settle_by,
            ..row
        };
        rows::save(&mut tx, by.book, &row, from).await.map_err(state_changed)?;
        self.clearing_event(&mut tx, by.book, (&row, Some(from)), by.actor().to_string()).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// The township settles a dispute and says what was found. What was wrong is put right by moves of their own.
    pub async fn resolve_clearing_dispute(
        &self,
        by: &Township,
        which: Which,
        outcome: &str,
    ) -> ServiceResult<ClearingRow> {
        let outcome = required("outcome", outcome)?;
        let mut tx = self.db.begin_write().await?;
        let (row, from, to) = stepped(&mut tx, by.book, which, StatementMove::Resolve).await?;
        let row = ClearingRow {
            state: to.as_str().to_owned(),
            resolved_at: Some(self.now()),
            resolved_by: Some(by.actor().to_string()),
            outcome: outcome.to_owned(),
            ..row
        };
        rows::save(&mut tx, by.book, &row, from).await.map_err(state_changed)?;
        self.clearing_event(&mut tx, by.book, (&row, Some(from)), by.actor().to_string()).await?;
        tx.commit().await?;
        Ok(row)
    }

    async fn clearing_event(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        (row, from): (&ClearingRow, Option<StatementState>),
        actor: String,
    ) -> StoreResult<()> {
        let happened = Event {
            id: self.id(),
            at: self.now(),
            subject: format!("time_clearing:B{}:{}", row.with_village, row.month),
            subject_id: book.0,
            verb: row.state.clone(),
            from_state: from.map(|state| state.as_str().to_owned()),
            to_state: Some(row.state.clone()),
            actor,
            on_behalf: None,
            reason: String::new(),
        };
        event::add(tx, book, &happened).await
    }
}

/// The first and the last day of the month of a day.
fn month_of(day: Day) -> (Day, Day) {
    day.period(Period::Month)
}

/// What moved between a village and the others in a month, by the number of the other.
pub(in crate::service) async fn of_village(
    tx: &mut Tx,
    book: BookId,
    month: (Day, Day),
) -> StoreResult<OfVillage> {
    let moved = rows::moved(tx, book, month).await?;
    let named = moved.into_iter().filter_map(|(path, sent, received)| {
        let with = path.strip_prefix("Liabilities:Clearing:B")?.parse().ok()?;
        Some((with, Position { sent, received }))
    });
    Ok(named.collect())
}

/// Every day that statements name as their month, the earliest first, and the month it lies in.
pub(in crate::service) async fn months(tx: &mut Tx, book: BookId) -> StoreResult<Vec<(Day, (Day, Day))>> {
    let found = rows::months(tx, book, Day::from_number(DAY_MAX), MONTHS_MAX).await?;
    Ok(found.into_iter().rev().map(|day| (day, month_of(day))).collect())
}

async fn stepped(
    tx: &mut Tx,
    book: BookId,
    which: Which,
    step: StatementMove,
) -> ServiceResult<(ClearingRow, StatementState, StatementState)> {
    let found = rows::one(tx, book, which.with, month_of(which.month).0).await?;
    let row = found.ok_or(ServiceError::NotFound("time_clearing"))?;
    let from = row.state()?;
    let to = from.after(step).ok_or_else(|| refuse("time_clearing_moved_on").with("state", from))?;
    Ok((row, from, to))
}
