//! Recognition in the demo village: an honour that somebody confirmed, and a red list of three households, of whom two
//! agree to be shown.

use super::{Village, deeds::tolerate, missing};
use crate::{
    domain::{
        household::HouseholdNo,
        recognition::{Consent, Level},
    },
    service::{
        Desk, ServiceResult,
        caller::{Clerk, Resident, Reviewer},
        honours::NewHonour,
        red_list::{NewRedList, Speaker},
    },
};

/// What the three are praised for.
const DEEDS: [&str; 3] = ["常年照看独居邻居", "主动清理门前沟渠", "义务教老人用手机"];

/// All of it, at the present of the plan.
pub(super) async fn recognise(desk: &Desk, village: &Village<'_>) -> ServiceResult<()> {
    let clerk = village.staff.iter().find_map(Clerk::of).ok_or_else(|| missing("clerk"))?;
    let honour = NewHonour {
        household: HouseholdNo::from_ordinal(2),
        title: "乡镇文明家庭".to_owned(),
        level: Level::Town,
        granted_by: "乡镇人民政府".to_owned(),
        granted_on: desk.today().plus(-20),
        document: "文明办〔2026〕3号".to_owned(),
    };
    let honour = tolerate(desk.record_honour(&clerk, &honour).await)?;
    let entries = DEEDS.iter().zip(1..).map(|(deed, n)| (HouseholdNo::from_ordinal(n), (*deed).to_owned()));
    let new = NewRedList {
        title: "本季度红榜".to_owned(),
        basis: "村民小组评议会议记录".to_owned(),
        entries: entries.collect(),
    };
    let list = desk.propose_red_list(&clerk, &new).await?;
    for (household, place) in village.households.iter().zip(0..DEEDS.len()) {
        let by = Speaker::Resident(Resident { book: village.book, household: *household });
        let consent = if place == 1 { Consent::Refused } else { Consent::Given };
        desk.answer_red_list(&by, list.id, consent).await?;
    }
    // who is of one of the households, or of its kin, steps back
    for by in village.staff.iter().filter_map(Reviewer::of) {
        if tolerate(desk.approve_red_list(&by, list.id).await)?.is_some() {
            if let Some(honour) = &honour {
                tolerate(desk.confirm_honour(&by, honour.id).await)?;
            }
            desk.show_red_list(&clerk, list.id).await?;
            return Ok(());
        }
    }
    Ok(())
}
