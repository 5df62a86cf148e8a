//! The one way out of the program: a short POST over HTTP/1.1, plain or over TLS, with a limit of time and of size.
//! No redirect is followed, and no name leads to an address that is forbidden: it is looked up here, once.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, body::Bytes, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

use crate::domain::webhook::{InvalidTarget, Target, is_forbidden};

/// How long an answer may take.
const ANSWER_SECONDS_MAX: u64 = 10;
/// How long an answer may be.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// The type under which a witness says what size it saw last.
const SIZE_TYPE: &str = "text/x.tlog.size";
/// Who we say we are.
const AGENT: &str = concat!("greencoin/", env!("CARGO_PKG_VERSION"));

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
    /// It is no address.
    #[error("not an address")]
    Address(#[from] InvalidTarget),
    /// The request cannot be written.
    #[error("not a request")]
    Request(#[from] hyper::http::Error),
    /// The name is unknown.
    #[error("no such host")]
    Name(#[source] std::io::Error),
    /// The name leads to an address that nothing is sent to.
    #[error("a forbidden address")]
    Forbidden,
    /// The connection failed.
    #[error("no connection")]
    Connection(#[source] std::io::Error),
    /// The certificate is not trusted, or not for this name.
    #[error("no trusted connection")]
    Tls(#[source] std::io::Error),
    /// The exchange broke off.
    #[error("no answer")]
    Exchange(#[from] hyper::Error),
    /// The answer was too long, or was cut.
    #[error("no whole answer")]
    Body(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It took too long.
    #[error("no answer in time")]
    Time,
}

impl OutboundError {
    /// A stable code.
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Address(_) | Self::Request(_) => "address",
            Self::Name(_) => "name",
            Self::Forbidden => "forbidden",
            Self::Connection(_) => "connection",
            Self::Tls(_) => "tls",
            Self::Exchange(_) | Self::Body(_) => "answer",
            Self::Time => "time",
        }
    }
}

/// Sends text and waits for the answer.
pub(super) async fn post(url: &str, text: String) -> Result<Answer, OutboundError> {
    send(&url.parse()?, &[("content-type", "text/plain; charset=utf-8")], text).await
}

/// Sends a body with these headers and waits for the answer.
pub(super) async fn send(
    target: &Target,
    headers: &[(&str, &str)],
    body: String,
) -> Result<Answer, OutboundError> {
    within(Duration::from_secs(ANSWER_SECONDS_MAX), exchange(target, headers, body, trusted)).await
}

async fn within(
    limit: Duration,
    work: impl Future<Output = Result<Answer, OutboundError>>,
) -> Result<Answer, OutboundError> {
    tokio::time::timeout(limit, work).await.map_err(|_| OutboundError::Time)?
}

async fn exchange(
    target: &Target,
    headers: &[(&str, &str)],
    body: String,
    roots: impl Fn() -> RootCertStore,
) -> Result<Answer, OutboundError> {
    let mut request = Request::post(&target.path)
        .header(header::HOST, authority(target))
        .header(header::USER_AGENT, AGENT)
        .header(header::CONNECTION, "close");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::new(Bytes::from(body)))?;
    let wire = connect(target, roots).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(wire)).await?;
    let connection = tokio::spawn(connection);
    let answer = async {
        let (head, body) = sender.send_request(request).await?.into_parts();
        let body =
            Limited::new(body, ANSWER_BYTES_MAX).collect().await.map_err(OutboundError::Body)?.to_bytes();
        let kind = head.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        Ok(Answer {
            status: head.status.as_u16(),
            kind: kind.to_owned(),
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }
    .await;
    connection.abort();
    answer
}

fn authority(target: &Target) -> String {
    let host = if target.host.contains(':') { format!("[{}]", target.host) } else { target.host.clone() };
    let usual = if target.tls { 443 } else { 80 };
    if target.port == usual { host } else { format!("{host}:{}", target.port) }
}

/// Bytes to and from the other side, whatever they travel in.
trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<W: AsyncRead + AsyncWrite + Send + Unpin> Wire for W {}

async fn connect(target: &Target, roots: impl Fn() -> RootCertStore) -> Result<Box<dyn Wire>, OutboundError> {
    let found = lookup_host((target.host.as_str(), target.port)).await.map_err(OutboundError::Name)?;
    let stream = TcpStream::connect(permitted(found)?.as_slice()).await.map_err(OutboundError::Connection)?;
    if !target.tls {
        return Ok(Box::new(stream));
    }
    let name = ServerName::try_from(target.host.clone()).map_err(|_| InvalidTarget::NotAnAddress)?;
    let stream =
        TlsConnector::from(trusting(roots())?).connect(name, stream).await.map_err(OutboundError::Tls)?;
    Ok(Box::new(stream))
}

/// The addresses a name leads to, if none of them is forbidden.
fn permitted(found: impl Iterator<Item = SocketAddr>) -> Result<Vec<SocketAddr>, OutboundError> {
    let found: Vec<SocketAddr> = found.collect();
    if found.iter().any(|address| is_forbidden(address.ip())) {
        return Err(OutboundError::Forbidden);
    }
    Ok(found)
}

/// Whom this machine trusts, read once: a county's own authority is added there, not here.
fn trusted() -> RootCertStore {
    static TRUSTED: OnceLock<RootCertStore> = OnceLock::new();
    let read = || {
        let mut roots = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::warn!(%error, "a trusted certificate cannot be read");
        }
        roots.add_parsable_certificates(found.certs);
        roots
    };
    TRUSTED.get_or_init(read).clone()
}

fn trusting(roots: RootCertStore) -> Result<Arc<ClientConfig>, OutboundError> {
    let provider = Arc::new(ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| OutboundError::Tls(std::io::Error::other(error)))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };
    use tokio_rustls::{
        TlsAcceptor,
        rustls::{ServerConfig, pki_types::PrivatePkcs8KeyDer},
    };

    /// A server with a certificate of its own that answers every request with these bytes; where, and whom to trust.
    async fn secure(answer: &'static [u8]) -> (Target, RootCertStore) {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let mut asked = [0; 1024];
                    let _read = stream.read(&mut asked).await;
                    let _wrote = stream.write_all(answer).await;
                    let _closed = stream.shutdown().await;
                }
            }
        });
        let mut roots = RootCertStore::empty();
        roots.add(made.cert.der().clone()).unwrap();
        (format!("https://localhost:{port}/hook").parse().unwrap(), roots)
    }

    #[tokio::test]
    async fn a_trusted_certificate_is_spoken_to_and_any_other_is_not() {
        let (target, roots) = secure(b"HTTP/1.1 204 No Content\r\n\r\n").await;
        let answer = exchange(&target, &[], "{}".to_owned(), || roots.clone()).await.unwrap();
        assert_eq!(answer.status, 204);
        let untrusted = exchange(&target, &[], "{}".to_owned(), RootCertStore::empty).await.unwrap_err();
        let elsewhere = Target { host: "127.0.0.1".to_owned(), ..target };
        let other_name = exchange(&elsewhere, &[], "{}".to_owned(), || roots.clone()).await.unwrap_err();
        assert_eq!((untrusted.code(), other_name.code()), ("tls", "tls"));
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_and_a_long_answer_is_none() {
        let away = b"HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n";
        let (target, roots) = secure(away).await;
        assert_eq!(exchange(&target, &[], String::new(), || roots.clone()).await.unwrap().status, 302);
        let (target, roots) = secure(b"HTTP/1.1 200 OK\r\ncontent-length: 70000\r\n\r\nx").await;
        let cut = exchange(&target, &[], String::new(), || roots.clone()).await.unwrap_err();
        assert_eq!(cut.code(), "answer");
    }

    #[tokio::test]
    async fn nobody_is_waited_for_longer_than_the_limit() {
        let never = std::future::pending();
        assert_eq!(within(Duration::ZERO, never).await.unwrap_err().code(), "time");
    }

    #[test]
    fn a_name_that_leads_to_a_forbidden_address_is_not_spoken_to() {
        let to = |text: &str| permitted([text.parse().unwrap(), "10.0.0.1:80".parse().unwrap()].into_iter());
        assert!(to("127.0.0.1:80").is_ok());
        for forbidden in ["169.254.169.254:80", "[fe80::1]:80", "[::ffff:169.254.1.1]:80"] {
            assert_eq!(to(forbidden).unwrap_err().code(), "forbidden");
        }
    }
}
