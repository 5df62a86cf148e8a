//! Minutes of a person who serves, or lives, in another village now (通存通兑): they leave the account here and arrive
//! there in one transaction over both books, through the clearing accounts that the two keep for each other. Points
//! never move between programmes: the chart has no clearing account for them.

use std::collections::BTreeMap;

use super::{
    Actor, Desk, Refusal, ServiceError, ServiceResult,
    award::required,
    books::{Order, facts, path},
    caller::{Role, Township},
    poster::Task,
    refuse,
    session::StaffSignIn,
    timebank::estate::not_frozen,
};
use crate::{
    domain::{
        book::{Command, Outcome, PriorResult, TxnKind},
        chart,
        household::PersonNo,
        ids::BookId,
        posting::{Commodity, Line},
    },
    store::{
        Tx, person,
        programme::{self, ProgrammeRow},
    },
};

/// Minutes to be moved to another village.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinutesMove {
    /// The person's number in the village at hand.
    pub person: PersonNo,
    /// The number of the other village's programme.
    pub village: i64,
    /// The same person's number there.
    pub person_there: PersonNo,
    /// How many minutes.
    pub minutes: i64,
    /// Why.
    pub reason: String,
}

/// Minutes that were moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MinutesMoved {
    /// The transaction in the village at hand.
    pub seq: i64,
    /// The transaction in the other village.
    pub seq_there: i64,
}

/// One side of a move.
struct Side<'a> {
    book: BookId,
    /// The other book and the number of its programme.
    other: (BookId, i64),
    person: &'a PersonNo,
    person_there: &'a PersonNo,
    /// Minutes that leave (+) or arrive (−).
    minutes: i64,
}

impl Desk {
    /// Moves minutes of a person to the same person's account in another village, for a township that oversees both:
    /// both books, or neither. The same key again gets the same answer.
    pub async fn move_minutes(
        &self,
        by: &Township,
        who: &StaffSignIn,
        key: &str,
        new: &MinutesMove,
    ) -> ServiceResult<MinutesMoved> {
        required("reason", &new.reason)?;
        if new.minutes <= 0 {
            return Err(refuse("quantity_out_of_range").with("field", "minutes").into());
        }
        let mut tx = self.db.begin_read().await?;
        let here = programme::by_book(&mut tx, by.book).await?.ok_or(ServiceError::NotFound("programme"))?;
        let there =
            programme::by_no(&mut tx, new.village).await?.ok_or(ServiceError::NotFound("programme"))?;
        if here.book_id == there.book_id {
            return Err(refuse("same_village").into());
        }
        same_person(&mut tx, (here.book_id, &new.person), (there.book_id, &new.person_there)).await?;
        drop(tx);
        let oversees = self.staff_for(who, there.book_id).await?;
        if !oversees.is_some_and(|staff| staff.holds(Role::Township)) {
            return Err(ServiceError::NotAllowed);
        }
        self.move_across(by.actor(), key, (&here, &there), new).await
    }

    /// Both sides of a move, together or neither; whoever calls has asked whether it may be.
    pub(super) async fn move_across(
        &self,
        by: Actor,
        key: &str,
        (here, there): (&ProgrammeRow, &ProgrammeRow),
        new: &MinutesMove,
    ) -> ServiceResult<MinutesMoved> {
        let reason = required("reason", &new.reason)?;
        let out = Side {
            book: here.book_id,
            other: (there.book_id, there.no),
            person: &new.person,
            person_there: &new.person_there,
            minutes: new.minutes,
        };
        let back = Side {
            book: there.book_id,
            other: (here.book_id, here.no),
            person: &new.person_there,
            person_there: &new.person,
            minutes: -new.minutes,
        };
        let mut tasks = BTreeMap::new();
        for side in [out, back] {
            let mut command = self.side(by, key, &side)?;
            command.private = self.private("reason", reason);
            tasks.insert(side.book, Task { command, effects: Vec::new() });
        }
        let places = self.poster.post_across(self, tasks).await?.map_err(refused)?;
        let place = |book| places.get(&book).copied().unwrap_or(0);
        Ok(MinutesMoved { seq: place(here.book_id), seq_there: place(there.book_id) })
    }

    /// Both sides have the same key: it is how each is found from the other.
    fn side(&self, by: Actor, key: &str, side: &Side<'_>) -> ServiceResult<Command> {
        let (other, village) = side.other;
        let lines = vec![
            Line::new(path(chart::person_time(side.person.as_str()))?, Commodity::min(), side.minutes),
            Line::new(path(chart::clearing(&format!("B{village}")))?, Commodity::min(), -side.minutes),
        ];
        let body = facts([
            ("person", side.person.to_string()),
            ("minutes", side.minutes.to_string()),
            ("with_book", other.to_string()),
            ("with_village", village.to_string()),
            ("with_person", side.person_there.to_string()),
        ]);
        let key = format!("clearing:{key}");
        let order =
            Order { key: &key, kind: TxnKind::Clearing, effective_on: self.today(), source: None, body };
        self.command(&by, order, lines)
    }
}

/// Whether two numbers of two villages are one person's: the same name, and the same year of birth where both know it.
pub(super) async fn same_person(
    tx: &mut Tx,
    (here, no): (BookId, &PersonNo),
    (there, no_there): (BookId, &PersonNo),
) -> ServiceResult<()> {
    let one = person::by_no(tx, here, no).await?.ok_or(ServiceError::NotFound("person"))?;
    let other = person::by_no(tx, there, no_there).await?.ok_or(ServiceError::NotFound("person"))?;
    for (book, id) in [(here, one.id), (there, other.id)] {
        not_frozen(tx, book, id).await?;
    }
    let years = one.birth_year.zip(other.birth_year);
    if one.name == other.name && years.is_none_or(|(a, b)| a == b) {
        Ok(())
    } else {
        Err(refuse("not_the_same_person").with("person", no).with("person_there", no_there).into())
    }
}

fn refused(outcome: Outcome) -> ServiceError {
    match outcome {
        Outcome::Refused(refused) | Outcome::Replayed(PriorResult::Refused(refused)) => {
            Refusal::from(refused).into()
        }
        Outcome::Conflict { fields } => {
            refuse("idempotency_conflict").with("fields", fields.join(", ")).into()
        }
        other => ServiceError::Internal(format!("a side of a move came to {other:?}")),
    }
}
