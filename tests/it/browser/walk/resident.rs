//! The household: objects to a line, sees what it has and why, shows its code, keeps the receipt.

use crate::browser::{chromium::Chromium, place::Place};

pub async fn objects(phone: &Chromium, place: &Place, household: &str, notice: &str) {
    phone.sign_in_household(place, household).await;
    phone.open(&place.url(&format!("/my/notices/{notice}"))).await;
    let own = "const row = [...document.querySelectorAll('tbody tr')].find((row) => row.innerText.includes('王*明'));
        return row.querySelector('a').getAttribute('href')";
    let link = phone.script(own).await;
    phone.follow(&format!("a[href='{}']", link.as_str().unwrap())).await;
    phone.fill("textarea[name=content]", "检查那天我家没有人在").await;
    phone.follow("form:has(textarea) button.primary").await;
    phone.wait(".flash.good").await;
    phone.sign_out().await;
}

/// The clock of an objected line stands still: nothing was posted, nothing was lost.
pub async fn still_waits(phone: &Chromium, place: &Place, household: &str) {
    phone.sign_in_household(place, household).await;
    let line = "return [...document.querySelectorAll('.card:has(.badge.warn)')].map((card) => card.innerText).join()";
    let line = phone.script(line).await;
    assert!(line.as_str().unwrap().contains("门前三包"), "{line}");
    phone.sign_out().await;
}

/// Returns the digits of the code on the screen.
pub async fn sees_points_and_shows_code(phone: &Chromium, place: &Place, household: &str) -> String {
    phone.sign_in_household(place, household).await;
    assert!(phone.text(".balance .amount").await.starts_with("20"));
    phone.screenshot("zh/360/walk-home").await;
    phone.follow("a[href='/my/statement']").await;
    phone.script("for (const fold of document.querySelectorAll('details')) fold.open = true").await;
    let why = "return [...document.querySelectorAll('main .card')].map((card) => card.innerText).find((text) => text.includes('志愿服务'))";
    let why = phone.script(why).await;
    for word in ["+4", "刘芳", "陈立群", "第4号公示"] {
        assert!(why.as_str().unwrap().contains(word), "{word} is missing: {why}");
    }
    phone.follow("nav a[href='/my/code']").await;
    let shown = phone.text(".code .digits").await;
    let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(digits.len(), 48);
    digits
}

pub async fn has_the_receipt(phone: &Chromium, place: &Place) {
    phone.open(&place.url("/my/receipts")).await;
    phone.follow("main a.card").await;
    assert_eq!(phone.text("main .amount").await, super::SAID);
    phone.sign_out().await;
}
