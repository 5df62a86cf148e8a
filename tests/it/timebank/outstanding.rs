//! Hours outstanding: how old they are, whether they can be served, and what villages keep open with each other.

use std::sync::Arc;

use greencoin::{
    domain::{
        household::PersonNo,
        ids::BookId,
        time::{Day, Period},
        timebank::{cover::CoverLevel, positions::StatementState},
    },
    service::{
        Desk, ServiceResult,
        caller::{Auditor, Clerk, CountyAdmin, Resident, Role},
        timebank::{clearing::Which, elsewhere::SavedElsewhere},
    },
    store::timebank::order::OrderRow,
};

use super::bank::Bank;
use crate::{
    engine::{Engine, clock},
    intruder::{Intruder, other},
    village::{Village, refused},
};

const DAY: i64 = 86_400;

fn auditor(b: &Bank) -> Auditor {
    Auditor::of(&b.staff(Role::Auditor)).unwrap()
}

#[tokio::test]
async fn outstanding_hours_by_age_sum_to_what_everybody_has() {
    let b = Bank::new().await;
    b.v.clock.advance_seconds(2 * 366 * DAY);
    b.credit(101, 600).await;
    b.credit(103, 300).await;
    // put aside is still the elder's; the oldest goes first when it is served
    b.v.desk.give_minutes(&b.of(b.daughter.0), "gift", (b.daughter.1, b.elder.1), 120).await.unwrap();
    b.v.desk.donate_minutes(&b.of(b.elder.0), "pool", b.elder.1, 500).await.unwrap();
    let found = b.v.desk.time_bank_ageing(&auditor(&b)).await.unwrap();
    assert_eq!(found.all.buckets, [900, 700, 0, 0]);
    assert_eq!((found.all.overdrawn, found.savers), (0, 2));
    let mut sum = 0;
    for no in 101..=106 {
        for account in ["Time", "TimeHeld"] {
            sum += b.balance(&format!("Liabilities:Persons:P000{no}:{account}")).await;
        }
    }
    assert_eq!(found.all.balance(), sum);
    b.holds().await;
}

#[tokio::test]
async fn cover_is_what_may_be_drawn_soon_against_what_was_served_in_a_year() {
    let b = Bank::new().await;
    let before = b.v.desk.time_bank_cover(&auditor(&b)).await.unwrap();
    assert_eq!((before.outstanding, before.cover.promised, before.cover.served), (1_200, 1_200, 0));
    assert_eq!((before.cover.month_tenths, before.cover.level), (None, CoverLevel::Act), "nobody serves");
    let id = b.confirmed("served", 60, 60, 5).await;
    b.v.desk.post_order(b.v.book, id).await.unwrap();
    // the volunteer is born 1985: owed, not soon
    let found = b.v.desk.time_bank_cover(&auditor(&b)).await.unwrap();
    assert_eq!((found.outstanding, found.cover.promised, found.cover.served), (1_200, 1_140, 60));
    assert_eq!((found.cover.month_tenths, found.cover.level), (Some(2_280), CoverLevel::Act));
    assert_eq!((found.thresholds, found.pool, found.quota_left), ((12, 24), 0, 600 * 60));
    b.v.desk.issue_pool(&b.township, "year", 60, "财政").await.unwrap();
    let issued = b.v.desk.time_bank_cover(&auditor(&b)).await.unwrap();
    assert_eq!((issued.pool, issued.quota_left), (60, 600 * 60 - 60));
    b.v.clock.advance_seconds(366 * DAY);
    let year_after = b.v.desk.time_bank_cover(&auditor(&b)).await.unwrap();
    assert_eq!(
        (year_after.cover.served, year_after.quota_left),
        (0, 600 * 60),
        "last year's service does not count"
    );
}

/// Two villages of one installation; the elder lives in the first and has the same name in the second.
async fn two() -> (Bank, Bank) {
    let here = Bank::new().await;
    let there = Bank::of_village(here.v.neighbour().await, "RS-3").await;
    (here, there)
}

async fn number(desk: &Desk, book: BookId) -> i64 {
    let mut tx = desk.db.begin_read().await.unwrap();
    greencoin::store::programme::by_book(&mut tx, book).await.unwrap().unwrap().no
}

/// The elder of `home` is served at `host`, where he has the same number.
async fn asked(host: &Bank, home: &Bank, key: &str, minutes: i64) -> ServiceResult<OrderRow> {
    let resident = Resident { book: home.v.book, household: home.elder.0 };
    let from = SavedElsewhere {
        village: number(&home.v.desk, home.v.book).await,
        person: PersonNo::from_ordinal(101),
        shown: home.v.desk.phone_code(&resident).await.unwrap().digits,
    };
    let new = host.cleaning(host.elder.1, minutes);
    host.v.desk.ask_with_hours_from(&host.desk, key, &new, &from).await
}

/// Empties the account of the elder.
async fn spent(b: &Bank) {
    b.v.desk.donate_minutes(&b.of(b.elder.0), "spent", b.elder.1, 20 * 60).await.unwrap();
}

#[tokio::test]
async fn hours_saved_in_one_village_pay_in_another_once_and_hour_for_hour() {
    let (home, host) = two().await;
    spent(&host).await;
    host.credit(101, 30).await;
    let order = asked(&host, &home, "phone", 120).await.unwrap();
    assert_eq!((order.state.as_str(), order.payer_id), ("open", Some(host.elder.1)));
    assert_eq!(
        (home.has(home.elder).await, host.has(host.elder).await),
        ((1_110, 0), (0, 120)),
        "only what is missing"
    );
    assert_eq!(asked(&host, &home, "phone", 120).await.unwrap().id, order.id);
    assert_eq!(home.has(home.elder).await, (1_110, 0), "once");
    // somebody else's card, and more than there is
    let resident = Resident { book: home.v.book, household: home.widow.0 };
    let from = SavedElsewhere {
        village: number(&home.v.desk, home.v.book).await,
        person: PersonNo::from_ordinal(101),
        shown: home.v.desk.phone_code(&resident).await.unwrap().digits,
    };
    let new = host.cleaning(host.elder.1, 60);
    let stranger = host.v.desk.ask_with_hours_from(&host.desk, "stranger", &new, &from).await;
    assert_eq!(refused(stranger), "time_other_card");
    home.v.desk.donate_minutes(&home.of(home.elder.0), "most", home.elder.1, 1_100).await.unwrap();
    assert_eq!(refused(asked(&host, &home, "more", 60).await), "insufficient_time");
    assert_eq!(
        (home.has(home.elder).await.0, host.has(host.elder).await),
        (10, (0, 120)),
        "neither book moved"
    );
    host.holds().await;
}

#[tokio::test]
async fn what_was_stopped_between_the_move_and_the_order_goes_on_from_there() {
    let (home, host) = two().await;
    spent(&host).await;
    // the hours came over, and the program was killed before the order was asked for
    let (here, there) = (number(&home.v.desk, home.v.book).await, number(&host.v.desk, host.v.book).await);
    let first = asked(&host, &home, "phone", 120).await.unwrap();
    host.v.desk.cancel_time_order(&host.desk(), first.id, "改天").await.unwrap();
    assert_eq!((home.has(home.elder).await.0, host.has(host.elder).await), (1_080, (120, 0)));
    let again = asked(&host, &home, "again", 120).await.unwrap();
    assert_eq!((again.state.as_str(), home.has(home.elder).await.0), ("open", 1_080), "nothing moved twice");
    assert_eq!(home.balance(&format!("Liabilities:Clearing:B{there}")).await, 120);
    assert_eq!(host.balance(&format!("Liabilities:Clearing:B{here}")).await, -120);
    host.holds().await;
}

fn month(b: &Bank) -> Day {
    b.v.desk.today().period(Period::Month).0
}

#[tokio::test]
async fn both_sides_confirm_the_month_or_dispute_it_within_fifteen_working_days() {
    let (home, host) = two().await;
    spent(&host).await;
    let of = month(&home);
    asked(&host, &home, "phone", 120).await.unwrap();
    let county = CountyAdmin { user: home.v.desk.id(), org: home.v.group };
    let all = home.v.desk.time_positions_of_county(&county, of).await.unwrap();
    let (here, there) = (number(&home.v.desk, home.v.book).await, number(&host.v.desk, host.v.book).await);
    assert_eq!((all.nets[&here], all.nets[&there], all.total, all.apart), (-120, 120, 0, None));
    let clerk = |b: &Bank| Clerk::of(&b.staff(Role::Clerk)).unwrap();
    assert_eq!(refused(home.v.desk.draw_clearing_statements(&clerk(&home), of).await), "time_month_runs");
    home.v.clock.advance_seconds(31 * DAY);
    for b in [&home, &host] {
        assert_eq!(b.v.desk.draw_clearing_statements(&clerk(b), of).await.unwrap(), 1);
        assert_eq!(b.v.desk.draw_clearing_statements(&clerk(b), of).await.unwrap(), 0, "once");
    }
    let decide = |b: &Bank, with: i64, confirms: bool, words: &'static str| {
        let (desk, by) = (b.v.desk.clone(), b.arbiter.clone());
        async move { desk.decide_clearing_statement(&by, Which { with, month: of }, confirms, words).await }
    };
    let confirmed = decide(&home, there, true, "").await.unwrap();
    assert_eq!(
        (confirmed.state().unwrap(), confirmed.sent, confirmed.received),
        (StatementState::Confirmed, 120, 0)
    );
    assert_eq!(refused(decide(&home, there, false, "不对").await), "time_clearing_moved_on");
    assert_eq!(refused(decide(&host, here, false, "").await), "text_missing");
    let disputed = decide(&host, here, false, "少记一次").await.unwrap();
    let days = disputed.settle_by.unwrap().number() - host.v.desk.today().number();
    assert!((19..=30).contains(&days), "fifteen working days are {days} days");
    let which = Which { with: here, month: of };
    let resolved = host.v.desk.resolve_clearing_dispute(&host.township, which, "核对无误").await.unwrap();
    assert_eq!((resolved.state().unwrap(), resolved.received), (StatementState::Resolved, 120));
    let seen = host.v.desk.time_positions(&auditor(&host), of).await.unwrap();
    assert_eq!((seen.net, seen.statements.len(), seen.with[&here].received), (120, 1, 120));
    host.holds().await;
}

#[tokio::test]
async fn a_statement_that_says_other_than_the_two_ledgers_is_named() {
    let (engine, clock) = (Arc::new(Engine::sqlite()), clock());
    let desk = engine.desk(&clock).await;
    let home = Bank::of_village(Village::on(Arc::clone(&engine), clock, desk, 1).await, "RS-3").await;
    let host = Bank::of_village(home.v.neighbour().await, "RS-3").await;
    spent(&host).await;
    let of = month(&home);
    asked(&host, &home, "phone", 120).await.unwrap();
    home.v.clock.advance_seconds(31 * DAY);
    let clerk = Clerk::of(&home.staff(Role::Clerk)).unwrap();
    home.v.desk.draw_clearing_statements(&clerk, of).await.unwrap();
    home.holds().await;
    let mut intruder = Intruder::at(&engine.url).await;
    intruder.keep("time_clearing").await;
    let untold = ["drawn_at", "drawn_by", "words", "outcome"];
    let mut wrong = Vec::new();
    for (column, kind) in &intruder.columns("time_clearing").await.0 {
        let value = match column.as_str() {
            "state" => "'confirmed'".to_owned(),
            "month" => "month + 31".to_owned(),
            _ => other(column, kind),
        };
        assert_eq!(
            intruder.run(&format!("UPDATE time_clearing SET {column} = {value}")).await,
            1,
            "{column}"
        );
        let noticed = !home.v.desk.verify_books(None).await.is_ok_and(|report| report.holds());
        if noticed == untold.contains(&column.as_str()) && column != "book_id" {
            wrong.push(format!("{column}: noticed {noticed}"));
        }
        intruder.restore("time_clearing").await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    home.holds().await;
}
