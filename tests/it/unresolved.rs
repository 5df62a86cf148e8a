//! What is not resolved before a closing, and the policies of points that lapse: never, at the end of a period, after so
//! many months, back to the base.

use greencoin::{
    domain::{
        period::{Unresolved, Way},
        ruleset,
        time::Day,
    },
    jobs,
    service::{
        Actor,
        award::review::Verdict,
        bulk::Mode,
        caller::{Bookkeeper, Resident, Reviewer},
        claim::{Claimant, hand_in::NewClaim},
        inspection::open::NewRound,
        objection::Objector,
        opening::{OpeningItem, OpeningSheet},
        panel::convene::NewSitting,
        rulesets::Adoption,
        unresolved::Thing,
    },
};

use crate::{
    hamlet::{Village, at, refused},
    panel::Seated,
};

const DAY: i64 = 86_400;

async fn counted(v: &Village, through: Day, kind: Unresolved) -> (i64, Way) {
    let found = v.desk.unresolved(&v.clerk, through).await.unwrap();
    let tally = found.iter().find(|tally| tally.kind == kind).unwrap();
    (tally.count, tally.way())
}

#[tokio::test]
async fn a_period_closes_over_open_things_only_with_a_word_and_never_over_a_reversal_that_waits() {
    let v = Village::new().await;
    let posted = v.approved(0, "D3").await;
    v.publish().await;
    v.clock.advance_seconds(6 * DAY);
    v.desk.post_due_lines(v.book).await.unwrap();
    let disputed = v.approved(1, "D3").await;
    v.publish().await;
    v.approved(2, "D3").await;
    v.record(v.claim(3, "D3").await).await.unwrap();
    let by = Objector::Resident(Resident { book: v.book, household: v.households[4] });
    let objection = v.desk.object(&by, disputed.id, "没有").await.unwrap();
    let seq = v.desk.award_file(v.book, posted.id).await.unwrap().award.txn_seq.unwrap();
    let reversal = v.desk.request_reversal(&v.clerk(), seq, "记错").await.unwrap();
    let said = NewClaim {
        household: None,
        person: None,
        item: "D3".to_owned(),
        grade: None,
        quantity: 1.into(),
        occurred_on: v.desk.today(),
        words: "帮邻居收玉米".to_owned(),
        helper: String::new(),
        photo: None,
        voice: None,
    };
    let who = Claimant::Household(Resident { book: v.book, household: v.households[5] });
    v.desk.hand_in(&who, said, "claim").await.unwrap();
    v.clock.advance_seconds(DAY);
    let through = v.desk.today().plus(-1);
    for (kind, count, way) in [
        (Unresolved::Reversals, 1, Way::Refuses),
        (Unresolved::Objections, 1, Way::Asks),
        (Unresolved::InReview, 1, Way::Asks),
        (Unresolved::Approved, 1, Way::Asks),
        (Unresolved::InNotice, 1, Way::Asks),
        (Unresolved::Claims, 1, Way::Asks),
        (Unresolved::Notices, 1, Way::Asks),
        (Unresolved::Appeals, 0, Way::Free),
        (Unresolved::Lapses, 0, Way::Free),
    ] {
        assert_eq!(counted(&v, through, kind).await, (count, way), "{kind:?}");
    }
    let reader = Bookkeeper::of(&v.clerk).unwrap();
    let things = v.desk.unresolved_things(&reader, through, Unresolved::Objections).await.unwrap();
    assert!(matches!(things[..], [Thing::Objection(id, ..)] if id == objection.id), "{things:?}");
    for kind in Unresolved::ALL {
        let things = v.desk.unresolved_things(&reader, through, kind).await.unwrap();
        assert_eq!(i64::try_from(things.len()).unwrap(), counted(&v, through, kind).await.0, "{kind:?}");
    }
    let close = async |confirmed| v.desk.close_when_resolved(&v.clerk, through, confirmed).await;
    assert_eq!(refused(close(true).await), "period_unresolved");
    let second = Reviewer::of(&v.second).unwrap();
    v.desk.refuse_reversal(&second, reversal.id, "没有记错").await.unwrap();
    assert_eq!(refused(close(false).await), "period_unconfirmed");
    let closing = close(true).await.unwrap();
    assert_eq!(close(false).await.unwrap(), closing, "the same closing again");
}

#[tokio::test]
async fn rounds_not_on_record_and_sittings_that_go_on_are_not_resolved() {
    let s = Seated::new().await;
    let row = s.v.record(s.v.claim(0, "D3").await).await.unwrap();
    s.v.desk.review_award(&Reviewer::of(&s.v.reviewer).unwrap(), row.id, Verdict::Approve, "").await.unwrap();
    let sitting = NewSitting { sits_on: s.v.desk.today(), place: "村部".to_owned(), awards: vec![row.id] };
    let sitting = s.v.desk.convene(&s.v.clerk(), &sitting).await.unwrap().id;
    let round = NewRound {
        seen_on: s.v.desk.today(),
        items: vec!["A1".to_owned()],
        groups: Vec::new(),
        eyes: s.people[..2].iter().map(|p| p.user).collect(),
    };
    let round = s.v.desk.open_round(&s.v.clerk(), &round).await.unwrap().id;
    s.v.clock.advance_seconds(DAY);
    let through = s.v.desk.today().plus(-1);
    let both = async || {
        [
            counted(&s.v, through, Unresolved::Rounds).await.0,
            counted(&s.v, through, Unresolved::Sittings).await.0,
        ]
    };
    assert_eq!(both().await, [1, 1]);
    assert_eq!(
        counted(&s.v, through.plus(-1), Unresolved::Rounds).await,
        (0, Way::Free),
        "not of that period"
    );
    let reader = Bookkeeper::of(&s.v.clerk).unwrap();
    let things = async |kind| s.v.desk.unresolved_things(&reader, through, kind).await.unwrap();
    assert!(matches!(things(Unresolved::Rounds).await[..], [Thing::Round(id, 1, _)] if id == round));
    assert!(matches!(things(Unresolved::Sittings).await[..], [Thing::Sitting(id, 1, _)] if id == sitting));
    s.v.desk.close_round(&s.v.clerk(), round).await.unwrap();
    assert_eq!(both().await, [1, 1], "closed, and nothing on record");
    s.v.desk.withdraw_round(&s.v.clerk(), round, "下雨").await.unwrap();
    s.v.desk.call_off(&s.v.clerk(), sitting, "人数不够").await.unwrap();
    assert_eq!(both().await, [0, 0]);
}

#[tokio::test]
async fn a_period_is_not_closed_before_what_lapsed_in_it_is_posted() {
    let v = Village::new().await;
    v.approved(0, "D3").await;
    v.publish().await;
    v.clock.advance_seconds(6 * DAY);
    v.desk.post_due_lines(v.book).await.unwrap();
    v.clock.set(at("2027-04-01T08:00:00+08:00"));
    let through: Day = "2027-03-31".parse().unwrap();
    assert_eq!(counted(&v, through, Unresolved::Lapses).await, (1, Way::Refuses));
    assert_eq!(refused(v.desk.close_when_resolved(&v.clerk, through, true).await), "period_unresolved");
    assert_eq!(jobs::tick(&v.desk).await.unwrap().lapsed, 1);
    assert_eq!(counted(&v, through, Unresolved::Lapses).await, (0, Way::Free));
    v.desk.close_when_resolved(&v.clerk, through, false).await.unwrap();
}

/// A village under the rural rules with another policy, with five points earned on 3 June.
async fn under(expiry: &str) -> Village {
    let v = Village::new().await;
    let (_, text) = ruleset::shipped()[0];
    let shipped = r#"expiry = { kind = "next_year", month = 3, day = 31, reminders = [30, 7] }"#;
    let text = text.replace(shipped, &format!("expiry = {expiry}"));
    let set = v.desk.publish_ruleset(Actor::System, &text).await.unwrap();
    let basis = "村民代表会议决议".to_owned();
    let adoption = Adoption { hash: set.hash().to_owned(), from: v.desk.today(), basis };
    v.desk.adopt_ruleset(Actor::System, v.book, &adoption).await.unwrap();
    v.approved(0, "D3").await;
    v.publish().await;
    v.clock.advance_seconds(6 * DAY);
    jobs::tick(&v.desk).await.unwrap();
    assert_eq!(v.available(0).await, 500);
    v
}

/// What is left at the beginning of a day, after the jobs.
async fn left(v: &Village, day: &str) -> i64 {
    v.clock.set(at(&format!("{day}T00:10:00+08:00")));
    jobs::tick(&v.desk).await.unwrap();
    v.available(0).await
}

/// Reminded households, and whether with emphasis.
async fn reminded(v: &Village, day: &str) -> Option<bool> {
    v.clock.set(at(&format!("{day}T08:00:00+08:00")));
    let groups = v.desk.lapsing_homes(&v.clerk()).await.unwrap();
    groups.first().and_then(|g| g.homes.first()).map(|home| home.lapses[0].soon)
}

#[tokio::test]
async fn a_reset_takes_what_was_earned_and_what_was_brought_over_back_to_the_base() {
    let v = under(r#"{ kind = "reset_to_base" }"#).await;
    let items = vec![OpeningItem { household: "H0001".to_owned(), points: "12".to_owned() }];
    let (fund, basis) = ("Service".to_owned(), "旧存折".to_owned());
    let sheet = OpeningSheet { fund, basis, mode: Mode::Each, items };
    v.desk.bring_over(&v.township(), "opening", &sheet).await.unwrap();
    assert_eq!((v.available(0).await, v.honor(0).await), (1_700, 10_500));
    assert_eq!(reminded(&v, "2026-11-30").await, None);
    assert_eq!(reminded(&v, "2026-12-01").await, Some(false));
    assert_eq!(reminded(&v, "2026-12-24").await, Some(true));
    assert_eq!(left(&v, "2026-12-31").await, 1_700);
    assert_eq!((left(&v, "2027-01-01").await, v.honor(0).await), (0, 10_000), "back to the base");
    v.assert_balanced().await;
}

#[tokio::test]
async fn points_lapse_at_the_end_of_their_period_and_its_grace() {
    let v = under(r#"{ kind = "end_of_period", period = "quarter", grace_days = 15, reminders = [30, 7] }"#)
        .await;
    assert_eq!(reminded(&v, "2026-06-14").await, None);
    assert_eq!(reminded(&v, "2026-06-15").await, Some(false));
    assert_eq!(reminded(&v, "2026-07-08").await, Some(true));
    assert_eq!((left(&v, "2026-07-15").await, left(&v, "2026-07-16").await), (500, 0));
}

#[tokio::test]
async fn points_lapse_so_many_months_after_they_were_earned() {
    let v = under(r#"{ kind = "rolling", months = 3, reminders = [30, 7] }"#).await;
    assert_eq!((left(&v, "2026-09-09").await, left(&v, "2026-09-10").await), (500, 0));
}

#[tokio::test]
async fn points_that_never_lapse_are_there_after_years() {
    let v = under(r#"{ kind = "none" }"#).await;
    assert_eq!(reminded(&v, "2028-12-30").await, None);
    assert_eq!(left(&v, "2029-06-03").await, 500);
}
