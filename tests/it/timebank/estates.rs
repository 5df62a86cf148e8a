//! Inheritance of hours: under two names, once, never while something is open, to the pool when nobody inherits; and what is
//! changed behind the program's back is named.

use std::sync::Arc;

use greencoin::{
    domain::{
        ids::{PersonId, TimeEstateId},
        timebank::{estate::EstateGround, policy::Brim},
    },
    service::{
        ServiceResult,
        caller::{Reviewer, Role},
        timebank::{estate::NewHeir, party::Party},
    },
    store::{person, timebank::estate::EstateRow},
};

use super::bank::Bank;
use crate::{
    engine::{Engine, clock},
    intruder::{Intruder, other},
    village::{Village, refused},
};

const DAY: i64 = 86_400;
const ELDER: &str = "Liabilities:Persons:P000101:Time";

/// The elder died today: the register knows that he left.
async fn died(b: &Bank) {
    b.v.clock.advance_seconds(DAY);
    let mut tx = b.v.desk.db.begin_write().await.unwrap();
    person::leave(&mut tx, b.v.book, b.elder.1, b.v.desk.today()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn opened(b: &Bank) -> ServiceResult<EstateRow> {
    b.v.desk.open_time_estate(&b.desk, b.elder.1, b.v.desk.today(), "死亡证明 2026-17").await
}

fn heir(heir: PersonId, brim: Option<Brim>) -> NewHeir {
    NewHeir { heir, ground: EstateGround::Named, paper: "遗嘱 2026-3，村档案室".to_owned(), brim }
}

async fn draw(b: &Bank, id: TimeEstateId, who: PersonId, brim: Option<Brim>) -> ServiceResult<EstateRow> {
    b.v.desk.draw_heir(&b.desk, id, &heir(who, brim)).await
}

async fn agree(b: &Bank, id: TimeEstateId) -> ServiceResult<EstateRow> {
    b.v.desk.decide_heir(&b.arbiter, id, true, "").await
}

#[tokio::test]
async fn hours_of_somebody_who_died_go_to_the_heir_once_under_two_names() {
    let b = Bank::new().await;
    assert_eq!(refused(opened(&b).await), "time_estate_registered");
    died(&b).await;
    let late = b.v.desk.open_time_estate(&b.desk, b.elder.1, b.v.desk.today().plus(1), "证明").await;
    assert_eq!(refused(late), "time_estate_day");
    let id = opened(&b).await.unwrap().id;
    assert_eq!(refused(opened(&b).await), "time_estate_there");
    // frozen: his wife draws on it no more, and nothing comes in
    let new = b.cleaning(b.wife, 60);
    assert_eq!(refused(b.v.desk.ask_for_service(&b.desk(), "wife", &new).await), "time_nobody_pays");
    b.credit(103, 60).await;
    let gift = b.v.desk.give_minutes(&b.of(b.daughter.0), "gift", (b.daughter.1, b.elder.1), 60).await;
    assert_eq!(refused(gift), "time_estate_frozen");
    assert_eq!(refused(draw(&b, id, b.volunteer.1, None).await), "time_heir_tie");
    assert_eq!(refused(agree(&b, id).await), "time_estate_moved_on", "nobody is drawn up");
    draw(&b, id, b.daughter.1, None).await.unwrap();
    assert_eq!(refused(draw(&b, id, b.wife, None).await), "time_estate_moved_on");
    let mut same = b.staff(Role::Reviewer);
    same.user = b.desk.user;
    let same = Reviewer::of(&same).unwrap();
    assert_eq!(refused(b.v.desk.decide_heir(&same, id, true, "").await), "time_own_second");
    let before = b.v.seq().await;
    let row = agree(&b, id).await.unwrap();
    assert_eq!((row.minutes, row.saved, row.pooled, row.honoured), (1_200, 1_200, 0, 0));
    assert_eq!((row.post_seq, b.v.seq().await), (Some(before + 1), before + 1), "one posting");
    assert_eq!((b.balance(ELDER).await, b.has(b.daughter).await), (0, (1_260, 0)));
    assert_eq!(refused(agree(&b, id).await), "time_estate_moved_on");
    assert_eq!(b.v.seq().await, before + 1, "once");
    b.holds().await;
}

#[tokio::test]
async fn nothing_is_inherited_while_an_order_or_a_gift_is_open() {
    let b = Bank::new().await;
    b.credit(103, 300).await;
    let order = b.asked("wife", b.wife, 60).await;
    let gift = b.v.desk.give_minutes(&b.of(b.daughter.0), "g", (b.daughter.1, b.elder.1), 60).await.unwrap();
    died(&b).await;
    let id = opened(&b).await.unwrap().id;
    assert_eq!(refused(draw(&b, id, b.daughter.1, None).await), "time_estate_order");
    b.v.desk.cancel_time_order(&b.desk(), order.id, "老人去世").await.unwrap();
    assert_eq!(refused(draw(&b, id, b.daughter.1, None).await), "time_estate_gift");
    b.v.desk.take_gift_back(&b.of(b.daughter.0), gift.id).await.unwrap();
    draw(&b, id, b.daughter.1, None).await.unwrap();
    assert_eq!(refused(b.v.desk.decide_heir(&b.arbiter, id, false, " ").await), "text_missing");
    let back = b.v.desk.decide_heir(&b.arbiter, id, false, "协议缺一人签字").await.unwrap();
    assert_eq!((back.state.as_str(), back.heir_id, b.balance(ELDER).await), ("open", None, 1_200));
    draw(&b, id, b.wife, None).await.unwrap();
    agree(&b, id).await.unwrap();
    assert_eq!(b.balance("Liabilities:Persons:P000102:Time").await, 1_200);
    b.holds().await;
}

#[tokio::test]
async fn what_nobody_inherits_in_its_days_goes_to_the_pool() {
    let b = Bank::new().await;
    died(&b).await;
    let id = opened(&b).await.unwrap().id;
    b.v.clock.advance_seconds(729 * DAY);
    assert_eq!(b.v.desk.lapse_estates(b.v.book).await.unwrap(), 0);
    b.v.clock.advance_seconds(DAY);
    assert_eq!(b.v.desk.keep_time_bank(b.v.book).await.unwrap(), 1);
    assert_eq!(b.v.desk.lapse_estates(b.v.book).await.unwrap(), 0, "once");
    assert_eq!((b.balance(ELDER).await, b.balance("Equity:Time:Pool").await), (0, 1_200));
    let row = b.v.desk.time_estate(b.v.book, id).await.unwrap();
    assert_eq!((row.heir_id, row.pooled, row.decided_by.as_deref()), (None, 1_200, Some("system")));
    assert_eq!(refused(draw(&b, id, b.daughter.1, None).await), "time_estate_moved_on");
    b.holds().await;
}

#[tokio::test]
async fn beyond_the_heirs_cap_the_heir_chooses_first() {
    let b = Bank::new().await;
    b.credit(103, 1_490 * 60).await;
    died(&b).await;
    let id = opened(&b).await.unwrap().id;
    draw(&b, id, b.daughter.1, None).await.unwrap();
    assert_eq!(refused(agree(&b, id).await), "time_brim");
    b.v.desk.decide_heir(&b.arbiter, id, false, "先问继承人").await.unwrap();
    draw(&b, id, b.daughter.1, Some(Brim::Honor)).await.unwrap();
    let row = agree(&b, id).await.unwrap();
    assert_eq!((row.saved, row.pooled, row.honoured), (600, 0, 600));
    assert_eq!(b.has(b.daughter).await, (1_500 * 60, 0));
    b.holds().await;
}

#[tokio::test]
async fn both_sides_see_it_and_nobody_else() {
    let b = Bank::new().await;
    died(&b).await;
    let id = opened(&b).await.unwrap().id;
    draw(&b, id, b.daughter.1, None).await.unwrap();
    let greencoin::service::timebank::Side::Household(daughter) = b.of(b.daughter.0) else { unreachable!() };
    for (home, sees) in [(b.elder.0, 1), (b.daughter.0, 1), (b.widow.0, 0)] {
        let by = Party::Household(greencoin::service::caller::Resident { household: home, ..daughter });
        let seen = b.v.desk.time_estates(&by, 0).await.unwrap();
        assert_eq!(seen.len(), sees);
        assert_eq!(b.v.desk.time_estate_view(&by, id).await.is_ok(), sees == 1);
    }
}

/// What the log does not tell: words, and who wrote something down; their history stands in `event`.
const UNTOLD: [&str; 11] = [
    "no",
    "notice",
    "opened_at",
    "opened_by",
    "due_on",
    "paper",
    "brim",
    "drawn_at",
    "drawn_by",
    "decided_at",
    "changes",
];

#[tokio::test]
async fn an_inheritance_that_says_other_than_the_ledger_is_named() {
    let (engine, clock) = (Arc::new(Engine::sqlite()), clock());
    let desk = engine.desk(&clock).await;
    let b = Bank::of_village(Village::on(Arc::clone(&engine), clock, desk, 1).await, "RS-3").await;
    died(&b).await;
    let id = opened(&b).await.unwrap().id;
    draw(&b, id, b.daughter.1, None).await.unwrap();
    agree(&b, id).await.unwrap();
    b.holds().await;
    let mut intruder = Intruder::at(&engine.url).await;
    intruder.keep("time_estate").await;
    let mut wrong = Vec::new();
    for (column, kind) in &intruder.columns("time_estate").await.0 {
        let value = match column.as_str() {
            "book_id" => "x'00'".to_owned(),
            "state" => "'drawn'".to_owned(),
            "ground" => "'agreed'".to_owned(),
            "brim" => "'donate'".to_owned(),
            _ => other(column, kind),
        };
        assert_eq!(intruder.run(&format!("UPDATE time_estate SET {column} = {value}")).await, 1, "{column}");
        let noticed = !b.v.desk.verify_books(Some(1)).await.is_ok_and(|report| report.holds());
        if noticed == UNTOLD.contains(&column.as_str()) {
            wrong.push(format!("{column}: noticed {noticed}"));
        }
        intruder.restore("time_estate").await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    intruder.run("DELETE FROM time_estate").await;
    assert!(!b.v.desk.verify_books(None).await.unwrap().holds());
    intruder.restore("time_estate").await;
    b.holds().await;
}
