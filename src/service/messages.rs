//! What a household is told (消息): every movement of its points and every helper, the latest first. Nothing is written for it
//! but how far it was read: the statement is the message, so none can be missing. Other programs get the same out of the
//! outbox and by webhook.

use super::{
    Desk, ServiceResult,
    caller::Resident,
    helpers::HelperView,
    statement::{Score, StatementLine},
};
use crate::{domain::time::Timestamp, store::passbook};

/// Movements looked at.
const LINES_MAX: i64 = 50;

/// What a message is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// Points came or went.
    Moved(Box<StatementLine>),
    /// A helper was registered.
    HelperOn(Box<HelperView>),
    /// A helper was ended.
    HelperOff(Box<HelperView>),
}

/// Something a household is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// When.
    pub at: Timestamp,
    /// What about.
    pub about: About,
    /// Whether it was not read yet; of movements only.
    pub fresh: bool,
}

/// The messages of a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Messages {
    /// The latest first.
    pub list: Vec<Message>,
    /// How many movements were not read yet.
    pub fresh: i64,
    /// The line of the statement that the list goes up to.
    pub through: i64,
}

impl Desk {
    /// What the household that asks is told, the latest first.
    pub async fn own_messages(&self, by: &Resident) -> ServiceResult<Messages> {
        let lines = self.own_statement(by, Score::Points, None, LINES_MAX).await?;
        let mut tx = self.db.begin_read().await?;
        let seen = passbook::seen(&mut tx, by.book, by.household).await?;
        drop(tx);
        let through = lines.first().map_or(0, |line| line.version);
        let mut list: Vec<Message> = lines
            .into_iter()
            .map(|line| Message {
                at: line.at,
                fresh: line.version > seen,
                about: About::Moved(Box::new(line)),
            })
            .collect();
        for helper in self.own_helpers(by).await? {
            if let Some(at) = helper.row.ended_at {
                list.push(Message { at, fresh: false, about: About::HelperOff(Box::new(helper.clone())) });
            }
            let at = helper.row.registered_at;
            list.push(Message { at, fresh: false, about: About::HelperOn(Box::new(helper)) });
        }
        list.sort_by_key(|message| std::cmp::Reverse(message.at));
        Ok(Messages { list, fresh: (through - seen).max(0), through })
    }

    /// How many movements the household has not read yet.
    pub async fn fresh_messages(&self, by: &Resident) -> ServiceResult<i64> {
        let last = self.own_statement(by, Score::Points, None, 1).await?;
        let mut tx = self.db.begin_read().await?;
        let seen = passbook::seen(&mut tx, by.book, by.household).await?;
        Ok((last.first().map_or(0, |line| line.version) - seen).max(0))
    }

    /// The household has read its messages up to a line of its statement.
    pub async fn read_messages(&self, by: &Resident, through: i64) -> ServiceResult<()> {
        let last = self.own_statement(by, Score::Points, None, 1).await?;
        let through = through.clamp(0, last.first().map_or(0, |line| line.version));
        let mut tx = self.db.begin_write().await?;
        passbook::see(&mut tx, by.book, by.household, through, self.now()).await?;
        Ok(tx.commit().await?)
    }
}
