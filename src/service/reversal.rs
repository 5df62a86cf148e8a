//! Undoing a posting (冲正): asked for by the clerk with a reason, decided by a second person, posted as a linked
//! mirror. Nothing is edited, nothing deleted, and no posting is undone twice.

use std::collections::BTreeSet;

use futures_util::{FutureExt, future::BoxFuture};

use super::{
    Actor, Desk, Effect, ServiceError, ServiceResult,
    award::{Happened, event_row, required, state_changed},
    books::{Order, facts},
    caller::{Clerk, Reviewer, Staff},
    correction::last_of,
    poster::Task,
    recusal, refuse,
};
use crate::{
    domain::{
        amount::points,
        book::{Command, Posted, TxnKind},
        due_process::AwardState,
        household::HouseholdNo,
        ids::{AwardId, BookId, EventId, HouseholdId, ReversalId},
        posting::{Commodity, Line},
        time::Timestamp,
    },
    store::{
        StoreError, StoreResult, Tx, WriteTx,
        award::{self as awards, moves},
        event, household,
        ledger::read::{self, EntryRow, TxnRow},
        returns,
        reversal::{self as rows, ReversalDecision, ReversalRow},
        serial::{self, Series},
    },
};

/// How often an undoing is tried again when something moved between its figures and its posting.
const TRIES_MAX: usize = 5;
/// Requests a list shows at once.
pub const REVERSALS_PAGE: i64 = 100;

impl Desk {
    /// Asks for a posting to be undone.
    pub async fn request_reversal(&self, by: &Clerk, seq: i64, reason: &str) -> ServiceResult<ReversalRow> {
        let reason = required("reason", reason)?;
        let mut tx = self.db.begin_write().await?;
        // one request at a time for one posting
        serial::take(&mut tx, by.book, Series::Objection, 0).await?;
        let txn = reversible(&mut tx, by.book, seq).await?;
        let earlier = rows::of_seq(&mut tx, by.book, seq).await?;
        if let Some(open) = earlier.into_iter().find(|r| r.state == "requested") {
            // the same request again after a lost answer is the same request
            let same = open.requested_by == by.actor().to_string() && open.reason == reason;
            return if same { Ok(open) } else { Err(refuse("already_requested").with("seq", seq).into()) };
        }
        for household in households(&mut tx, by.book, seq).await? {
            recusal::check(&mut tx, by, household, self.today()).await?;
        }
        let row = ReversalRow {
            id: self.id(),
            seq: txn.seq,
            requested_at: self.now(),
            requested_by: by.actor().to_string(),
            reason: reason.to_owned(),
            state: "requested".to_owned(),
            decided_at: None,
            decided_by: None,
            decision: None,
            txn_seq: None,
            correction_seq: None,
        };
        rows::add(&mut tx, by.book, &row).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// The second person refuses a request.
    pub async fn refuse_reversal(&self, by: &Reviewer, id: ReversalId, words: &str) -> ServiceResult<()> {
        let words = required("decision", words)?;
        let mut tx = self.db.begin_write().await?;
        let row = waiting(&mut tx, by, id).await?;
        self.second_person(&mut tx, by, &row).await?;
        let actor = by.actor().to_string();
        let decision =
            ReversalDecision { state: "refused", at: self.now(), by: &actor, words, txn_seq: None };
        rows::decide(&mut tx, by.book, id, &decision).await.map_err(state_changed)?;
        Ok(tx.commit().await?)
    }

    /// The second person agrees: the mirror is posted. Refused with the figures when what is to be taken back has
    /// been spent; the request then stays open.
    pub async fn approve_reversal(
        &self,
        by: &Reviewer,
        id: ReversalId,
        words: &str,
    ) -> ServiceResult<ReversalRow> {
        for _ in 0..TRIES_MAX {
            match self.undo(by, id, words).await {
                // what goods cost moved between our look and the posting
                Err(ServiceError::Refused(refusal)) if refusal.code == "state_changed" => {}
                other => {
                    other?;
                    return self.reversal(by.book, id).await;
                }
            }
        }
        Err(refuse("state_changed").into())
    }

    async fn undo(&self, by: &Reviewer, id: ReversalId, words: &str) -> ServiceResult<()> {
        let Some(Undoing { txn, entries, command, effect }) = self.undoing(by, id, words).await? else {
            return Ok(());
        };
        let Some((goods, cost)) = self.beside_mirror(by, id, &txn, &entries).await? else {
            return self.posted(by.book, command, vec![Box::new(effect)]).await.map(drop);
        };
        let mut tasks = vec![Task { command, effects: vec![Box::new(effect), Box::new(goods)] }];
        tasks.extend(cost.map(|command| Task { command, effects: Vec::new() }));
        last_of(self.poster.post_together(by.book, tasks).await?).map(drop)
    }

    /// All that the second person's agreement posts; nothing when it was posted on their word already.
    pub(super) async fn undoing(
        &self,
        by: &Reviewer,
        id: ReversalId,
        words: &str,
    ) -> ServiceResult<Option<Undoing>> {
        let words = super::award::limited("decision", words.trim())?;
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("reversal"))?;
        if row.state == "posted" && row.decided_by.as_deref() == Some(by.actor().to_string().as_str()) {
            // the answer was lost
            return Ok(None);
        }
        let row = waiting(&mut tx, by, id).await?;
        self.second_person(&mut tx, by, &row).await?;
        let txn = reversible(&mut tx, by.book, row.seq).await?;
        let entries = undone(&mut tx, by.book, &txn).await?;
        check_shortfall(&mut tx, by.book, &entries).await?;
        let award = awards::by_seq(&mut tx, by.book, row.seq).await?.map(|a| a.id);
        drop(tx);
        let lines = entries.iter().map(mirrored).collect::<StoreResult<Vec<_>>>()?;
        let key = format!("reversal:{id}");
        let order = Order {
            key: &key,
            kind: TxnKind::Reversal,
            effective_on: self.today(),
            source: Some(format!("reversal:{id}")),
            body: facts([("seq", row.seq.to_string())]),
        };
        let mut command = self.command(&by.actor(), order, lines)?;
        command.private = self.private("reason", &row.reason);
        command.reverses = Some(row.seq);
        command.ruleset.clone_from(&txn.ruleset);
        command.rule.clone_from(&txn.rule);
        let effect = Undone {
            book: by.book,
            id,
            of: row.seq,
            award,
            reason: row.reason,
            words: words.to_owned(),
            by: by.actor(),
            at: self.now(),
            event: self.id(),
        };
        Ok(Some(Undoing { txn, entries, command, effect }))
    }

    /// One request.
    pub async fn reversal(&self, book: BookId, id: ReversalId) -> ServiceResult<ReversalRow> {
        let mut tx = self.db.begin_read().await?;
        rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("reversal"))
    }

    /// Requests in a state (`requested`, `refused`, `posted`), newest first, before `before`.
    pub async fn reversals(
        &self,
        book: BookId,
        state: &str,
        before: Option<ReversalId>,
        limit: i64,
    ) -> ServiceResult<Vec<ReversalRow>> {
        let mut tx = self.db.begin_read().await?;
        let before = before.unwrap_or(ReversalId(uuid::Uuid::max()));
        Ok(rows::list(&mut tx, book, state, before, limit.clamp(1, REVERSALS_PAGE)).await?)
    }

    /// Not who asked for it, not who recorded the award or made the posting, nobody for their own household or kin.
    async fn second_person(&self, tx: &mut Tx, by: &Reviewer, row: &ReversalRow) -> ServiceResult<()> {
        let me = by.selves();
        if me.are(&row.requested_by) {
            return Err(refuse("own_request").into());
        }
        let txn = read::txn(tx, by.book, row.seq).await?.ok_or(ServiceError::NotFound("transaction"))?;
        let award = awards::by_seq(tx, by.book, row.seq).await?;
        if me.are(&txn.actor) || award.is_some_and(|a| me.are(&a.recorder)) {
            return Err(refuse("own_record").into());
        }
        for household in households(tx, by.book, row.seq).await? {
            recusal::check(tx, by, household, self.today()).await?;
        }
        Ok(())
    }
}

async fn waiting(tx: &mut Tx, by: &Staff, id: ReversalId) -> ServiceResult<ReversalRow> {
    let row = rows::one(tx, by.book, id).await?.ok_or(ServiceError::NotFound("reversal"))?;
    if row.state == "requested" {
        Ok(row)
    } else {
        Err(refuse("already_decided").with("state", &row.state).into())
    }
}

/// The transaction, if it can be undone at all.
async fn reversible(tx: &mut Tx, book: BookId, seq: i64) -> ServiceResult<TxnRow> {
    let txn = read::txn(tx, book, seq).await?.ok_or(ServiceError::NotFound("transaction"))?;
    if txn.reverses_seq.is_some() {
        return Err(refuse("reversal_of_reversal").with("seq", seq).into());
    }
    if let Some(by) = read::reversed_by(tx, book, seq).await? {
        return Err(refuse("already_reversed").with("seq", seq).with("reversed_by", by).into());
    }
    // goods that came back have given their points back
    if returns::count_of_seq(tx, book, seq).await? > 0 {
        return Err(refuse("returned_not_reversed").with("seq", seq).into());
    }
    Ok(txn)
}

/// The households a transaction touches.
async fn households(tx: &mut Tx, book: BookId, seq: i64) -> ServiceResult<Vec<HouseholdId>> {
    let entries = read::entries(tx, book, seq - 1, seq).await?;
    let numbers: BTreeSet<&str> = entries
        .iter()
        .filter_map(|e| e.path.strip_prefix("Liabilities:Households:")?.split(':').next())
        .collect();
    // a sanction moves nothing, and yet it is a household's
    let award = awards::by_seq(tx, book, seq).await?;
    let mut out: Vec<HouseholdId> = award.into_iter().map(|a| a.household_id).collect();
    for number in numbers {
        if let Ok(no) = number.parse::<HouseholdNo>()
            && let Some(found) = household::by_no(tx, book, &no).await?
        {
            out.push(found.id);
        }
    }
    Ok(out)
}

/// The lines that an undoing turns round: of what was taken from a hold, those of the hold as well, each account once.
pub(super) async fn undone(tx: &mut Tx, book: BookId, txn: &TxnRow) -> ServiceResult<Vec<EntryRow>> {
    let mut out = read::entries(tx, book, txn.seq - 1, txn.seq).await?;
    if let Some(hold) = txn.resolves_seq {
        for line in read::entries(tx, book, hold - 1, hold).await? {
            match out.iter_mut().find(|e| e.account_id == line.account_id) {
                Some(same) => same.quantity += line.quantity,
                None => out.push(line),
            }
        }
        out.retain(|e| e.quantity != 0);
    }
    Ok(out)
}

/// Whether every household still has what is to be taken back.
async fn check_shortfall(tx: &mut Tx, book: BookId, entries: &[EntryRow]) -> ServiceResult<()> {
    for e in entries {
        // a credit of ours is theirs: the mirror debits it
        if e.quantity < 0 && e.path.starts_with("Liabilities:Households:") && e.commodity == Commodity::POINT
        {
            let available = -read::balance(tx, book, &e.path, &e.commodity).await?;
            let needed = -e.quantity;
            if available < needed {
                return Err(refuse("shortfall")
                    .with("account", &e.path)
                    .with("needed", points(needed))
                    .with("available", points(available))
                    .with("shortage", points(needed - available))
                    .into());
            }
        }
    }
    Ok(())
}

pub(super) fn mirrored(e: &EntryRow) -> StoreResult<Line> {
    let account = e.path.parse().map_err(|_| StoreError::inconsistent("account", "path", &e.path))?;
    let commodity =
        e.commodity.parse().map_err(|_| StoreError::inconsistent("account", "commodity", &e.commodity))?;
    Ok(Line::new(account, commodity, -e.quantity).expiring(e.expires_on))
}

/// An undoing that is ready to be posted.
pub(super) struct Undoing {
    /// What is undone.
    pub(super) txn: TxnRow,
    /// Its lines.
    pub(super) entries: Vec<EntryRow>,
    /// The mirror.
    pub(super) command: Command,
    /// What goes with it.
    pub(super) effect: Undone,
}

/// The request's and the award's side of a reversal, in the same transaction.
pub(super) struct Undone {
    book: BookId,
    id: ReversalId,
    /// Place of what is undone.
    of: i64,
    award: Option<AwardId>,
    reason: String,
    words: String,
    by: Actor,
    at: Timestamp,
    event: EventId,
}

impl Effect for Undone {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        async move {
            let actor = self.by.to_string();
            let decision = ReversalDecision {
                state: "posted",
                at: self.at,
                by: &actor,
                words: &self.words,
                txn_seq: Some(posted.seq),
            };
            rows::decide(tx, self.book, self.id, &decision).await?;
            // goods that came back since it was looked at
            if returns::count_of_seq(tx, self.book, self.of).await? > 0 {
                return Err(StoreError::RowsAffected { expected: 0, actual: 1 });
            }
            if let Some(award) = self.award {
                moves::reverse(tx, self.book, award, &self.reason).await?;
                let what = Happened {
                    verb: "reverse",
                    from: Some(AwardState::Posted),
                    to: AwardState::Reversed,
                    actor: self.by,
                    on_behalf: None,
                    reason: &self.reason,
                };
                event::add(tx, self.book, &event_row(self.event, self.at, award, &what)).await?;
            }
            Ok(())
        }
        .boxed()
    }
}
