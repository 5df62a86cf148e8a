//! The time bank over HTTP: the same by the API and by the pages, each household its own, the board without names.

use greencoin::{
    domain::{
        household::{Membership, PersonNo},
        ids::{HouseholdId, PersonId},
        person::Relation,
        time::Day,
        timebank::{ServiceKind, need::NeedGround},
    },
    service::{
        caller::{Recorder, Role, Township},
        timebank::{Side, ask::NewOrder},
    },
    store::person,
};
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

const HOUR: i64 = 3_600;

/// Somebody who lives alone in household number `ordinal`.
async fn settler(app: &TestApp, ordinal: u32, name: &str, born: i32) -> (HouseholdId, PersonId) {
    let (home, _) = app.household(&app.village, ordinal).await;
    let id = moves_in(app, home, ordinal, (name, born), None).await;
    (home, id)
}

async fn moves_in(
    app: &TestApp,
    home: HouseholdId,
    ordinal: u32,
    (name, born): (&str, i32),
    left: Option<Day>,
) -> PersonId {
    let who = person::Person {
        id: app.desk.id(),
        no: PersonNo::from_ordinal(500 + ordinal),
        name: name.to_owned(),
        pinyin: String::new(),
        initials: String::new(),
        birth_year: Some(born),
        phone: None,
    };
    let at = Membership {
        person: who.id,
        household: home,
        relation: Relation::Head,
        from: left.map_or(app.desk.today(), |left| left.plus(-30)),
        to: left,
    };
    let mut tx = app.desk.db.begin_write().await.unwrap();
    person::add(&mut tx, app.village.book, &who).await.unwrap();
    person::join(&mut tx, app.village.book, &at).await.unwrap();
    tx.commit().await.unwrap();
    who.id
}

/// An order that waits for the pool in the first village, for somebody in a household of their own.
pub async fn waiting(app: &TestApp) -> String {
    let (desk, village) = (&app.desk, &app.village);
    let (_, elder) = settler(app, 77, "陈大爷", 1940).await;
    let town = Township::of(&app.staff(Role::Township, village).await).unwrap();
    desk.adopt_time_policy(&town, "RS-3", desk.today(), "镇政府文件").await.unwrap();
    let clerk = Recorder::of(&app.staff(Role::Clerk, village).await).unwrap();
    desk.see_need(&clerk, elder, &[NeedGround::EmptyNest]).await.unwrap();
    let starts_at = desk.now().plus_seconds(HOUR);
    let new = NewOrder {
        served: elder,
        kind: ServiceKind::Company,
        starts_at,
        minutes: 60,
        words: "说说话".to_owned(),
    };
    desk.ask_for_service(&Side::Desk(clerk), "waiting", &new).await.unwrap().id.to_string()
}

/// An account that awaits an heir in the first village, which has a policy.
pub async fn bereaved(app: &TestApp) -> String {
    let (desk, village) = (&app.desk, &app.village);
    let (home, _) = app.household(village, 78).await;
    let who = moves_in(app, home, 78, ("孙老伯", 1938), Some(desk.today())).await;
    let clerk = Recorder::of(&app.staff(Role::Clerk, village).await).unwrap();
    desk.open_time_estate(&clerk, who, desk.today(), "死亡证明 2026-17").await.unwrap().id.to_string()
}

/// A village with a policy and hours in its pool, an elder who is served from it, a volunteer, and somebody else.
struct Bank {
    app: TestApp,
    clerk: Client,
    volunteer: Client,
    other: Client,
    card: String,
}

impl Bank {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let (elder, _) = settler(&app, 1, "陈福生", 1940).await;
        settler(&app, 2, "周志远", 1985).await;
        settler(&app, 3, "吴秀英", 1979).await;
        let mut clerk = app.sign_in(Role::Clerk).await;
        let mut town = app.sign_in(Role::Township).await;
        let at = |path: &str| format!("/api/v1/time/{path}?v={}", app.village.no);
        let none = clerk.get("/api/v1/time/policy").await.expect(422).json();
        assert_eq!(none["code"], "time_no_policy");
        let policy = json!({ "code": "RS-3", "from": "2026-06-03", "basis": "镇政府文件" });
        clerk.post_json("/api/v1/time/policy", &policy).await.expect(403);
        town.post_json(&at("policy"), &policy).await.expect(204);
        let pool = json!({ "minutes": 6000, "basis": "财政" });
        town.post_json(&at("pool"), &pool).await.expect(200);
        let grounds = json!({ "grounds": ["empty_nest"] });
        let need = clerk.post_json("/api/v1/time/people/P000501/need", &grounds).await.expect(200).json();
        assert_eq!(need, json!({ "score": 6, "pool": true }));
        let office = app.clerk(&app.village).await;
        let card = app.desk.issue_cards(&office, &[elder]).await.unwrap().remove(0).digits;
        let mut volunteer = app.sign_in_household(&app.village, "H0002").await;
        let fit = json!({ "well": true, "insured_until": "2026-12-31", "trained_on": "2026-06-01" });
        let joined =
            volunteer.post_json("/api/v1/time/people/P000502/volunteer", &fit).await.expect(200).json();
        assert_eq!(joined["person"]["volunteer"], 1);
        let offer = json!({ "service": "cleaning", "weekdays": 127, "from_minute": 0, "until_minute": 1440 });
        volunteer.post_json("/api/v1/time/people/P000502/offers", &offer).await.expect(200);
        volunteer.post_json("/api/v1/time/people/P000501/offers", &offer).await.expect(404);
        let other = app.sign_in_household(&app.village, "H0003").await;
        Self { app, clerk, volunteer, other, card }
    }

    /// An order of the elder, taken on the phone, in an hour.
    async fn asked(&mut self) -> String {
        let starts_at = self.app.desk.now().plus_seconds(HOUR).rfc3339();
        let new = json!({ "person": "P000501", "service": "cleaning", "starts_at": starts_at, "minutes": 60,
            "words": "擦窗户" });
        let order = self.clerk.post_json("/api/v1/time/orders", &new).await.expect(201).json();
        assert_eq!(
            (&order["state"], &order["manner"], &order["payer"]),
            (&json!("open"), &json!("desk"), &Value::Null)
        );
        order["id"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn the_api_takes_an_order_from_the_phone_to_posted_hours_and_shows_it_to_nobody_else() {
    let mut b = Bank::new().await;
    let id = b.asked().await;
    let at = format!("/api/v1/time/orders/{id}");
    let steps = format!("{at}/steps");
    let seen = b.other.get_json(&at).await;
    let served = &seen["order"]["served"];
    assert_eq!(
        (&served["name"], &served["household"], &seen["order"]["words"]),
        (&json!("陈*生"), &json!(""), &json!(""))
    );
    assert_eq!(b.other.get_json("/api/v1/time/board").await.as_array().unwrap().len(), 1);
    let file = b.clerk.get_json(&at).await;
    assert_eq!(file["matches"][0]["volunteer"]["no"], "P000502");
    assert_eq!(file["matches"][0]["reasons"], json!(["skilled", "free", "near", "rested", "new"]));
    let refused =
        b.other.post_json(&steps, &json!({ "step": "accept", "person": "P000503" })).await.expect(422);
    assert_eq!(refused.json()["code"], "time_not_joined");
    b.volunteer.post_json(&steps, &json!({ "step": "accept", "person": "P000502" })).await.expect(200);
    b.other.get(&at).await.expect(404);
    b.other.post_json(&steps, &json!({ "step": "cancel", "words": "x" })).await.expect(404);
    b.app.clock.advance_seconds(HOUR);
    let word = b.volunteer.post_json(&steps, &json!({ "step": "check_in" })).await.expect(422).json();
    assert_eq!(word["code"], "time_show_card");
    let card = json!({ "step": "check_in", "shown": b.card });
    b.volunteer.post_json(&steps, &card).await.expect(200);
    b.app.clock.advance_seconds(HOUR);
    let card = json!({ "step": "check_out", "shown": b.card });
    b.volunteer.post_json(&steps, &card).await.expect(200);
    b.volunteer.post_json(&steps, &json!({ "step": "confirm_done" })).await.expect(200);
    let low =
        b.clerk.post_json(&steps, &json!({ "step": "confirm_served", "rating": 6 })).await.expect(422).json();
    assert_eq!(low["code"], "time_rating");
    let done = json!({ "step": "confirm_served", "rating": 5, "words": "干净" });
    let posted = b.clerk.post_json(&steps, &done).await.expect(200).json();
    assert_eq!(
        (&posted["state"], &posted["counted"], &posted["rating"]),
        (&json!("posted"), &json!(60), &json!(5))
    );
    let own = b.volunteer.get_json("/api/v1/time/people/P000502").await;
    assert_eq!((&own["saved"], &own["earned"]), (&json!(60), &json!(60)));
    b.other.get("/api/v1/time/people/P000502").await.expect(404);
    let gone =
        b.volunteer.post_json("/api/v1/time/people/P000502/donations", &json!({ "minutes": 30 })).await;
    assert_eq!(gone.expect(200).json()["saved"], 30);
    let policy = b.clerk.get_json("/api/v1/time/policy").await;
    assert_eq!(
        (&policy["code"], &policy["pool"], &policy["pool_held"]),
        (&json!("RS-3"), &json!(5970), &json!(0))
    );
    b.app.finish().await;
}

#[tokio::test]
async fn one_persons_word_for_all_of_it_is_looked_into_by_another() {
    let mut b = Bank::new().await;
    let id = b.asked().await;
    let (page, step) = (format!("/time/orders/{id}"), format!("/time/orders/{id}/step"));
    let shown = b.clerk.get(&page).await.expect(200).text();
    assert!(shown.contains("周志远") && shown.contains("会这项服务") && shown.contains("擦窗户"), "{shown}");
    b.clerk.post_form(&step, &[("step", "accept"), ("person", "P000502")]).await.expect(303);
    b.app.clock.advance_seconds(HOUR);
    b.clerk.post_form(&step, &[("step", "check_in")]).await.expect(303);
    b.app.clock.advance_seconds(HOUR);
    b.clerk.post_form(&step, &[("step", "check_out")]).await.expect(303);
    b.clerk.post_form(&step, &[("step", "confirm_done")]).await.expect(303);
    b.clerk.post_form(&step, &[("step", "confirm_served"), ("rating", "5")]).await.expect(303);
    let shown = b.clerk.get(&page).await.expect(200).text();
    assert!(shown.contains("暂缓待查") && !shown.contains("value=\"decide\""), "{shown}");
    let mut reviewer = b.app.sign_in(Role::Reviewer).await;
    assert!(reviewer.get("/time").await.expect(200).text().contains("陈福生"));
    let shown = reviewer.get(&page).await.expect(200).text();
    assert!(shown.contains("value=\"decide\"") && !shown.contains("value=\"cancel\""), "{shown}");
    let verdict = [("step", "decide"), ("verdict", "as_served"), ("words", "问过邻居，属实")];
    b.clerk.post_form(&step, &verdict).await.expect(403);
    reviewer.post_form(&step, &verdict).await.expect(303);
    let shown = b.clerk.get(&page).await.expect(200).text();
    assert!(shown.contains("已入账") && shown.contains("问过邻居"), "{shown}");
    b.app.finish().await;
}

#[tokio::test]
async fn the_pages_of_the_time_bank_show_each_what_is_theirs() {
    let mut b = Bank::new().await;
    let id = b.asked().await;
    let page = format!("/time/orders/{id}");
    let open = b.other.get("/time/board").await.expect(200).text();
    assert!(open.contains("助洁") && open.contains("陈*生") && !open.contains("陈福生"), "{open}");
    let shown = b.other.get(&page).await.expect(200).text();
    assert!(!shown.contains("擦窗户") && shown.contains("先在"), "joins first: {shown}");
    let shown = b.volunteer.get(&page).await.expect(200).text();
    assert!(shown.contains("value=\"accept\""), "{shown}");
    for mine in ["/time", "/time/new", "/time/people/P000502"] {
        b.volunteer.get(mine).await.expect(200);
    }
    for others in ["/time/people/P000501", "/time/people/P000999"] {
        b.volunteer.get(others).await.expect(404);
    }
    for staff in ["/time/people", "/time/late", "/township/time-bank"] {
        b.volunteer.get(staff).await.expect(403);
    }
    let ask = [
        ("key", "form1"),
        ("person", "P000502"),
        ("service", "cleaning"),
        ("day", "2026-06-04"),
        ("from", "09:00"),
        ("minutes", "60"),
    ];
    let nobody = b.volunteer.post_form("/time/orders", &ask).await.expect(422).text();
    assert!(nobody.contains("都没有足够的时长"), "{nobody}");
    for desk in
        ["/time", "/time?state=posted", "/time/people?q=H0001", "/time/late", "/time/new?person=P000501"]
    {
        b.clerk.get(desk).await.expect(200);
    }
    assert!(b.clerk.get("/time/people?q=H0001").await.text().contains("陈福生"));
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
    assert!(b.clerk.get(&to).await.expect(200).text().contains("已入账"));
    let mut town = b.app.sign_in(Role::Township).await;
    let at = format!("/township/time-bank?v={}", b.app.village.no);
    assert!(town.get(&at).await.expect(200).text().contains("时间银行细则（缺省）"));
    let issue = [("step", "issue"), ("key", "k1"), ("hours", "10"), ("basis", "财政")];
    town.post_form(&at, &issue).await.expect(303);
    assert!(town.get(&at).await.expect(200).text().contains("可用"));
    let mut shop = b.app.sign_in(Role::Shopkeeper).await;
    shop.get("/time").await.expect(403);
    b.app.finish().await;
}

#[tokio::test]
async fn an_inheritance_by_the_api_and_by_the_page_and_supervision_for_those_who_supervise() {
    let mut b = Bank::new().await;
    let at = |path: &str| format!("/api/v1/time/{path}");
    let (home, _) = b.app.household(&b.app.village, 79).await;
    moves_in(&b.app, home, 79, ("孙老伯", 1938), Some(b.app.desk.today())).await;
    let death =
        json!({ "person": "P000579", "died_on": b.app.desk.today().to_string(), "notice": "证明17号" });
    b.other.post_json(&at("estates"), &death).await.expect(403);
    let estate = b.clerk.post_json(&at("estates"), &death).await.expect(201).json();
    assert_eq!((&estate["state"], &estate["person"]["no"]), (&json!("open"), &json!("P000579")));
    assert_eq!(
        b.clerk.post_json(&at("estates"), &death).await.expect(422).json()["code"],
        "time_estate_there"
    );
    let id = estate["id"].as_str().unwrap();
    let heir = json!({ "heir": "P000502", "ground": "named", "paper": "遗嘱3号" });
    let refusal = b.clerk.post_json(&at(&format!("estates/{id}/heir")), &heir).await.expect(422).json();
    assert_eq!(refusal["code"], "time_heir_tie");
    b.clerk.post_json(&at(&format!("estates/{id}/decision")), &json!({ "agrees": true })).await.expect(403);
    b.other.get(&at(&format!("estates/{id}"))).await.expect(404);
    let page = b.clerk.get("/time/estates").await.expect(200).text();
    assert!(page.contains("孙老伯") && page.contains("死亡待继承"), "{page}");
    assert!(!b.other.get("/time/estates").await.expect(200).text().contains("孙老伯"));
    let mut auditor = b.app.sign_in(Role::Auditor).await;
    let cover = auditor.get_json(&at("cover")).await;
    assert_eq!((&cover["promised"], &cover["quota_left"]), (&json!(0), &json!(600 * 60 - 6000)));
    let ageing = auditor.get_json(&at("ageing")).await;
    assert_eq!((&ageing["outstanding"], ageing["ages"].as_array().unwrap().len()), (&json!(0), 4));
    let month = auditor.get_json(&at("clearing?month=2026-06-01")).await;
    assert_eq!((&month["month"], &month["net"]), (&json!("2026-06-01"), &json!(0)));
    for path in ["cover", "ageing", "clearing?month=2026-06-01", "clearing/county?month=2026-06-01"] {
        b.other.get(&at(path)).await.expect(403);
    }
    let page = b.clerk.get("/time/clearing?month=2026-05-01").await.expect(200).text();
    assert!(page.contains("2026-05"), "{page}");
    b.clerk.get("/time/elsewhere").await.expect(200);
    b.other.get("/time/clearing").await.expect(403);
    b.other.get("/time/elsewhere").await.expect(403);
    b.app.finish().await;
}
