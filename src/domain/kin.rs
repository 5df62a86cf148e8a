//! Who is related to whom across households, and who must therefore step back (回避).

use super::{
    household::{Membership, household_on},
    ids::{HouseholdId, PersonId},
    time::Day,
    wording::vocabulary,
};

vocabulary! {
    /// What the second person is to the first.
    KinKind {
        /// Husband or wife.
        Spouse = "spouse", "配偶", "spouse";
        /// Father or mother.
        Parent = "parent", "父母", "parent";
        /// Son or daughter.
        Child = "child", "子女", "child";
        /// Brother or sister.
        Sibling = "sibling", "兄弟姐妹", "sibling";
        /// Grandfather or grandmother.
        Grandparent = "grandparent", "祖父母", "grandparent";
        /// Grandson or granddaughter.
        Grandchild = "grandchild", "孙子女", "grandchild";
        /// Father-in-law or mother-in-law.
        ParentInLaw = "parent_in_law", "岳父母/公婆", "parent-in-law";
        /// Son-in-law or daughter-in-law.
        ChildInLaw = "child_in_law", "儿媳/女婿", "child-in-law";
        /// Uncle, aunt, nephew, niece or cousin.
        Collateral = "collateral", "旁系亲属", "other relative";
    }
}

impl KinKind {
    /// The same tie seen from the other side.
    #[must_use]
    pub const fn inverse(self) -> Self {
        match self {
            Self::Parent => Self::Child,
            Self::Child => Self::Parent,
            Self::Grandparent => Self::Grandchild,
            Self::Grandchild => Self::Grandparent,
            Self::ParentInLaw => Self::ChildInLaw,
            Self::ChildInLaw => Self::ParentInLaw,
            same => same,
        }
    }
}

/// A tie of kinship: `relative` is `person`'s `kind`. Written once, read from both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kin {
    /// From whom it is seen.
    pub person: PersonId,
    /// Whom it names.
    pub relative: PersonId,
    /// As what.
    pub kind: KinKind,
    /// The first day on which it bars nobody, if it was taken back.
    pub until: Option<Day>,
}

impl Kin {
    /// Whether it stands on `day`: a tie has no beginning, only perhaps the day it was taken back.
    #[must_use]
    pub fn stands_on(&self, day: Day) -> bool {
        self.until.is_none_or(|until| day < until)
    }

    /// The other person and what they are to `person`, if the tie concerns `person`.
    #[must_use]
    pub fn seen_from(&self, person: PersonId) -> Option<(PersonId, KinKind)> {
        if self.person == person {
            Some((self.relative, self.kind))
        } else if self.relative == person {
            Some((self.person, self.kind.inverse()))
        } else {
            None
        }
    }
}

/// Why someone may not record, review or decide a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecusalReason {
    /// It is their own household.
    OwnHousehold,
    /// A relative belongs to the household.
    Kin {
        /// Who.
        relative: PersonId,
        /// What they are to the one who steps back.
        kind: KinKind,
    },
}

/// Whether `actor` must step back from a matter of `subject` on `day`.
#[must_use]
pub fn recusal(
    actor: PersonId,
    subject: HouseholdId,
    memberships: &[Membership],
    kin: &[Kin],
    day: Day,
) -> Option<RecusalReason> {
    if household_on(memberships, actor, day) == Some(subject) {
        return Some(RecusalReason::OwnHousehold);
    }
    kin.iter().filter(|tie| tie.stands_on(day)).filter_map(|tie| tie.seen_from(actor)).find_map(
        |(relative, kind)| {
            (household_on(memberships, relative, day) == Some(subject))
                .then_some(RecusalReason::Kin { relative, kind })
        },
    )
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::person::Relation;

    #[test]
    fn a_clerk_steps_back_from_own_household_and_from_a_brothers_but_not_from_a_neighbours() {
        let person = |n| PersonId(Uuid::from_u128(n));
        let house = |n| HouseholdId(Uuid::from_u128(n));
        let start = Day::from_number(20_000);
        let at = |p, h| Membership {
            person: person(p),
            household: house(h),
            relation: Relation::Head,
            from: start,
            to: None,
        };
        let all = [at(1, 10), at(2, 20), at(3, 30)];
        let kin = [Kin {
            person: person(2),
            relative: person(1),
            kind: KinKind::Parent,
            until: Some(start.plus(9)),
        }];
        let check = |actor, subject, day| recusal(person(actor), house(subject), &all, &kin, day);
        assert_eq!(check(1, 10, start), Some(RecusalReason::OwnHousehold));
        let son = RecusalReason::Kin { relative: person(2), kind: KinKind::Child };
        assert_eq!(check(1, 20, start), Some(son));
        assert_eq!(check(1, 30, start), None);
        assert_eq!(check(1, 20, start.plus(-1)), None);
        assert_eq!(check(1, 20, start.plus(8)), Some(son), "the day before it is taken back");
        assert_eq!(check(1, 20, start.plus(9)), None);
    }
}
