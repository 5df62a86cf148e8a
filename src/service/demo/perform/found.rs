//! The first hour of the demo installation: places, users, the book, the register, funds, counters, goods, cards.

use std::collections::BTreeSet;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{PASSWORD, TOTP_SECRET, Village, missing, pin_of, procedure};
use crate::{
    domain::{
        goods::GoodsKind,
        ids::{BookId, OrgId, UserId},
        kin::Kin,
        market::{Hours, OpeningRule, When},
        time::ManualClock,
    },
    service::{
        Actor, Desk, ServiceResult,
        caller::{Clerk, Staff, Township},
        counters::NewCounter,
        demo::plan::DemoPlan,
        goods::NewGoods,
        import::{ImportPlan, PlannedHousehold, PlannedPerson},
        market::NewCalendar,
    },
    store::{self, org::OrgRow, programme::ProgrammeRow},
};

/// The rule set the village adopted.
pub(super) const RULES: &str = include_str!("../../../../rules/rural-village.toml");
/// Cards issued at once.
const AT_ONCE: usize = 16;

/// Makes everything that stands before the first event.
pub(super) async fn found<'a>(
    desk: &Desk,
    clock: &ManualClock,
    plan: &'a DemoPlan,
) -> ServiceResult<Village<'a>> {
    // the village adopts its compact and rules before the year that is told
    clock.set(plan.starts_on.plus(-procedure::DAYS_BEFORE).start());
    let book: BookId = desk.id();
    let orgs = places(desk, plan, book).await?;
    let users = users(desk, plan, &orgs).await?;
    let mut village = Village {
        plan,
        book,
        staff: Vec::new(),
        households: Vec::new(),
        people: Vec::new(),
        counters: Vec::new(),
        skus: Vec::new(),
        awards: Vec::new(),
        notices: Vec::new(),
        objections: Vec::new(),
        tally: super::Tally::default(),
    };
    village.staff = staff(desk, book, &users).await?;
    rules(desk, clock, &village).await?;
    register(desk, &mut village, &orgs).await?;
    people_of_staff(desk, &village, &users).await?;
    // recusal looks at who the staff are: read them again
    village.staff = staff(desk, book, &users).await?;
    shop(desk, &mut village, &users).await?;
    cards(desk, &village).await?;
    Ok(village)
}

async fn places(desk: &Desk, plan: &DemoPlan, book: BookId) -> ServiceResult<Vec<OrgId>> {
    let mut tx = desk.db.begin_write().await?;
    let mut ids: Vec<OrgId> = Vec::with_capacity(plan.orgs.len());
    for (position, org) in (0..).zip(&plan.orgs) {
        let id: OrgId = desk.id();
        let row = OrgRow {
            id,
            parent_id: org.parent.and_then(|p| ids.get(p).copied()),
            kind: org.kind.as_str().to_owned(),
            labels: "rural".to_owned(),
            name: org.name.clone(),
            position,
            opened_on: plan.starts_on,
            closed_on: None,
        };
        store::org::insert(&mut tx, &row).await?;
        if let Some(code) = &org.code {
            store::org::add_code(&mut tx, id, "stats-2023", code.as_str(), plan.starts_on).await?;
        }
        ids.push(id);
    }
    desk.create_book(&mut tx, book).await?;
    let programme = ProgrammeRow {
        book_id: book,
        org_id: ids.get(plan.village).copied().ok_or_else(|| missing("village"))?,
        no: 1,
        name: "青禾村绿币积分".to_owned(),
        name_en: "Qinghe village points".to_owned(),
        opened_on: plan.starts_on,
        demo: true,
    };
    store::programme::insert(&mut tx, &programme).await?;
    tx.commit().await?;
    Ok(ids)
}

async fn users(desk: &Desk, plan: &DemoPlan, orgs: &[OrgId]) -> ServiceResult<Vec<UserId>> {
    let hash = desk.hash_secret(PASSWORD).await?;
    let now = desk.now();
    let mut tx = desk.db.begin_write().await?;
    let mut ids = Vec::with_capacity(plan.staff.len());
    for staff in &plan.staff {
        let id: UserId = desk.id();
        store::login::insert(&mut tx, id, &staff.login, &staff.name, &hash, "active", now).await?;
        let sealed = desk.seal(&TOTP_SECRET, id.0.as_bytes())?;
        store::login::set_totp(&mut tx, id, Some(&sealed), 0).await?;
        let org = orgs.get(staff.org).copied().ok_or_else(|| missing("place"))?;
        let by = Actor::System.to_string();
        store::login::grant(&mut tx, desk.id(), id, staff.role.as_str(), org, now, &by).await?;
        ids.push(id);
    }
    tx.commit().await?;
    Ok(ids)
}

/// What everybody may do on the book. The county administrator stands above all books and gets no such record: their
/// place is kept by an empty one.
async fn staff(desk: &Desk, book: BookId, users: &[UserId]) -> ServiceResult<Vec<Staff>> {
    let mut out = Vec::with_capacity(users.len());
    for user in users {
        let who = desk.staff_sign_in(*user).await?.ok_or_else(|| missing("user"))?;
        let org = who.grants.first().map(|g| g.org).ok_or_else(|| missing("grant"))?;
        let nobody = Staff {
            user: *user,
            book,
            org,
            person: None,
            also: Vec::new(),
            known: true,
            roles: Vec::new(),
            scope: None,
        };
        out.push(desk.staff_for(&who, book).await?.unwrap_or(nobody));
    }
    Ok(out)
}

async fn rules(desk: &Desk, clock: &ManualClock, village: &Village<'_>) -> ServiceResult<()> {
    let set = desk.publish_ruleset(Actor::System, RULES).await?;
    procedure::adopt(desk, clock, village, &set).await?;
    let township = village.staff.iter().find_map(Township::of).ok_or_else(|| missing("township"))?;
    for fund in &village.plan.funds {
        desk.open_fund(&township, &fund.new_fund()).await?;
    }
    Ok(())
}

/// Takes over the register by the same plan that an imported file makes.
async fn register(desk: &Desk, village: &mut Village<'_>, orgs: &[OrgId]) -> ServiceResult<()> {
    let plan = village.plan;
    let mut households = Vec::with_capacity(plan.households.len());
    for (row, home) in plan.households.iter().enumerate() {
        let people = home.people.iter().filter_map(|p| plan.people.get(*p));
        let people = people.map(|p| PlannedPerson {
            row,
            name: p.name.clone(),
            relation: p.relation,
            birth_year: Some(p.birth_year),
            phone: p.phone.clone(),
            joined_on: p.joined_on,
        });
        households.push(PlannedHousehold {
            row,
            label: home.no.to_string(),
            no: Some(home.no.clone()),
            place: orgs.get(home.household_group).copied(),
            people: people.collect(),
        });
    }
    let by = clerk(village)?;
    desk.enrol_plan(&by, &ImportPlan { households }, plan.starts_on).await?;
    let mut tx = desk.db.begin_read().await?;
    for home in &plan.households {
        let found = store::household::by_no(&mut tx, village.book, &home.no).await?;
        village.households.push(found.ok_or_else(|| missing("household"))?.id);
    }
    // people were numbered in the order of the register: ask each household who belongs to it
    let mut people = vec![None; plan.people.len()];
    for (home, id) in plan.households.iter().zip(&village.households) {
        let members = store::person::members(&mut tx, village.book, *id, plan.today).await?;
        for place in &home.people {
            let wanted = plan.people.get(*place).ok_or_else(|| missing("person"))?;
            let year = wanted.birth_year.year();
            let found = members
                .iter()
                .find(|m| m.name == wanted.name.as_str() && m.birth_year == Some(year))
                .ok_or_else(|| missing("member"))?;
            if let Some(slot) = people.get_mut(*place) {
                *slot = Some(found.id);
            }
        }
    }
    drop(tx);
    village.people = people.into_iter().collect::<Option<_>>().ok_or_else(|| missing("member"))?;
    Ok(())
}

async fn people_of_staff(desk: &Desk, village: &Village<'_>, users: &[UserId]) -> ServiceResult<()> {
    let mut tx = desk.db.begin_write().await?;
    let by = Actor::System.to_string();
    for (staff, user) in village.plan.staff.iter().zip(users) {
        let person = staff.person.and_then(|p| village.people.get(p)).copied();
        if staff.role.is_of_village() || person.is_some() {
            store::identity::state(&mut tx, village.book, (*user, 1), person, (desk.now(), &by)).await?;
        }
    }
    for tie in &village.plan.kin {
        let (Some(person), Some(relative)) =
            (village.people.get(tie.person), village.people.get(tie.relative))
        else {
            return Err(missing("relative"));
        };
        let kin = Kin { person: *person, relative: *relative, kind: tie.kind, until: None };
        store::person::add_kin(&mut tx, village.book, (&kin, 1), (desk.now(), &by)).await?;
    }
    Ok(tx.commit().await?)
}

/// The counters open on Friday mornings, when the year's redemptions are.
fn fridays(desk: &Desk) -> NewCalendar {
    let hours = Hours::new(8 * 60, 12 * 60).into_iter();
    let rules = hours.map(|hours| OpeningRule { when: When::Weekdays(BTreeSet::from([5])), hours });
    NewCalendar { first_day: desk.today(), rules: rules.collect(), refuse_outside: false }
}

async fn shop(desk: &Desk, village: &mut Village<'_>, users: &[UserId]) -> ServiceResult<()> {
    let by = clerk(village)?;
    for counter in &village.plan.counters {
        let new = NewCounter {
            code: counter.code.to_owned(),
            name: counter.name.to_owned(),
            name_en: counter.name_en.to_owned(),
        };
        let row = desk.add_counter(&by, new).await?;
        let keeper = users.get(counter.keeper).copied().ok_or_else(|| missing("keeper"))?;
        desk.add_keeper(&by, row.id, keeper).await?;
        desk.set_counter_open(&by, row.id, true).await?;
        desk.set_market_calendar(&by, row.id, &fridays(desk)).await?;
        village.counters.push(row.id);
    }
    for goods in &village.plan.goods {
        let new = NewGoods {
            name: goods.name.to_owned(),
            name_en: goods.name_en.to_owned(),
            unit: goods.unit.to_owned(),
            unit_en: goods.unit_en.to_owned(),
            category: goods.category.as_str().to_owned(),
            kind: if goods.is_service() { GoodsKind::Service } else { GoodsKind::Goods },
            barcode: goods.barcode.clone(),
            quota: goods.quota,
            price: goods.price,
            cost_fen: goods.cost_fen,
        };
        village.skus.push(desk.add_goods(&by, new).await?.sku);
    }
    Ok(())
}

/// A card and a PIN for every household.
async fn cards(desk: &Desk, village: &Village<'_>) -> ServiceResult<()> {
    let by = clerk(village)?;
    for homes in village.households.chunks(100) {
        desk.issue_cards(&by, homes).await?;
    }
    let pins = village.plan.households.iter().zip(&village.households);
    stream::iter(pins.map(|(home, id)| {
        let (by, pin) = (by.clone(), pin_of(home.no.as_str()));
        async move { desk.set_pin(&by, *id, &pin).await }
    }))
    .buffer_unordered(AT_ONCE)
    .try_collect::<Vec<()>>()
    .await?;
    Ok(())
}

fn clerk(village: &Village<'_>) -> ServiceResult<Clerk> {
    village.staff.iter().find_map(Clerk::of).ok_or_else(|| missing("clerk"))
}
