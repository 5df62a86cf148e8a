//! What is proposed in the village, what it would change, and saying something to it; and the compact in force.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    domain::{
        ids::ProposalId,
        ruleset::compact::{self, clause_words},
    },
    http::{As, HttpResult, Path, Visitor},
    service::{Desk, caller::Resident, objection::Objector, proposal::view::ProposalFile},
    web::{
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
        rules::file::{Shown, shown},
    },
};

#[derive(Template)]
#[template(path = "my/proposal.html", config = ".askama.toml")]
struct ProposalPage {
    chrome: Chrome,
    form: FormState,
    file: ProposalFile,
    shown: Shown,
    clauses: Vec<String>,
    open: bool,
}

/// A proposal as the village sees it.
pub(super) async fn page(
    State(desk): State<Desk>,
    As(by): As<Resident>,
    chrome: Chrome,
    Path(id): Path<ProposalId>,
) -> HttpResult<Response> {
    Ok(Page(build(&desk, &by, chrome, id, FormState::default()).await?).into_response())
}

async fn build(
    desk: &Desk,
    by: &Resident,
    chrome: Chrome,
    id: ProposalId,
    form: FormState,
) -> HttpResult<ProposalPage> {
    let t = chrome.t;
    let file = desk.public_proposal(by.book, id).await?;
    let clauses = match compact::parse(&file.row.content) {
        Ok(compact) => compact.clauses.iter().map(|c| clause_words(c, t.lang())).collect(),
        Err(_) => Vec::new(),
    };
    Ok(ProposalPage {
        shown: shown(t, &file),
        open: file.is_open(desk.today()),
        chrome: chrome.titled(file.row.title.clone()),
        form,
        file,
        clauses,
    })
}

#[derive(Deserialize)]
pub(super) struct SpeakInput {
    words: String,
}

/// Says something to a proposal.
pub(super) async fn speak(
    State(desk): State<Desk>,
    As(by): As<Resident>,
    visitor: Visitor,
    chrome: Chrome,
    Path(id): Path<ProposalId>,
    ProtectedForm(input, form): ProtectedForm<SpeakInput>,
) -> HttpResult<Response> {
    match desk.speak(&Objector::Resident(by), id, &input.words).await {
        Ok(_) => Ok(see_other(&visitor, &format!("/my/proposals/{id}"), Tone::Good, chrome.t.my_spoken())),
        Err(error) => {
            let form = form.refused(chrome.t, error)?;
            Ok(Page(build(&desk, &by, chrome, id, form).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Template)]
#[template(path = "my/compact.html", config = ".askama.toml")]
struct CompactPage {
    chrome: Chrome,
    title: String,
    since: String,
    basis: String,
    clauses: Vec<(String, String)>,
}

/// The compact in force, clause by clause.
pub(super) async fn compact_page(
    State(desk): State<Desk>,
    As(by): As<Resident>,
    chrome: Chrome,
) -> HttpResult<impl IntoResponse> {
    let t = chrome.t;
    let found = desk.compact_on(by.book, desk.today()).await?;
    let chrome = chrome.titled(t.compact_title());
    let page = match found {
        Some((row, compact)) => CompactPage {
            chrome,
            clauses: compact.clauses.iter().map(|c| (c.id(), clause_words(c, t.lang()))).collect(),
            title: format!("{} {}", row.title, t.proposal_version(row.version)),
            since: t.proposal_from(row.effective_from),
            basis: row.basis,
        },
        None => {
            let none = String::new;
            CompactPage { chrome, title: none(), since: none(), basis: none(), clauses: Vec::new() }
        }
    };
    Ok(Page(page))
}
