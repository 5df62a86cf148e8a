//! Recall of a sheet that hangs with a plain mistake: by whom, when, what becomes of its lines, its objections, its points
//! and its place on the board; and that the log tells of it.

use greencoin::{
    domain::{notice::NoticeState, objection::Course},
    jobs,
    service::{
        ServiceError,
        appeal::Appellant,
        caller::{Resident, Reviewer, Role},
        objection::{Finding, Objector},
    },
    store::{Db, identity as who},
};
use serde_json::json;
use sqlx::AssertSqlSafe;

use crate::{
    hamlet::{Village, refused},
    office_api::{line, village},
    selves,
};

const DAY: i64 = 86_400;

fn by(v: &Village) -> Reviewer {
    Reviewer::of(&v.second).unwrap()
}

fn resident(v: &Village, household: usize) -> Resident {
    Resident { book: v.book, household: v.households[household] }
}

async fn holds(v: &Village) {
    let report = v.desk.verify_books(None).await.unwrap();
    assert!(report.holds(), "{report:#?}");
}

#[tokio::test]
async fn a_recalled_sheet_hangs_on_marked_and_its_lines_are_reviewed_and_hung_anew() {
    let v = Village::new().await;
    let (a, b) = (v.approved(0, "D3").await, v.approved(1, "D3").await);
    let sheet = v.publish().await;
    v.clock.advance_seconds(2 * DAY);
    let row = v.desk.recall_notice(&by(&v), sheet, " 活动写错了 ").await.unwrap();
    assert_eq!((row.state.as_str(), row.recalled_because.as_deref()), ("closed", Some("活动写错了")));
    assert!(row.recall_seq > row.sealed_seq && row.sealed_seq.is_some(), "{row:?}");
    assert_eq!(v.desk.recall_notice(&by(&v), sheet, "活动写错了").await.unwrap(), row, "the same word again");
    for award in [&a, &b] {
        assert_eq!(v.state(award.id).await, "recorded");
    }
    v.clock.advance_seconds(10 * DAY);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 0);

    // the first is right after all, the second is refused; what hung is read as it hung
    v.approve(a.id).await;
    let third = Reviewer::of(&v.third).unwrap();
    let word = greencoin::service::award::review::Verdict::Reject;
    v.desk.review_award(&third, b.id, word, "没有这回事").await.unwrap();
    let again = v.publish().await;
    assert_ne!(again, sheet);
    let hung = v.desk.hanging_sheet(v.book, sheet).await.unwrap();
    let lines: Vec<_> = hung.lines.iter().map(|l| (l.line, l.award, l.points)).collect();
    assert_eq!(lines, [(1, a.id, 500), (2, b.id, 500)]);
    holds(&v).await;
    v.clock.advance_seconds(5 * DAY);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 1);
    assert_eq!((v.available(0).await, v.available(1).await), (500, 0));
    holds(&v).await;

    // its days and thirty more, then it goes as every sheet
    assert_eq!(jobs::tick(&v.desk).await.unwrap().taken_down, 0);
    v.clock.advance_seconds(18 * DAY);
    assert_eq!(jobs::tick(&v.desk).await.unwrap().taken_down, 1);
    assert!(matches!(v.desk.hanging_sheet(v.book, sheet).await, Err(ServiceError::NotFound("notice"))));
    holds(&v).await;
}

#[tokio::test]
async fn a_sheet_is_recalled_by_another_person_with_a_reason_while_its_clock_runs_and_once() {
    let v = Village::new().await;
    v.approved(0, "D3").await;
    let sheet = v.compile().await;
    let recall = async |by: &Reviewer| v.desk.recall_notice(by, sheet, "错了").await;
    assert_eq!(refused(recall(&by(&v)).await), "state_changed", "it does not hang yet");
    // who publishes has another account, which was theirs before
    let stamp = (v.desk.now(), "test");
    let mut tx = v.desk.db.begin_write().await.unwrap();
    for (user, ends) in [(v.reviewer.user, true), (v.third.user, false)] {
        who::state(&mut tx, v.book, (user, 1), Some(v.people[5][0]), stamp).await.unwrap();
        if ends {
            who::end(&mut tx, v.book, user, stamp).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
    v.desk.publish_notice(&Reviewer::of(&v.reviewer).unwrap(), sheet).await.unwrap();
    let twin = Reviewer::of(&selves::known(&v, &v.third).await).unwrap();
    for own in [Reviewer::of(&v.reviewer).unwrap(), twin] {
        assert_eq!(refused(recall(&own).await), "own_publication");
    }
    assert_eq!(refused(v.desk.recall_notice(&by(&v), sheet, "  ").await), "text_missing");
    v.clock.advance_seconds(5 * DAY);
    assert_eq!(refused(recall(&by(&v)).await), "recall_late");
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 1);
    assert_eq!(refused(recall(&by(&v)).await), "state_changed");

    let row = v.approved(1, "D3").await;
    let sheet = v.publish().await;
    v.desk.recall_notice(&by(&v), sheet, "户写错").await.unwrap();
    assert_eq!(refused(v.desk.recall_notice(&by(&v), sheet, "又错").await), "state_changed");
    assert_eq!(refused(v.desk.withdraw_notice(&v.clerk(), sheet, "撤").await), "state_changed");
    assert_eq!(refused(v.desk.publish_notice(&by(&v), sheet).await), "state_changed");
    assert_eq!(refused(v.desk.take_down_notice(&v.clerk(), sheet).await), "recall_hangs");
    let objector = Objector::Resident(resident(&v, 2));
    assert_eq!(refused(v.desk.object(&objector, row.id, "晚").await), "not_in_notice");
    v.clock.advance_seconds(5 * DAY);
    v.desk.take_down_notice(&v.clerk(), sheet).await.unwrap();
    assert_eq!(v.desk.notice(v.book, sheet).await.unwrap().state().unwrap(), NoticeState::TakenDown);
}

#[tokio::test]
async fn open_objections_end_with_an_answer_and_what_fell_before_stays_down() {
    let v = Village::new().await;
    let (open, fallen) = (v.approved(0, "D3").await, v.approved(1, "D3").await);
    let sheet = v.publish().await;
    let object = async |award| {
        let by = Objector::Resident(resident(&v, 2));
        v.desk.object(&by, award, "不属实").await.unwrap().id
    };
    let (one, other) = (object(open.id).await, object(fallen.id).await);
    v.desk.accept_objection(&v.clerk, other).await.unwrap();
    let third = Reviewer::of(&v.third).unwrap();
    v.desk.decide_objection(&third, other, Finding::Uphold, "属实").await.unwrap();
    v.desk.recall_notice(&by(&v), sheet, "活动写错了").await.unwrap();
    assert_eq!(
        (v.state(open.id).await.as_str(), v.state(fallen.id).await.as_str()),
        ("recorded", "rejected")
    );
    let file = v.desk.objection_file(v.book, one).await.unwrap();
    assert_eq!(file.course, Course::Decided(Finding::Uphold));
    assert!(file.objection.decision.unwrap().contains("活动写错了"));
    // nothing was lost by it: there is nothing to appeal against
    let appeal = v.desk.appeal(&Appellant::Resident(resident(&v, 0)), one, "不服").await;
    assert_eq!(refused(appeal), "nothing_to_appeal");
    // reviewed anew it hangs again, and may be objected to again
    v.approve(open.id).await;
    v.publish().await;
    object(open.id).await;
    let hung = v.desk.hanging_sheet(v.book, sheet).await.unwrap();
    assert_eq!(hung.lines.iter().map(|l| l.award).collect::<Vec<_>>(), [open.id, fallen.id]);
    holds(&v).await;
}

#[tokio::test]
async fn what_a_recalled_sheet_promised_is_free_again() {
    let v = Village::with_budget(700).await;
    v.approved(0, "D3").await;
    let wrong = v.publish().await;
    let right = v.approved(1, "D3").await;
    let second = v.compile().await;
    let publisher = Reviewer::of(&v.reviewer).unwrap();
    assert_eq!(refused(v.desk.publish_notice(&publisher, second).await), "ceiling_reached");
    let promised = async || v.desk.issue_standing(v.book).await.unwrap().unwrap().promised;
    assert_eq!(promised().await, 500);
    v.desk.recall_notice(&by(&v), wrong, "户写错").await.unwrap();
    assert_eq!(promised().await, 0);
    v.desk.publish_notice(&publisher, second).await.unwrap();
    v.clock.advance_seconds(5 * DAY);
    assert_eq!(v.desk.post_due_lines(v.book).await.unwrap().posted, 1);
    assert_eq!((v.state(right.id).await.as_str(), v.available(1).await), ("posted", 500));
}

/// Whoever changes what the board says of a recall, or undoes it beside the program, is found by the log.
#[tokio::test]
async fn the_log_tells_what_was_recalled_and_why() {
    let v = Village::new().await;
    v.approved(0, "D3").await;
    let sheet = v.publish().await;
    v.desk.recall_notice(&by(&v), sheet, "活动写错了").await.unwrap();
    holds(&v).await;
    let changed = [
        ("recalled_because = 'x'", "recalled_because = '活动写错了'"),
        ("recalled_at = recalled_at + 1000000", "recalled_at = recalled_at - 1000000"),
        ("recall_seq = NULL", "recall_seq = sealed_seq + 1"),
    ];
    for (wrong, right) in changed {
        run(&v, wrong).await;
        let report = v.desk.verify_books(None).await.unwrap();
        assert!(!report.holds(), "{wrong} was not noticed");
        run(&v, right).await;
        holds(&v).await;
    }
}

async fn run(v: &Village, set: &str) {
    let sql = format!("UPDATE notice SET {set} WHERE no = 1");
    match &v.desk.db {
        Db::Sqlite { writer, .. } => drop(sqlx::raw_sql(AssertSqlSafe(sql)).execute(writer).await.unwrap()),
        Db::Postgres(pool) => drop(sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.unwrap()),
    }
}

#[tokio::test]
async fn the_board_and_the_api_say_that_it_was_recalled_and_why() {
    let app = village().await;
    let mut clerk = app.sign_in(Role::Clerk).await;
    let (mut first, mut second) = (app.sign_in(Role::Reviewer).await, app.sign_in(Role::Reviewer).await);
    let recorded = json!({ "lines": [line("H0001")] });
    let recorded = clerk.post_json("/api/v1/awards", &recorded).await.expect(200).json();
    let id = recorded["awards"][0]["id"].as_str().unwrap().to_owned();
    let word = json!({ "awards": [id], "verdict": "approve" });
    first.post_json("/api/v1/reviews", &word).await.expect(200);
    let sheet = json!({ "title": "六月公示", "fund": "Service" });
    let sheet = clerk.post_json("/api/v1/notices", &sheet).await.expect(201).json();
    let id = sheet["id"].as_str().unwrap().to_owned();
    first.post_json(&format!("/api/v1/notices/{id}/publish"), &json!({})).await.expect(200);
    let at = format!("/review/notices/{id}");
    assert!(!first.get(&at).await.expect(200).text().contains("/recall"), "not by whoever published it");
    let page = second.get(&at).await.expect(200).text();
    assert!(page.contains(&format!("action=\"{at}/recall\"")), "{page}");
    let own = first.post_form(&format!("{at}/recall"), &[("reason", "错")]).await.expect(422).text();
    assert!(own.contains("要由另一个人撤回"), "{own}");
    second.post_form(&format!("{at}/recall"), &[("reason", "活动写错了")]).await.expect(303);
    let told = clerk.get_json(&format!("/api/v1/notices/{id}")).await;
    assert_eq!(
        (&told["notice"]["state"], &told["notice"]["recalled_because"], &told["lines"][0]["state"]),
        (&json!("closed"), &json!("活动写错了"), &json!("recorded"))
    );
    let late = json!({ "reason": "又" });
    let late = second.post_json(&format!("/api/v1/notices/{id}/recall"), &late).await.expect(409).json();
    assert_eq!(late["code"], "state_changed");
    let mut home = app.sign_in_household(&app.village, "H0001").await;
    let board = format!("/board/{}", app.village.no);
    for page in [board.clone(), format!("{board}/1"), "/my/notices".to_owned(), format!("/my/notices/{id}")] {
        let text = home.get(&page).await.expect(200).text();
        assert!(text.contains("已撤回更正"), "{page}: {text}");
        assert!(!text.contains("/object/") && !text.contains(&format!("{board}/1/1")), "{page}: {text}");
    }
    assert!(home.get(&format!("{board}/1")).await.text().contains("活动写错了"));
    for page in [format!("/clerk/notices/{id}"), format!("/clerk/notices/{id}/print")] {
        assert!(clerk.get(&page).await.expect(200).text().contains("活动写错了"), "{page}");
    }
    app.finish().await;
}
