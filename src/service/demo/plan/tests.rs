//! Tests of the demo village: exact counts, valid names, the same from the same seed, and a year that adds up.

use std::collections::{BTreeMap, HashSet};

use super::*;
use crate::domain::{
    household::{Membership, check_membership},
    ids::{HouseholdId, PersonId},
    pinyin::search_keys,
};

fn today() -> Day {
    "2026-11-22".parse().unwrap()
}

fn village() -> DemoPlan {
    plan(SEED, today())
}

fn batches(plan: &DemoPlan) -> BTreeMap<usize, &Batch> {
    let recorded = plan.events.iter().filter_map(|e| match &e.deed {
        Deed::Recorded(batch) => Some((batch.number, batch)),
        _ => None,
    });
    recorded.collect()
}

#[test]
fn the_same_seed_and_day_give_the_same_village_and_another_seed_another() {
    let plan = village();
    assert_eq!(plan, village());
    assert_ne!(plan.people, super::plan(SEED + 1, today()).people);
}

#[test]
fn the_village_has_exactly_its_households_people_grids_counters_and_goods() {
    for seed in [SEED, 1, 2] {
        let plan = super::plan(seed, today());
        assert_eq!((plan.households.len(), plan.people.len()), (HOUSEHOLDS, PEOPLE));
        let count = |kind| plan.orgs.iter().filter(|o| o.kind == kind).count();
        assert_eq!((count(OrgKind::Grid), count(OrgKind::Group), plan.counters.len()), (GRIDS, GRIDS, 2));
        assert!((60..=66).contains(&plan.goods.len()));
        assert_eq!(plan.staff.iter().filter(|s| s.person.is_none()).count(), 4, "four do not live there");
    }
}

#[test]
fn every_place_stands_where_its_kind_may() {
    let plan = village();
    for (place, org) in plan.orgs.iter().enumerate() {
        let parent = org.parent.map(|p| plan.orgs[p].kind);
        assert!(org.kind.may_stand_under(parent), "{}", org.name);
        assert!(org.parent.is_none_or(|p| p < place));
    }
    assert!(plan.orgs.iter().take(3).all(|o| o.code.is_some()));
    let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
    for household in &plan.households {
        *sizes.entry(household.household_group).or_default() += 1;
    }
    assert!(sizes.values().all(|n| (10..=20).contains(n)), "{sizes:?}");
}

#[test]
fn every_household_has_one_head_first_and_memberships_that_may_stand_together() {
    let plan = village();
    let mut memberships = Vec::new();
    for (h, household) in plan.households.iter().enumerate() {
        let heads = household.people.iter().filter(|p| plan.people[**p].relation == Relation::Head).count();
        assert_eq!((heads, plan.people[household.people[0]].relation), (1, Relation::Head));
        let mut own = Vec::new();
        for p in &household.people {
            let person = &plan.people[*p];
            assert_eq!(person.household, h);
            let m = Membership {
                person: PersonId(uuid::Uuid::from_u128(u128::try_from(*p).unwrap())),
                household: HouseholdId(uuid::Uuid::from_u128(u128::try_from(h).unwrap())),
                relation: person.relation,
                from: person.joined_on,
                to: None,
            };
            check_membership(&own, &m).unwrap();
            own.push(m);
        }
        memberships.extend(own);
    }
    assert_eq!(memberships.len(), PEOPLE);
}

#[test]
fn names_are_as_varied_as_in_a_register() {
    let plan = village();
    let names: Vec<&Name> = plan.people.iter().map(|p| &p.name).collect();
    let share = |f: &dyn Fn(&str) -> bool| names.iter().filter(|n| f(n.as_str())).count();
    assert!(share(&|n| n.contains('𬭎')) > 0 && share(&|n| n.contains('㛃')) > 0);
    assert!((40..400).contains(&share(&|n| n.contains('·'))));
    assert!((200..900).contains(&share(&|n| n.chars().count() == 2)));
    assert_eq!(share(&|n| n == "无名"), 0);
    let distinct: HashSet<&str> = names.iter().map(|n| n.as_str()).collect();
    assert!(distinct.len() > PEOPLE / 2, "{}", distinct.len());
    for name in names {
        let keys = search_keys(name);
        assert!(keys.pinyin.is_ascii(), "{name} {}", keys.pinyin);
        assert_ne!(name.masked(), name.as_str());
    }
    let three = plan.households.iter().filter(|h| {
        let has = |r| h.people.iter().any(|p| plan.people[*p].relation == r);
        has(Relation::Grandchild) || has(Relation::Parent) && has(Relation::Child)
    });
    assert!(three.count() > 150);
}

#[test]
fn about_six_adults_in_ten_have_a_phone() {
    let plan = village();
    let adults: Vec<_> = plan.people.iter().filter(|p| p.birth_year.age_in(2026) >= 18).collect();
    let phones = adults.iter().filter(|p| p.phone.is_some()).count();
    assert!((52..=68).contains(&(phones * 100 / adults.len())), "{phones} of {}", adults.len());
    assert!(plan.people.iter().all(|p| p.phone.is_none() || p.birth_year.age_in(2026) >= 17));
}

#[test]
fn a_full_year_issues_what_the_programme_expects() {
    let plan = village();
    let this_month = today().period(crate::domain::time::Period::Month).0;
    let mut points = 0;
    let mut items: BTreeMap<&str, usize> = BTreeMap::new();
    for batch in batches(&plan).values() {
        *items.entry(batch.item).or_default() += batch.lines.len();
        if batch.occurred_on < this_month {
            points += batch.lines.iter().map(|l| super::items::worth(batch.item, l)).sum::<i64>();
        }
    }
    assert!((7_600_000..=8_000_000).contains(&points), "{points} {items:?}");
    for item in ["A1", "A2", "A5", "B4", "B5", "C1", "D3", "E1", "E2", "F1"] {
        assert!(items.contains_key(item), "{item} {items:?}");
    }
}

#[test]
fn nobody_records_or_reviews_their_own_household() {
    let plan = village();
    let batches = batches(&plan);
    let own = |who: usize, batch: &Batch| {
        batch.lines.iter().any(|l| super::staff::lives_in(&plan.staff, who, l.household, &plan.people))
    };
    for batch in batches.values() {
        assert!(!own(batch.recorder, batch), "{}", batch.evidence);
        let place = plan.staff[batch.recorder].org;
        let inside = |l: &DemoLine| {
            place == plan.village || plan.orgs[plan.households[l.household].group].parent == Some(place)
        };
        assert!(batch.lines.iter().all(inside));
    }
    for event in &plan.events {
        if let Deed::Reviewed { batch, reviewers, .. } = &event.deed {
            assert!(reviewers.len() >= 2 && !reviewers.iter().any(|r| own(*r, batches[batch])));
        }
    }
}

#[test]
fn events_are_in_order_and_before_today_with_every_state_at_the_end() {
    for day in ["2026-11-22", "2026-03-01", "2026-01-02", "2026-05-15", "2026-07-05"] {
        let plan = super::plan(SEED, day.parse().unwrap());
        assert!(plan.events.is_sorted_by_key(|e| e.at));
        assert!(plan.events.iter().all(|e| e.at < plan.today.start()), "{day}");
        let (mut recorded, mut reviewed, mut compiled, mut published) = (0, 0, 0, 0);
        let (mut objected, mut decided, mut reversed, mut redeemed) = (0, 0, 0, 0);
        for event in &plan.events {
            match &event.deed {
                Deed::Recorded(_) => recorded += 1,
                Deed::Reviewed { .. } => reviewed += 1,
                Deed::NoticeCompiled { .. } => compiled += 1,
                Deed::NoticePublished { .. } => published += 1,
                Deed::Objected(_) => objected += 1,
                Deed::ObjectionDecided { .. } => decided += 1,
                Deed::Reversed(_) => reversed += 1,
                Deed::Redeemed(_) => redeemed += 1,
                _ => {}
            }
        }
        assert!(reviewed < recorded && published < compiled && decided < objected, "{day}");
        assert!(
            published >= 12 && reversed == 3 && (520..760).contains(&redeemed),
            "{day}: {published} {reversed} {redeemed}"
        );
    }
}

#[test]
fn no_shelf_runs_empty_and_no_quota_is_passed() {
    let plan = village();
    let mut stock: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    let mut scarce: BTreeMap<(usize, usize, Day), i64> = BTreeMap::new();
    for event in &plan.events {
        match &event.deed {
            Deed::GoodsReceived { counter, lines, .. } => {
                lines.iter().for_each(|(g, n)| *stock.entry((*counter, *g)).or_default() += n);
            }
            Deed::Redeemed(r) => {
                let points: i64 = r.lines.iter().map(|(g, n)| plan.goods[*g].price * n).sum();
                assert!(points > 0 && points <= 20_000);
                for (g, n) in &r.lines {
                    let goods = &plan.goods[*g];
                    let shelf = stock.entry((r.counter, *g)).or_default();
                    *shelf -= n;
                    assert!(*shelf >= 0 || goods.is_service(), "{}", goods.name);
                    if let Some((most, period)) = goods.quota {
                        let had =
                            scarce.entry((r.household, *g, event.at.day().period(period).0)).or_default();
                        *had += n;
                        assert!(*had <= most);
                    }
                }
            }
            _ => {}
        }
    }
}
