//! The second person: never who drew the paper up, nor of their household or kin. Agreeing posts pieces and cost together
//! with what the paper says about batches; a price that moved meanwhile is looked at again.

use std::collections::BTreeMap;

use futures_util::{FutureExt, future::BoxFuture};

use super::{
    Desk, PaperKind, PaperState, PaperStep, ServiceError, ServiceResult, after, at_hand,
    plan::{Plan, in_body},
    refuse,
    settle::{Shelves, before, recost},
    standing,
};
use crate::{
    domain::{
        book::Posted,
        canonical::hex,
        household::Membership,
        ids::{BookId, EventId, StockPaperId},
        time::Timestamp,
    },
    service::{
        Actor, Effect,
        award::{limited, required, state_changed},
        books::{Order, facts},
        caller::{Role, StockWitness},
        counters::Step,
        recusal,
    },
    store::{
        StoreError, StoreResult, Tx, WriteTx,
        counter::CounterRow,
        event::{self, Event},
        identity, person,
        serial::{self, Series},
        shelf::{self, BatchRow},
        stock::{self, PaperEnd, PaperLineRow, PaperRow},
    },
};

/// How often a paper is tried again when a shelf or a price moved between its figures and its posting.
const TRIES_MAX: usize = 5;

impl Desk {
    /// The second person agrees: the paper is posted. The same word again gets the same answer.
    pub async fn approve_stock_paper(
        &self,
        by: &StockWitness,
        id: StockPaperId,
        words: &str,
    ) -> ServiceResult<PaperRow> {
        let words = limited("words", words.trim())?;
        for _ in 0..TRIES_MAX {
            match self.approve_once(by, id, words).await {
                Err(ServiceError::Refused(refusal)) if refusal.code == "state_changed" => {}
                other => return other,
            }
        }
        Err(refuse("state_changed").into())
    }

    async fn approve_once(
        &self,
        by: &StockWitness,
        id: StockPaperId,
        words: &str,
    ) -> ServiceResult<PaperRow> {
        let me = by.actor().to_string();
        let mut tx = self.db.begin_read().await?;
        let row = self.paper_row(&mut tx, by.book, id).await?;
        if row.state == PaperState::Posted.as_str() && row.decided_by.as_deref() == Some(me.as_str()) {
            // the answer was lost
            return Ok(row);
        }
        after(&row, PaperStep::Approve)?;
        self.second_of(&mut tx, by, &row).await?;
        let plan = self.plan(&mut tx, by.book, row).await?;
        drop(tx);
        let mut body = facts([
            ("paper", plan.paper.no.to_string()),
            ("counter", plan.counters.iter().map(|c| c.code.as_str()).collect::<Vec<_>>().join(" ")),
            ("goods", in_body(&plan.paper_lines)),
        ]);
        body.extend(plan.paper.fund.clone().map(|fund| ("fund".to_owned(), fund)));
        body.extend(plan.paper.reason.clone().map(|reason| ("reason".to_owned(), reason)));
        body.extend(plan.paper.photo.as_deref().map(|digest| ("photo".to_owned(), hex(digest))));
        // a paper is posted once because it ends once; the key says on which figures
        let key = format!("stock:{id}:{}", plan.seq);
        let source = Some(format!("stock:{id}"));
        let order = Order { key: &key, kind: plan.kind, effective_on: self.today(), source, body };
        let command = self.command(&by.actor(), order, plan.lines.clone())?;
        let effect = Agreed {
            book: by.book,
            plan,
            by: by.actor(),
            words: words.to_owned(),
            at: self.now(),
            event: self.id(),
        };
        self.posted(by.book, command, vec![Box::new(effect)]).await?;
        let mut tx = self.db.begin_read().await?;
        self.paper_row(&mut tx, by.book, id).await
    }

    /// The second person does not agree: nothing moves.
    pub async fn refuse_stock_paper(
        &self,
        by: &StockWitness,
        id: StockPaperId,
        words: &str,
    ) -> ServiceResult<PaperRow> {
        let words = required("words", words)?;
        let mut tx = self.db.begin_write().await?;
        let row = self.paper_row(&mut tx, by.book, id).await?;
        let to = after(&row, PaperStep::Refuse)?;
        self.second_of(&mut tx, by, &row).await?;
        let me = by.actor().to_string();
        let end = PaperEnd {
            from: &row.state,
            to: to.as_str(),
            at: self.now(),
            by: &me,
            words,
            txn_seq: None,
            photo: row.photo.as_deref(),
        };
        stock::decide(&mut tx, by.book, id, &end).await.map_err(state_changed)?;
        let step = Step {
            subject: "stock_paper",
            subject_id: id.0,
            verb: "refuse",
            from: Some(&row.state),
            to: Some(to.as_str()),
            // the words are on the paper, from where they can go
            reason: "",
        };
        self.leave_trace(&mut tx, by.book, by.actor(), step).await?;
        let row = self.paper_row(&mut tx, by.book, id).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Not who drew it up, nobody of their household or kin; a loss or a count is not agreed to from behind a counter.
    pub(super) async fn second_of(
        &self,
        tx: &mut Tx,
        by: &StockWitness,
        row: &PaperRow,
    ) -> ServiceResult<()> {
        if by.selves().are(&row.drawn_by) {
            return Err(refuse("own_paper").with("no", row.no).into());
        }
        let (kind, _) = standing(row)?;
        if !by.holds(Role::Clerk) && !by.holds(Role::Reviewer) {
            if matches!(kind, PaperKind::Loss | PaperKind::Count) {
                return Err(refuse("not_from_the_counter").with("no", row.no).into());
            }
            let at: Vec<_> = [Some(row.counter_id), row.to_counter_id].into_iter().flatten().collect();
            at_hand(tx, by, &at).await?;
        }
        let Ok(Actor::User(first)) = row.drawn_by.parse::<Actor>() else { return Ok(()) };
        let stated = identity::of_user(tx, by.book, first).await?;
        let Some(first) = stated.iter().find(|s| s.holds()).and_then(|s| s.person_id) else { return Ok(()) };
        let today = self.today();
        let lives = |m: &Membership| m.from <= today && m.to.is_none_or(|to| today < to);
        for membership in person::memberships(tx, by.book, first).await?.iter().filter(|m| lives(m)) {
            recusal::check(tx, by, membership.household, today).await.map_err(|error| match error {
                ServiceError::Refused(_) => refuse("kin_of_the_first").with("no", row.no).into(),
                other => other,
            })?;
        }
        Ok(())
    }
}

/// What goes with the posting of a paper.
struct Agreed {
    book: BookId,
    plan: Plan,
    by: Actor,
    words: String,
    at: Timestamp,
    event: EventId,
}

impl Agreed {
    async fn write(&self, tx: &mut WriteTx, posted: &Posted) -> StoreResult<()> {
        let (book, paper) = (self.book, &self.plan.paper);
        let by = self.by.to_string();
        let end = PaperEnd {
            from: &paper.state,
            to: PaperState::Posted.as_str(),
            at: self.at,
            by: &by,
            words: &self.words,
            txn_seq: Some(posted.seq),
            photo: paper.photo.as_deref(),
        };
        stock::decide(tx, book, paper.id, &end).await?;
        recost(tx, book, &self.plan.moved, posted.seq).await?;
        let mut shelves = Shelves { book, before: before(posted), shelves: BTreeMap::new() };
        let first = match self.plan.paper_kind {
            PaperKind::Receipt => {
                let count = i64::try_from(self.plan.paper_lines.len()).unwrap_or(0);
                serial::take(tx, book, Series::Batch, count).await? - count + 1
            }
            PaperKind::Transfer | PaperKind::Loss | PaperKind::Count => 0,
        };
        for (line, no) in self.plan.paper_lines.iter().zip(first..) {
            self.shelve(tx, &mut shelves, line, no).await?;
        }
        shelves.save(tx).await?;
        event::add(tx, book, &self.event()).await
    }

    /// What a line does to the batches; `no` is the number of the batch that a receipt becomes.
    async fn shelve(
        &self,
        tx: &mut WriteTx,
        shelves: &mut Shelves,
        line: &PaperLineRow,
        no: i64,
    ) -> StoreResult<()> {
        let (mut line, here) = (line.clone(), self.counter(0)?);
        match self.plan.paper_kind {
            PaperKind::Receipt => {
                line.batch = Some(no);
                let batch = BatchRow {
                    no,
                    sku: line.sku,
                    paper_id: self.plan.paper.id,
                    label: line.label.clone(),
                    last_day: line.last_day,
                    cost_fen: line.cost_fen.unwrap_or(0),
                    pieces: line.pieces,
                };
                shelf::add_batch(tx, self.book, &batch).await?;
                shelves.of(tx, here, line.sku).await?.put(no, line.last_day, line.pieces);
            }
            PaperKind::Transfer => {
                let taken = shelves.of(tx, here, line.sku).await?.take(line.batch, line.pieces);
                let there = shelves.of(tx, self.counter(1)?, line.sku).await?;
                for lot in taken {
                    there.put(lot.batch, lot.last_day, lot.left);
                }
            }
            PaperKind::Loss => {
                shelves.of(tx, here, line.sku).await?.take(line.batch, line.pieces);
            }
            PaperKind::Count => {
                let by = line.pieces - line.book_pieces.unwrap_or(line.pieces);
                if by != 0 {
                    let shelf = shelves.of(tx, here, line.sku).await?;
                    shelf.settle(shelf.pieces() + by);
                }
            }
        }
        stock::settle_line(tx, self.book, self.plan.paper.id, &line).await
    }

    fn counter(&self, place: usize) -> StoreResult<&CounterRow> {
        let missing =
            || StoreError::inconsistent("stock_paper", "counter_id", self.plan.paper.id.to_string());
        self.plan.counters.get(place).ok_or_else(missing)
    }

    fn event(&self) -> Event {
        Event {
            id: self.event,
            at: self.at,
            subject: "stock_paper".to_owned(),
            subject_id: self.plan.paper.id.0,
            verb: "approve".to_owned(),
            from_state: Some(self.plan.paper.state.clone()),
            to_state: Some(PaperState::Posted.as_str().to_owned()),
            actor: self.by.to_string(),
            on_behalf: None,
            reason: String::new(),
        }
    }
}

impl Effect for Agreed {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        self.write(tx, posted).boxed()
    }
}
