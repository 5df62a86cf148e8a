//! What nobody may do on the way of an award, each with the code that says so: sheets moved out of turn, lines that
//! cannot be recorded, papers that cannot be entered. The codes that other files of the suite expect are not repeated.

use greencoin::{
    domain::{
        household::HouseholdStep,
        notice::NoticeState,
        panel::{BodyKind, Post, Seat},
        proposal::{Paper, ProposalState},
        rule::EvidenceKind,
        ruleset,
    },
    service::{
        Actor,
        award::{Evidence, NewAward, review::Verdict},
        caller::{Recorder, Resident, Reviewer, Role, Staff},
        correction::Right,
        funds::NewFund,
        objection::Objector,
        panel::{bodies::NewBody, convene::NewSitting},
        proposal::draft::{NewDraft, Source},
        red_list::NewRedList,
        reminder::NewReminder,
        rulesets::Adoption,
    },
    store::person,
};

use crate::{
    hamlet::{Village, at, id, refused},
    proposals::Way,
};

const DAY: i64 = 86_400;

/// A sheet that is put together, hangs, is over, is taken down: at every place the steps of all others are refused and
/// change nothing.
#[tokio::test]
async fn a_sheet_takes_no_step_out_of_its_turn() {
    let v = Village::new().await;
    v.approved(0, "D3").await;
    let (clerk, second) = (v.clerk(), Reviewer::of(&v.second).unwrap());
    let sheet = v.compile().await;
    let state = async || v.desk.notice(v.book, sheet).await.unwrap().state().unwrap();
    let publish = async || refused(v.desk.publish_notice(&second, sheet).await);
    let withdraw = async || refused(v.desk.withdraw_notice(&clerk, sheet, "有误").await);
    let take_down = async || refused(v.desk.take_down_notice(&clerk, sheet).await);
    assert_eq!(take_down().await, "state_changed");
    assert_eq!(refused(v.desk.withdraw_notice(&clerk, sheet, " ").await), "text_missing");
    assert_eq!(refused(v.desk.withdraw_notice(&clerk, sheet, "有\0误").await), "text_unreadable");
    v.desk.publish_notice(&Reviewer::of(&v.reviewer).unwrap(), sheet).await.unwrap();
    let hangs = v.desk.notice(v.book, sheet).await.unwrap();
    assert_eq!([publish().await, withdraw().await, take_down().await], ["state_changed"; 3]);
    assert_eq!(v.desk.notice(v.book, sheet).await.unwrap(), hangs, "nothing has changed");
    v.clock.advance_seconds(5 * DAY);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().closed, 1);
    assert_eq!([publish().await, withdraw().await], ["state_changed"; 2]);
    v.desk.take_down_notice(&clerk, sheet).await.unwrap();
    assert_eq!([publish().await, withdraw().await, take_down().await], ["state_changed"; 3]);
    assert_eq!(state().await, NoticeState::TakenDown);
    assert_eq!(v.available(0).await, 500);

    // and one that never hung does not hang later
    v.approved(1, "D3").await;
    let never = v.compile().await;
    v.desk.withdraw_notice(&clerk, never, "标题有误").await.unwrap();
    assert_eq!(refused(v.desk.publish_notice(&second, never).await), "state_changed");
    assert_eq!(refused(v.desk.withdraw_notice(&clerk, never, "标题有误").await), "state_changed");
    v.clock.advance_seconds(30 * DAY);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 0);
}

#[tokio::test]
async fn what_is_recorded_needs_an_open_household_the_right_paper_and_the_right_hand() {
    let v = Village::new().await;
    let photo = Evidence { kind: EvidenceKind::Photo, note: "照片".to_owned(), digest: None };
    let wrong = NewAward { evidence: vec![photo], ..v.claim(0, "A1").await };
    assert_eq!(refused(v.record(wrong).await), "evidence_kind");
    let grid = Staff { roles: vec![Role::Recorder], ..v.other_clerk.clone() };
    let by = Recorder::of(&grid).unwrap();
    let done = v.desk.record_award(&by, v.claim(0, "F10").await, "k").await;
    assert_eq!(refused(done), "recorder_not_allowed");
    let eighth = "H0008".parse().unwrap();
    v.desk.change_household(&v.clerk(), &eighth, HouseholdStep::Close, "迁出").await.unwrap();
    assert_eq!(refused(v.record(v.claim(7, "D3").await).await), "household_not_active");
}

#[tokio::test]
async fn what_was_sent_back_keeps_its_household_and_its_item() {
    let v = Village::new().await;
    let row = v.record(v.claim(0, "D3").await).await.unwrap();
    let by = Reviewer::of(&v.reviewer).unwrap();
    v.desk.review_award(&by, row.id, Verdict::Return, "写错了").await.unwrap();
    let mend = async |new| refused(v.desk.resubmit_award(&v.recorder(), row.id, &new).await);
    assert_eq!(mend(v.claim(1, "D3").await).await, "household_fixed");
    assert_eq!(mend(v.claim(0, "A6").await).await, "item_fixed");
    v.desk.resubmit_award(&v.recorder(), row.id, &v.claim(0, "D3").await).await.unwrap();
}

#[tokio::test]
async fn unnamed_leads_about_one_line_come_to_an_end() {
    let v = Village::new().await;
    let row = v.approved(0, "D3").await;
    v.publish().await;
    let passerby = Objector::Passerby { book: v.book };
    for n in 0..greencoin::service::objection::ANONYMOUS_MAX {
        v.desk.object(&passerby, row.id, &format!("线索{n}")).await.unwrap();
    }
    assert_eq!(refused(v.desk.object(&passerby, row.id, "又一件").await), "too_many_objections");
    let named = Objector::Resident(Resident { book: v.book, household: v.households[1] });
    v.desk.object(&named, row.id, "署名").await.unwrap();
}

#[tokio::test]
async fn a_rule_set_is_adopted_with_its_ground_once_a_day_and_a_fund_has_its_own_code() {
    let v = Village::new().await;
    let hash = ruleset::hash(ruleset::shipped()[0].1);
    let adopt = async |basis: &str| {
        let from = v.desk.today().plus(1);
        let adoption = Adoption { hash: hash.clone(), from, basis: basis.to_owned() };
        v.desk.adopt_ruleset(Actor::System, v.book, &adoption).await
    };
    assert_eq!(refused(adopt("  ").await), "basis_missing");
    adopt("决议").await.unwrap();
    assert_eq!(refused(adopt("决议").await), "already_adopted");
    let fund = NewFund::named("Service", "又一笔", "Another");
    assert_eq!(refused(v.desk.open_fund(&v.township(), &fund).await), "code_taken");
}

#[tokio::test]
async fn committees_have_members_only_and_without_a_panel_nobody_is_convened() {
    let v = Village::new().await;
    let row = v.record(v.claim(0, "D3").await).await.unwrap();
    let new = NewSitting { sits_on: v.desk.today(), place: "村部".to_owned(), awards: vec![row.id] };
    assert_eq!(refused(v.desk.convene(&v.clerk(), &new).await), "no_panel");
    let mut seats = Vec::new();
    for (n, post) in [Post::Member, Post::Member, Post::Observer].into_iter().enumerate() {
        let user = crate::panel::reviewer(&v, &format!("seat{n}")).await.user;
        seats.push(Seat { user, post });
    }
    let basis = "决议".to_owned();
    let new = NewBody { kind: BodyKind::Committees, from: v.desk.today(), basis, seats };
    assert_eq!(refused(v.desk.name_body(&v.township(), &new).await), "members_only");
}

#[tokio::test]
async fn a_draft_rests_on_a_template_there_is_adds_items_that_read_and_hears_a_house_five_times() {
    let v = Village::new().await;
    let way = Way(&v);
    let draft = async |paper, hash: &str| {
        let (title, source) = ("修订".to_owned(), Source::Template(hash.to_owned()));
        v.desk.begin_draft(&v.clerk(), &NewDraft { paper, title, source }).await
    };
    assert_eq!(refused(draft(Paper::Rules, "no such hash").await), "no_such_template");
    let shipped = ruleset::hash(ruleset::shipped()[0].1);
    assert_eq!(refused(draft(Paper::Compact, &shipped).await), "no_such_template");
    let rules = way.rules().await.unwrap().id;
    assert_eq!(refused(way.put(rules, "new", "A2", "[[item]]\ncode = \"A2\"").await), "override_item");

    let compact = way.compact(crate::proposals::COMPACT).await.unwrap().id;
    way.to(compact, ProposalState::Comment).await;
    for n in 0..5 {
        way.speak(compact, 0, &format!("意见{n}")).await.unwrap();
    }
    assert_eq!(refused(way.speak(compact, 0, "意见六").await), "too_many_voices");
    way.speak(compact, 1, "别家的意见").await.unwrap();
}

#[tokio::test]
async fn rules_do_not_begin_before_the_day_they_name_themselves() {
    let v = Village::new().await;
    let way = Way(&v);
    way.with_compact().await;
    let far = way.today().plus(300);
    let text = ruleset::shipped()[0].1.replace("\"2025-01-01\"", &format!("\"{far}\""));
    let text = text.replacen("version = 1", "version = 2", 1);
    let new = NewDraft { paper: Paper::Rules, title: "第二版".to_owned(), source: Source::Text(text) };
    let id = v.desk.begin_draft(&v.clerk(), &new).await.unwrap().id;
    way.to(id, ProposalState::Accepted).await;
    let early = way.today().plus(30);
    assert_eq!(refused(v.desk.announce_result(&v.clerk(), id, early, "公告").await), "begins_later");
    v.desk.announce_result(&v.clerk(), id, far, "公告").await.unwrap();
}

#[tokio::test]
async fn a_red_list_names_households_there_are_and_rules_may_have_nothing_for_an_honour() {
    let v = Village::found_by("highest_only = true", "highest_only = false").await;
    let list = |entries: Vec<(&str, &str)>| NewRedList {
        title: "红榜".to_owned(),
        basis: "评议会".to_owned(),
        entries: entries.into_iter().map(|(no, deed)| (no.parse().unwrap(), deed.to_owned())).collect(),
    };
    let propose = async |new| refused(v.desk.propose_red_list(&v.clerk(), &new).await);
    assert_eq!(propose(list(Vec::new())).await, "red_list_size");
    assert_eq!(propose(list(vec![("H0099", "助人")])).await, "unknown_household");
    let honour = crate::recognition::honour(&v, 0, greencoin::domain::recognition::Level::Town, true).await;
    assert_eq!(refused(v.desk.claim_honour(&v.clerk(), honour.id, "k").await), "honour_feeds_nothing");
}

#[tokio::test]
async fn what_the_rules_do_not_give_back_is_not_given_back() {
    let v = Village::found_by("\"F1\", \"F2\", \"F3\"", "\"F1\", \"F3\"").await;
    let other = Recorder::of(&v.other_clerk).unwrap();
    let reminder = NewReminder {
        household: "H0001".parse().unwrap(),
        person: None,
        item: "F2".to_owned(),
        what: "门前倒污水".to_owned(),
        given_on: v.desk.today(),
        fix_by: v.desk.today().plus(7),
    };
    let reminder = v.desk.remind(&v.recorder(), &reminder).await.unwrap().id;
    v.clock.advance_seconds(9 * DAY);
    v.desk.recheck(&other, reminder, false, "还在倒").await.unwrap();
    let row = v.desk.deduct_reminded(&v.recorder(), reminder).await.unwrap();
    v.approve(row.id).await;
    v.publish().await;
    v.clock.advance_seconds(7 * DAY);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 1);
    let given = v.desk.restore_reminded(&other, reminder, "已接入管网").await;
    assert_eq!(refused(given), "reminder_no_restoration");
}

#[tokio::test]
async fn minutes_of_service_are_undone_and_recorded_anew_never_corrected() {
    let v = Village::new().await;
    let served = NewAward { person: Some(v.people[0][0]), quantity: 2.into(), ..v.claim(0, "C1").await };
    let row = v.record(served).await.unwrap();
    v.approve(row.id).await;
    v.publish().await;
    v.clock.advance_seconds(7 * DAY);
    v.desk.post_due_lines(v.book).await.unwrap();
    let seq = v.desk.award_file(v.book, row.id).await.unwrap().award.txn_seq.unwrap();
    let asked = v.desk.request_reversal(&v.clerk(), seq, "多记一小时").await.unwrap().id;
    let by = Reviewer::of(&v.second).unwrap();
    let right = Right::read("2", "2").unwrap();
    assert_eq!(refused(v.desk.correct_posting(&by, asked, &right, "改").await), "correction_kind");
    v.desk.approve_reversal(&by, asked, "冲正").await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_none_and_a_name_that_two_have_are_told() {
    let v = Village::new().await;
    let read = async |file: &[u8]| v.desk.preview_award_file(&v.recorder(), file, None).await;
    assert_eq!(refused(read(b"PK\x03\x04 and then nothing").await), "file_unreadable");
    let twin = person::Person {
        id: id(77_777),
        no: greencoin::domain::household::PersonNo::from_ordinal(7_777),
        name: "张建国".to_owned(),
        pinyin: String::new(),
        initials: String::new(),
        birth_year: Some(1999),
        phone: None,
    };
    let mut tx = v.desk.db.begin_write().await.unwrap();
    person::add(&mut tx, v.book, &twin).await.unwrap();
    let lives = greencoin::domain::household::Membership {
        person: twin.id,
        household: v.households[0],
        relation: greencoin::domain::person::Relation::Child,
        from: at("2020-01-01T00:00:00+08:00").day(),
        to: None,
    };
    person::join(&mut tx, v.book, &lives).await.unwrap();
    tx.commit().await.unwrap();
    let row = format!("户号,姓名,项目,等级,数量,日期,活动,备注\nH0001,张建国,A5,,,{},,\n", v.desk.today());
    let tried = read(row.as_bytes()).await.unwrap();
    let greencoin::service::bulk::ItemAnswer::Refused(refusal) = &tried.lines[0].answer else {
        panic!("{tried:?}")
    };
    assert_eq!(refusal.code, "row_name_twice");
}
