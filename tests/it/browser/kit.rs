//! The parts that need script: the scan box with a camera, a photo or a scanner gun, the live code, the basket.
//! They run against a bare server that only decodes, so that a failure here is the part's own.

use super::chromium::{Camera, Chromium, DESK};
use askama::Template;
use axum::{
    Form, Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use greencoin::{
    domain::lang::Lang,
    service::decode,
    text::T,
    web::{
        assets,
        kit::{LiveCode, ScanBox},
        page::{Audience, Chrome, Flash, NavItem, Page, Tone},
        qr,
    },
};
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

const DIGITS: &str = "200123456789012345678901234567890123456789012345";
/// The policy of the real server: no inline script, no inline style.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'";

#[derive(Template)]
#[template(
    source = r#"{% extends "layout.html" %}{% block content %}{{ inner|safe }}{% endblock %}
{% block scripts %}{% for name in scripts %}<script type="module" src="{{ chrome.asset(name) }}"></script>{% endfor %}{% endblock %}"#,
    ext = "html",
    config = ".askama.toml"
)]
pub struct Bare {
    pub chrome: Chrome,
    pub inner: String,
    pub scripts: Vec<&'static str>,
}

fn chrome(title: &str) -> Chrome {
    Chrome {
        place: "清河村".to_owned(),
        csrf: "token".to_owned(),
        nav: vec![
            NavItem::new("/", "首页", "home"),
            NavItem::new("/notices", "公示", "megaphone"),
            NavItem::new("/code", "兑换码", "qr"),
            NavItem::new("/shop", "商品", "shop"),
            NavItem::new("/me", "我的", "person"),
        ],
        path: "/code".to_owned(),
        ..Chrome::new(T(Lang::Zh), title)
    }
}

fn page(title: &str, inner: String, scripts: &[&'static str]) -> Response {
    let mut response = Page(Bare { chrome: chrome(title), inner, scripts: scripts.to_vec() }).into_response();
    response.headers_mut().insert("content-security-policy", POLICY.parse().unwrap());
    response
}

async fn scan() -> Response {
    let (csrf, action, decode) = ("token".to_owned(), "/found".to_owned(), "/decode".to_owned());
    let carried = vec![("counter".to_owned(), "C1".to_owned())];
    let part = ScanBox { t: T(Lang::Zh), csrf, action, decode, submit: "查询".to_owned(), carried };
    page("收银台", part.render().unwrap(), &["scan.js"])
}

async fn wares() -> Response {
    let goods = super::camera::GOODS.to_vec();
    Page(super::camera::Wares { chrome: chrome("收银台"), goods }).into_response()
}

#[derive(serde::Deserialize)]
struct Look {
    #[serde(default)]
    reads: decode::Reads,
}

async fn decoded(Query(look): Query<Look>, headers: HeaderMap, body: Bytes) -> Response {
    assert_eq!(headers["x-csrf-token"], "token");
    match decode::read(&body, look.reads) {
        Ok(Some(text)) => axum::Json(serde_json::json!({ "text": text })).into_response(),
        Ok(None) => StatusCode::NO_CONTENT.into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

async fn found(Form(form): Form<HashMap<String, String>>) -> Html<String> {
    Html(format!("<p id=\"code\">{}</p><p id=\"counter\">{}</p>", form["code"], form["counter"]))
}

async fn code(State(drawn): State<Arc<AtomicU32>>) -> Response {
    let digits = format!("{:048}", drawn.fetch_add(1, Ordering::Relaxed));
    let svg = qr::svg(&digits).unwrap();
    let part = LiveCode { t: T(Lang::Zh), svg, digits, seconds: 4 };
    page("兑换码", part.render().unwrap(), &["code.js"])
}

async fn basket() -> Response {
    let good = |key: &str, name: &str, price: u32| {
        format!(
            "<li data-key=\"{name}{key}\" data-price=\"{price}\"><b>{name}</b><span class=\"stepper\" data-less=\"减一\" \
             data-more=\"加一\"><input type=\"number\" name=\"{key}\" min=\"0\" max=\"99\" value=\"0\"></span></li>"
        )
    };
    let inner = format!(
        "<form method=\"post\" data-basket data-balance=\"3500\"><input type=\"search\" data-filter=\"#goods\">\
         <ul class=\"goods\" id=\"goods\">{}{}</ul><div class=\"basket\"><span class=\"sum\" data-sum>0</span>\
         <span data-left></span><b data-over hidden>不够</b><button class=\"button primary\" data-buy>兑换</button></div></form>",
        good("juanzhi", "卷纸", 2000),
        good("xiyiye", "洗衣液", 1250),
    );
    page("收银台", inner, &["basket.js"])
}

async fn frame(Path(elder): Path<String>) -> Response {
    let inner = "<div class=\"balance\"><p>可用</p><p class=\"amount\">1234.5<small>分</small></p><dl class=\"facts\"><dt>冻结</dt>\
        <dd>20分</dd></dl></div><ul class=\"tiles\"><li class=\"tile\">申报加分</li><li class=\"tile\">积分规则</li></ul>\
        <table class=\"list\"><thead><tr><th>日期</th><th>事项</th><th class=\"num\">分</th></tr></thead><tbody><tr>\
        <td data-label=\"日期\">2026-06-10</td><td data-label=\"事项\">参加环境卫生整治</td><td class=\"num plus\" data-label=\"分\">+5</td>\
        </tr></tbody></table><p><span class=\"badge good\">已入账</span> <span class=\"light warn\">待核对</span></p>\
        <label class=\"choice\"><input type=\"radio\" checked>打扫公共区域<span class=\"num\">5分</span></label>\
        <div class=\"field\"><label for=\"a\">户号</label><input id=\"a\"><span class=\"hint\">例如 H0001</span></div>\
        <div class=\"actions\"><button class=\"button primary big\">提交</button><button class=\"button\">返回</button></div>"
        .to_owned();
    let flash = Some(Flash { tone: Tone::Good, text: "扣20分，余35分".to_owned() });
    let audience = if elder == "staff" { Audience::Staff } else { Audience::Resident };
    let chrome = Chrome {
        elder: elder == "elder",
        flash,
        audience,
        user: Some("李文书".to_owned()),
        ..chrome("首页")
    };
    Page(Bare { chrome, inner, scripts: Vec::new() }).into_response()
}

pub async fn serve() -> String {
    let app = Router::new()
        .route("/scan", get(scan))
        .route("/decode", post(decoded))
        .route("/found", post(found))
        .route("/wares", get(wares))
        .route("/shop/scan", post(decoded))
        .route("/code", get(code))
        .route("/basket", get(basket))
        .route("/frame/{view}", get(frame))
        .merge(assets::routes())
        .with_state(Arc::new(AtomicU32::new(1)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    format!("http://{address}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_held_before_the_camera_is_read_and_posted() {
    let (site, browser) = (serve().await, Chromium::start().await);
    browser.hold_code(DIGITS);
    browser.open(&format!("{site}/scan")).await;
    browser.click("[data-start]").await;
    assert_eq!(browser.text("#code").await, DIGITS);
    assert_eq!(browser.text("#counter").await, "C1");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_whose_own_detector_is_broken_still_reads_the_code() {
    let broken = "--enable-blink-features=BarcodeDetector";
    let (site, browser) = (serve().await, Chromium::with(Camera::Allowed, &[broken]).await);
    browser.hold_code(DIGITS);
    browser.open(&format!("{site}/scan")).await;
    assert_eq!(browser.script("return 'BarcodeDetector' in window").await, true);
    browser.click("[data-start]").await;
    assert_eq!(browser.text("#code").await, DIGITS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_camera_a_photo_and_a_scanner_gun_do() {
    let (site, browser) = (serve().await, Chromium::with(Camera::None, &[]).await);
    browser.open(&format!("{site}/scan")).await;
    browser.click("[data-start]").await;
    browser.wait("[data-say]:not(:empty)").await;
    assert_eq!(browser.text("[data-say]").await, T(Lang::Zh).scan_no_camera());

    let folder = tempfile::tempdir().unwrap();
    let photo = folder.path().join("photo.png");
    let symbol = qrcode::QrCode::new(DIGITS).unwrap();
    let side = u32::try_from(symbol.width()).unwrap();
    let colors = symbol.to_colors();
    let picture = image::GrayImage::from_fn((side + 8) * 30, (side + 8) * 30, |x, y| {
        let (column, row) = ((x / 30).wrapping_sub(4), (y / 30).wrapping_sub(4));
        let place = usize::try_from(row.wrapping_mul(side).wrapping_add(column)).unwrap();
        let dark = column < side && row < side && colors[place] == qrcode::Color::Dark;
        image::Luma([if dark { 30 } else { 230 }])
    });
    picture.save(&photo).unwrap();
    browser.wait("#scan-photo").await.send_keys(photo.to_str().unwrap()).await.unwrap();
    assert_eq!(browser.text("#code").await, DIGITS);

    // A gun is a keyboard; with a Chinese input method on, its digits come full width, and Enter follows.
    browser.open(&format!("{site}/scan")).await;
    browser.wait("#scan-text").await.send_keys("１２３４ 567-890\u{E007}").await.unwrap();
    assert_eq!(browser.text("#code").await, "1234567890");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_camera_says_what_to_do_instead() {
    let (site, browser) = (serve().await, Chromium::with(Camera::Refused, &[]).await);
    browser.open(&format!("{site}/scan")).await;
    browser.click("[data-start]").await;
    browser.wait("[data-say]:not(:empty)").await;
    assert_eq!(browser.text("[data-say]").await, T(Lang::Zh).scan_refused());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_live_code_renews_itself_before_it_lapses() {
    let (site, browser) = (serve().await, Chromium::with(Camera::None, &[]).await);
    browser.open(&format!("{site}/code")).await;
    let first = browser.text(".code .digits").await;
    // Filled only when a new code has arrived; a code that had lapsed first would say so instead.
    browser.wait("[data-say]:not(:empty)").await;
    let said = browser.script("return document.querySelector('[data-say]').textContent").await;
    assert_eq!(said, T(Lang::Zh).code_renewed());
    assert_ne!(browser.text(".code .digits").await, first);
    browser.screenshot("kit-code").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_basket_adds_up_and_stops_at_the_balance() {
    let (site, browser) = (serve().await, Chromium::with(Camera::None, &[]).await);
    browser.open(&format!("{site}/basket")).await;
    let more = "[data-key*=juanzhi] button:last-child";
    browser.click(more).await;
    browser.click("[data-key*=xiyiye] button:last-child").await;
    assert_eq!(browser.text("[data-sum]").await, "32.5");
    assert_eq!(browser.text("[data-left]").await, "2.5");
    browser.click(more).await;
    browser.wait(".basket.over").await;
    assert_eq!(browser.script("return document.querySelector('[data-buy]').disabled").await, true);
    browser.fill("[data-filter]", "xiyi").await;
    assert_eq!(
        browser.script("return document.querySelectorAll('#goods > li:not([hidden])').length").await,
        1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_is_wider_than_a_small_phone_and_large_type_is_large() {
    let (site, browser) = (serve().await, Chromium::with(Camera::None, &[]).await);
    for (view, least) in [("standard", 18.0), ("elder", 24.0), ("staff", 18.0)] {
        browser.open(&format!("{site}/frame/{view}")).await;
        browser.viewport(super::chromium::PHONE).await;
        let size = browser.script("return parseFloat(getComputedStyle(document.body).fontSize)").await;
        assert!(size.as_f64().unwrap() >= least, "{view}: {size}");
        let over = browser.script("return document.documentElement.scrollWidth - innerWidth").await;
        assert_eq!(over, 0, "{view}");
        browser.screenshot(&format!("kit-{view}")).await;
        browser.viewport(DESK).await;
        browser.screenshot(&format!("kit-{view}-desk")).await;
    }
}
