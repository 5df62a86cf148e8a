//! Claims: from a household's phone to a posted award, by kin, by the group head, on paper; photos that came before;
//! everything that is forbidden.

use greencoin::{
    domain::{
        claim::{ClaimState, Progress},
        due_process::ReviewStep,
        household::HouseholdNo,
        ids::HouseholdId,
    },
    jobs,
    service::{
        ServiceError, ServiceResult,
        award::NewAward,
        award::review::Verdict,
        caller::{Recorder, Resident, Reviewer, Role, Staff},
        claim::{Claimant, hand_in::NewClaim, handle::Found},
        objection::{Finding, Objector},
        picture,
    },
    store::{claim::ClaimRow, person},
};
use image::{ExtendedColorType, ImageEncoder, codecs::jpeg::JpegEncoder};

use crate::hamlet::{Village, refused};

/// What a household says it did today.
fn said(v: &Village, item: &str) -> NewClaim {
    NewClaim {
        household: None,
        person: None,
        item: item.to_owned(),
        grade: None,
        quantity: 1.into(),
        occurred_on: v.desk.today(),
        words: "帮隔壁王奶奶收了一下午玉米".to_owned(),
        helper: String::new(),
        photo: None,
        voice: None,
    }
}

fn resident(v: &Village, household: usize) -> Resident {
    Resident { book: v.book, household: v.households[household] }
}

async fn hand_in(v: &Village, household: usize, new: NewClaim, key: &str) -> ServiceResult<ClaimRow> {
    v.desk.hand_in(&Claimant::Household(resident(v, household)), new, key).await
}

fn found(v: &Village) -> Found {
    Found {
        person: None,
        grade: None,
        quantity: 1.into(),
        occurred_on: v.desk.today(),
        event_key: None,
        note: String::new(),
    }
}

/// A photo as a camera makes it: shades and blocks, another scene for another `seed`.
pub fn photo(width: u32, height: u32, seed: u32) -> Vec<u8> {
    let mut pixels = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let (u, w) = (x * 16 / width, y * 16 / height);
            let block = (u / 2 * 7 + w / 2 * 13 + seed * 29) % 11;
            let shade = u8::try_from((block * 20 + u * 3 + w) % 256).unwrap();
            pixels.extend([shade, shade / 2 + 40, 255 - shade]);
        }
    }
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, 90)
        .write_image(&pixels, width, height, ExtendedColorType::Rgb8)
        .unwrap();
    out
}

async fn progress(v: &Village, household: usize, claim: &ClaimRow) -> Progress {
    v.desk.own_claim(&resident(v, household), claim.id).await.unwrap().progress
}

#[tokio::test]
async fn a_claim_is_followed_from_the_phone_into_the_account() {
    let v = Village::new().await;
    let new = NewClaim { photo: Some(photo(800, 600, 1)), ..said(&v, "D3") };
    let claim = hand_in(&v, 0, new.clone(), "tap").await.unwrap();
    // the second tap of an impatient thumb is the same claim
    assert_eq!(hand_in(&v, 0, new, "tap").await.unwrap().id, claim.id);
    assert_eq!(progress(&v, 0, &claim).await, Progress::Received);
    let clerk = v.recorder();
    assert_eq!(v.desk.claims_waiting(v.book).await.unwrap(), (1, 0));
    v.desk.check_claim(&clerk, claim.id).await.unwrap();
    assert_eq!(progress(&v, 0, &claim).await, Progress::Checking);
    let award = v.desk.accept_claim(&clerk, claim.id, &found(&v)).await.unwrap();
    assert_eq!(v.desk.accept_claim(&clerk, claim.id, &found(&v)).await.unwrap().id, award.id);
    assert_eq!(progress(&v, 0, &claim).await, Progress::InReview(ReviewStep::Review));
    let view = v.desk.claim_file(&v.clerk, claim.id).await.unwrap();
    let digest: String = view.files[0].digest.iter().map(|b| format!("{b:02x}")).collect();
    assert!(award.evidence.contains(&digest), "{}", award.evidence);
    assert_eq!(award.on_behalf.as_deref(), Some("张建国"));
    v.approve(award.id).await;
    assert_eq!(progress(&v, 0, &claim).await, Progress::Passed);
    v.publish().await;
    let until = v.desk.today().plus(5);
    assert_eq!(progress(&v, 0, &claim).await, Progress::InNotice(until));
    v.clock.advance_seconds(6 * 86_400);
    v.desk.post_due_lines(v.book).await.unwrap();
    assert_eq!(progress(&v, 0, &claim).await, Progress::Posted { points: 500, honor: 500 });
    assert_eq!(v.available(0).await, 500);
    assert_eq!(v.desk.verify_books(Some(1)).await.unwrap().books.remove(0).fault, None);
}

#[tokio::test]
async fn what_was_claimed_in_time_is_not_late_because_the_office_was_and_its_claimant_decides_nothing() {
    let v = Village::new().await;
    let done_on = v.desk.today();
    let head = Staff { roles: vec![Role::Recorder, Role::Reviewer], ..v.third.clone() };
    let by = Claimant::Staff(Recorder::of(&head).unwrap());
    let new = NewClaim { household: Some(HouseholdNo::from_ordinal(1)), ..said(&v, "D3") };
    let claim = v.desk.hand_in(&by, new, "head").await.unwrap();
    v.clock.advance_seconds(40 * 86_400);
    let found = Found { occurred_on: done_on, ..found(&v) };
    let award = v.desk.accept_claim(&v.recorder(), claim.id, &found).await.unwrap();
    assert_eq!((award.late, award.route.as_str()), (false, "R1"));
    let late = v.record(NewAward { occurred_on: done_on, ..v.claim(1, "D3").await }).await.unwrap();
    assert_eq!((late.late, late.route.as_str()), (true, "R2"), "what nobody claimed is");
    // sent back and mended a month later, it is what it was
    let by = Reviewer::of(&v.reviewer).unwrap();
    v.desk.review_award(&by, award.id, Verdict::Return, "补一张照片").await.unwrap();
    v.clock.advance_seconds(40 * 86_400);
    let mended = NewAward { occurred_on: done_on, ..v.claim(0, "D3").await };
    let mended = v.desk.resubmit_award(&v.recorder(), award.id, &mended).await;
    assert!(mended.is_ok_and(|row| row.late), "recorded 40 days after: told of it on that day");
    v.approve(award.id).await;
    v.publish().await;
    let objector = Objector::Resident(resident(&v, 4));
    let objection = v.desk.object(&objector, award.id, "没有这回事").await.unwrap();
    v.desk.accept_objection(&v.clerk, objection.id).await.unwrap();
    let claimant = Reviewer::of(&head).unwrap();
    let decided = v.desk.decide_objection(&claimant, objection.id, Finding::Dismiss, "属实").await;
    assert_eq!(refused(decided), "own_record");
}

#[tokio::test]
async fn a_refused_claim_says_why_and_a_rejected_award_does_too() {
    let v = Village::new().await;
    let clerk = v.recorder();
    let first = hand_in(&v, 0, said(&v, "D3"), "1").await.unwrap();
    assert_eq!(refused(v.desk.refuse_claim(&clerk, first.id, " ").await), "text_missing");
    v.desk.refuse_claim(&clerk, first.id, "王奶奶说当天没有人来").await.unwrap();
    assert_eq!(progress(&v, 0, &first).await, Progress::Refused("王奶奶说当天没有人来".to_owned()));
    for done in [
        v.desk.check_claim(&clerk, first.id).await.map(drop),
        v.desk.accept_claim(&clerk, first.id, &found(&v)).await.map(drop),
        v.desk.refuse_claim(&clerk, first.id, "再说一次").await.map(drop),
        v.desk.withdraw_claim(&resident(&v, 0), first.id).await,
    ] {
        assert_eq!(refused(done), "claim_moved_on");
    }
    let second = hand_in(&v, 0, said(&v, "D3"), "2").await.unwrap();
    let award = v.desk.accept_claim(&clerk, second.id, &found(&v)).await.unwrap();
    let by = Reviewer::of(&v.reviewer).unwrap();
    v.desk.review_award(&by, award.id, Verdict::Reject, "查无此事").await.unwrap();
    assert_eq!(progress(&v, 0, &second).await, Progress::Refused("查无此事".to_owned()));
}

#[tokio::test]
async fn family_claims_for_kin_in_the_register_and_for_nobody_else_and_for_three_a_day() {
    let v = Village::new().await;
    let no = |n: u32| Some(HouseholdNo::from_ordinal(n));
    let other = |n| NewClaim { household: no(n), ..said(&v, "D3") };
    assert_eq!(refused(hand_in(&v, 0, other(2), "a").await), "not_your_kin");
    for household in 1..5 {
        v.make_kin(v.people[household][0], v.people[0][1]).await;
    }
    let claim = hand_in(&v, 0, other(2), "b").await.unwrap();
    assert_eq!((claim.manner.as_str(), claim.household_id), ("helper", v.households[1]));
    // both see it, a third household does not
    assert_eq!(v.desk.own_claims(&resident(&v, 0), i64::MAX, 50).await.unwrap().len(), 1);
    assert_eq!(v.desk.own_claims(&resident(&v, 1), i64::MAX, 50).await.unwrap().len(), 1);
    let third = v.desk.own_claim(&resident(&v, 2), claim.id).await;
    assert!(matches!(third, Err(ServiceError::NotFound("claim"))));
    hand_in(&v, 0, other(3), "c").await.unwrap();
    hand_in(&v, 0, other(4), "d").await.unwrap();
    assert_eq!(refused(hand_in(&v, 0, other(5), "e").await), "too_many_helped");
    hand_in(&v, 0, other(2), "f").await.unwrap();
    v.clock.advance_seconds(86_400);
    hand_in(&v, 0, NewClaim { household: no(5), ..said(&v, "D3") }, "g").await.unwrap();
}

#[tokio::test]
async fn a_group_head_claims_in_their_part_and_the_clerk_keys_in_paper() {
    let v = Village::new().await;
    let group = {
        let mut tx = v.desk.db.begin_read().await.unwrap();
        greencoin::store::household::by_id(&mut tx, v.book, v.households[0]).await.unwrap().unwrap().group_id
    };
    let head = Staff { roles: vec![Role::Recorder], scope: Some(group), ..v.other_clerk.clone() };
    let head = Recorder::of(&head).unwrap();
    let for_household = |n: u32, helper: &str| NewClaim {
        household: Some(HouseholdNo::from_ordinal(n)),
        helper: helper.to_owned(),
        ..said(&v, "D3")
    };
    let by_head = async |n, key: &str| {
        v.desk.hand_in(&Claimant::Staff(head.clone()), for_household(n, "口头"), key).await
    };
    let claim = by_head(2, "1").await.unwrap();
    assert_eq!(claim.manner, "head");
    assert_eq!(refused(by_head(8, "2").await), "outside_scope");
    let paper = v.desk.hand_in(&Claimant::Staff(v.recorder()), for_household(8, "纸质第17号"), "3").await;
    let paper = paper.unwrap();
    assert_eq!((paper.manner.as_str(), paper.helper.as_str()), ("paper", "纸质第17号"));
    // the head neither sees nor touches what lies outside
    assert_eq!(v.desk.claims_in(&head, ClaimState::Received, 0, 50).await.unwrap().len(), 1);
    assert!(v.desk.claim_file(&head, paper.id).await.is_err());
    assert_eq!(refused(v.desk.check_claim(&head, paper.id).await), "outside_scope");
    // who claimed it does not review it, even with every role
    let award = v.desk.accept_claim(&v.recorder(), claim.id, &found(&v)).await.unwrap();
    let both = Staff { roles: vec![Role::Recorder, Role::Reviewer], ..(*head).clone() };
    let review = v.desk.review_award(&Reviewer::of(&both).unwrap(), award.id, Verdict::Approve, "").await;
    assert_eq!(refused(review), "own_record");
}

#[tokio::test]
async fn nobody_looks_into_a_claim_of_their_own_household_or_kin() {
    let v = Village::new().await;
    let me = v.people[0][0];
    v.make_kin(v.people[1][0], me).await;
    let by = Recorder::of(&Staff { person: Some(me), ..v.clerk.clone() }).unwrap();
    let own = hand_in(&v, 0, said(&v, "D3"), "1").await.unwrap();
    let kin = hand_in(&v, 1, said(&v, "D3"), "1").await.unwrap();
    for (claim, code) in [(&own, "own_household"), (&kin, "kin_household")] {
        assert_eq!(refused(v.desk.check_claim(&by, claim.id).await), code);
        assert_eq!(refused(v.desk.accept_claim(&by, claim.id, &found(&v)).await), code);
        assert_eq!(refused(v.desk.refuse_claim(&by, claim.id, "不行").await), code);
    }
}

#[tokio::test]
async fn what_cannot_be_claimed_is_refused_and_leaves_nothing() {
    let v = Village::new().await;
    let today = v.desk.today();
    let base = said(&v, "D3");
    let cases = [
        (NewClaim { item: "F2".to_owned(), ..base.clone() }, "not_claimable"),
        (NewClaim { item: "Z9".to_owned(), ..base.clone() }, "unknown_item"),
        (NewClaim { grade: Some("none".to_owned()), ..said(&v, "D2") }, "unknown_item"),
        (NewClaim { occurred_on: today.plus(1), ..base.clone() }, "future_date"),
        (NewClaim { occurred_on: today.plus(-400), ..base.clone() }, "too_long_ago"),
        (NewClaim { person: Some(v.people[3][0]), ..base.clone() }, "not_a_member"),
        (NewClaim { quantity: 0.into(), ..base.clone() }, "bad_number"),
        (NewClaim { words: "长".repeat(501), ..base.clone() }, "text_too_long"),
        (NewClaim { photo: Some(b"not a photo".to_vec()), ..base.clone() }, "not_a_picture"),
        (NewClaim { voice: Some(b"<script>".to_vec()), ..base.clone() }, "not_a_recording"),
        (NewClaim { voice: Some(vec![0; (1 << 20) + 1]), ..base.clone() }, "voice_too_long"),
    ];
    for (new, code) in cases {
        assert_eq!(refused(hand_in(&v, 0, new, code).await), code);
    }
    assert!(v.desk.own_claims(&resident(&v, 0), i64::MAX, 50).await.unwrap().is_empty());
    for n in 0..20 {
        hand_in(&v, 0, said(&v, "D3"), &n.to_string()).await.unwrap();
    }
    assert_eq!(refused(hand_in(&v, 0, said(&v, "D3"), "21st").await), "too_many_claims");
}

#[tokio::test]
async fn a_photo_used_before_is_noticed_and_another_is_not() {
    let v = Village::new().await;
    let with = |photo| NewClaim { photo: Some(photo), ..said(&v, "D3") };
    let first = hand_in(&v, 0, with(photo(1_600, 1_200, 1)), "1").await.unwrap();
    let same = hand_in(&v, 1, with(photo(1_600, 1_200, 1)), "1").await.unwrap();
    let smaller = hand_in(&v, 2, with(photo(640, 480, 1)), "1").await.unwrap();
    let other = hand_in(&v, 3, with(photo(1_600, 1_200, 5)), "1").await.unwrap();
    let alike = async |claim: &ClaimRow| v.desk.alike_photos(v.book, claim.id).await.unwrap();
    let seen = alike(&same).await;
    let first_seen = seen.iter().find(|a| a.claim == first.id).unwrap();
    assert!(first_seen.same);
    assert_eq!(alike(&smaller).await.len(), 2);
    assert!(alike(&smaller).await.iter().all(|a| !a.same));
    assert!(alike(&other).await.is_empty());
    let kept = v.desk.claim_file(&v.clerk, first.id).await.unwrap().files.remove(0);
    assert!(usize::try_from(kept.size).unwrap() <= picture::PHOTO_BYTES_MAX);
}

#[tokio::test]
async fn files_are_for_those_concerned_and_can_be_erased() {
    let v = Village::new().await;
    let new = NewClaim {
        photo: Some(photo(320, 240, 2)),
        voice: Some(b"#!AMR\nspoken".to_vec()),
        ..said(&v, "D3")
    };
    let claim = hand_in(&v, 0, new.clone(), "1").await.unwrap();
    let files = v.desk.claim_file(&v.clerk, claim.id).await.unwrap().files;
    assert_eq!(files.len(), 2);
    let id = files[0].id;
    let own: HouseholdId = v.households[0];
    assert_eq!(claim.household_id, own);
    v.desk.own_evidence(&resident(&v, 0), id).await.unwrap();
    assert!(v.desk.own_evidence(&resident(&v, 1), id).await.is_err());
    let staff = |role| Staff { roles: vec![role], ..v.third.clone() };
    for role in [Role::Clerk, Role::Reviewer, Role::Auditor, Role::Township] {
        v.desk.evidence_file(&staff(role), id).await.unwrap();
    }
    assert!(v.desk.evidence_file(&staff(Role::Shopkeeper), id).await.is_err());
    v.desk.erase_claim_papers(&v.recorder(), claim.id, "当事人要求").await.unwrap();
    assert!(v.desk.own_evidence(&resident(&v, 0), id).await.is_err());
    let view = v.desk.claim_file(&v.clerk, claim.id).await.unwrap();
    assert!(view.row.words.is_empty() && view.files.iter().all(|f| f.erased_at.is_some()));
    assert_eq!(view.files[0].digest.len(), 32, "the digest stays");
    // taking it back erases too
    let second = hand_in(&v, 0, new, "2").await.unwrap();
    v.desk.withdraw_claim(&resident(&v, 0), second.id).await.unwrap();
    let view = v.desk.claim_file(&v.clerk, second.id).await.unwrap();
    assert!(view.state == ClaimState::Withdrawn && view.files.iter().all(|f| f.erased_at.is_some()));
}

/// Three years for photos; what the last person of a household wrote goes with that person.
#[tokio::test]
async fn papers_go_with_their_people_and_after_three_years() {
    let v = Village::new().await;
    let new = NewClaim { photo: Some(photo(320, 240, 3)), ..said(&v, "D3") };
    let claim = hand_in(&v, 0, new.clone(), "1").await.unwrap();
    let neighbours = hand_in(&v, 1, NewClaim { photo: Some(photo(320, 240, 77)), ..new }, "1").await.unwrap();
    let award = v.approved(0, "D3").await;
    v.publish().await;
    let by = Objector::Resident(resident(&v, 0));
    let objection = v.desk.object(&by, award.id, "不是我家，是我弟弟家").await.unwrap();
    let mut numbers = Vec::new();
    for id in &v.people[0] {
        let mut tx = v.desk.db.begin_read().await.unwrap();
        numbers.push(person::by_id(&mut tx, v.book, *id).await.unwrap().unwrap().no);
    }
    v.clock.advance_seconds(86_400);
    for no in &numbers {
        v.desk.leave_household(&v.clerk(), no, v.desk.today(), "迁出").await.unwrap();
        v.desk.erase_person(&v.clerk().actor(), v.book, no, "本人申请").await.unwrap();
    }
    let papers = async |id| {
        let view = v.desk.claim_file(&v.clerk, id).await.unwrap();
        (view.row.words.is_empty(), view.files.iter().all(|f| f.erased_at.is_some()))
    };
    assert_eq!(papers(claim.id).await, (true, true));
    assert_eq!(v.desk.objection(v.book, objection.id).await.unwrap().content, "");
    assert_eq!(papers(neighbours.id).await, (false, false));
    v.clock.advance_seconds(3 * 365 * 86_400);
    jobs::tick(&v.desk).await.unwrap();
    assert_eq!(papers(neighbours.id).await, (false, false), "not a day too early");
    v.clock.advance_seconds(3 * 86_400);
    assert_eq!(jobs::tick(&v.desk).await.unwrap().erased, 1);
    assert_eq!(papers(neighbours.id).await, (false, true), "the words of a household that is there stay");
    assert!(v.desk.verify_books(None).await.unwrap().holds());
}

/// Handbook §16, example 2, with a programme that keeps other books.
#[tokio::test]
async fn what_another_programme_rewarded_is_not_rewarded_again() {
    use greencoin::service::award::{NewAward, elsewhere::Rewarded};
    let v = Village::new().await;
    let clerk = v.recorder();
    let paid = |household: u32, event: &str| Rewarded {
        household: HouseholdNo::from_ordinal(household),
        programme: "PAID/mediation".to_owned(),
        event_key: event.to_owned(),
        basis: "以案定补发放表6月3号".to_owned(),
    };
    v.desk.note_elsewhere(&clerk, &paid(1, "张李两家地界")).await.unwrap();
    v.desk.note_elsewhere(&clerk, &paid(1, "张李两家地界")).await.unwrap();
    assert_eq!(v.desk.elsewhere(v.book).await.unwrap().len(), 1);
    let mediated = async |household: usize, event: &str| {
        let person = Some(v.people[household][0]);
        let event_key = Some(event.to_owned());
        v.record(NewAward { person, event_key, quantity: 5.into(), ..v.claim(household, "B5").await }).await
    };
    assert_eq!(refused(mediated(0, "张李两家地界").await), "exclusive");
    mediated(0, "王家分家").await.unwrap();
    mediated(1, "张李两家地界").await.unwrap();
    let late = v.desk.note_elsewhere(&clerk, &paid(1, "王家分家")).await;
    assert_eq!(refused(late), "rewarded_here");
    let unknown = Rewarded { programme: "X".to_owned(), ..paid(1, "别的") };
    assert_eq!(refused(v.desk.note_elsewhere(&clerk, &unknown).await), "unknown_programme");
}
