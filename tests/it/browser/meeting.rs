//! A meeting's sign-in sheet of twenty households: what the clerk presses and types is counted, so that it stays the work
//! of a minute (domain handbook §13.2, 3). No clock is looked at: a machine's speed says nothing about a clerk's.

use greencoin::{
    domain::person::{Name, Relation},
    service::{caller::Clerk, register::change::NewPerson},
    store,
};

use super::{chromium::Chromium, place::Place};

/// Households on the paper: the village's six and fourteen more.
const SIGNED: usize = 20;
/// What it takes to type them: 1 to 9 with a digit and Enter, 10 to 20 with two.
const KEYS_OF_NUMBERS: usize = 9 * 2 + 11 * 3;
/// Taps and keys of the whole sheet: tile, item (two), begin, the numbers, the paper's count (a tap and two keys), save.
const ACTS: usize = 4 + KEYS_OF_NUMBERS + 3 + 1;
/// Acts of a minute at a calm pace, one and a half in a second.
const OF_A_MINUTE: usize = 90;

#[tokio::test(flavor = "multi_thread")]
async fn twenty_households_of_a_meeting_are_sixty_presses_and_keys() {
    let (place, office) = (Place::open().await, Chromium::start().await);
    move_in(&place, SIGNED - 6).await;
    office.sign_in(&place, "clerk").await;
    office.taps();
    office.follow("a.tile[href='/clerk/sheet']").await;
    // a list: a tap opens it, another chooses
    office.wait("#item").await.select_by_value("C3").await.unwrap();
    let mut acts = 2;
    office.follow("form.filter button").await;
    let mut typed = String::new();
    for no in 1..=SIGNED {
        typed.push_str(&format!("{no}\u{E007}"));
    }
    acts += typed.chars().count();
    assert_eq!(typed.chars().count(), KEYS_OF_NUMBERS);
    // the field has the focus already
    let focused = office.script("return document.activeElement.id").await;
    assert_eq!(focused, "typed");
    office.wait("#typed").await.send_keys(&typed).await.unwrap();
    office.wait(&format!("#rows .row:nth-of-type({SIGNED})")).await;
    office.click("#paper").await;
    office.wait("#paper").await.send_keys(&SIGNED.to_string()).await.unwrap();
    acts += 2;
    assert_eq!(office.script("return document.querySelector('[data-differs]').hidden").await, true);
    office.follow("form[action='/clerk/sheet'] .basket button.primary").await;
    acts += office.taps();
    assert!(office.text(".flash.good").await.contains("新记20条"), "{}", office.text("main").await);
    assert_eq!(acts, ACTS);
    const { assert!(ACTS <= OF_A_MINUTE) };
    drop(office);
    place.close().await;
}

/// More households move into the first group.
async fn move_in(place: &Place, homes: usize) {
    let mut tx = place.desk.db.begin_read().await.unwrap();
    let book = store::programme::list(&mut tx, 0, 1).await.unwrap()[0].book_id;
    let user = store::login::by_name(&mut tx, "clerk").await.unwrap().unwrap().id;
    drop(tx);
    let who = place.desk.staff_sign_in(user).await.unwrap().unwrap();
    let staff = place.desk.staff_for(&who, book).await.unwrap().unwrap();
    let by = Clerk::of(&staff).unwrap();
    for _ in 0..homes {
        let name = Name::parse("杨光明").unwrap();
        let head = NewPerson { name, relation: Relation::Head, birth_year: None, phone: None };
        place.desk.open_household(&by, None, &head, place.desk.today()).await.unwrap();
    }
}
