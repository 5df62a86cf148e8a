//! The program itself, as a child process: it starts on nothing, serves, speaks TLS, and stops in order.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::Arc,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, pki_types::ServerName},
};

/// A running server on a port of its own choice.
struct Server {
    child: Child,
    address: String,
    setup: String,
    folder: TempDir,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_greencoin"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(folder.path())
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let setup = lines.map_while(Result::ok).find(|line| line.contains("/setup?token="));
        let setup = setup.expect("the setup link before the end");
        let (_, rest) = setup.split_once("://").unwrap();
        let address = rest.split('/').next().unwrap().to_owned();
        Self { child, address, setup, folder }
    }

    fn stop(mut self) -> TempDir {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
        std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // after `stop` there is nothing left to end
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn ask(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // a peer that leaves without closing TLS has still said everything
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn an_empty_installation_offers_setup_serves_and_stops_in_order() {
    let server = Server::start(&[]);
    let (_, path) = server.setup.split_once(&server.address).unwrap();
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    assert!(ask(&mut stream, path).await.starts_with("HTTP/1.1 200"));
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    assert!(ask(&mut stream, "/setup?token=guess").await.starts_with("HTTP/1.1 409"));
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    assert!(ask(&mut stream, "/readyz").await.ends_with("ready\n"));
    let folder = server.stop();
    assert_eq!(std::fs::read(folder.path().join("master.key")).unwrap().len(), 32);
}

#[tokio::test]
async fn it_speaks_tls_with_the_certificate_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let server = Server::start(&["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()]);
    assert!(server.setup.starts_with("https://"));

    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(&server.address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    let answer = ask(&mut stream, "/login").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let cookie = answer.lines().find(|l| l.starts_with("set-cookie: gc_visit=")).unwrap();
    assert!(cookie.contains("Secure"), "{cookie}");
    server.stop();
}

#[test]
fn an_unknown_database_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_greencoin"))
        .args(["serve", "--database-url", "mysql://u:secret@h/db", "--data-dir"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("sqlite://") && !said.contains("secret"), "{said}");
}
