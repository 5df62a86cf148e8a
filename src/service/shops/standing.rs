//! What both sides say of a statement: the shop and somebody of the village who did not draw it up confirm it, either may
//! dispute it, which sets it back, and whoever pays checks it. Nothing of it moves money.

use super::{
    Desk, ServiceError, ServiceResult,
    records::trace,
    refuse,
    statements::{ShopStatement, statement_view},
};
use crate::{
    domain::{
        ids::ShopStatementId,
        shop::{NotNow, ShopVerb},
    },
    service::{
        award::{required, state_changed},
        caller::{Clerk, Role, Shopkeeper, Staff, StockReader, StockWitness, Township},
    },
    store::{
        event,
        ledger::read,
        shop::statement::{self, ShopStepRow},
    },
};

impl Desk {
    /// One step, by its code: whoever may not take it is told so.
    pub async fn take_shop_step(
        &self,
        by: &StockReader,
        id: ShopStatementId,
        verb: &str,
        reason: &str,
    ) -> ServiceResult<ShopStatement> {
        // another shop's is not found, whatever is asked of it
        self.shop_statement(by, id).await?;
        let not_allowed = || ServiceError::NotAllowed;
        match verb.parse() {
            Ok(ShopVerb::ConfirmShop) => {
                self.confirm_as_shop(&Shopkeeper::of(by).ok_or_else(not_allowed)?, id).await
            }
            Ok(ShopVerb::ConfirmVillage) => {
                self.confirm_for_village(&StockWitness::of(by).ok_or_else(not_allowed)?, id).await
            }
            Ok(ShopVerb::Dispute) => self.dispute_shop_statement(by, id, reason).await,
            Ok(ShopVerb::Answer) => {
                self.answer_shop_dispute(&Clerk::of(by).ok_or_else(not_allowed)?, id, reason).await
            }
            Ok(ShopVerb::Review) => {
                self.review_shop_statement(&Township::of(by).ok_or_else(not_allowed)?, id).await
            }
            Err(_) => Err(refuse("bad_form").with("reason", verb).into()),
        }
    }

    /// The shop finds its statement right.
    pub async fn confirm_as_shop(
        &self,
        by: &Shopkeeper,
        id: ShopStatementId,
    ) -> ServiceResult<ShopStatement> {
        let found = self.statement_of_shop(by, id).await?;
        // somebody who stands there and signed for the village is not both sides
        let other = found.steps.iter().filter(|s| s.verb == ShopVerb::ConfirmVillage.as_str());
        if by.selves().are(&found.row.drawn_by) || other.into_iter().any(|s| by.selves().are(&s.done_by)) {
            return Err(refuse("both_sides").with("no", found.row.no).into());
        }
        self.step_statement(by, &found, ShopVerb::ConfirmShop, "").await
    }

    /// Somebody of the village who did not draw it up, and is neither the shop nor its kin, finds a statement right.
    pub async fn confirm_for_village(
        &self,
        by: &StockWitness,
        id: ShopStatementId,
    ) -> ServiceResult<ShopStatement> {
        let found = self.statement_for_village(by, id).await?;
        if by.selves().are(&found.row.drawn_by) {
            return Err(refuse("own_statement").with("no", found.row.no).into());
        }
        self.step_statement(by, &found, ShopVerb::ConfirmVillage, "").await
    }

    /// Either side does not find it right, and says why: what was confirmed is confirmed no more.
    pub async fn dispute_shop_statement(
        &self,
        by: &StockReader,
        id: ShopStatementId,
        reason: &str,
    ) -> ServiceResult<ShopStatement> {
        let reason = required("reason", reason)?;
        let found = match Shopkeeper::of(by) {
            Some(keeper) if !by.holds(Role::Clerk) && !by.holds(Role::Reviewer) => {
                self.statement_of_shop(&keeper, id).await?
            }
            _ if [Role::Clerk, Role::Reviewer, Role::Township].into_iter().any(|role| by.holds(role)) => {
                self.shop_statement(by, id).await?
            }
            _ => return Err(ServiceError::NotAllowed),
        };
        self.step_statement(by, &found, ShopVerb::Dispute, reason).await
    }

    /// The clerk looked into a dispute: both sides look at it again.
    pub async fn answer_shop_dispute(
        &self,
        by: &Clerk,
        id: ShopStatementId,
        words: &str,
    ) -> ServiceResult<ShopStatement> {
        let words = required("words", words)?;
        let found = self.statement_for_village(by, id).await?;
        self.step_statement(by, &found, ShopVerb::Answer, words).await
    }

    /// Whoever pays has checked what both sides confirmed.
    pub async fn review_shop_statement(
        &self,
        by: &Township,
        id: ShopStatementId,
    ) -> ServiceResult<ShopStatement> {
        let found = self.statement_for_village(by, id).await?;
        self.step_statement(by, &found, ShopVerb::Review, "").await
    }

    /// A statement of a counter that this shopkeeper stands at.
    async fn statement_of_shop(&self, by: &Shopkeeper, id: ShopStatementId) -> ServiceResult<ShopStatement> {
        let mine = self.counters_of(by).await?;
        let mut tx = self.db.begin_read().await?;
        let found = statement_view(&mut tx, by.book, id).await?;
        if mine.iter().any(|c| c.id == found.counter.id) {
            Ok(found)
        } else {
            Err(ServiceError::NotFound("shop_statement"))
        }
    }

    /// A statement for somebody of the other side: neither the shop nor its household or kin.
    pub(super) async fn statement_for_village(
        &self,
        by: &Staff,
        id: ShopStatementId,
    ) -> ServiceResult<ShopStatement> {
        if ![Role::Clerk, Role::Reviewer, Role::Township].into_iter().any(|role| by.holds(role)) {
            return Err(ServiceError::NotAllowed);
        }
        let mut tx = self.db.begin_read().await?;
        let found = statement_view(&mut tx, by.book, id).await?;
        self.outsider(&mut tx, by, found.counter.id, found.shop.household_id).await?;
        Ok(found)
    }

    async fn step_statement(
        &self,
        by: &Staff,
        found: &ShopStatement,
        verb: ShopVerb,
        reason: &str,
    ) -> ServiceResult<ShopStatement> {
        let (id, me) = (found.row.id, by.actor().to_string());
        let last = found.steps.last();
        if last.is_some_and(|s| s.verb == verb.as_str() && s.done_by == me && s.reason == reason) {
            // the answer was lost
            return Ok(found.clone());
        }
        let after = found.standing.after(verb).map_err(|NotNow(now)| {
            refuse("statement_not_now").with("no", found.row.no).with("state", now.as_str())
        })?;
        let mut tx = self.db.begin_write().await?;
        // a payment that is under way is done first, and finds the step or is found by it
        read::lock(&mut tx, by.book).await?.ok_or(ServiceError::NotFound("book"))?;
        let row = ShopStepRow {
            step: last.map_or(1, |s| s.step + 1),
            verb: verb.as_str().to_owned(),
            done_at: self.now(),
            done_by: me,
            reason: reason.to_owned(),
        };
        statement::add_step(&mut tx, by.book, id, &row).await.map_err(state_changed)?;
        let what = (verb.as_str(), found.standing.as_str(), after.as_str());
        let of = ("shop_statement", id.0);
        let told = trace((self.id(), row.done_at), of, what, by.actor(), reason);
        event::add(&mut tx, by.book, &told).await?;
        tx.commit().await?;
        let mut tx = self.db.begin_read().await?;
        statement_view(&mut tx, by.book, id).await
    }
}
