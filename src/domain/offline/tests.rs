//! What an entry says, who signed it, and what becomes of it; [`world`] plays two devices.

use std::collections::BTreeMap;

use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use proptest::prelude::*;
use uuid::Uuid;

use super::{
    entry::{DeviceKey, Entry, InvalidEntry, Item, Sum, card_mark, digest},
    round::{Allowance, Fault, Outcome, Round, Shelved, Standing, Stop, allot},
    *,
};
use crate::domain::ids::{BookId, HouseholdId, OfflineRoundId};

mod world;

fn home(n: u128) -> HouseholdId {
    HouseholdId(Uuid::from_u128(n))
}

fn sale(round: &Round, number: i64, previous: Sum, card: Sum, items: &[(i64, i64)]) -> Entry {
    let price = |sku: &i64| round.goods.get(sku).map_or(1, |g| g.price);
    let items: Vec<Item> =
        items.iter().map(|(sku, pieces)| Item { sku: *sku, pieces: *pieces, price: price(sku) }).collect();
    let mut entry = Entry {
        book: round.book,
        round: round.id,
        number,
        previous,
        at: Timestamp::from_micros(1_700_000_000_123_000),
        elapsed: 60,
        card,
        items,
        total: 0,
    };
    entry.total = entry.worth();
    entry
}

/// Two households with 20.00 and 5.00, soap at 5.00 (3 pieces), salt at 2.50 (10), a haircut at 4.00.
fn round(id: u128) -> Round {
    let id = OfflineRoundId(Uuid::from_u128(id));
    let allowance = |left| Allowance { left, standing: Standing::Good };
    Round {
        book: BookId(Uuid::from_u128(1)),
        id,
        state: RoundState::Open,
        next: 1,
        head: digest("what was given"),
        sale_max: 1_500,
        marks: [(mark(id, 1), home(1)), (mark(id, 2), home(2))].into(),
        allowances: [(home(1), allowance(2_000)), (home(2), allowance(500))].into(),
        goods: [
            (17, Shelved { left: Some(3), price: 500 }),
            (20, Shelved { left: Some(10), price: 250 }),
            (31, Shelved { left: None, price: 400 }),
        ]
        .into(),
        known: BTreeMap::new(),
    }
}

fn mark(round: OfflineRoundId, household: u128) -> Sum {
    card_mark(round, &format!("{household:010}"))
}

fn first(round: &Round, household: u128, items: &[(i64, i64)]) -> Entry {
    sale(round, round.next, round.head, mark(round.id, household), items)
}

fn outcome(round: &mut Round, entry: Entry) -> Outcome {
    let (taken, stop) = round.take(&[Ok(entry)]);
    assert_eq!(stop, None);
    taken.first().unwrap().outcome
}

#[test]
fn the_text_of_an_entry_is_read_back_and_no_other_text_is_one() {
    let round = round(7);
    let entry = first(&round, 1, &[(17, 2), (20, 1)]);
    let text = entry.text();
    assert_eq!(Entry::read(&text), Ok(entry.clone()));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.first(), Some(&"greencoin offline v1"));
    assert_eq!(lines.last(), Some(&"total 1250"));
    for wrong in [
        text.replace("total 1250", "total 01250"),
        text.replace("total 1250", "total +1250"),
        text.replace("total 1250\n", "total 1250"),
        text.replace("item 17 2 500\nitem 20 1 250", "item 20 1 250\nitem 17 2 500"),
        text.replace("item 17 2 500", "item 17 2 500\nitem 17 2 500"),
        text.replace("item 17 2", "item 17 0"),
        text.replace("number 1", "number 0"),
        text.replace("v1", "v2"),
        format!("{text}total 1250\n"),
        text.to_uppercase(),
        String::new(),
    ] {
        assert_eq!(Entry::read(&wrong), Err(InvalidEntry::Text), "{wrong}");
    }
}

#[test]
fn only_the_devices_own_signature_opens_an_entry() {
    let key = |byte: u8| SigningKey::from_slice(&[byte; 32]).unwrap();
    let (ours, other) = (key(1), key(2));
    let device = DeviceKey::read(ours.verifying_key().to_encoded_point(false).as_bytes()).unwrap();
    let entry = first(&round(7), 1, &[(17, 1)]);
    let text = entry.text();
    let signed = |by: &SigningKey, text: &str| {
        let signature: Signature = by.sign(text.as_bytes());
        signature.to_bytes().to_vec()
    };
    assert_eq!(device.open(&text, &signed(&ours, &text)), Ok(entry));
    let changed = text.replace("item 17 1", "item 17 2");
    for (text, signature) in [
        (&text, signed(&other, &text)),
        (&changed, signed(&ours, &text)),
        (&text, vec![0; 64]),
        (&text, Vec::new()),
    ] {
        assert_eq!(device.open(text, &signature), Err(InvalidEntry::Signature));
    }
    assert_eq!(device.open("hello", &signed(&ours, "hello")), Err(InvalidEntry::Text));
    assert_eq!(DeviceKey::read(&[4; 65]), Err(entry::InvalidKey));
    assert_eq!(DeviceKey::read(&[]), Err(entry::InvalidKey));
}

/// What Chromium's WebCrypto made on the page, with the key it was made by.
#[test]
fn an_entry_that_a_browser_signed_is_opened() {
    let bytes = |hex: &str| -> Vec<u8> {
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        hex.as_bytes().chunks(2).map(byte).collect()
    };
    let key = concat!(
        "046063d7bdfebc8e80953179c0574c9978a6390f96d8ae3e41a092c17cddad66",
        "9cdd7c9392f991a3ee259d86a038e285b55046e4e8165de863735062e944458a",
        "77",
    );
    let signature = concat!(
        "fa56c591aa56fc378fb0e934e635c2f1e25e7db5cbc8bb30d0f162d440cc2c3d",
        "564898f5ad34e67bf1662c243b7579c163a28d76d0dbc27d22ee25065cb699f8",
    );
    let text = concat!(
        "greencoin offline v1\n",
        "book ff297b02-3115-4b9e-8193-9a0427c35f87\n",
        "round b13e7d70-86c3-4ac0-b02a-ce3faabb677f\n",
        "number 1\n",
        "previous df5845f0ebba30e0135234be7ce51719700531736cb4658ebdcb88c749c9de0f\n",
        "at 1795459695833\n",
        "elapsed 0\n",
        "card 0ebb506c29204ab96e49e757c42d4bc3a70c9c32beb6e1177797359489c34390\n",
        "item 1 2 500\n",
        "total 1000\n",
    );
    let device = DeviceKey::read(&bytes(key)).unwrap();
    let entry = device.open(text, &bytes(signature)).unwrap();
    assert_eq!((entry.number, entry.total, entry.worth()), (1, 1_000, 1_000));
    assert_eq!(entry.card, card_mark(entry.round, "1234567890"));
}

/// Why, what is changed before, and the entry.
type Case = (ConflictKind, fn(&mut Round), Box<dyn Fn(&Round) -> Entry>);

#[test]
fn every_reason_against_a_sale_has_its_name_and_takes_no_points() {
    let long = |round: &Round| first(round, 1, &[(17, 1)]);
    let cases: Vec<Case> = vec![
        (ConflictKind::UnknownCard, |_| {}, Box::new(|r| first(r, 9, &[(17, 1)]))),
        (ConflictKind::ArticleUnknown, |_| {}, Box::new(|r| first(r, 1, &[(99, 1)]))),
        (ConflictKind::Figures, |_| {}, Box::new(move |r| Entry { total: 499, ..long(r) })),
        (
            ConflictKind::Figures,
            |r| r.goods.get_mut(&17).unwrap().price = 600,
            Box::new(move |r| {
                let items = vec![Item { sku: 17, pieces: 1, price: 500 }];
                Entry { items, total: 500, ..long(r) }
            }),
        ),
        (
            ConflictKind::CardRevoked,
            |r| r.allowances.get_mut(&home(1)).unwrap().standing = Standing::CardRevoked,
            Box::new(long),
        ),
        (
            ConflictKind::Frozen,
            |r| r.allowances.get_mut(&home(1)).unwrap().standing = Standing::Frozen,
            Box::new(long),
        ),
        (
            ConflictKind::OwnHousehold,
            |r| r.allowances.get_mut(&home(1)).unwrap().standing = Standing::Own,
            Box::new(long),
        ),
        (ConflictKind::BeyondGoods, |r| r.sale_max = 9_999, Box::new(|r| first(r, 1, &[(17, 4)]))),
        (ConflictKind::BeyondAllowance, |_| {}, Box::new(|r| first(r, 2, &[(17, 1), (20, 1)]))),
        (ConflictKind::BeyondAllowance, |_| {}, Box::new(|r| first(r, 1, &[(17, 3), (20, 1)]))),
        (ConflictKind::AfterEnd, |r| r.state = RoundState::Lost, Box::new(long)),
    ];
    for (expected, change, entry) in cases {
        let mut round = round(7);
        change(&mut round);
        let before = round.allowances.clone();
        let entry = entry(&round);
        let found = outcome(&mut round, entry);
        assert!(matches!(found, Outcome::Conflict { kind, .. } if kind == expected), "{expected}: {found:?}");
        assert_eq!(round.allowances, before, "{expected}");
        assert_eq!(round.next, 2, "{expected}");
    }
}

#[test]
fn pieces_of_a_conflict_are_set_apart_as_far_as_there_are_any() {
    let mut round = round(7);
    let entry = first(&round, 9, &[(17, 5), (20, 2), (31, 1)]);
    let (taken, _) = round.take(&[Ok(entry)]);
    assert_eq!(taken.first().unwrap().pieces, [(17, 3), (20, 2)]);
    assert_eq!(round.goods.get(&17).unwrap().left, Some(0));
    let entry = first(&round, 1, &[(20, 2)]);
    assert_eq!(outcome(&mut round, entry), Outcome::Sold { household: home(1) });
}

#[test]
fn a_gap_asks_for_what_is_missing_and_a_wrong_entry_stops_the_device() {
    let mut given = round(7);
    let one = first(&given, 1, &[(17, 1)]);
    let two = sale(&given, 2, one.digest(), mark(given.id, 1), &[(20, 1)]);
    assert_eq!(given.take(&[Ok(two.clone())]), (vec![], Some(Stop::Gap { next: 1 })));
    assert_eq!(given.state, RoundState::Open);
    let (taken, stop) = given.take(&[Ok(one.clone()), Ok(two.clone())]);
    assert_eq!((taken.len(), stop), (2, None));
    let (taken, stop) = given.take(&[Ok(one.clone()), Ok(two.clone())]);
    assert!(taken.iter().all(|t| t.outcome == Outcome::Known) && stop.is_none());

    let fork = Entry { elapsed: 61, ..one.clone() };
    let loose = sale(&given, 3, one.digest(), mark(given.id, 1), &[(20, 1)]);
    let foreign = Entry { round: OfflineRoundId(Uuid::from_u128(8)), ..one };
    for (entry, expected) in [
        (Ok(fork), Fault::Forked),
        (Ok(loose), Fault::Chain),
        (Ok(foreign), Fault::Foreign),
        (Err(InvalidEntry::Signature), Fault::Unsigned(InvalidEntry::Signature)),
    ] {
        let mut round = given.clone();
        let (taken, stop) = round.take(&[Ok(two.clone()), entry]);
        // what was sent before it stands
        assert_eq!(taken.len(), 1);
        assert_eq!(stop, Some(Stop::Broken { number: 3, fault: expected }));
        assert_eq!(round.state, RoundState::Stopped);
        assert_eq!((round.next, &round.goods), (3, &given.goods));
        // and nothing that is new is taken any more, but what was taken is still answered
        let right = sale(&round, 3, round.head, mark(round.id, 1), &[(20, 1)]);
        let stopped = Some(Stop::Broken { number: 3, fault: Fault::Stopped });
        assert_eq!(round.take(&[Ok(right)]), (vec![], stopped));
        assert_eq!(round.take(&[Ok(two.clone())]).0.len(), 1);
    }
}

proptest! {
    /// Nobody gets more than it has, or more than the day allows; no device more than a counter may have.
    #[test]
    fn an_allowance_is_within_every_limit(
        homes in prop::collection::vec((-5_000_i64..20_000, 0_i64..8_000), 0..40),
        each in 0_i64..6_000, household_max in 0_i64..6_000, counter_max in 0_i64..50_000,
    ) {
        let wanted = (1..).zip(&homes).map(|(n, (available, out))| (home(n), *available, *out));
        let given = allot(wanted.clone(), each, household_max, counter_max);
        prop_assert!(given.iter().map(|(_, p)| p).sum::<i64>() <= counter_max);
        let by_home: BTreeMap<_, _> = wanted.map(|(id, available, out)| (id, (available, out))).collect();
        for (id, points) in given {
            let (available, out) = by_home[&id];
            prop_assert!(points > 0 && points <= available && points <= each && points + out <= household_max);
        }
    }
}
