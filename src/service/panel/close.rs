//! Closing a sitting: the ballots are counted line by line, awards move on or fall, the minutes are kept.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{Desk, MINUTES_CHARS_MAX, ServiceError, ServiceResult, begun, hall::Hall, lock, refuse};
use crate::{
    domain::{
        due_process::{AwardMove, AwardState, ReviewStep},
        ids::{SittingId, UserId},
        lang::Lang,
        panel::{Outcome, Vote},
    },
    service::{
        Actor,
        award::{Happened, limited, review, review::Verdict, state_changed},
        caller::Clerk,
    },
    store::{
        WriteTx,
        award::{
            self as awards, AwardRow, ReviewRow,
            moves::{self, Place},
        },
        sitting::{self, LineRow, SittingRow},
    },
    text::T,
};

/// A line that was counted.
struct Counted {
    line: LineRow,
    award: AwardRow,
    outcome: Outcome,
    /// Who was for the outcome.
    behind: Vec<UserId>,
}

impl Desk {
    /// Counts every line and closes the sitting. Needs minutes, the signature of an observer, and words for every line
    /// that is refused. A line that too few could vote on, or that found no majority, waits for the next sitting.
    pub async fn close_sitting(
        &self,
        by: &Clerk,
        id: SittingId,
        minutes: &str,
        words: &BTreeMap<i32, String>,
    ) -> ServiceResult<SittingRow> {
        let minutes = minutes.trim();
        if minutes.is_empty() {
            return Err(refuse("text_missing").with("field", "minutes").into());
        }
        if minutes.chars().count() > MINUTES_CHARS_MAX || minutes.contains('\0') {
            return Err(refuse("text_too_long")
                .with("field", "minutes")
                .with("limit", MINUTES_CHARS_MAX)
                .into());
        }
        let mut tx = self.db.begin_write().await?;
        let row = lock(&mut tx, by, id).await?;
        begun(&row, self.today())?;
        if row.observed_by.is_none() {
            return Err(refuse("not_observed").into());
        }
        let hall = Hall::of(&mut tx, by.book, &row).await?;
        let counted = self.count(&mut tx, by, &row, &hall, words).await?;
        for line in &counted {
            self.settle_line(&mut tx, by, &row, line).await?;
        }
        let digest = digest(&row, &hall, &counted, minutes);
        let me = by.actor().to_string();
        sitting::close(&mut tx, by.book, id, minutes, (self.now(), &me), &digest).await?;
        let closed = sitting::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("sitting"))?;
        tx.commit().await?;
        Ok(closed)
    }

    async fn count(
        &self,
        tx: &mut WriteTx,
        by: &Clerk,
        row: &SittingRow,
        hall: &Hall,
        words: &BTreeMap<i32, String>,
    ) -> ServiceResult<Vec<Counted>> {
        let mut out = Vec::new();
        for mut line in sitting::lines(tx, by.book, row.id).await? {
            let award = awards::one(tx, by.book, line.award_id).await?;
            let award = award.ok_or(ServiceError::NotFound("award"))?;
            let heard = hall.hear(tx, by.book, line.line, &award, self.today()).await?;
            let outcome = heard.tally.outcome();
            let said = limited("words", words.get(&line.line).map_or("", |w| w.trim()))?;
            if outcome == Outcome::Refused && said.is_empty() {
                return Err(refuse("line_words_missing").with("line", line.line).into());
            }
            let side = if outcome == Outcome::Passed { Vote::Yes } else { Vote::No };
            let cast = hall.ballots.get(&line.line);
            let behind = heard.voters.iter().filter(|v| cast.and_then(|c| c.get(*v)) == Some(&side));
            let behind = behind.copied().collect();
            let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
            line.outcome = Some(outcome.as_str().to_owned());
            line.voters = number(heard.tally.voters);
            line.recused = number(heard.barred.keys().filter(|user| hall.present.contains(*user)).count());
            line.yes = number(heard.tally.yes);
            line.noes = number(heard.tally.no);
            line.abstained = number(heard.tally.abstained);
            line.words = said.to_owned();
            out.push(Counted { line, award, outcome, behind });
        }
        Ok(out)
    }

    /// Writes one line down and moves its award.
    async fn settle_line(
        &self,
        tx: &mut WriteTx,
        by: &Clerk,
        row: &SittingRow,
        counted: &Counted,
    ) -> ServiceResult<()> {
        let Counted { line, award, outcome, behind } = counted;
        sitting::decide(tx, by.book, row.id, line).await?;
        let (state, step) = review::place(award)?;
        let (verdict, verb, after, place) = match outcome {
            Outcome::Deferred => (None, "panel_defer", state, award.step),
            Outcome::Passed => {
                let place = step.passed(award.route_level(), award.panel);
                let last = place == ReviewStep::THROUGH;
                (Some(Verdict::Approve), "panel_pass", moved(state, AwardMove::Approve { last })?, place)
            }
            Outcome::Refused => {
                (Some(Verdict::Reject), "panel_refuse", moved(state, AwardMove::Reject)?, award.step)
            }
        };
        if let Some(verdict) = verdict {
            let kept = (verdict == Verdict::Reject).then_some(line.words.as_str());
            let (from, to) = (Place { state, step: award.step }, Place { state: after, step: place });
            moves::reviewed(tx, by.book, award.id, from, to, kept).await.map_err(state_changed)?;
            let seen = i32::try_from(awards::reviews(tx, by.book, award.id).await?.len()).unwrap_or(0);
            for (ordinal, user) in (seen + 1..).zip(behind) {
                let review = ReviewRow {
                    ordinal,
                    step: step.as_str().to_owned(),
                    verdict: verdict.as_str().to_owned(),
                    reviewer: Actor::User(*user).to_string(),
                    reviewed_at: self.now(),
                    reason: kept.unwrap_or_default().to_owned(),
                };
                awards::add_review(tx, by.book, award.id, &review).await?;
            }
        }
        let counts =
            T(Lang::Zh).panel_counts(row.no, line.yes, line.noes, line.abstained, line.recused, &line.words);
        let what = Happened {
            verb,
            from: Some(state),
            to: after,
            actor: by.actor(),
            on_behalf: None,
            reason: &counts,
        };
        self.note_award(tx, by.book, award.id, what).await
    }
}

fn moved(state: AwardState, step: AwardMove) -> ServiceResult<AwardState> {
    Ok(state.after(step).map_err(|e| refuse("state_changed").with("state", e.from))?)
}

/// SHA-256 over how it went: who came, what each line came to, minutes and remarks.
fn digest(row: &SittingRow, hall: &Hall, counted: &[Counted], minutes: &str) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(format!("sitting v1\n{}\n{}\n{}\n{}\n", row.no, row.body_id, row.sits_on, row.place));
    for user in &hall.present {
        hash.update(format!("present {user}\n"));
    }
    for c in counted {
        let l = &c.line;
        let outcome = c.outcome;
        hash.update(format!(
            "{}|{}|{outcome}|{}|{}|{}|{}|{}|{}\n",
            l.line, l.award_id, l.voters, l.recused, l.yes, l.noes, l.abstained, l.words
        ));
        for (user, vote) in hall.ballots.get(&l.line).into_iter().flatten() {
            hash.update(format!("{user} {vote}\n"));
        }
    }
    hash.update(format!(
        "minutes {}\n{minutes}\nremarks {}\n{}\n",
        minutes.len(),
        row.remarks.len(),
        row.remarks
    ));
    hash.finalize().to_vec()
}
