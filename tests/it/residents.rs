//! What a household reads: what it has, and why.

use greencoin::service::statement::{Score, Why};

use crate::village::{SOAP, Village, refused};

#[tokio::test]
async fn every_line_of_a_statement_says_why() {
    let v = Village::new().await;
    v.give(0, 50).await;
    v.redeem(&v.code(0).await, &[(SOAP, 2)], "k1").await.unwrap();
    let lines = v.desk.own_statement(&v.resident(0), Score::Points, None, 10).await.unwrap();
    let shown: Vec<_> = lines.iter().map(|l| (l.kind.as_str(), l.amount, l.after)).collect();
    assert_eq!(shown, [("redemption", -1_000, 4_000), ("opening", 5_000, 5_000)]);
    let Why::Redemption(receipt) = &lines[0].why else { panic!("{:?}", lines[0].why) };
    assert_eq!((receipt.no, receipt.lines[0].name.as_str()), (1, "香皂"));
    let older =
        v.desk.own_statement(&v.resident(0), Score::Points, Some(lines[0].version), 10).await.unwrap();
    assert_eq!(older.len(), 1);
    let honor = v.desk.own_statement(&v.resident(0), Score::Honor, None, 10).await.unwrap();
    assert!(honor.is_empty());
}

#[tokio::test]
async fn a_household_reads_its_own_receipts_and_nobody_elses() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let receipt = v.redeem(&v.code(0).await, &[(SOAP, 2)], "k1").await.unwrap();
    assert_eq!(v.desk.own_receipt(&v.resident(0), receipt.id).await.unwrap().no, 1);
    assert!(v.desk.own_receipt(&v.resident(1), receipt.id).await.is_err());
    assert_eq!(v.desk.own_receipts(&v.resident(0), None, 10).await.unwrap().len(), 1);
    assert!(v.desk.holdings_of(&v.shop, v.homes[0]).await.is_err(), "a shopkeeper reads no statements");
    let seen = v.desk.holdings_of(&v.clerk, v.homes[0]).await.unwrap();
    assert_eq!((seen.available, seen.members.len(), seen.masked_name.as_str()), (4_000, 1, "张*国"));
}

#[tokio::test]
async fn a_code_lives_a_minute_and_the_next_one_is_another() {
    let v = Village::new().await;
    let first = v.desk.phone_code(&v.resident(0)).await.unwrap();
    assert_eq!(first.lapses_at.since(v.desk.now()), 60_000_000);
    v.clock.advance_seconds(55);
    let second = v.code(0).await;
    assert_ne!(first.digits, second);
    v.clock.advance_seconds(5);
    assert_eq!(refused(v.desk.identify(&v.shop, None, &first.digits, None).await), "code_lapsed");
    assert_eq!(v.desk.identify(&v.shop, None, &second, None).await.unwrap().no, "H0001");
}

#[tokio::test]
async fn a_pin_is_changed_by_whoever_knows_it() {
    let v = Village::new().await;
    v.desk.set_pin(&v.clerk, v.homes[0], "258146").await.unwrap();
    assert_eq!(refused(v.desk.change_pin(&v.resident(0), "258147", "905513").await), "wrong_pin");
    v.desk.change_pin(&v.resident(0), "258146", "905513").await.unwrap();
    v.desk.check_pin(v.book, v.homes[0], "905513").await.unwrap();
}
