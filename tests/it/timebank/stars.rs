//! Stars: applied for, looked at, hung, objected to, given; what shows falls with the hours; false hours bar.

use greencoin::{
    domain::{
        ids::PersonId,
        timebank::{ServiceKind, star_case::StarState},
    },
    service::{
        caller::{Resident, Reviewer, Role},
        timebank::{activity::NewActivity, party::Party, star::StarStanding},
    },
};

use super::bank::{Bank, HOUR};
use crate::village::{fact, refused};

const DAY: i64 = 24 * HOUR;

/// So many full days of eight hours, on one signed list; the posting.
async fn serves(b: &Bank, key: &str, days: i64) -> i64 {
    let (desk, who) = (&b.v.desk, b.volunteer);
    let starts_at = desk.now().plus_seconds(HOUR);
    let new = NewActivity {
        name: "护林".to_owned(),
        content: String::new(),
        kind: ServiceKind::Cleaning,
        place: "后山".to_owned(),
        starts_at,
        ends_at: starts_at.plus_seconds((days + 1) * DAY),
        capacity: 5,
        least_age: 0,
        insured: false,
        trained: false,
        in_charge: b.elder.1,
    };
    let id = desk.post_activity(&b.desk, key, &new).await.unwrap().id;
    desk.approve_activity(&b.arbiter, id, true, "").await.unwrap();
    desk.sign_up_for_activity(&b.of(who.0), id, who.1).await.unwrap();
    b.v.clock.advance_seconds((days + 2) * DAY);
    for day in 0..days {
        let from = starts_at.plus_seconds(day * DAY);
        let times = (Some(from), from.plus_seconds(8 * HOUR));
        desk.write_activity_times(&b.desk, id, who.1, times).await.unwrap();
    }
    desk.close_activity_list(&b.desk, id, "逾期时的签字单").await.unwrap();
    desk.sign_activity_list(&b.arbiter, id, true, "").await.unwrap();
    let own = desk.activity_file(&household(b, who.0), id).await.unwrap();
    own.lines[0].row.post_seq.unwrap()
}

fn household(b: &Bank, home: greencoin::domain::ids::HouseholdId) -> Party {
    Party::Household(Resident { book: b.v.book, household: home })
}

async fn standing(b: &Bank, who: PersonId) -> StarStanding {
    b.v.desk.star_standing(&household(b, b.volunteer.0), who).await.unwrap()
}

#[tokio::test]
async fn a_star_hangs_five_working_days_and_is_given_by_a_second_person() {
    let b = Bank::new().await;
    let (desk, who) = (&b.v.desk, b.volunteer);
    let side = b.of(who.0);
    assert_eq!(refused(desk.apply_for_star(&side, who.1).await), "time_star_hours");
    serves(&b, "first", 12).await;
    let answer = desk.apply_for_star(&side, who.1).await;
    assert_eq!(fact(&answer, "minutes"), (4 * 60).to_string(), "96 of 100 hours");
    serves(&b, "more", 1).await;
    let row = desk.apply_for_star(&side, who.1).await.unwrap();
    assert_eq!((row.level, row.minutes), (1, 104 * 60));
    assert_eq!(desk.apply_for_star(&side, who.1).await.unwrap().id, row.id, "asked again it is the same");
    assert_eq!(refused(desk.grant_star(&b.arbiter, row.id).await), "time_star_moved_on");
    let mut kin = b.staff(Role::Reviewer);
    kin.person = Some(who.1);
    let kin = Reviewer::of(&kin).unwrap();
    assert_eq!(refused(desk.review_star(&kin, row.id, true, "").await), "own_household");
    desk.review_star(&b.arbiter, row.id, true, "").await.unwrap();
    assert_eq!(desk.stars_in(b.v.book, StarState::Hung).await.unwrap()[0].who.volunteer, Some(1));
    let second = Reviewer::of(&b.staff(Role::Reviewer)).unwrap();
    assert_eq!(refused(desk.grant_star(&b.arbiter, row.id).await), "time_own_second");
    assert_eq!(refused(desk.grant_star(&second, row.id).await), "time_star_notice");
    b.v.clock.advance_seconds(2 * DAY);
    desk.object_to_star(&household(&b, b.other.0), row.id, "有两天没见到他").await.unwrap();
    b.v.clock.advance_seconds(10 * DAY);
    assert_eq!(
        refused(desk.grant_star(&second, row.id).await),
        "time_star_moved_on",
        "the clock stands still"
    );
    desk.answer_star_objection(&second, row.id, false, "名单和照片都在").await.unwrap();
    assert_eq!(refused(desk.grant_star(&second, row.id).await), "time_star_notice");
    assert_eq!(standing(&b, who.1).await.shown, 0);
    b.v.clock.advance_seconds(8 * DAY);
    desk.grant_star(&second, row.id).await.unwrap();
    let now = standing(&b, who.1).await;
    assert_eq!((now.shown, now.worth, now.to_next), (1, 1, Some(196 * 60)));
    assert_eq!(refused(desk.apply_for_star(&side, who.1).await), "time_star_hours");
    b.holds().await;
}

#[tokio::test]
async fn false_hours_are_undone_take_the_star_with_them_and_bar_for_years() {
    let b = Bank::new().await;
    let (desk, who) = (&b.v.desk, b.volunteer);
    let side = b.of(who.0);
    let seq = serves(&b, "first", 13).await;
    let row = desk.apply_for_star(&side, who.1).await.unwrap();
    desk.review_star(&b.arbiter, row.id, true, "").await.unwrap();
    b.v.clock.advance_seconds(12 * DAY);
    let second = Reviewer::of(&b.staff(Role::Reviewer)).unwrap();
    desk.grant_star(&second, row.id).await.unwrap();
    assert_eq!(standing(&b, who.1).await.shown, 1);
    let bar = async |years, words| desk.propose_bar(&b.desk, (who.1, seq), years, words).await;
    assert_eq!(refused(bar(2, "没有去护林").await), "time_bar_standing", "the hours still stand");
    let request = desk.request_reversal(&b.v.clerk, seq, "没有去护林").await.unwrap();
    desk.approve_reversal(&b.arbiter, request.id, "属实").await.unwrap();
    assert_eq!(standing(&b, who.1).await.shown, 0, "derived, not stored");
    for (years, words, code) in
        [(0, "虚假", "time_bar_years"), (4, "虚假", "time_bar_years"), (2, " ", "text_missing")]
    {
        assert_eq!(refused(bar(years, words).await), code);
    }
    let row = bar(2, "没有去护林").await.unwrap();
    assert_eq!(bar(2, "没有去护林").await.unwrap().id, row.id);
    let mut own = b.staff(Role::Reviewer);
    own.user = b.desk.user;
    let own = Reviewer::of(&own).unwrap();
    assert_eq!(refused(desk.sign_bar(&own, row.id, true).await), "time_own_second");
    desk.sign_bar(&b.arbiter, row.id, true).await.unwrap();
    assert_eq!(refused(desk.sign_bar(&b.arbiter, row.id, true).await), "time_bar_decided");
    assert!(standing(&b, who.1).await.barred_until.is_some());
    assert_eq!(refused(desk.apply_for_star(&side, who.1).await), "time_barred");
    let order = b.asked("order", b.elder.1, 60).await;
    assert_eq!(refused(desk.accept_order(&side, order.id, who.1).await), "time_barred");
    b.holds().await;
    b.v.clock.advance_seconds(3 * 365 * DAY);
    assert_eq!(standing(&b, who.1).await.barred_until, None);
}
