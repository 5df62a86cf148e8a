//! What a household has and why: balances, what is in notice and until when, and every line of its statement with
//! the rule, the people and the notice, or the goods, behind it. The same for the household itself and for those who
//! may read it.

use super::{
    Desk, ServiceError, ServiceResult,
    award::{
        explain::{Outcome, outcome},
        pauses::{self, HouseholdPause},
    },
    books::path,
    caller::{Resident, Role, Staff},
    redeem::{RedemptionReceipt, actor_name, masked_head},
};
use crate::{
    domain::{
        award::Explanation,
        chart,
        household::HouseholdState,
        ids::{AwardId, BookId, HouseholdId, NoticeId, PersonId},
        lang::Lang,
        notice::NoticeState,
        posting::Commodity,
        time::{Day, Timestamp},
    },
    store::{
        Tx,
        award::{self, AwardRow},
        household, notice, person, redemption,
        statement::{self, LineRow},
    },
};

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

/// An award, as a household reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwardView {
    /// The award.
    pub id: AwardId,
    /// Its number.
    pub no: i64,
    /// The item's code.
    pub item: String,
    /// What the item is called.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// How the amount came about, in plain words.
    pub words: String,
    /// The same in English.
    pub words_en: String,
    /// How much was counted.
    pub quantity: String,
    /// Who did it; empty when it counts for the whole household.
    pub person: String,
    /// When it happened.
    pub occurred_on: Day,
    /// Points, signed.
    pub points: i64,
    /// Honour points, signed.
    pub honor: i64,
    /// Minutes of service.
    pub minutes: i64,
    /// Who recorded it.
    pub recorder: String,
    /// Who reviewed it.
    pub reviewers: Vec<String>,
    /// The sheet it stands on, while everybody may look at it: published and not taken down.
    pub notice: Option<NoticeId>,
    /// The sheet's number.
    pub notice_no: Option<i64>,
    /// Its line there.
    pub notice_line: Option<i32>,
    /// When its clock runs out; nothing while an objection stops it.
    pub closes_at: Option<Timestamp>,
    /// Where it stands.
    pub state: String,
    /// What became of it when it was posted, beside its amount.
    pub outcome: Option<Outcome>,
}

impl AwardView {
    /// Whether it stands on a published sheet.
    #[must_use]
    pub fn is_in_notice(&self) -> bool {
        match self.state.as_str() {
            "in_notice" => self.closes_at.is_some(),
            "objected" => true,
            _ => false,
        }
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

    async fn holdings(&self, book: BookId, id: HouseholdId) -> ServiceResult<Holdings> {
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
            arrears,
            honor,
            members,
            pending,
            unmoved,
            pauses,
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
        let (account, commodity) = match score {
            Score::Points => (chart::household_available(home.no.as_str()), Commodity::POINT),
            Score::Honor => (chart::household_honor(home.no.as_str()), Commodity::HONOR),
        };
        let account = path(account)?;
        let before = before.unwrap_or(i64::MAX);
        let limit = limit.clamp(1, PAGE_MAX);
        let rows = statement::lines(&mut tx, book, (account.as_str(), commodity), before, limit).await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            lines.push(self.line(&mut tx, book, row).await?);
        }
        Ok(lines)
    }

    async fn line(&self, tx: &mut Tx, book: BookId, row: LineRow) -> ServiceResult<StatementLine> {
        let origin = row.reverses_seq.unwrap_or(row.seq);
        let why = if let Some(taken) = redemption::by_seq(tx, book, origin).await? {
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
        })
    }
}

/// Recorders see what they may record on; shopkeepers see balances only while somebody stands before them.
fn may_read(staff: &Staff) -> ServiceResult<()> {
    let readers = [Role::Clerk, Role::Recorder, Role::Reviewer, Role::Auditor, Role::Township];
    if readers.into_iter().any(|role| staff.holds(role)) { Ok(()) } else { Err(ServiceError::NotAllowed) }
}

async fn award_view(tx: &mut Tx, book: BookId, row: AwardRow) -> ServiceResult<AwardView> {
    let explained: Option<Explanation> = serde_json::from_str(&row.explanation).ok();
    let (name, name_en) = explained
        .as_ref()
        .map_or_else(|| (row.item.clone(), row.item.clone()), |e| (e.name.zh.clone(), e.name.en.clone()));
    let words = |lang| explained.as_ref().map(|e| e.words(lang)).unwrap_or_default();
    let person = match row.person_id {
        Some(id) => person::by_id(tx, book, id).await?.map(|p| p.name).unwrap_or_default(),
        None => String::new(),
    };
    let mut reviewers = Vec::new();
    for review in award::reviews(tx, book, row.id).await? {
        if review.verdict == "approve" {
            reviewers.push(actor_name(tx, &review.reviewer).await?);
        }
    }
    let sheet = match row.notice_id {
        Some(id) => notice::one(tx, book, id).await?,
        None => None,
    };
    let public =
        |n: &&notice::NoticeRow| matches!(n.state(), Ok(NoticeState::Published | NoticeState::Closed));
    Ok(AwardView {
        outcome: outcome(tx, book, &row).await?,
        id: row.id,
        no: row.no,
        name,
        name_en,
        words: words(Lang::Zh),
        words_en: words(Lang::En),
        quantity: row.quantity,
        person,
        occurred_on: row.occurred_on,
        points: row.points,
        honor: row.honor,
        minutes: row.minutes,
        recorder: actor_name(tx, &row.recorder).await?,
        reviewers,
        notice: sheet.as_ref().filter(public).map(|n| n.id),
        notice_no: sheet.map(|n| n.no),
        notice_line: row.notice_line,
        closes_at: row.closes_at,
        state: row.state,
        item: row.item,
    })
}
