//! `greencoin bench` in small: it prints every row and figure it promises, on the engine under test. How large they
//! are is nothing a test may ask.

use std::process::Command;

use serde_json::Value;

use crate::engine;

/// The objects that a run prints.
fn bench(arguments: &[&str]) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_greencoin"));
    command.args(["bench", "--json"]).args(arguments).env("TMPDIR", folder.path());
    if let Some(server) = engine::server() {
        command.args(["--database-url", &server]);
    }
    let done = command.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{out}{err}");
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 0, "the bench leaves files behind");
    out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_else(|| panic!("{name} in {row}"))
}

#[test]
fn every_load_has_a_row_for_each_way_and_each_number_waiting() {
    let rows =
        bench(&["--part", "postings", "--postings", "40", "--households", "30", "--concurrency", "1,8"]);
    let on_postgres = engine::server().is_some();
    let mut wanted = Vec::new();
    for workload in ["uniform", "zipf-1.0", "hot-household", "hot-issuance"] {
        wanted.push((workload, "one-by-one", 32));
        if on_postgres {
            wanted.push((workload, "procedure", 32));
        }
        wanted.extend([(workload, "poster", 1), (workload, "poster", 8)]);
    }
    let found: Vec<(&str, &str, u64)> = rows
        .iter()
        .map(|row| (text(row, "workload"), text(row, "path"), row["concurrency"].as_u64().unwrap()))
        .collect();
    assert_eq!(found, wanted);
    let always = ["postings_per_s", "p50_ms", "p99_ms", "p999_ms"];
    let ours = ["batch", "statements_per_posting", "floor_per_s", "over_floor", "over_one_by_one"];
    for row in &rows {
        assert_eq!(text(row, "engine"), if on_postgres { "postgres" } else { "sqlite" });
        assert!(always.iter().all(|name| row[name].as_f64().unwrap() > 0.0), "{row}");
        if text(row, "path") == "poster" {
            assert!(ours.iter().all(|name| row[name].as_f64().unwrap() > 0.0), "{row}");
            assert!(row["bytes_per_posting"].is_number(), "{row}");
            assert_eq!(row["over_procedure"].is_number(), on_postgres, "{row}");
        } else {
            assert!(row["over_floor"].is_null(), "{row}");
        }
    }
    let batches =
        rows.iter().filter(|row| text(row, "path") == "one-by-one").map(|row| row["batch"].as_f64());
    assert!(batches.into_iter().all(|batch| batch == Some(1.0)), "one by one means one in a commit");
}

#[test]
fn a_filled_book_is_posted_to_read_verified_and_exported() {
    let rows = bench(&["--part", "flat", "--entries", "400", "--households", "20"]);
    let paths: Vec<&str> = rows.iter().filter_map(|row| row["path"].as_str()).collect();
    assert_eq!(paths, ["flat-first", "flat-last"]);
    let figures: Vec<&str> = rows.iter().filter_map(|row| row["what"].as_str()).collect();
    for wanted in [
        "entries in the book",
        "posting at the end ÷ at the beginning",
        "database for one posting",
        "a balance, p99",
        "first page of a statement, p99",
        "verify, entries a second",
        "export jsonl, entries a second",
        "export csv, entries a second",
    ] {
        assert!(figures.contains(&wanted), "{wanted} is not in {figures:?}");
    }
}

#[test]
fn a_month_end_posts_every_line_of_every_village_by_the_job() {
    let rows = bench(&["--part", "month-end", "--villages", "2", "--lines", "6"]);
    let [row, figure] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((text(row, "workload"), text(row, "path")), ("notice-lines", "due-job"));
    assert!(row["postings_per_s"].as_f64().unwrap() > 0.0, "{row}");
    assert_eq!(
        (text(figure, "what"), text(figure, "unit")),
        ("a prefecture's month-end, 2.34 million lines", "min")
    );
}

#[test]
fn a_morning_goes_through_one_counter_and_tells_of_server_and_queue() {
    let rows = bench(&["--part", "morning", "--no-year", "--visitors", "6", "--minutes", "1"]);
    let paths: Vec<(&str, &str)> = rows
        .iter()
        .filter(|row| row["path"].is_string())
        .map(|row| (text(row, "workload"), text(row, "path")))
        .collect();
    assert_eq!(paths, [("morning", "redeem"), ("morning", "frame"), ("morning", "all-pages")]);
    let figure = |what: &str| {
        let row = rows.iter().find(|row| row["what"] == what).unwrap_or_else(|| panic!("{what} in {rows:?}"));
        row["value"].as_f64().unwrap()
    };
    for shows in ["phone code", "card", "card and PIN"] {
        assert!(figure(&format!("server, page to receipt, {shows}, p99")) > 0.0);
    }
    assert_eq!(figure("households"), 6.0);
    // stated: 11 s a visit, 2 s an article, 4 s a PIN; 1+2+3+4+5+1 articles and two PINs, of which one among the five
    let people = (6.0 * 11.0 + 2.0 * 16.0 + 2.0 * 4.0) / 6.0;
    assert!((figure("of that people") - people).abs() < 0.001, "{} s", figure("of that people"));
    assert!(figure("a household, people and server") > people);
    assert!(figure("the last one goes after") > 6.0 * people / 60.0);
    assert!(figure("longest wait") >= figure("wait on average"));
    assert!(figure("waiting at most") >= 1.0, "six households within a minute cannot all be served at once");
}
