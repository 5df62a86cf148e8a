//! The township's part, and what follows from it: on file or sent back, the result disclosed and in force from a day to
//! come, repealed by order.

use super::{Deed, Loaded, adopted, minutes, parsed};
use crate::{
    domain::{
        ids::{BookId, ProposalId},
        lang::Lang,
        proposal::{Act, Body, Case, Forbidden, Paper, ProposalState, Step},
        ruleset,
        time::Day,
    },
    service::{
        Actor, Desk, ServiceError, ServiceResult,
        award::required,
        caller::{Clerk, Township},
        refuse, rulesets,
    },
    store::{
        StoreError, WriteTx,
        compact::{self as compacts, CompactRow, RepealRow},
        proposal::{self as rows, ProposalRow},
        ruleset as sets,
        serial::{self, Series},
    },
    text::T,
};

/// An order that repeals a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepealOrder {
    /// What.
    pub paper: Paper,
    /// The first day of the version meant.
    pub adopted_from: Day,
    /// The first day it applies no more: today or later.
    pub from: Day,
    /// The article it rests on.
    pub law: String,
    /// Why.
    pub reason: String,
}

impl Desk {
    /// Takes a decision on file under a number, by somebody who had no hand in it in the village.
    pub async fn accept_filing(
        &self,
        by: &Township,
        id: ProposalId,
        filing_no: &str,
        words: &str,
    ) -> ServiceResult<ProposalRow> {
        let no = required("filing_no", filing_no)?;
        let words = format!("{no}\n{}", crate::service::award::limited("words", words.trim())?);
        let mut tx = self.db.begin_write().await?;
        let mut loaded = self.locked(&mut tx, by.book, id).await?;
        loaded.row.filing_no = Some(no.to_owned());
        let deed = Deed { act: Act::Accept, by: by.actor(), words: words.trim() };
        self.take_step(&mut tx, by.book, &mut loaded, deed).await?;
        tx.commit().await?;
        Ok(loaded.row)
    }

    /// Sends a decision back to be drafted anew, with the reason.
    pub async fn return_filing(
        &self,
        by: &Township,
        id: ProposalId,
        reason: &str,
    ) -> ServiceResult<ProposalRow> {
        let words = minutes("reason", reason)?;
        self.step(by.book, id, Deed { act: Act::Return, by: by.actor(), words }).await
    }

    /// Discloses the result (second disclosure): the paper takes effect on a day to come. What happened before that day
    /// goes by the version before.
    pub async fn announce_result(
        &self,
        by: &Clerk,
        id: ProposalId,
        from: Day,
        place: &str,
    ) -> ServiceResult<ProposalRow> {
        let words = required("place", place)?;
        let mut tx = self.db.begin_write().await?;
        let mut loaded = self.locked(&mut tx, by.book, id).await?;
        loaded.faults = self.faults_of(&mut tx, by.book, &loaded.row, Some(from)).await?;
        loaded.case.sound = loaded.faults.is_empty();
        let deed = Deed { act: Act::Announce { from }, by: by.actor(), words };
        self.take_step(&mut tx, by.book, &mut loaded, deed).await?;
        let basis = basis(&loaded);
        match loaded.case.paper {
            Paper::Rules => {
                self.adopt_rules(&mut tx, by.book, by.actor(), &loaded.row, from, basis).await?;
            }
            Paper::Compact => {
                self.adopt_compact(&mut tx, by.book, by.actor(), &loaded.row, from, basis).await?;
            }
        }
        tx.commit().await?;
        Ok(loaded.row)
    }

    async fn adopt_rules(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        by: Actor,
        row: &ProposalRow,
        from: Day,
        basis: String,
    ) -> ServiceResult<()> {
        let set = ruleset::parse(&row.content, super::RULES_FILE).map_err(|f| rulesets::faulty(&f))?;
        if set.programme.effective_from > from {
            return Err(refuse("begins_later").with("day", set.programme.effective_from).into());
        }
        self.publish_within(tx, by, &set, &row.content).await?;
        let adoption = sets::AdoptionRow {
            effective_from: from,
            hash: row.hash.clone(),
            adopted_at: self.now(),
            adopted_by: by.to_string(),
            basis,
            repealed_from: None,
        };
        taken(sets::adopt(tx, book, &adoption).await, from)
    }

    async fn adopt_compact(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        by: Actor,
        row: &ProposalRow,
        from: Day,
        basis: String,
    ) -> ServiceResult<()> {
        let last = compacts::all_of(tx, book).await?.iter().map(|c| c.version).max().unwrap_or(0);
        let compact = CompactRow {
            effective_from: from,
            version: last + 1,
            hash: row.hash.clone(),
            title: row.title.clone(),
            content: row.content.clone(),
            adopted_at: self.now(),
            adopted_by: by.to_string(),
            basis,
            repealed_from: None,
        };
        parsed(&compact)?;
        taken(compacts::adopt(tx, book, &compact).await, from)
    }

    /// Orders a rule set or compact to be repealed, from today or a day to come. Ordered before its first day, it never
    /// is in force; the version before goes on.
    pub async fn repeal_paper(&self, by: &Township, order: &RepealOrder) -> ServiceResult<()> {
        let (law, reason) = (required("law", &order.law)?, required("reason", &order.reason)?);
        let mut tx = self.db.begin_write().await?;
        serial::take(&mut tx, by.book, Series::Proposal, 0).await?;
        let days = adopted::first_days(&mut tx, by.book, order.paper).await?;
        let Some((_, repealed)) = days.iter().find(|(from, _)| *from == order.adopted_from) else {
            return Err(ServiceError::NotFound("adoption"));
        };
        if repealed.is_some() {
            return Err(refuse("already_repealed").into());
        }
        let replaced = |(from, repealed): &&(Day, Option<Day>)| {
            *from > order.adopted_from && *from <= order.from && repealed.is_none_or(|end| end > *from)
        };
        if let Some((from, _)) = days.iter().find(replaced) {
            return Err(refuse("already_replaced").with("from", from).into());
        }
        let proposal = rows::by_first_day(&mut tx, by.book, order.paper.as_str(), order.adopted_from).await?;
        match proposal {
            Some(row) => {
                let mut loaded = self.load(&mut tx, by.book, row.id).await?;
                let words = format!("{law}\n{reason}");
                let deed = Deed { act: Act::Repeal { from: order.from }, by: by.actor(), words: &words };
                self.take_step(&mut tx, by.book, &mut loaded, deed).await?;
            }
            None => self.may_repeal(by, order)?,
        }
        let row = RepealRow {
            paper: order.paper.as_str().to_owned(),
            adopted_from: order.adopted_from,
            effective_from: order.from,
            ordered_at: self.now(),
            ordered_by: by.actor().to_string(),
            law: law.to_owned(),
            reason: reason.to_owned(),
        };
        compacts::repeal(&mut tx, by.book, &row).await?;
        Ok(tx.commit().await?)
    }

    /// The same conditions for a version that was adopted on paper, before there were proposals.
    fn may_repeal(&self, by: &Township, order: &RepealOrder) -> ServiceResult<()> {
        let case = Case {
            paper: order.paper,
            state: ProposalState::Announced,
            drafters: std::collections::BTreeSet::new(),
            hands: std::collections::BTreeSet::new(),
            last_on: order.adopted_from,
            open_until: None,
            unanswered: 0,
            sound: true,
            accepted_on: None,
            replaces_from: None,
            effective_from: Some(order.adopted_from),
        };
        let decided = case.decide(&Act::Repeal { from: order.from }, &by.actor().to_string(), self.today());
        decided.map(|_| ()).map_err(|no: Forbidden| super::forbidden(no, &[]))
    }
}

fn taken(done: Result<(), StoreError>, from: Day) -> ServiceResult<()> {
    match done {
        Err(StoreError::Duplicate) => Err(refuse("already_adopted").with("from", from).into()),
        other => Ok(other?),
    }
}

/// The decision a version rests on, in one line: the meeting, its day, and the number on file.
fn basis(loaded: &Loaded) -> String {
    let assembly = loaded.steps.iter().rev().find(|s| s.step == Step::Assembly.as_str());
    let body = assembly.and_then(|s| s.body.as_deref()).and_then(|b| b.parse().ok());
    let body = body.map_or("", |b: Body| b.words().zh);
    let day = assembly.map(|s| s.held_on.to_string()).unwrap_or_default();
    T(Lang::Zh).proposal_basis(body, day, loaded.row.filing_no.as_deref().unwrap_or_default())
}
