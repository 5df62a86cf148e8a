//! What happens at a counter beside redemptions (orders, returns, closed days, photos of losses): no row of it can be
//! changed without `verify` naming it, and all of it is in the signed pack, from which the same log comes back.

use std::{path::PathBuf, sync::Arc};

use greencoin::{
    domain::{basket::Basket, returns::ReturnedTo, stock::LossReason},
    service::{
        caller::StockWitness,
        caller::Storekeeper,
        redeem::{
            day_close::Counted,
            order::{NewOrder, PickUp},
            returns::GoodsBack,
        },
        restore,
        stock::{Draft, Leaving},
    },
    store::ledger::read,
};
use serde_json::{Value, json};

use crate::{
    claims::photo,
    engine::{Engine, clock, server},
    exports::packed,
    intruder::{Intruder, other},
    village::{HAIRCUT, OIL, SOAP, Village, second_person},
};

/// A village with an order that waits, one that was collected, one that was cancelled, goods that came back, a receipt that
/// is void, goods written off with a photo and a closed day.
async fn busy(engine: Engine) -> Village {
    let clock = clock();
    let desk = engine.desk(&clock).await;
    let v = Village::on(Arc::new(engine), clock, desk, 1).await;
    for home in 0..3 {
        v.give(home, 150).await;
    }
    let place = async |home: usize, items: &[(i64, i64)], key: &str| {
        let new = NewOrder { counter: v.counter.id, basket: Basket::new(items.iter().copied()).unwrap() };
        v.desk.place_order(&v.resident(home), key, &new).await.unwrap()
    };
    let collected = place(0, &[(OIL, 1), (SOAP, 2)], "o1").await;
    let cancelled = place(1, &[(SOAP, 1)], "o2").await;
    place(2, &[(SOAP, 1), (HAIRCUT, 1)], "o3").await;
    let pick_up = PickUp { credential: collected.code.clone().unwrap(), basket: None };
    v.desk.collect_order(&v.shop, collected.id, &pick_up, "c1").await.unwrap();
    v.desk.cancel_own_order(&v.resident(1), cancelled.id, "x1").await.unwrap();
    let card = v.card(1).await;
    let bought = v.redeem(&card, &[(SOAP, 3)], "k1").await.unwrap();
    let back = GoodsBack {
        credential: card.clone(),
        basket: Some(Basket::new([(SOAP, 1)]).unwrap()),
        goes_to: ReturnedTo::Shelf,
    };
    v.desk.take_back(&v.shop, bought.id, &back, "r1").await.unwrap();
    let wrong = v.redeem(&card, &[(SOAP, 1)], "k2").await.unwrap();
    v.desk.make_void(&v.shop, wrong.id, &card, "r2").await.unwrap();
    let lines = vec![Leaving { sku: SOAP, pieces: 1, batch: None }];
    let draft = Draft::Loss { counter: v.counter.id, reason: LossReason::Damaged, lines };
    let keeper = Storekeeper::of(&v.shop).unwrap();
    let paper = v.desk.draw_stock_paper(&keeper, &draft, "").await.unwrap();
    v.desk.add_stock_photo(&keeper, paper.id, photo(120, 90, 1)).await.unwrap();
    let second: StockWitness = second_person(&v.desk, &v.clerk);
    v.desk.approve_stock_paper(&second, paper.id, "").await.unwrap();
    v.desk.close_day(&v.shop, v.counter.id, Counted { slips: 3, why: None }).await.unwrap();
    v.desk.sign_day_close(&second, v.counter.id, v.desk.today()).await.unwrap();
    v
}

/// The rows that are changed.
const TABLES: &[(&str, &str)] = &[
    ("goods_order", "no = 1"),
    ("goods_order", "no = 3"),
    ("goods_order_line", "line = 1 AND order_id = (SELECT id FROM goods_order WHERE no = 1)"),
    ("goods_return", "no = 1"),
    ("goods_return_line", "return_id = (SELECT id FROM goods_return WHERE no = 1)"),
    ("counter_close", "1 = 1"),
    ("stock_paper", "kind = 'loss'"),
];

/// What the log does not tell: words, moments within the day, and who stood beside. Written once, and the database lets
/// nobody change it.
const UNTOLD: &[(&str, &[&str])] = &[
    ("goods_order", &["placed_at", "ended_at", "reason"]),
    // what the article was called then
    ("goods_order_line", &["name", "unit"]),
    ("goods_return", &["placed_at"]),
    ("goods_return_line", &["line"]),
    // stands beside the log: what it says of the day is compared with the register
    (
        "counter_close",
        &["book_id", "counter_id", "closed_at", "closed_by", "slips", "why", "signed_at", "signed_by"],
    ),
    ("stock_paper", &["donor", "donor_household_id", "note", "drawn_at", "drawn_by", "decided_at", "words"]),
];

#[tokio::test]
async fn papers_of_the_counter_that_say_other_than_the_ledger_are_named() {
    let v = busy(Engine::sqlite()).await;
    let fault = async || v.desk.verify_books(Some(1)).await.map(|mut r| r.books.remove(0).fault);
    assert_eq!(fault().await.unwrap(), None);
    let mut intruder = Intruder::at(&v.engine.url).await;
    let mut wrong = Vec::new();
    for (place, (table, which)) in TABLES.iter().enumerate() {
        if TABLES.iter().position(|(t, _)| t == table) == Some(place) {
            intruder.keep(table).await;
        }
        let untold = UNTOLD.iter().find(|(t, _)| t == table).map_or(&[][..], |(_, columns)| columns);
        let (columns, _) = intruder.columns(table).await;
        for (column, kind) in &columns {
            let value = match column.as_str() {
                "book_id" => "x'00'".to_owned(),
                "to_counter_id" | "donor_household_id" => "zeroblob(16)".to_owned(),
                _ => other(column, kind),
            };
            let changed = intruder.run(&format!("UPDATE {table} SET {column} = {value} WHERE {which}")).await;
            assert_eq!(changed, 1, "{table}.{column}");
            let untold = untold.contains(&column.as_str());
            match fault().await {
                Ok(Some(_)) if untold => wrong.push(format!("{table}.{column}: is told after all")),
                Ok(None) if !untold => {
                    wrong.push(format!("{table}.{column} where {which}: nothing was noticed"));
                }
                Ok(_) => {}
                Err(error) => wrong.push(format!("{table}.{column}: {error:?}")),
            }
            intruder.restore(table).await;
        }
        let gone = intruder.run(&format!("DELETE FROM {table} WHERE {which}")).await;
        assert_eq!(gone, 1, "{table}");
        if *table != "counter_close" && fault().await.unwrap().is_none() {
            wrong.push(format!("{table}: a row is gone and nothing was noticed"));
        }
        intruder.restore(table).await;
    }
    assert_eq!(fault().await.unwrap(), None, "everything was put back");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn rows(folder: &std::path::Path, table: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join(format!("{table}.jsonl"))).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn said(rows: &[Value], fields: &[&str]) -> Vec<Value> {
    rows.iter().map(|row| Value::Array(fields.iter().map(|f| row[*f].clone()).collect())).collect()
}

#[tokio::test]
async fn orders_returns_and_closed_days_are_in_the_pack_and_the_same_log_comes_back() {
    let v = busy(Engine::fresh().await).await;
    let pack = packed(&v.desk, v.book).await;
    let folder = pack.path();
    restore::check_pack(folder, None).unwrap();
    let orders = rows(folder, "orders");
    assert_eq!(
        said(&orders, &["no", "household", "counter", "points", "state", "reason"]),
        [
            json!([1, "H0001", "C1", 6_000, "collected", null]),
            json!([2, "H0002", "C1", 500, "cancelled", "asked"]),
            json!([3, "H0003", "C1", 1_500, "waiting", null]),
        ]
    );
    assert!(
        orders[0]["ended_seq"].as_i64() > orders[0]["hold_seq"].as_i64() && orders[2]["ended_seq"].is_null()
    );
    let lines = said(&rows(folder, "order_lines"), &["order", "sku", "quantity", "service"]);
    let wanted = [
        json!([1, 1, 2, 0]),
        json!([1, 2, 1, 0]),
        json!([2, 1, 1, 0]),
        json!([3, 1, 1, 0]),
        json!([3, 3, 1, 1]),
    ];
    assert_eq!(lines, wanted);
    assert_eq!(
        said(&rows(folder, "returns"), &["no", "kind", "redemption", "counter", "goes_to", "points"]),
        [json!([1, "returned", 2, "C1", "shelf", 500]), json!([2, "voided", 3, "C1", "shelf", 500])]
    );
    assert_eq!(
        said(&rows(folder, "return_lines"), &["return", "sku", "quantity"]),
        [json!([1, 1, 1]), json!([2, 1, 1])]
    );
    assert_eq!(
        said(
            &rows(folder, "day_closes"),
            &["counter", "redemptions", "points", "returns", "points_back", "slips", "why"]
        ),
        [json!(["C1", 3, 8_000, 2, 1_000, 3, null])]
    );
    assert!(rows(folder, "day_closes")[0]["signed_by"].is_string());
    let photos: Vec<bool> = rows(folder, "stock_papers").iter().map(|p| p["photo"].is_string()).collect();
    assert_eq!(photos, [false, true]);
    // what happens later is not in a pack of the head that was signed before, made anew
    let before = std::fs::read_to_string(folder.join("orders.jsonl")).unwrap();
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let head = read::head(&mut tx, v.book).await.unwrap().unwrap();
    drop(tx);
    let mut again = vec![Engine::sqlite()];
    if server().is_some() {
        again.push(Engine::fresh().await);
    }
    for engine in again {
        let desk = engine.desk(&clock()).await;
        desk.import(&[PathBuf::from(folder)], None).await.unwrap();
        let mut tx = desk.db.begin_read().await.unwrap();
        assert_eq!(read::head(&mut tx, v.book).await.unwrap().unwrap(), head, "the same log, the same root");
        drop(tx);
        assert!(desk.verify_books(None).await.unwrap().holds());
    }
    assert_eq!(before.lines().count(), 3);
}
