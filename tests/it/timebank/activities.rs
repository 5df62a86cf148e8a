//! Group activities: from posting to hours by list, what is refused on the way, the sample of a crowd, staying away, and
//! that nobody's time is counted twice, here or by an order.

use greencoin::{
    domain::{
        ids::{HouseholdId, PersonId, TimeActivityId},
        timebank::ServiceKind,
    },
    service::{
        ServiceResult,
        caller::{Recorder, Reviewer, Role},
        timebank::{
            activity::{
                NewActivity,
                view::{ActivityFile, LineView},
            },
            ask::NewOrder,
            party::Party,
            serve::LateOrder,
            volunteer::Fitness,
        },
    },
};

use super::bank::{Bank, HOUR, settler};
use crate::village::refused;

/// Cleaning up, in an hour, for so many hours.
pub fn clean_up(b: &Bank, hours: i64, capacity: i64) -> NewActivity {
    let starts_at = b.v.desk.now().plus_seconds(HOUR);
    NewActivity {
        name: "清理河道".to_owned(),
        content: "捡垃圾、清淤".to_owned(),
        kind: ServiceKind::Cleaning,
        place: "村口小河".to_owned(),
        starts_at,
        ends_at: starts_at.plus_seconds(hours * HOUR),
        capacity,
        least_age: 0,
        insured: true,
        trained: false,
        in_charge: b.elder.1,
    }
}

/// … posted and approved.
pub async fn open(b: &Bank, key: &str, new: &NewActivity) -> TimeActivityId {
    let row = b.v.desk.post_activity(&b.desk, key, new).await.unwrap();
    b.v.desk.approve_activity(&b.arbiter, row.id, true, "").await.unwrap();
    row.id
}

pub async fn sign_up(
    b: &Bank,
    id: TimeActivityId,
    who: (HouseholdId, PersonId),
) -> ServiceResult<Option<usize>> {
    b.v.desk.sign_up_for_activity(&b.of(who.0), id, who.1).await.map(|(_, waits)| waits)
}

/// The desk writes down that somebody was there, minutes after the beginning.
pub async fn there(
    b: &Bank,
    id: TimeActivityId,
    who: PersonId,
    (from, until): (i64, i64),
) -> ServiceResult<()> {
    let begins = file(b, id).await.activity.row.starts_at;
    let at = |minutes: i64| begins.plus_seconds(minutes * 60);
    b.v.desk.write_activity_times(&b.desk, id, who, (Some(at(from)), at(until))).await
}

pub async fn file(b: &Bank, id: TimeActivityId) -> ActivityFile {
    b.v.desk.activity_file(&Party::Staff(handler(b)), id).await.unwrap()
}

fn handler(b: &Bank) -> greencoin::service::caller::Handler {
    greencoin::service::caller::Handler::of(&b.staff(Role::Clerk)).unwrap()
}

async fn line(b: &Bank, id: TimeActivityId, who: PersonId) -> LineView {
    let mut lines = file(b, id).await.lines;
    lines.retain(|line| line.row.person_id == who && line.row.ended_at.is_none());
    lines.remove(0)
}

async fn outcome(b: &Bank, id: TimeActivityId, who: PersonId) -> (String, i32) {
    let line = line(b, id, who).await;
    (line.row.outcome.unwrap_or_default(), line.row.counted)
}

pub async fn closed(b: &Bank, id: TimeActivityId) {
    b.v.desk.close_activity_list(&b.desk, id, "").await.unwrap();
}

pub async fn signed(b: &Bank, id: TimeActivityId) {
    closed(b, id).await;
    b.v.desk.sign_activity_list(&b.arbiter, id, true, "").await.unwrap();
}

/// Somebody of the village joins the time bank.
async fn joins(b: &Bank, who: (HouseholdId, PersonId), guardian: Option<PersonId>) {
    let day = b.v.desk.today().plus(300);
    let fit = Fitness { well: true, insured_until: Some(day), guardian, ..Fitness::default() };
    b.v.desk.join_time_bank(&b.of(who.0), who.1, &fit).await.unwrap();
}

/// The same person in another part.
fn as_reviewer(by: &Recorder) -> Reviewer {
    let mut staff = (**by).clone();
    staff.roles = vec![Role::Reviewer];
    Reviewer::of(&staff).unwrap()
}

#[tokio::test]
async fn an_activity_goes_from_posting_to_hours_by_list_once() {
    let b = Bank::new().await;
    let desk = &b.v.desk;
    joins(&b, b.daughter, None).await;
    let new = clean_up(&b, 2, 2);
    let row = desk.post_activity(&b.desk, "river", &new).await.unwrap();
    assert_eq!(desk.post_activity(&b.desk, "river", &new).await.unwrap().id, row.id, "one form sent twice");
    let id = row.id;
    assert_eq!(refused(sign_up(&b, id, b.volunteer).await), "time_activity_moved_on");
    let own = desk.approve_activity(&as_reviewer(&b.desk), id, true, "").await;
    assert_eq!(refused(own), "time_own_second");
    desk.approve_activity(&b.arbiter, id, true, "").await.unwrap();
    assert_eq!(sign_up(&b, id, b.volunteer).await.unwrap(), None);
    assert_eq!(sign_up(&b, id, b.other).await.unwrap(), None);
    assert_eq!(sign_up(&b, id, b.daughter).await.unwrap(), Some(0), "two places");
    assert_eq!(sign_up(&b, id, b.daughter).await.unwrap(), Some(0), "twice is once");
    assert_eq!(refused(sign_up(&b, id, b.widow).await), "time_not_joined");
    let neighbour = desk.sign_up_for_activity(&b.of(b.widow.0), id, b.other.1).await;
    assert_eq!(refused(neighbour), "not_your_household");
    desk.withdraw_from_activity(&b.of(b.other.0), id, b.other.1).await.unwrap();
    assert_eq!(line(&b, id, b.daughter.1).await.waits, None, "the first who waits has the place");
    assert_eq!(refused(there(&b, id, b.daughter.1, (0, 1)).await), "time_activity_outside");
    b.v.clock.advance_seconds(2 * HOUR);
    assert_eq!(refused(sign_up(&b, id, b.other).await), "time_activity_begun");
    let late = desk.withdraw_from_activity(&b.of(b.daughter.0), id, b.daughter.1).await;
    assert_eq!(refused(late), "time_activity_begun");
    there(&b, id, b.volunteer.1, (0, 50)).await.unwrap();
    there(&b, id, b.volunteer.1, (0, 50)).await.unwrap();
    assert_eq!(refused(there(&b, id, b.volunteer.1, (49, 60)).await), "time_overlap");
    assert_eq!(refused(there(&b, id, b.other.1, (0, 50)).await), "time_activity_not_listed");
    assert_eq!(refused(desk.close_activity_list(&b.desk, id, "").await), "time_not_over");
    b.v.clock.advance_seconds(2 * HOUR);
    there(&b, id, b.volunteer.1, (60, 65)).await.unwrap();
    there(&b, id, b.volunteer.1, (70, 75)).await.unwrap();
    assert_eq!(refused(there(&b, id, b.volunteer.1, (80, 85)).await), "time_pairs");
    assert_eq!(refused(there(&b, id, b.daughter.1, (0, 121)).await), "time_activity_outside");
    there(&b, id, b.daughter.1, (0, 29)).await.unwrap();
    closed(&b, id).await;
    assert_eq!(refused(desk.close_activity_list(&b.desk, id, "").await), "time_activity_moved_on");
    assert_eq!(outcome(&b, id, b.volunteer.1).await, ("counts".to_owned(), 60));
    assert_eq!(outcome(&b, id, b.daughter.1).await, ("too_short".to_owned(), 0));
    assert_eq!(b.has(b.volunteer).await, (0, 0), "not before a second person signs");
    b.holds().await;
    let own = desk.sign_activity_list(&as_reviewer(&b.desk), id, true, "").await;
    assert_eq!(refused(own), "time_own_second");
    let mut kin = b.staff(Role::Reviewer);
    kin.person = Some(b.volunteer.1);
    let kin = Reviewer::of(&kin).unwrap();
    assert_eq!(refused(desk.sign_activity_list(&kin, id, true, "").await), "own_household");
    desk.sign_activity_list(&b.arbiter, id, true, "").await.unwrap();
    assert_eq!(refused(desk.sign_activity_list(&b.arbiter, id, true, "").await), "time_activity_moved_on");
    assert_eq!(desk.post_activity_hours(b.v.book).await.unwrap(), 0);
    assert_eq!((b.has(b.volunteer).await, b.has(b.daughter).await), ((60, 0), (0, 0)));
    assert_eq!(b.balance("Equity:Time:Service").await, -(20 * 60 + 60), "saved is earned");
    b.holds().await;
}

#[tokio::test]
async fn nobody_is_in_two_places_at_one_time_by_orders_and_activities_together() {
    let b = Bank::new().await;
    let id = open(&b, "river", &clean_up(&b, 4, 12)).await;
    sign_up(&b, id, b.volunteer).await.unwrap();
    // an order of the same hour
    let order = b.accepted("order", 60).await;
    b.v.clock.advance_seconds(600);
    b.check_in(order).await.unwrap();
    b.v.clock.advance_seconds(1_800);
    assert_eq!(refused(there(&b, id, b.volunteer.1, (0, 40)).await), "time_checked_in");
    b.check_out(order).await.unwrap();
    assert_eq!(refused(there(&b, id, b.volunteer.1, (0, 11)).await), "time_overlap");
    there(&b, id, b.volunteer.1, (0, 10)).await.unwrap();
    b.v.clock.advance_seconds(1_200);
    there(&b, id, b.volunteer.1, (40, 60)).await.unwrap();
    // a sheet of an order that reaches into the activity
    let starts_at = b.v.desk.now().plus_seconds(-1_800);
    let sheet = LateOrder {
        order: NewOrder { starts_at, ..b.cleaning(b.elder.1, 30) },
        volunteer: b.volunteer.1,
        sheet: "2026-17".to_owned(),
    };
    assert_eq!(refused(b.v.desk.enter_late(&b.desk, "s", &sheet).await), "time_overlap");
    b.confirm(order, 5).await.unwrap();
    b.v.desk.post_order(b.v.book, order).await.unwrap();
    b.v.clock.advance_seconds(4 * HOUR);
    signed(&b, id).await;
    assert_eq!(b.has(b.volunteer).await, (60, 0), "thirty minutes of each");
    b.holds().await;
}

#[tokio::test]
async fn who_stays_away_three_times_in_a_year_does_not_sign_up_for_thirty_days() {
    let b = Bank::new().await;
    for n in 0..3 {
        let id = open(&b, &format!("a{n}"), &clean_up(&b, 1, 12)).await;
        sign_up(&b, id, b.volunteer).await.unwrap();
        sign_up(&b, id, b.other).await.unwrap();
        // the other one withdraws in time, and nothing is noted
        b.v.desk.withdraw_from_activity(&b.of(b.other.0), id, b.other.1).await.unwrap();
        b.v.clock.advance_seconds(3 * HOUR);
        signed(&b, id).await;
        assert_eq!(outcome(&b, id, b.volunteer.1).await, ("absent".to_owned(), 0));
    }
    let id = open(&b, "next", &clean_up(&b, 1, 12)).await;
    let answer = sign_up(&b, id, b.volunteer).await;
    let until = b.v.desk.today().plus(30).to_string();
    assert_eq!(crate::village::fact(&answer, "until"), until);
    assert_eq!(refused(answer), "time_absences");
    assert_eq!(sign_up(&b, id, b.other).await.unwrap(), None);
    let own =
        Party::Household(greencoin::service::caller::Resident { book: b.v.book, household: b.volunteer.0 });
    let shown = b.v.desk.activity_file(&own, id).await.unwrap();
    assert_eq!(shown.own[0].1.map(|day| day.to_string()), Some(until), "they are told before they try");
    b.v.clock.advance_seconds(31 * 24 * HOUR);
    let later = open(&b, "later", &clean_up(&b, 1, 12)).await;
    assert_eq!(sign_up(&b, later, b.volunteer).await.unwrap(), None);
    b.holds().await;
}

#[tokio::test]
async fn a_minor_comes_with_a_guardian_and_a_long_day_and_a_late_list_need_another_hand() {
    let b = Bank::new().await;
    let desk = &b.v.desk;
    let parent = settler(&b.v, 110, "郑家母", 1980, None).await;
    let child = settler(&b.v, 111, "郑小明", 2011, Some(parent.0)).await;
    joins(&b, child, Some(parent.1)).await;
    joins(&b, parent, None).await;
    let untrained = NewActivity { trained: true, ..clean_up(&b, 9, 12) };
    let id = open(&b, "trained", &untrained).await;
    assert_eq!(refused(sign_up(&b, id, parent).await), "time_not_trained");
    let id = open(&b, "old", &NewActivity { least_age: 60, ..clean_up(&b, 9, 12) }).await;
    assert_eq!(refused(sign_up(&b, id, parent).await), "time_activity_age");
    let id = open(&b, "river", &clean_up(&b, 9, 12)).await;
    for who in [parent, child, b.volunteer] {
        sign_up(&b, id, who).await.unwrap();
    }
    b.v.clock.advance_seconds(11 * HOUR);
    for who in [parent.1, child.1] {
        there(&b, id, who, (0, 60)).await.unwrap();
    }
    there(&b, id, b.volunteer.1, (0, 540)).await.unwrap();
    assert_eq!(refused(desk.guardian_was_there(&b.desk, id, parent.1).await), "time_guardian");
    // three weeks later
    b.v.clock.advance_seconds(21 * 24 * HOUR);
    assert_eq!(refused(desk.close_activity_list(&b.desk, id, "").await), "time_activity_late");
    desk.close_activity_list(&b.desk, id, "2026-31").await.unwrap();
    let row = file(&b, id).await.activity.row;
    assert_eq!((row.late, row.sheet.as_deref()), (1, Some("2026-31")));
    assert_eq!(outcome(&b, id, child.1).await, ("unaccompanied".to_owned(), 0));
    desk.sign_activity_list(&b.arbiter, id, true, "").await.unwrap();
    assert_eq!(
        (b.has(parent).await, b.has(child).await, b.has(b.volunteer).await),
        ((60, 0), (0, 0), (0, 0))
    );
    let waits = line(&b, id, b.volunteer.1).await.held_up.unwrap();
    assert_eq!(waits.code, "time_needs_township", "nine hours on one day");
    assert_eq!(desk.post_activity_hours(b.v.book).await.unwrap(), 0);
    desk.allow_activity_day(&b.township, id, b.volunteer.1).await.unwrap();
    assert_eq!(b.has(b.volunteer).await, (540, 0));
    b.holds().await;
    // with the guardian there
    let id = open(&b, "again", &clean_up(&b, 2, 12)).await;
    sign_up(&b, id, child).await.unwrap();
    b.v.clock.advance_seconds(4 * HOUR);
    there(&b, id, child.1, (0, 60)).await.unwrap();
    desk.guardian_was_there(&b.desk, id, child.1).await.unwrap();
    signed(&b, id).await;
    assert_eq!(b.has(child).await, (60, 0));
    b.holds().await;
}

#[tokio::test]
async fn what_is_posted_wrongly_is_undone_and_no_longer_counts_as_earned() {
    let b = Bank::new().await;
    let id = open(&b, "river", &clean_up(&b, 2, 12)).await;
    sign_up(&b, id, b.volunteer).await.unwrap();
    b.v.clock.advance_seconds(4 * HOUR);
    there(&b, id, b.volunteer.1, (0, 120)).await.unwrap();
    signed(&b, id).await;
    let who = Party::Staff(handler(&b));
    let earned = async || b.v.desk.time_person(&who, "P000105").await.unwrap().hours.earned;
    assert_eq!((b.has(b.volunteer).await, earned().await), ((120, 0), 120));
    let seq = line(&b, id, b.volunteer.1).await.row.post_seq.unwrap();
    let request = b.v.desk.request_reversal(&b.v.clerk, seq, "没有来").await.unwrap();
    b.v.desk.approve_reversal(&b.arbiter, request.id, "属实").await.unwrap();
    assert_eq!((b.has(b.volunteer).await, earned().await), ((0, 0), 0));
    assert!(line(&b, id, b.volunteer.1).await.reversed);
    assert_eq!(b.v.desk.post_activity_hours(b.v.book).await.unwrap(), 0, "not posted again");
    b.holds().await;
}

#[tokio::test]
async fn in_a_crowd_people_sign_in_by_the_shown_code_and_a_sample_nobody_chose_is_looked_at() {
    let b = Bank::new().await;
    let desk = &b.v.desk;
    let id = open(&b, "village day", &clean_up(&b, 2, 200)).await;
    let mut people = Vec::new();
    for n in 0..100 {
        let who = settler(&b.v, 200 + n, "黄大明", 1970, None).await;
        joins(&b, who, None).await;
        if n < 99 {
            sign_up(&b, id, who).await.unwrap();
        }
        people.push(who);
    }
    assert_eq!(refused(desk.activity_code(&b.desk, id).await), "time_not_begun");
    let small = open(&b, "small", &clean_up(&b, 2, 200)).await;
    sign_up(&b, small, people[0]).await.unwrap();
    sign_up(&b, id, people[99]).await.unwrap();
    b.v.clock.advance_seconds(HOUR + 60);
    assert_eq!(refused(desk.activity_code(&b.desk, small).await), "time_activity_small");
    let (code, _) = desk.activity_code(&b.desk, id).await.unwrap();
    let first = people[0];
    let wrong = if code == "123456" { "654321" } else { "123456" };
    let enter = async |who: (HouseholdId, PersonId), code: &str| {
        desk.sign_in_to_activity(&b.of(who.0), id, who.1, code).await
    };
    assert_eq!(refused(enter(first, wrong).await), "time_activity_code");
    assert_eq!(refused(enter(b.volunteer, &code).await), "time_activity_not_listed");
    let early = desk.sign_out_of_activity(&b.of(first.0), id, first.1, &code).await;
    assert_eq!(refused(early), "time_activity_not_in");
    for who in &people[..60] {
        enter(*who, &code).await.unwrap();
    }
    assert_eq!(refused(enter(first, &code).await), "time_checked_in");
    b.v.clock.advance_seconds(HOUR);
    assert_eq!(refused(enter(people[70], &code).await), "time_activity_code", "an hour old");
    let (code, _) = desk.activity_code(&b.desk, id).await.unwrap();
    for who in &people[..59] {
        desk.sign_out_of_activity(&b.of(who.0), id, who.1, &code).await.unwrap();
    }
    b.v.clock.advance_seconds(HOUR);
    closed(&b, id).await;
    let list = file(&b, id).await;
    let came = list.lines.iter().filter(|l| l.row.outcome.as_deref() == Some("counts")).count();
    let drawn: Vec<&LineView> = list.lines.iter().filter(|l| l.row.drawn == 1).collect();
    assert_eq!((came, drawn.len()), (59, 5), "whoever did not sign out has no interval");
    assert!(list.activity.row.seed_seq.is_some());
    b.holds().await;
    let sign = async || desk.sign_activity_list(&b.arbiter, id, true, "").await;
    assert_eq!(refused(sign().await), "time_activity_sample");
    let not_drawn = list.lines.iter().find(|l| l.row.drawn == 0).unwrap().row.person_id;
    let saw = async |who, seen| desk.saw_at_activity(&b.desk, id, who, seen).await;
    assert_eq!(refused(saw(not_drawn, true).await), "time_activity_not_drawn");
    let (absent, seen) = drawn.split_first().unwrap();
    for line in seen {
        saw(line.row.person_id, true).await.unwrap();
    }
    assert_eq!(refused(sign().await), "time_activity_sample");
    saw(absent.row.person_id, false).await.unwrap();
    saw(absent.row.person_id, false).await.unwrap();
    assert_eq!(refused(saw(absent.row.person_id, true).await), "time_activity_answered");
    sign().await.unwrap();
    assert_eq!(outcome(&b, id, absent.row.person_id).await, ("not_seen".to_owned(), 0));
    assert_eq!(b.balance("Equity:Time:Service").await, -(20 * 60 + 58 * 60));
    b.holds().await;
}
