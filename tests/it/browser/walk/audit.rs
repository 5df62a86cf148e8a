//! The auditor: from the overview to the rule, the recorder, the reviewer and the notice in three clicks; everything
//! that is stored, derived again.

use crate::browser::{chromium::Chromium, place::Place};

pub async fn finds_it(office: &Chromium, place: &Place) {
    office.sign_in(place, "audit").await;
    office.taps();
    office.follow(".tabs a[href='/audit/lines']").await;
    office.fill("input[name=household]", "H0001").await;
    office.fill("input[name=rule]", "C1").await;
    office.follow("form[role=search] button").await;
    office.follow("tbody a[href^='/audit/txn/']").await;
    let taps = office.taps();
    assert!(taps <= 3, "the voucher takes {taps} taps");
    office.screenshot("zh/360/walk-voucher").await;
    let voucher = office.text("main").await;
    for word in ["C1", "刘芳", "陈立群", "Liabilities:Households:H0001:Available"] {
        assert!(voucher.contains(word), "{word} is missing: {voucher}");
    }
    assert!(voucher.contains("4号"), "the notice is missing: {voucher}");
}

pub async fn verifies(office: &Chromium, place: &Place) {
    office.open(&place.url("/audit")).await;
    office.follow("form[action='/audit/verify'] button").await;
    office.wait("main .flash.good").await;
    office.sign_out().await;
}
