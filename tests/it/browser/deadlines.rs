//! What has its day, on the pages: points put aside, points that lapse, a closed period and its statement, an account as
//! it stood.

use greencoin::{
    domain::{
        book::TxnKind,
        chart,
        household::HouseholdNo,
        posting::{Commodity, Line},
    },
    service::{
        books::{Order, facts},
        caller::Clerk,
        holds::NewHold,
    },
    store::{counter, household},
};

use super::{
    chromium::{A4, Chromium},
    look::Found,
    people::at_work,
    place::Place,
};

/// Points for the first two households that lapse in five and in twenty days, and some of them put aside.
async fn prepare(place: &Place) -> i64 {
    let (staff, book) = at_work(place, "clerk").await;
    let clerk = Clerk::of(&staff).unwrap();
    let today = place.desk.today();
    for (no, days, points) in [("H0001", 5, 3_000), ("H0001", 20, 1_250), ("H0002", 20, 4_000)] {
        let fund = "SERVICE";
        let budget = Line::new(chart::budget(fund).unwrap(), Commodity::point(), points);
        let credit = Line::new(chart::household_available(no).unwrap(), Commodity::point(), -points);
        let key = format!("{no} {days}");
        let body = facts([("key", key.clone())]);
        let order = Order { key: &key, kind: TxnKind::Opening, effective_on: today, source: None, body };
        let lines = vec![budget, credit.expiring(Some(today.plus(days)))];
        let command = place.desk.command(&clerk.actor(), order, lines).unwrap();
        place.desk.posted(book, command, Vec::new()).await.unwrap();
    }
    let mut tx = place.desk.db.begin_read().await.unwrap();
    let no: HouseholdNo = "H0001".parse().unwrap();
    let home = household::by_no(&mut tx, book, &no).await.unwrap().unwrap().id;
    let counter = counter::list(&mut tx, book).await.unwrap()[0].id;
    drop(tx);
    let reason = "订大米一袋".to_owned();
    let new = NewHold { household: home, counter, points: 500, until: None, reason };
    place.desk.place_hold(&clerk, "hold", &new).await.unwrap();
    place.desk.close_period(&clerk, "2026-05-31".parse().unwrap()).await.unwrap().seq
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_its_day_is_shown_to_everybody_it_concerns() {
    let place = Place::open().await;
    let closing = prepare(&place).await;
    let browser = Chromium::start().await;
    let mut found = Found::default();
    let account = "/audit/account?account=Liabilities:Households:H0001:Available";
    let then = format!("{account}&effective_on=2026-05-31&recorded_at=2026-06-02T18:00");
    let period = format!("/periods/{closing}");
    let staff = [
        ("clerk", vec!["/clerk/lapsing", "/clerk/households/H0001", "/periods?through=2026-06-02", &period]),
        ("audit", vec!["/audit/holds", &then, "/periods", &period]),
    ];
    for (login, pages) in staff {
        browser.sign_in(&place, login).await;
        for lang in ["zh", "en"] {
            browser.speak(lang).await;
            for (number, page) in pages.iter().enumerate() {
                browser.open(&place.url(page)).await;
                found.look(&browser, lang, &format!("deadlines-{login}-{number}")).await;
            }
        }
        browser.speak("zh").await;
        browser.sign_out().await;
    }
    browser.sign_in_household(&place, "H0001").await;
    for lang in ["zh", "en"] {
        browser.speak(lang).await;
        browser.open(&place.url("/my")).await;
        found.look(&browser, lang, "deadlines-home").await;
    }
    found.settle();
    drop(browser);
    printed(&place, &period).await;
    place.close().await;
}

/// The statement as it leaves the printer.
async fn printed(place: &Place, period: &str) {
    let browser = Chromium::start().await;
    browser.sign_in(place, "clerk").await;
    browser.open(&place.url(period)).await;
    let paper = browser.print("statement").await;
    assert_eq!(paper.millimetres, A4, "{paper:?}");
    assert!(paper.text.contains("账期结存表") && paper.text.contains("结存表摘要"), "{paper:?}");
}
