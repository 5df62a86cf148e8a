//! What articles look like: a thumbnail each, made small here, set and taken away by the clerk, shown to everybody of the
//! village. The catalogue without pictures is [`super::goods`].

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::{Desk, ServiceError, ServiceResult, caller::Clerk, claim::files::thumbnailed, refuse};
use crate::{
    domain::{canonical::hex, ids::BookId},
    store::{
        StoreResult, Tx, goods,
        goods_picture::{self, Thumbnail},
    },
};

/// Bytes of the digest that tell one picture of an article from its next.
const VERSION_BYTES: usize = 6;

/// Which articles have a picture; what stands there changes with it.
pub(super) async fn versions(tx: &mut Tx, book: BookId) -> StoreResult<HashMap<i64, String>> {
    let digests = goods_picture::digests(tx, book).await?;
    let version = |digest: Vec<u8>| hex(digest.get(..VERSION_BYTES).unwrap_or_default());
    Ok(digests.into_iter().map(|(sku, digest)| (sku, version(digest))).collect())
}

impl Desk {
    /// Makes a photo the picture of an article, in place of the one it had.
    pub async fn set_goods_picture(&self, by: &Clerk, sku: i64, photo: Vec<u8>) -> ServiceResult<()> {
        let mut tx = self.db.begin_read().await?;
        goods::by_sku(&mut tx, by.book, sku).await?.ok_or(ServiceError::NotFound("goods"))?;
        drop(tx);
        if photo.is_empty() {
            return Err(refuse("field_missing").with("field", "photo").into());
        }
        let jpeg = thumbnailed(photo).await?;
        let (digest, who) = (Sha256::digest(&jpeg), by.actor().to_string());
        let mut tx = self.db.begin_write().await?;
        let picture = Thumbnail { digest: &digest, bytes: &jpeg, at: self.now(), by: &who };
        goods_picture::put(&mut tx, by.book, sku, picture).await?;
        Ok(tx.commit().await?)
    }

    /// An article has no picture any more.
    pub async fn remove_goods_picture(&self, by: &Clerk, sku: i64) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        goods::by_sku(&mut tx, by.book, sku).await?.ok_or(ServiceError::NotFound("goods"))?;
        goods_picture::remove(&mut tx, by.book, sku).await?;
        Ok(tx.commit().await?)
    }

    /// The picture of an article, a JPEG, for anybody of the village.
    pub async fn goods_picture(&self, book: BookId, sku: i64) -> ServiceResult<Vec<u8>> {
        let mut tx = self.db.begin_read().await?;
        goods_picture::bytes(&mut tx, book, sku).await?.ok_or(ServiceError::NotFound("picture"))
    }

    /// Which articles have a picture; what stands there changes with it.
    pub async fn goods_pictures(&self, book: BookId) -> ServiceResult<HashMap<i64, String>> {
        let mut tx = self.db.begin_read().await?;
        Ok(versions(&mut tx, book).await?)
    }
}
