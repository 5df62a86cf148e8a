//! Verification: a healthy book holds, and whatever is changed behind the program's back is named. The changes are made
//! with SQLite's own tools, whatever engine is under test: the pass that must notice them is one code for both.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    engine::{Engine, clock},
    hamlet,
    intruder::{Intruder, other},
    tables::BESIDE,
    village::{HAIRCUT, OIL, SOAP, Village, refused},
};
use greencoin::{
    domain::{
        book::TxnKind,
        chart,
        posting::{Commodity, Line},
    },
    service::{
        Desk,
        books::{Order, facts},
        caller::Reviewer,
        verify::{BookReport, Fault},
    },
    store::ledger::{read, write},
};

async fn report(desk: &Desk) -> BookReport {
    desk.verify_books(Some(1)).await.unwrap().books.remove(0)
}

/// A village whose book has something in every table of the ledger.
async fn lived_in(engine: Engine) -> Village {
    let clock = clock();
    let desk = engine.desk(&clock).await;
    let v = Village::on(Arc::new(engine), clock, desk, 1).await;
    for home in 0..3 {
        v.give(home, 60).await;
    }
    let code = v.code(0).await;
    v.redeem(&code, &[(SOAP, 2), (HAIRCUT, 1)], "k1").await.unwrap();
    v.clock.advance_seconds(60);
    let card = v.card(1).await;
    v.redeem(&card, &[(SOAP, 2)], "k2").await.unwrap();
    let code = v.code(2).await;
    v.redeem(&code, &[(OIL, 1)], "k3").await.unwrap();
    // a refusal is kept under its key
    let lines = vec![
        Line::new(chart::household_available("H0001").unwrap(), Commodity::point(), 1_000_000),
        Line::new(chart::redeemed("C1").unwrap(), Commodity::point(), -1_000_000),
    ];
    assert_eq!(refused(post(&v, "too much", TxnKind::Correction, lines).await), "insufficient_points");
    // a closed period
    v.desk.close_period(&v.clerk, "2026-05-31".parse().unwrap()).await.unwrap();
    // minutes, so that the book's limits are in use
    let lines = vec![
        Line::new(chart::time_service(), Commodity::min(), 90),
        Line::new(chart::person_time("P000001").unwrap(), Commodity::min(), -90),
    ];
    post(&v, "service", TxnKind::TimeService, lines).await.unwrap();
    let mut tx = v.desk.db.begin_write().await.unwrap();
    let head = read::head(&mut tx, v.book).await.unwrap().unwrap();
    write::checkpoint(&mut tx, v.book, head.seq, &head.root, v.desk.now()).await.unwrap();
    tx.commit().await.unwrap();
    v
}

async fn post(
    v: &Village,
    key: &str,
    kind: TxnKind,
    lines: Vec<Line>,
) -> Result<greencoin::service::Receipt, greencoin::service::ServiceError> {
    let order = Order {
        key,
        kind,
        effective_on: v.desk.today(),
        source: None,
        body: facts([("key", key.to_owned())]),
    };
    let command = v.desk.command(&v.clerk.actor(), order, lines)?;
    v.desk.posted(v.book, command, Vec::new()).await
}

#[tokio::test]
async fn a_counters_book_holds_on_either_engine() {
    let v = lived_in(Engine::fresh().await).await;
    let found = report(&v.desk).await;
    assert_eq!(found.fault, None);
    assert_eq!((found.transactions, found.redemptions), (v.seq().await, 3));
}

/// A village with posted, refused and undone awards.
async fn awarded(engine: Engine) -> hamlet::Village {
    let clock = clock();
    let desk = engine.desk(&clock).await;
    let v = hamlet::Village::found(engine, clock, desk, 1).await;
    v.endow(hamlet::BUDGET).await;
    let row = v.approved(0, "D3").await;
    v.approved(1, "D3").await;
    v.publish().await;
    v.clock.advance_seconds(5 * 86_400);
    v.desk.post_due_lines(v.book).await.unwrap();
    let seq = v.desk.award_file(v.book, row.id).await.unwrap().award.txn_seq.unwrap();
    let request = v.desk.request_reversal(&v.clerk(), seq, "记错户").await.unwrap();
    v.desk.approve_reversal(&Reviewer::of(&v.second).unwrap(), request.id, "同意").await.unwrap();
    v
}

#[tokio::test]
async fn awards_are_computed_again_and_a_reversal_is_the_mirror() {
    let v = awarded(Engine::fresh().await).await;
    let found = report(&v.desk).await;
    assert_eq!(found.fault, None);
    assert_eq!(found.awards, 2);
}

/// What a refused command was, and what lies outside the books' arithmetic, moves nothing and stands in no leaf: these
/// columns are looked at for what they may hold, not for what they held.
const UNSEEN: &[(&str, &str, &str)] = &[
    ("checkpoint", "book_id", "a head shown on no sheet: taking it away hides nothing"),
    ("checkpoint", "recorded_at", "later is possible, earlier is not"),
];

/// The tables of the papers behind the postings, and a condition for the row that is changed.
const PAPERS: &[(&str, &str)] = &[
    ("redemption", "no = 1"),
    ("redemption_line", "line = 1 AND redemption_id = (SELECT id FROM redemption WHERE no = 1)"),
    ("award", "no = 1"),
    ("notice", "no = 1"),
];

/// What of the papers the log does not tell: the village's own words, and what is only looked at while they are on
/// their way. Their history stands in `event`, which takes no change.
const UNTOLD: &[(&str, &[&str])] = &[
    ("redemption", &["placed_at"]),
    // what the article was called then, for the receipt
    ("redemption_line", &["name", "unit"]),
    (
        "award",
        &[
            "group_id",
            "event_key",
            "recorded_at",
            "recorder",
            "on_behalf",
            "batch_id",
            "evidence",
            "note",
            "remaining",
            "reason",
        ],
    ),
    (
        "notice",
        &[
            "group_id",
            "fund_id",
            "state",
            "lines",
            "compiled_at",
            "compiled_by",
            "published_by",
            "closes_at",
            "closed_at",
            "taken_down_at",
            // of a sheet that was not recalled: of one that was, the log tells
            "recalled_by",
            "recalled_because",
        ],
    ),
];

/// The tables of the ledger, and a condition for the row that is changed.
const TABLES: &[(&str, &str)] = &[
    ("book", "1 = 1"),
    ("commodity", "code = 'POINT'"),
    ("account", "path = 'Liabilities:Persons:P000001:Time'"),
    ("balance", "account_id = 3"),
    ("txn", "kind = 'redemption' AND seq = (SELECT min(seq) FROM txn WHERE kind = 'redemption')"),
    ("entry", "line = 1 AND seq = (SELECT min(seq) FROM txn WHERE kind = 'redemption')"),
    ("meter_use", "ordinal = 1 AND seq = (SELECT min(seq) FROM txn WHERE kind = 'redemption')"),
    ("meter", "meter = 'receipt'"),
    ("refusal", "1 = 1"),
    ("checkpoint", "1 = 1"),
];

/// The tables a change of `table` may show in first.
fn near(table: &str) -> &'static [&'static str] {
    match table {
        "book" => &["book", "account", "entry", "txn", "refusal"],
        "account" => &["account", "entry", "balance"],
        "txn" => &["txn", "entry", "meter_use", "checkpoint"],
        "entry" => &["entry", "txn", "account"],
        "meter_use" => &["meter_use", "txn", "redemption"],
        "meter" => &["meter"],
        "balance" => &["balance"],
        "commodity" => &["commodity"],
        "refusal" => &["refusal", "book"],
        _ => &["checkpoint"],
    }
}

fn names(fault: Option<&Fault>, table: &str, seq: Option<i64>) -> Result<(), String> {
    let Some(fault) = fault else { return Err("nothing was noticed".to_owned()) };
    if !near(table).contains(&fault.table) {
        return Err(format!("{}.{} was named", fault.table, fault.field));
    }
    match seq {
        Some(seq) if fault.seq != Some(seq) => Err(format!("{:?} was named instead of {seq}", fault.seq)),
        _ => Ok(()),
    }
}

#[tokio::test]
async fn every_column_of_the_ledger_that_is_changed_is_named() {
    let v = lived_in(Engine::sqlite()).await;
    let mut intruder = Intruder::at(&v.engine.url).await;
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (table, which) in TABLES {
        intruder.keep(table).await;
        let (columns, _) = intruder.columns(table).await;
        let has_seq = columns.iter().any(|(name, _)| name == "seq") && *table != "book";
        let seq = match has_seq {
            true => intruder.number(&format!("SELECT seq FROM {table} WHERE {which}")).await,
            false => None,
        };
        for (column, kind) in &columns {
            let value = if column == "book_id" { "x'00'".to_owned() } else { other(column, kind) };
            let changed = intruder.run(&format!("UPDATE {table} SET {column} = {value} WHERE {which}")).await;
            assert_eq!(changed, 1, "{table}.{column}");
            let found = v.desk.verify_books(Some(1)).await.map(|mut r| r.books.remove(0).fault);
            let unseen = UNSEEN.iter().any(|(t, c, _)| t == table && c == column);
            match found {
                Ok(None) if unseen => {}
                Ok(fault) => {
                    if let Err(why) = names(fault.as_ref(), table, seq) {
                        wrong.push(format!("{table}.{column}: {why}"));
                    }
                    if unseen {
                        wrong.push(format!("{table}.{column}: is seen after all"));
                    }
                }
                Err(error) => wrong.push(format!("{table}.{column}: {error:?}")),
            }
            seen.insert(format!("{table}.{column}"));
            intruder.restore(table).await;
        }
    }
    assert_eq!(report(&v.desk).await.fault, None, "everything was put back");
    assert!(seen.len() > 65, "only {} columns were tried", seen.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn rows_that_are_taken_away_added_or_swapped_are_named() {
    let v = lived_in(Engine::sqlite()).await;
    let mut intruder = Intruder::at(&v.engine.url).await;
    let last = v.seq().await;
    for (table, _) in TABLES {
        intruder.keep(table).await;
    }
    let mut wrong = Vec::new();
    let changes = [
        ("account", "DELETE FROM account WHERE account_id = 2".to_owned()),
        ("balance", "DELETE FROM balance WHERE account_id = 2".to_owned()),
        ("commodity", "DELETE FROM commodity WHERE code = 'MIN'".to_owned()),
        ("txn", "DELETE FROM txn WHERE seq = 3".to_owned()),
        ("txn", format!("DELETE FROM txn WHERE seq = {last}")),
        ("entry", "DELETE FROM entry WHERE seq = 3 AND line = 2".to_owned()),
        ("meter", "DELETE FROM meter WHERE meter = 'receipt'".to_owned()),
        ("meter_use", "DELETE FROM meter_use WHERE meter = 'receipt' AND used_after = 1".to_owned()),
        ("txn", "UPDATE txn SET seq = CASE seq WHEN 3 THEN -4 ELSE -3 END WHERE seq IN (3, 4)".to_owned()),
        ("balance", "UPDATE balance SET quantity = 5 - quantity WHERE account_id IN (1, 2)".to_owned()),
        (
            "entry",
            "UPDATE entry SET quantity = -quantity, balance_after = -balance_after WHERE seq = 2".to_owned(),
        ),
        ("meter", "INSERT INTO meter SELECT book_id, 'extra', 1 FROM book".to_owned()),
    ];
    for (table, sql) in changes {
        assert!(intruder.run(&sql).await > 0, "{sql}");
        if sql.contains("-4") {
            // two transactions have changed places
            intruder.run("UPDATE txn SET seq = -seq WHERE seq < 0").await;
        }
        let found = report(&v.desk).await.fault;
        if let Err(why) = names(found.as_ref(), table, None).or_else(|why| match &found {
            // what is missing shows where it is missed
            Some(fault) if ["book", "entry", "meter_use"].contains(&fault.table) => Ok(()),
            _ => Err(why),
        }) {
            wrong.push(format!("{sql}: {why}"));
        }
        intruder.restore(table).await;
    }
    assert_eq!(report(&v.desk).await.fault, None, "everything was put back");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn papers_that_say_other_than_the_ledger_are_named() {
    let counter = lived_in(Engine::sqlite()).await;
    let hamlet = awarded(Engine::sqlite()).await;
    let mut at_counter = Intruder::at(&counter.engine.url).await;
    let mut at_hamlet = Intruder::at(&hamlet.engine.url).await;
    let mut wrong = Vec::new();
    for (table, which) in PAPERS {
        let own = table.starts_with("redemption");
        let (intruder, desk) =
            if own { (&mut at_counter, &counter.desk) } else { (&mut at_hamlet, &hamlet.desk) };
        intruder.keep(table).await;
        let (columns, _) = intruder.columns(table).await;
        let untold = UNTOLD.iter().find(|(t, _)| t == table).map_or(&[][..], |(_, columns)| columns);
        for (column, kind) in &columns {
            let value = match (*table, column.as_str()) {
                (_, "book_id") | ("notice", "digest") => "x'00'".to_owned(),
                ("award", "state") => "'recorded'".to_owned(),
                ("notice", "state") => "'compiled'".to_owned(),
                (_, "card_id" | "person_id") => "zeroblob(16)".to_owned(),
                ("notice", "published_at") => "published_at + 1000000000000000".to_owned(),
                _ => other(column, kind),
            };
            let changed = intruder.run(&format!("UPDATE {table} SET {column} = {value} WHERE {which}")).await;
            assert_eq!(changed, 1, "{table}.{column}");
            let untold = untold.contains(&column.as_str());
            match desk.verify_books(Some(1)).await.map(|mut r| r.books.remove(0).fault) {
                Ok(Some(_)) if untold => wrong.push(format!("{table}.{column}: is told after all")),
                Ok(None) if !untold => wrong.push(format!("{table}.{column}: nothing was noticed")),
                Ok(_) => {}
                Err(error) => wrong.push(format!("{table}.{column}: {error:?}")),
            }
            intruder.restore(table).await;
        }
    }
    assert_eq!(report(&counter.desk).await.fault, None, "everything was put back");
    assert_eq!(report(&hamlet.desk).await.fault, None, "everything was put back");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn no_table_is_forgotten() {
    let engine = Engine::sqlite();
    engine.open().await.close().await;
    let mut intruder = Intruder::at(&engine.url).await;
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
        AND name NOT LIKE '_sqlx_%' ORDER BY name";
    let all: BTreeSet<String> = intruder.texts(sql).await.into_iter().collect();
    let named = TABLES.iter().chain(PAPERS).map(|(table, _)| *table).chain(BESIDE.iter().copied());
    let named = named.chain(crate::beside::TABLES.iter().map(|(table, ..)| *table));
    let named = named.chain(crate::panel::TABLES);
    let named: BTreeSet<String> = named.map(str::to_owned).collect();
    assert_eq!(named, all, "say of every table whether verify holds it");
}
