//! Who may serve: age, guardian, health, insurance, training, and nobody who is barred. Keeps no health facts: only that
//! a declaration was made.

use super::{
    ServiceKind,
    policy::{Joining, Minors},
};
use crate::domain::time::Day;

/// What is known of somebody who wants to serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The age reached this year, if the year of birth is known.
    pub age: Option<i32>,
    /// Whether a guardian consented and comes along.
    pub guardian: bool,
    /// Whether they declared to be well enough.
    pub declared_well: bool,
    /// The last day of their insurance.
    pub insured_until: Option<Day>,
    /// Whether they were trained for care.
    pub trained: bool,
    /// Barred for false hours up to and with this day.
    pub barred_until: Option<Day>,
}

/// Why somebody may not serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JoinRefusal {
    /// Nobody knows how old they are.
    #[error("the year of birth is not known")]
    AgeUnknown,
    /// Too young, or minors do not serve here.
    #[error("too young")]
    TooYoung,
    /// A minor without a guardian's consent and company.
    #[error("a guardian must consent and come along")]
    GuardianMissing,
    /// A minor outside a group.
    #[error("minors serve in groups only")]
    GroupOnly,
    /// No declaration of health.
    #[error("no declaration of health")]
    NotDeclared,
    /// Work outside or with the body, without insurance on that day.
    #[error("not insured on that day")]
    NotInsured,
    /// Care without training.
    #[error("not trained")]
    NotTrained,
    /// Barred.
    #[error("barred until {0}")]
    Barred(Day),
}

impl ServiceKind {
    /// Whether it is done outside or with the body, and so needs insurance.
    #[must_use]
    pub const fn needs_insurance(self) -> bool {
        matches!(self, Self::Outing | Self::Cleaning | Self::Urgent | Self::Clinic | Self::Errands)
    }

    /// Whether it is care, and so needs training.
    #[must_use]
    pub const fn needs_training(self) -> bool {
        matches!(self, Self::Urgent | Self::Clinic)
    }
}

/// Whether somebody may do `kind` on `day`, alone or in a group.
///
/// # Errors
/// The first reason why not.
pub fn may_serve(
    joining: &Joining,
    of: &Standing,
    (kind, day): (ServiceKind, Day),
    in_group: bool,
) -> Result<(), JoinRefusal> {
    if let Some(until) = of.barred_until.filter(|until| day <= *until) {
        return Err(JoinRefusal::Barred(until));
    }
    let age = of.age.ok_or(JoinRefusal::AgeUnknown)?;
    if age < joining.adult_age {
        match joining.minors {
            Minors::None => return Err(JoinRefusal::TooYoung),
            _ if age < joining.minor_age => return Err(JoinRefusal::TooYoung),
            Minors::Group if !in_group => return Err(JoinRefusal::GroupOnly),
            Minors::Guardian | Minors::Group if !of.guardian => return Err(JoinRefusal::GuardianMissing),
            Minors::Guardian | Minors::Group => {}
        }
    }
    if !of.declared_well {
        return Err(JoinRefusal::NotDeclared);
    }
    if kind.needs_insurance() && of.insured_until.is_none_or(|until| until < day) {
        return Err(JoinRefusal::NotInsured);
    }
    if kind.needs_training() && !of.trained {
        return Err(JoinRefusal::NotTrained);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::timebank::policy::{DEFAULT, Policies};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn grown() -> Standing {
        Standing {
            age: Some(45),
            guardian: false,
            declared_well: true,
            insured_until: Some(day("2026-12-31")),
            trained: true,
            barred_until: None,
        }
    }

    fn asked(policy: &str, of: Standing, kind: ServiceKind, group: bool) -> Result<(), JoinRefusal> {
        let policies = Policies::shipped();
        may_serve(&policies.by_code(policy).unwrap().joining, &of, (kind, day("2026-06-01")), group)
    }

    #[test]
    fn minors_serve_as_the_place_has_it() {
        let young = |age, guardian| Standing { age: Some(age), guardian, ..grown() };
        let company = ServiceKind::Company;
        assert_eq!(asked(DEFAULT, young(15, true), company, false), Ok(()));
        assert_eq!(asked(DEFAULT, young(15, false), company, false), Err(JoinRefusal::GuardianMissing));
        assert_eq!(asked(DEFAULT, young(13, true), company, false), Err(JoinRefusal::TooYoung));
        assert_eq!(asked(DEFAULT, young(18, false), company, false), Ok(()));
        // pupils of any age with their guardian
        assert_eq!(asked("beijing", young(10, true), company, false), Ok(()));
        assert_eq!(asked("beijing", young(10, false), company, false), Err(JoinRefusal::GuardianMissing));
        // in groups only
        assert_eq!(asked("shanghai-hongkou", young(16, true), company, false), Err(JoinRefusal::GroupOnly));
        assert_eq!(asked("shanghai-hongkou", young(16, true), company, true), Ok(()));
        let unknown = Standing { age: None, ..grown() };
        assert_eq!(asked(DEFAULT, unknown, company, false), Err(JoinRefusal::AgeUnknown));
    }

    #[test]
    fn outside_one_is_insured_and_for_care_trained_and_the_barred_wait() {
        let bare = Standing { insured_until: Some(day("2026-05-31")), trained: false, ..grown() };
        assert_eq!(asked(DEFAULT, bare, ServiceKind::Culture, false), Ok(()));
        assert_eq!(asked(DEFAULT, bare, ServiceKind::Errands, false), Err(JoinRefusal::NotInsured));
        let untrained = Standing { trained: false, ..grown() };
        assert_eq!(asked(DEFAULT, untrained, ServiceKind::Clinic, false), Err(JoinRefusal::NotTrained));
        let ill = Standing { declared_well: false, ..grown() };
        assert_eq!(asked(DEFAULT, ill, ServiceKind::Culture, false), Err(JoinRefusal::NotDeclared));
        let until = day("2026-06-01");
        let barred = Standing { barred_until: Some(until), ..grown() };
        assert_eq!(asked(DEFAULT, barred, ServiceKind::Culture, false), Err(JoinRefusal::Barred(until)));
        let over = Standing { barred_until: Some(day("2026-05-31")), ..grown() };
        assert_eq!(asked(DEFAULT, over, ServiceKind::Culture, false), Ok(()));
    }
}
