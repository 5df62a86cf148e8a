//! Being a witness (c2sp.org/tlog-witness): a township or county checks that a log of another installation only grew
//! since it last looked, and cosigns the head. What it once cosigned it never takes back.

use super::{Desk, ServiceError, ServiceResult, narrow, wide};
use crate::{
    domain::{
        merkle::{self, Hash, empty_root},
        tlog::{AddCheckpoint, Checkpoint, KeyKind, NoteError, VerifierKey},
    },
    service::refuse,
    store::{
        StoreError,
        witness::{self as rows, WitnessedHead, WitnessedLogRow},
    },
};

/// The answer to a head that was brought to be cosigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The signature line, without its newline.
    Cosigned(String),
    /// The request has not the form, or goes backwards.
    Malformed,
    /// The log is not one of those we watch.
    UnknownLog,
    /// The head carries no right signature of the log.
    NotSigned,
    /// We last saw another size, or another log of this size.
    Conflict(u64),
    /// The proof does not show that the log only grew.
    Inconsistent,
}

impl Desk {
    /// Watches a log from now on.
    pub async fn trust_log(&self, vkey: &str) -> ServiceResult<()> {
        let key = verifier(vkey, KeyKind::Note)?;
        let mut tx = self.db.begin_write().await?;
        rows::trust(&mut tx, vkey, key.name(), self.now()).await?;
        Ok(tx.commit().await?)
    }

    /// The logs we watch.
    pub async fn trusted_logs(&self) -> ServiceResult<Vec<WitnessedLogRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(rows::trusted(&mut tx).await?)
    }

    /// Checks a head against the last one we saw of its log and cosigns it. The head is stored before we answer.
    pub async fn add_checkpoint(&self, request: &str) -> ServiceResult<Answer> {
        let Ok(request) = request.parse::<AddCheckpoint>() else { return Ok(Answer::Malformed) };
        let Ok(head) = request.checkpoint.text.parse::<Checkpoint>() else { return Ok(Answer::Malformed) };
        let signer = self.witness_signer().await?;
        let now = self.now();
        let mut tx = self.db.begin_write().await?;
        let keys: Vec<VerifierKey> =
            rows::lock(&mut tx, &head.origin, now).await?.iter().filter_map(|key| key.parse().ok()).collect();
        if keys.is_empty() {
            return Ok(Answer::UnknownLog);
        }
        if request.checkpoint.verify(&keys).is_err() {
            return Ok(Answer::NotSigned);
        }
        if request.old > head.size || i64::try_from(head.size).is_err() {
            return Ok(Answer::Malformed);
        }
        let (size, root) = match rows::last(&mut tx, &head.origin).await? {
            Some(last) => (wide(last.size), digest(&last)?),
            None => (0, empty_root()),
        };
        if request.old != size || (size == head.size && root != head.root) {
            return Ok(Answer::Conflict(size));
        }
        if !merkle::verify_consistency(size, head.size, &request.proof, &root, &head.root) {
            return Ok(Answer::Inconsistent);
        }
        let line = signer.sign(&request.checkpoint.text, wide(now.seconds())).to_string();
        let seen = WitnessedHead {
            origin: head.origin,
            size: narrow(head.size),
            root: head.root.to_vec(),
            note: request.checkpoint.to_string(),
            cosigned_at: now,
        };
        rows::add(&mut tx, &seen).await?;
        tx.commit().await?;
        Ok(Answer::Cosigned(line))
    }
}

fn digest(head: &WitnessedHead) -> ServiceResult<Hash> {
    let root = Hash::try_from(head.root.as_slice());
    root.map_err(|_| StoreError::inconsistent("witnessed_head", "root", head.size.to_string()).into())
}

/// A verifier key of that kind, as an operator typed it.
pub(super) fn verifier(typed: &str, kind: KeyKind) -> ServiceResult<VerifierKey> {
    let key: Result<VerifierKey, NoteError> = typed.parse();
    match key {
        Ok(key) if key.kind() == kind => Ok(key),
        _ => Err(ServiceError::from(refuse("invalid_verifier_key").with("key", typed))),
    }
}
