//! Many awards at a time: a meeting's sheet typed household by household, a file tried out and then imported.

use axum::http::Method;
use greencoin::service::{
    award::{SheetLine, from_file::FileAnswer, roster::Meant},
    bulk::ItemAnswer,
    caller::{Recorder, Role},
};
use serde_json::{Value, json};

use crate::{
    hamlet::{Village, refused},
    office_api::village,
    support::TestApp,
};

async fn sheet(v: &Village, households: &[usize], item: &str) -> Vec<SheetLine> {
    let mut lines = Vec::new();
    for household in households {
        lines.push(SheetLine {
            mark: v.households[*household].to_string(),
            new: v.claim(*household, item).await,
        });
    }
    lines
}

/// `new`, `again`, or the code of the refusal, line by line.
fn told<A>(answers: &[ItemAnswer<A>]) -> Vec<&str> {
    let word = |answer: &ItemAnswer<A>| match answer {
        ItemAnswer::Done { repeated: false, .. } => "new",
        ItemAnswer::Done { repeated: true, .. } => "again",
        ItemAnswer::Refused(refusal) => refusal.code,
        ItemAnswer::NotApplied { .. } => "not_applied",
    };
    // a code is `'static`, whatever it is read from
    answers.iter().map(word).collect()
}

fn of_file(answer: &FileAnswer) -> Vec<(usize, &str)> {
    let rows = answer.lines.iter().map(|l| l.row);
    rows.zip(answer.lines.iter().map(|l| told(std::slice::from_ref(&l.answer))[0])).collect()
}

async fn numbers(v: &Village) -> Vec<i64> {
    let rows = v.desk.own_records(&v.recorder(), i64::MAX, 100).await.unwrap();
    rows.iter().map(|a| a.no).collect()
}

#[tokio::test]
async fn a_sheet_records_whom_it_may_tells_of_the_rest_and_mended_it_repeats_nobody() {
    let v = Village::new().await;
    let mut lines = sheet(&v, &[0, 1, 2], "C3").await;
    lines[1].new.occurred_on = v.desk.today().plus(1);
    let first = v.desk.record_sheet(&v.recorder(), &lines, "k", Some(3)).await.unwrap();
    assert_eq!(told(&first), ["new", "future_date", "new"]);
    // mended, reordered, one more: under the same key
    let mut lines = sheet(&v, &[3, 2, 1, 0], "C3").await;
    let second = v.desk.record_sheet(&v.recorder(), &lines, "k", Some(4)).await.unwrap();
    assert_eq!(told(&second), ["new", "again", "new", "again"]);
    assert_eq!(numbers(&v).await, [4, 3, 2, 1], "no gaps");
    // the same household with another quantity under the same key is neither forgotten nor doubled
    lines[0].new.note = "改".to_owned();
    let third = v.desk.record_sheet(&v.recorder(), &lines, "k", None).await.unwrap();
    assert_eq!(told(&third), ["idempotency_conflict", "again", "again", "again"]);
    assert_eq!(numbers(&v).await.len(), 4);
}

#[tokio::test]
async fn a_sheet_that_counts_other_than_the_paper_records_nothing() {
    let v = Village::new().await;
    let lines = sheet(&v, &[0, 1], "C3").await;
    for paper in [1, 3] {
        let done = v.desk.record_sheet(&v.recorder(), &lines, "k", Some(paper)).await;
        assert_eq!(refused(done), "sheet_count");
    }
    assert!(numbers(&v).await.is_empty());
}

#[tokio::test]
async fn a_word_on_the_sheet_is_one_several_or_nobody() {
    let v = Village::new().await;
    let by = v.recorder();
    // every household of the village has the same three names
    let Meant::One(who) = v.desk.signed(&by, "3", false).await.unwrap() else { panic!("a number is one") };
    assert_eq!((who.no.as_str(), who.household), ("H0003", v.households[2]));
    assert!(matches!(v.desk.signed(&by, "99", false).await.unwrap(), Meant::Nobody));
    assert!(
        matches!(v.desk.signed(&by, "张建国", false).await.unwrap(), Meant::Several(all) if all.len() == 8)
    );
    let Meant::One(who) = v.desk.signed(&by, "3/李秀英", true).await.unwrap() else {
        panic!("she is one")
    };
    assert_eq!((who.person, who.name.as_str()), (Some(v.people[2][1]), "李秀英"));
    assert!(matches!(v.desk.signed(&by, "3", true).await.unwrap(), Meant::Several(all) if all.len() == 3));
    assert!(matches!(v.desk.signed(&by, " ", true).await.unwrap(), Meant::Nobody));
}

const HEAD: &str = "户号,姓名,项目,等级,数量,日期,活动,备注\n";

#[tokio::test]
async fn a_file_is_tried_row_by_row_and_twice_it_records_nothing_twice() {
    let v = Village::new().await;
    let rows = "H0001,,C3,,,2026-06-02,,\n2,张建国,C3 院坝会,,1,2026/6/2,,\nH0003,王五,C3,,,2026-06-02,,\n\
        H0099,,C3,,,2026-06-02,,\nH0004,,Z9,,,2026-06-02,,\nH0005,,C3,,,昨天,,\nH0006,,A5,,,2026-06-02,,\n\
        H0001,,C3,,,2026-06-02,,\nH0007,李秀英,A5,,,2026-06-02,,\nH0008,,A3,,3,2026-06-02,,\nH0008,,A3,纸类,3,2026-06-02,,\n";
    let file = format!("{HEAD}{rows}合计,11\n");
    let tried = v.desk.preview_award_file(&v.recorder(), file.as_bytes(), Some(11)).await.unwrap();
    let wanted = [
        (2, "new"),
        (3, "new"),
        (4, "row_name"),
        (5, "row_household"),
        (6, "unknown_item"),
        (7, "bad_day"),
        (8, "person_missing"),
        (9, "row_repeated"),
        (10, "new"),
        (11, "row_grade"),
        (12, "new"),
    ];
    assert_eq!(of_file(&tried), wanted);
    assert_eq!(tried.counts(), (4, 0, 7));
    assert!(numbers(&v).await.is_empty(), "a trial leaves nothing");
    // what the confirmation carries is the same file; who confirms first does not matter
    let done = v.desk.record_award_file(&v.recorder(), tried.plain.as_bytes(), Some(11)).await.unwrap();
    assert_eq!(done.counts(), (4, 0, 7));
    assert_eq!(numbers(&v).await, [4, 3, 2, 1]);
    let other = Recorder::of(&v.other_clerk).unwrap();
    for by in [&v.recorder(), &other] {
        let again = v.desk.record_award_file(by, file.as_bytes(), None).await.unwrap();
        assert_eq!(again.counts(), (0, 4, 7));
    }
    assert_eq!(numbers(&v).await.len(), 4);
    assert!(v.desk.own_records(&other, i64::MAX, 10).await.unwrap().is_empty());
    for paper in [Some(10), Some(12)] {
        let done = v.desk.record_award_file(&v.recorder(), file.as_bytes(), paper).await;
        assert_eq!(refused(done), "sheet_count");
    }
    let short = format!("{HEAD}H0005,,C3,,,2026-06-02,,\n合计,2户\n");
    let done = v.desk.record_award_file(&v.recorder(), short.as_bytes(), None).await;
    assert_eq!(refused(done), "sheet_count", "the file says itself how many it should have");
}

#[tokio::test]
async fn rows_of_one_file_count_against_the_same_caps() {
    let v = Village::new().await;
    // one member of a household a month at most twice
    let row = |name: &str| format!("H0001,{name},A5,,,2026-06-02,六月保洁日,\n");
    let file = format!("{HEAD}{}{}{}", row("张建国"), row("李秀英"), row("王小明"));
    let tried = v.desk.preview_award_file(&v.recorder(), file.as_bytes(), None).await.unwrap();
    assert_eq!(tried.counts(), (2, 0, 1), "{:?}", of_file(&tried));
}

#[tokio::test]
async fn pages_and_api_take_a_sheet_and_a_file() {
    let app = village().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let page = clerk.get("/clerk/sheet?item=C3&typed=1%202%2099").await.expect(200).text();
    assert_eq!(page.matches("checked>").count() - page.matches("name=\"line\" checked").count(), 2, "{page}");
    assert!(page.contains("没有找到“99”"), "{page}");
    let found = clerk.get("/clerk/sheet/find?item=C3&q=2").await.expect(200).json();
    assert_eq!((&found["sure"], &found["found"][0]["no"]), (&json!(true), &json!("H0002")));
    let mark = found["found"][0]["mark"].as_str().unwrap().to_owned();
    let form = |paper: &'static str| {
        [("item", "C3"), ("occurred_on", "2026-06-03"), ("key", "k1"), ("paper", paper)]
    };
    let mut fields = form("2").to_vec();
    fields.push(("line", &mark));
    let wrong = clerk.post_form("/clerk/sheet", &fields).await.expect(422).text();
    assert!(wrong.contains("纸质表上是2，这里是1"), "{wrong}");
    let mut fields = form("1").to_vec();
    fields.push(("line", &mark));
    let done = clerk.post_form("/clerk/sheet", &fields).await.expect(200).text();
    assert!(done.contains("新记1条") && done.contains("H0002"), "{done}");
    let done = clerk.post_form("/clerk/sheet", &fields).await.expect(200).text();
    assert!(done.contains("以前已记1条"), "{done}");
    // typed words are shown before anything is saved
    fields.push(("typed", "1"));
    let shown = clerk.post_form("/clerk/sheet", &fields).await.expect(200).text();
    assert!(shown.contains("H0001"), "{shown}");
    imports(&app).await;
    app.finish().await;
}

async fn imports(app: &TestApp) {
    let mut clerk = app.sign_in(Role::Clerk).await;
    let csrf = clerk.csrf().await;
    let template = clerk.get("/clerk/sheet/template.xlsx").await.expect(200).body;
    let body = multipart(&csrf, "2", &template);
    let kind = "multipart/form-data; boundary=cut";
    let tried = clerk.send(Method::POST, "/clerk/sheet/file", Some(kind), body).await.expect(200).text();
    assert!(tried.contains("不能记2行") && !tried.contains("/clerk/sheet/file/confirm"), "{tried}");
    let wrong =
        clerk.send(Method::POST, "/clerk/sheet/file", Some(kind), multipart(&csrf, "3", &template)).await;
    assert!(wrong.expect(422).text().contains("数不一样"));
    let file = format!("{HEAD}H0001,,C3,,,2026-06-03,,\nH0001,,C3,,,2026-06-03,,\n");
    let body = multipart(&csrf, "", file.as_bytes());
    let tried = clerk.send(Method::POST, "/clerk/sheet/file", Some(kind), body).await.expect(200).text();
    assert!(tried.contains("确认导入1行") && tried.contains("和第2行完全一样"), "{tried}");
    let carried = format!("{HEAD}\"H0001\",\"\",\"C3\",\"\",\"\",\"2026-06-03\",\"\",\"\"");
    let fields = [("rows", carried.as_str()), ("paper", "1")];
    let done = clerk.post_form("/clerk/sheet/file/confirm", &fields).await.expect(200).text();
    assert!(done.contains("新记1条"), "{done}");
    clerk.headers.insert("x-csrf-token", csrf.parse().unwrap());
    let at = "/api/v1/awards/import";
    let told = clerk.send(Method::POST, at, None, file.clone().into()).await.expect(200).json();
    assert_eq!(
        (&told["recorded"], &told["repeated"], &told["refused"]),
        (&json!(false), &json!(1), &json!(1))
    );
    assert_eq!(told["rows"][1]["code"], "row_repeated");
    let more = format!("{file}H0003,,D3,,,2026-06-03,,\n");
    let at = "/api/v1/awards/import?confirm=true&paper=3";
    let told = clerk.send(Method::POST, at, None, more.into()).await.expect(200).json();
    assert_eq!((&told["done"], &told["rows"][2]["outcome"]), (&json!(1), &Value::from("done")));
    let mut auditor = app.sign_in(Role::Auditor).await;
    auditor.get("/clerk/sheet/file").await.expect(403);
}

fn multipart(csrf: &str, paper: &str, file: &[u8]) -> Vec<u8> {
    let part = |name: &str| format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
    let mut body = format!("{}{csrf}\r\n{}{paper}\r\n", part("csrf"), part("paper")).into_bytes();
    body.extend_from_slice(part("file").replace("name=\"file\"", "name=\"file\"; filename=\"a\"").as_bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--cut--\r\n");
    body
}

#[tokio::test]
async fn a_recorder_of_one_group_imports_nothing_for_another() {
    let v = Village::new().await;
    let mut narrow = v.clerk.clone();
    narrow.scope =
        Some(v.desk.find_households(&v.clerk, "H0001", "", 1).await.unwrap()[0].household.group_id);
    let by = Recorder::of(&narrow).unwrap();
    let file = format!("{HEAD}H0001,,C3,,,2026-06-02,,\nH0008,,C3,,,2026-06-02,,\n");
    let done = v.desk.record_award_file(&by, file.as_bytes(), None).await.unwrap();
    assert_eq!(of_file(&done), [(2, "new"), (3, "outside_scope")]);
}
