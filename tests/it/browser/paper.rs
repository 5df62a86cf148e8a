//! What leaves the printer: the notice for the board, a group's cards, the slip of the counter, and how much of each
//! goes on a sheet. The real pages, printed by those who print them.

use super::{
    chromium::{A4, Chromium, Paper},
    kit::Bare,
    place::Place,
};
use axum::{Router, routing::get};
use greencoin::{
    domain::lang::Lang,
    service::decode,
    text::T,
    web::{
        assets,
        page::{Chrome, Page},
        qr,
    },
};

/// Words of the site around a page, which have no business on paper.
const OF_THE_SITE: [&str; 6] = ["今日待办", "收银台", "退出", "长辈版", "演示", "投诉建议"];
/// People of the village by their full names.
const NAMES: [&str; 6] = ["张建国", "李秀英", "王小明", "欧阳秀华", "杨㛃", "买买提"];

#[track_caller]
fn shows(paper: &Paper, wanted: &[&str], unwanted: &[&[&str]]) {
    let missing: Vec<_> = wanted.iter().filter(|word| !paper.text.contains(**word)).collect();
    let extra: Vec<_> = unwanted.concat().into_iter().filter(|word| paper.text.contains(word)).collect();
    assert!(missing.is_empty() && extra.is_empty(), "lacks {missing:?}, has {extra:?}: {}", paper.text);
}

/// Opens the first sheet of the list in the state that `word` names, and returns what the page says.
async fn open_sheet(browser: &Chromium, place: &Place, word: &str) -> String {
    browser.open(&place.url("/clerk/notices")).await;
    let found = format!(
        "return [...document.querySelectorAll('tbody tr')].find((row) => row.innerText.includes('{word}')).querySelector('a').href"
    );
    let address = browser.script(&found).await;
    browser.open(address.as_str().unwrap()).await;
    browser.text("main").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_prints_on_a4_with_masked_names_and_nothing_of_the_site() {
    let (place, browser) = (Place::open().await, Chromium::start().await);
    browser.sign_in(&place, "clerk").await;
    let page = open_sheet(&browser, &place, "公示中").await;
    assert!(page.contains("青禾村公示栏"), "where it hangs: {page}");
    browser.follow("main a[href$='/print']").await;
    let paper = browser.print("notice").await;
    assert_eq!((paper.sheets, paper.millimetres), (1, A4));
    let wanted = [
        "绿币积分公示",
        "一组（上村）公示栏",
        "张*国",
        "欧阳*华",
        "门前三包",
        "+2分",
        "2026-06-05",
        "账本校验头",
    ];
    shows(&paper, &wanted, &[&OF_THE_SITE, &NAMES]);
    drop(browser);
    place.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_a_sheet_that_does_not_hang_yet_wait_to_be_posted_up() {
    let (place, browser) = (Place::open().await, Chromium::start().await);
    browser.sign_in(&place, "clerk").await;
    let page = open_sheet(&browser, &place, "待核对发布").await;
    assert!(page.contains("待张贴") && !page.contains("公示中"), "{page}");
    browser.open(&place.url("/clerk")).await;
    let todo = browser.text(".todo").await;
    let todo: String = todo.split_whitespace().collect();
    assert!(todo.contains("待张贴1") && todo.contains("公示中的条目1"), "{todo}");
    drop(browser);
    place.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printed_card_names_nobody_and_its_symbol_opens_the_household() {
    let (place, browser) = (Place::open().await, Chromium::start().await);
    browser.sign_in(&place, "clerk").await;
    browser.open(&place.url("/clerk/cards")).await;
    let choose = "[...document.querySelectorAll('#group option')].find((o) => o.text.includes('一组')).selected = true";
    browser.script(choose).await;
    browser.follow("form[action='/clerk/cards/print'] button").await;
    let paper = browser.print("cards").await;
    assert_eq!((paper.sheets, paper.millimetres), (1, A4));
    shows(&paper, &["H0001", "H0004", "村编号 1", "挂失"], &[&OF_THE_SITE, &NAMES]);
    let symbol = browser.wait(".card-face svg.qr").await.screenshot().await.unwrap();
    let digits = decode::decode(&symbol).unwrap().expect("the printed symbol is read");
    assert!(digits.len() == 48 && digits.starts_with("20"), "{digits}");
    browser.put_paper_away().await;

    browser.open(&place.url("/clerk/record")).await;
    browser.turn(browser.fill("#scan-text", &digits)).await;
    assert!(browser.text("main").await.contains("H0001 张建国"));
    drop(browser);
    place.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_prints_on_one_narrow_strip_with_a_masked_name() {
    let (place, browser) = (Place::open().await, Chromium::start().await);
    browser.sign_in(&place, "shop1").await;
    browser.follow("main a.tile[href^='/shop/today']").await;
    let day = "document.querySelector('#day').value = '2026-05-08'";
    browser.script(day).await;
    browser.follow("form[role=search] button").await;
    browser.follow("tbody a").await;
    let paper = browser.print("slip").await;
    assert_eq!((paper.sheets, paper.millimetres.0), (1, 58));
    shows(&paper, &["凭条第1号", "香皂", "张*国", "钱桂花", "签字"], &[&OF_THE_SITE, &NAMES, &["下一位"]]);
    drop(browser);
    place.close().await;
}

/// Prints a page that holds nothing but `inner`.
async fn sample(inner: String, name: &'static str) -> Paper {
    let page = move || {
        let chrome = Chrome::new(T(Lang::Zh), "打印");
        let inner = inner.clone();
        async move { Page(Bare { chrome, inner, scripts: Vec::new() }) }
    };
    let app = Router::new().route("/", get(page)).merge(assets::routes());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let browser = Chromium::start().await;
    browser.open(&format!("http://{address}/")).await;
    browser.print(name).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_cards_fill_one_sheet_and_the_eleventh_takes_another() {
    let card = |number: usize| {
        let svg = qr::svg(&format!("20{number:046}")).unwrap();
        format!(
            "<div class=\"card-face\"><div><b>绿币</b>H{number:04}<p class=\"digits\">12345 {number:05}</p>\
             <small>遗失请告诉村文书</small></div>{svg}</div>"
        )
    };
    let sheet = |count| format!("<div class=\"cards\">{}</div>", (1..=count).map(card).collect::<String>());
    assert_eq!(sample(sheet(10), "kit-cards").await.sheets, 1);
    assert_eq!(sample(sheet(11), "kit-cards-more").await.sheets, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_of_twenty_lines_takes_two_sheets() {
    let lines: String = (1..=20)
        .map(|n| {
            format!("<tr><td>H{n:04} 张*{n}</td><td>参加环境卫生整治</td><td class=\"num\">+5</td></tr>")
        })
        .collect();
    let sheet = format!(
        "<div class=\"sheet\"><h2 class=\"title\">积分公示</h2><p>公示期：2026年6月3日至6月10日。有异议请向村文书提出。</p>\
         <table class=\"list\"><thead><tr><th>户</th><th>事项</th><th class=\"num\">分</th></tr></thead><tbody>{lines}</tbody></table>\
         <p class=\"seal\">清河村村民委员会</p><div class=\"signatures\"><span>评议小组：</span><span>监督委员会：</span></div></div>"
    );
    let paper = sample(sheet, "kit-notice").await;
    assert_eq!((paper.sheets, paper.millimetres), (2, A4));
}
