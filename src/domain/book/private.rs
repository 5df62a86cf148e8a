//! Texts of a command that may speak of people. They never stand in a leaf: the body carries a commitment, which tells
//! nothing without its salt; text and salt are kept beside the log and can be erased, and every proof stays valid.

use crate::domain::{
    canonical::{Encoder, hex},
    merkle::Hash,
};
use sha2::{Digest, Sha256};

/// What a commitment begins with where a body holds one.
const PREFIX: &str = "sha256:";

/// A text and the salt that hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct PrivateText {
    /// 32 random bytes.
    pub salt: [u8; 32],
    /// The text.
    pub text: String,
}

impl std::fmt::Debug for PrivateText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrivateText(…)")
    }
}

impl PrivateText {
    /// What the log holds instead.
    #[must_use]
    pub fn commitment(&self) -> Hash {
        commitment(&self.salt, &self.text)
    }
}

/// SHA-256 over the canonical bytes of salt and text.
#[must_use]
pub fn commitment(salt: &[u8], text: &str) -> Hash {
    let mut bytes = Encoder::new("greencoin.text");
    bytes.bytes(salt).text(text);
    Sha256::digest(bytes.finish()).into()
}

/// How a commitment stands in a body.
#[must_use]
pub fn in_body(commitment: &Hash) -> String {
    format!("{PREFIX}{}", hex(commitment))
}

/// Whether a field of a stored body is a commitment.
#[must_use]
pub fn is_commitment(value: &str) -> bool {
    value.starts_with(PREFIX)
}

/// Whether a body may hold a commitment, by a look at its text: `false` means that none of its fields is one.
#[must_use]
pub fn may_hold_commitment(body: &str) -> bool {
    body.contains(PREFIX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commitment_is_known_by_salt_and_text_together() {
        let text = PrivateText { salt: [1; 32], text: "记错户".to_owned() };
        let golden = "sha256:d802c85252babfd04ce0f9b884634b43686227fa3b57da8af957735fdbb23e6b";
        assert_eq!(in_body(&text.commitment()), golden);
        assert_ne!(commitment(&[2; 32], "记错户"), text.commitment());
        assert_ne!(commitment(&[1; 32], "记错"), text.commitment());
        assert!(!format!("{text:?}").contains("记错户"));
    }
}
