//! The shopkeeper's browser at the counter: the page, a frame of the camera, the forms with what they carry, the receipt.
//! Reads from a page only what a browser would: the hidden fields of a form.

use std::time::Instant;

use anyhow::{Context, bail, ensure};
use hyper::{Method, StatusCode, header};
use image::{GrayImage, Luma, codecs::jpeg::JpegEncoder};
use qrcode::{Color, EcLevel, QrCode, Version};
use serde_json::Value;

use crate::{
    cli::bench::served::{Served, ask},
    http::session::CSRF_HEADER,
};

/// The frame that the camera box sends: a square of this side, of this quality.
const FRAME_PIXELS: u32 = 480;
const FRAME_QUALITY: u8 = 70;
const MODULE_PIXELS: u32 = 8;

/// What a household's visit cost the server, in microseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visit {
    /// The counter's page.
    page: u64,
    /// Reading the code out of a frame.
    frame: u64,
    /// Who it is, what is chosen, what it comes to.
    choose: u64,
    /// Goods and points change hands.
    redeem: u64,
    /// The receipt.
    receipt: u64,
}

impl Visit {
    pub(super) fn redeem_us(&self) -> u64 {
        self.redeem
    }

    pub(super) fn frame_us(&self) -> u64 {
        self.frame
    }

    pub(super) fn page_to_receipt_us(&self) -> u64 {
        self.page + self.frame + self.choose + self.redeem + self.receipt
    }
}

/// A signed-in shopkeeper's browser.
pub(super) struct Counter<'a> {
    served: &'a Served,
    cookie: &'a str,
}

/// An answer with the time it took.
struct Answer {
    status: StatusCode,
    location: String,
    text: String,
    us: u64,
}

impl<'a> Counter<'a> {
    pub(super) fn new(served: &'a Served, cookie: &'a str) -> Self {
        Self { served, cookie }
    }

    /// Serves a household: `code` before the camera, a piece of each of these articles.
    pub(super) async fn serve(
        &self,
        code: &str,
        pin: Option<&str>,
        articles: &[i64],
    ) -> anyhow::Result<Visit> {
        let front = self.send(Method::GET, "/shop", &[], Vec::new()).await?;
        let mut customer = hidden(&front.text, "/shop/customer")?;
        let csrf = value(&customer, "csrf")?.to_owned();
        let seen = self.send(Method::POST, "/shop/scan", &[(CSRF_HEADER, &csrf)], frame(code)?).await?;
        let read: Value = serde_json::from_str(&seen.text).context("the camera reads nothing")?;
        ensure!(read.get("text").and_then(Value::as_str) == Some(code), "the camera reads {read}");
        customer.push(("code".to_owned(), code.to_owned()));
        let basket = self.post("/shop/customer", &customer).await?;
        let mut chosen = hidden(&basket.text, "/shop/confirm")?;
        chosen.extend(articles.iter().map(|sku| (format!("qty-{sku}"), "1".to_owned())));
        let total = self.post("/shop/confirm", &chosen).await?;
        let mut agreed = hidden(&total.text, "/shop/redeem")?;
        if let Some(pin) = pin {
            ensure!(total.text.contains("name=\"pin\""), "no PIN is asked for");
            agreed.push(("pin".to_owned(), pin.to_owned()));
        }
        let done = self.post("/shop/redeem", &agreed).await?;
        ensure!(done.status.is_redirection(), "{} instead of a receipt: {}", done.status, done.text);
        let receipt = self.send(Method::GET, &done.location, &[], Vec::new()).await?;
        ensure!(receipt.status.is_success(), "{} instead of the receipt", receipt.status);
        let choose = basket.us + total.us;
        Ok(Visit { page: front.us, frame: seen.us, choose, redeem: done.us, receipt: receipt.us })
    }

    async fn post(&self, path: &str, fields: &[(String, String)]) -> anyhow::Result<Answer> {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        let form = [("content-type", "application/x-www-form-urlencoded")];
        self.send(Method::POST, path, &form, body.join("&").into_bytes()).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        more: &[(&str, &str)],
        body: Vec<u8>,
    ) -> anyhow::Result<Answer> {
        let mut headers = vec![("cookie", self.cookie)];
        headers.extend_from_slice(more);
        let asked = Instant::now();
        let (head, body) = ask(&self.served.http, self.served.base(), method, path, &headers, body).await?;
        let us = u64::try_from(asked.elapsed().as_micros())?;
        let location = head.headers.get(header::LOCATION).and_then(|place| place.to_str().ok());
        let location = location.unwrap_or_default().to_owned();
        let text = String::from_utf8_lossy(&body).into_owned();
        if head.status.is_client_error() || head.status.is_server_error() {
            bail!("{path} answers {}: {text}", head.status);
        }
        Ok(Answer { status: head.status, location, text, us })
    }
}

/// The hidden fields of the form that posts to `action`.
fn hidden(html: &str, action: &str) -> anyhow::Result<Vec<(String, String)>> {
    let (_, form) =
        html.split_once(&format!("action=\"{action}\"")).with_context(|| format!("no form for {action}"))?;
    let (form, _) = form.split_once("</form>").context("a form without end")?;
    let inputs = form.split("<input type=\"hidden\" name=\"").skip(1);
    let field = |input: &str| {
        let (name, rest) = input.split_once('"')?;
        let (value, _) = rest.strip_prefix(" value=\"")?.split_once('"')?;
        Some((name.to_owned(), value.to_owned()))
    };
    inputs.map(|input| field(input).context("a hidden field of another shape")).collect()
}

fn value<'a>(fields: &'a [(String, String)], name: &str) -> anyhow::Result<&'a str> {
    let found = fields.iter().find(|(n, _)| n == name);
    found.map(|(_, value)| value.as_str()).with_context(|| format!("no field {name}"))
}

/// As a form says it: letters, digits and `-._` for themselves.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match char::from(byte) {
            plain if plain.is_ascii_alphanumeric() || "-._".contains(plain) => out.push(plain),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// What the camera sees: the code upright in the middle.
fn frame(digits: &str) -> anyhow::Result<Vec<u8>> {
    let symbol = QrCode::with_version(digits, Version::Normal(2), EcLevel::Q)?;
    let (side, colors) = (u32::try_from(symbol.width())?, symbol.to_colors());
    let margin = FRAME_PIXELS.saturating_sub(side * MODULE_PIXELS) / 2;
    let picture = GrayImage::from_fn(FRAME_PIXELS, FRAME_PIXELS, |x, y| {
        let place = |at: u32| at.checked_sub(margin).map(|at| at / MODULE_PIXELS).filter(|at| *at < side);
        let color = place(x)
            .zip(place(y))
            .and_then(|(column, row)| colors.get(usize::try_from(row * side + column).ok()?));
        Luma([if color == Some(&Color::Dark) { 35 } else { 220 }])
    });
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, FRAME_QUALITY).encode_image(&picture)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::decode;

    #[test]
    fn a_form_is_read_as_a_browser_would() {
        let html = "<form action=\"/a\"><input type=\"hidden\" name=\"x\" value=\"1\"></form>\
            <form action=\"/b\"><input type=\"hidden\" name=\"y\" value=\"2\"><input name=\"z\"></form>";
        assert_eq!(hidden(html, "/b").unwrap(), [("y".to_owned(), "2".to_owned())]);
        assert!(hidden(html, "/c").is_err());
        assert_eq!(escaped("7x2 9x1&é"), "7x2%209x1%26%C3%A9");
    }

    #[test]
    fn the_frame_shows_the_code() {
        let digits = "200123456789012345678901234567890123456789012345";
        assert_eq!(decode::decode(&frame(digits).unwrap()).unwrap().as_deref(), Some(digits));
    }
}
