//! The log over HTTP: heads and hashes for everybody, entries for the auditor, and the page behind a receipt. And the
//! program by itself: a receipt and a folder of tiles verify without any books.

use std::{path::Path, process::Command, sync::Arc};

use axum::http::header;
use greencoin::{
    cli,
    domain::{
        merkle::tiles,
        tlog::{Checkpoint, Note, Proof},
    },
    http::{AppState, state::Site},
    service::caller::Role,
    web,
};

use crate::{
    engine::{Engine, clock},
    proof::{grow, key, proof},
    support::{Client, TestApp},
    village::{SOAP, Village},
};

/// Somebody not signed in, at the village's installation.
pub fn stranger(v: &Village) -> Client {
    let state = AppState::new(v.desk.clone(), Site::default(), None, web::frame::error_page);
    Client::of(cli::app(state))
}

#[tokio::test]
async fn anybody_reads_head_and_hashes_and_nobody_else_than_the_auditor_the_entries() {
    let v = Village::new().await;
    let mut anybody = stranger(&v);
    anybody.get("/log/1/checkpoint").await.expect(404);
    grow(&v, 0, 260).await;
    v.desk.sign_head(v.book).await.unwrap();
    let answer = anybody.get("/log/1/checkpoint").await.expect(200);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    assert!(!answer.headers.contains_key(header::SET_COOKIE));
    let note: Note = answer.text().parse().unwrap();
    note.verify(&[key(&v).await]).unwrap();
    let head: Checkpoint = note.text.parse().unwrap();
    for tile in tiles::all(head.size) {
        let answer = anybody.get(&format!("/log/1/{}", tile.path())).await.expect(200);
        assert_eq!(u64::try_from(answer.body.len()).unwrap(), tile.width * 32);
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/octet-stream");
        assert!(answer.headers[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    }
    for wrong in ["tile/0/001", "tile/0/000.p/256", "tile/0/x000/000", "tile/9/000", "tile/0/002", "tile/x"] {
        anybody.get(&format!("/log/1/{wrong}")).await.expect(404);
    }
    anybody.get("/log/2/checkpoint").await.expect(404);
    let entries = anybody.get("/log/1/tile/entries/000").await;
    assert!(entries.status.is_redirection() || entries.status == 401, "{}", entries.status);
}

#[tokio::test]
async fn the_auditor_of_the_book_reads_its_entries_and_no_others() {
    let app = TestApp::new().await;
    let mut auditor = app.sign_in(Role::Auditor).await;
    let clerk = app.clerk(&app.village).await;
    app.desk.authorise(&clerk, "k", "Gift", 100, "会议").await.unwrap();
    app.desk.sign_head(app.village.book).await.unwrap();
    let path = format!("/log/{}/tile/entries/000.p/1", app.village.no);
    let bundle = auditor.get(&path).await.expect(200).body;
    assert_eq!(tiles::entries_of(&bundle).unwrap().len(), 1);
    auditor.get(&format!("/log/{}/tile/entries/000.p/1", app.other.no)).await.expect(403);
    let mut other = app.sign_in(Role::Clerk).await;
    other.get(&path).await.expect(403);
    app.finish().await;
}

#[tokio::test]
async fn the_page_behind_a_receipt_carries_the_proof_and_says_so_when_there_is_none_yet() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let receipt = v.redeem(&v.code(0).await, &[(SOAP, 2)], "k1").await.unwrap();
    let address = v.desk.proof_address(v.book, receipt.seq).await.unwrap();
    let mut anybody = stranger(&v);
    let page = anybody.get(&address).await.expect(200).text();
    assert!(page.contains("还没有进入签名的账页头"), "{page}");
    anybody.get(&format!("{address}/text")).await.expect(404);
    v.desk.sign_head(v.book).await.unwrap();
    let page = anybody.get(&address).await.expect(200).text();
    let answer = anybody.get(&format!("{address}/text")).await.expect(200);
    assert!(answer.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains(".tlog-proof"));
    let text = answer.text();
    assert!(
        page.contains(&text.lines().nth(1).unwrap().replace('+', "&#43;"))
            || page.contains(text.lines().nth(1).unwrap())
    );
    let proof: Proof = text.parse().unwrap();
    proof.verify(&key(&v).await).unwrap();
    for private in ["张", "138"] {
        assert!(!text.contains(private));
    }
    let log = anybody.get("/proof/1").await.expect(200).text();
    assert!(log.contains("greencoin/book/") && log.contains("/log/1/checkpoint"), "{log}");
    anybody.get("/proof/1/00000000-0000-0000-0000-000000000001").await.expect(404);
}

fn program(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let out =
        Command::new(env!("CARGO_BIN_EXE_greencoin")).current_dir(folder).args(arguments).output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    (out.status.success(), text)
}

#[tokio::test]
async fn a_receipt_verifies_with_no_books_at_all() {
    let v = Village::new().await;
    v.give(0, 50).await;
    v.desk.sign_head(v.book).await.unwrap();
    let (text, key) = (proof(&v, 2).await.unwrap().to_string(), key(&v).await.to_string());
    let head = v.desk.public_head(v.book).await.unwrap().unwrap().note.to_string();
    v.give(0, 50).await;
    v.desk.sign_head(v.book).await.unwrap();
    let later = v.desk.public_head(v.book).await.unwrap().unwrap().note.to_string();
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    put("r", &text);
    put("head", &head);
    put("later", &later);
    put("forged", &text.replacen("index 1", "index 0", 1));
    let run = |arguments: &[&str]| program(folder.path(), arguments);
    let good = run(&["verify", "--receipt", "r", "--key", &key]);
    assert!(good.0 && good.1.contains("相符"), "{}", good.1);
    assert!(run(&["verify", "--receipt", "r", "--checkpoint", "head", "--key", &key]).0);
    let other = run(&["verify", "--receipt", "r", "--checkpoint", "later", "--key", &key]);
    assert!(!other.0 && other.1.contains("fetch a proof"), "{}", other.1);
    let forged = run(&["verify", "--receipt", "forged", "--key", &key]);
    assert!(!forged.0 && forged.1.contains("not in the log"), "{}", forged.1);
    let witness = "w.example+2b8c4bd8+BOpKbHqN0rOD3eGZ0wG+YG5sCvOTPsDzLzLdQn3bJhBf";
    assert!(!run(&["verify", "--receipt", "r", "--key", &key, "--witness", witness]).0);
    assert!(!run(&["verify", "--receipt", "r"]).0, "without a key nothing is proved");
    assert!(!folder.path().join("greencoin-data").exists(), "no books were made");
}

#[tokio::test]
async fn a_log_as_files_verifies_from_a_stick_and_a_kept_head_against_the_books() {
    let engine = Arc::new(Engine::fresh().await);
    let clock = clock();
    let desk = engine.desk(&clock).await;
    let v = Village::on(engine.clone(), clock, desk, 1).await;
    grow(&v, 0, 300).await;
    v.desk.sign_head(v.book).await.unwrap();
    let key = key(&v).await.to_string();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("books")).unwrap();
    std::fs::write(folder.path().join("books/master.key"), [7; 32]).unwrap();
    let books = ["--data-dir", "books", "--database-url", engine.url.as_str()];
    let run = |arguments: &[&str]| program(folder.path(), arguments);
    let export = run(&[&["export", "--format", "tiles", "--out", "out"], books.as_slice()].concat());
    assert!(export.0, "{}", export.1);
    let stick = folder.path().join("out/book-1");
    assert!(stick.join("tile/0/000").exists() && stick.join("tile/entries/000").exists());
    let good = run(&["verify", "--tiles", "out/book-1", "--key", &key]);
    assert!(good.0 && good.1.contains("相符"), "{}", good.1);
    let kept = run(&[&["verify", "--checkpoint", "out/book-1/checkpoint"], books.as_slice()].concat());
    assert!(kept.0 && kept.1.contains("相符"), "{}", kept.1);
    let keys = run(&[&["keys"], books.as_slice()].concat());
    assert!(keys.0 && keys.1.contains(&key), "{}", keys.1);
    for file in ["tile/0/000", "tile/1/000.p/1", "tile/entries/000", "checkpoint"] {
        let path = stick.join(file);
        let bytes = std::fs::read(&path).unwrap();
        let mut changed = bytes.clone();
        let place = changed.len() / 2;
        changed[place] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        assert!(!run(&["verify", "--tiles", "out/book-1", "--key", &key]).0, "{file}");
        std::fs::write(&path, &bytes).unwrap();
    }
}
