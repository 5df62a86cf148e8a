//! The printed household card: a QR of 48 digits and a short number to type.
//!
//! `20` · 46 digits of 152 bits: token (128), check (24). The token is an HMAC of the card's id and serial under the
//! server's key, and the database stores only its digest: a stolen database prints no cards, yet the server can
//! print the same card again.

use std::fmt;

use sha2::{Digest, Sha256};

use super::{CODE_DIGITS, CodeKey, digits};
use crate::domain::{entropy::Entropy, ids::CardId, wording::fold_typed};

/// The first two digits of every card.
pub const PREFIX: &str = "20";
/// Digits of the short number.
pub const CARD_NUMBER_DIGITS: usize = 10;
const TOKEN_BYTES: usize = 16;
const CHECK_BYTES: usize = 3;
const TOKEN_LABEL: &str = "greencoin card token v1";
const CHECK_LABEL: &str = "greencoin card check v1";

/// What a card proves: 128 bits, never printed in a log.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CardToken([u8; TOKEN_BYTES]);

/// The digits are no card, or were misread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a card of ours, or it was misread")]
pub struct InvalidCard;

impl CardToken {
    /// The token of a card, the same each time it is printed.
    #[must_use]
    pub fn derive(key: &CodeKey, card: CardId, serial: u32) -> Self {
        Self(digits::slice(&key.sign(TOKEN_LABEL, &[card.0.as_bytes(), &serial.to_be_bytes()]), 0))
    }

    /// The 48 digits of the QR.
    #[must_use]
    pub fn card_digits(&self) -> String {
        let mut body = [0_u8; digits::BODY_BYTES];
        for (to, from) in body.iter_mut().zip(self.0.into_iter().chain(self.check())) {
            *to = from;
        }
        format!("{PREFIX}{}", digits::encode(body))
    }

    /// Reads the digits of a card as scanned.
    ///
    /// # Errors
    /// [`InvalidCard`] when the shape or the check is wrong. Whether the card exists is for the store to say.
    pub fn parse(scanned: &str) -> Result<Self, InvalidCard> {
        let folded = fold_typed(scanned);
        if folded.len() != CODE_DIGITS {
            return Err(InvalidCard);
        }
        let body = folded.strip_prefix(PREFIX).and_then(digits::decode).ok_or(InvalidCard)?;
        let token = Self(digits::slice(&body, 0));
        if token.check() == digits::slice::<CHECK_BYTES>(&body, TOKEN_BYTES) {
            Ok(token)
        } else {
            Err(InvalidCard)
        }
    }

    /// SHA-256 of the token: all that is stored.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    fn check(&self) -> [u8; CHECK_BYTES] {
        let sum: [u8; 32] = Sha256::new().chain_update(CHECK_LABEL).chain_update(self.0).finalize().into();
        digits::slice(&sum, 0)
    }
}

impl fmt::Debug for CardToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardToken(……)")
    }
}

/// The ten-digit number under the QR, for typing: nine digits and an ISO 7064 MOD 11,10 check digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct CardNumber(String);

impl CardNumber {
    /// The number with these nine digits in front (higher ones are dropped).
    #[must_use]
    pub fn from_payload(payload: u32) -> Self {
        let front = format!("{:09}", payload % 1_000_000_000);
        let check = check_digit(&front);
        Self(format!("{front}{check}"))
    }

    /// Draws a number that does not tell how many cards there are. The store refuses one already taken.
    #[must_use]
    pub fn draw(entropy: &dyn Entropy) -> Self {
        let mut random = [0; 4];
        entropy.fill(&mut random);
        Self::from_payload(100_000_000 + u32::from_be_bytes(random) % 900_000_000)
    }

    /// Reads a number as typed.
    ///
    /// # Errors
    /// [`InvalidCard`] when it has not ten digits or a wrong one among them.
    pub fn parse(typed: &str) -> Result<Self, InvalidCard> {
        let folded = fold_typed(typed);
        let shape = folded.len() == CARD_NUMBER_DIGITS && folded.bytes().all(|b| b.is_ascii_digit());
        let (front, check) =
            folded.split_at_checked(CARD_NUMBER_DIGITS - 1).filter(|_| shape).ok_or(InvalidCard)?;
        if check == check_digit(front).to_string() { Ok(Self(folded)) } else { Err(InvalidCard) }
    }

    /// All ten digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `123 456 7890`, as printed.
    #[must_use]
    pub fn grouped(&self) -> String {
        let part = |from, to| self.0.get(from..to).unwrap_or_default();
        format!("{} {} {}", part(0, 3), part(3, 6), part(6, 10))
    }
}

impl fmt::Display for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

pub(super) fn check_digit(front: &str) -> u32 {
    let product = front.chars().filter_map(|c| c.to_digit(10)).fold(10, |product, digit| {
        let sum = (product + digit) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10
}
