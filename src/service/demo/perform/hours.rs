//! The time bank of the demo village: the township's policy, two volunteers with what they offer, and an elder whose
//! request waits until the township puts hours into the public pool; a group activity with places left. Nothing here posts.

use super::missing;
use crate::{
    domain::{
        household::HouseholdNo,
        ids::{HouseholdId, PersonId},
        timebank::{ServiceKind, need::NeedGround, policy::DEFAULT},
    },
    service::{
        Desk, ServiceError, ServiceResult,
        caller::{Recorder, Resident, Reviewer, Staff, Township},
        timebank::{
            Side,
            activity::NewActivity,
            ask::NewOrder,
            volunteer::{Fitness, NewOffer},
        },
    },
    store,
};

/// Volunteers that join.
const JOINED: usize = 2;
/// Days for which they are insured.
const INSURED_DAYS: i32 = 300;
/// Days ahead for which the elder asks.
const AHEAD_DAYS: i32 = 3;

/// Performs it among the people of `homes`; what the rules refuse is left out.
pub(super) async fn opened(
    desk: &Desk,
    township: &Township,
    clerk: &Staff,
    homes: &[HouseholdNo],
) -> ServiceResult<()> {
    desk.adopt_time_policy(township, DEFAULT, desk.today(), "镇政府关于启用时间银行的通知").await?;
    let by = Recorder::of(clerk).ok_or_else(|| missing("recorder"))?;
    let year = desk.today().ymd().0;
    let (mut joined, mut served) = (Vec::new(), false);
    for no in homes {
        let mut tx = desk.db.begin_read().await?;
        let home =
            store::household::by_no(&mut tx, by.book, no).await?.ok_or_else(|| missing("household"))?;
        let people = store::person::members(&mut tx, by.book, home.id, desk.today()).await?;
        drop(tx);
        for one in people {
            let age = one.birth_year.map_or(0, |born| year - born);
            let done = if age >= 80 && !served {
                asks(desk, &by, one.id).await.map(|()| served = true)
            } else if (30..60).contains(&age) && joined.len() < JOINED {
                joins(desk, &by, (home.id, one.id)).await.map(|()| joined.push((home.id, one.id)))
            } else {
                continue;
            };
            match done {
                // the clerk's own household, or kin
                Ok(()) | Err(ServiceError::Refused(_)) => break,
                Err(error) => return Err(error),
            }
        }
    }
    comes_together(desk, (&by, township), &joined).await
}

/// A clean-up day, posted by the clerk, approved by the township, for which those who joined sign up.
async fn comes_together(
    desk: &Desk,
    (by, township): (&Recorder, &Township),
    people: &[(HouseholdId, PersonId)],
) -> ServiceResult<()> {
    let Some((_, first)) = people.first() else { return Ok(()) };
    let reviewer = Reviewer::of(township).ok_or_else(|| missing("reviewer"))?;
    let starts_at = desk.today().plus(AHEAD_DAYS).start().plus_seconds(9 * 3_600);
    let new = NewActivity {
        name: "清理村口河道".to_owned(),
        content: "捡垃圾、清淤，自带手套".to_owned(),
        kind: ServiceKind::Cleaning,
        place: "村口小河".to_owned(),
        starts_at,
        ends_at: starts_at.plus_seconds(2 * 3_600),
        capacity: 12,
        least_age: 14,
        insured: true,
        trained: false,
        in_charge: *first,
    };
    let row = desk.post_activity(by, "demo:activity:1", &new).await?;
    desk.approve_activity(&reviewer, row.id, true, "").await?;
    for (home, who) in people {
        let side = Side::Household(Resident { book: by.book, household: *home });
        desk.sign_up_for_activity(&side, row.id, *who).await?;
    }
    Ok(())
}

async fn joins(desk: &Desk, by: &Recorder, (home, who): (HouseholdId, PersonId)) -> ServiceResult<()> {
    let side = Side::Household(Resident { book: by.book, household: home });
    let fit = Fitness {
        well: true,
        insured_until: Some(desk.today().plus(INSURED_DAYS)),
        trained_on: Some(desk.today()),
        ..Fitness::default()
    };
    desk.join_time_bank(&side, who, &fit).await?;
    let offer = NewOffer { kind: ServiceKind::Company, weekdays: 127, from: 8 * 60, until: 18 * 60 };
    desk.offer_service(&side, who, &offer).await.map(drop)
}

async fn asks(desk: &Desk, by: &Recorder, who: PersonId) -> ServiceResult<()> {
    desk.see_need(by, who, &[NeedGround::EmptyNest]).await?;
    let starts_at = desk.today().plus(AHEAD_DAYS).start().plus_seconds(9 * 3_600);
    let new = NewOrder {
        served: who,
        kind: ServiceKind::Company,
        starts_at,
        minutes: 60,
        words: "一个人住，想有人说说话".to_owned(),
    };
    desk.ask_for_service(&Side::Desk(by.clone()), "demo:time:1", &new).await.map(drop)
}
