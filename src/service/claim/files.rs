//! Photos and voice notes: taken in with a claim, shown to those concerned, compared with others, erased.
//!
//! They stand in the database beside the claims, each in a row of its own that nothing else reads: a claim and its photo
//! are one transaction on both engines, one backup holds both, and erasing is one statement. What the log will know of
//! them is the digest.

use std::{sync::LazyLock, time::Duration};

use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::{Desk, ServiceError, ServiceResult, VOICE_BYTES_MAX, concerns, in_scope, refuse};
use crate::{
    domain::ids::{BookId, ClaimId, EvidenceId},
    service::{
        caller::{Resident, Role, Staff},
        decode::DecodeError,
        picture::{self, Picture, alike},
    },
    store::{
        WriteTx, claim as rows,
        evidence::{self, EvidenceRow},
        household,
    },
};

/// Photos made small at a time.
const WORKERS_MAX: usize = 2;
/// How long one waits for its turn.
const TURN_WAIT: Duration = Duration::from_secs(10);
/// How far back photos are compared.
pub(in crate::service) const COMPARED_DAYS: i64 = 366;

static TURNS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(WORKERS_MAX));

/// What came with a claim, fit to be kept.
pub(super) struct Attached(Vec<(&'static str, &'static str, Vec<u8>, Option<u64>)>);

impl Attached {
    /// Makes a photo small and looks what kind of recording a voice note is.
    pub(super) async fn of(photo: Option<Vec<u8>>, voice: Option<Vec<u8>>) -> ServiceResult<Self> {
        let mut out = Vec::new();
        if let Some(photo) = photo.filter(|p| !p.is_empty()) {
            let picture = fitted(photo).await?;
            out.push(("photo", "image/jpeg", picture.jpeg, Some(picture.look)));
        }
        if let Some(voice) = voice.filter(|v| !v.is_empty()) {
            if voice.len() > VOICE_BYTES_MAX {
                let limit = VOICE_BYTES_MAX / 1024;
                return Err(refuse("voice_too_long").with("limit", limit).into());
            }
            let media = sound(&voice).ok_or_else(|| refuse("not_a_recording"))?;
            out.push(("voice", media, voice, None));
        }
        Ok(Self(out))
    }
}

/// Makes a photo small, when its turn has come.
pub(in crate::service) async fn fitted(photo: Vec<u8>) -> ServiceResult<Picture> {
    in_turn(photo, picture::fit).await
}

/// Makes a photo the thumbnail of an article, when its turn has come.
pub(in crate::service) async fn thumbnailed(photo: Vec<u8>) -> ServiceResult<Vec<u8>> {
    in_turn(photo, picture::thumbnail).await
}

async fn in_turn<T: Send + 'static>(
    photo: Vec<u8>,
    make: fn(&[u8]) -> Result<T, DecodeError>,
) -> ServiceResult<T> {
    let Ok(Ok(turn)) = tokio::time::timeout(TURN_WAIT, TURNS.acquire()).await else {
        return Err(ServiceError::Busy);
    };
    let fitted = tokio::task::spawn_blocking(move || make(&photo))
        .await
        .map_err(|e| ServiceError::Internal(format!("making a photo small stopped: {e}")))?;
    drop(turn);
    Ok(fitted.map_err(|error| refuse("not_a_picture").with("reason", error))?)
}

/// What kind of recording it is, by its first bytes: what phones make, and nothing that a browser would run.
fn sound(bytes: &[u8]) -> Option<&'static str> {
    let at = |from: usize, mark: &[u8]| bytes.get(from..from + mark.len()) == Some(mark);
    if at(4, b"ftyp3g") {
        Some("audio/3gpp")
    } else if at(4, b"ftyp") {
        Some("audio/mp4")
    } else if at(0, b"#!AMR") {
        Some("audio/amr")
    } else if at(0, b"OggS") {
        Some("audio/ogg")
    } else if at(0, &[0x1a, 0x45, 0xdf, 0xa3]) {
        Some("audio/webm")
    } else if at(0, b"RIFF") && at(8, b"WAVE") {
        Some("audio/wav")
    } else if at(0, b"ID3") || (at(0, &[0xff]) && bytes.get(1).is_some_and(|b| b & 0xe0 == 0xe0)) {
        Some("audio/mpeg")
    } else {
        None
    }
}

/// A photo of another claim that is this one, or looks like it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The photo of the claim at hand.
    pub photo: EvidenceId,
    /// The other photo.
    pub other: EvidenceId,
    /// The number of its claim.
    pub claim_no: i64,
    /// Its claim.
    pub claim: ClaimId,
    /// The very same bytes.
    pub same: bool,
}

/// A file as it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// Its media type.
    pub media: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Desk {
    pub(super) async fn attach(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        claim: ClaimId,
        attached: Attached,
    ) -> ServiceResult<()> {
        for (kind, media, bytes, look) in attached.0 {
            let row = EvidenceRow {
                id: self.id(),
                claim_id: claim,
                kind: kind.to_owned(),
                media: media.to_owned(),
                size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
                digest: Sha256::digest(&bytes).to_vec(),
                look: look.map(u64::cast_signed),
                added_at: self.now(),
                erased_at: None,
            };
            evidence::add(tx, book, &row, &bytes).await?;
        }
        Ok(())
    }

    pub(in crate::service) async fn erase_files(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        claim: ClaimId,
    ) -> ServiceResult<()> {
        for file in evidence::of_claim(tx, book, claim).await? {
            evidence::erase(tx, book, file.id, self.now()).await?;
        }
        Ok(())
    }

    /// A file for a household that it concerns: of its own claim, or of one it handed in.
    pub async fn own_evidence(&self, by: &Resident, id: EvidenceId) -> ServiceResult<Served> {
        let mut tx = self.db.begin_read().await?;
        let row = evidence::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("evidence"))?;
        let claim = rows::one(&mut tx, by.book, row.claim_id).await?;
        claim.filter(|c| concerns(c, by)).ok_or(ServiceError::NotFound("evidence"))?;
        let bytes = evidence::bytes(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("evidence"))?;
        Ok(Served { media: row.media, bytes })
    }

    /// A file for those of the staff whose work it is to look at it, recorders in their part of the village only.
    pub async fn evidence_file(&self, by: &Staff, id: EvidenceId) -> ServiceResult<Served> {
        let whole = [Role::Clerk, Role::Reviewer, Role::Auditor, Role::Township];
        let mut tx = self.db.begin_read().await?;
        let row = evidence::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("evidence"))?;
        if !whole.iter().any(|role| by.holds(*role)) {
            let claim = rows::one(&mut tx, by.book, row.claim_id).await?;
            let claim = claim.ok_or(ServiceError::NotFound("evidence"))?;
            let home = household::by_id(&mut tx, by.book, claim.household_id).await?;
            let home = home.ok_or(ServiceError::NotFound("evidence"))?;
            if !by.holds(Role::Recorder) || !in_scope(&mut tx, by, &home).await? {
                return Err(ServiceError::NotFound("evidence"));
            }
        }
        let bytes = evidence::bytes(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("evidence"))?;
        Ok(Served { media: row.media, bytes })
    }

    /// Photos of other claims of the last year that are the same as those of a claim, or look like them.
    pub async fn alike_photos(&self, book: BookId, claim: ClaimId) -> ServiceResult<Vec<Alike>> {
        let mut tx = self.db.begin_read().await?;
        let own = evidence::of_claim(&mut tx, book, claim).await?;
        let own: Vec<&EvidenceRow> = own.iter().filter(|f| f.kind == "photo").collect();
        if own.is_empty() {
            return Ok(Vec::new());
        }
        let from = self.now().plus_days(-COMPARED_DAYS);
        let mut out = Vec::new();
        for other in evidence::photos(&mut tx, book, from, claim).await? {
            for mine in &own {
                let same = mine.digest == other.digest;
                let looks = matches!((mine.look, other.look),
                    (Some(a), Some(b)) if alike(a.cast_unsigned(), b.cast_unsigned()));
                if same || looks {
                    out.push(Alike {
                        photo: mine.id,
                        other: other.id,
                        claim_no: other.no,
                        claim: other.claim_id,
                        same,
                    });
                }
            }
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::sound;

    #[test]
    fn recordings_of_phones_are_known_by_their_first_bytes_and_nothing_else_is_taken() {
        assert_eq!(sound(b"\0\0\0\x18ftypM4A \0"), Some("audio/mp4"));
        assert_eq!(sound(b"\0\0\0\x18ftyp3gp4\0"), Some("audio/3gpp"));
        assert_eq!(sound(b"#!AMR\n...."), Some("audio/amr"));
        assert_eq!(sound(b"OggS\0...."), Some("audio/ogg"));
        assert_eq!(sound(b"ID3\x03...."), Some("audio/mpeg"));
        assert_eq!(sound(&[0xff, 0xfb, 0x90, 0]), Some("audio/mpeg"));
        for other in [&b"<svg onload=x>"[..], b"<!doctype html>", b"%PDF-1.7", b"MZ", b""] {
            assert_eq!(sound(other), None);
        }
    }
}
