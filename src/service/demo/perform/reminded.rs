//! What came before the deductions of the demo year: reminders on paper, looked at again by another person; and one
//! reminder that a household has in its hands today.

use super::{Village, missing};
use crate::{
    domain::{
        household::HouseholdNo,
        ids::{HouseholdId, PersonId},
    },
    service::{
        Desk, ServiceError, ServiceResult, caller::Recorder, demo::plan::Batch, reminder::NewReminder,
    },
    store::household,
};

/// Days ago that a paper was handed over, and that its time was over.
const GIVEN_DAYS_AGO: i32 = 12;
const OVER_DAYS_AGO: i32 = 3;
/// How long the household that is reminded today has.
const DAYS: i32 = 10;

/// Reminds the households of a batch, and has another person look again.
pub(super) async fn before(
    desk: &Desk,
    village: &Village<'_>,
    by: &Recorder,
    batch: &Batch,
) -> ServiceResult<()> {
    for line in &batch.lines {
        let home = village.households.get(line.household).ok_or_else(|| missing("household"))?;
        let person = line.person.and_then(|p| village.people.get(p).copied());
        let given = new(desk, village, *home, person, batch.item, &batch.occasion).await?;
        let given = NewReminder {
            given_on: desk.today().plus(-GIVEN_DAYS_AGO),
            fix_by: desk.today().plus(-OVER_DAYS_AGO),
            ..given
        };
        let row = match desk.remind(by, &given).await {
            Ok(row) => row,
            // their own house: the line itself will be refused for the same reason
            Err(ServiceError::Refused(_)) => continue,
            Err(other) => return Err(other),
        };
        for second in village.staff.iter().filter_map(Recorder::of).filter(|s| s.user != by.user) {
            match desk.recheck(&second, row.id, false, "上门复查，没有整改").await {
                Ok(_) => break,
                Err(ServiceError::Refused(_)) => {}
                Err(other) => return Err(other),
            }
        }
    }
    Ok(())
}

/// Reminds one household on the demo's last day.
pub(super) async fn today(desk: &Desk, village: &Village<'_>) -> ServiceResult<()> {
    let by = village.staff.iter().find_map(Recorder::of).ok_or_else(|| missing("recorder"))?;
    let home = village.households.get(village.plan.showcase).ok_or_else(|| missing("household"))?;
    let given = new(desk, village, *home, None, "F1", "门前堆放的旧家具，请清走").await?;
    desk.remind(&by, &given).await.map(drop)
}

async fn new(
    desk: &Desk,
    village: &Village<'_>,
    home: HouseholdId,
    person: Option<PersonId>,
    item: &str,
    what: &str,
) -> ServiceResult<NewReminder> {
    let mut tx = desk.db.begin_read().await?;
    let home = household::by_id(&mut tx, village.book, home).await?;
    let household: HouseholdNo = home.ok_or_else(|| missing("household"))?.no;
    let today = desk.today();
    Ok(NewReminder {
        household,
        person,
        item: item.to_owned(),
        what: what.to_owned(),
        given_on: today,
        fix_by: today.plus(DAYS),
    })
}
