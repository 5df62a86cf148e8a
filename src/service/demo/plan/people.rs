//! Who lives in the demo village: families of one to six, three generations under one roof where that is usual,
//! exactly as many households and people as the census average.

use super::{
    DemoHousehold, DemoOrg, DemoPerson, HOUSEHOLDS, PEOPLE,
    dice::Dice,
    names::{self, House},
    places,
};
use crate::domain::{
    household::{HouseholdNo, PersonNo},
    person::{BirthYear, Phone, Relation},
    time::Day,
};

/// A person before numbering.
struct Sketch {
    relation: Relation,
    name: String,
    born: i32,
}

/// A household before numbering.
struct Roof {
    home: (usize, usize, usize),
    house: House,
    man: bool,
    members: Vec<Sketch>,
}

/// The register: households and people by number.
pub(super) fn register(
    dice: &mut Dice,
    orgs: &[DemoOrg],
    starts_on: Day,
) -> (Vec<DemoHousehold>, Vec<DemoPerson>) {
    let present = starts_on.ymd().0;
    let mut roofs: Vec<Roof> = Vec::with_capacity(HOUSEHOLDS);
    for home in places::homes(orgs) {
        // Clans live together: every other family has the surname of a neighbour.
        let neighbour = roofs.last().filter(|r| r.home.1 == home.1).map(|r| r.house);
        let house = neighbour.filter(|_| dice.percent(45)).unwrap_or_else(|| names::house(dice));
        roofs.push(family(dice, home, house, present));
    }
    rare_names(&mut roofs);
    settle(dice, &mut roofs, present);
    number(dice, roofs, starts_on)
}

fn family(dice: &mut Dice, home: (usize, usize, usize), house: House, present: i32) -> Roof {
    let man = dice.percent(84);
    let mut roof = Roof { home, house, man, members: Vec::new() };
    match dice.below(100) {
        0..=8 => {
            let age = dice.between(58, 88);
            add(dice, &mut roof, Relation::Head, present - age);
        }
        9..=23 => couple(dice, &mut roof, present, (60, 84), 0),
        24..=46 => couple(dice, &mut roof, present, (28, 58), 1),
        47..=68 => couple(dice, &mut roof, present, (30, 56), 2),
        69..=82 => {
            let children = 1 + dice.below(2);
            couple(dice, &mut roof, present, (32, 55), children);
            elders(dice, &mut roof);
        }
        83..=94 => three_generations(dice, &mut roof, present),
        _ => {
            let age = dice.between(32, 60);
            add(dice, &mut roof, Relation::Head, present - age);
            child(dice, &mut roof, present);
        }
    }
    roof
}

fn add(dice: &mut Dice, roof: &mut Roof, relation: Relation, born: i32) {
    let man = match relation {
        Relation::Head => roof.man,
        Relation::Spouse => !roof.man,
        Relation::Parent => roof.members.iter().any(|m| m.relation == Relation::Parent),
        _ => dice.percent(52),
    };
    // Children are named after the father, grandchildren after the son; whoever marries in keeps a name.
    let house = match relation {
        Relation::Spouse | Relation::ChildInLaw => names::house(dice),
        Relation::Parent if !man => names::house(dice),
        _ => roof.house,
    };
    let mut name = names::name(dice, house, man, born);
    while roof.members.iter().any(|m| m.name == name) {
        name = names::name(dice, house, man, born);
    }
    roof.members.push(Sketch { relation, name, born });
}

fn head_born(roof: &Roof) -> i32 {
    roof.members.first().map_or(1970, |m| m.born)
}

fn couple(dice: &mut Dice, roof: &mut Roof, present: i32, ages: (i32, i32), children: usize) {
    let born = present - dice.between(ages.0, ages.1);
    add(dice, roof, Relation::Head, born);
    let spouse = born + dice.between(-3, 4);
    add(dice, roof, Relation::Spouse, spouse);
    for _ in 0..children {
        child(dice, roof, present);
    }
}

fn child(dice: &mut Dice, roof: &mut Roof, present: i32) {
    let born = (head_born(roof) + dice.between(22, 32)).min(present - 1);
    add(dice, roof, Relation::Child, born);
}

fn elders(dice: &mut Dice, roof: &mut Roof) {
    for _ in 0..=usize::from(dice.percent(45)) {
        let born = (head_born(roof) - dice.between(22, 29)).max(1932);
        add(dice, roof, Relation::Parent, born);
    }
}

fn three_generations(dice: &mut Dice, roof: &mut Roof, present: i32) {
    couple(dice, roof, present, (56, 74), 0);
    let born = head_born(roof) + dice.between(23, 28);
    add(dice, roof, Relation::Child, born);
    let in_law = born + dice.between(-3, 3);
    add(dice, roof, Relation::ChildInLaw, in_law);
    for _ in 0..=usize::from(dice.percent(55)) {
        let grandchild = (born + dice.between(23, 31)).min(present - 1);
        add(dice, roof, Relation::Grandchild, grandchild);
    }
}

/// The two names every register should be tried with, whatever the seed.
fn rare_names(roofs: &mut [Roof]) {
    let surnamed = roofs.iter_mut().filter_map(|r| match r.house {
        House::Surname(surname) => r.members.first_mut().map(|head| (surname, head)),
        House::Clan(_) => None,
    });
    for ((surname, head), given) in surnamed.skip(7).step_by(11).zip(["𬭎", "㛃"]) {
        head.name = format!("{surname}{given}");
    }
}

/// Adds or removes children until the village has its people.
fn settle(dice: &mut Dice, roofs: &mut [Roof], present: i32) {
    let mut count: usize = roofs.iter().map(|r| r.members.len()).sum();
    while count != PEOPLE {
        let place = dice.below(roofs.len());
        let Some(roof) = roofs.get_mut(place) else { continue };
        if count < PEOPLE && (2..5).contains(&roof.members.len()) && head_born(roof) > present - 62 {
            child(dice, roof, present);
            count += 1;
        } else if count > PEOPLE && roof.members.len() > 2 {
            let last = roof.members.last().map(|m| m.relation);
            if matches!(last, Some(Relation::Child | Relation::Grandchild)) {
                roof.members.pop();
                count -= 1;
            }
        }
    }
}

fn number(dice: &mut Dice, roofs: Vec<Roof>, starts_on: Day) -> (Vec<DemoHousehold>, Vec<DemoPerson>) {
    let mut households = Vec::with_capacity(HOUSEHOLDS);
    let mut people: Vec<DemoPerson> = Vec::with_capacity(PEOPLE);
    let present = starts_on.ymd().0;
    for (place, roof) in roofs.into_iter().enumerate() {
        let mut members = Vec::new();
        for sketch in roof.members {
            members.push(people.len());
            let lived = dice.between(30, 4_000).min((present - sketch.born).max(1) * 300);
            people.push(DemoPerson {
                no: PersonNo::from_ordinal(ordinal(people.len())),
                household: place,
                name: names::parsed(&sketch.name),
                relation: sketch.relation,
                birth_year: BirthYear::new(sketch.born, present)
                    .or_else(|_| BirthYear::new(present, present))
                    .unwrap_or_else(|_| unreachable!("the present year is a year of birth")),
                phone: None,
                joined_on: starts_on.plus(-lived),
            });
        }
        let (grid, group, household_group) = roof.home;
        let no = HouseholdNo::from_ordinal(ordinal(place));
        households.push(DemoHousehold { no, grid, group, household_group, people: members });
    }
    (households, people)
}

fn ordinal(place: usize) -> u32 {
    u32::try_from(place + 1).unwrap_or(u32::MAX)
}

/// Gives six adults in ten a number, the old ones less often. 140 is a series of machines, so nobody is called.
pub(super) fn phones(dice: &mut Dice, people: &mut [DemoPerson], today: Day) {
    let year = today.ymd().0;
    for (place, person) in people.iter_mut().enumerate() {
        let share = match person.birth_year.age_in(year) {
            ..18 => 0,
            18..60 => 72,
            60..70 => 48,
            _ => 20,
        };
        if dice.percent(share) {
            person.phone = Phone::parse(&format!("140{:08}", 53_000_000 + place * 7 + 1)).ok();
        }
    }
}
