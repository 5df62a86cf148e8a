//! Random call-backs: a list that nobody can steer, answers that stand, and nobody with a part in an award asking about it.

use greencoin::{
    domain::{
        callback::{self, Answer},
        ids::{AwardId, CallBackId},
    },
    service::{
        ServiceError,
        caller::{Clerk, Reviewer, Role, Staff},
        notice::NewNotice,
        verify::Fault,
    },
    store::{callback as rows, person},
};
use serde_json::json;
use sqlx::Connection;

use crate::{
    engine::{Engine, clock},
    fairness::{JULY, application, auditor, june, link, posted, reads},
    hamlet::{self, Village, at, id, refused},
    intruder::Intruder,
};

#[tokio::test]
async fn the_list_of_a_month_is_drawn_when_it_is_over_from_a_head_that_covers_it() {
    let v = Village::new().await;
    let awards = posted(&v, 8).await;
    let by = reads(&auditor(&v));
    assert_eq!(refused(v.desk.draw_call_backs(&by, june()).await), "month_not_over");
    v.clock.set(at(JULY));
    assert_eq!(refused(v.desk.draw_call_backs(&by, june()).await), "head_not_signed");
    v.desk.sign_head(v.book).await.unwrap();
    // what is posted and signed later changes nothing any more
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let covered = rows::first_head(&mut tx, v.book, 1).await.unwrap().unwrap();
    drop(tx);
    posted(&v, 1).await;
    v.desk.sign_head(v.book).await.unwrap();
    let draw = v.desk.draw_call_backs(&by, june()).await.unwrap();
    assert_eq!((draw.size, draw.awards), (covered.size, 8));
    let items = v.desk.call_backs(&by, june(), 0).await.unwrap();
    let found: Vec<AwardId> = items.iter().map(|c| c.row.award_id).collect();
    assert_eq!(found, callback::draw(&callback::seed(&covered.note), &awards), "anybody can draw it again");
    assert_eq!(found.len(), 5);
    let again = Staff { user: id(985), roles: vec![Role::Township], ..v.clerk.clone() };
    assert_eq!(v.desk.draw_call_backs(&reads(&again), june()).await.unwrap(), draw);
    assert_eq!(v.desk.call_backs(&by, june(), 0).await.unwrap(), items);
    let empty = v.desk.draw_call_backs(&by, "2026-05-01".parse().unwrap()).await;
    assert_eq!(refused(empty), "nothing_posted");
    let shown = v.desk.call_back_draw(&by, june()).await.unwrap().unwrap();
    assert_eq!((shown.note, shown.standing), (covered.note, vec![(None, 5)]));
    assert_eq!(v.desk.verify_books(Some(1)).await.unwrap().books.remove(0).fault, None);
}

/// Five awards of June, drawn in July.
async fn drawn() -> (Village, Vec<CallBackId>) {
    let v = Village::new().await;
    drawn_in(v).await
}

async fn drawn_in(v: Village) -> (Village, Vec<CallBackId>) {
    posted(&v, 5).await;
    v.clock.set(at(JULY));
    v.desk.sign_head(v.book).await.unwrap();
    let by = reads(&auditor(&v));
    v.desk.draw_call_backs(&by, june()).await.unwrap();
    let mut items = v.desk.call_backs(&by, june(), 0).await.unwrap();
    items.sort_by_key(|c| c.line.award.no);
    let ids = items.iter().map(|c| c.row.id).collect();
    (v, ids)
}

#[tokio::test]
async fn an_answer_stands_and_nobody_is_asked_for_ever() {
    let (v, ids) = drawn().await;
    let by = reads(&auditor(&v));
    let say = async |n: usize, answer, words: &str| v.desk.answer_call_back(&by, ids[n], answer, words).await;
    say(0, Answer::NotReached, "").await.unwrap();
    say(0, Answer::Confirmed, "是的").await.unwrap();
    for answer in [Answer::Confirmed, Answer::Denied, Answer::NotReached] {
        assert_eq!(refused(say(0, answer, "改口").await), "call_back_answered");
    }
    assert_eq!(refused(say(1, Answer::Denied, " ").await), "text_missing");
    for _ in 0..3 {
        say(1, Answer::NotReached, "没人接").await.unwrap();
    }
    assert_eq!(refused(say(1, Answer::Confirmed, "").await), "call_back_tried");
    let standing = v.desk.call_back_draw(&by, june()).await.unwrap().unwrap().standing;
    let open = (None, 3);
    assert_eq!(standing, [open, (Some(Answer::Confirmed), 1), (Some(Answer::NotReached), 1)]);
    let (file, phones) = v.desk.call_back(&by, ids[0]).await.unwrap();
    assert!(!file.is_open() && phones.is_empty());
    let elsewhere = Staff { book: id(4), ..auditor(&v) };
    let found = v.desk.answer_call_back(&reads(&elsewhere), ids[2], Answer::Confirmed, "").await;
    assert!(matches!(found, Err(ServiceError::NotFound("call_back"))), "{found:?}");
}

#[tokio::test]
async fn nobody_with_a_part_in_an_award_calls_about_it() {
    let (v, ids) = drawn().await;
    let also = |staff: &Staff| Staff { roles: vec![Role::Auditor], ..staff.clone() };
    let say =
        async |staff: &Staff| v.desk.answer_call_back(&reads(staff), ids[0], Answer::Confirmed, "").await;
    // the clerk recorded it and put the sheet together, the reviewer approved it and hung the sheet
    assert_eq!(refused(say(&also(&v.clerk)).await), "own_record");
    assert_eq!(refused(say(&also(&v.reviewer)).await), "already_reviewed");
    let own = Staff { person: Some(v.people[0][1]), ..auditor(&v) };
    assert_eq!(refused(say(&own).await), "own_household");
    v.make_kin(v.people[0][0], v.people[5][0]).await;
    let kin = Staff { person: Some(v.people[5][0]), ..auditor(&v) };
    assert_eq!(refused(say(&kin).await), "kin_household");
    say(&auditor(&v)).await.unwrap();
}

#[tokio::test]
async fn whoever_made_the_sheet_does_not_call_either() {
    let v = Village::new().await;
    let award = v.record(v.claim(0, "D3").await).await.unwrap();
    v.approve(award.id).await;
    let other = Clerk::of(&v.other_clerk).unwrap();
    let new =
        NewNotice { title: "六月公示".to_owned(), group: None, fund: "Service".to_owned(), days: None };
    let sheet = v.desk.compile_notice(&other, &new).await.unwrap().id;
    v.desk.publish_notice(&Reviewer::of(&v.second).unwrap(), sheet).await.unwrap();
    v.clock.advance_seconds(9 * 86_400);
    v.desk.post_due_lines(v.book).await.unwrap();
    v.clock.set(at(JULY));
    v.desk.sign_head(v.book).await.unwrap();
    let by = reads(&auditor(&v));
    v.desk.draw_call_backs(&by, june()).await.unwrap();
    let one = v.desk.call_backs(&by, june(), 0).await.unwrap().remove(0).row.id;
    for staff in [&v.other_clerk, &v.second] {
        let staff = Staff { roles: vec![Role::Auditor], ..staff.clone() };
        let done = v.desk.answer_call_back(&reads(&staff), one, Answer::Confirmed, "").await;
        assert_eq!(refused(done), "own_sheet");
    }
}

#[tokio::test]
async fn a_denial_moves_nothing_and_leads_the_clerk_to_the_reversal() {
    let (v, ids) = drawn().await;
    let by = reads(&auditor(&v));
    v.desk.answer_call_back(&by, ids[0], Answer::Denied, "没有这回事").await.unwrap();
    assert_eq!(v.available(0).await, 500);
    let denied = v.desk.denied_call_backs(&v.clerk).await.unwrap();
    assert_eq!(denied.iter().map(|c| c.row.id).collect::<Vec<_>>(), [ids[0]]);
    let seq = denied[0].line.award.txn_seq.unwrap();
    let request = v.desk.request_reversal(&v.clerk(), seq, "回访不属实").await.unwrap();
    v.desk.approve_reversal(&Reviewer::of(&v.second).unwrap(), request.id, "同意").await.unwrap();
    assert_eq!((v.available(0).await, v.desk.denied_call_backs(&v.clerk).await.unwrap().len()), (0, 0));
    let found = v.desk.verify_books(Some(1)).await.unwrap().books.remove(0).fault;
    assert_eq!(found, None, "what was drawn stays drawn when its award is undone");
}

#[tokio::test]
async fn what_was_said_goes_with_the_last_person_and_can_be_rewritten_by_nobody() {
    let clock = clock();
    let engine = Engine::sqlite();
    let desk = engine.desk(&clock).await;
    let v = Village::found(engine, clock, desk, 1).await;
    v.endow(hamlet::BUDGET).await;
    let (v, ids) = drawn_in(v).await;
    let by = reads(&auditor(&v));
    for id in &ids[..2] {
        v.desk.answer_call_back(&by, *id, Answer::Denied, "他家没有人在").await.unwrap();
    }
    let mut c = sqlx::SqliteConnection::connect(&v.engine.url).await.unwrap();
    for sql in [
        "UPDATE call_back_answer SET words = '在'",
        "UPDATE call_back_answer SET answer = 'confirmed', words = ''",
        "DELETE FROM call_back_answer",
    ] {
        let refused = sqlx::query(sql).execute(&mut c).await.unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{sql}: {refused}");
    }
    for person in &v.people[0] {
        let mut tx = v.desk.db.begin_read().await.unwrap();
        let no = person::by_id(&mut tx, v.book, *person).await.unwrap().unwrap().no;
        drop(tx);
        v.desk.leave_household(&v.clerk(), &no, v.desk.today(), "迁出").await.unwrap();
        v.desk.erase_person(&v.clerk().actor(), v.book, &no, "本人申请").await.unwrap();
    }
    let said = async |n: usize| v.desk.call_back(&by, ids[n]).await.unwrap().0.answers[0].1.words.clone();
    assert_eq!((said(0).await.as_str(), said(1).await.as_str()), ("", "他家没有人在"));
}

#[tokio::test]
async fn a_list_that_was_steered_is_named() {
    let clock = clock();
    let engine = Engine::sqlite();
    let desk = engine.desk(&clock).await;
    let v = Village::found(engine, clock, desk, 1).await;
    v.endow(hamlet::BUDGET).await;
    posted(&v, 3).await;
    let (v, _) = drawn_in(v).await;
    let mut intruder = Intruder::at(&v.engine.url).await;
    let fault =
        async || -> Option<Fault> { v.desk.verify_books(Some(1)).await.unwrap().books.remove(0).fault };
    assert_eq!(fault().await, None);
    for table in ["call_back_draw", "call_back"] {
        intruder.keep(table).await;
    }
    let left = "(SELECT id FROM award WHERE id NOT IN (SELECT award_id FROM call_back) LIMIT 1)";
    let changes = [
        ("call_back", "award_id", format!("UPDATE call_back SET award_id = {left} WHERE place = 2")),
        ("call_back", "place", "DELETE FROM call_back WHERE place = 5".to_owned()),
        (
            "call_back",
            "place",
            format!(
                "INSERT INTO call_back SELECT book_id, zeroblob(16), month, 6, {left} FROM call_back_draw"
            ),
        ),
        ("call_back_draw", "seed", "UPDATE call_back_draw SET seed = zeroblob(32)".to_owned()),
        ("call_back_draw", "size", "UPDATE call_back_draw SET size = size + 1".to_owned()),
        ("call_back_draw", "awards", "UPDATE call_back_draw SET awards = 5".to_owned()),
        ("call_back_draw", "month", "UPDATE call_back_draw SET month = month + 3".to_owned()),
    ];
    for (table, field, sql) in changes {
        assert_eq!(intruder.run(&sql).await, 1, "{sql}");
        let found = fault().await.unwrap_or_else(|| panic!("{sql}: nothing was noticed"));
        assert_eq!((found.table, found.field), (table, field), "{sql}");
        intruder.restore(table).await;
    }
    assert_eq!(fault().await, None, "everything was put back");
}

#[tokio::test]
async fn a_call_back_is_drawn_and_answered_on_the_pages_and_over_the_api() {
    let stall = application().await;
    let mut auditor = stall.app.sign_in(Role::Auditor).await;
    let early = auditor.post_form("/audit/call-backs", &[("month", "2026-07")]).await.expect(422);
    assert!(early.text().contains("过完才能抽取"));
    auditor.post_form("/audit/call-backs", &[("month", "2026-06")]).await.expect(303);
    let page = auditor.get("/audit/call-backs?month=2026-06").await.expect(200).text();
    let one = link(&page, "/audit/call-backs/");
    assert!(auditor.get(&one).await.expect(200).text().contains("没有登记电话"));
    let empty = auditor.post_form(&one, &[("answer", "denied"), ("words", "")]).await.expect(422);
    assert!(empty.text().contains("请写明"));
    let id = one.rsplit('/').next().unwrap();
    let at = format!("/api/v1/audit/call-backs/{id}/answers");
    auditor.post_json(&at, &json!({ "answer": "not_reached" })).await.expect(201);
    auditor.post_form(&one, &[("answer", "denied"), ("words", "没有这回事")]).await.expect(303);
    let refused = auditor.post_json(&at, &json!({ "answer": "confirmed" })).await.expect(422).json();
    assert_eq!(refused["code"], "call_back_answered");
    let list = auditor.get_json("/api/v1/audit/call-backs?month=2026-06-01").await;
    assert_eq!(list["items"][0]["answers"], json!(["not_reached", "denied"]));
    let again = auditor.post_json("/api/v1/audit/call-backs", &json!({ "month": "2026-06-09" })).await;
    assert_eq!(again.expect(200).json()["seed"], list["seed"]);
    let mut clerk = stall.app.sign_in(Role::Clerk).await;
    let reversals = clerk.get("/clerk/reversals").await.expect(200).text();
    assert!(reversals.contains("没有这回事"));
    let form = clerk.get(&link(&reversals, "/clerk/reversals?seq=")).await.expect(200).text();
    assert!(form.contains("name=\"seq\""));
    stall.app.finish().await;
}
