//! What people say to a draft and to a decision, for themselves, by proxy or from the paper box; each word has its
//! answer before the next step. An objection that is right sends the whole proposal back.

use super::{Deed, Loaded, minutes};
use crate::{
    domain::{
        ids::{BookId, ProposalId, VoiceId},
        proposal::{Act, ProposalState},
    },
    service::{
        Desk, ServiceError, ServiceResult,
        award::{required, state_changed},
        caller::{Role, Staff},
        objection::Objector,
        recusal, refuse,
    },
    store::{
        WriteTx, household,
        voice::{self as rows, VoiceRow},
    },
};

/// Comments or objections of one household in one round.
pub const VOICES_OF_HOUSEHOLD_MAX: usize = 5;
/// Comments or objections without a name in one round.
pub const VOICES_ANONYMOUS_MAX: usize = 50;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Whether it was taken up; of an objection, whether it is right.
    pub taken: bool,
    /// In words, for whoever spoke.
    pub words: String,
}

impl Desk {
    /// Comments on a draft while it is open, or objects to a decision while it hangs.
    pub async fn speak(&self, by: &Objector, id: ProposalId, content: &str) -> ServiceResult<VoiceRow> {
        let content = required("content", content)?;
        let book = by.book();
        let mut tx = self.db.begin_write().await?;
        let loaded = self.locked(&mut tx, book, id).await?;
        let kind = match loaded.case.state {
            ProposalState::Comment => "comment",
            ProposalState::Disclosed => "objection",
            _ => return Err(refuse("nobody_asked").into()),
        };
        if loaded.case.open_until.is_none_or(|until| self.today() > until) {
            return Err(refuse("nobody_asked").into());
        }
        if let Some(household) = by.household()
            && household::by_id(&mut tx, book, household).await?.is_none()
        {
            return Err(ServiceError::NotFound("household"));
        }
        let earlier = rows::of(&mut tx, book, id).await?;
        let earlier: Vec<&VoiceRow> =
            earlier.iter().filter(|v| v.round == loaded.row.round && v.kind == kind).collect();
        let mine = |v: &&&VoiceRow| v.household_id == by.household();
        if let Some(first) = earlier.iter().filter(mine).find(|v| v.content == content) {
            // the same words again after a lost answer
            return Ok((**first).clone());
        }
        let most = by.household().map_or(VOICES_ANONYMOUS_MAX, |_| VOICES_OF_HOUSEHOLD_MAX);
        if earlier.iter().filter(mine).count() >= most {
            return Err(refuse("too_many_voices").with("limit", most).into());
        }
        let voice = VoiceRow {
            id: self.id(),
            proposal_id: id,
            round: loaded.row.round,
            kind: kind.to_owned(),
            raised_at: self.now(),
            manner: by.manner().to_owned(),
            raised_by: by.actor().to_string(),
            household_id: by.household(),
            content: content.to_owned(),
            outcome: "open".to_owned(),
            answered_at: None,
            answered_by: None,
            answer: None,
        };
        rows::add(&mut tx, book, &voice).await?;
        tx.commit().await?;
        Ok(voice)
    }

    /// Answers a comment (clerk or reviewer) or decides an objection (a reviewer who neither wrote the text nor the
    /// objection down, nor is kin of who objects). An objection that is right sends the proposal back to be drafted
    /// anew, and every other one of the round with it.
    pub async fn answer_voice(&self, by: &Staff, id: VoiceId, answer: &Answer) -> ServiceResult<VoiceRow> {
        let words = minutes("answer", &answer.words)?;
        let mut tx = self.db.begin_write().await?;
        let voice = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("comment"))?;
        let mut loaded = self.locked(&mut tx, by.book, voice.proposal_id).await?;
        let me = by.actor().to_string();
        let outcome = if answer.taken { "taken" } else { "not_taken" };
        if voice.outcome != "open" {
            let mine = voice.answered_by.as_deref() == Some(&me) && voice.answer.as_deref() == Some(words);
            // the same answer again after a lost answer
            return if mine { Ok(voice) } else { Err(refuse("already_answered").into()) };
        }
        self.may_answer(&mut tx, by, &loaded, &voice).await?;
        rows::answer(&mut tx, by.book, id, outcome, self.now(), &me, words).await.map_err(state_changed)?;
        if voice.kind == "objection" && answer.taken {
            self.answer_others(&mut tx, by, &voice, words).await?;
            let deed = Deed { act: Act::Uphold, by: by.actor(), words };
            self.take_step(&mut tx, by.book, &mut loaded, deed).await?;
        }
        let answered = rows::one(&mut tx, by.book, id).await?;
        tx.commit().await?;
        answered.ok_or(ServiceError::NotFound("comment"))
    }

    async fn answer_others(
        &self,
        tx: &mut WriteTx,
        by: &Staff,
        voice: &VoiceRow,
        words: &str,
    ) -> ServiceResult<()> {
        let open = rows::of(tx, by.book, voice.proposal_id).await?;
        for other in open.iter().filter(|v| v.outcome == "open") {
            let me = by.actor().to_string();
            rows::answer(tx, by.book, other.id, "taken", self.now(), &me, words)
                .await
                .map_err(state_changed)?;
        }
        Ok(())
    }

    async fn may_answer(
        &self,
        tx: &mut WriteTx,
        by: &Staff,
        loaded: &Loaded,
        voice: &VoiceRow,
    ) -> ServiceResult<()> {
        let turn = if voice.kind == "objection" { ProposalState::Disclosed } else { ProposalState::Comment };
        if loaded.case.state != turn || voice.round != loaded.row.round {
            return Err(super::forbidden(
                crate::domain::proposal::Forbidden::NotNow(loaded.case.state),
                &loaded.faults,
            ));
        }
        let me = by.selves();
        if voice.kind == "comment" {
            let may = by.holds(Role::Clerk) || by.holds(Role::Reviewer);
            return if may { Ok(()) } else { Err(ServiceError::NotAllowed) };
        }
        if !by.holds(Role::Reviewer) {
            return Err(ServiceError::NotAllowed);
        }
        if me.among(loaded.case.drafters.iter()).is_some() {
            return Err(refuse("own_draft").into());
        }
        if me.are(&voice.raised_by) {
            return Err(refuse("own_record").into());
        }
        match voice.household_id {
            Some(household) => recusal::check(tx, by, household, self.today()).await,
            None => Ok(()),
        }
    }

    /// One thing that was said.
    pub async fn voice(&self, book: BookId, id: VoiceId) -> ServiceResult<VoiceRow> {
        let mut tx = self.db.begin_read().await?;
        rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("comment"))
    }

    /// What was said to a proposal, oldest first.
    pub async fn voices(&self, book: BookId, id: ProposalId) -> ServiceResult<Vec<VoiceRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(rows::of(&mut tx, book, id).await?)
    }
}
