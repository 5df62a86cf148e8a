//! What is written down while people use the system: nothing that names a person or opens a door.

use std::{
    io,
    process::Command,
    sync::{Arc, Mutex},
};

use greencoin::service::caller::Role;
use serde_json::json;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

use crate::support::{PASSWORD, PIN, SETUP_TOKEN, TestApp};

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Set in the process that runs this test alone.
const ALONE: &str = "GREENCOIN_TEST_ALONE";

/// In a process of its own: whether anything is said at all is remembered for the whole process by whoever asks first.
#[test]
fn logs_hold_no_name_phone_pin_password_code_or_token() {
    if std::env::var_os(ALONE).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        return runtime.block_on(a_morning_at_the_most_talkative_level());
    }
    let name = "logs::logs_hold_no_name_phone_pin_password_code_or_token";
    let mut alone = Command::new(std::env::current_exe().unwrap());
    let output = alone.args(["--exact", name]).env(ALONE, "1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

/// One thread, so that everything is said to the subscriber that listens.
async fn a_morning_at_the_most_talkative_level() {
    let kept = Kept::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_env_filter(EnvFilter::new("trace"))
        .with_writer(kept.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let app = TestApp::new().await;
    let clerk = app.user("zheng", Role::Clerk, app.village.org).await;
    let (_, home_no) = app.household(&app.village, 900).await;
    let mut browser = app.anonymous();
    let code = app.code(&clerk);
    browser.post_form("/login", &[("login", "zheng"), ("password", "wrong-password-77")]).await.expect(403);
    browser.post_form("/login", &[("login", "zheng"), ("password", PASSWORD)]).await.expect(303);
    browser.post_form("/login/code", &[("code", &code)]).await.expect(303);
    browser.headers.insert("idempotency-key", "newcomer".parse().unwrap());
    let new = json!({ "place": app.village.group, "name": "欧阳秀华", "on": app.desk.today().to_string(), "phone": "13987654321" });
    browser.post_json("/api/v1/households/open", &new).await.expect(201);
    browser.get("/households?q=%E6%AC%A7%E9%98%B3%E7%A7%80%E5%8D%8E").await;
    browser.get("/api/v1/households?q=13987654321").await;
    browser.get(&format!("/setup?token={SETUP_TOKEN}")).await;
    app.clock.advance_seconds(30);
    let next = app.code(&clerk);
    let credentials = json!({ "login": "zheng", "password": PASSWORD, "code": next });
    let token = app.anonymous().post_json("/api/v1/token", &credentials).await.expect(200).json();
    let mut home = app.sign_in_household(&app.village, &home_no).await;
    let shown = home.get_json("/api/v1/my/code").await;
    let cookies: Vec<String> = browser.cookies.values().chain(home.cookies.values()).cloned().collect();
    app.finish().await;
    drop(guard);

    let said = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    assert!(said.contains("answered") && said.contains("/login/code"), "nothing was written down at all");
    let live = shown["digits"].as_str().unwrap().to_owned();
    let token = token["token"].as_str().unwrap().to_owned();
    let secrets =
        ["欧阳", "%E6%AC%A7", "13987654321", PASSWORD, "wrong-password-77", PIN, SETUP_TOKEN, &code, &next];
    let secrets = secrets.into_iter().map(str::to_owned).chain(cookies).chain([live, token]);
    for secret in secrets.filter(|s| s.len() >= 6) {
        assert!(!said.contains(&secret), "{secret} was written down");
    }
}
