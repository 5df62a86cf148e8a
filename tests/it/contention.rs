//! Many at once at one counter, through the whole application: the sum is exact, nothing goes below zero, and nobody
//! gets an error of ours.

use axum::http::Method;
use futures_util::future::join_all;
use serde_json::json;

use crate::{stall::Stall, support::Client};

/// Clients that redeem side by side.
const CLIENTS: usize = 64;

/// Redeems one piece under a key; the status and the answer.
async fn redeem(mut client: Client, credential: String, key: String) -> (u16, serde_json::Value) {
    client.headers.insert("idempotency-key", key.parse().unwrap());
    let body = json!({ "credential": credential, "lines": [{ "sku": 1, "pieces": 1 }] }).to_string();
    let kind = Some("application/json");
    let answer = client.send(Method::POST, "/api/v1/redemptions", kind, body.into_bytes()).await;
    (answer.status.as_u16(), answer.json())
}

async fn at_once(
    stall: &mut Stall,
    credential: &str,
    key: impl Fn(usize) -> String,
) -> Vec<(u16, serde_json::Value)> {
    let csrf = stall.shop.csrf().await;
    stall.shop.headers.insert("x-csrf-token", csrf.parse().unwrap());
    let all = (0..CLIENTS).map(|n| {
        let (client, credential, key) = (stall.shop.clone(), credential.to_owned(), key(n));
        tokio::spawn(redeem(client, credential, key))
    });
    join_all(all).await.into_iter().map(Result::unwrap).collect()
}

fn codes(answers: &[(u16, serde_json::Value)], status: u16) -> Vec<String> {
    let found = answers.iter().filter(|(s, _)| *s == status);
    found.map(|(_, body)| body["code"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_clients_share_too_few_points_and_the_sum_is_exact() {
    let mut stall = Stall::new(1_000).await;
    let home = stall.household(1, 30).await;
    let card = stall.card(home).await;
    let answers = at_once(&mut stall, &card, |n| format!("k{n}")).await;
    let done = answers.iter().filter(|(s, _)| *s == 200).count();
    let refused = codes(&answers, 422);
    assert_eq!((done, refused.len()), (30, CLIENTS - 30), "{answers:?}");
    assert!(refused.iter().all(|c| c == "insufficient_points"), "{refused:?}");
    let mut numbers: Vec<i64> =
        answers.iter().filter(|(s, _)| *s == 200).map(|(_, b)| b["no"].as_i64().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=30).collect::<Vec<_>>(), "receipt numbers have no gap");
    let left = stall.app.desk.holdings_of(&stall.clerk, home).await.unwrap().available;
    assert_eq!(left, 0);
    let goods = stall.app.desk.goods(stall.app.village.book, 0, 1).await.unwrap();
    assert_eq!(goods[0].at("C1"), 970);
    stall.app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_clients_share_too_few_pieces() {
    let mut stall = Stall::new(7).await;
    let home = stall.household(1, 50).await;
    let card = stall.card(home).await;
    let answers = at_once(&mut stall, &card, |n| format!("k{n}")).await;
    assert_eq!(answers.iter().filter(|(s, _)| *s == 200).count(), 7);
    assert!(codes(&answers, 422).iter().all(|c| c == "out_of_stock"), "{answers:?}");
    let left = stall.app.desk.holdings_of(&stall.clerk, home).await.unwrap().available;
    assert_eq!(left, 4_300);
    stall.app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_request_sixty_four_times_is_one_redemption() {
    let mut stall = Stall::new(100).await;
    let home = stall.household(1, 30).await;
    let card = stall.card(home).await;
    let answers = at_once(&mut stall, &card, |_| "same".to_owned()).await;
    assert!(answers.iter().all(|(s, b)| *s == 200 && b["no"] == 1), "{answers:?}");
    assert_eq!(answers.iter().filter(|(_, b)| b["repeated"] == false).count(), 1);
    let left = stall.app.desk.holdings_of(&stall.clerk, home).await.unwrap().available;
    assert_eq!(left, 2_900);
    stall.app.finish().await;
}
