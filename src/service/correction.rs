//! Putting a posting right (更正): what was wrong is undone and what is right is posted in one act, both or neither. The
//! second person who agrees that it was wrong says what is right; each of the three transactions leads to the others.
//! What is right is less of the same for the same household: everything that gives more, or to somebody else, is
//! recorded, reviewed and hung out like any award. Two people's word alone never gives anybody anything.

use futures_util::{FutureExt, future::BoxFuture};

use super::{
    Desk, Effect, ServiceError, ServiceResult,
    books::{Order, facts, path},
    caller::Reviewer,
    issue,
    poster::Task,
    refuse,
    reversal::Undoing,
    rulesets,
};
use crate::{
    domain::{
        amount::{parse_points, points},
        book::{Command, Outcome, Posted, PriorResult, TxnKind},
        chart,
        household::{HouseholdNo, HouseholdState},
        ids::{BookId, ReversalId},
        money::ISSUE_METER,
        posting::{Commodity, Line},
    },
    service::Refusal,
    store::{
        StoreResult, Tx, WriteTx, household,
        ledger::read::{self, EntryRow, TxnRow},
        reversal::{self, ReversalRow},
    },
};

/// What is right, of the household that the posting was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Right {
    /// Points, in hundredths; none or more.
    pub points: i64,
    /// Honour points, in hundredths, signed.
    pub honor: i64,
}

impl Right {
    /// From what was typed; amounts left empty are none.
    pub fn read(points: &str, honor: &str) -> ServiceResult<Self> {
        let amount = |field: &str, text: &str| match text.trim() {
            "" => Ok(0),
            text => match text.strip_prefix(['-', '−']) {
                Some(rest) => parse_points(rest).map(|minor| -minor),
                None => parse_points(text),
            }
            .ok_or_else(|| refuse("quantity_out_of_range").with("field", field)),
        };
        Ok(Self { points: amount("points", points)?, honor: amount("honor", honor)? })
    }

    /// Less of each than before, and nothing turned from giving into taking.
    const fn within(self, was: Self) -> bool {
        let honor = if was.honor < 0 {
            was.honor <= self.honor && self.honor <= 0
        } else {
            0 <= self.honor && self.honor <= was.honor
        };
        honor && 0 <= self.points && self.points <= was.points
    }
}

/// What a posting of the rules did: to which household, from which fund.
struct Wrong {
    household: HouseholdNo,
    fund: Option<String>,
    was: Right,
}

/// What was done about a posting that was wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// The request, with the transaction that undid what was wrong.
    pub reversal: ReversalRow,
    /// The transaction that says what is right.
    pub seq: i64,
}

impl Desk {
    /// The second person agrees that a posting was wrong and says what is right: the mirror and the right posting happen
    /// together or not at all. The same word again gets the same answer.
    pub async fn correct_posting(
        &self,
        by: &Reviewer,
        id: ReversalId,
        right: &Right,
        words: &str,
    ) -> ServiceResult<Corrected> {
        let Some(undoing) = self.undoing(by, id, words).await? else {
            let reversal = self.reversal(by.book, id).await?;
            let mut tx = self.db.begin_read().await?;
            let seq = correction_of(&mut tx, by.book, reversal.seq).await?;
            let seq = seq.ok_or_else(|| refuse("already_decided").with("state", &reversal.state))?;
            return Ok(Corrected { reversal, seq });
        };
        if right.points < 0 || (right.points, right.honor) == (0, 0) {
            return Err(refuse("quantity_out_of_range").with("field", "points").into());
        }
        let correction = self.correction_command(by, id, *right, &undoing).await?;
        let Undoing { command, effect, .. } = undoing;
        let tasks = vec![
            Task { command, effects: vec![Box::new(effect)] },
            Task { command: correction, effects: vec![Box::new(InItsPlace { book: by.book, id })] },
        ];
        let seq = last_of(self.poster.post_together(by.book, tasks).await?)?;
        Ok(Corrected { reversal: self.reversal(by.book, id).await?, seq })
    }

    async fn correction_command(
        &self,
        by: &Reviewer,
        id: ReversalId,
        right: Right,
        undoing: &Undoing,
    ) -> ServiceResult<Command> {
        let Wrong { household, fund, was } = wrong(&undoing.txn, &undoing.entries)?;
        if !right.within(was) || right == was {
            let (points, honor) = (points(was.points), points(was.honor));
            return Err(refuse("correction_beyond").with("points", points).with("honor", honor).into());
        }
        let (today, no) = (self.today(), household.as_str());
        let mut tx = self.db.begin_read().await?;
        let home = household::by_no(&mut tx, by.book, &household).await?;
        let home = home.ok_or(ServiceError::NotFound("household"))?;
        if matches!(home.state()?, HouseholdState::Pending | HouseholdState::Closed) {
            return Err(refuse("household_not_active").with("household", no).into());
        }
        let programme = rulesets::in_force(&mut tx, by.book, today).await?.programme.clone();
        let expires_on = programme.expiry.last_day(today);
        // the mirror gives back what the wrong one counted; the right one counts for the same year
        let uses = read::meter_uses(&mut tx, by.book, undoing.txn.seq - 1, undoing.txn.seq).await?;
        drop(tx);
        let year = uses.iter().find_map(|u| u.meter.strip_prefix(ISSUE_METER)?.parse().ok());
        let year = year.unwrap_or_else(|| undoing.txn.effective_on.ymd().0);
        let mut lines = Vec::with_capacity(4);
        if right.points > 0 {
            let fund = fund.ok_or_else(|| refuse("correction_fund"))?;
            let available = path(chart::household_available(no))?;
            lines.push(Line::new(path(chart::budget(&fund))?, Commodity::point(), right.points));
            lines.push(Line::new(available, Commodity::point(), -right.points).expiring(expires_on));
        }
        if right.honor != 0 {
            lines.push(Line::new(chart::honor_source(), Commodity::honor(), right.honor));
            lines.push(Line::new(path(chart::household_honor(no))?, Commodity::honor(), -right.honor));
        }
        let body = facts([
            ("corrects", undoing.txn.seq.to_string()),
            ("household", no.to_owned()),
            ("points", right.points.to_string()),
            ("honor", right.honor.to_string()),
        ]);
        let key = format!("correction:{id}:{no}:{}:{}", right.points, right.honor);
        let source = Some(format!("reversal:{id}"));
        let order = Order { key: &key, kind: TxnKind::Correction, effective_on: today, source, body };
        let mut command = self.command(&by.actor(), order, lines)?;
        command.ruleset.clone_from(&undoing.txn.ruleset);
        command.rule.clone_from(&undoing.txn.rule);
        command.meters.extend(issue::issue_use(&programme, year, right.points, today));
        Ok(command)
    }
}

/// What an award did. Only what rules gave or took is put right so; minutes belong to a person and
/// are recorded anew.
fn wrong(txn: &TxnRow, entries: &[EntryRow]) -> ServiceResult<Wrong> {
    let of_rules = ["award", "deduction", "correction"].contains(&txn.kind.as_str());
    if !of_rules || entries.iter().any(|e| e.commodity == Commodity::MIN) {
        return Err(refuse("correction_kind").with("seq", txn.seq).into());
    }
    let of_households = |e: &&EntryRow| e.path.starts_with("Liabilities:Households:");
    let theirs: Vec<&EntryRow> = entries.iter().filter(of_households).collect();
    let no = |e: &EntryRow| e.path.split(':').nth(2).and_then(|no| no.parse::<HouseholdNo>().ok());
    let household = theirs.first().and_then(|e| no(e));
    let household = household.ok_or_else(|| refuse("correction_kind").with("seq", txn.seq))?;
    // a credit of ours is theirs
    let sum = |commodity: &str| {
        -theirs.iter().filter(|e| e.commodity == commodity).map(|e| e.quantity).sum::<i64>()
    };
    Ok(Wrong {
        household,
        fund: entries.iter().find_map(|e| e.path.strip_prefix("Equity:Budget:")).map(str::to_owned),
        was: Right { points: sum(Commodity::POINT), honor: sum(Commodity::HONOR) },
    })
}

/// The request names what stands in the place of what it undid: that still counts against caps.
struct InItsPlace {
    book: BookId,
    id: ReversalId,
}

impl Effect for InItsPlace {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        reversal::corrected(tx, self.book, self.id, posted.seq).boxed()
    }
}

/// The place of the last of several that happened together, or why they did not.
pub(super) fn last_of(outcomes: Vec<Outcome>) -> ServiceResult<i64> {
    let mut last = 0;
    for outcome in outcomes {
        match outcome {
            Outcome::Posted(posted) => last = posted.seq,
            Outcome::Replayed(PriorResult::Posted { seq }) => last = seq,
            Outcome::Refused(refused) | Outcome::Replayed(PriorResult::Refused(refused)) => {
                return Err(Refusal::from(refused).into());
            }
            Outcome::Conflict { fields } => {
                return Err(refuse("idempotency_conflict").with("fields", fields.join(", ")).into());
            }
            // the other one says why
            Outcome::NotApplied { .. } => {}
        }
    }
    Ok(last)
}

/// What a correction puts right; nothing for any other transaction.
pub(super) fn corrects(txn: &TxnRow) -> Option<i64> {
    let body: std::collections::BTreeMap<String, String> = serde_json::from_str(&txn.body).ok()?;
    let right = txn.kind == TxnKind::Correction.as_str();
    body.get("corrects").filter(|_| right)?.parse().ok()
}

/// The correction of a transaction: it stands right behind the reversal with which it happened.
pub(super) async fn correction_of(tx: &mut Tx, book: BookId, seq: i64) -> ServiceResult<Option<i64>> {
    let Some(undone) = read::reversed_by(tx, book, seq).await? else { return Ok(None) };
    let next = read::txn(tx, book, undone + 1).await?;
    Ok(next.filter(|txn| corrects(txn) == Some(seq)).map(|txn| txn.seq))
}
