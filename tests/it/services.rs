//! Services (a haircut, ploughing, a meal) are articles that lie on no shelf: from the order to the closed day no piece and
//! no cost moves for them, and no stock paper knows them. And an article that is named twice is one article.

use greencoin::{
    domain::{basket::Basket, stock::LossReason},
    service::{
        caller::{StockReader, StockWitness, Storekeeper},
        redeem::{
            day_close::Counted,
            order::{NewOrder, PickUp},
        },
        stock::{Draft, Incoming, Leaving, PaperLine},
    },
    store::ledger::read,
};
use serde_json::json;

use crate::{
    stall::Stall,
    village::{HAIRCUT, OIL, SOAP, Village, refused, second_person},
};

async fn balance(v: &Village, path: &str, commodity: &str) -> i64 {
    let mut tx = v.desk.db.begin_read().await.unwrap();
    read::balance(&mut tx, v.book, path, commodity).await.unwrap()
}

#[tokio::test]
async fn a_service_goes_from_the_order_to_the_closed_day_without_a_shelf() {
    let v = Village::new().await;
    for home in 0..2 {
        v.give(home, 60).await;
    }
    let offered = v.desk.catalogue(v.book, "C1").await.unwrap();
    assert!(offered.iter().all(|a| a.stock.is_none() == (a.row.sku == HAIRCUT)));
    let worth = balance(&v, "Assets:StockCost:C1", "CNYFEN").await;
    // ordered for later, beside goods, and collected; bought at once; and one typed wrongly
    let basket = Basket::new([(HAIRCUT, 1), (SOAP, 1)]).unwrap();
    let order = NewOrder { counter: v.counter.id, basket };
    let order = v.desk.place_order(&v.resident(0), "o1", &order).await.unwrap();
    assert_eq!(balance(&v, "Assets:Reserved:C1", "SKU-000003").await, 0);
    let pick_up = PickUp { credential: order.code.clone().unwrap(), basket: None };
    v.desk.collect_order(&v.shop, order.id, &pick_up, "c1").await.unwrap();
    let card = v.card(1).await;
    v.redeem(&card, &[(HAIRCUT, 1)], "k1").await.unwrap();
    let wrong = v.redeem(&card, &[(HAIRCUT, 1)], "k2").await.unwrap();
    v.desk.make_void(&v.shop, wrong.id, &card, "v1").await.unwrap();
    assert_eq!((v.available(0).await, v.available(1).await), (45, 50));
    assert_eq!(balance(&v, "Assets:StockCost:C1", "CNYFEN").await, worth - 450, "the soap's cost alone");
    assert_eq!(balance(&v, "Expenses:Issued", "SKU-000003").await, 0);

    let keeper = Storekeeper::of(&v.shop).unwrap();
    let counter = v.counter.id;
    let leaving = vec![Leaving { sku: HAIRCUT, pieces: 1, batch: None }];
    let coming =
        vec![Incoming { sku: HAIRCUT, pieces: 1, cost_fen: Some(1), last_day: None, label: String::new() }];
    for draft in [
        Draft::Loss { counter, reason: LossReason::Damaged, lines: leaving },
        Draft::Receipt {
            counter,
            fund: "Gift".into(),
            donor: greencoin::service::stock::Donor::default(),
            lines: coming,
        },
    ] {
        assert_eq!(refused(v.desk.draw_stock_paper(&keeper, &draft, "").await), "no_stock_of_services");
    }
    let count = v.desk.draw_stock_paper(&keeper, &Draft::Count { counter }, "").await.unwrap();
    assert_eq!(refused(v.desk.write_count(&keeper, count.id, &[(HAIRCUT, 3)]).await), "no_stock_of_services");
    v.desk.write_count(&keeper, count.id, &[(SOAP, 19)]).await.unwrap();
    v.desk.submit_count(&keeper, count.id).await.unwrap();
    let second: StockWitness = second_person(&v.desk, &v.clerk);
    v.desk.approve_stock_paper(&second, count.id, "").await.unwrap();
    let found = v.desk.stock_paper(&StockReader::of(&v.clerk).unwrap(), count.id).await.unwrap();
    assert_eq!(found.lines.iter().map(PaperLine::difference).collect::<Vec<_>>(), [Some(0)]);

    let day = v.desk.close_day(&v.shop, counter, Counted { slips: 3, why: None }).await.unwrap();
    assert_eq!((day.points, day.points_back, day.cost_fen, day.cost_back), (3_500, 1_000, 450, 0));
    v.check_sums().await;
    assert!(v.desk.verify_books(None).await.unwrap().holds());
}

#[tokio::test]
async fn an_article_that_is_named_twice_counts_together_against_shelf_and_quota() {
    let v = Village::new().await;
    v.give(0, 1_000).await;
    let code = v.code(0).await;
    // two of it in a quarter: one and one are two, and one more is too many, however it is said
    assert_eq!(refused(v.redeem(&code, &[(OIL, 1), (OIL, 1), (OIL, 1)], "k1").await), "goods_quota");
    let receipt = v.redeem(&code, &[(OIL, 1), (OIL, 1)], "k2").await.unwrap();
    assert_eq!(receipt.lines.iter().map(|l| (l.sku, l.quantity)).collect::<Vec<_>>(), [(OIL, 2)]);
    assert_eq!(v.stock_of(OIL).await, 8);
    v.clock.advance_seconds(60);
    let code = v.code(0).await;
    assert_eq!(refused(v.redeem(&code, &[(SOAP, 11), (SOAP, 10)], "k3").await), "out_of_stock");
    v.redeem(&code, &[(SOAP, 10), (SOAP, 10)], "k4").await.unwrap();
    assert_eq!(v.stock_of(SOAP).await, 0);
    assert!(v.desk.verify_books(None).await.unwrap().holds());
}

#[tokio::test]
async fn the_api_takes_an_article_that_is_named_twice_as_one() {
    let mut stall = Stall::new(3).await;
    let home = stall.household(1, 50).await;
    let card = stall.card(home).await;
    let mut ask = async |pieces: i64| {
        let lines = json!([{ "sku": 1, "pieces": 2 }, { "sku": 1, "pieces": pieces }]);
        stall.shop.post_json("/api/v1/redemptions", &json!({ "credential": card, "lines": lines })).await
    };
    ask(2).await.expect(422);
    let receipt = ask(1).await.expect(200).json();
    assert_eq!(receipt["lines"].as_array().unwrap().len(), 1, "{receipt}");
    assert_eq!(receipt["lines"][0]["pieces"], 3, "{receipt}");
    stall.app.finish().await;
}
