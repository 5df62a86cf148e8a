//! The volunteer's record: papers that say what the book says, hours put right by entries of their own, files for the
//! national system whose answers count once.

use greencoin::{
    domain::{
        ids::{TimeCorrectionId, TimeOrderId},
        timebank::{
            certificate::{Agreement, Standing},
            correction::CorrectionState,
            record::MeritKind,
            transfer::{Answer, TransferState},
        },
    },
    service::{
        ServiceResult,
        caller::{Clerk, Reviewer, Role},
        timebank::{
            correction::NewCorrection,
            party::Party,
            record::{NewMerit, Record},
            transfer::{Reply, read_replies},
        },
    },
    store::timebank::record::{certificate::CertificateRow, correction::CorrectionRow},
};

use super::bank::{Bank, HOUR};
use crate::village::{fact, refused};

/// The number of the village.
const VILLAGE: i64 = 1;

/// An order served, confirmed and posted: its place in the log.
pub(super) async fn posted(b: &Bank, key: &str, minutes: i64) -> (TimeOrderId, i64) {
    let id = b.confirmed(key, minutes, minutes, 5).await;
    (id, b.v.desk.post_order(b.v.book, id).await.unwrap().seq)
}

pub(super) async fn issued(b: &Bank, key: &str) -> CertificateRow {
    let who = (key, b.volunteer.1);
    b.v.desk.issue_time_certificate(&b.of(b.volunteer.0), who, (None, None)).await.unwrap()
}

fn staff(b: &Bank) -> Party {
    let desk = (*b.desk).clone();
    Party::Staff(greencoin::service::caller::Handler::of(&desk).unwrap())
}

async fn record(b: &Bank) -> Record {
    b.v.desk.time_record(&staff(b), "P000105").await.unwrap()
}

pub(super) async fn asks(b: &Bank, key: &str, root: i64, wanted: i64) -> ServiceResult<CorrectionRow> {
    let new = NewCorrection { who: b.volunteer.1, root, wanted, reason: "记错了".to_owned() };
    b.v.desk.ask_time_correction(&b.of(b.volunteer.0), key, &new).await
}

pub(super) async fn corrects(b: &Bank, id: TimeCorrectionId, right: i64) -> ServiceResult<CorrectionRow> {
    b.v.desk.correct_time_record(&b.arbiter, id, right, "问过双方").await
}

async fn agreement(b: &Bank, paper: &CertificateRow) -> Agreement {
    b.v.desk.check_time_certificate(VILLAGE, &paper.token).await.unwrap().agreement
}

pub(super) fn clerk(b: &Bank) -> Clerk {
    Clerk::of(&b.desk).unwrap()
}

fn reply(place: i64, answer: Answer, said: &str) -> Reply {
    let (foreign_no, reason) = match answer {
        Answer::Accepted => (said.to_owned(), String::new()),
        Answer::Refused => (String::new(), said.to_owned()),
    };
    Reply { place, answer, foreign_no, reason }
}

#[tokio::test]
async fn a_record_lists_every_posted_service_with_its_minutes_and_marks_what_came_late() {
    let b = Bank::new().await;
    let (_, first) = posted(&b, "a", 90).await;
    let late = b.confirmed("b", 60, 60, 4).await;
    b.v.clock.advance_seconds(20 * 24 * HOUR);
    let second = b.v.desk.post_order(b.v.book, late).await.unwrap().seq;
    let seen = record(&b).await;
    let lines: Vec<_> = seen
        .services
        .iter()
        .map(|s| (s.row.root, s.minutes, s.row.rating, s.late, s.content.as_str()))
        .collect();
    assert_eq!(lines, [(first, 90, Some(5), false, "助洁"), (second, 60, Some(4), true, "助洁")]);
    assert_eq!((seen.minutes(), seen.hours.earned, seen.hours.who.volunteer), (150, 150, Some(1)));
    let stranger =
        Party::Household(greencoin::service::caller::Resident { book: b.v.book, household: b.other.0 });
    assert!(b.v.desk.time_record(&stranger, "P000105").await.is_err(), "another household sees nothing");
    b.holds().await;
}

#[tokio::test]
async fn a_certificate_says_platform_record_until_synchronised() {
    let b = Bank::new().await;
    posted(&b, "a", 60).await;
    posted(&b, "b", 90).await;
    let before = issued(&b, "one").await;
    assert_eq!((before.standing().unwrap(), before.minutes, before.no), (Standing::Platform, 150, 1));
    b.v.desk.say_time_unit(&clerk(&b), "龙泉村志愿服务队", "李文书").await.unwrap();
    let file = b.v.desk.make_time_file(&clerk(&b), "file", false).await.unwrap();
    let half = [reply(1, Answer::Accepted, "QG-1"), reply(2, Answer::Refused, "日期有误")];
    b.v.desk.answer_time_file(&clerk(&b), file.no, &half).await.unwrap();
    assert_eq!(
        issued(&b, "two").await.standing().unwrap(),
        Standing::Platform,
        "half of it is not all of it"
    );
    let again = b.v.desk.make_time_file(&clerk(&b), "again", true).await.unwrap();
    assert_eq!((again.no, again.lines), (2, 1));
    b.v.desk.answer_time_file(&clerk(&b), 2, &[reply(1, Answer::Accepted, "QG-2")]).await.unwrap();
    let after = issued(&b, "three").await;
    assert_eq!((after.standing().unwrap(), after.unit.as_str()), (Standing::Proof, "龙泉村志愿服务队"));
    let first = b.v.desk.check_time_certificate(VILLAGE, &before.token).await.unwrap();
    assert_eq!(
        (first.standing, first.agreement),
        (Standing::Platform, Agreement::Agrees),
        "paper stays paper"
    );
    b.holds().await;
}

#[tokio::test]
async fn numbers_of_certificates_have_no_gaps() {
    let b = Bank::new().await;
    let nothing = b.v.desk.issue_time_certificate(&b.desk(), ("x", b.volunteer.1), (None, None)).await;
    assert_eq!(refused(nothing), "time_certificate_empty");
    posted(&b, "a", 60).await;
    let first = issued(&b, "one").await;
    assert_eq!(issued(&b, "one").await, first, "one form sent twice is one paper");
    let tomorrow = Some(b.v.desk.today().plus(1));
    let late = b.v.desk.issue_time_certificate(&b.desk(), ("y", b.volunteer.1), (tomorrow, None)).await;
    assert_eq!(refused(late), "time_certificate_empty");
    let stranger =
        b.v.desk.issue_time_certificate(&b.of(b.other.0), ("z", b.volunteer.1), (None, None)).await;
    assert_eq!(refused(stranger), "not_your_household");
    let desk =
        b.v.desk.issue_time_certificate(&b.desk(), ("two", b.volunteer.1), (None, None)).await.unwrap();
    let third = issued(&b, "three").await;
    assert_eq!([first.no, desk.no, third.no], [1, 2, 3]);
    assert!(first.handler.is_empty() && first.token != third.token);
    let other =
        b.v.desk.issue_time_certificate(&b.of(b.volunteer.0), ("one", b.volunteer.1), (tomorrow, None)).await;
    assert_eq!(refused(other), "idempotency_conflict");
    b.holds().await;
}

#[tokio::test]
async fn a_certificate_shows_that_it_was_corrected_since() {
    let b = Bank::new().await;
    let (_, root) = posted(&b, "a", 90).await;
    let (_, alone) = posted(&b, "b", 60).await;
    let paper = issued(&b, "one").await;
    assert_eq!(agreement(&b, &paper).await, Agreement::Agrees);
    let request = asks(&b, "wrong", root, 60).await.unwrap();
    assert_eq!(agreement(&b, &paper).await, Agreement::Agrees, "asking changes nothing");
    corrects(&b, request.id, 60).await.unwrap();
    let public = b.v.desk.check_time_certificate(VILLAGE, &paper.token).await.unwrap();
    assert_eq!((public.agreement, public.minutes, public.minutes_now), (Agreement::Corrected, 150, 120));
    assert_eq!(public.name, "周*远", "no name in full");
    let after = issued(&b, "two").await;
    assert_eq!((after.minutes, agreement(&b, &after).await), (120, Agreement::Agrees));
    for (key, root) in [("none", root), ("none too", alone)] {
        let request = asks(&b, key, root, 0).await.unwrap();
        corrects(&b, request.id, 0).await.unwrap();
    }
    assert_eq!(agreement(&b, &paper).await, Agreement::Revoked);
    assert_eq!(record(&b).await.minutes(), 0);
    b.holds().await;
}

#[tokio::test]
async fn a_guessed_certificate_address_shows_nothing() {
    let b = Bank::new().await;
    posted(&b, "a", 60).await;
    let paper = issued(&b, "one").await;
    assert!(paper.token.len() >= 32);
    let id = paper.id.to_string();
    let mut near = paper.token.clone();
    near.pop();
    for guess in ["1", "", &id, &near, &paper.token.to_uppercase().replace(char::is_numeric, "0")] {
        let found = b.v.desk.check_time_certificate(VILLAGE, guess).await;
        assert!(found.is_err(), "{guess}");
    }
    assert!(b.v.desk.check_time_certificate(VILLAGE + 1, &paper.token).await.is_err(), "of another village");
    b.v.desk.check_time_certificate(VILLAGE, &paper.token).await.unwrap();
}

#[tokio::test]
async fn a_correction_posts_compensating_entries_and_the_balance_agrees() {
    let b = Bank::new().await;
    let (id, root) = posted(&b, "a", 120).await;
    let before = b.v.seq().await;
    assert_eq!((b.has(b.volunteer).await.0, b.has(b.elder).await.0), (120, 18 * 60));
    let request = asks(&b, "wrong", root, 90).await.unwrap();
    assert_eq!(b.v.seq().await, before, "asking posts nothing");
    let done = corrects(&b, request.id, 90).await.unwrap();
    assert_eq!((done.undo_seq, done.post_seq), (Some(before + 1), Some(before + 2)));
    assert_eq!(corrects(&b, request.id, 90).await.unwrap(), done, "the same word again");
    assert_eq!((b.has(b.volunteer).await.0, b.has(b.elder).await.0), (90, 18 * 60 + 30));
    let row = b.v.desk.time_order(b.v.book, id).await.unwrap();
    assert_eq!((row.counted, row.post_seq), (120, Some(root)), "nothing is edited");
    // and once more, upwards, of what was put right before
    let request = asks(&b, "more", root, 120).await.unwrap();
    assert_eq!((request.seq, request.was), (before + 2, 90));
    corrects(&b, request.id, 120).await.unwrap();
    assert_eq!((b.has(b.volunteer).await.0, b.has(b.elder).await.0), (120, 18 * 60));
    assert_eq!(record(&b).await.minutes(), 120);
    b.holds().await;
}

#[tokio::test]
async fn a_request_is_looked_into_by_another_person_within_ten_working_days() {
    let b = Bank::new().await;
    let (_, root) = posted(&b, "a", 60).await;
    for (wanted, code) in [
        (60, "time_correction_same"),
        (75, "time_correction_range"),
        (-15, "time_correction_range"),
        (50, "time_correction_quarter"),
    ] {
        assert_eq!(refused(asks(&b, "odd", root, wanted).await), code, "{wanted}");
    }
    assert!(asks(&b, "none", root + 1_000, 30).await.is_err());
    let new = NewCorrection { who: b.volunteer.1, root, wanted: 30, reason: "记错了".to_owned() };
    let stranger = b.v.desk.ask_time_correction(&b.of(b.other.0), "s", &new).await;
    assert_eq!(refused(stranger), "not_your_household");
    let row = b.v.desk.ask_time_correction(&b.desk(), "phone", &new).await.unwrap();
    assert_eq!(b.v.desk.ask_time_correction(&b.desk(), "phone", &new).await.unwrap(), row, "one form");
    assert_eq!(refused(asks(&b, "own", root, 45).await), "already_requested");
    let mut same = b.staff(Role::Reviewer);
    same.user = b.desk.user;
    let same = Reviewer::of(&same).unwrap();
    assert_eq!(refused(b.v.desk.correct_time_record(&same, row.id, 30, "是").await), "own_request");
    assert_eq!(refused(b.v.desk.refuse_time_correction(&b.arbiter, row.id, " ").await), "text_missing");
    let waiting =
        || async { b.v.desk.time_corrections(&staff(&b), CorrectionState::Asked, 0).await.unwrap() };
    assert!(!waiting().await[0].late);
    b.v.clock.advance_seconds(25 * 24 * HOUR);
    assert!(waiting().await[0].late, "after ten working days it is listed as late");
    b.v.desk.refuse_time_correction(&b.arbiter, row.id, "签字单上就是六十分钟").await.unwrap();
    assert_eq!(refused(corrects(&b, row.id, 30).await), "already_decided");
    assert_eq!(record(&b).await.minutes(), 60);
    assert!(waiting().await.is_empty());
    b.holds().await;
}

#[tokio::test]
async fn hours_that_were_drawn_cannot_be_taken_back_and_the_refusal_says_how_many() {
    let b = Bank::new().await;
    let (_, root) = posted(&b, "a", 120).await;
    b.v.desk.donate_minutes(&b.of(b.volunteer.0), "gift", b.volunteer.1, 90).await.unwrap();
    let request = asks(&b, "wrong", root, 60).await.unwrap();
    let answer = corrects(&b, request.id, 60).await;
    assert_eq!((fact(&answer, "minutes"), fact(&answer, "available")), ("60".to_owned(), "30".to_owned()));
    assert_eq!((fact(&answer, "missing"), refused(answer)), ("30".to_owned(), "time_correction_drawn"));
    assert_eq!(b.has(b.volunteer).await, (30, 0), "nothing moved");
    // a quarter of an hour less is there, though not all of the two hours
    corrects(&b, request.id, 105).await.unwrap();
    assert_eq!(b.has(b.volunteer).await, (15, 0));
    b.holds().await;
}

#[tokio::test]
async fn the_same_answer_twice_changes_nothing() {
    let b = Bank::new().await;
    let clerk = clerk(&b);
    assert_eq!(refused(b.v.desk.make_time_file(&clerk, "f", false).await), "time_unit_unsaid");
    b.v.desk.say_time_unit(&clerk, "志愿服务队", "李文书").await.unwrap();
    assert_eq!(refused(b.v.desk.make_time_file(&clerk, "f", false).await), "time_file_empty");
    let (_, root) = posted(&b, "a", 60).await;
    posted(&b, "b", 90).await;
    let state = |b: &Bank, place: usize| {
        let desk = b.v.desk.clone();
        let party = staff(b);
        async move { desk.time_record(&party, "P000105").await.unwrap().services[place].transfer }
    };
    assert_eq!(state(&b, 0).await, Some(TransferState::Waiting));
    let file = b.v.desk.make_time_file(&clerk, "f", false).await.unwrap();
    assert_eq!(b.v.desk.make_time_file(&clerk, "f", false).await.unwrap(), file, "one form");
    assert_eq!((file.no, file.lines), (1, 2));
    assert_eq!(refused(b.v.desk.make_time_file(&clerk, "g", true).await), "time_file_empty");
    assert_eq!(state(&b, 0).await, Some(TransferState::Handed));
    let answers =
        read_replies("\u{feff}place,answer,number,reason\r\n1,接收,QG-1,\r\n2,refused,,日期有误\r\n")
            .unwrap();
    assert_eq!(b.v.desk.answer_time_file(&clerk, 1, &answers).await.unwrap(), 2);
    assert_eq!(b.v.desk.answer_time_file(&clerk, 1, &answers).await.unwrap(), 0, "the same again");
    let another = [reply(2, Answer::Accepted, "QG-2")];
    assert_eq!(refused(b.v.desk.answer_time_file(&clerk, 1, &another).await), "time_file_answered");
    let beyond = [reply(3, Answer::Accepted, "QG-3")];
    assert_eq!(refused(b.v.desk.answer_time_file(&clerk, 1, &beyond).await), "time_file_line");
    assert_eq!(
        (state(&b, 0).await, state(&b, 1).await),
        (Some(TransferState::Accepted), Some(TransferState::Refused))
    );
    assert_eq!(refused(read_replies("1,maybe,,")), "time_reply");
    // put right: it goes again, and says which number it replaces
    let request = asks(&b, "wrong", root, 45).await.unwrap();
    corrects(&b, request.id, 45).await.unwrap();
    assert_eq!(state(&b, 0).await, Some(TransferState::Corrected));
    let queue = b.v.desk.time_queue(&b.desk).await.unwrap();
    let of = |s: TransferState| queue.counts.iter().find(|(of, _)| *of == s).map(|(_, n)| *n);
    assert_eq!((of(TransferState::Corrected), of(TransferState::Refused)), (Some(1), Some(1)));
    assert!(queue.oldest.is_some() && !queue.late);
    b.v.desk.make_time_file(&clerk, "g", false).await.unwrap();
    let second = b.v.desk.time_file(&clerk, 2).await.unwrap();
    assert_eq!(second.lines.len(), 1);
    assert_eq!((second.lines[0].line.minutes, second.lines[0].replaces.as_deref()), (45, Some("QG-1")));
    b.holds().await;
}

#[tokio::test]
async fn a_training_stands_on_record_once_a_second_person_saw_the_paper() {
    let b = Bank::new().await;
    let new = NewMerit {
        kind: MeritKind::Training,
        name: "助老护理基础".to_owned(),
        content: "搀扶、转移".to_owned(),
        minutes: 240,
        grantor: "镇社工站".to_owned(),
        held_on: b.v.desk.today(),
        paper: "培训-12".to_owned(),
    };
    let row = b.v.desk.enter_time_merit(&b.desk, ("k", b.volunteer.1), &new).await.unwrap();
    assert_eq!(b.v.desk.enter_time_merit(&b.desk, ("k", b.volunteer.1), &new).await.unwrap().id, row.id);
    let bare = NewMerit { paper: String::new(), ..new.clone() };
    assert_eq!(
        refused(b.v.desk.enter_time_merit(&b.desk, ("l", b.volunteer.1), &bare).await),
        "text_missing"
    );
    let elder = b.v.desk.enter_time_merit(&b.desk, ("m", b.elder.1), &new).await;
    assert_eq!(refused(elder), "time_not_joined");
    let mut same = b.staff(Role::Reviewer);
    same.user = b.desk.user;
    let same = Reviewer::of(&same).unwrap();
    assert_eq!(refused(b.v.desk.settle_time_merit(&same, row.id, true, "").await), "time_own_second");
    assert_eq!(b.v.desk.time_merits_waiting(&b.arbiter).await.unwrap().len(), 1);
    let agreed = b.v.desk.settle_time_merit(&b.arbiter, row.id, true, "").await.unwrap();
    assert_eq!((agreed.state.as_str(), agreed.minutes), ("agreed", 240));
    assert_eq!(b.v.desk.settle_time_merit(&b.arbiter, row.id, true, "").await.unwrap(), agreed);
    assert_eq!(refused(b.v.desk.settle_time_merit(&b.arbiter, row.id, false, "不对").await), "state_changed");
    assert_eq!(record(&b).await.merits.len(), 1);
    b.holds().await;
}
