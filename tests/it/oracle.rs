//! A second implementation as oracle: the Python package aics-tlog, written by others from the same specifications, gives
//! the same roots and proofs, and audits a log of ours from its files, cosignature included.
//!
//! Nothing here skips: a machine without the package fails the test and says what to install.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use greencoin::{
    domain::{
        canonical::hex,
        merkle::{
            Hash, consistency_proof, inclusion_proof, leaf_hash, root_of,
            tiles::{self, Resource},
        },
        tlog::{KeyKind, Signer},
    },
    service::tlog::cosign::Errand,
};

use crate::{
    proof::{grow, head, key},
    village::Village,
};

fn ask(arguments: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python: PathBuf = root.join("target/oracle/bin/python");
    let out = Command::new(python).arg(root.join("tests/it/oracle.py")).args(arguments).output();
    let out = out.expect("cannot start the oracle: bash tests/run.sh install");
    let errors = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(out.status.success(), "{errors}");
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn roots_and_proofs_are_those_of_another_implementation() {
    let leaves: Vec<Hash> = (0..600).map(|n| leaf_hash(n.to_string().as_bytes())).collect();
    let join = |hashes: Vec<Hash>| {
        let list: Vec<String> = hashes.iter().map(|h| hex(h)).collect();
        if list.is_empty() { "-".to_owned() } else { list.join(",") }
    };
    let mut compared = 0;
    for line in ask(&["vectors"]).lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let (at, size): (usize, usize) = (words[1].parse().unwrap(), words[2].parse().unwrap());
        let range = &leaves[..size];
        let ours = match words[0] {
            "root" => hex(&root_of(range)),
            "inclusion" => join(inclusion_proof(at, range).unwrap()),
            _ => join(consistency_proof(at, range).unwrap()),
        };
        assert_eq!(ours, words[3], "{} {at} of {size}", words[0]);
        compared += 1;
    }
    assert!(compared > 4_000, "only {compared} were compared");
}

#[tokio::test]
async fn another_implementation_audits_our_log_from_its_files() {
    let v = Village::new().await;
    grow(&v, 0, 600).await;
    v.desk.sign_head(v.book).await.unwrap();
    // a witness's signature under the head, as one would send it
    let witness = Signer::new("witness.example/w1", KeyKind::Cosignature, &[3; 32]).unwrap();
    v.desk.ask_witness("http://127.0.0.1:1/witness", &witness.key().to_string()).await.unwrap();
    let errand: Errand = v.desk.errands(v.book).await.unwrap().remove(0);
    let line = witness.sign(&errand.request.checkpoint.text, 1_780_000_000).to_string();
    assert!(v.desk.take_cosignature(v.book, &errand, &line).await.unwrap());
    let (head, key) = (head(&v).await, key(&v).await);
    let folder = tempfile::tempdir().unwrap();
    let put = |path: String, bytes: Vec<u8>| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    put("checkpoint".to_owned(), head.note.to_string().into_bytes());
    for tile in tiles::all(head.checkpoint.size) {
        put(tile.path(), v.desk.public_tile(v.book, Resource::Tile(tile)).await.unwrap());
        if tile.level == 0 {
            put(tile.entries_path(), v.desk.public_tile(v.book, Resource::Entries(tile)).await.unwrap());
        }
    }
    let (folder, witness) = (folder.path().to_str().unwrap(), witness.key().to_string());
    let said = ask(&["audit", folder, &key.to_string(), &witness]);
    assert_eq!(said.trim_end(), format!("audited {} 4 3 1", head.checkpoint.size));
}
