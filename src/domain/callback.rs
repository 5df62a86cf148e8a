//! Random call-backs (随机回访): which awards of a month somebody rings up about, and what came of it.
//!
//! The seed is the digest of the first signed head of the log that covers everything posted in the month. Nobody can
//! know it before the last posting of the month is in, because that posting is under the root; nobody without the
//! signing key can work out the signature; and afterwards nobody can change it, because heads are signed once, continue
//! one another and are cosigned by witnesses. Whoever has the month's awards and the head can draw the list again.

use sha2::{Digest, Sha256};

use super::{ids::AwardId, wording::vocabulary};

/// One of so many awards is called back: 5 %.
const ONE_OF: usize = 20;
/// A month has at least so many call-backs, as far as there are awards.
pub const LEAST: usize = 5;
/// So many tries to reach somebody; after them the last answer stands.
pub const TRIES_MAX: usize = 3;

vocabulary! {
    /// What a call-back found.
    Answer {
        /// The household says that it is so.
        Confirmed = "confirmed", "属实", "confirmed";
        /// The household says that it is not so.
        Denied = "denied", "不属实", "denied";
        /// Nobody was reached.
        NotReached = "not_reached", "没有联系上", "not reached";
    }
}

/// How many of `awards` are called back.
#[must_use]
pub fn how_many(awards: usize) -> usize {
    awards.div_ceil(ONE_OF).max(LEAST).min(awards)
}

/// The seed that a signed head gives.
#[must_use]
pub fn seed(note: &str) -> [u8; 32] {
    Sha256::digest(note.as_bytes()).into()
}

/// The awards that are called back: those with the smallest SHA-256 of the seed and their 16 bytes, in that order.
/// In which order they come in does not matter.
#[must_use]
pub fn draw(seed: &[u8; 32], awards: &[AwardId]) -> Vec<AwardId> {
    let lot =
        |id: &AwardId| -> [u8; 32] { Sha256::new().chain_update(seed).chain_update(id.0).finalize().into() };
    let mut lots: Vec<([u8; 32], AwardId)> = awards.iter().map(|id| (lot(id), *id)).collect();
    lots.sort_unstable();
    lots.dedup();
    let many = how_many(lots.len());
    lots.into_iter().take(many).map(|(_, id)| id).collect()
}

/// Why an answer cannot be written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnswerFault {
    /// Somebody was reached already.
    #[error("it is answered already")]
    Answered,
    /// It was tried often enough.
    #[error("it was tried {TRIES_MAX} times")]
    Tried,
}

/// Whether another answer may follow those there are: until somebody was reached, and three times at most.
///
/// # Errors
/// Why not.
pub fn may_answer(before: &[Answer]) -> Result<(), AnswerFault> {
    if before.iter().any(|answer| *answer != Answer::NotReached) {
        Err(AnswerFault::Answered)
    } else if before.len() >= TRIES_MAX {
        Err(AnswerFault::Tried)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_twentieth_is_called_back_and_five_at_least() {
        for (awards, many) in [(0, 0), (3, 3), (5, 5), (99, 5), (100, 5), (101, 6), (1_240, 62)] {
            assert_eq!(how_many(awards), many, "{awards}");
        }
    }

    #[test]
    fn the_drawing_can_be_done_again_by_anybody() {
        let ids: Vec<AwardId> = (1..=40_u128).map(|n| AwardId(Uuid::from_u128(n))).collect();
        let drawn: Vec<u128> = draw(&seed("青山村 140"), &ids).iter().map(|id| id.0.as_u128()).collect();
        // worked out by another program in another language
        assert_eq!(drawn, [5, 12, 30, 3, 39]);
    }

    #[test]
    fn nobody_is_asked_again_who_has_answered_and_nobody_more_than_three_times() {
        use Answer::{Confirmed, Denied, NotReached};
        for before in [&[][..], &[NotReached], &[NotReached, NotReached]] {
            assert_eq!(may_answer(before), Ok(()), "{before:?}");
        }
        for before in
            [&[Confirmed][..], &[Denied], &[NotReached, Denied], &[NotReached, NotReached, Confirmed]]
        {
            assert_eq!(may_answer(before), Err(AnswerFault::Answered), "{before:?}");
        }
        assert_eq!(may_answer(&[NotReached; 3]), Err(AnswerFault::Tried));
    }

    proptest! {
        #[test]
        fn a_draw_depends_on_seed_and_awards_alone(
            mut ids in proptest::collection::btree_set(any::<u128>(), 0..200)
                .prop_map(|set| set.into_iter().map(|n| AwardId(Uuid::from_u128(n))).collect::<Vec<_>>()),
            text in "\\PC*", turn in 0..200_usize,
        ) {
            let drawn = draw(&seed(&text), &ids);
            prop_assert_eq!(drawn.len(), how_many(ids.len()));
            let set: BTreeSet<_> = drawn.iter().collect();
            prop_assert_eq!(set.len(), drawn.len());
            prop_assert!(drawn.iter().all(|id| ids.contains(id)));
            let at = turn % ids.len().max(1);
            ids.rotate_left(at);
            prop_assert_eq!(draw(&seed(&text), &ids), drawn);
        }

        #[test]
        fn every_award_has_the_same_chance(salt in any::<u64>()) {
            let ids: Vec<AwardId> = (0..20_u128).map(|n| AwardId(Uuid::from_u128(n))).collect();
            let mut hits = [0_usize; 20];
            for n in 0..400 {
                for id in draw(&seed(&format!("{salt} {n}")), &ids) {
                    hits[usize::try_from(id.0.as_u128()).unwrap()] += 1;
                }
            }
            // 100 expected each; 400 draws of 5 out of 20 stay far inside these for any seed worth the name
            prop_assert!(hits.iter().all(|h| (50..160).contains(h)), "{:?}", hits);
        }
    }
}
