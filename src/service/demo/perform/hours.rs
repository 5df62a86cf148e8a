//! The time bank of the demo village: the township's policy, two volunteers with what they offer, and an elder whose
//! request waits until the township puts hours into the public pool. Nothing here posts.

use super::missing;
use crate::{
    domain::{
        household::HouseholdNo,
        ids::{HouseholdId, PersonId},
        timebank::{ServiceKind, need::NeedGround, policy::DEFAULT},
    },
    service::{
        Desk, ServiceError, ServiceResult,
        caller::{Recorder, Resident, Staff, Township},
        timebank::{
            Side,
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
    let (mut joined, mut served) = (0, false);
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
            } else if (30..60).contains(&age) && joined < JOINED {
                joins(desk, &by, (home.id, one.id)).await.map(|()| joined += 1)
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
