//! What the decision core promises, one sentence a test. Random histories against a naive twin are in
//! `tests/it/ledger_props.rs`.

use super::*;
use crate::domain::{
    chart::{self, Policy},
    ids::{BookId, TxnId},
    posting::{Commodity, Line, Path, Posting},
    time::{Day, Timestamp},
};
use uuid::Uuid;

mod holds;

const DAY: Day = Day::from_number(20_600);

fn now() -> Timestamp {
    DAY.start().plus_seconds(3600)
}

fn book() -> Book {
    Book::new(BookId(Uuid::from_u128(1)), Policy::default())
}

fn available(no: &str) -> Path {
    chart::household_available(no).unwrap()
}

fn held(no: &str) -> Path {
    chart::household_held(no).unwrap()
}

fn points(lines: &[(Path, i64)]) -> Posting {
    let line = |(path, q): &(Path, i64)| Line::new(path.clone(), Commodity::point(), *q);
    Posting::new(lines.iter().map(line).collect()).unwrap()
}

fn command(key: &str, kind: TxnKind, posting: Posting) -> Command {
    Command {
        id: TxnId(Uuid::from_u128(u128::try_from(key.len()).unwrap())),
        key: key.parse().unwrap(),
        kind,
        effective_on: DAY,
        actor: "user:1".into(),
        source: None,
        ruleset: None,
        rule: None,
        reverses: None,
        resolves: None,
        posting,
        meters: Vec::new(),
        body: [("what".to_owned(), "x".to_owned())].into(),
        private: std::collections::BTreeMap::new(),
    }
}

fn award(key: &str, no: &str, q: i64) -> Command {
    command(key, TxnKind::Award, points(&[(chart::budget("F").unwrap(), q), (available(no), -q)]))
}

fn redemption(key: &str, no: &str, q: i64) -> Command {
    command(key, TxnKind::Redemption, points(&[(available(no), q), (chart::redeemed("C1").unwrap(), -q)]))
}

fn hold(key: &str, no: &str, q: i64) -> Command {
    command(key, TxnKind::Hold, points(&[(available(no), q), (held(no), -q)]))
}

fn reversal(key: &str, seq: i64, of: &Posting) -> Command {
    Command { reverses: Some(seq), ..command(key, TxnKind::Reversal, of.mirror()) }
}

/// A book whose fund may still issue 1,000 points, and whose household H1 has 50.
fn funded() -> Book {
    let mut book = book();
    let authorised = chart::authorised("F").unwrap();
    let budget = points(&[(authorised, 100_000), (chart::budget("F").unwrap(), -100_000)]);
    posted(&mut book, &command("budget", TxnKind::Budget, budget));
    posted(&mut book, &award("first award", "H1", 5_000));
    book
}

fn posted(book: &mut Book, command: &Command) -> Posted {
    match book.decide(command, now()) {
        Ok(Outcome::Posted(posted)) => posted,
        other => panic!("{other:?}"),
    }
}

fn refused(book: &mut Book, command: &Command) -> Refused {
    match book.decide(command, now()) {
        Ok(Outcome::Refused(refused)) => refused,
        other => panic!("{other:?}"),
    }
}

fn balance(book: &Book, path: &Path) -> i64 {
    book.account(&(path.clone(), Commodity::point())).map_or(0, |account| account.balance)
}

#[test]
fn a_household_that_has_too_few_points_is_told_how_many_it_has() {
    let mut book = funded();
    let no = refused(&mut book, &redemption("r", "H1", 5_001));
    assert_eq!(no.code.as_str(), "insufficient_points");
    assert_eq!(no.facts["available"], "5000");
    assert_eq!(no.facts["needed"], "5001");
    posted(&mut book, &redemption("r2", "H1", 5_000));
    assert_eq!(refused(&mut book, &award("much", "H2", 95_001)).code, RefusalCode::InsufficientBudget);
}

#[test]
fn a_refusal_is_repeated_for_ever_even_when_it_would_now_pass() {
    let mut book = funded();
    let first = refused(&mut book, &redemption("r", "H1", 6_000));
    posted(&mut book, &award("more", "H1", 5_000));
    let again = book.decide(&redemption("r", "H1", 6_000), now()).unwrap();
    assert_eq!(again, Outcome::Replayed(PriorResult::Refused(first)));
}

#[test]
fn a_key_with_another_body_names_what_differs_and_prices_do_not_count() {
    let mut book = funded();
    let first = redemption("r", "H1", 100);
    let seq = posted(&mut book, &first).seq;
    let repriced = Command { posting: redemption("r", "H1", 120).posting, ..first.clone() };
    assert_eq!(book.decide(&repriced, now()).unwrap(), Outcome::Replayed(PriorResult::Posted { seq }));
    let mut other = Command { actor: "user:2".into(), kind: TxnKind::Opening, ..first };
    other.body = [("when".to_owned(), "y".to_owned())].into();
    let fields = ["actor", "kind", "what", "when"].map(str::to_owned).to_vec();
    assert_eq!(book.decide(&other, now()).unwrap(), Outcome::Conflict { fields });
}

#[test]
fn a_clock_that_goes_back_does_not_take_the_book_with_it() {
    let mut book = funded();
    let before = book.recorded_at;
    let outcome = book.decide(&redemption("r", "H1", 1), Timestamp::from_micros(0)).unwrap();
    let Outcome::Posted(posted) = outcome else { panic!("{outcome:?}") };
    assert_eq!(posted.recorded_at.micros(), before.micros() + 1);
}

#[test]
fn closed_periods_and_days_to_come_are_refused() {
    let mut book = funded();
    posted(&mut book, &close("close", DAY.plus(-1)));
    assert_eq!(book.closed_through, Some(DAY.plus(-1)));
    let on = |key: &str, day| Command { effective_on: day, ..redemption(key, "H1", 1) };
    assert_eq!(refused(&mut book, &on("a", DAY.plus(-1))).code, RefusalCode::ClosedPeriod);
    assert_eq!(refused(&mut book, &on("b", DAY.plus(1))).code, RefusalCode::FutureDate);
    posted(&mut book, &on("c", DAY));
}

/// A closing of the periods up to `day`.
fn close(key: &str, day: Day) -> Command {
    let body = redemption(key, "H1", 1);
    Command {
        kind: TxnKind::PeriodClose,
        effective_on: day,
        posting: Posting::nothing(),
        meters: Vec::new(),
        ..body
    }
}

#[test]
fn a_period_is_closed_once_after_its_last_day_and_stays_closed() {
    let mut book = funded();
    assert_eq!(refused(&mut book, &close("today", DAY)).code, RefusalCode::FutureDate);
    let seq = posted(&mut book, &close("first", DAY.plus(-3))).seq;
    assert_eq!(refused(&mut book, &close("again", DAY.plus(-3))).code, RefusalCode::ClosedPeriod);
    assert_eq!(refused(&mut book, &close("back", DAY.plus(-4))).code, RefusalCode::ClosedPeriod);
    let undo = Command { kind: TxnKind::Reversal, reverses: Some(seq), ..close("undo", DAY) };
    assert_eq!(refused(&mut book, &undo).code, RefusalCode::InvalidLink);
    let lines = Command { posting: redemption("x", "H1", 1).posting, ..close("lines", DAY.plus(-2)) };
    assert_eq!(refused(&mut book, &lines).code, RefusalCode::InvalidLink);
    posted(&mut book, &close("second", DAY.plus(-1)));
    assert_eq!(book.closed_through, Some(DAY.plus(-1)));
}

#[test]
fn a_period_closes_on_its_statement_only_when_nothing_landed_in_it_since() {
    let mut book = funded();
    let drawn_up = |key: &str, seq: i64| {
        let mut close = close(key, DAY.plus(-1));
        close.body.extend([("statement".to_owned(), "00".to_owned()), ("seq".to_owned(), seq.to_string())]);
        close
    };
    let seq = book.seq;
    posted(&mut book, &award("today", "H1", 1));
    posted(&mut book, &Command { effective_on: DAY.plus(-1), ..award("late", "H1", 1) });
    let no = refused(&mut book, &drawn_up("a", seq));
    assert_eq!((no.code, no.facts["landed"].as_str()), (RefusalCode::PeriodMoved, "4"));
    let ahead = book.seq + 1;
    assert_eq!(refused(&mut book, &drawn_up("b", ahead)).code, RefusalCode::PeriodMoved);
    let seq = book.seq;
    posted(&mut book, &award("again", "H1", 1));
    posted(&mut book, &drawn_up("c", seq));
    let mut told = Book::loaded(book.id, book.policy, 9, now(), book.frontier.clone(), None, 9);
    let asked = drawn_up("d", 7);
    assert_eq!(told.needs([&asked]).fences, [(7, DAY.plus(-1))].into());
    told.load_prior(asked.key.clone(), None);
    told.load_fence((7, DAY.plus(-1)), Some(8));
    assert_eq!(refused(&mut told, &asked).facts["landed"], "8");
}

#[test]
fn a_deduction_may_move_nothing_and_be_undone_but_an_award_may_not() {
    let mut book = funded();
    let empty = |key: &str, kind| Command { kind, effective_on: DAY, ..close(key, DAY) };
    assert_eq!(refused(&mut book, &empty("a", TxnKind::Award)).code, RefusalCode::NothingMoves);
    let deduction = posted(&mut book, &empty("d", TxnKind::Deduction));
    assert_eq!((deduction.entries.len(), deduction.hash_version), (0, 1));
    let undo = Command { reverses: Some(deduction.seq), ..empty("u", TxnKind::Reversal) };
    posted(&mut book, &undo);
    let twice = Command { key: "w".parse().unwrap(), ..undo };
    assert_eq!(refused(&mut book, &twice).code, RefusalCode::AlreadyReversed);
}

#[test]
fn a_reversal_is_the_exact_mirror_once_and_gives_back_quotas_but_not_codes() {
    let mut book = funded();
    let mut first = redemption("r", "H1", 100);
    first.meters =
        vec![MeterUse::next_number("receipt"), MeterUse::capped("goods:H1", 1, 1), MeterUse::once("code:7")];
    let seq = posted(&mut book, &first).seq;
    assert_eq!(
        refused(&mut book, &Command { key: "s".parse().unwrap(), ..first.clone() }).facts["used"],
        "1"
    );
    let wrong =
        Command { posting: redemption("-", "H1", 99).posting.mirror(), ..reversal("w", seq, &first.posting) };
    assert_eq!(refused(&mut book, &wrong).code, RefusalCode::NotMirror);
    let undone = posted(&mut book, &reversal("u", seq, &first.posting));
    assert_eq!(
        refused(&mut book, &reversal("v", seq, &first.posting)).facts["reversed_by"],
        undone.seq.to_string()
    );
    let twice = reversal("x", undone.seq, &first.posting.mirror());
    assert_eq!(refused(&mut book, &twice).code, RefusalCode::ReversalOfReversal);
    assert_eq!(["receipt", "goods:H1", "once:code:7"].map(|m| book.used(m)), [1, 0, 1]);
}

#[test]
fn an_award_already_spent_is_reversed_onto_the_arrears() {
    let mut book = funded();
    posted(&mut book, &redemption("r", "H1", 4_000));
    let first = award("-", "H1", 5_000).posting;
    assert_eq!(refused(&mut book, &reversal("u", 2, &first)).code, RefusalCode::InsufficientPoints);
    let arrears = chart::household_arrears("H1").unwrap();
    let split = |owed| {
        points(&[
            (chart::budget("F").unwrap(), -5_000),
            (available("H1"), 5_000 - owed),
            (arrears.clone(), owed),
        ])
    };
    let too_much = Command { posting: split(6_000), ..reversal("t", 2, &first) };
    assert_eq!(refused(&mut book, &too_much).code, RefusalCode::NotMirror);
    // Whatever the order of the lines.
    let lines = too_much.posting.lines().iter().rev().cloned().collect();
    let turned = Command { posting: Posting::new(lines).unwrap(), ..reversal("s", 2, &first) };
    assert_eq!(refused(&mut book, &turned).code, RefusalCode::NotMirror);
    posted(&mut book, &Command { posting: split(4_000), ..reversal("v", 2, &first) });
    assert_eq!((balance(&book, &available("H1")), balance(&book, &arrears)), (0, 4_000));
}

#[test]
fn points_do_not_pass_from_one_household_to_another() {
    let mut book = funded();
    let moved = points(&[(available("H1"), 10), (available("H2"), -10)]);
    let gift = command("g", TxnKind::Correction, moved.clone());
    assert_eq!(refused(&mut book, &gift).code, RefusalCode::Transfer);
    posted(&mut book, &command("split", TxnKind::HouseholdChange, moved));
}

#[test]
fn points_lapse_first_in_first_out_and_a_return_goes_back_to_its_lot() {
    let mut book = funded();
    let expiring = |key: &str, q: i64, on: i32| {
        let mut command = award(key, "H2", q);
        let lines = command.posting.lines().iter().cloned();
        let lines = lines.map(|l| if l.quantity < 0 { l.expiring(Some(DAY.plus(on))) } else { l }).collect();
        command.posting = Posting::new(lines).unwrap();
        command
    };
    posted(&mut book, &expiring("e1", 100, 30));
    posted(&mut book, &expiring("e2", 100, 60));
    let debited = |book: &Book| book.account(&(available("H2"), Commodity::point())).unwrap().debited;
    let spent = redemption("s", "H2", 70);
    let seq = posted(&mut book, &spent).seq;
    assert_eq!((lapsed(100, debited(&book)), lapsed(200, debited(&book))), (30, 130));
    posted(&mut book, &reversal("u", seq, &spent.posting));
    assert_eq!(lapsed(100, debited(&book)), 100);
    let kept = hold("h", "H2", 120);
    let seq = posted(&mut book, &kept).seq;
    assert_eq!(lapsed(100, debited(&book)), 0);
    posted(
        &mut book,
        &Command { resolves: Some(seq), ..command("rel", TxnKind::Release, kept.posting.mirror()) },
    );
    assert_eq!(lapsed(100, debited(&book)), 100);
    let sink = points(&[(available("H2"), 100), (chart::expired(), -100)]);
    posted(&mut book, &command("lapse", TxnKind::Expiry, sink));
    assert_eq!((lapsed(100, debited(&book)), lapsed(200, debited(&book))), (0, 100));
    let mut bad = redemption("bad", "H2", 1);
    let lines = bad.posting.lines().iter().cloned().map(|l| l.expiring(Some(DAY))).collect();
    bad.posting = Posting::new(lines).unwrap();
    assert_eq!(refused(&mut book, &bad).code, RefusalCode::NoLots);
}

#[test]
fn a_lowered_cap_lets_people_out_but_not_further_in() {
    let mut book = book();
    let minutes = |key: &str, q: i64| {
        let time = chart::person_time("P1").unwrap();
        let lines = vec![
            Line::new(chart::time_service(), Commodity::min(), q),
            Line::new(time, Commodity::min(), -q),
        ];
        command(key, TxnKind::TimeService, Posting::new(lines).unwrap())
    };
    posted(&mut book, &minutes("a", 600));
    book.policy.time_cap = Some(300);
    assert_eq!(refused(&mut book, &minutes("b", 1)).code, RefusalCode::BalanceLimit);
    posted(&mut book, &minutes("c", -100));
    assert_eq!(refused(&mut book, &minutes("d", -501)).code, RefusalCode::InsufficientTime);
}

#[test]
fn a_book_that_was_not_told_enough_does_not_decide() {
    let policy = Policy::default();
    let at = Timestamp::from_micros(0);
    let mut book = Book::loaded(BookId(Uuid::nil()), policy, 0, at, Default::default(), None, 1);
    let mut asked = redemption("r", "H1", 1);
    asked.meters = vec![MeterUse::next_number("receipt")];
    let needs = book.decide(&asked, now()).unwrap_err();
    assert_eq!(
        (needs.accounts.len(), needs.meters.len(), needs.keys.len(), needs.originals.len()),
        (2, 1, 1, 0)
    );
}

#[test]
fn stable_names_read_back() {
    for kind in TxnKind::ALL {
        assert_eq!(kind.as_str().parse::<TxnKind>().unwrap(), *kind);
    }
    for code in RefusalCode::ALL {
        assert_eq!(code.as_str().parse::<RefusalCode>().unwrap(), *code);
    }
    assert!("gift".parse::<TxnKind>().is_err());
    assert!(
        "".parse::<Key>().is_err()
            && "a\nb".parse::<Key>().is_err()
            && "k".repeat(129).parse::<Key>().is_err()
    );
}
