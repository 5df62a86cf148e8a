//! The proof behind a receipt: whoever knows the name of a transaction, which stands on the receipt and nowhere else,
//! gets its leaf, its path and the signed head, and needs us no more.

use super::{Desk, ServiceError, ServiceResult, leaves, published, tiles::Tiles, wide};
use crate::{
    domain::{
        ids::{BookId, TxnId},
        tlog::{Proof, VerifierKey},
    },
    store::{audit, ledger::read, log as rows, programme},
};

/// A proof with what verifies it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The transaction's place.
    pub seq: i64,
    /// The proof; nothing while no signed head has the transaction.
    pub proof: Option<Proof>,
    /// What verified heads of this log ever, newest last.
    pub keys: Vec<VerifierKey>,
}

impl Desk {
    /// The proof of the transaction with that name.
    pub async fn evidence(&self, book: BookId, id: TxnId) -> ServiceResult<Evidence> {
        let mut tx = self.db.begin_read().await?;
        let seq = audit::seq_of(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("transaction"))?;
        let keys = super::keys::log_verifiers(&mut tx, book).await?;
        let head = rows::last_head(&mut tx, book).await?.filter(|head| head.size >= seq);
        let proof = match head {
            None => None,
            Some(head) => {
                let head = published(&mut tx, book, head).await?;
                let entry = leaves::between(&mut tx, book, seq - 1, seq).await?.pop();
                let path = Tiles::new(&mut tx, book, head.checkpoint.size).inclusion(wide(seq - 1)).await?;
                Some(Proof { entry, index: wide(seq - 1), path, checkpoint: head.note })
            }
        };
        Ok(Evidence { seq, proof, keys })
    }

    /// Where anybody who is told may see the proof of a transaction.
    pub async fn proof_address(&self, book: BookId, seq: i64) -> ServiceResult<String> {
        let mut tx = self.db.begin_read().await?;
        let txn = read::txn(&mut tx, book, seq).await?.ok_or(ServiceError::NotFound("transaction"))?;
        let programme =
            programme::by_book(&mut tx, book).await?.ok_or(ServiceError::NotFound("programme"))?;
        Ok(format!("/proof/{}/{}", programme.no, txn.id))
    }
}
