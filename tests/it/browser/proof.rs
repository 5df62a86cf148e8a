//! The page behind a receipt checks the proof by itself, and says so when it does not hold.

use axum::{Router, extract::State, response::Html, routing::get};
use greencoin::{
    cli,
    http::{AppState, state::Site},
    web,
};

use super::chromium::Chromium;
use crate::{
    proof_pages::stranger,
    village::{SOAP, Village},
};

async fn serve(app: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    format!("http://{address}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipts_page_verifies_its_proof_in_the_browser_and_notices_a_forged_one() {
    let v = Village::new().await;
    v.give(0, 50).await;
    let receipt = v.redeem(&v.code(0).await, &[(SOAP, 2)], "k1").await.unwrap();
    v.desk.sign_head(v.book).await.unwrap();
    let address = v.desk.proof_address(v.book, receipt.seq).await.unwrap();
    let honest = stranger(&v).get(&address).await.expect(200).text();
    // another place in the log under the same proof, and another signature under the same head
    let forged_place = honest.replacen("\nindex ", "\nindex 1", 1);
    let signature = honest
        .find("— greencoin/book/")
        .and_then(|dash| honest.get(dash..)?.find("</pre>").map(|n| dash + n));
    let last = signature.unwrap_or_else(|| panic!("{honest}")) - 12;
    let change = |(n, c): (usize, char)| if n == last { if c == 'A' { 'B' } else { 'A' } } else { c };
    let forged_signature: String = honest.char_indices().map(change).collect();
    let state = AppState::new(v.desk.clone(), Site::default(), None, web::frame::error_page);
    let pages = Router::new()
        .route("/forged/entry", get(|State(page): State<String>| async move { Html(page) }))
        .with_state(forged_place)
        .merge(
            Router::new()
                .route("/forged/signature", get(|State(page): State<String>| async move { Html(page) }))
                .with_state(forged_signature),
        )
        .merge(cli::app(state));
    let (site, browser) = (serve(pages).await, Chromium::start().await);

    browser.open(&format!("{site}{address}")).await;
    browser.wait("[data-say='path-good']:not([hidden])").await;
    browser
        .wait("[data-say='signature-good']:not([hidden]), [data-say='signature-unknown']:not([hidden])")
        .await;
    assert_eq!(browser.text("[data-field='kind']").await, "redemption");
    assert_eq!(browser.text("[data-field='seq']").await, receipt.seq.to_string());
    let lines = browser.text("[data-field='lines']").await;
    assert!(
        lines.contains("Liabilities:Households:H0001:Available") && lines.contains("10 POINT"),
        "{lines}"
    );
    assert_eq!(browser.console(), Vec::<String>::new());

    browser.open(&format!("{site}/forged/entry")).await;
    browser.wait("[data-say='path-bad']:not([hidden])").await;
    assert_eq!(browser.script("return document.querySelector('[data-entry]').hidden").await, true);

    browser.open(&format!("{site}/forged/signature")).await;
    browser.wait("[data-say='path-good']:not([hidden])").await;
    browser
        .wait("[data-say='signature-bad']:not([hidden]), [data-say='signature-unknown']:not([hidden])")
        .await;
}
