//! The panel and claims in a real browser: a household claims in four taps, the clerk looks into it, the panel votes on
//! a phone one line at a time, the observer signs, the secretary closes, and the points come into the account.

use greencoin::service::demo::perform::lately;

use super::{
    chromium::{Chromium, DESK, PHONE},
    look::Found,
    place::Place,
};

/// A village whose panel sat yesterday and sits again today.
async fn village() -> Place {
    let place = Place::open().await;
    let now = place.desk.now();
    lately::lately(&place.desk, &place.clock, &super::place::plan()).await.unwrap();
    place.clock.set(now);
    place
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_from_a_phone_becomes_points_by_way_of_the_panel() {
    let place = village().await;
    let phone = Chromium::start().await;
    phone.viewport(PHONE).await;
    phone.sign_in_household(&place, "H0006").await;
    let taps = claim(&phone, &place).await;
    assert!(taps <= 4, "a claim takes {taps} taps: to the form, family, item, hand in");
    assert!(progress(&phone).await.contains("已收到"));
    phone.sign_out().await;

    let office = Chromium::start().await;
    office.sign_in(&place, "clerk").await;
    office.follow("a.tile[href='/clerk/claims']").await;
    let newest = "const all = document.querySelectorAll('main a.card'); return all[all.length - 1].getAttribute('href')";
    let address = office.script(newest).await;
    let address = address.as_str().unwrap().to_owned();
    office.follow(&format!("a[href='{address}']")).await;
    assert!(
        office
            .script("return document.querySelector('img.photo').decode().then(() => true)")
            .await
            .as_bool()
            .unwrap()
    );
    office.follow("form[action$='/check'] button").await;
    assert!(office.text("main").await.contains("网格员核实中"));
    office.follow("form[action$='/accept'] button").await;
    assert!(office.text(".flash.good").await.contains("等初审"));
    office.sign_out().await;

    office.sign_in(&place, "review1").await;
    office.open(&place.url("/review?step=review")).await;
    office.script("for (const box of document.querySelectorAll('input[name=id]')) box.checked = true").await;
    office.follow("form[action='/review'] button[value=approve]").await;
    office.sign_out().await;

    office.sign_in(&place, "clerk").await;
    office.open(&place.url("/clerk/sittings")).await;
    office.fill("#place", "村部会议室").await;
    office.follow("form[action='/clerk/sittings'] .basket button").await;
    let sitting = office.client.current_url().await.unwrap().path().to_owned();
    let id = sitting.rsplit('/').next().unwrap().to_owned();
    office.sign_out().await;

    for member in ["panel1", "panel2", "panel3", "panel4", "panel5"] {
        votes(&phone, &place, member, &id).await;
    }
    phone.sign_in(&place, "panel7").await;
    phone.open(&place.url(&format!("/review/sittings/{id}"))).await;
    phone.follow("form[action$='/attend'] button").await;
    let votes = phone.script("return document.querySelectorAll('button[name=vote]').length").await;
    assert_eq!(votes.as_u64(), Some(0), "an observer has no ballot");
    phone.screenshot("zh/360/panel-observer").await;
    phone.follow("form[action$='/observe'] button").await;
    phone.sign_out().await;

    office.sign_in(&place, "clerk").await;
    office.open(&place.url(&sitting)).await;
    office.viewport(DESK).await;
    office.screenshot("zh/1280/panel-secretary").await;
    office.fill("#minutes", "逐条宣读，逐条表决，全部通过。").await;
    office.follow("form[action$='/close'] button").await;
    assert!(office.text(".flash.good").await.contains("散会"));
    office.open(&place.url("/clerk/notices")).await;
    office.fill("input[name=title]", "六月评议公示").await;
    office.follow("form[action='/clerk/notices'] button.primary").await;
    let notice = office.client.current_url().await.unwrap().path().to_owned();
    office.sign_out().await;
    office.sign_in(&place, "review2").await;
    office.open(&place.url(&notice.replace("/clerk/", "/review/"))).await;
    office.follow("form[action$='/publish'] button").await;

    phone.sign_in_household(&place, "H0006").await;
    phone.open(&place.url("/my/claims")).await;
    assert!(progress(&phone).await.contains("公示至6月8日"));
    place.pass(6 * 24 * 60 * 60);
    assert!(place.tick().await.posted > 0);
    phone.open(&place.url("/my/claims")).await;
    assert!(progress(&phone).await.contains("已入账 +5分"));
    drop((phone, office));
    place.close().await;
}

/// Claims with a photo larger than what travels, which the phone makes small; how many taps it took beside the photo.
async fn claim(phone: &Chromium, place: &Place) -> usize {
    phone.open(&place.url("/my")).await;
    phone.taps();
    phone.follow("a.tile[href='/my/claims/new']").await;
    phone.click("details:has(input[value=D3]) > summary").await;
    phone.click("label.choice:has(input[value=D3])").await;
    let small = phone
        .client
        .execute_async(
            "const done = arguments[arguments.length - 1];
            const canvas = document.createElement('canvas');
            canvas.width = 2400; canvas.height = 1800;
            const ink = canvas.getContext('2d');
            for (let i = 0; i < 20000; i++) {
              ink.fillStyle = `hsl(${i * 37 % 360} 70% 50%)`;
              ink.fillRect(i * 97 % 2400, i * 61 % 1800, 30, 30);
            }
            canvas.toBlob((blob) => {
              const box = new DataTransfer();
              box.items.add(new File([blob], 'large.jpg', { type: 'image/jpeg' }));
              const input = document.querySelector('input[data-photo]');
              input.files = box.files;
              const before = input.files[0].size;
              input.dispatchEvent(new Event('change'));
              const wait = () => input.files[0].size < before ? done([before, input.files[0].size]) : setTimeout(wait, 20);
              wait();
            }, 'image/jpeg', 0.95);",
            Vec::new(),
        )
        .await
        .unwrap();
    let (before, after) = (small[0].as_u64().unwrap(), small[1].as_u64().unwrap());
    assert!(before > 200 * 1024 && after < before, "{before} → {after}");
    phone.screenshot("zh/360/claim-new").await;
    phone.follow("form[data-claim] .basket button").await;
    phone.taps()
}

/// What the newest claim's card says.
async fn progress(phone: &Chromium) -> String {
    phone.text("main a.card .badge").await
}

/// A member comes in and votes yes on every line that is theirs, one after the other.
pub(super) async fn votes(phone: &Chromium, place: &Place, member: &str, sitting: &str) {
    phone.sign_in(place, member).await;
    phone.open(&place.url(&format!("/review/sittings/{sitting}"))).await;
    phone.follow("form[action$='/attend'] button").await;
    loop {
        let open = phone
            .script("return document.querySelector('.flash.good') && document.body.innerText.includes('都投完了')")
            .await;
        if open.as_bool() == Some(true) {
            break;
        }
        phone.follow("button[name=vote][value=yes]").await;
    }
    if member == "panel1" {
        phone.screenshot("zh/360/panel-member").await;
    }
    phone.sign_out().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_the_panel_and_of_claims_are_sound() {
    let place = village().await;
    let browser = Chromium::start().await;
    let mut found = Found::default();
    let seen: [(&str, &[&str]); 4] = [
        ("clerk", &["/clerk/sittings", "/clerk/claims", "/clerk/claims/new", "/clerk/elsewhere"]),
        ("panel1", &["/review", "/review/sittings"]),
        ("panel7", &["/review/sittings"]),
        ("town", &["/township/bodies?v=1"]),
    ];
    for (login, pages) in seen {
        browser.sign_in(&place, login).await;
        look(&browser, &place, login, pages, &mut found).await;
        browser.sign_out().await;
    }
    browser.sign_in_household(&place, "H0001").await;
    look(&browser, &place, "home", &["/my", "/my/claims/new", "/my/claims"], &mut found).await;
    browser.view("elder").await;
    look(&browser, &place, "elder", &["/my/claims/new", "/my/claims"], &mut found).await;
    found.settle();
    drop(browser);
    place.close().await;
}

/// Looks at pages, and at the first and the last thing that each of them lists.
async fn look(browser: &Chromium, place: &Place, who: &str, pages: &[&str], found: &mut Found) {
    for page in pages {
        browser.open(&place.url(page)).await;
        let name: String = page.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        found.look(browser, "zh", &format!("{who}{name}")).await;
        let listed = browser
            .script(
                "const all = [...document.querySelectorAll('main a.card[href]')].map((a) => a.getAttribute('href'));
                return [...new Set([all[0], all[all.length - 1]])].filter(Boolean)",
            )
            .await;
        for (n, link) in listed.as_array().unwrap().iter().enumerate() {
            browser.open(&place.url(link.as_str().unwrap())).await;
            found.look(browser, "zh", &format!("{who}{name}-{n}")).await;
        }
    }
}
