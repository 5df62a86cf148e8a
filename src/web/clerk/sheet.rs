//! A meeting's sheet (签到表): one item, many households, one screen, saved together or not at all.

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
    record::{day, item_and_grade, quantity, rule_words},
};
use crate::{
    domain::{
        due_process::AwardState,
        ids::{HouseholdId, OrgId, PersonId},
        lang::Lang,
        rule::{GradeWorth, SubjectKind},
    },
    http::{AppState, As, HttpResult, Query, Visitor},
    service::{
        Desk, ServiceResult,
        award::{Evidence, LineRefusal, NewAward, RecordOutcome},
        caller::Recorder,
        refuse,
    },
    text::{T, refusal::refusal_words},
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// The pages of the sheet.
pub fn routes() -> Router<AppState> {
    Router::new().route("/clerk/sheet", get(page).post(save))
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
    error: String,
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
    key: String,
}

/// What was ticked and typed before, and what was wrong with it.
#[derive(Default)]
struct Typed {
    form: FormState,
    key: Option<String>,
    ticked: BTreeSet<String>,
    quantities: BTreeMap<String, String>,
    errors: BTreeMap<String, String>,
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
    Ok(Page(build(&desk, &by, chrome, chosen, Typed::default()).await?).into_response())
}

async fn build(
    desk: &Desk,
    by: &Recorder,
    chrome: Chrome,
    chosen: Chosen,
    typed: Typed,
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
    let mut rows = Vec::new();
    if let (Some(item), Ok(group)) = (&item, chosen.group.parse::<OrgId>()) {
        for line in desk.households_of_group(by, group).await? {
            let (id, no) = (line.household.id.to_string(), line.household.no.to_string());
            if !item.person {
                rows.push(row(&typed, item, id, no, line.head));
                continue;
            }
            for member in desk.household_file(by, &line.household.no).await?.members {
                let value = format!("{id}:{}", member.id);
                rows.push(row(&typed, item, value, no.clone(), member.name));
            }
        }
    }
    let key = typed.key.unwrap_or_else(|| desk.random_hex());
    let chrome = chrome.titled(t.clerk_sheet());
    Ok(SheetPage { chrome, form: typed.form, choices, groups, chosen, item, rows, key })
}

fn row(typed: &Typed, item: &Choice, value: String, no: String, name: String) -> Row {
    Row {
        checked: typed.ticked.contains(&value),
        quantity: typed.quantities.get(&value).cloned().unwrap_or_else(|| item.first.to_string()),
        error: typed.errors.get(&value).cloned().unwrap_or_default(),
        value,
        no,
        name,
    }
}

async fn save(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(fields, form): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    let t = chrome.t;
    let one = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap_or_default();
    let chosen = Chosen {
        item: one("item"),
        group: one("group"),
        occurred_on: one("occurred_on"),
        event_key: one("event_key"),
    };
    let ticked: Vec<String> = fields.iter().filter(|(n, _)| n == "line").map(|(_, v)| v.clone()).collect();
    let quantities: BTreeMap<String, String> =
        fields.iter().filter_map(|(n, v)| Some((n.strip_prefix("q:")?.to_owned(), v.clone()))).collect();
    let mut typed = Typed {
        form,
        key: Some(one("key")),
        ticked: ticked.iter().cloned().collect(),
        quantities,
        errors: BTreeMap::new(),
    };
    let outcome = match new_awards(&desk, &by, &chosen, &ticked, &typed.quantities).await {
        Ok(lines) => desk.record_awards(&by, &lines, &one("key")).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(RecordOutcome::Recorded(done)) => {
            let said = t.sheet_saved(done.awards.len());
            Ok(see_other(&visitor, "/clerk/mine", Tone::Good, &said))
        }
        Ok(RecordOutcome::Refused(lines)) => {
            typed.form.message = Some(t.sheet_refused(lines.len()));
            for line in lines {
                if let Some(value) = ticked.get(line.line) {
                    typed.errors.insert(value.clone(), words(t, &line));
                }
            }
            let page = build(&desk, &by, chrome, chosen, typed).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => {
            typed.form = super::record::refused(typed.form, t, error)?;
            let page = build(&desk, &by, chrome, chosen, typed).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

fn words(t: T, line: &LineRefusal) -> String {
    rule_words(t, &line.refusal.facts)
        .unwrap_or_else(|| refusal_words(t.lang(), line.refusal.code, &line.refusal.facts).1)
}

async fn new_awards(
    desk: &Desk,
    by: &Recorder,
    chosen: &Chosen,
    ticked: &[String],
    quantities: &BTreeMap<String, String>,
) -> ServiceResult<Vec<NewAward>> {
    if ticked.is_empty() {
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
    let mut lines = Vec::with_capacity(ticked.len());
    for value in ticked {
        let (household, person) = value.split_once(':').map_or((value.as_str(), None), |(h, p)| (h, Some(p)));
        let household: HouseholdId = household.parse().map_err(|_| refuse("household_missing"))?;
        let person: Option<PersonId> = match (item.subject, person) {
            (SubjectKind::Person, Some(p)) => Some(p.parse().map_err(|_| refuse("person_missing"))?),
            _ => None,
        };
        let typed = quantities.get(value).map_or("", String::as_str);
        lines.push(NewAward {
            household: Some(household),
            person,
            item: code.clone(),
            quantity: if asks { quantity(typed)? } else { Decimal::ONE },
            grade: grade.clone(),
            occurred_on,
            event_key: event_key.clone(),
            evidence: Evidence::on_file(item, T(Lang::Zh).evidence_on_file()),
            note: String::new(),
            on_behalf: None,
        });
    }
    Ok(lines)
}

/// The states a recorder may still change.
pub(super) const fn may_mend(state: AwardState) -> bool {
    matches!(state, AwardState::Returned)
}
