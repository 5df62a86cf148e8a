//! Recognition: honours confirmed by a second person, of which the highest is claimed; red lists that show nobody who does
//! not agree, hang their days and go. Every step and every forbidden one.

use greencoin::{
    cli,
    domain::{
        household::HouseholdNo,
        recognition::{Consent, Level},
    },
    http::{AppState, state::Site},
    jobs,
    service::{
        award::NewAward,
        caller::{Clerk, Resident, Reviewer, Role, Staff},
        honours::NewHonour,
        red_list::{NewRedList, Speaker},
    },
    store::{honour::HonourRow, person, red_list::RedListRow},
    web,
};
use serde_json::json;

use crate::{
    hamlet::{Village, refused},
    support::Client,
};

const DAY: i64 = 86_400;

fn reviewer(v: &Village) -> Reviewer {
    Reviewer::of(&v.reviewer).unwrap()
}

fn granted(v: &Village, household: u32, level: Level) -> NewHonour {
    NewHonour {
        household: HouseholdNo::from_ordinal(household + 1),
        title: "孝老爱亲家庭".to_owned(),
        level,
        granted_by: "县委宣传部".to_owned(),
        granted_on: v.desk.today(),
        document: format!("文件 {}", level.as_str()),
    }
}

pub async fn honour(v: &Village, household: u32, level: Level, confirmed: bool) -> HonourRow {
    let new = granted(v, household, level);
    let row = v.desk.record_honour(&v.clerk(), &new).await.unwrap();
    assert_eq!(v.desk.record_honour(&v.clerk(), &new).await.unwrap().id, row.id, "the same honour");
    if confirmed {
        return v.desk.confirm_honour(&reviewer(v), row.id).await.unwrap();
    }
    row
}

#[tokio::test]
async fn only_the_highest_confirmed_honour_of_a_year_becomes_an_award_and_once() {
    let v = Village::new().await;
    let village = honour(&v, 0, Level::Village, true).await;
    let county = honour(&v, 0, Level::County, false).await;
    assert_eq!(refused(v.desk.claim_honour(&v.clerk(), county.id, "k0").await), "honour_not_confirmed");
    v.desk.confirm_honour(&reviewer(&v), county.id).await.unwrap();
    assert_eq!(refused(v.desk.claim_honour(&v.clerk(), village.id, "k1").await), "honour_not_highest");
    let award = v.desk.claim_honour(&v.clerk(), county.id, "k2").await.unwrap();
    assert_eq!((award.item.as_str(), award.grade.as_deref(), award.points), ("D2", Some("county"), 4_000));
    assert_eq!(v.desk.claim_honour(&v.clerk(), county.id, "k2").await.unwrap().id, award.id, "once");
    assert_eq!(refused(v.desk.withdraw_honour(&v.clerk(), county.id).await), "honour_claimed");
    v.desk.withdraw_honour(&v.clerk(), village.id).await.unwrap();
    assert_eq!(refused(v.desk.withdraw_honour(&v.clerk(), village.id).await), "state_changed");
    assert_eq!(refused(v.desk.confirm_honour(&reviewer(&v), village.id).await), "state_changed");
}

#[tokio::test]
async fn a_lower_honour_of_the_year_does_not_count_whether_it_comes_before_the_higher_or_after_it() {
    let v = Village::new().await;
    let claim = async |id| v.desk.claim_honour(&v.clerk(), id, &v.desk.random_hex()).await;
    let town = honour(&v, 0, Level::Town, true).await;
    assert_eq!(claim(town.id).await.unwrap().points, 2_000);
    let county = honour(&v, 0, Level::County, true).await;
    assert_eq!(claim(county.id).await.unwrap().points, 2_000, "what is missing to the higher one");

    let county = honour(&v, 1, Level::County, true).await;
    assert_eq!(claim(county.id).await.unwrap().points, 4_000);
    let town = honour(&v, 1, Level::Town, true).await;
    assert_eq!(refused(claim(town.id).await), "honour_not_highest");
    let by_hand = NewAward { grade: Some("town".to_owned()), ..v.claim(1, "D2").await };
    assert_eq!(refused(v.record(by_hand).await), "highest_only", "nor by another way");
    let other = NewHonour { title: "最美庭院".to_owned(), ..granted(&v, 1, Level::County) };
    let other = v.desk.record_honour(&v.clerk(), &other).await.unwrap();
    v.desk.confirm_honour(&reviewer(&v), other.id).await.unwrap();
    assert_eq!(refused(claim(other.id).await), "highest_only", "of two alike one counts");
    let last_year = NewHonour { granted_on: "2025-12-31".parse().unwrap(), ..granted(&v, 1, Level::Town) };
    let last_year = v.desk.record_honour(&v.clerk(), &last_year).await.unwrap();
    v.desk.confirm_honour(&reviewer(&v), last_year.id).await.unwrap();
    assert_eq!(
        refused(claim(last_year.id).await),
        "no_rules_in_force",
        "each year has its own highest and its own rules"
    );
}

#[tokio::test]
async fn what_a_household_was_honoured_and_praised_for_goes_with_its_last_person() {
    let v = Village::new().await;
    let granted = honour(&v, 2, Level::Town, true).await;
    let list = proposed(&v).await;
    for household in 0..3 {
        says(&v, &list, household, Consent::Given).await;
    }
    v.desk.approve_red_list(&reviewer(&v), list.id).await.unwrap();
    v.desk.show_red_list(&v.clerk(), list.id).await.unwrap();
    for who in &v.people[2] {
        assert!(public(&v).await.contains("照顾邻居老人"), "somebody is there still");
        assert_eq!(v.desk.honour(v.book, granted.id).await.unwrap().title, "孝老爱亲家庭");
        let mut tx = v.desk.db.begin_read().await.unwrap();
        let no = person::by_id(&mut tx, v.book, *who).await.unwrap().unwrap().no;
        drop(tx);
        v.desk.leave_household(&v.clerk(), &no, v.desk.today(), "迁出").await.unwrap();
        v.desk.erase_person(&v.clerk().actor(), v.book, &no, "本人申请").await.unwrap();
    }
    let row = v.desk.honour(v.book, granted.id).await.unwrap();
    assert_eq!([row.title, row.granted_by, row.document], ["", "", ""]);
    let file = v.desk.red_list(v.book, list.id).await.unwrap();
    let said: Vec<(&str, &str)> =
        file.entries.iter().map(|p| (p.entry.deed.as_str(), p.entry.consent.as_str())).collect();
    assert_eq!(said, [("主动清理沟渠", "given"), ("教老人用手机", "given"), ("", "refused")]);
    let left = v.desk.shown_red_lists(v.book).await.unwrap();
    assert_eq!(left[0].entries.len(), 2, "it is shown no more");
}

#[tokio::test]
async fn nobody_praises_their_own_household_or_signs_for_it() {
    let v = Village::new().await;
    let list = proposed(&v).await;
    let own = Clerk::of(&Staff { person: Some(v.people[0][0]), ..v.other_clerk.clone() }).unwrap();
    let entries = vec![(HouseholdNo::from_ordinal(1), "热心".to_owned())];
    let new = NewRedList { title: "红榜".to_owned(), basis: "评议".to_owned(), entries };
    assert_eq!(refused(v.desk.propose_red_list(&own, &new).await), "own_household");
    let paper = Speaker::Proxy(own, v.households[0]);
    assert_eq!(refused(v.desk.answer_red_list(&paper, list.id, Consent::Given).await), "own_household");
}

#[tokio::test]
async fn an_honour_is_confirmed_by_a_second_person_who_is_no_kin() {
    let v = Village::new().await;
    let row = honour(&v, 0, Level::Town, false).await;
    let both = Staff { roles: vec![Role::Clerk, Role::Reviewer], ..v.clerk.clone() };
    assert_eq!(refused(v.desk.confirm_honour(&Reviewer::of(&both).unwrap(), row.id).await), "own_record");
    let kin = Staff { person: Some(v.people[0][1]), ..v.third.clone() };
    assert_eq!(refused(v.desk.confirm_honour(&Reviewer::of(&kin).unwrap(), row.id).await), "own_household");
    let first = v.desk.confirm_honour(&reviewer(&v), row.id).await.unwrap();
    assert_eq!(v.desk.confirm_honour(&reviewer(&v), row.id).await.unwrap(), first, "the same answer again");
}

/// An honour and a red list of household H0002, entered by a clerk over the API: their ids.
pub async fn papers(clerk: &mut Client) -> (String, String) {
    let honour = json!({
        "household": "H0002", "title": "文明家庭", "level": "town", "granted_by": "镇政府",
        "granted_on": "2026-06-01", "document": "文明办3号",
    });
    let praise = json!([{ "household": "H0002", "deed": "照看邻居" }]);
    let list = json!({ "title": "六月红榜", "basis": "村民评议", "households": praise });
    let honour = clerk.post_json("/api/v1/honours", &honour).await.expect(201).json();
    let list = clerk.post_json("/api/v1/red-lists", &list).await.expect(201).json();
    (honour["id"].as_str().unwrap().to_owned(), list["id"].as_str().unwrap().to_owned())
}

async fn proposed(v: &Village) -> RedListRow {
    let one = |n: u32, deed: &str| (HouseholdNo::from_ordinal(n), deed.to_owned());
    let entries = vec![one(3, "照顾邻居老人"), one(1, "主动清理沟渠"), one(2, "教老人用手机")];
    let new =
        NewRedList { title: "六月红榜".to_owned(), basis: "6月1日村民评议".to_owned(), entries };
    v.desk.propose_red_list(&v.clerk(), &new).await.unwrap()
}

async fn says(v: &Village, list: &RedListRow, household: usize, consent: Consent) {
    let by = Speaker::Resident(Resident { book: v.book, household: v.households[household] });
    v.desk.answer_red_list(&by, list.id, consent).await.unwrap();
}

async fn public(v: &Village) -> String {
    let app = cli::app(AppState::new(v.desk.clone(), Site::default(), None, web::frame::error_page));
    Client::of(app).get("/board/1/red-lists").await.expect(200).text()
}

#[tokio::test]
async fn a_red_list_hangs_with_those_who_agree_until_they_take_it_back_or_its_days_are_over() {
    let v = Village::new().await;
    let list = proposed(&v).await;
    says(&v, &list, 0, Consent::Given).await;
    says(&v, &list, 1, Consent::Refused).await;
    assert_eq!(refused(v.desk.approve_red_list(&reviewer(&v), list.id).await), "red_list_unanswered");
    let paper = Speaker::Proxy(v.clerk(), v.households[2]);
    v.desk.answer_red_list(&paper, list.id, Consent::Given).await.unwrap();
    assert_eq!(refused(v.desk.show_red_list(&v.clerk(), list.id).await), "state_changed");
    v.desk.approve_red_list(&reviewer(&v), list.id).await.unwrap();
    assert!(public(&v).await.contains("现在没有红榜"));
    v.desk.show_red_list(&v.clerk(), list.id).await.unwrap();
    let page = public(&v).await;
    let (one, three) = (page.find("主动清理沟渠").unwrap(), page.find("照顾邻居老人").unwrap());
    assert!(one < three, "by household number: {page}");
    assert!(page.contains("一组 张*国") && page.contains("6月1日村民评议"), "{page}");
    assert!(!page.contains("教老人用手机") && !page.contains("张建国") && !page.contains("H0001"), "{page}");
    says(&v, &list, 2, Consent::Refused).await;
    assert!(!public(&v).await.contains("照顾邻居老人"), "a no counts at once");
    let by = Speaker::Resident(Resident { book: v.book, household: v.households[2] });
    let again = v.desk.answer_red_list(&by, list.id, Consent::Given).await;
    assert_eq!(refused(again), "red_list_over", "what hangs was approved without it");
    v.clock.advance_seconds(30 * DAY - 1);
    assert!(public(&v).await.contains("主动清理沟渠"));
    v.clock.advance_seconds(1);
    assert!(public(&v).await.contains("现在没有红榜"), "gone even when no job came by");
    let tick = jobs::tick(&v.desk).await.unwrap();
    assert_eq!((tick.red_lists, jobs::tick(&v.desk).await.unwrap().red_lists), (1, 0));
    assert_eq!(v.desk.red_list(v.book, list.id).await.unwrap().list.state, "taken_down");
    assert_eq!(refused(v.desk.end_red_list(&v.clerk(), list.id).await), "state_changed");
}

#[tokio::test]
async fn a_red_list_is_approved_by_a_second_person_of_no_household_on_it_and_only_if_somebody_agrees() {
    let v = Village::new().await;
    let list = proposed(&v).await;
    for household in 0..3 {
        says(&v, &list, household, Consent::Refused).await;
    }
    assert_eq!(refused(v.desk.approve_red_list(&reviewer(&v), list.id).await), "red_list_nobody");
    says(&v, &list, 0, Consent::Given).await;
    let both = Staff { roles: vec![Role::Clerk, Role::Reviewer], ..v.clerk.clone() };
    assert_eq!(refused(v.desk.approve_red_list(&Reviewer::of(&both).unwrap(), list.id).await), "own_record");
    let praised = Staff { person: Some(v.people[1][0]), ..v.third.clone() };
    let by = Reviewer::of(&praised).unwrap();
    assert_eq!(refused(v.desk.approve_red_list(&by, list.id).await), "own_household");
    v.desk.approve_red_list(&reviewer(&v), list.id).await.unwrap();
    says(&v, &list, 0, Consent::Refused).await;
    assert_eq!(refused(v.desk.show_red_list(&v.clerk(), list.id).await), "red_list_nobody");
    v.desk.end_red_list(&v.clerk(), list.id).await.unwrap();
    assert_eq!(v.desk.red_list(v.book, list.id).await.unwrap().list.state, "withdrawn");
    let by = Speaker::Resident(Resident { book: v.book, household: v.households[1] });
    assert_eq!(refused(v.desk.answer_red_list(&by, list.id, Consent::Given).await), "red_list_over");
}
