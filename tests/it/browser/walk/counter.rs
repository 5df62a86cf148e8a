//! The counter: the camera reads the code, goods are chosen, the receipt is said aloud; the same code again is refused.

use crate::browser::{chromium::Chromium, place::Place};

/// Sends the form that is about to be sent by hand, and loses the answer.
const LOSE_AN_ANSWER: &str = "
const [form, done] = [document.querySelector(\"form[action='/shop/redeem']\"), arguments[arguments.length - 1]];
fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) }).then((answer) => done(answer.url))";

/// Returns the address of the receipt.
pub async fn hands_out(office: &Chromium, place: &Place, digits: &str) -> String {
    office.sign_in(place, "shop1").await;
    // the camera is opened once; from then on it opens by itself
    office.click("[data-start]").await;
    office.wait("[data-stop]:not([hidden])").await;
    office.hold_code(digits);
    office.taps();
    office.open(&place.url("/shop")).await;
    let who = office.text(".balance").await;
    assert!(who.contains("张*国") && who.contains("20"), "{who}");
    office.click("li:has(#qty-2) .stepper button:last-child").await;
    assert_eq!(office.text("[data-sum]").await, "16");
    office.screenshot("zh/360/walk-basket").await;
    office.follow("[data-buy]").await;
    assert!(office.text("main .amount").await.contains("16"));
    let taps = office.taps();
    let lost = office.client.execute_async(LOSE_AN_ANSWER, Vec::new()).await.unwrap();
    office.follow("form[action='/shop/redeem'] button").await;
    let taps = taps + office.taps();
    assert!(taps <= 3, "from the page to the receipt it takes {taps} taps");
    assert_eq!(office.text("main .amount").await, super::SAID);
    office.screenshot("zh/360/walk-receipt").await;
    let receipt = office.client.current_url().await.unwrap().to_string();
    assert_eq!(lost.as_str().unwrap(), receipt, "a retry gives the same receipt");
    receipt
}

pub async fn refuses_the_same_code(office: &Chromium, receipt: &str) {
    office.follow("main a.button.primary").await;
    // it still lies before the camera, which does not take it again by itself
    office.wait("[data-stop]:not([hidden])").await;
    office.click("[data-stop]").await;
    office.turn(office.click("[data-start]")).await;
    assert!(office.text("[role=alert]").await.contains("用过"));
    office.follow("main a.tile[href^='/shop/today']").await;
    let receipts = "return [...document.querySelectorAll('tbody a')].map((a) => a.href)";
    let receipts = office.script(receipts).await;
    assert_eq!(receipts.as_array().unwrap().len(), 1, "goods are handed out once: {receipts}");
    assert!(receipt.starts_with(receipts[0].as_str().unwrap()));
    office.sign_out().await;
}
