//! Reminders (提醒整改): given in private, looked at again by another person, withdrawn, deducted for, given back. Nobody
//! but the household and the people of the office ever reads one; [`gate`] lets no deduction pass without one.

use rust_decimal::Decimal;

use super::{
    Desk, ServiceError, ServiceResult,
    award::{Evidence, NewAward, required, state_changed},
    caller::{Recorder, Staff},
    counters::Step,
    recusal, refuse, rulesets,
};
use crate::{
    domain::{
        amount::POINT_MINOR,
        due_process::AwardState,
        household::HouseholdNo,
        ids::{BookId, PersonId, ReminderId},
        lang::Lang,
        reminder::{
            FIX_DAYS_MAX, FIX_DAYS_MIN, InvalidTerm, ReminderMove, ReminderState, check_term, is_over,
        },
        rule::{Direction, Item, SubjectKind},
        ruleset::RuleSet,
        time::Day,
    },
    store::{
        Tx, WriteTx,
        award::AwardRow,
        household::{self, Household},
        org, person,
        reminder::{self as rows, ReminderRow},
        serial::{self, Series},
    },
    text::T,
};

pub mod gate;
pub mod view;

pub use view::{REMINDERS_PAGE, ReminderFile};

/// A reminder to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReminder {
    /// The household's number.
    pub household: HouseholdNo,
    /// Who of it, where the item counts by person.
    pub person: Option<PersonId>,
    /// The deduction it comes before.
    pub item: String,
    /// What is to be mended, in words for the household.
    pub what: String,
    /// The day it was given: today, or earlier when it was given on paper.
    pub given_on: Day,
    /// The last day to mend it.
    pub fix_by: Day,
}

impl Desk {
    /// Reminds a household in private.
    pub async fn remind(&self, by: &Recorder, new: &NewReminder) -> ServiceResult<ReminderRow> {
        let mut tx = self.db.begin_write().await?;
        let row = self.remind_inside(&mut tx, by, new, self.id()).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// The same as a part of something else. Refused, it has written nothing.
    pub(super) async fn remind_inside(
        &self,
        tx: &mut WriteTx,
        by: &Recorder,
        new: &NewReminder,
        id: ReminderId,
    ) -> ServiceResult<ReminderRow> {
        let what = required("what", &new.what)?;
        let today = self.today();
        check_days(new.given_on, new.fix_by, today)?;
        let home = household::by_no(tx, by.book, &new.household).await?;
        let home = home.ok_or(ServiceError::NotFound("household"))?;
        may_act(tx, by, &home, today).await?;
        let set = rulesets::in_force(tx, by.book, today).await?;
        let item = set.item(&new.item).ok_or_else(|| refuse("unknown_item").with("item", &new.item))?;
        if item.direction != Direction::Deduct || !item.enabled {
            return Err(refuse("reminder_item").with("item", &item.code).into());
        }
        let person = member(tx, by.book, &home, item, new.person, today).await?;
        let row = ReminderRow {
            id,
            no: serial::take(tx, by.book, Series::Reminder, 1).await?,
            household_id: home.id,
            person_id: person,
            item: item.code.to_string(),
            what: what.to_owned(),
            times: 1,
            given_on: new.given_on,
            fix_by: new.fix_by,
            reminded_at: self.now(),
            reminded_by: by.actor().to_string(),
            state: ReminderState::Reminded.as_str().to_owned(),
            checked_at: None,
            checked_by: None,
            finding: None,
            award_id: None,
            restore_id: None,
        };
        rows::add(tx, by.book, &row).await?;
        self.reminder_step(tx, by, &row, "remind", None).await?;
        Ok(row)
    }

    /// Reminds once more, with a new day: today, or on paper after the last day of the time before.
    pub async fn remind_again(
        &self,
        by: &Recorder,
        id: ReminderId,
        given_on: Day,
        fix_by: Day,
    ) -> ServiceResult<ReminderRow> {
        check_days(given_on, fix_by, self.today())?;
        self.move_reminder(by, id, ReminderMove::Again, |row| {
            if !is_over(row.fix_by, given_on) {
                return Err(refuse("reminder_not_over").with("fix_by", row.fix_by));
            }
            row.times += 1;
            (row.given_on, row.fix_by) = (given_on, fix_by);
            (row.reminded_at, row.reminded_by) = (self.now(), by.actor().to_string());
            Ok(())
        })
        .await
    }

    /// Another person looked again: mended, at any time, or unmended, when the time is over.
    pub async fn recheck(
        &self,
        by: &Recorder,
        id: ReminderId,
        mended: bool,
        finding: &str,
    ) -> ServiceResult<ReminderRow> {
        let finding = required("finding", finding)?;
        let today = self.today();
        let step = if mended { ReminderMove::FoundMended } else { ReminderMove::FoundUnmended };
        self.move_reminder(by, id, step, |row| {
            if !mended && !is_over(row.fix_by, today) {
                return Err(refuse("reminder_not_over").with("fix_by", row.fix_by));
            }
            if by.selves().are(&row.reminded_by) {
                return Err(refuse("own_reminder"));
            }
            (row.checked_at, row.checked_by) = (Some(self.now()), Some(by.actor().to_string()));
            row.finding = Some(finding.to_owned());
            Ok(())
        })
        .await
    }

    /// Takes back a reminder that was a mistake.
    pub async fn withdraw_reminder(
        &self,
        by: &Recorder,
        id: ReminderId,
        why: &str,
    ) -> ServiceResult<ReminderRow> {
        let why = required("finding", why)?;
        self.move_reminder(by, id, ReminderMove::Withdraw, |row| {
            row.finding = Some(why.to_owned());
            Ok(())
        })
        .await
    }

    /// Puts the deduction on record that a reminder found unmended stands for; from here it goes the way of every
    /// award: review, notice without a name, posting.
    pub async fn deduct_reminded(&self, by: &Recorder, id: ReminderId) -> ServiceResult<AwardRow> {
        let file = self.reminder(by, id).await?;
        if file.state != ReminderState::Unmended && file.row.award_id.is_none() {
            return Err(refuse("reminder_state").with("state", file.state).into());
        }
        let today = self.today();
        let set = self.ruleset_for(by.book, today).await?;
        let item = rule(&set, &file.row.item)?;
        let t = T(Lang::Zh);
        let new = NewAward {
            household: Some(file.row.household_id),
            person: file.row.person_id,
            item: item.code.to_string(),
            quantity: Decimal::ONE,
            grade: None,
            // the same request on another day is the same deduction
            occurred_on: file.row.checked_at.map_or(today, crate::domain::time::Timestamp::day),
            event_key: None,
            hours: None,
            evidence: Evidence::on_file(item, &t.reminder_evidence(file.row.no)),
            note: t.reminder_note(file.row.no, file.row.times, file.row.fix_by),
            on_behalf: None,
        };
        self.record_award(by, new, &format!("reminder:{id}")).await
    }

    /// Puts on record that what was deducted is given back, because it was mended after all.
    pub async fn restore_reminded(
        &self,
        by: &Recorder,
        id: ReminderId,
        finding: &str,
    ) -> ServiceResult<AwardRow> {
        let finding = required("finding", finding)?;
        let file = self.reminder(by, id).await?;
        let was_deducted = matches!(file.state, ReminderState::Deducted | ReminderState::Restored);
        let posted = file.row.award_id.filter(|_| was_deducted && file.award == Some(AwardState::Posted));
        let award = posted.ok_or_else(|| refuse("reminder_not_deducted"))?;
        let today = self.today();
        let taken = self.award_file(by.book, award).await?.award;
        let taken = -taken.honor_moved.unwrap_or(taken.honor);
        let set = self.ruleset_for(by.book, today).await?;
        let gives_back = |i: &&Item| {
            i.restores.as_ref().is_some_and(|r| r.items.iter().any(|c| c.as_str() == file.row.item))
        };
        let item = set.items.iter().find(gives_back);
        let item = item.ok_or_else(|| refuse("reminder_no_restoration").with("item", &file.row.item))?;
        let new = NewAward {
            household: Some(file.row.household_id),
            person: None,
            item: item.code.to_string(),
            quantity: (Decimal::from(taken) / Decimal::from(POINT_MINOR)).normalize(),
            grade: None,
            occurred_on: today,
            event_key: None,
            hours: None,
            evidence: Evidence::on_file(item, &T(Lang::Zh).reminder_evidence(file.row.no)),
            note: finding.to_owned(),
            on_behalf: None,
        };
        let given = self.record_award(by, new, &format!("restore:{id}")).await?;
        if file.state == ReminderState::Deducted {
            self.move_reminder(by, id, ReminderMove::Restore, |row| {
                row.restore_id = Some(given.id);
                Ok(())
            })
            .await?;
        }
        Ok(given)
    }

    async fn move_reminder(
        &self,
        by: &Recorder,
        id: ReminderId,
        step: ReminderMove,
        change: impl FnOnce(&mut ReminderRow) -> Result<(), super::Refusal>,
    ) -> ServiceResult<ReminderRow> {
        let mut tx = self.db.begin_write().await?;
        // the lock under which a reminder is read before it is moved
        serial::take(&mut tx, by.book, Series::Reminder, 0).await?;
        let mut row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("reminder"))?;
        let from = row.state()?;
        let to = from.after(step).map_err(|e| refuse("reminder_state").with("state", e.from))?;
        let home = household::by_id(&mut tx, by.book, row.household_id).await?;
        let home = home.ok_or(ServiceError::NotFound("household"))?;
        may_act(&mut tx, by, &home, self.today()).await?;
        change(&mut row)?;
        to.as_str().clone_into(&mut row.state);
        rows::to(&mut tx, by.book, from, &row).await.map_err(state_changed)?;
        self.reminder_step(&mut tx, by, &row, verb(step), Some(from)).await?;
        tx.commit().await?;
        Ok(row)
    }

    async fn reminder_step(
        &self,
        tx: &mut WriteTx,
        by: &Staff,
        row: &ReminderRow,
        verb: &str,
        from: Option<ReminderState>,
    ) -> ServiceResult<()> {
        let step = Step {
            subject: "reminder",
            subject_id: row.id.0,
            verb,
            from: from.map(ReminderState::as_str),
            to: Some(&row.state),
            // the words stand in the row, where they can be erased
            reason: "",
        };
        self.leave_trace(tx, by.book, by.actor(), step).await
    }
}

const fn verb(step: ReminderMove) -> &'static str {
    match step {
        ReminderMove::Again => "remind_again",
        ReminderMove::FoundMended => "found_mended",
        ReminderMove::FoundUnmended => "found_unmended",
        ReminderMove::Withdraw => "withdraw",
        ReminderMove::Deduct => "deduct",
        ReminderMove::Restore => "restore",
    }
}

fn rule<'a>(set: &'a RuleSet, code: &str) -> ServiceResult<&'a Item> {
    set.item(code).ok_or_else(|| refuse("unknown_item").with("item", code).into())
}

pub(super) fn check_days(given: Day, fix_by: Day, today: Day) -> ServiceResult<()> {
    check_term(given, fix_by, today).map_err(|fault| match fault {
        InvalidTerm::Given => refuse("reminder_given").with("given_on", given).into(),
        InvalidTerm::Days => {
            refuse("reminder_term").with("least", FIX_DAYS_MIN).with("most", FIX_DAYS_MAX).into()
        }
    })
}

/// Never on one's own household or kin, and within one's part of the village.
async fn may_act(tx: &mut Tx, by: &Staff, home: &Household, day: Day) -> ServiceResult<()> {
    recusal::check(tx, by, home.id, day).await?;
    if let Some(scope) = by.scope
        && !org::up(tx, home.org_id).await?.iter().any(|place| place.id == scope)
    {
        return Err(refuse("outside_scope").with("household", &home.no).into());
    }
    Ok(())
}

async fn member(
    tx: &mut Tx,
    book: BookId,
    home: &Household,
    item: &Item,
    named: Option<PersonId>,
    today: Day,
) -> ServiceResult<Option<PersonId>> {
    if item.subject != SubjectKind::Person {
        return Ok(None);
    }
    let named = named.ok_or_else(|| refuse("person_missing"))?;
    let known = person::members(tx, book, home.id, today).await?.iter().any(|m| m.id == named);
    if known { Ok(Some(named)) } else { Err(refuse("not_a_member").with("day", today).into()) }
}
