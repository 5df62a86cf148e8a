//! Pictures of articles, and photos of goods that are written off: taken in, shown.

use axum::{
    extract::{Multipart, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::{goods, paper};
use crate::{
    domain::ids::{BookId, StockPaperId},
    http::{As, HttpError, HttpResult, Path, Visitor, extract::Caller},
    service::{
        Desk,
        caller::{Clerk, Resident, Staff, StockReader, Storekeeper},
        session::SignedIn,
    },
    web::{
        form::{ProtectedForm, see_other},
        page::{Chrome, Tone},
        upload::Upload,
    },
};

/// Anybody of the village.
pub(super) struct Insider {
    book: BookId,
}

impl Caller for Insider {
    async fn identify(desk: &Desk, visitor: &Visitor) -> Result<Self, HttpError> {
        let book = match visitor.signed_in().map(|s| &s.who) {
            Some(SignedIn::Resident(_)) => Resident::identify(desk, visitor).await?.book,
            _ => Staff::identify(desk, visitor).await?.book,
        };
        Ok(Self { book })
    }
}

fn jpeg(bytes: Vec<u8>, keep: &'static str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    response
}

/// The thumbnail of an article. Its address changes with it.
pub(super) async fn show(
    State(desk): State<Desk>,
    by: As<Insider>,
    Path(sku): Path<i64>,
) -> HttpResult<Response> {
    Ok(jpeg(desk.goods_picture(by.book, sku).await?, "private, max-age=31536000, immutable"))
}

pub(super) async fn set(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path(sku): Path<i64>,
    body: Multipart,
) -> HttpResult<Response> {
    let mut upload = Upload::read(&visitor, body).await?;
    let photo = upload.take("photo").unwrap_or_default();
    match desk.set_goods_picture(&by, sku, photo).await {
        Ok(()) => {
            let said = chrome.t.picture_is_set();
            Ok(see_other(&visitor, &format!("/clerk/goods/{sku}"), Tone::Good, said))
        }
        Err(error) => {
            let form = upload.form.refused(chrome.t, error)?;
            goods::article(&desk, &by, chrome, sku, form).await
        }
    }
}

pub(super) async fn remove(
    State(desk): State<Desk>,
    visitor: Visitor,
    by: As<Clerk>,
    chrome: Chrome,
    Path(sku): Path<i64>,
    ProtectedForm(_, _): ProtectedForm<Vec<(String, String)>>,
) -> HttpResult<Response> {
    desk.remove_goods_picture(&by, sku).await?;
    let said = chrome.t.picture_is_gone();
    Ok(see_other(&visitor, &format!("/clerk/goods/{sku}"), Tone::Good, said))
}

/// The photo of a loss.
pub(super) async fn of_loss(
    State(desk): State<Desk>,
    by: As<StockReader>,
    Path(id): Path<StockPaperId>,
) -> HttpResult<Response> {
    Ok(jpeg(desk.stock_photo(&by, id).await?.bytes, "private, no-store"))
}

pub(super) async fn add_to_loss(
    State(desk): State<Desk>,
    visitor: Visitor,
    As(by): As<StockReader>,
    chrome: Chrome,
    Path(id): Path<StockPaperId>,
    body: Multipart,
) -> HttpResult<Response> {
    let mut upload = Upload::read(&visitor, body).await?;
    let photo = upload.take("photo").unwrap_or_default();
    let keeper = Storekeeper::of(&by).ok_or(crate::service::ServiceError::NotAllowed)?;
    match desk.add_stock_photo(&keeper, id, photo).await {
        Ok(_) => {
            let to = format!("/stock/papers/{id}");
            Ok(see_other(&visitor, &to, Tone::Good, chrome.t.loss_photo_added()))
        }
        Err(error) => {
            let form = upload.form.refused(chrome.t, error)?;
            paper::show(&desk, &by, chrome, id, form).await
        }
    }
}
