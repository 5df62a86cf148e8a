//! Lists of activities that count nothing, and lists that were changed behind the books.

use std::sync::Arc;

use greencoin::{domain::timebank::activity::ActivityState, service::timebank::activity::NewActivity};

use super::{
    activities::{clean_up, closed, file, open, sign_up, signed, there},
    bank::{Bank, HOUR},
};
use crate::{
    engine::{Engine, clock},
    intruder::{Intruder, other},
    village::{Village, refused},
};

#[tokio::test]
async fn what_cannot_be_posted_or_is_not_signed_counts_nothing() {
    let b = Bank::new().await;
    let desk = &b.v.desk;
    let good = clean_up(&b, 2, 12);
    let past = b.v.desk.now();
    let long = good.starts_at.plus_days(366);
    for (new, code) in [
        (NewActivity { name: " ".to_owned(), ..good.clone() }, "text_missing"),
        (NewActivity { starts_at: past, ..good.clone() }, "time_activity_past"),
        (NewActivity { ends_at: good.starts_at, ..good.clone() }, "time_activity_length"),
        (NewActivity { ends_at: long, ..good.clone() }, "time_activity_length"),
        (NewActivity { capacity: 0, ..good.clone() }, "time_activity_places"),
        (NewActivity { least_age: -1, ..good.clone() }, "time_activity_ages"),
    ] {
        assert_eq!(refused(desk.post_activity(&b.desk, "bad", &new).await), code);
    }
    let row = desk.post_activity(&b.desk, "declined", &good).await.unwrap();
    assert_eq!(refused(desk.approve_activity(&b.arbiter, row.id, false, " ").await), "text_missing");
    desk.approve_activity(&b.arbiter, row.id, false, "与春耕冲突").await.unwrap();
    assert_eq!(file(&b, row.id).await.activity.state, ActivityState::Declined);
    let id = open(&b, "river", &good).await;
    sign_up(&b, id, b.volunteer).await.unwrap();
    b.v.clock.advance_seconds(4 * HOUR);
    there(&b, id, b.volunteer.1, (0, 120)).await.unwrap();
    assert_eq!(refused(desk.cancel_activity(&b.desk, id, "下雨").await), "time_activity_attended");
    closed(&b, id).await;
    desk.sign_activity_list(&b.arbiter, id, false, "名单不实").await.unwrap();
    assert_eq!(desk.post_activity_hours(b.v.book).await.unwrap(), 0);
    assert_eq!(b.has(b.volunteer).await, (0, 0));
    let called_off = open(&b, "rain", &clean_up(&b, 2, 12)).await;
    desk.cancel_activity(&b.desk, called_off, "下雨").await.unwrap();
    assert_eq!(file(&b, called_off).await.activity.state, ActivityState::Cancelled);
    b.holds().await;
}

/// A table, the row that is changed, the columns that nothing holds against.
const TOLD: [(&str, &str, &[&str]); 3] = [
    ("time_activity", "no = 1", &[]),
    ("time_place", "place = 1", &["hand", "hand_by"]),
    ("time_presence", "pair = 1", &[]),
];

#[tokio::test]
async fn a_list_that_says_other_than_the_ledger_is_named_whatever_was_changed() {
    let (engine, clock) = (Arc::new(Engine::sqlite()), clock());
    let desk = engine.desk(&clock).await;
    let v = Village::on(Arc::clone(&engine), clock, desk, 1).await;
    let b = Bank::of_village(v, "RS-3").await;
    let id = open(&b, "river", &clean_up(&b, 2, 12)).await;
    sign_up(&b, id, b.volunteer).await.unwrap();
    b.v.clock.advance_seconds(4 * HOUR);
    there(&b, id, b.volunteer.1, (0, 60)).await.unwrap();
    signed(&b, id).await;
    b.holds().await;
    let mut intruder = Intruder::at(&engine.url).await;
    let mut wrong = Vec::new();
    for (table, which, untold) in TOLD {
        intruder.keep(table).await;
        for (column, kind) in &intruder.columns(table).await.0 {
            let value = match (table, column.as_str()) {
                ("time_activity", "state") => "'closed'".to_owned(),
                ("time_activity", "kind") => "'culture'".to_owned(),
                ("time_activity", "policy") => "'nanjing'".to_owned(),
                _ => other(column, kind),
            };
            let sql = format!("UPDATE {table} SET {column} = {value} WHERE {which}");
            assert_eq!(intruder.run(&sql).await, 1, "{table}.{column}");
            let found = b.v.desk.verify_books(Some(1)).await.map(|mut r| r.books.remove(0).fault);
            match found {
                Ok(fault) if fault.is_some() == untold.contains(&column.as_str()) => {
                    wrong.push(format!("{table}.{column}: {fault:?}"));
                }
                Ok(_) => {}
                Err(error) => wrong.push(format!("{table}.{column}: {error:?}")),
            }
            intruder.restore(table).await;
        }
        intruder.run(&format!("DELETE FROM {table}")).await;
        assert!(!b.v.desk.verify_books(None).await.unwrap().holds(), "{table} emptied");
        intruder.restore(table).await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    b.holds().await;
}
