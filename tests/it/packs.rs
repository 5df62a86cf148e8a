//! Packs: checked with nothing but a key, refused when anything in them was changed, and read back into an empty
//! database that then has the same log.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use greencoin::{
    domain::tlog::{KeyKind, Signer},
    service::{
        Desk,
        export::{Format, MANIFEST, MANIFEST_NOTE, Manifest, Table},
        restore::{self, ImportError, PackFault},
    },
    store::{
        ledger::read::{self, Head},
        programme,
    },
};
use sha2::{Digest, Sha256};

use crate::{
    engine::{Engine, clock, server},
    exports::{hostile, packed},
    proof,
    support::TestApp,
    village::Village,
};

fn copied(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    for name in names(from) {
        let path = to.path().join(&name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(from.join(&name), path).unwrap();
    }
    to
}

/// Every file below the folder.
fn names(folder: &Path) -> BTreeSet<String> {
    let (mut out, mut left) = (BTreeSet::new(), vec![folder.to_owned()]);
    while let Some(inside) = left.pop() {
        for entry in fs::read_dir(inside).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else {
                out.insert(path.strip_prefix(folder).unwrap().display().to_string());
            }
        }
    }
    out
}

/// Digests and signature made anew, as whoever has the key could: what is left is what the files say.
async fn resealed(v: &Village, folder: &Path) {
    let mut manifest: Manifest =
        serde_json::from_str(&fs::read_to_string(folder.join(MANIFEST)).unwrap()).unwrap();
    for file in &mut manifest.files {
        let bytes = fs::read(folder.join(&file.name)).unwrap();
        file.sha256 = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        file.bytes = u64::try_from(bytes.len()).unwrap();
    }
    let sealed = v.desk.seal_manifest(v.book, &manifest).await.unwrap();
    fs::write(folder.join(MANIFEST), sealed.json).unwrap();
    fs::write(folder.join(MANIFEST_NOTE), sealed.note).unwrap();
}

fn edit(folder: &Path, name: &str, from: &str, to: &str) {
    let text = fs::read_to_string(folder.join(name)).unwrap();
    assert!(text.contains(from), "{name} has no {from}");
    fs::write(folder.join(name), text.replacen(from, to, 1)).unwrap();
}

#[tokio::test]
async fn one_byte_a_missing_file_or_another_one_is_named() {
    let v = hostile().await;
    let key = proof::key(&v).await;
    let whole = packed(&v.desk, v.book).await;
    restore::check_pack(whole.path(), Some(&key)).unwrap();
    restore::check_pack(whole.path(), None).unwrap();
    let all = names(whole.path());
    assert!(all.iter().any(|name| name.starts_with("tile/entries/")) && all.len() > 50, "{all:?}");
    let check = |folder: &Path| restore::check_pack(folder, Some(&key)).map(|_| ()).unwrap_err();
    for name in &all {
        let path = whole.path().join(name);
        let kept = fs::read(&path).unwrap();
        if kept.is_empty() {
            // a table without rows: anything is one row too many
            fs::write(&path, "{}\n").unwrap();
            assert_eq!(&check(whole.path()).file, name, "added");
            fs::write(&path, kept).unwrap();
            continue;
        }
        for at in [0, kept.len() / 2, kept.len() - 1] {
            let mut changed = kept.clone();
            changed[at] ^= 1;
            fs::write(&path, changed).unwrap();
            assert_eq!(&check(whole.path()).file, name, "byte {at}");
        }
        fs::write(&path, &kept[..kept.len() - 1]).unwrap();
        assert_eq!(&check(whole.path()).file, name, "cut");
        fs::remove_file(&path).unwrap();
        assert_eq!(&check(whole.path()).file, name, "missing");
        fs::write(&path, kept).unwrap();
    }
    for stranger in ["more.csv", "tile/0/001", "tile/x"] {
        fs::write(whole.path().join(stranger), "x").unwrap();
        assert_eq!(check(whole.path()).file, stranger);
        fs::remove_file(whole.path().join(stranger)).unwrap();
    }
    restore::check_pack(whole.path(), Some(&key)).unwrap();
}

#[tokio::test]
async fn a_signature_of_another_pack_or_another_key_is_named() {
    let v = Village::new().await;
    let key = proof::key(&v).await;
    let earlier = packed(&v.desk, v.book).await;
    v.give(0, 5).await;
    let later = packed(&v.desk, v.book).await;
    for name in [MANIFEST_NOTE, "checkpoint"] {
        let mixed = copied(later.path());
        fs::copy(earlier.path().join(name), mixed.path().join(name)).unwrap();
        let fault = restore::check_pack(mixed.path(), Some(&key)).unwrap_err();
        assert!([MANIFEST_NOTE, "checkpoint"].contains(&fault.file.as_str()), "{name}: {fault}");
        // the line alone, under the text of the other
        let text = fs::read_to_string(later.path().join(name)).unwrap();
        let other = fs::read_to_string(earlier.path().join(name)).unwrap();
        let (text, signature) = (text.split("\n\n").next().unwrap(), other.split("\n\n").nth(1).unwrap());
        let mixed = copied(later.path());
        fs::write(mixed.path().join(name), format!("{text}\n\n{signature}")).unwrap();
        assert_eq!(restore::check_pack(mixed.path(), Some(&key)).unwrap_err().file, name);
    }
    let stranger = Signer::new(key.name(), KeyKind::Note, &[9; 32]).unwrap();
    let fault = restore::check_pack(later.path(), Some(stranger.key())).unwrap_err();
    assert_eq!((fault.file.as_str(), fault.field.as_str()), (MANIFEST_NOTE, "signature"));
}

#[tokio::test]
async fn what_does_not_say_the_same_as_the_log_is_named_even_under_a_right_signature() {
    let v = hostile().await;
    let key = proof::key(&v).await;
    let whole = packed(&v.desk, v.book).await;
    let amounts = ("  703 POINT", "  704 POINT");
    for (name, from, to) in [
        ("ledger.journal", " == -5728 POINT", " == -5729 POINT"),
        ("ledger.journal", "seq:9,", "seq:8,"),
        ("ledger.journal", "commodity 1000. POINT\n", ""),
        ("ledger.journal", amounts.0, amounts.1),
        ("ledger.beancount", amounts.0, amounts.1),
        ("ledger.beancount", "  rule: \"D1\"\n", ""),
        ("ledger.beancount", " balance Equity:Time:Service:MIN  90", " balance Equity:Time:Service:MIN  91"),
        ("entries.csv", ",700,", ",701,"),
        ("transactions.jsonl", "\"kind\":\"opening\"", "\"kind\":\"correction\""),
        ("transactions.jsonl", "\"actor\":", "\"actors\":"),
        ("entries.jsonl", "\"quantity\":700,", "\"quantity\":701,"),
        ("meter_uses.jsonl", "\"used_after\":1", "\"used_after\":2"),
        ("accounts.jsonl", "\"quantity\":-300,", "\"quantity\":-301,"),
        ("book.jsonl", "\"seq\":", "\"seq\":1"),
    ] {
        let changed = copied(whole.path());
        edit(changed.path(), name, from, to);
        resealed(&v, changed.path()).await;
        let fault = restore::check_pack(changed.path(), Some(&key)).unwrap_err();
        // a meter stands in its transaction's leaf
        let leaf = name == "meter_uses.jsonl" && fault.field == "leaf_hash";
        assert!(fault.file == name || leaf, "{name} {from}: {fault}");
    }
    let longer = copied(whole.path());
    let mut text = fs::read_to_string(longer.path().join("entries.csv")).unwrap();
    text.push_str("1,1,1\r\n");
    fs::write(longer.path().join("entries.csv"), text).unwrap();
    resealed(&v, longer.path()).await;
    assert_eq!(restore::check_pack(longer.path(), Some(&key)).unwrap_err().file, "entries.csv");
    resealed(&v, whole.path()).await;
    restore::check_pack(whole.path(), Some(&key)).unwrap();
}

/// Whoever has the key of the pack can seal a shorter book; what it cannot do is sign a shorter log.
#[tokio::test]
async fn a_tail_cut_off_everywhere_but_in_the_log_is_named_even_under_a_fresh_seal() {
    let v = hostile().await;
    let key = proof::key(&v).await;
    let earlier = packed(&v.desk, v.book).await;
    v.give(0, 5).await;
    let later = packed(&v.desk, v.book).await;
    let of_log = |name: &str| name.starts_with("tile/") || ["checkpoint", "book.jsonl"].contains(&name);
    let sealed = |name: &str| name == MANIFEST || name == MANIFEST_NOTE;
    let cut = copied(later.path());
    for name in names(earlier.path()).iter().filter(|name| !of_log(name) && !sealed(name)) {
        fs::copy(earlier.path().join(name), cut.path().join(name)).unwrap();
    }
    resealed(&v, cut.path()).await;
    let fault = restore::check_pack(cut.path(), Some(&key)).unwrap_err();
    assert!(of_log(&fault.file) || fault.file == "transactions.jsonl", "{fault}");
    let engine = Engine::fresh().await;
    let (desk, done) = import(&engine, cut.path()).await;
    assert!(done.is_err());
    assert_eq!(head(&desk).await, None, "nothing was taken");
    // and a log signed for more than there is
    let short = copied(earlier.path());
    fs::copy(later.path().join("checkpoint"), short.path().join("checkpoint")).unwrap();
    resealed(&v, short.path()).await;
    let fault = restore::check_pack(short.path(), Some(&key)).unwrap_err();
    assert_eq!(fault.file.as_str(), MANIFEST_NOTE, "{fault}");
}

async fn head(desk: &Desk) -> Option<Head> {
    let mut tx = desk.db.begin_read().await.unwrap();
    let book = programme::list(&mut tx, 0, 1).await.unwrap().pop()?.book_id;
    read::head(&mut tx, book).await.unwrap()
}

async fn import(engine: &Engine, folder: &Path) -> (Desk, Result<(), ImportError>) {
    let clock = clock();
    clock.advance_seconds(90 * 86_400);
    let desk = engine.desk(&clock).await;
    let done = desk.import(&[PathBuf::from(folder)], None).await.map(|_| ());
    (desk, done)
}

#[tokio::test]
async fn an_import_has_the_identical_head_verifies_and_exports_the_same_rows() {
    let v = hostile().await;
    proof::grow(&v, 40_000, 300).await;
    let pack = packed(&v.desk, v.book).await;
    let mut engines = vec![Engine::fresh().await];
    if server().is_some() {
        engines.push(Engine::sqlite());
    }
    for engine in &engines {
        let (desk, done) = import(engine, pack.path()).await;
        done.unwrap();
        assert_eq!(head(&desk).await, head(&v.desk).await);
        let report = desk.verify_books(None).await.unwrap();
        assert!(report.holds(), "{report:?}");
        assert_eq!(report.books[0].imported, v.seq().await);
        let again = packed(&desk, v.book).await;
        for table in Table::ALL {
            let same = matches!(
                table.as_str(),
                "accounts"
                    | "transactions"
                    | "entries"
                    | "meter_uses"
                    | "trial_balance"
                    | "book"
                    | "commodities"
                    | "refusals"
                    | "checkpoints"
            );
            let rows = |folder: &Path| fs::read_to_string(folder.join(table.file(Format::Jsonl))).unwrap();
            assert!(!same || rows(again.path()) == rows(pack.path()), "{}", table.as_str());
        }
        // it goes on from there, under a key of its own
        let (_, twice) = import(engine, pack.path()).await;
        assert!(matches!(twice, Err(ImportError::NotEmpty)), "{twice:?}");
        desk.db.close().await;
    }
}

/// What importing the folder says, and that nothing came of it.
async fn refused(engine: &Engine, folder: &Path) -> PackFault {
    let (desk, done) = import(engine, folder).await;
    assert!(head(&desk).await.is_none() && desk.is_empty().await.unwrap());
    let mut tx = desk.db.begin_read().await.unwrap();
    assert!(greencoin::store::org::roots(&mut tx, 1).await.unwrap().is_empty());
    drop(tx);
    desk.db.close().await;
    match done {
        Err(ImportError::Fault(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn importing_a_damaged_file_changes_nothing_and_names_file_line_and_field() {
    let v = hostile().await;
    let whole = packed(&v.desk, v.book).await;
    let engine = Engine::fresh().await;
    for (name, from, to, line, field) in [
        ("transactions.jsonl", "\"kind\":\"opening\"", "\"kind\":\"correction\"", true, "leaf_hash"),
        ("transactions.jsonl", "\"seq\":3,", "\"seq\":33,", true, "seq"),
        ("transactions.jsonl", "\"hash_version\":1", "\"hash_version\":2", true, "hash_version"),
        ("entries.jsonl", "\"quantity\":700,", "\"quantity\":701,", true, "balance_after"),
        ("entries.jsonl", "\"quantity\":700,", "\"quantity\":\"700\",", true, "quantity"),
        ("entries.jsonl", "\"line\":2,", "\"line\":3,", true, "line"),
        ("accounts.jsonl", "\"opened_seq\":", "\"opened_seq\":1", false, "opened_seq"),
        ("accounts.jsonl", "\"max_quantity\":0", "\"max_quantity\":5", false, "max_quantity"),
        ("accounts.jsonl", "\"debited\":", "\"debited\":1", false, "debited"),
        ("refusals.jsonl", "insufficient_points", "limit_exceeded", false, "chain"),
        ("signed_heads.jsonl", "\"size\":", "\"size\":1", false, "size"),
        ("keys.jsonl", "\"public_key\":\"", "\"public_key\":\"00", false, "public_key"),
        ("commodities.jsonl", "\"scale\":2", "\"scale\":3", false, "scale"),
        ("book.jsonl", "\"time_overdraft\":0", "\"time_overdraft\":7", false, ""),
    ] {
        let changed = copied(whole.path());
        edit(changed.path(), name, from, to);
        // without its digest the file is named in any case; with it, the place too
        assert!(!refused(&engine, changed.path()).await.file.is_empty());
        resealed(&v, changed.path()).await;
        let fault = refused(&engine, changed.path()).await;
        if name == "book.jsonl" {
            // the limits of accounts follow from what the book decided
            assert_eq!(fault.field.split(' ').next(), Some("max_quantity"), "{fault}");
            continue;
        }
        assert_eq!(fault.file, name, "{from}: {fault}");
        assert!(!line || fault.line.is_some(), "{fault}");
        assert!(fault.field.starts_with(field), "{from}: {fault}");
    }
    let (desk, done) = import(&engine, whole.path()).await;
    done.unwrap();
    assert_eq!(head(&desk).await, head(&v.desk).await);
}

#[tokio::test]
async fn an_auditor_takes_the_pack_from_the_page_and_it_holds() {
    use greencoin::service::caller::Role;
    let app = TestApp::new().await;
    let staff = app.staff(Role::Clerk, &app.village).await;
    app.desk.authorise(&staff, "budget", "Gift", 500_000, "村民会议").await.unwrap();
    let mut auditor = app.sign_in(Role::Auditor).await;
    for format in Format::ALL {
        let page = auditor.get(&format!("/audit/export?format={}", format.as_str())).await.expect(200).text();
        assert!(page.contains("manifest.note") && page.contains("/audit/export/pack.zip"), "{page}");
    }
    auditor.get("/audit/export?format=hledger&from=2026-01-01").await.expect(422);
    let answer = auditor.get("/audit/export/pack.zip").await.expect(200);
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("pack.zip");
    fs::write(&archive, &answer.body).unwrap();
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/oracle/bin/python");
    let inside = folder.path().join("pack");
    let out =
        std::process::Command::new(python).args(["-m", "zipfile", "-e"]).arg(&archive).arg(&inside).output();
    assert!(out.unwrap().status.success());
    let report = restore::check_pack(&inside, None).unwrap();
    assert_eq!((report.transactions, report.journals), (1, 2));
    // the note that is fetched alone is over the manifest that is fetched alone
    let list = "?format=beancount&through=1";
    let json = auditor.get(&format!("/audit/export/manifest.json{list}")).await.expect(200).body;
    let note = auditor.get(&format!("/audit/export/manifest.note{list}")).await.expect(200).text();
    let digest: String = Sha256::digest(&json).iter().map(|b| format!("{b:02x}")).collect();
    assert!(note.contains(&digest), "{note}");
    let mut clerk = app.sign_in(Role::Clerk).await;
    clerk.get("/audit/export/pack.zip").await.expect(403);
    app.finish().await;
}
