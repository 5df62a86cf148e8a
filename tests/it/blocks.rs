//! Entries stand by blocks of places. A book of many blocks, some of which an account does not occur in, answers every
//! question about an account as a reading of all its entries does, on both engines, and none reads the whole book.

use std::collections::BTreeMap;

use greencoin::{
    domain::{
        posting::{Commodity, Posting},
        time::Day,
    },
    service::Desk,
    store::{
        as_of, audit, hold, lapse,
        ledger::{
            block::BLOCK,
            read::{self, EntryRow},
        },
        private_text, statement,
        statement::LineRow,
    },
};
use sqlx::Connection;

use crate::{
    as_of::plan,
    engine::{Engine, server},
    poster::{self, BOOK, award, budget},
};

const HERE: &str = "Liabilities:Households:H0001:Available";
const NOW_AND_THEN: &str = "Liabilities:Households:H0002:Available";
const NEVER: &str = "Liabilities:Households:H0009:Available";
const FUND: &str = "Equity:Budget:Gift";

async fn raw(engine: &Engine, text: &str) {
    let text = sqlx::AssertSqlSafe(text.to_owned());
    if server().is_none() {
        let mut c = sqlx::SqliteConnection::connect(&engine.url).await.unwrap();
        sqlx::query(text).execute(&mut c).await.unwrap();
    } else {
        let mut c = sqlx::PgConnection::connect(&engine.url).await.unwrap();
        sqlx::query(text).execute(&mut c).await.unwrap();
    }
}

/// Sets the head of the book to a place, as if so much had been posted.
async fn leap(engine: &Engine, seq: i64) {
    let frontier = format!("{seq:016x}{}", "00".repeat(32 * usize::try_from(seq.count_ones()).unwrap()));
    let frontier = if server().is_none() { format!("x'{frontier}'") } else { format!("'\\x{frontier}'") };
    raw(engine, &format!("UPDATE book SET seq = {seq}, frontier = {frontier}")).await;
}

/// A book whose postings stand around the ends of seven blocks, with leaps of a whole block between them, as if many
/// had been posted in between.
async fn book(engine: &Engine) -> (Desk, Vec<EntryRow>) {
    let desk = poster::desk(engine).await;
    desk.posted(BOOK, budget(&desk, "b", 100_000), vec![]).await.unwrap();
    for turn in 1..=7 {
        leap(engine, turn * BLOCK - 4).await;
        for n in 0..7 {
            let household = if turn % 3 == 0 && n % 2 == 0 { "H0002" } else { "H0001" };
            let mut command = award(&desk, &format!("a{turn}-{n}"), household, 100 + n);
            command.effective_on = counts(turn * BLOCK, desk.today());
            if turn > 4 {
                let mut lines = command.posting.lines().to_vec();
                lines[1].expires_on = Some(desk.today().plus(i32::try_from(30 * turn).unwrap()));
                command.posting = Posting::new(lines).unwrap();
            }
            desk.posted(BOOK, command, vec![]).await.unwrap();
        }
    }
    let mut tx = desk.db.begin_read().await.unwrap();
    let entries = read::entries(&mut tx, BOOK, 0, i64::MAX).await.unwrap();
    (desk, entries)
}

fn of<'a>(entries: &'a [EntryRow], path: &str) -> Vec<&'a EntryRow> {
    entries.iter().filter(|e| e.path == path).collect()
}

fn figures(lines: &[LineRow]) -> Vec<(i64, i64, i64, i64)> {
    lines.iter().map(|l| (l.version, l.seq, l.quantity, l.balance_after)).collect()
}

fn expected(entries: &[&EntryRow], limit: i64) -> Vec<(i64, i64, i64, i64)> {
    let all = entries.iter().rev().map(|e| (e.version, e.seq, e.quantity, e.balance_after));
    all.take(usize::try_from(limit).unwrap()).collect()
}

#[tokio::test]
async fn pages_of_a_statement_go_on_from_block_to_block() {
    let engine = Engine::fresh().await;
    let (desk, entries) = book(&engine).await;
    let mut tx = desk.db.begin_read().await.unwrap();
    for path in [HERE, NOW_AND_THEN, NEVER, FUND] {
        let own = of(&entries, path);
        assert_eq!(own.is_empty(), path == NEVER);
        for before in [i64::MAX, 60, 30, 7, 2, 1] {
            for limit in [1, 5, 20, 100] {
                let lines = statement::lines(&mut tx, BOOK, (path, Commodity::POINT), before, limit).await;
                let below: Vec<_> = own.iter().copied().filter(|e| e.version < before).collect();
                assert_eq!(figures(&lines.unwrap()), expected(&below, limit), "{path} {before} {limit}");
            }
        }
    }
}

#[tokio::test]
async fn an_account_at_a_place_is_found_in_whichever_block_it_last_occurred() {
    let engine = Engine::fresh().await;
    let (desk, entries) = book(&engine).await;
    let mut tx = desk.db.begin_read().await.unwrap();
    let today = desk.today();
    for path in [HERE, NOW_AND_THEN, FUND] {
        let own = of(&entries, path);
        let id = own[0].account_id;
        let mut versions = Vec::new();
        for seq in [0, 1, 5, BLOCK - 1, BLOCK, 2 * BLOCK, 3 * BLOCK + 1, 5 * BLOCK + 9, 7 * BLOCK, i64::MAX] {
            let version = as_of::version_at(&mut tx, BOOK, id, seq).await.unwrap();
            let last = own.iter().rfind(|e| e.seq <= seq);
            assert_eq!(version, last.map_or(0, |e| e.version), "{path} at {seq}");
            let balance = as_of::balance_at(&mut tx, BOOK, id, version).await.unwrap();
            assert_eq!(balance, last.map_or(0, |e| e.balance_after), "{path} at {seq}");
            versions.push(version);
        }
        for (after, through) in versions.iter().zip(versions.iter().rev()) {
            let moved = as_of::moved(&mut tx, BOOK, id, (*after, *through), today).await.unwrap();
            let naive = own.iter().filter(|e| e.version > *after && e.version <= *through);
            assert_eq!(moved, naive.map(|e| e.quantity).sum::<i64>(), "{path} {after} {through}");
        }
        for (through, limit) in [(i64::MAX, 100), (i64::MAX, 4), (30, 9), (3, 1)] {
            for day in [today, today.plus(-1), today.plus(-3), today.plus(-9)] {
                let lines = as_of::lines(&mut tx, BOOK, id, through, day, limit).await.unwrap();
                let kept: Vec<_> = own
                    .iter()
                    .copied()
                    .filter(|e| e.version <= through && counts(e.seq, today) <= day)
                    .collect();
                assert_eq!(figures(&lines), expected(&kept, limit), "{path} {through} {limit} {day:?}");
            }
        }
    }
}

/// The business day that [`book`] gives the posting at a place.
fn counts(seq: i64, today: Day) -> Day {
    today.plus(-i32::try_from((seq + 4) / BLOCK % 4).unwrap())
}

#[tokio::test]
async fn lines_and_totals_of_an_audit_find_every_block() {
    let engine = Engine::fresh().await;
    let (desk, entries) = book(&engine).await;
    let mut tx = desk.db.begin_read().await.unwrap();
    let own = of(&entries, HERE);
    let mut lots = BTreeMap::<Day, i64>::new();
    for entry in &own {
        if let Some(day) = entry.expires_on {
            *lots.entry(day).or_default() -= entry.quantity;
        }
    }
    let credits = lapse::credits(&mut tx, BOOK, own[0].account_id).await.unwrap();
    assert_eq!((credits.len(), credits), (3, lots.into_iter().collect()));
    let from = desk.today().plus(-30);
    let issued: i64 = audit::days(&mut tx, BOOK, from).await.unwrap().iter().map(|day| day.issued).sum();
    let naive: i64 = of(&entries, FUND).iter().filter(|e| e.quantity > 0).map(|e| e.quantity).sum();
    let (_, posted) = audit::sheet_and_ledger(&mut tx, BOOK).await.unwrap();
    assert_eq!((issued, posted), (naive, naive));
    let filter = audit::LineFilter {
        before_seq: 5 * BLOCK,
        after_line: i32::MAX,
        from,
        to: desk.today(),
        kind: "",
        rule: "",
        path: HERE,
        limit: 1_000,
    };
    let lines = audit::lines(&mut tx, BOOK, &filter).await.unwrap();
    let before = own.iter().rev().filter(|e| e.seq < 5 * BLOCK).map(|e| e.seq);
    assert_eq!(lines.iter().map(|l| l.seq).collect::<Vec<_>>(), before.collect::<Vec<_>>());
}

#[tokio::test]
async fn no_question_about_an_account_reads_the_whole_book() {
    let engine = Engine::fresh().await;
    engine.open().await.close().await;
    let of_one = [
        ("statement", statement::sql::LINES),
        ("holds", hold::sql::OPEN_ON),
        ("credits", lapse::sql::CREDITS),
        ("audit", audit::sql::LINES_OF),
        ("erasing", private_text::sql::KEYS_OF),
    ];
    for (name, text) in of_one {
        let plan = plan(&engine, text).await;
        for whole in ["SCAN t", "SCAN e", "Seq Scan on txn", "Seq Scan on entry"] {
            assert!(!plan.contains(whole), "{name} reads a whole table:\n{plan}");
        }
    }
}
