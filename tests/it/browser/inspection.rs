//! A village walked house by house on a phone: the line is cut in the middle, the page reloaded, the phone dies, and
//! every look arrives, once.

use std::time::{Duration, Instant};

use greencoin::{
    domain::{
        household::{HouseholdNo, Membership, PersonNo},
        ids::{BookId, OrgId, RoundId},
        person::{Name, Relation},
        pinyin::search_keys,
    },
    service::{caller::Clerk, inspection::open::NewRound},
    store::{household, inspection, login, person},
};

use super::{
    chromium::{Chromium, DESK, PHONE},
    look::Found,
    place::Place,
};

/// Households of the village.
const HOMES: u32 = 1_155;

/// A round in a large village, for the grid officer and a reviewer.
struct Walked {
    place: Place,
    book: BookId,
    round: RoundId,
}

async fn village() -> Walked {
    let place = Place::open().await;
    let desk = &place.desk;
    let mut tx = desk.db.begin_write().await.unwrap();
    let mut ids = Vec::new();
    for name in ["clerk", "grid01", "review1"] {
        ids.push(login::by_name(&mut tx, name).await.unwrap().unwrap().id);
    }
    let who = desk.staff_sign_in(ids[0]).await.unwrap().unwrap();
    let book = desk.books_of(&who).await.unwrap()[0].book_id;
    let staff = desk.staff_for(&who, book).await.unwrap().unwrap();
    let clerk = Clerk::of(&staff).unwrap();
    let homes = household::page(&mut tx, book, "", 10).await.unwrap();
    let groups: Vec<(OrgId, OrgId)> = [&homes[0], &homes[5]].map(|h| (h.org_id, h.group_id)).to_vec();
    let since = desk.today().plus(-100);
    for ordinal in 7..=HOMES {
        let (org, group) = groups[usize::from(ordinal > 600)];
        let name =
            Name::parse(["王建军", "李秀兰", "欧阳志强"][usize::try_from(ordinal % 3).unwrap()]).unwrap();
        let keys = search_keys(&name);
        let home = household::Household::new(
            desk.id(),
            HouseholdNo::from_ordinal(ordinal),
            org,
            group,
            i64::from(ordinal) + 1_000,
            since,
        );
        household::add(&mut tx, book, &home).await.unwrap();
        let head = person::Person {
            id: desk.id(),
            no: PersonNo::from_ordinal(ordinal + 1_000),
            name: name.as_str().to_owned(),
            pinyin: keys.pinyin,
            initials: keys.initials,
            birth_year: Some(1970),
            phone: None,
        };
        person::add(&mut tx, book, &head).await.unwrap();
        let at = Membership {
            person: head.id,
            household: home.id,
            relation: Relation::Head,
            from: since,
            to: None,
        };
        person::join(&mut tx, book, &at).await.unwrap();
    }
    tx.commit().await.unwrap();
    let new = NewRound {
        seen_on: desk.today(),
        items: vec!["A1".to_owned()],
        groups: Vec::new(),
        eyes: vec![ids[1], ids[2]],
    };
    let round = desk.open_round(&clerk, &new).await.unwrap().id;
    Walked { place, book, round }
}

impl Walked {
    fn url(&self) -> String {
        self.place.url(&format!("/inspections/{}", self.round))
    }

    /// Waits until the server has so many looks, at so many households; it never has more.
    async fn until(&self, wanted: (usize, usize)) {
        let started = Instant::now();
        loop {
            let arrived = self.arrived().await;
            if arrived == wanted {
                return;
            }
            assert!(arrived.0 <= wanted.0 && started.elapsed() < Duration::from_secs(30), "{arrived:?}");
        }
    }

    /// Looks the server has, and households among them.
    async fn arrived(&self) -> (usize, usize) {
        let mut tx = self.place.desk.db.begin_read().await.unwrap();
        let looks = inspection::looks(&mut tx, self.book, self.round).await.unwrap();
        let homes: std::collections::BTreeSet<_> = looks.iter().map(|l| l.household).collect();
        (looks.len(), homes.len())
    }
}

/// Taps yes at so many households, each as soon as the page shows the next one.
async fn walk(phone: &Chromium, homes: u32) {
    phone.wait("[data-walk]:not([hidden])").await;
    let script = format!(
        "const done = arguments[arguments.length - 1];
        let left = {homes};
        const shown = () => document.querySelector('[data-over]').hidden ? document.querySelector('[data-no]').textContent : '';
        const tap = () => {{
          const before = shown();
          if (left === 0) return done(true);
          if (before === '') {{
            document.querySelector('[data-next-group]').click();
            return setTimeout(tap, 0);
          }}
          left -= 1;
          document.querySelector('[data-mark]').click();
          const wait = () => shown() === before ? setTimeout(wait, 0) : tap();
          wait();
        }};
        tap();"
    );
    phone.client.execute_async(&script, Vec::new()).await.unwrap();
}

/// Waits until the light says so and nothing waits any more.
async fn light(phone: &Chromium, words: &str, waiting: Option<&str>) {
    let started = Instant::now();
    loop {
        let said = phone
            .script("return [document.querySelector('[data-light]').textContent, document.querySelector('[data-waiting]').textContent]")
            .await;
        if said[0] == words && waiting.is_none_or(|n| said[1] == n) {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(30), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_village_is_walked_without_leaving_the_page_whatever_the_line_and_the_phone_do() {
    let v = village().await;
    let phone = Chromium::start().await;
    phone.viewport(PHONE).await;
    phone.sign_in(&v.place, "grid01").await;
    phone.open(&v.url()).await;
    phone.wait("[data-walk]:not([hidden])").await;
    assert_eq!(phone.text("[data-no]").await, "H0001");
    // one tap a household
    phone.click("[data-mark=A1]").await;
    v.until((1, 1)).await;
    light(&phone, "在线", Some("0")).await;
    assert_eq!(phone.text("[data-no]").await, "H0002");
    phone.screenshot("zh/360/walk").await;
    walk(&phone, 60).await;
    v.until((61, 61)).await;
    light(&phone, "在线", Some("0")).await;

    phone.cut(true).await;
    walk(&phone, 200).await;
    light(&phone, "离线", Some("200")).await;
    phone.screenshot("zh/360/walk-offline").await;
    // a mistake: back, and tapped anew
    phone.click("[data-back]").await;
    phone.click("[data-mark='']").await;
    light(&phone, "离线", Some("201")).await;
    // signing out is warned of
    phone.click("form.who button").await;
    assert!(phone.text("[data-leaving]").await.contains("201"));
    // a reload without a line loses nothing; the browser's own cut may let a batch through with it
    phone.client.refresh().await.ok();
    phone.cut(false).await;
    phone.open(&v.url()).await;
    v.until((262, 261)).await;
    light(&phone, "在线", Some("0")).await;

    phone.cut(true).await;
    walk(&phone, 30).await;
    light(&phone, "离线", Some("30")).await;
    let phone = phone.killed().await;
    phone.viewport(PHONE).await;
    v.place.pass(30);
    phone.open(&v.place.url("/login")).await;
    if phone.script("return document.querySelector('input[name=login]') !== null").await == true {
        phone.sign_in(&v.place, "grid01").await;
    }
    // whoever comes back to the list is relieved of what waits, too
    phone.open(&v.place.url("/inspections")).await;
    v.until((292, 291)).await;
    light(&phone, "在线", Some("0")).await;

    phone.open(&v.url()).await;
    walk(&phone, HOMES - 291).await;
    v.until((1_156, 1_155)).await;
    light(&phone, "在线", Some("0")).await;
    assert!(phone.text("main").await.contains("这一组都看完了"));
    drop(phone);
    v.place.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pages_of_a_round_are_sound_and_what_the_server_refuses_is_seen_to() {
    let v = village().await;
    let browser = Chromium::start().await;
    let mut found = Found::default();
    browser.sign_in(&v.place, "review1").await;
    browser.open(&v.url()).await;
    browser.wait("[data-walk]:not([hidden])").await;
    found.look(&browser, "zh", "inspection-walk").await;
    browser.fill("[data-find]", "oyzq").await;
    browser.click("[data-found] button").await;
    assert_eq!(browser.text("[data-head]").await, "欧阳志强");
    // the clerk closes while a look is on its way
    browser.cut(true).await;
    browser.click("[data-mark=A1]").await;
    light(&browser, "离线", Some("1")).await;
    let mut tx = v.place.desk.db.begin_read().await.unwrap();
    let clerk = login::by_name(&mut tx, "clerk").await.unwrap().unwrap().id;
    drop(tx);
    let who = v.place.desk.staff_sign_in(clerk).await.unwrap().unwrap();
    let clerk = Clerk::of(&v.place.desk.staff_for(&who, v.book).await.unwrap().unwrap()).unwrap();
    v.place.desk.close_round(&clerk, v.round).await.unwrap();
    browser.cut(false).await;
    light(&browser, "要处理", Some("0")).await;
    assert!(browser.text("[data-refusals]").await.contains("请刷新"));
    browser.viewport(PHONE).await;
    browser.screenshot("zh/360/walk-refused").await;
    // open again, it is taken after all
    v.place.desk.reopen_round(&clerk, v.round).await.unwrap();
    browser.open(&v.url()).await;
    v.until((1, 1)).await;
    light(&browser, "在线", Some("0")).await;
    // closed for good, it is seen to
    browser.wait("[data-walk]:not([hidden])").await;
    v.place.desk.close_round(&clerk, v.round).await.unwrap();
    browser.click("[data-mark=A1]").await;
    light(&browser, "要处理", Some("0")).await;
    browser.click("[data-dismiss]").await;
    v.until((1, 1)).await;
    light(&browser, "在线", Some("0")).await;
    browser.sign_out().await;
    browser.sign_in(&v.place, "clerk").await;
    browser.viewport(DESK).await;
    for (page, name) in [("/clerk/inspections", "inspection-list"), ("/inspections", "inspection-own")] {
        browser.open(&v.place.url(page)).await;
        found.look(&browser, "zh", name).await;
    }
    browser.open(&v.place.url(&format!("/clerk/inspections/{}", v.round))).await;
    found.look(&browser, "zh", "inspection-one").await;
    browser.follow("form[action$='/preview'] button").await;
    found.look(&browser, "zh", "inspection-preview").await;
    // the cut line is what the console complains of
    found.faults.retain(|fault| !fault.contains("ERR_INTERNET_DISCONNECTED"));
    found.settle();
    drop(browser);
    v.place.close().await;
}
