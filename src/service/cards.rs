//! Printed household cards and PINs: issuing, printing again, revoking, for those without a phone.

use super::{
    Actor, Desk, ServiceError, ServiceResult,
    caller::{Clerk, Resident},
    counters::Step,
    refuse,
};
use crate::{
    domain::{
        code::card::{CardNumber, CardToken},
        ids::{BookId, CardId, HouseholdId, OrgId},
        pin::{InvalidPin, Pin},
    },
    store::{
        WriteTx,
        card::{self, CardRow},
        household::{self, Household},
        pin,
    },
};

/// Households whose cards are issued with one command.
pub const CARDS_MAX: usize = 1_000;
/// Numbers drawn before we give up finding a free one.
const DRAWS_MAX: usize = 8;
/// A card is printed again with the same token, so there is one serial.
const SERIAL: u32 = 0;

/// What is printed on a card: no name, no address, no balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedCard {
    /// The card.
    pub id: CardId,
    /// The household's number.
    pub household_no: String,
    /// Ten digits in groups, for typing.
    pub card_no: String,
    /// 48 digits for the QR.
    pub digits: String,
}

impl Desk {
    /// Cards for these households, to print: the one in use, or a new one where there is none.
    pub async fn issue_cards(
        &self,
        by: &Clerk,
        households: &[HouseholdId],
    ) -> ServiceResult<Vec<PrintedCard>> {
        if households.len() > CARDS_MAX {
            return Err(refuse("too_many").with("field", "households").with("limit", CARDS_MAX).into());
        }
        let mut tx = self.db.begin_write().await?;
        let mut printed = Vec::with_capacity(households.len());
        for id in households {
            let home = active_household(&mut tx, by.book, *id).await?;
            let card = match card::active_of(&mut tx, by.book, home.id).await? {
                Some(card) => card,
                None => self.make_card(&mut tx, by, home.id).await?,
            };
            printed.push(self.printed(&card, home.no.as_str()));
        }
        tx.commit().await?;
        Ok(printed)
    }

    /// Cards for all active households of a group or household group.
    pub async fn issue_cards_of(&self, by: &Clerk, place: OrgId) -> ServiceResult<Vec<PrintedCard>> {
        let mut tx = self.db.begin_read().await?;
        let homes = card::households_of(&mut tx, by.book, place).await?;
        drop(tx);
        let ids: Vec<HouseholdId> = homes.into_iter().map(|(id, _)| id).collect();
        self.issue_cards(by, &ids).await
    }

    /// All cards of a household, the latest first.
    pub async fn cards_of(&self, book: BookId, household: HouseholdId) -> ServiceResult<Vec<CardRow>> {
        let mut tx = self.db.begin_read().await?;
        household::by_id(&mut tx, book, household).await?.ok_or(ServiceError::NotFound("household"))?;
        Ok(card::of_household(&mut tx, book, household).await?)
    }

    /// Kills a card: from this moment no counter takes it.
    pub async fn revoke_card(&self, by: &Clerk, id: CardId, reason: &str) -> ServiceResult<CardRow> {
        let mut tx = self.db.begin_write().await?;
        let row = card::by_id(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("card"))?;
        if row.is_active() {
            self.kill(&mut tx, by.book, by.actor(), row.id, reason).await?;
            tx.commit().await?;
        }
        let mut tx = self.db.begin_read().await?;
        card::by_id(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("card"))
    }

    /// A new card in place of the one in use, which dies at once.
    pub async fn reissue_card(
        &self,
        by: &Clerk,
        household: HouseholdId,
        reason: &str,
    ) -> ServiceResult<PrintedCard> {
        let mut tx = self.db.begin_write().await?;
        let home = active_household(&mut tx, by.book, household).await?;
        if let Some(old) = card::active_of(&mut tx, by.book, home.id).await? {
            self.kill(&mut tx, by.book, by.actor(), old.id, reason).await?;
        }
        let card = self.make_card(&mut tx, by, home.id).await?;
        tx.commit().await?;
        Ok(self.printed(&card, home.no.as_str()))
    }

    /// A resident reports the card lost (挂失): it dies at once. True when there was one.
    pub async fn report_card_lost(&self, by: &Resident) -> ServiceResult<bool> {
        let mut tx = self.db.begin_write().await?;
        let Some(row) = card::active_of(&mut tx, by.book, by.household).await? else { return Ok(false) };
        self.kill(&mut tx, by.book, by.actor(), row.id, "lost").await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Sets a household's PIN anew and unblocks it; the resident types it at the clerk's desk.
    pub async fn set_pin(&self, by: &Clerk, household: HouseholdId, typed: &str) -> ServiceResult<()> {
        self.put_pin(by.book, by.actor(), household, typed).await
    }

    /// A resident changes the PIN, knowing the present one.
    pub async fn change_pin(&self, by: &Resident, present: &str, typed: &str) -> ServiceResult<()> {
        self.check_pin(by.book, by.household, present).await?;
        self.put_pin(by.book, by.actor(), by.household, typed).await
    }

    async fn put_pin(
        &self,
        book: BookId,
        actor: Actor,
        household: HouseholdId,
        typed: &str,
    ) -> ServiceResult<()> {
        let chosen = Pin::chosen(typed).map_err(|e| match e {
            InvalidPin::Shape => refuse("pin_shape"),
            InvalidPin::Trivial => refuse("pin_trivial"),
        })?;
        let hash = self.hash_secret(chosen.expose()).await?;
        let mut tx = self.db.begin_write().await?;
        let home =
            household::by_id(&mut tx, book, household).await?.ok_or(ServiceError::NotFound("household"))?;
        pin::set(&mut tx, book, home.id, &hash, self.now()).await?;
        // set by the clerk because it was forgotten or seen: whoever signed in with the old one is out
        if matches!(actor, Actor::User(_)) {
            crate::store::session::revoke_household(&mut tx, book, home.id, self.now()).await?;
        }
        let step = Step {
            subject: "household",
            subject_id: home.id.0,
            verb: "set_pin",
            from: None,
            to: None,
            reason: "",
        };
        self.leave_trace(&mut tx, book, actor, step).await?;
        Ok(tx.commit().await?)
    }

    async fn make_card(
        &self,
        tx: &mut WriteTx,
        by: &Clerk,
        household: HouseholdId,
    ) -> ServiceResult<CardRow> {
        let mut number = CardNumber::draw(self.entropy.as_ref());
        for _ in 0..DRAWS_MAX {
            if card::by_no(tx, by.book, number.as_str()).await?.is_none() {
                break;
            }
            number = CardNumber::draw(self.entropy.as_ref());
        }
        let row = CardRow {
            id: self.id(),
            household_id: household,
            card_no: number.as_str().to_owned(),
            state: "active".to_owned(),
            issued_at: self.now(),
            issued_by: by.actor().to_string(),
            revoked_at: None,
            revoked_reason: None,
        };
        let token = CardToken::derive(&self.card_key(), row.id, SERIAL);
        card::add(tx, by.book, &row, &token.digest()).await?;
        let step = Step {
            subject: "card",
            subject_id: row.id.0,
            verb: "issue",
            from: None,
            to: Some("active"),
            reason: "",
        };
        self.leave_trace(tx, by.book, by.actor(), step).await?;
        Ok(row)
    }

    async fn kill(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        actor: Actor,
        id: CardId,
        reason: &str,
    ) -> ServiceResult<()> {
        card::revoke(tx, book, id, self.now(), reason.trim()).await?;
        let step = Step {
            subject: "card",
            subject_id: id.0,
            verb: "revoke",
            from: Some("active"),
            to: Some("revoked"),
            reason: reason.trim(),
        };
        self.leave_trace(tx, book, actor, step).await
    }

    fn printed(&self, row: &CardRow, household_no: &str) -> PrintedCard {
        let token = CardToken::derive(&self.card_key(), row.id, SERIAL);
        let card_no = CardNumber::parse(&row.card_no).map_or_else(|_| row.card_no.clone(), |n| n.grouped());
        PrintedCard {
            id: row.id,
            household_no: household_no.to_owned(),
            card_no,
            digits: token.card_digits(),
        }
    }
}

async fn active_household(tx: &mut WriteTx, book: BookId, id: HouseholdId) -> ServiceResult<Household> {
    let home = household::by_id(tx, book, id).await?.ok_or(ServiceError::NotFound("household"))?;
    if home.state()?.may_redeem() {
        Ok(home)
    } else {
        Err(refuse("household_frozen").with("household", &home.no).into())
    }
}
