//! The record form and the menu around it, on a phone: what is shown before saving is what is saved.

use super::{chromium::Chromium, place::Place};

/// Entries of the menu that can be seen.
const SHOWN: &str =
    "return [...document.querySelectorAll('nav.menu a')].filter((a) => a.checkVisibility()).length";

#[tokio::test(flavor = "multi_thread")]
async fn an_item_by_weight_previews_what_is_recorded() {
    let (place, browser) = (Place::open().await, Chromium::start().await);
    browser.sign_in(&place, "clerk").await;
    browser.open(&place.url("/clerk/record/H0001")).await;
    let folded = "return [...document.querySelectorAll('#items details')].every((family) => !family.open)";
    assert_eq!(browser.script(folded).await, true, "what was not recorded lately is folded away");
    // found by its sound and taken with Enter: no tap so far
    browser.fill("#find", "nmnyp\u{E007}").await;
    assert_eq!(browser.text("[data-quantity] [data-unit]").await, "(克)");
    assert_eq!(browser.text("[data-worth]").await, "2");
    browser.click("[data-quantity] .stepper button:last-child").await;
    assert_eq!(browser.script("return document.querySelector('#quantity').value").await, "1000");
    assert_eq!(browser.text("[data-worth]").await, "4");
    browser.fill("#quantity", "1499").await;
    assert_eq!(browser.text("[data-worth]").await, "4", "whole pounds only");
    browser.follow("form[data-record] .basket button.primary").await;
    assert!(browser.text(".flash.good").await.contains("+4分"));
    drop(browser);
    place.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_menu_of_a_phone_opens_without_scrolling_sideways_and_stays_when_something_is_not_found() {
    let (place, browser) = (Place::open().await, Chromium::start().await);
    browser.sign_in(&place, "clerk").await;
    browser.open(&place.url("/clerk/nowhere")).await;
    assert!(browser.text("main").await.contains("没有找到"));
    assert!(browser.text("form.who").await.contains("刘芳"));
    let sideways =
        "const menu = document.querySelector('nav.menu'); return menu.scrollWidth - menu.clientWidth";
    assert_eq!(browser.script(SHOWN).await, 3);
    browser.click("nav.menu label").await;
    assert_eq!(browser.script(SHOWN).await, 9);
    assert_eq!(browser.script(sideways).await, 0);
    browser.follow("nav a[href='/clerk/households']").await;
    assert_eq!(browser.script(SHOWN).await, 4, "where one is stays in sight");
    drop(browser);
    place.close().await;
}
