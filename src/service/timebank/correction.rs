//! Putting recorded hours right on request (记录更正): asked for with a reason, looked into by another person within ten
//! working days. What was wrong is undone and what is right posted, both or neither; nothing is edited. Hours that were
//! drawn already cannot be taken back, and the refusal says how many.

use super::{
    Desk, KEY_BYTES_MAX, OrderState, ServiceError, ServiceResult, Side,
    party::Party,
    record::services_of,
    refuse, rows, settle, shipped,
    view::{Someone, someone},
};
use crate::{
    domain::{
        calendar::Calendar,
        ids::{BookId, PersonId, TimeCorrectionId},
        time::Day,
        timebank::correction::{self as rule, CorrectionState, WrongMinutes},
    },
    service::{
        Refusal,
        award::{required, state_changed},
        caller::Reviewer,
        correction::last_of,
    },
    store::{
        Tx,
        ledger::read,
        serial::{self, Series},
        timebank::{
            order::OrderRow,
            record::correction::{self as asked, CorrectionRow, Decision},
        },
    },
};

/// What the source of the two transactions begins with.
pub(crate) const SOURCE: &str = "time_correction:";
/// Requests a list shows at once.
pub const CORRECTIONS_PAGE: i64 = 100;

/// A request as pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectionView {
    /// The request.
    pub row: CorrectionRow,
    /// Where it stands.
    pub state: CorrectionState,
    /// Whose hours.
    pub who: Someone,
    /// The order.
    pub order: OrderRow,
    /// The last day on which it is decided in time.
    pub due_on: Day,
    /// Whether it was, or is by now, later than that.
    pub late: bool,
}

/// What is asked to be put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCorrection {
    /// Whose hours.
    pub who: PersonId,
    /// The transaction that put the service into the book.
    pub root: i64,
    /// What would be right.
    pub wanted: i64,
    /// Why.
    pub reason: String,
}

impl Desk {
    /// Asks for the hours of a service to be put right. The same key again gets the same request.
    pub async fn ask_time_correction(
        &self,
        by: &Side,
        key: &str,
        new: &NewCorrection,
    ) -> ServiceResult<CorrectionRow> {
        if key.is_empty() || key.len() > KEY_BYTES_MAX {
            return Err(refuse("invalid_key").into());
        }
        let reason = required("reason", &new.reason)?;
        let (book, me) = (by.book(), by.actor().to_string());
        let mut tx = self.db.begin_write().await?;
        let no = serial::take(&mut tx, book, Series::TimeCorrection, 1).await?;
        by.speaks_for(&mut tx, new.who, self.today()).await?;
        if let Some(first) = asked::by_key(&mut tx, book, &me, key).await? {
            let same = (first.root, first.wanted, first.person_id) == (new.root, new.wanted, new.who);
            return if same {
                Ok(first)
            } else {
                Err(refuse("idempotency_conflict").with("fields", "root, wanted").into())
            };
        }
        let services = services_of(&mut tx, book, new.who).await?;
        let found = services.into_iter().find(|s| s.row.root == new.root);
        let found = found.ok_or(ServiceError::NotFound("time_service"))?;
        if !found.row.is_order() {
            return Err(refuse("time_correction_award").into());
        }
        let (seq, was) = found.row.now().ok_or_else(|| refuse("time_correction_undone"))?;
        let order = rows::one(&mut tx, book, found.row.id.into()).await?;
        let order = order.ok_or(ServiceError::NotFound("time_order"))?;
        minutes(&order, was, new.wanted)?;
        let earlier = asked::of_root(&mut tx, book, new.root).await?;
        if let Some(open) = earlier.iter().find(|r| r.state == CorrectionState::Asked.as_str()) {
            return Err(refuse("already_requested").with("seq", open.no).into());
        }
        let row = CorrectionRow {
            id: self.id(),
            no,
            key: key.to_owned(),
            person_id: new.who,
            order_id: order.id,
            root: new.root,
            seq,
            was,
            wanted: new.wanted,
            reason: reason.to_owned(),
            asked_at: self.now(),
            asked_by: me,
            state: CorrectionState::Asked.as_str().to_owned(),
            decided_at: None,
            decided_by: None,
            decision: None,
            minutes: None,
            undo_seq: None,
            post_seq: None,
        };
        asked::add(&mut tx, book, &row).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Another person looked: the record is right and stays.
    pub async fn refuse_time_correction(
        &self,
        by: &Reviewer,
        id: TimeCorrectionId,
        words: &str,
    ) -> ServiceResult<CorrectionRow> {
        let words = required("words", words)?;
        let (book, decision) = (by.book, self.right_decision(by, words));
        let mut tx = self.db.begin_write().await?;
        let missing = || ServiceError::NotFound("time_correction");
        let row = asked::one(&mut tx, book, id).await?.ok_or_else(missing)?;
        if row.state()? == CorrectionState::Refused && row.decided_by.as_ref() == Some(&decision.by) {
            // the answer was lost
            return Ok(row);
        }
        self.may_put_right(&mut tx, by, &row).await?;
        asked::refuse(&mut tx, book, id, &decision).await.map_err(state_changed)?;
        let row = asked::one(&mut tx, book, id).await?.ok_or_else(missing)?;
        tx.commit().await?;
        Ok(row)
    }

    /// Another person looked: so many minutes are right. What was wrong is undone and what is right posted.
    pub async fn correct_time_record(
        &self,
        by: &Reviewer,
        id: TimeCorrectionId,
        right: i64,
        words: &str,
    ) -> ServiceResult<CorrectionRow> {
        let words = required("words", words)?;
        let (book, decision) = (by.book, self.right_decision(by, words));
        let mut tx = self.db.begin_read().await?;
        let missing = || ServiceError::NotFound("time_correction");
        let row = asked::one(&mut tx, book, id).await?.ok_or_else(missing)?;
        let mine = row.decided_by.as_ref() == Some(&decision.by);
        if row.state()? == CorrectionState::Corrected && mine && row.minutes == Some(right) {
            // the answer was lost
            return Ok(row);
        }
        let order = self.may_put_right(&mut tx, by, &row).await?;
        minutes(&order, row.was, right)?;
        let policy = shipped(&order.policy)?;
        if right > row.was {
            let longer = OrderRow { counted: i32::try_from(right).unwrap_or(0), ..order.clone() };
            self.check_hand(&mut tx, book, &policy, (&longer, row.person_id)).await?;
        }
        let txn = read::txn(&mut tx, book, row.seq).await?.ok_or(ServiceError::NotFound("transaction"))?;
        if let Some(by) = read::reversed_by(&mut tx, book, row.seq).await? {
            return Err(refuse("already_reversed").with("seq", row.seq).with("reversed_by", by).into());
        }
        let plan = self.right_plan(&mut tx, book, &policy, (&row, &order, &txn), right).await?;
        drop(tx);
        let tasks = self.right_tasks(by, plan, (&row, &txn, &decision), right)?;
        match last_of(self.poster.post_together(book, tasks).await?) {
            Ok(_) => {}
            Err(ServiceError::Refused(refusal)) => return Err(in_words(refusal).into()),
            Err(error) => return Err(error),
        }
        let mut tx = self.db.begin_read().await?;
        asked::one(&mut tx, book, id).await?.ok_or_else(missing)
    }

    fn right_decision(&self, by: &Reviewer, words: &str) -> Decision {
        Decision { at: self.now(), by: by.actor().to_string(), words: words.to_owned() }
    }

    /// It waits, and for somebody who has no part in it.
    async fn may_put_right(
        &self,
        tx: &mut Tx,
        by: &Reviewer,
        row: &CorrectionRow,
    ) -> ServiceResult<OrderRow> {
        if row.state()? != CorrectionState::Asked {
            return Err(refuse("already_decided").with("state", &row.state).into());
        }
        if by.selves().are(&row.asked_by) {
            return Err(refuse("own_request").into());
        }
        let order = rows::one(tx, by.book, row.order_id).await?;
        let order = order.ok_or(ServiceError::NotFound("time_order"))?;
        settle::unbiased(tx, by, &order, self.today()).await?;
        settle::no_hand_in(tx, by, &order).await?;
        if by.selves().among(order.signed_by.iter().chain(&order.verdict_by)).is_some() {
            return Err(refuse("time_own_second").into());
        }
        Ok(order)
    }

    /// Requests in a state numbered above `after`, oldest first: a household sees those about its own people.
    pub async fn time_corrections(
        &self,
        by: &Party,
        state: CorrectionState,
        after: i64,
    ) -> ServiceResult<Vec<CorrectionView>> {
        let book = by.book();
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for row in asked::in_state(&mut tx, book, state, after, CORRECTIONS_PAGE).await? {
            if let Party::Household(own) = by
                && super::home_of(&mut tx, book, row.person_id, self.today()).await? != Some(own.household)
            {
                continue;
            }
            out.push(self.correction_view(&mut tx, book, row).await?);
        }
        Ok(out)
    }

    /// One request, for whoever may see it.
    pub async fn time_correction(&self, by: &Party, id: TimeCorrectionId) -> ServiceResult<CorrectionView> {
        let book = by.book();
        let missing = || ServiceError::NotFound("time_correction");
        let mut tx = self.db.begin_read().await?;
        let row = asked::one(&mut tx, book, id).await?.ok_or_else(missing)?;
        if let Party::Household(own) = by
            && super::home_of(&mut tx, book, row.person_id, self.today()).await? != Some(own.household)
        {
            return Err(missing());
        }
        self.correction_view(&mut tx, book, row).await
    }

    async fn correction_view(
        &self,
        tx: &mut Tx,
        book: BookId,
        row: CorrectionRow,
    ) -> ServiceResult<CorrectionView> {
        let order = rows::one(tx, book, row.order_id).await?.ok_or(ServiceError::NotFound("time_order"))?;
        let who = someone(tx, book, row.person_id, (self.today(), true)).await?;
        let due_on = rule::decide_by(&Calendar::shipped(), row.asked_at.day());
        let late = row.decided_at.map_or_else(|| self.today(), |at| at.day()) > due_on;
        Ok(CorrectionView { state: row.state()?, who, order, due_on, late, row })
    }
}

/// Refuses minutes that cannot be the right ones.
fn minutes(order: &OrderRow, was: i64, right: i64) -> ServiceResult<()> {
    if order.state()? != OrderState::Posted {
        return Err(refuse("time_order_moved_on").with("state", &order.state).into());
    }
    let counting = shipped(&order.policy)?.counting;
    rule::check(&counting, (order.minutes.into(), was), right).map_err(|why| {
        let refusal = match why {
            WrongMinutes::Same => refuse("time_correction_same").with("minutes", was),
            WrongMinutes::Range(asked) => refuse("time_correction_range").with("minutes", asked),
            WrongMinutes::Quarter => {
                let (quarter, least) = (counting.quarter, counting.least);
                refuse("time_correction_quarter").with("quarter", quarter).with("least", least)
            }
        };
        refusal.into()
    })
}

/// The ledger's refusal of a movement that somebody was quicker than.
fn in_words(refusal: Refusal) -> Refusal {
    match refusal.code {
        "insufficient_time" => {
            let of = |name: &str| refusal.facts.get(name).cloned().unwrap_or_default();
            let (minutes, free) = (of("needed"), of("available"));
            refuse("time_correction_payer").with("minutes", minutes).with("available", free)
        }
        _ => refusal,
    }
}
