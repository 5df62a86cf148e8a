//! What runs by the clock. A pass may die at any point and run again; it asks the use cases and decides nothing.
//! Imports [`crate::service`] only.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::service::{Desk, ServiceResult, error::causes};

pub mod deadlines;
pub mod heads;
pub mod notices;
mod outbound;
pub mod webhooks;

/// Seconds between two passes.
pub const PASS_EVERY_SECONDS: u64 = 20;

/// What one pass over all books did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tick {
    /// Lines posted.
    pub posted: usize,
    /// Lines left for the next pass.
    pub left: usize,
    /// Sheets closed.
    pub closed: usize,
    /// Sheets taken down.
    pub taken_down: usize,
    /// Sheets whose digest was put into the log after all.
    pub sealed: usize,
    /// Red lists that have hung their days.
    pub red_lists: usize,
    /// Objections of which the township was told that somebody is late.
    pub escalated: usize,
    /// Yearly bases of reputation scores given.
    pub honor_bases: usize,
    /// Holds released because their day was over.
    pub released: usize,
    /// Accounts of which something lapsed.
    pub lapsed: usize,
    /// Budgets of the year before that were closed.
    pub budgets: usize,
    /// Photos and voice notes erased because their years were over.
    pub erased: usize,
    /// Orders of the time bank posted, funded or called off, and gifts handed over.
    pub time: usize,
    /// Heads signed.
    pub signed: usize,
    /// Heads that a witness cosigned.
    pub cosigned: usize,
}

impl Tick {
    /// What another did, too.
    fn add(&mut self, other: &Self) {
        // every field by name: one that is forgotten does not compile
        let Self {
            posted,
            left,
            closed,
            taken_down,
            sealed,
            red_lists,
            escalated,
            honor_bases,
            released,
            lapsed,
            budgets,
            erased,
            time,
            signed,
            cosigned,
        } = *other;
        self.posted += posted;
        self.left += left;
        self.closed += closed;
        self.taken_down += taken_down;
        self.sealed += sealed;
        self.red_lists += red_lists;
        self.escalated += escalated;
        self.honor_bases += honor_bases;
        self.released += released;
        self.lapsed += lapsed;
        self.budgets += budgets;
        self.erased += erased;
        self.time += time;
        self.signed += signed;
        self.cosigned += cosigned;
    }
}

/// Runs a pass every [`PASS_EVERY_SECONDS`] until told to stop; the pass in hand finishes first.
pub async fn run(desk: Desk, stop: CancellationToken) {
    // beside the passes: a receiver may be slow
    let telling = tokio::spawn(webhooks::run(desk.clone(), stop.clone()));
    let mut interval = tokio::time::interval(Duration::from_secs(PASS_EVERY_SECONDS));
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = interval.tick() => {}
        }
        match tick(&desk).await {
            Ok(done) if done != Tick::default() => tracing::info!(?done, "a pass of the jobs"),
            Ok(_) => {}
            Err(error) => {
                tracing::error!(error = %causes(&error), "a pass of the jobs failed");
            }
        }
    }
    if let Err(error) = telling.await {
        tracing::error!(%error, "telling the receivers broke");
    }
}

/// One pass over all books, for the loop, the tests and the demo.
pub async fn tick(desk: &Desk) -> ServiceResult<Tick> {
    let mut done = notices::pass(desk).await?;
    deadlines::pass(desk, &mut done).await?;
    heads::pass(desk, &mut done).await?;
    Ok(done)
}
