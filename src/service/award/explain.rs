//! Why a household got a line (为什么): rule, quantity, who recorded and who reviewed, which notice.

use super::{Desk, ServiceError, ServiceResult, part};
use crate::{
    domain::{
        award::{Explanation, PauseInForce},
        due_process::AwardState,
        ids::{AwardId, BookId, UserId},
        lang::Lang,
        rule::Pause,
        time::{Day, Timestamp},
    },
    service::{Actor, rulesets},
    store::{
        StoreError, Tx,
        award::{self as rows, AwardRow},
        ledger::read,
        login, notice,
    },
};

/// The whole answer to "why".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The award.
    pub award: AwardId,
    /// Its number.
    pub no: i64,
    /// The item's code.
    pub item: String,
    /// How the number came about.
    pub explanation: Explanation,
    /// The rule set it was computed by.
    pub ruleset: String,
    /// When it happened.
    pub occurred_on: Day,
    /// Where it stands.
    pub state: AwardState,
    /// Who recorded it.
    pub recorder: String,
    /// Who reviewed it, in order.
    pub reviewers: Vec<String>,
    /// The number of its notice.
    pub notice_no: Option<i64>,
    /// When its clock runs out, while it hangs.
    pub closes_at: Option<Timestamp>,
    /// Why it was refused or undone.
    pub reason: Option<String>,
    /// What became of it when it was posted, beside its amount.
    pub outcome: Option<Outcome>,
}

/// What became of a posted award that its amount does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The reputation score stood too near its floor: less was taken, perhaps nothing.
    Floor {
        /// What the rules asked for.
        asked: i64,
        /// What was taken.
        taken: i64,
    },
    /// It began a pause.
    Pause {
        /// Of what.
        pauses: Pause,
        /// The last day of it.
        until: Day,
    },
}

impl Why {
    /// The way to the number in plain words.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        self.explanation.words(lang)
    }
}

impl Desk {
    /// Why an award is what it is.
    pub async fn why(&self, book: BookId, id: AwardId) -> ServiceResult<Why> {
        let mut tx = self.db.begin_read().await?;
        let row = rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("award"))?;
        why(&mut tx, book, &row).await
    }

    /// The name people know an actor by.
    pub async fn actor_name(&self, actor: &str) -> ServiceResult<String> {
        let mut tx = self.db.begin_read().await?;
        name(&mut tx, actor).await
    }
}

/// Why an award is what it is, inside a transaction.
pub async fn why(tx: &mut Tx, book: BookId, row: &AwardRow) -> ServiceResult<Why> {
    let explanation = serde_json::from_str(&row.explanation)
        .map_err(|e| StoreError::inconsistent("award", "explanation", e.to_string()))?;
    let mut reviewers = Vec::new();
    for review in part::reviews(tx, book, row.id).await? {
        if review.verdict == "approve" {
            reviewers.push(name(tx, &review.reviewer).await?);
        }
    }
    let notice_no = match row.notice_id {
        Some(id) => notice::one(tx, book, id).await?.map(|n| n.no),
        None => None,
    };
    Ok(Why {
        award: row.id,
        no: row.no,
        item: row.item.clone(),
        explanation,
        ruleset: row.ruleset.clone(),
        occurred_on: row.occurred_on,
        state: row.state()?,
        recorder: name(tx, &row.recorder).await?,
        reviewers,
        notice_no,
        closes_at: row.closes_at,
        reason: row.reason.clone(),
        outcome: outcome(tx, book, row).await?,
    })
}

/// What became of a posted award beside its amount.
pub async fn outcome(tx: &mut Tx, book: BookId, row: &AwardRow) -> ServiceResult<Option<Outcome>> {
    let Some(seq) = row.txn_seq else { return Ok(None) };
    if let Some(moved) = row.honor_moved.filter(|moved| *moved != row.honor) {
        return Ok(Some(Outcome::Floor { asked: -row.honor, taken: -moved }));
    }
    // only what moves no points can be a sanction: no need to look at all the others
    if row.points != 0 || row.minutes != 0 || row.honor > 0 {
        return Ok(None);
    }
    let Some(txn) = read::txn(tx, book, seq).await? else { return Ok(None) };
    let set = rulesets::of_hash(tx, &row.ruleset).await?;
    let pause = set.item(&row.item).and_then(|item| PauseInForce::of(item, txn.recorded_at));
    Ok(pause.map(|pause| Outcome::Pause { pauses: pause.pauses, until: pause.until }))
}

/// The display name of an actor; the actor itself when it is no user.
pub async fn name(tx: &mut Tx, actor: &str) -> ServiceResult<String> {
    let user: Option<UserId> = match actor.parse::<Actor>() {
        Ok(Actor::User(id)) => Some(id),
        _ => None,
    };
    match user {
        Some(id) => Ok(login::by_id(tx, id).await?.map_or_else(|| actor.to_owned(), |l| l.display_name)),
        None => Ok(actor.to_owned()),
    }
}
