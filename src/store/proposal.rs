//! Proposals of rule sets and compacts: as they stand, their dated steps, and what a village says otherwise than its
//! template. Steps and overrides are only ever added.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{BookId, ProposalId},
    time::{Day, Timestamp},
};

macro_rules! columns {
    () => {
        "id, no, paper, title, state, round, template, content, hash, base, last_on, open_until, accepted_on, \
         filing_no, effective_from"
    };
}
macro_rules! without_text {
    () => {
        "id, no, paper, title, state, round, template, '' AS content, hash, base, last_on, open_until, accepted_on, \
         filing_no, effective_from"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a proposal.
        ADD = concat!("INSERT INTO proposal (book_id, ", columns!(), ") \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)");
        /// One proposal.
        ONE = concat!("SELECT ", columns!(), " FROM proposal WHERE book_id = $1 AND id = $2");
        /// Proposals, newest first, without their text.
        LIST = concat!("SELECT ", without_text!(), " FROM proposal WHERE book_id = $1 AND no < $2 \
            ORDER BY no DESC LIMIT $3");
        /// The proposal of a paper that is on its way.
        UNDER_WAY = concat!("SELECT ", without_text!(), " FROM proposal WHERE book_id = $1 AND paper = $2 \
            AND state NOT IN ('announced', 'repealed', 'rejected', 'withdrawn') ORDER BY no DESC LIMIT 1");
        /// The proposal by which a paper took effect on a day.
        BY_FIRST_DAY = concat!("SELECT ", without_text!(), " FROM proposal WHERE book_id = $1 AND paper = $2 \
            AND effective_from = $3 ORDER BY no DESC LIMIT 1");
        /// The latest proposal of a paper that took effect.
        LAST_ANNOUNCED = concat!("SELECT ", without_text!(), " FROM proposal WHERE book_id = $1 AND paper = $2 \
            AND state IN ('announced', 'repealed') ORDER BY effective_from DESC LIMIT 1");
        /// Moves a proposal on.
        MOVE = "UPDATE proposal SET state = $3, round = $4, content = $5, hash = $6, last_on = $7, open_until = $8, \
            accepted_on = $9, filing_no = $10, effective_from = $11, title = $12 WHERE book_id = $1 AND id = $2";
        /// Adds a step.
        ADD_STEP = "INSERT INTO proposal_step (book_id, proposal_id, place, round, step, held_on, recorded_at, actor, \
            from_state, to_state, hash, body, entitled, present, yes, no, abstain, open_until, words) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
        /// The steps of a proposal, oldest first.
        STEPS = "SELECT place, round, step, held_on, recorded_at, actor, from_state, to_state, hash, body, entitled, \
            present, yes, no, abstain, open_until, words FROM proposal_step WHERE book_id = $1 AND proposal_id = $2 \
            ORDER BY place LIMIT 500";
        /// Adds an override.
        ADD_OVERRIDE = "INSERT INTO proposal_override (book_id, proposal_id, place, target, name, value, ground, \
            set_at, set_by, first_no) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        /// The overrides of a proposal, oldest first.
        OVERRIDES = "SELECT place, target, name, value, ground, set_at, set_by, first_no FROM proposal_override \
            WHERE book_id = $1 AND proposal_id = $2 ORDER BY place LIMIT 1000";
    }
}

/// A proposal as it stands.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ProposalRow {
    /// Its name.
    pub id: ProposalId,
    /// Its number in the book.
    pub no: i64,
    /// `rules` or `compact`.
    pub paper: String,
    /// What it is called.
    pub title: String,
    /// Where it stands.
    pub state: String,
    /// How often it was begun, from 1.
    pub round: i32,
    /// The template it was drawn up from, by content hash.
    pub template: Option<String>,
    /// The text; empty in lists.
    pub content: String,
    /// The content hash of the text.
    pub hash: String,
    /// The content hash of what it would replace.
    pub base: Option<String>,
    /// The day of the last step.
    pub last_on: Day,
    /// The last day of the comment period or notice that runs or ran last.
    pub open_until: Option<Day>,
    /// The day the township took it on file.
    pub accepted_on: Option<Day>,
    /// Under which number.
    pub filing_no: Option<String>,
    /// The first day it applies.
    pub effective_from: Option<Day>,
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StepRow {
    /// Its place, from 1.
    pub place: i32,
    /// In which round.
    pub round: i32,
    /// Which step.
    pub step: String,
    /// The day it was taken, or the meeting held.
    pub held_on: Day,
    /// When it was entered.
    pub recorded_at: Timestamp,
    /// By whom.
    pub actor: String,
    /// From which state.
    pub from_state: Option<String>,
    /// To which.
    pub to_state: String,
    /// Over which text.
    pub hash: String,
    /// Which body of the villagers met.
    pub body: Option<String>,
    /// Who might come.
    pub entitled: Option<i64>,
    /// Who came.
    pub present: Option<i64>,
    /// Votes for it.
    pub yes: Option<i64>,
    /// Votes against it.
    pub no: Option<i64>,
    /// Neither.
    pub abstain: Option<i64>,
    /// The last day on which people may speak, where that begins.
    pub open_until: Option<Day>,
    /// Minutes, reason or place of posting.
    pub words: String,
}

/// What a village says otherwise than its template.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OverrideRow {
    /// Its place, from 1.
    pub place: i32,
    /// Of which table.
    pub target: String,
    /// Which key.
    pub name: String,
    /// What; nothing to say again what the template says.
    pub value: Option<String>,
    /// On what ground: a meeting, a comment.
    pub ground: String,
    /// When.
    pub set_at: Timestamp,
    /// By whom.
    pub set_by: String,
    /// The number of the proposal it was first made in.
    pub first_no: i64,
}

/// Adds a proposal.
pub async fn add(tx: &mut WriteTx, book: BookId, p: &ProposalRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(p.id)
        .bind(p.no)
        .bind(&p.paper)
        .bind(&p.title)
        .bind(&p.state)
        .bind(p.round)
        .bind(&p.template)
        .bind(&p.content)
        .bind(&p.hash)
        .bind(&p.base)
        .bind(p.last_on)
        .bind(p.open_until)
        .bind(p.accepted_on)
        .bind(&p.filing_no)
        .bind(p.effective_from)
        .execute(c))
}

/// One proposal.
pub async fn one(tx: &mut Tx, book: BookId, id: ProposalId) -> StoreResult<Option<ProposalRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// Proposals numbered below `before`, newest first, without their text.
pub async fn list(tx: &mut Tx, book: BookId, before: i64, limit: i64) -> StoreResult<Vec<ProposalRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).bind(before).bind(limit).fetch_all(c))?)
}

/// The proposal of a paper that is on its way, without its text.
pub async fn under_way(tx: &mut Tx, book: BookId, paper: &str) -> StoreResult<Option<ProposalRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::UNDER_WAY).bind(book).bind(paper).fetch_optional(c))?)
}

/// The proposal by which a paper took effect on `from`, without its text.
pub async fn by_first_day(
    tx: &mut Tx,
    book: BookId,
    paper: &str,
    from: Day,
) -> StoreResult<Option<ProposalRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_FIRST_DAY).bind(book).bind(paper).bind(from).fetch_optional(c))?)
}

/// The latest proposal of a paper that took effect, without its text.
pub async fn last_announced(tx: &mut Tx, book: BookId, paper: &str) -> StoreResult<Option<ProposalRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LAST_ANNOUNCED).bind(book).bind(paper).fetch_optional(c))?)
}

/// Moves a proposal on; what it is and what it came from stay.
pub async fn save(tx: &mut WriteTx, book: BookId, p: &ProposalRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::MOVE)
        .bind(book)
        .bind(p.id)
        .bind(&p.state)
        .bind(p.round)
        .bind(&p.content)
        .bind(&p.hash)
        .bind(p.last_on)
        .bind(p.open_until)
        .bind(p.accepted_on)
        .bind(&p.filing_no)
        .bind(p.effective_from)
        .bind(&p.title)
        .execute(c))
}

/// Adds a step.
pub async fn add_step(tx: &mut WriteTx, book: BookId, id: ProposalId, s: &StepRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_STEP)
        .bind(book)
        .bind(id)
        .bind(s.place)
        .bind(s.round)
        .bind(&s.step)
        .bind(s.held_on)
        .bind(s.recorded_at)
        .bind(&s.actor)
        .bind(&s.from_state)
        .bind(&s.to_state)
        .bind(&s.hash)
        .bind(&s.body)
        .bind(s.entitled)
        .bind(s.present)
        .bind(s.yes)
        .bind(s.no)
        .bind(s.abstain)
        .bind(s.open_until)
        .bind(&s.words)
        .execute(c))
}

/// The steps of a proposal, oldest first.
pub async fn steps(tx: &mut Tx, book: BookId, id: ProposalId) -> StoreResult<Vec<StepRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::STEPS).bind(book).bind(id).fetch_all(c))?)
}

/// Adds an override.
pub async fn add_override(
    tx: &mut WriteTx,
    book: BookId,
    id: ProposalId,
    o: &OverrideRow,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_OVERRIDE)
        .bind(book)
        .bind(id)
        .bind(o.place)
        .bind(&o.target)
        .bind(&o.name)
        .bind(&o.value)
        .bind(&o.ground)
        .bind(o.set_at)
        .bind(&o.set_by)
        .bind(o.first_no)
        .execute(c))
}

/// The overrides of a proposal, oldest first.
pub async fn overrides(tx: &mut Tx, book: BookId, id: ProposalId) -> StoreResult<Vec<OverrideRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OVERRIDES).bind(book).bind(id).fetch_all(c))?)
}
