//! Phone codes, printed cards and bar codes of goods before the camera: out of focus, turned, leaning away and in poor
//! light. First every frame by itself, then through the page of a real browser.

use askama::Template;
use greencoin::{
    domain::lang::Lang,
    service::decode::{self, Reads},
    text::T,
    web::page::Chrome,
};

use super::{
    chromium::Chromium,
    film::{Held, STILL, Sign, picture, sent},
    kit::serve,
};

const PHONE: &str = "110123456789012345678901234567890123456789012345";
const CARD: &str = "200123456789012345678901234567890123456789012345";
const SOAP: &str = "6901028075862";
const PEN: &str = "4006381333931";

/// A card at arm's length and a bar code as near as people hold it.
const CODE: Held = Held { module: 6.0, ..STILL };
const BARS: Held = Held { module: 3.4, ..STILL };

/// What is held, what it says and the ways in which it is held badly.
fn shots() -> Vec<(&'static str, &'static str, Sign, Held)> {
    let mut shots = Vec::new();
    for (text, plain) in [(PHONE, CODE), (CARD, CODE), (SOAP, BARS), (PEN, BARS)] {
        let soft = if text.len() == 13 { 1.5 } else { 2.0 };
        for (how, held) in [
            ("blurred", Held { blur: soft, noise: 4, ..plain }),
            ("rotated", Held { degrees: 37.0, ..plain }),
            ("rotated to the side", Held { degrees: 100.0, noise: 4, ..plain }),
            ("upside down", Held { degrees: 185.0, noise: 4, ..plain }),
            ("tilted", Held { tilt: 35.0, degrees: 8.0, ..plain }),
            ("dim", Held { levels: (14.0, 46.0), noise: 5, degrees: 12.0, ..plain }),
            (
                "all of it",
                Held { levels: (20.0, 70.0), noise: 4, degrees: 25.0, tilt: 20.0, blur: 0.8, ..plain },
            ),
        ] {
            let sign = if text.len() == 13 { Sign::article(text) } else { Sign::code(text) };
            shots.push((text, how, sign, held));
        }
    }
    shots
}

#[test]
fn codes_cards_and_bar_codes_are_read_from_poor_frames() {
    let mut missed = Vec::new();
    for (text, how, sign, held) in shots() {
        let frame = sent(&picture(&sign, held));
        match decode::read(&frame, Reads::Both).unwrap() {
            Some(read) => assert_eq!(read, text, "{how}: misread"),
            None => missed.push(format!("{text} {how}")),
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn a_frame_is_read_for_what_the_page_asks_and_noise_says_nothing() {
    let soap = sent(&picture(&Sign::article(SOAP), BARS));
    assert_eq!(decode::read(&soap, Reads::Codes).unwrap(), None);
    assert_eq!(decode::read(&soap, Reads::Goods).unwrap().as_deref(), Some(SOAP));
    let card = sent(&picture(&Sign::code(CARD), CODE));
    assert_eq!(decode::read(&card, Reads::Goods).unwrap(), None);
    let noise = sent(&picture(&Sign::code(CARD), Held { module: 0.4, noise: 120, ..STILL }));
    assert_eq!(decode::read(&noise, Reads::Both).unwrap(), None);
}

#[derive(Template)]
#[template(
    source = r#"{% extends "layout.html" %}{% block content %}{% let t = chrome.t %}<form method="post" action="/found">
{% include "csrf.html" %}{% let reads = "both" %}{% let afresh = true %}{% include "kit/wares.html" %}
<ul class="goods">{% for (name, barcode) in goods %}<li data-barcode="{{ barcode }}"><label for="n-{{ barcode }}">{{ name }}</label>
<input id="n-{{ barcode }}" type="number" min="0" max="2" value="2"></li>{% endfor %}</ul>
<input id="code" name="code" data-text></form>{% endblock %}
{% block scripts %}<script type="module" src="{{ chrome.asset("wares.js") }}"></script>{% endblock %}"#,
    ext = "html",
    config = ".askama.toml"
)]
pub struct Wares {
    pub chrome: Chrome,
    pub goods: Vec<(&'static str, &'static str)>,
}

/// What is on the page of the bare server.
pub const GOODS: [(&str, &str); 2] = [("香皂", SOAP), ("签字笔", PEN)];

/// Waits until the page says something else than that it looks, or asks a busy server again.
async fn said(browser: &Chromium) -> String {
    let (aim, again) = (T(Lang::Zh).wares_aim(), T(Lang::Zh).scan_offline());
    loop {
        let shown = browser.text("[data-say]").await;
        if !shown.is_empty() && shown != aim && shown != again {
            return shown;
        }
    }
}

async fn counted(browser: &Chromium) -> serde_json::Value {
    browser
        .script("return [...document.querySelectorAll('[data-barcode] input')].map((i) => Number(i.value))")
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_reads_codes_into_the_form_and_counts_goods() {
    let (site, browser) = (serve().await, Chromium::start().await);
    let bad = |text: &str| matches!(text, "blurred" | "rotated" | "tilted" | "dim");
    let shots: Vec<_> = shots().into_iter().filter(|(text, how, ..)| *text != PHONE && bad(how)).collect();
    assert_eq!(shots.len(), 12);
    for (number, (text, how, sign, held)) in shots.into_iter().enumerate() {
        browser.hold(&picture(&sign, held));
        browser.open(&format!("{site}/wares")).await;
        // where it was left open, the camera opens by itself
        if number == 0 {
            browser.click("[data-start]").await;
        }
        let shown = said(&browser).await;
        let wanted = match text {
            CARD => {
                let field = browser.script("return document.querySelector('#code').value").await;
                assert_eq!(field, text, "{how}");
                [2, 2]
            }
            SOAP => [1, 0],
            _ => [0, 1],
        };
        assert_eq!(counted(&browser).await, serde_json::json!(wanted), "{text} {how}: {shown}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scanner_gun_counts_goods_up_to_what_there_is() {
    let (site, browser) = (serve().await, Chromium::start().await);
    browser.open(&format!("{site}/wares")).await;
    let gun = async |field: &str, typed: &str| {
        browser.wait(field).await.send_keys(&format!("{typed}\u{E007}")).await.unwrap();
    };
    gun("body", SOAP).await;
    assert_eq!(counted(&browser).await, serde_json::json!([1, 0]), "what was there before does not count");
    // the cursor stands in a field, with a Chinese input method on
    gun("#code", "６９０１０２８０７５８６２").await;
    assert_eq!(counted(&browser).await, serde_json::json!([2, 0]));
    assert_eq!(browser.script("return document.querySelector('#code').value").await, "");
    gun("body", SOAP).await;
    assert_eq!(browser.text("[data-say]").await, T(Lang::Zh).wares_enough());
    gun("body", "6901028075800").await;
    assert_eq!(browser.text("[data-say]").await, T(Lang::Zh).wares_unknown());
    assert_eq!(counted(&browser).await, serde_json::json!([2, 0]));
}
