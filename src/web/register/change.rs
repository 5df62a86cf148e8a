//! Dated changes of one household, each a form of its own that says back what was wrong.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;

use super::show;
use crate::{
    domain::{
        household::{FreezeReason, HouseholdNo, HouseholdStep, PersonNo},
        ids::OrgId,
        kin::KinKind,
        person::{BirthYear, Name, Phone, Relation},
        time::Day,
    },
    http::{AppState, As, HttpResult, Path, Visitor},
    service::{Desk, ServiceError, ServiceResult, caller::Clerk, refuse, register::change::NewPerson},
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Tone},
    },
};

/// The forms of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/clerk/households/new", post(open))
        .route("/clerk/households/{no}/add", post(add))
        .route("/clerk/households/{no}/leave", post(leave))
        .route("/clerk/households/{no}/move", post(move_to))
        .route("/clerk/households/{no}/state", post(state))
        .route("/clerk/households/{no}/kin", post(kin))
        .route("/clerk/households/{no}/kin/withdraw", post(withdraw_kin))
}

/// Somebody new, as typed.
#[derive(Debug, Deserialize)]
struct PersonInput {
    name: String,
    #[serde(default)]
    relation: String,
    #[serde(default)]
    birth_year: String,
    #[serde(default)]
    phone: String,
    on: String,
    #[serde(default)]
    place: String,
}

impl PersonInput {
    fn read(&self, today: Day) -> ServiceResult<(NewPerson, Day)> {
        let name = Name::parse(&self.name).map_err(|_| refuse("name_invalid").with("name", &self.name))?;
        let relation = if self.relation.is_empty() { Ok(Relation::Head) } else { self.relation.parse() };
        let relation = relation.map_err(|_| refuse("relation_unknown").with("relation", &self.relation))?;
        let typed = self.birth_year.trim();
        let birth_year = match typed.parse().ok() {
            None if typed.is_empty() => None,
            year => Some(
                year.and_then(|y| BirthYear::new(y, today.ymd().0).ok())
                    .ok_or_else(|| refuse("birth_year_invalid").with("year", typed))?,
            ),
        };
        let phone = match self.phone.trim() {
            "" => None,
            typed => Some(Phone::parse(typed).map_err(|_| refuse("phone_invalid").with("phone", typed))?),
        };
        Ok((NewPerson { name, relation, birth_year, phone }, day(&self.on)?))
    }
}

fn day(typed: &str) -> ServiceResult<Day> {
    Ok(typed.trim().parse().map_err(|_| refuse("date_invalid").with("date", typed))?)
}

fn person_no(typed: &str) -> ServiceResult<PersonNo> {
    Ok(PersonNo::parse(typed).map_err(|_| refuse("invalid_number").with("number", typed))?)
}

/// Back to the household with a word of success, or its page with what was wrong.
struct Reply<'a> {
    desk: &'a Desk,
    visitor: &'a Visitor,
    by: &'a Clerk,
    chrome: Chrome,
    no: HouseholdNo,
    form: FormState,
}

impl Reply<'_> {
    async fn to<V>(self, result: ServiceResult<V>) -> HttpResult<Response> {
        let t = self.chrome.t;
        match result {
            Ok(_) => {
                let page = format!("/clerk/households/{}", self.no);
                Ok(see_other(self.visitor, &page, Tone::Good, t.register_saved()).into_response())
            }
            Err(error) => {
                let form = self.form.refused(t, error)?;
                show(self.desk, self.by, self.chrome, &self.no, form).await
            }
        }
    }
}

async fn open(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    ProtectedForm(input, _): ProtectedForm<PersonInput>,
) -> HttpResult<Response> {
    let place: Option<OrgId> = input.place.parse().ok();
    let opened = match input.read(desk.today()) {
        Ok((head, on)) => desk.open_household(&by, place, &head, on).await,
        Err(error) => Err(error),
    };
    match opened {
        Ok(no) => {
            let page = format!("/clerk/households/{no}");
            Ok(see_other(&visitor, &page, Tone::Good, chrome.t.register_saved()).into_response())
        }
        Err(ServiceError::Refused(r)) => {
            let words = crate::text::refusal::refusal_words(chrome.t.lang(), r.code, &r.facts).1;
            Ok(see_other(&visitor, "/clerk/households", Tone::Bad, &words).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

async fn add(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path(no): Path<HouseholdNo>,
    ProtectedForm(input, form): ProtectedForm<PersonInput>,
) -> HttpResult<Response> {
    let done = match input.read(desk.today()) {
        Ok((who, on)) => desk.add_member(&by, &no, &who, on).await,
        Err(error) => Err(error),
    };
    Reply { desk: &desk, visitor: &visitor, by: &by, chrome, no, form }.to(done).await
}

#[derive(Debug, Deserialize)]
struct LeaveInput {
    person: String,
    on: String,
    #[serde(default)]
    reason: String,
}

async fn leave(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path(no): Path<HouseholdNo>,
    ProtectedForm(input, form): ProtectedForm<LeaveInput>,
) -> HttpResult<Response> {
    let done = match (person_no(&input.person), day(&input.on)) {
        (Ok(who), Ok(on)) => desk.leave_household(&by, &who, on, &input.reason).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    Reply { desk: &desk, visitor: &visitor, by: &by, chrome, no, form }.to(done).await
}

#[derive(Debug, Deserialize)]
struct MoveInput {
    person: String,
    to: String,
    relation: String,
    on: String,
}

async fn move_to(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path(no): Path<HouseholdNo>,
    ProtectedForm(input, form): ProtectedForm<MoveInput>,
) -> HttpResult<Response> {
    let read = || -> ServiceResult<(PersonNo, HouseholdNo, Relation, Day)> {
        let to =
            HouseholdNo::parse(&input.to).map_err(|_| refuse("invalid_number").with("number", &input.to))?;
        let relation = input.relation.parse();
        let relation = relation.map_err(|_| refuse("relation_unknown").with("relation", &input.relation))?;
        Ok((person_no(&input.person)?, to, relation, day(&input.on)?))
    };
    let done = match read() {
        Ok((who, to, relation, on)) => desk.move_member(&by, &who, &to, relation, on).await,
        Err(error) => Err(error),
    };
    Reply { desk: &desk, visitor: &visitor, by: &by, chrome, no, form }.to(done).await
}

#[derive(Debug, Deserialize)]
struct StateInput {
    step: String,
    reason: String,
}

async fn state(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path(no): Path<HouseholdNo>,
    ProtectedForm(input, form): ProtectedForm<StateInput>,
) -> HttpResult<Response> {
    let step = match input.step.as_str() {
        "activate" => Some(HouseholdStep::Activate),
        "unfreeze" => Some(HouseholdStep::Unfreeze),
        "close" => Some(HouseholdStep::Close),
        other => other.parse::<FreezeReason>().ok().map(HouseholdStep::Freeze),
    };
    let done = match step {
        Some(step) => desk.change_household(&by, &no, step, &input.reason).await,
        None => Err(refuse("household_state").with("state", &input.step).into()),
    };
    Reply { desk: &desk, visitor: &visitor, by: &by, chrome, no, form }.to(done).await
}

#[derive(Debug, Deserialize)]
struct KinInput {
    person: String,
    relative: String,
    kin: String,
}

async fn kin(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path(no): Path<HouseholdNo>,
    ProtectedForm(input, form): ProtectedForm<KinInput>,
) -> HttpResult<Response> {
    let kind = input.kin.parse::<KinKind>();
    let kind = kind.map_err(|_| ServiceError::from(refuse("relation_unknown").with("relation", &input.kin)));
    let done = match (person_no(&input.person), person_no(&input.relative), kind) {
        (Ok(who), Ok(relative), Ok(kind)) => desk.add_kin(&by, &who, &relative, kind).await,
        (Err(error), ..) | (_, Err(error), _) | (.., Err(error)) => Err(error),
    };
    Reply { desk: &desk, visitor: &visitor, by: &by, chrome, no, form }.to(done).await
}

#[derive(Debug, Deserialize)]
struct TieInput {
    /// The numbers of the two.
    #[serde(default)]
    tie: String,
    #[serde(default)]
    reason: String,
}

async fn withdraw_kin(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path(no): Path<HouseholdNo>,
    ProtectedForm(input, form): ProtectedForm<TieInput>,
) -> HttpResult<Response> {
    let (who, relative) = input.tie.split_once(' ').unwrap_or_default();
    let done = match (person_no(who), person_no(relative)) {
        (Ok(who), Ok(relative)) => desk.withdraw_kin(&by, &who, &relative, &input.reason).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    Reply { desk: &desk, visitor: &visitor, by: &by, chrome, no, form }.to(done).await
}
