//! Papers of a volunteer's record: the list, the sheet to print, and the page where anybody checks one.

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::IntoResponse};
use serde::Deserialize;

use super::activity;
use crate::{
    domain::{
        ids::TimeCertificateId,
        timebank::certificate::{Agreement, Line, Standing},
    },
    http::{As, HttpResult, Path, Query, Visitor},
    service::{
        Desk,
        timebank::{
            certificate::{CERTIFICATES_PAGE, CertificateView, PublicCertificate},
            party::Party,
        },
    },
    text::T,
    web::{
        page::{Chrome, Page},
        qr, show,
    },
};

/// What a paper is called.
fn named(t: T, standing: Standing) -> &'static str {
    match standing {
        Standing::Platform => t.time_paper_platform(),
        Standing::Proof => t.time_paper_proof(),
    }
}

/// The colour of what the book says of it.
const fn colour(agreement: Agreement) -> &'static str {
    match agreement {
        Agreement::Agrees => "good",
        Agreement::Corrected => "warn",
        Agreement::Revoked => "bad",
    }
}

#[derive(Template)]
#[template(path = "time/papers.html", config = ".askama.toml")]
struct ListPage {
    chrome: Chrome,
    papers: Vec<CertificateView>,
    next: Option<i64>,
}

impl ListPage {
    fn colour(&self, p: &CertificateView) -> &'static str {
        colour(p.agreement)
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Before {
    before: Option<i64>,
}

pub(super) async fn list(
    State(desk): State<Desk>,
    As(by): As<Party>,
    chrome: Chrome,
    Query(query): Query<Before>,
) -> HttpResult<impl IntoResponse> {
    let papers = desk.time_certificates(&by, query.before.unwrap_or(i64::MAX)).await?;
    let full = i64::try_from(papers.len()).is_ok_and(|n| n == CERTIFICATES_PAGE);
    let next = papers.last().filter(|_| full).map(|p| p.row.no);
    let title = chrome.t.time_paper_title();
    Ok(Page(ListPage { chrome: chrome.titled(title), papers, next }))
}

#[derive(Template)]
#[template(path = "time/paper.html", config = ".askama.toml")]
struct PaperPage {
    chrome: Chrome,
    paper: CertificateView,
    /// Where anybody can check it, and a symbol that leads there.
    way: String,
    symbol: String,
    digest: String,
}

impl PaperPage {
    fn what(&self, line: &Line) -> String {
        activity(self.chrome.t, &line.kind, &line.content)
    }

    fn platform(&self) -> bool {
        self.paper.contents.standing == Standing::Platform
    }

    fn colour(&self) -> &'static str {
        colour(self.paper.agreement)
    }

    fn gist(&self) -> String {
        let (t, c) = (self.chrome.t, &self.paper.contents);
        t.time_paper_says(&self.paper.who.name, c.lines.len(), show::hours(t, c.minutes()))
    }
}

pub(super) async fn page(
    State(desk): State<Desk>,
    (As(by), visitor, headers): (As<Party>, Visitor, HeaderMap),
    chrome: Chrome,
    Path(id): Path<TimeCertificateId>,
) -> HttpResult<impl IntoResponse> {
    let paper = desk.time_certificate(&by, id).await?;
    let way = format!("/certificate/{}/{}", paper.village, paper.row.token);
    let symbol = qr::symbol_of_page(&visitor, &headers, &way);
    let title = named(chrome.t, paper.contents.standing);
    let digest = crate::domain::canonical::hex(&paper.row.digest);
    Ok(Page(PaperPage { chrome: chrome.titled(title), paper, way, symbol, digest }))
}

#[derive(Template)]
#[template(path = "time/check.html", config = ".askama.toml")]
struct CheckPage {
    chrome: Chrome,
    village: i64,
    paper: PublicCertificate,
}

impl CheckPage {
    fn colour(&self) -> &'static str {
        colour(self.paper.agreement)
    }
}

pub(super) async fn public(
    State(desk): State<Desk>,
    chrome: Chrome,
    Path((no, token)): Path<(i64, String)>,
) -> HttpResult<impl IntoResponse> {
    let paper = desk.check_time_certificate(no, &token).await?;
    let title = named(chrome.t, paper.standing);
    Ok(Page(CheckPage { chrome: chrome.titled(title), village: no, paper }))
}
