//! Inheritance of hours (时长继承): where it stands, who may be an heir, and how what is left is shared out at the cap.
//! Knows no ledger.

use super::{
    drawing::{ChooseAtTheBrim, deposit},
    policy::{Brim, Inheritance, Policy},
};
use crate::domain::{kin::KinKind, time::Day, wording::vocabulary};

vocabulary! {
    /// Where an inheritance stands.
    EstateState {
        /// The account is frozen; nobody is named yet.
        Open = "open", "死亡待继承", "frozen, awaiting an heir";
        /// An heir is drawn up; a second person has to agree.
        Drawn = "drawn", "待复核", "a second person has to agree";
        /// The hours went to the heir, or to the pool.
        Settled = "settled", "已结清", "settled";
    }
}

vocabulary! {
    /// What makes somebody the heir.
    EstateGround {
        /// The volunteer named them in writing beforehand.
        Named = "named", "本人生前书面指定", "named in writing beforehand";
        /// The heirs agreed on them in writing.
        Agreed = "agreed", "继承人书面协商一致", "agreed by the heirs in writing";
    }
}

vocabulary! {
    /// What can be done to an inheritance.
    EstateMove {
        /// An heir is drawn up.
        Draw = "draw", "拟定继承人", "heir drawn up";
        /// A second person does not agree.
        Decline = "decline", "复核退回", "sent back";
        /// A second person agrees.
        Agree = "agree", "复核同意", "agreed";
        /// The days are over: the pool has it.
        Lapse = "lapse", "逾期归公共池", "to the public pool";
    }
}

impl EstateState {
    /// Where a move leads; nothing when it cannot be made from here.
    #[must_use]
    pub const fn after(self, step: EstateMove) -> Option<Self> {
        match (self, step) {
            (Self::Open, EstateMove::Draw) => Some(Self::Drawn),
            (Self::Drawn, EstateMove::Decline) => Some(Self::Open),
            (Self::Drawn, EstateMove::Agree) | (Self::Open, EstateMove::Lapse) => Some(Self::Settled),
            _ => None,
        }
    }
}

/// The first day on which the pool has what nobody inherited.
#[must_use]
pub const fn due(rule: &Inheritance, opened: Day) -> Day {
    opened.plus(rule.claim_days)
}

/// Whether the register makes somebody an heir: husband or wife, or lineal by blood.
#[must_use]
pub fn may_inherit(tie: Option<KinKind>) -> bool {
    tie.is_some_and(|kind| kind == KinKind::Spouse || kind.is_lineal())
}

/// How what is left is shared out. The three sum to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shares {
    /// Into the heir's account.
    pub saved: i64,
    /// Into the public pool.
    pub pooled: i64,
    /// For honour only.
    pub honoured: i64,
}

impl Shares {
    /// Everything to the pool.
    #[must_use]
    pub const fn to_pool(minutes: i64) -> Self {
        Self { saved: 0, pooled: minutes, honoured: 0 }
    }

    /// What was shared out.
    #[must_use]
    pub const fn total(&self) -> i64 {
        self.saved + self.pooled + self.honoured
    }
}

/// Shares `minutes` out to an heir who has `saved` already. A yearly limit of gifts counts only where the policy says so;
/// what it leaves over goes to the pool.
///
/// # Errors
/// When some go beyond the heir's cap and nothing that the policy offers was chosen.
pub fn shares(
    policy: &Policy,
    minutes: i64,
    (saved, given): (i64, i64),
    choice: Option<Brim>,
) -> Result<Shares, ChooseAtTheBrim> {
    let limit =
        if policy.inheritance.under_gift_limit { (policy.gifts.a_year - given).max(0) } else { minutes };
    let passes = minutes.min(limit);
    let put = deposit(&policy.saving, saved, passes, choice)?;
    let (donated, honoured) = match put.over {
        Some((Brim::Donate, over)) => (over, 0),
        Some((Brim::Honor, over)) => (0, over),
        None => (0, 0),
    };
    Ok(Shares { saved: put.saved, pooled: minutes - passes + donated, honoured })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::timebank::policy::{DEFAULT, HOUR, Policies};

    fn policy(under_gift_limit: bool) -> Policy {
        let mut policy = Policies::shipped().by_code(DEFAULT).unwrap().clone();
        policy.inheritance.under_gift_limit = under_gift_limit;
        policy
    }

    #[test]
    fn husband_wife_and_lineal_kin_inherit_and_nobody_else() {
        let heirs = KinKind::ALL.iter().filter(|kind| may_inherit(Some(**kind)));
        let expected =
            [KinKind::Spouse, KinKind::Parent, KinKind::Child, KinKind::Grandparent, KinKind::Grandchild];
        assert_eq!(heirs.copied().collect::<Vec<_>>(), expected);
        assert!(!may_inherit(None));
    }

    #[test]
    fn it_is_settled_once_and_only_by_two_or_by_the_days() {
        use {EstateMove as M, EstateState as S};
        let ways: Vec<_> = S::ALL
            .iter()
            .flat_map(|from| M::ALL.iter().filter_map(|step| Some((*from, *step, from.after(*step)?))))
            .collect();
        assert_eq!(
            ways,
            [
                (S::Open, M::Draw, S::Drawn),
                (S::Open, M::Lapse, S::Settled),
                (S::Drawn, M::Decline, S::Open),
                (S::Drawn, M::Agree, S::Settled),
            ]
        );
    }

    #[test]
    fn the_yearly_limit_of_gifts_counts_only_where_the_policy_says_so() {
        let (plain, limited) = (policy(false), policy(true));
        let all = shares(&plain, 300 * HOUR, (0, 0), None).unwrap();
        assert_eq!(all, Shares { saved: 300 * HOUR, pooled: 0, honoured: 0 });
        let part = shares(&limited, 300 * HOUR, (0, 50 * HOUR), None).unwrap();
        assert_eq!(part, Shares { saved: 150 * HOUR, pooled: 150 * HOUR, honoured: 0 });
        let brim = shares(&plain, 300 * HOUR, (1_400 * HOUR, 0), None);
        assert_eq!(brim, Err(ChooseAtTheBrim { over: 200 * HOUR }));
        let honour = shares(&plain, 300 * HOUR, (1_400 * HOUR, 0), Some(Brim::Honor)).unwrap();
        assert_eq!(honour, Shares { saved: 100 * HOUR, pooled: 0, honoured: 200 * HOUR });
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_made(
            minutes in 1..400_000_i64, saved in 0..200_000_i64, given in 0..20_000_i64,
            limited: bool, donates: bool,
        ) {
            let choice = if donates { Brim::Donate } else { Brim::Honor };
            let policy = policy(limited);
            let out = shares(&policy, minutes, (saved, given), Some(choice)).unwrap();
            prop_assert_eq!(out.total(), minutes);
            prop_assert!(out.saved >= 0 && out.pooled >= 0 && out.honoured >= 0);
            prop_assert!(out.saved == 0 || saved + out.saved <= policy.saving.cap.unwrap());
        }
    }
}
