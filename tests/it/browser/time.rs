//! Hours for an elder without a phone, as people make them: the township opens the time bank, the clerk takes the call, a
//! volunteer is found and checks in with the elder's card, and the hours stand in the account.

use greencoin::{
    service::caller::Clerk,
    store::{household, login},
};

use super::{
    chromium::{Chromium, DESK, PHONE},
    look::Found,
    place::Place,
};

async fn set(browser: &Chromium, css: &str, value: &str) {
    browser.script(&format!("document.querySelector('{css}').value = '{value}'; return true")).await;
}

/// The printed card of a household.
async fn card(place: &Place, no: &str) -> String {
    let desk = &place.desk;
    let mut tx = desk.db.begin_read().await.unwrap();
    let user = login::by_name(&mut tx, "clerk").await.unwrap().unwrap().id;
    drop(tx);
    let who = desk.staff_sign_in(user).await.unwrap().unwrap();
    let book = desk.books_of(&who).await.unwrap()[0].book_id;
    let clerk = Clerk::of(&desk.staff_for(&who, book).await.unwrap().unwrap()).unwrap();
    let mut tx = desk.db.begin_read().await.unwrap();
    let home = household::by_no(&mut tx, book, &no.parse().unwrap()).await.unwrap().unwrap().id;
    drop(tx);
    desk.issue_cards(&clerk, &[home]).await.unwrap().remove(0).digits
}

async fn step(browser: &Chromium, value: &str) {
    browser.follow(&format!("button[name=step][value={value}]")).await;
    browser.wait(".flash.good").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_elder_without_a_phone_is_served_and_the_hours_are_posted() {
    let (place, office, phone) = (Place::open().await, Chromium::start().await, Chromium::start().await);
    let mut found = Found::default();
    office.viewport(DESK).await;
    office.sign_in(&place, "town").await;
    office.open(&place.url("/township/time-bank")).await;
    found.look(&office, "zh", "time-policy").await;
    office.viewport(DESK).await;
    office.click("label.choice:has(input[value=RS-3])").await;
    office.fill("#basis", "镇政府2026年第12号").await;
    step(&office, "adopt").await;
    office.fill("#hours", "50").await;
    office.fill("#pool-basis", "县财政").await;
    step(&office, "issue").await;
    office.sign_out().await;

    phone.viewport(PHONE).await;
    phone.sign_in_household(&place, "H0006").await;
    phone.follow("main a[href='/time']").await;
    phone.follow("main a.card").await;
    found.look(&phone, "zh", "time-join").await;
    phone.viewport(PHONE).await;
    phone.click("label.choice:has(input[name=well])").await;
    set(&phone, "#insured", "2026-12-31").await;
    set(&phone, "#trained", "2026-05-20").await;
    step(&phone, "join").await;
    phone.click("details:has(button[value=offer]) summary").await;
    step(&phone, "offer").await;
    found.look(&phone, "zh", "time-person").await;

    office.sign_in(&place, "clerk").await;
    office.open(&place.url("/time/people?q=H0003")).await;
    found.look(&office, "zh", "time-people").await;
    office.viewport(DESK).await;
    office.follow("main a[href='/time/people/P000007']").await;
    office.click("details:has(button[value=need]) summary").await;
    for ground in ["empty_nest", "low_income", "disabled"] {
        office.click(&format!("label.choice:has(input[value={ground}])")).await;
    }
    step(&office, "need").await;
    office.follow("main a[href='/time/new?person=P000007']").await;
    set(&office, "#day", "2026-06-03").await;
    set(&office, "#from", "11:00").await;
    found.look(&office, "zh", "time-new").await;
    office.viewport(DESK).await;
    set(&office, "#day", "2026-06-03").await;
    set(&office, "#from", "11:00").await;
    office.fill("#words", "腿脚不便，想有人陪着说说话").await;
    office.follow("main form button.primary").await;
    office.wait(".flash.good").await;
    found.look(&office, "zh", "time-order-open").await;
    office.viewport(DESK).await;
    assert!(office.text("main").await.contains("李梅"), "the volunteer is proposed");
    let order = office.client.current_url().await.unwrap().path().to_owned();

    phone.open(&place.url("/time/board")).await;
    found.look(&phone, "zh", "time-board").await;
    phone.viewport(PHONE).await;
    assert!(!phone.text("main").await.contains("王德福"), "no names on the board");
    phone.follow("main a.card").await;
    step(&phone, "accept").await;
    assert!(phone.text("main").await.contains("王德福"));
    place.pass(3_600);
    let digits = card(&place, "H0003").await;
    phone.open(&place.url(&order)).await;
    found.look(&phone, "zh", "time-order-check-in").await;
    phone.viewport(PHONE).await;
    for _ in 0..2 {
        // as a scanner types: the page sends the form by itself
        phone.turn(phone.fill("#scan-text", &digits)).await;
        phone.wait(".flash.good").await;
        place.pass(3_600);
        phone.open(&place.url(&order)).await;
    }
    step(&phone, "confirm_done").await;

    // nobody stays signed in for two hours without a word
    office.sign_in(&place, "clerk").await;
    office.open(&place.url("/time?state=done")).await;
    found.look(&office, "zh", "time-desk").await;
    office.viewport(DESK).await;
    office.open(&place.url(&order)).await;
    office.click("label.choice:has(input[name=rating][value='5'])").await;
    step(&office, "confirm_served").await;
    let told = office.text("main").await;
    assert!(told.contains("已入账") && told.contains("1小时"), "{told}");
    found.look(&office, "zh", "time-order-posted").await;
    phone.open(&place.url("/time")).await;
    found.look(&phone, "zh", "time-mine").await;
    assert!(phone.text("main").await.contains("1小时"));
    found.settle();
    drop((office, phone));
    place.close().await;
}
