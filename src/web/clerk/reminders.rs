//! Reminders as the office works with them: the list, a new one, one with its life, the letter on paper.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

use super::{record::day, record::refused};
use crate::{
    domain::{
        due_process::AwardState,
        ids::{PersonId, ReminderId},
        reminder::{FIX_DAYS_MIN, ReminderState},
        rule::{Direction, SubjectKind},
        time::Timestamp,
    },
    http::{AppState, As, HttpResult, Path, Query, Visitor},
    service::{
        Desk, ServiceResult,
        award::{from_file::number, roster::Meant},
        caller::Recorder,
        refuse,
        reminder::{NewReminder, ReminderFile},
    },
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// Reminders of one state on one page.
const PAGE: i64 = 50;

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/clerk/reminders", get(list).post(remind))
        .route("/clerk/reminders/{id}", get(one))
        .route("/clerk/reminders/{id}/letter", get(letter))
        .route("/clerk/reminders/{id}/step", post(step))
}

/// A reminder in a list.
struct Line {
    id: String,
    no: i64,
    who: String,
    item: String,
    fix_by: String,
    word: &'static str,
    class: &'static str,
    over: bool,
}

/// A deduction to choose.
struct Matter {
    code: String,
    label: String,
}

#[derive(Template)]
#[template(path = "clerk/reminders.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    form: FormState,
    lines: Vec<Line>,
    matters: Vec<Matter>,
    today: String,
    state: ReminderState,
    states: Vec<(ReminderState, &'static str)>,
}

#[derive(Debug, Default, Deserialize)]
struct Listed {
    #[serde(default)]
    state: String,
}

fn line(t: crate::text::T, file: &ReminderFile) -> Line {
    let (word, class) = t.reminder_standing(file.state, file.award, file.restore);
    Line {
        id: file.row.id.to_string(),
        no: file.row.no,
        who: format!("{} {}", file.household_no, file.head),
        item: format!("{} {}", file.row.item, file.item.get(t.lang())),
        fix_by: file.row.fix_by.to_string(),
        word,
        class,
        over: file.over && file.state == ReminderState::Reminded,
    }
}

async fn list(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    chrome: Chrome,
    Query(query): Query<Listed>,
) -> HttpResult<Response> {
    let state = query.state.parse().unwrap_or(ReminderState::Reminded);
    let form =
        FormState::default().with("given_on", desk.today()).with("fix_by", desk.today().plus(FIX_DAYS_MIN));
    Ok(Page(build(&desk, &by, chrome, state, form).await?).into_response())
}

async fn build(
    desk: &Desk,
    by: &Recorder,
    chrome: Chrome,
    state: ReminderState,
    form: FormState,
) -> HttpResult<ListPage> {
    let t = chrome.t;
    let files = desk.reminders(by, state, i64::MAX, PAGE).await?;
    let set = desk.ruleset_for(by.book, desk.today()).await?;
    let matters = set
        .items
        .iter()
        .filter(|i| i.enabled && i.direction == Direction::Deduct)
        .map(|i| Matter { code: i.code.to_string(), label: format!("{} {}", i.code, i.name.get(t.lang())) })
        .collect();
    let states = ReminderState::ALL.map(|s| (s, t.reminder_standing(s, None, None).0)).to_vec();
    Ok(ListPage {
        lines: files.iter().map(|f| line(t, f)).collect(),
        matters,
        today: desk.today().to_string(),
        state,
        states,
        form,
        chrome: chrome.titled(t.reminders()),
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RemindInput {
    household: String,
    person: String,
    item: String,
    what: String,
    given_on: String,
    fix_by: String,
}

async fn remind(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<RemindInput>,
) -> HttpResult<Response> {
    let done = match new_reminder(&desk, &by, input).await {
        Ok(new) => desk.remind(&by, &new).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(row) => {
            let (to, said) = (format!("/clerk/reminders/{}", row.id), chrome.t.reminder_sent(row.no));
            Ok(see_other(&visitor, &to, Tone::Good, &said))
        }
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = build(&desk, &by, chrome, ReminderState::Reminded, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

async fn new_reminder(desk: &Desk, by: &Recorder, input: RemindInput) -> ServiceResult<NewReminder> {
    let household = number(&input.household).ok_or_else(|| refuse("household_missing"))?;
    let (given_on, fix_by) = (day(&input.given_on)?, day(&input.fix_by)?);
    let set = desk.ruleset_for(by.book, desk.today()).await?;
    let by_person = set.item(&input.item).is_some_and(|i| i.subject == SubjectKind::Person);
    let mut person: Option<PersonId> = None;
    if by_person {
        let word = format!("{household}/{}", input.person.trim());
        match desk.signed(by, &word, true).await? {
            Meant::One(who) => person = who.person,
            Meant::Several(_) | Meant::Nobody => return Err(refuse("person_missing").into()),
        }
    }
    Ok(NewReminder { household, person, item: input.item, what: input.what, given_on, fix_by })
}

/// One step of a reminder's life.
struct Happened {
    at: String,
    what: &'static str,
    who: String,
}

#[derive(Template)]
#[template(path = "clerk/reminder.html", config = ".askama.toml")]
struct OnePage {
    chrome: Chrome,
    line: Line,
    file: ReminderFile,
    life: Vec<Happened>,
    conditions: Vec<String>,
    next_by: String,
}

impl OnePage {
    /// Whether a second look can be noted.
    fn waits(&self) -> bool {
        matches!(self.file.state, ReminderState::Reminded | ReminderState::Unmended)
    }

    fn may_deduct(&self) -> bool {
        self.file.state == ReminderState::Unmended
    }

    fn may_restore(&self) -> bool {
        self.file.state == ReminderState::Deducted && self.file.award == Some(AwardState::Posted)
    }

    fn may_repeat(&self) -> bool {
        self.waits() && self.file.over
    }
}

async fn one(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    chrome: Chrome,
    Path(id): Path<ReminderId>,
) -> HttpResult<impl IntoResponse> {
    let t = chrome.t;
    let file = desk.reminder(&by, id).await?;
    let mut life = Vec::new();
    for event in desk.reminder_life(&by, id).await? {
        life.push(Happened {
            at: Timestamp::minute(event.at),
            what: t.reminder_verb(&event.verb),
            who: desk.actor_name(&event.actor).await?,
        });
    }
    let conditions = file.conditions.iter().map(|c| c.get(t.lang()).to_owned()).collect();
    let next_by = desk.today().plus(FIX_DAYS_MIN).to_string();
    let chrome = chrome.titled(t.reminder_no(file.row.no));
    Ok(Page(OnePage { line: line(t, &file), file, life, conditions, next_by, chrome }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct StepInput {
    step: String,
    finding: String,
    fix_by: String,
}

async fn step(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<ReminderId>,
    ProtectedForm(input, _): ProtectedForm<StepInput>,
) -> HttpResult<Response> {
    let t = chrome.t;
    let to = format!("/clerk/reminders/{id}");
    // whoever may not see it does not learn that there is one
    desk.reminder(&by, id).await?;
    let said = match input.step.as_str() {
        "mended" => desk.recheck(&by, id, true, &input.finding).await.map(|_| t.reminder_saved().to_owned()),
        "unmended" => {
            desk.recheck(&by, id, false, &input.finding).await.map(|_| t.reminder_saved().to_owned())
        }
        "again" => match day(&input.fix_by) {
            Ok(fix_by) => {
                desk.remind_again(&by, id, desk.today(), fix_by).await.map(|row| t.reminder_sent(row.no))
            }
            Err(error) => Err(error),
        },
        "withdraw" => {
            desk.withdraw_reminder(&by, id, &input.finding).await.map(|_| t.reminder_saved().to_owned())
        }
        "deduct" => desk.deduct_reminded(&by, id).await.map(|row| t.reminder_deducted(row.no)),
        "restore" => {
            desk.restore_reminded(&by, id, &input.finding).await.map(|row| t.reminder_restored(row.no))
        }
        _ => Err(refuse("bad_form").with("reason", "step").into()),
    };
    match said {
        Ok(said) => Ok(see_other(&visitor, &to, Tone::Good, &said)),
        Err(error) => {
            let form = refused(FormState::default(), t, error)?;
            Ok(see_other(&visitor, &to, Tone::Bad, form.message.as_deref().unwrap_or_default()))
        }
    }
}

#[derive(Template)]
#[template(path = "print/reminder.html", config = ".askama.toml")]
struct LetterPage {
    chrome: Chrome,
    file: ReminderFile,
    days: i32,
    printed_on: String,
}

/// The letter to the household: its name is on it, so it goes into its hands and nowhere else.
async fn letter(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    chrome: Chrome,
    Path(id): Path<ReminderId>,
) -> HttpResult<impl IntoResponse> {
    let file = desk.reminder(&by, id).await?;
    let days = file.row.fix_by.number() - file.row.given_on.number();
    let title = chrome.t.reminder_letter_title();
    let printed_on = desk.today().to_string();
    Ok(Page(LetterPage { chrome: chrome.titled(title), file, days, printed_on }))
}
