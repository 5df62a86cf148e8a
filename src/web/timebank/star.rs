//! Pages of stars: a household's own, the desk's and the arbiters' lists, bars, and the public notice by number.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::field;
use crate::{
    domain::{
        ids::{TimeBarId, TimeStarId},
        timebank::star_case::StarState,
    },
    http::{As, HttpResult, Path, Query, Visitor},
    service::{
        Desk, ServiceResult,
        caller::Reviewer,
        refuse,
        timebank::{
            party::Party,
            star::{StarStanding, StarView},
        },
    },
    store::timebank::star::BarRow,
    web::{
        clerk::record::refused,
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
        show,
    },
};

#[derive(Template)]
#[template(path = "time/stars.html", config = ".askama.toml")]
struct StarsPage {
    chrome: Chrome,
    own: Vec<StarStanding>,
    desk: bool,
    arbiter: bool,
    /// The states there are, and whether it is shown.
    tabs: Vec<(StarState, bool)>,
    here: StarState,
    cases: Vec<StarView>,
    bars: Vec<(BarRow, String)>,
}

impl StarsPage {
    fn hours(&self, minutes: &i64) -> String {
        show::hours(self.chrome.t, *minutes)
    }

    fn is(&self, state: &str) -> bool {
        self.here.as_str() == state
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Listed {
    #[serde(default)]
    state: String,
}

pub(super) async fn page(
    State(desk): State<Desk>,
    As(by): As<Party>,
    chrome: Chrome,
    Query(query): Query<Listed>,
) -> HttpResult<impl IntoResponse> {
    let staff = by.staff().is_ok();
    let first = if staff { StarState::Applied } else { StarState::Hung };
    let here = query.state.parse().ok().filter(|_| staff).unwrap_or(first);
    let mut own = Vec::new();
    if let Party::Household(home) = &by
        && desk.time_policy(home.book).await?.is_some()
    {
        for hours in desk.time_household(home).await?.0 {
            if hours.volunteer.is_some() {
                own.push(desk.star_standing(&by, hours.who.id).await?);
            }
        }
    }
    let bars = if staff { desk.open_bars(by.book()).await? } else { Vec::new() };
    let title = chrome.t.star_title();
    Ok(Page(StarsPage {
        own,
        desk: by.desk().is_ok(),
        arbiter: by.arbiter().is_ok(),
        tabs: StarState::ALL.iter().filter(|_| staff).map(|state| (*state, *state == here)).collect(),
        here,
        cases: desk.stars_in(by.book(), here).await?,
        bars,
        chrome: chrome.titled(title),
    }))
}

type Fields = Vec<(String, String)>;

pub(super) async fn step(
    State(desk): State<Desk>,
    As(by): As<Party>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(fields, _): ProtectedForm<Fields>,
) -> HttpResult<Response> {
    let t = chrome.t;
    match take(&desk, &by, &fields).await {
        Ok(()) => Ok(see_other(&visitor, "/time/stars", Tone::Good, t.star_saved())),
        Err(error) => {
            let form = refused(FormState::default(), t, error)?;
            let said = form.message.as_deref().unwrap_or_default();
            Ok(see_other(&visitor, "/time/stars", Tone::Bad, said))
        }
    }
}

async fn take(desk: &Desk, by: &Party, fields: &Fields) -> ServiceResult<()> {
    let value = |name| field(fields, name);
    let wrong = |what: &str| refuse("bad_form").with("reason", what);
    let arbiter = || -> ServiceResult<Reviewer> { by.arbiter() };
    let id = || -> ServiceResult<TimeStarId> { Ok(value("id").parse().map_err(|_| wrong("id"))?) };
    let words = value("words");
    match value("step") {
        "apply" => {
            let who = desk.time_person_id(by.book(), value("person")).await?;
            desk.apply_for_star(&by.side()?, who).await.map(drop)
        }
        "hang" => desk.review_star(&arbiter()?, id()?, true, words).await,
        "decline" => desk.review_star(&arbiter()?, id()?, false, words).await,
        "object" => desk.object_to_star(by, id()?, words).await,
        "uphold" => desk.answer_star_objection(&arbiter()?, id()?, true, words).await,
        "dismiss" => desk.answer_star_objection(&arbiter()?, id()?, false, words).await,
        "grant" => desk.grant_star(&arbiter()?, id()?).await,
        "bar" => {
            let who = desk.time_person_id(by.book(), value("person")).await?;
            let number = |name| -> ServiceResult<i64> {
                Ok(value(name).parse().map_err(|_| refuse("bad_number").with("text", value(name)))?)
            };
            let (seq, years) = (number("seq")?, number("years")?);
            desk.propose_bar(&by.desk()?, (who, seq), years, words).await.map(drop)
        }
        "sign" | "refuse" => {
            let bar: TimeBarId = value("id").parse().map_err(|_| wrong("id"))?;
            desk.sign_bar(&arbiter()?, bar, value("step") == "sign").await
        }
        _ => Err(wrong("step").into()),
    }
}

#[derive(Template)]
#[template(path = "time/stars_board.html", config = ".askama.toml")]
struct BoardPage {
    chrome: Chrome,
    no: i64,
    hung: Vec<StarView>,
}

/// For anybody and without signing in: volunteer numbers, never a name.
pub(super) async fn board(
    State(desk): State<Desk>,
    chrome: Chrome,
    Path(no): Path<i64>,
) -> HttpResult<impl IntoResponse> {
    let book = desk.public_book(no).await?;
    let hung = desk.stars_in(book.book_id, StarState::Hung).await?;
    let title = chrome.t.star_board();
    Ok(Page(BoardPage { chrome: chrome.titled(title), no, hung }))
}
