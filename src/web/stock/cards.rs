//! Cards: printing them for a group or a household, revoking, printing anew; setting a PIN at the desk.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    domain::{
        household::HouseholdNo,
        ids::{CardId, HouseholdId, OrgId},
        org::{LabelSet, OrgKind},
    },
    http::{As, HttpResult, Path, Query, Visitor},
    service::{
        Desk, ServiceError,
        caller::Clerk,
        cards::PrintedCard,
        register::{HouseholdFile, HouseholdLine},
    },
    store::register::Place,
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
        qr,
    },
};

/// Households found at most.
const FOUND_MAX: i64 = 20;

#[derive(Template)]
#[template(path = "stock/cards.html", config = ".askama.toml")]
struct CardsPage {
    chrome: Chrome,
    form: FormState,
    groups: Vec<Place>,
    query: String,
    found: Vec<HouseholdLine>,
}

impl CardsPage {
    /// The kinds of places, in the order of the register.
    fn kinds(&self) -> Vec<&str> {
        let mut kinds: Vec<&str> = Vec::new();
        for place in &self.groups {
            if !kinds.contains(&place.kind.as_str()) {
                kinds.push(&place.kind);
            }
        }
        kinds
    }

    fn kind_word(&self, kind: &str) -> &'static str {
        let known: Option<OrgKind> = kind.parse().ok();
        known.map_or("", |kind| kind.label(LabelSet::Rural).text(self.chrome.t.lang()))
    }

    fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Place> {
        self.groups.iter().filter(move |place| place.kind == kind)
    }
}

#[derive(Deserialize, Default)]
pub(super) struct Find {
    #[serde(default)]
    q: String,
}

pub(super) async fn page(
    State(desk): State<Desk>,
    by: As<Clerk>,
    chrome: Chrome,
    Query(find): Query<Find>,
) -> HttpResult<Response> {
    if let Ok(no) = HouseholdNo::parse(&find.q) {
        return Ok(Redirect::to(&format!("/clerk/cards/{no}")).into_response());
    }
    show_cards(&desk, &by, chrome, find, FormState::default()).await
}

async fn show_cards(
    desk: &Desk,
    by: &Clerk,
    chrome: Chrome,
    find: Find,
    form: FormState,
) -> HttpResult<Response> {
    let mut groups = desk.places(by).await?;
    groups.retain(|p| p.kind != "village" && p.kind != "community");
    let found = if find.q.trim().is_empty() {
        Vec::new()
    } else {
        desk.find_households(by, &find.q, "", FOUND_MAX).await?
    };
    let title = chrome.t.cards_title();
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    let page = CardsPage { chrome: chrome.titled(title), form, groups, query: find.q, found };
    Ok(Page(page).with_status(status))
}

/// A card as it is cut out: the symbol, the number, the household's number, nothing else.
struct Face {
    card: PrintedCard,
    svg: String,
}

#[derive(Template)]
#[template(path = "stock/sheet.html", config = ".askama.toml")]
struct SheetPage {
    chrome: Chrome,
    faces: Vec<Face>,
    /// The number people sign in with, beside the household's.
    village: i64,
}

async fn sheet(desk: &Desk, by: &Clerk, chrome: Chrome, cards: Vec<PrintedCard>) -> HttpResult<Response> {
    let village = desk.programme_of(by.book).await?.no;
    let mut faces = Vec::with_capacity(cards.len());
    for card in cards {
        let svg = qr::svg(&card.digits).map_err(|e| ServiceError::Internal(e.to_string()))?;
        faces.push(Face { card, svg });
    }
    let title = chrome.t.cards_sheet();
    Ok(Page(SheetPage { chrome: chrome.titled(title), faces, village }).into_response())
}

#[derive(Deserialize)]
pub(super) struct PrintInput {
    group: Option<OrgId>,
    household: Option<HouseholdId>,
}

pub(super) async fn print(
    State(desk): State<Desk>,
    by: As<Clerk>,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<PrintInput>,
) -> HttpResult<Response> {
    let cards = match (input.household, input.group) {
        (Some(household), _) => desk.issue_cards(&by, &[household]).await,
        (None, Some(group)) => desk.issue_cards_of(&by, group).await,
        (None, None) => return Err(ServiceError::NotFound("group").into()),
    };
    match cards {
        Ok(cards) => sheet(&desk, &by, chrome, cards).await,
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show_cards(&desk, &by, chrome, Find::default(), form).await
        }
    }
}

#[derive(Template)]
#[template(path = "stock/card.html", config = ".askama.toml")]
struct HouseholdPage {
    chrome: Chrome,
    form: FormState,
    file: HouseholdFile,
}

async fn show(
    desk: &Desk,
    by: &Clerk,
    chrome: Chrome,
    no: &HouseholdNo,
    form: FormState,
) -> HttpResult<Response> {
    let file = desk.household_file(by, no).await?;
    let title = chrome.t.cards_of(no);
    let status = if form.is_wrong() { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok(Page(HouseholdPage { chrome: chrome.titled(title), form, file }).with_status(status))
}

fn number(text: &str) -> Result<HouseholdNo, ServiceError> {
    HouseholdNo::parse(text).map_err(|_| ServiceError::NotFound("household"))
}

pub(super) async fn household(
    State(desk): State<Desk>,
    by: As<Clerk>,
    chrome: Chrome,
    Path(no): Path<String>,
) -> HttpResult<Response> {
    show(&desk, &by, chrome, &number(&no)?, FormState::default()).await
}

#[derive(Deserialize)]
pub(super) struct ReasonInput {
    card: Option<CardId>,
    #[serde(default)]
    reason: String,
}

pub(super) async fn reissue(
    State(desk): State<Desk>,
    by: As<Clerk>,
    chrome: Chrome,
    Path(no): Path<String>,
    ProtectedForm(input, form): ProtectedForm<ReasonInput>,
) -> HttpResult<Response> {
    let no = number(&no)?;
    let file = desk.household_file(&by, &no).await?;
    match desk.reissue_card(&by, file.household.id, &input.reason).await {
        Ok(card) => sheet(&desk, &by, chrome, vec![card]).await,
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, &no, form).await
        }
    }
}

pub(super) async fn revoke(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path(no): Path<String>,
    ProtectedForm(input, form): ProtectedForm<ReasonInput>,
) -> HttpResult<Response> {
    let no = number(&no)?;
    let card = input.card.ok_or(ServiceError::NotFound("card"))?;
    match desk.revoke_card(&by, card, &input.reason).await {
        Ok(_) => {
            Ok(see_other(&visitor, &format!("/clerk/cards/{no}"), Tone::Good, chrome.t.my_card_is_dead()))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, &no, form).await
        }
    }
}

#[derive(Deserialize)]
pub(super) struct PinInput {
    new_pin: String,
    again_pin: String,
}

pub(super) async fn pin(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path(no): Path<String>,
    ProtectedForm(input, mut form): ProtectedForm<PinInput>,
) -> HttpResult<Response> {
    let no = number(&no)?;
    if input.new_pin != input.again_pin {
        form.message = Some(chrome.t.my_pin_differs().to_owned());
        return show(&desk, &by, chrome, &no, form).await;
    }
    let file = desk.household_file(&by, &no).await?;
    match desk.set_pin(&by, file.household.id, &input.new_pin).await {
        Ok(()) => {
            Ok(see_other(&visitor, &format!("/clerk/cards/{no}"), Tone::Good, chrome.t.my_pin_changed()))
        }
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            show(&desk, &by, chrome, &no, form).await
        }
    }
}
