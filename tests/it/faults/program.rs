//! The program as a child process: started on a database, listened to, killed, started again.

use std::{
    ffi::OsString,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Condvar, Mutex, mpsc},
};

use http_body_util::{BodyExt, Full};
use hyper::{
    Request,
    body::Bytes,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

/// A client of the program; keeps connections.
pub type Http = Client<HttpConnector, Full<Bytes>>;

/// The program, until it is killed.
pub struct Program {
    child: Child,
    pub base: String,
    pub http: Http,
    log: Arc<Log>,
}

/// What it said on standard error.
#[derive(Default)]
struct Log {
    /// The lines so far, and whether no more will come.
    said: Mutex<(Vec<String>, bool)>,
    more: Condvar,
}

/// How the program is to be started.
#[derive(Clone, Default)]
pub struct Start {
    /// A command that runs it, with arguments.
    pub through: Vec<OsString>,
    /// Options beyond those that say where.
    pub options: Vec<String>,
}

impl Start {
    /// With a fault planned.
    pub fn with_fault(fault: &str) -> Self {
        Self { through: Vec::new(), options: vec!["--fault".to_owned(), fault.to_owned()] }
    }

    fn command(&self, url: &str, folder: &Path) -> Command {
        let program = OsString::from(env!("CARGO_BIN_EXE_greencoin"));
        let mut words = self.through.iter().chain([&program]);
        let mut command = Command::new(words.next().unwrap());
        command
            .args(words)
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "info", "--log-json"])
            .args(["--database-url", url, "--data-dir"])
            .arg(folder)
            .args(&self.options)
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }
}

impl Program {
    /// Starts it, and returns when it listens.
    pub fn start(url: &str, folder: &Path, how: &Start) -> Self {
        Self::try_start(url, folder, how).unwrap_or_else(|said| panic!("it ended before it served:\n{said}"))
    }

    /// The same, or everything it said before it ended.
    pub fn try_start(url: &str, folder: &Path, how: &Start) -> Result<Self, String> {
        let mut child = how.command(url, folder).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let log = Arc::new(Log::default());
        let (told, heard) = mpsc::channel();
        let kept = Arc::clone(&log);
        // read to the end, so that the program can always go on writing
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let said: Value = serde_json::from_str(&line).unwrap_or_default();
                kept.said.lock().unwrap().0.push(line);
                kept.more.notify_all();
                if let Some(at) = said["fields"]["at"].as_str() {
                    // whoever started it may have gone
                    let _ = told.send(at.to_owned());
                }
            }
            kept.said.lock().unwrap().1 = true;
            kept.more.notify_all();
        });
        let Ok(at) = heard.recv() else {
            child.wait().unwrap();
            let said = log.said.lock().unwrap();
            let said = log.more.wait_while(said, |(_, ended)| !*ended).unwrap();
            return Err(said.0.join("\n"));
        };
        let http = Client::builder(TokioExecutor::new()).build_http();
        Ok(Self { child, base: format!("http://{at}"), http, log })
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits until it ends by itself.
    pub fn ended(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until its log has a line with these words; whether it came before the end.
    pub fn says(&self, words: &str) -> bool {
        let found = |lines: &[String]| lines.iter().any(|line| line.contains(words));
        let said = self.log.said.lock().unwrap();
        let said = self.log.more.wait_while(said, |(lines, ended)| !*ended && !found(lines)).unwrap();
        found(&said.0)
    }

    /// What `/readyz` says.
    pub async fn ready(&self) -> (u16, String) {
        let request = Request::get(format!("{}/readyz", self.base)).body(Full::default()).unwrap();
        let answer = exchange(&self.http, request).await.expect("it serves");
        (answer.status, answer.text)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // killed already, unless the test failed
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Sends a request; nothing when no whole answer came.
pub async fn exchange(http: &Http, request: Request<Full<Bytes>>) -> Option<Answer> {
    let (head, body) = http.request(request).await.ok()?.into_parts();
    // an answer that breaks off in the middle is none
    let bytes = body.collect().await.ok()?.to_bytes();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Some(Answer { status: head.status.as_u16(), text })
}

/// Reads something of the API.
pub fn get(base: &str, path: &str, bearer: &str) -> Request<Full<Bytes>> {
    Request::get(format!("{base}{path}")).header(AUTHORIZATION, bearer).body(Full::default()).unwrap()
}

/// Changes something through the API, under a key.
pub fn post(base: &str, path: &str, bearer: &str, key: &str, body: &Value) -> Request<Full<Bytes>> {
    Request::post(format!("{base}{path}"))
        .header(AUTHORIZATION, bearer)
        .header("idempotency-key", key)
        .header(CONTENT_TYPE, "application/json")
        .body(Full::from(body.to_string()))
        .unwrap()
}
