//! Reviewing awards (初审 → 评议 → 复核 → 乡镇核): as many steps as the route asks for, each by another person, none of
//! them the recorder, nobody for their own household or kin. The panel's step is a sitting: see [`crate::service::panel`].

use super::{
    Desk, Happened, Refusal, ServiceError, ServiceResult, limited, part, refuse, required, state_changed,
};
use crate::{
    domain::{
        due_process::{AwardMove, AwardState, Involved, ReviewStep},
        ids::AwardId,
        panel::BodyKind,
    },
    service::{
        caller::{Reviewer, Role},
        panel, recusal,
    },
    store::{
        WriteTx,
        award::{
            self as rows, AwardRow, ReviewRow,
            moves::{self, Place},
        },
    },
};

/// Awards reviewed with one word at once.
pub const REVIEWS_MAX: usize = 1_000;

/// A reviewer's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It holds.
    Approve,
    /// To be mended by its recorder.
    Return,
    /// It does not count.
    Reject,
}

impl Verdict {
    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Return => "return",
            Self::Reject => "reject",
        }
    }
}

/// What became of one award of a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed {
    /// Which.
    pub id: AwardId,
    /// Where it stands now, or why it was not touched.
    pub result: Result<AwardState, Refusal>,
}

impl Desk {
    /// Reviews awards, each for itself: one that may not be reviewed by this person does not hold up the others.
    /// Sending back and refusing need a reason.
    pub async fn review_awards(
        &self,
        by: &Reviewer,
        ids: &[AwardId],
        verdict: Verdict,
        reason: &str,
    ) -> ServiceResult<Vec<Reviewed>> {
        if ids.is_empty() || ids.len() > REVIEWS_MAX {
            return Err(refuse("batch_size").with("lines", ids.len()).with("limit", REVIEWS_MAX).into());
        }
        let reason = match verdict {
            Verdict::Approve => limited("reason", reason.trim())?,
            Verdict::Return | Verdict::Reject => required("reason", reason)?,
        };
        let mut tx = self.db.begin_write().await?;
        let mut out = Vec::with_capacity(ids.len());
        for id in ids {
            let result = match self.review_one(&mut tx, by, *id, verdict, reason).await {
                Ok(state) => Ok(state),
                Err(ServiceError::Refused(refusal)) => Err(refusal),
                Err(ServiceError::NotFound(what)) => Err(refuse("not_found").with("what", what)),
                Err(other) => return Err(other),
            };
            out.push(Reviewed { id: *id, result });
        }
        tx.commit().await?;
        Ok(out)
    }

    /// Reviews one award.
    pub async fn review_award(
        &self,
        by: &Reviewer,
        id: AwardId,
        verdict: Verdict,
        reason: &str,
    ) -> ServiceResult<AwardState> {
        let reviewed = self.review_awards(by, &[id], verdict, reason).await?;
        let one = reviewed.into_iter().next().ok_or(ServiceError::NotFound("award"))?;
        one.result.map_err(|refusal| match refusal.code {
            "not_found" => ServiceError::NotFound("award"),
            _ => refusal.into(),
        })
    }

    async fn review_one(
        &self,
        tx: &mut WriteTx,
        by: &Reviewer,
        id: AwardId,
        verdict: Verdict,
        reason: &str,
    ) -> ServiceResult<AwardState> {
        let row = rows::one(tx, by.book, id).await?.ok_or(ServiceError::NotFound("award"))?;
        let reviews = rows::reviews(tx, by.book, id).await?;
        let (state, step) = match place(&row) {
            Ok(place) => place,
            // the same word again after a lost answer: it was heard
            Err(_) if heard(&reviews, by, verdict, reason) => return Ok(row.state()?),
            Err(error) => return Err(error),
        };
        self.may_review(tx, by, &row, step).await?;
        for day in [row.occurred_on, self.today()] {
            recusal::check(tx, by, row.household_id, day).await?;
        }
        let passed = step.passed(row.route_level(), row.panel);
        let step_after = match verdict {
            Verdict::Approve => AwardMove::Approve { last: passed == ReviewStep::THROUGH },
            Verdict::Return => AwardMove::Return,
            Verdict::Reject => AwardMove::Reject,
        };
        let after = state.after(step_after).map_err(|e| refuse("state_changed").with("state", e.from))?;
        let passed = if verdict == Verdict::Approve { passed } else { row.step };
        let (from, to) = (Place { state, step: row.step }, Place { state: after, step: passed });
        let kept = (!reason.is_empty() && verdict != Verdict::Approve).then_some(reason);
        moves::reviewed(tx, by.book, id, from, to, kept).await.map_err(state_changed)?;
        let review = ReviewRow {
            ordinal: i32::try_from(reviews.len()).unwrap_or(i32::MAX - 1) + 1,
            step: step.as_str().to_owned(),
            verdict: verdict.as_str().to_owned(),
            reviewer: by.actor().to_string(),
            reviewed_at: self.now(),
            reason: reason.to_owned(),
        };
        rows::add_review(tx, by.book, id, &review).await?;
        let what = Happened {
            verb: verdict.as_str(),
            from: Some(state),
            to: after,
            actor: by.actor(),
            on_behalf: None,
            reason,
        };
        self.note_award(tx, by.book, id, what).await?;
        Ok(after)
    }

    /// Whether this person may take this step: had no other part in it, and it is theirs to take.
    async fn may_review(
        &self,
        tx: &mut WriteTx,
        by: &Reviewer,
        row: &AwardRow,
        step: ReviewStep,
    ) -> ServiceResult<()> {
        let me = by.selves();
        let past = part::past(tx, by.book, row).await?;
        match past.involves(&me, step) {
            Some(Involved::Recorded) => return Err(refuse("own_record").into()),
            Some(Involved::Inspected) => return Err(refuse("own_look").into()),
            Some(Involved::Reviewed) | None => {}
        }
        let role = match step {
            ReviewStep::Panel => return Err(refuse("panel_decides").into()),
            ReviewStep::Review | ReviewStep::Recheck => Role::Reviewer,
            ReviewStep::Township => Role::Township,
        };
        if !by.holds(role) {
            return Err(refuse("wrong_step").with("step", step.as_str()).into());
        }
        if step == ReviewStep::Recheck && !panel::may_recheck(tx, by, self.today()).await? {
            return Err(refuse("not_seated").with("body", BodyKind::Committees.as_str()).into());
        }
        match past.involves(&me, step) {
            Some(_) => Err(refuse("already_reviewed").into()),
            None => Ok(()),
        }
    }
}

/// Whether the last word on an award was this one by this person.
fn heard(reviews: &[ReviewRow], by: &Reviewer, verdict: Verdict, reason: &str) -> bool {
    reviews.last().is_some_and(|r| {
        r.reviewer == by.actor().to_string() && r.verdict == verdict.as_str() && r.reason == reason
    })
}

/// Where a recorded award stands on its route: its state and the review it waits for.
pub(in crate::service) fn place(row: &AwardRow) -> ServiceResult<(AwardState, ReviewStep)> {
    let state = row.state()?;
    match (state, ReviewStep::at(row.step)) {
        (AwardState::Recorded, Some(step)) => Ok((state, step)),
        _ => Err(refuse("state_changed").with("state", state).into()),
    }
}
