//! Programs that a village tells what happens: adding, watching, pausing, sending again. A secret is shown once.

use askama::Template;
use axum::{
    Extension, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    domain::{book::TxnKind, ids::WebhookId},
    http::{
        AppState, As, HttpResult, Path, Visitor,
        once::{self, ToldOnce},
    },
    service::{Desk, ServiceResult, caller::CountyAdmin, refuse, users::ShownOnce, webhook::WebhookStep},
    store::webhook::WebhookRow,
    text::T,
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin/webhooks/{no}", get(list).post(add))
        .route("/admin/webhooks/{no}/{id}", post(change))
}

#[derive(Template)]
#[template(path = "admin/webhooks.html", config = ".askama.toml")]
struct WebhooksPage {
    chrome: Chrome,
    form: FormState,
    village: i64,
    name: String,
    hooks: Vec<WebhookRow>,
    /// How many transactions the book has.
    last: i64,
    kinds: Vec<&'static str>,
    /// A secret shown this once.
    shown: Option<String>,
}

impl T {
    /// What is the matter with a receiver.
    #[must_use]
    fn webhook_state(self, hook: &WebhookRow) -> &'static str {
        match hook.state.as_str() {
            "paused" => self.webhook_paused(),
            "failing" => self.webhook_failing(),
            "gone" => self.webhook_gone(),
            _ if hook.failures > 0 => self.webhook_retrying(),
            _ => self.webhook_active(),
        }
    }

    /// What went wrong, in plain words.
    #[must_use]
    fn webhook_error(self, code: &str) -> String {
        match code {
            "wanted" => self.webhook_test_wanted().to_owned(),
            "arrived" => self.webhook_test_arrived().to_owned(),
            "time" => self.webhook_error_time().to_owned(),
            "connection" => self.webhook_error_connection().to_owned(),
            "name" => self.webhook_error_name().to_owned(),
            "tls" => self.webhook_error_tls().to_owned(),
            "forbidden" => self.webhook_error_forbidden().to_owned(),
            other => match other.strip_prefix("status:") {
                Some(status) => self.webhook_error_status(status),
                None => self.webhook_error_answer().to_owned(),
            },
        }
    }
}

async fn show(
    desk: &Desk,
    by: &CountyAdmin,
    chrome: Chrome,
    village: i64,
    form: FormState,
    shown: Option<String>,
) -> HttpResult<Response> {
    let hooks = desk.webhooks(by, village).await?;
    let last = desk.last_place(by, village).await?;
    let programme = desk.programme_by_no(village).await?;
    let name = programme.map_or_else(String::new, |p| p.name);
    let kinds = TxnKind::ALL.iter().map(|kind| kind.as_str()).collect();
    let title = chrome.t.webhook_title();
    let status = if form.is_wrong() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let chrome = chrome.titled(title);
    Ok(Page(WebhooksPage { chrome, form, village, name, hooks, last, kinds, shown }).with_status(status))
}

async fn list(
    State(desk): State<Desk>,
    by: As<CountyAdmin>,
    chrome: Chrome,
    Path(village): Path<i64>,
) -> HttpResult<Response> {
    show(&desk, &by, chrome, village, FormState::default(), None).await
}

async fn add(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<CountyAdmin>,
    chrome: Chrome,
    Path(village): Path<i64>,
    ProtectedForm(fields, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let url = fields.iter().find(|(name, _)| name == "url").map_or("", |(_, value)| value.as_str());
    let kinds: Vec<String> =
        fields.iter().filter(|(name, _)| name == "kind").map(|(_, value)| value.clone()).collect();
    match desk.add_webhook(&by, village, url, &kinds).await {
        Ok((_, shown)) => tell(&desk, &visitor, &by, chrome, village, shown).await,
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, village, form, None).await
        }
    }
}

/// The page with a secret that it shows this once. The same form again finds the page without it.
async fn tell(
    desk: &Desk,
    visitor: &Visitor,
    by: &CountyAdmin,
    chrome: Chrome,
    village: i64,
    shown: ShownOnce,
) -> HttpResult<Response> {
    let to = format!("/admin/webhooks/{village}");
    let (_, said) = once::read(see_other(visitor, &to, Tone::Info, chrome.t.webhook_secret_told())).await?;
    let page = show(desk, by, chrome, village, FormState::default(), Some(shown.0)).await?;
    Ok((Extension(ToldOnce(said)), page).into_response())
}

#[derive(Deserialize)]
struct ChangeInput {
    action: String,
    #[serde(default)]
    from: String,
}

async fn change(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<CountyAdmin>,
    chrome: Chrome,
    Path((village, id)): Path<(i64, WebhookId)>,
    ProtectedForm(input, form): ProtectedForm<ChangeInput>,
) -> HttpResult<Response> {
    if input.action == "rotate" {
        let shown = desk.rotate_webhook(&by, village, id).await?;
        return tell(&desk, &visitor, &by, chrome, village, shown).await;
    }
    let done = match step(&input) {
        Ok(step) => desk.change_webhook(&by, village, id, step).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            let to = format!("/admin/webhooks/{village}");
            Ok(see_other(&visitor, &to, Tone::Good, chrome.t.admin_saved()).into_response())
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, village, form, None).await
        }
    }
}

fn step(input: &ChangeInput) -> ServiceResult<WebhookStep> {
    Ok(match input.action.as_str() {
        "pause" => WebhookStep::Pause,
        "resume" => WebhookStep::Resume,
        "test" => WebhookStep::Test,
        "remove" => WebhookStep::Remove,
        "send_again" => {
            let from = input.from.trim().parse();
            WebhookStep::SendAgain(from.map_err(|_| refuse("bad_number").with("text", &input.from))?)
        }
        _ => return Err(refuse("bad_request").into()),
    })
}
