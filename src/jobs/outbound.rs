//! The one way out of the program: a short POST over HTTP/1.1, with a limit of time and of size.

use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::{Method, Request, body::Bytes, header};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

/// How long an answer may take.
const ANSWER_SECONDS_MAX: u64 = 10;
/// How long an answer may be.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// The type under which a witness says what size it saw last.
const SIZE_TYPE: &str = "text/x.tlog.size";

/// What came back.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// The status.
    pub(super) status: u16,
    /// The type of the body.
    pub(super) kind: String,
    /// The body.
    pub(super) body: String,
}

impl Answer {
    /// The size that the witness saw last, when it is another than was claimed.
    pub(super) fn conflict(&self) -> Option<u64> {
        let conflict = self.status == 409 && self.kind == SIZE_TYPE;
        if conflict { self.body.trim_end().parse().ok() } else { None }
    }
}

/// Why nothing came back.
#[derive(Debug, thiserror::Error)]
pub(super) enum OutboundError {
    /// The address cannot be.
    #[error("not an address")]
    Address(#[source] hyper::http::Error),
    /// The connection failed.
    #[error("no connection")]
    Connection(#[source] hyper_util::client::legacy::Error),
    /// The answer was too long, or was cut.
    #[error("no whole answer")]
    Body(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It took too long.
    #[error("no answer in time")]
    Time,
}

/// Sends text and waits for the answer.
pub(super) async fn post(url: &str, text: String) -> Result<Answer, OutboundError> {
    tokio::time::timeout(Duration::from_secs(ANSWER_SECONDS_MAX), exchange(url, text))
        .await
        .map_err(|_| OutboundError::Time)?
}

async fn exchange(url: &str, text: String) -> Result<Answer, OutboundError> {
    let client: Client<HttpConnector, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let request = Request::builder()
        .method(Method::POST)
        .uri(url)
        .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
        .body(Full::new(Bytes::from(text)))
        .map_err(OutboundError::Address)?;
    let (head, body) = client.request(request).await.map_err(OutboundError::Connection)?.into_parts();
    let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await.map_err(OutboundError::Body)?.to_bytes();
    let kind = head.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    Ok(Answer {
        status: head.status.as_u16(),
        kind: kind.to_owned(),
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}
