//! Matters of the demo village: one seen to and closed, one in hand, one that repeats it, one that waits for a look.

use super::missing;
use crate::{
    domain::{
        household::HouseholdNo,
        ids::MatterId,
        matter::{MatterGrade, MatterKind, MatterManner},
    },
    service::{
        Desk, ServiceError, ServiceResult,
        caller::{Clerk, Handler, Recorder, Resident, Staff},
        claim::Claimant,
        matter::report::NewMatter,
    },
    store,
};

/// What was seen, and what it was about.
const SEEN: [(MatterKind, &str); 4] = [
    (MatterKind::Broken, "村口老槐树旁的路灯不亮了"),
    (MatterKind::Dirt, "水沟边堆了几天的垃圾没有人清"),
    (MatterKind::Dirt, "水沟边有垃圾，天热发臭"),
    (MatterKind::Nuisance, "晚上闻到烧塑料的味道"),
];

/// Reported today by the households, decided on by the clerk, looked at by the reviewer.
pub(super) async fn reported(
    desk: &Desk,
    clerk: &Staff,
    reviewer: &Staff,
    homes: &[HouseholdNo],
) -> ServiceResult<()> {
    let by = Recorder::of(clerk).ok_or_else(|| missing("recorder"))?;
    let mut ids: Vec<(MatterId, i64)> = Vec::new();
    for (n, ((kind, words), no)) in SEEN.iter().zip(homes).enumerate() {
        let mut tx = desk.db.begin_read().await?;
        let home =
            store::household::by_no(&mut tx, by.book, no).await?.ok_or_else(|| missing("household"))?;
        let group = store::household::groups(&mut tx, by.book).await?.first().map(|(id, _)| *id);
        drop(tx);
        let new = NewMatter {
            household: None,
            person: None,
            group,
            kind: *kind,
            manner: MatterManner::Own,
            words: (*words).to_owned(),
            photo: None,
        };
        let resident = Claimant::Household(Resident { book: by.book, household: home.id });
        let row = desk.report_matter(&resident, new, &format!("demo:matter:{n}")).await?;
        ids.push((row.id, row.no));
    }
    let [first, second, third, _] = ids.as_slice() else { return Ok(()) };
    for id in [first.0, second.0] {
        desk.accept_matter(&by, id, MatterGrade::Small, None).await?;
        assigned(desk, clerk, id).await?;
    }
    desk.mark_duplicate(&by, third.0, second.1).await?;
    let [office, reviewer] = [clerk, reviewer].map(Handler::of);
    let office = office.ok_or_else(|| missing("clerk"))?;
    let reviewer = reviewer.ok_or_else(|| missing("reviewer"))?;
    desk.finish_matter(&office, first.0, "换了灯泡和开关，已经亮了").await?;
    desk.verify_matter(&reviewer, first.0).await?;
    let clerk = Clerk::of(clerk).ok_or_else(|| missing("clerk"))?;
    desk.close_matter(&clerk, first.0).await?;
    Ok(())
}

/// Given to the first of those whose post the grade names.
async fn assigned(desk: &Desk, clerk: &Staff, id: MatterId) -> ServiceResult<()> {
    let clerk = Clerk::of(clerk).ok_or_else(|| missing("clerk"))?;
    let found = desk.matter_candidates(&clerk, id).await?;
    let (user, _) = found.first().ok_or_else(|| ServiceError::Internal("nobody at the office".to_owned()))?;
    desk.assign_matter(&clerk, id, *user).await?;
    Ok(())
}
