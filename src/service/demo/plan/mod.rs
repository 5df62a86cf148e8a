//! The demo village as plain values: places, households, people, staff, goods, and a year of events in the order of
//! time. The same seed and day give the same village. Writes nothing and knows no identifiers: things refer to each
//! other by their place in the lists.

mod awards;
mod calendar;
mod deeds;
mod dice;
mod families;
mod goods;
mod habits;
mod items;
mod names;
mod notices;
mod people;
mod places;
mod shop;
mod staff;
#[cfg(test)]
mod tests;

pub use deeds::{
    Batch, Deed, DemoEvent, DemoLine, LineRef, Objection, ObjectionOutcome, Redemption, Reversal, Sheet,
    ShownCode,
};
pub use goods::{DemoGoods, GoodsCategory};

use self::dice::Dice;
use crate::{
    domain::{
        household::{HouseholdNo, PersonNo},
        kin::KinKind,
        money::SourceKind,
        org::{DivisionCode, OrgKind},
        person::{BirthYear, Name, Phone, Relation},
        time::Day,
    },
    service::{caller::Role, funds::NewFund},
};

/// Households of the demo village: the average village of Qujing.
pub const HOUSEHOLDS: usize = 1_155;
/// People of the demo village.
pub const PEOPLE: usize = 3_416;
/// Grids of the demo village.
pub const GRIDS: usize = 12;
/// Whole months of history before the month of `today`.
pub const MONTHS: u8 = 12;
/// The seed of the demo that `greencoin demo` shows.
pub const SEED: u64 = 20_261_122;

/// A whole village and its year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPlan {
    /// The first day of the year that is told.
    pub starts_on: Day,
    /// The present: every event is earlier than its midnight.
    pub today: Day,
    /// Parents before children; the county first.
    pub orgs: Vec<DemoOrg>,
    /// The village in `orgs`.
    pub village: usize,
    /// By number.
    pub households: Vec<DemoHousehold>,
    /// By number.
    pub people: Vec<DemoPerson>,
    /// Ties between households, for recusal.
    pub kin: Vec<DemoKin>,
    /// Who signs in to work.
    pub staff: Vec<DemoStaff>,
    /// Where goods are handed out.
    pub counters: Vec<DemoCounter>,
    /// What is handed out, by SKU.
    pub goods: Vec<DemoGoods>,
    /// Where the money comes from.
    pub funds: Vec<DemoFund>,
    /// What happens, in the order of time.
    pub events: Vec<DemoEvent>,
    /// A household to show: a phone, a good balance, no staff in it.
    pub showcase: usize,
}

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoOrg {
    /// What it is.
    pub kind: OrgKind,
    /// Its name.
    pub name: String,
    /// Its parent in the list.
    pub parent: Option<usize>,
    /// Its division code, for county, township and village. Invented: no such county exists.
    pub code: Option<DivisionCode>,
}

/// A household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoHousehold {
    /// Its number.
    pub no: HouseholdNo,
    /// Its grid, 0 to 11.
    pub grid: usize,
    /// Its group in `orgs`.
    pub group: usize,
    /// Its household group in `orgs`.
    pub household_group: usize,
    /// Its members in `people`, the head first.
    pub people: Vec<usize>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPerson {
    /// The number.
    pub no: PersonNo,
    /// The household in `households`.
    pub household: usize,
    /// The name.
    pub name: Name,
    /// What the person is to the head.
    pub relation: Relation,
    /// Year of birth.
    pub birth_year: BirthYear,
    /// Mobile number, for some: of a series that no person has.
    pub phone: Option<Phone>,
    /// First day in the household.
    pub joined_on: Day,
}

/// A tie across households: `relative` is `person`'s `kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoKin {
    /// In `people`.
    pub person: usize,
    /// In `people`.
    pub relative: usize,
    /// What the relative is.
    pub kind: KinKind,
}

/// Someone who signs in to work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoStaff {
    /// The sign-in name.
    pub login: String,
    /// The name people see.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Where, in `orgs`.
    pub org: usize,
    /// Who they are in the village, if they live there.
    pub person: Option<usize>,
}

/// A counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoCounter {
    /// ASCII, part of account paths.
    pub code: &'static str,
    /// Chinese name.
    pub name: &'static str,
    /// English name.
    pub name_en: &'static str,
    /// Its shopkeeper in `staff`.
    pub keeper: usize,
}

/// A source of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoFund {
    /// ASCII, part of account paths.
    pub code: &'static str,
    /// Chinese name.
    pub name: &'static str,
    /// English name.
    pub name_en: &'static str,
    /// Which kind of source.
    pub kind: SourceKind,
    /// Who pays.
    pub payer: &'static str,
    /// The number of the paper it rests on.
    pub document: &'static str,
}

impl DemoFund {
    /// As it is registered.
    #[must_use]
    pub fn new_fund(&self) -> NewFund {
        NewFund {
            kind: self.kind,
            payer: self.payer.to_owned(),
            document: self.document.to_owned(),
            purpose: "积分兑换物资".to_owned(),
            ..NewFund::named(self.code, self.name, self.name_en)
        }
    }
}

/// The village of `seed`, its year ending before `today`.
#[must_use]
pub fn plan(seed: u64, today: Day) -> DemoPlan {
    let mut dice = Dice::new(seed);
    let starts_on = calendar::months_before(today, MONTHS);
    let (orgs, village) = places::tree();
    let (households, mut people) = people::register(&mut dice, &orgs, starts_on);
    let kin = families::ties(&mut dice, &households, &people);
    people::phones(&mut dice, &mut people, today);
    let staff = staff::roster(&mut dice, &orgs, village, &households, &people, &kin, today);
    let counters = staff::counters(&staff);
    let mut plan = DemoPlan {
        starts_on,
        today,
        orgs,
        village,
        households,
        people,
        kin,
        staff,
        counters,
        goods: goods::catalogue(),
        funds: staff::funds(),
        events: Vec::new(),
        showcase: 0,
    };
    let year = awards::year(&mut dice, &plan);
    let (noticed, credits) = notices::year(&mut dice, &plan, &year);
    let shop = shop::year(&mut dice, &plan, &year, credits);
    plan.showcase = shop.showcase;
    let recorded = year.into_iter().map(awards::Made::event);
    let cutoff = today.start();
    plan.events = recorded.chain(noticed).chain(shop.events).chain(staff::grants(starts_on, today)).collect();
    plan.events.retain(|e| e.at < cutoff);
    plan.events.sort_by_key(|e| e.at);
    plan
}
