//! An objection from end to end, as people make it: somebody on a phone who gives no name, the clerk, a decider, the phone
//! again, the township. And the same sheet on larger paper.

use super::{
    chromium::{Chromium, PHONE},
    place::Place,
};

/// Number and code, as the page tells them once.
async fn objects(phone: &Chromium, place: &Place) -> (String, String) {
    phone.viewport(PHONE).await;
    phone.open(&place.url("/board/1")).await;
    phone.speak("zh").await;
    phone.follow("main a[href='/board/1/2']").await;
    let page = phone.text("main").await;
    assert!(page.contains("张*国") && !page.contains("张建国") && !page.contains("H0001"), "{page}");
    phone.screenshot("zh/360/board-sheet").await;
    phone.follow("tbody a[href^='/board/1/2/']").await;
    phone.fill("textarea[name=content]", "那天门口堆着柴").await;
    phone.follow("form:has(textarea) button.primary").await;
    phone.screenshot("zh/360/board-ticket").await;
    (phone.text("dd:not(.mono) b").await, phone.text("dd.mono b").await)
}

async fn asks(phone: &Chromium, place: &Place, (number, code): &(String, String)) -> String {
    phone.open(&place.url("/board/1/answers")).await;
    phone.fill("input[name=objection]", number).await;
    phone.fill("input[name=ticket]", code).await;
    phone.follow("main form button").await;
    phone.text("main").await
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_without_a_name_objects_on_a_phone_and_goes_to_the_township() {
    let (place, office, phone) = (Place::open().await, Chromium::start().await, Chromium::start().await);
    let ticket = objects(&phone, &place).await;
    assert!(asks(&phone, &place, &ticket).await.contains("待受理"));

    office.sign_in(&place, "clerk").await;
    office.open(&place.url("/clerk/objections")).await;
    office.follow("main a.card").await;
    assert!(office.text("main").await.contains("那天门口堆着柴"));
    office.follow("form[action$='/accept'] button").await;
    office.wait(".flash.good").await;
    office.screenshot("zh/1280/objection-accepted").await;
    office.sign_out().await;

    office.sign_in(&place, "review3").await;
    office.open(&place.url("/review/objections")).await;
    office.follow("main a.card").await;
    office.fill("#words", "有照片，当天已清走").await;
    office.follow("button[value=dismiss]").await;
    office.wait(".flash.good").await;
    office.sign_out().await;

    assert!(asks(&phone, &place, &ticket).await.contains("有照片，当天已清走"));
    phone.fill("textarea[name=content]", "照片是前一天的").await;
    phone.follow("form[action='/board/1/appeal'] button").await;
    assert!(phone.text("main").await.contains("乡镇复核中"));
    phone.screenshot("zh/360/board-appeal").await;

    office.sign_in(&place, "town").await;
    office.open(&place.url("/township/appeals")).await;
    office.screenshot("zh/1280/appeals").await;
    office.follow("main a[href^='/township/appeals/']").await;
    office.fill("#words", "照片日期属实，维持").await;
    office.follow("button[value=dismiss]").await;
    office.wait(".flash.good").await;
    office.sign_out().await;

    let answer = asks(&phone, &place, &ticket).await;
    assert!(answer.contains("维持村级答复") && answer.contains("照片日期属实，维持"), "{answer}");
    drop((office, phone));
    place.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_prints_on_a3_and_its_text_for_the_chat_is_copied_masked() {
    let (place, browser) = (Place::open().await, Chromium::start().await);
    browser.sign_in(&place, "clerk").await;
    browser.open(&place.url("/clerk/notices")).await;
    let found =
        "return [...document.querySelectorAll('tbody tr')].find((row) => row.innerText.includes('公示中'))
        .querySelector('a').getAttribute('href')";
    let sheet = browser.script(found).await;
    browser.open(&place.url(sheet.as_str().unwrap())).await;
    browser.script("document.querySelector('details.fold').open = true").await;
    browser.click("button[data-copy='#chat-1']").await;
    let chat = browser.script("return document.querySelector('#chat-1').value").await;
    let chat = chat.as_str().unwrap().to_owned();
    assert!(chat.contains("张*国") && !chat.contains("H0001") && !chat.contains("张建国"), "{chat}");
    browser.follow("main a[href$='/print']").await;
    browser.follow("main a[href$='paper=a3']").await;
    let paper = browser.print("notice-a3").await;
    assert_eq!((paper.sheets, paper.millimetres), (1, (297, 420)), "{paper:?}");
    assert!(paper.text.contains("张*国") && paper.text.contains("村编号 1"), "{paper:?}");
    drop(browser);
    place.close().await;
}
