//! A rule set's life in a real browser: drafted, commented on by a household, checked, deliberated four times, disclosed,
//! filed by the township, announced, and read as the rules in force on a phone.

use super::{
    chromium::{Chromium, DESK, PHONE},
    place::Place,
};

const DAY: i64 = 24 * 60 * 60;

/// The page of the proposal, and the browser of whoever's turn it is.
struct Turn<'a> {
    place: &'a Place,
    office: &'a Chromium,
    page: String,
}

impl Turn<'_> {
    /// Somebody signs in, takes steps on the page and signs out.
    async fn of(&self, login: &str, steps: impl AsyncFnOnce(&Chromium)) {
        self.office.sign_in(self.place, login).await;
        self.office.open(&self.place.url(&self.page)).await;
        steps(self.office).await;
        self.office.sign_out().await;
    }

    /// Presses the button of a step, and reads that it was taken.
    async fn press(&self, action: &str) {
        let form = format!("form:has(input[name=action][value={action}]) button");
        self.office.follow(&form).await;
        self.office.wait(".flash.good").await;
    }

    /// The clerk enters a meeting at which all nine came and eight agreed.
    async fn meeting(&self, action: &str) {
        for (name, number) in
            [("entitled", "9"), ("present", "9"), ("yes", "8"), ("no", "1"), ("abstain", "0")]
        {
            self.office.fill(&format!("input[name={name}]"), number).await;
        }
        self.office.fill("#minutes", "逐条宣读，举手表决").await;
        self.press(action).await;
    }
}

async fn drafts(office: &Chromium, place: &Place) -> String {
    office.sign_in(place, "clerk").await;
    office.open(&place.url("/rules")).await;
    // the draft that is under way is taken back: one of a kind at a time
    office.follow("main td a[href^='/rules/']").await;
    office.script("for (const fold of document.querySelectorAll('details')) fold.open = true").await;
    office.fill("#back", "与新提案合并").await;
    office.follow("form:has(input[value=withdraw]) button").await;
    office.open(&place.url("/rules")).await;
    office.script("for (const fold of document.querySelectorAll('details')) fold.open = true").await;
    office.fill("#title-t", "邻里互助提高分值").await;
    office.follow("form:has(#title-t) button.primary").await;
    let page = office.client.current_url().await.unwrap().path().to_owned();
    office.script("document.querySelector('#target').value = 'item D3'; document.querySelector('#key').value = 'points'").await;
    office.fill("#value", "8").await;
    office.fill("#ground", "村民代表建议").await;
    office.follow("form:has(input[value=put]) button").await;
    assert!(office.text("main").await.contains("分值 +5分 → +8分"));
    office.follow("form:has(input[name=action][value=comment]) button").await;
    office.wait(".flash.good").await;
    office.sign_out().await;
    page
}

/// A household reads what would change and says something.
async fn comments(phone: &Chromium, place: &Place) {
    phone.viewport(PHONE).await;
    phone.sign_in_household(place, "H0001").await;
    phone.open(&place.url("/my/rules")).await;
    phone.follow("main a[href^='/my/proposals/']").await;
    assert!(phone.text("main").await.contains("分值 +5分 → +8分"));
    phone.fill("#words", "照看老人也应该加").await;
    phone.follow("form[action^='/my/proposals/'] button").await;
    phone.screenshot("zh/360/proposal-said").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_set_goes_from_draft_to_force_on_pages_alone() {
    let (place, office, phone) = (Place::open().await, Chromium::start().await, Chromium::start().await);
    office.viewport(DESK).await;
    let page = drafts(&office, &place).await;
    comments(&phone, &place).await;
    place.pass(8 * DAY);

    let turn = Turn { place: &place, office: &office, page };
    turn.of("review1", async |office| {
        assert!(office.text("main").await.contains("照看老人也应该加"));
        office.fill("input[id^='a-']", "下一版一并考虑").await;
        office.follow("form[action^='/rules/voices/'] button[value=no]").await;
        office.fill("#found", "逐条对照，没有问题").await;
        turn.press("check").await;
    })
    .await;
    turn.of("clerk", async |office| {
        for meeting in ["branch", "committees", "members"] {
            turn.meeting(meeting).await;
        }
        office.script("document.querySelector('#body').value = 'households'").await;
        turn.meeting("assembly").await;
        office.screenshot("zh/1280/proposal-resolved").await;
    })
    .await;
    turn.of("review1", async |office| {
        office.fill("#place", "村务公开栏").await;
        turn.press("disclose").await;
    })
    .await;
    place.pass(8 * DAY);
    turn.of("clerk", async |_| turn.press("file").await).await;
    turn.of("town", async |office| {
        office.fill("#filing", "松溪备〔2026〕9号").await;
        office.follow("button[value=accept]").await;
        office.wait(".flash.good").await;
    })
    .await;
    turn.of("clerk", async |office| {
        office.fill("#board", "村务公开栏").await;
        turn.press("announce").await;
        office.screenshot("zh/1280/proposal-announced").await;
    })
    .await;

    // the browser keeps its household signed in for less than that
    place.pass(40 * DAY);
    phone.sign_in_household(&place, "H0001").await;
    phone.open(&place.url("/my/rules")).await;
    let told = phone.script(
        "const all = document.querySelector('main').textContent; return all.slice(all.indexOf('D3 邻里互助')).slice(0, 60)",
    );
    let told = told.await;
    assert!(told.as_str().unwrap().contains("+8分"), "{told}");
    phone.screenshot("zh/360/rules-in-force").await;
    drop((phone, office));
    place.close().await;
}
