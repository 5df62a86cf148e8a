//! The township's part: which policy a village runs, and hours issued into its public pool.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    domain::timebank::policy::{HOUR, Policies, Policy},
    http::{As, HttpResult, Visitor},
    service::{Desk, ServiceResult, caller::Township, refuse},
    text::T,
    web::{
        clerk::record::refused,
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
        show,
    },
};

#[derive(Template)]
#[template(path = "time/policy.html", config = ".askama.toml")]
struct PolicyPage {
    chrome: Chrome,
    form: FormState,
    /// The one in force: its name, and what it says.
    now: Option<(String, String)>,
    /// All there are: code, name, what they say.
    policies: Vec<(String, String, String)>,
    pool: String,
    today: String,
    key: String,
}

fn gist(t: T, policy: &Policy) -> String {
    let cap = match policy.saving.cap {
        Some(cap) => t.time_cap(show::hours(t, cap)),
        None => t.time_no_cap().to_owned(),
    };
    let age = match policy.drawing.age {
        0 => t.time_any_age().to_owned(),
        age => t.time_draw_age(age),
    };
    format!("{age} · {cap} · {}", policy.source)
}

pub(super) async fn page(
    State(desk): State<Desk>,
    As(by): As<Township>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(build(&desk, &by, chrome, FormState::default()).await?))
}

async fn build(desk: &Desk, by: &Township, chrome: Chrome, form: FormState) -> ServiceResult<PolicyPage> {
    let t = chrome.t;
    let name = |policy: &Policy| t.name(&policy.name, &policy.name_en).to_owned();
    let now = desk.time_policy(by.book).await?;
    let now = now.map(|(policy, row)| {
        (format!("{} · {}", name(policy), t.time_policy_since(row.from_on)), gist(t, policy))
    });
    let (free, held) = desk.time_pool(by.book).await?;
    let all = Policies::shipped().all().iter();
    Ok(PolicyPage {
        form,
        now,
        policies: all.map(|p| (p.code.clone(), name(p), gist(t, p))).collect(),
        pool: t.time_pool_has(show::hours(t, free), show::hours(t, held)),
        today: desk.today().to_string(),
        key: desk.random_hex(),
        chrome: chrome.titled(t.time_policy_title()),
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PolicyInput {
    step: String,
    key: String,
    code: String,
    from: String,
    basis: String,
    hours: String,
}

pub(super) async fn step(
    State(desk): State<Desk>,
    As(by): As<Township>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<PolicyInput>,
) -> HttpResult<Response> {
    match take(&desk, &by, chrome.t, &input).await {
        Ok(said) => Ok(see_other(&visitor, "/township/time-bank", Tone::Good, said)),
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = build(&desk, &by, chrome, form).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

async fn take(desk: &Desk, by: &Township, t: T, input: &PolicyInput) -> ServiceResult<&'static str> {
    match input.step.as_str() {
        "adopt" => {
            let from = input.from.parse().map_err(|_| refuse("bad_day").with("text", &input.from))?;
            desk.adopt_time_policy(by, &input.code, from, &input.basis).await?;
            Ok(t.time_policy_adopted())
        }
        "issue" => {
            let wrong = || refuse("bad_number").with("text", &input.hours);
            let hours: i64 = input.hours.trim().parse().map_err(|_| wrong())?;
            let minutes = hours.checked_mul(HOUR).ok_or_else(wrong)?;
            desk.issue_pool(by, &input.key, minutes, &input.basis).await?;
            Ok(t.time_pool_issued())
        }
        _ => Err(refuse("bad_form").with("reason", "step").into()),
    }
}
