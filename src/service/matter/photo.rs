//! The photo of a report: made small, kept, shown to those concerned, compared with others, erased.

use sha2::{Digest, Sha256};

use super::{Desk, Resident, Role, ServiceError, ServiceResult, Staff, concerns, rows};
use crate::{
    domain::ids::{BookId, ClaimId, MatterId},
    service::{
        claim::files::{COMPARED_DAYS, Served, fitted},
        picture::{Picture, alike},
    },
    store::{
        Tx, WriteTx, evidence,
        matter::photo::{self, Compared, MatterPhotoRow},
    },
};

/// What kind a photo that is kept is.
const MEDIA: &str = "image/jpeg";

/// What came with a report, fit to be kept.
pub(super) struct Taken(Option<Picture>);

impl Taken {
    /// Makes a photo small.
    pub(super) async fn of(photo: Option<Vec<u8>>) -> ServiceResult<Self> {
        match photo.filter(|p| !p.is_empty()) {
            Some(photo) => fitted(photo).await.map(|picture| Self(Some(picture))),
            None => Ok(Self(None)),
        }
    }
}

/// Another photo that is the one at hand, or looks like it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlikeReport {
    /// Where the other one is.
    pub other: Other,
    /// The number of the matter or the claim.
    pub no: i64,
    /// The very same bytes.
    pub same: bool,
}

/// Where another photo came with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Other {
    /// A matter.
    Matter(MatterId),
    /// A claim.
    Claim(ClaimId),
}

impl Desk {
    pub(super) async fn keep_photo(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        matter: MatterId,
        taken: Taken,
    ) -> ServiceResult<()> {
        let Some(picture) = taken.0 else { return Ok(()) };
        let row = MatterPhotoRow {
            matter_id: matter,
            size: i64::try_from(picture.jpeg.len()).unwrap_or(i64::MAX),
            digest: Sha256::digest(&picture.jpeg).to_vec(),
            look: picture.look.cast_signed(),
            added_at: self.now(),
            erased_at: None,
        };
        Ok(photo::add(tx, book, &row, &picture.jpeg).await?)
    }

    /// The words and the photo of a matter are gone; that there was one, and the photo's digest, stay.
    pub(in crate::service) async fn forget_matter(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        matter: MatterId,
    ) -> ServiceResult<()> {
        photo::erase(tx, book, matter, self.now()).await?;
        Ok(rows::erase_words(tx, book, matter).await?)
    }

    /// The photo of a household's own report.
    pub async fn own_matter_photo(&self, by: &Resident, id: MatterId) -> ServiceResult<Served> {
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, by.book, id).await?;
        row.filter(|m| m.household_id == by.household).ok_or(ServiceError::NotFound("matter"))?;
        served(&mut tx, by.book, id).await
    }

    /// The photo of a report for those of the staff whose work it is to look at it.
    pub async fn matter_photo(&self, by: &Staff, id: MatterId) -> ServiceResult<Served> {
        let may = [Role::Recorder, Role::Clerk, Role::Reviewer, Role::Auditor, Role::Township];
        if !may.iter().any(|role| by.holds(*role)) {
            return Err(ServiceError::NotFound("matter"));
        }
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("matter"))?;
        if !concerns(&mut tx, by, &row).await? {
            return Err(ServiceError::NotFound("matter"));
        }
        served(&mut tx, by.book, id).await
    }

    /// Photos of other matters and of claims of the last year that are the one of this matter, or look like it.
    pub async fn photos_like_matter(&self, book: BookId, id: MatterId) -> ServiceResult<Vec<AlikeReport>> {
        let mut tx = self.db.begin_read().await?;
        let Some(mine) = photo::of(&mut tx, book, id).await? else { return Ok(Vec::new()) };
        let from = self.now().plus_days(-COMPARED_DAYS);
        let mine = (mine.digest, Some(mine.look));
        let mut out = alike_to(&mine, photo::since(&mut tx, book, from).await?, Other::Matter);
        out.retain(|found| found.other != Other::Matter(id));
        out.extend(alike_to(&mine, photo::of_claims(&mut tx, book, from).await?, Other::Claim));
        Ok(out)
    }

    /// Photos of matters of the last year that are the one of a claim, or look like it.
    pub async fn matter_photos_like_claim(
        &self,
        book: BookId,
        claim: ClaimId,
    ) -> ServiceResult<Vec<AlikeReport>> {
        let mut tx = self.db.begin_read().await?;
        let files = evidence::of_claim(&mut tx, book, claim).await?;
        let mine: Vec<_> =
            files.into_iter().filter(|f| f.kind == "photo").map(|f| (f.digest, f.look)).collect();
        if mine.is_empty() {
            return Ok(Vec::new());
        }
        let from = self.now().plus_days(-COMPARED_DAYS);
        let others = photo::since(&mut tx, book, from).await?;
        Ok(mine.iter().flat_map(|mine| alike_to(mine, others.clone(), Other::Matter)).collect())
    }
}

fn alike_to<Id>(
    mine: &(Vec<u8>, Option<i64>),
    others: Vec<Compared<Id>>,
    name: fn(Id) -> Other,
) -> Vec<AlikeReport> {
    let found = others.into_iter().filter_map(|(id, digest, look, no)| {
        let same = mine.0 == digest;
        let looks = matches!((mine.1, look),
            (Some(a), Some(b)) if alike(a.cast_unsigned(), b.cast_unsigned()));
        (same || looks).then(|| AlikeReport { other: name(id), no, same })
    });
    found.collect()
}

async fn served(tx: &mut Tx, book: BookId, id: MatterId) -> ServiceResult<Served> {
    let bytes = photo::bytes(tx, book, id).await?.ok_or(ServiceError::NotFound("matter"))?;
    Ok(Served { media: MEDIA.to_owned(), bytes })
}
