//! Faults that a round found (发现问题): two agreed on them, or the third decided. None is deducted for. Its household is
//! reminded in private, once however often it is asked for; from there it is a reminder like any other.

use sha2::{Digest, Sha256};

use super::{Desk, Refusal, Round, ServiceError, ServiceResult, lock, refuse};
use crate::{
    domain::{
        household::HouseholdNo,
        ids::{BookId, HouseholdId, ReminderId, RoundId},
        inspection::RoundState,
        lang::Lang,
        reminder::ReminderState,
        time::Day,
    },
    service::{
        caller::{Clerk, Recorder},
        reminder::{NewReminder, REMINDERS_PAGE, check_days},
    },
    store::{
        Tx, WriteTx,
        reminder::{self as rows, ReminderRow},
    },
    text::T,
};

/// Households reminded in one transaction: others want to write, too.
const REMINDED_AT_ONCE: usize = 100;

/// Something wrong at one household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The reminder it becomes: the same fault of the same round is the same reminder.
    pub reminder: ReminderId,
    /// The household.
    pub household: HouseholdId,
    /// Its number.
    pub no: HouseholdNo,
    /// The name of its head.
    pub head: String,
    /// The code of the deduction that it could lead to.
    pub item: String,
}

/// A fault with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultAnswer {
    /// The fault.
    pub fault: Fault,
    /// The reminder, or why there is none.
    pub answer: Result<ReminderRow, Refusal>,
}

impl Desk {
    /// Reminds every household of what a confirmed round found wrong at it and it was not reminded of, with the last day
    /// to mend it. What is refused to this clerk, who must step back from kin, another does by the same act.
    pub async fn remind_faults(
        &self,
        by: &Clerk,
        id: RoundId,
        fix_by: Day,
    ) -> ServiceResult<Vec<FaultAnswer>> {
        let recorder = Recorder::of(by).ok_or(ServiceError::NotAllowed)?;
        let today = self.today();
        let mut tx = self.db.begin_read().await?;
        let round = Round::of(&mut tx, by.book, id, today).await?;
        drop(tx);
        if round.state != RoundState::Confirmed {
            return Err(refuse("round_moved_on").with("state", round.state).into());
        }
        check_days(today, fix_by, today)?;
        let faults = faults(&round);
        let mut answers = Vec::with_capacity(faults.len());
        for some in faults.chunks(REMINDED_AT_ONCE) {
            let mut tx = self.db.begin_write().await?;
            lock(&mut tx, by.book).await?;
            for fault in some {
                if rows::one(&mut tx, by.book, fault.reminder).await?.is_some() {
                    continue;
                }
                let answer = match self.remind_fault(&mut tx, &recorder, &round, fault, fix_by).await {
                    Ok(row) => Ok(row),
                    Err(ServiceError::Refused(refusal)) => Err(refusal),
                    Err(other) => return Err(other),
                };
                answers.push(FaultAnswer { fault: fault.clone(), answer });
            }
            tx.commit().await?;
        }
        Ok(answers)
    }

    async fn remind_fault(
        &self,
        tx: &mut WriteTx,
        by: &Recorder,
        round: &Round,
        fault: &Fault,
        fix_by: Day,
    ) -> ServiceResult<ReminderRow> {
        for earlier in rows::of_household(tx, by.book, fault.household, REMINDERS_PAGE).await? {
            let waits = matches!(earlier.state()?, ReminderState::Reminded | ReminderState::Unmended);
            if waits && earlier.item == fault.item {
                return Err(refuse("fault_reminded").with("no", earlier.no).into());
            }
        }
        let name = round.set.item(&fault.item).map_or("", |item| item.name.get(Lang::Zh));
        let new = NewReminder {
            household: fault.no.clone(),
            person: None,
            item: fault.item.clone(),
            what: T(Lang::Zh).round_fault_seen(round.row.no, round.row.seen_on, name),
            given_on: self.today(),
            fix_by,
        };
        self.remind_inside(tx, by, &new, fault.reminder).await
    }
}

/// What was found wrong, household by household.
pub(super) fn faults(round: &Round) -> Vec<Fault> {
    let fault = |(home, item, ..): (&crate::store::inspection::RollRow, String, _, _)| Fault {
        reminder: reminder_of(round.row.id, home.id, &item),
        household: home.id,
        no: home.no.clone(),
        head: home.head.clone().unwrap_or_default(),
        item,
    };
    round.settled(true).into_iter().map(fault).collect()
}

/// How many of a round's faults their households were reminded of.
pub(super) async fn reminded(tx: &mut Tx, book: BookId, faults: &[Fault]) -> ServiceResult<usize> {
    let mut count = 0;
    for fault in faults {
        count += usize::from(rows::one(tx, book, fault.reminder).await?.is_some());
    }
    Ok(count)
}

/// The name of the reminder for a fault: worked out, so that it is given once.
fn reminder_of(round: RoundId, household: HouseholdId, item: &str) -> ReminderId {
    let digest = Sha256::new()
        .chain_update(round.0.as_bytes())
        .chain_update(household.0.as_bytes())
        .chain_update(item.as_bytes())
        .finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    ReminderId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
