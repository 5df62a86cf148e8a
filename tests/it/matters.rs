//! Matters: from a household's phone to the closed loop and the points; every move and every forbidden one, working days
//! over a festival, recusal, who may be given what.

mod beside;
mod first;
mod papers;

use greencoin::{
    domain::{
        claim::Progress,
        household::HouseholdNo,
        ids::{MatterId, OrgId, UserId},
        matter::{MatterGrade, MatterKind, MatterManner, MatterMove, MatterState},
    },
    service::{
        ServiceError, ServiceResult,
        caller::{Auditor, Clerk, Handler, Recorder, Resident, Reviewer, Role, Staff},
        claim::Claimant,
        matter::{WAITING_MAX, report::NewMatter, view::MatterView},
    },
    store::{household, login, matter::MatterRow},
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
    let mut verbs: Vec<&str> = life.iter().map(|e| e.verb.as_str()).collect();
    verbs.sort_unstable();
    assert_eq!(verbs, ["accept", "assign", "close", "finish", "report", "verify"]);
    assert!(life.iter().all(|e| e.reason.is_empty()), "the history has no words");
    o.v.approve(award.id).await;
    let notice = o.v.publish().await;
    let sheet = desk.hanging_sheet(o.v.book, notice).await.unwrap();
    let said = sheet.lines.iter().map(|l| (l.item.as_str(), l.name.zh.as_str())).collect::<Vec<_>>();
    assert_eq!(said, [("B", "平安建设")], "the code tells no more than the name");
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
async fn what_waits_longer_than_five_working_days_over_the_festival_is_late_for_clerk_and_auditor() {
    let o = Office::new().await;
    let desk = &o.v.desk;
    let auditor = Auditor::of(&Staff { roles: vec![Role::Auditor], ..o.v.clerk.clone() }).unwrap();
    o.v.clock.set(at("2026-09-24T16:00:00+08:00"));
    let row = o.report(0, MatterKind::Dirt, "1").await;
    let done = o.bring(1, "2", MatterState::Done).await;
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
