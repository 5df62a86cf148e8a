//! The record of a volunteer of the demo village: whoever served first has a paper of it, and everything served is in the
//! first file for the national system.

use super::missing;
use crate::{
    domain::household::household_on,
    service::{
        Desk, ServiceError, ServiceResult,
        caller::{Clerk, Resident, Staff},
        timebank::Side,
    },
    store,
};

/// Performs it; what the rules refuse is left out.
pub(super) async fn kept(desk: &Desk, clerk: &Staff) -> ServiceResult<()> {
    let by = Clerk::of(clerk).ok_or_else(|| missing("clerk"))?;
    let mut tx = desk.db.begin_read().await?;
    let Some(first) = store::timebank::record::services(&mut tx, by.book, 0, 1).await?.pop() else {
        return Ok(());
    };
    let memberships = store::person::memberships(&mut tx, by.book, first.person_id).await?;
    drop(tx);
    let Some(household) = household_on(&memberships, first.person_id, desk.today()) else { return Ok(()) };
    let own = Side::Household(Resident { book: by.book, household });
    let done = async {
        desk.issue_time_certificate(&own, ("demo:record:1", first.person_id), (None, None)).await?;
        desk.say_time_unit(&by, "村志愿服务队", "村文书").await?;
        desk.make_time_file(&by, "demo:record:2", false).await.map(drop)
    };
    match done.await {
        Ok(()) | Err(ServiceError::Refused(_)) => Ok(()),
        Err(error) => Err(error),
    }
}
