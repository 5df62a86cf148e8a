//! Who works in the demo village, at which counters, and with whose money.

use super::{
    DemoCounter, DemoFund, DemoHousehold, DemoKin, DemoOrg, DemoPerson, DemoStaff, GRIDS,
    calendar::at,
    deeds::{Deed, DemoEvent},
    dice::Dice,
};
use crate::{
    domain::{
        money::SourceKind,
        org::OrgKind,
        time::{Day, Period},
    },
    service::caller::Role,
};

/// The clerk's place in the roster.
pub(super) const CLERK: usize = 0;
/// The place of the recorder of the first grid; the others follow.
pub(super) const RECORDERS: usize = 1;
/// The place of the first reviewer; the last two do not live in the village.
pub(super) const REVIEWERS: usize = RECORDERS + GRIDS;
/// How many reviewers there are.
pub(super) const REVIEWER_COUNT: usize = 5;
const SHOPKEEPERS: usize = REVIEWERS + REVIEWER_COUNT;

/// Points that may be issued in a calendar year, in hundredths (RS-1).
const BUDGET_POINTS: i64 = 8_000_000;

struct Seat {
    login: String,
    role: Role,
    org: usize,
    grid: Option<usize>,
    outsider: Option<&'static str>,
}

/// The roster: clerk, one recorder a grid, five reviewers, two shopkeepers, auditor, township, county.
pub(super) fn roster(
    dice: &mut Dice,
    orgs: &[DemoOrg],
    village: usize,
    households: &[DemoHousehold],
    people: &[DemoPerson],
    kin: &[DemoKin],
    today: Day,
) -> Vec<DemoStaff> {
    let year = today.ymd().0;
    // Heads without relatives next door, so that recusal concerns their own household only.
    let free: Vec<usize> = households
        .iter()
        .filter_map(|h| h.people.first().copied())
        .filter(|p| !kin.iter().any(|k| k.person == *p || k.relative == *p))
        .filter(|p| {
            people
                .get(*p)
                .is_some_and(|q| (30..=58).contains(&q.birth_year.age_in(year)) && q.phone.is_some())
        })
        .collect();
    let mut free = dice.shuffled(free);
    let mut staff = Vec::new();
    for seat in seats(orgs, village) {
        let lives = |p: &usize| {
            let home = people.get(*p).and_then(|q| households.get(q.household));
            seat.grid.is_none() || home.map(|h| h.grid) == seat.grid
        };
        let person = match seat.outsider {
            Some(_) => None,
            None => free.iter().position(lives).map(|place| free.remove(place)),
        };
        let name = person.and_then(|p| people.get(p)).map(|p| p.name.to_string());
        let name = name.or_else(|| seat.outsider.map(str::to_owned)).unwrap_or_else(|| seat.login.clone());
        staff.push(DemoStaff { login: seat.login, name, role: seat.role, org: seat.org, person });
    }
    staff
}

fn seats(orgs: &[DemoOrg], village: usize) -> Vec<Seat> {
    let seat = |login: String, role, org| Seat { login, role, org, grid: None, outsider: None };
    let mut seats = vec![seat("clerk".to_owned(), Role::Clerk, village)];
    let grids = orgs.iter().enumerate().filter(|(_, o)| o.kind == OrgKind::Grid);
    for (number, (org, _)) in grids.enumerate() {
        let login = format!("grid{:02}", number + 1);
        seats.push(Seat { grid: Some(number), ..seat(login, Role::Recorder, org) });
    }
    for number in 1..=REVIEWER_COUNT {
        let outsider = match number {
            4 => Some("陈立群"),
            5 => Some("赵文静"),
            _ => None,
        };
        seats.push(Seat { outsider, ..seat(format!("review{number}"), Role::Reviewer, village) });
    }
    seats.push(seat("shop1".to_owned(), Role::Shopkeeper, village));
    seats.push(seat("shop2".to_owned(), Role::Shopkeeper, village));
    seats.push(seat("audit".to_owned(), Role::Auditor, village));
    seats.push(Seat { outsider: Some("周启明"), ..seat("town".to_owned(), Role::Township, 1) });
    seats.push(Seat { outsider: Some("吴海燕"), ..seat("county".to_owned(), Role::County, 0) });
    seats
}

/// The two counters.
pub(super) fn counters(staff: &[DemoStaff]) -> Vec<DemoCounter> {
    debug_assert!(staff.get(SHOPKEEPERS).is_some_and(|s| s.role == Role::Shopkeeper));
    vec![
        DemoCounter {
            code: "C01",
            name: "村部爱心超市",
            name_en: "Village hall love supermarket",
            keeper: SHOPKEEPERS,
        },
        DemoCounter {
            code: "C02",
            name: "老街兑换点",
            name_en: "Old Street counter",
            keeper: SHOPKEEPERS + 1,
        },
    ]
}

/// The funds: the first one carries the points.
pub(super) fn funds() -> Vec<DemoFund> {
    vec![
        DemoFund {
            code: "SERVICE",
            name: "县级服务群众专项经费",
            name_en: "County fund for serving residents",
            kind: SourceKind::ServiceFund,
            payer: "县财政局",
            document: "县财〔2025〕18号",
        },
        DemoFund {
            code: "AWARD",
            name: "以奖代补资金",
            name_en: "Award in lieu of subsidy",
            kind: SourceKind::AwardInLieu,
            payer: "松溪镇人民政府",
            document: "松政发〔2025〕7号",
        },
        DemoFund {
            code: "PARTNER",
            name: "帮扶单位捐赠",
            name_en: "Gifts of the supporting unit",
            kind: SourceKind::Donation,
            payer: "县供电公司",
            document: "捐赠协议2025-3",
        },
    ]
}

/// What the funds give, and the base of reputation, at the start and on every new year.
pub(super) fn grants(starts_on: Day, today: Day) -> Vec<DemoEvent> {
    let mut events = Vec::new();
    let mut day = starts_on;
    while day < today {
        let shares = [(0, 4_000_000, BUDGET_POINTS), (1, 800_000, 0), (2, 400_000, 0)];
        for (minute, (fund, cny_fen, points)) in (0..).zip(shares) {
            events.push(DemoEvent {
                at: at(day, 8, minute),
                deed: Deed::FundGranted { fund, cny_fen, points },
            });
        }
        events.push(DemoEvent { at: at(day, 8, 10), deed: Deed::HonorBase { year: day.ymd().0 } });
        day = day.period(Period::Year).1;
    }
    events
}

/// Whether a member of staff lives in that household.
pub(super) fn lives_in(staff: &[DemoStaff], who: usize, household: usize, people: &[DemoPerson]) -> bool {
    let person = staff.get(who).and_then(|s| s.person).and_then(|p| people.get(p));
    person.is_some_and(|p| p.household == household)
}
