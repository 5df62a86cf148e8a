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
pub const fn worth(points: i64, rate_fen: i64) -> i64 {
    let hundredths = points.saturating_mul(rate_fen);
    let whole = hundredths.div_euclid(100);
    if hundredths.rem_euclid(100) > 0 { whole + 1 } else { whole }
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
    fn every_kind_reads_back() {
        for kind in SourceKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        for state in ReceiptState::ALL {
            assert_eq!(state.as_str().parse(), Ok(*state));
        }
    }
}
