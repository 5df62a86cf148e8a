//! Papers of volunteers, granted requests and lines of files against the log: what is changed behind the program's back is
//! named. The changes are made with SQLite's own tools, whatever engine is under test.

use std::sync::Arc;

use super::{
    bank::Bank,
    record::{asks, clerk, corrects, issued, posted},
};
use crate::{
    engine::{Engine, clock},
    intruder::{Intruder, other},
    village::Village,
};

/// The tables, the row that is changed, and what the log does not tell: words, instants beside its own, who asked.
const TOLD: [(&str, &[&str]); 4] = [
    ("time_certificate", &["key", "issued_at"]),
    ("time_certificate_line", &["place"]),
    (
        "time_correction",
        &["no", "key", "order_id", "wanted", "reason", "asked_at", "asked_by", "decided_at", "decision"],
    ),
    ("time_file_line", &["answer", "foreign_no", "reason", "answered_at", "answered_by"]),
];

#[tokio::test]
async fn papers_and_corrections_that_say_other_than_the_log_are_named() {
    let (engine, clock) = (Arc::new(Engine::sqlite()), clock());
    let desk = engine.desk(&clock).await;
    let v = Village::on(Arc::clone(&engine), clock, desk, 1).await;
    let b = Bank::of_village(v, "RS-3").await;
    let (_, root) = posted(&b, "a", 90).await;
    issued(&b, "one").await;
    let request = asks(&b, "wrong", root, 60).await.unwrap();
    corrects(&b, request.id, 60).await.unwrap();
    b.v.desk.say_time_unit(&clerk(&b), "志愿服务队", "李文书").await.unwrap();
    b.v.desk.make_time_file(&clerk(&b), "f", false).await.unwrap();
    b.holds().await;
    let mut intruder = Intruder::at(&engine.url).await;
    let mut wrong = Vec::new();
    for (table, untold) in TOLD {
        intruder.keep(table).await;
        for (column, kind) in &intruder.columns(table).await.0 {
            let value = match column.as_str() {
                "book_id" => "x'00'".to_owned(),
                "standing" => "'proof'".to_owned(),
                "state" => "'asked'".to_owned(),
                "answer" => "'refused'".to_owned(),
                "late" => "1 - late".to_owned(),
                "rating" => "1".to_owned(),
                _ => other(column, kind),
            };
            let sql = format!("UPDATE {table} SET {column} = {value}");
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
    b.holds().await;
}
