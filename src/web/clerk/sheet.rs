//! A meeting's sheet (签到表): one item, many households, one screen. Numbers or initials are typed one after the other;
//! what can be recorded is, and the answer tells household by household.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use rust_decimal::Decimal;
use serde::Deserialize;

use super::{
    choice::{self, Choice, Choices},
    record::{day, item_and_grade, quantity},
    sheet_result::{ResultLine, ResultPage},
};
use crate::{
    domain::{
        due_process::AwardState,
        ids::{HouseholdId, OrgId, PersonId},
        lang::Lang,
        rule::{GradeWorth, SubjectKind},
    },
    http::{AppState, As, HttpResult, Query, error::escape_query},
    service::{
        Desk, ServiceResult,
        award::{
            Evidence, NewAward, SheetLine,
            roster::{Meant, Signed, WORDS_MAX},
        },
        caller::Recorder,
        refuse,
    },
    text::T,
    web::{
        form::{FormState, ProtectedForm},
        page::{Chrome, Page},
    },
};

/// The pages of the sheet.
pub fn routes() -> Router<AppState> {
    Router::new().route("/clerk/sheet", get(page).post(save)).route("/clerk/sheet/find", get(find))
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Chosen {
    #[serde(default)]
    item: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    occurred_on: String,
    #[serde(default)]
    event_key: String,
    /// Words to be looked up: what was refused before.
    #[serde(default)]
    typed: String,
}

struct Group {
    id: String,
    name: String,
}

/// One row: a household, or one of its members.
struct Row {
    /// `household` or `household:person`.
    value: String,
    no: String,
    name: String,
    checked: bool,
    quantity: String,
}

#[derive(Template)]
#[template(path = "clerk/sheet.html", config = ".askama.toml")]
struct SheetPage {
    chrome: Chrome,
    form: FormState,
    choices: Choices,
    groups: Vec<Group>,
    chosen: Chosen,
    item: Option<Choice>,
    rows: Vec<Row>,
    ticked: usize,
    /// Words that nobody was found for.
    unknown: Vec<String>,
    /// Words that may mean several.
    several: Vec<(String, Vec<Signed>)>,
    typed: String,
    paper: String,
    key: String,
}

/// What was ticked and typed before, and what was wrong with it.
#[derive(Default)]
struct Typed {
    form: FormState,
    key: Option<String>,
    ticked: Vec<String>,
    quantities: BTreeMap<String, String>,
    words: String,
    paper: String,
}

async fn page(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    chrome: Chrome,
    Query(mut chosen): Query<Chosen>,
) -> HttpResult<Response> {
    if chosen.occurred_on.is_empty() {
        chosen.occurred_on = desk.today().to_string();
    }
    let typed = Typed { words: std::mem::take(&mut chosen.typed), ..Typed::default() };
    Ok(Page(build(&desk, &by, chrome, chosen, typed).await?).into_response())
}

async fn build(
    desk: &Desk,
    by: &Recorder,
    chrome: Chrome,
    chosen: Chosen,
    mut typed: Typed,
) -> HttpResult<SheetPage> {
    let t = chrome.t;
    let set = desk.ruleset_for(by.book, desk.today()).await?;
    let last = desk.last_items(by).await?;
    let choices = choice::choices(t, &set, &last, false);
    let places = desk.places(by).await?;
    let groups: Vec<Group> = places
        .iter()
        .filter(|p| p.kind == "group")
        .map(|p| Group { id: p.id.to_string(), name: p.name.clone() })
        .collect();
    let item = choices.all().find(|c| c.value == chosen.item).cloned();
    let (mut rows, mut unknown, mut several) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(item) = &item {
        (unknown, several) = look_up(desk, by, item, &mut typed).await?;
        rows = list(desk, by, item, &chosen, &typed).await?;
    }
    let key = typed.key.unwrap_or_else(|| desk.random_hex());
    let chrome = chrome.titled(t.clerk_sheet());
    let ticked = rows.iter().filter(|r| r.checked).count();
    // what is not settled stays in the field, to be mended
    let typed_left = unknown.join("\n");
    let (form, paper) = (typed.form, typed.paper);
    Ok(SheetPage {
        chrome,
        form,
        choices,
        groups,
        chosen,
        item,
        rows,
        ticked,
        unknown,
        several,
        typed: typed_left,
        paper,
        key,
    })
}

/// Ticks whom the words mean; those that mean nobody, or several, come back.
async fn look_up(
    desk: &Desk,
    by: &Recorder,
    item: &Choice,
    typed: &mut Typed,
) -> HttpResult<(Vec<String>, Vec<(String, Vec<Signed>)>)> {
    let (mut unknown, mut several) = (Vec::new(), Vec::new());
    for word in words_of(&typed.words) {
        match desk.signed(by, &word, item.person).await? {
            Meant::One(who) if typed.ticked.contains(&who.mark()) => {}
            Meant::One(who) => typed.ticked.push(who.mark()),
            Meant::Several(found) => several.push((word, found)),
            Meant::Nobody => unknown.push(word),
        }
    }
    Ok((unknown, several))
}

fn words_of(text: &str) -> Vec<String> {
    let words = text.split(|c: char| c.is_whitespace() || ",;、，；".contains(c));
    words.map(str::trim).filter(|w| !w.is_empty()).take(WORDS_MAX).map(str::to_owned).collect()
}

/// The rows of the sheet: whoever is ticked, the latest first, then the rest of the group that was asked for.
async fn list(
    desk: &Desk,
    by: &Recorder,
    item: &Choice,
    chosen: &Chosen,
    typed: &Typed,
) -> HttpResult<Vec<Row>> {
    let mut rows = Vec::new();
    if let Ok(group) = chosen.group.parse::<OrgId>() {
        for line in desk.households_of_group(by, group).await? {
            let (id, no) = (line.household.id.to_string(), line.household.no.to_string());
            if !item.person {
                rows.push(row(typed, item, id, no, line.head));
                continue;
            }
            for member in desk.household_file(by, &line.household.no).await?.members {
                let value = format!("{id}:{}", member.id);
                rows.push(row(typed, item, value, no.clone(), member.name));
            }
        }
    }
    let listed: BTreeSet<String> = rows.iter().map(|r| r.value.clone()).collect();
    let others: Vec<String> = typed.ticked.iter().filter(|m| !listed.contains(*m)).cloned().collect();
    for who in desk.signed_by_mark(by, &others).await? {
        rows.insert(0, row(typed, item, who.mark(), who.no, who.name));
    }
    Ok(rows)
}

fn row(typed: &Typed, item: &Choice, value: String, no: String, name: String) -> Row {
    Row {
        checked: typed.ticked.contains(&value),
        quantity: typed.quantities.get(&value).cloned().unwrap_or_else(|| item.first.to_string()),
        value,
        no,
        name,
    }
}

#[derive(Debug, Deserialize)]
struct FindQuery {
    item: String,
    q: String,
}

/// Whom a word means, for the script of the sheet.
async fn find(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    Query(asked): Query<FindQuery>,
) -> HttpResult<Response> {
    let set = desk.ruleset_for(by.book, desk.today()).await?;
    let (code, _) = item_and_grade(&asked.item);
    let item = set.item(&code).ok_or_else(|| refuse("item_missing"))?;
    let by_person = item.subject == SubjectKind::Person;
    let (found, sure) = match desk.signed(&by, &asked.q, by_person).await? {
        Meant::One(who) => (vec![who], true),
        Meant::Several(found) => (found, false),
        Meant::Nobody => (Vec::new(), false),
    };
    let told = |who: Signed| serde_json::json!({ "mark": who.mark(), "no": who.no, "name": who.name });
    let found: Vec<_> = found.into_iter().take(9).map(told).collect();
    Ok(axum::Json(serde_json::json!({ "found": found, "sure": sure })).into_response())
}

async fn save(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    chrome: Chrome,
    ProtectedForm(fields, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let one = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap_or_default();
    let chosen = Chosen {
        item: one("item"),
        group: one("group"),
        occurred_on: one("occurred_on"),
        event_key: one("event_key"),
        typed: String::new(),
    };
    let mut ticked: Vec<String> = Vec::new();
    for (_, mark) in fields.iter().filter(|(n, _)| n == "line") {
        if !ticked.contains(mark) {
            ticked.push(mark.clone());
        }
    }
    let quantities: BTreeMap<String, String> =
        fields.iter().filter_map(|(n, v)| Some((n.strip_prefix("q:")?.to_owned(), v.clone()))).collect();
    let mut typed =
        Typed { form, key: Some(one("key")), ticked, quantities, words: one("typed"), paper: one("paper") };
    if !one("check").is_empty() || !typed.words.trim().is_empty() {
        // whoever was typed is shown before anything is saved
        return Ok(Page(build(&desk, &by, chrome, chosen, typed).await?).into_response());
    }
    let done = match lines(&desk, &by, &chosen, &typed).await {
        Ok((lines, paper)) => {
            desk.record_sheet(&by, &lines, &one("key"), paper).await.map(|answers| (lines, answers))
        }
        Err(error) => Err(error),
    };
    match done {
        Ok((lines, answers)) => {
            let marks: Vec<String> = lines.into_iter().map(|l| l.mark).collect();
            let signed = desk.signed_by_mark(&by, &marks).await?;
            let t = chrome.t;
            let told = marks.iter().zip(answers).map(|(mark, answer)| {
                ResultLine::of_sheet(t, signed.iter().find(|who| who.mark() == *mark), answer)
            });
            let told = told.collect();
            Ok(Page(ResultPage::new(chrome, told, again(&chosen))).into_response())
        }
        Err(error) => {
            typed.form = super::record::refused(typed.form, chrome.t, error)?;
            let page = build(&desk, &by, chrome, chosen, typed).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// The address of a sheet for the same item, day and event.
fn again(chosen: &Chosen) -> String {
    let of = escape_query;
    format!(
        "/clerk/sheet?item={}&occurred_on={}&event_key={}",
        of(&chosen.item),
        of(&chosen.occurred_on),
        of(&chosen.event_key)
    )
}

async fn lines(
    desk: &Desk,
    by: &Recorder,
    chosen: &Chosen,
    typed: &Typed,
) -> ServiceResult<(Vec<SheetLine>, Option<usize>)> {
    if typed.ticked.is_empty() {
        return Err(refuse("nobody_chosen").into());
    }
    let occurred_on = day(&chosen.occurred_on)?;
    let (code, grade) = item_and_grade(&chosen.item);
    let set = desk.ruleset_for(by.book, occurred_on).await?;
    let item = set.item(&code).ok_or_else(|| refuse("item_missing"))?;
    let asks = match &grade {
        Some(grade) => item.grade(grade).is_some_and(|g| matches!(g.worth, GradeWorth::Rate(_))),
        None => item.asks_quantity(),
    };
    let event_key = Some(chosen.event_key.trim().to_owned()).filter(|k| !k.is_empty());
    let mut lines = Vec::with_capacity(typed.ticked.len());
    for mark in &typed.ticked {
        let (household, person) = mark.split_once(':').map_or((mark.as_str(), None), |(h, p)| (h, Some(p)));
        let household: HouseholdId = household.parse().map_err(|_| refuse("household_missing"))?;
        let person: Option<PersonId> = match (item.subject, person) {
            (SubjectKind::Person, Some(p)) => Some(p.parse().map_err(|_| refuse("person_missing"))?),
            _ => None,
        };
        let amount = typed.quantities.get(mark).map_or("", String::as_str);
        let new = NewAward {
            household: Some(household),
            person,
            item: code.clone(),
            quantity: if asks { quantity(amount)? } else { Decimal::ONE },
            grade: grade.clone(),
            occurred_on,
            event_key: event_key.clone(),
            hours: None,
            evidence: Evidence::on_file(item, T(Lang::Zh).evidence_on_file()),
            note: String::new(),
            on_behalf: None,
        };
        lines.push(SheetLine { mark: mark.clone(), new });
    }
    Ok((lines, paper(&typed.paper)?))
}

/// How many the paper has; nothing typed, nothing compared.
pub(super) fn paper(text: &str) -> ServiceResult<Option<usize>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| refuse("bad_number").with("text", text).into())
}

/// The states a recorder may still change.
pub(super) const fn may_mend(state: AwardState) -> bool {
    matches!(state, AwardState::Returned)
}
