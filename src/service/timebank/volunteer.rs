//! Volunteers: joining with what the policy wants to know, offers, and whom the desk may ask for an order, with the
//! reasons.

use super::{Desk, ServiceError, ServiceResult, Side, group_of, home_of, is_family, policy_on, refuse, rows};
use crate::{
    domain::{
        ids::{PersonId, TimeOfferId, TimeOrderId},
        time::{Day, Timestamp},
        timebank::{
            ServiceKind,
            interval::PAIR_HOURS_MAX,
            joining::{self, JoinRefusal, Standing},
            matching::{self, Ask, Candidate, FreeTime, Match},
            policy::{Brim, Policy},
        },
    },
    service::{Refusal, caller::Recorder},
    store::{
        StoreError, Tx, person,
        serial::{self, Series},
        timebank::{
            order::OrderRow,
            pair,
            volunteer::{self as people, OfferRow, VolunteerRow},
        },
    },
};

/// Volunteers looked at for one order.
const CANDIDATES_MAX: i64 = 500;
/// Days over which no-shows and hours count as of late.
const LATELY_DAYS: i64 = 90;
/// The last minute of a day, and the first that is none.
const DAY_MINUTES: i32 = 24 * 60;

/// What is known of a volunteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fitness {
    /// Whether they declare to be well enough.
    pub well: bool,
    /// The last day of their insurance.
    pub insured_until: Option<Day>,
    /// The day they were trained for care.
    pub trained_on: Option<Day>,
    /// Of a minor: the guardian, who consents and comes along.
    pub guardian: Option<PersonId>,
    /// What becomes of minutes beyond the cap.
    pub brim: Option<Brim>,
}

/// What somebody offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewOffer {
    /// What.
    pub kind: ServiceKind,
    /// On which weekdays: Monday is the lowest bit.
    pub weekdays: u8,
    /// From which minute of the day.
    pub from: i32,
    /// Up to which.
    pub until: i32,
}

impl Desk {
    /// Joins, or renews what is known. A guardian is lineal kin or of the same household, and of age.
    pub async fn join_time_bank(
        &self,
        by: &Side,
        who: PersonId,
        fit: &Fitness,
    ) -> ServiceResult<VolunteerRow> {
        let (book, today) = (by.book(), self.today());
        let mut tx = self.db.begin_write().await?;
        let no = serial::take(&mut tx, book, Series::TimeVolunteer, 1).await?;
        by.speaks_for(&mut tx, who, today).await?;
        let policy = policy_on(&mut tx, book, today).await?;
        if let Some(guardian) = fit.guardian {
            let age = super::age_of(&mut tx, book, guardian, today).await?;
            let grown = age.is_some_and(|age| age >= policy.joining.adult_age);
            if !grown || guardian == who || !is_family(&mut tx, book, (who, guardian), today).await? {
                return Err(refuse("time_guardian").into());
            }
        }
        let before = people::one(&mut tx, book, who).await?;
        let row = VolunteerRow {
            person_id: who,
            no: before.as_ref().map_or(no, |row| row.no),
            joined_at: before.as_ref().map_or_else(|| self.now(), |row| row.joined_at),
            joined_by: before.as_ref().map_or_else(|| by.actor().to_string(), |row| row.joined_by.clone()),
            well_on: fit.well.then_some(today),
            insured_until: fit.insured_until,
            trained_on: fit.trained_on,
            guardian_id: fit.guardian,
            consent_on: fit.guardian.map(|_| today),
            brim: fit.brim.map(|brim| brim.as_str().to_owned()),
            barred_until: before.as_ref().and_then(|row| row.barred_until),
            left_on: None,
        };
        match before {
            Some(_) => people::save(&mut tx, book, &row).await?,
            None => people::add(&mut tx, book, &row).await?,
        }
        tx.commit().await?;
        Ok(row)
    }

    /// Offers a service at certain hours.
    pub async fn offer_service(
        &self,
        by: &Side,
        who: PersonId,
        new: &NewOffer,
    ) -> ServiceResult<TimeOfferId> {
        let in_order = (0..new.until).contains(&new.from) && new.until <= DAY_MINUTES;
        if !in_order || !(1..=127).contains(&new.weekdays) {
            return Err(refuse("time_free_hours").into());
        }
        let mut tx = self.db.begin_write().await?;
        by.speaks_for(&mut tx, who, self.today()).await?;
        let policy = policy_on(&mut tx, by.book(), self.today()).await?;
        if !policy.services.contains(&new.kind) {
            return Err(refuse("time_service_not_here").with("service", new.kind).into());
        }
        people::one(&mut tx, by.book(), who).await?.ok_or_else(|| refuse("time_not_joined"))?;
        let row = OfferRow {
            id: self.id(),
            person_id: who,
            kind: new.kind.as_str().to_owned(),
            weekdays: new.weekdays.into(),
            from_minute: new.from,
            until_minute: new.until,
            offered_at: self.now(),
            ended_at: None,
        };
        people::offer(&mut tx, by.book(), &row).await?;
        tx.commit().await?;
        Ok(row.id)
    }

    /// Takes an offer back.
    pub async fn end_offer(&self, by: &Side, who: PersonId, id: TimeOfferId) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        by.speaks_for(&mut tx, who, self.today()).await?;
        match people::end(&mut tx, by.book(), (id, who), self.now()).await {
            Err(StoreError::RowsAffected { .. }) => return Err(ServiceError::NotFound("time_offer")),
            other => other?,
        }
        Ok(tx.commit().await?)
    }

    /// Whom the desk may ask for an order, in the order in which to ask them, each with the reasons.
    pub async fn matches_for(&self, by: &Recorder, id: TimeOrderId) -> ServiceResult<Vec<Match>> {
        let mut tx = self.db.begin_read().await?;
        let order = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("time_order"))?;
        let policy = policy_on(&mut tx, by.book, self.today()).await?;
        let kind: ServiceKind = kind_of(&order)?;
        let mut candidates = Vec::new();
        for (_, person) in people::offering(&mut tx, by.book, kind.as_str(), 0, CANDIDATES_MAX).await? {
            if fit(&mut tx, by.book, &policy, (person, &order)).await?.is_ok() {
                candidates.extend(self.candidate(&mut tx, by, &order, person).await?);
            }
        }
        let ask = Ask {
            kind,
            starts_at: order.starts_at,
            minutes: order.minutes.into(),
            group: order.group_id,
            need: order.need.into(),
        };
        Ok(matching::matches(&ask, &candidates))
    }

    async fn candidate(
        &self,
        tx: &mut Tx,
        by: &Recorder,
        order: &OrderRow,
        who: PersonId,
    ) -> ServiceResult<Option<Candidate>> {
        let (book, now) = (by.book, self.now());
        let day = order.starts_at.day();
        if home_of(tx, book, who, day).await?.is_none() {
            return Ok(None);
        }
        let found = person::by_id(tx, book, who).await?.ok_or(ServiceError::NotFound("person"))?;
        let offers = people::offers(tx, book, who).await?;
        let free = |o: &OfferRow| FreeTime {
            weekdays: u8::try_from(o.weekdays).unwrap_or(0),
            from: o.from_minute.into(),
            until: o.until_minute.into(),
        };
        let since = now.plus_days(-LATELY_DAYS);
        let lately = rows::of_volunteer(tx, book, who, (since, now)).await?;
        Ok(Some(Candidate {
            person: who,
            no: found.no,
            group: group_of(tx, book, who, day).await?,
            kinds: offers.iter().filter_map(|o| o.kind.parse().ok()).collect(),
            free: offers.iter().filter(|o| o.kind == order.kind).map(free).collect(),
            family: is_family(tx, book, (who, order.served_id), day).await?,
            bound: bound(tx, book, who, order).await?,
            rated: rows::rated(tx, book, who).await?,
            missed: pair::missed(tx, book, who, since).await?,
            minutes: lately.iter().map(|o| i64::from(o.counted)).sum(),
        }))
    }
}

/// What kind of service an order asks for.
pub(super) fn kind_of(order: &OrderRow) -> ServiceResult<ServiceKind> {
    let kind = order.kind.parse().map_err(|_| StoreError::inconsistent("time_order", "kind", &order.kind))?;
    Ok(kind)
}

/// Whether another order binds somebody while this one runs.
pub(super) async fn bound(
    tx: &mut Tx,
    book: crate::domain::ids::BookId,
    who: PersonId,
    order: &OrderRow,
) -> ServiceResult<bool> {
    let end = |o: &OrderRow| o.starts_at.plus_seconds(i64::from(o.minutes) * 60);
    let from: Timestamp = order.starts_at.plus_seconds(-PAIR_HOURS_MAX * 3_600);
    let mut others = rows::of_volunteer(tx, book, who, (from, end(order))).await?;
    others.retain(|o| o.id != order.id && end(o) > order.starts_at);
    for other in others {
        if matches!(other.state.as_str(), "accepted" | "serving") {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether somebody may do what an order asks, on its day; the refusal if not.
pub(super) async fn fit(
    tx: &mut Tx,
    book: crate::domain::ids::BookId,
    policy: &Policy,
    (who, order): (PersonId, &OrderRow),
) -> ServiceResult<Result<(), Refusal>> {
    fit_for(tx, book, policy, who, (kind_of(order)?, order.starts_at.day()), false).await
}

/// Whether somebody may do a kind of service on a day, alone or in a group; the refusal if not.
pub(super) async fn fit_for(
    tx: &mut Tx,
    book: crate::domain::ids::BookId,
    policy: &Policy,
    who: PersonId,
    (kind, day): (ServiceKind, Day),
    in_group: bool,
) -> ServiceResult<Result<(), Refusal>> {
    let Some(row) = people::one(tx, book, who).await?.filter(|row| row.left_on.is_none()) else {
        return Ok(Err(refuse("time_not_joined")));
    };
    let standing = Standing {
        age: super::age_of(tx, book, who, day).await?,
        guardian: row.guardian_id.is_some(),
        declared_well: row.well_on.is_some(),
        insured_until: row.insured_until,
        trained: row.trained_on.is_some_and(|on| on <= day),
        barred_until: row.barred_until,
    };
    let answer = joining::may_serve(&policy.joining, &standing, (kind, day), in_group);
    Ok(answer.map_err(|why| match why {
        JoinRefusal::AgeUnknown => refuse("time_age_unknown"),
        JoinRefusal::TooYoung => refuse("time_too_young"),
        JoinRefusal::GuardianMissing => refuse("time_guardian"),
        JoinRefusal::GroupOnly => refuse("time_group_only"),
        JoinRefusal::NotDeclared => refuse("time_not_declared"),
        JoinRefusal::NotInsured => refuse("time_not_insured").with("day", day),
        JoinRefusal::NotTrained => refuse("time_not_trained"),
        JoinRefusal::Barred(until) => refuse("time_barred").with("until", until),
    }))
}
