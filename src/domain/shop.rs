//! Private shops where points are redeemed (商户兑换点): what the village owes for points, and the way of a monthly
//! statement from its drawing up to its payment. Holds no money of its own.

use super::{ids::ShopStatementId, wording::vocabulary};

/// The most of the value that a shop leaves to the village, in per mille.
pub const DISCOUNT_MAX: i64 = 300;
/// The last day of a month that may be the day of settlement: every month has it.
pub const SETTLE_DAY_MAX: i64 = 28;
/// The most days an agreement runs.
pub const AGREEMENT_DAYS_MAX: i32 = 3 * 366;

vocabulary! {
    /// How far an agreement with a shop has come.
    ShopState {
        /// Drawn up by one person.
        Drawn = "drawn", "待第二人同意", "waits for the second person";
        /// A second person agreed.
        Agreed = "agreed", "已签订", "agreed";
        /// The second person did not agree.
        Refused = "refused", "未同意", "not agreed";
        /// Either side ended it.
        Ended = "ended", "已终止", "ended";
    }
}

vocabulary! {
    /// What is done with a statement once it is drawn up.
    ShopVerb {
        /// The shop found it right.
        ConfirmShop = "confirm_shop", "商户确认", "confirmed by the shop";
        /// The village found it right.
        ConfirmVillage = "confirm_village", "村里确认", "confirmed by the village";
        /// One side did not find it right.
        Dispute = "dispute", "提出异议", "disputed";
        /// The clerk looked into it: it is to be confirmed anew.
        Answer = "answer", "答复异议", "answered";
        /// Whoever pays has checked it.
        Review = "review", "财务复核", "checked before payment";
    }
}

vocabulary! {
    /// What a line of a statement is.
    ShopEntryKind {
        /// Points were redeemed.
        Redemption = "redemption", "兑换", "redeemed";
        /// Something came back.
        Returned = "returned", "退货", "returned";
        /// It was typed wrongly.
        Voided = "voided", "作废", "void";
        /// A line was undone.
        Reversal = "reversal", "冲正", "undone";
    }
}

/// On what terms points are taken at a shop on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShopTerms {
    /// What a point is worth by the village's rules, in fen.
    pub rate_fen: i64,
    /// What the shop leaves of it to the village, in per mille.
    pub discount: i64,
}

impl ShopTerms {
    /// What points (minor units) of one line of a receipt are worth, in fen, rounded half up, once.
    #[must_use]
    pub fn gross(self, points: i64) -> i64 {
        half_up(i128::from(points) * i128::from(self.rate_fen), 100)
    }

    /// What the village owes for them, in fen, rounded half up, once.
    #[must_use]
    pub fn owed(self, points: i64) -> i64 {
        let share = i128::from(1_000 - self.discount);
        half_up(i128::from(points) * i128::from(self.rate_fen) * share, 100_000)
    }
}

/// A quotient rounded half up.
fn half_up(value: i128, by: i128) -> i64 {
    i64::try_from((2 * value + by).div_euclid(2 * by)).unwrap_or(i64::MAX)
}

/// How far a statement has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShopStanding {
    /// Drawn up, and confirmed by these sides.
    Drawn {
        /// The shop found it right.
        shop: bool,
        /// The village found it right.
        village: bool,
    },
    /// One side did not find it right.
    Disputed,
    /// Both found it right.
    Confirmed,
    /// Checked by whoever pays.
    Reviewed,
    /// Paid: it does not change any more.
    Paid,
}

/// What cannot be done with a statement as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not while it is {}", self.0.as_str())]
pub struct NotNow(pub ShopStanding);

impl ShopStanding {
    /// As it is after it was drawn up.
    pub const BEGIN: Self = Self::Drawn { shop: false, village: false };

    /// The stable code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Drawn { .. } => "drawn",
            Self::Disputed => "disputed",
            Self::Confirmed => "confirmed",
            Self::Reviewed => "reviewed",
            Self::Paid => "paid",
        }
    }

    /// As it stands after a step.
    pub const fn after(self, verb: ShopVerb) -> Result<Self, NotNow> {
        use ShopVerb::{Answer, ConfirmShop, ConfirmVillage, Dispute, Review};
        Ok(match (self, verb) {
            (Self::Drawn { shop: false, village }, ConfirmShop) => {
                if village {
                    Self::Confirmed
                } else {
                    Self::Drawn { shop: true, village }
                }
            }
            (Self::Drawn { shop, village: false }, ConfirmVillage) => {
                if shop {
                    Self::Confirmed
                } else {
                    Self::Drawn { shop, village: true }
                }
            }
            (Self::Drawn { .. } | Self::Confirmed | Self::Reviewed, Dispute) => Self::Disputed,
            // both look at it again
            (Self::Disputed, Answer) => Self::BEGIN,
            (Self::Confirmed, Review) => Self::Reviewed,
            (now, _) => return Err(NotNow(now)),
        })
    }

    /// As it stands after all steps so far.
    pub fn of(verbs: impl IntoIterator<Item = ShopVerb>, paid: bool) -> Result<Self, NotNow> {
        let now = verbs.into_iter().try_fold(Self::BEGIN, Self::after)?;
        match (now, paid) {
            (now, false) => Ok(now),
            (Self::Reviewed, true) => Ok(Self::Paid),
            (now, true) => Err(NotNow(now)),
        }
    }

    /// Whether both sides found it right, and neither took that back.
    #[must_use]
    pub const fn is_agreed(self) -> bool {
        matches!(self, Self::Confirmed | Self::Reviewed | Self::Paid)
    }
}

/// A statement as far as what is due by it depends on the ones before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settling {
    /// Which.
    pub id: ShopStatementId,
    /// Its number.
    pub no: i64,
    /// What its own lines come to, in fen.
    pub net: i64,
    /// What was paid by it and not undone.
    pub paid: i64,
    /// How far it has come.
    pub standing: ShopStanding,
}

/// What is carried into a statement and due by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// What the statements before leave over: negative when more was paid than they come to by now.
    pub carried: i64,
    /// What is due in all; nothing is paid of what is not positive.
    pub due: i64,
    /// The number of an earlier statement that must be settled first.
    pub waits_for: Option<i64>,
}

/// What is due by a statement, from all of the shop's statements in the order of their numbers.
#[must_use]
pub fn due(all: &[Settling], id: ShopStatementId) -> Due {
    let (mut carried, mut waits_for) = (0, None);
    for one in all {
        if one.id == id {
            return Due { carried, due: carried + one.net, waits_for };
        }
        carried += one.net - one.paid;
        // one by which nothing is due is settled once both sides found it right
        let settled = one.standing == ShopStanding::Paid || (one.standing.is_agreed() && carried <= 0);
        if !settled && waits_for.is_none() {
            waits_for = Some(one.no);
        }
    }
    Due { carried, due: carried, waits_for }
}

/// What is paid of `due` while `owed` stands in the ledger: never more than either.
#[must_use]
pub const fn payable(due: i64, owed: i64) -> i64 {
    let least = if due < owed { due } else { owed };
    if least > 0 { least } else { 0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one(no: i64, net: i64, paid: i64, standing: ShopStanding) -> Settling {
        Settling {
            id: ShopStatementId(uuid::Uuid::from_u128(u128::try_from(no).unwrap())),
            no,
            net,
            paid,
            standing,
        }
    }

    #[test]
    fn a_fen_is_rounded_half_up_once_a_line() {
        let terms = ShopTerms { rate_fen: 100, discount: 50 };
        assert_eq!((terms.gross(2_000), terms.owed(2_000)), (2_000, 1_900));
        // 0.1 point at 50 fen are 5 fen, less a tenth 4.5
        let terms = ShopTerms { rate_fen: 50, discount: 100 };
        assert_eq!((terms.gross(10), terms.owed(10)), (5, 5));
        assert_eq!((terms.gross(1), terms.owed(1)), (1, 0));
        assert_eq!(ShopTerms { rate_fen: 100, discount: 0 }.owed(1_234), 1_234);
    }

    #[test]
    fn two_sides_confirm_before_it_is_checked_and_a_dispute_sets_it_back() {
        use ShopVerb::{Answer, ConfirmShop, ConfirmVillage, Dispute, Review};
        let of = |verbs: &[ShopVerb], paid| ShopStanding::of(verbs.iter().copied(), paid);
        assert_eq!(of(&[ConfirmVillage, ConfirmShop], false), Ok(ShopStanding::Confirmed));
        assert_eq!(of(&[ConfirmShop, ConfirmVillage, Review], true), Ok(ShopStanding::Paid));
        assert_eq!(of(&[ConfirmShop, Dispute, Answer], false), Ok(ShopStanding::BEGIN));
        assert!(of(&[ConfirmShop, ConfirmShop], false).is_err());
        assert!(of(&[ConfirmShop, Review], false).is_err());
        assert!(of(&[ConfirmShop, ConfirmVillage], true).is_err());
        assert!(of(&[Dispute, ConfirmShop], false).is_err());
        assert!(of(&[Answer], false).is_err());
        assert_eq!(ShopStanding::Paid.after(Dispute), Err(NotNow(ShopStanding::Paid)));
    }

    #[test]
    fn what_was_paid_too_much_is_carried_to_the_next() {
        let all = [
            one(1, 1_000, 1_000, ShopStanding::Paid),
            one(2, -300, 0, ShopStanding::Confirmed),
            one(3, 500, 0, ShopStanding::BEGIN),
        ];
        assert_eq!(due(&all, all[1].id), Due { carried: 0, due: -300, waits_for: None });
        assert_eq!(due(&all, all[2].id), Due { carried: -300, due: 200, waits_for: None });
        let open = [one(1, 1_000, 0, ShopStanding::Reviewed), one(2, 100, 0, ShopStanding::BEGIN)];
        assert_eq!(due(&open, open[1].id).waits_for, Some(1));
        let disputed = [one(1, -5, 0, ShopStanding::Disputed), one(2, 100, 0, ShopStanding::BEGIN)];
        assert_eq!(due(&disputed, disputed[1].id).waits_for, Some(1));
    }

    #[test]
    fn never_more_is_paid_than_is_due_and_owed() {
        assert_eq!((payable(100, 70), payable(70, 100), payable(-5, 100), payable(5, -1)), (70, 70, 0, 0));
    }

    proptest! {
        /// The discount is what lies between the two, and never more than its share by a fen.
        #[test]
        fn the_shop_never_gets_more_than_the_points_are_worth(
            points in 0_i64..10_000_000, rate_fen in 1_i64..1_000, discount in 0..=DISCOUNT_MAX,
        ) {
            let terms = ShopTerms { rate_fen, discount };
            let (gross, owed) = (terms.gross(points), terms.owed(points));
            prop_assert!(0 <= owed && owed <= gross);
            let exact = gross * (1_000 - discount);
            prop_assert!((owed * 1_000 - exact).abs() <= 1_000, "{owed} of {gross}");
        }

        /// Paid in order, the payments never come to more than the statements.
        #[test]
        fn payments_in_order_come_to_what_the_statements_come_to(nets in prop::collection::vec(-500_i64..900, 1..12)) {
            let mut all: Vec<Settling> = Vec::new();
            for (net, no) in nets.iter().zip(1..) {
                all.push(one(no, *net, 0, ShopStanding::Reviewed));
                let at = due(&all, all[all.len() - 1].id);
                let last = all.last_mut().unwrap();
                let pay = payable(at.due, at.due);
                if pay > 0 {
                    (last.paid, last.standing) = (pay, ShopStanding::Paid);
                }
                let (net, paid) = all.iter().fold((0, 0), |(n, p), s| (n + s.net, p + s.paid));
                prop_assert!(at.waits_for.is_none());
                prop_assert!(paid >= net && (pay == 0 || paid == net));
            }
        }
    }
}
