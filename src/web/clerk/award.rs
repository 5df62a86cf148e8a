//! One award with its whole life: rule and figures, who recorded and reviewed, notice, posting.

use askama::Template;
use axum::{Router, extract::State, response::IntoResponse, routing::get};

use super::view::{self, Line};
use crate::{
    domain::{
        award::Hours,
        ids::{AwardId, HouseholdId},
    },
    http::{AppState, As, HttpResult, Path},
    service::{
        Desk, ServiceError,
        award::{Evidence, explain::Why, lists::AwardFile},
        caller::{Recorder, Role, Staff},
        claim::{files::Alike, view::ClaimView},
    },
    store::sitting::HeardRow,
    text::T,
    web::page::{Chrome, Page},
};

/// `/clerk/awards/{id}`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/clerk/awards/{id}", get(award))
}

/// One step of an award's life.
pub struct Step {
    /// When.
    pub at: String,
    /// What.
    pub what: String,
    /// Who.
    pub who: String,
    /// Why.
    pub why: String,
}

/// All that a page says of one award.
pub struct AwardView {
    /// As in lists.
    pub line: Line,
    /// The way to the number.
    pub why: Why,
    /// What lies in the file.
    pub evidence: Vec<String>,
    /// From when to when, if it says so.
    pub hours: Option<Hours>,
    /// Its life, oldest first.
    pub steps: Vec<Step>,
    /// The transaction that posted it.
    pub seq: Option<i64>,
    /// The sheet it stands on.
    pub notice: Option<String>,
    /// The start of the rule set's hash.
    pub ruleset: String,
    /// For whom it was entered.
    pub on_behalf: String,
    /// Words of the objections to it.
    pub objections: Vec<String>,
    /// The claim it was recorded from.
    pub claim: Option<ClaimView>,
    /// Photos of other claims like those of this one.
    pub alike: Vec<Alike>,
    /// Whose it is.
    pub household: HouseholdId,
    /// The award in whose place it stands.
    pub replaces: String,
    /// What stands in its place.
    pub replaced_by: String,
    /// What the panel decided, sitting by sitting.
    pub heard: Vec<HeardRow>,
}

#[derive(Template)]
#[template(path = "clerk/award.html", config = ".askama.toml")]
struct AwardPage {
    chrome: Chrome,
    a: AwardView,
    /// Sheets, objections and reversals are the clerk's.
    clerk: bool,
}

async fn award(
    State(desk): State<Desk>,
    As(by): As<Recorder>,
    chrome: Chrome,
    Path(id): Path<AwardId>,
) -> HttpResult<impl IntoResponse> {
    let a = load(&desk, &by, chrome.t, id).await?;
    let title = chrome.t.award_no(a.line.no);
    let clerk = by.holds(Role::Clerk);
    Ok(Page(AwardPage { chrome: chrome.titled(title), a, clerk }))
}

/// All that a page says of one award.
pub async fn load(desk: &Desk, by: &Staff, t: T, id: AwardId) -> HttpResult<AwardView> {
    let AwardFile { award, events, objections, replaces, replaced_by, .. } =
        desk.award_file(by.book, id).await?;
    let why = desk.why(by.book, id).await?;
    let household = award.household_id;
    let (seq, notice) = (award.txn_seq, award.notice_id.map(|n| n.to_string()));
    let on_behalf = award.on_behalf.clone().unwrap_or_default();
    let evidence: Vec<Evidence> = serde_json::from_str(&award.evidence).unwrap_or_default();
    let mut evidence: Vec<String> = evidence.iter().map(|e| e.words(t.lang())).collect();
    if let Some((_, names)) = desk.inspection_of(by.book, id).await? {
        evidence.push(t.round_looked_by(names.join("、")));
    }
    let mut steps = Vec::new();
    for event in events {
        steps.push(Step {
            at: event.at.minute(),
            what: t.award_verb(&event.verb).to_owned(),
            who: t.who(desk.actor_name(&event.actor).await?),
            why: event.reason,
        });
    }
    let line = view::listed(desk, by, t, vec![award]).await?.into_iter().next();
    let line = line.ok_or(ServiceError::NotFound("award"))?;
    let ruleset = why.ruleset.chars().take(12).collect();
    let objections = objections.into_iter().map(|o| o.content).collect();
    let claim = desk.claim_of_award(by.book, id).await?;
    let alike = match &claim {
        Some(claim) => desk.alike_photos(by.book, claim.row.id).await?,
        None => Vec::new(),
    };
    let heard = desk.sittings_of(by.book, id).await?;
    let replaces = replaces.map(|no| t.award_no(no)).unwrap_or_default();
    let replaced_by = replaced_by.map(|r| {
        let amount = view::amounts(t, r.points, r.honor, r.minutes);
        format!("{} {amount}", t.award_no(r.no))
    });
    Ok(AwardView {
        household,
        replaces,
        replaced_by: replaced_by.unwrap_or_default(),
        line,
        why,
        evidence,
        hours: desk.hours_of(by.book, id).await?,
        steps,
        seq,
        notice,
        ruleset,
        on_behalf,
        objections,
        claim,
        alike,
        heard,
    })
}
