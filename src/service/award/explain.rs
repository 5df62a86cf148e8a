//! Why a household got a line (为什么): rule, quantity, who recorded and who reviewed, which notice.

use super::{Desk, ServiceError, ServiceResult};
use crate::{
    domain::{
        award::Explanation,
        due_process::AwardState,
        ids::{AwardId, BookId, UserId},
        lang::Lang,
        time::{Day, Timestamp},
    },
    service::Actor,
    store::{
        StoreError, Tx,
        award::{self as rows, AwardRow},
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
    for review in rows::reviews(tx, book, row.id).await? {
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
    })
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
