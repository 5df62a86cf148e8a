//! A real Chromium for tests: Debian's `chromium` and `chromium-driver`, headless, with a camera that plays a film.
//!
//! Nothing here skips: a machine without a browser fails the test and says what to install.

use fantoccini::{Client, ClientBuilder, Locator, elements::Element, wd::WebDriverCompatibleCommand};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use tempfile::TempDir;

use super::film;

/// A phone at the narrow end of what people carry.
pub const PHONE: (u32, u32) = (360, 780);
/// A desk.
pub const DESK: (u32, u32) = (1280, 800);

/// Where the browser writes what pages say on the console.
const CONSOLE: &str = "console.log";
/// How long a page may take to show what a test waits for, on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(30);
const MISSING: &str =
    "cannot start the browser: install Debian's chromium and chromium-driver (tests/run.sh install)";

/// The camera that the browser sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Camera {
    /// Plays the film, which starts blank; the person has allowed it.
    Allowed,
    /// There is one, and the person has said no.
    Refused,
    /// The machine has none.
    None,
}

/// A running browser with one window, closed when dropped.
pub struct Chromium {
    /// The window, for everything that has no shorthand here.
    pub client: Client,
    driver: Child,
    home: TempDir,
    taps: AtomicUsize,
}

impl Chromium {
    /// Starts a browser whose camera is allowed.
    pub async fn start() -> Self {
        Self::with(Camera::Allowed, &[]).await
    }

    /// Starts a browser with the given camera and further command-line flags.
    pub async fn with(camera: Camera, flags: &[&str]) -> Self {
        Self::at(TempDir::with_prefix("greencoin-chromium-").unwrap(), camera, flags).await
    }

    /// Kills the browser at once, as an empty battery would, and starts it again with what it had written.
    pub async fn killed(mut self) -> Self {
        self.kill();
        let home = std::mem::replace(&mut self.home, TempDir::with_prefix("greencoin-chromium-").unwrap());
        drop(self);
        Self::at(home, Camera::None, &[]).await
    }

    async fn at(home: TempDir, camera: Camera, flags: &[&str]) -> Self {
        let mut args: Vec<String> = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
        ]
        .iter()
        .chain(flags)
        .map(ToString::to_string)
        .collect();
        args.push(format!("--user-data-dir={}", home.path().join("profile").display()));
        args.push("--enable-logging".to_owned());
        args.push(format!("--log-file={}", home.path().join(CONSOLE).display()));
        if camera != Camera::None {
            let film = home.path().join("camera.y4m");
            film::write(&film, None);
            args.push("--use-fake-device-for-media-stream".to_owned());
            args.push(format!("--use-file-for-fake-video-capture={}", film.display()));
            let answer = if camera == Camera::Refused { "=deny" } else { "" };
            args.push(format!("--use-fake-ui-for-media-stream{answer}"));
        }
        let (driver, port) = start_driver();
        let options = json!({ "binary": "/usr/bin/chromium", "args": args });
        let capabilities = Map::from_iter([("goog:chromeOptions".to_owned(), options)]);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect(MISSING);
        let browser = Self { client, driver, home, taps: AtomicUsize::new(0) };
        browser.viewport(PHONE).await;
        browser
    }

    /// Opens `url`.
    pub async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Makes the page exactly so many CSS pixels wide and high.
    pub async fn viewport(&self, (width, height): (u32, u32)) {
        self.client.set_window_size(width, height).await.unwrap();
        let inner = self.script("return [innerWidth, innerHeight]").await;
        let missing = |wanted: u32, got: &serde_json::Value| {
            wanted.saturating_sub(u32::try_from(got.as_u64().unwrap()).unwrap())
        };
        let (more_width, more_height) = (missing(width, &inner[0]), missing(height, &inner[1]));
        if more_width + more_height > 0 {
            self.client.set_window_size(width + more_width, height + more_height).await.unwrap();
        }
    }

    /// Runs `return …` in the page.
    pub async fn script(&self, source: &str) -> serde_json::Value {
        self.client.execute(source, Vec::new()).await.unwrap()
    }

    /// Waits until an element matches, or fails with what the page shows instead.
    pub async fn wait(&self, css: &str) -> Element {
        match self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => {
                let shown = self.script("return document.body.innerText").await;
                let address = self.client.current_url().await.unwrap();
                panic!("no {css} on {address}: {error}\n{}", shown.as_str().unwrap_or_default())
            }
        }
    }

    /// The text of the first element that matches, once there is one.
    pub async fn text(&self, css: &str) -> String {
        self.wait(css).await.text().await.unwrap()
    }

    /// Clicks the first element that matches, once there is one.
    pub async fn click(&self, css: &str) {
        let element = self.wait(css).await;
        // as a person would: what sticks to the bottom of the screen covers what lies under it
        let this = serde_json::to_value(&element).unwrap();
        self.client
            .execute("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })", vec![this])
            .await
            .unwrap();
        element.click().await.unwrap();
        self.taps.fetch_add(1, Ordering::Relaxed);
    }

    /// How many taps it took since this was last asked.
    pub fn taps(&self) -> usize {
        self.taps.swap(0, Ordering::Relaxed)
    }

    /// Replaces what a field holds.
    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.wait(css).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Holds a code with these digits before the camera, from the next time the page opens it.
    pub fn hold_code(&self, digits: &str) {
        self.hold(&film::picture(&film::Sign::code(digits), film::STILL));
    }

    /// Holds this before the camera, from the next time the page opens it.
    pub fn hold(&self, picture: &image::GrayImage) {
        film::write(&self.home.path().join("camera.y4m"), Some(picture));
    }

    /// What pages said on the console so far: script errors, refusals by the content policy, files that did not load.
    pub fn console(&self) -> Vec<String> {
        let log = fs::read(self.home.path().join(CONSOLE)).unwrap();
        let log = String::from_utf8_lossy(&log);
        log.lines().filter(|line| line.contains(":CONSOLE")).map(str::to_owned).collect()
    }

    /// Waits until the page that is shown has gone and another has come, after `act` made it go.
    pub async fn turn<T>(&self, act: impl Future<Output = T>) -> T {
        self.script("window.stillHere = true").await;
        let done = act.await;
        let turned = "return window.stillHere !== true && document.readyState === 'complete'";
        let started = std::time::Instant::now();
        while self.client.execute(turned, Vec::new()).await.ok() != Some(json!(true)) {
            assert!(
                started.elapsed() < PATIENCE,
                "the page stays {}",
                self.client.current_url().await.unwrap()
            );
        }
        done
    }

    /// Clicks what leads to another page, and waits for it.
    pub async fn follow(&self, css: &str) {
        self.turn(self.click(css)).await;
    }

    /// Writes the whole page, however long, to `target/tmp/screenshots/<name>.png` and returns the path.
    pub async fn screenshot(&self, name: &str) -> PathBuf {
        let size =
            self.script("return [innerWidth, innerHeight, document.documentElement.scrollHeight]").await;
        let number = |index: usize| u32::try_from(size[index].as_u64().unwrap()).unwrap();
        let (width, height) = (number(0), number(1));
        self.viewport((width, number(2).clamp(height, 6000))).await;
        let png = self.client.screenshot().await.unwrap();
        self.client.set_window_size(width, height).await.unwrap();
        self.viewport((width, height)).await;
        let path = screenshots().join(format!("{name}.png"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, png).unwrap();
        path
    }
}

/// What came out of the printer.
#[derive(Debug, PartialEq, Eq)]
pub struct Paper {
    /// Sheets.
    pub sheets: usize,
    /// Width and height of all of them, in whole millimetres.
    pub millimetres: (u32, u32),
    /// What stands on them.
    pub text: String,
}

/// A4.
pub const A4: (u32, u32) = (210, 297);

impl Chromium {
    /// Prints the page that is open as a printer would, on the paper that its style asks for, to
    /// `target/tmp/screenshots/<name>.pdf`; the page stays as it is printed until another is opened.
    pub async fn print(&self, name: &str) -> Paper {
        let wish = json!({ "preferCSSPageSize": true, "printBackground": false });
        let printed = self.devtools("Page.printToPDF", wish).await;
        let bytes = "return [...atob(arguments[0])].map((c) => c.charCodeAt(0))";
        let bytes = self.client.execute(bytes, vec![printed["data"].clone()]).await.unwrap();
        let pdf: Vec<u8> = serde_json::from_value(bytes).unwrap();
        fs::write(screenshots().join(format!("{name}.pdf")), &pdf).unwrap();
        self.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
        let text = self.script("return document.body.innerText").await;
        let pdf = String::from_utf8_lossy(&pdf);
        let boxes: Vec<(u32, u32)> = pdf.split("/MediaBox [0 0 ").skip(1).map(millimetres).collect();
        assert!(boxes.windows(2).all(|pair| pair[0] == pair[1]), "sheets of several sizes: {boxes:?}");
        let text = text.as_str().unwrap().to_owned();
        Paper { sheets: boxes.len(), millimetres: boxes[0], text }
    }

    /// Shows the page that is open as on a screen again.
    pub async fn put_paper_away(&self) {
        self.devtools("Emulation.setEmulatedMedia", json!({ "media": "" })).await;
    }

    pub(super) async fn devtools(&self, method: &'static str, params: Value) -> Value {
        self.client.issue_cmd(DevTools { method, params }).await.unwrap()
    }
}

/// A command of the browser that the driver passes on.
#[derive(Debug)]
struct DevTools {
    method: &'static str,
    params: Value,
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap()))
    }

    fn method_and_body(&self, _: &url::Url) -> (axum::http::Method, Option<String>) {
        let body = json!({ "cmd": self.method, "params": self.params });
        (axum::http::Method::POST, Some(body.to_string()))
    }
}

/// `595.91998 842.88]…`, in points, as whole millimetres.
fn millimetres(media_box: &str) -> (u32, u32) {
    let sides = media_box.split(']').next().unwrap().split_whitespace();
    let whole =
        |points: &str| format!("{:.0}", points.parse::<f64>().unwrap() * 25.4 / 72.0).parse().unwrap();
    let sides: Vec<u32> = sides.map(whole).collect();
    (sides[0], sides[1])
}

impl Chromium {
    /// Cuts the line of the page that is open, or mends it.
    pub async fn cut(&self, cut: bool) {
        self.devtools("Network.enable", json!({})).await;
        let line = json!({ "offline": cut, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.devtools("Network.emulateNetworkConditions", line).await;
    }

    fn kill(&mut self) {
        // The driver may die before it could tell its browser: we end every process that carries our own profile's name.
        let ours = self.home.path().display().to_string();
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let name = entry.file_name();
            let Some(pid) = name.to_str().filter(|name| name.bytes().all(|b| b.is_ascii_digit())) else {
                continue;
            };
            let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            if String::from_utf8_lossy(&line).contains(&ours) {
                let _ = Command::new("kill").args(["-9", pid]).stderr(Stdio::null()).status();
            }
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        self.kill();
    }
}

fn screenshots() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Starts the driver on a port of its own choice, which it prints.
fn start_driver() -> (Child, u16) {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect(MISSING);
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    let port = loop {
        let line = lines.next().expect(MISSING).unwrap();
        if let Some((_, rest)) = line.split_once("started successfully on port ") {
            break rest.trim_end_matches('.').parse().unwrap();
        }
    };
    // The pipe stays read, or the driver would block on it.
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    (driver, port)
}
