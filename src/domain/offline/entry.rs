//! One sale as the device writes and signs it: ASCII, one thing a line, so that a browser and this program make the same
//! bytes of it. Each entry names the digest of the one before; the first names the digest of what the device was given.

use std::fmt::Write as _;

use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier};
use sha2::{Digest, Sha256};

use crate::domain::{
    basket::{BASKET_ARTICLES_MAX, BASKET_PIECES_MAX},
    canonical::hex,
    ids::{BookId, OfflineRoundId},
    time::Timestamp,
};

/// The first line of an entry.
const HEAD: &str = "greencoin offline v1";
/// The first line of what a card's mark is made of.
const MARK: &str = "greencoin offline card v1";
/// Bytes of a public key: an uncompressed point.
const KEY_BYTES: usize = 65;
/// The longest text of an entry: all articles with the largest numbers.
const TEXT_MAX: usize = 4_096;
/// The clock of a browser counts milliseconds.
const MICROS_PER_MILLI: i64 = 1_000;
/// The largest number that a browser reads exactly.
const NUMBER_MAX: i64 = 9_007_199_254_740_991;

/// SHA-256.
pub type Sum = [u8; 32];

/// An article of a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// The article.
    pub sku: i64,
    /// Pieces handed over.
    pub pieces: i64,
    /// The price of one piece, in hundredths of a point.
    pub price: i64,
}

/// One sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The village.
    pub book: BookId,
    /// What the device was given.
    pub round: OfflineRoundId,
    /// 1, 2, 3 … within it.
    pub number: i64,
    /// Digest of the entry before, or of what was given.
    pub previous: Sum,
    /// What the device's clock said.
    pub at: Timestamp,
    /// Seconds since it was made ready, by the device.
    pub elapsed: i64,
    /// The mark of the card that was shown.
    pub card: Sum,
    /// What was handed over, by article number, each once.
    pub items: Vec<Item>,
    /// Points, in hundredths.
    pub total: i64,
}

/// Why bytes are no entry of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEntry {
    /// Not the text of an entry.
    #[error("not the text of an entry")]
    Text,
    /// The device's key did not sign it.
    #[error("the device's key did not sign this")]
    Signature,
}

/// The public key is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a P-256 public key of 65 bytes")]
pub struct InvalidKey;

/// The key by which a device is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceKey(VerifyingKey);

impl DeviceKey {
    /// A key from the 65 bytes of its point.
    ///
    /// # Errors
    /// [`InvalidKey`] when they are no point of the curve.
    pub fn read(bytes: &[u8]) -> Result<Self, InvalidKey> {
        if bytes.len() != KEY_BYTES {
            return Err(InvalidKey);
        }
        VerifyingKey::from_sec1_bytes(bytes).map(Self).map_err(|_| InvalidKey)
    }

    /// The entry that `text` is, if this key signed it; `signature` is r and s, 32 bytes each.
    ///
    /// # Errors
    /// [`InvalidEntry`] says whether the signature or the text is wrong.
    pub fn open(&self, text: &str, signature: &[u8]) -> Result<Entry, InvalidEntry> {
        let signature = Signature::from_slice(signature).map_err(|_| InvalidEntry::Signature)?;
        self.0.verify(text.as_bytes(), &signature).map_err(|_| InvalidEntry::Signature)?;
        Entry::read(text)
    }
}

impl Entry {
    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = format!(
            "{HEAD}\nbook {}\nround {}\nnumber {}\nprevious {}\nat {}\nelapsed {}\ncard {}\n",
            self.book,
            self.round,
            self.number,
            hex(&self.previous),
            self.at.micros() / MICROS_PER_MILLI,
            self.elapsed,
            hex(&self.card),
        );
        for Item { sku, pieces, price } in &self.items {
            // writing to a string cannot fail
            let _ = writeln!(out, "item {sku} {pieces} {price}");
        }
        let _ = writeln!(out, "total {}", self.total);
        out
    }

    /// Reads what [`Entry::text`] writes, and nothing else.
    ///
    /// # Errors
    /// [`InvalidEntry::Text`].
    pub fn read(text: &str) -> Result<Self, InvalidEntry> {
        let entry = Self::lines(text).ok_or(InvalidEntry::Text)?;
        let ordered = entry.items.windows(2).all(|two| matches!(two, [a, b] if a.sku < b.sku));
        let bounded = entry.items.iter().all(Item::is_bounded) && entry.items.len() <= BASKET_ARTICLES_MAX;
        // one entry has one text: no other spelling of a number, no line more
        let same = text.len() <= TEXT_MAX && entry.text() == text;
        let counts = entry.number >= 1 && entry.elapsed >= 0 && entry.total >= 0 && !entry.items.is_empty();
        if ordered && bounded && same && counts { Ok(entry) } else { Err(InvalidEntry::Text) }
    }

    fn lines(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let mut field = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
        if field("greencoin")? != "offline v1" {
            return None;
        }
        let book = field("book")?.parse().ok()?;
        let round = field("round")?.parse().ok()?;
        let number = number_of(field("number")?)?;
        let previous = unhex(field("previous")?)?;
        let at = Timestamp::from_micros(number_of_millis(field("at")?)?);
        let elapsed = number_of(field("elapsed")?)?;
        let card = unhex(field("card")?)?;
        let (mut items, mut total) = (Vec::new(), None);
        for line in lines {
            match line.split_once(' ')? {
                ("item", rest) if total.is_none() => items.push(Item::read(rest)?),
                ("total", rest) if total.is_none() => total = Some(number_of(rest)?),
                _ => return None,
            }
        }
        Some(Self { book, round, number, previous, at, elapsed, card, items, total: total? })
    }

    /// SHA-256 of the text: what the next entry names.
    #[must_use]
    pub fn digest(&self) -> Sum {
        digest(&self.text())
    }

    /// What its items come to.
    #[must_use]
    pub fn worth(&self) -> i64 {
        // bounded when it was read: 50 articles, 999 pieces, a price that a browser reads exactly
        self.items.iter().fold(0, |sum: i64, i| sum.saturating_add(i.price.saturating_mul(i.pieces)))
    }
}

impl Item {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let mut next = || number_of(parts.next()?);
        let item = Self { sku: next()?, pieces: next()?, price: next()? };
        parts.next().is_none().then_some(item)
    }

    fn is_bounded(&self) -> bool {
        self.sku >= 1 && (1..=BASKET_PIECES_MAX).contains(&self.pieces) && self.price >= 0
    }
}

/// What stands for a card on a device, so that its list does not say whose card it is: of this round alone. `folded` is
/// the 48 digits of the QR or the ten digits of the number.
#[must_use]
pub fn card_mark(round: OfflineRoundId, folded: &str) -> Sum {
    digest(&format!("{MARK}\n{round}\n{folded}"))
}

/// SHA-256 of a text.
#[must_use]
pub fn digest(text: &str) -> Sum {
    Sha256::digest(text.as_bytes()).into()
}

/// The 32 bytes of a hexadecimal text.
#[must_use]
pub fn unhex(text: &str) -> Option<Sum> {
    let mut out = Sum::default();
    if text.len() != out.len() * 2 || !text.is_ascii() {
        return None;
    }
    for (place, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(place * 2..place * 2 + 2)?, 16).ok()?;
    }
    Some(out)
}

fn number_of(text: &str) -> Option<i64> {
    text.parse().ok().filter(|n: &i64| (-NUMBER_MAX..=NUMBER_MAX).contains(n))
}

fn number_of_millis(text: &str) -> Option<i64> {
    number_of(text)?.checked_mul(MICROS_PER_MILLI)
}
