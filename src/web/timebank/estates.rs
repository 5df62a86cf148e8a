//! Hours of somebody who died: the list for the staff and for the households concerned, and the two steps of it.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    domain::timebank::{estate::EstateGround, estate::EstateState, policy::Brim},
    http::{As, HttpResult, Visitor},
    service::{
        Desk, ServiceResult, refuse,
        timebank::{estate::NewHeir, estate_view::EstateView, party::Party},
    },
    text::{T, refusal::refusal_words},
    web::{
        clerk::record::refused,
        form::{ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
        show,
    },
};

#[derive(Template)]
#[template(path = "time/estates.html", config = ".askama.toml")]
struct EstatesPage {
    chrome: Chrome,
    list: Vec<EstateView>,
    /// Whether whoever looks draws them up.
    desk: bool,
    /// Whether whoever looks is a second person.
    arbiter: bool,
    grounds: &'static [EstateGround],
    brims: Vec<Brim>,
    today: String,
}

impl EstatesPage {
    /// Where it went, or what there is.
    fn sum(&self, one: &EstateView) -> String {
        let t = self.chrome.t;
        let row = &one.row;
        if one.state != EstateState::Settled {
            return t.time_estate_holds(show::hours(t, one.holds), row.due_on);
        }
        let shares = [
            (t.time_estate_to_heir(), row.saved),
            (t.time_estate_to_pool(), row.pooled),
            (t.time_estate_honour(), row.honoured),
        ];
        let said = shares.iter().filter(|(_, minutes)| *minutes > 0);
        let said: Vec<String> = said.map(|(to, m)| format!("{to} {}", show::hours(t, *m))).collect();
        said.join(" · ")
    }

    fn held_up(&self, one: &EstateView) -> Option<String> {
        let why = one.held_up.as_ref()?;
        Some(refusal_words(self.chrome.t.lang(), why.code, &why.facts).1)
    }

    fn ground(&self, one: &EstateView) -> &'static str {
        let ground = one.row.ground.as_deref().and_then(|code| code.parse::<EstateGround>().ok());
        ground.map_or("", |ground| ground.words().text(self.chrome.t.lang()))
    }

    fn is_open(&self, one: &EstateView) -> bool {
        self.desk && one.state == EstateState::Open
    }

    fn is_drawn(&self, one: &EstateView) -> bool {
        self.arbiter && one.state == EstateState::Drawn
    }
}

pub(super) async fn page(
    State(desk): State<Desk>,
    As(by): As<Party>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let t = chrome.t;
    let policy = desk.time_policy(by.book()).await?;
    Ok(Page(EstatesPage {
        list: desk.time_estates(&by, 0).await?,
        desk: by.desk().is_ok() && policy.is_some(),
        arbiter: by.arbiter().is_ok(),
        grounds: EstateGround::ALL,
        brims: policy.map_or_else(Vec::new, |(policy, _)| policy.saving.brim.clone()),
        today: desk.today().to_string(),
        chrome: chrome.titled(t.time_estates()),
    }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EstateForm {
    step: String,
    id: String,
    person: String,
    died_on: String,
    notice: String,
    heir: String,
    ground: String,
    paper: String,
    brim: String,
    words: String,
}

pub(super) async fn step(
    State(desk): State<Desk>,
    As(by): As<Party>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<EstateForm>,
) -> HttpResult<Response> {
    let t = chrome.t;
    match take(&desk, &by, t, &input).await {
        Ok(said) => Ok(see_other(&visitor, "/time/estates", Tone::Good, said)),
        Err(error) => {
            let form = refused(form, t, error)?;
            let said = form.message.as_deref().unwrap_or_default();
            Ok(see_other(&visitor, "/time/estates", Tone::Bad, said))
        }
    }
}

async fn take(desk: &Desk, by: &Party, t: T, input: &EstateForm) -> ServiceResult<&'static str> {
    let wrong = |field: &'static str| refuse("bad_form").with("reason", field);
    if input.step == "open" {
        let day = input.died_on.parse().map_err(|_| refuse("bad_day").with("text", &input.died_on))?;
        let who = desk.time_person_id(by.book(), input.person.trim()).await?;
        desk.open_time_estate(&by.desk()?, who, day, &input.notice).await?;
        return Ok(t.time_estate_opened());
    }
    let id = input.id.parse().map_err(|_| wrong("id"))?;
    match input.step.as_str() {
        "draw" => {
            let new = NewHeir {
                heir: desk.time_person_id(by.book(), input.heir.trim()).await?,
                ground: input.ground.parse().map_err(|_| wrong("ground"))?,
                paper: input.paper.clone(),
                brim: input.brim.parse().ok(),
            };
            desk.draw_heir(&by.desk()?, id, &new).await?;
            Ok(t.time_estate_drawn())
        }
        "agree" | "decline" => {
            let agrees = input.step == "agree";
            desk.decide_heir(&by.arbiter()?, id, agrees, &input.words).await?;
            Ok(if agrees { t.time_estate_settled() } else { t.time_estate_declined() })
        }
        _ => Err(wrong("step").into()),
    }
}
