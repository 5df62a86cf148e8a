//! The style sheets, scripts and icons, embedded in the program and served under `/static/`.
//!
//! A page names a file through [`asset`], whose address carries a digest of the content: a browser may keep it for ever.

use axum::{
    Router,
    extract::{Path, RawQuery},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use sha2::{Digest, Sha256};
use std::{fmt::Write, sync::LazyLock};

/// One embedded file.
struct Asset {
    name: &'static str,
    media_type: &'static str,
    body: &'static str,
    digest: String,
}

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

const FILES: &[(&str, &str, &str)] = &[
    ("app.css", CSS, include_str!("static/app.css")),
    ("basket.js", SCRIPT, include_str!("static/basket.js")),
    ("code.js", SCRIPT, include_str!("static/code.js")),
    ("looks.js", SCRIPT, include_str!("static/looks.js")),
    ("icons.svg", SVG, include_str!("static/icons.svg")),
    ("camera.js", SCRIPT, include_str!("static/camera.js")),
    ("eye.js", SCRIPT, include_str!("static/eye.js")),
    ("claim.js", SCRIPT, include_str!("static/claim.js")),
    ("kit.js", SCRIPT, include_str!("static/kit.js")),
    ("offline.js", SCRIPT, include_str!("static/offline.js")),
    ("points.js", SCRIPT, include_str!("static/points.js")),
    ("print.css", CSS, include_str!("static/print.css")),
    ("proof.js", SCRIPT, include_str!("static/proof.js")),
    ("receipt.js", SCRIPT, include_str!("static/receipt.js")),
    ("record.js", SCRIPT, include_str!("static/record.js")),
    ("scan.js", SCRIPT, include_str!("static/scan.js")),
    ("sheet.js", SCRIPT, include_str!("static/sheet.js")),
    ("till.js", SCRIPT, include_str!("static/till.js")),
    ("walk.js", SCRIPT, include_str!("static/walk.js")),
    ("wares.js", SCRIPT, include_str!("static/wares.js")),
];

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|&(name, media_type, body)| Asset { name, media_type, body, digest: short_digest(body) })
        .collect()
});

fn short_digest(body: &str) -> String {
    Sha256::digest(body.as_bytes()).iter().take(8).fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

/// The address of an embedded file, with the digest of its content: `/static/app.css?v=0f3a…`.
#[must_use]
pub fn asset(name: &str) -> String {
    match find(name) {
        Some(found) => format!("/static/{name}?v={}", found.digest),
        None => format!("/static/{name}"),
    }
}

/// `GET /static/{name}`, for any state.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/static/{name}", get(serve))
}

async fn serve(Path(name): Path<String>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let Some(found) = find(&name) else {
        return (StatusCode::NOT_FOUND, "404\n").into_response();
    };
    let tag = format!("\"{}\"", found.digest);
    let kept = headers.get(header::IF_NONE_MATCH).is_some_and(|sent| sent.as_bytes() == tag.as_bytes());
    let current = query.is_some_and(|query| query == format!("v={}", found.digest));
    let mut response =
        if kept { StatusCode::NOT_MODIFIED.into_response() } else { found.body.into_response() };
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(found.media_type));
    answer.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(if current { "public, max-age=31536000, immutable" } else { "no-cache" }),
    );
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        answer.insert(header::ETAG, tag);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{body::Body, http::Request};
    use tower::ServiceExt;

    async fn ask(uri: &str, tag: Option<&str>) -> Response {
        let mut request = Request::get(uri);
        if let Some(tag) = tag {
            request = request.header(header::IF_NONE_MATCH, tag);
        }
        routes::<()>().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn a_named_file_may_be_kept_for_ever_and_is_not_sent_twice() {
        let first = ask(&asset("app.css"), None).await;
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(first.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        let tag = first.headers()[header::ETAG].to_str().unwrap();
        assert_eq!(ask(&asset("app.css"), Some(tag)).await.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn an_old_address_is_asked_for_again_next_time() {
        let old = ask("/static/app.css?v=0000", None).await;
        assert_eq!(old.status(), StatusCode::OK);
        assert_eq!(old.headers()[header::CACHE_CONTROL], "no-cache");
        assert_eq!(ask("/static/nothing.css", None).await.status(), StatusCode::NOT_FOUND);
    }

    /// What only the counter without network loads, and no other page.
    const OF_THE_TILL: [&str; 3] = ["eye.js", "offline.js", "till.js"];
    /// What it loads beside it.
    const WITH_THE_TILL: [&str; 5] = ["app.css", "print.css", "icons.svg", "kit.js", "points.js"];

    fn weight(of: impl Fn(&str) -> bool) -> usize {
        FILES.iter().filter(|(name, _, _)| of(name)).map(|(_, _, body)| body.len()).sum()
    }

    #[test]
    fn everything_a_page_can_load_weighs_less_than_100_kilobytes() {
        let total = weight(|name| !OF_THE_TILL.contains(&name));
        assert!(total < 100_000, "{total} bytes");
        let till = weight(|name| OF_THE_TILL.contains(&name) || WITH_THE_TILL.contains(&name));
        assert!(till < 70_000, "{till} bytes");
    }
}
