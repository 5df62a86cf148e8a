//! Reminders as they are read: by the people of the office, and by the household each of them concerns. Nobody else.

use crate::{
    domain::{
        due_process::AwardState,
        ids::{BookId, ReminderId},
        reminder::{ReminderState, is_over},
        rule::Label,
    },
    service::{
        Desk, ServiceError, ServiceResult,
        caller::{Recorder, Resident, Staff},
        rulesets,
    },
    store::{
        StoreError, Tx, award,
        event::{self, Event},
        household, person,
        reminder::{self as rows, ReminderRow},
    },
};

/// Reminders a list shows at once.
pub const REMINDERS_PAGE: i64 = 100;

/// A reminder with what goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReminderFile {
    /// The reminder.
    pub row: ReminderRow,
    /// Where it stands.
    pub state: ReminderState,
    /// The household's number.
    pub household_no: String,
    /// Its head, name in full: for the office and the household only.
    pub head: String,
    /// The item's name.
    pub item: Label,
    /// What has to hold besides, by the rules.
    pub conditions: Vec<Label>,
    /// Where the deduction stands.
    pub award: Option<AwardState>,
    /// Where giving back stands.
    pub restore: Option<AwardState>,
    /// Whether the time to mend is over.
    pub over: bool,
}

impl Desk {
    /// One reminder with what goes with it.
    pub async fn reminder(&self, by: &Staff, id: ReminderId) -> ServiceResult<ReminderFile> {
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("reminder"))?;
        self.reminder_file(&mut tx, by.book, row).await
    }

    /// The history of a reminder.
    pub async fn reminder_life(&self, by: &Staff, id: ReminderId) -> ServiceResult<Vec<Event>> {
        let mut tx = self.db.begin_read().await?;
        Ok(event::of(&mut tx, by.book, id.0).await?)
    }

    /// Reminders in a state numbered below `before`, newest first.
    pub async fn reminders(
        &self,
        by: &Recorder,
        state: ReminderState,
        before: i64,
        limit: i64,
    ) -> ServiceResult<Vec<ReminderFile>> {
        let mut tx = self.db.begin_read().await?;
        let limit = limit.clamp(1, REMINDERS_PAGE);
        let found = rows::list(&mut tx, by.book, state, before, limit).await?;
        self.reminder_files(&mut tx, by.book, found).await
    }

    /// What a household was reminded of, newest first.
    pub async fn own_reminders(&self, by: &Resident) -> ServiceResult<Vec<ReminderFile>> {
        let mut tx = self.db.begin_read().await?;
        let found = rows::of_household(&mut tx, by.book, by.household, REMINDERS_PAGE).await?;
        self.reminder_files(&mut tx, by.book, found).await
    }

    async fn reminder_files(
        &self,
        tx: &mut Tx,
        book: BookId,
        found: Vec<ReminderRow>,
    ) -> ServiceResult<Vec<ReminderFile>> {
        let mut files = Vec::with_capacity(found.len());
        for row in found {
            files.push(self.reminder_file(tx, book, row).await?);
        }
        Ok(files)
    }

    async fn reminder_file(
        &self,
        tx: &mut Tx,
        book: BookId,
        row: ReminderRow,
    ) -> ServiceResult<ReminderFile> {
        let lost = || StoreError::inconsistent("reminder", "household_id", row.id.to_string());
        let home = household::by_id(tx, book, row.household_id).await?.ok_or_else(lost)?;
        let head = match row.person_id {
            Some(person) => person::by_id(tx, book, person).await?.map(|p| p.name),
            None => person::head(tx, book, home.id).await?,
        };
        let set = rulesets::in_force(tx, book, self.today()).await?;
        let known = set.item(&row.item);
        let item =
            known.map_or_else(|| Label { zh: row.item.clone(), en: row.item.clone() }, |i| i.name.clone());
        let mut states = [None, None];
        for (state, id) in states.iter_mut().zip([row.award_id, row.restore_id]) {
            if let Some(id) = id {
                *state = award::one(tx, book, id).await?.map(|a| a.state()).transpose()?;
            }
        }
        let [award, restore] = states;
        Ok(ReminderFile {
            state: row.state()?,
            household_no: home.no.to_string(),
            head: head.unwrap_or_default(),
            item,
            conditions: known.map(|i| i.conditions.clone()).unwrap_or_default(),
            award,
            restore,
            over: is_over(row.fix_by, self.today()),
            row,
        })
    }
}
