//! The passbook (存折) of a household without a phone: the lines of its statement that are not printed yet, where on the page
//! they go, and how far it was printed.

use super::{
    Desk, ServiceError, ServiceResult,
    books::path,
    caller::{Role, Shopkeeper, Storekeeper},
    refuse,
};
use crate::{
    domain::{chart, household::HouseholdNo, posting::Commodity, time::Day},
    store::{
        StoreError, Tx,
        household::{self, Household},
        passbook::{self as rows, PassbookRow},
        redemption, statement,
    },
};

/// Lines on a page of the passbook.
pub const PAGE_LINES: i32 = 14;

/// One line of the passbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassbookLine {
    /// Its place in the statement.
    pub version: i64,
    /// The business day.
    pub day: Day,
    /// Why: `award`, `redemption` …
    pub kind: String,
    /// What came (+) or went (−), in hundredths.
    pub amount: i64,
    /// What the household had with it.
    pub after: i64,
}

/// What is to be printed next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passbook {
    /// The household's number.
    pub household_no: String,
    /// The line of the statement that was printed last.
    pub version: i64,
    /// Lines used on the page that lies open.
    pub used: i32,
    /// The lines that fit on the page, oldest first.
    pub lines: Vec<PassbookLine>,
    /// How many more there are.
    pub more: i64,
}

impl Passbook {
    /// The last line of these; where it stands, if there is none.
    #[must_use]
    pub fn through(&self) -> i64 {
        self.lines.last().map_or(self.version, |line| line.version)
    }
}

impl Desk {
    /// The lines of a household's passbook that are not printed yet, as many as fit on its page.
    pub async fn passbook(&self, by: &Storekeeper, no: &HouseholdNo) -> ServiceResult<Passbook> {
        self.may_print(by, no).await?;
        let mut tx = self.db.begin_read().await?;
        let home = home(&mut tx, by, no).await?;
        next_lines(&mut tx, by, &home).await
    }

    /// The lines after `version`, up to `through`, are in the passbook now; `used` lines of its page were before.
    pub async fn passbook_printed(
        &self,
        by: &Storekeeper,
        no: &HouseholdNo,
        (version, used): (i64, i32),
        through: i64,
    ) -> ServiceResult<Passbook> {
        self.may_print(by, no).await?;
        let mut tx = self.db.begin_write().await?;
        let home = home(&mut tx, by, no).await?;
        let next = next_lines(&mut tx, by, &home).await?;
        let printed = next.lines.iter().filter(|line| line.version <= through).count();
        let printed = i32::try_from(printed).unwrap_or(0);
        if (next.version, next.used) != (version, used) || through > next.through() || printed == 0 {
            return Err(refuse("passbook_moved").into());
        }
        let used = (next.used + printed) % PAGE_LINES;
        let to = self.printed_by(by, through, used);
        move_to(&mut tx, by, &home, (&to, &next)).await?;
        let next = next_lines(&mut tx, by, &home).await?;
        tx.commit().await?;
        Ok(next)
    }

    /// The passbook lies open at a fresh page.
    pub async fn passbook_page(&self, by: &Storekeeper, no: &HouseholdNo) -> ServiceResult<Passbook> {
        self.may_print(by, no).await?;
        let mut tx = self.db.begin_write().await?;
        let home = home(&mut tx, by, no).await?;
        let next = next_lines(&mut tx, by, &home).await?;
        let to = self.printed_by(by, next.version, 0);
        move_to(&mut tx, by, &home, (&to, &next)).await?;
        let next = next_lines(&mut tx, by, &home).await?;
        tx.commit().await?;
        Ok(next)
    }

    fn printed_by(&self, by: &Storekeeper, version: i64, used: i32) -> PassbookRow {
        PassbookRow { version, used, printed_at: self.now(), printed_by: by.actor().to_string() }
    }

    /// The clerk prints any; a shopkeeper that of a household which redeemed at a counter of theirs today.
    async fn may_print(&self, by: &Storekeeper, no: &HouseholdNo) -> ServiceResult<()> {
        if by.holds(Role::Clerk) {
            return Ok(());
        }
        let shopkeeper = Shopkeeper::of(by).ok_or(ServiceError::NotAllowed)?;
        let counters = self.counters_of(&shopkeeper).await?;
        let mut tx = self.db.begin_read().await?;
        let home = home(&mut tx, by, no).await?;
        let last = redemption::of_household(&mut tx, by.book, home.id, i64::MAX, 1).await?;
        let here = last.first().is_some_and(|row| {
            row.placed_at.day() == self.today() && counters.iter().any(|c| c.id == row.counter_id)
        });
        if here { Ok(()) } else { Err(refuse("passbook_not_here").into()) }
    }
}

async fn home(tx: &mut Tx, by: &Storekeeper, no: &HouseholdNo) -> ServiceResult<Household> {
    household::by_no(tx, by.book, no).await?.ok_or(ServiceError::NotFound("household"))
}

async fn move_to(
    tx: &mut crate::store::WriteTx,
    by: &Storekeeper,
    home: &Household,
    (to, from): (&PassbookRow, &Passbook),
) -> ServiceResult<()> {
    match rows::set(tx, by.book, home.id, to, (from.version, from.used)).await {
        Err(StoreError::RowsAffected { .. }) => Err(refuse("passbook_moved").into()),
        done => Ok(done?),
    }
}

async fn next_lines(tx: &mut Tx, by: &Storekeeper, home: &Household) -> ServiceResult<Passbook> {
    let stands = rows::of(tx, by.book, home.id).await?;
    let (version, used) = stands.map_or((0, 0), |row| (row.version, row.used));
    let account = path(chart::household_available(home.no.as_str()))?;
    let account = (account.as_str(), Commodity::POINT);
    let last = statement::lines(tx, by.book, account, i64::MAX, 1).await?;
    let last = last.first().map_or(0, |line| line.version);
    let through = last.min(version + i64::from((PAGE_LINES - used).max(0)));
    let mut found = statement::lines(tx, by.book, account, through + 1, (through - version).max(1)).await?;
    found.retain(|line| line.version > version);
    found.reverse();
    let lines = found
        .into_iter()
        .map(|line| PassbookLine {
            version: line.version,
            day: line.effective_on,
            kind: line.kind,
            amount: -line.quantity,
            after: -line.balance_after,
        })
        .collect();
    let household_no = home.no.to_string();
    Ok(Passbook { household_no, version, used, lines, more: (last - through).max(0) })
}
