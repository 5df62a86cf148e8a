//! Ties of kinship between the households of the demo: brothers next door, parents who live apart.

use super::{DemoHousehold, DemoKin, DemoPerson, dice::Dice};
use crate::domain::kin::KinKind;

/// Ties between heads of neighbouring households of one surname, as their years of birth allow.
pub(super) fn ties(dice: &mut Dice, households: &[DemoHousehold], people: &[DemoPerson]) -> Vec<DemoKin> {
    let mut ties = Vec::new();
    for (elder, younger) in households.iter().zip(households.iter().skip(1)) {
        let heads = elder.people.first().zip(younger.people.first());
        let Some((&a, &b)) = heads.filter(|_| elder.group == younger.group) else { continue };
        let (Some(first), Some(second)) = (people.get(a), people.get(b)) else { continue };
        if family(first) != family(second) || !dice.percent(70) {
            continue;
        }
        let kind = match second.birth_year.year() - first.birth_year.year() {
            -12..=12 => KinKind::Sibling,
            20..=42 => KinKind::Child,
            -42..=-20 => KinKind::Parent,
            _ => KinKind::Collateral,
        };
        ties.push(DemoKin { person: a, relative: b, kind });
    }
    ties
}

/// The surname, or the clan before the `·`.
fn family(person: &DemoPerson) -> &str {
    person.name.surname().unwrap_or_else(|| person.name.as_str().split('·').next().unwrap_or_default())
}
