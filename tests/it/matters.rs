//! Matters: from a household's phone to the closed loop and the points; the first valid reporter, duplicates at the edge of
//! their days, working days over a festival, recusal, what is forbidden, what is erased.

use greencoin::{
    domain::{
        award::RefusalCode,
        claim::Progress,
        household::HouseholdNo,
        ids::{MatterId, OrgId, UserId},
        matter::{MatterGrade, MatterKind, MatterManner, MatterMove, MatterState},
    },
    jobs,
    service::{
        ServiceError, ServiceResult,
        award::elsewhere::Rewarded,
        caller::{Auditor, Clerk, Handler, Recorder, Resident, Reviewer, Role, Staff},
        claim::{Claimant, hand_in::NewClaim},
        matter::{WAITING_MAX, check::NO_ITEM, photo::Other, report::NewMatter, view::MatterView},
    },
    store::{household, login, matter::MatterRow, person},
};

use crate::{
    claims::photo,
    hamlet::{Village, at, refused},
};

/// A village whose clerks, group head, reviewers and township can be found by their posts.
pub struct Office {
    pub v: Village,
    pub clerk: Staff,
    pub head: Staff,
    pub reviewer: Staff,
}

impl Office {
    pub async fn new() -> Self {
        let v = Village::new().await;
        let group = group(&v, 0).await;
        let clerk = somebody(&v, "文书", Role::Clerk, v.clerk.org, None).await;
        let head = somebody(&v, "一组组长", Role::Recorder, group, Some(group)).await;
        let reviewer = somebody(&v, "村委", Role::Reviewer, v.clerk.org, None).await;
        Self { v, clerk, head, reviewer }
    }

    fn recorder(&self) -> Recorder {
        Recorder::of(&self.clerk).unwrap()
    }

    fn clerk(&self) -> Clerk {
        Clerk::of(&self.clerk).unwrap()
    }

    async fn report(&self, household: usize, kind: MatterKind, key: &str) -> MatterRow {
        self.try_report(household, saw(kind), key).await.unwrap()
    }

    async fn try_report(&self, household: usize, new: NewMatter, key: &str) -> ServiceResult<MatterRow> {
        self.v.desk.report_matter(&Claimant::Household(self.resident(household)), new, key).await
    }

    fn resident(&self, household: usize) -> Resident {
        Resident { book: self.v.book, household: self.v.households[household] }
    }

    async fn accept(&self, id: MatterId) -> ServiceResult<MatterRow> {
        self.v.desk.accept_matter(&self.recorder(), id, MatterGrade::Tiny, None).await
    }

    async fn seen(&self, household: usize, id: MatterId) -> MatterView {
        self.v.desk.own_matter(&self.resident(household), id).await.unwrap()
    }

    /// Tries a move by whoever may make it.
    async fn try_move(&self, household: usize, id: MatterId, step: MatterMove) -> ServiceResult<()> {
        let desk = &self.v.desk;
        match step {
            MatterMove::Accept => self.accept(id).await,
            MatterMove::Merge => {
                let no = desk.matter_file(&handler(&self.clerk), id).await?.row.no - 1;
                desk.mark_duplicate(&self.recorder(), id, no).await
            }
            MatterMove::Refuse => desk.refuse_matter(&self.recorder(), id, "不是").await,
            MatterMove::Withdraw => return desk.withdraw_matter(&self.resident(household), id).await,
            MatterMove::Assign => desk.assign_matter(&self.clerk(), id, self.head.user).await,
            MatterMove::Finish => desk.finish_matter(&handler(&self.clerk), id, "好了").await,
            MatterMove::SendBack => desk.send_matter_back(&handler(&self.reviewer), id, "还漏").await,
            MatterMove::Verify => desk.verify_matter(&handler(&self.reviewer), id).await,
            MatterMove::Close => desk.close_matter(&self.clerk(), id).await,
        }
        .map(drop)
    }

    /// Brings a report as far as a state.
    async fn bring(&self, household: usize, key: &str, to: MatterState) -> MatterRow {
        let desk = &self.v.desk;
        // what it may be found to repeat: reported just before, and so
        let first = self.report(household, MatterKind::Nuisance, &format!("before {key}")).await;
        self.accept(first.id).await.unwrap();
        let row = self.report(household, MatterKind::Other, key).await;
        match to {
            MatterState::Reported => return row,
            MatterState::Invalid => {
                return desk.refuse_matter(&self.recorder(), row.id, "没有").await.unwrap();
            }
            MatterState::Withdrawn => {
                desk.withdraw_matter(&self.resident(household), row.id).await.unwrap();
                return row;
            }
            MatterState::Duplicate => {
                self.accept(row.id).await.unwrap();
                let again = self.report(household, MatterKind::Other, &format!("{key} again")).await;
                return desk.mark_duplicate(&self.recorder(), again.id, row.no).await.unwrap();
            }
            _ => {}
        }
        let mut row = self.accept(row.id).await.unwrap();
        let head = handler(&self.head);
        for state in [MatterState::Assigned, MatterState::Done, MatterState::Verified, MatterState::Closed] {
            if row.state == to.as_str() {
                break;
            }
            row = match state {
                MatterState::Assigned => desk.assign_matter(&self.clerk(), row.id, self.head.user).await,
                MatterState::Done => desk.finish_matter(&head, row.id, "换了灯泡").await,
                MatterState::Verified => desk.verify_matter(&handler(&self.reviewer), row.id).await,
                _ => desk.close_matter(&self.clerk(), row.id).await,
            }
            .unwrap();
        }
        row
    }
}

fn handler(staff: &Staff) -> Handler {
    Handler::of(staff).unwrap()
}

pub fn saw(kind: MatterKind) -> NewMatter {
    NewMatter {
        household: None,
        person: None,
        group: None,
        kind,
        manner: MatterManner::Own,
        words: "村口老槐树下的路灯不亮了，张三家门口".to_owned(),
        photo: None,
    }
}

async fn group(v: &Village, household: usize) -> OrgId {
    let mut tx = v.desk.db.begin_read().await.unwrap();
    household::by_id(&mut tx, v.book, v.households[household]).await.unwrap().unwrap().group_id
}

/// Somebody with an account and a role over a place.
async fn somebody(v: &Village, name: &str, role: Role, org: OrgId, scope: Option<OrgId>) -> Staff {
    let user: UserId = v.desk.id();
    let mut tx = v.desk.db.begin_write().await.unwrap();
    login::insert(&mut tx, user, name, name, "", "active", v.desk.now()).await.unwrap();
    login::grant(&mut tx, v.desk.id(), user, role.as_str(), org, v.desk.now(), "system").await.unwrap();
    tx.commit().await.unwrap();
    Staff { user, roles: vec![role], scope, ..v.clerk.clone() }
}

#[tokio::test]
async fn a_matter_goes_from_the_phone_to_the_closed_loop_and_its_first_reporter_has_points() {
    let o = Office::new().await;
    let desk = &o.v.desk;
    let new = NewMatter { photo: Some(photo(800, 600, 1)), ..saw(MatterKind::Broken) };
    let row = o.try_report(0, new.clone(), "tap").await.unwrap();
    assert_eq!(o.try_report(0, new, "tap").await.unwrap().id, row.id, "an impatient thumb reports once");
    assert_eq!(o.seen(0, row.id).await.look_by.unwrap().to_string(), "2026-06-10");
    let row = desk.accept_matter(&o.recorder(), row.id, MatterGrade::Tiny, None).await.unwrap();
    let award = desk.award_file(o.v.book, row.award_id.unwrap()).await.unwrap().award;
    assert_eq!((award.item.as_str(), award.grade.as_deref(), award.points), ("B2", Some("minor"), 500));
    let kept = o.seen(0, row.id).await.photo.unwrap();
    let digest: String = kept.digest.iter().map(|b| format!("{b:02x}")).collect();
    assert!(award.evidence.contains(&digest) && award.evidence.contains("事项1号"), "{}", award.evidence);
    assert!(!award.evidence.contains("路灯") && award.note.is_empty());
    desk.assign_matter(&o.clerk(), row.id, o.head.user).await.unwrap();
    let given = desk.matters_given(&handler(&o.head), 0, 50).await.unwrap();
    assert_eq!(given.iter().map(|m| m.row.id).collect::<Vec<_>>(), [row.id]);
    desk.finish_matter(&handler(&o.head), row.id, "换了灯泡").await.unwrap();
    desk.verify_matter(&handler(&o.reviewer), row.id).await.unwrap();
    let closed = desk.close_matter(&o.clerk(), row.id).await.unwrap();
    assert_eq!((closed.state.as_str(), closed.remark.as_str()), ("closed", "换了灯泡"));
    let life = desk.matter_life(&handler(&o.clerk), row.id).await.unwrap();
    let verbs: Vec<&str> = life.iter().map(|e| e.verb.as_str()).collect();
    assert_eq!(verbs, ["report", "accept", "assign", "finish", "verify", "close"]);
    assert!(life.iter().all(|e| e.reason.is_empty()), "the history has no words");
    o.v.approve(award.id).await;
    let notice = o.v.publish().await;
    let sheet = desk.hanging_sheet(o.v.book, notice).await.unwrap();
    assert_eq!(sheet.lines.iter().map(|l| l.name.zh.as_str()).collect::<Vec<_>>(), ["平安建设"]);
    o.v.clock.advance_seconds(6 * 86_400);
    desk.post_due_lines(o.v.book).await.unwrap();
    assert_eq!(o.seen(0, row.id).await.points, Some(Progress::Posted { points: 500, honor: 500 }));
    assert_eq!(o.v.available(0).await, 500);
    assert_eq!(desk.verify_books(Some(1)).await.unwrap().books.remove(0).fault, None);
}

/// Every use case that moves a matter, tried in every state: it moves as the table of the domain says, or is refused and
/// nothing changes.
#[tokio::test]
async fn every_move_from_every_state_is_made_or_refused_as_the_table_says() {
    use MatterMove as M;
    let o = Office::new().await;
    let desk = &o.v.desk;
    let mut key = 0;
    for from in MatterState::ALL {
        let steps = M::ALL.into_iter().filter(|step| from.after(*step).is_err());
        let mut stays = None;
        for step in steps.chain(M::ALL.into_iter().filter(|step| from.after(*step).is_ok())) {
            // forbidden moves leave a matter where it is, so that one does for all of them
            let id = match (from.after(step), stays) {
                (Err(_), Some(id)) => id,
                _ => {
                    key += 1;
                    // by then no other waits, none is a duplicate, and no cap is reached
                    o.v.clock.advance_seconds(32 * 86_400);
                    o.bring(key % 3, &key.to_string(), *from).await.id
                }
            };
            stays = Some(id);
            let done = o.try_move(key % 3, id, step).await;
            let now = desk.matter_file(&handler(&o.clerk), id).await.unwrap().state;
            match from.after(step) {
                Ok(to) => {
                    done.unwrap();
                    assert_eq!(now, to, "{from} {step:?}");
                }
                Err(_) => {
                    assert_eq!(refused(done), "matter_moved_on", "{from} {step:?}");
                    assert_eq!(now, *from, "{step:?}");
                }
            }
        }
    }
}

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
async fn what_waits_longer_than_five_working_days_over_the_festival_is_late_for_clerk_and_auditor() {
    let o = Office::new().await;
    let desk = &o.v.desk;
    let auditor = Auditor::of(&Staff { roles: vec![Role::Auditor], ..o.v.clerk.clone() }).unwrap();
    o.v.clock.set(at("2026-09-24T16:00:00+08:00"));
    let row = o.report(0, MatterKind::Dirt, "1").await;
    let done = o.bring(4, "2", MatterState::Done).await;
    // 25–27 September and 1–7 October are holidays; 8 and 9 October are the fourth and the fifth working day
    o.v.clock.set(at("2026-10-09T23:00:00+08:00"));
    assert_eq!(desk.matter_counts(o.v.book).await.unwrap().late, 0);
    assert!(desk.late_matters(&auditor, 0).await.unwrap().is_empty());
    o.v.clock.set(at("2026-10-10T01:00:00+08:00"));
    let late: Vec<i64> = desk.late_matters(&auditor, 0).await.unwrap().iter().map(|m| m.no).collect();
    assert_eq!(late, [row.no, done.no]);
    let counts = desk.matter_counts(o.v.book).await.unwrap();
    assert_eq!((counts.late, counts.reported, counts.done), (2, 1, 1));
    assert!(o.seen(0, row.id).await.late);
    o.accept(row.id).await.unwrap();
    desk.verify_matter(&handler(&o.reviewer), done.id).await.unwrap();
    assert_eq!(desk.matter_counts(o.v.book).await.unwrap().late, 0, "somebody has looked");
}

#[tokio::test]
async fn nobody_decides_on_their_own_household_and_nobody_looks_at_their_own_work() {
    let o = Office::new().await;
    let desk = &o.v.desk;
    let me = o.v.people[0][0];
    o.v.make_kin(o.v.people[1][0], me).await;
    let by = Staff { person: Some(me), ..o.clerk.clone() };
    let recorder = Recorder::of(&by).unwrap();
    for (household, kind, code) in
        [(0, MatterKind::Dirt, "own_household"), (1, MatterKind::Broken, "kin_household")]
    {
        let row = o.report(household, kind, "1").await;
        assert_eq!(refused(desk.accept_matter(&recorder, row.id, MatterGrade::Tiny, None).await), code);
        assert_eq!(refused(desk.refuse_matter(&recorder, row.id, "不").await), code);
        assert_eq!(refused(desk.mark_duplicate(&recorder, row.id, 1).await), code);
        o.accept(row.id).await.unwrap();
        assert_eq!(refused(desk.assign_matter(&Clerk::of(&by).unwrap(), row.id, o.head.user).await), code);
        desk.assign_matter(&o.clerk(), row.id, o.head.user).await.unwrap();
        desk.finish_matter(&handler(&o.head), row.id, "好了").await.unwrap();
        assert_eq!(refused(desk.verify_matter(&handler(&by), row.id).await), code);
        assert_eq!(refused(desk.verify_matter(&handler(&o.head), row.id).await), "matter_own_work");
        assert_eq!(refused(desk.send_matter_back(&handler(&o.head), row.id, "x").await), "matter_own_work");
        desk.send_matter_back(&handler(&o.reviewer), row.id, "还不亮").await.unwrap();
        // keyed in by the clerk for the head: neither of them looks
        desk.finish_matter(&handler(&o.clerk), row.id, "又换了").await.unwrap();
        assert_eq!(refused(desk.verify_matter(&handler(&o.clerk), row.id).await), "matter_own_work");
        assert_eq!(refused(desk.verify_matter(&handler(&o.head), row.id).await), "matter_own_work");
        desk.verify_matter(&handler(&o.reviewer), row.id).await.unwrap();
    }
}

#[tokio::test]
async fn a_grade_says_who_may_be_given_a_matter() {
    let o = Office::new().await;
    let desk = &o.v.desk;
    for (grade, who) in [
        (MatterGrade::Tiny, "一组组长"),
        (MatterGrade::Small, "文书"),
        (MatterGrade::Large, "村委"),
        // nobody of a township here: the office
        (MatterGrade::Hard, "文书"),
    ] {
        o.v.clock.advance_seconds(32 * 86_400);
        let row = o.report(0, MatterKind::Other, grade.as_str()).await;
        desk.accept_matter(&o.recorder(), row.id, grade, None).await.unwrap();
        let found = desk.matter_candidates(&o.clerk(), row.id).await.unwrap();
        assert_eq!(found.iter().map(|c| c.1.as_str()).collect::<Vec<_>>(), [who], "{grade}");
        let stranger: UserId = desk.id();
        assert_eq!(refused(desk.assign_matter(&o.clerk(), row.id, stranger).await), "matter_not_theirs");
        desk.assign_matter(&o.clerk(), row.id, found[0].0).await.unwrap();
    }
    // the other group has no head
    let row = o.report(4, MatterKind::Other, "x").await;
    o.accept(row.id).await.unwrap();
    let found = desk.matter_candidates(&o.clerk(), row.id).await.unwrap();
    assert_eq!(found.iter().map(|c| c.1.as_str()).collect::<Vec<_>>(), ["文书"]);
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

#[tokio::test]
async fn somebody_without_a_phone_reports_by_telephone_and_whoever_wrote_it_down_does_not_review_it() {
    let o = Office::new().await;
    let desk = &o.v.desk;
    let by = |n: u32, manner| NewMatter {
        household: Some(HouseholdNo::from_ordinal(n)),
        manner,
        ..saw(MatterKind::Broken)
    };
    let both = Staff { roles: vec![Role::Recorder, Role::Reviewer], ..o.head.clone() };
    let head = Claimant::Staff(Recorder::of(&both).unwrap());
    let row = desk.report_matter(&head, by(2, MatterManner::Phone), "1").await.unwrap();
    assert_eq!((row.manner.as_str(), row.household_id), ("phone", o.v.households[1]));
    assert_eq!(refused(desk.report_matter(&head, by(8, MatterManner::Phone), "2").await), "outside_scope");
    let paper = Claimant::Staff(o.recorder());
    let far = desk.report_matter(&paper, by(8, MatterManner::Own), "3").await.unwrap();
    assert_eq!(far.manner, "paper", "what staff key in did not come from a phone of the household");
    // the head neither sees nor touches what lies outside
    assert!(desk.matter_file(&handler(&o.head), far.id).await.is_err());
    let by_head = Recorder::of(&o.head).unwrap();
    let outside = desk.accept_matter(&by_head, far.id, MatterGrade::Tiny, None).await;
    assert!(matches!(outside, Err(ServiceError::NotFound("matter"))));
    let award = o.accept(row.id).await.unwrap().award_id.unwrap();
    let verdict = greencoin::service::award::review::Verdict::Approve;
    let review = desk.review_award(&Reviewer::of(&both).unwrap(), award, verdict, "").await;
    assert_eq!(refused(review), "own_record");
    // a reviewer who only sees to it is not told whose report it was
    assert!(desk.matter_file(&handler(&o.reviewer), row.id).await.unwrap().reporter.is_none());
    assert!(desk.matter_file(&handler(&o.clerk), row.id).await.unwrap().reporter.is_some());
}

#[tokio::test]
async fn what_cannot_be_reported_is_refused_and_leaves_nothing() {
    let o = Office::new().await;
    let base = saw(MatterKind::Dirt);
    let stranger: OrgId = o.v.desk.id();
    for (new, code) in [
        (NewMatter { words: " ".to_owned(), ..base.clone() }, "text_missing"),
        (NewMatter { words: "长".repeat(501), ..base.clone() }, "text_too_long"),
        (NewMatter { photo: Some(b"no photo".to_vec()), ..base.clone() }, "not_a_picture"),
        (NewMatter { person: Some(o.v.people[3][0]), ..base.clone() }, "not_a_member"),
        (NewMatter { group: Some(stranger), ..base.clone() }, "matter_no_group"),
    ] {
        assert_eq!(refused(o.try_report(0, new, code).await), code);
    }
    assert_eq!(refused(o.try_report(0, base.clone(), "").await), "invalid_key");
    assert!(o.v.desk.own_matters(&o.resident(0), i64::MAX).await.unwrap().is_empty());
    for n in 0..WAITING_MAX {
        o.report(0, MatterKind::Dirt, &n.to_string()).await;
    }
    assert_eq!(refused(o.try_report(0, base, "one more").await), "too_many_matters");
}

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
