//! What a matter brings beside its award: more to whoever mended it, and a pause to whoever reports in bad faith.

use greencoin::{
    domain::matter::{MatterGrade, MatterKind, MatterState},
    service::{
        award::review::Verdict,
        caller::{Reviewer, Role, Staff},
        matter::report::NewMatter,
    },
};

use super::{Office, saw};
use crate::hamlet::refused;

const DAY: i64 = 86_400;

#[tokio::test]
async fn whoever_mended_what_they_reported_earns_five_more_by_the_same_way() {
    let o = Office::new().await;
    let (desk, v) = (&o.v.desk, &o.v);
    let row = o.report(0, MatterKind::Broken, "k").await;
    let row = desk.accept_mended_matter(&o.recorder(), row.id, MatterGrade::Tiny, None).await.unwrap();
    assert_eq!((row.state.as_str(), row.mended, row.unpaid), ("accepted", true, None));
    let (report, mended) = (row.award_id.unwrap(), row.mended_award_id.unwrap());
    let award = desk.award_file(v.book, mended).await.unwrap().award;
    assert_eq!((award.item.as_str(), award.points, award.household_id), ("V4", 500, v.households[0]));
    // who recorded it, and who reported it, review neither
    let both = Staff { roles: vec![Role::Reviewer], ..o.clerk.clone() };
    let by = Reviewer::of(&both).unwrap();
    for id in [report, mended] {
        assert_eq!(refused(desk.review_award(&by, id, Verdict::Approve, "").await), "own_record");
        v.approve(id).await;
    }
    let sheet = v.publish().await;
    let shown = desk.sheet(v.book, sheet).await.unwrap();
    assert!(shown.lines.iter().all(|l| l.name.zh == "平安建设"), "the sheet tells nothing of it");
    v.clock.advance_seconds(7 * DAY);
    desk.post_due_lines(v.book).await.unwrap();
    assert_eq!(v.available(0).await, 1_000);
    // without the tick there is no more than the report's
    let row = o.report(1, MatterKind::Dirt, "k2").await;
    let row = o.accept(row.id).await.unwrap();
    assert_eq!((row.mended, row.mended_award_id), (false, None));
}

#[tokio::test]
async fn twice_in_bad_faith_pauses_reports_for_ninety_days_but_a_danger_is_heard_without_points() {
    let o = Office::new().await;
    let desk = &o.v.desk;
    let bad = async |household: usize, key: &str| {
        let row = o.report(household, MatterKind::Other, key).await;
        let row = desk.refuse_malicious_matter(&o.recorder(), row.id, "编的").await.unwrap();
        assert!(row.malicious && row.state == MatterState::Invalid.as_str());
    };
    bad(0, "a").await;
    o.report(0, MatterKind::Dirt, "once is no pause").await;
    // what was merely not so does not count
    let row = o.report(0, MatterKind::Broken, "b").await;
    desk.refuse_matter(&o.recorder(), row.id, "没有坏").await.unwrap();
    o.v.clock.advance_seconds(DAY);
    bad(0, "c").await;
    o.v.clock.advance_seconds(60);
    let until = desk.today().plus(90).to_string();
    let new = |kind: MatterKind| -> NewMatter { saw(kind) };
    let no = o.try_report(0, new(MatterKind::Dirt), "d").await;
    let greencoin::service::ServiceError::Refused(no) = no.unwrap_err() else { panic!("not a refusal") };
    assert_eq!((no.code, no.facts["until"].as_str()), ("matter_paused", until.as_str()));
    let fire = o.try_report(0, new(MatterKind::Danger), "e").await.unwrap();
    let fire = desk.accept_mended_matter(&o.recorder(), fire.id, MatterGrade::Large, None).await.unwrap();
    assert_eq!((fire.state.as_str(), fire.unpaid.as_deref()), ("accepted", Some("paused")));
    assert_eq!((fire.award_id, fire.mended_award_id), (None, None));
    // the neighbours report as before
    o.report(1, MatterKind::Nuisance, "f").await;
    o.v.clock.advance_seconds(91 * DAY);
    o.report(0, MatterKind::Nuisance, "g").await;
}
