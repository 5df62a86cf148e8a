//! The panel: who may vote on what, what a sitting decides, and everything that is forbidden on the way.

use std::collections::BTreeMap;

use greencoin::{
    domain::{
        due_process::ReviewStep,
        ids::{AwardId, SittingId, UserId},
        panel::{BodyKind, Post, Seat, Vote},
    },
    service::{
        award::{NewAward, review::Verdict},
        caller::{Clerk, Recorder, Reviewer, Role, Staff, Township},
        panel::{bodies::NewBody, convene::NewSitting},
    },
    store::{identity, login},
};

use crate::hamlet::{Village, refused};

/// The tables of bodies, sittings and claims: no posting follows from them alone. That an award the panel had to pass was
/// passed is held by `verify`.
pub const TABLES: [&str; 10] = [
    "ballot",
    "body",
    "body_seat",
    "claim",
    "elsewhere",
    "evidence",
    "evidence_bytes",
    "sitting",
    "sitting_line",
    "sitting_present",
];

/// A village whose assembly named seven people: five members, a substitute and an observer, in this order.
pub struct Seated {
    pub v: Village,
    pub people: Vec<Staff>,
}

pub const OBSERVER: usize = 6;

impl Seated {
    pub async fn new() -> Self {
        let v = Village::new().await;
        let people = seat(&v).await;
        Self { v, people }
    }

    pub fn by(&self, n: usize) -> Reviewer {
        Reviewer::of(&self.people[n]).unwrap()
    }

    pub fn clerk(&self) -> Clerk {
        self.v.clerk()
    }

    /// An award that passed its first review by somebody who is not of the panel.
    pub async fn reviewed(&self, household: usize, item: &str) -> AwardId {
        let row = self.v.record(self.v.claim(household, item).await).await.unwrap();
        assert!(row.panel, "recorded under a panel");
        let by = Reviewer::of(&self.v.reviewer).unwrap();
        self.v.desk.review_award(&by, row.id, Verdict::Approve, "").await.unwrap();
        row.id
    }

    /// A sitting today with these on its agenda, everybody there.
    async fn sitting(&self, awards: &[AwardId]) -> SittingId {
        let new = NewSitting {
            sits_on: self.v.desk.today(),
            place: "村部会议室".to_owned(),
            awards: awards.to_vec(),
        };
        let id = self.v.desk.convene(&self.clerk(), &new).await.unwrap().id;
        for n in 0..self.people.len() {
            self.v.desk.attend(&self.by(n), id).await.unwrap();
        }
        id
    }

    pub async fn vote(&self, n: usize, id: SittingId, line: i32, vote: Vote) {
        self.v.desk.cast_vote(&self.by(n), id, line, vote).await.unwrap();
    }

    async fn close(&self, id: SittingId, words: &[(i32, &str)]) {
        self.v.desk.observe_sitting(&self.by(OBSERVER), id, "").await.unwrap();
        let words: BTreeMap<i32, String> = words.iter().map(|(l, w)| (*l, (*w).to_owned())).collect();
        self.v.desk.close_sitting(&self.clerk(), id, "主持人逐条宣读，逐条表决。", &words).await.unwrap();
    }

    async fn place(&self, id: AwardId) -> (String, Option<ReviewStep>) {
        let award = self.v.desk.award_file(self.v.book, id).await.unwrap().award;
        (award.state, ReviewStep::at(award.step))
    }

    /// Makes one of the panel a person of the village.
    pub async fn live(&mut self, n: usize, household: usize) {
        let person = self.v.people[household][0];
        let mut tx = self.v.desk.db.begin_write().await.unwrap();
        identity::state(
            &mut tx,
            self.v.book,
            (self.people[n].user, 1),
            Some(person),
            (self.v.desk.now(), "test"),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        self.people[n].person = Some(person);
    }
}

/// Names seven people from today on: five members, a substitute and an observer, in this order.
pub async fn seat(v: &Village) -> Vec<Staff> {
    let mut people = Vec::new();
    for n in 0..7 {
        people.push(reviewer(v, &format!("panel{n}")).await);
    }
    let members = [Post::Member; 5].into_iter();
    let posts = members.chain([Post::Substitute, Post::Observer]);
    let seats = people.iter().zip(posts).map(|(p, post)| Seat { user: p.user, post }).collect();
    let new = body(v, BodyKind::Panel, seats);
    v.desk.name_body(&Township::of(&v.township).unwrap(), &new).await.unwrap();
    people
}

/// Somebody with a reviewer's account of the village.
pub async fn reviewer(v: &Village, name: &str) -> Staff {
    let user: UserId = v.desk.id();
    let mut tx = v.desk.db.begin_write().await.unwrap();
    login::insert(&mut tx, user, name, name, "", "active", v.desk.now()).await.unwrap();
    let role = Role::Reviewer.as_str();
    login::grant(&mut tx, v.desk.id(), user, role, v.clerk.org, v.desk.now(), "system").await.unwrap();
    tx.commit().await.unwrap();
    Staff { user, roles: vec![Role::Reviewer], ..v.reviewer.clone() }
}

fn body(v: &Village, kind: BodyKind, seats: Vec<Seat>) -> NewBody {
    NewBody { kind, from: v.desk.today(), basis: "村民代表会议决议〔2026〕3号".to_owned(), seats }
}

#[tokio::test]
async fn an_award_climbs_first_review_panel_recheck_and_township_and_nobody_skips_a_rung() {
    let s = Seated::new().await;
    let v = &s.v;
    let new = NewAward { grade: Some("county".to_owned()), ..v.claim(0, "D2").await };
    let id = v.record(new).await.unwrap().id;
    assert_eq!(s.place(id).await, ("recorded".to_owned(), Some(ReviewStep::Review)));
    let agenda = NewSitting { sits_on: v.desk.today(), place: "村部".to_owned(), awards: vec![id] };
    assert_eq!(refused(v.desk.convene(&s.clerk(), &agenda).await), "not_for_panel");
    let review = async |staff: &Staff| {
        v.desk.review_award(&Reviewer::of(staff).unwrap(), id, Verdict::Approve, "").await
    };
    review(&v.reviewer).await.unwrap();
    assert_eq!(s.place(id).await.1, Some(ReviewStep::Panel));
    assert_eq!(refused(review(&v.second).await), "panel_decides");
    let sitting = s.sitting(&[id]).await;
    for n in 0..5 {
        s.vote(n, sitting, 1, Vote::Yes).await;
    }
    s.close(sitting, &[]).await;
    assert_eq!(s.place(id).await, ("recorded".to_owned(), Some(ReviewStep::Recheck)));
    // who voted has had their say, as has the first reviewer
    assert_eq!(refused(review(&s.people[0]).await), "already_reviewed");
    assert_eq!(refused(review(&v.reviewer).await), "already_reviewed");
    assert_eq!(refused(review(&v.township).await), "wrong_step");
    review(&v.second).await.unwrap();
    assert_eq!(s.place(id).await.1, Some(ReviewStep::Township));
    assert_eq!(refused(review(&v.third).await), "wrong_step");
    review(&v.township).await.unwrap();
    assert_eq!(s.place(id).await, ("approved".to_owned(), None));
    let steps: Vec<String> =
        v.desk.award_file(v.book, id).await.unwrap().reviews.into_iter().map(|r| r.step).collect();
    assert_eq!(steps.iter().filter(|step| *step == "panel").count(), 5);
    v.publish().await;
    v.clock.advance_seconds(8 * 86_400);
    v.desk.post_due_lines(v.book).await.unwrap();
    assert_eq!(v.state(id).await, "posted");
    let report = v.desk.verify_books(Some(1)).await.unwrap().books.remove(0);
    assert_eq!(report.fault, None);
}

#[tokio::test]
async fn small_machine_evidenced_awards_and_villages_without_a_panel_need_no_sitting() {
    let v = Village::new().await;
    let row = v.approved(0, "D3").await;
    assert!(!row.panel);
    assert_eq!(v.state(row.id).await, "approved");
    let s = Seated::new().await;
    // recorded before the panel sat, D3 would go on as it began; R0 never comes before it
    let row = s.v.record(s.v.claim(0, "A3").await).await;
    let row = match row {
        Ok(row) => row,
        Err(_) => {
            let grade = s.v.desk.ruleset_for(s.v.book, s.v.desk.today()).await.unwrap();
            let grade = grade.item("A3").unwrap().grades()[0].code.clone();
            s.v.record(NewAward { grade: Some(grade), quantity: 2.into(), ..s.v.claim(0, "A3").await })
                .await
                .unwrap()
        }
    };
    assert_eq!(row.route, "R0");
    let by = Reviewer::of(&s.v.reviewer).unwrap();
    let state = s.v.desk.review_award(&by, row.id, Verdict::Approve, "").await.unwrap();
    assert_eq!(state.as_str(), "approved");
}

#[tokio::test]
async fn a_member_who_is_kin_is_neither_counted_nor_able_to_vote_and_a_substitute_stands_in() {
    let mut s = Seated::new().await;
    s.live(0, 0).await;
    s.live(1, 1).await;
    s.v.make_kin(s.v.people[0][1], s.v.people[1][0]).await;
    let (own, other) = (s.reviewed(0, "D3").await, s.reviewed(2, "D3").await);
    let id = s.sitting(&[own, other]).await;
    let v = &s.v;
    let cast = async |n: usize, line| v.desk.cast_vote(&s.by(n), id, line, Vote::Yes).await;
    assert_eq!(refused(cast(0, 1).await), "own_household");
    assert_eq!(refused(cast(1, 1).await), "kin_household");
    assert_eq!(refused(cast(OBSERVER, 1).await), "observer_only");
    // on the other line all five members can vote, so the substitute cannot
    assert_eq!(refused(cast(5, 2).await), "substitute_not_needed");
    cast(0, 2).await.unwrap();
    // two of five step back and one stands in: four are too few, whatever they say
    for n in [2, 3, 4, 5] {
        cast(n, 1).await.unwrap();
    }
    for n in 1..5 {
        cast(n, 2).await.unwrap();
    }
    s.close(id, &[]).await;
    assert_eq!(s.place(own).await, ("recorded".to_owned(), Some(ReviewStep::Panel)));
    assert_eq!(s.place(other).await.0, "approved");
    let heard = v.desk.sittings_of(v.book, own).await.unwrap().remove(0).line;
    assert_eq!((heard.voters, heard.recused, heard.yes), (4, 2, 4));
    assert_eq!(heard.outcome.as_deref(), Some("deferred"));
    // it can come before the next sitting
    s.sitting(&[own]).await;
}

#[tokio::test]
async fn with_one_stepping_back_the_substitute_makes_five_and_the_line_passes() {
    let mut s = Seated::new().await;
    s.live(0, 0).await;
    let own = s.reviewed(0, "D3").await;
    let id = s.sitting(&[own]).await;
    for (n, vote) in [(1, Vote::Yes), (2, Vote::Yes), (3, Vote::No), (4, Vote::Abstain), (5, Vote::No)] {
        s.vote(n, id, 1, vote).await;
    }
    // people change their minds while it is open
    s.vote(5, id, 1, Vote::Yes).await;
    s.close(id, &[]).await;
    assert_eq!(s.place(own).await.0, "approved");
    let heard = s.v.desk.sittings_of(s.v.book, own).await.unwrap().remove(0).line;
    assert_eq!((heard.voters, heard.yes, heard.noes, heard.abstained, heard.recused), (5, 3, 1, 1, 1));
}

#[tokio::test]
async fn a_refusal_needs_words_that_the_household_reads() {
    let s = Seated::new().await;
    let award = s.reviewed(3, "D3").await;
    let id = s.sitting(&[award]).await;
    for n in 0..5 {
        s.vote(n, id, 1, if n < 3 { Vote::No } else { Vote::Yes }).await;
    }
    s.v.desk.observe_sitting(&s.by(OBSERVER), id, "程序合规").await.unwrap();
    let close = s.v.desk.close_sitting(&s.clerk(), id, "逐条表决。", &BTreeMap::new()).await;
    assert_eq!(refused(close), "line_words_missing");
    assert_eq!(s.place(award).await.1, Some(ReviewStep::Panel));
    s.close(id, &[(1, "当天他在外地，邻居证实")]).await;
    let award = s.v.desk.award_file(s.v.book, award).await.unwrap().award;
    assert_eq!(award.state, "rejected");
    assert_eq!(award.reason.as_deref(), Some("当天他在外地，邻居证实"));
}

#[tokio::test]
async fn the_recorder_and_the_first_reviewer_have_no_vote() {
    let s = Seated::new().await;
    let v = &s.v;
    // a member who is also a clerk recorded it; another member reviewed it first
    let both = Staff { roles: vec![Role::Clerk, Role::Reviewer], ..s.people[0].clone() };
    let row =
        v.desk.record_award(&Recorder::of(&both).unwrap(), v.claim(4, "D3").await, "own").await.unwrap();
    v.desk.review_award(&s.by(1), row.id, Verdict::Approve, "").await.unwrap();
    let id = s.sitting(&[row.id]).await;
    let cast = async |n: usize| v.desk.cast_vote(&s.by(n), id, 1, Vote::Yes).await;
    assert_eq!(refused(cast(0).await), "own_record");
    assert_eq!(refused(cast(1).await), "already_reviewed");
}

#[tokio::test]
async fn everything_a_sitting_forbids() {
    let s = Seated::new().await;
    let v = &s.v;
    let award = s.reviewed(0, "D3").await;
    let today = v.desk.today();
    let new = |sits_on, awards| NewSitting { sits_on, place: "村部".to_owned(), awards };
    let convene = async |new: NewSitting| v.desk.convene(&s.clerk(), &new).await;
    assert_eq!(refused(convene(new(today.plus(-1), vec![award])).await), "sitting_day");
    assert_eq!(refused(convene(new(today, vec![])).await), "agenda_size");
    assert_eq!(refused(convene(new(today, vec![award, award])).await), "agenda_size");
    let id = convene(new(today.plus(1), vec![award])).await.unwrap().id;
    assert_eq!(refused(convene(new(today, vec![award])).await), "on_agenda");
    assert!(v.desk.agenda_waiting(&v.clerk).await.unwrap().is_empty());
    assert_eq!(refused(v.desk.attend(&s.by(0), id).await), "sitting_not_yet");
    v.clock.advance_seconds(86_400);
    let outsider = Reviewer::of(&v.second).unwrap();
    assert_eq!(refused(v.desk.attend(&outsider, id).await), "not_seated");
    assert_eq!(refused(v.desk.cast_vote(&s.by(0), id, 1, Vote::Yes).await), "not_present");
    assert_eq!(refused(v.desk.observe_sitting(&s.by(0), id, "").await), "not_observer");
    assert_eq!(refused(v.desk.observe_sitting(&s.by(OBSERVER), id, "").await), "not_present");
    let close = async |minutes: &str| v.desk.close_sitting(&s.clerk(), id, minutes, &BTreeMap::new()).await;
    assert_eq!(refused(close(" ").await), "text_missing");
    assert_eq!(refused(close("记录").await), "not_observed");
    for n in 0..7 {
        v.desk.attend(&s.by(n), id).await.unwrap();
    }
    assert!(v.desk.cast_vote(&s.by(0), id, 2, Vote::Yes).await.is_err(), "there is no second line");
    assert_eq!(refused(v.desk.call_off(&s.clerk(), id, " ").await), "text_missing");
    v.desk.call_off(&s.clerk(), id, "人数不够").await.unwrap();
    assert_eq!(refused(v.desk.cast_vote(&s.by(0), id, 1, Vote::Yes).await), "sitting_over");
    assert_eq!(refused(close("记录").await), "sitting_over");
    assert_eq!(v.desk.agenda_waiting(&v.clerk).await.unwrap().len(), 1);
    // nobody has voted: it is deferred, not lost
    let id = s.sitting(&[award]).await;
    s.close(id, &[]).await;
    assert_eq!(s.place(award).await.1, Some(ReviewStep::Panel));
    assert_eq!(refused(v.desk.cast_vote(&s.by(0), id, 1, Vote::Yes).await), "sitting_over");
}

#[tokio::test]
async fn a_body_is_named_by_the_township_out_of_the_villages_reviewers() {
    let v = Village::new().await;
    let township = Township::of(&v.township).unwrap();
    let mut users = Vec::new();
    for n in 0..6 {
        users.push(reviewer(&v, &format!("p{n}")).await.user);
    }
    let seats = |members: usize| -> Vec<Seat> {
        let post = |n| if n < members { Post::Member } else { Post::Observer };
        users.iter().enumerate().map(|(n, user)| Seat { user: *user, post: post(n) }).collect()
    };
    let name = async |new: NewBody| v.desk.name_body(&township, &new).await;
    assert_eq!(refused(name(body(&v, BodyKind::Panel, seats(4))).await), "too_few_members");
    assert_eq!(refused(name(body(&v, BodyKind::Panel, seats(6))).await), "no_observer");
    let stranger = Seat { user: v.reviewer.user, post: Post::Member };
    let with: Vec<Seat> = seats(5).into_iter().chain([stranger]).collect();
    assert_eq!(refused(name(body(&v, BodyKind::Panel, with)).await), "not_a_reviewer");
    let late = NewBody { from: v.desk.today().plus(-1), ..body(&v, BodyKind::Panel, seats(5)) };
    assert_eq!(refused(name(late).await), "body_from_past");
    assert!(v.desk.panel_on(v.book, v.desk.today()).await.unwrap().is_none());
    name(body(&v, BodyKind::Panel, seats(5))).await.unwrap();
    assert!(v.desk.panel_on(v.book, v.desk.today()).await.unwrap().unwrap().in_force);
}

#[tokio::test]
async fn once_the_two_committees_are_named_the_recheck_is_theirs() {
    let v = Village::new().await;
    let members = [reviewer(&v, "c0").await, reviewer(&v, "c1").await];
    let seats = members.iter().map(|m| Seat { user: m.user, post: Post::Member }).collect();
    v.desk
        .name_body(&Township::of(&v.township).unwrap(), &body(&v, BodyKind::Committees, seats))
        .await
        .unwrap();
    let row = v.record(v.claim(0, "A6").await).await.unwrap();
    assert_eq!(row.route, "R2");
    let review = async |staff: &Staff| {
        v.desk.review_award(&Reviewer::of(staff).unwrap(), row.id, Verdict::Approve, "").await
    };
    review(&v.reviewer).await.unwrap();
    let inbox = async |staff: &Staff, step| {
        v.desk.review_inbox(&Reviewer::of(staff).unwrap(), step, 0, 50).await.unwrap().len()
    };
    assert_eq!(inbox(&v.second, None).await, 0);
    assert_eq!(inbox(&members[0], Some(ReviewStep::Recheck)).await, 1);
    assert_eq!(inbox(&members[0], Some(ReviewStep::Review)).await, 0);
    assert_eq!(refused(review(&v.second).await), "not_seated");
    assert_eq!(review(&members[0]).await.unwrap().as_str(), "approved");
}
