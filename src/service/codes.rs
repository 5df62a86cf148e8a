//! The code on a resident's phone: short-lived, single use.

use super::{Desk, ServiceError, ServiceResult, caller::Resident, refuse, rulesets};
use crate::{
    domain::code::{
        CodeKey,
        phone::{self, PhoneCode},
    },
    store::household,
};

/// The version of the key that codes are made with now.
const KEY_VERSION: u8 = 1;

impl Desk {
    /// What phone codes are signed with.
    #[must_use]
    pub(super) fn phone_key(&self) -> CodeKey {
        CodeKey::new(KEY_VERSION, self.keys.phone_code())
    }

    /// What card tokens are made of.
    #[must_use]
    pub(super) fn card_key(&self) -> CodeKey {
        CodeKey::new(KEY_VERSION, self.keys.card())
    }

    /// A code to show at the counter, good for a minute and for one redemption.
    pub async fn phone_code(&self, resident: &Resident) -> ServiceResult<PhoneCode> {
        let mut tx = self.db.begin_read().await?;
        let row = household::by_id(&mut tx, resident.book, resident.household)
            .await?
            .ok_or(ServiceError::NotFound("household"))?;
        if !row.state()?.may_redeem() {
            return Err(refuse("household_frozen").with("household", &row.no).into());
        }
        let credential = u32::try_from(row.credential_no)
            .map_err(|_| ServiceError::Internal(format!("credential {} of {}", row.credential_no, row.no)))?;
        let lives = rulesets::counter_terms(&mut tx, resident.book, self.today()).await?.code_seconds;
        Ok(phone::issue(&self.phone_key(), resident.book, credential, self.now(), lives))
    }
}
