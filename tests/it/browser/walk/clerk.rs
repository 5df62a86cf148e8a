//! The clerk: records for one household, again for the next, for a whole group on one sheet; compiles the notice.

use crate::browser::{chromium::Chromium, place::Place};

/// How many taps the recording took, after the household was on the screen.
pub struct Taps {
    pub first: usize,
    pub again: usize,
}

pub async fn records(office: &Chromium, place: &Place) -> Taps {
    office.sign_in(place, "clerk").await;
    office.follow("nav a[href='/clerk/record']").await;
    find(office, "zjg", "H0001").await;
    office.taps();
    for tap in ["label.choice:has(input[value=C1])", "[data-quantity] .stepper button:last-child"] {
        office.click(tap).await;
    }
    assert_eq!(office.text("[data-worth]").await, "4");
    office.screenshot("zh/360/walk-record").await;
    office.follow("form[data-record] .basket button.primary").await;
    let first = office.taps();
    assert!(office.text(".flash.good").await.contains("张建国"));

    find(office, "oyxh", "H0002").await;
    office.taps();
    let kept = office.script("return document.querySelector('#quantity').value").await;
    assert_eq!(kept, "2", "the last item and quantity are there already");
    office.follow("form[data-record] .basket button.primary").await;
    let again = office.taps();
    assert!(office.text(".flash.good").await.contains("欧阳秀华"));

    sheet(office, place).await;
    Taps { first, again }
}

/// Searches by the initials of the sound, and opens the one household that is found.
async fn find(office: &Chromium, initials: &str, household: &str) {
    office.fill("#q", initials).await;
    office.follow("form[role=search] button").await;
    office.follow(&format!("main a.card[href*='/{household}']")).await;
}

/// June's inspection, typed from the paper: three households pass, as many as the rules let; one is on it twice.
async fn sheet(office: &Chromium, place: &Place) {
    office.open(&place.url("/clerk/sheet")).await;
    office.wait("#item").await.select_by_value("A1").await.unwrap();
    office.follow("form.filter button").await;
    let count = "return document.querySelectorAll('#rows input[name=line]:checked').length";
    // one key after the other, without waiting for an answer in between
    office.fill("#typed", "zjg\u{E007}2\u{E007}wxm 2\u{E007}").await;
    office.wait(".tick.twice").await;
    assert!(office.text("[data-said]").await.contains("已经在表上"));
    assert_eq!(office.script(count).await, 3);
    office.fill("#paper", "4").await;
    assert_eq!(office.script("return document.querySelector('[data-differs]').hidden").await, false);
    office.fill("#paper", "3").await;
    assert_eq!(office.script("return document.querySelector('[data-differs]').hidden").await, true);
    office.screenshot("zh/360/walk-sheet").await;
    office.follow("form[action='/clerk/sheet'] .basket button.primary").await;
    assert!(office.text(".flash.good").await.contains("新记3条"));
    assert_eq!(office.script("return document.querySelectorAll('tbody tr .badge.good').length").await, 3);
    office.screenshot("zh/360/walk-sheet-result").await;
    office.sign_out().await;
}

/// Puts everything approved on a notice sheet and returns its address.
pub async fn compiles(office: &Chromium, place: &Place) -> String {
    office.sign_in(place, "clerk").await;
    office.follow("nav a[href='/clerk/notices']").await;
    office.fill("input[name=title]", "2026年6月积分公示").await;
    office.follow("form[action='/clerk/notices'] button.primary").await;
    office.wait(".flash.good").await;
    let address = office.client.current_url().await.unwrap();
    let id = address.path().rsplit('/').next().unwrap().to_owned();
    office.sign_out().await;
    id
}
