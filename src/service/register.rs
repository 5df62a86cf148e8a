//! The register of households and people (户籍台账): taking over a whole village, looking people up. Changes of one
//! household are in [`change`]. Points are never touched here.

use std::collections::{HashMap, HashSet};

use super::{
    Desk, ServiceError, ServiceResult,
    caller::{Clerk, Staff},
    holds::{self, Hold},
    import::{self, Column, ImportContext, ImportPlan, PlannedHousehold, RowFault},
    refuse,
};
use crate::{
    domain::{
        household::{HouseholdNo, Membership, PersonNo},
        ids::{BookId, EventId, OrgId},
        org::OrgKind,
        pinyin::{fold_query, search_keys},
        time::Day,
    },
    store::{
        Tx, WriteTx,
        card::{self, CardRow},
        event::{self, Event},
        household::{self, Household},
        ledger::read,
        person::{self, Member, Person},
        register::{self, Belonging, Place},
        serial::{self, Series},
    },
};

pub mod change;
pub mod kinship;

/// Households on one page of the register.
pub const PAGE_HOUSEHOLDS_MAX: i64 = 100;

/// What an import wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enrolled {
    /// Households.
    pub households: usize,
    /// People.
    pub people: usize,
}

/// A register that can be taken over, before it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Households.
    pub households: usize,
    /// People.
    pub people: usize,
    /// The first households: number, head, members.
    pub first: Vec<(HouseholdNo, String, usize)>,
    /// The register again, every household with its number: handed in a second time it finds its numbers taken.
    pub numbered: String,
}

/// Households shown of a preview.
const PREVIEW_HOUSEHOLDS: usize = 20;

/// A household as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdLine {
    /// The household.
    pub household: Household,
    /// Its present head, name in full.
    pub head: String,
}

/// A household with all that the register knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdFile {
    /// The household.
    pub household: Household,
    /// Who belongs to it now, the head first.
    pub members: Vec<Member>,
    /// Everybody who ever belonged to it.
    pub history: Vec<Belonging>,
    /// Its cards, the latest first.
    pub cards: Vec<CardRow>,
    /// What happened to it, oldest first.
    pub events: Vec<Event>,
    /// Spendable points, as people count them.
    pub available: i64,
    /// Points put aside.
    pub held: i64,
    /// … for what and until when.
    pub holds: Vec<Hold>,
    /// Reputation score.
    pub honor: i64,
}

impl Desk {
    /// What the reader of a register must know of the village.
    pub async fn import_context(&self, by: &Clerk) -> ServiceResult<ImportContext> {
        let mut tx = self.db.begin_read().await?;
        let places = register::places(&mut tx, by.org).await?;
        let taken = register::numbers(&mut tx, by.book).await?.into_iter().map(|(no, _)| no).collect();
        let places = places.into_iter().map(|p| (p.id, p.name)).collect();
        Ok(ImportContext { today: self.today(), places, taken })
    }

    /// Reads a register without writing it: what would be written, or every fault.
    pub async fn preview_import(
        &self,
        by: &Clerk,
        file: &[u8],
    ) -> ServiceResult<Result<Preview, Vec<RowFault>>> {
        let context = self.import_context(by).await?;
        let plan = match import::parse(file, &context) {
            Ok(plan) => plan,
            Err(faults) => return Ok(Err(faults)),
        };
        let last = context.taken.iter().map(HouseholdNo::ordinal).max().map_or(0, i64::from);
        let numbers = give_numbers(&plan, &context.taken, last)?;
        let heads = plan.households.iter().zip(&numbers).take(PREVIEW_HOUSEHOLDS);
        let first = heads.map(|(h, no)| {
            let head = h.head().map(|p| p.name.to_string()).unwrap_or_default();
            (no.clone(), head, h.people.len())
        });
        Ok(Ok(Preview {
            households: plan.households.len(),
            people: plan.people(),
            first: first.collect(),
            numbered: numbered(&plan, &numbers, &context),
        }))
    }

    /// Takes over a register that was previewed: read again, checked again, all of it or nothing.
    pub async fn take_over(&self, by: &Clerk, file: &[u8]) -> ServiceResult<Result<Enrolled, Vec<RowFault>>> {
        let context = self.import_context(by).await?;
        match import::parse(file, &context) {
            Ok(plan) => Ok(Ok(self.enrol_plan(by, &plan, self.today()).await?)),
            Err(faults) => Ok(Err(faults)),
        }
    }

    /// Writes a whole register: all of it or nothing. Households without a number get the next free ones.
    pub async fn enrol_plan(&self, by: &Clerk, plan: &ImportPlan, on: Day) -> ServiceResult<Enrolled> {
        let mut tx = self.db.begin_write().await?;
        let done = self.write_plan(&mut tx, by, plan, on).await?;
        tx.commit().await?;
        Ok(done)
    }

    async fn write_plan(
        &self,
        tx: &mut WriteTx,
        by: &Clerk,
        plan: &ImportPlan,
        on: Day,
    ) -> ServiceResult<Enrolled> {
        let book = by.book;
        let last_household = serial::take(tx, book, Series::Household, 0).await?;
        let count = i64::try_from(plan.people()).unwrap_or(i64::MAX);
        let last_person = serial::take(tx, book, Series::Person, count).await?;
        let (taken, used): (HashSet<HouseholdNo>, HashSet<i64>) =
            register::numbers(tx, book).await?.into_iter().unzip();
        let numbers = give_numbers(plan, &taken, last_household)?;
        let places = Places::of(register::places(tx, by.org).await?, by.org);
        let mut credentials = Credentials { used };
        let mut rows = Rows::default();
        let mut ordinal = last_person - count;
        for (planned, no) in plan.households.iter().zip(&numbers) {
            let (place, group) = places.place(planned)?;
            let credential = credentials.draw(self)?;
            let opened = planned.people.iter().map(|p| p.joined_on).min().unwrap_or(on).min(on);
            let home = Household::new(self.id(), no.clone(), place, group, credential, opened);
            for planned in &planned.people {
                ordinal += 1;
                let keys = search_keys(&planned.name);
                let who = Person {
                    id: self.id(),
                    no: PersonNo::from_ordinal(number(ordinal)?),
                    name: planned.name.to_string(),
                    pinyin: keys.pinyin,
                    initials: keys.initials,
                    birth_year: planned.birth_year.map(crate::domain::person::BirthYear::year),
                    phone: planned.phone.as_ref().map(|p| p.as_str().to_owned()),
                };
                rows.memberships.push(Membership {
                    person: who.id,
                    household: home.id,
                    relation: planned.relation,
                    from: planned.joined_on,
                    to: None,
                });
                rows.people.push(who);
            }
            rows.households.push(home);
        }
        let highest = numbers.iter().map(|no| i64::from(no.ordinal())).max().unwrap_or(0);
        serial::take(tx, book, Series::Household, (highest - last_household).max(0)).await?;
        register::households(tx, book, &rows.households).await?;
        register::people(tx, book, &rows.people).await?;
        register::memberships(tx, book, &rows.memberships).await?;
        let done = Enrolled { households: rows.households.len(), people: rows.people.len() };
        let note = Event {
            id: self.id::<EventId>(),
            at: self.now(),
            subject: "register".to_owned(),
            subject_id: book.0,
            verb: "import".to_owned(),
            from_state: None,
            to_state: None,
            actor: by.actor().to_string(),
            on_behalf: None,
            reason: format!("{} households, {} people", done.households, done.people),
        };
        event::add(tx, book, &note).await?;
        Ok(done)
    }

    /// The places of the village, from the top down.
    pub async fn places(&self, by: &Staff) -> ServiceResult<Vec<Place>> {
        let mut tx = self.db.begin_read().await?;
        Ok(register::places(&mut tx, by.org).await?)
    }

    /// Households whose number or a member's name begins like `query`; all of them when it is empty. `after` is the
    /// last number of the page before.
    pub async fn find_households(
        &self,
        by: &Staff,
        query: &str,
        after: &str,
        limit: i64,
    ) -> ServiceResult<Vec<HouseholdLine>> {
        let limit = limit.clamp(1, PAGE_HOUSEHOLDS_MAX);
        let folded = fold_query(query);
        let mut tx = self.db.begin_read().await?;
        let found = if folded.is_empty() {
            household::page(&mut tx, by.book, after, limit).await?
        } else {
            household::search(&mut tx, by.book, &folded, after, limit).await?
        };
        with_heads(&mut tx, by.book, found).await
    }

    /// The households of one group, by number.
    pub async fn households_of_group(&self, by: &Staff, group: OrgId) -> ServiceResult<Vec<HouseholdLine>> {
        let mut tx = self.db.begin_read().await?;
        let found = household::of_group(&mut tx, by.book, group).await?;
        with_heads(&mut tx, by.book, found).await
    }

    /// A household by its number, with all that the register knows of it.
    pub async fn household_file(&self, by: &Staff, no: &HouseholdNo) -> ServiceResult<HouseholdFile> {
        let mut tx = self.db.begin_read().await?;
        let home = household::by_no(&mut tx, by.book, no).await?;
        let home = home.ok_or(ServiceError::NotFound("household"))?;
        let members = person::members(&mut tx, by.book, home.id, self.today()).await?;
        let history = register::history(&mut tx, by.book, home.id).await?;
        let cards = card::of_household(&mut tx, by.book, home.id).await?;
        let events = event::of(&mut tx, by.book, home.id.0).await?;
        let root = format!("Liabilities:Households:{no}");
        let available = -read::balance(&mut tx, by.book, &format!("{root}:Available"), "POINT").await?;
        let held = -read::balance(&mut tx, by.book, &format!("{root}:Held"), "POINT").await?;
        let honor = -read::balance(&mut tx, by.book, &format!("{root}:Honor"), "HONOR").await?;
        let holds = holds::of_household(&mut tx, by.book, no.as_str()).await?;
        Ok(HouseholdFile { household: home, members, history, cards, events, available, held, holds, honor })
    }

    /// A person by number.
    pub async fn person_by_no(&self, by: &Staff, no: &PersonNo) -> ServiceResult<Person> {
        let mut tx = self.db.begin_read().await?;
        person::by_no(&mut tx, by.book, no).await?.ok_or(ServiceError::NotFound("person"))
    }
}

async fn with_heads(tx: &mut Tx, book: BookId, found: Vec<Household>) -> ServiceResult<Vec<HouseholdLine>> {
    let (Some(first), Some(last)) = (found.first(), found.last()) else { return Ok(Vec::new()) };
    let heads = register::heads(tx, book, &first.no, &last.no).await?;
    let mut heads: HashMap<HouseholdNo, String> = heads.into_iter().collect();
    Ok(found
        .into_iter()
        .map(|household| {
            let head = heads.remove(&household.no).unwrap_or_default();
            HouseholdLine { household, head }
        })
        .collect())
}

#[derive(Default)]
struct Rows {
    households: Vec<Household>,
    people: Vec<Person>,
    memberships: Vec<Membership>,
}

/// The register as CSV, every household with its number.
fn numbered(plan: &ImportPlan, numbers: &[HouseholdNo], context: &ImportContext) -> String {
    let places: HashMap<OrgId, &str> = context.places.iter().map(|(id, name)| (*id, name.as_str())).collect();
    let headings: Vec<&str> = Column::ALL.iter().map(|c| c.as_str()).collect();
    let mut out = headings.join(",");
    for (household, no) in plan.households.iter().zip(numbers) {
        let place = household.place.and_then(|id| places.get(&id)).copied().unwrap_or_default();
        let place = format!("\"{}\"", place.replace('"', "\"\""));
        for person in &household.people {
            let year = person.birth_year.map(|y| y.year().to_string()).unwrap_or_default();
            let phone = person.phone.as_ref().map_or("", |p| p.as_str());
            let (name, relation, joined) = (&person.name, person.relation.as_str(), person.joined_on);
            // a name has neither comma nor quotation mark
            out.push_str(&format!("\n{no},{name},{relation},{year},{phone},{place},{joined}"));
        }
    }
    out
}

/// The number of each planned household, in order.
fn give_numbers(
    plan: &ImportPlan,
    taken: &HashSet<HouseholdNo>,
    last: i64,
) -> ServiceResult<Vec<HouseholdNo>> {
    if let Some(no) = plan.households.iter().filter_map(|h| h.no.as_ref()).find(|no| taken.contains(no)) {
        return Err(refuse("household_exists").with("no", no).into());
    }
    let named = plan.households.iter().filter_map(|h| h.no.as_ref()).map(HouseholdNo::ordinal);
    let mut next = named.map(i64::from).max().unwrap_or(0).max(last);
    plan.households
        .iter()
        .map(|h| match &h.no {
            Some(no) => Ok(no.clone()),
            None => {
                next += 1;
                Ok(HouseholdNo::from_ordinal(number(next)?))
            }
        })
        .collect()
}

fn number(ordinal: i64) -> ServiceResult<u32> {
    u32::try_from(ordinal).map_err(|_| ServiceError::Internal("a serial ran out".to_owned()))
}

/// Numbers inside phone codes: drawn at random, so that they say nothing about the household.
struct Credentials {
    used: HashSet<i64>,
}

impl Credentials {
    /// Tries before giving up: with 2^32 numbers and a village's households, two are already rare.
    const TRIES: usize = 64;

    fn draw(&mut self, desk: &Desk) -> ServiceResult<i64> {
        for _ in 0..Self::TRIES {
            let mut bytes = [0_u8; 4];
            desk.entropy.fill(&mut bytes);
            let no = i64::from(u32::from_be_bytes(bytes));
            if self.used.insert(no) {
                return Ok(no);
            }
        }
        Err(ServiceError::Internal("no free credential number was drawn".to_owned()))
    }
}

/// The village's places, to find the group that a household group or hamlet lies in.
struct Places {
    village: OrgId,
    by_id: HashMap<OrgId, Place>,
}

impl Places {
    /// The tree has fewer levels than this.
    const DEPTH_MAX: usize = 9;

    fn of(places: Vec<Place>, village: OrgId) -> Self {
        Self { village, by_id: places.into_iter().map(|p| (p.id, p)).collect() }
    }

    /// The place and the group of a planned household.
    fn place(&self, planned: &PlannedHousehold) -> ServiceResult<(OrgId, OrgId)> {
        let place = planned.place.unwrap_or(self.village);
        if !self.by_id.contains_key(&place) {
            return Err(refuse("place_unknown").with("household", &planned.label).into());
        }
        Ok((place, self.group(place)))
    }

    /// The nearest group above `place`, or the village when there is none.
    fn group(&self, place: OrgId) -> OrgId {
        let mut at = Some(place);
        for _ in 0..Self::DEPTH_MAX {
            let Some(found) = at.and_then(|id| self.by_id.get(&id)) else { break };
            if found.kind == OrgKind::Group.as_str() {
                return found.id;
            }
            at = found.parent_id;
        }
        self.village
    }
}
