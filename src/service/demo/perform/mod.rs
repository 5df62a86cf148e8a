//! Performing the demo plan: every deed is a call of the use case that a clerk, a reviewer or a shopkeeper would make,
//! at the instant it happened. Nothing is written past the services but what an installation's first hour needs.

use std::collections::BTreeMap;

use crate::{
    domain::{
        ids::{AwardId, BookId, CounterId, HouseholdId, NoticeId, ObjectionId, PersonId},
        pin::Pin,
        time::ManualClock,
    },
    service::{Desk, Refusal, ServiceError, ServiceResult, caller::Staff},
    store,
};

use super::plan::{self, DemoPlan};

mod cut_off;
mod deeds;
mod disputes;
mod found;
mod hours;
mod kept;
pub mod lately;
mod ordered;
mod procedure;
mod recognition;
mod reminded;
mod reported;
mod shop;
mod stood;
mod walked;

/// What everybody of the demo signs in with; the data is made up, the printed start says so.
pub const PASSWORD: &str = "qinghe-demo-2026";
/// The second factor that all staff of the demo share, so that one authenticator entry does.
pub const TOTP_SECRET: [u8; 20] = *b"greencoin demo only.";

/// The PIN of a demo household: 86 and the last four digits of its number, or 87 where that would be too easy.
#[must_use]
pub fn pin_of(household_no: &str) -> String {
    let digits: String = household_no.chars().filter(char::is_ascii_digit).collect();
    let four: String = digits.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    let easy = format!("86{four:0>4}");
    if Pin::chosen(&easy).is_ok() { easy } else { format!("87{four:0>4}") }
}

/// The village as it came to stand in the database: things of the plan by place.
struct Village<'a> {
    plan: &'a DemoPlan,
    book: BookId,
    staff: Vec<Staff>,
    households: Vec<HouseholdId>,
    people: Vec<PersonId>,
    counters: Vec<CounterId>,
    /// By place in the plan's goods.
    skus: Vec<i64>,
    /// By batch number: the awards of its lines; a line that was refused has none.
    awards: Vec<Vec<Option<AwardId>>>,
    notices: Vec<Option<NoticeId>>,
    objections: Vec<Option<ObjectionId>>,
    tally: Tally,
}

/// What was done, and what the rules refused on the way as they would have in life.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Awards recorded.
    pub awards: usize,
    /// Lines that caps or recusal refused.
    pub refused_lines: usize,
    /// Redemptions.
    pub redemptions: usize,
    /// Redemptions refused for want of points or by a limit.
    pub refused_redemptions: usize,
    /// Refusals by code, whatever was refused.
    pub refusals: BTreeMap<String, usize>,
}

impl Tally {
    fn count(&mut self, refusal: &Refusal) {
        *self.refusals.entry(refusal.code.to_owned()).or_default() += 1;
    }
}

/// Fills the installation with the demo village. `clock` is the desk's clock: it ends at the plan's present.
pub async fn perform(desk: &Desk, clock: &ManualClock, plan: &DemoPlan) -> ServiceResult<Tally> {
    let mut village = found::found(desk, clock, plan).await?;
    let mut day = plan.starts_on;
    for event in &plan.events {
        clock.set(event.at);
        if event.at.day() != day {
            day = event.at.day();
            desk.post_due_lines(village.book).await?;
            desk.take_down_stale(village.book).await?;
        }
        deeds::perform(desk, &mut village, &event.deed).await?;
    }
    let set = desk.publish_ruleset(crate::service::Actor::System, found::RULES).await?;
    procedure::ask(desk, clock, &village, &set).await?;
    clock.set(plan.today.start());
    reminded::today(desk, &village).await?;
    desk.post_due_lines(village.book).await?;
    desk.take_down_stale(village.book).await?;
    recognition::recognise(desk, &village).await?;
    Ok(village.tally)
}

/// Whether the demo village is there already.
pub async fn is_there(desk: &Desk) -> ServiceResult<bool> {
    let mut tx = desk.db.begin_read().await?;
    let programmes = store::programme::list(&mut tx, 0, 1).await?;
    Ok(!programmes.is_empty())
}

/// The plan for a present day, with the seed that `greencoin demo` shows.
#[must_use]
pub fn shown_plan(today: crate::domain::time::Day) -> DemoPlan {
    plan::plan(plan::SEED, today)
}

/// An index of the plan that points nowhere: a fault of the plan.
fn missing(what: &str) -> ServiceError {
    ServiceError::Internal(format!("the demo plan points at a missing {what}"))
}
