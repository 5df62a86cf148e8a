//! What is in force, what was, what is on its way; a draft begun; and the township's order that repeals.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    domain::{
        proposal::{Paper, ProposalState},
        ruleset::compact::{Clause, clause_words},
        time::Day,
    },
    http::{As, HttpResult, Visitor},
    service::{
        Desk, ServiceResult,
        caller::{Clerk, Role, Staff, Township},
        proposal::{
            draft::{NewDraft, Source},
            filing::RepealOrder,
        },
        refuse,
    },
    store::proposal::ProposalRow,
    text::T,
    web::{
        clerk::record::refused,
        form::{FormState, ProtectedForm, see_other},
        page::{Chrome, Page, Tone},
    },
};

/// Proposals on the page.
const SHOWN: i64 = 50;

/// A version of a paper, as text.
pub struct Version {
    paper: &'static str,
    name: String,
    from: Day,
    basis: String,
    /// In force today, to come, replaced or repealed.
    state: &'static str,
    tone: &'static str,
    repealable: bool,
}

/// A proposal, as text.
pub struct Line {
    /// Its id.
    pub id: String,
    /// Its number.
    pub no: i64,
    /// What is to be adopted.
    pub paper: &'static str,
    /// What it is called.
    pub title: String,
    /// Where it stands.
    pub state: &'static str,
    /// The colour of that.
    pub tone: &'static str,
    /// Until when people may speak, or from when it applies.
    pub when: String,
}

struct Choice {
    hash: String,
    name: String,
}

#[derive(Template)]
#[template(path = "rules/list.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    form: FormState,
    versions: Vec<Version>,
    clauses: Vec<String>,
    stale: Vec<String>,
    proposals: Vec<Line>,
    templates: Vec<Choice>,
    compact_text: String,
    clerk: bool,
    township: bool,
    tomorrow: Day,
}

/// Proposals as lines of a list.
pub fn lines(t: T, rows: Vec<ProposalRow>) -> Vec<Line> {
    let lang = t.lang();
    let line = |p: ProposalRow| {
        let state: Option<ProposalState> = p.state.parse().ok();
        let paper: Option<Paper> = p.paper.parse().ok();
        let when = match (state, p.effective_from, p.open_until) {
            (Some(ProposalState::Comment | ProposalState::Disclosed), _, Some(until)) => {
                t.proposal_until(until)
            }
            (_, Some(from), _) => t.proposal_from(from),
            _ => String::new(),
        };
        Line {
            id: p.id.to_string(),
            no: p.no,
            paper: paper.map_or("", |p| p.words().text(lang)),
            title: p.title,
            state: state.map_or("", |s| s.words().text(lang)),
            tone: state.map_or("", tone),
            when,
        }
    };
    rows.into_iter().map(line).collect()
}

/// The colour of a state.
#[must_use]
pub const fn tone(state: ProposalState) -> &'static str {
    match state {
        ProposalState::Announced | ProposalState::Accepted => "good",
        ProposalState::Rejected | ProposalState::Repealed => "bad",
        ProposalState::Withdrawn | ProposalState::Draft => "",
        _ => "info",
    }
}

pub(super) fn insider(by: &Staff) -> ServiceResult<()> {
    let may = [Role::Recorder, Role::Clerk, Role::Reviewer, Role::Auditor, Role::Township];
    if may.iter().any(|role| by.holds(*role)) {
        Ok(())
    } else {
        Err(crate::service::ServiceError::NotAllowed)
    }
}

/// What applies, what did, and what is on its way.
pub async fn page(State(desk): State<Desk>, As(by): As<Staff>, chrome: Chrome) -> HttpResult<Response> {
    Ok(Page(build(&desk, &by, chrome, FormState::default()).await?).into_response())
}

async fn build(desk: &Desk, by: &Staff, chrome: Chrome, form: FormState) -> HttpResult<ListPage> {
    insider(by)?;
    let t = chrome.t;
    let compact = desk.compact_on(by.book, desk.today()).await?;
    let clause = |c: &Clause| clause_words(c, t.lang());
    let rulesets = desk.rulesets("", SHOWN).await?;
    let stale = desk.stale_citations(by.book).await?;
    Ok(ListPage {
        versions: versions(desk, by, t).await?,
        clauses: compact.iter().flat_map(|(_, c)| c.clauses.iter().map(clause)).collect(),
        compact_text: compact.map(|(row, _)| row.content).unwrap_or_default(),
        stale: stale.iter().map(|f| t.rule_fault_line(f)).collect(),
        proposals: lines(t, desk.proposals(by.book, i64::MAX, SHOWN).await?),
        templates: rulesets
            .into_iter()
            .map(|r| Choice {
                name: format!("{} {} · {}", r.programme, t.proposal_version(r.version), r.name),
                hash: r.hash,
            })
            .collect(),
        clerk: by.holds(Role::Clerk),
        township: by.holds(Role::Township),
        tomorrow: desk.today().plus(1),
        chrome: chrome.titled(t.proposals_title()),
        form,
    })
}

async fn versions(desk: &Desk, by: &Staff, t: T) -> ServiceResult<Vec<Version>> {
    let papers = desk.papers(by.book).await?;
    let today = desk.today();
    let mut out = Vec::new();
    let mut newer: Option<Day> = None;
    for a in papers.rules {
        let set = desk.ruleset(&a.hash).await?;
        let (name, version) = (set.programme.name.get(t.lang()), set.programme.version);
        let name = format!("{name} {}", t.proposal_version(version));
        let (state, tone) = standing(t, a.effective_from, a.repealed_from, newer, today);
        let repealable = !tone.is_empty() && a.repealed_from.is_none();
        let paper = Paper::Rules.as_str();
        out.push(Version { paper, name, from: a.effective_from, basis: a.basis, state, tone, repealable });
        newer = Some(a.effective_from).filter(|from| a.repealed_from.is_none_or(|end| end > *from)).or(newer);
    }
    newer = None;
    for c in papers.compacts {
        let name = format!("{} {}", c.title, t.proposal_version(c.version));
        let (state, tone) = standing(t, c.effective_from, c.repealed_from, newer, today);
        let repealable = !tone.is_empty() && c.repealed_from.is_none();
        let paper = Paper::Compact.as_str();
        out.push(Version { paper, name, from: c.effective_from, basis: c.basis, state, tone, repealable });
        newer = Some(c.effective_from).filter(|from| c.repealed_from.is_none_or(|end| end > *from)).or(newer);
    }
    Ok(out)
}

fn standing(
    t: T,
    from: Day,
    repealed: Option<Day>,
    newer: Option<Day>,
    today: Day,
) -> (&'static str, &'static str) {
    if repealed.is_some_and(|end| end <= today.max(from)) {
        (t.paper_repealed(), "")
    } else if newer.is_some_and(|next| next <= today) {
        (t.paper_replaced(), "")
    } else if from > today {
        (t.paper_to_come(), "info")
    } else {
        (t.paper_in_force(), "good")
    }
}

/// A draft to be begun.
#[derive(Deserialize)]
pub struct BeginInput {
    paper: String,
    title: String,
    #[serde(default)]
    template: String,
    #[serde(default)]
    text: String,
}

/// Begins a draft.
pub async fn begin(
    State(desk): State<Desk>,
    As(by): As<Clerk>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<BeginInput>,
) -> HttpResult<Response> {
    let done = match input.paper.parse::<Paper>() {
        Ok(paper) => {
            let own = input.template.is_empty();
            let source = if own { Source::Text(input.text) } else { Source::Template(input.template) };
            desk.begin_draft(&by, &NewDraft { paper, title: input.title, source }).await
        }
        Err(_) => Err(refuse("bad_form").with("reason", "paper").into()),
    };
    match done {
        Ok(row) => {
            let said = chrome.t.proposal_begun(row.no);
            Ok(see_other(&visitor, &format!("/rules/{}", row.id), Tone::Good, &said))
        }
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            Ok(Page(build(&desk, &by, chrome, form).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// An order that repeals.
#[derive(Deserialize)]
pub struct RepealInput {
    paper: String,
    adopted_from: String,
    from: String,
    law: String,
    reason: String,
}

impl RepealInput {
    fn order(self) -> ServiceResult<RepealOrder> {
        let day = |text: &str| text.parse::<Day>().map_err(|_| refuse("bad_day").with("text", text));
        Ok(RepealOrder {
            paper: self.paper.parse().map_err(|_| refuse("bad_form").with("reason", "paper"))?,
            adopted_from: day(&self.adopted_from)?,
            from: day(&self.from)?,
            law: self.law,
            reason: self.reason,
        })
    }
}

/// Orders a version to be repealed.
pub async fn repeal(
    State(desk): State<Desk>,
    As(by): As<Township>,
    visitor: Visitor,
    chrome: Chrome,
    ProtectedForm(input, form): ProtectedForm<RepealInput>,
) -> HttpResult<Response> {
    let done = match input.order() {
        Ok(order) => desk.repeal_paper(&by, &order).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(see_other(&visitor, "/rules", Tone::Good, chrome.t.paper_repeal_done())),
        Err(error) => {
            let form = refused(form, chrome.t, error)?;
            Ok(Page(build(&desk, &by, chrome, form).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
