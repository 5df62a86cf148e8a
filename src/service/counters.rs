//! Counters: opening and closing them, who stands at them, and at which one a shopkeeper works now.

use super::{
    Actor, Desk, ServiceError, ServiceResult,
    caller::{Clerk, Role, Shopkeeper, Staff},
    login::fold_login_name,
    refuse,
};
use crate::{
    domain::{
        chart,
        ids::{BookId, CounterId, UserId},
    },
    store::{
        WriteTx,
        counter::{self, CounterRow, KeeperRow},
        day_close,
        event::{self, Event},
        login,
    },
};

/// The longest code of a counter.
const CODE_BYTES_MAX: usize = 20;

/// A counter to be set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCounter {
    /// Part of account paths: A-Z, a-z, 0-9 and -, first a capital or a digit.
    pub code: String,
    /// What the village calls it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
}

/// What happened to a thing, for [`event`]: one step of its life.
pub(super) struct Step<'a> {
    pub(super) subject: &'a str,
    pub(super) subject_id: uuid::Uuid,
    pub(super) verb: &'a str,
    pub(super) from: Option<&'a str>,
    pub(super) to: Option<&'a str>,
    pub(super) reason: &'a str,
}

impl Desk {
    /// Writes down who took a step (留痕).
    pub(super) async fn leave_trace(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        actor: Actor,
        step: Step<'_>,
    ) -> ServiceResult<()> {
        let event = Event {
            id: self.id(),
            at: self.now(),
            subject: step.subject.to_owned(),
            subject_id: step.subject_id,
            verb: step.verb.to_owned(),
            from_state: step.from.map(str::to_owned),
            to_state: step.to.map(str::to_owned),
            actor: actor.to_string(),
            on_behalf: None,
            reason: step.reason.to_owned(),
        };
        Ok(event::add(tx, book, &event).await?)
    }

    /// Sets up a counter, open.
    pub async fn add_counter(&self, by: &Clerk, new: NewCounter) -> ServiceResult<CounterRow> {
        let (name, name_en) = (new.name.trim().to_owned(), new.name_en.trim().to_owned());
        if name.is_empty() {
            return Err(refuse("field_missing").with("field", "name").into());
        }
        if new.code.len() > CODE_BYTES_MAX || chart::stock(&new.code).is_err() {
            return Err(refuse("invalid_code").with("code", &new.code).into());
        }
        let row = CounterRow { id: self.id(), code: new.code, name, name_en, state: "open".to_owned() };
        let mut tx = self.db.begin_write().await?;
        if counter::by_code(&mut tx, by.book, &row.code).await?.is_some() {
            return Err(refuse("code_taken").with("code", &row.code).into());
        }
        counter::add(&mut tx, by.book, &row).await?;
        let step = Step {
            subject: "counter",
            subject_id: row.id.0,
            verb: "add",
            from: None,
            to: Some("open"),
            reason: "",
        };
        self.leave_trace(&mut tx, by.book, by.actor(), step).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// All counters of a village, by code.
    pub async fn counters(&self, book: BookId) -> ServiceResult<Vec<CounterRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(counter::list(&mut tx, book).await?)
    }

    /// One counter of a village.
    pub async fn counter(&self, book: BookId, id: CounterId) -> ServiceResult<CounterRow> {
        let mut tx = self.db.begin_read().await?;
        counter::by_id(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("counter"))
    }

    /// Opens or closes a counter: whoever stands at it may, and the clerk.
    pub async fn set_counter_open(&self, by: &Staff, id: CounterId, open: bool) -> ServiceResult<CounterRow> {
        let mut tx = self.db.begin_write().await?;
        let row = if by.holds(Role::Clerk) {
            counter::by_id(&mut tx, by.book, id).await?
        } else if by.holds(Role::Shopkeeper) {
            counter::of_keeper(&mut tx, by.book, by.user).await?.into_iter().find(|c| c.id == id)
        } else {
            return Err(ServiceError::NotAllowed);
        };
        let mut row = row.ok_or(ServiceError::NotFound("counter"))?;
        let (to, verb) = if open { ("open", "open") } else { ("closed", "close") };
        if row.state == to {
            return Ok(row);
        }
        // the day was counted and closed: nothing may land in it any more
        if open && day_close::one(&mut tx, by.book, id, self.today()).await?.is_some() {
            return Err(refuse("day_closed").with("day", self.today()).into());
        }
        counter::set_state(&mut tx, by.book, id, to).await?;
        let from = std::mem::replace(&mut row.state, to.to_owned());
        let step =
            Step { subject: "counter", subject_id: id.0, verb, from: Some(&from), to: Some(to), reason: "" };
        self.leave_trace(&mut tx, by.book, by.actor(), step).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// The counter a shopkeeper stands at: the one asked for, or the first of theirs.
    pub async fn counter_at(&self, by: &Shopkeeper, wanted: Option<CounterId>) -> ServiceResult<CounterRow> {
        let mine = self.counters_of(by).await?;
        match wanted {
            Some(id) => mine.into_iter().find(|c| c.id == id).ok_or(ServiceError::NotFound("counter")),
            None => mine.into_iter().next().ok_or_else(|| refuse("no_counter").into()),
        }
    }

    /// All counters a shopkeeper stands at, by code.
    pub async fn counters_of(&self, by: &Shopkeeper) -> ServiceResult<Vec<CounterRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(counter::of_keeper(&mut tx, by.book, by.user).await?)
    }

    /// Who stands at a counter.
    pub async fn keepers(&self, by: &Clerk, id: CounterId) -> ServiceResult<Vec<KeeperRow>> {
        let mut tx = self.db.begin_read().await?;
        counter::by_id(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("counter"))?;
        Ok(counter::keepers(&mut tx, by.book, id).await?)
    }

    /// Puts a shopkeeper of this village behind a counter.
    pub async fn add_keeper(&self, by: &Clerk, id: CounterId, user: UserId) -> ServiceResult<()> {
        self.change_keeper(by, id, user, true).await
    }

    /// Puts the shopkeeper with that login name behind a counter.
    pub async fn add_keeper_named(&self, by: &Clerk, id: CounterId, login_name: &str) -> ServiceResult<()> {
        let name = fold_login_name(login_name);
        let mut tx = self.db.begin_read().await?;
        let found = login::by_name(&mut tx, &name).await?;
        drop(tx);
        let unknown = || refuse("not_a_shopkeeper").with("login", &name);
        let user = found.ok_or_else(unknown)?.id;
        let who = self.staff_sign_in(user).await?.ok_or_else(unknown)?;
        let staff = self.staff_for(&who, by.book).await?.ok_or_else(unknown)?;
        if !staff.holds(Role::Shopkeeper) {
            return Err(unknown().into());
        }
        self.change_keeper(by, id, user, true).await
    }

    /// Takes somebody away from a counter.
    pub async fn remove_keeper(&self, by: &Clerk, id: CounterId, user: UserId) -> ServiceResult<()> {
        self.change_keeper(by, id, user, false).await
    }

    async fn change_keeper(&self, by: &Clerk, id: CounterId, user: UserId, add: bool) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        let row = counter::by_id(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("counter"))?;
        let stands = counter::keepers(&mut tx, by.book, row.id).await?.iter().any(|k| k.user_id == user);
        if stands == add {
            return Ok(());
        }
        if add {
            counter::add_keeper(&mut tx, by.book, row.id, user).await?;
        } else {
            counter::remove_keeper(&mut tx, by.book, row.id, user).await?;
        }
        let verb = if add { "add_keeper" } else { "remove_keeper" };
        let who = user.to_string();
        let step =
            Step { subject: "counter", subject_id: row.id.0, verb, from: None, to: None, reason: &who };
        self.leave_trace(&mut tx, by.book, by.actor(), step).await?;
        Ok(tx.commit().await?)
    }
}
