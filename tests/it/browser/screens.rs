//! Every page of every role, found by following every link: none is dead, none breaks the rules of [`super::look`],
//! in both languages, on a phone and at a desk; what households see in the elder view too.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{
    chromium::{Chromium, PHONE},
    look::Found,
    place::Place,
};

/// Addresses of one kind that are opened when looking for dead links.
const OF_ONE_KIND_MAX: usize = 4;
/// Every address that the page links to or its search forms lead to, on this server.
const LINKS: &str = r#"
const searches = [...document.querySelectorAll("form[method=get]")].map((form) => {
  for (const choice of form.querySelectorAll("select")) if (choice.value === "") choice.selectedIndex = 1;
  for (const words of form.querySelectorAll("[name=q]")) words.value = "zjg";
  const to = new URL(form.action);
  to.search = new URLSearchParams(new FormData(form));
  return to;
});
return [...searches, ...[...document.querySelectorAll("a[href]")].map((a) => new URL(a.href))]
  .filter((to) => to.origin === location.origin && !to.pathname.startsWith("/static/"))
  .map((to) => to.pathname + to.search)"#;
/// What an address answers with, without showing it.
const STATUS: &str = r#"
const done = arguments[arguments.length - 1];
fetch(arguments[0]).then((answer) => done([answer.status, answer.headers.get("content-type")]))"#;

/// `/clerk/notices/0198…?before=5` is of the kind `clerk-notices-x-before`.
fn kind(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let of_things = |part: &&str| !part.is_empty();
    let general = |part: &str| {
        let thing = part.len() > 30 || part.bytes().any(|b| b.is_ascii_digit());
        if thing { "x".to_owned() } else { part.to_owned() }
    };
    let names = query.split('&').filter_map(|pair| pair.split('=').next());
    let parts: Vec<String> = path.split('/').filter(of_things).map(general).collect();
    let names: BTreeSet<&str> = names.filter(of_things).collect();
    let all: Vec<&str> = parts.iter().map(String::as_str).chain(names).collect();
    if all.is_empty() { "front".to_owned() } else { all.join("-") }
}

/// One page of every kind that can be reached from `start`.
async fn pages(
    browser: &Chromium,
    place: &Place,
    start: &[&str],
    found: &mut Found,
) -> BTreeMap<String, String> {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut opened: BTreeMap<String, usize> = BTreeMap::new();
    let mut waiting: VecDeque<String> = start.iter().map(ToString::to_string).collect();
    let mut met: BTreeSet<String> = waiting.iter().cloned().collect();
    while let Some(address) = waiting.pop_front() {
        let kind = kind(&address);
        let count = opened.entry(kind.clone()).or_default();
        *count += 1;
        if *count > OF_ONE_KIND_MAX {
            continue;
        }
        let url = place.url(&address);
        let answer = browser.client.execute_async(STATUS, vec![url.as_str().into()]).await.unwrap();
        let status = answer[0].as_u64().unwrap();
        if status >= 400 {
            found.faults.push(format!("{address} answers {status}"));
            continue;
        }
        if *count > 1 || !answer[1].as_str().unwrap_or_default().starts_with("text/html") {
            continue;
        }
        browser.open(&url).await;
        for link in browser.script(LINKS).await.as_array().unwrap() {
            let link = link.as_str().unwrap().to_owned();
            if met.insert(link.clone()) {
                waiting.push_back(link);
            }
        }
        known.insert(kind, address);
    }
    known
}

/// Looks at every page that can be reached from `start` by whoever is signed in.
async fn every_page(browser: &Chromium, place: &Place, who: &str, start: &[&str], found: &mut Found) {
    let pages = pages(browser, place, start, found).await;
    for lang in ["zh", "en"] {
        browser.speak(lang).await;
        for (kind, address) in &pages {
            browser.open(&place.url(address)).await;
            found.look(browser, lang, &format!("{who}-{kind}")).await;
        }
    }
    browser.speak("zh").await;
}

async fn staff(who: &[&str]) {
    let place = Place::open().await;
    let browser = Chromium::start().await;
    let mut found = Found::default();
    for login in who {
        browser.sign_in(&place, login).await;
        every_page(&browser, &place, login, &["/"], &mut found).await;
        browser.sign_out().await;
    }
    found.settle();
    drop(browser);
    place.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_clerks_and_recorders_is_sound() {
    staff(&["clerk", "grid01"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_reviewers_shopkeepers_and_the_township_is_sound() {
    staff(&["review1", "shop1", "town"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_auditors_and_administrators_is_sound() {
    staff(&["audit", "county"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_visitors_and_households_is_sound_in_the_elder_view_too() {
    let place = Place::open().await;
    let browser = Chromium::start().await;
    let mut found = Found::default();
    browser.open(&place.url("/login")).await;
    let doors = ["/login", "/login/resident", "/demo"];
    every_page(&browser, &place, "visitor", &doors, &mut found).await;
    browser.sign_in_household(&place, "H0001").await;
    every_page(&browser, &place, "home", &["/"], &mut found).await;
    browser.view("elder").await;
    browser.viewport(PHONE).await;
    every_page(&browser, &place, "home-elder", &["/"], &mut found).await;
    found.settle();
    drop(browser);
    place.close().await;
}
