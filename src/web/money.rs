//! Money and budgets (资金与额度): the sources, what came in of them, and what they authorise. The clerk writes down,
//! a second person confirms, the township registers sources and authorises; the auditor reads.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

use super::{
    form::{FormState, ProtectedForm, see_other},
    page::{Chrome, Page, Tone},
    qr, show,
};
use crate::{
    domain::{amount::parse_points, ids::MoneyId, money::SourceKind, person::Name, time::Day},
    http::{AppState, As, HttpResult, Path, Query, Visitor},
    service::{
        Desk, ServiceError, ServiceResult,
        caller::{Clerk, MoneyReader, Reviewer, Role, Township},
        funds::{FundView, NewFund},
        issue::Standing,
        money::{MONEY_PAGE, MoneyIn},
        refuse,
    },
    store::money::MoneyRow,
    text::T,
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/money", get(show).post(record))
        .route("/money/funds", post(open))
        .route("/money/funds/{code}", post(budget))
        .route("/money/{id}", get(paper).post(decide))
}

#[derive(Template)]
#[template(path = "money/list.html", config = ".askama.toml")]
struct MoneyPage {
    chrome: Chrome,
    form: FormState,
    by: MoneyReader,
    /// Nothing while the village has no rules.
    standing: Option<Standing>,
    funds: Vec<FundView>,
    received: Vec<MoneyRow>,
    today: Day,
    key: String,
    /// Where the next page begins.
    next: Option<i64>,
}

impl MoneyPage {
    fn kinds() -> &'static [SourceKind] {
        SourceKind::ALL
    }

    fn writes(&self) -> bool {
        self.by.holds(Role::Clerk)
    }

    fn grants(&self) -> bool {
        self.by.holds(Role::Township)
    }

    /// Whether this reader may decide about a receipt: it waits, and somebody else wrote it.
    fn decides(&self, row: &MoneyRow) -> bool {
        Reviewer::of(&self.by).is_some()
            && row.state == "recorded"
            && row.recorded_by != self.by.actor().to_string()
    }

    fn state(&self, row: &MoneyRow) -> String {
        let t = self.chrome.t;
        match (row.state.as_str(), row.seq, row.reversed_by) {
            (_, _, Some(undone)) => t.money_undone(undone),
            (_, Some(seq), _) => t.money_posted(seq),
            ("refused", ..) => t.money_refused(&row.reason),
            _ => t.money_waits().to_owned(),
        }
    }
}

async fn page(
    desk: &Desk,
    by: MoneyReader,
    chrome: Chrome,
    form: FormState,
    after: Option<i64>,
) -> HttpResult<MoneyPage> {
    let funds = desk.funds(by.book).await?;
    let standing = desk.issue_standing(by.book).await?;
    let received = desk.money_received(by.book, after.unwrap_or(i64::MAX), MONEY_PAGE).await?;
    let full = i64::try_from(received.len()).is_ok_and(|n| n == MONEY_PAGE);
    let next = received.last().filter(|_| full).map(|m| m.no);
    let title = chrome.t.money_title();
    let (today, key) = (desk.today(), desk.random_hex());
    Ok(MoneyPage { chrome: chrome.titled(title), form, by, standing, funds, received, today, key, next })
}

#[derive(Debug, Default, Deserialize)]
struct After {
    after: Option<i64>,
}

async fn show(
    State(desk): State<Desk>,
    As(by): As<MoneyReader>,
    chrome: Chrome,
    Query(place): Query<After>,
) -> HttpResult<impl IntoResponse> {
    Ok(Page(page(&desk, by, chrome, FormState::default(), place.after).await?))
}

/// The page again after a form: with what it said, or with what was wrong.
async fn answered(
    (desk, visitor): (&Desk, &Visitor),
    by: MoneyReader,
    chrome: Chrome,
    form: FormState,
    done: ServiceResult<String>,
) -> HttpResult<Response> {
    match done {
        Ok(said) => Ok(see_other(visitor, "/money", Tone::Good, &said)),
        Err(error @ ServiceError::Refused(_)) => {
            let form = form.refused(chrome.t, error)?;
            let page = page(desk, by, chrome, form, None).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Debug, Deserialize)]
struct MoneyInput {
    fund: String,
    amount: String,
    #[serde(default)]
    payer: String,
    #[serde(default)]
    document: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    received_on: String,
}

fn money_in(input: &MoneyInput) -> ServiceResult<MoneyIn> {
    let fen = parse_points(&input.amount).ok_or_else(|| refuse("bad_number").with("text", &input.amount))?;
    let day = input.received_on.trim();
    Ok(MoneyIn {
        fund: input.fund.clone(),
        fen,
        payer: input.payer.clone(),
        document: input.document.clone(),
        purpose: input.purpose.clone(),
        received_on: day.parse().map_err(|_| refuse("bad_day").with("text", day))?,
    })
}

async fn record(
    State(desk): State<Desk>,
    (As(clerk), As(by)): (As<Clerk>, As<MoneyReader>),
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<MoneyInput>,
) -> HttpResult<Response> {
    let done = match money_in(&input) {
        Ok(new) => desk.record_money(&clerk, &new).await.map(|_| chrome.t.money_recorded().to_owned()),
        Err(error) => Err(error),
    };
    answered((&desk, &visitor), by, chrome, form, done).await
}

#[derive(Debug, Deserialize)]
struct Decision {
    decision: String,
    #[serde(default)]
    reason: String,
}

async fn decide(
    State(desk): State<Desk>,
    (As(second), As(by)): (As<Reviewer>, As<MoneyReader>),
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<MoneyId>,
    ProtectedForm(input, form): ProtectedForm<Decision>,
) -> HttpResult<Response> {
    let t = chrome.t;
    let done = match input.decision.as_str() {
        "confirm" => desk.confirm_money(&second, id).await.map(|m| t.money_confirmed_said(m.no)),
        "refuse" => desk.refuse_money(&second, id, &input.reason).await.map(|m| t.money_refused_said(m.no)),
        _ => return Err(refuse("bad_form").with("reason", "decision").into()),
    };
    answered((&desk, &visitor), by, chrome, form, done).await
}

#[derive(Debug, Deserialize)]
struct FundInput {
    code: String,
    name: String,
    kind: String,
    #[serde(default)]
    payer: String,
    #[serde(default)]
    document: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    carries_over: String,
}

async fn open(
    State(desk): State<Desk>,
    (As(township), As(by)): (As<Township>, As<MoneyReader>),
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<FundInput>,
) -> HttpResult<Response> {
    let new = NewFund {
        kind: input.kind.parse().unwrap_or(SourceKind::Other),
        payer: input.payer,
        document: input.document,
        purpose: input.purpose,
        carries_over: !input.carries_over.is_empty(),
        ..NewFund::named(&input.code, &input.name, "")
    };
    let done = desk.open_fund(&township, &new).await.map(|f| chrome.t.money_opened(f.name));
    answered((&desk, &visitor), by, chrome, form, done).await
}

#[derive(Debug, Deserialize)]
struct BudgetInput {
    act: String,
    key: String,
    #[serde(default)]
    points: String,
    #[serde(default)]
    basis: String,
}

async fn budget(
    State(desk): State<Desk>,
    (As(township), As(by)): (As<Township>, As<MoneyReader>),
    visitor: Visitor,
    chrome: Chrome,
    Path(code): Path<String>,
    ProtectedForm(input, form): ProtectedForm<BudgetInput>,
) -> HttpResult<Response> {
    let done = change_budget(&desk, &township, chrome.t, &code, &input).await;
    answered((&desk, &visitor), by, chrome, form, done).await
}

async fn change_budget(
    desk: &Desk,
    by: &Township,
    t: T,
    code: &str,
    input: &BudgetInput,
) -> ServiceResult<String> {
    if input.act == "close" {
        desk.close_budget(by, &input.key, code, &input.basis).await?;
        return Ok(t.money_closed_said().to_owned());
    }
    let points =
        parse_points(&input.points).ok_or_else(|| refuse("bad_number").with("text", &input.points))?;
    desk.authorise(by, &input.key, code, points, &input.basis).await?;
    Ok(t.money_authorised_said().to_owned())
}

#[derive(Template)]
#[template(path = "money/paper.html", config = ".askama.toml")]
struct PaperPage {
    chrome: Chrome,
    row: MoneyRow,
    donor: String,
    masked: bool,
    recorder: String,
    second: String,
    /// Where anybody finds the proof, once it is posted; and a symbol that leads there.
    proof: Option<String>,
    symbol: String,
}

#[derive(Debug, Default, Deserialize)]
struct Mask {
    mask: Option<u8>,
}

async fn paper(
    State(desk): State<Desk>,
    (As(by), visitor, headers): (As<MoneyReader>, Visitor, HeaderMap),
    chrome: Chrome,
    Path(id): Path<MoneyId>,
    Query(asked): Query<Mask>,
) -> HttpResult<impl IntoResponse> {
    let row = desk.money(by.book, id).await?;
    let no = row.receipt_no.ok_or(ServiceError::NotFound("receipt"))?;
    let masked = asked.mask.is_some();
    let donor = match Name::parse(&row.payer) {
        Ok(name) if masked => name.masked(),
        _ => row.payer.clone(),
    };
    let recorder = desk.actor_name(&row.recorded_by).await?;
    let second = desk.actor_name(row.decided_by.as_deref().unwrap_or_default()).await?;
    let proof = match row.seq {
        Some(seq) => Some(desk.place_of_proof(by.book, seq).await?),
        None => None,
    };
    let proof = proof.map(|(village, txn)| format!("/proof/{village}/{txn}"));
    let symbol = proof.as_deref().map(|way| qr::symbol_of_page(&visitor, &headers, way)).unwrap_or_default();
    let title = chrome.t.money_receipt_title(no);
    Ok(Page(PaperPage { chrome: chrome.titled(title), row, donor, masked, recorder, second, proof, symbol }))
}
