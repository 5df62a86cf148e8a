//! What leaves the printer: sheets of cards, notices for the board, slips.

use super::{chromium, kit::Bare};
use axum::{Router, routing::get};
use greencoin::{
    domain::lang::Lang,
    text::T,
    web::{
        assets,
        page::{Chrome, Page},
        qr,
    },
};

async fn serve(inner: String) -> String {
    let page = move || {
        let chrome = Chrome::new(T(Lang::Zh), "打印");
        let inner = inner.clone();
        async move { Page(Bare { chrome, inner, scripts: Vec::new() }) }
    };
    let app = Router::new().route("/", get(page)).merge(assets::routes());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    format!("http://{address}/")
}

async fn print(inner: String, name: &'static str) -> usize {
    let site = serve(inner).await;
    tokio::task::spawn_blocking(move || chromium::print(&site, name)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_cards_fill_one_sheet_and_the_eleventh_takes_another() {
    let card = |number: usize| {
        let svg = qr::svg(&format!("20{number:046}")).unwrap();
        format!(
            "<div class=\"card-face\"><div><b>张{number}</b>清河村 H{number:04}<p class=\"digits\">12345 {number:05}</p>\
             <small>遗失请告诉村文书</small></div>{svg}</div>"
        )
    };
    let sheet = |count| format!("<div class=\"cards\">{}</div>", (1..=count).map(card).collect::<String>());
    assert_eq!(print(sheet(10), "kit-cards").await, 1);
    assert_eq!(print(sheet(11), "kit-cards-more").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_of_twenty_lines_takes_few_sheets_and_repeats_its_heading() {
    let lines: String = (1..=20)
        .map(|n| format!("<tr><td data-label=\"户\">H{n:04} 张*{n}</td><td data-label=\"事项\">参加环境卫生整治</td><td class=\"num\">+5</td></tr>"))
        .collect();
    let sheet = format!(
        "<div class=\"sheet\"><h2 class=\"title\">积分公示</h2><p>公示期：2026年6月3日至6月10日。有异议请向村文书提出。</p>\
         <table class=\"list\"><thead><tr><th>户</th><th>事项</th><th class=\"num\">分</th></tr></thead><tbody>{lines}</tbody></table>\
         <p class=\"seal\">清河村村民委员会</p><div class=\"signatures\"><span>评议小组：</span><span>监督委员会：</span></div></div>"
    );
    assert_eq!(print(sheet, "kit-notice").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slip_is_one_narrow_strip() {
    let slip = "<div class=\"slip receipt\"><b>绿币爱心超市</b><p>卷纸 × 1</p><p class=\"total\"><span>扣</span><span>20分</span></p>余35分</div>";
    assert_eq!(print(slip.to_owned(), "kit-slip").await, 1);
}
