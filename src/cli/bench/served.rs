//! Our own program as a process of its own, serving a folder, and a client that talks to it over loopback.

use std::{
    io::ErrorKind,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, StatusCode, body::Bytes, http::response::Parts};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

use crate::cli::config::Books;

/// How often a starting process is asked whether it is ready, before it counts as failed.
const TRIES_MAX: u32 = 30_000;
/// Between two such questions.
const PAUSE: Duration = Duration::from_millis(1);
/// Starts of which the median is told.
const STARTS: usize = 5;

/// A client that keeps its connections.
pub(super) type Http = Client<HttpConnector, Full<Bytes>>;

/// The program, serving until this is dropped.
pub(super) struct Served {
    child: Child,
    base: String,
    pub(super) http: Http,
    /// From the start of the process to the first answer that it is ready.
    pub(super) ready_ms: f64,
}

/// Where a village is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) folder: &'a Path,
    pub(super) database_url: Option<&'a str>,
}

impl Place<'_> {
    /// Its books, once they are there.
    pub(super) fn books(&self) -> anyhow::Result<Books> {
        Ok(Books {
            data_dir: self.folder.to_owned(),
            database_url: self.database_url.map(str::parse).transpose()?,
            no_migrate: true,
            calendar: None,
        })
    }

    /// Our own program with `command` and this place.
    pub(super) fn command(&self, command: &str) -> anyhow::Result<Command> {
        let program = std::env::current_exe().context("finding our own program")?;
        let mut started = Command::new(program);
        started.arg(command).arg("--data-dir").arg(self.folder);
        if let Some(url) = self.database_url {
            started.args(["--database-url", url]);
        }
        started.stdin(Stdio::null()).stdout(Stdio::null());
        Ok(started)
    }
}

impl Served {
    /// Starts the program and waits until it is ready.
    pub(super) async fn start(place: Place<'_>) -> anyhow::Result<Self> {
        let at = free_address()?;
        let http = Client::builder(TokioExecutor::new()).build_http();
        let started = Instant::now();
        let child = place.command("serve")?.args(["--log", "error", "--listen"]).arg(at.to_string()).spawn();
        let child = child.context("starting our own program")?;
        let mut served = Self { child, base: format!("http://{at}"), http, ready_ms: 0.0 };
        for _ in 0..TRIES_MAX {
            if let Ok((StatusCode::OK, _)) = served.get("/readyz", &[]).await {
                served.ready_ms = started.elapsed().as_secs_f64() * 1000.0;
                return Ok(served);
            }
            if let Some(status) = served.child.try_wait().context("watching the program")? {
                bail!("the program ended before it was ready: {status}");
            }
            tokio::time::sleep(PAUSE).await;
        }
        bail!("the program is not ready after {TRIES_MAX} questions")
    }

    /// The median of some starts, in milliseconds, and the last process.
    pub(super) async fn median_start(place: Place<'_>) -> anyhow::Result<(f64, Self)> {
        let mut times = Vec::with_capacity(STARTS);
        let mut last = Self::start(place).await?;
        times.push(last.ready_ms);
        while times.len() < STARTS {
            drop(last);
            last = Self::start(place).await?;
            times.push(last.ready_ms);
        }
        times.sort_by(f64::total_cmp);
        Ok((times.get(STARTS / 2).copied().unwrap_or_default(), last))
    }

    /// One request with its whole answer.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> anyhow::Result<(StatusCode, Bytes)> {
        send(&self.http, &self.base, method, path, headers, body).await
    }

    /// Reads a page.
    pub(super) async fn get(
        &self,
        path: &str,
        headers: &[(&str, &str)],
    ) -> anyhow::Result<(StatusCode, Bytes)> {
        self.send(Method::GET, path, headers, Vec::new()).await
    }

    /// `http://127.0.0.1:…`.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// Memory that the process holds now, in MiB; nothing where the system does not tell.
    pub(super) fn memory_mib(&self) -> anyhow::Result<Option<f64>> {
        memory_mib(self.child.id(), "VmRSS:")
    }
}

/// The most memory that a process held so far, in MiB; nothing where the system does not tell.
pub(super) fn peak_mib(process: u32) -> anyhow::Result<Option<f64>> {
    memory_mib(process, "VmHWM:")
}

fn memory_mib(process: u32, which: &str) -> anyhow::Result<Option<f64>> {
    let status = match std::fs::read_to_string(format!("/proc/{process}/status")) {
        Ok(status) => status,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).context("reading the memory of the program"),
    };
    let kib = status.lines().find_map(|line| line.strip_prefix(which));
    let kib: Option<f64> = kib.and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse().ok());
    Ok(kib.map(|kib| kib / 1024.0))
}

impl Drop for Served {
    fn drop(&mut self) {
        // it may have ended by itself
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

/// One request with its whole answer.
pub(super) async fn send(
    http: &Http,
    base: &str,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> anyhow::Result<(StatusCode, Bytes)> {
    let (head, body) = ask(http, base, method, path, headers, body).await?;
    Ok((head.status, body))
}

/// One request with its whole answer and what stands above it.
pub(super) async fn ask(
    http: &Http,
    base: &str,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> anyhow::Result<(Parts, Bytes)> {
    let mut request = Request::builder().method(method).uri(format!("{base}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = http.request(request.body(Full::new(Bytes::from(body)))?).await?;
    let (head, body) = answer.into_parts();
    Ok((head, body.collect().await?.to_bytes()))
}

/// An address on loopback that nobody listens on.
fn free_address() -> anyhow::Result<SocketAddr> {
    let probe = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("looking for a free port")?;
    Ok(probe.local_addr()?)
}
