//! A matter from end to end, as people make it: a photo on a phone, the clerk, the group's head, a reviewer, the public
//! list, and the points on the notice in words that tell nothing of it.

use super::{
    chromium::{Chromium, DESK, PHONE},
    look::Found,
    place::Place,
    walk::{clerk, review},
};

/// A photo as a camera makes it, of some megabytes, put into the field as a person would choose it.
const TAKE: &str = r#"
const done = arguments[arguments.length - 1];
const canvas = document.createElement("canvas");
canvas.width = 2400; canvas.height = 1800;
const pen = canvas.getContext("2d");
for (let n = 0; n < 4000; n += 1) {
  pen.fillStyle = `hsl(${(n * 47) % 360} 80% ${20 + (n * 13) % 60}%)`;
  pen.fillRect((n * 97) % 2400, (n * 61) % 1800, 90, 70);
}
canvas.toBlob((blob) => {
  const input = document.querySelector("input[data-photo]");
  const box = new DataTransfer();
  box.items.add(new File([blob], "lamp.jpg", { type: "image/jpeg" }));
  input.files = box.files;
  const before = input.files[0].size;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  const look = () => {
    const now = input.files[0].size;
    if (now < before) done([before, now]); else setTimeout(look, 20);
  };
  look();
}, "image/jpeg", 0.95);"#;

async fn step(office: &Chromium, value: &str) {
    office.follow(&format!("button[name=step][value={value}]")).await;
    office.wait(".flash.good").await;
}

/// The page of the newest matter, from the list.
async fn opens(office: &Chromium, place: &Place, list: &str) {
    office.open(&place.url(list)).await;
    office.follow("main a.card[href^='/matters/']").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_lamp_goes_from_a_phone_to_the_closed_list_and_points_onto_a_notice() {
    let (place, office, phone) = (Place::open().await, Chromium::start().await, Chromium::start().await);
    let mut found = Found::default();
    phone.viewport(PHONE).await;
    phone.sign_in_household(&place, "H0001").await;
    phone.follow("main a[href='/my/matters']").await;
    phone.follow("main a[href='/my/matters/new']").await;
    found.look(&phone, "zh", "matter-new").await;
    phone.viewport(PHONE).await;
    phone.click("label.choice:has(input[value=broken])").await;
    let sizes = phone.client.execute_async(TAKE, Vec::new()).await.unwrap();
    assert!(sizes[1].as_u64().unwrap() < 260_000, "made small before it travels: {sizes}");
    phone.fill("#words", "老槐树下王小明家门口的灯不亮").await;
    phone.follow("form[data-claim] button.primary").await;
    phone.wait(".flash.good").await;
    assert!(phone.text("main a.card").await.contains("6月10日前有人核实"));
    phone.follow("main a.card").await;
    phone.script("return document.querySelector('img.photo').decode().then(() => true)").await;
    found.look(&phone, "zh", "matter-mine").await;

    office.viewport(DESK).await;
    office.sign_in(&place, "clerk").await;
    opens(&office, &place, "/matters").await;
    found.look(&office, "zh", "matter-check").await;
    office.viewport(DESK).await;
    office.click("label.choice:has(input[value=tiny])").await;
    step(&office, "accept").await;
    assert!(office.text("#user").await.contains("何志强"));
    step(&office, "assign").await;
    office.sign_out().await;

    office.sign_in(&place, "grid01").await;
    opens(&office, &place, "/matters?state=given").await;
    found.look(&office, "zh", "matter-given").await;
    office.viewport(DESK).await;
    office.fill("#finish-what", "换了灯泡").await;
    step(&office, "finish").await;
    office.sign_out().await;

    office.sign_in(&place, "review1").await;
    opens(&office, &place, "/matters?state=done").await;
    let seen = office.text("main").await;
    assert!(seen.contains("上报人不公开") && !seen.contains("H0001"), "{seen}");
    step(&office, "verify").await;
    office.sign_out().await;

    office.sign_in(&place, "clerk").await;
    opens(&office, &place, "/matters?state=verified").await;
    step(&office, "close").await;
    found.look(&office, "zh", "matter-closed").await;
    office.viewport(DESK).await;
    office.open(&place.url("/matters")).await;
    found.look(&office, "zh", "matters").await;
    office.sign_out().await;

    points_on_the_notice(&office, &place).await;
    phone.open(&place.url("/board/1/matters")).await;
    let open = phone.text("main").await;
    assert!(open.contains("公共设施损坏") && open.contains("微事"), "{open}");
    assert!(!open.contains("王小明") && !open.contains("灯泡") && !open.contains("槐树"), "{open}");
    found.look(&phone, "zh", "board-matters").await;
    phone.viewport(PHONE).await;
    phone.open(&place.url("/my/matters")).await;
    assert!(phone.text("main a.card").await.contains("已办结"));
    found.settle();
    drop((office, phone));
    place.close().await;
}

/// Reviewed, compiled and hung up, the line says the category and the points, and nothing of the matter.
async fn points_on_the_notice(office: &Chromium, place: &Place) {
    office.viewport(DESK).await;
    review::approves_everything(office, place).await;
    let notice = clerk::compiles(office, place).await;
    review::publishes(office, place, &notice).await;
    office.open(&place.url("/board/1")).await;
    let newest = "return [...document.querySelectorAll(\"main a.card[href^='/board/1/']\")]
        .map((a) => a.getAttribute('href')).sort((a, b) => b.split('/')[3] - a.split('/')[3])[0]";
    let at = office.script(newest).await;
    office.open(&place.url(at.as_str().unwrap())).await;
    let sheet = office.text("main").await;
    assert!(sheet.contains("平安建设") && sheet.contains("张*国"), "{sheet}");
    for secret in ["隐患", "B2", "路灯", "槐树", "王小明", "事项1号"] {
        assert!(!sheet.contains(secret), "{secret}: {sheet}");
    }
}
