//! Alerts that one person came for several households within minutes (代刷提醒): what they took, and what somebody who had no
//! part in it found. Nothing was stopped; whoever looks decides what follows.

use super::{
    Actor, Desk, ServiceError, ServiceResult,
    award::required,
    caller::Bookkeeper,
    counters::Step,
    redeem::{actor_name, masked_person},
    refuse,
};
use crate::{
    domain::{
        bystander::{BEARER_SECONDS, Part},
        ids::{AlertId, BookId, OrderId},
        time::Timestamp,
    },
    store::{
        Tx,
        bearer::{self as rows, AlertRow},
        bystander, counter, household, redemption,
    },
};

/// Alerts of a list.
pub const ALERTS_MAX: i64 = 100;

/// One redemption of a bearer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BorneLine {
    /// The redemption.
    pub id: OrderId,
    /// The receipt number.
    pub no: i64,
    /// The household's number.
    pub household_no: String,
    /// When.
    pub at: Timestamp,
    /// Points taken, in hundredths.
    pub points: i64,
}

/// An alert with what is behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// The alert.
    pub row: AlertRow,
    /// Where: the counter's name in both languages.
    pub counter: (String, String),
    /// What the bearer was there for; nothing for somebody the shopkeeper saw come again.
    pub part: Option<Part>,
    /// Who the bearer is, as far as that is known; empty for somebody the shopkeeper saw come again.
    pub who: String,
    /// What was taken from ten minutes before the alert to ten minutes after it, oldest first.
    pub lines: Vec<BorneLine>,
    /// Who looked into it.
    pub reviewer: String,
}

impl Desk {
    /// Alerts: those that wait first, then the latest.
    pub async fn bearer_alerts(&self, by: &Bookkeeper) -> ServiceResult<Vec<Alert>> {
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for row in rows::list(&mut tx, by.book, ALERTS_MAX).await? {
            out.push(alert(&mut tx, by.book, row).await?);
        }
        Ok(out)
    }

    /// How many alerts wait for somebody to look into them.
    pub async fn open_alerts(&self, book: BookId) -> ServiceResult<i64> {
        let mut tx = self.db.begin_read().await?;
        Ok(rows::open(&mut tx, book).await?)
    }

    /// Somebody looked into an alert: what was found is kept. Not whoever served, and not the bearer.
    pub async fn review_alert(&self, by: &Bookkeeper, id: AlertId, note: &str) -> ServiceResult<Alert> {
        let note = required("note", note)?;
        let mut tx = self.db.begin_write().await?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("alert"))?;
        if !row.is_open() {
            return Err(refuse("alert_reviewed").into());
        }
        let found = alert(&mut tx, by.book, row.clone()).await?;
        for line in &found.lines {
            let taken = redemption::by_id(&mut tx, by.book, line.id).await?;
            if taken.is_some_and(|taken| by.selves().are(&taken.cashier)) {
                return Err(refuse("alert_own").into());
            }
        }
        let own = by.person.map(|person| format!("helper:{person}"));
        let vouched = row.bearer.strip_prefix("witness:").is_some_and(|actor| by.selves().are(actor));
        if vouched || own.is_some_and(|own| own == row.bearer) {
            return Err(refuse("alert_own").into());
        }
        let actor = by.actor().to_string();
        rows::review(&mut tx, by.book, id, (self.now(), &actor), note).await?;
        let step = Step {
            subject: "bearer_alert",
            subject_id: id.0,
            verb: "review",
            from: Some("open"),
            to: Some("reviewed"),
            reason: "",
        };
        self.leave_trace(&mut tx, by.book, by.actor(), step).await?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("alert"))?;
        let done = alert(&mut tx, by.book, row).await?;
        tx.commit().await?;
        Ok(done)
    }
}

async fn alert(tx: &mut Tx, book: BookId, row: AlertRow) -> ServiceResult<Alert> {
    let around = (row.raised_at.plus_seconds(-BEARER_SECONDS), row.raised_at.plus_seconds(BEARER_SECONDS));
    let mut lines: Vec<BorneLine> = bystander::of_bearer(tx, book, &row.bearer, around)
        .await?
        .into_iter()
        .map(|(id, no, household_no, at, points, _)| BorneLine { id, no, household_no, at, points })
        .collect();
    let who = match row.bearer.split_once(':') {
        // the first of a chain was nobody's yet
        Some(("same", first)) => {
            lines.extend(first_of(tx, book, first).await?);
            lines.sort_by_key(|line| line.no);
            String::new()
        }
        Some(("helper", person)) => match person.parse() {
            Ok(person) => masked_person(tx, book, person).await?,
            Err(_) => String::new(),
        },
        Some(("witness", actor)) => match actor.parse() {
            Ok(Actor::Household(id)) => {
                household::by_id(tx, book, id).await?.map(|h| h.no.to_string()).unwrap_or_default()
            }
            _ => actor_name(tx, actor).await?,
        },
        _ => String::new(),
    };
    let part = row.bearer.split_once(':').and_then(|(part, _)| part.parse().ok());
    let place = counter::by_id(tx, book, row.counter_id).await?;
    let counter = place.map(|c| (c.name, c.name_en)).unwrap_or_default();
    let reviewer = match &row.reviewed_by {
        Some(actor) => actor_name(tx, actor).await?,
        None => String::new(),
    };
    Ok(Alert { row, counter, part, who, lines, reviewer })
}

async fn first_of(tx: &mut Tx, book: BookId, id: &str) -> ServiceResult<Option<BorneLine>> {
    let Ok(id) = id.parse() else { return Ok(None) };
    let Some(row) = redemption::by_id(tx, book, id).await? else { return Ok(None) };
    let home = household::by_id(tx, book, row.household_id).await?;
    let household_no = home.map(|h| h.no.to_string()).unwrap_or_default();
    Ok(Some(BorneLine { id, no: row.no, household_no, at: row.placed_at, points: row.points }))
}
