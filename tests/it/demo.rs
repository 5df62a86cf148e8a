//! The demo village: the year comes out as planned, every notice state is there to be seen, everything that is stored
//! can be derived again, and the same year gives the same log on both engines.

use std::sync::Arc;

use greencoin::{
    domain::{
        entropy::ChaChaEntropy,
        ids::BookId,
        time::{Day, ManualClock},
    },
    service::{
        Desk, HashCost, Keys,
        demo::{
            perform::{self, Tally},
            plan::{self, DemoPlan},
        },
        restore,
    },
    store::{Db, award::lists, ledger::read, programme},
};

use crate::{
    engine::{Engine, server},
    exports,
};

fn today() -> Day {
    "2026-11-22".parse().unwrap()
}

/// The plan up to `last`.
fn plan_until(last: Option<Day>) -> DemoPlan {
    let mut plan = plan::plan(plan::SEED, today());
    if let Some(last) = last {
        plan.events.retain(|e| e.at.day() <= last);
        plan.today = last.plus(1);
    }
    plan
}

async fn filled(db: Db, plan: &DemoPlan) -> (Desk, Tally) {
    let clock = Arc::new(ManualClock::new(plan.starts_on.start()));
    let entropy = Arc::new(ChaChaEntropy::from_seed(plan::SEED));
    let mut desk = Desk::new(db, clock.clone(), entropy, Keys::new([7; 32]));
    desk.hash_cost = HashCost::LEAST;
    let tally = perform::perform(&desk, &clock, plan).await.unwrap();
    (desk, tally)
}

async fn book(desk: &Desk) -> BookId {
    let mut tx = desk.db.begin_read().await.unwrap();
    programme::list(&mut tx, 0, 1).await.unwrap()[0].book_id
}

async fn head(desk: &Desk) -> read::Head {
    let mut tx = desk.db.begin_read().await.unwrap();
    read::head(&mut tx, book(desk).await).await.unwrap().unwrap()
}

async fn assert_sound(desk: &Desk) {
    let report = desk.verify_books(None).await.unwrap();
    for book in &report.books {
        assert!(book.fault.is_none(), "{:?}", book.fault);
    }
    assert!(!report.books.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_months_give_the_same_log_on_both_engines() {
    let last = Some("2025-12-31".parse().unwrap());
    let plan = plan_until(last);
    let engine = Engine::fresh().await;
    let (desk, tally) = filled(engine.open().await, &plan).await;
    assert!(tally.awards > 1_000 && tally.redemptions > 20, "{tally:?}");
    assert_sound(&desk).await;
    if server().is_some() {
        let other = Engine::sqlite();
        let (sqlite, again) = filled(other.open().await, &plan).await;
        assert_eq!(again, tally);
        assert_eq!(head(&sqlite).await, head(&desk).await);
    }
    assert!(perform::is_there(&desk).await.unwrap());
    // the programs of others take it, and it can be read back
    let pack = exports::packed(&desk, book(&desk).await).await;
    restore::check_pack(pack.path(), None).unwrap();
    exports::others_agree(&desk, book(&desk).await, pack.path()).await;
}

/// One engine is enough for the whole year: the other one is held to the same log by the months above.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_year_issues_what_the_rules_expect_and_shows_every_state() {
    if server().is_some() {
        return;
    }
    let engine = Engine::sqlite();
    let (desk, tally) = filled(engine.open().await, &plan_until(None)).await;
    assert!((20_000..24_000).contains(&tally.awards), "{tally:?}");
    assert!((550..750).contains(&tally.redemptions), "{tally:?}");
    assert!(tally.refused_lines < 50, "{tally:?}");
    let book = book(&desk).await;
    let mut states: Vec<String> =
        desk.notices(book, None, i64::MAX, 100).await.unwrap().into_iter().map(|n| n.state).collect();
    states.sort();
    states.dedup();
    assert_eq!(states, ["closed", "compiled", "published", "taken_down"]);
    let mut tx = desk.db.begin_read().await.unwrap();
    for fund in desk.funds(book).await.unwrap() {
        assert!(fund.left >= 0);
    }
    let approved = lists::approved(&mut tx, book, None, (0, 10), desk.now()).await.unwrap();
    drop(tx);
    assert!(!approved.is_empty(), "something waits for the next sheet");
    assert_sound(&desk).await;
}
