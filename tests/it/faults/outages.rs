//! The engine itself refuses to write: it says that it is read-only, or that its disk is full. People are told what ails
//! it, reading goes on, and so does writing when it may.

use futures_util::future::join_all;
use greencoin::{
    cli,
    domain::{
        book::TxnKind,
        chart,
        posting::{Commodity, Line},
    },
    http::{AppState, state::Site},
    service::{
        Actor, Receipt, ServiceError, ServiceResult,
        books::{Order, facts},
    },
    store::{Db, Outage},
    web,
};
use sqlx::{AssertSqlSafe, Connection};

use crate::{engine::server, support::Client, village::Village};

/// Longer than any page of a file has room for.
const LONG: usize = 20_000;

/// Says something to the engine outside of everything else, on a connection that is not used again on PostgreSQL.
async fn say(v: &Village, sqlite: &str, postgres: &[&str]) {
    match &v.desk.db {
        Db::Sqlite { writer, .. } => {
            sqlx::raw_sql(AssertSqlSafe(sqlite.to_owned())).execute(writer).await.unwrap();
        }
        Db::Postgres(pool) => {
            let mut c = pool.acquire().await.unwrap().detach();
            for text in postgres {
                sqlx::raw_sql(AssertSqlSafe((*text).to_owned())).execute(&mut c).await.unwrap();
            }
            c.close().await.unwrap();
        }
    }
}

/// Posts something large.
async fn post(v: &Village, key: &str) -> ServiceResult<Receipt> {
    let order = Order {
        key,
        kind: TxnKind::Opening,
        effective_on: v.desk.today(),
        source: None,
        body: facts([("why", "长".repeat(LONG / 3))]),
    };
    let lines = vec![
        Line::new(chart::authorised("Gift").unwrap(), Commodity::point(), 100),
        Line::new(chart::budget("Gift").unwrap(), Commodity::point(), -100),
    ];
    let command = v.desk.command(&Actor::System, order, lines).unwrap();
    v.desk.posted(v.book, command, Vec::new()).await
}

fn outage(answer: &ServiceResult<Receipt>) -> Option<Outage> {
    answer.as_ref().err().and_then(ServiceError::outage)
}

async fn ready(v: &Village) -> (u16, String) {
    let state = AppState::new(v.desk.clone(), Site::default(), None, web::frame::error_page);
    let answer = Client::of(cli::app(state)).get("/readyz").await;
    (answer.status.as_u16(), answer.text())
}

async fn is_told(v: &Village, what: Outage, says: &str) {
    let before = v.seq().await;
    let alone = post(v, "k").await;
    assert_eq!(outage(&alone), Some(what), "{alone:?}");
    let keys: Vec<String> = (0..8).map(|n| format!("m{n}")).collect();
    for answer in join_all(keys.iter().map(|key| post(v, key))).await {
        assert_eq!(outage(&answer), Some(what), "{answer:?}");
    }
    assert_eq!((v.seq().await, v.available(0).await), (before, 55), "reading goes on");
    assert_eq!(ready(v).await, (200, format!("ready for reading; the last write failed: {says}\n")));
}

async fn goes_on(v: &Village) {
    let before = v.seq().await;
    for key in ["k", "m3"] {
        assert!(!post(v, key).await.unwrap().replayed());
    }
    assert_eq!(v.seq().await, before + 2);
    assert_eq!(ready(v).await, (200, "ready\n".to_owned()));
    assert!(v.desk.verify_books(None).await.unwrap().holds());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_turns_read_only_is_told_and_goes_on_when_it_may_be_written() {
    let v = Village::new().await;
    v.give(0, 55).await;
    // new sessions are read-only; the old ones are cut off
    let database = |what: &str| {
        format!("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I {what}', current_database()); END $$")
    };
    let set = database("SET default_transaction_read_only = on");
    let reset = format!("BEGIN READ WRITE; {}; COMMIT", database("RESET default_transaction_read_only"));
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    say(&v, "PRAGMA query_only = on", &[&set, cut]).await;
    is_told(&v, Outage::ReadOnly, "the database is read-only").await;
    say(&v, "PRAGMA query_only = off", &[&reset, cut]).await;
    goes_on(&v).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_whose_disk_is_full_is_told_and_goes_on_when_there_is_room() {
    if server().is_none() {
        // SQLite's disk is a real one, in `disk`
        return;
    }
    let v = Village::new().await;
    v.give(0, 55).await;
    let full = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS \
                $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$; \
                CREATE TRIGGER full_disk BEFORE INSERT ON entry FOR EACH STATEMENT EXECUTE FUNCTION full_disk()";
    say(&v, "", &[full]).await;
    is_told(&v, Outage::Full, "the disk is full").await;
    say(&v, "", &["DROP FUNCTION full_disk CASCADE"]).await;
    goes_on(&v).await;
}
