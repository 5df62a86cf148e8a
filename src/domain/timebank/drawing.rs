//! Saving and drawing: whose minutes pay for a service, what becomes of minutes beyond the cap, gifts and their
//! cooling days. Moves nothing: the ledger does.

use super::policy::{Brim, Drawer, Drawing, Gifts, Receivers, Saving};
use crate::domain::{ids::PersonId, kin::KinKind, wording::vocabulary};

/// Whoever is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Served<'a> {
    /// Who.
    pub person: PersonId,
    /// The age reached this year, if the year of birth is known.
    pub age: Option<i32>,
    /// Whether the place recognised a special hardship.
    pub hardship: bool,
    /// Relatives in the register, and what they are to this person.
    pub kin: &'a [(PersonId, KinKind)],
    /// Whether the public pool may serve this person.
    pub pool: bool,
}

/// Who pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Payer {
    /// The minutes of a person.
    Person(PersonId),
    /// The public pool.
    Pool,
}

impl KinKind {
    /// Whether the tie is lineal by blood (直系亲属): parents, children, grandparents, grandchildren.
    #[must_use]
    pub const fn is_lineal(self) -> bool {
        matches!(self, Self::Parent | Self::Child | Self::Grandparent | Self::Grandchild)
    }
}

/// Who may pay for a service, in the order in which they are asked: the person, the spouse, the lineal relatives as the
/// register lists them, last the pool. Only ties of the register count; nobody pays for somebody too young to draw.
#[must_use]
pub fn payers(drawing: &Drawing, served: &Served<'_>) -> Vec<Payer> {
    let least = if served.hardship { drawing.hardship_age } else { drawing.age };
    let old_enough = least == 0 || served.age.is_some_and(|age| age >= least);
    let mut out = Vec::new();
    if old_enough {
        let tied = |fits: fn(KinKind) -> bool| {
            let ties = served.kin.iter().filter(move |(_, kind)| fits(*kind));
            ties.map(|(person, _)| Payer::Person(*person)).collect::<Vec<_>>()
        };
        for drawer in &drawing.drawers {
            match drawer {
                Drawer::Own => out.push(Payer::Person(served.person)),
                Drawer::Spouse => out.extend(tied(|kind| kind == KinKind::Spouse)),
                Drawer::Lineal => out.extend(tied(KinKind::is_lineal)),
            }
        }
    }
    if served.pool {
        out.push(Payer::Pool);
    }
    out
}

/// Where earned minutes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deposit {
    /// Into the account.
    pub saved: i64,
    /// Beyond the cap.
    pub over: Option<(Brim, i64)>,
}

/// Minutes go beyond the cap and the volunteer has not said what becomes of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{over} minutes go beyond the cap")]
pub struct ChooseAtTheBrim {
    /// How many.
    pub over: i64,
}

/// Splits `earned` minutes at the cap of somebody who has `saved` already.
///
/// # Errors
/// When some go beyond and nothing that the policy offers was chosen.
pub fn deposit(
    saving: &Saving,
    saved: i64,
    earned: i64,
    choice: Option<Brim>,
) -> Result<Deposit, ChooseAtTheBrim> {
    let room = saving.cap.map_or(earned, |cap| (cap - saved).max(0));
    let fits = earned.min(room);
    let over = earned - fits;
    if over == 0 {
        return Ok(Deposit { saved: fits, over: None });
    }
    let choice = choice.filter(|choice| saving.brim.contains(choice)).ok_or(ChooseAtTheBrim { over })?;
    Ok(Deposit { saved: fits, over: Some((choice, over)) })
}

/// What is known of a gift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gift {
    /// Who gives.
    pub giver: PersonId,
    /// Who receives.
    pub receiver: PersonId,
    /// What the receiver is to the giver, by the register.
    pub tie: Option<KinKind>,
    /// The age of the receiver, if the year of birth is known.
    pub age: Option<i32>,
    /// How many minutes.
    pub minutes: i64,
}

/// Why a gift is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GiftRefusal {
    /// Nothing is given.
    #[error("nothing is given")]
    Nothing,
    /// To oneself.
    #[error("to oneself")]
    Oneself,
    /// The register knows no tie that the policy accepts.
    #[error("no such relative in the register")]
    NoTie,
    /// The receiver is too young to draw.
    #[error("the receiver must be {0} or older")]
    TooYoung(i32),
    /// More than one person gives in a year.
    #[error("no more than {0} minutes a year")]
    TooMuch(i64),
}

/// Whether a gift is possible. Husband and wife count as family wherever family may receive; the yearly limit is counted
/// by the ledger, this refuses only what could never fit.
///
/// # Errors
/// The first reason why not.
pub fn gift(gifts: &Gifts, of: &Gift) -> Result<(), GiftRefusal> {
    if of.minutes <= 0 {
        return Err(GiftRefusal::Nothing);
    }
    if of.giver == of.receiver {
        return Err(GiftRefusal::Oneself);
    }
    let tied = match gifts.to {
        Receivers::Lineal => of.tie.is_some_and(KinKind::is_lineal),
        Receivers::KinAndFriends | Receivers::Anyone => true,
    };
    if !tied {
        return Err(GiftRefusal::NoTie);
    }
    if gifts.age > 0 && of.age.is_none_or(|age| age < gifts.age) {
        return Err(GiftRefusal::TooYoung(gifts.age));
    }
    if of.minutes > gifts.a_year { Err(GiftRefusal::TooMuch(gifts.a_year)) } else { Ok(()) }
}

vocabulary! {
    /// Where a gift stands.
    GiftState {
        /// The giver may still take it back.
        Cooling = "cooling", "冷静期", "may be taken back";
        /// It is the receiver's.
        Given = "given", "已转赠", "given";
        /// The giver took it back.
        TakenBack = "taken_back", "已撤回", "taken back";
    }
}

impl GiftState {
    /// The state after the giver takes it back, or after its days are over.
    #[must_use]
    pub const fn after(self, taken_back: bool) -> Option<Self> {
        match (self, taken_back) {
            (Self::Cooling, true) => Some(Self::TakenBack),
            (Self::Cooling, false) => Some(Self::Given),
            (Self::Given | Self::TakenBack, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::timebank::policy::{DEFAULT, HOUR, Policies, Policy};

    fn person(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }

    fn policy(code: &str) -> Policy {
        Policies::shipped().by_code(code).unwrap().clone()
    }

    const KIN: [(u128, KinKind); 5] = [
        (2, KinKind::Child),
        (3, KinKind::Spouse),
        (4, KinKind::Sibling),
        (5, KinKind::ChildInLaw),
        (6, KinKind::Grandchild),
    ];

    fn pay(code: &str, age: Option<i32>, hardship: bool, pool: bool) -> Vec<u128> {
        let kin: Vec<_> = KIN.iter().map(|(n, kind)| (person(*n), *kind)).collect();
        let served = Served { person: person(1), age, hardship, kin: &kin, pool };
        let number = |payer| match payer {
            Payer::Person(id) => id.0.as_u128(),
            Payer::Pool => 0,
        };
        payers(&policy(code).drawing, &served).into_iter().map(number).collect()
    }

    #[test]
    fn whose_minutes_pay_is_the_places_to_say() {
        assert_eq!(pay(DEFAULT, Some(60), false, true), [1, 3, 0]);
        assert_eq!(pay(DEFAULT, Some(59), false, true), [0], "too young to draw, the pool is another matter");
        assert_eq!(pay(DEFAULT, None, false, false), [], "nobody guesses an age");
        assert_eq!(pay("nanjing", Some(70), false, false), [1]);
        assert_eq!(pay("beijing", Some(70), false, false), [1, 3]);
        assert_eq!(pay("shanghai-hongkou", Some(64), false, false), []);
        assert_eq!(pay("shanghai-hongkou", Some(65), false, false), [1]);
        assert_eq!(pay("shanghai-hongkou", Some(60), true, false), [1]);
        assert_eq!(pay("guangzhou-nansha", None, false, false), [1, 3, 2, 6]);
    }

    #[test]
    fn beyond_the_cap_the_volunteer_chooses() {
        let saving = policy(DEFAULT).saving;
        let cap = 1_500 * HOUR;
        let put = |saved, earned, choice| deposit(&saving, saved, earned, choice);
        assert_eq!(put(cap - 60, 60, None), Ok(Deposit { saved: 60, over: None }));
        assert_eq!(put(cap - 60, 75, None), Err(ChooseAtTheBrim { over: 15 }));
        let donated = Deposit { saved: 60, over: Some((Brim::Donate, 15)) };
        assert_eq!(put(cap - 60, 75, Some(Brim::Donate)), Ok(donated));
        assert_eq!(put(cap, 30, Some(Brim::Honor)), Ok(Deposit { saved: 0, over: Some((Brim::Honor, 30)) }));
        // a cap that was lowered takes nothing away and lets nothing in
        let lowered = Deposit { saved: 0, over: Some((Brim::Honor, 30)) };
        assert_eq!(put(cap + 600, 30, Some(Brim::Honor)), Ok(lowered));
        let open = policy("beijing").saving;
        assert_eq!(deposit(&open, cap * 9, 60, None), Ok(Deposit { saved: 60, over: None }));
    }

    #[test]
    fn gifts_go_to_whom_the_place_allows() {
        let make = |code: &str, receiver, tie, age, minutes| {
            let of = Gift { giver: person(1), receiver: person(receiver), tie, age, minutes };
            gift(&policy(code).gifts, &of)
        };
        let (mother, brother) = (Some(KinKind::Parent), Some(KinKind::Sibling));
        assert_eq!(make(DEFAULT, 2, mother, Some(60), 200 * HOUR), Ok(()));
        assert_eq!(make(DEFAULT, 2, mother, Some(60), 200 * HOUR + 1), Err(GiftRefusal::TooMuch(200 * HOUR)));
        assert_eq!(make(DEFAULT, 2, mother, Some(59), HOUR), Err(GiftRefusal::TooYoung(60)));
        assert_eq!(make(DEFAULT, 2, brother, Some(70), HOUR), Err(GiftRefusal::NoTie));
        assert_eq!(make(DEFAULT, 2, None, Some(70), HOUR), Err(GiftRefusal::NoTie));
        assert_eq!(make(DEFAULT, 1, mother, Some(70), HOUR), Err(GiftRefusal::Oneself));
        assert_eq!(make(DEFAULT, 2, mother, Some(70), 0), Err(GiftRefusal::Nothing));
        assert_eq!(make("shanghai-hongkou", 2, None, Some(65), HOUR), Ok(()), "friends too");
        assert_eq!(make("guangzhou-nansha", 2, None, None, HOUR), Ok(()));
    }

    #[test]
    fn a_gift_is_given_or_taken_back_once() {
        assert_eq!(GiftState::Cooling.after(false), Some(GiftState::Given));
        assert_eq!(GiftState::Cooling.after(true), Some(GiftState::TakenBack));
        for over in [GiftState::Given, GiftState::TakenBack] {
            assert!(over.after(true).is_none() && over.after(false).is_none());
        }
    }
}
