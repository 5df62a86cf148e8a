//! What a scanner reads or a hand types at the counter: phone codes, printed cards, card numbers, household numbers.
//! Everything is digits, because a scanner is a keyboard and an input method swallows letters. Holds no storage:
//! single use and revocation are the ledger's and the store's.

pub mod card;
pub mod digits;
pub mod phone;
pub mod place;

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use self::card::{CardNumber, CardToken};
use super::{household::HouseholdNo, wording::fold_typed};

/// Digits in a scanned code.
pub const CODE_DIGITS: usize = 48;

/// A secret of the server for making and checking codes, with a version of one digit so that it can be changed.
#[derive(Clone)]
pub struct CodeKey {
    version: u8,
    secret: [u8; 32],
}

impl CodeKey {
    /// A key of `version` 0–9 (only its last digit is kept).
    #[must_use]
    pub const fn new(version: u8, secret: [u8; 32]) -> Self {
        Self { version: version % 10, secret }
    }

    /// The version, one digit.
    #[must_use]
    pub const fn version(&self) -> u8 {
        self.version
    }

    /// HMAC-SHA256 over the parts, under a label so that one key never signs the same bytes for two purposes.
    fn sign(&self, label: &str, parts: &[&[u8]]) -> [u8; 32] {
        // A 32-byte key fits the block, so this is the plain constructor and cannot fail.
        let mut mac = Hmac::<Sha256>::new(&self.secret.into_block());
        mac.update(label.as_bytes());
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

/// A 32-byte key as the first half of HMAC's 64-byte block.
trait IntoBlock {
    fn into_block(self) -> hmac::digest::Key<Hmac<Sha256>>;
}

impl IntoBlock for [u8; 32] {
    fn into_block(self) -> hmac::digest::Key<Hmac<Sha256>> {
        let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
        for (to, from) in block.iter_mut().zip(self) {
            *to = from;
        }
        block
    }
}

impl fmt::Debug for CodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CodeKey(version {})", self.version)
    }
}

/// What an input turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanned {
    /// The short-lived code of a phone, 48 digits, still to be opened.
    PhoneCode(String),
    /// The code of a printed card, its check right.
    CardQr(CardToken),
    /// The short number of a card, typed.
    CardNumber(CardNumber),
    /// A household number, typed.
    HouseholdNo(HouseholdNo),
    /// None of them, or misread.
    Unknown,
}

/// Tells what was scanned or typed. Full-width digits, spaces and dashes are folded first; one to five bare digits
/// are a household number without its letter.
#[must_use]
pub fn classify(text: &str) -> Scanned {
    let folded = fold_typed(text);
    if let Ok(no) = HouseholdNo::parse(&folded) {
        return Scanned::HouseholdNo(no);
    }
    if !folded.bytes().all(|b| b.is_ascii_digit()) {
        return Scanned::Unknown;
    }
    match folded.len() {
        CODE_DIGITS if folded.starts_with(phone::KIND) => Scanned::PhoneCode(folded),
        CODE_DIGITS => CardToken::parse(&folded).map_or(Scanned::Unknown, Scanned::CardQr),
        card::CARD_NUMBER_DIGITS => CardNumber::parse(&folded).map_or(Scanned::Unknown, Scanned::CardNumber),
        1..=5 => HouseholdNo::parse(&format!("H{folded}")).map_or(Scanned::Unknown, Scanned::HouseholdNo),
        _ => Scanned::Unknown,
    }
}

#[cfg(test)]
mod tests;
