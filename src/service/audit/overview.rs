//! The identities of the trade (handbook §9), each with its figures, whether it holds, and the months of issue and
//! redemption. Holds no single transaction.

use std::collections::BTreeSet;

use super::{TrialLine, trial_lines};
use crate::{
    domain::{
        chart::AccountKind as Kind,
        ids::{BookId, OrgId},
        money::{Coverage, CoverageLevel},
        posting::Commodity,
        time::{Day, Period, Timestamp},
    },
    service::{
        Desk, ServiceError, ServiceResult,
        caller::{Auditor, Role},
        funds::FundView,
        rulesets,
        session::StaffSignIn,
        stock::{self, StockTie},
        verify::LastVerify,
    },
    store::{
        Tx, appeal, audit as rows,
        ledger::read::{self, Head},
        objection,
        programme::{self, ProgrammeRow},
        register,
    },
};

/// Months on the chart.
const MONTHS: usize = 12;
/// Days after which an award that waits is late.
const LATE_DAYS: i64 = 7;
/// Villages on the page of a township or county.
const VILLAGES_MAX: i64 = 2_000;

/// Whether an identity holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Light {
    /// It holds.
    Green,
    /// It holds, and is near its limit.
    Yellow,
    /// It does not hold.
    Red,
}

/// Which identity of handbook §9.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityKind {
    /// 1: every commodity sums to zero.
    Zero,
    /// 2: what was issued is where it can be.
    Issued,
    /// 3: what was issued is within the ceiling.
    Ceiling,
    /// 3: money and goods cover what households hold.
    Coverage,
    /// 4: redemptions add up to their lines.
    Orders,
    /// 5: stock is what came in less what went out.
    Stock,
    /// 5: pieces at what they cost are the goods at cost, at every counter.
    StockCost,
    /// 6: what is owed to merchants.
    Merchants,
    /// 7: sheets say what was posted.
    Sheets,
    /// 8: minutes earned are where they can be.
    Minutes,
    /// 9: the head of the log.
    Log,
    /// 10: receipts and sheets are numbered without gaps.
    Numbers,
}

/// An identity with its figures, the two sides in the unit of its commodity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Which.
    pub kind: IdentityKind,
    /// Whether it holds.
    pub light: Light,
    /// One side, minor units of `commodity`.
    pub left: i64,
    /// The other side.
    pub right: i64,
    /// The commodity of both sides; empty for plain counts.
    pub commodity: String,
}

/// A month on the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: Day,
    /// Points issued.
    pub issued: i64,
    /// Points redeemed.
    pub redeemed: i64,
}

/// The auditor's first page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The programme.
    pub programme: ProgrammeRow,
    /// The head of the log.
    pub head: Head,
    /// The identities.
    pub identities: Vec<Identity>,
    /// The last twelve months.
    pub months: Vec<Month>,
    /// The last verification written down.
    pub verified: Option<LastVerify>,
    /// The funds, and what they lack for lines whose notice is over.
    pub funds: Vec<FundView>,
}

/// A village as the township sees it: health, not rank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VillageHealth {
    /// The programme.
    pub programme: ProgrammeRow,
    /// Spendable and held points.
    pub outstanding: i64,
    /// Points not yet issued.
    pub budget_left: i64,
    /// Awards waiting longer than a week.
    pub late_awards: i64,
    /// Objections not decided.
    pub objections: i64,
    /// Appeals the township has not decided, and objections it was told the village is late with.
    pub appeals: i64,
    /// Reversals not decided.
    pub reversals: i64,
    /// Money and goods behind the points.
    pub coverage: Coverage,
    /// People in its register.
    pub people: i64,
    /// The instant of the last transaction.
    pub last_posting: Option<Timestamp>,
}

/// Sums of the trial balance.
struct Sums<'a>(&'a [TrialLine]);

impl Sums<'_> {
    fn of(&self, commodity: &str, kinds: &[Kind]) -> i64 {
        let own =
            self.0.iter().filter(|l| l.commodity == commodity && l.kind.is_some_and(|k| kinds.contains(&k)));
        own.map(|l| l.quantity).sum()
    }

    fn skus(&self, kinds: &[Kind]) -> i64 {
        let own = self.0.iter().filter(|l| l.commodity.starts_with("SKU-"));
        own.filter(|l| l.kind.is_some_and(|k| kinds.contains(&k))).map(|l| l.quantity).sum()
    }

    fn outstanding(&self) -> i64 {
        -self.of(Commodity::POINT, &[Kind::Available, Kind::Held])
    }

    fn coverage(&self, rate_fen: i64) -> Coverage {
        let behind_fen = self.of(Commodity::CNYFEN, &[Kind::Fund, Kind::StockCost]);
        Coverage { behind_fen, points: self.outstanding(), rate_fen }
    }
}

impl Desk {
    /// The auditor's first page.
    pub async fn audit_overview(&self, by: &Auditor) -> ServiceResult<Overview> {
        let mut tx = self.db.begin_read().await?;
        let programme = programme::by_book(&mut tx, by.book).await?;
        let programme = programme.ok_or(ServiceError::NotFound("programme"))?;
        let head = read::head(&mut tx, by.book).await?.ok_or(ServiceError::NotFound("book"))?;
        let rate_fen = rate(&mut tx, by.book, self.today()).await;
        let identities = identities(&mut tx, by.book, &head, rate_fen).await?;
        let months = months(&mut tx, by.book, self.today()).await?;
        drop(tx);
        let verified = self.last_verify(by).await?;
        let funds = self.funds(by.book).await?;
        Ok(Overview { programme, head, identities, months, verified, funds })
    }

    /// The villages under whoever oversees them: a township its own, the county all.
    pub async fn overseen_villages(&self, who: &StaffSignIn) -> ServiceResult<Vec<VillageHealth>> {
        let oversees = |role| matches!(role, Role::Township | Role::County);
        let places: BTreeSet<OrgId> = who.grants.iter().filter(|g| oversees(g.role)).map(|g| g.org).collect();
        if places.is_empty() {
            return Err(ServiceError::NotAllowed);
        }
        let mut villages: Vec<VillageHealth> = Vec::new();
        for place in places {
            for village in self.villages_under(place).await? {
                if !villages.iter().any(|v| v.programme.book_id == village.programme.book_id) {
                    villages.push(village);
                }
            }
        }
        villages.sort_by_key(|v| v.programme.no);
        Ok(villages)
    }

    async fn villages_under(&self, org: OrgId) -> ServiceResult<Vec<VillageHealth>> {
        let mut tx = self.db.begin_read().await?;
        let programmes = programme::under(&mut tx, org, 0, VILLAGES_MAX).await?;
        drop(tx);
        let mut out = Vec::with_capacity(programmes.len());
        for programme in programmes {
            out.push(self.health(programme).await?);
        }
        Ok(out)
    }

    async fn health(&self, programme: ProgrammeRow) -> ServiceResult<VillageHealth> {
        let mut tx = self.db.begin_read().await?;
        let book = programme.book_id;
        let lines = trial_lines(&mut tx, book).await?;
        let sums = Sums(&lines);
        let since = self.now().plus_days(-LATE_DAYS);
        let waiting = rows::waiting(&mut tx, book, since).await?;
        let head = read::head(&mut tx, book).await?;
        let rate_fen = rate(&mut tx, book, self.today()).await;
        let people = register::people_count(&mut tx, book).await?;
        Ok(VillageHealth {
            outstanding: sums.outstanding(),
            budget_left: -sums.of(Commodity::POINT, &[Kind::Budget]),
            late_awards: waiting.awards,
            objections: waiting.objections,
            appeals: appeal::open(&mut tx, book).await? + objection::escalated(&mut tx, book).await?,
            reversals: waiting.reversals,
            coverage: sums.coverage(rate_fen),
            people,
            last_posting: head.filter(|h| h.seq > 0).map(|h| h.recorded_at),
            programme,
        })
    }
}

/// Pieces × cost and the goods at cost, of all counters; red when one of them does not agree.
async fn stock_cost(tx: &mut Tx, book: BookId) -> ServiceResult<Identity> {
    let ties = stock::ties(tx, book).await?;
    Ok(Identity {
        kind: IdentityKind::StockCost,
        light: if ties.iter().all(StockTie::agrees) { Light::Green } else { Light::Red },
        left: ties.iter().map(|tie| tie.pieces_at_cost).sum(),
        right: ties.iter().map(|tie| tie.in_ledger).sum(),
        commodity: Commodity::CNYFEN.to_owned(),
    })
}

/// What a point is worth in fen by the rules in force; 100 while none are.
async fn rate(tx: &mut Tx, book: BookId, day: Day) -> i64 {
    rulesets::in_force(tx, book, day).await.map_or(100, |set| set.programme.rate_fen)
}

/// Where minutes can be once they are earned or issued.
const MINUTES_KEPT: &[Kind] = &[
    Kind::Time,
    Kind::TimeHeld,
    Kind::TimePool,
    Kind::PoolHeld,
    Kind::TimeHonor,
    Kind::Expired,
    Kind::Clearing,
];

async fn identities(tx: &mut Tx, book: BookId, head: &Head, rate_fen: i64) -> ServiceResult<Vec<Identity>> {
    let point = Commodity::POINT;
    let lines = trial_lines(tx, book).await?;
    let sums = Sums(&lines);
    let worst = read::sums(tx, book).await?.into_iter().find(|(_, sum)| *sum != 0);
    let (worst, sum) = worst.unwrap_or_default();
    let equal = |kind, left: i64, right: i64, commodity: &str| Identity {
        kind,
        light: if left == right { Light::Green } else { Light::Red },
        left,
        right,
        commodity: commodity.to_owned(),
    };
    let authorised = sums.of(point, &[Kind::Authorised]);
    let budget = -sums.of(point, &[Kind::Budget]);
    let issued = authorised - budget;
    let spread = -sums.of(
        point,
        &[Kind::Available, Kind::Held, Kind::Arrears, Kind::Redeemed, Kind::Expired, Kind::Clearing],
    );
    let coverage = sums.coverage(rate_fen);
    let uneven = rows::uneven_orders(tx, book).await?;
    let came_in = -sums.skus(&[Kind::Received, Kind::Clearing]);
    let there = sums.skus(&[Kind::Stock, Kind::Reserved, Kind::Issued, Kind::Loss]);
    let (sheet, ledger) = rows::sheet_and_ledger(tx, book).await?;
    let earned = sums.of(Commodity::MIN, &[Kind::TimeService, Kind::TimeIssued]);
    let kept = -sums.of(Commodity::MIN, MINUTES_KEPT);
    let owed = -sums.of(Commodity::CNYFEN, &[Kind::Merchant]);
    let numbers = rows::numbers(tx, book).await?;
    let frontier = crate::domain::merkle::Frontier::from_bytes(&head.frontier);
    let logged = frontier.as_ref().is_ok_and(|f| f.root().as_slice() == head.root);
    let size = frontier.map_or(0, |f| i64::try_from(f.size()).unwrap_or(0));
    Ok(vec![
        equal(IdentityKind::Zero, sum, 0, &worst),
        equal(IdentityKind::Issued, issued, spread, point),
        Identity {
            kind: IdentityKind::Ceiling,
            light: if issued <= authorised { Light::Green } else { Light::Red },
            left: issued,
            right: authorised,
            commodity: point.to_owned(),
        },
        Identity {
            kind: IdentityKind::Coverage,
            light: match coverage.level() {
                CoverageLevel::Short => Light::Red,
                CoverageLevel::Thin => Light::Yellow,
                CoverageLevel::Enough => Light::Green,
            },
            left: coverage.behind_fen,
            right: coverage.owed_fen(),
            commodity: Commodity::CNYFEN.to_owned(),
        },
        equal(IdentityKind::Orders, uneven, 0, ""),
        equal(IdentityKind::Stock, came_in, there, "SKU-000000"),
        stock_cost(tx, book).await?,
        Identity {
            kind: IdentityKind::Merchants,
            light: if owed >= 0 { Light::Green } else { Light::Red },
            left: owed,
            right: 0,
            commodity: Commodity::CNYFEN.to_owned(),
        },
        equal(IdentityKind::Sheets, sheet, ledger, point),
        equal(IdentityKind::Minutes, earned, kept, Commodity::MIN),
        Identity {
            kind: IdentityKind::Log,
            light: if logged && size == head.seq { Light::Green } else { Light::Red },
            left: head.seq,
            right: size,
            commodity: String::new(),
        },
        equal(
            IdentityKind::Numbers,
            numbers.receipts + numbers.sheets + numbers.awards,
            numbers.last_receipt + numbers.last_sheet + numbers.last_award,
            "",
        ),
    ])
}

async fn months(tx: &mut Tx, book: BookId, today: Day) -> ServiceResult<Vec<Month>> {
    let mut first = today.period(Period::Month).0;
    let mut months = Vec::with_capacity(MONTHS);
    for _ in 0..MONTHS {
        months.push(Month { first, issued: 0, redeemed: 0 });
        first = first.plus(-1).period(Period::Month).0;
    }
    months.reverse();
    let Some(from) = months.first().map(|m| m.first) else { return Ok(months) };
    for day in rows::days(tx, book, from).await? {
        let first = day.effective_on.period(Period::Month).0;
        if let Some(month) = months.iter_mut().find(|m| m.first == first) {
            month.issued += day.issued;
            month.redeemed += day.redeemed;
        }
    }
    Ok(months)
}
