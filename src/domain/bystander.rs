//! Who stands at the counter beside the household (见证人、第二人、代办人), how much goes without phone and card, and when one
//! person comes for too many. Holds no identities and no amounts of anybody's.

use std::collections::BTreeSet;

use super::{amount::POINT_MINOR, ids::HouseholdId, time::Timestamp, wording::vocabulary};

/// The most a household may take in one day with a witness alone, in hundredths of a point.
pub const WITNESSED_DAY_MAX: i64 = 20 * POINT_MINOR;
/// How often in one month: whoever forgets more often needs a card.
pub const WITNESSED_MONTH_TIMES: i64 = 3;
/// The most a household may let a helper take in one day, as for a card.
pub const HELPER_DAY_MAX: i64 = 50 * POINT_MINOR;
/// Households that one person may help at a time.
pub const HELPED_HOUSEHOLDS_MAX: usize = 3;
/// Helpers that one household may have at a time.
pub const HELPERS_MAX: usize = 3;
/// So many households by one bearer within [`BEARER_SECONDS`] are looked into.
pub const BEARER_HOUSEHOLDS: usize = 3;
/// The span in which they are counted.
pub const BEARER_SECONDS: i64 = 600;

vocabulary! {
    /// What the other person is at the counter for.
    Part {
        /// Says who the household is, where nothing could be shown.
        Witness = "witness", "见证人", "witness";
        /// Confirms beside a shopkeeper whose own household or kin it is.
        Second = "second", "第二人", "second person";
        /// Fetches for the household.
        Helper = "helper", "代办人", "helper";
    }
}

vocabulary! {
    /// Why a household can show neither phone nor card.
    NothingShown {
        /// Left at home.
        Forgot = "forgot", "忘带手机和卡", "phone and card left at home";
        /// Cannot be read.
        Broken = "broken", "卡或手机坏了", "card or phone broken";
        /// Reported lost, and no new one yet.
        Lost = "lost", "卡丢了，还没补", "card lost, no new one yet";
        /// Never had one.
        NoneYet = "none_yet", "还没有办卡", "no card yet";
    }
}

vocabulary! {
    /// What the shopkeeper is to the household.
    Recused {
        /// It is the shopkeeper's own.
        Own = "own_household", "营业员本户", "the shopkeeper's own household";
        /// A relative of the shopkeeper belongs to it.
        Kin = "kin_household", "营业员亲属户", "household of the shopkeeper's kin";
    }
}

/// How many households one bearer came for in the span that ends now.
#[must_use]
pub fn households_of_bearer(served: &[(HouseholdId, Timestamp)], now: Timestamp) -> usize {
    let from = now.plus_seconds(-BEARER_SECONDS);
    served.iter().filter(|(_, at)| *at > from).map(|(home, _)| home).collect::<BTreeSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_bearer_is_counted_by_households_within_ten_minutes() {
        let now = Timestamp::from_micros(0).plus_days(20_000);
        let home = |n| HouseholdId(Uuid::from_u128(n));
        let ago = |n, seconds: i64| (home(n), now.plus_seconds(-seconds));
        assert_eq!(households_of_bearer(&[], now), 0);
        assert_eq!(households_of_bearer(&[ago(1, 0), ago(1, 5), ago(2, 9)], now), 2, "one came twice");
        assert_eq!(households_of_bearer(&[ago(1, 0), ago(2, 300), ago(3, 599)], now), BEARER_HOUSEHOLDS);
        assert_eq!(households_of_bearer(&[ago(1, 0), ago(2, 300), ago(3, 600)], now), 2, "too long ago");
    }
}
