//! The photo of goods that are written off: put to the paper by who drew it up, before anybody decides; looked at by the
//! second person; its digest is posted with the paper.

use sha2::{Digest, Sha256};

use super::{Desk, PaperKind, PaperState, ServiceError, ServiceResult, refuse, standing};
use crate::{
    domain::ids::StockPaperId,
    service::{
        award::state_changed,
        caller::{StockReader, Storekeeper},
        claim::files::{Served, fitted},
    },
    store::{stock::PaperRow, stock_photo},
};

/// What kind a photo that is kept is.
const MEDIA: &str = "image/jpeg";

impl Desk {
    /// Puts a photo to a loss.
    pub async fn add_stock_photo(
        &self,
        by: &Storekeeper,
        id: StockPaperId,
        photo: Vec<u8>,
    ) -> ServiceResult<PaperRow> {
        let mut tx = self.db.begin_read().await?;
        let row = self.paper_row(&mut tx, by.book, id).await?;
        drop(tx);
        let (kind, state) = standing(&row)?;
        if kind != PaperKind::Loss {
            return Err(refuse("photo_of_losses").with("no", row.no).into());
        }
        if row.drawn_by != by.actor().to_string() {
            return Err(refuse("not_your_paper").with("no", row.no).into());
        }
        if state != PaperState::DrawnUp {
            return Err(refuse("already_decided").with("state", state).into());
        }
        if row.photo.is_some() {
            return Err(refuse("photo_is_there").with("no", row.no).into());
        }
        if photo.is_empty() {
            return Err(refuse("field_missing").with("field", "photo").into());
        }
        let picture = fitted(photo).await?;
        let digest = Sha256::digest(&picture.jpeg);
        let mut tx = self.db.begin_write().await?;
        // fails if somebody decided or was faster meanwhile
        let bytes = (digest.as_slice(), picture.jpeg.as_slice());
        stock_photo::add(&mut tx, by.book, id, bytes, self.now()).await.map_err(state_changed)?;
        let row = self.paper_row(&mut tx, by.book, id).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// The photo of a loss, for whoever may read the paper.
    pub async fn stock_photo(&self, by: &StockReader, id: StockPaperId) -> ServiceResult<Served> {
        let mut tx = self.db.begin_read().await?;
        self.paper_row(&mut tx, by.book, id).await?;
        let bytes = stock_photo::bytes(&mut tx, by.book, id).await?;
        let bytes = bytes.ok_or(ServiceError::NotFound("photo"))?;
        Ok(Served { media: MEDIA.to_owned(), bytes })
    }
}
