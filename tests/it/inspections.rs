//! Inspection rounds: two look, a third decides, what was found goes on record once, and nobody reviews their own look.
//! What single looks come to is in [`crate::looks`].

use greencoin::{
    domain::{
        award::Explanation,
        household::{HouseholdNo, Membership, PersonNo},
        ids::{BookId, HouseholdId, PersonId, RoundId, UserId},
        inspection::RoundState,
        person::Relation,
        time::Timestamp,
    },
    service::{
        Refusal, ServiceResult,
        award::review::Verdict,
        bulk::ItemAnswer,
        caller::{Clerk, Reviewer, Role, Staff},
        inspection::{confirm::LineAnswer, looks::NewLook, open::NewRound},
    },
    store::{award, household, identity, inspection as rows, person},
};
use serde_json::{Value, json};

use crate::{
    hamlet::refused,
    office_api,
    support::{TestApp, User},
};

/// A village of `HOMES` households, a clerk, three who may look.
pub struct Patch {
    pub app: TestApp,
    pub clerk: Clerk,
    pub users: Vec<User>,
    pub homes: Vec<(HouseholdId, String)>,
    pub heads: Vec<PersonId>,
}

const HOMES: u32 = 10;

/// Registers households beyond the first three, and a head for every one.
pub async fn settle(app: &TestApp, homes: u32) -> (Vec<(HouseholdId, String)>, Vec<PersonId>) {
    let (v, desk) = (&app.village, &app.desk);
    let mut tx = desk.db.begin_write().await.unwrap();
    let (mut all, mut heads) = (Vec::new(), Vec::new());
    for ordinal in 1..=homes {
        let no = HouseholdNo::from_ordinal(ordinal);
        let since = desk.today().plus(-400);
        let id = match household::by_no(&mut tx, v.book, &no).await.unwrap() {
            Some(home) => home.id,
            None => {
                let id: HouseholdId = desk.id();
                let home =
                    household::Household::new(id, no.clone(), v.group, v.group, i64::from(ordinal), since);
                household::add(&mut tx, v.book, &home).await.unwrap();
                id
            }
        };
        let head = person::Person {
            id: desk.id(),
            no: PersonNo::from_ordinal(ordinal),
            name: format!("张建国{ordinal}"),
            pinyin: "zhangjianguo".to_owned(),
            initials: "zjg".to_owned(),
            birth_year: Some(1970),
            phone: None,
        };
        person::add(&mut tx, v.book, &head).await.unwrap();
        let at =
            Membership { person: head.id, household: id, relation: Relation::Head, from: since, to: None };
        person::join(&mut tx, v.book, &at).await.unwrap();
        all.push((id, no.to_string()));
        heads.push(head.id);
    }
    tx.commit().await.unwrap();
    (all, heads)
}

impl Patch {
    pub async fn new() -> Self {
        let app = office_api::village().await;
        let (homes, heads) = settle(&app, HOMES).await;
        let mut users = Vec::new();
        for (login, role) in [("eye1", Role::Recorder), ("eye2", Role::Reviewer), ("eye3", Role::Reviewer)] {
            users.push(app.user(login, role, app.village.org).await);
        }
        let clerk = app.clerk(&app.village).await;
        Self { app, clerk, users, homes, heads }
    }

    pub fn book(&self) -> BookId {
        self.app.village.book
    }

    pub async fn eye(&self, n: usize) -> Staff {
        let who = self.app.desk.staff_sign_in(self.users[n].id).await.unwrap().unwrap();
        self.app.desk.staff_for(&who, self.book()).await.unwrap().unwrap()
    }

    pub async fn open(&self, items: &[&str], eyes: usize) -> RoundId {
        let new = NewRound {
            seen_on: self.app.desk.today(),
            items: items.iter().map(|i| (*i).to_owned()).collect(),
            groups: Vec::new(),
            eyes: self.users[..eyes].iter().map(|u| u.id).collect(),
        };
        self.app.desk.open_round(&self.clerk, &new).await.unwrap().id
    }

    pub fn look(&self, home: usize, seq: i64, marks: &[&str]) -> NewLook {
        NewLook {
            key: format!("k{home}-{seq}"),
            household: self.homes[home].1.clone(),
            seq,
            taken_at: Timestamp::from_micros(seq),
            marks: marks.iter().map(|m| (*m).to_owned()).collect(),
        }
    }

    pub async fn looks(&self, eye: usize, round: RoundId, looks: &[NewLook]) -> Vec<String> {
        told(&self.app.desk.take_looks(&self.eye(eye).await, round, looks).await.unwrap())
    }

    /// Everybody of the first two finds this at every household.
    pub async fn all_find(&self, round: RoundId, marks: &[&str]) {
        for eye in [0, 1] {
            let looks: Vec<NewLook> = (0..self.homes.len()).map(|h| self.look(h, 1, marks)).collect();
            assert!(self.looks(eye, round, &looks).await.iter().all(|said| said == "taken"));
        }
    }

    /// Says who a login is; whatever was said before ends.
    pub async fn link(&self, user: UserId, person: PersonId) {
        let mut tx = self.app.desk.db.begin_write().await.unwrap();
        let stamp = (self.app.desk.now(), "test");
        let stated = identity::of_user(&mut tx, self.book(), user).await.unwrap();
        let held = stated.iter().any(identity::StatementRow::holds).then_some(user);
        let other = identity::of_person(&mut tx, self.book(), person).await.unwrap();
        for one in held.into_iter().chain(other) {
            identity::end(&mut tx, self.book(), one, stamp).await.unwrap();
        }
        let ordinal = i32::try_from(stated.len()).unwrap() + 1;
        identity::state(&mut tx, self.book(), (user, ordinal), Some(person), stamp).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// How many of the round's awards there are.
    pub async fn on_record(&self, round: RoundId) -> usize {
        let mut tx = self.app.desk.db.begin_read().await.unwrap();
        rows::awards(&mut tx, self.book(), round).await.unwrap().len()
    }
}

pub fn told(answers: &[ItemAnswer<()>]) -> Vec<String> {
    let word = |answer: &ItemAnswer<()>| match answer {
        ItemAnswer::Done { repeated: false, .. } => "taken".to_owned(),
        ItemAnswer::Done { repeated: true, .. } => "repeated".to_owned(),
        ItemAnswer::Refused(Refusal { code, .. }) => (*code).to_owned(),
        ItemAnswer::NotApplied { .. } => "not_applied".to_owned(),
    };
    answers.iter().map(word).collect()
}

/// Item by item: recorded, and refused with what.
pub fn came(answers: &[LineAnswer], item: &str) -> (usize, Vec<&'static str>) {
    let of = answers.iter().filter(|a| a.line.item == item);
    let done = of.clone().filter(|a| a.answer.is_ok()).count();
    (done, of.filter_map(|a| a.answer.as_ref().err().map(|r| r.code)).collect())
}

pub fn code<T>(done: ServiceResult<T>) -> &'static str {
    done.map_or_else(|e| refused::<()>(Err(e)), |_| "done")
}

#[tokio::test]
async fn a_round_becomes_awards_within_the_quotas_and_none_of_them_is_reviewed_by_who_looked() {
    let p = Patch::new().await;
    let desk = &p.app.desk;
    let round = p.open(&["A2", "A1"], 3).await;
    p.all_find(round, &["A1", "A2"]).await;
    // one found otherwise, and the third decides: not the cleanest
    assert_eq!(p.looks(1, round, &[p.look(0, 2, &["A1"])]).await, ["taken"]);
    assert_eq!(p.looks(2, round, &[p.look(0, 1, &["A1"])]).await, ["taken"]);
    desk.close_round(&p.clerk, round).await.unwrap();
    let tried = desk.preview_round(&p.clerk, round).await.unwrap();
    assert_eq!(p.on_record(round).await, 0, "a trial leaves nothing");
    let done = desk.confirm_round(&p.clerk, round).await.unwrap();
    let codes = |all: &[LineAnswer]| {
        all.iter().map(|a| (a.line.no.to_string(), a.line.item.clone(), a.answer.is_ok())).collect::<Vec<_>>()
    };
    assert_eq!(codes(&tried), codes(&done));
    // six in ten of the village, two in ten of the group
    assert_eq!(came(&done, "A1").0, 6);
    assert_eq!(came(&done, "A2").0, 2);
    assert_eq!(came(&done, "A1").1.len() + came(&done, "A2").1.len(), 4 + 7);
    // whom a third decided comes last in the queue for a place
    let last = done.iter().rfind(|a| a.line.item == "A1").unwrap();
    assert_eq!(last.line.no.to_string(), p.homes[0].1);
    assert_eq!(desk.confirm_round(&p.clerk, round).await.unwrap().len(), 11, "the rest, again refused");
    assert_eq!(p.on_record(round).await, 8);

    let first = done.iter().find_map(|a| a.answer.as_ref().ok()).unwrap();
    assert!(first.evidence.contains("两人检查，结果一致"), "{}", first.evidence);
    assert!(serde_json::from_str::<Explanation>(&first.explanation).is_ok());
    for eye in [1, 2] {
        let by = Reviewer::of(&p.eye(eye).await).unwrap();
        let word = desk.review_award(&by, first.id, Verdict::Approve, "").await;
        // the third did not look at this one
        assert_eq!(code(word), if eye == 1 { "own_look" } else { "done" });
    }
    let mut tx = desk.db.begin_read().await.unwrap();
    assert_eq!(award::one(&mut tx, p.book(), first.id).await.unwrap().unwrap().state, "approved");
    drop(tx);
    p.app.finish().await;
}

#[tokio::test]
async fn every_step_of_a_round_is_taken_from_where_it_may_be_and_from_nowhere_else() {
    let p = Patch::new().await;
    let desk = &p.app.desk;
    for state in RoundState::ALL {
        for step in ["look", "third", "close", "reopen", "confirm", "preview", "withdraw"] {
            let round = p.open(&["A2"], 2).await;
            if matches!(state, RoundState::Closed | RoundState::Confirmed) {
                desk.close_round(&p.clerk, round).await.unwrap();
            }
            if *state == RoundState::Confirmed {
                desk.confirm_round(&p.clerk, round).await.unwrap();
            }
            if *state == RoundState::Withdrawn {
                desk.withdraw_round(&p.clerk, round, "天气").await.unwrap();
            }
            let done = match step {
                "look" => p.looks(0, round, &[p.look(0, 1, &[])]).await.remove(0),
                "third" => code(desk.name_third(&p.clerk, round, p.users[2].id).await).to_owned(),
                "close" => code(desk.close_round(&p.clerk, round).await).to_owned(),
                "reopen" => code(desk.reopen_round(&p.clerk, round).await).to_owned(),
                "confirm" => code(desk.confirm_round(&p.clerk, round).await).to_owned(),
                "preview" => code(desk.preview_round(&p.clerk, round).await).to_owned(),
                _ => code(desk.withdraw_round(&p.clerk, round, "雨").await).to_owned(),
            };
            let may: &[&str] = match state {
                RoundState::Open => &["look", "third", "close", "withdraw"],
                RoundState::Closed => &["reopen", "confirm", "preview", "withdraw"],
                RoundState::Confirmed => &["confirm", "preview"],
                RoundState::Withdrawn => &[],
            };
            let wanted = match (may.contains(&step), step) {
                (true, "look") => "taken",
                (true, _) => "done",
                (false, _) => "round_moved_on",
            };
            assert_eq!(done, wanted, "{state} {step}");
        }
    }
    p.app.finish().await;
}

#[tokio::test]
async fn what_cannot_be_opened_is_told() {
    let p = Patch::new().await;
    let desk = &p.app.desk;
    let good = NewRound {
        seen_on: desk.today(),
        items: vec!["A1".to_owned()],
        groups: vec![p.app.village.group],
        eyes: vec![p.users[0].id, p.users[1].id],
    };
    let stranger = p.app.user("stranger", Role::Clerk, p.app.other.org).await.id;
    let wrong = [
        (NewRound { seen_on: desk.today().plus(1), ..good.clone() }, "round_day"),
        (NewRound { seen_on: desk.today().plus(-32), ..good.clone() }, "round_day"),
        (NewRound { items: Vec::new(), ..good.clone() }, "round_items"),
        (NewRound { items: vec!["A7".to_owned()], ..good.clone() }, "round_item"),
        (NewRound { items: vec!["F2".to_owned()], ..good.clone() }, "round_item"),
        (NewRound { items: vec!["Z9".to_owned()], ..good.clone() }, "unknown_item"),
        (NewRound { groups: vec![p.app.other.group], ..good.clone() }, "round_groups"),
        (NewRound { eyes: vec![p.users[0].id], ..good.clone() }, "round_two"),
        (NewRound { eyes: vec![p.users[0].id; 2], ..good.clone() }, "round_two"),
        (NewRound { eyes: vec![p.users[0].id, stranger], ..good.clone() }, "not_an_inspector"),
    ];
    for (new, wanted) in wrong {
        assert_eq!(code(desk.open_round(&p.clerk, &new).await), wanted, "{new:?}");
    }
    let round = desk.open_round(&p.clerk, &good).await.unwrap().id;
    for (third, wanted) in [(p.users[0].id, "round_two"), (p.users[2].id, "done"), (stranger, "third_named")]
    {
        assert_eq!(code(desk.name_third(&p.clerk, round, third).await), wanted);
    }
    assert_eq!(code(desk.withdraw_round(&p.clerk, round, " ").await), "text_missing");
    p.app.finish().await;
}

#[tokio::test]
async fn a_round_goes_its_way_over_the_api_and_the_pages() {
    let p = Patch::new().await;
    let mut clerk = p.app.sign_in(Role::Clerk).await;
    let eyes: Vec<String> = p.users.iter().map(|u| u.id.to_string()).collect();
    let form = [("seen_on", "2026-06-03"), ("item", "D7"), ("first", &eyes[0]), ("second", &eyes[0])];
    let wrong = clerk.post_form("/clerk/inspections", &form).await.expect(422).text();
    assert!(wrong.contains("两位不同的检查员") && wrong.contains("checked"), "{wrong}");
    let form = [("seen_on", "2026-06-03"), ("item", "D7"), ("first", &eyes[0]), ("second", &eyes[1])];
    let at = clerk.post_form("/clerk/inspections", &form).await.expect(303).location().to_owned();
    let id = at.rsplit('/').next().unwrap().to_owned();
    let api = format!("/api/v1/inspections/{id}");
    assert_eq!(clerk.get_json("/api/v1/inspections").await[0]["id"], json!(id));

    let gold = p.app.desk.ruleset_for(p.book(), p.app.desk.today()).await.unwrap();
    let gold = format!("D7:{}", gold.item("D7").unwrap().grades()[0].code);
    let look = |key: &str, home: &str, marks: &[&str]| json!({ "key": key, "household": home, "seq": 1, "taken_at": "2026-06-03T02:00:00.123Z", "marks": marks });
    let mut first = p.app.sign_in_as(&p.users[0]).await;
    let mut second = p.app.sign_in_as(&p.users[1]).await;
    let brought =
        json!({ "looks": [look("a", "H0001", &[&gold]), look("b", "H0002", &[]), look("c", "H9999", &[])] });
    let told = first.post_json(&format!("{api}/looks"), &brought).await.expect(200).json();
    let outcomes: Vec<&str> =
        told.as_array().unwrap().iter().map(|t| t["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["taken", "taken", "refused"]);
    assert!(told[2]["detail"].as_str().unwrap().contains("H9999"), "{told}");
    let told = second.post_json(&format!("{api}/looks"), &brought).await.expect(200).json();
    assert_eq!(told[0]["outcome"], "taken");
    second.get(&api).await.expect(403);
    let own = first.get_json(&format!("{api}/households")).await;
    assert_eq!((&own["seq"], &own["households"][0]["marks"]), (&json!(1), &Value::from(gold.clone())));
    let page = first.get(&format!("/inspections/{id}")).await.expect(200).text();
    assert!(
        page.contains(&format!("H0001\t张建国1\tzjg\t0\t{gold}\nH0002\t张建国2\tzjg\t0\t-\nH0003")),
        "{page}"
    );
    assert!(first.get("/inspections").await.expect(200).text().contains("第1轮巡查"));
    p.app.sign_in(Role::Recorder).await.get(&format!("/inspections/{id}")).await.expect(404);

    clerk.post_form(&format!("{at}/third"), &[("third", &eyes[2])]).await.expect(303);
    assert!(clerk.get(&at).await.expect(200).text().contains("还有8户没有结论"));
    clerk.post_form(&format!("{at}/confirm"), &[]).await.expect(422);
    clerk.post_form(&format!("{at}/close"), &[]).await.expect(303);
    clerk.post_form(&format!("{at}/reopen"), &[]).await.expect(303);
    clerk.post_json(&format!("{api}/close"), &json!({})).await.expect(200);
    let tried = clerk.post_form(&format!("{at}/preview"), &[]).await.expect(200).text();
    assert!(tried.contains("记1条，共20分；没有记0条"), "{tried}");
    let tried = clerk.post_json(&format!("{api}/confirm?dry_run=true"), &json!({})).await.expect(200).json();
    assert_eq!((&tried[0]["household"], &tried[0]["award"]["points"]), (&json!("H0001"), &json!("20")));
    assert!(clerk.get_json(&api).await["recorded"] == json!(0));
    let done = clerk.post_form(&format!("{at}/confirm"), &[]).await.expect(200).text();
    assert!(done.contains("记1条，共20分"), "{done}");
    let file = clerk.get_json(&api).await;
    assert_eq!((&file["round"]["state"], &file["recorded"]), (&json!("confirmed"), &json!(1)));
    let mut tx = p.app.desk.db.begin_read().await.unwrap();
    let award = rows::awards(&mut tx, p.book(), id.parse().unwrap()).await.unwrap()[0].award_id;
    drop(tx);
    let history = clerk.get(&format!("/clerk/awards/{award}")).await.expect(200).text();
    assert!(
        history.contains("两人检查，结果一致") && history.contains("检查人：eye1（测试）、eye2（测试）"),
        "{history}"
    );
    p.app.finish().await;
}

#[tokio::test]
async fn the_page_of_a_whole_village_weighs_less_than_half_of_what_a_page_may() {
    let app = office_api::village().await;
    settle(&app, 1_155).await;
    let mut eyes = Vec::new();
    for login in ["eye1", "eye2"] {
        eyes.push(app.user(login, Role::Recorder, app.village.org).await);
    }
    let clerk = app.clerk(&app.village).await;
    let new = NewRound {
        seen_on: app.desk.today(),
        items: vec!["A1".to_owned(), "A2".to_owned()],
        groups: Vec::new(),
        eyes: eyes.iter().map(|u| u.id).collect(),
    };
    let round = app.desk.open_round(&clerk, &new).await.unwrap().id;
    let page = app.sign_in_as(&eyes[0]).await.get(&format!("/inspections/{round}")).await.expect(200);
    assert!(page.text().contains("H1155"));
    assert!(page.body.len() < 50 * 1024, "{} bytes", page.body.len());
    app.finish().await;
}
