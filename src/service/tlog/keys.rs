//! The installation's signing keys. The secret halves come from the master key and are never stored; the public halves
//! are, with the day they began, so that what an earlier key signed stays valid.

use super::{Desk, ServiceError, ServiceResult};
use crate::{
    domain::{
        ids::BookId,
        tlog::{KeyKind, NoteError, Signer, VerifierKey, checkpoint::origin},
    },
    store::{
        self, Tx,
        log::{self as rows, KeyRow, Purpose},
    },
};

/// Roots of the tree of places that are looked at.
const ROOTS_MAX: i64 = 100;

/// What a key of ours verifies, for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyView {
    /// The how-manieth.
    pub number: i64,
    /// Since when it signs.
    pub since: crate::domain::time::Timestamp,
    /// The verifier keys: one a log, or the one of the witness.
    pub verifiers: Vec<VerifierKey>,
}

impl Desk {
    /// The keys of a purpose, oldest first, with the verifier keys that outsiders need. The first is made when missing.
    pub async fn signing_keys(&self, purpose: Purpose) -> ServiceResult<Vec<KeyView>> {
        self.key_now(purpose).await?;
        let names = self.key_names(purpose).await?;
        let mut tx = self.db.begin_read().await?;
        rows::keys(&mut tx, purpose)
            .await?
            .into_iter()
            .map(|row| {
                let verifiers =
                    names.iter().map(|name| verifier(name, purpose, &row)).collect::<Result<_, _>>()?;
                Ok(KeyView { number: row.number, since: row.since, verifiers })
            })
            .collect()
    }

    /// Begins a new key. What the old ones signed stays valid.
    pub async fn rotate_key(&self, purpose: Purpose) -> ServiceResult<i64> {
        let mut tx = self.db.begin_write().await?;
        let last = rows::keys(&mut tx, purpose).await?.last().map_or(0, |row| row.number);
        let number = last + 1;
        let public = self.secret(purpose, number, "new")?.key().public().to_vec();
        rows::add_key(&mut tx, purpose, number, &public, self.now()).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// What verifies the heads of a book: one key for each that the installation ever had.
    pub async fn log_verifiers(&self, book: BookId) -> ServiceResult<Vec<VerifierKey>> {
        let mut tx = self.db.begin_read().await?;
        log_verifiers(&mut tx, book).await
    }

    /// The key that signs heads of the book now, with its number.
    pub(in crate::service) async fn log_signer(&self, book: BookId) -> ServiceResult<(i64, Signer)> {
        let number = self.key_now(Purpose::Log).await?;
        Ok((number, self.secret(Purpose::Log, number, &origin(book))?))
    }

    /// The key that cosigns now.
    pub(super) async fn witness_signer(&self) -> ServiceResult<Signer> {
        let number = self.key_now(Purpose::Witness).await?;
        let names = self.key_names(Purpose::Witness).await?;
        let name = names.first().ok_or(ServiceError::NotFound("county"))?;
        self.secret(Purpose::Witness, number, name)
    }

    /// The number of the present key, which is made when there is none. Refuses a master key that the stored public
    /// half does not come from.
    async fn key_now(&self, purpose: Purpose) -> ServiceResult<i64> {
        let mut tx = self.db.begin_read().await?;
        let last = rows::keys(&mut tx, purpose).await?.pop();
        drop(tx);
        let Some(last) = last else { return self.rotate_key(purpose).await };
        let ours = self.secret(purpose, last.number, "any")?;
        if ours.key().public().as_slice() == last.public_key {
            return Ok(last.number);
        }
        Err(ServiceError::Internal(format!(
            "the master key is not the one that {} key {} comes from: restore it, or run `greencoin keys rotate`",
            purpose.as_str(),
            last.number
        )))
    }

    /// The public half that our master key gives.
    pub(in crate::service) fn public_half(&self, purpose: Purpose, number: i64) -> ServiceResult<[u8; 32]> {
        Ok(*self.secret(purpose, number, "any")?.key().public())
    }

    fn secret(&self, purpose: Purpose, number: i64, name: &str) -> ServiceResult<Signer> {
        let (kind, seed) = match purpose {
            Purpose::Log => (KeyKind::Note, self.keys.log(number)),
            Purpose::Witness => (KeyKind::Cosignature, self.keys.witness(number)),
        };
        Signer::new(name, kind, &seed).map_err(|e| no_key(&e))
    }

    /// The names our keys go by: the origins of our logs, or the one name of the witness.
    async fn key_names(&self, purpose: Purpose) -> ServiceResult<Vec<String>> {
        let mut tx = self.db.begin_read().await?;
        match purpose {
            Purpose::Log => {
                let books = store::programme::list(&mut tx, 0, i64::from(i32::MAX)).await?;
                Ok(books.into_iter().map(|book| origin(book.book_id)).collect())
            }
            Purpose::Witness => {
                // the first county that was set up: ids rise with time
                let roots = store::org::roots(&mut tx, ROOTS_MAX).await?;
                let first = roots.into_iter().map(|root| root.id).min();
                Ok(first.into_iter().map(|id| format!("greencoin/witness/{id}")).collect())
            }
        }
    }
}

/// What verifies the heads of a book.
pub(in crate::service) async fn log_verifiers(tx: &mut Tx, book: BookId) -> ServiceResult<Vec<VerifierKey>> {
    let name = origin(book);
    rows::keys(tx, Purpose::Log).await?.iter().map(|row| verifier(&name, Purpose::Log, row)).collect()
}

fn verifier(name: &str, purpose: Purpose, row: &KeyRow) -> ServiceResult<VerifierKey> {
    let kind = if purpose == Purpose::Log { KeyKind::Note } else { KeyKind::Cosignature };
    let public: [u8; 32] = row.public_key.as_slice().try_into().map_err(|_| no_key(&NoteError::Key))?;
    VerifierKey::new(name, kind, public).map_err(|e| no_key(&e))
}

fn no_key(error: &NoteError) -> ServiceError {
    ServiceError::Internal(format!("signing key: {error}"))
}
