//! What puts recorded hours right in the ledger: the mirror of what was wrong and the posting of what is right, together or
//! not at all, in the order in which nobody's account falls short.

use futures_util::{FutureExt, future::BoxFuture};

use super::{
    Desk, ServiceResult,
    ask::{Purse, quota},
    correction::SOURCE,
    number_of,
    post::saved,
    refuse,
};
use crate::{
    domain::{
        book::{Command, MeterUse, Posted, TxnKind},
        chart,
        ids::{BookId, TimeCorrectionId},
        posting::{Commodity, Line, Path},
        timebank::{
            drawing::deposit,
            policy::{Brim, Policy},
        },
    },
    service::{
        Effect,
        books::{Order, facts, path},
        caller::Reviewer,
        poster::Task,
        reversal::{mirrored, undone},
    },
    store::{
        StoreResult, Tx, WriteTx,
        ledger::read::{self, EntryRow, TxnRow},
        timebank::{
            order::OrderRow,
            record::correction::{self as asked, CorrectionRow, Decision},
            volunteer as people,
        },
    },
};

impl Desk {
    /// What is undone and what is posted, and which of the two first.
    pub(super) async fn right_plan(
        &self,
        tx: &mut Tx,
        book: BookId,
        policy: &Policy,
        (row, order, txn): (&CorrectionRow, &OrderRow, &TxnRow),
        right: i64,
    ) -> ServiceResult<Plan> {
        let no = number_of(tx, book, row.person_id).await?;
        let account = path(chart::person_time(&no))?;
        let entries = undone(tx, book, txn).await?;
        // a credit of ours is theirs
        let was_saved: i64 =
            -entries.iter().filter(|e| e.path == account.as_str()).map(|e| e.quantity).sum::<i64>();
        let choice = people::one(tx, book, row.person_id).await?.and_then(|v| v.brim?.parse().ok());
        let has = saved(tx, book, &no).await? - was_saved;
        let deposit = deposit(&policy.saving, has, right, choice)
            .map_err(|why| refuse("time_brim").with("minutes", why.over))?;
        let purse = match order.payer_id {
            Some(payer) => Purse::Person(payer, number_of(tx, book, payer).await?),
            None => Purse::Pool,
        };
        let (pays, _) = purse.accounts()?;
        let free = -read::balance(tx, book, account.as_str(), Commodity::MIN).await?;
        let payer_free = -read::balance(tx, book, pays.as_str(), Commodity::MIN).await?;
        let missing = was_saved - deposit.saved - free;
        if missing > 0 {
            return Err(refuse("time_correction_drawn")
                .with("minutes", was_saved - deposit.saved)
                .with("available", free)
                .with("missing", missing)
                .into());
        }
        // what was drawn since is covered by what is right, if that comes first
        let undo_first = free >= was_saved;
        if !undo_first && payer_free < right {
            return Err(refuse("time_correction_payer")
                .with("minutes", right)
                .with("available", payer_free)
                .into());
        }
        let mut lines = vec![Line::new(pays, Commodity::min(), right)];
        let mut add = |account: Path, minutes: i64| match lines.iter_mut().find(|l| l.account == account) {
            Some(line) => line.quantity -= minutes,
            None if minutes > 0 => lines.push(Line::new(account, Commodity::min(), -minutes)),
            None => {}
        };
        add(account, deposit.saved);
        if let Some((brim, over)) = deposit.over {
            add(if brim == Brim::Donate { chart::time_pool() } else { chart::time_honor() }, over);
        }
        lines.retain(|line| line.quantity != 0);
        if right > 0 && lines.is_empty() {
            // from the pool into the pool: the log would not say that they were served
            return Err(refuse("time_brim").with("minutes", right).into());
        }
        let meter = match purse {
            Purse::Pool if right > 0 => {
                let served = number_of(tx, book, order.served_id).await?;
                Some(quota(&served, order.starts_at.day(), right, policy.pool.a_person))
            }
            _ => None,
        };
        Ok(Plan { entries, lines, meter, undo_first, no })
    }

    /// The two transactions, and the request's side of them.
    pub(super) fn right_tasks(
        &self,
        by: &Reviewer,
        plan: Plan,
        (row, txn, decision): (&CorrectionRow, &TxnRow, &Decision),
        right: i64,
    ) -> ServiceResult<Vec<Task>> {
        // what the ledger refused once under a key it refuses for ever; the request itself is what happens once
        let (id, at) = (row.id, decision.at.micros());
        let order = |name: &str| format!("time-correction-{name}:{id}:{at}");
        let command = |key: &str, kind: TxnKind, lines: Vec<Line>, body| -> ServiceResult<Command> {
            let source = Some(format!("{SOURCE}{id}"));
            let order = Order { key, kind, effective_on: self.today(), source, body };
            let mut command = self.command(&by.actor(), order, lines)?;
            command.rule.clone_from(&txn.rule);
            Ok(command)
        };
        let mirror = plan.entries.iter().map(mirrored).collect::<StoreResult<Vec<_>>>()?;
        let body = facts([("seq", row.seq.to_string())]);
        let mut undo = command(&order("undo"), TxnKind::Reversal, mirror, body)?;
        undo.reverses = Some(row.seq);
        let done = |first| Done {
            book: by.book,
            id,
            decision: decision.clone(),
            minutes: right,
            posts: right > 0,
            undo_first: first,
        };
        // nothing is right: it is undone, and that is all
        if plan.lines.is_empty() {
            return Ok(vec![Task {
                command: undo,
                effects: vec![Box::new(Done { posts: false, ..done(true) })],
            }]);
        }
        let body = facts([
            ("corrects", row.seq.to_string()),
            ("volunteer", plan.no.clone()),
            ("minutes", right.to_string()),
        ]);
        let mut post = command(&order("post"), TxnKind::Correction, plan.lines, body)?;
        post.meters.extend(plan.meter);
        let (first, last) = if plan.undo_first { (undo, post) } else { (post, undo) };
        let effects: Vec<Box<dyn Effect>> = vec![Box::new(done(plan.undo_first))];
        Ok(vec![Task { command: first, effects: Vec::new() }, Task { command: last, effects }])
    }
}

/// What is to happen.
pub(super) struct Plan {
    entries: Vec<EntryRow>,
    lines: Vec<Line>,
    meter: Option<MeterUse>,
    undo_first: bool,
    no: String,
}

/// The request's side of the postings, with the last of them.
struct Done {
    book: BookId,
    id: TimeCorrectionId,
    decision: Decision,
    minutes: i64,
    posts: bool,
    undo_first: bool,
}

impl Effect for Done {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        async move {
            // the two of them stand side by side in the log
            let (undo, post) = match (self.posts, self.undo_first) {
                (false, _) => (posted.seq, None),
                (true, true) => (posted.seq - 1, Some(posted.seq)),
                (true, false) => (posted.seq, Some(posted.seq - 1)),
            };
            let right = (self.minutes, undo, post);
            asked::correct(tx, (self.book, self.id), &self.decision, right).await
        }
        .boxed()
    }
}
