//! The chart of accounts: which account paths exist, for which commodities, between which limits. A line outside it
//! is refused. Holds no balances. The table below is the whole chart; every row says what its balance means.

mod paths;

pub use paths::{
    authorised, budget, clearing, cost_difference, donations, expired, fund, granted, honor_source,
    household_arrears, household_available, household_held, household_honor, issued, loss, merchant,
    person_time, person_time_held, received, redeemed, reserved, rewards, stock, stock_cost, time_held,
    time_honor, time_issued, time_pool, time_service,
};

use super::posting::{Commodity, Path};

/// Bounds of a balance, debit positive. Nothing means unbounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limit {
    /// The least it may be.
    pub min: Option<i64>,
    /// The most it may be.
    pub max: Option<i64>,
}

impl Limit {
    const NONE: Self = Self { min: None, max: None };
    /// Holds a credit balance or nothing.
    const NEVER_DEBIT: Self = Self { min: None, max: Some(0) };
    /// Holds a debit balance or nothing.
    const NEVER_CREDIT: Self = Self { min: Some(0), max: None };
}

/// What the programme decides about limits; everything else about them is fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policy {
    /// Minutes a person may owe.
    pub time_overdraft: i64,
    /// Minutes a person may save, if capped.
    pub time_cap: Option<i64>,
}

/// What an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountKind {
    /// `Equity:Budget:<fund>`, points: authorised and not yet issued. May not cross 0: the issuance ceiling.
    Budget,
    /// `Equity:Authorised:<fund>`, points: the contra of the budgets.
    Authorised,
    /// `Liabilities:Households:<no>:Available`, points: spendable. Never debit.
    Available,
    /// `Liabilities:Households:<no>:Held`, points: reserved by open orders; equals the sum of open holds.
    Held,
    /// `Liabilities:Households:<no>:Arrears`, points: what a reversal found already spent. Never credit.
    Arrears,
    /// `Liabilities:Households:<no>:Honor`, honour points: the reputation score.
    Honor,
    /// `Liabilities:Persons:<no>:Time`, minutes: saved. Overdraft and cap by [`Policy`].
    Time,
    /// `Liabilities:Persons:<no>:TimeHeld`, minutes: put aside for open orders and gifts; equals the sum of open holds.
    TimeHeld,
    /// `Equity:Time:Service`, minutes: issued by service.
    TimeService,
    /// `Equity:Time:Issued`, minutes: put into the public pool by the fund, within the yearly quota.
    TimeIssued,
    /// `Equity:Time:Pool`, minutes: the public pool. Never debit.
    TimePool,
    /// `Equity:Time:Held`, minutes: of the pool, put aside for open orders; equals the sum of open holds.
    PoolHeld,
    /// `Equity:Time:Honor`, minutes: earned beyond the cap and kept for honour only.
    TimeHonor,
    /// `Income:Redeemed:<counter>`, points: taken at a counter.
    Redeemed,
    /// `Equity:Expired`, points or minutes: lapsed.
    Expired,
    /// `Equity:Honor`, honour points: the contra of the scores.
    HonorSource,
    /// `Assets:Stock:<counter>`, pieces: on the shelf. Never credit.
    Stock,
    /// `Assets:Reserved:<counter>`, pieces: put aside for open orders; equals the sum of open holds.
    Reserved,
    /// `Equity:Received:<fund>`, pieces: goods in.
    Received,
    /// `Expenses:Issued`, pieces: goods handed over.
    Issued,
    /// `Expenses:Loss`, pieces and fen: written off, or found at a count.
    Loss,
    /// `Expenses:CostDifference`, fen: what rounding the average cost left over, and what an undone movement came to at
    /// another average.
    CostDifference,
    /// `Assets:Fund:<fund>`, fen: money behind the points.
    Fund,
    /// `Assets:StockCost:<counter>`, fen: the goods at cost.
    StockCost,
    /// `Liabilities:Merchants:<shop>`, fen: owed to a private shop.
    Merchant,
    /// `Expenses:Rewards`, fen: spent on rewards.
    Rewards,
    /// `Income:Donations:<donor>`, fen: received as gifts.
    Donations,
    /// `Income:Granted:<fund>`, fen: received from the state, the collective economy or partner shops.
    Granted,
    /// `Liabilities:Clearing:<book>`, anything but points: between villages; nets to zero for each pair.
    Clearing,
}

impl AccountKind {
    /// Its limits under `policy`.
    #[must_use]
    pub const fn limit(self, policy: &Policy) -> Limit {
        match self {
            Self::Budget
            | Self::Available
            | Self::Held
            | Self::Honor
            | Self::TimeHeld
            | Self::TimePool
            | Self::PoolHeld
            | Self::TimeHonor => Limit::NEVER_DEBIT,
            Self::Arrears | Self::Stock | Self::Reserved => Limit::NEVER_CREDIT,
            Self::Time => Limit {
                min: match policy.time_cap {
                    Some(cap) => Some(-cap),
                    None => None,
                },
                max: Some(policy.time_overdraft),
            },
            _ => Limit::NONE,
        }
    }

    /// Whether its credits may carry an expiry day, spent first in, first out.
    #[must_use]
    pub const fn has_lots(self) -> bool {
        matches!(self, Self::Available | Self::Time)
    }

    /// Whether it holds what open orders reserve, and so is moved only by a hold and its one resolution.
    #[must_use]
    pub const fn is_reserve(self) -> bool {
        matches!(self, Self::Held | Self::Reserved | Self::TimeHeld | Self::PoolHeld)
    }

    /// Whether pages show it with its sign turned, because a credit is what people count as theirs.
    #[must_use]
    pub const fn shows_credit(self) -> bool {
        !matches!(
            self,
            Self::Arrears
                | Self::Stock
                | Self::Reserved
                | Self::Issued
                | Self::Loss
                | Self::CostDifference
                | Self::Fund
                | Self::StockCost
                | Self::Rewards
                | Self::Authorised
                | Self::TimeIssued
        )
    }

    /// Its name in Chinese.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.names().0
    }

    /// Its name in English.
    #[must_use]
    pub const fn name_en(self) -> &'static str {
        self.names().1
    }

    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Budget => ("待发积分", "Budget"),
            Self::Authorised => ("核定额度", "Authorised"),
            Self::Available => ("可用积分", "Available points"),
            Self::Held => ("冻结积分", "Held points"),
            Self::Arrears => ("待补积分", "Points owed"),
            Self::Honor => ("评比分", "Honour points"),
            Self::Time => ("服务时间", "Saved minutes"),
            Self::TimeService => ("服务发行", "Issued by service"),
            Self::TimeHeld => ("预留时长", "Minutes put aside"),
            Self::TimeIssued => ("资金发放时长", "Minutes issued by the fund"),
            Self::TimePool => ("公共时间池", "Public pool"),
            Self::PoolHeld => ("公共池预留", "Pool minutes put aside"),
            Self::TimeHonor => ("荣誉时数", "Honour minutes"),
            Self::Redeemed => ("兑换核销", "Redeemed"),
            Self::Expired => ("过期", "Expired"),
            Self::HonorSource => ("评比分来源", "Honour given"),
            Self::Stock => ("库存", "Stock"),
            Self::Reserved => ("预占库存", "Reserved stock"),
            Self::Received => ("入库", "Goods received"),
            Self::Issued => ("出库", "Goods issued"),
            Self::Loss => ("报损与盘盈亏", "Losses and count differences"),
            Self::CostDifference => ("成本尾差", "Cost differences"),
            Self::Fund => ("资金", "Fund"),
            Self::StockCost => ("库存成本", "Stock at cost"),
            Self::Merchant => ("应付商户", "Owed to merchants"),
            Self::Rewards => ("奖励支出", "Rewards spent"),
            Self::Donations => ("捐赠收入", "Donations"),
            Self::Granted => ("资金来源", "Granted"),
            Self::Clearing => ("跨村清算", "Clearing"),
        }
    }

    fn admits(self, commodity: &Commodity) -> bool {
        let code = commodity.as_str();
        match self {
            Self::Budget
            | Self::Authorised
            | Self::Available
            | Self::Held
            | Self::Arrears
            | Self::Redeemed => code == Commodity::POINT,
            Self::Expired => matches!(code, Commodity::POINT | Commodity::MIN),
            Self::Honor | Self::HonorSource => code == Commodity::HONOR,
            Self::Time
            | Self::TimeHeld
            | Self::TimeService
            | Self::TimeIssued
            | Self::TimePool
            | Self::PoolHeld
            | Self::TimeHonor => code == Commodity::MIN,
            Self::Stock | Self::Reserved | Self::Received | Self::Issued => commodity.is_sku(),
            Self::Loss => commodity.is_sku() || code == Commodity::CNYFEN,
            Self::Fund
            | Self::StockCost
            | Self::CostDifference
            | Self::Merchant
            | Self::Rewards
            | Self::Donations
            | Self::Granted => code == Commodity::CNYFEN,
            // points never move between programmes
            Self::Clearing => !matches!(code, Commodity::POINT | Commodity::HONOR),
        }
    }
}

/// The account or its commodity is not in the chart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the chart of accounts has no {account} in {commodity}")]
pub struct NotInChart {
    /// The account.
    pub account: Path,
    /// The commodity.
    pub commodity: Commodity,
}

/// What the account is for, if the chart has it in that commodity.
pub fn classify(account: &Path, commodity: &Commodity) -> Result<AccountKind, NotInChart> {
    kind_of(account)
        .filter(|kind| kind.admits(commodity))
        .ok_or_else(|| NotInChart { account: account.clone(), commodity: commodity.clone() })
}

/// What the account is for, whatever is counted on it.
#[must_use]
pub fn kind_of(account: &Path) -> Option<AccountKind> {
    use AccountKind as Kind;
    let mut parts = account.components();
    // The longest pattern has four components; a fifth matches nothing.
    let parts = (parts.next()?, parts.next()?, parts.next(), parts.next(), parts.next());
    Some(match parts {
        ("Equity", "Budget", Some(_), None, None) => Kind::Budget,
        ("Equity", "Authorised", Some(_), None, None) => Kind::Authorised,
        ("Equity", "Time", Some("Service"), None, None) => Kind::TimeService,
        ("Equity", "Time", Some("Pool"), None, None) => Kind::TimePool,
        ("Equity", "Time", Some("Issued"), None, None) => Kind::TimeIssued,
        ("Equity", "Time", Some("Held"), None, None) => Kind::PoolHeld,
        ("Equity", "Time", Some("Honor"), None, None) => Kind::TimeHonor,
        ("Equity", "Expired", None, None, None) => Kind::Expired,
        ("Equity", "Honor", None, None, None) => Kind::HonorSource,
        ("Equity", "Received", Some(_), None, None) => Kind::Received,
        ("Liabilities", "Households", Some(_), Some("Available"), None) => Kind::Available,
        ("Liabilities", "Households", Some(_), Some("Held"), None) => Kind::Held,
        ("Liabilities", "Households", Some(_), Some("Arrears"), None) => Kind::Arrears,
        ("Liabilities", "Households", Some(_), Some("Honor"), None) => Kind::Honor,
        ("Liabilities", "Persons", Some(_), Some("Time"), None) => Kind::Time,
        ("Liabilities", "Persons", Some(_), Some("TimeHeld"), None) => Kind::TimeHeld,
        ("Liabilities", "Merchants", Some(_), None, None) => Kind::Merchant,
        ("Liabilities", "Clearing", Some(_), None, None) => Kind::Clearing,
        ("Income", "Redeemed", Some(_), None, None) => Kind::Redeemed,
        ("Income", "Donations", Some(_), None, None) => Kind::Donations,
        ("Income", "Granted", Some(_), None, None) => Kind::Granted,
        ("Assets", "Stock", Some(_), None, None) => Kind::Stock,
        ("Assets", "Reserved", Some(_), None, None) => Kind::Reserved,
        ("Assets", "Fund", Some(_), None, None) => Kind::Fund,
        ("Assets", "StockCost", Some(_), None, None) => Kind::StockCost,
        ("Expenses", "Issued", None, None, None) => Kind::Issued,
        ("Expenses", "Loss", None, None, None) => Kind::Loss,
        ("Expenses", "CostDifference", None, None, None) => Kind::CostDifference,
        ("Expenses", "Rewards", None, None, None) => Kind::Rewards,
        _ => return None,
    })
}

/// The household whose arrears this is, as its available account; for any other account itself. A reversal that finds
/// points already spent carries the shortfall on the arrears, and is still the mirror of what it undoes.
#[must_use]
pub fn arrears_as_available(account: &Path) -> Path {
    let parts: Vec<&str> = account.components().collect();
    match *parts.as_slice() {
        ["Liabilities", "Households", no, "Arrears"] => {
            household_available(no).unwrap_or_else(|_| account.clone())
        }
        _ => account.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_constructor_is_a_row_of_the_chart() {
        let (point, min, honor) = (Commodity::point(), Commodity::min(), Commodity::honor());
        let (fen, sku) = (Commodity::cnyfen(), Commodity::sku(17));
        let rows = [
            (budget("award-in-lieu"), &point, None),
            (budget("AWARD-1"), &point, Some(AccountKind::Budget)),
            (authorised("F1"), &point, Some(AccountKind::Authorised)),
            (household_available("H0001"), &point, Some(AccountKind::Available)),
            (household_held("H0001"), &point, Some(AccountKind::Held)),
            (household_arrears("H0001"), &point, Some(AccountKind::Arrears)),
            (household_honor("H0001"), &honor, Some(AccountKind::Honor)),
            (person_time("P000123"), &min, Some(AccountKind::Time)),
            (redeemed("C1"), &point, Some(AccountKind::Redeemed)),
            (stock("C1"), &sku, Some(AccountKind::Stock)),
            (reserved("C1"), &sku, Some(AccountKind::Reserved)),
            (received("F1"), &sku, Some(AccountKind::Received)),
            (fund("F1"), &fen, Some(AccountKind::Fund)),
            (stock_cost("C1"), &fen, Some(AccountKind::StockCost)),
            (merchant("S1"), &fen, Some(AccountKind::Merchant)),
            (donations("D1"), &fen, Some(AccountKind::Donations)),
            (granted("F1"), &fen, Some(AccountKind::Granted)),
            (clearing("B2"), &sku, Some(AccountKind::Clearing)),
            (Ok(time_service()), &min, Some(AccountKind::TimeService)),
            (Ok(time_pool()), &min, Some(AccountKind::TimePool)),
            (person_time_held("P000123"), &min, Some(AccountKind::TimeHeld)),
            (Ok(time_issued()), &min, Some(AccountKind::TimeIssued)),
            (Ok(time_held()), &min, Some(AccountKind::PoolHeld)),
            (Ok(time_honor()), &min, Some(AccountKind::TimeHonor)),
            (Ok(expired()), &point, Some(AccountKind::Expired)),
            (Ok(honor_source()), &honor, Some(AccountKind::HonorSource)),
            (Ok(issued()), &sku, Some(AccountKind::Issued)),
            (Ok(loss()), &sku, Some(AccountKind::Loss)),
            (Ok(loss()), &fen, Some(AccountKind::Loss)),
            (Ok(cost_difference()), &fen, Some(AccountKind::CostDifference)),
            (Ok(rewards()), &fen, Some(AccountKind::Rewards)),
        ];
        for (path, commodity, kind) in rows {
            let Some(kind) = kind else {
                assert!(path.is_err());
                continue;
            };
            let path = path.unwrap();
            assert_eq!(path.as_str().parse::<Path>().unwrap(), path);
            assert_eq!(classify(&path, commodity), Ok(kind));
            assert!(!kind.name().is_empty() && kind.name_en().is_ascii());
        }
    }

    #[test]
    fn what_the_chart_does_not_have_is_refused() {
        let refused =
            |path: &str, commodity: &Commodity| classify(&path.parse().unwrap(), commodity).is_err();
        assert!(refused("Equity:Budget", &Commodity::point()));
        assert!(refused("Equity:Budget:F:G", &Commodity::point()));
        assert!(refused("Liabilities:Households:H1:Available:X", &Commodity::point()));
        assert!(refused("Liabilities:Households:H1:Available", &Commodity::honor()));
        assert!(refused("Income:Redeemed:C1", &Commodity::honor()));
        assert!(refused("Assets:Stock:C1", &Commodity::point()));
        assert!(refused("Liabilities:Clearing:B2", &Commodity::point()));
        assert!(refused("Liabilities:Clearing:B2", &Commodity::honor()));
        assert!(household_available("H1:Held").is_err());
        assert!(household_available("户1").is_err());
    }

    #[test]
    fn the_policy_bounds_only_minutes() {
        let policy = Policy { time_overdraft: 60, time_cap: Some(6000) };
        assert_eq!(AccountKind::Time.limit(&policy), Limit { min: Some(-6000), max: Some(60) });
        assert_eq!(AccountKind::Time.limit(&Policy::default()), Limit { min: None, max: Some(0) });
        assert_eq!(AccountKind::Available.limit(&policy), Limit { min: None, max: Some(0) });
        assert_eq!(AccountKind::Stock.limit(&policy), Limit { min: Some(0), max: None });
    }

    #[test]
    fn arrears_count_as_available() {
        let arrears = household_arrears("H1").unwrap();
        assert_eq!(arrears_as_available(&arrears), household_available("H1").unwrap());
        assert_eq!(arrears_as_available(&issued()), issued());
    }
}
