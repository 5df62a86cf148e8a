//! Money behind the points (资金): where it comes from, what a point is worth of it, how far it covers what is out, and
//! how much a year may have issued by the end of each month. Holds no balances.

use super::book::named;

named! {
    /// Where the money of a source comes from.
    SourceKind, UnknownSource, "kind of source";
    /// Award in lieu of subsidy (以奖代补): the state's, settled on acceptance.
    AwardInLieu = "award_in_lieu",
    /// The fund for serving residents (服务群众专项经费).
    ServiceFund = "service_fund",
    /// Gifts (捐赠): each has a numbered receipt.
    Donation = "donation",
    /// Income of the collective economy (集体收益).
    Collective = "collective",
    /// What partner shops give (商户让利).
    Merchant = "merchant",
    /// Anything else.
    Other = "other",
}

named! {
    /// How far a receipt of money has come.
    ReceiptState, UnknownReceiptState, "state of a receipt";
    /// Written down by one person; not in the ledger yet.
    Recorded = "recorded",
    /// A second person saw the money and the paper: it is in the ledger.
    Confirmed = "confirmed",
    /// The second person did not find it so.
    Refused = "refused",
}

/// What points (minor units) are worth in fen, rounded up: what is promised is covered to the last fen.
#[must_use]
pub fn worth(points: i64, rate_fen: i64) -> i64 {
    let product = i128::from(points) * i128::from(rate_fen);
    let fen = product.div_euclid(100) + i128::from(product.rem_euclid(100) > 0);
    i64::try_from(fen).unwrap_or(i64::MAX)
}

/// Coverage below this many hundredths is a warning (handbook §9).
pub const COVERAGE_WARN: i64 = 120;
/// Coverage below this many hundredths stops new issue.
pub const COVERAGE_STOP: i64 = 100;

/// Money and goods behind points (备付).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// Money in the funds and goods on the shelf at what they cost, in fen.
    pub behind_fen: i64,
    /// The points they are behind, in minor units.
    pub points: i64,
    /// What a point is worth, in fen.
    pub rate_fen: i64,
}

/// How a coverage stands to its two thresholds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverageLevel {
    /// At or above the warning, or no point is out.
    Enough,
    /// Below the warning.
    Thin,
    /// Below the stop.
    Short,
}

impl Coverage {
    /// The same money behind more points.
    #[must_use]
    pub const fn with(self, more: i64) -> Self {
        Self { points: self.points.saturating_add(more), ..self }
    }

    /// In hundredths, rounded down; nothing where no point is out.
    #[must_use]
    pub fn hundredths(&self) -> Option<i64> {
        let owed = i128::from(self.points) * i128::from(self.rate_fen);
        // points are hundredths, so both hundreds cancel: fen × 100 × 100 ÷ (hundredths × fen)
        let ratio = || i128::from(self.behind_fen.max(0)) * 10_000 / owed;
        (owed > 0).then(|| i64::try_from(ratio()).unwrap_or(i64::MAX))
    }

    /// Against the thresholds: exactly 1.2 is enough, exactly 1.0 does not stop.
    #[must_use]
    pub fn level(&self) -> CoverageLevel {
        match self.hundredths() {
            Some(c) if c < COVERAGE_STOP => CoverageLevel::Short,
            Some(c) if c < COVERAGE_WARN => CoverageLevel::Thin,
            _ => CoverageLevel::Enough,
        }
    }

    /// What the points are worth, in fen.
    #[must_use]
    pub fn owed_fen(&self) -> i64 {
        worth(self.points, self.rate_fen)
    }
}

/// What the names of [`issue_meter`] begin with.
pub const ISSUE_METER: &str = "issue:";

/// The meter of what was issued for what happened in a year, in minor units of points.
#[must_use]
pub fn issue_meter(year: i32) -> String {
    format!("{ISSUE_METER}{year}")
}

/// The meter of a source's money that no budget has taken yet, in fen.
#[must_use]
pub fn free_money_meter(fund: &str) -> String {
    format!("money:{fund}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_covered_to_the_last_fen() {
        for (points, rate, fen) in
            [(100, 50, 50), (1, 50, 1), (0, 50, 0), (8_000_000, 50, 4_000_000), (3, 33, 1)]
        {
            assert_eq!(worth(points, rate), fen, "{points} at {rate}");
        }
    }

    #[test]
    fn coverage_warns_below_one_point_two_and_stops_below_one() {
        let level = |behind_fen| Coverage { behind_fen, points: 10_000, rate_fen: 50 }.level();
        // 100 points are worth 50 yuan
        let at = [(6_000, CoverageLevel::Enough), (5_999, CoverageLevel::Thin), (5_000, CoverageLevel::Thin)];
        for (fen, expected) in
            at.into_iter().chain([(4_999, CoverageLevel::Short), (-1, CoverageLevel::Short)])
        {
            assert_eq!(level(fen), expected, "{fen}");
        }
        let nothing_out = Coverage { behind_fen: 0, points: 0, rate_fen: 50 };
        assert_eq!((nothing_out.level(), nothing_out.hundredths()), (CoverageLevel::Enough, None));
        assert_eq!(nothing_out.with(1).level(), CoverageLevel::Short);
    }

    #[test]
    fn every_kind_reads_back() {
        for kind in SourceKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        for state in ReceiptState::ALL {
            assert_eq!(state.as_str().parse(), Ok(*state));
        }
    }
}
