//! Inspection rounds (巡查): opened by the clerk for two who look and a third who decides, walked household by household,
//! read over, put on record. One use case a file; here is what they share.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{Actor, Desk, Refusal, ServiceError, ServiceResult, identity, recusal::Ties, refuse, rulesets};
use crate::{
    domain::{
        ids::{BookId, HouseholdId, OrgId, RoundId, UserId},
        inspection::{Finding, Look, RoundMove, RoundState, Settled, eyes, finding, is_fault, standing},
        ruleset::RuleSet,
        time::Day,
    },
    store::{
        StoreError, Tx, WriteTx, event,
        inspection::{self as rows, EyeRow, RollRow, RoundRow},
        serial::{self, Series},
    },
};

pub mod confirm;
pub mod faults;
pub mod looks;
pub mod open;
pub mod view;

/// Looks one request may bring.
pub const LOOKS_MAX: usize = 200;
/// Rounds a list shows.
pub const ROUNDS_SHOWN: i64 = 30;

/// A round with everything that was seen in it.
pub(super) struct Round {
    pub(super) row: RoundRow,
    pub(super) state: RoundState,
    pub(super) named: Vec<EyeRow>,
    pub(super) groups: Vec<(OrgId, String)>,
    pub(super) roll: Vec<RollRow>,
    /// The rules of the day it is of.
    pub(super) set: Arc<RuleSet>,
    looks: HashMap<HouseholdId, Vec<Look>>,
    ties: Vec<(UserId, Ties)>,
    days: [Day; 2],
}

impl Round {
    /// All of a round, as it is on `today`.
    pub(super) async fn of(tx: &mut Tx, book: BookId, id: RoundId, today: Day) -> ServiceResult<Self> {
        let row = rows::one(tx, book, id).await?.ok_or(ServiceError::NotFound("round"))?;
        let named = rows::eyes(tx, book, id).await?;
        let mut ties = Vec::with_capacity(named.len());
        for eye in &named {
            let own = identity::known(tx, book, eye.user_id).await?.person;
            ties.push((eye.user_id, Ties::of(tx, book, own).await?));
        }
        let mut looks: HashMap<HouseholdId, Vec<Look>> = HashMap::new();
        for look in rows::looks(tx, book, id).await? {
            looks.entry(look.household).or_default().push(look);
        }
        Ok(Self {
            state: row.state()?,
            groups: rows::groups(tx, book, id).await?,
            roll: rows::roll(tx, book, id).await?,
            days: [row.seen_on, today],
            set: rulesets::in_force(tx, book, row.seen_on).await?,
            row,
            named,
            looks,
            ties,
        })
    }

    /// Whether somebody is to look in this round at all.
    pub(super) fn names(&self, who: UserId) -> bool {
        self.named.iter().any(|eye| eye.user_id == who)
    }

    /// Why somebody must step back from a household.
    pub(super) fn bar(&self, who: UserId, household: HouseholdId) -> Option<Refusal> {
        self.ties.iter().find(|(one, _)| *one == who).and_then(|(_, ties)| ties.bar(household, &self.days))
    }

    /// Who looks at a household, in order.
    pub(super) fn eyes(&self, household: HouseholdId) -> Vec<UserId> {
        let named: Vec<UserId> = self.named.iter().map(|eye| eye.user_id).collect();
        eyes(&named, |who| self.bar(who, household).is_some())
    }

    /// The look of each that counts.
    pub(super) fn standing(&self, household: HouseholdId) -> BTreeMap<UserId, &Look> {
        standing(self.looks.get(&household).map_or(&[][..], Vec::as_slice))
    }

    /// What the looks at a household come to.
    pub(super) fn finding(&self, household: HouseholdId) -> Finding {
        finding(&self.eyes(household), &self.standing(household))
    }

    /// Every mark at a settled household: the household, the item, its grade and how two marks became one; what was
    /// found wrong, or what was earned.
    pub(super) fn settled(&self, faults: bool) -> Vec<(&RollRow, String, Option<String>, Settled)> {
        let mut out = Vec::new();
        for home in &self.roll {
            let Finding::Settled { marks, how } = self.finding(home.id) else { continue };
            for (item, grade) in
                marks.iter().filter(|(item, _)| self.set.item(item).is_some_and(is_fault) == faults)
            {
                out.push((home, item.to_owned(), grade.map(str::to_owned), how));
            }
        }
        out
    }

    /// The last number that a device of somebody gave.
    pub(super) fn last_seq(&self, who: UserId) -> i64 {
        self.looks.values().flatten().filter(|l| l.inspector == who).map(|l| l.seq).max().unwrap_or(0)
    }
}

/// The lock under which rounds of a book move and looks come in.
pub(super) async fn lock(tx: &mut WriteTx, book: BookId) -> ServiceResult<()> {
    serial::take(tx, book, Series::Inspection, 0).await?;
    Ok(())
}

/// A round, locked, and where a move would take it.
pub(super) async fn moved(
    tx: &mut WriteTx,
    book: BookId,
    id: RoundId,
    step: RoundMove,
) -> ServiceResult<(RoundRow, RoundState, RoundState)> {
    lock(tx, book).await?;
    let row = rows::one(tx, book, id).await?.ok_or(ServiceError::NotFound("round"))?;
    let from = row.state()?;
    Ok((row, from, after(from, step)?))
}

/// The state after a move, or the words for it.
pub(super) fn after(from: RoundState, step: RoundMove) -> Result<RoundState, Refusal> {
    from.after(step).map_err(|_| refuse("round_moved_on").with("state", from))
}

impl Desk {
    /// Writes where a round stands now, and who moved it there.
    pub(super) async fn move_round(
        &self,
        tx: &mut WriteTx,
        (book, actor): (BookId, Actor),
        row: RoundRow,
        (from, to, verb): (RoundState, RoundState, &str),
        reason: &str,
    ) -> ServiceResult<RoundRow> {
        let row = RoundRow {
            state: to.as_str().to_owned(),
            moved_at: Some(self.now()),
            moved_by: Some(actor.to_string()),
            reason: reason.to_owned(),
            ..row
        };
        let by = actor.to_string();
        rows::advance(tx, book, from, (&row, self.now(), &by, reason)).await.map_err(
            |error| match error {
                StoreError::RowsAffected { .. } => refuse("round_moved_on").with("state", from).into(),
                other => ServiceError::from(other),
            },
        )?;
        self.note_round(tx, book, row.id, (verb, Some(from), to), actor, reason).await?;
        Ok(row)
    }

    /// Adds to the history of a round.
    pub(super) async fn note_round(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        id: RoundId,
        (verb, from, to): (&str, Option<RoundState>, RoundState),
        actor: Actor,
        reason: &str,
    ) -> ServiceResult<()> {
        let happened = event::Event {
            id: self.id(),
            at: self.now(),
            subject: "inspection".to_owned(),
            subject_id: id.0,
            verb: verb.to_owned(),
            from_state: from.map(|s| s.as_str().to_owned()),
            to_state: Some(to.as_str().to_owned()),
            actor: actor.to_string(),
            on_behalf: None,
            reason: reason.to_owned(),
        };
        Ok(event::add(tx, book, &happened).await?)
    }
}
