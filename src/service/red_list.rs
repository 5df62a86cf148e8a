//! Red lists (红榜): put together by the clerk on somebody's vote, agreed to by every household that is to be shown,
//! approved by a second person, hung for thirty days at most, taken down. Ordered by household number, never by merit.

use super::{
    Actor, Desk, ServiceError, ServiceResult,
    award::{required, state_changed},
    caller::{Clerk, Resident, Reviewer, Staff},
    notice::sheet::masked,
    recusal, refuse,
};
use crate::{
    domain::{
        household::HouseholdNo,
        ids::{BookId, HouseholdId, RedListId},
        recognition::{Consent, RED_LIST_DAYS, RED_LIST_MAX, RedListError, RedListState, RedListStep},
    },
    store::{
        StoreError, Tx, WriteTx, event, household, org, person,
        red_list::{self as rows, RedListEntry, RedListRow},
        serial::{self, Series},
    },
};

/// Lists on one page.
pub const LISTS_PAGE: i64 = 50;

/// A red list to be put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRedList {
    /// Its heading.
    pub title: String,
    /// The vote or meeting it rests on.
    pub basis: String,
    /// Households and what each is praised for.
    pub entries: Vec<(HouseholdNo, String)>,
}

/// A household on a list, as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Praised {
    /// The entry.
    pub entry: RedListEntry,
    /// The household's number.
    pub household_no: String,
    /// Its head, in full: for those who work on the list.
    pub head: String,
    /// Its head, masked: for the public.
    pub masked: String,
    /// The name of its group: for the public, too.
    pub group: String,
}

/// A red list with the households on it, by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedListFile {
    /// The list.
    pub list: RedListRow,
    /// Who is on it.
    pub entries: Vec<Praised>,
}

/// Who says what a household says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Speaker {
    /// The household, signed in.
    Resident(Resident),
    /// The clerk, with the household's signature on paper.
    Proxy(Clerk, HouseholdId),
}

impl Desk {
    /// Puts a red list together; every household on it is asked.
    pub async fn propose_red_list(&self, by: &Clerk, new: &NewRedList) -> ServiceResult<RedListRow> {
        let (title, basis) = (required("title", &new.title)?, required("basis", &new.basis)?);
        if new.entries.is_empty() || new.entries.len() > RED_LIST_MAX {
            return Err(refuse("red_list_size").with("limit", RED_LIST_MAX).into());
        }
        let mut tx = self.db.begin_write().await?;
        let no = serial::take(&mut tx, by.book, Series::RedList, 1).await?;
        let me = by.actor().to_string();
        if let Some(last) = rows::list(&mut tx, by.book, i64::MAX, 1).await?.pop()
            && (last.title.as_str(), last.basis.as_str(), last.proposed_by.as_str())
                == (title, basis, me.as_str())
            && last.state == RedListState::Proposed.as_str()
        {
            // the same form again after a lost answer
            return Ok(last);
        }
        let row = RedListRow {
            id: self.id(),
            no,
            title: title.to_owned(),
            basis: basis.to_owned(),
            state: RedListState::Proposed.as_str().to_owned(),
            proposed_at: self.now(),
            proposed_by: me,
            approved_at: None,
            approved_by: None,
            shown_at: None,
            shown_until: None,
            ended_at: None,
        };
        rows::add(&mut tx, by.book, &row).await?;
        let mut entries: Vec<&(HouseholdNo, String)> = new.entries.iter().collect();
        entries.sort_by(|a, b| a.0.as_str().cmp(b.0.as_str()));
        entries.dedup_by(|a, b| a.0 == b.0);
        for ((no, deed), line) in entries.into_iter().zip(1..) {
            let home = household::by_no(&mut tx, by.book, no).await?;
            let home = home.ok_or_else(|| refuse("unknown_household").with("household", no))?;
            recusal::check(&mut tx, by, home.id, self.today()).await?;
            rows::add_entry(&mut tx, by.book, row.id, line, (home.id, required("deed", deed)?)).await?;
        }
        self.note_list(&mut tx, by.book, row.id, "propose", by.actor(), None).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// What a household says to its being shown. A no takes its line down at once, also from a list that hangs. Nobody
    /// enters the signature of their own household or kin.
    pub async fn answer_red_list(
        &self,
        by: &Speaker,
        id: RedListId,
        consent: Consent,
    ) -> ServiceResult<RedListEntry> {
        let (book, household, actor) = match by {
            Speaker::Resident(resident) => (resident.book, resident.household, resident.actor()),
            Speaker::Proxy(clerk, household) => (clerk.book, *household, clerk.actor()),
        };
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, book, Series::RedList, 0).await?;
        if let Speaker::Proxy(clerk, household) = by {
            recusal::check(&mut tx, clerk, *household, self.today()).await?;
        }
        let row = red_list(&mut tx, book, id).await?;
        let entries = rows::entries(&mut tx, book, id).await?;
        let entry = entries.into_iter().find(|e| e.household_id == household);
        let entry = entry.ok_or(ServiceError::NotFound("household"))?;
        if entry.consent == consent.as_str() {
            return Ok(entry);
        }
        if !state(&row)?.hears(consent) {
            return Err(refuse("red_list_over").with("state", &row.state).into());
        }
        let (now, actor_text) = (self.now(), actor.to_string());
        rows::answer(&mut tx, book, (id, household), consent.as_str(), now, &actor_text)
            .await
            .map_err(state_changed)?;
        self.note_list(&mut tx, book, id, consent.as_str(), actor, Some(household)).await?;
        tx.commit().await?;
        Ok(RedListEntry {
            consent: consent.as_str().to_owned(),
            answered_at: Some(now),
            answered_by: Some(actor_text),
            ..entry
        })
    }

    /// A second person approves a list on which every household has answered; nobody of a household on it, nor its kin.
    pub async fn approve_red_list(&self, by: &Reviewer, id: RedListId) -> ServiceResult<RedListRow> {
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, by.book, Series::RedList, 0).await?;
        let row = red_list(&mut tx, by.book, id).await?;
        let me = by.actor().to_string();
        if row.approved_by.as_ref() == Some(&me) {
            // approved by this person already: the answer was lost
            return Ok(row);
        }
        if by.selves().are(&row.proposed_by) {
            return Err(refuse("own_record").into());
        }
        let entries = rows::entries(&mut tx, by.book, id).await?;
        for entry in &entries {
            recusal::check(&mut tx, by, entry.household_id, self.today()).await?;
        }
        next(&row, RedListStep::Approve, &entries)?;
        rows::approve(&mut tx, by.book, id, self.now(), &me).await.map_err(state_changed)?;
        self.note_list(&mut tx, by.book, id, "approve", by.actor(), None).await?;
        tx.commit().await?;
        self.red_list(by.book, id).await.map(|file| file.list)
    }

    /// Hangs an approved list up, for thirty days.
    pub async fn show_red_list(&self, by: &Clerk, id: RedListId) -> ServiceResult<RedListRow> {
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, by.book, Series::RedList, 0).await?;
        let row = red_list(&mut tx, by.book, id).await?;
        let entries = rows::entries(&mut tx, by.book, id).await?;
        next(&row, RedListStep::Show, &entries)?;
        let now = self.now();
        rows::show(&mut tx, by.book, id, now, now.plus_days(RED_LIST_DAYS)).await.map_err(state_changed)?;
        self.note_list(&mut tx, by.book, id, "show", by.actor(), None).await?;
        tx.commit().await?;
        self.red_list(by.book, id).await.map(|file| file.list)
    }

    /// Takes a list down, or gives it up before it hung.
    pub async fn end_red_list(&self, by: &Clerk, id: RedListId) -> ServiceResult<RedListRow> {
        let mut tx = self.db.begin_write().await?;
        let row = red_list(&mut tx, by.book, id).await?;
        let step =
            if state(&row)? == RedListState::Shown { RedListStep::TakeDown } else { RedListStep::Withdraw };
        self.end(&mut tx, by.book, &row, step, by.actor()).await?;
        tx.commit().await?;
        self.red_list(by.book, id).await.map(|file| file.list)
    }

    /// Takes down every list that has hung its days; how many.
    pub async fn take_down_red_lists(&self, book: BookId) -> ServiceResult<usize> {
        let mut tx = self.db.begin_read().await?;
        let over = rows::over(&mut tx, book, self.now(), LISTS_PAGE).await?;
        drop(tx);
        let mut done = 0;
        for row in over {
            let mut tx = self.db.begin_write().await?;
            match self.end(&mut tx, book, &row, RedListStep::TakeDown, Actor::System).await {
                // somebody took it down meanwhile
                Err(ServiceError::Refused(_)) => {}
                other => {
                    other?;
                    tx.commit().await?;
                    done += 1;
                }
            }
        }
        Ok(done)
    }

    async fn end(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        row: &RedListRow,
        step: RedListStep,
        by: Actor,
    ) -> ServiceResult<()> {
        let to = next(row, step, &[])?;
        let states = (row.state.as_str(), to.as_str());
        rows::end(tx, book, row.id, states, self.now()).await.map_err(state_changed)?;
        self.note_list(tx, book, row.id, to.as_str(), by, None).await
    }

    /// A list with the households on it.
    pub async fn red_list(&self, book: BookId, id: RedListId) -> ServiceResult<RedListFile> {
        let mut tx = self.db.begin_read().await?;
        let list = red_list(&mut tx, book, id).await?;
        file(&mut tx, book, list).await
    }

    /// Lists numbered below `before`, newest first.
    pub async fn red_lists(&self, by: &Staff, before: i64) -> ServiceResult<Vec<RedListRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(rows::list(&mut tx, by.book, before, LISTS_PAGE).await?)
    }

    /// The lists a household is on, with what it said.
    pub async fn own_red_lists(&self, by: &Resident) -> ServiceResult<Vec<(RedListRow, RedListEntry)>> {
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for entry in rows::of_household(&mut tx, by.book, by.household).await? {
            let list = red_list(&mut tx, by.book, entry.list_id).await?;
            if matches!(state(&list)?, RedListState::Proposed | RedListState::Approved | RedListState::Shown)
            {
                out.push((list, entry));
            }
        }
        Ok(out)
    }

    /// What the public sees: lists that hang now, on them only those who agree, masked.
    pub async fn shown_red_lists(&self, book: BookId) -> ServiceResult<Vec<RedListFile>> {
        let now = self.now();
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        let found = rows::in_state(&mut tx, book, RedListState::Shown.as_str(), LISTS_PAGE).await?;
        for list in found.into_iter().filter(|l| l.shown_until.is_some_and(|until| now.since(until) < 0)) {
            let shown = state(&list)?;
            let mut file = file(&mut tx, book, list).await?;
            file.entries
                .retain(|p| Consent::of(&p.entry.consent).is_some_and(|consent| shown.shows(consent)));
            out.push(file);
        }
        Ok(out)
    }

    async fn note_list(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        id: RedListId,
        verb: &str,
        by: Actor,
        household: Option<HouseholdId>,
    ) -> ServiceResult<()> {
        let row = event::Event {
            id: self.id(),
            at: self.now(),
            subject: "red_list".to_owned(),
            subject_id: id.0,
            verb: verb.to_owned(),
            from_state: None,
            to_state: None,
            actor: by.to_string(),
            on_behalf: household.map(|id| id.to_string()),
            reason: String::new(),
        };
        Ok(event::add(tx, book, &row).await?)
    }
}

async fn red_list(tx: &mut Tx, book: BookId, id: RedListId) -> ServiceResult<RedListRow> {
    rows::one(tx, book, id).await?.ok_or(ServiceError::NotFound("red_list"))
}

async fn file(tx: &mut Tx, book: BookId, list: RedListRow) -> ServiceResult<RedListFile> {
    let mut entries = Vec::new();
    for entry in rows::entries(tx, book, list.id).await? {
        let home = household::by_id(tx, book, entry.household_id).await?;
        let head = person::head(tx, book, entry.household_id).await?.unwrap_or_default();
        let home = home.ok_or_else(|| StoreError::inconsistent("red_list_entry", "household_id", ""))?;
        let group = org::by_id(tx, home.group_id).await?.map(|o| o.name).unwrap_or_default();
        entries.push(Praised {
            entry,
            household_no: home.no.to_string(),
            masked: masked(&head),
            head,
            group,
        });
    }
    Ok(RedListFile { list, entries })
}

fn state(row: &RedListRow) -> ServiceResult<RedListState> {
    let state = RedListState::of(&row.state);
    Ok(state.ok_or_else(|| StoreError::inconsistent("red_list", "state", &row.state))?)
}

/// Where a list goes by a step, with what its households say.
fn next(row: &RedListRow, step: RedListStep, entries: &[RedListEntry]) -> ServiceResult<RedListState> {
    let said: Vec<Consent> = entries.iter().filter_map(|e| Consent::of(&e.consent)).collect();
    state(row)?.after(step, &said).map_err(|error| {
        match error {
            RedListError::State => refuse("state_changed").with("state", &row.state),
            RedListError::Unanswered => refuse("red_list_unanswered"),
            RedListError::NobodyAgrees => refuse("red_list_nobody"),
        }
        .into()
    })
}
