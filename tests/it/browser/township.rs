//! The longest way of all (R3) in a real browser: recorded, reviewed, voted on under the eyes of the observer, rechecked by
//! the two committees, checked by the township, hung up, posted. Each step by the person whose step it is.

use greencoin::{
    domain::panel::{BodyKind, Post, Seat},
    service::{caller::Township, demo::perform::lately, panel::bodies::NewBody},
    store,
};

use super::{
    chromium::{Chromium, DESK, PHONE},
    panel::votes,
    place::Place,
};

/// The family with the honour; its award is worth 40 points, and the county's word is for the township to check.
const HOME: &str = "H0004";

#[tokio::test(flavor = "multi_thread")]
async fn an_honour_of_the_county_goes_past_panel_committees_and_township_before_it_is_posted() {
    let place = village().await;
    let office = Chromium::start().await;
    office.viewport(DESK).await;
    records(&office, &place).await;
    approves(&office, &place, "review1", "review").await;
    let sitting = convenes(&office, &place).await;
    let phone = Chromium::start().await;
    phone.viewport(PHONE).await;
    let id = sitting.rsplit('/').next().unwrap();
    for member in ["panel1", "panel2", "panel3", "panel4", "panel5"] {
        votes(&phone, &place, member, id).await;
    }
    phone.sign_in(&place, "panel7").await;
    phone.open(&place.url(&format!("/review/sittings/{id}"))).await;
    phone.follow("form[action$='/attend'] button").await;
    phone.follow("form[action$='/observe'] button").await;
    phone.sign_out().await;
    office.sign_in(&place, "clerk").await;
    office.open(&place.url(&sitting)).await;
    office.fill("#minutes", "逐条宣读，逐条表决。").await;
    office.follow("form[action$='/close'] button").await;
    office.sign_out().await;

    // whoever is of neither committee finds nothing to recheck, and the first reviewer has had a say
    assert_eq!(waiting(&office, &place, "review1", "recheck").await, 0);
    approves(&office, &place, "review2", "recheck").await;
    assert_eq!(waiting(&office, &place, "review3", "recheck").await, 0, "it has gone on");
    office.sign_in(&place, "town").await;
    office.open(&place.url("/review?step=township")).await;
    office.screenshot("zh/1280/township-check").await;
    assert!(office.text("main").await.contains("乡镇核"), "{}", office.text("main").await);
    tick_all(&office).await;
    office.follow("form[action='/review'] button[value=approve]").await;
    office.wait(".flash.good").await;
    office.sign_out().await;

    let notice = super::walk::clerk::compiles(&office, &place).await;
    super::walk::review::publishes(&office, &place, &notice).await;
    place.pass(6 * 24 * 60 * 60);
    place.tick().await;
    phone.sign_in_household(&place, HOME).await;
    phone.open(&place.url("/my/statement")).await;
    let before = phone.text("main").await;
    assert!(!before.contains("+40"), "seven days on this route: {before}");
    place.pass(24 * 60 * 60);
    assert!(place.tick().await.posted > 0);
    phone.open(&place.url("/my/statement")).await;
    let after = phone.text("main").await;
    assert!(after.contains("+40") && after.contains("荣誉"), "{after}");
    drop((phone, office));
    place.close().await;
}

/// A village with a panel and, from today on, two committees: of the reviewers the second and the third.
async fn village() -> Place {
    let place = Place::open().await;
    let now = place.desk.now();
    lately::lately(&place.desk, &place.clock, &super::place::plan()).await.unwrap();
    place.clock.set(now);
    let mut tx = place.desk.db.begin_read().await.unwrap();
    let book = store::programme::list(&mut tx, 0, 1).await.unwrap()[0].book_id;
    let mut seats = Vec::new();
    for login in ["review2", "review3"] {
        let user = store::login::by_name(&mut tx, login).await.unwrap().unwrap().id;
        seats.push(Seat { user, post: Post::Member });
    }
    let town = store::login::by_name(&mut tx, "town").await.unwrap().unwrap().id;
    drop(tx);
    let who = place.desk.staff_sign_in(town).await.unwrap().unwrap();
    let staff = place.desk.staff_for(&who, book).await.unwrap().unwrap();
    let basis = "村民代表会议决议".to_owned();
    let body = NewBody { kind: BodyKind::Committees, from: place.desk.today(), basis, seats };
    place.desk.name_body(&Township::of(&staff).unwrap(), &body).await.unwrap();
    place
}

async fn records(office: &Chromium, place: &Place) {
    office.sign_in(place, "clerk").await;
    office.open(&place.url(&format!("/clerk/record/{HOME}"))).await;
    let choice = "label.choice:has(input[value='D2|county'])";
    let open = format!("document.querySelector(\"{choice}\").closest('details').open = true");
    office.script(&open).await;
    office.click(choice).await;
    office.follow("form[data-record] .basket button.primary").await;
    assert!(office.text(".flash.good").await.contains("+40分"));
    office.sign_out().await;
}

async fn tick_all(office: &Chromium) {
    office.script("for (const box of document.querySelectorAll('input[name=id]')) box.checked = true").await;
}

/// How many awards somebody finds at a step; nobody stays signed in.
async fn waiting(office: &Chromium, place: &Place, login: &str, step: &str) -> u64 {
    office.sign_in(place, login).await;
    office.open(&place.url(&format!("/review?step={step}"))).await;
    let found = office.script("return document.querySelectorAll('input[name=id]').length").await;
    office.sign_out().await;
    found.as_u64().unwrap()
}

/// Everything that waits for somebody at a step.
async fn approves(office: &Chromium, place: &Place, login: &str, step: &str) {
    office.sign_in(place, login).await;
    office.open(&place.url(&format!("/review?step={step}"))).await;
    tick_all(office).await;
    office.follow("form[action='/review'] button[value=approve]").await;
    office.wait(".flash.good").await;
    office.sign_out().await;
}

/// The clerk convenes the panel; the address of the sitting.
async fn convenes(office: &Chromium, place: &Place) -> String {
    office.sign_in(place, "clerk").await;
    office.open(&place.url("/clerk/sittings")).await;
    office.fill("#place", "村部会议室").await;
    office.follow("form[action='/clerk/sittings'] .basket button").await;
    let address = office.client.current_url().await.unwrap().path().to_owned();
    office.sign_out().await;
    address
}
