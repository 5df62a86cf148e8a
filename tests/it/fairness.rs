//! Favouritism made visible: figures over a month that was made by hand, and the lines behind them.

use greencoin::{
    domain::{
        ids::{AwardId, UserId},
        time::Day,
    },
    service::{
        award::{NewAward, review::Verdict},
        caller::{Auditor, Recorder, Resident, Reviewer, Role, Staff},
        claim::{Claimant, hand_in::NewClaim},
        fairness::LinesAsked,
    },
    store::{fairness, identity, login},
};
use serde_json::json;

use crate::{
    claims::photo,
    hamlet::{Village, at, id},
    stall::Stall,
    support::TestApp,
};

pub const JULY: &str = "2026-07-01T08:00:00+08:00";

pub fn june() -> Day {
    "2026-06-15".parse().unwrap()
}

pub fn auditor(v: &Village) -> Staff {
    Staff { user: id(980), roles: vec![Role::Auditor], ..v.clerk.clone() }
}

pub fn reads(staff: &Staff) -> Auditor {
    Auditor::of(staff).unwrap()
}

async fn enter(v: &Village, by: &Staff, new: NewAward) -> AwardId {
    let key: uuid::Uuid = v.desk.id();
    v.desk.record_award(&Recorder::of(by).unwrap(), new, &key.to_string()).await.unwrap().id
}

async fn approve(v: &Village, by: &Staff, award: AwardId) {
    v.desk.review_award(&Reviewer::of(by).unwrap(), award, Verdict::Approve, "").await.unwrap();
}

/// Whoever signs in as `user` is that person, and holds an office.
async fn in_office(v: &Village, user: UserId, member: usize) {
    let mut tx = v.desk.db.begin_write().await.unwrap();
    login::insert(&mut tx, user, "cadre", "村干部", "", "active", v.desk.now()).await.unwrap();
    let grant: uuid::Uuid = v.desk.id();
    login::grant(&mut tx, grant, user, "clerk", v.clerk.org, v.desk.now(), "test").await.unwrap();
    identity::state(&mut tx, v.book, (user, 1), Some(v.people[member][0]), (v.desk.now(), "test"))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Awards of D3 posted in June for the first `n` households.
pub async fn posted(v: &Village, n: usize) -> Vec<AwardId> {
    let mut out = Vec::new();
    for household in 0..n {
        out.push(v.approved(household, "D3").await.id);
    }
    v.publish().await;
    v.clock.advance_seconds(9 * 86_400);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, n);
    out
}

#[tokio::test]
async fn the_figures_of_a_month_are_those_of_its_lines() {
    let v = Village::new().await;
    in_office(&v, id(981), 0).await;
    let both = Staff { roles: vec![Role::Clerk, Role::Reviewer], ..v.clerk.clone() };
    let other = Staff { roles: vec![Role::Clerk, Role::Reviewer], ..v.other_clerk.clone() };
    // thirteen by one of the two, eleven by the other, each approving the other's; three of them the cadre's
    let mut many = Vec::new();
    for n in 0..24 {
        let (by, checks) = if n < 13 { (&both, &other) } else { (&other, &both) };
        let award = enter(&v, by, v.claim(n % 8, "D3").await).await;
        approve(&v, checks, award).await;
        many.push(award);
    }
    v.publish().await;
    v.clock.advance_seconds(9 * 86_400);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 24);
    // one more before the month ends, measured in mu, which nobody has decided on
    v.clock.set(at("2026-06-29T08:00:00+08:00"));
    let mut straw = v.claim(1, "A7").await;
    straw.quantity = 5.into();
    let late = enter(&v, &both, straw).await;
    // and one that belongs to the next month
    v.clock.set(at(JULY));
    enter(&v, &both, v.claim(2, "D3").await).await;

    let by = reads(&auditor(&v));
    let f = v.desk.fairness(&by, june()).await.unwrap();
    assert_eq!((f.cadres.people.part, f.cadres.people.whole), (3, 24));
    assert_eq!((f.cadres.points.part, f.cadres.points.whole), (3 * 500, 24 * 500));
    assert_eq!((f.cadres.times(), f.cadres.stands_out()), (Some(100), false));
    assert_eq!((f.course.len(), f.course[11].1), (12, f.cadres));
    assert_eq!(f.course[10].1.points.whole, 0, "nothing was recorded in May");
    let counts: Vec<_> = f.recorders.iter().map(|(_, r)| (r.count.lines, r.count.homes)).collect();
    assert_eq!(counts, [(14, 8), (11, 8)]);
    assert!(f.pairs.len() == 2 && f.pairs.iter().all(|(_, _, p)| p.always_each_other));
    assert_eq!((f.month_end.lines.part, f.month_end.lines.whole), (1, 25));
    assert_eq!((f.round.part, f.round.whole), (1, 1));
    assert_eq!(f.reused, []);

    let lines = async |asked: LinesAsked| -> Vec<AwardId> {
        let (found, more) = v.desk.fairness_lines(&by, june(), &asked).await.unwrap();
        assert_eq!(more, None);
        found.into_iter().map(|l| l.award.id).collect()
    };
    let empty = LinesAsked::default();
    let clerk = v.clerk.actor().to_string();
    let reviewer = v.other_clerk.actor().to_string();
    let cadres = lines(LinesAsked { cadres: true, ..empty.clone() }).await;
    assert_eq!(cadres, [many[0], many[8], many[16]]);
    let pair = lines(LinesAsked { recorder: clerk.clone(), reviewer, ..empty.clone() }).await;
    assert_eq!(pair, many[..13]);
    assert_eq!(lines(LinesAsked { last_days: true, ..empty.clone() }).await, [late]);
    assert_eq!(lines(LinesAsked { measured: true, ..empty.clone() }).await, [late]);
    assert_eq!(lines(LinesAsked { recorder: clerk, ..empty.clone() }).await.len(), 14);
    assert_eq!(lines(empty).await.len(), 25);
}

#[tokio::test]
async fn a_photo_of_an_earlier_month_is_found_again() {
    let v = Village::new().await;
    let hand_in = async |household: usize, photo: Vec<u8>, key: &str| {
        let by = Claimant::Household(Resident { book: v.book, household: v.households[household] });
        let new = NewClaim {
            household: None,
            person: None,
            item: "D3".to_owned(),
            grade: None,
            quantity: 1.into(),
            occurred_on: v.desk.today(),
            words: String::new(),
            helper: String::new(),
            photo: Some(photo),
            voice: None,
        };
        v.desk.hand_in(&by, new, key).await.unwrap().no
    };
    let first = hand_in(0, photo(320, 240, 1), "1").await;
    v.clock.set(at(JULY));
    let smaller = hand_in(1, photo(160, 120, 1), "2").await;
    let same = hand_in(2, photo(320, 240, 1), "3").await;
    hand_in(3, photo(320, 240, 5), "4").await;
    let by = reads(&auditor(&v));
    let july = v.desk.fairness(&by, v.desk.today()).await.unwrap();
    let pairs: Vec<_> = july.reused.iter().map(|r| (r.photo.1, r.older.1, r.same)).collect();
    assert_eq!(pairs, [(same, smaller, false), (same, first, true), (smaller, first, false)]);
    assert_eq!(july.photos, 3);
    assert_eq!(v.desk.fairness(&by, june()).await.unwrap().reused, []);
}

/// The places of a month are found by halving: at every boundary the same as by looking at all of them.
#[tokio::test]
async fn an_award_counts_for_the_month_in_which_it_was_recorded_to_the_second() {
    let v = Village::new().await;
    for (n, instant) in
        ["2026-06-30T23:59:59+08:00", "2026-07-01T00:00:00+08:00", "2026-07-31T23:59:59+08:00"]
            .iter()
            .enumerate()
    {
        v.clock.set(at(instant));
        v.record(v.claim(n, "D3").await).await.unwrap();
    }
    let by = reads(&auditor(&v));
    let of = async |day: &str| v.desk.fairness(&by, day.parse().unwrap()).await.unwrap().month_end.lines;
    v.clock.set(at("2026-08-02T08:00:00+08:00"));
    let (june, july, august) = (of("2026-06-01").await, of("2026-07-31").await, of("2026-08-01").await);
    assert_eq!(
        [(june.part, june.whole), (july.part, july.whole), (august.part, august.whole)],
        [(1, 1), (1, 2), (0, 0)]
    );
    let mut tx = v.desk.db.begin_read().await.unwrap();
    assert_eq!(fairness::award_at(&mut tx, v.book, 4).await.unwrap(), None);
}

/// A posted award of June in the application, seen in July.
pub async fn application() -> Stall {
    let stall = Stall::new(50).await;
    stall.household(2, 10).await;
    let (_, text) = greencoin::domain::ruleset::shipped()[0];
    let set = stall.app.desk.publish_ruleset(greencoin::service::Actor::System, text).await.unwrap();
    let adoption = greencoin::service::rulesets::Adoption {
        hash: set.hash().to_owned(),
        from: stall.app.desk.today(),
        basis: "村民代表会议决议".to_owned(),
    };
    let actor = greencoin::service::Actor::System;
    stall.app.desk.adopt_ruleset(actor, stall.app.village.book, &adoption).await.unwrap();
    let mut clerk = stall.app.sign_in(Role::Clerk).await;
    let mut reviewer = stall.app.sign_in(Role::Reviewer).await;
    let line =
        json!({ "household": "H0002", "item": "D3", "occurred_on": "2026-06-03", "evidence": "台账3页" });
    let done = clerk.post_json("/api/v1/awards", &json!({ "lines": [line] })).await.expect(200).json();
    let word = json!({ "awards": [done["awards"][0]["id"]], "verdict": "approve" });
    reviewer.post_json("/api/v1/reviews", &word).await.expect(200);
    let sheet = json!({ "title": "六月公示", "fund": "Gift" });
    let sheet = clerk.post_json("/api/v1/notices", &sheet).await.expect(201).json();
    let notice = sheet["id"].as_str().unwrap();
    reviewer.post_json(&format!("/api/v1/notices/{notice}/publish"), &json!({})).await.expect(200);
    stall.app.clock.advance_seconds(9 * 86_400);
    stall.app.desk.post_due_lines(stall.app.village.book).await.unwrap();
    stall.app.clock.set(at(JULY));
    stall.app.desk.sign_head(stall.app.village.book).await.unwrap();
    stall
}

pub fn link(page: &str, start: &str) -> String {
    let (_, rest) =
        page.split_once(&format!("href=\"{start}")).unwrap_or_else(|| panic!("{start} in {page}"));
    format!("{start}{}", rest.split('"').next().unwrap()).replace("&#38;", "&").replace("&amp;", "&")
}

#[tokio::test]
async fn from_a_figure_it_is_two_steps_to_the_voucher() {
    let stall = application().await;
    let app: &TestApp = &stall.app;
    let mut auditor = app.sign_in(Role::Auditor).await;
    let page = auditor.get("/audit/fairness?month=2026-06").await.expect(200).text();
    for part in ["干部户得分占比", "1.5倍", "<svg", "记录人的集中程度", "整数", "重复的照片", "月末"]
    {
        assert!(page.contains(part), "{part}");
    }
    let lines = auditor.get(&link(&page, "/audit/fairness/lines?month=2026-06&#38;recorder=")).await;
    let voucher = link(&lines.expect(200).text(), "/audit/txn/");
    assert!(auditor.get(&voucher).await.expect(200).text().contains("D3"));
    auditor.get("/audit/fairness?month=yesterday").await.expect(422);
    let figures = auditor.get_json("/api/v1/audit/fairness?month=2026-06-01").await;
    assert_eq!(figures["recorders"][0]["lines"], json!({ "part": 1, "whole": 1, "per_mille": 1000 }));
    let behind = auditor.get_json("/api/v1/audit/fairness/lines?month=2026-06-01&of=last_days").await;
    assert_eq!(behind, json!([]));
    let mut town = app.sign_in(Role::Township).await;
    assert!(town.get("/township").await.expect(200).text().contains("/audit/fairness?v="));
    town.get(&format!("/audit/fairness?v={}&month=2026-06", app.village.no)).await.expect(200);
    for role in [Role::Clerk, Role::Reviewer, Role::Recorder, Role::Shopkeeper] {
        let mut other = app.sign_in(role).await;
        other.get("/audit/fairness").await.expect(403);
        other.get("/audit/call-backs").await.expect(403);
        other.get("/api/v1/audit/fairness").await.expect(403);
    }
    let mut home = app.sign_in_household(&app.village, "H0002").await;
    home.get("/audit/fairness").await.expect(403);
    stall.app.finish().await;
}
