//! Objections (异议): named, written down for someone (代办), or a lead without a name. One freezes its line and no
//! other; whoever decides it has had no part in the award.

use super::{
    Actor, Desk, ServiceError, ServiceResult,
    award::{Happened, required, state_changed},
    caller::{Clerk, Resident, Reviewer},
    recusal, refuse,
};
use crate::{
    domain::{
        due_process::AwardState,
        ids::{AwardId, BookId, HouseholdId, ObjectionId},
        notice::LineClock,
    },
    store::{
        award::{self as awards, AwardRow, moves},
        household, notice,
        objection::{self as rows, ObjectionRow},
        serial::{self, Series},
    },
};

/// Objections without a name that one line may collect; more say nothing new.
pub const ANONYMOUS_MAX: usize = 20;
/// Objections a list shows at once.
pub const OBJECTIONS_PAGE: i64 = 100;

/// Who objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objector {
    /// A household, signed in.
    Resident(Resident),
    /// A household whose word or paper the clerk wrote down.
    Proxy {
        /// The clerk.
        clerk: Clerk,
        /// Whose word it is.
        household: HouseholdId,
    },
    /// Somebody unnamed: the paper box, read by the clerk.
    Anonymous {
        /// The clerk who emptied the box.
        clerk: Clerk,
    },
}

impl Objector {
    const fn manner(&self) -> &'static str {
        match self {
            Self::Resident(_) => "self",
            Self::Proxy { .. } => "proxy",
            Self::Anonymous { .. } => "anonymous",
        }
    }

    fn book(&self) -> BookId {
        match self {
            Self::Resident(resident) => resident.book,
            Self::Proxy { clerk, .. } | Self::Anonymous { clerk } => clerk.book,
        }
    }

    fn actor(&self) -> Actor {
        match self {
            Self::Resident(resident) => resident.actor(),
            Self::Proxy { clerk, .. } | Self::Anonymous { clerk } => clerk.actor(),
        }
    }

    const fn household(&self) -> Option<HouseholdId> {
        match self {
            Self::Resident(resident) => Some(resident.household),
            Self::Proxy { household, .. } => Some(*household),
            Self::Anonymous { .. } => None,
        }
    }
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The objection was right: the award is rejected.
    Uphold,
    /// It was groundless: the clock goes on with what was left.
    Dismiss,
}

impl Finding {
    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Uphold => "upheld",
            Self::Dismiss => "dismissed",
        }
    }
}

impl Desk {
    /// Objects to a line while its sheet hangs. Its clock stops; the other lines run on.
    pub async fn object(&self, by: &Objector, award: AwardId, content: &str) -> ServiceResult<ObjectionRow> {
        let content = required("content", content)?;
        let book = by.book();
        let mut tx = self.db.begin_write().await?;
        let no = serial::take(&mut tx, book, Series::Objection, 1).await?;
        let row = awards::one(&mut tx, book, award).await?.ok_or(ServiceError::NotFound("award"))?;
        let earlier = rows::of_award(&mut tx, book, award).await?;
        let same = |o: &&ObjectionRow| {
            (o.household_id, o.raised_by.as_str(), o.content.as_str())
                == (by.household(), by.actor().to_string().as_str(), content)
        };
        if let Some(first) = earlier.iter().find(same) {
            // the same words again after a lost answer
            return Ok(first.clone());
        }
        check_objector(&mut tx, by, &earlier).await?;
        let state = row.state()?;
        let Some(notice_id) = row.notice_id else { return Err(refuse("not_in_notice").into()) };
        match (state, row.clock()) {
            (AwardState::InNotice, Some(clock)) => {
                if clock.has_run_out(self.now()) {
                    return Err(refuse("notice_over").into());
                }
                let LineClock::Stopped(left) = clock.stop(self.now()) else {
                    return Err(ServiceError::Internal("a clock that does not stop".to_owned()));
                };
                moves::object(&mut tx, book, award, left).await.map_err(state_changed)?;
                let what = happened("object", state, AwardState::Objected, by.actor(), "");
                self.note_award(&mut tx, book, award, what).await?;
            }
            // another voice on a line that is frozen already
            (AwardState::Objected, _) => {}
            _ => return Err(refuse("not_in_notice").with("state", state).into()),
        }
        let objection = ObjectionRow {
            id: self.id(),
            no,
            award_id: award,
            notice_id,
            raised_at: self.now(),
            manner: by.manner().to_owned(),
            raised_by: by.actor().to_string(),
            household_id: by.household(),
            content: content.to_owned(),
            state: "open".to_owned(),
            decided_at: None,
            decided_by: None,
            decision: None,
        };
        rows::add(&mut tx, book, &objection).await?;
        tx.commit().await?;
        Ok(objection)
    }

    /// Decides an objection, with words for the one who raised it. Nobody who recorded or reviewed the award may, nor
    /// anyone of its household's kin or the objector's. While another objection is open the line stays frozen.
    pub async fn decide_objection(
        &self,
        by: &Reviewer,
        id: ObjectionId,
        finding: Finding,
        words: &str,
    ) -> ServiceResult<AwardState> {
        let words = required("decision", words)?;
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, by.book, Series::Objection, 0).await?;
        let objection = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("objection"))?;
        let decided =
            (objection.decided_by.as_deref(), objection.state.as_str(), objection.decision.as_deref());
        if decided == (Some(by.actor().to_string().as_str()), finding.as_str(), Some(words)) {
            // the same decision again after a lost answer
            let award = awards::one(&mut tx, by.book, objection.award_id).await?;
            return Ok(award.ok_or(ServiceError::NotFound("award"))?.state()?);
        }
        if objection.state != "open" {
            return Err(refuse("already_decided").with("state", &objection.state).into());
        }
        let award = awards::one(&mut tx, by.book, objection.award_id)
            .await?
            .ok_or(ServiceError::NotFound("award"))?;
        self.may_decide(&mut tx, by, &objection, &award).await?;
        let (now, actor) = (self.now(), by.actor().to_string());
        let others: Vec<_> = rows::of_award(&mut tx, by.book, award.id)
            .await?
            .into_iter()
            .filter(|o| o.state == "open" && o.id != id)
            .collect();
        let text = finding.as_str();
        let to = match finding {
            Finding::Uphold => {
                moves::uphold(&mut tx, by.book, award.id, words).await.map_err(state_changed)?;
                for other in &others {
                    rows::decide(&mut tx, by.book, other.id, text, now, &actor, words)
                        .await
                        .map_err(state_changed)?;
                }
                AwardState::Rejected
            }
            Finding::Dismiss if others.is_empty() => {
                let left = LineClock::Stopped(award.remaining.unwrap_or(0));
                let LineClock::Runs(until) = left.resume(now) else {
                    return Err(ServiceError::Internal("a clock that does not go on".to_owned()));
                };
                moves::dismiss(&mut tx, by.book, award.id, until).await.map_err(state_changed)?;
                AwardState::InNotice
            }
            Finding::Dismiss => AwardState::Objected,
        };
        rows::decide(&mut tx, by.book, id, text, now, &actor, words).await.map_err(state_changed)?;
        if to != AwardState::Objected {
            let verb = if finding == Finding::Uphold { "uphold" } else { "dismiss" };
            let what = happened(verb, AwardState::Objected, to, by.actor(), words);
            self.note_award(&mut tx, by.book, award.id, what).await?;
        }
        tx.commit().await?;
        Ok(to)
    }

    /// Objections in a state (`open`, `upheld`, `dismissed`) numbered below `before`, newest first.
    pub async fn objections(
        &self,
        book: BookId,
        state: &str,
        before: i64,
        limit: i64,
    ) -> ServiceResult<Vec<ObjectionRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(rows::list(&mut tx, book, state, before, limit.clamp(1, OBJECTIONS_PAGE)).await?)
    }

    /// One objection.
    pub async fn objection(&self, book: BookId, id: ObjectionId) -> ServiceResult<ObjectionRow> {
        let mut tx = self.db.begin_read().await?;
        rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("objection"))
    }

    async fn may_decide(
        &self,
        tx: &mut crate::store::Tx,
        by: &Reviewer,
        objection: &ObjectionRow,
        award: &AwardRow,
    ) -> ServiceResult<()> {
        let me = by.actor().to_string();
        if award.recorder == me || objection.raised_by == me {
            return Err(refuse("own_record").into());
        }
        if awards::reviews(tx, by.book, award.id).await?.iter().any(|r| r.reviewer == me) {
            return Err(refuse("already_reviewed").into());
        }
        if let Some(sheet) = notice::one(tx, by.book, objection.notice_id).await?
            && sheet.compiled_by == me
        {
            return Err(refuse("own_sheet").into());
        }
        for household in [Some(award.household_id), objection.household_id].into_iter().flatten() {
            recusal::check(tx, by, household, self.today()).await?;
        }
        Ok(())
    }
}

async fn check_objector(
    tx: &mut crate::store::Tx,
    by: &Objector,
    earlier: &[ObjectionRow],
) -> ServiceResult<()> {
    match by.household() {
        Some(id) => {
            if household::by_id(tx, by.book(), id).await?.is_none() {
                return Err(ServiceError::NotFound("household"));
            }
            if earlier.iter().any(|o| o.household_id == Some(id) && o.state == "open") {
                return Err(refuse("already_objected").into());
            }
        }
        None => {
            if earlier.iter().filter(|o| o.manner == "anonymous").count() >= ANONYMOUS_MAX {
                return Err(refuse("too_many_objections").with("limit", ANONYMOUS_MAX).into());
            }
        }
    }
    Ok(())
}

const fn happened<'a>(
    verb: &'a str,
    from: AwardState,
    to: AwardState,
    actor: Actor,
    reason: &'a str,
) -> Happened<'a> {
    Happened { verb, from: Some(from), to, actor, on_behalf: None, reason }
}
