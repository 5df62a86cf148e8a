//! Mutual exclusion with other programmes (互斥): what another programme rewarded for an event is noted once, and the
//! rules that exclude it find it there. Neither may come after the other.

use super::{Desk, ServiceError, ServiceResult, refuse, required};
use crate::{
    domain::{
        household::HouseholdNo,
        ids::{AwardId, BookId, PersonId},
        rule::ItemCode,
        time::Day,
    },
    service::{caller::Recorder, recusal, rulesets},
    store::{
        StoreError, Tx,
        award::usage::{self, Window},
        elsewhere::{self, ElsewhereRow, NewElsewhere},
        household,
        serial::{self, Series},
    },
};

/// Rewards of other programmes a list shows.
const SHOWN: i64 = 100;

/// What another programme rewarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewarded {
    /// Whose it was.
    pub household: HouseholdNo,
    /// The code by which the rules name the programme.
    pub programme: String,
    /// The event, under the name that awards for it carry.
    pub event_key: String,
    /// The paper that says so.
    pub basis: String,
}

impl Desk {
    /// Notes what another programme rewarded. Noted twice it is noted once; not where the event was rewarded here.
    pub async fn note_elsewhere(&self, by: &Recorder, new: &Rewarded) -> ServiceResult<()> {
        let event_key = required("event_key", &new.event_key)?;
        let basis = required("basis", &new.basis)?;
        let today = self.today();
        let mut tx = self.db.begin_write().await?;
        // the lock under which awards are counted
        serial::take(&mut tx, by.book, Series::Award, 0).await?;
        let home = household::by_no(&mut tx, by.book, &new.household).await?;
        let home = home.ok_or(ServiceError::NotFound("household"))?;
        recusal::check(&mut tx, by, home.id, today).await?;
        let excluded = self.excluded_by(&mut tx, by.book, &new.programme).await?;
        let nobody = uuid::Uuid::nil();
        let window = Window {
            person: PersonId(nobody),
            household: home.id,
            from: Day::from_number(i32::MIN),
            until: Day::from_number(i32::MAX),
            without: AwardId(nobody),
            event_key,
            on_day: Day::from_number(i32::MIN),
        };
        if usage::of_household(&mut tx, by.book, window, &excluded).await?.times > 0 {
            return Err(refuse("rewarded_here").with("event", event_key).into());
        }
        let row = NewElsewhere {
            id: self.id(),
            programme: new.programme.clone(),
            event_key: event_key.to_owned(),
            household_id: home.id,
            basis: basis.to_owned(),
            noted_at: self.now(),
            noted_by: by.actor().to_string(),
        };
        match elsewhere::add(&mut tx, by.book, &row).await {
            Err(StoreError::Duplicate) => return Ok(()),
            added => added?,
        }
        Ok(tx.commit().await?)
    }

    /// The programmes that the rules of today know beside their own.
    pub async fn other_programmes(&self, book: BookId) -> ServiceResult<Vec<String>> {
        let mut tx = self.db.begin_read().await?;
        let set = rulesets::in_force(&mut tx, book, self.today()).await?;
        let mut codes: Vec<String> =
            set.exclusives.iter().flat_map(|g| &g.outside).map(ItemCode::to_string).collect();
        codes.sort();
        codes.dedup();
        Ok(codes)
    }

    /// What other programmes rewarded, the latest first.
    pub async fn elsewhere(&self, book: BookId) -> ServiceResult<Vec<ElsewhereRow>> {
        let mut tx = self.db.begin_read().await?;
        Ok(elsewhere::list(&mut tx, book, SHOWN).await?)
    }

    /// The items that a programme excludes, between commas.
    async fn excluded_by(&self, tx: &mut Tx, book: BookId, programme: &str) -> ServiceResult<String> {
        let set = rulesets::in_force(tx, book, self.today()).await?;
        let groups =
            set.exclusives.iter().filter(|g| g.outside.iter().any(|code| code.as_str() == programme));
        let items: Vec<&str> = groups.flat_map(|g| &g.members).map(ItemCode::as_str).collect();
        if items.is_empty() {
            return Err(refuse("unknown_programme").with("programme", programme).into());
        }
        Ok(format!(",{},", items.join(",")))
    }
}
