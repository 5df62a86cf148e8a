//! The same hours are paid once (handbook §4, §10): where an item counts hours, or excludes one that does, a line may say
//! from when to when, and then shares no minute with another of the same person.

use rust_decimal::Decimal;

use super::{Desk, NewAward, ServiceResult, refuse};
use crate::{
    domain::{
        award::Hours,
        ids::{AwardId, BookId, HouseholdId, PersonId},
        rule::{Item, Unit},
        ruleset::RuleSet,
        time::Day,
    },
    store::{
        StoreError, StoreResult, Tx, WriteTx,
        award::{self as rows, AwardRow, hours},
    },
};

impl Desk {
    /// From when to when an award was done, if it says so.
    pub async fn hours_of(&self, book: BookId, id: AwardId) -> ServiceResult<Option<Hours>> {
        let mut tx = self.db.begin_read().await?;
        Ok(hours::one(&mut tx, book, id).await?.map(stored).transpose()?)
    }
}

/// Whether an item counts hours, or stands in one group with an item that does.
#[must_use]
pub fn takes_hours(set: &RuleSet, item: &Item) -> bool {
    let counts = |item: &Item| item.unit == Unit::Hour || item.service_minutes;
    counts(item)
        || set
            .exclusives_of(&item.code)
            .any(|group| group.members.iter().any(|member| set.item(member.as_str()).is_some_and(counts)))
}

/// Refuses hours that the item does not take, that are fewer than claimed, or that were paid already. Called under the
/// lock of the award series.
pub(super) async fn check(
    tx: &mut Tx,
    book: BookId,
    (set, item): (&RuleSet, &Item),
    new: &NewAward,
    household: HouseholdId,
    without: Option<AwardId>,
) -> ServiceResult<()> {
    let Some(said) = new.hours else { return Ok(()) };
    if !takes_hours(set, item) {
        return Err(refuse("hours_not_taken").with("item", &item.code).into());
    }
    if item.unit == Unit::Hour && new.quantity * Decimal::from(60) > Decimal::from(said.length()) {
        return Err(refuse("hours_short")
            .with("hours", said)
            .with("quantity", new.quantity.normalize())
            .into());
    }
    let without = without.unwrap_or(AwardId(uuid::Uuid::nil()));
    untaken(tx, book, (new.person, household), (new.occurred_on, said), without).await
}

/// The hours of an award that stands again: refused where another was recorded for them since it fell.
pub(super) async fn again(tx: &mut Tx, book: BookId, origin: &AwardRow) -> ServiceResult<Option<Hours>> {
    let Some(said) = hours::one(tx, book, origin.id).await?.map(stored).transpose()? else { return Ok(None) };
    let whose = (origin.person_id, origin.household_id);
    untaken(tx, book, whose, (origin.occurred_on, said), origin.id).await?;
    Ok(Some(said))
}

async fn untaken(
    tx: &mut Tx,
    book: BookId,
    whose: (Option<PersonId>, HouseholdId),
    (day, said): (Day, Hours),
    without: AwardId,
) -> ServiceResult<()> {
    let (from, to) = said.minutes();
    match hours::meets(tx, book, whose, (day, from, to), without).await? {
        None => Ok(()),
        Some(met) => {
            let other = stored((met.from_minute, met.to_minute))?;
            Err(refuse("hours_twice").with("no", met.no).with("hours", other).into())
        }
    }
}

/// Puts a line on record, with its hours.
pub(super) async fn add(
    tx: &mut WriteTx,
    book: BookId,
    row: &AwardRow,
    said: Option<Hours>,
) -> StoreResult<()> {
    rows::add(tx, book, row).await?;
    match said {
        Some(said) => hours::put(tx, book, row.id, said.minutes()).await,
        None => Ok(()),
    }
}

/// What a line says after it was mended.
pub(super) async fn mend(
    tx: &mut WriteTx,
    book: BookId,
    id: AwardId,
    said: Option<Hours>,
) -> StoreResult<()> {
    match said {
        Some(said) => hours::put(tx, book, id, said.minutes()).await,
        None => hours::clear(tx, book, id).await,
    }
}

fn stored((from, to): (i32, i32)) -> StoreResult<Hours> {
    Hours::of(from, to).map_err(|_| StoreError::inconsistent("award_hours", "from_minute", from.to_string()))
}
