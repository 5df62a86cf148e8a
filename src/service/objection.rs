//! Objections (异议): named, written down for someone (代办), or a lead without a name. One freezes its line and no
//! other; it is accepted first, and whoever decides it has had no part in the award. What follows when the answer does
//! not satisfy is [`super::appeal`]; who is late with what is [`super::course`].

use super::{
    Actor, Desk, ServiceError, ServiceResult,
    award::{Happened, amend::Ground, part, required, state_changed},
    caller::{Clerk, Resident, Reviewer, Staff},
    recusal, refuse,
};
use crate::{
    domain::{
        due_process::{AwardState, ReviewStep},
        ids::{AwardId, BookId, HouseholdId, ObjectionId},
        notice::LineClock,
        objection::{APPEAL_DAYS, DisputedLine, LineError},
        time::Timestamp,
    },
    store::{
        Tx, WriteTx, appeal,
        award::{
            self as awards, AwardRow,
            moves::{self, Place},
        },
        household,
        objection::{self as rows, ObjectionRow},
        serial::{self, Series},
    },
};

pub use crate::domain::objection::{Answer, Finding, Less};

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
    /// Somebody unnamed at the public board, who has not signed in.
    Passerby {
        /// Whose board.
        book: BookId,
    },
}

impl Objector {
    pub(super) const fn manner(&self) -> &'static str {
        match self {
            Self::Resident(_) => "self",
            Self::Proxy { .. } => "proxy",
            Self::Anonymous { .. } | Self::Passerby { .. } => "anonymous",
        }
    }

    pub(super) fn book(&self) -> BookId {
        match self {
            Self::Resident(resident) => resident.book,
            Self::Proxy { clerk, .. } | Self::Anonymous { clerk } => clerk.book,
            Self::Passerby { book } => *book,
        }
    }

    pub(super) fn actor(&self) -> Actor {
        match self {
            Self::Resident(resident) => resident.actor(),
            Self::Proxy { clerk, .. } | Self::Anonymous { clerk } => clerk.actor(),
            Self::Passerby { .. } => Actor::Unnamed,
        }
    }

    pub(super) const fn household(&self) -> Option<HouseholdId> {
        match self {
            Self::Resident(resident) => Some(resident.household),
            Self::Proxy { household, .. } => Some(*household),
            Self::Anonymous { .. } | Self::Passerby { .. } => None,
        }
    }

    /// What a clerk writes down is accepted by being written down.
    const fn accepts(&self) -> bool {
        matches!(self, Self::Proxy { .. } | Self::Anonymous { .. })
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
        let line = line_of(&mut tx, book, &row).await?;
        let pace = self.pace(&mut tx, book, &row).await?;
        let frozen = line.object(self.now(), pace).map_err(|error| match error {
            LineError::Over => refuse("notice_over"),
            _ => refuse("not_in_notice").with("state", state),
        })?;
        if write_line(&mut tx, book, award, (line, frozen), "").await? {
            let what = happened("object", state, AwardState::Objected, by.actor(), "");
            self.note_award(&mut tx, book, award, what).await?;
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
            accepted_at: by.accepts().then(|| self.now()),
            accepted_by: by.accepts().then(|| by.actor().to_string()),
            escalated_at: None,
        };
        rows::add(&mut tx, book, &objection).await?;
        tx.commit().await?;
        Ok(objection)
    }

    /// Decides an objection that was accepted, with words for the one who raised it. Nobody who recorded or reviewed the
    /// award may, nor anyone of its household's kin or the objector's. While another objection is open the line stays
    /// frozen. What was right in part leaves an award that stands again with less: it goes onto a new sheet when the
    /// days to appeal are over, and somebody else publishes that.
    pub async fn decide_objection(
        &self,
        by: &Reviewer,
        id: ObjectionId,
        answer: impl Into<Answer>,
        words: &str,
    ) -> ServiceResult<AwardState> {
        let (answer, words) = (answer.into(), required("decision", words)?);
        let finding = answer.finding();
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
        if objection.accepted_at.is_none() {
            return Err(refuse("not_accepted").into());
        }
        let award = awards::one(&mut tx, by.book, objection.award_id)
            .await?
            .ok_or(ServiceError::NotFound("award"))?;
        self.may_decide(&mut tx, by, &objection, &award).await?;
        let (now, actor) = (self.now(), by.actor().to_string());
        rows::decide(&mut tx, by.book, id, finding.as_str(), now, &actor, words)
            .await
            .map_err(state_changed)?;
        let from = DisputedLine { open: open(&mut tx, by.book, award.id).await? + 1, ..line(&award)? };
        let pace = self.pace(&mut tx, by.book, &award).await?;
        let to = from.settle(finding == Finding::Uphold, now, pace);
        if write_line(&mut tx, by.book, award.id, (from, to), words).await? {
            let what = happened(answer.verb(), from.state, to.state, by.actor(), words);
            self.note_award(&mut tx, by.book, award.id, what).await?;
        }
        if to.state == AwardState::Rejected {
            settle_others(&mut tx, by.book, award.id, (now, &actor, words)).await?;
        }
        if let Answer::InPart(less) = &answer {
            let waits_until = Some(now.plus_days(APPEAL_DAYS));
            let ground = Ground { by, objection: id, appeal: None, waits_until, words };
            self.stand_with_less(&mut tx, &award, less, ground).await?;
        }
        tx.commit().await?;
        Ok(to.state)
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

    /// Whether somebody has had no part in what is to be decided, and is of nobody's kin in it.
    pub(super) async fn may_decide(
        &self,
        tx: &mut Tx,
        by: &Staff,
        objection: &ObjectionRow,
        award: &AwardRow,
    ) -> ServiceResult<()> {
        if by.selves().are(&objection.raised_by) {
            return Err(refuse("own_record").into());
        }
        part::outsider(tx, by, award, self.today()).await?;
        if let Some(household) = objection.household_id {
            recusal::check(tx, by, household, self.today()).await?;
        }
        Ok(())
    }
}

async fn check_objector(tx: &mut Tx, by: &Objector, earlier: &[ObjectionRow]) -> ServiceResult<()> {
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

/// The line of an award, but for what is open about it.
fn line(award: &AwardRow) -> ServiceResult<DisputedLine> {
    Ok(DisputedLine { state: award.state()?, clock: award.clock(), open: 0 })
}

/// Objections and appeals about an award that are open.
pub(super) async fn open(tx: &mut Tx, book: BookId, award: AwardId) -> ServiceResult<usize> {
    let objections = rows::of_award(tx, book, award).await?;
    let appeals = appeal::of_award(tx, book, award).await?;
    let states = objections.iter().map(|o| &o.state).chain(appeals.iter().map(|a| &a.state));
    Ok(states.filter(|state| *state == "open").count())
}

/// The line of an award as its disputes see it.
pub(super) async fn line_of(tx: &mut Tx, book: BookId, award: &AwardRow) -> ServiceResult<DisputedLine> {
    Ok(DisputedLine { open: open(tx, book, award.id).await?, ..line(award)? })
}

/// Writes what a dispute did to a line; whether it changed its state.
pub(super) async fn write_line(
    tx: &mut WriteTx,
    book: BookId,
    award: AwardId,
    (from, to): (DisputedLine, DisputedLine),
    words: &str,
) -> ServiceResult<bool> {
    let done = match (from.state, to.state, to.clock) {
        (from, to, _) if from == to => return Ok(false),
        (AwardState::InNotice, AwardState::Objected, Some(LineClock::Stopped(left))) => {
            moves::object(tx, book, award, left).await
        }
        (AwardState::Objected, AwardState::InNotice, Some(LineClock::Runs(until))) => {
            moves::dismiss(tx, book, award, until).await
        }
        (AwardState::Objected, AwardState::Rejected, None) => moves::uphold(tx, book, award, words).await,
        (AwardState::Approved, AwardState::Rejected, None) => {
            let at = |state| Place { state, step: ReviewStep::THROUGH };
            moves::reviewed(tx, book, award, at(from.state), at(to.state), Some(words)).await
        }
        (from, to, clock) => {
            return Err(ServiceError::Internal(format!("a line from {from} to {to} with {clock:?}")));
        }
    };
    done.map_err(state_changed)?;
    Ok(true)
}

/// When a line has come down, what else was open about it was right as well.
pub(super) async fn settle_others(
    tx: &mut WriteTx,
    book: BookId,
    award: AwardId,
    (now, actor, words): (Timestamp, &str, &str),
) -> ServiceResult<()> {
    let text = Finding::Uphold.as_str();
    for other in rows::of_award(tx, book, award).await?.iter().filter(|o| o.state == "open") {
        rows::decide(tx, book, other.id, text, now, actor, words).await.map_err(state_changed)?;
    }
    for other in appeal::of_award(tx, book, award).await?.iter().filter(|a| a.state == "open") {
        appeal::decide(tx, book, other.id, (text, words), now, actor).await.map_err(state_changed)?;
    }
    Ok(())
}

pub(super) const fn happened<'a>(
    verb: &'a str,
    from: AwardState,
    to: AwardState,
    actor: Actor,
    reason: &'a str,
) -> Happened<'a> {
    Happened { verb, from: Some(from), to, actor, on_behalf: None, reason }
}
