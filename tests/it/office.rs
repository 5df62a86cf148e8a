//! The pages of the office, the whole way of a point: recorded, reviewed, hung up, objected to, posted, undone.

use greencoin::{
    domain::{
        household::{Membership, PersonNo},
        person::Relation,
        ruleset,
    },
    jobs,
    service::{
        Actor,
        caller::{Role, Township},
        funds::NewFund,
        rulesets::Adoption,
    },
    store::person,
};

use crate::support::{Answer, Client, TestApp};

/// A village with rules, a budget and two households of one person each.
async fn office() -> TestApp {
    let app = TestApp::new().await;
    let (_, text) = ruleset::shipped()[0];
    let set = app.desk.publish_ruleset(Actor::System, text).await.unwrap();
    let from = app.desk.today();
    let adoption =
        Adoption { hash: set.hash().to_owned(), from, basis: "村民代表会议决议".to_owned() };
    app.desk.adopt_ruleset(Actor::System, app.village.book, &adoption).await.unwrap();
    let township = app.staff(Role::Township, &app.village).await;
    let by = Township::of(&township).unwrap();
    app.desk.open_fund(&by, &NewFund::named("Service", "服务群众专项经费", "Service fund")).await.unwrap();
    app.desk.receive_money(&township, "money", "Service", "Finance", 10_000_000).await.unwrap();
    app.desk.authorise(&township, "budget", "Service", 8_000_000, "镇党委会议纪要").await.unwrap();
    for (ordinal, name) in [(1, "张建国"), (2, "李秀英")] {
        let (household, _) = app.household(&app.village, ordinal).await;
        let row = person::Person {
            id: app.desk.id(),
            no: PersonNo::from_ordinal(ordinal),
            name: name.to_owned(),
            pinyin: ["zhangjianguo", "lixiuying"][usize::try_from(ordinal - 1).unwrap()].to_owned(),
            initials: ["zjg", "lxy"][usize::try_from(ordinal - 1).unwrap()].to_owned(),
            birth_year: Some(1960),
            phone: None,
        };
        let mut tx = app.desk.db.begin_write().await.unwrap();
        person::add(&mut tx, app.village.book, &row).await.unwrap();
        let membership = Membership {
            person: row.id,
            household,
            relation: Relation::Head,
            from: app.desk.today(),
            to: None,
        };
        person::join(&mut tx, app.village.book, &membership).await.unwrap();
        tx.commit().await.unwrap();
    }
    app
}

/// What stands in the first field of that name on a page.
fn field(page: &str, name: &str) -> String {
    let (_, rest) =
        page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("{name}: {page}"));
    rest.split('"').next().unwrap().to_owned()
}

/// The first choice of the list of that name on a page.
fn first_option(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\"><option value=\"")).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn record(clerk: &mut Client, no: &str, item: &str) -> Answer {
    let page = clerk.get(&format!("/clerk/record/{no}")).await.expect(200).text();
    let fields = [
        ("key", field(&page, "key")),
        ("item", item.to_owned()),
        ("quantity", "1".to_owned()),
        ("person", first_option(&page, "person")),
        ("occurred_on", "2026-06-03".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    clerk.post_form(&format!("/clerk/record/{no}"), &fields).await
}

#[tokio::test]
async fn a_point_goes_all_the_way_through_the_pages() {
    let app = office().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let mut reviewer = app.sign_in(Role::Reviewer).await;
    let mut second = app.sign_in(Role::Reviewer).await;

    clerk.get("/clerk").await.expect(200);
    let found = clerk.get("/clerk/record?q=zjg").await.expect(200).text();
    assert!(found.contains("/clerk/record/H0001") && found.contains("张建国"), "{found}");
    let saved = record(&mut clerk, "H0001", "D3").await.expect(303);
    // the next household with the same item: it is chosen already
    let again = clerk.get(saved.location()).await.expect(200).text();
    assert!(again.contains("D3"), "{again}");
    let next = clerk.get("/clerk/record/H0002?item=D3&quantity=1").await.expect(200).text();
    assert!(next.contains("value=\"D3\" required checked data-points=\"500\""), "{next}");
    record(&mut clerk, "H0002", "D3").await.expect(303);

    let inbox = reviewer.get("/review").await.expect(200).text();
    let first = field(&inbox, "id");
    reviewer.get(&format!("/review/awards/{first}")).await.expect(200);
    reviewer.post_form("/review", &[("id", &first), ("verdict", "approve")]).await.expect(303);
    let inbox = reviewer.get("/review").await.expect(200).text();
    let other = field(&inbox, "id");
    let verdict = [("verdict", "return"), ("reason", "日期不对")];
    reviewer.post_form(&format!("/review/awards/{other}"), &verdict).await.expect(303);
    let mine = clerk.get("/clerk/mine?returned=1").await.expect(200).text();
    assert!(mine.contains(&format!("/clerk/returned/{other}")), "{mine}");
    clerk.get(&format!("/clerk/returned/{other}")).await.expect(200);
    let mended = [("quantity", "1"), ("occurred_on", "2026-06-03"), ("note", "已核对")];
    clerk.post_form(&format!("/clerk/returned/{other}"), &mended).await.expect(303);
    second.post_form("/review", &[("id", &other), ("verdict", "approve")]).await.expect(303);

    clerk.get("/clerk/notices").await.expect(200);
    let compile = [("title", "六月公示"), ("group", ""), ("fund", "Service"), ("days", "")];
    let sheet = clerk.post_form("/clerk/notices", &compile).await.expect(303).location().to_owned();
    let page = clerk.get(&sheet).await.expect(200).text();
    assert!(page.contains("张*国") && !page.contains("张建国"), "{page}");
    let review_sheet = sheet.replace("/clerk/", "/review/");
    reviewer.get("/review/notices").await.expect(200);
    reviewer.get(&review_sheet).await.expect(200);
    reviewer.post_form(&format!("{review_sheet}/publish"), &[]).await.expect(303);
    let paper = clerk.get(&format!("{sheet}/print")).await.expect(200).text();
    assert!(paper.contains("class=\"sheet\"") && paper.contains("张*国"), "{paper}");

    clerk.get(&format!("/clerk/objections/new?award={other}")).await.expect(200);
    let objection = [("award", other.as_str()), ("household", "H0001"), ("content", "没有帮过")];
    clerk.post_form("/clerk/objections/new", &objection).await.expect(303);
    let listed = second.get("/review/objections").await.expect(200).text();
    let (_, rest) = listed.split_once("href=\"/review/objections/").unwrap();
    let at = format!("/review/objections/{}", rest.split('"').next().unwrap());
    second.get(&at).await.expect(200);
    let decision = [("finding", "dismiss"), ("words", "已入户核实")];
    // who reviewed the award does not decide
    second.post_form(&at, &decision).await.expect(422);
    let mut third = app.sign_in(Role::Reviewer).await;
    third.post_form(&at, &decision).await.expect(303);

    app.clock.advance_seconds(6 * 86_400);
    let done = jobs::tick(&app.desk).await.unwrap();
    assert_eq!((done.posted, done.closed), (2, 1));
    let mut clerk = app.sign_in(Role::Clerk).await;
    let award = clerk.get(&format!("/clerk/awards/{first}")).await.expect(200).text();
    assert!(award.contains("已入账"), "{award}");
    let seq =
        app.desk.award_file(app.village.book, first.parse().unwrap()).await.unwrap().award.txn_seq.unwrap();
    let seq = seq.to_string();
    clerk.get(&format!("/clerk/reversals?seq={seq}")).await.expect(200);
    clerk.post_form("/clerk/reversals", &[("seq", &seq), ("reason", "记错户")]).await.expect(303);
    let mut reviewer = app.sign_in(Role::Reviewer).await;
    let waiting = reviewer.get("/review/reversals").await.expect(200).text();
    let (_, rest) = waiting.split_once("action=\"/review/reversals/").unwrap();
    let at = format!("/review/reversals/{}", rest.split('"').next().unwrap());
    reviewer.post_form(&at, &[("decision", "approve"), ("words", "属实")]).await.expect(303);
    let award = clerk.get(&format!("/clerk/awards/{first}")).await.expect(200).text();
    assert!(award.contains("已冲正"), "{award}");
    app.finish().await;
}

#[tokio::test]
async fn a_sheet_of_a_meeting_is_saved_once_whoever_is_ticked_twice_or_sends_it_twice() {
    let app = office().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let group = app.village.group.to_string();
    let address = format!("/clerk/sheet?item=A5&group={group}&occurred_on=2026-06-03");
    let page = clerk.get(&address).await.expect(200).text();
    let lines: Vec<String> = page
        .split("name=\"line\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(lines.len(), 2, "{page}");
    let key = field(&page, "key");
    let fixed = [
        ("key", key.as_str()),
        ("item", "A5"),
        ("group", group.as_str()),
        ("occurred_on", "2026-06-03"),
        ("event_key", "清洁日"),
    ];
    let nobody = clerk.post_form("/clerk/sheet", &fixed).await.expect(422).text();
    assert!(nobody.contains("还没有勾选"), "{nobody}");
    assert_eq!(app.desk.todo(app.village.book).await.unwrap().to_review, 0);
    let both = [("line", &*lines[0]), ("line", &*lines[1]), ("line", &*lines[0])];
    let both = [fixed.as_slice(), &both].concat();
    let told = clerk.post_form("/clerk/sheet", &both).await.expect(200).text();
    assert!(told.contains("H0001") && told.contains("H0002"), "{told}");
    // the answer was lost and the browser sends the form again
    clerk.post_form("/clerk/sheet", &both).await.expect(200);
    assert_eq!(app.desk.todo(app.village.book).await.unwrap().to_review, 2);
    app.finish().await;
}

#[tokio::test]
async fn a_refusal_comes_back_with_the_form_and_says_why() {
    let app = office().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    for _ in 0..3 {
        record(&mut clerk, "H0001", "D3").await.expect(303);
    }
    let page = record(&mut clerk, "H0001", "D3").await.expect(422).text();
    assert!(page.contains("上限") && page.contains("value=\"D3\" required checked"), "{page}");
    let unknown = clerk.post_form("/clerk/record", &[("code", "0000000000")]).await.expect(303);
    assert_eq!(unknown.location(), "/clerk/record");
    let typed = clerk.post_form("/clerk/record", &[("code", "2")]).await.expect(303);
    assert_eq!(typed.location(), "/clerk/record/H0002");
    app.finish().await;
}

#[tokio::test]
async fn each_page_of_the_office_is_for_its_role_only() {
    let app = office().await;
    let pages = [
        ("/clerk", [Role::Clerk, Role::Recorder].as_slice()),
        ("/clerk/record", &[Role::Clerk, Role::Recorder]),
        ("/clerk/sheet", &[Role::Clerk, Role::Recorder]),
        ("/clerk/mine", &[Role::Clerk, Role::Recorder]),
        ("/clerk/notices", &[Role::Clerk]),
        ("/clerk/objections", &[Role::Clerk]),
        ("/clerk/reversals", &[Role::Clerk]),
        ("/review", &[Role::Reviewer, Role::Township]),
        ("/review/notices", &[Role::Reviewer, Role::Township]),
        ("/review/objections", &[Role::Reviewer, Role::Township]),
        ("/review/reversals", &[Role::Reviewer, Role::Township]),
    ];
    for role in [Role::Clerk, Role::Recorder, Role::Reviewer, Role::Shopkeeper, Role::Auditor] {
        let mut client = app.sign_in(role).await;
        for (page, may) in pages {
            let status = client.get(page).await.status.as_u16();
            assert_eq!(status, if may.contains(&role) { 200 } else { 403 }, "{role:?} {page}");
        }
    }
    app.finish().await;
}
