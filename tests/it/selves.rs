//! One person, one login: whoever must be another person is one, whichever account they signed in with; and it is known
//! of everybody with a role of the village who they are.

use greencoin::{
    domain::{
        household::PersonNo,
        ids::{OrgId, UserId},
        kin::KinKind,
        panel::{BodyKind, Post, Seat},
    },
    service::{
        award::review::Verdict,
        caller::{Auditor, Bookkeeper, Clerk, Recorder, Reviewer, Role, Staff, Township},
        identity::{self, Who},
        inspection::open::NewRound,
        panel::bodies::NewBody,
        reminder::NewReminder,
    },
    store::{self, Db, identity as rows},
};
use sqlx::{AssertSqlSafe, Connection, Row, sqlite::SqliteConnectOptions};

use crate::{
    engine::{Engine, server},
    hamlet::{Village, refused},
    inspections::Patch,
    support::TestApp,
};

/// Says that whoever has an account lives in no household of the village that `org` is, or is in.
pub async fn outside(app: &TestApp, user: UserId, org: OrgId) {
    let mut tx = app.desk.db.begin_read().await.unwrap();
    let village = store::programme::above(&mut tx, org).await.unwrap();
    drop(tx);
    if let Some(village) = village {
        app.desk.state_identity(&app.admin, user, village.no, &Who::Outside, "").await.unwrap();
    }
}

fn person(ordinal: u32) -> Who {
    Who::Person(PersonNo::from_ordinal(ordinal))
}

/// Somebody as the register knows them now.
pub async fn known(v: &Village, staff: &Staff) -> Staff {
    let mut tx = v.desk.db.begin_read().await.unwrap();
    let known = identity::known(&mut tx, v.book, staff.user).await.unwrap();
    Staff { person: known.person, also: known.also, known: known.stated, ..staff.clone() }
}

#[tokio::test]
async fn a_person_has_one_login_and_another_takes_its_place_only_once_it_is_disabled() {
    let p = Patch::new().await;
    let (desk, admin, no) = (&p.app.desk, &p.app.admin, p.app.village.no);
    let [_, first, second] = [p.users[0].id, p.users[1].id, p.users[2].id];
    let say = async |user, who: Who, why: &str| desk.state_identity(admin, user, no, &who, why).await;
    assert_eq!(refused(say(first, person(1), " ").await), "text_missing", "outside was said before");
    say(first, person(1), "核对身份证").await.unwrap();
    say(first, person(1), "").await.unwrap();
    assert_eq!(refused(say(second, person(1), "同一个人").await), "person_has_login");
    desk.disable_user(admin, first, "手机丢了").await.unwrap();
    assert_eq!(refused(say(second, person(1), "").await), "text_missing");
    say(second, person(1), "换账号").await.unwrap();
    // the first is back, and still the same person
    desk.enable_user(admin, first, "误停用").await.unwrap();
    assert_eq!(refused(say(first, person(1), "换回来").await), "person_has_login");

    let eyes = vec![first, second];
    let round = NewRound {
        seen_on: desk.today(),
        items: vec!["A1".to_owned()],
        groups: Vec::new(),
        eyes: eyes.clone(),
    };
    assert_eq!(refused(desk.open_round(&p.clerk, &round).await), "round_two");
    let seats = eyes.iter().map(|user| Seat { user: *user, post: Post::Member }).collect();
    let basis = "村民代表会议决议".to_owned();
    let body = NewBody { kind: BodyKind::Committees, from: desk.today(), basis, seats };
    let township = Township::of(&p.app.staff(Role::Township, &p.app.village).await).unwrap();
    assert_eq!(refused(desk.name_body(&township, &body).await), "seat_twice");
    assert_eq!(p.eye(2).await.also, [first]);
    assert_eq!((p.eye(2).await.person, p.eye(1).await.person), (Some(p.heads[0]), Some(p.heads[0])));
    assert!(p.eye(2).await.known && !p.eye(1).await.known);

    let auditor = Auditor::of(&p.app.staff(Role::Auditor, &p.app.village).await).unwrap();
    let mut told: Vec<(String, String)> = desk
        .office_events(&auditor, None, 100)
        .await
        .unwrap()
        .into_iter()
        .filter(|e| e.verb.ends_with("link") && eyes.iter().any(|user| user.0 == e.subject_id))
        .map(|e| (e.verb, e.to.unwrap_or_default()))
        .collect();
    told.sort();
    let say = |verb: &str, to: &str| (verb.to_owned(), to.to_owned());
    let number = PersonNo::from_ordinal(1).to_string();
    let wanted =
        [say("link", "outside"), say("link", "outside"), say("relink", &number), say("relink", &number)];
    assert_eq!(told, [&wanted[..], &[say("unlink", "")]].concat());
    p.app.finish().await;
}

#[tokio::test]
async fn a_role_of_the_village_waits_until_it_is_said_who_the_login_is() {
    let p = Patch::new().await;
    let (desk, admin, village) = (&p.app.desk, &p.app.admin, &p.app.village);
    let user = p.app.user_without_role("newcomer").await.id;
    for role in [Role::Clerk, Role::Recorder, Role::Reviewer, Role::Shopkeeper] {
        assert_eq!(refused(desk.grant_role(admin, user, role, village.org).await), "identity_first");
    }
    assert_eq!(refused(desk.grant_role(admin, user, Role::Recorder, village.group).await), "identity_first");
    desk.grant_role(admin, user, Role::Auditor, village.org).await.unwrap();
    desk.state_identity(admin, user, village.no, &person(2), "").await.unwrap();
    desk.grant_role(admin, user, Role::Recorder, village.group).await.unwrap();

    // a role from before anybody had to say it, and one that somebody else slipped in
    let (old, bare) = (p.app.user_without_role("old").await.id, p.app.user_without_role("bare").await.id);
    let mut tx = desk.db.begin_write().await.unwrap();
    for one in [old, bare] {
        let grant: uuid::Uuid = desk.id();
        store::login::grant(&mut tx, grant, one, "recorder", village.org, desk.now(), "test").await.unwrap();
    }
    tx.commit().await.unwrap();
    let before = format!("UPDATE login_grant SET undeclared = 1 WHERE user_id = {}", literal(old.0));
    match &desk.db {
        Db::Sqlite { writer, .. } => {
            sqlx::raw_sql(AssertSqlSafe(before)).execute(writer).await.unwrap();
        }
        Db::Postgres(pool) => {
            sqlx::raw_sql(AssertSqlSafe(before)).execute(pool).await.unwrap();
        }
    }
    let staff = async |user| {
        let who = desk.staff_sign_in(user).await.unwrap().unwrap();
        desk.staff_for(&who, village.book).await.unwrap().unwrap()
    };
    let remind = async |by: &Staff| {
        let new = NewReminder {
            household: p.homes[4].1.parse().unwrap(),
            person: None,
            item: "F2".to_owned(),
            what: "请整改".to_owned(),
            given_on: desk.today(),
            fix_by: desk.today().plus(7),
        };
        desk.remind(&Recorder::of(by).unwrap(), &new).await
    };
    assert_eq!(refused(remind(&staff(bare).await).await), "identity_unsaid");
    remind(&staff(old).await).await.unwrap();

    let by = Bookkeeper::of(&p.clerk).unwrap();
    let listed = desk.who_is_who(&by).await.unwrap();
    let (first, rest) = listed.split_at(2);
    assert_eq!(first.iter().map(|one| one.login_name.as_str()).collect::<Vec<_>>(), ["bare", "old"]);
    assert!(first.iter().all(|one| one.who.is_none()) && rest.iter().all(|one| one.who.is_some()));
    let newcomer = rest.iter().find(|one| one.user == user).unwrap();
    assert_eq!((&newcomer.who, &newcomer.roles[..]), (&Some(person(2)), &[Role::Recorder][..]));
    assert_eq!((newcomer.at, newcomer.by.as_str()), (Some(desk.now()), "县管理员"));
    assert_eq!(desk.unsaid(&p.clerk).await.unwrap(), 2);

    let mut clerk = p.app.sign_in(Role::Clerk).await;
    assert!(clerk.get("/clerk").await.expect(200).text().contains("还有2个账号没有说明是谁"));
    assert!(clerk.get("/audit/people").await.expect(200).text().contains("没有说明"));
    let mut auditor = p.app.sign_in(Role::Auditor).await;
    assert_eq!(auditor.get_json("/api/v1/audit/people").await[0]["said"], false);
    assert!(auditor.get("/audit/people").await.expect(200).text().contains("还有2个账号"));
    assert!(auditor.get("/audit/fairness").await.expect(200).text().contains("还有2个账号"));
    desk.state_identity(admin, bare, village.no, &Who::Outside, "").await.unwrap();
    desk.state_identity(admin, old, village.no, &person(3), "").await.unwrap();
    remind(&staff(bare).await).await.unwrap();
    assert_eq!(desk.unsaid(&p.clerk).await.unwrap(), 0);
    p.app.finish().await;
}

#[tokio::test]
async fn what_one_login_of_a_person_did_no_other_of_theirs_decides() {
    let v = Village::new().await;
    let head = Some(v.people[5][0]);
    let stamp = (v.desk.now(), "test");
    let mut tx = v.desk.db.begin_write().await.unwrap();
    rows::state(&mut tx, v.book, (v.clerk.user, 1), head, stamp).await.unwrap();
    let twice = rows::state(&mut tx, v.book, (v.second.user, 1), head, stamp).await;
    assert!(matches!(twice, Err(store::StoreError::Duplicate)));
    drop(tx);
    let mut tx = v.desk.db.begin_write().await.unwrap();
    rows::state(&mut tx, v.book, (v.clerk.user, 1), head, stamp).await.unwrap();
    rows::end(&mut tx, v.book, v.clerk.user, stamp).await.unwrap();
    rows::state(&mut tx, v.book, (v.second.user, 1), head, stamp).await.unwrap();
    tx.commit().await.unwrap();
    let second = known(&v, &v.second).await;
    let by = Reviewer::of(&second).unwrap();

    let award = v.record(v.claim(0, "D3").await).await.unwrap();
    let said = v.desk.review_award(&by, award.id, Verdict::Approve, "").await;
    assert_eq!(refused(said), "own_record");
    assert!(v.desk.review_inbox(&by, None, 0, 50).await.unwrap().is_empty());
    let first = Reviewer::of(&v.reviewer).unwrap();
    v.desk.review_award(&first, award.id, Verdict::Approve, "").await.unwrap();
    let sheet = v.compile().await;
    assert_eq!(refused(v.desk.publish_notice(&by, sheet).await), "own_sheet");
    v.desk.publish_notice(&first, sheet).await.unwrap();
    v.clock.advance_seconds(8 * 86_400);
    v.desk.post_due_lines(v.book).await.unwrap();
    let seq = v.desk.award_file(v.book, award.id).await.unwrap().award.txn_seq.unwrap();
    let asked = v.desk.request_reversal(&v.clerk(), seq, "记错户").await.unwrap();
    assert_eq!(refused(v.desk.approve_reversal(&by, asked.id, "同意").await), "own_request");
    let other = Clerk::of(&v.other_clerk).unwrap();
    v.desk.refuse_reversal(&Reviewer::of(&v.third).unwrap(), asked.id, "不同意").await.unwrap();
    let asked = v.desk.request_reversal(&other, seq, "再请").await.unwrap();
    assert_eq!(refused(v.desk.approve_reversal(&by, asked.id, "同意").await), "own_record");

    let reminder = NewReminder {
        household: greencoin::domain::household::HouseholdNo::from_ordinal(1),
        person: None,
        item: "F2".to_owned(),
        what: "请整改".to_owned(),
        given_on: v.desk.today(),
        fix_by: v.desk.today().plus(7),
    };
    let given = v.desk.remind(&v.recorder(), &reminder).await.unwrap();
    let looks = Staff { roles: vec![Role::Recorder], ..second };
    let looked = v.desk.recheck(&Recorder::of(&looks).unwrap(), given.id, true, "已清").await;
    assert_eq!(refused(looked), "own_reminder");
}

#[tokio::test]
async fn kin_is_taken_back_with_a_day_by_another_and_days_before_still_see_it() {
    let v = Village::new().await;
    let no = async |household: usize| {
        let mut tx = v.desk.db.begin_read().await.unwrap();
        store::person::by_id(&mut tx, v.book, v.people[household][0]).await.unwrap().unwrap().no
    };
    let (clerk, theirs) = (no(5).await, no(0).await);
    let own = Staff { person: Some(v.people[5][0]), ..v.clerk.clone() };
    let own = Clerk::of(&own).unwrap();
    let record = async |key: &str| {
        let claim = v.claim(0, "D3").await;
        v.desk.record_award(&Recorder::of(&own).unwrap(), claim, key).await
    };
    let before = record("before").await.unwrap();
    v.desk.add_kin(&own, &clerk, &theirs, KinKind::Sibling).await.unwrap();
    assert_eq!(refused(v.desk.add_kin(&own, &theirs, &clerk, KinKind::Sibling).await), "kin_known");
    assert_eq!(refused(record("a").await), "kin_household");
    assert_eq!(refused(v.desk.withdraw_kin(&own, &theirs, &clerk, "断了").await), "own_kin");
    let other = Clerk::of(&v.other_clerk).unwrap();
    assert_eq!(refused(v.desk.withdraw_kin(&other, &theirs, &clerk, " ").await), "text_missing");

    // what was recorded before says so, while it waits for review
    let mut tx = v.desk.db.begin_write().await.unwrap();
    rows::state(&mut tx, v.book, (own.user, 1), own.person, (v.desk.now(), "test")).await.unwrap();
    tx.commit().await.unwrap();
    let tie = async || {
        let line = v.desk.lines_of(&v.reviewer, vec![before.clone()]).await.unwrap().remove(0);
        line.tie.map(|why| why.code)
    };
    assert_eq!(tie().await, Some("kin_household"));
    v.clock.advance_seconds(2 * 86_400);
    v.desk.withdraw_kin(&other, &theirs, &clerk, "登记错了").await.unwrap();
    assert_eq!(refused(v.desk.withdraw_kin(&other, &theirs, &clerk, "再来").await), "kin_unknown");
    assert_eq!(tie().await, None);
    record("b").await.unwrap();
    let yesterday = {
        let claim = v.claim(0, "D3").await;
        greencoin::service::award::NewAward { occurred_on: v.desk.today().plus(-1), ..claim }
    };
    let late = v.desk.record_award(&Recorder::of(&own).unwrap(), yesterday, "c").await;
    assert_eq!(refused(late), "kin_household");

    v.clock.advance_seconds(1);
    let ties = v.desk.kin_of(&own, &clerk).await.unwrap();
    assert_eq!(ties.len(), 1);
    assert_eq!((&ties[0].relative, ties[0].until), (&theirs, Some(v.desk.today())));
    v.desk.add_kin(&own, &theirs, &clerk, KinKind::Sibling).await.unwrap();
    assert_eq!(refused(record("d").await), "kin_household");
    let home = greencoin::domain::household::HouseholdNo::from_ordinal(1);
    let events = v.desk.household_file(&other, &home).await.unwrap().events;
    let kin: Vec<&str> =
        events.iter().filter(|e| e.verb.starts_with("kin")).map(|e| e.verb.as_str()).collect();
    assert_eq!(kin, ["kin", "kin_withdraw", "kin"]);
    assert!(events.iter().any(|e| e.reason.ends_with("sibling: 登记错了")));
}

/// The file, made if it is not there yet.
async fn lite(engine: &Engine) -> sqlx::SqliteConnection {
    let options: SqliteConnectOptions = engine.url.parse().unwrap();
    sqlx::SqliteConnection::connect_with(&options.create_if_missing(true)).await.unwrap()
}

fn literal(id: uuid::Uuid) -> String {
    if server().is_none() { format!("x'{}'", id.simple()) } else { format!("'{id}'") }
}

/// The schema as it was before links were one a person, with somebody who had three logins.
#[tokio::test]
async fn where_a_person_had_several_logins_the_earliest_keeps_them_and_nothing_is_forgotten() {
    let engine = Engine::fresh().await;
    let folder = format!(
        "{}/migrations/{}",
        env!("CARGO_MANIFEST_DIR"),
        if server().is_none() { "sqlite" } else { "postgres" }
    );
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let book = literal(uuid::Uuid::from_u128(1));
    let user = |n: u128| literal(uuid::Uuid::from_u128(100 + n));
    let (somebody, another) = (literal(uuid::Uuid::from_u128(201)), literal(uuid::Uuid::from_u128(202)));
    let mut old = Vec::new();
    for (n, at) in [(1_u128, 30), (2, 10), (3, 20), (4, 40)] {
        let login =
            format!("INSERT INTO login VALUES ({}, 'u{n}', 'u{n}', '', NULL, 0, 'active', {at})", user(n));
        let who = if n == 4 { &another } else { &somebody };
        old.push(login);
        old.push(format!("INSERT INTO login_person VALUES ({book}, {}, {who})", user(n)));
    }
    old.push(format!("INSERT INTO kin VALUES ({book}, {somebody}, {another}, 'sibling')"));
    let place = literal(uuid::Uuid::from_u128(300));
    old.push(format!("INSERT INTO org VALUES ({place}, NULL, 'village', 'rural', '村', 1, 20000, NULL)"));
    old.push(format!(
        "INSERT INTO login_grant VALUES ({place}, {}, 'clerk', {place}, 50, 'system', NULL)",
        user(1)
    ));
    let (before, after): (Vec<_>, Vec<_>) =
        files.iter().partition(|f| f.file_name().unwrap().to_str().unwrap() < "0025");
    let found = "SELECT user_id, state, ended_at IS NULL AS undated FROM login_person ORDER BY user_id";
    let left = "SELECT (SELECT COUNT(*) FROM kin WHERE until_on IS NULL) + (SELECT SUM(undeclared) FROM login_grant)";
    macro_rules! play {
        ($c:expr, $parents:literal) => {{
            let mut c = $c;
            for file in before {
                let text = std::fs::read_to_string(file).unwrap();
                sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut c).await.unwrap();
            }
            // people without their books: the links are what is tried here
            sqlx::raw_sql($parents).execute(&mut c).await.unwrap();
            for text in old {
                sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut c).await.unwrap();
            }
            for file in after {
                let text = std::fs::read_to_string(file).unwrap();
                sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut c).await.unwrap();
            }
            let rows = sqlx::query(found).fetch_all(&mut c).await.unwrap();
            let states: Vec<String> = rows.iter().map(|row| row.get("state")).collect();
            let left: i64 = sqlx::query_scalar(left).fetch_one(&mut c).await.unwrap();
            (states, left)
        }};
    }
    let done = match server() {
        None => {
            play!(lite(&engine).await, "PRAGMA foreign_keys = off")
        }
        Some(_) => play!(
            sqlx::PgConnection::connect(&engine.url).await.unwrap(),
            "SET session_replication_role = replica"
        ),
    };
    assert_eq!(done, (["ended", "holds", "ended", "holds"].map(str::to_owned).to_vec(), 2));
}
