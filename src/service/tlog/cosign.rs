//! Asking witnesses to cosign our heads. What is sent is public and what comes back is signed, so a plain connection
//! loses nothing. Says what to send and takes in what came back; the sending is the job's.

use super::{Desk, ServiceError, ServiceResult, narrow, published, tiles::Tiles, wide, witness::verifier};
use crate::{
    domain::{
        ids::BookId,
        tlog::{AddCheckpoint, KeyKind, Note, Signature, VerifierKey},
    },
    service::refuse,
    store::{
        log::{self as rows, CosignatureRow},
        witness::{self, WitnessRow},
    },
};

/// The longest address of a witness.
const URL_BYTES_MAX: usize = 200;

/// A head on its way to a witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    /// Where to.
    pub url: String,
    /// What the answer must be signed with.
    pub key: VerifierKey,
    /// The size of the head.
    pub size: i64,
    /// What is sent.
    pub request: AddCheckpoint,
}

impl Desk {
    /// Asks a witness from now on. Its address is where `/add-checkpoint` is put behind.
    pub async fn ask_witness(&self, url: &str, vkey: &str) -> ServiceResult<()> {
        verifier(vkey, KeyKind::Cosignature)?;
        let url = url.trim().trim_end_matches('/');
        let plain = url.strip_prefix("http://").is_some_and(|rest| !rest.is_empty());
        if !plain || url.len() > URL_BYTES_MAX || url.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(refuse("invalid_witness_url").with("url", url).into());
        }
        let row = WitnessRow { url: url.to_owned(), vkey: vkey.to_owned(), since: self.now() };
        let mut tx = self.db.begin_write().await?;
        witness::ask(&mut tx, &row).await?;
        Ok(tx.commit().await?)
    }

    /// Asks a witness no more.
    pub async fn forget_witness(&self, url: &str) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        if !witness::forget(&mut tx, url.trim().trim_end_matches('/')).await? {
            return Err(ServiceError::NotFound("witness"));
        }
        Ok(tx.commit().await?)
    }

    /// The witnesses we ask.
    pub async fn witnesses(&self) -> ServiceResult<Vec<WitnessRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(witness::asked(&mut tx).await?)
    }

    /// What to send for a book: its newest head to every witness that has not cosigned it.
    pub async fn errands(&self, book: BookId) -> ServiceResult<Vec<Errand>> {
        let mut errands = Vec::new();
        for row in self.witnesses().await? {
            let key = verifier(&row.vkey, KeyKind::Cosignature)?;
            let mut tx = self.db.begin_read().await?;
            let seen = rows::last_cosigned(&mut tx, book, key.name(), i64::from(key.id())).await?;
            drop(tx);
            errands.extend(self.errand(book, &row.url, key, seen).await?);
        }
        Ok(errands)
    }

    /// The same errand from the size that the witness says it saw last; nothing when there is nothing new for it.
    pub async fn errand_from(
        &self,
        book: BookId,
        errand: &Errand,
        seen: u64,
    ) -> ServiceResult<Option<Errand>> {
        if seen >= wide(errand.size) {
            return Ok(None);
        }
        self.errand(book, &errand.url, errand.key.clone(), narrow(seen)).await
    }

    async fn errand(
        &self,
        book: BookId,
        url: &str,
        key: VerifierKey,
        seen: i64,
    ) -> ServiceResult<Option<Errand>> {
        let mut tx = self.db.begin_read().await?;
        let Some(head) = rows::last_head(&mut tx, book).await?.filter(|head| head.size > seen) else {
            return Ok(None);
        };
        let size = head.size;
        let checkpoint = published(&mut tx, book, head).await?.note;
        let proof = Tiles::new(&mut tx, book, wide(size)).consistency(wide(seen)).await?;
        let request = AddCheckpoint { old: wide(seen), proof, checkpoint };
        Ok(Some(Errand { url: url.to_owned(), key, size, request }))
    }

    /// Takes in a witness's answer: the lines that its key signed, if any; whether there was one.
    pub async fn take_cosignature(&self, book: BookId, errand: &Errand, answer: &str) -> ServiceResult<bool> {
        let lines = answer.lines().filter_map(|line| line.parse::<Signature>().ok());
        let note = Note { signatures: lines.collect(), ..errand.request.checkpoint.clone() };
        let signed = |s: &&Signature| errand.key.claimed_by(s) && errand.key.verifies(&note.text, s);
        let Some(signature) = note.signatures.iter().find(signed) else { return Ok(false) };
        let row = CosignatureRow {
            size: errand.size,
            key_name: signature.name.clone(),
            key_id: i64::from(signature.id),
            line: signature.to_string(),
            received_at: self.now(),
        };
        let mut tx = self.db.begin_write().await?;
        rows::add_cosignature(&mut tx, book, &row).await?;
        tx.commit().await?;
        Ok(true)
    }
}
