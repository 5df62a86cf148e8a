//! Telling other programs what happened (推送): where to, signed with which secret, how far each receiver has come.
//! The messages are the events of the outbox, in order and at least once, each under a name of its own that never
//! changes. Says what to send and takes in what came of it; the sending is the job's.

use serde::Serialize;

use super::{
    Desk, ServiceError, ServiceResult,
    caller::CountyAdmin,
    office::Deed,
    outbox::{EVENTS_PAGE, LedgerEvent},
    refuse,
    users::ShownOnce,
};
use crate::{
    domain::{
        book::TxnKind,
        ids::{BookId, WebhookId},
        time::Timestamp,
        webhook::{FAILING_DAYS_MAX, InvalidTarget, SECRET_BYTES, Target, retry_seconds, shown, signature},
    },
    store::{
        StoreError, Tx,
        ledger::read,
        programme::ProgrammeRow,
        webhook::{self as rows, Failure, WebhookRow},
    },
};

/// Receivers a village may have.
pub const WEBHOOKS_MAX: usize = 20;
/// How long a receiver is in one pair of hands; whoever dies in between is followed by another after this.
pub const LEASE_SECONDS: i64 = 60;
/// How long the secret before the present one signs too.
pub const OLD_SECRET_SECONDS: i64 = 86_400;

/// What is done with a receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookStep {
    /// Sends nothing until told to go on.
    Pause,
    /// Goes on where it stopped.
    Resume,
    /// Sends everything from this place on again.
    SendAgain(i64),
    /// Sends a message that means nothing.
    Test,
    /// Forgets it.
    Remove,
}

/// A message on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Where to.
    pub target: Target,
    /// `webhook-id`: the same however often it is sent.
    pub id: String,
    /// `webhook-timestamp`: the second of this try.
    pub seconds: i64,
    /// `webhook-signature`: one, or two while the secret is being changed.
    pub signature: String,
    /// The body.
    pub payload: String,
}

/// What came of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// It was taken.
    Arrived,
    /// The receiver wants no more (410).
    Gone,
    /// It was not taken: a stable code, `status:500`, `time`, `connection` …
    Failed(String),
}

/// A receiver in our hands.
#[derive(Debug, Clone)]
pub struct Turn {
    /// Which book.
    pub book: BookId,
    /// The village's number.
    pub village: i64,
    /// The receiver as it stands.
    pub hook: WebhookRow,
    until: Timestamp,
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    timestamp: String,
    village: i64,
    data: Option<&'a LedgerEvent>,
}

impl Desk {
    /// Adds a receiver of what happens from now on; its secret is told this once.
    pub async fn add_webhook(
        &self,
        by: &CountyAdmin,
        village: i64,
        url: &str,
        kinds: &[String],
    ) -> ServiceResult<(WebhookRow, ShownOnce)> {
        let programme = self.village_of(village).await?;
        let url = checked_url(url)?;
        for kind in kinds {
            kind.parse::<TxnKind>().map_err(|_| refuse("unknown_kind").with("kind", kind))?;
        }
        let id: WebhookId = self.id();
        let (secret, sealed) = self.new_secret(id)?;
        let mut tx = self.db.begin_write().await?;
        if rows::list(&mut tx, programme.book_id).await?.len() >= WEBHOOKS_MAX {
            return Err(refuse("too_many").with("field", "webhooks").with("limit", WEBHOOKS_MAX).into());
        }
        let head = read::head(&mut tx, programme.book_id).await?.ok_or(ServiceError::NotFound("book"))?;
        let row = WebhookRow {
            id,
            url: url.clone(),
            kinds: kinds.join(" "),
            secret: sealed,
            old_secret: None,
            old_until: None,
            state: "active".to_owned(),
            place: head.seq,
            failures: 0,
            next_at: self.now(),
            failing_since: None,
            last_error: None,
            last_at: None,
            test: None,
            created_at: self.now(),
            created_by: super::Actor::User(by.user).to_string(),
        };
        rows::add(&mut tx, programme.book_id, &row).await?;
        let deed = Deed { verb: "webhook", to: Some(&url), reason: "" };
        self.note_place(&mut tx, by, programme.org_id, deed).await?;
        tx.commit().await?;
        Ok((row, ShownOnce(secret)))
    }

    /// A village's receivers.
    pub async fn webhooks(&self, _: &CountyAdmin, village: i64) -> ServiceResult<Vec<WebhookRow>> {
        let programme = self.village_of(village).await?;
        let mut tx = self.db.begin_read().await?;
        Ok(rows::list(&mut tx, programme.book_id).await?)
    }

    /// Pauses a receiver, goes on, sends again, tests or forgets.
    pub async fn change_webhook(
        &self,
        by: &CountyAdmin,
        village: i64,
        id: WebhookId,
        step: WebhookStep,
    ) -> ServiceResult<()> {
        let programme = self.village_of(village).await?;
        let (book, now) = (programme.book_id, self.now());
        let mut tx = self.db.begin_write().await?;
        let row = rows::one(&mut tx, book, id).await?.ok_or(ServiceError::NotFound("webhook"))?;
        let verb = match step {
            WebhookStep::Pause => {
                rows::set_state(&mut tx, book, id, "paused", now).await?;
                "webhook_pause"
            }
            WebhookStep::Resume => {
                rows::set_state(&mut tx, book, id, "active", now).await?;
                "webhook_resume"
            }
            WebhookStep::SendAgain(from) => {
                let head = read::head(&mut tx, book).await?.ok_or(ServiceError::NotFound("book"))?;
                if !(1..=head.seq + 1).contains(&from) {
                    return Err(refuse("no_such_place").with("from", from).with("last", head.seq).into());
                }
                rows::rewind(&mut tx, book, id, from - 1, now).await?;
                "webhook_again"
            }
            WebhookStep::Test => {
                rows::test(&mut tx, book, id, now).await?;
                return Ok(tx.commit().await?);
            }
            WebhookStep::Remove => {
                rows::remove(&mut tx, book, id).await?;
                "webhook_remove"
            }
        };
        let deed = Deed { verb, to: Some(&row.url), reason: "" };
        self.note_place(&mut tx, by, programme.org_id, deed).await?;
        Ok(tx.commit().await?)
    }

    /// Gives a receiver another secret, told this once; for [`OLD_SECRET_SECONDS`] both sign.
    pub async fn rotate_webhook(
        &self,
        by: &CountyAdmin,
        village: i64,
        id: WebhookId,
    ) -> ServiceResult<ShownOnce> {
        let programme = self.village_of(village).await?;
        let (secret, sealed) = self.new_secret(id)?;
        let mut tx = self.db.begin_write().await?;
        let row =
            rows::one(&mut tx, programme.book_id, id).await?.ok_or(ServiceError::NotFound("webhook"))?;
        let until = self.now().plus_seconds(OLD_SECRET_SECONDS);
        rows::rotate(&mut tx, programme.book_id, id, &sealed, until).await?;
        let deed = Deed { verb: "webhook_rotate", to: Some(&row.url), reason: "" };
        self.note_place(&mut tx, by, programme.org_id, deed).await?;
        tx.commit().await?;
        Ok(ShownOnce(secret))
    }

    async fn village_of(&self, no: i64) -> ServiceResult<ProgrammeRow> {
        self.programme_by_no(no).await?.ok_or(ServiceError::NotFound("village"))
    }

    fn new_secret(&self, id: WebhookId) -> ServiceResult<(String, Vec<u8>)> {
        let mut secret = [0_u8; SECRET_BYTES];
        self.entropy.fill(&mut secret);
        Ok((shown(&secret), self.seal(&secret, id.0.as_bytes())?))
    }

    /// Receivers of a village whose turn it is, each taken in hand.
    pub async fn webhook_turns(&self, book: BookId, village: i64) -> ServiceResult<Vec<Turn>> {
        let mut tx = self.db.begin_read().await?;
        let due = rows::due(&mut tx, book, self.now()).await?;
        drop(tx);
        let mut turns = Vec::with_capacity(due.len());
        for hook in due {
            let until = self.now().plus_seconds(LEASE_SECONDS);
            let mut tx = self.db.begin_write().await?;
            match rows::take(&mut tx, book, &hook, until).await {
                Ok(()) => {
                    tx.commit().await?;
                    turns.push(Turn { book, village, hook, until });
                }
                // somebody else was faster
                Err(StoreError::RowsAffected { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(turns)
    }

    /// The test message of a turn, if one was asked for.
    pub fn webhook_test(&self, turn: &Turn) -> ServiceResult<Option<Message>> {
        if turn.hook.test.as_deref() != Some("wanted") {
            return Ok(None);
        }
        let id: WebhookId = self.id();
        self.message(turn, format!("test_{id}"), "test", self.now().rfc3339(), None).map(Some)
    }

    /// What became of the test.
    pub async fn webhook_tested(&self, turn: &Turn, came: &Delivery) -> ServiceResult<()> {
        let said = match came {
            Delivery::Arrived => "arrived",
            Delivery::Gone => "status:410",
            Delivery::Failed(code) => code,
        };
        let mut tx = self.db.begin_write().await?;
        rows::tested(&mut tx, turn.book, turn.hook.id, said).await?;
        Ok(tx.commit().await?)
    }

    /// What is to be sent next, with its place; nothing when all has been. Passes over what was not asked for.
    pub async fn webhook_next(&self, turn: &mut Turn) -> ServiceResult<Option<(i64, Message)>> {
        if turn.hook.state != "active" {
            return Ok(None);
        }
        let mut passed = turn.hook.place;
        loop {
            let page = if turn.hook.kinds.is_empty() { 1 } else { EVENTS_PAGE };
            let events = self.events_of(turn.book, passed, page).await?;
            let Some(last) = events.last() else { break };
            passed = last.seq;
            let kinds = &turn.hook.kinds;
            let wanted = |event: &&LedgerEvent| kinds.is_empty() || kinds.split(' ').any(|k| k == event.kind);
            if let Some(event) = events.iter().find(wanted) {
                let (id, at) = (event.id.clone(), event.recorded_at.clone());
                let message = self.message(turn, id, &event.kind, at, Some(event))?;
                return Ok(Some((event.seq, message)));
            }
        }
        if passed > turn.hook.place {
            self.move_on(turn, passed, turn.hook.last_at).await?;
        }
        Ok(None)
    }

    /// What came of the message at `place`; whether the turn goes on.
    pub async fn webhook_came(&self, turn: &mut Turn, place: i64, came: &Delivery) -> ServiceResult<bool> {
        let now = self.now();
        let (error, state) = match came {
            Delivery::Arrived => return self.move_on(turn, place, Some(now)).await,
            Delivery::Gone => ("status:410", "gone"),
            Delivery::Failed(error) => (error.as_str(), "active"),
        };
        let since = turn.hook.failing_since.unwrap_or(now);
        let given_up = now >= since.plus_seconds(FAILING_DAYS_MAX * 86_400);
        let failures = turn.hook.failures + 1;
        let mut chance = [0; 4];
        self.entropy.fill(&mut chance);
        let failure = Failure {
            place: turn.hook.place,
            failures,
            next_at: now.plus_seconds(retry_seconds(failures, u32::from_le_bytes(chance))),
            since,
            error,
            state: if given_up && state == "active" { "failing" } else { state },
        };
        let mut tx = self.db.begin_write().await?;
        match rows::failed(&mut tx, turn.book, turn.hook.id, &failure).await {
            // paused or sent again in the meantime: what the administrator said stands
            Ok(()) | Err(StoreError::RowsAffected { .. }) => tx.commit().await?,
            Err(error) => return Err(error.into()),
        }
        Ok(false)
    }

    async fn move_on(&self, turn: &mut Turn, to: i64, at: Option<Timestamp>) -> ServiceResult<bool> {
        let until = self.now().plus_seconds(LEASE_SECONDS);
        let mut tx = self.db.begin_write().await?;
        let places = (turn.hook.place, to);
        match rows::arrived(&mut tx, turn.book, turn.hook.id, places, at, until).await {
            Ok(()) => tx.commit().await?,
            Err(StoreError::RowsAffected { .. }) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        turn.hook.place = to;
        turn.hook.failures = 0;
        turn.hook.failing_since = None;
        turn.until = until;
        Ok(true)
    }

    /// The turn is over: the next may begin when there is something new.
    pub async fn webhook_done(&self, turn: &Turn) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        rows::give_back(&mut tx, turn.book, turn.hook.id, turn.until, self.now()).await?;
        Ok(tx.commit().await?)
    }

    fn message(
        &self,
        turn: &Turn,
        id: String,
        kind: &str,
        timestamp: String,
        data: Option<&LedgerEvent>,
    ) -> ServiceResult<Message> {
        let hook = &turn.hook;
        let target = hook.url.parse().map_err(|e: InvalidTarget| ServiceError::Internal(e.to_string()))?;
        let body = Body { kind, timestamp, village: turn.village, data };
        let payload =
            serde_json::to_string(&body).map_err(|e| ServiceError::Internal(format!("json: {e}")))?;
        let seconds = self.now().seconds();
        let old = hook.old_until.is_some_and(|until| self.now() < until);
        let secrets = [Some(&hook.secret), hook.old_secret.as_ref().filter(|_| old)];
        let mut signatures = Vec::with_capacity(2);
        for sealed in secrets.into_iter().flatten() {
            let secret = self.unseal(sealed, hook.id.0.as_bytes());
            let secret =
                secret.ok_or_else(|| StoreError::inconsistent("webhook", "secret", hook.id.to_string()))?;
            signatures.push(signature(&secret, &id, seconds, &payload));
        }
        Ok(Message { target, id, seconds, signature: signatures.join(" "), payload })
    }

    /// How many transactions a village's book has: what a receiver's place is compared to.
    pub async fn last_place(&self, _: &CountyAdmin, village: i64) -> ServiceResult<i64> {
        let programme = self.village_of(village).await?;
        let mut tx: Tx = self.db.begin_read().await?;
        Ok(read::head(&mut tx, programme.book_id).await?.map_or(0, |head| head.seq))
    }
}

fn checked_url(url: &str) -> ServiceResult<String> {
    let url = url.trim();
    match url.parse::<Target>() {
        Ok(_) => Ok(url.to_owned()),
        Err(error) => {
            let code = match error {
                InvalidTarget::NotAnAddress => "webhook_url",
                InvalidTarget::Userinfo => "webhook_userinfo",
                InvalidTarget::Forbidden => "webhook_forbidden",
            };
            Err(refuse(code).with("url", url).into())
        }
    }
}
