//! How the bank does, read from what happened: hours in and out, waits, what nobody took, who takes part, and who may ask.

use greencoin::{
    domain::fairness::Share,
    service::caller::{Bookkeeper, Role},
};

use super::{
    bank::{Bank, HOUR},
    pages::waiting,
};
use crate::support::TestApp;

fn share(part: i64, whole: i64) -> Share {
    Share { part, whole }
}

#[tokio::test]
async fn hours_in_and_out_waits_and_what_nobody_took_are_counted_from_the_orders_and_the_ledger() {
    let b = Bank::new().await;
    let (desk, book) = (&b.v.desk, b.v.book);
    let by = Bookkeeper::of(&b.staff(Role::Auditor)).unwrap();
    // taken after half an hour, served 90 minutes out of what the elder saved
    let first = b.asked("first", b.elder.1, 120).await;
    b.v.clock.advance_seconds(HOUR / 2);
    desk.accept_order(&b.of(b.volunteer.0), first.id, b.volunteer.1).await.unwrap();
    b.v.clock.advance_seconds(HOUR / 2);
    b.check_in(first.id).await.unwrap();
    b.v.clock.advance_seconds(100 * 60);
    b.check_out(first.id).await.unwrap();
    b.confirm(first.id, 5).await.unwrap();
    desk.post_order(book, first.id).await.unwrap();
    // nobody takes this one before its hour is over, and the next is still on the board
    b.asked("missed", b.elder.1, 60).await;
    b.v.clock.advance_seconds(2 * HOUR);
    let side = b.of(b.elder.0);
    desk.ask_for_service(&side, "waits", &b.cleaning(b.elder.1, 60)).await.unwrap();

    let view = desk.time_supervision(&by, desk.today()).await.unwrap();
    let month = view.months.last().unwrap();
    // 20 hours were credited when the elder joined
    assert_eq!((month.earned, month.drawn, month.pooled), (20 * 60 + 90, 90, 0));
    assert_eq!(month.earned_to_drawn(), Some(1_433));
    assert_eq!((month.wait_median, month.wait_most), (Some(HOUR / 2), Some(HOUR / 2)));
    assert_eq!((month.unfilled, month.by_phone), (share(1, 3), share(2, 3)));
    assert_eq!((view.months.len(), view.year.earned, view.young), (12, month.earned, share(0, 2)));

    let next = desk.time_supervision(&by, desk.today().plus(40)).await.unwrap();
    let names: Vec<_> = next.months.iter().map(|m| m.earned).collect();
    assert_eq!(&names[9..], [0, month.earned, 0], "a month of its own each");
}

#[tokio::test]
async fn the_figures_are_for_clerks_auditors_and_the_township_and_name_nobody() {
    let app = TestApp::new().await;
    waiting(&app).await;
    let mut auditor = app.sign_in(Role::Auditor).await;
    let page = auditor.get("/time/supervision").await.expect(200).text();
    assert!(page.contains("这一年还没有人支取") && page.contains("1单中0单"), "{page}");
    assert!(!page.contains("陈大爷") && !page.contains("陈*"), "{page}");
    let figures = auditor.get_json("/api/v1/time/supervision").await;
    assert_eq!(figures["year"]["by_phone"]["whole"], 1, "{figures}");
    assert_eq!(figures["months"].as_array().unwrap().len(), 12);
    auditor.get("/time/supervision?month=soon").await.expect(422);
    for role in [Role::Shopkeeper, Role::Reviewer] {
        let mut other = app.sign_in(role).await;
        other.get("/time/supervision").await.expect(403);
        other.get("/api/v1/time/supervision").await.expect(403);
    }
    let mut town = app.sign_in(Role::Township).await;
    town.get(&format!("/time/supervision?v={}", app.village.no)).await.expect(200);
    let mut home = app.sign_in_household(&app.village, "H0002").await;
    home.get("/time/supervision").await.expect(403);
    app.finish().await;
}
