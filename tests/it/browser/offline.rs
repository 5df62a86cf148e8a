//! Two devices sell without network in two browsers: one is killed while it sends, their clocks are an hour apart. Points,
//! goods and money are exact, nothing is taken twice, nothing is lost.

use std::time::{Duration, Instant};

use greencoin::{
    domain::{
        book::TxnKind,
        chart,
        ids::{BookId, HouseholdId},
        posting::{Commodity, Line as PostingLine},
    },
    service::{
        books::{Order, facts},
        caller::Clerk,
    },
    store::{household, ledger::read, login, offline},
};
use serde_json::json;

use super::{
    chromium::{Chromium, DESK, PHONE},
    line::{Line, State},
    place::Place,
};

const SOAP: i64 = 1;
const TOWEL: i64 = 2;
/// Points that each of the two households is given.
const GIVEN: i64 = 100;

/// The village with two households that have points and a card.
struct Shop {
    place: Place,
    book: BookId,
    clerk: Clerk,
    homes: Vec<HouseholdId>,
    cards: Vec<String>,
    /// Points of the two households before anything was put aside, in hundredths.
    had: Vec<i64>,
    numbers: Vec<String>,
}

impl Shop {
    async fn open() -> Self {
        let place = Place::open().await;
        let desk = &place.desk;
        let mut tx = desk.db.begin_read().await.unwrap();
        let clerk = login::by_name(&mut tx, "clerk").await.unwrap().unwrap().id;
        drop(tx);
        let who = desk.staff_sign_in(clerk).await.unwrap().unwrap();
        let book = desk.books_of(&who).await.unwrap()[0].book_id;
        let clerk = Clerk::of(&desk.staff_for(&who, book).await.unwrap().unwrap()).unwrap();
        let mut tx = desk.db.begin_read().await.unwrap();
        let homes = household::page(&mut tx, book, "", 2).await.unwrap();
        drop(tx);
        let ids: Vec<HouseholdId> = homes.iter().map(|h| h.id).collect();
        let numbers: Vec<String> = homes.iter().map(|h| h.no.to_string()).collect();
        for no in &numbers {
            let lines = vec![
                PostingLine::new(chart::budget("SERVICE").unwrap(), Commodity::point(), GIVEN * 100),
                PostingLine::new(chart::household_available(no).unwrap(), Commodity::point(), -GIVEN * 100),
            ];
            let order = Order {
                key: &format!("give {no}"),
                kind: TxnKind::Opening,
                effective_on: desk.today(),
                source: None,
                body: facts([("household", no.clone())]),
            };
            let command = desk.command(&clerk.actor(), order, lines).unwrap();
            desk.posted(book, command, Vec::new()).await.unwrap();
        }
        let cards = desk.issue_cards(&clerk, &ids).await.unwrap().into_iter().map(|c| c.digits).collect();
        let mut shop = Self { place, book, clerk, homes: ids, cards, had: Vec::new(), numbers };
        shop.had = shop.available().await;
        shop
    }

    async fn balance(&self, path: &str, commodity: &str) -> i64 {
        let mut tx = self.place.desk.db.begin_read().await.unwrap();
        read::balance(&mut tx, self.book, path, commodity).await.unwrap()
    }

    async fn available(&self) -> Vec<i64> {
        let mut out = Vec::new();
        for no in &self.numbers {
            let path = format!("Liabilities:Households:{no}:Available");
            out.push(-self.balance(&path, Commodity::POINT).await);
        }
        out
    }

    async fn held(&self) -> i64 {
        let mut sum = 0;
        for no in &self.numbers {
            sum -= self.balance(&format!("Liabilities:Households:{no}:Held"), Commodity::POINT).await;
        }
        sum
    }

    /// Pieces on the shelf and put aside.
    async fn pieces(&self, sku: i64) -> (i64, i64) {
        let code = format!("SKU-{sku:06}");
        (self.balance("Assets:Stock:C01", &code).await, self.balance("Assets:Reserved:C01", &code).await)
    }

    /// What all goods that were handed out cost, in fen.
    async fn cost(&self) -> i64 {
        self.balance("Expenses:Rewards", Commodity::CNYFEN).await
    }

    /// What people were told of each entry, by when it came.
    async fn flags(&self) -> Vec<String> {
        let mut tx = self.place.desk.db.begin_read().await.unwrap();
        let mut found = Vec::new();
        for round in offline::after(&mut tx, self.book, "", 10).await.unwrap() {
            found.extend(offline::entry::of_round(&mut tx, self.book, round.id, 0, 10).await.unwrap());
        }
        found.sort_by_key(|e| (e.received_at, e.number));
        found.into_iter().map(|e| e.flags).collect()
    }

    /// Redemptions so far.
    async fn receipts(&self) -> i64 {
        let mut tx = self.place.desk.db.begin_read().await.unwrap();
        read::meter(&mut tx, self.book, "receipt").await.unwrap()
    }

    /// Waits until there are so many receipts; there are never more.
    async fn until(&self, wanted: i64) {
        let started = Instant::now();
        loop {
            let now = self.receipts().await;
            if now == wanted {
                return;
            }
            assert!(
                now < wanted && started.elapsed() < Duration::from_secs(30),
                "{now} receipts, not {wanted}"
            );
        }
    }
}

/// Signs in and makes a device ready.
async fn ready(shop: &Shop, browser: &Chromium, line: &Line, goods: &[(i64, i64)]) {
    browser.sign_in(&shop.place, "shop1").await;
    browser.open(&line.url("/shop/offline")).await;
    browser.wait("[data-till][data-kept]").await;
    shots(browser, "offline-ready").await;
    for (sku, pieces) in goods {
        browser.fill(&format!("#take-{sku}"), &pieces.to_string()).await;
    }
    browser.click("form[data-ready] button.primary").await;
    browser.wait("[data-work]:not([hidden])").await;
}

/// Sells, and waits until it is written down.
async fn sell(browser: &Chromium, card: &str, sku: i64, pieces: i64) {
    browser.fill("[data-text]", card).await;
    browser.wait("[data-who].flash:not(.warn):not([hidden])").await;
    browser.fill(&format!("#qty-{sku}"), &pieces.to_string()).await;
    browser.click("[data-sell]").await;
    browser.wait("section section[data-receipt]:not([hidden])").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_devices_without_network_one_killed_while_it_sends_lose_nothing_and_take_nothing_twice() {
    let shop = Shop::open().await;
    let (soap, towel, earlier) =
        (shop.pieces(SOAP).await.0, shop.pieces(TOWEL).await.0, shop.receipts().await);
    let cost = shop.cost().await;
    let (first_line, second_line) = (Line::to(&shop.place.base).await, Line::to(&shop.place.base).await);
    let (first, second) = (Chromium::start().await, Chromium::start().await);
    first.clock(&shop.place, 0).await;
    second.clock(&shop.place, 3_600).await;
    ready(&shop, &first, &first_line, &[(SOAP, 3), (TOWEL, 1)]).await;
    ready(&shop, &second, &second_line, &[(SOAP, 3)]).await;
    assert!(shop.held().await >= 2 * 2 * 2_000);
    assert_eq!(shop.pieces(SOAP).await, (soap - 6, 6));

    first_line.set(State::Cut);
    second_line.set(State::Cut);
    sell(&first, &shop.cards[0], SOAP, 2).await;
    sell(&second, &shop.cards[0], SOAP, 1).await;
    sell(&first, &shop.cards[1], TOWEL, 1).await;
    sell(&second, &shop.cards[1], SOAP, 2).await;
    // a reload without a line loses nothing
    second.open(&second_line.url("/shop/offline")).await;
    second.wait("[data-count='2']").await;
    second.wait("[data-light=offline]").await;
    shots(&second, "offline-cut").await;
    assert_eq!(shop.receipts().await, earlier);

    // the first one's answer is lost, and it is killed before it can ask again
    first_line.set(State::Deaf);
    first.click("[data-send]").await;
    shop.until(earlier + 2).await;
    let first = first.killed().await;
    first.viewport(PHONE).await;
    first.clock(&shop.place, 0).await;
    first_line.set(State::Up);
    first.sign_in_again(&shop.place, "shop1").await;
    first.open(&first_line.url("/shop/offline")).await;
    first.wait("[data-count='0']").await;
    assert_eq!(shop.receipts().await, earlier + 2);

    second_line.set(State::Up);
    second.click("[data-send]").await;
    second.wait("[data-count='0']").await;
    shop.until(earlier + 4).await;
    second.wait("[data-light=online]").await;
    shots(&second, "offline-sent").await;
    for browser in [&first, &second] {
        browser.click("[data-close]").await;
        browser.wait("[data-forget]:not([hidden])").await;
    }
    let spent = [3 * 600, 1_600 + 2 * 600];
    let left: Vec<i64> = shop.had.iter().zip(spent).map(|(had, spent)| had - spent).collect();
    assert_eq!((shop.available().await, shop.held().await), (left, 0));
    assert_eq!((shop.pieces(SOAP).await, shop.pieces(TOWEL).await), ((soap - 5, 0), (towel - 1, 0)));
    assert_eq!(shop.receipts().await, earlier + 4);
    assert_eq!(shop.cost().await - cost, 5 * 300 + 800);
    // only the clock that is an hour ahead is told of, and it changed nothing
    assert_eq!(shop.flags().await, ["", "", "skew", "skew"]);
    let report = shop.place.desk.verify_books(None).await.unwrap();
    assert!(report.holds(), "{report:#?}");
    drop((first, second, first_line, second_line));
    shop.place.close().await;
}

impl Chromium {
    /// Signs in unless the browser still is.
    async fn sign_in_again(&self, place: &Place, login: &str) {
        self.open(&place.url("/login")).await;
        if self.script("return document.querySelector('input[name=login]') !== null").await == true {
            self.sign_in(place, login).await;
        }
    }

    /// Sets the clock of every page that is opened from now on so many seconds ahead of the server's.
    async fn clock(&self, place: &Place, ahead: i64) {
        let server = place.desk.now().micros() / 1_000 + ahead * 1_000;
        let source = format!(
            "{{ const now = Date.now.bind(Date); const by = {server} - now(); Date.now = () => now() + by; }}"
        );
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
    }
}

/// Pictures for people to look at.
async fn shots(browser: &Chromium, name: &str) {
    for size in [DESK, PHONE] {
        browser.viewport(size).await;
        browser.screenshot(&format!("zh/{}/{name}", size.0)).await;
    }
}

/// Signs in as somebody else.
async fn now_as(browser: &Chromium, place: &Place, login: &str, path: &str) {
    browser.client.delete_all_cookies().await.unwrap();
    browser.sign_in(place, login).await;
    browser.open(&place.url(path)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_is_printed_without_network_and_what_was_not_taken_is_decided_on_a_page() {
    let shop = Shop::open().await;
    let place = &shop.place;
    let (line, browser) = (Line::to(&place.base).await, Chromium::start().await);
    browser.clock(place, 0).await;
    ready(&shop, &browser, &line, &[(SOAP, 3)]).await;
    line.set(State::Cut);
    sell(&browser, &shop.cards[0], SOAP, 2).await;
    browser.script("window.print = () => { document.body.dataset.printed = '' }").await;
    browser.click("[data-print]").await;
    browser.wait("[data-printed]").await;
    let paper = browser.print("offline-slip").await;
    assert_eq!((paper.sheets, paper.millimetres.0), (1, 58));
    for wanted in
        ["本机第1笔 · 待回传", "村部爱心超市", "香皂", "2 × 6 = 12分", "断网额度余 8分", &shop.numbers[0]]
    {
        assert!(paper.text.contains(wanted), "{wanted}: {}", paper.text);
    }
    assert!(!paper.text.contains("现在回传"), "{}", paper.text);
    browser.put_paper_away().await;
    // the card is declared lost meanwhile
    let desk = &place.desk;
    let homes = desk.cards_of(shop.book, shop.homes[0]).await.unwrap();
    desk.revoke_card(&shop.clerk, homes[0].id, "丢失").await.unwrap();
    // nobody is signed in any more: that is for people, and loses nothing
    browser.client.delete_all_cookies().await.unwrap();
    line.set(State::Up);
    browser.click("[data-send]").await;
    browser.wait("[data-light=help]").await;
    assert!(browser.text("[data-say]").await.contains("请重新登录"));
    shots(&browser, "offline-help").await;
    now_as(&browser, place, "shop1", "/shop").await;
    browser.open(&line.url("/shop/offline")).await;
    browser.wait("[data-count='0']").await;
    assert!(browser.text("[data-waiting]").await.contains("没有扣分"));
    now_as(&browser, place, "review1", "/devices").await;
    assert!(browser.text("main").await.contains("卡已挂失"));
    shots(&browser, "devices-undecided").await;
    browser.follow("button[name=decision][value=posted]").await;
    assert!(browser.text("main").await.contains("已处理"));
    // what the device has in hand stays with it
    assert_eq!(shop.available().await[0], shop.had[0] - 1_200 - 2_000);
    now_as(&browser, place, "clerk", "/devices").await;
    browser.fill("input[name=reason]", "掉进水塘").await;
    browser.follow("form[action$='/missing'] button").await;
    now_as(&browser, place, "review1", "/devices").await;
    shots(&browser, "devices-missing").await;
    browser.follow("form[action$='/end'] button").await;
    assert!(browser.text("main").await.contains("额度已收回"));
    assert_eq!((shop.held().await, shop.pieces(SOAP).await.1), (0, 0));
    assert_eq!(shop.available().await, [shop.had[0] - 1_200, shop.had[1]]);
    let report = desk.verify_books(None).await.unwrap();
    assert!(report.holds(), "{report:#?}");
    drop((browser, line));
    shop.place.close().await;
}
