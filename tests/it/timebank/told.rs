//! Orders, check-ins and gifts against the ledger: what is changed behind the program's back is named. The changes are
//! made with SQLite's own tools, whatever engine is under test: the pass that must notice them is one code for both.

use std::sync::Arc;

use super::bank::Bank;
use crate::{
    engine::{Engine, clock},
    intruder::{Intruder, other},
    village::Village,
};

/// The tables, the row that is changed, and what the log does not tell: words, people who wrote something down, what is
/// only looked at while it is on its way. Their history stands in `event`, which takes no change.
const TOLD: [(&str, &str, &[&str]); 3] = [
    (
        "time_order",
        "state = 'posted'",
        &[
            "no",
            "key",
            "asked_by",
            "asked_at",
            "manner",
            "group_id",
            "words",
            "need",
            "done_at",
            "volunteer_by",
            "served_by",
            "rating",
            "remark",
            "sheet",
            "entered_by",
            "signed_by",
            "verdict_by",
            "hand",
            "hand_by",
            "changes",
        ],
    ),
    ("time_pair", "1 = 1", &["pair", "in_means", "in_by", "out_means", "out_by"]),
    ("time_gift", "1 = 1", &["no", "made_at", "made_by", "due_at"]),
];

/// A value that the column takes and that is another.
fn changed(table: &str, column: &str, kind: &str) -> String {
    match (table, column) {
        (_, "book_id") => "x'00'".to_owned(),
        (_, "manner") => "'family'".to_owned(),
        ("time_order", "state") => "'rated'".to_owned(),
        ("time_gift", "state") => "'taken_back'".to_owned(),
        (_, "rating") => "1".to_owned(),
        (_, "verdict") => "'nothing'".to_owned(),
        (_, "hand") => "'county'".to_owned(),
        (_, "in_means" | "out_means") => "'desk'".to_owned(),
        // an hour less than was counted
        (_, "out_at") => "out_at - 60000000".to_owned(),
        (_, "payer_id") => "NULL".to_owned(),
        _ => other(column, kind),
    }
}

#[tokio::test]
async fn orders_check_ins_and_gifts_that_say_other_than_the_ledger_are_named() {
    let (engine, clock) = (Arc::new(Engine::sqlite()), clock());
    let desk = engine.desk(&clock).await;
    let v = Village::on(Arc::clone(&engine), clock, desk, 1).await;
    let b = Bank::of_village(v, "RS-3").await;
    let id = b.confirmed("order", 60, 60, 5).await;
    b.v.desk.post_order(b.v.book, id).await.unwrap();
    b.credit(103, 300).await;
    b.v.desk.give_minutes(&b.of(b.daughter.0), "gift", (b.daughter.1, b.elder.1), 120).await.unwrap();
    b.v.clock.advance_seconds(8 * 86_400);
    b.v.desk.hand_over_gifts(b.v.book).await.unwrap();
    b.holds().await;
    let mut intruder = Intruder::at(&engine.url).await;
    let mut wrong = Vec::new();
    for (table, which, untold) in TOLD {
        intruder.keep(table).await;
        for (column, kind) in &intruder.columns(table).await.0 {
            let value = changed(table, column, kind);
            let sql = format!("UPDATE {table} SET {column} = {value} WHERE {which}");
            assert_eq!(intruder.run(&sql).await, 1, "{table}.{column}");
            let found = b.v.desk.verify_books(Some(1)).await.map(|mut r| r.books.remove(0).fault);
            match found {
                Ok(Some(fault)) if untold.contains(&column.as_str()) => {
                    wrong.push(format!("{table}.{column}: is told after all: {fault:?}"));
                }
                Ok(None) if !untold.contains(&column.as_str()) => {
                    wrong.push(format!("{table}.{column}: nothing was noticed"));
                }
                Ok(_) => {}
                Err(error) => wrong.push(format!("{table}.{column}: {error:?}")),
            }
            intruder.restore(table).await;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (table, sql) in [
        ("time_order", "DELETE FROM time_order"),
        ("time_gift", "DELETE FROM time_gift"),
        ("time_pair", "DELETE FROM time_pair"),
        (
            "time_pair",
            "INSERT INTO time_pair SELECT book_id, order_id, 2, person_id, in_at + 60000000, in_means, in_by, out_at, \
             out_means, out_by FROM time_pair",
        ),
    ] {
        intruder.run(sql).await;
        assert!(!b.v.desk.verify_books(None).await.unwrap().holds(), "{sql}");
        intruder.restore(table).await;
    }
    b.holds().await;
}
