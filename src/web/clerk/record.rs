//! Quick recording (快速加分): scan or search the household, choose the item, say how much, save. Then the same again
//! for the next household.

use askama::Template;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use rust_decimal::Decimal;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use super::{
    choice::{self, Choices, Family},
    view::{self, Line},
};
use crate::{
    domain::{
        amount,
        award::Hours,
        household::HouseholdNo,
        ids::{HouseholdId, PersonId},
        rule::SubjectKind,
        time::Day,
    },
    http::{AppState, As, HttpResult, Path, Query, Visitor, error::escape_query},
    service::{
        Desk, ServiceError, ServiceResult,
        award::{Evidence, NewAward},
        caller::Recorder,
        decode, refuse,
        register::HouseholdFile,
    },
    web::{
        form::{FormState, ProtectedForm, see_other},
        kit::ScanBox,
        page::{Chrome, Page, Tone},
    },
};

/// Households a search shows.
const FOUND_MAX: i64 = 20;
/// Earlier awards shown beside the form.
const RECENT: i64 = 5;

/// The pages of quick recording.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/clerk/record", get(search).post(scanned))
        .route("/clerk/record/{no}", get(form_page).post(save))
        .route("/clerk/scan", post(decode_photo))
}

#[derive(Debug, Default, Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
    /// The last item and quantity, to record the same for the next household.
    #[serde(default)]
    again: String,
    #[serde(default)]
    quantity: String,
}

struct Found {
    no: String,
    head: String,
}

#[derive(Template)]
#[template(path = "clerk/search.html", config = ".askama.toml")]
struct SearchPage {
    chrome: Chrome,
    scan: String,
    q: String,
    found: Vec<Found>,
    /// What every link carries on: the item chosen last.
    carry: String,
    again: Option<String>,
    quantity: String,
}

async fn search(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    chrome: Chrome,
    Query(query): Query<Search>,
) -> HttpResult<impl IntoResponse> {
    let t = chrome.t;
    let mut found = Vec::new();
    if !query.q.trim().is_empty() {
        for line in desk.find_households(&by, &query.q, "", FOUND_MAX).await? {
            found.push(Found { no: line.household.no.to_string(), head: line.head });
        }
    }
    let carried =
        vec![("again".to_owned(), query.again.clone()), ("quantity".to_owned(), query.quantity.clone())];
    let scan = ScanBox {
        t,
        csrf: chrome.csrf.clone(),
        action: "/clerk/record".to_owned(),
        decode: "/clerk/scan".to_owned(),
        submit: t.record_open_household().to_owned(),
        carried,
    };
    let scan = scan.render().map_err(|e| ServiceError::Internal(e.to_string()))?;
    let carry = carry(&query.again, &query.quantity);
    let again = (!query.again.is_empty()).then_some(query.again);
    Ok(Page(SearchPage {
        chrome: chrome.titled(t.menu_record()),
        scan,
        q: query.q,
        found,
        carry,
        again,
        quantity: query.quantity,
    }))
}

fn carry(again: &str, quantity: &str) -> String {
    if again.is_empty() {
        return String::new();
    }
    format!("?item={}&quantity={}", escape_query(again), escape_query(quantity))
}

#[derive(Deserialize)]
struct ScannedInput {
    code: String,
    #[serde(default)]
    again: String,
    #[serde(default)]
    quantity: String,
}

async fn scanned(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, _): ProtectedForm<ScannedInput>,
) -> HttpResult<Response> {
    match desk.household_by_code(&by, &input.code).await? {
        Some(no) => {
            let to = format!("/clerk/record/{no}{}", carry(&input.again, &input.quantity));
            Ok(Redirect::to(&to).into_response())
        }
        None => Ok(see_other(&visitor, "/clerk/record", Tone::Bad, chrome.t.record_code_unknown())),
    }
}

/// A photo or frame of the camera, by `scan.js`: the text in it, or nothing.
async fn decode_photo(As(_by): As<Recorder>, photo: Bytes) -> HttpResult<Response> {
    let text = tokio::task::spawn_blocking(move || decode::decode(&photo))
        .await
        .map_err(|e| ServiceError::Internal(format!("decoding stopped: {e}")))?;
    Ok(match text {
        Ok(Some(text)) => axum::Json(serde_json::json!({ "text": text })).into_response(),
        Ok(None) | Err(_) => StatusCode::NO_CONTENT.into_response(),
    })
}

struct Member {
    id: String,
    name: String,
    relation: &'static str,
}

#[derive(Template)]
#[template(path = "clerk/record.html", config = ".askama.toml")]
struct RecordPage {
    chrome: Chrome,
    form: FormState,
    no: String,
    head: String,
    available: String,
    honor: String,
    key: String,
    choices: Choices,
    members: Vec<Member>,
    today: String,
    recent: Vec<Line>,
}

impl RecordPage {
    /// A family is open when the chosen item lies in it, or when nothing was ever recorded and it is the first.
    fn is_open(&self, family: &Family, place: &usize) -> bool {
        family.holds(self.form.value("item")) || (self.choices.recent.is_empty() && *place == 0)
    }
}

#[derive(Debug, Default, Deserialize)]
struct Preset {
    #[serde(default)]
    item: String,
    #[serde(default)]
    quantity: String,
}

async fn form_page(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    chrome: Chrome,
    Path(no): Path<HouseholdNo>,
    Query(preset): Query<Preset>,
) -> HttpResult<Response> {
    let file = desk.household_file(&by, &no).await?;
    let quantity = if preset.quantity.is_empty() { "1".to_owned() } else { preset.quantity };
    let form = FormState::default()
        .with("item", &preset.item)
        .with("quantity", quantity)
        .with("occurred_on", desk.today())
        .with("key", desk.random_hex());
    Ok(Page(page(&desk, &by, chrome, form, &file).await?).into_response())
}

async fn page(
    desk: &Desk,
    by: &Recorder,
    chrome: Chrome,
    form: FormState,
    file: &HouseholdFile,
) -> HttpResult<RecordPage> {
    let t = chrome.t;
    let set = desk.ruleset_for(by.book, desk.today()).await?;
    let last = desk.last_items(by).await?;
    let mut members = Vec::new();
    for member in &file.members {
        let words = member.relation().map_err(ServiceError::from)?.words();
        let relation = if t.lang() == crate::domain::lang::Lang::Zh { words.zh } else { words.en };
        members.push(Member { id: member.id.to_string(), name: member.name.clone(), relation });
    }
    let head = members.first().map(|m| m.name.clone()).unwrap_or_default();
    let form = if form.value("person").is_empty() {
        let first = members.first().map(|m| m.id.clone()).unwrap_or_default();
        form.with("person", first)
    } else {
        form
    };
    let recent = desk.household_awards(by.book, file.household.id, i64::MAX, RECENT).await?;
    let recent = view::listed(desk, by, t, recent).await?;
    Ok(RecordPage {
        no: file.household.no.to_string(),
        head,
        available: amount::points(file.available),
        honor: amount::points(file.honor),
        key: form.value("key").to_owned(),
        choices: choice::choices(t, &set, &last, view::may_deduct(by)),
        members,
        today: desk.today().to_string(),
        recent,
        form,
        chrome: chrome.titled(t.menu_record()),
    })
}

#[derive(Deserialize)]
struct SaveInput {
    item: String,
    #[serde(default)]
    quantity: String,
    #[serde(default)]
    person: String,
    occurred_on: String,
    #[serde(default)]
    event_key: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    on_behalf: String,
    key: String,
}

async fn save(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    visitor: Visitor,
    chrome: Chrome,
    Path(no): Path<HouseholdNo>,
    ProtectedForm(input, form): ProtectedForm<SaveInput>,
) -> HttpResult<Response> {
    let t = chrome.t;
    let file = desk.household_file(&by, &no).await?;
    let done = match new_award(&desk, &by, &input, file.household.id).await {
        Ok(new) => desk.record_award(&by, new, &input.key).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(row) => {
            let given = view::amounts(t, row.points, row.honor, row.minutes);
            let head = file.members.first().map(|m| m.name.clone()).unwrap_or_default();
            let said = t.record_saved(no, head, given);
            let to = format!(
                "/clerk/record?again={}&quantity={}",
                escape_query(&input.item),
                escape_query(&input.quantity)
            );
            Ok(see_other(&visitor, &to, Tone::Good, &said))
        }
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            let page = page(&desk, &by, chrome, form, &file).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// The form with what the rules said, in the words of the rules where they have some.
pub fn refused(form: FormState, t: crate::text::T, error: ServiceError) -> HttpResult<FormState> {
    let said = match &error {
        ServiceError::Refused(refusal) => rule_words(t, &refusal.facts),
        _ => None,
    };
    let mut form = form.refused(t, error)?;
    if said.is_some() {
        form.message = said;
    }
    Ok(form)
}

/// What the rules themselves said, in the reader's language.
pub(super) fn rule_words(
    t: crate::text::T,
    facts: &std::collections::BTreeMap<String, String>,
) -> Option<String> {
    let name = if t.lang() == crate::domain::lang::Lang::Zh { "reason_zh" } else { "reason_en" };
    facts.get(name).cloned()
}

/// A typed number, full width or not; empty is one.
pub(in crate::web) fn quantity(text: &str) -> ServiceResult<Decimal> {
    let folded: String = text.trim().nfkc().collect();
    if folded.is_empty() {
        return Ok(Decimal::ONE);
    }
    folded.parse().map_err(|_| refuse("bad_number").with("text", text).into())
}

/// A typed day.
pub(in crate::web) fn day(text: &str) -> ServiceResult<Day> {
    text.trim().parse().map_err(|_| refuse("bad_day").with("text", text).into())
}

/// Typed times of a day; nothing where both are empty.
pub(in crate::web) fn hours(from: &str, to: &str) -> ServiceResult<Option<Hours>> {
    Hours::read(from, to).map_err(|_| refuse("bad_hours").with("text", format!("{from}–{to}")).into())
}

/// `D2|county` as item and grade.
pub(in crate::web) fn item_and_grade(value: &str) -> (String, Option<String>) {
    match value.split_once('|') {
        Some((item, grade)) => (item.to_owned(), Some(grade.to_owned())),
        None => (value.to_owned(), None),
    }
}

async fn new_award(
    desk: &Desk,
    by: &Recorder,
    input: &SaveInput,
    household: HouseholdId,
) -> ServiceResult<NewAward> {
    let occurred_on = day(&input.occurred_on)?;
    let (code, grade) = item_and_grade(&input.item);
    let set = desk.ruleset_for(by.book, occurred_on).await?;
    let item = set.item(&code).ok_or_else(|| refuse("item_missing"))?;
    let asks = match &grade {
        Some(grade) => {
            item.grade(grade).is_some_and(|g| matches!(g.worth, crate::domain::rule::GradeWorth::Rate(_)))
        }
        None => item.asks_quantity(),
    };
    let person: Option<PersonId> = if item.subject == SubjectKind::Person {
        Some(input.person.parse().map_err(|_| refuse("person_missing"))?)
    } else {
        None
    };
    Ok(NewAward {
        household: Some(household),
        person,
        evidence: Evidence::on_file(item, crate::text::T(crate::domain::lang::Lang::Zh).evidence_on_file()),
        item: code,
        quantity: if asks { quantity(&input.quantity)? } else { Decimal::ONE },
        grade,
        occurred_on,
        event_key: Some(input.event_key.trim().to_owned()).filter(|k| !k.is_empty()),
        hours: hours(&input.from, &input.to)?,
        note: input.note.clone(),
        on_behalf: Some(input.on_behalf.trim().to_owned()).filter(|k| !k.is_empty()),
    })
}
