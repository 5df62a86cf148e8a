//! Inheritances of hours as pages and the API show them: all for the staff, for a household those it has a part in.

use super::{
    Desk, ServiceError, ServiceResult,
    estate::{ESTATES_PAGE, nothing_open},
    home_of, kin_of,
    party::Party,
    post,
    view::{Someone, someone},
};
use crate::{
    domain::{
        ids::{BookId, TimeEstateId},
        timebank::estate::{self, EstateState},
    },
    service::Refusal,
    store::{
        Tx, person,
        timebank::estate::{self as estates, EstateRow},
    },
};

/// An inheritance as pages and the API show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EstateView {
    /// As it stands.
    pub row: EstateRow,
    /// Where it stands.
    pub state: EstateState,
    /// Who died.
    pub person: Someone,
    /// The heir.
    pub heir: Option<Someone>,
    /// What is in the account.
    pub holds: i64,
    /// What keeps it from being settled.
    pub held_up: Option<Refusal>,
    /// Who may be drawn up.
    pub heirs: Vec<Someone>,
}

impl Desk {
    /// One inheritance.
    pub async fn time_estate(&self, book: BookId, id: TimeEstateId) -> ServiceResult<EstateRow> {
        let mut tx = self.db.begin_read().await?;
        estates::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("time_estate"))
    }

    /// One inheritance, for the staff; for the households of whoever died and of the heir.
    pub async fn time_estate_view(&self, by: &Party, id: TimeEstateId) -> ServiceResult<EstateView> {
        let row = self.time_estate(by.book(), id).await?;
        let mut tx = self.db.begin_read().await?;
        if !self.concerns(&mut tx, by, &row).await? {
            return Err(ServiceError::NotFound("time_estate"));
        }
        self.estate_view(&mut tx, by.book(), row).await
    }

    /// Inheritances numbered above `after`, oldest first: all of them for the staff, those of the household for it.
    pub async fn time_estates(&self, by: &Party, after: i64) -> ServiceResult<Vec<EstateView>> {
        let book = by.book();
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for row in estates::all_of_book(&mut tx, book, after, ESTATES_PAGE).await? {
            if self.concerns(&mut tx, by, &row).await? {
                out.push(self.estate_view(&mut tx, book, row).await?);
            }
        }
        Ok(out)
    }

    /// Whether whoever looks has a part in it: that is how both sides are told.
    async fn concerns(&self, tx: &mut Tx, by: &Party, row: &EstateRow) -> ServiceResult<bool> {
        let Party::Household(home) = by else { return Ok(true) };
        let before = person::memberships(tx, by.book(), row.person_id).await?;
        if before.last().is_some_and(|last| last.household == home.household) {
            return Ok(true);
        }
        let Some(heir) = row.heir_id else { return Ok(false) };
        Ok(home_of(tx, by.book(), heir, self.today()).await? == Some(home.household))
    }

    async fn estate_view(&self, tx: &mut Tx, book: BookId, row: EstateRow) -> ServiceResult<EstateView> {
        let (today, state) = (self.today(), row.state()?);
        let person = someone(tx, book, row.person_id, (today, true)).await?;
        let heir = match row.heir_id {
            Some(heir) => Some(someone(tx, book, heir, (today, true)).await?),
            None => None,
        };
        let (mut heirs, mut held_up) = (Vec::new(), None);
        if state != EstateState::Settled {
            held_up = match nothing_open(tx, book, row.person_id).await {
                Ok(()) => None,
                Err(ServiceError::Refused(why)) => Some(why),
                Err(error) => return Err(error),
            };
            for (relative, kind) in kin_of(tx, book, row.person_id, row.died_on).await? {
                if estate::may_inherit(Some(kind)) && home_of(tx, book, relative, today).await?.is_some() {
                    heirs.push(someone(tx, book, relative, (today, true)).await?);
                }
            }
        }
        let holds = post::saved(tx, book, person.no.as_str()).await?;
        Ok(EstateView { row, state, person, heir, holds, held_up, heirs })
    }
}
