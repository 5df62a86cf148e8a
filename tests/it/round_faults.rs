//! What an inspection round finds wrong: never deducted for, reminded of in private, once, by a clerk who is no kin.

use greencoin::{
    domain::{household::HouseholdNo, reminder::ReminderState},
    service::{
        caller::{Clerk, Recorder, Role, Staff},
        inspection::faults::FaultAnswer,
        reminder::{NewReminder, ReminderFile},
    },
};
use serde_json::json;

use crate::inspections::{Patch, came, code};

async fn reminders(p: &Patch) -> Vec<ReminderFile> {
    let by = Recorder::of(&p.clerk).unwrap();
    p.app.desk.reminders(&by, ReminderState::Reminded, i64::MAX, 100).await.unwrap()
}

fn told(answers: &[FaultAnswer]) -> Vec<(String, &'static str)> {
    let one =
        |a: &FaultAnswer| (a.fault.no.to_string(), a.answer.as_ref().map_or_else(|r| r.code, |_| "done"));
    answers.iter().map(one).collect()
}

#[tokio::test]
async fn what_two_found_wrong_becomes_a_private_reminder_once_and_never_a_deduction() {
    let p = Patch::new().await;
    let desk = &p.app.desk;
    let round = p.open(&["F1", "A1"], 3).await;
    p.all_find(round, &["A1", "F1"]).await;
    // one saw it otherwise and the third decides: nothing is wrong there
    assert_eq!(p.looks(1, round, &[p.look(0, 2, &["A1"])]).await, ["taken"]);
    assert_eq!(p.looks(2, round, &[p.look(0, 1, &["A1"])]).await, ["taken"]);
    desk.close_round(&p.clerk, round).await.unwrap();
    let fix_by = desk.today().plus(14);
    assert_eq!(code(desk.remind_faults(&p.clerk, round, fix_by).await), "round_moved_on");
    let done = desk.confirm_round(&p.clerk, round).await.unwrap();
    assert_eq!((came(&done, "A1").0, came(&done, "F1")), (6, (0, Vec::new())), "a fault is no line");
    assert_eq!(code(desk.remind_faults(&p.clerk, round, desk.today().plus(6)).await), "reminder_term");
    let view = desk.round(&p.clerk, round).await.unwrap();
    assert_eq!((view.faults.clone(), view.to_remind()), (vec![("F1".to_owned(), 9)], 9));
    assert_eq!(view.earned, [("A1".to_owned(), 10)]);

    let answers = desk.remind_faults(&p.clerk, round, fix_by).await.unwrap();
    assert_eq!((answers.len(), answers.iter().all(|a| a.answer.is_ok())), (9, true));
    assert_eq!(desk.remind_faults(&p.clerk, round, fix_by.plus(1)).await.unwrap(), [], "each once");
    let view = desk.round(&p.clerk, round).await.unwrap();
    assert_eq!((view.reminded, view.to_remind()), (9, 0));
    let given = reminders(&p).await;
    let mut numbers: Vec<i64> = given.iter().map(|r| r.row.no).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=9).collect::<Vec<i64>>(), "without gaps");
    assert!(
        given.iter().all(|r| r.row.item == "F1" && r.row.fix_by == fix_by && r.household_no != p.homes[0].1)
    );
    assert!(
        given[0].row.what.contains("第1轮巡查") && given[0].row.what.contains("乱堆乱放"),
        "{}",
        given[0].row.what
    );
    p.app.finish().await;
}

#[tokio::test]
async fn a_clerk_steps_back_from_kin_another_reminds_them_and_what_is_open_already_is_not_doubled() {
    let p = Patch::new().await;
    let desk = &p.app.desk;
    let by = Recorder::of(&p.clerk).unwrap();
    let earlier = NewReminder {
        household: HouseholdNo::from_ordinal(3),
        person: None,
        item: "F1".to_owned(),
        what: "门前堆放杂物".to_owned(),
        given_on: desk.today(),
        fix_by: desk.today().plus(10),
    };
    let earlier = desk.remind(&by, &earlier).await.unwrap();
    let round = p.open(&["F1"], 2).await;
    for eye in [0, 1] {
        let looks = [p.look(0, 1, &["F1"]), p.look(1, 1, &[]), p.look(2, 1, &["F1"])];
        p.looks(eye, round, &looks).await;
    }
    desk.close_round(&p.clerk, round).await.unwrap();
    assert!(desk.confirm_round(&p.clerk, round).await.unwrap().is_empty());
    let kin = Clerk::of(&Staff { person: Some(p.heads[0]), ..Staff::clone(&p.clerk) }).unwrap();
    let fix_by = desk.today().plus(7);
    let (home, open) = (p.homes[0].1.clone(), p.homes[2].1.clone());
    let answers = desk.remind_faults(&kin, round, fix_by).await.unwrap();
    assert_eq!(told(&answers), [(home.clone(), "own_household"), (open.clone(), "fault_reminded")]);
    let answers = desk.remind_faults(&p.clerk, round, fix_by).await.unwrap();
    assert_eq!(told(&answers), [(home, "done"), (open.clone(), "fault_reminded")]);
    desk.withdraw_reminder(&by, earlier.id, "看错了").await.unwrap();
    let answers = desk.remind_faults(&p.clerk, round, fix_by).await.unwrap();
    assert_eq!(told(&answers), [(open, "done")], "nothing stands in the way any more");
    assert_eq!(reminders(&p).await.len(), 2);
    p.app.finish().await;
}

#[tokio::test]
async fn households_are_reminded_of_faults_on_the_page_and_over_the_api() {
    let p = Patch::new().await;
    let mut clerk = p.app.sign_in(Role::Clerk).await;
    assert!(clerk.get("/clerk/inspections").await.text().contains("F1 乱堆乱放"));
    let round = p.open(&["F1"], 2).await;
    for eye in [0, 1] {
        p.looks(eye, round, &[p.look(0, 1, &["F1"])]).await;
    }
    let walk = p.app.sign_in_as(&p.users[0]).await.get(&format!("/inspections/{round}")).await.text();
    assert!(walk.contains("没有问题") && !walk.contains("不合格"), "{walk}");
    p.app.desk.close_round(&p.clerk, round).await.unwrap();
    let (at, api) = (format!("/clerk/inspections/{round}"), format!("/api/v1/inspections/{round}"));
    let tried = clerk.post_form(&format!("{at}/preview"), &[]).await.expect(200).text();
    assert!(tried.contains("确认记分"), "a round with nothing to record is confirmed, too: {tried}");
    let until = json!({ "fix_by": "2026-06-20" });
    let early = clerk.post_json(&format!("{api}/remind"), &until).await.expect(422).json();
    assert_eq!(early["code"], "round_moved_on");
    clerk.post_form(&format!("{at}/confirm"), &[]).await.expect(200);
    assert!(clerk.get(&at).await.text().contains("提醒这些户（1条）"));
    clerk.post_form(&format!("{at}/remind"), &[("fix_by", "下周")]).await.expect(422);
    let done = clerk.post_form(&format!("{at}/remind"), &[("fix_by", "2026-06-20")]).await.expect(200).text();
    assert!(done.contains("已提醒1条"), "{done}");
    let page = clerk.get(&at).await.text();
    assert!(page.contains("已提醒1条") && !page.contains("提醒这些户（"), "{page}");
    assert_eq!(clerk.post_json(&format!("{api}/remind"), &until).await.expect(200).json(), json!([]));
    let file = clerk.get_json(&api).await;
    assert_eq!((&file["faults"], &file["reminded"]), (&json!({ "F1": 1 }), &json!(1)));
    let given = clerk.get_json("/api/v1/reminders").await;
    assert_eq!((&given[0]["household"], &given[0]["item"]), (&json!("H0001"), &json!("F1")));
    p.app.sign_in(Role::Reviewer).await.post_json(&format!("{api}/remind"), &until).await.expect(403);
    p.app.finish().await;
}
