//! A form with files, read with its token checked. What the files are is for whoever asked for them.

use std::collections::BTreeMap;

use axum::{
    extract::{Multipart, multipart::MultipartError},
    http::StatusCode,
};

use super::form::FormState;
use crate::{
    http::{HttpError, HttpResult, Visitor, extract::ZERO},
    service::refuse,
};

/// A form with files, its token checked: the fields that were typed, and the files by name.
pub struct Upload {
    /// What was typed.
    pub form: FormState,
    /// Files that are not empty.
    files: BTreeMap<String, Vec<u8>>,
}

impl Upload {
    /// Reads it. The token comes before the files, as our pages send it.
    pub async fn read(visitor: &Visitor, mut body: Multipart) -> HttpResult<Self> {
        let unreadable = |e: MultipartError| {
            let code = if e.status() == StatusCode::PAYLOAD_TOO_LARGE { "too_large" } else { "bad_form" };
            HttpError::Input(e.status(), refuse(code).with("reason", e.body_text()))
        };
        let (mut genuine, mut fields, mut files) = (false, Vec::new(), BTreeMap::new());
        while let Some(field) = body.next_field().await.map_err(unreadable)? {
            let name = field.name().unwrap_or_default().to_owned();
            if field.file_name().is_some() {
                if !genuine {
                    return Err(HttpError::Csrf);
                }
                let bytes = field.bytes().await.map_err(unreadable)?;
                if !bytes.is_empty() {
                    files.insert(name, bytes.to_vec());
                }
                continue;
            }
            let value = field.text().await.map_err(unreadable)?;
            if value.contains('\0') {
                return Err(HttpError::Input(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    refuse("bad_form").with("reason", ZERO),
                ));
            }
            if name == "csrf" {
                genuine = visitor.csrf_matches(&value);
            } else {
                fields.push((name, value));
            }
        }
        if !genuine {
            return Err(HttpError::Csrf);
        }
        Ok(Self { form: FormState::of(fields), files })
    }

    /// A file, if one was chosen.
    pub fn take(&mut self, name: &str) -> Option<Vec<u8>> {
        self.files.remove(name)
    }
}
