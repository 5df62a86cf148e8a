//! Pages of group activities: the board, a new one, one with what can be done about it now, and a household's own.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{field, moment};
use crate::{
    domain::{
        ids::TimeActivityId,
        time::Timestamp,
        timebank::{ServiceKind, activity::ActivityState},
    },
    http::{As, HttpResult, Path, Query, Visitor},
    service::{
        Desk, ServiceResult,
        caller::{Recorder, Resident},
        refuse,
        timebank::{
            activity::{
                ACTIVITIES_PAGE, NewActivity,
                step::{ActivityStep, ActivityTyped},
                view::{ActivityFile, ActivityView, LineView},
            },
            party::Party,
        },
    },
    store::timebank::place::PresenceRow,
    text::{T, refusal::refusal_words},
    web::{
        clerk::record::refused,
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
        show,
    },
};

/// The colour of an activity's state.
pub(in crate::web) fn colour(a: &ActivityView) -> &'static str {
    match a.state {
        ActivityState::Signed => "good",
        ActivityState::Declined | ActivityState::Refused => "bad",
        ActivityState::Cancelled => "",
        ActivityState::Draft | ActivityState::Closed => "warn",
        ActivityState::Open => "info",
    }
}

#[derive(Template)]
#[template(path = "time/activities.html", config = ".askama.toml")]
struct BoardPage {
    chrome: Chrome,
    desk: bool,
    staff: bool,
    tabs: Vec<(ActivityState, i64)>,
    here: ActivityState,
    activities: Vec<ActivityView>,
    next: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Listed {
    #[serde(default)]
    state: String,
    before: Option<i64>,
}

pub(super) async fn board(
    State(desk): State<Desk>,
    As(by): As<Party>,
    chrome: Chrome,
    Query(query): Query<Listed>,
) -> HttpResult<impl IntoResponse> {
    let staff = by.staff().is_ok();
    let here = query.state.parse().ok().filter(|_| staff).unwrap_or(ActivityState::Open);
    let counts = if staff { desk.activity_counts(&by).await? } else { Vec::new() };
    let count = |state: &ActivityState| counts.iter().find(|(s, _)| s == state).map_or(0, |(_, n)| *n);
    let before = query.before.unwrap_or(i64::MAX);
    let activities = desk.activities_in(&by, here, before, ACTIVITIES_PAGE).await?;
    let full = i64::try_from(activities.len()).is_ok_and(|n| n == ACTIVITIES_PAGE);
    let title = chrome.t.gathering_title();
    Ok(Page(BoardPage {
        desk: by.desk().is_ok(),
        staff,
        tabs: ActivityState::ALL.iter().map(|state| (*state, count(state))).collect(),
        here,
        next: activities.last().filter(|_| full).map(|a| a.row.no),
        activities,
        chrome: chrome.titled(title),
    }))
}

#[derive(Template)]
#[template(path = "time/activities_own.html", config = ".askama.toml")]
struct OwnPage {
    chrome: Chrome,
    own: Vec<(ActivityView, LineView)>,
}

pub(super) async fn own(
    State(desk): State<Desk>,
    As(by): As<Resident>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let own = desk.own_activities(&by).await?;
    let title = chrome.t.gathering_mine();
    Ok(Page(OwnPage { chrome: chrome.titled(title), own }))
}

#[derive(Template)]
#[template(path = "time/activity_new.html", config = ".askama.toml")]
struct NewPage {
    chrome: Chrome,
    form: FormState,
    services: Vec<ServiceKind>,
    /// Makes the form count once.
    key: String,
}

async fn build(desk: &Desk, by: &Recorder, chrome: Chrome, form: FormState) -> ServiceResult<NewPage> {
    let (policy, _) = desk.time_policy(by.book).await?.ok_or_else(|| refuse("time_no_policy"))?;
    let key = match form.value("key") {
        "" => desk.random_hex(),
        typed => typed.to_owned(),
    };
    let title = chrome.t.gathering_new();
    Ok(NewPage { chrome: chrome.titled(title), form, services: policy.services.clone(), key })
}

pub(super) async fn new_page(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let day = desk.today().plus(3);
    let form = FormState::default()
        .with("from_day", day)
        .with("until_day", day)
        .with("from_time", "09:00")
        .with("until_time", "11:00")
        .with("capacity", 20)
        .with("least_age", 14);
    Ok(Page(build(&desk, &by, chrome, form).await?))
}

type Fields = Vec<(String, String)>;

async fn new_activity(desk: &Desk, by: &Recorder, fields: &Fields) -> ServiceResult<NewActivity> {
    let value = |name| field(fields, name);
    let number = |name| -> ServiceResult<i64> {
        value(name).parse().map_err(|_| refuse("bad_number").with("text", value(name)).into())
    };
    Ok(NewActivity {
        name: value("name").to_owned(),
        content: value("content").to_owned(),
        kind: value("service").parse().map_err(|_| refuse("time_service_not_here"))?,
        place: value("place").to_owned(),
        starts_at: moment(value("from_day"), value("from_time"))?,
        ends_at: moment(value("until_day"), value("until_time"))?,
        capacity: number("capacity")?,
        least_age: number("least_age")?,
        insured: value("insured") == "1",
        trained: value("trained") == "1",
        in_charge: desk.time_person_id(by.book, value("in_charge")).await?,
    })
}

pub(super) async fn post(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(fields, form): ProtectedForm<Fields>,
) -> HttpResult<Response> {
    let done = async {
        let new = new_activity(&desk, &by, &fields).await?;
        desk.post_activity(&by, field(&fields, "key"), &new).await
    };
    match done.await {
        Ok(row) => {
            let said = chrome.t.gathering_posted(row.no);
            Ok(see_other(&visitor, &format!("/time/activities/{}", row.id), Tone::Good, &said))
        }
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = build(&desk, &by, chrome, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Template)]
#[template(path = "time/activity.html", config = ".askama.toml")]
struct ActivityPage {
    chrome: Chrome,
    file: ActivityFile,
    /// Where its forms go.
    action: String,
    day: String,
}

impl ActivityPage {
    fn is(&self, state: &str) -> bool {
        self.file.activity.state.as_str() == state
    }

    /// Who of a household can still sign up.
    fn can_join(&self, who: &crate::domain::ids::PersonId) -> bool {
        !self.file.lines.iter().any(|line| line.row.person_id == *who && line.row.ended_at.is_none())
    }

    /// Whether a line can still be withdrawn.
    fn can_withdraw(&self, line: &LineView) -> bool {
        self.is("open") && !self.file.begun && line.row.ended_at.is_none()
    }

    /// Whether somebody on the list may be written down, or sign in.
    fn is_due(&self, line: &LineView) -> bool {
        self.is("open") && self.file.begun && line.row.ended_at.is_none() && line.waits.is_none()
    }

    fn was_seen(line: &LineView) -> bool {
        line.row.seen == Some(1)
    }

    fn times(&self, line: &LineView) -> String {
        let t = self.chrome.t;
        line.times.iter().map(|one| span(t, one)).collect::<Vec<_>>().join("，")
    }

    fn held_up(&self, line: &LineView) -> Option<String> {
        let refusal = line.held_up.as_ref()?;
        Some(refusal_words(self.chrome.t.lang(), refusal.code, &refusal.facts).1)
    }

    fn waits_for_the_township(line: &LineView) -> bool {
        line.held_up.as_ref().is_some_and(|refusal| refusal.code == "time_needs_township")
    }
}

fn span(t: T, one: &PresenceRow) -> String {
    let from = one.in_at.minute();
    match one.out_at {
        Some(out) if out == one.in_at => format!("{from} {}", t.gathering_forgot()),
        Some(out) => format!("{from}—{}", out.time_of_day()),
        None => format!("{from} {}", t.gathering_still()),
    }
}

pub(super) async fn page(
    State(desk): State<Desk>,
    As(by): As<Party>,
    chrome: Chrome,
    Path(id): Path<TimeActivityId>,
) -> HttpResult<impl IntoResponse> {
    let file = desk.activity_file(&by, id).await?;
    let title = chrome.t.gathering_no(file.activity.row.no);
    let day = file.activity.row.starts_at.day().to_string();
    let action = format!("/time/activities/{id}/step");
    Ok(Page(ActivityPage { chrome: chrome.titled(title), file, action, day }))
}

pub(super) async fn step(
    State(desk): State<Desk>,
    As(by): As<Party>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<TimeActivityId>,
    ProtectedForm(fields, _): ProtectedForm<Fields>,
) -> HttpResult<Response> {
    let t = chrome.t;
    let to = format!("/time/activities/{id}");
    // whoever may not see it does not learn that there is one
    desk.activity_file(&by, id).await?;
    match take(&desk, &by, id, &fields).await {
        Ok(_) => Ok(see_other(&visitor, &to, Tone::Good, t.gathering_saved())),
        Err(error) => {
            let form = refused(FormState::default(), t, error)?;
            Ok(see_other(&visitor, &to, Tone::Bad, form.message.as_deref().unwrap_or_default()))
        }
    }
}

async fn take(desk: &Desk, by: &Party, id: TimeActivityId, fields: &Fields) -> ServiceResult<ActivityState> {
    let value = |name| field(fields, name);
    let step: ActivityStep = value("step").parse().map_err(|_| refuse("bad_form").with("reason", "step"))?;
    let at = |name| -> ServiceResult<Option<Timestamp>> {
        if value(name).is_empty() { Ok(None) } else { moment(value("day"), value(name)).map(Some) }
    };
    let typed = ActivityTyped {
        person: value("person").to_owned(),
        words: value("words").to_owned(),
        code: value("code").to_owned(),
        from: at("from")?,
        until: at("until")?,
        sheet: value("sheet").to_owned(),
    };
    desk.take_activity_step(by, id, step, &typed).await
}

/// Minutes of a line, as hours and minutes.
pub(in crate::web) fn counted(t: impl show::Figure<T>, line: &LineView) -> String {
    show::hours(t.figure(), i64::from(line.row.counted))
}
