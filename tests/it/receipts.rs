//! What stays of a redemption on paper and on the phone: receipts with few connections, the passbook, the messages.

use std::time::Duration;

use greencoin::{
    domain::household::HouseholdNo,
    service::{
        ServiceError,
        caller::{Role, Staff, Storekeeper},
        helpers::NewHelper,
        messages::About,
        passbook::{PAGE_LINES, Passbook},
        redeem::order::{NewOrder, PickUp},
    },
    store::Db,
};
use sqlx::{postgres::PgPoolOptions, sqlite::SqlitePoolOptions};

use crate::{
    stall::Stall,
    village::{SOAP, TOWEL, Village, refused},
};

/// The same database over one connection (SQLite: one that reads), which whoever holds it must give back first.
async fn over_one_connection(url: &str, all: &Db) -> Db {
    let wait = Duration::from_millis(500);
    match all {
        Db::Sqlite { writer, .. } => {
            let readers = SqlitePoolOptions::new().max_connections(1).acquire_timeout(wait);
            Db::Sqlite { writer: writer.clone(), readers: readers.connect(url).await.unwrap() }
        }
        Db::Postgres(_) => {
            let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(wait);
            Db::Postgres(pool.connect(url).await.unwrap())
        }
    }
}

#[tokio::test]
async fn the_counter_works_over_one_connection() {
    let v = Village::new().await;
    v.give(0, 100).await;
    let card = v.card(0).await;
    let taken = v.redeem(&card, &[(SOAP, 2)], "k").await.unwrap();
    let wanted = NewOrder { counter: v.counter.id, basket: v.request("", &[(SOAP, 1)]).basket };
    let order = v.desk.place_order(&v.resident(0), "o", &wanted).await.unwrap();
    let mut narrow = v.desk.clone();
    narrow.db = over_one_connection(&v.engine.url, &v.desk.db).await;
    assert_eq!(narrow.receipt(&v.shop, taken.id).await.unwrap(), taken);
    assert_eq!(narrow.receipt_no(&v.shop, taken.no).await.unwrap(), taken);
    assert_eq!(narrow.own_receipt(&v.resident(0), taken.id).await.unwrap(), taken);
    narrow.identify(&v.shop, None, &card, None).await.unwrap();
    let day = narrow.redemptions_of(&v.shop, v.counter.id, v.desk.today(), None, 10).await.unwrap();
    assert_eq!(day.rows, std::slice::from_ref(&taken));
    narrow.own_messages(&v.resident(0)).await.unwrap();
    narrow.own_statement(&v.resident(0), Default::default(), None, 10).await.unwrap();
    // refused before anything is posted: the way there takes one connection at a time
    let wrong = PickUp { credential: "1-000000".to_owned(), basket: None };
    assert_eq!(refused(narrow.collect_order(&v.shop, order.id, &wrong, "c").await), "pickup_code_wrong");
    assert_eq!(refused(narrow.make_void(&v.shop, taken.id, "H0001", "v").await), "card_needed");
    narrow.db.close().await;
}

async fn book(v: &Village) -> Passbook {
    let by = Storekeeper::of(&v.clerk).unwrap();
    v.desk.passbook(&by, &HouseholdNo::from_ordinal(1)).await.unwrap()
}

#[tokio::test]
async fn a_passbook_goes_on_where_it_was_printed_last() {
    let v = Village::new().await;
    let (by, no) = (Storekeeper::of(&v.clerk).unwrap(), HouseholdNo::from_ordinal(1));
    assert_eq!((book(&v).await.lines.len(), book(&v).await.through()), (0, 0));
    v.give(0, 100).await;
    let card = v.card(0).await;
    v.redeem(&card, &[(SOAP, 1)], "k0").await.unwrap();
    let first = book(&v).await;
    let shown: Vec<_> = first.lines.iter().map(|l| (l.kind.as_str(), l.amount, l.after)).collect();
    assert_eq!(shown, [("opening", 10_000, 10_000), ("redemption", -500, 9_500)]);
    assert_eq!(book(&v).await, first, "looking prints nothing");
    let next = v.desk.passbook_printed(&by, &no, (0, 0), first.through()).await.unwrap();
    assert_eq!((next.version, next.used, next.lines.len()), (2, 2, 0));
    // the same form again, or another clerk at the same time
    assert_eq!(refused(v.desk.passbook_printed(&by, &no, (0, 0), 2).await), "passbook_moved");
    assert_eq!(refused(v.desk.passbook_printed(&by, &no, (2, 2), 3).await), "passbook_moved", "no such line");
    for n in 1..=PAGE_LINES {
        v.redeem(&card, &[(TOWEL, 1)], &format!("k{n}")).await.unwrap();
    }
    let full = book(&v).await;
    assert_eq!((full.lines.len(), full.more, full.used), (12, 2, 2), "as many as fit on the page");
    assert_eq!(full.lines[0].version, 3);
    let part = v.desk.passbook_printed(&by, &no, (2, 2), 5).await.unwrap();
    assert_eq!((part.used, part.lines.len(), part.more), (5, 9, 2), "the paper ended early");
    let done = v.desk.passbook_printed(&by, &no, (5, 5), part.through()).await.unwrap();
    assert_eq!((done.used, done.lines.len(), done.more), (0, 2, 0), "a fresh page");
    v.desk.passbook_printed(&by, &no, (done.version, 0), done.through()).await.unwrap();
    let fresh = v.desk.passbook_page(&by, &no).await.unwrap();
    assert_eq!((fresh.version, fresh.used), (16, 0));
}

#[tokio::test]
async fn a_shopkeeper_prints_the_passbook_of_whoever_redeemed_there_today() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let (by, no) = (Storekeeper::of(&v.shop).unwrap(), HouseholdNo::from_ordinal(1));
    assert_eq!(refused(v.desk.passbook(&by, &no).await), "passbook_not_here");
    v.redeem(&v.card(0).await, &[(SOAP, 1)], "k").await.unwrap();
    assert_eq!(v.desk.passbook(&by, &no).await.unwrap().lines.len(), 2);
    let other = Staff { user: v.desk.id(), ..Staff::clone(&v.shop) };
    let other = Storekeeper::of(&other).unwrap();
    assert_eq!(refused(v.desk.passbook(&other, &no).await), "passbook_not_here", "of another counter");
    v.clock.advance_seconds(86_400);
    assert_eq!(refused(v.desk.passbook(&by, &no).await), "passbook_not_here");
    let neighbour = v.neighbour().await;
    let clerk = Storekeeper::of(&neighbour.clerk).unwrap();
    assert_eq!(v.desk.passbook(&clerk, &no).await.unwrap().lines.len(), 0, "another H0001");
}

#[tokio::test]
async fn every_movement_is_a_message_until_it_is_read_and_helpers_are_told_too() {
    let v = Village::new().await;
    let home = v.resident(0);
    v.give(0, 55).await;
    assert_eq!(v.desk.fresh_messages(&home).await.unwrap(), 1);
    v.desk.read_messages(&home, 1).await.unwrap();
    v.clock.advance_seconds(60);
    let taken = v.redeem(&v.card(0).await, &[(SOAP, 4)], "k").await.unwrap();
    v.clock.advance_seconds(60);
    let new = NewHelper { household_no: "H0002".into(), name: "欧阳秀华".into(), day_max: 1_000 };
    let helper = v.desk.register_helper(&home, &new).await.unwrap();
    v.clock.advance_seconds(60);
    v.desk.end_helper(&home, helper.row.id).await.unwrap();
    let told = v.desk.own_messages(&home).await.unwrap();
    assert_eq!((told.fresh, told.through, told.list.len()), (1, 2, 4));
    assert!(matches!(told.list[0].about, About::HelperOff(_)));
    assert!(matches!(&told.list[1].about, About::HelperOn(h) if h.masked_name == "欧阳*华"));
    let About::Moved(line) = &told.list[2].about else { panic!("{:?}", told.list[2]) };
    assert_eq!((line.amount, line.after, told.list[2].fresh), (-taken.points, 3_500, true));
    assert!(!told.list[3].fresh);
    // what was read stays read, and nothing is read before it happened
    v.desk.read_messages(&home, 99).await.unwrap();
    v.desk.read_messages(&home, 1).await.unwrap();
    assert_eq!(v.desk.fresh_messages(&home).await.unwrap(), 0);
    v.redeem(&v.card(0).await, &[(TOWEL, 1)], "k2").await.unwrap();
    assert_eq!(v.desk.fresh_messages(&home).await.unwrap(), 1);
    assert_eq!(v.desk.fresh_messages(&v.resident(1)).await.unwrap(), 0);
    assert!(!matches!(v.desk.own_messages(&v.resident(1)).await, Err(ServiceError::NotFound(_))));
}

#[tokio::test]
async fn helpers_messages_and_passbook_on_the_pages_and_by_the_api() {
    let mut stall = Stall::new(50).await;
    let first = stall.household(2, 55).await;
    let card = stall.card(first).await;
    let bought = serde_json::json!({ "credential": card, "lines": [{ "sku": 1, "pieces": 20 }] });
    let receipt = stall.shop.post_json("/api/v1/redemptions", &bought).await.expect(200).json();
    let at = format!("/shop/receipts/{}?done=true", receipt["id"].as_str().unwrap());
    let page = stall.shop.get(&at).await.expect(200).text();
    assert!(page.contains("data-speak=\"扣20分，余35分\" data-now"), "{page}");
    assert!(page.contains("data-print=\"a6\"") && page.contains("data-speak-on"), "{page}");
    let mut auditor = stall.app.sign_in(Role::Auditor).await;
    let read = auditor.get(&at).await.expect(200).text();
    assert!(
        !read.contains("/passbook/") && !read.contains("href=\"/shop?"),
        "it leads nowhere that is shut: {read}"
    );
    let page = stall.shop.get("/passbook/H0002").await.expect(200).text();
    assert!(page.contains("从本页第1行接着打") && page.contains("−20"), "{page}");
    let printed = [("step", "printed"), ("version", "0"), ("used", "0"), ("through", "2")];
    stall.shop.post_form("/passbook/H0002", &printed).await.expect(303);
    let mut clerk = stall.app.sign_in(Role::Clerk).await;
    let next = clerk.get_json("/api/v1/passbooks/H0002").await;
    assert_eq!((next["used"].as_i64(), next["lines"].as_array().map(Vec::len)), (Some(2), Some(0)));
    assert!(clerk.get("/passbook/H0002").await.expect(200).text().contains("没有新的行要打印"));

    let mut home = stall.app.sign_in_household(&stall.app.village, "H0002").await;
    assert!(home.get("/my").await.expect(200).text().contains("2条新消息"));
    let page = home.get("/my/messages").await.expect(200).text();
    assert!(page.contains("扣20分，余35分") && page.contains("加55分，余55分"), "{page}");
    home.post_form("/my/messages/read", &[("through", "2")]).await.expect(303);
    assert!(!home.get("/my").await.expect(200).text().contains("条新消息"));
    let head = serde_json::json!({ "name": "张建国", "birth_year": 1960, "on": "2026-01-01" });
    let opened = clerk.post_json("/api/v1/households/open", &head).await.expect(201).json();
    let (no, name) = (opened["no"].as_str().unwrap().to_owned(), "张建国");
    let wrong = [("household_no", no.as_str()), ("name", "没有这个人"), ("day_max", "20")];
    assert!(home.post_form("/my/helpers", &wrong).await.expect(409).text().contains("没有这个姓名的人"));
    let right = [("household_no", no.as_str()), ("name", name), ("day_max", "20")];
    home.post_form("/my/helpers", &right).await.expect(303);
    let list = home.get_json("/api/v1/my/helpers").await;
    assert_eq!((list[0]["state"].as_str(), list[0]["day_max"].as_str()), (Some("active"), Some("20")));
    let page = clerk.get("/clerk/helpers/H0002").await.expect(200).text();
    assert!(page.contains("每天最多20分"), "{page}");
    let end = format!("/clerk/helpers/H0002/{}/end", list[0]["id"].as_str().unwrap());
    clerk.post_form(&end, &[]).await.expect(303);
    assert!(home.get("/my/messages").await.expect(200).text().contains("取消了代办人"));
    stall.app.finish().await;
}

#[test]
fn paper_is_named_by_words_that_browsers_know() {
    let at = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/static/print.css");
    let css = std::fs::read_to_string(at).unwrap();
    let sizes: Vec<&str> = css.split("size: ").skip(1).filter_map(|rest| rest.split(';').next()).collect();
    let papers: Vec<&&str> = sizes.iter().filter(|s| s.starts_with('A') || s.contains("mm ")).collect();
    assert!(papers.len() > 4, "{sizes:?}");
    // CSS Paged Media has A5, A4 and A3, and no A6: a browser that meets it prints on what lies in the tray
    assert!(papers.iter().all(|s| ["A3", "A4", "A5"].contains(*s) || s.contains("mm ")), "{papers:?}");
}
