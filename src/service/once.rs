//! One key, one outcome: what a request under a key was answered is kept in the same transaction as what it changed,
//! so that the same request again, at once or years later, changes nothing and gets the same answer. Kept sealed, and
//! never with a secret in it.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::{Actor, Desk, ServiceError, ServiceResult, fault::Point, refuse, session::hex};
use crate::store::{
    StoreError, Tx,
    answer::{self, AnswerKey},
};

/// Digits kept of a secret's digest: enough to notice another one, far too few to search for it.
const SECRET_DIGITS: usize = 2;

/// Names of differing fields that a conflict tells.
const FIELDS_TOLD_MAX: usize = 20;

/// Digests of a request's fields by name.
pub type Fields = BTreeMap<String, String>;

/// A request under a key.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Who chose the key.
    pub caller: Actor,
    /// Method and path.
    pub operation: String,
    /// What was chosen.
    pub key: String,
    /// What is asked for, digested field by field.
    pub fields: Fields,
}

/// An answer as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The status.
    pub status: u16,
    /// Headers that belong to the answer.
    pub headers: Vec<(String, String)>,
    /// The refusal's code and facts, if it was refused: its words are found again in the asker's language.
    pub refusal: Option<(String, BTreeMap<String, String>)>,
    /// The body.
    pub body: String,
}

/// What is to become of an attempt.
#[derive(Debug, Clone)]
pub enum Keep {
    /// It was decided: this is the answer from now on.
    Said(Said),
    /// It was not heard (unreadable, not allowed …): the key may be used again.
    Nothing,
    /// It broke: whatever it wrote is undone.
    Broken,
}

/// The first answer, or the same again.
#[derive(Debug)]
pub enum Once<A> {
    /// It was performed now.
    First(A),
    /// It was performed before.
    Again(Said),
}

/// A kept answer with what it answers.
#[derive(Serialize, Deserialize)]
struct Kept {
    fields: Fields,
    said: Said,
}

impl Ask {
    fn caller(&self) -> String {
        self.caller.to_string()
    }

    /// What binds a sealed answer to its key.
    fn binding(&self) -> Vec<u8> {
        format!("answer\n{}\n{}\n{}", self.caller, self.operation, self.key).into_bytes()
    }

    /// The first answer, if the first request was the same.
    fn same(&self, kept: Kept) -> ServiceResult<Said> {
        let names = kept.fields.keys().chain(self.fields.keys());
        let mut differ: Vec<&str> = names
            .filter(|name| kept.fields.get(*name) != self.fields.get(*name))
            .map(String::as_str)
            .collect();
        differ.sort_unstable();
        differ.dedup();
        differ.truncate(FIELDS_TOLD_MAX);
        if differ.is_empty() {
            Ok(kept.said)
        } else {
            Err(refuse("idempotency_conflict").with("fields", differ.join(", ")).into())
        }
    }
}

impl Desk {
    /// The digest of a field for [`Ask::fields`].
    #[must_use]
    pub fn field_digest(&self, name: &str, value: &[u8]) -> String {
        // HMAC takes keys of any length
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.keys.answers()) else { return String::new() };
        mac.update(name.as_bytes());
        mac.update(&[0]);
        mac.update(value);
        let mut digest = hex(&mac.finalize().into_bytes());
        if is_secret(name) {
            digest.truncate(SECRET_DIGITS);
        }
        digest
    }

    /// Performs a request once. What it changes through [`Desk::db`] and its answer are one transaction: a crash
    /// leaves both or neither, and of requests side by side one performs while the others wait for its answer. The
    /// work must post nothing through the Poster, which has a transaction of its own: see [`Desk::once_posted`].
    pub async fn once<A>(
        &self,
        ask: &Ask,
        perform: impl Future<Output = (A, Keep)>,
    ) -> ServiceResult<Once<A>> {
        if let Some(said) = self.said_before(ask).await? {
            return Ok(Once::Again(said));
        }
        self.faults.at(Point::BeforeWrite).await?;
        let unit = self.db.unit().await?;
        match unit.run(self.claim(ask, &[])).await {
            Err(ServiceError::Store(StoreError::Duplicate)) => {
                drop(unit);
                // whoever was first is through: its answer stands
                return self.said_before(ask).await?.map(Once::Again).ok_or(ServiceError::Busy);
            }
            claimed => claimed?,
        }
        let (answer, keep) = unit.run(perform).await;
        match keep {
            Keep::Said(said) => unit.run(self.settle(ask, said)).await?,
            Keep::Nothing => unit.run(self.forget(ask)).await?,
            Keep::Broken => return Ok(Once::First(answer)),
        }
        self.faults.at(Point::AfterWrite).await?;
        self.faults.at(Point::BeforeCommit).await?;
        unit.commit().await?;
        self.faults.at(Point::AfterCommit).await?;
        self.faults.at(Point::BeforeAnswer).await?;
        Ok(Once::First(answer))
    }

    /// The same for work that posts and whose command has a key of its own: performed again after a crash it finds
    /// its posting, so its answer may be written down afterwards.
    pub async fn once_posted<A>(
        &self,
        ask: &Ask,
        perform: impl Future<Output = (A, Keep)>,
    ) -> ServiceResult<Once<A>> {
        if let Some(said) = self.said_before(ask).await? {
            return Ok(Once::Again(said));
        }
        let (answer, keep) = perform.await;
        if let Keep::Said(said) = keep {
            let sealed = self.sealed(ask, said)?;
            match self.claim(ask, &sealed).await {
                Err(ServiceError::Store(StoreError::Duplicate)) => {
                    return self.said_before(ask).await?.map(Once::Again).ok_or(ServiceError::Busy);
                }
                claimed => claimed?,
            }
        }
        Ok(Once::First(answer))
    }

    pub(super) async fn said_before(&self, ask: &Ask) -> ServiceResult<Option<Said>> {
        let mut tx: Tx = self.db.begin_read().await?;
        let caller = ask.caller();
        let Some(sealed) = answer::sealed(&mut tx, key(ask, &caller)).await? else { return Ok(None) };
        let plain = self.unseal(&sealed, &ask.binding());
        let kept = plain.and_then(|plain| serde_json::from_slice::<Kept>(&plain).ok());
        let kept = kept.ok_or_else(|| StoreError::inconsistent("answer", "sealed", &ask.operation))?;
        ask.same(kept).map(Some)
    }

    async fn claim(&self, ask: &Ask, sealed: &[u8]) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        answer::claim(&mut tx, key(ask, &ask.caller()), self.now(), sealed).await?;
        Ok(tx.commit().await?)
    }

    async fn settle(&self, ask: &Ask, said: Said) -> ServiceResult<()> {
        let sealed = self.sealed(ask, said)?;
        let mut tx = self.db.begin_write().await?;
        answer::settle(&mut tx, key(ask, &ask.caller()), &sealed).await?;
        Ok(tx.commit().await?)
    }

    async fn forget(&self, ask: &Ask) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        answer::forget(&mut tx, key(ask, &ask.caller())).await?;
        Ok(tx.commit().await?)
    }

    fn sealed(&self, ask: &Ask, said: Said) -> ServiceResult<Vec<u8>> {
        let kept = Kept { fields: ask.fields.clone(), said };
        let plain = serde_json::to_vec(&kept).map_err(|e| ServiceError::Internal(format!("json: {e}")))?;
        self.seal(&plain, &ask.binding())
    }
}

fn key<'a>(ask: &'a Ask, caller: &'a str) -> AnswerKey<'a> {
    AnswerKey { caller, operation: &ask.operation, key: &ask.key }
}

/// Whether a field of that name holds what nobody may read later.
#[must_use]
pub fn is_secret(name: &str) -> bool {
    matches!(name, "old" | "new" | "pin" | "present" | "code" | "credential")
        || name.contains("password")
        || name.ends_with("_pin")
}
