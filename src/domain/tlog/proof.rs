//! Proofs for offline use (c2sp.org/tlog-proof): the place of an entry, the path from it to the root, and the signed
//! head that has this root. The entry itself travels as extra data, so that the text alone shows what was entered.

use std::{fmt, str::FromStr};

use super::{Checkpoint, Note, NoteError, VerifierKey, base64, from_base64, hash_from_base64};
use crate::domain::merkle::{self, Hash, tiles::decimal};

const HEADING: &str = "c2sp.org/tlog-proof@v1";
/// A path has no more steps than a size has bits.
const STEPS_MAX: usize = 64;

/// That an entry is in a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The entry's bytes, if they travel with it. Proved only by [`Proof::verify`].
    pub entry: Option<Vec<u8>>,
    /// The entry's place, from 0.
    pub index: u64,
    /// From the leaf's sibling up to the root's child.
    pub path: Vec<Hash>,
    /// The head of the log.
    pub checkpoint: Note,
}

impl Proof {
    /// The head of the log, as the note says it.
    pub fn head(&self) -> Result<Checkpoint, ProofError> {
        Ok(self.checkpoint.text.parse()?)
    }

    /// Verifies everything: the head is signed by the log whose key is given, and the entry is in it at its place.
    pub fn verify(&self, log: &VerifierKey) -> Result<Checkpoint, ProofError> {
        let head = self.head()?;
        if head.origin != log.name() {
            return Err(ProofError::Origin(head.origin));
        }
        self.checkpoint.verify(std::slice::from_ref(log))?;
        let leaf = merkle::leaf_hash(self.entry.as_deref().ok_or(ProofError::NoEntry)?);
        if merkle::verify_inclusion(&leaf, self.index, head.size, &self.path, &head.root) {
            Ok(head)
        } else {
            Err(ProofError::NotIncluded)
        }
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADING}")?;
        if let Some(entry) = &self.entry {
            writeln!(f, "extra {}", base64(entry))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{}", base64(hash)))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for Proof {
    type Err = ProofError;
    fn from_str(text: &str) -> Result<Self, ProofError> {
        let (head, checkpoint) = text.split_once("\n\n").ok_or(ProofError::Malformed)?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADING) {
            return Err(ProofError::Malformed);
        }
        let extra = lines.next_if(|line| line.starts_with("extra "));
        let entry = match extra.and_then(|line| line.strip_prefix("extra ")) {
            Some(bytes) => Some(from_base64(bytes).ok_or(ProofError::Malformed)?),
            None => None,
        };
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(decimal);
        let index = index.ok_or(ProofError::Malformed)?;
        let path: Vec<Hash> = lines
            .map(|line| hash_from_base64(line).ok_or(ProofError::Malformed))
            .collect::<Result<_, _>>()?;
        if path.len() > STEPS_MAX {
            return Err(ProofError::Malformed);
        }
        Ok(Self { entry, index, path, checkpoint: checkpoint.parse()? })
    }
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// It has not the form.
    #[error("not a tlog-proof")]
    Malformed,
    /// The head in it is no signed head, or not one of the trusted key.
    #[error("the checkpoint in it: {0}")]
    Note(#[from] NoteError),
    /// The head is of another log than the key.
    #[error("it is of another log: {0}")]
    Origin(String),
    /// There is no entry to look for.
    #[error("it carries no entry")]
    NoEntry,
    /// The path does not lead from the entry to the root.
    #[error("the entry is not in the log at that place")]
    NotIncluded,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        merkle::{inclusion_proof, leaf_hash, root_of},
        tlog::{KeyKind, Signer},
    };

    fn sample(index: usize, size: usize) -> (Proof, Signer) {
        let entries: Vec<Vec<u8>> = (0..size).map(|n| format!("entry {n}").into_bytes()).collect();
        let leaves: Vec<Hash> = entries.iter().map(|e| leaf_hash(e)).collect();
        let signer = Signer::new("greencoin/book/1", KeyKind::Note, &[5; 32]).unwrap();
        let head = Checkpoint {
            origin: "greencoin/book/1".to_owned(),
            size: u64::try_from(size).unwrap(),
            root: root_of(&leaves),
        };
        let proof = Proof {
            entry: Some(entries[index].clone()),
            index: u64::try_from(index).unwrap(),
            path: inclusion_proof(index, &leaves).unwrap(),
            checkpoint: head.signed(&signer),
        };
        (proof, signer)
    }

    #[test]
    fn a_proof_verifies_after_a_way_on_paper_and_in_no_other_form() {
        for (index, size) in [(0, 1), (2, 3), (4, 7), (127, 200), (199, 200)] {
            let (proof, signer) = sample(index, size);
            let text = proof.to_string();
            let again: Proof = text.parse().unwrap();
            assert_eq!(again, proof);
            assert_eq!(again.verify(signer.key()).unwrap().size, u64::try_from(size).unwrap());
            let bare = Proof { entry: None, ..proof.clone() };
            assert_eq!(bare.to_string().parse::<Proof>().unwrap(), bare);
            assert_eq!(bare.verify(signer.key()), Err(ProofError::NoEntry));
        }
        let (proof, _) = sample(2, 5);
        let text = proof.to_string();
        for wrong in [
            text.replace("@v1", "@v2"),
            text.replace("index 2", "index 02"),
            text.replace("index 2\n", ""),
            text.replace("extra ", "extra  "),
            text.replace("index 2\n", "index 2\nAAAA\n"),
            text.replace('\n', "\r\n"),
        ] {
            assert!(wrong.parse::<Proof>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_changed_entry_place_path_head_or_key_is_noticed() {
        let (proof, signer) = sample(3, 9);
        let key = signer.key();
        let changes: [fn(&mut Proof); 4] = [
            |p| p.entry.as_mut().unwrap()[0] ^= 1,
            |p| p.index = 4,
            |p| p.path[1][31] ^= 1,
            |p| p.path.truncate(2),
        ];
        for change in changes {
            let mut forged = proof.clone();
            change(&mut forged);
            assert_eq!(forged.verify(key), Err(ProofError::NotIncluded));
        }
        let mut forged = proof.clone();
        forged.checkpoint.text = forged.checkpoint.text.replace("\n9\n", "\n8\n");
        assert!(matches!(forged.verify(key), Err(ProofError::Note(NoteError::BadSignature(_)))));
        let other = Signer::new("greencoin/book/2", KeyKind::Note, &[5; 32]).unwrap();
        assert!(matches!(proof.verify(other.key()), Err(ProofError::Origin(_))));
        let stranger = Signer::new("greencoin/book/1", KeyKind::Note, &[6; 32]).unwrap();
        assert_eq!(proof.verify(stranger.key()), Err(ProofError::Note(NoteError::Unsigned)));
    }
}
