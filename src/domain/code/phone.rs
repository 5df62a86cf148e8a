//! The code on a resident's phone: 48 digits that live one minute.
//!
//! `1` · key version · 46 digits of 152 bits: credential number (32), instant of lapse in seconds since 2020 (32),
//! truncated HMAC-SHA256 over book, credential and instant (88). Carries no personal data and no balance.

use subtle::ConstantTimeEq;

use super::{CODE_DIGITS, CodeKey, digits};
use crate::domain::{
    ids::BookId,
    time::{MICROS_PER_SECOND, Timestamp},
    wording::fold_typed,
};

/// The first digit of every phone code.
pub const KIND: char = '1';
/// Seconds a code lives at most, and where the programme says nothing else.
pub const LIFETIME_SECONDS: i64 = 60;
/// 2020-01-01T00:00:00Z in seconds since 1970; 32 bits from here last until 2156.
const EPOCH_SECONDS: i64 = 1_577_836_800;
const MAC_BYTES: usize = 11;
const LABEL: &str = "greencoin phone code v1";

/// A code to show, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneCode {
    /// 48 digits.
    pub digits: String,
    /// The first instant at which it is refused.
    pub lapses_at: Timestamp,
}

/// What a genuine, living code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    /// The number of the credential it was issued for.
    pub credential_no: u32,
    /// The first instant at which it is refused.
    pub lapses_at: Timestamp,
}

/// Why a code is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeFault {
    /// Not a phone code at all, or misread.
    #[error("this is not a phone code")]
    Malformed,
    /// Not ours: another key, another village, or a wrong digit.
    #[error("this code was not issued here")]
    Forged,
    /// Ours, and too old.
    #[error("this code has lapsed")]
    Lapsed,
}

/// Issues a code for `credential_no` that lapses `lives` seconds after the second `now` falls in, never more than
/// [`LIFETIME_SECONDS`].
#[must_use]
pub fn issue(key: &CodeKey, book: BookId, credential_no: u32, now: Timestamp, lives: i64) -> PhoneCode {
    let lives = lives.clamp(0, LIFETIME_SECONDS);
    let slot = u32::try_from(now.seconds() + lives - EPOCH_SECONDS).unwrap_or(0);
    let mut body = [0_u8; digits::BODY_BYTES];
    let mac = sign(key, book, credential_no, slot);
    let parts = credential_no.to_be_bytes().into_iter().chain(slot.to_be_bytes()).chain(mac);
    for (to, from) in body.iter_mut().zip(parts) {
        *to = from;
    }
    PhoneCode { digits: format!("{KIND}{}{}", key.version(), digits::encode(body)), lapses_at: lapse(slot) }
}

/// Opens a code as scanned.
///
/// # Errors
/// [`CodeFault`] says whether it is no phone code, not ours, or too old. Single use is not checked here.
pub fn open(key: &CodeKey, book: BookId, scanned: &str, now: Timestamp) -> Result<Opened, CodeFault> {
    let folded = fold_typed(scanned);
    let ascii = folded.len() == CODE_DIGITS && folded.bytes().all(|b| b.is_ascii_digit());
    let rest = folded.strip_prefix(KIND).filter(|_| ascii).ok_or(CodeFault::Malformed)?;
    let (version, body) = rest.split_at_checked(1).ok_or(CodeFault::Malformed)?;
    let body = digits::decode(body).ok_or(CodeFault::Malformed)?;
    let credential_no = u32::from_be_bytes(digits::slice(&body, 0));
    let slot = u32::from_be_bytes(digits::slice(&body, 4));
    let mac: [u8; MAC_BYTES] = digits::slice(&body, 8);
    let genuine: bool = sign(key, book, credential_no, slot).ct_eq(&mac).into();
    if !genuine || version != key.version().to_string() {
        return Err(CodeFault::Forged);
    }
    let lapses_at = lapse(slot);
    if now < lapses_at { Ok(Opened { credential_no, lapses_at }) } else { Err(CodeFault::Lapsed) }
}

fn sign(key: &CodeKey, book: BookId, credential_no: u32, slot: u32) -> [u8; MAC_BYTES] {
    let parts: [&[u8]; 3] = [book.0.as_bytes(), &credential_no.to_be_bytes(), &slot.to_be_bytes()];
    digits::slice(&key.sign(LABEL, &parts), 0)
}

fn lapse(slot: u32) -> Timestamp {
    Timestamp::from_micros((EPOCH_SECONDS + i64::from(slot)) * MICROS_PER_SECOND)
}
