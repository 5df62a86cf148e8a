//! Messages to the receivers that villages have: in order, at least once, tried again by the schedule. Each receiver
//! is in its own hands, so a slow one holds up nobody; who dies with a receiver in hand is followed by another when
//! the lease is over, and then one message at most arrives twice, under its old name.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::outbound;
use crate::service::{
    Desk, ServiceResult,
    error::causes,
    webhook::{Delivery, Message, Turn},
};

/// Seconds between two looks at who is to be told.
pub const LOOK_EVERY_SECONDS: u64 = 5;
/// Receivers in hand at once.
const IN_HAND_MAX: usize = 64;
/// Messages to one receiver before another look.
const MESSAGES_A_TURN: usize = 200;
/// Programmes looked at in one read.
const PROGRAMMES_A_PAGE: i64 = 200;

/// Looks every [`LOOK_EVERY_SECONDS`] until told to stop. What is in hand then is let go: it is told again later.
pub async fn run(desk: Desk, stop: CancellationToken) {
    let mut interval = tokio::time::interval(Duration::from_secs(LOOK_EVERY_SECONDS));
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut in_hand = JoinSet::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = interval.tick() => {}
        }
        while in_hand.try_join_next().is_some() {}
        if in_hand.len() >= IN_HAND_MAX {
            continue;
        }
        match turns(&desk).await {
            Ok(turns) => {
                for turn in turns {
                    let desk = desk.clone();
                    in_hand.spawn(async move { serve(&desk, turn).await });
                }
            }
            Err(error) => tracing::error!(error = %causes(&error), "nobody was told"),
        }
    }
}

/// One turn of everybody whose turn it is, to its end; how many messages arrived.
pub async fn pass(desk: &Desk) -> ServiceResult<usize> {
    let turns = turns(desk).await?;
    let served = turns.into_iter().map(|turn| serve(desk, turn));
    Ok(futures_util::future::join_all(served).await.into_iter().sum())
}

async fn turns(desk: &Desk) -> ServiceResult<Vec<Turn>> {
    let (mut turns, mut after) = (Vec::new(), 0);
    loop {
        let programmes = desk.programmes_after(after, PROGRAMMES_A_PAGE).await?;
        let Some(last) = programmes.last() else { return Ok(turns) };
        after = last.no;
        for programme in &programmes {
            turns.extend(desk.webhook_turns(programme.book_id, programme.no).await?);
        }
    }
}

async fn serve(desk: &Desk, mut turn: Turn) -> usize {
    let mut arrived = 0;
    if let Err(error) = tell(desk, &mut turn, &mut arrived).await {
        tracing::error!(webhook = %turn.hook.id, error = %causes(&error), "a receiver was not told");
    }
    if let Err(error) = desk.webhook_done(&turn).await {
        tracing::error!(webhook = %turn.hook.id, error = %causes(&error), "a receiver was not given back");
    }
    arrived
}

async fn tell(desk: &Desk, turn: &mut Turn, arrived: &mut usize) -> ServiceResult<()> {
    if let Some(test) = desk.webhook_test(turn)? {
        let came = deliver(&test).await;
        desk.webhook_tested(turn, &came).await?;
    }
    for _ in 0..MESSAGES_A_TURN {
        let Some((place, message)) = desk.webhook_next(turn).await? else { return Ok(()) };
        let came = deliver(&message).await;
        if !desk.webhook_came(turn, place, &came).await? {
            return Ok(());
        }
        *arrived += 1;
    }
    Ok(())
}

async fn deliver(message: &Message) -> Delivery {
    let seconds = message.seconds.to_string();
    let headers = [
        ("content-type", "application/json"),
        ("webhook-id", message.id.as_str()),
        ("webhook-timestamp", seconds.as_str()),
        ("webhook-signature", message.signature.as_str()),
    ];
    match outbound::send(&message.target, &headers, message.payload.clone()).await {
        Ok(answer) if (200..300).contains(&answer.status) => Delivery::Arrived,
        Ok(answer) if answer.status == 410 => Delivery::Gone,
        Ok(answer) => Delivery::Failed(format!("status:{}", answer.status)),
        Err(error) => {
            tracing::info!(host = %message.target.host, error = %causes(&error), "a message did not arrive");
            Delivery::Failed(error.code().to_owned())
        }
    }
}
