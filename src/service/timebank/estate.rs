//! Inheritance of hours (时长继承): a volunteer died, the account is frozen, an official draws an heir up, a second person
//! agrees, and what there is goes over in one posting, once. What nobody inherits goes to the public pool.

use super::{Desk, ServiceError, ServiceResult, home_of, kin_of, policy_on, refuse, within};
use crate::{
    domain::{
        ids::{BookId, HouseholdId, PersonId, TimeEstateId},
        time::Day,
        timebank::{
            estate::{self, EstateGround, EstateMove, EstateState},
            policy::Brim,
        },
    },
    service::{
        Actor,
        award::{required, state_changed},
        caller::{Recorder, Reviewer, Role, Staff},
        recusal,
    },
    store::{
        StoreError, Tx,
        event::{self, Event},
        person,
        serial::{self, Series},
        timebank::estate::{self as estates, EstateRow},
    },
};

/// Inheritances on one page, and in one pass.
pub const ESTATES_PAGE: i64 = 200;

/// An heir, drawn up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHeir {
    /// Who.
    pub heir: PersonId,
    /// What makes them the heir.
    pub ground: EstateGround,
    /// The paper that says so: its number and where it is kept.
    pub paper: String,
    /// What becomes of minutes beyond their cap; absent, what they chose as a volunteer.
    pub brim: Option<Brim>,
}

impl Desk {
    /// Somebody died: the account is frozen from now on. The register has to know that they left.
    pub async fn open_time_estate(
        &self,
        by: &Recorder,
        who: PersonId,
        died_on: Day,
        notice: &str,
    ) -> ServiceResult<EstateRow> {
        let (book, today) = (by.book, self.today());
        let notice = required("notice", notice)?;
        let mut tx = self.db.begin_write().await?;
        let no = serial::take(&mut tx, book, Series::TimeEstate, 1).await?;
        let last = left(&mut tx, book, who, today).await?;
        if died_on > today || died_on < last.1 {
            return Err(refuse("time_estate_day").with("from", last.1).with("today", today).into());
        }
        stands_apart(&mut tx, by, last.0, today).await?;
        within(&mut tx, by, last.0).await?;
        if let Some(found) = estates::of_person(&mut tx, book, who).await? {
            return Err(refuse("time_estate_there").with("no", found.no).into());
        }
        let policy = policy_on(&mut tx, book, today).await?;
        let row = EstateRow {
            id: self.id(),
            no,
            person_id: who,
            died_on,
            notice: notice.to_owned(),
            opened_at: self.now(),
            opened_by: by.actor().to_string(),
            due_on: estate::due(&policy.inheritance, today),
            state: EstateState::Open.as_str().to_owned(),
            heir_id: None,
            ground: None,
            paper: String::new(),
            brim: None,
            drawn_at: None,
            drawn_by: None,
            decided_at: None,
            decided_by: None,
            minutes: 0,
            saved: 0,
            pooled: 0,
            honoured: 0,
            post_seq: None,
            changes: 0,
        };
        estates::add(&mut tx, book, &row).await?;
        let happened = self.estate_event(&row, "open", None, by.actor(), "");
        event::add(&mut tx, book, &happened).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Draws an heir up, for a second person to agree.
    pub async fn draw_heir(
        &self,
        by: &Recorder,
        id: TimeEstateId,
        new: &NewHeir,
    ) -> ServiceResult<EstateRow> {
        let (book, today) = (by.book, self.today());
        let paper = required("paper", &new.paper)?;
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, book, Series::TimeEstate, 0).await?;
        let (row, from, to) = stepped(&mut tx, book, id, EstateMove::Draw).await?;
        let (last, _) = left(&mut tx, book, row.person_id, today).await?;
        stands_apart(&mut tx, by, last, today).await?;
        let home = heir_home(&mut tx, book, new.heir, today).await?;
        stands_apart(&mut tx, by, home, today).await?;
        // a tie is taken back when somebody is gone; what counts is the day of the death
        let kin = kin_of(&mut tx, book, row.person_id, row.died_on).await?;
        let tie = kin.iter().find(|(relative, _)| *relative == new.heir).map(|(_, kind)| *kind);
        if !estate::may_inherit(tie) {
            return Err(refuse("time_heir_tie").into());
        }
        nothing_open(&mut tx, book, row.person_id).await?;
        let row = EstateRow {
            state: to.as_str().to_owned(),
            heir_id: Some(new.heir),
            ground: Some(new.ground.as_str().to_owned()),
            paper: paper.to_owned(),
            brim: new.brim.map(|brim| brim.as_str().to_owned()),
            drawn_at: Some(self.now()),
            drawn_by: Some(by.actor().to_string()),
            ..row
        };
        estates::save(&mut tx, book, &row).await.map_err(state_changed)?;
        let happened = self.estate_event(&row, "draw", Some(from), by.actor(), "");
        event::add(&mut tx, book, &happened).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// A second person agrees, and the hours go over; or sends it back, and says why.
    pub async fn decide_heir(
        &self,
        by: &Reviewer,
        id: TimeEstateId,
        agrees: bool,
        words: &str,
    ) -> ServiceResult<EstateRow> {
        let (book, today) = (by.book, self.today());
        if !by.holds(Role::Reviewer) {
            return Err(ServiceError::NotAllowed);
        }
        let words = if agrees { "" } else { required("words", words)? };
        let step = if agrees { EstateMove::Agree } else { EstateMove::Decline };
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, book, Series::TimeEstate, 0).await?;
        let (row, from, to) = stepped(&mut tx, book, id, step).await?;
        let hands: Vec<String> = row.drawn_by.iter().cloned().chain([row.opened_by.clone()]).collect();
        if by.selves().among(hands.iter()).is_some() {
            return Err(refuse("time_own_second").into());
        }
        let (last, _) = left(&mut tx, book, row.person_id, today).await?;
        stands_apart(&mut tx, by, last, today).await?;
        let heir = row.heir_id.ok_or_else(|| StoreError::inconsistent("time_estate", "heir_id", "-"))?;
        if let Some(home) = home_of(&mut tx, book, heir, today).await? {
            stands_apart(&mut tx, by, home, today).await?;
        }
        if agrees {
            drop(tx);
            return self.settle_estate(book, by.actor(), (row, from)).await;
        }
        let row = EstateRow {
            state: to.as_str().to_owned(),
            heir_id: None,
            ground: None,
            paper: String::new(),
            brim: None,
            drawn_at: None,
            drawn_by: None,
            ..row
        };
        estates::save(&mut tx, book, &row).await.map_err(state_changed)?;
        let happened = self.estate_event(&row, "decline", Some(from), by.actor(), words);
        event::add(&mut tx, book, &happened).await?;
        tx.commit().await?;
        Ok(row)
    }

    pub(super) fn estate_event(
        &self,
        row: &EstateRow,
        verb: &str,
        from: Option<EstateState>,
        by: Actor,
        reason: &str,
    ) -> Event {
        Event {
            id: self.id(),
            at: self.now(),
            subject: "time_estate".to_owned(),
            subject_id: row.id.0,
            verb: verb.to_owned(),
            from_state: from.map(|state| state.as_str().to_owned()),
            to_state: Some(row.state.clone()),
            actor: by.to_string(),
            on_behalf: None,
            reason: reason.to_owned(),
        }
    }
}

/// Refuses when the account of somebody is frozen, or was settled.
pub(in crate::service) async fn not_frozen(tx: &mut Tx, book: BookId, who: PersonId) -> ServiceResult<()> {
    match estates::of_person(tx, book, who).await? {
        None => Ok(()),
        Some(row) => Err(refuse("time_estate_frozen").with("no", row.no).into()),
    }
}

/// Where an inheritance stands, and where a move takes it.
async fn stepped(
    tx: &mut Tx,
    book: BookId,
    id: TimeEstateId,
    step: EstateMove,
) -> ServiceResult<(EstateRow, EstateState, EstateState)> {
    let row = estates::one(tx, book, id).await?.ok_or(ServiceError::NotFound("time_estate"))?;
    let from = row.state()?;
    let to = from.after(step).ok_or_else(|| refuse("time_estate_moved_on").with("state", from))?;
    Ok((row, from, to))
}

/// The last household of somebody who left the register, and since when they belonged to it.
async fn left(tx: &mut Tx, book: BookId, who: PersonId, today: Day) -> ServiceResult<(HouseholdId, Day)> {
    let memberships = person::memberships(tx, book, who).await?;
    let last = memberships.last().ok_or(ServiceError::NotFound("person"))?;
    if last.to.is_none_or(|to| to > today) {
        return Err(refuse("time_estate_registered").into());
    }
    Ok((last.household, last.from))
}

/// The household of an heir, who has to be in the register and alive.
pub(super) async fn heir_home(
    tx: &mut Tx,
    book: BookId,
    heir: PersonId,
    today: Day,
) -> ServiceResult<HouseholdId> {
    not_frozen(tx, book, heir).await?;
    Ok(home_of(tx, book, heir, today).await?.ok_or_else(|| refuse("time_heir_gone"))?)
}

/// Nobody draws up or decides for their own household or kin.
async fn stands_apart(tx: &mut Tx, by: &Staff, home: HouseholdId, today: Day) -> ServiceResult<()> {
    recusal::check(tx, by, home, today).await
}

/// Refuses while an order or a gift of somebody is on its way, and says which.
pub(super) async fn nothing_open(tx: &mut Tx, book: BookId, who: PersonId) -> ServiceResult<()> {
    if let Some(no) = estates::open_order(tx, book, who).await? {
        return Err(refuse("time_estate_order").with("order", no).into());
    }
    if let Some(no) = estates::open_gift(tx, book, who).await? {
        return Err(refuse("time_estate_gift").with("gift", no).into());
    }
    Ok(())
}
