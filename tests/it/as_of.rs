//! Balances and statements as of any pair of business day and instant of recording: over random histories with
//! back-dated transactions they are what a naive filter of all lines comes to, on two engines, through indexes only.

use std::{collections::BTreeMap, sync::Arc};

use greencoin::{
    domain::{
        book::TxnKind,
        chart,
        ids::{BookId, OrgId, UserId},
        posting::{Commodity, Line},
        time::{Clock, Day, ManualClock, Timestamp},
    },
    service::{
        Desk, ServiceError,
        as_of::{AsOf, Leaf},
        books::{Order, facts},
        caller::{Bookkeeper, Role, Staff},
        holds::NewHold,
        statement::Score,
    },
    store::as_of::sql,
};
use sqlx::{Connection, Row};
use uuid::Uuid;

use crate::{
    engine::{Engine, server},
    ledger_props::POLICY,
    model::{Model, Step, Verdict, random_commands},
    stall::Stall,
    village::Village,
};

const BOOK: BookId = BookId(Uuid::from_u128(0xa50f));

fn reader() -> Bookkeeper {
    let staff = Staff {
        user: UserId(Uuid::from_u128(1)),
        book: BOOK,
        org: OrgId(Uuid::from_u128(2)),
        person: None,
        roles: vec![Role::Auditor],
        also: Vec::new(),
        known: true,
        scope: None,
    };
    Bookkeeper::of(&staff).unwrap()
}

/// A line as the naive reading has it: day, instant, quantity, place.
type Naive = (Day, Timestamp, i64, i64);

/// The history on an engine, and every line of every account.
async fn history(engine: &Engine, seed: u64, n: usize) -> (Desk, BTreeMap<(String, String), Vec<Naive>>) {
    let clock = Arc::new(ManualClock::new(Timestamp::from_micros(0)));
    let desk = engine.desk(&clock).await;
    let mut tx = desk.db.begin_write().await.unwrap();
    desk.create_book_with(&mut tx, BOOK, POLICY).await.unwrap();
    tx.commit().await.unwrap();
    let (mut model, mut lines) = (Model::default(), BTreeMap::<_, Vec<Naive>>::new());
    for (Step { mut command, now }, turn) in random_commands(seed, n).into_iter().zip(0..) {
        clock.set(now);
        if command.kind != TxnKind::PeriodClose {
            // half of them count for a day up to five days ago
            command.effective_on = command.effective_on.plus(-(turn * 7 % 11 - 5).max(0));
        }
        desk.post(BOOK, command.clone(), Vec::new()).await.unwrap();
        let Verdict::Posted(seq) = model.decide(&command, now) else { continue };
        let at = model.posted.last().unwrap().1;
        for l in command.posting.lines() {
            let key = (l.account.to_string(), l.commodity.to_string());
            lines.entry(key).or_default().push((command.effective_on, at, l.quantity, seq));
        }
    }
    (desk, lines)
}

async fn compare(engine: &Engine, seed: u64, n: usize) {
    let (desk, accounts) = history(engine, seed, n).await;
    let by = reader();
    let all: Vec<Naive> = accounts.values().flatten().copied().collect();
    let backdated = all.iter().filter(|(day, at, ..)| *day < at.day()).count();
    assert!(backdated > 20 && accounts.len() > 20, "{backdated} lines count for an earlier day");
    let mut asked = 0;
    for (place, ((path, commodity), lines)) in accounts.iter().enumerate() {
        for turn in 0..4_usize {
            // bounds out of the history itself, so that they fall on edges
            let (day, ..) = all[(place * 31 + turn * 97) % all.len()];
            let (_, at, ..) = all[(place * 57 + turn * 13) % all.len()];
            let as_of =
                AsOf { effective_on: (turn != 1).then_some(day), recorded_at: (turn != 2).then_some(at) };
            let counts = |l: &&Naive| {
                as_of.effective_on.is_none_or(|day| l.0 <= day)
                    && as_of.recorded_at.is_none_or(|at| l.1 <= at)
            };
            let expected: i64 = lines.iter().filter(counts).map(|l| l.2).sum();
            let found = desk.balances_as_of(&by, path, as_of).await.unwrap();
            let found = found.into_iter().find(|a| a.commodity == *commodity).unwrap();
            assert_eq!(found.quantity, expected, "{path} {commodity} as of {as_of:?}, seed {seed}");
            let mut balance = 0;
            let mut shown: Vec<(i64, i64, i64)> = Vec::new();
            for l in lines.iter().filter(counts) {
                balance += l.2;
                shown.push((l.3, l.2, balance));
            }
            shown.reverse();
            let (mut pages, mut before) = (Vec::new(), None);
            loop {
                let leaf = Leaf { before, limit: 7 };
                let page = desk.lines_as_of(&by, (path, commodity), as_of, leaf).await.unwrap();
                let Some(last) = page.last() else { break };
                before = Some(last.version);
                pages.extend(page.iter().map(|l| (l.seq, l.quantity, l.balance_after)));
            }
            assert_eq!(pages, shown, "{path} {commodity} as of {as_of:?}, seed {seed}");
            asked += 1;
        }
    }
    assert!(asked > 80);
    desk.db.close().await;
}

#[tokio::test]
async fn every_account_stands_as_a_naive_reading_of_all_lines_says() {
    for seed in [7, 2_026] {
        compare(&Engine::fresh().await, seed, 220).await;
    }
    if server().is_some() {
        compare(&Engine::sqlite(), 7, 220).await;
    }
}

/// The plan of a statement, with nothing bound.
pub async fn plan(engine: &Engine, text: &str) -> String {
    if server().is_none() {
        let mut c = sqlx::SqliteConnection::connect(&engine.url).await.unwrap();
        let asked = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"));
        let rows = sqlx::query(asked).fetch_all(&mut c).await.unwrap();
        return rows.iter().map(|row| row.get::<String, _>(3)).collect::<Vec<_>>().join("\n");
    }
    let mut c = sqlx::PgConnection::connect(&engine.url).await.unwrap();
    // a small table is read whole, whatever its indexes: what counts is whether there is another way
    sqlx::query("SET enable_seqscan = off").execute(&mut c).await.unwrap();
    let book = "'00000000-0000-0000-0000-000000000001'";
    // the longest first: $1 begins $10
    let valued = (2..=10).rev().fold(text.to_owned(), |text, n| text.replace(&format!("${n}"), "'1'"));
    let valued = valued.replace("$1", book);
    let asked = sqlx::AssertSqlSafe(format!("EXPLAIN {valued}"));
    let rows = sqlx::raw_sql(asked).fetch_all(&mut c).await.unwrap();
    rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn no_question_about_the_past_reads_the_whole_book() {
    let engine = Engine::fresh().await;
    engine.open().await.close().await;
    for (name, text) in sql::ALL {
        let plan = plan(&engine, text).await;
        for whole in ["SCAN t", "SCAN e", "Seq Scan on txn", "Seq Scan on entry"] {
            assert!(!plan.contains(whole), "{name} reads a whole table:\n{plan}");
        }
    }
}

#[tokio::test]
async fn the_past_is_shown_in_words_to_those_who_may_ask() {
    let stall = Stall::new(50).await;
    stall.household(1, 30).await;
    let then = Clock::now(stall.app.clock.as_ref()).plus_seconds(60);
    stall.app.clock.advance_seconds(86_400);
    let lines = vec![
        Line::new(chart::household_available("H0001").unwrap(), Commodity::point(), 100),
        Line::new(chart::redeemed("C1").unwrap(), Commodity::point(), -100),
    ];
    let order = Order {
        key: "spent",
        kind: TxnKind::Correction,
        effective_on: stall.app.desk.today(),
        source: None,
        body: facts([("n", "1".to_owned())]),
    };
    let command = stall.app.desk.command(&stall.clerk.actor(), order, lines).unwrap();
    stall.app.desk.posted(stall.app.village.book, command, Vec::new()).await.unwrap();
    let mut auditor = stall.app.sign_in(Role::Auditor).await;
    let account = "Liabilities:Households:H0001:Available";
    let at = then.rfc3339().replace('+', "%2B");
    let api = format!("/api/v1/accounts/balance?account={account}");
    assert_eq!(auditor.get_json(&api).await[0]["balance"], "-29");
    assert_eq!(auditor.get_json(&format!("{api}&recorded_at={at}")).await[0]["balance"], "-30");
    assert_eq!(auditor.get_json(&format!("{api}&effective_on={}", then.day())).await[0]["balance"], "-30");
    let lines =
        format!("/api/v1/accounts/statement?account={account}&commodity=POINT&effective_on={}", then.day());
    assert_eq!(auditor.get_json(&lines).await.as_array().unwrap().len(), 1);
    auditor.get(&format!("{api}&effective_on=yesterday")).await.expect(422);
    auditor.get("/api/v1/accounts/balance?account=Liabilities:Households:H0009:Available").await.expect(404);
    let page = format!(
        "/audit/account?account={account}&effective_on={}&recorded_at={}T18:00",
        then.day(),
        then.day()
    );
    let text = auditor.get(&page).await.expect(200).text();
    let words = format!("按{}业务日期、截至{} 18:00时已记账", then.day(), then.day());
    assert!(text.contains(&words), "{text}");
    let mut own = stall.app.sign_in_household(&stall.app.village, "H0001").await;
    assert_eq!(own.get_json("/api/v1/my/balance").await["available"], "29");
    let own_then = own.get_json(&format!("/api/v1/my/balance?recorded_at={at}")).await;
    assert_eq!(own_then["available"], "30");
    let own_lines = own.get_json(&format!("/api/v1/my/statement?effective_on={}", then.day())).await;
    assert_eq!(own_lines.as_array().unwrap().len(), 1);
    own.get(&api).await.expect(403);
    stall.app.sign_in(Role::Shopkeeper).await.get(&api).await.expect(403);
    stall.app.finish().await;
}

async fn post(v: &Village, key: &str, lines: Vec<Line>) {
    let body = facts([("key", key.to_owned())]);
    let kind = TxnKind::Correction;
    let order = Order { key, kind, effective_on: v.desk.today(), source: None, body };
    let command = v.desk.command(&v.clerk.actor(), order, lines).unwrap();
    v.desk.posted(v.book, command, Vec::new()).await.unwrap();
}

#[tokio::test]
async fn everything_a_household_had_is_told_of_the_same_moment_to_those_who_may_read_it() {
    let v = Village::new().await;
    let points = |quantity: i64, path: &str| Line::new(path.parse().unwrap(), Commodity::point(), quantity);
    let minutes = |quantity: i64| {
        let time = chart::person_time("P000001").unwrap();
        vec![
            Line::new(chart::time_service(), Commodity::min(), quantity),
            Line::new(time, Commodity::min(), -quantity),
        ]
    };
    let owes = |quantity: i64| {
        vec![
            points(quantity, "Liabilities:Households:H0001:Arrears"),
            points(-quantity, "Equity:Budget:Gift"),
        ]
    };
    v.give(0, 50).await;
    let reason = "订货".to_owned();
    let (household, counter) = (v.homes[0], v.counter.id);
    let new = NewHold { household, counter, points: 1_000, until: None, reason };
    let hold = v.desk.place_hold(&v.clerk, "h", &new).await.unwrap();
    post(&v, "minutes", minutes(60)).await;
    post(&v, "owes", owes(300)).await;
    let day = v.desk.today();
    // the first instant of the next day belongs to the next day
    v.clock.set(day.plus(1).start());
    v.give(0, 7).await;
    v.clock.advance_seconds(60);
    v.desk.capture_hold(&v.shop, "c", hold.seq, None).await.unwrap();
    post(&v, "more minutes", minutes(30)).await;
    post(&v, "owes more", owes(200)).await;
    let had = async |as_of: AsOf| {
        let has = v.desk.holdings_as_of(&v.clerk, household, as_of).await.unwrap();
        [has.available, has.held, has.arrears, has.members[0].minutes]
    };
    let then = AsOf { effective_on: Some(day), recorded_at: None };
    assert_eq!(had(then).await, [4_000, 1_000, 300, 60]);
    let last = Timestamp::from_micros(day.plus(1).start().micros() - 1);
    assert_eq!(had(AsOf { effective_on: None, recorded_at: Some(last) }).await, [4_000, 1_000, 300, 60]);
    assert_eq!(had(AsOf::default()).await, [4_700, 0, 500, 90]);
    let of_shop = v.desk.holdings_as_of(&v.shop, household, then).await;
    assert!(matches!(of_shop, Err(ServiceError::NotAllowed)), "{of_shop:?}");
    let leaf = Leaf { before: None, limit: 7 };
    let of_shop = v.desk.statement_as_of(&v.shop, household, Score::Points, then, leaf).await;
    assert!(matches!(of_shop, Err(ServiceError::NotAllowed)), "{of_shop:?}");
}

#[test]
fn a_minute_means_all_of_it() {
    let read = AsOf::read("", "2026-06-03T18:00").unwrap();
    assert_eq!(read.recorded_at, Some("2026-06-03T18:00:59.999999+08:00".parse().unwrap()));
    assert!(AsOf::read(" ", "").unwrap().is_now());
}
