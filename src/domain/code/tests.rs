//! Tests of the codes: what was issued opens, and nothing else does.

use proptest::prelude::*;
use uuid::Uuid;

use super::{
    phone::{CodeFault, LIFETIME_SECONDS, issue, open},
    *,
};
use crate::domain::{
    entropy::ChaChaEntropy,
    ids::{BookId, CardId},
    time::Timestamp,
};

fn book(n: u128) -> BookId {
    BookId(Uuid::from_u128(n))
}

fn key() -> CodeKey {
    CodeKey::new(1, [7; 32])
}

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(1_790_000_000_000_000 + micros)
}

/// `digits` with the one at `place` turned by 1 to 9.
fn turned(digits: &str, place: usize, by: u8) -> String {
    digits
        .bytes()
        .enumerate()
        .map(|(i, b)| char::from(if i == place { b'0' + (b - b'0' + by) % 10 } else { b }))
        .collect()
}

proptest! {
    #[test]
    fn an_issued_phone_code_opens_until_its_lapse_and_not_after(n in any::<u32>(), b in any::<u128>(), t in 0_i64..10_000_000_000_000) {
        let code = issue(&key(), book(b), n, at(t), LIFETIME_SECONDS);
        prop_assert_eq!(code.digits.len(), CODE_DIGITS);
        prop_assert!(code.digits.starts_with("11"));
        let opened = open(&key(), book(b), &code.digits, at(t)).unwrap();
        prop_assert_eq!((opened.credential_no, opened.lapses_at), (n, code.lapses_at));
        let last = Timestamp::from_micros(code.lapses_at.micros() - 1);
        prop_assert!(open(&key(), book(b), &code.digits, last).is_ok());
        prop_assert_eq!(open(&key(), book(b), &code.digits, code.lapses_at), Err(CodeFault::Lapsed));
        prop_assert_eq!(code.lapses_at.seconds(), at(t).seconds() + LIFETIME_SECONDS);
    }

    #[test]
    fn a_phone_code_with_one_wrong_digit_is_refused(n in any::<u32>(), place in 0_usize..48, by in 1_u8..10) {
        let code = issue(&key(), book(1), n, at(0), LIFETIME_SECONDS);
        let wrong = open(&key(), book(1), &turned(&code.digits, place, by), at(0));
        prop_assert!(matches!(wrong, Err(CodeFault::Malformed | CodeFault::Forged)), "{:?}", wrong);
    }

    #[test]
    fn a_code_of_another_key_or_village_is_forged(n in any::<u32>(), secret in any::<[u8; 32]>()) {
        prop_assume!(secret != [7; 32]);
        let code = issue(&CodeKey::new(1, secret), book(1), n, at(0), LIFETIME_SECONDS);
        prop_assert_eq!(open(&key(), book(1), &code.digits, at(0)), Err(CodeFault::Forged));
        let elsewhere = issue(&key(), book(2), n, at(0), LIFETIME_SECONDS);
        prop_assert_eq!(open(&key(), book(1), &elsewhere.digits, at(0)), Err(CodeFault::Forged));
    }

    #[test]
    fn a_card_is_read_back_and_one_wrong_digit_is_not(id in any::<u128>(), serial in any::<u32>(), place in 0_usize..48, by in 1_u8..10) {
        let token = CardToken::derive(&key(), CardId(Uuid::from_u128(id)), serial);
        let digits = token.card_digits();
        prop_assert_eq!(digits.len(), CODE_DIGITS);
        prop_assert_eq!(CardToken::parse(&digits), Ok(token));
        prop_assert!(CardToken::parse(&turned(&digits, place, by)).is_err());
        prop_assert_eq!(classify(&digits), Scanned::CardQr(token));
    }

    #[test]
    fn a_card_number_with_one_wrong_digit_is_refused(payload in 0_u32..1_000_000_000, place in 0_usize..10, by in 1_u8..10) {
        let number = CardNumber::from_payload(payload);
        prop_assert_eq!(CardNumber::parse(&number.grouped()), Ok(number.clone()));
        prop_assert!(CardNumber::parse(&turned(number.as_str(), place, by)).is_err());
    }

    #[test]
    fn any_152_bits_survive_their_digits(body in any::<[u8; 19]>()) {
        prop_assert_eq!(digits::decode(&digits::encode(body)), Some(body));
    }

    #[test]
    fn no_input_breaks_the_classifier(text in ".{0,60}") {
        let _ = classify(&text);
        let _ = open(&key(), book(1), &text, at(0));
    }
}

#[test]
fn numbers_beyond_152_bits_are_malformed() {
    assert_eq!(digits::decode(&"9".repeat(46)), None);
    assert_eq!(open(&key(), book(1), &format!("11{}", "9".repeat(46)), at(0)), Err(CodeFault::Malformed));
}

#[test]
fn the_check_digit_is_that_of_the_standard() {
    // The worked example of ISO 7064 for MOD 11,10.
    assert_eq!(card::check_digit("0794"), 5);
}

#[test]
fn a_reprinted_card_is_the_same_and_a_reissued_one_is_not() {
    let id = CardId(Uuid::from_u128(5));
    let first = CardToken::derive(&key(), id, 1);
    assert_eq!(CardToken::derive(&key(), id, 1).card_digits(), first.card_digits());
    assert_ne!(CardToken::derive(&key(), id, 2).digest(), first.digest());
    assert!(!format!("{first:?}").contains(first.card_digits().get(4..10).unwrap()));
}

#[test]
fn every_input_is_told_apart_as_a_hand_or_a_scanner_gives_it() {
    let code = issue(&key(), book(1), 9, at(0), LIFETIME_SECONDS).digits;
    let spaced: String = code.chars().map(|c| format!("{c} ")).collect();
    assert_eq!(classify(&spaced), Scanned::PhoneCode(code.clone()));
    let full: String = code.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
    assert_eq!(classify(&full), Scanned::PhoneCode(code));
    let number = CardNumber::draw(&ChaChaEntropy::from_seed(1));
    assert_eq!(classify(&number.grouped()), Scanned::CardNumber(number));
    for typed in ["H0017", "h17", "17", "０１７", "H-0017"] {
        assert_eq!(classify(typed), Scanned::HouseholdNo(HouseholdNo::from_ordinal(17)), "{typed}");
    }
    for unknown in ["", "0", "123456", "13812345678", "hello", "2".repeat(48).as_str()] {
        assert_eq!(classify(unknown), Scanned::Unknown, "{unknown}");
    }
}
