//! Two installations of ours over HTTP: a village's log brings its heads to a county, which checks that it only grew
//! and cosigns. And everything the county must not cosign.

use axum::http::Method;
use greencoin::{
    cli,
    domain::{
        merkle::Hash,
        tlog::{
            AddCheckpoint, Checkpoint, KeyKind, Note, Signature, Signer, VerifierKey, checkpoint::origin,
        },
    },
    http::{AppState, state::Site},
    jobs,
    service::Keys,
    store::{log::Purpose, witness},
    web,
};

use crate::{
    proof::{grow, head, key},
    support::{Answer, TestApp},
    village::{Village, refused},
};

/// Serves the county's installation; its address.
async fn serve(county: &TestApp) -> String {
    let state = AppState::new(county.desk.clone(), Site::default(), None, web::frame::error_page);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, cli::app(state)).await.unwrap() });
    format!("http://{address}/witness")
}

async fn witness_key(county: &TestApp) -> VerifierKey {
    county.desk.signing_keys(Purpose::Witness).await.unwrap()[0].verifiers[0].clone()
}

async fn seen(county: &TestApp, v: &Village) -> i64 {
    let mut tx = county.desk.db.begin_read().await.unwrap();
    witness::last(&mut tx, &origin(v.book)).await.unwrap().map_or(0, |head| head.size)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_county_cosigns_what_only_grew_and_both_signatures_stand_under_the_head() {
    let (v, county) = (Village::new().await, TestApp::new().await);
    let (url, cosigner) = (serve(&county).await, witness_key(&county).await);
    county.desk.trust_log(&key(&v).await.to_string()).await.unwrap_or_else(|e| panic!("{e}"));
    v.desk.ask_witness(&url, &cosigner.to_string()).await.unwrap();
    let done = jobs::tick(&v.desk).await.unwrap();
    assert_eq!((done.signed, done.cosigned), (1, 1));
    assert_eq!(jobs::tick(&v.desk).await.unwrap().cosigned, 0, "nothing new to cosign");
    let first = head(&v).await;
    let trusted = [key(&v).await, cosigner.clone()];
    assert_eq!(first.note.verify(&trusted).unwrap().len(), 2);
    assert_eq!(first.note.signatures[1].seconds(), u64::try_from(county.desk.now().seconds()).ok());

    grow(&v, 0, 300).await;
    assert_eq!(jobs::tick(&v.desk).await.unwrap().cosigned, 1);
    assert_eq!(seen(&county, &v).await, v.seq().await);
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let id = greencoin::store::ledger::read::txn(&mut tx, v.book, 5).await.unwrap().unwrap().id;
    drop(tx);
    let proof = v.desk.evidence(v.book, id).await.unwrap().proof.unwrap();
    assert_eq!(proof.checkpoint.verify(&trusted).unwrap().len(), 2, "the receipt carries the cosignature");
    assert!(v.desk.verify_books(None).await.unwrap().holds());
    county.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_forgot_what_the_witness_saw_is_told_and_a_silent_witness_holds_up_nothing() {
    let (v, county) = (Village::new().await, TestApp::new().await);
    let (url, cosigner) = (serve(&county).await, witness_key(&county).await);
    v.desk.sign_head(v.book).await.unwrap();
    county.desk.trust_log(&key(&v).await.to_string()).await.unwrap();
    // the witness has seen a head whose cosignature never came back
    let request = AddCheckpoint { old: 0, proof: Vec::new(), checkpoint: head(&v).await.note };
    assert!(matches!(
        county.desk.add_checkpoint(&request.to_string()).await.unwrap(),
        greencoin::service::tlog::witness::Answer::Cosigned(_)
    ));
    v.give(0, 10).await;
    v.desk.ask_witness(&url, &cosigner.to_string()).await.unwrap();
    v.desk.ask_witness("http://127.0.0.1:1", &cosigner.to_string()).await.unwrap();
    let done = jobs::tick(&v.desk).await.unwrap();
    assert_eq!((done.signed, done.cosigned), (1, 1));
    v.desk.forget_witness("http://127.0.0.1:1").await.unwrap();
    assert_eq!(v.desk.witnesses().await.unwrap().len(), 1);
    assert_eq!(refused(v.desk.ask_witness("ftp://x", &cosigner.to_string()).await), "invalid_witness_url");
    assert_eq!(refused(v.desk.ask_witness(&url, &key(&v).await.to_string()).await), "invalid_verifier_key");
    assert_eq!(refused(county.desk.trust_log(&cosigner.to_string()).await), "invalid_verifier_key");
    county.finish().await;
}

async fn bring(county: &TestApp, body: &str) -> Answer {
    let mut log = county.anonymous();
    log.send(Method::POST, "/witness/add-checkpoint", Some("text/plain"), body.as_bytes().to_vec()).await
}

#[tokio::test]
async fn a_witness_cosigns_nothing_that_went_another_way() {
    let county = TestApp::new().await;
    let name = "greencoin/book/other";
    let signer = Signer::new(name, KeyKind::Note, &Keys::new([1; 32]).log(1)).unwrap();
    county.desk.trust_log(&signer.key().to_string()).await.unwrap();
    let cosigner = witness_key(&county).await;
    let at = |size: u64, byte: u8| {
        let root: Hash = [byte; 32];
        Checkpoint { origin: name.to_owned(), size, root }.signed(&signer)
    };
    let request =
        |old: u64, proof: Vec<Hash>, checkpoint: Note| AddCheckpoint { old, proof, checkpoint }.to_string();
    bring(&county, "nonsense").await.expect(400);
    bring(&county, &request(9, Vec::new(), at(5, 1))).await.expect(400);
    let unknown = Signer::new("greencoin/book/unknown", KeyKind::Note, &[2; 32]).unwrap();
    let stranger = Checkpoint { origin: "greencoin/book/unknown".to_owned(), size: 1, root: [1; 32] };
    bring(&county, &request(0, Vec::new(), stranger.signed(&unknown))).await.expect(404);
    let forger = Signer::new(name, KeyKind::Note, &[3; 32]).unwrap();
    let forged = Checkpoint { origin: name.to_owned(), size: 5, root: [1; 32] }.signed(&forger);
    bring(&county, &request(0, Vec::new(), forged)).await.expect(403);

    let answer = bring(&county, &request(0, Vec::new(), at(5, 1))).await.expect(200);
    let line: Signature = answer.text().trim_end().parse().unwrap();
    assert!(cosigner.claimed_by(&line) && cosigner.verifies(&at(5, 1).text, &line));
    // the same head again is cosigned again, another of the same size is not
    bring(&county, &request(5, Vec::new(), at(5, 1))).await.expect(200);
    let conflict = bring(&county, &request(5, Vec::new(), at(5, 2))).await.expect(409);
    assert_eq!(conflict.text(), "5\n");
    assert_eq!(conflict.headers["content-type"], "text/x.tlog.size");
    bring(&county, &request(4, Vec::new(), at(6, 1))).await.expect(409);
    bring(&county, &request(0, Vec::new(), at(6, 1))).await.expect(409);
    // a longer log whose proof proves nothing
    bring(&county, &request(5, vec![[7; 32]; 3], at(6, 1))).await.expect(422);
    bring(&county, &request(5, Vec::new(), at(6, 1))).await.expect(422);
    let mut tx = county.desk.db.begin_read().await.unwrap();
    assert_eq!(witness::last(&mut tx, name).await.unwrap().unwrap().size, 5);
    drop(tx);
    county.finish().await;
}
