//! Opening a round, naming who decides, closing it, opening it again, giving it up. All of it is the clerk's.

use std::collections::BTreeSet;

use super::{Desk, ServiceResult, moved, refuse, rows};
use crate::{
    domain::{
        ids::{OrgId, RoundId, UserId},
        inspection::{ITEMS_MAX, RoundMove, RoundState, inspected},
        rule::Item,
        time::Day,
    },
    service::{
        award::{LATE_AFTER_DAYS, required},
        caller::{Clerk, Role, Staff},
        identity, rulesets,
    },
    store::{
        Tx, body,
        inspection::RoundRow,
        register,
        serial::{self, Series},
    },
};

/// A round to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRound {
    /// The day it is of.
    pub seen_on: Day,
    /// Codes of the items looked at.
    pub items: Vec<String>,
    /// The groups it goes to; none said, all of them.
    pub groups: Vec<OrgId>,
    /// Two who look, and perhaps a third who decides.
    pub eyes: Vec<UserId>,
}

/// What a form to open a round offers.
#[derive(Debug, Clone)]
pub struct RoundChoices {
    /// Items that a round can look at.
    pub items: Vec<Item>,
    /// The groups of the village.
    pub groups: Vec<(OrgId, String)>,
    /// Who may be named.
    pub people: Vec<(UserId, String)>,
}

impl Desk {
    /// What may be chosen for a round.
    pub async fn round_choices(&self, by: &Staff) -> ServiceResult<RoundChoices> {
        let set = self.ruleset_for(by.book, self.today()).await?;
        let items = set.items.iter().filter(|item| inspected(item)).cloned().collect();
        let mut tx = self.db.begin_read().await?;
        let groups = groups(&mut tx, by).await?;
        let people = people(&mut tx, by).await?;
        Ok(RoundChoices { items, groups, people })
    }

    /// Opens a round.
    pub async fn open_round(&self, by: &Clerk, new: &NewRound) -> ServiceResult<RoundRow> {
        let today = self.today();
        if new.seen_on > today || today.number() - new.seen_on.number() > LATE_AFTER_DAYS {
            return Err(refuse("round_day").with("day", new.seen_on).with("days", LATE_AFTER_DAYS).into());
        }
        let mut tx = self.db.begin_write().await?;
        let no = serial::take(&mut tx, by.book, Series::Inspection, 1).await?;
        let set = rulesets::in_force(&mut tx, by.book, new.seen_on).await?;
        let items: BTreeSet<&str> = new.items.iter().map(String::as_str).collect();
        if items.is_empty() || items.len() > ITEMS_MAX {
            return Err(refuse("round_items").with("limit", ITEMS_MAX).into());
        }
        for code in &items {
            let item = set.item(code).ok_or_else(|| refuse("unknown_item").with("item", code))?;
            if !inspected(item) {
                return Err(refuse("round_item").with("item", code).into());
            }
        }
        let all = groups(&mut tx, by).await?;
        let wanted = |id: &OrgId| new.groups.is_empty() || new.groups.contains(id);
        let groups: Vec<OrgId> = all.iter().map(|(id, _)| *id).filter(wanted).collect();
        if groups.is_empty() || new.groups.iter().any(|id| !groups.contains(id)) {
            return Err(refuse("round_groups").into());
        }
        check_people(&mut tx, by, &new.eyes).await?;
        // in the order of the rules, however they were ticked
        let items: Vec<&str> =
            set.items.iter().map(|i| i.code.as_str()).filter(|c| items.contains(c)).collect();
        let row = RoundRow {
            id: self.id(),
            no,
            seen_on: new.seen_on,
            items: items.join(","),
            state: RoundState::Open.as_str().to_owned(),
            opened_at: self.now(),
            opened_by: by.actor().to_string(),
            moved_at: None,
            moved_by: None,
            reason: String::new(),
        };
        rows::add(&mut tx, by.book, &row, &groups, &new.eyes).await?;
        self.note_round(&mut tx, by.book, row.id, ("open", None, RoundState::Open), by.actor(), "").await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Names who decides, where nobody was named when the round was opened.
    pub async fn name_third(&self, by: &Clerk, id: RoundId, third: UserId) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        let (row, state, _) = moved(&mut tx, by.book, id, RoundMove::Look).await?;
        let mut named: Vec<UserId> =
            rows::eyes(&mut tx, by.book, id).await?.iter().map(|eye| eye.user_id).collect();
        if named.len() > 2 {
            return Err(refuse("third_named").into());
        }
        named.push(third);
        check_people(&mut tx, by, &named).await?;
        rows::add_eye(&mut tx, by.book, id, 3, third).await?;
        self.note_round(&mut tx, by.book, row.id, ("third", Some(state), state), by.actor(), "").await?;
        Ok(tx.commit().await?)
    }

    /// Takes no more looks. What is not settled then will not count.
    pub async fn close_round(&self, by: &Clerk, id: RoundId) -> ServiceResult<RoundRow> {
        self.step_round(by, id, (RoundMove::Close, "close"), "").await
    }

    /// Takes looks again: a phone came back with some, or something is to be looked at again.
    pub async fn reopen_round(&self, by: &Clerk, id: RoundId) -> ServiceResult<RoundRow> {
        self.step_round(by, id, (RoundMove::Reopen, "reopen"), "").await
    }

    /// Gives a round up, with the reason. What was looked at stays in the books and counts for nothing.
    pub async fn withdraw_round(&self, by: &Clerk, id: RoundId, reason: &str) -> ServiceResult<RoundRow> {
        let reason = required("reason", reason)?;
        self.step_round(by, id, (RoundMove::Withdraw, "withdraw"), reason).await
    }

    async fn step_round(
        &self,
        by: &Clerk,
        id: RoundId,
        (step, verb): (RoundMove, &str),
        reason: &str,
    ) -> ServiceResult<RoundRow> {
        let mut tx = self.db.begin_write().await?;
        let (row, from, to) = moved(&mut tx, by.book, id, step).await?;
        let row = self.move_round(&mut tx, (by.book, by.actor()), row, (from, to, verb), reason).await?;
        tx.commit().await?;
        Ok(row)
    }
}

/// The groups of the village, in order.
async fn groups(tx: &mut Tx, by: &Staff) -> ServiceResult<Vec<(OrgId, String)>> {
    let places = register::places(tx, by.org).await?;
    Ok(places.into_iter().filter(|p| p.kind == "group").map(|p| (p.id, p.name)).collect())
}

/// Who may be named: whoever records or reviews in the village or a part of it.
async fn people(tx: &mut Tx, by: &Staff) -> ServiceResult<Vec<(UserId, String)>> {
    let mut found: Vec<(UserId, String)> = Vec::new();
    for place in register::places(tx, by.org).await? {
        let roles = if place.id == by.org {
            &[Role::Clerk, Role::Recorder, Role::Reviewer][..]
        } else {
            &[Role::Recorder]
        };
        for role in roles {
            for one in body::holders(tx, place.id, role.as_str()).await? {
                if !found.contains(&one) {
                    found.push(one);
                }
            }
        }
    }
    Ok(found)
}

/// Two or three different people, all of the village's staff.
async fn check_people(tx: &mut Tx, by: &Staff, eyes: &[UserId]) -> ServiceResult<()> {
    let distinct: BTreeSet<UserId> = eyes.iter().copied().collect();
    if !(2..=crate::domain::inspection::NAMED_MAX).contains(&eyes.len()) || distinct.len() != eyes.len() {
        return Err(refuse("round_two").into());
    }
    let known = people(tx, by).await?;
    if eyes.iter().any(|eye| !known.iter().any(|(user, _)| user == eye)) {
        return Err(refuse("not_an_inspector").into());
    }
    if identity::repeated(tx, by.book, eyes).await? {
        return Err(refuse("round_two").into());
    }
    Ok(())
}
