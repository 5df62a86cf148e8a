//! What lies around a device: days that were closed, whoever sends it, its 72 hours, what its households read, and what is
//! forgotten.

use greencoin::{
    domain::offline::Decision,
    service::{
        caller::{Reviewer, Role, Shopkeeper, Staff},
        redeem::{day_close::Counted, offline::Synced},
        statement::{Score, Why},
    },
    store::{offline as rows, person},
};

use super::{Till, has, holds, pieces, reviewer, two};
use crate::village::{SOAP, TOWEL, Village, refused};

const HOUR: i64 = 3_600;

fn outcomes(synced: &Synced) -> Vec<&str> {
    synced.entries.iter().map(|e| e.outcome.as_str()).collect()
}

#[tokio::test]
async fn what_comes_after_the_day_was_closed_waits_for_the_next() {
    let v = Village::new().await;
    let (first, _) = two(&v).await;
    let mut till = Till::ready(&v, 1, &[(SOAP, 5)]).await.unwrap();
    till.sell(&first, &[(SOAP, 1)]);
    v.desk.close_day(&v.shop, v.counter.id, Counted { slips: 0, why: None }).await.unwrap();
    assert_eq!(refused(till.send(&v, 0, false).await), "offline_day_closed");
    assert_eq!((has(&v, 0).await, pieces(&v, SOAP).await), ((30, 50), (15, 5, 0, 0)));
    holds(&v).await;
    v.clock.advance_seconds(24 * HOUR);
    // it was sold already: whether the counter is open by now does not matter
    assert_eq!(outcomes(&till.send(&v, 0, true).await.unwrap()), ["sold"]);
    assert_eq!((has(&v, 0).await, pieces(&v, SOAP).await), ((75, 0), (19, 0, 1, 0)));
    holds(&v).await;
}

#[tokio::test]
async fn whoever_sends_a_device_does_not_post_for_their_own_household_and_nobody_decides_for_theirs() {
    let v = Village::new().await;
    let (first, second) = two(&v).await;
    let mut till = Till::ready(&v, 1, &[(SOAP, 5)]).await.unwrap();
    till.sell(&first, &[(SOAP, 1)]);
    till.sell(&second, &[(SOAP, 1)]);
    let own = Staff { person: Some(v.heads[0]), ..(*v.shop).clone() };
    let sent = greencoin::service::redeem::offline::Sent {
        entries: till.entries.clone(),
        device_now: v.desk.now(),
        close: true,
    };
    let by = Shopkeeper::of(&own).unwrap();
    let synced = v.desk.sync_offline(&by, till.given.id, &sent).await.unwrap();
    assert_eq!(outcomes(&synced), ["own_household", "sold"]);
    assert_eq!((has(&v, 0).await, has(&v, 1).await), ((80, 0), (25, 0)));
    let of = (till.given.id, 1);
    let readied = Reviewer::of(&Staff { roles: vec![Role::Reviewer], ..(*v.shop).clone() }).unwrap();
    assert_eq!(refused(v.desk.decide_offline(&readied, of, Decision::Posted).await), "offline_second");
    let theirs = Staff { person: Some(v.heads[0]), ..(*reviewer(&v)).clone() };
    let theirs = Reviewer::of(&theirs).unwrap();
    assert_eq!(refused(v.desk.decide_offline(&theirs, of, Decision::Posted).await), "own_household");
    v.desk.decide_offline(&reviewer(&v), of, Decision::Posted).await.unwrap();
    assert_eq!((has(&v, 0).await, pieces(&v, SOAP).await), ((75, 0), (18, 0, 2, 0)));
    // one whose identity was not said sends nothing
    let unsaid = Shopkeeper::of(&Staff { known: false, ..(*v.shop).clone() }).unwrap();
    assert_eq!(refused(v.desk.sync_offline(&unsaid, till.given.id, &sent).await), "identity_unsaid");
    holds(&v).await;
}

#[tokio::test]
async fn a_counter_is_told_of_devices_before_their_hours_are_over() {
    let v = Village::new().await;
    two(&v).await;
    let till = Till::ready(&v, 1, &[(SOAP, 5)]).await.unwrap();
    let seen = async || {
        let found = v.desk.devices_in_hand(&v.shop, v.counter.id).await.unwrap();
        found.iter().map(|d| (d.device.clone(), d.soon, d.over)).collect::<Vec<_>>()
    };
    assert_eq!(seen().await, [("平板".to_owned(), false, false)]);
    v.clock.advance_seconds(60 * HOUR - 1);
    assert_eq!(seen().await, [("平板".to_owned(), false, false)]);
    v.clock.advance_seconds(1);
    assert_eq!(seen().await, [("平板".to_owned(), true, false)]);
    v.clock.advance_seconds(12 * HOUR);
    assert_eq!(seen().await, [("平板".to_owned(), true, true)]);
    till.send(&v, 0, true).await.unwrap();
    assert!(seen().await.is_empty());
}

#[tokio::test]
async fn a_household_reads_its_purchases_and_what_came_back_and_nothing_of_how_it_was_sent() {
    let v = Village::new().await;
    let (first, _) = two(&v).await;
    let mut till = Till::ready(&v, 1, &[(SOAP, 5), (TOWEL, 5)]).await.unwrap();
    let read = async |before: Option<i64>, limit: i64| {
        let by = v.resident(0);
        let (lines, next) = v.desk.own_statement_netted(&by, Score::Points, before, limit).await.unwrap();
        let told = lines.iter().map(|l| {
            let goods = matches!(l.why, Why::Redemption(_));
            (l.shown_kind().to_owned(), l.amount / 100, l.after / 100, l.is_from_device() && goods)
        });
        (told.collect::<Vec<_>>(), next)
    };
    let line = |kind: &str, amount, after, device| (kind.to_owned(), amount, after, device);
    let (opening, aside) = (line("opening", 80, 80, false), line("device_hold", -50, 30, false));
    assert_eq!(read(None, 50).await.0, [aside.clone(), opening.clone()]);
    let on_devices = async || v.desk.own_holdings(&v.resident(0)).await.unwrap().on_devices;
    assert_eq!(on_devices().await, 5_000);
    till.sell(&first, &[(SOAP, 1)]);
    till.sell(&first, &[(TOWEL, 1)]);
    till.send(&v, 0, false).await.unwrap();
    let (soap, towel) = (line("redemption", -5, 30, true), line("redemption", -1, 30, true));
    assert_eq!(read(None, 50).await.0, [towel.clone(), soap.clone(), aside.clone(), opening.clone()]);
    till.sell(&first, &[(SOAP, 1)]);
    till.send(&v, 2, true).await.unwrap();
    let back = line("device_release", 39, 69, false);
    let all = [back, soap.clone(), towel, soap, aside, opening];
    assert_eq!(read(None, 50).await.0, all);
    assert_eq!((has(&v, 0).await, on_devices().await), ((69, 0), 0));
    // however the pages are cut, they say the same
    for limit in 1..5 {
        let (mut told, mut before) = (Vec::new(), None);
        loop {
            let (page, next) = read(before, limit).await;
            told.extend(page);
            before = next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(told, all, "{limit} a page");
    }
}

#[tokio::test]
async fn what_was_said_of_a_missing_device_goes_with_the_last_person_of_a_household_it_served() {
    let v = Village::new().await;
    two(&v).await;
    let till = Till::ready(&v, 1, &[(SOAP, 5)]).await.unwrap();
    v.desk.miss_offline(&v.clerk, till.given.id, "落在张建国家").await.unwrap();
    let said = async || {
        let mut tx = v.desk.db.begin_read().await.unwrap();
        rows::by_id(&mut tx, v.book, till.given.id).await.unwrap().unwrap().missing_reason
    };
    assert_eq!(said().await.as_deref(), Some("落在张建国家"));
    v.clock.advance_seconds(24 * HOUR);
    for (home, kept) in [(2, true), (0, false)] {
        let mut tx = v.desk.db.begin_read().await.unwrap();
        let no = person::by_id(&mut tx, v.book, v.heads[home]).await.unwrap().unwrap().no;
        drop(tx);
        v.desk.leave_household(&v.clerk, &no, v.desk.today(), "迁出").await.unwrap();
        v.desk.erase_person(&v.clerk.actor(), v.book, &no, "本人申请").await.unwrap();
        assert_eq!(said().await.is_some(), kept);
    }
    // it is missing still, and ends as if the words stood
    let by = Staff { roles: vec![Role::Reviewer], ..(*reviewer(&v)).clone() };
    v.desk.end_missing_offline(&Reviewer::of(&by).unwrap(), till.given.id).await.unwrap();
    holds(&v).await;
}
