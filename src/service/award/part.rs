//! The part that people had in an award so far: for whoever must see to it that nobody has two.

use crate::{
    domain::{
        due_process::{Past, ReviewStep},
        ids::BookId,
    },
    service::{Actor, ServiceResult},
    store::{
        StoreError, Tx,
        award::{self as rows, AwardRow},
        claim, inspection,
        sitting::votes,
    },
};

/// Who recorded, claimed, approved and voted on an award.
pub(in crate::service) async fn past(tx: &mut Tx, book: BookId, row: &AwardRow) -> ServiceResult<Past> {
    let mut seen = Vec::new();
    for review in rows::reviews(tx, book, row.id).await? {
        if review.verdict == "approve" {
            let step: ReviewStep = review
                .step
                .parse()
                .map_err(|_| StoreError::inconsistent("award_review", "step", &review.step))?;
            seen.push((step, review.reviewer));
        }
    }
    for user in votes::on_award(tx, book, row.id).await? {
        seen.push((ReviewStep::Panel, Actor::User(user).to_string()));
    }
    let claimant = claim::of_award(tx, book, row.id).await?.map(|claim| claim.claimed_by);
    let inspectors = inspection::of_award(tx, book, row.id).await?.map_or_else(Vec::new, |on| on.looked());
    Ok(Past { recorder: row.recorder.clone(), claimant, inspectors, seen })
}
