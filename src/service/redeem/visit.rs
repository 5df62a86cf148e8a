//! A code lives a minute, choosing goods takes longer. Whoever's code was read in time gets a visit: a signed slip
//! for this shopkeeper, this counter and this code, good for some minutes. Nothing is stored.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::{Desk, Shopkeeper, VISIT_SECONDS};
use crate::{
    domain::ids::{CounterId, UserId},
    store::counter::CounterRow,
};

const LABEL: &[u8] = b"greencoin visit v1";

/// A visit as handed back.
pub(super) struct Visit<'a> {
    pub(super) by: &'a Shopkeeper,
    pub(super) counter: &'a CounterRow,
    pub(super) token: Option<&'a str>,
}

impl Desk {
    /// A slip that this code was shown in time.
    pub(super) fn visit(&self, by: &Shopkeeper, counter: &CounterRow, code_digest: &[u8]) -> String {
        let until = self.now().seconds() + VISIT_SECONDS;
        format!("{until}.{}", self.sign_visit(until, by.user, counter.id, code_digest))
    }

    /// Whether the slip is ours, for this shopkeeper, counter and code, and still good.
    pub(super) fn visit_holds(&self, visit: &Visit<'_>, code_digest: &[u8]) -> bool {
        let Some((until, mac)) = visit.token.and_then(|t| t.split_once('.')) else { return false };
        let Ok(seconds) = until.parse::<i64>() else { return false };
        let right = self.sign_visit(seconds, visit.by.user, visit.counter.id, code_digest);
        let genuine: bool = right.as_bytes().ct_eq(mac.as_bytes()).into();
        genuine && self.now().seconds() < seconds
    }

    fn sign_visit(&self, until: i64, user: UserId, counter: CounterId, code_digest: &[u8]) -> String {
        // HMAC takes keys of any length
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.keys.phone_code()) else {
            return String::new();
        };
        mac.update(LABEL);
        for part in [&until.to_be_bytes()[..], user.0.as_bytes(), counter.0.as_bytes(), code_digest] {
            mac.update(part);
        }
        hex(&mac.finalize().into_bytes())
    }
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut out, byte| {
        for nibble in [byte >> 4, byte & 15] {
            out.extend(char::from_digit(u32::from(nibble), 16));
        }
        out
    })
}
