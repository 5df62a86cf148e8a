//! Who was first: duplicates at the edge of their days, an earlier report that is not so or taken back, two at once; and what
//! the first earns under the caps.

use greencoin::{
    domain::{
        award::RefusalCode,
        household::HouseholdNo,
        matter::{MatterGrade, MatterKind},
    },
    service::{award::elsewhere::Rewarded, caller::Recorder, matter::check::NO_ITEM},
};

use super::Office;
use crate::hamlet::{at, refused};

#[tokio::test]
async fn a_duplicate_is_one_on_the_thirtieth_day_and_none_on_the_thirty_first() {
    let o = Office::new().await;
    let desk = &o.v.desk;
    o.v.clock.set(at("2026-06-03T23:50:00+08:00"));
    let first = o.report(0, MatterKind::Dirt, "1").await;
    o.accept(first.id).await.unwrap();
    o.v.clock.set(at("2026-07-03T23:59:00+08:00"));
    let on_the_30th = o.report(1, MatterKind::Dirt, "1").await;
    o.v.clock.set(at("2026-07-04T00:01:00+08:00"));
    let on_the_31st = o.report(2, MatterKind::Dirt, "1").await;
    let merged = desk.mark_duplicate(&o.recorder(), on_the_30th.id, first.no).await.unwrap();
    assert_eq!(
        (merged.state.as_str(), merged.first_id, merged.award_id),
        ("duplicate", Some(first.id), None)
    );
    assert_eq!(o.seen(1, merged.id).await.first, Some(first.no));
    let late = desk.mark_duplicate(&o.recorder(), on_the_31st.id, first.no).await;
    assert_eq!(refused(late), "matter_long_ago");
    assert!(o.accept(on_the_31st.id).await.unwrap().award_id.is_some(), "it is a report of its own");
    // nothing repeats a duplicate, itself, what came later, or what there is not
    let next = o.report(3, MatterKind::Dirt, "1").await;
    for no in [merged.no, next.no, next.no + 1, 0] {
        assert_eq!(refused(desk.mark_duplicate(&o.recorder(), next.id, no).await), "matter_not_first");
    }
}

#[tokio::test]
async fn the_later_report_is_the_first_valid_one_when_the_earlier_is_not_so_or_taken_back() {
    let o = Office::new().await;
    let desk = &o.v.desk;
    for (n, kind) in [(0, MatterKind::Dirt), (1, MatterKind::Broken)] {
        let early = o.report(0, kind, &format!("{n}")).await;
        let later = o.report(1, kind, &format!("{n}")).await;
        // nobody passes by whoever waits longer, and nothing repeats what nobody has looked at
        assert_eq!(refused(o.accept(later.id).await), "matter_earlier_waits");
        assert_eq!(refused(desk.mark_duplicate(&o.recorder(), later.id, early.no).await), "matter_not_first");
        match kind {
            MatterKind::Dirt => drop(desk.refuse_matter(&o.recorder(), early.id, "没有垃圾").await.unwrap()),
            _ => desk.withdraw_matter(&o.resident(0), early.id).await.unwrap(),
        }
        assert_eq!(refused(desk.mark_duplicate(&o.recorder(), later.id, early.no).await), "matter_not_first");
        assert!(o.accept(later.id).await.unwrap().award_id.is_some());
    }
    // another kind, or another group, waits for nobody
    o.report(0, MatterKind::Danger, "x").await;
    let elsewhere = o.report(4, MatterKind::Danger, "x").await;
    assert!(desk.accept_matter(&o.recorder(), elsewhere.id, MatterGrade::Hard, None).await.is_ok());
}

#[tokio::test]
async fn of_two_reports_decided_at_once_one_is_first() {
    let o = Office::new().await;
    let desk = &o.v.desk;
    let one = o.report(0, MatterKind::Danger, "1").await;
    let other = o.report(1, MatterKind::Danger, "1").await;
    let by = (o.recorder(), Recorder::of(&o.v.other_clerk).unwrap());
    let (a, b) = tokio::join!(
        desk.accept_matter(&by.0, one.id, MatterGrade::Large, None),
        desk.mark_duplicate(&by.1, other.id, one.no),
    );
    assert!(a.unwrap().award_id.is_some());
    match b {
        Ok(row) => assert_eq!(row.state, "duplicate"),
        Err(_) => drop(desk.mark_duplicate(&by.1, other.id, one.no).await.unwrap()),
    }
    // and of two people who decide on the same report, one does
    let both = o.report(2, MatterKind::Danger, "1").await;
    let (a, b) = tokio::join!(o.accept(both.id), desk.refuse_matter(&by.1, both.id, "没有"));
    assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1);
    assert_eq!(refused(if a.is_ok() { b } else { a }), "matter_moved_on");
}

#[tokio::test]
async fn caps_hold_and_a_report_over_them_is_true_all_the_same() {
    let o = Office::new().await;
    let desk = &o.v.desk;
    let mut earned = Vec::new();
    for n in 0..4 {
        let row = o.report(0, MatterKind::Danger, &n.to_string()).await;
        let row = desk.accept_matter(&o.recorder(), row.id, MatterGrade::Large, None).await.unwrap();
        let award = match row.award_id {
            Some(id) => Some(desk.award_file(o.v.book, id).await.unwrap().award),
            None => None,
        };
        earned.push((award.as_ref().map(|a| (a.points, a.route.clone())), row.unpaid, row.state));
    }
    let paid = (Some((2_000, "R2".to_owned())), None, "accepted".to_owned());
    let spent = (None, Some(RefusalCode::CapReached.as_str().to_owned()), "accepted".to_owned());
    assert_eq!(earned, [paid.clone(), paid, spent.clone(), spent]);
    // the numbers of awards have no gap
    let next = o.v.record(o.v.claim(1, "D3").await).await.unwrap();
    assert_eq!(next.no, 3);
    // rewarded elsewhere already: nothing twice
    let row = o.report(2, MatterKind::Danger, "x").await;
    let name = format!("事项{}号", row.no);
    let paid = Rewarded {
        household: HouseholdNo::from_ordinal(3),
        programme: "RS-4/V3".to_owned(),
        event_key: name,
        basis: "举报奖励发放表".to_owned(),
    };
    desk.note_elsewhere(&o.recorder(), &paid).await.unwrap();
    let row = o.accept(row.id).await.unwrap();
    assert_eq!((row.award_id, row.unpaid.as_deref()), (None, Some("exclusive")));
    assert_ne!(row.unpaid.as_deref(), Some(NO_ITEM));
}
