//! Selling without network: what a device sells was put aside for it, comes in once whatever happens on the way, and what
//! cannot be taken is decided by people.

use greencoin::{
    domain::{
        basket::Basket,
        offline::{
            Decision, RoundState,
            entry::{Entry, Item, Sum, card_mark},
        },
        posting::Commodity,
        time::Timestamp,
    },
    service::{
        ServiceError,
        caller::{Reviewer, Role, Staff},
        redeem::offline::{Given, NewRound, Sent, Synced},
    },
    store::ledger::read,
};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};

use crate::village::{HAIRCUT, OIL, SOAP, TOWEL, Village, fact, refused};

mod around;

/// A device that sells, as the page does.
struct Till {
    key: SigningKey,
    given: Given,
    head: Sum,
    next: i64,
    entries: Vec<(String, Vec<u8>)>,
}

impl Till {
    async fn ready(v: &Village, byte: u8, goods: &[(i64, i64)]) -> Result<Self, ServiceError> {
        let key = SigningKey::from_slice(&[byte; 32]).unwrap();
        let given = v.desk.ready_offline(&v.shop, &new(v, &key, goods), &format!("ready {byte}")).await?;
        Ok(Self { key, head: given.head, next: given.next, given, entries: Vec::new() })
    }

    /// Writes a sale down and signs it.
    fn sell(&mut self, card: &str, items: &[(i64, i64)]) {
        let price = |sku: i64| self.given.goods.iter().find(|g| g.row.sku == sku).map_or(100, |g| g.price);
        let items: Vec<Item> = items
            .iter()
            .map(|(sku, pieces)| Item { sku: *sku, pieces: *pieces, price: price(*sku) })
            .collect();
        let mut entry = Entry {
            book: self.given.book,
            round: self.given.id,
            number: self.next,
            previous: self.head,
            at: Timestamp::from_micros(1_000_000),
            elapsed: 60,
            card: card_mark(self.given.id, card),
            items,
            total: 0,
        };
        entry.total = entry.worth();
        self.head = entry.digest();
        self.next += 1;
        let text = entry.text();
        let signature: Signature = self.key.sign(text.as_bytes());
        self.entries.push((text, signature.to_bytes().to_vec()));
    }

    async fn send(&self, v: &Village, from: usize, close: bool) -> Result<Synced, ServiceError> {
        let entries = self.entries.iter().skip(from).cloned().collect();
        let sent = Sent { entries, device_now: v.desk.now(), close };
        v.desk.sync_offline(&v.shop, self.given.id, &sent).await
    }
}

fn new(v: &Village, key: &SigningKey, goods: &[(i64, i64)]) -> NewRound {
    NewRound {
        counter: Some(v.counter.id),
        device: "平板".to_owned(),
        device_key: key.verifying_key().to_encoded_point(false).as_bytes().to_vec(),
        places: Vec::new(),
        each: 5_000,
        goods: Basket::new(goods.iter().copied()).unwrap(),
    }
}

/// Somebody of the panel.
fn reviewer(v: &Village) -> Reviewer {
    let staff = Staff { user: v.desk.id(), roles: vec![Role::Reviewer], person: None, ..(*v.clerk).clone() };
    Reviewer::of(&staff).unwrap()
}

/// Available and held points of a household.
async fn has(v: &Village, home: usize) -> (i64, i64) {
    let has = v.desk.own_holdings(&v.resident(home)).await.unwrap();
    (has.available / 100, has.held / 100)
}

async fn balance(v: &Village, path: &str, commodity: &str) -> i64 {
    let mut tx = v.desk.db.begin_read().await.unwrap();
    read::balance(&mut tx, v.book, path, commodity).await.unwrap()
}

/// Pieces of an article on the shelf, put aside, handed out and lost.
async fn pieces(v: &Village, sku: i64) -> (i64, i64, i64, i64) {
    let code = format!("SKU-{sku:06}");
    (
        balance(v, "Assets:Stock:C1", &code).await,
        balance(v, "Assets:Reserved:C1", &code).await,
        balance(v, "Expenses:Issued", &code).await,
        balance(v, "Expenses:Loss", &code).await,
    )
}

async fn holds(v: &Village) {
    v.check_sums().await;
    let report = v.desk.verify_books(None).await.unwrap();
    assert!(report.holds(), "{report:#?}");
}

/// Two households with a card and points.
async fn two(v: &Village) -> (String, String) {
    v.give(0, 80).await;
    v.give(1, 30).await;
    (v.card(0).await, v.card(1).await)
}

#[tokio::test]
async fn a_device_sells_what_was_put_aside_and_what_it_sends_is_taken_once() {
    let v = Village::new().await;
    let (first, second) = two(&v).await;
    let mut till = Till::ready(&v, 1, &[(SOAP, 5), (HAIRCUT, 1)]).await.unwrap();
    // at most 50 points a household and day, those it has otherwise
    assert_eq!((has(&v, 0).await, has(&v, 1).await), ((30, 50), (0, 30)));
    assert_eq!(pieces(&v, SOAP).await, (15, 5, 0, 0));
    assert_eq!(till.given.households.iter().map(|h| h.left).collect::<Vec<_>>(), [5_000, 3_000]);
    holds(&v).await;
    till.sell(&first, &[(SOAP, 2)]);
    till.sell(&second, &[(SOAP, 1), (HAIRCUT, 1)]);
    till.sell(&first, &[(SOAP, 1)]);
    let synced = till.send(&v, 0, false).await.unwrap();
    assert_eq!((synced.next, synced.gap, synced.state), (4, false, RoundState::Open));
    let receipts: Vec<_> = synced.entries.iter().map(|e| (e.outcome.as_str(), e.receipt)).collect();
    assert_eq!(receipts, [("sold", Some(1)), ("sold", Some(2)), ("sold", Some(3))]);
    assert_eq!((has(&v, 0).await, has(&v, 1).await), ((30, 35), (0, 15)));
    assert_eq!(pieces(&v, SOAP).await, (15, 1, 4, 0));
    assert_eq!(balance(&v, "Expenses:Rewards", Commodity::CNYFEN).await, 4 * 450);
    holds(&v).await;
    // the answer was lost: the same again, alone and with more
    let seq = v.seq().await;
    assert_eq!(till.send(&v, 0, false).await.unwrap().entries, synced.entries);
    assert_eq!(v.seq().await, seq);
    till.sell(&second, &[(SOAP, 1)]);
    let synced = till.send(&v, 1, true).await.unwrap();
    assert_eq!(synced.entries.iter().map(|e| e.receipt.unwrap()).collect::<Vec<_>>(), [2, 3, 4]);
    assert_eq!(synced.state, RoundState::Closed);
    // what was left went back
    assert_eq!((has(&v, 0).await, has(&v, 1).await), ((65, 0), (10, 0)));
    assert_eq!(pieces(&v, SOAP).await, (15, 0, 5, 0));
    holds(&v).await;
}

#[tokio::test]
async fn points_that_a_device_has_in_hand_are_spent_nowhere_else_and_two_devices_share_the_day() {
    let v = Village::new().await;
    let (first, second) = two(&v).await;
    let one = Till::ready(&v, 1, &[(SOAP, 5)]).await.unwrap();
    assert_eq!(refused(v.redeem(&second, &[(TOWEL, 1)], "k").await), "insufficient_points");
    // the first household's day is used up and the second has nothing left
    assert_eq!(refused(Till::ready(&v, 2, &[(SOAP, 5)]).await.map(|_| ())), "offline_nobody");
    one.send(&v, 0, true).await.unwrap();
    let mut two = Till::ready(&v, 2, &[(SOAP, 15)]).await.unwrap();
    two.sell(&first, &[(SOAP, 3)]);
    two.send(&v, 0, true).await.unwrap();
    // what was sold counts for the day: 35 of 50 are left
    let three = Till::ready(&v, 3, &[(SOAP, 1)]).await.unwrap();
    assert_eq!(three.given.households.iter().map(|h| h.left).collect::<Vec<_>>(), [3_500, 3_000]);
    holds(&v).await;
}

#[tokio::test]
async fn what_cannot_be_sold_without_network_is_not_put_aside() {
    let v = Village::new().await;
    two(&v).await;
    let quota = Till::ready(&v, 1, &[(OIL, 1)]).await;
    assert_eq!(refused(quota.map(|_| ())), "offline_quota");
    let short = Till::ready(&v, 1, &[(SOAP, 21)]).await.map(|_| ());
    assert_eq!(fact(&short, "available"), "20");
    assert_eq!(refused(short), "out_of_stock");
    let key = SigningKey::from_slice(&[1; 32]).unwrap();
    let wrong = NewRound { device_key: vec![4; 65], ..new(&v, &key, &[(SOAP, 1)]) };
    assert_eq!(refused(v.desk.ready_offline(&v.shop, &wrong, "k").await), "offline_key");
    assert_eq!((has(&v, 0).await, pieces(&v, SOAP).await), ((80, 0), (20, 0, 0, 0)));
    // the same key again gives the same
    let asked = new(&v, &key, &[(SOAP, 1)]);
    let given = v.desk.ready_offline(&v.shop, &asked, "k").await.unwrap();
    assert_eq!(v.desk.ready_offline(&v.shop, &asked, "k").await.unwrap(), given);
    assert_eq!(has(&v, 0).await, (30, 50));
}

#[tokio::test]
async fn a_card_that_is_dead_takes_nothing_and_people_decide() {
    let v = Village::new().await;
    let (first, second) = two(&v).await;
    let mut till = Till::ready(&v, 1, &[(SOAP, 5), (TOWEL, 5)]).await.unwrap();
    till.sell(&first, &[(SOAP, 1)]);
    till.sell(&second, &[(SOAP, 1)]);
    till.sell("0123456789", &[(TOWEL, 2)]);
    till.sell(&first, &[(TOWEL, 1)]);
    let card = v.desk.cards_of(v.book, v.homes[0]).await.unwrap().remove(0);
    v.desk.revoke_card(&v.clerk, card.id, "丢失").await.unwrap();
    let synced = till.send(&v, 0, true).await.unwrap();
    let outcomes: Vec<_> = synced.entries.iter().map(|e| e.outcome.as_str()).collect();
    assert_eq!(outcomes, ["card_revoked", "sold", "unknown_card", "card_revoked"]);
    // nothing was taken of the household; the goods wait until somebody decides
    assert_eq!((has(&v, 0).await, has(&v, 1).await), ((80, 0), (25, 0)));
    assert_eq!((pieces(&v, SOAP).await, pieces(&v, TOWEL).await), ((18, 1, 1, 0), (197, 3, 0, 0)));
    holds(&v).await;
    let by = reviewer(&v);
    let waiting = v.desk.undecided_offline(&by).await.unwrap();
    assert_eq!(waiting.iter().map(|w| w.number).collect::<Vec<_>>(), [1, 3, 4]);
    let id = till.given.id;
    assert_eq!(refused(v.desk.decide_offline(&by, (id, 3), Decision::Posted).await), "offline_whose");
    v.desk.decide_offline(&by, (id, 1), Decision::Posted).await.unwrap();
    v.desk.decide_offline(&by, (id, 3), Decision::Loss).await.unwrap();
    v.desk.decide_offline(&by, (id, 4), Decision::Back).await.unwrap();
    assert_eq!(has(&v, 0).await, (75, 0));
    assert_eq!((pieces(&v, SOAP).await, pieces(&v, TOWEL).await), ((18, 0, 2, 0), (198, 0, 0, 2)));
    assert!(v.desk.undecided_offline(&by).await.unwrap().is_empty());
    v.desk.decide_offline(&by, (id, 1), Decision::Posted).await.unwrap();
    assert_eq!(refused(v.desk.decide_offline(&by, (id, 1), Decision::Back).await), "already_decided");
    assert_eq!(has(&v, 0).await, (75, 0));
    holds(&v).await;
}

#[tokio::test]
async fn a_wrong_signature_or_order_stops_the_device_and_what_came_before_stands() {
    let v = Village::new().await;
    let (first, _) = two(&v).await;
    let mut till = Till::ready(&v, 1, &[(SOAP, 5)]).await.unwrap();
    till.sell(&first, &[(SOAP, 1)]);
    till.sell(&first, &[(SOAP, 1)]);
    // one that is missing is asked for
    let gap = till.send(&v, 1, false).await.unwrap();
    assert_eq!((gap.gap, gap.next, gap.entries.len()), (true, 1, 0));
    assert_eq!(has(&v, 0).await, (30, 50));
    // the second says more than was signed
    if let Some((text, _)) = till.entries.last_mut() {
        *text = text.replace("item 1 1 500", "item 1 2 500").replace("total 500", "total 1000");
    }
    let stopped = till.send(&v, 0, true).await.unwrap();
    assert_eq!((stopped.state, stopped.next), (RoundState::Stopped, 2));
    assert_eq!(stopped.fault.as_deref(), Some("signature"));
    // the first stands, and what is left stays put aside until people end it
    assert_eq!((has(&v, 0).await, pieces(&v, SOAP).await), ((30, 45), (15, 4, 1, 0)));
    let again = till.send(&v, 0, true).await.unwrap();
    assert_eq!((again.state, again.entries.len()), (RoundState::Stopped, 1));
    holds(&v).await;
}

#[tokio::test]
async fn a_lost_device_is_ended_by_two_people_and_what_it_sends_later_is_for_people() {
    let v = Village::new().await;
    let (first, _) = two(&v).await;
    let mut till = Till::ready(&v, 1, &[(SOAP, 5)]).await.unwrap();
    let (id, by) = (till.given.id, reviewer(&v));
    assert_eq!(refused(v.desk.end_missing_offline(&by, id).await), "offline_not_missing");
    v.desk.miss_offline(&v.clerk, id, "掉进水塘").await.unwrap();
    let clerk_too = Reviewer::of(&Staff { roles: vec![Role::Reviewer], ..(*v.clerk).clone() }).unwrap();
    assert_eq!(refused(v.desk.end_missing_offline(&clerk_too, id).await), "offline_second");
    // it may turn up until somebody else agrees
    till.sell(&first, &[(SOAP, 1)]);
    assert_eq!(till.send(&v, 0, false).await.unwrap().entries.len(), 1);
    let ended = v.desk.end_missing_offline(&by, id).await.unwrap();
    assert_eq!(ended.state, RoundState::Lost);
    assert_eq!((has(&v, 0).await, pieces(&v, SOAP).await), ((75, 0), (19, 0, 1, 0)));
    till.sell(&first, &[(SOAP, 2)]);
    let late = till.send(&v, 0, true).await.unwrap();
    let outcomes: Vec<_> = late.entries.iter().map(|e| e.outcome.as_str()).collect();
    assert_eq!(outcomes, ["sold", "after_end"]);
    assert_eq!((has(&v, 0).await, pieces(&v, SOAP).await), ((75, 0), (19, 0, 1, 0)));
    v.desk.decide_offline(&by, (id, 2), Decision::Posted).await.unwrap();
    assert_eq!((has(&v, 0).await, pieces(&v, SOAP).await), ((65, 0), (17, 0, 3, 0)));
    holds(&v).await;
}

#[tokio::test]
async fn a_price_that_changed_and_a_clock_that_is_wrong_are_told_and_change_nothing() {
    let v = Village::new().await;
    let (first, _) = two(&v).await;
    let mut till = Till::ready(&v, 1, &[(SOAP, 5)]).await.unwrap();
    let soap = v.desk.goods(v.book, 0, 100).await.unwrap().remove(0).row;
    v.desk.set_price(&v.clerk, SOAP, soap.price_version, 900).await.unwrap();
    till.sell(&first, &[(SOAP, 1)]);
    let device_now = v.desk.now().plus_seconds(-3_600);
    let sent = Sent { entries: till.entries.clone(), device_now, close: true };
    let synced = v.desk.sync_offline(&v.shop, till.given.id, &sent).await.unwrap();
    assert_eq!(synced.entries[0].flags, ["skew", "price_changed"]);
    let told = v.desk.flagged_offline(&reviewer(&v)).await.unwrap();
    assert_eq!(
        told.iter().map(|e| (e.number, e.flags.len(), e.receipt)).collect::<Vec<_>>(),
        [(1, 2, Some(1))]
    );
    assert_eq!(has(&v, 0).await, (75, 0));
    holds(&v).await;
}

#[tokio::test]
async fn the_same_sent_twice_at_once_is_taken_once() {
    let v = Village::new().await;
    let (first, _) = two(&v).await;
    let mut till = Till::ready(&v, 1, &[(SOAP, 5)]).await.unwrap();
    till.sell(&first, &[(SOAP, 1)]);
    till.sell(&first, &[(SOAP, 1)]);
    let part = |entries: usize| Sent {
        entries: till.entries.iter().take(entries).cloned().collect(),
        device_now: v.desk.now(),
        close: false,
    };
    let (all, less, id) = (part(2), part(1), till.given.id);
    let (a, b, c) = tokio::join!(
        v.desk.sync_offline(&v.shop, id, &all),
        v.desk.sync_offline(&v.shop, id, &less),
        v.desk.sync_offline(&v.shop, id, &all),
    );
    for synced in [a, b, c] {
        let synced = synced.unwrap();
        assert!(synced.entries.iter().all(|e| e.outcome == "sold"), "{synced:?}");
    }
    assert_eq!((has(&v, 0).await, pieces(&v, SOAP).await), ((30, 40), (15, 3, 2, 0)));
    holds(&v).await;
}

#[tokio::test]
async fn what_was_refused_for_want_of_points_is_taken_once_there_are_some() {
    let v = Village::new().await;
    v.give(0, 20).await;
    let first = v.card(0).await;
    let mut till = Till::ready(&v, 1, &[(SOAP, 4)]).await.unwrap();
    till.sell(&first, &[(SOAP, 2)]);
    let card = v.desk.cards_of(v.book, v.homes[0]).await.unwrap().remove(0);
    v.desk.revoke_card(&v.clerk, card.id, "丢失").await.unwrap();
    till.send(&v, 0, true).await.unwrap();
    let code = v.code(0).await;
    v.redeem(&code, &[(SOAP, 3)], "online").await.unwrap();
    let (of, by) = ((till.given.id, 1), reviewer(&v));
    assert_eq!(refused(v.desk.decide_offline(&by, of, Decision::Posted).await), "insufficient_points");
    assert_eq!((has(&v, 0).await, pieces(&v, SOAP).await), ((5, 0), (15, 2, 3, 0)));
    v.give(0, 10).await;
    v.desk.decide_offline(&by, of, Decision::Posted).await.unwrap();
    assert_eq!((has(&v, 0).await, pieces(&v, SOAP).await), ((5, 0), (15, 0, 5, 0)));
    holds(&v).await;
}
