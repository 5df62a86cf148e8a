//! What outsiders check the books with: signed heads, proofs, tiles, kept heads, receipts, and that erasing a text
//! breaks none of them.

use futures_util::future::join_all;
use greencoin::{
    domain::{
        book::TxnKind,
        chart,
        merkle::{
            self, Hash,
            tiles::{self, Resource, Tile},
        },
        posting::{Commodity, Line},
        tlog::{Checkpoint, Proof, VerifierKey},
    },
    jobs,
    service::{
        Actor,
        books::{Order, facts},
        caller::Reviewer,
        tlog::PublicHead,
    },
    store::{
        ledger::{read, write},
        log::Purpose,
        person, private_text,
    },
};

use crate::{
    engine::{Engine, clock},
    hamlet,
    village::{SOAP, Village, refused},
};

/// Posts `count` small transactions, as many at once as come.
pub async fn grow(v: &Village, from: usize, count: usize) {
    let posts = (from..from + count).map(|n| {
        let lines = vec![
            Line::new(chart::authorised("Gift").unwrap(), Commodity::point(), 1),
            Line::new(chart::budget("Gift").unwrap(), Commodity::point(), -1),
        ];
        let key = format!("grow {n}");
        let order = Order {
            key: &key,
            kind: TxnKind::Budget,
            effective_on: v.desk.today(),
            source: None,
            body: facts([("n", n.to_string())]),
        };
        let command = v.desk.command(&Actor::System, order, lines).unwrap();
        v.desk.posted(v.book, command, Vec::new())
    });
    for result in join_all(posts).await {
        result.unwrap();
    }
}

pub async fn head(v: &Village) -> PublicHead {
    v.desk.public_head(v.book).await.unwrap().expect("a signed head")
}

pub async fn key(v: &Village) -> VerifierKey {
    // the first key is made when somebody asks for it
    v.desk.signing_keys(Purpose::Log).await.unwrap();
    v.desk.log_verifiers(v.book).await.unwrap().pop().unwrap()
}

/// The proof of the transaction at `seq`.
pub async fn proof(v: &Village, seq: i64) -> Option<Proof> {
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let id = read::txn(&mut tx, v.book, seq).await.unwrap().unwrap().id;
    drop(tx);
    v.desk.evidence(v.book, id).await.unwrap().proof
}

async fn holds(v: &Village) {
    let report = v.desk.verify_books(None).await.unwrap();
    assert!(report.holds(), "{report:?}");
}

#[tokio::test]
async fn the_job_signs_a_head_that_moved_and_every_transaction_proves_itself() {
    let v = Village::new().await;
    assert_eq!(v.desk.public_head(v.book).await.unwrap(), None);
    assert_eq!(proof(&v, 1).await, None, "no head has it yet");
    assert_eq!(jobs::tick(&v.desk).await.unwrap().signed, 1);
    assert_eq!(jobs::tick(&v.desk).await.unwrap().signed, 0, "nothing moved");
    v.give(0, 50).await;
    assert_eq!(jobs::tick(&v.desk).await.unwrap().signed, 1);
    let (head, key) = (head(&v).await, key(&v).await);
    assert_eq!(head.checkpoint.size, u64::try_from(v.seq().await).unwrap());
    for seq in 1..=v.seq().await {
        let text = proof(&v, seq).await.unwrap().to_string();
        let again: Proof = text.parse().unwrap();
        assert_eq!(again.verify(&key).unwrap(), head.checkpoint);
    }
    holds(&v).await;
}

#[tokio::test]
async fn tiles_of_a_longer_log_give_every_hash_and_prove_every_step() {
    let v = Village::new().await;
    grow(&v, 0, 300).await;
    assert!(v.desk.sign_head(v.book).await.unwrap());
    let early = head(&v).await.checkpoint;
    grow(&v, 300, 400).await;
    v.desk.sign_head(v.book).await.unwrap();
    let now = head(&v).await.checkpoint;
    let mut leaves: Vec<Hash> = Vec::new();
    for tile in tiles::all(now.size).filter(|t| t.level == 0) {
        let hashes = v.desk.public_tile(v.book, Resource::Tile(tile)).await.unwrap();
        let bundle = v.desk.public_tile(v.book, Resource::Entries(tile)).await.unwrap();
        let entries: Vec<Hash> =
            tiles::entries_of(&bundle).unwrap().iter().map(|entry| merkle::leaf_hash(entry)).collect();
        assert_eq!(entries.concat(), hashes);
        leaves.extend(entries);
    }
    assert_eq!(merkle::root_of(&leaves), now.root);
    let upper = Tile::within(1, 0, now.size).unwrap();
    let upper = v.desk.public_tile(v.book, Resource::Tile(upper)).await.unwrap();
    assert_eq!(upper, [merkle::root_of(&leaves[..256]), merkle::root_of(&leaves[256..512])].concat());
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let mut log = greencoin::service::tlog::tiles::Tiles::new(&mut tx, v.book, now.size);
    for index in [0, 1, 255, 256, 300, 511, 512, leaves.len() - 1] {
        let path = log.inclusion(u64::try_from(index).unwrap()).await.unwrap();
        assert_eq!(path, merkle::inclusion_proof(index, &leaves).unwrap());
    }
    let steps = log.consistency(early.size).await.unwrap();
    assert!(merkle::verify_consistency(early.size, now.size, &steps, &early.root, &now.root));
    drop(tx);
    let none = Resource::Tile(Tile { level: 0, index: 2, width: 256 });
    assert!(v.desk.public_tile(v.book, none).await.is_err(), "what is not full yet is not served as full");
    holds(&v).await;
}

#[tokio::test]
async fn a_new_key_signs_from_its_day_on_and_old_heads_stay_valid() {
    let v = Village::new().await;
    v.desk.sign_head(v.book).await.unwrap();
    let (old, first) = (head(&v).await, key(&v).await);
    v.clock.advance_seconds(60);
    assert_eq!(v.desk.rotate_key(Purpose::Log).await.unwrap(), 2);
    assert!(v.desk.sign_head(v.book).await.unwrap(), "the same head under the new key");
    let (new, keys) = (head(&v).await, v.desk.log_verifiers(v.book).await.unwrap());
    assert_eq!(new.checkpoint, old.checkpoint);
    assert_eq!(keys.len(), 2);
    assert_eq!(old.note.verify(&keys).unwrap(), [&first]);
    assert_eq!(new.note.verify(&keys).unwrap(), [&keys[1]]);
    assert!(new.note.verify(&[first]).is_err());
    let views = v.desk.signing_keys(Purpose::Log).await.unwrap();
    assert!(views[0].since < views[1].since);
    holds(&v).await;
    let kept = v.desk.verify_since(&old.checkpoint).await.unwrap();
    assert_eq!(kept.fault, None);
}

#[tokio::test]
async fn another_master_key_is_refused_until_the_keys_are_rotated() {
    let v = Village::new().await;
    v.desk.sign_head(v.book).await.unwrap();
    let mut other = v.desk.clone();
    other.keys = greencoin::service::Keys::new([8; 32]);
    v.give(0, 1).await;
    let refusal = other.sign_head(v.book).await.unwrap_err();
    assert!(refusal.to_string().contains("keys rotate"), "{refusal}");
    let report = other.verify_books(None).await.unwrap();
    assert_eq!(report.books[0].fault.as_ref().unwrap().table, "signing_key");
    v.clock.advance_seconds(60);
    other.rotate_key(Purpose::Log).await.unwrap();
    assert!(other.sign_head(v.book).await.unwrap());
    assert!(other.verify_books(None).await.unwrap().holds());
}

#[tokio::test]
async fn a_kept_head_shows_that_nothing_before_it_has_changed() {
    let v = Village::new().await;
    v.give(0, 10).await;
    v.desk.sign_head(v.book).await.unwrap();
    let kept = head(&v).await.checkpoint;
    v.give(1, 20).await;
    v.desk.sign_head(v.book).await.unwrap();
    assert_eq!(v.desk.verify_since(&kept).await.unwrap().fault, None);
    let mut rewritten = kept.clone();
    rewritten.root[0] ^= 1;
    let fault = v.desk.verify_since(&rewritten).await.unwrap().fault.unwrap();
    assert_eq!((fault.seq, fault.table, fault.field), (i64::try_from(kept.size).ok(), "checkpoint", "root"));
    let longer = Checkpoint { size: kept.size + 9, ..kept.clone() };
    let fault = v.desk.verify_since(&longer).await.unwrap().fault.unwrap();
    assert_eq!((fault.table, fault.field), ("checkpoint", "size"), "the tail was cut off");
    let elsewhere = Checkpoint { origin: "greencoin/book/0".to_owned(), ..kept };
    assert!(v.desk.verify_since(&elsewhere).await.is_err());
}

#[tokio::test]
async fn a_head_that_does_not_continue_the_last_one_is_not_signed() {
    let v = Village::new().await;
    v.give(0, 10).await;
    v.desk.sign_head(v.book).await.unwrap();
    v.give(0, 10).await;
    // somebody moved the stored root
    let mut tx = v.desk.db.begin_write().await.unwrap();
    let stored = read::head(&mut tx, v.book).await.unwrap().unwrap();
    let forged = write::NewHead {
        from_refusals: stored.refusals,
        refusals: stored.refusals,
        refusal_chain: stored.refusal_chain.as_deref(),
        from_seq: stored.seq,
        seq: stored.seq,
        recorded_at: stored.recorded_at,
        frontier: &stored.frontier,
        root: &[9; 32],
        next_account: stored.next_account,
        closed_through: stored.closed_through,
    };
    assert!(write::advance(&mut tx, v.book, &forged).await.unwrap());
    tx.commit().await.unwrap();
    let refusal = v.desk.sign_head(v.book).await.unwrap_err();
    assert!(refusal.to_string().contains("does not continue"), "{refusal}");
}

#[tokio::test]
async fn words_about_people_are_outside_the_leaf_and_can_be_erased_while_every_proof_holds() {
    let clock = clock();
    let engine = Engine::fresh().await;
    let desk = engine.desk(&clock).await;
    let v = hamlet::Village::found(engine, clock, desk, 1).await;
    v.endow(hamlet::BUDGET).await;
    let row = v.approved(0, "D3").await;
    v.publish().await;
    v.clock.advance_seconds(5 * 86_400);
    v.desk.post_due_lines(v.book).await.unwrap();
    let seq = v.desk.award_file(v.book, row.id).await.unwrap().award.txn_seq.unwrap();
    let words = "李四的户口簿看错了";
    let request = v.desk.request_reversal(&v.clerk(), seq, words).await.unwrap();
    let done = v.desk.approve_reversal(&Reviewer::of(&v.second).unwrap(), request.id, "同意").await.unwrap();
    let undone = done.txn_seq.unwrap();
    v.desk.sign_head(v.book).await.unwrap();
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let txn = read::txn(&mut tx, v.book, undone).await.unwrap().unwrap();
    assert!(!txn.body.contains(words) && txn.body.contains("sha256:"), "{}", txn.body);
    let texts = private_text::of_key(&mut tx, v.book, &txn.key).await.unwrap();
    assert_eq!(texts[0].content.as_deref(), Some(words));
    drop(tx);
    let before = v.desk.evidence(v.book, txn.id).await.unwrap();
    assert!(v.desk.verify_books(None).await.unwrap().holds());

    assert_eq!(
        hamlet::refused(v.desk.erase_transaction_texts(&Actor::System, v.book, seq, "本人申请").await),
        "no_private_text"
    );
    v.desk.erase_transaction_texts(&Actor::System, v.book, undone, "本人申请").await.unwrap();
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let texts = private_text::of_key(&mut tx, v.book, &txn.key).await.unwrap();
    assert_eq!((&texts[0].content, &texts[0].salt), (&None, &None));
    assert!(texts[0].erased_at.is_some());
    drop(tx);
    assert_eq!(v.desk.reversal(v.book, request.id).await.unwrap().reason, "");
    let after = v.desk.evidence(v.book, txn.id).await.unwrap();
    assert_eq!(after, before, "the proof is what it was");
    assert!(after.proof.unwrap().verify(&after.keys[0]).is_ok());
    assert!(v.desk.verify_books(None).await.unwrap().holds());
}

#[tokio::test]
async fn the_same_request_again_is_the_same_whatever_its_salt_and_after_erasure_too() {
    let v = Village::new().await;
    let ask = |words: &'static str| v.desk.authorise(&v.clerk, "more", "Gift", 500, words);
    let (one, two) = tokio::join!(ask("村民会议决定，张三主持"), ask("村民会议决定，张三主持"));
    assert_eq!(one.unwrap().seq, two.unwrap().seq);
    assert!(ask("村民会议决定，张三主持").await.unwrap().replayed());
    assert_eq!(refused(ask("另一个理由").await), "idempotency_conflict");
    let seq = ask("村民会议决定，张三主持").await.unwrap().seq;
    v.desk.erase_transaction_texts(&Actor::System, v.book, seq, "本人申请").await.unwrap();
    assert!(ask("村民会议决定，张三主持").await.unwrap().replayed());
    let over = v.desk.authorise(&v.clerk, "more", "Gift", 501, "村民会议决定，张三主持").await;
    assert_eq!(refused(over), "idempotency_conflict");
    holds(&v).await;
}

#[tokio::test]
async fn a_person_who_has_left_can_be_erased_and_one_who_has_not_cannot() {
    let app = crate::support::TestApp::new().await;
    let (village, clerk) = (app.village.clone(), app.clerk(&app.village).await);
    let who = greencoin::service::register::change::NewPerson {
        name: greencoin::domain::person::Name::parse("王小二").unwrap(),
        relation: greencoin::domain::person::Relation::Head,
        birth_year: None,
        phone: None,
    };
    let no = app.desk.open_household(&clerk, None, &who, app.desk.today()).await.unwrap();
    let other = greencoin::service::register::change::NewPerson {
        relation: greencoin::domain::person::Relation::Child,
        ..who.clone()
    };
    let person_no = app.desk.add_member(&clerk, &no, &other, app.desk.today()).await.unwrap();
    let by = clerk.actor();
    let erased = app.desk.erase_person(&by, village.book, &person_no, "本人申请").await;
    assert_eq!(refused(erased), "person_still_member");
    app.clock.advance_seconds(86_400);
    app.desk.leave_household(&clerk, &person_no, app.desk.today(), "迁出").await.unwrap();
    app.desk.erase_person(&by, village.book, &person_no, "本人申请").await.unwrap();
    let mut tx = app.desk.db.begin_read().await.unwrap();
    let left = person::by_no(&mut tx, village.book, &person_no).await.unwrap().unwrap();
    assert_eq!((left.name.as_str(), left.pinyin.as_str(), left.phone), ("—", "", None));
    let events = greencoin::store::event::of(&mut tx, village.book, left.id.0).await.unwrap();
    assert_eq!(events.last().map(|e| e.verb.as_str()), Some("erase"));
    drop(tx);
    assert!(app.desk.verify_books(None).await.unwrap().holds());
    app.finish().await;
}

#[tokio::test]
async fn a_transaction_too_long_for_its_leaf_is_refused() {
    let v = Village::new().await;
    let mut lines: Vec<Line> = (0..999)
        .map(|n| Line::new(chart::person_time(&format!("P{n:06}")).unwrap(), Commodity::min(), -1))
        .collect();
    lines.push(Line::new(chart::time_service(), Commodity::min(), 999));
    let order = Order {
        key: "long",
        kind: TxnKind::TimeService,
        effective_on: v.desk.today(),
        source: None,
        body: facts([]),
    };
    let command = v.desk.command(&Actor::System, order, lines).unwrap();
    assert_eq!(refused(v.desk.posted(v.book, command, Vec::new()).await), "leaf_too_large");
    v.redeem(&v.code(0).await, &[(SOAP, 1)], "k").await.unwrap_err();
    holds(&v).await;
}
