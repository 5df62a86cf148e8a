//! The village's own steps, from comment to the decision's disclosure: opened, checked, four meetings, hung up, or taken
//! back.

use super::{Deed, Loaded, adopted, minutes};
use crate::{
    domain::{
        ids::{BookId, ProposalId},
        proposal::{Act, Meeting, Paper, Tally},
        ruleset,
        time::Day,
    },
    service::{
        Desk, ServiceResult,
        award::required,
        caller::{Clerk, Reviewer},
        refuse,
    },
    store::{Tx, proposal::ProposalRow},
};

/// A meeting as it is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minutes {
    /// Which of the four.
    pub meeting: Meeting,
    /// The day it was held.
    pub held_on: Day,
    /// Who came and how they voted.
    pub tally: Tally,
    /// What was said and resolved.
    pub text: String,
}

impl Desk {
    /// Opens a sound draft for comment.
    pub async fn open_comment(&self, by: &Clerk, id: ProposalId, days: i32) -> ServiceResult<ProposalRow> {
        self.step(by.book, id, Deed { act: Act::OpenComment { days }, by: by.actor(), words: "" }).await
    }

    /// Says that the text keeps to the law: somebody else than who wrote it, once every comment has its answer. From
    /// here on the text stands.
    pub async fn check_proposal(
        &self,
        by: &Reviewer,
        id: ProposalId,
        words: &str,
    ) -> ServiceResult<ProposalRow> {
        let words = minutes("words", words)?;
        self.step(by.book, id, Deed { act: Act::Check, by: by.actor(), words }).await
    }

    /// Enters one of the four deliberations. A meeting that could not resolve anything is refused; one that voted the
    /// motion down ends the proposal.
    pub async fn enter_meeting(
        &self,
        by: &Clerk,
        id: ProposalId,
        held: &Minutes,
    ) -> ServiceResult<ProposalRow> {
        let words = minutes("minutes", &held.text)?;
        let Minutes { meeting, held_on, tally, .. } = *held;
        self.step(by.book, id, Deed { act: Act::Meet { meeting, held_on, tally }, by: by.actor(), words })
            .await
    }

    /// Puts the decision on notice (first disclosure): somebody else than who wrote it.
    pub async fn disclose_decision(
        &self,
        by: &Reviewer,
        id: ProposalId,
        days: i32,
        place: &str,
    ) -> ServiceResult<ProposalRow> {
        let words = required("place", place)?;
        self.step(by.book, id, Deed { act: Act::Disclose { days }, by: by.actor(), words }).await
    }

    /// Sends the decision to the township, once its notice is over and every objection has its answer.
    pub async fn file_proposal(&self, by: &Clerk, id: ProposalId) -> ServiceResult<ProposalRow> {
        self.step(by.book, id, Deed { act: Act::File, by: by.actor(), words: "" }).await
    }

    /// Takes a proposal back, until the villagers have resolved on it.
    pub async fn withdraw_proposal(
        &self,
        by: &Clerk,
        id: ProposalId,
        reason: &str,
    ) -> ServiceResult<ProposalRow> {
        let words = required("reason", reason)?;
        self.step(by.book, id, Deed { act: Act::Withdraw, by: by.actor(), words }).await
    }

    /// One step in a transaction of its own.
    pub(super) async fn step(
        &self,
        book: BookId,
        id: ProposalId,
        deed: Deed<'_>,
    ) -> ServiceResult<ProposalRow> {
        let mut tx = self.db.begin_write().await?;
        let mut loaded = self.locked(&mut tx, book, id).await?;
        if matches!(deed.act, Act::OpenComment { .. } | Act::Check | Act::Accept) {
            version_rises(&mut tx, book, &loaded).await?;
        }
        self.take_step(&mut tx, book, &mut loaded, deed).await?;
        tx.commit().await?;
        Ok(loaded.row)
    }
}

/// Each version of a rule set bears a higher number than the one it replaces.
pub(super) async fn version_rises(tx: &mut Tx, book: BookId, loaded: &Loaded) -> ServiceResult<()> {
    if loaded.case.paper != Paper::Rules {
        return Ok(());
    }
    let Some(base) = adopted::latest(tx, book, Paper::Rules).await? else { return Ok(()) };
    let Ok(set) = ruleset::parse(&loaded.row.content, super::RULES_FILE) else { return Ok(()) };
    if i64::from(set.programme.version) > base.version {
        return Ok(());
    }
    Err(refuse("version_not_raised").with("last", base.version).into())
}
