//! Helpers (代办人): somebody of another household whom a household lets redeem for it, up to so much a day, until it ends
//! that. The household registers and ends them itself; for those without a phone the clerk does, and it sees both.

use super::{
    Actor, Desk, ServiceError, ServiceResult,
    caller::{Clerk, Resident},
    counters::Step,
    recusal,
    redeem::masked_person,
    refuse,
};
use crate::{
    domain::{
        amount::points,
        bystander::{HELPED_HOUSEHOLDS_MAX, HELPER_DAY_MAX, HELPERS_MAX},
        household::{HouseholdNo, household_on},
        ids::{BookId, HelperId, HouseholdId, PersonId},
        person::Name,
    },
    store::{
        Tx, WriteTx,
        helper::{self as rows, HelperRow},
        household, person,
        serial::{self, Series},
    },
};

/// Whom a household wants as its helper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHelper {
    /// The number of the helper's own household.
    pub household_no: String,
    /// Their name, in full: who does not know it does not know them.
    pub name: String,
    /// The most they may take in one day, in hundredths of a point.
    pub day_max: i64,
}

/// A helper as the household sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelperView {
    /// The agreement.
    pub row: HelperRow,
    /// Who, masked.
    pub masked_name: String,
    /// The number of the household they belong to now; empty when they belong to none.
    pub household_no: String,
    /// Whether the clerk registered them, and not the household itself.
    pub by_clerk: bool,
}

impl Desk {
    /// A household registers a helper.
    pub async fn register_helper(&self, by: &Resident, new: &NewHelper) -> ServiceResult<HelperView> {
        let mut tx = self.db.begin_write().await?;
        let helper = self.find_helper(&mut tx, by.book, by.household, new).await?;
        let row = self.add_helper(&mut tx, (by.book, by.household), helper, new, by.actor()).await?;
        let view = view(&mut tx, by.book, row, self.today()).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// The clerk registers a helper for a household without a phone: not themselves, nobody of theirs, and not for theirs.
    pub async fn register_helper_for(
        &self,
        by: &Clerk,
        household: HouseholdId,
        new: &NewHelper,
    ) -> ServiceResult<HelperView> {
        let mut tx = self.db.begin_write().await?;
        household::by_id(&mut tx, by.book, household).await?.ok_or(ServiceError::NotFound("household"))?;
        recusal::check(&mut tx, by, household, self.today()).await?;
        let helper = self.find_helper(&mut tx, by.book, household, new).await?;
        let all = person::memberships(&mut tx, by.book, helper).await?;
        if let Some(home) = household_on(&all, helper, self.today()) {
            recusal::check(&mut tx, by, home, self.today()).await?;
        }
        let row = self.add_helper(&mut tx, (by.book, household), helper, new, by.actor()).await?;
        let view = view(&mut tx, by.book, row, self.today()).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// The helpers of the household that asks, those in force first.
    pub async fn own_helpers(&self, by: &Resident) -> ServiceResult<Vec<HelperView>> {
        self.helper_views(by.book, by.household).await
    }

    /// The helpers of a household, those in force first.
    pub async fn helpers_of(&self, by: &Clerk, household: HouseholdId) -> ServiceResult<Vec<HelperView>> {
        self.helper_views(by.book, household).await
    }

    /// A household ends what it agreed with a helper: from this moment no counter takes it.
    pub async fn end_helper(&self, by: &Resident, id: HelperId) -> ServiceResult<()> {
        self.end_agreement((by.book, by.household), id, by.actor()).await
    }

    /// The clerk ends it for a household.
    pub async fn end_helper_for(
        &self,
        by: &Clerk,
        household: HouseholdId,
        id: HelperId,
    ) -> ServiceResult<()> {
        self.end_agreement((by.book, household), id, by.actor()).await
    }

    async fn helper_views(&self, book: BookId, household: HouseholdId) -> ServiceResult<Vec<HelperView>> {
        let mut tx = self.db.begin_read().await?;
        household::by_id(&mut tx, book, household).await?.ok_or(ServiceError::NotFound("household"))?;
        let mut out = Vec::new();
        for row in rows::of_household(&mut tx, book, household).await? {
            out.push(view(&mut tx, book, row, self.today()).await?);
        }
        Ok(out)
    }

    /// The person of that name in the household of that number, who is of another household than the one that asks.
    async fn find_helper(
        &self,
        tx: &mut Tx,
        book: BookId,
        household: HouseholdId,
        new: &NewHelper,
    ) -> ServiceResult<PersonId> {
        let unknown = || refuse("helper_unknown").with("household", new.household_no.trim());
        let no = HouseholdNo::parse(&new.household_no).map_err(|_| unknown())?;
        let name = Name::parse(&new.name).map_err(|_| unknown())?;
        let home = household::by_no(tx, book, &no).await?.ok_or_else(unknown)?;
        if home.id == household {
            return Err(refuse("helper_of_household").into());
        }
        let members = person::members(tx, book, home.id, self.today()).await?;
        let found = members.into_iter().find(|m| m.name == name.as_str());
        Ok(found.ok_or_else(unknown)?.id)
    }

    async fn add_helper(
        &self,
        tx: &mut WriteTx,
        (book, household): (BookId, HouseholdId),
        person: PersonId,
        new: &NewHelper,
        actor: Actor,
    ) -> ServiceResult<HelperRow> {
        if !(1..=HELPER_DAY_MAX).contains(&new.day_max) {
            return Err(refuse("helper_day_max").with("limit", points(HELPER_DAY_MAX)).into());
        }
        // the number is also the lock under which helpers are counted
        let no = serial::take(tx, book, Series::Helper, 1).await?;
        let agreed = rows::of_household(tx, book, household).await?;
        let agreed: Vec<&HelperRow> = agreed.iter().filter(|row| row.is_active()).collect();
        if agreed.iter().any(|row| row.person_id == person) {
            return Err(refuse("helper_known").into());
        }
        if agreed.len() >= HELPERS_MAX {
            return Err(refuse("helpers_enough").with("limit", HELPERS_MAX).into());
        }
        let helped = rows::helped(tx, book, person).await?;
        if usize::try_from(helped).unwrap_or(usize::MAX) >= HELPED_HOUSEHOLDS_MAX {
            return Err(refuse("helper_of_many").with("limit", HELPED_HOUSEHOLDS_MAX).into());
        }
        let row = HelperRow {
            id: self.id(),
            no,
            household_id: household,
            person_id: person,
            day_max: new.day_max,
            state: "active".to_owned(),
            registered_at: self.now(),
            registered_by: actor.to_string(),
            ended_at: None,
            ended_by: None,
        };
        rows::add(tx, book, &row).await?;
        let (subject_id, to) = (row.id.0, Some("active"));
        let step = Step { subject: "helper", subject_id, verb: "register", from: None, to, reason: "" };
        self.leave_trace(tx, book, actor, step).await?;
        Ok(row)
    }

    async fn end_agreement(
        &self,
        (book, household): (BookId, HouseholdId),
        id: HelperId,
        actor: Actor,
    ) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        let row = rows::one(&mut tx, book, id).await?.filter(|row| row.household_id == household);
        if !row.ok_or(ServiceError::NotFound("helper"))?.is_active() {
            return Ok(());
        }
        rows::end(&mut tx, book, id, (self.now(), &actor.to_string())).await?;
        let (from, to) = (Some("active"), Some("ended"));
        let step = Step { subject: "helper", subject_id: id.0, verb: "end", from, to, reason: "" };
        self.leave_trace(&mut tx, book, actor, step).await?;
        Ok(tx.commit().await?)
    }
}

async fn view(
    tx: &mut Tx,
    book: BookId,
    row: HelperRow,
    today: crate::domain::time::Day,
) -> ServiceResult<HelperView> {
    let masked_name = masked_person(tx, book, row.person_id).await?;
    let all = person::memberships(tx, book, row.person_id).await?;
    let home = match household_on(&all, row.person_id, today) {
        Some(id) => household::by_id(tx, book, id).await?,
        None => None,
    };
    let by_clerk = row.registered_by.starts_with("user:");
    let household_no = home.map(|h| h.no.to_string()).unwrap_or_default();
    Ok(HelperView { row, masked_name, household_no, by_clerk })
}
