//! The public notice board over HTTP: anybody reads it masked and objects without a name, with a code for the answer;
//! guessing, flooding and robots find nothing.

use axum::http::Method;
use greencoin::{
    cli,
    domain::ids::ObjectionId,
    http::{AppState, state::Site},
    service::{award::NewAward, caller::Reviewer, objection::Finding},
    web,
};
use serde_json::{Value, json};

use crate::{
    hamlet::Village,
    support::{Answer, Client},
};

const DAY: i64 = 86_400;

fn visitor(v: &Village) -> Client {
    Client::of(cli::app(AppState::new(v.desk.clone(), Site::default(), None, web::frame::error_page)))
}

async fn post(client: &mut Client, path: &str, body: &Value) -> Answer {
    client.post_json(path, body).await
}

async fn hung() -> Village {
    let v = Village::new().await;
    v.approved(0, "D3").await;
    v.approved(5, "F2").await;
    v.publish().await;
    v
}

#[tokio::test]
async fn anybody_reads_the_board_and_finds_no_name_no_number_and_no_list_of_either() {
    let v = hung().await;
    let mut client = visitor(&v);
    let list = client.get("/board/1").await.expect(200);
    assert_eq!(list.headers["x-robots-tag"], "noindex, nofollow");
    assert!(list.text().contains("/board/1/1"), "{}", list.text());
    let page = client.get("/board/1/1").await.expect(200).text();
    assert!(page.contains("张*国") && !page.contains("张建国"), "{page}");
    assert!(!page.contains("H0001") && !page.contains("H0006"), "{page}");
    let sheet = client.get_json("/api/v1/board/1/1").await;
    assert_eq!(
        (&sheet["lines"][0]["household"], &sheet["lines"][0]["head"]),
        (&Value::Null, &json!("张*国"))
    );
    assert_eq!(sheet["lines"][1]["head"], Value::Null, "no name beside a deduction");
    let robots = client.get("/robots.txt").await.expect(200).text();
    assert_eq!(robots, "User-agent: *\nDisallow: /\n");
    client.get("/board/1/2").await.expect(404);
    client.get("/board/2").await.expect(404);
    client.get("/board/1?q=张").await.expect(200);
    v.clock.advance_seconds(7 * DAY + 30 * DAY - 1);
    client.get("/board/1/1").await.expect(200);
    v.desk.post_due_lines(v.book).await.unwrap();
    v.clock.advance_seconds(1);
    client.get("/board/1/1").await.expect(404);
    assert_eq!(client.get_json("/api/v1/board/1").await, json!([]));
}

#[tokio::test]
async fn a_late_entry_is_marked_wherever_its_sheet_is_read() {
    let v = Village::new().await;
    let late = NewAward { occurred_on: v.desk.today().plus(-40), ..v.claim(0, "D3").await };
    let late = v.record(late).await.unwrap();
    v.approve(late.id).await;
    v.approved(1, "D3").await;
    v.publish().await;
    let mark = |page: &str| page.matches("补录").count();
    let page = visitor(&v).get("/board/1/1").await.expect(200).text();
    assert_eq!(mark(&page), 1, "{page}");
    let id = v.desk.award_file(v.book, late.id).await.unwrap().award.notice_id.unwrap();
    let sheet = v.desk.sheet(v.book, id).await.unwrap();
    assert_eq!(sheet.lines.iter().filter(|line| line.late).count(), 1);
}

#[tokio::test]
async fn anybody_reads_the_rules_in_force_on_the_board() {
    let v = Village::new().await;
    let page = visitor(&v).get("/board/1/rules").await.expect(200).text();
    assert!(page.contains("D3 ") && page.contains("/board/1\""), "{page}");
    let nothing = format!("/board/1/rules/{}", v.households[0]);
    visitor(&v).get(&nothing).await.expect(404);
    visitor(&v).get("/board/9/rules").await.expect(404);
}

#[tokio::test]
async fn a_sheet_that_was_not_published_is_nobodys_business() {
    let v = Village::new().await;
    v.approved(0, "D3").await;
    let notice = v.compile().await;
    let mut client = visitor(&v);
    client.get("/board/1/1").await.expect(404);
    client.get("/board/1/1/1").await.expect(404);
    v.desk.withdraw_notice(&v.clerk(), notice, "标题有误").await.unwrap();
    client.get("/board/1/1").await.expect(404);
}

#[tokio::test]
async fn somebody_without_a_name_objects_gets_the_answer_by_code_and_goes_to_the_township() {
    let v = hung().await;
    let mut client = visitor(&v);
    client.get("/board/1/1/1").await.expect(200);
    let page = client.post_form("/board/1/1/1", &[("content", "没有帮过")]).await.expect(200).text();
    let again = client.post_form("/board/1/1/1", &[("content", "没有帮过")]).await.expect(200).text();
    let code = |page: &str| {
        let (_, rest) = page.split_once("<dd class=\"mono\"><b>").unwrap();
        rest.split('<').next().unwrap().to_owned()
    };
    assert_eq!((code(&page), code(&page).len()), (code(&again), 8), "the same words are the same objection");
    let ticket = json!({ "objection": 1, "ticket": code(&page) });
    let said = post(&mut client, "/api/v1/board/1/answers", &ticket).await.expect(200).json();
    assert_eq!(said["course"], "raised");
    let open = v.desk.open_objections(v.book, i64::MAX).await.unwrap();
    assert_eq!((open.len(), open[0].objection.raised_by.as_str()), (1, "unnamed"));
    let id: ObjectionId = open[0].objection.id;
    let mut early = ticket.clone();
    early["content"] = json!("早");
    let early = post(&mut client, "/api/v1/board/1/appeals", &early).await.expect(422).json();
    assert_eq!(early["code"], "not_decided");
    v.desk.accept_objection(&v.clerk, id).await.unwrap();
    let by = Reviewer::of(&v.third).unwrap();
    v.desk.decide_objection(&by, id, Finding::Dismiss, "有人作证").await.unwrap();
    let fields = [("objection", "1"), ("ticket", &code(&page))];
    let answer = client.post_form("/board/1/answers", &fields).await.expect(200).text();
    assert!(answer.contains("有人作证") && answer.contains("/board/1/appeal"), "{answer}");
    let fields = [("objection", "1"), ("ticket", &code(&page)), ("content", "作证的是他亲戚")];
    let answer = client.post_form("/board/1/appeal", &fields).await.expect(200).text();
    assert!(answer.contains("乡镇复核中"), "{answer}");
    let appeals = v.desk.appeals(&v.township(), "open", i64::MAX).await.unwrap();
    assert_eq!((appeals.len(), appeals[0].appeal.manner.as_str()), (1, "anonymous"));
}

#[tokio::test]
async fn guessing_codes_costs_time_and_so_does_flooding() {
    let v = hung().await;
    let mut client = visitor(&v);
    for n in 0..5 {
        let words = json!({ "content": format!("第{n}次") });
        post(&mut client, "/api/v1/board/1/1/1", &words).await.expect(201);
    }
    let words = json!({ "content": "又一次" });
    let flood = post(&mut client, "/api/v1/board/1/1/1", &words).await;
    assert_eq!(flood.json()["code"], "throttled", "{}", flood.text());
    v.clock.advance_seconds(31);
    post(&mut client, "/api/v1/board/1/1/1", &words).await.expect(201);
    for n in 0..5 {
        let wrong = json!({ "objection": 1, "ticket": format!("{n:08}") });
        let answer = post(&mut client, "/api/v1/board/1/answers", &wrong).await.expect(422).json();
        assert_eq!(answer["code"], "wrong_objection_code");
    }
    let row = v.desk.open_objections(v.book, i64::MAX).await.unwrap().pop().unwrap().objection;
    let right = json!({ "objection": 1, "ticket": v.desk.objection_code(&row) });
    let answer = post(&mut client, "/api/v1/board/1/answers", &right).await;
    assert_eq!(answer.json()["code"], "throttled", "{}", answer.text());
    v.clock.advance_seconds(31);
    post(&mut client, "/api/v1/board/1/answers", &right).await.expect(200);
}

#[tokio::test]
async fn the_code_of_a_named_objection_opens_nothing() {
    let v = hung().await;
    let mut client = visitor(&v);
    let by = greencoin::service::objection::Objector::Resident(greencoin::service::caller::Resident {
        book: v.book,
        household: v.households[1],
    });
    let award = v.desk.board_line(v.book, 1, 1).await.unwrap().1.award;
    let row = v.desk.object(&by, award, "不属实").await.unwrap();
    let ticket = json!({ "objection": row.no, "ticket": v.desk.objection_code(&row) });
    let answer = post(&mut client, "/api/v1/board/1/answers", &ticket).await.expect(422).json();
    assert_eq!(answer["code"], "wrong_objection_code");
    let bare = visitor(&v)
        .send(Method::POST, "/board/1/1/1", Some("application/x-www-form-urlencoded"), b"content=x".to_vec())
        .await;
    bare.expect(403);
}
