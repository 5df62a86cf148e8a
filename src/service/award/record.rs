//! Recording awards: one line or a whole sheet (会议签到表), all of it or none of it.

use std::sync::Arc;

use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::{
    BATCH_LINES_MAX, Desk, Happened, LATE_AFTER_DAYS, LineRefusal, NewAward, OCCURRED_DAYS_MAX,
    RecordOutcome, Recorded, Refusal, ServiceError, ServiceResult, StoredInputs, each::Line, hours, limited,
    pauses, refuse, usage,
};
use crate::{
    domain::{
        award::{self, Claim, Inputs, Subject},
        due_process::AwardState,
        household::household_on,
        ids::{AwardId, BatchId, HouseholdId},
        rule::{self, Item, Route},
        ruleset::RuleSet,
        time::Day,
    },
    service::{
        caller::{Recorder, Role, Staff},
        recusal,
        reminder::gate,
        rulesets,
    },
    store::{
        Tx, WriteTx,
        award::{self as rows, AwardRow, BatchRow},
        household::{self, Household},
        org, person,
        serial::{self, Series},
    },
};

impl Desk {
    /// Records a sheet of awards under the client's key. Either every line is taken, or none with the reasons. The
    /// same key with the same lines answers with the same awards; with other lines it is a conflict.
    pub async fn record_awards(
        &self,
        by: &Recorder,
        lines: &[NewAward],
        key: &str,
    ) -> ServiceResult<RecordOutcome> {
        let lines: Vec<Line> = lines.iter().cloned().map(Ok).collect();
        self.record_lines(by, &lines, key).await
    }

    /// The same for lines some of which could not be read: then none is taken, and all that is wrong is told.
    pub(super) async fn record_lines(
        &self,
        by: &Recorder,
        lines: &[Line],
        key: &str,
    ) -> ServiceResult<RecordOutcome> {
        if lines.is_empty() || lines.len() > BATCH_LINES_MAX {
            return Err(refuse("batch_size")
                .with("lines", lines.len())
                .with("limit", BATCH_LINES_MAX)
                .into());
        }
        let readable: Vec<&NewAward> = lines.iter().flatten().collect();
        // what was recorded before was all readable
        let digest = if readable.len() == lines.len() { digest(&readable)? } else { Vec::new() };
        let key = scoped_key(by, key)?;
        let mut tx = self.db.begin_write().await?;
        // the lock of the award series: what is counted below stays true until the commit
        let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
        let last = serial::take(&mut tx, by.book, Series::Award, count).await?;
        if let Some(batch) = rows::batch(&mut tx, by.book, &key).await? {
            return replayed(&mut tx, by, &batch, &digest).await;
        }
        let batch = BatchRow {
            id: self.id::<BatchId>(),
            recorder: by.actor().to_string(),
            recorded_at: self.now(),
            digest,
            lines: i32::try_from(lines.len()).unwrap_or(i32::MAX),
        };
        rows::add_batch(&mut tx, by.book, &key, &batch).await?;
        let mut households = usage::Households::default();
        let (mut awards, mut refused) = (Vec::with_capacity(lines.len()), Vec::new());
        for (line, (new, no)) in lines.iter().zip(last - count + 1..).enumerate() {
            let new = match new {
                Ok(new) => new,
                Err(refusal) => {
                    refused.push(LineRefusal { line, refusal: refusal.clone() });
                    continue;
                }
            };
            match self.assess(&mut tx, by, new, Filed::now(self.today()), &mut households).await {
                Ok(assessed) => {
                    let row = self.row(by, new, &assessed, no, batch.id)?;
                    hours::add(&mut tx, by.book, &row, new.hours).await?;
                    self.note_award(&mut tx, by.book, row.id, recorded(by, new)).await?;
                    self.reminder_used(&mut tx, by, &row).await?;
                    awards.push(row);
                }
                Err(ServiceError::Refused(refusal)) => refused.push(LineRefusal { line, refusal }),
                Err(ServiceError::NotFound(what)) => {
                    refused.push(LineRefusal { line, refusal: refuse("not_found").with("what", what) });
                }
                Err(other) => return Err(other),
            }
        }
        if refused.is_empty() {
            tx.commit().await?;
            Ok(RecordOutcome::Recorded(Recorded { batch: batch.id, awards, replayed: false }))
        } else {
            Ok(RecordOutcome::Refused(refused))
        }
    }

    /// Records one award.
    pub async fn record_award(&self, by: &Recorder, new: NewAward, key: &str) -> ServiceResult<AwardRow> {
        let recorded = self.record_awards(by, std::slice::from_ref(&new), key).await?.into_result()?;
        recorded.awards.into_iter().next().ok_or_else(|| ServiceError::Internal("an empty batch".to_owned()))
    }

    /// What a line would be worth now, written nowhere: for the form, before saving.
    pub async fn preview_award(&self, by: &Recorder, new: &NewAward) -> ServiceResult<award::Award> {
        let mut tx = self.db.begin_read().await?;
        Ok(self
            .assess(&mut tx, by, new, Filed::now(self.today()), &mut usage::Households::default())
            .await?
            .award)
    }

    /// Checks a line and computes it. Reads only; the caller holds the lock when it means to write.
    pub(super) async fn assess(
        &self,
        tx: &mut Tx,
        by: &Recorder,
        new: &NewAward,
        Filed { without, told_on }: Filed,
        households: &mut usage::Households,
    ) -> ServiceResult<Assessed> {
        let today = self.today();
        check_day(new.occurred_on, today, told_on)?;
        limited("note", &new.note)?;
        let set = rulesets::in_force(tx, by.book, new.occurred_on).await?;
        let item = set.item(&new.item).ok_or_else(|| refuse("unknown_item").with("item", &new.item))?.clone();
        check_recorder(by, &item)?;
        check_evidence(&item, new)?;
        let household = whose(tx, by, new).await?;
        for day in [new.occurred_on, today] {
            recusal::check(tx, by, household.id, day).await?;
        }
        check_paused(tx, by, &item, household.id, new, today).await?;
        gate::check(tx, by.book, household.id, &item, without).await?;
        hours::check(tx, by.book, (&set, &item), new, household.id, without).await?;
        let subject = Subject { person: new.person.is_some() };
        let questions = award::questions(&set, &item, subject, new.occurred_on);
        let asker = usage::Asker {
            book: by.book,
            household: household.id,
            group: household.group_id,
            person: new.person,
            event_key: new.event_key.as_deref().filter(|k| !k.is_empty()),
            occurred_on: new.occurred_on,
            without,
        };
        let answers = usage::answers(tx, asker, &questions).await?;
        let context = households.context(tx, by.book, household.group_id).await?;
        let inputs = Inputs { quantity: new.quantity, grade: new.grade.clone() };
        let claim = Claim { set: &set, item: &item, subject, inputs: &inputs, occurred_on: new.occurred_on };
        let award = award::compute(&claim, &answers, context).map_err(Refusal::from)?;
        let late = told_on.number() - new.occurred_on.number() > LATE_AFTER_DAYS;
        let stored = StoredInputs { inputs, subject, answers, context };
        let panel = households.panel(tx, by.book, today).await?;
        Ok(Assessed { set, household, award, stored, late, panel })
    }

    pub(super) fn row(
        &self,
        by: &Recorder,
        new: &NewAward,
        assessed: &Assessed,
        no: i64,
        batch: BatchId,
    ) -> ServiceResult<AwardRow> {
        Ok(AwardRow {
            id: self.id(),
            no,
            ruleset: assessed.set.hash().to_owned(),
            item: new.item.clone(),
            household_id: assessed.household.id,
            group_id: assessed.household.group_id,
            person_id: new.person,
            quantity: written(new.quantity),
            grade: new.grade.clone(),
            event_key: new.event_key.clone().filter(|k| !k.is_empty()),
            occurred_on: new.occurred_on,
            recorded_at: self.now(),
            recorder: by.actor().to_string(),
            on_behalf: new.on_behalf.clone(),
            batch_id: Some(batch),
            points: assessed.award.points,
            honor: assessed.award.honor,
            minutes: assessed.award.minutes,
            route: assessed.route().as_str().to_owned(),
            inputs: json(&assessed.stored)?,
            explanation: json(&assessed.award.explanation)?,
            evidence: json(&new.evidence)?,
            note: new.note.trim().to_owned(),
            late: assessed.late,
            state: AwardState::Recorded.as_str().to_owned(),
            step: 0,
            notice_id: None,
            notice_line: None,
            closes_at: None,
            remaining: None,
            txn_seq: None,
            reason: None,
            honor_moved: None,
            panel: assessed.panel,
        })
    }
}

/// What is on file of a line before it is computed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filed {
    /// The award itself, when it is on record already: it does not count against itself.
    pub(super) without: Option<AwardId>,
    /// The day on which the village was told: what a household claimed in time, or was recorded in time and sent back,
    /// is not late because the office took its time.
    pub(super) told_on: Day,
}

impl Filed {
    /// Told today.
    pub(super) const fn now(today: Day) -> Self {
        Self { without: None, told_on: today }
    }
}

/// A line that was checked and computed.
pub(super) struct Assessed {
    pub(super) set: Arc<RuleSet>,
    pub(super) household: Household,
    pub(super) award: award::Award,
    pub(super) stored: StoredInputs,
    pub(super) late: bool,
    /// Whether the village has a panel that must see it.
    pub(super) panel: bool,
}

impl Assessed {
    /// The rule's route; a late entry takes the next higher one (handbook §10).
    pub(super) const fn route(&self) -> Route {
        route(self.late, self.award.route)
    }
}

/// The rule's route; a late entry takes the next higher one.
pub(super) const fn route(late: bool, by_rule: Route) -> Route {
    match (late, by_rule) {
        (false, route) => route,
        (true, Route::R0) => Route::R1,
        (true, Route::R1) => Route::R2,
        (true, Route::R2 | Route::R3) => Route::R3,
    }
}

/// The household of a line: open, inside the recorder's part of the village, and that of the person on the day.
async fn whose(tx: &mut Tx, by: &Staff, new: &NewAward) -> ServiceResult<Household> {
    let belonged: Option<HouseholdId> = match new.person {
        None => None,
        Some(person) => {
            let memberships = person::memberships(tx, by.book, person).await?;
            let found = household_on(&memberships, person, new.occurred_on);
            Some(found.ok_or_else(|| refuse("not_a_member").with("day", new.occurred_on))?)
        }
    };
    let id = match (new.household, belonged) {
        (Some(named), Some(on_the_day)) if named != on_the_day => {
            return Err(refuse("not_a_member").with("day", new.occurred_on).into());
        }
        (Some(id), _) | (None, Some(id)) => id,
        (None, None) => return Err(refuse("household_missing").into()),
    };
    let found = household::by_id(tx, by.book, id).await?.ok_or(ServiceError::NotFound("household"))?;
    if !found.state()?.may_earn() || new.occurred_on < found.opened_on {
        return Err(refuse("household_not_active").with("household", &found.no).into());
    }
    if let Some(scope) = by.scope {
        // a grid holds groups, a group holds household groups: any place above the household will do
        let above = org::up(tx, found.org_id).await?;
        if !above.iter().any(|place| place.id == scope) {
            return Err(refuse("outside_scope").with("household", &found.no).into());
        }
    }
    Ok(found)
}

/// Whether a posted sanction keeps this from being put on record today.
async fn check_paused(
    tx: &mut Tx,
    by: &Staff,
    item: &Item,
    household: HouseholdId,
    new: &NewAward,
    today: Day,
) -> ServiceResult<()> {
    let pauses = pauses::of_household(tx, by.book, household).await?;
    let pauses: Vec<_> = pauses.into_iter().filter(|p| p.holds(new.person)).map(|p| p.pause).collect();
    award::check_pauses(item, new.occurred_on, today, &pauses).map_err(|r| Refusal::from(r).into())
}

fn check_day(occurred_on: Day, today: Day, told_on: Day) -> ServiceResult<()> {
    if occurred_on > today {
        return Err(refuse("future_date").with("effective_on", occurred_on).with("today", today).into());
    }
    if told_on.number() - occurred_on.number() > OCCURRED_DAYS_MAX {
        return Err(refuse("too_long_ago")
            .with("occurred_on", occurred_on)
            .with("days", OCCURRED_DAYS_MAX)
            .into());
    }
    Ok(())
}

/// Grid staff and group heads record what the rules leave to them; the clerk also enters what came in on paper.
fn check_recorder(by: &Staff, item: &Item) -> ServiceResult<()> {
    let field = item.recorders.iter().any(|r| matches!(r, rule::Recorder::Grid | rule::Recorder::GroupHead));
    if by.holds(Role::Clerk) || field {
        return Ok(());
    }
    Err(refuse("recorder_not_allowed").with("item", &item.code).into())
}

fn check_evidence(item: &Item, new: &NewAward) -> ServiceResult<()> {
    let wanted = || {
        let names: Vec<_> =
            item.evidence.kinds.iter().map(|k| k.word(crate::domain::lang::Lang::Zh)).collect();
        names.join("、")
    };
    for piece in &new.evidence {
        limited("evidence", &piece.note)?;
        if !item.evidence.kinds.contains(&piece.kind) {
            return Err(refuse("evidence_kind").with("item", &item.code).with("accepted", wanted()).into());
        }
    }
    let missing = item.evidence.all
        && item.evidence.kinds.iter().any(|kind| !new.evidence.iter().any(|piece| piece.kind == *kind));
    let count = u32::try_from(new.evidence.len()).unwrap_or(u32::MAX);
    if missing || (!item.evidence.kinds.is_empty() && count < item.evidence.min_count) {
        return Err(refuse("evidence_missing").with("item", &item.code).with("accepted", wanted()).into());
    }
    Ok(())
}

async fn replayed(
    tx: &mut WriteTx,
    by: &Staff,
    batch: &BatchRow,
    digest: &[u8],
) -> ServiceResult<RecordOutcome> {
    if batch.digest != digest {
        return Err(refuse("idempotency_conflict").with("fields", "lines").into());
    }
    let awards = rows::of_batch(tx, by.book, batch.id).await?;
    Ok(RecordOutcome::Recorded(Recorded { batch: batch.id, awards, replayed: true }))
}

pub(super) fn recorded<'a>(by: &Staff, new: &'a NewAward) -> Happened<'a> {
    Happened {
        verb: "record",
        from: None,
        to: AwardState::Recorded,
        actor: by.actor(),
        on_behalf: new.on_behalf.as_deref(),
        reason: &new.note,
    }
}

/// A key means something to the one who chose it only.
pub(super) fn scoped_key(by: &Staff, key: &str) -> ServiceResult<String> {
    if key.is_empty() || key.len() > 128 || key.chars().any(char::is_control) {
        return Err(refuse("invalid_key").into());
    }
    Ok(format!("{}:{key}", by.actor()))
}

pub(super) fn digest(lines: &[&NewAward]) -> ServiceResult<Vec<u8>> {
    Ok(Sha256::digest(json(&lines)?.as_bytes()).to_vec())
}

pub(super) fn written(quantity: Decimal) -> String {
    quantity.normalize().to_string()
}

pub(super) fn json<T: serde::Serialize>(value: &T) -> ServiceResult<String> {
    serde_json::to_string(value).map_err(|e| ServiceError::Internal(format!("json: {e}")))
}
