//! Stock: two people for every movement, batches, the blind count, and after whatever happens pieces × cost is what the
//! ledger has, at every counter, and the book is the shelf, now and as of any day.

use greencoin::{
    domain::{
        ids::{CounterId, StockPaperId},
        stock::{LossReason, PaperState},
        time::Day,
    },
    service::{
        caller::{Reviewer, Role, Staff, StockReader, StockWitness, Storekeeper},
        counters::NewCounter,
        stock::{Donor, Draft, Incoming, Leaving, PaperLine},
    },
    store::{Db, counter::CounterRow, event, identity, person, stock::PaperRow},
};
use serde_json::{Value, json};

use crate::{
    exports::packed,
    village::{HAIRCUT, OIL, SOAP, TOWEL, Village, deliver, fact, refused, second_person},
};

pub fn keeper(by: &Staff) -> Storekeeper {
    Storekeeper::of(by).unwrap()
}

fn reader(v: &Village) -> StockReader {
    StockReader::of(&v.clerk).unwrap()
}

pub fn incoming(sku: i64, pieces: i64, cost_fen: i64, last_day: Option<Day>) -> Incoming {
    Incoming { sku, pieces, cost_fen: Some(cost_fen), last_day, label: String::new() }
}

fn receipt(counter: CounterId, lines: Vec<Incoming>) -> Draft {
    Draft::Receipt { counter, fund: "Gift".into(), donor: Donor::default(), lines }
}

pub fn loss(counter: CounterId, sku: i64, pieces: i64, batch: Option<i64>) -> Draft {
    Draft::Loss { counter, reason: LossReason::Damaged, lines: vec![Leaving { sku, pieces, batch }] }
}

/// Drawn up by the clerk, agreed to by a second person.
pub async fn agreed(v: &Village, draft: &Draft) -> PaperRow {
    let paper = v.desk.draw_stock_paper(&keeper(&v.clerk), draft, "").await.unwrap();
    v.desk.approve_stock_paper(&second_person(&v.desk, &v.clerk), paper.id, "").await.unwrap()
}

pub async fn second_counter(v: &Village) -> CounterRow {
    let new = NewCounter { code: "C2".into(), name: "村尾兑换点".into(), name_en: "End".into() };
    v.desk.add_counter(&v.clerk, new).await.unwrap()
}

async fn cost(v: &Village, sku: i64) -> i64 {
    v.desk.article(v.book, sku).await.unwrap().0.cost_fen
}

/// Pieces of an article by batch, the first to go first.
async fn batches(v: &Village, counter: CounterId, sku: i64) -> Vec<(i64, i64)> {
    let shelf = v.desk.stock_shelf(&reader(v), counter).await.unwrap().unwrap();
    let found = shelf.into_iter().find(|s| s.article.sku == sku);
    let lots = found.map(|s| s.lots).unwrap_or_default();
    lots.iter().map(|lot| (lot.batch, lot.left)).collect()
}

/// Pieces × cost is what the ledger has, the batches come to the pieces, and everything sums to zero.
pub async fn holds(v: &Village) {
    v.check_sums().await;
    for tie in v.desk.stock_ties(v.book).await.unwrap() {
        assert!(tie.agrees(), "{tie:?}");
    }
    for counter in v.desk.counters(v.book).await.unwrap() {
        let Some(shelf) = v.desk.stock_shelf(&reader(v), counter.id).await.unwrap() else { continue };
        for line in shelf {
            assert_eq!(line.lots.iter().map(|lot| lot.left).sum::<i64>(), line.pieces, "{line:?}");
        }
    }
    let no = v.desk.programme_of(v.book).await.unwrap().no;
    let report = v.desk.verify_books(Some(no)).await.unwrap().books.remove(0);
    assert_eq!(report.fault, None);
}

#[tokio::test]
async fn goods_come_in_by_two_people_who_are_not_kin() {
    let v = Village::new().await;
    let before = v.seq().await;
    let draft = receipt(v.counter.id, vec![incoming(SOAP, 10, 450, None)]);
    let paper = v.desk.draw_stock_paper(&keeper(&v.clerk), &draft, "").await.unwrap();
    assert_eq!((v.stock_of(SOAP).await, v.seq().await), (20, before), "nothing moves yet");
    let itself = StockWitness::of(&v.clerk).unwrap();
    assert_eq!(refused(v.desk.approve_stock_paper(&itself, paper.id, "").await), "own_paper");
    // the clerk is the head of household 0, and the second person lives there, too
    let mut tx = v.desk.db.begin_write().await.unwrap();
    let (user, stamp) = (v.clerk.user, (v.desk.now(), "test"));
    let stated = identity::of_user(&mut tx, v.book, user).await.unwrap();
    if stated.iter().any(identity::StatementRow::holds) {
        identity::end(&mut tx, v.book, user, stamp).await.unwrap();
    }
    let ordinal = i32::try_from(stated.len()).unwrap() + 1;
    identity::state(&mut tx, v.book, (user, ordinal), Some(v.heads[0]), stamp).await.unwrap();
    tx.commit().await.unwrap();
    let stranger = second_person(&v.desk, &v.clerk);
    let related = Staff { person: Some(v.heads[0]), ..(*stranger).clone() };
    let related = StockWitness::of(&related).unwrap();
    assert_eq!(refused(v.desk.approve_stock_paper(&related, paper.id, "").await), "kin_of_the_first");
    assert_eq!(refused(v.desk.refuse_stock_paper(&related, paper.id, "数不对").await), "kin_of_the_first");
    let done = v.desk.approve_stock_paper(&stranger, paper.id, "点清").await.unwrap();
    assert_eq!((done.state.as_str(), v.stock_of(SOAP).await), ("posted", 30));
    // the answer was lost: the same word again changes nothing
    assert_eq!(v.desk.approve_stock_paper(&stranger, paper.id, "点清").await.unwrap(), done);
    let another = second_person(&v.desk, &v.clerk);
    assert_eq!(refused(v.desk.approve_stock_paper(&another, paper.id, "").await), "already_decided");
    assert_eq!(v.seq().await, before + 1);
    holds(&v).await;
}

#[tokio::test]
async fn a_paper_that_is_refused_or_taken_back_moves_nothing() {
    let v = Village::new().await;
    let before = v.seq().await;
    let by = keeper(&v.clerk);
    let paper = v.desk.draw_stock_paper(&by, &loss(v.counter.id, SOAP, 1, None), "").await.unwrap();
    let second = second_person(&v.desk, &v.clerk);
    assert_eq!(refused(v.desk.refuse_stock_paper(&second, paper.id, " ").await), "text_missing");
    let paper = v.desk.refuse_stock_paper(&second, paper.id, "没有破").await.unwrap();
    assert_eq!(paper.state, "refused");
    assert_eq!(refused(v.desk.approve_stock_paper(&second, paper.id, "").await), "already_decided");
    let paper = v.desk.draw_stock_paper(&by, &loss(v.counter.id, SOAP, 1, None), "").await.unwrap();
    let shop = keeper(&v.shop);
    assert_eq!(refused(v.desk.withdraw_stock_paper(&shop, paper.id, "").await), "not_your_paper");
    assert_eq!(v.desk.withdraw_stock_paper(&by, paper.id, "").await.unwrap().state, "withdrawn");
    assert_eq!((v.stock_of(SOAP).await, v.seq().await), (20, before));
    // a loss is not agreed to from behind the counter, and services lie on no shelf
    let paper = v.desk.draw_stock_paper(&by, &loss(v.counter.id, SOAP, 1, None), "").await.unwrap();
    let counter = StockWitness::of(&v.shop).unwrap();
    assert_eq!(refused(v.desk.approve_stock_paper(&counter, paper.id, "").await), "not_from_the_counter");
    let none = v.desk.draw_stock_paper(&by, &loss(v.counter.id, HAIRCUT, 1, None), "").await;
    assert_eq!(refused(none), "no_stock_of_services");
    let too_many = v.desk.draw_stock_paper(&by, &loss(v.counter.id, SOAP, 21, None), "").await.unwrap();
    let short = v.desk.approve_stock_paper(&second, too_many.id, "").await;
    assert_eq!((fact(&short, "available").as_str(), refused(short)), ("20", "shelf_has_less"));
    let other = Draft::Loss { counter: v.counter.id, reason: LossReason::Other, lines: vec![] };
    assert_eq!(refused(v.desk.draw_stock_paper(&by, &other, "").await), "text_missing");
}

#[tokio::test]
async fn a_delivery_at_another_price_moves_the_average_on_every_shelf() {
    let v = Village::new().await;
    let there = second_counter(&v).await;
    let lines = vec![Leaving { sku: SOAP, pieces: 6, batch: None }];
    agreed(&v, &Draft::Transfer { from: v.counter.id, to: there.id, lines }).await;
    assert_eq!(cost(&v, SOAP).await, 450);
    // 20 at 4.50 and 10 at 5.01: 4.67
    agreed(&v, &receipt(v.counter.id, vec![incoming(SOAP, 10, 501, None)])).await;
    assert_eq!(cost(&v, SOAP).await, 467);
    let ties = v.desk.stock_ties(v.book).await.unwrap();
    let soap_there = ties.iter().find(|t| t.counter == "C2").unwrap();
    assert_eq!((soap_there.in_ledger, soap_there.agrees()), (6 * 467, true));
    holds(&v).await;
    // given, not bought: the fund's money stays
    let given = Draft::Receipt {
        counter: there.id,
        fund: "Gift".into(),
        donor: Donor { name: "松溪供销社".into(), household: None },
        lines: vec![incoming(SOAP, 7, 300, None)],
    };
    let paper = agreed(&v, &given).await;
    let view = v.desk.stock_paper(&reader(&v), paper.id).await.unwrap();
    assert_eq!((view.worth(), view.row.donor.as_str()), (2_100, "松溪供销社"));
    holds(&v).await;
}

#[tokio::test]
async fn what_lapses_first_is_handed_out_first_and_reported_sixty_days_before() {
    let v = Village::new().await;
    let today = v.desk.today();
    let soon = incoming(SOAP, 5, 450, Some(today.plus(60)));
    let later = incoming(SOAP, 5, 450, Some(today.plus(61)));
    agreed(&v, &receipt(v.counter.id, vec![later, soon])).await;
    let seen = batches(&v, v.counter.id, SOAP).await;
    // what lapses first, then what lapses later, then what does not lapse
    let (first, last) = (seen[0].0, seen[1].0);
    assert_eq!((seen.len(), first > last, seen[2].1), (3, true, 20), "{seen:?}");
    let lapsing = v.desk.stock_alerts(&reader(&v)).await.unwrap().lapsing;
    assert_eq!(lapsing.iter().map(|(_, _, lot)| (lot.batch, lot.left)).collect::<Vec<_>>(), [(first, 5)]);
    v.give(0, 200).await;
    v.redeem(&v.code(0).await, &[(SOAP, 3)], "k").await.unwrap();
    let of_batch = async |batch| {
        batches(&v, v.counter.id, SOAP).await.into_iter().find(|(b, _)| *b == batch).map(|(_, left)| left)
    };
    assert_eq!((of_batch(first).await, of_batch(last).await), (Some(2), Some(5)));
    // what is named on the paper goes, whatever is next in turn
    agreed(&v, &loss(v.counter.id, SOAP, 4, Some(last))).await;
    assert_eq!((of_batch(first).await, of_batch(last).await), (Some(2), Some(1)));
    v.desk.set_stock_floor(&keeper(&v.shop), v.counter.id, SOAP, 30).await.unwrap();
    let low = v.desk.stock_alerts(&reader(&v)).await.unwrap().low;
    assert_eq!((low.len(), low[0].1.pieces), (1, 23));
    v.desk.set_stock_floor(&keeper(&v.shop), v.counter.id, SOAP, 0).await.unwrap();
    assert!(v.desk.stock_alerts(&reader(&v)).await.unwrap().low.is_empty());
    holds(&v).await;
}

#[tokio::test]
async fn a_count_is_blind_and_compares_each_article_with_the_book_of_its_instant() {
    let v = Village::new().await;
    v.give(0, 200).await;
    let by = keeper(&v.shop);
    let paper = v.desk.draw_stock_paper(&by, &Draft::Count { counter: v.counter.id }, "").await.unwrap();
    // nobody sees a figure of the book while it goes on
    assert_eq!(v.desk.stock_shelf(&reader(&v), v.counter.id).await.unwrap(), None);
    assert!(v.desk.catalogue(v.book, "C1").await.unwrap().iter().all(|a| a.blind));
    assert!(v.desk.goods(v.book, 0, 9).await.unwrap().iter().all(|g| g.stock.is_empty() && g.is_blind("C1")));
    let again = v.desk.draw_stock_paper(&by, &Draft::Count { counter: v.counter.id }, "").await;
    assert_eq!(refused(again), "already_counting");
    // soap: one is missing; then two are handed out. Towels: two are handed out, then all are counted.
    v.desk.write_count(&by, paper.id, &[(SOAP, 19)]).await.unwrap();
    v.redeem(&v.code(0).await, &[(SOAP, 2), (TOWEL, 2)], "k").await.unwrap();
    // the same figure again is not counted again
    v.desk.write_count(&by, paper.id, &[(SOAP, 19), (TOWEL, 201), (OIL, 10)]).await.unwrap();
    let second = second_person(&v.desk, &v.shop);
    assert_eq!(refused(v.desk.approve_stock_paper(&second, paper.id, "").await), "still_counting");
    v.desk.submit_count(&by, paper.id).await.unwrap();
    assert_eq!(refused(v.desk.write_count(&by, paper.id, &[(SOAP, 20)]).await), "count_closed");
    let differences = async |who: &Staff| {
        let view = v.desk.stock_paper(&StockReader::of(who).unwrap(), paper.id).await.unwrap();
        view.lines.iter().map(PaperLine::difference).collect::<Vec<_>>()
    };
    assert_eq!(differences(&v.shop).await, [None, None, None], "who counted does not see them");
    assert_eq!(differences(&second).await, [Some(-1), Some(0), Some(3)]);
    v.desk.approve_stock_paper(&second, paper.id, "").await.unwrap();
    let now = (v.stock_of(SOAP).await, v.stock_of(OIL).await, v.stock_of(TOWEL).await);
    assert_eq!(now, (17, 10, 201));
    holds(&v).await;
    // a count that finds what the book says is on record, too
    let paper = v.desk.draw_stock_paper(&by, &Draft::Count { counter: v.counter.id }, "").await.unwrap();
    v.desk.write_count(&by, paper.id, &[(SOAP, 17)]).await.unwrap();
    v.desk.submit_count(&by, paper.id).await.unwrap();
    let paper = v.desk.approve_stock_paper(&second, paper.id, "").await.unwrap();
    assert_eq!(paper.txn_seq, Some(v.seq().await));
    holds(&v).await;
}

#[tokio::test]
async fn a_receipt_at_a_wrong_price_is_undone_with_its_price() {
    let v = Village::new().await;
    // 50.1 typed for 5.01
    let wrong = agreed(&v, &receipt(v.counter.id, vec![incoming(SOAP, 10, 5_010, None)])).await;
    assert_eq!(cost(&v, SOAP).await, 1_970);
    v.give(0, 100).await;
    v.redeem(&v.code(0).await, &[(SOAP, 1)], "k").await.unwrap();
    undo(&v, wrong.txn_seq.unwrap()).await.unwrap();
    assert_eq!(v.stock_of(SOAP).await, 19);
    assert!((300..500).contains(&cost(&v, SOAP).await), "{}", cost(&v, SOAP).await);
    holds(&v).await;
}

/// Asked for by the clerk, agreed to by somebody else.
pub async fn undo(v: &Village, seq: i64) -> Result<(), &'static str> {
    let said = |e| match e {
        greencoin::service::ServiceError::Refused(refusal) => refusal.code,
        other => panic!("{other}"),
    };
    let request = v.desk.request_reversal(&v.clerk, seq, "录错").await.map_err(said)?;
    let second = Staff { user: v.desk.id(), roles: vec![Role::Reviewer], ..(*v.clerk).clone() };
    let second = Reviewer::of(&second).unwrap();
    v.desk.approve_reversal(&second, request.id, "同意").await.map(drop).map_err(said)
}

/// Papers of a village are numbered without a gap, and only who is of the village reads them.
#[tokio::test]
async fn papers_are_numbered_without_a_gap() {
    let v = Village::new().await;
    for _ in 0..3 {
        v.desk.draw_stock_paper(&keeper(&v.clerk), &loss(v.counter.id, SOAP, 1, None), "").await.unwrap();
    }
    deliver(&v.desk, &v.clerk, v.counter.id, &[(SOAP, 1)]).await;
    let numbers = |papers: Vec<PaperRow>| papers.iter().map(|p| p.no).collect::<Vec<_>>();
    let all = v.desk.stock_papers(&reader(&v), None, None, 100).await.unwrap();
    assert_eq!(numbers(all), [5, 4, 3, 2, 1]);
    let waiting = v.desk.stock_papers(&reader(&v), Some(PaperState::DrawnUp), Some(4), 1).await.unwrap();
    assert_eq!(numbers(waiting), [3]);
    let neighbour = v.neighbour().await;
    assert!(v.desk.stock_paper(&reader(&neighbour), v.desk.id::<StockPaperId>()).await.is_err());
}

/// Runs a statement behind the program's back.
async fn behind(v: &Village, text: &str) -> Result<(), String> {
    let done = match &v.desk.db {
        Db::Sqlite { writer, .. } => sqlx::query(sqlx::AssertSqlSafe(text)).execute(writer).await.map(drop),
        Db::Postgres(pool) => sqlx::query(sqlx::AssertSqlSafe(text)).execute(pool).await.map(drop),
    };
    done.map_err(|e| e.to_string())
}

/// What a household of the village gave, drawn up and agreed to with words.
async fn given(v: &Village) -> PaperRow {
    let donor = Donor { name: "张建国".into(), household: Some("H0002".parse().unwrap()) };
    let lines = vec![incoming(SOAP, 4, 450, None)];
    let draft = Draft::Receipt { counter: v.counter.id, fund: "Gift".into(), donor, lines };
    let paper = v.desk.draw_stock_paper(&keeper(&v.clerk), &draft, "张建国家的").await.unwrap();
    v.desk.approve_stock_paper(&second_person(&v.desk, &v.clerk), paper.id, "谢谢老张").await.unwrap()
}

#[tokio::test]
async fn what_is_on_a_paper_stays() {
    let v = Village::new().await;
    let paper = given(&v).await;
    v.desk.draw_stock_paper(&keeper(&v.clerk), &loss(v.counter.id, SOAP, 1, None), "摔坏").await.unwrap();
    for text in [
        "UPDATE stock_paper SET fund = 'Other'",
        "UPDATE stock_paper SET drawn_by = decided_by WHERE decided_by IS NOT NULL",
        "UPDATE stock_paper SET donor = '李四' WHERE donor <> ''",
        "UPDATE stock_paper SET note = '丢了' WHERE kind = 'loss'",
        "UPDATE stock_paper SET state = 'drawn_up' WHERE state = 'posted'",
        "UPDATE stock_paper SET txn_seq = NULL WHERE state = 'posted'",
        "UPDATE stock_line SET pieces = pieces + 1",
        "UPDATE stock_line SET cost_now = cost_now + 1 WHERE cost_now IS NOT NULL",
        "UPDATE stock_batch SET last_day = 1",
        "DELETE FROM stock_line",
        "DELETE FROM stock_batch",
        "DELETE FROM stock_lot",
        "DELETE FROM stock_paper",
    ] {
        let refused = behind(&v, text).await.expect_err(text);
        assert!(refused.contains("append-only"), "{text}: {refused}");
    }
    assert_eq!(v.desk.stock_paper(&reader(&v), paper.id).await.unwrap().row, paper);
}

#[tokio::test]
async fn a_household_that_gave_is_a_number_in_exports_and_its_words_go_with_its_last_person() {
    let v = Village::new().await;
    let paper = given(&v).await;
    let outsider = Draft::Receipt {
        counter: v.counter.id,
        fund: "Gift".into(),
        donor: Donor { name: "县供销社王经理".into(), household: None },
        lines: vec![incoming(TOWEL, 3, 80, None)],
    };
    let other = agreed(&v, &outsider).await;
    let folder = packed(&v.desk, v.book).await;
    let table = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let papers: Vec<Value> =
        table("stock_papers.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let said: Vec<_> = papers.iter().map(|p| (&p["no"], &p["given"], &p["giver"])).collect();
    let (no, one) = (json!([1, 2, 3]), json!([0, 1]));
    let (nobody, home) = (Value::Null, json!("H0002"));
    assert_eq!(
        said,
        [(&no[0], &one[0], &nobody), (&no[1], &one[1], &home), (&no[2], &one[1], &nobody)],
        "{papers:?}"
    );
    assert!(!table("stock_papers.jsonl").contains("张建国"), "no names of people");
    assert_eq!(table("stock_lines.jsonl").lines().count(), 5);
    // the last one leaves the household, and is erased
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let head = person::by_id(&mut tx, v.book, v.heads[1]).await.unwrap().unwrap().no;
    drop(tx);
    v.clock.advance_seconds(86_400);
    v.desk.leave_household(&v.clerk, &head, v.desk.today(), "迁出").await.unwrap();
    v.desk.erase_person(&v.clerk.actor(), v.book, &head, "本人申请").await.unwrap();
    let words = async |id| {
        let row = v.desk.stock_paper(&reader(&v), id).await.unwrap().row;
        (row.donor, row.note, row.words.unwrap())
    };
    let gone = || ("—".to_owned(), String::new(), String::new());
    assert_eq!(words(paper.id).await, gone());
    // what an outsider is shown by goes when they ask for it
    assert_eq!(words(other.id).await.0, "县供销社王经理");
    v.desk
        .erase_transaction_texts(&v.clerk.actor(), v.book, other.txn_seq.unwrap(), "本人申请")
        .await
        .unwrap();
    assert_eq!(words(other.id).await, gone());
    let mut tx = v.desk.db.begin_read().await.unwrap();
    for id in [paper.id, other.id] {
        let past = event::of(&mut tx, v.book, id.0).await.unwrap();
        assert!(past.iter().all(|e| e.reason.is_empty()), "the history keeps no words: {past:?}");
    }
    drop(tx);
    holds(&v).await;
}
