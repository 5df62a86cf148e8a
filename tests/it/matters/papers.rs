//! What is kept of a matter and who may see it: photos used before, erasure, three years, what everybody reads.

use greencoin::{
    domain::matter::{MatterKind, MatterState},
    jobs,
    service::{
        caller::{Handler, Role, Staff},
        claim::{Claimant, hand_in::NewClaim},
        matter::{photo::Other, report::NewMatter},
    },
    store::person,
};

use super::{Office, saw};
use crate::{claims::photo, hamlet::refused};

#[tokio::test]
async fn a_photo_used_before_is_noticed_on_matters_and_on_claims() {
    let o = Office::new().await;
    let desk = &o.v.desk;
    let with =
        |seed, side| NewMatter { photo: Some(photo(side, side * 3 / 4, seed)), ..saw(MatterKind::Dirt) };
    let first = o.try_report(0, with(1, 1_200), "1").await.unwrap();
    let smaller = o.try_report(1, with(1, 640), "1").await.unwrap();
    let other = o.try_report(2, with(5, 1_200), "1").await.unwrap();
    let claim = NewClaim {
        household: None,
        person: None,
        item: "D3".to_owned(),
        grade: None,
        quantity: 1.into(),
        occurred_on: desk.today(),
        words: String::new(),
        helper: String::new(),
        photo: Some(photo(1_200, 900, 1)),
        voice: None,
    };
    let claim = desk.hand_in(&Claimant::Household(o.resident(3)), claim, "1").await.unwrap();
    let like = async |id| desk.photos_like_matter(o.v.book, id).await.unwrap();
    let seen = like(first.id).await;
    assert_eq!(
        seen.iter().map(|a| (a.other, a.same)).collect::<Vec<_>>(),
        [(Other::Matter(smaller.id), false), (Other::Claim(claim.id), true),]
    );
    assert!(like(other.id).await.is_empty());
    let seen = desk.matter_photos_like_claim(o.v.book, claim.id).await.unwrap();
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().any(|a| a.other == Other::Matter(first.id) && a.same));
}

#[tokio::test]
async fn photo_and_words_are_for_those_concerned_and_can_be_erased() {
    let o = Office::new().await;
    let desk = &o.v.desk;
    let new = NewMatter { photo: Some(photo(320, 240, 2)), ..saw(MatterKind::Dirt) };
    let row = o.try_report(0, new.clone(), "1").await.unwrap();
    desk.own_matter_photo(&o.resident(0), row.id).await.unwrap();
    assert!(desk.own_matter_photo(&o.resident(1), row.id).await.is_err());
    assert!(desk.own_matter(&o.resident(1), row.id).await.is_err());
    assert!(desk.withdraw_matter(&o.resident(1), row.id).await.is_err());
    let staff = |role| Staff { roles: vec![role], ..o.v.third.clone() };
    for role in [Role::Clerk, Role::Reviewer, Role::Auditor, Role::Township] {
        desk.matter_photo(&staff(role), row.id).await.unwrap();
    }
    assert!(desk.matter_photo(&staff(Role::Shopkeeper), row.id).await.is_err());
    assert_eq!(refused(desk.erase_matter_papers(&o.recorder(), row.id, " ").await), "text_missing");
    desk.erase_matter_papers(&o.recorder(), row.id, "照片里有人脸").await.unwrap();
    assert!(desk.matter_photo(&o.clerk, row.id).await.is_err());
    let seen = o.seen(0, row.id).await;
    assert!(seen.row.words.is_empty() && seen.photo.as_ref().unwrap().erased_at.is_some());
    assert_eq!(seen.photo.unwrap().digest.len(), 32, "the digest stays");
    let life = desk.matter_life(&Handler::of(&o.clerk).unwrap(), row.id).await.unwrap();
    assert!(life.iter().any(|e| (e.verb.as_str(), e.reason.as_str()) == ("erase", "照片里有人脸")));
    // taking it back erases, too
    let second = o.try_report(0, new, "2").await.unwrap();
    desk.withdraw_matter(&o.resident(0), second.id).await.unwrap();
    let seen = o.seen(0, second.id).await;
    assert!(seen.row.words.is_empty() && seen.photo.unwrap().erased_at.is_some());
}

/// Three years for photos; what the last person of a household wrote, and was told, goes with that person.
#[tokio::test]
async fn papers_go_with_their_people_and_after_three_years() {
    let o = Office::new().await;
    let desk = &o.v.desk;
    let new = NewMatter { photo: Some(photo(320, 240, 3)), ..saw(MatterKind::Dirt) };
    let row = o.try_report(0, new.clone(), "1").await.unwrap();
    desk.refuse_matter(&o.recorder(), row.id, "李四说不是").await.unwrap();
    let theirs = o.try_report(1, new, "1").await.unwrap();
    o.v.clock.advance_seconds(86_400);
    for id in &o.v.people[0] {
        let mut tx = desk.db.begin_read().await.unwrap();
        let no = person::by_id(&mut tx, o.v.book, *id).await.unwrap().unwrap().no;
        drop(tx);
        desk.leave_household(&o.v.clerk(), &no, desk.today(), "迁出").await.unwrap();
        desk.erase_person(&o.v.clerk().actor(), o.v.book, &no, "本人申请").await.unwrap();
    }
    let seen = o.seen(0, row.id).await;
    assert!(seen.row.words.is_empty() && seen.row.remark.is_empty());
    assert!(seen.photo.unwrap().erased_at.is_some());
    let kept = o.seen(1, theirs.id).await;
    assert!(!kept.row.words.is_empty() && kept.photo.unwrap().erased_at.is_none());
    o.v.clock.advance_seconds(3 * 366 * 86_400 - 2 * 86_400);
    jobs::tick(desk).await.unwrap();
    assert!(o.seen(1, theirs.id).await.photo.unwrap().erased_at.is_none(), "not a day early");
    o.v.clock.advance_seconds(3 * 86_400);
    assert_eq!(jobs::tick(desk).await.unwrap().erased, 1);
    assert!(o.seen(1, theirs.id).await.photo.unwrap().erased_at.is_some());
}

#[tokio::test]
async fn everybody_reads_of_closed_matters_only_and_nothing_that_tells_who_or_what() {
    let o = Office::new().await;
    let desk = &o.v.desk;
    o.bring(0, "open", MatterState::Verified).await;
    o.v.clock.advance_seconds(86_400);
    let closed = o.bring(1, "closed", MatterState::Closed).await;
    let shown = desk.closed_matters(o.v.book, i64::MAX).await.unwrap();
    assert_eq!(shown.len(), 1);
    let text = format!("{shown:?}");
    assert_eq!(shown[0].no, closed.no);
    for secret in ["路灯", "张三", "换了灯泡", "H000", "张建国", "李秀英"] {
        assert!(!text.contains(secret), "{text}");
    }
    assert!(desk.closed_matters(o.v.book, closed.no).await.unwrap().is_empty());
}
