//! What is not resolved before a period is closed (未决清单): each thing with where it is dealt with, and whether it
//! stands in the way. Closes nothing by itself that the rule of [`Unresolved`] does not let.

use super::{
    Desk, ServiceError, ServiceResult,
    caller::{Bookkeeper, Clerk, Role, Staff},
    lapses,
    periods::Closing,
    refuse,
};
use crate::{
    domain::{
        claim::ClaimState,
        ids::{AppealId, AwardId, ClaimId, NoticeId, ObjectionId, RoundId, SittingId},
        notice::NoticeState,
        period::{Unresolved, Way},
        time::Day,
    },
    store::{
        appeal,
        award::lists,
        claim, hold, inspection,
        ledger::read,
        notice, objection, period as rows, reversal,
        serial::{self, Series},
        sitting,
    },
};

/// Things of one kind on the page.
pub const THINGS_SHOWN: i64 = 50;

/// One thing that is not resolved, by what leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thing {
    /// An award: its number, item and day.
    Award(AwardId, i64, String, Day),
    /// A claim: its number and day.
    Claim(ClaimId, i64, Day),
    /// An inspection round: its number and day.
    Round(RoundId, i64, Day),
    /// A sitting: its number and day.
    Sitting(SittingId, i64, Day),
    /// A sheet: its number and heading.
    Notice(NoticeId, i64, String),
    /// An objection: its number and day.
    Objection(ObjectionId, i64, Day),
    /// An appeal: its number and day.
    Appeal(AppealId, i64, Day),
    /// A posting to be undone, and since when.
    Reversal(i64, Day),
    /// A hold: its place and household.
    Hold(i64, String),
    /// A household with points that lapse soon.
    Household(String),
}

/// How many there are of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// What.
    pub kind: Unresolved,
    /// How many.
    pub count: i64,
}

impl Tally {
    /// Whether it stands in the way of closing.
    #[must_use]
    pub fn way(&self) -> Way {
        if self.count > 0 { self.kind.way() } else { Way::Free }
    }
}

impl Desk {
    /// What is not resolved of a period, kind by kind.
    pub async fn unresolved(&self, by: &Staff, through: Day) -> ServiceResult<Vec<Tally>> {
        let mut tx = self.db.begin_read().await?;
        let u = rows::unsettled(&mut tx, by.book, through).await?;
        let appeals = appeal::open(&mut tx, by.book).await?;
        let holds = hold::count(&mut tx, by.book).await?;
        let swept = serial::last(&mut tx, by.book, Series::LapseSweep).await?;
        // what lapses after a day is posted on the next
        let lapses = if swept > i64::from(through.number()) {
            0
        } else {
            lapses::waiting(&mut tx, by.book, through).await?
        };
        drop(tx);
        let reminders: usize = match Clerk::of(by) {
            Some(clerk) => self.lapsing_homes(&clerk).await?.iter().map(|g| g.homes.len()).sum(),
            None => 0,
        };
        let counts = [
            (Unresolved::Lapses, lapses),
            (Unresolved::Reversals, u.reversals),
            (Unresolved::Appeals, appeals),
            (Unresolved::Objections, u.objections),
            (Unresolved::InReview, u.in_review),
            (Unresolved::Approved, u.approved),
            (Unresolved::InNotice, u.in_notice),
            (Unresolved::Claims, u.claims),
            (Unresolved::Rounds, u.rounds),
            (Unresolved::Sittings, u.sittings),
            (Unresolved::Notices, u.notices),
            (Unresolved::Holds, holds),
            (Unresolved::Reminders, i64::try_from(reminders).unwrap_or(i64::MAX)),
        ];
        Ok(counts.into_iter().map(|(kind, count)| Tally { kind, count }).collect())
    }

    /// Closes a period when nothing refuses it, and what asks was `confirmed`. The same closing asked for again is the
    /// same closing, whatever has come up since.
    pub async fn close_when_resolved(
        &self,
        by: &Staff,
        through: Day,
        confirmed: bool,
    ) -> ServiceResult<Closing> {
        if !(by.holds(Role::Clerk) || by.holds(Role::Township)) {
            return Err(ServiceError::NotAllowed);
        }
        let mut tx = self.db.begin_read().await?;
        let head = read::head(&mut tx, by.book).await?.ok_or(ServiceError::NotFound("book"))?;
        drop(tx);
        if head.closed_through.is_none_or(|closed| closed < through) && through < self.today() {
            let open = self.unresolved(by, through).await?;
            for (way, code) in [(Way::Refuses, "period_unresolved"), (Way::Asks, "period_unconfirmed")] {
                let found: Vec<&Tally> = open.iter().filter(|tally| tally.way() == way).collect();
                let stands = way == Way::Refuses || !confirmed;
                if stands && !found.is_empty() {
                    let count: i64 = found.iter().map(|tally| tally.count).sum();
                    let kinds: Vec<&str> = found.iter().map(|tally| tally.kind.as_str()).collect();
                    return Err(refuse(code).with("count", count).with("kinds", kinds.join(", ")).into());
                }
            }
        }
        self.close_period(by, through).await
    }

    /// The things of a kind, at most [`THINGS_SHOWN`], so that each can be opened.
    pub async fn unresolved_things(
        &self,
        by: &Bookkeeper,
        through: Day,
        kind: Unresolved,
    ) -> ServiceResult<Vec<Thing>> {
        let book = by.book;
        let mut tx = self.db.begin_read().await?;
        Ok(match kind {
            Unresolved::InReview | Unresolved::Approved | Unresolved::InNotice => {
                let states = kind.award_states();
                let mut out = Vec::new();
                for state in states {
                    let found = lists::in_state(&mut tx, book, *state, 0, 4 * THINGS_SHOWN).await?;
                    let of_it = found.into_iter().filter(|a| a.occurred_on <= through);
                    out.extend(of_it.map(|a| Thing::Award(a.id, a.no, a.item, a.occurred_on)));
                }
                shown(out.into_iter())
            }
            Unresolved::Claims => {
                let mut found = Vec::new();
                for state in [ClaimState::Received, ClaimState::Checking] {
                    found.extend(claim::in_state(&mut tx, book, state, 0, 4 * THINGS_SHOWN).await?);
                }
                let of_it = found.into_iter().filter(|c| c.occurred_on <= through);
                shown(of_it.map(|c| Thing::Claim(c.id, c.no, c.occurred_on)))
            }
            Unresolved::Rounds => {
                let found = inspection::list(&mut tx, book, i64::MAX, 4 * THINGS_SHOWN).await?;
                let open = |state: &str| matches!(state, "open" | "closed");
                let of_it = found.into_iter().filter(|r| open(&r.state) && r.seen_on <= through);
                shown(of_it.map(|r| Thing::Round(r.id, r.no, r.seen_on)))
            }
            Unresolved::Sittings => {
                let found = sitting::list(&mut tx, book, i64::MAX, 4 * THINGS_SHOWN).await?;
                let of_it = found.into_iter().filter(|s| s.is_open() && s.sits_on <= through);
                shown(of_it.map(|s| Thing::Sitting(s.id, s.no, s.sits_on)))
            }
            Unresolved::Notices => {
                let found =
                    notice::list(&mut tx, book, Some(NoticeState::Published), i64::MAX, THINGS_SHOWN).await?;
                found.into_iter().map(|n| Thing::Notice(n.id, n.no, n.title)).collect()
            }
            Unresolved::Objections => {
                let found = objection::list(&mut tx, book, "open", i64::MAX, THINGS_SHOWN).await?;
                found.into_iter().map(|o| Thing::Objection(o.id, o.no, o.raised_at.day())).collect()
            }
            Unresolved::Appeals => {
                let found = appeal::list(&mut tx, book, "open", i64::MAX, THINGS_SHOWN).await?;
                found.into_iter().map(|a| Thing::Appeal(a.id, a.no, a.raised_at.day())).collect()
            }
            Unresolved::Reversals => {
                let last = crate::domain::ids::ReversalId(uuid::Uuid::max());
                let found = reversal::list(&mut tx, book, "requested", last, THINGS_SHOWN).await?;
                found.into_iter().map(|r| Thing::Reversal(r.seq, r.requested_at.day())).collect()
            }
            Unresolved::Holds => {
                drop(tx);
                let found = self.open_holds(by, None).await?;
                found.into_iter().map(|h| Thing::Hold(h.seq, h.household)).collect()
            }
            Unresolved::Reminders => {
                drop(tx);
                let Some(clerk) = Clerk::of(by) else { return Ok(Vec::new()) };
                let groups = self.lapsing_homes(&clerk).await?;
                groups.into_iter().flat_map(|g| g.homes).map(|h| Thing::Household(h.no)).collect()
            }
            // a job posts them; there is nothing to open
            Unresolved::Lapses => Vec::new(),
        })
    }
}

/// As many as the page shows.
fn shown(things: impl Iterator<Item = Thing>) -> Vec<Thing> {
    things.take(usize::try_from(THINGS_SHOWN).unwrap_or(0)).collect()
}
