//! What a household has and why: balances, what is in notice and until when, and every line of its statement with
//! the rule, the people and the notice, or the goods, behind it. The same for the household itself and for those who
//! may read it.

use super::{
    Desk, ServiceError, ServiceResult,
    award::pauses::{self, HouseholdPause},
    books::path,
    caller::{Resident, Role, Staff},
    holds::{self, Hold},
    lapses::{self, Lapse},
    redeem::{RedemptionReceipt, masked_head},
};
use crate::{
    domain::{
        chart,
        household::HouseholdState,
        ids::{BookId, HouseholdId, PersonId},
        posting::{Commodity, Path},
        time::{Day, Timestamp},
    },
    store::{
        Tx, award, household, offline, person, redemption, returns,
        statement::{self, LineRow},
    },
};

mod netted;
mod view;

pub use view::AwardView;
use view::award_view;

/// Awards looked through for what is on its way.
const PENDING_MAX: i64 = 200;
/// Lines of a statement on one page at most.
const PAGE_MAX: i64 = 100;

/// Which score a statement is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Score {
    /// Spendable points.
    #[default]
    Points,
    /// The reputation score (评比分).
    Honor,
}

impl Score {
    /// The account it stands on.
    pub(super) fn account(self, household_no: &str) -> ServiceResult<(Path, &'static str)> {
        Ok(match self {
            Self::Points => (path(chart::household_available(household_no))?, Commodity::POINT),
            Self::Honor => (path(chart::household_honor(household_no))?, Commodity::HONOR),
        })
    }
}

/// A member of the household and their saved minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberHours {
    /// Who.
    pub id: PersonId,
    /// Their number.
    pub no: String,
    /// Their name, in full.
    pub name: String,
    /// Saved minutes.
    pub minutes: i64,
}

/// What a household has. Points and honour points are in hundredths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holdings {
    /// The household.
    pub household: HouseholdId,
    /// Its number.
    pub no: String,
    /// Its head, masked.
    pub masked_name: String,
    /// Where it stands.
    pub state: HouseholdState,
    /// Spendable.
    pub available: i64,
    /// Reserved by open orders.
    pub held: i64,
    /// Of what is reserved, what devices without network have in hand.
    pub on_devices: i64,
    /// Owed after a reversal.
    pub arrears: i64,
    /// The reputation score.
    pub honor: i64,
    /// Saved minutes, by member.
    pub members: Vec<MemberHours>,
    /// What was recorded and is not posted yet, the latest first.
    pub pending: Vec<AwardView>,
    /// What was posted and moved nothing, so that no line of a statement tells of it, the latest first.
    pub unmoved: Vec<AwardView>,
    /// Pauses that last today.
    pub pauses: Vec<HouseholdPause>,
    /// What is put aside, and until when.
    pub holds: Vec<Hold>,
    /// Points that lapse soon, the nearest day first.
    pub lapses: Vec<Lapse>,
}

impl Holdings {
    /// Saved minutes of all members.
    #[must_use]
    pub fn minutes(&self) -> i64 {
        self.members.iter().map(|m| m.minutes).sum()
    }

    /// Points in notice now.
    #[must_use]
    pub fn in_notice(&self) -> i64 {
        self.pending.iter().filter(|a| a.is_in_notice()).map(|a| a.points).sum()
    }
}

/// What is behind a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Something done (or left undone), recorded, reviewed and shown.
    Award(Box<AwardView>),
    /// Goods taken.
    Redemption(Box<RedemptionReceipt>),
    /// Neither: the kind of transaction says it all.
    Other,
}

/// One line of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    /// Its place in the statement; the page after it begins below.
    pub version: i64,
    /// The transaction.
    pub seq: i64,
    /// When it was recorded.
    pub at: Timestamp,
    /// The business day it counts for.
    pub day: Day,
    /// Why the transaction exists: `award`, `redemption`, `reversal` …
    pub kind: String,
    /// What it brought (+) or took (−).
    pub amount: i64,
    /// What the household had with it.
    pub after: i64,
    /// The last day on which it may be spent.
    pub expires_on: Option<Day>,
    /// The transaction it undoes.
    pub reverses: Option<i64>,
    /// What is behind it; behind a reversal, what it undid.
    pub why: Why,
    /// The act of a device without network that it is part of; all lines of an act bear the same.
    pub device_act: Option<String>,
}

/// The act of a device without network that a key belongs to: its first four parts.
fn device_act(key: &str) -> Option<String> {
    let mut parts = key.split(':');
    let own = parts.next() == Some("offline");
    own.then(|| std::iter::once("offline").chain(parts.take(3)).collect::<Vec<_>>().join(":"))
}

impl Desk {
    /// What the signed-in household has.
    pub async fn own_holdings(&self, by: &Resident) -> ServiceResult<Holdings> {
        self.holdings(by.book, by.household).await
    }

    /// What a household has, for those who may read it.
    pub async fn holdings_of(&self, by: &Staff, id: HouseholdId) -> ServiceResult<Holdings> {
        may_read(by)?;
        self.holdings(by.book, id).await
    }

    /// The signed-in household's statement below `before`, the latest first.
    pub async fn own_statement(
        &self,
        by: &Resident,
        score: Score,
        before: Option<i64>,
        limit: i64,
    ) -> ServiceResult<Vec<StatementLine>> {
        self.statement(by.book, by.household, score, before, limit).await
    }

    /// A household's statement below `before`, the latest first, for those who may read it.
    pub async fn statement_of(
        &self,
        by: &Staff,
        id: HouseholdId,
        score: Score,
        before: Option<i64>,
        limit: i64,
    ) -> ServiceResult<Vec<StatementLine>> {
        may_read(by)?;
        self.statement(by.book, id, score, before, limit).await
    }

    pub(super) async fn holdings(&self, book: BookId, id: HouseholdId) -> ServiceResult<Holdings> {
        let mut tx = self.db.begin_read().await?;
        let home = household::by_id(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("household"))?;
        let no = home.no.as_str();
        let balance = |account, commodity| (account, commodity);
        let wanted = [
            balance(chart::household_available(no), Commodity::POINT),
            balance(chart::household_held(no), Commodity::POINT),
            balance(chart::household_arrears(no), Commodity::POINT),
            balance(chart::household_honor(no), Commodity::HONOR),
        ];
        let mut has = Vec::with_capacity(wanted.len());
        for (account, commodity) in wanted {
            has.push(
                crate::store::ledger::read::balance(&mut tx, book, path(account)?.as_str(), commodity)
                    .await?,
            );
        }
        let mut members = Vec::new();
        for member in person::members(&mut tx, book, id, self.today()).await? {
            let account = path(chart::person_time(member.no.as_str()))?;
            let owed =
                crate::store::ledger::read::balance(&mut tx, book, account.as_str(), Commodity::MIN).await?;
            members.push(MemberHours {
                id: member.id,
                no: member.no.as_str().to_owned(),
                name: member.name,
                minutes: -owed,
            });
        }
        let (mut pending, mut unmoved) = (Vec::new(), Vec::new());
        for row in award::lists::of_household(&mut tx, book, id, i64::MAX, PENDING_MAX).await? {
            if matches!(row.state.as_str(), "recorded" | "returned" | "approved" | "in_notice" | "objected") {
                pending.push(award_view(&mut tx, book, row).await?);
            } else if row.moved_nothing() {
                unmoved.push(award_view(&mut tx, book, row).await?);
            }
        }
        let mut pauses = pauses::of_household(&mut tx, book, id).await?;
        pauses.retain(|p| p.pause.lasts_on(self.today()));
        let (available, held, arrears, honor) = match has.as_slice() {
            [available, held, arrears, honor] => (-available, -held, *arrears, -honor),
            _ => (0, 0, 0, 0),
        };
        Ok(Holdings {
            household: id,
            no: no.to_owned(),
            masked_name: masked_head(&mut tx, book, &home).await?,
            state: home.state()?,
            available,
            held,
            on_devices: offline::of_household(&mut tx, book, id).await?,
            arrears,
            honor,
            members,
            pending,
            unmoved,
            pauses,
            holds: holds::of_household(&mut tx, book, no).await?,
            lapses: lapses::of_household(&mut tx, book, no, self.today()).await?,
        })
    }

    async fn statement(
        &self,
        book: BookId,
        id: HouseholdId,
        score: Score,
        before: Option<i64>,
        limit: i64,
    ) -> ServiceResult<Vec<StatementLine>> {
        let mut tx = self.db.begin_read().await?;
        let home = household::by_id(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("household"))?;
        let (account, commodity) = score.account(home.no.as_str())?;
        let before = before.unwrap_or(i64::MAX);
        let limit = limit.clamp(1, PAGE_MAX);
        let rows = statement::lines(&mut tx, book, (account.as_str(), commodity), before, limit).await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            lines.push(self.line(&mut tx, book, row).await?);
        }
        Ok(lines)
    }

    pub(super) async fn line(&self, tx: &mut Tx, book: BookId, row: LineRow) -> ServiceResult<StatementLine> {
        let origin = row.reverses_seq.unwrap_or(row.seq);
        let back = match row.kind.as_str() {
            "goods_return" => returns::by_seq(tx, book, origin).await?,
            _ => None,
        };
        let taken = match back {
            Some(back) => redemption::by_id(tx, book, back.redemption_id).await?,
            None => redemption::by_seq(tx, book, origin).await?,
        };
        let why = if let Some(taken) = taken {
            Why::Redemption(Box::new(self.receipt_of(tx, book, taken, false).await?))
        } else if let Some(given) = award::by_seq(tx, book, origin).await? {
            Why::Award(Box::new(award_view(tx, book, given).await?))
        } else {
            Why::Other
        };
        Ok(StatementLine {
            version: row.version,
            seq: row.seq,
            at: row.recorded_at,
            day: row.effective_on,
            kind: row.kind,
            amount: -row.quantity,
            after: -row.balance_after,
            expires_on: row.expires_on,
            reverses: row.reverses_seq,
            why,
            device_act: device_act(&row.key),
        })
    }
}

/// Recorders see what they may record on; shopkeepers see balances only while somebody stands before them.
pub(super) fn may_read(staff: &Staff) -> ServiceResult<()> {
    let readers = [Role::Clerk, Role::Recorder, Role::Reviewer, Role::Auditor, Role::Township];
    if readers.into_iter().any(|role| staff.holds(role)) { Ok(()) } else { Err(ServiceError::NotAllowed) }
}
