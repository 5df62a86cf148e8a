//! From what was scanned or typed to a household. Decides whose it is and whether it counts; takes no points.

use sha2::{Digest, Sha256};

use super::{Desk, visit::Visit};
use crate::{
    domain::{
        bystander::Part,
        chart,
        code::{
            Scanned, classify,
            phone::{self, CodeFault},
        },
        ids::{BookId, CardId, HouseholdId},
        person::Name,
        posting::Commodity,
        time::Timestamp,
        wording::fold_typed,
    },
    service::{ServiceError, ServiceResult, books::path, caller::Shopkeeper, recusal, refuse},
    store::{
        Tx,
        card::{self, CardRow},
        household::{self, Household},
        ledger::read,
        person, programme,
    },
};

/// Programmes asked whether a code is theirs, so that a neighbour village's code is told from a forged one.
const PROGRAMMES_ASKED_MAX: i64 = 1_000;

/// What was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Credential {
    /// A phone code; works once.
    Phone { digest: Vec<u8>, lapses_at: Timestamp },
    /// A card in use.
    Card { id: CardId },
    /// Nothing: its number was said, and somebody else answers for it.
    Number,
}

/// A household that showed something valid.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) home: Household,
    pub(super) masked_name: String,
    pub(super) credential: Credential,
}

/// SHA-256 of what was scanned, folded: stored in place of the digits.
pub(super) fn digest(scanned: &str) -> Vec<u8> {
    Sha256::digest(fold_typed(scanned).as_bytes()).to_vec()
}

/// Spendable points of a household.
pub(super) async fn available(tx: &mut Tx, book: BookId, household_no: &str) -> ServiceResult<i64> {
    let account = path(chart::household_available(household_no))?;
    Ok(-read::balance(tx, book, account.as_str(), Commodity::POINT).await?)
}

/// The masked name of the present head.
pub(in crate::service) async fn masked_head(
    tx: &mut Tx,
    book: BookId,
    home: &Household,
) -> ServiceResult<String> {
    let name = person::head(tx, book, home.id).await?;
    Ok(name.and_then(|n| Name::parse(&n).ok()).map_or_else(|| "*".to_owned(), |n| n.masked()))
}

impl Desk {
    /// Whose code or card this is. A lapsed code counts only within a `visit` that began in time.
    pub(super) async fn known(
        &self,
        tx: &mut Tx,
        book: BookId,
        scanned: &str,
        visit: Option<&Visit<'_>>,
    ) -> ServiceResult<Known> {
        let (home, credential) = match classify(scanned) {
            Scanned::PhoneCode(digits) => self.by_phone(tx, book, &digits, visit).await?,
            Scanned::CardQr(token) => {
                let row = card::by_digest(tx, book, &token.digest()).await?;
                by_card(tx, book, row).await?
            }
            Scanned::CardNumber(number) => {
                let row = card::by_no(tx, book, number.as_str()).await?;
                by_card(tx, book, row).await?
            }
            Scanned::HouseholdNo(no) => return Err(refuse("card_needed").with("household", no).into()),
            Scanned::Unknown => return Err(refuse("code_unreadable").into()),
        };
        let masked_name = masked_head(tx, book, &home).await?;
        Ok(Known { home, masked_name, credential })
    }

    /// The same; where a witness or a helper answers for a household, its number is enough.
    pub(super) async fn known_or_vouched(
        &self,
        tx: &mut Tx,
        book: BookId,
        scanned: &str,
        visit: &Visit<'_>,
        part: Option<Part>,
    ) -> ServiceResult<Known> {
        if let (Some(Part::Witness | Part::Helper), Scanned::HouseholdNo(no)) = (part, classify(scanned)) {
            let home = household::by_no(tx, book, &no).await?;
            let home = home.ok_or_else(|| refuse("unknown_household").with("household", no))?;
            let masked_name = masked_head(tx, book, &home).await?;
            return Ok(Known { home, masked_name, credential: Credential::Number });
        }
        if part == Some(Part::Witness) {
            return Err(refuse("witness_needless").into());
        }
        self.known(tx, book, scanned, Some(visit)).await
    }

    /// The household whose card (true) or live code (false) this is.
    pub(in crate::service) async fn shown_by(
        &self,
        tx: &mut Tx,
        book: BookId,
        scanned: &str,
    ) -> ServiceResult<(HouseholdId, bool)> {
        let known = self.known(tx, book, scanned, None).await?;
        Ok((known.home.id, matches!(known.credential, Credential::Card { .. })))
    }

    /// Whether this household may redeem, and with this shopkeeper.
    pub(super) async fn check_party(&self, tx: &mut Tx, by: &Shopkeeper, known: &Known) -> ServiceResult<()> {
        if !known.home.state()?.may_redeem() {
            return Err(refuse("household_frozen").with("household", &known.home.no).into());
        }
        recusal::check(tx, by, known.home.id, self.today()).await
    }

    async fn by_phone(
        &self,
        tx: &mut Tx,
        book: BookId,
        digits: &str,
        visit: Option<&Visit<'_>>,
    ) -> ServiceResult<(Household, Credential)> {
        let (key, now, digest) = (self.phone_key(), self.now(), digest(digits));
        let opened = match phone::open(&key, book, digits, now) {
            Err(CodeFault::Lapsed) if visit.is_some_and(|v| self.visit_holds(v, &digest)) => {
                // genuine and shown in time: read it as of an instant at which it lived
                phone::open(&key, book, digits, Timestamp::from_micros(0))
            }
            other => other,
        };
        let opened = match opened {
            Ok(opened) => opened,
            Err(CodeFault::Malformed) => return Err(refuse("code_unreadable").into()),
            Err(CodeFault::Lapsed) => return Err(refuse("code_lapsed").into()),
            Err(CodeFault::Forged) => {
                let others = programme::list(tx, 0, PROGRAMMES_ASKED_MAX).await?;
                let elsewhere = others
                    .iter()
                    .find(|p| phone::open(&key, p.book_id, digits, now) != Err(CodeFault::Forged));
                return Err(match elsewhere {
                    Some(p) => refuse("wrong_village").with("village", &p.name).into(),
                    None => refuse("code_forged").into(),
                });
            }
        };
        let home = household::by_credential(tx, book, i64::from(opened.credential_no))
            .await?
            .ok_or_else(|| ServiceError::from(refuse("code_forged")))?;
        Ok((home, Credential::Phone { digest, lapses_at: opened.lapses_at }))
    }
}

async fn by_card(tx: &mut Tx, book: BookId, row: Option<CardRow>) -> ServiceResult<(Household, Credential)> {
    let row = row.ok_or_else(|| ServiceError::from(refuse("card_unknown")))?;
    if !row.is_active() {
        let since = row.revoked_at.map(Timestamp::minute).unwrap_or_default();
        return Err(refuse("card_revoked").with("since", since).into());
    }
    let home = household::by_id(tx, book, row.household_id)
        .await?
        .ok_or_else(|| ServiceError::Internal(format!("card {} has no household", row.id)))?;
    Ok((home, Credential::Card { id: row.id }))
}
