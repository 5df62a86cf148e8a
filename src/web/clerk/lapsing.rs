//! 积分到期提醒: whose points lapse soon, by group, to hang up and to read out over the village loudspeaker.

use askama::Template;
use axum::{Router, extract::State, response::IntoResponse, routing::get};

use crate::{
    domain::amount::points,
    http::{AppState, As, HttpResult},
    service::{
        Desk,
        caller::Clerk,
        lapses::{LapsingGroup, LapsingHome},
    },
    web::page::{Chrome, Page},
};

/// `/clerk/lapsing`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/clerk/lapsing", get(list))
}

#[derive(Template)]
#[template(path = "clerk/lapsing.html", config = ".askama.toml")]
struct LapsingPage {
    chrome: Chrome,
    groups: Vec<LapsingGroup>,
    today: String,
}

impl LapsingPage {
    /// What is read out for a group: household by household, the nearest day.
    fn read_out(&self, group: &LapsingGroup) -> String {
        let t = self.chrome.t;
        let said = |home: &LapsingHome| {
            let first = home.lapses.first()?;
            Some(t.lapsing_said(&home.no, points(first.points), first.day))
        };
        let homes: Vec<String> = group.homes.iter().filter_map(said).collect();
        t.lapsing_call(&group.name, homes.join(t.lapsing_between()))
    }
}

async fn list(State(desk): State<Desk>, by: As<Clerk>, chrome: Chrome) -> HttpResult<impl IntoResponse> {
    let groups = desk.lapsing_homes(&by).await?;
    let title = chrome.t.lapsing_title();
    let today = desk.today().to_string();
    Ok(Page(LapsingPage { chrome: chrome.titled(title), groups, today }))
}
