//! Frames of the camera and photos, read on the server for browsers that cannot. The decoder is busy for some
//! milliseconds a frame, so only few run at a time, off the request threads.

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use std::{sync::LazyLock, time::Duration};
use tokio::sync::Semaphore;

use crate::{
    http::{As, HttpError, HttpResult, Json, Query, Visitor, session::CSRF_HEADER},
    service::{
        ServiceError,
        caller::Staff,
        decode::{self, Reads},
        refuse,
    },
};

/// Frames decoded at a time.
const DECODERS_MAX: usize = 2;
/// How long a frame waits for its turn; the next one comes soon anyway.
const TURN_WAIT: Duration = Duration::from_secs(2);

static TURNS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(DECODERS_MAX));

#[derive(serde::Serialize)]
struct Found {
    text: String,
}

/// `?reads=` of a frame: what is looked for in it.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Look {
    #[serde(default)]
    reads: Reads,
}

/// A picture: `200 {"text": "…"}` or `204` when it shows no code.
pub(super) async fn frame(
    visitor: Visitor,
    _: As<Staff>,
    Query(look): Query<Look>,
    headers: HeaderMap,
    picture: Bytes,
) -> HttpResult<Response> {
    let sent = headers.get(CSRF_HEADER).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !visitor.csrf_matches(sent) {
        return Err(HttpError::Csrf);
    }
    let Ok(Ok(turn)) = tokio::time::timeout(TURN_WAIT, TURNS.acquire()).await else {
        return Err(ServiceError::Busy.into());
    };
    let read = tokio::task::spawn_blocking(move || decode::read(&picture, look.reads))
        .await
        .map_err(|e| ServiceError::Internal(format!("the decoder stopped: {e}")))?;
    drop(turn);
    match read {
        Ok(Some(text)) => Ok(Json(Found { text }).into_response()),
        Ok(None) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(error) => {
            let refusal = refuse("not_a_picture").with("reason", error);
            Err(HttpError::Input(StatusCode::UNPROCESSABLE_ENTITY, refusal))
        }
    }
}
