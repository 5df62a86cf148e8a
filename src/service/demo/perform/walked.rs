//! The demo village's inspection round: one group, some houses seen by both who look, some by one, and one house that
//! the two saw otherwise and the third has to decide.

use super::missing;
use crate::service::{
    Desk, ServiceResult,
    caller::{Clerk, Staff},
    inspection::{looks::NewLook, open::NewRound},
};

/// The cleanest households of the month.
const ITEM: &str = "A2";
/// Houses seen by the first, and by the second.
const SEEN: [usize; 2] = [12, 9];
/// Of so many houses one is among the cleanest.
const EVERY: usize = 4;
/// The house that the second saw otherwise.
const DIFFERS: usize = 4;

/// Opens it today and walks a part of it.
pub(super) async fn walked(desk: &Desk, clerk: &Staff, eyes: [&Staff; 3]) -> ServiceResult<()> {
    let clerk = Clerk::of(clerk).ok_or_else(|| missing("clerk"))?;
    let groups = desk.round_choices(&clerk).await?.groups;
    let new = NewRound {
        seen_on: desk.today(),
        items: vec![ITEM.to_owned()],
        groups: groups.first().map(|(id, _)| *id).into_iter().collect(),
        eyes: eyes.iter().map(|eye| eye.user).collect(),
    };
    let round = desk.open_round(&clerk, &new).await?.id;
    for (by, seen) in eyes.into_iter().zip(SEEN) {
        let homes = desk.walk(by, round).await?.homes;
        let looks = homes.iter().zip(1_i64..).take(seen).enumerate().map(|(place, (home, seq))| {
            let clean = place % EVERY == 0 && (place != DIFFERS || seen == SEEN[0]);
            NewLook {
                key: format!("demo-{seq}"),
                household: home.no.to_string(),
                seq,
                taken_at: desk.now(),
                marks: if clean { vec![ITEM.to_owned()] } else { Vec::new() },
            }
        });
        let looks: Vec<NewLook> = looks.collect();
        if !looks.is_empty() {
            desk.take_looks(by, round, &looks).await?;
        }
    }
    Ok(())
}
