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

/// Days ago that the last paper was handed over, and that its time was over; and days from one paper to the next.
const GIVEN_DAYS_AGO: i32 = 12;
const OVER_DAYS_AGO: i32 = 3;
const BETWEEN_DAYS: i32 = 15;
/// How long the household that is reminded today has.
const DAYS: i32 = 10;

/// Reminds the households of a batch, and has another person look again.
pub(super) async fn before(
    desk: &Desk,
    village: &Village<'_>,
    by: &Recorder,
    batch: &Batch,
) -> ServiceResult<()> {
    let today = desk.today();
    let set = desk.ruleset_for(village.book, today).await?;
    let times = set.item(batch.item).map_or(1, |item| i32::try_from(item.reminders).unwrap_or(1));
    let days = |left: i32| {
        let ago = BETWEEN_DAYS * left;
        (today.plus(-GIVEN_DAYS_AGO - ago), today.plus(-OVER_DAYS_AGO - ago))
    };
    for line in &batch.lines {
        let home = village.households.get(line.household).ok_or_else(|| missing("household"))?;
        let person = line.person.and_then(|p| village.people.get(p).copied());
        let given = new(desk, village, *home, person, batch.item, &batch.occasion).await?;
        let (given_on, fix_by) = days(times - 1);
        let given = NewReminder { given_on, fix_by, ..given };
        let row = match desk.remind(by, &given).await {
            Ok(row) => row,
            // their own house: the line itself will be refused for the same reason
            Err(ServiceError::Refused(_)) => continue,
            Err(other) => return Err(other),
        };
        for left in (0..times - 1).rev() {
            let (given_on, fix_by) = days(left);
            desk.remind_again(by, row.id, given_on, fix_by).await?;
        }
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
