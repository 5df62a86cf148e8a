//! The application under test: a county, a township and two villages with a book each, the whole router in this
//! process, clients that behave like browsers. See [`TestApp`].

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, Response, StatusCode, header},
};
use greencoin::{
    cli,
    domain::{
        household::HouseholdNo,
        ids::{BookId, HouseholdId, OrgId, UserId},
        org::{LabelSet, OrgKind},
        time::ManualClock,
    },
    http::{AppState, state::Site},
    service::{
        Desk,
        caller::{Clerk, CountyAdmin, Role, Staff},
        orgs::NewPlace,
        programme::NewProgramme,
        session::{StaffSignIn, hex},
        setup::{FirstAdmin, SetupToken},
    },
    store::{self, household::Household},
    web,
};
use http_body_util::BodyExt;
use totp_rs::Builder;
use tower::ServiceExt;

use crate::engine::{self, Engine};

/// The password of every account that tests make.
pub const PASSWORD: &str = "correct horse battery";
/// The token of the setup link.
pub const SETUP_TOKEN: &str = "setup-token-of-the-tests";
/// The PIN of every household that tests make.
pub const PIN: &str = "274913";

/// A village with its book.
#[derive(Debug, Clone)]
pub struct Village {
    pub org: OrgId,
    pub group: OrgId,
    pub book: BookId,
    pub no: i64,
}

/// The application, its books and its clock.
///
/// ```text
/// let app = TestApp::new().await;
/// let mut clerk = app.sign_in(Role::Clerk).await;
/// let answer = clerk.post_form("/clerk/record", &[("household", "H0001")]).await;
/// answer.expect(303);
/// app.finish().await;
/// ```
pub struct TestApp {
    pub desk: Desk,
    pub clock: Arc<ManualClock>,
    pub router: Router,
    pub admin: CountyAdmin,
    pub township: OrgId,
    /// The village that `sign_in` works in.
    pub village: Village,
    /// Another village, whose things nobody of the first may touch.
    pub other: Village,
    // last: the database goes when everything that uses it has gone
    engine: Engine,
}

/// A person with an account.
#[derive(Debug, Clone)]
pub struct User {
    pub id: UserId,
    pub login: String,
    pub totp: Vec<u8>,
}

impl TestApp {
    /// A fresh installation with two villages, on the engine under test.
    pub async fn new() -> Self {
        let engine = Engine::fresh().await;
        let clock = engine::clock();
        let desk = engine.desk(&clock).await;
        let first = FirstAdmin {
            county: "测试县".to_owned(),
            display_name: "县管理员".to_owned(),
            login_name: "county".to_owned(),
            password: PASSWORD.to_owned(),
        };
        desk.set_up(&first).await.unwrap();
        let admin = admin_of(&desk).await;
        let township = place(&desk, &admin, admin.org, OrgKind::Township, "青川镇").await;
        let village = open_village(&desk, &admin, township, "青禾村").await;
        let other = open_village(&desk, &admin, township, "溪口村").await;
        let router = router(&desk, Site::default());
        Self { desk, clock, router, admin, township, village, other, engine }
    }

    /// The same installation, reached in another way.
    pub fn reached_as(&mut self, site: Site) {
        self.router = router(&self.desk, site);
    }

    /// Somebody not signed in.
    pub fn anonymous(&self) -> Client {
        Client::of(self.router.clone())
    }

    /// An account with `role` over `org`, its second factor set up.
    pub async fn user(&self, login: &str, role: Role, org: OrgId) -> User {
        let user = self.user_without_role(login).await;
        if role.is_of_village() {
            crate::selves::outside(self, user.id, org).await;
        }
        self.desk.grant_role(&self.admin, user.id, role, org).await.unwrap();
        user
    }

    /// An account that may do nothing yet, its second factor set up.
    pub async fn user_without_role(&self, login: &str) -> User {
        let (id, _) = self.desk.create_user(&self.admin, login, &format!("{login}（测试）")).await.unwrap();
        let totp = hex(id.0.as_bytes()).into_bytes();
        let hash = self.desk.hash_secret(PASSWORD).await.unwrap();
        let sealed = self.desk.seal(&totp, id.0.as_bytes()).unwrap();
        let mut tx = self.desk.db.begin_write().await.unwrap();
        store::login::set_password(&mut tx, id, &hash, "active").await.unwrap();
        store::login::set_totp(&mut tx, id, Some(&sealed), 0).await.unwrap();
        tx.commit().await.unwrap();
        User { id, login: login.to_owned(), totp }
    }

    /// The present code of a user's authenticator.
    pub fn code(&self, user: &User) -> String {
        use greencoin::domain::time::Clock;
        let now = u64::try_from(self.clock.now().seconds()).unwrap();
        Builder::new().with_secret(user.totp.clone()).build_noncompliant().generate(now).to_string()
    }

    /// A browser of a new user with `role` where that role belongs: the village, the township, the county.
    pub async fn sign_in(&self, role: Role) -> Client {
        let org = match role {
            Role::Township => self.township,
            Role::County => self.admin.org,
            _ => self.village.org,
        };
        self.sign_in_over(role, org).await
    }

    /// A browser of a new user with `role` over `org`.
    pub async fn sign_in_over(&self, role: Role, org: OrgId) -> Client {
        let login = format!("{}-{}", role.as_str(), self.desk.random_hex().get(..8).unwrap());
        let user = self.user(&login, role, org).await;
        self.sign_in_as(&user).await
    }

    /// A browser of `user`, signed in through the pages.
    pub async fn sign_in_as(&self, user: &User) -> Client {
        let mut client = self.anonymous();
        client.post_form("/login", &[("login", &user.login), ("password", PASSWORD)]).await.expect(303);
        client.post_form("/login/code", &[("code", &self.code(user))]).await.expect(303);
        client
    }

    /// A browser of a household, signed in with its PIN.
    pub async fn sign_in_household(&self, village: &Village, no: &str) -> Client {
        let mut client = self.anonymous();
        let village_no = village.no.to_string();
        let fields = [("village", village_no.as_str()), ("household", no), ("pin", PIN)];
        client.post_form("/login/resident", &fields).await.expect(303);
        client
    }

    /// The typed staff caller of a new user with `role` in `village`, for calling use cases directly.
    pub async fn staff(&self, role: Role, village: &Village) -> Staff {
        let login = format!("{}-{}", role.as_str(), self.desk.random_hex().get(..8).unwrap());
        let org = if role == Role::Township { self.township } else { village.org };
        let user = self.user(&login, role, org).await;
        let who = self.desk.staff_sign_in(user.id).await.unwrap().unwrap();
        self.desk.staff_for(&who, village.book).await.unwrap().unwrap()
    }

    /// A clerk of `village`, for calling use cases directly.
    pub async fn clerk(&self, village: &Village) -> Clerk {
        Clerk::of(&self.staff(Role::Clerk, village).await).unwrap()
    }

    /// Household number `ordinal` of `village`, with the tests' PIN.
    pub async fn household(&self, village: &Village, ordinal: u32) -> (HouseholdId, String) {
        let no = HouseholdNo::from_ordinal(ordinal);
        let id: HouseholdId = self.desk.id();
        let home = Household::new(
            id,
            no.clone(),
            village.group,
            village.group,
            i64::from(ordinal),
            self.desk.today(),
        );
        let hash = self.desk.hash_secret(PIN).await.unwrap();
        let mut tx = self.desk.db.begin_write().await.unwrap();
        store::household::add(&mut tx, village.book, &home).await.unwrap();
        store::pin::set(&mut tx, village.book, id, &hash, self.desk.now()).await.unwrap();
        tx.commit().await.unwrap();
        (id, no.as_str().to_owned())
    }

    /// Ends the test in order; what every test must leave behind is checked when the application is dropped.
    pub async fn finish(self) {
        self.desk.db.ping().await.unwrap();
        self.desk.poster.drain().await;
        self.desk.db.close().await;
    }
}

/// However the test was: nothing waits in the Poster, every book sums to zero, and `verify` holds.
impl Drop for TestApp {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let waiting = self.desk.poster.stats().waiting.load(std::sync::atomic::Ordering::Relaxed);
        assert_eq!(waiting, 0, "commands wait in the Poster");
        self.engine.check(&self.clock);
    }
}

fn router(desk: &Desk, site: Site) -> Router {
    let setup = Some(SetupToken::of(SETUP_TOKEN));
    cli::app(AppState::new(desk.clone(), site, setup, web::frame::error_page))
}

async fn admin_of(desk: &Desk) -> CountyAdmin {
    let mut tx = desk.db.begin_read().await.unwrap();
    let login = store::login::by_name(&mut tx, "county").await.unwrap().unwrap();
    drop(tx);
    let who: StaffSignIn = desk.staff_sign_in(login.id).await.unwrap().unwrap();
    who.county_admin().unwrap()
}

/// Makes a place.
pub async fn place(desk: &Desk, admin: &CountyAdmin, parent: OrgId, kind: OrgKind, name: &str) -> OrgId {
    let new = NewPlace { parent, kind, labels: LabelSet::Rural, name: name.to_owned() };
    desk.make_place(admin, &new).await.unwrap().id
}

async fn open_village(desk: &Desk, admin: &CountyAdmin, township: OrgId, name: &str) -> Village {
    let org = place(desk, admin, township, OrgKind::Village, name).await;
    let group = place(desk, admin, org, OrgKind::Group, "一组").await;
    let new = NewProgramme { village: org, name: name.to_owned(), name_en: String::new(), demo: false };
    let programme = desk.open_book(admin, &new).await.unwrap();
    Village { org, group, book: programme.book_id, no: programme.no }
}

/// A browser: keeps cookies, fills in the token of forms.
#[derive(Clone)]
pub struct Client {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    /// Sent with every request.
    pub headers: HeaderMap,
    csrf: String,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// Fails the test unless the status is `status`.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{:?} {}", self.headers.get(header::LOCATION), self.text());
        self
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    /// Where a redirect leads, or nothing.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |v| v.to_str().unwrap())
    }
}

impl Client {
    /// A browser that has been nowhere yet.
    pub fn of(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new(), headers: HeaderMap::new(), csrf: String::new() }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None, Vec::new()).await
    }

    pub async fn get_json(&mut self, path: &str) -> serde_json::Value {
        self.get(path).await.expect(200).json()
    }

    /// Posts a form with its token, as a page of ours would.
    pub async fn post_form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf().await;
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.post_bare(path, &all).await
    }

    /// Posts a form as it is, without a token.
    pub async fn post_bare(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let escape = greencoin::http::error::escape_query;
        let pairs: Vec<String> = fields.iter().map(|(n, v)| format!("{}={}", escape(n), escape(v))).collect();
        let form = "application/x-www-form-urlencoded";
        self.send(Method::POST, path, Some(form), pairs.join("&").into_bytes()).await
    }

    /// Posts JSON with the token header, as our scripts do.
    pub async fn post_json(&mut self, path: &str, body: &serde_json::Value) -> Answer {
        if !self.headers.contains_key(header::AUTHORIZATION) {
            let csrf = self.csrf().await;
            self.headers.insert("x-csrf-token", csrf.parse().unwrap());
        }
        self.send(Method::POST, path, Some("application/json"), body.to_string().into_bytes()).await
    }

    /// The token of this browser's forms, read from a page the first time.
    pub async fn csrf(&mut self) -> String {
        if self.csrf.is_empty() {
            let page = self.get("/no-such-page").await.text();
            let (_, rest) = page.split_once("name=\"csrf\" value=\"").expect("a form in the frame");
            self.csrf = rest.split('"').next().unwrap().to_owned();
        }
        self.csrf.clone()
    }

    /// Sends anything at all.
    pub async fn send(&mut self, method: Method, path: &str, kind: Option<&str>, body: Vec<u8>) -> Answer {
        let method_changes = method != Method::GET;
        let mut request = Request::builder().method(method).uri(path);
        if !self.cookies.is_empty() {
            let jar: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            request = request.header(header::COOKIE, jar.join("; "));
        }
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let changes = path.starts_with("/api/") && method_changes;
        let mut request = request.body(Body::from(body)).unwrap();
        if changes {
            // a client that repeats nothing; a test about keys sets its own
            static REQUESTS: AtomicU64 = AtomicU64::new(0);
            let fresh = format!("test-{}", REQUESTS.fetch_add(1, Ordering::Relaxed));
            request.headers_mut().insert("idempotency-key", fresh.parse().unwrap());
        }
        request.headers_mut().extend(self.headers.clone());
        let response: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        self.keep_cookies(&parts.headers);
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for set in headers.get_all(header::SET_COOKIE) {
            let set = set.to_str().unwrap();
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() || set.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            if name == "gc_session" {
                // another sign-in, another token
                self.csrf.clear();
            }
        }
    }
}
