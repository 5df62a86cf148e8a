//! The frame around every page: who is signed in, where they can go, what just happened.
//!
//! A page is a struct with a `chrome: Chrome` field and a template that extends `layout.html`:
//!
//! ```text
//! #[derive(Template)]
//! #[template(path = "shop/day.html", config = ".askama.toml")]
//! struct DayPage { chrome: Chrome, lines: Vec<Line> }
//!
//! async fn day(…) -> Page<DayPage> { Page(DayPage { chrome, lines }) }
//! ```
//!
//! ```text
//! {% extends "layout.html" %}
//! {% block content %}{% let t = chrome.t %} … {% endblock %}
//! {% block scripts %}<script type="module" src="{{ chrome.asset("basket.js") }}"></script>{% endblock %}
//! ```

use crate::text::T;
use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::assets;

/// Whom a page is laid out for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Audience {
    /// A phone in one hand: the menu is a bar at the bottom.
    #[default]
    Resident,
    /// Office and counter: the menu is a column beside the page, or a row above it on a phone.
    Staff,
}

/// One entry of the main menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub label: String,
    /// A symbol of `icons.svg`, by its id.
    pub icon: &'static str,
}

impl NavItem {
    /// An entry; `icon` is the id of a symbol in `icons.svg`.
    pub fn new(href: impl Into<String>, label: impl Into<String>, icon: &'static str) -> Self {
        Self { href: href.into(), label: label.into(), icon }
    }
}

/// How a message to the person is coloured and announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It worked.
    Good,
    /// It did not.
    Bad,
    /// Worth knowing.
    Info,
}

/// A message shown once, at the top of the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// Success, refusal or remark.
    pub tone: Tone,
    /// What to say, in the reader's language.
    pub text: String,
}

impl Flash {
    /// The CSS class of the box.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self.tone {
            Tone::Good => "good",
            Tone::Bad => "bad",
            Tone::Info => "info",
        }
    }

    /// `alert` interrupts a screen reader, `status` waits its turn.
    #[must_use]
    pub fn role(&self) -> &'static str {
        if self.tone == Tone::Bad { "alert" } else { "status" }
    }
}

/// What the layout needs to know, whatever the page.
#[derive(Debug, Clone, Default)]
pub struct Chrome {
    /// The catalogue in the reader's language.
    pub t: T,
    /// Large type and large targets.
    pub elder: bool,
    /// Whom the page is laid out for.
    pub audience: Audience,
    /// The page's title, without the product's name.
    pub title: String,
    /// The village or office the person acts in, shown beside the product's name.
    pub place: String,
    /// The name of who is signed in.
    pub user: Option<String>,
    /// The main menu, in order.
    pub nav: Vec<NavItem>,
    /// A message about what just happened.
    pub flash: Option<Flash>,
    /// The token that every POST form carries (`{% include "csrf.html" %}`).
    pub csrf: String,
    /// The key of this page's forms, so that one sent twice is heard once; empty for somebody not signed in.
    pub once: String,
    /// Path and query of this page, to come back to after a switch of language or type size.
    pub path: String,
    /// The installation's filing number (备案编号), if it has one.
    pub filing_number: Option<String>,
    /// Whether this is the demo: every page says so.
    pub demo: bool,
}

impl Chrome {
    /// A frame with nothing but a language and a title.
    pub fn new(t: T, title: impl Into<String>) -> Self {
        Self { t, title: title.into(), ..Self::default() }
    }

    /// The same frame under another title.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// The address of an embedded file.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        assets::asset(name)
    }

    /// The classes of the `html` element.
    #[must_use]
    pub fn html_class(&self) -> &'static str {
        match (self.audience, self.elder) {
            (Audience::Resident, false) => "resident",
            (Audience::Resident, true) => "resident elder",
            (Audience::Staff, false) => "staff",
            (Audience::Staff, true) => "staff elder",
        }
    }

    /// Whether it is laid out for office and counter.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        self.audience == Audience::Staff
    }

    /// The word before a message, so that colour is not the only cue.
    #[must_use]
    pub fn flash_heading(&self, flash: &Flash) -> &'static str {
        match flash.tone {
            Tone::Good => self.t.done_notice(),
            Tone::Bad => self.t.problem_notice(),
            Tone::Info => self.t.information_notice(),
        }
    }

    /// Whether the menu entry is the page itself or the section it lies in: the longest matching entry wins.
    #[must_use]
    pub fn is_current(&self, item: &NavItem) -> bool {
        let here = self.path.split('?').next().unwrap_or_default();
        let matched = |href: &str| here == href || (href != "/" && here.starts_with(&format!("{href}/")));
        matched(&item.href)
            && !self.nav.iter().any(|other| other.href.len() > item.href.len() && matched(&other.href))
    }
}

/// A page to send: renders its template, or answers 500 if that fails.
#[derive(Debug, Clone)]
pub struct Page<P>(pub P);

impl<P: Template> Page<P> {
    /// The same page under another status.
    pub fn with_status(self, status: StatusCode) -> Response {
        let mut response = self.into_response();
        if response.status() == StatusCode::OK {
            *response.status_mut() = status;
        }
        response
    }
}

impl<P: Template> IntoResponse for Page<P> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(html) => {
                let mut response = html.into_response();
                let headers = response.headers_mut();
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
                // A page shows balances and carries a token: neither a proxy nor the back button may keep it.
                headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
                response
            }
            Err(error) => {
                tracing::error!(%error, "a template did not render");
                (StatusCode::INTERNAL_SERVER_ERROR, "系统出错了 · Something broke on our side\n")
                    .into_response()
            }
        }
    }
}

/// A page that says what went wrong and what to do next.
#[derive(Debug, Clone, Template)]
#[template(path = "error.html", config = ".askama.toml")]
pub struct ErrorPage {
    /// The frame.
    pub chrome: Chrome,
    /// What to do next.
    pub body: String,
    /// The stable code of the error, for a telephone call with the office.
    pub code: String,
}

impl ErrorPage {
    /// The page for an address that leads nowhere.
    #[must_use]
    pub fn not_found(chrome: Chrome) -> Self {
        let t = chrome.t;
        Self {
            chrome: chrome.titled(t.error_not_found_title()),
            body: t.error_not_found_body().to_owned(),
            code: "not-found".to_owned(),
        }
    }

    /// The page for a fault of ours.
    #[must_use]
    pub fn internal(chrome: Chrome) -> Self {
        let t = chrome.t;
        Self {
            chrome: chrome.titled(t.error_internal_title()),
            body: t.error_internal_body().to_owned(),
            code: "internal".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lang::Lang;

    fn chrome() -> Chrome {
        Chrome {
            nav: vec![NavItem::new("/", "首页", "home"), NavItem::new("/notices", "公示", "megaphone")],
            user: Some("<李>".to_owned()),
            csrf: "token".to_owned(),
            path: "/notices/3?after=2".to_owned(),
            flash: Some(Flash { tone: Tone::Bad, text: "余额不足".to_owned() }),
            ..Chrome::new(T(Lang::Zh), "公示")
        }
    }

    #[test]
    fn a_page_marks_its_section_announces_a_refusal_and_escapes_names() {
        let html = ErrorPage::not_found(chrome()).render().unwrap();
        assert!(html.contains("lang=\"zh-Hans-CN\""), "{html}");
        assert!(html.contains("href=\"/notices\" aria-current=\"page\""), "{html}");
        assert!(!html.contains("href=\"/\" aria-current"), "{html}");
        assert!(html.contains("role=\"alert\""), "{html}");
        assert!(!html.contains("<李>"), "{html}");
        assert!(!html.contains("style=") && !html.contains("onclick"), "{html}");
    }

    #[test]
    fn the_longest_menu_entry_is_the_current_one() {
        let mut chrome = chrome();
        chrome.nav.push(NavItem::new("/notices/3", "三号公示", "list"));
        let current: Vec<_> = chrome.nav.iter().filter(|item| chrome.is_current(item)).collect();
        assert_eq!(current.len(), 1);
        assert_eq!(current[0].href, "/notices/3");
    }

    #[test]
    fn the_elder_view_is_a_class_of_the_document() {
        let elder = Chrome { elder: true, ..chrome() };
        assert!(ErrorPage::internal(elder).render().unwrap().contains("class=\"resident elder\""));
    }

    #[test]
    fn an_error_page_keeps_its_status_and_is_never_cached() {
        let response = Page(ErrorPage::not_found(chrome())).with_status(StatusCode::NOT_FOUND);
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    }
}
