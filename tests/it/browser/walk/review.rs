//! The second person: approves what somebody else recorded, publishes what somebody else compiled.

use crate::browser::{chromium::Chromium, place::Place};

pub async fn approves_everything(office: &Chromium, place: &Place) {
    office.sign_in(place, "review1").await;
    office.wait("form[action='/review']").await;
    office.script("for (const box of document.querySelectorAll('input[name=id]')) box.checked = true").await;
    office.follow("form[action='/review'] button[value=approve]").await;
    office.wait(".flash.good").await;
    assert_eq!(office.script("return document.querySelectorAll('input[name=id]').length").await, 0);
    office.sign_out().await;
}

pub async fn publishes(office: &Chromium, place: &Place, notice: &str) {
    office.sign_in(place, "review2").await;
    office.follow(".tabs a[href='/review/notices']").await;
    office.follow(&format!("a[href='/review/notices/{notice}']")).await;
    office.follow("form[action$='/publish'] button").await;
    office.wait(".flash.good").await;
    office.sign_out().await;
}
