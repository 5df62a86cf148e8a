//! A deduction comes after a reminder, a week and a second look, touches the honour score alone, and is given back when
//! the matter is mended. Nobody but the household and the office ever reads whom it concerns.

use greencoin::{
    domain::{household::HouseholdNo, ids::ReminderId, reminder::ReminderState},
    service::{
        ServiceResult,
        award::review::Verdict,
        caller::{Recorder, Resident, Reviewer, Role, Staff},
        reminder::NewReminder,
    },
    store::{award::AwardRow, person, reminder::ReminderRow},
};
use serde_json::json;

use crate::{
    hamlet::{Village, refused},
    office_api::village,
};

/// What no public sheet may say.
const WHAT: &str = "门前堆放的旧家具";

fn new(v: &Village, item: &str, term: i32) -> NewReminder {
    NewReminder {
        household: HouseholdNo::from_ordinal(1),
        person: None,
        item: item.to_owned(),
        what: WHAT.to_owned(),
        given_on: v.desk.today(),
        fix_by: v.desk.today().plus(term),
    }
}

fn other(v: &Village) -> Recorder {
    Recorder::of(&v.other_clerk).unwrap()
}

async fn reminded(v: &Village) -> ReminderRow {
    v.desk.remind(&v.recorder(), &new(v, "F2", 7)).await.unwrap()
}

async fn unmended(v: &Village) -> ReminderId {
    let id = reminded(v).await.id;
    v.clock.advance_seconds(8 * 86_400);
    v.desk.recheck(&other(v), id, false, "还堆着").await.unwrap();
    id
}

async fn state(v: &Village, id: ReminderId) -> ReminderState {
    v.desk.reminder(&v.clerk, id).await.unwrap().state
}

async fn deducted(v: &Village) -> (ReminderId, AwardRow) {
    let id = unmended(v).await;
    // a life is told in the order of its instants
    v.clock.advance_seconds(60);
    let award = v.desk.deduct_reminded(&v.recorder(), id).await.unwrap();
    v.approve(award.id).await;
    v.publish().await;
    v.clock.advance_seconds(8 * 86_400);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 1);
    (id, award)
}

/// Records a deduction by hand, without the helper of the village that reminds first.
async fn by_hand(v: &Village, item: &str) -> ServiceResult<AwardRow> {
    let claim = v.claim(0, item).await;
    v.desk.record_award(&v.recorder(), claim, "by hand").await
}

#[tokio::test]
async fn remind_wait_look_again_deduct_and_give_back_moves_the_honour_score_alone() {
    let v = Village::new().await;
    let (points, honor) = (v.available(0).await, v.honor(0).await);
    let (id, award) = deducted(&v).await;
    assert_eq!((award.points, award.minutes), (0, 0));
    assert_eq!((v.available(0).await, v.honor(0).await), (points, honor - 500));
    let given = v.desk.restore_reminded(&other(&v), id, "已清走").await.unwrap();
    assert_eq!((given.item.as_str(), given.points, given.honor), ("F9", 0, 500));
    // the answer was lost: the same again is the same
    assert_eq!(v.desk.restore_reminded(&other(&v), id, "已清走").await.unwrap().id, given.id);
    assert_eq!(state(&v, id).await, ReminderState::Restored);
    v.approve(given.id).await;
    v.publish().await;
    v.clock.advance_seconds(8 * 86_400);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 1);
    assert_eq!((v.available(0).await, v.honor(0).await), (points, honor));
    let life = v.desk.reminder_life(&v.clerk, id).await.unwrap();
    let verbs: Vec<&str> = life.iter().map(|e| e.verb.as_str()).collect();
    assert_eq!(verbs, ["remind", "found_unmended", "deduct", "restore"]);
    v.assert_balanced().await;
}

#[tokio::test]
async fn what_the_rules_deduct_after_two_reminders_is_not_deducted_after_one() {
    let v = Village::new().await;
    let id = v.desk.remind(&v.recorder(), &new(&v, "F1", 7)).await.unwrap().id;
    v.clock.advance_seconds(8 * 86_400);
    v.desk.recheck(&other(&v), id, false, "还堆着").await.unwrap();
    assert_eq!(refused(v.desk.deduct_reminded(&v.recorder(), id).await), "remind_again_first");
    let today = v.desk.today();
    let early = v.desk.remind_again(&v.recorder(), id, today.plus(-1), today.plus(7)).await;
    assert_eq!(refused(early), "reminder_not_over", "on paper before the first time was over");
    v.desk.remind_again(&v.recorder(), id, today, today.plus(7)).await.unwrap();
    v.clock.advance_seconds(8 * 86_400);
    v.desk.recheck(&other(&v), id, false, "还堆着").await.unwrap();
    let award = v.desk.deduct_reminded(&v.recorder(), id).await.unwrap();
    // who looked again has had a part in it
    let looked = Staff { roles: vec![Role::Reviewer], ..v.other_clerk.clone() };
    let by = Reviewer::of(&looked).unwrap();
    assert_eq!(refused(v.desk.review_award(&by, award.id, Verdict::Approve, "").await), "own_look");
    v.approve(award.id).await;
    assert_eq!(v.state(award.id).await, "approved");
}

#[tokio::test]
async fn no_deduction_is_recorded_by_any_door_without_a_reminder_found_unmended() {
    let v = Village::new().await;
    assert_eq!(refused(by_hand(&v, "F2").await), "remind_first");
    let preview = v.claim(0, "F2").await;
    assert_eq!(refused(v.desk.preview_award(&v.recorder(), &preview).await), "remind_first");
    let file = format!("户号,项目,日期\nH0001,F2,{}\n", v.desk.today());
    let tried = v.desk.record_award_file(&v.recorder(), file.as_bytes(), None).await.unwrap();
    assert_eq!(tried.counts(), (0, 0, 1));
    let id = reminded(&v).await.id;
    assert_eq!(refused(by_hand(&v, "F2").await), "remind_first", "reminded, but it has time");
    assert_eq!(refused(v.desk.deduct_reminded(&v.recorder(), id).await), "reminder_state");
    v.clock.advance_seconds(8 * 86_400);
    assert_eq!(refused(by_hand(&v, "F2").await), "remind_first", "nobody has looked again");
    v.desk.recheck(&other(&v), id, false, "还堆着").await.unwrap();
    assert_eq!(refused(by_hand(&v, "F6").await), "remind_first", "reminded of another matter");
    let mut neighbour = v.claim(1, "F2").await;
    neighbour.occurred_on = v.desk.today();
    let done = v.desk.record_award(&v.recorder(), neighbour, "n").await;
    assert_eq!(refused(done), "remind_first", "another household was reminded");
    // one reminder, one deduction, whichever way it is recorded
    let award = v.desk.record_award(&v.recorder(), v.claim(0, "F2").await, "k").await.unwrap();
    assert_eq!(v.desk.reminder(&v.clerk, id).await.unwrap().row.award_id, Some(award.id));
    let again = v.desk.record_award(&v.recorder(), v.claim(0, "F2").await, "k2").await;
    assert_eq!(refused(again), "remind_first");
}

#[tokio::test]
async fn every_step_out_of_turn_is_refused_and_changes_nothing() {
    let v = Village::new().await;
    let (by, second) = (v.recorder(), other(&v));
    for (item, term, code) in
        [("C3", 7, "reminder_item"), ("F2", 6, "reminder_term"), ("F2", 91, "reminder_term")]
    {
        assert_eq!(refused(v.desk.remind(&by, &new(&v, item, term)).await), code);
    }
    let late = NewReminder { given_on: v.desk.today().plus(-61), ..new(&v, "F2", -10) };
    assert_eq!(refused(v.desk.remind(&by, &late).await), "reminder_given");
    let id = reminded(&v).await.id;
    let week = v.desk.today().plus(14);
    assert_eq!(refused(v.desk.recheck(&second, id, false, "x").await), "reminder_not_over");
    assert_eq!(refused(v.desk.remind_again(&by, id, v.desk.today(), week).await), "reminder_not_over");
    assert_eq!(refused(v.desk.recheck(&by, id, true, "x").await), "own_reminder");
    assert_eq!(refused(v.desk.recheck(&second, id, true, " ").await), "text_missing");
    assert_eq!(refused(v.desk.restore_reminded(&by, id, "x").await), "reminder_not_deducted");
    v.clock.advance_seconds(7 * 86_400);
    assert_eq!(
        refused(v.desk.recheck(&second, id, false, "x").await),
        "reminder_not_over",
        "the last day is theirs"
    );
    v.clock.advance_seconds(86_400);
    let again = v.desk.remind_again(&by, id, v.desk.today(), v.desk.today().plus(7)).await.unwrap();
    assert_eq!((again.times, state(&v, id).await), (2, ReminderState::Reminded));
    assert_eq!(
        refused(v.desk.recheck(&second, id, false, "x").await),
        "reminder_not_over",
        "a new week began"
    );
    v.desk.recheck(&second, id, true, "改好了").await.unwrap();
    let over = v.desk.today().plus(7);
    assert_eq!(refused(v.desk.remind_again(&by, id, v.desk.today(), over).await), "reminder_state");
    assert_eq!(refused(v.desk.recheck(&second, id, false, "x").await), "reminder_state");
    assert_eq!(refused(v.desk.withdraw_reminder(&by, id, "x").await), "reminder_state");
    assert_eq!(refused(v.desk.deduct_reminded(&by, id).await), "reminder_state");
    assert_eq!(state(&v, id).await, ReminderState::Mended);
    let mistaken = reminded(&v).await.id;
    v.desk.withdraw_reminder(&by, mistaken, "看错了门牌").await.unwrap();
    assert_eq!(refused(v.desk.recheck(&second, mistaken, true, "x").await), "reminder_state");
}

#[tokio::test]
async fn a_deduction_that_was_refused_takes_nothing_and_cannot_be_given_back() {
    let v = Village::new().await;
    let honor = v.honor(0).await;
    let id = unmended(&v).await;
    let award = v.desk.deduct_reminded(&v.recorder(), id).await.unwrap();
    assert_eq!(v.desk.deduct_reminded(&v.recorder(), id).await.unwrap().id, award.id, "once");
    let reviewer = Reviewer::of(&v.reviewer).unwrap();
    v.desk.review_award(&reviewer, award.id, Verdict::Reject, "证据不足").await.unwrap();
    assert_eq!(refused(v.desk.restore_reminded(&v.recorder(), id, "x").await), "reminder_not_deducted");
    assert_eq!(refused(by_hand(&v, "F2").await), "remind_first", "it needs a reminder of its own");
    assert_eq!(v.honor(0).await, honor);
}

#[tokio::test]
async fn nobody_reminds_their_own_house_or_looks_at_their_kins() {
    let v = Village::new().await;
    let mut neighbour = v.other_clerk.clone();
    neighbour.person = Some(v.people[0][0]);
    let own = Recorder::of(&neighbour).unwrap();
    assert_eq!(refused(v.desk.remind(&own, &new(&v, "F2", 7)).await), "own_household");
    let id = reminded(&v).await.id;
    assert_eq!(refused(v.desk.recheck(&own, id, true, "x").await), "own_household");
    v.make_kin(v.people[0][0], v.people[3][0]).await;
    neighbour.person = Some(v.people[3][0]);
    let kin = Recorder::of(&neighbour).unwrap();
    assert_eq!(refused(v.desk.recheck(&kin, id, true, "x").await), "kin_household");
}

#[tokio::test]
async fn only_the_household_and_the_office_read_a_reminder_and_no_sheet_names_it() {
    let v = Village::new().await;
    let (id, award) = deducted(&v).await;
    let mine = Resident { book: v.book, household: v.households[0] };
    let theirs = Resident { book: v.book, household: v.households[1] };
    let read = v.desk.own_reminders(&mine).await.unwrap();
    assert_eq!((read.len(), read[0].row.what.as_str()), (1, WHAT));
    assert!(v.desk.own_reminders(&theirs).await.unwrap().is_empty());
    let notice = v.desk.award_file(v.book, award.id).await.unwrap().award.notice_id.unwrap();
    let sheet = v.desk.sheet(v.book, notice).await.unwrap();
    let line = sheet.lines.iter().find(|l| l.award == award.id).unwrap();
    assert_eq!((&line.household_no, &line.head), (&None, &None));
    assert!(!format!("{:?} {:?}", line.name, sheet.notice).contains(WHAT));
    assert_eq!(v.desk.reminder(&v.clerk, id).await.unwrap().row.no, 1);
}

#[tokio::test]
async fn pages_and_api_remind_and_look_again_and_the_letter_is_private() {
    let app = village().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    clerk.get("/clerk/reminders").await.expect(200);
    let fields = [
        ("household", "1"),
        ("item", "F2"),
        ("what", WHAT),
        ("given_on", "2026-06-03"),
        ("fix_by", "2026-06-05"),
    ];
    let wrong = clerk.post_form("/clerk/reminders", &fields).await.expect(422).text();
    assert!(wrong.contains("7到90天") && wrong.contains(WHAT), "{wrong}");
    let mut fields = fields;
    fields[4].1 = "2026-06-12";
    let at = clerk.post_form("/clerk/reminders", &fields).await.expect(303).location().to_owned();
    let page = clerk.get(&at).await.expect(200).text();
    assert!(
        page.contains(WHAT) && page.contains("整改期内") && !page.contains("value=\"unmended\""),
        "{page}"
    );
    let letter = clerk.get(&format!("{at}/letter")).await.expect(200).text();
    assert!(letter.contains("不张贴，不公开") && letter.contains("H0001"), "{letter}");
    let to = format!("{at}/step");
    // whoever reminded does not look again
    clerk.post_form(&to, &[("step", "mended"), ("finding", "x")]).await.expect(303);
    assert!(clerk.get(&at).await.text().contains("提醒的人不能自己复查"));
    let mut recorder = app.sign_in(Role::Recorder).await;
    let api = format!("/api/v1/reminders/{}", at.rsplit('/').next().unwrap());
    let early = json!({ "mended": false, "finding": "x" });
    let told = recorder.post_json(&format!("{api}/recheck"), &early).await.expect(422).json();
    assert_eq!(told["code"], "reminder_not_over");
    app.clock.advance_seconds(10 * 86_400);
    let mut recorder = app.sign_in(Role::Recorder).await;
    let told = recorder.post_json(&format!("{api}/recheck"), &early).await.expect(200).json();
    assert_eq!((&told["state"], &told["over"]), (&json!("unmended"), &json!(true)));
    let award = recorder.post_json(&format!("{api}/deduct"), &json!({})).await.expect(200).json();
    assert_eq!((&award["points"], &award["honor"]), (&json!("0"), &json!("-5")));
    for path in ["/", "/proof/1", "/login"] {
        let seen = app.anonymous().get(path).await.text();
        assert!(!seen.contains(WHAT), "{path}");
    }
    let mut auditor = app.sign_in(Role::Auditor).await;
    auditor.get(&at).await.expect(403);
    auditor.get_json(&format!("/api/v1/awards/{}", award["id"].as_str().unwrap())).await;
    app.finish().await;
}

#[tokio::test]
async fn what_a_household_was_reminded_of_goes_with_its_last_person() {
    let v = Village::new().await;
    let id = unmended(&v).await;
    for who in &v.people[0] {
        let mut tx = v.desk.db.begin_read().await.unwrap();
        let no = person::by_id(&mut tx, v.book, *who).await.unwrap().unwrap().no;
        drop(tx);
        let row = v.desk.reminder(&v.clerk, id).await.unwrap().row;
        assert_eq!(
            (row.what.as_str(), row.finding.as_deref()),
            (WHAT, Some("还堆着")),
            "somebody is there still"
        );
        v.desk.leave_household(&v.clerk(), &no, v.desk.today(), "迁出").await.unwrap();
        v.desk.erase_person(&v.clerk().actor(), v.book, &no, "本人申请").await.unwrap();
    }
    let row = v.desk.reminder(&v.clerk, id).await.unwrap().row;
    assert_eq!((row.what.as_str(), row.finding.as_deref()), ("", Some("")));
    let life = v.desk.reminder_life(&v.clerk, id).await.unwrap();
    assert!(life.iter().all(|e| e.reason.is_empty()), "the history keeps no words about the household");
}
