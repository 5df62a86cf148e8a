//! The frame of a page for whoever asks: language, village, menu by role, the message of the last form.

use std::pin::Pin;

use askama::Template;
use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};

use super::{
    menu,
    page::{Audience, Chrome, ErrorPage, Flash, Tone},
};
use crate::{
    http::{AppState, HttpError, Visitor, error::ErrorView, extract::Caller},
    service::{
        caller::{Role, Staff},
        session::SignedIn,
    },
    text::T,
};

impl<S> FromRequestParts<S> for Chrome
where
    S: Send + Sync,
    AppState: FromRef<S>,
{
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpError> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        Self::of(&AppState::from_ref(state), &visitor).await
    }
}

impl Chrome {
    /// The frame for a visitor.
    async fn of(state: &AppState, visitor: &Visitor) -> Result<Self, HttpError> {
        let t = T(visitor.lang);
        let mut chrome = Self {
            t,
            elder: visitor.elder,
            csrf: visitor.csrf.clone(),
            once: if visitor.signed_in().is_some() { state.desk.random_hex() } else { String::new() },
            path: visitor.path.clone(),
            filing_number: state.site.filing_number.clone(),
            demo: state.site.demo.is_some(),
            flash: visitor.flash.as_deref().and_then(read_flash),
            ..Self::default()
        };
        match visitor.signed_in().map(|s| &s.who) {
            None => chrome.nav = menu::visitor(t),
            Some(SignedIn::Resident(resident)) => {
                let programme = state.desk.programme_of(resident.book).await?;
                chrome.place = t.name(&programme.name, &programme.name_en).to_owned();
                chrome.user = Some(t.my_household().to_owned());
                chrome.nav = menu::resident(t);
            }
            Some(SignedIn::Staff(who)) => {
                chrome.audience = Audience::Staff;
                chrome.user = Some(who.display_name.clone());
                let mut roles: Vec<Role> = who.grants.iter().map(|g| g.role).collect();
                // no village at hand yet: the menu shows what any of them would offer
                if let Ok(staff) = Staff::identify(&state.desk, visitor).await {
                    let programme = state.desk.programme_of(staff.book).await?;
                    chrome.place = t.name(&programme.name, &programme.name_en).to_owned();
                    roles.retain(|r| *r == Role::County || staff.roles.contains(r));
                }
                chrome.nav = menu::staff(t, &roles);
            }
        }
        Ok(chrome)
    }
}

/// `good.text`, percent-encoded.
fn read_flash(cookie: &str) -> Option<Flash> {
    let (tone, text) = cookie.split_once('.')?;
    let tone = match tone {
        "good" => Tone::Good,
        "bad" => Tone::Bad,
        _ => Tone::Info,
    };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let pair: Option<Vec<u8>> = [rest.next()?, rest.next()?]
                .iter()
                .map(|b| char::from(*b).to_digit(16).and_then(|d| u8::try_from(d).ok()))
                .collect();
            bytes.push(pair?.iter().fold(0, |acc, d| (acc << 4) | d));
        } else {
            bytes.push(byte);
        }
    }
    Some(Flash { tone, text: String::from_utf8(bytes).ok()? })
}

/// An error as a page: what the HTTP layer calls when a person, not a program, was asking. Whoever is signed in keeps
/// their menu; when even that cannot be read, the bare frame has to do.
#[must_use]
pub fn error_page(
    state: AppState,
    visitor: Option<Visitor>,
    view: ErrorView,
) -> Pin<Box<dyn Future<Output = String> + Send>> {
    Box::pin(async move {
        let known = match &visitor {
            Some(visitor) => Chrome::of(&state, visitor).await.ok(),
            None => None,
        };
        let csrf = visitor.map(|v| v.csrf).unwrap_or_default();
        let bare = || Chrome { elder: view.elder, csrf, ..Chrome::new(T(view.lang), "") };
        // what a form was about to say belongs to the page after it, not to this one
        let chrome = Chrome { path: view.path.clone(), flash: None, ..known.unwrap_or_else(bare) };
        let page =
            ErrorPage { chrome: chrome.titled(view.title), body: view.detail.clone(), code: view.code };
        page.render().unwrap_or_else(|error| {
            tracing::error!(%error, "the error page did not render");
            view.detail
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_the_cookie() {
        let flash = read_flash("good.%E4%BD%99%2035").unwrap();
        assert_eq!((flash.tone, flash.text.as_str()), (Tone::Good, "余 35"));
        assert!(read_flash("good.%E4%").is_none());
        assert!(read_flash("nothing").is_none());
    }
}
