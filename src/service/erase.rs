//! Erasing a person (个人信息删除): what the register knows of somebody who has left, and what was written in
//! transactions, claims and objections of theirs. The log holds numbers and commitments only, so every leaf, head and proof stays valid.

use uuid::Uuid;

use super::{Actor, Desk, ServiceError, ServiceResult, award::required, refuse};
use crate::{
    domain::{household::PersonNo, ids::BookId},
    store::{
        WriteTx,
        event::{self, Event},
        household,
        ledger::{lookup, read},
        person, private_text, reversal, stock,
    },
};

/// What stands where a name was.
const ERASED_NAME: &str = "—";

impl Desk {
    /// Erases a person who belongs to no household any more; how many transactions had a text of theirs. The number
    /// stays: it stands for the person in the log, and leads to nobody.
    pub async fn erase_person(
        &self,
        by: &Actor,
        book: BookId,
        no: &PersonNo,
        reason: &str,
    ) -> ServiceResult<usize> {
        let reason = required("reason", reason)?;
        let mut tx = self.db.begin_write().await?;
        let who = person::by_no(&mut tx, book, no).await?.ok_or(ServiceError::NotFound("person"))?;
        let memberships = person::memberships(&mut tx, book, who.id).await?;
        if memberships.iter().any(|m| m.to.is_none()) {
            return Err(refuse("person_still_member").with("person", no).into());
        }
        let mut patterns = vec![format!("Liabilities:Persons:{no}:%")];
        for membership in &memberships {
            // a household with somebody left in it keeps its own papers
            let empty = person::members(&mut tx, book, membership.household, self.today()).await?.is_empty();
            self.forget_papers(&mut tx, book, membership.household, who.id, empty).await?;
            if empty && let Some(home) = household::by_id(&mut tx, book, membership.household).await? {
                patterns.push(format!("Liabilities:Households:{}:%", home.no));
            }
        }
        let mut keys = Vec::new();
        for pattern in patterns {
            keys.extend(private_text::keys_of(&mut tx, book, &pattern).await?);
        }
        keys.sort();
        keys.dedup();
        for key in &keys {
            self.erase_texts(&mut tx, book, key).await?;
        }
        self.forget_time(&mut tx, book, who.id).await?;
        person::erase(&mut tx, book, who.id, ERASED_NAME).await?;
        self.erasure(&mut tx, book, by, ("person", who.id.0), reason).await?;
        tx.commit().await?;
        Ok(keys.len())
    }

    /// Erases the texts of one transaction, and what was written on the stock paper it came from.
    pub async fn erase_transaction_texts(
        &self,
        by: &Actor,
        book: BookId,
        seq: i64,
        reason: &str,
    ) -> ServiceResult<()> {
        let reason = required("reason", reason)?;
        let mut tx = self.db.begin_write().await?;
        let txn = read::txn(&mut tx, book, seq).await?.ok_or(ServiceError::NotFound("transaction"))?;
        let on_paper = stock::by_seq(&mut tx, book, seq).await?.is_some();
        if !on_paper && private_text::of_key(&mut tx, book, &txn.key).await?.is_empty() {
            return Err(refuse("no_private_text").with("seq", seq).into());
        }
        self.erase_texts(&mut tx, book, &txn.key).await?;
        stock::erase_words(&mut tx, book, seq).await?;
        self.erasure(&mut tx, book, by, ("transaction", txn.id.0), reason).await?;
        Ok(tx.commit().await?)
    }

    /// The texts of one key, and the same words where a request for a reversal still has them.
    async fn erase_texts(&self, tx: &mut WriteTx, book: BookId, key: &str) -> ServiceResult<()> {
        private_text::erase(tx, book, key, self.now()).await?;
        for used in lookup::keys(tx, book, &[key]).await? {
            if let Some(seq) = used.seq {
                reversal::erase_words(tx, book, seq).await?;
            }
        }
        Ok(())
    }

    async fn erasure(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        by: &Actor,
        (subject, subject_id): (&str, Uuid),
        reason: &str,
    ) -> ServiceResult<()> {
        let happened = Event {
            id: self.id(),
            at: self.now(),
            subject: subject.to_owned(),
            subject_id,
            verb: "erase".to_owned(),
            from_state: None,
            to_state: None,
            actor: by.to_string(),
            on_behalf: None,
            reason: reason.to_owned(),
        };
        Ok(event::add(tx, book, &happened).await?)
    }
}
