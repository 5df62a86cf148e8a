//! Printed cards and PINs: for those without a phone, within narrower limits.

use greencoin::service::ServiceError;

use crate::village::{SOAP, TOWEL, Village, fact, refused};

#[tokio::test]
async fn a_card_is_enough_for_little_and_needs_its_pin_for_more() {
    let v = Village::new().await;
    v.give(0, 100).await;
    let card = v.card(0).await;
    let seen = v.desk.identify(&v.shop, None, &card, None).await.unwrap();
    assert_eq!((seen.pin_above, seen.card_left), (Some(2_000), Some(5_000)));
    assert_eq!(v.redeem(&card, &[(SOAP, 4)], "k1").await.unwrap().credential, "card");
    assert_eq!(refused(v.redeem(&card, &[(SOAP, 5)], "k2").await), "pin_needed");
    let mut request = v.request(&card, &[(SOAP, 5)]);
    request.pin = Some("258146".to_owned());
    assert_eq!(refused(v.desk.redeem(&v.shop, &request, "k3").await), "pin_not_set");
    v.desk.set_pin(&v.clerk, v.homes[0], "258146").await.unwrap();
    let receipt = v.desk.redeem(&v.shop, &request, "k4").await.unwrap();
    assert_eq!((receipt.credential.as_str(), receipt.after), ("card_pin", 5_500));
}

#[tokio::test]
async fn a_card_takes_fifty_points_a_day_with_or_without_its_pin() {
    let v = Village::new().await;
    v.give(0, 200).await;
    let card = v.card(0).await;
    v.redeem(&card, &[(SOAP, 4)], "k1").await.unwrap();
    v.redeem(&card, &[(SOAP, 4)], "k2").await.unwrap();
    let over = v.redeem(&card, &[(SOAP, 3)], "k3").await;
    assert_eq!((fact(&over, "used").as_str(), fact(&over, "limit").as_str()), ("40", "50"));
    assert_eq!(refused(over), "card_limit");
    v.redeem(&card, &[(SOAP, 2)], "k4").await.unwrap();
    assert_eq!(refused(v.redeem(&card, &[(TOWEL, 1)], "k5").await), "card_limit");
    let next = v.desk.reissue_card(&v.clerk, v.homes[0], "lost").await.unwrap();
    assert_eq!(refused(v.redeem(&next.digits, &[(TOWEL, 1)], "k6").await), "card_limit");
    // a phone is not bound by it
    v.redeem(&v.code(0).await, &[(SOAP, 5)], "k7").await.unwrap();
    v.clock.advance_seconds(86_400);
    v.redeem(&next.digits, &[(SOAP, 1)], "k8").await.unwrap();
}

#[tokio::test]
async fn three_wrong_pins_block_it_until_the_clerk_sets_it_anew() {
    let v = Village::new().await;
    v.give(0, 100).await;
    let card = v.card(0).await;
    v.desk.set_pin(&v.clerk, v.homes[0], "258146").await.unwrap();
    let mut request = v.request(&card, &[(SOAP, 5)]);
    request.pin = Some("111222".to_owned());
    let first = v.desk.redeem(&v.shop, &request, "k1").await;
    assert_eq!(fact(&first, "tries_left"), "2");
    assert_eq!(refused(first), "wrong_pin");
    assert_eq!(refused(v.desk.redeem(&v.shop, &request, "k2").await), "wrong_pin");
    assert_eq!(refused(v.desk.redeem(&v.shop, &request, "k3").await), "pin_blocked");
    request.pin = Some("258146".to_owned());
    assert_eq!(refused(v.desk.redeem(&v.shop, &request, "k4").await), "pin_blocked");
    assert_eq!(v.available(0).await, 100);
    v.desk.set_pin(&v.clerk, v.homes[0], "905513").await.unwrap();
    request.pin = Some("905513".to_owned());
    v.desk.redeem(&v.shop, &request, "k5").await.unwrap();
    assert_eq!(refused(v.desk.set_pin(&v.clerk, v.homes[0], "123456").await), "pin_trivial");
}

#[tokio::test]
async fn a_lost_card_is_dead_at_once_and_its_successor_works() {
    let v = Village::new().await;
    v.give(0, 100).await;
    let old = v.card(0).await;
    assert_eq!(v.card(0).await, old, "printing again prints the same card");
    assert!(v.desk.report_card_lost(&v.resident(0)).await.unwrap());
    assert_eq!(refused(v.redeem(&old, &[(SOAP, 1)], "k1").await), "card_revoked");
    assert!(!v.desk.report_card_lost(&v.resident(0)).await.unwrap());
    let new = v.desk.reissue_card(&v.clerk, v.homes[0], "lost").await.unwrap();
    assert_ne!(new.digits, old);
    let typed = new.card_no.replace(' ', "");
    assert_eq!(v.desk.identify(&v.shop, None, &typed, None).await.unwrap().no, "H0001");
    let misread = format!("{}{}", typed.get(..9).unwrap(), if typed.ends_with('5') { "6" } else { "5" });
    assert_eq!(refused(v.desk.identify(&v.shop, None, &misread, None).await), "code_unreadable");
    v.redeem(&new.digits, &[(SOAP, 1)], "k2").await.unwrap();
    let cards = v.desk.cards_of(v.book, v.homes[0]).await.unwrap();
    assert_eq!(cards.iter().map(|c| c.state.as_str()).collect::<Vec<_>>(), ["active", "revoked"]);
}

#[tokio::test]
async fn a_whole_group_is_printed_with_nothing_personal_on_the_cards() {
    let v = Village::new().await;
    let sheet = v.desk.issue_cards_of(&v.clerk, v.group).await.unwrap();
    assert_eq!(sheet.len(), 6);
    for card in &sheet {
        assert_eq!(card.digits.len(), 48);
        assert!(card.digits.starts_with("20") && card.household_no.starts_with('H'));
    }
    let again = v.desk.issue_cards_of(&v.clerk, v.group).await.unwrap();
    assert_eq!(again, sheet);
    let other = v.neighbour().await;
    let foreign = v.desk.issue_cards(&v.clerk, &[other.homes[0]]).await;
    assert!(matches!(foreign, Err(ServiceError::NotFound(_))));
}
