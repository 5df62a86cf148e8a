//! Changes of one household: somebody is born, marries, moves or dies; the household is frozen or freed; kinship is
//! written down for recusal. Every change is dated, and every change is an event.

use super::{Credentials, Places, number};
use crate::{
    domain::{
        household::{
            HouseholdNo, HouseholdState, HouseholdStep, Membership, MembershipFault, PersonNo,
            check_membership, move_person,
        },
        ids::{HouseholdId, OrgId},
        person::{BirthYear, Name, Phone, Relation},
        pinyin::search_keys,
        time::Day,
    },
    service::{Desk, ServiceError, ServiceResult, caller::Clerk, refuse},
    store::{
        StoreError, WriteTx,
        event::{self, Event},
        household::{self, Household},
        person::{self, Person},
        register,
        serial::{self, Series},
    },
};

/// Somebody to be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// Name.
    pub name: Name,
    /// What they are to the head.
    pub relation: Relation,
    /// Year of birth.
    pub birth_year: Option<BirthYear>,
    /// Mobile number.
    pub phone: Option<Phone>,
}

impl Desk {
    /// Opens a household with its head.
    pub async fn open_household(
        &self,
        by: &Clerk,
        place: Option<OrgId>,
        head: &NewPerson,
        on: Day,
    ) -> ServiceResult<HouseholdNo> {
        self.not_in_future(on)?;
        let mut tx = self.db.begin_write().await?;
        let ordinal = serial::take(&mut tx, by.book, Series::Household, 1).await?;
        let no = HouseholdNo::from_ordinal(number(ordinal)?);
        let places = Places::of(register::places(&mut tx, by.org).await?, by.org);
        let place = place.unwrap_or(by.org);
        if !places.by_id.contains_key(&place) {
            return Err(ServiceError::NotFound("place"));
        }
        let used = register::numbers(&mut tx, by.book).await?.into_iter().map(|(_, c)| c).collect();
        let credential = Credentials { used }.draw(self)?;
        let home = Household::new(self.id(), no.clone(), place, places.group(place), credential, on);
        household::add(&mut tx, by.book, &home).await?;
        let head = NewPerson { relation: Relation::Head, ..head.clone() };
        self.register_person(&mut tx, by, home.id, &head, on).await?;
        self.household_event(&mut tx, by, home.id, "open", (None, Some("active")), "").await?;
        tx.commit().await?;
        Ok(no)
    }

    /// Registers somebody new in a household: a birth, a marriage from elsewhere, somebody who was forgotten.
    pub async fn add_member(
        &self,
        by: &Clerk,
        no: &HouseholdNo,
        who: &NewPerson,
        on: Day,
    ) -> ServiceResult<PersonNo> {
        self.not_in_future(on)?;
        let mut tx = self.db.begin_write().await?;
        let home = open(&mut tx, by, no).await?;
        let person = self.register_person(&mut tx, by, home.id, who, on).await?;
        let why = format!("{person} {}", who.relation.as_str());
        self.household_event(&mut tx, by, home.id, "join", (None, None), &why).await?;
        tx.commit().await?;
        Ok(person)
    }

    /// Ends somebody's membership: `on` is the first day they no longer belong.
    pub async fn leave_household(
        &self,
        by: &Clerk,
        who: &PersonNo,
        on: Day,
        reason: &str,
    ) -> ServiceResult<()> {
        self.not_in_future(on)?;
        let mut tx = self.db.begin_write().await?;
        let (person, current) = member(&mut tx, by, who).await?;
        if on <= current.from {
            return Err(refuse("membership_reversed").with("from", current.from).into());
        }
        person::leave(&mut tx, by.book, person.id, on).await?;
        let why = format!("{who} {reason}");
        self.household_event(&mut tx, by, current.household, "leave", (None, None), why.trim()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Moves somebody to another household on a day: what they did before still counts for the old one.
    pub async fn move_member(
        &self,
        by: &Clerk,
        who: &PersonNo,
        to: &HouseholdNo,
        relation: Relation,
        on: Day,
    ) -> ServiceResult<()> {
        self.not_in_future(on)?;
        let mut tx = self.db.begin_write().await?;
        let (person, current) = member(&mut tx, by, who).await?;
        let target = open(&mut tx, by, to).await?;
        let mut around = register::around(&mut tx, by.book, target.id, person.id).await?;
        move_person(&mut around, person.id, target.id, relation, on).map_err(clash)?;
        person::leave(&mut tx, by.book, person.id, on).await?;
        let joined = Membership { person: person.id, household: target.id, relation, from: on, to: None };
        person::join(&mut tx, by.book, &joined).await?;
        let why = format!("{who} → {to}");
        self.household_event(&mut tx, by, current.household, "leave", (None, None), &why).await?;
        self.household_event(&mut tx, by, target.id, "join", (None, None), &why).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Freezes, frees, activates or closes a household. One with points left is not closed.
    pub async fn change_household(
        &self,
        by: &Clerk,
        no: &HouseholdNo,
        step: HouseholdStep,
        reason: &str,
    ) -> ServiceResult<HouseholdState> {
        if reason.trim().is_empty() {
            return Err(refuse("reason_needed").into());
        }
        let mut tx = self.db.begin_write().await?;
        let home = household::by_no(&mut tx, by.book, no).await?;
        let home = home.ok_or(ServiceError::NotFound("household"))?;
        let from = home.state()?;
        let to = from.after(step).map_err(|_| refuse("household_state").with("state", from.as_str()))?;
        if to == HouseholdState::Closed {
            for part in ["Available", "Held", "Arrears"] {
                let path = format!("Liabilities:Households:{no}:{part}");
                let left = crate::store::ledger::read::balance(&mut tx, by.book, &path, "POINT").await?;
                if left != 0 {
                    return Err(refuse("household_has_points").with("no", no).into());
                }
            }
        }
        let closed_on = (to == HouseholdState::Closed).then(|| self.today());
        match household::set_state(&mut tx, by.book, home.id, from, to, closed_on).await {
            Err(StoreError::RowsAffected { .. }) => return Err(refuse("state_changed").into()),
            other => other?,
        }
        let states = (Some(from.as_str()), Some(to.as_str()));
        self.household_event(&mut tx, by, home.id, "state", states, reason.trim()).await?;
        tx.commit().await?;
        Ok(to)
    }

    fn not_in_future(&self, on: Day) -> ServiceResult<()> {
        if on > self.today() { Err(refuse("future_date").with("effective_on", on).into()) } else { Ok(()) }
    }

    async fn register_person(
        &self,
        tx: &mut WriteTx,
        by: &Clerk,
        household: HouseholdId,
        who: &NewPerson,
        on: Day,
    ) -> ServiceResult<PersonNo> {
        let ordinal = serial::take(tx, by.book, Series::Person, 1).await?;
        let no = PersonNo::from_ordinal(number(ordinal)?);
        let keys = search_keys(&who.name);
        let row = Person {
            id: self.id(),
            no: no.clone(),
            name: who.name.to_string(),
            pinyin: keys.pinyin,
            initials: keys.initials,
            birth_year: who.birth_year.map(BirthYear::year),
            phone: who.phone.as_ref().map(|p| p.as_str().to_owned()),
        };
        let joined = Membership { person: row.id, household, relation: who.relation, from: on, to: None };
        let around = register::around(tx, by.book, household, row.id).await?;
        check_membership(&around, &joined).map_err(clash)?;
        person::add(tx, by.book, &row).await?;
        person::join(tx, by.book, &joined).await?;
        Ok(no)
    }

    pub(super) async fn household_event(
        &self,
        tx: &mut WriteTx,
        by: &Clerk,
        household: HouseholdId,
        verb: &str,
        states: (Option<&str>, Option<&str>),
        reason: &str,
    ) -> ServiceResult<()> {
        let happened = Event {
            id: self.id(),
            at: self.now(),
            subject: "household".to_owned(),
            subject_id: household.0,
            verb: verb.to_owned(),
            from_state: states.0.map(str::to_owned),
            to_state: states.1.map(str::to_owned),
            actor: by.actor().to_string(),
            on_behalf: None,
            reason: reason.to_owned(),
        };
        Ok(event::add(tx, by.book, &happened).await?)
    }
}

/// A household that somebody may join.
async fn open(tx: &mut WriteTx, by: &Clerk, no: &HouseholdNo) -> ServiceResult<Household> {
    let home = household::by_no(tx, by.book, no).await?.ok_or(ServiceError::NotFound("household"))?;
    if home.state()? == HouseholdState::Closed {
        return Err(refuse("household_closed").with("no", no).into());
    }
    Ok(home)
}

/// A person and where they belong now.
async fn member(tx: &mut WriteTx, by: &Clerk, who: &PersonNo) -> ServiceResult<(Person, Membership)> {
    let person = person::by_no(tx, by.book, who).await?.ok_or(ServiceError::NotFound("person"))?;
    let all = person::memberships(tx, by.book, person.id).await?;
    let current = all.into_iter().find(|m| m.to.is_none());
    let current = current.ok_or_else(|| refuse("not_a_member").with("no", who))?;
    Ok((person, current))
}

fn clash(fault: MembershipFault) -> ServiceError {
    match fault {
        MembershipFault::Reversed(_) => refuse("membership_reversed").into(),
        MembershipFault::TwoHouseholds { day, .. } => refuse("two_households").with("day", day).into(),
        MembershipFault::TwoHeads { day, .. } => refuse("two_heads").with("day", day).into(),
    }
}
