//! What nobody may keep any longer: papers of claims and reports, and what a household wrote, once its people are erased or the
//! years are over. Digests stay, so whoever has the paper can still show that it was this one. The log is never touched.

use super::{Actor, Desk, ServiceResult};
use crate::{
    domain::ids::{BookId, HouseholdId, PersonId},
    store::{
        WriteTx, appeal, bearer, callback, claim, evidence, helper, honour, matter, objection, offline,
        red_list, reminder, stock, stock_photo, timebank, voice,
    },
};

/// Photos and voice notes are kept for three years (domain.md, handling of personal data).
pub const EVIDENCE_DAYS: i64 = 3 * 366;
/// Files erased in one pass over a book.
const FILES_A_PASS: i64 = 50;

impl Desk {
    /// Erases the bytes of photos and voice notes that are older than [`EVIDENCE_DAYS`]; how many. What is left is
    /// for the next pass.
    pub async fn erase_old_evidence(&self, book: BookId) -> ServiceResult<usize> {
        let before = self.now().plus_days(-EVIDENCE_DAYS);
        let mut erased = 0;
        for kind in ["photo", "voice"] {
            let mut tx = self.db.begin_read().await?;
            let old = evidence::older(&mut tx, book, kind, before, FILES_A_PASS).await?;
            drop(tx);
            if old.is_empty() {
                continue;
            }
            let mut tx = self.db.begin_write().await?;
            for id in &old {
                evidence::erase(&mut tx, book, *id, self.now()).await?;
            }
            tx.commit().await?;
            erased += old.len();
        }
        let mut tx = self.db.begin_read().await?;
        let old = matter::photo::older(&mut tx, book, before, FILES_A_PASS).await?;
        drop(tx);
        if !old.is_empty() {
            let mut tx = self.db.begin_write().await?;
            for id in &old {
                matter::photo::erase(&mut tx, book, *id, self.now()).await?;
            }
            tx.commit().await?;
            erased += old.len();
        }
        let mut tx = self.db.begin_read().await?;
        let old = stock_photo::older(&mut tx, book, before, FILES_A_PASS).await?;
        drop(tx);
        if !old.is_empty() {
            let mut tx = self.db.begin_write().await?;
            for id in &old {
                stock_photo::erase(&mut tx, book, *id, self.now()).await?;
            }
            tx.commit().await?;
            erased += old.len();
        }
        Ok(erased)
    }

    /// The papers of one person's claims and reports in a household, or, when `empty`, of all of them; and then what the
    /// household said to rules and notices, was reminded of and was praised for, and its name where it gave goods,
    /// because nobody is left in it whose word it is.
    pub(super) async fn forget_papers(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        household: HouseholdId,
        person: PersonId,
        empty: bool,
    ) -> ServiceResult<()> {
        for (id, about) in claim::persons_of(tx, book, household).await? {
            if empty || about == Some(person) {
                self.erase_files(tx, book, id).await?;
                claim::erase_words(tx, book, id).await?;
            }
        }
        for (id, saw) in matter::persons_of(tx, book, household).await? {
            if empty || saw == Some(person) {
                self.forget_matter(tx, book, id).await?;
            }
        }
        let gone = (empty.then_some(household), person);
        helper::end_all(tx, book, gone, (self.now(), &Actor::System.to_string())).await?;
        if empty {
            objection::erase_words(tx, book, household).await?;
            appeal::erase_words(tx, book, household).await?;
            callback::erase_words(tx, book, household).await?;
            voice::erase_words(tx, book, household).await?;
            reminder::erase_words(tx, book, household).await?;
            honour::erase_words(tx, book, household).await?;
            red_list::erase_words(tx, book, household).await?;
            stock::erase_donor(tx, book, household).await?;
            bearer::erase_words(tx, book, household).await?;
            offline::erase_words(tx, book, household).await?;
        }
        Ok(())
    }

    /// What the time bank knows of a person beyond minutes: what was asked for and said, how great the need was, what
    /// they declared, offered and whose consent they had. Who served whom and when stays by number, as in the log.
    pub(super) async fn forget_time(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        person: PersonId,
    ) -> ServiceResult<()> {
        timebank::note::erase(tx, book, person).await?;
        timebank::estate::erase(tx, book, person).await?;
        timebank::order::erase(tx, book, person).await?;
        timebank::policy::erase_need(tx, book, person).await?;
        timebank::volunteer::erase(tx, book, person, self.now()).await?;
        Ok(())
    }
}
