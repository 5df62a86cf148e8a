//! Records of volunteers over HTTP: each household its own, papers that anybody can check who has the address, requests
//! and files for whom they are for.

use greencoin::{
    domain::{
        book::TxnKind,
        chart,
        posting::{Commodity, Line},
        timebank::{ServiceKind, record::MeritKind},
    },
    service::{
        Actor,
        books::{Order, facts},
        caller::{Recorder, Resident, Reviewer, Role},
        timebank::{
            Side, ask::NewOrder, correction::NewCorrection, record::NewMerit, serve::LateOrder,
            volunteer::Fitness,
        },
    },
};
use serde_json::json;

use super::pages::{Bank, settler};
use crate::support::TestApp;

const HOUR: i64 = 3_600;

/// A paper, a request and a training of the first village, where a policy is in force.
pub async fn papers(app: &TestApp) -> [String; 3] {
    let (desk, village) = (&app.desk, &app.village);
    let (_, elder) = settler(app, 78, "刘奶奶", 1941).await;
    let (home, volunteer) = settler(app, 79, "周志远", 1985).await;
    let lines = vec![
        Line::new(chart::time_service(), Commodity::min(), 600),
        Line::new(chart::person_time("P000578").unwrap(), Commodity::min(), -600),
    ];
    let order = Order {
        key: "before",
        kind: TxnKind::TimeService,
        effective_on: desk.today(),
        source: None,
        body: facts([("person", "P000578".to_owned())]),
    };
    let command = desk.command(&Actor::System, order, lines).unwrap();
    desk.posted(village.book, command, Vec::new()).await.unwrap();
    let own = Side::Household(Resident { book: village.book, household: home });
    let fit = Fitness { well: true, insured_until: Some(desk.today().plus(90)), ..Fitness::default() };
    desk.join_time_bank(&own, volunteer, &fit).await.unwrap();
    let clerk = Recorder::of(&app.staff(Role::Clerk, village).await).unwrap();
    let starts_at = desk.now().plus_seconds(-2 * HOUR);
    let order =
        NewOrder { served: elder, kind: ServiceKind::Company, starts_at, minutes: 60, words: String::new() };
    let late = LateOrder { order, volunteer, sheet: "2026-9".to_owned() };
    let row = desk.enter_late(&clerk, "papers", &late).await.unwrap();
    let reviewer = Reviewer::of(&app.staff(Role::Reviewer, village).await).unwrap();
    desk.countersign(&reviewer, row.id, true, "").await.unwrap();
    let root = desk.post_order(village.book, row.id).await.unwrap().seq;
    let paper = desk.issue_time_certificate(&own, ("papers", volunteer), (None, None)).await.unwrap();
    let new = NewCorrection { who: volunteer, root, wanted: 30, reason: "记错了".to_owned() };
    let request = desk.ask_time_correction(&own, "papers", &new).await.unwrap();
    let new = NewMerit {
        kind: MeritKind::Training,
        name: "急救".to_owned(),
        content: String::new(),
        minutes: 120,
        grantor: "镇卫生院".to_owned(),
        held_on: desk.today(),
        paper: "7".to_owned(),
    };
    let merit = desk.enter_time_merit(&clerk, ("papers", volunteer), &new).await.unwrap();
    [paper.id.to_string(), request.id.to_string(), merit.id.to_string()]
}

/// An hour of the volunteer, entered from a sheet and signed by another.
async fn served(b: &mut Bank) {
    let late = [
        ("key", "late1"),
        ("person", "P000501"),
        ("service", "cleaning"),
        ("day", "2026-06-03"),
        ("from", "07:00"),
        ("minutes", "60"),
        ("volunteer", "P000502"),
        ("sheet", "2026-1"),
    ];
    let to = b.clerk.post_form("/time/late", &late).await.expect(303).location().to_owned();
    let mut reviewer = b.app.sign_in(Role::Reviewer).await;
    reviewer.post_form(&format!("{to}/step"), &[("step", "countersign")]).await.expect(303);
}

#[tokio::test]
async fn a_volunteer_prints_a_paper_at_home_and_anybody_with_its_address_can_check_it() {
    let mut b = Bank::new().await;
    served(&mut b).await;
    let page = "/time/people/P000502/record";
    let shown = b.volunteer.get(page).await.expect(200).text();
    assert!(shown.contains("助洁") && shown.contains("1小时"), "{shown}");
    b.other.get(page).await.expect(404);
    let issue = [("step", "issue"), ("key", "k1")];
    b.other.post_form(page, &issue).await.expect(404);
    let to = b.volunteer.post_form(page, &issue).await.expect(303).location().to_owned();
    let sheet = b.volunteer.get(&to).await.expect(200).text();
    assert!(
        sheet.contains("志愿服务平台记录") && sheet.contains("周志远") && sheet.contains("自助打印"),
        "{sheet}"
    );
    b.other.get(&to).await.expect(404);
    b.clerk.get(&to).await.expect(200);
    assert!(!b.other.get("/time/certificates").await.expect(200).text().contains("周志远"));
    let listed = b.volunteer.get_json("/api/v1/time/certificates").await;
    let way = listed[0]["check"].as_str().unwrap().to_owned();
    assert!(sheet.contains(&way));
    let mut anybody = b.app.anonymous();
    let open = anybody.get(&way).await.expect(200).text();
    assert!(open.contains("与账簿一致") && open.contains("周*远"), "{open}");
    assert!(!open.contains("周志远") && !open.contains("P000502"), "{open}");
    anybody.get(listed[0]["proof"].as_str().unwrap()).await.expect(200);
    let guess = way.rsplit_once('/').unwrap().0;
    for guess in
        [format!("{guess}/1"), format!("{guess}/{}", "0".repeat(64)), format!("/certificate/99{way}")]
    {
        anybody.get(&guess).await.expect(404);
    }
    let checked = anybody.get_json(&format!("/api/v1{way}")).await;
    assert_eq!((&checked["agreement"], &checked["minutes"]), (&json!("agrees"), &json!(60)));
    b.app.finish().await;
}

#[tokio::test]
async fn hours_are_put_right_and_handed_over_on_the_pages_of_the_staff() {
    let mut b = Bank::new().await;
    served(&mut b).await;
    let page = "/time/people/P000502/record";
    let root =
        b.volunteer.get_json("/api/v1/time/people/P000502/record").await["services"][0]["root"].to_string();
    let ask =
        [("step", "ask"), ("key", "c1"), ("root", root.as_str()), ("wanted", "30"), ("reason", "只半小时")];
    b.volunteer.post_form(page, &ask).await.expect(303);
    let list = b.volunteer.get_json("/api/v1/time/corrections").await;
    let at = format!("/time/corrections/{}", list[0]["id"].as_str().unwrap());
    let word = [("step", "correct"), ("minutes", "30"), ("words", "双方都说半小时")];
    b.volunteer.post_form(&at, &word).await.expect(403);
    b.clerk.post_form(&at, &word).await.expect(403);
    let user = b.app.user("erren", Role::Reviewer, b.app.village.org).await;
    let mut reviewer = b.app.sign_in_as(&user).await;
    assert!(reviewer.get("/time/corrections").await.expect(200).text().contains("只半小时"));
    reviewer.post_form(&at, &word).await.expect(303);
    let done = b.volunteer.get_json("/api/v1/time/corrections?state=corrected").await;
    assert_eq!((&done[0]["minutes"], &done[0]["was"]), (&json!(30), &json!(60)));
    for theirs in ["/time/export", "/time/export/1"] {
        b.volunteer.get(theirs).await.expect(403);
    }
    let unit = [("step", "unit"), ("unit", "志愿服务队"), ("in_charge", "李文书")];
    b.clerk.post_form("/time/export", &unit).await.expect(303);
    b.clerk.post_form("/time/export", &[("step", "make"), ("key", "f1")]).await.expect(303);
    let csv = b.clerk.get("/time/export/1/csv").await.expect(200).text();
    assert!(csv.contains("周志远") && csv.contains("0.50") && csv.contains("李文书"), "{csv}");
    let file = b.clerk.get_json("/api/v1/time/export/1").await;
    assert_eq!((&file["services"][0]["minutes"], &file["services"][0]["late"]), (&json!(30), &json!(1)));
    let wrong = b.clerk.post_form("/time/export/1", &[("answers", "eins")]).await.expect(303);
    assert_eq!(wrong.location(), "/time/export/1");
    b.clerk.post_form("/time/export/1", &[("answers", "1,接收,QG-7,")]).await.expect(303);
    assert!(b.clerk.get("/time/export/1").await.expect(200).text().contains("QG-7"));
    let queue = b.clerk.get_json("/api/v1/time/export").await;
    assert_eq!((&queue["counts"]["accepted"], &queue["oldest"]), (&json!(1), &json!(null)));
    let merit = [
        ("step", "merit"),
        ("key", "m1"),
        ("kind", "commendation"),
        ("name", "优秀志愿者"),
        ("grantor", "镇政府"),
        ("day", "2026-06-01"),
        ("paper", "镇字3号"),
    ];
    b.volunteer.post_form(page, &merit).await.expect(403);
    b.clerk.post_form(page, &merit).await.expect(303);
    let id = b.clerk.get_json("/api/v1/time/people/P000502/record").await["merits"][0]["id"].clone();
    let at = format!("/time/merits/{}", id.as_str().unwrap());
    reviewer.post_form(&at, &[("step", "agree"), ("words", "")]).await.expect(303);
    assert!(b.volunteer.get(page).await.expect(200).text().contains("优秀志愿者"));
    b.app.finish().await;
}
