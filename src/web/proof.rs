//! Pages that anybody may open: the head of a book's log, and the proof behind a receipt, which the page itself checks.
//! Whoever is told a transaction's name may see its proof; there is no list of names.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::{
    page::{Chrome, Page},
    qr,
};
use crate::{
    domain::{
        canonical::hex,
        ids::TxnId,
        time::Timestamp,
        tlog::{Checkpoint, VerifierKey},
    },
    http::{AppState, HttpResult, Path, Visitor},
    service::{Desk, ServiceError, tlog::PublicHead, tlog::receipt::Evidence},
};

/// The pages of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/proof/{no}", get(log))
        .route("/proof/{no}/{id}", get(receipt))
        .route("/proof/{no}/{id}/text", get(text))
}

#[derive(Template)]
#[template(path = "proof/log.html", config = ".askama.toml")]
struct LogPage {
    chrome: Chrome,
    no: i64,
    head: Option<PublicHead>,
    keys: Vec<VerifierKey>,
}

impl LogPage {
    fn root(&self, head: &PublicHead) -> String {
        hex(&head.checkpoint.root)
    }

    fn witnesses(&self, head: &PublicHead) -> Vec<(String, String)> {
        head.note
            .signatures
            .iter()
            .filter_map(|s| {
                let seconds = i64::try_from(s.seconds()?).ok()?;
                Some((s.name.clone(), Timestamp::from_micros(seconds.checked_mul(1_000_000)?).minute()))
            })
            .collect()
    }
}

async fn log(
    State(desk): State<Desk>,
    chrome: Chrome,
    Path(no): Path<i64>,
) -> HttpResult<Page<impl Template>> {
    let book = desk.public_book(no).await?;
    let head = desk.public_head(book.book_id).await?;
    let keys = desk.log_verifiers(book.book_id).await?;
    let title = chrome.t.log_title(chrome.t.name(&book.name, &book.name_en));
    Ok(Page(LogPage { chrome: chrome.titled(title), no, head, keys }))
}

#[derive(Template)]
#[template(path = "proof/receipt.html", config = ".askama.toml")]
struct ReceiptPage {
    chrome: Chrome,
    no: i64,
    id: TxnId,
    proof: Option<String>,
    head: Option<Checkpoint>,
    keys: Vec<VerifierKey>,
    /// A symbol that leads back here.
    symbol: String,
}

impl ReceiptPage {
    fn root(&self, head: &Checkpoint) -> String {
        hex(&head.root)
    }

    fn key_lines(&self) -> String {
        self.keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }
}

async fn receipt(
    State(desk): State<Desk>,
    visitor: Visitor,
    chrome: Chrome,
    headers: HeaderMap,
    Path((no, id)): Path<(i64, TxnId)>,
) -> HttpResult<Page<impl Template>> {
    let Evidence { seq, proof, keys } = evidence(&desk, no, id).await?;
    let symbol = qr::symbol_of_page(&visitor, &headers, &format!("/proof/{no}/{id}"));
    let title = chrome.t.proof_title(seq);
    let head = proof.as_ref().and_then(|p| p.head().ok());
    let proof = proof.map(|p| p.to_string());
    Ok(Page(ReceiptPage { chrome: chrome.titled(title), no, id, proof, head, keys, symbol }))
}

async fn text(State(desk): State<Desk>, Path((no, id)): Path<(i64, TxnId)>) -> HttpResult<Response> {
    let evidence = evidence(&desk, no, id).await?;
    let proof = evidence.proof.ok_or(ServiceError::NotFound("proof"))?;
    let name = format!("attachment; filename=\"{no}-{}.tlog-proof\"", evidence.seq);
    let name = HeaderValue::from_str(&name).map_err(|e| ServiceError::Internal(e.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, proof.to_string()).into_response())
}

async fn evidence(desk: &Desk, no: i64, id: TxnId) -> HttpResult<Evidence> {
    let book = desk.public_book(no).await?;
    Ok(desk.evidence(book.book_id, id).await?)
}
