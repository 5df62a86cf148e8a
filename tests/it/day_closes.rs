//! The day's closing of a counter: counted against the book, signed by two, and nothing lands in it any more.

use greencoin::{
    domain::day_close::SlipDifference,
    service::{
        ServiceError,
        caller::{Role, Shopkeeper, Staff, StockReader, StockWitness},
        redeem::day_close::Counted,
    },
    store::day_close::DayCloseRow,
};
use serde_json::json;

use crate::{
    stall::Stall,
    village::{SOAP, Village, fact, refused, second_person},
};

const DAY: i64 = 86_400;

async fn close(v: &Village, slips: i64, why: Option<SlipDifference>) -> Result<DayCloseRow, ServiceError> {
    v.desk.close_day(&v.shop, v.counter.id, Counted { slips, why }).await
}

#[tokio::test]
async fn a_day_is_closed_once_with_what_the_book_says_and_stays_shut() {
    let v = Village::new().await;
    v.give(0, 100).await;
    let taken = v.redeem(&v.card(0).await, &[(SOAP, 4)], "a").await.unwrap();
    v.redeem(&v.card(0).await, &[(SOAP, 2)], "b").await.unwrap();
    let card = v.card(0).await;
    v.desk.make_void(&v.shop, taken.id, &card, "v").await.unwrap();
    let differ = close(&v, 1, None).await;
    assert_eq!((fact(&differ, "slips"), fact(&differ, "redemptions")), ("1".into(), "2".into()));
    assert_eq!(refused(differ), "slips_differ");
    assert_eq!(refused(close(&v, 2, Some(SlipDifference::Void)).await), "slips_agree");
    let row = close(&v, 1, Some(SlipDifference::Void)).await.unwrap();
    assert_eq!((row.redemptions, row.points, row.returns, row.points_back), (2, 3_000, 1, 2_000));
    assert_eq!((row.cost_fen, row.cost_back, row.signed_at), (6 * 450, 4 * 450, None));
    assert_eq!(close(&v, 1, Some(SlipDifference::Void)).await.unwrap(), row);
    assert_eq!(refused(close(&v, 2, None).await), "day_closed");
    // no redemption, no return, no void receipt, and no opening until tomorrow
    assert_eq!(refused(v.redeem(&card, &[(SOAP, 1)], "c").await), "counter_closed");
    assert_eq!(refused(v.desk.set_counter_open(&v.shop, v.counter.id, true).await), "day_closed");
    v.clock.advance_seconds(DAY);
    v.desk.set_counter_open(&v.shop, v.counter.id, true).await.unwrap();
    v.redeem(&v.card(0).await, &[(SOAP, 1)], "e").await.unwrap();
    let report = v.desk.verify_books(None).await.unwrap();
    assert!(report.holds(), "{report:#?}");
}

#[tokio::test]
async fn somebody_else_signs_and_nobody_twice() {
    let v = Village::new().await;
    let row = close(&v, 0, None).await.unwrap();
    let itself = StockWitness::of(&v.shop).unwrap();
    assert_eq!(refused(v.desk.sign_day_close(&itself, v.counter.id, row.day).await), "own_day_close");
    let elsewhere = Staff { user: v.desk.id(), roles: vec![Role::Shopkeeper], ..(*v.shop).clone() };
    let stranger = v.desk.sign_day_close(&StockWitness::of(&elsewhere).unwrap(), v.counter.id, row.day).await;
    assert!(matches!(stranger, Err(ServiceError::NotFound("counter"))), "{stranger:?}");
    let second = second_person(&v.desk, &v.clerk);
    let signed = v.desk.sign_day_close(&second, v.counter.id, row.day).await.unwrap();
    assert_eq!(signed.signed_by, Some(second.actor().to_string()));
    assert_eq!(v.desk.sign_day_close(&second, v.counter.id, row.day).await.unwrap(), signed);
    let third = second_person(&v.desk, &v.clerk);
    assert_eq!(refused(v.desk.sign_day_close(&third, v.counter.id, row.day).await), "already_decided");
    let tomorrow = v.desk.sign_day_close(&second, v.counter.id, row.day.plus(1)).await;
    assert!(matches!(tomorrow, Err(ServiceError::NotFound("day_close"))), "{tomorrow:?}");
    let reader = StockReader::of(&v.clerk).unwrap();
    let days = v.desk.counter_days(&reader, v.counter.id, None).await.unwrap();
    assert!(days.is_closed() && days.closed.len() == 1);
}

#[tokio::test]
async fn what_is_under_way_when_the_day_closes_is_in_it_or_does_not_happen() {
    let v = Village::new().await;
    for home in 0..6 {
        v.give(home, 100).await;
    }
    let mut cards = Vec::new();
    for home in 0..6 {
        cards.push(v.card(home).await);
    }
    let keys: Vec<String> = (0..6).map(|n| format!("k{n}")).collect();
    let sales = cards.iter().zip(&keys).map(|(card, key)| v.redeem(card, &[(SOAP, 1)], key));
    let closing = async {
        // the count is a guess: why not as many is said where it is wrong
        for slips in 0..=6 {
            if let Ok(row) = close(&v, slips, None).await {
                return row;
            }
        }
        let one = close(&v, 0, Some(SlipDifference::Unknown)).await;
        match one {
            Ok(row) => row,
            Err(_) => close(&v, 6, None).await.unwrap(),
        }
    };
    let (sales, row) = tokio::join!(futures_util::future::join_all(sales), closing);
    let sold = sales.iter().filter(|s| s.is_ok()).count();
    assert_eq!(row.redemptions, i64::try_from(sold).unwrap());
    let shop = Shopkeeper::of(&v.shop).unwrap();
    let list = v.desk.redemptions_of(&shop, v.counter.id, v.desk.today(), None, 10).await.unwrap();
    assert_eq!(list.total.count, row.redemptions);
    let report = v.desk.verify_books(None).await.unwrap();
    assert!(report.holds(), "{report:#?}");
}

#[tokio::test]
async fn from_the_slips_to_the_second_signature_on_the_pages() {
    let mut stall = Stall::new(50).await;
    let home = stall.household(1, 55).await;
    let card = stall.card(home).await;
    let counter = stall.counter.id.to_string();
    let shop = &mut stall.shop;
    let bought = json!({ "credential": card, "lines": [{ "sku": 1, "pieces": 2 }] });
    shop.post_json("/api/v1/redemptions", &bought).await.expect(200);
    let page = shop.get("/shop/closes").await.expect(200).text();
    assert!(page.contains("日结并关门"), "{page}");
    let wrong = [("counter", counter.as_str()), ("slips", "2"), ("why", "")];
    assert!(shop.post_form("/shop/closes", &wrong).await.expect(409).text().contains("账上是1笔"));
    let right = [("counter", counter.as_str()), ("slips", "1"), ("why", "")];
    shop.post_form("/shop/closes", &right).await.expect(303);
    let page = shop.get("/shop/closes").await.expect(200).text();
    assert!(page.contains("待第二人签字") && !page.contains("/shop/closes/sign"), "{page}");
    let mut clerk = stall.app.sign_in(Role::Clerk).await;
    let page = clerk.get("/shop/closes").await.expect(200).text();
    assert!(page.contains("/shop/closes/sign"), "{page}");
    let day = stall.app.desk.today().to_string();
    let sign = [("counter", counter.as_str()), ("day", day.as_str())];
    clerk.post_form("/shop/closes/sign", &sign).await.expect(303);
    assert!(clerk.get("/shop/closes").await.expect(200).text().contains("两人已签"));
    stall.app.finish().await;
}
