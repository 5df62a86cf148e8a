//! What people said to a proposal, comments on the draft and objections to the decision, each with its answer.

use super::{StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{
    ids::{BookId, HouseholdId, ProposalId, VoiceId},
    time::Timestamp,
};

macro_rules! columns {
    () => {
        "id, proposal_id, round, kind, raised_at, manner, raised_by, household_id, content, outcome, answered_at, \
         answered_by, answer"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// What a household wrote is gone.
        ERASE_WORDS = "UPDATE proposal_voice SET content = '' WHERE book_id = $1 AND household_id = $2";
        /// Adds what somebody said.
        ADD = "INSERT INTO proposal_voice (book_id, id, proposal_id, round, kind, raised_at, manner, raised_by, \
            household_id, content, outcome) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open')";
        /// One of them.
        ONE = concat!("SELECT ", columns!(), " FROM proposal_voice WHERE book_id = $1 AND id = $2");
        /// What was said to a proposal, oldest first.
        OF = concat!("SELECT ", columns!(), " FROM proposal_voice WHERE book_id = $1 AND proposal_id = $2 \
            ORDER BY raised_at, id LIMIT 2000");
        /// How many of a round have no answer.
        OPEN = "SELECT CAST(COUNT(*) AS BIGINT) FROM proposal_voice WHERE book_id = $1 AND proposal_id = $2 \
            AND round = $3 AND outcome = 'open'";
        /// Answers one.
        ANSWER = "UPDATE proposal_voice SET outcome = $3, answered_at = $4, answered_by = $5, answer = $6 \
            WHERE book_id = $1 AND id = $2 AND outcome = 'open'";
    }
}

/// What somebody said.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct VoiceRow {
    /// Its name.
    pub id: VoiceId,
    /// To which proposal.
    pub proposal_id: ProposalId,
    /// In which round.
    pub round: i32,
    /// `comment` or `objection`.
    pub kind: String,
    /// When.
    pub raised_at: Timestamp,
    /// `self`, `proxy` or `anonymous`.
    pub manner: String,
    /// Who entered it.
    pub raised_by: String,
    /// Whose word it is; nothing without a name.
    pub household_id: Option<HouseholdId>,
    /// What was said.
    pub content: String,
    /// `open`, `taken` or `not_taken`.
    pub outcome: String,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// By whom.
    pub answered_by: Option<String>,
    /// With what words.
    pub answer: Option<String>,
}

/// Adds what somebody said.
pub async fn add(tx: &mut WriteTx, book: BookId, v: &VoiceRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(v.id)
        .bind(v.proposal_id)
        .bind(v.round)
        .bind(&v.kind)
        .bind(v.raised_at)
        .bind(&v.manner)
        .bind(&v.raised_by)
        .bind(v.household_id)
        .bind(&v.content)
        .execute(c))
}

/// One of them.
pub async fn one(tx: &mut Tx, book: BookId, id: VoiceId) -> StoreResult<Option<VoiceRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// What was said to a proposal, oldest first.
pub async fn of(tx: &mut Tx, book: BookId, proposal: ProposalId) -> StoreResult<Vec<VoiceRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF).bind(book).bind(proposal).fetch_all(c))?)
}

/// How many of a round have no answer.
pub async fn open(tx: &mut Tx, book: BookId, proposal: ProposalId, round: i32) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::OPEN).bind(book).bind(proposal).bind(round).fetch_one(c))?)
}

/// Answers one; fails if it has an answer.
pub async fn answer(
    tx: &mut WriteTx,
    book: BookId,
    id: VoiceId,
    outcome: &str,
    at: Timestamp,
    by: &str,
    words: &str,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ANSWER)
        .bind(book)
        .bind(id)
        .bind(outcome)
        .bind(at)
        .bind(by)
        .bind(words)
        .execute(c))
}

/// Erases what a household wrote, in all of them.
pub async fn erase_words(tx: &mut WriteTx, book: BookId, household: HouseholdId) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ERASE_WORDS).bind(book).bind(household).execute(c))
}
