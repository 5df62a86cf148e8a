//! An objection from end to end, as people make it: somebody on a phone who gives no name, the clerk, a decider, the phone
//! again, the township. And the same sheet on larger paper.

use greencoin::{
    domain::{household::HouseholdNo, ids::ObjectionId},
    service::{
        award::{Evidence, NewAward, review::Verdict},
        caller::{Clerk, Recorder, Resident, Reviewer},
        notice::NewNotice,
        objection::Objector,
    },
    store::household,
};

use super::{
    chromium::{Chromium, PHONE},
    people::at_work,
    place::Place,
};

/// Four mu of a household on a sheet that hangs, and a neighbour who says that they are fewer.
async fn four_mu_disputed(place: &Place) -> ObjectionId {
    let (clerk, book) = at_work(place, "clerk").await;
    let mut tx = place.desk.db.begin_read().await.unwrap();
    let mut homes = Vec::new();
    for no in ["H0002", "H0004"] {
        let no: HouseholdNo = no.parse().unwrap();
        homes.push(household::by_no(&mut tx, book, &no).await.unwrap().unwrap().id);
    }
    drop(tx);
    let set = place.desk.ruleset_for(book, place.desk.today()).await.unwrap();
    let new = NewAward {
        household: Some(homes[0]),
        person: None,
        item: "A7".to_owned(),
        quantity: 4.into(),
        grade: None,
        occurred_on: place.desk.today(),
        event_key: None,
        hours: None,
        evidence: Evidence::on_file(set.item("A7").unwrap(), "台账"),
        note: String::new(),
        on_behalf: None,
    };
    let row = place.desk.record_award(&Recorder::of(&clerk).unwrap(), new, "mu").await.unwrap();
    let mut publisher = None;
    for name in ["review1", "review2"] {
        let by = Reviewer::of(&at_work(place, name).await.0).unwrap();
        place.desk.review_award(&by, row.id, Verdict::Approve, "").await.unwrap();
        publisher = Some(by);
    }
    let sheet =
        NewNotice { title: "绿化面积".to_owned(), group: None, fund: "SERVICE".to_owned(), days: None };
    let clerk = Clerk::of(&clerk).unwrap();
    let sheet = place.desk.compile_notice(&clerk, &sheet).await.unwrap();
    place.desk.publish_notice(&publisher.unwrap(), sheet.id).await.unwrap();
    let neighbour = Objector::Resident(Resident { book, household: homes[1] });
    let objection = place.desk.object(&neighbour, row.id, "没有四亩").await.unwrap();
    place.desk.accept_objection(&clerk, objection.id).await.unwrap();
    objection.id
}

#[tokio::test(flavor = "multi_thread")]
async fn an_objection_is_answered_in_part_and_the_household_reads_what_is_left() {
    let (place, office, phone) = (Place::open().await, Chromium::start().await, Chromium::start().await);
    let objection = four_mu_disputed(&place).await;
    let page = place.url(&format!("/review/objections/{objection}"));
    office.sign_in(&place, "review3").await;
    office.open(&page).await;
    office.fill("#words", "实地丈量为两亩").await;
    office.fill("#quantity", "5").await;
    office.screenshot("zh/1280/objection-in-part").await;
    office.follow("button[value=in_part]").await;
    assert!(office.text("main").await.contains("只能改小"));
    office.fill("#quantity", "2").await;
    office.viewport(PHONE).await;
    office.screenshot("zh/360/objection-in-part").await;
    office.follow("button[value=in_part]").await;
    office.wait(".flash.good").await;
    office.open(&page).await;
    let decided = office.text("main").await;
    assert!(decided.contains("部分成立") && decided.contains("+10"), "{decided}");
    office.screenshot("zh/360/objection-partly-decided").await;
    office.sign_out().await;

    phone.viewport(PHONE).await;
    phone.sign_in_household(&place, "H0002").await;
    phone.open(&place.url("/my/objections")).await;
    phone.follow("main a.card").await;
    let told = phone.text("main").await;
    assert!(told.contains("部分成立") && told.contains("+10") && told.contains("重新公示"), "{told}");
    phone.screenshot("zh/360/my-objection-in-part").await;
    phone.fill("textarea[name=content]", "丈量时漏了一块地").await;
    phone.follow("main form button.primary").await;
    phone.wait(".flash.good").await;
    phone.sign_out().await;

    office.sign_in(&place, "town").await;
    office.open(&place.url("/township/appeals")).await;
    office.follow("main a[href^='/township/appeals/']").await;
    office.screenshot("zh/360/appeal-in-part").await;
    office.fill("#words", "漏量属实，按四亩").await;
    office.follow("button[value=uphold]").await;
    office.wait(".flash.good").await;
    office.sign_out().await;

    phone.sign_in_household(&place, "H0002").await;
    phone.open(&place.url("/my/objections")).await;
    phone.follow("main a.card").await;
    let ended = phone.text("main").await;
    assert!(ended.contains("恢复") && ended.contains("+20"), "{ended}");
    phone.screenshot("zh/360/my-objection-restored").await;
    drop((office, phone));
    place.close().await;
}

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
