//! The time bank (时间银行): who asks, who serves, what counts, who pays. Minutes move through the Poster alone: they are
//! put aside when an order is asked for, and go to the volunteer once, when it is settled. One use case a file.
//!
//! * [`volunteer`] — joining, offers, whom the desk may ask
//! * [`ask`] — asking for a service; minutes put aside
//! * [`take`] — accepting, giving back, substitutes, no-shows, calling off
//! * [`serve`] — check-in and check-out, late entries
//! * [`settle`] — confirming, call-backs, disputes and verdicts
//! * [`post`] — hours into the account
//! * [`pool`] — the policy, the public pool and its queue
//! * [`gift`] — gifts and donations
//! * [`estate`] — hours of somebody who died: frozen, an heir drawn up, agreed
//! * [`estate_settle`] — the posting of it
//! * [`estate_view`] — as pages show it
//! * [`clearing`] — what is open between villages
//! * [`elsewhere`] — asking here with hours saved in another village
//! * [`ageing`] — how old outstanding hours are
//! * [`cover`] — whether they can be served
//! * [`clock`] — what happens by the clock
//! * [`people`] — a person and a household as pages show them
//! * [`party`] — who opens its pages
//! * [`step`] — one step of an order, by whoever may take it
//! * [`view`] — an order as pages show it

use super::{
    Actor, Desk, ServiceError, ServiceResult,
    award::state_changed,
    caller::{Recorder, Resident},
    recusal, refuse,
};
use crate::{
    domain::{
        household::household_on,
        ids::{BookId, HouseholdId, PersonId, TimeOrderId},
        kin::KinKind,
        time::Day,
        timebank::{
            order::{Ending, OrderMove, OrderState},
            policy::{Policies, Policy},
        },
    },
    store::{
        StoreResult, Tx, WriteTx, event, household, org, person,
        timebank::{
            note,
            order::{self as rows, OrderRow},
            policy as adopted,
        },
    },
};

pub mod ageing;
pub mod ask;
pub mod clearing;
pub mod clock;
pub mod cover;
pub mod elsewhere;
pub mod estate;
mod estate_settle;
pub mod estate_view;
pub mod gift;
pub mod party;
pub mod people;
pub mod pool;
pub mod post;
pub mod serve;
pub mod settle;
pub mod step;
pub mod take;
pub mod view;
pub mod volunteer;

/// The longest key of a form: with the name of whoever sent it, it has to fit into a key of the ledger.
pub const KEY_BYTES_MAX: usize = 64;
/// Orders that a list shows, and that one pass takes.
pub const ORDERS_PAGE: i64 = 200;

/// Who acts: a household signed in for its own people, or the desk of the network point for somebody on the phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Side {
    /// A household, for its members.
    Household(Resident),
    /// Staff of the network point (网点代办).
    Desk(Recorder),
}

impl Side {
    /// The book at hand.
    #[must_use]
    pub fn book(&self) -> BookId {
        match self {
            Self::Household(resident) => resident.book,
            Self::Desk(staff) => staff.book,
        }
    }

    /// As written into orders.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Household(resident) => resident.actor(),
            Self::Desk(staff) => staff.actor(),
        }
    }

    /// Refuses unless this side may speak for `person`: a household for its members, the desk for everybody but its own
    /// household and kin.
    async fn speaks_for(&self, tx: &mut Tx, person: PersonId, today: Day) -> ServiceResult<()> {
        let home = home_of(tx, self.book(), person, today).await?;
        match self {
            Self::Household(resident) if home == Some(resident.household) => Ok(()),
            Self::Household(_) => Err(refuse("not_your_household").into()),
            Self::Desk(staff) => {
                let home = home.ok_or(ServiceError::NotFound("household"))?;
                recusal::check(tx, staff, home, today).await?;
                within(tx, staff, home).await
            }
        }
    }
}

/// Refuses a recorder who keeps to a part of the village, for a household elsewhere.
async fn within(tx: &mut Tx, by: &Recorder, home: HouseholdId) -> ServiceResult<()> {
    let Some(scope) = by.scope else { return Ok(()) };
    let home = household::by_id(tx, by.book, home).await?.ok_or(ServiceError::NotFound("household"))?;
    if org::up(tx, home.group_id).await?.iter().any(|place| place.id == scope) {
        return Ok(());
    }
    Err(refuse("outside_scope").with("household", &home.no).into())
}

/// The policy a village runs on `day`.
pub(super) async fn policy_on(tx: &mut Tx, book: BookId, day: Day) -> ServiceResult<Policy> {
    let row = adopted::in_force(tx, book, day).await?.ok_or_else(|| refuse("time_no_policy"))?;
    shipped(&row.code)
}

/// A policy that the program knows.
fn shipped(code: &str) -> ServiceResult<Policy> {
    let known = Policies::shipped().by_code(code).cloned();
    known.ok_or_else(|| refuse("time_unknown_policy").with("code", code).into())
}

/// To which household somebody belongs.
async fn home_of(
    tx: &mut Tx,
    book: BookId,
    person: PersonId,
    day: Day,
) -> ServiceResult<Option<HouseholdId>> {
    let memberships = person::memberships(tx, book, person).await?;
    Ok(household_on(&memberships, person, day))
}

/// The relatives of somebody on a day, and what they are to that person.
async fn kin_of(
    tx: &mut Tx,
    book: BookId,
    person: PersonId,
    day: Day,
) -> ServiceResult<Vec<(PersonId, KinKind)>> {
    let ties = person::kin_of(tx, book, person).await?;
    Ok(ties.iter().filter(|tie| tie.stands_on(day)).filter_map(|tie| tie.seen_from(person)).collect())
}

/// Whether serving somebody is family and not service: the same household, husband and wife, lineal kin.
async fn is_family(
    tx: &mut Tx,
    book: BookId,
    (one, other): (PersonId, PersonId),
    day: Day,
) -> ServiceResult<bool> {
    let homes = (home_of(tx, book, one, day).await?, home_of(tx, book, other, day).await?);
    let close = |kind: KinKind| kind == KinKind::Spouse || kind.is_lineal();
    let kin = kin_of(tx, book, one, day).await?;
    let tied = kin.iter().any(|(relative, kind)| *relative == other && close(*kind));
    Ok(one == other || tied || (homes.0.is_some() && homes.0 == homes.1))
}

/// The age somebody reaches this year.
async fn age_of(tx: &mut Tx, book: BookId, id: PersonId, day: Day) -> ServiceResult<Option<i32>> {
    let found = person::by_id(tx, book, id).await?.ok_or(ServiceError::NotFound("person"))?;
    Ok(found.birth_year.map(|born| (day.ymd().0 - born).max(0)))
}

/// Somebody's number, which is part of the path of their account.
async fn number_of(tx: &mut Tx, book: BookId, id: PersonId) -> ServiceResult<String> {
    let found = person::by_id(tx, book, id).await?.ok_or(ServiceError::NotFound("person"))?;
    Ok(found.no.to_string())
}

/// The group in which somebody lives.
async fn group_of(
    tx: &mut Tx,
    book: BookId,
    id: PersonId,
    day: Day,
) -> ServiceResult<crate::domain::ids::OrgId> {
    let home = home_of(tx, book, id, day).await?.ok_or(ServiceError::NotFound("household"))?;
    let home = household::by_id(tx, book, home).await?.ok_or(ServiceError::NotFound("household"))?;
    Ok(home.group_id)
}

/// An order and where a move takes it.
async fn moved(
    tx: &mut Tx,
    book: BookId,
    id: TimeOrderId,
    step: OrderMove,
    ending: Ending,
) -> ServiceResult<(OrderRow, OrderState, OrderState)> {
    let row = rows::one(tx, book, id).await?.ok_or(ServiceError::NotFound("time_order"))?;
    let from = row.state()?;
    let to = from.after(step, ending).map_err(|_| refuse("time_order_moved_on").with("state", from))?;
    Ok((row, from, to))
}

/// A move as it goes into the history, and what somebody said to it.
#[derive(Debug, Clone)]
struct Happened {
    order: TimeOrderId,
    event: event::Event,
    /// Beside the history, from where they can go.
    words: String,
}

impl Happened {
    async fn write(&self, tx: &mut WriteTx, book: BookId) -> StoreResult<()> {
        event::add(tx, book, &self.event).await?;
        if self.words.is_empty() {
            return Ok(());
        }
        note::add(tx, book, (self.event.id, self.order), &self.words).await
    }
}

/// A move as it goes into the history.
fn event_of(
    desk: &Desk,
    id: TimeOrderId,
    (verb, from, to): (&str, Option<OrderState>, OrderState),
    actor: Actor,
    words: &str,
) -> Happened {
    let event = event::Event {
        id: desk.id(),
        at: desk.now(),
        subject: "time_order".to_owned(),
        subject_id: id.0,
        verb: verb.to_owned(),
        from_state: from.map(|s| s.as_str().to_owned()),
        to_state: Some(to.as_str().to_owned()),
        actor: actor.to_string(),
        on_behalf: None,
        reason: String::new(),
    };
    Happened { order: id, event, words: words.to_owned() }
}

impl Desk {
    /// Writes where an order stands now and adds to its history.
    async fn save_order(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        (row, from, step): (&OrderRow, OrderState, OrderMove),
        actor: Actor,
        words: &str,
    ) -> ServiceResult<()> {
        rows::save(tx, book, row).await.map_err(state_changed)?;
        let happened = event_of(self, row.id, (step.as_str(), Some(from), row.state()?), actor, words);
        Ok(happened.write(tx, book).await?)
    }

    /// One order.
    pub async fn time_order(&self, book: BookId, id: TimeOrderId) -> ServiceResult<OrderRow> {
        let mut tx = self.db.begin_read().await?;
        rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("time_order"))
    }

    /// Orders in one state numbered above `after`, oldest first: for the desk.
    pub async fn time_orders_in(
        &self,
        by: &Recorder,
        state: OrderState,
        after: i64,
    ) -> ServiceResult<Vec<OrderRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(rows::in_state(&mut tx, by.book, state, after, ORDERS_PAGE).await?)
    }
}
