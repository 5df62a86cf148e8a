//! The honours registry: entered by the clerk with its paper, confirmed by a second person who has seen it. Of a
//! household's honours of a year only the highest is claimed as an award; none is compared with another household's.

use super::{
    Desk, ServiceError, ServiceResult,
    award::{Evidence, NewAward, required, state_changed},
    caller::{Clerk, Recorder, Reviewer, Staff},
    counters::Step,
    recusal, refuse, rulesets,
};
use crate::{
    domain::{
        household::HouseholdNo,
        ids::{BookId, HonourId},
        recognition::{HonourState, Level, highest},
        time::{Day, Period},
    },
    store::{
        Tx, WriteTx,
        award::{self as awards, AwardRow},
        honour::{self as rows, HonourRow},
        household, person,
        serial::{self, Series},
    },
};

/// Honours a list shows at once.
pub const HONOURS_PAGE: i64 = 100;

/// An honour to be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHonour {
    /// Whose.
    pub household: HouseholdNo,
    /// What it is called.
    pub title: String,
    /// Whose honour it is.
    pub level: Level,
    /// Who granted it.
    pub granted_by: String,
    /// When.
    pub granted_on: Day,
    /// The number or name of the paper.
    pub document: String,
}

/// An honour with the household's number and head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HonourLine {
    /// The honour.
    pub honour: HonourRow,
    /// The household's number.
    pub household_no: String,
    /// Its head.
    pub head: String,
}

impl Desk {
    /// Enters an honour. The same words again are the same honour.
    pub async fn record_honour(&self, by: &Clerk, new: &NewHonour) -> ServiceResult<HonourRow> {
        let title = required("title", &new.title)?;
        let granted_by = required("granted_by", &new.granted_by)?;
        let document = required("document", &new.document)?;
        if new.granted_on > self.today() {
            let (day, today) = (new.granted_on, self.today());
            return Err(refuse("future_date").with("effective_on", day).with("today", today).into());
        }
        let mut tx = self.db.begin_write().await?;
        let no = serial::take(&mut tx, by.book, Series::Honour, 1).await?;
        let home = household::by_no(&mut tx, by.book, &new.household).await?;
        let home = home.ok_or(ServiceError::NotFound("household"))?;
        recusal::check(&mut tx, by, home.id, self.today()).await?;
        let span = (new.granted_on, new.granted_on.plus(1));
        let earlier = rows::of_household(&mut tx, by.book, home.id, span).await?;
        let same = earlier.into_iter().find(|h| {
            h.state != HonourState::Withdrawn.as_str()
                && (h.title.as_str(), h.level.as_str(), h.document.as_str())
                    == (title, new.level.as_str(), document)
        });
        if let Some(first) = same {
            return Ok(first);
        }
        let row = HonourRow {
            id: self.id(),
            no,
            household_id: home.id,
            title: title.to_owned(),
            level: new.level.as_str().to_owned(),
            granted_by: granted_by.to_owned(),
            granted_on: new.granted_on,
            document: document.to_owned(),
            state: HonourState::Proposed.as_str().to_owned(),
            recorded_at: self.now(),
            recorded_by: by.actor().to_string(),
            decided_at: None,
            decided_by: None,
            award_id: None,
        };
        rows::add(&mut tx, by.book, &row).await?;
        self.honour_step(&mut tx, by, row.id, ("propose", None, HonourState::Proposed)).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// A second person has seen the paper.
    pub async fn confirm_honour(&self, by: &Reviewer, id: HonourId) -> ServiceResult<HonourRow> {
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, by.book, Series::Honour, 0).await?;
        let row = honour(&mut tx, by.book, id).await?;
        let me = by.actor().to_string();
        if row.state == HonourState::Confirmed.as_str() && row.decided_by.as_ref() == Some(&me) {
            // confirmed by this person already: the answer was lost
            return Ok(row);
        }
        if by.selves().are(&row.recorded_by) {
            return Err(refuse("own_record").into());
        }
        recusal::check(&mut tx, by, row.household_id, self.today()).await?;
        self.decide_honour(&mut tx, by, &row, HonourState::Proposed, HonourState::Confirmed).await?;
        tx.commit().await?;
        self.honour(by.book, id).await
    }

    /// Entered by mistake. What was claimed as an award already is undone as an award.
    pub async fn withdraw_honour(&self, by: &Clerk, id: HonourId) -> ServiceResult<HonourRow> {
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, by.book, Series::Honour, 0).await?;
        let row = honour(&mut tx, by.book, id).await?;
        if row.award_id.is_some() {
            return Err(refuse("honour_claimed").into());
        }
        let from = HonourState::of(&row.state).unwrap_or(HonourState::Withdrawn);
        if from == HonourState::Withdrawn {
            return Err(refuse("state_changed").with("state", &row.state).into());
        }
        self.decide_honour(&mut tx, by, &row, from, HonourState::Withdrawn).await?;
        tx.commit().await?;
        self.honour(by.book, id).await
    }

    /// Records the award a household's highest honour of that year is worth: the registry decides the grade, not whoever
    /// asks. A lower one is refused.
    pub async fn claim_honour(&self, by: &Clerk, id: HonourId, key: &str) -> ServiceResult<AwardRow> {
        let mut tx = self.db.begin_read().await?;
        let row = honour(&mut tx, by.book, id).await?;
        if row.state != HonourState::Confirmed.as_str() {
            return Err(refuse("honour_not_confirmed").into());
        }
        if let Some(award) = row.award_id {
            // claimed before
            let award = awards::one(&mut tx, by.book, award).await?;
            return award.ok_or(ServiceError::NotFound("award"));
        }
        let (from, until) = row.granted_on.period(Period::Year);
        let all = rows::of_household(&mut tx, by.book, row.household_id, (from, until)).await?;
        let confirmed = all.iter().filter(|h| h.state == HonourState::Confirmed.as_str());
        let top = highest(confirmed.filter_map(|h| Level::of(&h.level)));
        if top.map(Level::as_str) != Some(row.level.as_str()) {
            return Err(refuse("honour_not_highest").into());
        }
        let set = rulesets::in_force(&mut tx, by.book, row.granted_on).await?;
        let note = format!("{} {}", row.granted_by, row.document);
        let fed = set.items.iter().find(|item| {
            let grades = item.grades();
            item.highest_only && !grades.is_empty() && grades.iter().all(|g| Level::of(&g.code).is_some())
        });
        let fed = fed.ok_or_else(|| refuse("honour_feeds_nothing"))?;
        let (item, evidence) = (fed.code.to_string(), Evidence::on_file(fed, &note));
        drop(tx);
        let new = NewAward {
            household: Some(row.household_id),
            person: None,
            item,
            quantity: 1.into(),
            grade: Some(row.level.clone()),
            occurred_on: row.granted_on,
            event_key: Some(format!("honour:{}", row.no)),
            hours: None,
            evidence,
            note: row.title.clone(),
            on_behalf: None,
        };
        let recorder = Recorder::of(by).ok_or(ServiceError::NotAllowed)?;
        let award = self.record_award(&recorder, new, key).await?;
        let mut tx = self.db.begin_write().await?;
        rows::claimed(&mut tx, by.book, id, award.id).await.map_err(state_changed)?;
        tx.commit().await?;
        Ok(award)
    }

    /// One honour.
    pub async fn honour(&self, book: BookId, id: HonourId) -> ServiceResult<HonourRow> {
        let mut tx = self.db.begin_read().await?;
        honour(&mut tx, book, id).await
    }

    /// Honours numbered below `before`, in the order they were entered, newest first.
    pub async fn honours(&self, by: &Staff, before: i64) -> ServiceResult<Vec<HonourLine>> {
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for honour in rows::list(&mut tx, by.book, before, HONOURS_PAGE).await? {
            let home = household::by_id(&mut tx, by.book, honour.household_id).await?;
            let head = person::head(&mut tx, by.book, honour.household_id).await?.unwrap_or_default();
            let household_no = home.map(|h| h.no.to_string()).unwrap_or_default();
            out.push(HonourLine { honour, household_no, head });
        }
        Ok(out)
    }

    async fn decide_honour(
        &self,
        tx: &mut WriteTx,
        by: &Staff,
        row: &HonourRow,
        from: HonourState,
        to: HonourState,
    ) -> ServiceResult<()> {
        let states = (from.as_str(), to.as_str());
        let me = by.actor().to_string();
        rows::decide(tx, by.book, row.id, states, self.now(), &me).await.map_err(state_changed)?;
        self.honour_step(tx, by, row.id, ("decide", Some(from), to)).await
    }

    async fn honour_step(
        &self,
        tx: &mut WriteTx,
        by: &Staff,
        id: HonourId,
        (verb, from, to): (&str, Option<HonourState>, HonourState),
    ) -> ServiceResult<()> {
        let (from, to) = (from.map(HonourState::as_str), Some(to.as_str()));
        // the words stand in the row, where they can be erased
        let step = Step { subject: "honour", subject_id: id.0, verb, from, to, reason: "" };
        self.leave_trace(tx, by.book, by.actor(), step).await
    }
}

async fn honour(tx: &mut Tx, book: BookId, id: HonourId) -> ServiceResult<HonourRow> {
    rows::one(tx, book, id).await?.ok_or(ServiceError::NotFound("honour"))
}
