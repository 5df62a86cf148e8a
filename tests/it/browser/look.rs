//! What must hold on every page, whoever looks at it, in whatever language: looked up in the page itself.

use serde_json::Value;

use super::chromium::{Chromium, DESK, PHONE};

/// The heaviest page, with its styles and scripts, as they are before compression; without the photo that somebody
/// took, which is what one opens the page for.
pub const PAGE_BYTES_MAX: u64 = 100 * 1024;

/// Returns `[faults, bytes]`. Faults are sentences.
const LOOK: &str = r#"
const faults = [];
const html = document.documentElement;
const wide = html.scrollWidth - innerWidth;
if (wide > 0) {
  const guilty = [...document.querySelectorAll("main *, header *, footer *")].filter((e) => {
    const box = e.getBoundingClientRect();
    return box.right > innerWidth + 1 && box.width > 0 && !e.closest(".scroll, .menu, .visually-hidden");
  }).slice(0, 3).map((e) => e.outerHTML.slice(0, 80));
  faults.push(`is ${wide} px wider than the screen: ${guilty.join(" | ")}`);
}
if (!["zh-Hans-CN", "en"].includes(html.lang)) faults.push(`is in language ${html.lang}`);
if (document.querySelectorAll("h1").length !== 1) faults.push("has not one heading");
const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) faults.push(`has id ${id} twice`);
const named = (e) => e.labels?.length > 0 || e.ariaLabel || e.getAttribute("aria-labelledby");
for (const e of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
  if (!e.hidden && !named(e)) faults.push(`has a field without a label: ${e.outerHTML.slice(0, 120)}`);
const least = html.classList.contains("elder") ? 60 : 44;
const targets = "nav a, .button, .chip, a.tile, a.card, .choice, form button, form select, form textarea, "
  + "form input:not([type=hidden]):not([type=radio]):not([type=checkbox]):not(.visually-hidden), summary";
for (const e of document.querySelectorAll(targets)) {
  const box = e.getBoundingClientRect();
  const shown = e.checkVisibility() && box.width > 0;
  if (shown && (box.height < least - 0.5 || box.width < least - 0.5))
    faults.push(`has a target of ${Math.round(box.width)} × ${Math.round(box.height)} px: ${e.outerHTML.slice(0, 80)}`);
}
const said = document.querySelector("main").cloneNode(true);
for (const e of said.querySelectorAll(".mono, [download], script, textarea")) e.remove();
const code = said.textContent.match(/\b[a-z]+(_[a-z]+)+\b/);
if (code) faults.push(`says the code ${code[0]} to people`);
const loads = new Map(performance.getEntriesByType("resource").map((r) => [r.name, r.decodedBodySize]));
for (const photo of document.querySelectorAll("img.photo")) loads.delete(photo.src);
const page = performance.getEntriesByType("navigation")[0];
if (page.responseStatus >= 400) faults.push(`answers ${page.responseStatus}`);
return [faults, page.decodedBodySize + [...loads.values()].reduce((sum, bytes) => sum + bytes, 0)];
"#;

/// What was found so far.
#[derive(Debug, Default)]
pub struct Found {
    pub faults: Vec<String>,
    /// The heaviest page.
    pub heaviest: (u64, String),
    pub pages: usize,
    said: usize,
}

impl Found {
    /// Looks at the page that is open, on a phone and at a desk, and keeps the pictures under `<lang>/<width>/<name>`.
    pub async fn look(&mut self, browser: &Chromium, lang: &str, name: &str) {
        for size in [DESK, PHONE] {
            browser.viewport(size).await;
            let seen = browser.script(LOOK).await;
            self.note(&seen, &format!("{lang}/{}/{name}", size.0));
            browser.screenshot(&format!("{lang}/{}/{name}", size.0)).await;
        }
        let mut console = browser.console();
        // advice for developers, by a browser that fills in forms
        console.retain(|line| !line.contains("[DOM] Password forms"));
        for line in console.iter().skip(self.said) {
            self.faults.push(format!("{lang}/{name} says on the console: {line}"));
        }
        self.said = console.len();
        self.pages += 1;
    }

    fn note(&mut self, seen: &Value, name: &str) {
        for fault in seen[0].as_array().unwrap() {
            self.faults.push(format!("{name} {}", fault.as_str().unwrap()));
        }
        let bytes = seen[1].as_u64().unwrap();
        if bytes > PAGE_BYTES_MAX {
            self.faults.push(format!("{name} weighs {bytes} bytes"));
        }
        if bytes > self.heaviest.0 {
            self.heaviest = (bytes, name.to_owned());
        }
    }

    /// Fails with everything that is wrong.
    #[track_caller]
    pub fn settle(self) {
        let (bytes, page) = &self.heaviest;
        eprintln!("{} pages; the heaviest is {page} with {bytes} bytes", self.pages);
        assert!(self.faults.is_empty(), "{} faults:\n{}", self.faults.len(), self.faults.join("\n"));
    }
}
